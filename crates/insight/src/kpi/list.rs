//! The opening list of a period as it would be frozen: count, sums and hash total (KP-20).

use crate::overlay::Overlay;
use crate::scan::days;
use duebook_ledger::columns::NO_DAY;
use duebook_ledger::facts::ControlTotals;
use duebook_ledger::import::numeric_part;
use duebook_ledger::{Book, ItemId, OpenScan, Seq, View};
use duebook_money::{Currency, Day};
use std::collections::BTreeMap;

/// The control totals of what was past due on a day, as known after a commit.
pub fn opening_totals(book: &Book, as_of: Day, known: Seq) -> ControlTotals {
    let known = Some(known);
    let scan = OpenScan::new(book, View { as_of, known });
    let overlay = Overlay::new(book, &scan);
    let mut sums: BTreeMap<&'static str, (Currency, i128)> = BTreeMap::new();
    let mut totals = ControlTotals::default();
    for (number, segment) in scan.segments() {
        let data = segment.data();
        for row in 0..segment.len() {
            let open = segment.open(row).map_or(0, |o| o.working());
            let due = overlay.due(&segment, ItemId::new(number, row));
            let late = if due == NO_DAY {
                days(as_of.0, data.doc_date[row])
            } else {
                as_of.0.saturating_sub(due)
            };
            let Some(currency) = Currency::from_numeric(data.currency[row]) else {
                continue;
            };
            if open <= 0 || late <= 0 {
                continue;
            }
            totals.count += 1;
            let hash = numeric_part(data.number.bytes_of(row));
            totals.hash_total = (totals.hash_total + hash) % 1_000_000_000;
            sums.entry(currency.code()).or_insert((currency, 0)).1 += i128::from(open);
        }
    }
    let fit = |sum: i128| sum.clamp(i128::from(i64::MIN), i128::from(i64::MAX)) as i64;
    totals.sums = sums.into_values().map(|(c, sum)| (c, fit(sum))).collect();
    totals
}
