//! The desk's commands and events, stored under their numbers.

use crate::command::LogContact;
use crate::facts::Channel;
use crate::ids::{ActivityId, CustomerId};
use crate::keys::{CustomerKey, FactKey, TextRef};
use duebook_money::Day;
use minicbor::{Decode, Encode};

/// A customer put before all others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Pin {
    /// Its last day; `None`: until it is taken off.
    #[n(0)]
    pub until: Option<Day>,
    /// Why.
    #[n(1)]
    pub reason: TextRef,
}

/// A customer put off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Snooze {
    /// The day it comes back.
    #[n(0)]
    pub until: Day,
    /// Why.
    #[n(1)]
    pub reason: TextRef,
}

/// Whose a customer is, and how it stood when it was given.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Assignment {
    /// Name of the collector.
    #[n(0)]
    pub collector: String,
    /// The bucket of its oldest open item then: it stays, whatever becomes of the items.
    #[n(1)]
    pub bucket: String,
    /// Days past due of its oldest open item then; `None` where nothing was open.
    #[n(2)]
    pub days: Option<i32>,
}

/// A saved filter of the work list. What is not given does not filter.
#[derive(Debug, Clone, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Pool {
    /// Only who can be called now.
    #[n(0)]
    #[cbor(default)]
    pub callable: bool,
    /// Least days past due of the oldest item.
    #[n(1)]
    pub days_from: Option<i32>,
    /// Most days past due of the oldest item.
    #[n(2)]
    pub days_to: Option<i32>,
    /// Least to be collected, whole units of the reporting currency.
    #[n(3)]
    pub least: Option<i64>,
    /// Assigned to this collector; the source's where nobody was assigned here.
    #[n(4)]
    pub collector: Option<String>,
    /// Segment.
    #[n(5)]
    pub segment: Option<String>,
    /// Country as the source writes it.
    #[n(6)]
    pub country: Option<String>,
    /// Only with a promise that is broken, due or waiting.
    #[n(7)]
    #[cbor(default)]
    pub promises: bool,
    /// The bucket at assignment.
    #[n(8)]
    pub bucket: Option<String>,
}

/// A call that was broken off before it had an outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ParkedFact {
    /// With whom.
    #[n(0)]
    pub customer: CustomerId,
    /// When it began, milliseconds UTC.
    #[n(1)]
    pub began: i64,
    /// How.
    #[n(2)]
    pub channel: Channel,
    /// What was typed so far, as the composer keeps it, beside the log.
    #[n(3)]
    pub draft: Option<TextRef>,
}

/// How strongly a rule of contact speaks (domain.md 7.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Severity {
    /// It may be done; the user was told.
    #[n(0)]
    Warn,
    /// It should not have been done.
    #[n(1)]
    Block,
}

/// A rule that spoke against a contact.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Flag {
    /// Its code, such as `CP-03`.
    #[n(0)]
    pub rule: String,
    /// How strongly.
    #[n(1)]
    pub severity: Severity,
}

/// What rules said against a contact that was made.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct FlagFact {
    /// Which contact.
    #[n(0)]
    pub activity: ActivityId,
    /// The rules, strongest first.
    #[n(1)]
    pub flags: Vec<Flag>,
    /// Why it was made all the same.
    #[n(2)]
    pub reason: Option<TextRef>,
}

/// What rules said against a contact that is being logged.
#[derive(Debug, Clone, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct NewFlags {
    /// The rules.
    #[n(0)]
    pub flags: Vec<Flag>,
    /// Why it was made all the same.
    #[n(1)]
    pub reason: Option<TextRef>,
}

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum DeskCommand {
    /// Puts a customer before all others, or takes the pin off.
    #[n(0)]
    Pin {
        /// Whom.
        #[n(0)]
        customer: CustomerKey,
        /// How long and why; `None` takes it off.
        #[n(1)]
        pin: Option<Pin>,
    },
    /// Puts a customer off, or brings it back. Refused: not after today.
    #[n(1)]
    Snooze {
        /// Whom.
        #[n(0)]
        customer: CustomerKey,
        /// Until when and why; `None` brings it back.
        #[n(1)]
        snooze: Option<Snooze>,
    },
    /// Gives customers to a collector. Refused: nobody named.
    #[n(2)]
    Assign {
        /// Whom.
        #[n(0)]
        customers: Vec<CustomerKey>,
        /// To whom; empty: to nobody.
        #[n(1)]
        collector: String,
    },
    /// Saves a filter, or removes it. Refused: no name, an unknown one.
    #[n(3)]
    SavePool {
        /// Its name.
        #[n(0)]
        name: String,
        /// The filter; `None` removes it.
        #[n(1)]
        pool: Option<Pool>,
    },
    /// Keeps a call that was broken off.
    #[n(4)]
    Park {
        /// With whom.
        #[n(0)]
        customer: CustomerKey,
        /// When it began, milliseconds UTC.
        #[n(1)]
        began: i64,
        /// How.
        #[n(2)]
        channel: Channel,
        /// What was typed so far.
        #[n(3)]
        draft: Option<TextRef>,
    },
    /// Gives up a parked call. Refused: unknown, given up already.
    #[n(5)]
    DropParked {
        /// Which.
        #[n(0)]
        parked: FactKey,
    },
    /// Logs a contact against which rules speak. Refused: no rule named, what refuses a contact.
    #[n(6)]
    Log {
        /// The contact.
        #[n(0)]
        log: Box<LogContact>,
        /// The rules, and why all the same.
        #[n(1)]
        flags: NewFlags,
    },
    /// Allows the ordinary contact again after a stop (CP-04). Refused: nothing is stopped.
    #[n(7)]
    LiftStop {
        /// With whom.
        #[n(0)]
        customer: CustomerKey,
        /// Why: who said so, and how.
        #[n(1)]
        reason: TextRef,
        /// The contact that forbade it; with it goes what was said before. `None`: the last that is known,
        /// wherever this is decided.
        #[n(2)]
        said: Option<FactKey>,
    },
}

/// What has happened.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum DeskEvent {
    /// A customer was put before all others, or not any more.
    #[n(0)]
    Pinned {
        /// Whom.
        #[n(0)]
        customer: CustomerId,
        /// How long and why.
        #[n(1)]
        pin: Option<Pin>,
    },
    /// A customer was put off, or came back.
    #[n(1)]
    Snoozed {
        /// Whom.
        #[n(0)]
        customer: CustomerId,
        /// Until when and why.
        #[n(1)]
        snooze: Option<Snooze>,
    },
    /// A customer was given to somebody, or to nobody.
    #[n(2)]
    Assigned {
        /// Whom.
        #[n(0)]
        customer: CustomerId,
        /// To whom, and how it stood.
        #[n(1)]
        to: Option<Assignment>,
    },
    /// A filter was saved, or removed.
    #[n(3)]
    PoolSaved {
        /// Its name.
        #[n(0)]
        name: String,
        /// What it asks for.
        #[n(1)]
        pool: Option<Pool>,
    },
    /// A call was broken off.
    #[n(4)]
    CallParked(#[n(0)] ParkedFact),
    /// A parked call was given up: its number among those parked.
    #[n(5)]
    ParkedDropped {
        /// Which.
        #[n(0)]
        parked: u32,
    },
    /// Rules spoke against a contact that was made.
    #[n(6)]
    ContactFlagged(#[n(0)] FlagFact),
    /// The ordinary contact is allowed again.
    #[n(7)]
    StopLifted {
        /// With whom.
        #[n(0)]
        customer: CustomerId,
        /// Why.
        #[n(1)]
        reason: TextRef,
        /// The contact that forbade it. `None`: the last one before.
        #[n(2)]
        said: Option<ActivityId>,
    },
}
