//! Two copies of a book part, and come together again: the same facts on both sides, nothing
//! silent, twice is once (issue part 4, hand-over; domain.md §9.4).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::inconsistent_digit_grouping
)]

mod random;
#[path = "../support/mod.rs"]
mod support;

use duebook_ledger::apply::Stamp;
use duebook_ledger::book::FactId;
use duebook_ledger::command::*;
use duebook_ledger::facts::*;
use duebook_ledger::import::Bulk;
use duebook_ledger::keys::*;
use duebook_ledger::shift::*;
use duebook_ledger::takein::*;
use duebook_ledger::work::FieldChange;
use duebook_ledger::*;
use duebook_money::{Currency, Day};
use std::collections::BTreeMap;
use support::*;

const PROMISE: u32 = 3;
const FOLLOW_UP: u32 = 4;

fn foreign(story: &Story) -> Vec<Foreign> {
    let one = |r: &Record| Foreign {
        seq: r.stamp.seq,
        context: Context {
            command_id: r.stamp.command,
            recorded_at: r.stamp.recorded_at,
            ledger_date: r.stamp.ledger_date,
            actor: r.stamp.actor.clone(),
        },
        body: Body::decode(&r.body).unwrap(),
    };
    story.log.iter().map(one).collect()
}

fn bulk(story: &Story) -> Bulk {
    let mut all = Bulk::default();
    for record in &story.log {
        all.statements
            .extend(bulk_of(&record.blocks).statements.clone());
    }
    all
}

fn plan_with(
    ours: &Story,
    theirs: &Story,
    choices: &BTreeMap<At, Choice>,
    fresh: &mut u32,
) -> Plan {
    let taker = Taker {
        now: 1_767_300_000_000,
        ledger_date: ours.today,
        actor: ours.actor.into(),
        file: "other.duebook".into(),
        head_hash: [7; 32],
    };
    let mut id = || {
        *fresh += 1;
        uid(*fresh)
    };
    let common = ours.log.iter().zip(&theirs.log);
    let same = |(a, b): &(&Record, &Record)| a.stamp == b.stamp && a.body == b.body;
    let common = common.take_while(same).count();
    let theirs = Theirs {
        common: Seq(common as u32),
        commits: &foreign(theirs)[common..],
        bulk: &bulk(theirs),
    };
    plan(&ours.book, theirs, choices, &taker, &mut id)
}

/// Takes in another copy; `choose` settles each clash.
fn take_in(
    ours: &mut Story,
    theirs: &Story,
    fresh: &mut u32,
    mut choose: impl FnMut(&Clash) -> Choice,
) -> Plan {
    let mut choices = BTreeMap::new();
    for _ in 0..200 {
        let plan = plan_with(ours, theirs, &choices, fresh);
        assert_eq!(plan.stuck, None, "{:#?}", plan.clashes);
        if plan.is_settled() {
            write(ours, &plan);
            return plan;
        }
        for clash in plan.clashes.iter().filter(|c| c.chosen.is_none()) {
            choices.insert(clash.at.clone(), choose(clash));
        }
    }
    panic!("it never settles");
}

fn write(ours: &mut Story, plan: &Plan) {
    for step in &plan.steps {
        let named = step.body.events.iter().filter_map(|e| match e {
            Event::StatementImported { block, .. } => Some(*block),
            _ => None,
        });
        let blocks: Vec<Stored> = named
            .zip(&step.blocks)
            .map(|(r, b)| Stored::Statement(r, b.clone()))
            .collect();
        let stamp = Stamp {
            seq: Seq(ours.book.head().0 + 1),
            command: step.context.command_id,
            recorded_at: step.context.recorded_at,
            ledger_date: step.context.ledger_date,
            actor: step.context.actor.clone(),
        };
        ours.book
            .apply(&stamp, &step.body, &mut bulk_of(&blocks))
            .unwrap();
        assert_eq!(ours.book.violations(), []);
        ours.log.push(Record {
            stamp,
            body: step.body.encode(),
            blocks,
        });
    }
}

/// Everything two copies have to agree on, by natural keys.
fn facts(story: &Story) -> Vec<String> {
    use CollectorField::*;
    let book = &story.book;
    let live = |s| book.is_live(s);
    let mut out = Vec::new();
    let scan = OpenScan::new(book, View::on(story.today.plus(200)));
    for id in book.items().ids().filter(|i| book.is_item_live(*i)) {
        let key = book.item_key(id).unwrap();
        let fields = [
            Status,
            Reason,
            ExpectedDate,
            NextAction,
            Owner,
            Remark,
            Disputed,
        ]
        .map(|f| {
            let history = book.field_history(id, f);
            let last = history.into_iter().rfind(|(s, _)| live(*s));
            last.map_or("", |(_, v)| v).to_owned()
        });
        let open = scan.open(id).map(|o| o.working());
        let standing = book.item(id).unwrap().standing();
        out.push(format!("item {key:?} {open:?} {standing:?} {fields:?}"));
    }
    for id in book.customer_ids() {
        let c = book.customer(id).unwrap();
        let facts = book.customer_facts(id).unwrap();
        out.push(format!("customer {} {facts:?}", c.number));
        for (field, v) in &c.profile {
            let set = v
                .get(&live)
                .map(|v| format!("profile {} {field:?} {v:?}", c.number));
            out.extend(set);
        }
        let mut people: Vec<_> = book.contacts_of(id).into_iter().map(|(_, f)| f).collect();
        people.sort_by_key(|f| f.details.id);
        out.push(format!("people {} {people:?}", c.number));
        let agent = book.desk().assignment(id, &live).map(|(_, a)| &a.collector);
        out.push(format!("agent {} {agent:?}", c.number));
    }
    for a in book.activities().iter().filter(|a| live(a.commit)) {
        let items: Vec<_> = a.items.iter().map(|i| book.item_key(*i)).collect();
        let what = (a.channel, a.outcome, a.at, a.note);
        out.push(format!("activity {} {what:?} {items:?}", a.key));
    }
    for p in book.promises().iter().filter(|p| live(p.commit)) {
        let lines: Vec<_> = p
            .fact
            .lines
            .iter()
            .map(|l| (l.item.and_then(|i| book.item_key(i)), l.amount, l.date))
            .collect();
        let terms = (p.fact.taken_on, p.fact.grace_days, p.ended.get(&live));
        out.push(format!("promise {} {lines:?} {terms:?}", p.key));
    }
    for f in book.follow_ups().iter().filter(|f| live(f.commit)) {
        let closed = f.closed.get(&live).is_some();
        out.push(format!("follow-up {} {} {closed}", f.key, f.due.0));
    }
    for s in book.settlements().iter().filter(|s| book.counts(s)) {
        let key = |i: Option<ItemId>| i.and_then(|i| book.item_key(i));
        let both = (key(s.debit), key(s.credit));
        out.push(format!("settled {both:?} {} {:?}", s.amount, s.effective));
    }
    for t in book.tasks().iter().filter(|t| live(t.commit)) {
        out.push(format!("task {} {:?}", t.key, book.task_due(t)));
    }
    for s in book.shifts().iter().filter(|s| live(s.commit)) {
        out.push(format!("shift {} {:?}", s.key, book.shift_end(s)));
    }
    for (_, s) in book.statements() {
        out.push(format!("statement {} {:?}", s.facts.number, s.lines.len()));
    }
    out.push(format!("policies {:?}", book.policies()));
    let control: Vec<_> = book.control_balances().collect();
    out.push(format!("control {control:?}"));
    out.sort();
    out
}

fn log(customer: &str, at: i64) -> LogContact {
    LogContact {
        customer: own_customer(customer),
        contact: None,
        channel: Channel::Call,
        outcome: Outcome::Informed,
        at,
        local_offset: None,
        seconds: 60,
        note: None,
        items: vec![],
        promise: None,
        follow_up: None,
        closes: vec![],
    }
}

fn promise(item: &str, amount: i64, date: Day) -> NewPromise {
    NewPromise {
        currency: Currency::EUR,
        lines: vec![NewPromiseLine {
            item: Some(own_item(item)),
            amount,
            date,
        }],
        method: None,
        evidence: None,
    }
}

fn promised(item: &str, amount: i64, date: Day) -> Command {
    Command::LogContact(LogContact {
        outcome: Outcome::Promise,
        promise: Some(promise(item, amount, date)),
        ..log("C1", 5)
    })
}

fn set(item: &str, field: CollectorField, value: &str) -> Command {
    Command::SetFields {
        changes: vec![FieldChange {
            item: own_item(item),
            field,
            value: value.into(),
        }],
    }
}

/// Three invoices of 100.00, money of 100.00 that is not applied, a follow-up.
fn base() -> (Story, FactKey) {
    let mut s = own_book();
    s.today = day(2026, 3, 2);
    s.customer("C1");
    s.customer("C2");
    for n in ["A", "B", "C"] {
        s.invoice("C1", n, day(2026, 1, 1), &[(day(2026, 2, 1), 100_00)]);
    }
    s.receipt("C1", "R", day(2026, 3, 1), 100_00);
    let set = s.when(Command::SetFollowUp {
        customer: own_customer("C1"),
        follow_up: NewFollowUp {
            due: day(2026, 3, 3),
            at: None,
            zone: None,
            what: None,
            retry: false,
        },
    });
    let key = fact(&s, set, FOLLOW_UP, 0);
    (s, key)
}

fn never(clash: &Clash) -> Choice {
    panic!("a clash: {clash:?}")
}

#[test]
fn work_on_both_sides_joins_and_twice_is_once() {
    let (mut a, _) = base();
    let mut b = a.copy("Bela", 1_000);
    a.when(promised("A", 100_00, day(2026, 3, 9)));
    a.when(set("A", CollectorField::Reason, "Pricing"));
    b.when(promised("B", 40_00, day(2026, 3, 10)));
    b.when(apply(
        own_credit("R"),
        own_item("C"),
        60_00,
        day(2026, 3, 2),
        &[],
    ));
    let mut fresh = 50_000;
    let plan = take_in(&mut a, &b, &mut fresh, never);
    assert_eq!((plan.taken, plan.known), (2, 0));
    // Actor and time are kept.
    let last = a.book.promises().last().unwrap();
    let commit = a.book.commit(last.commit).unwrap();
    assert_eq!(commit.actor, "Bela");
    assert_eq!(commit.recorded_at, b.log[8].stamp.recorded_at);
    let back = take_in(&mut b, &a, &mut fresh, never);
    // Two of A's, and the record that A took B's in.
    assert_eq!(back.taken, 3);
    assert_eq!(facts(&a), facts(&b));
    for _ in 0..2 {
        let again = take_in(&mut a, &b, &mut fresh, never);
        assert_eq!(again.taken, 1, "B's own record of having taken A's in");
        let again = take_in(&mut b, &a, &mut fresh, never);
        assert_eq!(again.taken, 1);
    }
    assert_eq!(facts(&a), facts(&b));
    // One file twice.
    let before = a.log.len();
    let once = take_in(&mut a, &b, &mut fresh, never);
    let twice = take_in(&mut a, &b, &mut fresh, never);
    assert!(once.taken <= 1 && twice.is_empty());
    assert!(a.log.len() <= before + 2);
}

#[test]
fn two_promises_on_one_item_are_settled_by_a_person() {
    for (choice, live) in [
        (Choice::Theirs, ["Bela"].as_slice()),
        (Choice::Ours, &["Asha"]),
        (Choice::Both, &["Asha", "Bela"]),
    ] {
        let (mut a, _) = base();
        let mut b = a.copy("Bela", 1_000);
        a.when(promised("A", 100_00, day(2026, 3, 9)));
        b.when(promised("A", 90_00, day(2026, 3, 6)));
        let mut fresh = 50_000;
        let none = BTreeMap::new();
        let asked = plan_with(&a, &b, &none, &mut fresh);
        assert!(!asked.is_settled());
        let What::TwoPromises { item, ours } = &asked.clashes[0].what else {
            panic!("{:?}", asked.clashes)
        };
        assert_eq!((item, ours.len()), (&own_item("A"), 1));
        take_in(&mut a, &b, &mut fresh, |_| choice);
        let counts = |p: &&people::Promise| {
            a.book.is_live(p.commit) && p.ended.get(&|s| a.book.is_live(s)).is_none()
        };
        let who = |p: &people::Promise| a.book.commit(p.commit).unwrap().actor.clone();
        let open: Vec<String> = a.book.promises().iter().filter(counts).map(who).collect();
        assert_eq!(open, live, "{choice:?}");
        take_in(&mut b, &a, &mut fresh, never);
        assert_eq!(facts(&a), facts(&b), "{choice:?}");
    }
}

#[test]
fn a_value_that_both_set_is_settled_and_both_sides_agree() {
    for choice in [Choice::Theirs, Choice::Ours] {
        let (mut a, _) = base();
        let mut b = a.copy("Bela", 1_000);
        a.when(set("A", CollectorField::Reason, "Pricing"));
        a.when(set("B", CollectorField::Reason, "Same"));
        b.when(set("A", CollectorField::Reason, "No PO"));
        b.when(set("B", CollectorField::Reason, "Same"));
        let mut fresh = 50_000;
        let plan = take_in(&mut a, &b, &mut fresh, |_| choice);
        assert_eq!(plan.clashes.len(), 1, "the same value is no clash");
        let wanted = if choice == Choice::Ours {
            "Pricing"
        } else {
            "No PO"
        };
        for story in [&a, &{
            let mut b = b.copy("Bela", 2_000);
            take_in(&mut b, &a, &mut fresh, never);
            b
        }] {
            let id = story.id(&own_item("A"));
            let history = story.book.field_history(id, CollectorField::Reason);
            let last = history.iter().rfind(|(s, _)| story.book.is_live(*s));
            assert_eq!(last.unwrap().1, wanted);
        }
    }
}

#[test]
fn money_that_both_applied_is_refused_and_one_of_them_counts() {
    for choice in [Choice::Theirs, Choice::Ours] {
        let (mut a, _) = base();
        let mut b = a.copy("Bela", 1_000);
        let pay = |item: &str| {
            apply(
                own_credit("R"),
                own_item(item),
                100_00,
                day(2026, 3, 2),
                &[],
            )
        };
        a.when(pay("A"));
        b.when(pay("B"));
        let mut fresh = 50_000;
        let plan = take_in(&mut a, &b, &mut fresh, |_| choice);
        let What::Refused { refusal, undoing } = &plan.clashes[0].what else {
            panic!("{:?}", plan.clashes)
        };
        assert!(matches!(refusal, Refusal::MoreThanOpen { .. }));
        assert_eq!(
            undoing,
            &[a.log.iter().map(|r| r.stamp.seq).nth(8).unwrap()]
        );
        let (paid, open) = match choice {
            Choice::Ours => ("A", "B"),
            _ => ("B", "A"),
        };
        assert_eq!(a.working(&own_item(paid), a.today), 0);
        assert_eq!(a.working(&own_item(open), a.today), 100_00);
        // Where ours was kept, the other side is asked to give its own up.
        take_in(&mut b, &a, &mut fresh, |clash| {
            assert!(matches!(clash.what, What::LeftOut(_)), "{clash:?}");
            Choice::Theirs
        });
        assert_eq!(facts(&a), facts(&b), "{choice:?}");
        let again = take_in(&mut a, &b, &mut fresh, never);
        assert!(again.taken <= 2, "nothing is asked again");
        assert_eq!(facts(&a), facts(&b));
    }
}

#[test]
fn what_both_closed_is_so_and_a_contact_is_never_lost_over_it() {
    let (mut a, follow_up) = base();
    let mut b = a.copy("Bela", 1_000);
    a.when(Command::CloseFollowUps {
        follow_ups: vec![follow_up],
    });
    b.when(Command::LogContact(LogContact {
        closes: vec![follow_up],
        ..log("C1", 9)
    }));
    let mut c = a.copy("Chen", 2_000);
    let mut fresh = 50_000;
    let plan = take_in(&mut a, &b, &mut fresh, never);
    assert_eq!((plan.taken, plan.eased), (1, 1));
    let plan = take_in(&mut b, &a, &mut fresh, never);
    assert_eq!(plan.already_so, 1);
    assert_eq!(facts(&a), facts(&b));
    take_in(&mut c, &b, &mut fresh, never);
    assert_eq!(facts(&c), facts(&b));
}

#[test]
fn what_was_undone_there_stays_out_and_an_undo_of_what_is_known_comes() {
    let (mut a, _) = base();
    let known = a.when(set("C", CollectorField::Owner, "Asha"));
    let mut b = a.copy("Bela", 1_000);
    let typo = b.when(set("B", CollectorField::Owner, "Nobody"));
    b.undo(typo);
    let once = b.undo(known);
    let redo = b.undo(once);
    b.undo(redo);
    a.when(set("A", CollectorField::Owner, "Asha"));
    let mut fresh = 50_000;
    let plan = take_in(&mut a, &b, &mut fresh, never);
    assert_eq!(plan.taken, 1, "one undo stands for three");
    assert!(!a.book.is_live(known));
    take_in(&mut b, &a, &mut fresh, never);
    assert_eq!(facts(&a), facts(&b));
}

#[test]
fn a_file_that_only_they_have_is_to_be_imported_and_its_work_waits() {
    let mut a = following_book();
    a.today = day(2026, 3, 2);
    let rows = |last: i64| {
        vec![
            row("C1", "A", day(2026, 1, 1), day(2026, 2, 1), 100_00, 100_00),
            row("C1", "N", day(2026, 2, 1), day(2026, 3, 1), last, last),
        ]
    };
    a.import(day(2026, 3, 1), &rows(50_00)[..1]);
    let mut b = a.copy("Bela", 1_000);
    b.import(day(2026, 3, 2), &rows(50_00));
    b.when(Command::SetField {
        items: vec![erp_item("N")],
        field: CollectorField::Owner,
        value: "Bela".into(),
    });
    let mut fresh = 50_000;
    let plan = take_in(&mut a, &b, &mut fresh, |_| Choice::Later);
    assert!(matches!(plan.clashes[0].what, What::File(_)));
    assert_eq!((plan.clashes.len(), plan.waiting), (1, 1));
    assert!(
        plan.is_empty(),
        "nothing came in, and nothing is remembered"
    );
    // The same file here: then their work fits.
    a.import(day(2026, 3, 2), &rows(50_00));
    let plan = take_in(&mut a, &b, &mut fresh, never);
    assert_eq!((plan.taken, plan.already_so), (1, 1));
    assert_eq!(facts(&a), facts(&b));
}

#[test]
fn statements_travel_with_their_lines() {
    let (mut a, _) = base();
    let mut b = a.copy("Bela", 1_000);
    let facts_of = statement_facts("S1", 0, 70_00);
    let line = statement_line("L1", day(2026, 3, 1), 70_00);
    b.statement(&facts_of, vec![line.clone()]).unwrap();
    let mut c = a.copy("Chen", 2_000);
    c.statement(&facts_of, vec![line]).unwrap();
    let mut fresh = 50_000;
    let plan = take_in(&mut a, &b, &mut fresh, never);
    assert_eq!(plan.taken, 1);
    assert_eq!(facts(&a), facts(&b));
    let plan = take_in(&mut a, &c, &mut fresh, never);
    assert_eq!((plan.taken, plan.already_so), (0, 1), "the same file once");
}

#[test]
fn terms_of_a_promise_are_those_in_force_when_it_was_given() {
    use duebook_policy::PromisePolicy;
    let (mut a, _) = base();
    let mut b = a.copy("Bela", 1_000);
    let grace = PromisePolicy {
        grace_days: 9,
        ..PromisePolicy::default()
    };
    a.when(Command::SetPolicy(policy::PolicyChange::Promises(grace)));
    let made = b.when(promised("A", 1_00, day(2026, 3, 9)));
    let key = fact(&b, made, PROMISE, 0);
    let mut fresh = 50_000;
    take_in(&mut a, &b, &mut fresh, never);
    take_in(&mut b, &a, &mut fresh, never);
    assert_eq!(facts(&a), facts(&b));
    let Some(FactId::Promise(id)) = a.book.find_fact(key) else {
        panic!("the promise has its key")
    };
    assert_ne!(a.book.promise(id).unwrap().fact.grace_days, 9);
}
