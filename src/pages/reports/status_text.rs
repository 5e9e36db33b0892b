//! What the status update says: one text for the page, the mail and the Word document.

use super::status::Drawn;
use crate::words;
use crate::workspace::Ws;
use duebook_insight::kpi::{In, Sum};
use duebook_insight::status::{CurrencyStatus, StatusUpdate};
use duebook_letters::{Align, Block, Table};
use duebook_money::Currency;
use duebook_sheet::Verdict;

fn step_name(sum: Sum) -> &'static str {
    match sum {
        Sum::BeginNet => "Opening",
        Sum::Invoiced => "Invoiced",
        Sum::Received => "Cash",
        Sum::Presumed => "Presumed paid, cause unknown",
        Sum::Credited => "Credits",
        Sum::WrittenOff => "Write-offs",
        Sum::Discount => "Discount",
        Sum::Withheld => "Tax withheld",
        Sum::Exchange => "FX",
        Sum::Adjusted => "Adjustments",
        Sum::Restated => "Learnt late",
        _ => "Closing",
    }
}

pub fn amount(minor: i128, currency: Currency) -> String {
    words::number_format().minor(minor, currency.exponent())
}

/// What needs somebody, in sentences.
pub fn waits(of: &StatusUpdate) -> Vec<String> {
    let w = &of.waiting;
    let mut out = Vec::new();
    let mut say = |n: u64, one: &str, many: &str| {
        if n > 0 {
            out.push(format!("{n} {}", if n == 1 { one } else { many }));
        }
    };
    say(
        w.broken,
        "promise broken, its window ended in the period",
        "promises broken, their windows ended in the period",
    );
    say(
        w.awaiting_news,
        "promise due and waiting for the source’s file",
        "promises due and waiting for the source’s file",
    );
    say(
        w.disputes_incomplete,
        "disputed item without reason or owner",
        "disputed items without reason or owner",
    );
    if w.list_open {
        out.push("The opening list of the period is not frozen.".to_owned());
    }
    out
}

/// "Acme: 1 Nov 2026 to 22 Nov 2026".
pub fn title(ws: Ws, drawn: &Drawn) -> String {
    let name = ws.peek(|book| book.about().map_or(String::new(), |a| a.name.clone()));
    format!(
        "{name}: {} to {}",
        words::day(drawn.period.from),
        words::day(drawn.period.to)
    )
}

/// Whether a control failed.
fn is_unreconciled(drawn: &Drawn) -> bool {
    matches!(drawn.verdict, Verdict::Unreconciled { .. })
}

/// The stem of a file of it; what does not tie out says so in its name too.
pub fn file(drawn: &Drawn) -> String {
    let mark = if is_unreconciled(drawn) {
        "-UNRECONCILED"
    } else {
        ""
    };
    format!("status-{}{mark}", drawn.period.to)
}

/// The subject of a mail with it.
pub fn subject(drawn: &Drawn) -> String {
    let mark = if is_unreconciled(drawn) {
        "UNRECONCILED: "
    } else {
        ""
    };
    format!(
        "{mark}Status update, {} to {}",
        drawn.period.from, drawn.period.to
    )
}

/// What stands on its face, where it is not reconciled.
fn face(drawn: &Drawn) -> Option<String> {
    match &drawn.verdict {
        Verdict::Reconciled { .. } => None,
        other => Some(other.face()),
    }
}

/// "USD", or "All, in USD".
pub fn heading(c: &CurrencyStatus) -> String {
    match c.of {
        In::Own(currency) => currency.code().to_owned(),
        In::Reporting => format!("All, in {}", c.currency.code()),
    }
}

/// Opening, what moved, closing: whether it is a total, its name, minor units.
pub fn steps(c: &CurrencyStatus) -> Vec<(bool, &'static str, i128)> {
    let last = c.steps.len().saturating_sub(1);
    let mut out = Vec::new();
    for (at, (sum, minor)) in c.steps.iter().enumerate() {
        if at == last && c.rounding != 0 {
            out.push((false, "Rounding of the conversion", c.rounding));
        }
        let total = at == 0 || at == last;
        if total || *minor != 0 {
            out.push((total, step_name(*sum), *minor));
        }
    }
    out
}

/// Past due before and after.
pub fn past_due(c: &CurrencyStatus) -> String {
    let code = c.currency;
    format!(
        "Past due {} at the beginning, {} at the end; re-aged out of it {}.",
        amount(c.past_due.0, code),
        amount(c.past_due.1, code),
        amount(c.reaged, code)
    )
}

/// The page as plain text, for a mail.
pub fn plain(ws: Ws, drawn: &Drawn, summary: &str, asks: &str) -> String {
    let mut out = format!("{}\r\n", title(ws, drawn));
    let mut line = |text: String| {
        out.push_str(&text);
        out.push_str("\r\n");
    };
    if let Some(face) = face(drawn) {
        line(face);
    }
    if !summary.trim().is_empty() {
        line(format!("\r\n{}", summary.trim()));
    }
    for c in &drawn.of.currencies {
        let code = c.currency;
        line(format!("\r\n{}", heading(c)));
        for (_, name, minor) in steps(c) {
            line(format!("  {name:<30} {:>18}", amount(minor, code)));
        }
        line(format!("  {}", past_due(c)));
        for m in &c.movers {
            line(format!(
                "  {}: {} -> {}",
                m.name,
                amount(m.from, code),
                amount(m.to, code)
            ));
        }
        for r in &c.risks {
            line(format!(
                "  At risk, {}: {} over 90 days of {} open",
                r.name,
                amount(r.over_90, code),
                amount(r.open, code)
            ));
        }
    }
    let waits = waits(&drawn.of);
    if !waits.is_empty() {
        line("\r\nWaiting for somebody".to_owned());
        waits.iter().for_each(|w| line(format!("  {w}")));
    }
    if !asks.trim().is_empty() {
        line(format!("\r\nWhat we ask for\r\n{}", asks.trim()));
    }
    out
}

/// A table of names and amounts, its amounts on the right.
fn table(caption: String, head: &[&str], rows: Vec<Vec<String>>) -> Block {
    let side = |at: usize| if at == 0 { Align::Left } else { Align::Right };
    let head = head.iter().enumerate();
    Block::Table(Table {
        caption,
        head: head.map(|(at, h)| ((*h).to_owned(), side(at))).collect(),
        rows,
        foot: Vec::new(),
    })
}

/// The page as a document.
pub fn blocks(drawn: &Drawn, summary: &str, asks: &str) -> Vec<Block> {
    let mut out = Vec::new();
    let lines = |text: &str| Block::Lines(text.trim().lines().map(str::to_owned).collect());
    out.extend(face(drawn).map(Block::Paragraph));
    if !summary.trim().is_empty() {
        out.push(lines(summary));
    }
    for c in &drawn.of.currencies {
        part(c, &mut out);
    }
    let waits = waits(&drawn.of);
    if !waits.is_empty() {
        out.push(Block::Paragraph("Waiting for somebody".to_owned()));
        out.push(Block::Points(waits));
    }
    if !asks.trim().is_empty() {
        out.push(Block::Paragraph("What we ask for".to_owned()));
        out.push(lines(asks));
    }
    out
}

fn part(c: &CurrencyStatus, out: &mut Vec<Block>) {
    let (code, of) = (c.currency, heading(c));
    let money = |minor: i128| amount(minor, code);
    let moved = steps(c);
    let moved = moved
        .iter()
        .map(|(_, name, minor)| vec![(*name).to_owned(), money(*minor)]);
    let head = ["", code.code()];
    out.push(table(format!("{of}: what moved"), &head, moved.collect()));
    let movers = c.movers.iter().map(|m| {
        vec![
            m.name.clone(),
            money(m.from),
            money(m.to),
            money(m.to - m.from),
        ]
    });
    if !c.movers.is_empty() {
        let head = ["Customer", "Before", "After", "Change"];
        out.push(table(
            format!("{of}: who moved most"),
            &head,
            movers.collect(),
        ));
    }
    let risks = c
        .risks
        .iter()
        .map(|r| vec![r.name.clone(), money(r.over_90), money(r.open)]);
    if !c.risks.is_empty() {
        let head = ["Customer", "Over 90", "Open"];
        let caption = format!("{of}: at risk, more than 90 days past due");
        out.push(table(caption, &head, risks.collect()));
    }
    out.push(Block::Paragraph(past_due(c)));
}
