//! Events of daily work: contacts, promises, fields, postings of ours, what became of them.

use super::{Delta, Ordinals, Stamp};
use crate::book::{Book, FactId};
use crate::event::Event;
use crate::facts::Standing;
use crate::ids::*;
use crate::items::OWN;
use crate::people::*;
use crate::versioned::Versioned;
use std::rc::Rc;

impl Book {
    /// The events of daily work.
    pub(super) fn apply_work(
        &mut self,
        stamp: &Stamp,
        event: &Event,
        delta: &mut Delta,
        ordinals: &mut Ordinals,
    ) -> u64 {
        let seq = stamp.seq;
        match event {
            Event::ActivityLogged {
                customer,
                contact,
                channel,
                outcome,
                at,
                local_offset,
                seconds,
                note,
                items,
            } => {
                let key = ordinals.next(2, stamp.command);
                let id = ActivityId(self.activities.len() as u32);
                self.activities.push(Activity {
                    commit: seq,
                    key,
                    customer: *customer,
                    contact: *contact,
                    channel: *channel,
                    outcome: *outcome,
                    at: *at,
                    local_offset: *local_offset,
                    seconds: *seconds,
                    note: *note,
                    items: items.clone(),
                });
                self.fact_keys.insert(key, FactId::Activity(id));
                self.touch(*customer, delta, |c| c.activities.push(id));
            }
            Event::PromiseMade(fact) => {
                let key = ordinals.next(3, stamp.command);
                let id = PromiseId(self.promises.len() as u32);
                let customer = fact.customer;
                self.promises.push(Promise {
                    commit: seq,
                    key,
                    fact: fact.clone(),
                    ended: Versioned::default(),
                });
                self.fact_keys.insert(key, FactId::Promise(id));
                self.touch(customer, delta, |c| c.promises.push(id));
            }
            Event::PromiseEnded { promise, how } => {
                if let Some(p) = self.promises.get_mut(promise.index()) {
                    p.ended.set(seq, *how);
                    delta.customers.push(p.fact.customer);
                }
            }
            Event::FollowUpSet {
                customer,
                contact,
                due,
                at,
                zone,
                what,
                retry,
            } => {
                let key = ordinals.next(4, stamp.command);
                let id = FollowUpId(self.follow_ups.len() as u32);
                self.follow_ups.push(FollowUp {
                    commit: seq,
                    key,
                    customer: *customer,
                    contact: *contact,
                    due: *due,
                    at: *at,
                    zone: zone.clone(),
                    what: *what,
                    retry: *retry,
                    closed: Versioned::default(),
                });
                self.fact_keys.insert(key, FactId::FollowUp(id));
                self.touch(*customer, delta, |c| c.follow_ups.push(id));
            }
            Event::FollowUpClosed { follow_up } => {
                if let Some(f) = self.follow_ups.get_mut(follow_up.index()) {
                    f.closed.set(seq, ());
                    delta.customers.push(f.customer);
                }
            }
            Event::FieldSet { item, field, value } => {
                let slot = self
                    .fields
                    .entry(*item)
                    .or_default()
                    .entry(*field)
                    .or_default();
                slot.set(seq, value.clone());
                delta
                    .customers
                    .extend(self.item(*item).map(|i| i.customer()));
            }
            Event::Desk(event) => self.apply_desk(stamp, event, delta, ordinals),
            Event::RemarkImported(fact) => {
                let id = RemarkId(self.remarks.len() as u32);
                let (commit, fact) = (seq, fact.clone());
                let customer = fact.customer;
                self.remarks.push(crate::work::Remark { commit, fact });
                self.touch(customer, delta, |c| c.remarks.push(id));
            }
            Event::ItemAdded(fact) => {
                let id = self.add_item(seq, OWN, fact);
                self.fact_keys
                    .insert(ordinals.next(5, stamp.command), FactId::Item(id));
                delta.customers.push(fact.customer);
            }
            Event::Settled(fact) => {
                let id = self.settle(seq, fact);
                self.fact_keys
                    .insert(ordinals.next(6, stamp.command), FactId::Settlement(id));
                let items = [fact.debit, fact.credit];
                let owners = items
                    .iter()
                    .flatten()
                    .filter_map(|i| Some(self.item(*i)?.customer()));
                delta.customers.extend(owners.collect::<Vec<_>>());
            }
            Event::SettlementReversed {
                settlement,
                effective,
                standing,
            } => {
                if let Some(s) = self.settlements.get(*settlement) {
                    if self.counts(&s) {
                        let pending = standing.is_pending();
                        self.move_open(&s.debit, &s.credit, s.amount.saturating_neg(), pending);
                    }
                    Rc::make_mut(&mut self.settlements).reverse(
                        *settlement,
                        *effective,
                        seq,
                        *standing,
                    );
                    let items = [s.debit, s.credit];
                    delta.customers.extend(
                        items
                            .iter()
                            .flatten()
                            .filter_map(|i| Some(self.item(*i)?.customer())),
                    );
                }
            }
            Event::StandingSet {
                item,
                settlement,
                standing,
                ..
            } => {
                if let Some(id) = item
                    && let Some(state) = self.items.state_mut(id.segment())
                {
                    state.set_standing(id.row(), seq, *standing);
                }
                if let Some(id) = settlement {
                    Rc::make_mut(&mut self.settlements).set_standing(*id, seq, *standing);
                }
                delta.everything = true;
                delta.stale = true;
            }
            Event::ReversalStandingSet {
                settlement,
                standing,
            } => {
                let table = Rc::make_mut(&mut self.settlements);
                table.set_reversal_standing(*settlement, seq, *standing);
                delta.everything = true;
                delta.stale = true;
            }
            Event::PostingAnswered { item, key, rest } => {
                let slot = self.answered.entry(key.clone()).or_default();
                slot.set(seq, *item);
                if rest.is_some() || self.shown_rests.contains_key(item) {
                    let slot = self.shown_rests.entry(*item).or_default();
                    slot.set(seq, *rest);
                }
                if let Some(state) = self.items.state_mut(item.segment()) {
                    state.set_standing(item.row(), seq, Standing::Confirmed);
                }
                delta.everything = true;
                delta.stale = true;
            }
            Event::Succeeded(succession) => {
                let all = succession.from.iter().chain(&succession.to);
                let owners = all.filter_map(|i| Some(self.item(*i)?.customer()));
                delta.customers.extend(owners);
                self.successions.push((seq, succession.clone()));
            }
            Event::LineSettled {
                line,
                amount,
                by,
                auto,
                rule,
            } => {
                let part = crate::statements::LinePart {
                    commit: seq,
                    line: *line,
                    amount: *amount,
                    by: by.clone(),
                    auto: *auto,
                    rule: *rule,
                };
                self.line_settled(part, delta);
            }
            Event::CustomerMerged { from, to } => {
                if let Some(c) = self.customers.get_mut(from.index()) {
                    c.merged_into.set(seq, *to);
                    delta.customers.extend([*from, *to]);
                }
            }
            Event::Case(event) => self.apply_case(stamp, event, delta, ordinals),
            _ => self.apply_told(seq, event, delta),
        }
        1
    }
}
