//! Marks to the lines of a remittance.

use super::{Mark, MarkKind};
use crate::remittance::{DocumentKind, RemitLine, Remittance};
use duebook_money::{Currency, Money};

/// Lines that name a document: its amount is the last on the line, where there is one.
pub(super) fn remittance(text: &str, marks: &[Mark], currency: Currency) -> Remittance {
    let mut out = Remittance::new(1, currency);
    let payment = marks.iter().find(|m| m.kind == MarkKind::Payment);
    out.trace = payment.map(|m| m.text(text).to_owned());
    out.date = marks.iter().find_map(|m| {
        if let MarkKind::Day(day) = m.kind {
            Some(day)
        } else {
            None
        }
    });
    let mut from = 0;
    while from < marks.len() {
        let line = marks[from].line;
        let to = marks[from..]
            .iter()
            .position(|m| m.line != line)
            .map_or(marks.len(), |n| from + n);
        one_line(text, &marks[from..to], &mut out);
        from = to;
    }
    out
}

fn one_line(text: &str, marks: &[Mark], out: &mut Remittance) {
    let numbers: Vec<&Mark> = marks
        .iter()
        .filter(|m| {
            matches!(
                m.kind,
                MarkKind::Number { .. } | MarkKind::Range { .. } | MarkKind::Reference(_)
            )
        })
        .collect();
    let amounts: Vec<Money> = marks
        .iter()
        .filter_map(|m| {
            if let MarkKind::Amount { amount, .. } = m.kind {
                Some(amount)
            } else {
                None
            }
        })
        .collect();
    let day = marks.iter().find_map(|m| {
        if let MarkKind::Day(day) = m.kind {
            Some(day)
        } else {
            None
        }
    });
    for (i, mark) in numbers.iter().enumerate() {
        let label = match &mark.kind {
            MarkKind::Number { label } | MarkKind::Range { label } => label.clone(),
            _ => None,
        };
        let kind = label.unwrap_or_default();
        // As many amounts as numbers: one each. One number: the last amount is what is paid, the
        // first what was owed. Otherwise the split is not given.
        let (gross, paid) = match (numbers.len(), amounts.as_slice()) {
            (1, [one]) => (None, Some(*one)),
            (1, [first, .., last]) => (Some(*first), Some(*last)),
            (n, all) if n == all.len() => (None, all.get(i).copied()),
            _ => (None, None),
        };
        let credit = |m: Money| {
            if kind == DocumentKind::CreditNote && m.minor > 0 {
                m.checked_neg().unwrap_or(m)
            } else {
                m
            }
        };
        out.lines.push(RemitLine {
            line: mark.line,
            reference: mark.text(text).trim_start_matches('#').to_owned(),
            date: day,
            gross: gross.map(credit),
            paid: paid.map(credit),
            kind: kind.clone(),
            ..RemitLine::default()
        });
    }
    // A line of words with an amount and no number is a total, if it says so.
    if numbers.is_empty()
        && out.total.is_none()
        && let (Some(last), Some(mark)) = (amounts.last(), marks.first())
    {
        let start = text[..mark.start].rfind('\n').map_or(0, |i| i + 1);
        let words = text[start..mark.start].to_lowercase();
        if [
            "total",
            "summe",
            "gesamt",
            "amount paid",
            "payment amount",
            "montant",
            "paid",
        ]
        .iter()
        .any(|w| words.contains(w))
        {
            out.total = Some(*last);
        }
    }
}
