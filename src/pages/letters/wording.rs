//! The run in words.

use super::follow::Row;
use crate::ui::format::plural;
use crate::words;
use crate::workspace::Ws;
use duebook_ledger::Book;
use duebook_ledger::facts::Outcome;
use duebook_letters::lines::Line;
use duebook_letters::money::Waiting;
use duebook_letters::plan::{Blocked, LeftOut, Message};
use duebook_money::Currency;
use duebook_policy::letters::{LetterUse, LettersError, Lint, Medium};

pub fn letters(n: usize) -> String {
    plural(n, "letter", "letters", Default::default())
}

pub fn invoices(n: usize) -> String {
    plural(n, "invoice", "invoices", Default::default())
}

/// The line under the title.
pub fn headline(rows: &[Row]) -> String {
    let go = rows.iter().filter(|r| r.plan.blocked.is_none()).count();
    let not = rows.len() - go;
    match (go, not) {
        (0, 0) => "Nothing is due to be written".to_owned(),
        (go, 0) => format!("{} would go", letters(go)),
        (go, not) => format!(
            "{} would go, {} held back with a reason",
            letters(go),
            plural(not, "customer", "customers", Default::default())
        ),
    }
}

/// Name of a step's template.
pub fn template(book: &Book, id: &str) -> String {
    let policy = &book.policies().letters;
    policy
        .template(id, "en")
        .map_or(id.to_owned(), |t| t.name.clone())
}

/// A step: "Second reminder, day 14".
pub fn step(book: &Book, message: &Message) -> String {
    let name = template(book, &message.step.template);
    let medium = match message.step.medium {
        Medium::Email => "",
        Medium::Paper => ", on paper",
    };
    format!("{name}, {}{medium}", day(message.step.day))
}

/// The day of a step.
pub fn day(day: i32) -> String {
    match day {
        d if d < 0 => format!(
            "{} before",
            plural(d.unsigned_abs() as usize, "day", "days", Default::default())
        ),
        d => format!("day {d}"),
    }
}

/// What lines ask for, per currency.
pub fn asked(lines: &[Line]) -> String {
    let mut sums: Vec<(Currency, i64)> = Vec::new();
    for line in lines {
        match sums.iter_mut().find(|(c, _)| *c == line.currency) {
            Some((_, sum)) => *sum = sum.saturating_add(line.asked()),
            None => sums.push((line.currency, line.asked())),
        }
    }
    let texts: Vec<String> = sums.iter().map(|(c, m)| words::money(*m, *c)).collect();
    texts.join(" + ")
}

/// Why a customer gets nothing, if so.
pub fn why_not(ws: Ws, row: &Row) -> Option<String> {
    Some(match row.plan.blocked.as_ref()? {
        Blocked::Hold(reason, until) => format!("On hold until {}: {reason}.", words::day(*until)),
        Blocked::Stop(Outcome::Insolvency) => "Insolvency was said: stop and route.".to_owned(),
        Blocked::Stop(_) => "They have a lawyer: write to the lawyer only.".to_owned(),
        Blocked::Unsent(id) => {
            let on = ws.peek(|b| {
                let commit = b.letters().get(id.index())?.commit;
                Some(b.commit(commit)?.ledger_date)
            });
            let on = on.map_or(String::new(), |d| format!(" of {}", words::day(d)));
            format!("A letter{on} waits for your word: was it sent?")
        }
        Blocked::Quiet { since, until } => format!(
            "Contact on {}: quiet until {}.",
            words::day(*since),
            words::day(*until)
        ),
        Blocked::NothingLeft => {
            "Every line is promised, in dispute, or could be paid by money that waits.".to_owned()
        }
        Blocked::NoLadder => "No ladder fits this customer’s segment.".to_owned(),
    })
}

/// A short word for the same, for the list.
pub fn blocked(of: &Blocked) -> String {
    match of {
        Blocked::Hold(_, until) => format!("hold until {}", words::day(*until)),
        Blocked::Stop(Outcome::Insolvency) => "insolvency".to_owned(),
        Blocked::Stop(_) => "lawyer".to_owned(),
        Blocked::Unsent(_) => "produced, not confirmed".to_owned(),
        Blocked::Quiet { until, .. } => format!("quiet until {}", words::day(*until)),
        Blocked::NothingLeft => "nothing left to ask".to_owned(),
        Blocked::NoLadder => "no ladder".to_owned(),
    }
}

/// Why a line is left out.
pub fn left_out(book: &Book, why: LeftOut) -> String {
    match why {
        LeftOut::Promised(Some(day)) => format!("promised for {}", words::day(day)),
        LeftOut::Promised(None) => "promised".to_owned(),
        LeftOut::Planned => "under a plan, an offer or placed".to_owned(),
        LeftOut::Disputed => "in dispute".to_owned(),
        LeftOut::CouldBePaid(Waiting::Receipt(id)) => {
            let item = book.item(id);
            let text = item.map(|i| {
                let open = i.open().unsigned_abs();
                let open = i64::try_from(open).unwrap_or(i64::MAX);
                format!("{} of {}", i.number(), words::money(open, i.currency()))
            });
            format!(
                "payment {} that is not applied could pay it",
                text.unwrap_or_default()
            )
        }
        LeftOut::CouldBePaid(Waiting::BankLine(id)) => {
            let line = book.line(id).map(|l| words::day(l.fact.booked));
            format!(
                "a bank line of {} names it and is not matched",
                line.unwrap_or_default()
            )
        }
    }
}

/// How many lines are left out and why, in a few words.
pub fn left_short(row: &Row) -> String {
    let count = |f: fn(&LeftOut) -> bool| row.plan.left_out.iter().filter(|(_, w)| f(w)).count();
    let parts: [(usize, &str); 4] = [
        (count(|w| matches!(w, LeftOut::Promised(_))), "promised"),
        (count(|w| matches!(w, LeftOut::Planned)), "in a plan"),
        (count(|w| matches!(w, LeftOut::Disputed)), "in dispute"),
        (
            count(|w| matches!(w, LeftOut::CouldBePaid(_))),
            "perhaps paid",
        ),
    ];
    let some = parts.iter().filter(|(n, _)| *n > 0);
    some.map(|(n, t)| format!("{n} {t}"))
        .collect::<Vec<_>>()
        .join(", ")
}

/// Why a message goes: what leads it.
pub fn why(book: &Book, message: &Message) -> String {
    let lead = message.lines.iter().find(|l| l.id == message.lead);
    let Some(lead) = lead else {
        return String::new();
    };
    let step = step(book, message);
    match message.used_for {
        LetterUse::Upcoming => {
            let until = message.cutoff.map_or(String::new(), |c| {
                format!(", counted back from their cut-off on {}", words::day(c))
            });
            let due = lead.due.map_or(String::new(), words::day);
            format!("{step}: {} falls due on {due}{until}.", lead.number)
        }
        _ => format!(
            "{step}: {} is {} days past due and leads.",
            lead.number, lead.late
        ),
    }
}

/// What should not be in a template.
pub fn lint(found: &Lint) -> String {
    match found {
        Lint::UnknownField(name) => format!("{{{{{name}}}}} is no field."),
        Lint::Amount(text) => format!(
            "“{text}” is a figure typed by hand: it would be the same in every letter. Use a field."
        ),
        Lint::Threat(word) => {
            format!("“{word}” threatens, hurries falsely or claims an office that we do not have.")
        }
    }
}

/// Why rules of correspondence are refused.
pub fn policy_error(error: &LettersError) -> String {
    match error {
        LettersError::TooMany => "There are too many templates, ladders or steps.".to_owned(),
        LettersError::Template(id) => {
            format!("Template “{id}” lacks a name, language, subject or body, or is too long.")
        }
        LettersError::Twice(id) => format!("There are two templates “{id}” in one language."),
        LettersError::Says(id, found) => format!("Template “{id}”: {}", lint(found)),
        LettersError::Ladder(name) => format!(
            "Ladder “{name}” needs a name and steps with days that rise; one ladder only is for everybody."
        ),
        LettersError::Step(id) => format!("There is no template “{id}”."),
        LettersError::Number => "Quiet days, shares or hours are out of range.".to_owned(),
    }
}
