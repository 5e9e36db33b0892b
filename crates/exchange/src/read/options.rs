//! What the user chose, or what was remembered of the source.

use super::kind::FileKind;
use super::mapping::Field;
use super::question::{Mark, Order};
use super::sniff::TextOverride;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What makes an item one item of its source, besides its document number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// The company.
    pub entity: bool,
    /// The fiscal year, where numbers restart.
    pub fiscal_year: bool,
    /// The line or instalment.
    pub line: bool,
    /// Whether it is a debit or a credit.
    pub side: bool,
}

impl Default for Identity {
    /// All that the file has.
    fn default() -> Self {
        Identity {
            entity: true,
            fiscal_year: true,
            line: true,
            side: true,
        }
    }
}

/// How a file is to be read. The default asks the file itself for everything.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Options {
    /// Encoding and delimiter, where sniffing was wrong.
    pub text: TextOverride,
    /// The sheet of a workbook.
    pub sheet: Option<String>,
    /// Line of the header, from 1; 0: there is none.
    pub header_line: Option<u32>,
    /// Fields by header, as corrected or as remembered.
    pub mapping: Vec<(String, Field)>,
    /// The day the file speaks of, ISO: what is said to be cleared later is not cleared yet.
    pub as_of: Option<String>,
    /// What the file is.
    pub kind: Option<FileKind>,
    /// ISO code for amounts without a currency.
    pub currency: Option<String>,
    /// Company of the rows where the file has no column for it.
    pub entity: Option<String>,
    /// Answers to [`super::question::Question::DateOrder`], by header.
    pub date_orders: BTreeMap<String, Order>,
    /// Answers to [`super::question::Question::DecimalMark`], by header.
    pub decimal_marks: BTreeMap<String, Mark>,
    /// Terms codes of the source and the terms they mean (`ZT30` -> `net 30`).
    pub terms_codes: BTreeMap<String, String>,
    /// Lines the user unticked.
    pub leave_out: BTreeSet<u32>,
    /// What makes a row unique.
    pub identity: Identity,
}
