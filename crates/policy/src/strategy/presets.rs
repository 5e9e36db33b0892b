//! Strategies to start from. All of them can be changed rule by rule.

use super::{Condition, Fact, Per, Rule, Strategy, Test};

/// A strategy to start from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preset {
    /// Value, age and history.
    Balanced,
    /// The largest amounts first.
    Largest,
    /// The oldest debts first.
    Oldest,
    /// Before items fall into the next bucket.
    StopRolling,
    /// Who pays later than before, and weighs much.
    EarlyWarning,
}

impl Preset {
    /// All of them, in the order shown.
    pub const ALL: [Preset; 5] = [
        Preset::Balanced,
        Preset::Largest,
        Preset::Oldest,
        Preset::StopRolling,
        Preset::EarlyWarning,
    ];
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Preset::Balanced => "Balanced",
            Preset::Largest => "Largest first",
            Preset::Oldest => "Oldest first",
            Preset::StopRolling => "Stop rolling",
            Preset::EarlyWarning => "Early warning",
        }
    }
}

fn rule(name: &str, points: i32, when: &[(Fact, Test)]) -> Rule {
    Rule {
        name: name.to_owned(),
        when: when
            .iter()
            .map(|(fact, test)| Condition::Figure(*fact, *test))
            .collect(),
        points,
        per: None,
    }
}

fn per(name: &str, points: i32, fact: Fact, each: i64, most: i64) -> Rule {
    Rule {
        per: Some(Per { fact, each, most }),
        ..rule(name, points, &[])
    }
}

/// The terms of PR-02 that look back: trend, share of the portfolio, late for the first time.
fn early_warning() -> [Rule; 4] {
    use Fact::*;
    use Test::*;
    [
        per("Pays later than before, per 5 days", 10, LateTrend, 5, 4),
        rule(
            "Late for the first time",
            20,
            &[(OldestDays, AtLeast(1)), (LatePerMille, AtMost(0))],
        ),
        rule(
            "Pays most invoices late",
            5,
            &[(LatePerMille, AtLeast(500))],
        ),
        per(
            "Share of the portfolio, per 2 %",
            5,
            PortfolioPerMille,
            20,
            5,
        ),
    ]
}

impl Strategy {
    /// A strategy to start from.
    pub fn preset(preset: Preset) -> Strategy {
        use Fact::*;
        use Test::*;
        let (value, age, roll) = match preset {
            Preset::Balanced => (2, 2, 15),
            Preset::Largest => (6, 1, 5),
            Preset::Oldest => (1, 6, 5),
            Preset::StopRolling => (2, 1, 60),
            Preset::EarlyWarning => (2, 1, 10),
        };
        let mut rules = vec![
            per("To be collected, per 2,500", value, Collectible, 2_500, 20),
            rule("Something to be collected", 5, &[(Collectible, AtLeast(1))]),
            per("Oldest item, per 10 days late", age, OldestDays, 10, 12),
            rule(
                "Falls into the next bucket within 5 days",
                roll,
                &[(OldestDays, AtLeast(1)), (DaysToNextBucket, AtMost(5))],
            ),
            per("Promises broken", 8, BrokenPromises, 1, 3),
            rule("Nobody spoken to yet", 10, &[(DaysSinceSpoken, Unknown)]),
            rule(
                "Nobody spoken to for two weeks",
                6,
                &[(DaysSinceSpoken, AtLeast(14))],
            ),
            rule(
                "Over the credit limit",
                8,
                &[(CreditUsePerMille, AtLeast(1_000))],
            ),
            rule(
                "Keeps its promises",
                -5,
                &[(KeptPerMille, AtLeast(800)), (BrokenPromises, AtMost(1))],
            ),
            rule(
                "Mostly disputed: the owner first",
                -15,
                &[(DisputedPerMille, AtLeast(500))],
            ),
            rule(
                "Unapplied money could pay half",
                -10,
                &[(UnappliedPerMille, AtLeast(500))],
            ),
        ];
        if preset == Preset::EarlyWarning {
            rules.extend(early_warning());
        }
        Strategy {
            name: preset.name().to_owned(),
            rules,
            floor: 0,
            quiet_days: 0,
        }
    }
}
