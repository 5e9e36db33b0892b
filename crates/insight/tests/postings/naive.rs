//! Over any sequence of resolutions, payments and undo the journal balances and is what was asked: against
//! accounts kept by hand, the ledger's open items, and the money of cases (DS-01).

use super::support::*;
use duebook_insight::postings::{Journal, journal};
use duebook_ledger::cases::resolve::*;
use duebook_ledger::cases::*;
use duebook_ledger::columns::ItemKind;
use duebook_ledger::command::RecordReceipt;
use duebook_ledger::facts::{Cause, Scope};
use duebook_ledger::import::Incoming;
use duebook_ledger::keys::ItemKey;
use duebook_ledger::policy::PolicyChange;
use duebook_ledger::{Command, ItemId, Seq, View};
use duebook_money::{Currency, Day};
use duebook_policy::AuthorityPolicy;
use duebook_policy::postings::Role;
use proptest::prelude::*;
use std::collections::BTreeMap;

#[derive(Debug, Clone)]
enum Step {
    Pay(u8, i64),
    Dispute(u8, i64),
    Credit(u8, i64, bool),
    Off(u8, i64, Adjustment),
    Chargeback(u8, i64),
    Rebill(u8, i64),
    Split(u8, u8, bool),
    Reverse(u8),
    Undo(u8),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let amount = 1i64..60_00;
    let which = 0u8..9;
    let off = prop_oneof![
        Just(Adjustment::WriteOff),
        Just(Adjustment::SmallBalance),
        Just(Adjustment::BankCharge),
        Just(Adjustment::Contra),
        Just(Adjustment::Goodwill),
    ];
    prop::collection::vec(
        prop_oneof![
            (which.clone(), amount.clone()).prop_map(|(i, a)| Step::Pay(i, a)),
            (which.clone(), amount.clone()).prop_map(|(i, a)| Step::Dispute(i, a)),
            (which.clone(), amount.clone(), any::<bool>())
                .prop_map(|(i, a, l)| Step::Credit(i, a, l)),
            (which.clone(), amount.clone(), off).prop_map(|(i, a, k)| Step::Off(i, a, k)),
            (which.clone(), amount.clone()).prop_map(|(i, a)| Step::Chargeback(i, a)),
            (which.clone(), amount).prop_map(|(i, a)| Step::Rebill(i, a)),
            (which.clone(), 1u8..99, any::<bool>()).prop_map(|(i, p, t)| Step::Split(i, p, t)),
            which.prop_map(Step::Reverse),
            (4u8..40).prop_map(Step::Undo),
        ],
        1..22,
    )
}

/// Debits less credits by account.
type Nets = BTreeMap<Role, i64>;

fn nets(journal: &Journal) -> Nets {
    let mut out = Nets::new();
    for leg in journal.entries.iter().flat_map(|e| &e.legs) {
        *out.entry(leg.role).or_default() += leg.amount;
    }
    out.retain(|_, sum| *sum != 0);
    out
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

fn ask(of: &ItemKey, what: Resolution, on: Day, n: usize) -> Command {
    Command::Case(CaseCommand::Request(RequestCommand::Make(Box::new(
        NewRequest {
            case: None,
            item: of.clone(),
            what,
            on,
            fell_on: None,
            tax_note: false,
            reason: "price".into(),
            text: None,
            numbers: vec![format!("N{n}a"), format!("N{n}b"), format!("N{n}c")],
            ask: false,
        },
    ))))
}

fn adjust(kind: Adjustment, amount: i64, lines: Vec<DocLine>) -> Resolution {
    Resolution::Adjust(Adjust {
        kind,
        amount,
        lines,
        credit: None,
        settlement: None,
    })
}

fn against(kind: Adjustment) -> Role {
    match kind {
        Adjustment::WriteOff => Role::Allowance,
        Adjustment::SmallBalance => Role::PaymentDifferences,
        Adjustment::BankCharge => Role::BankCharges,
        Adjustment::Contra => Role::Payables,
        _ => Role::Concessions,
    }
}

fn begun(own_ledger: bool) -> (Desk, Vec<(Seq, Nets)>) {
    let mut d = Desk::new(own_ledger, "2026-01-02");
    let people = vec![("Tester".to_owned(), "CFO".to_owned())];
    d.run(Command::SetPolicy(PolicyChange::Authority(
        AuthorityPolicy {
            people,
            ..AuthorityPolicy::default()
        },
    )));
    let mut kept = Vec::new();
    if own_ledger {
        d.customer("C");
        for n in 0..3 {
            let number = format!("I-{n}");
            let due = [("2026-02-01", 100_00)];
            d.issue("C", ItemKind::Invoice, &number, "2026-01-02", &due);
            let billed = [(Role::Receivables, 100_00), (Role::Undivided, -100_00)];
            kept.push((d.book.head(), Nets::from(billed)));
        }
    } else {
        let row = |n| Row::new("C", &format!("I-{n}"), "2026-01-02", "2026-02-01", 100_00);
        // A part of one was paid before the book knew; the file's own is no posting of ours.
        let rows = [row(0), row(1), row(2).open(70_00)];
        d.import("2026-01-03", Scope::Everything, &rows).unwrap();
    }
    d.at("2026-02-10");
    (d, kept)
}

/// What is still billed of a document: its amount less what was credited or let go.
fn remaining(d: &Desk, id: ItemId) -> i64 {
    let item = d.book.item(id).unwrap();
    let gone = d.book.settlements_of(id).filter(|s| d.book.counts(s));
    let gone = gone.filter(|s| {
        let money = s.credit.and_then(|c| d.book.item(c)).map(|c| c.kind());
        let paid = money == Some(ItemKind::Receipt) || money == Some(ItemKind::OnAccount);
        !paid && !matches!(s.cause, Cause::AtSourceUnknown)
    });
    d.book.amount_of(&item) - gone.map(|s| s.amount).sum::<i64>()
}

fn add(to: &mut Nets, role: Role, amount: i64) {
    *to.entry(role).or_default() += amount;
}

/// What a step is to do to the accounts, from what is asked alone.
fn expected(d: &Desk, step: &Step, id: ItemId) -> Nets {
    let mut out = Nets::new();
    match *step {
        Step::Pay(_, a) => {
            add(&mut out, Role::Bank, a);
            add(&mut out, Role::Receivables, -a);
        }
        Step::Credit(_, a, lines) => {
            add(&mut out, Role::Receivables, -a);
            match lines {
                true => {
                    add(&mut out, Role::Revenue, a - a / 6);
                    add(&mut out, Role::OutputTax, a / 6);
                }
                false => add(&mut out, Role::Undivided, a),
            }
        }
        Step::Off(_, a, kind) => {
            add(&mut out, Role::Receivables, -a);
            add(&mut out, against(kind), a);
        }
        Step::Rebill(_, a) => {
            let left = remaining(d, id);
            let paid = left - d.book.item(id).unwrap().open();
            let (net, tax) = (a + a / 3, a / 5 + a / 60);
            let over = (paid - net - tax).max(0);
            add(&mut out, Role::Receivables, net + tax - left + over);
            add(&mut out, Role::UnappliedCash, -over);
            add(&mut out, Role::OutputTax, -tax);
            add(&mut out, Role::Revenue, left - net);
        }
        _ => {}
    }
    out.retain(|_, sum| *sum != 0);
    out
}

fn command(d: &Desk, step: &Step, n: usize, id: ItemId, own_ledger: bool) -> Command {
    let key = d.book.item_key(id).unwrap();
    let on = d.today;
    match *step {
        Step::Pay(_, a) => Command::RecordReceipt(RecordReceipt {
            customer: if own_ledger { own("C") } else { erp("C") },
            entity: "1000".into(),
            number: format!("P{n}"),
            value_date: on,
            currency: Currency::EUR,
            amount: a,
            reference: String::new(),
            applications: vec![(key, a)],
        }),
        Step::Dispute(_, a) => Command::Case(CaseCommand::Open(vec![NewCase {
            lines: vec![(key, a)],
            reason: "PRI".into(),
            ..NewCase::default()
        }])),
        Step::Credit(_, a, lines) => {
            let lines = match lines {
                true => vec![line(a - a / 6, a / 6)],
                false => Vec::new(),
            };
            ask(&key, adjust(Adjustment::PartialCredit, a, lines), on, n)
        }
        Step::Off(_, a, kind) => ask(&key, adjust(kind, a, Vec::new()), on, n),
        Step::Chargeback(_, a) => ask(&key, adjust(Adjustment::Chargeback, a, Vec::new()), on, n),
        Step::Rebill(_, a) => {
            let whole = d.book.amount_of(&d.book.item(id).unwrap());
            let what = Resolution::Rebill(Rebill {
                original: vec![line(whole, 0)],
                right: vec![line(a, a / 5), line(a / 3, a / 60)],
                ..Rebill::default()
            });
            ask(&key, what, on, n)
        }
        Step::Split(_, p, tax_documents) => {
            let whole = d.book.amount_of(&d.book.item(id).unwrap());
            let what = Resolution::Split(Split {
                original: vec![line(whole - whole / 6, whole / 6)],
                by: SplitBy::Shares(vec![u64::from(p), 100 - u64::from(p)]),
                pos: Vec::new(),
                tax_documents,
                paid: None,
                contested_part: None,
                basis: SplitBasis::Amount,
                labels: Vec::new(),
            });
            ask(&key, what, on, n)
        }
        Step::Reverse(_) => {
            let last = d.book.settlements_of(id).find(|s| d.book.counts(s));
            match last.and_then(|s| d.book.posting_key(s.id)) {
                Some(settlement) => Command::ReverseSettlement {
                    settlement,
                    effective: on,
                },
                // Refused: there is nothing to take back.
                None => Command::Undo {
                    commit: Seq(u32::MAX),
                },
            }
        }
        Step::Undo(c) => Command::Undo {
            commit: Seq(u32::from(c)),
        },
    }
}

/// The money of every case, and what an item has contested.
fn case_money(d: &Desk) -> CaseMoney {
    let mut out = CaseMoney::default();
    for (id, _) in d.book.cases() {
        let m = d.book.case_money(id);
        assert!(m.is_sound(), "DS-01: {m:?}");
        out.original += m.original;
        out.disputed += m.disputed;
        out.paid += m.paid;
        out.credited += m.credited;
        out.written_off += m.written_off;
        out.manual += m.manual;
    }
    out
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 80, ..ProptestConfig::default() })]
    #[test]
    fn section_4_7_ds_01_the_journal_is_what_was_asked(own_ledger in any::<bool>(), steps in steps()) {
        let (mut d, mut kept) = begun(own_ledger);
        // A settlement taken back: by whom it was made the accounts follow from that commit.
        let mut taken_back = false;
        for (n, step) in steps.into_iter().enumerate() {
            let debits: Vec<ItemId> = d.book.items().ids()
                .filter(|i| d.book.is_item_live(*i) && d.book.item(*i).is_some_and(|i| i.recorded_amount() > 0))
                .collect();
            let which = match step {
                Step::Undo(_) => 0,
                Step::Pay(i, _) | Step::Dispute(i, _) | Step::Credit(i, ..) | Step::Off(i, ..)
                | Step::Chargeback(i, _) | Step::Rebill(i, _) | Step::Split(i, ..) | Step::Reverse(i) => i,
            };
            let Some(id) = debits.get(usize::from(which) % debits.len().max(1)).copied() else { continue };
            let wanted = expected(&d, &step, id);
            let (before, contested) = (case_money(&d), d.book.disputed(id));
            if d.try_run(command(&d, &step, n, id, own_ledger), Incoming::default()).is_ok() {
                taken_back |= matches!(step, Step::Reverse(_));
                kept.push((d.book.head(), wanted.clone()));
                let after = case_money(&d);
                // What is credited or let go first settles what is contested: of the leg on the
                // receivable the case has what it contested, and the rest was not contested.
                let leg = wanted.get(&Role::Receivables).map_or(0, |a| -a);
                match step {
                    Step::Credit(..) | Step::Off(_, _, Adjustment::Goodwill) => {
                        prop_assert_eq!(after.credited - before.credited, leg.min(contested), "DS-01");
                    }
                    Step::Off(_, _, Adjustment::WriteOff) => {
                        prop_assert_eq!(after.written_off - before.written_off, leg.min(contested), "DS-01");
                    }
                    Step::Off(..) => {
                        prop_assert_eq!(after.manual - before.manual, leg.min(contested), "DS-01");
                    }
                    _ => {}
                }
            }
            let journal = journal(&d.book, View::on(d.today), Day(i32::MIN));
            for e in &journal.entries {
                prop_assert_eq!(e.difference(), 0, "{:?}", e);
            }
            for b in &journal.balances {
                prop_assert!(b.holds(), "{:?} {:?}", b, journal);
            }
            if !taken_back {
                let mut sums = Nets::new();
                for (_, nets) in kept.iter().filter(|(seq, _)| d.book.is_live(*seq)) {
                    nets.iter().for_each(|(role, sum)| add(&mut sums, *role, *sum));
                }
                sums.retain(|_, sum| *sum != 0);
                prop_assert_eq!(nets(&journal), sums, "the accounts kept by hand");
            }
        }
    }
}
