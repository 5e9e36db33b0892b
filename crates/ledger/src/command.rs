//! What a user asks for, in natural keys, so that another book can decide it again. Each variant
//! names its refusals in order of precedence (see [`crate::refusal::Refusal`]).

use crate::columns::StagedCustomer;
use crate::facts::*;
use crate::ids::{Seq, Uid};
use crate::keys::*;
use crate::policy::PolicyChange;
use crate::statements::{AcceptedMatch, Explanation, LineKey, StatementFacts};
use duebook_money::{Currency, Day};
use minicbor::{Decode, Encode};

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

/// A line of a promise asked for: an item, or the account.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct NewPromiseLine {
    /// The item; `None` for the account.
    #[n(0)]
    pub item: Option<ItemKey>,
    /// Minor units, positive.
    #[n(1)]
    pub amount: i64,
    /// Promised for.
    #[n(2)]
    pub date: Day,
}

/// A promise asked for.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct NewPromise {
    /// Currency of the lines.
    #[n(0)]
    pub currency: Currency,
    /// At least one.
    #[n(1)]
    pub lines: Vec<NewPromiseLine>,
    /// How they will pay.
    #[n(2)]
    pub method: Option<String>,
    /// Wording or evidence.
    #[n(3)]
    pub evidence: Option<TextRef>,
}

/// A follow-up asked for.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct NewFollowUp {
    /// The day in the ledger's calendar.
    #[n(0)]
    pub due: Day,
    /// For a call-back: the instant, milliseconds UTC.
    #[n(1)]
    pub at: Option<i64>,
    /// The debtor's zone for `at`.
    #[n(2)]
    pub zone: Option<String>,
    /// What to do.
    #[n(3)]
    pub what: Option<TextRef>,
    /// Set by policy after an attempt nobody answered.
    #[n(4)]
    pub retry: bool,
}

/// A contact to be logged, with everything made in it: one commit.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct LogContact {
    /// With whom.
    #[n(0)]
    pub customer: CustomerKey,
    /// The person, by the key of the command that recorded it.
    #[n(1)]
    pub contact: Option<FactKey>,
    /// How.
    #[n(2)]
    pub channel: Channel,
    /// What came of it.
    #[n(3)]
    pub outcome: Outcome,
    /// When, milliseconds UTC.
    #[n(4)]
    pub at: i64,
    /// The debtor's offset from UTC then, minutes.
    #[n(5)]
    pub local_offset: Option<i16>,
    /// Seconds.
    #[n(6)]
    pub seconds: u32,
    /// What was said.
    #[n(7)]
    pub note: Option<TextRef>,
    /// Items spoken of.
    #[n(8)]
    pub items: Vec<ItemKey>,
    /// A promise made in it.
    #[n(9)]
    pub promise: Option<NewPromise>,
    /// What comes next.
    #[n(10)]
    pub follow_up: Option<NewFollowUp>,
    /// Follow-ups that this contact settles.
    #[n(11)]
    pub closes: Vec<FactKey>,
}

/// A document of our own: in a book whose owner posts the ledger, or what the source lacks.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct IssueDocument {
    /// To whom.
    #[n(0)]
    pub customer: CustomerKey,
    /// Entity code.
    #[n(1)]
    pub entity: String,
    /// [`crate::columns::ItemKind`] as stored.
    #[n(2)]
    pub kind: u8,
    /// Document number.
    #[n(3)]
    pub number: String,
    /// Document date.
    #[n(4)]
    pub doc_date: Day,
    /// Currency.
    #[n(5)]
    pub currency: Currency,
    /// Total, positive; credits are given their sign here.
    #[n(6)]
    pub amount: i64,
    /// Due date and amount of each instalment, summing to the total (AG-31).
    #[n(7)]
    pub instalments: Vec<(Day, i64)>,
    /// Reference.
    #[n(8)]
    pub reference: String,
    /// Purchase order.
    #[n(9)]
    pub po: String,
}

/// Money received, and what it pays.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct RecordReceipt {
    /// From whom.
    #[n(0)]
    pub customer: CustomerKey,
    /// Entity code.
    #[n(1)]
    pub entity: String,
    /// Our number or the bank's reference.
    #[n(2)]
    pub number: String,
    /// Value date.
    #[n(3)]
    pub value_date: Day,
    /// Currency.
    #[n(4)]
    pub currency: Currency,
    /// Minor units, positive.
    #[n(5)]
    pub amount: i64,
    /// Remittance text or reference.
    #[n(6)]
    pub reference: String,
    /// What it pays: item and minor units, positive.
    #[n(7)]
    pub applications: Vec<(ItemKey, i64)>,
}

/// A payment or clearing row of a source's file.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PaymentRow {
    /// Customer number, where the file has it.
    #[n(0)]
    pub customer: Option<String>,
    /// Entity code, where the file has it.
    #[n(1)]
    pub entity: Option<String>,
    /// The document it settles.
    #[n(2)]
    pub item: Option<String>,
    /// The payment's own number.
    #[n(3)]
    pub number: String,
    /// Value or clearing date.
    #[n(4)]
    pub date: Day,
    /// Currency; the item's where absent.
    #[n(5)]
    pub currency: Option<Currency>,
    /// Minor units, positive for money in.
    #[n(6)]
    pub amount: i64,
    /// What it is.
    #[n(7)]
    pub cause: Cause,
    /// Line in the file.
    #[n(8)]
    pub line: u32,
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
    /// Takes in the bank statements of a file; their lines travel beside the command.
    /// Refused: no account, nothing new.
    #[n(26)]
    ImportStatements(#[n(0)] Vec<StatementFacts>),
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
}

/// A contact person asked for.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct NewContact {
    /// Where.
    #[n(0)]
    pub customer: CustomerKey,
    /// Role.
    #[n(1)]
    pub role: String,
    /// IANA zone.
    #[n(2)]
    pub zone: Option<String>,
    /// Language tag.
    #[n(3)]
    pub language: Option<String>,
    /// Name, mailbox and phone, one a line, kept beside the log.
    #[n(4)]
    pub details: TextRef,
}

/// A command's kind, for labels and the activity page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)] // named as the variants of `Command`
pub enum CommandKind {
    OpenBook,
    ImportItems,
    ImportPayments,
    ImportMasterData,
    SaveCustomer,
    SaveContact,
    RemoveContact,
    SetProfile,
    LogContact,
    TakePromise,
    EndPromise,
    SetFollowUp,
    CloseFollowUps,
    SetField,
    IssueDocument,
    RecordReceipt,
    ApplyCredit,
    ReverseSettlement,
    ReturnReceipt,
    SetPolicy,
    SetControlBalance,
    Undo,
    EraseTexts,
    SetStanding,
    ConfirmSuccession,
    MergeCustomers,
    ImportStatements,
    AcceptMatches,
    ExplainLines,
}

impl Command {
    /// Its kind.
    pub fn kind(&self) -> CommandKind {
        use CommandKind as K;
        match self {
            Command::OpenBook { .. } => K::OpenBook,
            Command::ImportItems(_) => K::ImportItems,
            Command::ImportPayments(_) => K::ImportPayments,
            Command::ImportMasterData { .. } => K::ImportMasterData,
            Command::SaveCustomer { .. } => K::SaveCustomer,
            Command::SaveContact { .. } => K::SaveContact,
            Command::RemoveContact { .. } => K::RemoveContact,
            Command::SetProfile { .. } => K::SetProfile,
            Command::LogContact(_) => K::LogContact,
            Command::TakePromise { .. } => K::TakePromise,
            Command::EndPromise { .. } => K::EndPromise,
            Command::SetFollowUp { .. } => K::SetFollowUp,
            Command::CloseFollowUps { .. } => K::CloseFollowUps,
            Command::SetField { .. } => K::SetField,
            Command::IssueDocument(_) => K::IssueDocument,
            Command::RecordReceipt(_) => K::RecordReceipt,
            Command::ApplyCredit { .. } => K::ApplyCredit,
            Command::ReverseSettlement { .. } => K::ReverseSettlement,
            Command::ReturnReceipt { .. } => K::ReturnReceipt,
            Command::SetPolicy(_) => K::SetPolicy,
            Command::SetControlBalance { .. } => K::SetControlBalance,
            Command::Undo { .. } => K::Undo,
            Command::EraseTexts { .. } => K::EraseTexts,
            Command::SetStanding { .. } => K::SetStanding,
            Command::ConfirmSuccession { .. } => K::ConfirmSuccession,
            Command::MergeCustomers { .. } => K::MergeCustomers,
            Command::ImportStatements(_) => K::ImportStatements,
            Command::AcceptMatches(_) => K::AcceptMatches,
            Command::ExplainLines { .. } => K::ExplainLines,
        }
    }
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
