//! Rows that show only what is left of money of ours: looked at when the whole file is known, because
//! what else it says decides.

use super::answers::waiting_on;
use super::{Disposition, Join, Waiting};
use crate::book::Book;
use crate::columns::{Segment, TextField};
use crate::ids::{CustomerId, ItemId};
use crate::keys::{ItemKey, KeyView};
use duebook_money::Day;

/// A new row whose amount is what is left of money of ours.
#[derive(Debug, Clone)]
pub(super) struct RestRow {
    /// Place of the row in the file's segments.
    segment: usize,
    row: usize,
    place: (CustomerId, u16, i64),
    /// Its key; the source is filled in at the end.
    key: ItemKey,
    reference: String,
    date: Day,
    open: i64,
}

impl Join {
    /// Keeps a new row that may be the rest of money of ours.
    pub(super) fn keep_rest(
        &mut self,
        customer: Option<CustomerId>,
        key: KeyView<'_>,
        segment: &Segment,
        row: usize,
    ) {
        let Some(customer) = customer.filter(|_| segment.open[row] != 0) else {
            return;
        };
        let place = (customer, segment.currency[row], segment.amount[row]);
        if self.ours.may_be_rest(place) {
            self.rests.push(RestRow {
                segment: self.dispositions.len(),
                row,
                place,
                key: key.owned(""),
                reference: segment.text(&TextField::Reference, row).to_owned(),
                date: Day(segment.doc_date[row]),
                open: segment.open[row],
            });
        }
    }

    /// What is left of a receipt of ours and comes under the source's own number is the same money,
    /// where the file shows what we applied of it as settled: never counted twice.
    pub(super) fn find_rests(&mut self, book: &Book, source: &str) {
        let mut ours = std::mem::take(&mut self.ours);
        for rest in std::mem::take(&mut self.rests) {
            let theirs = [rest.key.number.as_str(), rest.reference.as_str()];
            let gone = |id| self.applied_is_gone(book, id);
            let found = ours.rest_of(book, rest.place, &theirs, rest.date, gone);
            let Some(item) = found.and_then(|id| book.item(id)) else {
                continue;
            };
            let rows = self.dispositions.get_mut(rest.segment);
            if let Some(slot) = rows.and_then(|rows| rows.get_mut(rest.row)) {
                *slot = Disposition::Ours;
                self.new -= 1;
                self.changed += 1;
            }
            let key = ItemKey {
                source: source.to_owned(),
                ..rest.key
            };
            self.shown_as_ours(book, &item, key, Some(rest.place.2), rest.open);
        }
        self.ours = ours;
    }

    /// Whether the file shows as settled all that waits of a receipt's applications. What was
    /// confirmed before does not wait.
    fn applied_is_gone(&self, book: &Book, receipt: ItemId) -> bool {
        let applied = |waiting: &Waiting| match waiting {
            Waiting::Settled(id) => book.settlements().get(*id),
            Waiting::Reversed(_) => None,
        };
        waiting_on(book, receipt).iter().all(|(waiting, _)| {
            let Some(s) = applied(waiting) else {
                return false;
            };
            let shown = self.shown.iter().find(|shown| s.debit == Some(shown.item));
            shown.is_some_and(|shown| shown.from.saturating_sub(shown.to) >= s.amount)
        })
    }
}
