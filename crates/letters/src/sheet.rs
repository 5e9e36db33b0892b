//! Sheets that go out: a customer's open items, and the mail-merge list of a run. Nothing of the
//! collector's own stands in them.

use crate::lines::Line;
use duebook_money::{Currency, Day};
use duebook_sheet::{Cell, Column, Kind, Sheet, Title, Tone, Unit};

/// A customer's open items, per currency a sheet of its own.
pub fn items<'a>(title: &str, lines: &'a [Line], as_of: Day) -> Vec<Sheet<'a>> {
    let mut currencies: Vec<Currency> = lines.iter().map(|l| l.currency).collect();
    duebook_money::order::sort_by_key(&mut currencies, |c| c.code());
    currencies.dedup();
    let one = |currency: Currency| {
        let lines: Vec<&Line> = lines.iter().filter(|l| l.currency == currency).collect();
        let money = || Kind::Money(Unit::Of(currency));
        let columns = vec![
            Column::new("Document", Kind::Text)
                .width(18)
                .total_text("Total"),
            Column::new("Your reference", Kind::Text).width(20),
            Column::new("Date", Kind::Date),
            Column::new("Due", Kind::Date),
            Column::new("Days past due", Kind::Days),
            Column::new("Amount", money()),
            Column::new("Open", money()).sum(),
            Column::new("In dispute", money()).sum(),
            Column::new("Promised", money()).sum(),
            Column::new("Promised for", Kind::Date),
        ];
        let rows = lines.len();
        let exponent = currency.exponent();
        let cell = move |row: usize, column: usize| {
            let Some(l) = lines.get(row) else {
                return Cell::Empty;
            };
            let money = |minor: i64| Cell::Money { minor, exponent };
            let some = |minor: i64| {
                if minor == 0 {
                    Cell::Empty
                } else {
                    money(minor)
                }
            };
            match column {
                0 => Cell::text(l.number.as_str()),
                1 => Cell::text(l.reference.as_str()),
                2 => Cell::or_empty(l.issued.map(Cell::Date)),
                3 => Cell::or_empty(l.due.filter(|_| l.is_debit()).map(Cell::Date)),
                4 if l.is_overdue() => Cell::Int(i64::from(l.late)),
                5 => money(l.amount),
                6 => money(l.open),
                7 => some(l.disputed),
                8 => some(l.promised),
                9 => Cell::or_empty(l.promised_for.map(Cell::Date)),
                _ => Cell::Empty,
            }
        };
        let mut sheet = Sheet::new(currency.code(), columns, rows, cell);
        let (y, m, d) = as_of.ymd();
        sheet.titles = vec![
            Title::new(title, Tone::Heading),
            Title::new(
                format!("As of {y:04}-{m:02}-{d:02}, {}", currency.code()),
                Tone::Muted,
            ),
        ];
        sheet.freeze_columns = 1;
        sheet.verdict = false;
        sheet
    };
    currencies.into_iter().map(one).collect()
}

/// A line of a mail merge.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MergeRow {
    /// Customer's number.
    pub number: String,
    /// Customer's name.
    pub customer: String,
    /// Person.
    pub contact: String,
    /// Mailbox.
    pub mailbox: String,
    /// Language.
    pub language: String,
    /// Name of the template.
    pub template: String,
    /// Subject.
    pub subject: String,
    /// Asked for, in words: "1,200.00 USD and 5.00 EUR".
    pub asked: String,
    /// Invoices.
    pub invoices: usize,
    /// Most days past due.
    pub oldest: i32,
    /// The letter's file in the archive.
    pub file: String,
    /// The id of its figures.
    pub tie: String,
}

/// The mail-merge list of a run: header first, no titles above it.
pub fn merge(rows: &[MergeRow]) -> Sheet<'_> {
    let text = |header: &str, width: u8| Column::new(header, Kind::Text).width(width);
    let columns = vec![
        text("CustomerNumber", 14),
        text("Customer", 28),
        text("Contact", 22),
        text("Email", 28),
        text("Language", 10),
        text("Template", 20),
        text("Subject", 40),
        text("AmountAsked", 24),
        Column::new("Invoices", Kind::Integer),
        Column::new("OldestDays", Kind::Integer),
        text("File", 34),
        text("Reference", 18),
    ];
    let cell = move |row: usize, column: usize| {
        let Some(r) = rows.get(row) else {
            return Cell::Empty;
        };
        match column {
            0 => Cell::text(r.number.as_str()),
            1 => Cell::text(r.customer.as_str()),
            2 => Cell::text(r.contact.as_str()),
            3 => Cell::text(r.mailbox.as_str()),
            4 => Cell::text(r.language.as_str()),
            5 => Cell::text(r.template.as_str()),
            6 => Cell::text(r.subject.as_str()),
            7 => Cell::text(r.asked.as_str()),
            8 => Cell::Int(r.invoices as i64),
            9 => Cell::Int(i64::from(r.oldest)),
            10 => Cell::text(r.file.as_str()),
            _ => Cell::text(r.tie.as_str()),
        }
    };
    let mut sheet = Sheet::new("Mail merge", columns, rows.len(), cell);
    sheet.verdict = false;
    sheet
}
