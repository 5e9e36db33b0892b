//! Events of plans change the book.

use super::*;
use crate::apply::Delta;
use crate::book::FactId;

impl Book {
    /// Applies one event; `key` is the key of the fact it makes, where it makes one.
    pub(crate) fn apply_plan(
        &mut self,
        seq: Seq,
        key: FactKey,
        event: &PlanEvent,
        delta: &mut Delta,
    ) {
        let plans = std::rc::Rc::make_mut(&mut self.plans);
        let mut made = None;
        let customer = match event {
            PlanEvent::Agreed(fact) => {
                made = Some(FactId::Plan(PlanId(plans.plans.len() as u32)));
                plans.plans.push(Plan {
                    commit: seq,
                    key,
                    fact: fact.clone(),
                    ended: Versioned::default(),
                });
                Some(fact.customer)
            }
            PlanEvent::PlanEnded { plan, how, reason } => {
                plans.plans.get_mut(plan.index()).map(|p| {
                    p.ended.set(seq, (*how, reason.clone()));
                    p.fact.customer
                })
            }
            PlanEvent::Offered(fact) => {
                made = Some(FactId::Offer(OfferId(plans.offers.len() as u32)));
                plans.offers.push(Offer {
                    commit: seq,
                    key,
                    fact: fact.clone(),
                    ended: Versioned::default(),
                });
                Some(fact.customer)
            }
            PlanEvent::OfferEnded { offer, how, reason } => {
                plans.offers.get_mut(offer.index()).map(|o| {
                    o.ended.set(seq, (*how, reason.clone()));
                    o.fact.customer
                })
            }
            PlanEvent::Charged(fact) => {
                plans.charges.insert(fact.item, (seq, fact.clone()));
                self.items
                    .state(fact.item)
                    .map(|s| CustomerId(s.data.customer[fact.item.row()]))
            }
            PlanEvent::Granted {
                customer,
                grant,
                currency,
                amount,
                day,
                rank,
                ..
            } => {
                plans.granted.push(Granted {
                    commit: seq,
                    customer: *customer,
                    grant: *grant,
                    currency: *currency,
                    amount: *amount,
                    day: *day,
                    rank: *rank,
                });
                Some(*customer)
            }
            PlanEvent::ReAged(fact) => {
                plans.reaged.push((seq, fact.clone()));
                Some(fact.customer)
            }
            PlanEvent::Placed(fact) => {
                made = Some(FactId::Placement(
                    PlacementId(plans.placements.len() as u32),
                ));
                plans.placements.push(Placement {
                    commit: seq,
                    key,
                    fact: fact.clone(),
                    stage: Versioned::default(),
                    ended: Versioned::default(),
                });
                Some(fact.customer)
            }
            PlanEvent::PlacementMoved {
                placement,
                stage,
                day,
                note,
            } => plans.placements.get_mut(placement.index()).map(|p| {
                p.stage.set(seq, (*stage, *day, note.clone()));
                p.fact.customer
            }),
            PlanEvent::PlacementEnded {
                placement,
                how,
                day,
                reason,
            } => plans.placements.get_mut(placement.index()).map(|p| {
                p.ended.set(seq, (*how, *day, reason.clone()));
                p.fact.customer
            }),
            PlanEvent::RiskSet { risk, fact } => {
                match plans.risks.get_mut(risk.index()) {
                    Some(known) => known.facts.set(seq, fact.clone()),
                    None => {
                        made = Some(FactId::Risk(RiskId(plans.risks.len() as u32)));
                        plans.risks.push(Risk {
                            commit: seq,
                            key,
                            facts: Versioned::new(seq, fact.clone()),
                        });
                    }
                }
                Some(fact.customer)
            }
            PlanEvent::Acknowledged(fact) => {
                plans.acknowledged.push((seq, fact.clone()));
                Some(fact.customer)
            }
        };
        if let Some(made) = made {
            self.fact_keys.insert(key, made);
        }
        delta.customers.extend(customer);
    }
}

impl PlanEvent {
    /// The kind of key of the fact it makes; 0 where it makes none.
    pub(crate) fn key_kind(&self) -> u8 {
        match self {
            PlanEvent::Agreed(_) => PLAN,
            PlanEvent::Offered(_) => OFFER,
            PlanEvent::Placed(_) => PLACEMENT,
            PlanEvent::RiskSet { .. } => RISK,
            _ => 0,
        }
    }
}
