//! How long a case took, and in whose hands (KP-40): calendar and working days, gross and net of the
//! time the customer had it.

use duebook_ledger::cases::{Case, CaseState};
use duebook_ledger::{Book, Seq};
use duebook_money::Day;
use duebook_money::business::BusinessDays;

/// A stay of a case in one pair of hands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stay {
    /// The commit by which it came there.
    pub commit: Seq,
    /// In which state.
    pub state: CaseState,
    /// With which department; empty: the customer, or nobody.
    pub department: String,
    /// Who there.
    pub owner: String,
    /// From when.
    pub from: Day,
    /// Until when.
    pub to: Day,
    /// Calendar days.
    pub calendar: u32,
    /// Business days.
    pub working: u32,
}

/// The times of a case, days.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CaseTimes {
    /// Stay by stay.
    pub stays: Vec<Stay>,
    /// Calendar days in all.
    pub calendar: u32,
    /// Of which the customer had it.
    pub calendar_waiting: u32,
    /// Business days in all.
    pub working: u32,
    /// Of which the customer had it.
    pub working_waiting: u32,
}

impl CaseTimes {
    /// Calendar days without the customer's.
    pub fn calendar_net(&self) -> u32 {
        self.calendar.saturating_sub(self.calendar_waiting)
    }
    /// Business days without the customer's.
    pub fn working_net(&self) -> u32 {
        self.working.saturating_sub(self.working_waiting)
    }
}

/// The times of a case on a day. The days after it was closed are nobody's, also where it was
/// opened again later.
pub fn times(book: &Book, days: &BusinessDays, case: &Case, today: Day) -> CaseTimes {
    let trail = case.trail(&|s| book.is_live(s));
    let mut out = CaseTimes::default();
    for (n, at) in trail.iter().enumerate() {
        if at.hop.state == CaseState::Closed {
            continue;
        }
        let to = trail.get(n + 1).map_or(today, |next| next.hop.on);
        let from = at.hop.on;
        let calendar = u32::try_from(to.since(from)).unwrap_or(0);
        let working = days.count_between(from.plus(1), to);
        let waits = at.hop.state == CaseState::WaitingCustomer;
        out.calendar = out.calendar.saturating_add(calendar);
        out.working = out.working.saturating_add(working);
        if waits {
            out.calendar_waiting = out.calendar_waiting.saturating_add(calendar);
            out.working_waiting = out.working_waiting.saturating_add(working);
        }
        out.stays.push(Stay {
            commit: at.commit,
            state: at.hop.state,
            department: if waits {
                String::new()
            } else {
                at.hop.department.clone()
            },
            owner: at.hop.owner.clone(),
            from,
            to,
            calendar,
            working,
        });
    }
    out
}
