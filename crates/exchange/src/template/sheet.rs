//! A worksheet's rows and cells, with the places they stand at.

use super::refs;
use super::xml::{Is, plain, tags, tags_from};
use std::collections::BTreeMap;

/// A row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Row {
    /// Number from 1.
    pub number: u32,
    /// Where it begins and ends, bytes.
    pub start: usize,
    pub end: usize,
}

/// A worksheet's part.
pub(super) struct Layout<'x> {
    pub xml: &'x str,
    /// The prefix that its elements carry, with its colon.
    pub prefix: &'x str,
    /// Where `<sheetData>` begins and ends, its tags included.
    pub start: usize,
    pub end: usize,
    /// The rows in order.
    pub rows: Vec<Row>,
    /// Formulas that several cells share, by their number: column and row of the first, and text.
    pub shared: BTreeMap<u32, (u32, u32, String)>,
}

/// A cell.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cell<'x> {
    /// Column from 0.
    pub column: u32,
    /// Where it begins in its row, bytes.
    pub start: usize,
    /// Its first tag.
    pub tag: &'x str,
    /// All of it.
    pub raw: &'x str,
    pub style: Option<u32>,
    /// What kind its value is: `s` for a text of the table, `inlineStr`, `str`, `b`, `n`.
    pub kind: &'x str,
    /// Its value as written.
    pub value: &'x str,
    /// Its formula.
    pub formula: Option<Formula<'x>>,
}

/// A formula.
#[derive(Debug, Clone, Copy)]
pub(super) struct Formula<'x> {
    /// Its first tag.
    pub tag: &'x str,
    /// Its text as written; empty where it is shared and stands elsewhere.
    pub text: &'x str,
    /// Its number, where it is shared.
    pub shared: Option<u32>,
}

impl<'x> Layout<'x> {
    /// Finds rows and shared formulas; `None` where there is no sheet in it.
    pub fn read(xml: &'x str) -> Option<Layout<'x>> {
        let data = tags(xml).find(|t| t.begins("sheetData"))?;
        let mut layout = Layout {
            xml,
            prefix: data.prefix(),
            start: data.start,
            end: data.end,
            rows: Vec::new(),
            shared: BTreeMap::new(),
        };
        if data.is == Is::Empty {
            return Some(layout);
        }
        let mut begun: Option<(u32, usize)> = None;
        let mut number = 0;
        for tag in tags_from(xml, data.end) {
            match (tag.name(), tag.is) {
                ("row", Is::Open | Is::Empty) => {
                    number = tag.number("r").unwrap_or(number + 1);
                    if tag.is == Is::Empty {
                        let (start, end) = (tag.start, tag.end);
                        layout.rows.push(Row { number, start, end });
                    } else {
                        begun = Some((number, tag.start));
                    }
                }
                ("row", Is::Close) => {
                    if let Some((number, start)) = begun.take() {
                        let end = tag.end;
                        layout.rows.push(Row { number, start, end });
                    }
                }
                ("sheetData", Is::Close) => {
                    layout.end = tag.end;
                    break;
                }
                _ => {}
            }
        }
        let rising = layout.rows.windows(2).all(|w| w[0].number < w[1].number);
        if !rising {
            return None;
        }
        layout.find_shared();
        Some(layout)
    }

    fn find_shared(&mut self) {
        if !self.xml[self.start..self.end].contains("shared") {
            return;
        }
        for row in &self.rows {
            for cell in cells(&self.xml[row.start..row.end]) {
                let Some(formula) = cell.formula else {
                    continue;
                };
                if let Some(id) = formula.shared.filter(|_| !formula.text.is_empty()) {
                    let text = plain(formula.text).into_owned();
                    self.shared.insert(id, (cell.column, row.number, text));
                }
            }
        }
    }

    /// A row's XML.
    pub fn raw(&self, row: &Row) -> &'x str {
        &self.xml[row.start..row.end]
    }

    /// The row of a number, if it is written.
    pub fn row(&self, number: u32) -> Option<&Row> {
        let at = self.rows.binary_search_by_key(&number, |r| r.number);
        self.rows.get(at.ok()?)
    }

    /// A cell's formula as it is meant where it stands.
    pub fn formula_of(&self, cell: &Cell<'_>, row: u32) -> Option<String> {
        let formula = cell.formula?;
        if !formula.text.is_empty() {
            return Some(plain(formula.text).into_owned());
        }
        let (column, first, text) = self.shared.get(&formula.shared?)?;
        let rows = i64::from(row) - i64::from(*first);
        let columns = i64::from(cell.column) - i64::from(*column);
        let copy = |r: refs::Reference, _: &refs::Standing<'_>| refs::Reference {
            from: r.from.copied(rows, columns),
            to: r.to.map(|t| t.copied(rows, columns)),
        };
        Some(refs::formula(text, copy).unwrap_or_else(|| text.clone()))
    }
}

/// The cells of a row.
pub(super) fn cells(row: &str) -> impl Iterator<Item = Cell<'_>> {
    let mut tags = tags(row);
    let mut next = 0;
    std::iter::from_fn(move || {
        let open = tags.by_ref().find(|t| t.begins("c"))?;
        let column = open.attribute("r").and_then(refs::cell).map(|(c, _)| c);
        let column = column.unwrap_or(next);
        next = column + 1;
        let mut cell = Cell {
            column,
            start: open.start,
            tag: open.raw,
            raw: open.raw,
            style: open.number("s"),
            kind: open.attribute("t").unwrap_or("n"),
            value: "",
            formula: None,
        };
        if open.is == Is::Empty {
            return Some(cell);
        }
        let mut from = open.end;
        for tag in tags.by_ref() {
            if tag.closes("c") {
                cell.raw = &row[open.start..tag.end];
                break;
            }
            let text = match tag.is {
                Is::Open => {
                    from = tag.end;
                    ""
                }
                _ => row.get(from..tag.start).unwrap_or_default(),
            };
            match (tag.name(), tag.is) {
                ("f", Is::Open | Is::Empty) => {
                    let shared = tag.attribute("t") == Some("shared");
                    cell.formula = Some(Formula {
                        tag: tag.raw,
                        text: "",
                        shared: tag.number("si").filter(|_| shared),
                    });
                }
                ("f", Is::Close) => {
                    if let Some(formula) = &mut cell.formula {
                        formula.text = text;
                    }
                }
                ("v", Is::Close) => cell.value = text,
                ("is", Is::Open) => cell.value = row.get(tag.end..).unwrap_or_default(),
                ("is", Is::Close) => {
                    let whole = cell.value.len().min(row.len());
                    let begun = row.len() - whole;
                    cell.value = row.get(begun..tag.start).unwrap_or_default();
                }
                _ => {}
            }
        }
        Some(cell)
    })
}

/// The texts of the table of strings, by place.
pub(super) struct Strings<'x> {
    xml: &'x str,
    places: Vec<(usize, usize)>,
}

impl<'x> Strings<'x> {
    pub fn read(xml: &'x str) -> Strings<'x> {
        let mut places = Vec::new();
        let mut begun = None;
        for tag in tags(xml) {
            match (tag.name(), tag.is) {
                ("si", Is::Open) => begun = Some(tag.end),
                ("si", Is::Empty) => places.push((tag.end, tag.end)),
                ("si", Is::Close) => places.extend(begun.take().map(|from| (from, tag.start))),
                _ => {}
            }
        }
        Strings { xml, places }
    }

    /// What a cell shows, as far as it is kept: a formula's last result.
    pub fn of(&self, cell: &Cell<'_>) -> String {
        match cell.kind {
            "s" => {
                let at = cell.value.trim().parse::<usize>().ok();
                let place = at.and_then(|at| self.places.get(at));
                place.map_or(String::new(), |(from, to)| run(&self.xml[*from..*to]))
            }
            "inlineStr" => run(cell.value),
            _ => plain(cell.value).trim().to_owned(),
        }
    }
}

/// The text of runs: what stands in `<t>`, but for phonetic readings.
fn run(xml: &str) -> String {
    let mut out = String::new();
    let (mut from, mut phonetic) = (None, false);
    for tag in tags(xml) {
        match (tag.name(), tag.is) {
            ("rPh", Is::Open) => phonetic = true,
            ("rPh", Is::Close) => phonetic = false,
            ("t", Is::Open) => from = Some(tag.end),
            ("t", Is::Close) => {
                if let Some(from) = from.take().filter(|_| !phonetic) {
                    out.push_str(&plain(&xml[from..tag.start]));
                }
            }
            _ => {}
        }
    }
    out.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHEET: &str = r#"<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="C1" t="inlineStr" s="4"><is><r><t>Open </t></r><r><t>amount</t></r></is></c></row><row r="3" ht="20"><c><v>5</v></c><c s="2"/><c r="D3"><f t="shared" ref="D3:D4" si="0">A3&amp;"x"</f><v>7</v></c></row><row r="4"><c r="D4"><f t="shared" si="0"/><v>8</v></c></row></sheetData></worksheet>"#;

    #[test]
    fn rows_cells_and_shared_formulas() {
        let layout = Layout::read(SHEET).expect("a sheet");
        let numbers: Vec<u32> = layout.rows.iter().map(|r| r.number).collect();
        assert_eq!(numbers, [1, 3, 4]);
        let strings = Strings::read("<sst><si><t>Inv &amp; no</t></si></sst>");
        let first: Vec<_> = cells(layout.raw(&layout.rows[0])).collect();
        assert_eq!(
            (first[0].column, strings.of(&first[0])),
            (0, "Inv & no".to_owned())
        );
        assert_eq!(
            (first[1].column, strings.of(&first[1])),
            (2, "Open amount".to_owned())
        );
        let third: Vec<_> = cells(layout.raw(&layout.rows[1])).collect();
        let columns: Vec<_> = third.iter().map(|c| (c.column, c.style, c.value)).collect();
        assert_eq!(columns, [(0, None, "5"), (1, Some(2), ""), (3, None, "7")]);
        assert_eq!(layout.formula_of(&third[2], 3).as_deref(), Some("A3&\"x\""));
        let fourth: Vec<_> = cells(layout.raw(&layout.rows[2])).collect();
        assert_eq!(
            layout.formula_of(&fourth[0], 4).as_deref(),
            Some("A4&\"x\"")
        );
    }

    #[test]
    fn rows_out_of_order_are_no_sheet() {
        let xml = "<worksheet><sheetData><row r=\"2\"/><row r=\"1\"/></sheetData></worksheet>";
        assert!(Layout::read(xml).is_none());
        assert!(Layout::read("<worksheet/>").is_none());
    }
}
