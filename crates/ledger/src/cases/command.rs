//! What a user asks of cases, in natural keys.

use super::facts::*;
use crate::keys::{CustomerKey, FactKey, ItemKey, TextRef};
use duebook_money::Day;
use minicbor::{Decode, Encode};

/// A case to be taken down.
#[derive(Debug, Clone, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct NewCase {
    /// Whose; of the items, where there are some.
    #[n(0)]
    pub customer: Option<CustomerKey>,
    /// Something is asked, nothing is withheld.
    #[n(1)]
    pub query: bool,
    /// Item and minor units contested, positive; 0 in a query.
    #[n(2)]
    pub lines: Vec<(ItemKey, i64)>,
    /// Code of the reason.
    #[n(3)]
    pub reason: String,
    /// Department; empty: that of the reason.
    #[n(4)]
    pub department: String,
    /// Who there.
    #[n(5)]
    pub owner: String,
    /// The other side's ticket number.
    #[n(6)]
    pub ticket: String,
    /// What the customer said.
    #[n(7)]
    pub text: Option<TextRef>,
}

/// A case of another system.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PastCase {
    /// What it is about; the ticket is its number there.
    #[n(0)]
    pub case: NewCase,
    /// When it was raised.
    #[n(1)]
    pub opened_on: Day,
    /// When and how it ended, where it did.
    #[n(2)]
    pub closed: Option<(Day, CaseClose)>,
    /// The amount is not what that system says: it says none, and the whole document is taken.
    #[n(3)]
    pub whole: bool,
}

/// A command about cases.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum CaseCommand {
    /// Takes cases down. Refused: none, unknown customer or item, unknown reason, a dispute without
    /// an amount or of more than is open and not contested yet, items of two customers or
    /// currencies.
    #[n(0)]
    Open(#[n(0)] Vec<NewCase>),
    /// Moves a case on. Refused: unknown case, a hop that cannot be, a close without how.
    #[n(1)]
    Move {
        /// Which.
        #[n(0)]
        case: FactKey,
        /// To which state.
        #[n(1)]
        state: CaseState,
        /// With which department from then on.
        #[n(2)]
        department: String,
        /// With whom.
        #[n(3)]
        owner: String,
        /// How it ended.
        #[n(4)]
        close: Option<CaseClose>,
        /// Why.
        #[n(5)]
        note: Option<TextRef>,
    },
    /// Says anew what a case contests: item and minor units contested of it now. Refused: unknown
    /// case or item, a case that is over, more than is open and not contested elsewhere.
    #[n(2)]
    SetLines {
        /// Which.
        #[n(0)]
        case: FactKey,
        /// All of it.
        #[n(1)]
        lines: Vec<(ItemKey, i64)>,
    },
    /// Sets a detail. Refused: unknown case, unknown reason.
    #[n(3)]
    Edit {
        /// Which.
        #[n(0)]
        case: FactKey,
        /// What.
        #[n(1)]
        edit: CaseEdit,
    },
    /// Says how far a piece of evidence is. Refused: unknown case, no name.
    #[n(4)]
    SetEvidence {
        /// Which.
        #[n(0)]
        case: FactKey,
        /// What it is called.
        #[n(1)]
        what: String,
        /// How far.
        #[n(2)]
        state: EvidenceState,
        /// Where it is.
        #[n(3)]
        text: Option<TextRef>,
    },
    /// Keeps what was said. Refused: unknown case.
    #[n(5)]
    Say {
        /// Which, one or several (a digest goes for many).
        #[n(0)]
        cases: Vec<FactKey>,
        /// What it is.
        #[n(1)]
        kind: SaidKind,
        /// The words.
        #[n(2)]
        text: Option<TextRef>,
        /// Who said it, or to whom it went.
        #[n(3)]
        by: String,
    },
    /// Makes one case of two. Refused: unknown case, one with itself, over, other customers or
    /// currencies, a query with a dispute.
    #[n(6)]
    Merge {
        /// Which goes.
        #[n(0)]
        from: FactKey,
        /// Into which.
        #[n(1)]
        into: FactKey,
    },
    /// Makes two of one. Refused: unknown case, over, more of an item than it contests now, nothing
    /// left on either side.
    #[n(7)]
    Split {
        /// Which.
        #[n(0)]
        case: FactKey,
        /// What goes: item and minor units contested now.
        #[n(1)]
        lines: Vec<(ItemKey, i64)>,
        /// Reason of the new one.
        #[n(2)]
        reason: String,
        /// Its department; empty: that of the reason.
        #[n(3)]
        department: String,
    },
    /// Resolutions: see [`super::resolve::RequestCommand`].
    #[n(8)]
    Request(#[n(0)] super::resolve::RequestCommand),
    /// Puts a question to somebody above. Refused: unknown customer or case, nobody named, due
    /// before today.
    #[n(12)]
    Escalate {
        /// Whose account.
        #[n(0)]
        customer: CustomerKey,
        /// Of which case.
        #[n(1)]
        case: Option<FactKey>,
        /// To whom.
        #[n(2)]
        to: String,
        /// Why.
        #[n(3)]
        reason: String,
        /// What is asked.
        #[n(4)]
        question: Option<TextRef>,
        /// By when.
        #[n(5)]
        due: Day,
        /// For which level of the case's clock; none: of one's own accord.
        #[n(6)]
        level: Option<u8>,
    },
    /// Keeps the answer. Refused: unknown, answered already.
    #[n(13)]
    AnswerEscalation {
        /// Which.
        #[n(0)]
        escalation: FactKey,
        /// The words.
        #[n(1)]
        text: Option<TextRef>,
        /// Who answered.
        #[n(2)]
        by: String,
    },
    /// Takes in cases of another system. Refused: none that is new, unknown item.
    #[n(14)]
    Import {
        /// Name of the file.
        #[n(0)]
        file: String,
        /// The cases.
        #[n(1)]
        cases: Vec<PastCase>,
    },
    /// Sets several details at once. Refused: none, unknown case, unknown reason.
    #[n(16)]
    EditAll {
        /// Which.
        #[n(0)]
        case: FactKey,
        /// What.
        #[n(1)]
        edits: Vec<CaseEdit>,
    },
    /// Keeps that a digest was sent: made is not sent. Refused: nobody named, no case, unknown or over.
    #[n(15)]
    DigestSent {
        /// To whom.
        #[n(0)]
        who: String,
        /// The cases that stood in it.
        #[n(1)]
        cases: Vec<FactKey>,
    },
}

impl CaseCommand {
    /// Its kind, for labels.
    pub fn kind(&self) -> crate::command::CommandKind {
        use crate::command::CommandKind as K;
        match self {
            CaseCommand::Open(_) => K::OpenCases,
            CaseCommand::Escalate { .. } | CaseCommand::AnswerEscalation { .. } => K::Escalate,
            CaseCommand::Import { .. } => K::ImportCases,
            CaseCommand::Request(_) => K::Resolve,
            _ => K::WorkCase,
        }
    }
}
