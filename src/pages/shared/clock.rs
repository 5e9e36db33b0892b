//! What time it is where a customer is, and whether that is a time to call (CP-01, CP-02).

use super::account::instant;
use super::weekday_name;
use crate::platform::clock;
use duebook_insight::queue::Opens;
use duebook_insight::today::Clock;
use duebook_ledger::{Book, CustomerId};
use duebook_money::Day;
use duebook_policy::ContactPolicy;
use duebook_policy::contact::Closed;

/// Rounds in which an hour is looked for that suits all zones of a country: a week has few openings.
const ROUNDS: usize = 40;

/// What time it is for a customer, and whether that is within calling hours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct There {
    /// "New York 12:44", or "Berlin 20:10, opens Mon 09:00".
    pub text: String,
    /// Within calling hours (CP-01).
    pub open: bool,
}

/// Where a customer's clock is.
pub fn clock_of(book: &Book, customer: CustomerId) -> Clock {
    Clock::of(book, customer)
}

/// The local day and minute of a clock; `None` where the browser does not know its zone.
pub fn local(clock_there: &Clock, now: i64) -> Option<(Day, u16)> {
    local_in(clock_there.zone.as_deref()?, now)
}

fn local_in(zone: &str, now: i64) -> Option<(Day, u16)> {
    let local = clock::local_time_in(zone, now)?;
    let minute = u16::from(local.hour) * 60 + u16::from(local.minute);
    Some((Day(local.date), minute))
}

/// The local day and minute by which a contact is judged (CP-01): where the country has several zones
/// that of any of them while all are within hours, else it is not known.
pub fn local_judged(at: &Clock, now: i64, policy: &ContactPolicy) -> Option<(Day, u16)> {
    local(at, now).or_else(|| {
        let first = at.several().first()?;
        (callable(at, now, policy) == Opens::Now).then(|| local_in(first, now))?
    })
}

/// When all zones of a country are within hours at once (CP-01).
fn opens_in_all(at: &Clock, now: i64, policy: &ContactPolicy) -> Opens {
    let country = at.country.as_deref().unwrap_or("");
    let mut when = now;
    // Each round goes on to the last zone that opens; where no hour suits all it would never end.
    for _ in 0..ROUNDS {
        let mut later = None;
        for zone in at.several() {
            let Some((day, minute)) = local_in(zone, when) else {
                return Opens::ZoneUnknown;
            };
            if policy.closed(country, day, minute).is_none() {
                continue;
            }
            let offset = |ms: i64| clock::offset_minutes_in(zone, ms);
            let next = policy.next_open(country, day, minute);
            match next.and_then(|(on, from)| instant(on, from, &offset)) {
                Some(next) => later = later.max(Some(next)),
                None => return Opens::NotSoon,
            }
        }
        match later {
            None if when == now => return Opens::Now,
            None => return Opens::From(when),
            Some(next) if next > when => when = next,
            Some(_) => break,
        }
    }
    Opens::NotSoon
}

/// What is said where the country has several zones.
fn there_in_all(at: &Clock, now: i64, policy: &ContactPolicy) -> Option<There> {
    let zones = at.several().len();
    if zones == 0 {
        return None;
    }
    let opens = callable(at, now, policy);
    let text = match opens {
        Opens::Now => format!("zone not known, open in all {zones} of the country"),
        _ => format!("zone not known, not open in all {zones} of the country"),
    };
    Some(There {
        text,
        open: opens == Opens::Now,
    })
}

/// The clock of a customer in words; `None` where its zone is not known.
pub fn there(at: &Clock, now: i64, policy: &ContactPolicy) -> Option<There> {
    let Some(zone) = at.zone.as_deref() else {
        return there_in_all(at, now, policy);
    };
    let (day, minute) = local(at, now)?;
    let place = zone.rsplit('/').next().unwrap_or(zone).replace('_', " ");
    let by = if at.by_country { ", by country" } else { "" };
    let time = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
    let country = at.country.as_deref().unwrap_or("");
    let Some(closed) = policy.closed(country, day, minute) else {
        let text = format!("{place} {}{by}", time(minute));
        return Some(There { text, open: true });
    };
    let why = match closed {
        Closed::Holiday(holiday, checked) => {
            let checked = if checked { "" } else { ", unverified" };
            match holiday.name.as_str() {
                "" => format!(", holiday{checked}"),
                name => format!(", {name}{checked}"),
            }
        }
        Closed::Weekday(_) | Closed::Hours { .. } => String::new(),
    };
    let next = match policy.next_open(country, day, minute) {
        None => ", closed".to_owned(),
        Some((on, from)) if on == day => format!(", opens {}", time(from)),
        Some((on, from)) => {
            let name = &weekday_name(on.weekday())[..3];
            format!(", opens {name} {}", time(from))
        }
    };
    Some(There {
        text: format!("{place} {}{by}{why}{next}", time(minute)),
        open: false,
    })
}

/// When a clock allows a call (PR-05).
pub fn callable(at: &Clock, now: i64, policy: &ContactPolicy) -> Opens {
    if !at.several().is_empty() {
        return opens_in_all(at, now, policy);
    }
    let Some((day, minute)) = local(at, now) else {
        return Opens::ZoneUnknown;
    };
    let country = at.country.as_deref().unwrap_or("");
    if policy.closed(country, day, minute).is_none() {
        return Opens::Now;
    }
    let zone = at.zone.as_deref().unwrap_or("");
    let offset = |ms: i64| clock::offset_minutes_in(zone, ms);
    policy
        .next_open(country, day, minute)
        .and_then(|(on, from)| instant(on, from, &offset))
        .map_or(Opens::NotSoon, Opens::From)
}
