//! What was found beside the data: damage, and sums that do not agree. Nothing here stops a file.

use crate::limits::MAX_FINDINGS;
use duebook_money::{Currency, Day, Money};
use std::fmt;

/// Where in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Place {
    /// Line of the text, row of the sheet, or line of the XML, from 1; 0: the file as a whole.
    pub line: u32,
    /// Position of the statement (or remittance) in the file, from 0, where it lies in one.
    pub statement: Option<u32>,
    /// Position of the entry (or remittance line) in it, from 0, where it lies in one.
    pub entry: Option<u32>,
}

/// One thing found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Where.
    pub place: Place,
    /// What.
    pub problem: Problem,
}

/// How much weight a finding has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// Worth knowing; all data is there.
    Note,
    /// Figures that do not agree; all data is there as written.
    Disagrees,
    /// Something could not be read and is missing.
    Lost,
}

/// What was found. Differences are given, never judged: an anonymised file is often out of balance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// Opening plus movements is not closing (RC-01).
    OutOfBalance {
        /// Balance at the start, signed.
        opening: Money,
        /// Sum of the booked entries, signed.
        movements: Money,
        /// Balance at the end, signed.
        closing: Money,
        /// `closing - opening - movements`, signed.
        difference: Money,
    },
    /// A running balance written beside an entry is not the one before plus the entry.
    RunningBalance {
        /// As written.
        written: Money,
        /// As it should be.
        expected: Money,
    },
    /// The next statement of an account does not begin where the one before ended.
    Discontinuous {
        /// End of the one before.
        before: Money,
        /// Start of this one.
        opening: Money,
    },
    /// Statement numbers between two statements of an account are not in the file.
    SequenceGap {
        /// The number before.
        before: u32,
        /// The number found next.
        next: u32,
    },
    /// An entry or balance in another currency than its statement.
    OtherCurrency {
        /// Of the statement.
        expected: Currency,
        /// Found.
        found: Currency,
    },
    /// The file names no currency: amounts were read with this one.
    CurrencyAssumed {
        /// The currency taken.
        currency: Currency,
    },
    /// No such currency code; the statement's was taken.
    UnknownCurrency {
        /// As written.
        code: String,
    },
    /// Details of an entry do not sum to it; the entry is right (charges, or parts left out).
    DetailsSum {
        /// The entry, signed.
        entry: Money,
        /// Sum of its details, signed.
        details: Money,
    },
    /// A total written in the file is not the sum of what it is a total of. Units as written: minor
    /// units of the currency, or a hash total.
    ControlTotal {
        /// Which record or element.
        of: &'static str,
        /// As written.
        written: i128,
        /// As summed.
        found: i128,
    },
    /// A count written in the file is not what was counted.
    Count {
        /// Which record or element.
        of: &'static str,
        /// As written.
        written: u64,
        /// As counted.
        found: u64,
    },
    /// More decimals than the currency has; rounded half up.
    Rounded {
        /// As written.
        text: String,
        /// The amount taken.
        taken: Money,
    },
    /// Not an amount: the entry or balance was left out.
    BadAmount {
        /// As written.
        text: String,
    },
    /// Not a date: the field is empty.
    BadDate {
        /// As written.
        text: String,
    },
    /// A date far from what stands around it, as written.
    OddDate {
        /// The date.
        day: Day,
    },
    /// A field that must be there is not.
    Missing {
        /// Its name in the format.
        field: &'static str,
    },
    /// A record, tag or element that could not be read and was left out.
    Damaged {
        /// Its name in the format.
        what: &'static str,
        /// Its text, shortened.
        text: String,
    },
    /// A record, tag or segment that the format does not know; its text, shortened.
    UnknownRecord {
        /// As written.
        text: String,
    },
    /// The file ends inside something.
    CutOff {
        /// Inside what.
        inside: &'static str,
    },
    /// Bytes that are not valid in the file's encoding were replaced.
    BadEncoding {
        /// The encoding.
        encoding: &'static str,
    },
    /// The bank's server sent an error in place of data.
    ServerMessage {
        /// Its code.
        code: String,
        /// Its words.
        text: String,
    },
    /// Data of a kind that is no bank account (investments); left out.
    NotBank {
        /// What it is.
        what: &'static str,
    },
    /// The same bank id more than once in one account. Nothing was merged.
    SameId {
        /// The id.
        id: String,
    },
    /// A structured reference whose check digits are wrong (CA-06).
    CheckDigits {
        /// As written.
        reference: String,
    },
    /// Sum of the remittance lines and the payment differ.
    RemittanceSum {
        /// The payment.
        total: Money,
        /// Sum of what the lines say was paid, adjustments of the whole included.
        lines: Money,
    },
    /// A limit was reached; what came after is not in the result.
    Limit {
        /// Of what.
        what: &'static str,
        /// The limit.
        limit: usize,
    },
    /// A file of an archive could not be read.
    Member {
        /// Its name.
        name: String,
        /// Why not.
        error: Box<crate::Error>,
    },
    /// The bank marks these entries as a deletion, a correction or a test of what it sent before.
    Marked {
        /// Its mark.
        as_what: &'static str,
    },
    /// A table cell that several readings fit; this reading was taken because the running balance
    /// proves it.
    ProvedByBalance {
        /// What was proved.
        what: &'static str,
    },
}

impl Problem {
    /// How much weight it has.
    pub fn weight(&self) -> Weight {
        use Problem::*;
        match self {
            CurrencyAssumed { .. }
            | UnknownRecord { .. }
            | SameId { .. }
            | NotBank { .. }
            | OddDate { .. }
            | Rounded { .. }
            | ProvedByBalance { .. } => Weight::Note,
            OutOfBalance { .. }
            | RunningBalance { .. }
            | Discontinuous { .. }
            | SequenceGap { .. }
            | OtherCurrency { .. }
            | UnknownCurrency { .. }
            | DetailsSum { .. }
            | ControlTotal { .. }
            | Count { .. }
            | CheckDigits { .. }
            | RemittanceSum { .. }
            | Marked { .. } => Weight::Disagrees,
            BadAmount { .. }
            | BadDate { .. }
            | Missing { .. }
            | Damaged { .. }
            | CutOff { .. }
            | BadEncoding { .. }
            | ServerMessage { .. }
            | Limit { .. }
            | Member { .. } => Weight::Lost,
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {:?}", self.place.line, self.problem)
    }
}

/// Findings of one file, with the place that parsers are at.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    pub list: Vec<Finding>,
    pub more: u64,
    pub at: Place,
}

impl Findings {
    /// At the place set last.
    pub fn add(&mut self, problem: Problem) {
        self.put(self.at, problem);
    }
    /// At a line; statement and entry as set.
    pub fn on(&mut self, line: u32, problem: Problem) {
        self.put(Place { line, ..self.at }, problem);
    }
    pub fn put(&mut self, place: Place, problem: Problem) {
        if self.list.len() < MAX_FINDINGS {
            self.list.push(Finding { place, problem });
        } else {
            self.more += 1;
        }
    }
}

/// At most 80 characters of a text, for a finding.
pub(crate) fn short(text: &str) -> String {
    const CHARS: usize = 80;
    match text.char_indices().nth(CHARS) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}
