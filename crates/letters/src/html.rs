//! HTML of a letter: for the clipboard and mail, with the little styling that Outlook, Gmail and
//! Teams keep; and as parts for the page. Every value is escaped.

use crate::doc::{Align, Block, Table};

/// A text as HTML text or attribute.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c if is_allowed(c) => out.push(c),
            // Nothing a reader sees, and nothing that turns text around.
            _ => {}
        }
    }
    out
}

/// Whether a character may stand in a letter: no controls, no marks that reorder what is read.
pub(crate) fn is_allowed(c: char) -> bool {
    let control = c.is_control() && !matches!(c, '\n' | '\t');
    let bidi =
        matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}');
    !control && !bidi && !matches!(c, '\u{fffe}' | '\u{ffff}')
}

const FONT: &str = "font-family:Segoe UI,Calibri,Arial,sans-serif;font-size:14px;color:#1a1a1a";
const CELL: &str = "border:1px solid #c8c8c8;padding:4px 8px;vertical-align:top";

/// The body as a fragment, styled inline.
pub fn fragment(body: &[Block]) -> String {
    let mut out = format!("<div style=\"{FONT}\">");
    for block in body {
        match block {
            Block::Paragraph(text) => {
                out.push_str(&format!(
                    "<p style=\"margin:0 0 12px\">{}</p>",
                    escape(text)
                ));
            }
            Block::Lines(lines) => {
                let lines: Vec<String> = lines.iter().map(|l| escape(l)).collect();
                out.push_str(&format!(
                    "<p style=\"margin:0 0 12px\">{}</p>",
                    lines.join("<br>")
                ));
            }
            Block::Points(points) => {
                out.push_str("<ul style=\"margin:0 0 12px\">");
                points
                    .iter()
                    .for_each(|p| out.push_str(&format!("<li>{}</li>", escape(p))));
                out.push_str("</ul>");
            }
            Block::Table(table) => push_table(&mut out, table),
        }
    }
    out.push_str("</div>");
    out
}

fn push_table(out: &mut String, table: &Table) {
    out.push_str("<table style=\"border-collapse:collapse;margin:0 0 16px;font-size:13px\">");
    if !table.caption.is_empty() {
        let caption = escape(&table.caption);
        out.push_str(&format!(
            "<caption style=\"text-align:left;font-weight:600;padding:4px 0\">{caption}</caption>"
        ));
    }
    let side = |column: usize| match table.head.get(column) {
        Some((_, Align::Right)) => "right",
        _ => "left",
    };
    let mut row = |tag: &str, extra: &str, cells: &mut dyn Iterator<Item = &str>| {
        out.push_str("<tr>");
        for (column, cell) in cells.enumerate() {
            let (side, text) = (side(column), escape(cell));
            let keep = if side == "right" {
                ";white-space:nowrap"
            } else {
                ""
            };
            out.push_str(&format!(
                "<{tag} style=\"{CELL};text-align:{side}{keep}{extra}\">{text}</{tag}>"
            ));
        }
        out.push_str("</tr>");
    };
    row(
        "th",
        ";background:#f2f2f2",
        &mut table.head.iter().map(|h| h.0.as_str()),
    );
    for cells in &table.rows {
        row("td", "", &mut cells.iter().map(String::as_str));
    }
    for cells in &table.foot {
        row(
            "td",
            ";font-weight:600;background:#fafafa",
            &mut cells.iter().map(String::as_str),
        );
    }
    out.push_str("</table>");
}

/// A whole page: for a mail, or a file that is opened and printed.
pub fn page(title: &str, language: &str, body: &[Block]) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\"><title>{}</title>\
<style>@page{{margin:18mm}}table{{page-break-inside:auto}}tr{{page-break-inside:avoid}}</style></head>\n<body>{}</body></html>\n",
        escape(language),
        escape(title),
        fragment(body)
    )
}
