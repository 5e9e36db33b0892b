//! Resolutions: the oracles of domain.md §4.3 to §4.6.
#![allow(clippy::unwrap_used, clippy::inconsistent_digit_grouping)] // minor units: 70_00 is 70.00
mod support;
use duebook_ledger::cases::resolve::*;
use duebook_ledger::cases::*;
use duebook_ledger::command::Command;
use duebook_ledger::facts::*;
use duebook_ledger::policy::PolicyChange;
use duebook_ledger::refusal::{CaseRefusal, Refusal};
use duebook_ledger::*;
use duebook_policy::{CasePolicy, Grant, cases::TaxRegime};
use support::*;

fn total_open(s: &Story) -> i64 {
    s.book
        .items()
        .ids()
        .filter(|i| s.book.is_item_live(*i))
        .filter_map(|i| s.book.item(i))
        .map(|i| i.open())
        .sum()
}

#[test]
fn rb_01_rb_03_oracle() {
    let mut s = rb_book();
    let before = total_open(&s);
    let on = s.today;
    let seq = s.when(make(ask(
        own_item("I-1"),
        rebill(9_000_00, 1_620_00),
        on,
        &["CM-1", "I-1R"],
    )));
    assert_eq!(s.working(&own_item("I-1"), on), 0);
    assert_eq!(s.working(&own_credit("CM-1"), on), 0);
    assert_eq!(
        s.working(&own_item("I-1R"), on),
        5_620_00,
        "5,000 applied again"
    );
    assert_eq!(total_open(&s) - before, -1_180_00, "AR change");
    let (id, request) = s.book.requests().next().unwrap();
    assert_eq!(s.book.request_state(id), Some(RequestState::Executed));
    assert_eq!(
        (request.fact.grant, request.fact.granted),
        (Some(Grant::Credit), 1_180_00)
    );
    let [note, bill] = &request.fact.proposed[..] else {
        panic!("two documents")
    };
    let (net, taxes) = measures(&note.lines);
    let (right, right_taxes) = measures(&bill.lines);
    assert_eq!(
        (right - net, right_taxes["18 %"] - taxes["18 %"]),
        (-1_000_00, -180_00)
    );
    // RB-02: the same due date, so nothing is re-aged; the successor is linked.
    let new = s.id(&own_item("I-1R"));
    assert_eq!(s.book.predecessors(new), vec![s.id(&own_item("I-1"))]);
    assert_eq!(
        s.book.due_of(&s.book.item(new).unwrap()),
        day(2026, 1, 31).0
    );
    s.undo(seq);
    assert_eq!(
        (total_open(&s), s.working(&own_item("I-1"), on)),
        (before, 6_800_00)
    );
}

#[test]
fn rb_01_what_was_credited_before_stays_and_the_rest_is_credited() {
    let mut s = rb_book();
    s.credit_memo("C", "CM-0", day(2026, 1, 25), 1_180_00);
    s.when(apply(
        own_credit("CM-0"),
        own_item("I-1"),
        1_180_00,
        day(2026, 1, 25),
        &[],
    ));
    let on = s.today;
    s.when(make(ask(
        own_item("I-1"),
        rebill(9_000_00, 1_620_00),
        on,
        &["CM-1", "I-1R"],
    )));
    let (_, request) = s.book.requests().next().unwrap();
    assert_eq!(request.fact.proposed[0].total, 10_620_00);
    assert_eq!(total(&request.fact.proposed[0].lines), Some(10_620_00));
    assert_eq!(request.fact.grant, None, "the same amount again");
    assert_eq!(s.working(&own_item("I-1R"), on), 5_620_00);
}

#[test]
fn rb_01_more_was_paid_than_is_billed_anew() {
    let mut s = rb_book();
    let on = s.today;
    s.when(make(ask(
        own_item("I-1"),
        rebill(4_000_00, 0),
        on,
        &["CM-1", "I-1R"],
    )));
    assert_eq!(s.working(&own_item("I-1R"), on), 0);
    assert_eq!(
        s.working(&own_credit("P-1"), on),
        -1_000_00,
        "the rest stays on account"
    );
}

#[test]
fn rb_02_two_dates_by_fault() {
    let mut s = rb_book();
    let item = s.id(&own_item("I-1"));
    let on = s.today;
    let theirs = s.book.rebill_due(item, false, on);
    let ours = s.book.rebill_due(item, true, on);
    assert_eq!(
        (theirs, ours),
        (Some(day(2026, 1, 31)), Some(day(2026, 3, 12)))
    );
    let what = Resolution::Rebill(Rebill {
        original: vec![line(10_000_00, 1_800_00)],
        right: vec![line(10_000_00, 1_800_00)],
        due: ours,
        ..Rebill::default()
    });
    s.when(make(ask(own_item("I-1"), what, on, &["CM-1", "I-1R"])));
    let new = s.id(&own_item("I-1R"));
    assert_eq!(
        s.book.due_of(&s.book.item(new).unwrap()),
        day(2026, 3, 12).0
    );
    assert_eq!(s.book.field(new, CollectorField::AgingAnchor), "2026-01-31");
}

#[test]
fn rb_03_rb_04_wrong_dates_and_sums_are_refused() {
    let mut s = rb_book();
    let on = s.today;
    let with = |f: &dyn Fn(&mut NewRequest)| {
        let mut asked = ask(
            own_item("I-1"),
            rebill(9_000_00, 1_620_00),
            on,
            &["CM-1", "I-1R"],
        );
        f(&mut asked);
        make(asked)
    };
    let early = s.refuses(with(&|a| a.on = day(2026, 1, 19)));
    assert_eq!(
        early,
        Refusal::DateBefore {
            date: day(2026, 1, 19),
            earliest: day(2026, 1, 20)
        }
    );
    let late = s.refuses(with(&|a| a.on = day(2026, 2, 11)));
    assert!(matches!(late, Refusal::DateAfter { .. }));
    let short = Resolution::Rebill(Rebill {
        original: vec![line(10_000_00, 1_700_00)],
        right: vec![line(9_000_00, 0)],
        ..Rebill::default()
    });
    let sum = s.refuses(with(&|a| a.what = short.clone()));
    let (expected, given) = (11_800_00, 11_700_00);
    assert_eq!(
        sum,
        Refusal::Case(CaseRefusal::LinesDiffer { expected, given })
    );
    let taken = s.refuses(with(&|a| a.numbers[1] = "I-1".into()));
    assert!(matches!(taken, Refusal::NumberTaken(_)));
    assert!(matches!(
        s.refuses(with(&|a| a.numbers.clear())),
        Refusal::Empty(_)
    ));
    s.when(Command::SetPolicy(PolicyChange::Cases(CasePolicy {
        closed_through: Some(day(2026, 2, 9)),
        tax: TaxRegime::Uk,
        ..CasePolicy::default()
    })));
    let closed = s.refuses(with(&|a| a.on = day(2026, 2, 9)));
    assert_eq!(
        closed,
        Refusal::Case(CaseRefusal::PeriodClosed(day(2026, 2, 9)))
    );
    let (fell, last) = (day(2026, 1, 20), day(2026, 2, 3));
    let tax = s.refuses(with(&|a| (a.tax_note, a.fell_on) = (true, Some(fell))));
    assert_eq!(tax, Refusal::Case(CaseRefusal::TaxNoteTooLate { on, last }));
    s.when(with(&|a| {
        (a.tax_note, a.fell_on) = (true, Some(day(2026, 1, 28)))
    }));
}

fn split(by: SplitBy, tax_documents: bool) -> Resolution {
    Resolution::Split(Split {
        original: vec![line(10_000_00, 1_800_00)],
        by,
        pos: vec!["PO-A".into(), "PO-B".into()],
        tax_documents,
        paid: None,
        contested_part: None,
        basis: SplitBasis::Amount,
        labels: Vec::new(),
    })
}

#[test]
fn sp_01_sp_03_what_was_paid_promised_and_contested_goes_with_its_part() {
    let mut s = rb_book();
    let on = s.today;
    let case = s.when(Command::Case(CaseCommand::Open(vec![NewCase {
        lines: vec![(own_item("I-1"), 1_000_00)],
        reason: "SPL".into(),
        ..NewCase::default()
    }])));
    let key = fact(&s, case, 20, 0);
    let id = s.book.find_case(key).unwrap();
    s.when(Command::TakePromise {
        customer: own_customer("C"),
        promise: command::NewPromise {
            currency: duebook_money::Currency::EUR,
            lines: vec![command::NewPromiseLine {
                item: Some(own_item("I-1")),
                amount: 1_000_00,
                date: day(2026, 3, 1),
            }],
            method: None,
            evidence: None,
        },
    });
    let before = total_open(&s);
    let mut asked = ask(
        own_item("I-1"),
        split(SplitBy::Shares(vec![60, 40]), true),
        on,
        &["CM-1", "A", "B"],
    );
    asked.case = Some(key);
    let seq = s.when(make(asked));
    assert_eq!(total_open(&s), before, "AR does not move");
    // 7,080 and 4,720; of the 5,000 paid 3,000 and 2,000.
    assert_eq!(s.working(&own_item("A"), on), 4_080_00);
    assert_eq!(s.working(&own_item("B"), on), 2_720_00);
    assert_eq!(s.book.po_of(s.id(&own_item("B"))), "PO-B");
    let money = s.book.case_money(id);
    assert_eq!((money.original, money.disputed), (1_000_00, 1_000_00));
    assert_eq!(
        s.book.disputed(s.id(&own_item("A"))) + s.book.disputed(s.id(&own_item("B"))),
        1_000_00
    );
    assert_eq!(s.book.disputed(s.id(&own_item("A"))), 600_00);
    let live = |p: &&people::Promise| {
        s.book.is_live(p.commit) && p.ended.get(&|q| s.book.is_live(q)).is_none()
    };
    let promised: Vec<i64> = s
        .book
        .promises()
        .iter()
        .filter(live)
        .flat_map(|p| p.fact.lines.iter().map(|l| l.amount))
        .collect();
    assert_eq!(promised, [600_00, 400_00]);
    assert_eq!(s.book.case_state(id), Some(CaseState::Executed));
    s.undo(seq);
    assert_eq!(s.book.case_money(id).disputed, 1_000_00);
}

#[test]
fn sp_02_sp_04_receivable_split_leaves_the_tax_document() {
    let mut s = rb_book();
    let on = s.today;
    s.when(make(ask(
        own_item("I-1"),
        split(SplitBy::Amounts(vec![6_000_00, 5_800_00]), false),
        on,
        &[],
    )));
    let parts: Vec<i64> = (1..=2)
        .map(|n| s.working(&own_part("I-1", n), on))
        .collect();
    assert_eq!(parts.iter().sum::<i64>(), 6_800_00);
    let (_, request) = s.book.requests().next().unwrap();
    let totals: Vec<i64> = request.fact.proposed.iter().map(|p| p.total).collect();
    assert_eq!(totals, [6_000_00, 5_800_00]);
    let (net, tax) = request
        .fact
        .proposed
        .iter()
        .map(|p| measures(&p.lines))
        .fold((0, 0), |sum, (net, taxes)| {
            (sum.0 + net, sum.1 + taxes.values().sum::<i128>())
        });
    assert_eq!((net, tax), (10_000_00, 1_800_00));
    let more = make(ask(
        own_part("I-1", 1),
        split(SplitBy::Amounts(vec![1, 2]), false),
        on,
        &[],
    ));
    assert!(matches!(
        s.refuses(more),
        Refusal::Case(CaseRefusal::LinesDiffer { .. })
    ));
    let one = Resolution::Split(Split {
        original: vec![line(5_800_00, 0)],
        by: SplitBy::Shares(vec![1]),
        pos: Vec::new(),
        tax_documents: false,
        paid: None,
        contested_part: None,
        basis: SplitBasis::Amount,
        labels: Vec::new(),
    });
    let refused = s.refuses(make(ask(own_part("I-1", 2), one, on, &[])));
    assert_eq!(refused, Refusal::Case(CaseRefusal::TwoPartsAtLeast));
}

#[test]
fn po_01_annotated_or_refused_where_it_is_on_the_tax_document() {
    let mut s = rb_book();
    let on = s.today;
    let change = Resolution::PoChange(PoChange {
        po: "PO-77".into(),
        asked_by: "Maria".into(),
        ..PoChange::default()
    });
    s.when(make(ask(own_item("I-1"), change.clone(), on, &[])));
    assert_eq!(s.book.po_of(s.id(&own_item("I-1"))), "PO-77");
    s.when(Command::SetPolicy(PolicyChange::Cases(CasePolicy {
        po_on_tax_document: true,
        ..CasePolicy::default()
    })));
    let refused = s.refuses(make(ask(own_item("I-1"), change, on, &[])));
    assert_eq!(refused, Refusal::Case(CaseRefusal::NeedsRebill));
}

#[test]
fn adjustments_move_what_they_say() {
    let mut s = rb_book();
    let on = s.today;
    let open = |s: &Story| s.working(&own_item("I-1"), on);
    s.when(make(ask(
        own_item("I-1"),
        adjust(Adjustment::PartialCredit, 300_00),
        on,
        &["CN-1"],
    )));
    assert_eq!(open(&s), 6_500_00);
    s.when(make(ask(
        own_item("I-1"),
        adjust(Adjustment::SmallBalance, 5_00),
        on,
        &[],
    )));
    s.when(make(ask(
        own_item("I-1"),
        adjust(Adjustment::WriteOff, 495_00),
        on,
        &[],
    )));
    assert_eq!(open(&s), 6_000_00);
    s.when(make(ask(
        own_item("I-1"),
        adjust(Adjustment::Recovery, 95_00),
        on,
        &[],
    )));
    assert_eq!(open(&s), 6_095_00, "400.00 stay written off");
    s.when(make(ask(
        own_item("I-1"),
        adjust(Adjustment::Contra, 95_00),
        on,
        &[],
    )));
    assert_eq!(open(&s), 6_000_00);
    let before = total_open(&s);
    s.when(make(ask(
        own_item("I-1"),
        adjust(Adjustment::Chargeback, 1_000_00),
        on,
        &["DM-1"],
    )));
    assert_eq!(
        (open(&s), s.working(&own_item("DM-1"), on), total_open(&s)),
        (5_000_00, 1_000_00, before)
    );
    s.when(receipt("C", "P-2", on, 700_00, &[]));
    let mut back = adjust(Adjustment::SetOff, 200_00);
    if let Resolution::Adjust(a) = &mut back {
        a.credit = Some(own_credit("P-2"));
    }
    s.when(make(ask(own_item("I-1"), back, on, &[])));
    s.when(make(ask(
        own_credit("P-2"),
        adjust(Adjustment::Refund, 500_00),
        on,
        &[],
    )));
    assert_eq!((open(&s), s.working(&own_credit("P-2"), on)), (4_800_00, 0));
    let more = s.refuses(make(ask(
        own_item("I-1"),
        adjust(Adjustment::WriteOff, 4_800_01),
        on,
        &[],
    )));
    assert!(matches!(more, Refusal::MoreThanOpen { open: 4_800_00, .. }));
    let waiver = s.refuses(make(ask(
        own_item("I-1"),
        adjust(Adjustment::LateChargeWaiver, 1),
        on,
        &[],
    )));
    assert_eq!(waiver, Refusal::Case(CaseRefusal::NotALateCharge));
    let none = s.refuses(make(ask(
        own_item("I-1"),
        adjust(Adjustment::BillBack, 1),
        on,
        &[],
    )));
    assert_eq!(none, Refusal::Case(CaseRefusal::NothingToTakeBack));
}

/// SP-01: by order, cost centre, asset or period each part says which; it stands on the lines of its
/// document, an order on the document too; parts that do not sum or do not say are refused.
#[test]
fn sp_01_parts_keep_what_they_are_for() {
    let split = |basis, labels: &[&str], amounts: &[i64]| {
        Resolution::Split(Split {
            original: vec![line(10_000_00, 1_800_00)],
            by: SplitBy::Amounts(amounts.to_vec()),
            pos: Vec::new(),
            tax_documents: false,
            paid: None,
            contested_part: None,
            basis,
            labels: labels.iter().map(|l| (*l).to_owned()).collect(),
        })
    };
    let halves = [5_900_00, 5_900_00];
    for basis in SplitBasis::ALL {
        let mut s = rb_book();
        let on = s.today;
        let mut refused = |labels: &[&str], amounts: &[i64]| {
            s.refuses(make(ask(
                own_item("I-1"),
                split(basis, labels, amounts),
                on,
                &[],
            )))
        };
        let (expected, given) = (11_800_00, 11_799_99);
        let differs = Refusal::Case(CaseRefusal::LinesDiffer { expected, given });
        assert_eq!(
            refused(&["A", "B"], &[5_900_00, 5_899_99]),
            differs,
            "{basis:?}"
        );
        if basis.is_named() {
            let unnamed = Refusal::Case(CaseRefusal::PartUnnamed);
            assert_eq!(refused(&["A"], &halves), unnamed);
            assert_eq!(refused(&["A", " "], &halves), unnamed);
            let twice = Refusal::Case(CaseRefusal::PartTwice("A".into()));
            assert_eq!(refused(&["A", "A "], &halves), twice);
        }
        s.when(make(ask(
            own_item("I-1"),
            split(basis, &["A", "B"], &halves),
            on,
            &[],
        )));
        let (_, request) = s.book.requests().next().unwrap();
        let [one, two] = &request.fact.proposed[..] else {
            panic!("two parts")
        };
        let order = basis == SplitBasis::PurchaseOrder;
        for (part, label) in [(one, "A"), (two, "B")] {
            assert_eq!(total(&part.lines), Some(5_900_00), "exact in {basis:?}");
            let cells: Vec<&str> = part
                .lines
                .iter()
                .map(|l| if order { &l.po } else { &l.tag })
                .map(|t| t.as_str())
                .collect();
            assert_eq!(cells, [label], "{basis:?}");
        }
        let posted = request.posted.get(&|c| s.book.is_live(c)).unwrap();
        let of: Vec<&str> = posted.items.iter().map(|i| s.book.po_of(*i)).collect();
        assert_eq!(of, if order { ["A", "B"] } else { ["", ""] }, "{basis:?}");
    }
    let mut s = rb_book();
    let on = s.today;
    let mut what = split(SplitBasis::Amount, &[], &halves);
    if let Resolution::Split(split) = &mut what {
        split.contested_part = Some(2);
    }
    let none = s.refuses(make(ask(own_item("I-1"), what, on, &[])));
    assert_eq!(none, Refusal::Case(CaseRefusal::NoSuchPart(3)));
}
