//! A letter as a neutral document: every output format is a rendering of it.

/// On which side a column stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// Text.
    Left,
    /// Figures.
    Right,
}

/// A table of a letter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Table {
    /// What it is; empty where the text around says so.
    pub caption: String,
    /// Headers, each with its side.
    pub head: Vec<(String, Align)>,
    /// Rows of as many cells.
    pub rows: Vec<Vec<String>>,
    /// Totals, of as many cells.
    pub foot: Vec<Vec<String>>,
}

/// A part of a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// Running text.
    Paragraph(String),
    /// Lines that stay lines: an address, where to pay.
    Lines(Vec<String>),
    /// Points, each on its own line.
    Points(Vec<String>),
    /// A table.
    Table(Table),
}
