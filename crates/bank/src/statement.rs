//! Statements and their entries, the same for every format.

use crate::reference::Reference;
use crate::remittance::RemitLine;
use duebook_money::{Currency, Day, Money};
use rust_decimal::Decimal;

/// What a statement is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum StatementKind {
    /// Booked entries with balances: camt.053, MT940, BAI2 prior day, OFX, QIF, tables.
    #[default]
    Booked,
    /// Intraday: may change and comes again booked. camt.052, MT942, BAI2 same day.
    Intraday,
    /// Details of entries that a booked statement holds as well: camt.054. Never booked beside it.
    Notification,
}

/// The account of a statement, or of a party.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Account {
    /// IBAN without blanks, where one is given (also under another element's name) and its shape fits.
    pub iban: Option<String>,
    /// The number as written, where it is no IBAN.
    pub number: Option<String>,
    /// Name of the account, or its type.
    pub name: Option<String>,
    /// BIC, sort code, routing number or bank code.
    pub bank: Option<String>,
}

impl Account {
    /// An account number as written: an IBAN if its shape fits, else another number.
    pub fn of(text: &str) -> Account {
        let plain: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        if crate::reference::iban_shaped(&plain) {
            return Account {
                iban: Some(plain.to_ascii_uppercase()),
                ..Account::default()
            };
        }
        let number = text.trim();
        Account {
            number: (!number.is_empty()).then(|| number.to_owned()),
            ..Account::default()
        }
    }
    /// IBAN or number.
    pub fn id(&self) -> Option<&str> {
        self.iban.as_deref().or(self.number.as_deref())
    }
    pub(crate) fn is_empty(&self) -> bool {
        self.id().is_none() && self.bank.is_none() && self.name.is_none()
    }
}

/// Which balance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BalanceKind {
    /// Booked, at the start (of this page, where a statement comes in pages).
    Opening,
    /// Booked, at the end (of this page).
    Closing,
    /// Booked, at a moment within the day.
    Interim,
    /// Available at the end, or now.
    Available,
    /// Available at the start.
    OpeningAvailable,
    /// Available on a later day.
    Forward,
    /// Any other, under its code in the format.
    Other(String),
}

/// A balance, signed: what the bank owes the holder is positive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Balance {
    /// Which.
    pub kind: BalanceKind,
    /// Its day.
    pub date: Option<Day>,
    /// The amount, signed.
    pub amount: Money,
}

/// One statement (or one page of it) of one account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Line in the file where it begins, from 1.
    pub line: u32,
    /// What it is for.
    pub kind: StatementKind,
    /// The account.
    pub account: Account,
    /// Name of the account's holder.
    pub owner: Option<String>,
    /// Name of the bank.
    pub bank_name: Option<String>,
    /// Currency of the account.
    pub currency: Currency,
    /// The statement's own id.
    pub id: Option<String>,
    /// Its number, counted by the bank.
    pub number: Option<String>,
    /// Page or sequence within the number.
    pub page: Option<String>,
    /// First and last day it covers, where written.
    pub period: (Option<Day>, Option<Day>),
    /// Words of the bank about the whole.
    pub text: String,
    /// Balances in the order of the file.
    pub balances: Vec<Balance>,
    /// Entries in the order of the file.
    pub entries: Vec<Entry>,
}

impl Statement {
    pub(crate) fn new(line: u32, kind: StatementKind, currency: Currency) -> Statement {
        Statement {
            line,
            kind,
            account: Account::default(),
            owner: None,
            bank_name: None,
            currency,
            id: None,
            number: None,
            page: None,
            period: (None, None),
            text: String::new(),
            balances: Vec::new(),
            entries: Vec::new(),
        }
    }
    /// The first booked opening balance.
    pub fn opening(&self) -> Option<&Balance> {
        self.balances
            .iter()
            .find(|b| b.kind == BalanceKind::Opening)
    }
    /// The last booked closing balance.
    pub fn closing(&self) -> Option<&Balance> {
        self.balances
            .iter()
            .rev()
            .find(|b| b.kind == BalanceKind::Closing)
    }
    /// Sum of the booked entries in the account's currency, signed minor units.
    pub fn movements(&self) -> i128 {
        (self.entries.iter())
            .filter(|e| e.status == Status::Booked && e.amount.currency == self.currency)
            .map(|e| i128::from(e.amount.minor))
            .sum()
    }
}

/// How final an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Status {
    /// Booked.
    #[default]
    Booked,
    /// Pending: not money yet.
    Pending,
    /// For information: will not, or need not, be booked by this message.
    Information,
    /// Booked for a later day.
    Future,
}

/// What an entry is, as far as the bank says. Only [`EntryKind::Receipt`],
/// [`EntryKind::Cheques`] and [`EntryKind::Collection`] are likely customer money.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum EntryKind {
    /// Money that someone else paid in.
    Receipt,
    /// Cheques or a lockbox paid in: one entry for several payers.
    Cheques,
    /// Direct debits that the holder drew.
    Collection,
    /// Cards or a payment service settled: one entry for many customers, net of fees.
    Cards,
    /// Money that the holder paid out.
    Payment,
    /// A receipt taken back: cheque returned, direct debit returned (re-opens invoices).
    ReceiptReturned,
    /// A payment of the holder's that came back: a credit, but no customer's money.
    PaymentReturned,
    /// The bank's own charges and fees, or their refund.
    Charges,
    /// Interest, credited or debited.
    Interest,
    /// Between the holder's own accounts: sweep, pool, transfer, loan.
    Transfer,
    /// A booking that takes an earlier one back, by the bank's own correction.
    Correction,
    /// Tax.
    Tax,
    /// No amount, or a total of other entries: for information.
    Information,
    /// The bank does not say.
    #[default]
    Unknown,
}

/// A batch of transactions booked as one entry.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Batch {
    /// Id of the message that held the batch.
    pub message: Option<String>,
    /// Id of the batch in that message.
    pub id: Option<String>,
    /// How many transactions.
    pub count: Option<u32>,
    /// Their total as written, signed like the entry.
    pub total: Option<Money>,
}

/// A charge the bank took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Charge {
    /// Signed as an effect on the account: a charge is negative.
    pub amount: Money,
    /// Whether the entry's amount is after this charge, where the bank says.
    pub included: Option<bool>,
    /// Who bears it, or what it is for, as written.
    pub text: String,
}

/// An amount in another currency, with the rate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    /// The currency of the other amount, or of the rate's unit.
    pub source: Option<Currency>,
    /// The currency it was turned into.
    pub target: Option<Currency>,
    /// The rate as written.
    pub rate: Option<Decimal>,
}

/// A party: payer, payee, or who stands behind one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Party {
    /// Name.
    pub name: Option<String>,
    /// Account.
    pub account: Account,
    /// Another id (customer number, tax id, creditor id).
    pub id: Option<String>,
}

impl Party {
    /// Nothing is known.
    pub fn is_empty(&self) -> bool {
        self.name.is_none() && self.id.is_none() && self.account.is_empty()
    }
}

/// Why a payment came back.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Return {
    /// ISO code (`AC04`, `MD06`, `AM04`) or the bank's.
    pub code: String,
    /// In words.
    pub text: String,
}

/// One transaction of an entry. An entry without details in the file has one made of what it has
/// itself, unless it has nothing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Detail {
    /// Signed as an effect on the account; `None` where the file gives none of its own.
    pub amount: Option<Money>,
    /// Who paid (the holder himself for money out).
    pub payer: Party,
    /// Who was paid.
    pub payee: Party,
    /// For whom the payer paid, or who stands behind the payee.
    pub ultimate_payer: Party,
    /// See `ultimate_payer`.
    pub ultimate_payee: Party,
    /// End-to-end id; `NOTPROVIDED` and the like are none.
    pub end_to_end: Option<String>,
    /// The bank's id of the transaction.
    pub transaction: Option<String>,
    /// The payer's or our own further ids: instruction, customer reference, UTR.
    pub customer_reference: Option<String>,
    /// Direct debit mandate.
    pub mandate: Option<String>,
    /// Cheque number.
    pub cheque: Option<String>,
    /// References with a structure: RF, QR, ISR, payment ids.
    pub references: Vec<Reference>,
    /// Documents that the payer says it pays, with amounts (`RfrdDocInf`).
    pub documents: Vec<RemitLine>,
    /// Free text, put together where the bank cut it.
    pub text: String,
    /// What the payer ordered, where it differs from what came.
    pub instructed: Option<Money>,
    /// Exchange, where there was one.
    pub exchange: Option<Exchange>,
    /// Charges on this transaction.
    pub charges: Vec<Charge>,
    /// Why it came back, where it did.
    pub returned: Option<Return>,
    /// Purpose code.
    pub purpose: Option<String>,
}

/// One line of a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Line in the file where it begins, from 1.
    pub line: u32,
    /// Day it was booked.
    pub booked: Option<Day>,
    /// Day from which it counts for interest.
    pub value: Option<Day>,
    /// Signed as an effect on the account: money in is positive, also when it is a reversal.
    pub amount: Money,
    /// How final it is.
    pub status: Status,
    /// The bank marks it as a reversal of an earlier entry. The sign is the effect already.
    pub reversal: bool,
    /// What it is.
    pub kind: EntryKind,
    /// Transaction code as written: `PMNT/RCDT/ESCT`, `NTRF`, `142`, `CREDIT`.
    pub code: String,
    /// The bank's id of the entry (`AcctSvcrRef`, `//` part of `:61:`, `FITID`, BAI2 bank reference).
    pub bank_reference: Option<String>,
    /// The holder's or payer's reference (`NtryRef`, customer part of `:61:`).
    pub reference: Option<String>,
    /// The batch, where the entry is one.
    pub batch: Option<Batch>,
    /// Charges on the entry as a whole.
    pub charges: Vec<Charge>,
    /// The balance after it as the file states it, signed.
    pub balance_after: Option<Money>,
    /// Words of the bank about the entry.
    pub text: String,
    /// Its transactions.
    pub details: Vec<Detail>,
}

impl Entry {
    pub(crate) fn new(line: u32, amount: Money) -> Entry {
        Entry {
            line,
            booked: None,
            value: None,
            amount,
            status: Status::Booked,
            reversal: false,
            kind: EntryKind::Unknown,
            code: String::new(),
            bank_reference: None,
            reference: None,
            batch: None,
            charges: Vec::new(),
            balance_after: None,
            text: String::new(),
            details: Vec::new(),
        }
    }
    /// Who stands on the other side of a detail: the payer of money in, the payee of money out.
    /// A return runs the other way than its sign: the other party is whoever is not the holder, so
    /// where only one is named it is that one.
    pub fn counterparty<'a>(&self, detail: &'a Detail) -> &'a Party {
        let money_in = detail.amount.unwrap_or(self.amount).minor >= 0;
        let (first, second) = if money_in != (self.reversal || detail.returned.is_some()) {
            (&detail.payer, &detail.payee)
        } else {
            (&detail.payee, &detail.payer)
        };
        if first.is_empty() { second } else { first }
    }
    /// The kind by the sign alone, where nothing else tells.
    pub(crate) fn kind_by_sign(&mut self) {
        if self.kind == EntryKind::Unknown {
            self.kind = match (self.reversal, self.amount.minor) {
                (true, minor) if minor < 0 => EntryKind::ReceiptReturned,
                (true, _) => EntryKind::PaymentReturned,
                (false, 0) => EntryKind::Information,
                (false, minor) if minor > 0 => EntryKind::Receipt,
                (false, _) => EntryKind::Payment,
            };
        }
    }
}
