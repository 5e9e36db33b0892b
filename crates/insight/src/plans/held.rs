//! What plans and placements take out of the chase: the one function behind "of which planned"
//! (PL-01: covered items are frozen) and "of which placed".

use super::JudgedPlan;
use super::{carried, judge_plans, latest, plans_of};
use duebook_ledger::plans::Placement;
use duebook_ledger::{Book, CustomerId, ItemId, OpenScan};
use std::collections::BTreeMap;

/// Of an open debit, minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Held {
    /// Covered by a plan that is kept.
    pub planned: i64,
    /// With somebody else who collects.
    pub placed: i64,
}

impl Held {
    /// Both.
    pub fn total(self) -> i64 {
        self.planned.saturating_add(self.placed)
    }
}

/// Of every open debit under a plan or placed.
pub fn held(book: &Book, scan: &OpenScan<'_>) -> BTreeMap<ItemId, Held> {
    if book.plans().is_empty() && book.placements().is_empty() {
        return BTreeMap::new();
    }
    let plans = judge_plans(book, scan.view());
    hold(book, scan, &plans, book.placements().iter().collect())
}

/// [`held`] of what one customer agreed or was placed for.
pub fn held_of(book: &Book, scan: &OpenScan<'_>, customer: CustomerId) -> BTreeMap<ItemId, Held> {
    if book.plans().is_empty() && book.placements().is_empty() {
        return BTreeMap::new();
    }
    let placed = book
        .placements()
        .iter()
        .filter(|p| p.fact.customer == customer);
    hold(
        book,
        scan,
        &plans_of(book, scan, customer),
        placed.collect(),
    )
}

fn hold(
    book: &Book,
    scan: &OpenScan<'_>,
    plans: &[JudgedPlan],
    placed: Vec<&Placement>,
) -> BTreeMap<ItemId, Held> {
    let mut all: BTreeMap<ItemId, Held> = BTreeMap::new();
    let room = |all: &BTreeMap<ItemId, Held>, id: ItemId| {
        let open = scan.open(id).map_or(0, |o| o.working());
        open.saturating_sub(all.get(&id).map_or(0, |h| h.total()))
            .max(0)
    };
    for (id, amount) in placed
        .iter()
        .filter(|p| is_away(book, scan, p))
        .flat_map(|p| carried(book, scan, &p.fact.items))
    {
        let take = room(&all, id).min(amount);
        all.entry(id).or_default().placed += take;
    }
    for plan in plans.iter().filter(|p| p.state.holds()) {
        for (id, amount) in &plan.covered {
            let take = room(&all, *id).min(*amount);
            all.entry(*id).or_default().planned += take;
        }
    }
    all.retain(|_, h| h.total() > 0);
    all
}

fn is_away(book: &Book, scan: &OpenScan<'_>, p: &Placement) -> bool {
    super::known(scan, p.commit, p.fact.placed_on)
        && latest(book, scan, &p.ended).is_none()
        && latest(book, scan, &p.stage).is_some_and(|(_, (stage, ..))| stage.pauses_chase())
}
