//! Date cells: every form, every refusal, and properties.

use chrono::{Datelike, NaiveDate};
use duebook_money::Day;
use duebook_money::date::{
    CENTURY_REFERENCE, DateError, DateOrder, infer_order, parse_around, parse_iso_bytes,
    parse_with, two_digit_year,
};
use proptest::prelude::*;

fn read(order: DateOrder, cell: &str) -> Result<String, DateError> {
    parse_with(order, cell.as_bytes()).map(|d| d.to_string())
}

#[test]
fn every_usual_form() {
    use DateOrder::{Dmy, Dym, Mdy, Ymd};
    for (order, cell, day) in [
        (Ymd, "2020-03-30", "2020-03-30"),
        (Ymd, "2020/3/9", "2020-03-09"),
        (Ymd, "20200330", "2020-03-30"),
        (Ymd, "20200410.0", "2020-04-10"),
        (Ymd, "200410", "2020-04-10"),
        (Ymd, "26-03-02", "2026-03-02"),
        (Ymd, "2020-03-13 15:28:04.1875", "2020-03-13"),
        (Ymd, "2020-03-13T15:28:04Z", "2020-03-13"),
        (Ymd, "2020-03-13T00:00:00.000+02:00", "2020-03-13"),
        (Ymd, "20260302120000[-5:EST]", "2026-03-02"),
        (Ymd, "20260302120000.000[0:GMT]", "2026-03-02"),
        (Ymd, "20260302T120000Z", "2026-03-02"),
        (Dmy, "03.04.2020", "2020-04-03"),
        (Dmy, "3.4.20", "2020-04-03"),
        (Dmy, "03/04/2020", "2020-04-03"),
        (Dmy, "2020-04-03", "2020-04-03"),
        (Dmy, "30032020", "2020-03-30"),
        (Dmy, "13.03.2020 15:28", "2020-03-13"),
        (Dmy, "13.03.2020, 15.28 Uhr", "2020-03-13"),
        (Dmy, "2/10'2020", "2020-10-02"),
        (Mdy, "2/10'20", "2020-02-10"),
        (Mdy, "3/13/2020 3:28:04 PM", "2020-03-13"),
        (Mdy, "03302020", "2020-03-30"),
        (Mdy, "Mar 2, 2026", "2026-03-02"),
        (Dmy, "2-Mar-26", "2026-03-02"),
        (Mdy, "2/Mar/26", "2026-03-02"),
        (Ymd, "2-Mar-26", "2026-03-02"),
        (Ymd, "2026 Mar 2", "2026-03-02"),
        (Dmy, "2nd of March 2026", "2026-03-02"),
        (Dmy, "Fri, 13 Mar 2026 10:00:00 GMT", "2026-03-13"),
        (Dmy, "2. März 2026", "2026-03-02"),
        (Dmy, "2 MÄRZ 2026", "2026-03-02"),
        (Dmy, "2. Mrz. 2026", "2026-03-02"),
        (Dmy, "15-Dez-2025", "2025-12-15"),
        (Dmy, "1er févr. 2026", "2026-02-01"),
        (Dmy, "14 août 2026", "2026-08-14"),
        (Dmy, "2 de enero de 2026", "2026-01-02"),
        (Dym, "10/2009/09", "2009-09-10"),
        (Ymd, " 2020-03-30 ", "2020-03-30"),
    ] {
        assert_eq!(read(order, cell).as_deref(), Ok(day), "{cell}");
    }
    assert_eq!(read(Dmy, "31.12.9999").as_deref(), Ok("9999-12-31"));
    // A year that comes last is no date of a column of years first.
    assert_eq!(read(Ymd, "31.12.9999"), Err(DateError::WrongOrder));
}

#[test]
fn refusals_say_why() {
    use DateError::{Empty, NoSuchDay, NotADate, WrongOrder, Year};
    for (cell, error) in [
        ("", Empty),
        (" - ", Empty),
        ("00.00.0000", Empty),
        ("00000000", Empty),
        ("31.04.2026", NoSuchDay),
        ("29.02.2026", NoSuchDay),
        ("03/13/2020", NoSuchDay),
        ("30.02.26", NoSuchDay),
        ("2026-13-01", NoSuchDay),
        ("01.01.1899", Year { year: 1899 }),
        ("01.01.0026", Year { year: 26 }),
        ("01.2026", NotADate),
        ("March 2026", NotADate),
        ("43921", NotADate),
        ("2026", NotADate),
        ("abc", NotADate),
        ("1.2.3.4", NotADate),
        ("12345678901234567890", NotADate),
        ("10.2026.02", WrongOrder),
        ("02.03.2026 xyz", NotADate),
        ("20200410.5", NotADate),
    ] {
        assert_eq!(read(DateOrder::Dmy, cell), Err(error), "{cell}");
    }
}

#[test]
fn two_digit_years_80_back_and_20_forward() {
    for (two, year) in [(26, 2026), (46, 2046), (47, 1947), (99, 1999), (0, 2000)] {
        assert_eq!(two_digit_year(two, 2026), year);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn never_panics(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
        let _ = parse_iso_bytes(&bytes);
        for order in [DateOrder::Ymd, DateOrder::Dmy, DateOrder::Mdy, DateOrder::Dym] {
            let _ = parse_with(order, &bytes);
        }
    }

    #[test]
    fn never_panics_on_what_looks_like_a_date(cell in "[-/.,' 0-9:TZa-zéÄ]{0,30}") {
        let _ = infer_order([cell.as_str()]);
        for order in [DateOrder::Ymd, DateOrder::Dmy, DateOrder::Mdy, DateOrder::Dym] {
            if let Ok(day) = parse_with(order, cell.as_bytes()) {
                prop_assert!((1900..=9999).contains(&day.year()));
            }
        }
    }

    #[test]
    fn the_quick_way_and_the_full_one_agree(cell in "[0-9]{2}[./-][0-9]{2}[./-](19|20|01)[0-9]{2}") {
        for order in [DateOrder::Ymd, DateOrder::Dmy, DateOrder::Mdy, DateOrder::Dym] {
            let full = parse_around(order, cell.as_bytes(), CENTURY_REFERENCE);
            prop_assert_eq!(parse_with(order, cell.as_bytes()), full, "{}", cell);
        }
    }

    #[test]
    fn what_chrono_writes_is_read_back(n in -25_000i32..60_000) {
        let day = Day(n);
        let theirs = NaiveDate::from_num_days_from_ce_opt(n + 719_163).expect("in range");
        for (order, pattern) in [
            (DateOrder::Ymd, "%Y-%m-%d"), (DateOrder::Ymd, "%Y%m%d"), (DateOrder::Dmy, "%d.%m.%Y"),
            (DateOrder::Mdy, "%m/%d/%Y"), (DateOrder::Mdy, "%B %e, %Y"), (DateOrder::Dmy, "%d-%b-%Y"),
            (DateOrder::Dmy, "%d%m%Y"), (DateOrder::Dmy, "%A, %-d %B %Y"), (DateOrder::Ymd, "%Y-%m-%dT%H:%M:%S"),
        ] {
            let cell = theirs.and_hms_opt(13, 5, 0).expect("a time").format(pattern).to_string();
            // A year such as 1912 in front of eight digits is no year of the other order.
            prop_assert_eq!(parse_with(order, cell.as_bytes()), Ok(day), "{}", cell);
        }
        prop_assert_eq!(parse_iso_bytes(day.to_string().as_bytes()), (theirs.year() >= 1900).then_some(day));
    }
}
