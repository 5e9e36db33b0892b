//! The item table: adopted segments, and beside each the columns that later facts change.

use crate::columns::{ItemKind, NO_DAY, SEGMENT_ROWS, Segment};
use crate::event::ItemFact;
use crate::facts::Standing;
use crate::ids::{CustomerId, ItemId, Seq};
use std::collections::BTreeMap;
use std::rc::Rc;

/// Who recorded the rows of a segment, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recorded {
    /// One commit brought them all.
    Together(Seq),
    /// Each row by its own commit.
    Each(Vec<Seq>),
}

impl Recorded {
    /// The commit that recorded a row.
    pub fn of(&self, row: usize) -> Seq {
        match self {
            Recorded::Together(seq) => *seq,
            Recorded::Each(seqs) => seqs[row],
        }
    }
}

/// A segment in the book. `settled` and `pending` are as known now, whatever the date; they are
/// empty while all zero, so an untouched import costs nothing.
#[derive(Debug, Clone)]
pub struct SegmentState {
    /// The rows as recorded.
    pub data: Rc<Segment>,
    /// Commits of the rows.
    pub recorded: Recorded,
    /// Index of the source; [`OWN`] for our own documents.
    pub source: u16,
    /// Where rows of our own stand against the source, as known now; empty for rows of a source.
    pub standing: Vec<Standing>,
    /// Changed standings, oldest first, from the one recorded (under commit 0).
    pub(crate) standing_changes: BTreeMap<u16, Vec<(Seq, Standing)>>,
    /// By how much the recorded open amount has changed since, signed like the item.
    pub settled: Vec<i64>,
    /// Of `settled`, what is ours and not confirmed by the source.
    pub pending: Vec<i64>,
    /// Changed due dates, oldest first: (commit, due).
    pub due_changes: BTreeMap<u16, Vec<(Seq, i32)>>,
    /// Changed original amounts, oldest first: (commit, amount).
    pub amount_changes: BTreeMap<u16, Vec<(Seq, i64)>>,
    /// Days since which a whole list of the source lacks a row, [`NO_DAY`] where it shows it again,
    /// oldest first.
    pub absences: BTreeMap<u16, Vec<(Seq, i32)>>,
    /// Changed customers, oldest first, from the one recorded (under commit 0).
    pub(crate) customer_changes: BTreeMap<u16, Vec<(Seq, u32)>>,
    /// First settlement of each row in the settlement table's chains, plus one; empty while none.
    pub(crate) chain: Vec<u32>,
}

/// The source index of our own documents.
pub const OWN: u16 = u16::MAX;

impl SegmentState {
    fn new(data: Rc<Segment>, recorded: Recorded, source: u16) -> Self {
        SegmentState {
            data,
            recorded,
            source,
            standing: Vec::new(),
            standing_changes: BTreeMap::new(),
            settled: Vec::new(),
            pending: Vec::new(),
            due_changes: BTreeMap::new(),
            amount_changes: BTreeMap::new(),
            absences: BTreeMap::new(),
            customer_changes: BTreeMap::new(),
            chain: Vec::new(),
        }
    }
    /// By how much a row's open amount has changed, signed like the item.
    pub fn settled_of(&self, row: usize) -> i64 {
        self.settled.get(row).copied().unwrap_or(0)
    }
    /// Of which pending.
    pub fn pending_of(&self, row: usize) -> i64 {
        self.pending.get(row).copied().unwrap_or(0)
    }
    /// Where a row stands against the source.
    pub fn standing_of(&self, row: usize) -> Standing {
        self.standing
            .get(row)
            .copied()
            .unwrap_or(Standing::AtSource)
    }
    /// Where a row stands by the commits that `live` says are live.
    pub fn standing_at(&self, row: usize, live: impl Fn(Seq) -> bool) -> Standing {
        match self.standing_changes.get(&(row as u16)) {
            None => self.standing_of(row),
            Some(changes) => changes
                .iter()
                .rev()
                .find(|(seq, _)| *seq == Seq(0) || live(*seq))
                .map_or(Standing::AtSource, |(_, standing)| *standing),
        }
    }
    /// Records a standing; the column follows when the book works out anew what is known now.
    pub(crate) fn set_standing(&mut self, row: usize, seq: Seq, standing: Standing) {
        if let Some(recorded) = self.standing.get(row) {
            self.standing_changes
                .entry(row as u16)
                .or_insert_with(|| vec![(Seq(0), *recorded)])
                .push((seq, standing));
        }
    }
    /// Brings the standing column to what is known now.
    pub(crate) fn settle_standings(&mut self, live: impl Fn(Seq) -> bool) {
        let rows: Vec<u16> = self.standing_changes.keys().copied().collect();
        for row in rows {
            let now = self.standing_at(row as usize, &live);
            if let Some(slot) = self.standing.get_mut(row as usize) {
                *slot = now;
            }
        }
    }
    /// Records that a row belongs to another customer from a commit on.
    pub(crate) fn set_customer(&mut self, row: usize, seq: Seq, customer: u32) {
        let Some(&recorded) = self.data.customer.get(row) else {
            return;
        };
        self.customer_changes
            .entry(row as u16)
            .or_insert_with(|| vec![(Seq(0), recorded)])
            .push((seq, customer));
        Rc::make_mut(&mut self.data).customer[row] = customer;
    }
    /// Rows that changed customers, each with the commits that moved it.
    pub fn moves(&self) -> impl Iterator<Item = (u16, Vec<Seq>)> + '_ {
        let commits = |c: &Vec<(Seq, u32)>| c.iter().skip(1).map(|(seq, _)| *seq).collect();
        self.customer_changes
            .iter()
            .map(move |(row, c)| (*row, commits(c)))
    }
    /// The rows whose customer is not the kept one by the commits that `live` says are live.
    pub(crate) fn customers_at(&self, live: impl Fn(Seq) -> bool) -> Vec<(usize, u32)> {
        let then = |(row, changes): (&u16, &Vec<(Seq, u32)>)| {
            let known = |(seq, _): &&(Seq, u32)| *seq == Seq(0) || live(*seq);
            let (_, customer) = changes.iter().rev().find(known)?;
            let row = usize::from(*row);
            (self.data.customer.get(row) != Some(customer)).then_some((row, *customer))
        };
        self.customer_changes.iter().filter_map(then).collect()
    }
    /// Brings the customer column to what is known now; true where it changed.
    pub(crate) fn settle_customers(&mut self, live: impl Fn(Seq) -> bool) -> bool {
        let rows = self.customers_at(live);
        for &(row, customer) in &rows {
            Rc::make_mut(&mut self.data).customer[row] = customer;
        }
        !rows.is_empty()
    }
    pub(crate) fn add_settled(&mut self, row: usize, amount: i64, pending: bool) {
        fn bump(column: &mut Vec<i64>, rows: usize, row: usize, amount: i64) {
            if column.len() < rows {
                column.resize(rows, 0);
            }
            column[row] = column[row].saturating_add(amount);
        }
        let rows = self.data.len();
        bump(&mut self.settled, rows, row, amount);
        if pending {
            bump(&mut self.pending, rows, row, amount);
        }
    }
}

/// All items of a book.
#[derive(Debug, Clone, Default)]
pub struct ItemTable {
    segments: Vec<Rc<SegmentState>>,
}

impl ItemTable {
    /// The segments in order.
    pub fn segments(&self) -> &[Rc<SegmentState>] {
        &self.segments
    }
    /// The segment of an item.
    pub fn state(&self, id: ItemId) -> Option<&SegmentState> {
        self.segments
            .get(id.segment())
            .map(|s| &**s)
            .filter(|s| id.row() < s.data.len())
    }
    pub(crate) fn state_mut(&mut self, segment: usize) -> Option<&mut SegmentState> {
        self.segments.get_mut(segment).map(Rc::make_mut)
    }
    /// Rows recorded, dead ones included.
    pub fn len(&self) -> usize {
        self.segments.iter().map(|s| s.data.len()).sum()
    }
    /// Whether nothing is recorded.
    pub fn is_empty(&self) -> bool {
        self.segments.is_empty()
    }
    /// Every recorded id in log order.
    pub fn ids(&self) -> impl Iterator<Item = ItemId> + '_ {
        self.segments
            .iter()
            .enumerate()
            .flat_map(|(s, state)| (0..state.data.len()).map(move |row| ItemId::new(s, row)))
    }
    /// Takes in a whole segment; a pointer, no copy.
    pub(crate) fn adopt(&mut self, data: Rc<Segment>, seq: Seq, source: u16) {
        self.segments.push(Rc::new(SegmentState::new(
            data,
            Recorded::Together(seq),
            source,
        )));
    }
    /// Numbers of the last segments of rows added one by one: those that a commit may have grown.
    pub(crate) fn loose(&self) -> impl Iterator<Item = usize> + use<> {
        let each = |s: &Rc<SegmentState>| matches!(s.recorded, Recorded::Each(_));
        let last = self.segments.iter().rev().take_while(|s| each(s)).count();
        self.segments.len() - last..self.segments.len()
    }
    fn takes_loose(&self, source: u16) -> bool {
        self.segments.last().is_some_and(|s| {
            let loose = matches!(s.recorded, Recorded::Each(_));
            s.source == source && loose && s.data.len() < SEGMENT_ROWS
        })
    }
    /// The id that the next row added one by one for a source will have.
    pub(crate) fn next_loose(&self, source: u16) -> ItemId {
        match self.segments.last() {
            Some(last) if self.takes_loose(source) => {
                ItemId::new(self.segments.len() - 1, last.data.len())
            }
            _ => ItemId::new(self.segments.len(), 0),
        }
    }
    /// Adds one row to the last segment of own or loose rows.
    pub(crate) fn add(&mut self, seq: Seq, source: u16, item: &ItemFact) -> ItemId {
        if !self.takes_loose(source) {
            let data = Rc::new(Segment {
                texts: loose_texts(),
                ..Segment::default()
            });
            self.segments.push(Rc::new(SegmentState::new(
                data,
                Recorded::Each(Vec::new()),
                source,
            )));
        }
        let index = self.segments.len() - 1;
        let state = Rc::make_mut(&mut self.segments[index]);
        let data = Rc::make_mut(&mut state.data);
        let row = data.len();
        data.customer.push(item.customer.0);
        data.entity.push(item.entity);
        data.currency.push(item.currency.numeric());
        data.kind.push(item.kind);
        data.doc_date.push(item.doc_date.0);
        data.due.push(item.due.0);
        data.amount.push(item.amount);
        data.open.push(item.amount);
        data.line.push(0);
        data.number.push(&item.number);
        let further = [&item.reference, &item.po, &item.line];
        for ((_, column), text) in data.texts.iter_mut().zip(further) {
            if let crate::columns::StrColumn::Plain(texts) = column {
                texts.push(text);
            }
        }
        if let Recorded::Each(seqs) = &mut state.recorded {
            seqs.push(seq);
        }
        state.standing.push(item.standing);
        for column in [&mut state.settled, &mut state.pending] {
            if !column.is_empty() {
                column.push(0);
            }
        }
        if !state.chain.is_empty() {
            state.chain.push(0);
        }
        ItemId::new(index, row)
    }
}

fn loose_texts() -> Vec<(crate::columns::TextField, crate::columns::StrColumn)> {
    use crate::columns::{StrColumn, TextColumn, TextField};
    [TextField::Reference, TextField::Po, TextField::Line]
        .into_iter()
        .map(|field| (field, StrColumn::Plain(TextColumn::default())))
        .collect()
}

/// One item, read.
#[derive(Clone, Copy)]
pub struct ItemRef<'a> {
    pub(crate) state: &'a SegmentState,
    pub(crate) row: usize,
    /// Its id.
    pub id: ItemId,
}

impl<'a> ItemRef<'a> {
    /// Who owes, or is owed.
    pub fn customer(&self) -> CustomerId {
        CustomerId(self.state.data.customer[self.row])
    }
    /// Every customer it was recorded for or moved to, undone or not.
    pub fn owners(&self) -> impl Iterator<Item = CustomerId> + '_ {
        let moved = self.state.customer_changes.get(&(self.row as u16));
        let moved = moved.into_iter().flatten().map(|(_, c)| CustomerId(*c));
        moved.chain([self.customer()])
    }
    /// Index of the entity.
    pub fn entity(&self) -> u16 {
        self.state.data.entity[self.row]
    }
    /// Kind; an unknown stored kind reads as an invoice or a credit memo by its sign.
    pub fn kind(&self) -> ItemKind {
        let fallback = if self.recorded_amount() < 0 {
            ItemKind::CreditMemo
        } else {
            ItemKind::Invoice
        };
        ItemKind::from_u8(self.state.data.kind[self.row]).unwrap_or(fallback)
    }
    /// Document number.
    pub fn number(&self) -> &'a str {
        self.state.data.number.get(self.row)
    }
    /// Currency.
    pub fn currency(&self) -> duebook_money::Currency {
        let code = self.state.data.currency[self.row];
        duebook_money::Currency::from_numeric(code).unwrap_or(duebook_money::Currency::XXX)
    }
    /// Document date; days, or [`NO_DAY`].
    pub fn doc_date(&self) -> i32 {
        self.state.data.doc_date[self.row]
    }
    /// Due date as known now; days, or [`NO_DAY`]. Changes of dead commits are for the caller
    /// (see [`crate::book::Book::due_of`]).
    pub fn recorded_due(&self) -> i32 {
        self.state.data.due[self.row]
    }
    /// Original amount as first recorded, signed.
    pub fn recorded_amount(&self) -> i64 {
        self.state.data.amount[self.row]
    }
    /// Open when recorded, signed.
    pub fn recorded_open(&self) -> i64 {
        self.state.data.open[self.row]
    }
    /// Commit that recorded it.
    pub fn commit(&self) -> Seq {
        self.state.recorded.of(self.row)
    }
    /// Index of the source, or [`OWN`].
    pub fn source(&self) -> u16 {
        self.state.source
    }
    /// Where it stands against the source.
    pub fn standing(&self) -> Standing {
        self.state.standing_of(self.row)
    }
    /// Whether it is of ours and not confirmed.
    pub fn is_pending(&self) -> bool {
        self.standing().is_pending()
    }
    /// Open as known now, signed: the working figure.
    pub fn open(&self) -> i64 {
        self.recorded_open()
            .saturating_sub(self.state.settled_of(self.row))
    }
    /// Open at the source as known now: without what is ours and unconfirmed.
    pub fn open_at_source(&self) -> i64 {
        if self.is_pending() {
            return 0;
        }
        self.open().saturating_add(self.state.pending_of(self.row))
    }
    /// A further text.
    pub fn text(&self, field: &crate::columns::TextField) -> &'a str {
        self.state.data.text(field, self.row)
    }
    /// A further number or date.
    pub fn num(&self, field: crate::columns::NumField) -> Option<i64> {
        self.state.data.num(field, self.row)
    }
    /// The segment it lives in, for whole-column work.
    pub fn segment(&self) -> &'a SegmentState {
        self.state
    }
    /// Its row there.
    pub fn row(&self) -> usize {
        self.row
    }
}

/// A date column's value as a day.
pub fn day(value: i32) -> Option<duebook_money::Day> {
    (value != NO_DAY).then_some(duebook_money::Day(value))
}
