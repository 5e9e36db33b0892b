//! Resolutions in few words.
#![allow(clippy::inconsistent_digit_grouping)] // minor units: 70_00 is 70.00

use super::{Story, day, own_book, own_item, receipt};
use duebook_ledger::cases::CaseCommand;
use duebook_ledger::cases::resolve::*;
use duebook_ledger::command::Command;
use duebook_ledger::keys::ItemKey;
use duebook_ledger::policy::PolicyChange;
use duebook_money::Day;
use duebook_policy::AuthorityPolicy;

pub fn line(net: i64, tax: i64) -> DocLine {
    DocLine {
        text: "service".into(),
        net,
        tax,
        tax_code: "18 %".into(),
        ..DocLine::default()
    }
}

pub fn ask(item: ItemKey, what: Resolution, on: Day, numbers: &[&str]) -> NewRequest {
    NewRequest {
        case: None,
        item,
        what,
        on,
        fell_on: None,
        tax_note: false,
        reason: "price".into(),
        text: None,
        numbers: numbers.iter().map(|n| (*n).to_owned()).collect(),
        ask: false,
    }
}

pub fn make(asked: NewRequest) -> Command {
    Command::Case(CaseCommand::Request(RequestCommand::Make(Box::new(asked))))
}

pub fn adjust(kind: Adjustment, amount: i64) -> Resolution {
    Resolution::Adjust(Adjust {
        kind,
        amount,
        lines: Vec::new(),
        credit: None,
        settlement: None,
    })
}

/// Asha is the CFO here: limits are tried one by one below.
pub fn no_limits(s: &mut Story) {
    let people = vec![("Asha".to_owned(), "CFO".to_owned())];
    let policy = AuthorityPolicy {
        people,
        ..AuthorityPolicy::default()
    };
    s.when(Command::SetPolicy(PolicyChange::Authority(policy)));
}

/// An invoice of 10,000 + 18 %, of which 5,000 is paid.
pub fn rb_book() -> Story {
    let mut s = own_book();
    no_limits(&mut s);
    s.customer("C");
    s.invoice(
        "C",
        "I-1",
        day(2026, 1, 1),
        &[(day(2026, 1, 31), 11_800_00)],
    );
    s.when(receipt(
        "C",
        "P-1",
        day(2026, 1, 20),
        5_000_00,
        &[(own_item("I-1"), 5_000_00)],
    ));
    s.today = day(2026, 2, 10);
    s
}

pub fn rebill(right: i64, tax: i64) -> Resolution {
    Resolution::Rebill(Rebill {
        original: vec![line(10_000_00, 1_800_00)],
        right: vec![line(right, tax)],
        ..Rebill::default()
    })
}
