//! The contract every store passes: one suite, run natively on the memory store and in the
//! browser on IndexedDB. Each check makes its own book, and reports instead of panicking.

mod faults;
mod log;
mod parts;

use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::envelope::{Actor, Draft};
use crate::ids::{BookId, CommandId, Digest, ReplicaId, TextId};
use crate::mem::MemStore;
use crate::seal::{Append, Block, Head, TextRecord};
use crate::store::{Appended, EventStore};

/// Makes the stores under test.
pub trait Harness {
    /// The store under test.
    type Store: EventStore;

    /// A new, empty book; what was stored under this id is removed.
    ///
    /// # Errors
    /// For the report.
    async fn create(&self, book: BookId) -> Result<Self::Store, String>;

    /// Another connection to a book that was created: a second tab, or a later day.
    ///
    /// # Errors
    /// For the report.
    async fn open(&self, book: BookId) -> Result<Self::Store, String>;
}

/// The memory store's harness.
#[derive(Default)]
pub struct MemHarness {
    books: RefCell<BTreeMap<BookId, MemStore>>,
}

impl Harness for MemHarness {
    type Store = MemStore;

    async fn create(&self, book: BookId) -> Result<MemStore, String> {
        let store = MemStore::new();
        self.books.borrow_mut().insert(book, store.clone());
        Ok(store)
    }

    async fn open(&self, book: BookId) -> Result<MemStore, String> {
        let store = self.books.borrow().get(&book).cloned();
        store.ok_or_else(|| format!("no book {book}"))
    }
}

/// The outcome of one check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// What must hold.
    pub name: &'static str,
    /// Why it does not.
    pub result: Result<(), String>,
}

/// A check's outcome before it has a name.
pub(crate) type Outcome = Result<(), String>;

macro_rules! ensure {
    ($condition:expr, $($why:tt)+) => {
        if !$condition {
            return Err(format!("line {}: {}", line!(), format_args!($($why)+)));
        }
    };
}
macro_rules! ensure_eq {
    ($left:expr, $right:expr) => {{
        let (left, right) = (&$left, &$right);
        if left != right {
            let what = stringify!($left);
            return Err(format!(
                "line {}: {what} is {left:?}, not {right:?}",
                line!()
            ));
        }
    }};
}
pub(crate) use {ensure, ensure_eq};

/// Any error, for the report.
pub(crate) fn say(error: impl std::fmt::Debug) -> String {
    format!("{error:?}")
}

/// Runs every check.
pub async fn run_all<H: Harness>(harness: &H) -> Vec<Check> {
    let mut checks = Vec::new();
    macro_rules! run {
        ($($module:ident :: $check:ident),+ $(,)?) => {
            $(
                let name = stringify!($check);
                let result = $module::$check(harness, book_of(name)).await;
                checks.push(Check { name, result });
            )+
        };
    }
    run!(
        log::an_empty_book_is_said_to_be_empty,
        log::a_commit_is_there_after_reopening,
        log::commits_are_contiguous_and_chained,
        log::a_racing_tab_conflicts_and_decides_again,
        log::the_same_command_twice_is_once,
        log::the_same_command_with_another_input_is_refused,
        log::a_commit_without_its_predecessor_is_refused,
        log::a_commit_behind_another_history_is_refused,
        log::many_commits_are_all_or_nothing,
        log::many_commits_must_continue_one_another,
        log::a_long_log_is_read_in_pages,
        parts::blocks_are_kept_once_and_found_by_digest,
        parts::a_large_block_comes_back_whole,
        parts::an_erased_text_is_gone_and_the_chain_holds,
        parts::a_backup_restores_to_the_same_chain,
        parts::a_backup_goes_only_into_an_empty_store,
        parts::a_snapshot_and_its_tail_are_read_together,
        parts::three_snapshots_are_kept_with_their_segments,
        parts::meta_values_are_kept_and_removed,
        parts::a_newer_barrier_stops_reading,
        faults::a_crash_after_writing_saves_once,
        faults::a_lost_connection_is_retried_once,
        faults::a_connection_lost_twice_is_unknown_until_asked_again,
        faults::a_failed_write_changes_nothing,
        faults::a_full_disk_changes_nothing,
        faults::a_rival_commit_is_read_before_deciding_again,
        faults::a_torn_block_is_found,
        faults::a_torn_commit_ends_the_log_before_it,
        faults::a_torn_snapshot_is_not_believed,
        faults::an_evicted_book_is_a_rescue,
    );
    checks
}

fn book_of(name: &str) -> BookId {
    let mut id = [0; 16];
    id.copy_from_slice(&Digest::of(name.as_bytes()).bytes()[..16]);
    BookId(id)
}

/// A command told apart by its number.
pub(crate) fn draft(book: BookId, number: u8) -> Draft {
    Draft {
        book,
        replica: ReplicaId([7; 16]),
        command: CommandId([number; 16]),
        input: Digest::of(&[number]),
        recorded_at_ms: 1_790_000_000_000 + i64::from(number),
        ledger_date: 20_700,
        actor: Actor {
            id: "ak".to_owned(),
            name: "A. Keeper".to_owned(),
            role: "collector".to_owned(),
        },
        build: "contract".to_owned(),
        body: vec![number; 3],
        ..Draft::default()
    }
}

/// A bare commit.
pub(crate) fn bare(book: BookId, number: u8, head: &Head) -> Result<Append, String> {
    Append::seal(draft(book, number), Vec::new(), Vec::new(), head).map_err(say)
}

/// A block of recognisable bytes.
pub(crate) fn block(number: u8, length: usize) -> Block {
    Block::new((0..length).map(|i| (i % 251) as u8 ^ number).collect())
}

/// A text of recognisable words.
pub(crate) fn text(number: u8) -> TextRecord {
    TextRecord {
        id: TextId([number; 16]),
        salt: [number.wrapping_add(1); 32],
        bytes: format!("note {number}: Zoë said Ł 12").into_bytes(),
    }
}

/// Appends bare commits `first..=last` behind the store's head.
pub(crate) async fn fill<S: EventStore>(
    store: &S,
    book: BookId,
    numbers: std::ops::RangeInclusive<u8>,
) -> Result<Head, String> {
    let mut head = store.head().await.map_err(say)?;
    for number in numbers {
        let append = bare(book, number, &head)?;
        match store.append(&append).await.map_err(say)? {
            Appended::Written(written) => head = written,
            other => return Err(format!("commit {number}: {other:?}")),
        }
    }
    Ok(head)
}
