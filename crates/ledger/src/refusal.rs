//! Why a command is refused: values, in order of precedence, with ids and amounts and no wording.

use crate::facts::{Doubt, Outcome};
use crate::ids::{ItemId, Seq, SettlementId};
use crate::keys::{CustomerKey, FactKey, ItemKey};
use crate::statements::LineKey;
use duebook_money::{Currency, Day};
use duebook_policy::authority::Breach;

/// A refusal. `decide` gives the first that holds, in the order of the command's checks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// The book has begun already, or has not begun.
    BookBegun(bool),
    /// The same command id with other content.
    CommandReused(Seq),
    /// A required field is empty.
    Empty(Field),
    /// No such customer.
    UnknownCustomer(CustomerKey),
    /// No such item.
    UnknownItem(ItemKey),
    /// No such fact of ours.
    UnknownFact(FactKey),
    /// No such commit, or it is not there to undo.
    UnknownCommit(Seq),
    /// No such entity.
    UnknownEntity(String),
    /// A stored kind that this build does not know.
    UnknownKind(u8),
    /// The document number is in use.
    NumberTaken(ItemKey),
    /// An amount that must be positive is not.
    NotPositive(i64),
    /// Sums or amounts beyond what a ledger may hold.
    TooLarge,
    /// A date that must not be before another is.
    DateBefore {
        /// The date given.
        date: Day,
        /// The earliest allowed.
        earliest: Day,
    },
    /// Two currencies that must be one.
    CurrencyDiffers {
        /// The document's.
        expected: Currency,
        /// Given.
        given: Currency,
    },
    /// Items of another customer.
    AnotherCustomer(ItemKey),
    /// It is this customer's already.
    SameCustomer(crate::ids::CustomerId),
    /// Two amounts that must be one.
    AmountsDiffer {
        /// Wanted, minor units.
        expected: i64,
        /// Given.
        given: i64,
    },
    /// A receipt that is a part of another one, or what made it one: it goes back with that one, or
    /// by undo.
    PartOfAnother {
        /// The part.
        part: ItemKey,
        /// Number of the receipt that it is a part of.
        of: String,
    },
    /// More than is open.
    MoreThanOpen {
        /// Of what.
        item: ItemKey,
        /// Open, minor units, without sign.
        open: i64,
        /// Asked.
        asked: i64,
    },
    /// Instalments do not sum to the document (AG-31).
    InstalmentsDiffer {
        /// The document.
        total: i64,
        /// Their sum.
        sum: i64,
    },
    /// An item on the wrong side: a debit is wanted and it is a credit, or the reverse.
    WrongSide(ItemKey),
    /// A promise with no line.
    NoLines,
    /// An outcome that needs a promise has none, or the reverse.
    PromiseMismatch(Outcome),
    /// Ended or closed already.
    AlreadyEnded(FactKey),
    /// Taken back already.
    AlreadyReversed(SettlementId),
    /// The file is older than the last of its source; it can be taken as "only these rows".
    OlderThanLast {
        /// The file's.
        as_of: Day,
        /// The last one's.
        last: Day,
    },
    /// Nothing in the file is new or changed.
    NothingNew {
        /// Rows that are in the book as they are.
        same: u64,
    },
    /// Rows of the file have one key: merged never, shown side by side. (line, line)
    DuplicateKeys(Vec<(u32, u32)>),
    /// A staged block is missing, damaged or does not sum to its totals.
    StagingBroken,
    /// The currency of an item changed at the source.
    CurrencyChanged {
        /// Which item.
        item: ItemId,
        /// In the book.
        from: Currency,
        /// In the file.
        to: Currency,
    },
    /// The file looks like less than it says it is, or dates moved in bulk: to be confirmed first.
    Unconfirmed(Vec<Doubt>),
    /// Documents that cannot take each other's place: none named, one on both sides, or other
    /// currencies.
    NotASuccession,
    /// Undo: later commits rest on it; they are to be undone first, in this order.
    RestsOn(Vec<Seq>),
    /// Redo: what it rests on is undone; these are to come back first, in this order.
    RestsOnVoid(Vec<Seq>),
    /// An item of the source where one of ours is wanted.
    NotOurs(ItemKey),
    /// A posting that waits for nothing, a field never set, or something to be told again that the
    /// source was never told.
    NotToTell(crate::outbox::MatterKey),
    /// Undo: a newer extract of the source is in.
    NewerExtract(Seq),
    /// Undo: the commit is void already.
    AlreadyVoid(Seq),
    /// Redo: the rows came in again meanwhile.
    WouldDuplicate(ItemKey),
    /// The first commit stays.
    CannotUndo(Seq),
    /// A document of ours in a book that only follows a source.
    NotOwnLedger,
    /// Buckets, rates or calendar that do not hold together.
    BadPolicy,
    /// No such line of a statement.
    UnknownLine(LineKey),
    /// Receipts or explanations that are not the line (CA-01).
    LineSum {
        /// Which.
        line: LineKey,
        /// What of it nothing is said of, minor units, signed.
        open: i64,
        /// What is said.
        asked: i64,
    },
    /// A date that must not be after another is.
    DateAfter {
        /// The date given.
        date: Day,
        /// The latest allowed.
        latest: Day,
    },
    /// The cash forecast of this day is frozen with the same figures.
    ForecastStands(Day),
    /// Of disputes and queries.
    Case(CaseRefusal),
    /// A posting dated in a period that is locked.
    Locked {
        /// Its accounting date.
        date: Day,
        /// First day locked.
        from: Day,
        /// Last day locked.
        to: Day,
    },
    /// A lock is lifted with a reason, not undone.
    LockStands {
        /// First day locked.
        from: Day,
        /// Last day locked.
        to: Day,
    },
    /// The subledger is not the control account, and nothing is said of it: by how much it is more.
    ControlDiffers(Vec<(Currency, i64)>),
    /// No open break of the register is about this.
    UnknownBreak(crate::recon::BreakMatter),
    /// No template of that name.
    UnknownTemplate(String),
    /// Redo: the line came in again, or something else was said of it meanwhile.
    LineTaken(LineKey),
    /// Somebody of that name has a shift that is not ended.
    ShiftOpen(FactKey),
    /// A shift does not end while calls of it are parked: so many.
    CallsParked(u32),
    /// A shift that ends before it begins, or is longer than a day. Milliseconds UTC.
    ShiftTimes {
        /// Start.
        start: i64,
        /// End.
        end: i64,
    },
    /// The opening list of that day was signed off already.
    SignedOff(Seq),
    /// An item that a plan, offer or placement in force has, or that is named twice.
    AlreadyCovered(ItemKey),
    /// More than whoever grants it may (ST-01).
    BeyondAuthority(Breach, Currency),
    /// Who asks cannot approve it too (ST-02).
    ApprovedByMaker,
    /// A settlement for no less than the debt.
    NotLess {
        /// The debt, minor units.
        debt: i64,
        /// To be paid.
        pay: i64,
    },
    /// The money of a settlement is not in, or not in time (ST-04).
    NotCleared {
        /// Came in time, minor units.
        paid: i64,
        /// To be paid.
        needed: i64,
        /// Currency.
        currency: Currency,
    },
    /// An item that is no charge for late payment.
    NotACharge(ItemKey),
    /// Interest on an item was charged since the calculation was made: it would be charged twice.
    ChargedMeanwhile(ItemKey),
}

/// A field that may not be empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)] // named as they are
pub enum Field {
    Name,
    Number,
    Source,
    Ground,
    Details,
    Value,
    Items,
    Account,
}

/// Why a command about a case is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CaseRefusal {
    /// A code that is no reason.
    UnknownReason(String),
    /// A dispute without an amount.
    NoAmount,
    /// A hop that cannot be (DS-03).
    CannotMove {
        /// Where it stands.
        from: crate::cases::CaseState,
        /// Where it was to go.
        to: crate::cases::CaseState,
    },
    /// A close that does not say how, or another hop that does.
    HowClosed,
    /// The case of this number is over.
    Over(String),
    /// Nothing would be left of it.
    NothingLeft,
    /// Nothing is posted on or before this day.
    PeriodClosed(Day),
    /// Lines, parts or payments do not sum to the document, minor units.
    LinesDiffer {
        /// The document's.
        expected: i64,
        /// Their sum.
        given: i64,
    },
    /// RB-04: the law's last day for a credit note that changes tax has passed.
    TaxNoteTooLate {
        /// The day of the note.
        on: Day,
        /// The last day.
        last: Day,
    },
    /// RB-04: a credit note is not for a bad debt.
    NotForBadDebt,
    /// A split of less than two parts, or of more than can be read.
    TwoPartsAtLeast,
    /// A waiver of something that is no late charge.
    NotALateCharge,
    /// No such settlement on the document, or several and none is named.
    NothingToTakeBack,
    /// PO-01: the number is a part of the tax document: credit and rebill.
    NeedsRebill,
    /// SP-04: parts of a bill need tax invoices of their own here, and only the receivable was to be
    /// split.
    NeedsTaxSplit {
        /// The document.
        item: ItemKey,
        /// Who said so and when it was checked, where the customer's profile says it; else the rule of
        /// the book does.
        said: Option<(String, Day)>,
    },
    /// ST-01: above what the role may grant.
    OverLimit {
        /// Every limit it is beyond.
        breaches: Vec<duebook_policy::Breach>,
        /// The least role that may grant it.
        needed: Option<String>,
    },
    /// ST-02: who asks does not approve.
    SamePerson,
    /// A number that is not the next of the range its owner gave: outside of it, or one would be left
    /// out.
    NotTheNext {
        /// As given.
        given: String,
        /// The next one.
        next: String,
    },
    /// The range that documents of this kind take their numbers from has no more.
    RangeUsedUp {
        /// Its last number.
        last: String,
    },
    /// A part of a split without the order, cost centre, asset or period that it is for.
    PartUnnamed,
    /// The part that is to carry what is contested, from 1: a split without such a part.
    NoSuchPart(u32),
    /// Two parts of a split that are for the same one.
    PartTwice(String),
    /// A role that the policy does not have.
    UnknownRole(String),
    /// Two that cannot be one: the same, or of other customers, currencies or kinds.
    NotOneCase,
}
