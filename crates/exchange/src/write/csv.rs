//! Sheets to CSV: RFC 4180 (lines end with CR LF, quotes doubled), UTF-8.
//!
//! Dates are ISO 8601, amounts have the decimals of their currency and no digit groups, a percentage
//! is its fraction, flags are `true` and `false`. Text that could be read as a formula has an
//! apostrophe before it ([`harmless`](super::harmless)). A CSV has one sheet and no README: titles
//! and totals are left out unless asked for, and [`Workbook::file_stem`] carries UNRECONCILED.
//!
//! [`Workbook::file_stem`]: duebook_sheet::Workbook::file_stem

use super::{OnProgress, Steps, WriteError, harmless};
use duebook_sheet::{Cell, Sheet, Totals, text};
use std::io::Write;

/// How a CSV is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Whether a byte order mark goes first. Excel reads UTF-8 rightly only with it.
    pub bom: bool,
    /// What stands between fields: `,`, `;` or a tab as a rule.
    pub delimiter: u8,
    /// Whether decimals follow a comma.
    pub decimal_comma: bool,
    /// Whether the titles go before the header, each a line of one field.
    pub titles: bool,
    /// Whether totals follow the rows.
    pub totals: bool,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            bom: true,
            delimiter: b',',
            decimal_comma: false,
            titles: false,
            totals: false,
        }
    }
}

/// Writes a sheet.
pub fn write(
    sheet: &Sheet<'_>,
    options: &Options,
    mut out: impl Write,
    on_progress: OnProgress<'_>,
) -> Result<(), WriteError> {
    if !(options.delimiter == b'\t' || options.delimiter.is_ascii_punctuation())
        || matches!(
            options.delimiter,
            b'"' | b'\'' | b'.' | b'-' | b'+' | b'=' | b'@'
        )
    {
        return Err(WriteError::Delimiter(options.delimiter));
    }
    let mut steps = Steps::new(on_progress, sheet.rows as u64);
    if options.bom {
        out.write_all("\u{feff}".as_bytes())?;
    }
    let mut csv = csv::WriterBuilder::new()
        .delimiter(options.delimiter)
        .terminator(csv::Terminator::CRLF)
        .flexible(true)
        .from_writer(out);
    if options.titles {
        for title in &sheet.titles {
            csv.write_record([harmless::guard(&title.text).as_ref()])
                .map_err(io)?;
        }
    }
    let headers = sheet.columns.iter().map(|c| harmless::guard(&c.header));
    csv.write_record(headers.map(|h| h.into_owned().into_bytes()))
        .map_err(io)?;

    let decimal_mark = if options.decimal_comma { ',' } else { '.' };
    let mut totals = Totals::new(&sheet.columns);
    let mut row = Vec::with_capacity(sheet.columns.len());
    let mut field = String::new();
    for index in 0..sheet.rows {
        sheet.read_row(index, &mut row);
        if options.totals {
            totals.add(&row);
        }
        for cell in &row {
            if let Cell::Text(text) = cell {
                csv.write_field(harmless::guard(text).as_bytes())
                    .map_err(io)?;
            } else {
                field.clear();
                cell.write_plain(&mut field, decimal_mark);
                csv.write_field(&field).map_err(io)?;
            }
        }
        csv.write_record(None::<&[u8]>).map_err(io)?;
        steps.row()?;
    }
    if options.totals {
        for line in text::total_lines(sheet, &totals, decimal_mark) {
            for (value, column) in line.iter().zip(&sheet.columns) {
                let value = if column.kind.is_number() {
                    value.into()
                } else {
                    harmless::guard(value)
                };
                csv.write_field(value.as_bytes()).map_err(io)?;
            }
            csv.write_record(None::<&[u8]>).map_err(io)?;
        }
    }
    csv.flush()?;
    Ok(())
}

/// The only errors left are those of the output: lengths are flexible and nothing is serialized.
fn io(error: csv::Error) -> WriteError {
    WriteError::Io(error.into())
}
