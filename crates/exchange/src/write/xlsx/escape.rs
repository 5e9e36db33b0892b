//! Text as a workbook's XML holds it.
//!
//! Characters that XML forbids are written as Excel writes them, `_x0001_`, and text that looks so
//! by itself gets its underscore escaped: `_x005F_x0001_`. Nothing is lost, nothing is illegal.

/// Appends text, escaped.
pub(crate) fn push(out: &mut Vec<u8>, text: &str) {
    let bytes = text.as_bytes();
    let mut from = 0;
    for (at, byte) in bytes.iter().enumerate() {
        // 0xEF begins U+F000 to U+FFFF, where two characters are forbidden.
        if !(matches!(byte, b'<' | b'>' | b'&' | b'_' | 0xef) || *byte < b' ') {
            continue;
        }
        let rest = &bytes[at..];
        let (escaped, taken): (&[u8], usize) = match rest {
            [b'<', ..] => (b"&lt;", 1),
            [b'>', ..] => (b"&gt;", 1),
            [b'&', ..] => (b"&amp;", 1),
            [b'_', b'x', a, b, c, d, b'_', ..]
                if [a, b, c, d].iter().all(|digit| digit.is_ascii_hexdigit()) =>
            {
                (b"_x005F_", 1)
            }
            [b'\t' | b'\n' | b'_', ..] => continue,
            [0xef, 0xbf, 0xbe, ..] => (b"_xFFFE_", 3),
            [0xef, 0xbf, 0xbf, ..] => (b"_xFFFF_", 3),
            [0xef, ..] => continue,
            [control, ..] => (&hex(*control), 1),
            [] => continue,
        };
        out.extend_from_slice(&bytes[from..at]);
        out.extend_from_slice(escaped);
        from = at + taken;
    }
    out.extend_from_slice(&bytes[from..]);
}

/// A control character as Excel writes it.
fn hex(control: u8) -> [u8; 7] {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let digit = |n: u8| DIGITS[usize::from(n & 15)];
    [
        b'_',
        b'x',
        b'0',
        b'0',
        digit(control >> 4),
        digit(control),
        b'_',
    ]
}

/// Opens `<t>`, which keeps its outer blanks only when it is told to.
pub(super) fn open_text(out: &mut Vec<u8>, text: &str) {
    let outer = |byte: Option<&u8>| matches!(byte, Some(b' ' | b'\t' | b'\n'));
    let bytes = text.as_bytes();
    if outer(bytes.first()) || outer(bytes.last()) {
        out.extend_from_slice(b"<t xml:space=\"preserve\">");
    } else {
        out.extend_from_slice(b"<t>");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_xml_forbids_is_escaped_and_nothing_else_is_touched() {
        for (text, escaped) in [
            ("Müller & Söhne <GmbH>", "Müller &amp; Söhne &lt;GmbH&gt;"),
            ("a\u{1}b\u{1f}", "a_x0001_b_x001F_"),
            ("_x0041_ _x41_", "_x005F_x0041_ _x41_"),
            ("\u{fffe}ｆ\u{ffff}", "_xFFFE_ｆ_xFFFF_"),
            ("tab\tline\n", "tab\tline\n"),
            ("", ""),
        ] {
            let mut out = Vec::new();
            push(&mut out, text);
            assert_eq!(String::from_utf8(out).as_deref(), Ok(escaped));
        }
    }
}
