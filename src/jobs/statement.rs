//! A file of bank statements, read in the worker: neutral entries become the lines the book keeps.

use super::file::FileRead;
use super::wire::{
    AdviceLine, AdviceRead, ColumnRead, Response, StatementAnswers, StatementFile,
    StatementQuestion, StatementRead,
};
use duebook_bank::{
    Column, ColumnUse, Detail, Entry, EntryKind, Error, Finding, Options, Question, RemitLine,
    Remittance, Statement, StatementKind, Status, Weight,
};
use duebook_ledger::import::cbor;
use duebook_ledger::statements::{LineKind, PaidDocument, StatementFacts, StatementLine};
use duebook_money::{Currency, DateOrder, Day, DecimalMark};
use std::io::Read;

/// A statement as the book takes it.
type Kept = (StatementFacts, Vec<StatementLine>);

/// Findings told; the rest is counted.
const FINDINGS: usize = 12;

/// Reads the file.
pub fn read(
    file: &web_sys::File,
    answers: &StatementAnswers,
) -> Result<(Response, Vec<Vec<u8>>), String> {
    let mut bytes = Vec::new();
    let mut input = FileRead::new(file).map_err(|e| e.to_string())?;
    input.read_to_end(&mut bytes).map_err(|e| e.to_string())?;
    let (read, kept) = staged(&bytes, &file.name(), answers)?;
    Ok((Response::Statements(Box::new(read)), vec![cbor(&kept)]))
}

fn staged(
    bytes: &[u8],
    name: &str,
    answers: &StatementAnswers,
) -> Result<(StatementFile, Vec<Kept>), String> {
    let options = Options {
        currency: Currency::from_code(&answers.currency),
        date_order: answers.dates.as_deref().and_then(order),
        decimal: answers.decimal.map(|mark| match mark {
            ',' => DecimalMark::Comma,
            _ => DecimalMark::Point,
        }),
        columns: said(&answers.columns),
        ..Options::default()
    };
    let file = match duebook_bank::read(bytes, name, &options) {
        Ok(file) => file,
        Err(error @ Error::NoColumns { .. }) => return unread(bytes, name, &options, &error),
        Err(error) => return Err(why_not(&error)),
    };
    let mut out = StatementFile {
        name: name.to_owned(),
        format: file.format.name().to_owned(),
        findings: findings(&file.findings, file.more_findings),
        questions: file.questions.iter().map(question).collect(),
        advices: file.remittances.iter().map(advice).collect(),
        assumed: file.assumed.map(Currency::numeric),
        ..StatementFile::default()
    };
    if file.format == duebook_bank::Format::BankTable {
        out.columns = file.columns.iter().map(column).collect();
    }
    let mut kept = Vec::new();
    for statement in &file.statements {
        let (read, one) = of(statement, name, &out.format);
        match read.passing {
            false => kept.push(one),
            // A notification names what payments pay before the statement shows them booked.
            true => out.advices.extend(notified(statement.currency, &one.1)),
        }
        out.statements.push(read);
    }
    Ok((out, kept))
}

/// What the user says of columns.
fn said(columns: &[(String, String)]) -> Vec<(String, Column)> {
    let each = columns.iter().map(|(header, name)| {
        (
            header.clone(),
            Column::of_name(name).unwrap_or(Column::Ignore),
        )
    });
    each.collect()
}

fn column(c: &ColumnUse) -> ColumnRead {
    ColumnRead {
        header: c.header.clone(),
        column: c.column.unwrap_or(Column::Ignore).name().to_owned(),
        example: c.example.clone(),
    }
}

/// A table whose headers say too little: its columns, to be said.
fn unread(
    bytes: &[u8],
    name: &str,
    options: &Options,
    error: &Error,
) -> Result<(StatementFile, Vec<Kept>), String> {
    let columns = duebook_bank::columns(bytes, name, options).map_err(|e| why_not(&e))?;
    // Text with a mark here and there: nothing in it is a column.
    if columns.len() < 2 {
        return Err(why_not(error));
    }
    let file = StatementFile {
        name: name.to_owned(),
        format: duebook_bank::Format::BankTable.name().to_owned(),
        columns: columns.iter().map(column).collect(),
        unread: Some(why_not(error)),
        ..StatementFile::default()
    };
    Ok((file, Vec::new()))
}

fn order(text: &str) -> Option<DateOrder> {
    match text {
        "dmy" => Some(DateOrder::Dmy),
        "mdy" => Some(DateOrder::Mdy),
        "ymd" => Some(DateOrder::Ymd),
        "dym" => Some(DateOrder::Dym),
        _ => None,
    }
}

fn order_name(order: DateOrder) -> &'static str {
    match order {
        DateOrder::Dmy => "dmy",
        DateOrder::Mdy => "mdy",
        DateOrder::Ymd => "ymd",
        DateOrder::Dym => "dym",
    }
}

fn question(question: &Question) -> StatementQuestion {
    match question {
        Question::DateOrder {
            example, orders, ..
        } => {
            let orders = orders.iter().map(|o| order_name(*o).to_owned());
            StatementQuestion::Dates(example.clone(), orders.collect())
        }
        Question::DecimalMark { example, .. } => StatementQuestion::Decimal(example.clone()),
    }
}

/// A statement as it is shown, and as it is kept.
fn of(s: &Statement, file: &str, format: &str) -> (StatementRead, Kept) {
    let mut left_out = 0;
    let mut lines = Vec::new();
    let own_day = day_of(s);
    for entry in &s.entries {
        let booked = entry.status == Status::Booked && entry.amount.currency == s.currency;
        if !booked {
            left_out += 1;
            continue;
        }
        if entry.amount.minor != 0 && entry.kind != EntryKind::Information {
            match entry.booked.or(entry.value).or(own_day) {
                Some(day) => lines_of(entry, s.currency, day, &mut lines),
                None => left_out += 1,
            }
        }
    }
    let days = || lines.iter().map(|l: &StatementLine| l.booked);
    let balance = |b: Option<&duebook_bank::Balance>| {
        let own = b.filter(|b| b.amount.currency == s.currency);
        own.map(|b| b.amount.minor)
    };
    let number = [&s.number, &s.page];
    let number: Vec<&str> = number.into_iter().flatten().map(String::as_str).collect();
    let number = match number.is_empty() {
        true => s.id.clone().unwrap_or_default(),
        false => number.join("/"),
    };
    let facts = StatementFacts {
        account: s.account.id().unwrap_or_default().trim().to_owned(),
        currency: s.currency,
        number,
        from: s.period.0.or_else(|| days().min()),
        to: s.period.1.or_else(|| days().max()),
        opening: balance(s.opening()),
        closing: balance(s.closing()),
        file: file.to_owned(),
        format: format.to_owned(),
        left_out,
    };
    let credit = |l: &&StatementLine| l.amount > 0 && l.kind.is_customer_money();
    let read = StatementRead {
        account: s.account.id().unwrap_or_default().to_owned(),
        currency: s.currency.numeric(),
        number: facts.number.clone(),
        period: (facts.from.map(|d| d.0), facts.to.map(|d| d.0)),
        opening: facts.opening,
        closing: facts.closing,
        movements: lines.iter().fold(0, |sum, l| sum.saturating_add(l.amount)),
        lines: lines.len() as u64,
        credits: lines.iter().filter(credit).count() as u64,
        credit_sum: (lines.iter().filter(credit)).fold(0, |sum, l| sum.saturating_add(l.amount)),
        left_out,
        passing: s.kind != StatementKind::Booked,
    };
    (read, (facts, lines))
}

/// The day of a statement itself, for entries that give none: of its closing balance, its end or its
/// opening balance.
fn day_of(s: &Statement) -> Option<Day> {
    let closing = s.closing().and_then(|b| b.date);
    let opening = s.opening().and_then(|b| b.date);
    closing.or(s.period.1).or(opening)
}

/// One line of an entry, or one of each payment of a batch whose payments make the entry.
fn lines_of(entry: &Entry, currency: Currency, day: Day, out: &mut Vec<StatementLine>) {
    let own = |d: &Detail| d.amount.filter(|m| m.currency == currency).map(|m| m.minor);
    let amounts: Option<Vec<i64>> = entry.details.iter().map(own).collect();
    let whole = |a: &Vec<i64>| {
        let sum: i128 = a.iter().map(|m| i128::from(*m)).sum();
        a.len() > 1 && !a.contains(&0) && sum == i128::from(entry.amount.minor)
    };
    match amounts.filter(whole) {
        Some(amounts) => {
            for (n, (detail, amount)) in entry.details.iter().zip(amounts).enumerate() {
                let mut line = line(entry, day, &[detail]);
                line.amount = amount;
                // The entry's id is that of the batch.
                line.bank_id = match (&detail.transaction, &entry.bank_reference) {
                    (Some(own), _) => own.clone(),
                    (None, Some(batch)) => format!("{batch}.{}", n + 1),
                    (None, None) => String::new(),
                };
                out.push(line);
            }
        }
        None => {
            let details: Vec<&Detail> = entry.details.iter().collect();
            out.push(line(entry, day, &details));
        }
    }
}

fn line(entry: &Entry, day: Day, details: &[&Detail]) -> StatementLine {
    let party = details.first().map(|d| entry.counterparty(d));
    let of_party = |get: &dyn Fn(&duebook_bank::Party) -> Option<String>| {
        party.and_then(get).unwrap_or_default()
    };
    let mut references = Vec::new();
    let mut texts = vec![entry.text.trim().to_owned()];
    for d in details {
        references.extend(d.references.iter().map(|r| r.text.clone()));
        let further = [&d.end_to_end, &d.customer_reference, &d.cheque];
        references.extend(further.into_iter().flatten().cloned());
        texts.push(d.text.trim().to_owned());
        texts.extend(d.returned.iter().map(|r| format!("{} {}", r.code, r.text)));
    }
    references.extend(entry.reference.clone());
    references.retain(|r| !r.trim().is_empty());
    references.dedup();
    texts.retain(|t| !t.is_empty());
    texts.dedup();
    StatementLine {
        bank_id: entry.bank_reference.clone().unwrap_or_default(),
        booked: day,
        value: entry.value.unwrap_or(day),
        amount: entry.amount.minor,
        payer: of_party(&|p| p.name.clone()),
        payer_account: of_party(&|p| p.account.id().map(str::to_owned)),
        customer_ref: of_party(&|p| p.id.clone()),
        references,
        text: texts.join(" · "),
        kind: kind(entry.kind),
        reversal: entry.reversal,
        documents: (details.iter().flat_map(|d| &d.documents))
            .map(document)
            .collect(),
        code: entry.code.clone(),
        row: entry.line,
        key: String::new(),
    }
}

/// A remittance as evidence for a payment.
pub fn advice(r: &Remittance) -> AdviceRead {
    let own = |m: duebook_money::Money| (m.currency == r.currency).then_some(m.minor);
    let reference = [&r.trace, &r.cheque, &r.id].into_iter().flatten().next();
    AdviceRead {
        payer: r.payer.name.clone().unwrap_or_default(),
        reference: reference.cloned().unwrap_or_default(),
        currency: r.currency.numeric(),
        amount: r.total.and_then(own),
        day: r.deposited.or(r.date).map(|d| d.0),
        lines: r.lines.iter().map(|l| told(document(l))).collect(),
    }
}

/// The text of a mail or PDF as an advice. Short: read where it is pasted.
pub fn advice_of_text(text: &str, currency: Option<Currency>) -> AdviceRead {
    advice(&duebook_bank::advice::read(text, currency).remittance)
}

fn told(d: PaidDocument) -> AdviceLine {
    (
        d.reference,
        d.gross,
        d.discount,
        d.adjustment,
        d.paid,
        d.note,
    )
}

/// Payments of a notification, or of the day so far, that name what they pay.
fn notified(currency: Currency, lines: &[StatementLine]) -> Vec<AdviceRead> {
    let named = lines
        .iter()
        .filter(|l| l.amount > 0 && !l.documents.is_empty());
    named
        .map(|l| AdviceRead {
            payer: l.payer.clone(),
            reference: l.bank_id.clone(),
            currency: currency.numeric(),
            amount: Some(l.amount),
            day: Some(l.value.0),
            lines: l.documents.iter().cloned().map(told).collect(),
        })
        .collect()
}

fn document(line: &RemitLine) -> PaidDocument {
    let minor = |m: Option<duebook_money::Money>| m.map(|m| m.minor);
    PaidDocument {
        reference: line.reference.clone(),
        gross: minor(line.gross),
        discount: minor(line.discount).unwrap_or(0),
        // Taken off, where a payer writes it as an effect on what is paid.
        adjustment: (line.adjustments.iter()).fold(minor(line.withheld).unwrap_or(0), |sum, a| {
            sum.saturating_sub(a.amount.minor)
        }),
        paid: minor(line.paid),
        note: line.text.clone(),
    }
}

fn kind(kind: EntryKind) -> LineKind {
    match kind {
        EntryKind::Receipt => LineKind::Receipt,
        EntryKind::Cheques => LineKind::Cheques,
        EntryKind::Collection => LineKind::Collection,
        EntryKind::Cards => LineKind::Cards,
        EntryKind::Payment => LineKind::Payment,
        EntryKind::ReceiptReturned => LineKind::ReceiptReturned,
        EntryKind::PaymentReturned => LineKind::PaymentReturned,
        EntryKind::Charges => LineKind::Charges,
        EntryKind::Interest => LineKind::Interest,
        EntryKind::Transfer => LineKind::Transfer,
        EntryKind::Correction => LineKind::Correction,
        EntryKind::Tax => LineKind::Tax,
        EntryKind::Information | EntryKind::Unknown => LineKind::Unknown,
    }
}

/// The gravest first, each with its place; notes are only counted.
fn findings(all: &[Finding], more: u64) -> Vec<String> {
    let mut told: Vec<&Finding> = all
        .iter()
        .filter(|f| f.problem.weight() > Weight::Note)
        .collect();
    told.sort_by_key(|f| std::cmp::Reverse(f.problem.weight()));
    let mut out: Vec<String> = told
        .iter()
        .take(FINDINGS)
        .map(|f| crate::words::bank::finding(f))
        .collect();
    let rest = told.len().saturating_sub(FINDINGS) as u64 + more;
    if rest > 0 {
        out.push(format!("And {rest} more of the kind."));
    }
    out
}

fn why_not(error: &Error) -> String {
    crate::words::bank::error(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn camt(day: &str, entry: &str) -> String {
        let dated = |tag: &str, day: &str| match day.is_empty() {
            true => String::new(),
            false => format!("<{tag}><Dt>{day}</Dt></{tag}>"),
        };
        let (closing, booked) = (dated("Dt", day), dated("BookgDt", entry));
        format!(
            "<?xml version=\"1.0\"?><Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.02\">\
             <BkToCstmrStmt><GrpHdr><MsgId>M</MsgId></GrpHdr><Stmt><Id>S</Id><Acct><Id><IBAN>DE89370400440532013000</IBAN></Id>\
             <Ccy>EUR</Ccy></Acct><Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy=\"EUR\">7.00</Amt>\
             <CdtDbtInd>CRDT</CdtDbtInd>{closing}</Bal><Ntry><Amt Ccy=\"EUR\">7.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>\
             <Sts>BOOK</Sts>{booked}</Ntry></Stmt></BkToCstmrStmt></Document>"
        )
    }

    fn read(text: &str) -> (StatementFile, Vec<Kept>) {
        let answers = StatementAnswers::default();
        staged(text.as_bytes(), "s.xml", &answers).unwrap_or_default()
    }

    #[test]
    fn rc_01_an_entry_without_a_date_takes_the_day_of_its_statement() {
        let day = |y, m, d| Day::from_ymd(y, m, d);
        let booked = |text: &str| {
            read(text)
                .1
                .first()
                .map(|k| k.1.iter().map(|l| l.booked).collect::<Vec<_>>())
        };
        let own = booked(&camt("2026-03-05", "2026-03-04"));
        assert_eq!(own, Some(day(2026, 3, 4).into_iter().collect()));
        let of_statement = booked(&camt("2026-03-05", ""));
        assert_eq!(of_statement, Some(day(2026, 3, 5).into_iter().collect()));
    }

    #[test]
    fn rc_01_an_entry_without_any_date_is_left_out_and_counted() {
        let (file, kept) = read(&camt("", ""));
        assert_eq!(kept.first().map(|k| k.1.len()), Some(0));
        assert_eq!(file.statements.first().map(|s| s.left_out), Some(1));
    }
}
