//! Work on many items in one act: fields edited together, one action for all that was pasted, and
//! a team's tracker taken in as dated history. One command each, so one commit and one undo.

use crate::book::Book;
use crate::command::{LogContact, NewFollowUp, NewPromise};
use crate::facts::CollectorField;
use crate::ids::{CustomerId, ItemId, RemarkId, Seq};
use crate::keys::{CustomerKey, ItemKey, TextRef};
use duebook_money::Day;
use minicbor::{Decode, Encode};

/// Most parts that one command may have: a paste or a tracker is a page of work, not a ledger.
pub const MAX_PARTS: usize = 100_000;

/// One collector's field of one item, set or cleared.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct FieldChange {
    /// Which item.
    #[n(0)]
    pub item: ItemKey,
    /// Which field.
    #[n(1)]
    pub field: CollectorField,
    /// What; empty clears it.
    #[n(2)]
    pub value: String,
}

/// One part of an act on several customers' items.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum WorkPart {
    /// A contact or a note, with what was made in it.
    #[n(0)]
    Contact(#[n(0)] Box<LogContact>),
    /// A promise.
    #[n(1)]
    Promise {
        /// From whom.
        #[n(0)]
        customer: CustomerKey,
        /// The promise.
        #[n(1)]
        promise: NewPromise,
    },
    /// Something to do.
    #[n(2)]
    FollowUp {
        /// For whom.
        #[n(0)]
        customer: CustomerKey,
        /// What.
        #[n(1)]
        follow_up: NewFollowUp,
    },
    /// A collector's field.
    #[n(3)]
    Field(#[n(0)] FieldChange),
}

/// One fact of a team's tracker.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum TrackerPart {
    /// What somebody wrote on a day.
    #[n(0)]
    Remark {
        /// Of whom; of the item's customer where there is one.
        #[n(0)]
        customer: CustomerKey,
        /// Of which item, where of one.
        #[n(1)]
        item: Option<ItemKey>,
        /// The day it was written, as the tracker says.
        #[n(2)]
        day: Day,
        /// What, kept beside the log.
        #[n(3)]
        text: TextRef,
        /// Who wrote it, as the tracker says; empty where it does not.
        #[n(4)]
        author: String,
    },
    /// What was promised; its dates may be past.
    #[n(1)]
    Promise {
        /// By whom.
        #[n(0)]
        customer: CustomerKey,
        /// The day it was taken, as the tracker says.
        #[n(1)]
        taken_on: Day,
        /// The promise.
        #[n(2)]
        promise: NewPromise,
    },
    /// A collector's field.
    #[n(2)]
    Field(#[n(0)] FieldChange),
}

/// A team's tracker.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ImportTracker {
    /// Name of the file.
    #[n(0)]
    pub file: String,
    /// What it holds that the book did not.
    #[n(1)]
    pub parts: Vec<TrackerPart>,
}

/// A remark as recorded.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct RemarkFact {
    /// Of whom.
    #[n(0)]
    pub customer: CustomerId,
    /// Of which item, where of one.
    #[n(1)]
    pub item: Option<ItemId>,
    /// The day it was written, as the tracker says.
    #[n(2)]
    pub day: Day,
    /// What, kept beside the log.
    #[n(3)]
    pub text: TextRef,
    /// Who wrote it; empty where the tracker does not say.
    #[n(4)]
    pub author: String,
}

/// A remark and the commit that took it in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// Commit.
    pub commit: Seq,
    /// What.
    pub fact: RemarkFact,
}

impl Book {
    /// All remarks of trackers by id, dead ones included.
    pub fn remarks(&self) -> &[Remark] {
        &self.remarks
    }
    /// A remark.
    pub fn remark(&self, id: RemarkId) -> Option<&Remark> {
        self.remarks.get(id.index())
    }
}
