//! Which open promises are at risk before they are due: what was broken before says it best.

use super::{Judged, KeptRate};
use duebook_money::Day;

/// Why an open promise may not be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Risk {
    /// PT-06: after two broken ones, with no new evidence.
    LowCredibility,
    /// Promises on the same items were not kept before: its level (PT-06).
    Level(u32),
    /// The customer keeps less than half of its promises: kept, judged (KP-32).
    SeldomKept {
        /// Kept.
        kept: u32,
        /// With a verdict.
        judged: u32,
    },
    /// Part of it came, it is due, and the rest is missing: minor units.
    RestMissing(i64),
}

/// What speaks against an open promise on a day, the weightiest first; `all` are the customer's.
/// Nothing is said of promises that have ended or have a verdict.
pub fn at_risk(promise: &Judged, all: &[Judged], on: Day) -> Vec<Risk> {
    let mut risks = Vec::new();
    if !promise.state.is_open() {
        return risks;
    }
    if promise.low_credibility {
        risks.push(Risk::LowCredibility);
    }
    if promise.level > 1 {
        risks.push(Risk::Level(promise.level));
    }
    let earlier = all.iter().filter(|j| j.promise != promise.promise);
    let rate = KeptRate::of(earlier);
    if rate.judged() >= 2 && rate.kept * 2 < rate.judged() {
        risks.push(Risk::SeldomKept {
            kept: rate.kept,
            judged: rate.judged(),
        });
    }
    let missing = promise.promised.saturating_sub(promise.paid);
    if promise.paid > 0 && missing > 0 && promise.due <= on {
        risks.push(Risk::RestMissing(missing));
    }
    risks
}
