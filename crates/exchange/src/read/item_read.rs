//! A row as an item: what its cells say, or why it is none.

use super::decide::{ColumnStyle, contradicts, read_date};
use super::doc_type::{TypeSays, kind, says};
use super::items::{Fault, Item, ItemStager, fault};
use super::notes::Reason;
use super::plan::CurrencyFrom;
use super::synonyms::fold;
use super::table::{CellType, Row};
use duebook_ledger::columns::NO_DAY;
use duebook_money::amount::{self, AmountError};
use duebook_money::{Currency, Style};
use rust_decimal::Decimal;

impl ItemStager<'_> {
    /// Reads a row as an item. Warnings wait in `self.warnings`.
    #[inline]
    pub fn read(&mut self, row: &Row) -> Result<Item, Fault> {
        self.warnings.clear();
        let number = self.number(row);
        if number.is_empty() {
            return fault(Reason::NumberMissing, self.plan.number);
        }
        if number.len() <= 12 && is_exponent(number) {
            self.warnings
                .push((Reason::NumberLostDigits, self.plan.number));
        }
        if self.customer_key(row).is_empty() {
            return fault(Reason::CustomerMissing, self.plan.customer);
        }
        let (currency, exponent) = self.currency(row)?;
        let (amount, open) = self.amounts(row, exponent, currency)?;
        let (doc_date, due) = self.dates(row)?;
        if doc_date == NO_DAY && due == NO_DAY && is_total_label(row) {
            return fault(Reason::TotalRow, None);
        }
        let (kind, credit, amount, open) = self.kind(row, amount, open);
        self.check(row, doc_date, due);
        Ok(Item {
            currency,
            kind,
            credit,
            doc_date,
            due,
            amount,
            open,
        })
    }

    #[inline]
    pub(super) fn number<'a>(&self, row: &'a Row) -> &'a str {
        let number = self.plan.number.map_or("", |c| row.get(c));
        match self.plan.float_numbers {
            true => number.strip_suffix(".0").unwrap_or(number),
            false => number,
        }
    }

    #[inline]
    pub(super) fn customer_key<'a>(&'a self, row: &'a Row) -> &'a str {
        let mut key = self.plan.customer.map_or("", |c| row.get(c));
        if key.is_empty() {
            key = self.plan.customer_name.map_or("", |c| row.get(c));
        }
        if key.is_empty() {
            key = match self.section.number.is_empty() {
                true => &self.section.name,
                false => &self.section.number,
            };
        }
        key
    }

    #[inline]
    fn currency(&mut self, row: &Row) -> Result<(u16, u8), Fault> {
        match self.plan.currency {
            CurrencyFrom::Column(column, otherwise) => {
                let text = row.get(column);
                if text.is_empty() {
                    return match otherwise {
                        Some(c) => Ok((c.numeric(), c.exponent())),
                        None => fault(Reason::CurrencyMissing, column),
                    };
                }
                match self.currencies.get(text) {
                    Some(found) => Ok(found),
                    None => fault(Reason::BadCurrency, column),
                }
            }
            CurrencyFrom::Fixed(currency) => Ok((currency.numeric(), currency.exponent())),
            CurrencyFrom::Marks(otherwise) => self.marked_currency(row, otherwise),
        }
    }

    fn marked_currency(
        &mut self,
        row: &Row,
        otherwise: Option<Currency>,
    ) -> Result<(u16, u8), Fault> {
        let column = self.plan.amount.or(self.plan.open).or(self.plan.debit);
        let Some(column) = column else {
            return fault(Reason::CurrencyMissing, None);
        };
        let style = self.style(column).style;
        let mark = amount::parse(row.get(column), style)
            .ok()
            .and_then(|a| a.currency);
        let found = match mark.map(|m| m.candidates()) {
            Some(candidates) => match (candidates.as_slice(), otherwise) {
                ([one], _) => Some(*one),
                (several, Some(answer)) if several.contains(&answer) => Some(answer),
                _ => None,
            },
            None => otherwise,
        };
        match found {
            Some(c) => Ok((c.numeric(), c.exponent())),
            None => fault(Reason::CurrencyMissing, column),
        }
    }

    #[inline]
    pub(super) fn style(&self, column: usize) -> ColumnStyle {
        self.plan
            .styles
            .columns
            .get(column)
            .copied()
            .unwrap_or_default()
    }

    /// One amount cell, or `None` where it is empty.
    #[inline]
    fn money(
        &mut self,
        row: &Row,
        column: usize,
        exponent: u8,
        currency: u16,
    ) -> Result<Option<i64>, Fault> {
        let cell = row.get(column);
        if cell.is_empty() {
            return Ok(None);
        }
        let style = match row.kind(column) {
            CellType::Number => Style::POINT,
            _ => self.style(column).style,
        };
        match amount::parse_plain(cell.as_bytes(), exponent, style) {
            Ok(minor) => Ok(Some(minor)),
            Err(error) => self.odd_money(row, column, currency, error),
        }
    }

    #[cold]
    fn odd_money(
        &mut self,
        row: &Row,
        column: usize,
        currency: u16,
        error: AmountError,
    ) -> Result<Option<i64>, Fault> {
        match error {
            AmountError::Empty => Ok(None),
            AmountError::Excess(rounded) => {
                self.warnings.push((Reason::Rounded, Some(column)));
                let at = self
                    .rounding
                    .iter()
                    .position(|(c, ..)| *c == currency)
                    .unwrap_or_else(|| {
                        self.rounding.push((currency, 0, Decimal::ZERO));
                        self.rounding.len() - 1
                    });
                let (_, rows, total) = &mut self.rounding[at];
                *rows += 1;
                *total = total.checked_add(rounded.excess).unwrap_or(*total);
                Ok(Some(rounded.minor))
            }
            AmountError::Overflow => fault(Reason::AmountTooLarge, column),
            _ if row.kind(column) == CellType::Error => fault(Reason::CellError, column),
            _ => {
                self.note_contradiction(row, column);
                fault(Reason::BadAmount, column)
            }
        }
    }

    pub(super) fn note_contradiction(&mut self, row: &Row, column: usize) {
        if !self.plan.styles.full
            && let Some(map) = self.layout.mapping.columns.get(column)
        {
            self.contradiction |= contradicts(row, column, map.field);
        }
    }

    /// Original and open amount, signed as the source's columns say.
    #[inline]
    fn amounts(&mut self, row: &Row, exponent: u8, currency: u16) -> Result<(i64, i64), Fault> {
        let mut amount = match self.plan.amount {
            Some(column) => self.money(row, column, exponent, currency)?,
            None => None,
        };
        if amount.is_none() && (self.plan.debit.is_some() || self.plan.credit.is_some()) {
            amount = self.two_columns(row, exponent, currency)?;
        }
        let mut open = match self.plan.open {
            Some(column) => self.money(row, column, exponent, currency)?,
            None => None,
        };
        if let Some(column) = self.plan.side {
            let credit = match side_of(row.get(column)) {
                Some(credit) => credit,
                None => return fault(Reason::BadSide, column),
            };
            if credit {
                // An amount already signed on the credit side is not turned again.
                amount = amount.map(|a| -a.abs());
                open = open.map(|o| -o.abs());
            }
        }
        if let (None, Some(amount)) = (open, amount) {
            open = Some(self.open_by_rule(row, amount, exponent, currency)?);
        }
        match (amount.or(open), open.or(amount)) {
            (Some(amount), Some(open)) => Ok((amount, open)),
            _ => fault(
                Reason::AmountMissing,
                self.plan.amount.or(self.plan.open).or(self.plan.debit),
            ),
        }
    }

    fn two_columns(
        &mut self,
        row: &Row,
        exponent: u8,
        currency: u16,
    ) -> Result<Option<i64>, Fault> {
        let (left, right) = (self.plan.debit, self.plan.credit);
        let mut value = |column: Option<usize>| match column {
            Some(column) => self.money(row, column, exponent, currency),
            None => Ok(None),
        };
        let (debit, credit) = (value(left)?, value(right)?);
        match (debit.filter(|d| *d != 0), credit.filter(|c| *c != 0)) {
            (Some(_), Some(_)) => fault(Reason::BothSides, self.plan.debit),
            (Some(debit), None) => Ok(Some(debit)),
            // Both views exist: credits with and without a minus in their own column.
            (None, Some(credit)) => Ok(Some(-credit.abs())),
            (None, None) => Ok(debit.or(credit)),
        }
    }

    /// Without an open column: amount less paid, nothing if cleared, else all of it.
    fn open_by_rule(
        &mut self,
        row: &Row,
        amount: i64,
        exponent: u8,
        currency: u16,
    ) -> Result<i64, Fault> {
        if let Some(column) = self.plan.paid {
            let paid = self.money(row, column, exponent, currency)?.unwrap_or(0);
            let left = amount.abs().saturating_sub(paid.abs()).max(0);
            return Ok(if amount < 0 { -left } else { left });
        }
        let Some(column) = self.plan.clearing else {
            return Ok(amount);
        };
        let cleared = read_date(row, column, self.style(column));
        let later = |day| self.plan.known_until.is_some_and(|until| day > until);
        let reason = match cleared {
            Ok(None) => return Ok(amount),
            _ if !self.plan.clearing_settles => Reason::ClearedButListed,
            Ok(Some(day)) if later(day) => Reason::ClearedLater,
            _ => return Ok(0),
        };
        self.warnings.push((reason, Some(column)));
        Ok(amount)
    }

    #[inline]
    fn dates(&mut self, row: &Row) -> Result<(i32, i32), Fault> {
        let mut doc_date = match self.plan.doc_date {
            Some(column) => self.date(row, column)?,
            None => NO_DAY,
        };
        if doc_date == NO_DAY
            && let Some(column) = self.plan.date_fallback
        {
            doc_date = self.date(row, column)?;
        }
        let mut due = match self.plan.due {
            Some(column) => self.date(row, column)?,
            None => NO_DAY,
        };
        if due == NO_DAY {
            due = self.due_by_terms(row, doc_date);
        }
        Ok((doc_date, due))
    }

    #[inline]
    fn date(&mut self, row: &Row, column: usize) -> Result<i32, Fault> {
        match read_date(row, column, self.style(column)) {
            Ok(Some(day)) => Ok(day.0),
            Ok(None) => Ok(NO_DAY),
            Err(()) if row.kind(column) == CellType::Error => fault(Reason::CellError, column),
            Err(()) => {
                self.note_contradiction(row, column);
                fault(Reason::BadDate, column)
            }
        }
    }

    #[cold]
    fn due_by_terms(&mut self, row: &Row, doc_date: i32) -> i32 {
        let baseline = self
            .plan
            .baseline
            .and_then(|c| read_date(row, c, self.style(c)).ok().flatten());
        let anchor = baseline.map_or(doc_date, |d| d.0);
        let terms = self.plan.terms.map_or("", |c| row.get(c));
        let days = self.plan.terms_days.map_or("", |c| row.get(c));
        match self.dues.due(anchor, terms, days) {
            Ok(due) => {
                self.warnings.push((
                    Reason::DueFromTerms,
                    self.plan.terms.or(self.plan.terms_days),
                ));
                due
            }
            Err(reason) => {
                self.warnings
                    .push((reason, self.plan.terms.or(self.plan.due)));
                NO_DAY
            }
        }
    }

    /// The kind by type and sign, and the amounts with their invariants: same sign, |open| <= |amount|.
    #[inline]
    fn kind(&mut self, row: &Row, mut amount: i64, mut open: i64) -> (u8, bool, i64, i64) {
        let says = match self.plan.doc_type {
            Some(column) => {
                let (code, new) = self.types.code_and_new(row.get(column));
                if new {
                    self.type_says.push(says(row.get(column)));
                }
                self.type_says
                    .get(code as usize)
                    .copied()
                    .unwrap_or(TypeSays::Nothing)
            }
            None => TypeSays::Nothing,
        };
        if self.plan.credits_unsigned && matches!(says, TypeSays::Kind(k) if k.is_credit()) {
            (amount, open) = (-amount.abs(), -open.abs());
        }
        if (amount < 0) != (open < 0) && amount != 0 && open != 0 {
            // Overpaid invoice, over-applied credit: what is left is an item of its own.
            self.warnings
                .push((Reason::OpenSignDiffers, self.plan.open));
            amount = open;
        } else if open.unsigned_abs() > amount.unsigned_abs() {
            self.warnings
                .push((Reason::OpenExceedsAmount, self.plan.open));
            amount = open;
        }
        let (kind, agrees) = kind(says, amount);
        if !agrees && !matches!(says, TypeSays::Kind(k) if !k.is_credit()) {
            self.warnings
                .push((Reason::TypeSignDiffers, self.plan.doc_type));
        }
        (kind as u8, kind.is_credit(), amount, open)
    }

    #[inline]
    fn check(&mut self, row: &Row, doc_date: i32, due: i32) {
        if doc_date == NO_DAY {
            self.warnings
                .push((Reason::DateMissing, self.plan.doc_date));
        } else if due != NO_DAY && due < doc_date {
            self.warnings.push((Reason::DueBeforeDate, self.plan.due));
        }
        if self.plan.open.is_none()
            && self.plan.paid.is_none()
            && let Some(column) = self.plan.status
        {
            let (code, new) = self.statuses.code_and_new(row.get(column));
            if new {
                self.status_paid.push(says_paid(row.get(column)));
            }
            if self
                .status_paid
                .get(code as usize)
                .copied()
                .unwrap_or(false)
            {
                self.warnings.push((Reason::StatusSaysPaid, Some(column)));
            }
        }
    }
}

/// `1.23E+15`: what a spreadsheet leaves of a long number.
#[inline]
fn is_exponent(number: &str) -> bool {
    let bytes = number.as_bytes();
    let shown = |b: u8| b.is_ascii_digit() || matches!(b, b'.' | b',' | b'E' | b'e' | b'+');
    bytes.contains(&b'+') && bytes[0].is_ascii_digit() && bytes.iter().all(|b| shown(*b))
}

/// Whether a D/C mark means credit; `None` if it is no such mark. Empty is debit.
fn side_of(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "" | "d" | "dr" | "s" | "+" | "debit" | "soll" | "db" | "debe" | "40" | "01" => Some(false),
        "c" | "cr" | "h" | "-" | "credit" | "haben" | "k" | "haber" | "50" | "11" | "15" => {
            Some(true)
        }
        _ => None,
    }
}

fn says_paid(status: &str) -> bool {
    matches!(
        fold(status).as_str(),
        "paid"
            | "closed"
            | "settled"
            | "bezahlt"
            | "ausgeglichen"
            | "paye"
            | "payee"
            | "pagado"
            | "pagada"
            | "paid in full"
            | "cleared"
    )
}

/// Whether a cell of the row says that it is a total.
pub(crate) fn is_total_label(row: &Row) -> bool {
    row.cells().any(|cell| {
        if !cell.is_empty() && cell.len() <= 3 && cell.bytes().all(|b| b == b'*') {
            return true;
        }
        if cell.len() < 3 || cell.len() > 80 {
            return false;
        }
        let name = fold(cell);
        let first = name.split(' ').next().unwrap_or("");
        matches!(
            first,
            "total"
                | "totals"
                | "subtotal"
                | "summe"
                | "gesamt"
                | "gesamtsumme"
                | "zwischensumme"
                | "endsumme"
                | "totaux"
                | "totales"
                | "suma"
                | "sum"
        ) || name.starts_with("sub total")
            || name.starts_with("sous total")
            || name.starts_with("grand total")
            || name.starts_with("total general")
    })
}
