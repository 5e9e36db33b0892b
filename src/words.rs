//! The engine's values in words: what happened, what is safe, what to do. One place, so that the
//! same refusal reads the same everywhere.

pub mod bank;
pub mod cases;
pub mod files;
pub mod plans;
mod template;

pub use template::template_error;

use crate::ui::format::format_count;
use crate::workspace::{OpenFailure, SubmitError, Ws};
use duebook_journal::{CommitError, Fact, StoreError};
use duebook_ledger::facts::{Doubt, Outcome};
use duebook_ledger::keys::ItemKey;
use duebook_ledger::refusal::{Field, Refusal};
use duebook_money::{Currency, Day, Money, NumberFormat};

/// A day as screens show it: "21 Nov 2026".
pub fn day(day: Day) -> String {
    let (y, m, d) = day.ymd();
    crate::ui::format::format_day(y, u32::from(m), u32::from(d))
}

/// An amount as people type it, minor units; `None` where it is none, or has more decimals than its
/// currency. A minus is allowed: where it is not, whoever asks says so. `1.234` is read as the user's
/// locale writes it.
pub fn typed(text: &str, currency: Currency) -> Option<i64> {
    duebook_money::amount::typed(text, currency.exponent(), own_style()).ok()
}

/// What an amount was taken for, where it may mean two: one mark with three digits behind it.
pub fn typed_as(text: &str, currency: Currency) -> Option<String> {
    use duebook_money::amount::{Style, typed};
    let read = |style| typed(text, currency.exponent(), style).ok();
    let minor = read(own_style())?;
    let doubtful = read(Style::POINT) != read(Style::COMMA);
    doubtful.then(|| format!("Read as {}.", money(minor, currency)))
}

/// The decimal mark of the user's locale.
fn own_style() -> duebook_money::Style {
    let locale = web_sys::window().and_then(|w| w.navigator().language());
    let written = locale.map(|l| {
        let half = js_sys::Number::from(0.5);
        String::from(half.to_locale_string(&l))
    });
    match written.is_some_and(|w| w.contains(',')) {
        true => duebook_money::Style::COMMA,
        false => duebook_money::Style::POINT,
    }
}

/// An amount as screens show it, with its currency: "48,200.00 USD".
pub fn money(minor: i64, currency: Currency) -> String {
    format!("{} {}", amount(minor, currency), currency.code())
}

/// An amount as screens show it, without its currency.
pub fn amount(minor: i64, currency: Currency) -> String {
    Money { minor, currency }.format(&number_format())
}

/// A count, grouped.
pub fn count(n: usize) -> String {
    crate::ui::format::format_count(n, Default::default())
}

/// Grouping by the user's locale: Indian where it asks for it.
pub fn number_format() -> NumberFormat {
    let indian = web_sys::window()
        .and_then(|w| w.navigator().language())
        .is_some_and(|l| l.ends_with("-IN"));
    if indian {
        NumberFormat::INDIAN
    } else {
        NumberFormat::WESTERN
    }
}

/// A document as people name it.
pub fn item(key: &ItemKey) -> String {
    if key.line.is_empty() {
        key.number.clone()
    } else {
        format!("{}/{}", key.number, key.line)
    }
}

/// An outcome of a contact.
pub fn outcome(outcome: Outcome) -> &'static str {
    use Outcome::*;
    match outcome {
        NoAnswer => "No answer",
        Busy => "Busy",
        VoicemailLeft => "Voicemail left",
        NoVoicemail => "No voicemail",
        WrongNumber => "Wrong number",
        Disconnected => "Number out of service",
        Gatekeeper => "Not put through",
        MailSent => "Mail sent",
        MailBounced => "Mail bounced",
        PortalChecked => "Portal checked",
        Promise => "Promise to pay",
        PaidClaim => "Says it is paid",
        InProcess => "In their process",
        Dispute => "Disputes it",
        Query => "Asks for a document",
        NeedsPo => "Needs a purchase order",
        NotReceived => "Invoice not received",
        CashFlow => "Short of cash",
        PlanRequest => "Asks for a plan",
        Refused => "Refuses to pay",
        CallBack => "Call back",
        Escalated => "Escalated",
        Insolvency => "Insolvency",
        LegalRepresentation => "Has a lawyer",
        DoNotCall => "Do not call",
        Language => "Language barrier",
        Informed => "Informed",
    }
}

/// Why a command is not in the book.
pub fn submit_error(ws: Option<Ws>, error: &SubmitError) -> String {
    match error {
        SubmitError::Refused(r) => refusal(ws, r),
        SubmitError::NotSaved(e) => format!("Not saved: {}. The book is as it was; try again.", commit_error(e)),
        SubmitError::Overtaken => "Not saved: another tab changed this book three times in between. Nothing is lost; try again.".to_owned(),
        SubmitError::Browser(e) => format!("Not saved: the browser refused what this needs ({e}). The book is as it was."),
        SubmitError::Unreadable(e) => format!("This tab can no longer follow the book ({e}). What is saved is safe: reload the page."),
    }
}

fn commit_error(error: &CommitError) -> String {
    match error {
        CommitError::Seal(e) => format!("it is too large for one commit ({e:?})"),
        CommitError::NotSaved(e) => store_error(e),
        CommitError::Unknown => {
            "the browser closed its storage while saving; it may be saved. Reload to see".to_owned()
        }
        CommitError::CommandReused { seq } => {
            format!("this command was saved before, as commit {seq}")
        }
        CommitError::Diverged { .. } => {
            "the stored book is not the one this tab shows; reload before you go on".to_owned()
        }
        CommitError::Tail(e) => format!("another tab's changes cannot be read ({e:?})"),
    }
}

/// What the browser's storage says.
pub fn store_error(error: &StoreError) -> String {
    match error {
        StoreError::Closed => "the browser closed its storage".to_owned(),
        StoreError::Blocked => "another tab holds an older version of this book open; close it".to_owned(),
        StoreError::NewerVersion => "a newer version of Duebook has this book; reload the page".to_owned(),
        StoreError::Missing => "there is no such book in this browser".to_owned(),
        StoreError::Quota => "the browser gives no more room. Free some space, or save a backup and clear what you do not need".to_owned(),
        StoreError::Unavailable(e) => format!("this browser window cannot store anything ({e}); a private window is the usual cause"),
        StoreError::Malformed { what } => format!("a stored record is not as this version writes it ({what})"),
        StoreError::Io(e) => format!("the browser's storage failed ({e})"),
    }
}

/// Why a book cannot be opened: title, and what to do.
pub fn open_failure(failure: &OpenFailure) -> (String, String) {
    let title = "This book cannot be opened".to_owned();
    match failure {
        OpenFailure::Store(StoreError::Missing) => ("There is no such book here".to_owned(), "Books live in the browser profile that made them. Open it there, or restore a backup here.".to_owned()),
        OpenFailure::Store(e) => (title, format!("{}.", capital(&store_error(e)))),
        OpenFailure::Rescue { remembered, found } => (
            "The browser has lost part of this book".to_owned(),
            format!("This browser remembers {remembered} saved commits; {found} are there. Nothing was overwritten. Restore your last backup; what is left can be exported first."),
        ),
        OpenFailure::Damaged(facts) if facts.iter().any(|f| matches!(f, Fact::NewerVersion { .. })) => (
            "This book was made by a newer version".to_owned(),
            "Reload to get the newer Duebook. Nothing was changed.".to_owned(),
        ),
        OpenFailure::Damaged(facts) => (title, format!("Its log is damaged: {facts:?}. Nothing was changed; export the log and restore your last backup.")),
        OpenFailure::Block(e) => (title, format!("A record of an import is absent or damaged ({e:?}). Restore your last backup.")),
        OpenFailure::Body { seq, detail } => (title, format!("Commit {seq} was made by a newer version, or is damaged ({detail}). Reload; if that does not help, restore your last backup.")),
        OpenFailure::Browser(e) => (title, format!("The browser refused what this needs ({e}).")),
    }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars
        .next()
        .map_or(String::new(), |c| c.to_uppercase().chain(chars).collect())
}

/// Why the engine refused a command: the rule, the fact, the way out.
pub fn refusal(ws: Option<Ws>, refusal: &Refusal) -> String {
    match refusal {
        Refusal::BookBegun(true) => "This book has begun already.".to_owned(),
        Refusal::BookBegun(false) => "This book has not begun.".to_owned(),
        Refusal::CommandReused(seq) => format!("This was saved before, as commit {}.", seq.0),
        Refusal::Empty(field) => format!("{} is missing.", field_name(*field)),
        Refusal::UnknownCustomer(key) => format!("Customer {} is not in the book.", key.number),
        Refusal::UnknownItem(key) => format!("{} is not in the book. Import the latest open items first.", item(key)),
        Refusal::UnknownFact(_) => "This is no longer in the book: it was undone meanwhile.".to_owned(),
        Refusal::UnknownCommit(seq) => format!("There is no commit {} to undo.", seq.0),
        Refusal::UnknownEntity(code) => format!("Entity {code} is not in the book."),
        Refusal::UnknownKind(kind) => format!("Kind {kind} of document is not known to this version."),
        Refusal::NumberTaken(key) => format!("Number {} is in use. Give another.", item(key)),
        Refusal::NotPositive(_) => "The amount must be above zero.".to_owned(),
        Refusal::TooLarge => "The amount is larger than a ledger can hold. Check the digits.".to_owned(),
        Refusal::DateBefore { date, earliest } => format!("{} is too early: the earliest is {}.", day(*date), day(*earliest)),
        Refusal::CurrencyDiffers { expected, given } => format!("The document is in {}, not in {}.", expected.code(), given.code()),
        Refusal::AnotherCustomer(key) => format!("{} belongs to another customer.", item(key)),
        Refusal::SameCustomer(_) => "It is with this customer already. Choose another.".to_owned(),
        Refusal::AmountsDiffer { .. } => "In one currency what goes over is what comes there. Give one amount.".to_owned(),
        Refusal::PartOfAnother { part, of } => format!("{} is a part of {}: what is done with all of the money is done there.", item(part), of),
        Refusal::MoreThanOpen { item: key, open, asked } => {
            let currency = ws.and_then(|ws| ws.peek(|b| b.find_item(key).and_then(|i| b.item(i).map(|i| i.currency()))));
            match currency {
                Some(c) => format!("{} has {} open; {} is more. Lower the amount.", item(key), money(*open, c), money(*asked, c)),
                None => format!("{} has less open than that. Lower the amount.", item(key)),
            }
        }
        Refusal::InstalmentsDiffer { .. } => "The instalments do not sum to the document. Change one of them.".to_owned(),
        Refusal::WrongSide(key) => format!("{} is on the other side: a payment needs an invoice and a credit.", item(key)),
        Refusal::NoLines => "The promise names no amount. Add one.".to_owned(),
        Refusal::PromiseMismatch(o) => format!("“{}” needs an amount and a date.", outcome(*o)),
        Refusal::AlreadyEnded(_) => "This has ended already.".to_owned(),
        Refusal::ForecastStands(on) => format!("The forecast of {} is frozen already, with the same figures.", day(*on)),
        Refusal::AlreadyReversed(_) => "This was taken back already.".to_owned(),
        Refusal::OlderThanLast { as_of, last } => format!("This file is of {}, but {} is in the book already. Take it as “only these rows” if you mean to.", day(*as_of), day(*last)),
        Refusal::NothingNew { same } => match same {
            1 => "Nothing in this file is new: its one row is in the book as it is. Nothing was written.".to_owned(),
            n => format!("Nothing in this file is new: {n} rows are in the book as they are. Nothing was written."),
        },
        Refusal::DuplicateKeys(lines) => format!("{} pairs of rows have the same key. Leave one of each out, or add a column to the key.", lines.len()),
        Refusal::StagingBroken => "The preview no longer fits the book: it changed meanwhile. Preview the file again.".to_owned(),
        Refusal::CurrencyChanged { from, to, .. } => format!("An item is in {} in the book and in {} in this file. Check the file's currency column.", from.code(), to.code()),
        Refusal::RestsOn(seqs) => {
            let list: Vec<String> = seqs.iter().map(|s| s.0.to_string()).collect();
            format!("Later work rests on this. Undo these commits first, in this order: {}.", list.join(", "))
        }
        Refusal::NewerExtract(seq) => format!("A newer file of the same source is in (commit {}). Undo that first.", seq.0),
        Refusal::AlreadyVoid(seq) => format!("Commit {} is undone already.", seq.0),
        Refusal::WouldDuplicate(key) => format!("{} came in again meanwhile; bringing this back would double it.", item(key)),
        Refusal::CannotUndo(_) => "This cannot be undone.".to_owned(),
        Refusal::NotOwnLedger => "This book follows a source that issues its documents. Import them, or switch on “We post this ledger ourselves” in a book of your own.".to_owned(),
        Refusal::RestsOnVoid(seqs) => {
            let list: Vec<String> = seqs.iter().map(|s| s.0.to_string()).collect();
            format!("What it rests on is undone. Bring these commits back first, in this order: {}.", list.join(", "))
        }
        Refusal::NotOurs(key) => format!("{} is the source’s own posting; only postings made here have a standing.", item(key)),
        Refusal::NotToTell(_) => "There is nothing to tell of this line: it was answered, withdrawn or never set. The list shows what waits now.".to_owned(),
        Refusal::Unconfirmed(doubts) => {
            let all: Vec<String> = match ws {
                Some(ws) => doubts.iter().map(|d| doubt(ws, d)).collect(),
                None => Vec::new(),
            };
            format!("The file looks doubtful; nothing was written. {} Preview it again and confirm what is right.", all.join(" "))
        }
        Refusal::NotASuccession => "These cannot take each other’s place. Choose documents of one currency on both sides, each on one side only.".to_owned(),
        Refusal::UnknownLine(_) | Refusal::LineTaken(_) => "This line of the statement came in again, or something else was said of it meanwhile. Look at it again.".to_owned(),
        Refusal::LineSum { line, open, asked } => format!(
            "{} of this line is left, and {} was laid out. Both must be the same.",
            money(*open, line.currency), money(*asked, line.currency)
        ),
        Refusal::Case(r) => cases::refusal(r),
        Refusal::DateAfter { date, latest } => format!("{} is too late: the latest is {}.", day(*date), day(*latest)),
        Refusal::Locked { date, from, to } => format!(
            "{} is in a locked period ({} to {}). Post it on a later day, or unlock the period under Reconcile with a reason.",
            day(*date), day(*from), day(*to)
        ),
        Refusal::LockStands { from, to } => format!(
            "{} to {} is locked. A lock is not undone: unlock it under Reconcile, with a reason.",
            day(*from), day(*to)
        ),
        Refusal::ControlDiffers(by) => {
            let all: Vec<String> = by.iter().map(|(c, minor)| money(*minor, *c)).collect();
            format!("The subledger differs from the control account by {}. Say why it is locked all the same.", all.join(", "))
        }
        Refusal::UnknownBreak(_) => "This break is not in the register, or closed already.".to_owned(),
        Refusal::ShiftOpen(_) => "A shift of that name is open. End it first, or say who works with W and a digit.".to_owned(),
        Refusal::CallsParked(n) => format!("{n} of your calls are parked. Finish or drop them first: they stand in the header."),
        Refusal::ShiftTimes { .. } => "A shift ends after it begins, and within a day. Check its times.".to_owned(),
        Refusal::SignedOff(seq) => format!("The list of that day is signed off already, in commit {}. Undo that to sign another.", seq.0),
        Refusal::AlreadyCovered(_)
        | Refusal::BeyondAuthority(..)
        | Refusal::ApprovedByMaker
        | Refusal::NotLess { .. }
        | Refusal::NotCleared { .. }
        | Refusal::NotACharge(_)
        | Refusal::ChargedMeanwhile(_) => plans::refusal(ws, refusal),
        Refusal::UnknownTemplate(name) => format!("There is no workbook “{name}” in the book any more."),
        Refusal::BadPolicy => "These values do not hold together. Check them and save again.".to_owned(),
    }
}

/// What looks doubtful about a file, in one sentence.
pub fn doubt(ws: Ws, doubt: &Doubt) -> String {
    let n = |v: u64| format_count(usize::try_from(v).unwrap_or(usize::MAX), Default::default());
    match doubt {
        Doubt::EntityGone { code, items } => {
            format!(
                "Every open item of company {code} is missing ({}).",
                n(*items)
            )
        }
        Doubt::CurrencyGone { currency, items } => {
            format!(
                "Every open item in {} is missing ({}).",
                currency.code(),
                n(*items)
            )
        }
        Doubt::CollectorGone { name, items } => {
            format!(
                "Every open item of collector {name} is missing ({}).",
                n(*items)
            )
        }
        Doubt::CustomerGone { customer, items } => {
            let name = ws.peek(|b| b.customer_facts(*customer).map(|f| f.name.clone()));
            let name = name.unwrap_or_default();
            format!("Every open item of {name} is missing ({}).", n(*items))
        }
        Doubt::CreditsGone { items } => {
            format!("Every open credit is missing ({}).", n(*items))
        }
        Doubt::ManyGone { absent, of, usual } => {
            let usual = match usual {
                Some(share) => format!("usually {}.{} %", share / 10, share % 10),
                None => "more than 5 %".to_owned(),
            };
            format!(
                "{} of {} open items are missing ({usual}).",
                n(*absent),
                n(*of)
            )
        }
        Doubt::DueDates {
            changed,
            of,
            swapped,
        } => format!(
            "{} of {} rows have another due date; {} of them are the old date with day and month changed over.",
            n(*changed),
            n(*of),
            n(*swapped)
        ),
    }
}

fn field_name(field: Field) -> &'static str {
    match field {
        Field::Name => "The name",
        Field::Number => "The number",
        Field::Source => "The source",
        Field::Ground => "The reason",
        Field::Details => "The details",
        Field::Value => "The value",
        Field::Items => "The selection",
        Field::Account => "The account",
    }
}

/// Why a text is no meaning of a terms code; nothing while it is empty (TM-05).
pub fn terms_error(text: &str) -> Option<String> {
    use duebook_money::terms::Terms;
    let said = text.trim();
    let read = (!said.is_empty()).then(|| Terms::parse(said))?;
    match read {
        Ok(terms) if terms.is_ambiguous() => Some(
            "This can be read in two ways. Add then-EOM (so many days, then to the end of the month) or from-EOM (so many days from the end of the month).".to_owned(),
        ),
        Ok(_) => None,
        Err(_) => Some("Not read as terms. Such as net 30, 15 MFI, 30 EOM then-EOM, immediate.".to_owned()),
    }
}

/// Why a row was refused or warned about.
pub fn row_reason(reason: duebook_exchange::read::Reason) -> &'static str {
    use duebook_exchange::read::Reason::*;
    match reason {
        NumberMissing => "no document number",
        CustomerMissing => "no customer",
        AmountMissing => "no amount",
        BadAmount => "the amount cannot be read",
        BadDate => "the date cannot be read",
        BadCurrency => "not a currency",
        CurrencyMissing => "no currency",
        AmountTooLarge => "the amount is too large to keep exactly",
        CellError => "an error of the spreadsheet in the cell",
        DuplicateKey => "another row has the same key",
        TooManyEntities => "too many companies: the wrong column is read as company",
        BothSides => "debit and credit are both filled",
        BadSide => "the debit or credit mark cannot be read",
        FieldMissing => "a field this kind of file needs is empty",
        Rounded => "more decimals than the currency has: rounded",
        DueMissing => "no due date, and no terms to make one from",
        DueFromTerms => "due date made from the terms",
        TermsAmbiguous => "the terms can be read in two ways: no due date made",
        NumberLostDigits => "the number was a float and lost digits",
        DateMissing => "no document date",
        DueBeforeDate => "due before its own date",
        OpenExceedsAmount => "more open than the original amount: the original is raised",
        OpenSignDiffers => "open has the other sign than the amount",
        TypeSignDiffers => "the type says credit, the sign says debit: the sign is kept",
        StatusSaysPaid => "the status says paid, but no column says what is open",
        ClearedLater => "cleared later than the day of the file: taken as open",
        ClearedButListed => "has a clearing date, but the list is of what is open: taken as open",
        ValueIgnored => "a value that is not needed cannot be read: left empty",
        Ragged => "more cells than the header: the rest is not kept",
        LeftOut => "left out by you",
        TotalRow => "a total of the file",
        RepeatedHeader => "the header again",
        SectionHeader => "a heading",
        SameInvoice => "a further line of the same invoice",
        Remark => "text that belongs to no row",
    }
}

/// Why a file is not a whole backup.
pub fn backup_error(error: &duebook_journal::backup::BackupError) -> String {
    use duebook_journal::backup::BackupFault;
    match &error.fault {
        BackupFault::NotABackup => "It does not begin as a Duebook backup does.".to_owned(),
        BackupFault::NewerVersion { .. } => {
            "It was written by a newer version of Duebook. Reload the page to get it.".to_owned()
        }
        BackupFault::Truncated => format!(
            "It ends early, at byte {}. Download or copy it again.",
            error.at
        ),
        fault => format!(
            "It is damaged at byte {} ({fault:?}). Use another copy.",
            error.at
        ),
    }
}

/// Why a proved backup was not written.
pub fn restore_error(error: &duebook_journal::backup::RestoreError) -> String {
    use duebook_journal::backup::RestoreError;
    match error {
        RestoreError::NotEmpty { seq } => format!(
            "This book is here already, with {seq} commits. Open it from the list, or delete it first."
        ),
        RestoreError::NoCommits => "The backup holds no commit.".to_owned(),
        RestoreError::Append(e) => format!("It could not be written: {e:?}."),
        RestoreError::Store(e) => format!("It could not be written: {}.", store_error(e)),
    }
}

/// Why there is no grand total.
pub fn missing_rate(missing: &duebook_policy::MissingRate) -> String {
    use duebook_policy::MissingRate::*;
    match missing {
        NoRate { currency, .. } => format!(
            "No grand total: there is no rate for {}. Add it in Settings.",
            currency.code()
        ),
        TooOld { currency, from, .. } => format!(
            "No grand total: the rate for {} is of {} and too old. Add a newer one in Settings.",
            currency.code(),
            day(*from)
        ),
        Overflow => "No grand total: it is too large to add up.".to_owned(),
    }
}

/// A control of the tie-out: what is compared, our figure, the other.
pub fn tie_line(line: &duebook_insight::tie_out::TieLine) -> (String, String, String) {
    use duebook_insight::tie_out::Against;
    let what = match &line.against {
        Against::LedgerItems => "The ledger’s open items, added up one by one".to_owned(),
        Against::LedgerCount => "The number of open items".to_owned(),
        Against::ImportsAndMovements => {
            "Control totals of all imports and every movement since".to_owned()
        }
        Against::LastExtract { source, as_of } => {
            format!("The last whole file of {source}, {}", day(*as_of))
        }
        Against::ControlAccount { source } if source.is_empty() => "The control account".to_owned(),
        Against::ControlAccount { source } => format!("The control account ({source})"),
    };
    let figure = |value: i128| match line.currency {
        Some(c) => format!(
            "{} {}",
            number_format().minor(value, c.exponent()),
            c.code()
        ),
        None => number_format().minor(value, 0),
    };
    (what, figure(line.report), figure(line.expected))
}
