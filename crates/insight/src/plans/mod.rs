//! Plans, settlements and placements, judged from money, date and commit (PL-02, PL-03, ST-04):
//! worked out when asked and never stored.

mod aid;
mod held;
mod judge;
mod offers;
mod placed;
mod schedule;

pub use aid::{Aid, break_even, present_value, sensitivity};
pub use held::{Held, held, held_of};
pub use judge::{
    Default as PlanDefault, JudgedInstalment, JudgedPlan, PlanState, judge_plans, plans_of,
};
pub use offers::{JudgedOffer, OfferState, judge_offers, offers_of};
pub use placed::{
    JudgedPlacement, Limit, Ready, ReturnedMoney, limitation_of, placements, placements_of,
    readiness, returned_money,
};
pub use schedule::{Every, schedule};

use crate::overlay::carried_by;
use duebook_ledger::{Book, ItemId, OpenScan, Seq};
use duebook_money::Day;

/// Whether a fact is known in a view, by its commit and its own day.
fn known(scan: &OpenScan<'_>, commit: Seq, on: Day) -> bool {
    scan.is_live(commit) && on <= scan.view().as_of
}

/// The last version that a view knows, by the ledger date of its commit.
fn latest<'a, T>(
    book: &Book,
    scan: &OpenScan<'_>,
    of: &'a duebook_ledger::versioned::Versioned<T>,
) -> Option<(Day, &'a T)> {
    let versions = of.history().iter().rev();
    let mut dated = versions.filter_map(|(seq, value)| {
        let on = book.commit(*seq)?.ledger_date;
        known(scan, *seq, on).then_some((on, value))
    });
    dated.next()
}

/// The items that carry some debts in a view, with the amounts of each.
fn carried(book: &Book, scan: &OpenScan<'_>, items: &[(ItemId, i64)]) -> Vec<(ItemId, i64)> {
    let of = |(id, amount): &(ItemId, i64)| (carried_by(book, scan, book.current(*id)), *amount);
    items.iter().map(of).collect()
}
