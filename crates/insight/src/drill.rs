//! From a cell of an aging to the items behind it.

use crate::aging::{AgingQuery, Figure, GroupKey, figure_of};
use crate::overlay::Overlay;
use crate::rollup::Groups;
use crate::scan::{BucketTable, days, is_cash};
use duebook_ledger::columns::NO_DAY;
use duebook_ledger::facts::CreditMode;
use duebook_ledger::{Book, ItemId, OpenScan};
use duebook_money::Currency;
use duebook_policy::Basis;
use std::collections::BTreeMap;

/// A column of an aging.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Column {
    /// A bucket by its index.
    Bucket(usize),
    /// Unapplied cash.
    Unapplied,
    /// Credit memos.
    CreditMemos,
    /// All of the above.
    Total,
    /// Dated after the as-of day.
    NotYetIssued,
}

/// An item behind a cell and how much of the cell it is, minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct CellItem {
    /// Which.
    pub item: ItemId,
    /// Its open amount, or where credits are netted what is left of it.
    pub amount: i64,
}

struct Placed {
    item: ItemId,
    amount: i64,
    column: Column,
    age: i32,
    /// Customer and entity: credits are netted within them (AG-05 c).
    owner: (u32, u16),
}

/// The items behind a cell, in log order. Their amounts add up to the cell.
pub fn cell_items(
    book: &Book,
    query: &AgingQuery,
    group: &GroupKey,
    currency: Currency,
    column: Column,
) -> Vec<CellItem> {
    let scan = OpenScan::new(book, query.view);
    let mut placed = placed(book, &scan, query, group, currency);
    if query.credits == CreditMode::NetOldest {
        net_oldest(&mut placed);
    }
    let in_cell = |p: &&Placed| match column {
        Column::Total => p.column != Column::NotYetIssued,
        one => p.column == one,
    };
    let mut cell: Vec<CellItem> = placed
        .iter()
        .filter(in_cell)
        .filter(|p| p.amount != 0)
        .map(|p| CellItem {
            item: p.item,
            amount: p.amount,
        })
        .collect();
    cell.sort_unstable();
    cell
}

fn placed(
    book: &Book,
    scan: &OpenScan<'_>,
    query: &AgingQuery,
    group: &GroupKey,
    currency: Currency,
) -> Vec<Placed> {
    let groups = Groups::new(book, scan, query);
    let overlay = Overlay::new(book, scan);
    let table = BucketTable::new(&query.buckets);
    let as_of = scan.view().as_of.0;
    let mut wanted: BTreeMap<(u32, u16), bool> = BTreeMap::new();
    let mut out = Vec::new();
    for (number, segment) in scan.segments() {
        let data = segment.data();
        for row in 0..segment.len() {
            if data.currency[row] != currency.numeric() {
                continue;
            }
            let owner = (data.customer[row], data.entity[row]);
            let belongs = *wanted.entry(owner).or_insert_with(|| {
                groups.takes(owner.0, owner.1, currency) && groups.of(owner.0, owner.1) == *group
            });
            if !belongs {
                continue;
            }
            let item = ItemId::new(number, row);
            let place = |amount, column, age| Placed {
                item,
                amount,
                column,
                age,
                owner,
            };
            if data.doc_date[row] > as_of {
                let amount = not_yet_issued(scan, &segment, row, query.figure);
                out.push(place(amount, Column::NotYetIssued, 0));
                continue;
            }
            let Some(open) = segment.open(row) else {
                continue;
            };
            let amount = figure_of(open, query.figure);
            let issued = days(as_of, data.doc_date[row]);
            let due = overlay.due(&segment, item);
            let late = if due == NO_DAY {
                issued
            } else {
                days(as_of, due)
            };
            let age = match query.basis {
                Basis::DueDate => late,
                Basis::InvoiceDate => issued,
            };
            let column = match (amount < 0, query.credits) {
                (false, _) => Column::Bucket(table.index(age)),
                (true, CreditMode::Aged) => Column::Bucket(table.index(issued)),
                (true, _) if is_cash(data.kind[row]) => Column::Unapplied,
                (true, _) => Column::CreditMemos,
            };
            out.push(place(amount, column, if amount < 0 { issued } else { age }));
        }
    }
    out
}

/// The figure of a row whose document is dated after the as-of day: the ledger shows none.
pub(crate) fn not_yet_issued(
    scan: &OpenScan<'_>,
    segment: &duebook_ledger::open::SegmentScan<'_>,
    row: usize,
    figure: Figure,
) -> i64 {
    let standing = segment.standing(row);
    if !scan.is_live(segment.state().recorded.of(row)) || !standing.counts() {
        return 0;
    }
    let settled = segment.settled().get(row).copied().unwrap_or(0);
    let working = segment.data().open[row].saturating_sub(settled);
    let ours = segment.pending().get(row).copied().unwrap_or(0);
    match figure {
        Figure::Working => working,
        Figure::AtSource if standing.is_pending() => 0,
        Figure::AtSource => working.saturating_add(ours),
    }
}

/// Credits of an owner pay its oldest debts; cash goes before credit memos, the oldest first.
fn net_oldest(placed: &mut [Placed]) {
    placed.sort_by_key(|p| {
        (
            p.owner,
            p.amount < 0,
            p.column,
            std::cmp::Reverse(p.age),
            p.item,
        )
    });
    for of_owner in placed.chunk_by_mut(|a, b| a.owner == b.owner) {
        let counted = |p: &Placed| p.column != Column::NotYetIssued;
        let first_credit = of_owner
            .iter()
            .position(|p| p.amount < 0)
            .unwrap_or(of_owner.len());
        let (debts, credits) = of_owner.split_at_mut(first_credit);
        // Highest bucket first, and in it the oldest; ties by id.
        debts.sort_by_key(|p| {
            (
                std::cmp::Reverse(p.column),
                std::cmp::Reverse(p.age),
                p.item,
            )
        });
        let mut debts = debts.iter_mut().filter(|p| counted(p)).peekable();
        for credit in credits.iter_mut().filter(|p| counted(p)) {
            while let Some(debt) = debts.peek_mut() {
                let used = debt.amount.min(-credit.amount).max(0);
                debt.amount -= used;
                credit.amount += used;
                if credit.amount == 0 {
                    break;
                }
                debts.next();
            }
        }
    }
}
