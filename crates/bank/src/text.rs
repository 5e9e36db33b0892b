//! Bytes to text, and text to numbered lines.

use crate::error::Error;
use crate::finding::{Findings, Problem};
use crate::limits::MAX_FILE_BYTES;
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use std::borrow::Cow;

/// Size and emptiness, for every format.
pub(crate) fn checked(bytes: &[u8]) -> Result<(), Error> {
    if bytes.len() > MAX_FILE_BYTES {
        return Err(Error::TooLarge {
            bytes: bytes.len(),
            limit: MAX_FILE_BYTES,
        });
    }
    let blank =
        |b: &u8| b.is_ascii_whitespace() || matches!(b, 0 | 0xEF | 0xBB | 0xBF | 0xFE | 0xFF);
    if bytes.iter().all(blank) {
        return Err(Error::Empty);
    }
    Ok(())
}

/// The encoding: byte-order mark, zeros of UTF-16, what the file itself claims if it holds, valid
/// UTF-8, else Windows-1252 (which holds ISO-8859-1's letters).
pub(crate) fn encoding_of(bytes: &[u8], claimed: Option<&str>) -> &'static Encoding {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return encoding;
    }
    if let [a, b, c, d, ..] = bytes {
        match [a == &0, b == &0, c == &0, d == &0] {
            [false, true, false, true] => return UTF_16LE,
            [true, false, true, false] => return UTF_16BE,
            _ => {}
        }
    }
    if std::str::from_utf8(bytes).is_ok() {
        return UTF_8;
    }
    // A claim of UTF-8 is false here, and a claim of UTF-16 without its zeros as well.
    (claimed.and_then(|label| Encoding::for_label(label.trim().as_bytes())))
        .filter(|e| *e != UTF_8 && *e != UTF_16LE && *e != UTF_16BE)
        .unwrap_or(WINDOWS_1252)
}

/// Bytes as text, without a byte-order mark.
pub(crate) fn decode<'a>(
    bytes: &'a [u8],
    claimed: Option<&str>,
    findings: &mut Findings,
) -> Cow<'a, str> {
    let encoding = encoding_of(bytes, claimed);
    let (text, encoding, bad) = encoding.decode(bytes);
    if bad {
        findings.add(Problem::BadEncoding {
            encoding: encoding.name(),
        });
    }
    text
}

/// Lines with their numbers from 1, ended by `\n`, `\r\n` or `\r`.
pub(crate) fn lines(text: &str) -> impl Iterator<Item = (u32, &str)> {
    let mut rest = Some(text);
    let mut number = 0u32;
    std::iter::from_fn(move || {
        let text = rest?;
        number = number.saturating_add(1);
        match text.find(['\n', '\r']) {
            Some(at) => {
                let long = text[at..].starts_with("\r\n");
                rest = Some(&text[at + 1 + usize::from(long)..]);
                Some((number, &text[..at]))
            }
            None => {
                rest = None;
                (!text.is_empty()).then_some((number, text))
            }
        }
    })
}

/// The text without blanks around it, if anything is left.
pub(crate) fn some(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// Appends a part with one blank before it.
pub(crate) fn append(to: &mut String, part: &str) {
    let part = part.trim();
    if part.is_empty() {
        return;
    }
    if !to.is_empty() {
        to.push(' ');
    }
    to.push_str(part);
}

/// Runs of blanks as one blank, none around.
pub(crate) fn squeezed(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        append(&mut out, word);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_in_three_ways() {
        let all: Vec<_> = lines("a\r\nb\rc\n\nd").collect();
        assert_eq!(all, [(1, "a"), (2, "b"), (3, "c"), (4, ""), (5, "d")]);
        assert_eq!(lines("").count(), 0);
    }

    #[test]
    fn false_claims_of_an_encoding_do_no_harm() {
        assert_eq!(
            encoding_of("Müller".as_bytes(), Some("windows-1252")).name(),
            "UTF-8"
        );
        assert_eq!(
            encoding_of(b"M\xFCller", Some("UTF-8")).name(),
            "windows-1252"
        );
        assert_eq!(encoding_of(b"a\0b\0", None).name(), "UTF-16LE");
    }
}
