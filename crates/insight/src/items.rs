//! The open items of a view as columns: found by one scan, then filtered, ordered and summed by
//! position. Nothing of a row is made before it is shown. All of it in slices of a few
//! milliseconds, and kept from the deltas of commits: a note on one item orders no million again.

mod keep;
mod making;

pub use making::Making;

use crate::listing::{Key, holds, holds_bytes, order_folded};
use crate::overlay::Overlay;
use duebook_ledger::columns::{NO_DAY, NumField, Segment, StrColumn, TextColumn, TextField};
use duebook_ledger::items::ItemRef;
use duebook_ledger::open::SegmentScan;
use duebook_ledger::{Book, CustomerId, ItemId, OpenScan, View};
use duebook_money::Currency;
use duebook_policy::{Basis, Buckets};
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::rc::Rc;

/// Every item of a view, in the order of the log; what is not open has a figure of 0 and is in no
/// list. Positions only grow: a commit changes rows in place and adds new ones at the end of their
/// segment's room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scanned {
    view: View,
    /// Where each segment's rows begin.
    starts: Vec<u32>,
    /// Open by the working figure, minor units, signed; 0 where it is not open.
    pub open: Vec<i64>,
    /// What an item is late from (our anchor, the source's, due date, document date), or [`NO_DAY`].
    pub from: Vec<i32>,
    /// Due date in the view, or [`NO_DAY`].
    pub due: Vec<i32>,
    /// Currency, ISO number.
    currency: Vec<u16>,
    /// Disputed, minor units, of the few items that have it.
    pub disputed: BTreeMap<ItemId, i64>,
    anchors: BTreeMap<ItemId, i32>,
    /// Of the few items that were another customer's then, whose.
    owners: BTreeMap<ItemId, CustomerId>,
    /// Open items per currency number.
    counts: BTreeMap<u16, u64>,
    buckets: Buckets,
}

impl Scanned {
    fn new(book: &Book, view: View) -> Self {
        Scanned {
            view,
            starts: Vec::new(),
            open: Vec::new(),
            from: Vec::new(),
            due: Vec::new(),
            currency: Vec::new(),
            disputed: BTreeMap::new(),
            anchors: BTreeMap::new(),
            owners: BTreeMap::new(),
            counts: BTreeMap::new(),
            buckets: book.policies().buckets.clone(),
        }
    }
    /// Whose an item was in the view.
    pub fn customer_of(&self, item: &ItemRef<'_>) -> CustomerId {
        let then = self.owners.get(&item.id).copied();
        then.unwrap_or(item.customer())
    }
    /// The view.
    pub fn view(&self) -> View {
        self.view
    }
    /// Aging buckets in force.
    pub fn buckets(&self) -> &Buckets {
        &self.buckets
    }
    /// Whether nothing is open.
    pub fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }
    /// Currencies of open items, by code.
    pub fn currencies(&self) -> Vec<Currency> {
        let mut all: Vec<Currency> = self.counts.keys().map(|c| currency_of(*c)).collect();
        all.sort_by_key(|c| c.code());
        all
    }
    /// Rows, open or not.
    fn len(&self) -> usize {
        self.open.len()
    }
    /// The item of a position.
    pub fn id(&self, at: u32) -> ItemId {
        let segment = self.starts.partition_point(|s| *s <= at).saturating_sub(1);
        let start = self.starts.get(segment).copied().unwrap_or(0);
        ItemId::new(segment, at.saturating_sub(start) as usize)
    }
    /// Where an item stands; `None` where it is not open in this view.
    pub fn position(&self, id: ItemId) -> Option<u32> {
        let at = self.starts.get(id.segment())? + id.row() as u32;
        let open = self.open.get(at as usize).copied()?;
        (open != 0 && self.id(at) == id).then_some(at)
    }
    /// Reads one row of the book, into the position of the same or at the end.
    fn read(&mut self, segment: &SegmentScan<'_>, id: ItemId, at: usize) {
        let row = id.row();
        let open = segment.open(row).map_or(0, |o| o.working());
        let due = segment.due(row);
        let given = segment.data().num(NumField::AgingAnchor, row);
        let given = given
            .and_then(|day| i32::try_from(day).ok())
            .filter(|day| *day != NO_DAY);
        let from = self.anchors.get(&id).copied().or(given).unwrap_or(due);
        // Without any date to be late from, it ages from the document, as in the aging.
        let from = match from {
            NO_DAY => segment.data().doc_date[row],
            day => day,
        };
        let currency = segment.data().currency[row];
        if at < self.open.len() {
            let before = (self.open[at], self.currency[at]);
            self.count(before, -1);
            (self.open[at], self.from[at], self.due[at]) = (open, from, due);
            self.currency[at] = currency;
        } else {
            self.open.push(open);
            self.from.push(from);
            self.due.push(due);
            self.currency.push(currency);
        }
        self.count((open, currency), 1);
    }
    fn count(&mut self, (open, currency): (i64, u16), sign: i64) {
        if open == 0 {
            return;
        }
        let count = self.counts.entry(currency).or_default();
        *count = count.saturating_add_signed(sign);
        if *count == 0 {
            self.counts.remove(&currency);
        }
    }
    /// Reads what an item is marked with: a dispute, an anchor of ours.
    fn mark(&mut self, book: &Book, scan: &OpenScan<'_>, id: ItemId) {
        let mut marks = Overlay::default();
        marks.read(book, scan, id);
        self.disputed.remove(&id);
        self.anchors.remove(&id);
        self.disputed.extend(marks.disputed);
        self.anchors.extend(marks.anchors);
    }
    /// Days late of a position; `None` where nothing says when it was due.
    pub fn late(&self, at: u32) -> Option<i32> {
        let from = *self.from.get(at as usize)?;
        (from != NO_DAY).then(|| self.view.as_of.0.saturating_sub(from))
    }
}

/// A number of items and what is open on them, per currency.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Totals {
    /// Items.
    pub count: usize,
    /// Minor units per currency, by code.
    pub sums: Vec<(Currency, i128)>,
}

impl Totals {
    /// Of positions.
    pub fn of(all: &Scanned, positions: impl Iterator<Item = u32>) -> Self {
        let mut totals = Totals::default();
        positions.for_each(|at| totals.add(all, at, 1));
        totals
    }
    /// Adds a position, or takes it off.
    pub fn add(&mut self, all: &Scanned, at: u32, sign: i128) {
        self.count = self.count.saturating_add_signed(sign as isize);
        let number = all.currency[at as usize];
        let open = sign * i128::from(all.open[at as usize]);
        self.put(currency_of(number), open);
    }
    fn put(&mut self, currency: Currency, minor: i128) {
        match self.sums.iter_mut().find(|(c, _)| *c == currency) {
            Some((_, sum)) => *sum += minor,
            None => {
                let at = self
                    .sums
                    .partition_point(|(c, _)| c.code() < currency.code());
                self.sums.insert(at, (currency, minor));
            }
        }
    }
}

/// A currency by its number.
pub fn currency_of(number: u16) -> Currency {
    Currency::from_numeric(number).unwrap_or(Currency::XXX)
}

/// Which part of the items is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Debits past due.
    Overdue,
    /// Debits not due yet, or without a date.
    NotDue,
    /// Credits and unapplied money.
    Credits,
    /// Items in dispute.
    Disputed,
    /// Debits in one aging bucket.
    Bucket(usize),
}

/// What is asked for; all of it must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Words looked for.
    pub text: String,
    /// Part.
    pub part: Option<Part>,
    /// Currency code; empty for all.
    pub currency: String,
}

/// A filter made ready for one state of the book.
#[derive(Debug)]
struct Wanted {
    part: Option<Part>,
    currency: Option<u16>,
    finders: Vec<Finder>,
}

impl Wanted {
    fn new(book: &Book, filter: &Filter) -> Self {
        let words = filter.text.split_whitespace();
        Wanted {
            part: filter.part,
            currency: Currency::from_code(&filter.currency).map(Currency::numeric),
            finders: words.map(|w| Finder::new(book, w)).collect(),
        }
    }
    /// Whether a position fits, its text aside.
    fn takes(&self, book: &Book, all: &Scanned, at: u32) -> bool {
        all.open[at as usize] != 0
            && self.currency.is_none_or(|c| c == all.currency[at as usize])
            && self.part.is_none_or(|p| in_part(book, all, at, p))
    }
    /// The positions of a segment that fit, rising.
    fn of_segment(&self, book: &Book, all: &Scanned, number: usize, found: &mut Vec<u32>) {
        let Some(state) = book.items().segments().get(number) else {
            return;
        };
        let start = all.starts.get(number).copied().unwrap_or(0);
        let marked: Vec<Vec<bool>> = self.finders.iter().map(|f| f.rows(&state.data)).collect();
        for row in 0..state.data.len() as u32 {
            let holds = || marked.iter().all(|rows| rows[row as usize]);
            if self.takes(book, all, start + row) && holds() {
                found.push(start + row);
            }
        }
    }
    /// Whether one position fits.
    fn fits(&self, book: &Book, all: &Scanned, at: u32) -> bool {
        let holds = || {
            let item = book.item(all.id(at));
            item.is_some_and(|item| {
                self.finders
                    .iter()
                    .all(|f| f.fits(&item, all.customer_of(&item)))
            })
        };
        self.takes(book, all, at) && holds()
    }
}

fn in_part(book: &Book, all: &Scanned, at: u32, part: Part) -> bool {
    let debit = all.open[at as usize] > 0;
    let late = all.late(at);
    match part {
        Part::Overdue => debit && late.is_some_and(|d| d > 0),
        Part::NotDue => debit && late.is_none_or(|d| d <= 0),
        Part::Credits => !debit,
        Part::Disputed => all.disputed.contains_key(&all.id(at)),
        Part::Bucket(b) => {
            let age = match all.buckets.basis() {
                Basis::DueDate => late,
                Basis::InvoiceDate => book
                    .item(all.id(at))
                    .map(|i| all.view.as_of.0.saturating_sub(i.doc_date())),
            };
            debit && age.is_some_and(|d| all.buckets.index(d) == b)
        }
    }
}

/// One word looked for in document, PO, reference and customer, whatever the case.
#[derive(Debug)]
struct Finder {
    word: String,
    /// Per customer, whether its name or number holds the word.
    customers: Vec<bool>,
}

impl Finder {
    fn new(book: &Book, word: &str) -> Self {
        let word = word.to_lowercase();
        let known = |id: CustomerId| {
            let named = book
                .customer_facts(id)
                .is_some_and(|f| holds(&f.name, &word));
            named || book.customer(id).is_some_and(|c| holds(&c.number, &word))
        };
        let ids = (0..book.customers().len() as u32).map(CustomerId);
        Finder {
            customers: ids.map(known).collect(),
            word,
        }
    }
    fn of_customer(&self, customer: u32) -> bool {
        let known = self.customers.get(customer as usize);
        known.copied().unwrap_or(false)
    }
    fn fits(&self, item: &ItemRef<'_>, owner: CustomerId) -> bool {
        let texts = [
            item.number(),
            item.text(&TextField::Po),
            item.text(&TextField::Reference),
        ];
        self.of_customer(owner.0) || texts.iter().any(|t| self.is_in(t.as_bytes()))
    }
    /// Per row of a segment, whether it holds the word.
    fn rows(&self, segment: &Segment) -> Vec<bool> {
        let customers = segment.customer.iter();
        let mut rows: Vec<bool> = customers.map(|c| self.of_customer(*c)).collect();
        self.mark(&segment.number, &mut rows);
        for (field, column) in &segment.texts {
            if !matches!(field, TextField::Po | TextField::Reference) {
                continue;
            }
            match column {
                StrColumn::Plain(texts) => self.mark(texts, &mut rows),
                StrColumn::Dict { codes, texts } => {
                    let mut held = vec![false; texts.len()];
                    self.mark(texts, &mut held);
                    for (row, code) in rows.iter_mut().zip(codes) {
                        *row |= held.get(*code as usize).copied().unwrap_or(false);
                    }
                }
            }
        }
        rows
    }
    fn mark(&self, texts: &TextColumn, rows: &mut [bool]) {
        for (row, mark) in rows.iter_mut().enumerate().take(texts.len()) {
            *mark = *mark || self.is_in(texts.bytes_of(row));
        }
    }
    fn is_in(&self, text: &[u8]) -> bool {
        holds_bytes(text, self.word.as_bytes())
    }
}

/// A column by which items are ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// Document number.
    Document,
    /// Name of the customer.
    Customer,
    /// Kind.
    Kind,
    /// Purchase order.
    Po,
    /// Reference.
    Reference,
    /// Document date.
    Date,
    /// Due date.
    Due,
    /// Days late.
    Late,
    /// Amount at issue.
    Amount,
    /// Open.
    Open,
    /// Currency, by code.
    Currency,
    /// Disputed.
    Disputed,
}

/// What is asked of a list of items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The view.
    pub view: View,
    /// What is left out.
    pub filter: Filter,
    /// The order, and whether from the greatest; `None`: that of the log.
    pub by: Option<(By, bool)>,
}

/// Where a position stands in an order. Ties stay in the order of the log.
fn key_of(book: &Book, all: &Scanned, by: By, at: u32) -> Key {
    let item = || book.item(all.id(at));
    let scaled = |minor: i64| {
        // Minor units of different currencies are put on one scale to be compared.
        let exponent = currency_of(all.currency[at as usize]).exponent();
        i128::from(minor) * 10i128.pow(4u32.saturating_sub(u32::from(exponent)))
    };
    let day = |day: i32| (day != NO_DAY).then_some(i128::from(day));
    match by {
        By::Document | By::Po | By::Reference => {
            item().map_or(Key::text(""), |i| Key::text(text_of(&i, by)))
        }
        By::Customer => {
            let facts = item().and_then(|i| book.customer_facts(all.customer_of(&i)));
            Key::folded(facts.map_or("", |f| &f.name))
        }
        By::Kind => Key::number(item().map(|i| i.kind() as i128)),
        By::Date => Key::number(item().and_then(|i| day(i.doc_date()))),
        By::Due => Key::number(day(all.due[at as usize])),
        By::Late => Key::number(all.late(at).map(i128::from)),
        By::Amount => Key::number(item().map(|i| scaled(book.amount_of(&i)))),
        By::Open => Key::number(Some(scaled(all.open[at as usize]))),
        By::Disputed => {
            let disputed = match all.disputed.is_empty() {
                true => None,
                false => all.disputed.get(&all.id(at)),
            };
            Key::number(disputed.map(|minor| scaled(*minor)))
        }
        By::Currency => Key::text(currency_of(all.currency[at as usize]).code()),
    }
}

fn text_of<'a>(item: &ItemRef<'a>, by: By) -> &'a str {
    match by {
        By::Document => item.number(),
        By::Po => item.text(&TextField::Po),
        _ => item.text(&TextField::Reference),
    }
}

/// The order of two keyed positions.
fn order(
    book: &Book,
    all: &Scanned,
    (by, down): (By, bool),
    a: &(Key, u32),
    b: &(Key, u32),
) -> Ordering {
    let rest = || {
        let items = [a.1, b.1].map(|at| book.item(all.id(at)));
        let [Some(one), Some(other)] = items else {
            return Ordering::Equal;
        };
        if by != By::Customer {
            return text_of(&one, by).cmp(text_of(&other, by));
        }
        if all.customer_of(&one) == all.customer_of(&other) {
            return Ordering::Equal;
        }
        let name = |item: &ItemRef<'_>| {
            let facts = book.customer_facts(all.customer_of(item));
            facts.map_or("", |f| f.name.as_str())
        };
        order_folded(name(&one), name(&other))
    };
    a.0.order(&b.0, down, rest).then(a.1.cmp(&b.1))
}

/// The items asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    asked: Asked,
    all: Rc<Scanned>,
    /// Positions that fit the filter, rising.
    found: Vec<u32>,
    /// The same in the order asked for; empty where that is the order of the log.
    ordered: Vec<u32>,
    totals: Totals,
}

impl Listed {
    /// At once; see [`Making`] for the same in slices.
    pub fn full(book: &Book, asked: Asked) -> Self {
        let mut making = Making::new(book, asked, None);
        loop {
            if let Some(listed) = making.step(book) {
                return listed;
            }
        }
    }
    /// What it is the answer to.
    pub fn asked(&self) -> &Asked {
        &self.asked
    }
    /// Every item of the view.
    pub fn all(&self) -> &Scanned {
        &self.all
    }
    /// Positions that fit the filter, in the order of the log.
    pub fn found(&self) -> &[u32] {
        &self.found
    }
    /// Positions that fit the filter, in the order asked for.
    pub fn shown(&self) -> &[u32] {
        match self.asked.by {
            Some(_) => &self.ordered,
            None => &self.found,
        }
    }
    /// Sums of what is shown.
    pub fn totals(&self) -> &Totals {
        &self.totals
    }
}
