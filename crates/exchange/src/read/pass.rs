//! One pass over the rows of a file into a sink, with progress, cancel, unticked rows and the rows
//! that are no data: rules, repeated headers, totals, headings, remarks.

use super::error::FileError;
use super::input::Input;
use super::item_read::is_total_label;
use super::items::{Fault, ItemStager, Stored};
use super::layout::Layout;
use super::limits::MAX_FILE_TOTALS;
use super::mapping::Field;
use super::notes::{Notes, Reason};
use super::options::Options;
use super::synonyms::fold;
use super::table::{Row, Table};
use super::totals::{Agreement, CurrencyTotal, FileTotal, Totals};
use duebook_money::{Currency, MinorUnits, NumberFormat, amount};

/// How far a pass is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Rows read in this pass.
    pub rows: u64,
    /// Bytes of the file (rows of the sheet) read in this pass.
    pub done: u64,
    /// All of them.
    pub total: u64,
    /// Which pass: 1, or more where the file made a second look necessary.
    pub pass: u8,
}

/// What the progress callback answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    /// Go on.
    Continue,
    /// Stop; nothing is staged.
    Cancel,
}

/// What became of a row.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Outcome {
    Accepted,
    Refused(Reason, Option<usize>),
    /// Not data; already noted.
    Skipped,
}

/// Takes rows.
pub(crate) trait Sink {
    fn take(&mut self, row: &Row, notes: &mut Notes) -> Outcome;
    /// Whether the pass should stop and start again with more evidence.
    fn stop(&self) -> bool {
        false
    }
}

/// Counts of a pass.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Counts {
    /// Rows read below the header.
    pub read: u64,
    /// Rows staged, warned ones among them.
    pub accepted: u64,
    /// Staged rows with a warning.
    pub warned: u64,
    /// Rows refused.
    pub refused: u64,
    /// Rows that are no data.
    pub skipped: u64,
    /// Rows the user unticked.
    #[serde(default)]
    pub left_out: u64,
}

impl Counts {
    /// Rows that are not taken in: refused, left out, no data.
    pub fn out(&self) -> u64 {
        self.refused + self.left_out + self.skipped
    }
}

/// What a pass found besides what its sink holds.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub counts: Counts,
    pub notes: Notes,
    pub stopped: bool,
}

/// Lines refused because of their key: each with the line it equals, in order.
pub(crate) type Refused = Vec<(u32, u32)>;

const PROGRESS_ROWS: u64 = 4_096;

pub(crate) fn run<S: Sink>(
    input: &dyn Input,
    layout: &Layout,
    options: &Options,
    doubles: &Refused,
    sink: &mut S,
    pass: u8,
    progress: &mut dyn FnMut(Progress) -> Flow,
) -> Result<Found, FileError> {
    let mut table = Table::open(input, &layout.sniffed, layout.book.as_ref())?;
    let total = table.length(input);
    let mut found = Found::default();
    let mut row = Row::default();
    let mut next_double = 0;
    let width = layout.mapping.columns.len();
    while table.read(&mut row)? {
        if row.line <= layout.header_line {
            continue;
        }
        found.counts.read += 1;
        if found.counts.read % PROGRESS_ROWS == 0 {
            let at = Progress {
                rows: found.counts.read,
                done: table.position(),
                total,
                pass,
            };
            if progress(at) == Flow::Cancel {
                return Err(FileError::Cancelled);
            }
            if sink.stop() {
                found.stopped = true;
                return Ok(found);
            }
        }
        if !options.leave_out.is_empty() && options.leave_out.contains(&row.line) {
            found.notes.add(&row, None, Reason::LeftOut);
            found.counts.left_out += 1;
            continue;
        }
        if let Some((line, other)) = doubles.get(next_double)
            && *line == row.line
        {
            next_double += 1;
            let key = layout.mapping.column(Field::Number);
            let value = key.map_or("", |c| row.get(c));
            found
                .notes
                .add_text(row.line, key, value, Reason::DuplicateKey, Some(*other));
            found.counts.refused += 1;
            continue;
        }
        let outcome = sink.take(&row, &mut found.notes);
        let ragged = row.len() > width && matches!(outcome, Outcome::Accepted);
        if ragged {
            found.notes.add(&row, Some(width), Reason::Ragged);
        }
        count(outcome, &row, &mut found, layout);
    }
    found.stopped = sink.stop();
    let at = Progress {
        rows: found.counts.read,
        done: total,
        total,
        pass,
    };
    if progress(at) == Flow::Cancel {
        return Err(FileError::Cancelled);
    }
    Ok(found)
}

fn count(outcome: Outcome, row: &Row, found: &mut Found, layout: &Layout) {
    let counts = &mut found.counts;
    match outcome {
        Outcome::Accepted => {
            counts.accepted += 1;
            counts.warned += u64::from(found.notes.has_warned(row.line));
        }
        Outcome::Skipped => counts.skipped += 1,
        Outcome::Refused(reason, column) => {
            if let Some(said) = not_data(row, layout) {
                counts.skipped += 1;
                if let Some(reason) = said {
                    found.notes.add(row, first_filled(row), reason);
                }
                return;
            }
            counts.refused += 1;
            found.notes.add(row, column, reason);
        }
    }
}

fn first_filled(row: &Row) -> Option<usize> {
    (0..row.len()).find(|&i| !row.get(i).is_empty())
}

/// Whether a row that is no record is no data either: a drawn line, the header again, a total or a
/// remark. The inner option is what to note.
fn not_data(row: &Row, layout: &Layout) -> Option<Option<Reason>> {
    if row.is_rule() {
        Some(None)
    } else if layout.is_header_again(row) {
        Some(Some(Reason::RepeatedHeader))
    } else if is_total_label(row) {
        Some(Some(Reason::TotalRow))
    } else if row.filled() <= 1 && layout.mapping.columns.len() > 2 {
        Some(Some(Reason::Remark))
    } else {
        None
    }
}

/// Open items with what stands between them: headings and totals.
pub(crate) struct ItemSink<'l> {
    pub stager: ItemStager<'l>,
    layout: &'l Layout,
    pub file_totals: Vec<FileTotal>,
    /// Our totals when the last total of each level (`*`, `**`, `***`) was read.
    marks: [Totals; 3],
}

impl<'l> ItemSink<'l> {
    pub fn new(stager: ItemStager<'l>, layout: &'l Layout) -> Self {
        ItemSink {
            stager,
            layout,
            file_totals: Vec::new(),
            marks: Default::default(),
        }
    }

    #[cold]
    fn not_an_item(&mut self, row: &Row, fault: Fault, notes: &mut Notes) -> Outcome {
        if !row.is_rule() && !self.layout.is_header_again(row) {
            if is_total_label(row) && self.total_row(row) {
                notes.add(row, first_filled(row), Reason::TotalRow);
                return Outcome::Skipped;
            }
            let missing = matches!(
                fault.reason,
                Reason::NumberMissing | Reason::CustomerMissing
            );
            if missing && self.heading(row) {
                notes.add(row, first_filled(row), Reason::SectionHeader);
                return Outcome::Skipped;
            }
        }
        Outcome::Refused(fault.reason, fault.column)
    }

    /// A customer or company above its rows: `Customer 100234`, `Name | ACME`, or a lone name in a
    /// file that has no customer column.
    fn heading(&mut self, row: &Row) -> bool {
        let cells: Vec<&str> = row.cells().filter(|c| !c.is_empty()).collect();
        let (key, value) = match cells.as_slice() {
            [one] => match split_key(one) {
                Some(pair) => pair,
                None => return self.lone_name(one),
            },
            [key, value] | [key, value, _] => (*key, (*value).to_owned()),
            _ => return false,
        };
        let known = self.layout.names.exact(&fold(key)).is_some();
        match known {
            true => self.stager.section.set(self.layout, key, &value),
            false => cells.len() == 1 && self.lone_name(cells[0]),
        }
    }

    fn lone_name(&mut self, text: &str) -> bool {
        let plan = &self.stager.plan;
        if plan.customer.is_some() || plan.customer_name.is_some() {
            return false;
        }
        let section = &mut self.stager.section;
        (section.number, section.name) = (String::new(), text.to_owned());
        true
    }

    /// Keeps a total of the file and compares it with the rows above it.
    fn total_row(&mut self, row: &Row) -> bool {
        let plan = &self.stager.plan;
        let cell = |column: Option<usize>| {
            column.filter(|&c| row.get(c).bytes().any(|b| b.is_ascii_digit()))
        };
        let open = cell(plan.open);
        let Some(column) = open.or(cell(plan.amount)) else {
            return true;
        };
        let ours = &self.stager.totals;
        let named = match plan.currency {
            super::plan::CurrencyFrom::Column(c, _) => Currency::from_code(row.get(c)),
            super::plan::CurrencyFrom::Fixed(c) => Some(c),
            super::plan::CurrencyFrom::Marks(_) => None,
        };
        let stars = row
            .cells()
            .find(|c| c.bytes().all(|b| b == b'*') && !c.is_empty())
            .map_or(1, str::len);
        let level = stars.clamp(1, 3) - 1;
        let section = ours.since(&self.marks[level]);
        let only = |list: &[CurrencyTotal]| match list {
            [one] => Some(one.currency),
            _ => None,
        };
        let currency = named
            .or_else(|| only(&section))
            .or_else(|| only(&ours.currencies));
        let exponent = currency.map_or(2, Currency::exponent);
        let style = plan
            .styles
            .columns
            .get(column)
            .map_or(amount::Style::POINT, |s| s.style);
        let Ok(stated) = amount::parse_plain(row.get(column).as_bytes(), exponent, style) else {
            return true;
        };
        let sum = |list: &[CurrencyTotal]| {
            let total = list.iter().find(|t| Some(t.currency) == currency)?;
            Some(if open.is_some() {
                total.open
            } else {
                total.amount
            })
        };
        let (part, grand) = (sum(&section), sum(&ours.currencies));
        let agrees = match (currency, part, grand) {
            (None, ..) => Agreement::Unknown,
            (_, Some(p), _) if p == i128::from(stated) => Agreement::Section,
            (_, _, Some(g)) if g == i128::from(stated) => Agreement::Grand,
            _ => Agreement::Differs,
        };
        let compared = if agrees == Agreement::Grand {
            grand
        } else {
            part.or(grand)
        };
        let label = row
            .cells()
            .find(|c| !c.is_empty())
            .unwrap_or("")
            .chars()
            .take(80)
            .collect();
        if self.file_totals.len() < MAX_FILE_TOTALS {
            self.file_totals.push(FileTotal {
                line: row.line,
                label,
                currency: currency.map(|c| c.code().to_owned()),
                stated,
                ours: currency
                    .zip(compared)
                    .map(|(c, s)| MinorUnits(s).format(c, &NumberFormat::PLAIN)),
                agrees,
            });
        }
        let now = ours.clone();
        self.marks[..=level]
            .iter_mut()
            .for_each(|m| *m = now.clone());
        true
    }
}

/// `Customer      100234`, `Customer: 100234` in one cell.
pub(crate) fn split_key(cell: &str) -> Option<(&str, String)> {
    let (key, value) = cell.split_once(':').or_else(|| cell.split_once("  "))?;
    let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
    (!value.is_empty() && key.len() <= 30).then(|| (key.trim(), value))
}

impl Sink for ItemSink<'_> {
    #[inline]
    fn take(&mut self, row: &Row, notes: &mut Notes) -> Outcome {
        let stored = self.stager.read(row);
        match stored.and_then(|item| self.stager.store(row, item, notes)) {
            Ok(Stored::Yes) => Outcome::Accepted,
            Ok(Stored::SameInvoice) => {
                notes.add(row, self.stager.plan.number, Reason::SameInvoice);
                Outcome::Skipped
            }
            Err(fault) => self.not_an_item(row, fault, notes),
        }
    }
    fn stop(&self) -> bool {
        self.stager.contradiction
    }
}
