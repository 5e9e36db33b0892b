//! What comes before the calls of a day.

use super::figures::{Carried, open_follow_ups};
use crate::balances::Balances;
use duebook_ledger::Book;
use duebook_money::{Currency, Day};
use std::collections::BTreeMap;

/// What stands before the calls (domain.md §9.1: read, apply cash, then call).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Gates {
    /// Hand-overs that nobody has read.
    pub unread: u32,
    /// Lines of bank statements of which something is still to be said: money in.
    pub lines: u32,
    /// Money that is unapplied, per currency, minor units, positive.
    pub unapplied: Vec<(Currency, i128)>,
    /// Follow-ups of days before.
    pub follow_ups: Carried,
}

/// What stands before the calls; `balances` as kept, where they are there already.
pub fn gates(book: &Book, balances: Option<&Balances>, today: Day) -> Gates {
    let mut out = Gates::default();
    let live: Vec<_> = book
        .shifts()
        .iter()
        .filter(|s| book.is_live(s.commit))
        .collect();
    let read = |key| {
        let id = book.find_shift(key);
        live.iter()
            .any(|s| id.is_some_and(|id| s.read.contains(&id)))
    };
    let unread = live
        .iter()
        .filter(|s| book.shift_end(s).is_some() && !read(s.key));
    out.unread = unread.count() as u32;
    for (_, statement) in book.statements() {
        let open = statement.lines.iter().filter(|l| book.line_rest(**l) > 0);
        out.lines += open.count() as u32;
    }
    let mut sums: BTreeMap<&'static str, (Currency, i128)> = BTreeMap::new();
    for (_, all) in balances.iter().flat_map(|b| b.iter()) {
        for b in all.iter().filter(|b| b.unapplied != 0) {
            let slot = sums.entry(b.currency.code()).or_insert((b.currency, 0));
            slot.1 += i128::from(b.unapplied).abs();
        }
    }
    out.unapplied = sums.into_values().collect();
    let is_live = |s| book.is_live(s);
    out.follow_ups = open_follow_ups(book, today, &is_live, |_| true);
    out
}
