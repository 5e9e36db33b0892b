//! How each dialect writes its lines.

use crate::csv::{Dialect, Item, Owner};
use duebook_ledger::columns::ItemKind;
use duebook_money::{Currency, Day, NumberFormat};
use std::collections::BTreeMap;

const CONTINENTAL: NumberFormat = NumberFormat {
    minus: '-',
    ..NumberFormat::CONTINENTAL
};
const WESTERN: NumberFormat = NumberFormat {
    minus: '-',
    ..NumberFormat::WESTERN
};
const SAP_HEAD: &str = "|S |DocumentNo|Ty|Doc. Date |Net Due Dt|      Amount in DC|Curr.|Purch.Doc.|Arrears|Text           |\n";

fn rule() -> String {
    format!("{}\n", "-".repeat(SAP_HEAD.len() - 1))
}

/// A character as Windows-1252; `?` for one that it lacks.
pub(crate) fn windows_1252(c: char) -> u8 {
    const HIGH: [(char, u8); 27] = [
        ('€', 0x80),
        ('‚', 0x82),
        ('ƒ', 0x83),
        ('„', 0x84),
        ('…', 0x85),
        ('†', 0x86),
        ('‡', 0x87),
        ('ˆ', 0x88),
        ('‰', 0x89),
        ('Š', 0x8a),
        ('‹', 0x8b),
        ('Œ', 0x8c),
        ('Ž', 0x8e),
        ('‘', 0x91),
        ('’', 0x92),
        ('“', 0x93),
        ('”', 0x94),
        ('•', 0x95),
        ('–', 0x96),
        ('—', 0x97),
        ('˜', 0x98),
        ('™', 0x99),
        ('š', 0x9a),
        ('›', 0x9b),
        ('œ', 0x9c),
        ('ž', 0x9e),
        ('Ÿ', 0x9f),
    ];
    match u32::from(c) {
        n @ (0..=0x7f | 0xa0..=0xff) => n as u8,
        _ => HIGH.iter().find(|(h, _)| *h == c).map_or(b'?', |(_, b)| *b),
    }
}

fn cell(text: &str, delimiter: char) -> String {
    if text.contains([delimiter, '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

fn dotted(day: Day) -> String {
    let (y, m, d) = day.ymd();
    format!("{d:02}.{m:02}.{y:04}")
}

fn american(day: Day) -> String {
    let (y, m, d) = day.ymd();
    format!("{m:02}/{d:02}/{y:04}")
}

fn number_or_blank(n: u64, prefix: &str) -> String {
    if n == 0 {
        String::new()
    } else {
        format!("{prefix}{n}")
    }
}

/// What stands before the first row.
pub(crate) fn head(dialect: Dialect, today: Day) -> Vec<String> {
    match dialect {
        Dialect::Plain => vec!["company_code,customer_number,customer_name,country,document_number,document_type,document_date,due_date,currency,amount,open_amount,po_number,payment_terms,text\n".to_owned()],
        Dialect::German => vec!["Buchungskreis;Kunde;Name;Land;Belegnummer;Belegart;Belegdatum;Nettofälligkeit;Währung;Betrag;Offener Betrag;Bestellnummer;Zahlungsbedingung;Text\r\n".to_owned()],
        Dialect::Sap => vec![
            format!("{}                         Customer Line Item Display                         1\n", dotted(today)),
            "\n".to_owned(),
            format!("Open at key date         {}\n", dotted(today)),
        ],
        Dialect::QuickBooks => {
            const MONTHS: [&str; 12] = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
            let (y, m, d) = today.ymd();
            vec![
                "Harbourline Supply Inc.\n".to_owned(),
                "Open Invoices\n".to_owned(),
                format!("\"As of {} {d}, {y}\"\n", MONTHS[usize::from(m - 1)]),
                "\n".to_owned(),
                ",Date,Transaction type,Num,Terms,Due date,Amount,Open balance\n".to_owned(),
            ]
        }
    }
}

/// What stands after the last row.
pub(crate) fn foot(dialect: Dialect, sums: &BTreeMap<Currency, i64>) -> Vec<String> {
    match dialect {
        Dialect::Plain | Dialect::German => Vec::new(),
        Dialect::Sap => sums
            .iter()
            .map(|(c, sum)| {
                sap_line(
                    "**",
                    "",
                    "",
                    "",
                    "",
                    &trailing(*sum, *c),
                    c.code(),
                    "",
                    "",
                    "",
                )
            })
            .chain([rule()])
            .collect(),
        Dialect::QuickBooks => {
            let total: i64 = sums.values().sum();
            vec![format!(
                "TOTAL,,,,,,,{}\n",
                cell(&WESTERN.minor(i128::from(total), 2), ',')
            )]
        }
    }
}

pub(crate) fn plain(owner: &Owner, item: &Item) -> String {
    let exponent = owner.currency.exponent();
    let money = |minor: i64| NumberFormat::PLAIN.minor(i128::from(minor), exponent);
    let kind = match item.kind {
        ItemKind::CreditMemo => "CRN",
        ItemKind::Receipt => "PMT",
        _ => "INV",
    };
    format!(
        "{},{},{},{},{},{kind},{},{},{},{},{},{},{},{}\n",
        owner.company,
        owner.number,
        cell(&owner.name, ','),
        owner.country,
        item.number,
        item.date,
        item.due,
        owner.currency.code(),
        money(item.amount),
        money(item.open),
        number_or_blank(item.po, "PO-"),
        cell(owner.terms, ','),
        cell(&number_or_blank(item.text, "Order, part "), ','),
    )
}

pub(crate) fn german(owner: &Owner, item: &Item) -> String {
    let exponent = owner.currency.exponent();
    let money = |minor: i64| CONTINENTAL.minor(i128::from(minor), exponent);
    format!(
        "{};{};{};{};{};{};{};{};{};{};{};{};{};{}\r\n",
        owner.company,
        owner.number,
        cell(&owner.name, ';'),
        owner.country,
        item.number,
        sap_type(item.kind),
        dotted(item.date),
        dotted(item.due),
        owner.currency.code(),
        money(item.amount),
        money(item.open),
        number_or_blank(item.po, ""),
        owner.terms,
        number_or_blank(item.text, "Lieferung, Teil "),
    )
}

fn sap_type(kind: ItemKind) -> &'static str {
    match kind {
        ItemKind::CreditMemo => "DG",
        ItemKind::Receipt => "DZ",
        _ => "RV",
    }
}

/// `1.234,56-`.
fn trailing(minor: i64, currency: Currency) -> String {
    let digits = CONTINENTAL.minor(i128::from(minor.unsigned_abs()), currency.exponent());
    format!("{digits}{}", if minor < 0 { '-' } else { ' ' })
}

#[allow(clippy::too_many_arguments)] // the columns of the list, in their order
fn sap_line(
    mark: &str,
    number: &str,
    kind: &str,
    date: &str,
    due: &str,
    amount: &str,
    currency: &str,
    po: &str,
    arrears: &str,
    text: &str,
) -> String {
    format!(
        "|{mark:<2}|{number:<10}|{kind:<2}|{date:<10}|{due:<10}|{amount:>18}|{currency:<5}|{po:<10}|{arrears:>7}|{text:<15}|\n"
    )
}

pub(crate) fn sap_section(owner: &Owner) -> Vec<String> {
    vec![
        "\n".to_owned(),
        format!("Customer                 {}\n", owner.number),
        format!("Company Code             {}\n", owner.company),
        format!("Name                     {}\n", owner.name),
        rule(),
        SAP_HEAD.to_owned(),
        rule(),
    ]
}

pub(crate) fn sap(owner: &Owner, item: &Item) -> String {
    sap_line(
        "",
        &item.number,
        sap_type(item.kind),
        &dotted(item.date),
        &dotted(item.due),
        &trailing(item.open, owner.currency),
        owner.currency.code(),
        &number_or_blank(item.po, ""),
        "",
        &number_or_blank(item.text, "Delivery "),
    )
}

pub(crate) fn sap_subtotal(owner: &Owner, open: i64) -> Vec<String> {
    let amount = trailing(open, owner.currency);
    let code = owner.currency.code();
    vec![
        rule(),
        sap_line("*", "", "", "", "", &amount, code, "", "", ""),
        rule(),
    ]
}

/// The number keeps customers of one name apart, as users write it into the name.
fn quickbooks_name(owner: &Owner) -> String {
    format!("{} ({})", owner.name, owner.number)
}

pub(crate) fn quickbooks_section(owner: &Owner) -> Vec<String> {
    vec![format!("{},,,,,,,\n", cell(&quickbooks_name(owner), ','))]
}

pub(crate) fn quickbooks(owner: &Owner, item: &Item) -> String {
    let money = |minor: i64| cell(&WESTERN.minor(i128::from(minor), 2), ',');
    let kind = match item.kind {
        ItemKind::CreditMemo => "Credit Memo",
        ItemKind::Receipt => "Payment",
        _ => "Invoice",
    };
    format!(
        ",{},{kind},{},{},{},{},{}\n",
        american(item.date),
        item.number,
        owner.terms,
        american(item.due),
        money(item.amount),
        money(item.open),
    )
}

pub(crate) fn quickbooks_subtotal(owner: &Owner, open: i64) -> Vec<String> {
    let name = cell(&format!("Total for {}", quickbooks_name(owner)), ',');
    let sum = cell(&WESTERN.minor(i128::from(open), 2), ',');
    vec![format!("{name},,,,,,,{sum}\n")]
}
