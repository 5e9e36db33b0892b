//! A book's log in IndexedDB: one database a book, one strict transaction a commit.
//!
//! Nothing is awaited inside a transaction: everything is queued at once and only its
//! `complete` is awaited. Works in the page and in a worker.

mod open;
mod records;
mod store;
mod tx;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use duebook_journal::{BookId, StoreError};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Event, IdbDatabase, IdbVersionChangeEvent};

pub use open::{delete_book, list_books};
pub use tx::Trace;

use super::js::JsFailure;

pub(super) const COMMITS: &str = "commits";
pub(super) const BLOCKS: &str = "blocks";
pub(super) const TEXTS: &str = "texts";
pub(super) const SNAPSHOTS: &str = "snapshots";
pub(super) const SEGMENTS: &str = "segments";
pub(super) const META: &str = "meta";
/// Index of [`COMMITS`] on the command's id.
pub(super) const BY_COMMAND: &str = "command";

/// What became of the connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Connection {
    /// In use, or to be opened again when next needed.
    Usable,
    /// Given up for a newer version in another tab.
    Superseded,
    /// The book was deleted in another tab.
    Deleted,
}

struct Shared {
    name: String,
    database: RefCell<Option<IdbDatabase>>,
    connection: Cell<Connection>,
    trace: Trace,
}

/// A connection to one book's database. Clones share it. A connection the browser drops is
/// opened again at the next call; it is closed when the last clone goes.
#[derive(Clone)]
pub struct IdbStore {
    shared: Rc<Shared>,
}

impl IdbStore {
    /// Makes the database of a new book.
    pub async fn create(book: &BookId) -> Result<Self, StoreError> {
        Self::connect(book, open::Mode::Create).await
    }

    /// Opens the database of a book that exists. [`StoreError::Missing`] when it does not: then
    /// nothing is made, and [`super::registry::verdict`] says whether that is a rescue.
    pub async fn open(book: &BookId) -> Result<Self, StoreError> {
        Self::connect(book, open::Mode::Existing).await
    }

    async fn connect(book: &BookId, mode: open::Mode) -> Result<Self, StoreError> {
        let store = Self {
            shared: Rc::new(Shared {
                name: open::database_name(book),
                database: RefCell::new(None),
                connection: Cell::new(Connection::Usable),
                trace: Trace::default(),
            }),
        };
        store.attach(open::open(&store.shared.name, mode).await?);
        Ok(store)
    }

    /// What this connection's appends did; for the contract page.
    pub fn trace(&self) -> &Trace {
        &self.shared.trace
    }

    /// Closes the connection once running transactions are done.
    pub fn close(&self) {
        if let Some(database) = self.shared.database.borrow_mut().take() {
            database.close();
        }
    }

    /// The live connection, opened again where the browser dropped it.
    async fn database(&self) -> Result<IdbDatabase, StoreError> {
        match self.shared.connection.get() {
            Connection::Usable => {}
            Connection::Superseded => return Err(StoreError::NewerVersion),
            Connection::Deleted => return Err(StoreError::Missing),
        }
        if let Some(database) = self.shared.database.borrow().clone() {
            return Ok(database);
        }
        // Never makes one: an evicted book must be found out, not replaced.
        let database = open::open(&self.shared.name, open::Mode::Existing).await?;
        self.attach(database.clone());
        Ok(database)
    }

    /// Keeps a connection and listens for its end.
    fn attach(&self, database: IdbDatabase) {
        let weak = Rc::downgrade(&self.shared);
        let closed = Closure::<dyn FnMut(Event)>::new(move |_| {
            if let Some(shared) = weak.upgrade() {
                shared.database.borrow_mut().take();
            }
        });
        database.set_onclose(Some(closed.into_js_value().unchecked_ref()));
        let weak = Rc::downgrade(&self.shared);
        let changed = Closure::<dyn FnMut(IdbVersionChangeEvent)>::new(
            move |event: IdbVersionChangeEvent| {
                let Some(shared) = weak.upgrade() else { return };
                let state = match event.new_version() {
                    Some(_) => Connection::Superseded,
                    None => Connection::Deleted,
                };
                shared.connection.set(state);
                // Transactions under way are finished first.
                if let Some(database) = shared.database.borrow_mut().take() {
                    database.close();
                }
            },
        );
        database.set_onversionchange(Some(changed.into_js_value().unchecked_ref()));
        self.shared.database.replace(Some(database));
    }

    /// The error, after letting go of a connection that is of no more use.
    fn failed(&self, failure: JsFailure) -> StoreError {
        let error = tx::store_error(failure);
        if error == StoreError::Closed {
            self.close();
        }
        error
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        if let Some(database) = self.database.get_mut().take() {
            database.set_onclose(None);
            database.set_onversionchange(None);
            database.close();
        }
    }
}
