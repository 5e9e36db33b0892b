//! The list of the page: made in slices when the question or the whole book changes, kept from
//! what a commit touched otherwise. While it is made the one before stands, and the page says so.

use crate::platform::pause::sliced;
use crate::workspace::Ws;
use duebook_insight::items::{Asked, Listed, Making, Totals};
use duebook_ledger::ItemId;
use leptos::prelude::*;
use std::cell::RefCell;
use std::rc::Rc;

/// What is held, and of which state.
#[derive(Default)]
struct Held {
    listed: Option<Listed>,
    /// Revision of the book it is of.
    at: u64,
    /// Number of the last work begun; an earlier one stops.
    job: u64,
    working: bool,
}

/// The list, for the parts of the page.
#[derive(Clone, Copy)]
pub struct List {
    held: StoredValue<Rc<RefCell<Held>>, LocalStorage>,
    version: RwSignal<u64>,
    /// The list shown is of an earlier state or another question.
    pub updating: RwSignal<bool>,
}

impl List {
    /// The list as the answer to a question, which it follows.
    pub fn of(ws: Ws, asked: Memo<Asked>) -> Self {
        let list = List {
            held: StoredValue::new_local(Rc::default()),
            version: RwSignal::new(0),
            updating: RwSignal::new(true),
        };
        let revision = ws.revision();
        Effect::new(move |_| list.follow(ws, asked.get(), revision.get()));
        list
    }

    fn follow(self, ws: Ws, asked: Asked, revision: u64) {
        let held = self.held.get_value();
        let job = {
            let mut held = held.borrow_mut();
            let Held {
                listed,
                at,
                working,
                job,
            } = &mut *held;
            let same = !*working && listed.as_ref().is_some_and(|l| *l.asked() == asked);
            let kept = same
                && (*at == revision
                    || ws.touched_since(*at).is_some_and(|touched| {
                        let update = |l: &mut Listed| ws.peek(|book| l.update(book, &touched));
                        listed.as_mut().is_some_and(update)
                    }));
            if kept {
                *at = revision;
                self.version.update(|v| *v += 1);
                return;
            }
            *working = true;
            *job += 1;
            *job
        };
        self.updating.set(true);
        leptos::task::spawn_local(async move {
            let mut making = {
                let held = held.borrow();
                let current = held.listed.as_ref().filter(|_| held.at == revision);
                ws.peek(|book| Making::new(book, asked, current))
            };
            let made = sliced(|| {
                if held.borrow().job != job || self.held.try_get_value().is_none() {
                    return Some(None);
                }
                ws.peek(|book| making.step(book)).map(Some)
            })
            .await;
            let Some(listed) = made else { return };
            {
                let mut held = held.borrow_mut();
                // A commit in between begins the making again: it is of the book as it is.
                held.at = ws.revision().get_untracked();
                held.listed = Some(listed);
                held.working = false;
            }
            self.updating.set(false);
            self.version.update(|v| *v += 1);
        });
    }

    /// Reads the list; whoever calls it reactively is called again when it changes. `None` before
    /// it is made for the first time.
    pub fn with<R>(self, f: impl FnOnce(Option<&Listed>) -> R) -> R {
        self.version.track();
        self.peek(f)
    }
    /// Reads the list once.
    pub fn peek<R>(self, f: impl FnOnce(Option<&Listed>) -> R) -> R {
        let held = self.held.get_value();
        let held = held.borrow();
        f(held.listed.as_ref())
    }
    /// The item of a row shown.
    pub fn item(self, row: usize) -> Option<(u32, ItemId)> {
        self.with(|l| {
            let at = *l?.shown().get(row)?;
            Some((at, l?.all().id(at)))
        })
    }
    /// Sums of what is listed.
    pub fn totals(self) -> Totals {
        self.with(|l| l.map_or(Totals::default(), |l| l.totals().clone()))
    }
}
