//! From a line of a statement to what is posted: numbers, credits, what is let go, and what
//! confirmed matches teach.
#![allow(clippy::unwrap_used, clippy::inconsistent_digit_grouping)] // minor units: 70_00 is 70.00

use duebook_cash::*;
use duebook_ledger::apply::Stamp;
use duebook_ledger::columns::{ItemKind, StagedCustomer};
use duebook_ledger::command::IssueDocument;
use duebook_ledger::import::{Bulk, Incoming};
use duebook_ledger::keys::CustomerKey;
use duebook_ledger::recon::{PayerText, ReconCommand};
use duebook_ledger::statements::*;
use duebook_ledger::{
    Body, Book, Command, Context, CustomerId, Event, ItemId, LineId, Seq, Uid, View,
};
use duebook_money::{Currency, Day};

const EUR: Currency = Currency::EUR;

fn d(n: i32) -> Day {
    Day(20_500 + n)
}

struct Desk {
    book: Book,
    next: u8,
}

impl Desk {
    fn new() -> Desk {
        let mut desk = Desk {
            book: Book::default(),
            next: 0,
        };
        desk.run(Command::OpenBook {
            name: "Test".into(),
            currency: EUR,
            own_ledger: true,
            sample: false,
        });
        for (number, name) in [("C1", "Acme GmbH"), ("C2", "Borealis Ltd")] {
            desk.run(Command::SaveCustomer {
                customer: customer(number),
                facts: StagedCustomer {
                    name: name.into(),
                    ..StagedCustomer::default()
                },
            });
        }
        desk
    }
    fn run(&mut self, command: Command) {
        self.take(command, Incoming::default());
    }
    fn take(&mut self, command: Command, incoming: Incoming) {
        self.next += 1;
        let id = Uid([self.next; 16]);
        let context = Context {
            command_id: id,
            recorded_at: 0,
            ledger_date: d(60),
            actor: "Asha".into(),
        };
        let decision = self.book.decide(&context, &command, &incoming).unwrap();
        let mut bulk = Bulk::default();
        let mut blocks = decision.blocks.iter();
        for event in &decision.events {
            if let Event::StatementImported { block, .. } = event {
                bulk.add_statement(*block, blocks.next().unwrap()).unwrap();
            }
        }
        let stamp = Stamp {
            seq: Seq(self.book.head().0 + 1),
            command: id,
            recorded_at: 0,
            ledger_date: d(60),
            actor: "Asha".into(),
        };
        let events = decision.events;
        let body = Body { command, events };
        self.book.apply(&stamp, &body, &mut bulk).unwrap();
        assert_eq!(self.book.violations(), []);
    }
    fn document(&mut self, of: &str, kind: ItemKind, number: &str, amount: i64) -> ItemId {
        self.run(Command::IssueDocument(IssueDocument {
            customer: customer(of),
            entity: "1000".into(),
            kind: kind as u8,
            number: number.into(),
            doc_date: d(0),
            currency: EUR,
            amount,
            instalments: vec![(d(30), amount)],
            reference: String::new(),
            po: String::new(),
        }));
        let found = self.book.items().ids().last();
        found.unwrap()
    }
    fn lines(&mut self, lines: Vec<StatementLine>) {
        let facts = StatementFacts {
            account: "DE1".into(),
            currency: EUR,
            number: self.next.to_string(),
            from: None,
            to: Some(d(40)),
            opening: None,
            closing: None,
            file: String::new(),
            format: "camt.053".into(),
            left_out: 0,
        };
        let incoming = Incoming {
            statements: vec![lines],
            ..Incoming::default()
        };
        self.take(Command::ImportStatements(vec![facts]), incoming);
    }
    /// What is proposed for a line now.
    fn proposal(&self, line: u32) -> Proposal {
        let index = OpenIndex::of(&self.book, View::on(d(60)), &learnt(&self.book));
        let receipt = receipt_of(&self.book, LineId(line)).unwrap();
        match_all(&index, &[receipt], &MatchPolicy::default()).remove(0)
    }
    fn accept(&mut self, line: u32) -> AcceptedMatch {
        let proposal = self.proposal(line);
        let made = Numbers::default().accepted(&self.book, LineId(line), &proposal, true);
        let made = made.unwrap();
        self.run(Command::AcceptMatches(vec![made.clone()]));
        made
    }
}

fn customer(number: &str) -> CustomerKey {
    CustomerKey {
        source: String::new(),
        number: number.into(),
    }
}

fn line(id: &str, payer: &str, text: &str, amount: i64) -> StatementLine {
    StatementLine {
        bank_id: id.into(),
        booked: d(35),
        value: d(35),
        amount,
        payer: payer.into(),
        payer_account: format!("IBAN {payer}"),
        customer_ref: String::new(),
        references: Vec::new(),
        text: text.into(),
        kind: LineKind::Receipt,
        reversal: false,
        documents: Vec::new(),
        code: String::new(),
        row: 1,
        key: String::new(),
    }
}

#[test]
fn a_match_accepted_says_its_rule_and_takes_the_banks_id_as_number() {
    let mut desk = Desk::new();
    desk.document("C1", ItemKind::Invoice, "INV-20260001", 100_00);
    desk.lines(vec![line("T-1", "Acme GmbH", "INV-20260001", 100_00)]);
    let made = desk.accept(0);
    assert_eq!(made.receipt.number, "T-1");
    assert_eq!(made.rule, Some(MatchRule::Named));
    assert_eq!(made.receipt.applications.len(), 1);
    let part = desk.book.line_parts(LineId(0)).next().unwrap();
    assert_eq!((part.auto, part.rule), (true, Some(MatchRule::Named)));
}

#[test]
fn a_payment_made_twice_is_not_for_the_next_invoice() {
    let mut desk = Desk::new();
    desk.document("C1", ItemKind::Invoice, "INV-20260021", 80_00);
    desk.document("C1", ItemKind::Invoice, "INV-20260022", 80_00);
    desk.lines(vec![
        line("T-1", "Acme GmbH", "INV-20260021", 80_00),
        line("T-2", "Acme GmbH", "INV-20260021", 80_00),
    ]);
    desk.accept(0);
    let again = desk.proposal(1);
    let Verdict::Review(holds) = &again.verdict else {
        panic!("{again:?}")
    };
    assert!(holds.contains(&Hold::SettledNumber));
    assert_ne!(again.rung, Rung::Similar);
}

#[test]
fn two_lines_without_a_bank_id_and_one_number_in_use_get_numbers_of_their_own() {
    let mut desk = Desk::new();
    desk.document("C1", ItemKind::Invoice, "INV-20260001", 100_00);
    desk.lines(vec![
        line("", "A", "x", 10_00),
        line("", "B", "y", 20_00),
        line("T", "A", "z", 5_00),
    ]);
    desk.lines(vec![line("T", "B", "other day", 6_00)]);
    let mut numbers = Numbers::default();
    let mut number = |desk: &Desk, n: u32| {
        let rest = desk.book.line_rest(LineId(n));
        let made = numbers.by_hand(&desk.book, LineId(n), CustomerId(0), rest, &[], Vec::new());
        made.unwrap().receipt.number
    };
    let (a, b) = (number(&desk, 0), number(&desk, 1));
    assert_ne!(a, b);
    assert_eq!(number(&desk, 2), "T");
    assert_eq!(number(&desk, 3), "T/2", "taken within the same commit");
}

#[test]
fn ca_01_a_credit_taken_and_what_is_let_go_are_posted_beside_the_money() {
    let mut desk = Desk::new();
    let invoice = desk.document("C1", ItemKind::Invoice, "INV-20260001", 100_00);
    let memo = desk.document("C1", ItemKind::CreditMemo, "CN-20260007", 30_00);
    desk.lines(vec![line(
        "T-1",
        "Acme GmbH",
        "INV-20260001 less CN-20260007",
        70_00,
    )]);
    let made = desk.accept(0);
    assert_eq!(made.receipt.amount, 70_00);
    assert_eq!(made.credits.len(), 1);
    let open = |id: ItemId| desk.book.item(id).unwrap().open();
    assert_eq!((open(invoice), open(memo)), (0, 0));
}

#[test]
fn money_that_nobody_knows_or_that_is_settled_meanwhile_cannot_be_posted() {
    let mut desk = Desk::new();
    desk.document("C1", ItemKind::Invoice, "INV-20260001", 100_00);
    desk.lines(vec![line("T-1", "Nobody", "thanks", 3_33)]);
    let proposal = desk.proposal(0);
    let made = Numbers::default().accepted(&desk.book, LineId(0), &proposal, false);
    assert_eq!(made, Err(NotPostable::NoPayer));
    let gone = Numbers::default().by_hand(&desk.book, LineId(9), CustomerId(0), 1, &[], Vec::new());
    assert_eq!(gone, Err(NotPostable::NothingLeft));
    let none = Numbers::default().by_hand(&desk.book, LineId(0), CustomerId(0), 0, &[], Vec::new());
    assert_eq!(none, Err(NotPostable::NothingLeft));
}

#[test]
fn rc_02_money_of_a_locked_day_is_posted_on_the_first_open_one() {
    let mut desk = Desk::new();
    desk.document("C1", ItemKind::Invoice, "INV-20260001", 100_00);
    desk.lines(vec![line("T-1", "Acme GmbH", "INV-20260001", 100_00)]);
    let day = desk.book.line(LineId(0)).unwrap().fact.value;
    for (from, to) in [(day.plus(-9), day.plus(2)), (day.plus(3), day.plus(5))] {
        desk.run(Command::Recon(ReconCommand::LockPeriod {
            from,
            to,
            note: "closed".into(),
            breaks: 0,
        }));
    }
    let made = desk.accept(0);
    assert_eq!(made.receipt.value_date, day.plus(6));
    let open = desk
        .book
        .items()
        .ids()
        .map(|id| desk.book.item(id).unwrap().open());
    assert_eq!(open.sum::<i64>(), 0, "the invoice and the money");
}

#[test]
fn ca_05_names_are_learnt_from_what_is_confirmed_forgotten_on_request_and_learnt_again() {
    let mut desk = Desk::new();
    desk.document("C1", ItemKind::Invoice, "INV-20260001", 100_00);
    desk.document("C1", ItemKind::Invoice, "INV-20260002", 50_00);
    let (a, b) = (
        line("T-1", "ACM Treasury", "INV-20260001", 100_00),
        line("T-2", "ACM Treasury", "INV-20260002", 50_00),
    );
    desk.lines(vec![a, b]);
    assert_eq!(learnt(&desk.book), []);
    desk.accept(0);
    let known = learnt(&desk.book);
    assert_eq!(known.len(), 2, "the name and the account");
    assert!(known.iter().all(|a| a.customer == CustomerId(0)));
    for (kind, text) in [
        (PayerText::Name, "acm-treasury"),
        (PayerText::Account, "IBAN ACM Treasury"),
    ] {
        desk.run(Command::Recon(ReconCommand::UnlearnAlias {
            kind,
            text: text.into(),
            customer: customer("C1"),
        }));
    }
    assert_eq!(learnt(&desk.book), []);
    desk.accept(1);
    assert_eq!(learnt(&desk.book).len(), 2, "a later match teaches anew");
}

#[test]
fn an_index_made_in_slices_is_the_one_made_at_once() {
    let mut desk = Desk::new();
    for n in 0..5 {
        desk.document(
            "C2",
            ItemKind::Invoice,
            &format!("INV-2026000{n}"),
            10_00 + n,
        );
    }
    desk.lines(vec![line("T-1", "Borealis Ltd", "INV-20260003", 10_03)]);
    let view = View::on(d(60));
    let mut making = IndexMaking::new(&desk.book, view, &[]);
    let index = loop {
        assert!(making.fits(&desk.book));
        if let Some(index) = making.step(&desk.book) {
            break index;
        }
    };
    let receipts = [receipt_of(&desk.book, LineId(0)).unwrap()];
    let policy = MatchPolicy::default();
    let sliced = match_all(&index, &receipts, &policy);
    let whole = match_all(&OpenIndex::of(&desk.book, view, &[]), &receipts, &policy);
    assert_eq!(sliced, whole);
    assert!(sliced[0].is_auto());
}

#[test]
fn fx_what_another_currency_pays_goes_over_at_the_rate_of_the_two_amounts_and_never_by_itself() {
    use duebook_policy::rates::{Rate, RateTable};
    let mut desk = Desk::new();
    desk.run(Command::IssueDocument(IssueDocument {
        customer: customer("C1"),
        entity: "1000".into(),
        kind: ItemKind::Invoice as u8,
        number: "INV-20260001".into(),
        doc_date: d(0),
        currency: Currency::USD,
        amount: 100_00,
        instalments: vec![(d(30), 100_00)],
        reference: String::new(),
        po: String::new(),
    }));
    let invoice = desk.book.items().ids().last().unwrap();
    desk.lines(vec![line("T-1", "Acme GmbH", "INV-20260001", 89_50)]);
    let mut rates = RateTable::new(EUR);
    let rate = Rate {
        currency: Currency::USD,
        from: d(0),
        value: "0.90".parse().unwrap(),
        source: "test".to_owned(),
    };
    rates.add(rate).unwrap();
    let policy = MatchPolicy {
        rates: Some(rates),
        ..MatchPolicy::default()
    };
    let index = OpenIndex::of(&desk.book, View::on(d(60)), &learnt(&desk.book));
    let receipt = receipt_of(&desk.book, LineId(0)).unwrap();
    let proposal = match_all(&index, &[receipt], &policy).remove(0);
    assert_eq!(proposal.rung, Rung::OtherCurrency);
    assert!(matches!(proposal.verdict, Verdict::Review(_)));
    let made = Numbers::default().accepted(&desk.book, LineId(0), &proposal, false);
    let made = made.unwrap();
    assert_eq!(made.rule, Some(MatchRule::OtherCurrency));
    let onward = &made.onward[0];
    assert_eq!((onward.amount, onward.into), (89_50, 100_00));
    desk.run(Command::AcceptMatches(vec![made]));
    assert_eq!(desk.book.item(invoice).unwrap().open(), 0);
    assert_eq!(desk.book.line_rest(LineId(0)), 0);
}
