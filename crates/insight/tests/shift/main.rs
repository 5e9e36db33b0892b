//! Each figure of a shift, of a period and of a hand-over, held against a second implementation that
//! reads nothing but the log (issue part 4, "Done when"; domain.md §9.4).
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::result_large_err,
    clippy::inconsistent_digit_grouping
)]

mod random;

use random::{Act, play};

use duebook_insight::reports::day_lines;
use duebook_insight::shift::*;
use duebook_insight::today::today;
use duebook_ledger::apply::Stamp;
use duebook_ledger::columns::{ItemKind, StagedCustomer};
use duebook_ledger::command::*;
use duebook_ledger::event::Event;
use duebook_ledger::facts::*;
use duebook_ledger::import::{Bulk, Incoming};
use duebook_ledger::keys::{CustomerKey, FactKey, ItemKey, TextRef};
use duebook_ledger::shift::*;
use duebook_ledger::*;
use duebook_money::{Currency, Day};
use std::collections::{BTreeMap, BTreeSet};

const HOUR: i64 = 3_600_000;
const GRACE: i32 = 2;

fn day(n: i32) -> Day {
    Day(20_000 + n)
}

fn uid(n: u32) -> Uid {
    let mut id = [0u8; 16];
    id[..4].copy_from_slice(&n.to_le_bytes());
    Uid(id)
}

fn customer(n: u8) -> CustomerKey {
    CustomerKey {
        source: String::new(),
        number: format!("C{n}"),
    }
}

fn item(n: u8) -> ItemKey {
    ItemKey {
        entity: "1".into(),
        number: format!("I{n}"),
        ..ItemKey::default()
    }
}

/// A book and its log. The ledger's date is the UTC day here; shifts go across it.
struct Desk {
    book: Book,
    log: Vec<(Stamp, Body)>,
    now: i64,
    actor: &'static str,
}

impl Desk {
    fn new() -> Desk {
        let mut desk = Desk {
            book: Book::default(),
            log: Vec::new(),
            now: i64::from(day(0).0) * 24 * HOUR,
            actor: "Asha",
        };
        desk.run(Command::OpenBook {
            name: "Test".into(),
            currency: Currency::EUR,
            own_ledger: true,
            sample: false,
        });
        for c in 0..3 {
            desk.run(Command::SaveCustomer {
                customer: customer(c),
                facts: StagedCustomer {
                    name: format!("Customer {c}"),
                    ..StagedCustomer::default()
                },
            });
            for n in 0..2 {
                desk.run(Command::IssueDocument(IssueDocument {
                    customer: customer(c),
                    entity: "1".into(),
                    kind: ItemKind::Invoice as u8,
                    number: format!("I{}", c * 2 + n),
                    doc_date: day(-60),
                    currency: Currency::EUR,
                    amount: 1_000_00,
                    instalments: vec![(day(-30), 1_000_00)],
                    reference: String::new(),
                    po: String::new(),
                }));
            }
        }
        desk
    }
    fn today(&self) -> Day {
        Day(self.now.div_euclid(24 * HOUR) as i32)
    }
    fn run(&mut self, command: Command) -> Seq {
        self.attempt(command).expect("not refused")
    }
    fn attempt(&mut self, command: Command) -> Result<Seq, Refusal> {
        let context = Context {
            command_id: uid(self.log.len() as u32 + 1),
            recorded_at: self.now,
            ledger_date: self.today(),
            actor: self.actor.into(),
        };
        let decided = self.book.decide(&context, &command, &Incoming::default())?;
        let body = Body {
            command,
            events: decided.events,
        };
        let stamp = Stamp {
            seq: Seq(self.book.head().0 + 1),
            command: context.command_id,
            recorded_at: context.recorded_at,
            ledger_date: context.ledger_date,
            actor: context.actor,
        };
        self.book
            .apply(&stamp, &body, &mut Bulk::default())
            .unwrap();
        assert_eq!(self.book.violations(), []);
        let seq = stamp.seq;
        self.log.push((stamp, body));
        self.now += 60_000;
        Ok(seq)
    }
    fn start(&mut self) -> FactKey {
        let (start, work_date) = (self.now, self.today());
        let seq = self.run(Command::Shift(ShiftCommand::Start {
            work_date,
            start,
            planned_end: start + 9 * HOUR,
            zone: "Asia/Kolkata".into(),
            read: vec![],
        }));
        FactKey {
            command: self.book.commit(seq).unwrap().command,
            ordinal: 40 << 24,
        }
    }
    fn hand_over(&self) -> Vec<HandOverLine> {
        let list = today(&self.book, View::on(self.today()), self.now).unwrap();
        let ask = HandOverAsk {
            today: self.today(),
            now_ms: self.now,
            until: self.today().plus(1),
        };
        hand_over(&self.book, list.rows.iter(), ask)
    }
    fn end(&mut self, shift: FactKey) {
        let lines = self.hand_over();
        self.run(Command::Shift(ShiftCommand::End {
            shift,
            at: self.now,
            hand_over: HandOver { lines, note: None },
        }));
    }
}

// ---- the second implementation: from stamps and events alone ----

/// A promise as the log tells it.
struct Told {
    seq: u32,
    actor: String,
    taken_on: Day,
    item: ItemId,
    amount: i64,
    date: Day,
}

struct Naive<'a> {
    log: &'a [(Stamp, Body)],
    live: Vec<bool>,
}

impl<'a> Naive<'a> {
    /// As known after so many commits.
    fn at(log: &'a [(Stamp, Body)], known: usize) -> Self {
        let log = &log[..known];
        let mut live = vec![true; known];
        for n in (0..known).rev() {
            if let Command::Undo { commit } = log[n].1.command
                && live[n]
            {
                live[commit.0 as usize - 1] = false;
            }
        }
        Naive { log, live }
    }
    fn events(&self) -> impl Iterator<Item = (usize, &'a Stamp, &'a Event)> + '_ {
        let live = self.log.iter().enumerate().filter(|(n, _)| self.live[*n]);
        live.flat_map(|(n, (stamp, body))| body.events.iter().map(move |e| (n, stamp, e)))
    }
    /// Whether a follow-up's setting still holds; follow-ups are numbered as they were set.
    fn is_set(&self, follow_up: FollowUpId) -> bool {
        let set = self.log.iter().enumerate().flat_map(|(n, (_, body))| {
            let set = |e: &&Event| matches!(e, Event::FollowUpSet { .. });
            body.events.iter().filter(set).map(move |_| n)
        });
        (set.clone().nth(follow_up.index())).is_some_and(|n| self.live[n])
    }
    fn promises(&self) -> Vec<Told> {
        let made = self.events().filter_map(|(n, stamp, e)| match e {
            Event::PromiseMade(fact) => Some(Told {
                seq: n as u32,
                actor: stamp.actor.clone(),
                taken_on: fact.taken_on,
                item: fact.lines[0].item.unwrap(),
                amount: fact.lines[0].amount,
                date: fact.lines[0].date,
            }),
            _ => None,
        });
        made.collect()
    }
    /// Money on an item: day and amount, in the order recorded.
    fn payments(&self, of: ItemId) -> Vec<(Day, i64)> {
        let paid = self.events().filter_map(|(_, _, e)| match e {
            Event::Settled(s) if s.debit == Some(of) && s.cause == Cause::Payment => {
                Some((s.effective, s.amount))
            }
            _ => None,
        });
        paid.collect()
    }
    /// PT-03 to PT-05 for one line an item: money on it from the day it was taken to the end of the
    /// window, given to the oldest promise first.
    fn verdicts(&self, as_of: Day) -> BTreeMap<u32, (&'static str, i64)> {
        let mut out = BTreeMap::new();
        let promises = self.promises();
        let items: BTreeSet<ItemId> = promises.iter().map(|p| p.item).collect();
        for of in items {
            let mut money = self.payments(of);
            money.retain(|(on, _)| *on <= as_of);
            money.sort_by_key(|(on, _)| *on);
            let mut of_item: Vec<&Told> = promises.iter().filter(|p| p.item == of).collect();
            of_item.sort_by_key(|p| (p.taken_on, p.seq));
            for p in of_item {
                if p.taken_on > as_of {
                    continue;
                }
                let end = p.date.plus(GRACE);
                let mut paid = 0;
                for (on, left) in &mut money {
                    if p.taken_on <= *on && *on <= end {
                        let part = (*left).min(p.amount - paid);
                        *left -= part;
                        paid += part;
                    }
                }
                let state = match paid {
                    n if n >= p.amount => "kept",
                    _ if as_of <= end => "open",
                    0 => "broken",
                    _ => "partial",
                };
                out.insert(p.seq, (state, paid));
            }
        }
        out
    }
}

fn money_of(lines: &[PromiseSum]) -> (u32, i128, i128) {
    lines
        .first()
        .map_or((0, 0, 0), |l| (l.count, l.promised, l.paid))
}

/// Compares every figure of a shift with the log.
fn compare_shift(desk: &Desk, id: ShiftId) {
    let shift = desk.book.shift(id).unwrap();
    let found = figures(&desk.book, Span::Shift(id), None, desk.today()).unwrap();
    let ended = desk.log.iter().position(|(_, b)| {
        matches!(&b.command, Command::Shift(ShiftCommand::End { shift: of, .. }) if *of == shift.key)
    });
    let known = ended.map_or(desk.log.len(), |n| n + 1);
    let end_at = ended.map_or(i64::MAX, |n| match &desk.log[n].1.command {
        Command::Shift(ShiftCommand::End { at, .. }) => *at,
        _ => unreachable!(),
    });
    let naive = Naive::at(&desk.log, known);
    let began = shift.commit.0 as usize;
    let is_in = |s: &Stamp| {
        s.actor == shift.agent && shift.start <= s.recorded_at && s.recorded_at <= end_at
    };
    let mut contacts = Vec::new();
    let (mut notes, mut set, mut done, mut applied) = (0, 0, 0, (0u32, 0i128));
    let mut accounts = BTreeSet::new();
    for (_, stamp, event) in naive.events().filter(|(_, s, _)| is_in(s)) {
        let _ = stamp;
        match event {
            Event::ActivityLogged {
                channel: Channel::Note,
                ..
            } => notes += 1,
            Event::ActivityLogged {
                customer,
                channel,
                outcome,
                ..
            } => {
                contacts.push((*channel, *outcome));
                accounts.insert(*customer);
            }
            Event::FollowUpSet { .. } => set += 1,
            // One whose setting was undone was not there to be done.
            Event::FollowUpClosed { follow_up } => done += u32::from(naive.is_set(*follow_up)),
            Event::Settled(s) if s.cause == Cause::Payment => {
                applied.0 += 1;
                applied.1 += i128::from(s.amount);
            }
            _ => {}
        }
    }
    assert_eq!(found.contacts as usize, contacts.len());
    assert_eq!(
        (found.notes, found.accounts as usize),
        (notes, accounts.len())
    );
    let calls = contacts.iter().filter(|(c, _)| *c == Channel::Call).count();
    assert_eq!(found.attempts as usize, calls);
    let silent = [Outcome::NoAnswer, Outcome::Busy, Outcome::VoicemailLeft];
    let reached = contacts
        .iter()
        .filter(|(c, o)| matches!(c, Channel::Call | Channel::InboundCall) && !silent.contains(o));
    assert_eq!(found.reached as usize, reached.count());
    let mut by: BTreeMap<Outcome, u32> = BTreeMap::new();
    contacts
        .iter()
        .for_each(|(_, o)| *by.entry(*o).or_default() += 1);
    let outcomes: BTreeMap<_, _> = found
        .outcomes
        .iter()
        .map(|o| (o.outcome, o.count))
        .collect();
    assert_eq!(outcomes, by, "contacts by outcome");
    assert_eq!((found.follow_ups_set, found.follow_ups_done), (set, done));
    let sum = found.applied.first().map_or((0, 0), |m| (m.count, m.sum));
    assert_eq!(sum, applied, "cash applied");
    // Promises.
    let end_day = ended.map_or(desk.today(), |n| desk.log[n].0.ledger_date);
    let after = naive.verdicts(end_day);
    let before = Naive::at(&desk.log, began).verdicts(desk.log[began - 1].0.ledger_date);
    let told = naive.promises();
    let (mut taken, mut kept, mut broken, mut partial) =
        ((0, 0, 0), (0, 0, 0), (0, 0, 0), (0, 0, 0));
    for p in told.iter().filter(|p| p.actor == shift.agent) {
        let (state, paid) = after[&p.seq];
        let add = |to: &mut (u32, i128, i128)| {
            to.0 += 1;
            to.1 += i128::from(p.amount);
            to.2 += i128::from(paid);
        };
        if is_in(&desk.log[p.seq as usize].0) {
            add(&mut taken);
        }
        if before.get(&p.seq).map(|(s, _)| *s) != Some(state) {
            match state {
                "kept" => add(&mut kept),
                "broken" => add(&mut broken),
                "partial" => add(&mut partial),
                _ => {}
            }
        }
    }
    assert_eq!(money_of(&found.taken), taken, "taken");
    assert_eq!(money_of(&found.kept), kept, "kept");
    assert_eq!(money_of(&found.partial), partial, "partial");
    assert_eq!(money_of(&found.broken), broken, "broken");
    // What is carried forward: of this agent, open at the end, its day past or today.
    let mut open: Vec<(Day, bool)> = Vec::new();
    let mut closed: BTreeSet<u32> = BTreeSet::new();
    let mut at = 0u32;
    for (n, (stamp, body)) in desk.log[..known].iter().enumerate() {
        for event in &body.events {
            match event {
                Event::FollowUpSet { due, .. } => {
                    let his = stamp.actor == shift.agent && naive.live[n] && *due <= end_day;
                    open.push((*due, his));
                    at += 1;
                }
                Event::FollowUpClosed { follow_up } if naive.live[n] => {
                    closed.insert(follow_up.0);
                }
                _ => {}
            }
        }
    }
    assert_eq!(open.len() as u32, at);
    let left = open
        .iter()
        .enumerate()
        .filter(|(n, (_, his))| *his && !closed.contains(&(*n as u32)));
    let ages: Vec<i32> = left.map(|(_, (due, _))| end_day.since(*due)).collect();
    // What is due on the day has a name of its own; carried forward is what Today says.
    let due = ages.iter().filter(|age| **age == 0).count();
    assert_eq!(found.follow_ups.due as usize, due, "due on the day");
    let ages: Vec<i32> = ages.into_iter().filter(|age| *age > 0).collect();
    assert_eq!(found.follow_ups.count as usize, ages.len(), "carried");
    assert_eq!(found.follow_ups.oldest, ages.into_iter().max().unwrap_or(0));
    // What is printed is what was counted.
    let lines = day_lines(&found);
    let printed: u64 = lines
        .iter()
        .filter(|l| l.group == "Outcomes")
        .map(|l| l.count)
        .sum();
    assert_eq!(printed, u64::from(found.contacts));
}

/// The lines of a hand-over, from the log.
fn compare_hand_over(desk: &Desk) {
    let naive = Naive::at(&desk.log, desk.log.len());
    let (today, until) = (desk.today(), desk.today().plus(1));
    let lines = desk.hand_over();
    let due: BTreeSet<i64> = lines
        .iter()
        .filter(|l| l.kind == LineKind::PromiseDue)
        .map(|l| i64::from(l.day.unwrap().0) << 32 | l.amount.unwrap())
        .collect();
    let verdicts = naive.verdicts(today);
    let told = naive.promises();
    let expected = told.iter().filter(|p| {
        let (state, _) = verdicts[&p.seq];
        state == "open" && p.date <= until
    });
    let expected: BTreeSet<i64> = expected
        .map(|p| {
            let missing = p.amount - verdicts[&p.seq].1;
            i64::from(p.date.0) << 32 | missing
        })
        .collect();
    assert_eq!(due, expected, "promises due");
    let mut calls = 0;
    let mut closed = BTreeSet::new();
    let mut at = 0u32;
    let mut open = Vec::new();
    for (n, (_, body)) in desk.log.iter().enumerate() {
        for event in &body.events {
            match event {
                Event::FollowUpSet {
                    due, at: instant, ..
                } => {
                    if naive.live[n] {
                        open.push((at, *due, instant.is_some()));
                    }
                    at += 1;
                }
                Event::FollowUpClosed { follow_up } if naive.live[n] => {
                    closed.insert(follow_up.0);
                }
                _ => {}
            }
        }
    }
    let mut todo = 0;
    for (_, due, at_instant) in open.iter().filter(|(n, _, _)| !closed.contains(n)) {
        match at_instant {
            true if *due <= until => calls += 1,
            false if *due <= today => todo += 1,
            _ => {}
        }
    }
    let count = |kind| lines.iter().filter(|l| l.kind == kind).count();
    assert_eq!(count(LineKind::CallBack), calls);
    assert_eq!(count(LineKind::FollowUp), todo);
}

#[test]
fn a_call_after_midnight_counts_for_the_evening_before() {
    let mut desk = Desk::new();
    desk.now = i64::from(day(1).0) * 24 * HOUR + 18 * HOUR;
    let shift = desk.start();
    play(&mut desk, &Act::Call(0, 3));
    play(&mut desk, &Act::Wait(8));
    play(&mut desk, &Act::Call(1, 0));
    desk.end(shift);
    let id = desk.book.find_shift(shift).unwrap();
    assert_eq!(desk.book.shift(id).unwrap().work_date, day(1));
    let of = |span| figures(&desk.book, span, None, desk.today()).unwrap();
    assert_eq!(of(Span::Shift(id)).contacts, 2);
    let date = |n| Span::Days {
        from: day(n),
        to: day(n),
    };
    assert_eq!((of(date(1)).contacts, of(date(2)).contacts), (1, 1));
}

#[test]
fn as_it_was_handed_over_it_stays() {
    let mut desk = Desk::new();
    let shift = desk.start();
    play(&mut desk, &Act::Promise(0, 5, 1));
    let made = desk.book.head();
    desk.end(shift);
    let id = desk.book.find_shift(shift).unwrap();
    let before = figures(&desk.book, Span::Shift(id), None, desk.today()).unwrap();
    assert_eq!(money_of(&before.taken), (1, 50_00, 0));
    let lines = desk
        .book
        .shift_end(desk.book.shift(id).unwrap())
        .unwrap()
        .1
        .lines
        .clone();
    // Undone on the next day: as known now it never was, as handed over it stands.
    desk.now += 24 * HOUR;
    desk.run(Command::Undo { commit: made });
    let after = figures(&desk.book, Span::Shift(id), None, desk.today()).unwrap();
    assert_eq!(before, after);
    assert_eq!(
        desk.book
            .shift_end(desk.book.shift(id).unwrap())
            .unwrap()
            .1
            .lines,
        lines
    );
    assert_eq!(
        lines
            .iter()
            .filter(|l| l.kind == LineKind::PromiseDue)
            .count(),
        1
    );
}

#[test]
fn tasks_come_again_and_are_carried_with_their_age() {
    let mut desk = Desk::new();
    let give = |every, due| NewTask {
        what: TextRef {
            id: uid(900),
            digest: [0; 32],
        },
        agent: String::new(),
        customer: None,
        due,
        every,
    };
    let today = desk.today();
    desk.run(Command::Shift(ShiftCommand::SetTasks(vec![
        give(Recurrence::Once, today.plus(-3)),
        give(Recurrence::Monthly(31), today),
    ])));
    let due = due_tasks(&desk.book, today, Some("Asha"));
    assert_eq!(due.iter().map(|d| d.age).collect::<Vec<_>>(), [3, 0]);
    for d in due {
        let task = desk.book.tasks()[d.task.0 as usize].key;
        let tick = Command::Shift(ShiftCommand::TickTask { task, due: d.due });
        desk.run(tick.clone());
        assert_eq!(desk.attempt(tick), Err(Refusal::AlreadyEnded(task)));
    }
    assert_eq!(due_tasks(&desk.book, today, None), []);
    let monthly = &desk.book.tasks()[1];
    let next = desk.book.task_due(monthly).unwrap();
    assert_eq!(
        next,
        next.month_end(),
        "the last day where the month has fewer"
    );
    assert!(next > today && next.since(today) <= 31);
}
