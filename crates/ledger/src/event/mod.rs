//! What has happened. Events carry every number they need: changing a policy never rewrites
//! history. Stored as CBOR with numbered fields; a new meaning is a new variant.

use crate::facts::*;
use crate::ids::*;
use crate::keys::{FactKey, TextRef};
use crate::policy::PolicyChange;
use crate::work::RemarkFact;
use duebook_money::{Currency, Day};
use minicbor::{Decode, Encode};

mod parts;

pub use parts::{BlockRef, ItemChange, ItemFact, PaymentFact, SettlementFact};

/// An event. Variants are stored under their number.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Event {
    /// The book began.
    #[n(0)]
    BookOpened {
        /// Name of the book.
        #[n(0)]
        name: String,
        /// Currency of reports.
        #[n(1)]
        currency: Currency,
        /// The owner posts the ledger himself: our postings are at source at once.
        #[n(2)]
        own_ledger: bool,
        /// A generated portfolio.
        #[n(3)]
        sample: bool,
    },
    /// A creditor company.
    #[n(1)]
    EntityAdded {
        /// Code in the source.
        #[n(0)]
        code: String,
    },
    /// Open items of a file; its rows are the blocks.
    #[n(2)]
    ItemsImported {
        /// What the file is.
        #[n(0)]
        facts: ImportFacts,
        /// CBOR of the customers and entities ([`crate::import::Head`]).
        #[n(1)]
        head: BlockRef,
        /// The segments, in order.
        #[n(2)]
        segments: Vec<BlockRef>,
    },
    /// Items of an earlier import that the file shows otherwise, and how.
    #[n(3)]
    ItemsChanged {
        /// As-of of the file.
        #[n(0)]
        effective: Day,
        /// The changes in file order.
        #[n(1)]
        changes: Vec<(ItemId, ItemChange)>,
        /// Items of the file's scope that were open before it; 0 where it speaks of its rows only.
        #[n(2)]
        #[cbor(default)]
        in_scope: u64,
    },
    /// Payments or clearings of a file, in a block of CBOR [`PaymentFact`]s.
    #[n(4)]
    PaymentsImported {
        /// What the file is.
        #[n(0)]
        facts: ImportFacts,
        /// The facts.
        #[n(1)]
        block: BlockRef,
    },
    /// A customer recorded one by one, or from master data.
    #[n(5)]
    CustomerSaved {
        /// Which; the next free id for a new one.
        #[n(0)]
        customer: CustomerId,
        /// Its source's name; empty for our own.
        #[n(1)]
        source: String,
        /// Everything known of it now.
        #[n(2)]
        facts: crate::columns::StagedCustomer,
    },
    /// A person at a customer. Name, mailbox and phone are in the text.
    #[n(6)]
    ContactSaved {
        /// Which; the next free id for a new one.
        #[n(0)]
        contact: ContactId,
        /// Where.
        #[n(1)]
        customer: CustomerId,
        /// Role (AP clerk, controller ...).
        #[n(2)]
        role: String,
        /// IANA zone.
        #[n(3)]
        zone: Option<String>,
        /// Language tag.
        #[n(4)]
        language: Option<String>,
        /// Name, mailbox, phone, kept beside the log.
        #[n(5)]
        details: TextRef,
    },
    /// A person left.
    #[n(7)]
    ContactRemoved {
        /// Who.
        #[n(0)]
        contact: ContactId,
    },
    /// One field of a payment profile.
    #[n(8)]
    ProfileSet {
        /// Whose.
        #[n(0)]
        customer: CustomerId,
        /// Which.
        #[n(1)]
        field: ProfileField,
        /// What; empty clears it.
        #[n(2)]
        value: String,
        /// Who said so.
        #[n(3)]
        source: String,
        /// When checked.
        #[n(4)]
        checked: Day,
    },
    /// A contact was made or tried.
    #[n(9)]
    ActivityLogged {
        /// With whom.
        #[n(0)]
        customer: CustomerId,
        /// The person.
        #[n(1)]
        contact: Option<ContactId>,
        /// How.
        #[n(2)]
        channel: Channel,
        /// What came of it.
        #[n(3)]
        outcome: Outcome,
        /// When it was, milliseconds UTC.
        #[n(4)]
        at: i64,
        /// The debtor's offset from UTC then, minutes, where known.
        #[n(5)]
        local_offset: Option<i16>,
        /// Length, seconds.
        #[n(6)]
        seconds: u32,
        /// What was said, kept beside the log.
        #[n(7)]
        note: Option<TextRef>,
        /// Items spoken of.
        #[n(8)]
        items: Vec<ItemId>,
    },
    /// A promise was taken.
    #[n(10)]
    PromiseMade(#[n(0)] PromiseFact),
    /// A promise ended by our own act.
    #[n(11)]
    PromiseEnded {
        /// Which.
        #[n(0)]
        promise: PromiseId,
        /// How.
        #[n(1)]
        how: PromiseEnd,
    },
    /// Something to do.
    #[n(12)]
    FollowUpSet {
        /// For whom.
        #[n(0)]
        customer: CustomerId,
        /// Which person.
        #[n(1)]
        contact: Option<ContactId>,
        /// The day it falls due, in the ledger's calendar.
        #[n(2)]
        due: Day,
        /// For a call-back at a time: the instant, milliseconds UTC.
        #[n(3)]
        at: Option<i64>,
        /// The debtor's zone for `at`.
        #[n(4)]
        zone: Option<String>,
        /// What to do, kept beside the log.
        #[n(5)]
        what: Option<TextRef>,
        /// A retry set by policy after an attempt nobody answered.
        #[n(6)]
        retry: bool,
    },
    /// It was done, or is no longer needed.
    #[n(13)]
    FollowUpClosed {
        /// Which.
        #[n(0)]
        follow_up: FollowUpId,
    },
    /// A collector's field of an item.
    #[n(14)]
    FieldSet {
        /// Which item.
        #[n(0)]
        item: ItemId,
        /// Which field.
        #[n(1)]
        field: CollectorField,
        /// What; empty clears it.
        #[n(2)]
        value: String,
    },
    /// A document or instalment of our own, or a receipt.
    #[n(15)]
    ItemAdded(#[n(0)] ItemFact),
    /// An open amount was changed.
    #[n(16)]
    Settled(#[n(0)] SettlementFact),
    /// A settlement is taken back on a date; it counted before.
    #[n(17)]
    SettlementReversed {
        /// Which.
        #[n(0)]
        settlement: SettlementId,
        /// From when.
        #[n(1)]
        effective: Day,
        /// Where the reversal stands against the source, apart from what it reverses.
        #[n(2)]
        standing: Standing,
    },
    /// A policy in force changed.
    #[n(18)]
    PolicySet(#[n(0)] PolicyChange),
    /// The control account's balance, as the owner gives it (RC-02, tie-out).
    #[n(19)]
    ControlBalanceSet {
        /// Currency.
        #[n(0)]
        currency: Currency,
        /// Of which day.
        #[n(1)]
        as_of: Day,
        /// Minor units.
        #[n(2)]
        minor: i64,
        /// Where it is from.
        #[n(3)]
        source: String,
    },
    /// Undo (or redo, where the commit named is itself an undo).
    #[n(20)]
    Voided {
        /// The commit whose facts never were, as known from now on.
        #[n(0)]
        commit: Seq,
    },
    /// Texts were erased from beside the log.
    #[n(21)]
    TextsErased {
        /// Which.
        #[n(0)]
        texts: Vec<Uid>,
        /// Under what ground.
        #[n(1)]
        ground: String,
    },
    /// Where a posting of ours stands against the source changed.
    #[n(22)]
    StandingSet {
        /// The item, if it is one.
        #[n(0)]
        item: Option<ItemId>,
        /// The settlement, if it is one.
        #[n(1)]
        settlement: Option<SettlementId>,
        /// Now.
        #[n(2)]
        standing: Standing,
        /// Batch, document number or who keyed it.
        #[n(3)]
        reference: String,
    },
    /// A source shows a document of ours under a key of its own: it is that document, and is not
    /// added again.
    #[n(23)]
    PostingAnswered {
        /// Ours.
        #[n(0)]
        item: ItemId,
        /// The source's key for it.
        #[n(1)]
        key: crate::keys::ItemKey,
        /// The amount it bears there, signed minor units, where the source shows only the rest that
        /// we had not applied.
        #[n(2)]
        rest: Option<i64>,
    },
    /// Documents took the place of others.
    #[n(24)]
    Succeeded(#[n(0)] Succession),
    /// The source keeps a customer under another number.
    #[n(25)]
    CustomerMerged {
        /// Who it was.
        #[n(0)]
        from: CustomerId,
        /// Who it is.
        #[n(1)]
        to: CustomerId,
    },
    /// Where the taking back of a settlement stands against the source changed.
    #[n(26)]
    ReversalStandingSet {
        /// What was taken back.
        #[n(0)]
        settlement: SettlementId,
        /// Now.
        #[n(1)]
        standing: Standing,
    },
    /// The source was told of things: they leave the outbox.
    #[n(40)]
    Told {
        /// Of what.
        #[n(0)]
        what: Vec<crate::outbox::Matter>,
        /// The reference they got.
        #[n(1)]
        reference: String,
        /// Name of the batch; empty for what was keyed by hand.
        #[n(2)]
        batch: String,
    },
    /// The source does not have them after all.
    #[n(41)]
    ToTellAgain {
        /// What.
        #[n(0)]
        what: Vec<crate::outbox::Matter>,
    },
    /// The client's own workbook was given, mapped anew or put away.
    #[n(42)]
    Template(#[n(0)] crate::template::TemplateEvent),
    /// What a team's tracker says somebody wrote on a day.
    #[n(50)]
    RemarkImported(#[n(0)] RemarkFact),
    /// An opening list was frozen, a report issued, sales came in.
    #[n(100)]
    Reporting(#[n(0)] crate::reporting::ReportingEvent),
    /// Letters, holds, queries, documents.
    #[n(70)]
    Letters(#[n(0)] crate::letters::LettersEvent),
    /// A bank statement came in.
    #[n(27)]
    StatementImported {
        /// What it says beside its lines.
        #[n(0)]
        facts: crate::statements::StatementFacts,
        /// Its lines that are new, CBOR of [`crate::statements::StatementLine`]s.
        #[n(1)]
        block: BlockRef,
        /// Its lines that an earlier statement had shown.
        #[n(2)]
        known: Vec<LineId>,
    },
    /// The work list was steered, a call parked, a contact flagged.
    #[n(60)]
    Desk(#[n(0)] crate::desk::DeskEvent),
    /// Reconciliation: locks, breaks, payers forgotten.
    #[n(110)]
    Recon(#[n(0)] crate::recon::ReconEvent),
    /// What a line, or a part of it, is.
    #[n(28)]
    LineSettled {
        /// Which.
        #[n(0)]
        line: LineId,
        /// Minor units, signed like the line.
        #[n(1)]
        amount: i64,
        /// What it is.
        #[n(2)]
        by: crate::statements::LineUse,
        /// Accepted as proposed, with all others that may post by themselves.
        #[n(3)]
        auto: bool,
        /// By which rule.
        #[n(4)]
        rule: Option<crate::statements::MatchRule>,
    },
    /// Customers and contacts of a file came in: what it was, before the events of its rows. Files that came
    /// in before there was this event have those alone.
    #[n(29)]
    MasterDataImported {
        /// What the file is.
        #[n(0)]
        facts: ImportFacts,
        /// Customers that were not known.
        #[n(1)]
        added: u64,
        /// Customers of whom it says something else.
        #[n(2)]
        changed: u64,
    },
    /// Disputes and queries.
    #[n(80)]
    Case(#[n(0)] crate::cases::CaseEvent),
    /// Shifts, tasks, what was taken in (domain.md §9.4).
    #[n(120)]
    Shift(#[n(0)] crate::shift::ShiftEvent),
    /// Plans, settlements, charges, placement, risk.
    #[n(90)]
    Plan(#[n(0)] crate::plans::PlanEvent),
}

/// Documents that took the place of others.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Succession {
    /// What was.
    #[n(0)]
    pub from: Vec<ItemId>,
    /// What is.
    #[n(1)]
    pub to: Vec<ItemId>,
    /// How.
    #[n(2)]
    pub kind: SuccessionKind,
}

/// The key of a fact made by a command, for re-attachment and for addresses.
pub type Made = FactKey;
