//! What was let go of payments as small differences, by month and customer (CA-07): the movements of
//! the roll-forward's line, in slices.

use super::Span;
use super::roll::adjustment;
use duebook_ledger::facts::Cause;
use duebook_ledger::{Book, CustomerId, SettlementId};
use duebook_money::{Currency, Day};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// Settlements looked at in one slice.
const SLICE: u32 = 32_768;

/// What was let go of a customer in a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LetGo {
    /// First day of the month.
    pub month: Day,
    /// Currency.
    pub currency: Currency,
    /// Of whom.
    pub customer: CustomerId,
    /// How many times.
    pub count: usize,
    /// Minor units, signed as it moved what is open: below zero where less came than was open.
    pub amount: i64,
}

/// It in the making. The book must not move in between.
pub struct LetGoMaking {
    span: Span,
    next: u32,
    sums: BTreeMap<(Reverse<Day>, &'static str, CustomerId), LetGo>,
}

impl LetGoMaking {
    /// Of some days; nothing is read yet.
    pub fn new(span: Span) -> Self {
        LetGoMaking {
            span,
            next: 0,
            sums: BTreeMap::new(),
        }
    }

    /// One slice; answers the rows when it is done: the latest month first, by currency and customer.
    pub fn step(&mut self, book: &Book) -> Option<Vec<LetGo>> {
        let table = book.settlements();
        for _ in 0..SLICE {
            let Some(s) = table.get(SettlementId(self.next)) else {
                return Some(std::mem::take(&mut self.sums).into_values().collect());
            };
            self.next += 1;
            if s.cause != Cause::Tolerance || !self.span.holds(s.effective) {
                continue;
            }
            let Some((id, amount)) = adjustment(book, &s) else {
                continue;
            };
            let Some(item) = book.item(id) else { continue };
            let (month, currency) = (s.effective.month_start(), item.currency());
            let key = (Reverse(month), currency.code(), item.customer());
            let row = self.sums.entry(key).or_insert(LetGo {
                month,
                currency,
                customer: item.customer(),
                count: 0,
                amount: 0,
            });
            row.count += 1;
            row.amount = row.amount.saturating_add(amount);
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_book_has_let_nothing_go() {
        let span = Span {
            from: Day(0),
            to: Day(10),
        };
        assert_eq!(LetGoMaking::new(span).step(&Book::default()), Some(vec![]));
    }
}
