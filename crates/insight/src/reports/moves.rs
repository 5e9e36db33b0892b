//! What moved between two days: the roll-forward by customer, and from bucket to bucket.

use super::catalog::Drawing;
use super::money_column;
use crate::kpi::{Base, Became, Gathered, In, Sum};
use duebook_money::Currency;
use duebook_sheet::{Cell, Column, Kind, Sheet};

struct Line {
    name: String,
    number: String,
    currency: Currency,
    base: Base,
}

/// Header and sum, in the order of a roll-forward; the sign with which it goes into the closing.
const STEPS: [(&str, Sum, i128); 12] = [
    ("Opening", Sum::BeginNet, 1),
    ("Invoiced", Sum::Invoiced, 1),
    ("Cash", Sum::Received, -1),
    ("Presumed paid", Sum::Presumed, -1),
    ("Credits", Sum::Credited, -1),
    ("Write-offs", Sum::WrittenOff, -1),
    ("Discount", Sum::Discount, -1),
    ("Tax withheld", Sum::Withheld, -1),
    ("Exchange", Sum::Exchange, -1),
    ("Adjustments", Sum::Adjusted, -1),
    ("Learnt late", Sum::Restated, 1),
    ("Closing", Sum::EndNet, 1),
];

const CURRENCY: usize = 2;

fn lines(book: &duebook_ledger::Book, gathered: &Gathered) -> Vec<Line> {
    let mut out = Vec::new();
    for (group, name) in gathered.names.iter().enumerate() {
        let member = gathered.members.get(group).copied().flatten();
        let number = member
            .and_then(|id| book.customer(id))
            .map_or(String::new(), |c| c.number.clone());
        for currency in gathered.currencies() {
            let Ok(base) = gathered.base(group, In::Own(currency)) else {
                continue;
            };
            if STEPS.iter().all(|(_, sum, _)| base.of(*sum) == 0) {
                continue;
            }
            out.push(Line {
                name: name.clone(),
                number: number.clone(),
                currency,
                base,
            });
        }
    }
    let change = |l: &Line| (l.base.of(Sum::EndNet) - l.base.of(Sum::BeginNet)).abs();
    duebook_money::order::sort_by(&mut out, |a, b| {
        let by_code = a.currency.code().cmp(b.currency.code());
        by_code
            .then(change(b).cmp(&change(a)))
            .then(a.name.cmp(&b.name))
    });
    out
}

/// Opening, every movement and closing by customer: those that moved most come first (§10, variance).
pub fn variance_sheet<'a>(drawing: &'a Drawing<'a>) -> Sheet<'a> {
    let lines = lines(drawing.book, &drawing.by_customer);
    let mut columns = vec![
        Column::new("Customer", Kind::Text)
            .width(32)
            .total_text("Total"),
        Column::new("Account", Kind::Text),
        Column::new("Currency", Kind::Text).width(9),
    ];
    columns.extend(STEPS.iter().map(|(header, _, sign)| {
        let column = money_column(header, CURRENCY).sum();
        match (*header, sign) {
            ("Learnt late", _) => {
                column.note("Of days before the period, and known only since its opening was drawn")
            }
            ("Presumed paid", _) => column.note("Gone from the source, cause unknown; taken off"),
            (_, -1) => column.note("Taken off"),
            _ => column,
        }
    }));
    columns.push(
        money_column("Closing by movements", CURRENCY)
            .sum()
            .note("Opening and every movement added up"),
    );
    columns.push(money_column("Change", CURRENCY).sum());
    columns.push(money_column("Past due, opening", CURRENCY).sum());
    columns.push(money_column("Past due, closing", CURRENCY).sum());
    columns.push(
        money_column("Re-aged", CURRENCY)
            .sum()
            .note("Past due at the opening, and not only because its date was moved"),
    );
    let rows = lines.len();
    let buckets = drawing.by_customer.buckets.clone();
    let cell = move |row: usize, column: usize| {
        let Some(line) = lines.get(row) else {
            return Cell::Empty;
        };
        let money = |minor: i128| Cell::sum(minor, line.currency.exponent());
        let base = &line.base;
        let late = |of: &[i128]| {
            let late = of
                .iter()
                .enumerate()
                .filter(|(b, _)| buckets.is_past_due(*b));
            late.map(|(_, minor)| minor).sum::<i128>()
        };
        match column {
            0 => Cell::text(line.name.clone()),
            1 => Cell::text(line.number.clone()),
            CURRENCY => Cell::text(line.currency.code()),
            c => match STEPS.get(c - 3) {
                Some((_, sum, sign)) => money(sign * base.of(*sum)),
                None => match c - 3 - STEPS.len() {
                    0 => money(base.rolled()),
                    1 => money(base.of(Sum::EndNet) - base.of(Sum::BeginNet)),
                    2 => money(late(&base.begin)),
                    3 => money(late(&base.end)),
                    4 => {
                        let list = base.rolls.past_due(|b| buckets.is_past_due(b));
                        money(list.of(Became::ReAged) - base.reaged_late)
                    }
                    _ => Cell::Empty,
                },
            },
        }
    };
    let mut sheet = Sheet::new("Variance", columns, rows, cell);
    sheet.freeze_columns = 1;
    sheet
}

/// What became of an amount, in a word.
pub(crate) fn became(what: Became) -> &'static str {
    match what {
        Became::Paid => "Paid",
        Became::Presumed => "Presumed paid",
        Became::Credited => "Credited",
        Became::WrittenOff => "Written off",
        Became::Discounted => "Discount",
        Became::Withheld => "Tax withheld",
        Became::Adjusted => "Adjusted",
        Became::LearntLate => "Learnt late",
        Became::ReAged => "Re-aged",
    }
}

/// From bucket by bucket, a row for each bucket and currency; each adds up to its opening (KP-24).
pub fn roll_sheet<'a>(drawing: &'a Drawing<'a>) -> Sheet<'a> {
    let labels = drawing.now.buckets.labels();
    let mut lines = Vec::new();
    for currency in drawing.now.currencies() {
        if let Ok(base) = drawing.now.base(0, In::Own(currency)) {
            lines.extend((0..labels.len()).map(|from| (currency, from, base.rolls.clone())));
        }
    }
    let mut columns = vec![
        Column::new("From bucket", Kind::Text)
            .width(14)
            .total_text("Total"),
        Column::new("Currency", Kind::Text).width(9),
        Column::new("Items", Kind::Integer).sum(),
        money_column("Opening", 1).sum(),
    ];
    columns.extend(
        labels
            .iter()
            .map(|l| money_column(&format!("Now {l}"), 1).sum()),
    );
    columns.extend(
        Became::ALL
            .iter()
            .map(|w| money_column(became(*w), 1).sum()),
    );
    columns.push(money_column("Sum of the row", 1).sum());
    columns.push(
        Column::new("Rolled on", Kind::Percent).note("KP-24: now in the next bucket ÷ opening"),
    );
    let rows = lines.len();
    let cell = move |row: usize, column: usize| {
        let Some((currency, from, rolls)) = lines.get(row) else {
            return Cell::Empty;
        };
        let money = |minor: i128| Cell::sum(minor, currency.exponent());
        let n = labels.len();
        let all = |from| {
            (0..n).map(|to| rolls.stands(from, to)).sum::<i128>()
                + Became::ALL
                    .iter()
                    .map(|w| rolls.became(from, *w))
                    .sum::<i128>()
        };
        match column {
            0 => Cell::text(labels.get(*from).cloned().unwrap_or_default()),
            1 => Cell::text(currency.code()),
            2 => Cell::Int(i64::try_from(rolls.items(*from)).unwrap_or(i64::MAX)),
            3 => money(rolls.opening(*from)),
            c if c < 4 + n => money(rolls.stands(*from, c - 4)),
            c if c < 4 + n + Became::ALL.len() => {
                money(rolls.became(*from, Became::ALL[c - 4 - n]))
            }
            c if c == 4 + n + Became::ALL.len() => money(all(*from)),
            _ => super::ratio(rolls.stands(*from, from + 1), rolls.opening(*from), 4),
        }
    };
    let mut sheet = Sheet::new("Roll rate", columns, rows, cell);
    sheet.freeze_columns = 1;
    sheet
}
