//! Exports gone wrong, each in one way.

use super::files::{self, MorningFile};
use super::people::stranger;
use super::truth::{Ask, ItemTruth, Variant};
use super::world::World;
use super::{Debtor, Morning, Plan, Snapshot};
use crate::rng::Rng;
use duebook_money::Day;
use std::rc::Rc;

pub(super) fn wrong(morning: &Morning, variant: Variant) -> Option<(MorningFile, Ask)> {
    let truth = &*morning.truth;
    let (snapshot, ask) = match variant {
        Variant::WithoutCollector => {
            let collector = truth.debtor(truth.items.first()?).collector;
            let (snapshot, items) = without(truth, |d| d.collector == collector);
            let collector = collector.to_owned();
            (snapshot, Ask::CollectorGone { collector, items })
        }
        Variant::WithoutEntity => {
            let entity = truth.debtor(truth.items.last()?).entity;
            let (snapshot, items) = without(truth, |d| d.entity == entity);
            let entity = entity.to_owned();
            (snapshot, Ask::EntityGone { entity, items })
        }
        Variant::WithoutCurrency => {
            let currency = truth.debtor(truth.items.first()?).currency;
            let (snapshot, items) = without(truth, |d| d.currency == currency);
            (snapshot, Ask::CurrencyGone { currency, items })
        }
        Variant::Stale => {
            let earlier = morning.earlier.as_deref()?;
            let last = truth.day;
            (
                earlier.clone(),
                Ask::Stale {
                    file: earlier.day,
                    last,
                },
            )
        }
        Variant::DaySwap => {
            let (snapshot, rows) = swapped(truth);
            let of = truth.items.len();
            (snapshot, Ask::DaySwap { rows, of })
        }
        Variant::WrongCompany => {
            let snapshot = another(morning);
            let entity = stranger(morning.shape).to_owned();
            let vanished = truth.items.len();
            (snapshot, Ask::WrongCompany { entity, vanished })
        }
    };
    let mut file = files::open_items(morning.shape, &snapshot);
    file.name = format!("{}_{}", variant.word(), file.name);
    Some((file, ask))
}

/// All but some customers' items, and how many those are.
fn without(truth: &Snapshot, gone: impl Fn(&Debtor) -> bool) -> (Snapshot, usize) {
    let mut snapshot = truth.clone();
    snapshot.items.retain(|i| !gone(&truth.debtors[i.debtor]));
    let items = truth.items.len() - snapshot.items.len();
    (snapshot, items)
}

/// The day whose month and day are each other's, where there is one and it is another.
pub(super) fn swap(day: Day) -> Option<Day> {
    let (year, month, dom) = day.ymd();
    (dom != month).then(|| Day::from_ymd(year, dom, month))?
}

fn swapped(truth: &Snapshot) -> (Snapshot, usize) {
    let mut rows = 0;
    let mut snapshot = truth.clone();
    for item in &mut snapshot.items {
        if let Some(due) = swap(item.due) {
            item.due = due;
            rows += 1;
        }
    }
    (snapshot, rows)
}

/// A small portfolio of another company, of the same day.
fn another(morning: &Morning) -> Snapshot {
    let plan = Plan {
        customers: Plan::LEAST_CUSTOMERS,
        items: Plan::LEAST_CUSTOMERS * 8,
        ..Plan::new(morning.shape, morning.seed ^ 0x0fee_d1e5, morning.day)
    };
    let world = World::new(&plan, &Rng::new(plan.seed));
    let mut snapshot = world.snapshot(morning.day);
    let entity = stranger(morning.shape);
    for debtor in Rc::make_mut(&mut snapshot.debtors) {
        debtor.entity = entity;
        debtor.number.insert(debtor.number.len() - 2, '7');
    }
    let rename = |item: &mut ItemTruth| {
        item.key.entity = entity.to_owned();
        item.key.number = item.key.number.replacen('0', "7", 1);
    };
    snapshot.items.iter_mut().for_each(rename);
    snapshot
}
