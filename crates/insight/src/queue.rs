//! The work list as it is worked now: filtered by a pool, those who can be called first, the rest
//! by when they can (PR-05); and what a change of the strategy would move before it is saved.

use crate::risk::{Settled, replaced};
use crate::today::{Band, Clock, TaskRow, add_history};
use crate::worklist::{Entry, Task, Worklist};
use duebook_ledger::desk::Pool;
use duebook_ledger::{Book, CustomerId, OpenScan};
use duebook_policy::Strategy;
use duebook_policy::strategy::{Fact, Term};
use std::collections::BTreeMap;
use std::sync::Arc;

/// When a clock allows a call. The order is the order of the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Opens {
    /// Now.
    Now,
    /// It is not known what time it is there: to be found out first.
    ZoneUnknown,
    /// From this instant on, milliseconds UTC.
    From(i64),
    /// Not within the days looked ahead.
    NotSoon,
}

/// When each clock of a list allows a call, by its number; `None` where nobody listed has it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Openings(Vec<Option<Opens>>);

impl Openings {
    /// Each clock that a row has is asked once.
    pub fn of(list: &Worklist, ask: &mut dyn FnMut(&Clock) -> Opens) -> Self {
        let mut all = vec![None; list.clocks()];
        for entry in list.entries().iter() {
            if let Some(opens @ None) = all.get_mut(entry.clock.index()) {
                *opens = list.clock(entry.clock).map(&mut *ask);
            }
        }
        Openings(all)
    }

    /// When the clock of a row allows a call.
    pub fn at(&self, entry: &Entry) -> Option<Opens> {
        self.0.get(entry.clock.index()).copied().flatten()
    }
}

/// Whose clock allows a call now, in the order given.
pub fn callable(entries: &[Entry], openings: &Openings) -> Vec<Entry> {
    let open = |entry: &&Entry| openings.at(entry) == Some(Opens::Now);
    entries.iter().filter(open).copied().collect()
}

/// The list in the order in which it is worked, and how many of it can be called now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ByClock {
    /// The list.
    pub entries: Vec<Entry>,
    /// Of it, whose clock allows a call.
    pub callable: usize,
}

/// The list in the order in which it is worked: pins, then who can be called now, then the rest by
/// their next window (PR-05); within each by gates, points and the rest of the list's own order.
pub fn by_clock(entries: &[Entry], openings: &Openings) -> ByClock {
    // Few windows, many rows: each clock's window has a number, and the rows of each are counted before
    // one is put in its place.
    let known = openings.0.iter().copied().flatten();
    let mut windows: Vec<Opens> = known.chain([Opens::Now, Opens::ZoneUnknown]).collect();
    windows.sort_unstable();
    windows.dedup();
    let number = |opens: Opens| windows.partition_point(|w| *w < opens);
    let (now, unknown) = (number(Opens::Now), number(Opens::ZoneUnknown));
    let of_clock = |opens: &Option<Opens>| opens.map_or(unknown, number);
    let of_clock: Vec<usize> = openings.0.iter().map(of_clock).collect();
    let opens = |entry: &Entry| of_clock.get(entry.clock.index()).map_or(unknown, |w| *w);
    let window = |entry: &Entry| if entry.pinned { now } else { opens(entry) };
    let mut next = vec![0; windows.len() + 1];
    let mut callable = 0;
    for entry in entries {
        next[window(entry) + 1] += 1;
        callable += usize::from(opens(entry) == now);
    }
    for at in 1..next.len() {
        next[at] += next[at - 1];
    }
    let mut ordered = entries.to_vec();
    for entry in entries {
        let at = &mut next[window(entry)];
        ordered[*at] = *entry;
        *at += 1;
    }
    ByClock {
        entries: ordered,
        callable,
    }
}

/// The entries of a pool, in the order given.
pub fn pooled(
    book: &Book,
    list: &Worklist,
    entries: &[Entry],
    pool: &Pool,
    openings: &Openings,
) -> Vec<Entry> {
    let fits = |entry: &&Entry| {
        let open = !pool.callable || openings.at(entry) == Some(Opens::Now);
        open && list
            .task(entry.customer)
            .is_some_and(|task| fits(book, &task.row, pool))
    };
    entries.iter().filter(fits).copied().collect()
}

fn fits(book: &Book, row: &TaskRow, pool: &Pool) -> bool {
    let staged = book.customer_facts(row.customer);
    let assigned = || {
        let live = |s| book.is_live(s);
        book.desk().assignment(row.customer, &live).map(|(_, a)| a)
    };
    let same = |asked: &Option<String>, is: Option<&str>| match asked {
        Some(asked) => is.is_some_and(|is| is.trim().eq_ignore_ascii_case(asked.trim())),
        None => true,
    };
    let days = row.oldest_days.unwrap_or(i32::MIN);
    pool.days_from.is_none_or(|from| days >= from)
        && pool.days_to.is_none_or(|to| days <= to)
        && pool
            .least
            .is_none_or(|least| row.facts.get(Fact::Collectible).is_some_and(|c| c >= least))
        && (!pool.promises || matches!(row.band, Band::Broken | Band::DueToday | Band::InGrace))
        && same(&pool.segment, staged.and_then(|f| f.segment.as_deref()))
        && same(&pool.country, staged.and_then(|f| f.country.as_deref()))
        && (pool.collector.is_none() || same(&pool.collector, collector_of(book, row.customer)))
        && (pool.bucket.is_none() || same(&pool.bucket, assigned().map(|a| a.bucket.as_str())))
}

/// Whose a customer is: whom it was assigned to here, else the source's collector.
pub fn collector_of(book: &Book, customer: CustomerId) -> Option<&str> {
    let live = |s| book.is_live(s);
    match book.desk().assignment(customer, &live) {
        Some((_, assigned)) => Some(&assigned.collector),
        None => book.customer_facts(customer)?.collector.as_deref(),
    }
}

/// What a row's points are made of, the weightiest first (PR-03).
pub fn terms(book: &Book, strategy: &Strategy, row: &TaskRow) -> Vec<Term> {
    strategy.terms(&row.facts, segment_of(book, row.customer))
}

fn segment_of(book: &Book, customer: CustomerId) -> &str {
    let staged = book.customer_facts(customer);
    staged.and_then(|f| f.segment.as_deref()).unwrap_or("")
}

/// One customer under another strategy. Places count from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Move {
    /// Who.
    pub customer: CustomerId,
    /// Place now.
    pub from: u32,
    /// Place then.
    pub to: u32,
    /// Points now.
    pub points: i64,
    /// Points then.
    pub points_then: i64,
}

/// What those on the list paid so far, for strategies that look at it.
pub type Histories = BTreeMap<CustomerId, Vec<Settled>>;

/// What some of those on the list paid so far.
pub fn histories(book: &Book, scan: &OpenScan<'_>, some: &[Entry]) -> Histories {
    let replaced = replaced(book, scan);
    let of = |customer| Settled::of_customer(book, scan, &replaced, customer);
    let customers = some.iter().map(|entry| entry.customer);
    customers.map(|customer| (customer, of(customer))).collect()
}

/// Customers given their points at a time.
const POINTED: usize = 512;

/// Where everybody on a list would stand under another strategy, in the making. Rules and floor are
/// seen; its quiet days show in who comes on the list, not here. List and book must not move in
/// between.
pub struct WhatIf {
    strategy: Strategy,
    /// The next entry of the list.
    next: usize,
    /// As they would be, each with its place and its points now.
    then: Vec<(Arc<Task>, u32, i64)>,
}

impl WhatIf {
    /// Nothing is read yet.
    pub fn new(strategy: Strategy) -> Self {
        WhatIf {
            strategy,
            next: 0,
            then: Vec::new(),
        }
    }

    /// One slice; answers everybody in the order of then when it is done. `paid` is needed where
    /// [`Strategy::uses_history`].
    pub fn step(&mut self, book: &Book, list: &Worklist, paid: &Histories) -> Option<Vec<Move>> {
        let entries = list.entries();
        let end = entries.len().min(self.next + POINTED);
        let slice = entries.get(self.next..end).unwrap_or_default();
        for (entry, from) in slice.iter().zip(self.next as u32 + 1..) {
            if let Some(now) = list.task(entry.customer) {
                let then = self.under(book, &now.row, paid);
                self.then.push((then, from, now.row.points));
            }
        }
        self.next = end;
        if end < entries.len() {
            return None;
        }
        self.then.sort_by(|a, b| a.0.order.cmp(&b.0.order));
        let places = (1..).zip(&self.then);
        let moves = places.map(|(to, (task, from, points))| Move {
            customer: task.row.customer,
            from: *from,
            to,
            points: *points,
            points_then: task.row.points,
        });
        Some(moves.collect())
    }

    fn under(&self, book: &Book, row: &TaskRow, paid: &Histories) -> Arc<Task> {
        let mut row = row.clone();
        if let Some(settled) = paid.get(&row.customer) {
            add_history(&mut row.facts, settled);
        }
        row.points = (self.strategy).points(&row.facts, segment_of(book, row.customer));
        let small = row
            .facts
            .get(Fact::Collectible)
            .is_some_and(|c| c < self.strategy.floor);
        row.band = match (row.band, small) {
            (Band::Overdue, true) => Band::Small,
            (Band::Small, false) => Band::Overdue,
            (band, _) => band,
        };
        Task::of(row)
    }
}
