//! Which items a list means, what a tracker says that is new, and one act for many items.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use duebook_insight::paste::{By, Match, Wanted, matched};
use duebook_insight::timeline::{What, timeline};
use duebook_insight::tracker::{LeftOut, NewRemark, TrackerPlan, TrackerRow, plan};
use duebook_ledger::columns::ItemKind;
use duebook_ledger::command::NewFollowUp;
use duebook_ledger::facts::{CollectorField, Scope};
use duebook_ledger::import::Incoming;
use duebook_ledger::keys::TextRef;
use duebook_ledger::work::{FieldChange, ImportTracker, TrackerPart, WorkPart};
use duebook_ledger::{Command, ItemId, OpenScan, Refusal, Uid, View};
use proptest::prelude::*;
use std::collections::BTreeMap;
use support::*;

fn want(numbers: &[&str]) -> Vec<Wanted> {
    let one = |n: &&str| Wanted {
        number: (*n).to_owned(),
        customer: String::new(),
    };
    numbers.iter().map(one).collect()
}

fn desk() -> Desk {
    let mut d = Desk::new(false, "2026-03-01");
    let row = |customer, number: &str, amount| {
        Row::new(customer, number, "2026-02-10", "2026-03-10", amount)
    };
    d.import(
        "2026-03-01",
        Scope::Everything,
        &[
            row("C1", "0090001234", 10_000),
            row("C1", "INV-000077", 20_000),
            row("C2", "2026/15", 30_000),
            row("C2", "PAID", 50_00).open(0),
            row("C1", "SAME", 10_00),
            row("C2", "Same", 20_00),
        ],
    )
    .unwrap();
    d
}

fn number(d: &Desk, id: ItemId) -> String {
    d.book.item(id).unwrap().number().to_owned()
}

#[test]
fn numbers_are_found_whatever_zeros_and_separators_they_are_written_with() {
    let d = desk();
    let list = [
        "90001234",
        "inv 77",
        "2026-15",
        "00090001234",
        "PAID",
        "nothing",
        "  ",
    ];
    let m = matched(&d.book, want(&list));
    let names: Vec<String> = m.items.iter().map(|i| number(&d, *i)).collect();
    assert_eq!(names, ["0090001234", "INV-000077", "2026/15"]);
    assert!(m.lines[0].1.unwrap().loosely && m.lines[0].1.unwrap().by == By::Number);
    assert_eq!(m.twice, [3]);
    assert!(matches!(&m.lines[4].0, Match::Closed(items) if items.len() == 1));
    assert_eq!(m.lines[5].0, Match::Unknown);
    assert_eq!(m.lines[6].0, Match::Unknown);
    let customers: Vec<usize> = m.customers.iter().map(|c| c.1).collect();
    assert_eq!(customers, [2, 1]);
}

#[test]
fn two_documents_of_one_number_are_ambiguous_until_the_customer_is_said() {
    let d = desk();
    let m = matched(&d.book, want(&["same"]));
    assert!(matches!(&m.lines[0].0, Match::Ambiguous(items) if items.len() == 2));
    let said = |customer: &str| {
        let line = Wanted {
            number: "same".into(),
            customer: customer.into(),
        };
        matched(&d.book, vec![line]).lines.remove(0).0
    };
    assert!(matches!(said("C2"), Match::Found(items) if number(&d, items[0]) == "Same"));
    assert!(matches!(said("Customer C1"), Match::Found(_)));
    assert!(matches!(said("C9"), Match::OtherCustomer(_)));
}

#[test]
fn a_sentence_names_the_items_in_it() {
    let d = desk();
    let m = matched(
        &d.book,
        want(&["please see 90001234 and INV-000077 of March"]),
    );
    assert_eq!(m.items.len(), 2);
}

#[test]
fn all_lines_of_one_document_are_meant() {
    let mut d = Desk::new(true, "2026-03-01");
    d.customer("C1");
    let parts = [("2026-03-10", 50_00), ("2026-04-10", 50_00)];
    d.issue("C1", ItemKind::Invoice, "I-1", "2026-02-10", &parts);
    assert_eq!(matched(&d.book, want(&["I1"])).items.len(), 2);
}

#[test]
fn one_act_is_one_commit_and_one_undo() {
    let mut d = desk();
    let change = |n: &str, field, value: &str| FieldChange {
        item: erp_item(n),
        field,
        value: value.into(),
    };
    d.run(Command::SetFields {
        changes: vec![
            change("0090001234", CollectorField::Status, "Approved"),
            change("2026/15", CollectorField::Remark, "no GRN"),
        ],
    });
    let id = matched(&d.book, want(&["90001234"])).items[0];
    assert_eq!(d.book.field(id, CollectorField::Status), "Approved");
    let commit = d.book.head();
    d.run(Command::Undo { commit });
    assert_eq!(d.book.field(id, CollectorField::Status), "");
    let follow_up = NewFollowUp {
        due: day("2026-03-05"),
        at: None,
        zone: None,
        what: None,
        retry: false,
    };
    let part = |customer| WorkPart::FollowUp {
        customer: erp(customer),
        follow_up: follow_up.clone(),
    };
    d.run(Command::WorkTogether {
        parts: vec![
            part("C1"),
            part("C2"),
            WorkPart::Field(change("2026/15", CollectorField::Owner, "Asha")),
        ],
    });
    assert_eq!(d.book.follow_ups().len(), 2);
    let refused = |command| d.clone_try(command);
    assert!(matches!(
        refused(Command::SetFields {
            changes: Vec::new()
        }),
        Refusal::Empty(_)
    ));
    let unknown = vec![
        change("2026/15", CollectorField::Owner, "Asha"),
        change("NO", CollectorField::Owner, "Asha"),
    ];
    assert!(matches!(
        refused(Command::SetFields { changes: unknown }),
        Refusal::UnknownItem(_)
    ));
    assert!(d.book.violations().is_empty());
}

/// Texts beside the log, as the app keeps them.
#[derive(Default)]
struct Texts(BTreeMap<Uid, String>);

impl Texts {
    fn add(&mut self, text: &str) -> TextRef {
        let id = Uid([self.0.len() as u8 + 1; 16]);
        self.0.insert(id, text.to_owned());
        TextRef::of(id, &[7; 32], text)
    }
    fn plan(&self, d: &Desk, rows: &[TrackerRow], as_of: &str) -> TrackerPlan {
        let wanted = |r: &TrackerRow| Wanted {
            number: if r.names_item {
                "90001234".into()
            } else {
                String::new()
            },
            customer: r.customer.clone(),
        };
        let m = matched(&d.book, rows.iter().map(wanted).collect());
        let text_of = |t: TextRef| self.0.get(&t.id).map(String::as_str);
        plan(&d.book, rows, &m, day(as_of), &text_of)
    }
    fn take(&mut self, d: &mut Desk, plan: TrackerPlan) {
        let remark = |r: NewRemark, book: &duebook_ledger::Book, text| TrackerPart::Remark {
            customer: book.customer_key(r.customer).unwrap(),
            item: r.item.and_then(|i| book.item_key(i)),
            day: r.day,
            text,
            author: r.author,
        };
        let mut parts: Vec<TrackerPart> = Vec::new();
        for r in plan.remarks {
            let text = self.add(&r.text);
            parts.push(remark(r, &d.book, text));
        }
        parts.extend(plan.parts);
        let file = "tracker.xlsx".to_owned();
        d.run(Command::ImportTracker(ImportTracker { file, parts }));
    }
}

fn tracker() -> Vec<TrackerRow> {
    vec![
        TrackerRow {
            line: 2,
            names_item: true,
            remarks: vec![
                (Some(day("2026-02-20")), "AK".into(), "called".into()),
                (None, String::new(), "no answer".into()),
            ],
            fields: vec![(CollectorField::NextAction, "call Friday".into())],
            promised: Some(day("2026-02-25")),
            ..TrackerRow::default()
        },
        TrackerRow {
            line: 3,
            customer: "C2".into(),
            remarks: vec![(
                Some(day("2026-02-21")),
                String::new(),
                "portal checked".into(),
            )],
            ..TrackerRow::default()
        },
    ]
}

#[test]
fn a_tracker_is_dated_history_and_the_same_file_again_changes_nothing() {
    let (mut d, mut texts) = (desk(), Texts::default());
    let first = texts.plan(&d, &tracker(), "2026-03-01");
    assert_eq!(
        (first.remarks.len(), first.promises, first.fields),
        (3, 1, 1)
    );
    assert!(first.left_out.is_empty());
    texts.take(&mut d, first);
    let again = texts.plan(&d, &tracker(), "2026-03-01");
    assert!(again.is_empty(), "{again:?}");
    assert_eq!(again.known, 5);
    // What was edited here since is not taken back by the file.
    let id = matched(&d.book, want(&["90001234"])).items[0];
    d.run(Command::SetFields {
        changes: vec![FieldChange {
            item: d.book.item_key(id).unwrap(),
            field: CollectorField::NextAction,
            value: "escalate".into(),
        }],
    });
    assert!(texts.plan(&d, &tracker(), "2026-03-01").is_empty());
    // An erased remark does not come back either.
    let gone = *texts.0.keys().next().unwrap();
    texts.0.remove(&gone);
    assert!(texts.plan(&d, &tracker(), "2026-03-01").is_empty());
    let promise = &d.book.promises()[0].fact;
    assert_eq!(promise.taken_on, day("2026-02-20"));
    let scan = OpenScan::new(&d.book, View::on(day("2026-03-01")));
    let customer = d.book.item(id).unwrap().customer();
    let said: Vec<_> = timeline(&d.book, &scan, customer)
        .into_iter()
        .filter(|e| matches!(e.what, What::Remark(_)))
        .map(|e| e.on)
        .collect();
    assert_eq!(said, [day("2026-03-01"), day("2026-02-20")]);
    assert!(d.book.violations().is_empty());
}

#[test]
fn what_a_tracker_cannot_mean_is_said() {
    let (d, texts) = (desk(), Texts::default());
    let mut rows = tracker();
    rows[0].amount =
        duebook_money::amount::parse("100.01", duebook_money::amount::Style::POINT).ok();
    rows[1].customer = "nobody".into();
    let p = texts.plan(&d, &rows, "2026-03-01");
    assert_eq!(p.left_out, [(2, LeftOut::Amount), (3, LeftOut::Unknown)]);
    assert_eq!(p.promises, 0);
}

impl Desk {
    fn clone_try(&self, command: Command) -> Refusal {
        let context = duebook_ledger::Context {
            command_id: Uid([99; 16]),
            recorded_at: 0,
            ledger_date: day("2026-03-01"),
            actor: "x".into(),
        };
        let tried = self.book.decide(&context, &command, &Incoming::default());
        tried.expect_err("refused")
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Against a naive reading: the letters and figures without leading zeros.
    #[test]
    fn every_spelling_of_a_number_finds_it(zeros in 0usize..6, at in 0usize..8, mark in "[-/. ]", lower: bool) {
        let d = desk();
        let mut spelt: String = format!("{}90001234", "0".repeat(zeros));
        let at = at.min(spelt.len());
        spelt.insert_str(at, &mark);
        if lower { spelt = spelt.to_lowercase(); }
        let m = matched(&d.book, want(&[&spelt]));
        prop_assert_eq!(m.items.len(), 1);
    }

    #[test]
    fn no_list_breaks_it(list in prop::collection::vec(any::<String>(), 0..20)) {
        let d = desk();
        let list: Vec<&str> = list.iter().map(String::as_str).collect();
        let m = matched(&d.book, want(&list));
        prop_assert_eq!(m.lines.len(), list.len());
    }
}
