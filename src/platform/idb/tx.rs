//! One transaction: opened with its durability, everything queued, `complete` awaited.

use std::cell::Cell;
use std::rc::Rc;

use duebook_journal::StoreError;
use js_sys::{Array, Promise, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{IdbDatabase, IdbObjectStore, IdbRequest, IdbTransaction};

use crate::platform::js::{self, JsFailure};

/// What a transaction is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    Read,
    /// Readwrite, on disk before `complete`.
    Strict,
    /// Readwrite, for what can be made again.
    Relaxed,
}

/// What this connection's appends did, as the browser saw it.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    /// Appends whose transaction was opened.
    pub opened: Rc<Cell<u32>>,
    /// Of those, how many the browser itself calls strict.
    pub strict: Rc<Cell<u32>>,
    /// `complete` events seen, by a listener apart from the one that is awaited.
    pub completed: Rc<Cell<u32>>,
    /// Appends whose transaction was aborted.
    pub aborted: Rc<Cell<u32>>,
    /// Appends answered with Ok while `completed` was behind: must stay 0.
    pub early: Rc<Cell<u32>>,
}

pub(super) fn bump(count: &Cell<u32>) {
    count.set(count.get().saturating_add(1));
}

/// What an error of IndexedDB means to the log.
pub(super) fn store_error(failure: JsFailure) -> StoreError {
    match failure.name.as_str() {
        "QuotaExceededError" => StoreError::Quota,
        "VersionError" => StoreError::NewerVersion,
        "SecurityError" => StoreError::Unavailable(failure.to_string()),
        // The connection is closing, was closed by the browser, or its transaction was aborted
        // by nobody here.
        "InvalidStateError" | "AbortError" | "TransactionInactiveError" => StoreError::Closed,
        // Safari after the background: "Connection to Indexed Database server lost".
        "UnknownError" if failure.message.contains("onnection") => StoreError::Closed,
        _ => StoreError::Io(failure.to_string()),
    }
}

pub(super) struct Tx {
    transaction: IdbTransaction,
    done: Promise,
}

impl Tx {
    /// Opens a transaction; the caller queues everything before his next await.
    pub(super) fn open(
        database: &IdbDatabase,
        stores: &[&str],
        purpose: Purpose,
    ) -> Result<Self, JsFailure> {
        Self::begin(database, stores, purpose, None)
    }

    /// Opens a strict transaction and notes in the trace what becomes of it.
    pub(super) fn open_traced(
        database: &IdbDatabase,
        stores: &[&str],
        trace: &Trace,
    ) -> Result<Self, JsFailure> {
        Self::begin(database, stores, Purpose::Strict, Some(trace))
    }

    fn begin(
        database: &IdbDatabase,
        stores: &[&str],
        purpose: Purpose,
        trace: Option<&Trace>,
    ) -> Result<Self, JsFailure> {
        let names: Array = stores.iter().map(|name| JsValue::from_str(name)).collect();
        let (mode, durability) = match purpose {
            Purpose::Read => ("readonly", "default"),
            Purpose::Strict => ("readwrite", "strict"),
            Purpose::Relaxed => ("readwrite", "relaxed"),
        };
        // By name: web-sys has the third argument only behind an unstable flag.
        let options = js::options(&[("durability", durability.into())])?;
        let arguments = [names.into(), mode.into(), options];
        let transaction: IdbTransaction =
            js::call(database, "transaction", &arguments)?.unchecked_into();
        if let Some(trace) = trace {
            // Before the awaited listener: the event reaches them in this order.
            note(&transaction, trace)?;
        }
        let done = Promise::new(&mut |complete, aborted| {
            transaction.set_oncomplete(Some(&complete));
            transaction.set_onabort(Some(&aborted));
        });
        Ok(Self { transaction, done })
    }

    pub(super) fn store(&self, name: &str) -> Result<IdbObjectStore, JsFailure> {
        Ok(self.transaction.object_store(name)?)
    }

    /// Undoes everything queued.
    pub(super) fn abort(&self) {
        // It throws only when the transaction is over already.
        let _ = self.transaction.abort();
    }

    /// Aborts when the record a request found does not pass. The check runs inside the
    /// request's own event, so the transaction is still live.
    pub(super) fn abort_unless(
        &self,
        request: &IdbRequest,
        check: impl FnOnce(&JsValue) -> bool + 'static,
    ) -> Rc<Cell<bool>> {
        let aborted = Rc::new(Cell::new(false));
        let (transaction, found, flag) =
            (self.transaction.clone(), request.clone(), aborted.clone());
        let listener = Closure::once_into_js(move || {
            let passes = found.result().is_ok_and(|value| check(&value));
            if !passes {
                flag.set(true);
                let _ = transaction.abort();
            }
        });
        request.set_onsuccess(Some(listener.unchecked_ref()));
        aborted
    }

    /// Awaits `complete`.
    pub(super) async fn done(self) -> Result<(), JsFailure> {
        match JsFuture::from(self.done).await {
            Ok(_) => Ok(()),
            Err(_) => Err(match self.transaction.error() {
                Some(error) => JsFailure::of(&error),
                None => JsFailure {
                    name: "AbortError".to_owned(),
                    message: "the transaction was aborted".to_owned(),
                },
            }),
        }
    }
}

/// Notes a transaction and its `complete` in the trace.
fn note(transaction: &IdbTransaction, trace: &Trace) -> Result<(), JsFailure> {
    bump(&trace.opened);
    let durability = Reflect::get(transaction, &"durability".into())?;
    if durability.as_string().as_deref() == Some("strict") {
        bump(&trace.strict);
    }
    let completed = trace.completed.clone();
    let seen = Closure::once_into_js(move || bump(&completed));
    transaction.add_event_listener_with_callback("complete", seen.unchecked_ref())?;
    Ok(())
}

/// A finished request's result.
pub(super) fn result(request: &IdbRequest) -> Result<JsValue, JsFailure> {
    Ok(request.result()?)
}
