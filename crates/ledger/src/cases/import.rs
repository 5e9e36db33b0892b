//! Cases of another system come in: with the day they were raised, and closed where they were.

use super::*;
use crate::command::Context;
use crate::items::ItemRef;
use crate::refusal::{Field, Refusal};

impl Book {
    /// A case is known again by its ticket. One that is known and was closed over there since is
    /// closed here; where nothing is new, nothing is written.
    pub(super) fn import_cases(
        &self,
        context: &Context,
        cases: &[PastCase],
    ) -> Result<Vec<CaseEvent>, Refusal> {
        if cases.is_empty() {
            return Err(Refusal::Empty(Field::Items));
        }
        let live = |s| self.is_live(s);
        let known: BTreeMap<&str, CaseId> = self
            .cases()
            .map(|(id, c)| (c.ticket_now(&live), id))
            .filter(|(ticket, _)| !ticket.is_empty())
            .collect();
        let mut events = Vec::with_capacity(cases.len());
        let mut closes = Vec::new();
        let (mut same, mut place) = (0, 0);
        for past in cases {
            if past.opened_on > context.ledger_date {
                return Err(Refusal::DateAfter {
                    date: past.opened_on,
                    latest: context.ledger_date,
                });
            }
            if let Some(id) = known.get(past.case.ticket.trim()) {
                let open = self.case_state(*id) != Some(CaseState::Closed);
                match past.closed.filter(|_| open) {
                    Some((on, close)) => closes.push(closed(*id, on, close)),
                    None => same += 1,
                }
                continue;
            }
            let (customer, items) = self.named(&past.case)?;
            let line = |((_, amount), item): (&(_, i64), &ItemRef<'_>)| CaseLine {
                item: item.id,
                amount: match (past.case.query, past.whole) {
                    (true, _) => 0,
                    (false, true) => self.whole_then(item, past.opened_on),
                    (false, false) => (*amount).clamp(0, self.amount_of(item).max(0)),
                },
                since: past.opened_on,
                seq: BY_DAY,
            };
            let lines = past.case.lines.iter().zip(&items).map(line).collect();
            events.push(self.opened(&past.case, customer, lines, past.opened_on, place)?);
            if let Some((on, close)) = past.closed {
                let id = CaseId((self.cases.cases.len() + place) as u32);
                closes.push(closed(id, on.max(past.opened_on), close));
            }
            place += 1;
        }
        events.extend(closes);
        if events.is_empty() {
            return Err(Refusal::NothingNew { same });
        }
        Ok(events)
    }

    /// What was open of an item at the end of a day; the whole of it where nothing was any more.
    fn whole_then(&self, item: &ItemRef<'_>, day: Day) -> i64 {
        let mut open = i128::from(item.recorded_open());
        for s in self.settlements_of(item.id) {
            if self.counts(&s) && s.effective <= day {
                open -= i128::from(s.amount);
            }
        }
        let amount = self.amount_of(item).max(0);
        match i64::try_from(open) {
            Ok(open) if open > 0 => open.min(amount),
            _ => amount,
        }
    }
}

fn closed(case: CaseId, on: Day, close: CaseClose) -> CaseEvent {
    CaseEvent::Moved {
        case,
        hop: Hop {
            state: CaseState::Closed,
            department: String::new(),
            owner: String::new(),
            on,
            close: Some(close),
            note: None,
        },
    }
}
