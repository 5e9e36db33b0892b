//! The break register (RC-03): every difference found, with what somebody said of it and what its
//! amount hints at.

use super::bank::{BankAccount, ReceiptLine};
use super::{Control, Span};
use duebook_ledger::recon::{BreakKind, BreakMatter, NotedBreak};
use duebook_ledger::statements::LineKind;
use duebook_ledger::{Book, CustomerId, ItemId, LineId, OpenScan, View};
use duebook_money::{Currency, Day};
use std::collections::BTreeMap;

/// What an amount hints at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clue {
    /// It equals an item: left out, or in twice.
    EqualsItem(ItemId),
    /// It is twice an item: on the wrong side.
    TwiceItem(ItemId),
    /// It is divisible by 9: two digits changed over.
    DivisibleByNine,
    /// Another receipt of the customer looks the same.
    Twin(ItemId),
}

/// Where a break stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// It is there, and nothing is said of it.
    Open,
    /// It is there, and somebody has it in hand.
    InHand,
    /// It is there, and was explained.
    Explained,
    /// It was noted, and is there no more.
    Cleared,
}

/// A break.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Break {
    /// About what.
    pub matter: BreakMatter,
    /// What kind.
    pub kind: BreakKind,
    /// Currency.
    pub currency: Currency,
    /// Minor units, signed: by how much our side is more.
    pub amount: i64,
    /// From when it counts its age.
    pub since: Day,
    /// What its amount hints at.
    pub clues: Vec<Clue>,
    /// What the register says of it.
    pub noted: Option<NotedBreak>,
    /// Where it stands.
    pub status: Status,
    /// Whose money.
    pub customer: Option<CustomerId>,
    /// The receipt.
    pub receipt: Option<ItemId>,
    /// The line.
    pub line: Option<LineId>,
}

/// All breaks of a period, the largest first of those that are open.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Register {
    /// The breaks.
    pub breaks: Vec<Break>,
}

/// Clues told of one break.
const CLUES: usize = 3;

impl Register {
    /// Those that are there and not explained.
    pub fn open(&self) -> impl Iterator<Item = &Break> + '_ {
        let open = |b: &&Break| matches!(b.status, Status::Open | Status::InHand);
        self.breaks.iter().filter(open)
    }

    pub(super) fn of(
        book: &Book,
        span: Span,
        (accounts, receipts): (&[BankAccount], &[ReceiptLine]),
        controls: &[Control],
    ) -> Register {
        let mut made = Making {
            book,
            breaks: Vec::new(),
        };
        receipts.iter().for_each(|row| made.receipt_line(span, row));
        made.returns(span);
        made.bank_hints(span);
        accounts.iter().for_each(|a| made.account(span, a));
        for c in controls.iter().filter(|c| c.difference() != 0) {
            let matter = BreakMatter::Control(c.currency, span.to);
            made.found(
                matter,
                BreakKind::Control,
                c.currency,
                c.difference(),
                span.to,
            );
            made.hints(span);
        }
        made.locks(span);
        made.noted(span);
        let mut breaks = made.breaks;
        duebook_money::order::sort_by(&mut breaks, |a, b| {
            let size = |x: &Break| std::cmp::Reverse(x.amount.unsigned_abs());
            (a.status, size(a), &a.matter).cmp(&(b.status, size(b), &b.matter))
        });
        Register { breaks }
    }
}

struct Making<'a> {
    book: &'a Book,
    breaks: Vec<Break>,
}

impl Making<'_> {
    fn found(
        &mut self,
        matter: BreakMatter,
        kind: BreakKind,
        currency: Currency,
        amount: i64,
        since: Day,
    ) {
        let noted = self.book.noted_break(&matter).cloned();
        let status = match &noted {
            None => Status::Open,
            Some(n) if n.closed.is_some() => Status::Explained,
            Some(_) => Status::InHand,
        };
        self.breaks.push(Break {
            matter,
            kind,
            currency,
            amount,
            since,
            clues: Vec::new(),
            noted,
            status,
            customer: None,
            receipt: None,
            line: None,
        });
    }

    /// What the amount of the last break hints at.
    fn hints(&mut self, span: Span) {
        if let Some(last) = self.breaks.last_mut() {
            last.clues = clues(self.book, span, last.currency, last.amount);
        }
    }

    /// What the amounts of the bank's lines hint at, in one pass over the items: there may be many.
    fn bank_hints(&mut self, span: Span) {
        let of_bank = |b: &&mut Break| b.kind == BreakKind::InBankNotInBook;
        let wanted: Vec<(Currency, i64)> = self
            .breaks
            .iter_mut()
            .filter(of_bank)
            .map(|b| (b.currency, b.amount))
            .collect();
        let all = clues_of(self.book, span, &wanted);
        for (b, clues) in self.breaks.iter_mut().filter(of_bank).zip(all) {
            b.clues.extend(clues);
        }
    }

    fn receipt_line(&mut self, span: Span, row: &ReceiptLine) {
        let key = row.receipt.and_then(|id| self.book.item_key(id));
        let (kind, matter, amount) = match (row.receipt, row.line) {
            (None, Some(line)) => {
                let Some(fact) = self.book.line(line).map(|l| &l.fact) else {
                    return;
                };
                // What is no customer's money is for the bank reconciliation of others.
                if !fact.kind.is_customer_money() {
                    return;
                }
                let Some(key) = self.book.line_key(line) else {
                    return;
                };
                let amount = row.amount.saturating_neg();
                (BreakKind::InBankNotInBook, BreakMatter::Line(key), amount)
            }
            (Some(_), None) if !row.not_covered => {
                let Some(key) = key else { return };
                let kind = match (row.twin, row.rest) {
                    (Some(_), 0) => BreakKind::Duplicate,
                    (_, 0) => BreakKind::InBookNotInBank,
                    _ => BreakKind::AmountDiffers,
                };
                (kind, BreakMatter::Receipt(key), row.amount)
            }
            (Some(_), Some(_)) => {
                let inside = |d: Option<Day>| d.is_some_and(|d| span.holds(d));
                let Some(key) = key.filter(|_| inside(row.dated) != inside(row.booked)) else {
                    return;
                };
                let ours = match inside(row.dated) {
                    true => row.amount,
                    false => row.amount.saturating_neg(),
                };
                (BreakKind::WrongDate, BreakMatter::Receipt(key), ours)
            }
            _ => return,
        };
        let since = row.dated.or(row.booked).unwrap_or(span.to);
        self.found(matter, kind, row.currency, amount, since);
        if let Some(last) = self.breaks.last_mut() {
            last.customer = row.customer;
            last.receipt = row.receipt;
            last.line = row.line;
            last.clues = row.twin.map(Clue::Twin).into_iter().collect();
            if kind == BreakKind::AmountDiffers && amount % 9 == 0 {
                last.clues.push(Clue::DivisibleByNine);
            }
        }
    }

    /// Money that the bank took back and of which nothing is said.
    fn returns(&mut self, span: Span) {
        let mut found = Vec::new();
        let mut seen = std::collections::BTreeSet::new();
        for (_, s) in self.book.statements() {
            for id in &s.lines {
                let Some(line) = self.book.line(*id) else {
                    continue;
                };
                let open = line.fact.kind == LineKind::ReceiptReturned
                    && span.holds(line.fact.booked)
                    && self.book.line_rest(*id) < 0;
                if open && seen.insert(*id) {
                    found.push((*id, s.facts.currency, line.fact.booked));
                }
            }
        }
        for (id, currency, booked) in found {
            let Some(key) = self.book.line_key(id) else {
                continue;
            };
            let amount = self.book.line_rest(id).saturating_neg();
            let kind = BreakKind::InBankNotInBook;
            self.found(BreakMatter::Line(key), kind, currency, amount, booked);
            if let Some(last) = self.breaks.last_mut() {
                last.line = Some(id);
            }
        }
    }

    fn account(&mut self, span: Span, account: &BankAccount) {
        for gap in &account.gaps {
            let kind = match gap.sequence {
                true => BreakKind::StatementGap,
                false => BreakKind::StatementSum,
            };
            let day = gap.day.to_string();
            let name = match (gap.number.is_empty(), gap.sequence, gap.missing) {
                (true, ..) => day,
                (_, _, Some((one, last))) if one == last => format!("{one} is missing"),
                (_, _, Some((first, last))) => format!("{first} to {last} are missing"),
                (false, true, None) => format!("{} begins", gap.number),
                (false, false, None) => gap.number.clone(),
            };
            let matter = BreakMatter::Statement(account.account.clone(), account.currency, name);
            let amount = gap.amount.saturating_neg();
            self.found(matter, kind, account.currency, amount, gap.day);
            self.hints(span);
        }
    }

    /// Locked periods whose figures are others now: a source showed more, or a commit was undone.
    fn locks(&mut self, span: Span) {
        let overlapping = |l: &&duebook_ledger::recon::Lock| l.from <= span.to && span.from <= l.to;
        let locks: Vec<_> = self.book.locks().filter(overlapping).cloned().collect();
        for lock in locks {
            let now = self.book.open_by_currency(lock.to);
            let mut all: Vec<(Currency, i64, i64)> = Vec::new();
            for f in &lock.figures {
                let (working, _) = now.get(&f.currency).copied().unwrap_or_default();
                all.push((f.currency, f.closing, working));
            }
            for (currency, (working, _)) in &now {
                if !lock.figures.iter().any(|f| f.currency == *currency) {
                    all.push((*currency, 0, *working));
                }
            }
            for (currency, then, now) in all.into_iter().filter(|(_, a, b)| a != b) {
                let matter = BreakMatter::Lock(lock.key, currency);
                let moved = now.saturating_sub(then);
                self.found(
                    matter,
                    BreakKind::ChangedSinceLock,
                    currency,
                    moved,
                    lock.to,
                );
                self.hints(span);
            }
        }
    }

    /// What the register says that no pass found: named by hand, or cleared meanwhile.
    fn noted(&mut self, span: Span) {
        let mut rest = Vec::new();
        for (matter, _, noted) in self.book.breaks() {
            let known = self.breaks.iter().any(|b| b.matter == *matter);
            if known || noted.facts.since > span.to {
                continue;
            }
            let by_hand = matches!(matter, BreakMatter::Other(_));
            let status = match (by_hand, noted.closed.is_some()) {
                (true, false) => Status::InHand,
                (true, true) => Status::Explained,
                // Closed and gone, or of another period.
                (false, true) => continue,
                (false, false) if noted.facts.since < span.from => continue,
                (false, false) => Status::Cleared,
            };
            rest.push(Break {
                matter: matter.clone(),
                kind: noted.facts.kind,
                currency: noted.facts.currency,
                amount: noted.facts.amount,
                since: noted.facts.since,
                clues: Vec::new(),
                noted: Some(noted.clone()),
                status,
                customer: None,
                receipt: None,
                line: None,
            });
        }
        self.breaks.extend(rest);
    }
}

/// What a difference hints at: it equals an item, is twice one, or is divisible by 9. Items that are
/// dated in the period come first.
pub fn clues(book: &Book, span: Span, currency: Currency, amount: i64) -> Vec<Clue> {
    let mut all = clues_of(book, span, &[(currency, amount)]);
    all.pop().unwrap_or_default()
}

/// An item that an amount hints at: whether it is twice the item, whether that lies outside the period,
/// its day, which.
type Hint = (bool, bool, std::cmp::Reverse<i32>, ItemId);

/// The same of many differences at once.
fn clues_of(book: &Book, span: Span, wanted: &[(Currency, i64)]) -> Vec<Vec<Clue>> {
    let mut found: BTreeMap<(u16, u64), Vec<Hint>> = BTreeMap::new();
    for (currency, amount) in wanted.iter().filter(|(_, amount)| *amount != 0) {
        let place = (currency.numeric(), amount.unsigned_abs());
        found.insert(place, Vec::new());
    }
    if found.is_empty() {
        return wanted.iter().map(|_| Vec::new()).collect();
    }
    let scan = OpenScan::new(book, View::on(Day(i32::MAX)));
    for (number, segment) in scan.segments() {
        let data = segment.data();
        for (row, own) in data.amount.iter().enumerate() {
            let own = own.unsigned_abs();
            for (size, twice) in [(Some(own), false), (own.checked_mul(2), true)] {
                let place = size.map(|size| (data.currency[row], size));
                let Some(hints) = place.and_then(|p| found.get_mut(&p)) else {
                    continue;
                };
                let day = data.doc_date[row];
                if segment.exists(row) && day <= span.to.0 {
                    let outside = !span.holds(Day(day));
                    let id = ItemId::new(number, row);
                    hints.push((twice, outside, std::cmp::Reverse(day), id));
                }
            }
        }
    }
    for hints in found.values_mut() {
        duebook_money::order::sort(hints);
    }
    let told = |(currency, amount): &(Currency, i64)| {
        let hints = found.get(&(currency.numeric(), amount.unsigned_abs()));
        let items = hints.into_iter().flatten().take(CLUES);
        let mut out: Vec<Clue> = items
            .map(|(twice, .., id)| match twice {
                true => Clue::TwiceItem(*id),
                false => Clue::EqualsItem(*id),
            })
            .collect();
        if *amount != 0 && amount % 9 == 0 {
            out.push(Clue::DivisibleByNine);
        }
        out
    };
    wanted.iter().map(told).collect()
}
