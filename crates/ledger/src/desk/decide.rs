//! The desk's commands become events, or a refusal.

use super::{Assignment, DeskCommand, DeskEvent, DeskKind, Flag, FlagFact, NewFlags, ParkedFact};
use crate::book::{Book, FactId};
use crate::command::{Context, LogContact};
use crate::decide::Decision;
use crate::event::Event;
use crate::facts::CollectorField;
use crate::ids::{ActivityId, CustomerId};
use crate::keys::CustomerKey;
use crate::refusal::{Field, Refusal};
use crate::work::MAX_PARTS;
use duebook_money::{Day, date};

impl DeskCommand {
    /// Its kind.
    pub fn kind(&self) -> DeskKind {
        match self {
            DeskCommand::Pin { pin: Some(_), .. } => DeskKind::Pin,
            DeskCommand::Pin { pin: None, .. } => DeskKind::Unpin,
            DeskCommand::Snooze {
                snooze: Some(_), ..
            } => DeskKind::Snooze,
            DeskCommand::Snooze { snooze: None, .. } => DeskKind::EndSnooze,
            DeskCommand::Assign { .. } => DeskKind::Assign,
            DeskCommand::SavePool { pool: Some(_), .. } => DeskKind::SavePool,
            DeskCommand::SavePool { pool: None, .. } => DeskKind::RemovePool,
            DeskCommand::Park { .. } => DeskKind::Park,
            DeskCommand::DropParked { .. } => DeskKind::DropParked,
            DeskCommand::Log { .. } => DeskKind::Log,
            DeskCommand::LiftStop { .. } => DeskKind::LiftStop,
        }
    }
}

impl Book {
    /// In order of precedence: a customer or fact that is not there, then what the command says.
    pub(crate) fn decide_desk(
        &self,
        context: &Context,
        command: &DeskCommand,
    ) -> Result<Decision, Refusal> {
        let one = |event| Ok(vec![Event::Desk(event)].into());
        match command {
            DeskCommand::Pin { customer, pin } => {
                let customer = self.known_customer(customer)?;
                if let Some(until) = pin.and_then(|p| p.until) {
                    not_before(until, context.ledger_date)?;
                }
                one(DeskEvent::Pinned {
                    customer,
                    pin: *pin,
                })
            }
            DeskCommand::Snooze { customer, snooze } => {
                let customer = self.known_customer(customer)?;
                if let Some(snooze) = snooze {
                    not_before(snooze.until, context.ledger_date.plus(1))?;
                }
                one(DeskEvent::Snoozed {
                    customer,
                    snooze: *snooze,
                })
            }
            DeskCommand::Assign {
                customers,
                collector,
            } => self.decide_assign(context, customers, collector.trim()),
            DeskCommand::SavePool { name, pool } => {
                let name = name.trim();
                let known = self.pools().any(|(n, _)| n == name);
                if name.is_empty() || (pool.is_none() && !known) {
                    return Err(Refusal::Empty(Field::Name));
                }
                one(DeskEvent::PoolSaved {
                    name: name.to_owned(),
                    pool: pool.clone(),
                })
            }
            DeskCommand::Park {
                customer,
                began,
                channel,
                draft,
            } => one(DeskEvent::CallParked(ParkedFact {
                customer: self.known_customer(customer)?,
                began: *began,
                channel: *channel,
                draft: *draft,
            })),
            DeskCommand::DropParked { parked } => {
                let Some(FactId::Parked(at)) = self.find_fact(*parked) else {
                    return Err(Refusal::UnknownFact(*parked));
                };
                let live = |s| self.is_live(s);
                let known = self.desk.parked.get(at as usize);
                let known = known.filter(|p| live(p.commit));
                let known = known.ok_or(Refusal::UnknownFact(*parked))?;
                if known.dropped.get(&live).is_some() {
                    return Err(Refusal::AlreadyEnded(*parked));
                }
                one(DeskEvent::ParkedDropped { parked: at })
            }
            DeskCommand::Log { log, flags } => self.decide_flagged(context, log, flags),
            DeskCommand::LiftStop {
                customer,
                reason,
                said,
            } => {
                let customer = self.known_customer(customer)?;
                let live = |s| self.is_live(s);
                let mut stops = self.stops(customer, live);
                let stop = match said {
                    // It is lifted for what was known then: what another copy heard since stands.
                    Some(key) => stops.find(|a| a.key == *key),
                    None => stops.next(),
                };
                let said = match stop.and_then(|a| self.find_fact(a.key)) {
                    Some(FactId::Activity(id)) => Some(id),
                    _ => return Err(Refusal::Empty(Field::Value)),
                };
                one(DeskEvent::StopLifted {
                    customer,
                    reason: *reason,
                    said,
                })
            }
        }
    }

    fn decide_flagged(
        &self,
        context: &Context,
        log: &LogContact,
        new: &NewFlags,
    ) -> Result<Decision, Refusal> {
        if new.flags.iter().all(|f| f.rule.trim().is_empty()) {
            return Err(Refusal::Empty(Field::Value));
        }
        let mut decision = self.decide_log(context, log)?;
        let mut flags: Vec<Flag> = new
            .flags
            .iter()
            .filter(|f| !f.rule.trim().is_empty())
            .cloned()
            .collect();
        duebook_money::order::sort_by_key(&mut flags, |f| {
            (std::cmp::Reverse(f.severity), f.rule.clone())
        });
        let activity = ActivityId(self.activities.len() as u32);
        let flagged = FlagFact {
            activity,
            flags,
            reason: new.reason,
        };
        let event = Event::Desk(DeskEvent::ContactFlagged(flagged));
        decision.events.push(event);
        Ok(decision)
    }

    fn decide_assign(
        &self,
        context: &Context,
        customers: &[CustomerKey],
        collector: &str,
    ) -> Result<Decision, Refusal> {
        match customers.len() {
            0 => return Err(Refusal::Empty(Field::Items)),
            n if n > MAX_PARTS => return Err(Refusal::TooLarge),
            _ => {}
        }
        let mut events = Vec::with_capacity(customers.len());
        for key in customers {
            let customer = self.known_customer(key)?;
            let to = (!collector.is_empty()).then(|| {
                let days = self.oldest_days(customer, context.ledger_date);
                let buckets = &self.policies().buckets;
                Assignment {
                    collector: collector.to_owned(),
                    bucket: days.map_or(String::new(), |d| buckets.label(buckets.index(d))),
                    days,
                }
            });
            events.push(Event::Desk(DeskEvent::Assigned { customer, to }));
        }
        Ok(events.into())
    }

    fn known_customer(&self, key: &CustomerKey) -> Result<CustomerId, Refusal> {
        let found = self.find_customer(key);
        let found = found.filter(|id| self.customer_facts(*id).is_some());
        found.ok_or_else(|| Refusal::UnknownCustomer(key.clone()))
    }

    /// Days past due of a customer's oldest open debit on a day (AG-01), our aging anchor before the
    /// due date; `None` where nothing is open.
    fn oldest_days(&self, customer: CustomerId, on: Day) -> Option<i32> {
        let late = |id| {
            let item = self.item(id)?;
            if item.open() <= 0 {
                return None;
            }
            let anchor = self.field(id, CollectorField::AgingAnchor);
            let anchor = date::parse_iso_bytes(anchor.as_bytes());
            let due = anchor.or_else(|| crate::items::day(self.due_of(&item)));
            let from = due.or_else(|| crate::items::day(item.doc_date()))?;
            Some(on.since(from))
        };
        self.items_of(customer).filter_map(|i| late(i.id)).max()
    }
}

fn not_before(date: Day, earliest: Day) -> Result<(), Refusal> {
    if date < earliest {
        return Err(Refusal::DateBefore { date, earliest });
    }
    Ok(())
}
