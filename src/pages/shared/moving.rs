//! Which commits make views of files and postings look again.

use duebook_ledger::{Book, Seq};

/// The last commit that moves what is told to a source or by it: a file, a posting, an undo, a
/// succession. A call, a note or a field does not make anybody look again.
pub fn last_moving(book: &Book) -> Seq {
    use duebook_ledger::command::CommandKind as K;
    let moves = |kind: K| {
        let other = matches!(
            kind,
            K::ImportMasterData
                | K::Undo
                | K::ConfirmSuccession
                | K::MergeCustomers
                | K::SetStanding
                | K::SendBatch
                | K::SetPolicy
        );
        other || duebook_ledger::apply::is_posting(kind)
    };
    let found = book.commits().iter().rev().find(|c| moves(c.label.kind));
    found.map_or(Seq(0), |c| c.seq)
}
