//! What events carry: rows of items, settlements and payments, and changes of items.

use crate::facts::{Cause, Standing};
use crate::ids::{CustomerId, ItemId};
use duebook_money::{Currency, Day};
use minicbor::{Decode, Encode};

/// A bulk record beside the commit: its digest (BLAKE3 of the stored bytes) and rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct BlockRef {
    /// BLAKE3 of the stored bytes.
    #[n(0)]
    #[cbor(with = "minicbor::bytes")]
    pub digest: [u8; 32],
    /// Rows in it.
    #[n(1)]
    pub rows: u32,
}

impl BlockRef {
    /// The reference to stored bytes.
    pub fn of(bytes: &[u8], rows: usize) -> Self {
        BlockRef {
            digest: *blake3::hash(bytes).as_bytes(),
            rows: rows as u32,
        }
    }
}

/// One item added outside a bulk import, or one instalment of a document.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ItemFact {
    /// Who owes (or is owed).
    #[n(0)]
    pub customer: CustomerId,
    /// Index of the entity.
    #[n(1)]
    pub entity: u16,
    /// [`crate::columns::ItemKind`] as stored.
    #[n(2)]
    pub kind: u8,
    /// Document number.
    #[n(3)]
    pub number: String,
    /// Instalment or line; empty for the whole.
    #[n(4)]
    pub line: String,
    /// Document date.
    #[n(5)]
    pub doc_date: Day,
    /// Due date.
    #[n(6)]
    pub due: Day,
    /// Currency.
    #[n(7)]
    pub currency: Currency,
    /// Signed amount, minor units.
    #[n(8)]
    pub amount: i64,
    /// Reference the customer knows.
    #[n(9)]
    pub reference: String,
    /// Purchase order.
    #[n(10)]
    pub po: String,
    /// Where it stands against the source.
    #[n(11)]
    pub standing: Standing,
}

/// One row that changes open amounts: a debit goes down and a credit goes towards zero by
/// `amount`. A negative `amount` raises what is open again (a source that shows more than before).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct SettlementFact {
    /// The positive item it reduces.
    #[n(0)]
    pub debit: Option<ItemId>,
    /// The negative item it uses.
    #[n(1)]
    pub credit: Option<ItemId>,
    /// Minor units of the items' currency.
    #[n(2)]
    pub amount: i64,
    /// Accounting date.
    #[n(3)]
    pub effective: Day,
    /// What it is.
    #[n(4)]
    pub cause: Cause,
    /// Where it stands against the source.
    #[n(5)]
    pub standing: Standing,
}

/// A payment or clearing that a source reports; many live together in a block.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PaymentFact {
    /// The receipt, as an item to add; `None` where the settlement has no receipt of its own.
    #[n(0)]
    pub receipt: Option<ItemFact>,
    /// What it settles.
    #[n(1)]
    pub item: Option<ItemId>,
    /// Minor units applied to `item`, positive.
    #[n(2)]
    pub applied: i64,
    /// Of which explains what was settled before the item was recorded.
    #[n(3)]
    pub from_take_on: i64,
    /// Value or clearing date.
    #[n(4)]
    pub effective: Day,
    /// What it is.
    #[n(5)]
    pub cause: Cause,
    /// Of `applied`, what explains a fall of the open amount that extracts showed without a cause:
    /// the day of that extract and minor units. It counts from the value date instead.
    #[n(6)]
    pub explains: Vec<(Day, i64)>,
    /// Of the receipt, what no extract taken since shows as open: used at source, on what is not
    /// known. It never stands as a credit.
    #[n(7)]
    pub used_at_source: i64,
    /// The receipt of ours that this is: nothing is added, it settles from that one.
    #[n(8)]
    pub ours: Option<ItemId>,
}

/// A change the source made to an item it had shown before.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum ItemChange {
    /// Less or more is open, the original amount is the same: settled in part at source, cause
    /// unknown. Signed like the item.
    #[n(0)]
    Open {
        /// Open before.
        #[n(0)]
        from: i64,
        /// Open now.
        #[n(1)]
        to: i64,
    },
    /// The document's amount changed.
    #[n(1)]
    Amended {
        /// Amount before.
        #[n(0)]
        amount_from: i64,
        /// Amount now.
        #[n(1)]
        amount_to: i64,
        /// Open before.
        #[n(2)]
        open_from: i64,
        /// Open now.
        #[n(3)]
        open_to: i64,
    },
    /// The due date changed: re-aged at source (KP-23).
    #[n(2)]
    Due {
        /// Due before.
        #[n(0)]
        from: Option<Day>,
        /// Due now.
        #[n(1)]
        to: Option<Day>,
    },
    /// A whole list of its source does not show it any more. What it had open goes by an
    /// [`ItemChange::Open`] beside it, as far as postings of ours do not explain it.
    #[n(3)]
    Absent,
    /// It is shown again.
    #[n(4)]
    Present,
    /// It belongs to another customer at the source.
    #[n(5)]
    Moved {
        /// Whose it was.
        #[n(0)]
        from: CustomerId,
        /// Whose it is.
        #[n(1)]
        to: CustomerId,
    },
    /// A list of cleared items tells when it was settled in full, and how.
    #[n(6)]
    Cleared {
        /// Clearing date.
        #[n(0)]
        on: Day,
        /// Falls that extracts showed without a cause and that this explains: the day of the extract
        /// and minor units, positive. They count from the clearing date instead.
        #[n(1)]
        explains: Vec<(Day, i64)>,
        /// How: minor units, positive. What they are more than what is explained was open still.
        #[n(2)]
        parts: Vec<(Cause, i64)>,
    },
}
