//! Checks on bad days: the store under test inside [`FaultyStore`].

use super::{Harness, Outcome, bare, block, draft, ensure, ensure_eq, fill, say};
use crate::faulty::{Fault, FaultyStore};
use crate::ids::BookId;
use crate::journal::{CommitError, Journal, Outcome as Saved};
use crate::load::{ChainError, Fact, Snapshot};
use crate::seal::Head;
use crate::store::{BlockError, EventStore, LoadFrom, SnapshotWrite, StoreError, TailError};
use crate::witness::{Verdict, Witness, judge};

type Faulty<S> = Journal<FaultyStore<S>>;

/// A journal of two commits on a store that then follows the plan.
async fn planned<H: Harness>(
    h: &H,
    book: BookId,
    plan: Vec<Fault>,
) -> Result<Faulty<H::Store>, String> {
    let store = FaultyStore::new(h.create(book).await?);
    let head = fill(&store, book, 1..=2).await?;
    store.plan(plan);
    Ok(Journal::at(store, head))
}

pub(super) async fn a_crash_after_writing_saves_once<H: Harness>(h: &H, book: BookId) -> Outcome {
    let mut journal = planned(h, book, vec![Fault::CrashAfterWrite]).await?;
    let saved = journal.commit(draft(book, 3), vec![], vec![]).await;
    ensure_eq!(saved, Ok(Saved::Committed(journal.head())));
    ensure_eq!(journal.head().seq, 3);
    ensure_eq!(journal.store().head().await, Ok(journal.head()));
    Ok(())
}

pub(super) async fn a_lost_connection_is_retried_once<H: Harness>(h: &H, book: BookId) -> Outcome {
    let mut journal = planned(h, book, vec![Fault::LostConnection]).await?;
    let saved = journal.commit(draft(book, 3), vec![], vec![]).await;
    ensure_eq!(saved, Ok(Saved::Committed(journal.head())));
    ensure_eq!(journal.store().head().await, Ok(journal.head()));
    Ok(())
}

pub(super) async fn a_connection_lost_twice_is_unknown_until_asked_again<H: Harness>(
    h: &H,
    book: BookId,
) -> Outcome {
    let plan = vec![Fault::CrashAfterWrite, Fault::LostConnection];
    let mut journal = planned(h, book, plan).await?;
    let saved = journal.commit(draft(book, 3), vec![], vec![]).await;
    ensure_eq!(saved, Err(CommitError::Unknown));
    ensure_eq!(journal.head().seq, 2);
    let saved = journal.commit(draft(book, 3), vec![], vec![]).await;
    ensure_eq!(saved, Ok(Saved::Committed(journal.head())));
    ensure_eq!(journal.head().seq, 3);
    ensure_eq!(journal.store().head().await, Ok(journal.head()));
    Ok(())
}

async fn unchanged<H: Harness>(h: &H, book: BookId, fault: Fault, error: StoreError) -> Outcome {
    let mut journal = planned(h, book, vec![fault]).await?;
    let before = journal.head();
    let saved = journal
        .commit(draft(book, 3), vec![block(3, 9)], vec![])
        .await;
    match (saved, error) {
        (Err(CommitError::NotSaved(StoreError::Io(_))), StoreError::Io(_)) => {}
        (Err(CommitError::NotSaved(found)), wanted) if found == wanted => {}
        (other, _) => return Err(format!("{other:?}")),
    }
    ensure_eq!(journal.head(), before);
    ensure_eq!(journal.store().head().await, Ok(before));
    let saved = journal.commit(draft(book, 3), vec![], vec![]).await;
    ensure_eq!(saved, Ok(Saved::Committed(journal.head())));
    Ok(())
}

pub(super) async fn a_failed_write_changes_nothing<H: Harness>(h: &H, book: BookId) -> Outcome {
    let error = StoreError::Io(String::new());
    unchanged(h, book, Fault::FailBeforeWrite, error).await
}

pub(super) async fn a_full_disk_changes_nothing<H: Harness>(h: &H, book: BookId) -> Outcome {
    unchanged(h, book, Fault::Quota, StoreError::Quota).await
}

pub(super) async fn a_rival_commit_is_read_before_deciding_again<H: Harness>(
    h: &H,
    book: BookId,
) -> Outcome {
    let mut journal = planned(h, book, vec![]).await?;
    let rival = bare(book, 8, &journal.head())?;
    journal.store().plan([Fault::Rival(Box::new(rival))]);
    let saved = journal
        .commit(draft(book, 3), vec![], vec![])
        .await
        .map_err(say)?;
    let Saved::Behind { tail } = saved else {
        return Err(format!("expected to be behind, not {saved:?}"));
    };
    ensure_eq!(tail.len(), 1);
    ensure_eq!(tail[0].envelope.command, draft(book, 8).command);
    journal.adopt(&tail).map_err(say)?;
    ensure!(journal.adopt(&tail).is_err(), "a tail is adopted once");
    let saved = journal.commit(draft(book, 3), vec![], vec![]).await;
    ensure_eq!(saved, Ok(Saved::Committed(journal.head())));
    ensure_eq!(journal.head().seq, 4);
    Ok(())
}

pub(super) async fn a_torn_block_is_found<H: Harness>(h: &H, book: BookId) -> Outcome {
    let mut journal = planned(h, book, vec![]).await?;
    let digest = block(3, 500).digest();
    let saved = journal
        .commit(draft(book, 3), vec![block(3, 500)], vec![])
        .await;
    ensure_eq!(saved, Ok(Saved::Committed(journal.head())));
    journal.store().tear(digest);
    ensure_eq!(
        journal.store().get_block(digest).await,
        Err(BlockError::Torn(digest))
    );
    let backup = crate::backup::write(journal.store(), book, |_| {}).await;
    ensure!(backup.is_err(), "a backup was written over a torn block");
    Ok(())
}

pub(super) async fn a_torn_commit_ends_the_log_before_it<H: Harness>(
    h: &H,
    book: BookId,
) -> Outcome {
    let journal = planned(h, book, vec![]).await?;
    let second = journal.head();
    let head = fill(journal.store(), book, 3..=4).await?;
    ensure_eq!(head.seq, 4);
    let raw = journal.store().read_commits(2, 1).await.map_err(say)?;
    journal.store().tear(crate::ids::Digest::of(&raw[0].bytes));
    let loaded = journal.store().load(LoadFrom::Start).await.map_err(say)?;
    ensure_eq!(loaded.head, second);
    ensure!(!loaded.is_sound(), "a broken log is not written to");
    let stopped_at_3 = matches!(
        loaded.facts.as_slice(),
        [Fact::Stopped(ChainError::Unreadable { seq: 3, .. })]
    );
    ensure!(stopped_at_3, "facts: {:?}", loaded.facts);
    Ok(())
}

pub(super) async fn a_torn_snapshot_is_not_believed<H: Harness>(h: &H, book: BookId) -> Outcome {
    let journal = planned(h, book, vec![]).await?;
    let snapshot = Snapshot::new(&journal.head(), 1, vec![], vec![5; 400]);
    journal.store().tear(snapshot.digest);
    let write = SnapshotWrite {
        snapshot,
        segments: vec![],
    };
    journal.store().put_snapshot(&write).await.map_err(say)?;
    let loaded = journal.store().load(LoadFrom::Newest).await.map_err(say)?;
    ensure_eq!(loaded.facts, vec![Fact::SnapshotDoubtful { seq: 2 }]);
    let loaded = journal
        .store()
        .load(LoadFrom::Before(2))
        .await
        .map_err(say)?;
    ensure_eq!(loaded.facts, vec![]);
    ensure_eq!(loaded.head, journal.head());
    Ok(())
}

pub(super) async fn an_evicted_book_is_a_rescue<H: Harness>(h: &H, book: BookId) -> Outcome {
    let mut journal = planned(h, book, vec![]).await?;
    journal.store().evict();
    let loaded = journal.store().load(LoadFrom::Newest).await.map_err(say)?;
    ensure_eq!(loaded.facts, vec![Fact::Empty]);
    let witness = Some(Witness {
        last_seq: journal.head().seq,
    });
    ensure_eq!(
        judge(witness, Some(&loaded.head)),
        Verdict::Rescue { seen: 2, found: 0 }
    );
    ensure_eq!(journal.tail().await, Err(TailError::Behind { found: 0 }));
    let saved = journal.commit(draft(book, 3), vec![], vec![]).await;
    ensure_eq!(saved, Err(CommitError::Diverged { behind: 2 }));
    ensure_eq!(journal.store().head().await, Ok(Head::EMPTY));
    Ok(())
}
