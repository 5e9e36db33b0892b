//! Aging of open items (domain.md AG-01 to AG-09, AG-20 to AG-23).

use crate::overlay::Overlay;
pub use crate::scan::Figure;
use crate::scan::{Ask, Slots};
use duebook_ledger::facts::CreditMode;
use duebook_ledger::{Book, CustomerId, ItemId, OpenScan, Seq, View};
use duebook_money::{Currency, Money};
use duebook_policy::rates::MissingRate;
use duebook_policy::{Basis, Buckets};
use std::collections::BTreeMap;

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
    ParentNumber(String, String),
    /// A collector; empty where none is assigned.
    Collector(String),
    /// Everything of a currency.
    Currency,
    /// Index of an entity.
    Entity(u16),
    /// A country as the source writes it; empty where unknown.
    Country(String),
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
    /// In buckets past due; by invoice date the open debits past their due date.
    pub past_due: i64,
    /// Of `past_due`: neither disputed nor promised (AG-07); not below zero.
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
    fn new(group: GroupKey, currency: Currency) -> Self {
        AgingRow {
            group,
            currency,
            unapplied: 0,
            credit_memos: 0,
            total: 0,
            pending: 0,
            disputed: 0,
            promised: 0,
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
    /// See [`AgingRow::not_yet_issued`].
    pub not_yet_issued: i128,
    /// Items with a figure.
    pub items: u64,
    /// Of which without a due date.
    pub missing_due: u64,
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
    let ask = Ask {
        basis: query.basis,
        buckets: &query.buckets,
        credits: query.credits,
        figure: query.figure,
    };
    let slots = Slots::gather(scan, &ask, &overlay, book.customers().len());
    if slots.overflow {
        return Err(AgingError::Overflow);
    }
    let mut rollup = Rollup::new(book, scan, query, &slots);
    rollup.add_of_which(book, scan, query, &slots, &overlay)?;
    let Rollup {
        rows,
        cells,
        counts,
        ..
    } = rollup;
    let totals = totals(&rows, &cells, slots.width);
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

/// Groups of customers in a view, and which of them the filter takes.
pub(crate) struct Groups<'a> {
    book: &'a Book,
    scan: &'a OpenScan<'a>,
    query: &'a AgingQuery,
    wanted: Option<Vec<bool>>,
}

impl<'a> Groups<'a> {
    pub fn new(book: &'a Book, scan: &'a OpenScan<'a>, query: &'a AgingQuery) -> Self {
        let filter = &query.filter;
        let narrow = !filter.customers.is_empty() || !filter.collectors.is_empty();
        let mut groups = Groups {
            book,
            scan,
            query,
            wanted: None,
        };
        if narrow {
            let listed: std::collections::BTreeSet<_> = filter.customers.iter().collect();
            let takes = |c: u32| {
                let id = CustomerId(c);
                let named = listed.is_empty() || listed.contains(&id);
                named
                    && (filter.collectors.is_empty()
                        || filter.collectors.contains(&groups.collector(id)))
            };
            groups.wanted = Some((0..book.customers().len() as u32).map(takes).collect());
        }
        groups
    }
    /// Whether the filter takes an item of this customer, entity and currency.
    pub fn takes(&self, customer: u32, entity: u16, currency: Currency) -> bool {
        let of_customer = self
            .wanted
            .as_ref()
            .is_none_or(|w| w.get(customer as usize).copied().unwrap_or(false));
        of_customer && self.query.filter.takes(entity, currency)
    }
    fn facts(&self, id: CustomerId) -> Option<&duebook_ledger::columns::StagedCustomer> {
        let customer = self.book.customer(id)?;
        customer.facts.get(&|s: Seq| self.scan.is_live(s))
    }
    fn collector(&self, id: CustomerId) -> String {
        let facts = self.facts(id);
        facts.and_then(|f| f.collector.clone()).unwrap_or_default()
    }
    /// The group of a customer's items of an entity.
    pub fn of(&self, customer: u32, entity: u16) -> GroupKey {
        let id = CustomerId(customer);
        match self.query.group_by {
            GroupBy::Customer => GroupKey::Customer(id),
            GroupBy::Parent => self.parent(id),
            GroupBy::Collector => GroupKey::Collector(self.collector(id)),
            GroupBy::Currency => GroupKey::Currency,
            GroupBy::Entity => GroupKey::Entity(entity),
            GroupBy::Country => {
                let facts = self.facts(id);
                GroupKey::Country(facts.and_then(|f| f.country.clone()).unwrap_or_default())
            }
        }
    }
    fn parent(&self, id: CustomerId) -> GroupKey {
        let named = self.facts(id).and_then(|f| f.parent.clone());
        let Some(number) = named.filter(|n| !n.is_empty()) else {
            return GroupKey::Parent(id);
        };
        let source = self
            .book
            .customer(id)
            .map_or("", |c| self.book.source_name(c.source));
        let key = duebook_ledger::keys::CustomerKey {
            source: source.to_owned(),
            number,
        };
        match self.book.find_customer(&key) {
            Some(parent) => GroupKey::Parent(parent),
            None => GroupKey::ParentNumber(key.source, key.number),
        }
    }
}

struct Rollup {
    rows: Vec<AgingRow>,
    cells: Vec<i64>,
    counts: Vec<u32>,
    /// Per slot, its row; `None` where the filter leaves it out.
    row_of: Vec<Option<u32>>,
}

impl Rollup {
    fn new(book: &Book, scan: &OpenScan<'_>, query: &AgingQuery, slots: &Slots) -> Self {
        let groups = Groups::new(book, scan, query);
        let mut order: Vec<(GroupKey, Currency, u32)> = Vec::with_capacity(slots.slots.len());
        for (index, slot) in slots.slots.iter().enumerate() {
            let currency = Currency::from_numeric(slot.currency()).unwrap_or(Currency::XXX);
            if groups.takes(slot.customer, slot.entity(), currency) {
                let group = groups.of(slot.customer, slot.entity());
                order.push((group, currency, index as u32));
            }
        }
        order.sort_unstable_by(|a, b| (&a.0, a.1.code(), a.2).cmp(&(&b.0, b.1.code(), b.2)));
        let mut rollup = Rollup {
            rows: Vec::new(),
            cells: Vec::new(),
            counts: Vec::new(),
            row_of: vec![None; slots.slots.len()],
        };
        for (group, currency, slot) in order {
            let same = rollup
                .rows
                .last()
                .is_some_and(|r| r.group == group && r.currency == currency);
            if !same {
                rollup.rows.push(AgingRow::new(group, currency));
                let wanted = rollup.rows.len() * slots.width;
                rollup.cells.resize(wanted, 0);
                rollup.counts.resize(wanted, 0);
            }
            rollup.add(slots, slot as usize);
        }
        rollup
    }

    /// Adds a slot to the last row. Sums here are of few terms; they are checked in the totals.
    fn add(&mut self, slots: &Slots, index: usize) {
        let at = self.rows.len() - 1;
        self.row_of[index] = Some(at as u32);
        let slot = &slots.slots[index];
        let row = &mut self.rows[at];
        let cells = &mut self.cells[at * slots.width..];
        for (to, from) in cells.iter_mut().zip(slots.columns(index)) {
            *to = to.saturating_add(*from);
        }
        let counts = &mut self.counts[at * slots.width..];
        for (to, from) in counts.iter_mut().zip(slots.counts_of(index)) {
            *to += from;
        }
        row.pending = row.pending.saturating_add(slot.pending);
        row.late = row.late.saturating_add(slot.late);
        row.late_days += slot.late_days();
        row.not_yet_issued = row.not_yet_issued.saturating_add(slot.not_yet_issued);
        row.items += slot.items;
        row.missing_due += slot.missing_due;
        if slot.oldest > i32::MIN {
            row.oldest_days = Some(row.oldest_days.map_or(slot.oldest, |o| o.max(slot.oldest)));
        }
    }

    /// The columns that follow from the cells, and those that few items carry (AG-07).
    fn add_of_which(
        &mut self,
        book: &Book,
        scan: &OpenScan<'_>,
        query: &AgingQuery,
        slots: &Slots,
        overlay: &Overlay,
    ) -> Result<(), AgingError> {
        let buckets = slots.buckets();
        let past = past_due_buckets(query);
        for (at, row) in self.rows.iter_mut().enumerate() {
            let cells = &self.cells[at * slots.width..(at + 1) * slots.width];
            let sum = cells.iter().map(|c| i128::from(*c)).sum::<i128>();
            row.total = i64::try_from(sum).map_err(|_| AgingError::Overflow)?;
            let extreme = |v: &i64| *v == i64::MAX || *v == i64::MIN;
            if cells.iter().chain([&row.pending, &row.late]).any(extreme) {
                return Err(AgingError::Overflow);
            }
            (row.unapplied, row.credit_memos) = (cells[buckets], cells[buckets + 1]);
            let of_buckets = |past: &[bool]| {
                let past_due = cells.iter().zip(past).filter(|(_, p)| **p);
                past_due.fold(0i64, |sum, (c, _)| sum.saturating_add(*c))
            };
            row.past_due = past.as_deref().map_or(row.late, of_buckets);
            row.collectible = row.past_due;
        }
        let promised = crate::promises::open_promised(book, scan);
        let mut ids: Vec<ItemId> = overlay.disputed.keys().copied().collect();
        ids.extend(promised.keys());
        ids.sort_unstable();
        ids.dedup();
        for id in ids {
            let found = self.row_of_item(book, scan, query, slots, overlay, id);
            let Some((row, open, late)) = found else {
                continue;
            };
            let of =
                |map: &BTreeMap<ItemId, i64>| map.get(&id).copied().unwrap_or(0).clamp(0, open);
            let (disputed, promised) = (of(&overlay.disputed), of(&promised));
            row.disputed += disputed;
            row.promised += promised;
            if late {
                row.collectible -= disputed.saturating_add(promised).min(open);
            }
        }
        for row in &mut self.rows {
            row.collectible = row.collectible.max(0);
        }
        Ok(())
    }

    /// The row of an open debit, its figure, and whether it is past due.
    fn row_of_item(
        &mut self,
        book: &Book,
        scan: &OpenScan<'_>,
        query: &AgingQuery,
        slots: &Slots,
        overlay: &Overlay,
        id: ItemId,
    ) -> Option<(&mut AgingRow, i64, bool)> {
        let item = book.item(id)?;
        let segment = scan.segment(id.segment())?;
        let open = figure_of(segment.open(id.row())?, query.figure);
        if open <= 0 {
            return None;
        }
        let key = u32::from(item.entity()) << 16 | u32::from(item.currency().numeric());
        let slot = slots.find(item.customer().0, key)?;
        let row = self.rows.get_mut((*self.row_of.get(slot)?)? as usize)?;
        let due = overlay.due(&segment, id);
        let from = if due == duebook_ledger::columns::NO_DAY {
            item.doc_date()
        } else {
            due
        };
        let late = crate::scan::days(scan.view().as_of.0, from) > 0;
        Some((row, open, late))
    }
}

pub(crate) fn figure_of(open: duebook_ledger::Open, figure: Figure) -> i64 {
    match figure {
        Figure::Working => open.working(),
        Figure::AtSource => open.at_source,
    }
}

/// Which buckets are past due; `None` where buckets do not tell (by invoice date).
fn past_due_buckets(query: &AgingQuery) -> Option<Vec<bool>> {
    let edges = query.buckets.edges();
    (query.basis == Basis::DueDate && edges.contains(&0)).then(|| {
        (0..query.buckets.count())
            .map(|b| b > 0 && edges[b - 1] >= 0)
            .collect()
    })
}

fn totals(rows: &[AgingRow], cells: &[i64], width: usize) -> Vec<CurrencyTotal> {
    let mut by_code: BTreeMap<&str, CurrencyTotal> = BTreeMap::new();
    for (row, cells) in rows.iter().zip(cells.chunks_exact(width)) {
        let code = row.currency.code();
        let total = by_code.entry(code).or_insert_with(|| CurrencyTotal {
            currency: row.currency,
            columns: vec![0; width],
            total: 0,
            pending: 0,
            past_due: 0,
            disputed: 0,
            promised: 0,
            not_yet_issued: 0,
            items: 0,
            missing_due: 0,
        });
        for (to, from) in total.columns.iter_mut().zip(cells) {
            *to += i128::from(*from);
        }
        total.total += i128::from(row.total);
        total.pending += i128::from(row.pending);
        total.past_due += i128::from(row.past_due);
        total.disputed += i128::from(row.disputed);
        total.promised += i128::from(row.promised);
        total.not_yet_issued += i128::from(row.not_yet_issued);
        total.items += u64::from(row.items);
        total.missing_due += u64::from(row.missing_due);
    }
    by_code.into_values().collect()
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
