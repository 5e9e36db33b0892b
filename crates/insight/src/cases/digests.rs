//! Whose digest is to be sent today: one mail for everything that an owner or department has, as often
//! as the policy says, with the day the last one went.

use super::{CaseRow, Sums, sums};
use duebook_ledger::Book;
use duebook_money::Day;
use duebook_policy::cases::DigestRhythm;
use std::collections::BTreeMap;

/// Somebody who has open cases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DigestRow {
    /// An owner, or a department where nobody is named.
    pub who: String,
    /// Open cases there.
    pub cases: usize,
    /// What they contest, by currency.
    pub sums: Sums,
    /// Days since the oldest was raised.
    pub oldest: i32,
    /// How often a digest is wanted; `None`: never by itself.
    pub rhythm: Option<DigestRhythm>,
    /// The day the last one was sent.
    pub last: Option<Day>,
    /// One is to be sent today.
    pub due: bool,
}

/// Everybody who has open cases, by name; of no day that is not worked a digest is due.
pub fn digests(book: &Book, rows: &[CaseRow], today: Day) -> Vec<DigestRow> {
    let mut by: BTreeMap<&str, Vec<&CaseRow>> = BTreeMap::new();
    for row in rows.iter().filter(|r| !r.is_over()) {
        let who = row.holder();
        if !who.is_empty() {
            by.entry(who).or_default().push(row);
        }
    }
    let policy = &book.policies().cases;
    let open = book.policies().calendar.business_days();
    let works = open.is_business_day(today);
    let all = by.into_iter().map(|(who, of)| {
        let rhythm = policy.digest_of(who);
        let last = book.last_digest(who).map(|d| d.on);
        let wanted = rhythm.is_some_and(|r| last.is_none_or(|l| l < r.since(today)));
        let oldest = of.iter().map(|r| today.since(r.opened_on)).max();
        DigestRow {
            who: who.to_owned(),
            cases: of.len(),
            sums: sums(of.iter().copied()),
            oldest: oldest.unwrap_or(0).max(0),
            rhythm,
            last,
            due: wanted && works,
        }
    });
    all.collect()
}
