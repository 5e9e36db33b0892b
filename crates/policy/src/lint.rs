//! What must not be written (domain.md 7.2): threats and false urgency (CP-07), card data (CP-08).
//! Plain words, found whatever their case; what is found is shown, never silently changed.

/// Why words must not stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lint {
    /// CP-07: a threat that is not ours to make, or not intended.
    Threat,
    /// CP-07: urgency that is not true.
    FalseUrgency,
    /// CP-07: as if we were an authority.
    FalseAuthority,
    /// CP-08: a likely card number: it is masked.
    CardNumber,
    /// CP-08: a card's security code: it is masked.
    SecurityCode,
}

impl Lint {
    /// The code of the rule.
    pub fn code(self) -> &'static str {
        match self {
            Lint::Threat | Lint::FalseUrgency | Lint::FalseAuthority => "CP-07",
            Lint::CardNumber | Lint::SecurityCode => "CP-08",
        }
    }
}

/// A place in a text, by bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Why.
    pub lint: Lint,
    /// Where.
    pub at: std::ops::Range<usize>,
}

const PHRASES: [(Lint, &str); 20] = [
    (Lint::Threat, "criminal"),
    (Lint::Threat, "police"),
    (Lint::Threat, "arrest"),
    (Lint::Threat, "jail"),
    (Lint::Threat, "prison"),
    (Lint::Threat, "blacklist"),
    (Lint::Threat, "ruin your credit"),
    (Lint::Threat, "credit bureau"),
    (Lint::Threat, "credit bureaus"),
    (Lint::Threat, "tell your customers"),
    (Lint::Threat, "contact your bank"),
    (Lint::FalseUrgency, "last chance"),
    (Lint::FalseUrgency, "within the hour"),
    (Lint::FalseUrgency, "immediately or"),
    (Lint::FalseUrgency, "final warning"),
    (Lint::FalseAuthority, "government"),
    (Lint::FalseAuthority, "court officer"),
    (Lint::FalseAuthority, "bailiff"),
    (Lint::FalseAuthority, "tax office"),
    (Lint::FalseAuthority, "official order"),
];

/// What is found in a text, in its order. Phrases are looked for in ASCII letters.
pub fn lint(text: &str) -> Vec<Found> {
    let lower = text.to_ascii_lowercase();
    let mut found = Vec::new();
    for (lint, phrase) in PHRASES {
        let places = lower.match_indices(phrase);
        let whole = places.filter(|(at, _)| is_word(&lower, *at, at + phrase.len()));
        found.extend(whole.map(|(at, _)| Found {
            lint,
            at: at..at + phrase.len(),
        }));
    }
    cards(&lower, &mut found);
    codes(&lower, &mut found);
    duebook_money::order::sort_by_key(&mut found, |f| (f.at.start, f.lint));
    found
}

/// The text with card data masked: of a number the last four digits stay, of a code nothing. `None`
/// where there is none.
pub fn masked(text: &str) -> Option<String> {
    let found = lint(text);
    let mut out = text.to_owned();
    let mut any = false;
    for f in found.iter().rev() {
        let keep = match f.lint {
            Lint::CardNumber => 4,
            Lint::SecurityCode => 0,
            _ => continue,
        };
        let part = &text[f.at.clone()];
        let digits = part.bytes().filter(u8::is_ascii_digit).count();
        let mut seen = 0;
        let hidden: String = part
            .chars()
            .map(|c| {
                seen += usize::from(c.is_ascii_digit());
                let hide = c.is_ascii_digit() && seen + keep <= digits;
                if hide { '•' } else { c }
            })
            .collect();
        out.replace_range(f.at.clone(), &hidden);
        any = true;
    }
    any.then_some(out)
}

fn is_word(text: &str, from: usize, to: usize) -> bool {
    let before = text[..from].chars().next_back();
    let after = text[to..].chars().next();
    !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
}

/// Words that make a row of digits something else than a card.
const CONTEXT: [&str; 12] = [
    "invoice",
    "inv",
    "ref",
    "reference",
    "account",
    "iban",
    "order",
    "po",
    "document",
    "utr",
    "batch",
    "no",
];

/// Runs of 13 to 19 digits, blanks and hyphens between them, that pass Luhn's check, begin as an
/// issuer's numbers do, and have no word before them that says they are something else.
fn cards(text: &str, found: &mut Vec<Found>) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if !bytes[at].is_ascii_digit() || (at > 0 && bytes[at - 1].is_ascii_alphanumeric()) {
            at += 1;
            continue;
        }
        let mut end = at;
        let mut digits = Vec::new();
        let mut stop = at;
        while let Some(byte) = bytes.get(end) {
            match byte {
                b'0'..=b'9' if digits.len() < 20 => {
                    digits.push(byte - b'0');
                    stop = end + 1;
                }
                b' ' | b'-' if bytes.get(end + 1).is_some_and(u8::is_ascii_digit) => {}
                _ => break,
            }
            end += 1;
        }
        let before: String = text[..at]
            .chars()
            .rev()
            .take(24)
            .collect::<Vec<_>>()
            .into_iter()
            .rev()
            .collect();
        let mut words = before.split(|c: char| !c.is_alphanumeric());
        let last = words.rfind(|w| !w.is_empty()).unwrap_or("");
        let else_said = CONTEXT.contains(&last);
        if (13..=19).contains(&digits.len()) && issuer(&digits) && luhn(&digits) && !else_said {
            found.push(Found {
                lint: Lint::CardNumber,
                at: at..stop,
            });
        }
        at = end.max(at + 1);
    }
}

fn issuer(digits: &[u8]) -> bool {
    let first = |n: usize| {
        digits
            .iter()
            .take(n)
            .fold(0u32, |v, d| v * 10 + u32::from(*d))
    };
    let length = digits.len();
    match first(1) {
        4 => matches!(length, 13 | 16 | 19),
        5 => (51..=55).contains(&first(2)) && length == 16,
        2 => (2221..=2720).contains(&first(4)) && length == 16,
        3 => {
            (matches!(first(2), 34 | 37) && length == 15)
                || (matches!(first(2), 36 | 38) && length == 14)
                || (first(2) == 35 && length == 16)
        }
        6 => matches!(first(2), 60 | 62 | 64 | 65) && (16..=19).contains(&length),
        _ => false,
    }
}

fn luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(n, d)| match (n % 2 == 1, u32::from(*d) * 2) {
            (false, _) => u32::from(*d),
            (true, twice) if twice > 9 => twice - 9,
            (true, twice) => twice,
        })
        .sum();
    sum.is_multiple_of(10)
}

/// Three or four digits beside the words for them.
fn codes(text: &str, found: &mut Vec<Found>) {
    for word in ["cvv", "cvc", "security code"] {
        for (at, _) in text.match_indices(word) {
            let rest = &text[at + word.len()..];
            let skipped = rest.len() - rest.trim_start_matches([' ', ':', '=', '-', '#']).len();
            let from = at + word.len() + skipped;
            let digits = text[from..].bytes().take_while(u8::is_ascii_digit).count();
            if (3..=4).contains(&digits) {
                found.push(Found {
                    lint: Lint::SecurityCode,
                    at: from..from + digits,
                });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> Vec<(Lint, &str)> {
        let found = lint(text);
        found.into_iter().map(|f| (f.lint, &text[f.at])).collect()
    }

    #[test]
    fn cp_07_threats_and_false_urgency() {
        assert_eq!(said("Please pay by Friday, as agreed."), []);
        assert_eq!(
            said("This is your LAST CHANCE before we call the police"),
            [
                (Lint::FalseUrgency, "LAST CHANCE"),
                (Lint::Threat, "police")
            ]
        );
        assert_eq!(
            said("We report you to the Credit Bureau."),
            [(Lint::Threat, "Credit Bureau")]
        );
        // Words in words are no words.
        assert_eq!(said("policed, governmental"), []);
    }

    #[test]
    fn cp_08_cards_are_masked_and_references_are_not() {
        assert_eq!(
            masked("card 4111 1111 1111 1111 cvv: 123").as_deref(),
            Some("card •••• •••• •••• 1111 cvv: •••")
        );
        assert_eq!(masked("invoice 4111111111111111"), None);
        assert_eq!(masked("4111111111111112"), None, "fails the check");
        assert_eq!(masked("ref. 378282246310005"), None);
        assert_eq!(
            masked("378282246310005").as_deref(),
            Some("•••••••••••0005")
        );
        assert_eq!(masked("paid 1234 on 12 May, UTR 9100000000000000"), None);
        assert_eq!(
            masked("é 5555555555554444 ü").as_deref(),
            Some("é ••••••••••••4444 ü")
        );
    }
}
