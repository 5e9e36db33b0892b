//! What was negotiated with a customer, on its timeline: plans, offers, placements and debts
//! acknowledged, and what became of each by itself (PL-02, ST-04, §8.5).

use super::{Gather, What};
use crate::plans::{OfferState, offers_of, placements_of, plans_of};
use duebook_ledger::CustomerId;

impl Gather<'_> {
    pub(super) fn recovery(&mut self, customer: CustomerId) {
        self.plans(customer);
        self.offers(customer);
        self.placements(customer);
        let book = self.book;
        for (seq, fact) in book.reagings() {
            if fact.customer == customer && self.scan.is_live(seq) {
                let what = What::ReAged {
                    items: fact.items.len() as u32,
                    to: fact.to,
                    approved: fact.approved.by.clone(),
                };
                let on = self.recorded_on(seq);
                self.push(on, seq, what);
            }
        }
        for (seq, said) in book.acknowledgements() {
            if said.customer == customer && self.scan.is_live(seq) {
                let items = said.items.len() as u32;
                self.push(said.on, seq, What::Acknowledged { items });
            }
        }
    }

    fn plans(&mut self, customer: CustomerId) {
        let (book, scan) = (self.book, self.scan);
        for judged in plans_of(book, scan, customer) {
            let Some(plan) = book.plans().get(judged.plan.index()) else {
                continue;
            };
            let (id, default, agreed_on) = (judged.plan, judged.default, judged.agreed_on);
            self.push(agreed_on, plan.commit, What::Planned(Box::new(judged)));
            if let Some(default) = default {
                let what = What::PlanDefaulted { plan: id, default };
                self.push(default.on, plan.commit, what);
            }
            for (seq, (how, _)) in plan.ended.history() {
                if scan.is_live(*seq) {
                    let (on, how) = (self.recorded_on(*seq), *how);
                    self.push(on, *seq, What::PlanEnded { plan: id, how });
                }
            }
        }
    }

    fn offers(&mut self, customer: CustomerId) {
        let (book, scan) = (self.book, self.scan);
        for judged in offers_of(book, scan, customer) {
            let Some(offer) = book.offers().get(judged.offer.index()) else {
                continue;
            };
            let (id, lapsed) = (judged.offer, judged.state == OfferState::Lapsed);
            let after = judged.by.plus(1);
            let on = offer.fact.offered_on;
            self.push(on, offer.commit, What::Offered(Box::new(judged)));
            if lapsed {
                self.push(after, offer.commit, What::OfferLapsed { offer: id });
            }
            for (seq, (how, _)) in offer.ended.history() {
                if scan.is_live(*seq) {
                    let (on, how) = (self.recorded_on(*seq), *how);
                    self.push(on, *seq, What::OfferEnded { offer: id, how });
                }
            }
        }
    }

    fn placements(&mut self, customer: CustomerId) {
        let (book, scan) = (self.book, self.scan);
        for judged in placements_of(book, scan, customer) {
            let Some(placement) = book.placements().get(judged.placement.index()) else {
                continue;
            };
            let id = judged.placement;
            let on = placement.fact.placed_on;
            self.push(on, placement.commit, What::Placed(Box::new(judged)));
            for (seq, (stage, day, _)) in placement.stage.history() {
                if scan.is_live(*seq) && *seq != placement.commit {
                    let (placement, stage) = (id, *stage);
                    self.push(*day, *seq, What::PlacementMoved { placement, stage });
                }
            }
            for (seq, (how, day, _)) in placement.ended.history() {
                if scan.is_live(*seq) {
                    let (placement, how) = (id, *how);
                    self.push(*day, *seq, What::PlacementEnded { placement, how });
                }
            }
        }
    }
}
