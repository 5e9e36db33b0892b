//! A staged file meets the book: which rows are new, which are as they were, which changed.

use crate::book::Book;
use crate::columns::*;
use crate::event::{BlockRef, ItemChange, PaymentFact};
use crate::facts::ControlTotals;
use crate::ids::ItemId;
use crate::items::{ItemRef, day};
use crate::keys::ItemKey;
use duebook_money::Currency;
use minicbor::{Decode, Encode};
use std::collections::BTreeMap;
use std::rc::Rc;

/// The customers and entities of an import, stored as one CBOR block.
#[derive(Debug, Clone, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Head {
    /// In order of first appearance.
    #[n(0)]
    pub customers: Vec<StagedCustomer>,
    /// In order of first appearance.
    #[n(1)]
    pub entities: Vec<String>,
}

/// Bulk records decoded, by digest: what `apply` adopts.
#[derive(Debug, Clone, Default)]
pub struct Bulk {
    /// Heads of imports.
    pub heads: BTreeMap<[u8; 32], Head>,
    /// Segments.
    pub segments: BTreeMap<[u8; 32], Rc<Segment>>,
    /// Payments.
    pub payments: BTreeMap<[u8; 32], Vec<PaymentFact>>,
}

/// A bulk record that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadBlock(pub [u8; 32]);

impl Bulk {
    /// Takes in the stored bytes of a segment.
    ///
    /// # Errors
    /// [`BadBlock`] when they are not a block of that many rows. The digest is the journal's to
    /// check, once, as it reads.
    pub fn add_segment(&mut self, block: BlockRef, bytes: &[u8]) -> Result<(), BadBlock> {
        let segment = crate::block::decode(bytes).map_err(|_| BadBlock(block.digest))?;
        if segment.len() != block.rows as usize {
            return Err(BadBlock(block.digest));
        }
        self.segments.insert(block.digest, Rc::new(segment));
        Ok(())
    }
    /// Takes in the stored bytes of a head.
    ///
    /// # Errors
    /// [`BadBlock`] when they are not CBOR of a head.
    pub fn add_head(&mut self, block: BlockRef, bytes: &[u8]) -> Result<(), BadBlock> {
        let head = minicbor::decode(bytes).map_err(|_| BadBlock(block.digest))?;
        self.heads.insert(block.digest, head);
        Ok(())
    }
    /// Takes in the stored bytes of payments.
    ///
    /// # Errors
    /// [`BadBlock`] when they are not CBOR of payments.
    pub fn add_payments(&mut self, block: BlockRef, bytes: &[u8]) -> Result<(), BadBlock> {
        let rows = minicbor::decode(bytes).map_err(|_| BadBlock(block.digest))?;
        self.payments.insert(block.digest, rows);
        Ok(())
    }
}

/// The stored bytes of a value that CBOR holds.
pub fn cbor<T: Encode<()>>(value: &T) -> Vec<u8> {
    let mut out = Vec::new();
    // Writing to memory cannot fail.
    let _ = minicbor::encode(value, &mut out);
    out
}

/// The value that [`cbor`] wrote.
///
/// # Errors
/// The decoder's own.
pub fn from_cbor<'b, T: Decode<'b, ()>>(bytes: &'b [u8]) -> Result<T, minicbor::decode::Error> {
    minicbor::decode(bytes)
}

/// What a row of a staged file is to the book.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Disposition {
    /// Not there yet.
    New,
    /// There, and the same.
    Same,
    /// There, and shown otherwise.
    Changed,
}

/// The join of a staged file with the book, segment by segment so that a long one can be sliced.
#[derive(Debug, Clone, Default)]
pub struct Join {
    source: String,
    /// Per segment and row.
    pub dispositions: Vec<Vec<Disposition>>,
    /// The changes in file order.
    pub changes: Vec<(ItemId, ItemChange)>,
    /// Items whose currency differs: refused.
    pub currency_changed: Vec<(ItemId, Currency, Currency)>,
    /// Rows that are new.
    pub new: u64,
    /// Rows as they were.
    pub same: u64,
    /// Rows changed.
    pub changed: u64,
}

impl Join {
    /// A join for a source.
    pub fn new(source: &str) -> Self {
        Join {
            source: source.to_owned(),
            ..Join::default()
        }
    }
    /// Joins the next segment. The book's key index must be complete.
    pub fn push(&mut self, book: &Book, entities: &[String], segment: &Segment) {
        let known = book.source_index(&self.source).is_some() && !book.items().is_empty();
        let mut out = Vec::with_capacity(segment.len());
        for row in 0..segment.len() {
            let found = known
                .then(|| book.find_item(&self.key(entities, segment, row)))
                .flatten();
            let disposition = match found.and_then(|id| book.item(id)) {
                None => Disposition::New,
                Some(item) => self.compare(book, item, segment, row),
            };
            match disposition {
                Disposition::New => self.new += 1,
                Disposition::Same => self.same += 1,
                Disposition::Changed => self.changed += 1,
            }
            out.push(disposition);
        }
        self.dispositions.push(out);
    }
    fn key(&self, entities: &[String], segment: &Segment, row: usize) -> ItemKey {
        let kind = ItemKind::from_u8(segment.kind[row]);
        ItemKey {
            source: self.source.clone(),
            entity: entities
                .get(segment.entity[row] as usize)
                .cloned()
                .unwrap_or_default(),
            credit: kind.map_or(segment.amount[row] < 0, |k| k.is_credit()),
            number: segment.number.get(row).to_owned(),
            year: segment.text(&TextField::FiscalYear, row).to_owned(),
            line: segment.text(&TextField::Line, row).to_owned(),
        }
    }
    fn compare(&mut self, book: &Book, item: ItemRef<'_>, s: &Segment, row: usize) -> Disposition {
        let currency = Currency::from_numeric(s.currency[row]).unwrap_or(Currency::XXX);
        if currency != item.currency() {
            self.currency_changed
                .push((item.id, item.currency(), currency));
            return Disposition::Changed;
        }
        let before = self.changes.len();
        let (amount_from, open_from) = (book.amount_of(&item), item.open_at_source());
        let (amount_to, open_to) = (s.amount[row], s.open[row]);
        if amount_from != amount_to {
            let change = ItemChange::Amended {
                amount_from,
                amount_to,
                open_from,
                open_to,
            };
            self.changes.push((item.id, change));
        } else if open_from != open_to {
            self.changes.push((
                item.id,
                ItemChange::Open {
                    from: open_from,
                    to: open_to,
                },
            ));
        }
        let (due_from, due_to) = (book.due_of(&item), s.due[row]);
        if due_from != due_to {
            self.changes.push((
                item.id,
                ItemChange::Due {
                    from: day(due_from),
                    to: day(due_to),
                },
            ));
        }
        if self.changes.len() > before {
            Disposition::Changed
        } else {
            Disposition::Same
        }
    }
}

/// The control totals of staged segments.
pub fn totals(segments: &[Rc<Segment>]) -> ControlTotals {
    let mut sums: BTreeMap<u16, i128> = BTreeMap::new();
    let (mut count, mut hash) = (0u64, 0u64);
    for s in segments {
        let mut run: (u16, i128) = (0, 0);
        for row in 0..s.len() {
            if s.currency[row] != run.0 {
                *sums.entry(run.0).or_default() += run.1;
                run = (s.currency[row], 0);
            }
            run.1 += i128::from(s.open[row]);
            hash = (hash + numeric_part(s.number.bytes_of(row))) % 1_000_000_000;
        }
        *sums.entry(run.0).or_default() += run.1;
        count += s.len() as u64;
    }
    sums.remove(&0);
    let sums = sums
        .into_iter()
        .filter_map(|(code, sum)| {
            let sum = sum.clamp(i128::from(i64::MIN), i128::from(i64::MAX)) as i64;
            Some((Currency::from_numeric(code)?, sum))
        })
        .collect();
    ControlTotals {
        count,
        sums,
        hash_total: hash,
    }
}

/// The digits of a document number as one number, modulo 10^9 (domain.md §2.6).
pub fn numeric_part(number: &[u8]) -> u64 {
    number
        .iter()
        .filter(|b| b.is_ascii_digit())
        .fold(0, |n, b| (n * 10 + u64::from(b - b'0')) % 1_000_000_000)
}

/// What decide needs of a file of open items, beside the command.
#[derive(Debug, Clone, Default)]
pub struct Incoming {
    /// The head block.
    pub head: Option<(BlockRef, Head)>,
    /// The new rows only, as encoded for the log.
    pub segments: Vec<(BlockRef, Rc<Segment>)>,
    /// Totals of all accepted rows of the file, new or not.
    pub totals: ControlTotals,
    /// The join's changes.
    pub changes: Vec<(ItemId, ItemChange)>,
    /// Items whose currency differs.
    pub currency_changed: Vec<(ItemId, Currency, Currency)>,
    /// Rows as they were.
    pub same: u64,
    /// The head of the log that the join was made against; later commits ask for a new join.
    pub joined_at: crate::ids::Seq,
    /// Payment rows, for a file of payments.
    pub payments: Vec<crate::command::PaymentRow>,
}
