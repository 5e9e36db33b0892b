//! What is asked for reconciliation, in natural keys.

use super::{BreakFacts, BreakMatter, Onward, PayerText};
use crate::keys::{CustomerKey, FactKey, ItemKey};
use duebook_money::Day;
use minicbor::{Decode, Encode};

/// What is asked for reconciliation.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum ReconCommand {
    /// Locks a period: what is ours is posted in it no more.
    /// Refused: ends before it begins or after today, overlaps a lock, differs from the control
    /// account and nothing is said of it.
    #[n(0)]
    LockPeriod {
        /// First day.
        #[n(0)]
        from: Day,
        /// Last day.
        #[n(1)]
        to: Day,
        /// What is to be known of it; why it is locked where something differs.
        #[n(2)]
        note: String,
        /// Breaks that were open, as seen by who locked it.
        #[n(3)]
        breaks: u32,
    },
    /// Opens a locked period again.
    /// Refused: no such lock, open already, no reason.
    #[n(1)]
    UnlockPeriod {
        /// Which.
        #[n(0)]
        lock: FactKey,
        /// Why.
        #[n(1)]
        reason: String,
    },
    /// Writes a break into the register, or changes what it says of it.
    /// Refused: an item or line that is not there, nothing named.
    #[n(2)]
    NoteBreak(#[n(0)] BreakFacts),
    /// Closes a break of the register.
    /// Refused: not in the register or closed, no reason.
    #[n(3)]
    CloseBreak {
        /// About what.
        #[n(0)]
        matter: BreakMatter,
        /// What it was.
        #[n(1)]
        how: String,
    },
    /// Forgets what confirmed matches taught of a payer; later ones teach anew.
    /// Refused: unknown customer, no text.
    #[n(4)]
    UnlearnAlias {
        /// Name or account.
        #[n(0)]
        kind: PayerText,
        /// As the bank writes it.
        #[n(1)]
        text: String,
        /// Whom it stood for.
        #[n(2)]
        customer: CustomerKey,
    },
    /// Takes applications of a receipt back and applies its money otherwise, on one day (CA-32).
    /// Refused: nothing named, an application that is none or taken back, more than is open.
    #[n(5)]
    Reapply {
        /// The receipt.
        #[n(0)]
        receipt: ItemKey,
        /// Applications to take back.
        #[n(1)]
        take_back: Vec<FactKey>,
        /// What it pays instead: item, minor units, positive.
        #[n(2)]
        apply: Vec<(ItemKey, i64)>,
        /// Accounting date of both.
        #[n(3)]
        effective: Day,
    },
    /// The bank took a receipt back (CA-30), with a fee for the customer.
    /// Refused: taken back already, too early; a memo in a book that follows a source.
    #[n(6)]
    ReverseReceipt {
        /// The receipt.
        #[n(0)]
        receipt: ItemKey,
        /// From when.
        #[n(1)]
        effective: Day,
        /// Which kind.
        #[n(2)]
        kind: ReversalKind,
        /// Number and minor units of a fee charged on, positive.
        #[n(3)]
        fee: Option<(String, i64)>,
    },
    /// Holds what is left of a receipt on account, for a reason; without one, no longer.
    #[n(7)]
    HoldReceipt {
        /// The receipt.
        #[n(0)]
        receipt: ItemKey,
        /// Why: prepayment, deposit, as agreed ... Empty: it is not held.
        #[n(1)]
        why: String,
    },
    /// Gives back what is left of a receipt, or a part of it.
    /// Refused: more than is left.
    #[n(8)]
    RefundReceipt {
        /// The receipt.
        #[n(0)]
        receipt: ItemKey,
        /// Minor units, positive.
        #[n(1)]
        amount: i64,
        /// When.
        #[n(2)]
        effective: Day,
    },
    /// Money posted to one customer is another's (CA-32): what it paid is taken back and reopens, the
    /// receipt is the other customer's from now on, and pays what is named there. One day for all.
    /// Refused: a receipt of the source or one it was told of, the customer it is with already,
    /// nothing left of it, a day before an application or an earlier move or after today, items of
    /// another, more than is open.
    #[n(9)]
    MoveReceipt {
        /// The receipt.
        #[n(0)]
        receipt: ItemKey,
        /// Whose money it is.
        #[n(1)]
        to: CustomerKey,
        /// What it pays there: item, minor units, positive. Nothing: it waits there.
        #[n(2)]
        apply: Vec<(ItemKey, i64)>,
        /// Accounting date of all of it.
        #[n(3)]
        effective: Day,
    },
    /// A part of a receipt is another customer's (CA-32), or pays in another currency (domain.md §5.5):
    /// it goes over to a receipt of its own. Applications that are named are taken back before, all on
    /// one day.
    /// Refused: no receipt, a day before the money or after today, an application that is none or
    /// taken back, the same customer and currency, two amounts in one currency, more than is left,
    /// items of another customer or currency, more than is open.
    #[n(10)]
    TransferReceipt {
        /// The receipt.
        #[n(0)]
        receipt: ItemKey,
        /// Applications of it to take back first.
        #[n(1)]
        take_back: Vec<FactKey>,
        /// What goes over, and what it pays there.
        #[n(2)]
        onward: Onward,
        /// Accounting date of all of it.
        #[n(3)]
        effective: Day,
    },
}

/// How a receipt is reversed (CA-30). Stored; never renumber.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum ReversalKind {
    /// What it closed reopens, each at its own due date.
    #[n(0)]
    Standard,
    /// Its applications stay; a debit memo of its amount is owed instead.
    #[n(1)]
    DebitMemo,
}
