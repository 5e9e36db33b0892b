//! Money in, as banks and payers tell it: bytes of a bank statement or a remittance advice become
//! neutral statements, entries and remittance lines. What was damaged or does not add up is told in
//! findings; all else comes through.
//!
//! [`read`] tells the format and reads; [`read_as`] reads as a format chosen. [`advice::read`] takes
//! pasted text. Nothing here knows a book, a customer or an invoice.

pub mod advice;
mod archive;
mod bai;
mod camt;
mod check;
mod detect;
mod error;
mod figures;
mod finding;
mod iso;
pub mod limits;
mod mt;
mod ofx;
mod pain;
mod qif;
mod question;
mod reference;
mod remittance;
mod sink;
mod statement;
mod table;
mod text;
mod x12;
mod xml;

pub use bai::{Funds, LockboxLayout, TransactionLine, transaction_line};
pub use detect::{Format, detect};
pub use error::Error;
pub use finding::{Finding, Place, Problem, Weight};
pub use question::Question;
pub use reference::{Reference, ReferenceKind, iban_shaped, iban_valid, rf_valid, swiss_valid};
pub use remittance::{Adjustment, DocumentKind, Method, RemitLine, Remittance};
pub use statement::{
    Account, Balance, BalanceKind, Batch, Charge, Detail, Entry, EntryKind, Exchange, Party,
    Return, Statement, StatementKind, Status,
};
pub use table::{Column, ColumnUse};

use duebook_exchange::read::TextOverride;
use duebook_money::{Currency, DateOrder, DecimalMark};
use sink::Sink;

/// What the user says about a file; each field is empty until there is need.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The currency of amounts where the file names none.
    pub currency: Option<Currency>,
    /// Order of the dates of QIF files and tables.
    pub date_order: Option<DateOrder>,
    /// Decimal mark of tables.
    pub decimal: Option<DecimalMark>,
    /// Encoding and delimiter of tables.
    pub text: TextOverride,
    /// The workbook's sheet.
    pub sheet: Option<String>,
    /// Columns of tables by their headers, before any guess: (header as written, what it is).
    pub columns: Vec<(String, Column)>,
    /// Where a lockbox file has its fields.
    pub lockbox: LockboxLayout,
}

/// A file that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// What it is.
    pub format: Format,
    /// Statements in the order of the file.
    pub statements: Vec<Statement>,
    /// Remittances in the order of the file.
    pub remittances: Vec<Remittance>,
    /// Damage and sums that do not agree, in the order of the file's parts.
    pub findings: Vec<Finding>,
    /// Findings beyond [`limits::MAX_FINDINGS`].
    pub more_findings: u64,
    /// While a question is open, what it touches is provisional and not to be imported.
    pub questions: Vec<Question>,
    /// For tables: what each column was taken for.
    pub columns: Vec<ColumnUse>,
    /// What amounts were read in that the file names no currency for: the user's answer, else XXX.
    /// `None`: the file names all of its currencies.
    pub assumed: Option<Currency>,
}

/// Tells the format and reads the file.
pub fn read(bytes: &[u8], name: &str, options: &Options) -> Result<File, Error> {
    let format = match detect(bytes, name) {
        // The user has said what the columns are: no name of theirs has to be known.
        Err(Error::NoColumns { .. }) if !options.columns.is_empty() => Format::BankTable,
        found => found?,
    };
    read_as(format, bytes, name, options)
}

/// The columns of a table whose headers say no date and amount, for the user to say what they are:
/// what names and [`Options::columns`] tell, with a value of each.
///
/// # Errors
/// The table cannot be opened.
pub fn columns(bytes: &[u8], name: &str, options: &Options) -> Result<Vec<ColumnUse>, Error> {
    text::checked(bytes)?;
    table::columns(bytes, name, options)
}

/// Reads the file as a format.
pub fn read_as(format: Format, bytes: &[u8], name: &str, options: &Options) -> Result<File, Error> {
    text::checked(bytes)?;
    if format == Format::Archive {
        return archive::read(bytes, options);
    }
    let mut sink = Sink::new(options.currency);
    let mut questions = Vec::new();
    let mut columns = Vec::new();
    if matches!(format, Format::BankTable | Format::RemittanceTable) {
        columns = table::read(format, bytes, name, options, &mut sink, &mut questions)?;
    } else {
        let claimed = detect::claimed_encoding(bytes, format);
        let text = text::decode(bytes, claimed.as_deref(), &mut sink.findings);
        match format {
            Format::Camt052 | Format::Camt053 | Format::Camt054 => camt::read(&text, &mut sink),
            Format::Pain001 => pain::read(&text, &mut sink),
            Format::Mt940 | Format::Mt942 => mt::read(&text, &mut sink),
            Format::Bai2 => bai::read(&text, &mut sink),
            Format::Lockbox => bai::lockbox::read(&text, &options.lockbox, &mut sink),
            Format::Ofx => ofx::read(&text, &mut sink),
            Format::Qif => qif::read(&text, options, &mut sink, &mut questions),
            Format::X12 => x12::read(&text, &mut sink),
            Format::Advice => {
                let read = advice::read(&text, options.currency);
                sink.remittance(read.remittance);
            }
            Format::Archive | Format::BankTable | Format::RemittanceTable => {}
        }
    }
    check::check(&sink.statements, &mut sink.findings);
    Ok(File {
        format: refined(format, &sink),
        statements: sink.statements,
        remittances: sink.remittances,
        findings: sink.findings.list,
        more_findings: sink.findings.more,
        questions,
        columns,
        assumed: sink.assumed,
    })
}

/// MT940 and MT942 are told apart by what was read.
fn refined(format: Format, sink: &Sink) -> Format {
    let intraday = sink
        .statements
        .iter()
        .any(|s| s.kind == StatementKind::Intraday);
    if format == Format::Mt940 && intraday {
        Format::Mt942
    } else {
        format
    }
}

/// The remittance read last: what its lines say was paid is its total.
fn check_remittance(sink: &mut Sink) {
    let Some(remittance) = sink.remittances.last() else {
        return;
    };
    let (Some(total), Some(lines)) = (remittance.total, remittance.paid()) else {
        return;
    };
    if i128::from(total.minor) == lines {
        return;
    }
    if let Ok(minor) = i64::try_from(lines) {
        let lines = duebook_money::Money::new(minor, total.currency);
        sink.findings
            .on(remittance.line, Problem::RemittanceSum { total, lines });
    }
}
