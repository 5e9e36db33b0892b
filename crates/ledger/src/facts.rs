//! Small values that commands and events share. Stored numbers never change meaning.

mod import;

pub use import::*;

use crate::ids::{ContactId, CustomerId, ItemId};
use crate::keys::TextRef;
use duebook_money::{Currency, Day};
use minicbor::{Decode, Encode};

/// How a contact was made (domain.md CP-09).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Channel {
    /// We called.
    #[n(0)]
    Call,
    /// They called.
    #[n(1)]
    InboundCall,
    /// Mail, either way.
    #[n(2)]
    Email,
    /// Letter.
    #[n(3)]
    Letter,
    /// A look in the customer's portal.
    #[n(4)]
    Portal,
    /// Meeting.
    #[n(5)]
    Meeting,
    /// A note without a contact.
    #[n(6)]
    Note,
}

/// What came of a contact: the dispositions of domain.md §9.2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Outcome {
    /// NOANS.
    #[n(0)]
    NoAnswer,
    /// BUSY.
    #[n(1)]
    Busy,
    /// VM-LEFT.
    #[n(2)]
    VoicemailLeft,
    /// VM-NONE.
    #[n(3)]
    NoVoicemail,
    /// WRONGNO.
    #[n(4)]
    WrongNumber,
    /// DISC.
    #[n(5)]
    Disconnected,
    /// GATE.
    #[n(6)]
    Gatekeeper,
    /// EMAIL-SENT.
    #[n(7)]
    MailSent,
    /// EMAIL-BOUNCE.
    #[n(8)]
    MailBounced,
    /// PORTAL-CHK.
    #[n(9)]
    PortalChecked,
    /// PTP.
    #[n(10)]
    Promise,
    /// PAID-CLAIM.
    #[n(11)]
    PaidClaim,
    /// INPROC: in the payer's process, no date; not a promise.
    #[n(12)]
    InProcess,
    /// DISPUTE.
    #[n(13)]
    Dispute,
    /// QUERY-DOC.
    #[n(14)]
    Query,
    /// NEED-PO.
    #[n(15)]
    NeedsPo,
    /// NOT-RECEIVED.
    #[n(16)]
    NotReceived,
    /// CASHFLOW.
    #[n(17)]
    CashFlow,
    /// PLAN-REQ.
    #[n(18)]
    PlanRequest,
    /// REFUSE.
    #[n(19)]
    Refused,
    /// CALLBACK.
    #[n(20)]
    CallBack,
    /// ESCALATE.
    #[n(21)]
    Escalated,
    /// INSOLV.
    #[n(22)]
    Insolvency,
    /// LEGAL-REP.
    #[n(23)]
    LegalRepresentation,
    /// DNC.
    #[n(24)]
    DoNotCall,
    /// LANG.
    #[n(25)]
    Language,
    /// Informed, reminded or answered; nothing agreed.
    #[n(26)]
    Informed,
}

impl Outcome {
    /// Every outcome in stored order.
    pub const ALL: [Outcome; 27] = {
        use Outcome::*;
        [
            NoAnswer,
            Busy,
            VoicemailLeft,
            NoVoicemail,
            WrongNumber,
            Disconnected,
            Gatekeeper,
            MailSent,
            MailBounced,
            PortalChecked,
            Promise,
            PaidClaim,
            InProcess,
            Dispute,
            Query,
            NeedsPo,
            NotReceived,
            CashFlow,
            PlanRequest,
            Refused,
            CallBack,
            Escalated,
            Insolvency,
            LegalRepresentation,
            DoNotCall,
            Language,
            Informed,
        ]
    };
    /// The code of domain.md §9.2, as exports and imports write it.
    pub fn code(self) -> &'static str {
        const CODES: [&str; 27] = [
            "NOANS",
            "BUSY",
            "VM-LEFT",
            "VM-NONE",
            "WRONGNO",
            "DISC",
            "GATE",
            "EMAIL-SENT",
            "EMAIL-BOUNCE",
            "PORTAL-CHK",
            "PTP",
            "PAID-CLAIM",
            "INPROC",
            "DISPUTE",
            "QUERY-DOC",
            "NEED-PO",
            "NOT-RECEIVED",
            "CASHFLOW",
            "PLAN-REQ",
            "REFUSE",
            "CALLBACK",
            "ESCALATE",
            "INSOLV",
            "LEGAL-REP",
            "DNC",
            "LANG",
            "INFORMED",
        ];
        CODES[self as usize]
    }
    /// Whether somebody with knowledge of the payment was reached (KP-30, right-party contact).
    pub fn is_right_party(self) -> bool {
        self as usize >= Outcome::Promise as usize && self != Outcome::Language
    }
    /// Whether it forbids the ordinary contact until somebody lifts that (CP-04).
    pub fn is_stop(self) -> bool {
        matches!(
            self,
            Outcome::DoNotCall | Outcome::LegalRepresentation | Outcome::Insolvency
        )
    }
}

/// What a settlement is. Stored; never renumber.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Cause {
    /// Money applied.
    #[n(0)]
    Payment,
    /// A credit memo applied.
    #[n(1)]
    Credit,
    /// Early-payment discount.
    #[n(2)]
    Discount,
    /// Written off.
    #[n(3)]
    WriteOff,
    /// Tax withheld by the payer.
    #[n(4)]
    Withholding,
    /// Exchange difference.
    #[n(5)]
    Exchange,
    /// The source shows less (or more) open; it does not say why.
    #[n(6)]
    AtSourceUnknown,
    /// The source changed the document's amount.
    #[n(7)]
    Amended,
    /// Money returned by the bank: closes the receipt itself.
    #[n(8)]
    Returned,
    /// Opposite of what was settled before the book began, when its history is learnt.
    #[n(9)]
    TakeOn,
    /// Refunded to the customer.
    #[n(10)]
    Refund,
    /// Rounding or small difference.
    #[n(11)]
    Tolerance,
    /// Set against what we owe the customer.
    #[n(12)]
    Contra,
    /// A part of a receipt went over to another: of another customer, or in another currency. Closes
    /// that part of the receipt itself.
    #[n(13)]
    Transferred,
}

impl Cause {
    /// From the stored number.
    pub fn from_u8(n: u8) -> Option<Cause> {
        use Cause::*;
        [
            Payment,
            Credit,
            Discount,
            WriteOff,
            Withholding,
            Exchange,
            AtSourceUnknown,
            Amended,
            Returned,
            TakeOn,
            Refund,
            Tolerance,
            Contra,
            Transferred,
        ]
        .get(n as usize)
        .copied()
    }
    /// Whether it is something granted with a payment, without a credit of its own.
    pub fn is_granted(self) -> bool {
        use Cause::*;
        matches!(
            self,
            Discount | WriteOff | Withholding | Exchange | Tolerance
        )
    }
    /// Whether it is money coming in, for promise verdicts (PT-03: credits do not count).
    pub fn is_money(self) -> bool {
        matches!(self, Cause::Payment)
    }
}

/// Where a posting stands against the source (architecture.md, "The source's book and ours").
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Standing {
    /// The source's own fact, or a fact of a book that has no source: part of *at source*.
    #[n(0)]
    AtSource,
    /// Ours, not told to the source yet.
    #[n(1)]
    Local,
    /// Ours, sent or keyed; no extract shows it yet.
    #[n(2)]
    Sent,
    /// Ours, and an extract shows it: part of *at source*.
    #[n(3)]
    Confirmed,
    /// Ours; the source shows it otherwise.
    #[n(4)]
    Differs,
    /// Ours; the source refused it.
    #[n(5)]
    Rejected,
    /// Ours, withdrawn by us.
    #[n(6)]
    Withdrawn,
}

impl Standing {
    /// Whether the posting is counted in *pending* rather than in *at source*.
    pub fn is_pending(self) -> bool {
        matches!(self, Standing::Local | Standing::Sent | Standing::Differs)
    }
    /// Whether the posting counts at all.
    pub fn counts(self) -> bool {
        !matches!(self, Standing::Rejected | Standing::Withdrawn)
    }
}

/// What a collector keeps per item beside the source's fields; each change is an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum CollectorField {
    /// Status word.
    #[n(0)]
    Status,
    /// Reason word or code.
    #[n(1)]
    Reason,
    /// Expected payment date, ISO.
    #[n(2)]
    ExpectedDate,
    /// Next action.
    #[n(3)]
    NextAction,
    /// Who has it.
    #[n(4)]
    Owner,
    /// Remark.
    #[n(5)]
    Remark,
    /// Amount disputed, minor units of the item.
    #[n(6)]
    Disputed,
    /// Our override of the due date used for aging, ISO (aging anchor).
    #[n(7)]
    AgingAnchor,
}

/// A field of a customer's payment profile; each with source and date checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum ProfileField {
    /// Pay-run days, as said ("every Thursday", "10 and 25").
    #[n(0)]
    PayRun,
    /// Cut-off before the pay run.
    #[n(1)]
    CutOff,
    /// Portal and our vendor number there.
    #[n(2)]
    Portal,
    /// Our vendor number.
    #[n(3)]
    VendorNumber,
    /// How invoices are delivered.
    #[n(4)]
    DeliveryRoute,
    /// Purchase-order rule.
    #[n(5)]
    PoRule,
    /// Goods-receipt rule.
    #[n(6)]
    GrnRule,
    /// Approvers.
    #[n(7)]
    Approvers,
    /// How statements are wanted.
    #[n(8)]
    Statement,
    /// Shutdowns.
    #[n(9)]
    Shutdowns,
    /// Whether parts of a bill need tax invoices of their own: one of [`TAX_INVOICES`] (SP-04).
    #[n(10)]
    TaxInvoices,
}

/// What a profile says of tax invoices: each part of a bill needs its own, or one for the whole will do.
pub const TAX_INVOICES: [&str; 2] = ["One for each part", "One for the whole"];

/// One line of a promise (PT-01): an item, or the account where `item` is `None`.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PromiseLine {
    /// The item promised; `None` for the account.
    #[n(0)]
    pub item: Option<ItemId>,
    /// Promised, minor units, positive.
    #[n(1)]
    pub amount: i64,
    /// Promised for.
    #[n(2)]
    pub date: Day,
}

/// A promise as recorded.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PromiseFact {
    /// Who owes.
    #[n(0)]
    pub customer: CustomerId,
    /// Who promised.
    #[n(1)]
    pub contact: Option<ContactId>,
    /// Currency of every line.
    #[n(2)]
    pub currency: Currency,
    /// The lines.
    #[n(3)]
    pub lines: Vec<PromiseLine>,
    /// Ledger date on which it was taken.
    #[n(4)]
    pub taken_on: Day,
    /// Grace in calendar days (PT-02), as in force when taken.
    #[n(5)]
    pub grace_days: u16,
    /// Share of the promise that keeps it (PT-04), per mille.
    #[n(6)]
    pub threshold_per_mille: u16,
    /// Whether unapplied money of the customer counts (PT-03).
    #[n(7)]
    pub count_unapplied: bool,
    /// How they will pay (ACH, cheque no. ...).
    #[n(8)]
    pub method: Option<String>,
    /// Evidence or wording, kept beside the log.
    #[n(9)]
    pub evidence: Option<TextRef>,
}

/// How a promise ended by our own act (PT-05).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum PromiseEnd {
    /// Taken back by the customer.
    #[n(0)]
    Withdrawn,
    /// Replaced by another promise or a successor document.
    #[n(1)]
    Superseded,
    /// Entered by mistake.
    #[n(2)]
    EntryError,
}

/// How credits stand in aging (AG-05).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Encode, Decode)]
#[cbor(index_only)]
pub enum CreditMode {
    /// In columns of their own; buckets gross.
    #[n(0)]
    #[default]
    Separate,
    /// In the bucket of their own date.
    #[n(1)]
    Aged,
    /// Against the oldest debt first.
    #[n(2)]
    NetOldest,
}

/// How documents took the place of others (domain.md RB-, SP-).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum SuccessionKind {
    /// Credited and billed anew.
    #[n(0)]
    Rebill,
    /// The unpaid rest under a number of its own.
    #[n(1)]
    Residual,
    /// One became several.
    #[n(2)]
    Split,
    /// Moved to another entity or customer.
    #[n(3)]
    Transfer,
    /// Several became one.
    #[n(4)]
    Merge,
    /// The same debt under another number.
    #[n(5)]
    Renumbering,
    /// Looked at and found to be different debts: not proposed again.
    #[n(6)]
    Unrelated,
}

impl SuccessionKind {
    /// Whether the money owed is the same, so that promises and notes go on as they are.
    pub fn is_same_debt(self) -> bool {
        use SuccessionKind::*;
        matches!(self, Transfer | Merge | Renumbering)
    }
}
