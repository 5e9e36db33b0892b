//! What money that waits could pay: those lines are held back and named, the rest goes (never
//! chase what is paid). Money on account with a reason, or small against the letter, holds nothing.

use crate::lines::Line;
use duebook_ledger::columns::{ItemKind, TextField};
use duebook_ledger::{Book, ItemId, LineId};
use duebook_money::Currency;
use std::collections::BTreeMap;

/// What a line could be paid by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Waiting {
    /// A receipt that is not applied.
    Receipt(ItemId),
    /// A line of a bank statement that names the document and is no receipt yet.
    BankLine(LineId),
}

/// Numbers that lines of bank statements name and that nobody has matched yet.
#[derive(Debug, Clone, Default)]
pub struct BankNames(BTreeMap<String, LineId>);

impl BankNames {
    /// From the lines of which a rest is unexplained.
    pub fn of(book: &Book) -> Self {
        let mut names = BTreeMap::new();
        for (_, statement) in book.statements() {
            for id in &statement.lines {
                let Some(line) = book.line(*id) else { continue };
                if book.line_rest(*id) <= 0 || !line.fact.kind.is_customer_money() {
                    continue;
                }
                for word in line.fact.text.split_whitespace() {
                    let word = bare(word);
                    if word.len() >= 4 {
                        names.entry(word).or_insert(*id);
                    }
                }
            }
        }
        BankNames(names)
    }
    fn of_number(&self, number: &str) -> Option<LineId> {
        let number = bare(number);
        (number.len() >= 4)
            .then(|| self.0.get(&number).copied())
            .flatten()
    }
}

/// Letters and digits of a number, in capitals.
fn bare(word: &str) -> String {
    let kept = word.chars().filter(|c| c.is_alphanumeric());
    kept.flat_map(char::to_uppercase).collect()
}

/// Whether a text names a document number as a word of its own.
fn names(text: &str, number: &str) -> bool {
    let number = bare(number);
    let mut words = text.split(|c: char| c.is_whitespace() || ",;:".contains(c));
    number.len() >= 4 && words.any(|w| bare(w) == number)
}

/// Of the lines asked for, those that money could pay, and by what. `lines` in the order in which
/// money falls on them: oldest first.
pub fn could_be_paid(
    book: &Book,
    bank: &BankNames,
    lines: &[Line],
    credits: &[Line],
    small_per_mille: u16,
) -> BTreeMap<ItemId, Waiting> {
    let mut held = BTreeMap::new();
    for line in lines {
        if let Some(id) = bank.of_number(&line.number) {
            held.insert(line.id, Waiting::BankLine(id));
        }
    }
    let mut currencies: Vec<Currency> = lines.iter().map(|l| l.currency).collect();
    duebook_money::order::sort_by_key(&mut currencies, |c| c.code());
    currencies.dedup();
    for currency in currencies {
        let of = |l: &&Line| l.currency == currency;
        let asked = lines
            .iter()
            .filter(of)
            .fold(0i128, |s, l| s + i128::from(l.asked()));
        // Money held on purpose is no payment of these lines.
        let free = |l: &&Line| l.kind == ItemKind::Receipt && l.reason.is_empty() && l.open < 0;
        let money: Vec<&Line> = credits.iter().filter(of).filter(free).collect();
        let sum = money.iter().fold(0i128, |s, l| s - i128::from(l.open));
        if sum * 1000 < asked * i128::from(small_per_mille) {
            continue;
        }
        let mut pool = Pool::default();
        for receipt in money {
            hold(book, receipt, lines, currency, &mut pool, &mut held);
        }
    }
    held
}

/// Money that names nothing falls on the oldest lines, one receipt after another.
#[derive(Default)]
struct Pool {
    /// What of the line it reached is still to be covered, minor units.
    room: i64,
}

/// What one receipt could pay: what it names, else the one line of its amount, else oldest first.
fn hold(
    book: &Book,
    receipt: &Line,
    lines: &[Line],
    currency: Currency,
    pool: &mut Pool,
    held: &mut BTreeMap<ItemId, Waiting>,
) {
    let waiting = Waiting::Receipt(receipt.id);
    let item = book.item(receipt.id);
    let text = item.map_or(String::new(), |i| {
        let said = [TextField::Text, TextField::Reference];
        let said = said.iter().map(|f| i.text(f));
        said.fold(receipt.reference.clone(), |all, t| format!("{all} {t}"))
    });
    let free = lines
        .iter()
        .filter(|l| l.currency == currency && l.asked() > 0);
    let free: Vec<&Line> = free.filter(|l| !held.contains_key(&l.id)).collect();
    let named = free.iter().filter(|l| names(&text, &l.number));
    let named: Vec<ItemId> = named.map(|l| l.id).collect();
    if !named.is_empty() {
        held.extend(named.into_iter().map(|id| (id, waiting)));
        return;
    }
    let mut rest = receipt.open.saturating_neg();
    let mut exact = free.iter().filter(|l| l.open == rest);
    if let (Some(one), None) = (exact.next(), exact.next()) {
        held.insert(one.id, waiting);
        return;
    }
    for line in free {
        let before = pool.room.min(rest);
        pool.room = pool.room.saturating_sub(before);
        rest = rest.saturating_sub(before);
        if rest <= 0 {
            return;
        }
        held.insert(line.id, waiting);
        pool.room = line.open;
    }
    pool.room = pool.room.saturating_sub(rest).max(0);
}
