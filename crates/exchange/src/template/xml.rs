//! Parts of a workbook as text: tags with the places they stand at, so that what does not change is
//! copied as it was written.

use std::borrow::Cow;

/// Which end of an element a tag is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Is {
    /// `<a>`.
    Open,
    /// `</a>`.
    Close,
    /// `<a/>`.
    Empty,
}

/// A tag.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tag<'x> {
    /// Where it begins, bytes.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// Its name, prefix included.
    pub qualified: &'x str,
    /// Which end.
    pub is: Is,
    /// The whole tag.
    pub raw: &'x str,
}

impl<'x> Tag<'x> {
    /// Its name without a prefix.
    pub fn name(&self) -> &'x str {
        self.qualified.rsplit(':').next().unwrap_or_default()
    }
    /// The prefix with its colon; empty without one.
    pub fn prefix(&self) -> &'x str {
        &self.qualified[..self.qualified.len() - self.name().len()]
    }
    /// Whether an element begins here.
    pub fn begins(&self, name: &str) -> bool {
        self.is != Is::Close && self.name() == name
    }
    /// Whether an element with content ends here.
    pub fn closes(&self, name: &str) -> bool {
        self.is == Is::Close && self.name() == name
    }
    /// The value of an attribute, as written.
    pub fn attribute(&self, name: &str) -> Option<&'x str> {
        attributes(self.raw)
            .find(|(n, _)| *n == name)
            .map(|(_, at)| &self.raw[at])
    }
    /// The value of the attribute of that local name, whatever its prefix.
    pub fn local(&self, name: &str) -> Option<&'x str> {
        attributes(self.raw)
            .find(|(n, _)| n.rsplit(':').next() == Some(name))
            .map(|(_, at)| &self.raw[at])
    }
    /// The same, as a number.
    pub fn number(&self, name: &str) -> Option<u32> {
        self.attribute(name)?.trim().parse().ok()
    }
    /// An attribute that says yes or no.
    pub fn flag(&self, name: &str) -> bool {
        matches!(self.attribute(name), Some("1" | "true" | "on"))
    }
}

/// The tags of a part in order. Comments, instructions and CDATA are text.
pub(super) struct Tags<'x> {
    xml: &'x str,
    at: usize,
}

/// The tags of a text.
pub(super) fn tags(xml: &str) -> Tags<'_> {
    tags_from(xml, 0)
}

/// The tags from a place on.
pub(super) fn tags_from(xml: &str, at: usize) -> Tags<'_> {
    Tags { xml, at }
}

impl<'x> Iterator for Tags<'x> {
    type Item = Tag<'x>;

    fn next(&mut self) -> Option<Tag<'x>> {
        loop {
            let rest = self.xml.get(self.at..)?;
            let start = self.at + memchr::memchr(b'<', rest.as_bytes())?;
            let rest = &self.xml[start..];
            let skip = |open: &str, close: &str| {
                let inner = rest.strip_prefix(open)?;
                let end = inner
                    .find(close)
                    .map_or(rest.len(), |n| open.len() + n + close.len());
                Some(start + end)
            };
            let skipped = skip("<!--", "-->")
                .or_else(|| skip("<![CDATA[", "]]>"))
                .or_else(|| skip("<?", "?>"))
                .or_else(|| skip("<!", ">"));
            if let Some(end) = skipped {
                self.at = end;
                continue;
            }
            let length = end_of_tag(rest.as_bytes())?;
            self.at = start + length;
            let raw = &rest[..length];
            let inner = raw[1..length - 1].trim_end();
            let (is, inner) = match (inner.strip_prefix('/'), inner.strip_suffix('/')) {
                (Some(name), _) => (Is::Close, name),
                (None, Some(open)) => (Is::Empty, open),
                (None, None) => (Is::Open, inner),
            };
            let name = inner.find(|c: char| c.is_ascii_whitespace());
            let qualified = &inner[..name.unwrap_or(inner.len())];
            return Some(Tag {
                start,
                end: self.at,
                qualified,
                is,
                raw,
            });
        }
    }
}

/// Where a tag ends: a `>` within quotes is text.
fn end_of_tag(bytes: &[u8]) -> Option<usize> {
    let mut quote = 0;
    for (at, byte) in bytes.iter().enumerate() {
        match *byte {
            b'"' | b'\'' if quote == 0 => quote = *byte,
            b if b == quote => quote = 0,
            b'>' if quote == 0 => return Some(at + 1),
            _ => {}
        }
    }
    None
}

/// Names and the places of values of a tag's attributes.
fn attributes(raw: &str) -> impl Iterator<Item = (&str, std::ops::Range<usize>)> {
    let mut at = raw
        .find(|c: char| c.is_ascii_whitespace())
        .unwrap_or(raw.len());
    std::iter::from_fn(move || {
        let rest = &raw[at..];
        let equals = at + rest.find('=')?;
        let name = raw[at..equals].trim();
        let open = equals + raw[equals..].find(['"', '\''])?;
        let quote = &raw[open..=open];
        let close = open + 1 + raw[open + 1..].find(quote)?;
        at = close + 1;
        Some((name, open + 1..close))
    })
}

/// A tag with an attribute set, added where it has none.
pub(super) fn with_attribute(raw: &str, name: &str, value: &str) -> String {
    if let Some((_, at)) = attributes(raw).find(|(n, _)| *n == name) {
        return format!("{}{value}{}", &raw[..at.start], &raw[at.end..]);
    }
    let end = raw.len() - if raw.ends_with("/>") { 2 } else { 1 };
    format!(
        "{} {name}=\"{value}\"{}",
        raw[..end].trim_end(),
        &raw[end..]
    )
}

/// A tag without an attribute.
pub(super) fn without_attribute(raw: &str, name: &str) -> String {
    match attributes(raw).find(|(n, _)| *n == name) {
        Some((_, at)) => {
            let before = raw[..at.start].rfind(name).unwrap_or(at.start);
            format!("{}{}", raw[..before].trim_end(), &raw[at.end + 1..])
        }
        None => raw.to_owned(),
    }
}

/// Text as it is meant: entities resolved.
pub(super) fn plain(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.find(';').filter(|n| *n <= 10);
        let found = end.and_then(|end| Some((entity(&rest[1..end])?, end + 1)));
        let (c, taken) = found.unwrap_or(('&', 1));
        out.push(c);
        rest = &rest[taken..];
    }
    out.push_str(rest);
    Cow::Owned(out)
}

fn entity(name: &str) -> Option<char> {
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)?
        }
    })
}

/// Text as XML holds it, fit for an attribute too.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_and_attributes_with_their_places() {
        let xml = "<?xml v?><!-- <no/> --><x:a b=\"1>2\" c='&lt;'><d/></x:a><![CDATA[<e>]]>";
        let all: Vec<_> = tags(xml).map(|t| (t.name(), t.is, t.raw)).collect();
        assert_eq!(
            all,
            [
                ("a", Is::Open, "<x:a b=\"1>2\" c='&lt;'>"),
                ("d", Is::Empty, "<d/>"),
                ("a", Is::Close, "</x:a>"),
            ]
        );
        let a = tags(xml).next().expect("a tag");
        assert_eq!((a.prefix(), a.attribute("b")), ("x:", Some("1>2")));
        assert_eq!(plain(a.attribute("c").expect("c")), "<");
    }

    #[test]
    fn attributes_are_set_added_and_taken_away() {
        assert_eq!(with_attribute("<a b=\"1\"/>", "b", "2"), "<a b=\"2\"/>");
        assert_eq!(with_attribute("<a/>", "b", "2"), "<a b=\"2\"/>");
        assert_eq!(with_attribute("<a c='x'>", "b", "2"), "<a c='x' b=\"2\">");
        assert_eq!(without_attribute("<a b=\"1\" c=\"2\">", "b"), "<a c=\"2\">");
        assert_eq!(without_attribute("<a b=\"1\">", "x"), "<a b=\"1\">");
    }

    #[test]
    fn entities_and_back() {
        assert_eq!(plain("a &amp; b &#x41; &bad; &"), "a & b A &bad; &");
        assert_eq!(escaped("<\"a\" & b>"), "&lt;&quot;a&quot; &amp; b&gt;");
    }
}
