//! Customers and what hangs on them: contacts, profile, activities, promises, follow-ups.

use crate::columns::StagedCustomer;
use crate::facts::*;
use crate::ids::*;
use crate::keys::{FactKey, TextRef};
use crate::versioned::Versioned;
use duebook_money::Day;
use std::collections::BTreeMap;

/// A customer.
#[derive(Debug, Clone)]
pub struct Customer {
    /// Index of the source; [`crate::items::OWN`] for our own.
    pub source: u16,
    /// The source's number.
    pub number: String,
    /// What is known of it.
    pub facts: Versioned<StagedCustomer>,
    /// People there, removed ones included.
    pub contacts: Vec<ContactId>,
    /// Everything said and tried, in log order.
    pub activities: Vec<ActivityId>,
    /// Promises in log order.
    pub promises: Vec<PromiseId>,
    /// Follow-ups in log order.
    pub follow_ups: Vec<FollowUpId>,
    /// Remarks of trackers in log order.
    pub remarks: Vec<RemarkId>,
    /// Payment profile: field -> (value, source, checked).
    pub profile: BTreeMap<ProfileField, Versioned<(String, String, Day)>>,
    /// The customer that the source keeps it as now.
    pub merged_into: Versioned<CustomerId>,
    /// Items added one by one, in log order; bulk items are found through the book's index.
    pub(crate) loose_items: Vec<ItemId>,
}

impl Customer {
    /// Known by one commit, with nothing done yet.
    pub(crate) fn new(seq: Seq, source: u16, facts: StagedCustomer) -> Self {
        Customer {
            source,
            number: facts.number.clone(),
            facts: Versioned::new(seq, facts),
            contacts: Vec::new(),
            activities: Vec::new(),
            promises: Vec::new(),
            follow_ups: Vec::new(),
            remarks: Vec::new(),
            profile: BTreeMap::new(),
            merged_into: Versioned::default(),
            loose_items: Vec::new(),
        }
    }
}

/// A person at a customer.
#[derive(Debug, Clone)]
pub struct Contact {
    /// Commit that recorded it first.
    pub commit: Seq,
    /// Where.
    pub customer: CustomerId,
    /// What is known: role, zone, language, details beside the log.
    pub facts: Versioned<ContactFacts>,
    /// When removed.
    pub removed: Versioned<()>,
}

/// What is known of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactFacts {
    /// Role.
    pub role: String,
    /// IANA zone.
    pub zone: Option<String>,
    /// Language tag.
    pub language: Option<String>,
    /// Name, mailbox and phone, kept beside the log: one a line.
    pub details: TextRef,
}

/// A contact made or tried.
#[derive(Debug, Clone)]
pub struct Activity {
    /// Commit that recorded it.
    pub commit: Seq,
    /// Natural key.
    pub key: FactKey,
    /// With whom.
    pub customer: CustomerId,
    /// The person.
    pub contact: Option<ContactId>,
    /// How.
    pub channel: Channel,
    /// What came of it.
    pub outcome: Outcome,
    /// When it was, milliseconds UTC.
    pub at: i64,
    /// The debtor's offset from UTC then, minutes.
    pub local_offset: Option<i16>,
    /// Length, seconds.
    pub seconds: u32,
    /// What was said.
    pub note: Option<TextRef>,
    /// Items spoken of.
    pub items: Vec<ItemId>,
}

/// A promise.
#[derive(Debug, Clone)]
pub struct Promise {
    /// Commit that recorded it.
    pub commit: Seq,
    /// Natural key.
    pub key: FactKey,
    /// As taken.
    pub fact: PromiseFact,
    /// How it ended by our own act.
    pub ended: Versioned<PromiseEnd>,
}

/// Something to do.
#[derive(Debug, Clone)]
pub struct FollowUp {
    /// Commit that recorded it.
    pub commit: Seq,
    /// Natural key.
    pub key: FactKey,
    /// For whom.
    pub customer: CustomerId,
    /// Which person.
    pub contact: Option<ContactId>,
    /// Day it falls due in the ledger's calendar.
    pub due: Day,
    /// For a call-back at a time: milliseconds UTC.
    pub at: Option<i64>,
    /// The debtor's zone for `at`.
    pub zone: Option<String>,
    /// What to do.
    pub what: Option<TextRef>,
    /// A retry set by policy.
    pub retry: bool,
    /// When closed.
    pub closed: Versioned<()>,
}
