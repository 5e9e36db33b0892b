//! Cash forecasts that were frozen (§2.7, KP-26): what was expected of each week, as it was said
//! then. Nothing that comes in later changes it; what came is read from the book beside it.

use super::Recorded;
use crate::book::Book;
use crate::ids::Seq;
use crate::refusal::{Field, Refusal};
use duebook_money::{Currency, Day};
use minicbor::{Decode, Encode};
use std::collections::{BTreeMap, BTreeSet};

/// Most weeks a forecast looks ahead.
pub const MAX_WEEKS: usize = 53;

/// What is expected of one week, minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Encode, Decode)]
#[cbor(map)]
pub struct ForecastWeek {
    /// Promises and instalments, weighted by how they are kept.
    #[n(0)]
    pub committed: i64,
    /// Of the rest, by lag.
    #[n(1)]
    pub statistical: i64,
    /// What more comes if every commitment is kept in full.
    #[n(2)]
    pub upside: i64,
}

impl ForecastWeek {
    /// Committed and statistical, minor units: what is held against what came.
    pub fn expected(self) -> i64 {
        self.committed.saturating_add(self.statistical)
    }
}

/// What is expected in one currency.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct FrozenCash {
    /// Currency.
    #[n(0)]
    pub currency: Currency,
    /// Week after week from the day after the as-of day.
    #[n(1)]
    pub weeks: Vec<ForecastWeek>,
    /// After those weeks, or not at all.
    #[n(2)]
    pub later: ForecastWeek,
    /// Open debits in all on the day, minor units.
    #[n(3)]
    pub open: i64,
}

/// A cash forecast as it was said on a day.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct FrozenForecast {
    /// The day it is as of; its first week begins the day after.
    #[n(0)]
    pub as_of: Day,
    /// The commit after which it was known.
    #[n(1)]
    pub known: Seq,
    /// By currency code.
    #[n(2)]
    pub currencies: Vec<FrozenCash>,
}

impl FrozenForecast {
    /// First and last day of a week, counted from 0.
    pub fn week(&self, n: usize) -> (Day, Day) {
        let from = self.as_of.plus(1 + 7 * n.min(MAX_WEEKS) as i32);
        (from, from.plus(6))
    }
    /// The last day on which it can be frozen: the eve of the end of its first week. After that it
    /// would be no forecast of it.
    pub fn last_day(&self) -> Day {
        self.as_of.plus(6)
    }
    fn is_sound(&self) -> bool {
        let codes: BTreeSet<&str> = self.currencies.iter().map(|c| c.currency.code()).collect();
        let weeks = |c: &FrozenCash| (1..=MAX_WEEKS).contains(&c.weeks.len());
        codes.len() == self.currencies.len() && self.currencies.iter().all(weeks)
    }
    /// Whether a frozen forecast may stand in a commit: of its day and of what was known before.
    pub(super) fn stands_in(&self, commit: Seq, frozen_on: Day) -> bool {
        let in_time = self.as_of <= frozen_on && frozen_on <= self.last_day();
        in_time && self.known < commit && self.known != Seq(0) && self.is_sound()
    }
}

impl Book {
    /// Frozen forecasts by the commits that `live` says count: the last of each day, by day.
    pub fn frozen_forecasts(
        &self,
        live: impl Fn(Seq) -> bool,
    ) -> impl Iterator<Item = &Recorded<FrozenForecast>> {
        let all = self.reporting.forecasts.iter();
        let by_day: BTreeMap<Day, _> = all
            .filter(|f| live(f.commit))
            .map(|f| (f.fact.as_of, f))
            .collect();
        by_day.into_values()
    }

    /// # Errors
    /// A forecast of a day to come or of a week that is over, of nothing, of a commit that is not
    /// there, or that says what the one frozen for its day says.
    pub(super) fn decide_forecast(
        &self,
        forecast: &FrozenForecast,
        today: Day,
    ) -> Result<(), Refusal> {
        if forecast.currencies.is_empty() {
            return Err(Refusal::Empty(Field::Items));
        }
        if forecast.as_of > today {
            return Err(Refusal::DateAfter {
                date: forecast.as_of,
                latest: today,
            });
        }
        if forecast.last_day() < today {
            return Err(Refusal::DateBefore {
                date: forecast.as_of,
                earliest: today.plus(-6),
            });
        }
        self.commit_there(forecast.known)?;
        if !forecast.is_sound() {
            return Err(Refusal::StagingBroken);
        }
        let mut before = self.frozen_forecasts(|s| self.is_live(s));
        let same = |b: &&Recorded<FrozenForecast>| {
            b.fact.as_of == forecast.as_of && b.fact.currencies == forecast.currencies
        };
        match before.find(same) {
            Some(before) => Err(Refusal::ForecastStands(before.fact.as_of)),
            None => Ok(()),
        }
    }
}
