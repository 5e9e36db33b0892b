//! How much a file may hold, and why.
//!
//! A wasm worker has 4 GiB of address space, shared by the file's pieces, the staged columns and
//! the copy that goes to disk. A staged item costs 46 bytes of fixed columns, 24 of identity and
//! its texts (about the file's own bytes again), so a text file stages into about 1.2 times its
//! size, and twice that while it is encoded: 1 GiB of text is the most that surely fits. A
//! workbook is a zip of XML that the reader holds whole (file + inflated sheet + cells of 32
//! bytes), about 12 times the file for ordinary ledgers.

/// Largest delimited text file, bytes: 1 GiB, about 8 million open items.
pub const MAX_TEXT_BYTES: u64 = 1 << 30;
/// Largest workbook file, bytes: 128 MiB, more than Excel's 1,048,576 rows of 20 columns need.
pub const MAX_WORKBOOK_BYTES: u64 = 128 << 20;
/// Largest content of a workbook once inflated: 1.5 GiB, a full sheet of 40 columns.
pub const MAX_INFLATED_BYTES: u64 = 1536 << 20;
/// An archive bigger than [`MIN_BOMB_BYTES`] inflated that shrinks more than this is a bomb:
/// ledgers of endlessly repeated rows reach 60, a bomb 1,000.
pub const MAX_INFLATE_RATIO: u64 = 200;
/// Below this inflated size a high ratio does no harm.
pub const MIN_BOMB_BYTES: u64 = 64 << 20;
/// Most columns of a table. The widest ledger export seen has 312; Excel's own limit is 16,384.
pub const MAX_COLUMNS: usize = 1_024;
/// Longest single row, bytes. Longer than any row of 1,024 filled cells; what is longer is a
/// quote that was never closed.
pub const MAX_ROW_BYTES: u64 = 1 << 20;
/// Most rows of a file: lines are counted in 32 bits and segments hold 65,536 items each.
pub const MAX_ROWS: u32 = 64_000_000;
/// Notes kept with their line and value per reason; the counts are exact beyond it.
pub const NOTES_PER_REASON: usize = 200;
/// Refused lines kept by number with their reason, 8 bytes each, for the CSV of refused rows.
/// A file with more refused rows than this says so in its preview.
pub const MAX_REFUSED_LINES: usize = 4_000_000;
/// Rows from which encoding, delimiter, header, mapping and styles are decided.
pub const SAMPLE_ROWS: usize = 1_000;
/// Bytes of the head that encoding and delimiter are judged by.
pub const SNIFF_BYTES: usize = 256 << 10;
/// Rows in which the header is looked for.
pub const HEADER_SEARCH_ROWS: usize = 80;
/// Characters of a cell's value shown in a note.
pub const NOTE_CHARS: usize = 80;
/// Staged rows shown in the preview.
pub const PREVIEW_ROWS: usize = 50;
/// File control totals kept (one per customer and currency in a sub-totalled list).
pub const MAX_FILE_TOTALS: usize = 100_000;
/// Longest text that is taken for a terms code; longer ones are remarks.
pub const TERMS_CODE_CHARS: usize = 40;
/// Most terms codes asked about at once; those behind them are asked when these have a meaning.
pub const MAX_TERMS_CODES: usize = 200;
