//! Workbooks: bombs and passwords told apart, the likeliest sheet chosen, typed cells written as
//! plain text that no style has to be guessed for.

use super::error::{Family, FileError, NotTable};
use super::input::Input;
use super::limits::{MAX_INFLATE_RATIO, MAX_INFLATED_BYTES, MIN_BOMB_BYTES};
use super::table::{CellType, Row};
use calamine::{Data, Range, Reader, SheetType, SheetVisible, Sheets};
use serde::{Deserialize, Serialize};
use std::fmt::Write as _;
use std::io::{Cursor, Read};
use std::rc::Rc;

/// A sheet of the workbook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SheetInfo {
    /// Its name.
    pub name: String,
    /// Whether the workbook hides it.
    pub hidden: bool,
    /// Rows in use; 0 for charts.
    pub rows: u32,
    /// Columns in use.
    pub columns: u32,
}

/// Reads the workbook: its sheets, the index of the chosen one, its cells.
pub(crate) fn load(
    input: &dyn Input,
    family: Family,
    wanted: Option<&str>,
) -> Result<(Vec<SheetInfo>, usize, Range<Data>), FileError> {
    let mut bytes = Vec::with_capacity(input.size() as usize);
    input.open()?.read_to_end(&mut bytes)?;
    if family != Family::Xls {
        check_archive(&bytes)?;
    }
    let mut book = open(bytes, family)?;
    let meta = book.sheets_metadata().to_vec();
    let mut sheets = Vec::with_capacity(meta.len());
    let mut best: Option<(usize, u64, Range<Data>)> = None;
    for (at, sheet) in meta.iter().enumerate() {
        let hidden = sheet.visible != SheetVisible::Visible;
        let mut info = SheetInfo {
            name: sheet.name.clone(),
            hidden,
            rows: 0,
            columns: 0,
        };
        let asked = wanted == Some(sheet.name.as_str());
        if sheet.typ == SheetType::WorkSheet {
            match book.worksheet_range(&sheet.name) {
                Ok(range) => {
                    let (height, width) = range.get_size();
                    (info.rows, info.columns) = (height as u32, width as u32);
                    let rank = rank(&range, hidden, asked);
                    if best.as_ref().is_none_or(|(_, r, _)| rank > *r) {
                        best = Some((at, rank, range));
                    }
                }
                Err(error) if asked || meta.len() == 1 => return Err(broken(error, family)),
                // Another sheet may still be the ledger; this one shows 0 rows.
                Err(_) => {}
            }
        }
        sheets.push(info);
    }
    if let Some(name) = wanted
        && !sheets.iter().any(|s| s.name == name)
    {
        let sheets = sheets.into_iter().map(|s| s.name).collect();
        return Err(FileError::NoSuchSheet {
            name: name.to_owned(),
            sheets,
        });
    }
    match best {
        Some((at, _, range)) if !range.is_empty() => Ok((sheets, at, range)),
        _ => Err(FileError::NoRows { lines: 0 }),
    }
}

/// The sheet asked for, else a visible one with the most rows of several columns.
fn rank(range: &Range<Data>, hidden: bool, asked: bool) -> u64 {
    let (height, width) = range.get_size();
    let wide = width.clamp(1, 12) as u64;
    (u64::from(asked) << 60) + (u64::from(!hidden) << 50) + (height as u64) * wide
}

fn open(bytes: Vec<u8>, family: Family) -> Result<Sheets<Cursor<Vec<u8>>>, FileError> {
    let cursor = Cursor::new(bytes);
    let opened = match family {
        Family::Xlsx | Family::Text => calamine::Xlsx::new(cursor)
            .map(Sheets::Xlsx)
            .map_err(calamine::Error::Xlsx),
        Family::Xlsb => calamine::Xlsb::new(cursor)
            .map(Sheets::Xlsb)
            .map_err(calamine::Error::Xlsb),
        Family::Ods => calamine::Ods::new(cursor)
            .map(Sheets::Ods)
            .map_err(calamine::Error::Ods),
        Family::Xls => calamine::Xls::new(cursor)
            .map(Sheets::Xls)
            .map_err(calamine::Error::Xls),
    };
    opened.map_err(|error| broken(error, family))
}

fn broken(error: calamine::Error, family: Family) -> FileError {
    use calamine::{OdsError, XlsError, XlsxError};
    let locked = matches!(
        &error,
        calamine::Error::Xls(XlsError::Password)
            | calamine::Error::Ods(OdsError::Password)
            | calamine::Error::Xlsx(XlsxError::Password)
    );
    if locked {
        return FileError::PasswordProtected { family };
    }
    FileError::BrokenWorkbook {
        family,
        detail: error.to_string(),
    }
}

/// Sizes as the archive's directory states them. A directory that lies about them can still make
/// the reader run out of memory; it does so in the worker, where the book is not.
fn check_archive(bytes: &[u8]) -> Result<(), FileError> {
    let archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|_| FileError::NotATable {
        what: NotTable::Zip,
    })?;
    let inflated = archive.decompressed_size().unwrap_or(0);
    let size = bytes.len() as u64;
    let inflated = u64::try_from(inflated).unwrap_or(u64::MAX);
    let bomb = inflated > MIN_BOMB_BYTES && inflated / size.max(1) > MAX_INFLATE_RATIO;
    if bomb || inflated > MAX_INFLATED_BYTES {
        return Err(FileError::ZipBomb {
            bytes: size,
            inflated,
            limit: MAX_INFLATED_BYTES,
        });
    }
    Ok(())
}

/// The rows of a sheet.
pub(crate) struct SheetRows {
    range: Rc<Range<Data>>,
    next: usize,
    cell: String,
}

impl SheetRows {
    pub fn new(range: Rc<Range<Data>>) -> Self {
        SheetRows {
            range,
            next: 0,
            cell: String::new(),
        }
    }
    pub fn position(&self) -> u64 {
        self.next as u64
    }
    pub fn length(&self) -> u64 {
        self.range.height() as u64
    }
    pub fn read(&mut self, row: &mut Row) -> bool {
        if self.next >= self.range.height() {
            return false;
        }
        let width = self.range.width();
        let top = self.range.start().map_or(0, |(r, _)| r);
        row.record.clear();
        row.types.clear();
        row.line = top + self.next as u32 + 1;
        for column in 0..width {
            self.cell.clear();
            let data = self.range.get((self.next, column)).unwrap_or(&Data::Empty);
            row.types.push(write_cell(data, &mut self.cell));
            row.record.push_field(&self.cell);
        }
        self.next += 1;
        true
    }
}

/// Writes a cell as plain text and says what it was.
fn write_cell(data: &Data, out: &mut String) -> CellType {
    match data {
        Data::Empty => CellType::Text,
        Data::String(s) => {
            out.push_str(s);
            CellType::Text
        }
        Data::Int(n) => {
            let _ = write!(out, "{n}");
            CellType::Number
        }
        Data::Float(x) => {
            write_number(*x, out);
            CellType::Number
        }
        Data::Bool(b) => {
            out.push_str(if *b { "TRUE" } else { "FALSE" });
            CellType::Text
        }
        Data::DateTime(d) if d.is_datetime() => {
            let (year, month, day, ..) = d.to_ymd_hms_milli();
            let _ = write!(out, "{year:04}-{month:02}-{day:02}");
            CellType::Date
        }
        Data::DateTime(d) => {
            write_number(d.as_f64(), out);
            CellType::Number
        }
        Data::DateTimeIso(s) => {
            out.push_str(s.get(..10).unwrap_or(s));
            CellType::Date
        }
        Data::DurationIso(s) => {
            out.push_str(s);
            CellType::Text
        }
        Data::Error(e) => {
            let _ = write!(out, "{e}");
            CellType::Error
        }
    }
}

/// A workbook's binary number as the decimal its user typed: at most 15 significant digits, as
/// Excel itself shows, so that 0.1 + 0.2 is `0.3`; integers in full, never `1.93E+09`.
fn write_number(x: f64, out: &mut String) {
    if !x.is_finite() {
        return;
    }
    let start = out.len();
    let _ = write!(out, "{x}");
    let digits = out[start..].bytes().filter(u8::is_ascii_digit).count();
    if digits > 15 {
        let Ok(rounded) = format!("{x:.14e}").parse::<f64>() else {
            return;
        };
        out.truncate(start);
        let _ = write!(out, "{rounded}");
    }
}
