//! One case as a workbook that goes to another department: what is asked by when, its items, its money,
//! its evidence, what was resolved and everything that was said (A5).

use super::{TextSource, money, money_column, shown_text};
use crate::cases::{CaseRow, close_words, history, queue, resolution_name, state_name, wanted};
use duebook_ledger::cases::EvidenceState;
use duebook_ledger::cases::resolve::RequestState;
use duebook_ledger::columns::ItemKind;
use duebook_ledger::{Book, CaseId};
use duebook_money::Day;
use duebook_sheet::{Cell, Column, Kind, Sheet};

/// Cells of a row; nothing in them is borrowed.
type Row = Vec<Option<Cell<'static>>>;

fn text(header: &str) -> Column {
    Column::new(header, Kind::Text)
}

fn some(text: impl Into<String>) -> Option<Cell<'static>> {
    let text: String = text.into();
    (!text.is_empty()).then(|| Cell::text(text))
}

/// The sheets of a case as it stands on a day; none where there is no such case.
pub fn case_pack(
    book: &Book,
    texts: &dyn TextSource,
    id: CaseId,
    today: Day,
) -> Vec<Sheet<'static>> {
    let Some(row) = queue(book, today).into_iter().find(|r| r.id == id) else {
        return Vec::new();
    };
    vec![
        face(book, texts, &row),
        items(book, &row),
        ledger(&row),
        evidence(book, texts, &row),
        resolutions(book, &row),
        story(book, texts, &row, today),
    ]
}

fn sheet_of_rows(name: &str, columns: Vec<Column>, rows: Vec<Row>) -> Sheet<'static> {
    let count = rows.len();
    let cell = move |row: usize, column: usize| {
        let row = rows.get(row);
        Cell::or_empty(row.and_then(|r| r.get(column).cloned().flatten()))
    };
    let mut sheet = Sheet::new(name, columns, count, cell);
    sheet.filter = false;
    sheet.verdict = false;
    sheet
}

/// What it is, what is asked, of whom and by when.
fn face(book: &Book, texts: &dyn TextSource, row: &CaseRow) -> Sheet<'static> {
    let reason = book.policies().cases.reason(&row.reason);
    let case = book.case(row.id);
    let said = case.and_then(|c| c.fact.text);
    let name = book.customer_facts(row.customer);
    let number = book.customer(row.customer);
    let stands = match row.close {
        Some(close) => format!("Closed: {}", close_words(close)),
        None => state_name(row.state).to_owned(),
    };
    let facts = [
        ("Case", row.number.clone()),
        (
            "Kind",
            if row.query { "Query" } else { "Dispute" }.to_owned(),
        ),
        ("Customer", name.map_or(String::new(), |f| f.name.clone())),
        (
            "Account",
            number.map_or(String::new(), |c| c.number.clone()),
        ),
        (
            "Reason",
            reason.map_or(row.reason.clone(), |r| r.name.clone()),
        ),
        ("Stands", stands),
        (
            "With",
            [row.department.as_str(), row.owner.as_str()]
                .join(" ")
                .trim()
                .to_owned(),
        ),
        ("Their ticket", row.ticket.clone()),
    ];
    let mut rows: Vec<Row> = Vec::new();
    for (what, value) in facts {
        if !value.is_empty() {
            rows.push(vec![some(what), some(value)]);
        }
    }
    rows.push(vec![some("Raised on"), Some(Cell::Date(row.opened_on))]);
    if !row.is_over() {
        let (ask, by) = wanted(row);
        rows.push(vec![some("What is asked"), some(ask)]);
        rows.push(vec![some("Answer by"), Some(Cell::Date(by))]);
    }
    if let Some(said) = said {
        let said = shown_text(book, texts, said);
        rows.push(vec![some("The customer says"), some(said)]);
    }
    let columns = vec![
        text("What").width(22),
        Column::new("It is", Kind::Mixed).width(60),
    ];
    sheet_of_rows("Case", columns, rows)
}

fn items(book: &Book, row: &CaseRow) -> Sheet<'static> {
    const CURRENCY: usize = 3;
    let live = |s| book.is_live(s);
    let sum = |header: &str| money_column(header, CURRENCY).sum();
    let lines = book.case(row.id).map_or(&[][..], |c| c.lines_now(&live));
    let mut seen = Vec::new();
    let mut rows: Vec<Row> = Vec::new();
    for line in lines {
        let id = book.current(line.item);
        let (Some(item), false) = (book.item(id), seen.contains(&id)) else {
            continue;
        };
        seen.push(id);
        let shares = book.case_shares(id, Day(i32::MAX), &live);
        let ours = shares.iter().filter(|s| s.case == row.id);
        let contested = ours.fold(0i64, |sum, s| sum.saturating_add(s.money.disputed));
        let c = item.currency();
        let due = duebook_ledger::items::day(book.due_of(&item));
        rows.push(vec![
            some(item.number()),
            due.map(Cell::Date),
            some(book.po_of(id)),
            some(c.code()),
            Some(money(book.amount_of(&item), c)),
            Some(money(item.open(), c)),
            Some(money(contested, c)),
        ]);
    }
    let columns = vec![
        text("Document").total_text("Total"),
        Column::new("Due", Kind::Date),
        text("Purchase order"),
        text("Currency"),
        sum("Amount"),
        sum("Open"),
        sum("Contested"),
    ];
    sheet_of_rows("Items", columns, rows)
}

/// DS-01: what was contested is the sum of the rest.
fn ledger(row: &CaseRow) -> Sheet<'static> {
    let m = &row.money;
    let parts = [
        ("Contested now", m.disputed),
        ("Paid", m.paid),
        ("Credited", m.credited),
        ("Written off", m.written_off),
        ("Cleared by hand", m.manual),
    ];
    let of = |(what, minor): (&str, i64)| {
        vec![
            some(what),
            some(row.currency.code()),
            Some(money(minor, row.currency)),
        ]
    };
    let rows: Vec<Row> = match row.query {
        true => Vec::new(),
        false => parts.into_iter().map(of).collect(),
    };
    let columns = vec![
        text("What became of it")
            .width(28)
            .total_text("Contested when raised"),
        text("Currency"),
        money_column("Amount", 1).sum(),
    ];
    sheet_of_rows("Money", columns, rows)
}

fn evidence(book: &Book, texts: &dyn TextSource, row: &CaseRow) -> Sheet<'static> {
    let live = |s| book.is_live(s);
    let all = book.case(row.id).map(|c| c.evidence_now(&live));
    let of = |(what, state, text): (&str, EvidenceState, Option<_>)| {
        let state = match state {
            EvidenceState::Wanted => "wanted",
            EvidenceState::There => "there",
            EvidenceState::NotNeeded => "not needed",
        };
        let place = text.map(|t| shown_text(book, texts, t));
        vec![some(what), some(state), place.and_then(some)]
    };
    let rows = all.unwrap_or_default().into_iter().map(of).collect();
    let columns = vec![
        text("Evidence").width(36),
        text("Stands"),
        text("Where").width(40),
    ];
    sheet_of_rows("Evidence", columns, rows)
}

/// Resolutions, line by line as they are proposed.
fn resolutions(book: &Book, row: &CaseRow) -> Sheet<'static> {
    const CURRENCY: usize = 6;
    let live = |s| book.is_live(s);
    let mut rows: Vec<Row> = Vec::new();
    for (id, r) in book.requests().filter(|(_, r)| r.fact.case == Some(row.id)) {
        let state = match book.request_state(id) {
            Some(RequestState::ToApprove) => "waits for approval",
            Some(RequestState::Pending) => "pending: the documents are to come",
            Some(RequestState::Differs) => "the documents differ",
            Some(RequestState::Executed) => "executed",
            Some(RequestState::Over) | None => "over",
        };
        let c = r.fact.currency;
        let head = |kind: &str, number: &str| {
            vec![
                some(r.fact.number.as_str()),
                some(resolution_name(&r.fact.asked.what)),
                some(state),
                some(kind),
                some(number),
            ]
        };
        if r.fact.proposed.is_empty() {
            let mut cells = head("", "");
            cells.extend([None, some(c.code()), None, None, None, None]);
            rows.push(cells);
        }
        for (place, p) in r.fact.proposed.iter().enumerate() {
            let kind = match ItemKind::from_u8(p.kind) {
                Some(ItemKind::CreditMemo) => "Credit note",
                Some(ItemKind::DebitMemo) => "Debit memo",
                _ => "Invoice",
            };
            let number = r.number_of(place, &live);
            if p.lines.is_empty() {
                let mut cells = head(kind, number);
                cells.extend([
                    None,
                    some(c.code()),
                    Some(money(p.total, c)),
                    None,
                    None,
                    None,
                ]);
                rows.push(cells);
            }
            for l in &p.lines {
                let mut cells = head(kind, number);
                cells.extend([
                    some(l.text.as_str()),
                    some(c.code()),
                    Some(money(l.net, c)),
                    Some(money(l.tax, c)),
                    some(l.po.as_str()),
                    some(l.tag.as_str()),
                ]);
                rows.push(cells);
            }
        }
    }
    let columns = vec![
        text("Request"),
        text("What").width(24),
        text("Stands").width(28),
        text("Kind"),
        text("Document"),
        text("Line").width(28),
        text("Currency"),
        money_column("Net or total", CURRENCY),
        money_column("Tax", CURRENCY),
        text("Purchase order"),
        text("Cost centre, asset or period"),
    ];
    sheet_of_rows("Resolutions", columns, rows)
}

fn story(book: &Book, texts: &dyn TextSource, row: &CaseRow, today: Day) -> Sheet<'static> {
    let all = history(book, row.id, today, &|d| d.to_string());
    let of = |t: crate::cases::Told| {
        let actor = book.commit(t.commit).map_or("", |c| c.actor.as_str());
        let words = t.text.map(|text| shown_text(book, texts, text));
        vec![
            Some(Cell::Date(t.on)),
            some(actor),
            some(t.head),
            words.and_then(some),
        ]
    };
    let rows = all.into_iter().map(of).collect();
    let columns = vec![
        Column::new("Day", Kind::Date),
        text("By"),
        text("What").width(48),
        text("Words").width(60),
    ];
    // “History” is a name that Excel keeps for itself.
    sheet_of_rows("What happened", columns, rows)
}
