//! Rungs 1 to 4: what the receipt names.

use duebook_ledger::columns::NO_DAY;
use duebook_money::Money;

use crate::agree::{Rows, total};
use crate::explain::{Case, Found};
use crate::proposal::*;
use crate::reading::{Mention, Payer, Word};
use crate::receipt::TextPart;
use crate::remit::Pick;
use crate::subset::{MOST_FOR_ALL, Sums, sums_of_any_size};

/// What the names of a receipt came to.
pub(crate) enum Named {
    /// They explain it, fully or not.
    Found(Box<Found>),
    /// Another receipt of the run, or an earlier one, paid what is named.
    Paid { by: Option<u32> },
    /// A number of ours is named that is settled, and nothing else.
    Settled,
    /// What looks like a number of ours is named, and nothing else.
    Unknown,
    /// Nothing is named.
    Nothing,
}

/// The picks of a receipt, by how they were named.
#[derive(Default)]
struct Picks {
    /// Numbers of the payer's items.
    numbers: Vec<Pick>,
    /// Short bare numbers.
    weak: Vec<Pick>,
    /// Items under a purchase order, reference or contract, one list for each that is named.
    orders: Vec<Vec<Pick>>,
    /// What belongs to somebody else than the payer.
    foreign: Vec<Pick>,
    /// In another currency.
    abroad: Vec<Pick>,
    /// Named, but claimed in this run.
    claimed: Option<u32>,
}

impl Case<'_> {
    /// Looks for items by the receipt's references and text.
    pub(crate) fn named(&self, spent: &mut u32) -> Named {
        let mut picks = Picks::default();
        for mention in &self.reading.scanned.mentions {
            *spent += 1 + mention.hits.len() as u32;
            self.pick(mention, &mut picks);
        }
        if let Some(found) = self.by_numbers(&picks, spent) {
            return Named::Found(Box::new(found));
        }
        if !picks.abroad.is_empty()
            && let Some(found) = self.other_currency(&picks.abroad)
        {
            return Named::Found(Box::new(found));
        }
        if let Some(by) = picks.claimed {
            return Named::Paid { by: Some(by) };
        }
        if total(&self.rows(&picks.foreign)) > 0 {
            return Named::Found(Box::new(self.of_others(picks.foreign)));
        }
        if !self.reading.scanned.settled.is_empty() {
            return Named::Settled;
        }
        if self.reading.scanned.words.iter().any(|w| w.ours) {
            return Named::Unknown;
        }
        Named::Nothing
    }

    fn pick(&self, mention: &Mention, picks: &mut Picks) {
        let mut mine: Vec<Pick> = Vec::new();
        for hit in &mention.hits {
            let row = self.row(hit.row);
            let pick = Pick {
                row: hit.row,
                by: hit.by,
                key: hit.kind,
                part: mention.part,
                range: mention.range,
            };
            let payer = self.reading.payer_for(self.index, row.customer);
            let ours = self.reading.payers.is_empty() || payer.is_some();
            if row.currency != self.receipt.currency {
                if ours {
                    picks.abroad.push(pick);
                }
            } else if self.left(hit.row) == 0 {
                if ours && hit.kind == KeyKind::Number && !mention.weak {
                    let claimants = self.claims.claimants(hit.row);
                    picks.claimed = claimants.first().map(|(by, _)| *by).or(picks.claimed);
                }
            } else if ours {
                mine.push(pick);
            } else if hit.kind == KeyKind::Number && !mention.weak {
                picks.foreign.push(pick);
            }
        }
        let Some(best) = mine.first().copied() else {
            return;
        };
        if best.key == KeyKind::Number {
            // All instalments of the number, of one customer and one way of writing.
            let owner = self.row(best.row).customer;
            mine.retain(|p| {
                p.key == KeyKind::Number && p.by == best.by && self.row(p.row).customer == owner
            });
            let list = if mention.weak {
                &mut picks.weak
            } else {
                &mut picks.numbers
            };
            mine.sort_by_key(|p| (self.row(p.row).due, p.row));
            list.extend(mine);
        } else {
            mine.retain(|p| p.key == best.key && p.by == best.by);
            picks.orders.push(mine);
        }
    }

    /// Tries the picks together, from what is named best to what is named less well; the first that
    /// makes the amount wins. Otherwise the best named ones with their difference.
    fn by_numbers(&self, picks: &Picks, spent: &mut u32) -> Option<Found> {
        let numbers = distinct(&picks.numbers);
        if let Some(found) = self.exactly(&numbers) {
            return Some(found);
        }
        let mut found = self.by_more(numbers, picks, spent)?;
        let settled = &self.reading.scanned.settled;
        if !settled.is_empty() {
            // What is named beside it does not make the amount by itself: perhaps paid twice.
            found.holds.push(Hold::SettledNumber);
            let evidence = settled.iter().map(|(part, (start, end))| {
                let (part, start, end) = (*part, *start, *end);
                Evidence::UnknownNumber { part, start, end }
            });
            found.evidence.extend(evidence);
        }
        Some(found)
    }

    /// The numbers alone do not make the amount: with what is named less well.
    fn by_more(&self, numbers: Vec<Pick>, picks: &Picks, spent: &mut u32) -> Option<Found> {
        let owner = numbers.first().map(|p| self.row(p.row).customer);
        let mut widest = numbers.clone();
        let mut serials_marked: Vec<Pick> = Vec::new();
        for payer in self.possible(owner) {
            let serials = self.serials(payer);
            *spent += 1 + serials.len() as u32;
            let mut more = numbers.clone();
            more.extend(serials.iter().map(|(pick, _)| *pick));
            let more = distinct(&more);
            if more.len() > numbers.len() {
                if let Some(found) = self.exactly(&more) {
                    return Some(found);
                }
                if serials_marked.is_empty() {
                    let marked = serials.iter().filter(|(_, marked)| *marked);
                    serials_marked.extend(marked.map(|(pick, _)| *pick));
                    widest = more;
                }
            }
        }
        let mut with_weak = widest.clone();
        with_weak.extend(picks.weak.iter().copied());
        let with_weak = distinct(&with_weak);
        if with_weak.len() > widest.len()
            && let Some(found) = self.exactly(&with_weak)
        {
            return Some(found);
        }
        if let Some(found) = self.by_similar(&numbers) {
            return Some(found);
        }
        if numbers.is_empty()
            && let Some(found) = self.by_orders(&picks.orders, spent)
        {
            return Some(found);
        }
        if let Some(found) = self.some_of(&with_weak, spent) {
            return Some(found);
        }
        let mut kept = numbers;
        kept.extend(serials_marked);
        let kept = distinct(&kept);
        // Credits alone take nothing from money that came in.
        (total(&self.rows(&kept)) > 0).then(|| self.with_difference(kept))
    }

    /// Whose running numbers may be meant.
    fn possible(&self, owner: Option<u32>) -> Vec<u32> {
        match owner {
            Some(owner) => vec![owner],
            None => {
                let mut all: Vec<u32> = self.reading.payers.iter().map(|p| p.customer).collect();
                for payer in &self.reading.payers {
                    all.extend(self.index.children_of(payer.customer).take(16));
                }
                all
            }
        }
    }

    /// Items of a customer whose running number stands in the text; true where it is marked as one.
    fn serials(&self, customer: u32) -> Vec<(Pick, bool)> {
        let mut found = Vec::new();
        for word in &self.reading.scanned.words {
            let mut look = |digits: &[u8], marked: bool| {
                self.index.keys.with_serial(customer, digits, |row| {
                    let usable =
                        self.row(row).currency == self.receipt.currency && self.left(row) != 0;
                    if usable {
                        found.push((self.serial_pick(word, row), marked));
                    }
                });
            };
            if word.more.is_empty() {
                look(&word.digits, word.marked);
            }
            word.more.iter().for_each(|digits| look(digits, false));
        }
        found
    }

    fn serial_pick(&self, word: &Word, row: u32) -> Pick {
        Pick {
            row,
            by: NumberMatch::Serial,
            key: KeyKind::Number,
            part: word.part,
            range: word.range,
        }
    }

    /// One number that is ours by its shape and that nothing open has: one like it, of the amount
    /// that is missing.
    fn by_similar(&self, numbers: &[Pick]) -> Option<Found> {
        let mut ours = self.reading.scanned.words.iter().filter(|w| w.ours);
        let (Some(word), None) = (ours.next(), ours.next()) else {
            return None;
        };
        let known: i64 = numbers.iter().map(|p| self.left(p.row)).sum();
        let missing = self.amount() - known;
        let row = self.similar(&word.folded, missing, &[])?;
        let mut all = numbers.to_vec();
        all.push(Pick {
            row: row.0,
            by: NumberMatch::Similar(row.1),
            key: KeyKind::Number,
            part: word.part,
            range: word.range,
        });
        self.exactly(&distinct(&all))
    }

    /// Items under the orders named: one, all, or a set of them that makes the amount.
    fn by_orders(&self, orders: &[Vec<Pick>], spent: &mut u32) -> Option<Found> {
        let all: Vec<Pick> = distinct(&orders.concat());
        let first = all.first().copied()?;
        if let Some(found) = self.exactly(&all) {
            return Some(found);
        }
        let mut single = all.iter().filter(|p| self.left(p.row) == self.amount());
        if let (Some(one), None) = (single.next(), single.next()) {
            return self.exactly(&[*one]);
        }
        if let Some(found) = self.some_of(&all, spent) {
            return Some(found);
        }
        if total(&self.rows(&all)) <= 0 {
            return None;
        }
        let mut found = self.with_difference(if all.len() == 1 { vec![first] } else { all });
        if found.lines.len() > 1 {
            found.holds.push(Hold::Ambiguous);
        }
        Some(found)
    }

    /// A part of what is named makes the amount, and no other part does.
    fn some_of(&self, picks: &[Pick], spent: &mut u32) -> Option<Found> {
        if !(2..=MOST_FOR_ALL).contains(&picks.len()) {
            return None;
        }
        let amounts: Vec<i64> = picks.iter().map(|p| self.left(p.row)).collect();
        let classes: Vec<u32> = (0..picks.len() as u32).collect();
        match sums_of_any_size(&amounts, &classes, self.amount(), 2, spent) {
            Sums::Unique(set) => {
                let some: Vec<Pick> = set.iter().map(|i| picks[*i as usize]).collect();
                self.exactly(&some)
            }
            _ => None,
        }
    }

    fn rows(&self, picks: &[Pick]) -> Rows {
        picks.iter().map(|p| (p.row, self.left(p.row))).collect()
    }

    /// The picks, where they make the amount.
    fn exactly(&self, picks: &[Pick]) -> Option<Found> {
        let (amount, lines) = self.agree(&self.rows(picks), self.amount())?;
        let mut found = self.found(picks);
        (found.amount, found.lines) = (amount, lines);
        Some(found)
    }

    fn with_difference(&self, picks: Vec<Pick>) -> Found {
        let cues = &self.reading.scanned.cues;
        let (amount, lines) = self.differ(&self.rows(&picks), self.amount(), cues);
        let mut found = self.found(&picks);
        found.rung = Rung::NamedDiffers;
        (found.amount, found.lines) = (amount, lines);
        if self.reading.scanned.words.iter().any(|w| w.ours) {
            found.holds.push(Hold::UnknownNumber);
        }
        self.unknown_numbers(&mut found);
        found
    }

    fn unknown_numbers(&self, found: &mut Found) {
        let unknown = self.reading.scanned.words.iter().filter(|w| w.ours);
        let evidence = unknown.map(|w| Evidence::UnknownNumber {
            part: w.part,
            start: w.range.0,
            end: w.range.1,
        });
        found.evidence.extend(evidence);
    }

    /// Evidence, payer and score of picks.
    pub(crate) fn found(&self, picks: &[Pick]) -> Found {
        let worst = picks.iter().map(|p| p.score()).min().unwrap_or(0);
        let mut found = Found::new(rung_of(picks), self.payer_of(picks));
        found.reference = worst;
        found.evidence = picks
            .iter()
            .map(|p| p.evidence(self.row(p.row).id))
            .collect();
        let strangers = found.payer.is_none() && !self.reading.payers.is_empty();
        if strangers {
            found.holds.push(Hold::OtherPayer);
        }
        found
    }

    /// Who may pay for all of the picks; somebody unknown where nothing is told of the payer.
    fn payer_of(&self, picks: &[Pick]) -> Option<Payer> {
        let first = picks.first()?;
        if self.reading.payers.is_empty() {
            return Some(Payer {
                customer: self.row(first.row).customer,
                by: PayerMatch::ByItems,
                part: first.part,
            });
        }
        let payers = picks.iter().map(|p| {
            let owner = self.row(p.row).customer;
            self.reading.payer_for(self.index, owner)
        });
        let all: Option<Vec<Payer>> = payers.collect();
        all?.into_iter().min_by_key(|p| p.by.score())
    }

    /// Items of somebody else: never by itself.
    fn of_others(&self, foreign: Vec<Pick>) -> Found {
        let foreign = distinct(&foreign);
        self.exactly(&foreign)
            .unwrap_or_else(|| self.with_difference(foreign))
    }

    /// Items in one other currency that are worth the amount, near the rate of the day.
    fn other_currency(&self, abroad: &[Pick]) -> Option<Found> {
        let picks = distinct(abroad);
        let picks: Vec<Pick> = picks.into_iter().filter(|p| self.left(p.row) > 0).collect();
        let currency = self.row(picks.first()?.row).currency;
        if picks.iter().any(|p| self.row(p.row).currency != currency) {
            return None;
        }
        let rates = self.policy.rates.as_ref()?;
        let weights: Vec<u64> = picks
            .iter()
            .map(|p| self.left(p.row).unsigned_abs())
            .collect();
        let full = total(&self.rows(&picks));
        let money = Money::new(i64::try_from(full).ok()?, currency);
        let worth = rates
            .convert(money, self.receipt.currency, self.receipt.value_date)
            .ok()?
            .minor;
        let most = crate::difference::share(worth, self.policy.rate_tolerance);
        if (worth - self.amount()).abs() > most {
            return None;
        }
        let mut found = self.found(&picks);
        (found.rung, found.amount) = (Rung::OtherCurrency, 900);
        found.holds.push(Hold::OtherCurrency);
        found.lines = Found::full(&self.rows(&picks));
        let parts = duebook_money::split::by_weights(self.amount(), &weights).ok()?;
        for (line, cash) in found.lines.iter_mut().zip(parts) {
            line.cash = cash;
        }
        Some(found)
    }

    /// Whether an item was there when the money came.
    pub(crate) fn existed(&self, row: u32) -> bool {
        let day = self.row(row).doc_date;
        day == NO_DAY || day <= self.receipt.value_date.0
    }
}

fn rung_of(picks: &[Pick]) -> Rung {
    let structured =
        |p: &Pick| matches!(p.part, TextPart::Reference(_) | TextPart::LineReference(_));
    let equal = |p: &Pick| p.by <= NumberMatch::Normalised;
    if !picks.iter().all(equal) {
        Rung::Similar
    } else if picks.iter().all(structured) {
        Rung::Structured
    } else {
        Rung::Named
    }
}

/// Each item once, as it was named first.
fn distinct(picks: &[Pick]) -> Vec<Pick> {
    let mut seen = std::collections::BTreeSet::new();
    picks
        .iter()
        .filter(|p| seen.insert(p.row))
        .copied()
        .collect()
}
