//! A case as a mail to another department: the number in the subject, what is asked in the first
//! line, the items as a table; and one digest an owner.

use super::CaseRow;
use duebook_ledger::cases::{CaseState, EvidenceState};
use duebook_ledger::{Book, CaseId};
use duebook_money::{Currency, Day, Money, NumberFormat};
use std::collections::BTreeMap;
use std::fmt::Write;

/// A mail about a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandOff {
    /// Subject, with the case's number.
    pub subject: String,
    /// The words, plain text.
    pub body: String,
}

/// Sums by currency, by its code.
pub type Sums = Vec<(Currency, i128)>;

/// What some cases contest, by currency.
pub fn sums<'a>(rows: impl Iterator<Item = &'a CaseRow>) -> Sums {
    let mut by: BTreeMap<&'static str, (Currency, i128)> = BTreeMap::new();
    for row in rows.filter(|r| !r.query) {
        let slot = by.entry(row.currency.code()).or_insert((row.currency, 0));
        slot.1 += i128::from(row.money.disputed);
    }
    by.into_values().collect()
}

fn money(minor: i64, currency: Currency, format: &NumberFormat) -> String {
    let amount = Money { minor, currency }.format(format);
    format!("{amount} {}", currency.code())
}

/// What is asked of whoever has a case, by where it stands, and by when.
pub fn wanted(row: &CaseRow) -> (&'static str, Day) {
    let ask = match row.state {
        CaseState::Approved | CaseState::Executed => "please issue the documents below",
        _ if row.query => "please send what the customer asks for",
        _ => "please decide, and answer with the reason",
    };
    (ask, row.step.unwrap_or(row.cycle).due)
}

/// The mail by which a case goes to whoever has it. `words` are what the customer said, `ask` what
/// is wanted; where that is empty it is worked out from where the case stands.
pub fn hand_off(
    book: &Book,
    id: CaseId,
    row: &CaseRow,
    words: &str,
    ask: &str,
    format: &NumberFormat,
) -> Option<HandOff> {
    let case = book.case(id)?;
    let live = |s| book.is_live(s);
    let name = book.customer_facts(row.customer)?.name.clone();
    let reason = book.policies().cases.reason(&row.reason);
    let why = reason.map_or(row.reason.as_str(), |r| r.name.as_str());
    let ticket = match row.ticket.as_str() {
        "" => String::new(),
        ticket => format!(" [{ticket}]"),
    };
    let subject = format!("[{}]{ticket} {name}: {why}", row.number);
    let (usual, due) = wanted(row);
    let ask = match ask.trim() {
        "" => usual,
        given => given,
    };
    let to = match (row.owner.as_str(), row.department.as_str()) {
        ("", "") => String::new(),
        ("", who) | (who, _) => format!("{who}, "),
    };
    let mut body = format!("{to}{ask}, by {due}.\n\n");
    let contested = money(row.money.disputed, row.currency, format);
    let original = money(row.money.original, row.currency, format);
    if !row.query {
        let _ = writeln!(
            body,
            "Contested: {contested} (of {original} when raised {})",
            row.opened_on
        );
    }
    let _ = writeln!(body, "Customer: {name}\nReason: {why}");
    if !words.trim().is_empty() {
        let _ = writeln!(body, "\nThe customer says:\n{}", words.trim());
    }
    let shares = |item| book.case_shares(item, Day(i32::MAX), &live);
    let mut table = String::new();
    for line in case.lines_now(&live) {
        let item = book.current(line.item);
        let Some(found) = book.item(item) else {
            continue;
        };
        let ours = shares(item).into_iter().filter(|s| s.case == id);
        let contested: i64 = ours.map(|s| s.money.disputed).sum();
        let due = duebook_ledger::items::day(book.due_of(&found));
        let due = due.map_or("-".to_owned(), |d| d.to_string());
        let cells = [
            found.number().to_owned(),
            due,
            money(book.amount_of(&found), found.currency(), format),
            money(found.open(), found.currency(), format),
            money(contested, found.currency(), format),
        ];
        let _ = writeln!(table, "{}", cells.join("\t"));
    }
    if !table.is_empty() {
        let _ = write!(body, "\nDocument\tDue\tAmount\tOpen\tContested\n{table}");
    }
    let evidence = case.evidence_now(&live);
    if !evidence.is_empty() {
        let _ = writeln!(body, "\nEvidence:");
        for (what, state, _) in evidence {
            let mark = match state {
                EvidenceState::Wanted => "wanted",
                EvidenceState::There => "there",
                EvidenceState::NotNeeded => "not needed",
            };
            let _ = writeln!(body, "- {what}: {mark}");
        }
    }
    Some(HandOff { subject, body })
}

/// One mail for everything that somebody has: "14 open cases, 212,400.00 USD, oldest 19 days".
pub fn digest(
    book: &Book,
    rows: &[&CaseRow],
    who: &str,
    today: Day,
    format: &NumberFormat,
) -> HandOff {
    let oldest = rows.iter().map(|r| today.since(r.opened_on)).max();
    let oldest = oldest.unwrap_or(0).max(0);
    let total: Vec<String> = sums(rows.iter().copied())
        .iter()
        .map(|(c, minor)| format!("{} {}", format.minor(*minor, c.exponent()), c.code()))
        .collect();
    let cases = match rows.len() {
        1 => "1 open case".to_owned(),
        n => format!("{n} open cases"),
    };
    let money = match total.is_empty() {
        true => String::new(),
        false => format!(", {}", total.join(" and ")),
    };
    let days = if oldest == 1 { "day" } else { "days" };
    let subject = format!("{who}: {cases}{money}, oldest {oldest} {days}");
    let mut body = format!("{subject}.\n\nCase\tCustomer\tReason\tContested\tDays\tAnswer by\n");
    for row in rows {
        let name = book.customer_facts(row.customer).map(|f| f.name.as_str());
        let reason = book.policies().cases.reason(&row.reason);
        let amount = Money {
            minor: row.money.disputed,
            currency: row.currency,
        };
        let cells = [
            row.number.clone(),
            name.unwrap_or_default().to_owned(),
            reason.map_or(row.reason.clone(), |r| r.name.clone()),
            format!("{} {}", amount.format(format), row.currency.code()),
            today.since(row.opened_on).to_string(),
            row.step.unwrap_or(row.cycle).due.to_string(),
        ];
        let _ = writeln!(body, "{}", cells.join("\t"));
    }
    HandOff { subject, body }
}
