//! Notes drawn for a second look: a few of each agent's, by a draw that anybody can repeat.

use duebook_ledger::keys::FactKey;
use duebook_ledger::{ActivityId, Book};
use duebook_money::Day;
use std::collections::BTreeMap;

/// The notes drawn of one agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotesDrawn {
    /// Who wrote them.
    pub agent: String,
    /// Notes he wrote in the period.
    pub written: u32,
    /// Those drawn, in the order in which they were written.
    pub drawn: Vec<ActivityId>,
}

/// At most `each` notes of every agent, of contacts recorded on the ledger dates `from` to `to`, by
/// agent. The place of a note in the draw comes from its own key and the first day of the period:
/// every copy of the book draws the same ones, each as likely as any other, and what is written
/// later moves no place.
pub fn notes_drawn(book: &Book, from: Day, to: Day, each: usize) -> Vec<NotesDrawn> {
    let mut by: BTreeMap<&str, Vec<(u64, ActivityId)>> = BTreeMap::new();
    for (n, activity) in book.activities().iter().enumerate() {
        let noted = activity.note.is_some() && book.is_live(activity.commit);
        let Some(commit) = book.commit(activity.commit).filter(|_| noted) else {
            continue;
        };
        if from <= commit.ledger_date && commit.ledger_date <= to {
            let place = (place(from, &activity.key), ActivityId(n as u32));
            by.entry(&commit.actor).or_default().push(place);
        }
    }
    by.into_iter()
        .map(|(agent, mut all)| {
            let written = all.len() as u32;
            duebook_money::order::sort(&mut all);
            let mut drawn: Vec<_> = all.into_iter().take(each).map(|(_, id)| id).collect();
            duebook_money::order::sort(&mut drawn);
            NotesDrawn {
                agent: agent.to_owned(),
                written,
                drawn,
            }
        })
        .collect()
}

/// FNV-1a over the period's first day and the key, its bits spread (the finish of SplitMix64), so
/// that keys which follow each other fall far apart.
fn place(from: Day, key: &FactKey) -> u64 {
    let seed = from.0.to_le_bytes();
    let ordinal = key.ordinal.to_le_bytes();
    let bytes = seed.iter().chain(&key.command.0).chain(&ordinal);
    let mut hash = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    });
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}
