//! One `TxDtls`: parties, references, remittance, exchange, charges, return.

use crate::figures;
use crate::finding::Findings;
use crate::iso;
use crate::statement::{Charge, Detail, Exchange, Return};
use crate::text::append;
use crate::xml::Node;
use duebook_money::{Currency, Money};

/// A transaction of an entry; `credit` is the entry's side, which its own side may turn.
pub(crate) fn read(
    node: &Node,
    currency: Currency,
    credit: bool,
    findings: &mut Findings,
) -> Detail {
    findings.at.line = node.line;
    let parties = node.child("RltdPties");
    let agents = node.child("RltdAgts");
    let refs = |name: &str| node.at("Refs").and_then(|n| n.text_at(name));
    let mut out = Detail {
        amount: amount(node, currency, credit, findings),
        payer: iso::full_party(parties, agents, "Dbtr"),
        payee: iso::full_party(parties, agents, "Cdtr"),
        ultimate_payer: iso::full_party(parties, None, "UltmtDbtr"),
        ultimate_payee: iso::full_party(parties, None, "UltmtCdtr"),
        end_to_end: iso::given(refs("EndToEndId")),
        transaction: iso::given(
            refs("TxId")
                .or_else(|| refs("UETR"))
                .or_else(|| refs("AcctSvcrRef")),
        ),
        customer_reference: iso::given(
            refs("InstrId")
                .or_else(|| refs("PmtInfId"))
                .or_else(|| node.text_at("Refs/Prtry/Ref")),
        ),
        mandate: iso::given(refs("MndtId")),
        cheque: iso::given(refs("ChqNb")),
        charges: charges(node, currency, findings),
        purpose: node.owned("Purp/Cd").or_else(|| node.owned("Purp/Prtry")),
        ..Detail::default()
    };
    if let Some(inner) = node.child("RmtInf") {
        let info = iso::remittance(inner, currency, findings);
        (out.text, out.references, out.documents) = (info.text, info.references, info.documents);
    }
    for words in node.all("AddtlTxInf") {
        append(&mut out.text, &words.text);
    }
    exchange(node, &mut out, findings);
    out.returned = node.child("RtrInf").map(|n| Return {
        code: n
            .owned("Rsn/Cd")
            .or_else(|| n.owned("Rsn/Prtry"))
            .unwrap_or_default(),
        text: n
            .all("AddtlInf")
            .map(|a| a.text.as_str())
            .collect::<Vec<_>>()
            .join(" "),
    });
    out
}

/// The transaction's amount in the account's currency: its own, or the one of `AmtDtls`.
fn amount(node: &Node, currency: Currency, credit: bool, findings: &mut Findings) -> Option<Money> {
    let own = node.child("Amt").filter(|n| !n.text.is_empty());
    let in_details = || {
        node.at("AmtDtls/TxAmt/Amt")
            .or_else(|| node.at("AmtDtls/InstdAmt/Amt"))
    };
    let fits = |n: &&Node| {
        n.currency
            .as_deref()
            .is_none_or(|c| Currency::from_code(c) == Some(currency))
    };
    // What was sent in another currency is not what was booked.
    let found = own.or_else(|| in_details().filter(fits))?;
    let amount = iso::amount(found, currency, findings)?;
    let side = node
        .text_at("CdtDbtInd")
        .map_or(credit, |side| side != "DBIT");
    Some(if side {
        amount
    } else {
        amount.checked_neg().unwrap_or(amount)
    })
}

/// What the payer ordered, and the rate between.
fn exchange(node: &Node, out: &mut Detail, findings: &mut Findings) {
    let Some(amounts) = node.child("AmtDtls") else {
        return;
    };
    let currency = out.amount.map_or(Currency::XXX, |a| a.currency);
    let ordered = amounts
        .at("InstdAmt/Amt")
        .and_then(|n| iso::amount(n, currency, findings));
    out.instructed = ordered.filter(|m| {
        out.amount
            .is_none_or(|a| m.currency != a.currency || m.minor != a.minor.saturating_abs())
    });
    let holders = ["TxAmt", "InstdAmt", "CntrValAmt", "AnncdPstngAmt"];
    let found = holders
        .iter()
        .find_map(|n| amounts.child(n)?.child("CcyXchg"));
    out.exchange = found.map(|n| Exchange {
        source: n.text_at("SrcCcy").and_then(Currency::from_code),
        target: n
            .text_at("TrgtCcy")
            .and_then(Currency::from_code)
            .or_else(|| n.text_at("UnitCcy").and_then(Currency::from_code)),
        rate: n.text_at("XchgRate").and_then(figures::rate),
    });
}

/// `Chrgs` of an entry or a transaction: plain up to .03, records from .04 on.
pub(crate) fn charges(node: &Node, currency: Currency, findings: &mut Findings) -> Vec<Charge> {
    let mut out = Vec::new();
    for charges in node.all("Chrgs") {
        let records: Vec<&Node> = charges.all("Rcrd").collect();
        let from = if records.is_empty() {
            vec![charges]
        } else {
            records
        };
        for record in from {
            let Some(amount) = record
                .child("Amt")
                .and_then(|n| iso::amount(n, currency, findings))
            else {
                continue;
            };
            let refund = record.text_at("CdtDbtInd") == Some("CRDT");
            let text = ["Tp/Prtry/Id", "Tp/Cd", "Tp/Prtry", "Br"]
                .iter()
                .find_map(|p| record.owned(p));
            out.push(Charge {
                amount: if refund {
                    amount
                } else {
                    amount.checked_neg().unwrap_or(amount)
                },
                included: record
                    .text_at("ChrgInclInd")
                    .map(|t| matches!(t, "true" | "1")),
                text: text.unwrap_or_default(),
            });
        }
    }
    out
}
