//! A sheet as plain text: for tests, logs and developers. The app writes files with `exchange`.

use crate::cell::Cell;
use crate::sheet::{Sheet, Total};
use crate::totals::{Sum, Totals};

/// The sheet as text: titles, header, rows, totals; columns as wide as their widest value, numbers
/// on the right. It holds every cell at once, so it is for small sheets.
pub fn render(sheet: &Sheet<'_>) -> String {
    let mut totals = Totals::new(&sheet.columns);
    let mut lines = vec![sheet.columns.iter().map(|c| c.header.clone()).collect()];
    let mut row = Vec::with_capacity(sheet.columns.len());
    for index in 0..sheet.rows {
        sheet.read_row(index, &mut row);
        totals.add(&row);
        lines.push(row.iter().map(Cell::plain).collect());
    }
    lines.extend(total_lines(sheet, &totals, '.'));
    let widths: Vec<usize> = (0..sheet.columns.len())
        .map(|c| {
            lines
                .iter()
                .map(|line: &Vec<String>| line[c].chars().count())
                .max()
                .unwrap_or(0)
        })
        .collect();
    let mut out = String::new();
    for title in &sheet.titles {
        out.push_str(&title.text);
        out.push('\n');
    }
    for line in &lines {
        let mut text = String::new();
        for ((value, width), column) in line.iter().zip(&widths).zip(&sheet.columns) {
            let padding = " ".repeat(width - value.chars().count());
            if column.kind.is_number() {
                text.push_str(&padding);
                text.push_str(value);
            } else {
                text.push_str(value);
                text.push_str(&padding);
            }
            text.push_str("  ");
        }
        out.push_str(text.trim_end());
        out.push('\n');
    }
    out
}

/// The lines under the table as plain text: one for single sums and words, one per currency. Shared
/// with writers of plain formats.
pub fn total_lines(sheet: &Sheet<'_>, totals: &Totals, decimal_mark: char) -> Vec<Vec<String>> {
    let mut lines = Vec::new();
    if totals.any() {
        lines.push(
            sheet
                .columns
                .iter()
                .zip(&totals.sums)
                .map(|(column, sum)| match (&column.total, sum) {
                    (Total::Text(text), _) => text.clone(),
                    (_, Sum::One(sum)) => said(sum.plain(decimal_mark)),
                    _ => String::new(),
                })
                .collect(),
        );
    }
    let code_columns = totals.code_columns();
    for code in totals.codes() {
        lines.push(
            totals
                .sums
                .iter()
                .enumerate()
                .map(|(column, sum)| match sum {
                    Sum::PerCurrency(sums) => sums
                        .get(&code)
                        .map_or(String::new(), |s| said(s.plain(decimal_mark))),
                    _ if code_columns.contains(&column) => code.clone(),
                    _ => String::new(),
                })
                .collect(),
        );
    }
    lines
}

/// What stands where a sum did not fit 128 bits.
pub const TOO_LARGE: &str = "too large to add";

fn said(sum: Option<String>) -> String {
    sum.unwrap_or_else(|| TOO_LARGE.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Column, Control, Figure, Kind, KnownAt, Rate, Readme, ReadmeAt, Reporting, Stamp, Unit,
        Workbook,
    };
    use duebook_money::{Currency, Day};
    use rust_decimal::Decimal;

    fn readme() -> Readme {
        let day = Day::from_ymd(2026, 3, 31).expect("a day");
        let stamp = Stamp {
            day,
            second: 3_661,
            zone: "UTC".into(),
        };
        Readme {
            report: "Aging".into(),
            book: "Acme Ltd".into(),
            as_of: day,
            known_at: KnownAt {
                commit: 12,
                recorded: stamp.clone(),
            },
            basis: "due date".into(),
            reporting: Some(Reporting {
                currency: Currency::EUR,
                rates: vec![Rate {
                    from: Currency::USD,
                    rate: Decimal::new(9_215, 4),
                    day,
                    source: "ECB".into(),
                }],
            }),
            filters: vec![],
            generated: stamp,
            app_version: "0.1.0".into(),
            head_hash: "ab12".into(),
            controls: vec![
                Control {
                    name: "Records".into(),
                    actual: Figure::Count(3),
                    against: None,
                },
                Control {
                    name: "Sum, EUR".into(),
                    actual: Figure::Money {
                        minor: 12_345,
                        currency: Currency::EUR,
                    },
                    against: Some((
                        "Control account".into(),
                        Figure::Money {
                            minor: 12_300,
                            currency: Currency::EUR,
                        },
                    )),
                },
            ],
            limitation: None,
            notes: vec![],
        }
    }

    #[test]
    fn section_10_readme_says_everything() {
        let text = render(&readme().sheet());
        for said in [
            "UNRECONCILED: 1 of 1 controls failed",
            "As of",
            "2026-03-31",
            "commit 12, recorded 2026-03-31 01:01:01 UTC",
            "due date",
            "Rate USD to EUR",
            "0.9215",
            "2026-03-31, ECB",
            "none",
            "0.1.0",
            "ab12",
            "123.45",
            "123.00",
            "0.45",
            "FAILED",
            "stated",
        ] {
            assert!(text.contains(said), "{said} is missing from\n{text}");
        }
    }

    #[test]
    fn section_2_6_unreconciled_stands_on_every_sheet() {
        let sheet = || {
            Sheet::new("A", vec![Column::new("N", Kind::Integer)], 0, |_, _| {
                Cell::Empty
            })
        };
        let book = Workbook::report(&readme(), ReadmeAt::Last, vec![sheet()]);
        assert_eq!(book.sheets[1].name, "README");
        assert!(render(&book.sheets[0]).starts_with("UNRECONCILED"));
        let mut tied = readme();
        tied.controls.truncate(1);
        tied.controls[0].against = Some(("File".into(), Figure::Count(3)));
        let book = Workbook::report(&tied, ReadmeAt::First, vec![sheet()]);
        assert_eq!(book.sheets[0].name, "README");
        assert_eq!(render(&book.sheets[1]), "N\n");
    }

    #[test]
    fn totals_one_line_per_currency() {
        let rows = [("EUR", 250, 2u8), ("JPY", 7, 0), ("EUR", -50, 2)];
        let sheet = Sheet::new(
            "Items",
            vec![
                Column::new("Count", Kind::Integer).sum(),
                Column::new("Ccy", Kind::Text).total_text("Total"),
                Column::new("Open", Kind::Money(Unit::PerRow { currency_column: 1 })).sum(),
            ],
            rows.len(),
            |row, column| {
                let (code, minor, exponent) = rows[row];
                match column {
                    0 => Cell::Int(1),
                    1 => Cell::text(code),
                    _ => Cell::Money { minor, exponent },
                }
            },
        );
        assert_eq!(
            render(&sheet),
            "Count  Ccy     Open\n    1  EUR     2.50\n    1  JPY        7\n    1  EUR    -0.50\n    \
             3  Total\n       EUR     2.00\n       JPY        7\n"
        );
    }
}
