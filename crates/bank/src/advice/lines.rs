//! Marks to the lines of a remittance.

use super::words::{field, says_off, says_total};
use super::{Mark, MarkKind, numbers_of};
use crate::remittance::{Adjustment, DocumentKind, RemitLine, Remittance};
use duebook_money::{Currency, Money};

/// Lines that name a document: its amount is the last on the line, where there is one.
pub(super) fn remittance(text: &str, marks: &[Mark], currency: Currency) -> Remittance {
    let mut out = Remittance::new(1, currency);
    let payment = marks.iter().find(|m| m.kind == MarkKind::Payment);
    out.trace = payment.map(|m| m.text(text).to_owned());
    out.date = marks.iter().find_map(|m| match m.kind {
        MarkKind::Day(day) => Some(day),
        _ => None,
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
    payer(text, &mut out);
    // Their order is what they bought by; it stands for a document only where they name no other.
    let order = |l: &RemitLine| l.kind == DocumentKind::PurchaseOrder;
    if !out.lines.iter().all(order) {
        out.lines.retain(|l| !order(l));
    }
    deductions(text, marks, &mut out);
    out
}

/// `Deduction: 1,240.00 damaged cartons` is of the document, where there is one alone.
fn deductions(text: &str, marks: &[Mark], out: &mut Remittance) {
    let [line] = out.lines.as_mut_slice() else {
        return;
    };
    if line.withheld.is_some() || line.discount.is_some() || !line.adjustments.is_empty() {
        return;
    }
    for mark in marks {
        let MarkKind::Amount { amount, .. } = mark.kind else {
            continue;
        };
        let start = text[..mark.start].rfind('\n').map_or(0, |i| i + 1);
        let whole = text[start..].lines().next().unwrap_or("");
        // The label's own amount is the first behind it.
        let digits = |t: &str| t.bytes().any(|b| b.is_ascii_digit());
        let first = !digits(&text[start..mark.start]);
        let labelled = field(whole).filter(|(label, _)| first && says_off(label));
        if let Some((label, value)) = labelled {
            let amount = Money::new(amount.minor.saturating_abs(), amount.currency);
            taken_off(&label, value, amount, line);
        }
    }
}

/// Who pays, where a line is labelled so.
fn payer(text: &str, out: &mut Remittance) {
    for (label, value) in text.lines().filter_map(field).filter(|f| !f.1.is_empty()) {
        let slot = match label.as_str() {
            "payer" | "payer name" | "remitter" | "paid by" | "zahler" | "auftraggeber" => {
                &mut out.payer.name
            }
            "account" | "account no" | "account number" | "customer no" | "customer number"
            | "kundennummer" => &mut out.payer.id,
            _ => continue,
        };
        slot.get_or_insert_with(|| value.to_owned());
    }
}

/// An amount of a line, with the words before it since the mark before.
struct Figure<'t> {
    amount: Money,
    words: &'t str,
}

fn figures<'t>(text: &'t str, marks: &[Mark]) -> Vec<Figure<'t>> {
    let start = marks.first().map_or(0, |m| m.start);
    let mut from = text[..start].rfind('\n').map_or(0, |i| i + 1);
    let mut out = Vec::new();
    for mark in marks {
        if let MarkKind::Amount { amount, .. } = mark.kind {
            let words = text.get(from..mark.start).unwrap_or("");
            out.push(Figure { amount, words });
        }
        from = mark.end;
    }
    out
}

fn one_line(text: &str, marks: &[Mark], out: &mut Remittance) {
    let figures = figures(text, marks);
    let numbers: Vec<&Mark> = marks
        .iter()
        .filter(|m| {
            matches!(
                m.kind,
                MarkKind::Number { .. } | MarkKind::Range { .. } | MarkKind::Reference(_)
            )
        })
        .collect();
    // An amount without a number beside it is the total, if it says so.
    if numbers.is_empty() {
        let total = figures.iter().rev().find(|f| says_total(f.words));
        out.total = out.total.or(total.map(|f| f.amount));
        return;
    }
    let day = marks.iter().find_map(|m| match m.kind {
        MarkKind::Day(day) => Some(day),
        _ => None,
    });
    for (i, mark) in numbers.iter().enumerate() {
        let label = match &mark.kind {
            MarkKind::Number { label } | MarkKind::Range { label } => label.clone(),
            _ => None,
        };
        let written = mark.text(text).trim_start_matches('#');
        let range = matches!(mark.kind, MarkKind::Range { .. });
        let each = range.then(|| numbers_of(written)).flatten();
        let mut line = RemitLine {
            line: mark.line,
            reference: written.to_owned(),
            date: day,
            kind: label.unwrap_or_default(),
            ..RemitLine::default()
        };
        if let Some(each) = each {
            for reference in each {
                let reference = RemitLine {
                    reference,
                    ..line.clone()
                };
                add(reference, out);
            }
            continue;
        }
        // As many amounts as numbers: one each. One number: see `alone`. Otherwise the split is not
        // given.
        match numbers.len() {
            1 => alone(&figures, &mut line),
            n if n == figures.len() => line.paid = figures.get(i).map(|f| f.amount),
            _ => {}
        }
        if line.kind == DocumentKind::CreditNote {
            let credit = |m: Money| match m.minor > 0 {
                true => m.checked_neg().unwrap_or(m),
                false => m,
            };
            (line.gross, line.paid) = (line.gross.map(credit), line.paid.map(credit));
        }
        add(line, out);
    }
}

/// The amounts beside one number: the last is what is paid, the first what was owed. Where the last
/// is what was taken off, what is paid follows.
fn alone(figures: &[Figure<'_>], line: &mut RemitLine) {
    match figures {
        [] => {}
        // What is taken off beside a number is not what is paid of it.
        [one] if says_off(one.words) && line.kind != DocumentKind::CreditNote => {}
        [one] => line.paid = Some(one.amount),
        [first, rest @ ..] => {
            let last = &rest[rest.len() - 1];
            line.gross = Some(first.amount);
            let off: Vec<&Figure<'_>> = rest.iter().filter(|f| says_off(f.words)).collect();
            if !says_off(last.words) || line.kind == DocumentKind::CreditNote {
                line.paid = Some(last.amount);
                return;
            }
            let mut paid = first.amount;
            for figure in off {
                let amount =
                    Money::new(figure.amount.minor.saturating_abs(), figure.amount.currency);
                let Ok(left) = paid.checked_sub(amount) else {
                    return;
                };
                paid = left;
                taken_off(figure.words, figure.words, amount, line);
            }
            line.paid = Some(paid);
        }
    }
}

/// Names what was taken off by its words.
fn taken_off(words: &str, told: &str, amount: Money, line: &mut RemitLine) {
    let words = words.to_lowercase();
    let says = |all: &[&str]| all.iter().any(|w| words.contains(w));
    if says(&["tds", "wht", "withh"]) && line.withheld.is_none() {
        line.withheld = Some(amount);
    } else if says(&[
        "discount",
        "skonto",
        "escompte",
        "korting",
        "descuento",
        "sconto",
    ]) && line.discount.is_none()
    {
        line.discount = Some(amount);
    } else if let Ok(amount) = amount.checked_neg() {
        line.adjustments.push(Adjustment {
            amount,
            code: String::new(),
            text: told.trim().to_owned(),
        });
    }
}

/// Adds a line. A document named again without an amount, in the subject or in the words around a
/// list, is the same one.
fn add(line: RemitLine, out: &mut Remittance) {
    match out.lines.iter_mut().find(|l| l.reference == line.reference) {
        Some(_) if line.paid.is_none() => {}
        Some(known) if known.paid.is_none() => *known = line,
        _ => out.lines.push(line),
    }
}
