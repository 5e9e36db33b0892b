//! Tags and values, whichever of SGML and XML the file is. Leaves need no closing tag.

use crate::limits::MAX_TEXT_BYTES;
use crate::xml::entity;

/// One tag with the value behind it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Tag<'a> {
    pub line: u32,
    /// Without `/`.
    pub name: &'a str,
    pub closes: bool,
    /// The text up to the next tag, raw.
    raw: &'a str,
}

impl Tag<'_> {
    /// The value, entities resolved, blanks around it removed.
    pub fn value(&self) -> String {
        let raw = self.raw.trim();
        let mut out = String::with_capacity(raw.len());
        let mut rest = raw;
        while let Some(at) = rest.find('&') {
            out.push_str(&rest[..at]);
            rest = &rest[at..];
            // An ampersand is often not escaped: what is no entity stays as it is.
            let end = rest.bytes().take(10).position(|b| b == b';');
            match end.and_then(|end| Some((entity(&rest[1..end])?, end))) {
                Some((c, end)) => {
                    out.push(c);
                    rest = &rest[end + 1..];
                }
                None => {
                    out.push('&');
                    rest = &rest[1..];
                }
            }
        }
        out.push_str(rest);
        out.trim().to_owned()
    }
}

/// The tags in order; comments, declarations and the header are passed over.
pub(super) fn tags(text: &str) -> impl Iterator<Item = Tag<'_>> {
    let mut at = 0;
    let mut line = 1u32;
    std::iter::from_fn(move || {
        loop {
            let rest = &text[at..];
            let open = rest.find('<')?;
            let newlines = rest[..open].bytes().filter(|b| *b == b'\n').count();
            line = line.saturating_add(u32::try_from(newlines).unwrap_or(0));
            let tag = &rest[open..];
            if tag.starts_with("<!--") {
                let end = tag.find("-->").map_or(tag.len(), |e| e + 3);
                let newlines = tag[..end].bytes().filter(|b| *b == b'\n').count();
                line = line.saturating_add(u32::try_from(newlines).unwrap_or(0));
                at += open + end;
                continue;
            }
            let Some(end) = tag.find('>') else {
                at = text.len();
                return None;
            };
            let inner = &tag[1..end];
            let (closes, name) = match inner.strip_prefix('/') {
                Some(name) => (true, name),
                None => (false, inner),
            };
            let name = name.trim_end_matches('/').trim();
            if name.is_empty()
                || !name
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b == b'.' || b == b'_')
            {
                // A `<` of a text, or a declaration.
                at += open
                    + if inner.starts_with(['?', '!']) {
                        end + 1
                    } else {
                        1
                    };
                continue;
            }
            let from = at + open + end + 1;
            let raw = value_of(&text[from..]);
            at = from;
            let line = line;
            return Some(Tag {
                line,
                name,
                closes,
                raw,
            });
        }
    })
}

/// Up to the next tag: a `<` that begins a name, a `/`, `!` or `?`.
fn value_of(text: &str) -> &str {
    let end = text.match_indices('<').find(|(i, _)| {
        text.as_bytes()
            .get(i + 1)
            .is_some_and(|b| b.is_ascii_alphabetic() || matches!(b, b'/' | b'!' | b'?'))
    });
    let mut to = end.map_or(text.len(), |(i, _)| i).min(MAX_TEXT_BYTES);
    while !text.is_char_boundary(to) {
        to -= 1;
    }
    &text[..to]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sgml_and_xml_read_alike() {
        let text = "OFXHEADER:100\n\n<OFX><A>M & S &amp; &#228;\n<!-- <B>no --><C/><B>x</B>";
        let all: Vec<_> = tags(text)
            .map(|t| (t.line, t.name.to_owned(), t.closes, t.value()))
            .collect();
        assert_eq!(all[1], (3, "A".into(), false, "M & S & ä".into()));
        let names: Vec<&str> = all.iter().map(|t| t.1.as_str()).collect();
        assert_eq!(names, ["OFX", "A", "C", "B", "B"]);
        assert_eq!(all[3].3, "x");
        assert!(all[4].2);
    }
}
