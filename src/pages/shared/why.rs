//! Why a customer is on the list, in words and in points (PR-03).

use crate::pages::shared::{clock_text, zone_of};
use crate::ui::prelude::*;
use crate::words;
use duebook_insight::today::{Band, TaskRow, Why};
use duebook_ledger::Book;
use duebook_money::Day;

/// The meaning of a group.
pub fn tone(band: Band) -> Tone {
    match band {
        Band::Broken => Tone::Danger,
        Band::DueToday | Band::CallBack => Tone::Accent,
        Band::InGrace => Tone::Warn,
        Band::FollowUp | Band::CallBackLater | Band::Overdue => Tone::Neutral,
        Band::Small => Tone::Muted,
    }
}

/// The reason, with its facts.
pub fn text(book: &Book, task: &TaskRow, today: Day, now: i64) -> String {
    match task.why {
        Why::PromiseBroken {
            currency,
            promised,
            missing,
            due,
            times,
            ..
        } => {
            let nth = match times {
                1 => String::new(),
                2 => ", the 2nd time".to_owned(),
                3 => ", the 3rd time".to_owned(),
                n => format!(", the {n}th time"),
            };
            let promised_text = words::money(promised, currency);
            if missing < promised {
                let missing = words::amount(missing, currency);
                format!(
                    "Promise of {promised_text} for {} kept only in part, {missing} missing{nth}",
                    words::day(due)
                )
            } else {
                format!(
                    "Promise of {promised_text} for {} broken{nth}",
                    words::day(due)
                )
            }
        }
        Why::PromiseDue {
            currency,
            missing,
            due,
            window_end,
            ..
        } => {
            let amount = words::money(missing, currency);
            if due >= today {
                format!("Promise of {amount} due today")
            } else {
                format!(
                    "Promise of {amount} was due {}, in grace until {}",
                    words::day(due),
                    words::day(window_end)
                )
            }
        }
        Why::PromiseWaiting {
            currency,
            missing,
            due,
            ..
        } => {
            format!(
                "Promise of {} was due {}: waiting for a newer ERP file",
                words::money(missing, currency),
                words::day(due)
            )
        }
        Why::CallBack {
            at, now: is_now, ..
        } => {
            let zone = zone_of(book, task.customer);
            let there = if zone.is_some() { " there" } else { "" };
            let minutes = (at - now) / 60_000;
            let time = clock_text(zone.as_deref(), at);
            match (is_now, minutes) {
                (false, m) if m >= 120 => {
                    format!("Call back at {time}{there}, in {} hours", m / 60)
                }
                (false, m) => format!("Call back at {time}{there}, in {m} minutes"),
                (true, m) if m > -60 => format!("Call back now: agreed for {time}{there}"),
                (true, m) if m > -24 * 60 => {
                    format!("Call back agreed for {time}{there}, {} hours ago", -m / 60)
                }
                (true, m) => format!(
                    "Call back agreed for {time}{there}, {} days ago",
                    -m / (24 * 60)
                ),
            }
        }
        Why::FollowUp { due, retry, .. } => {
            let what = if retry { "Try again" } else { "Follow up" };
            match today.since(due) {
                0 => format!("{what}: due today"),
                1 => format!("{what}: due yesterday"),
                days => format!("{what}: due {}, {days} days ago", words::day(due)),
            }
        }
        Why::Overdue {
            days,
            never_reached,
        } => {
            let reached = if never_reached {
                ", nobody reached yet"
            } else {
                ""
            };
            let days = if days == 1 {
                "1 day".to_owned()
            } else {
                format!("{days} days")
            };
            let unrated = if task.weight.is_none() {
                ", sorted last: no exchange rate"
            } else {
                ""
            };
            format!("Oldest item {days} late{reached}{unrated}")
        }
        Why::Pinned => "Put first by hand".to_owned(),
    }
}
