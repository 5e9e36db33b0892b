//! Bank statements and remittance advices as JSON.

use duebook_bank::{
    Account, Balance, Detail, Entry, File, Finding, Party, RemitLine, Remittance, Statement, Weight,
};
use duebook_money::{Day, Money, NumberFormat};
use serde_json::{Map, Value, json};

/// All of a file that was read; what is empty is left out.
pub fn shown(file: &File) -> Value {
    let first = file.statements.first();
    bare(json!({
        "format": file.format.name(),
        "account": first.map(|s| account(&s.account)),
        "currency": first.map(|s| s.currency.code()),
        "balances": first.map(|s| s.balances.iter().map(balance).collect::<Vec<_>>()),
        "entries": file.statements.iter().enumerate()
            .flat_map(|(at, s)| s.entries.iter().map(move |e| entry(at, e)))
            .collect::<Vec<_>>(),
        "statements": file.statements.iter().map(statement).collect::<Vec<_>>(),
        "remittances": file.remittances.iter().map(remittance).collect::<Vec<_>>(),
        "questions": file.questions.iter().map(|q| format!("{q:?}")).collect::<Vec<_>>(),
        "columns": file.columns.iter()
            .map(|c| json!({ "header": c.header, "is": c.column.map(|c| format!("{c:?}")) }))
            .collect::<Vec<_>>(),
        "warnings": file.findings.iter().map(finding).collect::<Vec<_>>(),
        "more_warnings": (file.more_findings > 0).then_some(file.more_findings),
    }))
}

/// Drops fields that say nothing.
fn bare(value: Value) -> Value {
    let Value::Object(fields) = value else {
        return value;
    };
    let says = |v: &Value| match v {
        Value::Null => false,
        Value::String(s) => !s.is_empty(),
        Value::Array(a) => !a.is_empty(),
        Value::Object(o) => !o.is_empty(),
        _ => true,
    };
    Value::Object(
        fields
            .into_iter()
            .filter(|(_, v)| says(v))
            .collect::<Map<_, _>>(),
    )
}

fn plain(money: Money) -> String {
    money.format(&NumberFormat::PLAIN)
}

fn amount(money: Money) -> Value {
    json!({ "amount": plain(money), "currency": money.currency.code() })
}

fn day(day: Option<Day>) -> Value {
    day.map_or(Value::Null, |d| json!(d.to_string()))
}

fn account(account: &Account) -> Value {
    bare(
        json!({ "iban": account.iban, "number": account.number, "name": account.name, "bank": account.bank }),
    )
}

fn party(party: &Party) -> Value {
    bare(json!({ "name": party.name, "account": account(&party.account), "id": party.id }))
}

fn balance(balance: &Balance) -> Value {
    json!({
        "kind": format!("{:?}", balance.kind).to_lowercase(),
        "date": day(balance.date),
        "amount": plain(balance.amount),
        "currency": balance.amount.currency.code(),
    })
}

fn statement(s: &Statement) -> Value {
    bare(json!({
        "kind": format!("{:?}", s.kind).to_lowercase(),
        "line": s.line,
        "account": account(&s.account),
        "owner": s.owner,
        "bank_name": s.bank_name,
        "currency": s.currency.code(),
        "id": s.id,
        "number": s.number,
        "page": s.page,
        "from": day(s.period.0),
        "to": day(s.period.1),
        "text": s.text,
        "balances": s.balances.iter().map(balance).collect::<Vec<_>>(),
        "entries": s.entries.len(),
    }))
}

/// An entry with the position of its statement.
fn entry(statement: usize, e: &Entry) -> Value {
    let payers = e
        .details
        .iter()
        .filter_map(|d| e.counterparty(d).name.clone());
    let text: Vec<&str> = e
        .details
        .iter()
        .map(|d| d.text.as_str())
        .filter(|t| !t.is_empty())
        .collect();
    bare(json!({
        "statement": statement,
        "line": e.line,
        "date": day(e.booked.or(e.value)),
        "booking_date": day(e.booked),
        "value_date": day(e.value),
        "amount": plain(e.amount),
        "currency": e.amount.currency.code(),
        "status": format!("{:?}", e.status).to_lowercase(),
        "reversal": e.reversal.then_some(true),
        "kind": format!("{:?}", e.kind),
        "code": e.code,
        "payer": payers.collect::<Vec<_>>().first(),
        "references": references(e),
        "bank_reference": e.bank_reference,
        "reference": e.reference,
        "batch": e.batch.as_ref().map(|b| bare(json!({
            "message": b.message, "id": b.id, "count": b.count, "total": b.total.map(plain),
        }))),
        "charges": e.charges.iter().map(|c| json!({ "amount": plain(c.amount), "currency": c.amount.currency.code(), "text": c.text })).collect::<Vec<_>>(),
        "balance_after": e.balance_after.map(plain),
        "text": if text.is_empty() { e.text.clone() } else { text.join(" ") },
        "bank_text": e.text,
        "details": e.details.iter().map(detail).collect::<Vec<_>>(),
    }))
}

/// Everything that names the entry or what it pays.
fn references(e: &Entry) -> Vec<String> {
    let mut out = Vec::new();
    let mut add = |text: Option<&str>| {
        if let Some(text) = text.filter(|t| !t.is_empty())
            && !out.iter().any(|o| o == text)
        {
            out.push(text.to_owned());
        }
    };
    add(e.reference.as_deref());
    add(e.bank_reference.as_deref());
    for d in &e.details {
        for text in [
            &d.end_to_end,
            &d.customer_reference,
            &d.mandate,
            &d.cheque,
            &d.transaction,
        ] {
            add(text.as_deref());
        }
        d.references.iter().for_each(|r| add(Some(&r.text)));
        d.documents.iter().for_each(|r| add(Some(&r.reference)));
    }
    out
}

fn detail(d: &Detail) -> Value {
    bare(json!({
        "amount": d.amount.map(plain),
        "currency": d.amount.map(|a| a.currency.code()),
        "payer": party(&d.payer),
        "payee": party(&d.payee),
        "ultimate_payer": party(&d.ultimate_payer),
        "ultimate_payee": party(&d.ultimate_payee),
        "end_to_end": d.end_to_end,
        "transaction": d.transaction,
        "customer_reference": d.customer_reference,
        "mandate": d.mandate,
        "cheque": d.cheque,
        "references": d.references.iter().map(|r| json!({ "kind": format!("{:?}", r.kind), "text": r.text, "valid": r.valid })).collect::<Vec<_>>(),
        "documents": d.documents.iter().map(line).collect::<Vec<_>>(),
        "text": d.text,
        "instructed": d.instructed.map(amount),
        "exchange": d.exchange.as_ref().map(|x| bare(json!({
            "source": x.source.map(|c| c.code()), "target": x.target.map(|c| c.code()), "rate": x.rate.map(|r| r.to_string()),
        }))),
        "charges": d.charges.iter().map(|c| json!({ "amount": plain(c.amount), "currency": c.amount.currency.code(), "text": c.text })).collect::<Vec<_>>(),
        "returned": d.returned.as_ref().map(|r| json!({ "code": r.code, "text": r.text })),
        "purpose": d.purpose,
    }))
}

fn line(l: &RemitLine) -> Value {
    bare(json!({
        "line": l.line,
        "reference": l.reference,
        "kind": format!("{:?}", l.kind),
        "date": day(l.date),
        "gross": l.gross.map(plain),
        "discount": l.discount.map(plain),
        "withheld": l.withheld.map(plain),
        "adjustments": l.adjustments.iter().map(|a| bare(json!({ "amount": plain(a.amount), "code": a.code, "text": a.text }))).collect::<Vec<_>>(),
        "paid": l.paid.map(plain),
        "others": l.others.iter().map(|(q, n)| json!({ "qualifier": q, "number": n })).collect::<Vec<_>>(),
        "text": l.text,
    }))
}

fn remittance(r: &Remittance) -> Value {
    bare(json!({
        "line": r.line,
        "payer": party(&r.payer),
        "payee": party(&r.payee),
        "trace": r.trace,
        "cheque": r.cheque,
        "id": r.id,
        "date": day(r.date),
        "deposited": day(r.deposited),
        "method": format!("{:?}", r.method).to_lowercase(),
        "currency": r.currency.code(),
        "total": r.total.map(plain),
        "lines": r.lines.iter().map(line).collect::<Vec<_>>(),
        "text": r.text,
    }))
}

fn finding(f: &Finding) -> Value {
    let weight = match f.problem.weight() {
        Weight::Note => "note",
        Weight::Disagrees => "disagrees",
        Weight::Lost => "lost",
    };
    json!({
        "line": f.place.line,
        "statement": f.place.statement,
        "entry": f.place.entry,
        "weight": weight,
        "what": format!("{:?}", f.problem),
    })
}
