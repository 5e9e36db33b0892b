//! The work list as it is worked now: filtered by a pool, those who can be called first, the rest
//! by when they can (PR-05); and what a change of the strategy would move before it is saved.

use crate::risk::{Settled, replaced};
use crate::today::{Band, Clock, TaskRow, add_history};
use crate::worklist::{Task, sort_run};
use duebook_ledger::desk::Pool;
use duebook_ledger::{Book, CustomerId, OpenScan};
use duebook_policy::Strategy;
use duebook_policy::strategy::{Fact, Term};
use std::collections::{BTreeMap, BTreeSet};
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

/// When each clock of some rows allows a call; each clock is asked once.
pub fn clocks(rows: &[Arc<Task>], ask: &mut dyn FnMut(&Clock) -> Opens) -> BTreeMap<Clock, Opens> {
    let mut all = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for task in rows {
        let clock = &task.row.clock;
        // Rows share their clocks: most are known by where they lie, without reading them.
        if seen.insert(Arc::as_ptr(clock)) && !all.contains_key(&**clock) {
            all.insert(Clock::clone(clock), ask(clock));
        }
    }
    all
}

/// When the clock of a row allows a call; each clock is looked up once, by where it lies.
fn opens_of(clocks: &BTreeMap<Clock, Opens>) -> impl FnMut(&Arc<Task>) -> Option<Opens> + '_ {
    let mut looked_up: BTreeMap<*const Clock, Option<Opens>> = BTreeMap::new();
    move |task| {
        let clock = &task.row.clock;
        let found = looked_up.entry(Arc::as_ptr(clock));
        *found.or_insert_with(|| clocks.get(&**clock).copied())
    }
}

/// The rows whose clock allows a call now, in the order given.
pub fn callable(rows: &[Arc<Task>], clocks: &BTreeMap<Clock, Opens>) -> Vec<Arc<Task>> {
    let mut opens = opens_of(clocks);
    let open = |task: &&Arc<Task>| opens(task) == Some(Opens::Now);
    rows.iter().filter(open).cloned().collect()
}

/// Rows in the order in which they are worked, and how many of them can be called now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ByClock {
    /// The rows.
    pub rows: Vec<Arc<Task>>,
    /// Of them, whose clock allows a call.
    pub callable: usize,
}

/// Rows in the order in which they are worked: pins, then who can be called now, then the rest by
/// their next window (PR-05); within each by gates, points and the rest of the list's own order.
pub fn by_clock(rows: &[Arc<Task>], clocks: &BTreeMap<Clock, Opens>) -> ByClock {
    let mut groups: BTreeMap<Opens, Vec<Arc<Task>>> = BTreeMap::new();
    let mut opens = opens_of(clocks);
    let mut callable = 0;
    for task in rows {
        let at = opens(task);
        callable += usize::from(at == Some(Opens::Now));
        let group = match task.row.pinned {
            Some(_) => Opens::Now,
            None => at.unwrap_or(Opens::ZoneUnknown),
        };
        groups.entry(group).or_default().push(Arc::clone(task));
    }
    let rows = groups.into_values().flatten().collect();
    ByClock { rows, callable }
}

/// The rows of a pool, in the order given.
pub fn pooled(
    book: &Book,
    rows: &[Arc<Task>],
    pool: &Pool,
    clocks: &BTreeMap<Clock, Opens>,
) -> Vec<Arc<Task>> {
    let fits = |task: &&Arc<Task>| fits(book, &task.row, pool, clocks);
    rows.iter().filter(fits).cloned().collect()
}

fn fits(book: &Book, row: &TaskRow, pool: &Pool, clocks: &BTreeMap<Clock, Opens>) -> bool {
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
    let open = !pool.callable || clocks.get(&*row.clock) == Some(&Opens::Now);
    open && pool.days_from.is_none_or(|from| days >= from)
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

/// What those on the list paid so far.
pub fn histories(book: &Book, scan: &OpenScan<'_>, rows: &[Arc<Task>]) -> Histories {
    let replaced = replaced(book, scan);
    let of = |customer| Settled::of_customer(book, scan, &replaced, customer);
    let customers = rows.iter().map(|task| task.row.customer);
    customers.map(|customer| (customer, of(customer))).collect()
}

/// Where everybody on the list would stand under another strategy, in the order of then. Rules and
/// floor are seen; its quiet days show in who comes on the list, not here. `paid` is needed where
/// [`Strategy::uses_history`].
pub fn what_if(
    book: &Book,
    rows: &[Arc<Task>],
    strategy: &Strategy,
    paid: &Histories,
) -> Vec<Move> {
    let place: BTreeMap<CustomerId, u32> =
        (1..).zip(rows).map(|(n, t)| (t.row.customer, n)).collect();
    let mut then: Vec<Arc<Task>> = rows
        .iter()
        .map(|task| {
            let mut row = task.row.clone();
            if let Some(settled) = paid.get(&row.customer) {
                add_history(&mut row.facts, settled);
            }
            row.points = strategy.points(&row.facts, segment_of(book, row.customer));
            let small = row
                .facts
                .get(Fact::Collectible)
                .is_some_and(|c| c < strategy.floor);
            row.band = match (row.band, small) {
                (Band::Overdue, true) => Band::Small,
                (Band::Small, false) => Band::Overdue,
                (band, _) => band,
            };
            Task::of(row)
        })
        .collect();
    let now: BTreeMap<CustomerId, i64> = rows
        .iter()
        .map(|t| (t.row.customer, t.row.points))
        .collect();
    sort_run(&mut then);
    (1..)
        .zip(&then)
        .map(|(to, task)| Move {
            customer: task.row.customer,
            from: place.get(&task.row.customer).copied().unwrap_or(0),
            to,
            points: now.get(&task.row.customer).copied().unwrap_or(0),
            points_then: task.row.points,
        })
        .collect()
}
