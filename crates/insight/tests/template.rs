//! Rows for the client's own workbook: the plan's items, in its columns and order, as the aging has them.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use duebook_insight::aging::{AgingQuery, aging};
use duebook_insight::reports::template_sheet;
use duebook_ledger::template::{PlanColumn, PlanOrder, PlanRows, SheetPlan, TemplateField as T};

use duebook_ledger::View;
use duebook_ledger::facts::Scope;
use duebook_money::Currency;
use duebook_sheet::{Cell, Sheet};
use support::*;

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
    desk
}

fn plan(fields: &[T], rows: PlanRows, order: PlanOrder) -> SheetPlan {
    let column = |(at, field): (usize, &T)| PlanColumn {
        at: at as u16,
        header: field.name(),
        field: *field,
    };
    SheetPlan {
        sheet: "S".into(),
        header: 1,
        first: 2,
        last: 1,
        columns: fields.iter().enumerate().map(column).collect(),
        rows,
        order,
    }
}

fn plain(sheet: &Sheet<'_>) -> Vec<Vec<String>> {
    let row = |row| {
        (0..sheet.columns.len())
            .map(|c| (sheet.cell)(row, c).plain())
            .collect()
    };
    (0..sheet.rows).map(row).collect()
}

fn aged(from: Option<i32>, to: Option<i32>) -> T {
    T::Aged { from, to }
}

#[test]
fn ag_02_the_rows_are_those_of_the_aging() {
    let desk = desk();
    let query = AgingQuery::new(&desk.book, View::on(desk.today));
    let fields = [
        T::CustomerNumber,
        T::Number,
        T::DueDate,
        T::Currency,
        T::Open,
        T::DaysLate,
        aged(None, Some(0)),
        aged(Some(1), Some(30)),
        aged(Some(31), None),
        T::PromiseDate,
        T::AsOf,
    ];
    let plan = plan(&fields, PlanRows::default(), PlanOrder::Customer);
    let sheet = template_sheet(&desk.book, &query, &plan, None);
    let rows = plain(&sheet);
    assert_eq!(
        rows[0],
        [
            "A",
            "CM1",
            "2026-02-01",
            "EUR",
            "-10.00",
            "29",
            "",
            "-10.00",
            "",
            "",
            "2026-03-02"
        ]
    );
    assert_eq!(
        rows[1],
        [
            "A",
            "INV1",
            "2026-02-01",
            "EUR",
            "100.00",
            "29",
            "",
            "100.00",
            "",
            "2026-03-04",
            "2026-03-02"
        ]
    );
    assert_eq!(rows[2][6..9], ["50.00", "", ""]);
    assert_eq!(rows[3][6..9], ["", "", "70.00"]);
    // Each item is in one of the client's buckets, and they sum to what is open.
    let minor = |row: usize, column: usize| match (sheet.cell)(row, column) {
        Cell::Money { minor, .. } => minor,
        _ => 0,
    };
    let open: i64 = (0..sheet.rows).map(|row| minor(row, 4)).sum();
    let buckets: i64 = (0..sheet.rows)
        .flat_map(|row| (6..9).map(move |c| (row, c)))
        .map(|(row, column)| minor(row, column))
        .sum();
    assert_eq!(open, buckets);
    let totals = aging(&desk.book, &query).unwrap().totals;
    let known: i128 = totals.iter().map(|t| t.total).sum();
    assert_eq!(i128::from(open), known);
}

#[test]
fn rows_are_chosen_and_ordered_as_the_plan_says() {
    let desk = desk();
    let query = AgingQuery::new(&desk.book, View::on(desk.today));
    let numbers = |rows: PlanRows, order| {
        let plan = plan(&[T::Number], rows, order);
        let sheet = template_sheet(&desk.book, &query, &plan, None);
        plain(&sheet).concat()
    };
    let all = PlanRows::default;
    assert_eq!(
        numbers(all(), PlanOrder::Due),
        ["INV3", "CM1", "INV1", "INV2"]
    );
    assert_eq!(
        numbers(all(), PlanOrder::Open),
        ["INV1", "INV2", "CM1", "INV3"]
    );
    let debits = PlanRows {
        debits: true,
        past_due: true,
        ..all()
    };
    assert_eq!(numbers(debits, PlanOrder::Customer), ["INV1", "INV3"]);
    let dollars = PlanRows {
        currency: Some("USD".into()),
        ..all()
    };
    assert_eq!(numbers(dollars, PlanOrder::Customer), ["INV3"]);
    let words = PlanRows {
        words: "inv a".into(),
        ..all()
    };
    assert_eq!(numbers(words, PlanOrder::Customer), ["INV1", "INV2"]);
    let nobody = PlanRows {
        collector: Some("Nobody".into()),
        ..all()
    };
    assert!(numbers(nobody, PlanOrder::Customer).is_empty());
    // The items named, in the order they are named in.
    let plan = plan(&[T::Number], all(), PlanOrder::Customer);
    let only = ["INV2", "INV1"].map(|n| desk.book.find_item(&erp_item(n)).unwrap());
    let sheet = template_sheet(&desk.book, &query, &plan, Some(&only));
    assert_eq!(plain(&sheet).concat(), ["INV2", "INV1"]);
}
