//! What only a real browser can show: rescue after deletion, locks between holders, the
//! browser's zones, random ids.

use duebook_journal::{BookId, EventStore, StoreError, Verdict};

use super::idb::{IdbStore, delete_book, list_books};
use super::{clock, ids, locks, registry};

type Outcome = Result<(), String>;

fn say(error: impl std::fmt::Debug) -> String {
    format!("{error:?}")
}

fn expect<T: PartialEq + std::fmt::Debug>(what: &str, found: &T, wanted: &T) -> Outcome {
    if found == wanted {
        return Ok(());
    }
    Err(format!("{what} is {found:?}, not {wanted:?}"))
}

/// A book whose database was deleted is missing, not new; a witness makes it a rescue.
pub async fn a_missing_database_is_a_rescue(book: BookId) -> Outcome {
    registry::note_seq(&book, 4).map_err(say)?;
    delete_book(&book).await.map_err(say)?;
    let opened = IdbStore::open(&book).await.err();
    expect("opening", &opened, &Some(StoreError::Missing))?;
    let listed = list_books().await.map_err(say)?.contains(&book);
    expect("made by looking for it", &listed, &false)?;
    let verdict = registry::verdict(&book, None).map_err(say)?;
    registry::forget(&book).map_err(say)?;
    expect("verdict", &verdict, &Verdict::Rescue { seen: 4, found: 0 })
}

/// Deleting a book elsewhere ends this connection, which then makes no new database.
pub async fn a_deleted_book_stays_deleted(book: BookId) -> Outcome {
    let store = IdbStore::create(&book).await.map_err(say)?;
    let listed = list_books().await.map_err(say)?.contains(&book);
    expect("listed while it exists", &listed, &true)?;
    delete_book(&book).await.map_err(say)?;
    expect("head", &store.head().await, &Err(StoreError::Missing))
}

/// A connection that was closed is opened again at the next call.
pub async fn a_closed_connection_is_opened_again(book: BookId) -> Outcome {
    let store = IdbStore::create(&book).await.map_err(say)?;
    store.put_meta("note", Some(b"kept")).await.map_err(say)?;
    store.close();
    let found = store.get_meta("note").await;
    delete_book(&book).await.map_err(say)?;
    expect("meta", &found, &Ok(Some(b"kept".to_vec())))
}

/// One holder at a time; free again once dropped.
pub async fn a_lock_has_one_holder(book: BookId) -> Outcome {
    let name = locks::write_name(&book);
    let held = locks::acquire(&name).await.map_err(say)?;
    let second = locks::try_acquire(&name).await.map_err(say)?.is_some();
    expect("a second holder", &second, &false)?;
    drop(held);
    locks::acquire(&name).await.map(drop).map_err(say)
}

/// The browser's zones, against instants worked out by hand.
pub fn local_times_are_right() -> Outcome {
    // 2026-03-29 00:59:59 and 01:00:00 UTC, where Europe springs forward.
    let spring = 1_774_746_000_000;
    for (zone, at, minutes) in [
        ("Europe/Paris", spring - 1_000, Some(60)),
        ("Europe/Paris", spring, Some(120)),
        ("Asia/Kolkata", spring, Some(330)),
        ("Asia/Kathmandu", spring, Some(345)),
        ("America/New_York", spring, Some(-240)),
        ("Pacific/Kiritimati", spring, Some(840)),
        ("UTC", 0, Some(0)),
        ("Not/AZone", spring, None),
    ] {
        expect(zone, &clock::offset_minutes_in(zone, at), &minutes)?;
    }
    // It is Sunday 14:00 + 1 h there: 15:00 on day 20,541.
    let there = clock::local_time_in("Pacific/Kiritimati", spring);
    let wanted = clock::LocalTime {
        date: 20_541,
        hour: 15,
        minute: 0,
        weekday: 7,
    };
    expect("Kiritimati", &there, &Some(wanted))?;
    let zone = clock::local_zone().ok_or("no zone of our own")?;
    let now = clock::now_ms();
    let own = Some(clock::local_offset_minutes(now));
    expect(
        "our own offset",
        &clock::offset_minutes_in(&zone, now),
        &own,
    )
}

/// Ids differ and go through their text.
pub fn ids_are_random_and_readable() -> Outcome {
    let (one, two) = (ids::book().map_err(say)?, ids::book().map_err(say)?);
    expect("two ids are one", &(one == two), &false)?;
    expect("uuid", &ids::uuid(&one).parse(), &Ok(one))?;
    expect("version", &ids::uuid(&one).chars().nth(14), &Some('4'))
}
