//! References with a structure: check digits tell a real one from a number that looks like it.

/// What a structured reference is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReferenceKind {
    /// Creditor reference, ISO 11649 (`RF18 5390 0754 7034`).
    Rf,
    /// Swiss QR or ISR reference: 27 digits (older ISR: 16 or fewer), the last a check digit.
    Swiss,
    /// Belgian structured communication `+++123/4567/89012+++`: the last two digits check.
    Belgian,
    /// Any other given as a creditor reference.
    Other,
}

/// A structured reference of a transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// What it is.
    pub kind: ReferenceKind,
    /// As written, without blanks.
    pub text: String,
    /// Whether its check digits are right; `None`: it has none that are known.
    pub valid: Option<bool>,
}

impl Reference {
    /// Told by the shape of the text.
    pub fn of(text: &str) -> Reference {
        let plain: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        let digits = plain.bytes().all(|b| b.is_ascii_digit());
        let (kind, valid) = if plain.len() > 4
            && starts(&plain, "RF")
            && plain.as_bytes()[2..4].iter().all(u8::is_ascii_digit)
        {
            (ReferenceKind::Rf, Some(rf_valid(&plain)))
        } else if digits && plain.len() == 27 {
            (ReferenceKind::Swiss, Some(swiss_valid(&plain)))
        } else if let Some(number) = belgian(&plain) {
            (ReferenceKind::Belgian, Some(belgian_valid(&number)))
        } else {
            (ReferenceKind::Other, None)
        };
        Reference {
            kind,
            text: plain,
            valid,
        }
    }
}

fn starts(text: &str, with: &str) -> bool {
    (text.get(..with.len())).is_some_and(|head| head.eq_ignore_ascii_case(with))
}

/// ISO 11649: `RF`, two check digits, up to 21 letters and digits; mod 97 as an IBAN (CA-06).
pub fn rf_valid(text: &str) -> bool {
    (5..=25).contains(&text.len())
        && starts(text, "RF")
        && text.bytes().all(|b| b.is_ascii_alphanumeric())
        && mod_97(text) == Some(1)
}

/// The shape of an IBAN: country, two digits, 11 to 30 letters and digits. Anonymised files have
/// wrong check digits, so they are not looked at; see [`iban_valid`].
pub fn iban_shaped(text: &str) -> bool {
    let b = text.as_bytes();
    (15..=34).contains(&b.len())
        && b[..2].iter().all(u8::is_ascii_alphabetic)
        && b[2..4].iter().all(u8::is_ascii_digit)
        && b.iter().all(u8::is_ascii_alphanumeric)
}

/// Shape and check digits of an IBAN without blanks.
pub fn iban_valid(text: &str) -> bool {
    iban_shaped(text) && mod_97(text) == Some(1)
}

/// The remainder by 97 after the first four characters are moved to the end.
fn mod_97(text: &str) -> Option<u32> {
    let (head, tail) = text.split_at_checked(4)?;
    let mut rest = 0u32;
    for c in tail.chars().chain(head.chars()) {
        let digit = c.to_digit(36)?;
        rest = (rest * if digit > 9 { 100 } else { 10 } + digit) % 97;
    }
    Some(rest)
}

/// Swiss QR and ISR references: modulo 10, recursive, over all digits.
pub fn swiss_valid(digits: &str) -> bool {
    const TABLE: [u8; 10] = [0, 9, 4, 6, 8, 2, 7, 1, 3, 5];
    let b = digits.as_bytes();
    let Some((check, body)) = b.split_last() else {
        return false;
    };
    if !b.iter().all(u8::is_ascii_digit) {
        return false;
    }
    let carry = body.iter().fold(0u8, |carry, d| {
        TABLE[usize::from((carry + (d - b'0')) % 10)]
    });
    (10 - carry) % 10 == check - b'0'
}

/// The twelve digits of `+++123/4567/89012+++` or `***123/4567/89012***`.
fn belgian(text: &str) -> Option<String> {
    let inner = text.strip_prefix("+++").and_then(|t| t.strip_suffix("+++"));
    let inner = inner.or_else(|| text.strip_prefix("***").and_then(|t| t.strip_suffix("***")))?;
    let digits: String = inner.chars().filter(char::is_ascii_digit).collect();
    (digits.len() == 12).then_some(digits)
}

fn belgian_valid(digits: &str) -> bool {
    let (Ok(number), Ok(check)) = (digits[..10].parse::<u64>(), digits[10..].parse::<u64>()) else {
        return false;
    };
    let rest = number % 97;
    check == if rest == 0 { 97 } else { rest }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ca_06_creditor_references() {
        for good in ["RF18539007547034", "RF712348231", "RF2012345678"] {
            assert!(rf_valid(good), "{good}");
        }
        assert!(!rf_valid("RF18539007547035"));
        assert_eq!(mod_97("RF18539007547035"), Some(28));
        assert_eq!(Reference::of("RF18 5390 0754 7034").valid, Some(true));
    }

    #[test]
    fn swiss_and_belgian_references() {
        assert!(swiss_valid("210000000003139471430009017"));
        assert!(!swiss_valid("210000000003139471430009018"));
        let belgian = Reference::of("+++010/8068/17183+++");
        assert_eq!(
            (belgian.kind, belgian.valid),
            (ReferenceKind::Belgian, Some(true))
        );
        assert_eq!(Reference::of("INV-7").kind, ReferenceKind::Other);
    }

    #[test]
    fn ibans() {
        assert!(iban_valid("DE89370400440532013000"));
        assert!(iban_shaped("LT625883379695428516"));
        assert!(!iban_shaped("0001234567"));
        assert!(!iban_shaped("Ünïcöde89370400440532013000"));
    }
}
