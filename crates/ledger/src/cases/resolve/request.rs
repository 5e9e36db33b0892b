//! A request is made, approved, posted, or ends (ST-01, ST-02).

use super::plan::Plan;
use super::*;
use crate::cases::{CaseEvent, CaseState, Hop};
use crate::command::Context;
use crate::decide::{Decision, not_empty};
use crate::event::Event;
use crate::refusal::{CaseRefusal, Field, Refusal};
use duebook_policy::authority::{Ask, same_name};
use minicbor::{Decode, Encode};

/// What a user asks of requests.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum RequestCommand {
    /// Proposes a resolution; within the maker's authority it is posted at once. Refused: unknown
    /// case or item, a date before the document or in a closed period, lines that do not sum, more
    /// than is open, a tax credit note too late, above the limit unless it is to wait for approval.
    #[n(0)]
    Make(#[n(0)] Box<NewRequest>),
    /// Records who approved a request, and posts it. Refused: unknown, over, approved by its maker,
    /// by somebody whose limit is below it, without a reference, or what refuses the posting now.
    #[n(1)]
    Approve {
        /// Which.
        #[n(0)]
        request: FactKey,
        /// By whom.
        #[n(1)]
        approval: Approval,
    },
    /// Ends a request that waits. Refused: unknown, posted or over.
    #[n(2)]
    End {
        /// Which.
        #[n(0)]
        request: FactKey,
        /// How.
        #[n(1)]
        how: RequestEnd,
        /// Why.
        #[n(2)]
        text: Option<TextRef>,
    },
    /// The source's documents are there: their numbers, and their lines where they were entered.
    /// Refused: unknown, not posted, executed already, a number for none.
    #[n(3)]
    Execute {
        /// Which.
        #[n(0)]
        request: FactKey,
        /// Number of each proposed document, in order.
        #[n(1)]
        numbers: Vec<String>,
        /// Lines of each as they came; empty where they were not entered.
        #[n(2)]
        lines: Vec<Vec<DocLine>>,
    },
}

impl Book {
    pub(crate) fn decide_request(
        &self,
        context: &Context,
        command: &RequestCommand,
    ) -> Result<Decision, Refusal> {
        match command {
            RequestCommand::Make(asked) => self.make_request(context, asked),
            RequestCommand::Approve { request, approval } => {
                self.approve_request(context, request, approval)
            }
            RequestCommand::End { request, how, text } => {
                let id = self.request_id(request)?;
                if self.request_state(id) != Some(RequestState::ToApprove) {
                    return Err(Refusal::AlreadyEnded(*request));
                }
                let mut events = vec![said(RequestEvent::Ended(id, *how, *text))];
                let case = self.request(id).and_then(|r| r.fact.case);
                events.extend(self.hop(context, case, CaseState::WithOwner));
                Ok(events.into())
            }
            RequestCommand::Execute {
                request,
                numbers,
                lines,
            } => self.execute_request(context, request, numbers, lines),
        }
    }

    pub(super) fn request_id(&self, key: &FactKey) -> Result<RequestId, Refusal> {
        self.find_request(*key).ok_or(Refusal::UnknownFact(*key))
    }

    fn plan_of<'a>(
        &'a self,
        context: &Context,
        asked: &'a NewRequest,
        name: &str,
    ) -> Result<Plan<'a>, Refusal> {
        let mut plan = Plan::new(self, asked, context.ledger_date, name.to_owned())?;
        match &asked.what {
            Resolution::Rebill(rebill) => plan.rebill(asked, rebill)?,
            Resolution::Split(split) => plan.split(asked, split)?,
            Resolution::PoChange(change) => plan.po_change(change)?,
            Resolution::Adjust(adjust) => plan.adjust(asked, adjust)?,
        }
        Ok(plan)
    }

    /// The plan of a request that is not made yet, and the fact it would be.
    fn draw_up<'a>(
        &'a self,
        context: &Context,
        asked: &'a NewRequest,
        case: Option<crate::ids::CaseId>,
    ) -> Result<(Plan<'a>, RequestFact), Refusal> {
        not_empty(&asked.reason, Field::Ground)?;
        let number = format!("R-{}", self.cases.requests.len() + 1);
        let plan = self.plan_of(context, asked, &number)?;
        let fact = RequestFact {
            number,
            asked: asked.clone(),
            case,
            customer: plan.customer,
            item: plan.item.id,
            currency: plan.item.currency(),
            grant: plan.grant.map(|(grant, _)| grant),
            granted: plan.grant.map_or(0, |(_, amount)| amount),
            document: self.amount_of(&plan.item).saturating_abs(),
            maker: context.actor.clone(),
            proposed: plan.proposed.clone(),
        };
        Ok((plan, fact))
    }

    /// What a request would post once somebody had approved it, whatever its maker's limit: for a
    /// preview; nothing of it is decided.
    ///
    /// # Errors
    /// What refuses the posting itself.
    pub fn would_post(&self, context: &Context, asked: &NewRequest) -> Result<Vec<Event>, Refusal> {
        let (plan, fact) = self.draw_up(context, asked, None)?;
        let id = RequestId(self.cases.requests.len() as u32);
        let mut events = vec![said(RequestEvent::Made(Box::new(fact.clone())))];
        self.post(context, &mut events, (id, &fact), plan, "", None);
        Ok(events)
    }

    fn make_request(&self, context: &Context, asked: &NewRequest) -> Result<Decision, Refusal> {
        let case = match &asked.case {
            Some(key) => {
                let id = self.case_id(key)?;
                self.not_over(id)?;
                Some(id)
            }
            None => None,
        };
        let (plan, fact) = self.draw_up(context, asked, case)?;
        let id = RequestId(self.cases.requests.len() as u32);
        let policy = &self.policies().authority;
        let rank = policy.rank_of(&context.actor);
        let ask = self.ask_of(&fact, rank);
        let breaches = ask.map_or(Vec::new(), |ask| policy.breaches_alone(rank, &ask));
        if !breaches.is_empty() && !asked.ask {
            let needed = ask.and_then(|ask| self.role_needed(&fact, &ask));
            return Err(Refusal::Case(CaseRefusal::OverLimit { breaches, needed }));
        }
        let mut fact = fact;
        if !breaches.is_empty() {
            // A number is drawn when a document is issued: one that is refused would leave a gap.
            for place in &plan.from_range {
                if let Some(p) = fact.proposed.get_mut(*place) {
                    p.number = plan.placeholder(*place);
                }
            }
        }
        let mut events = vec![said(RequestEvent::Made(Box::new(fact.clone())))];
        if breaches.is_empty() {
            let role = policy.role(rank).map_or("", |r| r.role.as_str());
            self.post(context, &mut events, (id, &fact), plan, role, None);
        } else {
            events.extend(self.hop(context, case, CaseState::Proposed));
        }
        Ok(events.into())
    }

    fn ask_of(&self, fact: &RequestFact, rank: usize) -> Option<Ask> {
        let ask = Ask {
            grant: fact.grant?,
            currency: fact.currency,
            amount: fact.granted,
            document: fact.document,
            before: 0,
        };
        let before = self.granted_before(fact.customer, &ask, fact.asked.on, rank);
        Some(Ask { before, ..ask })
    }

    /// The least role that may grant it.
    fn role_needed(&self, fact: &RequestFact, ask: &Ask) -> Option<String> {
        let policy = &self.policies().authority;
        let before = |rank| self.granted_before(fact.customer, ask, fact.asked.on, rank);
        let rank = policy.needed(ask, before)?;
        policy.role(rank).map(|r| r.role.clone())
    }

    /// The role that a request waits for; `None` where nobody may grant it, or nothing is granted.
    pub fn role_for(&self, id: RequestId) -> Option<String> {
        let fact = &self.request(id)?.fact;
        self.role_needed(fact, &self.ask_of(fact, 0)?)
    }

    fn approve_request(
        &self,
        context: &Context,
        key: &FactKey,
        approval: &Approval,
    ) -> Result<Decision, Refusal> {
        let id = self.request_id(key)?;
        let request = self.request(id).ok_or(Refusal::UnknownFact(*key))?;
        if self.request_state(id) != Some(RequestState::ToApprove) {
            return Err(Refusal::AlreadyEnded(*key));
        }
        not_empty(&approval.who, Field::Name)?;
        not_empty(&approval.reference, Field::Ground)?;
        if same_name(&approval.who, &request.fact.maker) {
            return Err(Refusal::Case(CaseRefusal::SamePerson));
        }
        let on = approval.on.unwrap_or(context.ledger_date);
        if on > context.ledger_date {
            let (date, latest) = (on, context.ledger_date);
            return Err(Refusal::DateAfter { date, latest });
        }
        let policy = &self.policies().authority;
        let listed = policy.people.iter();
        let listed = listed.clone().any(|(p, _)| same_name(p, &approval.who));
        let rank = match listed {
            true => policy.rank_of(&approval.who),
            false => policy
                .rank(&approval.role)
                .ok_or_else(|| Refusal::Case(CaseRefusal::UnknownRole(approval.role.clone())))?,
        };
        if let Some(ask) = self.ask_of(&request.fact, rank) {
            let breaches = policy.breaches(rank, &ask);
            if !breaches.is_empty() {
                let needed = self.role_needed(&request.fact, &ask);
                return Err(Refusal::Case(CaseRefusal::OverLimit { breaches, needed }));
            }
        }
        let plan = self.plan_of(context, &request.fact.asked, &request.fact.number)?;
        let role = policy.role(rank).map_or("", |r| r.role.as_str());
        let approval = Approval {
            who: approval.who.trim().to_owned(),
            role: role.to_owned(),
            on: Some(on),
            reference: approval.reference.trim().to_owned(),
        };
        let mut events = Vec::new();
        let of = (id, &request.fact);
        self.post(context, &mut events, of, plan, role, Some(approval));
        Ok(events.into())
    }

    /// The postings, what they are, and the case's next step.
    fn post(
        &self,
        context: &Context,
        events: &mut Vec<Event>,
        (id, fact): (RequestId, &RequestFact),
        plan: Plan<'_>,
        role: &str,
        approval: Option<Approval>,
    ) {
        let issues = plan.issues();
        let as_issued = plan.proposed.iter().map(|p| p.number.clone());
        let numbers: Vec<String> = as_issued.collect();
        let as_proposed = fact.proposed.iter().map(|p| &p.number).eq(&numbers);
        events.extend(plan.events);
        let posted = Posted {
            role: role.to_owned(),
            approval,
            numbers: if as_proposed { Vec::new() } else { numbers },
            ..plan.posted
        };
        events.push(said(RequestEvent::Posted(id, posted)));
        let next = if issues {
            CaseState::Executed
        } else {
            CaseState::Approved
        };
        events.extend(self.hop(context, fact.case, next));
    }

    /// The case goes on with its request, where it can.
    pub(super) fn hop(
        &self,
        context: &Context,
        case: Option<crate::ids::CaseId>,
        to: CaseState,
    ) -> Option<Event> {
        let id = case?;
        let now = self.case(id)?.now(&|s| self.is_live(s)).hop;
        if !now.state.may_become(to) || now.state == to {
            return None;
        }
        let department = match now.department.as_str() {
            "" => self.case(id)?.fact.department.clone(),
            department => department.to_owned(),
        };
        let hop = Hop {
            state: to,
            department,
            owner: now.owner,
            on: context.ledger_date,
            close: None,
            note: None,
        };
        Some(Event::Case(CaseEvent::Moved { case: id, hop }))
    }
}

pub(super) fn said(event: RequestEvent) -> Event {
    Event::Case(CaseEvent::Request(Box::new(event)))
}
