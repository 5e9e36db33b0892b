//! What an engagement begins with and what it hands over, as figures.

use crate::aging::{AgingError, AgingQuery, aging_of};
use crate::promises::judge_scan;
use duebook_ledger::facts::ControlTotals;
use duebook_ledger::import::numeric_part;
use duebook_ledger::shift::{Baseline, Pack};
use duebook_ledger::{Book, OpenScan, View};
use duebook_money::{Currency, Day};
use std::collections::{BTreeMap, BTreeSet};

type Sums = BTreeMap<&'static str, (Currency, i128)>;

fn add(sums: &mut Sums, currency: Currency, amount: i64) {
    let slot = sums.entry(currency.code()).or_insert((currency, 0));
    slot.1 += i128::from(amount);
}

fn lines(sums: Sums) -> Result<Vec<(Currency, i64)>, AgingError> {
    let one = |(currency, sum)| {
        let sum = i64::try_from(sum).map_err(|_| AgingError::Overflow)?;
        Ok((currency, sum))
    };
    sums.into_values().map(one).collect()
}

/// What is open in a view, by the working figure: rows, sums, hash total (domain.md §2.6); and how
/// many customers have something open.
fn totals(scan: &OpenScan<'_>) -> Result<(ControlTotals, u32), AgingError> {
    let mut sums = Sums::new();
    let (mut count, mut hash) = (0u64, 0u64);
    let mut customers = BTreeSet::new();
    for (_, segment) in scan.segments() {
        let data = segment.data();
        for row in 0..segment.len() {
            let Some(open) = segment.open(row).map(|o| o.working()).filter(|o| *o != 0) else {
                continue;
            };
            let currency = Currency::from_numeric(data.currency[row]).unwrap_or(Currency::XXX);
            add(&mut sums, currency, open);
            count += 1;
            hash = (hash + numeric_part(data.number.bytes_of(row))) % 1_000_000_000;
            customers.insert(data.customer[row]);
        }
    }
    let totals = ControlTotals {
        count,
        sums: lines(sums)?,
        hash_total: hash,
    };
    Ok((totals, customers.len() as u32))
}

/// The list to be signed off on a day; who signed is for the caller to say.
///
/// # Errors
/// [`AgingError::Overflow`] where a sum does not fit a ledger.
pub fn baseline(book: &Book, as_of: Day) -> Result<Baseline, AgingError> {
    let view = View::on(as_of);
    let scan = OpenScan::new(book, view);
    let (totals, customers) = totals(&scan)?;
    let aged = aging_of(book, &scan, &AgingQuery::new(book, view))?;
    let mut past_due = Sums::new();
    for row in &aged.rows {
        add(&mut past_due, row.currency, row.past_due);
    }
    Ok(Baseline {
        as_of,
        totals,
        past_due: lines(past_due)?,
        customers,
        signed_by: String::new(),
        reference: String::new(),
        stated: Vec::new(),
    })
}

/// What an engagement hands over on a day; to whom is for the caller to say.
///
/// # Errors
/// [`AgingError::Overflow`] where a sum does not fit a ledger.
pub fn pack(book: &Book, as_of: Day) -> Result<Pack, AgingError> {
    let scan = OpenScan::new(book, View::on(as_of));
    let (totals, _) = totals(&scan)?;
    let promises = judge_scan(book, &scan);
    let live = |s| scan.is_live(s);
    let open = book.follow_ups().iter();
    let open = open.filter(|f| live(f.commit) && f.closed.get(&live).is_none());
    let tasks = book.tasks().iter().filter(|t| book.task_due(t).is_some());
    let days = book.policies().calendar.business_days();
    let mut unapplied = Sums::new();
    for (_, segment) in scan.segments() {
        let data = segment.data();
        for row in 0..segment.len() {
            let is_cash = crate::scan::is_cash(data.kind[row]);
            if let Some(open) = segment.open(row).filter(|_| is_cash) {
                let currency = Currency::from_numeric(data.currency[row]).unwrap_or(Currency::XXX);
                add(&mut unapplied, currency, open.working().saturating_neg());
            }
        }
    }
    unapplied.retain(|_, (_, sum)| *sum != 0);
    let contacts = book.customer_ids().map(|c| book.contacts_of(c).len());
    Ok(Pack {
        as_of,
        totals,
        promises: promises.iter().filter(|j| j.state.is_open()).count() as u32,
        to_do: (open.count() + tasks.count()) as u32,
        pending: crate::waiting::waiting(book, as_of, &days).len() as u32,
        unapplied: lines(unapplied)?,
        contacts: contacts.sum::<usize>() as u32,
        to: String::new(),
    })
}
