//! Files that cannot be read, in words.

use duebook_exchange::read::{FileError, NotTable};

/// Why a file cannot be read, with what is safe and what to do.
pub fn file_error(error: &FileError) -> String {
    let mb = |bytes: u64| format!("{} MB", bytes >> 20);
    let text = match error {
        FileError::Empty => {
            "The file is empty: it has no bytes at all. Export it again.".to_owned()
        }
        FileError::NoRows { lines } => format!(
            "The file has {lines} lines and no row of data below a header. Check that the export was not filtered to nothing."
        ),
        FileError::TooLarge { bytes, limit, .. } => format!(
            "The file is {} and at most {} are taken. Export fewer entities or a shorter period at a time.",
            mb(*bytes),
            mb(*limit)
        ),
        FileError::TooManyColumns {
            line,
            columns,
            limit,
        } => format!(
            "Line {line} has {columns} columns; at most {limit} are taken. The delimiter may be wrong, or this is not a list of items."
        ),
        FileError::TooManyRows { limit } => {
            format!("The file has more than {limit} rows. Split it.")
        }
        FileError::QuoteNeverClosed { line, column } => format!(
            "A quotation mark opened in line {line}, column {column} is never closed, so everything after it would be one cell. Close it in the source, or export again."
        ),
        FileError::RowTooLong { line, limit } => format!(
            "The row that begins in line {line} is longer than {}. A quotation mark is probably missing.",
            mb(*limit)
        ),
        FileError::PasswordProtected { .. } => {
            "The workbook is protected by a password. Save it without one and choose it again."
                .to_owned()
        }
        FileError::ZipBomb {
            bytes, inflated, ..
        } => format!(
            "The workbook is {} packed and {} unpacked: that is not a list of items. It was not opened.",
            mb(*bytes),
            mb(*inflated)
        ),
        FileError::NotATable { what } => format!(
            "This is {}, not a table. Export CSV or Excel instead.",
            not_table(*what)
        ),
        FileError::BrokenWorkbook { detail, .. } => {
            format!("The workbook cannot be opened ({detail}). Open it in Excel and save it again.")
        }
        FileError::NoSuchSheet { name, sheets } => format!(
            "There is no sheet “{name}”; there are {}.",
            sheets.join(", ")
        ),
        FileError::BadEncoding { line, encoding } => {
            format!("Line {line} is not {encoding}. Choose another encoding, or export as UTF-8.")
        }
        FileError::Io { detail } => format!(
            "The browser could not read it ({detail}). It may have been changed or moved; choose it again."
        ),
        FileError::Cancelled => "Cancelled.".to_owned(),
    };
    format!("{text} Nothing was written; the book is as it was.")
}

fn not_table(what: NotTable) -> &'static str {
    match what {
        NotTable::Pdf => "a PDF",
        NotTable::Zip => "an archive without a workbook in it",
        NotTable::Image => "a picture",
        NotTable::Markup => "a page of HTML or XML",
        NotTable::Json => "JSON",
        NotTable::Ole => "an Office document without a workbook in it",
        NotTable::Archive => "a packed archive",
        NotTable::Binary => "a file of bytes without text",
    }
}
