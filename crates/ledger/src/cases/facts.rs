//! What a case is made of, as stored.

use crate::ids::{CaseId, CustomerId, ItemId, Seq};
use crate::keys::TextRef;
use duebook_money::{Currency, Day};
use minicbor::{Decode, Encode};

/// Where a case stands (DS-03). Stored; never renumber.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum CaseState {
    /// Taken down, nobody has it yet.
    #[n(0)]
    New,
    /// Understood: reason, evidence and department are known.
    #[n(1)]
    Triaged,
    /// With the department that decides.
    #[n(2)]
    WithOwner,
    /// A resolution is proposed and waits for approval.
    #[n(3)]
    Proposed,
    /// Approved; the documents are to come.
    #[n(4)]
    Approved,
    /// Its documents are there.
    #[n(5)]
    Executed,
    /// Over.
    #[n(6)]
    Closed,
    /// The customer has to answer.
    #[n(7)]
    WaitingCustomer,
    /// It was over and is not.
    #[n(8)]
    Reopened,
}

impl CaseState {
    /// Every state in stored order.
    pub const ALL: [CaseState; 9] = [
        CaseState::New,
        CaseState::Triaged,
        CaseState::WithOwner,
        CaseState::Proposed,
        CaseState::Approved,
        CaseState::Executed,
        CaseState::Closed,
        CaseState::WaitingCustomer,
        CaseState::Reopened,
    ];

    /// Whether a case may go from here to there (DS-03). Handing it to another department is a hop
    /// from [`CaseState::WithOwner`] to itself.
    pub fn may_become(self, to: CaseState) -> bool {
        use CaseState::*;
        match (self, to) {
            (Closed, to) => to == Reopened,
            (_, New | Reopened) => false,
            (from, Triaged) => !matches!(from, Triaged | Approved | Executed),
            (_, WithOwner | Closed) => true,
            (from, WaitingCustomer) => from != WaitingCustomer,
            (from, Proposed) => !matches!(from, Approved | Executed),
            (from, Approved) => from != Executed,
            (_, Executed) => true,
        }
    }
}

/// How a case ended. Stored; never renumber.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum CaseClose {
    /// The customer was right.
    #[n(0)]
    Valid,
    /// It is owed as billed: dunning goes on at its step, interest from the first due date (DS-06).
    #[n(1)]
    Invalid,
    /// Taken back.
    #[n(2)]
    Withdrawn,
    /// Right in part.
    #[n(3)]
    Split,
    /// It is part of another case.
    #[n(4)]
    Merged,
    /// A query that was answered.
    #[n(5)]
    Answered,
    /// Closed in the system it was taken over from, which does not say how: no verdict.
    #[n(6)]
    NotSaid,
}

/// A part of an item that a case contests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct CaseLine {
    /// Which item.
    #[n(0)]
    pub item: ItemId,
    /// Contested when it came to the case, minor units, positive; 0 in a query.
    #[n(1)]
    pub amount: i64,
    /// From which day. What was settled until then was not part of it.
    #[n(2)]
    pub since: Day,
    /// The commit that contested it first; the greatest number for a case of the past, for which
    /// the day alone decides.
    #[n(3)]
    pub seq: Seq,
}

/// The commit of a line whose day alone decides what was settled before.
pub const BY_DAY: Seq = Seq(u32::MAX);

/// A case as it was taken down.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct CaseFact {
    /// How people name it: `C-17`, in the subject of every mail about it.
    #[n(0)]
    pub number: String,
    /// Whose.
    #[n(1)]
    pub customer: CustomerId,
    /// A query: something is asked, no amount is withheld.
    #[n(2)]
    pub query: bool,
    /// Currency of the lines.
    #[n(3)]
    pub currency: Currency,
    /// What is contested, or what is asked about.
    #[n(4)]
    pub lines: Vec<CaseLine>,
    /// Code of the reason.
    #[n(5)]
    pub reason: String,
    /// Department that answers it first.
    #[n(6)]
    pub department: String,
    /// Who there; empty where nobody is named.
    #[n(7)]
    pub owner: String,
    /// The day it was raised.
    #[n(8)]
    pub opened_on: Day,
    /// The other side's ticket number, or the number it had elsewhere.
    #[n(9)]
    pub ticket: String,
    /// What the customer said, kept beside the log.
    #[n(10)]
    pub text: Option<TextRef>,
    /// What is to be on the case before it can be decided.
    #[n(11)]
    pub evidence: Vec<String>,
    /// The case it was split from.
    #[n(12)]
    pub split_from: Option<CaseId>,
}

/// A hop from one state, or hand, to another.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Hop {
    /// To which state.
    #[n(0)]
    pub state: CaseState,
    /// Which department has it from then on; empty while the customer has it.
    #[n(1)]
    pub department: String,
    /// Who there.
    #[n(2)]
    pub owner: String,
    /// The day.
    #[n(3)]
    pub on: Day,
    /// How it ended, with [`CaseState::Closed`].
    #[n(4)]
    pub close: Option<CaseClose>,
    /// Why, kept beside the log.
    #[n(5)]
    pub note: Option<TextRef>,
}

/// What of a case can be set again.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum CaseEdit {
    /// Code of the reason.
    #[n(0)]
    Reason(#[n(0)] String),
    /// What in truth caused it; a code of a reason, or words.
    #[n(1)]
    RootCause(#[n(0)] String),
    /// The other side's ticket number.
    #[n(2)]
    Ticket(#[n(0)] String),
}

/// How far a piece of evidence is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum EvidenceState {
    /// To be got.
    #[n(0)]
    Wanted,
    /// On the case.
    #[n(1)]
    There,
    /// Not needed.
    #[n(2)]
    NotNeeded,
}

/// What was said on a case. Stored; never renumber.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum SaidKind {
    /// A note of ours.
    #[n(0)]
    Note,
    /// What a department or the customer answered, pasted.
    #[n(1)]
    Answer,
    /// The case was handed to a department: as a mail or a file.
    #[n(2)]
    HandedOff,
}

/// Something said on a case.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct CaseSaid {
    /// What it is.
    #[n(0)]
    pub kind: SaidKind,
    /// The words, kept beside the log.
    #[n(1)]
    pub text: Option<TextRef>,
    /// Who said it, or to whom it went; empty for us.
    #[n(2)]
    pub by: String,
    /// The day.
    #[n(3)]
    pub on: Day,
}

/// A question put to somebody above, or beside (A10).
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct EscalationFact {
    /// Whose account.
    #[n(0)]
    pub customer: CustomerId,
    /// Of which case, where of one.
    #[n(1)]
    pub case: Option<CaseId>,
    /// To whom: a person or a level.
    #[n(2)]
    pub to: String,
    /// Why, in a few words.
    #[n(3)]
    pub reason: String,
    /// What is asked, kept beside the log.
    #[n(4)]
    pub question: Option<TextRef>,
    /// The day it was put.
    #[n(5)]
    pub on: Day,
    /// By when the answer is wanted.
    #[n(6)]
    pub due: Day,
    /// The level of the case's clock that it was raised for (DS-04); 0: of somebody's own accord.
    #[n(7)]
    #[cbor(default)]
    pub level: u8,
}

/// A digest that went to somebody: all the open cases he had.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct DigestFact {
    /// To whom: an owner or a department.
    #[n(0)]
    pub who: String,
    /// The day it was sent.
    #[n(1)]
    pub on: Day,
    /// Which cases stood in it.
    #[n(2)]
    pub cases: Vec<CaseId>,
}

/// The answer to an escalation.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct EscalationAnswer {
    /// The words, kept beside the log.
    #[n(0)]
    pub text: Option<TextRef>,
    /// The day.
    #[n(1)]
    pub on: Day,
    /// Who answered.
    #[n(2)]
    pub by: String,
}
