//! Net credit sales by month, for a scope: of the sales files, or of a book that is itself the ledger.

use super::gather::State;
use duebook_ledger::keys::CustomerKey;
use duebook_ledger::{Book, Seq};
use duebook_money::{Currency, Day, Money};
use duebook_policy::{MissingRate, RateTable};
use std::collections::{BTreeMap, BTreeSet};

/// Where sales come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SalesFrom {
    /// Nowhere: a file of sales per month would supply them.
    #[default]
    Nowhere,
    /// Files of sales per month.
    Files,
    /// The book posts the ledger itself: its invoices less its credit memos.
    OwnLedger,
    /// The files are not by company, and one was asked for.
    NotByEntity,
}

/// Sales of a gathering.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sales {
    /// Where they come from.
    pub from: SalesFrom,
    /// Group, currency code and month.
    rows: BTreeMap<(u32, &'static str), BTreeMap<Day, i128>>,
    /// Months for which there is anything.
    months: BTreeSet<Day>,
}

/// Sales of whole months, latest first.
pub type Months = Vec<(Day, i128)>;

impl Sales {
    pub(super) fn new(book: &Book, state: &State) -> Sales {
        let live = |s: Seq| state.is_live(s);
        let mut out = Sales::default();
        let whole = state.ask.scope.is_everything();
        let mut any = false;
        for sale in book.sales(&live) {
            any = true;
            let key = CustomerKey {
                source: sale.source.to_owned(),
                number: sale.customer.to_owned(),
            };
            let group = match book.find_customer(&key) {
                Some(id) => state.group_of.get(id.index()).copied(),
                // Customers without an open item belong to the whole, and to nobody's part.
                None if whole && state.ask.by == super::By::Nothing => Some(0),
                None => None,
            };
            out.months.insert(sale.month);
            let Some(group) = group.filter(|g| (*g as usize) < state.names.len()) else {
                continue;
            };
            out.add(group, sale.currency, sale.month, i128::from(sale.minor));
        }
        if any {
            out.from = match state.ask.scope.entity {
                Some(_) => SalesFrom::NotByEntity,
                None => SalesFrom::Files,
            };
        } else if book.about().is_some_and(|a| a.own_ledger) {
            out.from = SalesFrom::OwnLedger;
            for ((group, currency, month), sum) in &state.by_month {
                if let Some(currency) = Currency::from_numeric(*currency) {
                    out.months.insert(*month);
                    out.add(*group, currency, *month, *sum);
                }
            }
            out.fill_months();
        }
        out
    }

    fn add(&mut self, group: u32, currency: Currency, month: Day, minor: i128) {
        let months = self.rows.entry((group, currency.code())).or_default();
        *months.entry(month).or_default() += minor;
    }

    /// A ledger of its own knows of every month since its first document that nothing was sold.
    fn fill_months(&mut self) {
        let (Some(first), Some(last)) = (self.months.first(), self.months.last()) else {
            return;
        };
        let (mut at, last) = (*first, *last);
        while at < last {
            self.months.insert(at);
            match at.add_months(1) {
                Some(next) => at = next,
                None => break,
            }
        }
    }

    /// Currencies there are sales in.
    pub fn currencies(&self) -> impl Iterator<Item = Currency> + '_ {
        self.rows
            .keys()
            .filter_map(|(_, code)| Currency::from_code(code))
    }

    /// What a group sold in a month; `None` where nothing is known of the month.
    fn of(&self, group: u32, currency: Currency, month: Day) -> Option<i128> {
        self.months.contains(&month).then(|| {
            let months = self.rows.get(&(group, currency.code()));
            months.and_then(|m| m.get(&month)).copied().unwrap_or(0)
        })
    }

    /// The same in the reporting currency, each currency converted once at the rates of a day.
    fn reported(
        &self,
        group: u32,
        month: Day,
        (rates, day): (&RateTable, Day),
    ) -> Result<Option<i128>, MissingRate> {
        if !self.months.contains(&month) {
            return Ok(None);
        }
        let mut sum = 0;
        for ((_, code), months) in self.rows.range((group, "")..(group + 1, "")) {
            let minor = months.get(&month).copied().unwrap_or(0);
            let Some(currency) = Currency::from_code(code) else {
                continue;
            };
            let minor = i64::try_from(minor).map_err(|_| MissingRate::Overflow)?;
            let money = rates.convert(Money::new(minor, currency), rates.reporting(), day)?;
            sum += i128::from(money.minor);
        }
        Ok(Some(sum))
    }

    /// The months back from one, latest first, as far as they are known, at most so many.
    pub(super) fn back(
        &self,
        group: u32,
        currency: super::In,
        from: Day,
        most: usize,
        rates: (&RateTable, Day),
    ) -> Result<Months, MissingRate> {
        let mut out = Vec::new();
        let mut month = from.month_start();
        while out.len() < most {
            let sold = match currency {
                super::In::Own(currency) => self.of(group, currency, month),
                super::In::Reporting => self.reported(group, month, rates)?,
            };
            let Some(sold) = sold else { break };
            out.push((month, sold));
            match month.add_months(-1) {
                Some(before) => month = before,
                None => break,
            }
        }
        Ok(out)
    }
}
