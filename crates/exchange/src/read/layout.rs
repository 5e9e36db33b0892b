//! How a file is laid out, from its first rows and the options: header, mapping, dialect, kind.

use super::as_of;
use super::dialect::{self, Dialect, Recognised};
use super::error::{Family, FileError};
use super::header::{self, Names};
use super::input::Input;
use super::item_read::is_total_label;
use super::kind::{self, FileKind};
use super::limits::SAMPLE_ROWS;
use super::mapping::Mapping;
use super::options::Options;
use super::shape::ColumnShape;
use super::sniff::{self, Sniffed};
use super::table::{Book, Row, Table};
use super::workbook::SheetInfo;
use duebook_money::Day;

/// Everything decided about a file before its rows are staged.
pub struct Layout {
    pub(crate) sniffed: Sniffed,
    pub(crate) book: Option<Book>,
    pub(crate) names: Names,
    /// Line of the header; 0 where there is none.
    pub(crate) header_line: u32,
    pub(crate) header_cells: Vec<String>,
    /// Rows above the header.
    pub(crate) titles: Vec<String>,
    pub(crate) mapping: Mapping,
    pub(crate) shapes: Vec<ColumnShape>,
    /// Sampled rows under the header.
    pub(crate) sample: Vec<Row>,
    /// Whether the sample is the whole file.
    pub(crate) whole: bool,
    pub(crate) recognised: Recognised,
    pub(crate) kind: FileKind,
    /// The day the file speaks of, as the user, a title or the file's name says.
    pub(crate) as_of: Option<Day>,
}

impl Layout {
    /// Reads the head of a file.
    pub fn read(input: &dyn Input, options: &Options) -> Result<Layout, FileError> {
        let mut sniffed = sniff::sniff(input, &options.text)?;
        let book = match sniffed.family {
            Family::Text => None,
            family => Some(Book::open(input, family, options.sheet.as_deref())?),
        };
        let (rows, whole) = match head_rows(input, &sniffed, book.as_ref()) {
            // The head of the file was UTF-8 by its first 256 KiB; these rows say otherwise.
            Err(FileError::BadEncoding { .. }) if options.text.encoding.is_none() => {
                use_fallback(input, &mut sniffed)?;
                head_rows(input, &sniffed, book.as_ref())?
            }
            other => other?,
        };
        let mut layout = Self::from_rows(sniffed, book, rows, whole, options)?;
        let said = options.as_of.as_deref().and_then(as_of::iso);
        layout.as_of = said
            .or_else(|| as_of::in_titles(&layout.titles))
            .or_else(|| as_of::in_name(input.name()));
        Ok(layout)
    }

    fn from_rows(
        sniffed: Sniffed,
        book: Option<Book>,
        mut rows: Vec<Row>,
        whole: bool,
        options: &Options,
    ) -> Result<Layout, FileError> {
        let names = Names::new();
        let lines = rows.last().map_or(0, |r| r.line);
        if rows.iter().all(|r| r.filled() == 0) {
            return Err(FileError::NoRows { lines });
        }
        let header_at = match options.header_line {
            Some(0) => None,
            Some(line) => rows.iter().position(|r| r.line == line),
            None => header::find(&rows, &names),
        };
        let after = header_at.map_or(0, |at| at + 1);
        let sample = rows.split_off(after);
        let header_row = header_at.and_then(|_| rows.pop());
        let width = sample
            .iter()
            .map(Row::len)
            .chain(header_row.iter().map(Row::len))
            .max()
            .unwrap_or(0);
        let header_cells: Vec<String> = (0..width)
            .map(|i| header_row.as_ref().map_or("", |r| r.get(i)).to_owned())
            .collect();
        let mut shapes = vec![ColumnShape::default(); width];
        let usual = usual_fill(&sample);
        for row in &sample {
            let again = header_row.as_ref().is_some_and(|h| same_cells(h, row));
            // Headings and totals between the rows say nothing about a column.
            if again || row.is_rule() || row.filled() * 2 < usual || is_total_label(row) {
                continue;
            }
            shapes
                .iter_mut()
                .enumerate()
                .for_each(|(i, s)| s.add(row, i));
        }
        let headers = unique_headers(&header_cells, &shapes);
        let mut mapping = header::map(&headers, &shapes, &names);
        mapping.apply_remembered(&options.mapping);
        let recognised = dialect::recognise(&header_cells);
        let kind = options
            .kind
            .unwrap_or_else(|| kind::detect(&mapping, &shapes));
        Ok(Layout {
            sniffed,
            book,
            names,
            header_line: header_row.as_ref().map_or(0, |r| r.line),
            header_cells,
            titles: rows.iter().map(joined).filter(|t| !t.is_empty()).collect(),
            mapping,
            shapes,
            sample,
            whole,
            recognised,
            kind,
            as_of: None,
        })
    }

    /// The program that wrote it.
    pub fn dialect(&self) -> Dialect {
        self.recognised.dialect
    }
    /// The sheets of a workbook.
    pub fn sheets(&self) -> &[SheetInfo] {
        self.book.as_ref().map_or(&[], |b| &b.sheets)
    }
    /// Whether the row is the header again.
    pub(crate) fn is_header_again(&self, row: &Row) -> bool {
        self.header_line != 0
            && row.filled() > 1
            && (0..self.header_cells.len().max(row.len()))
                .all(|i| row.get(i) == self.header_cells.get(i).map_or("", |h| h.as_str()))
    }
}

/// Reads on as Windows-1252 or what else the whole file looks like.
pub(crate) fn use_fallback(input: &dyn Input, sniffed: &mut Sniffed) -> Result<(), FileError> {
    use std::io::Read;
    let mut bytes = Vec::new();
    // The detector wants the places that are not ASCII; 8 MiB have them where a file has any.
    input.open()?.take(8 << 20).read_to_end(&mut bytes)?;
    let codec = match sniff::fallback_encoding(&bytes) {
        c if c == encoding_rs::UTF_8 => encoding_rs::WINDOWS_1252,
        c => c,
    };
    if let Some(shape) = &mut sniffed.text {
        shape.encoding = codec.name().to_owned();
    }
    Ok(())
}

fn head_rows(
    input: &dyn Input,
    sniffed: &Sniffed,
    book: Option<&Book>,
) -> Result<(Vec<Row>, bool), FileError> {
    let mut table = Table::open(input, sniffed, book)?;
    let mut rows = Vec::new();
    let mut row = Row::default();
    while rows.len() < SAMPLE_ROWS {
        if !table.read(&mut row)? {
            return Ok((rows, true));
        }
        rows.push(row.copied());
    }
    Ok((rows, false))
}

/// Filled cells of the row in the middle.
fn usual_fill(sample: &[Row]) -> usize {
    let mut fills: Vec<usize> = sample
        .iter()
        .filter(|r| !r.is_rule())
        .map(Row::filled)
        .collect();
    duebook_money::order::sort(&mut fills);
    fills.get(fills.len() / 2).copied().unwrap_or(0)
}

fn same_cells(a: &Row, b: &Row) -> bool {
    (0..a.len().max(b.len())).all(|i| a.get(i) == b.get(i))
}

fn joined(row: &Row) -> String {
    let cells: Vec<&str> = row.cells().filter(|c| !c.is_empty()).collect();
    cells.join(" ")
}

/// Headers made unique: a second `Date` is `Date (2)`, a filled column without one `Column 3`.
fn unique_headers(cells: &[String], shapes: &[ColumnShape]) -> Vec<String> {
    let mut out: Vec<String> = Vec::with_capacity(cells.len());
    let mut seen = std::collections::HashSet::new();
    for (i, cell) in cells.iter().enumerate() {
        let mut name: String = cell.split_whitespace().collect::<Vec<_>>().join(" ");
        let all_blank = cells.iter().all(String::is_empty);
        if name.is_empty() && shapes[i].filled > 0 && all_blank {
            name = format!("Column {}", i + 1);
        }
        let base = name.clone();
        let mut n = 2;
        while !name.is_empty() && !seen.insert(name.clone()) {
            name = format!("{base} ({n})");
            n += 1;
        }
        out.push(name);
    }
    out
}
