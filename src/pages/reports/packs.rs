//! Packs: reports that are issued together.

use duebook_insight::kpi::Period;
use duebook_ledger::Book;
use duebook_money::Day;
use duebook_policy::{Pack, Rhythm};

/// The packs that every book has: name, rhythm, reports.
const OURS: [(&str, Rhythm, &[&str]); 3] = [
    (
        "Daily pack",
        Rhythm::Daily,
        &["aging", "promises", "activity", "unapplied"],
    ),
    (
        "Weekly pack",
        Rhythm::Weekly,
        &[
            "aging",
            "aging-detail",
            "variance",
            "roll-rate",
            "kpis",
            "promises",
            "activity",
            "cash-log",
            "unapplied",
            "forecast",
            "forecast-actual",
        ],
    ),
    (
        "Month-end pack",
        Rhythm::Monthly,
        &[
            "aging",
            "aging-detail",
            "variance",
            "roll-rate",
            "kpis",
            "promises",
            "activity",
            "cash-log",
            "unapplied",
            "dispute-log",
            "agreements",
            "placements",
            "forecast",
            "forecast-actual",
            "risks",
            "authority",
            "withheld",
            "imports",
            "issued",
            "audit",
        ],
    ),
];

/// All packs: those of every book, then the user's own. One of the same name stands in its place.
pub fn packs(book: &Book) -> Vec<Pack> {
    let mut out: Vec<Pack> = OURS
        .iter()
        .map(|(name, rhythm, reports)| Pack {
            name: (*name).to_owned(),
            reports: reports.iter().map(|r| (*r).to_owned()).collect(),
            rhythm: *rhythm,
        })
        .collect();
    for own in &book.policies().reporting.packs {
        match out.iter_mut().find(|p| p.name == own.name) {
            Some(known) => *known = own.clone(),
            None => out.push(own.clone()),
        }
    }
    out
}

/// The period of a pack that is as of a day.
pub fn period_of(rhythm: Rhythm, to: Day) -> Period {
    let from = match rhythm {
        Rhythm::Daily => to,
        Rhythm::Weekly => to.plus(-6),
        Rhythm::Monthly => to.month_start(),
    };
    Period { from, to }
}

/// How often, in words.
pub fn rhythm(rhythm: Rhythm) -> &'static str {
    match rhythm {
        Rhythm::Daily => "one day",
        Rhythm::Weekly => "seven days",
        Rhythm::Monthly => "the month to date",
    }
}

/// The value of a rhythm in a form.
pub fn rhythm_id(rhythm: Rhythm) -> &'static str {
    match rhythm {
        Rhythm::Daily => "day",
        Rhythm::Weekly => "week",
        Rhythm::Monthly => "month",
    }
}

/// The rhythm of a form's value.
pub fn rhythm_of(id: &str) -> Rhythm {
    match id {
        "day" => Rhythm::Daily,
        "month" => Rhythm::Monthly,
        _ => Rhythm::Weekly,
    }
}
