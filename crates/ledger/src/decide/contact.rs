//! Contacts, promises and follow-ups.

use super::{Decision, positive};
use crate::book::{Book, FactId};
use crate::command::{Context, LogContact, NewFollowUp, NewPromise};
use crate::event::Event;
use crate::facts::*;
use crate::ids::*;
use crate::keys::FactKey;
use crate::refusal::Refusal;
use std::collections::BTreeMap;

impl Book {
    pub(crate) fn decide_log(
        &self,
        context: &Context,
        log: &LogContact,
    ) -> Result<Decision, Refusal> {
        let customer = self.customer_id(&log.customer)?;
        let contact = log
            .contact
            .as_ref()
            .map(|key| self.contact_id(key))
            .transpose()?;
        let items = log
            .items
            .iter()
            .map(|k| self.item_id(k))
            .collect::<Result<Vec<_>, _>>()?;
        // A parent may speak for its children's items (AG-09).
        for (key, id) in log.items.iter().zip(&items) {
            if let Some(item) = self.item(*id) {
                self.same_payer(key, &item, customer)?;
            }
        }
        if log.outcome == Outcome::Promise && log.promise.is_none() {
            return Err(Refusal::PromiseMismatch(log.outcome));
        }
        let mut events = vec![Event::ActivityLogged {
            customer,
            contact,
            channel: log.channel,
            outcome: log.outcome,
            at: log.at,
            local_offset: log.local_offset,
            seconds: log.seconds,
            note: log.note,
            items,
        }];
        if let Some(promise) = &log.promise {
            events.push(self.promise_made(context, customer, contact, promise)?);
        }
        if let Some(follow_up) = &log.follow_up {
            events.push(self.follow_up_set(customer, contact, follow_up));
        }
        events.extend(self.decide_close(&log.closes)?.events);
        Ok(events.into())
    }

    /// A promise (PT-01, PT-02): lines of this customer's open debits, not dated back, none for
    /// more than is open. The grace and threshold in force are written into it.
    pub(super) fn promise_made(
        &self,
        context: &Context,
        customer: CustomerId,
        contact: Option<ContactId>,
        new: &NewPromise,
    ) -> Result<Event, Refusal> {
        if new.lines.is_empty() {
            return Err(Refusal::NoLines);
        }
        let mut lines = Vec::with_capacity(new.lines.len());
        let mut asked: BTreeMap<ItemId, i64> = BTreeMap::new();
        for line in &new.lines {
            positive(line.amount)?;
            if line.date < context.ledger_date {
                let (date, earliest) = (line.date, context.ledger_date);
                return Err(Refusal::DateBefore { date, earliest });
            }
            let item = line
                .item
                .as_ref()
                .map(|key| self.item_id(key))
                .transpose()?;
            if let (Some(id), Some(key)) = (item, &line.item)
                && let Some(found) = self.item(id)
            {
                if found.customer() != customer {
                    return Err(Refusal::AnotherCustomer(key.clone()));
                }
                if found.currency() != new.currency {
                    let (expected, given) = (found.currency(), new.currency);
                    return Err(Refusal::CurrencyDiffers { expected, given });
                }
                let open = match self.again {
                    true => self.amount_of(&found),
                    false => found.open().max(found.open_at_source()),
                };
                let asked = asked.entry(id).or_default();
                *asked = asked.saturating_add(line.amount);
                if *asked > open {
                    let (item, asked) = (key.clone(), *asked);
                    return Err(Refusal::MoreThanOpen { item, open, asked });
                }
            }
            lines.push(PromiseLine {
                item,
                amount: line.amount,
                date: line.date,
            });
        }
        let policy = &self.policies().promises;
        Ok(Event::PromiseMade(PromiseFact {
            customer,
            contact,
            currency: new.currency,
            lines,
            taken_on: context.ledger_date,
            grace_days: policy.grace_days,
            threshold_per_mille: policy.threshold_per_mille,
            count_unapplied: policy.count_unapplied,
            method: new.method.clone(),
            evidence: new.evidence,
        }))
    }

    pub(super) fn follow_up_set(
        &self,
        customer: CustomerId,
        contact: Option<ContactId>,
        new: &NewFollowUp,
    ) -> Event {
        Event::FollowUpSet {
            customer,
            contact,
            due: new.due,
            at: new.at,
            zone: new.zone.clone(),
            what: new.what,
            retry: new.retry,
        }
    }

    pub(super) fn decide_end(&self, key: &FactKey, how: PromiseEnd) -> Result<Decision, Refusal> {
        let Some(FactId::Promise(promise)) = self.find_fact(*key) else {
            return Err(Refusal::UnknownFact(*key));
        };
        let live = |s| self.is_live(s);
        let known = self.promise(promise).filter(|p| live(p.commit));
        let known = known.ok_or(Refusal::UnknownFact(*key))?;
        if known.ended.get(&live).is_some() {
            return Err(Refusal::AlreadyEnded(*key));
        }
        Ok(vec![Event::PromiseEnded { promise, how }].into())
    }

    pub(super) fn decide_close(&self, keys: &[FactKey]) -> Result<Decision, Refusal> {
        let live = |s| self.is_live(s);
        let close = |key: &FactKey| {
            let Some(FactId::FollowUp(follow_up)) = self.find_fact(*key) else {
                return Err(Refusal::UnknownFact(*key));
            };
            let known = &self.follow_ups[follow_up.index()];
            if !live(known.commit) {
                return Err(Refusal::UnknownFact(*key));
            }
            if known.closed.get(&live).is_some() {
                return Err(Refusal::AlreadyEnded(*key));
            }
            Ok(Event::FollowUpClosed { follow_up })
        };
        Ok(keys
            .iter()
            .map(close)
            .collect::<Result<Vec<_>, _>>()?
            .into())
    }
}
