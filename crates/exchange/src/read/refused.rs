//! The refused rows as CSV, with line and reason, to be corrected and imported again.

use super::error::FileError;
use super::input::Input;
use super::layout::Layout;
use super::notes::Reason;
use super::options::Options;
use super::table::{Row, Table};
use std::io::Write;

/// What stands before the file's own columns. Not "line" and "reason" alone: corrected and imported
/// again, the file's lines would be read as the documents' own.
pub(super) const OWN: [&str; 2] = ["duebook line", "duebook reason"];

/// Writes the refused rows of a staged file as CSV (UTF-8 with byte-order mark, as Excel wants it):
/// the header, then each refused row as the file has it, with its line and the reason in front. `words`
/// says a reason in the user's language.
pub fn refused_csv(
    input: &dyn Input,
    options: &Options,
    refused: &[(u32, Reason)],
    words: &dyn Fn(Reason) -> String,
    mut out: impl Write,
) -> Result<u64, FileError> {
    let layout = Layout::read(input, options)?;
    out.write_all(b"\xEF\xBB\xBF")?;
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(out);
    let headers = layout.mapping.columns.iter().map(|c| harmless(&c.header));
    let head: Vec<String> = OWN.map(str::to_owned).into_iter().chain(headers).collect();
    writer.write_record(&head).map_err(write_error)?;
    let mut table = Table::open(input, &layout.sniffed, layout.book.as_ref())?;
    let mut row = Row::default();
    let mut next = 0;
    while next < refused.len() && table.read(&mut row)? {
        let (line, reason) = refused[next];
        if row.line < line {
            continue;
        }
        next += 1;
        let cells = row.cells().map(harmless);
        let record: Vec<String> = [row.line.to_string(), words(reason)]
            .into_iter()
            .chain(cells)
            .collect();
        writer.write_record(&record).map_err(write_error)?;
    }
    writer.flush()?;
    Ok(next as u64)
}

/// A cell that a spreadsheet would run as a formula is written as text. Plain negative amounts stay.
fn harmless(cell: &str) -> String {
    let risky = matches!(
        cell.as_bytes().first(),
        Some(b'=' | b'+' | b'-' | b'@' | b'\t' | b'\r')
    );
    let number = cell
        .bytes()
        .all(|b| b.is_ascii_digit() || b"+-.,() ".contains(&b));
    if risky && !number {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}

fn write_error(error: csv::Error) -> FileError {
    FileError::Io {
        detail: error.to_string(),
    }
}
