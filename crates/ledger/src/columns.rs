//! The columns in which open items live: segments of at most 65,536 rows, shared behind `Rc` and
//! never changed once adopted. Amounts are minor units of the row's currency, debits positive and
//! credits negative; dates are days since 1970-01-01, [`NO_DAY`] where the source gave none.

use std::rc::Rc;

/// Rows in a full segment; with 65,536 segments an item id fits 32 bits.
pub const SEGMENT_ROWS: usize = 65_536;
/// The date column's "not given".
pub const NO_DAY: i32 = i32::MIN;

/// What an open item is (domain.md AG-04). The numbers are stored: never reuse one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum ItemKind {
    /// A bill, or one instalment of it.
    Invoice = 1,
    /// A further charge to the customer.
    DebitMemo = 2,
    /// A credit given to the customer; negative.
    CreditMemo = 3,
    /// Money received, or its unapplied rest; negative.
    Receipt = 4,
    /// Interest or compensation for late payment.
    LateCharge = 5,
    /// Money held on account on purpose (prepayment, deposit); negative.
    OnAccount = 6,
}

impl ItemKind {
    /// Every kind, in stored order.
    pub const ALL: [ItemKind; 6] = [
        ItemKind::Invoice,
        ItemKind::DebitMemo,
        ItemKind::CreditMemo,
        ItemKind::Receipt,
        ItemKind::LateCharge,
        ItemKind::OnAccount,
    ];
    /// From the stored number; `None` for a number this build does not know.
    pub fn from_u8(n: u8) -> Option<Self> {
        Self::ALL.get((n as usize).wrapping_sub(1)).copied()
    }
    /// Whether the kind is money or credit the customer holds against us.
    pub fn is_credit(self) -> bool {
        matches!(
            self,
            ItemKind::CreditMemo | ItemKind::Receipt | ItemKind::OnAccount
        )
    }
}

/// Texts one after another in one buffer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TextColumn {
    ends: Vec<u32>,
    bytes: Vec<u8>,
}

impl TextColumn {
    /// An empty column with room for as much as this one holds.
    pub fn room_alike(&self) -> Self {
        TextColumn {
            ends: Vec::with_capacity(self.ends.len()),
            bytes: Vec::with_capacity(self.bytes.len() + self.bytes.len() / 16),
        }
    }
    /// Appends a text. A segment's texts together stay under 4 GiB by the limits of `exchange`.
    pub fn push(&mut self, text: &str) {
        self.bytes.extend_from_slice(text.as_bytes());
        self.ends.push(self.bytes.len() as u32);
    }
    /// The text of a row; empty past the end.
    pub fn get(&self, row: usize) -> &str {
        let Some(&end) = self.ends.get(row) else {
            return "";
        };
        let start = if row == 0 { 0 } else { self.ends[row - 1] };
        std::str::from_utf8(&self.bytes[start as usize..end as usize]).unwrap_or("")
    }
    /// The bytes of a row's text, for comparing without reading them as characters.
    #[inline]
    pub fn bytes_of(&self, row: usize) -> &[u8] {
        let Some(&end) = self.ends.get(row) else {
            return &[];
        };
        let start = if row == 0 { 0 } else { self.ends[row - 1] };
        self.bytes.get(start as usize..end as usize).unwrap_or(&[])
    }
    /// Rows held.
    pub fn len(&self) -> usize {
        self.ends.len()
    }
    /// Whether no row is held.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }
    /// The texts in row order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|row| self.get(row))
    }
    pub(crate) fn parts(&self) -> (&[u32], &[u8]) {
        (&self.ends, &self.bytes)
    }
    /// From stored parts; `None` unless the ends rise, meet the bytes and split them at characters.
    pub(crate) fn from_parts(ends: Vec<u32>, bytes: Vec<u8>) -> Option<Self> {
        let text = std::str::from_utf8(&bytes).ok()?;
        let mut last = 0;
        for &end in &ends {
            if end < last || !text.is_char_boundary(end as usize) {
                return None;
            }
            last = end;
        }
        (last as usize == bytes.len()).then_some(TextColumn { ends, bytes })
    }
}

/// A text column that knows whether its values repeat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StrColumn {
    /// Few distinct values: a code per row into the texts.
    Dict {
        /// Per row, the index in `texts`.
        codes: Vec<u32>,
        /// The distinct texts in order of first use.
        texts: TextColumn,
    },
    /// Mostly distinct values.
    Plain(TextColumn),
}

impl StrColumn {
    /// The text of a row.
    pub fn get(&self, row: usize) -> &str {
        match self {
            StrColumn::Dict { codes, texts } => {
                codes.get(row).map_or("", |&code| texts.get(code as usize))
            }
            StrColumn::Plain(texts) => texts.get(row),
        }
    }
    /// Rows held.
    pub fn len(&self) -> usize {
        match self {
            StrColumn::Dict { codes, .. } => codes.len(),
            StrColumn::Plain(texts) => texts.len(),
        }
    }
    /// Whether no row is held.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// A text the source gives for an item beyond what every item has. Numbers are stored.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum TextField {
    /// The number or reference the customer knows.
    Reference,
    /// Purchase order.
    Po,
    /// Contract or schedule.
    Contract,
    /// Payment terms as the source writes them.
    Terms,
    /// The source's own status.
    SourceStatus,
    /// The source's dispute or reason code.
    SourceReason,
    /// Item text.
    Text,
    /// Receivable type (rental, usage, tax, late charge ...).
    ReceivableType,
    /// Account manager.
    AccountManager,
    /// Fiscal year, where document numbers restart.
    FiscalYear,
    /// Line or instalment of the document.
    Line,
    /// The document type as the source writes it (RV, DZ, INV ...).
    DocType,
    /// Clearing or payment document.
    ClearingDoc,
    /// Collector named on the item.
    Collector,
    /// Currency of [`NumField::LocalAmount`], ISO code.
    LocalCurrency,
    /// Currency of [`NumField::GroupAmount`], ISO code.
    GroupCurrency,
    /// Any other column of the file, kept under its own header.
    Extra(String),
}

impl TextField {
    const NAMED: [TextField; 16] = [
        TextField::Reference,
        TextField::Po,
        TextField::Contract,
        TextField::Terms,
        TextField::SourceStatus,
        TextField::SourceReason,
        TextField::Text,
        TextField::ReceivableType,
        TextField::AccountManager,
        TextField::FiscalYear,
        TextField::Line,
        TextField::DocType,
        TextField::ClearingDoc,
        TextField::Collector,
        TextField::LocalCurrency,
        TextField::GroupCurrency,
    ];
    /// The stored number: 1 and up; 0 for [`TextField::Extra`].
    pub fn number(&self) -> u16 {
        Self::NAMED
            .iter()
            .position(|f| f == self)
            .map_or(0, |i| i as u16 + 1)
    }
    /// From the stored number and, for 0, the header.
    pub fn from_number(number: u16, header: &str) -> Option<Self> {
        match number {
            0 => Some(TextField::Extra(header.to_owned())),
            n => Self::NAMED.get(n as usize - 1).cloned(),
        }
    }
}

/// A number or date the source gives for an item beyond what every item has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u16)]
pub enum NumField {
    /// Posting date, days.
    PostingDate = 1,
    /// Baseline date of the terms, days.
    BaselineDate = 2,
    /// Clearing or settlement date, days.
    ClearingDate = 3,
    /// Amount in the entity's currency, its minor units.
    LocalAmount = 4,
    /// Amount in the group's currency, its minor units.
    GroupAmount = 5,
    /// Tax contained, minor units of the item.
    Tax = 6,
    /// Aging anchor where it differs from the due date, days.
    AgingAnchor = 7,
    /// Last payment the source shows, days.
    LastPayment = 8,
}

impl NumField {
    /// From the stored number.
    pub fn from_number(n: u16) -> Option<Self> {
        use NumField::*;
        [
            PostingDate,
            BaselineDate,
            ClearingDate,
            LocalAmount,
            GroupAmount,
            Tax,
            AgingAnchor,
            LastPayment,
        ]
        .into_iter()
        .find(|f| *f as u16 == n)
    }
    /// Whether the column holds days (with [`NO_DAY`]) and not minor units.
    pub fn is_day(self) -> bool {
        !matches!(
            self,
            NumField::LocalAmount | NumField::GroupAmount | NumField::Tax
        )
    }
}

/// At most [`SEGMENT_ROWS`] open items, column by column. All hot columns have the same length;
/// `texts` and `nums` too, where present.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Segment {
    /// In a staged batch the ordinal in its customer list; in a book the [`crate::ids::CustomerId`].
    pub customer: Vec<u32>,
    /// In a staged batch the ordinal in its entity list; in a book the index of the entity.
    pub entity: Vec<u16>,
    /// ISO 4217 numeric code.
    pub currency: Vec<u16>,
    /// [`ItemKind`] as stored.
    pub kind: Vec<u8>,
    /// Document date.
    pub doc_date: Vec<i32>,
    /// Due date.
    pub due: Vec<i32>,
    /// Original amount, signed.
    pub amount: Vec<i64>,
    /// Open at the source when recorded, signed like `amount`.
    pub open: Vec<i64>,
    /// Line in the source file, from 1; 0 when not from a file.
    pub line: Vec<u32>,
    /// Document number.
    pub number: TextColumn,
    /// Further texts, in order of field.
    pub texts: Vec<(TextField, StrColumn)>,
    /// Further numbers and dates, in order of field.
    pub nums: Vec<(NumField, Vec<i64>)>,
}

impl Segment {
    /// Rows held.
    pub fn len(&self) -> usize {
        self.customer.len()
    }
    /// Whether no row is held.
    pub fn is_empty(&self) -> bool {
        self.customer.is_empty()
    }
    /// A further text of a row; empty where the source has no such column.
    pub fn text(&self, field: &TextField, row: usize) -> &str {
        self.texts
            .iter()
            .find(|(f, _)| f == field)
            .map_or("", |(_, c)| c.get(row))
    }
    /// A further number of a row, `None` where the source has no such column or no value.
    pub fn num(&self, field: NumField, row: usize) -> Option<i64> {
        let (_, column) = self.nums.iter().find(|(f, _)| *f == field)?;
        let value = *column.get(row)?;
        (!field.is_day() || value != NO_DAY as i64).then_some(value)
    }
    /// Whether all columns have one length of at most [`SEGMENT_ROWS`].
    pub fn is_rectangular(&self) -> bool {
        let n = self.len();
        n <= SEGMENT_ROWS
            && [
                self.entity.len(),
                self.currency.len(),
                self.kind.len(),
                self.doc_date.len(),
            ]
            .into_iter()
            .chain([
                self.due.len(),
                self.amount.len(),
                self.open.len(),
                self.line.len(),
            ])
            .chain([self.number.len()])
            .chain(self.texts.iter().map(|(_, c)| c.len()))
            .chain(self.nums.iter().map(|(_, c)| c.len()))
            .all(|len| len == n)
    }
    /// The rows that `keep` names true, in order.
    pub fn filtered(&self, keep: impl Fn(usize) -> bool) -> Segment {
        let rows: Vec<usize> = (0..self.len()).filter(|&r| keep(r)).collect();
        fn pick<T: Copy>(rows: &[usize], from: &[T]) -> Vec<T> {
            rows.iter().map(|&r| from[r]).collect()
        }
        let texts_of = |from: &TextColumn| {
            let mut to = TextColumn::default();
            rows.iter().for_each(|&r| to.push(from.get(r)));
            to
        };
        Segment {
            customer: pick(&rows, &self.customer),
            entity: pick(&rows, &self.entity),
            currency: pick(&rows, &self.currency),
            kind: pick(&rows, &self.kind),
            doc_date: pick(&rows, &self.doc_date),
            due: pick(&rows, &self.due),
            amount: pick(&rows, &self.amount),
            open: pick(&rows, &self.open),
            line: pick(&rows, &self.line),
            number: texts_of(&self.number),
            texts: self
                .texts
                .iter()
                .map(|(field, column)| {
                    let column = match column {
                        StrColumn::Dict { codes, texts } => StrColumn::Dict {
                            codes: pick(&rows, codes),
                            texts: texts.clone(),
                        },
                        StrColumn::Plain(texts) => StrColumn::Plain(texts_of(texts)),
                    };
                    (field.clone(), column)
                })
                .collect(),
            nums: self
                .nums
                .iter()
                .map(|(f, c)| (*f, pick(&rows, c)))
                .collect(),
        }
    }
}

/// A customer as a file names it.
#[derive(Debug, Clone, Default, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(map)]
pub struct StagedCustomer {
    /// The source's number; the natural key within the source.
    #[n(0)]
    pub number: String,
    /// Name as written.
    #[n(1)]
    pub name: String,
    /// ISO country code or the source's text.
    #[n(2)]
    pub country: Option<String>,
    /// Collector assigned.
    #[n(3)]
    pub collector: Option<String>,
    /// Terms as written.
    #[n(4)]
    pub terms: Option<String>,
    /// Number of the parent customer.
    #[n(5)]
    pub parent: Option<String>,
    /// Segment or group.
    #[n(6)]
    pub segment: Option<String>,
    /// IANA zone.
    #[n(7)]
    pub zone: Option<String>,
    /// ISO 4217 code.
    #[n(8)]
    pub currency: Option<String>,
    /// Credit limit, minor units of `currency`.
    #[n(9)]
    pub credit_limit: Option<i64>,
}

/// What a file of open items becomes before anything is written: customers, entities and segments
/// whose `customer` and `entity` columns point into them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StagedItems {
    /// Customers in order of first appearance.
    pub customers: Vec<StagedCustomer>,
    /// Entity (company) codes in order of first appearance.
    pub entities: Vec<String>,
    /// The rows in file order; every segment but the last is full.
    pub segments: Vec<Rc<Segment>>,
}

impl StagedItems {
    /// Rows in all segments.
    pub fn rows(&self) -> usize {
        self.segments.iter().map(|s| s.len()).sum()
    }
}

/// A 64-bit hash of an item's natural key (source aside): entity code, kind group, document
/// number, fiscal year and line. FNV-1a with separators; equality is always checked on a hit.
pub fn key_hash(entity: &str, number: &str, year: &str, line: &str, credit: bool) -> u64 {
    let mut h: u64 = 0xcbf2_9ce4_8422_2325;
    let mut eat = |bytes: &[u8]| {
        for &b in bytes {
            h = (h ^ u64::from(b)).wrapping_mul(0x0000_0100_0000_01b3);
        }
        h = (h ^ 0xff).wrapping_mul(0x0000_0100_0000_01b3);
    };
    eat(number.as_bytes());
    eat(entity.as_bytes());
    eat(year.as_bytes());
    eat(line.as_bytes());
    eat(&[u8::from(credit)]);
    h ^ (h >> 29)
}
