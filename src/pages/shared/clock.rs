//! What time it is where a customer is, and whether that is a time to call (CP-01, CP-02).

use super::account::instant;
use super::weekday_name;
use crate::platform::clock;
use duebook_insight::queue::Opens;
use duebook_insight::today::{Clock, zone_of};
use duebook_ledger::{Book, CustomerId};
use duebook_money::Day;
use duebook_policy::ContactPolicy;
use duebook_policy::contact::Closed;

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
    Clock {
        zone: zone_of(book, customer),
        country: book
            .customer_facts(customer)
            .and_then(|f| f.country.clone()),
    }
}

/// The local day and minute of a clock; `None` where the browser does not know its zone.
pub fn local(clock_there: &Clock, now: i64) -> Option<(Day, u16)> {
    let local = clock::local_time_in(clock_there.zone.as_deref()?, now)?;
    let minute = u16::from(local.hour) * 60 + u16::from(local.minute);
    Some((Day(local.date), minute))
}

/// The clock of a customer in words; `None` where its zone is not known.
pub fn there(at: &Clock, now: i64, policy: &ContactPolicy) -> Option<There> {
    let zone = at.zone.as_deref()?;
    let (day, minute) = local(at, now)?;
    let place = zone.rsplit('/').next().unwrap_or(zone).replace('_', " ");
    let time = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
    let country = at.country.as_deref().unwrap_or("");
    let Some(closed) = policy.closed(country, day, minute) else {
        let text = format!("{place} {}", time(minute));
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
        text: format!("{place} {}{why}{next}", time(minute)),
        open: false,
    })
}

/// When a clock allows a call (PR-05).
pub fn callable(at: &Clock, now: i64, policy: &ContactPolicy) -> Opens {
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
