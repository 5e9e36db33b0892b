//! Reporting: opening lists and cash forecasts that are frozen, reports that were issued, sales per
//! month.
//!
//! An opening list is not copied: it is *the past-due items as of a day, as known after a commit*
//! (AG-21), and its control totals stand beside it. Nothing that is learnt later changes it.

mod decide;
mod forecast;

pub use forecast::{ForecastWeek, FrozenCash, FrozenForecast, MAX_WEEKS};

use crate::book::Book;
use crate::event::Event;
use crate::facts::{ControlTotals, ImportFacts};
use crate::ids::Seq;
use crate::keys::FactKey;
use crate::versioned::Versioned;
use crate::violations::Violation;
use duebook_money::{Currency, Day};
use minicbor::{Decode, Encode};
use std::collections::BTreeMap;
use std::rc::Rc;

/// Most sales figures of one file.
pub const MAX_SALES: usize = 100_000;

/// The opening list of a period (KP-20): what was past due on the eve of its first day.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct FrozenList {
    /// First day of the period.
    #[n(0)]
    pub from: Day,
    /// Last day of the period.
    #[n(1)]
    pub to: Day,
    /// The commit after which it is known: the refresh it is named by.
    #[n(2)]
    pub known: Seq,
    /// The refresh in words: source and file.
    #[n(3)]
    pub refresh: String,
    /// The source has closed the period: the list is final. Until then it is provisional.
    #[n(4)]
    pub closed: bool,
    /// Past-due items, their open amounts and the hash total of their numbers.
    #[n(5)]
    pub totals: ControlTotals,
}

impl FrozenList {
    /// The day it is as of: the eve of the period.
    pub fn as_of(&self) -> Day {
        self.from.plus(-1)
    }
}

/// How an issued report stood to its controls. Stored; never renumber.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Stood {
    /// All controls held.
    #[n(0)]
    Reconciled,
    /// One failed.
    #[n(1)]
    Unreconciled,
    /// None failed, and it may not be called reconciled.
    #[n(2)]
    NotJudged,
}

/// A figure as it was issued, for the restatement.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct IssuedFigure {
    /// What it is, by a name that does not change.
    #[n(0)]
    pub name: String,
    /// Its currency; `None` for a count.
    #[n(1)]
    pub currency: Option<Currency>,
    /// Minor units, or a count.
    #[n(2)]
    pub value: i64,
}

/// A report, or a pack of them, that left the house.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct IssuedReport {
    /// Name of the pack or report.
    #[n(0)]
    pub name: String,
    /// The reports in it, by kind.
    #[n(1)]
    pub reports: Vec<String>,
    /// First day it speaks of.
    #[n(2)]
    pub from: Day,
    /// The day it is as of.
    #[n(3)]
    pub as_of: Day,
    /// The commit after which it was known.
    #[n(4)]
    pub known: Seq,
    /// Name of the file.
    #[n(5)]
    pub file: String,
    /// BLAKE3 of the file's bytes.
    #[n(6)]
    #[cbor(with = "minicbor::bytes")]
    pub hash: [u8; 32],
    /// Length of the file.
    #[n(7)]
    pub bytes: u64,
    /// Controls that held.
    #[n(8)]
    pub passed: u32,
    /// Controls that compared something.
    #[n(9)]
    pub controls: u32,
    /// How it stood.
    #[n(10)]
    pub stood: Stood,
    /// Its control totals.
    #[n(11)]
    pub totals: ControlTotals,
    /// Its main figures.
    #[n(12)]
    pub figures: Vec<IssuedFigure>,
    /// Why it was issued again, where it was.
    #[n(13)]
    pub reason: String,
}

/// Sales of a customer in a month, as a file gives them; the customer may have no open item.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct SalesRow {
    /// The source's number of the customer.
    #[n(0)]
    pub customer: String,
    /// First day of the month.
    #[n(1)]
    pub month: Day,
    /// Currency.
    #[n(2)]
    pub currency: Currency,
    /// Net credit sales, minor units.
    #[n(3)]
    pub minor: i64,
}

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum ReportingCommand {
    /// Freezes the opening list of a period, or says that the source has closed it.
    /// Refused: a period that ends before it begins, a commit that is not there, closed already.
    #[n(0)]
    FreezeList(#[n(0)] FrozenList),
    /// Records that a report was issued. Refused: no name, no report, a commit that is not there.
    #[n(1)]
    IssueReport(#[n(0)] IssuedReport),
    /// Takes in sales per month. Refused: no source, none, too many, nothing new.
    #[n(2)]
    ImportSales {
        /// What the file is.
        #[n(0)]
        facts: ImportFacts,
        /// Its rows; several of one customer, month and currency add up.
        #[n(1)]
        rows: Vec<SalesRow>,
    },
    /// Freezes the cash forecast of a day. Refused: a day to come, a first week that is over, no
    /// currency, a commit that is not there, the same figures again.
    #[n(3)]
    FreezeForecast(#[n(0)] FrozenForecast),
    /// Records that a pack with the cash forecast was issued, and freezes that forecast: one commit.
    /// Refused as each of both; a forecast that stands already is not frozen again.
    #[n(4)]
    IssuePack {
        /// The pack.
        #[n(0)]
        report: IssuedReport,
        /// The forecast that is in it.
        #[n(1)]
        forecast: FrozenForecast,
    },
}

/// What has happened.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum ReportingEvent {
    /// An opening list was frozen; the last of a period counts.
    #[n(0)]
    ListFrozen(#[n(0)] FrozenList),
    /// A report was issued.
    #[n(1)]
    ReportIssued(#[n(0)] IssuedReport),
    /// Sales came in; the last of a customer, month and currency count.
    #[n(2)]
    SalesImported {
        /// What the file is.
        #[n(0)]
        facts: ImportFacts,
        /// One of each customer, month and currency, in that order.
        #[n(1)]
        rows: Vec<SalesRow>,
    },
    /// A cash forecast was frozen; the last of a day counts.
    #[n(3)]
    ForecastFrozen(#[n(0)] FrozenForecast),
}

/// A fact with the commit and the key it has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded<T> {
    /// Commit.
    pub commit: Seq,
    /// Its name in addresses.
    pub key: FactKey,
    /// What.
    pub fact: T,
}

/// Customer number, month and currency code.
type SalesKey = (String, Day, &'static str);

/// Everything of reporting, dead facts included.
#[derive(Debug, Clone, Default)]
pub struct Reporting {
    lists: Vec<Recorded<FrozenList>>,
    issued: Vec<Recorded<IssuedReport>>,
    forecasts: Vec<Recorded<FrozenForecast>>,
    /// Files of sales, without their rows.
    files: Vec<Recorded<ImportFacts>>,
    /// By source.
    sales: BTreeMap<String, BTreeMap<SalesKey, Versioned<i64>>>,
}

/// A sales figure as known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sale<'a> {
    /// Source of the file.
    pub source: &'a str,
    /// The source's number of the customer.
    pub customer: &'a str,
    /// First day of the month.
    pub month: Day,
    /// Currency.
    pub currency: Currency,
    /// Minor units.
    pub minor: i64,
}

impl Book {
    /// Opening lists by the commits that `live` says count, in log order.
    pub fn frozen_lists(
        &self,
        live: impl Fn(Seq) -> bool,
    ) -> impl Iterator<Item = &Recorded<FrozenList>> {
        self.reporting.lists.iter().filter(move |l| live(l.commit))
    }
    /// The opening list of a period, as known: the last that was frozen.
    pub fn frozen_list(
        &self,
        (from, to): (Day, Day),
        live: impl Fn(Seq) -> bool,
    ) -> Option<&Recorded<FrozenList>> {
        let of = |l: &&Recorded<FrozenList>| (l.fact.from, l.fact.to) == (from, to);
        self.frozen_lists(live).filter(of).last()
    }
    /// Reports issued that are known now, in log order.
    pub fn issued_reports(&self) -> impl Iterator<Item = &Recorded<IssuedReport>> {
        self.reporting
            .issued
            .iter()
            .filter(|r| self.is_live(r.commit))
    }
    /// An issued report by its key.
    pub fn issued_report(&self, key: FactKey) -> Option<&Recorded<IssuedReport>> {
        self.issued_reports().find(|r| r.key == key)
    }
    /// Files of sales known now.
    pub fn sales_files(&self) -> impl Iterator<Item = &Recorded<ImportFacts>> {
        self.reporting
            .files
            .iter()
            .filter(|f| self.is_live(f.commit))
    }
    /// Sales by the commits that `live` says count, by source, customer, month and currency.
    pub fn sales<'a>(
        &'a self,
        live: &'a impl Fn(Seq) -> bool,
    ) -> impl Iterator<Item = Sale<'a>> + 'a {
        let sources = self.reporting.sales.iter();
        sources.flat_map(move |(source, rows)| {
            rows.iter().filter_map(move |((customer, month, code), v)| {
                Some(Sale {
                    source,
                    customer,
                    month: *month,
                    currency: Currency::from_code(code)?,
                    minor: *v.get(live)?,
                })
            })
        })
    }

    pub(crate) fn apply_reporting(
        &mut self,
        seq: Seq,
        key: FactKey,
        event: &ReportingEvent,
    ) -> u64 {
        let all = Rc::make_mut(&mut self.reporting);
        match event {
            ReportingEvent::ListFrozen(fact) => {
                let (commit, fact) = (seq, fact.clone());
                let count = fact.totals.count;
                all.lists.push(Recorded { commit, key, fact });
                count
            }
            ReportingEvent::ReportIssued(fact) => {
                let (commit, fact) = (seq, fact.clone());
                let count = fact.reports.len() as u64;
                all.issued.push(Recorded { commit, key, fact });
                count
            }
            ReportingEvent::SalesImported { facts, rows } => {
                let of_source = all.sales.entry(facts.source.clone()).or_default();
                for row in rows {
                    let key = (row.customer.clone(), row.month, row.currency.code());
                    of_source.entry(key).or_default().set(seq, row.minor);
                }
                let (commit, fact) = (seq, facts.clone());
                all.files.push(Recorded { commit, key, fact });
                rows.len() as u64
            }
            ReportingEvent::ForecastFrozen(fact) => {
                let (commit, fact) = (seq, fact.clone());
                all.forecasts.push(Recorded { commit, key, fact });
                0
            }
        }
    }

    /// Opening lists end after they begin and name a commit before their own; issues do too; sales
    /// are of months; forecasts are frozen while they are forecasts.
    pub(crate) fn check_reporting(&self, out: &mut Vec<Violation>) {
        let all = &self.reporting;
        let lists = all.lists.iter().filter(|l| {
            let fact = &l.fact;
            fact.to < fact.from || fact.known >= l.commit || fact.known == Seq(0)
        });
        let issued = all.issued.iter().filter(|r| {
            let fact = &r.fact;
            fact.as_of < fact.from
                || fact.known >= r.commit
                || fact.known == Seq(0)
                || fact.passed > fact.controls
        });
        let forecasts = all.forecasts.iter().filter(|f| {
            let on = self.commit(f.commit).map(|c| c.ledger_date);
            on.is_none_or(|on| !f.fact.stands_in(f.commit, on))
        });
        let wrong = lists.map(|l| l.commit).chain(issued.map(|r| r.commit));
        let wrong = wrong.chain(forecasts.map(|f| f.commit));
        out.extend(wrong.map(Violation::Reporting));
        for ((_, month, _), sales) in all.sales.values().flatten() {
            if month.month_start() != *month {
                let commits = sales.history().iter().map(|(seq, _)| *seq);
                out.extend(commits.map(Violation::Reporting));
            }
        }
    }
}

/// The kind of key an event's fact has.
pub(crate) fn key_kind(event: &ReportingEvent) -> u8 {
    match event {
        ReportingEvent::ListFrozen(_) => 30,
        ReportingEvent::ReportIssued(_) => 31,
        ReportingEvent::SalesImported { .. } => 32,
        ReportingEvent::ForecastFrozen(_) => 33,
    }
}

impl From<ReportingEvent> for Event {
    fn from(event: ReportingEvent) -> Self {
        Event::Reporting(event)
    }
}
