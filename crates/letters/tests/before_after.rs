//! The statement and aging that a resolution would leave are those it leaves.
#![allow(clippy::unwrap_used, clippy::inconsistent_digit_grouping)]
#[path = "../../insight/tests/support/mod.rs"]
mod support;

use duebook_ledger::cases::CaseCommand;
use duebook_ledger::cases::resolve::*;
use duebook_ledger::columns::ItemKind;
use duebook_ledger::facts::Scope;
use duebook_ledger::keys::CustomerKey;
use duebook_ledger::policy::PolicyChange;
use duebook_ledger::{Command, Context, CustomerId, OpenScan, Uid, View};
use duebook_letters::before_after::Account;
use duebook_letters::{Line, open_lines, statement, told_lines};
use duebook_money::Currency;
use duebook_policy::AuthorityPolicy;
use support::*;

fn line(net: i64, tax: i64) -> DocLine {
    DocLine {
        text: "service".into(),
        net,
        tax,
        tax_code: "18 %".into(),
        ..DocLine::default()
    }
}

/// RB-01 by its oracle, a split and a goodwill credit, in a book of its own and beside an ERP.
#[test]
fn rb_01_sp_01_the_statement_that_was_shown_is_the_one_that_comes() {
    let whole = || vec![line(10_000_00, 1_800_00)];
    let table: [(Resolution, i128); 3] = [
        (
            Resolution::Rebill(Rebill {
                original: whole(),
                right: vec![line(9_000_00, 1_620_00)],
                ..Rebill::default()
            }),
            5_620_00,
        ),
        (
            Resolution::Split(Split {
                original: whole(),
                by: SplitBy::Shares(vec![60, 40]),
                pos: Vec::new(),
                tax_documents: false,
                paid: None,
                contested_part: None,
                basis: SplitBasis::Amount,
                labels: Vec::new(),
            }),
            6_800_00,
        ),
        (
            Resolution::Adjust(Adjust {
                kind: Adjustment::Goodwill,
                amount: 100_00,
                lines: Vec::new(),
                credit: None,
                settlement: None,
            }),
            6_700_00,
        ),
    ];
    for own_ledger in [true, false] {
        for (what, open) in &table {
            let mut d = Desk::new(own_ledger, "2026-01-02");
            let people = vec![("Tester".to_owned(), "CFO".to_owned())];
            let policy = AuthorityPolicy {
                people,
                ..AuthorityPolicy::default()
            };
            d.run(Command::SetPolicy(PolicyChange::Authority(policy)));
            let (key, payer) = match own_ledger {
                true => (item("I-1", ""), own("A")),
                false => (erp_item("I-1"), erp("A")),
            };
            if own_ledger {
                d.customer("A");
                let due = [("2026-02-04", 11_800_00)];
                d.issue("A", ItemKind::Invoice, "I-1", "2026-01-05", &due);
            } else {
                let row = Row::new("A", "I-1", "2026-01-05", "2026-02-04", 11_800_00);
                d.import("2026-01-10", Scope::Everything, &[row]).unwrap();
            }
            d.receipt(
                payer.clone(),
                "P",
                "2026-01-20",
                5_000_00,
                &[(key.clone(), 5_000_00)],
            );
            d.at("2026-02-10");
            let customer = d.book.find_customer(&payer).unwrap();
            let command = Command::Case(CaseCommand::Request(RequestCommand::Make(Box::new(
                NewRequest {
                    case: None,
                    item: key,
                    what: what.clone(),
                    on: d.today,
                    fell_on: None,
                    tax_note: false,
                    reason: "price".into(),
                    text: None,
                    numbers: vec!["N1".into(), "N2".into(), "N3".into()],
                    ask: false,
                },
            ))));
            let context = Context {
                command_id: Uid::default(),
                recorded_at: 0,
                ledger_date: d.today,
                actor: "Tester".into(),
            };
            let now = |d: &Desk| {
                let view = View::on(d.today);
                Account::of(&d.book, customer, Currency::EUR, view).unwrap()
            };
            let before = now(&d);
            assert_eq!(before.open(), 6_800_00);
            let decided = d
                .book
                .decide(&context, &command, &Default::default())
                .unwrap();
            let asked = (command.clone(), decided.events);
            let shown = Account::after(&d.book, &context, asked, customer, Currency::EUR);
            let shown = shown.unwrap().unwrap();
            assert_eq!(now(&d), before, "nothing was changed by asking");
            d.run(command);
            assert_eq!(shown, now(&d), "{own_ledger} {what:?}");
            assert_eq!(shown.open(), *open);
            let aged = shown
                .balance
                .as_ref()
                .map(|b| b.buckets.iter().sum::<i64>());
            assert_eq!(aged.map(i128::from), Some(*open), "the aging has all of it");
            the_customer_is_told_of_what_is_done(&d, customer, own_ledger, &before);
            if !own_ledger {
                money_on_what_is_only_requested_waits(&mut d, customer, &payer);
            }
        }
    }
}

/// No customer document shows a request as done: beside an ERP the account is told as it was before, in
/// both forms, and nothing of what was requested is asked for.
fn the_customer_is_told_of_what_is_done(
    d: &Desk,
    customer: CustomerId,
    own_ledger: bool,
    before: &Account,
) {
    let scan = OpenScan::new(&d.book, View::on(d.today));
    let lines = told_lines(&d.book, &scan, customer);
    let seen = |lines: &[Line]| -> Vec<(String, i64)> {
        lines.iter().map(|l| (l.number.clone(), l.open)).collect()
    };
    let working = open_lines(&d.book, &scan, customer);
    match own_ledger {
        true => assert_eq!(lines, working, "the owner's own posting is done"),
        false => {
            assert_eq!(seen(&lines), seen(&before.lines));
            let off: i64 = lines.iter().map(|l| l.open - l.asked()).sum();
            let less = before.open() - working.iter().map(|l| i128::from(l.open)).sum::<i128>();
            assert!(
                i128::from(off) >= less,
                "what is requested is not asked for"
            );
        }
    }
    let from = duebook_money::Day(d.today.0 - 60);
    for account in statement::told(&d.book, customer, from, d.today) {
        assert!(account.holds(), "{own_ledger} {account:?}");
        let open: i64 = lines.iter().map(|l| l.open).sum();
        assert_eq!(account.closing, open, "both forms end on one figure");
        let moved = account.movements.iter();
        let ours = moved.filter(|m| m.number.starts_with('N')).count();
        assert!(own_ledger || ours == 0, "{:?}", account.movements);
    }
}

/// Money applied to a document that only a request has made: the customer sees its money, unassigned,
/// and what it was billed.
fn money_on_what_is_only_requested_waits(d: &mut Desk, customer: CustomerId, payer: &CustomerKey) {
    let told = |d: &Desk| -> Vec<(String, i64)> {
        let scan = OpenScan::new(&d.book, View::on(d.today));
        let lines = told_lines(&d.book, &scan, customer);
        lines.into_iter().map(|l| (l.number, l.open)).collect()
    };
    let before = told(d);
    let scan = OpenScan::new(&d.book, View::on(d.today));
    let working = open_lines(&d.book, &scan, customer);
    let made = working
        .iter()
        .find(|l| l.number.starts_with('N') && l.open > 0);
    let Some(made) = made else { return };
    let key = d.book.item_key(made.id).unwrap();
    let today = d.today.to_string();
    d.receipt(payer.clone(), "P2", &today, 1_000_00, &[(key, 1_000_00)]);
    let mut expected = before;
    expected.push(("P2".to_owned(), -1_000_00));
    assert_eq!(told(d), expected);
    let from = duebook_money::Day(d.today.0 - 60);
    for account in statement::told(&d.book, customer, from, d.today) {
        assert!(account.holds(), "{account:?}");
        assert_eq!(
            account.closing,
            expected.iter().map(|(_, open)| open).sum::<i64>()
        );
    }
}
