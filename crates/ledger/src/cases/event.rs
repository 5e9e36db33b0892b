//! What happened to cases. Stored under its number, like every event.

use super::facts::*;
use crate::ids::{CaseId, EscalationId};
use crate::keys::TextRef;
use minicbor::{Decode, Encode};

/// An event of a case.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum CaseEvent {
    /// A case was taken down.
    #[n(0)]
    Opened(#[n(0)] CaseFact),
    /// It went on to another state or hand.
    #[n(1)]
    Moved {
        /// Which.
        #[n(0)]
        case: CaseId,
        /// Where to.
        #[n(1)]
        hop: Hop,
    },
    /// What it contests is now this: something was included later, taken out, or went on with a
    /// successor document.
    #[n(2)]
    LinesSet {
        /// Which.
        #[n(0)]
        case: CaseId,
        /// All of its lines.
        #[n(1)]
        lines: Vec<CaseLine>,
    },
    /// One of its details was set.
    #[n(3)]
    Edited {
        /// Which.
        #[n(0)]
        case: CaseId,
        /// What.
        #[n(1)]
        edit: CaseEdit,
    },
    /// A piece of evidence came, or is wanted.
    #[n(4)]
    EvidenceSet {
        /// Which.
        #[n(0)]
        case: CaseId,
        /// What it is called.
        #[n(1)]
        what: String,
        /// How far it is.
        #[n(2)]
        state: EvidenceState,
        /// Where it is or what it says, kept beside the log.
        #[n(3)]
        text: Option<TextRef>,
    },
    /// Something was said.
    #[n(5)]
    Said {
        /// Which.
        #[n(0)]
        case: CaseId,
        /// What.
        #[n(1)]
        said: CaseSaid,
    },
    /// A resolution was proposed, posted, executed or ended.
    #[n(7)]
    Request(#[n(0)] Box<super::resolve::RequestEvent>),
    /// A question was put to somebody above.
    #[n(12)]
    Escalated(#[n(0)] EscalationFact),
    /// It was answered.
    #[n(13)]
    EscalationAnswered {
        /// Which.
        #[n(0)]
        escalation: EscalationId,
        /// How.
        #[n(1)]
        answer: EscalationAnswer,
    },
    /// A digest was sent.
    #[n(14)]
    DigestSent(#[n(0)] DigestFact),
}
