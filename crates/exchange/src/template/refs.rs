//! References of cells, in formulas and in lists of ranges, and where they point once rows were put
//! in place of others.

/// Rows of an Excel sheet.
pub(super) const LAST_ROW: u32 = 1_048_576;
/// Columns of an Excel sheet.
const LAST_COLUMN: u32 = 16_384;

/// One end of a reference. Without a row it is a column, without a column a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct End {
    /// Column from 0.
    pub column: Option<u32>,
    /// Row from 1.
    pub row: Option<u32>,
    /// The column does not move when it is copied.
    pub fixed_column: bool,
    /// The row does not.
    pub fixed_row: bool,
}

/// A reference: a cell, or a range from one end to the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reference {
    pub from: End,
    pub to: Option<End>,
}

/// Rows of a sheet that others take the place of. What stands below moves; a range over the rows
/// grows and shrinks with them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shift {
    /// The first row, from 1.
    pub first: u32,
    /// The last row as it was; the one before `first` where there was none.
    pub last: u32,
    /// The last row as it is.
    pub now: u32,
}

impl Shift {
    /// Whether a row is one of those replaced.
    pub fn replaces(&self, row: u32) -> bool {
        (self.first..=self.last).contains(&row)
    }
    /// Where a row below goes; the others stay.
    pub fn below(&self, row: u32) -> u32 {
        match row > self.last {
            true => (row - self.last).saturating_add(self.now).min(LAST_ROW),
            false => row,
        }
    }
    /// Where the begin of a range goes.
    fn begin(&self, row: u32) -> u32 {
        match self.replaces(row) {
            true => row.min(self.now),
            false => self.below(row),
        }
    }
    /// Where the end of a range goes.
    fn end(&self, row: u32) -> u32 {
        match self.replaces(row) {
            true if row == self.last => self.now,
            true => row.min(self.now),
            false => self.below(row),
        }
    }
    /// Where a reference goes. `grow`: a cell of the only row there was stands for them all.
    pub fn of(&self, reference: Reference, grow: bool) -> Reference {
        let mut moved = reference;
        match (&mut moved.from.row, &mut moved.to) {
            (Some(row), to @ None) if grow && self.first == self.last && *row == self.first => {
                let mut last = moved.from;
                last.row = Some(self.now);
                *to = (self.now > self.first).then_some(last);
            }
            (Some(row), None) => *row = self.begin(*row),
            (Some(row), Some(End { row: Some(to), .. })) => {
                (*row, *to) = (self.begin(*row), self.end(*to));
            }
            _ => {}
        }
        moved
    }
}

impl End {
    fn parse(text: &str) -> Option<End> {
        let (fixed_column, rest) = dollar(text);
        let letters = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
        let (name, rest) = rest.split_at(letters);
        let (fixed_row, digits) = match letters {
            0 => (fixed_column, rest),
            _ => dollar(rest),
        };
        let column = match letters {
            0 => None,
            1..=3 => Some(column_number(name)?),
            _ => return None,
        };
        let row = match digits.is_empty() {
            true if fixed_row && letters > 0 => return None,
            true => None,
            false if digits.len() <= 7 && digits.bytes().all(|b| b.is_ascii_digit()) => {
                let row = digits.parse().ok();
                Some(row.filter(|r| (1..=LAST_ROW).contains(r))?)
            }
            false => return None,
        };
        (column.is_some() || row.is_some()).then_some(End {
            column,
            row,
            fixed_column: fixed_column && letters > 0,
            fixed_row,
        })
    }
    fn is_cell(&self) -> bool {
        self.column.is_some() && self.row.is_some()
    }
    fn like(&self, other: &End) -> bool {
        self.column.is_some() == other.column.is_some() && self.row.is_some() == other.row.is_some()
    }
    fn push(&self, out: &mut String) {
        if let Some(column) = self.column {
            if self.fixed_column {
                out.push('$');
            }
            out.push_str(&column_name(column));
        }
        if let Some(row) = self.row {
            if self.fixed_row {
                out.push('$');
            }
            out.push_str(&row.to_string());
        }
    }
    /// Moved as copying a formula moves it.
    pub fn copied(mut self, rows: i64, columns: i64) -> End {
        let moved = |at: u32, by: i64, least: i64, most: u32| {
            (i64::from(at) + by).clamp(least, i64::from(most)) as u32
        };
        if !self.fixed_row {
            self.row = self.row.map(|r| moved(r, rows, 1, LAST_ROW));
        }
        if !self.fixed_column {
            self.column = self.column.map(|c| moved(c, columns, 0, LAST_COLUMN - 1));
        }
        self
    }
}

fn dollar(text: &str) -> (bool, &str) {
    match text.strip_prefix('$') {
        Some(rest) => (true, rest),
        None => (false, text),
    }
}

/// `A` is 0.
fn column_number(name: &str) -> Option<u32> {
    let letter = |b: u8| u32::from(b.to_ascii_uppercase() - b'A') + 1;
    let number = name.bytes().fold(0, |n, b| n * 26 + letter(b));
    (1..=LAST_COLUMN).contains(&number).then(|| number - 1)
}

/// 0 is `A`.
pub(super) fn column_name(column: u32) -> String {
    let mut letters = Vec::new();
    let mut left = column + 1;
    while left > 0 {
        letters.push(b'A' + ((left - 1) % 26) as u8);
        left = (left - 1) / 26;
    }
    letters.iter().rev().map(|b| char::from(*b)).collect()
}

/// `B7` as column 1 and row 7.
pub(super) fn cell(text: &str) -> Option<(u32, u32)> {
    let end = End::parse(text)?;
    end.column.zip(end.row)
}

impl Reference {
    fn parse(text: &str) -> Option<Reference> {
        let (from, to) = match text.split_once(':') {
            Some((from, to)) => (End::parse(from)?, Some(End::parse(to)?)),
            None => (End::parse(text)?, None),
        };
        let fits = to.map_or(from.is_cell(), |to| from.like(&to));
        fits.then_some(Reference { from, to })
    }
    /// Appends it.
    pub fn push(&self, out: &mut String) {
        self.from.push(out);
        if let Some(to) = self.to {
            out.push(':');
            to.push(out);
        }
    }
    /// First and last row; `None` for whole columns.
    pub fn rows(&self) -> Option<(u32, u32)> {
        let from = self.from.row?;
        Some((from, self.to.map_or(Some(from), |t| t.row)?))
    }
}

/// A list of ranges, each put where `to` says; `None` for one drops it.
pub(super) fn ranges(list: &str, to: impl Fn(Reference) -> Option<Reference>) -> String {
    let mut out = String::with_capacity(list.len());
    for text in list.split_ascii_whitespace() {
        let kept = match Reference::parse(text) {
            Some(reference) => to(reference),
            None => continue_with(&mut out, text),
        };
        if let Some(reference) = kept {
            if !out.is_empty() {
                out.push(' ');
            }
            reference.push(&mut out);
        }
    }
    out
}

/// What is no range stays as it is.
fn continue_with(out: &mut String, text: &str) -> Option<Reference> {
    if !out.is_empty() {
        out.push(' ');
    }
    out.push_str(text);
    None
}

/// What a reference stands in: its sheet where it names one, and whether it is the whole argument
/// of a sum.
pub(super) struct Standing<'f> {
    /// Its sheet, where it names one; empty for a sheet of another workbook.
    pub sheet: Option<&'f str>,
    /// The whole argument of a function that takes ranges.
    pub summed: bool,
}

/// A formula with its references put where `to` says; `None` where nothing moved.
pub(super) fn formula(
    text: &str,
    mut to: impl FnMut(Reference, &Standing<'_>) -> Reference,
) -> Option<String> {
    let mut out = String::with_capacity(text.len() + 8);
    let mut copied = 0;
    let mut at = 0;
    let mut function = String::new();
    let mut sheet: Option<String> = None;
    let bytes = text.as_bytes();
    while at < bytes.len() {
        let rest = &text[at..];
        match bytes[at] {
            b'"' => at += quoted(rest, '"'),
            b'\'' => {
                let length = quoted(rest, '\'');
                at += length;
                if bytes.get(at) == Some(&b'!') {
                    let name = rest[1..length.max(2) - 1].replace("''", "'");
                    sheet = Some(if name.contains('[') {
                        String::new()
                    } else {
                        name
                    });
                    at += 1;
                    continue;
                }
            }
            b'[' => at += bracketed(rest),
            _ => {
                let length = word(rest);
                if length == 0 {
                    at += rest.chars().next().map_or(1, char::len_utf8);
                    sheet = None;
                    continue;
                }
                let (token, next) = (&rest[..length], bytes.get(at + length));
                match next {
                    Some(b'!') => {
                        let other = at > 0 && bytes[at - 1] == b']';
                        sheet = Some(if other {
                            String::new()
                        } else {
                            token.to_owned()
                        });
                        at += length + 1;
                        continue;
                    }
                    Some(b'(') => function = token.to_ascii_uppercase(),
                    _ => {
                        let found = reference_at(rest, length);
                        if let Some((reference, taken)) = found {
                            let alone = matches!(
                                text[..at].trim_end().as_bytes().last(),
                                Some(b'(' | b',')
                            ) && matches!(bytes.get(at + taken), Some(b')' | b','));
                            let standing = Standing {
                                sheet: sheet.as_deref(),
                                summed: alone && sums(&function),
                            };
                            let moved = to(reference, &standing);
                            if moved != reference {
                                out.push_str(&text[copied..at]);
                                moved.push(&mut out);
                                copied = at + taken;
                            }
                            at += taken;
                            sheet = None;
                            continue;
                        }
                    }
                }
                at += length;
            }
        }
        sheet = None;
    }
    if copied == 0 {
        return None;
    }
    out.push_str(&text[copied..]);
    Some(out)
}

fn sums(function: &str) -> bool {
    let known = [
        "SUM",
        "SUBTOTAL",
        "COUNT",
        "COUNTA",
        "AVERAGE",
        "MIN",
        "MAX",
        "AGGREGATE",
    ];
    known.contains(&function)
}

/// Length of a quoted text with its quotes; a doubled quote stands for one.
fn quoted(rest: &str, quote: char) -> usize {
    let mut chars = rest.char_indices().skip(1).peekable();
    while let Some((at, c)) = chars.next() {
        if c == quote {
            match chars.peek() {
                Some((_, next)) if *next == quote => _ = chars.next(),
                _ => return at + 1,
            }
        }
    }
    rest.len()
}

/// Length of `[...]`, with what is nested in it.
fn bracketed(rest: &str) -> usize {
    let mut depth = 0;
    for (at, byte) in rest.bytes().enumerate() {
        match byte {
            b'[' => depth += 1,
            b']' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at + 1;
        }
    }
    rest.len()
}

/// Length of a name, a number or a reference.
fn word(rest: &str) -> usize {
    let part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '$' | '\\' | '?');
    rest.find(|c| !part(c)).unwrap_or(rest.len())
}

/// A reference that begins with a word of `length`, and the length of all of it.
fn reference_at(rest: &str, length: usize) -> Option<(Reference, usize)> {
    let from = End::parse(&rest[..length])?;
    let second = rest[length..].strip_prefix(':').and_then(|tail| {
        let more = word(tail);
        let to = End::parse(&tail[..more]).filter(|to| from.like(to))?;
        let is_name = matches!(tail.as_bytes().get(more), Some(b'!' | b'('));
        (!is_name).then_some((to, more))
    });
    match second {
        Some((to, more)) => {
            let to = Some(to);
            Some((Reference { from, to }, length + 1 + more))
        }
        None if from.is_cell() => Some((Reference { from, to: None }, length)),
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows 2 to 4 become 2 to `now`.
    fn moved(text: &str, now: u32) -> String {
        let shift = Shift {
            first: 2,
            last: 4,
            now,
        };
        let own = |s: &Standing<'_>| s.sheet.is_none_or(|n| n.eq_ignore_ascii_case("Open items"));
        let to = |r, s: &Standing<'_>| if own(s) { shift.of(r, s.summed) } else { r };
        formula(text, to).unwrap_or_else(|| text.to_owned())
    }

    #[test]
    fn references_follow_the_rows() {
        for (before, after) in [
            ("SUM(H2:H4)", "SUM(H2:H9)"),
            ("SUM(H$2:H$4)+B5", "SUM(H$2:H$9)+B10"),
            ("SUM(H1:H5)", "SUM(H1:H10)"),
            ("SUM(H2:H100)", "SUM(H2:H105)"),
            ("SUM(H:H)", "SUM(H:H)"),
            ("$1:$1", "$1:$1"),
            ("2:4", "2:9"),
            (
                "SUMIF('Open items'!$A$2:$A$4,A5,'Open items'!H2:H4)",
                "SUMIF('Open items'!$A$2:$A$9,A10,'Open items'!H2:H9)",
            ),
            ("Other!H2:H4", "Other!H2:H4"),
            ("'it''s'!B5", "'it''s'!B5"),
            (
                "[1]Sheet!B5+'[2]Open items'!B5",
                "[1]Sheet!B5+'[2]Open items'!B5",
            ),
            ("\"B5\"&B5", "\"B5\"&B10"),
            (
                "LOG10(B5)+X1Y5+Table1[[#All],[B5]]",
                "LOG10(B10)+X1Y5+Table1[[#All],[B5]]",
            ),
            ("B2", "B2"),
            ("B4", "B4"),
            ("1E5+B5%", "1E5+B10%"),
            ("#REF!+B5", "#REF!+B10"),
            (
                "_xlfn.XLOOKUP(A5,$A$2:$A$4,H$2:H$4)",
                "_xlfn.XLOOKUP(A10,$A$2:$A$9,H$2:H$9)",
            ),
        ] {
            assert_eq!(moved(before, 9), after);
        }
        assert_eq!(moved("SUM(H2:H4)+H5+B4", 2), "SUM(H2:H2)+H3+B2");
    }

    #[test]
    fn one_row_stands_for_all_where_it_is_summed() {
        let shift = Shift {
            first: 2,
            last: 2,
            now: 5,
        };
        let to = |r, s: &Standing<'_>| shift.of(r, s.summed);
        assert_eq!(formula("SUM(H2)+H2", to).as_deref(), Some("SUM(H2:H5)+H2"));
        assert_eq!(
            formula("SUBTOTAL(9,H2:H2)", to).as_deref(),
            Some("SUBTOTAL(9,H2:H5)")
        );
        assert_eq!(
            ranges("A2:C2 D2", |r| Some(shift.of(r, true))),
            "A2:C5 D2:D5"
        );
    }

    #[test]
    fn copying_moves_what_is_not_fixed() {
        let copy = |r: Reference, _: &Standing<'_>| Reference {
            from: r.from.copied(3, 1),
            to: r.to.map(|t| t.copied(3, 1)),
        };
        let copied = formula("A2*$B2+C$1+$D$1+SUM(A$2:A2)", copy);
        assert_eq!(copied.as_deref(), Some("B5*$B5+D$1+$D$1+SUM(B$2:B5)"));
    }

    #[test]
    fn columns_by_name() {
        for (name, number) in [("A", 0), ("Z", 25), ("AA", 26), ("XFD", 16_383)] {
            assert_eq!(column_name(number), name);
            assert_eq!(column_number(name), Some(number));
        }
        assert_eq!(cell("XFE1"), None);
        assert_eq!(cell("A0"), None);
        assert_eq!(cell("C7"), Some((2, 7)));
    }
}
