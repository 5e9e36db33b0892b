//! What an item still has room for: on every day from a date on, not today alone. A later date may
//! hold less than an earlier one where money was applied again after it was taken back.

use crate::book::Book;
use crate::ids::*;
use crate::items::ItemRef;
use duebook_money::Day;
use std::collections::BTreeMap;

impl Book {
    /// The least that is open of an item on any day from `from` on, working figure without sign;
    /// negative where the sign has turned.
    pub fn least_open_from(&self, item: &ItemRef<'_>, from: Day) -> i64 {
        let live = |s: Seq| self.is_live(s);
        // Movements by day: what the open figure falls by, signed like the item.
        let mut moves: BTreeMap<Day, i128> = BTreeMap::new();
        for s in self.settlements_of(item.id) {
            if !live(s.commit) || !self.standing_of(s.id).counts() {
                continue;
            }
            let debit = s.debit == Some(item.id);
            let amount = i128::from(if debit { s.amount } else { -s.amount });
            *moves.entry(s.effective).or_default() += amount;
            if let Some(r) = self.reversal_of(s.id) {
                *moves.entry(r.effective.max(s.effective)).or_default() -= amount;
            }
        }
        let sign = i128::from(item.recorded_amount().signum());
        let mut open = i128::from(item.recorded_open());
        let mut least: Option<i128> = None;
        for (day, amount) in moves {
            if day > from && least.is_none() {
                least = Some(open * sign);
            }
            open -= amount;
            if day >= from {
                least = Some(least.map_or(open * sign, |l| l.min(open * sign)));
            }
        }
        let least = least.map_or(open * sign, |l| l.min(open * sign));
        least.clamp(i128::from(i64::MIN), i128::from(i64::MAX)) as i64
    }

    /// Whether an item's working figure lies within 0 and its amount with its sign, were `moved`
    /// its movement.
    pub(super) fn in_range(&self, item: &ItemRef<'_>, moved: i128) -> bool {
        let (open, amount) = (
            i128::from(item.recorded_open()) - moved,
            i128::from(self.amount_of(item)),
        );
        open.abs() <= amount.abs() && open * amount >= 0
    }
}
