//! THE open-item function (AG-20, AG-21): what was open on a date, as known after a commit. Every
//! total on every screen, letter and sheet comes from here.

use crate::book::Book;
use crate::columns::Segment;
use crate::facts::{Cause, SuccessionKind};
use crate::ids::{CustomerId, ItemId, Seq};
use crate::items::{ItemRef, SegmentState};
use crate::recon::PostedAt;
use crate::settlements::Settlement;
use duebook_money::Day;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Which figures are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct View {
    /// Accounting date.
    pub as_of: Day,
    /// As known after this commit; `None` for as known now.
    pub known: Option<Seq>,
}

impl View {
    /// On a date, as known now.
    pub fn on(as_of: Day) -> Self {
        View { as_of, known: None }
    }
}

/// The figures of one item in a view, minor units, signed like the item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Open {
    /// By the source's book.
    pub at_source: i64,
    /// Ours, not confirmed by the source.
    pub pending: i64,
}

impl Open {
    /// At source + pending.
    pub fn working(self) -> i64 {
        self.at_source.saturating_add(self.pending)
    }
}

/// One pass over the settlements makes every item's figures of a view ready.
pub struct OpenScan<'a> {
    book: &'a Book,
    view: View,
    live: Cow<'a, [bool]>,
    /// `None`: the columns kept in the segments hold for this view.
    moved: Option<Vec<(Vec<i64>, Vec<i64>)>>,
    /// Segments with rows that were other than they are: of another customer, or not there yet.
    then: BTreeMap<usize, Segment>,
    /// Items that were another customer's than they are.
    owners: BTreeMap<ItemId, CustomerId>,
}

impl<'a> OpenScan<'a> {
    /// Prepares a view. Costs nothing for today's figures; one scan of the settlements otherwise.
    pub fn new(book: &'a Book, view: View) -> Self {
        let now = view.known.is_none_or(|k| k >= book.head());
        let live = match view.known {
            Some(known) if !now => Cow::Owned(book.live_at(known)),
            _ => Cow::Borrowed(&book.live[..]),
        };
        let kept = now && book.settlements().latest_effective() <= view.as_of.0;
        let moved = (!kept).then(|| {
            let segments = book.items().segments();
            let mut moved: Vec<(Vec<i64>, Vec<i64>)> = vec![Default::default(); segments.len()];
            book.settlements()
                .effects(view.as_of.0, &live, |item, amount, pending| {
                    let rows = segments.get(item.segment()).map_or(0, |s| s.data.len());
                    let Some((settled, ours)) = moved.get_mut(item.segment()) else {
                        return;
                    };
                    let bump = |column: &mut Vec<i64>| {
                        if column.is_empty() {
                            column.resize(rows, 0);
                        }
                        column[item.row()] = column[item.row()].saturating_add(amount);
                    };
                    bump(settled);
                    if pending {
                        bump(ours);
                    }
                });
            moved
        });
        let owners = owners_then(book, view, &live, now);
        let mut then = BTreeMap::new();
        for (id, customer) in &owners {
            let Some(state) = book.items().segments().get(id.segment()) else {
                continue;
            };
            let segment: &mut Segment = then
                .entry(id.segment())
                .or_insert_with(|| Segment::clone(&state.data));
            if let Some(slot) = segment.customer.get_mut(id.row()) {
                *slot = customer.0;
            }
        }
        // As long as every predecessor is gone, each successor is there.
        if !kept {
            successors_then(book, view, &live, &mut then);
        }
        OpenScan {
            book,
            view,
            live,
            moved,
            then,
            owners,
        }
    }
    /// Whose an item was in this view.
    pub fn customer_of(&self, id: ItemId) -> Option<CustomerId> {
        let then = self.owners.get(&id).copied();
        then.or_else(|| Some(self.book.item(id)?.customer()))
    }
    /// The items that were another customer's in this view than they are, and whose.
    pub fn owners(&self) -> &BTreeMap<ItemId, CustomerId> {
        &self.owners
    }
    /// The items that were a customer's in this view, those left out that were dead in it: in log order,
    /// those that are another's now last. Needs [`Book::index_customers`].
    pub fn items_of(&self, customer: CustomerId) -> impl Iterator<Item = ItemRef<'a>> + '_ {
        let own = self.book.items_ever_of(customer);
        let own = own.filter(|i| self.owners.is_empty() || !self.owners.contains_key(&i.id));
        let were = self.owners.iter().filter(move |(_, c)| **c == customer);
        let were = were.filter_map(|(id, _)| self.book.item(*id));
        own.chain(were).filter(|i| self.is_live(i.commit()))
    }
    /// The view asked for.
    pub fn view(&self) -> View {
        self.view
    }
    /// Which commits count in this view, by seq.
    pub fn live(&self) -> &[bool] {
        &self.live
    }
    /// Whether a commit counts in this view.
    pub fn is_live(&self, seq: Seq) -> bool {
        self.live.get(seq.0 as usize).copied().unwrap_or(false)
    }
    /// A segment's rows in this view.
    pub fn segment(&self, number: usize) -> Option<SegmentScan<'_>> {
        let state = &**self.book.items().segments().get(number)?;
        let (settled, pending) = match &self.moved {
            Some(moved) => (&moved[number].0[..], &moved[number].1[..]),
            None => (&state.settled[..], &state.pending[..]),
        };
        let all_live = match &state.recorded {
            crate::items::Recorded::Together(seq) => Some(self.is_live(*seq)),
            crate::items::Recorded::Each(_) => None,
        };
        Some(SegmentScan {
            data: self.then.get(&number).unwrap_or(&state.data),
            state,
            settled,
            pending,
            all_live,
            scan: self,
        })
    }
    /// The segments in order, with their numbers.
    pub fn segments(&self) -> impl Iterator<Item = (usize, SegmentScan<'_>)> {
        (0..self.book.items().segments().len()).filter_map(|n| Some((n, self.segment(n)?)))
    }
    /// One item's figures; `None` where it did not exist in this view.
    pub fn open(&self, id: ItemId) -> Option<Open> {
        self.segment(id.segment())?.open(id.row())
    }
}

/// Items that were another customer's than they are: by the commits that counted, and before the day
/// from which a receipt was moved.
fn owners_then(book: &Book, view: View, live: &[bool], now: bool) -> BTreeMap<ItemId, CustomerId> {
    let is_live = |s: Seq| live.get(s.0 as usize).copied().unwrap_or(false);
    let mut owners = BTreeMap::new();
    if !now {
        for (number, state) in book.items().segments().iter().enumerate() {
            let rows = state.customers_at(is_live).into_iter();
            owners.extend(rows.map(|(row, c)| (ItemId::new(number, row), CustomerId(c))));
        }
    }
    let moves = book.recon.moved.iter();
    let later = moves.filter(|m| is_live(m.commit) && m.effective > view.as_of);
    for id in later.map(|m| m.receipt) {
        let at = PostedAt {
            day: view.as_of,
            commit: Seq(u32::MAX),
            back: false,
        };
        let Some(then) = book.holder(id, at, &is_live) else {
            continue;
        };
        match book.item(id).is_some_and(|i| i.customer() == then) {
            true => owners.remove(&id),
            false => owners.insert(id, then),
        };
    }
    owners
}

/// A document that took the place of others and is dated before they went is one debt with them,
/// not two: until the day on which the last of them went it is not there.
fn successors_then(book: &Book, view: View, live: &[bool], then: &mut BTreeMap<usize, Segment>) {
    let is_live = |s: Seq| live.get(s.0 as usize).copied().unwrap_or(false);
    let taken = book.successions.iter().filter(|(seq, _)| is_live(*seq));
    for (said, s) in taken.filter(|(_, s)| s.kind != SuccessionKind::Unrelated) {
        let gone = s
            .from
            .iter()
            .filter_map(|id| gone_on(book, book.current(*id), *said, view.as_of, &is_live));
        let Some(gone) = gone.max().filter(|day| *day > view.as_of.0) else {
            continue;
        };
        for id in s.to.iter().map(|id| book.current(*id)) {
            let Some(state) = book.items().segments().get(id.segment()) else {
                continue;
            };
            let segment = then
                .entry(id.segment())
                .or_insert_with(|| Segment::clone(&state.data));
            if let Some(doc) = segment.doc_date.get_mut(id.row()) {
                *doc = (*doc).max(gone);
            }
        }
    }
}

/// The day on which the last of an item went, where that was known when somebody said that others
/// took its place; where some of it stayed, the day on which the source showed less without a cause.
/// A file that came later may tell an earlier day for it: that one holds.
/// `None` too where it went by `as_of`.
fn gone_on(
    book: &Book,
    id: ItemId,
    said: Seq,
    as_of: Day,
    is_live: &impl Fn(Seq) -> bool,
) -> Option<i32> {
    let counts = |s: &Settlement| {
        is_live(s.commit)
            && book.settlements().standing(s.id, is_live).counts()
            && book.settlements().reversal(s.id, is_live).is_none()
    };
    let all: Vec<Settlement> = book.settlements_of(id).filter(counts).collect();
    let moved = |s: &Settlement| match s.debit == Some(id) {
        true => -s.amount,
        false => s.amount,
    };
    let known = || all.iter().filter(|s| s.commit < said);
    let open = book.item(id)?.recorded_open();
    let left = known().fold(open, |sum, s| sum.saturating_add(moved(s)));
    let is_unknown = |s: &Settlement| s.cause == Cause::AtSourceUnknown;
    let shown = known().filter(|s| left == 0 || is_unknown(s));
    let shown = shown.map(|s| s.effective.0).max()?;
    // What is told later is told of an earlier day: it went by then in any case.
    if shown <= as_of.0 {
        return None;
    }
    let mut by_day: BTreeMap<i32, i64> = BTreeMap::new();
    let told = all
        .iter()
        .filter(|s| left == 0 || is_unknown(s) || s.commit >= said);
    for s in told.filter(|s| s.effective.0 <= shown) {
        let sum = by_day.entry(s.effective.0).or_default();
        *sum = sum.saturating_add(moved(s));
    }
    by_day.retain(|_, sum| *sum != 0);
    by_day.last_key_value().map(|(day, _)| *day)
}

/// The rows of one segment in a view.
pub struct SegmentScan<'a> {
    data: &'a Segment,
    state: &'a SegmentState,
    settled: &'a [i64],
    pending: &'a [i64],
    all_live: Option<bool>,
    scan: &'a OpenScan<'a>,
}

impl<'a> SegmentScan<'a> {
    /// The rows as recorded, each with the customer it had in this view; one that took the place of
    /// another is dated when that went.
    pub fn data(&self) -> &'a Segment {
        self.data
    }
    /// The segment's state.
    pub fn state(&self) -> &'a SegmentState {
        self.state
    }
    /// Rows.
    pub fn len(&self) -> usize {
        self.state.data.len()
    }
    /// Whether it has no row.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// For whole-column loops: set where every row is live or none is.
    pub fn all_live(&self) -> Option<bool> {
        self.all_live
    }
    /// Movements since recorded, empty while all zero.
    pub fn settled(&self) -> &'a [i64] {
        self.settled
    }
    /// Of which ours and not confirmed, empty while all zero.
    pub fn pending(&self) -> &'a [i64] {
        self.pending
    }
    /// Whether every row is the source's own: nothing in the segment is ours.
    pub fn is_of_source(&self) -> bool {
        self.state.standing.is_empty()
    }
    /// Whether a row existed in this view.
    pub fn exists(&self, row: usize) -> bool {
        let live = match self.all_live {
            Some(live) => live,
            None => self.scan.is_live(self.state.recorded.of(row)),
        };
        live && self.data.doc_date[row] <= self.scan.view.as_of.0 && self.standing(row).counts()
    }
    /// Where a row stands against the source in this view.
    pub fn standing(&self, row: usize) -> crate::facts::Standing {
        if self.state.standing.is_empty() {
            crate::facts::Standing::AtSource
        } else {
            self.state.standing_at(row, |s| self.scan.is_live(s))
        }
    }
    /// A row's figures; `None` where it did not exist in this view.
    pub fn open(&self, row: usize) -> Option<Open> {
        if row >= self.len() || !self.exists(row) {
            return None;
        }
        let settled = self.settled.get(row).copied().unwrap_or(0);
        let pending = self.pending.get(row).copied().unwrap_or(0);
        let recorded = self.state.data.open[row];
        Some(if self.standing(row).is_pending() {
            Open {
                at_source: 0,
                pending: recorded.saturating_sub(settled),
            }
        } else {
            let at_source = recorded.saturating_sub(settled).saturating_add(pending);
            Open {
                at_source,
                pending: pending.saturating_neg(),
            }
        })
    }
    /// A row's due date in this view (days, or [`crate::columns::NO_DAY`]).
    pub fn due(&self, row: usize) -> i32 {
        let recorded = self.state.data.due[row];
        if self.state.due_changes.is_empty() {
            return recorded;
        }
        let changes = self.state.due_changes.get(&(row as u16));
        let changed = changes.and_then(|c| c.iter().rev().find(|(s, _)| self.scan.is_live(*s)));
        changed.map_or(recorded, |(_, due)| *due)
    }
}
