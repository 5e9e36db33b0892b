//! A remarks cell as the dated entries it is made of: "12/11 called, will pay Friday; 15/11 no
//! answer" is two of them.

use duebook_money::{DateOrder, Day};

/// Most entries of one cell.
pub const MAX_ENTRIES: usize = 200;

/// One entry of a remarks cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemarkEntry {
    /// The day before it; `None` where none is.
    pub day: Option<Day>,
    /// Initials beside the day; empty where none are.
    pub author: String,
    /// What was written.
    pub text: String,
}

/// The entries of a cell, in its order. An entry begins at the start of the cell, a line or after
/// `;` or `|`, with a day; what has none belongs to the entry before it. A day without a year is the
/// last one not after `as_of`.
pub fn split_remarks(cell: &str, order: DateOrder, as_of: Day) -> Vec<RemarkEntry> {
    let mut entries: Vec<RemarkEntry> = Vec::new();
    for part in Parts(cell) {
        let (mark, text) = part;
        let body = text.trim();
        if body.is_empty() {
            continue;
        }
        let dated =
            leading_date(body).and_then(|(written, rest)| Some((written.day(order, as_of)?, rest)));
        let room = entries.len() < MAX_ENTRIES;
        match (dated, entries.last_mut()) {
            (Some((day, rest)), _) if room => {
                let (author, text) = author(rest);
                entries.push(RemarkEntry {
                    day: Some(day),
                    author: author.to_owned(),
                    text: text.to_owned(),
                });
            }
            (_, Some(last)) => {
                if !last.text.is_empty() {
                    last.text.push_str(mark);
                }
                last.text.push_str(body);
            }
            (_, None) => entries.push(RemarkEntry {
                day: None,
                author: String::new(),
                text: body.to_owned(),
            }),
        }
    }
    entries.retain(|e| !e.text.is_empty());
    entries
}

/// What the days of a cell say about the order of day and month.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OrderSeen {
    /// Days that only day before month can read.
    pub day_first: usize,
    /// Days that only month before day can read.
    pub month_first: usize,
    /// Days that both read, differently.
    pub either: usize,
}

impl OrderSeen {
    /// Counts the days of a remarks cell.
    pub fn look_at(&mut self, cell: &str) {
        for (_, text) in Parts(cell).take(MAX_ENTRIES) {
            if let Some((written, _)) = leading_date(text.trim()) {
                self.count(&written);
            }
        }
    }
    fn count(&mut self, written: &Written) {
        if let Written::Numbers(a, b, _) = *written {
            let fits = |day: u32, month: u32| (1..=31).contains(&day) && (1..=12).contains(&month);
            match (fits(a, b), fits(b, a)) {
                (true, true) if a != b => self.either += 1,
                (true, false) => self.day_first += 1,
                (false, true) => self.month_first += 1,
                _ => {}
            }
        }
    }
    /// The order, where it is certain or of no matter; `None` where it is to be asked.
    pub fn order(self) -> Option<DateOrder> {
        match (self.day_first > 0, self.month_first > 0, self.either > 0) {
            (_, _, false) | (true, false, _) => Some(DateOrder::Dmy),
            (false, true, _) => Some(DateOrder::Mdy),
            _ => None,
        }
    }
}

/// Parts of a cell with the mark before each: line ends, `;` and `|`.
struct Parts<'a>(&'a str);

impl<'a> Iterator for Parts<'a> {
    type Item = (&'static str, &'a str);
    fn next(&mut self) -> Option<Self::Item> {
        if self.0.is_empty() {
            return None;
        }
        let (mark, rest) = match self.0.as_bytes()[0] {
            b';' => ("; ", &self.0[1..]),
            b'|' => (" | ", &self.0[1..]),
            b'\n' | b'\r' => ("\n", &self.0[1..]),
            _ => ("", self.0),
        };
        let end = rest.find([';', '|', '\n', '\r']).unwrap_or(rest.len());
        self.0 = &rest[end..];
        Some((mark, &rest[..end]))
    }
}

/// A day as written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Written {
    /// Two numbers and maybe a year.
    Numbers(u32, u32, Option<u32>),
    /// Day, month by name, maybe a year.
    Named(u32, u32, Option<u32>),
    /// Year, month, day.
    Iso(u32, u32, u32),
}

impl Written {
    fn day(self, order: DateOrder, as_of: Day) -> Option<Day> {
        match self {
            Written::Iso(year, month, day) => on(year, month, day),
            Written::Named(day, month, year) => dated(day, month, year, as_of),
            Written::Numbers(a, b, year) => {
                let (first, other) = match order {
                    DateOrder::Mdy => ((b, a), (a, b)),
                    _ => ((a, b), (b, a)),
                };
                // A day that only the other order can read is certain all the same.
                dated(first.0, first.1, year, as_of)
                    .or_else(|| dated(other.0, other.1, year, as_of))
            }
        }
    }
}

fn on(year: u32, month: u32, day: u32) -> Option<Day> {
    let year = i32::try_from(year)
        .ok()
        .filter(|y| (1990..=2100).contains(y))?;
    Day::from_ymd(year, u8::try_from(month).ok()?, u8::try_from(day).ok()?)
}

fn dated(day: u32, month: u32, year: Option<u32>, as_of: Day) -> Option<Day> {
    let (this, _, _) = as_of.ymd();
    match year {
        Some(y) if y < 100 => on(2000 + y, month, day),
        Some(y) => on(y, month, day),
        // 29 February may be four years back, eight around a century's end.
        None => (0..9).find_map(|back| {
            let year = u32::try_from(this - back).ok()?;
            on(year, month, day).filter(|d| *d <= as_of)
        }),
    }
}

/// The day a text begins with, and what follows it.
fn leading_date(text: &str) -> Option<(Written, &str)> {
    let inside = text.strip_prefix(['(', '[']);
    let (written, rest) = date_token(inside.unwrap_or(text))?;
    let rest = match inside {
        Some(_) => rest.strip_prefix([')', ']'])?,
        None => rest,
    };
    if rest.starts_with(|c: char| c.is_alphanumeric()) {
        return None;
    }
    let gap = |c: char| c.is_whitespace() || matches!(c, ':' | ',' | '-' | '–' | '—' | '.');
    Some((written, rest.trim_start_matches(gap)))
}

fn date_token(text: &str) -> Option<(Written, &str)> {
    if let Some((month, rest)) = month_name(text) {
        let (day, _, rest) = number(rest.trim_start())?;
        let (year, rest) = year(rest);
        return Some((Written::Named(day, month, year), rest));
    }
    let (a, digits, rest) = number(text)?;
    if let Some((month, rest)) = month_name(rest.trim_start_matches([' ', '-', '/', '.'])) {
        let (year, rest) = year(rest);
        return (digits <= 2).then_some((Written::Named(a, month, year), rest));
    }
    let separator = rest
        .chars()
        .next()
        .filter(|c| matches!(c, '/' | '.' | '-'))?;
    let (b, b_digits, rest) = number(&rest[1..])?;
    let third = rest.strip_prefix(separator).and_then(number);
    match (digits, third) {
        (4, Some((c, 1..=2, rest))) if b_digits <= 2 => Some((Written::Iso(a, b, c), rest)),
        (1..=2, Some((c, 2 | 4, rest))) if b_digits <= 2 => {
            Some((Written::Numbers(a, b, Some(c)), rest))
        }
        (1..=2, None) if b_digits <= 2 => {
            // "12.11." is how German writes it; "1-2 weeks" and "2.5" are no days.
            let plausible = match separator {
                '/' => true,
                '.' => rest.starts_with('.') || b_digits == 2,
                _ => digits == 2 && b_digits == 2,
            };
            plausible.then_some((
                Written::Numbers(a, b, None),
                rest.strip_prefix('.').unwrap_or(rest),
            ))
        }
        _ => None,
    }
}

/// A number of at most four digits, how many, and what follows.
fn number(text: &str) -> Option<(u32, usize, &str)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let value = text.get(..digits)?.parse().ok()?;
    (1..=4)
        .contains(&digits)
        .then_some((value, digits, &text[digits..]))
}

/// A year after a named month: `2026`, `'26`, `-26`.
fn year(text: &str) -> (Option<u32>, &str) {
    let joined = text.strip_prefix(['-', '/', '\'', '.']);
    let rest = joined.unwrap_or_else(|| text.trim_start_matches([' ', ',']));
    let rest = rest.strip_prefix('\'').unwrap_or(rest);
    match number(rest) {
        Some((n, 4, after)) => (Some(n), after),
        Some((n, 2, after)) if joined.is_some() => (Some(n), after),
        _ => (None, text),
    }
}

const MONTHS: [&[&str]; 12] = [
    &["january", "januar", "jan", "enero", "ene", "janvier"],
    &["february", "februar", "feb", "febrero"],
    &["march", "mar", "marz", "mrz", "marzo", "mars"],
    &["april", "apr", "abril", "abr", "avril", "avr"],
    &["may", "mai", "mayo"],
    &["june", "juni", "jun", "junio", "juin"],
    &["july", "juli", "jul", "julio", "juillet"],
    &["august", "aug", "agosto", "ago", "aout"],
    &["september", "sept", "sep", "septiembre", "septembre"],
    &["october", "oktober", "oct", "okt", "octubre", "octobre"],
    &["november", "nov", "noviembre", "novembre"],
    &[
        "december",
        "dezember",
        "dec",
        "dez",
        "diciembre",
        "dic",
        "decembre",
    ],
];

/// The month a text begins with, and what follows its name.
fn month_name(text: &str) -> Option<(u32, &str)> {
    let end = text
        .find(|c: char| !c.is_alphabetic())
        .unwrap_or(text.len());
    let word = super::synonyms::fold(text.get(..end).filter(|w| w.len() <= 16)?);
    let at = MONTHS
        .iter()
        .position(|names| names.contains(&word.as_str()))?;
    let rest = &text[end..];
    Some((at as u32 + 1, rest.strip_prefix('.').unwrap_or(rest)))
}

/// Initials before a colon or in brackets: `AK: called`, `(AK) called`.
fn author(text: &str) -> (&str, &str) {
    let (inside, close) = match text.strip_prefix('(') {
        Some(inside) => (inside, ')'),
        None => (text, ':'),
    };
    let letters = inside.bytes().take_while(u8::is_ascii_uppercase).count();
    match inside
        .get(letters..)
        .and_then(|rest| rest.strip_prefix(close))
    {
        Some(rest) if (2..=4).contains(&letters) => {
            (&inside[..letters], rest.trim_start_matches([' ', ':', '-']))
        }
        _ => ("", text),
    }
}
