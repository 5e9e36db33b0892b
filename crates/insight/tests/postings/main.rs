//! Proposed postings: the rows of domain.md §4.7 as a table, balance by company and currency, and the
//! customers' accounts against the ledger's open items under any sequence of resolutions and undo.
#![allow(clippy::unwrap_used, clippy::inconsistent_digit_grouping)] // minor units: 70_00 is 70.00
mod naive;
mod oracles;
#[path = "../support/mod.rs"]
mod support;

use duebook_insight::postings::{Entry, EntryState, Journal, journal};
use duebook_ledger::cases::resolve::*;
use duebook_ledger::cases::*;
use duebook_ledger::columns::ItemKind;
use duebook_ledger::facts::Scope;
use duebook_ledger::keys::ItemKey;
use duebook_ledger::policy::PolicyChange;
use duebook_ledger::{Command, RequestId, View};
use duebook_money::{Currency, Day};
use duebook_policy::AuthorityPolicy;
use duebook_policy::postings::Role;
use std::collections::BTreeMap;
use support::*;

const TODAY: &str = "2026-02-10";

/// The CFO may grant anything.
fn desk(own_ledger: bool) -> Desk {
    let mut d = Desk::new(own_ledger, "2026-01-02");
    let people = vec![("Tester".to_owned(), "CFO".to_owned())];
    d.run(Command::SetPolicy(PolicyChange::Authority(
        AuthorityPolicy {
            people,
            ..AuthorityPolicy::default()
        },
    )));
    if own_ledger {
        d.customer("A");
        d.customer("B");
    }
    d
}

fn bill(d: &mut Desk, customer: &str, number: &str, amount: i64) {
    d.issue(
        customer,
        ItemKind::Invoice,
        number,
        "2026-01-05",
        &[("2026-02-04", amount)],
    );
}

fn line(net: i64, tax: i64) -> DocLine {
    DocLine {
        text: "service".into(),
        net,
        tax,
        tax_code: "18 %".into(),
        ..DocLine::default()
    }
}

fn ask(of: ItemKey, what: Resolution, numbers: &[&str]) -> NewRequest {
    NewRequest {
        case: None,
        item: of,
        what,
        on: day(TODAY),
        fell_on: None,
        tax_note: false,
        reason: "price".into(),
        text: None,
        numbers: numbers.iter().map(|n| (*n).to_owned()).collect(),
        ask: true,
    }
}

fn make(asked: NewRequest) -> Command {
    Command::Case(CaseCommand::Request(RequestCommand::Make(Box::new(asked))))
}

fn adjust(kind: Adjustment, amount: i64, lines: Vec<DocLine>) -> Adjust {
    Adjust {
        kind,
        amount,
        lines,
        credit: None,
        settlement: None,
    }
}

fn resolve(d: &mut Desk, of: ItemKey, what: Adjust, numbers: &[&str]) {
    d.run(make(ask(of, Resolution::Adjust(what), numbers)));
}

fn drawn(d: &Desk) -> Journal {
    journal(&d.book, View::on(d.today), Day(i32::MIN))
}

/// Debits less credits by role, without what is nothing.
fn nets(journal: &Journal) -> BTreeMap<Role, i64> {
    let mut out = BTreeMap::new();
    for leg in journal.entries.iter().flat_map(|e| &e.legs) {
        *out.entry(leg.role).or_default() += leg.amount;
    }
    out.retain(|_, sum| *sum != 0);
    out
}

/// Every entry balances, by itself and by company and currency, and agrees with the ledger.
fn proved(journal: &Journal) {
    for e in &journal.entries {
        assert_eq!(e.difference(), 0, "{e:?}");
        assert!(e.legs.len() > 1 && e.legs.iter().all(|l| l.amount != 0));
    }
    for b in &journal.balances {
        assert!(b.holds(), "{b:?}");
        assert!(b.controls().iter().all(|c| c.holds() == Some(true)));
    }
}

/// What acting adds to the accounts.
fn moved(d: &mut Desk, act: impl FnOnce(&mut Desk)) -> Vec<(Role, i64)> {
    let before = nets(&drawn(d));
    act(d);
    let after = drawn(d);
    proved(&after);
    let mut out = nets(&after);
    for (role, sum) in before {
        *out.entry(role).or_default() -= sum;
    }
    out.into_iter().filter(|(_, sum)| *sum != 0).collect()
}

fn bill_118(d: &mut Desk) {
    bill(d, "A", "I-1", 118_00);
}

/// The chargeback moves from bill to item within the control account, and both legs are there.
#[test]
fn section_4_7_a_chargeback_names_both_documents() {
    let mut d = desk(true);
    bill_118(&mut d);
    d.at(TODAY);
    let what = adjust(Adjustment::Chargeback, 18_00, Vec::new());
    resolve(&mut d, item("I-1", ""), what, &["CB"]);
    let journal = drawn(&d);
    let entry = journal.entries.last().unwrap();
    let legs: Vec<(Role, &str, i64)> = entry
        .legs
        .iter()
        .map(|l| (l.role, l.document.as_str(), l.amount))
        .collect();
    let expected = [
        (Role::Receivables, "CB", 18_00),
        (Role::Receivables, "I-1", -18_00),
    ];
    assert_eq!(legs, expected);
    assert_eq!(entry.state, EntryState::Own);
}

/// RB-01's oracle on the accounts: AR −1,180, revenue −1,000, tax −180, cash as it was; in a book of its
/// own and beside an ERP, where a part was paid before the book knew.
#[test]
fn rb_01_oracle_on_the_accounts() {
    let anew = || {
        Resolution::Rebill(Rebill {
            original: vec![line(10_000_00, 1_800_00)],
            right: vec![line(9_000_00, 1_620_00)],
            ..Rebill::default()
        })
    };
    let expected = vec![
        (Role::Receivables, -1_180_00),
        (Role::Revenue, 1_000_00),
        (Role::OutputTax, 180_00),
    ];
    let mut d = desk(true);
    bill(&mut d, "A", "I-1", 11_800_00);
    let pays = [(item("I-1", ""), 5_000_00)];
    d.receipt(own("A"), "P", "2026-01-20", 5_000_00, &pays);
    d.at(TODAY);
    let found = moved(&mut d, |d| {
        d.run(make(ask(item("I-1", ""), anew(), &["CM", "I-1R"])));
    });
    assert_eq!(found, expected);

    for at_source in [0, 5_000_00] {
        let mut d = desk(false);
        let row = Row::new("A", "I-1", "2026-01-05", "2026-02-04", 11_800_00);
        let row = row.open(11_800_00 - at_source);
        d.import("2026-01-10", Scope::Everything, &[row]).unwrap();
        if at_source == 0 {
            let pays = [(erp_item("I-1"), 5_000_00)];
            d.receipt(erp("A"), "P", "2026-01-20", 5_000_00, &pays);
        }
        d.at(TODAY);
        let found = moved(&mut d, |d| {
            d.run(make(ask(erp_item("I-1"), anew(), &[])));
        });
        assert_eq!(found, expected, "{at_source}");
        assert_eq!(drawn(&d).entries.last().unwrap().state, EntryState::ToPost);
    }
}

/// Beside an ERP more was paid than the right bill asks: the rest stays customers' money.
#[test]
fn rb_03_what_was_paid_too_much_stays_unapplied() {
    let mut d = desk(false);
    let row = Row::new("A", "I-1", "2026-01-05", "2026-02-04", 11_800_00).open(6_800_00);
    d.import("2026-01-10", Scope::Everything, &[row]).unwrap();
    d.at(TODAY);
    let found = moved(&mut d, |d| {
        let what = Resolution::Rebill(Rebill {
            original: vec![line(10_000_00, 1_800_00)],
            right: vec![line(4_000_00, 720_00)],
            ..Rebill::default()
        });
        d.run(make(ask(erp_item("I-1"), what, &[])));
    });
    let expected = vec![
        (Role::Receivables, -6_800_00),
        (Role::UnappliedCash, -280_00),
        (Role::Revenue, 6_000_00),
        (Role::OutputTax, 1_080_00),
    ];
    assert_eq!(found, expected);
}

/// SP-04: a tax split is a credit note and new bills; a split of the receivable touches no revenue.
#[test]
fn sp_04_a_tax_split_bills_anew_and_a_receivable_split_does_not() {
    for tax_documents in [true, false] {
        let mut d = desk(true);
        bill(&mut d, "A", "I-1", 11_800_00);
        d.at(TODAY);
        let numbers: &[&str] = if tax_documents {
            &["CM", "X", "Y"]
        } else {
            &[]
        };
        let found = moved(&mut d, |d| {
            let what = Resolution::Split(Split {
                original: vec![line(10_000_00, 1_800_00)],
                by: SplitBy::Shares(vec![60, 40]),
                pos: Vec::new(),
                tax_documents,
                paid: None,
                contested_part: None,
                basis: SplitBasis::Amount,
                labels: Vec::new(),
            });
            d.run(make(ask(item("I-1", ""), what, numbers)));
        });
        assert_eq!(found, vec![], "nothing in all");
        let journal = drawn(&d);
        let entry = journal.entries.last().unwrap();
        let revenue = entry.legs.iter().any(|l| l.role == Role::Revenue);
        assert_eq!(revenue, tax_documents);
        let owed = entry.legs.iter().filter(|l| l.role == Role::Receivables);
        let owed: Vec<(&str, i64)> = owed.map(|l| (l.document.as_str(), l.amount)).collect();
        let expected = match tax_documents {
            true => [("CM", -11_800_00), ("X", 7_080_00), ("Y", 4_720_00)],
            false => [
                ("I-1/1", 7_080_00),
                ("I-1", -11_800_00),
                ("I-1/2", 4_720_00),
            ],
        };
        assert_eq!(owed, expected);
    }
}

/// §4.7, misapplied: from one customer to another without the bank; a parent pays a bill of another
/// company, and both companies balance.
#[test]
fn section_4_7_each_company_balances_where_money_crosses() {
    let mut d = desk(true);
    d.issue(
        "A",
        ItemKind::Invoice,
        "I-1",
        "2026-01-05",
        &[("2026-02-04", 100_00)],
    );
    d.run(Command::IssueDocument(
        duebook_ledger::command::IssueDocument {
            customer: own("A"),
            entity: "2000".into(),
            kind: ItemKind::Invoice as u8,
            number: "I-2".into(),
            doc_date: day("2026-01-05"),
            currency: Currency::EUR,
            amount: 60_00,
            instalments: vec![(day("2026-02-04"), 60_00)],
            reference: String::new(),
            po: String::new(),
        },
    ));
    d.at(TODAY);
    let other = ItemKey {
        entity: "2000".into(),
        ..item("I-2", "")
    };
    let found = moved(&mut d, |d| {
        d.receipt(own("A"), "P", "2026-01-20", 100_00, &[(other, 60_00)]);
    });
    let expected = vec![
        (Role::Receivables, -60_00),
        (Role::UnappliedCash, -40_00),
        (Role::Bank, 100_00),
    ];
    assert_eq!(found, expected, "between companies it is nothing");
    let journal = drawn(&d);
    let sums: Vec<(&str, i128, i128)> = journal
        .balances
        .iter()
        .map(|b| (b.entity.as_str(), b.subledger, b.ledger))
        .collect();
    // 1,000: 100 billed, 100 in, 60 of it gone to 2,000, where 60 billed were paid.
    assert_eq!(sums, [("1000", 60_00, 60_00), ("2000", 0, 0)]);
    let between = |e: &&Entry| e.legs.iter().any(|l| l.role == Role::Intercompany);
    assert_eq!(journal.entries.iter().filter(between).count(), 2);
}

/// What waits for approval is told as such, and is in no figure of the ledger; approved, it is posted;
/// undone, it is gone; what the source's own file brought is never proposed.
#[test]
fn st_01_a_request_that_waits_is_told_and_not_counted() {
    let mut d = desk(false);
    d.run(Command::SetPolicy(PolicyChange::Authority(
        AuthorityPolicy::default(),
    )));
    let row = Row::new("A", "I-1", "2026-01-05", "2026-02-04", 1_000_00).open(900_00);
    d.import("2026-01-10", Scope::Everything, &[row]).unwrap();
    assert_eq!(
        drawn(&d),
        Journal {
            notes: drawn(&d).notes,
            ..Journal::default()
        }
    );
    d.at(TODAY);
    let what = adjust(Adjustment::PartialCredit, 300_00, vec![line(250_00, 50_00)]);
    resolve(&mut d, erp_item("I-1"), what, &[]);
    let waits = drawn(&d);
    proved(&waits);
    let entry = waits.entries.last().unwrap();
    assert_eq!(
        (entry.name.as_str(), entry.state),
        ("R-1", EntryState::ToApprove)
    );
    assert_eq!(entry.commit, None);
    assert_eq!(
        (waits.balances[0].subledger, waits.balances[0].debit),
        (0, 300_00)
    );
    assert!(
        waits
            .notes
            .iter()
            .any(|n| n.starts_with("1 entry waits for approval"))
    );

    let request = d.book.request(RequestId(0)).unwrap().key;
    d.run(Command::Case(CaseCommand::Request(
        RequestCommand::Approve {
            request,
            approval: Approval {
                who: "Ben".into(),
                role: "CFO".into(),
                on: None,
                reference: "mail".into(),
            },
        },
    )));
    let approved = drawn(&d);
    proved(&approved);
    let entry = approved.entries.last().unwrap();
    assert_eq!(entry.state, EntryState::ToPost);
    assert_eq!(entry.name, format!("J-{}", d.book.head().0));
    assert_eq!(approved.balances[0].subledger, -300_00);
    let legs: Vec<(Role, i64)> = entry.legs.iter().map(|l| (l.role, l.amount)).collect();
    let expected = [
        (Role::Revenue, 250_00),
        (Role::Receivables, -300_00),
        (Role::OutputTax, 50_00),
    ];
    assert_eq!(legs, expected);

    // As known before the approval: nothing was posted then.
    let then = View {
        known: Some(duebook_ledger::Seq(d.book.head().0 - 1)),
        ..View::on(d.today)
    };
    assert_eq!(journal(&d.book, then, Day(i32::MIN)).entries, vec![]);
    // Out of the period.
    let after = journal(&d.book, View::on(d.today), d.today.plus(1));
    assert_eq!((after.entries.len(), after.balances.len()), (0, 0));

    let commit = d.book.head();
    d.run(Command::Case(CaseCommand::Request(
        RequestCommand::Execute {
            request,
            numbers: vec!["CM-9".into()],
            lines: Vec::new(),
        },
    )));
    let done = drawn(&d);
    proved(&done);
    assert_eq!(done.entries.last().unwrap().state, EntryState::AtSource);
    let executed = d.book.head();
    d.run(Command::Undo { commit: executed });
    d.run(Command::Undo { commit });
    assert_eq!(
        drawn(&d).entries.last().unwrap().state,
        EntryState::ToApprove
    );
}
