//! Where parsers put what they read: counts against the limits, and the checks every statement gets.

use crate::finding::{Findings, Place, Problem};
use crate::limits::{MAX_DETAILS, MAX_ENTRIES, MAX_LINES, MAX_STATEMENTS};
use crate::remittance::{RemitLine, Remittance};
use crate::statement::{Entry, Statement};
use duebook_money::Currency;

/// The result as it grows.
#[derive(Debug, Default)]
pub(crate) struct Sink {
    pub statements: Vec<Statement>,
    pub remittances: Vec<Remittance>,
    pub findings: Findings,
    entries: usize,
    /// Entries of the open statement that could not be read: they count where the next lies.
    lost: usize,
    details: usize,
    lines: usize,
    /// What amounts without a currency are in, if the user said so.
    pub currency: Option<Currency>,
    /// What amounts without a currency were read in, where there are any.
    pub assumed: Option<Currency>,
}

impl Sink {
    pub fn new(currency: Option<Currency>) -> Sink {
        Sink {
            currency,
            ..Sink::default()
        }
    }

    /// The currency to take where the file names none: the user's, else the format's own, else none
    /// (XXX, two decimals). Said once.
    pub fn assume(&mut self, default: Option<Currency>) -> Currency {
        let currency = self.currency.or(default).unwrap_or(Currency::XXX);
        if self.assumed.is_none() {
            self.assumed = Some(currency);
            if self.currency.is_none() {
                self.findings.add(Problem::CurrencyAssumed { currency });
            }
        }
        currency
    }

    /// Begins a statement; false: no more are taken.
    pub fn open(&mut self, statement: Statement) -> bool {
        if self.statements.len() >= MAX_STATEMENTS {
            self.limit("statements", MAX_STATEMENTS);
            return false;
        }
        self.findings.at = Place {
            line: statement.line,
            statement: u32::try_from(self.statements.len()).ok(),
            entry: None,
        };
        self.statements.push(statement);
        self.lost = 0;
        true
    }

    /// Sets the place of findings: the next entry of the statement that is open.
    pub fn at_line(&mut self, line: u32) {
        self.findings.at.line = line;
        self.findings.at.entry = self
            .statements
            .last()
            .and_then(|s| u32::try_from(s.entries.len() + self.lost).ok());
    }

    /// The entry at hand was told and left out.
    pub fn lost(&mut self) {
        self.lost += 1;
    }

    /// Adds an entry to the statement that is open.
    pub fn entry(&mut self, mut entry: Entry) {
        let details = entry.details.len();
        if self.entries >= MAX_ENTRIES || self.details + details > MAX_DETAILS {
            return self.limit("entries", MAX_ENTRIES);
        }
        let Some(statement) = self.statements.last_mut() else {
            return;
        };
        self.entries += 1;
        self.details += details;
        entry.kind_by_sign();
        if entry.amount.currency != statement.currency {
            let problem = Problem::OtherCurrency {
                expected: statement.currency,
                found: entry.amount.currency,
            };
            self.findings.on(entry.line, problem);
        }
        statement.entries.push(entry);
    }

    /// Begins a remittance; false: no more are taken.
    pub fn remittance(&mut self, remittance: Remittance) -> bool {
        if self.remittances.len() >= MAX_STATEMENTS {
            self.limit("remittances", MAX_STATEMENTS);
            return false;
        }
        self.findings.at = Place {
            line: remittance.line,
            statement: u32::try_from(self.remittances.len()).ok(),
            entry: None,
        };
        self.remittances.push(remittance);
        true
    }

    /// Adds a line to the remittance that is open; false: no more are taken.
    pub fn line(&mut self, line: RemitLine) -> bool {
        if self.lines >= MAX_LINES {
            self.limit("lines", MAX_LINES);
            return false;
        }
        self.lines += 1;
        if let Some(remittance) = self.remittances.last_mut() {
            remittance.lines.push(line);
        }
        true
    }

    /// Says once that a limit was reached.
    pub fn limit(&mut self, what: &'static str, limit: usize) {
        let said = |p: &Problem| matches!(p, Problem::Limit { what: w, .. } if *w == what);
        if !self.findings.list.iter().any(|f| said(&f.problem)) {
            self.findings.add(Problem::Limit { what, limit });
        }
    }
}
