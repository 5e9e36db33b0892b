//! The part of the program that the first page does not need: the other pages, and the worker's jobs.
//! In the published build it is a file of its own, loaded as soon as the first page stands, and
//! earlier if it is asked for (docs/adr/0012). In other builds it is part of the program.

use crate::bench::cash;
use crate::workspace::Ws;
use crate::{jobs, pages};
use duebook_money::Day;
use futures::future::LocalBoxFuture;
use leptos::prelude::*;
use std::cell::Cell;
use wasm_bindgen::JsValue;

/// Makes a page.
pub type Page = fn() -> AnyView;

/// What is in it. Nothing else may name these: whatever the first part names is in the first part.
pub struct Later {
    pub account: Page,
    pub activity: Page,
    pub aging: Page,
    pub cash: Page,
    pub changes: Page,
    pub customers: Page,
    pub help: Page,
    pub import: Page,
    pub items: Page,
    pub letters: Page,
    pub outbox: Page,
    pub reconcile: Page,
    pub plans: Page,
    pub risk: Page,
    pub settings: Page,
    pub cases: Page,
    pub work: Page,
    pub shift: Page,
    pub kpis: Page,
    pub reports: Page,
    /// The sample portfolio: seed, the day it ends on, customers.
    pub sample: fn(u64, Day, usize) -> duebook_sample::Portfolio,
    /// Payments against what is open, for the benchmark: the book and the day of the list.
    pub bench_match: fn(Ws, Day) -> LocalBoxFuture<'static, Result<cash::Pairs, JsValue>>,
    /// A job of the worker.
    pub job: fn(jobs::Shared, JsValue) -> LocalBoxFuture<'static, ()>,
}

static LATER: Later = Later {
    account: || pages::account::AccountPage().into_any(),
    activity: || pages::activity::ActivityPage().into_any(),
    aging: || pages::aging::AgingPage().into_any(),
    cash: || pages::cash::CashPage().into_any(),
    changes: || pages::changes::ChangesPage().into_any(),
    customers: || pages::customers::CustomersPage().into_any(),
    help: || pages::help::HelpPage().into_any(),
    import: || pages::import::ImportPage().into_any(),
    items: || pages::items::ItemsPage().into_any(),
    letters: || pages::letters::LettersPage().into_any(),
    outbox: || pages::outbox::OutboxPage().into_any(),
    reconcile: || pages::reconcile::ReconcilePage().into_any(),
    plans: || pages::plans::PlansPage().into_any(),
    risk: || pages::risk::RiskPage().into_any(),
    settings: || pages::settings::SettingsPage().into_any(),
    cases: || pages::cases::CasesPage().into_any(),
    work: || pages::work::WorkPage().into_any(),
    shift: || pages::shift::ShiftPage().into_any(),
    kpis: || pages::kpis::KpisPage().into_any(),
    reports: || pages::reports::ReportsPage().into_any(),
    sample: duebook_sample::portfolio,
    bench_match: cash::pairs,
    job: jobs::job,
};

/// The file could not be had: the network is away, or another build was published meanwhile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotLoaded;

#[cfg(feature = "split")]
mod part {
    use super::{LATER, Later, NotLoaded};
    use leptos::wasm_split::{SplitLoaderError, wasm_split};

    impl From<SplitLoaderError> for NotLoaded {
        fn from(_: SplitLoaderError) -> Self {
            NotLoaded
        }
    }

    #[wasm_split(later, wasm_split_path = ::leptos::wasm_split, fallible)]
    pub fn load() -> Result<&'static Later, NotLoaded> {
        Ok(&LATER)
    }

    pub const HERE: Option<&Later> = None;
}

#[cfg(not(feature = "split"))]
mod part {
    use super::{LATER, Later, NotLoaded};

    pub async fn load() -> Result<&'static Later, NotLoaded> {
        Ok(&LATER)
    }

    pub const HERE: Option<&Later> = Some(&LATER);
}

thread_local! {
    static LOADED: Cell<Option<&'static Later>> = const { Cell::new(part::HERE) };
}

/// Loads it, once.
///
/// # Errors
/// [`NotLoaded`]; asking again tries again.
pub async fn load() -> Result<&'static Later, NotLoaded> {
    if let Some(later) = LOADED.with(Cell::get) {
        return Ok(later);
    }
    let later = part::load().await?;
    LOADED.with(|loaded| loaded.set(Some(later)));
    Ok(later)
}

/// Loads it ahead of its first use.
pub fn ahead() {
    // Not by the page's executor: the worker has none.
    wasm_bindgen_futures::spawn_local(async {
        // What fails here fails again, and is said, when a page wants it.
        let _ = load().await;
    });
}

/// Shows a page: at once where it is loaded, else when it has come.
pub fn page(which: fn(&Later) -> Page) -> AnyView {
    if let Some(later) = LOADED.with(Cell::get) {
        return which(later)();
    }
    let tries = RwSignal::new(0u32);
    let state = RwSignal::new(None::<Result<Page, NotLoaded>>);
    Effect::new(move |_| {
        tries.track();
        leptos::task::spawn_local(async move {
            let made = load().await.map(which);
            let _ = state.try_set(Some(made));
        });
    });
    (move || match state.get() {
        None => ().into_any(),
        Some(Ok(page)) => page(),
        Some(Err(NotLoaded)) => {
            let again = move |_| tries.update(|n| *n += 1);
            view! { <pages::not_found::NotLoaded again /> }.into_any()
        }
    })
    .into_any()
}
