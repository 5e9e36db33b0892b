//! Rows of a sheet as XML, cell by cell into a buffer. Figures are written from their digits: an
//! amount never passes through a double on our side.

use super::super::formats::{Own, unit_exponent};
use super::super::{WriteError, harmless, numbers};
use super::frame::{Filled, cut_text, one_line_end};
use super::strings::{Habit, Strings};
use super::{MAX_TEXT, escape};
use duebook_sheet::{Cell, Kind};
use rust_xlsxwriter::column_number_to_name;
use std::borrow::Cow;
use std::io::Write;

/// Bytes of rows that are gathered before they are compressed.
const BUFFER: usize = 64 * 1024;

/// What had to be written otherwise than it was given.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counts {
    /// Texts that were cut.
    pub(super) truncated: u64,
    /// Figures written as text.
    pub(super) exact_as_text: u64,
}

/// A column of a worksheet.
struct Column {
    kind: Kind,
    /// `<c r="AB`
    open: Vec<u8>,
    /// `" s="5"`, or `"` for the default style.
    styled: Vec<u8>,
    habit: Habit,
}

/// Writes the rows of one worksheet.
pub(super) struct Rows<'x> {
    own: Own,
    strings: &'x mut Strings,
    counts: &'x mut Counts,
    columns: Vec<Column>,
    buffer: Vec<u8>,
    /// Number of the row, as text.
    number: Vec<u8>,
}

impl<'x> Rows<'x> {
    /// For one worksheet.
    pub(super) fn new(
        filled: &Filled<'_, '_>,
        own: Own,
        strings: &'x mut Strings,
        counts: &'x mut Counts,
    ) -> Rows<'x> {
        let columns = (filled.sheet.columns.iter().zip(&filled.styles).zip(0u16..))
            .map(|((column, style), number)| Column {
                kind: column.kind,
                open: format!("<c r=\"{}", column_number_to_name(number)).into_bytes(),
                styled: style_end(*style),
                habit: Habit::default(),
            })
            .collect();
        Rows {
            own,
            strings,
            counts,
            columns,
            buffer: Vec::with_capacity(BUFFER + BUFFER / 4),
            number: Vec::new(),
        }
    }

    /// Adds a row; `number` counts from 1.
    pub(super) fn row(
        &mut self,
        number: u32,
        cells: &[Cell<'_>],
        out: &mut impl Write,
    ) -> Result<(), WriteError> {
        self.number.clear();
        self.number
            .extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
        self.buffer.extend_from_slice(b"<row r=\"");
        self.buffer.extend_from_slice(&self.number);
        self.buffer.extend_from_slice(b"\">");
        for (column, cell) in cells.iter().enumerate() {
            self.cell(column, cell);
        }
        self.buffer.extend_from_slice(b"</row>");
        if self.buffer.len() >= BUFFER {
            self.flush(out)?;
        }
        Ok(())
    }

    /// Hands on what is gathered.
    pub(super) fn flush(&mut self, out: &mut impl Write) -> Result<(), WriteError> {
        out.write_all(&self.buffer)?;
        self.buffer.clear();
        Ok(())
    }

    fn cell(&mut self, column: usize, cell: &Cell<'_>) {
        let kind = self.columns[column].kind;
        match cell {
            Cell::Empty => {}
            Cell::Text(text) => self.text(column, text),
            Cell::Flag(flag) => {
                self.open(column, None);
                let value: &[u8] = if *flag { b"1" } else { b"0" };
                self.value(b" t=\"b\"><v>", value);
            }
            Cell::Int(n) => {
                let own = (!kind.is_number()).then_some(self.own.integer);
                self.figure(column, own, *n, 0, cell);
            }
            Cell::Money { minor, exponent } => {
                let own = match kind {
                    Kind::Money(unit) if unit_exponent(unit) == *exponent => None,
                    _ => Some(self.own.money(*exponent)),
                };
                self.figure(column, own, *minor, *exponent, cell);
            }
            Cell::Number(number) => {
                self.open(column, (!kind.is_number()).then_some(self.own.number));
                self.value(b"><v>", number.normalize().to_string().as_bytes());
            }
            Cell::Date(day) => match numbers::serial(*day) {
                Some(serial) => {
                    self.open(column, (kind != Kind::Date).then_some(self.own.date));
                    self.value(b"><v>", itoa::Buffer::new().format(serial).as_bytes());
                }
                // A day Excel does not know.
                None => self.text(column, &cell.plain()),
            },
            Cell::DateTime { day, second } => match numbers::moment(*day, *second) {
                Some(moment) => {
                    let own = (kind != Kind::DateTime).then_some(self.own.date_time);
                    self.open(column, own);
                    self.value(b"><v>", moment.to_string().as_bytes());
                }
                None => self.text(column, &cell.plain()),
            },
        }
    }

    /// An exact figure: a number while Excel keeps all its digits, else text.
    fn figure(
        &mut self,
        column: usize,
        own: Option<u32>,
        mantissa: i64,
        exponent: u8,
        cell: &Cell<'_>,
    ) {
        if !numbers::fits(cell) {
            self.counts.exact_as_text += 1;
            self.text(column, &cell.plain());
            return;
        }
        self.open(column, own);
        self.buffer.extend_from_slice(b"><v>");
        numbers::push_decimal(&mut self.buffer, mantissa, exponent);
        self.buffer.extend_from_slice(b"</v></c>");
    }

    /// Writes text as text, whatever it begins with.
    fn text(&mut self, column: usize, text: &str) {
        if text.is_empty() {
            return;
        }
        let own = harmless::at_risk(text).then_some(self.own.quoted);
        let text = one_line_end(Cow::Borrowed(text));
        let text = match cut_text(&text, MAX_TEXT) {
            None => text,
            Some(cut) => {
                self.counts.truncated += 1;
                Cow::Owned(cut)
            }
        };
        self.open(column, own);
        match self.strings.id(&mut self.columns[column].habit, &text) {
            Some(id) => {
                let mut digits = itoa::Buffer::new();
                self.value(b" t=\"s\"><v>", digits.format(id).as_bytes());
            }
            None => {
                self.buffer.extend_from_slice(b" t=\"inlineStr\"><is>");
                escape::open_text(&mut self.buffer, &text);
                escape::push(&mut self.buffer, &text);
                self.buffer.extend_from_slice(b"</t></is></c>");
            }
        }
    }

    /// Begins a cell, up to its style.
    fn open(&mut self, column: usize, own: Option<u32>) {
        let of = &self.columns[column];
        self.buffer.extend_from_slice(&of.open);
        self.buffer.extend_from_slice(&self.number);
        match own {
            None => self.buffer.extend_from_slice(&of.styled),
            Some(style) => self.buffer.extend_from_slice(&style_end(style)),
        }
    }

    fn value(&mut self, open: &[u8], value: &[u8]) {
        self.buffer.extend_from_slice(open);
        self.buffer.extend_from_slice(value);
        self.buffer.extend_from_slice(b"</v></c>");
    }
}

/// The end of a cell's address, and its style where it has one.
fn style_end(style: u32) -> Vec<u8> {
    if style == 0 {
        b"\"".to_vec()
    } else {
        format!("\" s=\"{style}\"").into_bytes()
    }
}
