//! Interest and compensation for late payment (domain.md §6): dated rule packs as data, each rate
//! with its source and the day it was checked, and a calculation that a court clerk can follow.
//!
//! Nothing here is legal advice: a pack says where it is from, and a rate that nobody has checked
//! lately says so on every sheet.

mod big;
mod calc;
mod packs;
mod relevant;

pub use calc::{Claim, InterestError, InterestLine, InterestSheet};
pub use relevant::{Basis, Relevant};

use duebook_money::{Currency, Day};
use minicbor::{Decode, Encode};

/// A reference rate from a day on.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ReferenceRate {
    /// First day.
    #[n(0)]
    pub from: Day,
    /// Last day, where the rate holds for a period (a half-year); `None`: until a later one.
    #[n(1)]
    pub to: Option<Day>,
    /// Per year, parts per million: 3.75 % is 37,500.
    #[n(2)]
    pub ppm: u32,
    /// Where it is from.
    #[n(3)]
    pub source: String,
    /// When somebody checked it; `None`: nobody has yet.
    #[n(4)]
    pub verified_on: Option<Day>,
}

/// The history of one reference rate.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct RateSeries {
    /// Short name that packs refer to.
    #[n(0)]
    pub id: String,
    /// Name in full.
    #[n(1)]
    pub name: String,
    /// By day, oldest first.
    #[n(2)]
    pub rows: Vec<ReferenceRate>,
    /// Days after its check for which an open-ended rate is taken as still in force.
    #[n(3)]
    pub stale_days: u16,
}

impl RateSeries {
    /// The rate in force on a day; `None` where no row covers it: never guessed.
    pub fn on(&self, day: Day) -> Option<&ReferenceRate> {
        let row = self.rows.iter().rev().find(|r| r.from <= day)?;
        row.to.is_none_or(|to| day <= to).then_some(row)
    }
    /// Whether a row must be checked before it is relied on for a day.
    pub fn is_stale(&self, row: &ReferenceRate, day: Day) -> bool {
        match row.verified_on {
            None => true,
            Some(on) => row.to.is_none() && day.since(on) > i32::from(self.stale_days),
        }
    }
    /// Adds a row, or replaces the one of the same day.
    pub fn put(&mut self, row: ReferenceRate) {
        match self.rows.binary_search_by_key(&row.from, |r| r.from) {
            Ok(at) => self.rows[at] = row,
            Err(at) => self.rows.insert(at, row),
        }
    }
}

/// How interest runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Accrual {
    /// Simple, at the rate in force when it starts to run (UK-02).
    #[n(0)]
    Fixed,
    /// Simple, at the rate of each period (EU-01: of each half-year).
    #[n(1)]
    Variable,
    /// Compound with monthly rests, at the rate in force at each rest (IN-02, IN-03).
    #[n(2)]
    Monthly,
    /// Compound with monthly rests, at the rate in force when it starts.
    #[n(3)]
    MonthlyFixed,
    /// What is unpaid is added every 30 days, at the rate in force when it starts (§6.4).
    #[n(4)]
    ThirtyDays,
}

impl Accrual {
    /// Whether interest bears interest.
    pub fn is_compound(self) -> bool {
        !matches!(self, Accrual::Fixed | Accrual::Variable)
    }
}

/// A fixed sum for a debt of less than so much (UK-05).
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct FixedSum {
    /// The debt is less than this, minor units; `None`: any debt.
    #[n(0)]
    pub below: Option<i64>,
    /// The sum, minor units.
    #[n(1)]
    pub amount: i64,
}

/// A set of rules for interest on late payment, as data.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct RulePack {
    /// Short name.
    #[n(0)]
    pub id: String,
    /// Name in full, as the sheet prints it.
    #[n(1)]
    pub name: String,
    /// Countries whose debtors it is proposed for, two letters.
    #[n(2)]
    pub countries: Vec<String>,
    /// The reference rate; `None`: the margin alone is the rate.
    #[n(3)]
    pub series: Option<String>,
    /// Times the reference rate (IN-02: 3).
    #[n(4)]
    pub multiplier: u8,
    /// Added to it, per year, parts per million.
    #[n(5)]
    pub margin_ppm: u32,
    /// How it runs.
    #[n(6)]
    pub accrual: Accrual,
    /// Days of a year: 365 or 360.
    #[n(7)]
    pub year_days: u16,
    /// Days after the last day for payment on which the first rest begins: 1 where interest runs
    /// from the day after and rests fall on that day's date (IN-02).
    #[n(8)]
    pub first_day: u8,
    /// Currency of the fixed sums.
    #[n(9)]
    pub currency: Option<Currency>,
    /// Fixed sums, smallest debt first.
    #[n(10)]
    pub sums: Vec<FixedSum>,
    /// Interest runs for so many days at most (§6.4: one year).
    #[n(11)]
    pub most_days: Option<u16>,
    /// The figure for a day is rounded before it is multiplied: some print it so; off by law.
    #[n(12)]
    pub daily_rounded: bool,
    /// Where the rules are from.
    #[n(13)]
    pub source: String,
    /// When somebody checked them; `None`: nobody has yet.
    #[n(14)]
    pub verified_on: Option<Day>,
    /// What must be known before it is asserted, one sentence each.
    #[n(15)]
    pub notes: Vec<String>,
    /// In force for debts due from this day on.
    #[n(16)]
    pub from: Option<Day>,
    /// In force for debts due until this day.
    #[n(17)]
    pub to: Option<Day>,
    /// An agreed day later than so many days after the document is cut back to them (UK-03: 60,
    /// IN-01: 45); `None`: it stands.
    #[n(18)]
    pub most_agreed: Option<u16>,
    /// Where no day was agreed, the last is so many days after the document (UK-03, EU-01: 30, IN-01:
    /// 15); `None`: no interest without a due date.
    #[n(19)]
    pub none_agreed: Option<u16>,
    /// Only for a creditor that is a registered micro or small enterprise (IN-01).
    #[n(20)]
    #[cbor(default)]
    pub small_supplier: bool,
}

impl RulePack {
    /// Whether it is in force for a debt that was to be paid by a day.
    pub fn covers(&self, due: Day) -> bool {
        self.from.is_none_or(|f| f <= due) && self.to.is_none_or(|t| due <= t)
    }
    /// The fixed sum for a debt; 0 in another currency than the sums'.
    pub fn fixed_sum(&self, principal: i64, currency: Currency) -> i64 {
        if self.currency != Some(currency) {
            return 0;
        }
        let band = |s: &&FixedSum| s.below.is_none_or(|b| principal < b);
        self.sums.iter().find(band).map_or(0, |s| s.amount)
    }
}

/// Rule packs and reference rates in force.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct InterestPolicy {
    /// Rule packs in the order offered.
    #[n(0)]
    pub packs: Vec<RulePack>,
    /// Reference rates.
    #[n(1)]
    pub series: Vec<RateSeries>,
}

impl Default for InterestPolicy {
    fn default() -> Self {
        InterestPolicy {
            packs: packs::packs(),
            series: packs::series(),
        }
    }
}

impl InterestPolicy {
    /// A pack by its short name.
    pub fn pack(&self, id: &str) -> Option<&RulePack> {
        self.packs.iter().find(|p| p.id == id)
    }
    /// A reference rate by its short name.
    pub fn series(&self, id: &str) -> Option<&RateSeries> {
        self.series.iter().find(|s| s.id == id)
    }
    /// The pack proposed for a debtor's country and a due date: the first that names the country,
    /// else the contract's.
    pub fn proposed(&self, country: &str, due: Day) -> Option<&RulePack> {
        let named = |p: &&RulePack| {
            p.covers(due) && p.countries.iter().any(|c| c.eq_ignore_ascii_case(country))
        };
        let contract = || self.packs.iter().find(|p| p.countries.is_empty());
        self.packs.iter().find(named).or_else(contract)
    }
    /// Whether it holds together: names given once, series known, rates in order and below 100 %.
    pub fn is_valid(&self) -> bool {
        let once = |ids: Vec<&str>| {
            let mut sorted = ids.clone();
            duebook_money::order::sort(&mut sorted);
            sorted.dedup();
            sorted.len() == ids.len() && ids.iter().all(|id| !id.trim().is_empty())
        };
        let rows = |s: &RateSeries| {
            s.rows.windows(2).all(|w| w[0].from < w[1].from)
                && s.rows.iter().all(|r| {
                    r.ppm <= 1_000_000 && r.to.is_none_or(|t| t >= r.from) && !r.source.is_empty()
                })
        };
        // Fixed sums by size of the debt, smallest first; the one for any debt is the last.
        let bands = |p: &RulePack| {
            let below = |s: &FixedSum| s.below.unwrap_or(i64::MAX);
            p.sums.windows(2).all(|w| below(&w[0]) < below(&w[1]))
                && p.sums.iter().all(|s| s.below.is_none_or(|b| b > 0))
                && (p.sums.is_empty() || p.currency.is_some())
        };
        let pack = |p: &RulePack| {
            let known = p.series.as_deref().is_none_or(|s| self.series(s).is_some());
            let sums = p.sums.iter().all(|s| s.amount >= 0) && bands(p);
            let named = !p.name.trim().is_empty() && p.id.len() <= 40;
            known
                && sums
                && named
                && p.most_agreed.is_none_or(|d| d > 0)
                && matches!(p.year_days, 360 | 365)
                && p.margin_ppm <= 1_000_000
                && (1..=12).contains(&p.multiplier)
                && p.first_day <= 1
        };
        once(self.packs.iter().map(|p| p.id.as_str()).collect())
            && once(self.series.iter().map(|s| s.id.as_str()).collect())
            && self.series.iter().all(rows)
            && self.packs.iter().all(pack)
    }
}
