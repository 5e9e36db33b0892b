//! What lies on the clipboard, as rows of cells: from Excel (tabs, quoted cells), from a mail (runs
//! of blanks, semicolons), or a plain list of numbers.

use super::work::WorkCells;

/// Most text that is read, in bytes; what is beyond it is said to be cut.
pub const MAX_PASTE_BYTES: usize = 4 << 20;
/// Most rows that are read.
pub const MAX_PASTE_ROWS: usize = 20_000;
/// Most cells of a row.
pub const MAX_PASTE_CELLS: usize = 64;

/// Rows as they were pasted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PastedRows {
    /// The rows that hold something, in order.
    pub rows: Vec<WorkCells>,
    /// There was more than is read.
    pub cut: bool,
}

/// Splits pasted text into rows of cells. Never fails: what is no table is one cell a line.
pub fn paste_rows(text: &str) -> PastedRows {
    let (text, mut cut) = within(text);
    let mut rows = if text.contains('\t') {
        tabbed(text)
    } else {
        lines(text)
    };
    rows.retain(|row| row.cells.iter().any(|cell| !cell.is_empty()));
    if rows.len() > MAX_PASTE_ROWS {
        rows.truncate(MAX_PASTE_ROWS);
        cut = true;
    }
    for row in &mut rows {
        cut |= row.cells.len() > MAX_PASTE_CELLS;
        row.cells.truncate(MAX_PASTE_CELLS);
    }
    PastedRows { rows, cut }
}

/// At most [`MAX_PASTE_BYTES`], cut at a character.
fn within(text: &str) -> (&str, bool) {
    if text.len() <= MAX_PASTE_BYTES {
        return (text, false);
    }
    let mut end = MAX_PASTE_BYTES;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    (&text[..end], true)
}

/// Excel's clipboard: a cell with a tab, a line end or a quote stands in quotes, doubled inside. A
/// quote without its partner is a character like any other.
fn tabbed(text: &str) -> Vec<WorkCells> {
    let mut rows = vec![WorkCells::at(1)];
    let mut line = 1u32;
    let mut rest = text;
    loop {
        let (cell, after) = match quoted(rest) {
            Some((cell, after)) => {
                line = line.saturating_add(cell.matches('\n').count() as u32);
                (cell, after)
            }
            None => {
                let end = rest.find(['\t', '\n', '\r']).unwrap_or(rest.len());
                (rest[..end].to_owned(), &rest[end..])
            }
        };
        if let Some(row) = rows.last_mut() {
            row.cells.push(tidy(&cell));
        }
        let mut chars = after.chars();
        match chars.next() {
            None => return rows,
            Some('\t') => rest = chars.as_str(),
            Some(end) => {
                let after = chars.as_str();
                rest = match end {
                    '\r' => after.strip_prefix('\n').unwrap_or(after),
                    _ => after,
                };
                line = line.saturating_add(1);
                if rows.len() > MAX_PASTE_ROWS {
                    return rows;
                }
                rows.push(WorkCells::at(line));
            }
        }
    }
}

/// A whole quoted cell, and what follows it.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut rest = text.strip_prefix('"')?;
    let mut cell = String::new();
    loop {
        let end = rest.find('"')?;
        cell.push_str(&rest[..end]);
        rest = &rest[end + 1..];
        match rest.strip_prefix('"') {
            Some(after) => {
                cell.push('"');
                rest = after;
            }
            None if rest.is_empty() || rest.starts_with(['\t', '\n', '\r']) => {
                return Some((cell, rest));
            }
            // "So" he said: not a quoted cell.
            None => return None,
        }
    }
}

/// Lines without tabs: columns by runs of blanks or by semicolons, else a list.
fn lines(text: &str) -> Vec<WorkCells> {
    let all: Vec<(u32, &str)> = text
        .split(['\n', '\r'])
        .enumerate()
        .map(|(at, line)| (at as u32 + 1, line.trim()))
        .filter(|(_, line)| !line.is_empty())
        .collect();
    let semicolons = |line: &str| line.matches(';').count();
    let first = all.first().map_or(0, |(_, line)| semicolons(line));
    let is_table = first > 0
        && all.len() > 1
        && all.iter().all(|(_, line)| semicolons(line) == first)
        && !all.iter().all(|(_, line)| is_list(line));
    let mut rows = Vec::new();
    for (number, line) in all {
        if rows.len() > MAX_PASTE_ROWS {
            break;
        }
        if is_table {
            rows.push(WorkCells::of(number, line.split(';').map(tidy)));
        } else if is_list(line) {
            let parts = line.split([',', ';']).map(tidy).filter(|p| !p.is_empty());
            rows.extend(parts.map(|part| WorkCells::of(number, [part].into_iter())));
        } else {
            let cells = line.split("  ").map(tidy).filter(|c| !c.is_empty());
            rows.push(WorkCells::of(number, cells));
        }
    }
    rows
}

/// Several numbers in one line: parts without blanks, each with a digit.
fn is_list(line: &str) -> bool {
    let mut parts = line.split([',', ';']).map(str::trim).peekable();
    line.contains([',', ';'])
        && parts.all(|p| {
            p.is_empty()
                || (!p.contains(' ') && p.len() > 2 && p.bytes().any(|b| b.is_ascii_digit()))
        })
}

/// Without blanks around it and the marks that only show; hard blanks are blanks.
fn tidy(cell: &str) -> String {
    let plain: String = cell
        .chars()
        .filter_map(|c| match c {
            '\u{a0}' | '\u{202f}' | '\u{2007}' => Some(' '),
            '\u{feff}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\0' => None,
            c => Some(c),
        })
        .collect();
    plain.trim().to_owned()
}
