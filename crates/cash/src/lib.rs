//! Which receipt pays which open item, with a proof (domain.md 5). Pure: values in, proposals out.
//!
//! An [`OpenIndex`] is made once from a book or from plain rows. [`match_all`] or, in slices, a
//! [`Matcher`] answers one [`Proposal`] for each [`Receipt`]: items and amounts, the rung of the
//! ladder, the texts that say so, what is left, and why it may or may not post by itself. Scores are
//! integers per mille, searches count steps, nothing depends on the order of a hash table: the same
//! input gives the same answer everywhere.

mod advice;
mod agree;
mod allocate;
mod amounts;
mod claims;
mod cues;
mod difference;
mod explain;
mod from_book;
mod index;
mod keys;
mod matcher;
mod named;
mod names;
mod policy;
mod posting;
mod proposal;
mod reading;
mod receipt;
mod remit;
mod subset;
mod text;
pub mod theirs;

pub use advice::{Advice, attach};
pub use allocate::{Debt, allocate};
pub use from_book::{Making as IndexMaking, policy_of};
pub use index::{Alias, AliasKind, IndexBuilder, OpenIndex, OpenItem};
pub use matcher::{Matcher, Progress, match_all};
pub use policy::{Allocation, CustomerRules, MatchPolicy, PolicyError, Tolerance, Weights};
pub use posting::{NotPostable, Numbers, learnt, receipt_of};
pub use proposal::{
    Alternative, Difference, DifferenceKind, Evidence, Hold, KeyKind, Line, NumberMatch,
    PayerMatch, Proposal, Rest, Rung, Term, Treatment, Unmatched, Verdict,
};
pub use receipt::{Receipt, RemittanceLine, TextPart};
pub use subset::{Chance, Limits, MOST_FOR_ALL, Sums, chance, sums, sums_of_any_size};
pub use text::{is_creditor_reference, similarity};
