//! The second morning: a new whole list on top of the work done since the last.
#![allow(clippy::unwrap_used, clippy::result_large_err)]

mod support;

use duebook_ledger::columns::ItemKind;
use duebook_ledger::facts::*;
use duebook_ledger::keys::ItemKey;
use duebook_ledger::*;
use duebook_money::Day;
use support::*;

fn d(n: i32) -> Day {
    day(2026, 3, 1).plus(n)
}

/// C1 owes A 1000 and B 500, C2 owes C 300 and D 200.
fn rows() -> Vec<Row> {
    let r = |c, n, amount| row(c, n, d(0), d(30), amount, amount);
    vec![
        r("C1", "A", 1000),
        r("C1", "B", 500),
        r("C2", "C", 300),
        r("C2", "D", 200),
    ]
}
fn without(number: &str) -> Vec<Row> {
    rows().into_iter().filter(|r| r.number != number).collect()
}
fn take_on() -> Story {
    let mut s = following_book();
    s.import(d(31), &rows());
    s
}
fn at_source(s: &Story, number: &str) -> i64 {
    s.book
        .item(s.id(&erp_item(number)))
        .unwrap()
        .open_at_source()
}
fn total_at_source(s: &Story) -> i64 {
    let ids = s.book.items().ids().filter(|i| s.book.is_item_live(*i));
    ids.map(|i| s.book.item(i).unwrap().open_at_source()).sum()
}
fn total_working(s: &Story) -> i64 {
    let ids = s.book.items().ids().filter(|i| s.book.is_item_live(*i));
    ids.map(|i| s.book.item(i).unwrap().open()).sum()
}
fn pay(s: &mut Story, number: &str, amount: i64, pays: &[(&str, i64)]) -> Seq {
    let pays: Vec<_> = pays.iter().map(|(n, a)| (erp_item(n), *a)).collect();
    s.when(receipt_from(
        erp_customer("C1"),
        number,
        d(31),
        amount,
        &pays,
    ))
}

#[test]
fn absent_is_not_paid() {
    let mut s = take_on();
    s.import(d(32), &without("B"));
    let b = s.id(&erp_item("B"));
    assert_eq!(s.book.absent_since(b), Some(d(32)));
    assert_eq!(
        (at_source(&s, "B"), s.working(&erp_item("B"), d(31))),
        (0, 500)
    );
    let causes: Vec<Cause> = s.book.settlements_of(b).map(|s| s.cause).collect();
    assert_eq!(
        causes,
        [Cause::AtSourceUnknown],
        "nothing is posted as paid"
    );
    let import = s.book.imports().last().unwrap();
    assert_eq!((import.absent, import.in_scope), (1, 4));
    // It is shown again: open as before, and not absent.
    s.import(d(33), &rows());
    assert_eq!(s.book.absent_since(b), None);
    assert_eq!(at_source(&s, "B"), 500);
    assert_eq!(s.working(&erp_item("B"), d(32)), 0, "that day it was gone");
}

#[test]
fn outside_the_scope_nothing_moves() {
    let mut s = take_on();
    s.try_import(d(32), Scope::TheseRows, &rows()[..1])
        .unwrap_err();
    assert_eq!(total_at_source(&s), 2000);
    let scope = Scope::Customers(vec!["C2".into()]);
    s.try_import(d(32), scope, &rows()[2..3]).unwrap();
    let gone = |n: &str| s.book.absent_since(s.id(&erp_item(n))).is_some();
    assert_eq!(["A", "B", "C", "D"].map(gone), [false, false, false, true]);
}

#[test]
fn a_list_without_credits_says_nothing_of_them() {
    let mut s = following_book();
    let mut file = rows();
    for n in ["K1", "K2", "K3"] {
        file.push(row("C1", n, d(0), d(0), -10, -10));
    }
    s.import(d(31), &file);
    let doubts = s.try_import(d(32), Scope::Everything, &rows()).unwrap_err();
    let Refusal::Unconfirmed(doubts) = doubts else {
        panic!("{doubts:?}")
    };
    assert!(doubts.contains(&Doubt::CreditsGone { items: 3 }));
    s.try_import(d(32), Scope::Debits, &rows()).unwrap();
    assert_eq!(s.working(&erp_credit("K1"), d(32)), -10);
}

#[test]
fn is_this_the_whole_list() {
    let mut s = following_book();
    let many: Vec<Row> = (0..40)
        .map(|n| row("C1", &format!("N{n}"), d(0), d(30), 10, 10))
        .chain((0..12).map(|n| row("C2", &format!("M{n}"), d(0), d(30), 10, 10)))
        .collect();
    s.import(d(31), &many);
    let refused = s.try_import(d(32), Scope::Everything, &many[..40]);
    let customer = s.book.find_customer(&erp_customer("C2")).unwrap();
    let doubts = vec![
        Doubt::CustomerGone {
            customer,
            items: 12,
        },
        Doubt::ManyGone {
            absent: 12,
            of: 52,
            usual: None,
        },
    ];
    assert_eq!(refused, Err(Refusal::Unconfirmed(doubts)));
    s.confirmed = vec![Confirmed::WholeList];
    s.import(d(32), &many[..40]);
    assert_eq!(total_at_source(&s), 400);
    // The usual share is now 12 of 52: a little is not asked about.
    s.confirmed.clear();
    s.import(d(33), &many[..37]);
    assert_eq!(total_at_source(&s), 370);
}

#[test]
fn kp_23_due_dates_in_bulk_are_asked_about() {
    let mut s = following_book();
    let file = |swap: bool| -> Vec<Row> {
        (0..40u8)
            .map(|n| {
                let due = if swap && n < 5 {
                    day(2026, 3 + n, 4)
                } else {
                    day(2026, 4, 3 + n % 9)
                };
                row("C1", &format!("N{n}"), d(0), due, 10, 10)
            })
            .collect()
    };
    s.import(d(31), &file(false));
    let refused = s.try_import(d(32), Scope::Everything, &file(true));
    let doubt = Doubt::DueDates {
        changed: 4,
        of: 40,
        swapped: 4,
    };
    // Four of five: 4 April stays 4 April whichever way it is read.
    let Err(Refusal::Unconfirmed(doubts)) = refused else {
        panic!("{refused:?}")
    };
    assert_eq!(doubts, [doubt]);
    s.confirmed = vec![Confirmed::KeepDueDates];
    s.import(d(32), &file(true));
    let due = |s: &Story, n: &str| s.book.due_of(&s.book.item(s.id(&erp_item(n))).unwrap());
    assert_eq!(due(&s, "N0"), day(2026, 4, 3).0);
    s.confirmed = vec![Confirmed::DueDates];
    s.import(d(33), &file(true));
    assert_eq!(due(&s, "N0"), day(2026, 3, 4).0);
}

#[test]
fn an_item_moves_to_another_customer_and_back_by_undo() {
    let mut s = take_on();
    let mut file = rows();
    file[1].customer = "C9";
    let seq = s.import(d(32), &file);
    let b = s.id(&erp_item("B"));
    let owner = |s: &Story| {
        s.book
            .customer(s.book.item(b).unwrap().customer())
            .unwrap()
            .number
            .clone()
    };
    assert_eq!(owner(&s), "C9");
    let c9 = s.book.find_customer(&erp_customer("C9")).unwrap();
    assert_eq!(s.book.items_of(c9).count(), 1);
    // As known before, it was C1's.
    let view = View {
        as_of: d(32),
        known: Some(Seq(2)),
    };
    let scan = OpenScan::new(&s.book, view);
    let then = scan.segment(b.segment()).unwrap().data().customer[b.row()];
    assert_eq!(s.book.customer(CustomerId(then)).unwrap().number, "C1");
    s.undo(seq);
    assert_eq!(owner(&s), "C1");
    assert_eq!(
        replay(&s.log).item(b).unwrap().customer(),
        s.book.item(b).unwrap().customer()
    );
}

#[test]
fn as_we_did_is_confirmed_and_no_total_moves_twice() {
    let mut s = take_on();
    pay(&mut s, "P", 500, &[("B", 500)]);
    assert_eq!((total_at_source(&s), total_working(&s)), (2000, 1500));
    // Not yet.
    s.import(d(32), &rows());
    assert_eq!((total_at_source(&s), total_working(&s)), (2000, 1500));
    // As we did: gone at source, by our payment.
    s.import(d(33), &without("B"));
    assert_eq!((total_at_source(&s), total_working(&s)), (1500, 1500));
    let causes: Vec<Cause> = s.book.settlements().iter().map(|s| s.cause).collect();
    assert_eq!(causes, [Cause::Payment]);
    // Its payments file names the same money: nothing is added.
    s.payments(d(33), &[payment("B", "9001", d(32), 500)]);
    assert_eq!((total_at_source(&s), total_working(&s)), (1500, 1500));
    assert_eq!(s.book.items().len(), 5, "one receipt, ours");
    let known = s.try_payments(d(34), &[payment("B", "9001", d(32), 500)]);
    assert_eq!(known, Err(Refusal::NothingNew { same: 1 }));
}

#[test]
fn the_rest_of_a_part_we_paid_has_no_cause() {
    let mut s = take_on();
    pay(&mut s, "P", 200, &[("B", 200)]);
    s.import(d(32), &without("B"));
    assert_eq!((total_at_source(&s), total_working(&s)), (1500, 1500));
    let unknown = s.book.settlements().iter();
    let unknown = unknown.filter(|s| s.cause == Cause::AtSourceUnknown);
    assert_eq!(unknown.map(|s| s.amount).sum::<i64>(), 300);
}

#[test]
fn another_amount_at_source_wins_and_our_money_is_not_lost() {
    let mut s = take_on();
    pay(&mut s, "P", 500, &[("B", 500)]);
    let mut file = rows();
    file[1].open = 100;
    s.import(d(32), &file);
    assert_eq!(at_source(&s, "B"), 100);
    let p = s.book.item(s.id(&own_credit("P"))).unwrap();
    assert_eq!(p.open(), -100, "of our 500 the source used 400");
    assert_eq!((total_at_source(&s), total_working(&s)), (1600, 1500));
}

#[test]
fn the_source_shows_our_receipt_as_a_line_of_its_own() {
    let mut s = take_on();
    pay(&mut s, "CHQ-77", 500, &[("B", 500)]);
    let mut file = rows();
    file.push(row("C1", "14000077", d(32), d(32), -500, -500));
    s.import(d(33), &file);
    let ours = s.id(&own_credit("CHQ-77"));
    assert_eq!(
        s.id(&erp_credit("14000077")),
        ours,
        "one document, two keys"
    );
    assert_eq!((total_at_source(&s), total_working(&s)), (1500, 1500));
    assert_eq!(
        s.open_on(&erp_item("B"), d(33)).unwrap().pending,
        -500,
        "applied by us only"
    );
    // The next day the source has applied it too.
    s.import(d(34), &without("B"));
    assert_eq!((total_at_source(&s), total_working(&s)), (1500, 1500));
    assert_eq!(s.book.item(ours).unwrap().open_at_source(), 0);
    assert!(
        s.book
            .settlements()
            .iter()
            .all(|s| s.cause == Cause::Payment)
    );
}

#[test]
fn other_money_of_the_same_amount_can_be_said_to_be_other_money() {
    let mut s = take_on();
    pay(&mut s, "P", 500, &[("B", 500)]);
    s.other_money = vec![own_credit("P")];
    let mut file = rows();
    file.push(row("C1", "X", d(32), d(32), -500, -500));
    s.import(d(33), &file);
    assert_eq!((total_at_source(&s), total_working(&s)), (1500, 1000));
}

#[test]
fn a_row_left_out_of_a_whole_list_is_neither_taken_nor_missing() {
    let mut s = take_on();
    let b = s.id(&erp_item("B"));
    s.passed_over = vec![erp_item("B")];
    s.import(d(33), &without("B"));
    assert_eq!(s.book.absent_since(b), None);
    assert_eq!((total_at_source(&s), total_working(&s)), (2000, 2000));
    // Not said of the next file: there it is missing.
    s.passed_over.clear();
    s.import(d(34), &without("B"));
    assert!(s.book.absent_since(b).is_some());
    assert_eq!(total_at_source(&s), 1500);
}

#[test]
fn the_client_applied_our_cash_elsewhere() {
    let mut s = take_on();
    pay(&mut s, "P", 500, &[("B", 500)]);
    s.payments(d(32), &[payment("A", "9001", d(32), 500)]);
    assert_eq!(at_source(&s, "A"), 500);
    let b = s.open_on(&erp_item("B"), d(32)).unwrap();
    assert_eq!((b.at_source, b.pending), (500, 0), "ours is taken back");
    assert_eq!((total_at_source(&s), total_working(&s)), (1500, 1500));
    assert_eq!(s.id(&erp_credit("9001")), s.id(&own_credit("P")));
}

#[test]
fn a_payment_of_several_items_is_one_money() {
    let mut s = take_on();
    pay(&mut s, "P", 600, &[("B", 500), ("A", 100)]);
    let rows = [payment("A", "9", d(31), 100), payment("B", "9", d(31), 500)];
    s.payments(d(32), &rows);
    assert_eq!((total_at_source(&s), total_working(&s)), (1400, 1400));
    assert_eq!(s.book.items().len(), 5);
}

#[test]
fn what_we_took_back_is_confirmed_when_the_source_reopens() {
    let mut s = take_on();
    let p = pay(&mut s, "P", 500, &[("B", 500)]);
    s.import(d(32), &without("B"));
    s.today = d(33);
    s.when(reverse(settlement(&s, p, 0), d(33)));
    assert_eq!(total_at_source(&s), 1500);
    s.import(d(34), &rows());
    let b = s.open_on(&erp_item("B"), d(34)).unwrap();
    assert_eq!((b.at_source, b.pending), (500, 0));
}

#[test]
fn undoing_the_import_undoes_its_answers_and_keeps_the_work() {
    let mut s = take_on();
    pay(&mut s, "P", 500, &[("B", 500)]);
    let seq = s.import(d(32), &without("B"));
    let b = erp_item("B");
    s.when(Command::SetField {
        items: vec![b.clone()],
        field: CollectorField::Remark,
        value: "asked for the bank advice".into(),
    });
    s.undo(seq);
    let open = s.open_on(&b, d(32)).unwrap();
    assert_eq!((open.at_source, open.pending), (500, -500));
    let id = s.id(&b);
    assert_eq!(s.book.absent_since(id), None);
    assert_eq!(
        s.book.field(id, CollectorField::Remark),
        "asked for the bank advice"
    );
}

#[test]
fn rb_02_a_rebill_keeps_the_anchor_and_supersedes_the_promise() {
    let mut s = take_on();
    let b = erp_item("B");
    s.today = d(31);
    s.when(Command::SetField {
        items: vec![b.clone()],
        field: CollectorField::Owner,
        value: "Asha".into(),
    });
    s.when(Command::TakePromise {
        customer: erp_customer("C1"),
        promise: command::NewPromise {
            currency: duebook_money::Currency::EUR,
            lines: vec![command::NewPromiseLine {
                item: Some(b.clone()),
                amount: 500,
                date: d(40),
            }],
            method: None,
            evidence: None,
        },
    });
    let mut file = without("B");
    file.push(row("C1", "B2", d(31), d(61), 480, 480));
    s.import(d(32), &file);
    let seq = s.when(Command::ConfirmSuccession {
        from: vec![b.clone()],
        to: vec![erp_item("B2")],
        kind: SuccessionKind::Rebill,
    });
    let b2 = s.id(&erp_item("B2"));
    assert_eq!(
        s.book.field(b2, CollectorField::AgingAnchor),
        d(30).to_string()
    );
    assert_eq!(
        s.book.field(b2, CollectorField::Owner),
        "Asha",
        "fields go on"
    );
    assert_eq!(s.book.predecessors(b2), [s.id(&b)]);
    let live = |q| s.book.is_live(q);
    let ended = s.book.promises()[0].ended.get(&live);
    assert_eq!(ended, Some(&PromiseEnd::Superseded));
    s.undo(seq);
    assert_eq!(s.book.field(b2, CollectorField::Owner), "");
    let itself = Command::ConfirmSuccession {
        from: vec![b.clone()],
        to: vec![b],
        kind: SuccessionKind::Split,
    };
    assert_eq!(s.refuses(itself), Refusal::NotASuccession);
    assert_eq!(s.book.item(b2).unwrap().kind(), ItemKind::Invoice);
}

#[test]
fn a_newer_file_of_one_day_goes_by_the_minute() {
    let mut s = take_on();
    s.minute = Some(600);
    s.import(d(32), &without("B"));
    s.minute = Some(540);
    let older = s.try_import(d(32), Scope::Everything, &rows());
    let (as_of, last) = (d(32), d(32));
    assert_eq!(older, Err(Refusal::OlderThanLast { as_of, last }));
}

#[test]
fn money_that_the_source_used_elsewhere_is_not_confirmed_where_we_put_it() {
    let mut s = following_book();
    let mut file = rows();
    file.push(row("C1", "K", d(0), d(0), -500, -500));
    s.import(d(31), &file);
    s.when(apply(erp_credit("K"), erp_item("B"), 500, d(31), &[]));
    let at = |s: &Story, key: &ItemKey| {
        let open = s.open_on(key, d(40)).unwrap();
        (open.at_source, open.pending)
    };
    // Not yet: nothing has moved.
    s.import(d(32), &file);
    assert_eq!(at(&s, &erp_item("B")), (500, -500));
    // The credit is gone, and B is as open as it was: half of A was paid with it.
    file.pop();
    file[0].open = 500;
    s.import(d(33), &file);
    assert_eq!(at(&s, &erp_item("B")), (500, 0), "ours is taken back");
    assert_eq!(at(&s, &erp_credit("K")), (0, 0));
    let ours = s.book.settlements().iter().next().unwrap();
    assert_eq!(
        s.book.standing_of(ours.id),
        Standing::Local,
        "not confirmed"
    );
    assert!(s.book.reversal_of(ours.id).is_some());
    assert_eq!((total_at_source(&s), total_working(&s)), (1500, 1500));
}

/// A list of cleared items: number, amount, clearing date and document.
fn cleared(s: &mut Story, as_of: Day, rows: &[(&str, i64, Day, &str)]) -> Result<Seq, Refusal> {
    let listed: Vec<Row> = rows
        .iter()
        .map(|(n, amount, ..)| row("C1", n, d(0), d(30), *amount, 0))
        .collect();
    let days = rows.iter().map(|r| i64::from(r.2.0)).collect();
    let documents = rows.iter().map(|r| r.3).collect::<Vec<_>>();
    s.try_cleared(as_of, &listed, days, &documents)
}
fn causes(s: &Story, number: &str) -> Vec<(Cause, Day, i64)> {
    let id = s.id(&erp_item(number));
    let mut sums = std::collections::BTreeMap::new();
    for x in s.book.settlements_of(id).filter(|x| s.book.counts(x)) {
        *sums.entry((x.cause, x.effective)).or_insert(0) += x.amount;
    }
    let some = sums.into_iter().filter(|(_, sum)| *sum != 0);
    some.map(|((cause, day), sum)| (cause, day, sum)).collect()
}

#[test]
fn ag_20_a_list_of_cleared_items_tells_when_and_how_what_is_absent_went() {
    let mut s = take_on();
    s.import(d(35), &without("B"));
    assert_eq!(causes(&s, "B"), [(Cause::AtSourceUnknown, d(35), 500)]);
    // B was cleared by 1400 with 400 of money: who paid the rest is not told.
    let list = [("B", 500, d(33), "1400"), ("1400", -400, d(33), "1400")];
    cleared(&mut s, d(36), &list).unwrap();
    let told = [
        (Cause::Payment, d(33), 400),
        (Cause::AtSourceUnknown, d(33), 100),
    ];
    assert_eq!(causes(&s, "B"), told);
    assert_eq!(s.working(&erp_item("B"), d(32)), 500);
    assert_eq!(
        s.working(&erp_item("B"), d(33)),
        0,
        "not first on the day of the list"
    );
    assert_eq!(total_at_source(&s), 1500);
    assert!(
        s.book.absent_since(s.id(&erp_item("B"))).is_some(),
        "it is not open"
    );
    // Told once.
    let again = cleared(&mut s, d(37), &list[..1]);
    assert_eq!(again, Err(Refusal::NothingNew { same: 1 }));
}

#[test]
fn ag_20_a_clearing_after_the_last_list_settles_and_one_before_it_does_not() {
    let mut s = take_on();
    // A stands in the list of d(31): a clearing before it was taken back.
    let old = cleared(&mut s, d(32), &[("A", 1000, d(30), "9")]);
    assert_eq!(old, Err(Refusal::NothingNew { same: 1 }));
    cleared(&mut s, d(33), &[("A", 1000, d(31), "9")]).unwrap();
    assert_eq!(causes(&s, "A"), [(Cause::AtSourceUnknown, d(31), 1000)]);
    assert_eq!(total_at_source(&s), 1000);
    // A day to come is a forecast.
    let forecast = cleared(&mut s, d(34), &[("B", 500, d(40), "9")]);
    assert_eq!(forecast, Err(Refusal::NothingNew { same: 1 }));
    assert_eq!(at_source(&s, "B"), 500);
}

#[test]
fn ag_20_a_forecast_settles_no_new_item() {
    let mut s = take_on();
    cleared(&mut s, d(34), &[("N", 700, d(40), "9")]).unwrap();
    assert_eq!(s.working(&erp_item("N"), d(34)), 700);
    assert_eq!(
        s.working(&erp_item("N"), d(60)),
        700,
        "no day settles it by itself"
    );
}

/// 1,300 came for A (1,000): 300 are left. The source shows A as paid, and what is left either as the
/// whole receipt or as a document of the rest alone. Both ways the money counts once.
#[test]
fn the_open_rest_of_our_receipt_is_the_same_money() {
    for (amount, open) in [(-300, -300), (-1300, -300)] {
        let mut s = take_on();
        pay(&mut s, "CHQ-77", 1300, &[("A", 1000)]);
        assert_eq!((total_at_source(&s), total_working(&s)), (2000, 700));
        let mut file = without("A");
        file.push(row("C1", "ZE900", d(31), d(31), amount, open));
        let seq = s.import(d(32), &file);
        let ours = s.id(&own_credit("CHQ-77"));
        assert_eq!(s.id(&erp_credit("ZE900")), ours, "one document, two keys");
        assert_eq!((total_at_source(&s), total_working(&s)), (700, 700));
        assert_eq!(s.book.item(ours).unwrap().open_at_source(), -300);
        // The morning after it is as it was; then the source uses some of it.
        s.import(d(33), &file);
        assert_eq!((total_at_source(&s), total_working(&s)), (700, 700));
        file[0].open = 400;
        file.last_mut().unwrap().open = -200;
        s.import(d(34), &file);
        assert_eq!((total_at_source(&s), total_working(&s)), (700, 700));
        assert_eq!(s.book.item(ours).unwrap().open_at_source(), -200);
        assert_eq!(replay(&s.log).item(ours).unwrap().open(), -200);
        // Undone, it waits again.
        s.undo(Seq(s.book.head().0));
        s.undo(Seq(s.book.head().0 - 2));
        s.undo(seq);
        assert_eq!((total_at_source(&s), total_working(&s)), (2000, 700));
    }
}

#[test]
fn a_rest_is_ours_only_where_the_source_settled_what_we_applied() {
    let mut s = take_on();
    pay(&mut s, "CHQ-77", 1300, &[("A", 1000)]);
    // A is open there: 300 of the same day is other money.
    let mut file = rows();
    file.push(row("C1", "ZE900", d(31), d(31), -300, -300));
    s.import(d(32), &file);
    assert_eq!((total_at_source(&s), total_working(&s)), (1700, 400));
    // Of two that are left with as much the source must say which.
    let mut s = take_on();
    pay(&mut s, "P1", 1300, &[("A", 1000)]);
    pay(&mut s, "P2", 800, &[("B", 500)]);
    let mut file = rows()[2..].to_vec();
    file.push(row("C1", "P2", d(31), d(31), -300, -300));
    s.import(d(32), &file);
    assert_eq!(s.id(&erp_credit("P2")), s.id(&own_credit("P2")));
    assert_eq!(total_working(&s), -100);
}
