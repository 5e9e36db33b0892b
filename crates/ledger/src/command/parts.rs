//! What commands carry: contacts, promises, documents, receipts, payment rows.

use crate::facts::{Cause, Channel, Outcome};
use crate::keys::{CustomerKey, FactKey, ItemKey, TextRef};
use duebook_money::{Currency, Day};
use minicbor::{Decode, Encode};

/// A line of a promise asked for: an item, or the account.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct NewPromiseLine {
    /// The item; `None` for the account.
    #[n(0)]
    pub item: Option<ItemKey>,
    /// Minor units, positive.
    #[n(1)]
    pub amount: i64,
    /// Promised for.
    #[n(2)]
    pub date: Day,
}

/// A promise asked for.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct NewPromise {
    /// Currency of the lines.
    #[n(0)]
    pub currency: Currency,
    /// At least one.
    #[n(1)]
    pub lines: Vec<NewPromiseLine>,
    /// How they will pay.
    #[n(2)]
    pub method: Option<String>,
    /// Wording or evidence.
    #[n(3)]
    pub evidence: Option<TextRef>,
}

/// A follow-up asked for.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct NewFollowUp {
    /// The day in the ledger's calendar.
    #[n(0)]
    pub due: Day,
    /// For a call-back: the instant, milliseconds UTC.
    #[n(1)]
    pub at: Option<i64>,
    /// The debtor's zone for `at`.
    #[n(2)]
    pub zone: Option<String>,
    /// What to do.
    #[n(3)]
    pub what: Option<TextRef>,
    /// Set by policy after an attempt nobody answered.
    #[n(4)]
    pub retry: bool,
}

/// A contact to be logged, with everything made in it: one commit.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct LogContact {
    /// With whom.
    #[n(0)]
    pub customer: CustomerKey,
    /// The person, by the key of the command that recorded it.
    #[n(1)]
    pub contact: Option<FactKey>,
    /// How.
    #[n(2)]
    pub channel: Channel,
    /// What came of it.
    #[n(3)]
    pub outcome: Outcome,
    /// When, milliseconds UTC.
    #[n(4)]
    pub at: i64,
    /// The debtor's offset from UTC then, minutes.
    #[n(5)]
    pub local_offset: Option<i16>,
    /// Seconds.
    #[n(6)]
    pub seconds: u32,
    /// What was said.
    #[n(7)]
    pub note: Option<TextRef>,
    /// Items spoken of.
    #[n(8)]
    pub items: Vec<ItemKey>,
    /// A promise made in it.
    #[n(9)]
    pub promise: Option<NewPromise>,
    /// What comes next.
    #[n(10)]
    pub follow_up: Option<NewFollowUp>,
    /// Follow-ups that this contact settles.
    #[n(11)]
    pub closes: Vec<FactKey>,
}

/// A document of our own: in a book whose owner posts the ledger, or what the source lacks.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct IssueDocument {
    /// To whom.
    #[n(0)]
    pub customer: CustomerKey,
    /// Entity code.
    #[n(1)]
    pub entity: String,
    /// [`crate::columns::ItemKind`] as stored.
    #[n(2)]
    pub kind: u8,
    /// Document number.
    #[n(3)]
    pub number: String,
    /// Document date.
    #[n(4)]
    pub doc_date: Day,
    /// Currency.
    #[n(5)]
    pub currency: Currency,
    /// Total, positive; credits are given their sign here.
    #[n(6)]
    pub amount: i64,
    /// Due date and amount of each instalment, summing to the total (AG-31).
    #[n(7)]
    pub instalments: Vec<(Day, i64)>,
    /// Reference.
    #[n(8)]
    pub reference: String,
    /// Purchase order.
    #[n(9)]
    pub po: String,
}

/// Money received, and what it pays.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct RecordReceipt {
    /// From whom.
    #[n(0)]
    pub customer: CustomerKey,
    /// Entity code.
    #[n(1)]
    pub entity: String,
    /// Our number or the bank's reference.
    #[n(2)]
    pub number: String,
    /// Value date.
    #[n(3)]
    pub value_date: Day,
    /// Currency.
    #[n(4)]
    pub currency: Currency,
    /// Minor units, positive.
    #[n(5)]
    pub amount: i64,
    /// Remittance text or reference.
    #[n(6)]
    pub reference: String,
    /// What it pays: item and minor units, positive.
    #[n(7)]
    pub applications: Vec<(ItemKey, i64)>,
}

/// A payment or clearing row of a source's file.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PaymentRow {
    /// Customer number, where the file has it.
    #[n(0)]
    pub customer: Option<String>,
    /// Entity code, where the file has it.
    #[n(1)]
    pub entity: Option<String>,
    /// The document it settles.
    #[n(2)]
    pub item: Option<String>,
    /// The payment's own number.
    #[n(3)]
    pub number: String,
    /// Value or clearing date.
    #[n(4)]
    pub date: Day,
    /// Currency; the item's where absent.
    #[n(5)]
    pub currency: Option<Currency>,
    /// Minor units, positive for money in.
    #[n(6)]
    pub amount: i64,
    /// What it is.
    #[n(7)]
    pub cause: Cause,
    /// Line in the file.
    #[n(8)]
    pub line: u32,
}

/// A contact person asked for.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct NewContact {
    /// Where.
    #[n(0)]
    pub customer: CustomerKey,
    /// Role.
    #[n(1)]
    pub role: String,
    /// IANA zone.
    #[n(2)]
    pub zone: Option<String>,
    /// Language tag.
    #[n(3)]
    pub language: Option<String>,
    /// Name, mailbox and phone, one a line, kept beside the log.
    #[n(4)]
    pub details: TextRef,
}
