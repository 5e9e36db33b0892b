//! What holds of every case.

use super::CaseState;
use crate::book::Book;
use crate::ids::CaseId;
use crate::violations::Violation;
use duebook_money::Day;
use std::collections::BTreeMap;

impl Book {
    /// DS-01: the money of a case sums, and no item is contested for more than is open of it. Every
    /// hop follows from the one before it as they were recorded.
    pub(crate) fn check_cases(&self, out: &mut Vec<Violation>) {
        let live = |s| self.is_live(s);
        let mut contested: BTreeMap<crate::ids::ItemId, i128> = BTreeMap::new();
        for (n, case) in self.cases.cases.iter().enumerate() {
            let id = CaseId(n as u32);
            let there = |l: &super::CaseLine| self.item(l.item).is_some() && l.amount >= 0;
            let versions = case.lines.history().iter();
            let sound = case.commit <= self.head()
                && self.customer(case.fact.customer).is_some()
                && versions.clone().all(|(_, lines)| lines.iter().all(there))
                && case.hops.iter().all(|(seq, _)| *seq >= case.commit);
            let closes = case
                .hops
                .iter()
                .all(|(_, h)| (h.state == CaseState::Closed) == h.close.is_some());
            if !sound || !closes {
                out.push(Violation::Case(id));
                continue;
            }
            if !live(case.commit) || case.fact.query {
                continue;
            }
            if !self.case_money(id).is_sound() {
                out.push(Violation::CaseMoney(id));
            }
            for line in case.lines_now(&live) {
                contested.entry(self.current(line.item)).or_default();
            }
        }
        for (item, _) in contested {
            let shares = self.case_shares(item, Day(i32::MAX), &live);
            let sum: i128 = shares.iter().map(|s| i128::from(s.money.disputed)).sum();
            let open = self.item(item).map_or(0, |i| i128::from(i.open()));
            if sum > open.max(0) {
                out.push(Violation::CaseItem(item));
            }
        }
        for escalation in &self.cases.escalations {
            let fact = &escalation.fact;
            let case = fact.case.is_none_or(|c| self.case(c).is_some());
            if !case || self.customer(fact.customer).is_none() || fact.due < fact.on {
                out.push(Violation::Facts(escalation.commit));
            }
        }
    }
}
