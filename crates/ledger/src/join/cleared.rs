//! What a list of cleared items tells of items that are known: when they were cleared, and by what.

use super::at_source;
use crate::book::Book;
use crate::columns::{ItemKind, NumField, Segment, TextField};
use crate::event::ItemChange;
use crate::facts::{Cause, ImportFacts, ImportKind};
use crate::ids::ItemId;
use crate::items::{ItemRef, day};
use duebook_money::Day;
use std::collections::BTreeMap;

/// The cleared rows of a file, until all of them are heard.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cleared {
    /// Whether the file tells of settled documents at all, and of which day.
    as_of: Option<Day>,
    rows: Vec<Row>,
    /// Per currency and clearing document, what it brought.
    means: BTreeMap<(u16, String), Means>,
}

/// A known item that the file shows as cleared.
#[derive(Debug, Clone)]
struct Row {
    item: ItemId,
    on: Day,
    by: (u16, String),
}

/// What a clearing document settles with; minor units, positive.
#[derive(Debug, Clone, Copy, Default)]
struct Means {
    cash: i64,
    credits: i64,
}

impl Means {
    fn of(kind: ItemKind, amount: i64) -> Means {
        match is_cash(kind) {
            true => Means {
                cash: amount,
                credits: 0,
            },
            false => Means {
                cash: 0,
                credits: amount,
            },
        }
    }
    fn add(&mut self, more: Means) {
        self.cash = self.cash.saturating_add(more.cash);
        self.credits = self.credits.saturating_add(more.credits);
    }
    /// Takes from it what it has, money first.
    fn spend(&mut self, amount: i64) -> (i64, i64) {
        let cash = amount.min(self.cash);
        let credits = (amount - cash).min(self.credits);
        self.cash -= cash;
        self.credits -= credits;
        (cash, credits)
    }
    /// What an earlier file has told of this clearing is spent.
    fn spend_told(&mut self, book: &Book, row: &Row) {
        let told = book.settlements_of(row.item);
        let told = told.filter(|s| s.effective == row.on && book.counts(s));
        for s in told.filter(|s| s.amount > 0) {
            match s.cause {
                Cause::Payment => self.cash = self.cash.saturating_sub(s.amount).max(0),
                Cause::Credit => self.credits = self.credits.saturating_sub(s.amount).max(0),
                _ => {}
            }
        }
    }
}

fn is_cash(kind: ItemKind) -> bool {
    matches!(kind, ItemKind::Receipt | ItemKind::OnAccount)
}

impl Cleared {
    pub(crate) fn new(facts: &ImportFacts) -> Self {
        Cleared {
            as_of: (facts.kind == ImportKind::Invoices).then_some(facts.as_of),
            ..Cleared::default()
        }
    }

    /// The day on which a row says that its document was cleared in full. A day later than the file's
    /// is a forecast.
    fn day_of(&self, s: &Segment, row: usize) -> Option<Day> {
        let as_of = self.as_of.filter(|_| s.open[row] == 0)?;
        let on = s.num(NumField::ClearingDate, row)?;
        day(i32::try_from(on).ok()?).filter(|on| *on <= as_of)
    }

    /// Whether a row says that its document will be cleared: that is no fact.
    pub(crate) fn is_forecast(&self, s: &Segment, row: usize) -> bool {
        let (Some(as_of), 0) = (self.as_of, s.open[row]) else {
            return false;
        };
        let on = s.num(NumField::ClearingDate, row);
        on.is_some_and(|on| on > i64::from(as_of.0))
    }

    /// Hears a row, known or not: a credit of the file is what its clearing document settles with.
    pub(crate) fn hear(&mut self, s: &Segment, row: usize) {
        let by = s.text(&TextField::ClearingDoc, row);
        if s.amount[row] >= 0 || by.is_empty() || self.day_of(s, row).is_none() {
            return;
        }
        let kind = ItemKind::from_u8(s.kind[row]).unwrap_or(ItemKind::CreditMemo);
        let more = Means::of(kind, s.amount[row].saturating_neg());
        let means = self.means.entry((s.currency[row], by.to_owned()));
        means.or_default().add(more);
    }

    /// Keeps the row of a known item; false where it does not say that the item was cleared.
    pub(crate) fn keep(&mut self, item: ItemId, s: &Segment, row: usize) -> bool {
        let Some(on) = self.day_of(s, row) else {
            return false;
        };
        let by = s.text(&TextField::ClearingDoc, row).to_owned();
        let by = (s.currency[row], by);
        self.rows.push(Row { item, on, by });
        true
    }

    /// What the rows change, in file order.
    pub(crate) fn changes(self, book: &Book, facts: &ImportFacts) -> Vec<(ItemId, ItemChange)> {
        let last = book.last_as_of(&facts.source, false);
        let mut means = self.means;
        let mut habits = None;
        let mut out = Vec::new();
        for row in &self.rows {
            let Some(item) = book.item(row.item) else {
                continue;
            };
            // What an extract of a later day shows as open was not cleared for good.
            let news =
                last.is_none_or(|last| last < row.on || last == row.on && last < facts.as_of);
            let rest = if news { at_source(&item).abs() } else { 0 };
            let mut explains = book.unexplained(row.item);
            explains.retain(|(shown, _)| *shown >= row.on);
            let known: i64 = explains.iter().map(|(_, a)| *a).sum();
            let all = rest.saturating_add(known);
            let mut own;
            let slot = match item.recorded_amount() < 0 {
                // A credit says itself what it is.
                true => {
                    own = Means::of(item.kind(), i64::MAX);
                    &mut own
                }
                false => means.entry(row.by.clone()).or_insert_with(|| {
                    let habits = habits.get_or_insert_with(|| Habits::of(book, &facts.source));
                    habits.means(&row.by.1)
                }),
            };
            slot.spend_told(book, row);
            let (cash, credits) = slot.spend(all);
            let unknown = all - cash - credits;
            let parts = [
                (Cause::Payment, cash),
                (Cause::Credit, credits),
                (Cause::AtSourceUnknown, unknown),
            ];
            let parts: Vec<(Cause, i64)> = parts.into_iter().filter(|(_, a)| *a > 0).collect();
            // Told before, and no more of it now.
            let told =
                rest == 0 && unknown == known && explains.iter().all(|(shown, _)| *shown == row.on);
            if !parts.is_empty() && !told {
                let on = row.on;
                let change = ItemChange::Cleared {
                    on,
                    explains,
                    parts,
                };
                out.push((row.item, change));
            }
        }
        out
    }
}

/// How a source numbers its receipts and credit memos: a clearing document that the file does not
/// list is told by its own number, or by the letters it begins with.
struct Habits {
    numbers: BTreeMap<String, Means>,
    /// Letters to what bears them: cash, credits, anything else.
    letters: BTreeMap<String, [bool; 3]>,
}

impl Habits {
    fn of(book: &Book, source: &str) -> Self {
        let mut habits = Habits {
            numbers: BTreeMap::new(),
            letters: BTreeMap::new(),
        };
        let source_index = book.source_index(source);
        let live = book.items().ids().filter(|id| book.is_item_live(*id));
        let items = live.filter_map(|id| book.item(id));
        for item in items.filter(|i| Some(i.source()) == source_index) {
            habits.learn(item.number(), &item);
        }
        for (key, id) in book.answered().filter(|(key, _)| key.source == source) {
            if let Some(item) = book.item(id) {
                habits.learn(&key.number, &item);
            }
        }
        habits
    }

    fn learn(&mut self, number: &str, item: &ItemRef<'_>) {
        let kind = item.kind();
        let slot = match kind {
            _ if is_cash(kind) => 0,
            ItemKind::CreditMemo => 1,
            _ => 2,
        };
        if slot < 2 {
            let means = Means::of(kind, item.recorded_amount().saturating_abs());
            self.numbers
                .entry(number.to_owned())
                .or_default()
                .add(means);
        }
        let seen = letters(number);
        if !seen.is_empty() {
            self.letters.entry(seen.to_owned()).or_default()[slot] = true;
        }
    }

    fn means(&self, number: &str) -> Means {
        if let Some(means) = self.numbers.get(number) {
            return *means;
        }
        match self.letters.get(letters(number)) {
            Some([true, false, false]) => Means::of(ItemKind::Receipt, i64::MAX),
            Some([false, true, false]) => Means::of(ItemKind::CreditMemo, i64::MAX),
            _ => Means::default(),
        }
    }
}

/// What a document number begins with before its digits: `RCPT-` of `RCPT-70012`.
fn letters(number: &str) -> &str {
    let end = number.bytes().position(|b| b.is_ascii_digit());
    number.get(..end.unwrap_or(0)).unwrap_or("")
}
