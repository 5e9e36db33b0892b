//! What all ISO 20022 messages share: amounts, parties, accounts, remittance information.

use crate::figures;
use crate::finding::{Findings, Problem, short};
use crate::reference::Reference;
use crate::remittance::{Adjustment, DocumentKind, RemitLine};
use crate::statement::{Account, Party};
use crate::text::some;
use crate::xml::Node;
use duebook_money::{Currency, Day, Money};

/// An amount with its own currency, else `outer`'s. Unsigned as written.
pub(crate) fn amount(node: &Node, outer: Currency, findings: &mut Findings) -> Option<Money> {
    let currency = match node.currency.as_deref() {
        Some(code) => Currency::from_code(code).unwrap_or_else(|| {
            findings.on(node.line, Problem::UnknownCurrency { code: short(code) });
            outer
        }),
        None => outer,
    };
    findings.at.line = node.line;
    figures::money(&node.text, currency, findings)
}

/// Signed by `CdtDbtInd`: a credit is money in. A missing mark counts as a credit (one bank leaves
/// it out on balances).
pub(crate) fn signed(amount: Money, node: &Node) -> Money {
    match node.text_at("CdtDbtInd") {
        Some("DBIT") => amount.checked_neg().unwrap_or(amount),
        _ => amount,
    }
}

/// `Dt` or `DtTm` below a date element, or the text itself.
pub(crate) fn day(node: Option<&Node>, findings: &mut Findings) -> Option<Day> {
    let node = node?;
    let text = node
        .text_at("Dt")
        .or_else(|| node.text_at("DtTm"))
        .unwrap_or(&node.text);
    findings.at.line = node.line;
    figures::day_or_finding(Some(text), figures::iso_day, findings)
}

/// `Acct` and the like: IBAN, or another id that may be one.
pub(crate) fn account(node: &Node) -> Account {
    let id = node
        .text_at("Id/IBAN")
        .or_else(|| node.text_at("Id/Othr/Id"));
    // Versions before 001.02 named them otherwise.
    let id = id
        .or_else(|| node.text_at("Id/PrtryAcct/Id"))
        .or_else(|| node.text_at("Id/BBAN"));
    let mut account = id.map(Account::of).unwrap_or_default();
    account.name = node.owned("Nm");
    account
}

/// BIC, clearing number or other id of a bank.
pub(crate) fn agent(node: &Node) -> Option<String> {
    [
        "FinInstnId/BICFI",
        "FinInstnId/BIC",
        "FinInstnId/ClrSysMmbId/MmbId",
        "FinInstnId/Othr/Id",
    ]
    .iter()
    .find_map(|path| node.owned(path))
}

/// `Dbtr`, `Cdtr`, `UltmtDbtr`: from 001.08 on the party or a bank lies one level deeper.
pub(crate) fn party(node: &Node) -> Party {
    let inner = node.child("Pty").unwrap_or(node);
    let bank = node.child("Agt");
    let name = inner
        .owned("Nm")
        .or_else(|| bank.and_then(|a| a.owned("FinInstnId/Nm")));
    let id = [
        "Id/OrgId/Othr/Id",
        "Id/PrvtId/Othr/Id",
        "Id/OrgId/AnyBIC",
        "Id/OrgId/BICOrBEI",
        "Id/OrgId/LEI",
    ]
    .iter()
    .find_map(|path| inner.owned(path));
    let account = Account {
        bank: bank.and_then(agent),
        ..Account::default()
    };
    Party { name, account, id }
}

/// A party of a transaction with its account and bank, by their element names.
pub(crate) fn full_party(parties: Option<&Node>, agents: Option<&Node>, name: &str) -> Party {
    let find = |node: Option<&Node>, suffix: &str| -> Option<usize> {
        node?
            .children
            .iter()
            .position(|c| c.name.strip_prefix(name) == Some(suffix))
    };
    let mut out = Party::default();
    if let (Some(node), Some(i)) = (parties, find(parties, "")) {
        out = party(&node.children[i]);
    }
    if let (Some(node), Some(i)) = (parties, find(parties, "Acct")) {
        let bank = out.account.bank.take();
        out.account = account(&node.children[i]);
        out.account.bank = bank;
    }
    if let (Some(node), Some(i)) = (agents, find(agents, "Agt")) {
        out.account.bank = agent(&node.children[i]).or(out.account.bank);
        if out.account.bank.is_none() {
            out.account.bank = node.children[i].owned("FinInstnId/Nm");
        }
    }
    out
}

/// What `RmtInf` holds.
#[derive(Debug, Default)]
pub(crate) struct RemittanceInfo {
    /// The `Ustrd` in order, put together where they were cut at their full length.
    pub text: String,
    pub references: Vec<Reference>,
    pub documents: Vec<RemitLine>,
}

/// A `RmtInf`. Amounts without a currency are in `currency`.
pub(crate) fn remittance(
    node: &Node,
    currency: Currency,
    findings: &mut Findings,
) -> RemittanceInfo {
    let mut out = RemittanceInfo::default();
    let mut full = false;
    for part in node.all("Ustrd") {
        // 140 characters: cut anywhere, also within a number.
        if !full && !out.text.is_empty() {
            out.text.push(' ');
        }
        out.text.push_str(&part.text);
        full = part.text.chars().count() >= 140;
    }
    for structured in node.all("Strd") {
        structured_remittance(structured, currency, &mut out, findings);
    }
    out
}

fn structured_remittance(
    node: &Node,
    currency: Currency,
    out: &mut RemittanceInfo,
    findings: &mut Findings,
) {
    if let Some(text) = node
        .text_at("CdtrRefInf/Ref")
        .or_else(|| node.text_at("CdtrRefInf/CdtrRef"))
    {
        let reference = Reference::of(text);
        if reference.valid == Some(false) {
            findings.on(
                node.line,
                Problem::CheckDigits {
                    reference: short(&reference.text),
                },
            );
        }
        out.references.push(reference);
    }
    let documents: Vec<&Node> = node.all("RfrdDocInf").collect();
    let amounts = node.child("RfrdDocAmt");
    let first = out.documents.len();
    for document in &documents {
        out.documents.push(referred(document, findings));
    }
    let words: Vec<&str> = node.all("AddtlRmtInf").map(|n| n.text.as_str()).collect();
    match (documents.len(), amounts) {
        (1, Some(amounts)) => {
            if let Some(line) = out.documents.get_mut(first) {
                document_amounts(amounts, currency, line, findings);
                line.text = words.join(" ");
                return;
            }
        }
        // One amount for several documents (the split is not given: none is invented), or for a
        // creditor reference alone: a line of its own.
        (n, Some(amounts)) if n > 1 || out.references.is_empty() => {
            let mut line = RemitLine {
                line: node.line,
                kind: DocumentKind::Adjustment,
                ..RemitLine::default()
            };
            if n > 1 {
                line.kind = DocumentKind::Other("several".into());
                line.reference = documents
                    .iter()
                    .filter_map(|d| d.text_at("Nb"))
                    .collect::<Vec<_>>()
                    .join(", ");
                out.documents.truncate(first);
            }
            document_amounts(amounts, currency, &mut line, findings);
            line.text = words.join(" ");
            out.documents.push(line);
            return;
        }
        (0, Some(amounts)) => {
            if let Some(reference) = out.references.last() {
                let mut line = RemitLine {
                    line: node.line,
                    reference: reference.text.clone(),
                    ..RemitLine::default()
                };
                document_amounts(amounts, currency, &mut line, findings);
                line.text = words.join(" ");
                out.documents.push(line);
                return;
            }
        }
        _ => {}
    }
    for words in words {
        crate::text::append(&mut out.text, words);
    }
}

/// Type, number and date of a referred document; from 001.04 on it may hold lines, whose numbers
/// are further numbers of it.
fn referred(node: &Node, findings: &mut Findings) -> RemitLine {
    let code = node
        .text_at("Tp/CdOrPrtry/Cd")
        .or_else(|| node.text_at("Tp/CdOrPrtry/Prtry"))
        .or_else(|| node.text_at("Tp/Cd"));
    let mut line = RemitLine {
        line: node.line,
        reference: node.owned("Nb").unwrap_or_default(),
        kind: document_kind(code),
        date: day(node.child("RltdDt"), findings),
        ..RemitLine::default()
    };
    for detail in node.all("LineDtls") {
        for id in detail.all("Id") {
            if let Some(number) = id.owned("Nb") {
                let code = id.text_at("Tp/CdOrPrtry/Cd").unwrap_or("line");
                line.others.push((code.to_owned(), number));
            }
        }
    }
    line
}

fn document_kind(code: Option<&str>) -> DocumentKind {
    match code {
        None | Some("CINV" | "MSIN" | "HIRI" | "SBIN" | "CNFA" | "INVS" | "CMCN" | "IV") => {
            DocumentKind::Invoice
        }
        Some("CREN" | "TSUT" | "CM") => DocumentKind::CreditNote,
        Some("DEBN") => DocumentKind::DebitNote,
        Some("PUOR") => DocumentKind::PurchaseOrder,
        Some("SOAC" | "BOLD" | "VCHR" | "AROI") => DocumentKind::Account,
        Some(other) => DocumentKind::Other(other.to_owned()),
    }
}

/// `RfrdDocAmt`: due, discounts, credit notes, taxes, adjustments, remitted.
fn document_amounts(
    node: &Node,
    currency: Currency,
    line: &mut RemitLine,
    findings: &mut Findings,
) {
    let credit = line.kind == DocumentKind::CreditNote;
    let turned = |money: Money| {
        if credit && money.minor > 0 {
            money.checked_neg().unwrap_or(money)
        } else {
            money
        }
    };
    // Plain up to .03, in a list with a type from .04 on.
    let plain = |name: &str, inner: &str, findings: &mut Findings| -> Option<Money> {
        let mut sum: Option<Money> = None;
        for n in node.all(name) {
            let found = amount(n.child(inner).unwrap_or(n), currency, findings)?;
            sum = Some(sum.map_or(Some(found), |s| s.checked_add(found).ok())?);
        }
        sum
    };
    line.gross = plain("DuePyblAmt", "Amt", findings).map(turned);
    line.discount = plain("DscntApldAmt", "Amt", findings);
    line.withheld = plain("TaxAmt", "Amt", findings);
    line.paid = plain("RmtdAmt", "Amt", findings).map(turned);
    if let Some(credit_note) = plain("CdtNoteAmt", "Amt", findings) {
        if line.gross.is_none() && line.paid.is_none() {
            let negative = credit_note.checked_neg().unwrap_or(credit_note);
            (line.gross, line.paid) = (Some(negative), Some(negative));
            line.kind = DocumentKind::CreditNote;
        } else {
            let amount = credit_note.checked_neg().unwrap_or(credit_note);
            line.adjustments.push(Adjustment {
                amount,
                code: "CREN".into(),
                text: String::new(),
            });
        }
    }
    for adjustment in node.all("AdjstmntAmtAndRsn") {
        if let Some(found) = adjustment
            .child("Amt")
            .and_then(|n| amount(n, currency, findings))
        {
            // What is taken off is a debit or, by default, a reduction (ISO: CRDT raises).
            let raise = adjustment.text_at("CdtDbtInd") == Some("CRDT");
            line.adjustments.push(Adjustment {
                amount: if raise {
                    found
                } else {
                    found.checked_neg().unwrap_or(found)
                },
                code: adjustment.owned("Rsn").unwrap_or_default(),
                text: adjustment.owned("AddtlInf").unwrap_or_default(),
            });
        }
    }
}

/// An id that says nothing.
pub(crate) fn given(text: Option<&str>) -> Option<String> {
    const NONE: [&str; 6] = [
        "NOTPROVIDED",
        "NOT PROVIDED",
        "NONREF",
        "NONE",
        "NOTAVAILABLE",
        "N/A",
    ];
    some(text?).filter(|t| !NONE.contains(&t.to_ascii_uppercase().as_str()))
}
