//! Realised exchange differences (domain.md §4.7, §5.5): a claim is in the company's books at the rate of
//! its own day, the money that pays it at the rate of the day it came. What lies between is gained or
//! lost with that application, and taken back with it. It is worked out from the book's rates and from
//! what the source gives in the company's currency, and never stored. A rate that is not there is said
//! and never taken as 1 (AG-08).

mod quote;

pub use quote::{Quote, rate_typed, way_round};

use duebook_ledger::columns::{ItemKind, NumField, TextField};
use duebook_ledger::items::ItemRef;
use duebook_ledger::settlements::Settlement;
use duebook_ledger::{Book, ItemId};
use duebook_money::{Currency, Day, Money, Rounding};
use duebook_policy::rates::{MissingRate, RateTable};
use std::collections::BTreeMap;

/// The rates of a book, and whether it has a currency of its own to convert into.
#[derive(Debug, Clone, Copy)]
pub struct BookRates<'a> {
    table: &'a RateTable,
    converts: bool,
}

impl<'a> BookRates<'a> {
    /// Of a table. A book without a rate and without an item in its own currency has that currency
    /// only because nobody said another: nothing is converted into it.
    pub fn new(book: &Book, table: &'a RateTable) -> BookRates<'a> {
        BookRates {
            table,
            converts: converts(book, table),
        }
    }
    /// The same where that was asked before.
    pub(crate) fn known(table: &'a RateTable, converts: bool) -> BookRates<'a> {
        BookRates { table, converts }
    }
    /// Of the rates in force.
    pub fn of(book: &'a Book) -> BookRates<'a> {
        BookRates::new(book, &book.policies().rates)
    }
}

/// Whether a book has a rate, or an item in its own currency.
pub(crate) fn converts(book: &Book, table: &RateTable) -> bool {
    let own = table.reporting().numeric();
    let segments = book.items().segments().iter();
    let mut currencies = segments.flat_map(|s| &s.data.currency);
    !table.rates().is_empty() || currencies.any(|c| *c == own)
}

/// What an application realises. Minor units of the company's currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Realised {
    /// The claim is in the company's currency: there is nothing to realise.
    Nothing,
    /// Both are known.
    Known {
        /// The company's currency.
        base: Currency,
        /// What the part that is paid is in the books at.
        booked: i64,
        /// What the money was worth when it came.
        received: i64,
    },
    /// A rate is not there.
    NoRate(MissingRate),
}

impl Realised {
    /// The gain, or the loss below zero.
    pub fn gain(self) -> Option<(Currency, i64)> {
        match self {
            Realised::Known {
                base,
                booked,
                received,
            } => Some((base, received.saturating_sub(booked))),
            Realised::Nothing | Realised::NoRate(_) => None,
        }
    }
}

/// The money of an application: a receipt of the book, or one that is only proposed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paid {
    /// A receipt or money on account.
    By(ItemId),
    /// Money that came on a day, in the currency of what it pays.
    On(Day),
    /// Money of another currency that came on a day, agreed to be `into` of the currency of what it
    /// pays, minor units.
    Agreed {
        /// When it came.
        on: Day,
        /// What it was.
        money: Money,
        /// What it is agreed to be.
        into: i64,
    },
    /// A part of a receipt of another currency, agreed to be `into`.
    PartOf {
        /// Of which receipt.
        receipt: ItemId,
        /// Minor units of it.
        amount: i64,
        /// What it is agreed to be.
        into: i64,
    },
}

/// What several applications realise.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RealisedSum {
    /// By currency of the companies, by code: gains less losses, minor units.
    pub gains: Vec<(Currency, i64)>,
    /// Rates that are not there, each once.
    pub missing: Vec<MissingRate>,
}

impl RealisedSum {
    /// Adds up.
    pub fn of(all: impl IntoIterator<Item = Realised>) -> RealisedSum {
        let mut by: BTreeMap<&'static str, (Currency, i64)> = BTreeMap::new();
        let mut missing: Vec<MissingRate> = Vec::new();
        for one in all {
            if let Realised::NoRate(why) = one
                && !missing.contains(&why)
            {
                missing.push(why);
            }
            if let Some((base, gain)) = one.gain() {
                let sum = by.entry(base.code()).or_insert((base, 0));
                sum.1 = sum.1.saturating_add(gain);
            }
        }
        RealisedSum {
            gains: by.into_values().collect(),
            missing,
        }
    }
    /// Whether nothing was in another currency.
    pub fn is_nothing(&self) -> bool {
        self.gains.is_empty() && self.missing.is_empty()
    }
}

/// The source's amount of an item in its company's currency.
fn local(item: &ItemRef<'_>) -> Option<(Currency, i64)> {
    let code = item.text(&TextField::LocalCurrency).trim().to_uppercase();
    let amount = item.num(NumField::LocalAmount).filter(|a| *a != 0)?;
    Some((Currency::from_code(&code)?, amount))
}

/// A part of a document in the company's currency: by the source's own figure, else at the rate of its day.
fn booked(
    item: &ItemRef<'_>,
    part: i64,
    base: Currency,
    rates: &RateTable,
) -> Result<i64, MissingRate> {
    let whole = item.recorded_amount();
    let given = local(item).filter(|(c, a)| *c == base && (*a < 0) == (whole < 0) && whole != 0);
    if let Some((_, amount)) = given {
        return share(amount, part, whole);
    }
    at_rate(part, item.currency(), base, Day(item.doc_date()), rates)
}

/// A part of a receipt in the company's currency. What went over from another receipt is worth what it
/// was worth there: the agreed rate says what it pays, and not what it was.
fn worth(
    book: &Book,
    receipt: &ItemRef<'_>,
    part: i64,
    base: Currency,
    rates: &RateTable,
) -> Result<i64, MissingRate> {
    let from = book.brought(receipt.id);
    match from.and_then(|t| Some((t, book.item(t.from)?))) {
        Some((t, from)) => {
            let whole = worth(book, &from, t.amount, base, rates)?;
            share(whole, part, t.into)
        }
        None => booked(receipt, part, base, rates),
    }
}

/// What is for `part` of `whole`, rounded once.
fn share(amount: i64, part: i64, whole: i64) -> Result<i64, MissingRate> {
    let exact = Rounding::HalfUp.mul_div(i128::from(amount), i128::from(part), i128::from(whole));
    let fits = exact.and_then(|m| i64::try_from(m).ok());
    fits.ok_or(MissingRate::Overflow)
}

fn at_rate(
    part: i64,
    currency: Currency,
    base: Currency,
    on: Day,
    rates: &RateTable,
) -> Result<i64, MissingRate> {
    let converted = rates.convert(Money::new(part, currency), base, on)?;
    Ok(converted.minor)
}

/// What is realised where money pays a part of an item: minor units of the item, positive.
pub fn realised(
    book: &Book,
    rates: BookRates<'_>,
    debit: ItemId,
    paid: Paid,
    part: i64,
) -> Realised {
    let Some(debit) = book.item(debit) else {
        return Realised::Nothing;
    };
    let given = local(&debit).map(|(c, _)| c);
    let own = rates.converts.then(|| rates.table.reporting());
    let Some(base) = given.or(own) else {
        return Realised::Nothing;
    };
    // A claim in the company's currency realises where money of another was taken for it.
    if base == debit.currency() && !is_exchanged(book, &debit, paid) {
        return Realised::Nothing;
    }
    let rates = rates.table;
    let received = match paid {
        Paid::By(id) => match book.item(id) {
            Some(credit) => worth(book, &credit, part, base, rates),
            None => return Realised::Nothing,
        },
        Paid::On(day) => at_rate(part, debit.currency(), base, day, rates),
        Paid::Agreed { on, money, into } => {
            at_rate(money.minor, money.currency, base, on, rates).and_then(|w| share(w, part, into))
        }
        Paid::PartOf {
            receipt,
            amount,
            into,
        } => match book.item(receipt) {
            Some(from) => {
                worth(book, &from, amount, base, rates).and_then(|w| share(w, part, into))
            }
            None => return Realised::Nothing,
        },
    };
    match (booked(&debit, part, base, rates), received) {
        (Ok(booked), Ok(received)) => Realised::Known {
            base,
            booked,
            received,
        },
        (Err(why), _) | (_, Err(why)) => Realised::NoRate(why),
    }
}

/// Whether the money came in in another currency than that of what it pays.
fn is_exchanged(book: &Book, debit: &ItemRef<'_>, paid: Paid) -> bool {
    let came = |id| book.item(book.origin(id)).map(|i| i.currency());
    let money = match paid {
        Paid::By(id) | Paid::PartOf { receipt: id, .. } => came(id),
        Paid::Agreed { money, .. } => Some(money.currency),
        Paid::On(_) => None,
    };
    money.is_some_and(|c| c != debit.currency())
}

/// What a settlement realises: money on an item. Credit notes and what is let go realise nothing.
pub fn realised_by(book: &Book, rates: BookRates<'_>, s: &Settlement) -> Realised {
    let (Some(debit), Some(credit)) = (s.debit, s.credit) else {
        return Realised::Nothing;
    };
    let kind = book.item(credit).map(|i| i.kind());
    match kind {
        Some(ItemKind::Receipt | ItemKind::OnAccount) => {
            realised(book, rates, debit, Paid::By(credit), s.amount)
        }
        _ => Realised::Nothing,
    }
}
