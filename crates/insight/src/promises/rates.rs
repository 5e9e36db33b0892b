//! Kept rates (KP-32 to KP-34), per customer and per contact.

use super::{Judged, PromiseState};
use duebook_ledger::{ContactId, CustomerId};
use duebook_money::Currency;
use std::collections::BTreeMap;

/// How promises turned out. Rates are over those judged; open, ended and waiting ones are beside.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct KeptRate {
    /// Kept, presumed ones included.
    pub kept: u32,
    /// Of which presumed (PT-10).
    pub kept_presumed: u32,
    /// Kept in part, presumed ones included.
    pub partial: u32,
    /// Of which presumed.
    pub partial_presumed: u32,
    /// Broken.
    pub broken: u32,
    /// Open, due today or in grace.
    pub open: u32,
    /// Due, waiting for news.
    pub waiting: u32,
    /// Superseded: counted apart (KP-32).
    pub superseded: u32,
    /// Of those judged, by currency code: counted in the window, and promised; minor units.
    pub value: BTreeMap<&'static str, (i128, i128)>,
}

impl KeptRate {
    /// Over some promises.
    pub fn of<'a>(judged: impl IntoIterator<Item = &'a Judged>) -> Self {
        let mut rate = KeptRate::default();
        judged.into_iter().for_each(|j| rate.add(j));
        rate
    }
    /// Adds a promise.
    pub fn add(&mut self, judged: &Judged) {
        let presumed = u32::from(judged.presumed);
        match judged.state {
            PromiseState::Kept => {
                self.kept += 1;
                self.kept_presumed += presumed;
            }
            PromiseState::Partial => {
                self.partial += 1;
                self.partial_presumed += presumed;
            }
            PromiseState::Broken => self.broken += 1,
            PromiseState::Open | PromiseState::DueToday | PromiseState::InGrace => self.open += 1,
            PromiseState::AwaitingNews => self.waiting += 1,
            PromiseState::Superseded => self.superseded += 1,
            PromiseState::Withdrawn | PromiseState::EntryError => {}
        }
        if judged.state.is_judged() {
            let value = self.value.entry(judged.currency.code()).or_default();
            value.0 += i128::from(judged.paid);
            value.1 += i128::from(judged.promised);
        }
    }
    /// Promises with a verdict.
    pub fn judged(&self) -> u32 {
        self.kept + self.partial + self.broken
    }
    /// KP-32: kept of those judged, per mille; `None` where none is judged.
    pub fn kept_per_mille(&self) -> Option<u32> {
        (self.kept * 1000).checked_div(self.judged())
    }
    /// KP-34: broken of those judged, per mille.
    pub fn broken_per_mille(&self) -> Option<u32> {
        (self.broken * 1000).checked_div(self.judged())
    }
    /// KP-33: value paid in the window of value promised in a currency, per mille.
    pub fn value_per_mille(&self, currency: Currency) -> Option<i128> {
        let (paid, promised) = self.value.get(currency.code())?;
        (paid * 1000).checked_div(*promised)
    }
}

/// Kept rates by customer.
pub fn by_customer(judged: &[Judged]) -> BTreeMap<CustomerId, KeptRate> {
    let mut rates: BTreeMap<CustomerId, KeptRate> = BTreeMap::new();
    for j in judged {
        rates.entry(j.customer).or_default().add(j);
    }
    rates
}

/// Kept rates by the person who promised; promises without a person are left out.
pub fn by_contact(judged: &[Judged]) -> BTreeMap<ContactId, KeptRate> {
    let mut rates: BTreeMap<ContactId, KeptRate> = BTreeMap::new();
    for j in judged {
        if let Some(contact) = j.contact {
            rates.entry(contact).or_default().add(j);
        }
    }
    rates
}
