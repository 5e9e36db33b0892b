//! Due dates for rows that state none: the source's terms, through its code table.

use super::limits::{MAX_TERMS_CODES, TERMS_CODE_CHARS};
use super::notes::Reason;
use super::options::Options;
use duebook_ledger::columns::NO_DAY;
use duebook_money::Day;
use duebook_money::terms::{DueContext, DueError, Terms, due_dates};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};

/// Terms texts to what they mean, each read once.
pub(crate) struct DueDates {
    codes: BTreeMap<String, String>,
    read: HashMap<String, Option<Terms>>,
    unknown: BTreeMap<String, u64>,
}

/// A terms code that nobody has given a meaning yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnknownTerms {
    /// As the file has it.
    pub code: String,
    /// Rows that have no due date because of it.
    pub rows: u64,
}

impl DueDates {
    pub fn new(options: &Options) -> Self {
        DueDates {
            codes: options.terms_codes.clone(),
            read: HashMap::new(),
            unknown: BTreeMap::new(),
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
        let Some(Some(known)) = self.read.get(terms) else {
            self.ask(terms);
            return Err(Reason::DueMissing);
        };
        match due_dates(Day(anchor), known, &DueContext::default()).as_deref() {
            Ok([one]) => Ok(one.due.0),
            Err(DueError::Ambiguous { .. }) => Err(Reason::TermsAmbiguous),
            _ => Err(Reason::DueMissing),
        }
    }

    fn ask(&mut self, code: &str) {
        if code.is_empty() || code.chars().count() > TERMS_CODE_CHARS {
            return;
        }
        if let Some(rows) = self.unknown.get_mut(code) {
            *rows += 1;
        } else if self.unknown.len() < MAX_TERMS_CODES {
            self.unknown.insert(code.to_owned(), 1);
        }
    }

    /// Codes without a meaning, those of most rows first.
    pub fn unknown(self) -> Vec<UnknownTerms> {
        let all = self.unknown.into_iter();
        let mut all: Vec<UnknownTerms> = all
            .map(|(code, rows)| UnknownTerms { code, rows })
            .collect();
        duebook_money::order::sort_by(&mut all, |a, b| b.rows.cmp(&a.rows));
        all
    }
}
