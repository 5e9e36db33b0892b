//! Customers and contacts, from item rows and from files of their own.

use super::decide::Styles;
use super::items::Section;
use super::layout::Layout;
use super::mapping::Field;
use super::notes::{Notes, Reason};
use super::pass::{Outcome, Sink};
use super::table::{CellType, Row};
use duebook_ledger::columns::StagedCustomer;
use duebook_money::{AmountError, Currency, Style, amount};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// A person or mailbox at a customer, as a file names it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StagedContact {
    /// The customer's number (its name where it has none).
    pub customer: String,
    /// Name.
    pub name: String,
    /// Role as written.
    pub role: String,
    /// Mail address.
    pub mailbox: String,
    /// Telephone as written.
    pub phone: String,
    /// Time zone as written.
    pub zone: String,
    /// Language as written.
    pub language: String,
    /// Line in the file.
    pub line: u32,
}

/// The customer that a row names.
pub(crate) fn customer_of(
    layout: &Layout,
    styles: &Styles,
    row: &Row,
    number: String,
    section: &Section,
) -> StagedCustomer {
    let text = |f: Field| layout.mapping.column(f).map_or("", |c| row.get(c));
    let given = |f: Field| Some(text(f)).filter(|t| !t.is_empty()).map(str::to_owned);
    let mut name = text(Field::CustomerName).to_owned();
    if name.is_empty() {
        name = if section.name.is_empty() {
            number.clone()
        } else {
            section.name.clone()
        };
    }
    let currency = given(Field::Currency);
    let exponent = currency
        .as_deref()
        .and_then(Currency::from_code)
        .map_or(2, Currency::exponent);
    let limit = layout.mapping.column(Field::CreditLimit).and_then(|c| {
        let typed = row.kind(c) == CellType::Number;
        let style = if typed {
            Style::POINT
        } else {
            styles.columns.get(c).map_or(Style::POINT, |s| s.style)
        };
        match amount::parse_plain(row.get(c).as_bytes(), exponent, style) {
            Ok(minor) => Some(minor),
            Err(AmountError::Excess(rounded)) => Some(rounded.minor),
            Err(_) => None,
        }
    });
    StagedCustomer {
        number,
        name,
        country: given(Field::Country),
        collector: given(Field::Collector),
        terms: given(Field::Terms),
        parent: given(Field::Parent),
        segment: given(Field::Segment),
        zone: given(Field::Zone),
        currency,
        credit_limit: limit,
    }
}

/// Customers and contacts of a file of their own. A customer may have several rows, one per
/// contact; its own fields are taken from the first row that fills them.
pub(crate) struct PartySink<'l> {
    layout: &'l Layout,
    styles: Styles,
    by_key: HashMap<String, usize>,
    pub customers: Vec<StagedCustomer>,
    /// Of each, its first line.
    pub lines: Vec<u32>,
    /// Of each, its rows.
    pub rows: Vec<u32>,
    pub contacts: Vec<StagedContact>,
}

impl<'l> PartySink<'l> {
    pub fn new(layout: &'l Layout, styles: Styles) -> Self {
        PartySink {
            layout,
            styles,
            by_key: HashMap::new(),
            customers: Vec::new(),
            lines: Vec::new(),
            rows: Vec::new(),
            contacts: Vec::new(),
        }
    }
}

impl Sink for PartySink<'_> {
    fn take(&mut self, row: &Row, _: &mut Notes) -> Outcome {
        let column = |f: Field| self.layout.mapping.column(f);
        let text = |f: Field| column(f).map_or("", |c| row.get(c));
        let key = match text(Field::CustomerNumber) {
            "" => text(Field::CustomerName),
            number => number,
        };
        if key.is_empty() {
            return Outcome::Refused(Reason::CustomerMissing, column(Field::CustomerNumber));
        }
        let customer = customer_of(
            self.layout,
            &self.styles,
            row,
            key.to_owned(),
            &Section::default(),
        );
        match self.by_key.get(key) {
            Some(&at) => {
                self.rows[at] += 1;
                fill(&mut self.customers[at], customer);
            }
            None => {
                self.by_key.insert(key.to_owned(), self.customers.len());
                self.customers.push(customer);
                self.lines.push(row.line);
                self.rows.push(1);
            }
        }
        let contact = StagedContact {
            customer: key.to_owned(),
            name: text(Field::ContactName).to_owned(),
            role: text(Field::Role).to_owned(),
            mailbox: text(Field::Mailbox).to_owned(),
            phone: text(Field::Phone).to_owned(),
            zone: text(Field::Zone).to_owned(),
            language: text(Field::Language).to_owned(),
            line: row.line,
        };
        if !(contact.name.is_empty() && contact.mailbox.is_empty() && contact.phone.is_empty()) {
            self.contacts.push(contact);
        }
        Outcome::Accepted
    }
}

/// Fills what an earlier row of the customer left open.
fn fill(known: &mut StagedCustomer, more: StagedCustomer) {
    let take = |to: &mut Option<String>, from: Option<String>| {
        if to.is_none() {
            *to = from;
        }
    };
    take(&mut known.country, more.country);
    take(&mut known.collector, more.collector);
    take(&mut known.terms, more.terms);
    take(&mut known.parent, more.parent);
    take(&mut known.segment, more.segment);
    take(&mut known.zone, more.zone);
    take(&mut known.currency, more.currency);
    known.credit_limit = known.credit_limit.or(more.credit_limit);
}
