//! Rows, whatever the file: delimited text streamed through `csv`, or a workbook's sheet.

use super::error::{Family, FileError};
use super::input::Input;
use super::limits::{MAX_COLUMNS, MAX_ROWS};
use super::sniff::{LineEnd, Sniffed, TextShape};
use super::text_input::{SENTINEL, TextReader};
use super::workbook::{self, SheetInfo, SheetRows};
use std::cell::Cell;
use std::rc::Rc;

/// What a cell is, before any column's style is applied to its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CellType {
    /// Text as written.
    #[default]
    Text,
    /// A workbook number, written plainly (`1234.56`).
    Number,
    /// A workbook date, written as `2026-03-02`.
    Date,
    /// A workbook error (`#REF!`).
    Error,
}

/// One row. Its buffer is used again for the next.
#[derive(Debug, Default)]
pub struct Row {
    pub(crate) record: csv::StringRecord,
    /// Types of the cells; empty for text files, where every cell is text.
    pub(crate) types: Vec<CellType>,
    /// Line in the file (row of the sheet), from 1.
    pub line: u32,
}

impl Row {
    /// Cells in this row.
    #[allow(clippy::len_without_is_empty)]
    pub fn len(&self) -> usize {
        self.record.len()
    }
    /// A cell without the blanks around it; empty where the row is too short.
    #[inline]
    pub fn get(&self, column: usize) -> &str {
        let text = self.record.get(column).unwrap_or("");
        match text.as_bytes() {
            [] => text,
            // Nearly every cell: printable ASCII at both ends.
            [first, .., last] if plain(*first) && plain(*last) => text,
            [only] if plain(*only) => text,
            _ => text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}' || c == '\0'),
        }
    }
    /// What the cell is.
    #[inline]
    pub fn kind(&self, column: usize) -> CellType {
        self.types.get(column).copied().unwrap_or_default()
    }
    /// The cells in order, trimmed.
    pub fn cells(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|i| self.get(i))
    }
    /// Cells that hold something.
    pub fn filled(&self) -> usize {
        self.cells().filter(|c| !c.is_empty()).count()
    }
    /// Whether the row is only a drawn line (`-----`, `=====`, `+---+`), or nothing at all.
    pub fn is_rule(&self) -> bool {
        self.cells().all(|c| {
            c.bytes()
                .all(|b| matches!(b, b'-' | b'=' | b'+' | b'_' | b'|'))
        })
    }
    /// An owned copy, for the sample.
    pub fn copied(&self) -> Row {
        Row {
            record: self.record.clone(),
            types: self.types.clone(),
            line: self.line,
        }
    }
}

#[inline]
fn plain(b: u8) -> bool {
    b > b' ' && b < 0x7f
}

/// The rows of a file from its first line.
pub struct Table<'a> {
    rows: Rows<'a>,
    /// Rows given so far, read by the text reader to see that a row ends at all.
    given: Rc<Cell<u64>>,
    /// Line of the row given last.
    line: u32,
}

enum Rows<'a> {
    Text {
        reader: Box<csv::Reader<TextReader<'a>>>,
        shape: &'a TextShape,
    },
    Sheet(SheetRows),
}

/// A workbook read into memory once, for as many passes as are needed.
pub struct Book {
    pub(crate) sheets: Vec<SheetInfo>,
    pub(crate) chosen: usize,
    range: Rc<calamine::Range<calamine::Data>>,
}

impl Book {
    /// Opens a workbook and reads the sheet asked for, or the likeliest.
    pub fn open(input: &dyn Input, family: Family, sheet: Option<&str>) -> Result<Book, FileError> {
        let (sheets, chosen, range) = workbook::load(input, family, sheet)?;
        Ok(Book {
            sheets,
            chosen,
            range: Rc::new(range),
        })
    }
}

impl<'a> Table<'a> {
    /// Opens the rows of a text file, or of the book's chosen sheet.
    pub fn open(
        input: &'a dyn Input,
        sniffed: &'a Sniffed,
        book: Option<&Book>,
    ) -> Result<Table<'a>, FileError> {
        let given = Rc::new(Cell::new(0));
        let rows = match (&sniffed.text, book) {
            (Some(shape), _) => {
                let reader = TextReader::new(input.open()?, shape, given.clone());
                let reader = csv::ReaderBuilder::new()
                    .has_headers(false)
                    .flexible(true)
                    .delimiter(shape.delimiter as u8)
                    .buffer_capacity(1 << 16)
                    .from_reader(reader);
                Rows::Text {
                    reader: Box::new(reader),
                    shape,
                }
            }
            (None, Some(book)) => Rows::Sheet(SheetRows::new(book.range.clone())),
            (None, None) => {
                return Err(FileError::BrokenWorkbook {
                    family: sniffed.family,
                    detail: "no sheet was read".into(),
                });
            }
        };
        Ok(Table {
            rows,
            given,
            line: 0,
        })
    }

    /// Reads the next row; false at the end.
    #[inline]
    pub fn read(&mut self, row: &mut Row) -> Result<bool, FileError> {
        let count = self.given.get() + 1;
        self.given.set(count);
        if count > u64::from(MAX_ROWS) {
            return Err(FileError::TooManyRows { limit: MAX_ROWS });
        }
        let more = match &mut self.rows {
            Rows::Text { reader, shape } => read_text(reader, shape, row)?,
            Rows::Sheet(rows) => rows.read(row),
        };
        // Lines tell rows apart (the header from the first row below it), so no two share one,
        // however the ends of lines are mixed.
        if more {
            row.line = row.line.max(self.line + 1);
            self.line = row.line;
        }
        if row.len() > MAX_COLUMNS {
            return Err(FileError::TooManyColumns {
                line: row.line,
                columns: row.len(),
                limit: MAX_COLUMNS,
            });
        }
        Ok(more)
    }

    /// Bytes read from the input so far; for a sheet, rows stand in for them.
    pub fn position(&self) -> u64 {
        match &self.rows {
            Rows::Text { reader, .. } => reader.get_ref().taken(),
            Rows::Sheet(rows) => rows.position(),
        }
    }

    /// The unit in which [`Table::position`] ends: bytes of the file, or rows of the sheet.
    pub fn length(&self, input: &dyn Input) -> u64 {
        match &self.rows {
            Rows::Text { .. } => input.size(),
            Rows::Sheet(rows) => rows.length(),
        }
    }
}

fn read_text(
    reader: &mut csv::Reader<TextReader<'_>>,
    shape: &TextShape,
    row: &mut Row,
) -> Result<bool, FileError> {
    let begins = reader.position().line();
    let more = match reader.read_record(&mut row.record) {
        Ok(more) => more,
        Err(error) => return Err(text_error(error, begins as u32, shape)),
    };
    if !more {
        return Ok(false);
    }
    // `csv` ends a row at `\r` and counts the `\n` with the next: all rows but the first begin
    // one line later than it says.
    let late = |p: &csv::Position| u32::from(shape.line_end == LineEnd::CrLf && p.byte() > 0);
    // It counts from where it went on reading: blank lines before a row are the row's as well, and
    // so are line ends within its cells.
    let ended = reader.position().line();
    let blank = |p: &csv::Position| {
        let usual = u64::from(shape.line_end != LineEnd::CrLf || p.byte() > 0);
        let more = (ended.saturating_sub(p.line())).saturating_sub(usual);
        let within = || row.record.as_slice().matches('\n').count() as u64;
        if more == 0 {
            0
        } else {
            more.saturating_sub(within()) as u32
        }
    };
    let at = row.record.position();
    row.line = at.map_or(0, |p| p.line() as u32 + late(p) + blank(p));
    // The reader ends every file with a row of its own: if a quote is still open there, that row
    // lies inside the last cell instead of standing alone.
    let last = row.record.len().saturating_sub(1);
    if let Some(cell) = row.record.get(last)
        && cell.len() >= SENTINEL.len()
        && cell.ends_with(SENTINEL)
    {
        return match cell == SENTINEL && last == 0 {
            true => Ok(false),
            false => Err(FileError::QuoteNeverClosed {
                line: row.line,
                column: last + 1,
            }),
        };
    }
    Ok(true)
}

fn text_error(error: csv::Error, line: u32, shape: &TextShape) -> FileError {
    match error.kind() {
        csv::ErrorKind::Utf8 { .. } => FileError::BadEncoding {
            line,
            encoding: shape.encoding.clone(),
        },
        csv::ErrorKind::Io(io) => match super::text_input::as_row_too_long(io) {
            Some(limit) => FileError::RowTooLong { line, limit },
            None => FileError::Io {
                detail: io.to_string(),
            },
        },
        other => FileError::Io {
            detail: format!("{other:?}"),
        },
    }
}
