//! The source's documents of a request: their numbers are entered, their lines compared with what
//! was proposed, and what differs goes back to the owner.

use super::request::said;
use super::*;
use crate::cases::CaseState;
use crate::command::Context;
use crate::decide::Decision;
use crate::event::Event;
use crate::refusal::{CaseRefusal, Field, Refusal};

impl Book {
    pub(super) fn execute_request(
        &self,
        context: &Context,
        key: &FactKey,
        numbers: &[String],
        lines: &[Vec<DocLine>],
    ) -> Result<Decision, Refusal> {
        let id = self.request_id(key)?;
        let request = self.request(id).ok_or(Refusal::UnknownFact(*key))?;
        let state = self.request_state(id);
        if !matches!(state, Some(RequestState::Pending | RequestState::Differs)) {
            return Err(Refusal::AlreadyEnded(*key));
        }
        let live = |s: Seq| self.is_live(s);
        let posted = request.posted.get(&live).cloned().unwrap_or_default();
        let proposed = &request.fact.proposed;
        let wanted = proposed.len().max(1);
        let given: Vec<String> = numbers.iter().map(|n| n.trim().to_owned()).collect();
        if given.len() != wanted || given.iter().any(String::is_empty) {
            return Err(Refusal::Empty(Field::Number));
        }
        if !lines.is_empty() && lines.len() != proposed.len() {
            return Err(Refusal::Case(CaseRefusal::NothingLeft));
        }
        let differences = differences(proposed, lines);
        let differs = !differences.is_empty();
        let mut events = vec![said(RequestEvent::Executed(
            id,
            Execution {
                numbers: given.clone(),
                differences,
                on: Some(context.ledger_date),
            },
        ))];
        if differs {
            events.extend(self.hop(context, request.fact.case, CaseState::WithOwner));
            return Ok(events.into());
        }
        self.confirm(&request.fact, &posted, &given, &mut events);
        events.extend(self.hop(context, request.fact.case, CaseState::Executed));
        Ok(events.into())
    }

    /// What of the postings still waits is the source's now. A document of ours that the source has
    /// shown under its number already is that one: ours falls, with what was settled on it.
    fn confirm(
        &self,
        fact: &RequestFact,
        posted: &Posted,
        numbers: &[String],
        events: &mut Vec<Event>,
    ) {
        let set = |item, settlement, standing, reference: &str| Event::StandingSet {
            item,
            settlement,
            standing,
            reference: reference.to_owned(),
        };
        let mut withdrawn: Vec<crate::ids::ItemId> = Vec::new();
        for item in &posted.items {
            let Some(known) = self.item(*item).filter(|i| i.is_pending()) else {
                continue;
            };
            let line = known.text(&crate::columns::TextField::Line);
            let shown = match line.is_empty() {
                true => known.number().to_owned(),
                false => format!("{}/{line}", known.number()),
            };
            let place = fact.proposed.iter().position(|p| p.number == shown);
            let number = place.and_then(|n| numbers.get(n));
            let number = number.map_or("", |n| n.as_str());
            let shown = self.shown_under(&known, number);
            match shown {
                Some(theirs) => {
                    withdrawn.push(*item);
                    events.push(set(Some(*item), None, Standing::Withdrawn, number));
                    events.push(Event::Succeeded(crate::event::Succession {
                        from: vec![self.current(fact.item)],
                        to: vec![theirs],
                        kind: crate::facts::SuccessionKind::Rebill,
                    }));
                }
                None => events.push(set(Some(*item), None, Standing::Confirmed, number)),
            }
        }
        let first = numbers.first().map_or("", |n| n.as_str());
        for id in &posted.settlements {
            if !self.standing_of(*id).is_pending() {
                continue;
            }
            let on = self.settlements.get(*id).and_then(|s| s.debit);
            let falls = on.is_some_and(|d| withdrawn.contains(&d));
            let to = if falls {
                Standing::Withdrawn
            } else {
                Standing::Confirmed
            };
            events.push(set(None, Some(*id), to, first));
        }
        for id in &posted.taken_back {
            if self
                .reversal_of(*id)
                .is_some_and(|r| r.standing.is_pending())
            {
                events.push(Event::ReversalStandingSet {
                    settlement: *id,
                    standing: Standing::Confirmed,
                });
            }
        }
    }

    /// The source's own document of a number, beside one of ours that stands for it.
    fn shown_under(
        &self,
        ours: &crate::items::ItemRef<'_>,
        number: &str,
    ) -> Option<crate::ids::ItemId> {
        let customer = self.customer(ours.customer())?;
        let key = crate::keys::ItemKey {
            source: self.source_name(customer.source).to_owned(),
            number: number.to_owned(),
            ..self.item_key(ours.id)?
        };
        let theirs = self.find_item(&key)?;
        let same = self.item(theirs)?.customer() == ours.customer();
        (same && theirs != ours.id).then_some(theirs)
    }
}

/// Line by line: what came against what was proposed. A line on one side only is a difference too.
fn differences(proposed: &[Proposed], came: &[Vec<DocLine>]) -> Vec<Difference> {
    let mut out = Vec::new();
    let of = |line: Option<&DocLine>| line.map_or((0, 0), |l| (l.net, l.tax));
    for (n, (proposed, came)) in proposed.iter().zip(came).enumerate() {
        // A proposal without lines is one of its total.
        let whole = [DocLine {
            net: proposed.total,
            ..DocLine::default()
        }];
        let wanted: &[DocLine] = match proposed.lines.is_empty() {
            true => &whole,
            false => &proposed.lines,
        };
        if came.is_empty() {
            continue;
        }
        for line in 0..wanted.len().max(came.len()) {
            let (proposed, came) = (of(wanted.get(line)), of(came.get(line)));
            if proposed != came {
                out.push(Difference {
                    document: n as u32,
                    line: line as u32,
                    proposed,
                    came,
                });
            }
        }
    }
    out
}
