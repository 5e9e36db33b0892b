//! A period's reconciliation as sheets: movements and equations line by line, the break register,
//! receipts beside their lines.

use super::{money, money_column};
use crate::recon::{Break, Clue, Reconciliation, RollKind, Status};
use duebook_ledger::recon::{BreakKind, BreakMatter};
use duebook_ledger::{Book, CustomerId, ItemId, LineId};
use duebook_money::Currency;
use duebook_sheet::{Cell, Column, Control, Figure, Kind, Rule, Sheet, Test, Tone};

/// The name of a line of the roll-forward.
pub fn roll_name(kind: RollKind) -> &'static str {
    match kind {
        RollKind::Invoices => "Invoices",
        RollKind::DebitMemos => "Debit memos",
        RollKind::LateCharges => "Interest and charges",
        RollKind::CreditMemos => "Credit memos",
        RollKind::Receipts => "Receipts, applied or not",
        RollKind::OnAccount => "Money on account",
        RollKind::Transfers => "Transferred between receipts",
        RollKind::PaymentsOnItems => "Payments shown on items",
        RollKind::CreditsOnItems => "Credits shown on items",
        RollKind::Discounts => "Discounts",
        RollKind::WriteOffs => "Write-offs",
        RollKind::Withheld => "Tax withheld",
        RollKind::Exchange => "Exchange differences",
        RollKind::Tolerance => "Small differences",
        RollKind::Refunds => "Refunds",
        RollKind::Returned => "Receipts returned by the bank",
        RollKind::AtSource => "Settled at source, cause unknown",
        RollKind::Amended => "Documents amended at source",
        RollKind::History => "History learnt after take-on",
        RollKind::Reversals => "Adjustments taken back",
    }
}

/// The name of a kind of break.
pub fn break_name(kind: BreakKind) -> &'static str {
    match kind {
        BreakKind::InBankNotInBook => "In bank, not in book",
        BreakKind::InBookNotInBank => "In book, not in bank",
        BreakKind::AmountDiffers => "Amount differs",
        BreakKind::Duplicate => "In the book twice?",
        BreakKind::WrongDate => "Other period",
        BreakKind::StatementGap => "Statement missing",
        BreakKind::StatementSum => "Statement does not add up",
        BreakKind::Control => "Control account",
        BreakKind::ChangedSinceLock => "Changed since locked",
        BreakKind::Other => "Noted by hand",
    }
}

/// Where a break stands, in a word.
pub fn status_name(status: Status) -> &'static str {
    match status {
        Status::Open => "Open",
        Status::InHand => "In hand",
        Status::Explained => "Explained",
        Status::Cleared => "Cleared",
    }
}

/// What a break is about.
pub fn break_matter(book: &Book, b: &Break) -> String {
    match &b.matter {
        BreakMatter::Line(_) => b.line.map_or(String::new(), |id| line_text(book, id)),
        BreakMatter::Receipt(key) => {
            let who = b.customer.map_or("", |c| name(book, c));
            format!("Receipt {} of {who}", key.number)
        }
        BreakMatter::Statement(account, currency, number) => {
            format!("{account} {}: {number}", currency.code())
        }
        BreakMatter::Control(currency, day) => format!(
            "Subledger less control account, {} on {day}",
            currency.code()
        ),
        BreakMatter::Lock(_, currency) => format!(
            "Closing {} is not the one it was locked with",
            currency.code()
        ),
        BreakMatter::Other(name) => name.clone(),
    }
}

/// What an amount hints at, in words.
pub fn clue_text(book: &Book, clue: &Clue) -> String {
    match clue {
        Clue::EqualsItem(id) => format!("equals {}", number(book, *id)),
        Clue::TwiceItem(id) => format!("twice {}: wrong side?", number(book, *id)),
        Clue::DivisibleByNine => "÷ 9: digits changed over?".to_owned(),
        Clue::Twin(id) => format!("looks like {}", number(book, *id)),
    }
}

/// Who stands on the other side of a line, or what is written.
pub fn line_text(book: &Book, id: LineId) -> String {
    let Some(fact) = book.line(id).map(|l| &l.fact) else {
        return String::new();
    };
    let named = [&fact.payer, &fact.text, &fact.payer_account];
    let first = named.into_iter().find(|t| !t.trim().is_empty());
    first
        .cloned()
        .unwrap_or_else(|| "Line without a text".to_owned())
}

fn number(book: &Book, id: ItemId) -> &str {
    book.item(id).map_or("", |i| i.number())
}

fn name(book: &Book, id: CustomerId) -> &str {
    book.customer_facts(id).map_or("", |f| f.name.as_str())
}

/// A line of the first sheet.
struct Line {
    part: &'static str,
    currency: Currency,
    text: String,
    amount: i64,
    count: Option<u64>,
    /// What it must come to; checked beside it.
    must: Option<i64>,
}

fn lines(found: &Reconciliation) -> Vec<Line> {
    let mut out = Vec::new();
    for roll in &found.rolls {
        let line = |text: String, amount, count, must| Line {
            part: "Roll-forward",
            currency: roll.currency,
            text,
            amount,
            count,
            must,
        };
        out.push(line("Opening".into(), roll.opening, None, None));
        for l in &roll.lines {
            let text = roll_name(l.kind).to_owned();
            out.push(line(text, l.amount, Some(l.count), None));
        }
        let made = roll.closing.saturating_add(roll.difference());
        out.push(line("Closing".into(), roll.closing, None, Some(made)));
        let ours = roll.pending().saturating_neg();
        out.push(line("Less ours, not confirmed".into(), ours, None, None));
        let control = found.controls.iter().find(|c| c.currency == roll.currency);
        let given = control.map(|c| c.given);
        out.push(line("At source".into(), roll.at_source, None, given));
    }
    for a in &found.accounts {
        let line = |text: String, amount, must| Line {
            part: "Bank statements",
            currency: a.currency,
            text: format!("{}: {text}", a.account),
            amount,
            count: None,
            must,
        };
        if let Some(opening) = a.opening {
            out.push(line("opening".into(), opening, None));
        }
        out.push(line("lines".into(), a.movements, None));
        if let Some(closing) = a.closing {
            let made = a.opening.map(|o| o.saturating_add(a.movements));
            out.push(line("closing".into(), closing, made));
        }
    }
    for b in &found.books {
        let line = |text: &str, amount: i64, must| Line {
            part: "Bank to cash book",
            currency: b.currency,
            text: text.to_owned(),
            amount,
            count: None,
            must,
        };
        let made = b.receipts.saturating_add(b.difference());
        out.extend([
            line("Money in on bank lines", b.money_in, None),
            line("Less no customer's money", -b.not_customers, None),
            line("Less in the bank, not in the book", -b.open, None),
            line(
                "Less dated in another period by the book",
                -b.dated_elsewhere,
                None,
            ),
            line(
                "Plus booked in another period by the bank",
                b.booked_elsewhere,
                None,
            ),
            line("Plus in the book, not in the bank", b.no_line, None),
            line("Plus days that no statement covers", b.not_covered, None),
            line("Receipts of the book", b.receipts, Some(made)),
        ]);
    }
    out
}

/// The sheets of a reconciliation: movements and equations, breaks, receipts and lines.
pub fn reconciliation_sheets<'a>(book: &'a Book, found: &'a Reconciliation) -> Vec<Sheet<'a>> {
    vec![
        summary(found),
        breaks_sheet(book, found),
        receipts(book, found),
    ]
}

fn summary(found: &Reconciliation) -> Sheet<'_> {
    const CURRENCY: usize = 1;
    let lines = lines(found);
    let columns = vec![
        Column::new("Part", Kind::Text).width(20),
        Column::new("Currency", Kind::Text),
        Column::new("Line", Kind::Text).width(44),
        Column::new("Count", Kind::Integer),
        money_column("Amount", CURRENCY),
        money_column("Must be", CURRENCY),
        Column::new("Agrees", Kind::Text),
    ];
    let rows = lines.len();
    let mut sheet = Sheet::new("Reconciliation", columns, rows, move |row, column| {
        let Some(l) = lines.get(row) else {
            return Cell::Empty;
        };
        match column {
            0 => Cell::text(l.part),
            CURRENCY => Cell::text(l.currency.code()),
            2 => Cell::text(l.text.clone()),
            3 => Cell::or_empty(l.count.and_then(|c| i64::try_from(c).ok()).map(Cell::Int)),
            4 => money(l.amount, l.currency),
            5 => Cell::or_empty(l.must.map(|m| money(m, l.currency))),
            _ => Cell::or_empty(l.must.map(|m| match m == l.amount {
                true => Cell::text("yes"),
                false => Cell::text("UNRECONCILED"),
            })),
        }
    });
    sheet.rules.push(Rule {
        column: 6,
        test: Test::Is("UNRECONCILED".to_owned()),
        whole_row: true,
        tone: Tone::Bad,
    });
    sheet
}

/// The break register.
pub fn breaks_sheet<'a>(book: &'a Book, found: &'a Reconciliation) -> Sheet<'a> {
    const CURRENCY: usize = 2;
    let to = found.span.to;
    let columns = vec![
        Column::new("Type", Kind::Text).width(22),
        Column::new("What", Kind::Text).width(44),
        Column::new("Currency", Kind::Text),
        money_column("Amount", CURRENCY).note("Above zero: our side has more"),
        Column::new("Since", Kind::Date),
        Column::new("Age", Kind::Days).note("On the last day of the period"),
        Column::new("Owner", Kind::Text),
        Column::new("Cleared by", Kind::Date),
        Column::new("Clue", Kind::Text).width(32),
        Column::new("Status", Kind::Text),
        Column::new("Remarks", Kind::Text).width(40),
    ];
    let all = &found.register.breaks;
    let mut sheet = Sheet::new("Breaks", columns, all.len(), move |row, column| {
        let Some(b) = all.get(row) else {
            return Cell::Empty;
        };
        let noted = b.noted.as_ref();
        match column {
            0 => Cell::text(break_name(b.kind)),
            1 => Cell::text(break_matter(book, b)),
            CURRENCY => Cell::text(b.currency.code()),
            3 => money(b.amount, b.currency),
            4 => Cell::Date(b.since),
            5 => Cell::Int(i64::from(to.0) - i64::from(b.since.0)),
            6 => Cell::or_empty(noted.map(|n| Cell::text(n.facts.owner.as_str()))),
            7 => Cell::or_empty(noted.and_then(|n| n.facts.expected).map(Cell::Date)),
            8 => {
                let all: Vec<String> = b.clues.iter().map(|c| clue_text(book, c)).collect();
                Cell::text(all.join("; "))
            }
            9 => Cell::text(status_name(b.status)),
            _ => Cell::or_empty(noted.map(|n| match &n.closed {
                Some(how) => Cell::text(format!("{} Explained: {how}", n.facts.note)),
                None => Cell::text(n.facts.note.as_str()),
            })),
        }
    });
    sheet.rules.push(Rule {
        column: 9,
        test: Test::Is("Open".to_owned()),
        whole_row: false,
        tone: Tone::Bad,
    });
    sheet
}

fn receipts<'a>(book: &'a Book, found: &'a Reconciliation) -> Sheet<'a> {
    const CURRENCY: usize = 3;
    let all = &found.receipts;
    let columns = vec![
        Column::new("Receipt", Kind::Text).width(20),
        Column::new("Customer", Kind::Text).width(32),
        Column::new("Dated", Kind::Date),
        Column::new("Currency", Kind::Text),
        money_column("Amount", CURRENCY).sum(),
        Column::new("Line of the bank", Kind::Text).width(36),
        Column::new("Booked", Kind::Date),
        Column::new("Bank id", Kind::Text).width(20),
        Column::new("State", Kind::Text),
    ];
    Sheet::new(
        "Receipts and lines",
        columns,
        all.len(),
        move |row, column| {
            let Some(r) = all.get(row) else {
                return Cell::Empty;
            };
            let line = r.line.and_then(|id| book.line(id));
            match column {
                0 => Cell::or_empty(r.receipt.map(|id| Cell::text(number(book, id)))),
                1 => Cell::or_empty(r.customer.map(|c| Cell::text(name(book, c)))),
                2 => Cell::or_empty(r.dated.map(Cell::Date)),
                CURRENCY => Cell::text(r.currency.code()),
                4 => money(r.amount, r.currency),
                5 => Cell::or_empty(r.line.map(|id| Cell::text(line_text(book, id)))),
                6 => Cell::or_empty(r.booked.map(Cell::Date)),
                7 => Cell::or_empty(line.map(|l| Cell::text(l.fact.bank_id.as_str()))),
                _ => Cell::text(match (r.receipt, r.line) {
                    (Some(_), Some(_)) => "matched",
                    (Some(_), None) if r.not_covered => "no statement of that day",
                    (Some(_), None) => "no line",
                    _ => "no receipt",
                }),
            }
        },
    )
}

/// The controls of a reconciliation: any that fails puts UNRECONCILED on the face.
pub fn reconciliation_controls(found: &Reconciliation) -> Vec<Control> {
    let control = |name: String, actual: i64, must: i64, against: &str, currency: Currency| {
        let figure = |minor: i64| Figure::Money {
            minor: i128::from(minor),
            currency,
        };
        Control {
            name: format!("{name}, {}", currency.code()),
            actual: figure(actual),
            against: Some((against.to_owned(), figure(must))),
        }
    };
    let mut out: Vec<Control> = Vec::new();
    for r in &found.rolls {
        let made = r.closing.saturating_add(r.difference());
        out.push(control(
            "Closing".into(),
            r.closing,
            made,
            "Opening + movements",
            r.currency,
        ));
    }
    for a in &found.accounts {
        if let (Some(opening), Some(closing)) = (a.opening, a.closing) {
            let made = opening.saturating_add(a.movements);
            let name = format!("Closing of {}", a.account);
            out.push(control(name, closing, made, "Opening + lines", a.currency));
        }
    }
    for b in &found.books {
        let made = b.receipts.saturating_add(b.difference());
        let against = "Bank lines and named differences";
        out.push(control(
            "Receipts".into(),
            b.receipts,
            made,
            against,
            b.currency,
        ));
    }
    for c in &found.controls {
        let against = format!("Control account ({})", c.source);
        out.push(control(
            "At source".into(),
            c.at_source,
            c.given,
            &against,
            c.currency,
        ));
    }
    let open = found.register.open().count() as u64;
    out.push(Control {
        name: "Breaks open".to_owned(),
        actual: Figure::Count(open),
        against: Some(("None".to_owned(), Figure::Count(0))),
    });
    out
}
