//! The oracles of domain.md that the ledger answers for, through commands alone.
#![allow(clippy::unwrap_used)]
mod support;
use duebook_ledger::columns::ItemKind;
use duebook_ledger::facts::*;
use duebook_ledger::*;
use duebook_money::split;
use support::*;

/// AG-O1: one customer, three invoices, a credit memo, three receipts, one of them returned.
fn ag_o1() -> Story {
    let mut s = own_book();
    s.customer("C1");
    s.invoice("C1", "I1", day(2026, 1, 10), &[(day(2026, 2, 9), 1000)]);
    s.invoice("C1", "I2", day(2026, 2, 20), &[(day(2026, 3, 22), 2000)]);
    let parts = [
        (day(2026, 3, 31), 900),
        (day(2026, 4, 30), 1500),
        (day(2026, 5, 30), 600),
    ];
    s.invoice("C1", "I3", day(2026, 3, 1), &parts);
    s.credit_memo("C1", "CM1", day(2026, 3, 15), 250);
    s.receipt("C1", "P1", day(2026, 3, 1), 1960);
    let discount = [(Cause::Discount, 40)];
    s.when(apply(
        own_credit("P1"),
        own_item("I2"),
        1960,
        day(2026, 3, 1),
        &discount,
    ));
    s.receipt("C1", "P2", day(2026, 4, 5), 500);
    let i31 = [(own_part("I3", 1), 900)];
    s.when(receipt("C1", "P3", day(2026, 4, 2), 900, &i31));
    s.when(returned(own_credit("P3"), day(2026, 4, 9)));
    s.apply("CM1", own_item("I1"), 250, day(2026, 4, 10));
    s.apply("P2", own_item("I1"), 500, day(2026, 4, 12));
    s
}

#[test]
fn ag_o1_three_dates() {
    let s = ag_o1();
    assert_eq!(
        s.aging(day(2026, 3, 31)),
        ([3000, 0, 1000, 0, 0, 0], -250, 3750)
    );
    assert_eq!(
        s.aging(day(2026, 4, 8)),
        ([2100, 0, 1000, 0, 0, 0], -750, 2350)
    );
    assert_eq!(
        s.aging(day(2026, 4, 30)),
        ([2100, 900, 0, 250, 0, 0], 0, 3250)
    );
}

#[test]
fn ag_23_a_returned_receipt_was_live_before_and_reopens_with_its_own_due_date() {
    let s = ag_o1();
    let (part, p3) = (own_part("I3", 1), own_credit("P3"));
    assert_eq!(s.working(&part, day(2026, 4, 1)), 900);
    assert_eq!(s.working(&part, day(2026, 4, 2)), 0);
    assert_eq!(s.working(&part, day(2026, 4, 8)), 0);
    assert_eq!(s.working(&part, day(2026, 4, 9)), 900);
    assert_eq!(s.working(&p3, day(2026, 4, 8)), 0);
    assert_eq!(
        s.working(&p3, day(2026, 4, 9)),
        0,
        "the receipt is closed as returned"
    );
    let item = s.book.item(s.id(&part)).unwrap();
    assert_eq!(s.book.due_of(&item), day(2026, 3, 31).0);
}

#[test]
fn ag_22_applying_cash_changes_the_split_never_the_total() {
    let mut s = ag_o1();
    let totals = |s: &Story| -> Vec<i64> {
        (0..150)
            .map(|d| s.aging(day(2026, 1, 1).plus(d)).2)
            .collect()
    };
    let before = totals(&s);
    s.receipt("C1", "P4", day(2026, 4, 20), 1500);
    let with_receipt = totals(&s);
    s.apply("P4", own_part("I3", 2), 700, day(2026, 4, 25));
    let applied = s.apply("P4", own_part("I3", 3), 600, day(2026, 4, 26));
    assert_eq!(totals(&s), with_receipt);
    s.when(reverse(settlement(&s, applied, 0), day(2026, 5, 2)));
    assert_eq!(totals(&s), with_receipt);
    let paid = (day(2026, 4, 20).0 - day(2026, 1, 1).0) as usize;
    assert_eq!(before[..paid], with_receipt[..paid]);
    assert_eq!(before[paid] - 1500, with_receipt[paid]);
}

#[test]
fn ag_o2_erpnext_instalments() {
    let mut s = own_book();
    s.customer("C1");
    let doc = day(2026, 1, 1);
    let parts = [(doc.plus(30), 60), (doc.plus(60), 100), (doc.plus(90), 40)];
    s.invoice("C1", "I", doc, &parts);
    let open = |s: &Story| {
        (1..=3)
            .map(|n| s.working(&own_part("I", n), day(2026, 6, 1)))
            .collect::<Vec<_>>()
    };
    let fifo = |s: &Story, money: i64| {
        let spread = split::fifo(money, &open(s)).unwrap();
        let parts = (1..=3u32).zip(spread.parts.iter().copied());
        parts
            .filter(|(_, a)| *a > 0)
            .map(|(n, a)| (own_part("I", n), a))
            .collect::<Vec<_>>()
    };
    let pays = fifo(&s, 40);
    s.when(receipt("C1", "P", doc.plus(10), 40, &pays));
    assert_eq!(open(&s), [20, 100, 40]);
    s.credit_memo("C1", "CN", doc.plus(12), 100);
    for (item, amount) in fifo(&s, 100) {
        s.apply("CN", item, amount, doc.plus(12));
    }
    assert_eq!(open(&s), [0, 20, 40]);
    // The 100 invoice, 30/50/20, paid 40.
    let parts = [(doc.plus(30), 30), (doc.plus(60), 50), (doc.plus(90), 20)];
    s.invoice("C1", "J", doc, &parts);
    let pays = [(own_part("J", 1), 30), (own_part("J", 2), 10)];
    s.when(receipt("C1", "Q", doc.plus(10), 40, &pays));
    let j: Vec<i64> = (1..=3)
        .map(|n| s.working(&own_part("J", n), day(2026, 6, 1)))
        .collect();
    assert_eq!(j, [0, 40, 20]);
}

#[test]
fn ca_30_a_return_reopens_every_item_and_takes_back_what_was_granted_with_it() {
    let mut s = own_book();
    s.customer("C1");
    let doc = day(2026, 2, 1);
    s.invoice("C1", "A", doc, &[(doc.plus(30), 1000)]);
    s.invoice("C1", "B", doc, &[(doc.plus(30), 500)]);
    let pays = [(own_item("B"), 300)];
    s.when(receipt("C1", "P", doc.plus(5), 1280, &pays));
    s.when(apply(
        own_credit("P"),
        own_item("A"),
        980,
        doc.plus(5),
        &[(Cause::Discount, 20)],
    ));
    assert_eq!(s.working(&own_item("A"), doc.plus(6)), 0);
    s.when(returned(own_credit("P"), doc.plus(9)));
    assert_eq!(s.working(&own_item("A"), doc.plus(8)), 0);
    assert_eq!(s.working(&own_item("A"), doc.plus(9)), 1000);
    assert_eq!(s.working(&own_item("B"), doc.plus(9)), 500);
    assert_eq!(s.working(&own_credit("P"), doc.plus(9)), 0);
    let again = s.refuses(returned(own_credit("P"), doc.plus(10)));
    assert!(matches!(again, Refusal::AlreadyReversed(_)));
}

#[test]
fn ca_01_receipt_parts_sum_to_the_receipt() {
    let mut s = own_book();
    s.customer("C1");
    let doc = day(2026, 2, 1);
    s.invoice("C1", "A", doc, &[(doc, 100)]);
    let over = s.refuses(receipt("C1", "P", doc, 90, &[(own_item("A"), 100)]));
    assert!(matches!(
        over,
        Refusal::MoreThanOpen {
            open: 90,
            asked: 100,
            ..
        }
    ));
    s.when(receipt("C1", "P", doc, 150, &[(own_item("A"), 100)]));
    assert_eq!(s.working(&own_credit("P"), doc), -50);
    let more = s.refuses(apply(own_credit("P"), own_item("A"), 1, doc, &[]));
    assert!(matches!(more, Refusal::MoreThanOpen { open: 0, .. }));
}

#[test]
fn ag_31_instalments_sum_to_their_document() {
    let mut s = own_book();
    s.customer("C1");
    let doc = day(2026, 2, 1);
    let mut command = document(
        "C1",
        "A",
        ItemKind::Invoice,
        doc,
        &[(doc, 60), (doc.plus(30), 40)],
    );
    if let Command::IssueDocument(d) = &mut command {
        d.amount = 101;
    }
    assert_eq!(
        s.refuses(command.clone()),
        Refusal::InstalmentsDiffer {
            total: 101,
            sum: 100
        }
    );
    if let Command::IssueDocument(d) = &mut command {
        d.amount = 1_000_000;
        let parts = split::evenly(1_000_000, 6).unwrap();
        assert_eq!(
            parts,
            [166_667, 166_667, 166_667, 166_667, 166_666, 166_666]
        );
        d.instalments = parts
            .into_iter()
            .enumerate()
            .map(|(n, a)| (doc.plus(30 * n as i32), a))
            .collect();
    }
    s.when(command);
    assert_eq!(s.aging(doc).2, 1_000_000);
}

#[test]
fn ag_20_money_applied_again_after_a_return_cannot_be_dated_back_over_it() {
    let mut s = own_book();
    s.customer("C1");
    let doc = day(2026, 3, 1);
    s.invoice("C1", "A", doc, &[(doc.plus(30), 500)]);
    s.when(receipt(
        "C1",
        "P",
        doc.plus(4),
        500,
        &[(own_item("A"), 500)],
    ));
    s.when(returned(own_credit("P"), doc.plus(8)));
    s.receipt("C1", "Q", doc.plus(5), 500);
    let early = s.refuses(apply(own_credit("Q"), own_item("A"), 500, doc.plus(5), &[]));
    assert!(matches!(
        early,
        Refusal::MoreThanOpen {
            open: 0,
            asked: 500,
            ..
        }
    ));
    s.apply("Q", own_item("A"), 500, doc.plus(8));
    assert_eq!(s.working(&own_item("A"), doc.plus(6)), 0);
    assert_eq!(s.working(&own_item("A"), doc.plus(8)), 0);
}

#[test]
fn ca_05_a_parent_pays_for_its_child_and_nobody_else_does() {
    let mut s = own_book();
    s.customer("HQ");
    s.customer_of("CHILD", Some("HQ"));
    s.customer("OTHER");
    let doc = day(2026, 3, 1);
    s.invoice("CHILD", "A", doc, &[(doc, 500)]);
    let refused = s.refuses(receipt("OTHER", "P", doc, 500, &[(own_item("A"), 500)]));
    assert_eq!(refused, Refusal::AnotherCustomer(own_item("A")));
    s.when(receipt("HQ", "P", doc, 500, &[(own_item("A"), 200)]));
    assert_eq!(s.working(&own_item("A"), doc), 300);
    // A customer with the parent's number in another source is somebody else.
    s.import(doc, &[row("HQ", "X", doc, doc, 100, 100)]);
    let stranger = receipt_from(erp_customer("HQ"), "Q", doc, 500, &[(own_item("A"), 100)]);
    assert_eq!(s.refuses(stranger), Refusal::AnotherCustomer(own_item("A")));
}
