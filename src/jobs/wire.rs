//! What the page and the worker say to each other: JSON, with bytes and files beside it.

use duebook_exchange::read::{Figures, FileError, Options, Preview, PreviewItem};
use duebook_exchange::template::{Outline, TemplateError};
use duebook_ledger::columns::{NO_DAY, Segment};
use serde::{Deserialize, Serialize};

/// A job.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Request {
    /// Read and check the file beside it; keep the result for the jobs that follow.
    Stage {
        /// What the user has answered and corrected.
        options: Box<Options>,
    },
    /// The rows as they stand of the file beside it, else of that of the last [`Request::Stage`].
    Rows {
        /// The sheet; the likeliest where not said.
        sheet: Option<String>,
    },
    /// Read the file beside it as bank statements.
    Statements {
        /// What the user has answered.
        answers: StatementAnswers,
    },
    /// Look at the client's workbook beside it, or at one that a book has (its id, digest of the
    /// bytes). The bytes of a file come back beside the answer.
    Template {
        /// Which, where no file is beside it.
        stored: Option<(String, [u8; 32])>,
        /// Rows of headers that the user gave, by sheet.
        headers: Vec<(String, u32)>,
    },
    /// Files to practise on, as an archive.
    Mornings {
        /// `sap`, `oracle` or `netsuite`.
        shape: String,
        /// The first morning, days since 1970-01-01.
        start: i32,
    },
    /// The lines of the staged rows, and of those with a warning: two arrays of 32-bit numbers.
    Lines,
    /// Staged rows as they would be kept.
    Page {
        /// The first, from 0.
        from: usize,
        /// How many.
        count: usize,
    },
    /// Leave out the lines beside it (32-bit numbers), or with `all_but` every line but these.
    LeaveOut {
        /// Every line but these.
        all_but: bool,
    },
    /// Sums over what was staged, for comparing with a file's own.
    Sums,
    /// Encode what was staged. With byte arrays beside it (one a segment, 1 = keep), only the rows
    /// kept.
    Encode,
    /// The refused rows of the staged file as CSV, with a reason column.
    Refused,
    /// Write the sealed commit beside it, with the blocks encoded last, in one strict transaction.
    Write {
        /// The book.
        book: String,
    },
    /// Write a report as a file.
    Export {
        /// The book, read from disk.
        book: String,
        /// What is wanted.
        report: Box<Report>,
    },
    /// Replay the whole log and check every invariant.
    Check {
        /// The book.
        book: String,
    },
    /// Write the whole book as a backup and replay it before it is handed over.
    Backup {
        /// The book.
        book: String,
    },
    /// Prove the backup file beside it and answer what it has that the book has not.
    Compare {
        /// The book.
        book: String,
    },
    /// Prove the backup file beside it and, if asked, write it as the book it is of.
    Restore {
        /// Write it; otherwise only prove.
        write: bool,
    },
}

/// A report to be written as a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// `aging`, `aging-detail`, `items`, `activity`, `promises`, or `rows` for the items in the
    /// columns of their files.
    pub kind: String,
    /// `xlsx` or `csv`.
    pub format: String,
    /// Accounting date, days since 1970-01-01.
    pub as_of: i32,
    /// As known after this commit.
    pub known: Option<u32>,
    /// Milliseconds UTC at which it was asked for.
    pub generated_at: i64,
    /// The ledger's date then.
    pub today: i32,
    /// Who asked.
    pub actor: String,
    /// The build.
    pub build: String,
    /// Restricts to customers (ids of this log).
    pub customers: Option<Vec<u32>>,
    /// The filters, in words, for the README sheet.
    pub filters: Vec<String>,
    /// Restricts an items report to these items, in this order.
    pub items: Option<Vec<u32>>,
    /// First day of a report of a period, days since 1970-01-01; the last is `as_of`.
    #[serde(default)]
    pub from: Option<i32>,
    /// Name of the template to be filled.
    #[serde(default)]
    pub template: Option<String>,
    /// Which lines of the outbox, and for whom.
    #[serde(default)]
    pub outbox: Option<OutboxAsk>,
    /// Of which shift or days, for an end-of-day report.
    #[serde(default)]
    pub span: Option<SpanAsk>,
    /// A customer's ledger, to be held against ours.
    #[serde(default)]
    pub theirs: Option<Box<TheirAsk>>,
    /// Which case, for its pack: an id of this log.
    #[serde(default)]
    pub case: Option<u32>,
    /// The rule pack of a calculation of interest.
    #[serde(default)]
    pub pack: Option<String>,
    /// The reports of a pack, by kind, where several go into one workbook.
    #[serde(default)]
    pub reports: Vec<String>,
    /// Title of a pack.
    #[serde(default)]
    pub title: String,
}

/// An end-of-day report asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpanAsk {
    /// A shift, in the log's order; the days and the agent are not looked at then.
    pub shift: Option<u32>,
    /// First ledger date, days since 1970-01-01.
    pub from: i32,
    /// Last.
    pub to: i32,
    /// Only what he recorded.
    pub agent: Option<String>,
}

/// A comparison with a customer's ledger asked for. Days are since 1970-01-01, currencies ISO
/// numbers, amounts minor units.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TheirAsk {
    /// The customer.
    pub customer: u32,
    /// With those whose parent it is.
    #[serde(default)]
    pub family: bool,
    /// Its first day, where it is an account and no list of open items.
    pub from: Option<i32>,
    /// Name of the file.
    pub file: String,
    /// Their lines: line of the file, what it is, our number, theirs, text, date, due date,
    /// currency, amount.
    pub lines: Vec<TheirWire>,
    /// What they state as their balance.
    pub stated: Vec<(u16, i64)>,
}

/// The rows of a table as they stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableRows {
    /// Line and cells.
    pub rows: Vec<(u32, Vec<String>)>,
    /// There were more.
    pub cut: bool,
    /// The sheets of a workbook.
    pub sheets: Vec<String>,
    /// Which of them these are of.
    pub sheet: Option<usize>,
}

/// A line of a customer's ledger.
pub type TheirWire = (
    u32,
    u8,
    String,
    String,
    String,
    Option<i32>,
    Option<i32>,
    u16,
    i64,
);

/// An upload file asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutboxAsk {
    /// The source whose layout it has.
    pub source: String,
    /// Keys of the lines.
    pub lines: Vec<u64>,
}

/// The answer to a job.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum Response {
    /// The file as staged.
    Staged(Box<Preview>),
    /// Rows as they stand.
    Rows(TableRows),
    /// Staged rows.
    Page(Vec<PreviewItem>),
    /// Figures of what remains.
    Figures(Figures),
    /// Bank statements; their CBOR is beside it.
    Statements(Box<StatementFile>),
    /// The client's workbook.
    Template(Box<Outline>),
    /// It is none.
    NoTemplate(TemplateError),
    /// The sums asked for.
    Sums(Sums),
    /// The file cannot be read.
    Unreadable(FileError),
    /// What was staged, encoded; the bytes of head and segments are beside it.
    Encoded(Box<EncodedFile>),
    /// Another copy, held against the book.
    Other(OtherLog),
    /// Bytes beside it.
    Bytes,
    /// The commit is on disk.
    Written {
        /// Position.
        seq: u64,
        /// Its hash.
        hash: [u8; 32],
    },
    /// Another tab was first.
    Conflict,
    /// It is not on disk, or not known to be; what the store said.
    NotWritten {
        /// For the user.
        what: String,
        /// No room.
        quota: bool,
    },
    /// A report; the pieces of its file are beside it.
    Exported(Exported),
    /// The book was replayed.
    Checked(Checked),
    /// It failed; why.
    Failed(String),
}

/// What the user says about a file of bank statements.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatementAnswers {
    /// Day, month and year: `dmy`, `mdy` or `ymd`.
    pub dates: Option<String>,
    /// `.` or `,`.
    pub decimal: Option<char>,
    /// The account, where the file names none.
    pub account: String,
    /// The currency where the file names none, ISO code; empty: not said.
    pub currency: String,
    /// What the columns of a table are: header, and the short name of its column.
    #[serde(default)]
    pub columns: Vec<(String, String)>,
}

/// A column of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnRead {
    /// Its header.
    pub header: String,
    /// Short name of what it is taken for.
    pub column: String,
    /// The first of its values.
    pub example: String,
}

/// A file of bank statements, as read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatementFile {
    /// Name of the file.
    pub name: String,
    /// Its format, in short.
    pub format: String,
    /// What it holds.
    pub statements: Vec<StatementRead>,
    /// What was found beside the data, in words, the gravest first.
    pub findings: Vec<String>,
    /// What only the user knows.
    pub questions: Vec<StatementQuestion>,
    /// Remittance advices in it.
    pub advices: Vec<AdviceRead>,
    /// Currency of the amounts that the file names none for, ISO number; XXX where it is not said.
    pub assumed: Option<u16>,
    /// The columns of a statement as a table.
    pub columns: Vec<ColumnRead>,
    /// Why nothing was read before its columns are said, in words.
    pub unread: Option<String>,
}

/// A remittance advice: what a payment pays. Amounts are minor units.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdviceRead {
    /// Who pays.
    pub payer: String,
    /// What the bank will show.
    pub reference: String,
    /// Currency, ISO number.
    pub currency: u16,
    /// What is paid in all.
    pub amount: Option<i64>,
    /// Day of the payment, days since 1970-01-01.
    pub day: Option<i32>,
    /// Documents.
    pub lines: Vec<AdviceLine>,
}

/// A document of an advice: number, gross, discount, deduction, paid, words.
pub type AdviceLine = (String, Option<i64>, i64, i64, Option<i64>, String);

/// A statement that was read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StatementRead {
    /// IBAN or number; empty where the file has none.
    pub account: String,
    /// Currency, ISO number.
    pub currency: u16,
    /// Number and page.
    pub number: String,
    /// First and last day, days since 1970-01-01.
    pub period: (Option<i32>, Option<i32>),
    /// Balance before, minor units.
    pub opening: Option<i64>,
    /// Balance after, minor units.
    pub closing: Option<i64>,
    /// Sum of its lines, minor units.
    pub movements: i64,
    /// Lines.
    pub lines: u64,
    /// Lines of money in that may be customers'.
    pub credits: u64,
    /// Their sum, minor units.
    pub credit_sum: i64,
    /// Entries that are not booked, or in another currency: not taken in.
    pub left_out: u64,
    /// Not to be taken in: it comes again booked.
    pub passing: bool,
}

/// A question about a file of bank statements.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum StatementQuestion {
    /// The order of day, month and year; a date that several read.
    Dates(String, Vec<String>),
    /// The decimal mark; an amount that two read.
    Decimal(String),
}

/// Sums over rows of items.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sums {
    /// Rows.
    pub rows: u64,
    /// Per ISO numeric currency, the sum of open amounts, minor units.
    pub open: Vec<(u16, i64)>,
    /// Sum of due dates, days since 1970-01-01; rows without one count nothing.
    pub due: i64,
}

impl Sums {
    /// Adds the rows of a segment.
    pub fn add(&mut self, segment: &Segment) {
        self.rows += segment.len() as u64;
        self.due += segment
            .due
            .iter()
            .filter(|day| **day != NO_DAY)
            .map(|day| i64::from(*day))
            .sum::<i64>();
        let mut at = 0;
        for (currency, open) in segment.currency.iter().zip(&segment.open) {
            if self.open.get(at).is_none_or(|(code, _)| code != currency) {
                let found = self.open.iter().position(|(code, _)| code == currency);
                at = found.unwrap_or_else(|| {
                    self.open.push((*currency, 0));
                    self.open.len() - 1
                });
            }
            self.open[at].1 += open;
        }
    }
}

/// A report that was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exported {
    /// Rows in it.
    pub rows: u64,
    /// Whether its totals tie out.
    pub reconciled: bool,
    /// Texts that were longer than a cell holds and were cut.
    pub cut: u64,
    /// Figures of more digits than Excel keeps, written as exact text.
    pub as_text: u64,
    /// What the log keeps of the file where it is issued.
    #[serde(default)]
    pub issue: Option<IssueFacts>,
}

/// What is known of a file that was written, for the log.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssueFacts {
    /// The newest commit it was drawn from.
    pub head: u32,
    /// First day of the period.
    pub from: i32,
    /// BLAKE3 of the file.
    pub hash: [u8; 32],
    /// Its length.
    pub bytes: u64,
    /// Controls that held.
    pub passed: u32,
    /// Controls that compared something.
    pub controls: u32,
    /// How it stood: 0 reconciled, 1 unreconciled, 2 not judged.
    pub stood: u8,
    /// Records.
    pub count: u64,
    /// Per ISO numeric currency, the sum of open amounts, minor units.
    pub sums: Vec<(u16, i64)>,
    /// Hash total of document numbers.
    pub hash_total: u64,
    /// Its main figures: name, ISO number of the currency, value.
    pub figures: Vec<(String, Option<u16>, i64)>,
}

/// The outcome of a whole replay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checked {
    /// Commits replayed.
    pub commits: u64,
    /// Items in the book.
    pub items: u64,
    /// Hash of the last commit, in hex.
    pub head: String,
    /// The book's id, for a backup read from a file.
    pub book: String,
    /// Name of the book.
    pub name: String,
    /// Generated portfolio.
    pub sample: bool,
    /// What does not hold, in the engine's words; empty is good.
    pub violations: Vec<String>,
}

/// Another copy of a book, held against it. Beside it: the stored bytes of its commits after the
/// last common one; their texts, each as id, salt and text; bulk records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OtherLog {
    /// The last commit that is the same in both.
    pub common: u64,
    /// The book's last commit.
    pub ours: u64,
    /// The copy's last commit.
    pub theirs: u64,
    /// Its hash.
    pub head: [u8; 32],
    /// How many commits are beside it.
    pub commits: usize,
    /// How many texts.
    pub texts: usize,
    /// How many bulk records.
    pub blocks: usize,
}

/// What was encoded, by digest.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct EncodedFile {
    /// Digest and rows of the head block.
    pub head: ([u8; 32], u32),
    /// Digest and rows of each segment.
    pub segments: Vec<([u8; 32], u32)>,
    /// Length in bytes of each block, by digest.
    pub lengths: Vec<([u8; 32], u64)>,
    /// Rows.
    pub count: u64,
    /// Per ISO numeric currency, the sum of open amounts, minor units.
    pub sums: Vec<(u16, i64)>,
    /// Sum of the numeric part of document numbers, modulo 10^9.
    pub hash_total: u64,
    /// Contacts of a file of master data.
    pub contacts: Vec<ContactRow>,
    /// Whether the last bytes are the CBOR of payment rows.
    pub payments: bool,
    /// Whether the last bytes are the CBOR of sales per month.
    #[serde(default)]
    pub sales: bool,
    /// How many blocks of rows left out come last: not to be written.
    #[serde(default)]
    pub left: usize,
}

/// How far a job is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// Rows done.
    pub rows: u64,
    /// Done, in the unit of `of`: bytes of a file, or rows.
    pub done: u64,
    /// In all.
    pub of: u64,
}

/// A contact person of a file.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ContactRow {
    /// Customer's number.
    pub customer: String,
    /// Name, mailbox and phone, one a line.
    pub details: String,
    /// Role.
    pub role: String,
    /// IANA zone; empty if not given.
    pub zone: String,
    /// Language tag; empty if not given.
    pub language: String,
}

/// 32-bit numbers as the bytes that travel.
pub fn bytes_of(numbers: &[u32]) -> Vec<u8> {
    numbers.iter().flat_map(|n| n.to_le_bytes()).collect()
}

/// The numbers of such bytes.
pub fn numbers(bytes: &[u8]) -> Vec<u32> {
    let (words, _) = bytes.as_chunks::<4>();
    words.iter().map(|w| u32::from_le_bytes(*w)).collect()
}
