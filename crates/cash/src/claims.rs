//! What a run has laid on items so far, so that two receipts never claim one open amount.

use crate::index::OpenIndex;

/// Open amounts less what receipts of this run claim.
pub(crate) struct Claims {
    /// Claimed per row, signed like the open amount.
    claimed: Vec<i64>,
    /// Receipts that claimed, per row, in order of claiming; rows are few.
    by: std::collections::BTreeMap<u32, Vec<(u32, i64)>>,
    /// Claims so far on items of each customer.
    moves: Vec<u32>,
}

impl Claims {
    pub(crate) fn new(index: &OpenIndex) -> Self {
        Claims {
            claimed: vec![0; index.len()],
            by: std::collections::BTreeMap::new(),
            moves: vec![0; index.parties.len()],
        }
    }
    /// Counts up whenever something of a customer is claimed.
    pub(crate) fn moves(&self, customer: u32) -> u32 {
        self.moves.get(customer as usize).copied().unwrap_or(0)
    }
    /// What is left of a row.
    #[inline]
    pub(crate) fn left(&self, index: &OpenIndex, row: u32) -> i64 {
        index.rows[row as usize].open - self.claimed[row as usize]
    }
    pub(crate) fn claim(&mut self, index: &OpenIndex, row: u32, receipt: u32, amount: i64) {
        self.moves[index.row(row).customer as usize] += 1;
        self.claimed[row as usize] += amount;
        self.by.entry(row).or_default().push((receipt, amount));
    }
    pub(crate) fn release(&mut self, row: u32, receipt: u32) {
        if let Some(by) = self.by.get_mut(&row) {
            let all: i64 = by
                .iter()
                .filter(|(r, _)| *r == receipt)
                .map(|(_, a)| a)
                .sum();
            self.claimed[row as usize] -= all;
            by.retain(|(r, _)| *r != receipt);
        }
    }
    /// Who claimed a row, in order of claiming.
    pub(crate) fn claimants(&self, row: u32) -> &[(u32, i64)] {
        self.by.get(&row).map_or(&[], Vec::as_slice)
    }
}
