//! One bill becomes several (SP-01 to SP-04): exact in every measure; what was paid, promised and
//! contested goes with its part.

use super::plan::Plan;
use super::rebill::{age_from, lines_of};
use super::{DocLine, NewRequest, Split, SplitBasis, SplitBy, over_parts, over_totals, total};
use crate::book::Book;
use crate::cases::{CaseEvent, CaseLine};
use crate::columns::ItemKind;
use crate::event::Event;
use crate::facts::{Cause, ProfileField, PromiseEnd, PromiseLine, SuccessionKind, TAX_INVOICES};
use crate::ids::{CustomerId, ItemId};
use crate::refusal::{CaseRefusal, Refusal};
use duebook_money::Day;
use duebook_money::split::{by_weights, prorate};
use std::collections::BTreeMap;

/// Most parts of a split.
const MOST_PARTS: usize = 200;

impl Plan<'_> {
    pub(super) fn split(&mut self, asked: &NewRequest, split: &Split) -> Result<(), Refusal> {
        self.wants_debit()?;
        let settled = self.settled()?;
        self.sums(&split.original, settled.amount)?;
        match split.tax_documents {
            true => self.tax_note_in_time(asked)?,
            false => self.receivable_may_be_split()?,
        }
        let remaining = settled.remaining();
        let lines = lines_of(&split.original, remaining, settled.credited)?;
        let mut parts = parts_of(&lines, &split.by)?;
        label(&mut parts, split)?;
        let totals: Vec<i64> = parts.iter().map(|p| total(p).unwrap_or(0)).collect();
        if let Some(bad) = totals.iter().find(|t| **t <= 0) {
            return Err(Refusal::NotPositive(*bad));
        }
        let paid_sum = settled.held_sum.saturating_add(settled.unknown);
        let paid = match &split.paid {
            Some(given) => {
                let sum = given.iter().try_fold(0i64, |s, p| s.checked_add(*p));
                let given_sum = sum.ok_or(Refusal::TooLarge)?;
                let fits = given.len() == totals.len()
                    && given.iter().zip(&totals).all(|(p, t)| (0..=*t).contains(p));
                if given_sum != paid_sum || !fits {
                    let (expected, given) = (paid_sum, given_sum);
                    return Err(Refusal::Case(CaseRefusal::LinesDiffer { expected, given }));
                }
                given.clone()
            }
            None => {
                let spread = prorate(paid_sum, &totals);
                spread.map_err(|_| Refusal::TooLarge)?.parts
            }
        };
        let (due, anchor) = (self.due(), self.anchor());
        let cause = if split.tax_documents {
            Cause::Credit
        } else {
            Cause::Amended
        };
        let rest = self.credit_whole(&split.original, &settled, cause)?;
        let mut children = Vec::with_capacity(parts.len());
        for (n, (part, total)) in parts.iter().zip(&totals).enumerate() {
            let (number, line) = match split.tax_documents {
                true => (self.number(ItemKind::Invoice)?, String::new()),
                false => (self.item.number().to_owned(), (n + 1).to_string()),
            };
            if !split.tax_documents {
                let entity = self.entity();
                self.book.number_is_free(&entity, false, &number, &line)?;
            }
            let shown = match line.is_empty() {
                true => number.clone(),
                false => format!("{number}/{line}"),
            };
            self.propose(ItemKind::Invoice, &shown, part, *total, due);
            let mut fact = self.like_item(ItemKind::Invoice, &number, *total, due);
            fact.line = line;
            let po = split.po_of(n);
            let of_lines = part.iter().map(|l| l.po.trim()).find(|p| !p.is_empty());
            if let Some(po) = (!po.is_empty()).then_some(po).or(of_lines) {
                fact.po = po.to_owned();
            }
            children.push(self.add(fact));
        }
        let given: Vec<(ItemId, i64)> =
            children.iter().copied().zip(paid.iter().copied()).collect();
        self.pay(&settled, &given, rest)?;
        if let Some(day) = anchor.filter(|day| *day != due) {
            self.events
                .extend(children.iter().map(|c| age_from(*c, day)));
        }
        let open = totals.iter().zip(&paid).map(|(t, p)| t - p);
        let open: Vec<(ItemId, i64)> = children.iter().copied().zip(open).collect();
        self.move_promises(&open);
        self.move_cases(&open, split.contested_part)?;
        self.succeed(children, SuccessionKind::Split);
        Ok(())
    }

    /// SP-04: the tax document stays one only where its parts need none of their own.
    fn receivable_may_be_split(&self) -> Result<(), Refusal> {
        let Some(said) = self.book.separate_tax(self.customer) else {
            return Ok(());
        };
        let item = self.key();
        Err(Refusal::Case(CaseRefusal::NeedsTaxSplit { item, said }))
    }

    /// SP-03: what was promised of the whole is promised of the parts.
    fn move_promises(&mut self, open: &[(ItemId, i64)]) {
        let book = self.book;
        let weights: Vec<u64> = open.iter().map(|(_, o)| o.unsigned_abs()).collect();
        let ids = book.customer(self.customer).map(|c| c.promises.clone());
        for id in ids.unwrap_or_default() {
            let Some(promise) = book.promise(id).filter(|p| book.is_live(p.commit)) else {
                continue;
            };
            let ended = promise.ended.get(&|s| book.is_live(s)).is_some();
            let of_it = |l: &PromiseLine| l.item.is_some_and(|i| book.current(i) == self.item.id);
            if ended || !promise.fact.lines.iter().any(of_it) {
                continue;
            }
            let mut fact = promise.fact.clone();
            fact.lines = Vec::new();
            for line in &promise.fact.lines {
                if !of_it(line) {
                    fact.lines.push(line.clone());
                    continue;
                }
                let parts = by_weights(line.amount, &weights).unwrap_or_default();
                let parts = open.iter().zip(parts).filter(|(_, amount)| *amount > 0);
                fact.lines
                    .extend(parts.map(|((item, _), amount)| PromiseLine {
                        item: Some(*item),
                        amount,
                        date: line.date,
                    }));
            }
            self.events.push(Event::PromiseEnded {
                promise: id,
                how: PromiseEnd::Superseded,
            });
            if !fact.lines.is_empty() {
                self.events.push(Event::PromiseMade(fact));
            }
        }
    }

    /// SP-03: what is contested goes to the part that carries it, else in proportion.
    pub(super) fn move_cases(
        &mut self,
        open: &[(ItemId, i64)],
        part: Option<u32>,
    ) -> Result<(), Refusal> {
        let book = self.book;
        let shares = book.case_shares(self.item.id, Day(i32::MAX), &|s| book.is_live(s));
        let mut room: Vec<i64> = open.iter().map(|(_, o)| (*o).max(0)).collect();
        let chosen = part.map(|p| p as usize);
        if chosen.is_some_and(|p| p >= open.len()) {
            let place = part.unwrap_or(0).saturating_add(1);
            return Err(Refusal::Case(CaseRefusal::NoSuchPart(place)));
        }
        let mut moved: BTreeMap<crate::ids::CaseId, i64> = BTreeMap::new();
        for share in shares.iter().filter(|s| s.money.disputed > 0) {
            *moved.entry(share.case).or_default() += share.money.disputed;
        }
        for (case, contested) in moved {
            let first = chosen.map_or(0, |p| contested.min(room[p]));
            let mut parts = vec![0i64; room.len()];
            if let Some(p) = chosen {
                parts[p] = first;
                room[p] -= first;
            }
            let spread = prorate(contested - first, &room).map_err(|_| Refusal::TooLarge)?;
            for (n, more) in spread.parts.iter().enumerate() {
                parts[n] += more;
                room[n] -= more;
            }
            let going = BTreeMap::from([(self.item.id, contested)]);
            let mut lines = book.without(case, &going);
            let fresh = open.iter().zip(&parts).filter(|(_, amount)| **amount > 0);
            lines.extend(fresh.map(|((item, _), amount)| CaseLine {
                item: *item,
                amount: *amount,
                since: self.on,
                seq: book.next_seq(),
            }));
            let event = CaseEvent::LinesSet { case, lines };
            self.events.push(Event::Case(event));
        }
        Ok(())
    }
}

impl Book {
    /// Whether parts of a customer's bills need tax invoices of their own (SP-04): the profile says so,
    /// with who said it and when it was checked, or the rule of the book where the profile is silent.
    pub fn separate_tax(&self, customer: CustomerId) -> Option<Option<(String, Day)>> {
        let known = self.customer(customer)?;
        let said = known.profile.get(&ProfileField::TaxInvoices);
        let said = said.and_then(|v| v.get(&|s| self.is_live(s)));
        match said {
            Some((value, by, checked)) if value == TAX_INVOICES[0] => {
                Some(Some((by.clone(), *checked)))
            }
            Some((value, ..)) if value == TAX_INVOICES[1] => None,
            _ => self.policies().cases.separate_tax.then_some(None),
        }
    }
}

/// SP-01: what each part is for stands on its lines.
fn label(parts: &mut [Vec<DocLine>], split: &Split) -> Result<(), Refusal> {
    let labels: Vec<&str> = (0..parts.len()).map(|n| split.label_of(n)).collect();
    if split.basis.is_named() {
        if labels.iter().any(|l| l.is_empty()) {
            return Err(Refusal::Case(CaseRefusal::PartUnnamed));
        }
        let before = |n: usize| labels[..n].contains(&labels[n]);
        if let Some(n) = (0..labels.len()).find(|n| before(*n)) {
            let twice = labels[n].to_owned();
            return Err(Refusal::Case(CaseRefusal::PartTwice(twice)));
        }
    }
    for (part, label) in parts.iter_mut().zip(labels) {
        for line in part.iter_mut().filter(|_| !label.is_empty()) {
            match split.basis {
                SplitBasis::PurchaseOrder => line.po = label.to_owned(),
                _ => line.tag = label.to_owned(),
            }
        }
    }
    Ok(())
}

fn parts_of(lines: &[DocLine], by: &SplitBy) -> Result<Vec<Vec<DocLine>>, Refusal> {
    let whole = total(lines).ok_or(Refusal::TooLarge)?;
    let count = match by {
        SplitBy::Shares(shares) => shares.len(),
        SplitBy::Amounts(amounts) => amounts.len(),
        SplitBy::Lines(parts) => parts.iter().max().map_or(0, |m| *m as usize + 1),
    };
    if !(2..=MOST_PARTS).contains(&count) {
        return Err(Refusal::Case(CaseRefusal::TwoPartsAtLeast));
    }
    let none = |_| Refusal::Case(CaseRefusal::TwoPartsAtLeast);
    match by {
        SplitBy::Shares(shares) => over_parts(lines, shares).map_err(none),
        SplitBy::Amounts(amounts) => {
            let sum: i128 = amounts.iter().map(|a| i128::from(*a)).sum();
            if sum != i128::from(whole) {
                let given = i64::try_from(sum).map_err(|_| Refusal::TooLarge)?;
                let expected = whole;
                return Err(Refusal::Case(CaseRefusal::LinesDiffer { expected, given }));
            }
            over_totals(lines, amounts).map_err(none)
        }
        SplitBy::Lines(places) => {
            if places.len() != lines.len() {
                return Err(Refusal::Case(CaseRefusal::TwoPartsAtLeast));
            }
            let mut parts = vec![Vec::new(); count];
            for (line, place) in lines.iter().zip(places) {
                parts[*place as usize].push(line.clone());
            }
            Ok(parts)
        }
    }
}
