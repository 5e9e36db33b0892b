//! Words and amounts in a text that say why less, more or something else was paid.

use duebook_money::Currency;
use duebook_money::terms::Ppm;

use crate::text::Tokens;

/// Where a cue stands, bytes.
pub(crate) type Range = (u32, u32);

/// What a text says beside numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Cues {
    pub(crate) refund: Option<Range>,
    pub(crate) partial: Option<Range>,
    pub(crate) deduction: Option<Range>,
    pub(crate) discount: Option<Range>,
    pub(crate) charge: Option<Range>,
    pub(crate) on_account: Option<Range>,
    /// Shares named with a per-cent sign.
    pub(crate) percents: Vec<Ppm>,
    /// Amounts named with their decimals or a currency sign, without sign.
    pub(crate) amounts: Vec<i64>,
}

/// Beginnings of words; a blank at the end asks for the whole word.
const REFUND: &[&str] = &[
    "REFUND",
    "RETURNED ",
    "REVERSAL",
    "CHARGEBACK",
    "RUCKZAHLUNG",
    "RUECKZAHLUNG",
    "REMBOURSEMENT",
];
const PARTIAL: &[&str] = &[
    "PARTIAL",
    "PART ",
    "PROGRESS",
    "INSTALLMENT",
    "INSTALMENT",
    "TEILZAHLUNG",
    "ABSCHLAG",
    "ACOMPTE",
];
const DEDUCTION: &[&str] = &[
    "DEDUCT", "DAMAGE", "DEFECT", "SHORTAGE", "CLAIM", "PENALTY", "REJECT", "MISSING", "DISPUTE",
    "ABZUG", "SHORT ",
];
const DISCOUNT: &[&str] = &["DISCOUNT", "SKONTO", "ESCOMPTE", "EARLY ", "REBATE"];
const CHARGE: &[&str] = &[
    "CHARGES ", "CHARGE ", "FEE ", "FEES ", "BEN ", "SHA ", "SPESEN", "GEBUHR",
];
const ON_ACCOUNT: &[&str] = &[
    "ACCOUNT ",
    "ACCT ",
    "ADVANCE",
    "PREPAYMENT",
    "DEPOSIT",
    "AKONTO",
    "EXTRA ",
];

impl Cues {
    /// Reads a text with its tokens.
    pub(crate) fn of(text: &str, tokens: &Tokens, currency: Currency) -> Cues {
        let mut cues = Cues::default();
        for (n, atom) in tokens.atoms.iter().enumerate() {
            let word = tokens.bytes(n, n + 1);
            if word.first().is_none_or(u8::is_ascii_digit) {
                continue;
            }
            for (list, found) in [
                (REFUND, &mut cues.refund),
                (PARTIAL, &mut cues.partial),
                (DEDUCTION, &mut cues.deduction),
                (DISCOUNT, &mut cues.discount),
                (CHARGE, &mut cues.charge),
                (ON_ACCOUNT, &mut cues.on_account),
            ] {
                if found.is_none() && list.iter().any(|cue| says(word, cue)) {
                    *found = Some((atom.start, atom.end));
                }
            }
        }
        cues.numbers(text, currency);
        cues
    }
    /// Adds what another text says.
    pub(crate) fn join(&mut self, other: Cues) {
        let first = |mine: &mut Option<Range>, theirs: Option<Range>| {
            *mine = mine.or(theirs);
        };
        first(&mut self.refund, other.refund);
        first(&mut self.partial, other.partial);
        first(&mut self.deduction, other.deduction);
        first(&mut self.discount, other.discount);
        first(&mut self.charge, other.charge);
        first(&mut self.on_account, other.on_account);
        self.percents.extend(other.percents);
        self.amounts.extend(other.amounts);
    }
    fn numbers(&mut self, text: &str, currency: Currency) {
        let bytes = text.as_bytes();
        let mut at = 0;
        while at < bytes.len() && self.amounts.len() < MOST_NUMBERS {
            if !bytes[at].is_ascii_digit() {
                at += 1;
                continue;
            }
            let length = bytes[at..]
                .iter()
                .take_while(|b| b.is_ascii_digit() || matches!(b, b'.' | b','))
                .count();
            let number = text[at..at + length].trim_end_matches(['.', ',']);
            let before = text[..at].trim_end().chars().next_back();
            let after = text[at + number.len()..].trim_start().chars().next();
            let alone = at == 0 || !bytes[at - 1].is_ascii_alphanumeric();
            if after == Some('%') {
                self.percents.extend(percent(number));
            } else if alone {
                let signed = matches!(before, Some('$' | '€' | '£' | '₹' | '¥'));
                self.amounts.extend(amount(number, currency, signed));
            }
            at += length;
        }
    }
}

const MOST_NUMBERS: usize = 64;

fn says(word: &[u8], cue: &str) -> bool {
    match cue.strip_suffix(' ') {
        Some(whole) => word == whole.as_bytes(),
        None => word.starts_with(cue.as_bytes()),
    }
}

/// `2`, `2.5` or `2,5` per cent.
fn percent(text: &str) -> Option<Ppm> {
    let (whole, part) = text.split_once(['.', ',']).unwrap_or((text, ""));
    let whole: u32 = whole.parse().ok().filter(|w| *w < 100)?;
    let part: u32 = match part.len() {
        0 => 0,
        1..=3 => part.parse::<u32>().ok()? * 10u32.pow(4 - part.len() as u32),
        _ => return None,
    };
    Some(Ppm(whole * 10_000 + part))
}

/// An amount with exactly the currency's decimals, or with a currency sign before it.
fn amount(text: &str, currency: Currency, signed: bool) -> Option<i64> {
    let decimals = usize::from(currency.exponent());
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let last = text.rfind(['.', ',']).map(|at| text.len() - at - 1);
    let has_decimals = decimals > 0 && last == Some(decimals);
    if digits.len() > 15 || !(has_decimals || signed) {
        return None;
    }
    let number: i64 = digits.parse().ok()?;
    if has_decimals {
        Some(number)
    } else {
        number.checked_mul(currency.minor_per_major())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cues(text: &str) -> Cues {
        let mut tokens = Tokens::default();
        tokens.read(text);
        Cues::of(text, &tokens, Currency::USD)
    }

    #[test]
    fn words_and_amounts_are_found() {
        let found = cues("Deduction: damaged goods (-$1,240.00), less 2.5% early pay discount");
        assert_eq!(found.deduction, Some((0, 9)));
        assert_eq!(found.amounts, [124_000]);
        assert_eq!(found.percents, [Ppm(25_000)]);
        assert!(found.discount.is_some() && found.refund.is_none());
        assert_eq!(cues("1,23,456.00 and $5").amounts, [12_345_600, 500]);
        assert_eq!(cues("INV-10510 PO 4419").amounts, [] as [i64; 0]);
        assert!(cues("REFUND 1234").refund.is_some());
        assert!(cues("Payment on account").on_account.is_some());
    }
}
