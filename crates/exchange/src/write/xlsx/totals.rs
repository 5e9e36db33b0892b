//! The rows under a table: a formula with its cached value for every sum.
//!
//! A sum of one currency is `SUBTOTAL(109, ...)`, so it follows the filter. Sums per currency are
//! `SUMIF` by the code of the row. Where a sheet had to be split, each part has its own total and
//! the last has that of all parts.

use super::super::layout::Head;
use super::super::{WriteError, numbers};
use super::frame::{Part, Writer};
use duebook_sheet::{Exact, Sheet, Sum, Total, Totals, text::TOO_LARGE};
use rust_xlsxwriter::{self as excel, Format, Formula, Worksheet, column_number_to_name};

/// Writes the total of one worksheet, right under its rows.
pub(super) fn under_part(
    writer: &mut Writer<'_>,
    worksheet: &mut Worksheet,
    sheet: &Sheet<'_>,
    part: &mut Part,
) -> Result<(), WriteError> {
    if !part.totals.any_single() {
        return Ok(());
    }
    let row = part.next;
    part.next += 1;
    for (number, column) in (0u16..).zip(&sheet.columns) {
        let index = usize::from(number);
        let format = writer.formats.total(column.kind, None);
        match (&column.total, &part.totals.sums[index]) {
            (Total::Text(text), _) => {
                writer.text(worksheet, row, number, text.as_str().into(), Some(&format))?;
            }
            (_, Sum::One(sum)) => {
                let name = column_number_to_name(number);
                let formula = part
                    .data
                    .filter(|_| !part.as_text[index])
                    .map(|(a, b)| format!("SUBTOTAL(109,{name}{}:{name}{})", a + 1, b + 1));
                put(writer, worksheet, (row, number), *sum, formula, &format)?;
            }
            _ => {
                worksheet.write_blank(row, number, &format)?;
            }
        }
    }
    Ok(())
}

/// Writes what stands under the last worksheet: the total of all parts and the sums per currency.
/// They open a worksheet of their own where the last has no room.
pub(super) fn after_last(
    writer: &mut Writer<'_>,
    file: &mut excel::Workbook,
    sheet: &Sheet<'_>,
    head: Head,
    parts: &[Part],
) -> Result<(), WriteError> {
    let mut all = Totals::new(&sheet.columns);
    for part in parts.iter() {
        all.merge(&part.totals);
    }
    let codes = all.codes();
    let grand = parts.len() > 1 && all.any_single();
    let needed = u32::try_from(codes.len())
        .unwrap_or(u32::MAX)
        .saturating_add(u32::from(grand));
    let Some(last) = parts.last() else {
        return Ok(());
    };
    if needed == 0 {
        return Ok(());
    }
    let (worksheet, mut row) = if last.next.saturating_add(needed) <= writer.max_rows {
        (last.worksheet, last.next)
    } else {
        let opened = writer.open(file, sheet, head, 0)?;
        (opened.worksheet, opened.next)
    };
    let worksheet = file.worksheet_from_index(worksheet)?;
    if grand {
        all_parts(writer, worksheet, row, sheet, &all, parts)?;
        row += 1;
    }
    for code in &codes {
        one_currency(writer, worksheet, row, sheet, (&all, code), parts)?;
        row += 1;
    }
    Ok(())
}

/// The total of all parts: the sum of their totals.
fn all_parts(
    writer: &mut Writer<'_>,
    worksheet: &mut Worksheet,
    row: u32,
    sheet: &Sheet<'_>,
    all: &Totals,
    parts: &[Part],
) -> Result<(), WriteError> {
    for (number, column) in (0u16..).zip(&sheet.columns) {
        let index = usize::from(number);
        let format = writer.formats.total(column.kind, None);
        match (&column.total, &all.sums[index]) {
            (Total::Text(text), _) => {
                let text = format!("{text}, all {} sheets", parts.len());
                writer.text(worksheet, row, number, text.into(), Some(&format))?;
            }
            (_, Sum::One(sum)) => {
                let name = column_number_to_name(number);
                // The total of a part stands right under its rows.
                let terms: Vec<String> = parts
                    .iter()
                    .filter_map(|part| part.data.map(|(_, last)| (part, last)))
                    .map(|(part, last)| format!("{}!{name}{}", quoted(&part.name), last + 2))
                    .collect();
                let formula =
                    (!parts.iter().any(|part| part.as_text[index])).then(|| terms.join("+"));
                put(writer, worksheet, (row, number), *sum, formula, &format)?;
            }
            _ => {
                worksheet.write_blank(row, number, &format)?;
            }
        }
    }
    Ok(())
}

/// The sums of one currency.
fn one_currency(
    writer: &mut Writer<'_>,
    worksheet: &mut Worksheet,
    row: u32,
    sheet: &Sheet<'_>,
    (all, code): (&Totals, &str),
    parts: &[Part],
) -> Result<(), WriteError> {
    let code_columns = all.code_columns();
    for (number, column) in (0u16..).zip(&sheet.columns) {
        let index = usize::from(number);
        if code_columns.contains(&index) {
            let format = writer.formats.total(column.kind, None);
            let label = if code.is_empty() { "no currency" } else { code };
            writer.text(worksheet, row, number, label.into(), Some(&format))?;
            continue;
        }
        let sum = match &all.sums[index] {
            Sum::PerCurrency(sums) => sums.get(code).copied(),
            _ => None,
        };
        let Some(sum) = sum else {
            let format = writer.formats.total(column.kind, None);
            worksheet.write_blank(row, number, &format)?;
            continue;
        };
        let exponent = sum.parts().map(|(_, exponent)| exponent);
        let format = writer.formats.total(column.kind, exponent);
        let formula = all
            .code_column(index)
            .and_then(|c| u16::try_from(c).ok())
            .filter(|_| !parts.iter().any(|part| part.as_text[index]))
            .and_then(|codes| sum_if(parts, codes, number, code));
        put(writer, worksheet, (row, number), sum, formula, &format)?;
    }
    Ok(())
}

/// `SUMIF` over all parts. Only for codes that are words: `SUMIF` reads `>5` or `E*` as patterns.
pub(super) fn sum_if(parts: &[Part], codes: u16, amounts: u16, code: &str) -> Option<String> {
    if code.is_empty() || !code.bytes().all(|b| b.is_ascii_alphabetic()) {
        return None;
    }
    let (codes, amounts) = (column_number_to_name(codes), column_number_to_name(amounts));
    let terms: Vec<String> = parts
        .iter()
        .filter_map(|part| part.data.map(|(a, b)| (quoted(&part.name), a + 1, b + 1)))
        .map(|(sheet, a, b)| {
            format!(
                "SUMIF({sheet}!{codes}{a}:{codes}{b},\"{code}\",{sheet}!{amounts}{a}:{amounts}{b})"
            )
        })
        .collect();
    Some(terms.join("+"))
}

/// Writes a sum: a formula with its cached value; without a formula, the number; beyond Excel's
/// digits, exact text.
fn put(
    writer: &mut Writer<'_>,
    worksheet: &mut Worksheet,
    (row, column): (u32, u16),
    sum: Exact,
    formula: Option<String>,
    format: &Format,
) -> Result<(), WriteError> {
    match (numbers::cached(sum), formula) {
        (Some((_, value)), Some(formula)) if !formula.is_empty() => {
            let formula = Formula::new(formula).set_result(value);
            worksheet.write_formula_with_format(row, column, formula, format)?;
        }
        (Some((value, _)), _) => {
            worksheet.write_number_with_format(row, column, value, format)?;
        }
        (None, _) => {
            writer.exact_as_text += 1;
            let text = sum.plain('.').unwrap_or_else(|| TOO_LARGE.to_owned());
            worksheet.write_string_with_format(row, column, text, format)?;
        }
    }
    Ok(())
}

/// A sheet's name in a formula.
pub(super) fn quoted(name: &str) -> String {
    format!("'{}'", name.replace('\'', "''"))
}
