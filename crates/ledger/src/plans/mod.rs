//! Negotiation and escalation: payment plans, settlements, charges for late payment, placement with
//! agencies and lawyers, the risk register (domain.md §3.3, §3.4, §6, §8.5).
//!
//! What a plan or an offer has come to is worked out from money, date and commit, never stored.

mod apply;
mod authority;
mod check;
mod command;
mod decide;
mod facts;
mod granted;

pub use command::*;
pub use facts::*;

use crate::book::Book;
use crate::ids::*;
use crate::keys::FactKey;
use crate::versioned::Versioned;
use duebook_money::{Currency, Day};
use duebook_policy::authority::Grant;
use std::collections::BTreeMap;

/// Kinds of fact keys.
pub(crate) const PLAN: u8 = 25;
pub(crate) const OFFER: u8 = 26;
pub(crate) const PLACEMENT: u8 = 27;
pub(crate) const RISK: u8 = 28;

/// A payment plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Commit that recorded it.
    pub commit: Seq,
    /// Natural key.
    pub key: FactKey,
    /// As agreed.
    pub fact: PlanFact,
    /// How it was ended by our own act, and why.
    pub ended: Versioned<(PlanEnd, String)>,
}

/// A settlement offer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// Commit that recorded it.
    pub commit: Seq,
    /// Natural key.
    pub key: FactKey,
    /// As offered.
    pub fact: OfferFact,
    /// How it was ended by our own act, and why.
    pub ended: Versioned<(OfferEnd, String)>,
}

/// Items placed with somebody who collects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placement {
    /// Commit that recorded it.
    pub commit: Seq,
    /// Natural key.
    pub key: FactKey,
    /// As placed.
    pub fact: PlacementFact,
    /// How far it is: stage, day, note.
    pub stage: Versioned<(Stage, Day, String)>,
    /// How and on which day it was ended, and why.
    pub ended: Versioned<(PlacementEnd, Day, String)>,
}

/// An entry of the risk register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Risk {
    /// Commit that recorded it first.
    pub commit: Seq,
    /// Natural key.
    pub key: FactKey,
    /// What stands there.
    pub facts: Versioned<RiskFact>,
}

/// Something given up under somebody's authority.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Granted {
    /// Commit.
    pub commit: Seq,
    /// To whom.
    pub customer: CustomerId,
    /// Of what kind.
    pub grant: Grant,
    /// Currency.
    pub currency: Currency,
    /// Minor units.
    pub amount: i64,
    /// Day.
    pub day: Day,
    /// Place of the role under whose authority it was.
    pub rank: u16,
}

/// Everything of this part of the book.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plans {
    pub(crate) plans: Vec<Plan>,
    pub(crate) offers: Vec<Offer>,
    pub(crate) placements: Vec<Placement>,
    pub(crate) risks: Vec<Risk>,
    pub(crate) charges: BTreeMap<ItemId, (Seq, ChargeFact)>,
    pub(crate) reaged: Vec<(Seq, ReAged)>,
    pub(crate) acknowledged: Vec<(Seq, Acknowledged)>,
    pub(crate) granted: Vec<Granted>,
}

impl Plans {
    /// Every item that a fact names.
    pub(crate) fn name_items(&self, out: &mut Vec<ItemId>) {
        let of = |items: &[(ItemId, i64)]| items.iter().map(|(id, _)| *id).collect::<Vec<_>>();
        out.extend(self.plans.iter().flat_map(|p| of(&p.fact.covered)));
        out.extend(self.offers.iter().flat_map(|o| of(&o.fact.items)));
        out.extend(self.placements.iter().flat_map(|p| of(&p.fact.items)));
        out.extend(self.charges.values().map(|(_, c)| c.of));
        out.extend(
            self.acknowledged
                .iter()
                .flat_map(|(_, a)| a.items.iter().copied()),
        );
    }
}

impl Book {
    /// All plans by id, dead ones included.
    pub fn plans(&self) -> &[Plan] {
        &self.plans.plans
    }
    /// All settlement offers by id, dead ones included.
    pub fn offers(&self) -> &[Offer] {
        &self.plans.offers
    }
    /// All placements by id, dead ones included.
    pub fn placements(&self) -> &[Placement] {
        &self.plans.placements
    }
    /// All entries of the risk register by id, dead ones included.
    pub fn risks(&self) -> &[Risk] {
        &self.plans.risks
    }
    /// Charges for late payment that count now, with the commit that raised each.
    pub fn charges(&self) -> impl Iterator<Item = (ItemId, Seq, &ChargeFact)> + '_ {
        let all = self.plans.charges.iter();
        all.filter(|(id, (seq, _))| self.is_live(*seq) && self.is_item_live(**id))
            .map(|(id, (seq, fact))| (*id, *seq, fact))
    }
    /// Charged for an item by charges that count now, minor units, whatever was let go of them.
    pub fn charged_for(&self, item: ItemId) -> i64 {
        let item = self.current(item);
        let of = self
            .charges()
            .filter(|(_, _, c)| self.current(c.of) == item);
        of.fold(0i64, |sum, (_, _, c)| sum.saturating_add(c.sheet.total()))
    }
    /// The calculation behind a charge.
    pub fn charge(&self, id: ItemId) -> Option<&ChargeFact> {
        let (seq, fact) = self.plans.charges.get(&id)?;
        self.is_live(*seq).then_some(fact)
    }
    /// Re-agings that count now, in log order.
    pub fn reagings(&self) -> impl Iterator<Item = (Seq, &ReAged)> + '_ {
        let all = self.plans.reaged.iter();
        all.filter(|(seq, _)| self.is_live(*seq))
            .map(|(seq, r)| (*seq, r))
    }
    /// Acknowledgements of debt that count now, in log order.
    pub fn acknowledgements(&self) -> impl Iterator<Item = (Seq, &Acknowledged)> + '_ {
        let all = self.plans.acknowledged.iter();
        all.filter(|(seq, _)| self.is_live(*seq))
            .map(|(seq, a)| (*seq, a))
    }
    /// What was given up that counts now, in log order.
    pub fn granted(&self) -> impl Iterator<Item = &Granted> + '_ {
        self.plans.granted.iter().filter(|g| self.is_live(g.commit))
    }
    /// Money that came in on items and stands now, by value date within two days, minor units: by
    /// payments alone, never by what is presumed (ST-04).
    pub fn cash_in(&self, items: &[ItemId], from: Day, to: Day) -> i64 {
        let mut sum = 0i64;
        for item in items {
            let item = self.current(*item);
            for s in self.settlements_of(item) {
                let money = s.debit == Some(item) && s.cause.is_money() && self.counts(&s);
                let credit = s.credit.and_then(|c| self.item(c));
                let day = credit.map_or(s.effective, |c| Day(c.doc_date()));
                if money && (from..=to).contains(&day) {
                    sum = sum.saturating_add(s.amount);
                }
            }
        }
        sum
    }
}
