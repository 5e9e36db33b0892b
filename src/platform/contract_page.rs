//! The journal's contract run on real IndexedDB, under `?contract=1`: a page for the browser
//! tests, which read the JSON in `#contract-result` once its `data-done` is set.

use std::cell::RefCell;

use duebook_journal::contract::{Harness, run_all};
use duebook_journal::{BookId, StoreError};
use serde::Serialize;
use wasm_bindgen_futures::spawn_local;

use super::contract_checks::{
    a_closed_connection_is_opened_again, a_deleted_book_stays_deleted, a_lock_has_one_holder,
    a_missing_database_is_a_rescue, ids_are_random_and_readable, local_times_are_right,
};
use super::idb::{IdbStore, Trace, delete_book};
use super::js::JsFailure;

/// Real IndexedDB. Every connection handed out is remembered, for what it did.
#[derive(Default)]
struct IdbHarness {
    connections: RefCell<Vec<Trace>>,
    books: RefCell<Vec<BookId>>,
}

impl IdbHarness {
    fn remember(&self, store: IdbStore) -> IdbStore {
        self.connections.borrow_mut().push(store.trace().clone());
        store
    }
}

impl Harness for IdbHarness {
    type Store = IdbStore;

    async fn create(&self, book: BookId) -> Result<IdbStore, String> {
        let say = |error: StoreError| format!("{error:?}");
        delete_book(&book).await.map_err(say)?;
        self.books.borrow_mut().push(book);
        IdbStore::create(&book)
            .await
            .map(|s| self.remember(s))
            .map_err(say)
    }

    async fn open(&self, book: BookId) -> Result<IdbStore, String> {
        let opened = IdbStore::open(&book).await;
        opened
            .map(|s| self.remember(s))
            .map_err(|error| format!("{error:?}"))
    }
}

#[derive(Serialize)]
struct Line {
    name: String,
    ok: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<String>,
}

#[derive(Serialize)]
struct Report {
    passed: usize,
    failed: usize,
    checks: Vec<Line>,
}

fn line(name: &str, result: Result<(), String>) -> Line {
    Line {
        name: name.to_owned(),
        ok: result.is_ok(),
        why: result.err(),
    }
}

/// Every append asked for `strict`, and the browser says so; every Ok came after `complete`.
fn durability(connections: &[Trace]) -> [Line; 2] {
    let sum = |count: fn(&Trace) -> u32| connections.iter().map(count).sum::<u32>();
    let opened = sum(|trace| trace.opened.get());
    let strict = sum(|trace| trace.strict.get());
    let completed = sum(|trace| trace.completed.get());
    let aborted = sum(|trace| trace.aborted.get());
    let early = sum(|trace| trace.early.get());
    let said = |holds: bool| {
        let found = format!(
            "{opened} opened, {strict} strict, {completed} completed, {aborted} aborted, {early} early"
        );
        if holds && opened > 0 {
            Ok(())
        } else {
            Err(found)
        }
    };
    [
        line("every_append_is_strict", said(strict == opened)),
        line(
            "every_ok_comes_after_complete",
            said(early == 0 && completed + aborted == opened),
        ),
    ]
}

/// Whether the page was asked for.
pub fn wanted() -> bool {
    let search = web_sys::window().and_then(|window| window.location().search().ok());
    search.is_some_and(|search| {
        search
            .trim_start_matches('?')
            .split('&')
            .any(|p| p == "contract=1")
    })
}

async fn run() -> Report {
    let harness = IdbHarness::default();
    let mut checks: Vec<Line> = (run_all(&harness).await.into_iter())
        .map(|check| line(check.name, check.result))
        .collect();
    checks.extend(durability(&harness.connections.borrow()));
    let book = BookId([0x5a; 16]);
    let own = [
        (
            "a_missing_database_is_a_rescue",
            a_missing_database_is_a_rescue(book).await,
        ),
        (
            "a_deleted_book_stays_deleted",
            a_deleted_book_stays_deleted(book).await,
        ),
        (
            "a_closed_connection_is_opened_again",
            a_closed_connection_is_opened_again(book).await,
        ),
        ("a_lock_has_one_holder", a_lock_has_one_holder(book).await),
        ("local_times_are_right", local_times_are_right()),
        ("ids_are_random_and_readable", ids_are_random_and_readable()),
    ];
    checks.extend(own.into_iter().map(|(name, result)| line(name, result)));
    let books = harness.books.take();
    for book in books {
        if let Err(error) = delete_book(&book).await {
            checks.push(line("cleaning_up", Err(format!("{book}: {error:?}"))));
        }
    }
    let failed = checks.iter().filter(|check| !check.ok).count();
    Report {
        passed: checks.len() - failed,
        failed,
        checks,
    }
}

fn show(report: &Report) -> Result<(), JsFailure> {
    let json = serde_json::to_string_pretty(report).unwrap_or_else(|error| error.to_string());
    let document = web_sys::window().and_then(|window| window.document());
    let document = document.ok_or_else(|| JsFailure::unsupported("document"))?;
    let body = document
        .body()
        .ok_or_else(|| JsFailure::unsupported("body"))?;
    let place = document.create_element("pre")?;
    place.set_id("contract-result");
    place.set_text_content(Some(&json));
    place.set_attribute("data-done", "true")?;
    body.append_child(&place)?;
    Ok(())
}

/// Runs the suite and shows the result; call instead of mounting the app.
pub fn start() {
    spawn_local(async {
        let report = run().await;
        if let Err(failure) = show(&report) {
            web_sys::console::error_1(&format!("contract page: {failure}").into());
        }
    });
}
