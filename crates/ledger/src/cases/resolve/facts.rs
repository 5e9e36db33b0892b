//! What is proposed to end a case, as asked and as stored (domain.md §4.3-§4.6).

use super::document::DocLine;
use crate::ids::{CaseId, CustomerId, ItemId, RequestId, SettlementId};
use crate::keys::{FactKey, ItemKey, TextRef};
use duebook_money::{Currency, Day};
use duebook_policy::Grant;
use minicbor::{Decode, Encode};

/// A credit of the whole, and a new bill (RB-01).
#[derive(Debug, Clone, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Rebill {
    /// The lines of the document as it was billed; they sum to its amount.
    #[n(0)]
    pub original: Vec<DocLine>,
    /// As it should have been.
    #[n(1)]
    pub right: Vec<DocLine>,
    /// When the new one is due by contract or law; none: as the first was (RB-02).
    #[n(2)]
    pub due: Option<Day>,
    /// From when it ages; none: from where the first did.
    #[n(3)]
    pub anchor: Option<Day>,
    /// Purchase order of the new one; empty: that of the first.
    #[n(4)]
    pub po: String,
}

/// How a document is laid over its parts (SP-01).
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum SplitBy {
    /// By shares of any size; percentages are shares of 100.
    #[n(0)]
    Shares(#[n(0)] Vec<u64>),
    /// By amounts, which sum to the document.
    #[n(1)]
    Amounts(#[n(0)] Vec<i64>),
    /// Each line to a part: by line, PO, cost centre, asset or period.
    #[n(2)]
    Lines(#[n(0)] Vec<u32>),
}

/// By what the parts of a split are told apart (SP-01). Stored; never renumber.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum SplitBasis {
    /// So much each.
    #[n(0)]
    #[default]
    Amount,
    /// So many percent each.
    #[n(1)]
    Percent,
    /// Whole lines.
    #[n(2)]
    Line,
    /// A purchase order each.
    #[n(3)]
    PurchaseOrder,
    /// A cost centre each.
    #[n(4)]
    CostCentre,
    /// An asset each.
    #[n(5)]
    Asset,
    /// A period each.
    #[n(6)]
    Period,
}

impl SplitBasis {
    /// Every basis in stored order.
    pub const ALL: [SplitBasis; 7] = [
        SplitBasis::Amount,
        SplitBasis::Percent,
        SplitBasis::Line,
        SplitBasis::PurchaseOrder,
        SplitBasis::CostCentre,
        SplitBasis::Asset,
        SplitBasis::Period,
    ];
    /// Whether each part has to say what it is for, and no two the same.
    pub fn is_named(self) -> bool {
        use SplitBasis::*;
        matches!(self, PurchaseOrder | CostCentre | Asset | Period)
    }
}

/// One bill becomes several (SP-).
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Split {
    /// The lines of the document; they sum to its amount.
    #[n(0)]
    pub original: Vec<DocLine>,
    /// How.
    #[n(1)]
    pub by: SplitBy,
    /// Purchase order of each part; empty or absent: that of the document.
    #[n(2)]
    pub pos: Vec<String>,
    /// New tax documents (SP-04 a). Else only the receivable is split and the tax document stays.
    #[n(3)]
    pub tax_documents: bool,
    /// What was paid, part by part; absent: in proportion (SP-03).
    #[n(4)]
    pub paid: Option<Vec<i64>>,
    /// The part that carries what is contested; absent: in proportion.
    #[n(5)]
    pub contested_part: Option<u32>,
    /// By what the parts are told apart.
    #[n(6)]
    #[cbor(default)]
    pub basis: SplitBasis,
    /// What each part is for: its order, cost centre, asset or period; kept on its lines. May be absent
    /// where parts are told apart by amount, percent or line.
    #[n(7)]
    #[cbor(default)]
    pub labels: Vec<String>,
}

impl Split {
    /// What a part is for, by its place from 0; empty where it does not say.
    pub fn label_of(&self, part: usize) -> &str {
        self.labels.get(part).map_or("", |l| l.trim())
    }
    /// The purchase order of a part; empty: that of the document.
    pub fn po_of(&self, part: usize) -> &str {
        match self.basis {
            SplitBasis::PurchaseOrder => self.label_of(part),
            _ => self.pos.get(part).map_or("", |p| p.trim()),
        }
    }
}

/// Another purchase order on documents as they are (PO-01, PO-02).
#[derive(Debug, Clone, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PoChange {
    /// Further documents beside the request's own.
    #[n(0)]
    pub also: Vec<ItemKey>,
    /// The number.
    #[n(1)]
    pub po: String,
    /// Who asked.
    #[n(2)]
    pub asked_by: String,
    /// When.
    #[n(3)]
    pub asked_on: Option<Day>,
    /// When the portal rejected the document for it: evidence for the due date.
    #[n(4)]
    pub rejected_on: Option<Day>,
}

/// Kinds of adjustment (domain.md §4.6). Stored; never renumber.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Adjustment {
    /// A part of the document was billed wrongly.
    #[n(0)]
    PartialCredit,
    /// A credit that nobody was owed.
    #[n(1)]
    Goodwill,
    /// A credit for a service that was not as agreed.
    #[n(2)]
    ServiceCredit,
    /// A small rest or rounding.
    #[n(3)]
    SmallBalance,
    /// The bank kept it on the way.
    #[n(4)]
    BankCharge,
    /// Interest or a late charge is let go.
    #[n(5)]
    LateChargeWaiver,
    /// Bad debt.
    #[n(6)]
    WriteOff,
    /// Debt written off comes back.
    #[n(7)]
    Recovery,
    /// A deposit or other money held pays the item.
    #[n(8)]
    SetOff,
    /// Set against what we owe them.
    #[n(9)]
    Contra,
    /// Money of theirs goes back.
    #[n(10)]
    Refund,
    /// A discount that was not earned is billed back.
    #[n(11)]
    BillBack,
    /// The short part goes on as a debit of its own.
    #[n(12)]
    Chargeback,
}

impl Adjustment {
    /// Every adjustment in stored order.
    pub const ALL: [Adjustment; 13] = [
        Adjustment::PartialCredit,
        Adjustment::Goodwill,
        Adjustment::ServiceCredit,
        Adjustment::SmallBalance,
        Adjustment::BankCharge,
        Adjustment::LateChargeWaiver,
        Adjustment::WriteOff,
        Adjustment::Recovery,
        Adjustment::SetOff,
        Adjustment::Contra,
        Adjustment::Refund,
        Adjustment::BillBack,
        Adjustment::Chargeback,
    ];
    /// What of authority it takes; `None` where nothing is given away.
    pub fn grant(self) -> Option<Grant> {
        use Adjustment::*;
        match self {
            PartialCredit | ServiceCredit => Some(Grant::Credit),
            Goodwill => Some(Grant::Goodwill),
            SmallBalance | BankCharge => Some(Grant::SmallBalance),
            LateChargeWaiver => Some(Grant::LateCharge),
            WriteOff => Some(Grant::WriteOff),
            Contra | Refund => Some(Grant::PayOut),
            Recovery | SetOff | BillBack | Chargeback => None,
        }
    }
    /// Whether it is a credit note.
    pub fn is_credit_note(self) -> bool {
        use Adjustment::*;
        matches!(self, PartialCredit | Goodwill | ServiceCredit)
    }
}

/// An adjustment.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Adjust {
    /// Of which kind.
    #[n(0)]
    pub kind: Adjustment,
    /// Minor units, positive.
    #[n(1)]
    pub amount: i64,
    /// Lines of the credit note, where there is one; they sum to the amount.
    #[n(2)]
    pub lines: Vec<DocLine>,
    /// The credit that is refunded, or set off against the item.
    #[n(3)]
    pub credit: Option<ItemKey>,
    /// The write-off that comes back, or the discount that is billed back.
    #[n(4)]
    pub settlement: Option<FactKey>,
}

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Resolution {
    /// Credit and rebill.
    #[n(0)]
    Rebill(#[n(0)] Rebill),
    /// Invoice split.
    #[n(1)]
    Split(#[n(0)] Split),
    /// PO change.
    #[n(2)]
    PoChange(#[n(0)] PoChange),
    /// Adjustment.
    #[n(3)]
    Adjust(#[n(0)] Adjust),
}

/// An approval as stated: who, when, under which reference (ST-01).
#[derive(Debug, Clone, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Approval {
    /// Who.
    #[n(0)]
    pub who: String,
    /// The role, where the person is not listed in the policy.
    #[n(1)]
    pub role: String,
    /// When; the day it is recorded where absent.
    #[n(2)]
    pub on: Option<Day>,
    /// Mail, ticket or minutes it stands in.
    #[n(3)]
    pub reference: String,
}

/// A resolution asked for.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct NewRequest {
    /// The case it is to end.
    #[n(0)]
    pub case: Option<FactKey>,
    /// The document.
    #[n(1)]
    pub item: ItemKey,
    /// What.
    #[n(2)]
    pub what: Resolution,
    /// Posted on.
    #[n(3)]
    pub on: Day,
    /// When what it corrects came about: the day from which tax law counts (RB-04). The day of
    /// posting where absent.
    #[n(4)]
    pub fell_on: Option<Day>,
    /// The credit note changes tax. Else it is a commercial one.
    #[n(5)]
    pub tax_note: bool,
    /// Why, in a few words.
    #[n(6)]
    pub reason: String,
    /// Evidence or wording, kept beside the log.
    #[n(7)]
    pub text: Option<TextRef>,
    /// Numbers of the new documents in order: the credit note, then the bills. A book beside an ERP
    /// may leave them out.
    #[n(8)]
    pub numbers: Vec<String>,
    /// Above the maker's own limit it waits for approval; else it is refused there.
    #[n(9)]
    pub ask: bool,
}

/// A document that a request proposes.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Proposed {
    /// [`crate::columns::ItemKind`] as stored.
    #[n(0)]
    pub kind: u8,
    /// Number given, or the placeholder it has until the source's comes.
    #[n(1)]
    pub number: String,
    /// Line by line.
    #[n(2)]
    pub lines: Vec<DocLine>,
    /// Total, minor units, positive.
    #[n(3)]
    pub total: i64,
    /// Due.
    #[n(4)]
    pub due: Day,
}

/// A request as recorded.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct RequestFact {
    /// How people name it: `R-3`.
    #[n(0)]
    pub number: String,
    /// As asked.
    #[n(1)]
    pub asked: NewRequest,
    /// Its case.
    #[n(2)]
    pub case: Option<CaseId>,
    /// Whose account.
    #[n(3)]
    pub customer: CustomerId,
    /// The document.
    #[n(4)]
    pub item: ItemId,
    /// Currency.
    #[n(5)]
    pub currency: Currency,
    /// What it gives away, if it does.
    #[n(6)]
    pub grant: Option<Grant>,
    /// How much, minor units.
    #[n(7)]
    pub granted: i64,
    /// What the document is for, minor units: what the percentage is of.
    #[n(8)]
    pub document: i64,
    /// Who asked, as stated.
    #[n(9)]
    pub maker: String,
    /// The documents it proposes.
    #[n(10)]
    pub proposed: Vec<Proposed>,
}

/// A request was posted: by which commit is known, these are its postings.
#[derive(Debug, Clone, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Posted {
    /// The role under which it was.
    #[n(0)]
    pub role: String,
    /// Who approved it, where somebody had to.
    #[n(1)]
    pub approval: Option<Approval>,
    /// Documents of ours.
    #[n(2)]
    pub items: Vec<ItemId>,
    /// Settlements of ours.
    #[n(3)]
    pub settlements: Vec<SettlementId>,
    /// Settlements taken back.
    #[n(4)]
    pub taken_back: Vec<SettlementId>,
    /// Numbers of the proposed documents as issued, where they come from a range and were not known
    /// when it was asked for; empty: as proposed.
    #[n(5)]
    #[cbor(default)]
    pub numbers: Vec<String>,
}

/// How a request ended without being posted. Stored; never renumber.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum RequestEnd {
    /// Refused by the approver.
    #[n(0)]
    Refused,
    /// Taken back by the maker.
    #[n(1)]
    Withdrawn,
}

/// A line that came otherwise than proposed, minor units.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Difference {
    /// Place of the document among the proposed, from 0.
    #[n(0)]
    pub document: u32,
    /// Place of the line in it, from 0.
    #[n(1)]
    pub line: u32,
    /// Net and tax proposed.
    #[n(2)]
    pub proposed: (i64, i64),
    /// Net and tax as they came.
    #[n(3)]
    pub came: (i64, i64),
}

/// The source's documents of a request, as entered.
#[derive(Debug, Clone, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Execution {
    /// The source's number of each proposed document, in order.
    #[n(0)]
    pub numbers: Vec<String>,
    /// Lines that came otherwise; with any of them it is not executed.
    #[n(1)]
    pub differences: Vec<Difference>,
    /// The day.
    #[n(2)]
    pub on: Option<Day>,
}

/// What [`super::super::CaseEvent`] says of requests.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum RequestEvent {
    /// A resolution was proposed.
    #[n(0)]
    Made(#[n(0)] Box<RequestFact>),
    /// It was posted: the postings are beside it in the same commit.
    #[n(1)]
    Posted(#[n(0)] RequestId, #[n(1)] Posted),
    /// It ended without.
    #[n(2)]
    Ended(
        #[n(0)] RequestId,
        #[n(1)] RequestEnd,
        #[n(2)] Option<TextRef>,
    ),
    /// The source's documents are there.
    #[n(3)]
    Executed(#[n(0)] RequestId, #[n(1)] Execution),
}
