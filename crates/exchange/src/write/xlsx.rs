//! Sheets to an XLSX workbook: real numbers and dates, frozen header, filters, totals as formulas
//! with cached values, print set-up, no macros, no links.
//!
//! Two steps (ADR 0007). The library makes a *frame*: the whole workbook, styles, titles, headers,
//! totals, names, conditional formats, but no rows. Then the frame is copied to the output and the
//! rows are written into its sheets as they are read, so that memory does not grow with them.
//!
//! A sheet of more rows than Excel has is split over several; amounts beyond Excel's 15 digits are
//! written as exact text and counted, never rounded in silence.

use super::layout::Head;
use super::{OnProgress, Steps, WriteError};
use duebook_money::Grouping;
use duebook_sheet::{Sheet, Totals, Workbook};
use std::io::Write;

mod checks;
pub(crate) mod escape;
mod frame;
mod pack;
mod rows;
mod strings;
pub(super) mod totals;

/// Rows and columns of an Excel sheet.
pub const MAX_ROWS: u32 = 1_048_576;
/// Columns of an Excel sheet.
pub const MAX_COLUMNS: usize = 16_384;
/// UTF-16 units of an Excel cell.
pub const MAX_TEXT: usize = 32_767;

/// How a workbook is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// How digits are grouped on the screen; the values are the same.
    pub grouping: Grouping,
    /// Deflate level, 1 to 9. Of 100,000 rows of 19 columns (`examples/write.rs`) level 1 makes
    /// 16.2 MB, 2 takes a quarter longer for 11.6 MB, 3 half longer for 11.1 MB, 6 three times as
    /// long for 9.3 MB.
    pub compression: u8,
    /// Rows of a sheet, header included; smaller than [`MAX_ROWS`] only to try the splitting.
    pub max_rows: u32,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            grouping: Grouping::Western,
            compression: 2,
            max_rows: MAX_ROWS,
        }
    }
}

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Names of the worksheets as given, in order.
    pub sheets: Vec<String>,
    /// Texts that were longer than a cell holds and were cut, with an ellipsis.
    pub truncated: u64,
    /// Amounts and sums of more than 15 digits, written as exact text, not as numbers.
    pub exact_as_text: u64,
}

/// Writes a workbook. Nothing here reads a clock: the same workbook gives the same bytes.
///
/// # Errors
/// [`WriteError`]; what has gone out by then is no workbook.
pub fn write(
    workbook: &Workbook<'_>,
    options: &Options,
    out: impl Write,
    on_progress: OnProgress<'_>,
) -> Result<Written, WriteError> {
    let problems = workbook.problems();
    if !problems.is_empty() {
        return Err(WriteError::Report(problems));
    }
    let mut steps = Steps::new(on_progress, workbook.rows());
    let frame = frame::build(workbook, options)?;
    let counts = pack::pack(&frame, options, out, &mut steps)?;
    Ok(Written {
        sheets: frame.names,
        truncated: frame.truncated + counts.truncated,
        exact_as_text: frame.exact_as_text + counts.exact_as_text,
    })
}

/// How many worksheets the rows of a sheet are split over; `None` where titles and header leave no
/// room for any.
pub fn parts(sheet: &Sheet<'_>, options: &Options) -> Option<usize> {
    let room = room(sheet, Head::of(sheet)?, options)?;
    Some(sheet.rows.div_ceil(room).max(1))
}

/// Rows of data that a worksheet has room for, under its head and above its total.
fn room(sheet: &Sheet<'_>, head: Head, options: &Options) -> Option<usize> {
    let reserve = u32::from(Totals::new(&sheet.columns).any_single());
    let room = options
        .max_rows
        .min(MAX_ROWS)
        .checked_sub(head.first_row().checked_add(reserve)?)?;
    (room > 0).then_some(room as usize)
}
