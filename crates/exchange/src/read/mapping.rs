//! Which column means what: the fields, and a mapping that can be shown, corrected and kept.

use super::limits::MAX_COLUMNS;
use serde::{Deserialize, Serialize};

/// What a column of a receivables file can mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum Field {
    Entity,
    CustomerNumber,
    CustomerName,
    Country,
    Segment,
    /// The debtor's time zone.
    Zone,
    /// Parent customer's number.
    Parent,
    CreditLimit,
    Collector,
    AccountManager,
    /// Document number: the item's key.
    Number,
    /// Line or instalment of the document.
    Line,
    FiscalYear,
    DocType,
    DocDate,
    PostingDate,
    BaselineDate,
    DueDate,
    /// Days of credit as a bare number.
    TermsDays,
    Terms,
    ClearingDate,
    ClearingDoc,
    LastPayment,
    AgingAnchor,
    Currency,
    /// Original amount in document currency.
    Amount,
    /// Amount still open in document currency.
    OpenAmount,
    /// Paid so far: open = amount - paid where no open column is.
    Paid,
    Debit,
    Credit,
    /// D/C, S/H, +/-: which side the amount is on.
    DebitCredit,
    LocalAmount,
    LocalCurrency,
    GroupAmount,
    GroupCurrency,
    Tax,
    /// The number the customer knows.
    Reference,
    Po,
    Contract,
    Status,
    Reason,
    Text,
    ReceivableType,
    ContactName,
    Role,
    Mailbox,
    Phone,
    Language,
    PaymentNumber,
    PaymentDate,
    PaymentAmount,
    PaymentMethod,
    /// Month (or first day) of a sales figure.
    Month,
    SalesAmount,
    /// Kept as a text of the item under the column's own header.
    Keep,
    /// Left out: icons, row ordinals, columns without a header or content.
    Ignore,
}

impl Field {
    /// Whether cells must be dates.
    pub fn is_date(self) -> bool {
        use Field::*;
        matches!(
            self,
            DocDate
                | PostingDate
                | BaselineDate
                | DueDate
                | ClearingDate
                | LastPayment
                | AgingAnchor
                | PaymentDate
        )
    }
    /// Whether cells must be amounts.
    pub fn is_amount(self) -> bool {
        use Field::*;
        matches!(
            self,
            Amount
                | OpenAmount
                | Paid
                | Debit
                | Credit
                | LocalAmount
                | GroupAmount
                | Tax
                | PaymentAmount
                | SalesAmount
                | CreditLimit
        )
    }
    /// Whether several columns may carry it.
    pub fn repeats(self) -> bool {
        matches!(self, Field::Keep | Field::Ignore)
    }
}

/// Why a column got its field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MappedBy {
    /// The header is in the synonym table as it stands.
    Synonym,
    /// The header begins or ends with words of the table.
    Words,
    /// The header is nearly one of the table.
    Similar,
    /// The values decided (a column of ISO codes, say).
    Values,
    /// The user, now or at an earlier import of this source.
    User,
    /// Nothing fitted: kept as it is.
    Nothing,
}

/// One column's meaning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnMap {
    /// Header as the file writes it.
    pub header: String,
    /// What it means.
    pub field: Field,
    /// Per mille.
    pub confidence: u16,
    /// Why.
    pub by: MappedBy,
}

/// The meaning of every column, in file order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mapping {
    /// The columns.
    pub columns: Vec<ColumnMap>,
}

impl Mapping {
    /// The column of a field.
    pub fn column(&self, field: Field) -> Option<usize> {
        self.columns.iter().position(|c| c.field == field)
    }
    /// Whether a field is there.
    pub fn has(&self, field: Field) -> bool {
        self.column(field).is_some()
    }
    /// The header of a column.
    pub fn header(&self, column: usize) -> &str {
        self.columns.get(column).map_or("", |c| c.header.as_str())
    }
    /// Gives a column a field by hand; the column that had it is kept as text.
    pub fn set(&mut self, column: usize, field: Field) {
        if column >= self.columns.len().min(MAX_COLUMNS) {
            return;
        }
        if !field.repeats() {
            for other in self.columns.iter_mut().filter(|c| c.field == field) {
                other.field = Field::Keep;
                other.by = MappedBy::User;
            }
        }
        let map = &mut self.columns[column];
        (map.field, map.confidence, map.by) = (field, 1000, MappedBy::User);
    }
    /// What a user may set by header, e.g. from a remembered mapping; unknown headers are skipped.
    pub fn apply_remembered(&mut self, chosen: &[(String, Field)]) {
        for (header, field) in chosen {
            if let Some(at) = self.columns.iter().position(|c| c.header == *header) {
                self.set(at, *field);
            }
        }
    }
    /// The mapping as header and field, to be kept with the source.
    pub fn remembered(&self) -> Vec<(String, Field)> {
        self.columns
            .iter()
            .map(|c| (c.header.clone(), c.field))
            .collect()
    }
}
