//! Sheets to an XLSX workbook: real numbers and dates, frozen header, filters, totals as formulas
//! with cached values, print set-up, no macros, no links.
//!
//! A sheet of more rows than Excel has is split over several; amounts beyond Excel's 15 digits are
//! written as exact text and counted, never rounded in silence.

use super::formats::{Formats, unit_exponent};
use super::layout::{self, Head};
use super::names::{Names, cut_utf16};
use super::{OnProgress, Phase, Steps, WriteError, harmless, numbers};
use duebook_money::{Day, Grouping};
use duebook_sheet::{Cell, Kind, Sheet, Totals, Workbook};
use rust_xlsxwriter::{self as excel, DocProperties, ExcelDateTime, Format, Worksheet};
use std::borrow::Cow;

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
    /// 16.1 MB, 2 in the same time 11.7 MB, 3 takes 15 % longer for 11.0 MB, 6 takes 35 % for 9.5 MB.
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

/// A workbook that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The file.
    pub bytes: Vec<u8>,
    /// Names of the worksheets as given, in order.
    pub sheets: Vec<String>,
    /// Texts that were longer than a cell holds and were cut, with an ellipsis.
    pub truncated: u64,
    /// Amounts and sums of more than 15 digits, written as exact text, not as numbers.
    pub exact_as_text: u64,
}

/// Writes a workbook. Nothing here reads a clock: the same workbook gives the same bytes.
pub fn write(
    workbook: &Workbook<'_>,
    options: &Options,
    on_progress: OnProgress<'_>,
) -> Result<Written, WriteError> {
    let problems = workbook.problems();
    if !problems.is_empty() {
        return Err(WriteError::Report(problems));
    }
    let mut steps = Steps::new(on_progress, workbook.rows());
    let mut file = excel::Workbook::new();
    file.set_properties(&properties(workbook))
        .set_zip_compression_level(options.compression);
    let mut writer = Writer {
        formats: Formats::new(options.grouping),
        names: Names::default(),
        max_rows: options.max_rows.min(MAX_ROWS),
        footer: &workbook.footer,
        sheets: Vec::new(),
        truncated: 0,
        exact_as_text: 0,
    };
    for sheet in &workbook.sheets {
        writer.sheet(&mut file, sheet, &mut steps)?;
    }
    steps.say(Phase::Packing)?;
    let bytes = file.save_to_buffer()?;
    Ok(Written {
        bytes,
        sheets: writer.sheets,
        truncated: writer.truncated,
        exact_as_text: writer.exact_as_text,
    })
}

/// Title and time of the file. Without a stamp a fixed day stands, so that no clock is read.
fn properties(workbook: &Workbook<'_>) -> DocProperties {
    let (day, second) = workbook
        .generated
        .as_ref()
        .map_or((Day(10_957), 0), |stamp| (stamp.day, stamp.second));
    let properties = DocProperties::new().set_title(&workbook.title);
    match created(day, second) {
        Some(created) => properties.set_creation_datetime(&created),
        None => properties,
    }
}

fn created(day: Day, second: u32) -> Option<ExcelDateTime> {
    let (year, month, day) = day.ymd();
    let second = second.min(86_399);
    ExcelDateTime::from_ymd(u16::try_from(year).ok()?, month, day)
        .ok()?
        .and_hms(
            u16::try_from(second / 3_600).ok()?,
            u8::try_from(second / 60 % 60).ok()?,
            f64::from(second % 60),
        )
        .ok()
}

/// What is carried from sheet to sheet.
pub(super) struct Writer<'w> {
    pub(super) formats: Formats,
    names: Names,
    pub(super) max_rows: u32,
    footer: &'w str,
    sheets: Vec<String>,
    truncated: u64,
    pub(super) exact_as_text: u64,
}

/// One worksheet of a sheet.
pub(super) struct Part {
    /// Index of the worksheet in the file.
    pub(super) worksheet: usize,
    /// Its name.
    pub(super) name: String,
    /// First and last row of data, where there are any.
    pub(super) data: Option<(u32, u32)>,
    /// The next free row.
    pub(super) next: u32,
    /// Totals of its rows.
    pub(super) totals: Totals,
    /// Columns in which a figure had to be written as text, which no formula adds.
    pub(super) as_text: Vec<bool>,
}

impl Writer<'_> {
    fn sheet(
        &mut self,
        file: &mut excel::Workbook,
        sheet: &Sheet<'_>,
        steps: &mut Steps<'_>,
    ) -> Result<(), WriteError> {
        if sheet.columns.len() > MAX_COLUMNS {
            return Err(WriteError::TooManyColumns {
                sheet: sheet.name.clone(),
                columns: sheet.columns.len(),
                limit: MAX_COLUMNS,
            });
        }
        let no_room = || WriteError::NoRoom {
            sheet: sheet.name.clone(),
        };
        let head = Head::of(sheet).ok_or_else(no_room)?;
        let reserve = u32::from(Totals::new(&sheet.columns).any_single());
        let room = self
            .max_rows
            .checked_sub(head.first_row() + reserve)
            .filter(|room| *room > 0)
            .ok_or_else(no_room)? as usize;

        let mut parts = Vec::new();
        let mut start = 0usize;
        loop {
            let rows = start..sheet.rows.min(start.saturating_add(room));
            start = rows.end;
            parts.push(self.part(file, sheet, head, rows, steps)?);
            if start >= sheet.rows {
                break;
            }
        }
        totals::after_last(self, file, sheet, head, &parts)
    }

    /// Opens a worksheet and writes some rows of the sheet to it.
    pub(super) fn part(
        &mut self,
        file: &mut excel::Workbook,
        sheet: &Sheet<'_>,
        head: Head,
        rows: core::ops::Range<usize>,
        steps: &mut Steps<'_>,
    ) -> Result<Part, WriteError> {
        let mut part = self.open(file, sheet, head, rows.len())?;
        let worksheet = file.worksheet_from_index(part.worksheet)?;
        let mut row = Vec::with_capacity(sheet.columns.len());
        for (index, at) in rows.zip(head.first_row()..) {
            sheet.read_row(index, &mut row);
            part.totals.add(&row);
            for ((column, cell), number) in sheet.columns.iter().zip(row.drain(..)).zip(0u16..) {
                if self.cell(worksheet, at, number, column.kind, cell)? {
                    part.as_text[usize::from(number)] = true;
                }
            }
            steps.row()?;
        }
        totals::under_part(self, worksheet, sheet, &mut part)?;
        Ok(part)
    }

    /// Opens a worksheet with titles and header, ready for `rows` rows.
    pub(super) fn open(
        &mut self,
        file: &mut excel::Workbook,
        sheet: &Sheet<'_>,
        head: Head,
        rows: usize,
    ) -> Result<Part, WriteError> {
        let name = self.names.take(&sheet.name);
        let worksheet = file.add_worksheet();
        worksheet.set_name(&name)?;
        // The rows were cut to what a sheet holds, so the count fits.
        let data = u32::try_from(rows)
            .ok()
            .filter(|rows| *rows > 0)
            .map(|rows| (head.first_row(), head.first_row() + rows - 1));
        layout::set_up(worksheet, sheet, head, data, &self.formats, self.footer)?;
        self.head(worksheet, sheet, head)?;
        self.sheets.push(name.clone());
        Ok(Part {
            worksheet: self.sheets.len() - 1,
            name,
            data,
            next: data.map_or(head.first_row(), |(_, last)| last + 1),
            totals: Totals::new(&sheet.columns),
            as_text: vec![false; sheet.columns.len()],
        })
    }

    fn head(
        &mut self,
        worksheet: &mut Worksheet,
        sheet: &Sheet<'_>,
        head: Head,
    ) -> Result<(), WriteError> {
        for (title, row) in sheet.titles.iter().zip(0u32..) {
            let format = super::formats::title(title.tone);
            self.text(worksheet, row, 0, title.text.as_str().into(), Some(&format))?;
        }
        for (column, number) in sheet.columns.iter().zip(0u16..) {
            let format = super::formats::header(column.kind);
            let header = column.header.as_str().into();
            self.text(worksheet, head.header, number, header, Some(&format))?;
        }
        Ok(())
    }

    /// Writes a cell; says whether a figure became text.
    fn cell(
        &mut self,
        worksheet: &mut Worksheet,
        row: u32,
        column: u16,
        kind: Kind,
        cell: Cell<'_>,
    ) -> Result<bool, WriteError> {
        let cell = match cell {
            Cell::Text(text) => {
                self.text(worksheet, row, column, text, None)?;
                return Ok(false);
            }
            cell => cell,
        };
        let (value, own) = match cell {
            Cell::Empty | Cell::Text(_) => return Ok(false),
            Cell::Flag(flag) => {
                worksheet.write_boolean(row, column, flag)?;
                return Ok(false);
            }
            Cell::Int(n) => (
                numbers::double(i128::from(n), 0),
                (!kind.is_number()).then_some(&self.formats.integer),
            ),
            Cell::Money { minor, exponent } => (
                numbers::double(i128::from(minor), exponent),
                match kind {
                    Kind::Money(unit) if unit_exponent(unit) == exponent => None,
                    _ => Some(self.formats.money(exponent)),
                },
            ),
            Cell::Number(number) => (
                Some(numbers::nearest(number)),
                (!kind.is_number()).then_some(&self.formats.number),
            ),
            Cell::Date(day) => (
                numbers::serial(day).map(f64::from),
                (kind != Kind::Date).then_some(&self.formats.date),
            ),
            Cell::DateTime { day, second } => (
                numbers::moment(day, second),
                (kind != Kind::DateTime).then_some(&self.formats.date_time),
            ),
        };
        match (value, own) {
            (Some(value), None) => worksheet.write_number(row, column, value)?,
            (Some(value), Some(format)) => {
                worksheet.write_number_with_format(row, column, value, format)?
            }
            (None, _) => {
                // A day Excel does not know, or more digits than it keeps.
                let figure = matches!(cell, Cell::Int(_) | Cell::Money { .. });
                self.exact_as_text += u64::from(figure);
                worksheet.write_string(row, column, cell.plain())?;
                return Ok(figure);
            }
        };
        Ok(false)
    }

    /// Writes text as text, whatever it begins with.
    pub(super) fn text(
        &mut self,
        worksheet: &mut Worksheet,
        row: u32,
        column: u16,
        text: Cow<'_, str>,
        format: Option<&Format>,
    ) -> Result<(), WriteError> {
        let at_risk = harmless::at_risk(&text);
        let text = one_line_end(text);
        // The library takes such text from its string table for its own markup and writes it
        // unescaped; as a rich string it is escaped, and reads the same.
        if text.starts_with("<r>") && text.ends_with("</r>") {
            // Its limit counts the escaped text: at most five characters for one.
            let text = self.cut(text, MAX_TEXT / 6);
            let plain = &self.formats.plain;
            worksheet.write_rich_string_with_format(
                row,
                column,
                &[(plain, &text)],
                format.unwrap_or(plain),
            )?;
            return Ok(());
        }
        let text = self.cut(text, MAX_TEXT).into_owned();
        match (format, at_risk) {
            (None, false) => worksheet.write_string(row, column, text)?,
            (None, true) => {
                worksheet.write_string_with_format(row, column, text, &self.formats.quoted)?
            }
            (Some(format), false) => {
                worksheet.write_string_with_format(row, column, text, format)?
            }
            (Some(format), true) => {
                let quoted = format.clone().set_quote_prefix();
                worksheet.write_string_with_format(row, column, text, &quoted)?
            }
        };
        Ok(())
    }

    /// Cuts text to what a cell holds, and counts it.
    fn cut<'t>(&mut self, text: Cow<'t, str>, units: usize) -> Cow<'t, str> {
        // Never more UTF-16 units than bytes.
        if text.len() <= units || text.encode_utf16().count() <= units {
            return text;
        }
        self.truncated += 1;
        Cow::Owned(format!("{}…", cut_utf16(&text, units - 1)))
    }
}

/// Lines end with a line feed in a cell; a carriage return would show as `_x000D_`.
fn one_line_end(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.contains('\r') {
        Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        text
    }
}
