//! Which level of its clocks a case has passed without anybody having been told (DS-04). Worked out of
//! facts and a date: no event is kept for a day that went by.

use super::{CaseRow, Clock};
use duebook_ledger::Seq;
use duebook_ledger::cases::Escalation;
use duebook_money::Day;
use duebook_policy::CasePolicy;

/// A level that a case has reached and that nobody was told of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueLevel {
    /// Which, from 1.
    pub level: u8,
    /// At how much of the clock it is reached, per mille.
    pub per_mille: u16,
    /// The clock: of the step, or of the whole case.
    pub clock: Clock,
    /// It is that of the whole case.
    pub whole: bool,
    /// To whom it goes, by the policy.
    pub to: String,
}

/// The level that a case is due to be raised to; `None` where it is over, has reached none, or was put
/// up for it. What was put up counts for the whole case, and for the step it was put up in.
pub(super) fn due(
    row: &CaseRow,
    since: Seq,
    raised: &[&Escalation],
    policy: &CasePolicy,
) -> Option<DueLevel> {
    if row.is_over() {
        return None;
    }
    let most = |from: Seq| {
        let of = raised.iter().filter(|e| e.commit > from);
        of.map(|e| e.fact.level).max().unwrap_or(0)
    };
    let whole = (row.cycle.level > most(Seq(0))).then_some((row.cycle, true));
    let step = row.step.filter(|c| c.level > most(since));
    let step = step.map(|c| (c, false));
    // Of two the higher; of two alike the one of the whole case.
    let of = whole.into_iter().chain(step);
    let (clock, whole) = of.max_by_key(|(c, whole)| (c.level, *whole))?;
    let place = usize::from(clock.level) - 1;
    Some(DueLevel {
        level: clock.level,
        per_mille: policy.levels.get(place).copied().unwrap_or(0),
        clock,
        whole,
        to: policy.escalates_to(clock.level).to_owned(),
    })
}

/// By when an escalation of a day is to be answered: in so many business days of the policy.
pub fn answer_by(book: &duebook_ledger::Book, today: Day) -> Day {
    let policies = book.policies();
    let within = policies.cases.answer_within();
    let days = policies.calendar.business_days();
    days.add(today, i32::from(within))
        .unwrap_or_else(|| today.plus(i32::from(within)))
}

/// The cases that are due to be raised to a level.
pub fn due_for_escalation(rows: &[CaseRow]) -> impl Iterator<Item = (&CaseRow, &DueLevel)> {
    rows.iter().filter_map(|r| Some((r, r.due.as_ref()?)))
}
