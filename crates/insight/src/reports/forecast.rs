//! Expected cash by week, and what was expected against what came (domain.md §10, Cash forecast).

use super::catalog::Drawing;
use super::recovery::{Row, date, day, sheet, text};
use super::{money, money_column};
use crate::kpi::{Horizon, In, Ratio};
use crate::risk::{History, forecast};
use duebook_sheet::{Cell, Column, Kind, Sheet};
use rust_decimal::Decimal;

/// Expected cash by week and currency (§2.7): everything open is in one line of it.
pub fn forecast_sheet<'a>(drawing: &'a Drawing<'a>) -> Sheet<'a> {
    const CURRENCY: usize = 1;
    let (book, view) = (drawing.book, drawing.query.view);
    let history = History::of(book, view);
    let sum = |header: &str| money_column(header, CURRENCY).sum();
    let columns = vec![
        text("Week").width(24).total_text("Total"),
        text("Currency"),
        date("From"),
        date("To"),
        sum("Committed").note("Promises and instalments, by how they are kept"),
        sum("Statistical").note("The rest, by how late was paid before"),
        sum("Upside").note("What more comes if every commitment is kept"),
        sum("Without a date").note("Disputed"),
        sum("Placed"),
        sum("Open").note("The five before it"),
    ];
    let mut rows: Vec<Row<'a>> = Vec::new();
    for f in forecast(book, view, &history) {
        let code = || Cell::text(f.currency.code());
        let of = |minor| money(minor, f.currency);
        let none = || of(0);
        for (n, week) in f.weeks.iter().enumerate() {
            let last = n + 1 == f.weeks.len();
            let from = f.from.plus(7 * n as i32);
            rows.push(vec![
                Cell::text(match last {
                    true => "Later, or not at all".to_owned(),
                    false => format!("Week {}", n + 1),
                }),
                code(),
                Cell::Date(from),
                day((!last).then(|| from.plus(6))),
                of(week.committed),
                of(week.statistical),
                of(week.upside),
                none(),
                none(),
                of(week.expected().saturating_add(week.upside)),
            ]);
        }
        for (name, disputed, placed) in [
            ("Disputed", f.disputed, 0),
            ("Placed with others", 0, f.placed),
        ] {
            rows.push(vec![
                Cell::text(name),
                code(),
                Cell::Empty,
                Cell::Empty,
                none(),
                none(),
                none(),
                of(disputed),
                of(placed),
                of(disputed.saturating_add(placed)),
            ]);
        }
    }
    sheet("Cash forecast", columns, rows)
}

/// Every week that ended in the period, as it was frozen, with what came and how far each horizon
/// was off (KP-26).
pub fn forecast_actual_sheet<'a>(drawing: &'a Drawing<'a>) -> Sheet<'a> {
    const CURRENCY: usize = 0;
    let sum = |header: &str| money_column(header, CURRENCY).sum();
    let columns = vec![
        text("Currency").total_text("Total"),
        date("Frozen as of"),
        Column::new("Weeks ahead", Kind::Integer),
        date("From"),
        date("To"),
        sum("Committed"),
        sum("Statistical"),
        sum("Expected").note("The two before it"),
        sum("Upside"),
        sum("Cash received").note("By the day of the receipt, less what was returned"),
        sum("Presumed paid").note("Gone from the source, cause unknown"),
        sum("Came").note("The two before it"),
        sum("Expected less came"),
        Column::new("Error of the horizon", Kind::Percent)
            .note("KP-26: Σ|expected − came| ÷ Σ came, same currency and weeks ahead"),
        Column::new("Bias of the horizon", Kind::Percent)
            .note("Σ(expected − came) ÷ Σ came; above zero more was expected"),
    ];
    let wide = |minor: i128| i64::try_from(minor).unwrap_or(i64::MAX);
    let share = |r: Option<Ratio>| {
        let number = r.and_then(|r| r.rounded(10_000));
        let number = number.and_then(|n| Decimal::try_from_i128_with_scale(n, 4).ok());
        Cell::or_empty(number.map(Cell::Number))
    };
    let mut rows: Vec<Row<'a>> = Vec::new();
    for week in drawing.now.judged_weeks().unwrap_or_default() {
        let horizons = drawing.now.horizons(In::Own(week.currency));
        let horizons = horizons.unwrap_or_default();
        let horizon = horizons.iter().find(|h| h.ahead == week.ahead);
        let of = |minor| money(minor, week.currency);
        rows.push(vec![
            Cell::text(week.currency.code()),
            day(Some(week.as_of)),
            Cell::Int(week.ahead as i64 + 1),
            day(Some(week.from)),
            day(Some(week.to)),
            of(week.said.committed),
            of(week.said.statistical),
            of(week.said.expected()),
            of(week.said.upside),
            of(wide(week.came.cash)),
            of(wide(week.came.presumed)),
            of(wide(week.came.total())),
            of(wide(week.off())),
            share(horizon.and_then(Horizon::error)),
            share(horizon.and_then(Horizon::bias)),
        ]);
    }
    sheet("Forecast against actual", columns, rows)
}
