//! Checks of the log itself: order, chain, races, idempotence.

use super::{Harness, Outcome, bare, block, draft, ensure, ensure_eq, fill, say, text};
use crate::ids::{BookId, Digest};
use crate::journal::{Journal, Outcome as Saved};
use crate::load::{Fact, verify_chain};
use crate::seal::{Append, Head};
use crate::store::{AppendError, Appended, EventStore, LoadFrom};

pub(super) async fn an_empty_book_is_said_to_be_empty<H: Harness>(h: &H, book: BookId) -> Outcome {
    let store = h.create(book).await?;
    let loaded = store.load(LoadFrom::Newest).await.map_err(say)?;
    ensure_eq!(loaded.facts, vec![Fact::Empty]);
    ensure!(loaded.is_sound(), "an empty book can be written to");
    ensure_eq!(store.head().await, Ok(Head::EMPTY));
    Ok(())
}

pub(super) async fn a_commit_is_there_after_reopening<H: Harness>(h: &H, book: BookId) -> Outcome {
    let store = h.create(book).await?;
    let (blocks, texts) = (vec![block(1, 1000)], vec![text(1)]);
    let append =
        Append::seal(draft(book, 1), blocks.clone(), texts.clone(), &Head::EMPTY).map_err(say)?;
    let head = append.commit().head();
    ensure_eq!(store.append(&append).await, Ok(Appended::Written(head)));
    drop(store);
    let store = h.open(book).await?;
    let (journal, loaded) = Journal::open(store, LoadFrom::Newest).await.map_err(say)?;
    ensure_eq!(loaded.facts, vec![]);
    ensure_eq!(journal.head(), head);
    ensure_eq!(loaded.commits.len(), 1);
    let envelope = &loaded.commits[0].envelope;
    ensure_eq!(envelope.body, vec![1; 3]);
    ensure_eq!(envelope.blocks, vec![blocks[0].reference()]);
    let store = journal.store();
    ensure_eq!(
        store.get_block(blocks[0].digest()).await.map_err(say)?,
        blocks[0].bytes()
    );
    ensure_eq!(
        store.get_text(texts[0].id).await,
        Ok(Some(texts[0].clone()))
    );
    Ok(())
}

pub(super) async fn commits_are_contiguous_and_chained<H: Harness>(h: &H, book: BookId) -> Outcome {
    let store = h.create(book).await?;
    let head = fill(&store, book, 1..=12).await?;
    ensure_eq!(head.seq, 12);
    let raw = store.read_commits(0, 100).await.map_err(say)?;
    let keys: Vec<u64> = raw.iter().map(|commit| commit.seq).collect();
    ensure_eq!(keys, (1..=12).collect::<Vec<u64>>());
    ensure_eq!(verify_chain(&Head::EMPTY, raw), Ok(head));
    ensure_eq!(store.head().await, Ok(head));
    Ok(())
}

pub(super) async fn a_racing_tab_conflicts_and_decides_again<H: Harness>(
    h: &H,
    book: BookId,
) -> Outcome {
    let ours = h.create(book).await?;
    fill(&ours, book, 1..=1).await?;
    let theirs = h.open(book).await?;
    let (mut ours, _) = Journal::open(ours, LoadFrom::Newest).await.map_err(say)?;
    let (mut theirs, _) = Journal::open(theirs, LoadFrom::Newest).await.map_err(say)?;
    let won = theirs
        .commit(draft(book, 2), vec![], vec![])
        .await
        .map_err(say)?;
    ensure_eq!(won, Saved::Committed(theirs.head()));
    let lost = ours
        .commit(draft(book, 3), vec![], vec![])
        .await
        .map_err(say)?;
    let Saved::Behind { tail } = lost else {
        return Err(format!("expected a conflict, not {lost:?}"));
    };
    ensure_eq!(tail.len(), 1);
    ensure_eq!(ours.head().seq, 1);
    ours.adopt(&tail).map_err(say)?;
    let again = ours
        .commit(draft(book, 3), vec![], vec![])
        .await
        .map_err(say)?;
    ensure_eq!(again, Saved::Committed(ours.head()));
    ensure_eq!(ours.head().seq, 3);
    ensure_eq!(theirs.tail().await.map_err(say)?.len(), 1);
    Ok(())
}

pub(super) async fn the_same_command_twice_is_once<H: Harness>(h: &H, book: BookId) -> Outcome {
    let store = h.create(book).await?;
    let head = fill(&store, book, 1..=3).await?;
    ensure_eq!(
        store.append(&bare(book, 2, &head)?).await,
        Ok(Appended::Already { seq: 2 })
    );
    ensure_eq!(store.head().await, Ok(head));
    let seen = store
        .find_command(draft(book, 2).command)
        .await
        .map_err(say)?;
    ensure_eq!(seen.map(|seen| seen.seq), Some(2));
    ensure_eq!(store.find_command(draft(book, 9).command).await, Ok(None));
    Ok(())
}

pub(super) async fn the_same_command_with_another_input_is_refused<H: Harness>(
    h: &H,
    book: BookId,
) -> Outcome {
    let store = h.create(book).await?;
    let head = fill(&store, book, 1..=2).await?;
    let mut other = draft(book, 1);
    other.input = Digest::of(b"something else");
    let append = Append::seal(other, vec![], vec![], &head).map_err(say)?;
    ensure_eq!(
        store.append(&append).await,
        Err(AppendError::CommandReused { seq: 1 })
    );
    ensure_eq!(store.head().await, Ok(head));
    Ok(())
}

pub(super) async fn a_commit_without_its_predecessor_is_refused<H: Harness>(
    h: &H,
    book: BookId,
) -> Outcome {
    let store = h.create(book).await?;
    let head = fill(&store, book, 1..=2).await?;
    let ahead = Head {
        seq: 40,
        hash: Digest::of(b"lost"),
    };
    let append = Append::seal(draft(book, 9), vec![block(9, 10)], vec![text(9)], &ahead);
    ensure_eq!(
        store.append(&append.map_err(say)?).await,
        Err(AppendError::Diverged { behind: 40 })
    );
    ensure_eq!(store.head().await, Ok(head));
    ensure_eq!(
        store.read_blocks(&[block(9, 10).digest()]).await,
        Ok(vec![None])
    );
    ensure_eq!(store.get_text(text(9).id).await, Ok(None));
    Ok(())
}

pub(super) async fn a_commit_behind_another_history_is_refused<H: Harness>(
    h: &H,
    book: BookId,
) -> Outcome {
    let store = h.create(book).await?;
    let head = fill(&store, book, 1..=2).await?;
    let forked = Head {
        seq: 2,
        hash: Digest::of(b"another second commit"),
    };
    ensure_eq!(
        store.append(&bare(book, 9, &forked)?).await,
        Err(AppendError::Diverged { behind: 2 })
    );
    ensure_eq!(store.head().await, Ok(head));
    Ok(())
}

pub(super) async fn many_commits_are_all_or_nothing<H: Harness>(h: &H, book: BookId) -> Outcome {
    let store = h.create(book).await?;
    let head = fill(&store, book, 1..=1).await?;
    let second = bare(book, 2, &head)?;
    let third = bare(book, 3, &second.commit().head())?;
    // The first command again, last: the two good ones must not stay.
    let again = bare(book, 1, &third.commit().head())?;
    let batch = [second.clone(), third.clone(), again];
    ensure_eq!(
        store.append_all(&batch).await,
        Ok(Appended::Already { seq: 1 })
    );
    ensure_eq!(store.head().await, Ok(head));
    let twice = bare(book, 3, &third.commit().head())?;
    let batch = [second.clone(), third.clone(), twice];
    ensure_eq!(
        store.append_all(&batch).await,
        Err(AppendError::CommandReused { seq: 4 })
    );
    ensure_eq!(store.head().await, Ok(head));
    let last = third.commit().head();
    ensure_eq!(
        store.append_all(&[second, third]).await,
        Ok(Appended::Written(last))
    );
    ensure_eq!(store.head().await, Ok(last));
    Ok(())
}

pub(super) async fn many_commits_must_continue_one_another<H: Harness>(
    h: &H,
    book: BookId,
) -> Outcome {
    let store = h.create(book).await?;
    let first = bare(book, 1, &Head::EMPTY)?;
    let stray = bare(book, 2, &Head::EMPTY)?;
    ensure_eq!(
        store.append_all(&[first, stray]).await,
        Err(AppendError::NotContiguous { seq: 1 })
    );
    ensure_eq!(
        store.append_all(&[]).await,
        Ok(Appended::Written(Head::EMPTY))
    );
    ensure_eq!(store.head().await, Ok(Head::EMPTY));
    Ok(())
}

pub(super) async fn a_long_log_is_read_in_pages<H: Harness>(h: &H, book: BookId) -> Outcome {
    let store = h.create(book).await?;
    let mut head = Head::EMPTY;
    let mut appends = Vec::new();
    for number in 1..=100 {
        let append = bare(book, number, &head)?;
        head = append.commit().head();
        appends.push(append);
    }
    store.append_all(&appends).await.map_err(say)?;
    let (mut found, mut pages) = (Head::EMPTY, 0);
    loop {
        let page = store.read_commits(found.seq, 30).await.map_err(say)?;
        if page.is_empty() {
            break;
        }
        found = verify_chain(&found, page).map_err(say)?;
        pages += 1;
    }
    ensure_eq!(pages, 4);
    ensure_eq!(found, head);
    Ok(())
}
