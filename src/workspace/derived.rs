//! Figures that are always on screen: balances, today's list and the customers, kept between
//! commits. A commit about some customers is followed at once; what is about everybody is made
//! anew in slices, and until then the figures stand as they were, marked as being brought up to date.

use super::{Inner, Ws};
use crate::platform::clock;
use crate::platform::pause::{self, Slice};
use duebook_insight::Live;
use duebook_insight::aging::AgingError;
use duebook_insight::balances::{Balance, balances_of};
use duebook_insight::live::Making;
use duebook_insight::worklist::Task;
use duebook_ledger::apply::Delta;
use duebook_ledger::open::View;
use duebook_ledger::{Book, CustomerId, OpenScan};
use leptos::prelude::*;
use std::collections::VecDeque;
use std::sync::Arc;

/// How the figures stand to the book.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FiguresState {
    /// They are those of the book.
    Ready,
    /// They are of an earlier state or another day, if there are any; they are being made.
    Updating,
    /// A total does not fit a ledger's 64 bits of minor units: no figure is shown.
    TooLarge,
}

/// What is kept between commits.
#[derive(Default)]
pub struct Derived {
    live: Option<Live>,
    making: bool,
    changes: Changes,
}

impl Derived {
    /// Balances, today's list and the customers; `None` before they are made for the first time,
    /// and where a total does not fit.
    pub fn live(&self) -> Option<&Live> {
        self.live.as_ref()
    }
    /// Whose figures changed since a state of [`Ws::figures_revision`]; `None`: everybody's.
    pub fn touched_since(&self, revision: u64) -> Option<Vec<CustomerId>> {
        self.changes.since(revision)
    }
    /// The state in which a customer's figures last changed, as far back as is remembered: two rows of
    /// a customer with the same number are the same.
    pub fn touched_at(&self, customer: CustomerId) -> u64 {
        self.changes.touched_at(customer)
    }
}

/// How many changes are remembered. Who missed more looks at everything.
const REMEMBERED: usize = 64;

/// Which customers each of the last changes touched.
#[derive(Default)]
pub(super) struct Changes {
    /// Number of the newest.
    last: u64,
    /// `None`: everything.
    touched: VecDeque<Option<Vec<CustomerId>>>,
}

impl Changes {
    pub(super) fn push(&mut self, revision: u64, touched: Option<Vec<CustomerId>>) {
        self.last = revision;
        self.touched.push_back(touched);
        if self.touched.len() > REMEMBERED {
            self.touched.pop_front();
        }
    }
    fn touched_at(&self, customer: CustomerId) -> u64 {
        let newest = (0..=self.last).rev().zip(self.touched.iter().rev());
        let of = |touched: &Option<Vec<CustomerId>>| {
            touched.as_ref().is_none_or(|all| all.contains(&customer))
        };
        newest
            .into_iter()
            .find(|(_, touched)| of(touched))
            .map_or(0, |(at, _)| at)
    }
    /// The customers touched after a revision; `None` where that is everybody, or forgotten.
    pub(super) fn since(&self, revision: u64) -> Option<Vec<CustomerId>> {
        let missed = usize::try_from(self.last.checked_sub(revision)?).ok()?;
        let first = self.touched.len().checked_sub(missed)?;
        let mut all = Vec::new();
        for touched in self.touched.iter().skip(first) {
            all.extend_from_slice(touched.as_ref()?);
        }
        all.sort_unstable();
        all.dedup();
        Some(all)
    }
}

impl Ws {
    /// Today's figures, following them: who calls it reactively is called again when they change.
    /// They may be of the state before the last commit: see [`Ws::figures_state`].
    pub fn figures<R>(&self, f: impl FnOnce(&Book, &Derived) -> R) -> R {
        self.figures_revision.track();
        self.want_figures();
        let inner = self.inner();
        let (book, derived) = (inner.book.borrow(), inner.derived.borrow());
        f(&book, &derived)
    }
    /// A customer's row of today's list, following the figures.
    pub fn task(&self, customer: CustomerId) -> Option<Arc<Task>> {
        self.figures(|_, derived| derived.live()?.worklist().task(customer).cloned())
    }
    /// How the figures stand to the book.
    pub fn figures_state(&self) -> Signal<FiguresState> {
        self.figures_state.into()
    }
    /// The number of the state of the figures: goes up with each change of them.
    pub fn figures_revision(&self) -> Signal<u64> {
        self.figures_revision.into()
    }
    /// One customer's balances today, as the book is now, whatever is being made.
    ///
    /// # Errors
    /// [`AgingError::Overflow`] where a sum does not fit.
    pub fn balances_of(
        &self,
        customer: CustomerId,
        view: View,
    ) -> Result<Vec<Balance>, AgingError> {
        self.read(|book| balances_of(book, &OpenScan::new(book, view), customer))
    }
    /// The clock went on: call-backs fall due.
    pub fn tick(&self, now_ms: i64) {
        let inner = self.inner();
        let book = inner.book.borrow();
        let mut derived = inner.derived.borrow_mut();
        if derived.making {
            // What is being made takes the clock's time when it is done.
            return;
        }
        let due = derived.live.as_mut().map(|live| live.tick(&book, now_ms));
        let due = due.unwrap_or_default();
        if !due.is_empty() {
            self.figures_changed(&mut derived, Some(due));
        }
    }

    /// Follows a commit. Before the views are told, so that none shows figures of before.
    pub(super) fn follow_figures(&self, delta: &Delta) {
        let inner = self.inner();
        let book = inner.book.borrow();
        let mut derived = inner.derived.borrow_mut();
        if derived.making {
            // It sees for itself that the book moved, and begins again.
            return;
        }
        let wanted =
            derived.live.is_some() || self.figures_state.get_untracked() == FiguresState::TooLarge;
        if !wanted {
            return;
        }
        match &mut derived.live {
            Some(live) if Live::follows(delta) => {
                let kept = live.update(&book, &delta.customers, clock::now_ms());
                match kept {
                    Ok(looked_at) => self.figures_changed(&mut derived, Some(looked_at)),
                    Err(AgingError::Overflow) => self.too_large(&mut derived),
                }
            }
            _ => {
                drop(derived);
                self.make_figures();
            }
        }
    }

    fn want_figures(&self) {
        let inner = self.inner();
        let derived = inner.derived.borrow();
        let idle = derived.live.is_none() && !derived.making;
        if idle && self.figures_state.get_untracked() == FiguresState::Updating {
            drop(derived);
            self.make_figures();
        }
    }

    /// Makes the figures anew, in slices between which the browser has its turn. Those of a small
    /// book are there before the next frame is drawn.
    pub(super) fn make_figures(&self) {
        let inner = self.inner();
        if std::mem::replace(&mut inner.derived.borrow_mut().making, true) {
            return;
        }
        let ws = *self;
        leptos::task::spawn_local(async move {
            let _ = ws.figures_state.try_set(FiguresState::Updating);
            let today = || ws.today.try_get_untracked();
            let Some(mut day) = today() else { return };
            let mut making = Making::new(&inner.book.borrow(), day, clock::now_ms());
            loop {
                let slice = Slice::begin();
                while !slice.is_over() {
                    match today() {
                        // The page is gone, and with it whoever looked.
                        None => return,
                        Some(now) if now != day => {
                            day = now;
                            making = Making::new(&inner.book.borrow(), day, clock::now_ms());
                        }
                        Some(_) => {}
                    }
                    let stepped = making.step(&inner.book.borrow());
                    match stepped {
                        Ok(None) => {}
                        Ok(Some(live)) => return ws.figures_made(&inner, live),
                        Err(AgingError::Overflow) => {
                            return ws.too_large(&mut inner.derived.borrow_mut());
                        }
                    }
                }
                pause::pause().await;
            }
        });
    }

    fn figures_made(&self, inner: &Inner, mut live: Live) {
        let mut derived = inner.derived.borrow_mut();
        live.tick(&inner.book.borrow(), clock::now_ms());
        derived.live = Some(live);
        derived.making = false;
        self.figures_changed(&mut derived, None);
        drop(derived);
        let _ = self.figures_state.try_set(FiguresState::Ready);
    }

    fn too_large(&self, derived: &mut Derived) {
        derived.live = None;
        derived.making = false;
        let _ = self.figures_state.try_set(FiguresState::TooLarge);
        self.figures_changed(derived, None);
    }

    fn figures_changed(&self, derived: &mut Derived, touched: Option<Vec<CustomerId>>) {
        let Some(before) = self.figures_revision.try_get_untracked() else {
            return;
        };
        derived.changes.push(before + 1, touched);
        // Whoever is told reads them later, in a task of its own.
        let _ = self.figures_revision.try_set(before + 1);
    }
}
