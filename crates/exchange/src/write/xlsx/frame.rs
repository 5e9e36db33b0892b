//! The frame of a workbook: all of it but the rows, made by the library.

use super::super::formats::{self, Formats, Own};
use super::super::layout::{self, Head};
use super::super::names::{Names, cut_utf16};
use super::super::{WriteError, harmless, numbers};
use super::{MAX_COLUMNS, MAX_ROWS, MAX_TEXT, Options, room, totals};
use core::ops::Range;
use duebook_money::Day;
use duebook_sheet::{Cell, Sheet, Sum, Totals, Workbook};
use rust_xlsxwriter::{self as excel, DocProperties, ExcelDateTime, Format, Worksheet};
use std::borrow::Cow;

/// A workbook without rows, and which rows belong where.
pub(super) struct Frame<'f, 'a> {
    /// The file.
    pub(super) bytes: Vec<u8>,
    /// The worksheets that have rows.
    pub(super) filled: Vec<Filled<'f, 'a>>,
    /// Styles of cells that do not take their column's.
    pub(super) own: Own,
    /// Names of the worksheets, in order.
    pub(super) names: Vec<String>,
    /// Texts that were cut.
    pub(super) truncated: u64,
    /// Sums written as text.
    pub(super) exact_as_text: u64,
}

/// The rows of one worksheet.
pub(super) struct Filled<'f, 'a> {
    /// Index of the worksheet in the file.
    pub(super) worksheet: usize,
    /// Where its rows come from.
    pub(super) sheet: &'f Sheet<'a>,
    /// Which rows.
    pub(super) rows: Range<usize>,
    /// The row of the worksheet the first of them stands in, counted from 0.
    pub(super) first_row: u32,
    /// Style of each column's cells.
    pub(super) styles: Vec<u32>,
}

/// Makes the frame.
pub(super) fn build<'f, 'a>(
    workbook: &'f Workbook<'a>,
    options: &Options,
) -> Result<Frame<'f, 'a>, WriteError> {
    let mut file = excel::Workbook::new();
    // Taken apart again at once: any level but the best is a waste.
    file.set_properties(&properties(workbook))
        .set_zip_compression_level(1);
    let mut formats = Formats::new(options.grouping);
    let own = formats.own(&mut file);
    let mut writer = Writer {
        formats,
        names: Names::default(),
        max_rows: options.max_rows.min(MAX_ROWS),
        footer: &workbook.footer,
        sheets: Vec::new(),
        truncated: 0,
        exact_as_text: 0,
    };
    let mut filled = Vec::new();
    let mut done = Vec::new();
    for sheet in &workbook.sheets {
        let parts = writer.sheet(&mut file, sheet, options, &mut filled)?;
        done.push((sheet, parts));
    }
    super::checks::write(&mut writer, &mut file, workbook, &done)?;
    Ok(Frame {
        bytes: file.save_to_buffer()?,
        filled,
        own,
        names: writer.sheets,
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
    /// Columns in which a figure is written as text, which no formula adds.
    pub(super) as_text: Vec<bool>,
}

impl Writer<'_> {
    fn sheet<'f, 'a>(
        &mut self,
        file: &mut excel::Workbook,
        sheet: &'f Sheet<'a>,
        options: &Options,
        filled: &mut Vec<Filled<'f, 'a>>,
    ) -> Result<Vec<Part>, WriteError> {
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
        let room = room(sheet, head, options).ok_or_else(no_room)?;
        let styles: Vec<u32> = (sheet.columns.iter())
            .map(|column| self.formats.column_style(file, column.kind))
            .collect();
        let mut parts = Vec::new();
        let mut start = 0usize;
        loop {
            let rows = start..sheet.rows.min(start.saturating_add(room));
            start = rows.end;
            let mut part = self.open(file, sheet, head, rows.len())?;
            sum_up(sheet, rows.clone(), &mut part);
            let worksheet = file.worksheet_from_index(part.worksheet)?;
            totals::under_part(self, worksheet, sheet, &mut part)?;
            if !rows.is_empty() {
                filled.push(Filled {
                    worksheet: part.worksheet,
                    sheet,
                    rows,
                    first_row: head.first_row(),
                    styles: styles.clone(),
                });
            }
            parts.push(part);
            if start >= sheet.rows {
                break;
            }
        }
        totals::after_last(self, file, sheet, head, &parts)?;
        Ok(parts)
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
            let format = formats::title(title.tone);
            self.text(worksheet, row, 0, title.text.as_str().into(), Some(&format))?;
        }
        for (column, number) in sheet.columns.iter().zip(0u16..) {
            let format = formats::header(column.kind);
            let header = column.header.as_str().into();
            self.text(worksheet, head.header, number, header, Some(&format))?;
        }
        Ok(())
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
        let cut = cut_text(&text, units);
        match cut {
            None => text,
            Some(cut) => {
                self.truncated += 1;
                Cow::Owned(cut)
            }
        }
    }
}

/// Text cut to so many UTF-16 units, with an ellipsis; `None` where it fits.
pub(super) fn cut_text(text: &str, units: usize) -> Option<String> {
    // Never more UTF-16 units than bytes.
    let fits = text.len() <= units || text.encode_utf16().count() <= units;
    (!fits).then(|| format!("{}…", cut_utf16(text, units.saturating_sub(1))))
}

/// Lines end with a line feed in a cell; a carriage return would show as `_x000D_`.
pub(super) fn one_line_end(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.contains('\r') {
        Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        text
    }
}

/// Totals of some rows. They stand in the frame, so they are needed before the rows are written:
/// only the columns that are summed, and those with their currencies, are read for them.
fn sum_up(sheet: &Sheet<'_>, rows: Range<usize>, part: &mut Part) {
    let codes = code_columns(&part.totals);
    let summed: Vec<bool> = (part.totals.sums.iter())
        .map(|sum| *sum != Sum::None)
        .collect();
    if !part.totals.any() {
        return;
    }
    let mut row = vec![Cell::Empty; sheet.columns.len()];
    for index in rows {
        for (column, cell) in row.iter_mut().enumerate() {
            if summed[column] {
                *cell = (sheet.cell)(index, column);
                part.as_text[column] |= !numbers::fits(cell);
            } else if codes[column] {
                *cell = (sheet.cell)(index, column);
            }
        }
        part.totals.add(&row);
    }
}

/// The columns that name the currency of a column that is summed.
fn code_columns(totals: &Totals) -> Vec<bool> {
    let mut codes = vec![false; totals.sums.len()];
    for column in totals.code_columns() {
        codes[column] = true;
    }
    codes
}
