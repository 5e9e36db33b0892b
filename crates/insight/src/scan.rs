//! The one scan behind every aging: customer x entity x currency, whole columns at a time.
//!
//! Rows are read segment by segment; what later facts changed is first added into a scratch
//! column, so that one plain loop serves every case. Sums are 64 bits with a sticky overflow flag.

use crate::overlay::Overlay;
use duebook_ledger::columns::{ItemKind, NO_DAY, NumField};
use duebook_ledger::facts::CreditMode;
use duebook_ledger::items::Recorded;
use duebook_ledger::open::SegmentScan;
use duebook_ledger::{ItemId, OpenScan};
use duebook_policy::{Basis, Buckets};

/// Which of an item's figures a report shows (architecture.md, "The source's book and ours").
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Figure {
    /// At source + pending: what a collector works with.
    #[default]
    Working,
    /// By the source's book; pending stands beside it.
    AtSource,
}

/// Bucket of an age by table, where the edges lie close enough for one.
pub(crate) struct BucketTable<'a> {
    buckets: &'a Buckets,
    low: i32,
    table: Vec<u8>,
}

const TABLE_DAYS: i32 = 8192;

impl<'a> BucketTable<'a> {
    pub fn new(buckets: &'a Buckets) -> Self {
        let edges = buckets.edges();
        let (low, high) = (
            edges.first().copied().unwrap_or(0),
            edges.last().copied().unwrap_or(0),
        );
        let span = high.saturating_sub(low);
        // One entry for everything up to the first edge and one for all past the last.
        let table = if span < TABLE_DAYS {
            (0..=span + 1)
                .map(|i| buckets.index(low.saturating_add(i)) as u8)
                .collect()
        } else {
            Vec::new()
        };
        BucketTable {
            buckets,
            low,
            table,
        }
    }
    #[inline]
    pub fn index(&self, days: i32) -> usize {
        let Some(last) = self.table.len().checked_sub(1) else {
            return self.buckets.index(days);
        };
        let at = (days.saturating_sub(self.low).max(0) as usize).min(last);
        usize::from(self.table[at])
    }
}

/// What is gathered of one customer, entity and currency beside its columns.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Slot {
    pub customer: u32,
    /// Entity in the upper half, numeric currency in the lower.
    pub key: u32,
    next: u32,
    /// Items with a figure.
    pub items: u32,
    /// Open debits past due, before any credit.
    pub late: i64,
    late_days_high: i64,
    late_days_low: i64,
    pub pending: i64,
    /// Most days late of any open debit; negative while not yet due.
    pub oldest: i32,
    pub missing_due: u32,
    pub not_yet_issued: i64,
}

const LATE_SPLIT: u32 = 24;
/// Days late beyond this weigh no more: 89 years.
const MOST_DAYS: i32 = 32_767;

impl Slot {
    pub fn entity(&self) -> u16 {
        (self.key >> 16) as u16
    }
    pub fn currency(&self) -> u16 {
        self.key as u16
    }
    /// Sum of amount x days late.
    pub fn late_days(&self) -> i128 {
        (i128::from(self.late_days_high) << LATE_SPLIT) + i128::from(self.late_days_low)
    }
}

/// The sums of a scan. Columns of a slot: one per bucket, unapplied cash, credit memos.
pub(crate) struct Slots {
    pub width: usize,
    heads: Vec<u32>,
    pub slots: Vec<Slot>,
    pub amounts: Vec<i64>,
    pub counts: Vec<u32>,
    pub overflow: bool,
}

/// What a scan is asked for.
pub(crate) struct Ask<'a> {
    pub basis: Basis,
    pub buckets: &'a Buckets,
    pub credits: CreditMode,
    pub figure: Figure,
}

impl Slots {
    pub fn buckets(&self) -> usize {
        self.width - 2
    }
    pub fn columns(&self, slot: usize) -> &[i64] {
        &self.amounts[slot * self.width..(slot + 1) * self.width]
    }
    pub fn counts_of(&self, slot: usize) -> &[u32] {
        &self.counts[slot * self.width..(slot + 1) * self.width]
    }
    /// The slot of a customer, entity and currency, if anything was gathered for it.
    pub fn find(&self, customer: u32, key: u32) -> Option<usize> {
        let mut at = *self.heads.get(customer as usize)?;
        while at != 0 {
            let slot = &self.slots[at as usize - 1];
            if slot.key == key {
                return Some(at as usize - 1);
            }
            at = slot.next;
        }
        None
    }
    #[inline]
    fn slot(&mut self, customer: u32, key: u32) -> usize {
        match self.find(customer, key) {
            Some(slot) => slot,
            None => self.new_slot(customer, key),
        }
    }
    #[cold]
    fn new_slot(&mut self, customer: u32, key: u32) -> usize {
        let index = customer as usize;
        if index >= self.heads.len() {
            self.heads.resize(index + 1, 0);
        }
        self.slots.push(Slot {
            customer,
            key,
            next: self.heads[index],
            oldest: i32::MIN,
            ..Slot::default()
        });
        self.heads[index] = self.slots.len() as u32;
        self.amounts.resize(self.slots.len() * self.width, 0);
        self.counts.resize(self.slots.len() * self.width, 0);
        self.slots.len() - 1
    }

    /// Gathers a whole view.
    pub fn gather(scan: &OpenScan<'_>, ask: &Ask<'_>, overlay: &Overlay, customers: usize) -> Self {
        let width = ask.buckets.count() + 2;
        let mut slots = Slots {
            width,
            heads: vec![0; customers],
            slots: Vec::new(),
            amounts: Vec::new(),
            counts: Vec::new(),
            overflow: false,
        };
        let table = BucketTable::new(ask.buckets);
        let mut scratch = Scratch::default();
        for (number, segment) in scan.segments() {
            if segment.all_live() == Some(false) || segment.is_empty() {
                continue;
            }
            let columns = scratch.columns(scan, &segment, number, ask.figure, overlay);
            let as_of = scan.view().as_of.0;
            match ask.basis {
                Basis::DueDate => slots.add::<false>(&segment, &columns, as_of, ask, &table),
                Basis::InvoiceDate => slots.add::<true>(&segment, &columns, as_of, ask, &table),
            }
        }
        if ask.credits == CreditMode::NetOldest {
            slots.net_oldest();
        }
        slots
    }

    fn add<const BY_DOCUMENT: bool>(
        &mut self,
        segment: &SegmentScan<'_>,
        columns: &Columns<'_>,
        as_of: i32,
        ask: &Ask<'_>,
        table: &BucketTable<'_>,
    ) {
        let data = segment.data();
        let n = segment.len();
        let (open, due) = (&columns.open[..n], &columns.due[..n]);
        let (customer, entity) = (&data.customer[..n], &data.entity[..n]);
        let (currency, doc) = (&data.currency[..n], &data.doc_date[..n]);
        let buckets = self.buckets();
        let (mut last, mut at) = ((u32::MAX, u32::MAX), 0);
        for i in 0..n {
            let amount = open[i];
            let pending = columns.pending.get(i).copied().unwrap_or(0);
            if amount == 0 && pending == 0 {
                continue;
            }
            let key = (
                customer[i],
                u32::from(entity[i]) << 16 | u32::from(currency[i]),
            );
            if key != last {
                at = self.slot(key.0, key.1);
                last = key;
            }
            let slot = &mut self.slots[at];
            let mut add = |to: &mut i64, value: i64| {
                let (sum, over) = to.overflowing_add(value);
                *to = sum;
                self.overflow |= over;
            };
            if doc[i] > as_of {
                add(&mut slot.not_yet_issued, amount);
                continue;
            }
            add(&mut slot.pending, pending);
            if amount == 0 {
                continue;
            }
            slot.items += 1;
            let issued = days(as_of, doc[i]);
            let column = if amount < 0 {
                match ask.credits {
                    CreditMode::Aged => table.index(issued),
                    _ => buckets + usize::from(!is_cash(data.kind[i])),
                }
            } else {
                let late = if due[i] == NO_DAY {
                    slot.missing_due += 1;
                    issued
                } else {
                    as_of.saturating_sub(due[i])
                };
                slot.oldest = slot.oldest.max(late);
                if late > 0 {
                    add(&mut slot.late, amount);
                    let weight = i64::from(late.min(MOST_DAYS));
                    let high = (amount >> LATE_SPLIT).wrapping_mul(weight);
                    add(&mut slot.late_days_high, high);
                    add(
                        &mut slot.late_days_low,
                        (amount & ((1 << LATE_SPLIT) - 1)) * weight,
                    );
                }
                table.index(if BY_DOCUMENT { issued } else { late })
            };
            let cell = at * self.width + column;
            add(&mut self.amounts[cell], amount);
            self.counts[cell] += 1;
        }
    }

    /// AG-05 (c): credits pay the oldest bucket first, cash before credit memos. What is left of
    /// them stays in its column.
    fn net_oldest(&mut self) {
        let buckets = self.buckets();
        for row in self.amounts.chunks_exact_mut(self.width) {
            let (debts, credits) = row.split_at_mut(buckets);
            for credit in credits {
                for debt in debts.iter_mut().rev() {
                    let used = (*debt).min(credit.saturating_neg()).max(0);
                    *debt -= used;
                    *credit += used;
                }
            }
        }
    }
}

/// Days since a date; 0 where it is not known.
#[inline]
pub(crate) fn days(as_of: i32, from: i32) -> i32 {
    if from == NO_DAY {
        0
    } else {
        as_of.saturating_sub(from)
    }
}

/// Whether a credit of this kind is money: a receipt or its rest, or money held on account.
#[inline]
pub(crate) fn is_cash(kind: u8) -> bool {
    kind == ItemKind::Receipt as u8 || kind == ItemKind::OnAccount as u8
}

/// The columns of a segment as a view shows them.
struct Columns<'a> {
    open: &'a [i64],
    /// Empty while all zero.
    pending: &'a [i64],
    due: &'a [i32],
}

#[derive(Default)]
struct Scratch {
    open: Vec<i64>,
    pending: Vec<i64>,
    due: Vec<i32>,
}

impl Scratch {
    fn columns<'a>(
        &'a mut self,
        scan: &OpenScan<'_>,
        segment: &SegmentScan<'a>,
        number: usize,
        figure: Figure,
        overlay: &Overlay,
    ) -> Columns<'a> {
        let data = segment.data();
        let patched = self.patch_due(segment, number, overlay);
        if segment.all_live() == Some(true) && segment.is_of_source() {
            self.fill_of_source(segment, figure);
        } else {
            self.fill_rows(scan, segment, figure);
        }
        let as_recorded = self.open.is_empty();
        Columns {
            open: if as_recorded { &data.open } else { &self.open },
            pending: &self.pending,
            due: if patched { &self.due } else { &data.due },
        }
    }

    /// Rows of the source: recorded less what moved since; of which ours is pending.
    fn fill_of_source(&mut self, segment: &SegmentScan<'_>, figure: Figure) {
        self.open.clear();
        self.pending.clear();
        if segment.settled().is_empty() {
            return;
        }
        let recorded = segment.data().open.iter();
        let moved = recorded.zip(segment.settled());
        self.open
            .extend(moved.map(|(open, settled)| open.saturating_sub(*settled)));
        let ours = segment.pending();
        self.pending.extend(ours.iter().map(|p| p.saturating_neg()));
        if figure == Figure::AtSource {
            for (open, ours) in self.open.iter_mut().zip(ours) {
                *open = open.saturating_add(*ours);
            }
        }
    }

    /// Rows recorded one by one, or of our own: each by its commit and standing.
    fn fill_rows(&mut self, scan: &OpenScan<'_>, segment: &SegmentScan<'_>, figure: Figure) {
        self.open.clear();
        self.pending.clear();
        let state = segment.state();
        for row in 0..segment.len() {
            let seq = match &state.recorded {
                Recorded::Together(seq) => *seq,
                Recorded::Each(seqs) => seqs[row],
            };
            let standing = segment.standing(row);
            if !scan.is_live(seq) || !standing.counts() {
                self.open.push(0);
                self.pending.push(0);
                continue;
            }
            let settled = segment.settled().get(row).copied().unwrap_or(0);
            let working = segment.data().open[row].saturating_sub(settled);
            let pending = if standing.is_pending() {
                working
            } else {
                let ours = segment.pending().get(row).copied().unwrap_or(0);
                ours.saturating_neg()
            };
            self.pending.push(pending);
            self.open.push(match figure {
                Figure::Working => working,
                Figure::AtSource => working.saturating_sub(pending),
            });
        }
    }

    /// A copy of the due dates where the source or we changed some.
    fn patch_due(&mut self, segment: &SegmentScan<'_>, number: usize, overlay: &Overlay) -> bool {
        let data = segment.data();
        let anchored = data.nums.iter().any(|(f, _)| *f == NumField::AgingAnchor);
        let (first, last) = (ItemId::new(number, 0), ItemId::new(number, 0xffff));
        let ours = overlay.anchors.range(first..=last);
        if !anchored && segment.state().due_changes.is_empty() && ours.clone().next().is_none() {
            return false;
        }
        self.due.clear();
        self.due.extend_from_slice(&data.due);
        for &row in segment.state().due_changes.keys() {
            if let Some(slot) = self.due.get_mut(usize::from(row)) {
                *slot = segment.due(usize::from(row));
            }
        }
        if anchored {
            for (row, slot) in self.due.iter_mut().enumerate() {
                let anchor = data.num(NumField::AgingAnchor, row);
                *slot = anchor.and_then(|d| i32::try_from(d).ok()).unwrap_or(*slot);
            }
        }
        for (id, day) in ours {
            if let Some(slot) = self.due.get_mut(id.row()) {
                *slot = *day;
            }
        }
        true
    }
}
