//! The part of Markdown that the user guide is written in: headings, paragraphs, lists, tables, bold
//! and code. Everything becomes text nodes; there is no HTML in it.

/// A block of the guide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// Level 1 to 6.
    Heading(u8, String),
    /// Lines joined.
    Paragraph(String),
    /// Whether numbered; the entries.
    List(bool, Vec<String>),
    /// Head and rows.
    Table(Vec<String>, Vec<Vec<String>>),
}

/// A run of text in a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Run {
    /// As it is.
    Plain(String),
    /// `**bold**`.
    Strong(String),
    /// `` `code` ``.
    Code(String),
}

enum Line<'a> {
    Blank,
    Heading(u8, &'a str),
    Entry(bool, &'a str),
    Row(Vec<String>),
    Text(&'a str),
}

fn line(text: &str) -> Line<'_> {
    let text = text.trim();
    if text.is_empty() {
        return Line::Blank;
    }
    let level = text.len() - text.trim_start_matches('#').len();
    if (1..=6).contains(&level)
        && let Some(title) = text[level..].strip_prefix(' ')
    {
        return Line::Heading(level as u8, title.trim());
    }
    if let Some(entry) = text.strip_prefix("- ") {
        return Line::Entry(false, entry);
    }
    if let Some((number, entry)) = text.split_once(". ")
        && !number.is_empty()
        && number.bytes().all(|b| b.is_ascii_digit())
    {
        return Line::Entry(true, entry);
    }
    match text.strip_prefix('|') {
        Some(rest) => {
            let rest = rest.strip_suffix('|').unwrap_or(rest);
            Line::Row(rest.split('|').map(|cell| cell.trim().to_owned()).collect())
        }
        None => Line::Text(text),
    }
}

/// The blocks of a guide.
pub fn blocks(text: &str) -> Vec<Block> {
    let mut out: Vec<Block> = Vec::new();
    // Whether the next line goes on with the last block.
    let mut open = false;
    for line in text.lines().map(line) {
        let last = if open { out.last_mut() } else { None };
        open = !matches!(line, Line::Blank | Line::Heading(..));
        match (line, last) {
            (Line::Blank, _) => {}
            (Line::Heading(level, title), _) => out.push(Block::Heading(level, title.to_owned())),
            (Line::Entry(numbered, entry), Some(Block::List(same, entries)))
                if *same == numbered =>
            {
                entries.push(entry.to_owned());
            }
            (Line::Entry(numbered, entry), _) => {
                out.push(Block::List(numbered, vec![entry.to_owned()]))
            }
            (Line::Row(cells), Some(Block::Table(_, rows))) => {
                let rule = cells
                    .iter()
                    .all(|c| !c.is_empty() && c.bytes().all(|b| b"-: ".contains(&b)));
                if !rule {
                    rows.push(cells);
                }
            }
            (Line::Row(cells), _) => out.push(Block::Table(cells, Vec::new())),
            (Line::Text(more), Some(Block::Paragraph(text))) => join(text, more),
            (Line::Text(more), Some(Block::List(_, entries))) => {
                if let Some(entry) = entries.last_mut() {
                    join(entry, more);
                }
            }
            (Line::Text(text), _) => out.push(Block::Paragraph(text.to_owned())),
        }
    }
    out
}

fn join(text: &mut String, more: &str) {
    text.push(' ');
    text.push_str(more);
}

/// The runs of a text; a mark that is never closed stands as it is.
pub fn runs(text: &str) -> Vec<Run> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['*', '`']) {
        let (before, marked) = rest.split_at(at);
        let mark = if marked.starts_with("**") {
            "**"
        } else {
            &marked[..1]
        };
        let inner = &marked[mark.len()..];
        match inner.find(mark).filter(|end| *end > 0 && mark != "*") {
            Some(end) => {
                if !before.is_empty() {
                    out.push(Run::Plain(before.to_owned()));
                }
                let inside = inner[..end].to_owned();
                out.push(if mark == "`" {
                    Run::Code(inside)
                } else {
                    Run::Strong(inside)
                });
                rest = &inner[end + mark.len()..];
            }
            None => {
                out.push(Run::Plain(rest[..at + mark.len()].to_owned()));
                rest = inner;
            }
        }
    }
    if !rest.is_empty() {
        out.push(Run::Plain(rest.to_owned()));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_of_each_kind() {
        let found =
            blocks("# A\n\none\ntwo\n\n- x\n- y\n  z\n\n1. p\n\n| h | k |\n|---|---|\n| 1 | 2 |\n");
        let text = |t: &str| t.to_owned();
        assert_eq!(
            found,
            vec![
                Block::Heading(1, text("A")),
                Block::Paragraph(text("one two")),
                Block::List(false, vec![text("x"), text("y z")]),
                Block::List(true, vec![text("p")]),
                Block::Table(vec![text("h"), text("k")], vec![vec![text("1"), text("2")]]),
            ]
        );
    }

    #[test]
    fn runs_lose_no_text() {
        for given in [
            "a **b** c",
            "`x` y",
            "2 * 3 ** 4",
            "**",
            "*",
            "`",
            "a`b",
            "é**ü**`ö`",
        ] {
            let told: String = runs(given)
                .iter()
                .map(|r| match r {
                    Run::Plain(t) => t.clone(),
                    Run::Strong(t) => format!("**{t}**"),
                    Run::Code(t) => format!("`{t}`"),
                })
                .collect();
            assert_eq!(told, given);
        }
    }

    #[test]
    fn the_guide_is_read_whole() {
        let found = blocks(include_str!("../../../docs/guide.md"));
        assert!(matches!(found.first(), Some(Block::Heading(1, _))));
        // What the renderer does not know would stand as marks in a paragraph.
        let strange = found.iter().any(|b| matches!(b, Block::Paragraph(t) if t.contains("](") || t.starts_with('>') || t.starts_with("```")));
        assert!(!strange);
    }
}
