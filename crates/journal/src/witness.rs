//! The witness: a few words kept outside the database, so that a lost book is not taken for a
//! new one.

use crate::seal::Head;

/// What was last known of a book, kept apart from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Witness {
    /// The last position known to be stored.
    pub last_seq: u64,
}

/// What a witness says about a log as found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nobody saw a commit of this book, and there is none: a new book.
    New,
    /// The log holds all that was seen.
    Agrees,
    /// Commits that were seen are gone: show the rescue page, create nothing.
    Rescue {
        /// The last position seen.
        seen: u64,
        /// The last position found, 0 for an empty or absent database.
        found: u64,
    },
}

/// Compares a log's head (`None`: no database) with its witness.
#[must_use]
pub fn judge(witness: Option<Witness>, head: Option<&Head>) -> Verdict {
    let seen = witness.map_or(0, |witness| witness.last_seq);
    let found = head.map_or(0, |head| head.seq);
    if seen > found {
        Verdict::Rescue { seen, found }
    } else if found == 0 {
        Verdict::New
    } else {
        Verdict::Agrees
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lost_book_is_never_a_new_one() {
        let seen = |last_seq| Some(Witness { last_seq });
        let at = |seq| Head { seq, ..Head::EMPTY };
        assert_eq!(judge(None, None), Verdict::New);
        assert_eq!(judge(seen(0), Some(&at(0))), Verdict::New);
        assert_eq!(judge(seen(3), Some(&at(3))), Verdict::Agrees);
        assert_eq!(judge(None, Some(&at(3))), Verdict::Agrees);
        let lost = |seen, found| Verdict::Rescue { seen, found };
        assert_eq!(judge(seen(7), None), lost(7, 0));
        assert_eq!(judge(seen(7), Some(&at(0))), lost(7, 0));
        assert_eq!(judge(seen(7), Some(&at(6))), lost(7, 6));
    }
}
