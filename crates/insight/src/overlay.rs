//! Facts that few items carry, gathered once per view: our aging anchor and the disputed amount.

use duebook_ledger::columns::NumField;
use duebook_ledger::facts::CollectorField;
use duebook_ledger::{Book, ItemId, OpenScan, Seq};
use duebook_money::Day;
use std::collections::BTreeMap;

/// What a few items carry in a view.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Overlay {
    /// Our override of the date an item ages from.
    pub anchors: BTreeMap<ItemId, i32>,
    /// Disputed, minor units, positive.
    pub disputed: BTreeMap<ItemId, i64>,
}

impl Overlay {
    pub fn new(book: &Book, scan: &OpenScan<'_>) -> Self {
        let mut overlay = Overlay::default();
        for id in marked(book) {
            overlay.read(book, scan, shown_as(book, scan, id));
        }
        overlay
    }

    /// What a customer's items carry. The scan is as known now.
    pub fn of(book: &Book, scan: &OpenScan<'_>, customer: duebook_ledger::CustomerId) -> Self {
        let mut overlay = Overlay::default();
        // Most books have no such fact at all: then no item is asked.
        let fields = book.items_with_fields().next().is_some();
        if fields || book.items_with_cases().next().is_some() {
            for item in scan.items_of(customer) {
                overlay.read(book, scan, item.id);
            }
        }
        overlay
    }

    /// Reads what an item carries. One whose import does not count carries nothing.
    pub fn read(&mut self, book: &Book, scan: &OpenScan<'_>, id: ItemId) {
        let live = |s: Seq| scan.is_live(s);
        if !book.item(id).is_some_and(|i| live(i.commit())) {
            return;
        }
        let value = |field| {
            let history = book.field_history(id, field);
            history.into_iter().rfind(|(seq, _)| live(*seq))
        };
        let anchor = value(CollectorField::AgingAnchor);
        if let Some(day) = anchor.and_then(|(_, text)| iso_day(text)) {
            self.anchors.insert(id, day.0);
        }
        let disputed = book.disputed_at(id, scan.view().as_of, &live);
        if disputed > 0 {
            self.disputed.insert(id, disputed);
        }
    }

    /// The date an item is late from: our anchor, the source's, the due date; `NO_DAY` if none.
    pub fn due(&self, scan: &duebook_ledger::open::SegmentScan<'_>, id: ItemId) -> i32 {
        if let Some(&day) = self.anchors.get(&id) {
            return day;
        }
        let anchor = scan.data().num(NumField::AgingAnchor, id.row());
        anchor
            .and_then(|d| i32::try_from(d).ok())
            .unwrap_or_else(|| scan.due(id.row()))
    }
}

/// Every item that carries a field of ours, or is named by a case, each once.
pub(crate) fn marked(book: &Book) -> Vec<ItemId> {
    let mut ids: Vec<ItemId> = book.items_with_fields().collect();
    ids.extend(book.items_with_cases());
    duebook_money::order::sort(&mut ids);
    ids.dedup();
    ids
}

/// The row that stands for an item in a view: itself where it was known, else the row that had its
/// natural key then.
pub(crate) fn shown_as(book: &Book, scan: &OpenScan<'_>, id: ItemId) -> ItemId {
    let there = |id: &ItemId| book.item(*id).is_some_and(|i| scan.is_live(i.commit()));
    if there(&id) {
        return id;
    }
    book.kin_of(id).into_iter().find(there).unwrap_or(id)
}

/// The item that carries a debt in a view: the one it was renumbered, transferred or merged to, as
/// far as the view knows.
pub(crate) fn carried_by(book: &Book, scan: &OpenScan<'_>, id: ItemId) -> ItemId {
    let mut at = shown_as(book, scan, id);
    // Each succession known leads one step on; no more steps than there are successions.
    for _ in book.successions() {
        let next = book
            .successions()
            .filter(|(seq, s)| scan.is_live(*seq) && s.kind.is_same_debt() && s.from.contains(&at));
        match next.last().and_then(|(_, s)| s.to.first()) {
            Some(to) if *to != at => at = *to,
            _ => break,
        }
    }
    at
}

/// Whether another document took an item's place, as far as a view knows.
pub(crate) fn is_replaced(book: &Book, scan: &OpenScan<'_>, id: ItemId) -> bool {
    use duebook_ledger::facts::SuccessionKind;
    book.successions().any(|(seq, s)| {
        scan.is_live(seq) && s.kind != SuccessionKind::Unrelated && s.from.contains(&id)
    })
}

/// A day written `YYYY-MM-DD`, as collector's fields carry it.
pub(crate) fn iso_day(text: &str) -> Option<Day> {
    let mut parts = text.trim().splitn(3, '-');
    let year = parts.next()?.parse().ok()?;
    let month = parts.next()?.parse().ok()?;
    Day::from_ymd(year, month, parts.next()?.parse().ok()?)
}
