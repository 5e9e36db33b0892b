//! The file: the frame copied part by part, rows put into its sheets, their texts into its table.

use super::super::{Steps, WriteError};
use super::Options;
use super::frame::{Filled, Frame};
use super::rows::{Counts, Rows};
use super::strings::Strings;
use rust_xlsxwriter::column_number_to_name;
use std::io::{Cursor, Read, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

const STRINGS: &str = "xl/sharedStrings.xml";

/// Writes the file.
pub(super) fn pack(
    frame: &Frame<'_, '_>,
    options: &Options,
    out: impl Write,
    steps: &mut Steps<'_>,
) -> Result<Counts, WriteError> {
    let mut from = ZipArchive::new(Cursor::new(frame.bytes.as_slice()))?;
    // Without a table there is no text in the frame: then no header has one.
    let table = match from.index_for_name(STRINGS) {
        Some(_) => Some(part(&mut from, STRINGS)?),
        None => None,
    };
    let mut strings = Strings::after(table.as_deref().map_or(Ok(0), frame_texts)?);
    let mut counts = Counts::default();
    let mut zip = ZipWriter::new_stream(out);
    let level = i64::from(options.compression.clamp(1, 9));
    // The default time is a fixed one, so the same workbook gives the same bytes.
    let entry = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(level));
    let names: Vec<String> = (0..from.len())
        .map(|index| Ok(from.by_index(index)?.name()?.into_owned()))
        .collect::<Result<_, WriteError>>()?;
    for name in names.iter().filter(|name| *name != STRINGS) {
        let xml = part(&mut from, name)?;
        zip.start_file(name.as_str(), entry)?;
        let filled = (frame.filled.iter()).find(|filled| *name == path(filled.worksheet));
        match filled {
            None => zip.write_all(xml.as_bytes())?,
            Some(filled) => {
                let rows = Rows::new(filled, frame.own, &mut strings, &mut counts);
                fill(&xml, filled, rows, &mut zip, steps)?;
            }
        }
    }
    if let Some(table) = table {
        zip.start_file(STRINGS, entry)?;
        write_table(&table, &strings, &mut zip)?;
    } else if strings.counts().0 > 0 {
        return Err(WriteError::Frame("no table of strings"));
    }
    zip.finish()?;
    Ok(counts)
}

fn path(worksheet: usize) -> String {
    format!("xl/worksheets/sheet{}.xml", worksheet + 1)
}

fn part(from: &mut ZipArchive<Cursor<&[u8]>>, name: &str) -> Result<String, WriteError> {
    let mut xml = String::new();
    from.by_name(name)?.read_to_string(&mut xml)?;
    Ok(xml)
}

/// Copies a sheet with its rows put in their place: under the head, above the totals.
fn fill(
    xml: &str,
    filled: &Filled<'_, '_>,
    mut rows: Rows<'_>,
    out: &mut impl Write,
    steps: &mut Steps<'_>,
) -> Result<(), WriteError> {
    let (at, last_row) = place(xml, filled.first_row)?;
    let (head, tail) = xml.split_at(at);
    let data_end = u32::try_from(filled.rows.len()).map(|rows| filled.first_row + rows);
    let last_row = last_row.max(data_end.unwrap_or(u32::MAX));
    let (before, after) = around(head, "<dimension ref=\"", "\"/>")
        .ok_or(WriteError::Frame("a sheet without its dimension"))?;
    let columns = u16::try_from(filled.sheet.columns.len().saturating_sub(1)).unwrap_or(u16::MAX);
    write!(
        out,
        "{before}A1:{}{last_row}",
        column_number_to_name(columns)
    )?;
    out.write_all(after.as_bytes())?;
    let mut cells = Vec::with_capacity(filled.sheet.columns.len());
    for (index, number) in filled.rows.clone().zip(filled.first_row + 1..) {
        filled.sheet.read_row(index, &mut cells);
        rows.row(number, &cells, out)?;
        steps.row()?;
    }
    rows.flush(out)?;
    out.write_all(tail.as_bytes())?;
    Ok(())
}

/// Where rows from `first_row` (counted from 0) go in a sheet, and the number of its last row.
/// No text can look like a row: its `<` is escaped.
fn place(xml: &str, first_row: u32) -> Result<(usize, u32), WriteError> {
    const ROW: &str = "<row r=\"";
    let mut at = None;
    let mut last = 0;
    for (found, _) in xml.match_indices(ROW) {
        let digits = &xml[found + ROW.len()..];
        let digits = digits.split('"').next().unwrap_or_default();
        last = digits
            .parse()
            .map_err(|_| WriteError::Frame("a row without its number"))?;
        if last > first_row && at.is_none() {
            at = Some(found);
        }
    }
    match at.or_else(|| xml.find("</sheetData>")) {
        Some(at) => Ok((at, last)),
        None => Err(WriteError::Frame("a sheet without its data")),
    }
}

/// What stands before the value of an attribute, and from its end on.
fn around<'x>(xml: &'x str, open: &str, close: &str) -> Option<(&'x str, &'x str)> {
    let from = xml.find(open)? + open.len();
    let to = from + xml[from..].find(close)?;
    Some((&xml[..from], &xml[to..]))
}

/// A number in an attribute of the table.
fn attribute(table: &str, open: &str) -> Result<u64, WriteError> {
    let (before, after) =
        around(table, open, "\"").ok_or(WriteError::Frame("a table of strings without counts"))?;
    table[before.len()..table.len() - after.len()]
        .parse()
        .map_err(|_| WriteError::Frame("a count that is no number"))
}

const UNIQUE: &str = " uniqueCount=\"";
const COUNT: &str = " count=\"";

/// How many texts the frame's table has.
fn frame_texts(table: &str) -> Result<u32, WriteError> {
    u32::try_from(attribute(table, UNIQUE)?).map_err(|_| WriteError::Frame("too many texts"))
}

/// Writes the frame's table and the texts of the rows after it.
fn write_table(table: &str, strings: &Strings, out: &mut impl Write) -> Result<(), WriteError> {
    let (new, uses) = strings.counts();
    let wrong = || WriteError::Frame("a table of strings of another form");
    let (before, after) = around(table, COUNT, "\"").ok_or_else(wrong)?;
    write!(out, "{before}{}", attribute(table, COUNT)? + uses)?;
    let (between, after) = around(after, UNIQUE, "\"").ok_or_else(wrong)?;
    write!(out, "{between}{}", attribute(table, UNIQUE)? + new)?;
    let end = after.rfind("</sst>").ok_or_else(wrong)?;
    out.write_all(&after.as_bytes()[..end])?;
    out.write_all(strings.xml())?;
    out.write_all(&after.as_bytes()[end..])?;
    Ok(())
}
