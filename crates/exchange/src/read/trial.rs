//! A trial balance or list of general-ledger accounts: what the control account is taken from.

use super::mapping::Field;
use super::sides::{Named, Throughout, amount_in, header_of, named, once};
use super::synonyms::fold;
use super::work::{WorkCells, style_of};
use duebook_money::amount::{Amount, Style};
use rust_decimal::Decimal;

/// What a column of it means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum B {
    Account,
    Name,
    Entity,
    Currency,
    Balance,
    Debit,
    Credit,
}

/// Names in the folded form of [`fold`].
const NAMES: [(B, &str); 5] = [
    (
        B::Account,
        "account|account no|account number|account code|gl account|g l account|gl code|ledger account|nominal code|konto|kontonummer|konto nr|sachkonto|compte|numero de compte|cuenta|codigo cuenta|hkont|saknr|acct|acct no",
    ),
    (
        B::Name,
        "account name|account description|name|description|account title|text|bezeichnung|kontobezeichnung|libelle|intitule|nombre|descripcion|long text|short text|ledger name",
    ),
    (
        B::Balance,
        "balance|closing balance|ending balance|end balance|ytd balance|net balance|accumulated balance|saldo|endsaldo|solde|amount|betrag|net|net amount|period end balance",
    ),
    (
        B::Debit,
        "debit balance|closing debit|soll|debit|debits|dr|debe",
    ),
    (B::Credit, "credit balance|closing credit"),
];

fn by_name(header: &str) -> Option<B> {
    match named(header, &NAMES) {
        Named::Own(b) => Some(b),
        Named::Known(Field::Entity) => Some(B::Entity),
        Named::Known(Field::Currency) => Some(B::Currency),
        Named::Known(Field::Credit) => Some(B::Credit),
        Named::Known(_) | Named::Unknown => None,
    }
}

/// An account with its balance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrialRow {
    /// Line of the file.
    pub line: u32,
    /// Its number.
    pub account: String,
    /// Its name.
    pub name: String,
    /// Which company.
    pub entity: String,
    /// Currency as written; empty where it is not said.
    pub currency: String,
    /// Debit less credit, as written.
    pub balance: Amount,
}

impl TrialRow {
    /// Whether its name says that it is the customers' account.
    pub fn looks_like_receivables(&self) -> bool {
        const WORDS: [&str; 10] = [
            "receivable",
            "trade debtors",
            "debtors control",
            "sundry debtors",
            "sales ledger control",
            "debitoren",
            "forderungen aus lieferungen",
            "clients",
            "clientes",
            "accounts rec",
        ];
        let name = fold(&self.name);
        WORDS.iter().any(|w| name.contains(w))
    }
}

/// What has to be said before it can be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TrialQuestion {
    /// No row names an account and a balance.
    NoHeader,
    /// Which sign parts the decimals: a cell.
    DecimalMark(String),
}

/// A trial balance, read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trial {
    /// Its accounts.
    pub rows: Vec<TrialRow>,
    /// Lines whose amount cannot be read.
    pub unread: Vec<u32>,
    /// To be answered.
    pub question: Option<TrialQuestion>,
}

/// Reads a trial balance. `style`: how amounts are written, where it was said.
pub fn read_trial(rows: &[WorkCells], style: Option<Style>) -> Trial {
    let mut out = Trial::default();
    let is_header = |r: &WorkCells| {
        let has = |wanted: &[B]| {
            r.cells
                .iter()
                .any(|c| by_name(c).is_some_and(|b| wanted.contains(&b)))
        };
        has(&[B::Account]) && has(&[B::Balance, B::Debit])
    };
    let Some((head, body)) = header_of(rows, is_header) else {
        out.question = Some(TrialQuestion::NoHeader);
        return out;
    };
    let mut columns: Vec<Option<B>> = head.cells.iter().map(|h| by_name(h)).collect();
    once(&mut columns, |c| c, None);
    let amounts = |wanted: &[B]| -> Vec<usize> {
        let all = columns.iter().enumerate();
        let fits = all.filter(|(_, c)| c.is_some_and(|c| wanted.contains(&c)));
        fits.map(|(at, _)| at).collect()
    };
    let (told, cell) = style_of(body, &amounts(&[B::Balance, B::Debit, B::Credit]));
    let style = match (style.or(told), cell) {
        (Some(style), _) => style,
        (None, Some(cell)) => {
            out.question = Some(TrialQuestion::DecimalMark(cell));
            return out;
        }
        (None, None) => Style::POINT,
    };
    let side = |wanted: B| {
        let at = columns.iter().position(|c| *c == Some(wanted));
        let cells = body.iter().filter_map(|r| r.cells.get(at?));
        Throughout::of(cells.map(|c| c.trim()), style)
    };
    let sides = (side(B::Debit), side(B::Credit));
    for row in body {
        let cell = |wanted: B| {
            let at = columns.iter().position(|c| *c == Some(wanted));
            at.and_then(|at| row.cells.get(at)).map_or("", |c| c.trim())
        };
        if cell(B::Account).is_empty() {
            continue;
        }
        match balance(&cell, style, sides) {
            Err(()) => out.unread.push(row.line),
            Ok(None) => {}
            Ok(Some(value)) => out.rows.push(TrialRow {
                line: row.line,
                account: cell(B::Account).to_owned(),
                name: cell(B::Name).to_owned(),
                entity: cell(B::Entity).to_owned(),
                currency: cell(B::Currency).to_owned(),
                balance: Amount {
                    value,
                    side: None,
                    currency: None,
                },
            }),
        }
    }
    out
}

/// The balance where there is one, else debit less credit; `None` where no cell holds an amount.
fn balance<'a>(
    cell: &impl Fn(B) -> &'a str,
    style: Style,
    (debits, credits): (Throughout, Throughout),
) -> Result<Option<Decimal>, ()> {
    let of = |b: B| amount_in(cell(b), style);
    if let Some(balance) = of(B::Balance)? {
        return Ok(Some(balance));
    }
    match (of(B::Debit)?, of(B::Credit)?) {
        (None, None) => Ok(None),
        (debit, credit) => {
            let debit = debits.turned(debit.unwrap_or_default());
            let credit = credits.turned(credit.unwrap_or_default());
            debit.checked_sub(credit).map(Some).ok_or(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<WorkCells> {
        let lines = text.lines().enumerate();
        lines
            .map(|(n, line)| WorkCells {
                line: n as u32 + 1,
                cells: line.split(';').map(|c| c.trim().to_owned()).collect(),
            })
            .collect()
    }

    #[test]
    fn a_trial_balance_with_balances_or_with_two_columns() {
        let read = read_trial(
            &rows(
                "Trial balance March\n\
                 Company Code;GL Account;Account Name;Currency;Closing Balance\n\
                 1000;140000;Trade receivables, domestic;EUR;1,234.50\n\
                 1000;160000;Trade payables;EUR;-99.00\n\
                 1000;;Total;;1,135.50\n\
                 1000;150000;Receivables, doubtful;EUR;n/a",
            ),
            None,
        );
        assert_eq!(read.question, None);
        let told: Vec<(&str, String, bool)> = read
            .rows
            .iter()
            .map(|r| {
                (
                    r.account.as_str(),
                    r.balance.value.to_string(),
                    r.looks_like_receivables(),
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                ("140000", "1234.50".to_owned(), true),
                ("160000", "-99.00".to_owned(), false)
            ]
        );
        assert_eq!(read.unread, [6]);
        let two = read_trial(
            &rows(
                "Konto;Bezeichnung;Soll;Haben\n1400;Debitoren;1.500,00;200,00\n1600;Kreditoren;;70,00",
            ),
            None,
        );
        let told: Vec<String> = two
            .rows
            .iter()
            .map(|r| r.balance.value.to_string())
            .collect();
        assert_eq!(told, ["1300.00", "-70.00"]);
    }

    #[test]
    fn a_reversal_written_negative_keeps_its_sign_and_a_dash_is_nothing() {
        let balances = |text: &str| -> Vec<String> {
            let read = read_trial(&rows(text), None);
            assert_eq!(read.unread, []);
            let all = read.rows.iter();
            all.map(|r| r.balance.value.to_string()).collect()
        };
        // A general reversal: the debit of another posting is taken back on the debit side.
        let some = "Konto;Soll;Haben\n1400;1.500,00;-\n1401;-200,00;-\n1402;-;70,00";
        assert_eq!(balances(some), ["1500.00", "-200.00", "-70.00"]);
        // Every credit with a minus: that says the side.
        let all = "Konto;Soll;Haben\n1400;1.500,00;-200,00\n1402;-;-70,00";
        assert_eq!(balances(all), ["1300.00", "-70.00"]);
    }

    #[test]
    fn what_is_no_trial_balance_or_reads_two_ways_is_said() {
        let none = read_trial(&rows("a;b\n1;2"), None);
        assert_eq!(none.question, Some(TrialQuestion::NoHeader));
        let asked = read_trial(&rows("Account;Balance\n1400;1,500"), None);
        assert!(matches!(
            asked.question,
            Some(TrialQuestion::DecimalMark(_))
        ));
        let said = read_trial(&rows("Account;Balance\n1400;1,500"), Some(Style::POINT));
        assert_eq!(said.rows[0].balance.value.to_string(), "1500");
    }
}
