//! A customer's ledger beside ours as sheets: the two balances with what lies between them, and
//! every line of both sides with what became of it.

use super::{money, money_column, status_name};
use crate::recon::Status;
use duebook_cash::theirs::{Entry, Finding, Reason, Same, Sides, TwoSides};
use duebook_ledger::recon::{BreakMatter, NotedBreak};
use duebook_ledger::{Book, CustomerId};
use duebook_money::{Currency, Day};
use duebook_sheet::{Cell, Column, Control, Figure, Kind, Rule, Sheet, Test, Tone};
use std::collections::BTreeMap;

/// What a comparison came to, in a word or two.
pub fn finding_name(finding: Finding) -> &'static str {
    match finding {
        Finding::Agreed => "Agreed",
        Finding::Differs => "Date or number differs",
        Finding::Amount => "Amount differs",
        Finding::OursOnly => "Only ours",
        Finding::TheirsOnly => "Only theirs",
    }
}

/// By what two lines are one.
pub fn same_name(same: Same) -> &'static str {
    match same {
        Same::Opening => "brought forward",
        Same::Exact => "number",
        Same::Normalised => "number, written otherwise",
        Same::Running => "running number",
        Same::Similar => "similar number and amount",
        Same::Payment => "payment of this amount",
        Same::AmountAndDate => "amount and date",
    }
}

/// Why a difference is there.
pub fn reason_text(reason: Reason, currency: Currency) -> String {
    match reason {
        Reason::PaymentOnItsWay => "payment on its way".to_owned(),
        Reason::NotBookedYet => "young: not booked there yet".to_owned(),
        Reason::After => "dated after the day".to_owned(),
        Reason::SettledHere(minor) => {
            let amount = Cell::sum(i128::from(minor.unsigned_abs()), currency.exponent()).plain();
            format!("{amount} settled here already")
        }
        Reason::WrongSide => "on the other side there".to_owned(),
        Reason::Twice(line) => format!("there twice: also line {line}"),
    }
}

/// What is written of an entry beside its finding: how it was recognised, days apart, why.
pub fn entry_text(entry: &Entry) -> String {
    let mut parts = Vec::new();
    if let Some(reason) = entry.reason {
        parts.push(reason_text(reason, entry.currency));
    }
    if let Some(same) = entry.same.filter(|s| *s >= Same::Normalised) {
        parts.push(format!("by {}", same_name(same)));
    }
    match entry.days {
        0 => {}
        1 | -1 => parts.push("dates 1 day apart".to_owned()),
        days => parts.push(format!("dates {} days apart", days.unsigned_abs())),
    }
    parts.join("; ")
}

/// Numbers of the lines of an entry: ours, theirs.
pub fn entry_numbers(found: &TwoSides, entry: &Entry) -> (String, String) {
    let own = entry.ours.iter().filter_map(|o| found.ours.get(*o));
    let own: Vec<&str> = own.map(|o| o.number.as_str()).collect();
    let their = entry.theirs.iter().filter_map(|t| found.theirs.get(*t));
    let their: Vec<&str> = their
        .map(|t| match (t.number.as_str(), t.own.as_str()) {
            ("", "") => t.text.as_str(),
            ("", own) => own,
            (number, _) => number,
        })
        .collect();
    let told = |mut all: Vec<&str>| {
        all.dedup();
        all.join(", ")
    };
    (told(own), told(their))
}

/// First dates of the lines of an entry: ours, theirs.
pub fn entry_days(found: &TwoSides, entry: &Entry) -> (Option<Day>, Option<Day>) {
    let own = entry
        .ours
        .iter()
        .filter_map(|o| found.ours.get(*o)?.date)
        .min();
    let their = entry
        .theirs
        .iter()
        .filter_map(|t| found.theirs.get(*t)?.date)
        .min();
    (own, their)
}

/// Amounts of an entry: ours, theirs; minor units.
pub fn entry_amounts(found: &TwoSides, entry: &Entry) -> (Option<i64>, Option<i64>) {
    let own = entry.ours.iter().filter_map(|o| found.ours.get(*o));
    let own = own.fold(0i64, |s, o| s.saturating_add(o.open));
    let their = entry.theirs.iter().filter_map(|t| found.theirs.get(*t));
    let their = their.fold(0i64, |s, t| s.saturating_add(t.amount));
    let has = |any: bool, minor: i64| any.then_some(minor);
    (
        has(!entry.ours.is_empty(), own),
        has(!entry.theirs.is_empty(), their),
    )
}

/// What the register of breaks has of a comparison, an entry each in their order, and what that makes
/// of the two balances.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TheirTold {
    /// What the register calls each entry: found again when their ledger is read anew. Its day is in it,
    /// and which of several it is that look alike: what was said of one says nothing of the next.
    pub matters: Vec<BreakMatter>,
    /// Where each stands, and what the register says of it.
    pub stands: Vec<(Status, Option<NotedBreak>)>,
    /// The two balances of every currency, with what the register explains.
    pub sides: Vec<Sides>,
}

impl TheirTold {
    /// Of a comparison as the register stands.
    pub fn of(book: &Book, customer: CustomerId, found: &TwoSides) -> TheirTold {
        let matters = matters(book, customer, found);
        let stands: Vec<(Status, Option<NotedBreak>)> = (found.entries.iter())
            .zip(&matters)
            .map(|(e, matter)| status_of(book, e, matter))
            .collect();
        let explained = |at: usize, _: &Entry| {
            let stands = stands.get(at);
            stands.is_some_and(|(status, _)| *status == Status::Explained)
        };
        let sides = found.sides(explained);
        TheirTold {
            matters,
            stands,
            sides,
        }
    }
}

fn matters(book: &Book, customer: CustomerId, found: &TwoSides) -> Vec<BreakMatter> {
    type Looks = (
        (String, String),
        Option<Day>,
        &'static str,
        i64,
        &'static str,
    );
    let facts = book.customer_facts(customer);
    let who = facts.map_or(String::new(), |f| format!("{} ({})", f.name, f.number));
    let mut alike: BTreeMap<Looks, usize> = BTreeMap::new();
    let one = |e: &Entry| {
        let (own_day, their_day) = entry_days(found, e);
        let day = their_day.or(own_day);
        let (finding, code) = (finding_name(e.finding), e.currency.code());
        let (own, their) = entry_numbers(found, e);
        let looks = ((own.clone(), their.clone()), day, finding, e.amount, code);
        let before = alike.entry(looks).or_default();
        let which = match *before {
            0 => String::new(),
            before => format!(" ({})", before + 1),
        };
        *before += 1;
        let on = day.map_or(String::new(), |d| format!(" of {d}"));
        let what = match own.is_empty() {
            true => their,
            false => own,
        };
        let amount = Cell::sum(i128::from(e.amount), e.currency.exponent()).plain();
        BreakMatter::Other(format!(
            "{who}, their ledger: {what}{on}{which}, {}, {amount} {code}",
            finding.to_lowercase(),
        ))
    };
    found.entries.iter().map(one).collect()
}

fn status_of(book: &Book, entry: &Entry, matter: &BreakMatter) -> (Status, Option<NotedBreak>) {
    if entry.amount == 0 {
        return (Status::Cleared, None);
    }
    let noted = book.noted_break(matter);
    let status = match noted {
        Some(n) if n.closed.is_some() => Status::Explained,
        _ if entry.reason.is_some_and(Reason::explains) => Status::Explained,
        Some(_) => Status::InHand,
        None => Status::Open,
    };
    (status, noted.cloned())
}

/// Whether all of it agrees or is explained, and comes to what they state.
pub fn theirs_reconciled(sides: &[Sides], stated: &[(Currency, i64)]) -> bool {
    let holds = |(currency, minor): &(Currency, i64)| {
        let theirs = sides.iter().find(|s| s.currency == *currency);
        theirs.map_or(*minor == 0, |s| s.theirs == *minor)
    };
    sides.iter().all(Sides::is_reconciled) && stated.iter().all(holds)
}

/// A line of the first sheet: currency, text, count, amount, what it must be.
type Line = (Currency, String, Option<usize>, i64, Option<i64>);

fn lines(sides: &[Sides], stated: &[(Currency, i64)]) -> Vec<Line> {
    let mut out = Vec::new();
    for s in sides {
        out.push((s.currency, "Our balance".to_owned(), None, s.ours, None));
        for (finding, count, amount) in &s.findings {
            let text = format!("Less: {}", finding_name(*finding).to_lowercase());
            out.push((
                s.currency,
                text,
                Some(*count),
                amount.saturating_neg(),
                None,
            ));
        }
        let made = s.theirs.saturating_add(s.difference());
        out.push((
            s.currency,
            "Their balance".to_owned(),
            None,
            s.theirs,
            Some(made),
        ));
        if let Some((_, minor)) = stated.iter().find(|(c, _)| *c == s.currency) {
            let text = "Their balance as they state it".to_owned();
            out.push((s.currency, text, None, *minor, Some(s.theirs)));
        }
        let left = i64::try_from(s.unexplained()).unwrap_or(i64::MAX);
        let text = "Differences not explained, without signs".to_owned();
        out.push((s.currency, text, Some(s.open), left, Some(0)));
    }
    out
}

/// The sheets: the balances, and the lines.
pub fn their_sheets<'a>(
    found: &'a TwoSides,
    told: &'a TheirTold,
    stated: &[(Currency, i64)],
) -> Vec<Sheet<'a>> {
    vec![
        balances(lines(&told.sides, stated)),
        their_lines_sheet(found, told),
    ]
}

fn balances<'a>(lines: Vec<Line>) -> Sheet<'a> {
    const CURRENCY: usize = 0;
    let columns = vec![
        Column::new("Currency", Kind::Text),
        Column::new("Line", Kind::Text).width(44),
        Column::new("Count", Kind::Integer),
        money_column("Amount", CURRENCY),
        money_column("Must be", CURRENCY),
        Column::new("Agrees", Kind::Text),
    ];
    let rows = lines.len();
    let mut sheet = Sheet::new("Both balances", columns, rows, move |row, column| {
        let Some((currency, text, count, amount, must)) = lines.get(row) else {
            return Cell::Empty;
        };
        match column {
            CURRENCY => Cell::text(currency.code()),
            1 => Cell::text(text.clone()),
            2 => Cell::or_empty(count.and_then(|c| i64::try_from(c).ok()).map(Cell::Int)),
            3 => money(*amount, *currency),
            4 => Cell::or_empty(must.map(|m| money(m, *currency))),
            _ => Cell::or_empty(must.map(|m| match m == *amount {
                true => Cell::text("yes"),
                false => Cell::text("UNRECONCILED"),
            })),
        }
    });
    sheet.rules.push(Rule {
        column: 5,
        test: Test::Is("UNRECONCILED".to_owned()),
        whole_row: true,
        tone: Tone::Bad,
    });
    sheet
}

/// Every line of both sides with what became of it.
pub fn their_lines_sheet<'a>(found: &'a TwoSides, told: &'a TheirTold) -> Sheet<'a> {
    const CURRENCY: usize = 4;
    let columns = vec![
        Column::new("Finding", Kind::Text).width(22),
        Column::new("Our document", Kind::Text).width(22),
        Column::new("Our date", Kind::Date),
        Column::new("Due", Kind::Date),
        Column::new("Currency", Kind::Text),
        money_column("Our amount", CURRENCY).sum(),
        Column::new("Their document", Kind::Text).width(22),
        Column::new("Their date", Kind::Date),
        money_column("Their amount", CURRENCY).sum(),
        money_column("Difference", CURRENCY)
            .sum()
            .note("Ours less theirs"),
        Column::new("Why", Kind::Text).width(40),
        Column::new("Line of the file", Kind::Integer),
        Column::new("Status", Kind::Text),
        Column::new("Owner", Kind::Text),
        Column::new("Remarks", Kind::Text).width(40),
    ];
    let all = &found.entries;
    let mut sheet = Sheet::new("Lines", columns, all.len(), move |row, column| {
        let Some((e, (status, noted))) = all.get(row).zip(told.stands.get(row)) else {
            return Cell::Empty;
        };
        match column {
            0 => Cell::text(finding_name(e.finding)),
            1 => Cell::text(entry_numbers(found, e).0),
            2 => Cell::or_empty(entry_days(found, e).0.map(Cell::Date)),
            3 => {
                let due = e.ours.iter().filter_map(|o| found.ours.get(*o)?.due).min();
                Cell::or_empty(due.map(Cell::Date))
            }
            CURRENCY => Cell::text(e.currency.code()),
            5 => Cell::or_empty(entry_amounts(found, e).0.map(|m| money(m, e.currency))),
            6 => Cell::text(entry_numbers(found, e).1),
            7 => Cell::or_empty(entry_days(found, e).1.map(Cell::Date)),
            8 => Cell::or_empty(entry_amounts(found, e).1.map(|m| money(m, e.currency))),
            9 => money(e.amount, e.currency),
            10 => Cell::text(entry_text(e)),
            11 => {
                let line = e.theirs.first().and_then(|t| found.theirs.get(*t));
                Cell::or_empty(line.map(|t| Cell::Int(i64::from(t.line))))
            }
            12 if e.amount == 0 => Cell::Empty,
            12 => Cell::text(status_name(*status)),
            13 => Cell::or_empty(noted.as_ref().map(|n| Cell::text(n.facts.owner.as_str()))),
            _ => Cell::or_empty(noted.as_ref().map(|n| match &n.closed {
                Some(how) => Cell::text(format!("{} Explained: {how}", n.facts.note)),
                None => Cell::text(n.facts.note.as_str()),
            })),
        }
    });
    sheet.rules.push(Rule {
        column: 12,
        test: Test::Is("Open".to_owned()),
        whole_row: false,
        tone: Tone::Bad,
    });
    sheet
}

/// The controls: the balances add up, they are those stated, and nothing is left unexplained.
pub fn their_controls(sides: &[Sides], stated: &[(Currency, i64)]) -> Vec<Control> {
    let mut out = Vec::new();
    for s in sides {
        let figure = |minor: i64| Figure::Money {
            minor: i128::from(minor),
            currency: s.currency,
        };
        let mut control = |name: &str, actual: Figure, against: &str, must: Figure| {
            out.push(Control {
                name: format!("{name}, {}", s.currency.code()),
                actual,
                against: Some((against.to_owned(), must)),
            });
        };
        let made = s.theirs.saturating_add(s.difference());
        let against = "Our balance less the differences";
        control("Their balance", figure(s.theirs), against, figure(made));
        if let Some((_, minor)) = stated.iter().find(|(c, _)| *c == s.currency) {
            control(
                "Their lines",
                figure(s.theirs),
                "Balance as they state it",
                figure(*minor),
            );
        }
        let open = Figure::Count(s.open as u64);
        control("Differences not explained", open, "None", Figure::Count(0));
    }
    out
}
