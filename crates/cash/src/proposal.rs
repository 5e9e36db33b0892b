//! What a match is made of: lines, why, what speaks against posting it, and the arithmetic. Values
//! only; wording lives in the app.

use duebook_ledger::{CustomerId, ItemId};
use duebook_money::Day;
use duebook_money::terms::Ppm;

use crate::receipt::TextPart;
use crate::subset::Chance;

/// The step of the ladder that explains a receipt (domain.md 5.2), best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rung {
    /// References in fields of their own, amounts agree.
    Structured,
    /// Numbers named, amounts agree.
    Named,
    /// Numbers named, the amount differs: see the differences.
    NamedDiffers,
    /// Numbers written differently, amounts agree.
    Similar,
    /// Several receipts together pay what each names.
    Together,
    /// One open item of exactly this amount.
    OneItem,
    /// All that is open.
    Balance,
    /// All that is past due.
    PastDue,
    /// All that falls due on one day.
    DueDay,
    /// One item less its discount.
    Discounted,
    /// One item less tax withheld.
    Withheld,
    /// The only set of items of this sum.
    Sum,
    /// One item within tolerance.
    Tolerated,
    /// In another currency, near the rate.
    OtherCurrency,
    /// Laid out by the allocation rule.
    Allocated,
    /// Nothing found.
    None,
}

/// How a number was recognised, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NumberMatch {
    /// Letter by letter.
    Exact,
    /// But for capitals and separators.
    Normalised,
    /// But for O and 0, I and 1, S and 5; or by so many per mille.
    Similar(u16),
    /// The running number without prefix and leading zeros.
    Serial,
}

impl NumberMatch {
    /// Per mille.
    pub fn score(self) -> u16 {
        match self {
            NumberMatch::Exact => 1000,
            NumberMatch::Normalised => 980,
            NumberMatch::Similar(score) => score,
            NumberMatch::Serial => 850,
        }
    }
}

/// Which of an item's texts was named, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum KeyKind {
    /// Document number.
    Number,
    /// The number or reference the customer knows.
    Reference,
    /// Purchase order.
    Po,
    /// Contract.
    Contract,
}

/// How the payer was recognised, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PayerMatch {
    /// Our customer number, or a virtual account.
    CustomerRef,
    /// An account learnt from a confirmed match.
    Account,
    /// A name learnt from a confirmed match.
    Alias,
    /// The customer's name, per mille: agrees, but identifies nobody (CA-05).
    Name(u16),
    /// Parent of the customer whose items are paid.
    Parent,
    /// Only by what was named.
    ByItems,
}

impl PayerMatch {
    /// Per mille.
    pub fn score(self) -> u16 {
        match self {
            PayerMatch::CustomerRef | PayerMatch::Account => 1000,
            PayerMatch::Alias => 980,
            PayerMatch::Name(score) => score.saturating_sub(50),
            PayerMatch::Parent => 900,
            PayerMatch::ByItems => 700,
        }
    }
    /// Whether it tells who paid, without anything else.
    pub fn identifies(self) -> bool {
        matches!(
            self,
            PayerMatch::CustomerRef | PayerMatch::Account | PayerMatch::Alias
        )
    }
}

/// A piece of evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Evidence {
    /// Who paid.
    Payer {
        /// The customer.
        customer: CustomerId,
        /// By what.
        by: PayerMatch,
        /// Where it stands.
        part: TextPart,
    },
    /// A text names an item.
    Named {
        /// The item.
        item: ItemId,
        /// Where.
        part: TextPart,
        /// From this byte of that text.
        start: u32,
        /// To before this one.
        end: u32,
        /// Which of the item's texts.
        key: KeyKind,
        /// How well.
        by: NumberMatch,
    },
    /// Something that looks like a number of ours names nothing that is open.
    UnknownNumber {
        /// Where.
        part: TextPart,
        /// From this byte.
        start: u32,
        /// To before this one.
        end: u32,
    },
    /// A text names a discount, deduction or other cause.
    Words {
        /// Where.
        part: TextPart,
        /// From this byte.
        start: u32,
        /// To before this one.
        end: u32,
    },
    /// A sum decided.
    Sum {
        /// Items that could have been in it.
        among: u32,
        /// Most items a set was allowed.
        up_to: u8,
        /// How often such a set is expected by chance.
        chance: Chance,
    },
    /// Several items fit equally and are interchangeable (CA-03).
    Interchangeable {
        /// How many.
        count: u32,
    },
}

/// Why less (or more) was paid than is open (domain.md 5.5), in order of precedence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DifferenceKind {
    /// Discount within its days.
    DiscountEarned {
        /// Share.
        rate: Ppm,
        /// Last day.
        until: Day,
    },
    /// Discount after its last day, still accepted.
    DiscountInGrace {
        /// Share.
        rate: Ppm,
        /// Last day accepted.
        until: Day,
    },
    /// Tax withheld by the payer.
    Withholding {
        /// Rate.
        rate: Ppm,
        /// Taxable base, minor units.
        base: i64,
    },
    /// Kept by a bank on the way.
    BankCharge,
    /// Between two currencies.
    Exchange,
    /// A fraction of a major unit.
    Rounding,
    /// A discount nobody is entitled to.
    DiscountUnearned {
        /// Share.
        rate: Ppm,
    },
    /// Let go by the rules.
    Tolerance,
    /// Deducted for a named reason: a case.
    Deduction,
    /// The payer says it is a part.
    Partial,
    /// Nothing explains it.
    Unexplained,
}

/// What becomes of a difference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Treatment {
    /// It is settled with the item.
    Post,
    /// It stays open on the item.
    LeaveOpen,
    /// It stays open and becomes a case.
    OpenCase,
}

impl DifferenceKind {
    /// What is proposed for it.
    pub fn treatment(self) -> Treatment {
        use DifferenceKind::*;
        match self {
            DiscountEarned { .. }
            | DiscountInGrace { .. }
            | Withholding { .. }
            | BankCharge
            | Exchange
            | Rounding
            | Tolerance => Treatment::Post,
            DiscountUnearned { .. } | Partial | Unexplained => Treatment::LeaveOpen,
            Deduction => Treatment::OpenCase,
        }
    }
    /// Whether it may post by itself: agreed terms, known rates, and the limits the user set.
    pub fn is_routine(self) -> bool {
        use DifferenceKind::*;
        matches!(
            self,
            DiscountEarned { .. } | DiscountInGrace { .. } | Rounding | Tolerance
        )
    }
}

/// A part of what is open that was not paid; negative where more was paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Difference {
    /// Why.
    pub kind: DifferenceKind,
    /// Minor units of the item, signed like it.
    pub amount: i64,
}

/// One item in a proposal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The item.
    pub item: ItemId,
    /// Whose it is.
    pub customer: CustomerId,
    /// Money of the receipt laid on it, minor units of the receipt; negative for a credit taken.
    pub amount: i64,
    /// What of the item it settles, minor units of the item; differs only in another currency.
    pub settles: i64,
    /// What was open on the item before, minor units of the item.
    pub open: i64,
    /// Why that is not all: `open - settles` = the sum of these, or more stays open.
    pub differences: Vec<Difference>,
}

/// What is left of a receipt after its lines.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rest {
    /// Customer known, items not.
    pub unapplied: i64,
    /// To be held for the customer, as the payer asks.
    pub on_account: i64,
    /// Nobody knows whose it is.
    pub unidentified: i64,
}

impl Rest {
    /// All of it.
    pub fn total(self) -> i64 {
        self.unapplied + self.on_account + self.unidentified
    }
}

/// One addend; the addends of a proposal sum to the receipt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Term {
    /// What is open on an item.
    Open(ItemId, i64),
    /// Less a difference, as a negative addend.
    Less(ItemId, DifferenceKind, i64),
    /// Less what stays open, as a negative addend.
    StaysOpen(ItemId, i64),
    /// In another currency: the step from the item's amount to the receipt's.
    Converted(ItemId, i64),
    /// What is left of the receipt.
    Rest(i64),
}

/// Why a match does not post by itself. The order is that of showing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hold {
    /// Several sets of items explain it.
    Ambiguous,
    /// The search ended before it was sure.
    BudgetEnded,
    /// Such a sum is expected by chance too often.
    ChanceMatch(Chance),
    /// Only a name says who paid (CA-05).
    NameOnly,
    /// What is named belongs to another customer than the payer.
    OtherPayer,
    /// Another receipt of the run claims the same open amount, by its place in the run.
    Conflict {
        /// The other.
        with: u32,
    },
    /// The item was paid in full by another receipt of the run.
    AlreadyPaid {
        /// That one.
        by: u32,
    },
    /// A difference that is for the user to judge.
    Difference(DifferenceKind),
    /// More was paid than was named.
    Rest,
    /// A number was named that nothing open has.
    UnknownNumber,
    /// A number was named that the book knows as settled: perhaps it is paid twice.
    SettledNumber,
    /// An item is disputed.
    Disputed(ItemId),
    /// Money that went back.
    MoneyOut,
    /// The text speaks of a refund or a return.
    SaysRefund,
    /// Found by rule and not by instruction.
    ByRule,
    /// More items than may be found by sum alone.
    ManyItems,
    /// In another currency.
    OtherCurrency,
    /// The score is below the threshold.
    Score(u16),
    /// The lead over the runner-up is too small.
    Margin(u16),
}

/// Why nothing was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unmatched {
    /// Nobody knows who paid.
    UnknownPayer,
    /// The customer owes nothing in this currency.
    NothingOpen,
    /// What is open does not make this amount.
    NoSum,
    /// More sets than can be told apart, or the search ended.
    TooMany,
    /// The number named is not open, or was never ours.
    UnknownNumber,
    /// The number named is settled: perhaps it is paid twice.
    SettledNumber,
    /// Another receipt of the run paid what is named.
    AlreadyPaid {
        /// That one.
        by: u32,
    },
    /// The text speaks of a refund or a return.
    SaysRefund,
    /// An amount of nothing.
    Zero,
}

/// What may be done with a proposal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It may post by itself.
    Auto,
    /// For the user: never empty, sorted.
    Review(Vec<Hold>),
    /// No line is proposed.
    Unmatched(Unmatched),
}

/// Another explanation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alternative {
    /// Where it stands on the ladder.
    pub rung: Rung,
    /// Its score, per mille.
    pub score: u16,
    /// Its items with the money laid on them.
    pub lines: Vec<(ItemId, i64)>,
}

/// What is proposed for a receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// Place of the receipt in the run.
    pub receipt: u32,
    /// The receipt's amount, minor units.
    pub amount: i64,
    /// Who paid, where that is known or agreed.
    pub payer: Option<CustomerId>,
    /// Items and what goes on them.
    pub lines: Vec<Line>,
    /// What is left.
    pub rest: Rest,
    /// Step of the ladder.
    pub rung: Rung,
    /// Per mille.
    pub score: u16,
    /// Why.
    pub evidence: Vec<Evidence>,
    /// The next best explanations, best first; the first is the runner-up.
    pub alternatives: Vec<Alternative>,
    /// What may be done.
    pub verdict: Verdict,
}

impl Proposal {
    /// The next best explanation.
    pub fn runner_up(&self) -> Option<&Alternative> {
        self.alternatives.first()
    }
    /// Whether it may post by itself.
    pub fn is_auto(&self) -> bool {
        self.verdict == Verdict::Auto
    }
    /// The addends that make the receipt's amount (CA-01).
    pub fn arithmetic(&self) -> Vec<Term> {
        let mut terms = Vec::new();
        for line in &self.lines {
            terms.push(Term::Open(line.item, line.open));
            let mut left = line.open - line.settles;
            for d in &line.differences {
                terms.push(Term::Less(line.item, d.kind, -d.amount));
                left -= d.amount;
            }
            if left != 0 {
                terms.push(Term::StaysOpen(line.item, -left));
            }
            if line.amount != line.settles {
                terms.push(Term::Converted(line.item, line.amount - line.settles));
            }
        }
        if self.rest.total() != 0 {
            terms.push(Term::Rest(self.rest.total()));
        }
        terms
    }
    /// Lines and rest make the receipt (CA-01).
    pub fn sums(&self) -> bool {
        let lines: i128 = self.lines.iter().map(|l| i128::from(l.amount)).sum();
        lines + i128::from(self.rest.total()) == i128::from(self.amount)
    }
}

impl Term {
    /// The addend, minor units.
    pub fn amount(self) -> i64 {
        match self {
            Term::Open(_, a)
            | Term::Less(_, _, a)
            | Term::StaysOpen(_, a)
            | Term::Converted(_, a)
            | Term::Rest(a) => a,
        }
    }
}
