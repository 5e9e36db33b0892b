//! Aging of open items (domain.md AG-01 to AG-09, AG-20 to AG-23).

use crate::overlay::Overlay;
use crate::rollup::Rollup;
pub use crate::scan::Figure;
use crate::scan::{Ask, BucketTable, Scratch, Slots};
use duebook_ledger::facts::CreditMode;
use duebook_ledger::{Book, CustomerId, OpenScan, Seq, View};
use duebook_money::{Currency, Money};
use duebook_policy::rates::MissingRate;
use duebook_policy::{Basis, Buckets};
use std::sync::Arc;

/// What the rows of an aging stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum GroupBy {
    /// One customer a row.
    #[default]
    Customer,
    /// The parent pays for its children (AG-09); a customer without one is its own.
    Parent,
    /// Who collects.
    Collector,
    /// Currency alone.
    Currency,
    /// The creditor company.
    Entity,
    /// Country of the customer.
    Country,
}

/// One group. Ordered as a report lists them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum GroupKey {
    /// A customer.
    Customer(CustomerId),
    /// A parent that is a customer itself, or a customer without parent.
    Parent(CustomerId),
    /// A parent known by its number alone: source and number.
    ParentNumber(Arc<(String, String)>),
    /// A collector; empty where none is assigned.
    Collector(Arc<str>),
    /// Everything of a currency.
    Currency,
    /// Index of an entity.
    Entity(u16),
    /// A country as the source writes it; empty where unknown.
    Country(Arc<str>),
}

/// What is left out. Empty lists leave nothing out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filter {
    /// These entities (index) only.
    pub entities: Vec<u16>,
    /// These currencies only.
    pub currencies: Vec<Currency>,
    /// These collectors only; an empty text is "nobody assigned".
    pub collectors: Vec<String>,
    /// These customers only.
    pub customers: Vec<CustomerId>,
}

impl Filter {
    /// Whether nothing is left out.
    pub fn is_empty(&self) -> bool {
        *self == Filter::default()
    }
    pub(crate) fn takes(&self, entity: u16, currency: Currency) -> bool {
        (self.entities.is_empty() || self.entities.contains(&entity))
            && (self.currencies.is_empty() || self.currencies.contains(&currency))
    }
}

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgingQuery {
    /// As of, and as known after.
    pub view: View,
    /// What ages are counted from (AG-02).
    pub basis: Basis,
    /// Bucket edges (AG-03).
    pub buckets: Buckets,
    /// How credits stand (AG-05).
    pub credits: CreditMode,
    /// What a row is.
    pub group_by: GroupBy,
    /// What is left out.
    pub filter: Filter,
    /// Which figure is aged.
    pub figure: Figure,
}

impl AgingQuery {
    /// By customer, with the policies in force in the view, nothing left out.
    pub fn new(book: &Book, view: View) -> Self {
        let then = view
            .known
            .map(|known| book.policies_known(&book.live_at(known)));
        let policies = then.as_ref().unwrap_or(book.policies());
        AgingQuery {
            view,
            basis: policies.basis,
            buckets: policies.buckets.clone(),
            credits: policies.credits,
            group_by: GroupBy::default(),
            filter: Filter::default(),
            figure: Figure::default(),
        }
    }
}

/// An aging that cannot be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AgingError {
    /// A sum of one customer or group does not fit 64 bits of minor units.
    Overflow,
}

/// One row: a group in one currency. Amounts are minor units; credits are negative. The buckets
/// are in [`Aging::buckets`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgingRow {
    /// The group.
    pub group: GroupKey,
    /// Currency of every amount.
    pub currency: Currency,
    /// Receipts' unapplied rests and money on account; zero where credits are aged.
    pub unapplied: i64,
    /// Credit memos not applied; zero where credits are aged.
    pub credit_memos: i64,
    /// Buckets + unapplied + credit memos: the same in every credit mode (AG-05).
    pub total: i64,
    /// Ours and not confirmed by the source: contained in `total` where the working figure is
    /// aged, beside it where the figure at source is.
    pub pending: i64,
    /// Of the open debits: disputed (AG-07).
    pub disputed: i64,
    /// Of the open debits: under a promise that is still open (AG-07).
    pub promised: i64,
    /// Of the open debits: covered by a plan that is kept (PL-01).
    pub planned: i64,
    /// Of the open debits: with an agency or a lawyer who collects.
    pub placed: i64,
    /// In buckets past due; by invoice date the open debits past their due date.
    pub past_due: i64,
    /// Of `past_due`: neither disputed, promised, planned nor placed (AG-07); not below zero.
    pub collectible: i64,
    /// Open debits past their due date, before any credit.
    pub late: i64,
    /// Sum over those of amount x days late.
    pub late_days: i128,
    /// Most days past due of any open debit; negative while none is due, `None` without debits.
    pub oldest_days: Option<i32>,
    /// Items with a figure.
    pub items: u32,
    /// Of which without a due date: aged by document date.
    pub missing_due: u32,
    /// Documents dated after the as-of day: in no other figure.
    pub not_yet_issued: i64,
}

impl AgingRow {
    pub(crate) fn new(group: GroupKey, currency: Currency) -> Self {
        AgingRow {
            group,
            currency,
            unapplied: 0,
            credit_memos: 0,
            total: 0,
            pending: 0,
            disputed: 0,
            promised: 0,
            planned: 0,
            placed: 0,
            past_due: 0,
            collectible: 0,
            late: 0,
            late_days: 0,
            oldest_days: None,
            items: 0,
            missing_due: 0,
            not_yet_issued: 0,
        }
    }
    /// Days late of the average late unit of money (DBT), rounded down; `None` if none is late.
    pub fn average_days_late(&self) -> Option<i64> {
        let days = self.late_days.checked_div(i128::from(self.late))?;
        i64::try_from(days).ok()
    }
}

/// Sums of one currency over all rows, minor units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CurrencyTotal {
    /// Which.
    pub currency: Currency,
    /// Per bucket, then unapplied cash, then credit memos.
    pub columns: Vec<i128>,
    /// Of all columns.
    pub total: i128,
    /// See [`AgingRow::pending`].
    pub pending: i128,
    /// See [`AgingRow::past_due`].
    pub past_due: i128,
    /// See [`AgingRow::disputed`].
    pub disputed: i128,
    /// See [`AgingRow::promised`].
    pub promised: i128,
    /// See [`AgingRow::planned`].
    pub planned: i128,
    /// See [`AgingRow::placed`].
    pub placed: i128,
    /// See [`AgingRow::not_yet_issued`].
    pub not_yet_issued: i128,
    /// Items with a figure.
    pub items: u64,
    /// Of which without a due date.
    pub missing_due: u64,
}

impl CurrencyTotal {
    pub(crate) fn new(currency: Currency, width: usize) -> Self {
        CurrencyTotal {
            currency,
            columns: vec![0; width],
            total: 0,
            pending: 0,
            past_due: 0,
            disputed: 0,
            promised: 0,
            planned: 0,
            placed: 0,
            not_yet_issued: 0,
            items: 0,
            missing_due: 0,
        }
    }
    /// Whether nothing is in it.
    pub(crate) fn is_empty(&self) -> bool {
        let sums = [
            self.total,
            self.pending,
            self.past_due,
            self.disputed,
            self.promised,
            self.planned,
            self.placed,
            self.not_yet_issued,
        ];
        self.items == 0 && sums.iter().chain(&self.columns).all(|s| *s == 0)
    }
    /// Adds a row's figures, its cells aside.
    pub(crate) fn add(&mut self, row: &AgingRow) {
        self.total += i128::from(row.total);
        self.pending += i128::from(row.pending);
        self.past_due += i128::from(row.past_due);
        self.disputed += i128::from(row.disputed);
        self.promised += i128::from(row.promised);
        self.planned += i128::from(row.planned);
        self.placed += i128::from(row.placed);
        self.not_yet_issued += i128::from(row.not_yet_issued);
        self.items += u64::from(row.items);
        self.missing_due += u64::from(row.missing_due);
    }
}

/// Everything in the reporting currency (AG-08).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrandTotal {
    /// Reporting currency.
    pub currency: Currency,
    /// Per bucket, then unapplied cash, then credit memos; they add up to `total` exactly.
    pub columns: Vec<i128>,
    /// Sum of the currencies' totals, each converted once.
    pub total: i128,
}

/// An aging.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aging {
    /// By group, then currency code.
    pub rows: Vec<AgingRow>,
    /// By currency code.
    pub totals: Vec<CurrencyTotal>,
    /// In the reporting currency; refused where a rate is missing, never taken as 1 (AG-08).
    pub grand: Result<GrandTotal, MissingRate>,
    width: usize,
    cells: Vec<i64>,
    counts: Vec<u32>,
}

impl Aging {
    /// How many buckets a row has.
    pub fn bucket_count(&self) -> usize {
        self.width - 2
    }
    /// The amounts of a row's buckets, minor units.
    pub fn buckets(&self, row: usize) -> &[i64] {
        let from = row * self.width;
        self.cells
            .get(from..from + self.bucket_count())
            .unwrap_or(&[])
    }
    /// How many items stand in a row's buckets, then in its unapplied cash and credit memos.
    pub fn counts(&self, row: usize) -> &[u32] {
        let from = row * self.width;
        self.counts.get(from..from + self.width).unwrap_or(&[])
    }
    /// The row of a group and currency.
    pub fn find(&self, group: &GroupKey, currency: Currency) -> Option<usize> {
        let wanted = (group, currency.code());
        self.rows
            .binary_search_by(|r| (&r.group, r.currency.code()).cmp(&wanted))
            .ok()
    }
}

/// Ages a view in one scan over the items.
///
/// # Errors
/// [`AgingError::Overflow`] where a sum does not fit; nothing is shown wrong.
pub fn aging(book: &Book, query: &AgingQuery) -> Result<Aging, AgingError> {
    let scan = OpenScan::new(book, query.view);
    aging_of(book, &scan, query)
}

/// [`aging`] over a view that is prepared already; the query's view is not looked at.
///
/// # Errors
/// See [`aging`].
pub fn aging_of(book: &Book, scan: &OpenScan<'_>, query: &AgingQuery) -> Result<Aging, AgingError> {
    let overlay = Overlay::new(book, scan);
    let slots = Slots::gather(scan, &ask(query), &overlay, book.customers().len());
    roll_up(book, scan, query, &slots, &overlay)
}

fn ask(query: &AgingQuery) -> Ask<'_> {
    Ask {
        basis: query.basis,
        buckets: &query.buckets,
        credits: query.credits,
        figure: query.figure,
    }
}

fn roll_up(
    book: &Book,
    scan: &OpenScan<'_>,
    query: &AgingQuery,
    slots: &Slots,
    overlay: &Overlay,
) -> Result<Aging, AgingError> {
    if slots.overflow {
        return Err(AgingError::Overflow);
    }
    let mut rollup = Rollup::new(book, scan, query, slots);
    rollup.finish(query)?;
    rollup.add_of_which(book, scan, query, overlay);
    let totals = rollup.totals();
    let Rollup {
        rows,
        cells,
        counts,
        ..
    } = rollup;
    let policies = book.policies_known(scan.live());
    let grand = grand(&totals, &policies.rates, scan.view(), slots.width);
    Ok(Aging {
        rows,
        totals,
        grand,
        width: slots.width,
        cells,
        counts,
    })
}

/// An aging in the making, in slices. A commit in between begins it again.
pub struct Making {
    head: Seq,
    query: AgingQuery,
    begun: Option<(Box<Slots>, Overlay, usize)>,
}

impl Making {
    /// Nothing is read yet.
    pub fn new(book: &Book, query: AgingQuery) -> Self {
        Making {
            head: book.head(),
            query,
            begun: None,
        }
    }
    /// One slice; answers the aging when it is done.
    ///
    /// # Errors
    /// See [`aging`].
    pub fn step(&mut self, book: &Book) -> Result<Option<Aging>, AgingError> {
        if self.head != book.head() {
            (self.head, self.begun) = (book.head(), None);
        }
        let scan = OpenScan::new(book, self.query.view);
        let ask = ask(&self.query);
        let Some((slots, overlay, next)) = &mut self.begun else {
            let overlay = Overlay::new(book, &scan);
            let slots = Slots::new(&scan, &ask, book.customers().len());
            self.begun = Some((Box::new(slots), overlay, 0));
            return Ok(None);
        };
        let Some(segment) = scan.segment(*next) else {
            slots.net(&ask);
            return roll_up(book, &scan, &self.query, slots, overlay).map(Some);
        };
        let table = BucketTable::new(ask.buckets);
        let mut scratch = Scratch::default();
        slots.add_segment(&scan, &ask, overlay, &table, &mut scratch, (*next, segment));
        *next += 1;
        Ok(None)
    }
}

pub(crate) fn figure_of(open: duebook_ledger::Open, figure: Figure) -> i64 {
    match figure {
        Figure::Working => open.working(),
        Figure::AtSource => open.at_source,
    }
}

/// Each currency's total is converted once. Its columns are converted as running sums, so that
/// they add up to the converted total whatever was rounded.
fn grand(
    totals: &[CurrencyTotal],
    rates: &duebook_policy::RateTable,
    view: View,
    width: usize,
) -> Result<GrandTotal, MissingRate> {
    let currency = rates.reporting();
    let mut columns = vec![0i128; width];
    let mut total = 0;
    for of in totals {
        let convert = |minor: i128| {
            let minor = i64::try_from(minor).map_err(|_| MissingRate::Overflow)?;
            let money = rates.convert(Money::new(minor, of.currency), currency, view.as_of)?;
            Ok(i128::from(money.minor))
        };
        let (mut running, mut converted) = (0, 0);
        for (to, from) in columns.iter_mut().zip(&of.columns) {
            running += from;
            let next = convert(running)?;
            *to += next - converted;
            converted = next;
        }
        total += converted;
    }
    Ok(GrandTotal {
        currency,
        columns,
        total,
    })
}
