//! The desk's events change the book.

use super::{DeskEvent, Flagged, Parked};
use crate::apply::{Delta, Ordinals, Stamp};
use crate::book::{Book, FactId};
use crate::ids::ActivityId;
use crate::versioned::Versioned;

/// Kind of the keys of parked calls.
const PARKED: u8 = 10;

impl Book {
    pub(crate) fn apply_desk(
        &mut self,
        stamp: &Stamp,
        event: &DeskEvent,
        delta: &mut Delta,
        ordinals: &mut Ordinals,
    ) {
        let (seq, desk) = (stamp.seq, &mut self.desk);
        match event {
            DeskEvent::Pinned { customer, pin } => {
                desk.pins.entry(*customer).or_default().set(seq, *pin);
                delta.customers.push(*customer);
            }
            DeskEvent::Snoozed { customer, snooze } => {
                desk.snoozes.entry(*customer).or_default().set(seq, *snooze);
                delta.customers.push(*customer);
            }
            DeskEvent::Assigned { customer, to } => {
                let slot = desk.assigned.entry(*customer).or_default();
                slot.set(seq, to.clone());
                delta.customers.push(*customer);
            }
            DeskEvent::PoolSaved { name, pool } => {
                let slot = desk.pools.entry(name.clone()).or_default();
                slot.set(seq, pool.clone());
            }
            DeskEvent::CallParked(fact) => {
                let key = ordinals.next(PARKED, stamp.command);
                let at = desk.parked.len() as u32;
                desk.parked.push(Parked {
                    commit: seq,
                    key,
                    fact: *fact,
                    dropped: Versioned::default(),
                });
                self.fact_keys.insert(key, FactId::Parked(at));
                delta.customers.push(fact.customer);
            }
            DeskEvent::ParkedDropped { parked } => {
                if let Some(p) = desk.parked.get_mut(*parked as usize) {
                    p.dropped.set(seq, ());
                    delta.customers.push(p.fact.customer);
                }
            }
            DeskEvent::StopLifted {
                customer,
                reason,
                said,
            } => {
                let last = ActivityId((self.activities.len() as u32).saturating_sub(1));
                let lift = (said.unwrap_or(last), *reason);
                desk.lifted.entry(*customer).or_default().set(seq, lift);
                delta.customers.push(*customer);
            }
            DeskEvent::ContactFlagged(fact) => {
                let at = desk.flagged.len();
                desk.flag_of.insert(fact.activity, at);
                desk.flagged.push(Flagged {
                    commit: seq,
                    fact: fact.clone(),
                });
            }
        }
    }
}
