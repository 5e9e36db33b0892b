//! A customer's ledger of what it owes us, as it sends it: a list of open items or an account with
//! debits and credits. Columns are told by their headers; the user can say otherwise.

mod columns;

pub use columns::{THEIR_FIELDS, TheirColumn, TheirField};

use super::doc_type::{TypeSays, says};
use super::sides::{Throughout, amount_in, header_of};
use super::synonyms::fold;
use super::work::{WorkCells, order_of, style_of};
use columns::{TheirField as T, columns_of, is_header};
use duebook_ledger::columns::ItemKind;
use duebook_money::amount::{Amount, Style};
use duebook_money::date::{parse_around, parse_iso_bytes};
use duebook_money::{DateOrder, Day};
use rust_decimal::Decimal;

/// What a row is, as far as it says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum TheirRowKind {
    /// It does not say.
    #[default]
    Unknown,
    /// A bill or a credit note.
    Document,
    /// Money they sent.
    Payment,
    /// What was brought forward.
    Opening,
}

/// A row, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TheirRow {
    /// Line of the file.
    pub line: u32,
    /// What it is.
    pub kind: TheirRowKind,
    /// Our document number, as they write it.
    pub number: String,
    /// Their own number.
    pub own: String,
    /// What else is written.
    pub text: String,
    /// Date.
    pub date: Option<Day>,
    /// Due date.
    pub due: Option<Day>,
    /// Currency as written; empty where it is not said.
    pub currency: String,
    /// The amount with its sign as the file has it; of debit and credit columns, credit less debit.
    pub amount: Amount,
}

/// What they say the balance is: a row of a total.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TheirTotal {
    /// Line of the file.
    pub line: u32,
    /// Currency as written; empty where it is not said.
    pub currency: String,
    /// As the file has it.
    pub amount: Amount,
}

/// What has to be said before the file can be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TheirQuestion {
    /// No row of headers with an amount and a number or date was found.
    NoHeader,
    /// The order of day and month: a cell.
    DateOrder(String),
    /// Which sign parts the decimals: a cell.
    DecimalMark(String),
    /// No column holds an amount.
    NoAmount,
}

/// What the user said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TheirOptions {
    /// What columns mean, where it was said; the others are told.
    pub columns: Vec<Option<TheirField>>,
    /// The order of day and month, where it was said.
    pub order: Option<DateOrder>,
    /// How amounts are written, where it was said.
    pub style: Option<Style>,
}

/// A customer's ledger, read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TheirLedger {
    /// The columns in order.
    pub columns: Vec<TheirColumn>,
    /// The rows with an amount.
    pub rows: Vec<TheirRow>,
    /// What it says it comes to.
    pub totals: Vec<TheirTotal>,
    /// Lines whose amount or date cannot be read; they are in no figure.
    pub unread: Vec<u32>,
    /// It has debits and credits, or what was brought forward: an account, and no list of open items.
    pub is_account: bool,
    /// To be answered.
    pub questions: Vec<TheirQuestion>,
}

/// Reads a customer's ledger. A day without a year is the last one not after `as_of`.
pub fn read_theirs(rows: &[WorkCells], options: &TheirOptions, as_of: Day) -> TheirLedger {
    let mut out = TheirLedger::default();
    let Some((head, body)) = header_of(rows, is_header) else {
        out.questions.push(TheirQuestion::NoHeader);
        return out;
    };
    out.columns = columns_of(head, body, &options.columns);
    let places = |wanted: &[TheirField]| -> Vec<usize> {
        let all = out.columns.iter().enumerate();
        let fits = all.filter(|(_, c)| wanted.contains(&c.field));
        fits.map(|(at, _)| at).collect()
    };
    let amounts = places(&[T::Open, T::Amount, T::Debit, T::Credit]);
    if amounts.is_empty() {
        out.questions.push(TheirQuestion::NoAmount);
        return out;
    }
    let (told, cell) = order_of(body, &places(&[T::Date, T::Due]), &[]);
    let order = options.order.or(told);
    let style_told = style_of(body, &amounts);
    let style = options.style.or(style_told.0);
    out.is_account = !places(&[T::Debit]).is_empty() && !places(&[T::Credit]).is_empty();
    if let (None, Some(cell)) = (order, cell) {
        out.questions.push(TheirQuestion::DateOrder(cell));
    }
    if let (None, Some(cell)) = (style, style_told.1) {
        out.questions.push(TheirQuestion::DecimalMark(cell));
    }
    if !out.questions.is_empty() {
        return out;
    }
    let mut reading = Reading {
        columns: &out.columns,
        order: order.unwrap_or(DateOrder::Ymd),
        style: style.unwrap_or(Style::POINT),
        year: as_of.ymd().0,
        debits: Throughout::default(),
        credits: Throughout::default(),
    };
    reading.look_at_signs(body);
    for row in body {
        match reading.row(row) {
            Read::Row(row) => {
                out.is_account |= row.kind == TheirRowKind::Opening;
                out.rows.push(row);
            }
            Read::Total(total) => out.totals.push(total),
            Read::Nothing => {}
            Read::Unread => out.unread.push(row.line),
        }
    }
    out
}

struct Reading<'a> {
    columns: &'a [TheirColumn],
    order: DateOrder,
    style: Style,
    year: i32,
    /// The signs of amounts on either side, by column or by what stands beside them.
    debits: Throughout,
    credits: Throughout,
}

enum Read {
    Row(TheirRow),
    Total(TheirTotal),
    Nothing,
    Unread,
}

impl Reading<'_> {
    fn cell<'r>(&self, row: &'r WorkCells, field: TheirField) -> &'r str {
        let at = self.columns.iter().position(|c| c.field == field);
        at.and_then(|at| row.cells.get(at)).map_or("", |c| c.trim())
    }

    /// The amount of a row: `Ok(None)` where no cell holds one.
    fn amount(&self, row: &WorkCells) -> Result<Option<Decimal>, ()> {
        let of = |field| amount_in(self.cell(row, field), self.style);
        for field in [T::Open, T::Amount] {
            if let Some(amount) = of(field)? {
                return Ok(Some(self.on_its_side(row, amount)));
            }
        }
        Ok(match (of(T::Debit)?, of(T::Credit)?) {
            (None, None) => None,
            (debit, credit) => {
                let debit = self.debits.turned(debit.unwrap_or_default());
                let credit = self.credits.turned(credit.unwrap_or_default());
                Some(credit.checked_sub(debit).ok_or(())?)
            }
        })
    }

    /// The side that stands beside the amount.
    fn is_debit(&self, row: &WorkCells) -> Option<bool> {
        match fold(self.cell(row, T::Side)).as_str() {
            "d" | "dr" | "debit" | "s" | "soll" | "debe" | "25" | "21" | "22" => Some(true),
            "c" | "cr" | "credit" | "h" | "haben" | "haber" | "31" | "35" => Some(false),
            _ => None,
        }
    }

    /// Whether a minus says the side, or that something is taken back on it.
    fn look_at_signs(&mut self, body: &[WorkCells]) {
        for row in body {
            let of = |field| amount_in(self.cell(row, field), self.style).ok().flatten();
            let (debit, credit) = (of(T::Debit), of(T::Credit));
            let beside = self.is_debit(row);
            let amount = of(T::Open).or_else(|| of(T::Amount));
            let (left, right) = match beside {
                Some(true) => (amount, None),
                Some(false) => (None, amount),
                None => (None, None),
            };
            debit.or(left).into_iter().for_each(|a| self.debits.see(a));
            let credit = credit.or(right);
            credit.into_iter().for_each(|a| self.credits.see(a));
        }
    }

    /// A creditor stands on the credit side: what they owe is a credit.
    fn on_its_side(&self, row: &WorkCells, amount: Decimal) -> Decimal {
        match self.is_debit(row) {
            Some(true) => -self.debits.turned(amount),
            Some(false) => self.credits.turned(amount),
            None => amount,
        }
    }

    fn day(&self, text: &str) -> Result<Option<Day>, ()> {
        if text.is_empty() {
            return Ok(None);
        }
        let read = parse_around(self.order, text.as_bytes(), self.year).ok();
        read.or_else(|| parse_iso_bytes(text.as_bytes()))
            .map(Some)
            .ok_or(())
    }

    fn row(&self, row: &WorkCells) -> Read {
        let amount = match self.amount(row) {
            Ok(Some(amount)) => amount,
            Ok(None) => return Read::Nothing,
            Err(()) => return Read::Unread,
        };
        let text = |field| self.cell(row, field).to_owned();
        let (number, own) = (text(T::Number), text(T::Own));
        let words = row
            .cells
            .iter()
            .map(|c| fold(c))
            .collect::<Vec<_>>()
            .join("|");
        let says = |all: &[&str]| {
            words
                .split('|')
                .any(|w| all.iter().any(|a| w.starts_with(a)))
        };
        let opening = says(&OPENING);
        let (date, due) = match (
            self.day(self.cell(row, T::Date)),
            self.day(self.cell(row, T::Due)),
        ) {
            (Ok(date), Ok(due)) => (date, due),
            // A word in place of a date is a total's label.
            _ if says(&TOTAL) || opening => (None, None),
            _ => return Read::Unread,
        };
        if !opening && date.is_none() && says(&TOTAL) {
            return Read::Total(TheirTotal {
                line: row.line,
                currency: text(T::Currency),
                amount: plain(amount),
            });
        }
        Read::Row(TheirRow {
            line: row.line,
            kind: match opening {
                true => TheirRowKind::Opening,
                false => kind_of(&fold(self.cell(row, T::Type)), &words),
            },
            number,
            own,
            text: text(T::Text),
            date,
            due,
            currency: text(T::Currency),
            amount: plain(amount),
        })
    }
}

fn plain(value: Decimal) -> Amount {
    Amount {
        value,
        side: None,
        currency: None,
    }
}

/// How a row of what was brought forward begins.
const OPENING: [&str; 8] = [
    "opening balance",
    "balance brought forward",
    "brought forward",
    "balance b f",
    "balance forward",
    "saldovortrag",
    "solde anterieur",
    "saldo anterior",
];
/// How a row of a total begins.
const TOTAL: [&str; 8] = [
    "total",
    "grand total",
    "sum",
    "closing balance",
    "balance carried",
    "balance due",
    "summe",
    "saldo",
];
/// Words of payments, beside the types of documents.
const PAID: [&str; 10] = [
    "payment",
    "pay ",
    "payt",
    "paid",
    "transfer",
    "cheque",
    "bill payment",
    "ueberweisung",
    "virement",
    "pago",
];

/// By its type, else by a cell that begins with a word of payments.
fn kind_of(written: &str, words: &str) -> TheirRowKind {
    // Creditors' documents of SAP: KR and RE bills, KG credit notes, KZ and ZP payments.
    match written {
        "kz" | "zp" | "zv" => return TheirRowKind::Payment,
        "kr" | "kg" | "re" | "kn" => return TheirRowKind::Document,
        _ => {}
    }
    match says(written) {
        TypeSays::Kind(ItemKind::Receipt | ItemKind::OnAccount) => TheirRowKind::Payment,
        TypeSays::Kind(_) => TheirRowKind::Document,
        _ if words
            .split('|')
            .any(|w| PAID.iter().any(|p| w.starts_with(p))) =>
        {
            TheirRowKind::Payment
        }
        _ => TheirRowKind::Unknown,
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

    fn read(text: &str) -> TheirLedger {
        let as_of = Day::from_ymd(2026, 6, 30).expect("a day");
        read_theirs(&rows(text), &TheirOptions::default(), as_of)
    }

    fn told(read: &TheirLedger) -> Vec<(&str, &str, String, TheirRowKind)> {
        let row = |r: &'_ TheirRow| (r.amount.value.to_string(), r.kind);
        let all = read.rows.iter();
        all.map(|r| (r.number.as_str(), r.own.as_str(), row(r).0, row(r).1))
            .collect()
    }

    #[test]
    fn rc_01_a_list_of_open_items_with_its_total() {
        let read = read(
            "Vendor 4711 open items\n\
             Supplier Invoice No;Voucher;Invoice Date;Due Date;Currency;Open Amount\n\
             INV-1001;V9;2026-05-02;2026-06-01;EUR;500.00\n\
             ;PAY 88;2026-05-20;;EUR;-120.50\n\
             INV-1002;V10;someday;;EUR;1.00\n\
             Total;;;;EUR;379.50",
        );
        assert_eq!(read.questions, []);
        assert_eq!(
            told(&read),
            [
                ("INV-1001", "V9", "500.00".to_owned(), TheirRowKind::Unknown),
                ("", "PAY 88", "-120.50".to_owned(), TheirRowKind::Payment),
            ]
        );
        assert_eq!(read.totals.len(), 1);
        assert_eq!(read.totals[0].amount.value.to_string(), "379.50");
        assert_eq!((read.unread.as_slice(), read.is_account), (&[5][..], false));
    }

    #[test]
    fn rc_01_an_account_with_debits_and_credits() {
        let read = read(
            "Date;Type;Reference;Debit;Credit;Balance\n\
             01.05.2026;;Opening balance;;1.000,00;1.000,00\n\
             13.05.2026;KR;1001;;500,00;1.500,00\n\
             20.05.2026;KZ;1001;1.000,00;;500,00",
        );
        assert!(read.is_account);
        assert_eq!(
            told(&read),
            [
                (
                    "Opening balance",
                    "",
                    "1000.00".to_owned(),
                    TheirRowKind::Opening
                ),
                ("1001", "", "500.00".to_owned(), TheirRowKind::Document),
                ("1001", "", "-1000.00".to_owned(), TheirRowKind::Payment),
            ]
        );
    }

    #[test]
    fn of_two_numbers_the_reference_is_ours_and_a_column_can_be_said() {
        let text = "Document Number;Reference;Document Date;Amount in doc. curr.;Document currency;D/C\n\
                    5100000001;90001;2026-05-02;500.00;USD;H\n\
                    5100000002;90002;2026-05-03;20.00;USD;S";
        let sap = read(text);
        assert_eq!(
            told(&sap),
            [
                (
                    "90001",
                    "5100000001",
                    "500.00".to_owned(),
                    TheirRowKind::Unknown
                ),
                (
                    "90002",
                    "5100000002",
                    "-20.00".to_owned(),
                    TheirRowKind::Unknown
                ),
            ]
        );
        let as_of = Day::from_ymd(2026, 6, 30).expect("a day");
        let options = TheirOptions {
            columns: vec![Some(T::Number), Some(T::Ignore)],
            ..TheirOptions::default()
        };
        let said = read_theirs(&rows(text), &options, as_of);
        assert_eq!(said.rows[0].number, "5100000001");
    }

    #[test]
    fn rc_01_a_reversal_written_negative_keeps_its_sign() {
        let amounts = |text: &str| -> Vec<String> {
            let read = read(text);
            assert_eq!((&read.questions[..], &read.unread[..]), (&[][..], &[][..]));
            read.rows
                .iter()
                .map(|r| r.amount.value.to_string())
                .collect()
        };
        // A general reversal of 1001, as DATEV and SAP write it; a dash is an empty cell.
        let columns = "Date;Type;Reference;Debit;Credit\n\
                       13.05.2026;KR;1001;-;500,00\n\
                       14.05.2026;KR;1001;-;-500,00\n\
                       20.05.2026;KZ;1002;80,00;-";
        assert_eq!(amounts(columns), ["500.00", "-500.00", "-80.00"]);
        // Debits with a minus throughout: that says the side.
        let minus = "Date;Type;Reference;Debit;Credit\n\
                     13.05.2026;KR;1001;;500,00\n\
                     20.05.2026;KZ;1002;-80,00;";
        assert_eq!(amounts(minus), ["500.00", "-80.00"]);
        let beside = "Reference;Document Date;Amount in doc. curr.;Document currency;D/C\n\
                      90001;2026-05-02;500.00;USD;H\n\
                      90002;2026-05-03;-500.00;USD;H\n\
                      90003;2026-05-04;-20.00;USD;S";
        assert_eq!(amounts(beside), ["500.00", "-500.00", "-20.00"]);
    }

    #[test]
    fn what_can_be_read_in_two_ways_is_asked() {
        let asked = read("Invoice;Date;Amount\nA1;03/04/2026;1,500\n");
        assert!(matches!(asked.questions[0], TheirQuestion::DateOrder(_)));
        assert!(asked.rows.is_empty());
        assert_eq!(
            read("Nothing;here\n1;2").questions,
            [TheirQuestion::NoHeader]
        );
    }
}
