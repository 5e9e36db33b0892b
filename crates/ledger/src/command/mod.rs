//! What a user asks for, in natural keys, so that another book can decide it again. Each variant
//! names its refusals in order of precedence (see [`crate::refusal::Refusal`]).

use crate::columns::StagedCustomer;
use crate::facts::*;
use crate::ids::{Seq, Uid};
use crate::keys::*;
use crate::policy::PolicyChange;
use crate::statements::{AcceptedMatch, Explanation, LineKey, StatementFacts};
use crate::work::{FieldChange, ImportTracker, WorkPart};
use duebook_money::{Currency, Day};
use minicbor::{Decode, Encode};

mod parts;

pub use crate::command_kind::CommandKind;
pub use parts::{
    IssueDocument, LogContact, NewContact, NewFollowUp, NewPromise, NewPromiseLine, PaymentRow,
    RecordReceipt,
};

/// Everything non-deterministic, made by the platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Context {
    /// Random id of this command: sent twice, it counts once.
    pub command_id: Uid,
    /// Milliseconds UTC.
    pub recorded_at: i64,
    /// The ledger's date (the entity's zone).
    pub ledger_date: Day,
    /// Name of the actor, as stated.
    pub actor: String,
}

/// A command.
#[derive(Debug, Clone, PartialEq, Encode, Decode)]
pub enum Command {
    /// Begins a book. Refused: not the first commit, no name.
    #[n(0)]
    OpenBook {
        /// Name.
        #[n(0)]
        name: String,
        /// Currency of reports.
        #[n(1)]
        currency: Currency,
        /// The owner posts the ledger himself.
        #[n(2)]
        own_ledger: bool,
        /// A generated portfolio.
        #[n(3)]
        sample: bool,
    },
    /// Takes in a file of open items or invoices; the rows travel beside the command.
    #[n(1)]
    ImportItems(#[n(0)] ImportFacts),
    /// Takes in a file of payments or cleared items; the rows travel beside the command.
    #[n(2)]
    ImportPayments(#[n(0)] ImportFacts),
    /// Takes in customers and contacts.
    #[n(3)]
    ImportMasterData {
        /// What the file is.
        #[n(0)]
        facts: ImportFacts,
        /// Customers.
        #[n(1)]
        customers: Vec<StagedCustomer>,
        /// Contacts: customer number, role, zone, language, details.
        #[n(2)]
        contacts: Vec<NewContact>,
    },
    /// Records or changes a customer of ours, or our facts of a source's.
    #[n(4)]
    SaveCustomer {
        /// Which.
        #[n(0)]
        customer: CustomerKey,
        /// Everything known of it now.
        #[n(1)]
        facts: StagedCustomer,
    },
    /// Records or changes a contact person.
    #[n(5)]
    SaveContact {
        /// Changed: the key of the one there is. `None` for a new one.
        #[n(0)]
        contact: Option<FactKey>,
        /// What is known.
        #[n(1)]
        facts: NewContact,
    },
    /// A contact person left.
    #[n(6)]
    RemoveContact {
        /// Who.
        #[n(0)]
        contact: FactKey,
    },
    /// Sets fields of a payment profile.
    #[n(7)]
    SetProfile {
        /// Whose.
        #[n(0)]
        customer: CustomerKey,
        /// Field and value.
        #[n(1)]
        values: Vec<(ProfileField, String)>,
        /// Who said so.
        #[n(2)]
        source: String,
        /// When checked.
        #[n(3)]
        checked: Day,
    },
    /// Logs a contact and what was made in it.
    #[n(8)]
    LogContact(#[n(0)] LogContact),
    /// Takes a promise outside a logged contact.
    #[n(9)]
    TakePromise {
        /// From whom.
        #[n(0)]
        customer: CustomerKey,
        /// The promise.
        #[n(1)]
        promise: NewPromise,
    },
    /// Ends a promise by our own act.
    #[n(10)]
    EndPromise {
        /// Which.
        #[n(0)]
        promise: FactKey,
        /// How.
        #[n(1)]
        how: PromiseEnd,
    },
    /// Sets a follow-up.
    #[n(11)]
    SetFollowUp {
        /// For whom.
        #[n(0)]
        customer: CustomerKey,
        /// What.
        #[n(1)]
        follow_up: NewFollowUp,
    },
    /// Closes follow-ups.
    #[n(12)]
    CloseFollowUps {
        /// Which.
        #[n(0)]
        follow_ups: Vec<FactKey>,
    },
    /// Sets one collector's field on items.
    #[n(13)]
    SetField {
        /// Which items.
        #[n(0)]
        items: Vec<ItemKey>,
        /// Which field.
        #[n(1)]
        field: CollectorField,
        /// What; empty clears it.
        #[n(2)]
        value: String,
    },
    /// Issues a document of our own.
    #[n(14)]
    IssueDocument(#[n(0)] IssueDocument),
    /// Records money and applies it.
    #[n(15)]
    RecordReceipt(#[n(0)] RecordReceipt),
    /// Applies a credit (receipt, credit memo) to an item.
    #[n(16)]
    ApplyCredit {
        /// The credit.
        #[n(0)]
        credit: ItemKey,
        /// What it pays.
        #[n(1)]
        item: ItemKey,
        /// Minor units, positive.
        #[n(2)]
        amount: i64,
        /// Accounting date.
        #[n(3)]
        effective: Day,
        /// Further reduction of the item in the same act: cause and minor units.
        #[n(4)]
        with: Vec<(Cause, i64)>,
    },
    /// Takes one settlement back from a date on.
    #[n(17)]
    ReverseSettlement {
        /// Which.
        #[n(0)]
        settlement: FactKey,
        /// From when.
        #[n(1)]
        effective: Day,
    },
    /// The bank took the money back: reverses every application and closes the receipt (CA-30).
    #[n(18)]
    ReturnReceipt {
        /// The receipt.
        #[n(0)]
        receipt: ItemKey,
        /// From when.
        #[n(1)]
        effective: Day,
    },
    /// Puts a policy in force.
    #[n(19)]
    SetPolicy(#[n(0)] PolicyChange),
    /// Gives the control account's balance of a day.
    #[n(20)]
    SetControlBalance {
        /// Currency.
        #[n(0)]
        currency: Currency,
        /// Day.
        #[n(1)]
        as_of: Day,
        /// Minor units.
        #[n(2)]
        minor: i64,
        /// Where it is from.
        #[n(3)]
        source: String,
    },
    /// Voids a commit; naming an undo, redoes.
    #[n(21)]
    Undo {
        /// Which.
        #[n(0)]
        commit: Seq,
    },
    /// Erases texts from beside the log.
    #[n(22)]
    EraseTexts {
        /// Which.
        #[n(0)]
        texts: Vec<Uid>,
        /// Under what ground.
        #[n(1)]
        ground: String,
    },
    /// Says where a posting of ours stands against the source.
    #[n(23)]
    SetStanding {
        /// An item of ours.
        #[n(0)]
        item: Option<ItemKey>,
        /// A settlement of ours.
        #[n(1)]
        settlement: Option<FactKey>,
        /// Now.
        #[n(2)]
        standing: Standing,
        /// Batch, document number or who keyed it.
        #[n(3)]
        reference: String,
    },
    /// Says that documents took the place of others, or that they did not.
    /// Refused: unknown item, not a succession.
    #[n(24)]
    ConfirmSuccession {
        /// What was.
        #[n(0)]
        from: Vec<ItemKey>,
        /// What is.
        #[n(1)]
        to: Vec<ItemKey>,
        /// How.
        #[n(2)]
        kind: SuccessionKind,
    },
    /// Says that the source keeps a customer under another number now.
    /// Refused: unknown customer, one with itself.
    #[n(25)]
    MergeCustomers {
        /// Who it was.
        #[n(0)]
        from: CustomerKey,
        /// Who it is.
        #[n(1)]
        to: CustomerKey,
    },
    /// Says that the source was told of things, or has to be told again.
    /// Refused: none named, unknown, not ours, nothing to tell.
    #[n(40)]
    SendBatch(#[n(0)] crate::outbox::Batch),
    /// Keeps the client's own workbook, to be filled from the book, or puts it away.
    #[n(42)]
    Template(#[n(0)] crate::template::TemplateCommand),
    /// Sets fields of items, each as it says: cells edited one by one, pasted or filled down.
    /// Refused: none, too many, unknown item.
    #[n(50)]
    SetFields {
        /// The changes in order; the last of one cell counts.
        #[n(0)]
        changes: Vec<FieldChange>,
    },
    /// One act on items of one or several customers.
    /// Refused: none, too many, what the parts refuse.
    #[n(51)]
    WorkTogether {
        /// The parts in order.
        #[n(0)]
        parts: Vec<WorkPart>,
    },
    /// Takes in a team's tracker as dated history.
    /// Refused: nothing new in it, too much, unknown customer or item, a promise that cannot be.
    #[n(52)]
    ImportTracker(#[n(0)] ImportTracker),
    /// Freezes an opening list, records an issued report, takes in sales.
    #[n(100)]
    Reporting(#[n(0)] crate::reporting::ReportingCommand),
    /// Letters, holds, queries, documents; refusals as told there.
    #[n(70)]
    Letters(#[n(0)] crate::letters::LettersCommand),
    /// Takes in the bank statements of a file; their lines travel beside the command.
    /// Refused: no account, nothing new.
    #[n(26)]
    ImportStatements(#[n(0)] Vec<StatementFacts>),
    /// Steers the work list, parks a call, logs a contact against which rules speak.
    #[n(60)]
    Desk(#[n(0)] crate::desk::DeskCommand),
    /// Reconciliation: locks, breaks, payers forgotten.
    #[n(110)]
    Recon(#[n(0)] crate::recon::ReconCommand),
    /// Makes receipts of lines of statements, and applies them: one commit.
    /// Refused: unknown line, the receipts are not the line, and what refuses a receipt.
    #[n(27)]
    AcceptMatches(#[n(0)] Vec<AcceptedMatch>),
    /// Says what lines of a statement are that are no new receipt.
    /// Refused: unknown line, a line of which all is said, a receipt that is not that money.
    #[n(28)]
    ExplainLines {
        /// Which.
        #[n(0)]
        lines: Vec<LineKey>,
        /// What they are.
        #[n(1)]
        how: Explanation,
    },
    /// Disputes and queries: see [`crate::cases::CaseCommand`].
    #[n(80)]
    Case(#[n(0)] crate::cases::CaseCommand),
    /// Shifts, tasks, what was taken in (domain.md §9.4).
    /// Refused: as each variant says.
    #[n(120)]
    Shift(#[n(0)] crate::shift::ShiftCommand),
    /// Plans, settlements, charges, placement, risk.
    /// Refused: as its own variants say.
    #[n(90)]
    Plan(#[n(0)] crate::plans::PlanCommand),
}

/// The body of a commit: the command beside the events it made.
#[derive(Debug, Clone, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct Body {
    /// What was asked.
    #[n(0)]
    pub command: Command,
    /// What happened.
    #[n(1)]
    pub events: Vec<crate::event::Event>,
}

impl Body {
    /// The stored bytes.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        // Writing to memory cannot fail.
        let _ = minicbor::encode(self, &mut out);
        out
    }
    /// From stored bytes.
    ///
    /// # Errors
    /// The decoder's own: a newer kind of event, or damage.
    pub fn decode(bytes: &[u8]) -> Result<Body, minicbor::decode::Error> {
        minicbor::decode(bytes)
    }
}
