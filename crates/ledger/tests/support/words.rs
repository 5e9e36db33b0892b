//! Keys and commands in few words.

use super::Story;
use duebook_ledger::columns::*;
use duebook_ledger::command::*;
use duebook_ledger::facts::*;
use duebook_ledger::keys::*;
use duebook_ledger::statements::{LineKind, StatementFacts, StatementLine};
use duebook_ledger::*;
use duebook_money::{Currency, Day};

pub fn own_customer(number: &str) -> CustomerKey {
    CustomerKey {
        source: String::new(),
        number: number.into(),
    }
}
pub fn erp_customer(number: &str) -> CustomerKey {
    CustomerKey {
        source: "ERP".into(),
        number: number.into(),
    }
}
fn own(number: &str, credit: bool, line: &str) -> ItemKey {
    ItemKey {
        source: String::new(),
        entity: "1000".into(),
        credit,
        number: number.into(),
        year: String::new(),
        line: line.into(),
    }
}
pub fn own_item(number: &str) -> ItemKey {
    own(number, false, "")
}
pub fn own_part(number: &str, line: u32) -> ItemKey {
    own(number, false, &line.to_string())
}
pub fn own_credit(number: &str) -> ItemKey {
    own(number, true, "")
}
pub fn erp_item(number: &str) -> ItemKey {
    ItemKey {
        source: "ERP".into(),
        ..own_item(number)
    }
}
pub fn erp_credit(number: &str) -> ItemKey {
    ItemKey {
        source: "ERP".into(),
        ..own_credit(number)
    }
}
/// The `n`th settlement that a commit made.
pub fn settlement(story: &Story, commit: Seq, n: u32) -> FactKey {
    FactKey {
        command: story.book.commit(commit).unwrap().command,
        ordinal: 6 << 24 | n,
    }
}
pub fn fact(story: &Story, commit: Seq, kind: u32, n: u32) -> FactKey {
    FactKey {
        command: story.book.commit(commit).unwrap().command,
        ordinal: kind << 24 | n,
    }
}
pub fn document(c: &str, n: &str, kind: ItemKind, doc: Day, parts: &[(Day, i64)]) -> Command {
    Command::IssueDocument(IssueDocument {
        customer: own_customer(c),
        entity: "1000".into(),
        kind: kind as u8,
        number: n.into(),
        doc_date: doc,
        currency: Currency::EUR,
        amount: parts.iter().map(|(_, a)| a).sum(),
        instalments: parts.to_vec(),
        reference: String::new(),
        po: String::new(),
    })
}
pub fn receipt(c: &str, n: &str, value: Day, amount: i64, pays: &[(ItemKey, i64)]) -> Command {
    receipt_from(own_customer(c), n, value, amount, pays)
}
pub fn receipt_from(
    customer: CustomerKey,
    n: &str,
    value: Day,
    amount: i64,
    pays: &[(ItemKey, i64)],
) -> Command {
    Command::RecordReceipt(RecordReceipt {
        customer,
        entity: "1000".into(),
        number: n.into(),
        value_date: value,
        currency: Currency::EUR,
        amount,
        reference: String::new(),
        applications: pays.to_vec(),
    })
}
pub fn apply(
    credit: ItemKey,
    item: ItemKey,
    amount: i64,
    effective: Day,
    with: &[(Cause, i64)],
) -> Command {
    Command::ApplyCredit {
        credit,
        item,
        amount,
        effective,
        with: with.to_vec(),
    }
}
pub fn returned(receipt: ItemKey, effective: Day) -> Command {
    Command::ReturnReceipt { receipt, effective }
}
pub fn reverse(settlement: FactKey, effective: Day) -> Command {
    Command::ReverseSettlement {
        settlement,
        effective,
    }
}
pub fn payment(item: &str, number: &str, date: Day, amount: i64) -> PaymentRow {
    PaymentRow {
        customer: Some("C1".into()),
        entity: Some("1000".into()),
        item: Some(item.into()),
        number: number.into(),
        date,
        currency: Some(Currency::EUR),
        amount,
        cause: Cause::Payment,
        line: 2,
    }
}

pub fn statement_facts(number: &str, opening: i64, closing: i64) -> StatementFacts {
    StatementFacts {
        account: "DE02".into(),
        currency: Currency::EUR,
        number: number.into(),
        from: None,
        to: None,
        opening: Some(opening),
        closing: Some(closing),
        file: format!("{number}.xml"),
        format: "camt.053".into(),
        left_out: 0,
    }
}
pub fn statement_line(id: &str, booked: Day, amount: i64) -> StatementLine {
    StatementLine {
        bank_id: id.into(),
        booked,
        value: booked,
        amount,
        payer: String::new(),
        payer_account: String::new(),
        customer_ref: String::new(),
        references: Vec::new(),
        text: "as written".into(),
        kind: if amount > 0 {
            LineKind::Receipt
        } else {
            LineKind::Payment
        },
        reversal: false,
        documents: Vec::new(),
        code: String::new(),
        row: 1,
        key: String::new(),
    }
}
