//! What the sampled values of a column look like.

use super::mapping::Field;
use super::table::{CellType, Row};
use duebook_money::Currency;

/// Counts over the sampled cells of one column.
#[derive(Debug, Clone, Default)]
pub(crate) struct ColumnShape {
    pub filled: u32,
    pub dates: u32,
    pub numbers: u32,
    pub typed_dates: u32,
    pub typed_numbers: u32,
    pub with_digits: u32,
    pub with_blanks: u32,
    pub currencies: u32,
    pub short_marks: u32,
    pub samples: Vec<String>,
}

impl ColumnShape {
    pub fn add(&mut self, row: &Row, column: usize) {
        let text = row.get(column);
        if text.is_empty() {
            return;
        }
        self.filled += 1;
        match row.kind(column) {
            CellType::Date => self.typed_dates += 1,
            CellType::Number => self.typed_numbers += 1,
            _ => {}
        }
        self.dates += u32::from(row.kind(column) == CellType::Date || looks_like_date(text));
        self.numbers += u32::from(looks_like_amount(text));
        self.with_digits += u32::from(text.bytes().any(|b| b.is_ascii_digit()));
        self.with_blanks += u32::from(text.contains(' '));
        self.currencies += u32::from(Currency::from_code(text).is_some());
        self.short_marks +=
            u32::from(text.starts_with('@') || !text.chars().any(|c| c.is_alphanumeric()));
        if self.samples.len() < 5 && !self.samples.iter().any(|s| s == text) {
            self.samples.push(text.chars().take(60).collect());
        }
    }
    /// Whether the values do not speak against a field. An empty column speaks against none.
    pub fn allows(&self, field: Field) -> bool {
        if self.filled == 0 {
            return true;
        }
        if field.is_date() {
            self.dates * 10 >= self.filled * 5
        } else if field.is_amount() {
            self.numbers * 10 >= self.filled * 5
        } else if matches!(
            field,
            Field::Currency | Field::LocalCurrency | Field::GroupCurrency
        ) {
            self.currencies * 2 >= self.filled || self.short_marks * 2 >= self.filled
        } else {
            true
        }
    }
    /// SAP icon codes (`@5C@`) and other marks without a letter or digit.
    pub fn is_decoration(&self) -> bool {
        self.filled > 0 && self.short_marks * 10 >= self.filled * 9
    }
    pub fn looks_like_names(&self) -> bool {
        self.with_blanks * 2 > self.filled && self.with_digits * 2 < self.filled
    }
    pub fn all_currency(&self) -> bool {
        self.filled > 0 && self.currencies == self.filled
    }
}

/// Digits in two or three groups, or six to eight digits, or a month's name: enough to tell a date
/// column from others; what the date is, is decided by `duebook_money`.
pub(crate) fn looks_like_date(text: &str) -> bool {
    if text.len() > 40 || text.len() < 5 {
        return false;
    }
    let head = text.split(['T', ' ']).next().unwrap_or(text);
    let groups = head
        .split(['-', '/', '.'])
        .filter(|g| !g.is_empty())
        .count();
    let digits = head.bytes().filter(u8::is_ascii_digit).count();
    let all_digits = head.bytes().all(|b| b.is_ascii_digit());
    if all_digits && digits == 8 {
        return true;
    }
    // A date that went through a float: 20200410.0
    if let Some(whole) = head.strip_suffix(".0")
        && whole.len() == 8
        && whole.bytes().all(|b| b.is_ascii_digit())
    {
        return true;
    }
    // An Excel serial of 1982 to 2064.
    if all_digits && digits == 5 {
        return matches!(head.parse::<u32>(), Ok(30_000..=60_000));
    }
    let signs = head
        .bytes()
        .all(|b| b.is_ascii_digit() || b"-/.".contains(&b));
    if groups == 3 && signs && (4..=8).contains(&digits) {
        return true;
    }
    has_month(text) && digits >= 1
}

fn has_month(text: &str) -> bool {
    const MONTHS: [&str; 24] = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec", "mär",
        "mai", "okt", "dez", "fév", "avr", "aoû", "déc", "ene", "abr", "ago", "dic",
    ];
    let lower = text.to_lowercase();
    let digits = lower.bytes().filter(u8::is_ascii_digit).count();
    digits >= 3 && MONTHS.iter().any(|m| lower.contains(m))
}

/// Digits with marks, signs, a currency code or CR/DR.
pub(crate) fn looks_like_amount(text: &str) -> bool {
    let (mut digits, mut letters) = (0, 0);
    for c in text.chars() {
        match c {
            '0'..='9' => digits += 1,
            c if c.is_alphabetic() => letters += 1,
            '/' | ':' | '@' | '_' | '%' => return false,
            _ => {}
        }
    }
    (digits > 0 && letters <= 3) || text == "-"
}
