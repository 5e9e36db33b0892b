//! Remittance lines: each names a document and what is paid for it.

use duebook_ledger::ItemId;

use crate::agree::grade;
use crate::cues::{Cues, Range};
use crate::difference::plain_discount;
use crate::explain::{Case, Found, FoundLine};
use crate::named::Named;
use crate::proposal::*;
use crate::reading::{Scanned, scan};
use crate::receipt::{RemittanceLine, TextPart};
use crate::text::{Tokens, fold, similarity};

/// An item that a text names.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pick {
    pub(crate) row: u32,
    pub(crate) by: NumberMatch,
    pub(crate) key: KeyKind,
    pub(crate) part: TextPart,
    pub(crate) range: Range,
}

impl Pick {
    /// Per mille; an order names its items less well than their own number does.
    pub(crate) fn score(&self) -> u16 {
        match self.key {
            KeyKind::Number => self.by.score(),
            KeyKind::Reference => self.by.score().min(980),
            KeyKind::Po | KeyKind::Contract => self.by.score().min(950),
        }
    }
    pub(crate) fn evidence(&self, item: ItemId) -> Evidence {
        Evidence::Named {
            item,
            part: self.part,
            start: self.range.0,
            end: self.range.1,
            key: self.key,
            by: self.by,
        }
    }
}

/// Most items of one payer that are compared letter by letter.
const MOST_COMPARED: usize = 4_000;
/// With an equal amount, a number this like another is that number mistyped.
const LIKE_WITH_AMOUNT: u16 = 500;
/// By so much the most similar number must lead the next.
const LEAD: u16 = 100;

impl Case<'_> {
    /// Looks for items by the remittance lines.
    pub(crate) fn remitted(&self, tokens: &mut Tokens, spent: &mut u32) -> Named {
        let mut found = Found::new(Rung::Structured, None);
        let (mut picks, mut unresolved) = (Vec::new(), 0u32);
        let (mut claimed, mut settled, mut money) = (None, false, 0i64);
        for (n, line) in self.receipt.lines.iter().enumerate().take(MOST_LINES) {
            let part = TextPart::LineReference(n as u16);
            let mut scanned = Scanned::default();
            scan(self.index, self.receipt, part, tokens, &mut scanned);
            let mut noted = Scanned::default();
            scan(
                self.index,
                self.receipt,
                TextPart::LineNote(n as u16),
                tokens,
                &mut noted,
            );
            let cues = noted.cues;
            let paid = self.paid_by(line);
            *spent += 2 + scanned.mentions.len() as u32;
            match self.resolve(line, &scanned, part, paid, &cues, &picks) {
                Resolved::Pick(pick) => {
                    let taken = self.taken(&found.lines, pick.row);
                    let laid = self.lay(pick.row, paid, taken, line, &cues);
                    money = money.saturating_add(laid.cash);
                    found.lines.push(laid);
                    picks.push(pick);
                }
                Resolved::Claimed(by) => claimed = claimed.or(Some(by)),
                nothing => {
                    let known = matches!(nothing, Resolved::Settled);
                    settled |= known;
                    unresolved += u32::from(!known);
                    let end = line.reference.len() as u32;
                    found.evidence.push(Evidence::UnknownNumber {
                        part,
                        start: 0,
                        end,
                    });
                }
            }
        }
        if picks.is_empty() || money <= 0 {
            // Credits alone take nothing from money that came in.
            return match claimed {
                Some(by) => Named::Paid { by: Some(by) },
                None if settled => Named::Settled,
                None if unresolved > 0 || !picks.is_empty() => Named::Unknown,
                None => Named::Nothing,
            };
        }
        if money > self.amount() {
            // The lines claim more than there is: what they name, laid out anew.
            let rows: Vec<(u32, i64)> = picks.iter().map(|p| (p.row, self.left(p.row))).collect();
            let cues = &self.reading.scanned.cues;
            (found.amount, found.lines) = self.differ(&rows, self.amount(), cues);
        } else {
            found.amount = grade(&found.lines);
            if money < self.amount() {
                found.amount = found.amount.min(700);
            }
        }
        let base = self.found(&picks);
        (found.payer, found.reference) = (base.payer, base.reference);
        found.rung = match (found.amount, base.rung) {
            (930.., rung) => rung,
            _ => Rung::NamedDiffers,
        };
        found.holds.extend(base.holds);
        found.evidence.splice(0..0, base.evidence);
        if unresolved > 0 {
            found.holds.push(Hold::UnknownNumber);
        }
        if settled {
            found.holds.push(Hold::SettledNumber);
        }
        if let Some(by) = claimed {
            found.holds.push(Hold::AlreadyPaid { by });
        }
        Named::Found(Box::new(found))
    }

    /// What a line pays, in the mirror; without a word of it, the whole receipt or nothing known.
    fn paid_by(&self, line: &RemittanceLine) -> i64 {
        let net = line.gross.map(|g| g - line.discount - line.adjustment);
        let paid = line.paid.or(net).map(|p| p * self.sign());
        paid.unwrap_or(if self.receipt.lines.len() == 1 {
            self.amount()
        } else {
            0
        })
    }

    fn taken(&self, lines: &[FoundLine], row: u32) -> i64 {
        let same = lines.iter().filter(|l| l.row == row);
        same.map(|l| l.settles).sum()
    }

    /// Lays a line's money on its item, at most what is left of it.
    fn lay(
        &self,
        row: u32,
        paid: i64,
        taken: i64,
        line: &RemittanceLine,
        cues: &Cues,
    ) -> FoundLine {
        let left = self.left(row) - taken;
        let paid = if paid == 0 { left } else { paid };
        let cash = if left >= 0 {
            paid.clamp(0, left)
        } else {
            paid.clamp(left, 0)
        };
        let mut cues = cues.clone();
        if line.discount != 0 {
            cues.discount = cues.discount.or(Some((0, 0)));
            cues.percents
                .extend(plain_discount(left, line.discount.abs()));
        }
        if line.adjustment > 0 {
            cues.deduction = cues.deduction.or(Some((0, 0)));
        }
        let differences = if taken == 0 {
            self.gap_of(row, cash, &cues)
        } else {
            Vec::new()
        };
        FoundLine {
            row,
            cash,
            settles: cash,
            differences,
        }
    }

    fn resolve(
        &self,
        line: &RemittanceLine,
        scanned: &Scanned,
        part: TextPart,
        paid: i64,
        cues: &Cues,
        before: &[Pick],
    ) -> Resolved {
        let mut claimed = None;
        let mut named: Vec<Pick> = Vec::new();
        for mention in &scanned.mentions {
            for hit in &mention.hits {
                let row = self.row(hit.row);
                let payers = &self.reading.payers;
                let ours =
                    payers.is_empty() || self.reading.payer_for(self.index, row.customer).is_some();
                if !ours || row.currency != self.receipt.currency {
                    continue;
                }
                let left = self.left(hit.row);
                if left == 0 {
                    let by = self.claims.claimants(hit.row).first();
                    claimed = claimed.or(by.map(|(by, _)| *by));
                } else if (left > 0) == (paid >= 0) {
                    named.push(Pick {
                        row: hit.row,
                        by: hit.by,
                        key: hit.kind,
                        part: mention.part,
                        range: mention.range,
                    });
                }
            }
        }
        if let Some(pick) = self.best(&named, paid, line, before) {
            return Resolved::Pick(pick);
        }
        if let Some(by) = claimed {
            return Resolved::Claimed(by);
        }
        if !scanned.settled.is_empty() {
            return Resolved::Settled;
        }
        let pick = |row, by| Pick {
            row,
            by,
            key: KeyKind::Number,
            part,
            range: (0, line.reference.len() as u32),
        };
        let mut serials = Vec::new();
        for payer in self.reading.payers.iter().map(|p| p.customer) {
            for word in &scanned.words {
                self.index.keys.with_serial(payer, &word.digits, |row| {
                    let usable = self.row(row).currency == self.receipt.currency
                        && (self.left(row) > 0) == (paid >= 0)
                        && self.left(row) != 0;
                    if usable {
                        serials.push(pick(row, NumberMatch::Serial));
                    }
                });
            }
        }
        // The running number of an order is not that of an invoice, whatever it looks like.
        serials.retain(|p| paid == 0 || paid.abs() <= self.left(p.row).abs());
        if let Some(pick) = self.best(&serials, paid, line, before) {
            return Resolved::Pick(pick);
        }
        let mut folded = Vec::new();
        fold(&line.reference, &mut folded);
        let known: Vec<i64> = line
            .gross
            .into_iter()
            .chain(cues.amounts.iter().map(|a| paid + a))
            .collect();
        match self.similar(&folded, paid, &known) {
            Some((row, score)) if before.iter().all(|b| b.row != row) => {
                Resolved::Pick(pick(row, NumberMatch::Similar(score)))
            }
            _ => Resolved::Nothing,
        }
    }

    /// Of several items of one key: the one of that amount, else the first due not yet used.
    fn best(
        &self,
        picks: &[Pick],
        paid: i64,
        line: &RemittanceLine,
        before: &[Pick],
    ) -> Option<Pick> {
        let gross = line.gross.map(|g| g * self.sign());
        let rank = |p: &Pick| {
            let left = self.left(p.row);
            let used = before.iter().any(|b| b.row == p.row);
            let agrees = left == paid || Some(left) == gross;
            (used, !agrees, p.by, p.key, self.row(p.row).due, p.row)
        };
        picks.iter().min_by_key(|p| rank(p)).copied()
    }

    /// An item of a possible payer whose number is like this one and whose amount fits, with how
    /// alike they are: the amount exactly, or one of `known`, or less a plain discount, or a part.
    /// Only a clear winner.
    pub(crate) fn similar(&self, folded: &[u8], paid: i64, known: &[i64]) -> Option<(u32, u16)> {
        let ours = self.index.keys.looks_like_ours(folded);
        let mut scored: Vec<(u8, u16, u16, u32)> = Vec::new();
        let mut number = Vec::new();
        for payer in &self.reading.payers {
            let rows = self.index.rows_of(payer.customer, self.receipt.currency);
            for row in rows.iter().take(MOST_COMPARED) {
                let left = self.left(*row);
                if left == 0 || (left > 0) != (paid >= 0) || !self.existed(*row) {
                    continue;
                }
                let fit = fit(left, paid, known);
                if fit == 0 {
                    continue;
                }
                fold(self.index.keys.number(*row), &mut number);
                let alike = similarity(&number, folded);
                scored.push((fit, alike, payer.by.score(), *row));
            }
        }
        if self.reading.payers.is_empty() {
            // Nobody known: a number much like one of exactly this amount.
            for row in self.index.rows_of_amount(self.receipt.currency, paid) {
                fold(self.index.keys.number(*row), &mut number);
                let alike = similarity(&number, folded);
                if self.left(*row) == paid && alike >= self.policy.similar {
                    scored.push((3, alike, 0, *row));
                }
            }
        }
        scored.sort_by(|a, b| (b.0, b.1, b.2).cmp(&(a.0, a.1, a.2)).then(a.3.cmp(&b.3)));
        let (fit, alike, ..) = *scored.first()?;
        let second = scored.get(1).filter(|s| s.0 == fit);
        let alone = second.is_none();
        let leads = second.is_none_or(|s| alike >= s.1 + LEAD);
        let clear = match fit {
            3 => (alike >= LIKE_WITH_AMOUNT && (alone || leads)) || (!ours && alone),
            2 => (alike >= self.policy.similar && leads) || (!ours && alone),
            _ => alike >= self.policy.similar && leads,
        };
        // Found by its amount alone, the number says little.
        let score = if alike >= LIKE_WITH_AMOUNT {
            alike
        } else {
            600
        };
        clear.then_some((scored[0].3, score))
    }
}

/// 3: the whole; 2: less a plain discount; 1: a part; 0: more than there is.
fn fit(left: i64, paid: i64, known: &[i64]) -> u8 {
    if left == paid || known.contains(&left) {
        3
    } else if plain_discount(left, left - paid).is_some_and(|r| r.0 % 5_000 == 0) {
        2
    } else {
        u8::from(paid.abs() < left.abs())
    }
}

/// What a remittance line came to.
enum Resolved {
    Pick(Pick),
    /// Its item is claimed by another receipt.
    Claimed(u32),
    /// Its number is settled.
    Settled,
    Nothing,
}

/// Longer advices are read up to here.
const MOST_LINES: usize = 4_096;
