//! Text that a spreadsheet would take for a formula ("CSV injection").
//!
//! A cell is at risk when, after blanks, it begins with `= + - @`, their full-width forms, a tab, a
//! carriage return or a line feed. In XLSX such a cell is a string with Excel's quote prefix, so it
//! stays text when it is edited. A CSV has no types: there an apostrophe is put before it, and
//! before text that looks as if it had one already, so that [`unguard`] gives back exactly what was
//! written. Figures are not text: a negative amount has no apostrophe.

use std::borrow::Cow;

/// Whether a spreadsheet could take this text for a formula.
pub fn at_risk(text: &str) -> bool {
    matches!(
        text.trim_start_matches(' ').chars().next(),
        Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠')
    )
}

/// The text as a CSV may hold it.
pub fn guard(text: &str) -> Cow<'_, str> {
    if at_risk(text.trim_start_matches('\'')) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// The text [`guard`] was given.
pub fn unguard(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if at_risk(rest.trim_start_matches('\'')) => rest,
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn section_10_injection_table() {
        for (text, guarded) in [
            ("=1+1", "'=1+1"),
            ("+44 20 7946 0000", "'+44 20 7946 0000"),
            ("-5 % agreed", "'-5 % agreed"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t=1"),
            ("\r=1", "'\r=1"),
            ("\n=1", "'\n=1"),
            ("  =1", "'  =1"),
            ("＝1", "'＝1"),
            ("'=1", "''=1"),
            ("''-x", "'''-x"),
            ("", ""),
            ("Smith & Sons", "Smith & Sons"),
            ("O'Neill", "O'Neill"),
            ("'quoted'", "'quoted'"),
            ("a=b", "a=b"),
            ("1-2", "1-2"),
        ] {
            assert_eq!(guard(text), guarded);
            assert_eq!(unguard(guarded), text);
        }
    }

    proptest! {
        #[test]
        fn guard_is_undone_exactly(text in "[-'= +@\ta1]{0,6}") {
            let guarded = guard(&text);
            prop_assert!(!at_risk(&guarded));
            prop_assert_eq!(unguard(&guarded), text.as_str());
        }
    }
}
