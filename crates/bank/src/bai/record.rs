//! Logical records: physical lines, several to a line where a bank writes so, 88 continuations.

use crate::figures::{day_6, minor_units};
use crate::limits::{MAX_CONTINUATIONS, MAX_LINE_BYTES};
use crate::text;
use duebook_money::Day;

/// A record with its continuations, each without its final slash.
#[derive(Debug)]
pub(super) struct Record<'a> {
    pub line: u32,
    pub code: &'a str,
    parts: Vec<&'a str>,
    /// Physical records: itself and its continuations.
    pub physical: u64,
    /// Continuations beyond the limit were left out.
    pub cut: bool,
}

const CODES: [&str; 8] = ["01", "02", "03", "16", "49", "88", "98", "99"];

fn code_of(text: &str) -> Option<&str> {
    let (code, rest) = text.split_at_checked(2)?;
    (CODES.contains(&code) && rest.starts_with([',', '/'])).then_some(code)
}

/// Splits a line at `/`, blanks and a record code, as one bank writes them.
fn physical(line: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut from = 0;
    for (at, _) in line.match_indices('/') {
        let rest = &line[at + 1..];
        let next = rest.trim_start();
        if at >= from && next.len() < rest.len() && code_of(next).is_some() {
            out.push(&line[from..=at]);
            from = line.len() - next.len();
        }
    }
    out.push(&line[from..]);
    out
}

/// The records in order; a line that is none goes to `stray`.
pub(super) fn records<'a>(text: &'a str, stray: &mut dyn FnMut(u32, &str)) -> Vec<Record<'a>> {
    let mut out: Vec<Record<'a>> = Vec::new();
    for (number, line) in text::lines(text) {
        let mut to = line.len().min(MAX_LINE_BYTES);
        while !line.is_char_boundary(to) {
            to -= 1;
        }
        for record in physical(&line[..to]) {
            let record = record.trim_matches(|c: char| {
                c.is_whitespace() || matches!(c, '\0' | '\u{1a}' | '\u{feff}')
            });
            if record.is_empty() {
                continue;
            }
            let closed = record.strip_suffix('/').unwrap_or(record);
            match (code_of(record), out.last_mut()) {
                (Some("88"), Some(last)) => {
                    last.physical += 1;
                    if last.parts.len() <= MAX_CONTINUATIONS {
                        last.parts.push(closed.get(3..).unwrap_or(""));
                    } else {
                        last.cut = true;
                    }
                }
                (Some(code), _) if code != "88" => out.push(Record {
                    line: number,
                    code,
                    parts: vec![closed.get(3..).unwrap_or("")],
                    physical: 1,
                    cut: false,
                }),
                _ => stray(number, record),
            }
        }
    }
    out
}

impl<'a> Record<'a> {
    pub fn fields(&self) -> Cursor<'_, 'a> {
        Cursor {
            parts: &self.parts,
            at: 0,
            from: Some(0),
        }
    }
}

/// Fields one after the other, across continuations.
pub(super) struct Cursor<'r, 'a> {
    parts: &'r [&'a str],
    at: usize,
    /// Where the next field of the part begins; `None`: the part is used up.
    from: Option<usize>,
}

impl<'a> Cursor<'_, 'a> {
    pub fn next(&mut self) -> Option<&'a str> {
        let part = self.parts.get(self.at)?;
        let Some(from) = self.from else {
            self.at += 1;
            self.from = Some(0);
            return self.next_in_part();
        };
        let rest = &part[from..];
        match rest.find(',') {
            Some(comma) => {
                self.from = Some(from + comma + 1);
                Some(rest[..comma].trim())
            }
            None => {
                self.from = None;
                Some(rest.trim())
            }
        }
    }

    fn next_in_part(&mut self) -> Option<&'a str> {
        self.parts.get(self.at)?;
        self.next()
    }

    /// The next field, or an empty one at the end.
    pub fn field(&mut self) -> &'a str {
        self.next().unwrap_or("")
    }

    /// All that is left, commas and all; the parts joined by blanks.
    pub fn rest(&mut self) -> String {
        let mut out = String::new();
        if let (Some(part), Some(from)) = (self.parts.get(self.at), self.from) {
            text::append(&mut out, &part[from..]);
        }
        for part in self.parts.iter().skip(self.at + 1) {
            text::append(&mut out, part);
        }
        self.at = self.parts.len();
        out
    }
}

/// When the money of an amount can be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Funds {
    /// No funds type, or `Z`: not known.
    Unknown,
    /// `0`, `1`, `2`: after so many days.
    Days(u8),
    /// `V`: on a day, at a time as written (2400 and 9999 are the end of the day).
    Value(Option<Day>, String),
    /// `S` and `D`: (days, minor units); `S` ends with two days or more.
    Spread(Vec<(u32, i64)>),
}

/// A 16 record, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransactionLine {
    /// Type code of three digits.
    pub code: u16,
    /// Unsigned minor units; `None` where the field is empty.
    pub amount: Option<i64>,
    /// When it can be used.
    pub funds: Funds,
    /// The bank's reference.
    pub bank_reference: String,
    /// The customer's reference.
    pub customer_reference: String,
    /// The rest of the record, with commas and slashes.
    pub text: String,
}

/// Why a 16 record, or a part of an 03, cannot be read: the field's name.
pub(super) type Bad = &'static str;

/// One 16 record on one line (with its `16,` and, where it has one, the final slash).
pub fn transaction_line(line: &str) -> Option<TransactionLine> {
    let records = records(line, &mut |_, _| {});
    let record = records.first().filter(|r| r.code == "16")?;
    read_transaction(record).ok()
}

pub(super) fn read_transaction(record: &Record<'_>) -> Result<TransactionLine, Bad> {
    let mut fields = record.fields();
    let code = type_code(fields.field()).ok_or("type code")?;
    let amount = optional(fields.field()).ok_or("amount")?;
    // A record that moves no money (890) has neither amount nor funds type; both fields are empty.
    let funds = funds(&mut fields)?;
    Ok(TransactionLine {
        code,
        amount,
        funds,
        bank_reference: fields.field().to_owned(),
        customer_reference: fields.field().to_owned(),
        text: fields.rest(),
    })
}

pub(super) fn type_code(text: &str) -> Option<u16> {
    (text.len() == 3 && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())?
}

/// An amount or nothing; `None` is neither.
pub(super) fn optional(text: &str) -> Option<Option<i64>> {
    if text.is_empty() {
        return Some(None);
    }
    minor_units(text).map(Some)
}

/// The funds type and the fields it brings.
pub(super) fn funds(fields: &mut Cursor<'_, '_>) -> Result<Funds, Bad> {
    Ok(match fields.field() {
        "" | "Z" | "z" => Funds::Unknown,
        "0" => Funds::Days(0),
        "1" => Funds::Days(1),
        "2" => Funds::Days(2),
        "V" | "v" => {
            let day = day_6(fields.field());
            Funds::Value(day, fields.field().to_owned())
        }
        "S" | "s" => {
            let mut spread = Vec::new();
            for days in 0..3 {
                if let Some(amount) = optional(fields.field()).ok_or("availability")? {
                    spread.push((days, amount));
                }
            }
            Funds::Spread(spread)
        }
        "D" | "d" => {
            let count: u32 = fields.field().parse().map_err(|_| "availability")?;
            let mut spread = Vec::new();
            for _ in 0..count.min(1_000) {
                let (Some(days), Some(amount)) = (fields.next(), fields.next()) else {
                    return Err("availability");
                };
                let days = days.parse().map_err(|_| "availability")?;
                spread.push((days, minor_units(amount).ok_or("availability")?));
            }
            Funds::Spread(spread)
        }
        _ => return Err("funds type"),
    })
}
