//! How much a file may hold, and why.
//!
//! A file is read whole in the worker: its bytes, its text (at most twice the bytes, when each
//! byte of a single-byte encoding becomes two) and the entries. An entry with one detail costs
//! about 1 KiB with its texts, so the limits below stay under 2 GiB of the 4 GiB a wasm worker has.

/// Largest file, bytes: 256 MiB. A busy month of camt.053 is 20 MB; text doubles to 512 MiB at most.
pub const MAX_FILE_BYTES: usize = 256 << 20;
/// Most entries of one file: half a million at about 1 KiB each are 512 MiB.
pub const MAX_ENTRIES: usize = 500_000;
/// Most transaction details of one file, over all its entries: a batch may hold 100,000.
pub const MAX_DETAILS: usize = 1_000_000;
/// Most remittance lines of one file.
pub const MAX_LINES: usize = 500_000;
/// Most statements, or remittances, of one file: a year of days for 250 accounts is 91,250.
pub const MAX_STATEMENTS: usize = 100_000;
/// Deepest XML element. The deepest leaf of camt.053.001.13 is 17 down.
pub const MAX_DEPTH: usize = 64;
/// Most elements below one XML element that is read as a whole (a transaction detail, a balance):
/// a detail with 1,000 referred documents of 20 elements each has 20,000.
pub const MAX_ELEMENTS: usize = 65_536;
/// Longest text of one XML element, characters' bytes; ISO 20022's longest is 2,048 characters.
pub const MAX_TEXT_BYTES: usize = 64 << 10;
/// Longest line of a line-based format, bytes. MT940 has 65 to 128, BAI2 about 2,000; a bank that
/// sends X12 or OFX as one line is split by its own separators first.
pub const MAX_LINE_BYTES: usize = 64 << 10;
/// Most lines one `:86:` or one BAI2 record may run over; the longest seen has 61.
pub const MAX_CONTINUATIONS: usize = 1_000;
/// Most references or amounts taken from one pasted text; an advice of 1,000 lines has 3,000.
pub const MAX_MARKS: usize = 20_000;
/// Longest pasted text, bytes: 2 MiB, some 700 printed pages.
pub const MAX_ADVICE_BYTES: usize = 2 << 20;
/// Findings kept with their place; the number beyond it is kept as a count.
pub const MAX_FINDINGS: usize = 2_000;
/// Most files of one archive, and what they may hold together once inflated: a year of days, and
/// the largest single file twice.
pub const MAX_MEMBERS: usize = 1_000;
/// See [`MAX_MEMBERS`].
pub const MAX_INFLATED_BYTES: usize = 2 * MAX_FILE_BYTES;
/// Most rows of a bank table: entries, and as many lines of titles, rules and blanks.
pub const MAX_ROWS: usize = 2 * MAX_ENTRIES;
