//! Money that came in, as the statement or the remittance tells it.

use duebook_money::{Currency, Day};

/// One receipt. Texts are as the bank sent them, empty where it sent none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The bank's own id of the entry: equal amounts of different ids are different money.
    pub bank_id: String,
    /// The day the money counts from.
    pub value_date: Day,
    /// Its currency.
    pub currency: Currency,
    /// Minor units; negative for money that went back.
    pub amount: i64,
    /// Who paid, by name.
    pub payer_name: String,
    /// Who paid, by account: IBAN, account number, UPI address.
    pub payer_account: String,
    /// Our number for the customer, or the virtual account paid into, where the payment carries it.
    pub customer_ref: String,
    /// References in a field of their own: RF references, `RfrdDocInf` numbers, EDI lines.
    pub references: Vec<String>,
    /// Everything else written about it.
    pub text: String,
    /// Remittance lines, in order.
    pub lines: Vec<RemittanceLine>,
}

impl Receipt {
    /// A receipt of which only the money is known.
    pub fn of(amount: i64, currency: Currency, value_date: Day) -> Receipt {
        Receipt {
            bank_id: String::new(),
            value_date,
            currency,
            amount,
            payer_name: String::new(),
            payer_account: String::new(),
            customer_ref: String::new(),
            references: Vec::new(),
            text: String::new(),
            lines: Vec::new(),
        }
    }
    /// The text that a piece of evidence points into.
    pub fn part(&self, part: TextPart) -> &str {
        let line = |n: u16| self.lines.get(usize::from(n));
        match part {
            TextPart::Text => &self.text,
            TextPart::Reference(n) => self
                .references
                .get(usize::from(n))
                .map_or("", String::as_str),
            TextPart::LineReference(n) => line(n).map_or("", |l| &l.reference),
            TextPart::LineNote(n) => line(n).map_or("", |l| &l.note),
            TextPart::PayerName => &self.payer_name,
            TextPart::PayerAccount => &self.payer_account,
            TextPart::CustomerRef => &self.customer_ref,
        }
    }
}

/// What the payer says a part of the money is for. Amounts are minor units of the receipt.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RemittanceLine {
    /// Number named.
    pub reference: String,
    /// Amount of the document before anything was taken off.
    pub gross: Option<i64>,
    /// Discount taken, a positive amount.
    pub discount: i64,
    /// Deducted (positive) or added (negative) for another reason.
    pub adjustment: i64,
    /// What is paid for it; negative for a credit taken.
    pub paid: Option<i64>,
    /// Words beside it.
    pub note: String,
}

/// Which text of a receipt is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TextPart {
    /// [`Receipt::text`].
    Text,
    /// One of [`Receipt::references`].
    Reference(u16),
    /// The reference of a remittance line.
    LineReference(u16),
    /// The note of a remittance line.
    LineNote(u16),
    /// [`Receipt::payer_name`].
    PayerName,
    /// [`Receipt::payer_account`].
    PayerAccount,
    /// [`Receipt::customer_ref`].
    CustomerRef,
}
