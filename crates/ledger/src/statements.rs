//! Bank statements: what an account shows line by line, and what became of each line.

use crate::book::Book;
use crate::command::RecordReceipt;
use crate::facts::Cause;
use crate::ids::*;
use crate::keys::{FactKey, ItemKey};
use duebook_money::{Currency, Day};
use minicbor::{Decode, Encode};
use std::collections::BTreeMap;

/// What a line of a statement is, as far as the bank says. Stored; never renumber.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum LineKind {
    /// Money that somebody paid in.
    #[n(0)]
    Receipt,
    /// Cheques or a lockbox paid in.
    #[n(1)]
    Cheques,
    /// Direct debits that the holder drew.
    #[n(2)]
    Collection,
    /// Cards or a payment service settled, net of fees.
    #[n(3)]
    Cards,
    /// Money that the holder paid out.
    #[n(4)]
    Payment,
    /// A receipt that the bank took back.
    #[n(5)]
    ReceiptReturned,
    /// A payment of the holder's that came back.
    #[n(6)]
    PaymentReturned,
    /// The bank's charges, or their refund.
    #[n(7)]
    Charges,
    /// Interest.
    #[n(8)]
    Interest,
    /// Between the holder's own accounts.
    #[n(9)]
    Transfer,
    /// The bank's own correction.
    #[n(10)]
    Correction,
    /// Tax.
    #[n(11)]
    Tax,
    /// The bank does not say.
    #[n(12)]
    Unknown,
}

impl LineKind {
    /// Whether money in of this kind is likely a customer's.
    pub fn is_customer_money(self) -> bool {
        use LineKind::*;
        matches!(self, Receipt | Cheques | Collection | Unknown)
    }
}

/// A document that the payer says a line pays. Amounts are minor units of the line.
#[derive(Debug, Clone, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PaidDocument {
    /// Number named.
    #[n(0)]
    pub reference: String,
    /// Amount before anything was taken off.
    #[n(1)]
    pub gross: Option<i64>,
    /// Discount taken, positive.
    #[n(2)]
    pub discount: i64,
    /// Deducted for another reason, positive; added, negative.
    #[n(3)]
    pub adjustment: i64,
    /// What is paid for it; negative for a credit taken.
    #[n(4)]
    pub paid: Option<i64>,
    /// Words beside it.
    #[n(5)]
    pub note: String,
}

/// One movement of an account: an entry, or one payment of an entry booked as a batch. Texts are
/// the bank's, empty where it gave none.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct StatementLine {
    /// The bank's id of it: equal amounts of different ids are different money.
    #[n(0)]
    pub bank_id: String,
    /// Booked on.
    #[n(1)]
    pub booked: Day,
    /// Counts from.
    #[n(2)]
    pub value: Day,
    /// Minor units, signed as an effect on the account.
    #[n(3)]
    pub amount: i64,
    /// Who stands on the other side.
    #[n(4)]
    pub payer: String,
    /// Its account.
    #[n(5)]
    pub payer_account: String,
    /// Our number for the customer, or the virtual account paid into.
    #[n(6)]
    pub customer_ref: String,
    /// References in fields of their own.
    #[n(7)]
    pub references: Vec<String>,
    /// Everything else written about it.
    #[n(8)]
    pub text: String,
    /// What it is.
    #[n(9)]
    pub kind: LineKind,
    /// The bank marks it as taking an earlier one back.
    #[n(10)]
    pub reversal: bool,
    /// What the payer says it pays.
    #[n(11)]
    pub documents: Vec<PaidDocument>,
    /// The bank's code for it, as written.
    #[n(12)]
    pub code: String,
    /// Line in the file, from 1.
    #[n(13)]
    pub row: u32,
    /// By what it is known again within its account: made by [`identify`] when it comes in.
    #[n(14)]
    pub key: String,
}

/// A statement beside its lines.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct StatementFacts {
    /// IBAN or number of the account.
    #[n(0)]
    pub account: String,
    /// Its currency, that of every line.
    #[n(1)]
    pub currency: Currency,
    /// The bank's number of the statement and its page; empty where it has none.
    #[n(2)]
    pub number: String,
    /// First day.
    #[n(3)]
    pub from: Option<Day>,
    /// Last day.
    #[n(4)]
    pub to: Option<Day>,
    /// Booked balance before, minor units.
    #[n(5)]
    pub opening: Option<i64>,
    /// Booked balance after, minor units.
    #[n(6)]
    pub closing: Option<i64>,
    /// The file's name.
    #[n(7)]
    pub file: String,
    /// Format, by its short name.
    #[n(8)]
    pub format: String,
    /// Entries of the file that could not be read, or are not booked.
    #[n(9)]
    pub left_out: u64,
}

/// How a line is named: account, currency, and [`StatementLine::key`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(map)]
pub struct LineKey {
    /// Account.
    #[n(0)]
    pub account: String,
    /// Currency.
    #[n(1)]
    pub currency: Currency,
    /// Within it.
    #[n(2)]
    pub line: String,
}

/// By which rule money was matched (domain.md §5.2, §5.7): said with what is accepted, so that it
/// is known for ever. Stored; never renumber.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum MatchRule {
    /// A reference in a field of its own.
    #[n(0)]
    Structured,
    /// Named in the text, and the amounts agree.
    #[n(1)]
    Named,
    /// Named, and the amount differs.
    #[n(2)]
    NamedDiffers,
    /// Named a little differently.
    #[n(3)]
    Similar,
    /// Several payments together.
    #[n(4)]
    Together,
    /// One open item has exactly this amount.
    #[n(5)]
    OneItem,
    /// All that is open.
    #[n(6)]
    Balance,
    /// All that is past due.
    #[n(7)]
    PastDue,
    /// All that falls due on one day.
    #[n(8)]
    DueDay,
    /// One item less its discount.
    #[n(9)]
    Discounted,
    /// One item less tax withheld.
    #[n(10)]
    Withheld,
    /// The only set of items of this sum.
    #[n(11)]
    Sum,
    /// Within the tolerance.
    #[n(12)]
    Tolerated,
    /// Near the amount in another currency.
    #[n(13)]
    OtherCurrency,
    /// Laid out by an allocation policy.
    #[n(14)]
    Allocated,
    /// Laid out by hand.
    #[n(15)]
    ByHand,
    /// By a remittance advice.
    #[n(16)]
    Advice,
}

/// A line of a statement, or a part of it, as a receipt.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct AcceptedMatch {
    /// The line.
    #[n(0)]
    pub line: LineKey,
    /// The money and what it pays.
    #[n(1)]
    pub receipt: RecordReceipt,
    /// Credits that the payer took with it: credit, item, minor units, positive.
    #[n(2)]
    pub credits: Vec<(ItemKey, ItemKey, i64)>,
    /// What is let go with it: item, cause, minor units, positive.
    #[n(3)]
    pub granted: Vec<(ItemKey, Cause, i64)>,
    /// Accepted as proposed, with all others that may post by themselves.
    #[n(4)]
    pub auto: bool,
    /// By which rule.
    #[n(5)]
    pub rule: Option<MatchRule>,
    /// What stays open of an item because it is contested: item, minor units, code of the reason. A
    /// case is taken down for it in the same commit.
    #[n(6)]
    #[cbor(default)]
    pub contested: Vec<(ItemKey, i64, String)>,
    /// Parts of the money that go over to receipts of their own: in another currency.
    #[n(7)]
    #[cbor(default)]
    pub onward: Vec<crate::recon::Onward>,
}

/// What a line is that is no new receipt.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Explanation {
    /// No customer's money; why.
    #[n(0)]
    NotCustomerMoney(#[n(0)] String),
    /// A receipt that is in the book.
    #[n(1)]
    Receipt(#[n(0)] ItemKey),
    /// The bank took this receipt back.
    #[n(2)]
    Returned {
        /// The receipt.
        #[n(0)]
        receipt: ItemKey,
        /// From when.
        #[n(1)]
        effective: Day,
    },
}

/// What (a part of) a line is.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum LineUse {
    /// This receipt.
    #[n(0)]
    Receipt(#[n(0)] ItemId),
    /// No customer's money; why.
    #[n(1)]
    NotCustomerMoney(#[n(0)] String),
    /// This receipt, taken back by the bank.
    #[n(2)]
    Returned(#[n(0)] ItemId),
}

/// A part of a line with what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinePart {
    /// Commit that said so.
    pub commit: Seq,
    /// Which line.
    pub line: LineId,
    /// Minor units, signed like the line.
    pub amount: i64,
    /// What it is.
    pub by: LineUse,
    /// It was accepted as proposed, with all others that may post by themselves.
    pub auto: bool,
    /// By which rule, where one was said.
    pub rule: Option<MatchRule>,
}

/// A statement that came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Commit.
    pub commit: Seq,
    /// Its name in addresses.
    pub key: FactKey,
    /// What it says.
    pub facts: StatementFacts,
    /// Its lines in the order of booking, those that an earlier statement had shown included.
    pub lines: Vec<LineId>,
}

/// A line as it came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownLine {
    /// Commit.
    pub commit: Seq,
    /// Place of the first statement that showed it.
    pub statement: u32,
    /// What it says.
    pub fact: StatementLine,
}

/// All statements of a book, dead ones included.
#[derive(Debug, Clone, Default)]
pub struct Statements {
    pub(crate) statements: Vec<Statement>,
    pub(crate) lines: Vec<KnownLine>,
    pub(crate) by_key: BTreeMap<LineKey, Vec<LineId>>,
    pub(crate) parts: Vec<LinePart>,
    pub(crate) parts_of: BTreeMap<LineId, Vec<u32>>,
    pub(crate) of_item: BTreeMap<ItemId, Vec<u32>>,
}

impl Book {
    /// Statements known now, in log order, each with its place.
    pub fn statements(&self) -> impl Iterator<Item = (usize, &Statement)> + '_ {
        let all = self.statements.statements.iter().enumerate();
        all.filter(|(_, s)| self.is_live(s.commit))
    }
    /// A line, dead ones included.
    pub fn line(&self, id: LineId) -> Option<&KnownLine> {
        self.statements.lines.get(id.index())
    }
    /// The statement that first showed a line.
    pub fn statement_of(&self, id: LineId) -> Option<&Statement> {
        let line = self.line(id)?;
        self.statements.statements.get(line.statement as usize)
    }
    /// A line's natural key.
    pub fn line_key(&self, id: LineId) -> Option<LineKey> {
        let facts = &self.statement_of(id)?.facts;
        Some(LineKey {
            account: facts.account.clone(),
            currency: facts.currency,
            line: self.line(id)?.fact.key.clone(),
        })
    }
    /// The line of a natural key that is known now.
    pub fn find_line(&self, key: &LineKey) -> Option<LineId> {
        let all = self.statements.by_key.get(key)?;
        let live = |id: &&LineId| self.line(**id).is_some_and(|l| self.is_live(l.commit));
        all.iter().find(live).copied()
    }
    /// What is said of a line, as known now.
    pub fn line_parts(&self, id: LineId) -> impl Iterator<Item = &LinePart> + '_ {
        let of = self.statements.parts_of.get(&id);
        let parts = of.into_iter().flatten();
        let parts = parts.filter_map(|n| self.statements.parts.get(*n as usize));
        parts.filter(|p| self.is_live(p.commit))
    }
    /// What was ever said of a line, undone or not.
    pub fn line_parts_ever(&self, id: LineId) -> impl Iterator<Item = &LinePart> + '_ {
        let of = self.statements.parts_of.get(&id);
        let parts = of.into_iter().flatten();
        parts.filter_map(|n| self.statements.parts.get(*n as usize))
    }
    /// What of a line nobody has said anything of, minor units, signed like it.
    pub fn line_rest(&self, id: LineId) -> i64 {
        let amount = self.line(id).map_or(0, |l| l.fact.amount);
        let said: i128 = self.line_parts(id).map(|p| i128::from(p.amount)).sum();
        // Parts never exceed their line.
        (i128::from(amount) - said) as i64
    }
    /// The parts of lines that are a receipt, or its return, as known now.
    pub fn lines_of_receipt(&self, id: ItemId) -> impl Iterator<Item = &LinePart> + '_ {
        let of = self.statements.of_item.get(&id);
        let parts = of.into_iter().flatten();
        let parts = parts.filter_map(|n| self.statements.parts.get(*n as usize));
        parts.filter(|p| self.is_live(p.commit))
    }
    /// Every part of a line that is known now, in log order.
    pub fn all_line_parts(&self) -> impl Iterator<Item = &LinePart> + '_ {
        let parts = self.statements.parts.iter();
        parts.filter(|p| self.is_live(p.commit))
    }
}

/// Gives each line of a statement the key by which it is known again. With an id of the bank that
/// is the id, day and amount; without one, the statement's number, day, amount and what is written.
/// Lines that agree in all of it are told apart by their order.
pub fn identify(facts: &StatementFacts, lines: &mut [StatementLine]) {
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    for line in lines {
        let (day, amount) = (line.booked.0, line.amount);
        let base = if line.bank_id.trim().is_empty() {
            let mut hash = blake3::Hasher::new();
            let texts = [&line.payer, &line.payer_account, &line.text];
            for text in texts.into_iter().chain(&line.references) {
                hash.update(text.trim().as_bytes());
                hash.update(&[0]);
            }
            let written = hash.finalize().to_hex();
            format!("{}/{day}/{amount}/{}", facts.number, &written[..16])
        } else {
            format!("id {}/{day}/{amount}", line.bank_id.trim())
        };
        let turn = seen.entry(base.clone()).or_default();
        *turn += 1;
        line.key = if *turn == 1 {
            base
        } else {
            format!("{base}#{turn}")
        };
    }
}
