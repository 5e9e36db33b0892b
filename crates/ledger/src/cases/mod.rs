//! Disputes and queries: what is contested, who has it since when, what became of the money, and
//! questions put to somebody above (domain.md §4). Nothing is stored that can be worked out.

mod apply;
mod command;
mod decide;
mod event;
mod facts;
mod import;
mod money;
pub mod resolve;
mod violations;

pub use command::{CaseCommand, NewCase, PastCase};
pub use event::CaseEvent;
pub use facts::*;
pub use money::{CaseMoney, CaseShare};

use crate::book::{Book, FactId};
use crate::ids::{CaseId, CustomerId, EscalationId, ItemId, Seq};
use crate::keys::{FactKey, TextRef};
use crate::versioned::Versioned;
use duebook_money::Day;
use std::collections::BTreeMap;

/// Ordinal kinds of fact keys.
pub(crate) const CASE_KEY: u8 = 20;
pub(crate) const ESCALATION_KEY: u8 = 22;

/// How far each piece of evidence is, and where.
pub type Evidence = Versioned<(EvidenceState, Option<TextRef>)>;

/// A case with everything that happened to it, undone or not.
#[derive(Debug, Clone)]
pub struct Case {
    /// Commit that took it down.
    pub commit: Seq,
    /// Its name in addresses and commands.
    pub key: FactKey,
    /// As taken down.
    pub fact: CaseFact,
    /// What it contests.
    pub lines: Versioned<Vec<CaseLine>>,
    /// Hops after the first, in log order.
    pub hops: Vec<(Seq, Hop)>,
    /// Code of the reason, where set again.
    pub reason: Versioned<String>,
    /// What in truth caused it.
    pub root_cause: Versioned<String>,
    /// The other side's ticket, where set again.
    pub ticket: Versioned<String>,
    /// Evidence by name, in the order it was first named.
    pub evidence: Vec<(String, Evidence)>,
    /// What was said, in log order.
    pub said: Vec<(Seq, CaseSaid)>,
}

/// A question put to somebody above.
#[derive(Debug, Clone)]
pub struct Escalation {
    /// Commit that put it.
    pub commit: Seq,
    /// Its name in commands.
    pub key: FactKey,
    /// What was asked.
    pub fact: EscalationFact,
    /// How it was answered.
    pub answer: Versioned<EscalationAnswer>,
}

/// All cases of a book, dead ones included.
#[derive(Debug, Clone, Default)]
pub struct Cases {
    pub(crate) cases: Vec<Case>,
    pub(crate) of_item: BTreeMap<ItemId, Vec<CaseId>>,
    pub(crate) of_customer: BTreeMap<CustomerId, Vec<CaseId>>,
    pub(crate) escalations: Vec<Escalation>,
    pub(crate) requests: Vec<resolve::Request>,
    /// Digests sent, in log order.
    pub(crate) digests: Vec<(Seq, DigestFact)>,
}

/// A hop as it is shown: with the instant it was stamped with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamped {
    /// The commit that made it.
    pub commit: Seq,
    /// Where to.
    pub hop: Hop,
}

impl Case {
    /// Its hops as far as `live` knows them, the taking down first (DS-03: every hop is stamped).
    pub fn trail(&self, live: &impl Fn(Seq) -> bool) -> Vec<Stamped> {
        let first = Stamped {
            commit: self.commit,
            hop: Hop {
                state: CaseState::New,
                department: self.fact.department.clone(),
                owner: self.fact.owner.clone(),
                on: self.fact.opened_on,
                close: None,
                note: None,
            },
        };
        let later = self.hops.iter().filter(|(seq, _)| live(*seq));
        let later = later.map(|(seq, hop)| Stamped {
            commit: *seq,
            hop: hop.clone(),
        });
        std::iter::once(first).chain(later).collect()
    }
    /// Where it stands, and who has it.
    pub fn now(&self, live: &impl Fn(Seq) -> bool) -> Stamped {
        let last = self.hops.iter().rev().find(|(seq, _)| live(*seq));
        match last {
            Some((seq, hop)) => Stamped {
                commit: *seq,
                hop: hop.clone(),
            },
            None => self.trail(&|_| false).remove(0),
        }
    }
    /// What it contests as far as `live` knows it.
    pub fn lines_now(&self, live: &impl Fn(Seq) -> bool) -> &[CaseLine] {
        self.lines.get(live).map_or(&[], |l| l.as_slice())
    }
    /// Code of its reason.
    pub fn reason_now(&self, live: &impl Fn(Seq) -> bool) -> &str {
        self.reason.get(live).map_or(&self.fact.reason, |r| r)
    }
    /// The other side's ticket number; empty where there is none.
    pub fn ticket_now(&self, live: &impl Fn(Seq) -> bool) -> &str {
        self.ticket.get(live).map_or(&self.fact.ticket, |t| t)
    }
    /// What in truth caused it; empty where nobody said.
    pub fn root_cause_now(&self, live: &impl Fn(Seq) -> bool) -> &str {
        self.root_cause.get(live).map_or("", |r| r)
    }
    /// Its evidence: name, how far, where.
    pub fn evidence_now(
        &self,
        live: &impl Fn(Seq) -> bool,
    ) -> Vec<(&str, EvidenceState, Option<TextRef>)> {
        let wanted = |what: &String| self.fact.evidence.contains(what);
        let all = self.evidence.iter().filter_map(|(what, versions)| {
            let (state, text) = match versions.get(live) {
                Some(known) => *known,
                None if wanted(what) => (EvidenceState::Wanted, None),
                None => return None,
            };
            Some((what.as_str(), state, text))
        });
        all.collect()
    }
}

impl Book {
    /// Every case that is known now, with its id, in log order.
    pub fn cases(&self) -> impl Iterator<Item = (CaseId, &Case)> + '_ {
        let all = self.cases.cases.iter().enumerate();
        all.filter(|(_, c)| self.is_live(c.commit))
            .map(|(n, c)| (CaseId(n as u32), c))
    }
    /// A case, dead ones included.
    pub fn case(&self, id: CaseId) -> Option<&Case> {
        self.cases.cases.get(id.index())
    }
    /// The case of a key, if it is known now.
    pub fn find_case(&self, key: FactKey) -> Option<CaseId> {
        match self.find_fact(key)? {
            FactId::Case(id) if self.case(id).is_some_and(|c| self.is_live(c.commit)) => Some(id),
            _ => None,
        }
    }
    /// A customer's cases that are known now.
    pub fn cases_of(&self, customer: CustomerId) -> impl Iterator<Item = (CaseId, &Case)> + '_ {
        let of = self.cases.of_customer.get(&customer);
        let ids = of.into_iter().flatten();
        ids.filter_map(|id| Some((*id, self.case(*id)?)))
            .filter(|(_, c)| self.is_live(c.commit))
    }
    /// Items that some case names or named.
    pub fn items_with_cases(&self) -> impl Iterator<Item = ItemId> + '_ {
        self.cases.of_item.keys().copied()
    }
    /// Where a case stands as known now.
    pub fn case_state(&self, id: CaseId) -> Option<CaseState> {
        let case = self.case(id)?;
        Some(case.now(&|s| self.is_live(s)).hop.state)
    }
    /// Whether a case was first raised after one of its items fell due (DS-05).
    pub fn is_late_dispute(&self, id: CaseId) -> bool {
        let Some(case) = self.case(id).filter(|c| !c.fact.query) else {
            return false;
        };
        let lines = case.fact.lines.iter();
        let mut dues = lines.filter_map(|l| {
            let item = self.item(self.current(l.item))?;
            crate::items::day(self.due_of(&item))
        });
        dues.any(|due| due < case.fact.opened_on)
    }
    /// Questions put to somebody above that are known now, in log order.
    pub fn escalations(&self) -> impl Iterator<Item = (EscalationId, &Escalation)> + '_ {
        let all = self.cases.escalations.iter().enumerate();
        all.filter(|(_, e)| self.is_live(e.commit))
            .map(|(n, e)| (EscalationId(n as u32), e))
    }
    /// The last digest that somebody was sent, as known now; names are compared without case.
    pub fn last_digest(&self, who: &str) -> Option<&DigestFact> {
        let who = who.trim().to_lowercase();
        let mut all = self.cases.digests.iter().rev();
        let found = all.find(|(seq, d)| self.is_live(*seq) && d.who.to_lowercase() == who);
        found.map(|(_, digest)| digest)
    }
    /// Questions of a day that nobody has answered and that were wanted before it.
    pub fn overdue_escalations(
        &self,
        today: Day,
    ) -> impl Iterator<Item = (EscalationId, &Escalation)> + '_ {
        let open = |e: &Escalation| e.answer.get(&|s| self.is_live(s)).is_none();
        self.escalations()
            .filter(move |(_, e)| e.fact.due < today && open(e))
    }
}
