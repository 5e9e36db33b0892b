//! Events of cases change the book.

use super::*;
use crate::apply::{Delta, Ordinals, Stamp};
use std::rc::Rc;

impl Book {
    pub(crate) fn apply_case(
        &mut self,
        stamp: &Stamp,
        event: &CaseEvent,
        delta: &mut Delta,
        ordinals: &mut Ordinals,
    ) {
        let seq = stamp.seq;
        match event {
            CaseEvent::Opened(fact) => {
                let key = ordinals.next(CASE_KEY, stamp.command);
                self.case_opened(seq, key, fact, delta);
            }
            CaseEvent::Moved { case, hop } => {
                self.with_case(*case, delta, |c| c.hops.push((seq, hop.clone())));
            }
            CaseEvent::LinesSet { case, lines } => {
                self.name_items(*case, lines);
                self.with_case(*case, delta, |c| c.lines.set(seq, lines.clone()));
            }
            CaseEvent::Edited { case, edit } => self.with_case(*case, delta, |c| match edit {
                CaseEdit::Reason(code) => c.reason.set(seq, code.clone()),
                CaseEdit::RootCause(cause) => c.root_cause.set(seq, cause.clone()),
                CaseEdit::Ticket(ticket) => c.ticket.set(seq, ticket.clone()),
            }),
            CaseEvent::EvidenceSet {
                case,
                what,
                state,
                text,
            } => self.with_case(*case, delta, |c| {
                let found = c.evidence.iter().position(|(name, _)| name == what);
                let at = found.unwrap_or_else(|| {
                    c.evidence.push((what.clone(), Evidence::default()));
                    c.evidence.len() - 1
                });
                if let Some((_, versions)) = c.evidence.get_mut(at) {
                    versions.set(seq, (*state, *text));
                }
            }),
            CaseEvent::Said { case, said } => {
                self.with_case(*case, delta, |c| c.said.push((seq, said.clone())));
            }
            CaseEvent::Request(event) => self.apply_request(stamp, event, delta, ordinals),
            CaseEvent::Escalated(fact) => {
                let key = ordinals.next(ESCALATION_KEY, stamp.command);
                let table = Rc::make_mut(&mut self.cases);
                let id = EscalationId(table.escalations.len() as u32);
                table.escalations.push(Escalation {
                    commit: seq,
                    key,
                    fact: fact.clone(),
                    answer: Versioned::default(),
                });
                self.fact_keys.insert(key, FactId::Escalation(id));
                delta.customers.push(fact.customer);
            }
            CaseEvent::DigestSent(fact) => {
                let table = Rc::make_mut(&mut self.cases);
                table.digests.push((seq, fact.clone()));
            }
            CaseEvent::EscalationAnswered { escalation, answer } => {
                let table = Rc::make_mut(&mut self.cases);
                if let Some(e) = table.escalations.get_mut(escalation.index()) {
                    e.answer.set(seq, answer.clone());
                    delta.customers.push(e.fact.customer);
                }
            }
        }
    }

    fn case_opened(&mut self, seq: Seq, key: FactKey, fact: &CaseFact, delta: &mut Delta) {
        let table = Rc::make_mut(&mut self.cases);
        let id = CaseId(table.cases.len() as u32);
        let wanted = fact.evidence.iter();
        table.cases.push(Case {
            commit: seq,
            key,
            fact: fact.clone(),
            lines: Versioned::new(seq, fact.lines.clone()),
            hops: Vec::new(),
            reason: Versioned::default(),
            root_cause: Versioned::default(),
            ticket: Versioned::default(),
            evidence: wanted.map(|e| (e.clone(), Evidence::default())).collect(),
            said: Vec::new(),
        });
        table.of_customer.entry(fact.customer).or_default().push(id);
        self.fact_keys.insert(key, FactId::Case(id));
        self.name_items(id, &fact.lines);
        self.with_case(id, delta, |_| {});
    }

    fn name_items(&mut self, id: CaseId, lines: &[CaseLine]) {
        let table = Rc::make_mut(&mut self.cases);
        for line in lines {
            let of = table.of_item.entry(line.item).or_default();
            if !of.contains(&id) {
                of.push(id);
            }
        }
    }

    /// Changes a case; its customer, and those of its items, are to be looked at again.
    fn with_case(&mut self, id: CaseId, delta: &mut Delta, f: impl FnOnce(&mut Case)) {
        let table = Rc::make_mut(&mut self.cases);
        let Some(case) = table.cases.get_mut(id.index()) else {
            return;
        };
        f(case);
        let customer = case.fact.customer;
        let lines = case.lines.history().iter().flat_map(|(_, l)| l.iter());
        let items: Vec<ItemId> = lines.map(|l| l.item).collect();
        delta.customers.push(customer);
        let owners = items.iter().filter_map(|i| Some(self.item(*i)?.customer()));
        delta.customers.extend(owners);
    }

    fn apply_request(
        &mut self,
        stamp: &Stamp,
        event: &resolve::RequestEvent,
        delta: &mut Delta,
        ordinals: &mut Ordinals,
    ) {
        use resolve::RequestEvent as E;
        let table = Rc::make_mut(&mut self.cases);
        let seq = stamp.seq;
        let id = match event {
            E::Made(fact) => {
                let key = ordinals.next(resolve::REQUEST_KEY, stamp.command);
                let id = crate::ids::RequestId(table.requests.len() as u32);
                table.requests.push(resolve::Request {
                    commit: seq,
                    key,
                    fact: (**fact).clone(),
                    posted: Versioned::default(),
                    ended: Versioned::default(),
                    executed: Versioned::default(),
                });
                self.fact_keys.insert(key, FactId::Request(id));
                id
            }
            E::Posted(id, posted) => {
                if let Some(r) = table.requests.get_mut(id.index()) {
                    r.posted.set(seq, posted.clone());
                }
                *id
            }
            E::Ended(id, how, text) => {
                if let Some(r) = table.requests.get_mut(id.index()) {
                    r.ended.set(seq, (*how, *text));
                }
                *id
            }
            E::Executed(id, execution) => {
                if let Some(r) = table.requests.get_mut(id.index()) {
                    r.executed.set(seq, execution.clone());
                }
                *id
            }
        };
        let customer = self.request(id).map(|r| r.fact.customer);
        delta.customers.extend(customer);
    }
}
