//! Which new documents may have taken the place of absent ones: proposed with their evidence, and
//! confirmed by a person, never silently.

use duebook_ledger::columns::TextField;
use duebook_ledger::facts::{Cause, SuccessionKind};
use duebook_ledger::items::ItemRef;
use duebook_ledger::{Book, CustomerId, ItemId};
use duebook_money::Currency;
use std::collections::{BTreeMap, BTreeSet};

/// A text that more items of a customer share than this names a relation and no document.
const COMMON: usize = 6;
/// Beyond so many absent or new items of one customer only links by name are looked for: the
/// search for sums is of their product.
const MOST: usize = 400;

/// Why two documents belong together.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Evidence {
    /// The new one names the old one's number, in this column.
    Names(String),
    /// Both have this text in this column.
    Shares(TextField, String),
    /// Amount, document date and due date are the same.
    SameFigures,
    /// The same number elsewhere.
    SameNumber,
    /// old - paid = new; minor units.
    LessPaid {
        /// Open before.
        old: i64,
        /// Paid or credited of it.
        paid: i64,
    },
    /// The parts sum to the whole.
    Sums(i64),
}

/// Documents that may have taken the place of others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// Absent.
    pub from: Vec<ItemId>,
    /// New.
    pub to: Vec<ItemId>,
    /// What it looks like.
    pub kind: SuccessionKind,
    /// Why.
    pub why: Vec<Evidence>,
}

/// One side of the search: debits of one customer and currency.
struct Side<'a> {
    items: Vec<ItemRef<'a>>,
    taken: BTreeSet<ItemId>,
}

impl<'a> Side<'a> {
    fn free(&self) -> impl Iterator<Item = ItemRef<'a>> + '_ {
        let free = |i: &&ItemRef<'a>| !self.taken.contains(&i.id);
        self.items.iter().filter(free).copied()
    }
}

/// Proposals for items that are absent and items that are new, each used once; the strongest
/// evidence first. What was decided already, either way, is not proposed again.
pub fn proposals(book: &Book, absent: &[ItemId], fresh: &[ItemId]) -> Vec<Proposal> {
    let decided: BTreeSet<ItemId> = book
        .successions()
        .flat_map(|(_, s)| s.from.iter().chain(&s.to))
        .copied()
        .collect();
    let debits = |ids: &[ItemId]| {
        let mut by: BTreeMap<(CustomerId, Currency), Vec<ItemId>> = BTreeMap::new();
        for id in ids.iter().filter(|id| !decided.contains(id)) {
            let debit = |i: &ItemRef<'_>| i.recorded_amount() > 0 && !is_paid(book, i);
            if let Some(item) = book.item(*id).filter(debit) {
                let key = (item.customer(), item.currency());
                by.entry(key).or_default().push(*id);
            }
        }
        by
    };
    let (gone, new) = (debits(absent), debits(fresh));
    let mut out = Vec::new();
    let mut left: BTreeMap<Currency, (Vec<ItemId>, Vec<ItemId>)> = BTreeMap::new();
    for ((customer, currency), old) in &gone {
        let key = (*customer, *currency);
        let fresh = new.get(&key).map_or(&[][..], |v| v);
        let (mut old, mut fresh) = (side(book, old), side(book, fresh));
        out.extend(within(book, *customer, &mut old, &mut fresh));
        let slot = left.entry(*currency).or_default();
        slot.0.extend(old.free().map(|i| i.id));
        slot.1.extend(fresh.free().map(|i| i.id));
    }
    for ((customer, currency), fresh) in &new {
        if !gone.contains_key(&(*customer, *currency)) {
            left.entry(*currency).or_default().1.extend(fresh);
        }
    }
    for (_, (old, fresh)) in left {
        out.extend(transfers(book, &side(book, &old), &side(book, &fresh)));
    }
    out
}

fn side<'a>(book: &'a Book, ids: &[ItemId]) -> Side<'a> {
    Side {
        items: ids.iter().filter_map(|id| book.item(*id)).collect(),
        taken: BTreeSet::new(),
    }
}

fn within(
    book: &Book,
    customer: CustomerId,
    old: &mut Side<'_>,
    fresh: &mut Side<'_>,
) -> Vec<Proposal> {
    let common = common_texts(book, customer);
    let mut out = Vec::new();
    let mut take = |p: Proposal, old: &mut Side<'_>, fresh: &mut Side<'_>| {
        old.taken.extend(&p.from);
        fresh.taken.extend(&p.to);
        out.push(p);
    };
    for o in old.items.clone() {
        if let Some(p) = renumbered(&o, fresh) {
            take(p, old, fresh);
        }
    }
    for o in old.free().collect::<Vec<_>>() {
        if let Some(p) = named(book, &o, fresh, &common) {
            take(p, old, fresh);
        }
    }
    if old.items.len() <= MOST && fresh.items.len() <= MOST {
        for n in fresh.free().collect::<Vec<_>>() {
            if let Some(p) = merged(book, &n, old, &common) {
                take(p, old, fresh);
            }
        }
        for o in old.free().collect::<Vec<_>>() {
            if let Some(p) = less_paid(book, &o, fresh) {
                take(p, old, fresh);
            }
        }
    }
    out
}

/// Whether money is known to have paid all of it: then nothing took its place.
fn is_paid(book: &Book, item: &ItemRef<'_>) -> bool {
    let money = book
        .settlements_of(item.id)
        .filter(|s| book.counts(s) && s.cause == Cause::Payment);
    let paid: i64 = money.map(|s| s.amount).sum();
    paid > 0 && paid >= item.recorded_open()
}

/// Open before it went: the recorded amount less what was settled before with a cause.
fn open_before(book: &Book, item: &ItemRef<'_>) -> i64 {
    let gone = book
        .settlements_of(item.id)
        .filter(|s| book.counts(s) && s.cause == Cause::AtSourceUnknown);
    let gone: i64 = gone.map(|s| s.amount).sum();
    if gone == 0 {
        item.recorded_open()
    } else {
        gone
    }
}

/// The same figures and dates under another number.
fn renumbered(o: &ItemRef<'_>, fresh: &Side<'_>) -> Option<Proposal> {
    let same = |n: &ItemRef<'_>| {
        n.recorded_amount() == o.recorded_amount()
            && n.doc_date() == o.doc_date()
            && n.recorded_due() == o.recorded_due()
    };
    let all: Vec<ItemRef<'_>> = fresh.free().filter(same).collect();
    let named = all.iter().find(|n| !names(n, o).is_empty());
    let n = named.or(if all.len() == 1 { all.first() } else { None })?;
    let mut why = vec![Evidence::SameFigures];
    why.extend(names(n, o));
    Some(Proposal {
        from: vec![o.id],
        to: vec![n.id],
        kind: SuccessionKind::Renumbering,
        why,
    })
}

/// New documents that name the old one, or share a text that few items have.
fn named(
    book: &Book,
    o: &ItemRef<'_>,
    fresh: &Side<'_>,
    common: &BTreeMap<String, usize>,
) -> Option<Proposal> {
    let later = |n: &ItemRef<'_>| n.doc_date() >= o.doc_date();
    let linked = |n: ItemRef<'_>| {
        let mut why = names(&n, o);
        why.extend(shares(&n, o, common));
        (!why.is_empty() && later(&n)).then_some((n.id, n.recorded_amount(), why))
    };
    let all: Vec<(ItemId, i64, Vec<Evidence>)> = fresh.free().filter_map(linked).collect();
    let before = open_before(book, o);
    // What stays of a claim keeps its due date; what is billed anew for less has one of its own.
    let rests = |id: ItemId, amount: i64| {
        let due = book.item(id).map(|n| n.recorded_due());
        amount < before && due == Some(o.recorded_due())
    };
    let sum: i64 = all.iter().map(|(_, amount, _)| amount).sum();
    let mut why: Vec<Evidence> = all.iter().flat_map(|(_, _, w)| w.clone()).collect();
    why.sort();
    why.dedup();
    let to: Vec<ItemId> = all.iter().map(|(id, _, _)| *id).collect();
    let kind = match all.len() {
        0 => return None,
        1 if rests(all[0].0, sum) => SuccessionKind::Residual,
        1 => SuccessionKind::Rebill,
        _ if sum == before => {
            why.push(Evidence::Sums(sum));
            SuccessionKind::Split
        }
        // Several that do not sum: the one that names it, if only one does.
        _ => {
            let by_name = |e: &Evidence| matches!(e, Evidence::Names(_));
            let mut naming = all.into_iter().filter(|(_, _, w)| w.iter().any(by_name));
            let (id, amount, why) = naming.next().filter(|_| naming.next().is_none())?;
            let kind = match rests(id, amount) {
                true => SuccessionKind::Residual,
                false => SuccessionKind::Rebill,
            };
            return Some(Proposal {
                from: vec![o.id],
                to: vec![id],
                kind,
                why,
            });
        }
    };
    if kind == SuccessionKind::Residual {
        let paid = before - sum;
        why.push(Evidence::LessPaid { old: before, paid });
    }
    Some(Proposal {
        from: vec![o.id],
        to,
        kind,
        why,
    })
}

/// Several old ones whose amounts sum to a new one that shares a text with each.
fn merged(
    book: &Book,
    n: &ItemRef<'_>,
    old: &Side<'_>,
    common: &BTreeMap<String, usize>,
) -> Option<Proposal> {
    let linked = |o: &ItemRef<'_>| {
        n.doc_date() >= o.doc_date()
            && (!names(n, o).is_empty() || !shares(n, o, common).is_empty())
    };
    let all: Vec<ItemRef<'_>> = old.free().filter(linked).collect();
    let sum: i64 = all.iter().map(|o| open_before(book, o)).sum();
    if all.len() < 2 || sum != n.recorded_amount() {
        return None;
    }
    let mut why: Vec<Evidence> = all.iter().flat_map(|o| shares(n, o, common)).collect();
    why.sort();
    why.dedup();
    why.push(Evidence::Sums(sum));
    Some(Proposal {
        from: all.iter().map(|o| o.id).collect(),
        to: vec![n.id],
        kind: SuccessionKind::Merge,
        why,
    })
}

/// old - money or credit = new, where only one new one fits.
fn less_paid(book: &Book, o: &ItemRef<'_>, fresh: &Side<'_>) -> Option<Proposal> {
    let paid: i64 = book
        .settlements_of(o.id)
        .filter(|s| book.counts(s) && matches!(s.cause, Cause::Payment | Cause::Credit))
        .map(|s| s.amount)
        .sum();
    let old = open_before(book, o).max(o.recorded_open());
    let rest = old - paid;
    if paid <= 0 || rest <= 0 {
        return None;
    }
    let mut fits = fresh
        .free()
        .filter(|n| n.recorded_amount() == rest && n.doc_date() >= o.doc_date());
    let n = fits.next().filter(|_| fits.next().is_none())?;
    Some(Proposal {
        from: vec![o.id],
        to: vec![n.id],
        kind: SuccessionKind::Residual,
        why: vec![Evidence::LessPaid { old, paid }],
    })
}

/// The same debt with another customer or company: under its number, or under a new one that names it
/// (SAP posts what moves to another account anew).
fn transfers(book: &Book, old: &Side<'_>, fresh: &Side<'_>) -> Vec<Proposal> {
    let mut by: BTreeMap<(i64, i32), Vec<ItemRef<'_>>> = BTreeMap::new();
    for n in &fresh.items {
        let key = (n.recorded_amount(), n.doc_date());
        by.entry(key).or_default().push(*n);
    }
    let mut taken: BTreeSet<ItemId> = BTreeSet::new();
    let mut out = Vec::new();
    for o in &old.items {
        let keys = [o.recorded_amount(), open_before(book, o)].map(|a| (a, o.doc_date()));
        let alike = keys.iter().filter_map(|k| by.get(k));
        let Some((to, mut why)) = alike.filter_map(|n| moved(o, n, &taken)).next() else {
            continue;
        };
        why.push(Evidence::SameFigures);
        taken.insert(to);
        out.push(Proposal {
            from: vec![o.id],
            to: vec![to],
            kind: SuccessionKind::Transfer,
            why,
        });
    }
    out
}

/// Among documents of one amount and day the one that `o` is elsewhere: the only one of its number,
/// else the only one that names it.
fn moved(
    o: &ItemRef<'_>,
    alike: &[ItemRef<'_>],
    taken: &BTreeSet<ItemId>,
) -> Option<(ItemId, Vec<Evidence>)> {
    let elsewhere = |n: &&ItemRef<'_>| {
        !taken.contains(&n.id) && (n.customer() != o.customer() || n.entity() != o.entity())
    };
    let mut same = (alike.iter().filter(elsewhere)).filter(|n| n.number() == o.number());
    if let Some(first) = same.next() {
        let only = same.next().is_none();
        return only.then(|| (first.id, vec![Evidence::SameNumber]));
    }
    // Many of one amount and day: their texts are not looked through for each.
    if alike.len() > MOST {
        return None;
    }
    let mut named = alike.iter().filter(elsewhere).filter_map(|n| {
        let why = names(n, o);
        (!why.is_empty()).then_some((n.id, why))
    });
    named.next().filter(|_| named.next().is_none())
}

/// The columns in which `n` names the number of `o`.
fn names(n: &ItemRef<'_>, o: &ItemRef<'_>) -> Vec<Evidence> {
    let number = o.number();
    if number.len() < 3 {
        return Vec::new();
    }
    let data = &n.segment().data;
    let named = data.texts.iter().filter(|(_, column)| {
        let tokens = column.get(n.row());
        tokens
            .split(|c: char| !c.is_alphanumeric() && !matches!(c, '-' | '/' | '_' | '.'))
            .any(|t| t == number)
    });
    named
        .map(|(field, _)| Evidence::Names(column_name(field)))
        .collect()
}

fn column_name(field: &TextField) -> String {
    match field {
        TextField::Extra(header) => header.clone(),
        named => format!("{named:?}"),
    }
}

/// Reference, PO and contract that both have and few items of the customer have.
fn shares(n: &ItemRef<'_>, o: &ItemRef<'_>, common: &BTreeMap<String, usize>) -> Vec<Evidence> {
    let fields = [TextField::Reference, TextField::Po, TextField::Contract];
    let both = fields.into_iter().filter_map(|field| {
        let (a, b) = (n.text(&field).trim(), o.text(&field).trim());
        let rare = common.get(a).copied().unwrap_or(0) <= COMMON;
        (a.len() >= 3 && a == b && rare).then(|| Evidence::Shares(field, a.to_owned()))
    });
    both.collect()
}

/// How many items of a customer have each reference, PO and contract.
fn common_texts(book: &Book, customer: CustomerId) -> BTreeMap<String, usize> {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for item in book.items_of(customer) {
        for field in [TextField::Reference, TextField::Po, TextField::Contract] {
            let text = item.text(&field).trim();
            if !text.is_empty() {
                *counts.entry(text.to_owned()).or_default() += 1;
            }
        }
    }
    counts
}
