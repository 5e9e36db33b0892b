//! Payments and sales per month.

use super::decide::{Styles, read_date};
use super::layout::Layout;
use super::mapping::Field;
use super::notes::{Notes, Reason};
use super::pass::{Outcome, Sink};
use super::plan::CurrencyFrom;
use super::table::{CellType, Row};
use super::totals::Totals;
use duebook_money::{AmountError, Currency, Day, Style, amount};

/// A payment, or its part for one invoice, as a file names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StagedPayment {
    /// The source's payment number; empty if it has none.
    pub number: String,
    /// Customer's number or name; empty where only the invoice is named.
    pub customer: String,
    /// The invoice paid; empty if the file does not say.
    pub invoice: String,
    /// Day of receipt.
    pub date: Day,
    /// Minor units of `currency`, positive for money received.
    pub amount: i64,
    /// Currency; `None` where neither the file nor the user says and it is the invoice's.
    pub currency: Option<Currency>,
    /// Remittance text or reference.
    pub reference: String,
    /// How it was paid, as written.
    pub method: String,
    /// Line in the file.
    pub line: u32,
}

/// What a customer bought in a month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StagedSale {
    /// Customer's number or name.
    pub customer: String,
    /// First day of the month.
    pub month: Day,
    /// Minor units of `currency`.
    pub amount: i64,
    /// Currency.
    pub currency: Currency,
    /// Line in the file.
    pub line: u32,
}

/// Reads payments.
pub(crate) struct PaymentSink<'l> {
    layout: &'l Layout,
    styles: Styles,
    currency: CurrencyFrom,
    pub payments: Vec<StagedPayment>,
    pub totals: Totals,
}

impl<'l> PaymentSink<'l> {
    pub fn new(layout: &'l Layout, styles: Styles, currency: CurrencyFrom) -> Self {
        PaymentSink {
            layout,
            styles,
            currency,
            payments: Vec::new(),
            totals: Totals::default(),
        }
    }
}

type Refusal = (Reason, Option<usize>);

/// The currency of a row of a small file.
fn currency_of(from: &CurrencyFrom, row: &Row) -> Result<Currency, Refusal> {
    match from {
        CurrencyFrom::Column(column, otherwise) => match row.get(*column) {
            "" => otherwise.ok_or((Reason::CurrencyMissing, Some(*column))),
            code => Currency::from_code(code).ok_or((Reason::BadCurrency, Some(*column))),
        },
        CurrencyFrom::Fixed(currency) => Ok(*currency),
        CurrencyFrom::Marks(otherwise) => otherwise.ok_or((Reason::CurrencyMissing, None)),
    }
}

/// An amount that must be there.
fn money(
    row: &Row,
    column: usize,
    styles: &Styles,
    currency: Currency,
    notes: &mut Notes,
) -> Result<i64, Refusal> {
    let style = match row.kind(column) {
        CellType::Number => Style::POINT,
        _ => styles.columns.get(column).map_or(Style::POINT, |s| s.style),
    };
    match amount::parse_plain(row.get(column).as_bytes(), currency.exponent(), style) {
        Ok(minor) => Ok(minor),
        Err(AmountError::Excess(rounded)) => {
            notes.add(row, Some(column), Reason::Rounded);
            Ok(rounded.minor)
        }
        Err(AmountError::Empty) => Err((Reason::AmountMissing, Some(column))),
        Err(AmountError::Overflow) => Err((Reason::AmountTooLarge, Some(column))),
        Err(_) => Err((Reason::BadAmount, Some(column))),
    }
}

fn date(row: &Row, column: Option<usize>, styles: &Styles) -> Result<Day, Refusal> {
    let Some(at) = column else {
        return Err((Reason::FieldMissing, None));
    };
    match read_date(row, at, styles.columns.get(at).copied().unwrap_or_default()) {
        Ok(Some(day)) => Ok(day),
        Ok(None) => Err((Reason::FieldMissing, column)),
        Err(()) => Err((Reason::BadDate, column)),
    }
}

impl PaymentSink<'_> {
    fn read(&self, row: &Row, notes: &mut Notes) -> Result<StagedPayment, Refusal> {
        let at = |f: Field| self.layout.mapping.column(f);
        let text = |f: Field| at(f).map_or("", |c| row.get(c)).to_owned();
        let date = date(
            row,
            at(Field::PaymentDate).or(at(Field::DocDate)),
            &self.styles,
        )?;
        let currency = currency_of(&self.currency, row)?;
        let column = at(Field::PaymentAmount)
            .or(at(Field::Amount))
            .or(at(Field::Paid))
            .or(at(Field::Credit));
        let Some(column) = column else {
            return Err((Reason::AmountMissing, None));
        };
        let amount = money(row, column, &self.styles, currency, notes)?;
        let first = |fields: &[Field]| {
            fields
                .iter()
                .map(|f| text(*f))
                .find(|t| !t.is_empty())
                .unwrap_or_default()
        };
        let customer = first(&[Field::CustomerNumber, Field::CustomerName]);
        let invoice = text(Field::Number);
        if customer.is_empty() && invoice.is_empty() {
            return Err((Reason::CustomerMissing, at(Field::CustomerNumber)));
        }
        Ok(StagedPayment {
            number: text(Field::PaymentNumber),
            customer,
            invoice,
            date,
            amount,
            currency: Some(currency),
            reference: first(&[Field::Text, Field::Reference]),
            method: text(Field::PaymentMethod),
            line: row.line,
        })
    }
}

impl Sink for PaymentSink<'_> {
    fn take(&mut self, row: &Row, notes: &mut Notes) -> Outcome {
        match self.read(row, notes) {
            Ok(payment) => {
                if let Some(currency) = payment.currency {
                    self.totals
                        .add(currency.numeric(), payment.amount, payment.amount);
                }
                self.totals.add_number(&payment.number);
                self.payments.push(payment);
                Outcome::Accepted
            }
            Err((reason, column)) => Outcome::Refused(reason, column),
        }
    }
}

/// Reads sales per month.
pub(crate) struct SalesSink<'l> {
    layout: &'l Layout,
    styles: Styles,
    currency: CurrencyFrom,
    pub sales: Vec<StagedSale>,
    pub totals: Totals,
}

impl<'l> SalesSink<'l> {
    pub fn new(layout: &'l Layout, styles: Styles, currency: CurrencyFrom) -> Self {
        SalesSink {
            layout,
            styles,
            currency,
            sales: Vec::new(),
            totals: Totals::default(),
        }
    }

    fn read(&self, row: &Row, notes: &mut Notes) -> Result<StagedSale, Refusal> {
        let at = |f: Field| self.layout.mapping.column(f);
        let text = |f: Field| at(f).map_or("", |c| row.get(c));
        let customer = match text(Field::CustomerNumber) {
            "" => text(Field::CustomerName),
            number => number,
        };
        if customer.is_empty() {
            return Err((Reason::CustomerMissing, at(Field::CustomerNumber)));
        }
        let month = month_of(text(Field::Month)).ok_or((Reason::BadDate, at(Field::Month)))?;
        let currency = currency_of(&self.currency, row)?;
        let column = at(Field::SalesAmount).or(at(Field::Amount));
        let Some(column) = column else {
            return Err((Reason::AmountMissing, None));
        };
        let amount = money(row, column, &self.styles, currency, notes)?;
        Ok(StagedSale {
            customer: customer.to_owned(),
            month,
            amount,
            currency,
            line: row.line,
        })
    }
}

/// `2026-03`, `03/2026`, `202603`, `2026-03-31`, `Mar 2026`: the month's first day.
fn month_of(text: &str) -> Option<Day> {
    use duebook_money::DateOrder;
    if let Ok(day) = duebook_money::date::parse_with(DateOrder::Ymd, text.as_bytes())
        && text.len() >= 8
    {
        return Some(day.month_start());
    }
    let parts: Vec<&str> = text
        .split(['-', '/', '.', ' '])
        .filter(|p| !p.is_empty())
        .collect();
    let number = |p: &str| p.parse::<i32>().ok();
    let (year, month) = match parts.as_slice() {
        [a, b] if a.len() == 4 && number(b).is_some() => (number(a)?, number(b)?),
        [a, b] if b.len() == 4 && number(a).is_some() => (number(b)?, number(a)?),
        [a] if a.len() == 6 && a.is_ascii() => (number(&a[..4])?, number(&a[4..])?),
        [name, year] => {
            let day = duebook_money::date::parse_with(
                DateOrder::Dmy,
                format!("1 {name} {year}").as_bytes(),
            );
            return day.ok();
        }
        _ => return None,
    };
    Day::from_ymd(year, u8::try_from(month).ok()?, 1)
}

impl Sink for SalesSink<'_> {
    fn take(&mut self, row: &Row, notes: &mut Notes) -> Outcome {
        match self.read(row, notes) {
            Ok(sale) => {
                self.totals
                    .add(sale.currency.numeric(), sale.amount, sale.amount);
                self.sales.push(sale);
                Outcome::Accepted
            }
            Err((reason, column)) => Outcome::Refused(reason, column),
        }
    }
}
