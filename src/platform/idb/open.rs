//! Opening, finding and deleting databases.

use std::cell::Cell;
use std::rc::Rc;

use duebook_journal::{BookId, StoreError};
use js_sys::{Array, Promise};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    IdbDatabase, IdbFactory, IdbIndexParameters, IdbObjectStoreParameters, IdbOpenDbRequest,
    IdbVersionChangeEvent,
};

use super::tx::store_error;
use super::{BLOCKS, BY_COMMAND, COMMITS, META, SEGMENTS, SNAPSHOTS, TEXTS};
use crate::platform::ids::uuid;
use crate::platform::js::{self, JsFailure};

const PREFIX: &str = "duebook.book.";
/// The version of stores and indexes; what is in the records has versions of its own.
const SCHEMA: u32 = 1;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Mode {
    /// Make it if it is not there.
    Create,
    /// Make nothing.
    Existing,
}

pub(super) fn database_name(book: &BookId) -> String {
    format!("{PREFIX}{}", uuid(book))
}

fn factory() -> Result<IdbFactory, StoreError> {
    match js::global("indexedDB") {
        Ok(factory) => Ok(factory.unchecked_into()),
        Err(failure) => Err(StoreError::Unavailable(failure.to_string())),
    }
}

/// How an open or delete request ended.
enum End {
    Success,
    Blocked,
    Failed(JsFailure),
}

/// Awaits an open or delete request. A blocked one is reported at once; if it succeeds later
/// after all, the late connection is closed.
async fn settle(request: &IdbOpenDbRequest) -> End {
    let promise = Promise::new(&mut |done, failed| {
        request.set_onsuccess(Some(&done));
        request.set_onerror(Some(&failed));
        let late = request.clone();
        let blocked = Closure::once_into_js(move || {
            let close_late = late.clone();
            let closer = Closure::once_into_js(move || {
                let database = close_late.result().ok();
                if let Some(database) = database.and_then(|d| d.dyn_into::<IdbDatabase>().ok()) {
                    database.close();
                }
            });
            late.set_onsuccess(Some(closer.unchecked_ref()));
            // Rejecting a promise does not throw.
            let _ = failed.call1(&JsValue::NULL, &JsValue::from_str("blocked"));
        });
        request.set_onblocked(Some(blocked.unchecked_ref()));
    });
    match JsFuture::from(promise).await {
        Ok(_) => End::Success,
        Err(reason) if reason.as_string().as_deref() == Some("blocked") => End::Blocked,
        Err(_) => End::Failed(match request.error() {
            Ok(Some(error)) => JsFailure::of(&error),
            Ok(None) => JsFailure::unsupported("request failed without an error"),
            Err(error) => JsFailure::of(&error),
        }),
    }
}

fn make_stores(database: &IdbDatabase) -> Result<(), JsValue> {
    let by_seq = IdbObjectStoreParameters::new();
    by_seq.set_key_path(&JsValue::from_str("seq"));
    let commits = database.create_object_store_with_optional_parameters(COMMITS, &by_seq)?;
    let unique = IdbIndexParameters::new();
    unique.set_unique(true);
    commits.create_index_with_str_and_optional_parameters(BY_COMMAND, "command", &unique)?;
    for name in [BLOCKS, TEXTS, SNAPSHOTS, SEGMENTS, META] {
        database.create_object_store(name)?;
    }
    Ok(())
}

pub(super) async fn open(name: &str, mode: Mode) -> Result<IdbDatabase, StoreError> {
    let request = (factory()?.open_with_u32(name, SCHEMA))
        .map_err(|error| StoreError::Unavailable(JsFailure::of(&error).to_string()))?;
    let missing = Rc::new(Cell::new(false));
    let upgrade = {
        let (request, missing) = (request.clone(), missing.clone());
        Closure::<dyn FnMut(IdbVersionChangeEvent)>::new(move |_| {
            let made = match request.result().map(JsCast::dyn_into::<IdbDatabase>) {
                Ok(Ok(database)) if mode == Mode::Create => make_stores(&database).is_ok(),
                _ => false,
            };
            missing.set(mode == Mode::Existing);
            if !made {
                // Aborting the change removes the empty database again.
                if let Some(change) = request.transaction() {
                    let _ = change.abort();
                }
            }
        })
    };
    request.set_onupgradeneeded(Some(upgrade.as_ref().unchecked_ref()));
    match settle(&request).await {
        End::Success => {}
        End::Blocked => return Err(StoreError::Blocked),
        End::Failed(_) if missing.get() => return Err(StoreError::Missing),
        End::Failed(failure) => return Err(store_error(failure)),
    }
    let result = request
        .result()
        .map_err(|error| store_error(error.into()))?;
    result.dyn_into().map_err(|_| StoreError::Malformed {
        what: "database".to_owned(),
    })
}

/// Deletes a book's database: only by the user's will. Other tabs let go of it.
pub async fn delete_book(book: &BookId) -> Result<(), StoreError> {
    let request = (factory()?.delete_database(&database_name(book)))
        .map_err(|error| StoreError::Unavailable(JsFailure::of(&error).to_string()))?;
    match settle(&request).await {
        End::Success => Ok(()),
        End::Blocked => Err(StoreError::Blocked),
        End::Failed(failure) => Err(store_error(failure)),
    }
}

/// The books whose databases exist, whatever the registry says: for finding them again when
/// localStorage was cleared.
pub async fn list_books() -> Result<Vec<BookId>, StoreError> {
    let factory: JsValue = factory()?.into();
    let found = js::call_async(&factory, "databases", &[])
        .await
        .map_err(store_error)?;
    let mut books: Vec<BookId> = (Array::from(&found).iter())
        .filter_map(|info| {
            let name = js::get(&info, "name").ok()?.as_string()?;
            name.strip_prefix(PREFIX)?.parse().ok()
        })
        .collect();
    duebook_money::order::sort(&mut books);
    Ok(books)
}
