//! The published cases of `../shared/data/oracles`, where that folder is present.

use duebook_money::amount::{parse, parse_plain};
use duebook_money::date::{DateOrder, OrderInference, infer_order, parse_with, two_digit_year};
use duebook_money::terms::{DueContext, Terms, due_dates};
use duebook_money::{AmountError, Day, Style};
use rust_decimal::Decimal;
use serde_json::Value;
use std::path::PathBuf;

fn oracle(name: &str) -> Option<Vec<Value>> {
    let path: PathBuf = [
        env!("CARGO_MANIFEST_DIR"),
        "../../../shared/data/oracles",
        name,
    ]
    .iter()
    .collect();
    let Ok(text) = std::fs::read_to_string(path) else {
        println!("skipped: ../shared absent");
        return None;
    };
    Some(serde_json::from_str(&text).expect("an array of cases"))
}

fn text<'a>(case: &'a Value, key: &str) -> &'a str {
    case[key].as_str().unwrap_or_default()
}

fn day(text: &str) -> Day {
    parse_with(DateOrder::Ymd, text.as_bytes()).expect(text)
}

#[test]
fn numbers() {
    for case in oracle("numbers.json").unwrap_or_default() {
        let style = match text(&case, "style") {
            "comma" => Style::COMMA,
            "ofx" => Style::EITHER,
            _ => Style::POINT,
        };
        let cell = text(&case, "text");
        let read = parse(cell, style);
        let plain = parse_plain(cell.as_bytes(), 2, style);
        match case["value"].as_str() {
            Some(value) => {
                let value: Decimal = value.parse().expect("a decimal");
                assert_eq!(read.map(|a| a.value), Ok(value), "{cell}");
                assert_eq!(
                    plain,
                    Ok(
                        i64::try_from((value * Decimal::ONE_HUNDRED).trunc().mantissa())
                            .expect("small")
                    ),
                    "{cell}"
                );
            }
            None => assert_eq!(
                (read, plain),
                (Err(AmountError::Empty), Err(AmountError::Empty)),
                "{cell}"
            ),
        }
    }
}

#[test]
fn dates() {
    for case in oracle("dates.json").unwrap_or_default() {
        let (cell, value) = (text(&case, "text"), text(&case, "value"));
        // "10/2009/09 with pattern D/Y/M": the pattern is the order.
        let cell = cell.split(" with ").next().unwrap_or(cell);
        let read = |order| parse_with(order, cell.as_bytes()).map(|d| d.to_string());
        match text(&case, "style") {
            "two-digit year" => {
                let year = two_digit_year(cell.parse().expect("two digits"), 2026);
                assert_eq!(year.to_string(), value);
            }
            "QIF" => {
                assert_eq!(read(DateOrder::Dmy).as_deref(), Ok("2020-10-02"));
                assert_eq!(read(DateOrder::Mdy).as_deref(), Ok("2020-02-10"));
                assert!(matches!(
                    infer_order([cell]),
                    OrderInference::Ambiguous { .. }
                ));
            }
            "IBM data set M/D/YYYY" => {
                assert_eq!(
                    infer_order([cell, "1/26/2013"]),
                    OrderInference::Certain(DateOrder::Mdy)
                );
                assert_eq!(read(DateOrder::Mdy).as_deref(), Ok(value));
            }
            "custom" => assert_eq!(read(DateOrder::Dym).as_deref(), Ok(value)),
            _ => assert_eq!(
                read(DateOrder::Ymd).as_deref(),
                Ok(value.get(..10).unwrap_or(value))
            ),
        }
    }
}

/// HL-01..07: the dates and amounts of the rows; finding the rows is the business of `exchange`.
#[test]
fn csv_import_hledger() {
    for case in oracle("csv_import_hledger.json").unwrap_or_default() {
        let order = if text(&case, "map").contains("sign inverted") {
            DateOrder::Ymd
        } else {
            DateOrder::Dym
        };
        let expected = case["expect"].as_array().expect("rows");
        let lines = text(&case, "csv")
            .lines()
            .map(|l| l.split([',', ';']).collect::<Vec<_>>());
        let read: Vec<(String, i64)> = lines
            .filter_map(|cells| {
                let date = parse_with(order, cells.first()?.as_bytes()).ok()?;
                let cell = |i: usize| {
                    cells
                        .get(i)
                        .map(|c| parse_plain(c.as_bytes(), 0, Style::POINT))
                };
                let inflow = cell(2)?
                    .or_else(|_| cell(3).unwrap_or(Err(AmountError::Empty)).map(|n| -n))
                    .ok()?;
                let sign = if order == DateOrder::Ymd { -1 } else { 1 };
                Some((date.to_string(), inflow * sign))
            })
            .collect();
        let expected: Vec<(String, i64)> = expected
            .iter()
            .map(|row| {
                (
                    row[0].as_str().unwrap_or_default().to_owned(),
                    row[1].as_str().and_then(|n| n.parse().ok()).unwrap_or(0),
                )
            })
            .collect();
        assert_eq!(read, expected, "{}", text(&case, "id"));
    }
}

#[test]
fn payment_terms_odoo() {
    for case in oracle("payment_terms_odoo.json").unwrap_or_default() {
        // The same terms in this project's grammar.
        let grammar = match text(&case, "id") {
            "PT-01" => "immediate",
            "PT-02" => "45 days EOM from-EOM",
            "PT-04" => "EOM",
            other => panic!("a term that is not in the table: {other}"),
        };
        let terms = Terms::parse(grammar).expect(grammar);
        for row in case["cases"].as_array().expect("cases") {
            let invoice = day(text(row, "invoice_date"));
            let due = due_dates(invoice, &terms, &DueContext::default()).expect("due dates");
            assert_eq!(
                due[0].due,
                day(text(row, "due_date")),
                "{grammar} {invoice}"
            );
        }
    }
}
