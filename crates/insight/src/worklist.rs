//! Today's list, kept in its order from the deltas of commits: the same list as
//! [`crate::today::today`] makes at once, without looking at everybody again.

use crate::balances::Balances;
use crate::promises::judge_customer;
use crate::today::{Band, Clock, Desk, Order, Place, TaskRow, order};
use duebook_ledger::people::FollowUp;
use duebook_ledger::{Book, CustomerId, FollowUpId, OpenScan};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A row of the list with its place in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    pub(crate) order: Order,
    /// The row.
    pub row: TaskRow,
}

impl Task {
    pub(crate) fn of(row: TaskRow) -> Arc<Task> {
        let order = order(&row);
        Arc::new(Task { order, row })
    }
}

/// What is asked of all rows at once: 50,000 of these are read in a fraction of a millisecond, the
/// rows themselves are not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// Whose row.
    pub customer: CustomerId,
    /// Its group.
    pub band: Band,
    /// Put before all others (PR-03).
    pub pinned: bool,
    /// Where its clock is.
    pub clock: ClockId,
}

/// The number of a clock in its list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockId(u32);

impl ClockId {
    /// Its place among the clocks of the list.
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// The clocks of a list, each once. One that nobody has any more keeps its number.
#[derive(Debug, Clone, Default)]
struct Clocks {
    all: Vec<Arc<Clock>>,
    ids: BTreeMap<Arc<Clock>, ClockId>,
}

impl Clocks {
    fn id(&mut self, clock: &Arc<Clock>) -> ClockId {
        if let Some(id) = self.ids.get(clock) {
            return *id;
        }
        let id = ClockId(self.all.len() as u32);
        self.all.push(Arc::clone(clock));
        self.ids.insert(Arc::clone(clock), id);
        id
    }
    fn entry(&mut self, row: &TaskRow) -> Entry {
        Entry {
            customer: row.customer,
            band: row.band,
            pinned: row.pinned.is_some(),
            clock: self.id(&row.clock),
        }
    }
}

/// Where a customer is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
enum Stands {
    #[default]
    Nowhere,
    Listed(Arc<Task>),
    Done,
    Waiting,
    Held,
    Snoozed,
}

/// How many are not on the list for the time being.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Away {
    done: u32,
    waiting: u32,
    held: u32,
    snoozed: u32,
}

/// Today's list and who is not on it for the time being, as known now.
#[derive(Debug, Clone, Default)]
pub struct Worklist {
    now_ms: i64,
    stands: Vec<Stands>,
    /// Most pressing first; shared with whoever shows it. Each is of a customer that stands listed.
    entries: Arc<Vec<Entry>>,
    clocks: Clocks,
    /// Instants agreed for call-backs: by them a customer's place changes with the clock.
    alarms: BTreeSet<(i64, CustomerId)>,
    alarms_of: BTreeMap<CustomerId, Vec<i64>>,
    away: Away,
}

/// The numbers of clocks do not count: they follow the order in which rows came.
impl PartialEq for Worklist {
    fn eq(&self, other: &Self) -> bool {
        let facts = |e: &Entry| (e.customer, e.band, e.pinned);
        let of = |l: &Self| l.entries.iter().map(facts).collect::<Vec<_>>();
        let clocks = |l: &Self| {
            let named = l.entries.iter().map(|e| l.clock(e.clock).cloned());
            named.collect::<Vec<_>>()
        };
        (self.now_ms, &self.stands, self.away) == (other.now_ms, &other.stands, other.away)
            && (&self.alarms, &self.alarms_of) == (&other.alarms, &other.alarms_of)
            && of(self) == of(other)
            && clocks(self) == clocks(other)
    }
}

impl Eq for Worklist {}

impl Worklist {
    pub(crate) fn new(now_ms: i64, customers: usize) -> Self {
        Worklist {
            now_ms,
            stands: vec![Stands::Nowhere; customers],
            ..Worklist::default()
        }
    }

    /// The list, most pressing first.
    pub fn entries(&self) -> &Arc<Vec<Entry>> {
        &self.entries
    }
    /// The rows, most pressing first.
    pub fn rows(&self) -> impl Iterator<Item = &Arc<Task>> + '_ {
        let customers = self.entries.iter().map(|e| e.customer);
        customers.filter_map(|customer| self.task(customer))
    }
    /// A customer's row, where it is on the list.
    pub fn task(&self, customer: CustomerId) -> Option<&Arc<Task>> {
        listed(&self.stands, customer)
    }
    /// A clock by its number.
    pub fn clock(&self, id: ClockId) -> Option<&Clock> {
        self.clocks.all.get(id.index()).map(|clock| &**clock)
    }
    /// How many clocks have a number.
    pub fn clocks(&self) -> usize {
        self.clocks.all.len()
    }
    /// Customers past due who were spoken to today.
    pub fn done(&self) -> u32 {
        self.away.done
    }
    /// Customers past due whose next step is on a later day.
    pub fn waiting(&self) -> u32 {
        self.away.waiting
    }
    /// Customers past due, but with nothing that is neither promised nor disputed (PT-07).
    pub fn held(&self) -> u32 {
        self.away.held
    }
    /// Customers put off to a later day (PR-03).
    pub fn snoozed(&self) -> u32 {
        self.away.snoozed
    }
    /// A customer's number in the list, from 1.
    pub fn place(&self, customer: CustomerId) -> Option<usize> {
        let task = self.task(customer)?;
        Some(1 + find(&self.stands, &self.entries, &task.order).ok()?)
    }
    /// A row's number in the list, from 1, as it would be without pins (PR-03).
    pub fn place_by_rules(&self, task: &Task) -> usize {
        let unpinned = |t: &Task| {
            let mut order = t.order;
            order.0 = true;
            order
        };
        let own = unpinned(task);
        let (pins, rest) = self
            .entries
            .split_at(self.entries.partition_point(|e| e.pinned));
        let before = |e: &Entry| self.task(e.customer).is_some_and(|t| unpinned(t) < own);
        1 + pins.iter().filter(|e| before(e)).count() + rest.partition_point(before)
    }
    /// The instant by which call-backs are due, milliseconds UTC.
    pub fn now_ms(&self) -> i64 {
        self.now_ms
    }

    /// The clock went on: looks again at whoever agreed on an instant in between, and answers who
    /// that was.
    pub(crate) fn tick(
        &mut self,
        book: &Book,
        scan: &OpenScan<'_>,
        balances: &Balances,
        now_ms: i64,
    ) -> Vec<CustomerId> {
        let (from, to) = (self.now_ms.min(now_ms), self.now_ms.max(now_ms));
        let all = (from, CustomerId(0))..=(to, CustomerId(u32::MAX));
        let due: BTreeSet<CustomerId> = self.alarms.range(all).map(|(_, c)| *c).collect();
        self.now_ms = now_ms;
        let due: Vec<CustomerId> = due.into_iter().collect();
        self.look_again(book, scan, balances, &due);
        due
    }

    /// Looks again at some customers and puts them where they belong now.
    pub(crate) fn look_again(
        &mut self,
        book: &Book,
        scan: &OpenScan<'_>,
        balances: &Balances,
        customers: &[CustomerId],
    ) {
        if customers.is_empty() {
            return;
        }
        let desk = Desk::now(book, scan, self.now_ms);
        let entries = Arc::make_mut(&mut self.entries);
        let mut moved = Vec::new();
        for customer in customers {
            let stands = stands(&desk, balances, *customer);
            if let Stands::Listed(task) = &stands {
                moved.push(Arc::clone(task));
            }
            if let Some(task) = listed(&self.stands, *customer)
                && let Ok(at) = find(&self.stands, entries, &task.order)
            {
                entries.remove(at);
            }
            Self::count(&mut self.away, &mut self.stands, *customer, stands);
            let follow_ups = open_follow_ups(book, scan, *customer);
            set_alarms(
                &mut self.alarms,
                &mut self.alarms_of,
                *customer,
                &follow_ups,
            );
        }
        for task in moved {
            if let Err(at) = find(&self.stands, entries, &task.order) {
                entries.insert(at, self.clocks.entry(&task.row));
            }
        }
    }

    /// Looks at one customer for the first time; [`Worklist::arrange`] follows the last one.
    pub(crate) fn first_look(
        &mut self,
        desk: &Desk<'_>,
        balances: &Balances,
        customer: CustomerId,
        found: &mut Vec<Arc<Task>>,
    ) {
        let stands = stands(desk, balances, customer);
        if let Stands::Listed(task) = &stands {
            found.push(Arc::clone(task));
        }
        Self::count(&mut self.away, &mut self.stands, customer, stands);
        let follow_ups = open_follow_ups(desk.book, desk.scan, customer);
        set_alarms(&mut self.alarms, &mut self.alarms_of, customer, &follow_ups);
    }

    /// Takes the rows found, in order.
    pub(crate) fn arrange(&mut self, rows: &[Arc<Task>]) {
        let entries = rows.iter().map(|task| self.clocks.entry(&task.row));
        self.entries = Arc::new(entries.collect());
    }

    fn count(away: &mut Away, all: &mut Vec<Stands>, customer: CustomerId, stands: Stands) {
        if customer.index() >= all.len() {
            all.resize(customer.index() + 1, Stands::Nowhere);
        }
        let mut add = |stands: &Stands, sign: i32| {
            let count = match stands {
                Stands::Done => &mut away.done,
                Stands::Waiting => &mut away.waiting,
                Stands::Held => &mut away.held,
                Stands::Snoozed => &mut away.snoozed,
                Stands::Nowhere | Stands::Listed(_) => return,
            };
            *count = count.saturating_add_signed(sign);
        };
        add(&all[customer.index()], -1);
        add(&stands, 1);
        all[customer.index()] = stands;
    }
}

fn listed(stands: &[Stands], customer: CustomerId) -> Option<&Arc<Task>> {
    match stands.get(customer.index()) {
        Some(Stands::Listed(task)) => Some(task),
        _ => None,
    }
}

/// Where a row is in the list, or where it belongs.
fn find(stands: &[Stands], entries: &[Entry], order: &Order) -> Result<usize, usize> {
    let order_of = |e: &Entry| listed(stands, e.customer).map(|task| &task.order);
    entries.binary_search_by(|e| order_of(e).cmp(&Some(order)))
}

/// Puts a run of rows in order, before it is joined with the others.
pub(crate) fn sort_run(run: &mut [Arc<Task>]) {
    run.sort_by(|a, b| a.order.cmp(&b.order));
}

/// Joins two runs in order.
pub(crate) fn merge_runs(a: Vec<Arc<Task>>, b: Vec<Arc<Task>>) -> Vec<Arc<Task>> {
    let mut out = Vec::with_capacity(a.len() + b.len());
    let (mut a, mut b) = (a.into_iter().peekable(), b.into_iter().peekable());
    while let (Some(x), Some(y)) = (a.peek(), b.peek()) {
        let from = if x.order <= y.order { &mut a } else { &mut b };
        out.extend(from.next());
    }
    out.extend(a);
    out.extend(b);
    out
}

fn set_alarms(
    alarms: &mut BTreeSet<(i64, CustomerId)>,
    of: &mut BTreeMap<CustomerId, Vec<i64>>,
    customer: CustomerId,
    follow_ups: &[(FollowUpId, &FollowUp)],
) {
    for at in of.remove(&customer).unwrap_or_default() {
        alarms.remove(&(at, customer));
    }
    let at: Vec<i64> = follow_ups.iter().filter_map(|(_, f)| f.at).collect();
    if !at.is_empty() {
        alarms.extend(at.iter().map(|at| (*at, customer)));
        of.insert(customer, at);
    }
}

/// A customer's open follow-ups, the next one first.
pub(crate) fn open_follow_ups<'a>(
    book: &'a Book,
    scan: &OpenScan<'_>,
    customer: CustomerId,
) -> Vec<(FollowUpId, &'a FollowUp)> {
    let live = |s| scan.is_live(s);
    let ids = book.customer(customer).map_or(&[][..], |c| &c.follow_ups);
    let mut open: Vec<_> = ids
        .iter()
        .filter_map(|id| Some((*id, book.follow_ups().get(id.index())?)))
        .filter(|(_, f)| live(f.commit) && f.closed.get(&live).is_none())
        .collect();
    open.sort_by_key(|(id, f)| (f.due, f.at, *id));
    open
}

fn stands(desk: &Desk<'_>, balances: &Balances, customer: CustomerId) -> Stands {
    let rows: Vec<_> = balances.of(customer).iter().map(Into::into).collect();
    let open = open_follow_ups(desk.book, desk.scan, customer);
    let promised = desk
        .book
        .customer(customer)
        .is_some_and(|c| !c.promises.is_empty());
    if rows.is_empty() && open.is_empty() && !promised && desk.pin(customer).is_none() {
        return Stands::Nowhere;
    }
    let judged = if promised {
        judge_customer(desk.book, desk.scan, customer)
    } else {
        Vec::new()
    };
    match desk.place(customer, &rows, &judged, &open) {
        Place::Row(row) => Stands::Listed(Task::of(*row)),
        Place::Done => Stands::Done,
        Place::Waiting => Stands::Waiting,
        Place::Held => Stands::Held,
        Place::Snoozed => Stands::Snoozed,
        Place::Nothing => Stands::Nowhere,
    }
}
