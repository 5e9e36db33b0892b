//! What a worksheet is set up with: widths, header, filter, print, rules.

use super::WriteError;
use super::formats::{self, Formats};
use super::names::cut_utf16;
use duebook_sheet::{Kind, Rule, Sheet, Test, Tone};
use rust_xlsxwriter::{
    ConditionalFormatCell, ConditionalFormatCellRule, ConditionalFormatFormula, IgnoreError, Note,
    Worksheet, column_number_to_name,
};

/// Where a sheet's header stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Head {
    /// Row of the header, counted from 0.
    pub(super) header: u32,
}

impl Head {
    /// Under the titles, with a blank row between; `None` if there are more than rows can be
    /// counted.
    pub(super) fn of(sheet: &Sheet<'_>) -> Option<Head> {
        let titles = u32::try_from(sheet.titles.len()).ok()?;
        let header = titles.checked_add(u32::from(titles > 0))?;
        header.checked_add(2)?;
        Some(Head { header })
    }

    /// Row of the first data row.
    pub(super) fn first_row(self) -> u32 {
        self.header + 1
    }
}

/// A4.
const PAPER: u8 = 9;
/// UTF-16 units of a printed footer.
const FOOTER: usize = 200;

/// Sets a worksheet up. Its rows of data are given where it has any.
pub(super) fn set_up(
    worksheet: &mut Worksheet,
    sheet: &Sheet<'_>,
    head: Head,
    data: Option<(u32, u32)>,
    formats: &Formats,
    footer: &str,
) -> Result<(), WriteError> {
    for (column, number) in sheet.columns.iter().zip(0u16..) {
        worksheet.set_column_width(number, f64::from(column.characters()))?;
        if let Some(format) = formats.column(column.kind) {
            worksheet.set_column_format(number, &format)?;
        }
        if let Some(note) = &column.note {
            let note = Note::new(cut_utf16(note, 2_000)).add_author_prefix(false);
            worksheet.insert_note(head.header, number, &note)?;
        }
    }
    // The caller refused sheets of more columns than fit 16 bits, and of none.
    let last_column = u16::try_from(sheet.columns.len().saturating_sub(1)).unwrap_or(u16::MAX);
    worksheet.set_freeze_panes(head.first_row(), sheet.freeze_columns.min(last_column))?;
    if sheet.filter {
        let last_row = data.map_or(head.header, |(_, last)| last);
        worksheet.autofilter(head.header, 0, last_row, last_column)?;
    }
    print(worksheet, head, footer)?;
    if let Some(data) = data {
        rules(worksheet, sheet, data, last_column, formats)?;
    }
    Ok(())
}

fn print(worksheet: &mut Worksheet, head: Head, footer: &str) -> Result<(), WriteError> {
    worksheet
        .set_paper_size(PAPER)
        .set_landscape()
        .set_print_fit_to_pages(1, 0)
        .set_repeat_rows(head.header, head.header)?;
    // `&` begins a code in a footer, so it is doubled, and a pair is never cut in two.
    let doubled = footer.replace('&', "&&");
    let mut footer = cut_utf16(&doubled, FOOTER);
    let marks = footer.len() - footer.trim_end_matches('&').len();
    if marks % 2 == 1 {
        footer = &footer[..footer.len() - 1];
    }
    worksheet.set_footer(format!("&L{footer}&RPage &P of &N"));
    Ok(())
}

fn rules(
    worksheet: &mut Worksheet,
    sheet: &Sheet<'_>,
    (first, last): (u32, u32),
    last_column: u16,
    formats: &Formats,
) -> Result<(), WriteError> {
    for (column, number) in sheet.columns.iter().zip(0u16..) {
        match column.kind {
            // Document numbers are text on purpose; no green triangle in every cell.
            Kind::Text => {
                worksheet.ignore_error_range(
                    first,
                    number,
                    last,
                    number,
                    IgnoreError::NumberStoredAsText,
                )?;
            }
            Kind::Money(unit) => {
                if let Some(format) = formats.negative_money(unit) {
                    let rule = ConditionalFormatCell::new()
                        .set_rule(ConditionalFormatCellRule::LessThanOrEqualTo(-100_000))
                        .set_format(format);
                    worksheet.add_conditional_format(first, number, last, number, &rule)?;
                }
            }
            _ => {}
        }
    }
    for rule in &sheet.rules {
        let Ok(column) = u16::try_from(rule.column) else {
            continue; // refused before: rules outside the columns are a problem of the report
        };
        if rule.tone == Tone::Plain {
            continue;
        }
        let format = ConditionalFormatFormula::new()
            .set_rule(condition(rule, column, first).as_str())
            .set_format(formats::rule(rule.tone))
            .set_stop_if_true(true);
        let (from, to) = if rule.whole_row {
            (0, last_column)
        } else {
            (column, column)
        };
        worksheet.add_conditional_format(first, from, last, to, &format)?;
    }
    Ok(())
}

/// The condition, as it reads for the first row.
fn condition(rule: &Rule, column: u16, first: u32) -> String {
    let cell = format!("${}{}", column_number_to_name(column), first + 1);
    match &rule.test {
        Test::Above(limit) => format!("=AND(ISNUMBER({cell}),{cell}>{limit})"),
        Test::Below(limit) => format!("=AND(ISNUMBER({cell}),{cell}<{limit})"),
        Test::Is(text) => format!("={cell}=\"{}\"", text.replace('"', "\"\"")),
        Test::Filled => format!("=LEN({cell})>0"),
    }
}
