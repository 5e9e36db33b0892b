//! Web Locks: they make races between tabs rare. Correctness does not rest on them, so a
//! browser without them works the same, only with more conflicts.

use duebook_journal::BookId;
use js_sys::{Array, Function, Promise};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen_futures::JsFuture;

use super::ids::uuid;
use super::js::{self, JsFailure};

/// A held lock; dropping it lets it go.
#[derive(Debug)]
pub struct Lock {
    release: Option<Function>,
}

impl Drop for Lock {
    fn drop(&mut self) {
        if let Some(release) = self.release.take() {
            // Resolving a promise does not throw.
            let _ = release.call0(&JsValue::NULL);
        }
    }
}

/// The lock around deciding and saving in a book.
pub fn write_name(book: &BookId) -> String {
    format!("duebook:{}:write", uuid(book))
}

/// The lock of the one tab that makes snapshots and backups and applies updates.
pub fn housekeeper_name(book: &BookId) -> String {
    format!("duebook:{}:housekeeper", uuid(book))
}

/// Waits for a lock.
pub async fn acquire(name: &str) -> Result<Lock, JsFailure> {
    match request(name, false).await? {
        Some(lock) => Ok(lock),
        None => Err(JsFailure::unsupported("locks.request gave no lock")),
    }
}

/// Takes a lock if it is free.
pub async fn try_acquire(name: &str) -> Result<Option<Lock>, JsFailure> {
    request(name, true).await
}

async fn request(name: &str, if_available: bool) -> Result<Option<Lock>, JsFailure> {
    let locks = js::get(&js::global("navigator")?, "locks")?;
    let (held, release) = js::deferred();
    let (granted, grant) = js::deferred();
    // The browser keeps the lock until the promise returned from here resolves.
    let callback = Closure::once_into_js(move |lock: JsValue| -> JsValue {
        let got = !lock.is_null() && !lock.is_undefined();
        if let Some(grant) = grant {
            let _ = grant.call1(&JsValue::NULL, &JsValue::from_bool(got));
        }
        if got { held.into() } else { JsValue::UNDEFINED }
    });
    let options = js::options(&[("ifAvailable", JsValue::from_bool(if_available))])?;
    let over = js::call(&locks, "request", &[name.into(), options, callback])?;
    // Either the callback runs, or the request fails before it does.
    let race = Promise::race(&Array::of2(&granted, &over));
    let got = JsFuture::from(race).await?.as_bool().unwrap_or(false);
    Ok(got.then_some(Lock { release }))
}
