//! Reports as sheets: their columns hold together, their sums equal the aging, their README says
//! what it must.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use duebook_insight::reports::*;
use duebook_insight::*;
use duebook_ledger::command::LogContact;
use duebook_ledger::facts::{Channel, Outcome, Scope};
use duebook_ledger::keys::TextRef;
use duebook_ledger::{Command, Uid, View};
use duebook_money::Currency;
use duebook_sheet::{Cell, ReadmeAt, Sheet, Stamp, Totals, Verdict, Workbook};
use support::*;

const NOTE: Uid = Uid([7; 16]);
const GONE: Uid = Uid([8; 16]);

fn desk() -> Desk {
    let mut desk = Desk::new(false, "2026-03-02");
    let mut rows = vec![
        Row::new("A", "INV1", "2026-01-01", "2026-02-01", 10_000),
        Row::new("A", "INV2", "2026-02-20", "2026-03-20", 5_000),
        Row::new("A", "CM1", "2026-02-01", "2026-02-01", -1_000),
        Row::new("B", "INV3", "2025-10-01", "2025-10-31", 7_000),
    ];
    rows[3].currency = Currency::USD;
    desk.import("2026-03-01", Scope::Everything, &rows).unwrap();
    desk.promise(erp("A"), &[(Some(erp_item("INV1")), 10_000, "2026-03-04")]);
    for (note, at) in [(NOTE, 10), (GONE, 11)] {
        desk.run(Command::LogContact(LogContact {
            customer: erp("A"),
            contact: None,
            channel: Channel::Call,
            outcome: Outcome::Informed,
            at: i64::from(desk.today.0) * 86_400_000 + at * 3_600_000,
            local_offset: Some(60),
            seconds: 90,
            note: Some(TextRef::of(note, &[0; 32], "said so")),
            items: vec![erp_item("INV1")],
            promise: None,
            follow_up: None,
            closes: Vec::new(),
        }));
    }
    desk.run(Command::EraseTexts {
        texts: vec![GONE],
        ground: "GDPR 17".into(),
    });
    desk
}

fn texts(id: Uid) -> Option<String> {
    (id == NOTE).then(|| "said so".to_owned())
}

fn column(sheet: &Sheet<'_>, header: &str) -> usize {
    let found = sheet.columns.iter().position(|c| c.header == header);
    found.unwrap_or_else(|| panic!("no column {header}"))
}

fn plain(sheet: &Sheet<'_>, row: usize, header: &str) -> String {
    (sheet.cell)(row, column(sheet, header)).plain()
}

fn making() -> Making {
    Making {
        generated: Stamp {
            day: day("2026-03-02"),
            second: 0,
            zone: "UTC".into(),
        },
        app_version: "test".into(),
        head_hash: "00".into(),
    }
}

#[test]
fn section_10_summary_and_detail_show_the_aging() {
    let desk = desk();
    let query = AgingQuery::new(&desk.book, View::on(day("2026-03-02")));
    let aging = aging(&desk.book, &query).unwrap();
    let summary = aging_summary(&desk.book, &query, &aging);
    assert_eq!(plain(&summary, 0, "Account"), "A");
    assert_eq!(plain(&summary, 0, "1–30"), "100.00");
    assert_eq!(plain(&summary, 0, "Net"), "140.00");
    assert_eq!(plain(&summary, 0, "Of which promised"), "100.00");
    assert_eq!(plain(&summary, 0, "% past due"), "0.6666");
    assert_eq!(plain(&summary, 0, "Days late"), "29.0");
    assert_eq!(plain(&summary, 0, "Last contact"), "2026-03-02");
    assert_eq!(plain(&summary, 1, "120+"), "70.00");
    assert_eq!(plain(&summary, 1, "91–120"), "0.00");
    assert_eq!(plain(&summary, 1, "Currency"), "USD");
    let detail = aging_detail(&desk.book, &query);
    let items = items_sheet(&desk.book, &query, None);
    for sheet in [&detail, &items] {
        let open = column(sheet, "Open");
        let sum = |code: &str| -> i64 {
            let rows = (0..sheet.rows).filter(|r| plain(sheet, *r, "Currency") == code);
            rows.map(|r| match (sheet.cell)(r, open) {
                Cell::Money { minor, .. } => minor,
                other => panic!("{other:?}"),
            })
            .sum()
        };
        for total in &aging.totals {
            assert_eq!(i128::from(sum(total.currency.code())), total.total);
        }
    }
    assert_eq!(plain(&detail, 1, "Promised for"), "2026-03-04");
    assert_eq!(plain(&detail, 1, "Bucket"), "1–30");
}

#[test]
fn section_2_6_the_workbook_says_what_it_is() {
    let mut desk = desk();
    let verdict = |desk: &Desk| {
        let query = AgingQuery::new(&desk.book, View::on(day("2026-03-02")));
        let aging = aging(&desk.book, &query).unwrap();
        let tied = tie_out(&desk.book, &query, &aging);
        let readme = readme(&desk.book, "Aging", &query, &aging, &tied, making());
        let judged = judge_all(&desk.book, query.view);
        let period = Period {
            from: day("2026-03-01"),
            to: day("2026-03-02"),
        };
        let sheets = vec![
            aging_summary(&desk.book, &query, &aging),
            aging_detail(&desk.book, &query),
            items_sheet(&desk.book, &query, None),
            activity_sheet(&desk.book, query.view, period, &texts),
            promises_sheet(&desk.book, &judged, &texts),
        ];
        let workbook = Workbook::report(&readme, ReadmeAt::Last, sheets);
        assert_eq!(workbook.problems(), []);
        for sheet in &workbook.sheets {
            let mut totals = Totals::new(&sheet.columns);
            let mut cells = Vec::new();
            for row in 0..sheet.rows {
                sheet.read_row(row, &mut cells);
                totals.add(&cells);
            }
        }
        workbook.verdict.unwrap()
    };
    assert!(matches!(verdict(&desk), Verdict::Reconciled { .. }));
    desk.run(Command::SetControlBalance {
        currency: Currency::EUR,
        as_of: day("2026-03-02"),
        minor: 1,
        source: "Trial balance".into(),
    });
    assert!(verdict(&desk).face().starts_with("UNRECONCILED"));
}

#[test]
fn section_7_3_erased_texts_say_so() {
    let desk = desk();
    let view = View::on(day("2026-03-02"));
    let period = Period {
        from: day("2026-03-02"),
        to: day("2026-03-02"),
    };
    let sheet = activity_sheet(&desk.book, view, period, &texts);
    assert_eq!(sheet.rows, 2);
    assert_eq!(plain(&sheet, 0, "Note"), "said so");
    assert_eq!(plain(&sheet, 1, "Note"), "erased");
    assert_eq!(plain(&sheet, 0, "Debtor's time"), "2026-03-02 11:00:00");
    assert_eq!(plain(&sheet, 0, "Outcome"), "INFORMED");
}

#[test]
fn section_10_promises_with_verdict() {
    let desk = desk();
    let judged = judge_all(&desk.book, View::on(day("2026-03-10")));
    let sheet = promises_sheet(&desk.book, &judged, &texts);
    assert_eq!(plain(&sheet, 0, "Invoices"), "INV1");
    assert_eq!(plain(&sheet, 0, "Promised"), "100.00");
    assert_eq!(
        plain(&sheet, 0, "Verdict"),
        "Due, waiting for the source's file"
    );
    assert_eq!(plain(&sheet, 0, "Level"), "1");
}

#[test]
fn section_10_rows_are_every_item_as_its_file_had_it() {
    let desk = desk();
    let query = AgingQuery::new(&desk.book, View::on(day("2026-03-02")));
    let sheet = rows_sheet(&desk.book, &query);
    assert_eq!(sheet.rows, 4, "closed or credit, every one");
    let headers: Vec<&str> = sheet.columns.iter().map(|c| c.header.as_str()).collect();
    assert_eq!(
        headers[..12],
        [
            "Entity",
            "Account",
            "Customer",
            "Country",
            "Segment",
            "Document number",
            "Document type",
            "Document date",
            "Due",
            "Currency",
            "Original amount",
            "Open"
        ]
    );
    let numbers: Vec<String> = (0..4)
        .map(|r| plain(&sheet, r, "Document number"))
        .collect();
    assert_eq!(numbers, ["INV1", "INV2", "CM1", "INV3"], "in file order");
    assert_eq!(plain(&sheet, 2, "Open"), "-10.00");
    assert_eq!(plain(&sheet, 3, "Currency"), "USD");
    assert_eq!(plain(&sheet, 0, "Due"), "2026-02-01");
    // Plain data: the header is the first line whatever the verdict is.
    assert!(sheet.titles.is_empty() && !sheet.verdict);
    let totals = Totals::new(&sheet.columns);
    assert!(!totals.any());
}

#[test]
fn section_10_rows_are_as_of_a_day() {
    let desk = desk();
    let query = AgingQuery::new(&desk.book, View::on(day("2026-01-31")));
    let sheet = rows_sheet(&desk.book, &query);
    assert_eq!(sheet.rows, 2, "what is dated later is not in it");
}

#[test]
fn items_of_a_selection_are_those_and_in_its_order() {
    let desk = desk();
    let query = AgingQuery::new(&desk.book, View::on(day("2026-03-02")));
    let ids: Vec<_> = desk.book.items().ids().collect();
    let only = [ids[3], ids[0]];
    let sheet = items_sheet(&desk.book, &query, Some(&only));
    let numbers: Vec<String> = (0..sheet.rows)
        .map(|r| plain(&sheet, r, "Document number"))
        .collect();
    assert_eq!(numbers, ["INV3", "INV1"]);
}
