//! A part of a receipt goes over to a receipt of its own (domain.md §5.5, §5.8, CA-01, CA-32): no day
//! counts the money twice, both go back together, and the source's next file finds them.
#![allow(clippy::unwrap_used, clippy::inconsistent_digit_grouping)] // minor units: 70_00 is 70.00
mod support;
use duebook_ledger::columns::ItemKind;
use duebook_ledger::command::IssueDocument;
use duebook_ledger::facts::*;
use duebook_ledger::keys::{FactKey, ItemKey};
use duebook_ledger::recon::{Did, Onward, ReconCommand, Transfer};
use duebook_ledger::statements::{AcceptedMatch, Explanation};
use duebook_ledger::*;
use duebook_money::{Currency, Day};
use support::*;

fn d(n: i32) -> Day {
    day(2026, 3, 1).plus(n)
}

fn part(customer: &str, amount: i64, pays: &[(ItemKey, i64)]) -> Onward {
    Onward {
        customer: own_customer(customer),
        amount,
        currency: Currency::EUR,
        into: amount,
        applications: pays.to_vec(),
    }
}

fn transfer(number: &str, take_back: &[FactKey], onward: Onward, effective: Day) -> Command {
    Command::Recon(ReconCommand::TransferReceipt {
        receipt: own_credit(number),
        take_back: take_back.to_vec(),
        onward,
        effective,
    })
}

/// C1 owes 100.00, C2 60.00 and 500.00 in dollars; 150.00 came from C1, of which 100.00 are applied.
fn book() -> (Story, Seq) {
    let mut s = own_book();
    s.today = d(20);
    s.customer("C1");
    s.customer("C2");
    s.invoice("C1", "A", d(0), &[(d(30), 100_00)]);
    s.invoice("C2", "B", d(1), &[(d(31), 60_00)]);
    s.when(Command::IssueDocument(IssueDocument {
        customer: own_customer("C1"),
        entity: "1000".into(),
        kind: ItemKind::Invoice as u8,
        number: "U".into(),
        doc_date: d(2),
        currency: Currency::USD,
        amount: 500_00,
        instalments: vec![(d(32), 500_00)],
        reference: String::new(),
        po: String::new(),
    }));
    let paid = s.when(receipt(
        "C1",
        "R",
        d(10),
        150_00,
        &[(own_item("A"), 100_00)],
    ));
    (s, paid)
}

fn made(s: &Story) -> Transfer {
    *s.book.brought(s.id(&own_credit("R/T1"))).unwrap()
}

#[test]
fn ca_32_a_part_of_a_receipt_goes_to_another_customer_and_pays_there_in_one_commit() {
    let (mut s, _) = book();
    let open = s.all_open(View::on(d(40)));
    let head = s.book.head();
    let pays = [(own_item("B"), 45_00)];
    let seq = s.when(transfer("R", &[], part("C2", 50_00, &pays), d(15)));
    assert_eq!(seq, Seq(head.0 + 1));
    assert_eq!(s.book.violations(), []);
    // What left the one is what came to the other, and no day counts it twice.
    assert_eq!(s.working(&own_credit("R"), d(14)), -50_00);
    assert_eq!(s.open_on(&own_credit("R/T1"), d(14)), None);
    assert_eq!(s.working(&own_credit("R"), d(15)), 0);
    assert_eq!(s.working(&own_credit("R/T1"), d(15)), -5_00);
    assert_eq!(s.working(&own_item("B"), d(15)), 15_00);
    let t = made(&s);
    assert_eq!((t.amount, t.into, t.effective), (50_00, 50_00, d(15)));
    assert_eq!(s.book.origin(t.to), s.id(&own_credit("R")));
    assert_eq!(s.book.transferred(t.from), 50_00);
    assert_eq!(s.book.recon_of(seq), Some(Did::Transferred(&t)));
    let to = s.book.item(t.to).unwrap();
    let named = to.text(&duebook_ledger::columns::TextField::Reference);
    assert_eq!((to.customer(), named), (CustomerId(1), "R"));

    let undone = s.undo(seq);
    assert_eq!(s.book.violations(), []);
    assert_eq!(s.all_open(View::on(d(40)))[..open.len()], open[..]);
    assert_eq!(s.book.find_item(&own_credit("R/T1")), None);
    s.undo(undone);
    assert_eq!(s.book.violations(), []);
    assert_eq!(s.working(&own_item("B"), d(15)), 15_00);
}

#[test]
fn an_application_that_was_wrong_is_taken_back_with_what_was_granted_and_the_same_item_may_be_paid()
{
    let mut s = own_book();
    s.today = d(20);
    s.customer("HQ");
    s.customer_of("SUB", Some("HQ"));
    s.invoice("SUB", "S", d(0), &[(d(30), 100_00)]);
    s.receipt("HQ", "R", d(3), 98_00);
    let discount = [(Cause::Discount, 2_00)];
    let paid = s.when(apply(
        own_credit("R"),
        own_item("S"),
        98_00,
        d(3),
        &discount,
    ));
    // It was the daughter's own money.
    let back = settlement(&s, paid, 0);
    let onward = part("SUB", 98_00, &[(own_item("S"), 98_00)]);
    s.when(transfer("R", &[back], onward, d(20)));
    assert_eq!(s.book.violations(), []);
    assert_eq!(s.working(&own_item("S"), d(20)), 2_00, "the discount fell");
    assert_eq!(s.working(&own_item("S"), d(19)), 0, "history stays");
    assert_eq!(s.working(&own_credit("R"), d(20)), 0);
}

#[test]
fn fx_money_pays_an_item_in_another_currency_at_the_rate_of_the_two_amounts() {
    let (mut s, _) = book();
    let onward = Onward {
        customer: own_customer("C1"),
        amount: 46_73,
        currency: Currency::USD,
        into: 50_00,
        applications: vec![(own_item("U"), 50_00)],
    };
    let seq = s.when(transfer("R", &[], onward, d(12)));
    assert_eq!(s.book.violations(), []);
    assert_eq!(s.working(&own_item("U"), d(12)), 450_00);
    assert_eq!(s.working(&own_credit("R"), d(12)), -3_27);
    // Opening and movements are closing in each currency: the two amounts moved, and nothing else.
    let sums = s.book.open_by_currency(d(12));
    assert_eq!(sums[&Currency::EUR].0, 60_00 - 3_27);
    assert_eq!(sums[&Currency::USD].0, 450_00);
    s.undo(seq);
    assert_eq!(s.working(&own_item("U"), d(12)), 500_00);
    assert_eq!(s.working(&own_credit("R"), d(12)), -50_00);
}

#[test]
fn refusals_come_in_their_order() {
    let (mut s, paid) = book();
    let go = |onward, on| transfer("R", &[], onward, on);
    let whole = || part("C2", 50_00, &[]);
    let wrong = |s: &mut Story, onward: Onward| s.refuses(go(onward, d(15)));
    let nothing = transfer("X", &[], whole(), d(15));
    assert_eq!(s.refuses(nothing), Refusal::UnknownItem(own_credit("X")));
    assert_eq!(
        s.refuses(go(whole(), d(9))),
        Refusal::DateBefore {
            date: d(9),
            earliest: d(10)
        }
    );
    assert_eq!(
        s.refuses(go(whole(), d(21))),
        Refusal::DateAfter {
            date: d(21),
            latest: d(20)
        }
    );
    let none = settlement(&s, paid, 7);
    let unknown = transfer("R", &[none], whole(), d(15));
    assert_eq!(s.refuses(unknown), Refusal::UnknownFact(none));
    assert_eq!(
        wrong(&mut s, part("C2", 50_01, &[])),
        Refusal::MoreThanOpen {
            item: own_credit("R"),
            open: 50_00,
            asked: 50_01
        }
    );
    assert_eq!(
        wrong(&mut s, part("C9", 1, &[])),
        Refusal::UnknownCustomer(own_customer("C9"))
    );
    assert_eq!(wrong(&mut s, part("C2", 0, &[])), Refusal::NotPositive(0));
    assert_eq!(
        wrong(
            &mut s,
            Onward {
                into: -1,
                ..whole()
            }
        ),
        Refusal::NotPositive(-1)
    );
    assert_eq!(
        wrong(&mut s, part("C1", 10_00, &[])),
        Refusal::SameCustomer(CustomerId(0))
    );
    assert_eq!(
        wrong(
            &mut s,
            Onward {
                into: 49_99,
                ..whole()
            }
        ),
        Refusal::AmountsDiffer {
            expected: 50_00,
            given: 49_99
        }
    );
    let other = part("C2", 50_00, &[(own_item("A"), 1)]);
    assert_eq!(
        wrong(&mut s, other),
        Refusal::AnotherCustomer(own_item("A"))
    );
    assert_eq!(
        wrong(&mut s, part("C2", 50_00, &[(own_item("B"), 60_01)])),
        Refusal::MoreThanOpen {
            item: own_item("B"),
            open: 60_00,
            asked: 60_01
        }
    );
    assert_eq!(
        wrong(&mut s, part("C2", 50_00, &[(own_item("B"), 60_00)])),
        Refusal::MoreThanOpen {
            item: own_credit("R/T1"),
            open: 50_00,
            asked: 60_00
        }
    );
    let dollars = Onward {
        customer: own_customer("C1"),
        currency: Currency::USD,
        into: 53_50,
        applications: vec![(own_item("A"), 1)],
        ..whole()
    };
    assert_eq!(
        wrong(&mut s, dollars),
        Refusal::CurrencyDiffers {
            expected: Currency::EUR,
            given: Currency::USD
        }
    );
}

#[test]
fn a_part_is_no_money_of_the_bank_and_goes_back_only_with_the_whole() {
    let (mut s, _) = book();
    let pays = [(own_item("B"), 50_00)];
    let seq = s.when(transfer("R", &[], part("C2", 50_00, &pays), d(15)));
    let one_of = Refusal::PartOfAnother {
        part: own_credit("R/T1"),
        of: "R".into(),
    };
    assert_eq!(s.refuses(returned(own_credit("R/T1"), d(16))), one_of);
    let alone = reverse(settlement(&s, seq, 0), d(16));
    assert_eq!(s.refuses(alone), one_of);
    s.statement(
        &statement_facts("1", 0, 50_00),
        vec![statement_line("L", d(15), 50_00)],
    )
    .unwrap();
    let line = s.book.line_key(LineId(0)).unwrap();
    let it_is = Command::ExplainLines {
        lines: vec![line],
        how: Explanation::Receipt(own_credit("R/T1")),
    };
    assert_eq!(s.refuses(it_is), one_of);
    // A part of a part, numbered by the money as it came in.
    let again = transfer("R/T1", &[], part("C1", 1, &[]), d(16));
    assert!(matches!(s.refuses(again), Refusal::MoreThanOpen { .. }));
    let back = settlement(&s, seq, 1);
    s.when(transfer("R/T1", &[back], part("C1", 20_00, &[]), d(16)));
    assert_eq!(s.working(&own_credit("R/T2"), d(16)), -20_00);
    assert_eq!(s.working(&own_credit("R/T1"), d(16)), -30_00);
    assert_eq!(s.working(&own_item("B"), d(16)), 60_00);
    assert_eq!(s.book.violations(), []);
    let resting = s.refuses(Command::Undo { commit: seq });
    assert_eq!(resting, Refusal::RestsOn(vec![s.book.head()]));
    // CA-30: the bank took all of it back; every part closes, and what it paid is open again.
    assert_eq!(
        s.refuses(returned(own_credit("R"), d(15))),
        Refusal::DateBefore {
            date: d(15),
            earliest: d(16)
        }
    );
    let back = s.when(returned(own_credit("R"), d(18)));
    assert_eq!(s.book.violations(), []);
    for number in ["R", "R/T1", "R/T2"] {
        assert_eq!(s.working(&own_credit(number), d(18)), 0, "{number}");
    }
    assert_eq!(s.working(&own_item("A"), d(18)), 100_00);
    assert_eq!(s.working(&own_item("B"), d(18)), 60_00);
    let sums = s.book.open_by_currency(d(18));
    assert_eq!(sums[&Currency::EUR].0, 160_00);
    assert_eq!(s.book.transferred(s.id(&own_credit("R"))), 0);
    s.undo(back);
    assert_eq!(s.book.violations(), []);
    assert_eq!(s.working(&own_credit("R/T2"), d(18)), -20_00);
}

#[test]
fn a_source_that_refuses_a_part_or_what_took_it_off_refuses_both() {
    let mut s = following_book();
    s.today = d(20);
    let rows = [
        row("C1", "A", d(0), d(30), 100_00, 100_00),
        row("C2", "B", d(0), d(30), 60_00, 60_00),
    ];
    s.import(d(1), &rows);
    s.when(receipt_from(erp_customer("C1"), "R", d(10), 150_00, &[]));
    let onward = Onward {
        customer: erp_customer("C2"),
        ..part("C2", 50_00, &[(erp_item("B"), 50_00)])
    };
    let seq = s.when(transfer("R", &[], onward, d(12)));
    let set = |item, settlement, standing| Command::SetStanding {
        item,
        settlement,
        standing,
        reference: "batch".into(),
    };
    let t = made(&s);
    let took = settlement(&s, seq, 0);
    let ways = [
        set(Some(own_credit("R/T1")), None, Standing::Rejected),
        set(None, Some(took), Standing::Withdrawn),
        set(Some(own_credit("R")), None, Standing::Rejected),
    ];
    for refused in ways {
        s.when(set(None, Some(took), Standing::Sent));
        assert_eq!(s.book.transferred(t.from), 50_00);
        let rejected = s.when(refused);
        assert_eq!(s.book.violations(), []);
        assert_eq!(s.working(&erp_item("B"), d(12)), 60_00);
        assert_eq!(s.open_on(&own_credit("R/T1"), d(12)), None);
        assert_eq!(s.book.transferred(t.from), 0);
        s.undo(rejected);
    }
    // What was refused comes back as one, without what it paid.
    s.when(set(None, Some(took), Standing::Rejected));
    s.when(set(Some(own_credit("R/T1")), None, Standing::Local));
    assert_eq!(s.book.violations(), []);
    assert_eq!(s.working(&own_credit("R"), d(12)), -100_00);
    assert_eq!(s.working(&own_credit("R/T1"), d(12)), -50_00);
}

/// A book that follows a source: 150.00 of C1, of which 50.00 are C2's; nothing is applied.
fn waiting() -> Story {
    let mut s = following_book();
    s.today = d(20);
    let rows = [
        row("C1", "A", d(0), d(30), 100_00, 100_00),
        row("C2", "B", d(0), d(30), 60_00, 60_00),
    ];
    s.import(d(1), &rows);
    s.when(receipt_from(erp_customer("C1"), "R", d(10), 150_00, &[]));
    let onward = Onward {
        customer: erp_customer("C2"),
        ..part("C2", 50_00, &[])
    };
    s.when(transfer("R", &[], onward, d(10)));
    s
}

fn receipt_row(customer: &'static str, number: &str, amount: i64) -> Row {
    row(customer, number, d(10), d(10), -amount, -amount)
}

#[test]
fn the_next_export_shows_the_parts_apart_or_the_whole_and_no_money_counts_twice() {
    let open = |s: &Story| {
        let sums = s.book.open_by_currency(d(30));
        sums[&Currency::EUR]
    };
    let base = [
        row("C1", "A", d(0), d(30), 100_00, 100_00),
        row("C2", "B", d(0), d(30), 60_00, 60_00),
    ];
    // The clerk posted each customer's money: both are confirmed, and what took the part off too.
    let mut s = waiting();
    assert_eq!(open(&s), (10_00, 160_00));
    let mut rows = base.to_vec();
    rows.extend([
        receipt_row("C1", "R", 100_00),
        receipt_row("C2", "R-2", 50_00),
    ]);
    for day in [21, 22] {
        s.import(d(day), &rows);
        assert_eq!(open(&s), (10_00, 10_00), "on day {day}");
        assert_eq!(s.book.violations(), []);
    }
    assert_eq!(s.working(&own_credit("R"), d(30)), -100_00);
    assert_eq!(s.book.transferred(s.id(&own_credit("R"))), 50_00);
    // The source has the whole with the first customer: the rest still waits to be told.
    let mut s = waiting();
    let mut rows = base.to_vec();
    rows.push(receipt_row("C1", "R", 150_00));
    for day in [21, 22] {
        s.import(d(day), &rows);
        assert_eq!(open(&s), (10_00, 10_00), "on day {day}");
        assert_eq!(s.book.violations(), []);
    }
    assert_eq!(s.working(&own_credit("R"), d(30)), -100_00);
    assert_eq!(s.working(&own_credit("R/T1"), d(30)), -50_00);
    let pending = s.open_on(&own_credit("R/T1"), d(30)).unwrap();
    assert_eq!((pending.at_source, pending.pending), (0, -50_00));
    // Then it shows them apart.
    let mut rows = base.to_vec();
    rows.extend([
        Row {
            open: -100_00,
            ..receipt_row("C1", "R", 150_00)
        },
        receipt_row("C2", "R-2", 50_00),
    ]);
    s.import(d(23), &rows);
    assert_eq!(open(&s), (10_00, 10_00));
    let told = s.open_on(&own_credit("R/T1"), d(30)).unwrap();
    assert_eq!((told.at_source, told.pending), (-50_00, 0));
    assert_eq!(s.book.violations(), []);
}

#[test]
fn a_payments_file_that_shows_the_parts_apart_is_the_same_money() {
    let mut s = waiting();
    let mut first = payment("", "R", d(10), 100_00);
    first.item = None;
    let mut second = payment("", "R-2", d(10), 50_00);
    (second.item, second.customer) = (None, Some("C2".into()));
    s.payments(d(21), &[first, second]);
    assert_eq!(s.book.violations(), []);
    let sums = s.book.open_by_currency(d(30));
    assert_eq!(sums[&Currency::EUR].0, 10_00);
}

#[test]
fn ca_01_a_line_in_two_currencies_is_one_receipt_with_a_part() {
    let (mut s, _) = book();
    s.statement(
        &statement_facts("1", 0, 93_46),
        vec![statement_line("L", d(12), 93_46)],
    )
    .unwrap();
    let line = s.book.line_key(LineId(0)).unwrap();
    let Command::RecordReceipt(money) = receipt("C1", "L", d(12), 93_46, &[]) else {
        unreachable!()
    };
    let accepted = |amount| AcceptedMatch {
        line: line.clone(),
        receipt: money.clone(),
        credits: Vec::new(),
        granted: Vec::new(),
        auto: false,
        rule: None,
        contested: Vec::new(),
        onward: vec![Onward {
            customer: own_customer("C1"),
            amount,
            currency: Currency::USD,
            into: 100_00,
            applications: vec![(own_item("U"), 100_00)],
        }],
    };
    assert_eq!(
        s.refuses(Command::AcceptMatches(vec![accepted(93_47)])),
        Refusal::MoreThanOpen {
            item: ItemKey {
                entity: String::new(),
                ..own_credit("L")
            },
            open: 93_46,
            asked: 93_47
        }
    );
    let seq = s.when(Command::AcceptMatches(vec![accepted(90_00)]));
    assert_eq!(s.book.violations(), []);
    assert_eq!(s.working(&own_credit("L"), d(12)), -3_46);
    assert_eq!(s.working(&own_item("U"), d(12)), 400_00);
    assert_eq!(s.book.line_rest(LineId(0)), 0);
    s.undo(seq);
    assert_eq!(s.book.line_rest(LineId(0)), 93_46);
    assert_eq!(s.working(&own_item("U"), d(12)), 500_00);
}

#[test]
fn ca_32_a_closed_period_is_corrected_in_the_current_one() {
    let (mut s, _) = book();
    s.when(Command::Recon(ReconCommand::LockPeriod {
        from: d(0),
        to: d(14),
        note: String::new(),
        breaks: 0,
    }));
    let onward = || part("C2", 50_00, &[]);
    let locked = s.refuses(transfer("R", &[], onward(), d(14)));
    assert!(matches!(locked, Refusal::Locked { .. }));
    s.when(transfer("R", &[], onward(), d(15)));
}
