//! Texts made comparable (domain.md 5.3): what people and banks write is folded to capital letters
//! and digits; where it stood is remembered, so that evidence can mark it.

/// How two runs of letters and digits are parted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Gap {
    /// By `-`, `/`, `.` and the like: one word as people write numbers.
    Tight,
    /// By blanks.
    Space,
    /// By something that ends a reference: `,` `;` `+` a line end.
    Break,
}

/// A run of letters and digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Atom {
    /// Where it stands in the text, bytes.
    pub(crate) start: u32,
    pub(crate) end: u32,
    /// Where it stands among the folded bytes.
    pub(crate) from: u32,
    pub(crate) to: u32,
    /// What parts it from the one before.
    pub(crate) gap: Gap,
    /// The sign right before it is `#`.
    pub(crate) hash: bool,
}

/// A text as its atoms.
#[derive(Debug, Default)]
pub(crate) struct Tokens {
    pub(crate) atoms: Vec<Atom>,
    pub(crate) folded: Vec<u8>,
}

/// Longer texts are read up to here, in bytes.
pub(crate) const MOST_TEXT: usize = 16_384;

impl Tokens {
    /// Reads a text into `self`, which is emptied first.
    pub(crate) fn read(&mut self, text: &str) {
        self.atoms.clear();
        self.folded.clear();
        let mut gap = Gap::Break;
        let mut hash = false;
        let mut open = false;
        for (at, c) in text.char_indices() {
            if at >= MOST_TEXT {
                break;
            }
            let from = self.folded.len() as u32;
            if fold_char(c, &mut self.folded) {
                let to = self.folded.len() as u32;
                let end = (at + c.len_utf8()) as u32;
                match self.atoms.last_mut() {
                    Some(atom) if open => (atom.end, atom.to) = (end, to),
                    _ => self.atoms.push(Atom {
                        start: at as u32,
                        end,
                        from,
                        to,
                        gap,
                        hash,
                    }),
                }
                (open, gap, hash) = (true, Gap::Tight, false);
            } else {
                open = false;
                gap = gap.max(gap_of(c));
                hash = c == '#' || (hash && c == ' ');
            }
        }
    }
    /// The folded bytes of atoms `from..to`, which stand side by side.
    pub(crate) fn bytes(&self, from: usize, to: usize) -> &[u8] {
        match (self.atoms.get(from), to.checked_sub(1)) {
            (Some(first), Some(last)) => {
                let end = self.atoms.get(last).map_or(first.to, |a| a.to);
                self.folded
                    .get(first.from as usize..end as usize)
                    .unwrap_or(&[])
            }
            _ => &[],
        }
    }
}

fn gap_of(c: char) -> Gap {
    match c {
        ' ' | '\t' | '\u{a0}' => Gap::Space,
        ',' | ';' | '+' | '\n' | '\r' | '|' | '&' | '(' | ')' | '=' | '"' | '?' => Gap::Break,
        _ => Gap::Tight,
    }
}

/// Appends a letter or digit as capital ASCII where it has such a form, else as its capital; false
/// for everything else. Full-width forms and the accents of European names are undone.
pub(crate) fn fold_char(c: char, out: &mut Vec<u8>) -> bool {
    if c.is_ascii() {
        let byte = (c as u8).to_ascii_uppercase();
        if byte.is_ascii_alphanumeric() {
            out.push(byte);
            return true;
        }
        return false;
    }
    if !c.is_alphanumeric() {
        return false;
    }
    if let '\u{ff10}'..='\u{ff5a}' = c {
        // Full-width forms lie at a fixed distance from ASCII.
        let plain = char::from_u32(c as u32 - 0xfee0).unwrap_or(c);
        return fold_char(plain, out);
    }
    let mut buffer = [0; 4];
    for upper in c.to_uppercase() {
        match plain_latin(upper) {
            Some(text) => out.extend_from_slice(text.as_bytes()),
            None => out.extend_from_slice(upper.encode_utf8(&mut buffer).as_bytes()),
        }
    }
    true
}

/// Capitals with an accent as banks write them without one.
fn plain_latin(c: char) -> Option<&'static str> {
    Some(match c {
        'À' | 'Á' | 'Â' | 'Ã' | 'Ä' | 'Å' | 'Ā' | 'Ă' | 'Ą' => "A",
        'Ç' | 'Ć' | 'Ĉ' | 'Ċ' | 'Č' => "C",
        'Ď' | 'Đ' | 'Ð' => "D",
        'È' | 'É' | 'Ê' | 'Ë' | 'Ē' | 'Ė' | 'Ę' | 'Ě' => "E",
        'Ĝ' | 'Ğ' | 'Ġ' | 'Ģ' => "G",
        'Ĥ' | 'Ħ' => "H",
        'Ì' | 'Í' | 'Î' | 'Ï' | 'Ī' | 'Į' | 'İ' => "I",
        'Ķ' => "K",
        'Ĺ' | 'Ļ' | 'Ľ' | 'Ł' => "L",
        'Ñ' | 'Ń' | 'Ņ' | 'Ň' => "N",
        'Ò' | 'Ó' | 'Ô' | 'Õ' | 'Ö' | 'Ø' | 'Ō' | 'Ő' => "O",
        'Ŕ' | 'Ř' => "R",
        'Ś' | 'Ŝ' | 'Ş' | 'Š' | 'Ș' => "S",
        'Ţ' | 'Ť' | 'Ț' => "T",
        'Ù' | 'Ú' | 'Û' | 'Ü' | 'Ū' | 'Ů' | 'Ű' | 'Ų' => "U",
        'Ý' | 'Ÿ' => "Y",
        'Ź' | 'Ż' | 'Ž' => "Z",
        'Æ' => "AE",
        'Œ' => "OE",
        'Þ' => "TH",
        _ => return None,
    })
}

/// Letters and digits of a text, folded.
pub(crate) fn fold(text: &str, out: &mut Vec<u8>) {
    out.clear();
    for c in text.chars() {
        fold_char(c, out);
    }
}

/// One byte of a folded text with the confusions of hand and scanner undone: O and 0, I, L and 1,
/// S and 5. Two numbers of one skeleton are *similar*, not equal.
#[inline]
pub(crate) fn skeleton(byte: u8) -> u8 {
    match byte {
        b'O' => b'0',
        b'I' | b'L' => b'1',
        b'S' => b'5',
        other => other,
    }
}

/// Texts compared by edits are no longer than this.
const MOST_COMPARED: usize = 64;

/// `1 - edits / length` in per mille (CA-04), the length being that of the longer text. An edit is
/// an insertion, a deletion, a change, or two neighbours swapped. Texts of more than 64 bytes are
/// only ever equal or not.
pub fn similarity(a: &[u8], b: &[u8]) -> u16 {
    let longer = a.len().max(b.len());
    if a == b {
        return 1000;
    }
    if longer > MOST_COMPARED || a.is_empty() || b.is_empty() {
        return 0;
    }
    let edits = edits(a, b);
    (1000 - (edits * 1000).div_ceil(longer).min(1000)) as u16
}

/// Optimal string alignment over three rows of the table.
fn edits(a: &[u8], b: &[u8]) -> usize {
    let mut before = [0usize; MOST_COMPARED + 1];
    let mut last = [0usize; MOST_COMPARED + 1];
    let mut row = [0usize; MOST_COMPARED + 1];
    for (j, cell) in last.iter_mut().enumerate() {
        *cell = j;
    }
    for i in 1..=a.len() {
        row[0] = i;
        for j in 1..=b.len() {
            let change = usize::from(a[i - 1] != b[j - 1]);
            let mut least = (last[j - 1] + change).min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(before[j - 2] + 1);
            }
            row[j] = least;
        }
        before = last;
        last = row;
    }
    last[b.len()]
}

/// The digits without leading zeros; `None` unless there is nothing but digits.
pub(crate) fn bare_digits(bytes: &[u8]) -> Option<&[u8]> {
    if bytes.is_empty() || !bytes.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let zeros = bytes.iter().take_while(|b| **b == b'0').count();
    let bare = &bytes[zeros..];
    (!bare.is_empty()).then_some(bare)
}

/// Whether a creditor reference is a valid ISO 11649 one (CA-06): `RF`, two check digits, at most 21
/// letters or digits, remainder 1 by 97. Blanks between are allowed.
pub fn is_creditor_reference(text: &str) -> bool {
    let mut folded = Vec::with_capacity(25);
    for c in text.chars() {
        match c {
            ' ' => {}
            c if c.is_ascii_alphanumeric() => folded.push(c.to_ascii_uppercase() as u8),
            _ => return false,
        }
        if folded.len() > 25 {
            return false;
        }
    }
    if folded.len() < 5
        || !folded.starts_with(b"RF")
        || !folded[2..4].iter().all(u8::is_ascii_digit)
    {
        return false;
    }
    let mut rest = 0u32;
    for byte in folded[4..].iter().chain(&folded[..4]) {
        rest = match byte {
            b'0'..=b'9' => rest * 10 + u32::from(byte - b'0'),
            _ => rest * 100 + u32::from(byte - b'A') + 10,
        } % 97;
    }
    rest == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ca_06_creditor_references() {
        for good in ["RF18 5390 0754 7034", "RF712348231", "RF2012345678"] {
            assert!(is_creditor_reference(good), "{good}");
        }
        for bad in [
            "RF18 5390 0754 7035",
            "RF18",
            "RF1A5390",
            "",
            "RF71-2348231",
        ] {
            assert!(!is_creditor_reference(bad), "{bad}");
        }
    }

    #[test]
    fn ca_04_similarity_is_one_less_edits_by_length() {
        assert_eq!(similarity(b"10044", b"10044"), 1000);
        assert_eq!(similarity(b"INV00050", b"INV00005"), 875, "one swap");
        assert_eq!(similarity(b"INV40021", b"INV00021"), 875, "one change");
        assert_eq!(similarity(b"AB", b"XY"), 0);
        assert_eq!(similarity(b"", b"A"), 0);
    }

    #[test]
    fn atoms_know_where_they_stand() {
        let mut tokens = Tokens::default();
        let text = "Łódź: #2024-001, ２ x";
        tokens.read(text);
        let of = |i: usize| &text[tokens.atoms[i].start as usize..tokens.atoms[i].end as usize];
        assert_eq!(tokens.bytes(0, 1), b"LODZ");
        assert_eq!((of(0), of(1), of(2), of(3)), ("Łódź", "2024", "001", "２"));
        assert!(tokens.atoms[1].hash && !tokens.atoms[2].hash);
        assert_eq!(tokens.atoms[2].gap, Gap::Tight);
        assert_eq!(tokens.atoms[3].gap, Gap::Break);
        assert_eq!(tokens.bytes(1, 3), b"2024001");
        assert_eq!(tokens.bytes(3, 4), b"2");
    }
}
