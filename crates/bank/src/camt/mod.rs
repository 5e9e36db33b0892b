//! camt.052, 053 and 054, any version, by local names (formats.md 2.2).

mod detail;
mod kind;

use crate::finding::{Findings, Problem, short};
use crate::iso;
use crate::sink::Sink;
use crate::statement::{
    Balance, BalanceKind, Batch, Detail, Entry, Statement, StatementKind, Status,
};
use crate::text::append;
use crate::xml::{Node, Token, Xml};
use duebook_money::{Currency, Money};

pub(crate) use kind::german_code;

/// Reads the statements, reports or notifications of a message.
pub(crate) fn read(text: &str, sink: &mut Sink) {
    let mut xml = Xml::new(text);
    loop {
        match xml.next(&mut sink.findings) {
            Token::Open(name) => {
                let kind = match name.as_str() {
                    "Stmt" => StatementKind::Booked,
                    "Rpt" => StatementKind::Intraday,
                    "Ntfctn" => StatementKind::Notification,
                    "GrpHdr" => {
                        xml.skip(&mut sink.findings);
                        continue;
                    }
                    _ => continue,
                };
                statement(&mut xml, kind, sink);
            }
            Token::Close => {}
            Token::End => return,
        }
    }
}

/// The elements of a statement. What stands before the first entry tells its currency.
fn statement(xml: &mut Xml<'_>, kind: StatementKind, sink: &mut Sink) {
    let depth = xml.depth();
    let line = xml.line();
    // What the user says counts only where the file names no currency at all.
    if !sink.open(Statement::new(line, kind, Currency::XXX)) {
        return xml.skip(&mut sink.findings);
    }
    let mut balances: Vec<Node> = Vec::new();
    let mut summary = None;
    loop {
        match xml.next(&mut sink.findings) {
            Token::Open(name) if name == "Ntry" => {
                settle(sink, &mut balances, xml.line());
                entry(xml, sink);
            }
            Token::Open(name) => {
                let Some(node) = xml.tree(&mut sink.findings) else {
                    continue;
                };
                match name.as_str() {
                    "Bal" => balances.push(node),
                    "TxsSummry" => summary = Some(node),
                    _ => header(&node, sink),
                }
            }
            Token::Close if xml.depth() >= depth => {}
            Token::Close | Token::End => break,
        }
    }
    let line = xml.line();
    settle(sink, &mut balances, line);
    let said = sink.currency.unwrap_or(Currency::XXX);
    if let Some(s) = current(sink).filter(|s| s.currency == Currency::XXX) {
        s.currency = said;
    }
    if let Some(summary) = summary {
        check_summary(&summary, sink);
    }
}

fn current(sink: &mut Sink) -> Option<&mut Statement> {
    sink.statements.last_mut()
}

fn header(node: &Node, sink: &mut Sink) {
    let mut findings = std::mem::take(&mut sink.findings);
    if let Some(s) = current(sink) {
        let text = || crate::text::some(&node.text);
        match node.name.as_str() {
            "Id" => s.id = text(),
            "ElctrncSeqNb" => s.number = text(),
            "LglSeqNb" => s.number = s.number.take().or_else(text),
            "StmtPgntn" | "RptPgntn" | "NtfctnPgntn" => s.page = node.owned("PgNb"),
            "FrToDt" => {
                let day = |name: &str, findings: &mut Findings| {
                    let node = node
                        .child(name)
                        .or_else(|| node.child(if name == "FrDtTm" { "FrDt" } else { "ToDt" }));
                    iso::day(node, findings)
                };
                s.period = (day("FrDtTm", &mut findings), day("ToDtTm", &mut findings));
            }
            "Acct" => {
                s.account = iso::account(node);
                s.owner = node.owned("Ownr/Nm").or_else(|| node.owned("Ownr/Pty/Nm"));
                if let Some(bank) = node.child("Svcr") {
                    s.account.bank = iso::agent(bank);
                    s.bank_name = bank.owned("FinInstnId/Nm");
                }
                if let Some(code) = node.text_at("Ccy") {
                    match Currency::from_code(code) {
                        Some(currency) => s.currency = currency,
                        None => {
                            findings.on(node.line, Problem::UnknownCurrency { code: short(code) })
                        }
                    }
                }
            }
            _ => {}
        }
    }
    sink.findings = findings;
}

/// Takes in the balances read so far. Without `Acct/Ccy` the first balance's currency is the
/// account's.
fn settle(sink: &mut Sink, balances: &mut Vec<Node>, line: u32) {
    let mut findings = std::mem::take(&mut sink.findings);
    let mut assume = false;
    let said = sink.currency.unwrap_or(Currency::XXX);
    if let Some(s) = sink.statements.last_mut() {
        if s.currency == Currency::XXX {
            let code = balances
                .iter()
                .find_map(|b| b.child("Amt")?.currency.as_deref());
            s.currency = match code.and_then(Currency::from_code) {
                Some(currency) => currency,
                None if balances.is_empty() => s.currency,
                None => {
                    assume = true;
                    said
                }
            };
        }
        for node in balances.drain(..) {
            if let Some(balance) = balance(&node, s.currency, &mut findings) {
                assume |= balance.amount.currency == Currency::XXX;
                s.balances.push(balance);
            }
        }
    }
    sink.findings = findings;
    if assume {
        sink.findings.at.line = line;
        sink.assume(None);
    }
}

fn balance(node: &Node, currency: Currency, findings: &mut Findings) -> Option<Balance> {
    let code = node
        .text_at("Tp/CdOrPrtry/Cd")
        .or_else(|| node.text_at("Tp/CdOrPrtry/Prtry"))
        .or_else(|| node.text_at("Tp/Cd"));
    let kind = match code.unwrap_or("") {
        // With `SubTp` `INTM` they are a page's own, and chain the pages.
        "OPBD" | "PRCD" => BalanceKind::Opening,
        "CLBD" => BalanceKind::Closing,
        "ITBD" | "ITAV" => BalanceKind::Interim,
        "CLAV" => BalanceKind::Available,
        "OPAV" => BalanceKind::OpeningAvailable,
        "FWAV" => BalanceKind::Forward,
        other => BalanceKind::Other(other.to_owned()),
    };
    let Some(amount) = node.child("Amt") else {
        findings.on(node.line, Problem::Missing { field: "Bal/Amt" });
        return None;
    };
    let amount = iso::signed(iso::amount(amount, currency, findings)?, node);
    Some(Balance {
        kind,
        date: iso::day(node.child("Dt"), findings),
        amount,
    })
}

/// One `Ntry`: its own elements as trees, its transactions one by one.
fn entry(xml: &mut Xml<'_>, sink: &mut Sink) {
    let depth = xml.depth();
    let line = xml.line();
    sink.at_line(line);
    let named = sink.statements.last().map(|s| s.currency);
    let named = named.filter(|c| *c != Currency::XXX).or(sink.currency);
    let outer = named.unwrap_or(Currency::XXX);
    let mut own = Node {
        name: "Ntry".into(),
        line,
        ..Node::default()
    };
    let mut batches: Vec<Batch> = Vec::new();
    let mut transactions: Vec<Node> = Vec::new();
    let mut details: Vec<Detail> = Vec::new();
    let mut first: Option<kind::Hints> = None;
    let mut base: Option<(Money, bool)> = None;
    // A bad amount is told once, whatever stands behind it.
    let mut tried = false;
    loop {
        match xml.next(&mut sink.findings) {
            Token::Open(name) if name == "NtryDtls" => {}
            Token::Open(name) => {
                let Some(node) = xml.tree(&mut sink.findings) else {
                    continue;
                };
                match name.as_str() {
                    "Btch" => batches.push(batch(&node, outer, &mut sink.findings)),
                    "TxDtls" => transactions.push(node),
                    _ => own.children.push(node),
                }
                // The entry's own amount comes first in every version: details can be made as they come.
                if base.is_none() && !transactions.is_empty() {
                    if !tried {
                        base = amount(&own, outer, &mut sink.findings);
                        tried = true;
                    }
                    if base.is_none() {
                        transactions.clear();
                        continue;
                    }
                }
                if let (Some((amount, credit)), Some(node)) = (base, transactions.pop()) {
                    first.get_or_insert_with(|| kind::Hints::of(&node));
                    details.push(detail::read(
                        &node,
                        amount.currency,
                        credit,
                        &mut sink.findings,
                    ));
                }
            }
            Token::Close if xml.depth() >= depth => {}
            Token::Close | Token::End => break,
        }
    }
    if !tried {
        base = amount(&own, outer, &mut sink.findings);
    }
    let Some((amount, _)) = base else {
        sink.lost();
        return;
    };
    let mut entry = finish(&own, amount, line, &mut sink.findings);
    for mut batch in batches {
        batch.total = batch.total.map(|t| {
            if amount.minor < 0 {
                t.checked_neg().unwrap_or(t)
            } else {
                t
            }
        });
        check_batch(&batch, details.len(), line, sink);
        // The last word wins; several batches in one entry are one in the model.
        entry.batch = Some(batch);
    }
    if let [one] = details.as_mut_slice()
        && one.amount.is_none()
    {
        one.amount = Some(amount);
    }
    entry.details = details;
    entry.kind = kind::of(&entry, &own, first.as_ref());
    if let Some(s) = sink.statements.last_mut()
        && s.currency == Currency::XXX
    {
        s.currency = amount.currency;
    }
    sink.entry(entry);
}

/// Signed amount, and whether it is a credit.
fn amount(own: &Node, outer: Currency, findings: &mut Findings) -> Option<(Money, bool)> {
    let Some(node) = own.child("Amt") else {
        let text = "it has no amount (Ntry/Amt)".to_owned();
        findings.on(
            own.line,
            Problem::Damaged {
                what: "the entry",
                text,
            },
        );
        return None;
    };
    let amount = iso::amount(node, outer, findings)?;
    if own.child("CdtDbtInd").is_none() {
        findings.on(
            own.line,
            Problem::Missing {
                field: "Ntry/CdtDbtInd",
            },
        );
    }
    let signed = iso::signed(amount, own);
    Some((signed, own.text_at("CdtDbtInd") != Some("DBIT")))
}

fn finish(own: &Node, amount: Money, line: u32, findings: &mut Findings) -> Entry {
    let mut entry = Entry::new(line, amount);
    let status = own
        .text_at("Sts/Cd")
        .or_else(|| own.text_at("Sts/Prtry"))
        .or_else(|| own.text_at("Sts"));
    entry.status = match status {
        Some("PDNG") => Status::Pending,
        Some("INFO") => Status::Information,
        Some("FUTR") => Status::Future,
        // Missing is booked: one bank leaves it out.
        _ => Status::Booked,
    };
    entry.reversal = matches!(own.text_at("RvslInd"), Some("true" | "1"));
    entry.booked = iso::day(own.child("BookgDt"), findings);
    entry.value = iso::day(own.child("ValDt"), findings);
    entry.bank_reference = iso::given(own.text_at("AcctSvcrRef"));
    entry.reference = iso::given(own.text_at("NtryRef"));
    entry.code = own.child("BkTxCd").map(kind::code).unwrap_or_default();
    entry.charges = detail::charges(own, amount.currency, findings);
    for words in own.all("AddtlNtryInf") {
        append(&mut entry.text, &words.text);
    }
    entry
}

fn batch(node: &Node, currency: Currency, findings: &mut Findings) -> Batch {
    Batch {
        message: node.owned("MsgId"),
        id: node.owned("PmtInfId"),
        count: node.text_at("NbOfTxs").and_then(|n| n.parse().ok()),
        total: node
            .child("TtlAmt")
            .and_then(|n| iso::amount(n, currency, findings)),
    }
}

fn check_batch(batch: &Batch, details: usize, line: u32, sink: &mut Sink) {
    if let Some(count) = batch.count
        && details > 1
        && count as usize != details
    {
        let problem = Problem::Count {
            of: "Btch/NbOfTxs",
            written: u64::from(count),
            found: details as u64,
        };
        sink.findings.on(line, problem);
    }
}

/// The bank's own counts of the statement's entries.
fn check_summary(node: &Node, sink: &mut Sink) {
    let Some(s) = sink.statements.last() else {
        return;
    };
    let count = |path: &str| node.text_at(path).and_then(|t| t.parse::<u64>().ok());
    let counted = |f: fn(&Entry) -> bool| s.entries.iter().filter(|e| f(e)).count() as u64;
    let found = [
        (
            "TtlNtries/NbOfNtries",
            count("TtlNtries/NbOfNtries"),
            counted(|_| true),
        ),
        (
            "TtlCdtNtries/NbOfNtries",
            count("TtlCdtNtries/NbOfNtries"),
            counted(|e| e.amount.minor > 0),
        ),
        (
            "TtlDbtNtries/NbOfNtries",
            count("TtlDbtNtries/NbOfNtries"),
            counted(|e| e.amount.minor < 0),
        ),
    ];
    for (of, written, found) in found {
        if let Some(written) = written
            && written != found
        {
            sink.findings
                .on(node.line, Problem::Count { of, written, found });
        }
    }
}
