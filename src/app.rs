//! Routes, and the frame in which a book is open.

use crate::later;
use crate::pages;
use crate::platform::ids;
use crate::ui::look::provide_look;
use crate::ui::prelude::*;
use crate::ui::toast::ToastStack;
use crate::workspace::{self, LoadStage, OpenFailure, Ws};
use leptos::prelude::*;
use leptos_router::components::{Outlet, ParentRoute, Route, Router, Routes};
use leptos_router::hooks::use_params_map;
use leptos_router::path;

/// The app.
#[component]
pub fn App() -> impl IntoView {
    provide_look();
    provide_toasts();
    view! {
        <Router base=base()>
            <Routes fallback=|| view! { <pages::not_found::NotFound /> }>
                <Route path=path!("") view=pages::open::OpenPage />
                <Route path=path!("/help") view=pages::help::HelpAlone />
                <ParentRoute path=path!("/book/:book") view=BookFrame>
                    <Route path=path!("") view=pages::today::TodayPage />
                    <Route path=path!("/today") view=pages::today::TodayPage />
                    <Route path=path!("/work") view=|| later::page(|later| later.work) />
                    <Route path=path!("/account/:source/:number") view=|| later::page(|later| later.account) />
                    <Route path=path!("/customers") view=|| later::page(|later| later.customers) />
                    <Route path=path!("/aging") view=|| later::page(|later| later.aging) />
                    <Route path=path!("/cash") view=|| later::page(|later| later.cash) />
                    <Route path=path!("/import") view=|| later::page(|later| later.import) />
                    <Route path=path!("/settings") view=|| later::page(|later| later.settings) />
                    <Route path=path!("/help") view=|| later::page(|later| later.help) />
                    <Route path=path!("/items") view=|| later::page(|later| later.items) />
                    <Route path=path!("/changes") view=|| later::page(|later| later.changes) />
                    <Route path=path!("/letters") view=|| later::page(|later| later.letters) />
                    <Route path=path!("/outbox") view=|| later::page(|later| later.outbox) />
                    <Route path=path!("/cases") view=|| later::page(|later| later.cases) />
                    <Route path=path!("/shift") view=|| later::page(|later| later.shift) />
                    <Route path=path!("/risk") view=|| later::page(|later| later.risk) />
                    <Route path=path!("/plans") view=|| later::page(|later| later.plans) />
                    <Route path=path!("/activity") view=|| later::page(|later| later.activity) />
                    <Route path=path!("/reconcile") view=|| later::page(|later| later.reconcile) />
                    <Route path=path!("/kpis") view=|| later::page(|later| later.kpis) />
                    <Route path=path!("/reports") view=|| later::page(|later| later.reports) />
                </ParentRoute>
            </Routes>
        </Router>
        <ToastStack />
    }
}

/// The path the app is served under, without a slash at its end: one build works anywhere.
pub fn base() -> String {
    let uri = document().base_uri().ok().flatten().unwrap_or_default();
    let path = web_sys::Url::new(&uri)
        .map(|u| u.pathname())
        .unwrap_or_default();
    path.trim_end_matches('/').to_owned()
}

/// The address of a page of the open book, for links.
pub fn href(ws: Ws, page: &str) -> String {
    format!("{}/book/{}/{page}", base(), ids::uuid(&ws.id()))
}

/// How opening goes.
#[derive(Clone)]
enum Opening {
    Reading(LoadStage),
    Open(Ws),
    Failed(OpenFailure),
    NoSuchId,
}

/// Opens the book of the address and shows its pages in the shell.
#[component]
fn BookFrame() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.read().get("book").unwrap_or_default());
    let state = RwSignal::new(Opening::Reading(LoadStage::Reading));
    Effect::new(move |_| {
        let Ok(book) = id.get().parse() else {
            state.set(Opening::NoSuchId);
            return;
        };
        if let Some(ws) = workspace_of(book) {
            state.set(Opening::Open(ws));
            return;
        }
        leptos::task::spawn_local(async move {
            let progress = move |stage| _ = state.try_set(Opening::Reading(stage));
            let result = workspace::open(book, progress).await;
            let _ = state.try_set(match result {
                Ok(ws) => {
                    remember(ws);
                    Opening::Open(ws)
                }
                Err(failure) => Opening::Failed(failure),
            });
        });
    });
    move || match state.get() {
        Opening::Reading(stage) => view! { <pages::open::Opening stage /> }.into_any(),
        Opening::Failed(failure) => view! { <pages::open::CannotOpen failure /> }.into_any(),
        Opening::NoSuchId => view! { <pages::not_found::NotFound /> }.into_any(),
        Opening::Open(ws) => {
            provide_context(ws);
            view! {
                <pages::frame::Frame>
                    <Outlet />
                </pages::frame::Frame>
            }
            .into_any()
        }
    }
}

thread_local! {
    /// The book that is open in this tab: kept while the address moves between pages.
    static OPEN: std::cell::Cell<Option<Ws>> = const { std::cell::Cell::new(None) };
}

/// Keeps a book open for the next page.
pub fn remember(ws: Ws) {
    OPEN.with(|open| open.set(Some(ws)));
}

/// Lets go of the open book: it was deleted.
pub fn forget() {
    OPEN.with(|open| open.set(None));
}

fn workspace_of(id: duebook_journal::BookId) -> Option<Ws> {
    OPEN.with(std::cell::Cell::get).filter(|ws| ws.id() == id)
}
