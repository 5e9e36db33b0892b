//! What went on a day that no source told: on a day between two extracts nobody can tell what was
//! open of it, and a figure of that day says so.

use duebook_ledger::facts::{Cause, ImportKind};
use duebook_ledger::{Book, ItemId, OpenScan};
use duebook_money::{Currency, Day};
use duebook_sheet::Cell;
use std::collections::BTreeMap;

/// Items that an extract did not show any more, or showed with less, without saying since when: on a
/// day between it and the one before it nobody can tell what was open of them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct NotTold {
    /// Name of the source.
    pub source: String,
    /// As-of of the last extract before the day.
    pub from: Day,
    /// As-of of the first after it.
    pub until: Day,
    /// Items.
    pub items: u64,
    /// What went of them, minor units, by currency code.
    pub sums: Vec<(Currency, i128)>,
}

impl NotTold {
    /// For a README and the proof of a total.
    pub(crate) fn said(&self) -> String {
        let sums = self.sums.iter().map(|(currency, sum)| {
            let amount = Cell::sum(*sum, currency.exponent()).plain();
            format!("{} {amount}", currency.code())
        });
        let sums: Vec<String> = sums.collect();
        let items = match self.items {
            1 => "1 item".to_owned(),
            n => format!("{n} items"),
        };
        format!(
            "{} settled {} of {items} at some time after {} and by {} without saying when: they are \
             shown as open",
            self.source,
            sums.join(" and "),
            self.from,
            self.until
        )
    }
}

/// What may have gone before the as-of day of a view, by source and the extract that showed it.
pub(crate) fn not_told(book: &Book, scan: &OpenScan<'_>) -> Vec<NotTold> {
    let as_of = scan.view().as_of;
    if book.settlements().latest_effective() <= as_of.0 {
        return Vec::new();
    }
    // What a payment explained later was put back on the day of the extract: it nets to nothing.
    let mut went: BTreeMap<(u16, Day, ItemId), i64> = BTreeMap::new();
    for s in book.settlements().iter() {
        let after = s.cause == Cause::AtSourceUnknown && s.effective > as_of;
        if !after || !scan.is_live(s.commit) || book.reversal_of(s.id).is_some() {
            continue;
        }
        let item = s.debit.or(s.credit).and_then(|id| book.item(id));
        let Some(item) = item.filter(|i| i.doc_date() <= as_of.0) else {
            continue;
        };
        let sum = went
            .entry((item.source(), s.effective, item.id))
            .or_default();
        *sum = sum.saturating_add(s.amount);
    }
    let mut lists: BTreeMap<(u16, Day), Option<Day>> = BTreeMap::new();
    let mut found: BTreeMap<(u16, Day), NotTold> = BTreeMap::new();
    for ((source, until, item), amount) in went.into_iter().filter(|(_, sum)| *sum > 0) {
        let before = *lists
            .entry((source, until))
            .or_insert_with(|| list_before(book, scan, source, until));
        let (Some(from), Some(item)) = (before, book.item(item)) else {
            continue;
        };
        let told = found.entry((source, until)).or_insert_with(|| NotTold {
            source: book.source_name(source).to_owned(),
            from,
            until,
            items: 0,
            sums: Vec::new(),
        });
        told.items += 1;
        let currency = item.currency();
        match told.sums.iter_mut().find(|(c, _)| *c == currency) {
            Some((_, sum)) => *sum += i128::from(amount),
            None => told.sums.push((currency, i128::from(amount))),
        }
    }
    found.into_values().collect()
}

/// The day of the source's list before another, where it is before the view's own: what the list of
/// the day itself showed was open on it.
fn list_before(book: &Book, scan: &OpenScan<'_>, source: u16, until: Day) -> Option<Day> {
    let name = book.source_name(source);
    let lists = book.imports().filter(|i| {
        let lists = i.facts.kind == ImportKind::OpenItems && i.facts.source == name;
        lists && scan.is_live(i.commit)
    });
    let before = lists
        .map(|i| i.facts.as_of)
        .filter(|day| *day < until)
        .max();
    before.filter(|day| *day < scan.view().as_of)
}
