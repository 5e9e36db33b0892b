//! Mail that came in: a pasted text or an .eml file, read for who, when and what; invoice numbers and
//! amounts of the customer found in it.

use crate::lines::Line;
use duebook_ledger::ItemId;
use duebook_money::{Currency, Day};

mod decode;

/// Characters of a mail beyond this are left out: quoted threads, not news.
pub const MAX_MAIL: usize = 200_000;

/// A mail as read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Incoming {
    /// From, as written.
    pub from: String,
    /// Subject.
    pub subject: String,
    /// The day and minute (UTC) of its date header; `None` where it has none that can be read.
    pub at: Option<i64>,
    /// Its plain text.
    pub text: String,
    /// Names of attachments.
    pub attachments: Vec<String>,
}

/// Reads an .eml file, or a text as pasted.
pub fn read(bytes: &[u8]) -> Incoming {
    decode::read(bytes)
}

/// What of the book a text speaks of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Marked {
    /// The customer's items whose number, or reference, stands in it, in its order.
    pub items: Vec<ItemId>,
    /// Amounts in it that are open on items of the customer, or the sum of those named, of all that is
    /// open, of the debits, or of those past due: minor units.
    pub amounts: Vec<(Currency, i64)>,
}

/// Finds a customer's documents and amounts in a text.
pub fn mark(text: &str, lines: &[Line]) -> Marked {
    let words: Vec<String> = text
        .split(|c: char| c.is_whitespace() || ",;:()[]<>\"'#".contains(c))
        .map(bare)
        .filter(|w| w.len() >= 3)
        .collect();
    let mut marked = Marked::default();
    for word in &words {
        let is = |l: &&Line| {
            bare(&l.number) == *word || (l.reference.len() >= 5 && bare(&l.reference) == *word)
        };
        for line in lines.iter().filter(is) {
            if !marked.items.contains(&line.id) {
                marked.items.push(line.id);
            }
        }
    }
    let mut currencies: Vec<Currency> = lines.iter().map(|l| l.currency).collect();
    duebook_money::order::sort_by_key(&mut currencies, |c| c.code());
    currencies.dedup();
    for currency in currencies {
        let of = || lines.iter().filter(|l| l.currency == currency);
        let named = of().filter(|l| marked.items.contains(&l.id));
        let sum = named.fold(0i64, |s, l| s.saturating_add(l.open));
        let total = |fits: fn(&&Line) -> bool| {
            let lines = of().filter(fits);
            lines.fold(0i64, |s, l| s.saturating_add(l.open))
        };
        // What people name beside single documents: the account, what they owe, what is past due.
        let sums = [
            sum,
            total(|_| true),
            total(|l| l.open > 0),
            total(|l| l.open > 0 && l.late > 0),
        ];
        let known = |minor: i64| {
            let one = || of().any(|l| l.open == minor || l.amount == minor);
            minor != 0 && (sums.contains(&minor) || one())
        };
        for minor in figures(text, currency) {
            if known(minor) && !marked.amounts.contains(&(currency, minor)) {
                marked.amounts.push((currency, minor));
            }
        }
    }
    marked
}

fn bare(word: &str) -> String {
    let kept = word.chars().filter(|c| c.is_alphanumeric());
    kept.flat_map(char::to_uppercase).collect()
}

/// Every figure of a text that reads as an amount of a currency, either way round.
fn figures(text: &str, currency: Currency) -> Vec<i64> {
    let mut found = Vec::new();
    let digit = |c: char| c.is_ascii_digit();
    let pieces =
        text.split(|c: char| !(digit(c) || matches!(c, '.' | ',' | '\'' | '\u{a0}' | '\u{202f}')));
    for piece in pieces {
        let piece = piece.trim_matches(|c: char| !digit(c));
        if piece.is_empty() || piece.len() > 24 {
            continue;
        }
        for style in [duebook_money::Style::POINT, duebook_money::Style::COMMA] {
            if let Ok(minor) =
                duebook_money::amount::parse_plain(piece.as_bytes(), currency.exponent(), style)
                && !found.contains(&minor)
            {
                found.push(minor);
            }
        }
    }
    found
}

/// The ledger's day of an instant, in minutes east of UTC.
pub fn day_of(at: i64, offset_minutes: i64) -> Day {
    let local = at.saturating_add(offset_minutes.saturating_mul(60_000));
    Day(i32::try_from(local.div_euclid(86_400_000)).unwrap_or(0))
}

#[cfg(test)]
#[allow(clippy::inconsistent_digit_grouping)] // minor units: 70_00 is 70.00
mod tests {
    use super::*;
    use duebook_ledger::columns::ItemKind;

    fn line(n: u32, currency: Currency, late: i32, open: i64) -> Line {
        Line {
            id: ItemId(n),
            number: format!("INV-{n}00"),
            reference: String::new(),
            kind: ItemKind::Invoice,
            currency,
            issued: None,
            due: None,
            late,
            amount: open,
            open,
            disputed: 0,
            promised: 0,
            planned: 0,
            promised_for: None,
            reason: String::new(),
        }
    }

    #[test]
    fn amounts_that_are_open_and_sums_of_the_account_are_marked() {
        let (gbp, eur) = (Currency::GBP, Currency::EUR);
        let lines = [
            line(1, gbp, 30, 40_000_00),
            line(2, gbp, 12, 8_250_00),
            line(3, gbp, -5, 1_750_00),
            line(4, gbp, 0, -2_000_00),
            line(5, eur, 3, 70_00),
        ];
        for (text, found) in [
            ("We pay 40,000.00 GBP.", vec![(gbp, 40_000_00)]),
            ("48,250.00 GBP is overdue", vec![(gbp, 48_250_00)]),
            (
                "in all GBP 50.000,00, net 48,000.00",
                vec![(gbp, 50_000_00), (gbp, 48_000_00)],
            ),
            (
                "for INV-200 and INV-300: £10,000.00",
                vec![(gbp, 10_000_00)],
            ),
            ("EUR 70.00 of 12.34", vec![(eur, 70_00)]),
            ("12.34", vec![]),
        ] {
            assert_eq!(mark(text, &lines).amounts, found, "{text}");
        }
    }
}
