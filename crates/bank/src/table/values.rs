//! Cells read by the style of the file: decimal mark and order of dates, from all cells.

use super::header::{Column, Header};
use crate::Options;
use crate::figures::iso_day;
use crate::question::{Question, order_of};
use duebook_exchange::read::{CellType, GridRow};
use duebook_money::amount::{AmountError, Inference, Side, StyleVotes, parse};
use duebook_money::date::{infer_order, parse_with};
use duebook_money::{Currency, DateOrder, Day, Money, Rounding, Style};

/// Columns of amounts.
const AMOUNTS: [Column; 11] = [
    Column::Amount,
    Column::Debit,
    Column::Credit,
    Column::Balance,
    Column::OriginalAmount,
    Column::Fee,
    Column::Paid,
    Column::Gross,
    Column::Discount,
    Column::Withheld,
    Column::Adjustment,
];
/// Columns of dates.
const DATES: [Column; 3] = [Column::Date, Column::ValueDate, Column::DocumentDate];

/// How the file writes its amounts and dates. One program wrote it, so all columns count together.
pub(super) struct Styles {
    pub amounts: Style,
    pub dates: DateOrder,
}

impl Styles {
    pub fn of(
        rows: &[GridRow],
        header: &Header,
        options: &Options,
        questions: &mut Vec<Question>,
    ) -> Styles {
        let below = rows.get(header.at + 1..).unwrap_or_default();
        let amounts = match options.decimal {
            Some(decimal) => Style { decimal },
            None => amounts(below, header, questions),
        };
        let dates = match options.date_order {
            Some(order) => order,
            None => dates(below, header, questions),
        };
        Styles { amounts, dates }
    }

    /// The amount of a cell, in the currency beside it or the given one. A workbook's number has a
    /// point whatever the texts have. `CR` counts as money in.
    pub fn amount(
        &self,
        row: &GridRow,
        at: usize,
        currency: Currency,
    ) -> Result<(Money, Option<Side>), AmountError> {
        let text = row.cells.get(at).map_or("", String::as_str);
        let style = if row.types.get(at) == Some(&CellType::Number) {
            Style::POINT
        } else {
            self.amounts
        };
        let amount = parse(text, style)?;
        let own = amount.currency.and_then(|mark| {
            let candidates = mark.candidates();
            (!candidates.contains(&currency)).then(|| candidates.first().copied())?
        });
        let currency = own.unwrap_or(currency);
        let money = Money::from_decimal(amount.value, currency, Rounding::HalfUp)
            .map_err(|_| AmountError::Overflow)?;
        Ok((money, amount.side))
    }

    /// The day of a cell.
    pub fn day(&self, text: &str) -> Option<Day> {
        let text = text.strip_suffix(".0").unwrap_or(text);
        iso_day(text)
            .filter(|_| text.len() >= 10)
            .or_else(|| parse_with(self.dates, text.as_bytes()).ok())
    }
}

fn texts<'r>(
    below: &'r [GridRow],
    header: &'r Header,
    columns: &'r [Column],
) -> impl Iterator<Item = (u32, &'r str)> {
    below.iter().flat_map(move |row| {
        columns.iter().filter_map(move |c| {
            let at = header.position(*c)?;
            let typed = matches!(row.types.get(at), Some(CellType::Number | CellType::Date));
            let text = row.cells.get(at).filter(|t| !t.is_empty() && !typed)?;
            Some((row.line, text.as_str()))
        })
    })
}

fn amounts(below: &[GridRow], header: &Header, questions: &mut Vec<Question>) -> Style {
    let mut votes = StyleVotes::new();
    let cells: Vec<(u32, &str)> = texts(below, header, &AMOUNTS).collect();
    cells
        .iter()
        .for_each(|(_, text)| votes.push(text.as_bytes()));
    let at = match votes.finish() {
        Inference::Certain(style) => return style,
        Inference::Ambiguous { example } => example,
        Inference::Mixed { comma, .. } => comma,
    };
    let (line, example) = cells
        .get(at)
        .map(|(l, t)| (*l, (*t).to_owned()))
        .unwrap_or_default();
    questions.push(Question::DecimalMark { example, line });
    Style::POINT
}

fn dates(below: &[GridRow], header: &Header, questions: &mut Vec<Question>) -> DateOrder {
    let cells: Vec<(u32, &str)> = texts(below, header, &DATES).collect();
    // Words of title and total rows in the column are no dates.
    let cells: Vec<(u32, &str)> = cells
        .into_iter()
        .filter(|(_, t)| t.bytes().any(|b| b.is_ascii_digit()))
        .collect();
    let inferred = infer_order(cells.iter().map(|c| c.1));
    order_of(inferred, questions, |at| {
        cells.get(at).map(|(l, t)| (*l, (*t).to_owned()))
    })
}
