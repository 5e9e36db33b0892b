//! What the generator meant to put into a portfolio.

use duebook_ledger::command::CommandKind;
use duebook_ledger::facts::Outcome;
use duebook_money::Currency;
use std::collections::BTreeMap;

/// How a promise was meant to end, as of the last extract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Intended {
    /// Enough money in its window.
    Kept,
    /// Some money in its window.
    Partial,
    /// No money in its window, and the extracts tell of a day after it.
    Broken,
    /// Its day is to come.
    Open,
    /// Its day is the portfolio's today.
    DueToday,
    /// Its window is not over, or no extract tells of a later day.
    Waiting,
    /// Ended by the customer.
    Withdrawn,
    /// Replaced by another.
    Superseded,
    /// Taken by mistake.
    EntryError,
}

/// The figures of a portfolio.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Figures {
    /// Customers per currency.
    pub customers: BTreeMap<Currency, u32>,
    /// Customers per country.
    pub countries: BTreeMap<&'static str, u32>,
    /// Commands per kind.
    pub commands: BTreeMap<CommandKind, u32>,
    /// Documents (items) in all.
    pub documents: u32,
    /// Rows of payments files.
    pub payments: u32,
    /// Contacts per outcome.
    pub outcomes: BTreeMap<Outcome, u32>,
    /// Promises by how they were meant to end.
    pub promises: BTreeMap<Intended, u32>,
    /// Items put under dispute by a collector.
    pub disputes: u32,
    /// Texts beside the log.
    pub texts: u32,
    /// What is really open at the source after the last extract, minor units.
    pub open_at_source: BTreeMap<Currency, i64>,
}

impl Figures {
    pub(crate) fn bump<K: Ord>(map: &mut BTreeMap<K, u32>, key: K) {
        *map.entry(key).or_default() += 1;
    }
}
