//! Over any sequence of resolutions, payments and undo nothing is lost: against sums made by hand.
#![allow(clippy::unwrap_used, clippy::inconsistent_digit_grouping)] // minor units: 70_00 is 70.00
mod support;
use duebook_ledger::cases::resolve::*;
use duebook_ledger::cases::*;
use duebook_ledger::command::Command;
use duebook_ledger::facts::*;
use duebook_ledger::keys::ItemKey;
use duebook_ledger::*;
use proptest::prelude::*;
use std::collections::BTreeMap;
use support::*;

#[derive(Debug, Clone)]
enum Step {
    Pay(u8, i64),
    Dispute(u8, i64),
    Credit(u8, i64),
    WriteOff(u8, i64),
    Chargeback(u8, i64),
    Rebill(u8, i64),
    Split(u8, u8, bool),
    Undo(u8),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let amount = 1i64..60_00;
    prop::collection::vec(
        prop_oneof![
            (0u8..9, amount.clone()).prop_map(|(i, a)| Step::Pay(i, a)),
            (0u8..9, amount.clone()).prop_map(|(i, a)| Step::Dispute(i, a)),
            (0u8..9, amount.clone()).prop_map(|(i, a)| Step::Credit(i, a)),
            (0u8..9, amount.clone()).prop_map(|(i, a)| Step::WriteOff(i, a)),
            (0u8..9, amount.clone()).prop_map(|(i, a)| Step::Chargeback(i, a)),
            (0u8..9, amount).prop_map(|(i, a)| Step::Rebill(i, a)),
            (0u8..9, 1u8..99, any::<bool>()).prop_map(|(i, p, t)| Step::Split(i, p, t)),
            (4u8..40).prop_map(Step::Undo),
        ],
        1..22,
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, ..ProptestConfig::default() })]
    /// RB-03, SP-01, DS-01: over any sequence of resolutions, payments and undo the money received
    /// is applied or on account to the unit, what is owed in all is what was billed less what was
    /// credited and let go, and every case sums; `Story` asks for violations after every commit.
    #[test]
    fn rb_03_nothing_is_lost_under_any_sequence(own in any::<bool>(), steps in steps()) {
        let mut s = if own { own_book() } else { following_book() };
        no_limits(&mut s);
        let doc = day(2026, 1, 1);
        // The control account, kept by hand: what each commit did to what is owed, to the money
        // received, and to net and tax billed by the documents it proposed.
        let mut control: Vec<(Seq, i64, i64, Billed)> = Vec::new();
        if own {
            s.customer("C");
            for n in 0..3 {
                let seq = s.invoice("C", &format!("I-{n}"), doc, &[(doc.plus(30), 100_00)]);
                control.push((seq, 100_00, 0, Billed::new()));
            }
        } else {
            let rows: Vec<Row> = (0..3).map(|n| row("C", &format!("I-{n}"), doc, doc.plus(30), 100_00, 100_00)).collect();
            let seq = s.import(doc.plus(1), &rows);
            control.push((seq, 300_00, 0, Billed::new()));
        }
        s.today = day(2026, 2, 10);
        let on = s.today;
        for (n, step) in steps.into_iter().enumerate() {
            let debits: Vec<ItemId> = s.book.items().ids()
                .filter(|i| s.book.is_item_live(*i) && s.book.item(*i).is_some_and(|i| i.recorded_amount() > 0))
                .collect();
            // Where the last invoice was undone only an undo of that is left to do.
            if debits.is_empty() && !matches!(step, Step::Undo(_)) {
                continue;
            }
            let pick = |i: u8| s.book.item_key(debits[usize::from(i) % debits.len()]).unwrap();
            let amount_of = |key: &ItemKey| s.book.amount_of(&s.book.item(s.id(key)).unwrap());
            let customer = if own { own_customer("C") } else { erp_customer("C") };
            let numbers = [format!("N{n}a"), format!("N{n}b"), format!("N{n}c")];
            let numbers: Vec<&str> = numbers.iter().map(String::as_str).collect();
            let before = (owed(&s), cash(&s));
            let command = match step {
                Step::Pay(i, a) => receipt_from(customer, &format!("P{n}"), on, a, &[(pick(i), a)]),
                Step::Dispute(i, a) => Command::Case(CaseCommand::Open(vec![NewCase {
                    lines: vec![(pick(i), a)], reason: "PRI".into(), ..NewCase::default()
                }])),
                Step::Credit(i, a) => make(ask(pick(i), adjust(Adjustment::PartialCredit, a), on, &numbers)),
                Step::WriteOff(i, a) => make(ask(pick(i), adjust(Adjustment::WriteOff, a), on, &numbers)),
                Step::Chargeback(i, a) => make(ask(pick(i), adjust(Adjustment::Chargeback, a), on, &numbers)),
                Step::Rebill(i, a) => {
                    let key = pick(i);
                    let original = vec![line(amount_of(&key), 0)];
                    let right = vec![line(a, a / 5), DocLine { tax_code: "5 %".into(), ..line(a / 3, a / 60) }];
                    make(ask(key, Resolution::Rebill(Rebill { original, right, ..Rebill::default() }), on, &numbers))
                }
                Step::Split(i, p, tax_documents) => {
                    let key = pick(i);
                    let amount = amount_of(&key);
                    let original = vec![line(amount - amount / 6, amount / 6)];
                    let by = SplitBy::Shares(vec![u64::from(p), 100 - u64::from(p)]);
                    make(ask(key, Resolution::Split(Split {
                        original, by, pos: Vec::new(), tax_documents, paid: None, contested_part: None,
                        basis: SplitBasis::Amount,
                        labels: Vec::new(),
                    }), on, &numbers))
                }
                Step::Undo(c) => Command::Undo { commit: Seq(u32::from(c)) },
            };
            let moves = match &command {
                Command::RecordReceipt(r) => Some((-r.amount, r.amount)),
                Command::Case(CaseCommand::Request(RequestCommand::Make(asked))) => match &asked.what {
                    Resolution::Adjust(a) if a.kind == Adjustment::Chargeback => Some((0, 0)),
                    Resolution::Adjust(a) => Some((-a.amount, 0)),
                    Resolution::Rebill(r) => Some((total(&r.right).unwrap() - remaining(&s, &asked.item), 0)),
                    _ => Some((0, 0)),
                },
                Command::Case(_) => Some((0, 0)),
                _ => None,
            };
            let billed = expected_bill(&s, &command);
            let left = match &command {
                Command::Case(CaseCommand::Request(RequestCommand::Make(a))) => Some(remaining(&s, &a.item)),
                _ => None,
            };
            match s.attempt(command) {
                Err(_) => prop_assert_eq!((owed(&s), cash(&s)), before),
                Ok(seq) => {
                    prop_assert!(parts_are_the_whole(&s, left));
                    if let Some((ar, money)) = moves {
                        prop_assert_eq!((owed(&s) - before.0, cash(&s) - before.1), (ar, money));
                        control.push((seq, ar, money, billed));
                    }
                }
            }
            // Undone, and undone undone: only what is live counts, everywhere.
            let live = control.iter().filter(|(seq, ..)| s.book.is_live(*seq));
            let (mut ar, mut money, mut net) = (0, 0, Billed::new());
            for (_, a, m, b) in live {
                ar += a;
                money += m;
                for (measure, amount) in b {
                    *net.entry(measure.clone()).or_default() += amount;
                }
            }
            net.retain(|_, amount| *amount != 0);
            prop_assert_eq!((owed(&s), cash(&s)), (ar, money), "the control account");
            prop_assert_eq!(billed_now(&s), net, "net and tax by code");
            let contested: i64 = s.book.cases().map(|(id, _)| s.book.case_money(id).disputed).sum();
            let items: i64 = s.book.items().ids().map(|i| s.book.disputed(i)).sum();
            prop_assert_eq!(contested, items);
            let (buckets, credits, sum) = s.aging(on);
            prop_assert_eq!(buckets.iter().sum::<i64>() + credits, sum);
            prop_assert_eq!(sum, owed(&s));
        }
        let replayed = replay(&s.log);
        prop_assert_eq!(replayed.all_open_sum(), s.book.all_open_sum());
    }
}

/// Net (under no name) and tax by code, minor units.
type Billed = BTreeMap<String, i128>;

fn add(to: &mut Billed, lines: &[DocLine], sign: i128) {
    for l in lines {
        *to.entry(String::new()).or_default() += sign * i128::from(l.net);
        *to.entry(l.tax_code.clone()).or_default() += sign * i128::from(l.tax);
    }
}

/// What a command is to do to net and tax billed, from what was asked alone: a rebill bills what is
/// right in place of what of the document is still billed; a split neither adds nor takes.
fn expected_bill(s: &Story, command: &Command) -> Billed {
    let mut out = Billed::new();
    if let Command::Case(CaseCommand::Request(RequestCommand::Make(asked))) = command
        && let Resolution::Rebill(r) = &asked.what
    {
        let item = s.book.item(s.id(&asked.item)).unwrap();
        let (left, whole) = (remaining(s, &asked.item), s.book.amount_of(&item));
        add(&mut out, &r.right, 1);
        if left == whole {
            add(&mut out, &r.original, -1);
        } else if left > 0 {
            // One line without tax: the rest of it is credited to the unit.
            *out.entry(String::new()).or_default() -= i128::from(left);
        }
    }
    out.retain(|_, amount| *amount != 0);
    out
}

/// SP-01: the parts of a split are what of the document was still billed, and all of it in net and
/// tax where nothing was credited before.
fn parts_are_the_whole(s: &Story, left: Option<i64>) -> bool {
    let Some((left, (_, r))) = left.zip(s.book.requests().last()) else {
        return true;
    };
    let Resolution::Split(split) = &r.fact.asked.what else {
        return true;
    };
    let bills = r.fact.proposed.iter();
    let bills = bills.filter(|p| p.kind == columns::ItemKind::Invoice as u8);
    let lines: Vec<DocLine> = bills.flat_map(|p| p.lines.clone()).collect();
    let whole = total(&split.original) == Some(left);
    total(&lines) == Some(left) && (!whole || measures(&lines) == measures(&split.original))
}

/// Net and tax of every document that live requests propose, credit notes taken off.
fn billed_now(s: &Story) -> Billed {
    let mut out = Billed::new();
    for (_, r) in s.book.requests() {
        match &r.fact.asked.what {
            Resolution::Adjust(_) | Resolution::PoChange(_) => continue,
            // The tax document stays as it is: see `parts_are_the_whole`.
            Resolution::Split(split) if !split.tax_documents => continue,
            _ => {}
        }
        for p in &r.fact.proposed {
            let credit = columns::ItemKind::from_u8(p.kind).unwrap().is_credit();
            add(&mut out, &p.lines, if credit { -1 } else { 1 });
        }
    }
    out.retain(|_, amount| *amount != 0);
    out
}

/// What is owed in all, credits taken off.
fn owed(s: &Story) -> i64 {
    s.book.all_open_sum()
}

/// Money received, wherever it is.
fn cash(s: &Story) -> i64 {
    let live = s.book.items().ids().filter(|i| s.book.is_item_live(*i));
    let receipts = live
        .filter_map(|i| s.book.item(i))
        .filter(|i| i.kind() == columns::ItemKind::Receipt);
    receipts
        .map(|r| {
            let applied: i64 = s
                .book
                .settlements_of(r.id)
                .filter(|x| s.book.counts(x))
                .map(|x| x.amount)
                .sum();
            applied - r.open()
        })
        .sum()
}

/// What of a document is still billed.
fn remaining(s: &Story, key: &ItemKey) -> i64 {
    let id = s.id(key);
    let item = s.book.item(id).unwrap();
    let paid = |x: &settlements::Settlement| {
        x.credit
            .and_then(|c| s.book.item(c))
            .is_some_and(|c| c.kind() == columns::ItemKind::Receipt)
            || x.cause == Cause::AtSourceUnknown
    };
    let gone: i64 = s
        .book
        .settlements_of(id)
        .filter(|x| s.book.counts(x) && !paid(x))
        .map(|x| x.amount)
        .sum();
    s.book.amount_of(&item) - gone
}

trait Sum {
    fn all_open_sum(&self) -> i64;
}

impl Sum for Book {
    fn all_open_sum(&self) -> i64 {
        let live = self.items().ids().filter(|i| self.is_item_live(*i));
        live.filter_map(|i| self.item(i)).map(|i| i.open()).sum()
    }
}
