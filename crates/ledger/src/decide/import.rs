//! Files come in: open items and master data.

use super::{Decision, contact_saved, not_empty};
use crate::book::Book;
use crate::columns::StagedCustomer;
use crate::command::NewContact;
use crate::event::{Event, ItemChange, SettlementFact};
use crate::facts::*;
use crate::ids::*;
use crate::import::Incoming;
use crate::join::Answer;
use crate::keys::CustomerKey;
use crate::refusal::{Field, Refusal};
use duebook_money::{Currency, Day};
use std::collections::{BTreeMap, BTreeSet};

impl Book {
    pub(super) fn decide_items(
        &self,
        facts: &ImportFacts,
        incoming: &Incoming,
    ) -> Result<Decision, Refusal> {
        not_empty(&facts.source, Field::Source)?;
        self.not_older(facts)?;
        if incoming.totals != facts.totals || incoming.joined_at != self.head() {
            return Err(Refusal::StagingBroken);
        }
        if let Some((item, from, to)) = incoming.currency_changed.first() {
            return Err(Refusal::CurrencyChanged {
                item: *item,
                from: *from,
                to: *to,
            });
        }
        let open: Vec<Doubt> = incoming
            .doubts
            .iter()
            .filter(|d| !d.is_settled_by(&facts.confirmed))
            .cloned()
            .collect();
        if !open.is_empty() {
            return Err(Refusal::Unconfirmed(open));
        }
        let mut changes = incoming.changes.clone();
        if facts.confirmed.contains(&Confirmed::KeepDueDates) {
            changes.retain(|(_, c)| !matches!(c, ItemChange::Due { .. }));
        }
        let new: u64 = incoming.segments.iter().map(|(_, s)| s.len() as u64).sum();
        let nothing = new == 0 && changes.is_empty() && incoming.answers.is_empty();
        if nothing && !self.is_news(facts) {
            return Err(Refusal::NothingNew {
                same: incoming.same,
            });
        }
        let Some((head, head_facts)) = &incoming.head else {
            return Err(Refusal::StagingBroken);
        };
        let fits = |s: &crate::columns::Segment| {
            s.is_rectangular()
                && s.customer
                    .iter()
                    .all(|&c| (c as usize) < head_facts.customers.len())
                && s.entity
                    .iter()
                    .all(|&e| (e as usize) < head_facts.entities.len())
                && s.currency
                    .iter()
                    .collect::<BTreeSet<_>>()
                    .iter()
                    .all(|&&c| Currency::from_numeric(c).is_some())
        };
        if !incoming
            .segments
            .iter()
            .all(|(block, s)| fits(s) && block.rows as usize == s.len())
        {
            return Err(Refusal::StagingBroken);
        }
        let segments = incoming.segments.iter().map(|(block, _)| *block).collect();
        let mut events = vec![Event::ItemsImported {
            facts: facts.clone(),
            head: *head,
            segments,
        }];
        // An older file taken on purpose changes what is known from the newest extract on: put
        // before it, it would count on top of what that extract has shown already.
        let effective = self.last_as_of(&facts.source, false).unwrap_or(facts.as_of);
        let effective = effective.max(facts.as_of);
        for answer in &incoming.answers {
            self.answer(facts, effective, answer, &mut events);
        }
        if !changes.is_empty() || incoming.in_scope > 0 {
            events.push(Event::ItemsChanged {
                effective,
                changes,
                in_scope: incoming.in_scope,
            });
        }
        Ok(events.into())
    }

    /// Whether a whole list is newer than the last of its source: "ERP as of" moves even where
    /// nothing else does.
    fn is_news(&self, facts: &ImportFacts) -> bool {
        let of_source = self
            .imports()
            .filter(|i| i.facts.source == facts.source && i.facts.kind == facts.kind);
        let last = of_source.map(|i| (i.facts.as_of, i.facts.as_of_minute));
        let newer = last
            .max()
            .is_some_and(|l| l < (facts.as_of, facts.as_of_minute));
        newer && facts.scope != Scope::TheseRows
    }

    /// The source's answer to what we posted, as events.
    fn answer(
        &self,
        facts: &ImportFacts,
        effective: Day,
        answer: &Answer,
        events: &mut Vec<Event>,
    ) {
        let confirmed = |settlement| Event::StandingSet {
            item: None,
            settlement: Some(settlement),
            standing: Standing::Confirmed,
            reference: facts.file.clone(),
        };
        match answer {
            Answer::Shown { item, key, rest } => events.push(Event::PostingAnswered {
                item: *item,
                key: key.clone(),
                rest: *rest,
            }),
            Answer::AsWeDid(id) => events.push(confirmed(*id)),
            Answer::TakenBackAsWeDid(id) => events.push(Event::ReversalStandingSet {
                settlement: *id,
                standing: Standing::Confirmed,
            }),
            Answer::Differently {
                settlements,
                item,
                credit,
                covered,
            } => {
                let mut earliest = effective;
                for id in settlements {
                    let Some(s) = self.settlements.get(*id) else {
                        continue;
                    };
                    earliest = earliest.max(s.effective);
                    events.push(Event::SettlementReversed {
                        settlement: *id,
                        effective: effective.max(s.effective),
                        standing: s.standing,
                    });
                }
                if *covered > 0 {
                    events.push(Event::Settled(SettlementFact {
                        debit: Some(*item),
                        credit: *credit,
                        amount: *covered,
                        effective: earliest,
                        cause: Cause::AtSourceUnknown,
                        standing: Standing::AtSource,
                    }));
                }
            }
        }
    }

    /// A file older than the last of its source would turn the clock back; as "only these rows" it
    /// may come in on purpose.
    fn not_older(&self, facts: &ImportFacts) -> Result<(), Refusal> {
        let of_source = self
            .imports()
            .filter(|i| i.facts.source == facts.source && i.facts.kind == facts.kind);
        let last = of_source.map(|i| (i.facts.as_of, i.facts.as_of_minute));
        match last.max() {
            Some((last, minute)) if facts.scope != Scope::TheseRows => {
                let same_day = facts.as_of == last;
                // Without both times of day, two files of one day come in the order given.
                let earlier = minute.zip(facts.as_of_minute).is_some_and(|(l, f)| f < l);
                if facts.as_of < last || same_day && earlier {
                    let as_of = facts.as_of;
                    return Err(Refusal::OlderThanLast { as_of, last });
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// The last day of which extracts of open items of a source have told; `whole` asks for those
    /// that show everything open.
    pub(crate) fn last_as_of(&self, source: &str, whole: bool) -> Option<Day> {
        let items = |i: &&crate::book::Import| {
            i.facts.kind == ImportKind::OpenItems && (!whole || i.facts.scope == Scope::Everything)
        };
        let of_source = self.imports().filter(|i| i.facts.source == source);
        of_source.filter(items).map(|i| i.facts.as_of).max()
    }

    pub(super) fn decide_master(
        &self,
        facts: &ImportFacts,
        customers: &[StagedCustomer],
        contacts: &[NewContact],
    ) -> Result<Decision, Refusal> {
        not_empty(&facts.source, Field::Source)?;
        let source = facts.source.clone();
        let mut added: BTreeMap<String, CustomerId> = BTreeMap::new();
        let (mut events, mut changed) = (Vec::new(), 0);
        for c in customers {
            not_empty(&c.number, Field::Number)?;
            let key = CustomerKey {
                source: source.clone(),
                number: c.number.clone(),
            };
            let found = self.find_customer(&key).or(added.get(&c.number).copied());
            if let Some(id) = found
                && let Some(known) = self.customer_facts(id)
            {
                let merged = crate::apply::imports::merge(known, c);
                if merged != *known {
                    changed += 1;
                    let source = source.clone();
                    events.push(Event::CustomerSaved {
                        customer: id,
                        source,
                        facts: merged,
                    });
                }
                continue;
            }
            let next = CustomerId((self.customers.len() + added.len()) as u32);
            let customer = found.unwrap_or(next);
            added.insert(c.number.clone(), customer);
            events.push(Event::CustomerSaved {
                customer,
                source: source.clone(),
                facts: c.clone(),
            });
        }
        for (contact, new) in (self.contacts.len() as u32..).zip(contacts) {
            let known = self
                .find_customer(&new.customer)
                .or(added.get(&new.customer.number).copied());
            let customer = known.ok_or_else(|| Refusal::UnknownCustomer(new.customer.clone()))?;
            events.push(contact_saved(ContactId(contact), customer, new));
        }
        if events.is_empty() {
            return Err(Refusal::NothingNew {
                same: customers.len() as u64,
            });
        }
        let imported = Event::MasterDataImported {
            facts: facts.clone(),
            added: added.len() as u64,
            changed,
        };
        events.insert(0, imported);
        Ok(events.into())
    }
}
