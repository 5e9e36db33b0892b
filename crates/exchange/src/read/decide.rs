//! How the dates and amounts of each column are written: decided from the sample where that is
//! enough, else from every row; asked where the file does not say (formats.md 2.7.4, 2.7.5).

use super::error::FileError;
use super::input::Input;
use super::layout::Layout;
use super::mapping::Field;
use super::options::Options;
use super::question::{Mark, Question};
use super::table::{CellType, Row, Table};
use duebook_money::amount::{Inference, StyleVotes};
use duebook_money::date::{OrderInference, OrderVotes};
use duebook_money::{DateOrder, Day, Style, amount};

/// How one column is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct ColumnStyle {
    pub order: Option<DateOrder>,
    pub style: Style,
}

/// Styles of all columns, and whether every row was heard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Styles {
    pub columns: Vec<ColumnStyle>,
    pub full: bool,
}

struct Votes {
    column: usize,
    date: Option<OrderVotes>,
    amount: StyleVotes,
    /// Whether any amount had a mark: without one, the sample says nothing about rows below it.
    marks: bool,
    examples: Vec<String>,
}

impl Votes {
    fn new(column: usize, field: Field) -> Votes {
        let date = field.is_date().then(OrderVotes::new);
        Votes {
            column,
            date,
            amount: StyleVotes::new(),
            marks: false,
            examples: Vec::new(),
        }
    }
    fn hear(&mut self, row: &Row) {
        let cell = row.get(self.column);
        if cell.is_empty() || row.kind(self.column) != CellType::Text {
            return;
        }
        let telling = match &mut self.date {
            Some(votes) => {
                votes.push(cell.as_bytes());
                duebook_money::date::parse_iso_bytes(cell.as_bytes()).is_none()
            }
            None => {
                self.amount.push(cell.as_bytes());
                let mark = cell.bytes().any(|b| b == b'.' || b == b',');
                self.marks |= mark;
                mark
            }
        };
        if telling && self.examples.len() < 6 && !self.examples.iter().any(|e| e == cell) {
            self.examples.push(cell.chars().take(40).collect());
        }
    }
}

/// Hears the sample, and the whole file where `full` says so or the sample leaves a column open.
pub(crate) fn decide(
    input: &dyn Input,
    layout: &Layout,
    options: &Options,
    full: bool,
) -> Result<Result<Styles, Vec<Question>>, FileError> {
    let mut votes: Vec<Votes> = layout
        .mapping
        .columns
        .iter()
        .enumerate()
        .filter(|(_, c)| c.field.is_date() || c.field.is_amount())
        .map(|(i, c)| Votes::new(i, c.field))
        .collect();
    let mut heard_all = layout.whole;
    if !full || layout.whole {
        layout
            .sample
            .iter()
            .for_each(|row| votes.iter_mut().for_each(|v| v.hear(row)));
        heard_all |= votes.iter().all(|v| settled(v, layout, options));
    }
    if !heard_all {
        votes = votes
            .into_iter()
            .map(|v| Votes {
                examples: Vec::new(),
                ..fresh(&v)
            })
            .collect();
        let mut table = Table::open(input, &layout.sniffed, layout.book.as_ref())?;
        let mut row = Row::default();
        while table.read(&mut row)? {
            if row.line > layout.header_line {
                votes.iter_mut().for_each(|v| v.hear(&row));
            }
        }
    }
    let mut columns = vec![ColumnStyle::default(); layout.mapping.columns.len()];
    let mut questions = Vec::new();
    for v in &votes {
        match style_of(v, layout, options) {
            Ok(style) => columns[v.column] = style,
            Err(question) => questions.push(question),
        }
    }
    // A column that was settled by its sample alone may still be contradicted further down.
    Ok(if questions.is_empty() {
        Ok(Styles {
            columns,
            full: !heard_all || layout.whole || full,
        })
    } else {
        Err(questions)
    })
}

fn fresh(v: &Votes) -> Votes {
    let date = v.date.as_ref().map(|_| OrderVotes::new());
    Votes {
        column: v.column,
        date,
        amount: StyleVotes::new(),
        marks: false,
        examples: Vec::new(),
    }
}

/// Whether the sample is enough to begin with.
fn settled(v: &Votes, layout: &Layout, options: &Options) -> bool {
    let answered = answer(v, layout, options).is_some();
    answered
        || match &v.date {
            Some(votes) => matches!(votes.finish(), OrderInference::Certain(_)),
            None => v.marks && matches!(v.amount.finish(), Inference::Certain(_)),
        }
}

fn answer(v: &Votes, layout: &Layout, options: &Options) -> Option<ColumnStyle> {
    let header = layout.mapping.header(v.column);
    if v.date.is_some() {
        let order = options.date_orders.get(header)?;
        return Some(ColumnStyle {
            order: Some((*order).into()),
            style: Style::POINT,
        });
    }
    let style = match options.decimal_marks.get(header)? {
        Mark::Point => Style::POINT,
        Mark::Comma => Style::COMMA,
    };
    Some(ColumnStyle { order: None, style })
}

fn style_of(v: &Votes, layout: &Layout, options: &Options) -> Result<ColumnStyle, Question> {
    if let Some(style) = answer(v, layout, options) {
        return Ok(style);
    }
    let column = layout.mapping.header(v.column).to_owned();
    let examples = v.examples.clone();
    match &v.date {
        Some(votes) => match votes.finish() {
            OrderInference::Certain(order) => Ok(ColumnStyle {
                order: Some(order),
                ..Default::default()
            }),
            OrderInference::NoDates => Ok(ColumnStyle {
                order: Some(DateOrder::Ymd),
                ..Default::default()
            }),
            OrderInference::Ambiguous { orders, .. } => {
                let orders = orders.into_iter().map(Into::into).collect();
                Err(Question::DateOrder {
                    column,
                    orders,
                    examples,
                    mixed: false,
                })
            }
            OrderInference::Mixed { examples: read } => {
                let orders = read.into_iter().map(|(o, _)| o.into()).collect();
                Err(Question::DateOrder {
                    column,
                    orders,
                    examples,
                    mixed: true,
                })
            }
        },
        None => match v.amount.finish() {
            Inference::Certain(style) => Ok(ColumnStyle { order: None, style }),
            Inference::Ambiguous { .. } => Err(Question::DecimalMark {
                column,
                examples,
                mixed: false,
            }),
            Inference::Mixed { .. } => Err(Question::DecimalMark {
                column,
                examples,
                mixed: true,
            }),
        },
    }
}

/// A date cell. `Ok(None)`: there is none.
#[inline]
pub(crate) fn read_date(row: &Row, column: usize, style: ColumnStyle) -> Result<Option<Day>, ()> {
    let cell = row.get(column).as_bytes();
    if cell.is_empty() {
        return Ok(None);
    }
    match duebook_money::date::parse_iso_bytes(cell) {
        Some(day) => Ok(Some(day)),
        None => read_other_date(cell, style),
    }
}

fn read_other_date(cell: &[u8], style: ColumnStyle) -> Result<Option<Day>, ()> {
    use duebook_money::DateError;
    use duebook_money::day::ExcelSystem;
    match duebook_money::date::parse_with(style.order.unwrap_or(DateOrder::Ymd), cell) {
        Ok(day) => Ok(Some(day)),
        Err(DateError::Empty) => Ok(None),
        Err(_) => {
            // A spreadsheet's serial that was saved as text: five digits, 1982 to 2064.
            let text = std::str::from_utf8(cell).unwrap_or("");
            let serial = text.strip_suffix(".0").unwrap_or(text).parse::<i32>();
            match serial {
                Ok(n @ 30_000..=60_000) => Ok(Day::from_excel_serial(n, ExcelSystem::Windows1900)),
                _ => Err(()),
            }
        }
    }
}

/// Whether the cell could be read if the column were written another way: the sample was wrong
/// about the column, not the cell.
pub(crate) fn contradicts(row: &Row, column: usize, field: Field) -> bool {
    let cell = row.get(column);
    if row.kind(column) != CellType::Text {
        return false;
    }
    if field.is_date() {
        return DateOrder::INFERRED
            .into_iter()
            .any(|o| duebook_money::date::parse_with(o, cell.as_bytes()).is_ok());
    }
    [Style::POINT, Style::COMMA].into_iter().any(|s| {
        matches!(
            amount::parse_plain(cell.as_bytes(), 6, s),
            Ok(_) | Err(amount::AmountError::Excess(_))
        )
    })
}
