//! Statement integrity (RC-01): sums, continuity, sequence, references. Findings, never refusals.

use crate::finding::{Findings, Place, Problem};
use crate::statement::{BalanceKind, Statement, StatementKind, Status};
use duebook_money::Money;
use std::collections::{BTreeMap, BTreeSet};

/// All checks over the statements of a file.
pub(crate) fn check(statements: &[Statement], findings: &mut Findings) {
    for (at, statement) in statements.iter().enumerate() {
        findings.at = Place {
            line: statement.line,
            statement: u32::try_from(at).ok(),
            entry: None,
        };
        balance(statement, findings);
        running(statement, findings);
        details(statement, findings);
        same_ids(statement, findings);
    }
    continuity(statements, findings);
}

/// Opening + booked movements = closing, in the statement's currency.
fn balance(statement: &Statement, findings: &mut Findings) {
    if statement.kind == StatementKind::Notification {
        return;
    }
    let (Some(opening), Some(closing)) = (statement.opening(), statement.closing()) else {
        return;
    };
    let (opening, closing) = (opening.amount, closing.amount);
    for found in [opening.currency, closing.currency] {
        if found != statement.currency {
            let expected = statement.currency;
            return findings.add(Problem::OtherCurrency { expected, found });
        }
    }
    let movements = statement.movements();
    let difference = i128::from(closing.minor) - i128::from(opening.minor) - movements;
    if difference == 0 {
        return;
    }
    let money = |minor: i128| {
        i64::try_from(minor)
            .ok()
            .map(|m| Money::new(m, statement.currency))
    };
    if let (Some(movements), Some(difference)) = (money(movements), money(difference)) {
        findings.add(Problem::OutOfBalance {
            opening,
            movements,
            closing,
            difference,
        });
    } else {
        findings.add(Problem::ControlTotal {
            of: "movements",
            written: i128::from(closing.minor) - i128::from(opening.minor),
            found: movements,
        });
    }
}

/// Balances beside the entries, oldest first or newest first.
fn running(statement: &Statement, findings: &mut Findings) {
    let known: Vec<_> = statement
        .entries
        .iter()
        .enumerate()
        .filter_map(|(i, e)| Some((i, e, e.balance_after?)))
        .collect();
    let step = |before: Money, by: Money, after: Money| {
        i128::from(before.minor) + i128::from(by.minor) == i128::from(after.minor)
    };
    let pairs = || known.windows(2).filter(|w| w[1].0 == w[0].0 + 1);
    let up = pairs()
        .filter(|w| !step(w[0].2, w[1].1.amount, w[1].2))
        .count();
    let down = pairs()
        .filter(|w| !step(w[1].2, w[0].1.amount, w[0].2))
        .count();
    for w in pairs() {
        let (from, to) = if up <= down {
            (&w[0], &w[1])
        } else {
            (&w[1], &w[0])
        };
        if step(from.2, to.1.amount, to.2) {
            continue;
        }
        let Ok(expected) = from.2.checked_add(to.1.amount) else {
            continue;
        };
        let place = Place {
            line: to.1.line,
            entry: u32::try_from(to.0).ok(),
            ..findings.at
        };
        findings.put(
            place,
            Problem::RunningBalance {
                written: to.2,
                expected,
            },
        );
    }
}

/// Details with amounts sum to their entry; where they do not, the entry is right.
fn details(statement: &Statement, findings: &mut Findings) {
    for (i, entry) in statement.entries.iter().enumerate() {
        let mut sum = 0i128;
        let mut all = !entry.details.is_empty();
        for detail in &entry.details {
            match detail.amount {
                Some(m) if m.currency == entry.amount.currency => sum += i128::from(m.minor),
                _ => all = false,
            }
        }
        if !all || sum == i128::from(entry.amount.minor) {
            continue;
        }
        if let Ok(minor) = i64::try_from(sum) {
            let details = Money::new(minor, entry.amount.currency);
            let place = Place {
                line: entry.line,
                entry: u32::try_from(i).ok(),
                ..findings.at
            };
            findings.put(
                place,
                Problem::DetailsSum {
                    entry: entry.amount,
                    details,
                },
            );
        }
    }
}

/// One bank id on several entries of an account: told, not merged.
fn same_ids(statement: &Statement, findings: &mut Findings) {
    let mut seen = BTreeSet::new();
    for (i, entry) in statement.entries.iter().enumerate() {
        let Some(id) = entry.bank_reference.as_deref() else {
            continue;
        };
        if !seen.insert((id, entry.status != Status::Pending)) && !crate::mt::no_reference(id) {
            let place = Place {
                line: entry.line,
                entry: u32::try_from(i).ok(),
                ..findings.at
            };
            findings.put(place, Problem::SameId { id: id.to_owned() });
        }
    }
}

/// Statements of one account follow each other: closing = opening, numbers without a gap.
fn continuity(statements: &[Statement], findings: &mut Findings) {
    let mut last: BTreeMap<(&str, &str), &Statement> = BTreeMap::new();
    for (at, next) in statements.iter().enumerate() {
        if next.kind != StatementKind::Booked {
            continue;
        }
        let Some(id) = next.account.id() else {
            continue;
        };
        let place = Place {
            line: next.line,
            statement: u32::try_from(at).ok(),
            entry: None,
        };
        if let Some(before) = last.insert((id, next.currency.code()), next) {
            between(before, next, place, findings);
        }
    }
}

fn between(before: &Statement, next: &Statement, place: Place, findings: &mut Findings) {
    let number = |s: &Statement| {
        s.number
            .as_deref()
            .and_then(|n| n.trim().parse::<u32>().ok())
    };
    let numbers = (number(before), number(next));
    if let (Some(a), Some(b)) = numbers
        && b > a
        && b - a > 1
        // A new year begins its own count; banks also count days (`16036`).
        && b - a < 400
    {
        return findings.put(place, Problem::SequenceGap { before: a, next: b });
    }
    // Only neighbours must join: the next number, the next page, or no numbers at all.
    let joined = match numbers {
        (Some(a), Some(b)) => b == a || b == a.saturating_add(1),
        _ => true,
    };
    let days = (
        before.closing().and_then(|b| b.date),
        next.opening().and_then(|b| b.date),
    );
    // Newest first, or the same day again: nothing to join.
    if !joined || matches!(days, (Some(a), Some(b)) if b < a) {
        return;
    }
    let closing = before
        .balances
        .iter()
        .rev()
        .find(|b| b.kind == BalanceKind::Closing);
    if let (Some(closing), Some(opening)) = (closing, next.opening())
        && closing.amount != opening.amount
    {
        findings.put(
            place,
            Problem::Discontinuous {
                before: closing.amount,
                opening: opening.amount,
            },
        );
    }
}
