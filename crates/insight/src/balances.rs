//! What each customer owes now, kept up to date from the deltas of commits (architecture.md, "The
//! views"): what is always on screen never scans all items.

mod making;

pub use making::Making;

use crate::aging::{AgingError, AgingQuery, CurrencyTotal};
use crate::overlay::Overlay;
use crate::promises::{judge_customer, open_promised_of};
use crate::rollup::days_late;
use crate::scan::{BucketTable, days, is_cash, net_oldest};
use duebook_ledger::apply::Delta;
use duebook_ledger::columns::NO_DAY;
use duebook_ledger::facts::CreditMode;
use duebook_ledger::items::ItemRef;
use duebook_ledger::{Book, CustomerId, OpenScan, View};
use duebook_money::{Currency, Day};
use duebook_policy::Basis;

/// A customer's figures in one currency, minor units, by the working figure and the policies in
/// force: the row of an aging by customer, without what only reports need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Balance {
    /// Currency.
    pub currency: Currency,
    /// At source + pending: everything open, credits taken off.
    pub working: i64,
    /// Ours and not confirmed.
    pub pending: i64,
    /// By bucket of the policy in force; credits where its mode puts them (AG-05).
    pub buckets: Vec<i64>,
    /// Of the buckets, past due.
    pub past_due: i64,
    /// Receipts' unapplied rests and money on account.
    pub unapplied: i64,
    /// Credit memos not applied.
    pub credit_memos: i64,
    /// Of the open debits: disputed.
    pub disputed: i64,
    /// Of the open debits: under an open promise.
    pub promised: i64,
    /// Of the open debits: covered by a plan that is kept.
    pub planned: i64,
    /// Of the open debits: with an agency or a lawyer who collects.
    pub placed: i64,
    /// Of past due: neither disputed, promised, planned nor placed.
    pub collectible: i64,
    /// Most days past due; negative while nothing is due, `None` without debits.
    pub oldest_days: Option<i32>,
    /// Open items.
    pub items: u32,
    /// Of which without a due date.
    pub missing_due: u32,
    /// Documents dated later: in no other figure.
    pub not_yet_issued: i64,
}

impl Balance {
    /// From a row of an aging and its buckets.
    pub fn of(row: &crate::aging::AgingRow, buckets: &[i64]) -> Self {
        Balance {
            currency: row.currency,
            working: row.total,
            pending: row.pending,
            buckets: buckets.to_vec(),
            past_due: row.past_due,
            unapplied: row.unapplied,
            credit_memos: row.credit_memos,
            disputed: row.disputed,
            promised: row.promised,
            planned: row.planned,
            placed: row.placed,
            collectible: row.collectible,
            oldest_days: row.oldest_days,
            items: row.items,
            missing_due: row.missing_due,
            not_yet_issued: row.not_yet_issued,
        }
    }
    /// By the source's book.
    pub fn at_source(&self) -> i64 {
        self.working.saturating_sub(self.pending)
    }
    fn add_to(&self, total: &mut CurrencyTotal, sign: i128) {
        let credits = [self.unapplied, self.credit_memos];
        for (to, from) in total
            .columns
            .iter_mut()
            .zip(self.buckets.iter().chain(&credits))
        {
            *to += sign * i128::from(*from);
        }
        total.total += sign * i128::from(self.working);
        total.pending += sign * i128::from(self.pending);
        total.past_due += sign * i128::from(self.past_due);
        total.disputed += sign * i128::from(self.disputed);
        total.promised += sign * i128::from(self.promised);
        total.planned += sign * i128::from(self.planned);
        total.placed += sign * i128::from(self.placed);
        total.not_yet_issued += sign * i128::from(self.not_yet_issued);
        let count = |to: &mut u64, n: u32| {
            *to = if sign < 0 {
                to.saturating_sub(u64::from(n))
            } else {
                *to + u64::from(n)
            };
        };
        count(&mut total.items, self.items);
        count(&mut total.missing_due, self.missing_due);
    }
}

/// Every customer's balances on a day, as known now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Balances {
    as_of: Day,
    by_customer: Vec<Vec<Balance>>,
    totals: Vec<CurrencyTotal>,
}

impl Balances {
    fn empty(as_of: Day, customers: usize) -> Self {
        Balances {
            as_of,
            by_customer: vec![Vec::new(); customers],
            totals: Vec::new(),
        }
    }

    /// From one scan over all items, at once; see [`Making`] for the same in slices.
    ///
    /// # Errors
    /// [`AgingError::Overflow`] where a sum does not fit.
    pub fn full(book: &Book, as_of: Day) -> Result<Self, AgingError> {
        let mut making = Making::new(book, as_of);
        while making.step(book)? {}
        Ok(making.done())
    }

    /// Looks again at the customers a commit touched; at all of them where it touched everything.
    ///
    /// # Errors
    /// [`AgingError::Overflow`] where a sum does not fit; the balances are then as before.
    pub fn update(&mut self, book: &Book, delta: &Delta) -> Result<(), AgingError> {
        if delta.everything || delta.policies {
            *self = Balances::full(book, self.as_of)?;
            return Ok(());
        }
        let scan = OpenScan::new(book, View::on(self.as_of));
        self.look_again(book, &scan, &delta.customers)
    }

    /// [`Balances::update`] for some customers, over a scan of the same day as known now.
    ///
    /// # Errors
    /// As [`Balances::update`].
    pub(crate) fn look_again(
        &mut self,
        book: &Book,
        scan: &OpenScan<'_>,
        customers: &[CustomerId],
    ) -> Result<(), AgingError> {
        let fresh: Result<Vec<_>, _> = customers
            .iter()
            .map(|c| Ok((*c, balances_of(book, scan, *c)?)))
            .collect();
        let known = book.customers().len().max(self.by_customer.len());
        self.by_customer.resize(known, Vec::new());
        for (customer, balances) in fresh? {
            self.put(customer, balances);
        }
        Ok(())
    }

    /// Replaces what a customer owes, and the totals with it.
    fn put(&mut self, customer: CustomerId, balances: Vec<Balance>) {
        let Some(of) = self.by_customer.get_mut(customer.index()) else {
            return;
        };
        let before = std::mem::replace(of, balances);
        for balance in &before {
            balance.add_to(total_of(&mut self.totals, balance), -1);
        }
        for balance in self.by_customer[customer.index()].iter() {
            balance.add_to(total_of(&mut self.totals, balance), 1);
        }
        self.totals.retain(|t| !t.is_empty());
    }

    /// Takes everything out, leaving it empty.
    pub(crate) fn take(&mut self) -> Self {
        let empty = Balances::empty(self.as_of, 0);
        std::mem::replace(self, empty)
    }
    /// The day they are of.
    pub fn as_of(&self) -> Day {
        self.as_of
    }
    /// A customer's balances by currency code; empty where nothing is open.
    pub fn of(&self, customer: CustomerId) -> &[Balance] {
        self.by_customer
            .get(customer.index())
            .map_or(&[], |b| b.as_slice())
    }
    /// Every customer with a balance, by id.
    pub fn iter(&self) -> impl Iterator<Item = (CustomerId, &[Balance])> + '_ {
        let all = self.by_customer.iter().enumerate();
        all.filter(|(_, b)| !b.is_empty())
            .map(|(c, b)| (CustomerId(c as u32), b.as_slice()))
    }
    /// Sums by currency code: those of an aging by customer.
    pub fn totals(&self) -> &[CurrencyTotal] {
        &self.totals
    }
}

/// The total of a balance's currency, made where there is none.
fn total_of<'a>(totals: &'a mut Vec<CurrencyTotal>, balance: &Balance) -> &'a mut CurrencyTotal {
    let at = totals.binary_search_by(|t| t.currency.code().cmp(balance.currency.code()));
    let at = at.unwrap_or_else(|at| {
        let width = balance.buckets.len() + 2;
        totals.insert(at, CurrencyTotal::new(balance.currency, width));
        at
    });
    &mut totals[at]
}

/// What is asked of the aging that balances are rows of: the policies in force.
fn query(book: &Book, as_of: Day) -> AgingQuery {
    AgingQuery::new(book, View::on(as_of))
}

/// One customer's balances, item by item. The scan is of a day as known now.
///
/// # Errors
/// [`AgingError::Overflow`] where a sum does not fit.
pub fn balances_of(
    book: &Book,
    scan: &OpenScan<'_>,
    customer: CustomerId,
) -> Result<Vec<Balance>, AgingError> {
    let query = query(book, scan.view().as_of);
    let table = BucketTable::new(&query.buckets);
    let judged = judge_customer(book, scan, customer);
    let held = Held {
        promised: open_promised_of(book, scan, customer, &judged),
        away: crate::plans::held_of(book, scan, customer),
        marks: Overlay::of(book, scan, customer),
    };
    let mut sums: Vec<Sums> = Vec::new();
    for item in scan.items_of(customer) {
        let (entity, currency) = (item.entity(), item.currency());
        let known = sums
            .iter()
            .position(|s| s.entity == entity && s.currency == currency);
        let at = known.unwrap_or_else(|| {
            sums.push(Sums::new(entity, currency, query.buckets.count()));
            sums.len() - 1
        });
        sums[at].add(book, scan, &query, &table, &held, &item);
    }
    sums.retain(|s| !s.is_empty());
    sums.sort_by_key(|s| (s.currency.code(), s.entity));
    let past = crate::rollup::past_due_buckets(&query);
    let mut balances: Vec<Balance> = Vec::new();
    let mut late_held = 0;
    for of in sums {
        let same = balances.last().is_some_and(|b| b.currency == of.currency);
        late_held = of.held + if same { late_held } else { 0 };
        let balance = of.balance(query.credits, past.as_deref())?;
        match balances.last_mut() {
            Some(last) if same => merge(last, &balance)?,
            _ => balances.push(balance),
        }
        if let Some(last) = balances.last_mut() {
            let rest = i128::from(last.past_due) - late_held;
            last.collectible = fit(rest.max(0))?;
        }
    }
    Ok(balances)
}

/// What is promised, planned, placed and marked on a customer's items.
struct Held {
    promised: std::collections::BTreeMap<duebook_ledger::ItemId, i64>,
    away: std::collections::BTreeMap<duebook_ledger::ItemId, crate::plans::Held>,
    marks: Overlay,
}

fn fit(sum: i128) -> Result<i64, AgingError> {
    i64::try_from(sum).map_err(|_| AgingError::Overflow)
}

/// Adds the figures of another entity, or of another slot, to those of the same currency.
fn merge(to: &mut Balance, from: &Balance) -> Result<(), AgingError> {
    let add = |to: &mut i64, from: i64| {
        *to = to.checked_add(from).ok_or(AgingError::Overflow)?;
        Ok(())
    };
    for (to, from) in to.buckets.iter_mut().zip(&from.buckets) {
        add(to, *from)?;
    }
    add(&mut to.working, from.working)?;
    add(&mut to.pending, from.pending)?;
    add(&mut to.past_due, from.past_due)?;
    add(&mut to.unapplied, from.unapplied)?;
    add(&mut to.credit_memos, from.credit_memos)?;
    add(&mut to.disputed, from.disputed)?;
    add(&mut to.promised, from.promised)?;
    add(&mut to.planned, from.planned)?;
    add(&mut to.placed, from.placed)?;
    add(&mut to.not_yet_issued, from.not_yet_issued)?;
    to.oldest_days = to.oldest_days.max(from.oldest_days);
    to.items += from.items;
    to.missing_due += from.missing_due;
    to.collectible = to.past_due.max(0);
    Ok(())
}

struct Sums {
    entity: u16,
    currency: Currency,
    /// Buckets, then unapplied cash, then credit memos.
    columns: Vec<i128>,
    pending: i128,
    disputed: i128,
    promised: i128,
    planned: i128,
    placed: i128,
    late: i128,
    held: i128,
    not_yet_issued: i128,
    oldest_days: Option<i32>,
    items: u32,
    missing_due: u32,
}

impl Sums {
    fn new(entity: u16, currency: Currency, buckets: usize) -> Self {
        Sums {
            entity,
            currency,
            columns: vec![0; buckets + 2],
            pending: 0,
            disputed: 0,
            promised: 0,
            planned: 0,
            placed: 0,
            late: 0,
            held: 0,
            not_yet_issued: 0,
            oldest_days: None,
            items: 0,
            missing_due: 0,
        }
    }
    fn is_empty(&self) -> bool {
        self.items == 0 && self.pending == 0 && self.not_yet_issued == 0
    }
    fn add(
        &mut self,
        book: &Book,
        scan: &OpenScan<'_>,
        query: &AgingQuery,
        table: &BucketTable<'_>,
        held: &Held,
        item: &ItemRef<'_>,
    ) {
        let as_of = scan.view().as_of.0;
        let issued = days(as_of, item.doc_date());
        if item.doc_date() > as_of {
            if let Some(segment) = scan.segment(item.id.segment()) {
                let row = item.id.row();
                let amount = crate::drill::not_yet_issued(scan, &segment, row, query.figure);
                self.not_yet_issued += i128::from(amount);
            }
            return;
        }
        let Some(open) = scan.open(item.id) else {
            return;
        };
        let amount = open.working();
        self.pending += i128::from(open.pending);
        if amount == 0 {
            return;
        }
        self.items += 1;
        let memos = self.columns.len() - 1;
        if amount < 0 {
            let cash = is_cash(item.segment().data.kind[item.row()]);
            let column = match query.credits {
                CreditMode::Aged => table.index(issued),
                _ => memos - usize::from(cash),
            };
            self.columns[column] += i128::from(amount);
            return;
        }
        let late = days_late(book, scan, &held.marks, item.id);
        let due = scan.segment(item.id.segment());
        let due = due.map(|s| held.marks.due(&s, item.id));
        self.missing_due += u32::from(due == Some(NO_DAY));
        let age = match query.basis {
            Basis::DueDate => late,
            Basis::InvoiceDate => issued,
        };
        self.columns[table.index(age)] += i128::from(amount);
        self.oldest_days = self.oldest_days.max(Some(late));
        let share = |part: Option<&i64>| part.map_or(0, |p| (*p).clamp(0, amount));
        let disputed = share(held.marks.disputed.get(&item.id));
        let promised = share(held.promised.get(&item.id));
        self.disputed += i128::from(disputed);
        self.promised += i128::from(promised);
        let away = held.away.get(&item.id).copied().unwrap_or_default();
        self.planned += i128::from(away.planned);
        self.placed += i128::from(away.placed);
        if late > 0 {
            self.late += i128::from(amount);
            let marked = disputed.saturating_add(promised);
            self.held += i128::from(marked.saturating_add(away.total()).min(amount));
        }
    }
    /// Everything but what is collectible.
    fn balance(self, credits: CreditMode, past: Option<&[bool]>) -> Result<Balance, AgingError> {
        let columns: Result<Vec<i64>, _> = self.columns.into_iter().map(fit).collect();
        let mut columns = columns?;
        if credits == CreditMode::NetOldest {
            net_oldest(&mut columns);
        }
        let working = fit(columns.iter().map(|c| i128::from(*c)).sum())?;
        let past_due = past_due(&columns, past, fit(self.late)?);
        let (unapplied, credit_memos) = (columns[columns.len() - 2], columns[columns.len() - 1]);
        columns.truncate(columns.len() - 2);
        Ok(Balance {
            currency: self.currency,
            working,
            pending: fit(self.pending)?,
            past_due,
            unapplied,
            credit_memos,
            disputed: fit(self.disputed)?,
            promised: fit(self.promised)?,
            planned: fit(self.planned)?,
            placed: fit(self.placed)?,
            collectible: past_due.max(0),
            oldest_days: self.oldest_days,
            items: self.items,
            missing_due: self.missing_due,
            not_yet_issued: fit(self.not_yet_issued)?,
            buckets: columns,
        })
    }
}

/// What of the columns is past due; `late` where buckets do not tell.
fn past_due(columns: &[i64], past: Option<&[bool]>, late: i64) -> i64 {
    let Some(past) = past else { return late };
    let cells = columns.iter().zip(past).filter(|(_, past)| **past);
    cells.fold(0i64, |sum, (c, _)| sum.saturating_add(*c))
}
