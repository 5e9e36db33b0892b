//! What is said about single rows: exact counts per reason, examples up to a limit.

use super::limits::{MAX_REFUSED_LINES, NOTE_CHARS, NOTES_PER_REASON};
use super::table::Row;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What was found in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    // Refused.
    /// No document number.
    NumberMissing,
    /// No customer, in the row or above it.
    CustomerMissing,
    /// No amount.
    AmountMissing,
    /// A cell that must be an amount is none.
    BadAmount,
    /// A cell that must be a date is none.
    BadDate,
    /// Not a currency of ISO 4217.
    BadCurrency,
    /// The currency column is empty here.
    CurrencyMissing,
    /// An amount beyond what can be kept exactly.
    AmountTooLarge,
    /// A spreadsheet error (`#REF!`) in a cell that is needed.
    CellError,
    /// Another row of this file has the same key; both are refused.
    DuplicateKey,
    /// More than 65,536 different companies: the wrong column is mapped.
    TooManyEntities,
    /// Debit and credit are both filled.
    BothSides,
    /// The D/C mark is not one.
    BadSide,
    /// No payment date, month or other field this kind of file needs.
    FieldMissing,
    // Warned: the row is staged.
    /// The document number is written `1.23E+15`: a spreadsheet dropped its last digits.
    NumberLostDigits,
    /// More decimals than the currency has: rounded.
    Rounded,
    /// No due date and no terms to make one from.
    DueMissing,
    /// No due date, and terms such as `45 days EOM` that can be read in two ways (TM-05).
    TermsAmbiguous,
    /// Due date made from terms and date.
    DueFromTerms,
    /// No document date.
    DateMissing,
    /// Due before the document's own date.
    DueBeforeDate,
    /// Open at the source is more than the original amount: the amount is raised to it.
    OpenExceedsAmount,
    /// Open has the other sign than the amount: staged as a credit (or debit) of its own.
    OpenSignDiffers,
    /// The type says credit, the sign says debit: the sign is kept.
    TypeSignDiffers,
    /// The status says paid, yet no column says how much is open: staged as open.
    StatusSaysPaid,
    /// Cleared later than the day the file speaks of: not cleared yet, staged as open.
    ClearedLater,
    /// A clearing date in a list of what is open: it is open, the date is not believed.
    ClearedButListed,
    /// A column that is not needed holds something unreadable: left empty.
    ValueIgnored,
    /// More cells than the header: what is beyond it is not kept.
    Ragged,
    // Not items.
    /// Unticked by the user.
    LeftOut,
    /// A total or subtotal of the file: among its control totals.
    TotalRow,
    /// The header again.
    RepeatedHeader,
    /// A heading with the customer (or company) of the rows below.
    SectionHeader,
    /// A further line of the same invoice in an export with one row per line.
    SameInvoice,
    /// Text that belongs to no row (titles between, footers).
    Remark,
}

/// What became of the row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Not staged; among the refused rows.
    Refused,
    /// Staged, but look at it.
    Warned,
    /// Not a row of data.
    Skipped,
}

/// What the user may do about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hint {
    /// Map another column, or correct the cell in the source.
    CheckMapping,
    /// Correct the cell in the source.
    CorrectCell,
    /// Choose what makes rows unique (fiscal year, line).
    CheckIdentity,
    /// Give terms codes their meaning in the code table of the source.
    GiveTermsCodes,
    /// Nothing need be done.
    Nothing,
}

impl Reason {
    /// What becomes of a row with this.
    pub fn severity(self) -> Severity {
        use Reason::*;
        match self {
            NumberMissing | CustomerMissing | AmountMissing | BadAmount | BadDate | BadCurrency
            | CurrencyMissing | AmountTooLarge | CellError | DuplicateKey | BothSides | BadSide
            | FieldMissing | TooManyEntities => Severity::Refused,
            LeftOut | TotalRow | RepeatedHeader | SectionHeader | SameInvoice | Remark => {
                Severity::Skipped
            }
            _ => Severity::Warned,
        }
    }
    /// What may be done.
    pub fn hint(self) -> Hint {
        use Reason::*;
        match self {
            NumberMissing | CustomerMissing | AmountMissing | BadDate | CurrencyMissing
            | FieldMissing | TooManyEntities | DateMissing | DueBeforeDate => Hint::CheckMapping,
            DuplicateKey => Hint::CheckIdentity,
            DueMissing | TermsAmbiguous => Hint::GiveTermsCodes,
            NumberLostDigits | BadAmount | BadCurrency | AmountTooLarge | CellError | BothSides
            | BadSide | OpenExceedsAmount | OpenSignDiffers | TypeSignDiffers | ValueIgnored => {
                Hint::CorrectCell
            }
            _ => Hint::Nothing,
        }
    }
}

/// One thing said about one row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowNote {
    /// Line in the file, from 1.
    pub line: u32,
    /// Column it is about, from 0.
    pub column: Option<u32>,
    /// The cell, cut to 80 characters.
    pub value: String,
    /// What was found.
    pub reason: Reason,
    /// For a duplicate, the line of the row it equals.
    pub other_line: Option<u32>,
}

/// All that was said about the rows of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notes {
    /// Examples: the first 200 of each reason, in file order.
    pub examples: Vec<RowNote>,
    /// How many rows have each reason, exactly.
    pub counts: BTreeMap<Reason, u64>,
    /// Refused lines with their first reason, and those the user left out, in file order; the first
    /// 4 million.
    #[serde(skip)]
    pub refused: Vec<(u32, Reason)>,
    /// Staged lines that have a warning, with their first, in file order.
    #[serde(skip)]
    pub warned: Vec<(u32, Reason)>,
}

impl Notes {
    /// Adds a note about a cell of the row.
    #[cold]
    pub(crate) fn add(&mut self, row: &Row, column: Option<usize>, reason: Reason) {
        let value = column.map_or("", |c| row.get(c));
        self.add_text(row.line, column, value, reason, None);
    }
    #[cold]
    pub(crate) fn add_text(
        &mut self,
        line: u32,
        column: Option<usize>,
        value: &str,
        reason: Reason,
        other_line: Option<u32>,
    ) {
        let count = self.counts.entry(reason).or_default();
        *count += 1;
        if *count <= NOTES_PER_REASON as u64 {
            let value = value.chars().take(NOTE_CHARS).collect();
            let column = column.map(|c| c as u32);
            self.examples.push(RowNote {
                line,
                column,
                value,
                reason,
                other_line,
            });
        }
        let has = |list: &[(u32, Reason)]| list.last().is_some_and(|(l, _)| *l == line);
        match reason.severity() {
            Severity::Warned if !has(&self.warned) => self.warned.push((line, reason)),
            Severity::Refused if has(&self.warned) => _ = self.warned.pop(),
            _ => {}
        }
        let kept_out = reason.severity() == Severity::Refused || reason == Reason::LeftOut;
        if kept_out && !has(&self.refused) && self.refused.len() < MAX_REFUSED_LINES {
            self.refused.push((line, reason));
        }
    }
    /// Whether the row staged last has a warning.
    pub(crate) fn has_warned(&self, line: u32) -> bool {
        self.warned.last().is_some_and(|(l, _)| *l == line)
    }
    /// Rows with a reason.
    pub fn count(&self, reason: Reason) -> u64 {
        self.counts.get(&reason).copied().unwrap_or(0)
    }
}
