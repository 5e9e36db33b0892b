//! Names of worksheets: at most 31 UTF-16 units, none of `[]:*?/\`, no apostrophe at either end,
//! not `History`, and each once in any case.

use std::collections::BTreeSet;

const LIMIT: usize = 31;

/// Gives out names that Excel accepts.
#[derive(Debug, Default)]
pub(super) struct Names {
    taken: BTreeSet<String>,
}

impl Names {
    /// The wanted name, or the nearest that is allowed and free.
    pub(super) fn take(&mut self, wanted: &str) -> String {
        let clean: String = wanted
            .chars()
            .map(|c| match c {
                '[' | ']' | ':' | '*' | '?' | '/' | '\\' => '-',
                c if c.is_control() => ' ',
                c => c,
            })
            .collect();
        let clean = clean.trim_matches(['\'', ' ']);
        let base = match clean {
            "" => "Sheet",
            name if name.eq_ignore_ascii_case("history") => "History sheet",
            name => name,
        };
        let mut name = cut(base, LIMIT).to_owned();
        let mut number = 1usize;
        while !self.taken.insert(name.to_lowercase()) {
            number += 1;
            let suffix = format!(" ({number})");
            name = format!("{}{suffix}", cut(base, LIMIT - suffix.len()));
        }
        name
    }
}

/// The longest start of `text` with at most `units` UTF-16 units and without a blank or apostrophe
/// at its end.
fn cut(text: &str, units: usize) -> &str {
    cut_utf16(text, units).trim_end_matches(['\'', ' '])
}

/// The longest start of `text` with at most `units` UTF-16 units.
pub(super) fn cut_utf16(text: &str, units: usize) -> &str {
    let mut left = units;
    for (at, c) in text.char_indices() {
        let Some(rest) = left.checked_sub(c.len_utf16()) else {
            return &text[..at];
        };
        left = rest;
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_allowed_and_unique() {
        let mut names = Names::default();
        for (wanted, name) in [
            ("Aging", "Aging"),
            ("aging", "aging (2)"),
            ("AGING", "AGING (3)"),
            ("A/R: all [EUR]", "A-R- all -EUR-"),
            ("'quoted'", "quoted"),
            ("", "Sheet"),
            ("  ", "Sheet (2)"),
            ("history", "History sheet"),
            (
                "A name that is far longer than Excel allows",
                "A name that is far longer than",
            ),
            (
                "A name that is far longer than it",
                "A name that is far longer t (2)",
            ),
            (
                "😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀",
                "😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀",
            ),
        ] {
            let got = names.take(wanted);
            assert_eq!(got, name);
            assert!(got.encode_utf16().count() <= LIMIT);
        }
    }
}
