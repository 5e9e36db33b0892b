//! Rows to the entries of one statement (per currency, where a column says so).

use super::header::{Column, Header};
use super::values::Styles;
use crate::finding::{Problem, short};
use crate::sink::Sink;
use crate::statement::{
    Account, Balance, BalanceKind, Charge, Detail, Entry, EntryKind, Party, Statement,
    StatementKind,
};
use crate::text::{append, some};
use duebook_exchange::read::{GridRow, fold};
use duebook_money::amount::{AmountError, Side};
use duebook_money::{Currency, Money};
use std::collections::BTreeMap;

/// Whether the debit column's figures are negative already.
struct Columns {
    debit_negative: bool,
    /// The currency column belongs to the original amount.
    foreign: bool,
}

/// Reads the rows below the header; rows around them tell account and balances.
pub(super) fn read(rows: &[GridRow], header: &Header, styles: &Styles, sink: &mut Sink) {
    let below = rows.get(header.at + 1..).unwrap_or_default();
    let about = About::of(rows, header, styles);
    let columns = Columns {
        debit_negative: mostly_negative(below, header, styles),
        foreign: header.has(Column::OriginalAmount) && header.has(Column::Currency),
    };
    let line = rows.get(header.at).map_or(1, |r| r.line);
    sink.findings.at.line = line;
    // Entries by currency, in the order in which the currencies come.
    let mut order: Vec<Currency> = Vec::new();
    let mut by_currency: BTreeMap<Currency, Vec<Entry>> = BTreeMap::new();
    let mut assumed = None;
    for row in below {
        sink.findings.at.line = row.line;
        let own = if columns.foreign {
            None
        } else {
            Currency::from_code(header.cell(row, Column::Currency))
        };
        let currency = match own.or(about.currency).or(header.currency) {
            Some(currency) => currency,
            None => *assumed.get_or_insert_with(|| sink.assume(None)),
        };
        if let Some(entry) = entry(row, header, styles, &columns, currency, sink) {
            let key = entry.amount.currency;
            if !order.contains(&key) {
                order.push(key);
            }
            by_currency.entry(key).or_default().push(entry);
        }
    }
    if order.is_empty() {
        let currency = about
            .currency
            .or(header.currency)
            .or(sink.currency)
            .unwrap_or(Currency::XXX);
        order.push(currency);
    }
    let several = order.len() > 1;
    for currency in order {
        let mut statement = Statement::new(line, StatementKind::Booked, currency);
        statement.account = about.account.clone();
        statement.owner = about.owner.clone();
        let entries = by_currency.remove(&currency).unwrap_or_default();
        let days = || entries.iter().filter_map(|e| e.booked);
        statement.period = (days().min(), days().max());
        if !several {
            for (kind, amount) in &about.balances {
                let amount = Money::new(amount.minor, currency);
                statement.balances.push(Balance {
                    kind: kind.clone(),
                    date: None,
                    amount,
                });
            }
        }
        if statement.balances.is_empty() {
            statement.balances = from_running(&entries);
        }
        if sink.open(statement) {
            entries.into_iter().for_each(|e| sink.entry(e));
        }
    }
}

/// What the rows around the entries tell.
#[derive(Default)]
struct About {
    account: Account,
    owner: Option<String>,
    currency: Option<Currency>,
    balances: Vec<(BalanceKind, Money)>,
}

const OPENING: [&str; 12] = [
    "opening balance",
    "balance at start",
    "beginning balance",
    "start balance",
    "anfangssaldo",
    "saldo inicial",
    "saldo iniziale",
    "solde initial",
    "beginsaldo",
    "alter saldo",
    "balance brought forward",
    "starting balance",
];
const CLOSING: [&str; 11] = [
    "closing balance",
    "balance at end",
    "ending balance",
    "end balance",
    "endsaldo",
    "saldo final",
    "saldo finale",
    "solde final",
    "eindsaldo",
    "neuer saldo",
    "balance carried forward",
];

impl About {
    fn of(rows: &[GridRow], header: &Header, styles: &Styles) -> About {
        let mut about = About::default();
        for (at, row) in rows.iter().enumerate() {
            if at == header.at
                || (at > header.at && styles.day(header.cell(row, Column::Date)).is_some())
            {
                continue;
            }
            about.labels(row);
            about.balance(row, styles);
        }
        about
    }

    /// `Account Number : 08088804068`, or the label in one cell and the value in the next.
    fn labels(&mut self, row: &GridRow) {
        for (i, cell) in row.cells.iter().enumerate() {
            let (label, inside) = cell.split_once(':').unwrap_or((cell, ""));
            let next = row.cells.get(i + 1).map_or("", String::as_str);
            let value = if inside.trim().is_empty() {
                next
            } else {
                inside.trim()
            };
            if label.trim().is_empty() {
                self.currency = self.currency.or_else(|| Currency::from_code(value));
                continue;
            }
            match fold(label).as_str() {
                "account number" | "account no" | "account" | "iban" | "kontonummer" | "konto"
                | "rekening" | "compte" | "cuenta"
                    if self.account.id().is_none() && value.bytes().any(|b| b.is_ascii_digit()) =>
                {
                    self.account = Account {
                        bank: self.account.bank.take(),
                        ..Account::of(value)
                    };
                }
                "bank code" | "bic" | "blz" | "ifsc" | "ifsc code" | "sort code" => {
                    self.account.bank = some(value)
                }
                "account name" | "account holder" | "account owner" | "kontoinhaber"
                | "customer name" => {
                    self.owner = self.owner.take().or_else(|| some(value));
                }
                "currency" | "wahrung" | "ccy" | "devise" => {
                    self.currency = Currency::from_code(value).or(self.currency)
                }
                _ => {}
            }
        }
    }

    /// A row with a name of a balance and one amount.
    fn balance(&mut self, row: &GridRow, styles: &Styles) {
        let Some((at, folded)) = row
            .cells
            .iter()
            .enumerate()
            .find(|(_, c)| !c.is_empty())
            .map(|(i, c)| (i, fold(c)))
        else {
            return;
        };
        let starts = |names: &[&str]| names.iter().any(|n| folded.starts_with(n));
        let kind = if starts(&OPENING) {
            BalanceKind::Opening
        } else if starts(&CLOSING) {
            BalanceKind::Closing
        } else {
            return;
        };
        let found = (at + 1..row.cells.len())
            .rev()
            .find_map(|i| styles.amount(row, i, Currency::XXX).ok());
        if let Some((amount, side)) = found {
            let amount = signed(amount, side);
            self.balances.push((kind, amount));
        }
    }
}

/// `CR` is money in, `DR` money out, whatever the figure's own sign.
fn signed(amount: Money, side: Option<Side>) -> Money {
    let minor = amount.minor;
    let minor = match side {
        Some(Side::Credit) => minor.saturating_abs(),
        Some(Side::Debit) => minor.saturating_abs().saturating_neg(),
        None => minor,
    };
    Money::new(minor, amount.currency)
}

fn mostly_negative(below: &[GridRow], header: &Header, styles: &Styles) -> bool {
    let Some(at) = header.position(Column::Debit) else {
        return false;
    };
    let signs = || {
        below
            .iter()
            .filter_map(|r| styles.amount(r, at, Currency::XXX).ok())
            .map(|(m, _)| m.minor.signum())
    };
    signs().filter(|s| *s < 0).count() > signs().filter(|s| *s > 0).count()
}

/// The row's signed amount; `Ok(None)`: the row has none.
fn amount(
    row: &GridRow,
    header: &Header,
    styles: &Styles,
    columns: &Columns,
    currency: Currency,
) -> Result<Option<Money>, AmountError> {
    let at = |column: Column| -> Result<Option<(Money, Option<Side>)>, AmountError> {
        match header
            .position(column)
            .map(|i| styles.amount(row, i, currency))
        {
            None | Some(Err(AmountError::Empty)) => Ok(None),
            Some(Ok(found)) => Ok(Some(found)),
            Some(Err(error)) => Err(error),
        }
    };
    if let Some((money, side)) = at(Column::Amount)? {
        let side = side.or_else(|| side_of(header.cell(row, Column::Side)));
        return Ok(Some(signed(money, side)));
    }
    let debit = at(Column::Debit)?.map(|(m, _)| {
        let minor = if columns.debit_negative {
            m.minor
        } else {
            m.minor.saturating_neg()
        };
        Money::new(minor, m.currency)
    });
    let credit = at(Column::Credit)?.map(|(m, _)| m);
    Ok(match (debit, credit) {
        (Some(debit), Some(credit)) => debit.checked_add(credit).ok(),
        (debit, credit) => debit.or(credit),
    })
}

fn side_of(text: &str) -> Option<Side> {
    match fold(text).as_str() {
        "d" | "dr" | "debit" | "s" | "soll" | "af" | "dbit" | "out" | "withdrawal"
        | "lastschrift" => Some(Side::Debit),
        "c" | "cr" | "credit" | "h" | "haben" | "bij" | "crdt" | "in" | "deposit"
        | "gutschrift" => Some(Side::Credit),
        _ => match text.trim() {
            "-" => Some(Side::Debit),
            "+" => Some(Side::Credit),
            _ => None,
        },
    }
}

fn entry(
    row: &GridRow,
    header: &Header,
    styles: &Styles,
    columns: &Columns,
    currency: Currency,
    sink: &mut Sink,
) -> Option<Entry> {
    let written = header.cell(row, Column::Date);
    let date = styles
        .day(written)
        .or_else(|| styles.day(header.cell(row, Column::ValueDate)));
    let amount = match amount(row, header, styles, columns, currency) {
        Ok(Some(amount)) => amount,
        // Titles, rules and totals have no date; a row with a date and no amount is told.
        Ok(None) => {
            if date.is_some() {
                sink.findings.add(Problem::Missing { field: "amount" });
            }
            return None;
        }
        Err(_) => {
            if date.is_some() {
                sink.findings.add(Problem::BadAmount {
                    text: short(&row.cells.join(" | ")),
                });
            }
            return None;
        }
    };
    let Some(date) = date else {
        if written.bytes().any(|b| b.is_ascii_digit()) {
            sink.findings.add(Problem::BadDate {
                text: short(written),
            });
        }
        return None;
    };
    let mut entry = Entry::new(row.line, amount);
    entry.booked = Some(date);
    entry.value = styles
        .day(header.cell(row, Column::ValueDate))
        .or(Some(date));
    entry.bank_reference = some(header.cell(row, Column::BankReference));
    entry.reference = some(header.cell(row, Column::Reference));
    entry.balance_after = header.position(Column::Balance).and_then(|at| {
        let (money, side) = styles.amount(row, at, amount.currency).ok()?;
        Some(signed(money, side))
    });
    entry
        .details
        .push(detail(row, header, styles, columns, &entry));
    if let Some((fee, _)) = header
        .position(Column::Fee)
        .and_then(|at| styles.amount(row, at, amount.currency).ok())
        && fee.minor != 0
    {
        let minor = fee.minor.saturating_abs().saturating_neg();
        entry.charges.push(Charge {
            amount: Money::new(minor, fee.currency),
            included: None,
            text: String::new(),
        });
    }
    if amount.minor == 0 {
        entry.kind = EntryKind::Information;
    }
    Some(entry)
}

fn detail(
    row: &GridRow,
    header: &Header,
    styles: &Styles,
    columns: &Columns,
    entry: &Entry,
) -> Detail {
    let mut detail = Detail {
        amount: Some(entry.amount),
        customer_reference: entry.reference.clone(),
        ..Detail::default()
    };
    for part in header.cells(row, Column::Text) {
        append(&mut detail.text, part);
    }
    let name = |column: Column| some(header.cell(row, column));
    let account = Account::of(header.cell(row, Column::Account));
    let party = Party {
        name: name(Column::Party),
        account,
        id: name(Column::PayerId),
    };
    if entry.amount.minor >= 0 {
        detail.payer = party;
        detail.payer.name = name(Column::Payer).or(detail.payer.name.take());
        detail.payee.name = name(Column::Payee);
    } else {
        detail.payee = party;
        detail.payee.name = name(Column::Payee).or(detail.payee.name.take());
        detail.payer.name = name(Column::Payer);
    }
    if columns.foreign
        && let Some(currency) = Currency::from_code(header.cell(row, Column::Currency))
        && let Some(at) = header.position(Column::OriginalAmount)
        && let Ok((original, _)) = styles.amount(row, at, currency)
        && original.minor != 0
    {
        detail.instructed = Some(Money::new(
            original.minor.saturating_abs(),
            original.currency,
        ));
    }
    detail
}

/// Opening and closing from the balances beside the entries, if these follow each other.
fn from_running(entries: &[Entry]) -> Vec<Balance> {
    let known: Vec<(&Entry, Money)> = entries
        .iter()
        .filter_map(|e| Some((e, e.balance_after?)))
        .collect();
    let (Some(first), Some(last)) = (known.first(), known.last()) else {
        return Vec::new();
    };
    if known.len() != entries.len() {
        return Vec::new();
    }
    let follows =
        |from: &(&Entry, Money), to: &(&Entry, Money)| from.1.checked_add(to.0.amount) == Ok(to.1);
    let up = known.windows(2).all(|w| follows(&w[0], &w[1]));
    let down = known.windows(2).all(|w| follows(&w[1], &w[0]));
    let (oldest, newest) = if up {
        (first, last)
    } else if down {
        (last, first)
    } else {
        return Vec::new();
    };
    let mut out = Vec::new();
    if let Ok(opening) = oldest.1.checked_sub(oldest.0.amount) {
        out.push(Balance {
            kind: BalanceKind::Opening,
            date: oldest.0.booked,
            amount: opening,
        });
        out.push(Balance {
            kind: BalanceKind::Closing,
            date: newest.0.booked,
            amount: newest.1,
        });
    }
    out
}
