//! pain.001, the payer's order, sent along as an advice (formats.md 2.9).

use crate::figures;
use crate::finding::Problem;
use crate::iso;
use crate::remittance::{DocumentKind, Method, RemitLine, Remittance};
use crate::sink::Sink;
use crate::statement::Party;
use crate::xml::{Node, Token, Xml};
use duebook_money::{Currency, Day};
use rust_decimal::Decimal;

#[derive(Default)]
struct Payment {
    id: Option<String>,
    payer: Party,
    date: Option<Day>,
    method: Method,
    ultimate: Option<Party>,
}

/// Reads every credit transfer as a remittance.
pub(crate) fn read(text: &str, sink: &mut Sink) {
    let mut xml = Xml::new(text);
    let mut payment = Payment::default();
    let mut header: Option<Node> = None;
    let (mut count, mut sum) = (0u64, Some(Decimal::ZERO));
    loop {
        let name = match xml.next(&mut sink.findings) {
            Token::Open(name) => name,
            Token::Close => continue,
            Token::End => break,
        };
        match name.as_str() {
            "GrpHdr" => header = xml.tree(&mut sink.findings),
            "PmtInf" => payment = Payment::default(),
            "CdtTrfTxInf" => {
                let Some(node) = xml.tree(&mut sink.findings) else {
                    continue;
                };
                count += 1;
                let written =
                    amount_node(&node).and_then(|n| Decimal::from_str_exact(&n.text).ok());
                sum = sum.zip(written).and_then(|(s, w)| s.checked_add(w));
                transfer(&node, &payment, sink);
            }
            "Document" | "CstmrCdtTrfInitn" => {}
            _ => {
                if let Some(node) = xml.tree(&mut sink.findings) {
                    part(&node, &mut payment, sink);
                }
            }
        }
    }
    if let Some(header) = header {
        totals(&header, count, sum, sink);
    }
}

/// The hash total is in 1/100,000: it adds amounts of all currencies.
fn totals(header: &Node, count: u64, sum: Option<Decimal>, sink: &mut Sink) {
    if let Some(written) = header
        .text_at("NbOfTxs")
        .and_then(|t| t.parse::<u64>().ok())
        && written != count
    {
        sink.findings.on(
            header.line,
            Problem::Count {
                of: "NbOfTxs",
                written,
                found: count,
            },
        );
    }
    let written = header
        .text_at("CtrlSum")
        .and_then(|t| Decimal::from_str_exact(t).ok());
    if let (Some(written), Some(sum)) = (written, sum)
        && written != sum
    {
        let units = |d: Decimal| {
            d.checked_mul(Decimal::from(100_000))
                .map_or(0, |d| d.trunc().mantissa())
        };
        let problem = Problem::ControlTotal {
            of: "CtrlSum",
            written: units(written),
            found: units(sum),
        };
        sink.findings.on(header.line, problem);
    }
}

fn part(node: &Node, payment: &mut Payment, sink: &mut Sink) {
    match node.name.as_str() {
        "PmtInfId" => payment.id = crate::text::some(&node.text),
        "PmtMtd" => {
            payment.method = match node.text.as_str() {
                "TRF" | "TRA" => Method::Transfer,
                "CHK" => Method::Cheque,
                _ => Method::Unknown,
            };
        }
        "ReqdExctnDt" => payment.date = iso::day(Some(node), &mut sink.findings),
        "Dbtr" => {
            let account = std::mem::take(&mut payment.payer.account);
            payment.payer = iso::party(node);
            payment.payer.account = account;
        }
        "DbtrAcct" => {
            let bank = payment.payer.account.bank.take();
            payment.payer.account = iso::account(node);
            payment.payer.account.bank = bank;
        }
        "DbtrAgt" => payment.payer.account.bank = iso::agent(node),
        "UltmtDbtr" => payment.ultimate = Some(iso::party(node)),
        _ => {}
    }
}

fn amount_node(node: &Node) -> Option<&Node> {
    node.at("Amt/InstdAmt")
        .or_else(|| node.at("Amt/EqvtAmt/Amt"))
}

fn transfer(node: &Node, payment: &Payment, sink: &mut Sink) {
    let written = amount_node(node);
    let currency = written
        .and_then(|n| n.currency.as_deref())
        .and_then(Currency::from_code);
    let currency = currency.unwrap_or_else(|| sink.assume(None));
    let mut out = Remittance::new(node.line, currency);
    out.payer = payment.payer.clone();
    if let Some(ultimate) = node
        .child("UltmtDbtr")
        .map(iso::party)
        .or_else(|| payment.ultimate.clone())
        && let Some(name) = ultimate.name
    {
        out.text = name;
    }
    out.payee = iso::full_party(Some(node), Some(node), "Cdtr");
    out.trace = iso::given(node.text_at("PmtId/EndToEndId"));
    out.cheque = node.owned("ChqInstr/ChqNb");
    out.id = iso::given(node.text_at("PmtId/InstrId")).or_else(|| payment.id.clone());
    out.date = payment.date;
    out.method = payment.method.clone();
    out.total = written.and_then(|n| figures::money(&n.text, currency, &mut sink.findings));
    let info = node
        .child("RmtInf")
        .map(|n| iso::remittance(n, currency, &mut sink.findings));
    let info = info.unwrap_or_default();
    crate::text::append(&mut out.text, &info.text);
    if !sink.remittance(out) {
        return;
    }
    let none = info.documents.is_empty();
    for line in info.documents {
        sink.line(line);
    }
    if none {
        for reference in info.references {
            let line = RemitLine {
                line: node.line,
                reference: reference.text,
                kind: DocumentKind::Other("SCOR".into()),
                ..RemitLine::default()
            };
            sink.line(line);
        }
    }
    crate::check_remittance(sink);
}
