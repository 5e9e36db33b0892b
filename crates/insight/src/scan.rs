//! The one scan behind every aging: customer x entity x currency, whole columns at a time.
//!
//! Rows are read segment by segment; what later facts changed is first added into a scratch
//! column, so that one plain loop serves every case. Sums are 64 bits with a sticky overflow flag.

use crate::overlay::Overlay;
use crate::places::Places;
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

const LATE_SPLIT: u32 = 24;
/// Days late beyond this weigh no more: 89 years.
const MOST_DAYS: i32 = 32_767;

/// The sums of a scan, one record of words per slot: the columns (a bucket each, unapplied cash,
/// credit memos), their counts packed in halves of words, and four figures of late debits. A row
/// touches one or two neighbouring lines of memory.
pub(crate) struct Slots {
    pub places: Places,
    /// Columns of a slot.
    pub width: usize,
    stride: usize,
    records: Vec<i64>,
    /// What few rows have; empty while no row has it.
    pending: Vec<i64>,
    not_yet_issued: Vec<i64>,
    missing_due: Vec<u32>,
    pub overflow: bool,
}

/// What is asked of a scan.
pub(crate) struct Ask<'a> {
    pub basis: Basis,
    pub buckets: &'a Buckets,
    pub credits: CreditMode,
    pub figure: Figure,
}

// Words of a record after columns and counts.
const LATE: usize = 0;
const LATE_HIGH: usize = 1;
const LATE_LOW: usize = 2;
/// Most days late of a debit, above [`OLDEST_ZERO`]; 0 while there is no debit.
const OLDEST: usize = 3;
const TAIL: usize = 4;
const OLDEST_ZERO: i64 = 1 << 32;

/// Rows placed before they are summed.
const BLOCK: usize = 512;

/// Where a row goes.
#[derive(Clone, Copy, Default)]
struct Placed {
    amount: i64,
    slot: u32,
    column: u32,
    /// Days late of a debit; `NO_DAY` for a credit.
    late: i32,
}

impl Slots {
    pub fn buckets(&self) -> usize {
        self.width - 2
    }
    fn record(&self, slot: usize) -> &[i64] {
        &self.records[slot * self.stride..(slot + 1) * self.stride]
    }
    /// Amounts by column.
    pub fn columns(&self, slot: usize) -> &[i64] {
        &self.record(slot)[..self.width]
    }
    /// Items in a column.
    pub fn count(&self, slot: usize, column: usize) -> u32 {
        let word = self.record(slot)[self.width + column / 2];
        (word as u64 >> (column % 2 * 32)) as u32
    }
    fn tail(&self, slot: usize, word: usize) -> i64 {
        self.record(slot)[self.stride - TAIL + word]
    }
    /// Open debits past due, before any credit.
    pub fn late(&self, slot: usize) -> i64 {
        self.tail(slot, LATE)
    }
    /// Sum of amount x days late.
    pub fn late_days(&self, slot: usize) -> i128 {
        (i128::from(self.tail(slot, LATE_HIGH)) << LATE_SPLIT)
            + i128::from(self.tail(slot, LATE_LOW))
    }
    /// Most days late of any open debit; negative while not yet due.
    pub fn oldest(&self, slot: usize) -> Option<i32> {
        let stored = self.tail(slot, OLDEST);
        (stored != 0).then(|| (stored - OLDEST_ZERO) as i32)
    }
    pub fn pending(&self, slot: usize) -> i64 {
        self.pending.get(slot).copied().unwrap_or(0)
    }
    pub fn not_yet_issued(&self, slot: usize) -> i64 {
        self.not_yet_issued.get(slot).copied().unwrap_or(0)
    }
    pub fn missing_due(&self, slot: usize) -> u32 {
        self.missing_due.get(slot).copied().unwrap_or(0)
    }
    /// Whether a slot has nothing to show.
    pub fn is_empty(&self, slot: usize) -> bool {
        let counts = &self.record(slot)[self.width..self.stride - TAIL];
        counts.iter().all(|c| *c == 0) && self.pending(slot) == 0 && self.not_yet_issued(slot) == 0
    }
    /// The slot of a customer, entity and currency.
    pub fn find(&self, customer: u32, entity: u16, currency: u16) -> Option<usize> {
        self.places
            .slot_of_bit(self.places.bit(customer, entity, currency))
    }

    /// Gathers a whole view.
    pub fn gather(scan: &OpenScan<'_>, ask: &Ask<'_>, overlay: &Overlay, customers: usize) -> Self {
        let mut slots = Slots::new(scan, ask, customers);
        let table = BucketTable::new(ask.buckets);
        let mut scratch = Scratch::default();
        for (number, segment) in scan.segments() {
            slots.add_segment(scan, ask, overlay, &table, &mut scratch, (number, segment));
        }
        slots.net(ask);
        slots
    }

    /// Finds the slots of a view; nothing is summed yet.
    pub fn new(scan: &OpenScan<'_>, ask: &Ask<'_>, customers: usize) -> Self {
        let width = ask.buckets.count() + 2;
        let stride = width + width.div_ceil(2) + TAIL;
        let places = Places::new(scan, customers);
        Slots {
            width,
            stride,
            records: vec![0; places.count * stride],
            places,
            pending: Vec::new(),
            not_yet_issued: Vec::new(),
            missing_due: Vec::new(),
            overflow: false,
        }
    }

    /// Adds the rows of one segment.
    pub fn add_segment(
        &mut self,
        scan: &OpenScan<'_>,
        ask: &Ask<'_>,
        overlay: &Overlay,
        table: &BucketTable<'_>,
        scratch: &mut Scratch,
        (number, segment): (usize, SegmentScan<'_>),
    ) {
        if segment.all_live() == Some(false) || segment.is_empty() {
            return;
        }
        let columns = scratch.columns(scan, &segment, number, ask.figure, overlay);
        let as_of = scan.view().as_of.0;
        match ask.basis {
            Basis::DueDate => self.add::<false>(&segment, &columns, as_of, ask, table),
            Basis::InvoiceDate => self.add::<true>(&segment, &columns, as_of, ask, table),
        }
    }

    /// After the last segment: lets credits pay where the policy says so.
    pub fn net(&mut self, ask: &Ask<'_>) {
        if ask.credits == CreditMode::NetOldest {
            self.net_oldest();
        }
    }

    /// Adds a segment in blocks: first where every row of a block goes, with all the branches and
    /// no sums; then the sums, without a branch, so that the processor waits for many at once.
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
        let width = self.width;
        let mut block = [Placed::default(); BLOCK];
        let mut used = 0;
        for i in 0..n {
            let amount = open[i];
            let pending = columns.pending.get(i).copied().unwrap_or(0);
            if amount == 0 && pending == 0 {
                continue;
            }
            let bit = self.places.bit(customer[i], entity[i], currency[i]);
            let Some(slot) = self.places.slot_of_bit(bit) else {
                continue;
            };
            if doc[i] > as_of || pending != 0 {
                self.add_rare(slot, amount, pending, doc[i] > as_of);
                if doc[i] > as_of || amount == 0 {
                    continue;
                }
            }
            let issued = days(as_of, doc[i]);
            let (column, late) = if amount < 0 {
                let column = match ask.credits {
                    CreditMode::Aged => table.index(issued),
                    _ => width - 2 + usize::from(!is_cash(data.kind[i])),
                };
                (column, NO_DAY)
            } else {
                let late = if due[i] == NO_DAY {
                    self.add_missing(slot);
                    issued
                } else {
                    as_of.saturating_sub(due[i])
                };
                (table.index(if BY_DOCUMENT { issued } else { late }), late)
            };
            block[used] = Placed {
                amount,
                slot: slot as u32,
                late,
                column: column as u32,
            };
            used += 1;
            if used == BLOCK {
                self.sum(&block);
                used = 0;
            }
        }
        self.sum(&block[..used]);
    }

    fn sum(&mut self, block: &[Placed]) {
        let (width, stride, tail) = (self.width, self.stride, self.stride - TAIL);
        let mut overflow = false;
        for placed in block {
            let from = placed.slot as usize * stride;
            let record = &mut self.records[from..from + stride];
            let mut add = |to: &mut i64, value: i64| {
                let (sum, over) = to.overflowing_add(value);
                *to = sum;
                overflow |= over;
            };
            let column = placed.column as usize;
            add(&mut record[column], placed.amount);
            let count = &mut record[width + column / 2];
            *count = count.wrapping_add(1i64 << (column % 2 * 32));
            // Credits carry no lateness; a debit that is not late weighs nothing.
            let oldest = if placed.late == NO_DAY {
                0
            } else {
                OLDEST_ZERO + i64::from(placed.late)
            };
            let weight = i64::from(placed.late.clamp(0, MOST_DAYS));
            let amount = if weight > 0 { placed.amount } else { 0 };
            add(&mut record[tail + LATE], amount);
            // Amounts times days in two words: neither can overflow unless the sum of amounts has.
            let (high, low) = (amount >> LATE_SPLIT, amount & ((1 << LATE_SPLIT) - 1));
            let high = high.wrapping_mul(weight);
            record[tail + LATE_HIGH] = record[tail + LATE_HIGH].wrapping_add(high);
            record[tail + LATE_LOW] = record[tail + LATE_LOW].wrapping_add(low * weight);
            record[tail + OLDEST] = record[tail + OLDEST].max(oldest);
        }
        self.overflow |= overflow;
    }

    #[cold]
    fn add_missing(&mut self, slot: usize) {
        if self.missing_due.is_empty() {
            self.missing_due.resize(self.places.count, 0);
        }
        self.missing_due[slot] += 1;
    }

    #[cold]
    fn add_rare(&mut self, slot: usize, amount: i64, pending: i64, future: bool) {
        let (to, value) = if future {
            (&mut self.not_yet_issued, amount)
        } else {
            (&mut self.pending, pending)
        };
        if to.is_empty() {
            to.resize(self.places.count, 0);
        }
        let (sum, over) = to[slot].overflowing_add(value);
        to[slot] = sum;
        self.overflow |= over;
    }

    fn net_oldest(&mut self) {
        let buckets = self.buckets();
        for record in self.records.chunks_exact_mut(self.stride) {
            net_oldest(&mut record[..buckets + 2]);
        }
    }
}

/// AG-05 (c): credits pay the oldest bucket first, cash before credit memos. What is left of them
/// stays in its column. Buckets, then unapplied cash, then credit memos.
pub(crate) fn net_oldest(columns: &mut [i64]) {
    let Some((debts, credits)) = columns.split_at_mut_checked(columns.len().saturating_sub(2))
    else {
        return;
    };
    for credit in credits {
        for debt in debts.iter_mut().rev() {
            let used = (*debt).min(credit.saturating_neg()).max(0);
            *debt -= used;
            *credit += used;
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

/// Columns that are filled anew for each segment.
#[derive(Default)]
pub(crate) struct Scratch {
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
