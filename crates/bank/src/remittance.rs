//! Remittance advices: what a payer says a payment pays.

use crate::statement::Party;
use duebook_money::{Currency, Day, Money};

/// What a line of a remittance is about.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum DocumentKind {
    /// An invoice.
    #[default]
    Invoice,
    /// A credit note: reduces what is paid.
    CreditNote,
    /// A debit note.
    DebitNote,
    /// A purchase order of the payer.
    PurchaseOrder,
    /// A contract, account or customer number: no single document.
    Account,
    /// An adjustment of the whole, without a document.
    Adjustment,
    /// Any other, under its code in the format.
    Other(String),
}

/// A part of the amount that was not paid, or was paid on top, with its reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adjustment {
    /// Signed as an effect on what is paid: a deduction is negative.
    pub amount: Money,
    /// Reason code as written.
    pub code: String,
    /// In words.
    pub text: String,
}

/// One line of a remittance: a document and what was paid of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RemitLine {
    /// Line in the file, from 1.
    pub line: u32,
    /// The number as written.
    pub reference: String,
    /// What it is.
    pub kind: DocumentKind,
    /// Date of the document.
    pub date: Option<Day>,
    /// Amount of the document; a credit note's is negative.
    pub gross: Option<Money>,
    /// Discount taken, positive.
    pub discount: Option<Money>,
    /// Tax withheld, positive.
    pub withheld: Option<Money>,
    /// Further differences.
    pub adjustments: Vec<Adjustment>,
    /// What was paid of it, signed: a credit taken is negative. `None`: the payer does not say.
    pub paid: Option<Money>,
    /// Further numbers: purchase order, bill of lading, as (qualifier, number).
    pub others: Vec<(String, String)>,
    /// Words beside it.
    pub text: String,
}

/// How the money comes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Method {
    /// Transfer, ACH.
    Transfer,
    /// Wire.
    Wire,
    /// Cheque.
    Cheque,
    /// Nothing is paid: all is set off, or the advice is for information.
    None,
    /// Any other, or not said.
    #[default]
    Unknown,
}

/// One payment and what it pays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remittance {
    /// Line in the file where it begins, from 1.
    pub line: u32,
    /// Who pays.
    pub payer: Party,
    /// Who is paid.
    pub payee: Party,
    /// Trace number, end-to-end id or payment number: what the bank statement will show.
    pub trace: Option<String>,
    /// Cheque number.
    pub cheque: Option<String>,
    /// The advice's own id: message, lockbox with batch and item.
    pub id: Option<String>,
    /// Day of the payment.
    pub date: Option<Day>,
    /// Day the bank took it in, for a lockbox.
    pub deposited: Option<Day>,
    /// How the money comes.
    pub method: Method,
    /// Currency.
    pub currency: Currency,
    /// What is paid in all; `None`: the advice does not say.
    pub total: Option<Money>,
    /// Documents in the order of the file.
    pub lines: Vec<RemitLine>,
    /// Words about the whole.
    pub text: String,
}

impl Remittance {
    pub(crate) fn new(line: u32, currency: Currency) -> Remittance {
        Remittance {
            line,
            payer: Party::default(),
            payee: Party::default(),
            trace: None,
            cheque: None,
            id: None,
            date: None,
            deposited: None,
            method: Method::Unknown,
            currency,
            total: None,
            lines: Vec::new(),
            text: String::new(),
        }
    }
    /// Sum of what the lines say was paid, signed minor units; `None` where a line does not say.
    pub fn paid(&self) -> Option<i128> {
        let mut sum = 0;
        for line in &self.lines {
            sum += i128::from(line.paid?.minor);
        }
        (!self.lines.is_empty()).then_some(sum)
    }
}
