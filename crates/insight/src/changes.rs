//! What changed since the last: from one commit to another, item by item, posting by posting,
//! promise by promise. A function of the book and two commits; nothing is kept.

use crate::promises::{Judged, PromiseState, judge_scan};
use duebook_ledger::columns::NO_DAY;
use duebook_ledger::facts::{Cause, Standing};
use duebook_ledger::settlements::Settlement;
use duebook_ledger::{Book, CustomerId, ItemId, OpenScan, PromiseId, Seq, SettlementId, View};
use duebook_money::{Currency, Day};
use std::collections::{BTreeMap, BTreeSet};

/// What happened to an item at its source, in the order a collector asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// Closed, and the source has said by what.
    Cleared,
    /// No longer in the list, cause unknown.
    Gone,
    /// Less is open.
    PartPaid,
    /// Open again after it was closed: returned money first.
    Reopened,
    /// More is open.
    Raised,
    /// Not there before: a debt.
    New,
    /// Not there before: a credit.
    NewCredit,
    /// Its due date changed: re-aged at source (KP-23).
    ReAged,
    /// The document's amount changed.
    Amended,
    /// It belongs to another customer.
    Moved,
}

impl Change {
    /// Every kind, in order.
    pub const ALL: [Change; 10] = [
        Change::Cleared,
        Change::Gone,
        Change::PartPaid,
        Change::Reopened,
        Change::Raised,
        Change::New,
        Change::NewCredit,
        Change::ReAged,
        Change::Amended,
        Change::Moved,
    ];
}

/// One item that changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChangedItem {
    /// Which.
    pub item: ItemId,
    /// How.
    pub change: Change,
    /// Open at source before, minor units, signed.
    pub from: i64,
    /// Open at source after.
    pub to: i64,
    /// Of what went, minor units for which no cause is known; signed like the item.
    pub unknown: i64,
    /// Due before, where that changed.
    pub due_from: Option<Day>,
    /// Whose it was, where that changed.
    pub owner_from: Option<CustomerId>,
}

/// How a posting of ours was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Answered {
    /// As we did.
    Confirmed,
    /// Differently: the source's own counts, ours was taken back.
    Contradicted,
}

/// A posting of ours that was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AnsweredPosting {
    /// Ours.
    pub settlement: SettlementId,
    /// On which item.
    pub item: ItemId,
    /// Minor units.
    pub amount: i64,
    /// How.
    pub how: Answered,
}

/// A promise that stands otherwise than before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PromiseNews {
    /// As it stands.
    pub now: Judged,
    /// As it stood.
    pub was: PromiseState,
}

/// What changed between two commits.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// Items, as recorded.
    pub items: Vec<ChangedItem>,
    /// Postings of ours, in log order.
    pub postings: Vec<AnsweredPosting>,
    /// Promises whose state is another, oldest first.
    pub promises: Vec<PromiseNews>,
}

impl Changes {
    /// The items of one kind.
    pub fn of(&self, change: Change) -> impl Iterator<Item = &ChangedItem> {
        self.items.iter().filter(move |i| i.change == change)
    }
    /// Per currency, by how much a kind moved what is open at source, minor units, signed.
    pub fn moved(&self, book: &Book, change: Change) -> Vec<(Currency, i64)> {
        let mut sums: BTreeMap<Currency, i64> = BTreeMap::new();
        for line in self.of(change) {
            if let Some(item) = book.item(line.item) {
                let moved = line.to.saturating_sub(line.from);
                let sum = sums.entry(item.currency()).or_default();
                *sum = sum.saturating_add(moved);
            }
        }
        sums.into_iter().collect()
    }
}

/// What the commits after `after` up to `until` changed, as seen on `today`. Commits of work in
/// between are not what the source changed and are left out.
pub fn changes(book: &Book, after: Seq, until: Seq, today: Day) -> Changes {
    let ids = touched_items(book, after, until);
    Changes {
        items: changed_items(book, after, until, &ids),
        ..changed_work(book, after, until, today)
    }
}

/// Postings and promises that the files between two commits answered: [`changes`] without items.
pub fn changed_work(book: &Book, after: Seq, until: Seq, today: Day) -> Changes {
    let files = files(book, after, until);
    if files.is_empty() {
        return Changes::default();
    }
    let (was, is) = scans(book, after, until);
    Changes {
        items: Vec::new(),
        postings: postings(book, &files, &was, &is),
        promises: promises(book, after, until, today),
    }
}

/// How some of [`touched_items`] changed, in their order: a slice of [`changes`].
pub fn changed_items(book: &Book, after: Seq, until: Seq, ids: &[ItemId]) -> Vec<ChangedItem> {
    let files = files(book, after, until);
    let (was, is) = scans(book, after, until);
    let change = |id: &ItemId| changed_item(book, &was, &is, &files, *id);
    ids.iter().filter_map(change).collect()
}

fn files(book: &Book, after: Seq, until: Seq) -> BTreeSet<Seq> {
    let commits = book.imports().map(|i| i.commit);
    commits.filter(|s| *s > after && *s <= until).collect()
}

fn scans(book: &Book, after: Seq, until: Seq) -> (OpenScan<'_>, OpenScan<'_>) {
    let view = |known| View {
        as_of: Day(i32::MAX),
        known: Some(known),
    };
    (
        OpenScan::new(book, view(after)),
        OpenScan::new(book, view(until)),
    )
}

/// Items that a file between two commits recorded, settled, moved or re-aged; in order.
pub fn touched_items(book: &Book, after: Seq, until: Seq) -> Vec<ItemId> {
    let files = &files(book, after, until);
    let live = book.live_at(until);
    let is_live = |s: Seq| live.get(s.index()).copied().unwrap_or(false);
    let mut out: Vec<ItemId> = Vec::new();
    if files.is_empty() {
        return out;
    }
    for s in book.settlements().iter() {
        let answered = || s.standing.is_pending() && book.is_live(s.commit);
        if files.contains(&s.commit) || answered() {
            out.extend([s.debit, s.credit].into_iter().flatten());
        }
    }
    for (number, state) in book.items().segments().iter().enumerate() {
        let by_file = |changes: &[Seq]| changes.iter().any(|s| files.contains(s));
        let mut add = |row: u16| out.push(ItemId::new(number, usize::from(row)));
        for (row, c) in &state.due_changes {
            if by_file(&c.iter().map(|(s, _)| *s).collect::<Vec<_>>()) {
                add(*row);
            }
        }
        for (row, c) in &state.amount_changes {
            if by_file(&c.iter().map(|(s, _)| *s).collect::<Vec<_>>()) {
                add(*row);
            }
        }
        for (row, commits) in state.moves() {
            if by_file(&commits) {
                add(row);
            }
        }
        for row in 0..state.data.len() {
            if files.contains(&state.recorded.of(row)) {
                out.push(ItemId::new(number, row));
            }
        }
    }
    out.sort_unstable();
    out.dedup();
    out.retain(|id| book.item(*id).is_some_and(|i| is_live(i.commit())));
    out
}

fn changed_item(
    book: &Book,
    was: &OpenScan<'_>,
    is: &OpenScan<'_>,
    files: &BTreeSet<Seq>,
    id: ItemId,
) -> Option<ChangedItem> {
    let item = book.item(id)?;
    let then = was.segment(id.segment()).filter(|s| s.exists(id.row()));
    let now = is.segment(id.segment())?;
    let at_source = |s: &duebook_ledger::open::SegmentScan<'_>| {
        s.open(id.row()).map_or(0, |open| open.at_source)
    };
    let (from, to) = (then.as_ref().map_or(0, at_source), at_source(&now));
    let line = ChangedItem {
        item: id,
        change: Change::New,
        from,
        to,
        unknown: unknown_cause(book, is, id, files),
        due_from: None,
        owner_from: None,
    };
    let Some(then) = then else {
        let change = if item.recorded_amount() < 0 {
            Change::NewCredit
        } else {
            Change::New
        };
        let recorded = files.contains(&item.commit());
        return recorded.then_some(ChangedItem { change, ..line });
    };
    let (due, owner) = (then.due(id.row()), then.data().customer[id.row()]);
    let due_from = (due != now.due(id.row())).then(|| duebook_ledger::items::day(due));
    let owner_from = (owner != now.data().customer[id.row()]).then_some(CustomerId(owner));
    let amended = book
        .settlements_of(id)
        .any(|s| files.contains(&s.commit) && s.cause == Cause::Amended && is.is_live(s.commit));
    let change = if owner_from.is_some() {
        Change::Moved
    } else if to == 0 && from != 0 && line.unknown != 0 {
        Change::Gone
    } else if to == 0 && from != 0 {
        Change::Cleared
    } else if amended {
        Change::Amended
    } else if from == 0 && to != 0 {
        Change::Reopened
    } else if to.abs() < from.abs() {
        Change::PartPaid
    } else if to.abs() > from.abs() {
        Change::Raised
    } else if due_from.is_some() {
        Change::ReAged
    } else {
        return None;
    };
    Some(ChangedItem {
        change,
        due_from: due_from.flatten().filter(|d| d.0 != NO_DAY),
        owner_from,
        ..line
    })
}

/// Of what is settled of an item, minor units for which the source has given no cause, by the
/// commits of a view; signed like the item. `within` names the commits looked at; empty: all.
pub fn unknown_cause(book: &Book, scan: &OpenScan<'_>, id: ItemId, within: &BTreeSet<Seq>) -> i64 {
    let counts = |s: &Settlement| {
        let live = |seq: Seq| scan.is_live(seq);
        let table = book.settlements();
        s.cause == Cause::AtSourceUnknown
            && live(s.commit)
            && (within.is_empty() || within.contains(&s.commit))
            && table.standing(s.id, &live).counts()
            && table.reversal(s.id, &live).is_none()
    };
    let signed = |s: Settlement| match s.debit == Some(id) {
        true => s.amount,
        false => s.amount.saturating_neg(),
    };
    let all = book.settlements_of(id).filter(counts);
    all.fold(0i64, |sum, s| sum.saturating_add(signed(s)))
}

/// Postings of ours that waited before and are answered now.
fn postings(
    book: &Book,
    files: &BTreeSet<Seq>,
    was: &OpenScan<'_>,
    is: &OpenScan<'_>,
) -> Vec<AnsweredPosting> {
    let table = book.settlements();
    let (then, now) = (|s: Seq| was.is_live(s), |s: Seq| is.is_live(s));
    let waited = |s: &Settlement| {
        s.standing.is_pending()
            && then(s.commit)
            && table.standing(s.id, &then).is_pending()
            && table.reversal(s.id, &then).is_none()
    };
    let mut out = Vec::new();
    for s in table.iter().filter(waited) {
        let Some(item) = s.debit.or(s.credit) else {
            continue;
        };
        let how = match (table.standing(s.id, &now), table.reversal(s.id, &now)) {
            (Standing::Confirmed, _) => Answered::Confirmed,
            (_, Some(r)) if files.contains(&r.commit) => Answered::Contradicted,
            _ => continue,
        };
        let (settlement, amount) = (s.id, s.amount);
        out.push(AnsweredPosting {
            settlement,
            item,
            amount,
            how,
        });
    }
    out
}

/// Promises whose state is another than it was before, on one day.
fn promises(book: &Book, after: Seq, until: Seq, today: Day) -> Vec<PromiseNews> {
    if book.promises().is_empty() {
        return Vec::new();
    }
    let judged = |known| {
        let known = Some(known);
        judge_scan(
            book,
            &OpenScan::new(
                book,
                View {
                    as_of: today,
                    known,
                },
            ),
        )
    };
    let was: BTreeMap<PromiseId, PromiseState> = judged(after)
        .into_iter()
        .map(|j| (j.promise, j.state))
        .collect();
    let news = |now: Judged| {
        let was = *was.get(&now.promise)?;
        (was != now.state).then_some(PromiseNews { now, was })
    };
    judged(until).into_iter().filter_map(news).collect()
}
