//! A table as it stands, for readers of other kinds of files than ledgers (bank statements,
//! remittance advices): encoding, delimiter, sheets and typed cells are told here, what the
//! columns mean is theirs.

use super::error::{Family, FileError};
use super::input::Input;
use super::sniff::{Sniffed, TextOverride, sniff};
use super::table::{Book, CellType, Row, Table};
use super::workbook::SheetInfo;

/// One row that holds something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GridRow {
    /// Line of the file (row of the sheet), from 1.
    pub line: u32,
    /// Cells without the blanks around them.
    pub cells: Vec<String>,
    /// What each cell is; empty for text files, where every cell is text.
    pub types: Vec<CellType>,
}

/// All rows of a file, or of one sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grid {
    /// What the bytes are.
    pub sniffed: Sniffed,
    /// The rows in order; empty rows and drawn lines are left out.
    pub rows: Vec<GridRow>,
    /// There are more rows than were asked for.
    pub cut: bool,
    /// The sheets of a workbook that can be looked at.
    pub sheets: Vec<SheetInfo>,
    /// Which of them was read.
    pub sheet: Option<usize>,
}

/// Reads at most `most` rows. `sheet`: the one asked for, else the likeliest.
pub fn grid(
    input: &dyn Input,
    chosen: &TextOverride,
    sheet: Option<&str>,
    most: usize,
) -> Result<Grid, FileError> {
    let sniffed = sniff(input, chosen)?;
    let book = match sniffed.family {
        Family::Text => None,
        family => Some(Book::open(input, family, sheet)?),
    };
    let mut rows = Vec::new();
    let mut cut = false;
    let mut table = Table::open(input, &sniffed, book.as_ref())?;
    let mut row = Row::default();
    while table.read(&mut row)? {
        if row.is_rule() {
            continue;
        }
        if rows.len() >= most {
            cut = true;
            break;
        }
        rows.push(GridRow {
            line: row.line,
            cells: row.cells().map(str::to_owned).collect(),
            types: row.types.clone(),
        });
    }
    drop(table);
    let sheet = book.as_ref().map(|b| b.chosen);
    Ok(Grid {
        sniffed,
        rows,
        cut,
        sheets: book.map_or(Vec::new(), |b| b.sheets),
        sheet,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::Bytes;

    #[test]
    fn rows_as_they_stand() {
        let input = Bytes {
            name: "x.csv",
            bytes: b"Title;;\n\nDate;Amount;Text\n-----;-----;----\n01.02.2026;-1,50;\"a;b\"\n",
        };
        let grid = grid(&input, &TextOverride::default(), None, 10).expect("a grid");
        let lines: Vec<u32> = grid.rows.iter().map(|r| r.line).collect();
        assert_eq!(lines, [1, 3, 5]);
        assert_eq!(grid.rows[2].cells, ["01.02.2026", "-1,50", "a;b"]);
        assert!(!grid.cut);
    }
}
