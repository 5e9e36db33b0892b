//! What each customer owes now, kept up to date from the deltas of commits (architecture.md, "The
//! views"): what is always on screen never scans all items.

use crate::aging::{AgingError, AgingQuery, Figure, GroupBy, GroupKey, aging_of};
use crate::overlay::Overlay;
use crate::promises::{judge_customer, open_promised_of};
use crate::rollup::days_late;
use crate::scan::{BucketTable, days, is_cash};
use duebook_ledger::apply::Delta;
use duebook_ledger::facts::CreditMode;
use duebook_ledger::{Book, CustomerId, OpenScan, View};
use duebook_money::{Currency, Day};
use duebook_policy::Basis;

/// A customer's figures in one currency, minor units, by the working figure; credits negative and
/// beside the buckets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Balance {
    /// Currency.
    pub currency: Currency,
    /// At source + pending: everything open, credits taken off.
    pub working: i64,
    /// By the source's book.
    pub at_source: i64,
    /// Ours and not confirmed.
    pub pending: i64,
    /// Open debits by bucket of the policy in force.
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
    /// Of past due: neither disputed nor promised.
    pub collectible: i64,
    /// Most days past due; negative while nothing is due, `None` without debits.
    pub oldest_days: Option<i32>,
    /// Open items.
    pub items: u32,
    /// Documents dated later: in no other figure.
    pub not_yet_issued: i64,
}

/// Every customer's balances on a day, as known now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Balances {
    as_of: Day,
    by_customer: Vec<Vec<Balance>>,
}

impl Balances {
    /// From one scan over all items.
    ///
    /// # Errors
    /// [`AgingError::Overflow`] where a sum does not fit.
    pub fn full(book: &Book, as_of: Day) -> Result<Self, AgingError> {
        let view = View::on(as_of);
        let scan = OpenScan::new(book, view);
        let aging = aging_of(book, &scan, &query(book, view))?;
        let mut by_customer = vec![Vec::new(); book.customers().len()];
        for (at, row) in aging.rows.iter().enumerate() {
            let GroupKey::Customer(customer) = row.group else {
                continue;
            };
            if let Some(of) = by_customer.get_mut(customer.index()) {
                of.push(Balance {
                    currency: row.currency,
                    working: row.total,
                    at_source: row.total.saturating_sub(row.pending),
                    pending: row.pending,
                    buckets: aging.buckets(at).to_vec(),
                    past_due: row.past_due,
                    unapplied: row.unapplied,
                    credit_memos: row.credit_memos,
                    disputed: row.disputed,
                    promised: row.promised,
                    collectible: row.collectible,
                    oldest_days: row.oldest_days,
                    items: row.items,
                    not_yet_issued: row.not_yet_issued,
                });
            }
        }
        Ok(Balances { as_of, by_customer })
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
        let fresh: Result<Vec<_>, _> = delta
            .customers
            .iter()
            .map(|c| Ok((*c, balances_of(book, &scan, *c)?)))
            .collect();
        self.by_customer.resize(book.customers().len(), Vec::new());
        for (customer, balances) in fresh? {
            if let Some(of) = self.by_customer.get_mut(customer.index()) {
                *of = balances;
            }
        }
        Ok(())
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
}

fn query(book: &Book, view: View) -> AgingQuery {
    AgingQuery {
        credits: CreditMode::Separate,
        group_by: GroupBy::Customer,
        figure: Figure::Working,
        ..AgingQuery::new(book, view)
    }
}

/// One customer's balances, item by item.
///
/// # Errors
/// [`AgingError::Overflow`] where a sum does not fit.
pub fn balances_of(
    book: &Book,
    scan: &OpenScan<'_>,
    customer: CustomerId,
) -> Result<Vec<Balance>, AgingError> {
    let query = query(book, scan.view());
    let table = BucketTable::new(&query.buckets);
    let judged = judge_customer(book, scan, customer);
    let promised = open_promised_of(book, scan, customer, &judged);
    let as_of = scan.view().as_of.0;
    let mut overlay = Overlay::default();
    let mut sums: std::collections::BTreeMap<&str, Sums> = Default::default();
    for item in book.items_of(customer) {
        overlay.read(book, item.id, &|s| scan.is_live(s));
        let of = sums
            .entry(item.currency().code())
            .or_insert_with(|| Sums::new(item.currency(), query.buckets.count()));
        if item.doc_date() > as_of {
            if let Some(segment) = scan.segment(item.id.segment()) {
                let row = item.id.row();
                let amount = crate::drill::not_yet_issued(scan, &segment, row, query.figure);
                of.not_yet_issued += i128::from(amount);
            }
            continue;
        }
        let Some(open) = scan.open(item.id) else {
            continue;
        };
        let amount = open.working();
        of.pending += i128::from(open.pending);
        if amount == 0 {
            continue;
        }
        of.items += 1;
        if amount < 0 {
            let cash = is_cash(item.segment().data.kind[item.row()]);
            let credits = if cash {
                &mut of.unapplied
            } else {
                &mut of.credit_memos
            };
            *credits += i128::from(amount);
            continue;
        }
        let late = days_late(book, scan, &overlay, item.id);
        let age = match query.basis {
            Basis::DueDate => late,
            Basis::InvoiceDate => days(as_of, item.doc_date()),
        };
        of.buckets[table.index(age)] += i128::from(amount);
        of.oldest_days = of.oldest_days.max(Some(late));
        let share = |part: Option<&i64>| part.map_or(0, |p| (*p).clamp(0, amount));
        let disputed = share(overlay.disputed.get(&item.id));
        let promised = share(promised.get(&item.id));
        of.disputed += i128::from(disputed);
        of.promised += i128::from(promised);
        if late > 0 {
            of.late += i128::from(amount);
            of.held += i128::from(disputed.saturating_add(promised).min(amount));
        }
    }
    let shown = sums.into_values().filter(|s| !s.is_empty());
    shown.map(|s| s.balance(&query)).collect()
}

struct Sums {
    currency: Currency,
    buckets: Vec<i128>,
    unapplied: i128,
    credit_memos: i128,
    pending: i128,
    disputed: i128,
    promised: i128,
    late: i128,
    held: i128,
    not_yet_issued: i128,
    oldest_days: Option<i32>,
    items: u32,
}

impl Sums {
    fn new(currency: Currency, buckets: usize) -> Self {
        Sums {
            currency,
            buckets: vec![0; buckets],
            unapplied: 0,
            credit_memos: 0,
            pending: 0,
            disputed: 0,
            promised: 0,
            late: 0,
            held: 0,
            not_yet_issued: 0,
            oldest_days: None,
            items: 0,
        }
    }
    fn is_empty(&self) -> bool {
        self.items == 0 && self.pending == 0 && self.not_yet_issued == 0
    }
    fn balance(self, query: &AgingQuery) -> Result<Balance, AgingError> {
        let fit = |sum: i128| i64::try_from(sum).map_err(|_| AgingError::Overflow);
        let past = crate::rollup::past_due_buckets(query);
        let past_due = match past {
            None => self.late,
            Some(past) => self
                .buckets
                .iter()
                .zip(past)
                .map(|(sum, past)| if past { *sum } else { 0 })
                .sum(),
        };
        let debits: i128 = self.buckets.iter().sum();
        let working = fit(debits + self.unapplied + self.credit_memos)?;
        let pending = fit(self.pending)?;
        Ok(Balance {
            currency: self.currency,
            working,
            at_source: working.saturating_sub(pending),
            pending,
            past_due: fit(past_due)?,
            unapplied: fit(self.unapplied)?,
            credit_memos: fit(self.credit_memos)?,
            disputed: fit(self.disputed)?,
            promised: fit(self.promised)?,
            collectible: fit((past_due - self.held).max(0))?,
            oldest_days: self.oldest_days,
            items: self.items,
            not_yet_issued: fit(self.not_yet_issued)?,
            buckets: self
                .buckets
                .into_iter()
                .map(fit)
                .collect::<Result<_, _>>()?,
        })
    }
}
