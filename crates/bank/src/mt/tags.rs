//! A file as tagged fields: envelopes, separators and continuation lines.

use crate::limits::{MAX_CONTINUATIONS, MAX_LINE_BYTES};
use crate::text;

/// What comes next.
pub(super) enum Field<'a> {
    /// `:tag:` with its lines.
    Tag {
        line: u32,
        tag: &'a str,
        lines: Vec<&'a str>,
    },
    /// A field longer than is taken.
    TooLong { line: u32 },
    /// `-}` or `-`.
    EndOfMessage,
}

/// The tag at the beginning of a line, and what follows it.
pub(super) fn tag_of(line: &str) -> Option<(&str, &str)> {
    let rest = line.strip_prefix(':')?;
    let (tag, text) = rest.split_once(':')?;
    let b = tag.as_bytes();
    let digits = b.len() >= 2 && b[..2].iter().all(u8::is_ascii_digit);
    let fits = match b.len() {
        2 => digits || tag == "NS",
        3 => digits && (b[2].is_ascii_uppercase() || b[2].is_ascii_digit()),
        _ => false,
    };
    fits.then_some((tag, text))
}

/// The text block of an envelope line; `None`: the line is the envelope only.
fn inside_envelope(line: &str) -> Option<&str> {
    let at = line.rfind("{4:")?;
    let rest = line[at + 3..].trim_start();
    (!rest.is_empty()).then_some(rest)
}

/// Calls `each` for every field in order.
pub(super) fn each<'a>(text: &'a str, each: &mut dyn FnMut(Field<'a>)) {
    let mut open: Option<(u32, &str, Vec<&str>)> = None;
    let mut too_long = false;
    for (number, line) in text::lines(text) {
        let mut line = cut(line.trim_end_matches(['\0', '\u{3}', '\u{1a}']));
        let start = line.trim_start();
        let ends = start.starts_with("-}") || start.trim_end() == "-";
        if ends || start.starts_with("{1:") || start.starts_with("{2:") {
            if let Some((line, tag, lines)) = open.take() {
                each(Field::Tag { line, tag, lines });
            }
            each(Field::EndOfMessage);
            match inside_envelope(start) {
                Some(rest) => line = rest,
                None => continue,
            }
        }
        // Some banks indent their fields.
        let at = if tag_of(line).is_some() {
            line
        } else {
            line.trim_start()
        };
        if let Some((tag, rest)) = tag_of(at) {
            if let Some((line, tag, lines)) = open.take() {
                each(Field::Tag { line, tag, lines });
            }
            too_long = false;
            open = Some((number, tag, vec![rest]));
        } else if let Some((from, _, lines)) = &mut open {
            if lines.len() < MAX_CONTINUATIONS {
                lines.push(line);
            } else if !too_long {
                too_long = true;
                each(Field::TooLong { line: *from });
            }
        }
    }
    if let Some((line, tag, lines)) = open {
        each(Field::Tag { line, tag, lines });
    }
}

/// A line as far as lines are read.
fn cut(line: &str) -> &str {
    let mut to = line.len().min(MAX_LINE_BYTES);
    while !line.is_char_boundary(to) {
        to -= 1;
    }
    &line[..to]
}
