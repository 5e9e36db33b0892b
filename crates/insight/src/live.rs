//! What is always on screen, kept together so that no two places disagree: balances, today's list
//! and the customers, of one day as known now. Made in slices, then kept from deltas.

use crate::aging::AgingError;
use crate::balances::{self, Balances};
use crate::roster::Roster;
use crate::today::Desk;
use crate::worklist::{Task, Worklist, merge_runs, sort_run};
use duebook_ledger::apply::Delta;
use duebook_ledger::{Book, CustomerId, OpenScan, Seq, View};
use duebook_money::Day;
use std::collections::VecDeque;
use std::sync::Arc;

/// Customers looked at in one slice.
const CUSTOMERS: usize = 1024;

/// Balances, today's list and the customers of one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Live {
    balances: Balances,
    worklist: Worklist,
    roster: Roster,
}

impl Live {
    /// All of it at once; `now_ms` is the instant by which call-backs are due, milliseconds UTC.
    /// See [`Making`] for the same in slices.
    ///
    /// # Errors
    /// [`AgingError::Overflow`] where a sum does not fit.
    pub fn full(book: &Book, as_of: Day, now_ms: i64) -> Result<Self, AgingError> {
        let mut making = Making::new(book, as_of, now_ms);
        loop {
            if let Some(live) = making.step(book)? {
                return Ok(live);
            }
        }
    }

    /// Whether a commit can be followed by [`Live::update`]: it touched some customers and nothing
    /// that is about all of them.
    pub fn follows(delta: &Delta) -> bool {
        !delta.everything && !delta.policies
    }

    /// Looks again at the customers a commit touched; see [`Live::follows`]. Answers whose figures may
    /// have changed: theirs, and those of whom the clock brought back meanwhile.
    ///
    /// # Errors
    /// [`AgingError::Overflow`] where a sum does not fit; all is then as before.
    pub fn update(
        &mut self,
        book: &Book,
        touched: &[CustomerId],
        now_ms: i64,
    ) -> Result<Vec<CustomerId>, AgingError> {
        let scan = OpenScan::new(book, View::on(self.balances.as_of()));
        self.balances.look_again(book, &scan, touched)?;
        let mut all = self.worklist.tick(book, &scan, &self.balances, now_ms);
        self.worklist
            .look_again(book, &scan, &self.balances, touched);
        for customer in touched {
            self.roster.look(book, &scan, &self.balances, *customer);
        }
        all.extend_from_slice(touched);
        all.sort_unstable();
        all.dedup();
        Ok(all)
    }

    /// The clock went on; answers whose place on the list may have changed.
    pub fn tick(&mut self, book: &Book, now_ms: i64) -> Vec<CustomerId> {
        let scan = OpenScan::new(book, View::on(self.balances.as_of()));
        self.worklist.tick(book, &scan, &self.balances, now_ms)
    }

    /// What each customer owes.
    pub fn balances(&self) -> &Balances {
        &self.balances
    }
    /// Whom to turn to.
    pub fn worklist(&self) -> &Worklist {
        &self.worklist
    }
    /// Everybody.
    pub fn roster(&self) -> &Roster {
        &self.roster
    }
}

/// [`Live`] in the making. A commit in between begins again: what is made of two states of a book
/// would be wrong.
pub struct Making {
    head: Seq,
    as_of: Day,
    now_ms: i64,
    stage: Stage,
}

enum Stage {
    Balances(Box<balances::Making>),
    People(Box<Live>, VecDeque<Vec<Arc<Task>>>, usize),
    /// Two runs of rows become one at a time.
    Arrange(Box<Live>, VecDeque<Vec<Arc<Task>>>),
}

impl Making {
    /// Nothing is read yet.
    pub fn new(book: &Book, as_of: Day, now_ms: i64) -> Self {
        Making {
            head: book.head(),
            as_of,
            now_ms,
            stage: Stage::Balances(Box::new(balances::Making::new(book, as_of))),
        }
    }

    /// One slice of a few milliseconds; answers what was made when it is done.
    ///
    /// # Errors
    /// [`AgingError::Overflow`] where a sum does not fit.
    pub fn step(&mut self, book: &Book) -> Result<Option<Live>, AgingError> {
        if book.head() != self.head {
            *self = Making::new(book, self.as_of, self.now_ms);
        }
        let next = match &mut self.stage {
            Stage::Balances(making) => {
                if making.step(book)? {
                    return Ok(None);
                }
                let customers = book.customers().len();
                let spent = balances::Making::new(book, self.as_of);
                Stage::People(
                    Box::new(Live {
                        balances: std::mem::replace(&mut **making, spent).done(),
                        worklist: Worklist::new(self.now_ms, customers),
                        roster: Roster::default(),
                    }),
                    VecDeque::new(),
                    0,
                )
            }
            Stage::People(live, runs, at) => {
                let end = (*at + CUSTOMERS).min(book.customers().len());
                let scan = OpenScan::new(book, View::on(self.as_of));
                let desk = Desk::now(book, &scan, self.now_ms);
                let Live {
                    balances,
                    worklist,
                    roster,
                } = &mut **live;
                let mut run = Vec::new();
                for customer in (*at as u32..end as u32).map(CustomerId) {
                    worklist.first_look(&desk, balances, customer, &mut run);
                    roster.look(book, &scan, balances, customer);
                }
                sort_run(&mut run);
                runs.push_back(run);
                *at = end;
                if end < book.customers().len() {
                    return Ok(None);
                }
                Stage::Arrange(Box::new(live.take()), std::mem::take(runs))
            }
            Stage::Arrange(live, runs) => {
                let first = runs.pop_front().unwrap_or_default();
                let Some(second) = runs.pop_front() else {
                    let mut made = live.take();
                    made.worklist.arrange(&first);
                    return Ok(Some(made));
                };
                runs.push_back(merge_runs(first, second));
                return Ok(None);
            }
        };
        self.stage = next;
        Ok(None)
    }
}

impl Live {
    /// Takes everything out, leaving it empty.
    fn take(&mut self) -> Live {
        Live {
            balances: self.balances.take(),
            worklist: std::mem::take(&mut self.worklist),
            roster: std::mem::take(&mut self.roster),
        }
    }
}
