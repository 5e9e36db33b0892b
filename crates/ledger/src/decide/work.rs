//! Work on many items in one act. Every part is checked; one that cannot be refuses them all.

use super::{Decision, positive};
use crate::book::Book;
use crate::command::{Context, NewPromise};
use crate::event::Event;
use crate::facts::{PromiseFact, PromiseLine};
use crate::ids::CustomerId;
use crate::keys::ItemKey;
use crate::refusal::{Field, Refusal};
use crate::work::{FieldChange, ImportTracker, MAX_PARTS, RemarkFact, TrackerPart, WorkPart};
use duebook_money::Day;

impl Book {
    pub(super) fn decide_fields(&self, changes: &[FieldChange]) -> Result<Decision, Refusal> {
        some(changes)?;
        let all: Result<Vec<Event>, Refusal> = changes.iter().map(|c| self.field_set(c)).collect();
        Ok(all?.into())
    }

    pub(super) fn decide_together(
        &self,
        context: &Context,
        parts: &[WorkPart],
    ) -> Result<Decision, Refusal> {
        some(parts)?;
        let mut events = Vec::with_capacity(parts.len());
        for part in parts {
            match part {
                WorkPart::Contact(log) => events.extend(self.decide_log(context, log)?.events),
                WorkPart::Promise { customer, promise } => {
                    let customer = self.customer_id(customer)?;
                    events.push(self.promise_made(context, customer, None, promise)?);
                }
                WorkPart::FollowUp {
                    customer,
                    follow_up,
                } => {
                    let customer = self.customer_id(customer)?;
                    events.push(self.follow_up_set(customer, None, follow_up));
                }
                WorkPart::Field(change) => events.push(self.field_set(change)?),
            }
        }
        Ok(events.into())
    }

    pub(super) fn decide_tracker(&self, tracker: &ImportTracker) -> Result<Decision, Refusal> {
        some(&tracker.parts)?;
        let mut events = Vec::with_capacity(tracker.parts.len());
        for part in &tracker.parts {
            events.push(match part {
                TrackerPart::Remark {
                    customer,
                    item,
                    day,
                    text,
                    author,
                } => {
                    let customer = self.customer_id(customer)?;
                    let item = item.as_ref().map(|key| self.item_id(key)).transpose()?;
                    Event::RemarkImported(RemarkFact {
                        customer: item
                            .and_then(|id| self.item(id))
                            .map_or(customer, |i| i.customer()),
                        item,
                        day: *day,
                        text: *text,
                        author: author.trim().to_owned(),
                    })
                }
                TrackerPart::Promise {
                    customer,
                    taken_on,
                    promise,
                } => {
                    let customer = self.customer_id(customer)?;
                    self.promise_in_history(customer, *taken_on, promise)?
                }
                TrackerPart::Field(change) => self.field_set(change)?,
            });
        }
        Ok(events.into())
    }

    fn field_set(&self, change: &FieldChange) -> Result<Event, Refusal> {
        Ok(Event::FieldSet {
            item: self.item_id(&change.item)?,
            field: change.field,
            value: change.value.trim().to_owned(),
        })
    }

    /// A promise that a tracker remembers: its dates may be past, and the item may be paid since,
    /// so that each line is held against the document's amount and not against what is open now.
    /// The grace and threshold are those in force today: the tracker knows none.
    fn promise_in_history(
        &self,
        customer: CustomerId,
        taken_on: Day,
        new: &NewPromise,
    ) -> Result<Event, Refusal> {
        if new.lines.is_empty() {
            return Err(Refusal::NoLines);
        }
        let mut lines = Vec::with_capacity(new.lines.len());
        for line in &new.lines {
            positive(line.amount)?;
            if line.date < taken_on {
                let (date, earliest) = (line.date, taken_on);
                return Err(Refusal::DateBefore { date, earliest });
            }
            let item = line.item.as_ref();
            let id = item.map(|key| self.item_id(key)).transpose()?;
            if let (Some(id), Some(key)) = (id, item)
                && let Some(found) = self.item(id)
            {
                if found.customer() != customer {
                    return Err(Refusal::AnotherCustomer(key.clone()));
                }
                if found.currency() != new.currency {
                    let (expected, given) = (found.currency(), new.currency);
                    return Err(Refusal::CurrencyDiffers { expected, given });
                }
                fits(key, self.amount_of(&found), line.amount)?;
            }
            lines.push(PromiseLine {
                item: id,
                amount: line.amount,
                date: line.date,
            });
        }
        let policy = &self.policies().promises;
        Ok(Event::PromiseMade(PromiseFact {
            customer,
            contact: None,
            currency: new.currency,
            lines,
            taken_on,
            grace_days: policy.grace_days,
            threshold_per_mille: policy.threshold_per_mille,
            count_unapplied: policy.count_unapplied,
            method: new.method.clone(),
            evidence: new.evidence,
        }))
    }
}

/// A debit, and no more than it was for.
fn fits(key: &ItemKey, amount: i64, asked: i64) -> Result<(), Refusal> {
    if amount <= 0 {
        return Err(Refusal::WrongSide(key.clone()));
    }
    if asked > amount {
        let (item, open) = (key.clone(), amount);
        return Err(Refusal::MoreThanOpen { item, open, asked });
    }
    Ok(())
}

fn some<T>(parts: &[T]) -> Result<(), Refusal> {
    match parts.len() {
        0 => Err(Refusal::Empty(Field::Items)),
        n if n > MAX_PARTS => Err(Refusal::TooLarge),
        _ => Ok(()),
    }
}
