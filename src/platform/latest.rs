//! What is worked out in slices for a page and begun anew when the question or the book changes:
//! only the newest run counts, and what was made last stands until the next is there.

use super::pause::{pause, sliced};
use leptos::prelude::*;
use std::future::Future;

/// Runs of the same work, one after another.
#[derive(Clone, Copy)]
pub struct Runs(StoredValue<u64>);

impl Runs {
    /// None has begun.
    pub fn new() -> Self {
        Runs(StoredValue::new(0))
    }
    /// Begins one; those before it are stale.
    pub fn begin(self) -> Run {
        self.0.update_value(|n| *n += 1);
        Run(Some((self.0, self.0.get_value())))
    }
}

/// One of the [`Runs`].
#[derive(Clone, Copy)]
pub struct Run(Option<(StoredValue<u64>, u64)>);

impl Run {
    /// A run that nothing makes stale: the book is locked, or nobody changes it.
    pub const ALONE: Run = Run(None);

    /// Whether another began after it, or the view that wanted it is gone.
    pub fn is_stale(self) -> bool {
        self.0
            .is_some_and(|(newest, own)| newest.try_get_value() != Some(own))
    }
    /// Takes steps until one answers, giving the browser its turn between slices; `None` where the
    /// run went stale. It is looked at before each step: the book may have moved on.
    pub async fn steps<T>(self, mut step: impl FnMut() -> Option<T>) -> Option<T> {
        sliced(|| match self.is_stale() {
            true => Some(None),
            false => step().map(Some),
        })
        .await
    }
    /// Gives the browser its turn; `None` where the run is stale after it.
    pub async fn pause(self) -> Option<()> {
        pause().await;
        (!self.is_stale()).then_some(())
    }
}

/// The latest answer.
pub struct Latest<T: Send + Sync + 'static> {
    answer: RwSignal<Option<T>>,
    working: RwSignal<bool>,
}

// Handles are copied whatever they answer with.
impl<T: Send + Sync + 'static> Clone for Latest<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T: Send + Sync + 'static> Copy for Latest<T> {}

impl<T: Send + Sync + 'static> Latest<T> {
    /// Begins a run now and whenever what `begin` reads has changed. It reads its question and the
    /// book's revision before it answers the work. The work answers `None` where it is stale, or has
    /// nothing to say: then the answer of before stands.
    pub fn following<W>(begin: impl Fn(Run) -> W + 'static) -> Self
    where
        W: Future<Output = Option<T>> + 'static,
    {
        Self::following_on(move |run, _| begin(run))
    }
    /// [`Latest::following`], where an answer may be made of the one before: that is handed over too.
    pub fn following_on<W>(begin: impl Fn(Run, Signal<Option<T>>) -> W + 'static) -> Self
    where
        W: Future<Output = Option<T>> + 'static,
    {
        let latest = Latest {
            answer: RwSignal::new(None),
            working: RwSignal::new(true),
        };
        let runs = Runs::new();
        Effect::new(move |_| {
            let run = runs.begin();
            let work = begin(run, latest.answer());
            latest.working.set(true);
            leptos::task::spawn_local(async move {
                let made = work.await;
                if run.is_stale() {
                    return;
                }
                if made.is_some() {
                    let _ = latest.answer.try_set(made);
                }
                let _ = latest.working.try_set(false);
            });
        });
        latest
    }
    /// The answer; `None` before the first. While a newer one is made it is that of before.
    pub fn answer(self) -> Signal<Option<T>> {
        self.answer.into()
    }
    /// Whether it is being made anew.
    pub fn is_working(self) -> bool {
        self.working.get()
    }
}
