//! Figures that are always on screen: today's aging per customer, kept between commits.

use duebook_insight::aging::{Aging, AgingQuery, aging};
use duebook_ledger::Book;
use duebook_ledger::apply::Delta;
use duebook_ledger::open::View;
use duebook_money::Day;
use std::sync::Arc;

/// What is kept between commits.
pub struct Derived {
    today: Day,
    aging: Option<Arc<Aging>>,
}

impl Derived {
    pub(super) fn new(today: Day) -> Self {
        Derived { today, aging: None }
    }
    /// Notes what a commit touched; the work is done when somebody looks.
    pub(super) fn touch(&mut self, _delta: &Delta) {
        self.aging = None;
    }
    pub(super) fn ensure(&mut self, book: &Book, today: Day) {
        if self.today != today {
            self.today = today;
            self.aging = None;
        }
        if self.aging.is_none() {
            // Buckets in force were validated when they were set.
            self.aging = aging(book, &AgingQuery::new(book, View::on(today)))
                .ok()
                .map(Arc::new);
        }
    }
    /// Today's aging by customer, by the policies in force.
    pub fn aging(&self) -> Option<Arc<Aging>> {
        self.aging.clone()
    }
}
