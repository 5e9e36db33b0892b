//! Whom to turn to first (PR-01 to PR-05): after the hard gates, rules whose conditions must all
//! hold each add points that are shown. Integers only; one strategy and one customer always make
//! the same score.

mod presets;

pub use presets::Preset;

use minicbor::{Decode, Encode};

/// A figure of a customer that rules look at. Amounts are whole units of the reporting currency.
/// None of them is about a person (PR-04).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Fact {
    /// Everything open, credits taken off.
    #[n(0)]
    Outstanding,
    /// Past due.
    #[n(1)]
    PastDue,
    /// To be collected: past due, neither promised nor disputed.
    #[n(2)]
    Collectible,
    /// Days past due of the oldest item.
    #[n(3)]
    OldestDays,
    /// Days until the oldest item falls into the next bucket; unknown in the last one.
    #[n(4)]
    DaysToNextBucket,
    /// Promises broken or kept only in part.
    #[n(5)]
    BrokenPromises,
    /// Promises kept of those judged, per mille; unknown while none is judged.
    #[n(6)]
    KeptPerMille,
    /// Days since somebody who answers for payment was spoken to; unknown where nobody ever was.
    #[n(7)]
    DaysSinceSpoken,
    /// Attempts since then that reached nobody.
    #[n(8)]
    FailedTries,
    /// Of past due: disputed, per mille.
    #[n(9)]
    DisputedPerMille,
    /// Credits not applied, per mille of past due.
    #[n(10)]
    UnappliedPerMille,
    /// Outstanding, per mille of the credit limit; unknown without one.
    #[n(11)]
    CreditUsePerMille,
    /// Mean days late of the last three invoices paid, less that of up to six before them; unknown
    /// below six.
    #[n(12)]
    LateTrend,
    /// Invoices paid after they were due, per mille of those paid; unknown while none is.
    #[n(13)]
    LatePerMille,
    /// Outstanding, per mille of what the source's last whole lists had open; unknown without one.
    #[n(14)]
    PortfolioPerMille,
}

/// How many figures there are.
const FACTS: usize = 15;

impl Fact {
    /// All of them, in the order of their stored numbers.
    pub const ALL: [Fact; FACTS] = {
        use Fact::*;
        [
            Outstanding,
            PastDue,
            Collectible,
            OldestDays,
            DaysToNextBucket,
            BrokenPromises,
            KeptPerMille,
            DaysSinceSpoken,
            FailedTries,
            DisputedPerMille,
            UnappliedPerMille,
            CreditUsePerMille,
            LateTrend,
            LatePerMille,
            PortfolioPerMille,
        ]
    };

    /// Whether it is an amount of the reporting currency, in whole units.
    pub fn is_amount(self) -> bool {
        matches!(self, Fact::Outstanding | Fact::PastDue | Fact::Collectible)
    }
    /// Whether it is a share, per mille.
    pub fn is_share(self) -> bool {
        use Fact::*;
        matches!(
            self,
            KeptPerMille
                | DisputedPerMille
                | UnappliedPerMille
                | CreditUsePerMille
                | LatePerMille
                | PortfolioPerMille
        )
    }
    /// Whether it can be below nothing.
    pub fn is_signed(self) -> bool {
        matches!(self, Fact::OldestDays | Fact::LateTrend)
    }
    /// Whether it is read from what the customer paid so far: looked at only where a rule asks.
    pub fn is_history(self) -> bool {
        matches!(self, Fact::LateTrend | Fact::LatePerMille)
    }
}

/// A customer's figures; one that is not known is in no condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Facts([i64; FACTS]);

const UNKNOWN: i64 = i64::MIN;

impl Default for Facts {
    fn default() -> Self {
        Facts([UNKNOWN; FACTS])
    }
}

impl Facts {
    /// A figure, if it is known.
    pub fn get(&self, fact: Fact) -> Option<i64> {
        Some(self.0[fact as usize]).filter(|v| *v != UNKNOWN)
    }
    /// Sets a figure.
    pub fn set(&mut self, fact: Fact, value: Option<i64>) {
        self.0[fact as usize] = value.unwrap_or(UNKNOWN);
    }
}

/// What a figure must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Test {
    /// At least so much.
    #[n(0)]
    AtLeast(#[n(0)] i64),
    /// At most so much.
    #[n(1)]
    AtMost(#[n(0)] i64),
    /// Not known: nobody ever spoken to, no promise judged, no limit.
    #[n(2)]
    Unknown,
}

/// A condition.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Condition {
    /// A figure passes a test.
    #[n(0)]
    Figure(#[n(0)] Fact, #[n(1)] Test),
    /// The customer is of a segment, whatever its case.
    #[n(1)]
    Segment(#[n(0)] String),
}

impl Condition {
    /// Whether it holds.
    pub fn holds(&self, facts: &Facts, segment: &str) -> bool {
        match self {
            Condition::Figure(fact, test) => match (facts.get(*fact), test) {
                (Some(value), Test::AtLeast(least)) => value >= *least,
                (Some(value), Test::AtMost(most)) => value <= *most,
                (value, Test::Unknown) => value.is_none(),
                (None, _) => false,
            },
            Condition::Segment(name) => name.trim().eq_ignore_ascii_case(segment.trim()),
        }
    }
}

/// Points counted several times: once for each `each` of a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Per {
    /// Which figure.
    #[n(0)]
    pub fact: Fact,
    /// Of so much.
    #[n(1)]
    pub each: i64,
    /// At most so many times.
    #[n(2)]
    pub most: i64,
}

/// A rule: where all its conditions hold, its points are added.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Rule {
    /// What it says in words: shown as the reason.
    #[n(0)]
    pub name: String,
    /// All of them must hold; none: it always does.
    #[n(1)]
    pub when: Vec<Condition>,
    /// Points; negative ones put a customer further down.
    #[n(2)]
    pub points: i32,
    /// Counted once for each part of a figure.
    #[n(3)]
    pub per: Option<Per>,
}

impl Rule {
    /// The points it adds for a customer; 0 where it does not hold.
    pub fn points_for(&self, facts: &Facts, segment: &str) -> i64 {
        if !self.when.iter().all(|c| c.holds(facts, segment)) {
            return 0;
        }
        let times = self.per.map_or(1, |per| {
            let value = facts.get(per.fact).unwrap_or(0);
            value.checked_div(per.each).unwrap_or(0).clamp(0, per.most)
        });
        i64::from(self.points).saturating_mul(times)
    }
}

/// Points that one rule added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Term {
    /// Index of the rule.
    pub rule: usize,
    /// Its points, never 0.
    pub points: i64,
}

/// A strategy.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Strategy {
    /// Its name.
    #[n(0)]
    pub name: String,
    /// The rules, in the order shown.
    #[n(1)]
    pub rules: Vec<Rule>,
    /// Customers with less to be collected than this, in whole units of the reporting currency,
    /// stand after all others unless a gate calls for them.
    #[n(2)]
    pub floor: i64,
    /// Whole days after a conversation in which only a gate brings a customer back.
    #[n(3)]
    pub quiet_days: u16,
}

impl Default for Strategy {
    fn default() -> Self {
        Strategy::preset(Preset::Balanced)
    }
}

/// Most rules of a strategy, and most conditions of a rule: more cannot be read.
pub const MAX_RULES: usize = 40;
/// Most conditions of a rule.
pub const MAX_CONDITIONS: usize = 8;
/// Most points of a rule, either way.
pub const MAX_POINTS: i32 = 1000;

/// Why a strategy is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StrategyError {
    /// More than [`MAX_RULES`] rules.
    TooManyRules(usize),
    /// A rule without a name, or two of one name: its index.
    Name(usize),
    /// No points, or more than [`MAX_POINTS`]: the index of the rule.
    Points(usize),
    /// Too many conditions, an empty segment, a share or count that cannot be: the index.
    Condition(usize),
    /// Parts of nothing, or counted no time: the index.
    Per(usize),
    /// A floor below nothing.
    Floor(i64),
    /// More than a quarter of quiet.
    QuietDays(u16),
}

impl Strategy {
    /// Checks that it can be worked by.
    ///
    /// # Errors
    /// The first [`StrategyError`] found, rules in their order.
    pub fn validate(&self) -> Result<(), StrategyError> {
        if self.rules.len() > MAX_RULES {
            return Err(StrategyError::TooManyRules(self.rules.len()));
        }
        if self.floor < 0 {
            return Err(StrategyError::Floor(self.floor));
        }
        if self.quiet_days > 92 {
            return Err(StrategyError::QuietDays(self.quiet_days));
        }
        for (n, rule) in self.rules.iter().enumerate() {
            let name = rule.name.trim();
            let twice = self.rules[..n].iter().any(|r| r.name.trim() == name);
            if name.is_empty() || twice {
                return Err(StrategyError::Name(n));
            }
            if rule.points == 0 || rule.points.unsigned_abs() > MAX_POINTS.unsigned_abs() {
                return Err(StrategyError::Points(n));
            }
            let fits = |c: &Condition| match c {
                Condition::Segment(name) => !name.trim().is_empty(),
                Condition::Figure(fact, Test::AtLeast(v) | Test::AtMost(v)) => {
                    fact.is_signed() || *v >= 0
                }
                Condition::Figure(_, Test::Unknown) => true,
            };
            if rule.when.len() > MAX_CONDITIONS || !rule.when.iter().all(fits) {
                return Err(StrategyError::Condition(n));
            }
            if rule
                .per
                .is_some_and(|p| p.each < 1 || !(1..=1000).contains(&p.most))
            {
                return Err(StrategyError::Per(n));
            }
        }
        Ok(())
    }

    /// Whether a rule looks at what customers paid so far.
    pub fn uses_history(&self) -> bool {
        self.rules.iter().any(|rule| {
            let asked = rule.when.iter().any(|c| match c {
                Condition::Figure(fact, _) => fact.is_history(),
                Condition::Segment(_) => false,
            });
            asked || rule.per.is_some_and(|per| per.fact.is_history())
        })
    }

    /// The points of a customer (PR-02).
    pub fn points(&self, facts: &Facts, segment: &str) -> i64 {
        self.rules.iter().fold(0i64, |sum, r| {
            sum.saturating_add(r.points_for(facts, segment))
        })
    }

    /// What the points are made of, the weightiest first (PR-03); their sum is [`Strategy::points`].
    pub fn terms(&self, facts: &Facts, segment: &str) -> Vec<Term> {
        let of = |(rule, r): (usize, &Rule)| {
            let points = r.points_for(facts, segment);
            (points != 0).then_some(Term { rule, points })
        };
        let mut terms: Vec<Term> = self.rules.iter().enumerate().filter_map(of).collect();
        duebook_money::order::sort_by_key(&mut terms, |t| {
            (std::cmp::Reverse(t.points.unsigned_abs()), t.rule)
        });
        terms
    }
}

#[cfg(test)]
mod tests;
