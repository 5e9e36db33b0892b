//! The import's values in words, and what is remembered of a source.

use crate::jobs::JobError;
use crate::platform::prefs;
use crate::ui::prelude::*;
use crate::workspace::Ws;
use duebook_exchange::read::{
    Agreement, AsOfFrom, Assumption, Dialect, Field, FileKind, Hint, MappedBy, Mark, Missing,
    Options, Order, Preview, Question, Reason, Severity,
};

/// What is remembered of a source: columns, codes, answers.
pub fn remembered(ws: Ws, source: &str) -> Options {
    let kept = prefs::read(&format!("duebook.source.{source}"));
    let mut options: Options = kept.unwrap_or_default();
    // What a code means is the book's to say.
    options.terms_codes = ws.peek(|b| {
        let codes = b.policies().terms.of(source);
        codes.map(|(c, m)| (c.to_owned(), m.to_owned())).collect()
    });
    options
}

/// Remembers what was corrected and answered, not what was said of single rows.
pub fn remember(source: &str, preview: &Preview, options: &Options) {
    let mut kept = options.clone();
    kept.leave_out.clear();
    kept.terms_codes.clear();
    kept.header_line = None;
    kept.kind = None;
    kept.as_of = None;
    kept.text = Default::default();
    kept.mapping = preview
        .columns
        .iter()
        .filter(|c| c.by == MappedBy::User)
        .map(|c| (c.header.clone(), c.field))
        .collect();
    // Forgetting costs a few clicks at the next import; nothing else.
    let _ = prefs::write(&format!("duebook.source.{source}"), &kept);
}

fn id_of<T: serde::Serialize>(value: T) -> String {
    serde_json::to_value(value)
        .ok()
        .and_then(|v| v.as_str().map(str::to_owned))
        .unwrap_or_default()
}

/// A kind's stable name.
pub fn kind_id(kind: FileKind) -> &'static str {
    match kind {
        FileKind::OpenItems => "open_items",
        FileKind::Customers => "customers",
        FileKind::InvoicesPaid => "invoices_paid",
        FileKind::Payments => "payments",
        FileKind::ClearedItems => "cleared_items",
        FileKind::Sales => "sales",
        FileKind::Summary => "summary",
        FileKind::Tracker => "tracker",
        FileKind::Disputes => "disputes",
        FileKind::Unknown => "unknown",
    }
}

/// A kind by its stable name.
pub fn kind_of(id: &str) -> Option<FileKind> {
    use FileKind::*;
    [
        OpenItems,
        Customers,
        InvoicesPaid,
        Payments,
        ClearedItems,
        Sales,
        Summary,
        Tracker,
        Disputes,
        Unknown,
    ]
    .into_iter()
    .find(|k| kind_id(*k) == id)
}

/// A kind in words.
pub fn kind(kind: FileKind) -> &'static str {
    match kind {
        FileKind::OpenItems => "Open items",
        FileKind::Customers => "Customers and contacts",
        FileKind::InvoicesPaid => "Invoices, paid or not",
        FileKind::Payments => "Payments",
        FileKind::ClearedItems => "Cleared items",
        FileKind::Sales => "Sales per month",
        FileKind::Summary => "Summary per customer",
        FileKind::Tracker => "Team’s tracker",
        FileKind::Disputes => "Disputes of another system",
        FileKind::Unknown => "Not recognised",
    }
}

/// Encoding, delimiter, program, sheet in one line.
pub fn shape(p: &Preview) -> String {
    let mut parts = Vec::new();
    if let Some(t) = &p.text {
        let delimiter = match t.delimiter {
            '\t' => "tabs".to_owned(),
            c => format!("“{c}”"),
        };
        parts.push(format!(
            "{} text, columns divided by {delimiter}",
            t.encoding
        ));
    } else {
        parts.push(format!("{:?} workbook", p.family));
    }
    if let Some(sheet) = p.sheet.and_then(|s| p.sheets.get(s)) {
        parts.push(format!("sheet “{}” of {}", sheet.name, p.sheets.len()));
    }
    if p.header_line > 0 {
        parts.push(format!("header in line {}", p.header_line));
    }
    if p.dialect.dialect != Dialect::Generic {
        parts.push(format!(
            "written by {:?} by the look of {}",
            p.dialect.dialect,
            p.dialect.because.join(", ")
        ));
    }
    parts.join(" · ")
}

/// Where the as-of date comes from.
pub fn as_of_from(from: AsOfFrom) -> &'static str {
    match from {
        AsOfFrom::Title => "Said in the file",
        AsOfFrom::LatestDate => "The latest date in the file: check it",
    }
}

/// A rule that stands in for what the file does not say.
pub fn assumption(a: Assumption) -> &'static str {
    match a {
        Assumption::OpenIsAmount => "No column says what is open: the whole amount is.",
        Assumption::OpenIsAmountLessPaid => {
            "No column says what is open: the amount less what was paid is."
        }
        Assumption::OpenUnlessCleared => {
            "No column says what is open: rows with a clearing date are settled, the others open in full."
        }
        Assumption::AmountIsOpen => {
            "No column has the original amount: what is open is taken for it."
        }
        Assumption::AmountIsLocal => "No amount in document currency: the local amount is taken.",
        Assumption::CreditsUnsigned => {
            "Credits and payments are written without a sign: they count as negative."
        }
        Assumption::CustomerByName => "Customers have no number here: their name is their key.",
        Assumption::DateIsPosting => "No document date: the posting or baseline date is taken.",
        Assumption::CurrencyFromHeader => "The currency is the one in the header of the amount.",
        Assumption::CurrencyFromCells => "The currency is the sign or code beside the amounts.",
        Assumption::NumbersWereFloats => {
            "Numbers of documents or customers went through a float (“.0” at the end): they are read without it."
        }
        Assumption::LinesOfInvoices => {
            "One row per invoice line: rows that repeat an invoice are read once."
        }
    }
}

/// A question in words.
pub fn question(q: &Question) -> String {
    match q {
        Question::DateOrder {
            column,
            examples,
            mixed,
            ..
        } => {
            let how = if *mixed {
                "no one order reads all of them"
            } else {
                "both orders are possible"
            };
            format!(
                "Which order have the dates in “{column}”? For example {}; {how}.",
                examples.join(", ")
            )
        }
        Question::DecimalMark {
            column, examples, ..
        } => {
            format!(
                "What is the mark in the amounts of “{column}”? For example {}.",
                examples.join(", ")
            )
        }
        Question::Currency { candidates } if candidates.is_empty() => {
            "Which currency are the amounts in? The file does not say.".to_owned()
        }
        Question::Currency { .. } => "Which currency does the sign in the file mean?".to_owned(),
        Question::Kind { .. } => "What is this file?".to_owned(),
    }
}

/// The kind that Cash takes.
pub const STATEMENT: &str = "A bank statement: on to Cash";
/// Its value among the kinds.
pub const STATEMENT_ID: &str = "bank-statement";

/// An order of dates.
pub fn order(order: Order) -> &'static str {
    match order {
        Order::Ymd => "Year, month, day",
        Order::Dmy => "Day, month, year",
        Order::Mdy => "Month, day, year",
        Order::Dym => "Day, year, month",
    }
}

/// A decimal mark.
pub fn mark(mark: Mark) -> &'static str {
    match mark {
        Mark::Point => "1,234.56: the point is the decimal mark",
        Mark::Comma => "1.234,56: the comma is the decimal mark",
    }
}

/// How a stated total compares.
pub fn agreement(a: Agreement) -> &'static str {
    match a {
        Agreement::Section => "Yes, with its section",
        Agreement::Grand => "Yes",
        Agreement::Differs => "No",
        Agreement::Unknown => "Several currencies: not comparable",
    }
}

/// What became of rows.
pub fn severity(s: Severity) -> &'static str {
    match s {
        Severity::Refused => "Refused",
        Severity::Warned => "Warning",
        Severity::Skipped => "No data",
    }
}

/// Its colour.
pub fn tone(s: Severity) -> Tone {
    match s {
        Severity::Refused => Tone::Danger,
        Severity::Warned => Tone::Warn,
        Severity::Skipped => Tone::Muted,
    }
}

/// A reason in words.
pub fn reason(reason: Reason) -> &'static str {
    crate::words::row_reason(reason)
}

/// What may be done about it.
pub fn hint(hint: Hint) -> &'static str {
    match hint {
        Hint::CheckMapping => "Check what the column is read as, or correct the cell in the source",
        Hint::CorrectCell => "Correct the cell in the source",
        Hint::CheckIdentity => "Leave one of them out, or correct the number in the source",
        Hint::GiveTermsCodes => "Give the terms code its meaning, or the due date in the source",
        Hint::Nothing => "",
    }
}

/// Why a column is read so.
pub fn mapped_by(by: MappedBy, confidence: u16) -> String {
    match by {
        MappedBy::Synonym => "Its header".to_owned(),
        MappedBy::Words => "Words of its header".to_owned(),
        MappedBy::Similar => format!("Its header is similar ({} %)", confidence / 10),
        MappedBy::Values => "Its values".to_owned(),
        MappedBy::User => "You said so".to_owned(),
        MappedBy::Nothing => "Nothing fits: kept as it is".to_owned(),
    }
}

/// What is missing for the work: a sentence for each kind of file that would supply it.
pub fn missing(all: &[Missing]) -> Vec<String> {
    let mut files: Vec<(FileKind, Vec<&'static str>)> = Vec::new();
    for (what, by) in all.iter().map(lack) {
        match files.iter_mut().find(|(kind, _)| *kind == by) {
            Some((_, list)) => list.push(what),
            None => files.push((by, vec![what])),
        }
    }
    let sentence = |(by, list): (FileKind, Vec<&'static str>)| {
        let them = if list.len() == 1 { "it" } else { "them" };
        let of = kind(by).to_lowercase();
        let text = format!("{}: a file of {of} would supply {them}.", list.join(", "));
        let mut letters = text.chars();
        let first = letters.next().map(|c| c.to_uppercase().to_string());
        first.unwrap_or_default() + letters.as_str()
    };
    files.into_iter().map(sentence).collect()
}

fn lack(missing: &Missing) -> (&'static str, FileKind) {
    let (what, by) = match missing {
        Missing::CustomerNames { supplied_by } => ("customers’ names", supplied_by),
        Missing::Phones { supplied_by } => ("phone numbers", supplied_by),
        Missing::Mailboxes { supplied_by } => ("mail addresses", supplied_by),
        Missing::Zones { supplied_by } => ("time zones", supplied_by),
        Missing::Terms { supplied_by } => ("payment terms", supplied_by),
        Missing::CreditLimits { supplied_by } => ("credit limits", supplied_by),
        Missing::Collectors { supplied_by } => ("collectors", supplied_by),
        Missing::Sales { supplied_by } => ("sales for DSO", supplied_by),
        Missing::History { supplied_by } => (
            "the history for dates before this import and for payment habits",
            supplied_by,
        ),
        Missing::OpenItems { supplied_by } => ("open items", supplied_by),
    };
    (what, *by)
}

/// The worker ended in the middle of a file: its reader gave up, or there was no memory.
pub fn broke_off(error: &JobError) -> String {
    let what = match error {
        JobError::Cancelled => return "Reading was cancelled. Nothing was written.".to_owned(),
        JobError::Broken(what) | JobError::Garbled(what) => what,
    };
    format!(
        "Reading broke off: the file is damaged in a way its reader does not know, or the browser has no memory left. Nothing was written and your book is as it was. Open the file in Excel and save it again, export CSV, or split it. (For a bug report: {what})"
    )
}

/// Fields a user can choose, in the order of the list.
pub const FIELDS: &[Field] = &[
    Field::Keep,
    Field::Ignore,
    Field::CustomerNumber,
    Field::CustomerName,
    Field::Number,
    Field::Line,
    Field::FiscalYear,
    Field::DocType,
    Field::DocDate,
    Field::PostingDate,
    Field::BaselineDate,
    Field::DueDate,
    Field::Terms,
    Field::TermsDays,
    Field::Currency,
    Field::Amount,
    Field::OpenAmount,
    Field::Paid,
    Field::Debit,
    Field::Credit,
    Field::DebitCredit,
    Field::LocalAmount,
    Field::LocalCurrency,
    Field::GroupAmount,
    Field::GroupCurrency,
    Field::Tax,
    Field::Entity,
    Field::Reference,
    Field::Po,
    Field::Contract,
    Field::Status,
    Field::Reason,
    Field::Text,
    Field::ReceivableType,
    Field::Collector,
    Field::AccountManager,
    Field::Country,
    Field::Segment,
    Field::Zone,
    Field::Parent,
    Field::CreditLimit,
    Field::ClearingDate,
    Field::ClearingDoc,
    Field::LastPayment,
    Field::AgingAnchor,
    Field::ContactName,
    Field::Role,
    Field::Mailbox,
    Field::Phone,
    Field::Language,
    Field::PaymentNumber,
    Field::PaymentDate,
    Field::PaymentAmount,
    Field::PaymentMethod,
    Field::Month,
    Field::SalesAmount,
];

/// A field's stable name.
pub fn field_id(field: Field) -> String {
    id_of(field)
}

/// A field by its stable name.
pub fn field_of(id: &str) -> Option<Field> {
    serde_json::from_value(serde_json::Value::String(id.to_owned())).ok()
}

/// A field in words.
pub fn field(field: Field) -> String {
    match field {
        Field::Keep => "Kept as it is".to_owned(),
        Field::Ignore => "Left out".to_owned(),
        Field::Po => "PO number".to_owned(),
        Field::Number => "Document number".to_owned(),
        Field::DocDate => "Document date".to_owned(),
        Field::DebitCredit => "Debit or credit mark".to_owned(),
        Field::Entity => "Company (entity)".to_owned(),
        other => {
            let words = id_of(other).replace('_', " ");
            let mut chars = words.chars();
            chars
                .next()
                .map_or(String::new(), |c| c.to_uppercase().chain(chars).collect())
        }
    }
}
