//! An item into the segment being filled, and rows of one key found.

use super::decide::read_date;
use super::items::{Fault, Item, ItemStager, Stored, empty_segment, exponent_of, fault, is_credit};
use super::notes::{Notes, Reason};
use super::table::{CellType, Row};
use duebook_ledger::columns::{
    NO_DAY, NumField, SEGMENT_ROWS, Segment, StrColumn, TextColumn, TextField, key_hash,
};
use duebook_money::Style;
use duebook_money::amount::{self, AmountError};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

impl ItemStager<'_> {
    /// Stores an item unless its key is there already.
    #[inline]
    pub fn store(&mut self, row: &Row, item: Item, notes: &mut Notes) -> Result<Stored, Fault> {
        let number = self.number(row);
        let own = self.plan.entity.map_or("", |c| row.get(c));
        let company = if own.is_empty() {
            self.section.entity.as_str()
        } else {
            own
        };
        let entity = self.entities.code(company);
        let Ok(entity) = u16::try_from(entity) else {
            return fault(Reason::TooManyEntities, self.plan.entity);
        };
        let hash = self.key(row, number, company, item.credit);
        if self.layout.dialect().repeats_invoices() && self.is_same_invoice(hash, number, item) {
            return Ok(Stored::SameInvoice);
        }
        self.keys.push(hash);
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
                Ok(day) => {
                    // What is known to be cleared was written down later still.
                    if field == NumField::ClearingDate && self.plan.clearing_settles {
                        self.latest = day.map_or(self.latest, |d| self.latest.max(d.0));
                    }
                    day.map_or(i64::from(NO_DAY), |d| i64::from(d.0))
                }
                Err(()) => {
                    self.note_contradiction(row, column);
                    warn(notes);
                    i64::from(NO_DAY)
                }
            };
        }
        let own = match field {
            NumField::LocalAmount => Some((self.plan.local_currency, TextField::LocalCurrency)),
            NumField::GroupAmount => Some((self.plan.group_currency, TextField::GroupCurrency)),
            _ => None,
        };
        let named = |field: TextField| self.plan.named.iter().find(|(f, _)| *f == field);
        let own = own.and_then(|(column, field)| match column {
            Some(column) => self.currencies.get(row.get(column)).map(|(_, e)| e),
            None => named(field).map(|(_, c)| c.exponent()),
        });
        let currency = match own {
            Some(exponent) => exponent,
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
            let customer = super::parties::customer_of(
                self.layout,
                &self.plan.styles,
                row,
                number,
                &self.section,
            );
            self.customer_list.push(customer);
        }
        code
    }

    /// Hash of the row's key, of the parts that make a row unique in this import.
    #[inline]
    fn key(&self, row: &Row, number: &str, company: &str, credit: bool) -> u64 {
        let id = self.options.identity;
        let text_of = |place: Option<usize>, used: bool| match place.filter(|_| used) {
            Some(at) => row.get(self.plan.texts[at].1),
            None => "",
        };
        let year = text_of(self.plan.year_text, id.fiscal_year);
        let line = text_of(self.plan.line_text, id.line);
        let company = if id.entity { company } else { "" };
        key_hash(company, number, year, line, credit && id.side)
    }

    /// Whether this row only repeats an invoice that is staged.
    fn is_same_invoice(&mut self, hash: u64, number: &str, item: Item) -> bool {
        let (segments, current, rows) = (&self.segments, &self.current, &self.invoice_rows);
        let place = |index: u32| {
            let row = rows.get(index as usize).map_or(usize::MAX, |r| *r as usize);
            (
                segments.get(row / SEGMENT_ROWS).map_or(current, |s| s),
                row % SEGMENT_ROWS,
            )
        };
        let found = self.invoices.find_or_add(hash, |index| {
            let (s, at) = place(index);
            s.number.bytes_of(at) == number.as_bytes()
        });
        match found {
            Ok(index) => {
                let (s, at) = place(index);
                let same = [(&s.amount, item.amount), (&s.open, item.open)];
                same.iter()
                    .all(|(column, value)| column.get(at) == Some(value))
                    && s.due.get(at) == Some(&item.due)
            }
            Err(_) => {
                self.invoice_rows.push(self.keys.len() as u32);
                false
            }
        }
    }

    /// Pairs of lines whose rows have one key: the earliest, and each later one. Equal hashes are
    /// only a suspicion; the parts are compared.
    pub fn duplicates(&self) -> Vec<(u32, u32)> {
        let mut sorted = self.keys.clone();
        sorted.sort_unstable();
        let doubled: HashSet<u64> = sorted
            .windows(2)
            .filter(|w| w[0] == w[1])
            .map(|w| w[0])
            .collect();
        if doubled.is_empty() {
            return Vec::new();
        }
        let mut first: HashMap<u64, Vec<usize>> = HashMap::new();
        let mut pairs = Vec::new();
        for (ordinal, hash) in self
            .keys
            .iter()
            .enumerate()
            .filter(|(_, h)| doubled.contains(h))
        {
            let seen = first.entry(*hash).or_default();
            match seen.iter().find(|other| self.same_key(**other, ordinal)) {
                Some(other) => pairs.push((self.line_of(*other), self.line_of(ordinal))),
                None => seen.push(ordinal),
            }
        }
        pairs
    }

    fn place(&self, ordinal: usize) -> (Option<&Segment>, &Segment, usize) {
        let done = self.segments.get(ordinal / SEGMENT_ROWS).map(|s| &**s);
        (done, done.unwrap_or(&self.current), ordinal % SEGMENT_ROWS)
    }

    fn line_of(&self, ordinal: usize) -> u32 {
        let (_, segment, at) = self.place(ordinal);
        segment.line[at]
    }

    fn same_key(&self, a: usize, b: usize) -> bool {
        let id = self.options.identity;
        let parts = |ordinal: usize| {
            let (done, s, at) = self.place(ordinal);
            let text = |place: Option<usize>, used: bool| match place.filter(|_| used) {
                Some(p) if done.is_some() => s.text(&self.plan.texts[p].0, at),
                Some(p) => self.texts[p].get(at),
                None => "",
            };
            let year = text(self.plan.year_text, id.fiscal_year);
            let line = text(self.plan.line_text, id.line);
            let entity = if id.entity { s.entity[at] } else { 0 };
            (
                s.number.get(at),
                year,
                line,
                entity,
                id.side && is_credit(s.kind[at]),
            )
        };
        parts(a) == parts(b)
    }

    pub(super) fn close_segment(&mut self) {
        let mut next = empty_segment(&self.plan, SEGMENT_ROWS);
        next.number = self.current.number.room_alike();
        let mut done = std::mem::replace(&mut self.current, next);
        for ((field, _), builder) in self.plan.texts.iter().zip(&mut self.texts) {
            done.texts.push((field.clone(), builder.finish()));
        }
        for (field, currency) in &self.plan.named {
            let mut texts = TextColumn::default();
            texts.push(currency.code());
            let codes = vec![0; done.len()];
            let at = done.texts.partition_point(|(f, _)| f < field);
            let column = (field.clone(), StrColumn::Dict { codes, texts });
            done.texts.insert(at, column);
        }
        self.segments.push(Rc::new(done));
    }
}
