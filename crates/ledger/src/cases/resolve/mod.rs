//! Resolutions: credit and rebill, split, PO change, adjustments. Each is a request: what it posts is
//! pending in a book beside an ERP until the source's own documents come, and final in a book whose
//! owner posts the ledger himself. One commit, checked against the maker's authority.

mod adjust;
pub mod document;
mod execute;
mod facts;
mod numbers;
mod plan;
mod rebill;
mod request;
mod split;

pub use document::{DocLine, measures, over_parts, over_totals, total};
pub use facts::*;
pub use numbers::{RangeStanding, RangesMaking};
pub use request::RequestCommand;

use crate::book::{Book, FactId};
use crate::facts::Standing;
use crate::ids::{CustomerId, ItemId, RequestId, Seq};
use crate::keys::{FactKey, TextRef};
use crate::versioned::Versioned;
use duebook_money::{Currency, Day};

/// Ordinal kind of fact keys of requests.
pub(crate) const REQUEST_KEY: u8 = 21;

/// A request with what became of it, undone or not.
#[derive(Debug, Clone)]
pub struct Request {
    /// Commit that made it.
    pub commit: Seq,
    /// Its name in commands.
    pub key: FactKey,
    /// As made.
    pub fact: RequestFact,
    /// Posted by which commit, and what.
    pub posted: Versioned<Posted>,
    /// Ended without being posted.
    pub ended: Versioned<(RequestEnd, Option<TextRef>)>,
    /// The source's documents as entered.
    pub executed: Versioned<Execution>,
}

/// How far a request is; worked out from its postings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RequestState {
    /// Above the maker's limit: somebody has to approve it.
    ToApprove,
    /// Posted here; the source does not show it yet.
    Pending,
    /// The source shows it otherwise, or its documents came otherwise than proposed.
    Differs,
    /// The documents are there.
    Executed,
    /// Refused, taken back, or its postings withdrawn.
    Over,
}

impl Request {
    /// The number of a proposed document by its place from 0: as issued, else as proposed.
    pub fn number_of(&self, place: usize, live: &impl Fn(Seq) -> bool) -> &str {
        let issued = self.posted.get(live).and_then(|p| p.numbers.get(place));
        let proposed = self.fact.proposed.get(place).map(|p| &p.number);
        issued.or(proposed).map_or("", |n| n.as_str())
    }
}

impl Book {
    /// Requests that are known now, with their ids, in log order.
    pub fn requests(&self) -> impl Iterator<Item = (RequestId, &Request)> + '_ {
        let all = self.cases.requests.iter().enumerate();
        all.filter(|(_, r)| self.is_live(r.commit))
            .map(|(n, r)| (RequestId(n as u32), r))
    }
    /// A request, dead ones included.
    pub fn request(&self, id: RequestId) -> Option<&Request> {
        self.cases.requests.get(id.index())
    }
    /// The request of a key, if it is known now.
    pub fn find_request(&self, key: FactKey) -> Option<RequestId> {
        match self.find_fact(key)? {
            FactId::Request(id) if self.request(id).is_some_and(|r| self.is_live(r.commit)) => {
                Some(id)
            }
            _ => None,
        }
    }
    /// How far a request is, as known now.
    pub fn request_state(&self, id: RequestId) -> Option<RequestState> {
        let live = |s: Seq| self.is_live(s);
        let request = self.request(id)?;
        if request.ended.get(&live).is_some() {
            return Some(RequestState::Over);
        }
        let Some(posted) = request.posted.get(&live) else {
            return Some(RequestState::ToApprove);
        };
        let executed = request.executed.get(&live);
        if executed.is_some_and(|e| !e.differences.is_empty()) {
            return Some(RequestState::Differs);
        }
        let items = posted.items.iter();
        let items = items.filter_map(|i| Some(self.item(*i)?.standing()));
        let settled = posted.settlements.iter().map(|s| self.standing_of(*s));
        let back = posted.taken_back.iter();
        let back = back.filter_map(|s| Some(self.reversal_of(*s)?.standing));
        let standings: Vec<Standing> = items.chain(settled).chain(back).collect();
        if standings.is_empty() {
            let own = !self.standing_of_ours().is_pending();
            return Some(match own || executed.is_some() {
                true => RequestState::Executed,
                false => RequestState::Pending,
            });
        }
        Some(if standings.iter().all(|s| !s.counts()) {
            RequestState::Over
        } else if standings.contains(&Standing::Differs) {
            RequestState::Differs
        } else if standings.iter().any(|s| s.is_pending()) {
            RequestState::Pending
        } else {
            RequestState::Executed
        })
    }
    /// What resolutions granted to a customer under authority that counts towards a role's, in the
    /// twelve months that end on a day, minor units (ST-02): a part of [`Book::granted_before`].
    pub(crate) fn resolved_before(
        &self,
        customer: CustomerId,
        currency: Currency,
        day: Day,
        rank: usize,
    ) -> i64 {
        use duebook_policy::authority::{AuthorityPolicy, window_start};
        let live = |s: Seq| self.is_live(s);
        let policy = &self.policies().authority;
        let from = window_start(day);
        let counts = |(id, r): &(RequestId, &Request)| {
            let within = from <= r.fact.asked.on && r.fact.asked.on <= day;
            let posted = r.posted.get(&live);
            let by = posted.map(|p| policy.rank(&p.role).unwrap_or(0));
            r.fact.customer == customer
                && r.fact.currency == currency
                && r.fact.grant.is_some()
                && within
                && by.is_some_and(|by| AuthorityPolicy::counts_towards(by, rank))
                && self.request_state(*id) != Some(RequestState::Over)
        };
        let all = self.requests().filter(counts);
        all.fold(0, |sum, (_, r)| sum.saturating_add(r.fact.granted))
    }
    /// The purchase order of an item: the last one asked for, else the source's own.
    pub fn po_of(&self, id: ItemId) -> &str {
        let live = |s: Seq| self.is_live(s);
        let asked = self.requests().filter_map(|(_, r)| {
            let Resolution::PoChange(change) = &r.fact.asked.what else {
                return None;
            };
            r.posted.get(&live)?;
            let also = change.also.iter().filter_map(|key| self.find_item(key));
            let all = std::iter::once(self.current(r.fact.item)).chain(also);
            let of_it = all.into_iter().any(|i| i == id);
            of_it.then_some(change.po.as_str())
        });
        if let Some(po) = asked.last() {
            return po;
        }
        self.item(id)
            .map_or("", |i| i.text(&crate::columns::TextField::Po))
    }
}
