//! The staged rows as they would be kept, some at a time: for a list of any length.

use super::limits::PREVIEW_ROWS;
use super::notes::Reason;
use super::payments::{StagedPayment, StagedSale};
use super::preview::{PreviewItem, plain};
use super::stage::Staged;
use duebook_ledger::columns::{
    ItemKind, NO_DAY, NumField, SEGMENT_ROWS, Segment, StagedCustomer, StagedItems, TextField,
};
use duebook_money::{Currency, Day};

impl Staged {
    /// The lines of the staged rows, rising. A customer stands by the first of its lines.
    pub fn lines(&self) -> Vec<u32> {
        let batch = &self.batch;
        if !batch.items.segments.is_empty() {
            let all = batch.items.segments.iter();
            return all.flat_map(|s| s.line.iter().copied()).collect();
        }
        let payments = batch.payments.iter().map(|p| p.line);
        let sales = batch.sales.iter().map(|s| s.line);
        let customers = batch.customer_lines.iter().copied();
        payments.chain(sales).chain(customers).collect()
    }
    /// The staged lines that have a warning, rising.
    pub fn warned_lines(&self) -> Vec<u32> {
        let warned = self.preview.notes.warned.iter();
        warned.map(|(line, _)| *line).collect()
    }
    /// Staged rows from an ordinal on, as they would be kept.
    pub fn rows(&self, from: usize, count: usize) -> Vec<PreviewItem> {
        let batch = &self.batch;
        let warned = &self.preview.notes.warned;
        let all = from..from.saturating_add(count);
        if !batch.items.segments.is_empty() {
            return all.map_while(|at| item(&batch.items, warned, at)).collect();
        }
        let row = |at: usize| {
            let payment = batch.payments.get(at).map(payment);
            let sale = || batch.sales.get(at).map(sale);
            let customer = || {
                let line = batch.customer_lines.get(at)?;
                Some(customer(batch.customers.get(at)?, *line))
            };
            let mut row = payment.or_else(sale).or_else(customer)?;
            row.warning = warning(warned, row.line);
            Some(row)
        };
        all.map_while(row).collect()
    }
}

pub(super) fn first_items(items: &StagedItems, warned: &[(u32, Reason)]) -> Vec<PreviewItem> {
    let rows = (0..PREVIEW_ROWS).map_while(|at| item(items, warned, at));
    rows.collect()
}

fn warning(warned: &[(u32, Reason)], line: u32) -> Option<Reason> {
    let at = warned.binary_search_by_key(&line, |(l, _)| *l).ok()?;
    warned.get(at).map(|(_, reason)| *reason)
}

fn item(items: &StagedItems, warned: &[(u32, Reason)], at: usize) -> Option<PreviewItem> {
    let seg = items.segments.get(at / SEGMENT_ROWS)?;
    let row = at % SEGMENT_ROWS;
    let currency = Currency::from_numeric(*seg.currency.get(row)?)?;
    let customer = items.customers.get(seg.customer[row] as usize)?;
    let entity = items.entities.get(seg.entity[row] as usize);
    let iso = |day: i32| (day != NO_DAY).then(|| Day(day).to_string());
    let texts = seg.texts.iter();
    let texts = texts.map(|(f, c)| (text_name(f), c.get(row).to_owned()));
    Some(PreviewItem {
        line: seg.line[row],
        entity: entity.cloned().unwrap_or_default(),
        customer: customer.number.clone(),
        name: customer.name.clone(),
        number: seg.number.get(row).to_owned(),
        kind: ItemKind::from_u8(seg.kind[row])
            .map(kind_name)
            .unwrap_or_default()
            .to_owned(),
        doc_date: iso(seg.doc_date[row]),
        due: iso(seg.due[row]),
        currency: currency.code().to_owned(),
        amount: plain(i128::from(seg.amount[row]), currency),
        open: plain(i128::from(seg.open[row]), currency),
        local: other(seg, row, NumField::LocalAmount, &TextField::LocalCurrency),
        group: other(seg, row, NumField::GroupAmount, &TextField::GroupCurrency),
        warning: warning(warned, seg.line[row]),
        texts: texts.filter(|(_, t)| !t.is_empty()).collect(),
    })
}

/// An amount in a currency that is not the item's, and its code; two decimals where none is known.
fn other(
    seg: &Segment,
    row: usize,
    amount: NumField,
    code: &TextField,
) -> Option<(String, String)> {
    let minor = seg.num(amount, row)?;
    let code = seg.text(code, row);
    if minor == 0 && code.is_empty() {
        return None;
    }
    let decimals = Currency::from_code(code).unwrap_or(Currency::USD);
    Some((plain(i128::from(minor), decimals), code.to_owned()))
}

fn empty(line: u32, customer: &str, kind: &str) -> PreviewItem {
    PreviewItem {
        line,
        entity: String::new(),
        customer: customer.to_owned(),
        name: String::new(),
        number: String::new(),
        kind: kind.to_owned(),
        doc_date: None,
        due: None,
        currency: String::new(),
        amount: String::new(),
        open: String::new(),
        local: None,
        group: None,
        warning: None,
        texts: Vec::new(),
    }
}

fn payment(p: &StagedPayment) -> PreviewItem {
    let currency = p.currency.unwrap_or(Currency::XXX);
    let texts = [("Invoice", &p.invoice), ("Reference", &p.reference)];
    let texts = texts.into_iter().filter(|(_, t)| !t.is_empty());
    PreviewItem {
        number: p.number.clone(),
        doc_date: Some(p.date.to_string()),
        currency: p.currency.map_or("", Currency::code).to_owned(),
        amount: plain(i128::from(p.amount), currency),
        texts: texts.map(|(n, t)| (n.to_owned(), t.clone())).collect(),
        ..empty(p.line, &p.customer, "payment")
    }
}

fn sale(s: &StagedSale) -> PreviewItem {
    PreviewItem {
        doc_date: Some(s.month.to_string()),
        currency: s.currency.code().to_owned(),
        amount: plain(i128::from(s.amount), s.currency),
        ..empty(s.line, &s.customer, "sales")
    }
}

fn customer(c: &StagedCustomer, line: u32) -> PreviewItem {
    let texts = [
        ("Collector", &c.collector),
        ("Terms", &c.terms),
        ("Country", &c.country),
    ];
    let given = |(name, text): (&str, &Option<String>)| Some((name.to_owned(), text.clone()?));
    PreviewItem {
        name: c.name.clone(),
        currency: c.currency.clone().unwrap_or_default(),
        texts: texts.into_iter().filter_map(given).collect(),
        ..empty(line, &c.number, "customer")
    }
}

fn kind_name(kind: ItemKind) -> &'static str {
    match kind {
        ItemKind::Invoice => "invoice",
        ItemKind::DebitMemo => "debit_memo",
        ItemKind::CreditMemo => "credit_memo",
        ItemKind::Receipt => "receipt",
        ItemKind::LateCharge => "late_charge",
        ItemKind::OnAccount => "on_account",
    }
}

fn text_name(field: &TextField) -> String {
    match field {
        TextField::Extra(header) => header.clone(),
        other => format!("{other:?}"),
    }
}
