//! Settlements and charges become events or a refusal.

use super::decide::one;
use super::*;
use crate::book::FactId;
use crate::columns::{ItemKind, SEGMENT_ROWS};
use crate::command::Context;
use crate::decide::{Decision, not_empty, positive};
use crate::event::{Event, ItemFact, SettlementFact};
use crate::facts::*;
use crate::items::OWN;
use crate::keys::ItemKey;
use crate::refusal::{Field, Refusal};
use duebook_policy::authority::Ask;
use std::collections::BTreeSet;

impl Book {
    pub(super) fn decide_offer(
        &self,
        context: &Context,
        new: &NewOffer,
    ) -> Result<Decision, Refusal> {
        let today = context.ledger_date;
        let customer = self.customer_id(&new.customer)?;
        not_empty(&new.reason, Field::Ground)?;
        let items = self.covered(customer, new.currency, &new.items, today)?;
        let offers = self.offers().iter();
        let standing = offers.filter(|o| self.is_unended(o.commit, &o.ended) && o.fact.by >= today);
        self.is_uncovered(&items, standing.map(|o| o.fact.items.as_slice()))?;
        positive(new.pay)?;
        if new.by < today {
            let (date, earliest) = (new.by, today);
            return Err(Refusal::DateBefore { date, earliest });
        }
        let debt = items
            .iter()
            .fold(0i64, |sum, (_, a)| sum.saturating_add(*a));
        if new.pay >= debt {
            return Err(Refusal::NotLess { debt, pay: new.pay });
        }
        let ask = Ask {
            grant: Grant::Settlement,
            currency: new.currency,
            amount: debt - new.pay,
            document: debt,
            before: 0,
        };
        let rank = self.authority(context, customer, ask, new.approved.as_ref())?;
        Ok(one(PlanEvent::Offered(OfferFact {
            customer,
            currency: new.currency,
            items,
            pay: new.pay,
            by: new.by,
            offered_on: today,
            wording: new.wording,
            reason: new.reason.trim().to_owned(),
            approved: new.approved.clone(),
            rank,
        })))
    }

    pub(super) fn open_offer(&self, key: &FactKey) -> Result<(OfferId, &Offer), Refusal> {
        let Some(FactId::Offer(id)) = self.find_fact(*key) else {
            return Err(Refusal::UnknownFact(*key));
        };
        let known = self
            .offers()
            .get(id.index())
            .filter(|o| self.is_live(o.commit));
        let known = known.ok_or(Refusal::UnknownFact(*key))?;
        if !self.is_unended(known.commit, &known.ended) {
            return Err(Refusal::AlreadyEnded(*key));
        }
        Ok((id, known))
    }

    /// ST-04: what an offer lets go, posted once its money cleared in time.
    pub(super) fn decide_rest(&self, key: &FactKey, effective: Day) -> Result<Decision, Refusal> {
        let (id, offer) = self.open_offer(key)?;
        let fact = &offer.fact;
        let items: Vec<ItemId> = fact.items.iter().map(|(i, _)| *i).collect();
        let paid = self.cash_in(&items, fact.offered_on, fact.by);
        if paid < fact.pay {
            let (needed, currency) = (fact.pay, fact.currency);
            return Err(Refusal::NotCleared {
                paid,
                needed,
                currency,
            });
        }
        if effective < fact.offered_on {
            let (date, earliest) = (effective, fact.offered_on);
            return Err(Refusal::DateBefore { date, earliest });
        }
        let standing = self.standing_of_ours();
        let (mut events, mut amount) = (Vec::new(), 0i64);
        for (id, covered) in &fact.items {
            let id = self.current(*id);
            let came = self.cash_in(&[id], fact.offered_on, fact.by);
            let open = self
                .item(id)
                .map_or(0, |i| self.least_open_from(&i, effective));
            let rest = covered.saturating_sub(came).min(open).max(0);
            if rest > 0 {
                amount = amount.saturating_add(rest);
                events.push(written_off(id, rest, effective, standing));
            }
        }
        if amount > 0 {
            events.push(Event::Plan(PlanEvent::Granted {
                customer: fact.customer,
                grant: Grant::Settlement,
                currency: fact.currency,
                amount,
                day: effective,
                rank: fact.rank,
                reason: fact.reason.clone(),
                approved: fact.approved.clone(),
            }));
        }
        events.push(Event::Plan(PlanEvent::OfferEnded {
            offer: id,
            how: OfferEnd::WrittenOff,
            reason: "paid in time".to_owned(),
        }));
        Ok(events.into())
    }

    pub(super) fn decide_waive(
        &self,
        context: &Context,
        key: &ItemKey,
        (amount, effective): (i64, Day),
        reason: &str,
        approved: &Option<Approved>,
    ) -> Result<Decision, Refusal> {
        let id = self.item_id(key)?;
        let item = self
            .item(id)
            .ok_or_else(|| Refusal::UnknownItem(key.clone()))?;
        if item.kind() != ItemKind::LateCharge {
            return Err(Refusal::NotACharge(key.clone()));
        }
        positive(amount)?;
        not_empty(reason, Field::Ground)?;
        let earliest = Day(item.doc_date());
        if effective < earliest {
            let date = effective;
            return Err(Refusal::DateBefore { date, earliest });
        }
        self.not_more_than_open(key, &item, amount, effective)?;
        // The share is of the debt that was paid late, where that is known.
        let principal = self.charge(id).map(|c| c.sheet.principal);
        let ask = Ask {
            grant: Grant::LateCharge,
            currency: item.currency(),
            amount,
            document: principal.unwrap_or_else(|| self.amount_of(&item)),
            before: 0,
        };
        let rank = self.authority(context, item.customer(), ask, approved.as_ref())?;
        let granted = Event::Plan(PlanEvent::Granted {
            customer: item.customer(),
            grant: Grant::LateCharge,
            currency: item.currency(),
            amount,
            day: effective,
            rank,
            reason: reason.trim().to_owned(),
            approved: approved.clone(),
        });
        Ok(vec![
            written_off(id, amount, effective, self.standing_of_ours()),
            granted,
        ]
        .into())
    }
}

fn written_off(item: ItemId, amount: i64, effective: Day, standing: Standing) -> Event {
    Event::Settled(SettlementFact {
        debit: Some(item),
        credit: None,
        amount,
        effective,
        cause: Cause::WriteOff,
        standing,
    })
}

/// Charges of one commit while it is decided.
pub(super) struct Raised {
    pub(super) events: Vec<Event>,
    next: ItemId,
    numbers: BTreeSet<(u16, String)>,
}

impl Raised {
    pub(super) fn new(book: &Book) -> Raised {
        Raised {
            events: Vec::new(),
            next: book.items.next_loose(OWN),
            numbers: BTreeSet::new(),
        }
    }

    /// Charged for an item by this commit so far, minor units.
    fn charged_for(&self, book: &Book, of: ItemId) -> i64 {
        let sums = self.events.iter().filter_map(|e| match e {
            Event::Plan(PlanEvent::Charged(c)) if book.current(c.of) == book.current(of) => {
                Some(c.sheet.total())
            }
            _ => None,
        });
        sums.fold(0i64, i64::saturating_add)
    }

    /// Raises a charge as an item of its own, dated and due; answers its id.
    pub(super) fn add(
        &mut self,
        book: &Book,
        charge: &NewCharge,
        (date, due): (Day, Day),
    ) -> Result<ItemId, Refusal> {
        let of = book.item_id(&charge.item)?;
        let item = book
            .item(of)
            .ok_or_else(|| Refusal::UnknownItem(charge.item.clone()))?;
        if item.recorded_amount() < 0 || item.kind() == ItemKind::LateCharge {
            return Err(Refusal::WrongSide(charge.item.clone()));
        }
        let (sheet, currency) = (&charge.sheet, item.currency());
        if sheet.currency != currency {
            let (expected, given) = (currency, sheet.currency);
            return Err(Refusal::CurrencyDiffers { expected, given });
        }
        positive(sheet.total())?;
        // A sheet is of one moment: what was charged since is not charged again.
        let charged = book
            .charged_for(of)
            .saturating_add(self.charged_for(book, of));
        if sheet.charged_before != charged {
            return Err(Refusal::ChargedMeanwhile(charge.item.clone()));
        }
        not_empty(&charge.number, Field::Number)?;
        let number = charge.number.trim().to_owned();
        let entity = book
            .entities
            .get(usize::from(item.entity()))
            .cloned()
            .unwrap_or_default();
        book.number_is_free(&entity, false, &number, "")?;
        if !self.numbers.insert((item.entity(), number.clone())) {
            let key = ItemKey {
                entity,
                number,
                ..ItemKey::default()
            };
            return Err(Refusal::NumberTaken(key));
        }
        if due < date {
            let (date, earliest) = (due, date);
            return Err(Refusal::DateBefore { date, earliest });
        }
        self.events.push(Event::ItemAdded(ItemFact {
            customer: item.customer(),
            entity: item.entity(),
            kind: ItemKind::LateCharge as u8,
            number,
            line: String::new(),
            doc_date: date,
            due,
            currency,
            amount: sheet.total(),
            reference: item.number().to_owned(),
            po: String::new(),
            standing: book.standing_of_ours(),
        }));
        let id = self.next;
        self.events.push(Event::Plan(PlanEvent::Charged(ChargeFact {
            item: id,
            of,
            sheet: sheet.clone(),
        })));
        self.next = match id.row() + 1 {
            SEGMENT_ROWS => ItemId::new(id.segment() + 1, 0),
            row => ItemId::new(id.segment(), row),
        };
        Ok(id)
    }
}
