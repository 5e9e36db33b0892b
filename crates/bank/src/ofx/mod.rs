//! OFX 1.x and 2.x, QFX (formats.md 2.5).

mod statement;
mod tokens;

pub(crate) use statement::read;

/// What the header says about the encoding: `CHARSET` of 1.x, or the XML declaration.
pub(crate) fn claimed_encoding(head: &str) -> Option<&str> {
    if let Some(at) = head.find("CHARSET:") {
        let value = head[at + 8..]
            .split(|c: char| c.is_whitespace() || c == '<')
            .next()?;
        return match value {
            "1252" => Some("windows-1252"),
            "NONE" | "" => None,
            other => Some(other),
        };
    }
    crate::detect::xml_encoding(head)
}
