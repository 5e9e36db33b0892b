//! The cash application log and unapplied cash (domain.md §10): what became of every receipt, so
//! that its parts are always the whole (CA-01); and how much of it needed nobody (KP-50, KP-51).

use crate::fx::{BookRates, Realised, RealisedSum, realised_by};
use duebook_ledger::columns::ItemKind;
use duebook_ledger::facts::{Cause, CollectorField};
use duebook_ledger::recon::PostedAt;
use duebook_ledger::settlements::Settlement;
use duebook_ledger::statements::{LineUse, MatchRule};
use duebook_ledger::{Book, CustomerId, ItemId, LineId, OpenScan, Seq, View};
use duebook_money::{Currency, Day};

/// A receipt and what became of it, on a day as known now. Minor units, positive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogRow {
    /// The receipt.
    pub receipt: ItemId,
    /// Whose money.
    pub customer: CustomerId,
    /// Currency.
    pub currency: Currency,
    /// Value date.
    pub date: Day,
    /// Received from outside; 0 for a part of another receipt.
    pub amount: i64,
    /// What came over from another receipt; 0 for money from outside.
    pub brought: i64,
    /// The receipt it came from.
    pub from: Option<ItemId>,
    /// What went over to other receipts, or back to where it came from.
    pub transferred: i64,
    /// Those receipts.
    pub to: Vec<ItemId>,
    /// The first line of a statement that it is.
    pub line: Option<LineId>,
    /// By which rule it was matched, where a line became it.
    pub rule: Option<MatchRule>,
    /// It was accepted as proposed, with all that may post by themselves.
    pub auto: bool,
    /// What it pays: item, minor units.
    pub items: Vec<(ItemId, i64)>,
    /// Applied in all.
    pub applied: i64,
    /// Discount granted with it.
    pub discount: i64,
    /// Tax withheld.
    pub withheld: i64,
    /// Small differences.
    pub tolerance: i64,
    /// Charges and other write-offs with it.
    pub charges: i64,
    /// Exchange differences.
    pub exchange: i64,
    /// What its applications gain or lose by the rates of their days.
    pub realised: RealisedSum,
    /// Used at source, on what is not known.
    pub at_source: i64,
    /// Refunded.
    pub refunded: i64,
    /// Taken back by the bank.
    pub returned: i64,
    /// What is left.
    pub unapplied: i64,
    /// Commit that recorded it.
    pub commit: Seq,
    /// The last commit that took back a part of it or all.
    pub reversed: Option<Seq>,
}

impl LogRow {
    /// All of it, wherever it came from.
    pub fn whole(&self) -> i64 {
        self.amount.saturating_add(self.brought)
    }
    /// CA-01: what the parts lack of the whole; 0.
    pub fn difference(&self) -> i64 {
        let parts = [
            self.applied,
            self.at_source,
            self.refunded,
            self.returned,
            self.transferred,
            self.unapplied,
        ];
        parts
            .into_iter()
            .fold(self.whole(), |left, part| left.saturating_sub(part))
    }
}

/// What is left of a receipt or credit, and what could be done with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnappliedRow {
    /// The receipt.
    pub receipt: ItemId,
    /// Whose.
    pub customer: CustomerId,
    /// Currency.
    pub currency: Currency,
    /// Value date.
    pub date: Day,
    /// Received, minor units, positive.
    pub amount: i64,
    /// Left.
    pub unapplied: i64,
    /// Days since its value date.
    pub age: i32,
    /// It is held on account on purpose: by its kind, or for a reason given.
    pub on_account: bool,
    /// That reason.
    pub held: String,
    /// Open items of the customer of exactly this amount, at most three, the earliest due first.
    pub candidates: Vec<ItemId>,
    /// What the customer owes in this currency, minor units.
    pub owed: i64,
}

/// Candidates told.
const CANDIDATES: usize = 3;

fn counts_on(book: &Book, s: &Settlement, day: Day) -> bool {
    let reversed = book.reversal_of(s.id).is_some_and(|r| r.effective <= day);
    s.effective <= day && book.is_live(s.commit) && book.standing_of(s.id).counts() && !reversed
}

/// What became of a receipt by a day.
pub fn log_row(book: &Book, id: ItemId, day: Day) -> Option<LogRow> {
    row_of(book, BookRates::of(book), id, day)
}

fn row_of(book: &Book, rates: BookRates<'_>, id: ItemId, day: Day) -> Option<LogRow> {
    let item = book.item(id)?;
    let at = PostedAt {
        day,
        commit: book.head(),
        back: false,
    };
    let was = book.holder(id, at, &|s| book.is_live(s));
    let part = book
        .lines_of_receipt(id)
        .find(|p| matches!(p.by, LineUse::Receipt(_)));
    let whole = item.recorded_open().saturating_neg();
    let from = book.brought(id).map(|t| t.from);
    let mut row = LogRow {
        receipt: id,
        customer: was.unwrap_or(item.customer()),
        currency: item.currency(),
        date: Day(item.doc_date()),
        amount: if from.is_some() { 0 } else { whole },
        brought: if from.is_some() { whole } else { 0 },
        from,
        transferred: 0,
        to: Vec::new(),
        line: part.map(|p| p.line),
        rule: part.and_then(|p| p.rule),
        auto: part.is_some_and(|p| p.auto),
        items: Vec::new(),
        applied: 0,
        discount: 0,
        withheld: 0,
        tolerance: 0,
        charges: 0,
        exchange: 0,
        realised: RealisedSum::default(),
        at_source: 0,
        refunded: 0,
        returned: 0,
        unapplied: 0,
        commit: item.commit(),
        reversed: None,
    };
    let mut realised: Vec<Realised> = Vec::new();
    for s in book.settlements_of(id) {
        if !book.is_live(s.commit) {
            continue;
        }
        if let Some(r) = book.reversal_of(s.id) {
            row.reversed = row.reversed.max(Some(r.commit));
        }
        if !counts_on(book, &s, day) {
            continue;
        }
        match (s.debit, s.cause) {
            (None, Cause::Returned) => {
                row.returned = row.returned.saturating_add(s.amount);
                row.reversed = row.reversed.max(Some(s.commit));
            }
            (None, Cause::Transferred) => {
                row.transferred = row.transferred.saturating_add(s.amount);
                row.to.extend(book.transfer_by(s.id).map(|t| t.to));
            }
            (None, Cause::Refund) => row.refunded = row.refunded.saturating_add(s.amount),
            (None, _) => row.at_source = row.at_source.saturating_add(s.amount),
            (Some(debit), _) => {
                row.applied = row.applied.saturating_add(s.amount);
                match row.items.iter_mut().find(|(known, _)| *known == debit) {
                    Some((_, amount)) => *amount = amount.saturating_add(s.amount),
                    None => row.items.push((debit, s.amount)),
                }
                realised.push(realised_by(book, rates, &s));
                granted(book, &s, day, &mut row);
            }
        }
    }
    let taken = [
        row.applied,
        row.at_source,
        row.refunded,
        row.returned,
        row.transferred,
    ];
    row.unapplied = taken
        .into_iter()
        .fold(whole, |left, part| left.saturating_sub(part));
    row.items.reverse();
    row.to.reverse();
    row.realised = RealisedSum::of(realised);
    Some(row)
}

/// What of a receipt has gone over to others in a view, or back to where it came from: minor units,
/// positive.
pub(crate) fn gone_over(book: &Book, scan: &OpenScan<'_>, id: ItemId) -> i64 {
    let (table, live) = (book.settlements(), |seq: Seq| scan.is_live(seq));
    let as_of = scan.view().as_of;
    let counts = |s: &Settlement| {
        let back = table.reversal(s.id, &live);
        s.cause == Cause::Transferred
            && s.effective <= as_of
            && live(s.commit)
            && table.standing(s.id, &live).counts()
            && back.is_none_or(|r| r.effective > as_of)
    };
    let gone = book.settlements_of(id).filter(counts);
    gone.fold(0, |sum, s| sum.saturating_add(s.amount))
}

/// What was let go of an item with an application: recorded after it in the same commit, and after
/// no other application of the item.
fn granted(book: &Book, s: &Settlement, day: Day, row: &mut LogRow) {
    let with_it = book.granted_with(s);
    for g in with_it.iter().filter(|g| counts_on(book, g, day)) {
        let slot = match g.cause {
            Cause::Discount => &mut row.discount,
            Cause::Withholding => &mut row.withheld,
            Cause::Tolerance => &mut row.tolerance,
            Cause::Exchange => &mut row.exchange,
            Cause::WriteOff => &mut row.charges,
            _ => continue,
        };
        *slot = slot.saturating_add(g.amount);
    }
}

/// Receipts that are there on a day, by segment: log order.
fn receipts(book: &Book, from: Day, to: Day) -> Vec<ItemId> {
    let scan = OpenScan::new(book, View::on(Day(i32::MAX)));
    let mut out = Vec::new();
    for (number, segment) in scan.segments() {
        let data = segment.data();
        for (row, kind) in data.kind.iter().enumerate() {
            let day = Day(data.doc_date[row]);
            let wanted = *kind == ItemKind::Receipt as u8 && from <= day && day <= to;
            if wanted && segment.exists(row) {
                out.push(ItemId::new(number, row));
            }
        }
    }
    out
}

/// The log of the receipts dated in a period, with what became of them by its last day; the newest
/// first.
pub fn cash_log(book: &Book, from: Day, to: Day) -> Vec<LogRow> {
    let ids = receipts(book, from, to);
    let rates = BookRates::of(book);
    let mut rows: Vec<LogRow> = ids
        .into_iter()
        .filter_map(|id| row_of(book, rates, id, to))
        .collect();
    duebook_money::order::sort_by_key(&mut rows, |r| (std::cmp::Reverse(r.date), r.receipt));
    rows
}

/// What is left of receipts and money on account on a day, the oldest first.
pub fn unapplied(book: &Book, day: Day) -> Vec<UnappliedRow> {
    let scan = OpenScan::new(book, View::on(day));
    let mut rows = Vec::new();
    for (number, segment) in scan.segments() {
        let data = segment.data();
        for (row, kind) in data.kind.iter().enumerate() {
            let kind = ItemKind::from_u8(*kind);
            if !matches!(kind, Some(ItemKind::Receipt | ItemKind::OnAccount)) {
                continue;
            }
            let open = segment.open(row).map_or(0, |o| o.working());
            if open == 0 {
                continue;
            }
            let id = ItemId::new(number, row);
            let Some(item) = book.item(id) else { continue };
            // Money waits since it came in, wherever it has gone since.
            let came = book.item(book.origin(id)).map(|i| i.doc_date());
            let date = Day(came.unwrap_or(data.doc_date[row]));
            let mut made = UnappliedRow {
                receipt: id,
                customer: scan.customer_of(id).unwrap_or(item.customer()),
                currency: item.currency(),
                date,
                amount: item.recorded_amount().saturating_neg(),
                unapplied: open.saturating_neg(),
                age: day.0.saturating_sub(date.0).max(0),
                on_account: kind == Some(ItemKind::OnAccount) || book.held(id).is_some(),
                held: book.held(id).unwrap_or("").to_owned(),
                candidates: Vec::new(),
                owed: 0,
            };
            candidates(book, &scan, &mut made);
            rows.push(made);
        }
    }
    duebook_money::order::sort_by_key(&mut rows, |r| (r.date, r.receipt));
    rows
}

fn candidates(book: &Book, scan: &OpenScan<'_>, row: &mut UnappliedRow) {
    let mut equal: Vec<(i32, ItemId)> = Vec::new();
    for item in scan.items_of(row.customer) {
        let open = scan.open(item.id).map_or(0, |o| o.working());
        if open <= 0 || item.currency() != row.currency {
            continue;
        }
        row.owed = row.owed.saturating_add(open);
        if open == row.unapplied {
            equal.push((book.due_of(&item), item.id));
        }
    }
    duebook_money::order::sort(&mut equal);
    row.candidates = equal
        .into_iter()
        .take(CANDIDATES)
        .map(|(_, id)| id)
        .collect();
}

/// Who has a receipt in hand: who was named on it, else the customer's collector.
pub fn owner_of<'a>(book: &'a Book, row: &UnappliedRow) -> &'a str {
    let named = book.field(row.receipt, CollectorField::Owner);
    if !named.is_empty() {
        return named;
    }
    let facts = book.customer_facts(row.customer);
    facts.and_then(|f| f.collector.as_deref()).unwrap_or("")
}

/// How many payments needed nobody, and how many of those turned out wrong. Amounts are minor
/// units of one currency.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rates {
    /// Lines of customer money.
    pub payments: u64,
    /// Their sum.
    pub value: i64,
    /// Of them, posted as proposed with nobody's hand (KP-50).
    pub auto: u64,
    /// Their sum.
    pub auto_value: i64,
    /// Of all, posted by somebody: a suggestion accepted or laid out by hand.
    pub by_hand: u64,
    /// Their sum.
    pub by_hand_value: i64,
    /// Items that receipts of these lines pay.
    pub applications: u64,
    /// Of them, applied by themselves.
    pub auto_applications: u64,
    /// Ever posted by themselves.
    pub ever_auto: u64,
    /// Of them, taken back or settled otherwise since (KP-51).
    pub wrong: u64,
}

/// A part of a whole, per mille, rounded down; `None` of nothing.
pub fn per_mille(part: u128, whole: u128) -> Option<u16> {
    let share = part.checked_mul(1000)?.checked_div(whole)?;
    u16::try_from(share.min(1000)).ok()
}

/// The rates of some lines, as known now.
pub fn rates(book: &Book, lines: impl IntoIterator<Item = LineId>) -> Rates {
    let mut out = Rates::default();
    for id in lines {
        let Some(line) = book.line(id).filter(|l| book.is_live(l.commit)) else {
            continue;
        };
        let customers = line.fact.amount > 0
            && line.fact.kind.is_customer_money()
            && !book
                .line_parts(id)
                .any(|p| matches!(p.by, LineUse::NotCustomerMoney(_)));
        if !customers {
            continue;
        }
        out.payments += 1;
        out.value = out.value.saturating_add(line.fact.amount);
        let (mut auto, mut by_hand) = (0i64, 0i64);
        for part in book.line_parts(id) {
            let LineUse::Receipt(receipt) = part.by else {
                continue;
            };
            let items = pays(book, receipt);
            out.applications += items;
            match part.auto {
                true => {
                    auto = auto.saturating_add(part.amount);
                    out.auto_applications += items;
                    out.ever_auto += 1;
                    out.wrong += u64::from(is_taken_back(book, receipt));
                }
                false => by_hand = by_hand.saturating_add(part.amount),
            }
        }
        // Undone and settled otherwise since: what posted by itself was wrong.
        let undone = book
            .line_parts_ever(id)
            .any(|p| p.auto && !book.is_live(p.commit));
        if undone && by_hand > 0 {
            out.ever_auto += 1;
            out.wrong += 1;
        }
        if auto > 0 && by_hand == 0 {
            out.auto += 1;
        } else if by_hand > 0 {
            out.by_hand += 1;
        }
        out.auto_value = out.auto_value.saturating_add(auto);
        out.by_hand_value = out.by_hand_value.saturating_add(by_hand);
    }
    out
}

/// How many items a receipt and its parts pay.
fn pays(book: &Book, receipt: ItemId) -> u64 {
    let counted = book.settlements_of(receipt).filter(|s| book.counts(s));
    let each = counted.map(|s| match book.transfer_by(s.id) {
        Some(t) => pays(book, t.to),
        None => u64::from(s.debit.is_some()),
    });
    each.sum()
}

/// Whether an application of a receipt was taken back, other than by the bank's return.
fn is_taken_back(book: &Book, receipt: ItemId) -> bool {
    let all: Vec<Settlement> = book
        .settlements_of(receipt)
        .filter(|s| book.is_live(s.commit))
        .collect();
    let returned = |seq: Seq| {
        let mut own = all.iter();
        own.any(|s| s.cause == Cause::Returned && s.commit == seq)
    };
    let mut reversed = all.iter().filter_map(|s| book.reversal_of(s.id));
    reversed.any(|r| !returned(r.commit))
}
