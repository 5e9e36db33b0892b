//! Amount cells: every notation, every refusal, and properties.

use duebook_money::amount::{CurrencyMark, Rounded, Side, parse, parse_plain};
use duebook_money::{AmountError, Currency, NumberFormat, Style};
use proptest::prelude::*;
use rust_decimal::Decimal;

fn read(cell: &str, style: Style) -> Result<String, AmountError> {
    parse(cell, style).map(|a| a.signed().normalize().to_string())
}

#[test]
fn every_notation() {
    for (cell, value) in [
        ("1,234.56", "1234.56"),
        ("1,23,456.00", "123456"),
        ("12,34.56", "1234.56"),
        ("(123.45)", "-123.45"),
        ("123.45-", "-123.45"),
        ("-123", "-123"),
        ("\u{2212}123.4", "-123.4"),
        ("+12", "12"),
        ("123.45 CR", "-123.45"),
        ("123.45Cr.", "-123.45"),
        ("Dr 123.45", "123.45"),
        ("DR.123.45", "123.45"),
        ("1'234.50", "1234.5"),
        ("1\u{2019}234\u{2019}567.50", "1234567.5"),
        ("1\u{a0}234.50", "1234.5"),
        ("1\u{2009}234\u{202f}567", "1234567"),
        (" 12.00\u{a0}", "12"),
        ("$1.23", "1.23"),
        ("-$1.23", "-1.23"),
        ("$-1.23", "-1.23"),
        ("($900.23)", "-900.23"),
        ("$(900.23)", "-900.23"),
        ("US$ 5", "5"),
        ("1,234.56 USD", "1234.56"),
        ("USD1,234.56-", "-1234.56"),
        ("Rs.500", "500"),
        ("Rs. 1,27,500.00", "127500"),
        ("500 Rs.", "500"),
        ("₹ 5,00,000", "500000"),
        ("kr 12", "12"),
        ("R 12", "12"),
        ("CHF 1'000.00", "1000"),
        (".50", "0.5"),
        ("100.", "100"),
        ("1.23E+5", "123000"),
        ("1.5e-2", "0.015"),
        ("-0.00", "0"),
        ("'42", "42"),
        ("S$ 10", "10"),
        ("10 S", "10"),
        ("10 H", "-10"),
    ] {
        assert_eq!(read(cell, Style::POINT).as_deref(), Ok(value), "{cell}");
    }
    for (cell, value) in [
        ("1.234,56", "1234.56"),
        ("-1.000,00 €", "-1000"),
        ("1.234,56-", "-1234.56"),
        ("€1,44", "1.44"),
        ("1 234,56 zł", "1234.56"),
        ("1.234", "1234"),
        ("1'234,5", "1234.5"),
    ] {
        assert_eq!(read(cell, Style::COMMA).as_deref(), Ok(value), "{cell}");
    }
    for (cell, value) in [
        ("1400,82", "1400.82"),
        ("-12.80", "-12.8"),
        ("1.234", "1.234"),
    ] {
        assert_eq!(read(cell, Style::EITHER).as_deref(), Ok(value), "{cell}");
    }
}

#[test]
fn refusals_say_why() {
    use AmountError::{
        Bracket, Character, DoubleSign, Empty, Grouping, Marks, Overflow, TwoCurrencies, Word,
    };
    for (cell, error) in [
        ("", Empty),
        ("  \u{a0}", Empty),
        ("-", Empty),
        ("\u{2013}", Empty),
        ("$ -", Empty),
        ("(-5)", DoubleSign),
        ("-5-", DoubleSign),
        ("--5", DoubleSign),
        ("((5))", DoubleSign),
        ("-5 CR", DoubleSign),
        ("5 DR CR", DoubleSign),
        ("(5", Bracket),
        ("5)", Bracket),
        ("1.2.3", Marks),
        ("1.5,0", Marks),
        ("1,5", Grouping),
        ("1,2345", Grouping),
        ("1,,234", Grouping),
        (",123", Grouping),
        ("12 34", Grouping),
        ("1 2", Grouping),
        ("5%", Character { at: 1, found: '%' }),
        ("+", Character { at: 0, found: '+' }),
        ("()", Character { at: 1, found: ')' }),
        ("USD", Character { at: 0, found: 'U' }),
        ("12x5", Character { at: 2, found: 'x' }),
        ("abc", Word { at: 0 }),
        ("12 apples", Word { at: 3 }),
        ("1E", Word { at: 1 }),
        ("EUR $5", TwoCurrencies),
        ("EUR 5 USD", TwoCurrencies),
        ("99999999999999999999999999999999999999999", Overflow),
        ("1E99", Overflow),
        (".", Character { at: 0, found: '.' }),
        ("2020-01-02", Character { at: 4, found: '-' }),
    ] {
        assert_eq!(read(cell, Style::POINT), Err(error), "{cell}");
        assert_eq!(
            parse_plain(cell.as_bytes(), 2, Style::POINT),
            Err(error),
            "{cell}"
        );
    }
    assert_eq!(read("1,234.56", Style::COMMA), Err(Marks));
    assert_eq!(read("1.5", Style::COMMA), Err(Grouping));
    assert_eq!(read("1,234.5", Style::EITHER), Err(Marks));
    assert_eq!(
        parse_plain(b"99999999999999999999", 2, Style::POINT),
        Err(Overflow)
    );
    assert_eq!(
        parse_plain(b"\xff", 2, Style::POINT),
        Err(Character {
            at: 0,
            found: '\u{fffd}'
        })
    );
}

#[test]
fn what_stands_beside_the_amount_is_returned() {
    let a = parse("$ 5.00 CR", Style::POINT).expect("reads");
    assert_eq!(
        (a.side, a.currency),
        (Some(Side::Credit), Some(CurrencyMark::Symbol("$")))
    );
    assert_eq!(a.value, Decimal::new(500, 2));
    assert!(a.currency.expect("a sign").candidates().len() > 1);
    let a = parse("$5 cad", Style::POINT).expect("reads");
    assert_eq!(
        a.currency,
        Some(CurrencyMark::Code(
            Currency::from_code("CAD").expect("a code")
        ))
    );
    let a = parse("USD 5.00", Style::POINT).expect("reads");
    assert_eq!(a.currency, Some(CurrencyMark::Code(Currency::USD)));
}

#[test]
fn more_decimals_than_the_currency_has() {
    let excess = |minor, excess: &str| {
        Err(AmountError::Excess(Rounded {
            minor,
            excess: excess.parse().expect("a decimal"),
        }))
    };
    for (cell, exponent, result) in [
        ("12.3400", 2, Ok(1234)),
        ("12.345", 2, excess(1235, "-0.005")),
        ("12.344", 2, excess(1234, "0.004")),
        ("-12.345", 2, excess(-1235, "0.005")),
        ("12.345", 3, Ok(12_345)),
        ("12.5", 0, excess(13, "-0.5")),
        ("12", 0, Ok(12)),
        ("12.3 CR", 0, excess(-12, "-0.3")),
        ("0.001", 2, excess(0, "0.001")),
    ] {
        assert_eq!(
            parse_plain(cell.as_bytes(), exponent, Style::POINT),
            result,
            "{cell}"
        );
        assert_eq!(
            parse(cell, Style::POINT).and_then(|a| a.minor(exponent)),
            result,
            "{cell}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn never_panics(bytes in prop::collection::vec(any::<u8>(), 0..40), exponent in 0u8..5) {
        for style in [Style::POINT, Style::COMMA, Style::EITHER] {
            let _ = parse_plain(&bytes, exponent, style);
        }
    }

    #[test]
    fn the_quick_way_and_the_full_one_agree_on_groups(
        cell in "-?[0-9]{0,4}([.,][0-9]{1,4}){0,4}", exponent in 0u8..5
    ) {
        for style in [Style::POINT, Style::COMMA, Style::EITHER] {
            let full = parse(&cell, style).and_then(|a| a.minor(exponent));
            prop_assert_eq!(parse_plain(cell.as_bytes(), exponent, style), full, "{}", cell);
        }
    }

    #[test]
    fn never_panics_on_what_looks_like_an_amount(
        cell in "[-+() $€£.,'0-9 eEA-Zr\u{a0}\u{2212}]{0,24}", exponent in 0u8..5
    ) {
        for style in [Style::POINT, Style::COMMA, Style::EITHER] {
            let _ = duebook_money::amount::infer_style([cell.as_str()]);
            let plain = parse_plain(cell.as_bytes(), exponent, style);
            let full = parse(&cell, style).and_then(|a| a.minor(exponent));
            // Beyond 28 digits only the short way stays exact.
            if full != Err(AmountError::Overflow) {
                prop_assert_eq!(plain, full, "{}", cell);
            }
        }
    }

    #[test]
    fn what_is_written_is_read_back(minor: i64, exponent in 0u8..5) {
        let formats = [
            (NumberFormat::PLAIN, Style::POINT),
            (NumberFormat::WESTERN, Style::POINT),
            (NumberFormat::INDIAN, Style::POINT),
            (NumberFormat::CONTINENTAL, Style::COMMA),
            (NumberFormat { group_mark: '\u{202f}', ..NumberFormat::CONTINENTAL }, Style::COMMA),
            (NumberFormat { group_mark: '\'', ..NumberFormat::WESTERN }, Style::POINT),
        ];
        for (format, style) in formats {
            let cell = format.minor(i128::from(minor), exponent);
            prop_assert_eq!(parse_plain(cell.as_bytes(), exponent, style), Ok(minor), "{}", cell);
            let cell = format!("{cell} EUR");
            prop_assert_eq!(parse_plain(cell.as_bytes(), exponent, style), Ok(minor), "{}", cell);
        }
    }
}
