//! What a file brings beside its command: heads, segments and payments, as blocks and decoded.

use crate::columns::*;
use crate::event::{BlockRef, ItemChange, PaymentFact};
use crate::facts::ControlTotals;
use crate::ids::ItemId;
use crate::statements::StatementLine;
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
    pub heads: BTreeMap<[u8; 32], Rc<Head>>,
    /// Segments.
    pub segments: BTreeMap<[u8; 32], Rc<Segment>>,
    /// Payments.
    pub payments: BTreeMap<[u8; 32], Vec<PaymentFact>>,
    /// Lines of bank statements.
    pub statements: BTreeMap<[u8; 32], Vec<StatementLine>>,
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
        let mut reader = HeadReader::new(block, bytes)?;
        while reader.step(usize::MAX)? {}
        self.put_head(reader);
        Ok(())
    }
    /// Takes in a head that was read in slices.
    pub fn put_head(&mut self, reader: HeadReader<'_>) {
        self.heads.insert(reader.block.digest, Rc::new(reader.head));
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
    /// Takes in the stored bytes of a statement's lines.
    ///
    /// # Errors
    /// [`BadBlock`] when they are not CBOR of lines.
    pub fn add_statement(&mut self, block: BlockRef, bytes: &[u8]) -> Result<(), BadBlock> {
        let lines = minicbor::decode(bytes).map_err(|_| BadBlock(block.digest))?;
        self.statements.insert(block.digest, lines);
        Ok(())
    }
}

/// Reads the stored bytes of a head in slices: an import may bring tens of thousands of customers.
#[derive(Debug)]
pub struct HeadReader<'b> {
    block: BlockRef,
    input: minicbor::Decoder<'b>,
    fields: u64,
    customers: u64,
    head: Head,
}

impl<'b> HeadReader<'b> {
    /// Begins.
    ///
    /// # Errors
    /// [`BadBlock`] when the bytes are no head.
    pub fn new(block: BlockRef, bytes: &'b [u8]) -> Result<Self, BadBlock> {
        let mut input = minicbor::Decoder::new(bytes);
        let fields = input.map().ok().flatten();
        Ok(HeadReader {
            fields: fields.ok_or(BadBlock(block.digest))?,
            block,
            input,
            customers: 0,
            head: Head::default(),
        })
    }

    /// Reads at most so many customers more; whether there is more to read.
    ///
    /// # Errors
    /// [`BadBlock`] when the bytes are no head.
    pub fn step(&mut self, most: usize) -> Result<bool, BadBlock> {
        let bad = BadBlock(self.block.digest);
        self.read(most).map_err(|_| bad)
    }

    fn read(&mut self, most: usize) -> Result<bool, minicbor::decode::Error> {
        for _ in 0..most {
            if self.customers > 0 {
                self.customers -= 1;
                self.head.customers.push(self.input.decode()?);
            } else if self.fields > 0 {
                self.fields -= 1;
                self.field()?;
            } else {
                return Ok(false);
            }
        }
        Ok(self.customers > 0 || self.fields > 0)
    }

    fn field(&mut self) -> Result<(), minicbor::decode::Error> {
        match self.input.u32()? {
            0 => {
                let length = self.input.array()?;
                let no = || minicbor::decode::Error::message("a list without its length");
                self.customers = length.ok_or_else(no)?;
            }
            1 => self.head.entities = self.input.decode()?,
            _ => self.input.skip()?,
        }
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

impl Incoming {
    /// Takes over what a finished join found.
    pub fn joined(&mut self, join: crate::join::Join) {
        self.same = join.same;
        self.in_scope = join.in_scope;
        self.changes = join.changes;
        self.answers = join.answers;
        self.currency_changed = join.currency_changed;
        self.doubts = join.doubts;
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
    pub head: Option<(BlockRef, Rc<Head>)>,
    /// The new rows only, as encoded for the log.
    pub segments: Vec<(BlockRef, Rc<Segment>)>,
    /// Totals of all accepted rows of the file, new or not.
    pub totals: ControlTotals,
    /// The join's changes.
    pub changes: Vec<(ItemId, ItemChange)>,
    /// How postings of ours are answered.
    pub answers: Vec<crate::join::Answer>,
    /// Items whose currency differs.
    pub currency_changed: Vec<(ItemId, Currency, Currency)>,
    /// Rows as they were.
    pub same: u64,
    /// Items of the scope that were open.
    pub in_scope: u64,
    /// What is to be asked first.
    pub doubts: Vec<crate::facts::Doubt>,
    /// The head of the log that the join was made against; later commits ask for a new join.
    pub joined_at: crate::ids::Seq,
    /// Payment rows, for a file of payments.
    pub payments: Vec<crate::command::PaymentRow>,
    /// The lines of each statement, for a file of statements.
    pub statements: Vec<Vec<StatementLine>>,
    /// The client's workbook, for a template.
    pub template: Option<Vec<u8>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(customers: usize) -> Head {
        let number = |n: usize| StagedCustomer {
            number: format!("C{n}"),
            name: format!("Customer {n}"),
            ..StagedCustomer::default()
        };
        Head {
            customers: (0..customers).map(number).collect(),
            entities: vec!["1000".to_owned(), "2000".to_owned()],
        }
    }

    fn sliced(bytes: &[u8], most: usize) -> Result<Head, BadBlock> {
        let mut reader = HeadReader::new(BlockRef::of(bytes, 0), bytes)?;
        while reader.step(most)? {}
        Ok(reader.head)
    }

    #[test]
    fn a_head_in_slices_is_the_head() {
        for customers in [0, 1, 2, 7, 1_000] {
            let head = head(customers);
            let bytes = cbor(&head);
            for most in [1, 3, 999, 1_000, usize::MAX] {
                assert_eq!(sliced(&bytes, most), Ok(head.clone()));
            }
        }
    }

    #[test]
    fn a_field_of_a_later_version_is_skipped() {
        let mut bytes = Vec::new();
        let mut out = minicbor::Encoder::new(&mut bytes);
        let written = out
            .map(3)
            .and_then(|e| e.u32(9)?.str("new")?.u32(1)?.encode(["1000"]));
        let written = written.and_then(|e| e.u32(0)?.array(0));
        assert!(written.is_ok());
        let read = sliced(&bytes, 1).map(|head| head.entities);
        assert_eq!(read, Ok(vec!["1000".to_owned()]));
    }

    #[test]
    fn damage_is_an_error_and_never_more() {
        let bytes = cbor(&head(20));
        for at in 0..bytes.len() {
            assert!(sliced(&bytes[..at], 4).is_err());
            let mut torn = bytes.clone();
            torn[at] ^= 0xff;
            // Some bytes are letters of a name: what is read may differ, and nothing panics.
            let _ = sliced(&torn, 4);
        }
    }
}
