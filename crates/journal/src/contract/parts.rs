//! Checks of what is beside the log: blocks, texts, snapshots, meta, backups.

use super::{Harness, Outcome, block, draft, ensure, ensure_eq, fill, say, text};
use crate::backup::{self, Backup, RestoreError};
use crate::envelope::FORMAT;
use crate::ids::BookId;
use crate::journal::Journal;
use crate::load::{BARRIER, Fact, Snapshot, verify_chain};
use crate::seal::Head;
use crate::store::{BlockError, EventStore, LoadFrom, SnapshotWrite};

pub(super) async fn blocks_are_kept_once_and_found_by_digest<H: Harness>(
    h: &H,
    book: BookId,
) -> Outcome {
    let mut journal = Journal::at(h.create(book).await?, Head::EMPTY);
    let (one, two) = (block(1, 5000), block(2, 0));
    let first = vec![one.clone(), two.clone()];
    journal
        .commit(draft(book, 1), first, vec![])
        .await
        .map_err(say)?;
    // The same bytes under a second commit are the same block.
    let second = vec![one.clone()];
    journal
        .commit(draft(book, 2), second, vec![])
        .await
        .map_err(say)?;
    let wanted = [two.digest(), one.digest()];
    let found = journal.store().get_blocks(&wanted).await.map_err(say)?;
    ensure_eq!(found, vec![two.bytes().to_vec(), one.bytes().to_vec()]);
    let absent = block(3, 8).digest();
    ensure_eq!(
        journal.store().get_block(absent).await,
        Err(BlockError::Missing(absent))
    );
    Ok(())
}

pub(super) async fn a_large_block_comes_back_whole<H: Harness>(h: &H, book: BookId) -> Outcome {
    let mut journal = Journal::at(h.create(book).await?, Head::EMPTY);
    let large = block(5, 5 << 20);
    let digest = large.digest();
    journal
        .commit(draft(book, 1), vec![large], vec![])
        .await
        .map_err(say)?;
    let store = h.open(book).await?;
    let found = store.get_block(digest).await.map_err(say)?;
    ensure_eq!(found.len(), 5 << 20);
    Ok(())
}

pub(super) async fn an_erased_text_is_gone_and_the_chain_holds<H: Harness>(
    h: &H,
    book: BookId,
) -> Outcome {
    let mut journal = Journal::at(h.create(book).await?, Head::EMPTY);
    let texts = vec![text(1), text(2)];
    journal
        .commit(draft(book, 1), vec![], texts)
        .await
        .map_err(say)?;
    let mut erase = draft(book, 2);
    erase.erases = vec![text(1).id];
    journal.commit(erase, vec![], vec![]).await.map_err(say)?;
    let store = h.open(book).await?;
    ensure_eq!(
        store.read_texts(&[text(1).id, text(2).id]).await,
        Ok(vec![None, Some(text(2))])
    );
    let raw = store.read_commits(0, 10).await.map_err(say)?;
    ensure_eq!(verify_chain(&Head::EMPTY, raw), Ok(journal.head()));
    Ok(())
}

/// A book with blocks, texts and an erasure; returns its journal.
async fn furnished<H: Harness>(h: &H, book: BookId) -> Result<Journal<H::Store>, String> {
    let mut journal = Journal::at(h.create(book).await?, Head::EMPTY);
    let blocks = vec![block(1, 3000), block(2, 70_000)];
    let texts = vec![text(1), text(2)];
    journal
        .commit(draft(book, 1), blocks, texts)
        .await
        .map_err(say)?;
    let shared = vec![block(1, 3000)];
    journal
        .commit(draft(book, 2), shared, vec![text(3)])
        .await
        .map_err(say)?;
    let mut erase = draft(book, 3);
    erase.erases = vec![text(2).id];
    journal.commit(erase, vec![], vec![]).await.map_err(say)?;
    Ok(journal)
}

pub(super) async fn a_backup_restores_to_the_same_chain<H: Harness>(
    h: &H,
    book: BookId,
) -> Outcome {
    let journal = furnished(h, book).await?;
    let mut file = Vec::new();
    let summary = backup::write(journal.store(), book, |chunk| file.extend(chunk)).await;
    let summary = summary.map_err(say)?;
    ensure_eq!(summary.head, journal.head());
    ensure_eq!(summary.bytes, file.len() as u64);
    let words = text(2).bytes;
    let erased_in_file = file.windows(words.len()).any(|window| window == words);
    ensure!(!erased_in_file, "the erased text is in the backup");

    let read = Backup::read(&file).map_err(say)?;
    ensure_eq!(read.summary(), summary);
    ensure_eq!(read.book(), book);
    let copy = BookId([book.0[0] ^ 0xff; 16]);
    let store = h.create(copy).await?;
    ensure_eq!(backup::restore(read, &store).await, Ok(journal.head()));

    let loaded = store.load(LoadFrom::Newest).await.map_err(say)?;
    ensure_eq!(loaded.facts, vec![]);
    ensure_eq!(loaded.head, journal.head());
    let wanted = [text(1).id, text(2).id, text(3).id];
    ensure_eq!(
        store.read_texts(&wanted).await,
        Ok(vec![Some(text(1)), None, Some(text(3))])
    );
    store
        .get_block(block(2, 70_000).digest())
        .await
        .map_err(say)?;
    let mut again = Vec::new();
    backup::write(&store, book, |chunk| again.extend(chunk))
        .await
        .map_err(say)?;
    ensure!(
        again == file,
        "the copy's backup differs from the original's"
    );
    Ok(())
}

pub(super) async fn a_backup_goes_only_into_an_empty_store<H: Harness>(
    h: &H,
    book: BookId,
) -> Outcome {
    let journal = furnished(h, book).await?;
    let mut file = Vec::new();
    backup::write(journal.store(), book, |chunk| file.extend(chunk))
        .await
        .map_err(say)?;
    let read = Backup::read(&file).map_err(say)?;
    ensure_eq!(
        backup::restore(read, journal.store()).await,
        Err(RestoreError::NotEmpty { seq: 3 })
    );
    Ok(())
}

pub(super) async fn a_snapshot_and_its_tail_are_read_together<H: Harness>(
    h: &H,
    book: BookId,
) -> Outcome {
    let store = h.create(book).await?;
    let third = fill(&store, book, 1..=3).await?;
    let segment = block(4, 900);
    let snapshot = Snapshot::new(&third, 1, vec![segment.reference()], vec![1, 2, 3]);
    let write = SnapshotWrite {
        snapshot: snapshot.clone(),
        segments: vec![segment.clone()],
    };
    store.put_snapshot(&write).await.map_err(say)?;
    let fifth = fill(&store, book, 4..=5).await?;
    let loaded = h
        .open(book)
        .await?
        .load(LoadFrom::Newest)
        .await
        .map_err(say)?;
    ensure_eq!(loaded.snapshot, Some(snapshot));
    ensure_eq!(loaded.facts, vec![]);
    ensure_eq!(loaded.commits.len(), 2);
    ensure_eq!(loaded.head, fifth);
    ensure_eq!(
        store.get_block(segment.digest()).await.map_err(say)?,
        segment.bytes()
    );
    for from in [LoadFrom::Start, LoadFrom::Before(3)] {
        let loaded = store.load(from).await.map_err(say)?;
        ensure_eq!(loaded.snapshot, None);
        ensure_eq!(loaded.commits.len(), 5);
        ensure_eq!(loaded.head, fifth);
    }
    Ok(())
}

pub(super) async fn three_snapshots_are_kept_with_their_segments<H: Harness>(
    h: &H,
    book: BookId,
) -> Outcome {
    let store = h.create(book).await?;
    let shared = block(0, 50);
    for number in 1..=5u8 {
        let head = fill(&store, book, number..=number).await?;
        let own = block(number, 40);
        let named = vec![shared.reference(), own.reference()];
        let write = SnapshotWrite {
            snapshot: Snapshot::new(&head, 1, named, vec![number]),
            segments: vec![shared.clone(), own],
        };
        store.put_snapshot(&write).await.map_err(say)?;
    }
    for (before, kept) in [(6, Some(5)), (5, Some(4)), (4, Some(3)), (3, None)] {
        let loaded = store.load(LoadFrom::Before(before)).await.map_err(say)?;
        ensure_eq!(loaded.snapshot.map(|snapshot| snapshot.seq), kept);
        ensure_eq!(loaded.head.seq, 5);
    }
    let digests: Vec<_> = (0..=5)
        .map(|n| block(n, if n == 0 { 50 } else { 40 }).digest())
        .collect();
    let found = store.read_blocks(&digests).await.map_err(say)?;
    let there: Vec<bool> = found.iter().map(Option::is_some).collect();
    ensure_eq!(there, vec![true, false, false, true, true, true]);
    Ok(())
}

pub(super) async fn meta_values_are_kept_and_removed<H: Harness>(h: &H, book: BookId) -> Outcome {
    let store = h.create(book).await?;
    ensure_eq!(store.get_meta("backup").await, Ok(None));
    store
        .put_meta("backup", Some(b"monday"))
        .await
        .map_err(say)?;
    store
        .put_meta("backup", Some(b"tuesday"))
        .await
        .map_err(say)?;
    store.put_meta("other", Some(b"")).await.map_err(say)?;
    let store = h.open(book).await?;
    ensure_eq!(
        store.get_meta("backup").await,
        Ok(Some(b"tuesday".to_vec()))
    );
    let loaded = store.load(LoadFrom::Newest).await.map_err(say)?;
    ensure_eq!(loaded.meta.len(), 2);
    store.put_meta("backup", None).await.map_err(say)?;
    ensure_eq!(store.get_meta("backup").await, Ok(None));
    Ok(())
}

pub(super) async fn a_newer_barrier_stops_reading<H: Harness>(h: &H, book: BookId) -> Outcome {
    let store = h.create(book).await?;
    fill(&store, book, 1..=1).await?;
    let needs = FORMAT + 1;
    store
        .put_meta(BARRIER, Some(&needs.to_le_bytes()))
        .await
        .map_err(say)?;
    let loaded = store.load(LoadFrom::Newest).await.map_err(say)?;
    ensure_eq!(loaded.facts, vec![Fact::NewerVersion { needs }]);
    ensure!(!loaded.is_sound(), "a newer book is not written to");
    ensure_eq!(loaded.commits.len(), 0);
    Ok(())
}
