//! The roll-forward (RC-02): opening + what was billed - what came in ± the rest = closing.

use super::Span;
use duebook_ledger::columns::ItemKind;
use duebook_ledger::facts::Cause;
use duebook_ledger::recon::LockedFigure;
use duebook_ledger::settlements::Settlement;
use duebook_ledger::{Book, CustomerId, ItemId, OpenScan, SettlementId, View};
use duebook_money::{Currency, Day};
use std::collections::BTreeMap;
use std::ops::Range;

/// A line of a roll-forward, in its order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RollKind {
    /// Invoices dated in the period.
    Invoices,
    /// Further charges.
    DebitMemos,
    /// Interest and compensation.
    LateCharges,
    /// Credit memos.
    CreditMemos,
    /// Money received, applied or not.
    Receipts,
    /// Parts of receipts that went over to others: in one currency they are 0 in all.
    Transfers,
    /// Money held on account on purpose.
    OnAccount,
    /// Payments that a source shows on items without a receipt of their own.
    PaymentsOnItems,
    /// Credits that a source shows on items without a memo of their own.
    CreditsOnItems,
    /// Early-payment discount.
    Discounts,
    /// Written off.
    WriteOffs,
    /// Tax withheld by the payer.
    Withheld,
    /// Exchange differences.
    Exchange,
    /// Rounding and small differences.
    Tolerance,
    /// Refunded to customers.
    Refunds,
    /// Receipts that the bank took back.
    Returned,
    /// Settled at source; it does not say how.
    AtSource,
    /// Amounts of documents that the source changed.
    Amended,
    /// What was settled before the book began, as its history was learnt.
    History,
    /// Adjustments taken back in the period.
    Reversals,
}

/// Movements of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RollLine {
    /// Which.
    pub kind: RollKind,
    /// What they change the balance by, minor units, signed.
    pub amount: i64,
    /// How many.
    pub count: u64,
}

/// The roll-forward of one currency, working figures, minor units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Roll {
    /// Currency.
    pub currency: Currency,
    /// Open at the end of the day before.
    pub opening: i64,
    /// Movements, kinds without any left out.
    pub lines: Vec<RollLine>,
    /// Open at the end of the last day.
    pub closing: i64,
    /// Of the closing balance, at source: without what is ours and not confirmed.
    pub at_source: i64,
}

impl Roll {
    /// Opening and movements less closing: 0, or the ledger does not add up.
    pub fn difference(&self) -> i64 {
        let moved = self.lines.iter();
        let moved = moved.fold(self.opening, |sum, l| sum.saturating_add(l.amount));
        moved.saturating_sub(self.closing)
    }
    /// What is ours and not confirmed, of the closing balance.
    pub fn pending(&self) -> i64 {
        self.closing.saturating_sub(self.at_source)
    }
}

/// One movement behind a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Member {
    /// The item that came or moved.
    pub item: ItemId,
    /// The settlement that moved it; `None` for a document itself.
    pub settlement: Option<SettlementId>,
    /// Whose.
    pub customer: CustomerId,
    /// Accounting date.
    pub day: Day,
    /// Minor units, signed.
    pub amount: i64,
}

#[derive(Default)]
pub(super) struct Rolls(BTreeMap<(Currency, RollKind), (i64, u64)>);

impl Rolls {
    fn add(&mut self, currency: Currency, kind: RollKind, amount: i64) {
        if amount != 0 {
            let line = self.0.entry((currency, kind)).or_default();
            line.0 = line.0.saturating_add(amount);
            line.1 += 1;
        }
    }
    /// Documents of some segments; false after the last.
    pub(super) fn items(&mut self, book: &Book, span: Span, numbers: Range<usize>) -> bool {
        let last = book.items().segments().len();
        let more = numbers.end < last;
        each_document(book, span, numbers, |_, kind, _, amount, currency| {
            self.add(currency, kind, amount);
        });
        more
    }
    pub(super) fn settlements(&mut self, book: &Book, span: Span) {
        each_adjustment(book, span, |id, kind, _, _, amount| {
            if let Some(item) = book.item(id) {
                self.add(item.currency(), kind, amount);
            }
        });
    }
    pub(super) fn finish(self, figures: &[LockedFigure]) -> Vec<Roll> {
        let mut out: Vec<Roll> = Vec::new();
        for f in figures {
            out.push(Roll {
                currency: f.currency,
                opening: f.opening,
                lines: Vec::new(),
                closing: f.closing,
                at_source: f.at_source,
            });
        }
        for ((currency, kind), (amount, count)) in self.0 {
            let line = RollLine {
                kind,
                amount,
                count,
            };
            match out.iter_mut().find(|r| r.currency == currency) {
                Some(roll) => roll.lines.push(line),
                None => out.push(Roll {
                    currency,
                    opening: 0,
                    lines: vec![line],
                    closing: 0,
                    at_source: 0,
                }),
            }
        }
        out.retain(|r| r.opening != 0 || r.closing != 0 || !r.lines.is_empty());
        out
    }
}

/// Documents dated in the period: item, kind, day, recorded open amount, currency.
fn each_document(
    book: &Book,
    span: Span,
    numbers: Range<usize>,
    mut each: impl FnMut(ItemId, RollKind, Day, i64, Currency),
) {
    // Whether a row counts is asked of every day: that costs no scan of the settlements.
    let scan = OpenScan::new(book, View::on(Day(i32::MAX)));
    for number in numbers {
        let Some(segment) = scan.segment(number) else {
            return;
        };
        let data = segment.data();
        for (row, day) in data.doc_date.iter().enumerate() {
            if !span.holds(Day(*day)) || !segment.exists(row) {
                continue;
            }
            let id = ItemId::new(number, row);
            let kind = match ItemKind::from_u8(data.kind[row]) {
                Some(ItemKind::Receipt) if book.brought(id).is_some() => RollKind::Transfers,
                Some(ItemKind::DebitMemo) => RollKind::DebitMemos,
                Some(ItemKind::LateCharge) => RollKind::LateCharges,
                Some(ItemKind::CreditMemo) => RollKind::CreditMemos,
                Some(ItemKind::Receipt) => RollKind::Receipts,
                Some(ItemKind::OnAccount) => RollKind::OnAccount,
                Some(ItemKind::Invoice) | None => RollKind::Invoices,
            };
            let currency = Currency::from_numeric(data.currency[row]).unwrap_or(Currency::XXX);
            each(id, kind, Day(*day), data.open[row], currency);
        }
    }
}

/// The item that a settlement of one side moves, and by how much, where it counts.
pub(super) fn adjustment(book: &Book, s: &Settlement) -> Option<(ItemId, i64)> {
    let (item, amount) = match (s.debit, s.credit) {
        (Some(debit), None) => (debit, s.amount.saturating_neg()),
        (None, Some(credit)) => (credit, s.amount),
        _ => return None,
    };
    let counts = book.is_live(s.commit)
        && book.standing_of(s.id).counts()
        && book.is_item_live(item)
        && book.item(item).is_some_and(|i| i.standing().counts());
    counts.then_some((item, amount))
}

/// Settlements of one side, and reversals of such, dated in the period. Those of two sides move
/// between items and leave the balance as it is (AG-22).
fn each_adjustment(
    book: &Book,
    span: Span,
    mut each: impl FnMut(ItemId, RollKind, SettlementId, Day, i64),
) {
    for s in book.settlements().iter() {
        let Some((item, amount)) = adjustment(book, &s) else {
            continue;
        };
        if span.holds(s.effective) {
            each(item, kind_of(&s), s.id, s.effective, amount);
        }
        if let Some(r) = book.reversal_of(s.id).filter(|r| span.holds(r.effective)) {
            let kind = match s.cause {
                Cause::Transferred => RollKind::Transfers,
                _ => RollKind::Reversals,
            };
            each(item, kind, s.id, r.effective, amount.saturating_neg());
        }
    }
}

fn kind_of(s: &Settlement) -> RollKind {
    match s.cause {
        Cause::Payment => RollKind::PaymentsOnItems,
        Cause::Credit | Cause::Contra => RollKind::CreditsOnItems,
        Cause::Discount => RollKind::Discounts,
        Cause::WriteOff => RollKind::WriteOffs,
        Cause::Withholding => RollKind::Withheld,
        Cause::Exchange => RollKind::Exchange,
        Cause::AtSourceUnknown => RollKind::AtSource,
        Cause::Amended => RollKind::Amended,
        Cause::Returned => RollKind::Returned,
        Cause::TakeOn => RollKind::History,
        Cause::Refund => RollKind::Refunds,
        Cause::Tolerance => RollKind::Tolerance,
        Cause::Transferred => RollKind::Transfers,
    }
}

/// The movements behind a line, at most so many, in log order, and how many more there are. All of
/// them add up to the line.
pub fn members(
    book: &Book,
    span: Span,
    currency: Currency,
    wanted: RollKind,
    most: usize,
) -> (Vec<Member>, u64) {
    let (mut out, mut more) = (Vec::new(), 0);
    let mut add = |item: ItemId, settlement: Option<SettlementId>, day: Day, amount: i64| {
        if out.len() >= most {
            more += 1;
        } else if let Some(known) = book.item(item) {
            out.push(Member {
                item,
                settlement,
                customer: known.customer(),
                day,
                amount,
            });
        }
    };
    let all = 0..book.items().segments().len();
    each_document(book, span, all, |item, kind, day, amount, of| {
        if kind == wanted && of == currency && amount != 0 {
            add(item, None, day, amount);
        }
    });
    each_adjustment(book, span, |item, kind, id, day, amount| {
        let of = book.item(item).map(|i| i.currency());
        if kind == wanted && of == Some(currency) && amount != 0 {
            add(item, Some(id), day, amount);
        }
    });
    (out, more)
}
