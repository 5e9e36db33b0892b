//! The inner loop: a row becomes an open item in the segment being filled, or a fault.

use super::decide::{ColumnStyle, contradicts, read_date};
use super::doc_type::{TypeSays, kind, says};
use super::due::DueDates;
use super::intern::{Interner, ProbeTable, TextBuilder};
use super::layout::Layout;
use super::mapping::Field;
use super::notes::{Notes, Reason};
use super::options::Options;
use super::plan::{CurrencyFrom, Plan};
use super::synonyms::fold;
use super::table::{CellType, Row};
use super::totals::Totals;
use duebook_ledger::columns::{
    NO_DAY, NumField, SEGMENT_ROWS, Segment, StagedCustomer, StagedItems, key_hash,
};
use duebook_money::amount::{self, AmountError};
use duebook_money::{Currency, Style};
use rust_decimal::Decimal;
use std::rc::Rc;

/// Why a row is no item.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fault {
    pub reason: Reason,
    pub column: Option<usize>,
}

fn fault<T>(reason: Reason, column: impl Into<Option<usize>>) -> Result<T, Fault> {
    Err(Fault { reason, column: column.into() })
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
    currency: u16,
    kind: u8,
    credit: bool,
    doc_date: i32,
    due: i32,
    amount: i64,
    open: i64,
}

/// What storing a row came to.
pub(crate) enum Stored {
    Yes,
    /// A row with this key is staged already, from this line.
    Duplicate(u32),
    /// A further line of an invoice that is staged already.
    SameInvoice,
}

/// Staged items under construction.
pub(crate) struct ItemStager<'l> {
    layout: &'l Layout,
    pub plan: Plan,
    options: &'l Options,
    customers: Interner,
    customer_list: Vec<StagedCustomer>,
    entities: Interner,
    segments: Vec<Rc<Segment>>,
    current: Segment,
    texts: Vec<TextBuilder>,
    keys: ProbeTable,
    currencies: CurrencyCache,
    types: Interner,
    type_says: Vec<TypeSays>,
    dues: DueDates,
    statuses: Interner,
    status_paid: Vec<bool>,
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

#[derive(Default)]
struct CurrencyCache {
    last: [u8; 3],
    code: u16,
    exponent: u8,
}

impl CurrencyCache {
    #[inline]
    fn get(&mut self, text: &str) -> Option<(u16, u8)> {
        if text.as_bytes() != self.last {
            let currency = Currency::from_code(text).or_else(|| match Currency::from_symbol(text).as_slice() {
                [one] => Some(*one),
                _ => None,
            })?;
            (self.code, self.exponent) = (currency.numeric(), currency.exponent());
            self.last = text.as_bytes().try_into().unwrap_or_default();
        }
        Some((self.code, self.exponent))
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
            keys: ProbeTable::default(),
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

    /// Reads a row as an item. Warnings wait in `self.warnings`.
    #[inline]
    pub fn read(&mut self, row: &Row) -> Result<Item, Fault> {
        self.warnings.clear();
        let number = self.number(row);
        if number.is_empty() {
            return fault(Reason::NumberMissing, self.plan.number);
        }
        if number.len() <= 12 && is_exponent(number) {
            self.warnings.push((Reason::NumberLostDigits, self.plan.number));
        }
        if self.customer_key(row).is_empty() {
            return fault(Reason::CustomerMissing, self.plan.customer);
        }
        let (currency, exponent) = self.currency(row)?;
        let (amount, open) = self.amounts(row, exponent, currency)?;
        let (doc_date, due) = self.dates(row)?;
        if doc_date == NO_DAY && due == NO_DAY && is_total_label(row) {
            return fault(Reason::TotalRow, None);
        }
        let (kind, credit, amount, open) = self.kind(row, amount, open);
        self.check(row, doc_date, due);
        Ok(Item { currency, kind, credit, doc_date, due, amount, open })
    }

    #[inline]
    fn number<'a>(&self, row: &'a Row) -> &'a str {
        let number = self.plan.number.map_or("", |c| row.get(c));
        match self.plan.float_numbers {
            true => number.strip_suffix(".0").unwrap_or(number),
            false => number,
        }
    }

    #[inline]
    fn customer_key<'a>(&'a self, row: &'a Row) -> &'a str {
        let mut key = self.plan.customer.map_or("", |c| row.get(c));
        if key.is_empty() {
            key = self.plan.customer_name.map_or("", |c| row.get(c));
        }
        if key.is_empty() {
            key = match self.section.number.is_empty() {
                true => &self.section.name,
                false => &self.section.number,
            };
        }
        key
    }

    #[inline]
    fn currency(&mut self, row: &Row) -> Result<(u16, u8), Fault> {
        match self.plan.currency {
            CurrencyFrom::Column(column, otherwise) => {
                let text = row.get(column);
                if text.is_empty() {
                    return match otherwise {
                        Some(c) => Ok((c.numeric(), c.exponent())),
                        None => fault(Reason::CurrencyMissing, column),
                    };
                }
                match self.currencies.get(text) {
                    Some(found) => Ok(found),
                    None => fault(Reason::BadCurrency, column),
                }
            }
            CurrencyFrom::Fixed(currency) => Ok((currency.numeric(), currency.exponent())),
            CurrencyFrom::Marks(otherwise) => self.marked_currency(row, otherwise),
        }
    }

    fn marked_currency(&mut self, row: &Row, otherwise: Option<Currency>) -> Result<(u16, u8), Fault> {
        let column = self.plan.amount.or(self.plan.open).or(self.plan.debit);
        let Some(column) = column else { return fault(Reason::CurrencyMissing, None) };
        let style = self.style(column).style;
        let mark = amount::parse(row.get(column), style).ok().and_then(|a| a.currency);
        let found = match mark.map(|m| m.candidates()) {
            Some(candidates) => match (candidates.as_slice(), otherwise) {
                ([one], _) => Some(*one),
                (several, Some(answer)) if several.contains(&answer) => Some(answer),
                _ => None,
            },
            None => otherwise,
        };
        match found {
            Some(c) => Ok((c.numeric(), c.exponent())),
            None => fault(Reason::CurrencyMissing, column),
        }
    }

    #[inline]
    fn style(&self, column: usize) -> ColumnStyle {
        self.plan.styles.columns.get(column).copied().unwrap_or_default()
    }

    /// One amount cell, or `None` where it is empty.
    #[inline]
    fn money(&mut self, row: &Row, column: usize, exponent: u8, currency: u16) -> Result<Option<i64>, Fault> {
        let cell = row.get(column);
        if cell.is_empty() {
            return Ok(None);
        }
        let style = match row.kind(column) {
            CellType::Number => Style::POINT,
            _ => self.style(column).style,
        };
        match amount::parse_plain(cell.as_bytes(), exponent, style) {
            Ok(minor) => Ok(Some(minor)),
            Err(error) => self.odd_money(row, column, currency, error),
        }
    }

    #[cold]
    fn odd_money(
        &mut self,
        row: &Row,
        column: usize,
        currency: u16,
        error: AmountError,
    ) -> Result<Option<i64>, Fault> {
        match error {
            AmountError::Empty => Ok(None),
            AmountError::Excess(rounded) => {
                self.warnings.push((Reason::Rounded, Some(column)));
                let at = self.rounding.iter().position(|(c, ..)| *c == currency).unwrap_or_else(|| {
                    self.rounding.push((currency, 0, Decimal::ZERO));
                    self.rounding.len() - 1
                });
                let (_, rows, total) = &mut self.rounding[at];
                *rows += 1;
                *total = total.checked_add(rounded.excess).unwrap_or(*total);
                Ok(Some(rounded.minor))
            }
            AmountError::Overflow => fault(Reason::AmountTooLarge, column),
            _ if row.kind(column) == CellType::Error => fault(Reason::CellError, column),
            _ => {
                self.note_contradiction(row, column);
                fault(Reason::BadAmount, column)
            }
        }
    }

    fn note_contradiction(&mut self, row: &Row, column: usize) {
        if !self.plan.styles.full
            && let Some(map) = self.layout.mapping.columns.get(column)
        {
            self.contradiction |= contradicts(row, column, map.field);
        }
    }

    /// Original and open amount, signed as the source's columns say.
    #[inline]
    fn amounts(&mut self, row: &Row, exponent: u8, currency: u16) -> Result<(i64, i64), Fault> {
        let mut amount = match self.plan.amount {
            Some(column) => self.money(row, column, exponent, currency)?,
            None => None,
        };
        if amount.is_none() && (self.plan.debit.is_some() || self.plan.credit.is_some()) {
            amount = self.two_columns(row, exponent, currency)?;
        }
        let mut open = match self.plan.open {
            Some(column) => self.money(row, column, exponent, currency)?,
            None => None,
        };
        if let Some(column) = self.plan.side {
            let credit = match side_of(row.get(column)) {
                Some(credit) => credit,
                None => return fault(Reason::BadSide, column),
            };
            if credit {
                // An amount already signed on the credit side is not turned again.
                amount = amount.map(|a| -a.abs());
                open = open.map(|o| -o.abs());
            }
        }
        if let (None, Some(amount)) = (open, amount) {
            open = Some(self.open_by_rule(row, amount, exponent, currency)?);
        }
        match (amount.or(open), open.or(amount)) {
            (Some(amount), Some(open)) => Ok((amount, open)),
            _ => fault(Reason::AmountMissing, self.plan.amount.or(self.plan.open).or(self.plan.debit)),
        }
    }

    fn two_columns(&mut self, row: &Row, exponent: u8, currency: u16) -> Result<Option<i64>, Fault> {
        let (left, right) = (self.plan.debit, self.plan.credit);
        let mut value = |column: Option<usize>| match column {
            Some(column) => self.money(row, column, exponent, currency),
            None => Ok(None),
        };
        let (debit, credit) = (value(left)?, value(right)?);
        match (debit.filter(|d| *d != 0), credit.filter(|c| *c != 0)) {
            (Some(_), Some(_)) => fault(Reason::BothSides, self.plan.debit),
            (Some(debit), None) => Ok(Some(debit)),
            // Both views exist: credits with and without a minus in their own column.
            (None, Some(credit)) => Ok(Some(-credit.abs())),
            (None, None) => Ok(debit.or(credit)),
        }
    }

    /// Without an open column: amount less paid, nothing if cleared, else all of it.
    fn open_by_rule(&mut self, row: &Row, amount: i64, exponent: u8, currency: u16) -> Result<i64, Fault> {
        if let Some(column) = self.plan.paid {
            let paid = self.money(row, column, exponent, currency)?.unwrap_or(0);
            let left = amount.abs().saturating_sub(paid.abs()).max(0);
            return Ok(if amount < 0 { -left } else { left });
        }
        if let Some(column) = self.plan.clearing
            && !matches!(read_date(row, column, self.style(column)), Ok(None))
        {
            return Ok(0);
        }
        Ok(amount)
    }

    #[inline]
    fn dates(&mut self, row: &Row) -> Result<(i32, i32), Fault> {
        let mut doc_date = match self.plan.doc_date {
            Some(column) => self.date(row, column)?,
            None => NO_DAY,
        };
        if doc_date == NO_DAY
            && let Some(column) = self.plan.date_fallback
        {
            doc_date = self.date(row, column)?;
        }
        let mut due = match self.plan.due {
            Some(column) => self.date(row, column)?,
            None => NO_DAY,
        };
        if due == NO_DAY {
            due = self.due_by_terms(row, doc_date);
        }
        Ok((doc_date, due))
    }

    #[inline]
    fn date(&mut self, row: &Row, column: usize) -> Result<i32, Fault> {
        match read_date(row, column, self.style(column)) {
            Ok(Some(day)) => Ok(day.0),
            Ok(None) => Ok(NO_DAY),
            Err(()) if row.kind(column) == CellType::Error => fault(Reason::CellError, column),
            Err(()) => {
                self.note_contradiction(row, column);
                fault(Reason::BadDate, column)
            }
        }
    }

    #[cold]
    fn due_by_terms(&mut self, row: &Row, doc_date: i32) -> i32 {
        let baseline = self.plan.baseline.and_then(|c| read_date(row, c, self.style(c)).ok().flatten());
        let anchor = baseline.map_or(doc_date, |d| d.0);
        let terms = self.plan.terms.map_or("", |c| row.get(c));
        let days = self.plan.terms_days.map_or("", |c| row.get(c));
        match self.dues.due(anchor, terms, days) {
            Ok(due) => {
                self.warnings.push((Reason::DueFromTerms, self.plan.terms.or(self.plan.terms_days)));
                due
            }
            Err(reason) => {
                self.warnings.push((reason, self.plan.terms.or(self.plan.due)));
                NO_DAY
            }
        }
    }

    /// The kind by type and sign, and the amounts with their invariants: same sign, |open| <= |amount|.
    #[inline]
    fn kind(&mut self, row: &Row, mut amount: i64, mut open: i64) -> (u8, bool, i64, i64) {
        let says = match self.plan.doc_type {
            Some(column) => {
                let (code, new) = self.types.code_and_new(row.get(column));
                if new {
                    self.type_says.push(says(row.get(column)));
                }
                self.type_says.get(code as usize).copied().unwrap_or(TypeSays::Nothing)
            }
            None => TypeSays::Nothing,
        };
        if self.plan.credits_unsigned && matches!(says, TypeSays::Kind(k) if k.is_credit()) {
            (amount, open) = (-amount.abs(), -open.abs());
        }
        if (amount < 0) != (open < 0) && amount != 0 && open != 0 {
            // Overpaid invoice, over-applied credit: what is left is an item of its own.
            self.warnings.push((Reason::OpenSignDiffers, self.plan.open));
            amount = open;
        } else if open.unsigned_abs() > amount.unsigned_abs() {
            self.warnings.push((Reason::OpenExceedsAmount, self.plan.open));
            amount = open;
        }
        let (kind, agrees) = kind(says, amount);
        if !agrees && !matches!(says, TypeSays::Kind(k) if !k.is_credit()) {
            self.warnings.push((Reason::TypeSignDiffers, self.plan.doc_type));
        }
        (kind as u8, kind.is_credit(), amount, open)
    }

    #[inline]
    fn check(&mut self, row: &Row, doc_date: i32, due: i32) {
        if doc_date == NO_DAY {
            self.warnings.push((Reason::DateMissing, self.plan.doc_date));
        } else if due != NO_DAY && due < doc_date {
            self.warnings.push((Reason::DueBeforeDate, self.plan.due));
        }
        if self.plan.open.is_none()
            && self.plan.paid.is_none()
            && let Some(column) = self.plan.status
        {
            let (code, new) = self.statuses.code_and_new(row.get(column));
            if new {
                self.status_paid.push(says_paid(row.get(column)));
            }
            if self.status_paid.get(code as usize).copied().unwrap_or(false) {
                self.warnings.push((Reason::StatusSaysPaid, Some(column)));
            }
        }
    }

    /// Stores an item unless its key is there already.
    #[inline]
    pub fn store(&mut self, row: &Row, item: Item, notes: &mut Notes) -> Result<Stored, Fault> {
        let number = self.number(row);
        let own = self.plan.entity.map_or("", |c| row.get(c));
        let company = if own.is_empty() { self.section.entity.as_str() } else { own };
        let entity = self.entities.code(company);
        let Ok(entity) = u16::try_from(entity) else { 
            return fault(Reason::TooManyEntities, self.plan.entity);
        };
        if let Some(found) = self.find_duplicate(row, number, entity, item) {
            return Ok(found);
        }
        let customer = self.customer(row);
        let seg = &mut self.current;
        seg.customer.push(customer);
        seg.entity.push(entity);
        seg.currency.push(item.currency);
        seg.kind.push(item.kind);
        seg.doc_date.push(item.doc_date);
        seg.due.push(item.due);
        seg.amount.push(item.amount);
        seg.open.push(item.open);
        seg.line.push(row.line);
        seg.number.push(number);
        for ((_, column), builder) in self.plan.texts.iter().zip(&mut self.texts) {
            builder.push(row.get(*column));
        }
        for at in 0..self.plan.nums.len() {
            let value = self.extra_number(row, at, item, notes);
            self.current.nums[at].1.push(value);
        }
        self.totals.add(item.currency, item.amount, item.open);
        self.totals.add_number(number);
        self.latest = self.latest.max(item.doc_date);
        for (reason, column) in self.warnings.drain(..) {
            notes.add(row, column, reason);
        }
        if self.current.len() == SEGMENT_ROWS {
            self.close_segment();
        }
        Ok(Stored::Yes)
    }

    fn extra_number(&mut self, row: &Row, at: usize, item: Item, notes: &mut Notes) -> i64 {
        let (field, column) = self.plan.nums[at];
        let warn = |notes: &mut Notes| notes.add(row, Some(column), Reason::ValueIgnored);
        if field.is_day() {
            return match read_date(row, column, self.style(column)) {
                Ok(day) => day.map_or(i64::from(NO_DAY), |d| i64::from(d.0)),
                Err(()) => {
                    self.note_contradiction(row, column);
                    warn(notes);
                    i64::from(NO_DAY)
                }
            };
        }
        let own = match field {
            NumField::LocalAmount => self.plan.local_currency,
            NumField::GroupAmount => self.plan.group_currency,
            _ => None,
        };
        let currency = match own.and_then(|c| Currency::from_code(row.get(c))) {
            Some(currency) => currency.exponent(),
            None if field == NumField::Tax => exponent_of(item.currency),
            None => 2,
        };
        let cell = row.get(column);
        let style = match row.kind(column) {
            CellType::Number => Style::POINT,
            _ => self.style(column).style,
        };
        match amount::parse_plain(cell.as_bytes(), currency, style) {
            Ok(minor) => minor,
            Err(AmountError::Excess(rounded)) => rounded.minor,
            Err(AmountError::Empty) => 0,
            Err(_) => {
                warn(notes);
                0
            }
        }
    }

    /// The customer's ordinal; a new one is filled from this row.
    #[inline]
    fn customer(&mut self, row: &Row) -> u32 {
        let key = match self.plan.customer.map_or("", |c| row.get(c)) {
            "" => None,
            key => Some(key),
        };
        let (code, new) = match key {
            Some(key) => self.customers.code_and_new(key),
            None => {
                let key = self.customer_key(row).to_owned();
                self.customers.code_and_new(&key)
            }
        };
        if new {
            let number = self.customers.texts.get(code as usize).to_owned();
            let customer = super::parties::customer_of(self.layout, &self.plan.styles, row, number, &self.section);
            self.customer_list.push(customer);
        }
        code
    }

    #[inline]
    fn find_duplicate(&mut self, row: &Row, number: &str, entity: u16, item: Item) -> Option<Stored> {
        let id = self.options.identity;
        let text_of = |place: Option<usize>, used: bool| match place.filter(|_| used) {
            Some(at) => row.get(self.plan.texts[at].1),
            None => "",
        };
        let year = text_of(self.plan.year_text, id.fiscal_year);
        let line = text_of(self.plan.line_text, id.line);
        let company = if id.entity { self.entities.texts.get(entity as usize) } else { "" };
        let credit = item.credit && id.side;
        let hash = key_hash(company, number, year, line, credit);
        let (segments, current, texts, plan) = (&self.segments, &self.current, &self.texts, &self.plan);
        let found = self.keys.find_or_add(hash, |index| {
            let (seg, at) = (index as usize / SEGMENT_ROWS, index as usize % SEGMENT_ROWS);
            let done = segments.get(seg);
            let s = done.map_or(current, |s| s);
            let text = |place: Option<usize>| match place {
                Some(p) if done.is_some() => s.text(&plan.texts[p].0, at),
                Some(p) => texts[p].get(at),
                None => "",
            };
            s.number.bytes_of(at) == number.as_bytes()
                && (!id.entity || s.entity[at] == entity)
                && (!id.side || is_credit(s.kind[at]) == item.credit)
                && (!id.fiscal_year || text(plan.year_text) == year)
                && (!id.line || text(plan.line_text) == line)
        });
        let index = found.ok()? as usize;
        let (seg, at) = (index / SEGMENT_ROWS, index % SEGMENT_ROWS);
        let s = segments.get(seg).map_or(current, |s| s);
        let same = s.amount[at] == item.amount && s.open[at] == item.open && s.due[at] == item.due;
        if same && self.layout.dialect().repeats_invoices() {
            return Some(Stored::SameInvoice);
        }
        Some(Stored::Duplicate(s.line[at]))
    }

    fn close_segment(&mut self) {
        let mut done = std::mem::replace(&mut self.current, empty_segment(&self.plan, SEGMENT_ROWS));
        for ((field, _), builder) in self.plan.texts.iter().zip(&mut self.texts) {
            done.texts.push((field.clone(), builder.finish()));
        }
        self.segments.push(Rc::new(done));
    }

    /// The staged items, and their totals with them.
    pub fn finish(mut self) -> Finished {
        if !self.current.is_empty() {
            self.close_segment();
        }
        let entities = self.entities.texts.iter().map(str::to_owned).collect();
        let items = StagedItems { customers: self.customer_list, entities, segments: self.segments };
        Finished {
            items,
            totals: self.totals,
            rounding: self.rounding,
            latest: self.latest,
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
    pub assumptions: Vec<super::plan::Assumption>,
}

fn empty_segment(plan: &Plan, rows: usize) -> Segment {
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
        nums: plan.nums.iter().map(|(f, _)| (*f, Vec::with_capacity(rows))).collect(),
    }
}

fn is_credit(kind: u8) -> bool {
    duebook_ledger::columns::ItemKind::from_u8(kind).is_some_and(|k| k.is_credit())
}

fn exponent_of(currency: u16) -> u8 {
    Currency::from_numeric(currency).map_or(2, Currency::exponent)
}

/// `1.23E+15`: what a spreadsheet leaves of a long number.
#[inline]
fn is_exponent(number: &str) -> bool {
    let bytes = number.as_bytes();
    let shown = |b: u8| b.is_ascii_digit() || matches!(b, b'.' | b',' | b'E' | b'e' | b'+');
    bytes.contains(&b'+') && bytes[0].is_ascii_digit() && bytes.iter().all(|b| shown(*b))
}

/// Whether a D/C mark means credit; `None` if it is no such mark. Empty is debit.
fn side_of(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "" | "d" | "dr" | "s" | "+" | "debit" | "soll" | "db" | "debe" | "40" | "01" => Some(false),
        "c" | "cr" | "h" | "-" | "credit" | "haben" | "k" | "haber" | "50" | "11" | "15" => Some(true),
        _ => None,
    }
}

fn says_paid(status: &str) -> bool {
    matches!(
        fold(status).as_str(),
        "paid" | "closed" | "settled" | "bezahlt" | "ausgeglichen" | "paye" | "payee" | "pagado" | "pagada" | "paid in full" | "cleared"
    )
}

/// Whether a cell of the row says that it is a total.
pub(crate) fn is_total_label(row: &Row) -> bool {
    row.cells().any(|cell| {
        if !cell.is_empty() && cell.len() <= 3 && cell.bytes().all(|b| b == b'*') {
            return true;
        }
        if cell.len() < 3 || cell.len() > 80 {
            return false;
        }
        let name = fold(cell);
        let first = name.split(' ').next().unwrap_or("");
        matches!(
            first,
            "total" | "totals" | "subtotal" | "summe" | "gesamt" | "gesamtsumme" | "zwischensumme" | "endsumme" | "totaux" | "totales" | "suma" | "sum"
        ) || name.starts_with("sub total")
            || name.starts_with("sous total")
            || name.starts_with("grand total")
            || name.starts_with("total general")
    })
}
