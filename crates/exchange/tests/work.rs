//! Pasted rows and trackers: what people really paste, and what nobody should.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use duebook_exchange::read::{
    RemarkEntry, Work, WorkCells, WorkField, WorkKind, WorkOptions, WorkQuestion, paste_rows,
    read_work, split_remarks,
};
use duebook_money::{DateOrder, Day};
use proptest::prelude::*;

fn day(y: i32, m: u8, d: u8) -> Day {
    Day::from_ymd(y, m, d).unwrap()
}

fn today() -> Day {
    day(2026, 11, 22)
}

fn paste(text: &str) -> Work {
    read_work(&paste_rows(text).rows, &WorkOptions::default(), today())
}

fn numbers(work: &Work) -> Vec<&str> {
    work.rows.iter().map(|r| r.number.as_str()).collect()
}

fn entries(cell: &str) -> Vec<(Option<String>, String, String)> {
    let all = split_remarks(cell, DateOrder::Dmy, today()).into_iter();
    all.map(|RemarkEntry { day, author, text }| (day.map(|d| d.to_string()), author, text))
        .collect()
}

#[test]
fn a_column_of_numbers() {
    assert_eq!(
        numbers(&paste("90001\r\n90002\r\n\r\nINV-7\r\n")),
        ["90001", "90002", "INV-7"]
    );
    assert_eq!(
        numbers(&paste("90001, 90002; 90003")),
        ["90001", "90002", "90003"]
    );
    assert_eq!(
        numbers(&paste("20261112\n20261113")),
        ["20261112", "20261113"]
    );
}

#[test]
fn a_header_says_what_the_columns_are() {
    let work = paste(
        "Invoice No\tStatus\tPTP Date\tAmount\tRemarks\n90001\tApproved\t30.11.2026\t1.200,50\tin the run\n",
    );
    let row = &work.rows[0];
    assert_eq!(row.number, "90001");
    assert_eq!(row.texts, [(WorkField::Status, "Approved".to_owned())]);
    assert_eq!(row.promised, Some(day(2026, 11, 30)));
    assert_eq!(row.amount.unwrap().minor(2), Ok(120_050));
    assert_eq!(row.remarks[0].text, "in the run");
    assert!(work.questions.is_empty());
}

#[test]
fn columns_without_a_header_by_what_is_in_them() {
    let work = paste(
        "90001\tApproved\t30.11.2026\t1,200.50\tcustomer will pay with the next run\n90002\tOn hold\t01.12.2026\t80.00\twaits for the goods receipt note\n",
    );
    let fields: Vec<WorkField> = work.columns.iter().map(|c| c.field).collect();
    use WorkField::*;
    assert_eq!(
        fields,
        [Number, Status, ExpectedDate, PromiseAmount, Remark]
    );
    assert_eq!(work.rows[1].expected, Some(day(2026, 12, 1)));
    let work = paste("90001   30 Nov 2026   1,200.50\n90002   1 Dec 2026   80.00");
    assert_eq!(work.rows[0].expected, Some(day(2026, 11, 30)));
}

#[test]
fn excel_quotes_cells_with_line_ends() {
    let rows = paste_rows("1\t\"a \"\"b\"\"\nc\"\tx\n2\t\"so\" he said\ty").rows;
    assert_eq!(rows[0].cells, ["1", "a \"b\"\nc", "x"]);
    assert_eq!(rows[1].cells, ["2", "\"so\" he said", "y"]);
    assert_eq!(rows[1].line, 3);
}

#[test]
fn an_order_of_days_that_nothing_decides_is_asked() {
    let text = "90001\t03/04/2026\n90002\t05/06/2026";
    let work = paste(text);
    assert!(matches!(&work.questions[..], [WorkQuestion::DateOrder(cell)] if cell == "03/04/2026"));
    assert_eq!(work.rows[0].expected, None);
    let options = WorkOptions {
        order: Some(DateOrder::Mdy),
        ..WorkOptions::default()
    };
    let work = read_work(&paste_rows(text).rows, &options, today());
    assert!(work.questions.is_empty());
    assert_eq!(work.rows[0].expected, Some(day(2026, 3, 4)));
}

#[test]
fn what_cannot_be_read_is_said() {
    let work = paste("Invoice\tExpected date\tPTP amount\n1\tsoon\tplenty\n2\t30.11.2026\t5.00");
    assert_eq!(work.rows[0].unread.len(), 2);
    assert_eq!(work.rows[1].unread.len(), 0);
}

#[test]
fn a_remarks_cell_is_dated_entries() {
    let one = |d: &str, a: &str, t: &str| (Some(d.to_owned()), a.to_owned(), t.to_owned());
    assert_eq!(
        entries("12/11 called, will pay Friday; 15/11 no answer"),
        [
            one("2026-11-12", "", "called, will pay Friday"),
            one("2026-11-15", "", "no answer")
        ]
    );
    assert_eq!(
        entries("[12.11.] AK: promised; half now\n3 Dec 2025 - (JS) sent copy | 2026-11-20 mail"),
        [
            one("2026-11-12", "AK", "promised; half now"),
            one("2025-12-03", "JS", "sent copy"),
            one("2026-11-20", "", "mail"),
        ]
    );
    // A day ahead of the file is last year's; a day of the other order is still a day.
    assert_eq!(entries("24/12 called")[0].0.as_deref(), Some("2025-12-24"));
    assert_eq!(
        entries("11/24/2025 called")[0].0.as_deref(),
        Some("2025-11-24")
    );
    assert_eq!(entries("29/2 leap")[0].0.as_deref(), Some("2024-02-29"));
    // No days: amounts, spans, versions.
    for text in [
        "1.5 hours on hold",
        "1-2 weeks",
        "1.500 paid",
        "50/50 split",
        "called 12/11",
    ] {
        assert_eq!(
            entries(text),
            [(None, String::new(), text.to_owned())],
            "{text}"
        );
    }
}

#[test]
fn a_tracker_below_its_title() {
    let rows = [
        &["Collections tracker", "", ""][..],
        &[
            "Customer",
            "Invoice No",
            "Invoice Date",
            "Amount",
            "PTP Date",
            "PTP Amount",
            "Next action",
            "Remarks",
        ],
        &[
            "C1",
            "90001",
            "01/10/2026",
            "100.00",
            "27/11/2026",
            "60.00",
            "call Friday",
            "12/11 called; 15/11 no answer",
        ],
        &["C2", "", "", "", "", "", "", "20/11 portal checked"],
        &["", "", "", "", "", "", "", "a stray note"],
    ];
    let rows: Vec<WorkCells> = rows
        .iter()
        .enumerate()
        .map(|(at, cells)| WorkCells {
            line: at as u32 + 1,
            cells: cells.iter().map(|c| (*c).to_owned()).collect(),
        })
        .collect();
    let options = WorkOptions {
        kind: WorkKind::Tracker,
        ..WorkOptions::default()
    };
    let work = read_work(&rows, &options, today());
    assert_eq!(work.rows.len(), 2);
    assert_eq!(work.rows[0].promised, Some(day(2026, 11, 27)));
    assert_eq!(work.rows[0].amount.unwrap().minor(2), Ok(60_00));
    assert_eq!(
        work.rows[0].expected, None,
        "the invoice's own date is not read"
    );
    assert_eq!(work.rows[0].remarks.len(), 2);
    assert_eq!(work.rows[1].customer, "C2");
    assert_eq!(work.nameless, [5]);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Nothing pasted breaks anything, and every row says where it was.
    #[test]
    fn anything_can_be_pasted(text in any::<String>()) {
        let pasted = paste_rows(&text);
        prop_assert!(pasted.rows.windows(2).all(|w| w[0].line <= w[1].line));
        let work = read_work(&pasted.rows, &WorkOptions::default(), today());
        prop_assert!(work.rows.len() + work.nameless.len() <= pasted.rows.len());
        split_remarks(&text, DateOrder::Mdy, today());
    }

    /// Hostile mixtures of what the readers look for.
    #[test]
    fn marks_in_any_order(text in "[0-9a-zA-Zé\"\t\n\r;|,./ ()\\[\\]:'-]{0,80}") {
        let pasted = paste_rows(&text);
        for kind in [WorkKind::Paste, WorkKind::Tracker] {
            let options = WorkOptions { kind, ..WorkOptions::default() };
            read_work(&pasted.rows, &options, today());
        }
        for entry in split_remarks(&text, DateOrder::Dmy, today()) {
            prop_assert!(!entry.text.is_empty());
        }
    }

    /// Cells written as Excel writes them come back as they were.
    #[test]
    fn excel_cells_come_back(rows in prop::collection::vec(
        prop::collection::vec("[a-z0-9\"\n;, ]{1,12}", 2..4), 1..6)) {
        let written = |cell: &String| if cell.contains(['\t', '\n', '"']) {
            format!("\"{}\"", cell.replace('"', "\"\""))
        } else {
            cell.clone()
        };
        let lines: Vec<String> = rows.iter()
            .map(|r| r.iter().map(written).collect::<Vec<_>>().join("\t"))
            .collect();
        let wanted: Vec<Vec<String>> = rows.iter()
            .map(|r| r.iter().map(|c| c.trim().to_owned()).collect::<Vec<_>>())
            .filter(|r: &Vec<String>| r.iter().any(|c| !c.is_empty()))
            .collect();
        let read: Vec<Vec<String>> = paste_rows(&lines.join("\n")).rows.into_iter().map(|r| r.cells).collect();
        prop_assert_eq!(read, wanted);
    }
}
