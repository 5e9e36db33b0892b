//! Staged items under construction: what is known of the rows so far. Reading a row is in
//! `item_read`, storing it in `item_store`.

use super::doc_type::TypeSays;
use super::due::DueDates;
use super::intern::{Interner, ProbeTable, TextBuilder};
use super::layout::Layout;
use super::mapping::Field;
use super::notes::Reason;
use super::options::Options;
use super::plan::Plan;
use super::synonyms::fold;
use super::totals::Totals;
use duebook_ledger::columns::{NO_DAY, Segment, StagedCustomer, StagedItems};
use duebook_money::Currency;
use rust_decimal::Decimal;
use std::rc::Rc;

/// Why a row is no item.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fault {
    pub reason: Reason,
    pub column: Option<usize>,
}

pub(super) fn fault<T>(reason: Reason, column: impl Into<Option<usize>>) -> Result<T, Fault> {
    Err(Fault {
        reason,
        column: column.into(),
    })
}

/// The customer named above the rows.
#[derive(Debug, Clone, Default)]
pub(crate) struct Section {
    pub number: String,
    pub name: String,
    pub entity: String,
}

impl Section {
    /// The company (and, in a list of one customer, the customer) in the title above the header.
    fn of_titles(layout: &Layout, options: &Options) -> Section {
        let mut section = Section::default();
        for title in &layout.titles {
            if let Some((key, value)) = super::pass::split_key(title) {
                section.set(layout, key, &value);
            }
        }
        if let Some(entity) = &options.entity {
            section.entity = entity.clone();
        }
        section
    }

    /// Takes a value by the name of its column; whether it was one that belongs here.
    pub fn set(&mut self, layout: &Layout, key: &str, value: &str) -> bool {
        match layout.names.exact(&fold(key)).map(|(field, _)| field) {
            Some(Field::CustomerNumber) => {
                let (number, name) = match value.split_once(' ') {
                    Some((n, rest)) if n.bytes().any(|b| b.is_ascii_digit()) => (n, rest.trim()),
                    _ => (value, ""),
                };
                (self.number, self.name) = (number.to_owned(), name.to_owned());
            }
            Some(Field::CustomerName) => self.name = value.to_owned(),
            Some(Field::Entity) => self.entity = value.to_owned(),
            _ => return false,
        }
        true
    }
}

/// What a row says, before it is stored.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Item {
    pub(super) currency: u16,
    pub(super) kind: u8,
    pub(super) credit: bool,
    pub(super) doc_date: i32,
    pub(super) due: i32,
    pub(super) amount: i64,
    pub(super) open: i64,
}

/// What storing a row came to.
pub(crate) enum Stored {
    Yes,
    /// A further line of an invoice that is staged already.
    SameInvoice,
}

/// Staged items under construction.
pub(crate) struct ItemStager<'l> {
    pub(super) layout: &'l Layout,
    pub plan: Plan,
    pub(super) options: &'l Options,
    pub(super) customers: Interner,
    pub(super) customer_list: Vec<StagedCustomer>,
    pub(super) entities: Interner,
    pub(super) segments: Vec<Rc<Segment>>,
    pub(super) current: Segment,
    pub(super) texts: Vec<TextBuilder>,
    /// Hash of each staged row's key. Rows of one key are found by sorting these when all are
    /// there: a table probed at random would miss the cache once per row.
    pub(super) keys: Vec<u64>,
    /// Only for exports that repeat an invoice per line, where the earlier row must be found at once.
    pub(super) invoices: ProbeTable,
    /// The row of each entry of `invoices`.
    pub(super) invoice_rows: Vec<u32>,
    pub(super) currencies: CurrencyCache,
    pub(super) types: Interner,
    pub(super) type_says: Vec<TypeSays>,
    pub(super) dues: DueDates,
    pub(super) statuses: Interner,
    pub(super) status_paid: Vec<bool>,
    pub section: Section,
    pub totals: Totals,
    /// Warnings of the row being read.
    pub warnings: Vec<(Reason, Option<usize>)>,
    /// Value lost to rounding, per currency: rows and exact difference.
    pub rounding: Vec<(u16, u64, Decimal)>,
    pub latest: i32,
    /// A cell that another style reads: the sample misjudged its column.
    pub contradiction: bool,
}

/// Currency codes met, in places by their letters. The factors keep the common codes apart.
pub(super) struct CurrencyCache([([u8; 3], u16, u8); 128]);

impl Default for CurrencyCache {
    fn default() -> Self {
        CurrencyCache([([0; 3], 0, 0); 128])
    }
}

impl CurrencyCache {
    #[inline]
    pub(super) fn get(&mut self, text: &str) -> Option<(u16, u8)> {
        let &[a, b, c] = text.as_bytes() else {
            return Self::read(text);
        };
        let place = (usize::from(a) * 7 + usize::from(b) * 5 + usize::from(c) * 3) & 127;
        let (letters, code, exponent) = self.0[place];
        if letters == [a, b, c] {
            return Some((code, exponent));
        }
        let (code, exponent) = Self::read(text)?;
        self.0[place] = ([a, b, c], code, exponent);
        Some((code, exponent))
    }
    #[cold]
    fn read(text: &str) -> Option<(u16, u8)> {
        let currency =
            Currency::from_code(text).or_else(|| match Currency::from_symbol(text).as_slice() {
                [one] => Some(*one),
                _ => None,
            })?;
        Some((currency.numeric(), currency.exponent()))
    }
}

impl<'l> ItemStager<'l> {
    pub fn new(layout: &'l Layout, plan: Plan, options: &'l Options) -> Self {
        let texts = plan.texts.iter().map(|_| TextBuilder::new()).collect();
        ItemStager {
            layout,
            options,
            customers: Interner::default(),
            customer_list: Vec::new(),
            entities: Interner::default(),
            segments: Vec::new(),
            current: empty_segment(&plan, 1024),
            texts,
            keys: Vec::new(),
            invoices: ProbeTable::default(),
            invoice_rows: Vec::new(),
            currencies: CurrencyCache::default(),
            types: Interner::default(),
            type_says: Vec::new(),
            dues: DueDates::new(options),
            statuses: Interner::default(),
            status_paid: Vec::new(),
            section: Section::of_titles(layout, options),
            totals: Totals::default(),
            warnings: Vec::new(),
            rounding: Vec::new(),
            latest: NO_DAY,
            contradiction: false,
            plan,
        }
    }

    /// The staged items, and their totals with them.
    pub fn finish(mut self) -> Finished {
        if !self.current.is_empty() {
            self.close_segment();
        }
        let entities = self.entities.texts.iter().map(str::to_owned).collect();
        let items = StagedItems {
            customers: self.customer_list,
            entities,
            segments: self.segments,
        };
        Finished {
            items,
            totals: self.totals,
            rounding: self.rounding,
            latest: self.latest,
            unknown_terms: self.dues.unknown(),
            assumptions: self.plan.assumptions,
        }
    }
}

/// What staging items leaves.
pub(crate) struct Finished {
    pub items: StagedItems,
    pub totals: Totals,
    pub rounding: Vec<(u16, u64, Decimal)>,
    pub latest: i32,
    pub unknown_terms: Vec<super::due::UnknownTerms>,
    pub assumptions: Vec<super::plan::Assumption>,
}

pub(super) fn empty_segment(plan: &Plan, rows: usize) -> Segment {
    Segment {
        customer: Vec::with_capacity(rows),
        entity: Vec::with_capacity(rows),
        currency: Vec::with_capacity(rows),
        kind: Vec::with_capacity(rows),
        doc_date: Vec::with_capacity(rows),
        due: Vec::with_capacity(rows),
        amount: Vec::with_capacity(rows),
        open: Vec::with_capacity(rows),
        line: Vec::with_capacity(rows),
        number: Default::default(),
        texts: Vec::with_capacity(plan.texts.len()),
        nums: plan
            .nums
            .iter()
            .map(|(f, _)| (*f, Vec::with_capacity(rows)))
            .collect(),
    }
}

pub(super) fn is_credit(kind: u8) -> bool {
    duebook_ledger::columns::ItemKind::from_u8(kind).is_some_and(|k| k.is_credit())
}

pub(super) fn exponent_of(currency: u16) -> u8 {
    Currency::from_numeric(currency).map_or(2, Currency::exponent)
}
