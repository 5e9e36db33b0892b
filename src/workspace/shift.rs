//! Who works here, and the shift that is open.

use super::{Ws, actor};
use crate::platform::{clock, prefs};
use duebook_journal::Shift as EnvelopeShift;
use duebook_ledger::shift::{Shift, ShiftId};
use duebook_money::Day;
use leptos::prelude::*;

/// Names that worked here, the last first; kept in this browser.
const RECENT: &str = "duebook.actors";
/// As many as there are keys to choose one with.
const MOST_RECENT: usize = 9;

/// Names that worked here, the one who works now first.
pub fn recent_actors() -> Vec<String> {
    let mut all: Vec<String> = prefs::read(RECENT).unwrap_or_default();
    let now = actor();
    all.retain(|name| *name != now && !name.trim().is_empty());
    all.insert(0, now);
    all.truncate(MOST_RECENT);
    all
}

/// The day of an instant on this machine's clock.
pub fn local_day(at: i64) -> Day {
    let local = at + clock::local_offset_minutes(at) * 60_000;
    Day(local.div_euclid(86_400_000) as i32)
}

impl Ws {
    /// Who works here, as stated.
    pub fn who(&self) -> Signal<String> {
        self.who.into()
    }
    /// Changes who works here: stands on every commit from now on.
    ///
    /// # Errors
    /// Where the browser refuses to keep it.
    pub fn set_who(&self, name: &str) -> Result<(), prefs::PrefError> {
        let before = recent_actors();
        prefs::write("actor", &name.trim().to_owned())?;
        self.who.set(actor());
        let mut all = before;
        all.retain(|n| *n != actor());
        all.insert(0, actor());
        all.truncate(MOST_RECENT);
        // The list is a convenience: a name that is not on it is typed.
        let _ = prefs::write(RECENT, &all);
        Ok(())
    }
    /// The shift of whoever works here that has begun and not ended; follows commits and names.
    pub fn my_shift(&self) -> Option<(ShiftId, Shift)> {
        let who = self.who.get();
        self.read(|book| {
            let open = book.open_shift(&who);
            open.map(|(id, shift)| (id, shift.clone()))
        })
    }
    /// The open shift as a commit's envelope says it.
    pub(super) fn envelope_shift(&self, actor: &str) -> Option<EnvelopeShift> {
        self.peek(|book| {
            let (_, shift) = book.open_shift(actor)?;
            Some(EnvelopeShift {
                work_date: shift.work_date.0,
                start_ms: shift.start,
                end_ms: shift.planned_end,
            })
        })
    }
}
