//! Logs: files taken in with their control totals, reports issued, and every commit.

use super::catalog::Drawing;
use super::moment;
use duebook_ledger::Book;
use duebook_ledger::book::CommitMeta;
use duebook_ledger::facts::ControlTotals;
use duebook_ledger::reporting::Stood;
use duebook_sheet::{Cell, Column, Kind, Rule, Sheet, Test, Tone};

fn text(header: &str) -> Column {
    Column::new(header, Kind::Text)
}

/// Sums per currency in one text: "EUR 1200.00; USD 35.00".
fn sums(totals: &ControlTotals) -> String {
    let of = totals.sums.iter().map(|(currency, minor)| {
        let amount = Cell::sum(i128::from(*minor), currency.exponent()).plain();
        format!("{} {amount}", currency.code())
    });
    of.collect::<Vec<_>>().join("; ")
}

fn when(meta: Option<&CommitMeta>) -> Option<Cell<'static>> {
    let (day, second) = moment(meta?.recorded_at);
    Some(Cell::DateTime { day, second })
}

/// The import and control-total log of domain.md §10.
pub fn imports_sheet<'a>(drawing: &'a Drawing<'a>) -> Sheet<'a> {
    let book = drawing.book;
    let imports: Vec<_> = book.imports().collect();
    let columns = vec![
        Column::new("Recorded (UTC)", Kind::DateTime),
        text("Source"),
        text("File").width(32),
        Column::new("As of", Kind::Date),
        Column::new("Rows", Kind::Integer),
        text("Sums").width(48),
        Column::new("Hash total", Kind::Integer),
        Column::new("Added", Kind::Integer),
        Column::new("Changed", Kind::Integer),
        Column::new("Gone", Kind::Integer),
        Column::new("Left out", Kind::Integer),
        text("By"),
        Column::new("Commit", Kind::Integer),
    ];
    let rows = imports.len();
    let int = |n: u64| Some(Cell::Int(i64::try_from(n).unwrap_or(i64::MAX)));
    let cell = move |row: usize, column: usize| {
        let Some(import) = imports.get(row) else {
            return Cell::Empty;
        };
        let facts = &import.facts;
        let meta = book.commit(import.commit);
        Cell::or_empty(match column {
            0 => when(meta),
            1 => Some(Cell::text(facts.source.as_str())),
            2 => Some(Cell::text(facts.file.as_str())),
            3 => Some(Cell::Date(facts.as_of)),
            4 => int(facts.totals.count),
            5 => Some(Cell::text(sums(&facts.totals))),
            6 => int(facts.totals.hash_total),
            7 => int(import.added),
            8 => int(import.changed),
            9 => int(import.absent),
            10 => int(facts.left_out),
            11 => meta.map(|m| Cell::text(m.actor.as_str())),
            12 => int(u64::from(import.commit.0)),
            _ => None,
        })
    };
    Sheet::new("Imports", columns, rows, cell)
}

/// How an issue stood, in a word.
pub(crate) fn stood(stood: Stood) -> &'static str {
    match stood {
        Stood::Reconciled => "Reconciled",
        Stood::Unreconciled => "UNRECONCILED",
        Stood::NotJudged => "Not judged",
    }
}

const STOOD: usize = 6;

/// Reports issued, with what they were issued on.
pub fn issued_sheet<'a>(drawing: &'a Drawing<'a>) -> Sheet<'a> {
    let book = drawing.book;
    let issued: Vec<_> = book.issued_reports().collect();
    let columns = vec![
        Column::new("Issued (UTC)", Kind::DateTime),
        text("Report").width(24),
        Column::new("From", Kind::Date),
        Column::new("As of", Kind::Date),
        Column::new("Known at commit", Kind::Integer),
        text("Controls").width(10),
        text("Stood"),
        Column::new("Records", Kind::Integer),
        text("Sums").width(48),
        Column::new("Hash total", Kind::Integer),
        text("File").width(32),
        text("BLAKE3").width(66),
        text("By"),
        text("Why again").width(32),
    ];
    let rows = issued.len();
    let cell = move |row: usize, column: usize| {
        let Some(report) = issued.get(row) else {
            return Cell::Empty;
        };
        let fact = &report.fact;
        let meta = book.commit(report.commit);
        Cell::or_empty(match column {
            0 => when(meta),
            1 => Some(Cell::text(fact.name.as_str())),
            2 => Some(Cell::Date(fact.from)),
            3 => Some(Cell::Date(fact.as_of)),
            4 => Some(Cell::Int(i64::from(fact.known.0))),
            5 => Some(Cell::text(format!("{} of {}", fact.passed, fact.controls))),
            STOOD => Some(Cell::text(stood(fact.stood))),
            7 => i64::try_from(fact.totals.count).ok().map(Cell::Int),
            8 => Some(Cell::text(sums(&fact.totals))),
            9 => i64::try_from(fact.totals.hash_total).ok().map(Cell::Int),
            10 => Some(Cell::text(fact.file.as_str())),
            11 => Some(Cell::text(hex(&fact.hash))),
            12 => meta.map(|m| Cell::text(m.actor.as_str())),
            13 => Some(Cell::text(fact.reason.as_str())),
            _ => None,
        })
    };
    let mut sheet = Sheet::new("Issued reports", columns, rows, cell);
    sheet.rules.push(Rule {
        column: STOOD,
        test: Test::Is(stood(Stood::Unreconciled).to_owned()),
        whole_row: true,
        tone: Tone::Bad,
    });
    sheet
}

/// A digest in hex.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// Every commit of the period: the audit trail.
pub fn audit_sheet<'a>(drawing: &'a Drawing<'a>) -> Sheet<'a> {
    let book: &'a Book = drawing.book;
    let period = drawing.period;
    let within = |m: &&CommitMeta| period.from <= m.ledger_date && m.ledger_date <= period.to;
    let commits: Vec<&'a CommitMeta> = book.commits().iter().filter(within).collect();
    let columns = vec![
        Column::new("Commit", Kind::Integer),
        Column::new("Recorded (UTC)", Kind::DateTime),
        Column::new("Ledger date", Kind::Date),
        text("By"),
        text("What").width(24),
        text("Account"),
        text("Customer").width(32),
        Column::new("Things", Kind::Integer),
        Column::new("Undoes", Kind::Integer),
        Column::new("Undone by", Kind::Integer),
        text("Command").width(34),
    ];
    let rows = commits.len();
    let cell = move |row: usize, column: usize| {
        let Some(meta) = commits.get(row) else {
            return Cell::Empty;
        };
        let customer = meta.label.customer;
        let seq = |s: duebook_ledger::Seq| Cell::Int(i64::from(s.0));
        Cell::or_empty(match column {
            0 => Some(seq(meta.seq)),
            1 => when(Some(meta)),
            2 => Some(Cell::Date(meta.ledger_date)),
            3 => Some(Cell::text(meta.actor.as_str())),
            4 => Some(Cell::text(format!("{:?}", meta.label.kind))),
            5 => customer
                .and_then(|c| book.customer(c))
                .map(|c| Cell::text(c.number.as_str())),
            6 => customer
                .and_then(|c| book.customer_facts(c))
                .map(|f| Cell::text(f.name.as_str())),
            7 => i64::try_from(meta.label.count).ok().map(Cell::Int),
            8 => meta.label.undoes.map(seq),
            9 => book.voided_by(meta.seq).map(seq),
            10 => Some(Cell::text(meta.command.to_string())),
            _ => None,
        })
    };
    Sheet::new("Audit trail", columns, rows, cell)
}
