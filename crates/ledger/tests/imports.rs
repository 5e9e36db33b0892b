//! Files of a source meet the book.
#![allow(clippy::unwrap_used)]
mod support;
use duebook_ledger::columns::StagedCustomer;
use duebook_ledger::facts::*;
use duebook_ledger::*;
use duebook_money::Currency;
use support::*;

fn taken_on() -> Story {
    let mut s = following_book();
    let doc = day(2026, 3, 1);
    s.import(
        doc.plus(30),
        &[
            row("C1", "A", doc, doc.plus(30), 1000, 400),
            row("C1", "B", doc, doc.plus(60), 500, 500),
            row("C2", "C", doc, doc.plus(30), -80, -80),
        ],
    );
    s
}
fn rows() -> Vec<Row> {
    let doc = day(2026, 3, 1);
    vec![
        row("C1", "A", doc, doc.plus(30), 1000, 400),
        row("C1", "B", doc, doc.plus(60), 500, 500),
        row("C2", "C", doc, doc.plus(30), -80, -80),
    ]
}
const DOC: fn() -> duebook_money::Day = || day(2026, 3, 1);

/// What the log of imports says of files of customers: name, rows, customers added and changed.
fn of_customers(s: &Story) -> Vec<(String, u64, u64, u64)> {
    let all = s.book.imports();
    let files = all.filter(|i| i.facts.kind == ImportKind::MasterData);
    let line = |i: &book::Import| {
        let facts = &i.facts;
        (facts.file.clone(), facts.totals.count, i.added, i.changed)
    };
    files.map(line).collect()
}

#[test]
fn a_file_of_customers_is_in_the_log_of_imports_under_its_name() {
    let mut s = taken_on();
    let named = |number: &str, name: &str| StagedCustomer {
        number: number.into(),
        name: name.into(),
        ..StagedCustomer::default()
    };
    let rows = vec![named("C1", "First Ltd"), named("C9", "Ninth Ltd")];
    let told = s.master("customers.csv", rows.clone(), Vec::new());
    let line = ("customers.csv".to_owned(), 2, 1, 1);
    assert_eq!(of_customers(&s), std::slice::from_ref(&line));
    // What it says is known: it comes in once.
    let same = s.refuses(s.master_command("again.csv", rows, Vec::new()));
    assert_eq!(same, Refusal::NothingNew { same: 2 });
    // A list of items and a file of customers stand in nobody's way: the one before is undone, and
    // comes back.
    let items = s.book.imports().next().unwrap().commit;
    let undone = s.undo(told);
    assert_eq!(of_customers(&s), []);
    s.undo(undone);
    assert_eq!(of_customers(&s), [line]);
    let undone = s.undo(items);
    s.undo(undone);
}

#[test]
fn the_same_file_twice_changes_nothing() {
    let mut s = taken_on();
    let head = s.book.head();
    let again = s.try_import(DOC().plus(30), Scope::Everything, &rows());
    assert_eq!(again, Err(Refusal::NothingNew { same: 3 }));
    assert_eq!(s.book.head(), head);
}

#[test]
fn a_later_file_adds_and_changes_and_the_earlier_dates_stand() {
    let mut s = taken_on();
    let mut file = rows();
    file[0].open = 100;
    file[1].amount = 450;
    file[1].open = 450;
    file[2].due = Some(DOC().plus(45));
    file.push(row("C3", "D", DOC().plus(35), DOC().plus(65), 70, 70));
    s.import(DOC().plus(37), &file);
    let working = |n: &str, d: i32| s.working(&erp_item(n), DOC().plus(d));
    assert_eq!((working("A", 36), working("A", 37)), (400, 100));
    assert_eq!((working("B", 36), working("B", 37)), (500, 450));
    assert_eq!((working("D", 34), working("D", 35)), (0, 70));
    let credit = s.book.item(s.id(&erp_credit("C"))).unwrap();
    assert_eq!(s.book.due_of(&credit), DOC().plus(45).0);
    let b = s.book.item(s.id(&erp_item("B"))).unwrap();
    assert_eq!(s.book.amount_of(&b), 450);
    let causes: Vec<Cause> = s.book.settlements().iter().map(|s| s.cause).collect();
    assert_eq!(causes, [Cause::AtSourceUnknown, Cause::Amended]);
    let again = s.try_import(DOC().plus(37), Scope::Everything, &file);
    assert_eq!(again, Err(Refusal::NothingNew { same: 4 }));
    let rows = s.book.items().len();
    s.import(DOC().plus(38), &file);
    assert_eq!(
        s.book.items().len(),
        rows,
        "a newer list moves only its as-of"
    );
    assert_eq!(s.book.settlements().len(), 2);
}

#[test]
fn a_credit_that_the_source_used_in_part() {
    let mut s = taken_on();
    let mut file = rows();
    file[2].open = -30;
    s.import(DOC().plus(37), &file);
    assert_eq!(s.working(&erp_credit("C"), DOC().plus(36)), -80);
    assert_eq!(s.working(&erp_credit("C"), DOC().plus(37)), -30);
}

#[test]
fn a_changed_currency_is_refused() {
    let mut s = taken_on();
    let mut file = rows();
    file[1].currency = Currency::USD;
    let item = s.id(&erp_item("B"));
    let refused = s.try_import(DOC().plus(37), Scope::Everything, &file);
    let (from, to) = (Currency::EUR, Currency::USD);
    assert_eq!(refused, Err(Refusal::CurrencyChanged { item, from, to }));
}

#[test]
fn an_older_file_is_refused_as_the_whole_and_taken_as_these_rows() {
    let mut s = taken_on();
    let mut file = rows();
    file[0].open = 700;
    file.push(row("C3", "OLD", DOC(), DOC(), 5, 5));
    let (as_of, last) = (DOC().plus(10), DOC().plus(30));
    let whole = s.try_import(as_of, Scope::Everything, &file);
    assert_eq!(whole, Err(Refusal::OlderThanLast { as_of, last }));
    s.try_import(as_of, Scope::TheseRows, &file).unwrap();
    // What it changes counts from the newest extract on, never on top of it.
    for d in 0..60 {
        assert!(s.working(&erp_item("A"), DOC().plus(d)) <= 1000);
    }
    assert_eq!(s.working(&erp_item("A"), DOC().plus(30)), 700);
    assert_eq!(s.working(&erp_item("OLD"), DOC()), 5);
}

#[test]
fn imports_are_refused_in_order_of_precedence() {
    let mut s = taken_on();
    let (mut command, mut incoming, _) = s.stage(DOC(), Scope::Everything, &rows());
    incoming.joined_at = Seq(0);
    if let Command::ImportItems(facts) = &mut command {
        facts.source = " ".into();
    }
    let decide = |s: &Story, c: &Command, i: &duebook_ledger::import::Incoming| {
        s.book.decide(&s.context(), c, i).unwrap_err()
    };
    let empty = Refusal::Empty(refusal::Field::Source);
    assert_eq!(decide(&s, &command, &incoming), empty);
    if let Command::ImportItems(facts) = &mut command {
        facts.source = "ERP".into();
    }
    let older = decide(&s, &command, &incoming);
    assert!(matches!(older, Refusal::OlderThanLast { .. }));
    if let Command::ImportItems(facts) = &mut command {
        facts.as_of = DOC().plus(40);
    }
    assert_eq!(decide(&s, &command, &incoming), Refusal::StagingBroken);
    incoming.joined_at = s.book.head();
    if let Command::ImportItems(facts) = &mut command {
        facts.scope = Scope::TheseRows;
    }
    assert_eq!(
        decide(&s, &command, &incoming),
        Refusal::NothingNew { same: 3 }
    );
}

#[test]
fn a_payment_before_take_on_explains_and_does_not_reduce() {
    let mut s = taken_on();
    s.payments(DOC().plus(31), &[payment("A", "P1", DOC().plus(15), 600)]);
    let a = erp_item("A");
    assert_eq!(
        s.working(&a, DOC().plus(14)),
        1000,
        "it was open until then"
    );
    assert_eq!(s.working(&a, DOC().plus(15)), 400);
    assert_eq!(
        s.working(&a, DOC().plus(40)),
        400,
        "what the extract shows stands"
    );
    assert_eq!(s.working(&erp_credit("P1"), DOC().plus(40)), 0);
    let again = s.try_payments(DOC().plus(31), &[payment("A", "P1", DOC().plus(15), 600)]);
    assert_eq!(again, Err(Refusal::NothingNew { same: 1 }));
}

#[test]
fn payments_of_any_day_settle_a_list_of_invoices() {
    // Goal: a file of invoices tells what was billed, not what is open, so an earlier payment is
    // not in its figures yet. Method: the same rows as open items and as invoices.
    let mut s = following_book();
    let rows = [row("C1", "A", DOC(), DOC().plus(30), 1000, 1000)];
    let (command, incoming, blocks) = s.stage(DOC().plus(30), Scope::TheseRows, &rows);
    let Command::ImportItems(mut facts) = command else {
        unreachable!("stage makes an import of items")
    };
    facts.kind = ImportKind::Invoices;
    s.try_with(Command::ImportItems(facts), &incoming, blocks)
        .unwrap();
    s.payments(DOC().plus(30), &[payment("A", "P1", DOC().plus(15), 600)]);
    let a = erp_item("A");
    assert_eq!(s.working(&a, DOC().plus(14)), 1000);
    assert_eq!(s.working(&a, DOC().plus(15)), 400);
    assert_eq!(s.working(&erp_credit("P1"), DOC().plus(40)), 0);
}

#[test]
fn a_payment_of_what_was_closed_before_take_on_leaves_no_credit() {
    let mut s = taken_on();
    s.payments(
        DOC().plus(31),
        &[payment("GONE", "P0", DOC().plus(9), 7000)],
    );
    assert_eq!(s.aging(DOC().plus(40)).1, -80, "only the credit memo");
    assert_eq!(s.aging(DOC().plus(9)).1, -80);
}

#[test]
fn a_payment_after_take_on_reduces_and_its_rest_is_a_credit() {
    let mut s = taken_on();
    s.payments(DOC().plus(33), &[payment("A", "P2", DOC().plus(32), 450)]);
    assert_eq!(s.working(&erp_item("A"), DOC().plus(31)), 400);
    assert_eq!(s.working(&erp_item("A"), DOC().plus(32)), 0);
    assert_eq!(s.working(&erp_credit("P2"), DOC().plus(32)), -50);
}

#[test]
fn pt_10_a_payment_explains_what_a_later_extract_showed_without_a_cause() {
    let mut s = taken_on();
    let mut file = rows();
    file[0].open = 100;
    s.import(DOC().plus(37), &file);
    s.payments(DOC().plus(38), &[payment("A", "P3", DOC().plus(33), 300)]);
    let a = erp_item("A");
    assert_eq!(s.working(&a, DOC().plus(32)), 400);
    assert_eq!(s.working(&a, DOC().plus(33)), 100, "from its value date");
    assert_eq!(s.working(&a, DOC().plus(40)), 100, "and not twice");
    assert_eq!(s.working(&erp_credit("P3"), DOC().plus(40)), 0);
}

#[test]
fn one_payment_of_two_items_comes_in_two_parts() {
    let mut s = taken_on();
    let file = [
        payment("A", "P4", DOC().plus(32), 400),
        payment("B", "P4", DOC().plus(32), 500),
        payment("", "", DOC().plus(32), 20),
    ];
    s.payments(DOC().plus(33), &file);
    assert_eq!(s.aging(DOC().plus(33)).2, -80 - 20);
    let again = s.try_payments(DOC().plus(33), &file);
    assert_eq!(again, Err(Refusal::NothingNew { same: 3 }));
}

#[test]
fn ag_22_a_payment_before_its_invoice_waits_as_a_credit() {
    let mut s = taken_on();
    // An invoice dated ahead, paid before its date.
    let late = row("C1", "LATE", DOC().plus(38), DOC().plus(60), 90, 90);
    s.try_import(DOC().plus(31), Scope::TheseRows, &[late])
        .unwrap();
    s.payments(
        DOC().plus(36),
        &[payment("LATE", "PRE", DOC().plus(35), 40)],
    );
    let pre = erp_credit("PRE");
    assert_eq!(s.working(&pre, DOC().plus(37)), -40);
    assert_eq!(s.working(&pre, DOC().plus(38)), 0);
    assert_eq!(s.working(&erp_item("LATE"), DOC().plus(38)), 50);
}

#[test]
fn a_receipt_of_ours_under_a_source_is_pending_until_confirmed() {
    let mut s = taken_on();
    let pays = [(erp_item("B"), 500)];
    s.when(receipt_from(
        erp_customer("C1"),
        "P",
        DOC().plus(31),
        500,
        &pays,
    ));
    let open = s.open_on(&erp_item("B"), DOC().plus(31)).unwrap();
    assert_eq!(
        open,
        Open {
            at_source: 500,
            pending: -500
        }
    );
    assert_eq!(open.working(), 0);
    // The extract still shows it: nothing changed at source.
    s.import(DOC().plus(32), &rows());
    assert_eq!(s.open_on(&erp_item("B"), DOC().plus(32)), Some(open));
}

#[test]
fn ag_20_rows_with_a_clearing_date_bring_their_history() {
    let mut s = following_book();
    let doc = DOC();
    let file = [
        row("C1", "A", doc, doc.plus(30), 1000, 0),
        row("C1", "B", doc, doc.plus(30), 500, 200),
    ];
    let (command, mut incoming, _) = s.stage(doc.plus(60), Scope::TheseRows, &file);
    let (_, segment) = &incoming.segments[0];
    let mut segment = (**segment).clone();
    let cleared = [35, 40].map(|d| i64::from(doc.plus(d).0)).to_vec();
    segment.nums = vec![(duebook_ledger::columns::NumField::ClearingDate, cleared)];
    let bytes = duebook_ledger::block::encode(&segment);
    let block = duebook_ledger::event::BlockRef::of(&bytes, segment.len());
    incoming.segments = vec![(block, std::rc::Rc::new(segment))];
    let (head, facts) = incoming.head.clone().unwrap();
    let head = Stored::Head(head, duebook_ledger::import::cbor(&*facts));
    s.try_with(
        command,
        &incoming,
        vec![head, Stored::Segment(block, bytes)],
    )
    .unwrap();
    let working = |s: &Story, n: &str, d: i32| s.working(&erp_item(n), doc.plus(d));
    assert_eq!((working(&s, "A", 34), working(&s, "A", 35)), (1000, 0));
    assert_eq!((working(&s, "B", 39), working(&s, "B", 40)), (500, 200));
    // The payment that did it is told later: nothing moves twice, and it leaves no credit.
    s.payments(doc.plus(61), &[payment("A", "P", doc.plus(35), 1000)]);
    assert_eq!((working(&s, "A", 34), working(&s, "A", 70)), (1000, 0));
    assert_eq!(s.aging(doc.plus(70)).2, 200);
}

/// Prints how long the whole check takes at a million items: `cargo test -p duebook-ledger
/// --release --test imports million -- --ignored --nocapture`.
#[test]
fn a_file_that_knows_a_customer_by_its_number_only_leaves_its_name() {
    let mut s = taken_on();
    let named = |name: &str| {
        vec![StagedCustomer {
            number: "C1".into(),
            name: name.into(),
            ..StagedCustomer::default()
        }]
    };
    s.master("customers.csv", named("First Ltd"), Vec::new());
    // A file without a column of names: the number stands where the name would.
    let mut terms = named("C1");
    terms[0].terms = Some("30 days".into());
    s.master("terms.csv", terms, Vec::new());
    let name = |s: &Story| {
        let id = s.book.find_customer(&erp_customer("C1")).unwrap();
        s.book.customer_facts(id).unwrap().name.clone()
    };
    assert_eq!(name(&s), "First Ltd");
    s.master("more.csv", named("First Limited"), Vec::new());
    assert_eq!(name(&s), "First Limited");
}

#[test]
#[ignore = "a measurement, not a test of behaviour"]
fn a_million_items_are_checked() {
    let mut s = following_book();
    let doc = DOC();
    for part in 0..16 {
        let number = |n: i32| format!("{part:02}-{n:06}");
        let one = |n: i32| row("C1", &number(n), doc, doc.plus(n % 90), 1000, 1000);
        let file: Vec<Row> = (0..65_000).map(one).collect();
        let (command, incoming, blocks) = s.stage(doc, Scope::TheseRows, &file);
        let decision = s.book.decide(&s.context(), &command, &incoming).unwrap();
        let body = Body {
            command,
            events: decision.events,
        };
        let mut context = s.context();
        context.command_id = uid(100 + part);
        let stamp = duebook_ledger::apply::Stamp {
            seq: Seq(s.book.head().0 + 1),
            command: context.command_id,
            recorded_at: context.recorded_at,
            ledger_date: context.ledger_date,
            actor: context.actor,
        };
        s.book.apply(&stamp, &body, &mut bulk_of(&blocks)).unwrap();
    }
    s.book.index_all();
    let started = std::time::Instant::now();
    let violations = s.book.violations();
    println!(
        "{} items checked in {:?}",
        s.book.items().len(),
        started.elapsed()
    );
    let started = std::time::Instant::now();
    let fork = s.book.clone();
    println!("forked in {:?}", started.elapsed());
    assert_eq!(violations, []);
    assert_eq!(fork.head(), s.book.head());
}
