//! Due dates for rows that state none: the source's terms, through its code table.

use super::notes::Reason;
use super::options::Options;
use duebook_ledger::columns::NO_DAY;
use duebook_money::Day;
use duebook_money::terms::{DueContext, DueError, Terms, due_dates};
use std::collections::{BTreeMap, HashMap};

/// Terms texts to what they mean, each read once.
pub(crate) struct DueDates {
    codes: BTreeMap<String, String>,
    read: HashMap<String, Option<Terms>>,
}

impl DueDates {
    pub fn new(options: &Options) -> Self {
        DueDates {
            codes: options.terms_codes.clone(),
            read: HashMap::new(),
        }
    }

    /// The due day for an anchor day; else why there is none. Terms in instalments give none: the
    /// file's row is one item, and which instalment it is it does not say.
    pub fn due(&mut self, anchor: i32, terms: &str, days: &str) -> Result<i32, Reason> {
        if anchor == NO_DAY {
            return Err(Reason::DueMissing);
        }
        if let Ok(days @ 0..=3_650) = days.strip_suffix(".0").unwrap_or(days).parse::<i32>() {
            return anchor.checked_add(days).ok_or(Reason::DueMissing);
        }
        if !self.read.contains_key(terms) {
            let meaning = self.codes.get(terms).map_or(terms, String::as_str);
            let read = Terms::parse(meaning).ok();
            self.read.insert(terms.to_owned(), read);
        }
        let Some(Some(terms)) = self.read.get(terms) else {
            return Err(Reason::DueMissing);
        };
        match due_dates(Day(anchor), terms, &DueContext::default()).as_deref() {
            Ok([one]) => Ok(one.due.0),
            Err(DueError::Ambiguous { .. }) => Err(Reason::TermsAmbiguous),
            _ => Err(Reason::DueMissing),
        }
    }
}
