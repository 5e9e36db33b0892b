//! Commands about cases become events, or a refusal.

use super::*;
use crate::command::Context;
use crate::decide::{Decision, not_empty, positive};
use crate::event::Event;
use crate::items::ItemRef;
use crate::keys::ItemKey;
use crate::refusal::{CaseRefusal, Field, Refusal};
use duebook_money::Currency;

/// Most cases of one command, and most lines of one case.
const MAX_CASES: usize = 50_000;
const MAX_LINES: usize = 2_000;

impl Book {
    pub(crate) fn decide_case(
        &self,
        context: &Context,
        command: &CaseCommand,
    ) -> Result<Decision, Refusal> {
        let events = match command {
            CaseCommand::Request(command) => return self.decide_request(context, command),
            CaseCommand::Open(new) => self.open_cases(context, new)?,
            CaseCommand::Move {
                case,
                state,
                department,
                owner,
                close,
                note,
            } => {
                let id = self.case_id(case)?;
                let hop = Hop {
                    state: *state,
                    department: department.trim().to_owned(),
                    owner: owner.trim().to_owned(),
                    on: context.ledger_date,
                    close: *close,
                    note: *note,
                };
                vec![self.moved(id, hop)?]
            }
            CaseCommand::SetLines { case, lines } => self.lines_set(context, case, lines)?,
            CaseCommand::Edit { case, edit } => self.edited(case, std::slice::from_ref(edit))?,
            CaseCommand::EditAll { case, edits } => self.edited(case, edits)?,
            CaseCommand::SetEvidence {
                case,
                what,
                state,
                text,
            } => {
                let case = self.case_id(case)?;
                not_empty(what, Field::Name)?;
                vec![CaseEvent::EvidenceSet {
                    case,
                    what: what.trim().to_owned(),
                    state: *state,
                    text: *text,
                }]
            }
            CaseCommand::Say {
                cases,
                kind,
                text,
                by,
            } => {
                if cases.is_empty() {
                    return Err(Refusal::Empty(Field::Items));
                }
                let said = CaseSaid {
                    kind: *kind,
                    text: *text,
                    by: by.trim().to_owned(),
                    on: context.ledger_date,
                };
                let say = |key: &FactKey| {
                    let (case, said) = (self.case_id(key)?, said.clone());
                    Ok(CaseEvent::Said { case, said })
                };
                cases.iter().map(say).collect::<Result<Vec<_>, Refusal>>()?
            }
            CaseCommand::Merge { from, into } => self.merged(context, from, into)?,
            CaseCommand::Split {
                case,
                lines,
                reason,
                department,
            } => self.split_case(context, case, lines, reason, department)?,
            CaseCommand::Escalate {
                customer,
                case,
                to,
                reason,
                question,
                due,
                level,
            } => {
                let customer = self.customer_id(customer)?;
                let case = case.map(|key| self.case_id(&key)).transpose()?;
                not_empty(to, Field::Name)?;
                if *due < context.ledger_date {
                    return Err(Refusal::DateBefore {
                        date: *due,
                        earliest: context.ledger_date,
                    });
                }
                vec![CaseEvent::Escalated(EscalationFact {
                    customer,
                    case,
                    to: to.trim().to_owned(),
                    reason: reason.trim().to_owned(),
                    question: *question,
                    on: context.ledger_date,
                    due: *due,
                    level: level.unwrap_or(0),
                })]
            }
            CaseCommand::DigestSent { who, cases } => {
                not_empty(who, Field::Name)?;
                if cases.is_empty() {
                    return Err(Refusal::Empty(Field::Items));
                }
                let open = |key: &FactKey| {
                    let id = self.case_id(key)?;
                    self.not_over(id).map(|_| id)
                };
                vec![CaseEvent::DigestSent(DigestFact {
                    who: who.trim().to_owned(),
                    on: context.ledger_date,
                    cases: cases
                        .iter()
                        .map(open)
                        .collect::<Result<Vec<_>, Refusal>>()?,
                })]
            }
            CaseCommand::AnswerEscalation {
                escalation,
                text,
                by,
            } => vec![self.answered_escalation(context, escalation, *text, by)?],
            CaseCommand::Import { cases, .. } => self.import_cases(context, cases)?,
        };
        let events: Vec<Event> = events.into_iter().map(Event::Case).collect();
        Ok(events.into())
    }

    fn edited(&self, case: &FactKey, edits: &[CaseEdit]) -> Result<Vec<CaseEvent>, Refusal> {
        let case = self.case_id(case)?;
        if edits.is_empty() {
            return Err(Refusal::Empty(Field::Value));
        }
        let set = |edit: &CaseEdit| {
            if let CaseEdit::Reason(code) = edit {
                self.reason_code(code)?;
            }
            let edit = edit.clone();
            Ok(CaseEvent::Edited { case, edit })
        };
        edits.iter().map(set).collect()
    }

    pub(crate) fn case_id(&self, key: &FactKey) -> Result<CaseId, Refusal> {
        self.find_case(*key).ok_or(Refusal::UnknownFact(*key))
    }

    /// The commit that is being decided.
    pub(crate) fn next_seq(&self) -> Seq {
        Seq(self.head().0 + 1)
    }

    fn reason_code(&self, code: &str) -> Result<&duebook_policy::cases::Reason, Refusal> {
        let found = self.policies().cases.reason(code);
        found.ok_or_else(|| Refusal::Case(CaseRefusal::UnknownReason(code.trim().to_owned())))
    }

    /// Cases taken down by one command; they see each other.
    pub(crate) fn open_cases(
        &self,
        context: &Context,
        new: &[NewCase],
    ) -> Result<Vec<CaseEvent>, Refusal> {
        if new.is_empty() {
            return Err(Refusal::Empty(Field::Items));
        }
        if new.len() > MAX_CASES {
            return Err(Refusal::TooLarge);
        }
        let mut asked: BTreeMap<ItemId, i64> = BTreeMap::new();
        let mut events = Vec::with_capacity(new.len());
        for (n, new) in new.iter().enumerate() {
            let (customer, items) = self.named(new)?;
            let mut lines = Vec::with_capacity(items.len());
            for ((key, amount), item) in new.lines.iter().zip(&items) {
                if !new.query {
                    positive(*amount)?;
                    if item.recorded_amount() < 0 {
                        return Err(Refusal::WrongSide(key.clone()));
                    }
                    let asked = asked.entry(item.id).or_default();
                    *asked = asked.saturating_add(*amount);
                    self.is_free(key, item, *asked)?;
                }
                lines.push(CaseLine {
                    item: item.id,
                    amount: if new.query { 0 } else { *amount },
                    since: context.ledger_date,
                    seq: self.next_seq(),
                });
            }
            events.push(self.opened(new, customer, lines, context.ledger_date, n)?);
        }
        Ok(events)
    }

    /// Cases of what stays open after payments of the same commit (a short payment): `paid` answers
    /// what these ask of an item.
    pub(crate) fn contested(
        &self,
        context: &Context,
        parts: &[&(ItemKey, i64, String)],
        paid: impl Fn(ItemId) -> i64,
    ) -> Result<Vec<Event>, Refusal> {
        let mut events = Vec::with_capacity(parts.len());
        let mut asked: BTreeMap<ItemId, i64> = BTreeMap::new();
        for (place, (key, amount, reason)) in parts.iter().copied().enumerate() {
            positive(*amount)?;
            let new = NewCase {
                lines: vec![(key.clone(), *amount)],
                reason: reason.clone(),
                ..NewCase::default()
            };
            let (customer, items) = self.named(&new)?;
            let mut lines = Vec::with_capacity(items.len());
            for item in &items {
                if item.recorded_amount() < 0 {
                    return Err(Refusal::WrongSide(key.clone()));
                }
                let asked = asked.entry(item.id).or_default();
                *asked = asked.saturating_add(*amount);
                self.is_free(key, item, asked.saturating_add(paid(item.id)))?;
                lines.push(CaseLine {
                    item: item.id,
                    amount: *amount,
                    since: context.ledger_date,
                    seq: self.next_seq(),
                });
            }
            let opened = self.opened(&new, customer, lines, context.ledger_date, place)?;
            events.push(Event::Case(opened));
        }
        Ok(events)
    }

    /// Whose a new case is, and its items: of one customer and currency.
    pub(super) fn named(&self, new: &NewCase) -> Result<(CustomerId, Vec<ItemRef<'_>>), Refusal> {
        if new.lines.len() > MAX_LINES {
            return Err(Refusal::TooLarge);
        }
        let mut items: Vec<ItemRef<'_>> = Vec::with_capacity(new.lines.len());
        for (key, _) in &new.lines {
            let id = self.item_id(key)?;
            let item = self
                .item(id)
                .ok_or_else(|| Refusal::UnknownItem(key.clone()))?;
            if let Some(first) = items.first() {
                if first.customer() != item.customer() {
                    return Err(Refusal::AnotherCustomer(key.clone()));
                }
                if first.currency() != item.currency() {
                    return Err(Refusal::CurrencyDiffers {
                        expected: first.currency(),
                        given: item.currency(),
                    });
                }
            }
            items.push(item);
        }
        let customer = match (items.first(), &new.customer) {
            (Some(item), _) => item.customer(),
            (None, Some(key)) if new.query => self.customer_id(key)?,
            (None, Some(_)) => return Err(Refusal::Case(CaseRefusal::NoAmount)),
            (None, None) => return Err(Refusal::Empty(Field::Items)),
        };
        Ok((customer, items))
    }

    pub(super) fn opened(
        &self,
        new: &NewCase,
        customer: CustomerId,
        lines: Vec<CaseLine>,
        opened_on: Day,
        place: usize,
    ) -> Result<CaseEvent, Refusal> {
        let reason = self.reason_code(&new.reason)?;
        let department = match new.department.trim() {
            "" => reason.department.clone(),
            given => given.to_owned(),
        };
        let first = lines.first().and_then(|l| self.item(l.item));
        let book = self.about().map_or(Currency::XXX, |a| a.currency);
        Ok(CaseEvent::Opened(CaseFact {
            number: self.case_number(place),
            customer,
            query: new.query,
            currency: first.map_or(book, |i| i.currency()),
            lines,
            reason: reason.code.clone(),
            department,
            owner: new.owner.trim().to_owned(),
            opened_on,
            ticket: new.ticket.trim().to_owned(),
            text: new.text,
            evidence: reason.evidence.clone(),
            split_from: None,
        }))
    }

    /// The number of the `place`th case of this commit. Numbers of undone cases are not given again.
    fn case_number(&self, place: usize) -> String {
        format!("C-{}", self.cases.cases.len() + place + 1)
    }

    /// An amount can be contested while that much is open and no case contests it already.
    fn is_free(&self, key: &ItemKey, item: &ItemRef<'_>, asked: i64) -> Result<(), Refusal> {
        let shares = self.case_shares(item.id, Day(i32::MAX), &|s| self.is_live(s));
        let contested = shares
            .iter()
            .fold(0i64, |sum, s| sum.saturating_add(s.money.disputed));
        let open = item.open().max(0).saturating_sub(contested).max(0);
        if asked > open {
            return Err(Refusal::MoreThanOpen {
                item: key.clone(),
                open,
                asked,
            });
        }
        Ok(())
    }

    /// A hop that may be (DS-03). A close says how; nothing else does.
    pub(super) fn moved(&self, id: CaseId, hop: Hop) -> Result<CaseEvent, Refusal> {
        let from = self.case_state(id).unwrap_or(CaseState::New);
        let to = hop.state;
        if !from.may_become(to) {
            return Err(Refusal::Case(CaseRefusal::CannotMove { from, to }));
        }
        if (to == CaseState::Closed) != hop.close.is_some() {
            return Err(Refusal::Case(CaseRefusal::HowClosed));
        }
        Ok(CaseEvent::Moved { case: id, hop })
    }

    pub(crate) fn not_over(&self, id: CaseId) -> Result<&Case, Refusal> {
        let case = self.case(id);
        let case = case.ok_or(Refusal::Case(CaseRefusal::NothingLeft))?;
        if self.case_state(id) == Some(CaseState::Closed) {
            return Err(Refusal::Case(CaseRefusal::Over(case.fact.number.clone())));
        }
        Ok(case)
    }

    /// What a case contests of an item now.
    fn contested_by(&self, id: CaseId, item: ItemId) -> i64 {
        let shares = self.case_shares(item, Day(i32::MAX), &|s| self.is_live(s));
        let ours = shares.iter().filter(|s| s.case == id);
        ours.fold(0, |sum, s| sum + s.money.disputed)
    }

    fn lines_set(
        &self,
        context: &Context,
        key: &FactKey,
        asked: &[(ItemKey, i64)],
    ) -> Result<Vec<CaseEvent>, Refusal> {
        let id = self.case_id(key)?;
        let case = self.not_over(id)?;
        if asked.len() > MAX_LINES {
            return Err(Refusal::TooLarge);
        }
        let live = |s| self.is_live(s);
        let mut lines = case.lines_now(&live).to_vec();
        let mut wanted: BTreeMap<ItemId, i64> = BTreeMap::new();
        for (key, amount) in asked {
            let item = self.item_id(key)?;
            let item = self
                .item(item)
                .ok_or_else(|| Refusal::UnknownItem(key.clone()))?;
            if item.customer() != case.fact.customer {
                return Err(Refusal::AnotherCustomer(key.clone()));
            }
            if item.currency() != case.fact.currency && !lines.is_empty() {
                return Err(Refusal::CurrencyDiffers {
                    expected: case.fact.currency,
                    given: item.currency(),
                });
            }
            if item.recorded_amount() < 0 {
                return Err(Refusal::WrongSide(key.clone()));
            }
            if case.fact.query {
                wanted.insert(item.id, 0);
                continue;
            }
            if *amount < 0 {
                return Err(Refusal::NotPositive(*amount));
            }
            let more = amount.saturating_sub(self.contested_by(id, item.id));
            if more > 0 {
                self.is_free(key, &item, more)?;
            }
            wanted.insert(item.id, *amount);
        }
        let named: Vec<ItemId> = lines.iter().map(|l| self.current(l.item)).collect();
        for item in named {
            let amount = wanted.remove(&item).unwrap_or(0);
            self.contest(id, item, amount, &mut lines);
        }
        let fresh = |(item, amount)| CaseLine {
            item,
            amount,
            since: context.ledger_date,
            seq: self.next_seq(),
        };
        lines.extend(wanted.into_iter().map(fresh));
        if !case.fact.query {
            lines.retain(|l| l.amount > 0);
        }
        if lines.is_empty() {
            return Err(Refusal::Case(CaseRefusal::NothingLeft));
        }
        Ok(vec![CaseEvent::LinesSet { case: id, lines }])
    }

    /// Makes a case contest `amount` of an item now; what was settled of it stays.
    fn contest(&self, id: CaseId, item: ItemId, amount: i64, lines: &mut [CaseLine]) {
        let shares = self.case_shares(item, Day(i32::MAX), &|s| self.is_live(s));
        let ours: Vec<&CaseShare> = shares.iter().filter(|s| s.case == id).collect();
        let mut change = amount - ours.iter().fold(0, |sum, s| sum + s.money.disputed);
        for share in ours.iter().rev() {
            let Some(line) = lines.iter_mut().find(|l| **l == share.line) else {
                continue;
            };
            let step = change.max(-share.money.disputed);
            line.amount += step;
            change -= step;
        }
    }

    /// The lines of a case, each less the part of `parts` that goes elsewhere.
    pub(crate) fn without(&self, id: CaseId, parts: &BTreeMap<ItemId, i64>) -> Vec<CaseLine> {
        let Some(case) = self.case(id) else {
            return Vec::new();
        };
        let mut lines = case.lines_now(&|s| self.is_live(s)).to_vec();
        for (item, part) in parts {
            let left = self.contested_by(id, *item).saturating_sub(*part).max(0);
            self.contest(id, *item, left, &mut lines);
        }
        lines.retain(|l| l.amount > 0);
        lines
    }

    fn merged(
        &self,
        context: &Context,
        from: &FactKey,
        into: &FactKey,
    ) -> Result<Vec<CaseEvent>, Refusal> {
        let (from_id, into_id) = (self.case_id(from)?, self.case_id(into)?);
        let (from, into) = (self.not_over(from_id)?, self.not_over(into_id)?);
        let one = (from.fact.customer, from.fact.currency, from.fact.query);
        let other = (into.fact.customer, into.fact.currency, into.fact.query);
        if from_id == into_id || one != other {
            return Err(Refusal::Case(CaseRefusal::NotOneCase));
        }
        let live = |s| self.is_live(s);
        let mut lines = into.lines_now(&live).to_vec();
        lines.extend_from_slice(from.lines_now(&live));
        let hop = Hop {
            state: CaseState::Closed,
            department: String::new(),
            owner: String::new(),
            on: context.ledger_date,
            close: Some(CaseClose::Merged),
            note: None,
        };
        Ok(vec![
            CaseEvent::LinesSet {
                case: from_id,
                lines: Vec::new(),
            },
            CaseEvent::LinesSet {
                case: into_id,
                lines,
            },
            self.moved(from_id, hop)?,
        ])
    }

    fn split_case(
        &self,
        context: &Context,
        key: &FactKey,
        parts: &[(ItemKey, i64)],
        reason: &str,
        department: &str,
    ) -> Result<Vec<CaseEvent>, Refusal> {
        let id = self.case_id(key)?;
        let case = self.not_over(id)?;
        if parts.is_empty() {
            return Err(Refusal::Empty(Field::Items));
        }
        let mut going: BTreeMap<ItemId, i64> = BTreeMap::new();
        for (key, amount) in parts {
            positive(*amount)?;
            let item = self.item_id(key)?;
            let asked = going.entry(item).or_default();
            *asked = asked.saturating_add(*amount);
            let (open, asked) = (self.contested_by(id, item), *asked);
            if asked > open {
                let item = key.clone();
                return Err(Refusal::MoreThanOpen { item, open, asked });
            }
        }
        let rest = self.without(id, &going);
        if rest.is_empty() {
            return Err(Refusal::Case(CaseRefusal::NothingLeft));
        }
        let new = NewCase {
            lines: parts.to_vec(),
            reason: reason.to_owned(),
            department: department.to_owned(),
            ticket: case.ticket_now(&|s| self.is_live(s)).to_owned(),
            text: case.fact.text,
            ..NewCase::default()
        };
        let fresh = |(item, amount): (&ItemId, &i64)| CaseLine {
            item: *item,
            amount: *amount,
            since: context.ledger_date,
            seq: self.next_seq(),
        };
        let lines = going.iter().map(fresh).collect();
        let opened = self.opened(&new, case.fact.customer, lines, case.fact.opened_on, 0)?;
        let opened = match opened {
            CaseEvent::Opened(fact) => CaseEvent::Opened(CaseFact {
                split_from: Some(id),
                ..fact
            }),
            other => other,
        };
        let rest = CaseEvent::LinesSet {
            case: id,
            lines: rest,
        };
        Ok(vec![rest, opened])
    }

    fn answered_escalation(
        &self,
        context: &Context,
        key: &FactKey,
        text: Option<TextRef>,
        by: &str,
    ) -> Result<CaseEvent, Refusal> {
        let escalation = match self.find_fact(*key) {
            Some(FactId::Escalation(id)) => id,
            _ => return Err(Refusal::UnknownFact(*key)),
        };
        let live = |s| self.is_live(s);
        let known = self.cases.escalations.get(escalation.index());
        let known = known.filter(|e| live(e.commit));
        let known = known.ok_or(Refusal::UnknownFact(*key))?;
        if known.answer.get(&live).is_some() {
            return Err(Refusal::AlreadyEnded(*key));
        }
        Ok(CaseEvent::EscalationAnswered {
            escalation,
            answer: EscalationAnswer {
                text,
                on: context.ledger_date,
                by: by.trim().to_owned(),
            },
        })
    }
}
