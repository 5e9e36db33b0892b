//! Lines of the two ledgers put together, the surest first: by number, as payments, by amount and
//! date. What is left stands alone, with its reason where the ledgers tell one.

use std::collections::BTreeMap;

use duebook_money::Day;

use super::names::Names;
use super::{
    DOCUMENT_DAYS, Entry, Finding, OurLine, OurWhat, PAYMENT_DAYS, Reason, Same, TRANSIT_DAYS,
    TheirLine, TheirWhat,
};
use crate::text::{fold, similarity};

/// Numbers this alike are one, where the amount is the same too (CA-04), per mille.
const ALIKE: u16 = 800;
/// A running number of fewer figures is one only where the amount is the same too.
const SURE_FIGURES: usize = 4;

struct Pairing<'a> {
    ours: &'a [OurLine],
    theirs: &'a [TheirLine],
    day: Day,
    /// What each line of theirs names.
    named: Vec<Vec<(Same, usize)>>,
    /// The entry of each line, where it has one.
    own: Vec<Option<usize>>,
    their: Vec<Option<usize>>,
    entries: Vec<Entry>,
}

pub(super) fn entries(ours: &[OurLine], theirs: &[TheirLine], day: Day) -> Vec<Entry> {
    let names = Names::of(ours);
    let mut pairing = Pairing {
        ours,
        theirs,
        day,
        named: theirs.iter().map(|t| names.named(t)).collect(),
        own: vec![None; ours.len()],
        their: vec![None; theirs.len()],
        entries: Vec::new(),
    };
    pairing.openings();
    for same in [Same::Exact, Same::Normalised, Same::Running, Same::Similar] {
        pairing.by_number(same);
    }
    pairing.nearly_named();
    pairing.payments();
    pairing.by_amount_and_date();
    pairing.other_side();
    pairing.alone();
    let mut entries = pairing.entries;
    duebook_money::order::sort_by(&mut entries, |a, b| {
        let key = |e: &Entry| {
            let size = std::cmp::Reverse(e.amount.unsigned_abs());
            (
                e.currency.code(),
                std::cmp::Reverse(e.finding),
                size,
                e.ours.first().copied(),
            )
        };
        (key(a), &a.theirs).cmp(&(key(b), &b.theirs))
    });
    entries
}

/// Whether their file writes what they owe below zero, as creditors stand in a ledger: told by the
/// lines that name a document of ours and have its amount. `false` where nothing tells.
pub fn is_turned(ours: &[OurLine], theirs: &[TheirLine]) -> bool {
    let names = Names::of(ours);
    let (mut as_ours, mut turned) = (0usize, 0usize);
    for t in theirs.iter().filter(|t| t.what != TheirWhat::Payment) {
        let named = names.named(t);
        let own = named.iter().filter_map(|(_, row)| ours.get(*row));
        let mut own = own.filter(|o| o.currency == t.currency && o.what == OurWhat::Document);
        let has = |o: &OurLine, amount: i64| o.open == amount || o.amount == amount;
        if let Some(o) = own.find(|o| has(o, t.amount) || has(o, t.amount.saturating_neg())) {
            match has(o, t.amount) {
                true => as_ours += 1,
                false => turned += 1,
            }
        }
    }
    turned > as_ours
}

impl Pairing<'_> {
    fn join(&mut self, ours: Vec<usize>, theirs: Vec<usize>, same: Same) {
        let open = ours
            .iter()
            .fold(0i64, |s, o| s.saturating_add(self.ours[*o].open));
        let began = ours
            .iter()
            .fold(0i64, |s, o| s.saturating_add(self.ours[*o].amount));
        let they = theirs
            .iter()
            .fold(0i64, |s, t| s.saturating_add(self.theirs[*t].amount));
        let Some(currency) = theirs.first().map(|t| self.theirs[*t].currency) else {
            return;
        };
        let amount = open.saturating_sub(they);
        let days = self.days_apart(&ours, &theirs);
        let finding = match amount {
            0 if days != 0 || same >= Same::Running => Finding::Differs,
            0 => Finding::Agreed,
            _ => Finding::Amount,
        };
        let reason =
            (amount != 0 && they == began).then(|| Reason::SettledHere(began.saturating_sub(open)));
        self.keep(Entry {
            currency,
            ours,
            theirs,
            same: Some(same),
            finding,
            reason,
            amount,
            days,
        });
    }

    fn keep(&mut self, entry: Entry) {
        let at = self.entries.len();
        entry.ours.iter().for_each(|o| self.own[*o] = Some(at));
        entry.theirs.iter().for_each(|t| self.their[*t] = Some(at));
        self.entries.push(entry);
    }

    /// Days by which their first date is later; a payment is expected to take some.
    fn days_apart(&self, ours: &[usize], theirs: &[usize]) -> i32 {
        let own = ours.iter().filter_map(|o| self.ours[*o].date).min();
        let they = theirs.iter().filter_map(|t| self.theirs[*t].date).min();
        let opening = theirs
            .iter()
            .any(|t| self.theirs[*t].what == TheirWhat::Opening);
        match (own, they) {
            (Some(a), Some(b)) if !opening => b.0.saturating_sub(a.0),
            _ => 0,
        }
    }

    fn is_free(&self, own: usize, their: usize) -> bool {
        self.own[own].is_none() && self.fits(own, their)
    }

    /// One currency, one side, and neither is what was brought forward.
    fn fits(&self, own: usize, their: usize) -> bool {
        let (o, t) = (&self.ours[own], &self.theirs[their]);
        let opening = o.what == OurWhat::Opening || t.what == TheirWhat::Opening;
        let side = |minor: i64| minor.signum();
        let paid = self.is_payment(their) == (o.what == OurWhat::Payment);
        let alike = paid || o.what == OurWhat::Adjustment;
        !opening && o.currency == t.currency && side(o.amount) == side(t.amount) && alike
    }

    /// What they sent: they say so, or it lowers what they owe and names no credit of ours.
    fn is_payment(&self, their: usize) -> bool {
        let t = &self.theirs[their];
        let credit = |(_, row): &(Same, usize)| {
            let o = &self.ours[*row];
            o.amount < 0 && o.what == OurWhat::Document
        };
        match t.what {
            TheirWhat::Payment => t.amount < 0,
            TheirWhat::Unknown => t.amount < 0 && !self.named[their].iter().any(credit),
            _ => false,
        }
    }

    fn openings(&mut self) {
        let theirs = 0..self.theirs.len();
        for t in theirs.filter(|t| self.theirs[*t].what == TheirWhat::Opening) {
            let own = (0..self.ours.len()).find(|o| {
                let o_line = &self.ours[*o];
                self.own[*o].is_none()
                    && o_line.what == OurWhat::Opening
                    && o_line.currency == self.theirs[t].currency
            });
            if let Some(own) = own {
                self.join(vec![own], vec![t], Same::Opening);
            }
        }
    }

    /// Lines that name one document of ours in one way: equal amounts first, the rest together.
    fn by_number(&mut self, same: Same) {
        let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for t in 0..self.theirs.len() {
            if self.their[t].is_none()
                && let Some(document) = self.document(t, same)
            {
                groups.entry(document).or_default().push(t);
            }
        }
        let mut by_text: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (at, o) in self.ours.iter().enumerate() {
            by_text.entry(&o.number).or_default().push(at);
        }
        for (document, mut theirs) in groups {
            let first = theirs[0];
            let number = self.ours[document].number.as_str();
            let rows = by_text.get(number).map_or(&[][..], Vec::as_slice);
            let mut rows: Vec<usize> = (rows.iter().copied())
                .filter(|o| self.is_free(*o, first) && self.is_one_document(*o, document))
                .collect();
            duebook_money::order::sort_by_key(&mut rows, |o| {
                (self.ours[*o].open == 0, self.ours[*o].due, *o)
            });
            for by in [|o: &OurLine| o.open, |o: &OurLine| o.amount] {
                theirs.retain(|t| {
                    let wanted = self.theirs[*t].amount;
                    let fits = |o: &usize| by(&self.ours[*o]) == wanted;
                    let Some(at) = rows.iter().position(fits) else {
                        return true;
                    };
                    let own = rows.remove(at);
                    self.join(vec![own], vec![*t], same);
                    false
                });
            }
            let some_open = rows.iter().any(|o| self.ours[*o].open != 0);
            rows.retain(|o| !some_open || self.ours[*o].open != 0);
            if !rows.is_empty() && !theirs.is_empty() {
                self.join(rows, theirs, same);
            }
        }
    }

    /// Rows of one document: the same number, the same side.
    fn is_one_document(&self, a: usize, b: usize) -> bool {
        let (a, b) = (&self.ours[a], &self.ours[b]);
        a.number == b.number && a.currency == b.currency && a.amount.signum() == b.amount.signum()
    }

    /// The first free row of the one document that a line names in a way. Several: the one whose
    /// amount it has. What is only alike must have the amount too.
    fn document(&self, their: usize, same: Same) -> Option<usize> {
        let t = &self.theirs[their];
        let rows = self.named[their].iter().filter(|(s, _)| *s == same);
        let rows: Vec<usize> = rows
            .map(|(_, o)| *o)
            .filter(|o| self.is_free(*o, their))
            .collect();
        let has = |o: &&usize| [self.ours[**o].open, self.ours[**o].amount].contains(&t.amount);
        let figures = |text: &str| text.bytes().filter(u8::is_ascii_digit).count();
        let short = figures(&t.number).max(figures(&t.own)) < SURE_FIGURES;
        let exact = same == Same::Similar || (same == Same::Running && short);
        let first = *rows.first()?;
        let one = rows.iter().all(|o| self.is_one_document(*o, first));
        if one && !exact {
            return Some(first);
        }
        let found: Vec<usize> = rows.iter().filter(has).copied().collect();
        let own = *found.first()?;
        let one = found.iter().all(|o| self.is_one_document(*o, own));
        one.then_some(own)
    }

    /// Numbers with figures swapped, left out or changed, where the amount is the same and no date
    /// speaks against it.
    fn nearly_named(&mut self) {
        let folded: Vec<Vec<u8>> = self
            .ours
            .iter()
            .map(|o| {
                let mut out = Vec::new();
                fold(&o.number, &mut out);
                out
            })
            .collect();
        let mut by_amount: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
        for (at, o) in self.ours.iter().enumerate() {
            by_amount.entry(o.open).or_default().push(at);
        }
        let mut text = Vec::new();
        for t in 0..self.theirs.len() {
            let line = &self.theirs[t];
            if self.their[t].is_some() || line.amount == 0 {
                continue;
            }
            let rows = by_amount.get(&line.amount).map_or(&[][..], Vec::as_slice);
            let mut found: Vec<usize> = Vec::new();
            for written in [&line.number, &line.own] {
                fold(written, &mut text);
                let alike = |o: &usize| {
                    let near = self.apart(*o, t).is_none_or(|d| d <= DOCUMENT_DAYS);
                    near && similarity(&folded[*o], &text) >= ALIKE
                };
                found.extend(
                    rows.iter()
                        .filter(|o| self.is_free(**o, t))
                        .copied()
                        .filter(alike),
                );
            }
            found.dedup();
            if let [own] = found[..] {
                self.join(vec![own], vec![t], Same::Similar);
            }
        }
    }

    /// Money they sent and money we received: the same amount, the nearest days first.
    fn payments(&mut self) {
        let mut pairs: Vec<(u64, usize, usize)> = Vec::new();
        let mut receipts: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
        for (at, o) in self.ours.iter().enumerate() {
            if o.what == OurWhat::Payment {
                receipts.entry(o.open).or_default().push(at);
                if o.amount != o.open {
                    receipts.entry(o.amount).or_default().push(at);
                }
            }
        }
        for t in (0..self.theirs.len()).filter(|t| self.their[*t].is_none() && self.is_payment(*t))
        {
            for own in receipts
                .get(&self.theirs[t].amount)
                .map_or(&[][..], Vec::as_slice)
            {
                let apart = self.apart(*own, t).filter(|d| *d <= PAYMENT_DAYS);
                if let Some(apart) = apart.filter(|_| self.is_free(*own, t)) {
                    pairs.push((apart.unsigned_abs(), t, *own));
                }
            }
        }
        duebook_money::order::sort(&mut pairs);
        for (_, t, own) in pairs {
            if self.their[t].is_none() && self.own[own].is_none() {
                self.join(vec![own], vec![t], Same::Payment);
            }
        }
    }

    fn apart(&self, own: usize, their: usize) -> Option<i64> {
        let (a, b) = (self.ours[own].date?, self.theirs[their].date?);
        Some((i64::from(a.0) - i64::from(b.0)).abs())
    }

    /// Nothing else of this amount is left on either side, and the dates are near.
    fn by_amount_and_date(&mut self) {
        type Both = (Vec<usize>, Vec<usize>);
        let mut by: BTreeMap<(&str, i64), Both> = BTreeMap::new();
        for (at, o) in self.ours.iter().enumerate() {
            if self.own[at].is_none() && o.open != 0 && o.what != OurWhat::Opening {
                by.entry((o.currency.code(), o.open))
                    .or_default()
                    .0
                    .push(at);
            }
        }
        for (at, t) in self.theirs.iter().enumerate() {
            if self.their[at].is_none() && t.what != TheirWhat::Opening {
                by.entry((t.currency.code(), t.amount))
                    .or_default()
                    .1
                    .push(at);
            }
        }
        for (ours, theirs) in by.into_values() {
            if let ([own], [their]) = (&ours[..], &theirs[..]) {
                let near = self.apart(*own, *their).is_some_and(|d| d <= DOCUMENT_DAYS);
                if near && self.fits(*own, *their) {
                    self.join(vec![*own], vec![*their], Same::AmountAndDate);
                }
            }
        }
    }

    /// A line that names a document of ours and has its amount on the other side.
    fn other_side(&mut self) {
        for t in 0..self.theirs.len() {
            let line = &self.theirs[t];
            if self.their[t].is_some() || line.what == TheirWhat::Payment {
                continue;
            }
            let own = self.named[t].iter().find(|(same, o)| {
                let o_line = &self.ours[*o];
                *same <= Same::Normalised
                    && self.own[*o].is_none()
                    && o_line.currency == line.currency
                    && o_line.open == line.amount.saturating_neg()
                    && line.amount != 0
            });
            let Some((same, own)) = own.copied() else {
                continue;
            };
            let entry = Entry {
                currency: line.currency,
                ours: vec![own],
                theirs: vec![t],
                same: Some(same),
                finding: Finding::Amount,
                reason: Some(Reason::WrongSide),
                amount: self.ours[own].open.saturating_sub(line.amount),
                days: self.days_apart(&[own], &[t]),
            };
            self.keep(entry);
        }
    }

    fn alone(&mut self) {
        for t in 0..self.theirs.len() {
            if self.their[t].is_none() {
                let line = &self.theirs[t];
                let entry = Entry {
                    currency: line.currency,
                    ours: Vec::new(),
                    theirs: vec![t],
                    same: None,
                    finding: Finding::TheirsOnly,
                    reason: self.why_only_theirs(t),
                    amount: line.amount.saturating_neg(),
                    days: 0,
                };
                self.keep(entry);
            }
        }
        for own in 0..self.ours.len() {
            let line = &self.ours[own];
            if self.own[own].is_none() && line.open != 0 {
                let young = line
                    .date
                    .is_some_and(|d| d.0 > self.day.0.saturating_sub(TRANSIT_DAYS));
                let young = young && line.what == OurWhat::Document;
                let entry = Entry {
                    currency: line.currency,
                    ours: vec![own],
                    theirs: Vec::new(),
                    same: None,
                    finding: Finding::OursOnly,
                    reason: young.then_some(Reason::NotBookedYet),
                    amount: line.open,
                    days: 0,
                };
                self.keep(entry);
            }
        }
    }

    fn why_only_theirs(&self, their: usize) -> Option<Reason> {
        let line = &self.theirs[their];
        if line.date.is_some_and(|d| d > self.day) {
            return Some(Reason::After);
        }
        let young = |d: Day| d.0 > self.day.0.saturating_sub(TRANSIT_DAYS);
        if self.is_payment(their) && line.date.is_some_and(young) {
            return Some(Reason::PaymentOnItsWay);
        }
        // The document it names has its amount, and another line of theirs has it already.
        let named = self.named[their].iter().filter(|(s, o)| {
            let has = [self.ours[*o].open, self.ours[*o].amount].contains(&line.amount);
            *s <= Same::Normalised && has
        });
        let taken = named.filter_map(|(_, o)| self.own[*o]);
        let mut other = taken.filter_map(|e| self.entries.get(e)?.theirs.first().copied());
        other.next().map(|t| Reason::Twice(self.theirs[t].line))
    }
}
