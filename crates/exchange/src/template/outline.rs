//! What a workbook has: its sheets, where their headers and rows of data are, and what the columns
//! are likely to hold. All of it is a proposal, to be corrected.

use super::error::{MAX_COLUMNS, TemplateError};
use super::package::{Package, Part};
use super::propose::propose;
use super::refs;
use super::sheet::{Cell, Layout, Row, Strings, cells};
use super::styles::Styles;
use super::xml::tags;
use crate::read::fold;
use crate::read::header::Names;
use duebook_ledger::template::TemplateField;
use duebook_money::Day;
use duebook_money::day::ExcelSystem;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Rows in which a header is looked for.
const HEADER_ROWS: usize = 80;
/// Rows between rows of data that are still among them: a heading, a subtotal, a blank.
const GAP: u32 = 3;
/// Characters of a sample shown.
const SAMPLE: usize = 40;

/// A workbook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outline {
    /// Its sheets in order.
    pub sheets: Vec<SheetOutline>,
    /// Days are counted from 1904.
    pub since_1904: bool,
}

/// A sheet.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SheetOutline {
    /// Its name.
    pub name: String,
    /// The workbook hides it.
    pub hidden: bool,
    /// Rows can be put in it: a worksheet, and no chart.
    pub fillable: bool,
    /// Its last row.
    pub rows: u32,
    /// The row of its header; `None` where no row looks like one.
    pub header: Option<u32>,
    /// The first row of data.
    pub first: u32,
    /// The last row of data; the one before `first` where there is none.
    pub last: u32,
    /// The first row below them that holds something, and what.
    pub below: Option<(u32, String)>,
    /// The columns of the header.
    pub columns: Vec<ColumnOutline>,
}

/// A column.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnOutline {
    /// Which, from 0.
    pub at: u16,
    /// Its header.
    pub header: String,
    /// What stands under it, first; a day as `2026-11-21`.
    pub sample: String,
    /// The formula of the first row of data, which goes on in every row unless the column is filled.
    pub formula: Option<String>,
    /// What it is likely to hold.
    #[serde(with = "by_name")]
    pub field: Option<TemplateField>,
}

/// Fields go by their names in messages.
mod by_name {
    use super::TemplateField;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub fn serialize<S: Serializer>(
        field: &Option<TemplateField>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        field.map(TemplateField::name).serialize(to)
    }
    pub fn deserialize<'d, D: Deserializer<'d>>(
        from: D,
    ) -> Result<Option<TemplateField>, D::Error> {
        let name = Option::<String>::deserialize(from)?;
        Ok(name.and_then(|n| TemplateField::named(&n)))
    }
}

/// Looks at a workbook. `headers`: rows of headers that the user gave, by sheet.
///
/// # Errors
/// [`TemplateError`].
pub fn outline(bytes: &[u8], headers: &[(String, u32)]) -> Result<Outline, TemplateError> {
    let mut package = Package::open(bytes)?;
    let main = package.workbook.clone();
    let relations = package.relations(&main)?;
    let mut part = |kind: &str| {
        let found = relations.iter().find(|r| r.kind == kind);
        match found.filter(|r| package.has(&r.path)) {
            Some(relation) => package.text(&relation.path),
            None => Ok(String::new()),
        }
    };
    let (table, styles) = (part("sharedStrings")?, part("styles")?);
    let look = Look {
        strings: Strings::read(&table),
        names: Names::new(),
        styles: Styles::read(styles),
        system: match package.since_1904 {
            true => ExcelSystem::Mac1904,
            false => ExcelSystem::Windows1900,
        },
    };
    let mut sheets = Vec::new();
    for part in package.sheets.clone() {
        let given = headers.iter().find(|(name, _)| *name == part.name);
        sheets.push(look.sheet(&mut package, part, given.map(|(_, row)| *row))?);
    }
    Ok(Outline {
        sheets,
        since_1904: package.since_1904,
    })
}

struct Look<'x> {
    strings: Strings<'x>,
    names: Names,
    styles: Styles,
    system: ExcelSystem,
}

/// A row with what it shows, by column.
struct Shown {
    number: u32,
    texts: BTreeMap<u32, String>,
}

impl Look<'_> {
    fn sheet(
        &self,
        package: &mut Package<'_>,
        part: Part,
        given: Option<u32>,
    ) -> Result<SheetOutline, TemplateError> {
        let mut out = SheetOutline {
            name: part.name,
            hidden: part.hidden,
            ..SheetOutline::default()
        };
        let Some(path) = part.path else {
            return Ok(out);
        };
        let xml = package.text(&path)?;
        let Some(layout) = Layout::read(&xml) else {
            return Err(TemplateError::broken(format!("the sheet {}", out.name)));
        };
        out.fillable = true;
        out.rows = layout.rows.last().map_or(0, |r| r.number);
        let table = self.table(package, &path)?;
        let header = given
            .or(table.map(|(header, ..)| header))
            .or_else(|| self.find_header(&layout));
        let Some(header) = header else { return Ok(out) };
        let head = layout.row(header).map(|row| self.shown(&layout, row));
        let mut head = head.map_or(BTreeMap::new(), |h| h.texts);
        head.retain(|_, text| !text.is_empty());
        if head.len() > MAX_COLUMNS {
            return Err(TemplateError::TooManyColumns {
                sheet: out.name,
                columns: head.len() as u64,
            });
        }
        out.header = Some(header);
        let of_table = table.filter(|(at, ..)| *at == header);
        (out.first, out.last) = match of_table {
            Some((_, first, last)) => (first, last),
            None => self.bounds(&layout, header, &head),
        };
        let below = layout
            .rows
            .iter()
            .filter(|r| r.number > out.last.max(header));
        out.below = below.map(|row| self.shown(&layout, row)).find_map(|row| {
            let text = row.texts.into_values().find(|t| !t.is_empty())?;
            Some((row.number, short(&text)))
        });
        out.columns = self.columns(&layout, &out, head);
        Ok(out)
    }

    fn shown(&self, layout: &Layout<'_>, row: &Row) -> Shown {
        let all = cells(layout.raw(row));
        let texts = all.map(|c| (c.column, self.strings.of(&c))).collect();
        Shown {
            number: row.number,
            texts,
        }
    }

    /// An Excel table of the sheet, the widest: row of its header, first and last row of data.
    fn table(
        &self,
        package: &mut Package<'_>,
        path: &str,
    ) -> Result<Option<(u32, u32, u32)>, TemplateError> {
        let mut widest: Option<(u32, (u32, u32, u32))> = None;
        for relation in package.relations(path)? {
            if relation.kind != "table" || !package.has(&relation.path) {
                continue;
            }
            let xml = package.text(&relation.path)?;
            let Some(table) = tags(&xml).find(|t| t.begins("table")) else {
                continue;
            };
            let range = table.attribute("ref").and_then(|r| r.split_once(':'));
            let corners = range.and_then(|(a, b)| Some((refs::cell(a)?, refs::cell(b)?)));
            let Some(((left, top), (right, bottom))) = corners else {
                continue;
            };
            let totals = table.number("totalsRowCount").unwrap_or(0);
            let headed = table.number("headerRowCount").unwrap_or(1) == 1;
            let width = right.saturating_sub(left);
            let rows = (top, top + 1, bottom.saturating_sub(totals).max(top));
            if headed && widest.is_none_or(|(w, _)| width > w) {
                widest = Some((width, rows));
            }
        }
        Ok(widest.map(|(_, rows)| rows))
    }

    /// The row in which most columns are known; at least two must be.
    fn find_header(&self, layout: &Layout<'_>) -> Option<u32> {
        let mut best: Option<(usize, u32)> = None;
        for row in layout.rows.iter().take(HEADER_ROWS) {
            let shown = self.shown(layout, row);
            let texts: Vec<String> = shown
                .texts
                .into_values()
                .filter(|t| !t.is_empty())
                .collect();
            if texts.len() < 2 || texts.len() > MAX_COLUMNS {
                continue;
            }
            let figures = texts
                .iter()
                .filter(|t| !t.contains(char::is_alphabetic))
                .count();
            let known = propose(&texts, &self.names).iter().flatten().count();
            if known >= 2 && figures * 2 <= texts.len() && best.is_none_or(|(k, _)| known > k) {
                best = Some((known, row.number));
            }
        }
        best.map(|(_, row)| row)
    }

    /// First and last row of data under a header.
    fn bounds(&self, layout: &Layout<'_>, header: u32, head: &BTreeMap<u32, String>) -> (u32, u32) {
        let under = layout.rows.iter().filter(|r| r.number > header);
        let mut usual = None;
        let mut span: Option<(u32, u32)> = None;
        let (mut blank_before, mut total_before) = (header, false);
        for row in under {
            let filled = self.filled(layout, row, head);
            let reach = span.map_or(header, |(_, last)| last);
            if row.number > reach + GAP + 1 || row.number > blank_before + 2 {
                break;
            }
            if filled.constants + filled.formulas > 0 {
                blank_before = row.number;
            }
            let total = filled.total(usual);
            // Below a total only what is as full as the rows above it is data again.
            let least = usual.map_or(1, |n: usize| match total_before {
                true => (n * 2).div_ceil(3).max(2),
                false => n.div_ceil(2).max(2),
            });
            total_before |= total;
            if filled.constants >= least && !total {
                total_before = false;
                usual.get_or_insert(filled.constants);
                span = Some((span.map_or(row.number, |(first, _)| first), row.number));
            }
        }
        let blank = |number: u32| {
            let row = layout.row(number)?;
            let filled = self.filled(layout, row, head);
            (filled.constants == 0 && !filled.sums).then_some(())
        };
        match span {
            Some(span) => span,
            // A row without values shows how the rows are to look.
            None if blank(header + 1).is_some() => (header + 1, header + 1),
            None => (header + 1, header),
        }
    }

    fn filled(&self, layout: &Layout<'_>, row: &Row, head: &BTreeMap<u32, String>) -> Cells {
        let mut out = Cells::default();
        for cell in cells(layout.raw(row)).filter(|c| head.contains_key(&c.column)) {
            if cell.formula.is_some() {
                out.formulas += 1;
                out.sums |= sums_above(layout, &cell, row.number);
                continue;
            }
            let text = self.strings.of(&cell);
            if text.is_empty() {
                continue;
            }
            out.constants += 1;
            out.named |= TOTALS.contains(&fold(&text).as_str());
        }
        out
    }

    /// What a cell shows: a day as a day, not as the number it is kept as.
    fn sample(&self, cell: &Cell<'_>) -> String {
        let text = self.strings.of(cell);
        let dated = cell.style.is_some_and(|s| self.styles.is_day(s));
        // A moment is a fraction behind the day.
        let whole = text.split('.').next().and_then(|t| t.parse::<i32>().ok());
        match whole.filter(|_| dated) {
            Some(serial) => {
                Day::from_excel_serial(serial, self.system).map_or(text, |d| d.to_string())
            }
            None => text,
        }
    }

    fn columns(
        &self,
        layout: &Layout<'_>,
        sheet: &SheetOutline,
        head: BTreeMap<u32, String>,
    ) -> Vec<ColumnOutline> {
        let first = layout
            .row(sheet.first)
            .filter(|_| sheet.last >= sheet.first);
        let under: BTreeMap<u32, (String, Option<String>)> = first.map_or(BTreeMap::new(), |row| {
            let of = |c: Cell<'_>| {
                let formula = layout.formula_of(&c, row.number);
                (c.column, (short(&self.sample(&c)), formula))
            };
            cells(layout.raw(row)).map(of).collect()
        });
        let headers: Vec<String> = head.values().cloned().collect();
        let fields = propose(&headers, &self.names);
        let column = |((at, header), field): ((u32, String), Option<TemplateField>)| {
            let (sample, formula) = under.get(&at).cloned().unwrap_or_default();
            ColumnOutline {
                at: at as u16,
                header,
                sample,
                // What the client reckons himself he goes on reckoning.
                field: field.filter(|_| formula.is_none()),
                formula,
            }
        };
        head.into_iter().zip(fields).map(column).collect()
    }
}

/// What a row has under the header.
#[derive(Default)]
struct Cells {
    constants: usize,
    formulas: usize,
    /// A cell says that it is a total.
    named: bool,
    /// A formula sums what is above.
    sums: bool,
}

impl Cells {
    /// Whether it is a total rather than data: it has few values of its own.
    fn total(&self, usual: Option<usize>) -> bool {
        let few = usual.is_none_or(|n| self.constants * 2 <= n);
        self.named && few || self.sums && self.constants <= 2
    }
}

const TOTALS: [&str; 14] = [
    "total",
    "totals",
    "grand total",
    "sub total",
    "subtotal",
    "sum",
    "summe",
    "gesamt",
    "gesamtsumme",
    "total general",
    "totale",
    "totaal",
    "total open",
    "total due",
];

fn sums_above(layout: &Layout<'_>, cell: &Cell<'_>, row: u32) -> bool {
    let Some(text) = layout.formula_of(cell, row) else {
        return false;
    };
    let upper = text.to_ascii_uppercase();
    if !upper.contains("SUM(") && !upper.contains("SUBTOTAL(") {
        return false;
    }
    let mut above = false;
    refs::formula(&text, |r, _| {
        above |= r.rows().is_some_and(|(from, _)| from < row);
        r
    });
    above
}

fn short(text: &str) -> String {
    let mut out: String = text.chars().take(SAMPLE).collect();
    if out.len() < text.len() {
        out.push('…');
    }
    out
}
