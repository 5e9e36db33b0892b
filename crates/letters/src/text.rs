//! Plain text of a letter: tables in columns, for the clipboard, mail and the record of what was said.

use crate::doc::{Align, Block, Table};
use crate::html::is_allowed;

/// Characters of a column beyond this go on the next line of their cell.
const WIDEST: usize = 34;

/// The body.
pub fn render(body: &[Block]) -> String {
    let mut parts = Vec::new();
    for block in body {
        match block {
            Block::Paragraph(text) => parts.push(clean(text)),
            Block::Lines(lines) => {
                parts.push(
                    lines
                        .iter()
                        .map(|l| clean(l))
                        .collect::<Vec<_>>()
                        .join("\n"),
                );
            }
            Block::Points(points) => {
                let points: Vec<String> =
                    points.iter().map(|p| format!("- {}", clean(p))).collect();
                parts.push(points.join("\n"));
            }
            Block::Table(t) => parts.push(table(t)),
        }
    }
    let mut out = parts.join("\n\n");
    out.push('\n');
    out
}

fn clean(text: &str) -> String {
    text.chars().filter(|c| is_allowed(*c)).collect()
}

/// Columns nothing stands in are left out: the text is read in a narrow window.
fn table(table: &Table) -> String {
    let cell = |text: &str| -> String {
        let text: String = clean(text).replace('\n', " ");
        match text.chars().count() > WIDEST {
            true => text.chars().take(WIDEST - 1).chain(['…']).collect(),
            false => text,
        }
    };
    let body = || table.rows.iter().chain(&table.foot);
    let used = |column: &usize| {
        let mut cells = body().filter_map(|r| r.get(*column));
        cells.any(|c| !c.is_empty())
    };
    // Room to be filled in stays.
    let columns: Vec<usize> = (0..table.head.len())
        .filter(|c| used(c) || *c + 1 == table.head.len())
        .collect();
    let width = |column: &usize| {
        let head = table.head[*column].0.chars().count();
        let cells = body().filter_map(|r| r.get(*column));
        cells
            .map(|c| cell(c).chars().count())
            .max()
            .unwrap_or(0)
            .max(head)
    };
    let widths: Vec<usize> = columns.iter().map(width).collect();
    let line = |cells: &dyn Fn(usize) -> String| {
        let all = columns.iter().zip(&widths).map(|(column, width)| {
            let text = cells(*column);
            match table.head[*column].1 {
                Align::Left => format!("{text:<width$}"),
                Align::Right => format!("{text:>width$}"),
            }
        });
        all.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    let rule = "-".repeat(widths.iter().sum::<usize>() + 2 * widths.len().saturating_sub(1));
    let of = |row: &Vec<String>, column: usize| row.get(column).map_or(String::new(), |c| cell(c));
    let mut out = Vec::new();
    if !table.caption.is_empty() {
        out.push(clean(&table.caption));
    }
    out.push(line(&|c| table.head[c].0.clone()));
    out.push(rule.clone());
    out.extend(table.rows.iter().map(|r| line(&|c| of(r, c))));
    if !table.foot.is_empty() {
        out.push(rule);
        out.extend(table.foot.iter().map(|r| line(&|c| of(r, c))));
    }
    out.join("\n")
}
