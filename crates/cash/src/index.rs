//! What is open, prepared for matching: one pass over the items, then only look-ups. It owns what it
//! needs, so it can be made in a worker or from a frozen book.

use std::collections::HashMap;

use duebook_ledger::columns::{ItemKind, NO_DAY};
use duebook_ledger::{CustomerId, ItemId};
use duebook_money::terms::{DiscountDate, DueContext, Terms, due_dates};
use duebook_money::{Currency, Day};

use crate::keys::Keys;
use crate::names::Name;
use crate::proposal::KeyKind;
use crate::text::fold;

/// An open item, as it is told to the index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenItem<'a> {
    /// Its id.
    pub id: ItemId,
    /// Who owes it, or is owed.
    pub customer: CustomerId,
    /// Its currency.
    pub currency: Currency,
    /// What it is.
    pub kind: ItemKind,
    /// Document date; days, or [`NO_DAY`].
    pub doc_date: i32,
    /// Due date; days, or [`NO_DAY`].
    pub due: i32,
    /// Original amount, minor units, signed.
    pub amount: i64,
    /// Open, signed like it.
    pub open: i64,
    /// Tax contained in the amount, where known.
    pub tax: Option<i64>,
    /// Document number.
    pub number: &'a str,
    /// The number the customer knows.
    pub reference: &'a str,
    /// Purchase order.
    pub po: &'a str,
    /// Contract.
    pub contract: &'a str,
    /// Terms as written.
    pub terms: &'a str,
    /// In dispute.
    pub disputed: bool,
}

impl<'a> OpenItem<'a> {
    /// An invoice of which only this is known.
    pub fn of(
        id: ItemId,
        customer: CustomerId,
        currency: Currency,
        number: &'a str,
        open: i64,
    ) -> Self {
        OpenItem {
            id,
            customer,
            currency,
            kind: if open < 0 {
                ItemKind::CreditMemo
            } else {
                ItemKind::Invoice
            },
            doc_date: NO_DAY,
            due: NO_DAY,
            amount: open,
            open,
            tax: None,
            number,
            reference: "",
            po: "",
            contract: "",
            terms: "",
            disputed: false,
        }
    }
}

/// What identifies a payer, learnt from a confirmed match and from nothing else (CA-05).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alias {
    /// What kind of text.
    pub kind: AliasKind,
    /// The text.
    pub text: String,
    /// Whom it names.
    pub customer: CustomerId,
}

/// A kind of alias.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AliasKind {
    /// The name a bank shows.
    Name,
    /// IBAN, account number or UPI address paid from.
    Account,
    /// Account paid into that stands for one customer.
    VirtualAccount,
}

/// A row of the index.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row {
    pub(crate) id: ItemId,
    pub(crate) customer: u32,
    pub(crate) currency: Currency,
    pub(crate) kind: ItemKind,
    pub(crate) doc_date: i32,
    pub(crate) due: i32,
    pub(crate) amount: i64,
    pub(crate) open: i64,
    pub(crate) tax: Option<i64>,
    terms: u32,
    pub(crate) disputed: bool,
    /// The first row that it is interchangeable with (CA-03).
    pub(crate) class: u32,
}

#[derive(Debug, Clone)]
pub(crate) struct Party {
    pub(crate) name: Name,
    pub(crate) parent: Option<u32>,
}

impl Default for Party {
    fn default() -> Self {
        Party {
            name: Name::of(""),
            parent: None,
        }
    }
}

/// What is open, ready for matching.
#[derive(Default)]
pub struct OpenIndex {
    pub(crate) rows: Vec<Row>,
    pub(crate) keys: Keys,
    pub(crate) parties: Vec<Party>,
    /// Rows by customer, currency, due date, row.
    order: Vec<u32>,
    /// Per customer, where its rows begin in `order`; one more at the end.
    starts: Vec<u32>,
    /// Rows by currency, open amount, row.
    by_amount: Vec<u32>,
    /// Customers by name.
    by_name: Vec<u32>,
    /// Folded customer numbers with their customers, sorted.
    numbers: Vec<(Vec<u8>, u32)>,
    /// Folded aliases, sorted.
    aliases: Vec<(AliasKind, Vec<u8>, u32)>,
    /// (parent, child), sorted.
    children: Vec<(u32, u32)>,
    terms: Vec<Option<Terms>>,
}

/// Takes customers, aliases and items in any order.
#[derive(Default)]
pub struct IndexBuilder {
    index: OpenIndex,
    terms: HashMap<String, u32>,
    /// Steps of finishing that are done.
    finished: u8,
}

/// Dense ids above this are no ids of a book.
const MOST_CUSTOMERS: u32 = 1 << 26;

impl IndexBuilder {
    /// Nothing yet.
    pub fn new() -> Self {
        IndexBuilder::default()
    }
    /// A customer with its number and name, and the parent that may pay for it.
    pub fn customer(
        &mut self,
        id: CustomerId,
        number: &str,
        name: &str,
        parent: Option<CustomerId>,
    ) {
        if id.0 >= MOST_CUSTOMERS {
            return;
        }
        self.room_for(id.0);
        self.index.parties[id.index()] = Party {
            name: Name::of(name),
            parent: parent.map(|p| p.0),
        };
        if let Some(parent) = parent {
            self.index.children.push((parent.0, id.0));
        }
        let mut folded = Vec::new();
        fold(number, &mut folded);
        if !folded.is_empty() {
            self.index.numbers.push((folded, id.0));
        }
    }
    fn room_for(&mut self, customer: u32) {
        if self.index.parties.len() <= customer as usize {
            self.index
                .parties
                .resize(customer as usize + 1, Party::default());
        }
    }
    /// An alias learnt from a confirmed match.
    pub fn alias(&mut self, alias: &Alias) {
        let text = match alias.kind {
            AliasKind::Name => Name::of(&alias.text).folded,
            AliasKind::Account | AliasKind::VirtualAccount => {
                let mut folded = Vec::new();
                fold(&alias.text, &mut folded);
                folded
            }
        };
        if !text.is_empty() {
            let entry = (alias.kind, text, alias.customer.0);
            self.index.aliases.push(entry);
        }
    }
    /// An open item. One of nothing open, or of an impossible customer, is left out.
    pub fn item(&mut self, item: &OpenItem<'_>) {
        if item.open == 0 || item.customer.0 >= MOST_CUSTOMERS {
            return;
        }
        self.room_for(item.customer.0);
        let row = self.index.rows.len() as u32;
        let terms = self.terms_of(item.terms);
        self.index.rows.push(Row {
            id: item.id,
            customer: item.customer.0,
            currency: item.currency,
            kind: item.kind,
            doc_date: item.doc_date,
            due: item.due,
            amount: item.amount,
            open: item.open,
            tax: item.tax,
            terms,
            disputed: item.disputed,
            class: row,
        });
        let keys = &mut self.index.keys;
        keys.add(row, KeyKind::Number, item.number);
        for (kind, text) in [
            (KeyKind::Reference, item.reference),
            (KeyKind::Po, item.po),
            (KeyKind::Contract, item.contract),
        ] {
            if !text.is_empty() && text != item.number {
                keys.add(row, kind, text);
            }
        }
    }
    /// The number of a document that nothing is open of: who names it names no other.
    pub fn settled(&mut self, number: &str) {
        self.index.keys.add_settled(number);
    }
    fn terms_of(&mut self, text: &str) -> u32 {
        if self.index.terms.is_empty() {
            self.index.terms.push(None);
        }
        if text.is_empty() {
            return 0;
        }
        if let Some(known) = self.terms.get(text) {
            return *known;
        }
        let terms = Terms::parse(text).ok().filter(|t| !t.discounts.is_empty());
        let at = match terms {
            Some(terms) => {
                self.index.terms.push(Some(terms));
                self.index.terms.len() as u32 - 1
            }
            None => 0,
        };
        self.terms.insert(text.to_owned(), at);
        at
    }
    /// Sorts and links what was added.
    pub fn finish(mut self) -> OpenIndex {
        while self.finish_step() {}
        self.index
    }

    /// One step of [`IndexBuilder::finish`]; false when all is done.
    pub(crate) fn finish_step(&mut self) -> bool {
        let index = &mut self.index;
        match self.finished {
            0 => {
                let rows = &index.rows;
                index.keys.finish(|row| rows[row as usize].customer);
            }
            1 => {
                let rows = &index.rows;
                let order = sorted(rows, |r| {
                    (u128::from(r.customer) << 48)
                        | (u128::from(r.currency.numeric()) << 32)
                        | u128::from(r.due.wrapping_sub(i32::MIN) as u32)
                });
                let mut starts = vec![0u32; index.parties.len() + 1];
                for row in rows {
                    starts[row.customer as usize + 1] += 1;
                }
                for i in 1..starts.len() {
                    starts[i] += starts[i - 1];
                }
                (index.order, index.starts) = (order, starts);
            }
            2 => {
                index.by_amount = sorted(&index.rows, |r| {
                    (u128::from(r.currency.numeric()) << 64)
                        | u128::from(r.open.wrapping_sub(i64::MIN) as u64)
                });
            }
            3 => {
                let mut by_name: Vec<u32> = (0..index.parties.len() as u32).collect();
                by_name.retain(|c| !index.parties[*c as usize].name.is_empty());
                by_name.sort_by(|a, b| {
                    let name = |c: &u32| &index.parties[*c as usize].name;
                    name(a).cmp(name(b)).then(a.cmp(b))
                });
                index.by_name = by_name;
            }
            4 => {
                index.numbers.sort();
                index.aliases.sort();
                index.aliases.dedup();
                index.children.sort_unstable();
                classify(&mut index.rows, &index.by_amount);
            }
            _ => return false,
        }
        self.finished += 1;
        true
    }

    /// What was made; after the last [`IndexBuilder::finish_step`].
    pub(crate) fn into_index(self) -> OpenIndex {
        self.index
    }
}

/// Rows by a key of at most 96 bits, then by row.
fn sorted(rows: &[Row], key: impl Fn(&Row) -> u128) -> Vec<u32> {
    let with_row = |(n, row): (usize, &Row)| (key(row) << 32) | n as u128;
    let mut keys: Vec<u128> = rows.iter().enumerate().map(with_row).collect();
    keys.sort_unstable();
    keys.into_iter().map(|key| key as u32).collect()
}

/// Finds what is interchangeable among rows of one amount: same customer, due date, kind and month of
/// the document (its tax period), not disputed (CA-03).
fn classify(rows: &mut [Row], by_amount: &[u32]) {
    let amount = |rows: &[Row], row: u32| {
        let r = &rows[row as usize];
        (r.currency, r.open)
    };
    let month = |day: i32| match day {
        NO_DAY => NO_DAY,
        day => Day(day).year() * 12 + i32::from(Day(day).month()),
    };
    let mut from = 0;
    while let Some(first) = by_amount.get(from) {
        let of = amount(rows, *first);
        let rest = &by_amount[from..];
        let length = rest.iter().take_while(|r| amount(rows, **r) == of).count();
        if length > 1 {
            let key = |row: u32| {
                let r = &rows[row as usize];
                let disputed = r.disputed.then_some(row);
                let what = (r.customer, r.due, month(r.doc_date), r.kind as u8, disputed);
                (what, row)
            };
            let mut group: Vec<_> = rest[..length].iter().map(|row| key(*row)).collect();
            group.sort_unstable();
            for same in group.chunk_by(|a, b| a.0 == b.0) {
                for (_, row) in same {
                    rows[*row as usize].class = same[0].1;
                }
            }
        }
        from += length;
    }
}

impl OpenIndex {
    /// Open items held.
    pub fn len(&self) -> usize {
        self.rows.len()
    }
    /// Whether nothing is open.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
    /// An open item by its place in the index.
    pub(crate) fn row(&self, row: u32) -> &Row {
        &self.rows[row as usize]
    }
    /// A customer's rows in a currency, by due date.
    pub(crate) fn rows_of(&self, customer: u32, currency: Currency) -> &[u32] {
        let at = customer as usize;
        let (Some(from), Some(to)) = (self.starts.get(at), self.starts.get(at + 1)) else {
            return &[];
        };
        let all = &self.order[*from as usize..*to as usize];
        let code = |row: &u32| self.rows[*row as usize].currency.numeric();
        let from = all.partition_point(|row| code(row) < currency.numeric());
        let to = all.partition_point(|row| code(row) <= currency.numeric());
        &all[from..to]
    }
    /// What a customer has open in a currency, by due date: items with their open amounts.
    pub fn open_of(&self, customer: CustomerId, currency: Currency) -> Vec<(ItemId, i64)> {
        let rows = self.rows_of(customer.0, currency).iter();
        rows.map(|row| (self.row(*row).id, self.row(*row).open))
            .collect()
    }
    /// Rows of everybody with exactly this open amount.
    pub(crate) fn rows_of_amount(&self, currency: Currency, open: i64) -> &[u32] {
        let key = |row: &u32| {
            let r = &self.rows[*row as usize];
            (r.currency.numeric(), r.open)
        };
        let wanted = (currency.numeric(), open);
        let from = self.by_amount.partition_point(|row| key(row) < wanted);
        let to = self.by_amount.partition_point(|row| key(row) <= wanted);
        &self.by_amount[from..to]
    }
    /// Customers with this number.
    pub(crate) fn by_number(&self, folded: &[u8]) -> impl Iterator<Item = u32> + '_ {
        let from = self.numbers.partition_point(|(n, _)| n.as_slice() < folded);
        let folded = folded.to_vec();
        self.numbers[from..]
            .iter()
            .take_while(move |(n, _)| *n == folded)
            .map(|(_, c)| *c)
    }
    /// Customers that an alias names.
    pub(crate) fn by_alias(&self, kind: AliasKind, text: &[u8]) -> impl Iterator<Item = u32> + '_ {
        let before =
            |entry: &(AliasKind, Vec<u8>, u32)| (entry.0, entry.1.as_slice()) < (kind, text);
        let from = self.aliases.partition_point(before);
        let text = text.to_vec();
        self.aliases[from..]
            .iter()
            .take_while(move |(k, t, _)| *k == kind && *t == text)
            .map(|(_, _, c)| *c)
    }
    /// Customers whose name begins like this one, in order of name.
    pub(crate) fn names_from(&self, start: &[u8]) -> impl Iterator<Item = u32> + '_ {
        let name = |c: &u32| self.parties[*c as usize].name.folded.as_slice();
        let from = self.by_name.partition_point(|c| name(c) < start);
        let start = start.to_vec();
        self.by_name[from..]
            .iter()
            .copied()
            .take_while(move |c| self.parties[*c as usize].name.folded.starts_with(&start))
    }
    /// Children that a customer may pay for.
    pub(crate) fn children_of(&self, parent: u32) -> impl Iterator<Item = u32> + '_ {
        let from = self.children.partition_point(|(p, _)| *p < parent);
        self.children[from..]
            .iter()
            .take_while(move |(p, _)| *p == parent)
            .map(|(_, c)| *c)
    }
    /// Whether one may pay for the other: the same, or parent and child.
    pub(crate) fn pays_for(&self, payer: u32, owner: u32) -> bool {
        payer == owner
            || self
                .parties
                .get(owner as usize)
                .is_some_and(|p| p.parent == Some(payer))
    }
    /// The discounts of an item, earliest first.
    pub(crate) fn discounts(&self, row: &Row, grace: u16) -> Vec<DiscountDate> {
        let Some(Some(terms)) = self.terms.get(row.terms as usize) else {
            return Vec::new();
        };
        if row.doc_date == NO_DAY {
            return Vec::new();
        }
        let context = DueContext {
            discount_grace_days: grace,
            ..DueContext::default()
        };
        // Terms that give no date give no discount either.
        let dates = due_dates(Day(row.doc_date), terms, &context).unwrap_or_default();
        dates.into_iter().flat_map(|d| d.discounts).collect()
    }
}
