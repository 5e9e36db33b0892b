//! Named invariants of this part of the book.

use super::*;
use crate::violations::Violation;

impl Book {
    /// Plan instalments sum to the plan; whatever is named is there; charges are what was worked out.
    pub(crate) fn check_plans(&self, out: &mut Vec<Violation>) {
        let item = |id: &ItemId| self.item(*id).is_some();
        let customer = |id: CustomerId| id.index() < self.customers.len();
        let known = |seq: Seq| seq > Seq(0) && seq <= self.head();
        for p in &self.plans.plans {
            let sum: i128 = p
                .fact
                .instalments
                .iter()
                .map(|i| i128::from(i.amount))
                .sum();
            let covered: i128 = p.fact.covered.iter().map(|(_, a)| i128::from(*a)).sum();
            if sum != covered {
                out.push(Violation::PlanSum(p.commit));
            }
            let there = p.fact.covered.iter().all(|(id, _)| item(id));
            if !there || !customer(p.fact.customer) || !known(p.commit) {
                out.push(Violation::Plan(p.commit));
            }
        }
        for o in &self.plans.offers {
            let there = o.fact.items.iter().all(|(id, _)| item(id));
            if !there || !customer(o.fact.customer) || o.fact.waived() <= 0 || !known(o.commit) {
                out.push(Violation::Plan(o.commit));
            }
        }
        for p in &self.plans.placements {
            let there = p.fact.items.iter().all(|(id, _)| item(id));
            if !there || !customer(p.fact.customer) || !known(p.commit) {
                out.push(Violation::Plan(p.commit));
            }
        }
        for (id, (seq, fact)) in &self.plans.charges {
            let amount = self.item(*id).map(|i| i.recorded_amount());
            if !item(&fact.of) || amount != Some(fact.sheet.total()) || !known(*seq) {
                out.push(Violation::Plan(*seq));
            }
        }
        let wrong = |r: &&Risk| r.facts.history().iter().any(|(_, f)| !customer(f.customer));
        out.extend(
            self.plans
                .risks
                .iter()
                .filter(wrong)
                .map(|r| Violation::Plan(r.commit)),
        );
    }
}
