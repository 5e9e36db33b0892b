//! Bank against cash book (RC-01): statements that add up and follow each other, and each line of
//! money in beside the receipt it is.

use super::Span;
use duebook_ledger::columns::ItemKind;
use duebook_ledger::facts::Cause;
use duebook_ledger::statements::{LineUse, Statement};
use duebook_ledger::{Book, CustomerId, ItemId, LineId, OpenScan, View};
use duebook_money::{Currency, Day};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// What is wrong with a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// Number of the statement.
    pub number: String,
    /// Its last day.
    pub day: Day,
    /// It begins with so much more than the one before it ended with, minor units; else what its
    /// closing balance is more than opening and movements.
    pub amount: i64,
    /// It does not follow the one before; else it does not add up in itself.
    pub sequence: bool,
    /// The first and the last number that none of the account's statements has between it and the
    /// one before.
    pub missing: Option<(u32, u32)>,
}

/// Numbers further apart begin a new year's count, or are days.
const MOST_APART: u32 = 400;

fn number_of(s: &Statement) -> Option<u32> {
    s.facts.number.trim().parse().ok()
}

/// One account's statements of a period, minor units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BankAccount {
    /// IBAN or number.
    pub account: String,
    /// Currency.
    pub currency: Currency,
    /// First and last day that its statements cover.
    pub days: (Day, Day),
    /// How many.
    pub statements: usize,
    /// Balance before the first.
    pub opening: Option<i64>,
    /// All lines of them.
    pub movements: i64,
    /// Balance after the last.
    pub closing: Option<i64>,
    /// Statements that do not follow or do not add up.
    pub gaps: Vec<Gap>,
}

impl BankAccount {
    /// Closing less opening and movements; `None` where there are no balances.
    pub fn difference(&self) -> Option<i64> {
        let moved = self.opening?.saturating_add(self.movements);
        Some(self.closing?.saturating_sub(moved))
    }
}

/// Bank against cash book in one currency, minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BankToBook {
    /// Currency.
    pub currency: Currency,
    /// Money in on lines booked in the period.
    pub money_in: i64,
    /// Of it, explained as no customer's money.
    pub not_customers: i64,
    /// Of it, nothing is said of: in the bank, not in the book.
    pub open: i64,
    /// Of it, receipts that the book dates in another period.
    pub dated_elsewhere: i64,
    /// Receipts of the book dated in the period whose lines are booked in another.
    pub booked_elsewhere: i64,
    /// Receipts on days that statements cover and that no line is: in the book, not in the bank.
    pub no_line: i64,
    /// Receipts on days that no statement covers.
    pub not_covered: i64,
    /// All receipts dated in the period.
    pub receipts: i64,
}

impl BankToBook {
    /// What the cash book lacks after everything that is known: 0, or the two do not meet.
    pub fn difference(&self) -> i64 {
        let from_bank = self.money_in - self.not_customers - self.open - self.dated_elsewhere;
        from_bank + self.booked_elsewhere + self.no_line + self.not_covered - self.receipts
    }
}

/// Days that statements of a currency cover.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CoveredDays(Vec<(Day, Day)>);

impl CoveredDays {
    /// Whether a day is covered.
    pub fn hold(&self, day: Day) -> bool {
        self.0.iter().any(|(from, to)| *from <= day && day <= *to)
    }
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// A receipt of the period beside the line that it is, or either alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptLine {
    /// The receipt.
    pub receipt: Option<ItemId>,
    /// Whose.
    pub customer: Option<CustomerId>,
    /// The line.
    pub line: Option<LineId>,
    /// Currency.
    pub currency: Currency,
    /// Day in the book.
    pub dated: Option<Day>,
    /// Day in the bank.
    pub booked: Option<Day>,
    /// Minor units of the part that both are; of the side that is alone.
    pub amount: i64,
    /// What of the receipt no line is, where a line is a part of it.
    pub rest: i64,
    /// No statement covers the day of the receipt.
    pub not_covered: bool,
    /// Another receipt of the customer that looks the same.
    pub twin: Option<ItemId>,
}

/// A statement with its first and last day.
type Shown<'a> = (Day, Day, &'a Statement);

/// Days between two receipts that look the same.
const TWIN_DAYS: i32 = 3;

#[derive(Default)]
pub(super) struct Found {
    /// Receipts dated in the period, or with a line in it.
    receipts: Vec<ItemId>,
    lines: Vec<LineId>,
    accounts: Vec<BankAccount>,
    covered: BTreeMap<Currency, CoveredDays>,
}

impl Found {
    /// Receipts of some segments.
    pub(super) fn receipts(&mut self, book: &Book, span: Span, numbers: Range<usize>) {
        let scan = OpenScan::new(book, View::on(Day(i32::MAX)));
        for number in numbers {
            let Some(segment) = scan.segment(number) else {
                return;
            };
            let data = segment.data();
            for (row, kind) in data.kind.iter().enumerate() {
                let wanted = *kind == ItemKind::Receipt as u8
                    && span.holds(Day(data.doc_date[row]))
                    && segment.exists(row);
                // A part of another receipt is that money: the bank shows it once.
                let id = ItemId::new(number, row);
                if wanted && book.brought(id).is_none() {
                    self.receipts.push(id);
                }
            }
        }
    }

    /// Statements and lines of the period.
    pub(super) fn lines(&mut self, book: &Book, span: Span) {
        let mut chains: BTreeMap<(&str, Currency), Vec<Shown<'_>>> = BTreeMap::new();
        let mut seen = BTreeSet::new();
        for (_, s) in book.statements() {
            let booked = |id: &LineId| book.line(*id).map(|l| l.fact.booked);
            let days = || s.lines.iter().filter_map(booked);
            let (Some(from), Some(to)) = (
                s.facts.from.or_else(|| days().min()).or(s.facts.to),
                s.facts.to.or_else(|| days().max()).or(s.facts.from),
            ) else {
                continue;
            };
            let covered = self.covered.entry(s.facts.currency).or_default();
            covered.0.push((from, to));
            if to < span.from || span.to < from {
                continue;
            }
            let chain = chains.entry((&s.facts.account, s.facts.currency));
            chain.or_default().push((from, to, s));
            for line in &s.lines {
                if booked(line).is_some_and(|d| span.holds(d)) && seen.insert(*line) {
                    self.lines.push(*line);
                }
            }
        }
        for ((account, currency), mut chain) in chains {
            duebook_money::order::sort_by_key(&mut chain, |(from, to, s)| (*from, *to, s.commit));
            self.accounts
                .push(account_of(book, account, currency, &chain));
        }
    }

    pub(super) fn finish(
        self,
        book: &Book,
        span: Span,
    ) -> (Vec<BankAccount>, Vec<BankToBook>, Vec<ReceiptLine>) {
        let mut books: BTreeMap<Currency, BankToBook> = BTreeMap::new();
        let mut rows = Vec::new();
        for line in &self.lines {
            line_rows(book, span, *line, &mut books, &mut rows);
        }
        for id in &self.receipts {
            self.receipt_rows(book, span, *id, &mut books, &mut rows);
        }
        twins(book, &mut rows);
        let day = |r: &ReceiptLine| r.dated.or(r.booked);
        duebook_money::order::sort_by_key(&mut rows, |r| (day(r), r.receipt, r.line));
        // Without a statement there is nothing to hold the cash book against.
        let any = |c: &Currency| self.accounts.iter().any(|a| a.currency == *c);
        books.retain(|c, b| any(c) || b.money_in != 0);
        (self.accounts, books.into_values().collect(), rows)
    }

    /// A receipt dated in the period: the lines that are it, booked when they may, or none.
    fn receipt_rows(
        &self,
        book: &Book,
        span: Span,
        id: ItemId,
        books: &mut BTreeMap<Currency, BankToBook>,
        rows: &mut Vec<ReceiptLine>,
    ) {
        let Some(item) = book.item(id) else { return };
        let (currency, day) = (item.currency(), Day(item.doc_date()));
        let amount = book.amount_of(&item).saturating_neg();
        let to_book = empty(books, currency);
        to_book.receipts = to_book.receipts.saturating_add(amount);
        let mut rest = amount;
        for part in book.lines_of_receipt(id) {
            let LineUse::Receipt(_) = part.by else {
                continue;
            };
            rest = rest.saturating_sub(part.amount);
            let booked = book.line(part.line).map(|l| l.fact.booked);
            // Lines booked in the period have their row already.
            if booked.is_some_and(|d| !span.holds(d)) {
                to_book.booked_elsewhere = to_book.booked_elsewhere.saturating_add(part.amount);
                rows.push(ReceiptLine {
                    receipt: Some(id),
                    customer: Some(item.customer()),
                    line: Some(part.line),
                    currency,
                    dated: Some(day),
                    booked,
                    amount: part.amount,
                    rest: 0,
                    not_covered: false,
                    twin: None,
                });
            }
        }
        if rest == 0 {
            return;
        }
        let covered = self.covered.get(&currency).is_some_and(|c| c.hold(day));
        let slot = match covered {
            true => &mut to_book.no_line,
            false => &mut to_book.not_covered,
        };
        *slot = slot.saturating_add(rest);
        rows.push(ReceiptLine {
            receipt: Some(id),
            customer: Some(item.customer()),
            line: None,
            currency,
            dated: Some(day),
            booked: None,
            amount: rest,
            rest: amount.saturating_sub(rest),
            not_covered: !covered,
            twin: None,
        });
    }
}

fn empty(books: &mut BTreeMap<Currency, BankToBook>, currency: Currency) -> &mut BankToBook {
    books.entry(currency).or_insert(BankToBook {
        currency,
        money_in: 0,
        not_customers: 0,
        open: 0,
        dated_elsewhere: 0,
        booked_elsewhere: 0,
        no_line: 0,
        not_covered: 0,
        receipts: 0,
    })
}

/// A line booked in the period: its parts, and what is said of nothing.
fn line_rows(
    book: &Book,
    span: Span,
    id: LineId,
    books: &mut BTreeMap<Currency, BankToBook>,
    rows: &mut Vec<ReceiptLine>,
) {
    let (Some(line), Some(statement)) = (book.line(id), book.statement_of(id)) else {
        return;
    };
    if line.fact.amount <= 0 {
        return;
    }
    let (currency, booked) = (statement.facts.currency, line.fact.booked);
    let to_book = empty(books, currency);
    to_book.money_in = to_book.money_in.saturating_add(line.fact.amount);
    let mut row = ReceiptLine {
        receipt: None,
        customer: None,
        line: Some(id),
        currency,
        dated: None,
        booked: Some(booked),
        amount: 0,
        rest: 0,
        not_covered: false,
        twin: None,
    };
    for part in book.line_parts(id) {
        match &part.by {
            LineUse::Receipt(receipt) => {
                let item = book.item(*receipt);
                let dated = item.as_ref().map(|i| Day(i.doc_date()));
                if dated.is_none_or(|d| !span.holds(d)) {
                    to_book.dated_elsewhere = to_book.dated_elsewhere.saturating_add(part.amount);
                }
                rows.push(ReceiptLine {
                    receipt: Some(*receipt),
                    customer: item.map(|i| i.customer()),
                    dated,
                    amount: part.amount,
                    ..row.clone()
                });
            }
            LineUse::NotCustomerMoney(_) | LineUse::Returned(_) => {
                to_book.not_customers = to_book.not_customers.saturating_add(part.amount);
            }
        }
    }
    let rest = book.line_rest(id);
    if rest != 0 {
        to_book.open = to_book.open.saturating_add(rest);
        row.amount = rest;
        rows.push(row);
    }
}

/// Receipts without a line that look like one that has: the same money may be in the book twice.
fn twins(book: &Book, rows: &mut [ReceiptLine]) {
    let mut known: BTreeMap<(CustomerId, Currency, i64), Vec<(Day, ItemId)>> = BTreeMap::new();
    for row in rows.iter() {
        if let (Some(id), Some(customer), Some(day)) = (row.receipt, row.customer, row.dated)
            && let Some(item) = book.item(id)
        {
            let key = (customer, row.currency, book.amount_of(&item));
            let all = known.entry(key).or_default();
            if !all.iter().any(|(_, other)| *other == id) {
                all.push((day, id));
            }
        }
    }
    for row in rows.iter_mut().filter(|r| r.line.is_none()) {
        let (Some(id), Some(customer), Some(day)) = (row.receipt, row.customer, row.dated) else {
            continue;
        };
        let Some(item) = book.item(id) else { continue };
        let key = (customer, row.currency, book.amount_of(&item));
        let near =
            |(other, twin): &&(Day, ItemId)| *twin != id && (other.0 - day.0).abs() <= TWIN_DAYS;
        row.twin = known
            .get(&key)
            .and_then(|all| all.iter().find(near))
            .map(|(_, t)| *t);
    }
}

fn account_of(book: &Book, account: &str, currency: Currency, chain: &[Shown<'_>]) -> BankAccount {
    let mut seen = BTreeSet::new();
    let mut movements = 0i64;
    let mut gaps = Vec::new();
    let mut before: Option<(Day, Option<i64>)> = None;
    // Statements of one day may have come in any order: what has a number anywhere is not missing.
    let numbers: BTreeSet<u32> = chain.iter().filter_map(|(.., s)| number_of(s)).collect();
    let missing_before = |s: &Statement| {
        let next = number_of(s)?;
        let last = numbers.range(..next).next_back()?;
        let apart = next - last;
        (1 < apart && apart < MOST_APART).then_some((last + 1, next - 1))
    };
    for (from, to, s) in chain {
        let lines = s.lines.iter().filter_map(|l| book.line(*l));
        let own = lines.fold(0i64, |sum, l| sum.saturating_add(l.fact.amount));
        let fresh = s.lines.iter().filter(|l| seen.insert(**l));
        let fresh = fresh.filter_map(|l| book.line(*l));
        movements = fresh.fold(movements, |sum, l| sum.saturating_add(l.fact.amount));
        let missing = missing_before(s);
        let gap = |amount, sequence| Gap {
            number: s.facts.number.clone(),
            day: *to,
            amount,
            sequence,
            missing: missing.filter(|_| sequence),
        };
        if let (Some(opening), Some(closing)) = (s.facts.opening, s.facts.closing) {
            let off = closing.saturating_sub(opening).saturating_sub(own);
            gaps.extend((off != 0).then(|| gap(off, false)));
        }
        if let (Some((last, Some(ended))), Some(opening)) = (before, s.facts.opening)
            && last < *from
            && ended != opening
        {
            gaps.push(gap(opening.saturating_sub(ended), true));
        } else if missing.is_some() {
            // The balances may go on all the same: what is missing came to nothing.
            gaps.push(gap(0, true));
        }
        before = Some((*to, s.facts.closing));
    }
    let first = chain.first();
    let last = chain.last();
    BankAccount {
        account: account.to_owned(),
        currency,
        days: (
            first.map_or(Day(0), |f| f.0),
            chain.iter().map(|c| c.1).max().unwrap_or(Day(0)),
        ),
        statements: chain.len(),
        opening: first.and_then(|f| f.2.facts.opening),
        movements,
        closing: last.and_then(|l| l.2.facts.closing),
        gaps,
    }
}

/// Money that the bank took back and that the book takes back in a period, by currency, minor
/// units, positive: bank, book.
pub fn returned(book: &Book, span: Span) -> BTreeMap<Currency, (i64, i64)> {
    let mut out: BTreeMap<Currency, (i64, i64)> = BTreeMap::new();
    for part in book.all_line_parts() {
        if let LineUse::Returned(_) = part.by
            && let (Some(line), Some(s)) = (book.line(part.line), book.statement_of(part.line))
            && span.holds(line.fact.booked)
        {
            let sum = out.entry(s.facts.currency).or_default();
            sum.0 = sum.0.saturating_sub(part.amount);
        }
    }
    for s in book.settlements().iter() {
        if s.cause == Cause::Returned
            && span.holds(s.effective)
            && book.counts(&s)
            && let Some(item) = s.credit.and_then(|c| book.item(c))
        {
            let sum = out.entry(item.currency()).or_default();
            sum.1 = sum.1.saturating_add(s.amount);
        }
    }
    out
}
