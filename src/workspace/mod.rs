//! The open book: what pages read, and the one way to change it.
//!
//! `Ws` is a handle that can be copied into every view. Reads come from memory and follow the
//! revision; a command goes decide -> persist strictly -> apply -> notify (see [`commit`]).

mod bulk;
mod commit;
mod data;
mod derived;
mod erase;
mod error;
mod export;
mod forecast;
mod issue;
mod kpis;
mod load;
mod make;
mod practice;
mod rows;
mod run;
mod sample;
mod shift;
mod statement;
mod takein;
mod template;
mod texts;
mod theirs;

use crate::platform::channel::TabsChannel;
use crate::platform::idb::IdbStore;
use crate::platform::{clock, prefs};
use derived::Changes;
use duebook_insight::Live;
use duebook_journal::{BookId, Journal, ReplicaId};
use duebook_ledger::apply::Delta;
use duebook_ledger::open::View;
use duebook_ledger::{Book, CustomerId};
use duebook_money::Day;
use leptos::prelude::*;
use std::cell::RefCell;
use std::rc::Rc;

pub use bulk::{BulkImport, Comparison, Progress as ImportProgress, StageError, Sums};
pub use commit::Saved;
pub use data::{BackedUp, draft_key};
pub use derived::{Derived, FiguresState};
pub use erase::Erasable;
pub use error::{OpenFailure, SubmitError};
pub use issue::Issue;
pub use kpis::Kpis;
pub use load::{NewBook, Stage as LoadStage, create, open, replay};
pub use make::{leave_files, restore, take_files};
pub use practice::{SHAPES, download_mornings};
pub use run::closes;
pub use sample::create_sample;
pub use shift::{local_day, recent_actors};
pub use statement::{Statements, is_statement, read_statements, sources_key};
pub use takein::OtherCopy;
pub use template::{Looked, Workbook, look_at};
pub use texts::{NewTexts, Texts};
pub use theirs::{KeptTheirs, RawTable, beside, read_rows, their_lines};

/// Whether everything shown is on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SaveState {
    /// Everything shown is on disk.
    Saved,
    /// A commit is on its way.
    Saving,
    /// The last command could not be saved; what the store said. Nothing of it is shown.
    Failed(String),
}

struct Inner {
    id: BookId,
    replica: ReplicaId,
    book: RefCell<Book>,
    texts: RefCell<Texts>,
    derived: RefCell<Derived>,
    /// By revision, what each commit touched.
    changes: RefCell<Changes>,
    journal: futures::lock::Mutex<Journal<IdbStore>>,
    /// Opened after the handle exists: it calls back into it.
    channel: RefCell<Option<TabsChannel>>,
}

/// The open book, for views.
#[derive(Clone, Copy)]
pub struct Ws {
    inner: StoredValue<Rc<Inner>, LocalStorage>,
    revision: RwSignal<u64>,
    save: RwSignal<SaveState>,
    today: RwSignal<Day>,
    view: RwSignal<Option<View>>,
    since_file: RwSignal<u64>,
    who: RwSignal<String>,
    figures_state: RwSignal<FiguresState>,
    figures_revision: RwSignal<u64>,
    /// What the last check of the book found wrong.
    check_found: RwSignal<Option<String>>,
    /// The customer's ledger that was last held against ours.
    theirs: StoredValue<Option<KeptTheirs>, LocalStorage>,
}

impl Ws {
    fn new(inner: Inner) -> Self {
        let since_file = inner.commits_since_backup();
        Ws {
            inner: StoredValue::new_local(Rc::new(inner)),
            revision: RwSignal::new(0),
            save: RwSignal::new(SaveState::Saved),
            today: RwSignal::new(today()),
            view: RwSignal::new(None),
            since_file: RwSignal::new(since_file),
            who: RwSignal::new(actor()),
            figures_state: RwSignal::new(FiguresState::Updating),
            figures_revision: RwSignal::new(0),
            check_found: RwSignal::new(None),
            theirs: StoredValue::new_local(None),
        }
    }
    fn inner(&self) -> Rc<Inner> {
        self.inner.get_value()
    }
    /// Reads the book; whoever calls it reactively is called again after each commit.
    pub fn read<R>(&self, f: impl FnOnce(&Book) -> R) -> R {
        self.revision.track();
        self.peek(f)
    }
    /// Reads the book once.
    pub fn peek<R>(&self, f: impl FnOnce(&Book) -> R) -> R {
        f(&self.inner().book.borrow())
    }
    /// Reads the book with the texts beside it (notes, contact details), following commits.
    pub fn read_all<R>(&self, f: impl FnOnce(&Book, &Texts) -> R) -> R {
        self.revision.track();
        let inner = self.inner();
        let (book, texts) = (inner.book.borrow(), inner.texts.borrow());
        f(&book, &texts)
    }
    /// Reads the book with the texts beside it, once.
    pub fn peek_all<R>(&self, f: impl FnOnce(&Book, &Texts) -> R) -> R {
        let inner = self.inner();
        let (book, texts) = (inner.book.borrow(), inner.texts.borrow());
        f(&book, &texts)
    }
    /// The number of the state shown: goes up with each commit.
    pub fn revision(&self) -> Signal<u64> {
        self.revision.into()
    }
    /// Whether everything shown is on disk.
    pub fn save_state(&self) -> Signal<SaveState> {
        self.save.into()
    }
    /// Commits since the last backup file.
    pub fn since_file(&self) -> Signal<u64> {
        self.since_file.into()
    }
    /// The book's id.
    pub fn id(&self) -> BookId {
        self.inner().id
    }
    /// The ledger's date that lists are drawn for. A new day is offered, never taken by itself:
    /// see [`Ws::bring_forward`].
    pub fn today(&self) -> Day {
        self.today.get()
    }
    /// The ledger's date, once.
    pub fn today_untracked(&self) -> Day {
        self.today.get_untracked()
    }
    /// Draws the lists for the date it is now.
    pub fn bring_forward(&self) {
        self.today.set(today());
        self.make_figures();
    }
    /// The view asked for: today as known now, unless another date or commit was chosen.
    pub fn view(&self) -> View {
        self.view
            .get()
            .unwrap_or_else(|| View::on(self.today.get()))
    }
    /// The date and commit chosen, if not today as known now.
    pub fn chosen_view(&self) -> Signal<Option<View>> {
        self.view.into()
    }
    /// Chooses another date or commit; `None` for today as known now.
    pub fn choose_view(&self, view: Option<View>) {
        self.view.set(view);
    }
    /// Which customers commits after a revision touched; `None`: all of them.
    pub fn touched_since(&self, revision: u64) -> Option<Vec<CustomerId>> {
        self.inner().changes.borrow().since(revision)
    }
    /// Shows that the book has changed.
    fn notify(&self, delta: &Delta) {
        // The handle may be gone with its page; the book is saved either way.
        let Some(before) = self.revision.try_get_untracked() else {
            return;
        };
        self.follow_figures(delta);
        let touched = Live::follows(delta).then(|| delta.customers.clone());
        self.inner().changes.borrow_mut().push(before + 1, touched);
        let _ = self.revision.try_set(before + 1);
        // The next commit needs the index whole: it would wait for it.
        if !self.inner().book.borrow().is_indexed() {
            self.index_when_idle();
        }
    }
    /// The customer's ledger that was last held against ours, while the book is open.
    pub fn kept_theirs(&self) -> Option<KeptTheirs> {
        self.theirs.try_get_value().flatten()
    }
    /// Keeps it, or what was said of it since.
    pub fn keep_theirs(&self, kept: Option<KeptTheirs>) {
        let _ = self.theirs.try_set_value(kept);
    }
    fn set_save(&self, state: SaveState) {
        let _ = self.save.try_set(state);
    }
}

/// The ledger's date now, in this machine's zone.
pub fn today() -> Day {
    let now = clock::now_ms();
    let local = now + clock::local_offset_minutes(now) * 60_000;
    Day(local.div_euclid(86_400_000) as i32)
}

/// The open book of this view.
///
/// # Panics
/// Outside an open book: pages are only mounted inside one.
#[allow(clippy::expect_used)]
pub fn use_ws() -> Ws {
    use_context::<Ws>().expect("pages are mounted inside an open book")
}

/// Who works here, as stated; kept in this browser.
pub fn actor() -> String {
    let name: String = prefs::read("actor").unwrap_or_default();
    if name.trim().is_empty() {
        "Me".to_owned()
    } else {
        name
    }
}

impl Inner {
    fn commits_since_backup(&self) -> u64 {
        let head = u64::from(self.book.borrow().head().0);
        let seen = crate::platform::registry::seen(&self.id).ok().flatten();
        let backed = seen.and_then(|s| s.backup).map_or(0, |b| b.seq);
        head.saturating_sub(backed)
    }
}
