//! A strategy as typed.

use crate::ui::prelude::*;
use duebook_policy::Strategy;
use duebook_policy::strategy::{Condition, Fact, Per, Rule, StrategyError, Test};
use leptos::prelude::*;

/// The choice of a condition on the segment.
pub const SEGMENT: &str = "segment";
/// The test for what is not known.
pub const UNKNOWN: &str = "unknown";
const LEAST: &str = "least";
const MOST: &str = "most";

/// A figure in words.
pub fn fact_name(fact: Fact) -> &'static str {
    match fact {
        Fact::Outstanding => "Outstanding",
        Fact::PastDue => "Past due",
        Fact::Collectible => "To be collected",
        Fact::OldestDays => "Days late, oldest item",
        Fact::DaysToNextBucket => "Days to the next bucket",
        Fact::BrokenPromises => "Promises broken",
        Fact::KeptPerMille => "Promises kept, %",
        Fact::DaysSinceSpoken => "Days since spoken to",
        Fact::FailedTries => "Tries in vain since then",
        Fact::DisputedPerMille => "Disputed, % of past due",
        Fact::UnappliedPerMille => "Not applied, % of past due",
        Fact::CreditUsePerMille => "Credit limit used, %",
        Fact::LateTrend => "Days later than before, last three paid",
        Fact::LatePerMille => "Invoices paid late, %",
        Fact::PortfolioPerMille => "Share of the last list, %",
    }
}

fn code(fact: Fact) -> String {
    (fact as usize).to_string()
}

fn fact_of(code: &str) -> Option<Fact> {
    Fact::ALL.get(code.parse::<usize>().ok()?).copied()
}

/// The figures to choose from.
pub fn fact_choices() -> impl Iterator<Item = Choice> {
    Fact::ALL
        .into_iter()
        .map(|f| Choice::new(code(f), fact_name(f)))
}

/// The tests to choose from.
pub fn test_choices() -> Vec<Choice> {
    vec![
        Choice::new(LEAST, "at least"),
        Choice::new(MOST, "at most"),
        Choice::new(UNKNOWN, "not known, or never"),
    ]
}

/// A condition as typed.
#[derive(Clone, Copy)]
pub struct ConditionDraft {
    pub id: u32,
    pub fact: RwSignal<String>,
    pub test: RwSignal<String>,
    pub value: RwSignal<String>,
}

/// A rule as typed.
#[derive(Clone, Copy)]
pub struct RuleDraft {
    pub id: u32,
    pub name: RwSignal<String>,
    pub points: RwSignal<String>,
    pub per: RwSignal<String>,
    pub each: RwSignal<String>,
    pub most: RwSignal<String>,
    pub when: RwSignal<Vec<ConditionDraft>>,
}

/// A strategy as typed.
#[derive(Clone, Copy)]
pub struct Draft {
    pub name: RwSignal<String>,
    pub floor: RwSignal<String>,
    pub quiet: RwSignal<String>,
    pub rules: RwSignal<Vec<RuleDraft>>,
    next: StoredValue<u32>,
}

fn text(value: impl ToString) -> RwSignal<String> {
    RwSignal::new(value.to_string())
}

/// Shares are typed in per cent and kept in per mille.
fn shown(fact: Fact, value: i64) -> String {
    match fact.is_share() {
        true if value % 10 == 0 => (value / 10).to_string(),
        true => format!("{}.{}", value / 10, (value % 10).abs()),
        false => value.to_string(),
    }
}

fn value_of(fact: Fact, text: &str) -> Option<i64> {
    let text = text.trim().trim_end_matches('%').replace([',', ' '], "");
    if !fact.is_share() {
        return text.parse().ok();
    }
    let (whole, part) = text.split_once('.').unwrap_or((&text, "0"));
    let tenths: i64 = part.parse().ok().filter(|_| part.len() == 1)?;
    whole
        .parse::<i64>()
        .ok()?
        .checked_mul(10)?
        .checked_add(tenths)
}

impl Draft {
    /// Empty.
    pub fn new() -> Self {
        Draft {
            name: text(""),
            floor: text(0),
            quiet: text(0),
            rules: RwSignal::new(Vec::new()),
            next: StoredValue::new(0),
        }
    }

    fn id(&self) -> u32 {
        self.next.update_value(|n| *n += 1);
        self.next.get_value()
    }

    fn condition(&self, condition: &Condition) -> ConditionDraft {
        let (fact, test, value) = match condition {
            Condition::Segment(name) => (SEGMENT.to_owned(), LEAST, name.clone()),
            Condition::Figure(fact, Test::AtLeast(v)) => (code(*fact), LEAST, shown(*fact, *v)),
            Condition::Figure(fact, Test::AtMost(v)) => (code(*fact), MOST, shown(*fact, *v)),
            Condition::Figure(fact, Test::Unknown) => (code(*fact), UNKNOWN, String::new()),
        };
        ConditionDraft {
            id: self.id(),
            fact: text(fact),
            test: text(test),
            value: text(value),
        }
    }

    fn rule(&self, rule: &Rule) -> RuleDraft {
        let per = rule.per;
        RuleDraft {
            id: self.id(),
            name: text(&rule.name),
            points: text(rule.points),
            per: text(per.map_or(String::new(), |p| code(p.fact))),
            each: text(per.map_or("1".to_owned(), |p| shown(p.fact, p.each))),
            most: text(per.map_or(10, |p| p.most)),
            when: RwSignal::new(rule.when.iter().map(|c| self.condition(c)).collect()),
        }
    }

    /// Shows a strategy.
    pub fn fill(&self, strategy: &Strategy) {
        self.name.set(strategy.name.clone());
        self.floor.set(strategy.floor.to_string());
        self.quiet.set(strategy.quiet_days.to_string());
        self.rules
            .set(strategy.rules.iter().map(|r| self.rule(r)).collect());
    }

    /// One more rule.
    pub fn add(&self) {
        let rule = self.rule(&Rule {
            name: String::new(),
            when: vec![Condition::Figure(Fact::Collectible, Test::AtLeast(1))],
            points: 5,
            per: None,
        });
        self.rules.update(|all| all.push(rule));
    }

    /// Without a rule.
    pub fn remove(&self, id: u32) {
        self.rules.update(|all| all.retain(|r| r.id != id));
    }

    /// The strategy, or what is wrong with it. Reactive.
    pub fn read(&self) -> Result<Strategy, String> {
        let number = |text: RwSignal<String>, what: &str| {
            let typed = text.with(|t| t.trim().replace([',', ' '], ""));
            typed
                .parse::<i64>()
                .map_err(|_| format!("{what} is a whole number."))
        };
        let rules: Result<Vec<Rule>, String> =
            self.rules.get().iter().map(RuleDraft::read).collect();
        let quiet = number(self.quiet, "Quiet days")?;
        let strategy = Strategy {
            name: self.name.with(|n| n.trim().to_owned()),
            rules: rules?,
            floor: number(self.floor, "The floor")?,
            quiet_days: u16::try_from(quiet)
                .map_err(|_| "Quiet days are from 0 to 92.".to_owned())?,
        };
        strategy.validate().map_err(|e| wrong(&strategy, &e))?;
        Ok(strategy)
    }
}

impl RuleDraft {
    /// One more condition.
    pub fn add_condition(&self) {
        let id = self.when.with_untracked(|w| w.iter().map(|c| c.id).max());
        let condition = ConditionDraft {
            id: id.unwrap_or(0) + 1,
            fact: text(code(Fact::OldestDays)),
            test: text(LEAST),
            value: text(1),
        };
        self.when.update(|all| all.push(condition));
    }

    /// Without a condition.
    pub fn remove_condition(&self, id: u32) {
        self.when.update(|all| all.retain(|c| c.id != id));
    }

    fn read(&self) -> Result<Rule, String> {
        let name = self.name.with(|n| n.trim().to_owned());
        let bad = |what: &str| format!("Rule “{name}”: {what}");
        let points = self
            .points
            .with(|p| p.trim().trim_start_matches('+').parse::<i32>());
        let points = points.map_err(|_| bad("points are a whole number."))?;
        let per = match self.per.with(|p| fact_of(p)) {
            None => None,
            Some(fact) => Some(Per {
                fact,
                each: self
                    .each
                    .with(|e| value_of(fact, e))
                    .ok_or_else(|| bad("“for each” is a number."))?,
                most: self
                    .most
                    .with(|m| m.trim().parse().ok())
                    .ok_or_else(|| bad("“at most” is a number."))?,
            }),
        };
        let condition = |c: &ConditionDraft| {
            let value = c.value.get();
            let Some(fact) = c.fact.with(|f| fact_of(f)) else {
                return Ok(Condition::Segment(value.trim().to_owned()));
            };
            let number =
                || value_of(fact, &value).ok_or_else(|| bad("a condition needs a number."));
            Ok(Condition::Figure(
                fact,
                match c.test.get().as_str() {
                    UNKNOWN => Test::Unknown,
                    MOST => Test::AtMost(number()?),
                    _ => Test::AtLeast(number()?),
                },
            ))
        };
        let when: Result<Vec<Condition>, String> = self.when.get().iter().map(condition).collect();
        Ok(Rule {
            name: name.clone(),
            when: when?,
            points,
            per,
        })
    }
}

fn wrong(strategy: &Strategy, error: &StrategyError) -> String {
    let name = |n: usize| {
        strategy
            .rules
            .get(n)
            .map_or(String::new(), |r| r.name.clone())
    };
    match error {
        StrategyError::TooManyRules(n) => format!("{n} rules: more than 40 cannot be read."),
        StrategyError::Name(n) => match name(*n).as_str() {
            "" => "Each rule has a name: it is shown as the reason.".to_owned(),
            name => format!("Two rules are called “{name}”."),
        },
        StrategyError::Points(n) => {
            format!("Rule “{}”: points from -1000 to 1000, and not 0.", name(*n))
        }
        StrategyError::Condition(n) => format!(
            "Rule “{}”: a condition is empty or below nothing.",
            name(*n)
        ),
        StrategyError::Per(n) => format!(
            "Rule “{}”: counted for each 1 or more, at most 1 to 1000 times.",
            name(*n)
        ),
        StrategyError::Floor(_) => "The floor is 0 or more.".to_owned(),
        StrategyError::QuietDays(_) => "Quiet days are from 0 to 92.".to_owned(),
    }
}
