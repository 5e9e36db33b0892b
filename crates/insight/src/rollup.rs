//! From the slots of a scan to the rows of an aging.

use crate::aging::*;
use crate::overlay::Overlay;
use crate::scan::Slots;
use duebook_ledger::columns::{NO_DAY, StagedCustomer};
use duebook_ledger::keys::CustomerKey;
use duebook_ledger::{Book, CustomerId, ItemId, OpenScan, Seq};
use duebook_money::Currency;
use duebook_policy::Basis;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Groups of customers in a view, and which of them the filter takes.
pub(crate) struct Groups<'a> {
    book: &'a Book,
    scan: &'a OpenScan<'a>,
    query: &'a AgingQuery,
    wanted: Option<Vec<bool>>,
}

impl<'a> Groups<'a> {
    pub fn new(book: &'a Book, scan: &'a OpenScan<'a>, query: &'a AgingQuery) -> Self {
        let filter = &query.filter;
        let narrow = !filter.customers.is_empty() || !filter.collectors.is_empty();
        let mut groups = Groups {
            book,
            scan,
            query,
            wanted: None,
        };
        if narrow {
            let listed: BTreeSet<_> = filter.customers.iter().collect();
            let takes = |c: u32| {
                let id = CustomerId(c);
                let named = listed.is_empty() || listed.contains(&id);
                named
                    && (filter.collectors.is_empty()
                        || filter.collectors.contains(&groups.collector(id)))
            };
            groups.wanted = Some((0..book.customers().len() as u32).map(takes).collect());
        }
        groups
    }
    /// Whether the filter takes an item of this customer, entity and currency.
    pub fn takes(&self, customer: u32, entity: u16, currency: Currency) -> bool {
        let of_customer = self
            .wanted
            .as_ref()
            .is_none_or(|w| w.get(customer as usize).copied().unwrap_or(false));
        of_customer && self.query.filter.takes(entity, currency)
    }
    fn facts(&self, id: CustomerId) -> Option<&StagedCustomer> {
        let customer = self.book.customer(id)?;
        customer.facts.get(&|s: Seq| self.scan.is_live(s))
    }
    fn collector(&self, id: CustomerId) -> String {
        let facts = self.facts(id);
        facts.and_then(|f| f.collector.clone()).unwrap_or_default()
    }
    /// The group of a customer's items of an entity.
    pub fn of(&self, customer: u32, entity: u16) -> GroupKey {
        let id = CustomerId(customer);
        match self.query.group_by {
            GroupBy::Customer => GroupKey::Customer(id),
            GroupBy::Parent => self.parent(id),
            GroupBy::Collector => GroupKey::Collector(self.collector(id).into()),
            GroupBy::Currency => GroupKey::Currency,
            GroupBy::Entity => GroupKey::Entity(entity),
            GroupBy::Country => {
                let facts = self.facts(id);
                let country = facts.and_then(|f| f.country.as_deref());
                GroupKey::Country(country.unwrap_or_default().into())
            }
        }
    }
    fn parent(&self, id: CustomerId) -> GroupKey {
        let named = self.facts(id).and_then(|f| f.parent.clone());
        let Some(number) = named.filter(|n| !n.is_empty()) else {
            return GroupKey::Parent(id);
        };
        let source = self
            .book
            .customer(id)
            .map_or("", |c| self.book.source_name(c.source));
        let key = CustomerKey {
            source: source.to_owned(),
            number,
        };
        match self.book.find_customer(&key) {
            Some(parent) => GroupKey::Parent(parent),
            None => GroupKey::ParentNumber(Arc::new((key.source, key.number))),
        }
    }
}

/// Rows in the making.
pub(crate) struct Rollup<'a> {
    slots: &'a Slots,
    pub rows: Vec<AgingRow>,
    pub cells: Vec<i64>,
    pub counts: Vec<u32>,
    /// Per row, its currency's position in the view.
    currency_at: Vec<u16>,
    /// Per slot, its row; `NO_ROW` where nothing of it is shown.
    row_of: Vec<u32>,
}

const NO_ROW: u32 = u32::MAX;

impl<'a> Rollup<'a> {
    pub fn new(book: &Book, scan: &OpenScan<'_>, query: &AgingQuery, slots: &'a Slots) -> Self {
        let mut rollup = Rollup {
            slots,
            rows: Vec::new(),
            cells: Vec::new(),
            counts: Vec::new(),
            currency_at: Vec::new(),
            row_of: vec![NO_ROW; slots.places.count],
        };
        let groups = Groups::new(book, scan, query);
        let mut order = order_of(&groups, query, slots);
        if query.group_by != GroupBy::Customer {
            duebook_money::order::sort(&mut order);
        } else {
            // A row each: growing would copy them over and over.
            rollup.rows.reserve_exact(order.len());
            rollup.currency_at.reserve_exact(order.len());
            rollup.cells.reserve_exact(order.len() * slots.width);
            rollup.counts.reserve_exact(order.len() * slots.width);
        }
        for (group, currency, slot) in order {
            let same = rollup.currency_at.last() == Some(&currency)
                && rollup.rows.last().is_some_and(|r| r.group == group);
            if !same {
                let of = slots.places.currencies[usize::from(currency)];
                rollup.rows.push(AgingRow::new(group, of));
                rollup.currency_at.push(currency);
                let wanted = rollup.rows.len() * slots.width;
                rollup.cells.resize(wanted, 0);
                rollup.counts.resize(wanted, 0);
            }
            rollup.add(slot as usize);
        }
        rollup
    }

    /// Adds a slot to the last row. A sum that saturates is found in [`Rollup::finish`].
    fn add(&mut self, slot: usize) {
        let (slots, at) = (self.slots, self.rows.len() - 1);
        self.row_of[slot] = at as u32;
        let row = &mut self.rows[at];
        let cells = &mut self.cells[at * slots.width..];
        let counts = &mut self.counts[at * slots.width..];
        for (column, amount) in slots.columns(slot).iter().enumerate() {
            cells[column] = cells[column].saturating_add(*amount);
            let count = slots.count(slot, column);
            counts[column] += count;
            row.items += count;
        }
        row.pending = row.pending.saturating_add(slots.pending(slot));
        row.late = row.late.saturating_add(slots.late(slot));
        row.late_days += slots.late_days(slot);
        row.not_yet_issued = row
            .not_yet_issued
            .saturating_add(slots.not_yet_issued(slot));
        row.missing_due += slots.missing_due(slot);
        row.oldest_days = row.oldest_days.max(slots.oldest(slot));
    }

    /// The columns that follow from the cells.
    pub fn finish(&mut self, query: &AgingQuery) -> Result<(), AgingError> {
        let (width, buckets) = (self.slots.width, self.slots.buckets());
        let past = past_due_buckets(query);
        for (row, cells) in self.rows.iter_mut().zip(self.cells.chunks_exact(width)) {
            let sum = cells.iter().map(|c| i128::from(*c)).sum::<i128>();
            row.total = i64::try_from(sum).map_err(|_| AgingError::Overflow)?;
            let extreme = |v: &i64| *v == i64::MAX || *v == i64::MIN;
            let others = [row.pending, row.late, row.not_yet_issued];
            if cells.iter().chain(&others).any(extreme) {
                return Err(AgingError::Overflow);
            }
            (row.unapplied, row.credit_memos) = (cells[buckets], cells[buckets + 1]);
            row.past_due = match &past {
                None => row.late,
                Some(past) => {
                    let cells = cells.iter().zip(past).filter(|(_, p)| **p);
                    cells.fold(0i64, |sum, (c, _)| sum.saturating_add(*c))
                }
            };
            row.collectible = row.past_due.max(0);
        }
        Ok(())
    }

    /// What few items carry (AG-07): disputed, promised, planned, placed, and the rest that is to be
    /// collected.
    pub fn add_of_which(
        &mut self,
        book: &Book,
        scan: &OpenScan<'_>,
        query: &AgingQuery,
        overlay: &Overlay,
    ) {
        let promised = crate::promises::open_promised(book, scan);
        let away = crate::plans::held(book, scan);
        let ids: BTreeSet<ItemId> = overlay
            .disputed
            .keys()
            .chain(promised.keys())
            .chain(away.keys())
            .copied()
            .collect();
        for id in ids {
            let (Some(open), Some(row)) = (
                open_debit(scan, query.figure, id),
                self.row_of_item(book, id),
            ) else {
                continue;
            };
            let of = |map: &BTreeMap<ItemId, i64>| map.get(&id).map_or(0, |a| (*a).clamp(0, open));
            let (disputed, promised) = (of(&overlay.disputed), of(&promised));
            row.disputed = row.disputed.saturating_add(disputed);
            row.promised = row.promised.saturating_add(promised);
            let away = away.get(&id).copied().unwrap_or_default();
            row.planned = row.planned.saturating_add(away.planned);
            row.placed = row.placed.saturating_add(away.placed);
            if days_late(book, scan, overlay, id) > 0 {
                let held = disputed.saturating_add(promised);
                let held = held.saturating_add(away.total()).min(open);
                row.collectible = row.collectible.saturating_sub(held).max(0);
            }
        }
    }

    fn row_of_item(&mut self, book: &Book, id: ItemId) -> Option<&mut AgingRow> {
        let item = book.item(id)?;
        let (entity, currency) = (item.entity(), item.currency().numeric());
        let slot = self.slots.find(item.customer().0, entity, currency)?;
        let row = *self.row_of.get(slot)?;
        self.rows.get_mut(row as usize)
    }

    /// Sums by currency code.
    pub fn totals(&self) -> Vec<CurrencyTotal> {
        let width = self.slots.width;
        let mut totals: BTreeMap<u16, CurrencyTotal> = BTreeMap::new();
        let rows = self.rows.iter().zip(self.cells.chunks_exact(width));
        for ((row, cells), at) in rows.zip(&self.currency_at) {
            let total = totals
                .entry(*at)
                .or_insert_with(|| CurrencyTotal::new(row.currency, width));
            for (to, from) in total.columns.iter_mut().zip(cells) {
                *to += i128::from(*from);
            }
            total.add(row);
        }
        totals.into_values().collect()
    }
}

/// The slots that are shown, with their groups. By customer they come in order.
fn order_of(groups: &Groups<'_>, query: &AgingQuery, slots: &Slots) -> Vec<(GroupKey, u16, u32)> {
    let mut order = Vec::with_capacity(slots.places.count);
    let mut kept: Option<(u32, GroupKey)> = None;
    let (mut currency_at, mut last) = (0, None);
    for (slot, customer, currency, entity) in slots.places.iter() {
        if slots.is_empty(slot) || !groups.takes(customer, entity, currency) {
            continue;
        }
        if last != Some(currency) {
            let found = slots.places.currencies.iter().position(|c| *c == currency);
            currency_at = found.unwrap_or(0) as u16;
            last = Some(currency);
        }
        let group = match &kept {
            Some((of, group)) if *of == customer && query.group_by != GroupBy::Entity => {
                group.clone()
            }
            _ => groups.of(customer, entity),
        };
        kept = Some((customer, group.clone()));
        order.push((group, currency_at, slot as u32));
    }
    order
}

/// The figure of an open debit in a view.
fn open_debit(scan: &OpenScan<'_>, figure: Figure, id: ItemId) -> Option<i64> {
    Some(figure_of(scan.open(id)?, figure)).filter(|open| *open > 0)
}

/// Days late of an item in a view, by document date where it has no due date.
pub(crate) fn days_late(book: &Book, scan: &OpenScan<'_>, overlay: &Overlay, id: ItemId) -> i32 {
    let due = scan.segment(id.segment()).map(|s| overlay.due(&s, id));
    let from = match due {
        Some(NO_DAY) | None => book.item(id).map_or(NO_DAY, |i| i.doc_date()),
        Some(due) => due,
    };
    crate::scan::days(scan.view().as_of.0, from)
}

/// Which buckets are past due; `None` where buckets do not tell (by invoice date).
pub(crate) fn past_due_buckets(query: &AgingQuery) -> Option<Vec<bool>> {
    let edges = query.buckets.edges();
    (query.basis == Basis::DueDate && edges.contains(&0)).then(|| {
        (0..query.buckets.count())
            .map(|b| b > 0 && edges[b - 1] >= 0)
            .collect()
    })
}
