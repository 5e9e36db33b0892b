//! Commands of plans become events or a refusal.

use super::granted::Raised;
use super::*;
use crate::book::FactId;
use crate::command::Context;
use crate::decide::{Decision, not_empty, positive};
use crate::event::Event;
use crate::facts::*;
use crate::keys::ItemKey;
use crate::refusal::{Field, Refusal};
use std::collections::BTreeSet;

/// Most instalments of a plan.
pub const MAX_INSTALMENTS: usize = 600;

impl Book {
    pub(crate) fn decide_plan(
        &self,
        context: &Context,
        command: &PlanCommand,
    ) -> Result<Decision, Refusal> {
        match command {
            PlanCommand::Agree(new) => self.decide_agree(context, new),
            PlanCommand::EndPlan { plan, how, reason } => self.decide_end_plan(plan, *how, reason),
            PlanCommand::Offer(new) => self.decide_offer(context, new),
            PlanCommand::EndOffer { offer, how, reason } => {
                let (id, _) = self.open_offer(offer)?;
                not_empty(reason, Field::Ground)?;
                Ok(one(PlanEvent::OfferEnded {
                    offer: id,
                    how: *how,
                    reason: reason.trim().to_owned(),
                }))
            }
            PlanCommand::WriteOffRest { offer, effective } => self.decide_rest(offer, *effective),
            PlanCommand::RaiseCharges { charges, date, due } => {
                let mut raised = Raised::new(self);
                if charges.is_empty() {
                    return Err(Refusal::Empty(Field::Items));
                }
                for charge in charges {
                    raised.add(self, charge, (*date, *due))?;
                }
                Ok(raised.events.into())
            }
            PlanCommand::WaiveCharge {
                charge,
                amount,
                effective,
                reason,
                approved,
            } => self.decide_waive(context, charge, (*amount, *effective), reason, approved),
            PlanCommand::ReAge {
                items,
                to,
                reason,
                approved,
            } => self.decide_re_age(context, items, *to, reason, approved),
            PlanCommand::Place(new) => self.decide_place(context, new),
            PlanCommand::MovePlacement {
                placement,
                stage,
                day,
                note,
            } => Ok(one(PlanEvent::PlacementMoved {
                placement: self.open_placement(placement)?,
                stage: *stage,
                day: *day,
                note: note.trim().to_owned(),
            })),
            PlanCommand::EndPlacement {
                placement,
                how,
                reason,
            } => {
                not_empty(reason, Field::Ground)?;
                Ok(one(PlanEvent::PlacementEnded {
                    placement: self.open_placement(placement)?,
                    how: *how,
                    day: context.ledger_date,
                    reason: reason.trim().to_owned(),
                }))
            }
            PlanCommand::SetRisk(new) => self.decide_risk(context, new),
            PlanCommand::Acknowledge {
                items,
                on,
                evidence,
            } => {
                not_empty(evidence, Field::Ground)?;
                if *on > context.ledger_date {
                    let (date, earliest) = (context.ledger_date, *on);
                    return Err(Refusal::DateBefore { date, earliest });
                }
                let (customer, items) = self.of_one_customer(items)?;
                Ok(one(PlanEvent::Acknowledged(Acknowledged {
                    customer,
                    items,
                    on: *on,
                    evidence: evidence.trim().to_owned(),
                })))
            }
        }
    }

    /// Whether a plan of ours is in force by our own acts; whether it defaulted is a matter of money.
    pub(super) fn is_unended<T>(&self, commit: Seq, ended: &Versioned<T>) -> bool {
        self.is_live(commit) && ended.get(&|s| self.is_live(s)).is_none()
    }

    /// Items of the customer, each once, each with no more than is open.
    pub(super) fn covered(
        &self,
        customer: CustomerId,
        currency: Currency,
        items: &[(ItemKey, i64)],
        today: Day,
    ) -> Result<Vec<(ItemId, i64)>, Refusal> {
        if items.is_empty() {
            return Err(Refusal::Empty(Field::Items));
        }
        let (mut covered, mut seen) = (Vec::with_capacity(items.len()), BTreeSet::new());
        for (key, amount) in items {
            let item = self.debit_of(key, customer, currency)?;
            // A plan is of who owes: a parent's own debts, not its children's.
            if item.customer() != customer {
                return Err(Refusal::AnotherCustomer(key.clone()));
            }
            positive(*amount)?;
            self.not_more_than_open(key, &item, *amount, today)?;
            if !seen.insert(item.id) {
                return Err(Refusal::AlreadyCovered(key.clone()));
            }
            covered.push((item.id, *amount));
        }
        Ok(covered)
    }

    pub(super) fn is_uncovered<'a>(
        &self,
        covered: &[(ItemId, i64)],
        others: impl Iterator<Item = &'a [(ItemId, i64)]>,
    ) -> Result<(), Refusal> {
        let taken: BTreeSet<ItemId> = others
            .flat_map(|o| o.iter().map(|(id, _)| self.current(*id)))
            .collect();
        match covered.iter().find(|(id, _)| taken.contains(id)) {
            Some((id, _)) => Err(Refusal::AlreadyCovered(
                self.item_key(*id).unwrap_or_default(),
            )),
            None => Ok(()),
        }
    }

    fn decide_agree(&self, context: &Context, new: &NewPlan) -> Result<Decision, Refusal> {
        let today = context.ledger_date;
        let customer = self.customer_id(&new.customer)?;
        let contact = new
            .contact
            .as_ref()
            .map(|k| self.contact_id(k))
            .transpose()?;
        not_empty(&new.reason, Field::Ground)?;
        let mut covered = self.covered(customer, new.currency, &new.items, today)?;
        let plans = self
            .plans()
            .iter()
            .filter(|p| self.is_unended(p.commit, &p.ended));
        self.is_uncovered(&covered, plans.map(|p| p.fact.covered.as_slice()))?;
        if (new.interest == PlanInterest::FrontLoaded) == new.charges.is_empty() {
            return Err(Refusal::Empty(Field::Value));
        }
        let mut raised = Raised::new(self);
        let last = new.instalments.last().map_or(today, |(day, _)| *day);
        for charge in &new.charges {
            let id = raised.add(self, charge, (today, last))?;
            covered.push((id, charge.sheet.total()));
        }
        let total: i128 = covered.iter().map(|(_, a)| i128::from(*a)).sum();
        let instalments = self.instalments(&new.instalments, total, today)?;
        let mut events = raised.events;
        events.extend(self.superseded(customer, &covered, today));
        if new.acknowledgement.is_some() {
            events.push(Event::Plan(PlanEvent::Acknowledged(Acknowledged {
                customer,
                items: covered.iter().map(|(id, _)| *id).collect(),
                on: today,
                evidence: "payment plan".to_owned(),
            })));
        }
        events.push(Event::Plan(PlanEvent::Agreed(PlanFact {
            customer,
            contact,
            currency: new.currency,
            covered,
            instalments,
            agreed_on: today,
            interest: new.interest,
            triggers: new.triggers,
            reason: new.reason.trim().to_owned(),
            approved: new.approved.clone(),
            acknowledgement: new.acknowledgement,
        })));
        Ok(events.into())
    }

    /// PL-01: instalments by day, none before today, summing to what is covered.
    fn instalments(
        &self,
        asked: &[(Day, i64)],
        total: i128,
        today: Day,
    ) -> Result<Vec<PlanInstalment>, Refusal> {
        if asked.is_empty() {
            return Err(Refusal::NoLines);
        }
        if asked.len() > MAX_INSTALMENTS {
            return Err(Refusal::TooLarge);
        }
        let calendar = self.policies.calendar.business_days();
        let grace = i32::from(self.policies.recovery.plan_grace);
        let (mut earliest, mut sum, mut out) = (today, 0i128, Vec::with_capacity(asked.len()));
        for (due, amount) in asked {
            positive(*amount)?;
            if *due < earliest {
                let date = *due;
                return Err(Refusal::DateBefore { date, earliest });
            }
            sum += i128::from(*amount);
            out.push(PlanInstalment {
                due: *due,
                amount: *amount,
                window_end: calendar.add(*due, grace).unwrap_or(due.plus(grace)),
            });
            earliest = due.plus(1);
        }
        if sum != total {
            let fit = |v: i128| v.clamp(i128::from(i64::MIN), i128::from(i64::MAX)) as i64;
            return Err(Refusal::InstalmentsDiffer {
                total: fit(total),
                sum: fit(sum),
            });
        }
        Ok(out)
    }

    /// Promises still to come on what is covered now are superseded by the plan.
    fn superseded(
        &self,
        customer: CustomerId,
        covered: &[(ItemId, i64)],
        today: Day,
    ) -> Vec<Event> {
        let ids = self.customer(customer).map_or(&[][..], |c| &c.promises);
        let on_it = |id: &&PromiseId| {
            let Some(p) = self
                .promise(**id)
                .filter(|p| self.is_unended(p.commit, &p.ended))
            else {
                return false;
            };
            let to_come = p.fact.lines.iter().any(|l| l.date >= today);
            let items = p.fact.lines.iter().filter_map(|l| l.item);
            let mut items = items.map(|i| self.current(i));
            to_come && items.any(|i| covered.iter().any(|(id, _)| *id == i))
        };
        let end = |promise: &PromiseId| Event::PromiseEnded {
            promise: *promise,
            how: PromiseEnd::Superseded,
        };
        ids.iter().filter(on_it).map(end).collect()
    }

    fn decide_end_plan(
        &self,
        key: &FactKey,
        how: PlanEnd,
        reason: &str,
    ) -> Result<Decision, Refusal> {
        let Some(FactId::Plan(plan)) = self.find_fact(*key) else {
            return Err(Refusal::UnknownFact(*key));
        };
        let known = self
            .plans()
            .get(plan.index())
            .filter(|p| self.is_live(p.commit));
        let known = known.ok_or(Refusal::UnknownFact(*key))?;
        if !self.is_unended(known.commit, &known.ended) {
            return Err(Refusal::AlreadyEnded(*key));
        }
        not_empty(reason, Field::Ground)?;
        Ok(one(PlanEvent::PlanEnded {
            plan,
            how,
            reason: reason.trim().to_owned(),
        }))
    }

    /// Items, all of one customer.
    fn of_one_customer(&self, keys: &[ItemKey]) -> Result<(CustomerId, Vec<ItemId>), Refusal> {
        let ids = keys
            .iter()
            .map(|k| self.item_id(k))
            .collect::<Result<Vec<_>, _>>()?;
        let owner = |id: &ItemId| self.item(*id).map(|i| i.customer());
        let first = ids
            .first()
            .and_then(owner)
            .ok_or(Refusal::Empty(Field::Items))?;
        match keys
            .iter()
            .zip(&ids)
            .find(|(_, id)| owner(id) != Some(first))
        {
            Some((key, _)) => Err(Refusal::AnotherCustomer(key.clone())),
            None => Ok((first, ids)),
        }
    }

    fn decide_re_age(
        &self,
        context: &Context,
        keys: &[ItemKey],
        to: Day,
        reason: &str,
        approved: &Approved,
    ) -> Result<Decision, Refusal> {
        let (customer, ids) = self.of_one_customer(keys)?;
        not_empty(reason, Field::Ground)?;
        not_empty(&approved.by, Field::Name)?;
        if duebook_policy::authority::same_name(&approved.by, &context.actor) {
            return Err(Refusal::ApprovedByMaker);
        }
        let (mut events, mut items) = (Vec::new(), Vec::new());
        for id in ids {
            let item = self.item(id).map(|i| crate::items::day(self.due_of(&i)));
            items.push((id, item.flatten()));
            events.push(Event::FieldSet {
                item: id,
                field: CollectorField::AgingAnchor,
                value: to.to_string(),
            });
        }
        events.push(Event::Plan(PlanEvent::ReAged(ReAged {
            customer,
            items,
            to,
            reason: reason.trim().to_owned(),
            approved: approved.clone(),
        })));
        Ok(events.into())
    }

    fn decide_place(&self, context: &Context, new: &NewPlacement) -> Result<Decision, Refusal> {
        let customer = self.customer_id(&new.customer)?;
        not_empty(&new.name, Field::Name)?;
        not_empty(&new.reason, Field::Ground)?;
        if new.commission_ppm > 1_000_000 {
            return Err(Refusal::TooLarge);
        }
        let first = new.items.first().ok_or(Refusal::Empty(Field::Items))?;
        let currency = self
            .item(self.item_id(first)?)
            .map_or(Currency::XXX, |i| i.currency());
        let open = |key: &ItemKey| {
            let item = self.debit_of(key, customer, currency)?;
            Ok((key.clone(), item.open()))
        };
        let asked = new
            .items
            .iter()
            .map(open)
            .collect::<Result<Vec<_>, Refusal>>()?;
        let items = self.covered(customer, currency, &asked, context.ledger_date)?;
        let placed = self.placements().iter();
        let placed = placed.filter(|p| self.is_unended(p.commit, &p.ended));
        self.is_uncovered(&items, placed.map(|p| p.fact.items.as_slice()))?;
        let placement = PlacementId(self.placements().len() as u32);
        Ok(vec![
            Event::Plan(PlanEvent::Placed(PlacementFact {
                customer,
                with: new.with,
                name: new.name.trim().to_owned(),
                currency,
                items,
                placed_on: context.ledger_date,
                commission_ppm: new.commission_ppm,
                reference: new.reference.trim().to_owned(),
                reason: new.reason.trim().to_owned(),
                approved: new.approved.clone(),
            })),
            Event::Plan(PlanEvent::PlacementMoved {
                placement,
                stage: new.stage,
                day: context.ledger_date,
                note: String::new(),
            }),
        ]
        .into())
    }

    fn open_placement(&self, key: &FactKey) -> Result<PlacementId, Refusal> {
        let Some(FactId::Placement(id)) = self.find_fact(*key) else {
            return Err(Refusal::UnknownFact(*key));
        };
        let known = self
            .placements()
            .get(id.index())
            .filter(|p| self.is_live(p.commit));
        let known = known.ok_or(Refusal::UnknownFact(*key))?;
        if !self.is_unended(known.commit, &known.ended) {
            return Err(Refusal::AlreadyEnded(*key));
        }
        Ok(id)
    }

    fn decide_risk(&self, context: &Context, new: &NewRisk) -> Result<Decision, Refusal> {
        let risk = match &new.risk {
            None => RiskId(self.risks().len() as u32),
            Some(key) => match self.find_fact(*key) {
                Some(FactId::Risk(id))
                    if self
                        .risks()
                        .get(id.index())
                        .is_some_and(|r| self.is_live(r.commit)) =>
                {
                    id
                }
                _ => return Err(Refusal::UnknownFact(*key)),
            },
        };
        not_empty(&new.what, Field::Details)?;
        not_empty(&new.owner, Field::Name)?;
        not_empty(&new.action, Field::Value)?;
        if new.per_mille > 1000 || new.impact > crate::decide::MAX_AMOUNT {
            return Err(Refusal::TooLarge);
        }
        if new.impact < 0 {
            return Err(Refusal::NotPositive(new.impact));
        }
        if !new.closed && new.review < context.ledger_date {
            let (date, earliest) = (new.review, context.ledger_date);
            return Err(Refusal::DateBefore { date, earliest });
        }
        let fact = RiskFact {
            customer: self.customer_id(&new.customer)?,
            what: new.what.trim().to_owned(),
            per_mille: new.per_mille,
            impact: new.impact,
            currency: new.currency,
            owner: new.owner.trim().to_owned(),
            action: new.action.trim().to_owned(),
            review: new.review,
            closed: new.closed,
        };
        Ok(one(PlanEvent::RiskSet { risk, fact }))
    }
}

pub(super) fn one(event: PlanEvent) -> Decision {
    vec![Event::Plan(event)].into()
}
