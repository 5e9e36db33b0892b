//! The open items of a view as columns: found by one scan, then filtered, ordered and summed by
//! position. Nothing of a row is made before it is shown.

use duebook_ledger::columns::{NO_DAY, NumField, Segment, StrColumn, TextColumn, TextField};
use duebook_ledger::facts::CollectorField;
use duebook_ledger::items::ItemRef;
use duebook_ledger::open::SegmentScan;
use duebook_ledger::{Book, CustomerId, ItemId, OpenScan, View};
use duebook_money::Currency;
use duebook_policy::{Basis, Buckets};
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Every open item of a view, in the order of the log.
pub struct Scanned {
    /// The view.
    pub view: View,
    /// Items; rising.
    pub ids: Vec<u32>,
    /// Open by the working figure, minor units, signed.
    pub open: Vec<i64>,
    /// What an item is late from (our anchor, the source's, due date, document date), or [`NO_DAY`].
    pub from: Vec<i32>,
    /// Due date in the view, or [`NO_DAY`].
    pub due: Vec<i32>,
    /// Currency, ISO number.
    pub currency: Vec<u16>,
    /// Disputed, minor units, of the few items that have it.
    pub disputed: BTreeMap<u32, i64>,
    /// Currencies that occur, by code.
    pub currencies: Vec<Currency>,
    /// Aging buckets in force.
    pub buckets: Buckets,
}

impl Scanned {
    /// One pass over the book.
    pub fn new(book: &Book, view: View) -> Self {
        let scan = OpenScan::new(book, view);
        let (disputed, anchors) = marks(book, &scan);
        let mut made = Scanned {
            view,
            ids: Vec::new(),
            open: Vec::new(),
            from: Vec::new(),
            due: Vec::new(),
            currency: Vec::new(),
            disputed,
            currencies: Vec::new(),
            buckets: book.policies().buckets.clone(),
        };
        for (number, segment) in scan.segments() {
            if segment.all_live() != Some(false) {
                made.take(number, &segment, &anchors);
            }
        }
        let mut numbers = made.currency.clone();
        duebook_money::order::sort(&mut numbers);
        numbers.dedup();
        made.currencies = numbers.into_iter().map(currency_of).collect();
        duebook_money::order::sort_by_key(&mut made.currencies, |c| c.code());
        made
    }
    fn take(&mut self, number: usize, segment: &SegmentScan<'_>, anchors: &BTreeMap<u32, i32>) {
        for row in 0..segment.len() {
            let Some(open) = segment.open(row).map(|o| o.working()).filter(|o| *o != 0) else {
                continue;
            };
            let id = ItemId::new(number, row).0;
            let due = segment.due(row);
            let given = segment.data().num(NumField::AgingAnchor, row);
            let given = given
                .and_then(|day| i32::try_from(day).ok())
                .filter(|day| *day != NO_DAY);
            self.ids.push(id);
            self.open.push(open);
            self.due.push(due);
            let from = anchors.get(&id).copied().or(given).unwrap_or(due);
            // Without any date to be late from, it ages from the document, as in the aging.
            self.from.push(if from == NO_DAY {
                segment.data().doc_date[row]
            } else {
                from
            });
            self.currency.push(segment.data().currency[row]);
        }
    }
    /// Where an item stands; `None` where it is not open in this view.
    pub fn position(&self, id: u32) -> Option<usize> {
        self.ids.binary_search(&id).ok()
    }
    /// Days late of a position; `None` where nothing says when it was due.
    pub fn late(&self, at: usize) -> Option<i32> {
        let from = *self.from.get(at)?;
        (from != NO_DAY).then(|| self.view.as_of.0.saturating_sub(from))
    }
    /// Sums per currency of positions: a count, then currency and minor units by code.
    pub fn totals(&self, positions: impl Iterator<Item = usize>) -> Totals {
        let mut sums: Vec<(u16, i128)> = Vec::new();
        let mut count = 0;
        for at in positions {
            count += 1;
            let (currency, open) = (self.currency[at], i128::from(self.open[at]));
            match sums.iter_mut().find(|(c, _)| *c == currency) {
                Some((_, sum)) => *sum += open,
                None => sums.push((currency, open)),
            }
        }
        let mut sums: Vec<(Currency, i128)> = sums
            .into_iter()
            .map(|(c, sum)| (currency_of(c), sum))
            .collect();
        duebook_money::order::sort_by_key(&mut sums, |(c, _)| c.code());
        Totals { count, sums }
    }
}

/// A number of items and what is open on them, per currency.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Totals {
    /// Items.
    pub count: usize,
    /// Minor units per currency.
    pub sums: Vec<(Currency, i128)>,
}

/// A currency by its number.
pub fn currency_of(number: u16) -> Currency {
    Currency::from_numeric(number).unwrap_or(Currency::XXX)
}

/// Disputed amounts and aging anchors of the few items that carry them, as known in the view.
fn marks(book: &Book, scan: &OpenScan<'_>) -> (BTreeMap<u32, i64>, BTreeMap<u32, i32>) {
    let (mut disputed, mut anchors) = (BTreeMap::new(), BTreeMap::new());
    for id in book.items_with_fields() {
        let value = |field| {
            let history = book.field_history(id, field);
            history
                .into_iter()
                .rfind(|(seq, _)| scan.is_live(*seq))
                .map(|(_, value)| value)
        };
        // A row that came in again after an undo stands for the one that was marked.
        let shown = book.current(id).0;
        let amount = value(CollectorField::Disputed).and_then(|v| v.parse().ok());
        if let Some(amount) = amount.filter(|a: &i64| *a > 0) {
            disputed.insert(shown, amount);
        }
        let day = value(CollectorField::AgingAnchor);
        if let Some(day) = day.and_then(|v| duebook_money::date::parse_iso_bytes(v.as_bytes())) {
            anchors.insert(shown, day.0);
        }
    }
    (disputed, anchors)
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

/// Positions that fit the filter, in the order of the log.
pub fn filtered(book: &Book, all: &Scanned, filter: &Filter) -> Vec<u32> {
    let words: Vec<String> = filter.text.split_whitespace().map(str::to_owned).collect();
    let currency = Currency::from_code(&filter.currency).map(Currency::numeric);
    let finders: Vec<Finder> = words.iter().map(|w| Finder::new(book, w)).collect();
    let mut marked: (usize, Vec<Vec<bool>>) = (usize::MAX, Vec::new());
    let mut found = Vec::new();
    for (at, id) in all.ids.iter().enumerate() {
        if currency.is_some_and(|c| c != all.currency[at])
            || !filter.part.is_none_or(|p| in_part(book, all, at, p))
        {
            continue;
        }
        if !finders.is_empty() {
            let id = ItemId(*id);
            if marked.0 != id.segment() {
                let segments = book.items().segments();
                let Some(state) = segments.get(id.segment()) else {
                    continue;
                };
                marked = (
                    id.segment(),
                    finders.iter().map(|f| f.rows(&state.data)).collect(),
                );
            }
            if !marked.1.iter().all(|rows| rows[id.row()]) {
                continue;
            }
        }
        found.push(at as u32);
    }
    found
}

fn in_part(book: &Book, all: &Scanned, at: usize, part: Part) -> bool {
    let debit = all.open[at] > 0;
    let late = all.late(at);
    match part {
        Part::Overdue => debit && late.is_some_and(|d| d > 0),
        Part::NotDue => debit && late.is_none_or(|d| d <= 0),
        Part::Credits => !debit,
        Part::Disputed => all.disputed.contains_key(&all.ids[at]),
        Part::Bucket(b) => {
            let age = match all.buckets.basis() {
                Basis::DueDate => late,
                Basis::InvoiceDate => book
                    .item(ItemId(all.ids[at]))
                    .map(|i| all.view.as_of.0.saturating_sub(i.doc_date())),
            };
            debit && age.is_some_and(|d| all.buckets.index(d) == b)
        }
    }
}

/// One word looked for in document, PO, reference and customer, whatever the case.
struct Finder {
    word: Vec<u8>,
    /// Per customer, whether its name or number holds the word.
    customers: Vec<bool>,
}

impl Finder {
    fn new(book: &Book, word: &str) -> Self {
        let lower = word.to_lowercase();
        let holds = |id: CustomerId| {
            let named = book
                .customer_facts(id)
                .is_some_and(|f| f.name.to_lowercase().contains(&lower));
            named
                || book
                    .customer(id)
                    .is_some_and(|c| c.number.to_lowercase().contains(&lower))
        };
        let customers = (0..book.customers().len() as u32)
            .map(|c| holds(CustomerId(c)))
            .collect();
        Finder {
            word: word.bytes().map(|b| b.to_ascii_uppercase()).collect(),
            customers,
        }
    }
    /// Per row of a segment, whether it holds the word.
    fn rows(&self, segment: &Segment) -> Vec<bool> {
        let of_customer = |c: &u32| self.customers.get(*c as usize).copied().unwrap_or(false);
        let mut rows: Vec<bool> = segment.customer.iter().map(of_customer).collect();
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
        let Some((first, rest)) = self.word.split_first() else {
            return true;
        };
        text.windows(self.word.len()).any(|w| {
            w[0].to_ascii_uppercase() == *first
                && w[1..]
                    .iter()
                    .zip(rest)
                    .all(|(a, b)| a.to_ascii_uppercase() == *b)
        })
    }
}

/// Positions in the order asked for; ties stay in the order of the log.
pub fn sorted(book: &Book, all: &Scanned, positions: &[u32], column: &str, down: bool) -> Vec<u32> {
    let item = |at: u32| book.item(ItemId(all.ids[at as usize]));
    let scaled = |minor: i64, at: u32| {
        // Minor units of different currencies are put on one scale to be compared.
        let exponent = currency_of(all.currency[at as usize]).exponent();
        minor.saturating_mul(10i64.pow(4u32.saturating_sub(u32::from(exponent))))
    };
    let by_number = |key: &dyn Fn(u32) -> Option<i64>| {
        let mut keyed: Vec<(Option<i64>, u32)> =
            positions.iter().map(|at| (key(*at), *at)).collect();
        keyed.sort_unstable_by(|a, b| {
            let order = match (a.0, b.0) {
                // What has no value stands last whichever way.
                (None, None) => Ordering::Equal,
                (None, _) => Ordering::Greater,
                (_, None) => Ordering::Less,
                (Some(a), Some(b)) => turned(a.cmp(&b), down),
            };
            order.then(a.1.cmp(&b.1))
        });
        keyed.into_iter().map(|(_, at)| at).collect()
    };
    let day = |day: i32| (day != NO_DAY).then_some(i64::from(day));
    match column {
        "customer" => {
            let ranks = customer_ranks(book);
            by_number(&|at| item(at).and_then(|i| ranks.get(i.customer().0 as usize).copied()))
        }
        "kind" => by_number(&|at| item(at).map(|i| i.kind() as i64)),
        "date" => by_number(&|at| item(at).and_then(|i| day(i.doc_date()))),
        "due" => by_number(&|at| day(all.due[at as usize])),
        "late" => by_number(&|at| all.late(at as usize).map(i64::from)),
        "amount" => by_number(&|at| item(at).map(|i| scaled(book.amount_of(&i), at))),
        "open" => by_number(&|at| Some(scaled(all.open[at as usize], at))),
        "disputed" => by_number(&|at| {
            all.disputed
                .get(&all.ids[at as usize])
                .map(|minor| scaled(*minor, at))
        }),
        "currency" => {
            let rank = |c: u16| {
                all.currencies
                    .iter()
                    .position(|k| k.numeric() == c)
                    .map(|r| r as i64)
            };
            by_number(&|at| rank(all.currency[at as usize]))
        }
        "document" => by_text(positions, down, |at| item(at).map_or("", |i| i.number())),
        "po" => by_text(positions, down, |at| text(item(at), &TextField::Po)),
        "reference" => by_text(positions, down, |at| text(item(at), &TextField::Reference)),
        _ => positions.to_vec(),
    }
}

fn text<'a>(item: Option<ItemRef<'a>>, field: &TextField) -> &'a str {
    item.map_or("", |i| i.text(field))
}

fn turned(order: Ordering, down: bool) -> Ordering {
    if down { order.reverse() } else { order }
}

/// By text, empty ones last. The first bytes decide most comparisons without reading the texts.
fn by_text<'a>(positions: &[u32], down: bool, text: impl Fn(u32) -> &'a str) -> Vec<u32> {
    let head = |text: &str| {
        let mut bytes = [0u8; 16];
        for (to, from) in bytes.iter_mut().zip(text.bytes()) {
            *to = from;
        }
        u128::from_be_bytes(bytes)
    };
    let mut keyed: Vec<(u128, u32)> = positions.iter().map(|at| (head(text(*at)), *at)).collect();
    keyed.sort_unstable_by(|a, b| {
        let empty = (a.0 == 0).cmp(&(b.0 == 0));
        let order = a.0.cmp(&b.0).then_with(|| text(a.1).cmp(text(b.1)));
        empty.then(turned(order, down)).then(a.1.cmp(&b.1))
    });
    keyed.into_iter().map(|(_, at)| at).collect()
}

/// Per customer, its place by name.
fn customer_ranks(book: &Book) -> Vec<i64> {
    let count = book.customers().len();
    let mut names: Vec<(String, u32)> = (0..count as u32)
        .map(|c| {
            (
                book.customer_facts(CustomerId(c))
                    .map_or(String::new(), |f| f.name.to_lowercase()),
                c,
            )
        })
        .collect();
    duebook_money::order::sort(&mut names);
    let mut ranks = vec![0; count];
    for (rank, (_, customer)) in names.into_iter().enumerate() {
        ranks[customer as usize] = rank as i64;
    }
    ranks
}

/// The scan, shared; another one is another value.
pub struct Shared<T>(pub Arc<T>);

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Shared(Arc::clone(&self.0))
    }
}

impl<T> PartialEq for Shared<T> {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}
