//! Reconciliation (domain.md §5.9): periods that were reconciled and locked, the register of breaks
//! (RC-03), and names of payers that are to be forgotten (CA-05).

mod command;
mod correct;
mod decide;
mod keep;
mod moved;
mod transfer;

pub use command::{ReconCommand, ReversalKind};
pub use moved::{MovedReceipt, PostedAt};
pub use transfer::{Onward, Transfer};

use crate::book::Book;
use crate::ids::*;
use crate::keys::{FactKey, ItemKey};
use crate::statements::LineKey;
use crate::versioned::Versioned;
use crate::violations::Violation;
use duebook_money::{Currency, Day};
use minicbor::{Decode, Encode};
use std::collections::BTreeMap;

/// Kind of the keys of locks, for [`FactKey::ordinal`].
const LOCK: u8 = 35;

/// What kind of difference a break is. Stored; never renumber.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum BreakKind {
    /// The bank shows it, the book does not.
    #[n(0)]
    InBankNotInBook,
    /// The book has it, no statement of those days shows it.
    #[n(1)]
    InBookNotInBank,
    /// Both have it, and the amounts differ.
    #[n(2)]
    AmountDiffers,
    /// It is in the book twice.
    #[n(3)]
    Duplicate,
    /// Bank and book have it in different periods.
    #[n(4)]
    WrongDate,
    /// A statement does not begin where the one before it ended.
    #[n(5)]
    StatementGap,
    /// Opening, movements and closing of a statement do not add up.
    #[n(6)]
    StatementSum,
    /// The subledger is not the control account.
    #[n(7)]
    Control,
    /// Figures of a locked period are not those it was locked with.
    #[n(8)]
    ChangedSinceLock,
    /// Anything else, said by hand.
    #[n(9)]
    Other,
}

/// What a break is about, in natural keys: said once, found again after every change of the book.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub enum BreakMatter {
    /// A line of a statement.
    #[n(0)]
    Line(#[n(0)] LineKey),
    /// A receipt of the book.
    #[n(1)]
    Receipt(#[n(0)] ItemKey),
    /// A statement: its account, currency and number.
    #[n(2)]
    Statement(#[n(0)] String, #[n(1)] Currency, #[n(2)] String),
    /// The control account of a day.
    #[n(3)]
    Control(#[n(0)] Currency, #[n(1)] Day),
    /// A locked period, one currency.
    #[n(4)]
    Lock(#[n(0)] FactKey, #[n(1)] Currency),
    /// What somebody named.
    #[n(5)]
    Other(#[n(0)] String),
}

/// A break as somebody wrote it into the register.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct BreakFacts {
    /// About what.
    #[n(0)]
    pub matter: BreakMatter,
    /// What kind.
    #[n(1)]
    pub kind: BreakKind,
    /// Currency.
    #[n(2)]
    pub currency: Currency,
    /// Minor units, signed: by how much our side is more.
    #[n(3)]
    pub amount: i64,
    /// From when it counts its age.
    #[n(4)]
    pub since: Day,
    /// Who clears it up.
    #[n(5)]
    pub owner: String,
    /// Expected to be cleared by.
    #[n(6)]
    pub expected: Option<Day>,
    /// Evidence and remarks.
    #[n(7)]
    pub note: String,
}

/// Figures of one currency as a period was locked with them, minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct LockedFigure {
    /// Currency.
    #[n(0)]
    pub currency: Currency,
    /// Open at the end of the day before the first, working figure.
    #[n(1)]
    pub opening: i64,
    /// Open at the end of the last day, working figure.
    #[n(2)]
    pub closing: i64,
    /// The same at source: without what is ours and not confirmed.
    #[n(3)]
    pub at_source: i64,
    /// The control account of the last day, where it was given.
    #[n(4)]
    pub control: Option<i64>,
}

impl LockedFigure {
    /// By how much the subledger was more than the control account; `None` where none was given.
    pub fn difference(&self) -> Option<i64> {
        Some(self.at_source.saturating_sub(self.control?))
    }
}

/// Whose name or account a payer's was, and is not to be taken for again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum PayerText {
    /// The name the bank shows.
    #[n(0)]
    Name,
    /// The account paid from.
    #[n(1)]
    Account,
}

/// What happened in reconciliation.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum ReconEvent {
    /// A period was locked.
    #[n(0)]
    PeriodLocked {
        /// First day.
        #[n(0)]
        from: Day,
        /// Last day.
        #[n(1)]
        to: Day,
        /// Its figures, by currency.
        #[n(2)]
        figures: Vec<LockedFigure>,
        /// What was said.
        #[n(3)]
        note: String,
        /// Breaks that were open.
        #[n(4)]
        breaks: u32,
    },
    /// A lock was lifted.
    #[n(1)]
    PeriodUnlocked {
        /// Which.
        #[n(0)]
        lock: FactKey,
        /// Why.
        #[n(1)]
        reason: String,
    },
    /// A break stands in the register.
    #[n(2)]
    BreakNoted(#[n(0)] BreakFacts),
    /// It was closed.
    #[n(3)]
    BreakClosed {
        /// About what.
        #[n(0)]
        matter: BreakMatter,
        /// What it was.
        #[n(1)]
        how: String,
    },
    /// A payer's name or account was forgotten.
    #[n(4)]
    AliasUnlearnt {
        /// Name or account.
        #[n(0)]
        kind: PayerText,
        /// Letters and digits of it, upper case.
        #[n(1)]
        text: String,
        /// Whom it stood for.
        #[n(2)]
        customer: CustomerId,
    },
    /// What is left of a receipt is held on account, or no longer.
    #[n(5)]
    ReceiptHeld {
        /// The receipt.
        #[n(0)]
        receipt: ItemKey,
        /// Why; empty: it is not held.
        #[n(1)]
        why: String,
    },
    /// A receipt is another customer's than it was posted to.
    #[n(6)]
    ReceiptMoved {
        /// Which.
        #[n(0)]
        receipt: ItemId,
        /// Whose it was.
        #[n(1)]
        from: CustomerId,
        /// Whose it is.
        #[n(2)]
        to: CustomerId,
        /// From which day.
        #[n(3)]
        effective: Day,
    },
    /// A part of a receipt went over to another: by the last settlement of the one in this commit.
    #[n(7)]
    ReceiptTransferred {
        /// Of which.
        #[n(0)]
        from: ItemId,
        /// To which: added by this commit.
        #[n(1)]
        to: ItemId,
    },
}

/// A locked period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lock {
    /// Commit.
    pub commit: Seq,
    /// Its name in addresses.
    pub key: FactKey,
    /// First day.
    pub from: Day,
    /// Last day.
    pub to: Day,
    /// Its figures, by currency.
    pub figures: Vec<LockedFigure>,
    /// What was said.
    pub note: String,
    /// Breaks that were open.
    pub breaks: u32,
    pub(crate) lifted: Versioned<String>,
}

impl Lock {
    /// Whether a day lies in it.
    pub fn holds(&self, day: Day) -> bool {
        self.from <= day && day <= self.to
    }
}

/// A break of the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotedBreak {
    /// What it says.
    pub facts: BreakFacts,
    /// What it was, where it is closed.
    pub closed: Option<String>,
}

/// What a commit did in reconciliation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Did<'a> {
    /// Locked a period.
    Locked(&'a Lock),
    /// Lifted a lock, for this reason.
    Unlocked(&'a Lock, &'a str),
    /// Noted or closed a break.
    Break(&'a NotedBreak),
    /// Held what is left of a receipt on account, for this reason; empty: no longer.
    Held(&'a ItemKey, &'a str),
    /// Forgot what confirmed matches taught of a payer: letters and digits of it.
    Unlearnt(&'a str),
    /// Moved a receipt to another customer.
    Moved(&'a MovedReceipt),
    /// Moved a part of a receipt on.
    Transferred(&'a Transfer),
}

/// All that reconciliation keeps.
#[derive(Debug, Clone, Default)]
pub struct Recon {
    pub(crate) locks: Vec<Lock>,
    pub(crate) breaks: BTreeMap<BreakMatter, Versioned<NotedBreak>>,
    /// By text and kind: when it was forgotten, and for whom.
    pub(crate) unlearnt: BTreeMap<(PayerText, String), Vec<(Seq, CustomerId)>>,
    /// Why what is left of receipts is held on account; empty: it is not.
    pub(crate) held: BTreeMap<ItemKey, Versioned<String>>,
    /// Receipts that were moved to another customer, in log order.
    pub(crate) moved: Vec<MovedReceipt>,
    /// Parts of receipts that went over to others, by the receipt they went to.
    pub(crate) transfers: BTreeMap<ItemId, Transfer>,
    /// The same by the settlement that took it off.
    pub(crate) transferred_by: BTreeMap<SettlementId, ItemId>,
}

/// The letters and digits of a payer's name or account, upper case: by what it is known again.
pub fn payer_key(text: &str) -> String {
    let plain: String = text.chars().filter(|c| c.is_alphanumeric()).collect();
    plain.to_uppercase()
}

impl Book {
    /// The locks in force, in log order.
    pub fn locks(&self) -> impl Iterator<Item = &Lock> + '_ {
        let live = |s: Seq| self.is_live(s);
        let stands = move |l: &&Lock| live(l.commit) && l.lifted.get(&live).is_none();
        self.recon.locks.iter().filter(stands)
    }
    /// Every lock that was made and not undone, with why it was lifted.
    pub fn all_locks(&self) -> impl Iterator<Item = (&Lock, Option<&str>)> + '_ {
        let live = self.recon.locks.iter().filter(|l| self.is_live(l.commit));
        live.map(|l| (l, l.lifted.get(&|s| self.is_live(s)).map(String::as_str)))
    }
    /// The lock in force that holds a day.
    pub fn lock_on(&self, day: Day) -> Option<&Lock> {
        self.locks().find(|l| l.holds(day))
    }
    /// The day itself, or the first one after it that no lock in force holds: where money of a locked
    /// day is posted.
    pub fn open_day(&self, day: Day) -> Day {
        let mut open = day;
        // Each lock moves it at most once.
        for _ in 0..self.locks().count() {
            match self.lock_on(open) {
                Some(lock) => open = lock.to.plus(1),
                None => break,
            }
        }
        open
    }
    /// The breaks of the register that are known now, closed ones included, by what they are about;
    /// with the commit that last said something.
    pub fn breaks(&self) -> impl Iterator<Item = (&BreakMatter, Seq, &NotedBreak)> + '_ {
        self.recon.breaks.iter().filter_map(|(matter, versions)| {
            let (seq, noted) = versions.latest(&|s| self.is_live(s))?;
            Some((matter, seq, noted))
        })
    }
    /// What the register says of a matter.
    pub fn noted_break(&self, matter: &BreakMatter) -> Option<&NotedBreak> {
        let versions = self.recon.breaks.get(matter)?;
        versions.get(&|s| self.is_live(s))
    }
    /// The last commit that forgot a payer's name or account ([`payer_key`]) as a customer's.
    pub fn unlearnt(&self, kind: PayerText, key: &str, customer: CustomerId) -> Option<Seq> {
        if self.recon.unlearnt.is_empty() {
            return None;
        }
        let all = self.recon.unlearnt.get(&(kind, key.to_owned()))?;
        let of = |(seq, c): &&(Seq, CustomerId)| *c == customer && self.is_live(*seq);
        all.iter().rev().find(of).map(|(seq, _)| *seq)
    }
    /// Why what is left of a receipt is held on account; `None` where it is not.
    pub fn held(&self, receipt: ItemId) -> Option<&str> {
        if self.recon.held.is_empty() {
            return None;
        }
        let versions = self.recon.held.get(&self.item_key(receipt)?)?;
        let why = versions.get(&|s| self.is_live(s))?;
        (!why.is_empty()).then_some(why.as_str())
    }
    /// What a commit did in reconciliation, undone or not.
    pub fn recon_of(&self, seq: Seq) -> Option<Did<'_>> {
        let recon = &self.recon;
        for lock in &recon.locks {
            if lock.commit == seq {
                return Some(Did::Locked(lock));
            }
            let lifted = lock.lifted.history().iter().find(|(at, _)| *at == seq);
            if let Some((_, reason)) = lifted {
                return Some(Did::Unlocked(lock, reason));
            }
        }
        for versions in recon.breaks.values() {
            if let Some((_, noted)) = versions.history().iter().find(|(at, _)| *at == seq) {
                return Some(Did::Break(noted));
            }
        }
        for (key, versions) in &recon.held {
            if let Some((_, why)) = versions.history().iter().find(|(at, _)| *at == seq) {
                return Some(Did::Held(key, why));
            }
        }
        if let Some(moved) = recon.moved.iter().find(|m| m.commit == seq) {
            return Some(Did::Moved(moved));
        }
        if let Some(transfer) = recon.transfers.values().find(|t| t.commit == seq) {
            return Some(Did::Transferred(transfer));
        }
        let mut all = recon.unlearnt.iter();
        let named = all.find(|(_, list)| list.iter().any(|(at, _)| *at == seq));
        named.map(|((_, text), _)| Did::Unlearnt(text))
    }
    /// Locks in force never overlap; what is lifted or forgotten is there.
    pub(crate) fn check_recon(&self, out: &mut Vec<Violation>) {
        let mut days: Vec<(Day, Day, Seq)> =
            self.locks().map(|l| (l.from, l.to, l.commit)).collect();
        duebook_money::order::sort(&mut days);
        for pair in days.windows(2) {
            if let [a, b] = pair
                && b.0 <= a.1
            {
                out.push(Violation::Lock(b.2));
            }
        }
        let backwards = self.recon.locks.iter().filter(|l| l.to < l.from);
        out.extend(backwards.map(|l| Violation::Lock(l.commit)));
        self.check_transfers(out);
        for (seq, customer) in self.recon.unlearnt.values().flatten() {
            if self.customer(*customer).is_none() {
                out.push(Violation::Facts(*seq));
            }
        }
    }
}
