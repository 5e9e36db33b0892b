//! The rows that take the place of the template's, each cell in the style of its first.

use super::error::{MAX_COLUMNS, TemplateError};
use super::refs::{self, LAST_ROW, Shift, column_name};
use super::sheet::{Layout, cells};
use super::styles::{Need, Styles};
use super::xml::{escaped, tags, with_attribute, without_attribute};
use super::{Filled, Since, Written};
use crate::write::{harmless, numbers, xlsx};
use duebook_sheet::Cell;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// What a column of the new rows is.
#[derive(Default)]
struct Column {
    style: Option<u32>,
    /// Its column of the data.
    data: Option<usize>,
    /// A formula of the first row, copied.
    formula: Option<String>,
}

/// The exact sum of a column: mantissa and decimals; `None` once it is no sum of figures.
pub(super) type Sums = BTreeMap<u32, Option<(i128, u8)>>;

/// The rows' XML, and the sums of their figures.
pub(super) struct NewRows {
    pub xml: String,
    pub sums: Sums,
    /// Merged cells of the first row, as ranges of columns: every row has them.
    pub merged: Vec<(u32, u32)>,
}

/// Writes them. `moved` says where a formula's references of other rows go.
pub(super) fn write(
    layout: &Layout<'_>,
    filled: &Filled<'_, '_>,
    shift: Shift,
    since: Since,
    styles: &mut Styles,
    counts: &mut Written,
    moved: &dyn Fn(&str) -> Option<String>,
) -> Result<NewRows, TemplateError> {
    let columns = columns(layout, filled, shift)?;
    let open = opening(layout, shift);
    let prefix = layout.prefix;
    let mut out = NewRows {
        xml: String::new(),
        sums: Sums::new(),
        merged: Vec::new(),
    };
    let mut cells = Vec::new();
    for number in shift.first..=shift.now {
        let at = (number - shift.first) as usize;
        let number_text = number.to_string();
        let tag = with_attribute(&open, "r", &number_text);
        out.xml.push_str(&tag);
        let full = at < filled.data.rows;
        if full {
            filled.data.read_row(at, &mut cells);
        }
        for (column, is) in &columns {
            let place = format!("{}{number_text}", column_name(*column));
            let value = is.data.and_then(|d| cells.get(d)).filter(|_| full);
            if let Some(value) = value {
                let cell = value_of(value, since, counts);
                if is.data.is_some() {
                    add(out.sums.entry(*column).or_insert(Some((0, 0))), value);
                }
                push(&mut out.xml, prefix, &place, is.style, cell, styles);
            } else if let Some(formula) = is.formula.as_ref().filter(|_| full) {
                let text = copied(formula, at as i64, moved);
                let style = style_text(is.style);
                let text = escaped(&text);
                let _ = write!(
                    out.xml,
                    "<{prefix}c r=\"{place}\"{style}><{prefix}f>{text}</{prefix}f></{prefix}c>"
                );
            } else if is.style.is_some() {
                let style = style_text(is.style);
                let _ = write!(out.xml, "<{prefix}c r=\"{place}\"{style}/>");
            }
        }
        let _ = write!(out.xml, "</{prefix}row>");
    }
    out.merged = merged(layout, shift.first);
    counts.rows += filled.data.rows as u64;
    Ok(out)
}

/// The columns of the new rows: those of the template's first row, and those filled.
fn columns(
    layout: &Layout<'_>,
    filled: &Filled<'_, '_>,
    shift: Shift,
) -> Result<BTreeMap<u32, Column>, TemplateError> {
    let mut columns: BTreeMap<u32, Column> = BTreeMap::new();
    let first = layout
        .row(shift.first)
        .filter(|_| shift.replaces(shift.first));
    if let Some(row) = first {
        for cell in cells(layout.raw(row)) {
            let formula = layout.formula_of(&cell, row.number);
            let style = cell.style;
            let column = Column {
                style,
                data: None,
                formula,
            };
            columns.insert(cell.column, column);
            if columns.len() > MAX_COLUMNS {
                return Err(TemplateError::TooManyColumns {
                    sheet: filled.place.sheet.clone(),
                    columns: columns.len() as u64,
                });
            }
        }
    }
    let of_columns = column_styles(layout.xml);
    for (data, column) in filled.place.columns.iter().enumerate() {
        let slot = columns.entry(u32::from(*column)).or_default();
        slot.data = Some(data);
        if slot.style.is_none() {
            let from_to = of_columns
                .iter()
                .find(|(from, to, _)| (*from..=*to).contains(&u32::from(*column)));
            slot.style = from_to.map(|(.., style)| *style);
        }
    }
    Ok(columns)
}

/// Styles of whole columns: from, to, style.
fn column_styles(xml: &str) -> Vec<(u32, u32, u32)> {
    let before = tags(xml).take_while(|t| !t.begins("sheetData"));
    let style = |t: super::xml::Tag<'_>| {
        let (from, to) = (t.number("min")?, t.number("max")?);
        Some((from.checked_sub(1)?, to.checked_sub(1)?, t.number("style")?))
    };
    before
        .filter(|t| t.begins("col"))
        .filter_map(style)
        .collect()
}

/// The first tag of the template's first row: its height and look, without what was of that row.
fn opening(layout: &Layout<'_>, shift: Shift) -> String {
    let first = layout
        .row(shift.first)
        .filter(|_| shift.replaces(shift.first));
    let tag = first.and_then(|row| tags(layout.raw(row)).next());
    match tag {
        Some(tag) => {
            let mut open = tag.raw.to_owned();
            for gone in ["spans", "hidden", "collapsed"] {
                open = without_attribute(&open, gone);
            }
            match open.strip_suffix("/>") {
                Some(inner) => format!("{}>", inner.trim_end()),
                None => open,
            }
        }
        None => format!("<{}row>", layout.prefix),
    }
}

/// Merged cells that lie in the first row alone.
fn merged(layout: &Layout<'_>, first: u32) -> Vec<(u32, u32)> {
    let after = super::xml::tags_from(layout.xml, layout.end);
    let of_row = |t: super::xml::Tag<'_>| {
        let (from, to) = t.attribute("ref")?.split_once(':')?;
        let (from, to) = (refs::cell(from)?, refs::cell(to)?);
        (from.1 == first && to.1 == first).then_some((from.0, to.0))
    };
    after
        .filter(|t| t.begins("mergeCell"))
        .filter_map(of_row)
        .take(MAX_COLUMNS)
        .collect()
}

/// A formula of the first row, as it is some rows below.
fn copied(formula: &str, rows: i64, moved: &dyn Fn(&str) -> Option<String>) -> String {
    let text = moved(formula).unwrap_or_else(|| formula.to_owned());
    if rows == 0 {
        return text;
    }
    let copy = |r: refs::Reference, _: &refs::Standing<'_>| refs::Reference {
        from: r.from.copied(rows, 0),
        to: r.to.map(|t| t.copied(rows, 0)),
    };
    refs::formula(&text, copy).unwrap_or(text)
}

/// A value as a cell holds it.
enum Value {
    Nothing,
    Number(String),
    Day(i32),
    Text(String),
    Flag(bool),
}

fn value_of(cell: &Cell<'_>, since: Since, counts: &mut Written) -> Value {
    let mut text = |text: String| {
        let (text, cut) = cut(text);
        counts.cut += u64::from(cut);
        Value::Text(text)
    };
    let exact = |mantissa: i64, exponent: u8| {
        let mut digits = Vec::new();
        numbers::push_decimal(&mut digits, mantissa, exponent);
        String::from_utf8(digits).unwrap_or_default()
    };
    match cell {
        Cell::Empty => Value::Nothing,
        Cell::Text(t) if t.is_empty() => Value::Nothing,
        Cell::Text(t) => text(t.clone().into_owned()),
        Cell::Money { .. } | Cell::Int(_) if !numbers::fits(cell) => {
            counts.as_text += 1;
            Value::Text(cell.plain())
        }
        Cell::Int(n) => Value::Number(exact(*n, 0)),
        Cell::Money { minor, exponent } => Value::Number(exact(*minor, *exponent)),
        Cell::Number(n) => Value::Number(n.normalize().to_string()),
        Cell::Date(day) => match day.excel_serial(since.system()).filter(|s| since.shows(*s)) {
            Some(serial) => Value::Day(serial),
            None => text(cell.plain()),
        },
        Cell::DateTime { .. } => text(cell.plain()),
        Cell::Flag(flag) => Value::Flag(*flag),
    }
}

/// Text as long as a cell holds, in UTF-16.
fn cut(text: String) -> (String, bool) {
    if text.len() <= xlsx::MAX_TEXT || text.encode_utf16().count() <= xlsx::MAX_TEXT {
        return (text, false);
    }
    let mut room = xlsx::MAX_TEXT - 1;
    let fits = |c: &char| {
        let left = room.checked_sub(c.len_utf16());
        room = left.unwrap_or(0);
        left.is_some()
    };
    let mut short: String = text.chars().take_while(fits).collect();
    short.push('…');
    (short, true)
}

fn style_text(style: Option<u32>) -> String {
    style.map_or(String::new(), |s| format!(" s=\"{s}\""))
}

fn push(
    out: &mut String,
    prefix: &str,
    place: &str,
    style: Option<u32>,
    value: Value,
    styles: &mut Styles,
) {
    let needs = match &value {
        Value::Day(_) => Some(Need::Day),
        Value::Text(text) if harmless::at_risk(text) => Some(Need::Quoted),
        _ => None,
    };
    let style = match needs {
        Some(need) => Some(styles.fit(style.unwrap_or(0), need)),
        None => style,
    };
    let style = style_text(style);
    let open = format!("<{prefix}c r=\"{place}\"{style}");
    let valued = |kind: &str, value: &str| {
        format!("{open}{kind}><{prefix}v>{value}</{prefix}v></{prefix}c>")
    };
    match value {
        Value::Nothing => {
            out.push_str(&open);
            out.push_str("/>");
        }
        Value::Number(digits) => out.push_str(&valued("", &digits)),
        Value::Day(serial) => out.push_str(&valued("", &serial.to_string())),
        Value::Flag(flag) => out.push_str(&valued(" t=\"b\"", if flag { "1" } else { "0" })),
        Value::Text(text) => {
            let mut bytes = Vec::with_capacity(text.len() + 16);
            xlsx::escape::push(&mut bytes, &text);
            let text = String::from_utf8(bytes).unwrap_or_default();
            let _ = write!(
                out,
                "{open} t=\"inlineStr\"><{prefix}is><{prefix}t xml:space=\"preserve\">{text}</{prefix}t></{prefix}is></{prefix}c>"
            );
        }
    }
}

fn add(sum: &mut Option<(i128, u8)>, value: &Cell<'_>) {
    let (mantissa, exponent) = match value {
        Cell::Empty => return,
        Cell::Int(n) => (i128::from(*n), 0),
        Cell::Money { minor, exponent } => (i128::from(*minor), *exponent),
        // Texts count nothing in a sum; other numbers are not summed here.
        Cell::Text(_) => return,
        _ => {
            *sum = None;
            return;
        }
    };
    let scaled =
        |m: i128, from: u8, to: u8| m.checked_mul(10i128.checked_pow(u32::from(to - from))?);
    *sum = sum.and_then(|(total, decimals)| {
        let most = decimals.max(exponent);
        let total = scaled(total, decimals, most)?;
        Some((total.checked_add(scaled(mantissa, exponent, most)?)?, most))
    });
}

/// The shift that so many rows of data make.
pub(super) fn shift_of(filled: &Filled<'_, '_>) -> Result<Shift, TemplateError> {
    let place = filled.place;
    // A row stays where there was one, so that what refers to it still does.
    let had = u32::from(place.last >= place.first);
    let rows = u32::try_from(filled.data.rows).unwrap_or(u32::MAX).max(had);
    let now = (place.first - 1).saturating_add(rows);
    if now > LAST_ROW {
        return Err(TemplateError::TooManyRows {
            sheet: place.sheet.clone(),
            rows: u64::from(now),
        });
    }
    Ok(Shift {
        first: place.first,
        last: place.last.max(place.first - 1),
        now,
    })
}
