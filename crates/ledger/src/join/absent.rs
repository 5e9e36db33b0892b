//! What a whole list does not show any more, and what is asked before that is believed.

use crate::book::Book;
use crate::facts::{Doubt, ImportFacts, Scope};
use crate::ids::CustomerId;
use duebook_money::Currency;
use std::collections::BTreeMap;

/// A customer with so many open items does not vanish unasked.
const CUSTOMER_ITEMS: u64 = 10;
/// Share of the scope that may go unasked before the book has a usual one, per mille.
const SHARE_AT_FIRST: u64 = 50;
/// How many times the usual share is asked about.
const TIMES_USUAL: u64 = 3;
/// Changed due dates beyond this share of the rows are asked about (KP-23), per mille.
const DUE_SHARE: u64 = 20;
/// Fewer than so many rows are no pattern: they are shown, and not asked about.
const FEWEST: u64 = 3;

/// Which items of a source a file speaks of.
#[derive(Debug, Clone, Default)]
pub struct InScope {
    whole: bool,
    entities: Option<Vec<bool>>,
    customers: Option<Vec<bool>>,
    debits_only: bool,
    counts: Counts,
}

/// Open items of the scope before the file and missing from it.
#[derive(Debug, Clone, Default)]
struct Counts {
    entities: BTreeMap<u16, (u64, u64)>,
    currencies: BTreeMap<u16, (u64, u64)>,
    customers: BTreeMap<u32, (u64, u64)>,
    credits: (u64, u64),
    all: (u64, u64),
}

impl InScope {
    /// The scope of a file, as the book's indexes.
    pub(crate) fn new(book: &Book, facts: &ImportFacts) -> Self {
        let mut scope = InScope {
            whole: facts.scope != Scope::TheseRows,
            ..InScope::default()
        };
        match &facts.scope {
            Scope::TheseRows | Scope::Everything => {}
            Scope::Debits => scope.debits_only = true,
            Scope::Entities(codes) => {
                scope.entities = Some(book.entities().iter().map(|e| codes.contains(e)).collect());
            }
            Scope::Customers(numbers) => {
                let named = |c: &crate::people::Customer| numbers.contains(&c.number);
                scope.customers = Some(book.customers().iter().map(named).collect());
            }
        }
        scope
    }
    /// Whether the file says anything of items it does not show.
    pub(crate) fn is_whole(&self) -> bool {
        self.whole
    }
    pub(crate) fn holds(&self, entity: u16, customer: u32, credit: bool) -> bool {
        let at = |list: &Option<Vec<bool>>, i: usize| {
            list.as_ref()
                .is_none_or(|l| l.get(i).copied().unwrap_or(false))
        };
        self.whole
            && !(self.debits_only && credit)
            && at(&self.entities, entity as usize)
            && at(&self.customers, customer as usize)
    }
    pub(crate) fn count(
        &mut self,
        entity: u16,
        currency: u16,
        customer: u32,
        credit: bool,
        missing: bool,
    ) {
        let add = |slot: &mut (u64, u64)| {
            slot.0 += 1;
            slot.1 += u64::from(missing);
        };
        add(self.counts.entities.entry(entity).or_default());
        add(self.counts.currencies.entry(currency).or_default());
        add(self.counts.customers.entry(customer).or_default());
        if credit {
            add(&mut self.counts.credits);
        }
        add(&mut self.counts.all);
    }
    /// Open before, and missing.
    pub(crate) fn totals(&self) -> (u64, u64) {
        self.counts.all
    }

    /// "Is this the whole list?", with what makes one ask.
    pub(crate) fn doubts(&self, book: &Book, facts: &ImportFacts) -> Vec<Doubt> {
        let gone = |(open, missing): (u64, u64)| (open > 0 && open == missing).then_some(missing);
        let mut out = Vec::new();
        for (entity, count) in &self.counts.entities {
            if let Some(items) = gone(*count) {
                let code = book.entities().get(*entity as usize);
                let code = code.cloned().unwrap_or_default();
                out.push(Doubt::EntityGone { code, items });
            }
        }
        for (code, count) in &self.counts.currencies {
            if let (Some(items), Some(currency)) = (gone(*count), Currency::from_numeric(*code)) {
                out.push(Doubt::CurrencyGone { currency, items });
            }
        }
        let mut collectors: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
        for (customer, (open, missing)) in &self.counts.customers {
            let id = CustomerId(*customer);
            let collector = book.customer_facts(id).and_then(|f| f.collector.as_deref());
            if let Some(name) = collector.filter(|c| !c.is_empty()) {
                let slot = collectors.entry(name).or_default();
                slot.0 += open;
                slot.1 += missing;
            }
            if let Some(items) = gone((*open, *missing)).filter(|n| *n >= CUSTOMER_ITEMS) {
                out.push(Doubt::CustomerGone {
                    customer: id,
                    items,
                });
            }
        }
        for (name, count) in collectors {
            if let Some(items) = gone(count) {
                let name = name.to_owned();
                out.push(Doubt::CollectorGone { name, items });
            }
        }
        if let Some(items) = gone(self.counts.credits).filter(|n| *n >= FEWEST) {
            out.push(Doubt::CreditsGone { items });
        }
        let (of, absent) = self.counts.all;
        let usual = usual_share(book, &facts.source);
        let most = usual.map_or(SHARE_AT_FIRST, |u| u.saturating_mul(TIMES_USUAL));
        if absent >= FEWEST && absent.saturating_mul(1000) > most.saturating_mul(of) {
            out.push(Doubt::ManyGone { absent, of, usual });
        }
        out
    }
}

/// The share of a source's scope that went absent with its whole lists so far, per mille.
fn usual_share(book: &Book, source: &str) -> Option<u64> {
    let lists = book
        .imports()
        .filter(|i| i.facts.source == source && i.in_scope > 0);
    let (of, absent) = lists.fold((0u64, 0u64), |(of, absent), i| {
        (of + i.in_scope, absent + i.absent)
    });
    (of > 0).then(|| absent.saturating_mul(1000) / of)
}

/// Whether so many due dates at once are asked about (KP-23).
pub(crate) fn due_doubt(changed: u64, swapped: u64, of: u64) -> Option<Doubt> {
    let many = changed >= FEWEST && changed.saturating_mul(1000) > of.saturating_mul(DUE_SHARE);
    many.then_some(Doubt::DueDates {
        changed,
        of,
        swapped,
    })
}
