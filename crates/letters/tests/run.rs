//! The reminder run: who gets what, who not, and that only "sent" moves anything (DN-01, PT-07).
#![allow(clippy::unwrap_used, clippy::inconsistent_digit_grouping)]
#[path = "../../insight/tests/support/mod.rs"]
mod support;

use duebook_ledger::Command;
use duebook_ledger::columns::ItemKind;
use duebook_ledger::command::LogContact;
use duebook_ledger::facts::*;
use duebook_ledger::letters::*;
use duebook_letters::lines::open_lines;
use duebook_letters::money::{BankNames, Waiting};
use duebook_letters::plan::*;
use duebook_policy::letters::{LetterUse, Medium};
use support::*;

fn own_item(number: &str) -> duebook_ledger::keys::ItemKey {
    item(number, "")
}

fn own_credit(number: &str) -> duebook_ledger::keys::ItemKey {
    credit(number)
}

fn desk() -> Desk {
    let mut d = Desk::new(true, "2026-03-01");
    d.customer("C1");
    d
}

fn plan(d: &Desk, customer: &str) -> Option<CustomerPlan> {
    let bank = BankNames::of(&d.book);
    let id = d.book.find_customer(&own(customer)).unwrap();
    Planner::new(&d.book, d.today, &bank).customer(id)
}

/// Template and numbers of each message.
fn said(d: &Desk) -> Vec<(String, Vec<String>)> {
    let plan = plan(d, "C1").unwrap_or_default();
    let one = |m: &Message| {
        let lines = m.lines.iter().map(|l| l.number.clone()).collect();
        (m.step.template.clone(), lines)
    };
    plan.messages.iter().map(one).collect()
}

fn produce(d: &mut Desk) -> Vec<duebook_ledger::keys::FactKey> {
    let plan = plan(d, "C1").unwrap();
    let new = |m: &Message| NewLetter {
        customer: own("C1"),
        contact: None,
        used_for: m.used_for,
        template: m.step.template.clone(),
        language: "en".into(),
        version: 1,
        medium: Medium::Email,
        step: Some(m.step.day),
        as_of: d.today,
        lines: m
            .lines
            .iter()
            .map(|l| (d.book.item_key(l.id).unwrap(), l.asked()))
            .collect(),
        totals: Vec::new(),
        subject: None,
        content: None,
        tie: String::new(),
    };
    let letters: Vec<NewLetter> = plan.messages.iter().map(new).collect();
    let before = d.book.letters().len();
    d.run(Command::Letters(LettersCommand::Produce(letters)));
    d.book.letters()[before..].iter().map(|l| l.key).collect()
}

fn send(d: &mut Desk) {
    let letters = produce(d);
    let at = i64::from(d.today.0) * 86_400_000;
    d.run(Command::Letters(LettersCommand::ConfirmSent {
        letters,
        at,
    }));
}

fn invoice(d: &mut Desk, number: &str, doc: &str, due: &str, amount: i64) {
    d.issue("C1", ItemKind::Invoice, number, doc, &[(due, amount)]);
}

fn blocked(d: &Desk) -> Option<Blocked> {
    plan(d, "C1").and_then(|p| p.blocked)
}

#[test]
fn dn_01_steps_come_one_after_another_as_far_apart_as_the_ladder_has_them() {
    let mut d = desk();
    invoice(&mut d, "I1", "2026-03-01", "2026-03-31", 1_000_00);
    d.at("2026-03-23");
    assert!(
        plan(&d, "C1").is_none(),
        "eight days before: nothing is due"
    );
    d.at("2026-03-24");
    assert_eq!(said(&d)[0].0, "upcoming");
    d.at("2026-03-31");
    assert_eq!(
        said(&d)[0].0,
        "upcoming",
        "due today is not past due (AG-01)"
    );
    // Taken on late, at 45 days past due: the ladder begins at its first step.
    d.at("2026-05-15");
    assert_eq!(said(&d)[0].0, "first");
    produce(&mut d);
    assert!(
        matches!(blocked(&d), Some(Blocked::Unsent(_))),
        "produced is not sent"
    );
    let keys = vec![d.book.letters()[0].key];
    let at = i64::from(d.today.0) * 86_400_000;
    d.run(Command::Letters(LettersCommand::ConfirmSent {
        letters: keys,
        at,
    }));
    d.at("2026-05-27");
    assert!(
        plan(&d, "C1").is_none(),
        "13 days between first and second: this is the twelfth"
    );
    d.at("2026-05-28");
    assert_eq!(said(&d)[0].0, "second");
    send(&mut d);
    d.at("2026-06-12");
    assert!(plan(&d, "C1").is_none());
    d.at("2026-06-13");
    assert_eq!(said(&d)[0].0, "final", "16 days after the second");
    send(&mut d);
    d.at("2026-08-13");
    assert!(plan(&d, "C1").is_none(), "the ladder is at its end");
}

#[test]
fn dn_01_one_message_for_all_that_is_past_due_and_one_for_what_is_coming() {
    let mut d = desk();
    invoice(&mut d, "I1", "2026-02-01", "2026-03-03", 1_000_00);
    invoice(&mut d, "I2", "2026-02-10", "2026-03-12", 200_00);
    invoice(&mut d, "I3", "2026-03-01", "2026-03-20", 300_00);
    invoice(&mut d, "I4", "2026-03-01", "2026-04-20", 400_00);
    d.at("2026-03-14");
    assert_eq!(
        said(&d),
        [
            ("upcoming".to_owned(), vec!["I3".to_owned()]),
            ("first".to_owned(), vec!["I1".to_owned(), "I2".to_owned()]),
        ],
        "two at most, each with all of its lines"
    );
    send(&mut d);
    d.at("2026-03-27");
    // The oldest leads; the younger was told no more than its own age.
    assert_eq!(said(&d)[0].0, "second");
    assert_eq!(said(&d)[0].1, ["I1", "I2", "I3"]);
}

#[test]
fn pt_07_promised_and_disputed_lines_are_left_out_and_partly_held_ones_ask_for_the_rest() {
    let mut d = desk();
    invoice(&mut d, "I1", "2026-02-01", "2026-03-03", 1_000_00);
    invoice(&mut d, "I2", "2026-02-10", "2026-03-12", 200_00);
    invoice(&mut d, "I3", "2026-02-10", "2026-03-12", 300_00);
    d.at("2026-03-14");
    d.promise(own("C1"), &[(Some(own_item("I1")), 1_000_00, "2026-03-20")]);
    let set = |d: &mut Desk, number: &str, field, value: &str| {
        d.run(Command::SetField {
            items: vec![own_item(number)],
            field,
            value: value.into(),
        })
    };
    set(&mut d, "I2", CollectorField::Disputed, "5000");
    set(&mut d, "I3", CollectorField::Status, "Disputed");
    let plan = plan(&d, "C1").unwrap();
    let asked: Vec<(String, i64)> = plan.messages[0]
        .lines
        .iter()
        .map(|l| (l.number.clone(), l.asked()))
        .collect();
    assert_eq!(asked, [("I2".to_owned(), 150_00)]);
    let left: Vec<(String, LeftOut)> = plan
        .left_out
        .iter()
        .map(|(l, w)| (l.number.clone(), *w))
        .collect();
    assert_eq!(
        left,
        [
            ("I1".to_owned(), LeftOut::Promised(Some(day("2026-03-20")))),
            ("I3".to_owned(), LeftOut::Disputed)
        ]
    );
    set(&mut d, "I2", CollectorField::Disputed, "20000");
    assert_eq!(blocked(&d), Some(Blocked::NothingLeft));
    // The window is over (grace 2): the promise holds nothing any more.
    d.at("2026-03-23");
    assert_eq!(said(&d)[0].1, ["I1"]);
}

#[test]
fn money_that_waits_holds_what_it_could_pay_and_the_rest_goes_with_the_credit_shown() {
    let mut d = desk();
    invoice(&mut d, "I1", "2026-01-01", "2026-01-31", 500_00);
    invoice(&mut d, "I2", "2026-02-01", "2026-03-03", 700_00);
    invoice(&mut d, "I3", "2026-02-10", "2026-03-12", 900_00);
    d.receipt(own("C1"), "R1", "2026-03-13", 700_00, &[]);
    d.at("2026-03-14");
    let plan_now = plan(&d, "C1").unwrap();
    assert_eq!(
        said(&d)[0].1,
        ["I1", "I3"],
        "the one line of its amount is held"
    );
    let (line, why) = &plan_now.left_out[0];
    let receipt = plan_now.credits[0].id;
    assert_eq!(
        (line.number.as_str(), *why),
        ("I2", LeftOut::CouldBePaid(Waiting::Receipt(receipt)))
    );
    // With a reason it is money on account: it holds nothing and is shown.
    d.run(Command::SetField {
        items: vec![own_credit("R1")],
        field: CollectorField::Reason,
        value: "deposit".into(),
    });
    let plan_now = plan(&d, "C1").unwrap();
    assert!(plan_now.left_out.is_empty() && plan_now.credits.len() == 1);
    // 20.99 of 2,100.00 is under 1 %; 21.00 is not, and holds the oldest.
    d.receipt(own("C1"), "R2", "2026-03-13", 20_99, &[]);
    assert!(plan(&d, "C1").unwrap().left_out.is_empty());
    d.receipt(own("C1"), "R3", "2026-03-13", 1, &[]);
    assert_eq!(said(&d)[0].1, ["I2", "I3"]);
}

#[test]
fn a_hold_a_lawyer_and_quiet_days_stop_a_letter() {
    let mut d = desk();
    invoice(&mut d, "I1", "2026-01-01", "2026-01-31", 500_00);
    d.at("2026-03-14");
    let log = |d: &mut Desk, outcome, channel| {
        let at = i64::from(d.today.0) * 86_400_000;
        d.run(Command::LogContact(LogContact {
            customer: own("C1"),
            contact: None,
            channel,
            outcome,
            at,
            local_offset: None,
            seconds: 0,
            note: None,
            items: Vec::new(),
            promise: None,
            follow_up: None,
            closes: Vec::new(),
        }))
    };
    log(&mut d, Outcome::NoAnswer, Channel::Call);
    assert_eq!(blocked(&d), None, "nobody was reached");
    log(&mut d, Outcome::Informed, Channel::Call);
    let until = day("2026-03-17");
    let since = day("2026-03-14");
    assert_eq!(blocked(&d), Some(Blocked::Quiet { since, until }));
    d.at("2026-03-17");
    assert_eq!(blocked(&d), None);
    d.run(Command::Letters(LettersCommand::SetHold {
        customer: own("C1"),
        reason: "audit".into(),
        until: day("2026-03-18"),
    }));
    assert!(matches!(blocked(&d), Some(Blocked::Hold(..))));
    d.at("2026-03-19");
    assert_eq!(blocked(&d), None, "a hold ends by itself");
    log(&mut d, Outcome::LegalRepresentation, Channel::InboundCall);
    d.at("2026-06-19");
    assert_eq!(
        blocked(&d),
        Some(Blocked::Stop(Outcome::LegalRepresentation))
    );
}

#[test]
fn b3_steps_before_the_due_date_count_back_from_the_cut_off_of_the_pay_run() {
    let mut d = desk();
    invoice(&mut d, "I1", "2026-03-01", "2026-03-31", 500_00);
    d.run(Command::SetProfile {
        customer: own("C1"),
        values: vec![
            (ProfileField::PayRun, "10th and 25th".into()),
            (ProfileField::CutOff, "2 working days before".into()),
        ],
        source: "call".into(),
        checked: day("2026-03-01"),
    });
    // The run of 25 March pays in time; its cut-off is Monday 23 March, a week before is the 16th.
    d.at("2026-03-15");
    assert!(plan(&d, "C1").is_none());
    d.at("2026-03-16");
    let now = plan(&d, "C1").unwrap();
    assert_eq!(now.messages[0].cutoff, Some(day("2026-03-23")));
    assert_eq!(now.messages[0].used_for, LetterUse::Upcoming);
}

#[test]
fn ag_20_lines_are_the_open_item_function_after_part_payments() {
    let mut d = desk();
    invoice(&mut d, "I1", "2026-01-01", "2026-01-31", 500_00);
    d.receipt(
        own("C1"),
        "R1",
        "2026-02-01",
        200_00,
        &[(own_item("I1"), 120_00)],
    );
    d.at("2026-03-14");
    let id = d.book.find_customer(&own("C1")).unwrap();
    let scan = duebook_ledger::OpenScan::new(&d.book, duebook_ledger::View::on(d.today));
    let lines = open_lines(&d.book, &scan, id);
    let open: Vec<(String, i64, i32)> = lines
        .iter()
        .map(|l| (l.number.clone(), l.open, l.late))
        .collect();
    assert_eq!(
        open,
        [("I1".to_owned(), 380_00, 42), ("R1".to_owned(), -80_00, 41)]
    );
    let totals = duebook_letters::totals(&lines);
    assert_eq!(
        (totals[0].balance, totals[0].overdue, totals[0].credit),
        (300_00, 380_00, 80_00)
    );
}
