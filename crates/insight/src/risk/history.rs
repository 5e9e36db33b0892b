//! Invoices that were settled: when, how late, how much of them was lost.

use duebook_ledger::columns::{ItemKind, NO_DAY};
use duebook_ledger::facts::{Cause, SuccessionKind};
use duebook_ledger::open::SegmentScan;
use duebook_ledger::{Book, CustomerId, ItemId, OpenScan, View};
use duebook_money::{Currency, Day};
use std::collections::BTreeSet;

/// An invoice that was settled in full.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settled {
    /// Whose.
    pub customer: CustomerId,
    /// Document date.
    pub issued: Day,
    /// Due.
    pub due: Day,
    /// The day of what settled the last of it.
    pub settled: Day,
    /// Currency.
    pub currency: Currency,
    /// Amount, minor units.
    pub amount: i64,
    /// Written off of it.
    pub lost: i64,
    /// It was disputed.
    pub disputed: bool,
}

impl Settled {
    /// Days from the due date to the last of the money; negative where it came early.
    pub fn days_late(&self) -> i32 {
        self.settled.since(self.due)
    }
    /// A customer's own, by day of settlement: those of [`History::of`] that are theirs. `replaced`
    /// is [`replaced`] of the same view.
    pub fn of_customer(
        book: &Book,
        scan: &OpenScan<'_>,
        replaced: &BTreeSet<ItemId>,
        customer: CustomerId,
    ) -> Vec<Settled> {
        let mut rows: Vec<Settled> = (book.items_of(customer))
            .filter(|item| {
                let segment = scan.segment(item.id.segment());
                segment.is_some_and(|s| is_settled(&s, item.id.row()))
            })
            .filter_map(|item| settled(book, scan, replaced, item.id))
            .collect();
        duebook_money::order::sort_by_key(&mut rows, |r| (r.settled, r.issued, r.amount));
        rows
    }
    /// Whether it came after the due date.
    pub fn is_late(&self) -> bool {
        self.days_late() > 0
    }
}

/// Everything settled, by the day on which it was.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct History {
    rows: Vec<Settled>,
}

impl History {
    /// From rows in any order.
    pub fn new(mut rows: Vec<Settled>) -> Self {
        duebook_money::order::sort_by_key(&mut rows, |r| {
            (r.settled, r.customer, r.issued, r.amount)
        });
        History { rows }
    }
    /// The whole history of a book at once.
    pub fn of(book: &Book, view: View) -> Self {
        let mut gather = Gather::new(view);
        while gather.step(book, usize::MAX) {}
        gather.done()
    }
    /// By day of settlement.
    pub fn rows(&self) -> &[Settled] {
        &self.rows
    }
    /// Those settled before a day.
    pub fn before(&self, day: Day) -> &[Settled] {
        &self.rows[..self.rows.partition_point(|r| r.settled < day)]
    }
    /// How many of a customer's invoices settled so far were late, and of how many.
    pub fn late_of(&self, customer: CustomerId) -> (u32, u32) {
        let of = self.rows.iter().filter(|r| r.customer == customer);
        of.fold((0, 0), |(k, n), r| (k + u32::from(r.is_late()), n + 1))
    }
}

/// The history in the making, in slices.
pub struct Gather {
    view: View,
    next: usize,
    rows: Vec<Settled>,
    replaced: Option<BTreeSet<ItemId>>,
}

impl Gather {
    /// Nothing is read yet.
    pub fn new(view: View) -> Self {
        Gather {
            view,
            next: 0,
            rows: Vec::new(),
            replaced: None,
        }
    }
    /// Reads so many items more; answers whether there are any left.
    pub fn step(&mut self, book: &Book, items: usize) -> bool {
        let scan = OpenScan::new(book, self.view);
        let replaced = self.replaced.get_or_insert_with(|| replaced(book, &scan));
        let (segments, mut seen, mut left) = (book.items().segments().len(), 0usize, items);
        for number in 0..segments {
            let Some(segment) = scan.segment(number) else {
                continue;
            };
            let rows = segment.len();
            let from = self.next.saturating_sub(seen);
            seen += rows;
            if from >= rows {
                continue;
            }
            let to = rows.min(from.saturating_add(left));
            for row in from..to {
                if is_settled(&segment, row) {
                    let id = ItemId::new(number, row);
                    self.rows.extend(settled(book, &scan, replaced, id));
                }
            }
            left -= to - from;
            self.next += to - from;
            if left == 0 {
                return true;
            }
        }
        false
    }
    /// The history, once nothing is left.
    pub fn done(self) -> History {
        History::new(self.rows)
    }
}

/// A debit of the customer's business of which nothing is left.
fn is_settled(segment: &SegmentScan<'_>, row: usize) -> bool {
    let data = segment.data();
    let debit = data.amount[row] > 0 && data.kind[row] != ItemKind::LateCharge as u8;
    debit && segment.open(row).is_some_and(|o| o.working() == 0)
}

/// Items that others took the place of, in a view.
pub fn replaced(book: &Book, scan: &OpenScan<'_>) -> BTreeSet<ItemId> {
    let live = (book.successions())
        .filter(|(seq, s)| scan.is_live(*seq) && s.kind != SuccessionKind::Unrelated);
    live.flat_map(|(_, s)| s.from.iter().copied()).collect()
}

fn settled(
    book: &Book,
    scan: &OpenScan<'_>,
    replaced: &BTreeSet<ItemId>,
    id: ItemId,
) -> Option<Settled> {
    let item = book.item(id)?;
    let due = book.due_of(&item);
    let (mut last, mut lost) = (None::<Day>, 0i64);
    let table = book.settlements();
    let live = |seq| scan.is_live(seq);
    for s in book.settlements_of(id) {
        let counts = scan.is_live(s.commit)
            && s.effective <= scan.view().as_of
            && table.standing(s.id, &live).counts()
            && table.reversal(s.id, &live).is_none()
            && s.cause != Cause::TakeOn;
        if counts && s.debit == Some(id) {
            last = last.max(Some(s.effective));
            if s.cause == Cause::WriteOff {
                lost = lost.saturating_add(s.amount);
            }
        }
    }
    let dated = due != NO_DAY && item.doc_date() != NO_DAY;
    // A credited or rebilled invoice says nothing about how its customer pays.
    let paid = last.filter(|_| dated && !replaced.contains(&id))?;
    let mut marks = crate::overlay::Overlay::default();
    marks.read(book, scan, id);
    Some(Settled {
        customer: item.customer(),
        issued: Day(item.doc_date()),
        due: Day(due),
        settled: paid,
        currency: item.currency(),
        amount: book.amount_of(&item),
        lost,
        disputed: marks.disputed.contains_key(&id),
    })
}
