//! HTML of a letter: for the clipboard and mail, with the little that Outlook, Gmail and Teams
//! keep. Every value is escaped.

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

/// The body as a fragment. Attributes of old and no styles: mail programs keep them best, and a
/// page whose content policy allows no styles of a fragment can put it on the clipboard as it is.
pub fn fragment(body: &[Block]) -> String {
    let mut out = String::from("<div><font face=\"Segoe UI, Calibri, Arial, sans-serif\">");
    for block in body {
        match block {
            Block::Paragraph(text) => out.push_str(&format!("<p>{}</p>", escape(text))),
            Block::Lines(lines) => {
                let lines: Vec<String> = lines.iter().map(|l| escape(l)).collect();
                out.push_str(&format!("<p>{}</p>", lines.join("<br>")));
            }
            Block::Points(points) => {
                out.push_str("<ul>");
                let point = |p: &String| format!("<li>{}</li>", escape(p));
                out.extend(points.iter().map(point));
                out.push_str("</ul>");
            }
            Block::Table(table) => push_table(&mut out, table),
        }
    }
    out.push_str("</font></div>");
    out
}

fn push_table(out: &mut String, table: &Table) {
    if !table.caption.is_empty() {
        out.push_str(&format!("<p><b>{}</b></p>", escape(&table.caption)));
    }
    out.push_str(
        "<table border=\"1\" cellpadding=\"4\" cellspacing=\"0\" bordercolor=\"#c8c8c8\">",
    );
    let side = |column: usize| match table.head.get(column) {
        Some((_, Align::Right)) => " align=\"right\" nowrap",
        _ => " align=\"left\"",
    };
    let mut row = |tag: &str, look: &str, bold: bool, cells: &mut dyn Iterator<Item = &str>| {
        out.push_str("<tr>");
        for (column, cell) in cells.enumerate() {
            let (side, text) = (side(column), escape(cell));
            let (on, off) = if bold { ("<b>", "</b>") } else { ("", "") };
            out.push_str(&format!(
                "<{tag}{side} valign=\"top\"{look}>{on}{text}{off}</{tag}>"
            ));
        }
        out.push_str("</tr>");
    };
    let head = &mut table.head.iter().map(|h| h.0.as_str());
    row("th", " bgcolor=\"#f2f2f2\"", false, head);
    for cells in &table.rows {
        row("td", "", false, &mut cells.iter().map(String::as_str));
    }
    for cells in &table.foot {
        let look = " bgcolor=\"#fafafa\"";
        row("td", look, true, &mut cells.iter().map(String::as_str));
    }
    out.push_str("</table><br>");
}

/// A whole page: for a mail, or a file that is opened and printed.
pub fn page(title: &str, language: &str, body: &[Block]) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\"><title>{}</title>\
<style>@page{{margin:18mm}}table{{border-collapse:collapse}}tr{{page-break-inside:avoid}}</style></head>\n<body>{}</body></html>\n",
        escape(language),
        escape(title),
        fragment(body)
    )
}
