//! Undo voids, a reversal posts (architecture.md, promise 3).
#![allow(clippy::unwrap_used)]
mod support;
use duebook_ledger::command::*;
use duebook_ledger::facts::*;
use duebook_ledger::policy::PolicyChange;
use duebook_ledger::*;
use duebook_policy::PromisePolicy;
use support::*;

fn invoiced() -> Story {
    let mut s = own_book();
    s.customer("C1");
    let doc = day(2026, 3, 1);
    s.invoice("C1", "A", doc, &[(doc.plus(30), 1000)]);
    s
}

#[test]
fn undo_voids_and_what_was_known_then_stands() {
    let mut s = invoiced();
    let doc = day(2026, 3, 1);
    let paid = s.when(receipt("C1", "P", doc, 400, &[(own_item("A"), 400)]));
    let (a, p) = (s.id(&own_item("A")), s.id(&own_credit("P")));
    let undo = s.undo(paid);
    assert_eq!(s.working(&own_item("A"), doc), 1000);
    assert_eq!(
        s.book.find_item(&own_credit("P")),
        None,
        "as known now it never was"
    );
    assert_eq!(
        s.known_then(a, doc, paid),
        Some(600),
        "as known then it stands"
    );
    assert_eq!(s.known_then(p, doc, paid), Some(0));
    assert_eq!(s.known_then(a, doc, undo), Some(1000));
    let redo = s.undo(undo);
    assert_eq!(s.working(&own_item("A"), doc), 600);
    assert_eq!(s.known_then(a, doc, undo), Some(1000));
    assert_eq!(s.known_then(a, doc, redo), Some(600));
    assert_eq!(
        s.refuses(Command::Undo { commit: undo }),
        Refusal::AlreadyVoid(undo)
    );
    assert_eq!(s.book.voided_by(undo), Some(redo));
}

#[test]
fn undo_is_refused_in_order_of_precedence() {
    let mut s = invoiced();
    let undo = |commit| Command::Undo { commit };
    assert_eq!(s.refuses(undo(Seq(99))), Refusal::UnknownCommit(Seq(99)));
    assert_eq!(s.refuses(undo(Seq(0))), Refusal::UnknownCommit(Seq(0)));
    assert_eq!(s.refuses(undo(Seq(1))), Refusal::CannotUndo(Seq(1)));
    let erased = s.when(Command::EraseTexts {
        texts: vec![uid(5)],
        ground: "asked".into(),
    });
    assert_eq!(s.refuses(undo(erased)), Refusal::CannotUndo(erased));
    assert_eq!(s.book.erased(uid(5)), Some(erased));
    assert_eq!(s.book.erasure(erased), Some("asked"));
    let p = s.receipt("C1", "P", day(2026, 3, 2), 100);
    s.undo(p);
    assert_eq!(s.refuses(undo(p)), Refusal::AlreadyVoid(p));
}

#[test]
fn undo_is_refused_with_the_list_and_the_order() {
    let mut s = invoiced();
    let (doc, invoice) = (day(2026, 3, 1), Seq(3));
    let p = s.receipt("C1", "P", doc, 900);
    let first = s.apply("P", own_item("A"), 300, doc);
    let second = s.apply("P", own_item("A"), 200, doc);
    let back = s.when(reverse(settlement(&s, first, 0), doc.plus(9)));
    assert_eq!(
        s.refuses(Command::Undo { commit: invoice }),
        Refusal::RestsOn(vec![second, first])
    );
    assert_eq!(
        s.refuses(Command::Undo { commit: p }),
        Refusal::RestsOn(vec![second, first])
    );
    assert_eq!(
        s.refuses(Command::Undo { commit: first }),
        Refusal::RestsOn(vec![back])
    );
    for commit in [back, second, first, p, invoice] {
        s.undo(commit);
    }
    assert_eq!(s.aging(doc.plus(10)).2, 0);
}

#[test]
fn undo_of_a_customer_is_refused_while_items_are_his() {
    let mut s = invoiced();
    assert_eq!(
        s.refuses(Command::Undo { commit: Seq(2) }),
        Refusal::RestsOn(vec![Seq(3)])
    );
    s.undo(Seq(3));
    let gone = s.undo(Seq(2));
    let back = Refusal::RestsOnVoid(vec![Seq(2)]);
    assert_eq!(s.refuses(Command::Undo { commit: Seq(4) }), back);
    s.undo(gone);
    s.undo(Seq(4));
    assert_eq!(s.working(&own_item("A"), day(2026, 3, 1)), 1000);
}

#[test]
fn undo_of_a_reversal_is_refused_once_the_item_was_paid_again() {
    let mut s = invoiced();
    let doc = day(2026, 3, 1);
    s.when(receipt("C1", "P", doc, 1000, &[(own_item("A"), 1000)]));
    let returned = s.when(returned(own_credit("P"), doc.plus(5)));
    let again = s.when(receipt(
        "C1",
        "Q",
        doc.plus(6),
        1000,
        &[(own_item("A"), 1000)],
    ));
    assert_eq!(
        s.refuses(Command::Undo { commit: returned }),
        Refusal::RestsOn(vec![again])
    );
    s.undo(again);
    s.undo(returned);
    assert_eq!(s.working(&own_item("A"), doc.plus(9)), 0);
}

#[test]
fn redo_is_refused_once_the_item_was_paid_otherwise_or_is_void() {
    let mut s = invoiced();
    let doc = day(2026, 3, 1);
    let p = s.when(receipt("C1", "P", doc, 1000, &[(own_item("A"), 1000)]));
    let undo = s.undo(p);
    let q = s.when(receipt("C1", "Q", doc, 600, &[(own_item("A"), 600)]));
    assert_eq!(
        s.refuses(Command::Undo { commit: undo }),
        Refusal::RestsOn(vec![q])
    );
    s.undo(q);
    let invoice = s.undo(Seq(3));
    assert_eq!(
        s.refuses(Command::Undo { commit: undo }),
        Refusal::RestsOnVoid(vec![Seq(3)])
    );
    s.undo(invoice);
    s.undo(undo);
    assert_eq!(s.working(&own_item("A"), doc), 0);
}

#[test]
fn undo_of_a_redo_is_an_undo_with_all_its_checks() {
    let mut s = invoiced();
    let doc = day(2026, 3, 1);
    let undo = s.undo(Seq(3));
    let redo = s.undo(undo);
    let p = s.when(receipt("C1", "P", doc, 100, &[(own_item("A"), 100)]));
    assert_eq!(
        s.refuses(Command::Undo { commit: redo }),
        Refusal::RestsOn(vec![p])
    );
    s.undo(p);
    s.undo(redo);
    assert_eq!(s.book.find_item(&own_item("A")), None);
}

#[test]
fn redo_is_refused_where_the_number_was_used_again() {
    let mut s = invoiced();
    let doc = day(2026, 3, 1);
    let undo = s.undo(Seq(3));
    s.invoice("C1", "A", doc, &[(doc, 77)]);
    assert_eq!(
        s.refuses(Command::Undo { commit: undo }),
        Refusal::WouldDuplicate(own_item("A"))
    );
}

#[test]
fn undo_of_an_earlier_policy_leaves_a_later_one() {
    let mut s = own_book();
    let promises = PromisePolicy {
        grace_days: 9,
        ..PromisePolicy::default()
    };
    let first = s.when(Command::SetPolicy(PolicyChange::Promises(promises)));
    s.when(Command::SetPolicy(PolicyChange::Credits(CreditMode::Aged)));
    s.undo(first);
    assert_eq!(s.book.policies().promises, PromisePolicy::default());
    assert_eq!(s.book.policies().credits, CreditMode::Aged);
    let then = s.book.policies_known(&s.book.live_at(first));
    assert_eq!(then.promises.grace_days, 9);
    let bad = PromisePolicy {
        threshold_per_mille: 0,
        ..PromisePolicy::default()
    };
    assert_eq!(
        s.refuses(Command::SetPolicy(PolicyChange::Promises(bad))),
        Refusal::BadPolicy
    );
}

#[test]
fn a_standing_has_a_history_and_is_undone_like_all_else() {
    let mut s = following_book();
    let doc = day(2026, 3, 1);
    s.import(doc, &[row("C1", "A", doc, doc, 1000, 1000)]);
    let pays = [(erp_item("A"), 400)];
    let paid = s.when(receipt_from(erp_customer("C1"), "P", doc, 400, &pays));
    let a = s.id(&erp_item("A"));
    let figures = |s: &Story, known: Option<Seq>| {
        OpenScan::new(&s.book, View { as_of: doc, known })
            .open(a)
            .unwrap()
    };
    assert_eq!(
        figures(&s, None),
        Open {
            at_source: 1000,
            pending: -400
        }
    );
    let standing = |to| Command::SetStanding {
        item: Some(own_credit("P")),
        settlement: Some(fact_of(paid)),
        standing: to,
        reference: "batch 1".into(),
    };
    fn fact_of(seq: Seq) -> duebook_ledger::keys::FactKey {
        duebook_ledger::keys::FactKey {
            command: uid(seq.0),
            ordinal: 6 << 24,
        }
    }
    let confirmed = s.when(standing(Standing::Confirmed));
    assert_eq!(
        figures(&s, None),
        Open {
            at_source: 600,
            pending: 0
        }
    );
    assert_eq!(
        figures(&s, Some(paid)),
        Open {
            at_source: 1000,
            pending: -400
        }
    );
    s.undo(confirmed);
    assert_eq!(
        figures(&s, None),
        Open {
            at_source: 1000,
            pending: -400
        }
    );
    assert_eq!(
        figures(&s, Some(confirmed)),
        Open {
            at_source: 600,
            pending: 0
        }
    );
    // Withdrawn: the receipt takes its applications with it, and comes back where there is room.
    s.when(Command::SetStanding {
        item: Some(own_credit("P")),
        settlement: None,
        standing: Standing::Withdrawn,
        reference: String::new(),
    });
    assert_eq!(
        figures(&s, None),
        Open {
            at_source: 1000,
            pending: 0
        }
    );
    assert_eq!(
        s.refuses(standing(Standing::Local)),
        Refusal::UnknownItem(own_credit("P"))
    );
    let of_source = Command::SetStanding {
        item: Some(erp_item("A")),
        settlement: None,
        standing: Standing::Withdrawn,
        reference: String::new(),
    };
    assert_eq!(s.refuses(of_source), Refusal::NotOurs(erp_item("A")));
}

#[test]
fn a_return_the_source_does_not_know_leaves_its_figure_and_is_pending() {
    let mut s = following_book();
    let doc = day(2026, 3, 1);
    s.import(doc, &[row("C1", "A", doc, doc, 1000, 1000)]);
    s.payments(doc.plus(3), &[payment("A", "P1", doc.plus(2), 400)]);
    let part = |s: &Story| s.open_on(&erp_item("A"), doc.plus(9)).unwrap();
    assert_eq!(
        part(&s),
        Open {
            at_source: 600,
            pending: 0
        }
    );
    s.when(returned(erp_credit("P1"), doc.plus(5)));
    assert_eq!(
        part(&s),
        Open {
            at_source: 600,
            pending: 400
        }
    );
    let credit = s.open_on(&erp_credit("P1"), doc.plus(9)).unwrap();
    assert_eq!(credit.working(), 0);
}

#[test]
fn undoing_an_import_keeps_the_work_and_the_same_file_finds_it_again() {
    let mut s = following_book();
    let doc = day(2026, 3, 1);
    let file = [
        row("C1", "A", doc, doc, 1000, 1000),
        row("C2", "B", doc, doc, 50, 50),
    ];
    let import = s.import(doc, &file);
    let old = s.id(&erp_item("A"));
    let promise = NewPromise {
        currency: duebook_money::Currency::EUR,
        lines: vec![NewPromiseLine {
            item: Some(erp_item("A")),
            amount: 500,
            date: doc.plus(5),
        }],
        method: None,
        evidence: None,
    };
    s.when(Command::LogContact(LogContact {
        customer: erp_customer("C1"),
        contact: None,
        channel: Channel::Call,
        outcome: Outcome::Promise,
        at: 0,
        local_offset: None,
        seconds: 60,
        note: Some(text(1, "said so")),
        items: vec![erp_item("A")],
        promise: Some(promise),
        follow_up: None,
        closes: vec![],
    }));
    let field = |value: &str| Command::SetField {
        items: vec![erp_item("A")],
        field: CollectorField::Status,
        value: value.into(),
    };
    s.when(field("chased"));
    let undo = s.undo(import);
    assert_eq!(s.book.customer_ids().count(), 0);
    assert_eq!(s.book.activities().len(), 1, "the note is kept");
    assert!(
        s.book.is_live(s.book.promises()[0].commit),
        "the promise too"
    );
    // The file comes in again: customer and item are there, and so is the work.
    let again = s.import(doc, &file);
    let new = s.id(&erp_item("A"));
    assert_ne!(old, new);
    assert_eq!(s.book.current(old), new);
    assert_eq!(s.book.field(new, CollectorField::Status), "chased");
    let customer = s.book.find_customer(&erp_customer("C1")).unwrap();
    assert_eq!(s.book.customer_facts(customer).unwrap().name, "Customer C1");
    assert_eq!(s.book.customer(customer).unwrap().promises.len(), 1);
    // Redo is refused now: the rows came in again.
    assert_eq!(
        s.refuses(Command::Undo { commit: undo }),
        Refusal::WouldDuplicate(erp_item("A"))
    );
    // Work on the new row, then the other way round: it finds the old row too.
    s.when(field("promised"));
    s.undo(again);
    s.undo(undo);
    assert_eq!(s.book.field(old, CollectorField::Status), "promised");
    assert_eq!(s.book.current(new), old);
    let history = s.book.field_history(old, CollectorField::Status);
    let values: Vec<&str> = history.iter().map(|(_, v)| *v).collect();
    assert_eq!(values, ["chased", "promised"]);
}

#[test]
fn work_on_a_row_that_came_in_again_finds_the_first_import_when_it_comes_back() {
    let mut s = following_book();
    let doc = day(2026, 3, 1);
    let file = [row("C1", "A", doc, doc, 1000, 1000)];
    let first = s.import(doc, &file);
    let undo = s.undo(first);
    let second = s.import(doc, &file);
    s.when(Command::SetField {
        items: vec![erp_item("A")],
        field: CollectorField::Owner,
        value: "Asha".into(),
    });
    s.undo(second);
    s.undo(undo);
    let id = s.id(&erp_item("A"));
    assert_eq!(s.book.field(id, CollectorField::Owner), "Asha");
}

#[test]
fn an_import_is_not_undone_under_a_newer_extract_or_under_postings() {
    let mut s = following_book();
    let doc = day(2026, 3, 1);
    let first = s.import(doc, &[row("C1", "A", doc, doc, 1000, 1000)]);
    let a = row("C1", "A", doc, doc, 1000, 1000);
    let b = row("C1", "B", doc, doc, 50, 50);
    let second = s.import(doc.plus(7), &[a.clone(), b.clone()]);
    let third = s.import(doc.plus(8), &[a, b, row("C1", "C", doc, doc, 50, 50)]);
    assert_eq!(
        s.refuses(Command::Undo { commit: first }),
        Refusal::NewerExtract(third)
    );
    s.undo(third);
    s.undo(second);
    let p = s.when(receipt_from(
        erp_customer("C1"),
        "P",
        doc,
        9,
        &[(erp_item("A"), 9)],
    ));
    assert_eq!(
        s.refuses(Command::Undo { commit: first }),
        Refusal::RestsOn(vec![p])
    );
}
