//! Bank statements and remittance advices as CSV or workbook (formats.md 2.7): the columns are told
//! by their headers, or by the user; the running balance is the judge.

mod header;
mod remit;
mod statement;
mod values;

use crate::Options;
use crate::detect::Format;
use crate::error::Error;
use crate::limits::MAX_ROWS;
use crate::question::Question;
use crate::sink::Sink;
use duebook_exchange::read::{Bytes, Grid, GridRow, TextOverride, grid};

pub use header::{Column, ColumnUse};

/// Which of the two tables the bytes are.
pub(crate) fn which(bytes: &[u8], name: &str) -> Result<Format, Error> {
    let input = Bytes { name, bytes };
    let grid = grid(&input, &TextOverride::default(), None, header::SEARCH_ROWS)?;
    if header::is_ledger(&grid.rows) {
        return Err(Error::Unknown);
    }
    let statement = header::find(&grid.rows, false, &[]);
    let remittance = header::find(&grid.rows, true, &[]);
    match (statement, remittance) {
        (_, Some(r)) if header::is_remittance(&r) => Ok(Format::RemittanceTable),
        (Some(_), _) => Ok(Format::BankTable),
        _ => Err(no_columns(&grid)),
    }
}

/// The position of the likeliest header where none is known: the first of the widest rows.
fn widest(grid: &Grid) -> Option<usize> {
    let filled = |r: &GridRow| r.cells.iter().filter(|c| !c.is_empty()).count();
    let widest = grid.rows.iter().map(filled).max();
    grid.rows.iter().position(|r| Some(filled(r)) == widest)
}

/// What the columns of a statement as a table are taken for, be it enough or not.
pub(crate) fn columns(
    bytes: &[u8],
    name: &str,
    options: &Options,
) -> Result<Vec<ColumnUse>, Error> {
    let input = Bytes { name, bytes };
    let sheet = options.sheet.as_deref();
    let grid = grid(&input, &options.text, sheet, header::SEARCH_ROWS)?;
    let found = header::find(&grid.rows, false, &options.columns).or_else(|| {
        let at = widest(&grid)?;
        Some(header::at(&grid.rows, at, &options.columns))
    });
    Ok(found.map_or_else(Vec::new, |f| f.uses(&grid.rows)))
}

fn no_columns(grid: &Grid) -> Error {
    let row = widest(grid).and_then(|at| grid.rows.get(at));
    Error::NoColumns {
        line: row.map_or(0, |r| r.line),
        headers: row
            .map(|r| r.cells.iter().take(60).cloned().collect())
            .unwrap_or_default(),
    }
}

/// Reads a table; answers what each column was taken for.
pub(crate) fn read(
    format: Format,
    bytes: &[u8],
    name: &str,
    options: &Options,
    sink: &mut Sink,
    questions: &mut Vec<Question>,
) -> Result<Vec<ColumnUse>, Error> {
    let input = Bytes { name, bytes };
    let grid = grid(&input, &options.text, options.sheet.as_deref(), MAX_ROWS)?;
    if grid.cut {
        sink.limit("rows", MAX_ROWS);
    }
    let remittance = format == Format::RemittanceTable;
    let Some(found) = header::find(&grid.rows, remittance, &options.columns) else {
        return Err(no_columns(&grid));
    };
    let styles = values::Styles::of(&grid.rows, &found, options, questions);
    if remittance {
        remit::read(&grid.rows, &found, &styles, sink);
    } else {
        statement::read(&grid.rows, &found, &styles, sink);
    }
    Ok(found.uses(&grid.rows))
}
