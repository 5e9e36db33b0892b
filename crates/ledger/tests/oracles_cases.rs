//! What domain.md §4.3 to §4.5 and §3.4 say of dates, parts and limits, as tables.
#![allow(clippy::unwrap_used, clippy::inconsistent_digit_grouping)] // minor units: 70_00 is 70.00
mod support;
use duebook_ledger::cases::resolve::*;
use duebook_ledger::command::Command;
use duebook_ledger::facts::*;
use duebook_ledger::policy::PolicyChange;
use duebook_ledger::refusal::{CaseRefusal, Refusal};
use duebook_ledger::*;
use duebook_policy::authority::{AmountLimit, RoleLimit};
use duebook_policy::{AuthorityPolicy, CasePolicy, cases::TaxRegime};
use support::*;

fn split(by: SplitBy, tax_documents: bool) -> Split {
    Split {
        original: vec![line(10_000_00, 1_800_00)],
        by,
        pos: Vec::new(),
        tax_documents,
        paid: None,
        contested_part: None,
        basis: SplitBasis::Amount,
        labels: Vec::new(),
    }
}

/// (right net, right tax, open after, change of what is owed, of net, of tax)
#[test]
fn rb_01_rb_03_oracle_and_its_neighbours() {
    let table = [
        (9_000_00, 1_620_00, 5_620_00, -1_180_00, -1_000_00, -180_00),
        (10_000_00, 1_800_00, 6_800_00, 0, 0, 0),
        (12_000_00, 2_160_00, 9_160_00, 2_360_00, 2_000_00, 360_00),
        (4_000_00, 720_00, 0, -7_080_00, -6_000_00, -1_080_00),
    ];
    for (net, tax, open, owed, net_change, tax_change) in table {
        let mut s = rb_book();
        let on = s.today;
        let all = |s: &Story| {
            s.all_open(View::on(on))
                .iter()
                .filter_map(|(_, o)| *o)
                .map(|o| o.working())
                .sum::<i64>()
        };
        let before = all(&s);
        let asked = ask(own_item("I-1"), rebill(net, tax), on, &["CM-1", "I-1R"]);
        s.when(make(asked));
        assert_eq!(s.working(&own_item("I-1R"), on), open, "{net}");
        assert_eq!(all(&s) - before, owed, "{net}");
        let (_, request) = s.book.requests().next().unwrap();
        let [note, bill] = &request.fact.proposed[..] else {
            panic!("two documents")
        };
        // Original and credit note are nothing, per tax code.
        assert_eq!(
            measures(&note.lines),
            measures(&[line(10_000_00, 1_800_00)])
        );
        let (bill_net, bill_tax) = measures(&bill.lines);
        let change = (bill_net - 10_000_00, bill_tax["18 %"] - 1_800_00);
        assert_eq!(change, (net_change, tax_change), "{net}");
    }
}

/// RB-02: by fault the due date on the new document, and what it ages from: always the first.
#[test]
fn rb_02_due_date_and_aging_anchor_by_fault() {
    for (ours, due) in [(false, day(2026, 1, 31)), (true, day(2026, 3, 12))] {
        let mut s = rb_book();
        let on = s.today;
        let item = s.id(&own_item("I-1"));
        let what = Resolution::Rebill(Rebill {
            original: vec![line(10_000_00, 1_800_00)],
            right: vec![line(9_000_00, 1_620_00)],
            due: ours.then(|| s.book.rebill_due(item, true, on)).flatten(),
            ..Rebill::default()
        });
        s.when(make(ask(own_item("I-1"), what, on, &["CM-1", "I-1R"])));
        let new = s.id(&own_item("I-1R"));
        assert_eq!(s.book.due_of(&s.book.item(new).unwrap()), due.0, "{ours}");
        let anchor = s.book.field(new, CollectorField::AgingAnchor);
        assert_eq!(anchor, if ours { "2026-01-31" } else { "" }, "{ours}");
    }
}

/// RB-04: until which day a credit note changes tax; after it a commercial one still can be made.
#[test]
fn rb_04_tax_credit_notes_have_a_last_day() {
    // The document is of 1 January 2026; today is 10 February.
    let table = [
        (TaxRegime::Uk, Some(day(2026, 1, 28)), true),
        (TaxRegime::Uk, Some(day(2026, 1, 27)), true),
        (TaxRegime::Uk, Some(day(2026, 1, 26)), false),
        (TaxRegime::India, Some(day(2026, 1, 1)), true),
        (TaxRegime::None, Some(day(2026, 1, 1)), true),
    ];
    for (tax, fell_on, allowed) in table {
        let mut s = rb_book();
        let policy = CasePolicy {
            tax,
            ..CasePolicy::default()
        };
        s.when(Command::SetPolicy(PolicyChange::Cases(policy)));
        let on = s.today;
        let mut asked = ask(
            own_item("I-1"),
            adjust(Adjustment::PartialCredit, 100_00),
            on,
            &["CN"],
        );
        (asked.tax_note, asked.fell_on) = (true, fell_on);
        let decided = s.attempt(make(asked.clone()));
        if allowed {
            decided.unwrap();
            continue;
        }
        let refused = decided.unwrap_err();
        assert!(
            matches!(refused, Refusal::Case(CaseRefusal::TaxNoteTooLate { .. })),
            "{tax:?}: {refused:?}"
        );
        asked.tax_note = false;
        s.when(make(asked));
    }
}

/// SP-01, SP-02, SP-03: parts sum in net, tax, total and paid, and are due as the document was.
#[test]
fn sp_01_sp_03_parts_sum_and_keep_the_due_date() {
    // 11,800.00 of which 5,000.00 is paid: (how, totals, open).
    let table: [(SplitBy, &[i64], &[i64]); 3] = [
        (
            SplitBy::Shares(vec![50, 50]),
            &[5_900_00, 5_900_00],
            &[3_400_00, 3_400_00],
        ),
        (
            SplitBy::Shares(vec![1, 1, 1]),
            &[3_933_34, 3_933_33, 3_933_33],
            &[2_266_67, 2_266_66, 2_266_67],
        ),
        (
            SplitBy::Amounts(vec![50_00, 11_700_00, 50_00]),
            &[50_00, 11_700_00, 50_00],
            &[28_81, 6_742_37, 28_82],
        ),
    ];
    for tax_documents in [true, false] {
        for (by, totals, open) in &table {
            let mut s = rb_book();
            let on = s.today;
            let what = Resolution::Split(split(by.clone(), tax_documents));
            let numbers: &[&str] = if tax_documents {
                &["CM", "A", "B", "C"]
            } else {
                &[]
            };
            s.when(make(ask(own_item("I-1"), what, on, numbers)));
            let (_, request) = s.book.requests().next().unwrap();
            let bills = request.fact.proposed.iter();
            let bills: Vec<_> = bills
                .filter(|p| !columns::ItemKind::from_u8(p.kind).unwrap().is_credit())
                .collect();
            let sums: Vec<i64> = bills.iter().map(|p| p.total).collect();
            assert_eq!(sums, *totals);
            let lines: Vec<DocLine> = bills.iter().flat_map(|p| p.lines.clone()).collect();
            assert_eq!(measures(&lines), measures(&[line(10_000_00, 1_800_00)]));
            assert!(bills.iter().all(|p| p.due == day(2026, 1, 31)), "SP-03");
            let parts: Vec<keys::ItemKey> = (0..totals.len())
                .map(|n| match tax_documents {
                    true => own_item(["A", "B", "C"][n]),
                    false => own_part("I-1", n as u32 + 1),
                })
                .collect();
            let now: Vec<i64> = parts.iter().map(|p| s.working(p, on)).collect();
            assert_eq!(now.iter().sum::<i64>(), 6_800_00, "{by:?}");
            assert_eq!(now, *open, "{by:?}");
            for part in &parts {
                let item = s.book.item(s.id(part)).unwrap();
                assert_eq!(s.book.due_of(&item), day(2026, 1, 31).0, "SP-03");
            }
        }
    }
}

/// PO-02: the due date stays, and who asked, when, and when a portal refused it are kept.
#[test]
fn po_02_the_due_date_stays_and_who_asked_is_kept() {
    let mut s = rb_book();
    let on = s.today;
    let item = s.id(&own_item("I-1"));
    let due = s.book.due_of(&s.book.item(item).unwrap());
    let change = PoChange {
        po: "PO-9".into(),
        asked_by: "Maria".into(),
        asked_on: Some(day(2026, 2, 1)),
        rejected_on: Some(day(2026, 1, 30)),
        ..PoChange::default()
    };
    let seq = s.when(make(ask(
        own_item("I-1"),
        Resolution::PoChange(change.clone()),
        on,
        &[],
    )));
    assert_eq!(s.book.po_of(item), "PO-9");
    assert_eq!(s.book.due_of(&s.book.item(item).unwrap()), due);
    let (_, request) = s.book.requests().next().unwrap();
    assert_eq!(request.fact.asked.what, Resolution::PoChange(change));
    assert_eq!(request.fact.grant, None, "nothing is given away");
    s.undo(seq);
    assert_eq!(s.book.po_of(item), "");
}

/// PO-03: where the customer's order is used up, the document goes on under two.
#[test]
fn po_03_an_exhausted_order_is_split_across_orders() {
    let mut s = rb_book();
    let on = s.today;
    let what = Resolution::Split(Split {
        pos: vec!["PO-OLD".into(), "PO-NEW".into()],
        ..split(SplitBy::Amounts(vec![8_000_00, 3_800_00]), true)
    });
    s.when(make(ask(own_item("I-1"), what, on, &["CM", "A", "B"])));
    let of = |n: &str| s.book.po_of(s.id(&own_item(n))).to_owned();
    assert_eq!((of("A"), of("B")), ("PO-OLD".into(), "PO-NEW".into()));
}

/// ST-01, the published limits of Windsor: treasurer 10,000, chief officer 150,000, council above.
#[test]
fn st_01_published_limits_of_windsor() {
    let role = |role: &str, most: Option<i64>| RoleLimit {
        role: role.into(),
        grants: Vec::new(),
        basis_points: None,
        amounts: most.map_or(Vec::new(), |most| {
            vec![AmountLimit {
                currency: duebook_money::Currency::EUR,
                document: most,
                rolling: i64::MAX,
            }]
        }),
    };
    let policy = AuthorityPolicy {
        roles: vec![
            role("Treasurer", Some(10_000_00)),
            role("CAO", Some(150_000_00)),
            role("Council", None),
        ],
        people: vec![("Asha".into(), "Treasurer".into())],
        always_two: false,
    };
    let table = [
        (10_000_00, None),
        (10_000_01, Some("CAO")),
        (150_000_00, Some("CAO")),
        (150_000_01, Some("Council")),
    ];
    for (amount, needed) in table {
        let mut s = own_book();
        s.when(Command::SetPolicy(PolicyChange::Authority(policy.clone())));
        s.customer("C");
        s.invoice(
            "C",
            "I-1",
            day(2026, 1, 1),
            &[(day(2026, 1, 31), 500_000_00)],
        );
        s.today = day(2026, 2, 10);
        let on = s.today;
        let off = make(ask(
            own_item("I-1"),
            adjust(Adjustment::WriteOff, amount),
            on,
            &[],
        ));
        match needed {
            None => assert!(s.attempt(off).is_ok(), "{amount}"),
            Some(role) => {
                let refused = s.refuses(off);
                let Refusal::Case(CaseRefusal::OverLimit { needed, .. }) = refused else {
                    panic!("{refused:?}")
                };
                assert_eq!(needed.as_deref(), Some(role), "{amount}");
            }
        }
    }
}

/// SP-04: the receivable alone is not split where the parts need tax invoices of their own, by the
/// customer's profile or by the rule of the book; nothing is changed by asking. A tax split goes through.
#[test]
fn sp_04_ar_split_is_blocked_where_parts_need_tax_invoices() {
    let rule = |on: bool| {
        Command::SetPolicy(PolicyChange::Cases(CasePolicy {
            separate_tax: on,
            ..CasePolicy::default()
        }))
    };
    let says = |value: &str| Command::SetProfile {
        customer: own_customer("C"),
        values: vec![(ProfileField::TaxInvoices, value.into())],
        source: "Maria".into(),
        checked: day(2026, 2, 1),
    };
    let [separate, whole] = TAX_INVOICES;
    let said = Some(("Maria".to_owned(), day(2026, 2, 1)));
    let blocked = |said| {
        Some(CaseRefusal::NeedsTaxSplit {
            item: own_item("I-1"),
            said,
        })
    };
    // (rule of the book, profile, what refuses)
    let table = [
        (false, None, None),
        (false, Some(whole), None),
        (false, Some(separate), blocked(said.clone())),
        (true, None, blocked(None)),
        (true, Some(whole), None),
        (true, Some(separate), blocked(said)),
        (true, Some(""), blocked(None)),
    ];
    for (of_book, profile, refused) in table {
        let mut s = rb_book();
        let on = s.today;
        s.when(rule(of_book));
        if let Some(value) = profile {
            s.when(says(value));
        }
        let head = s.book.head();
        let halves =
            |tax_documents| Resolution::Split(split(SplitBy::Shares(vec![1, 1]), tax_documents));
        let asked = s.attempt(make(ask(own_item("I-1"), halves(false), on, &[])));
        match &refused {
            None => assert!(asked.is_ok(), "{of_book} {profile:?}"),
            Some(why) => {
                assert_eq!(
                    asked,
                    Err(Refusal::Case(why.clone())),
                    "{of_book} {profile:?}"
                );
                assert_eq!(
                    (s.book.head(), s.working(&own_item("I-1"), on)),
                    (head, 6_800_00)
                );
                s.when(make(ask(
                    own_item("I-1"),
                    halves(true),
                    on,
                    &["CM", "A", "B"],
                )));
                assert_eq!(s.working(&own_item("A"), on), 3_400_00);
            }
        }
    }
}
