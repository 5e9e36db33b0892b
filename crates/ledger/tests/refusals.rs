//! Refusals in order of precedence, one table per group of commands; and a command sent twice.
#![allow(clippy::unwrap_used, clippy::result_large_err, clippy::type_complexity)]
mod support;
use duebook_ledger::columns::{ItemKind, StagedCustomer};
use duebook_ledger::command::*;
use duebook_ledger::facts::*;
use duebook_ledger::keys::*;
use duebook_ledger::refusal::Field;
use duebook_ledger::*;
use duebook_money::{Currency, Day};
use support::*;

const DOC: fn() -> Day = || day(2026, 3, 1);

fn begun() -> Story {
    let mut s = own_book();
    s.customer("C1");
    s.customer("C2");
    s.invoice("C1", "A", DOC(), &[(DOC().plus(30), 1000)]);
    s.invoice("C2", "OTHER", DOC(), &[(DOC().plus(30), 1000)]);
    s
}

/// Each change makes the command worse by a fault that comes earlier in the order.
fn in_order<T: Clone>(
    s: &mut Story,
    mut value: T,
    command: impl Fn(T) -> Command,
    faults: Vec<(Box<dyn Fn(&mut T)>, Refusal)>,
) {
    for (fault, refusal) in faults {
        fault(&mut value);
        assert_eq!(s.refuses(command(value.clone())), refusal);
    }
}

#[test]
fn a_command_sent_twice_counts_once() {
    let mut s = begun();
    let paid = s.receipt("C1", "P", DOC(), 100);
    let mut context = s.context();
    context.command_id = s.book.commit(paid).unwrap().command;
    let again = receipt("C1", "P", DOC(), 100, &[]);
    let refused = s.book.decide(&context, &again, &Default::default());
    assert_eq!(refused, Err(Refusal::CommandReused(paid)));
    // It comes before every other refusal.
    let bad = Command::Undo { commit: Seq(999) };
    let refused = s.book.decide(&context, &bad, &Default::default());
    assert_eq!(refused, Err(Refusal::CommandReused(paid)));
}

#[test]
fn a_book_begins_once_and_first() {
    let mut s = begun();
    let open = |name: &str| Command::OpenBook {
        name: name.into(),
        currency: Currency::EUR,
        own_ledger: false,
        sample: false,
    };
    assert_eq!(s.refuses(open("")), Refusal::BookBegun(true));
    let empty = Book::default();
    let decide = |c: &Command| empty.decide(&s.context(), c, &Default::default());
    assert_eq!(decide(&open(" ")), Err(Refusal::Empty(Field::Name)));
    let undo = Command::Undo { commit: Seq(1) };
    assert_eq!(decide(&undo), Err(Refusal::BookBegun(false)));
}

#[test]
fn ag_31_documents() {
    let mut s = begun();
    let Command::IssueDocument(good) = document(
        "C1",
        "B",
        ItemKind::Invoice,
        DOC(),
        &[(DOC(), 60), (DOC(), 40)],
    ) else {
        unreachable!()
    };
    let taken = IssueDocument {
        number: "A".into(),
        instalments: vec![(DOC(), 100)],
        ..good.clone()
    };
    let taken = s.refuses(Command::IssueDocument(taken));
    assert_eq!(taken, Refusal::NumberTaken(own_item("A")));
    in_order(
        &mut s,
        good,
        Command::IssueDocument,
        vec![
            (
                Box::new(|d| d.instalments = vec![(DOC(), 120), (DOC(), -20)]),
                Refusal::NotPositive(-20),
            ),
            (
                Box::new(|d| d.instalments = vec![]),
                Refusal::InstalmentsDiffer { total: 100, sum: 0 },
            ),
            (Box::new(|d| d.amount = i64::MAX), Refusal::TooLarge),
            (Box::new(|d| d.amount = 0), Refusal::NotPositive(0)),
            (
                Box::new(|d| d.number = " ".into()),
                Refusal::Empty(Field::Number),
            ),
            (Box::new(|d| d.kind = 99), Refusal::UnknownKind(99)),
            (
                Box::new(|d| d.customer = own_customer("X")),
                Refusal::UnknownCustomer(own_customer("X")),
            ),
        ],
    );
    let mut follows = following_book();
    follows.import(DOC(), &[row("C1", "A", DOC(), DOC(), 5, 5)]);
    let mut issue = document("C1", "B", ItemKind::Invoice, DOC(), &[(DOC(), 60)]);
    if let Command::IssueDocument(d) = &mut issue {
        d.customer = erp_customer("C1");
    }
    assert_eq!(follows.refuses(issue), Refusal::NotOwnLedger);
}

#[test]
fn ca_01_receipts() {
    let mut s = begun();
    s.credit_memo("C1", "CM", DOC(), 50);
    let Command::RecordReceipt(good) = receipt("C1", "P", DOC(), 500, &[(own_item("A"), 400)])
    else {
        unreachable!()
    };
    let over = |open, asked, item| Refusal::MoreThanOpen { item, open, asked };
    let pays = |pays: &[(ItemKey, i64)]| {
        let pays = pays.to_vec();
        Box::new(move |r: &mut RecordReceipt| r.applications = pays.clone()) as Box<dyn Fn(&mut _)>
    };
    let receipt_key = ItemKey {
        number: "P".into(),
        credit: true,
        ..ItemKey::default()
    };
    in_order(
        &mut s,
        good,
        Command::RecordReceipt,
        vec![
            (pays(&[(own_item("A"), 501)]), over(500, 501, receipt_key)),
            (
                pays(&[(own_item("A"), 600), (own_item("A"), 401)]),
                over(1000, 1001, own_item("A")),
            ),
            (
                Box::new(|r| r.currency = Currency::USD),
                Refusal::CurrencyDiffers {
                    expected: Currency::EUR,
                    given: Currency::USD,
                },
            ),
            (
                pays(&[(own_item("OTHER"), 5)]),
                Refusal::AnotherCustomer(own_item("OTHER")),
            ),
            (
                pays(&[(own_credit("CM"), 5)]),
                Refusal::WrongSide(own_credit("CM")),
            ),
            (
                pays(&[(own_item("NONE"), 5)]),
                Refusal::UnknownItem(own_item("NONE")),
            ),
            (pays(&[(own_item("NONE"), 0)]), Refusal::NotPositive(0)),
            (
                Box::new(|r| r.number = "CM".into()),
                Refusal::NumberTaken(own_credit("CM")),
            ),
            (Box::new(|r| r.amount = -1), Refusal::NotPositive(-1)),
            (
                Box::new(|r| r.number = String::new()),
                Refusal::Empty(Field::Number),
            ),
            (
                Box::new(|r| r.customer = own_customer("X")),
                Refusal::UnknownCustomer(own_customer("X")),
            ),
        ],
    );
}

#[test]
fn applications_and_reversals() {
    let mut s = begun();
    let p = s.receipt("C1", "P", DOC().plus(3), 500);
    let good = (
        own_credit("P"),
        own_item("A"),
        400,
        DOC().plus(3),
        Vec::new(),
    );
    type Parts = (ItemKey, ItemKey, i64, Day, Vec<(Cause, i64)>);
    let command = |(credit, item, amount, effective, with): Parts| Command::ApplyCredit {
        credit,
        item,
        amount,
        effective,
        with,
    };
    in_order(
        &mut s,
        good,
        command,
        vec![
            (
                Box::new(|a: &mut Parts| a.4 = vec![(Cause::Discount, 601)]),
                Refusal::MoreThanOpen {
                    item: own_item("A"),
                    open: 1000,
                    asked: 1001,
                },
            ),
            (
                Box::new(|a| a.2 = 501),
                Refusal::MoreThanOpen {
                    item: own_credit("P"),
                    open: 500,
                    asked: 501,
                },
            ),
            (
                Box::new(|a| a.3 = DOC()),
                Refusal::DateBefore {
                    date: DOC(),
                    earliest: DOC().plus(3),
                },
            ),
            (
                Box::new(|a| a.4 = vec![(Cause::Discount, 0)]),
                Refusal::NotPositive(0),
            ),
            (
                Box::new(|a| a.1 = own_item("OTHER")),
                Refusal::AnotherCustomer(own_item("OTHER")),
            ),
            (
                Box::new(|a| a.1 = own_credit("P")),
                Refusal::WrongSide(own_credit("P")),
            ),
            (
                Box::new(|a| a.0 = own_item("A")),
                Refusal::WrongSide(own_item("A")),
            ),
            (
                Box::new(|a| a.0 = own_credit("NONE")),
                Refusal::UnknownItem(own_credit("NONE")),
            ),
        ],
    );
    let applied = s.apply("P", own_item("A"), 400, DOC().plus(5));
    let key = settlement(&s, applied, 0);
    let unknown = settlement(&s, p, 0);
    assert_eq!(
        s.refuses(reverse(unknown, DOC())),
        Refusal::UnknownFact(unknown)
    );
    let early = Refusal::DateBefore {
        date: DOC(),
        earliest: DOC().plus(5),
    };
    assert_eq!(s.refuses(reverse(key, DOC())), early);
    assert_eq!(s.refuses(returned(own_credit("P"), DOC())), early);
    assert_eq!(
        s.refuses(returned(own_item("A"), DOC())),
        Refusal::WrongSide(own_item("A"))
    );
    let reversed = s.when(reverse(key, DOC().plus(6)));
    assert!(matches!(
        s.refuses(reverse(key, DOC())),
        Refusal::AlreadyReversed(_)
    ));
    // A return is never dated into the time the application counted.
    let early = Refusal::DateBefore {
        date: DOC().plus(5),
        earliest: DOC().plus(6),
    };
    assert_eq!(s.refuses(returned(own_credit("P"), DOC().plus(5))), early);
    // Undone, the reversal may be made again.
    s.undo(reversed);
    s.when(reverse(key, DOC().plus(7)));
    assert_eq!(s.working(&own_item("A"), DOC().plus(6)), 600);
    assert_eq!(s.working(&own_item("A"), DOC().plus(7)), 1000);
}

#[test]
fn pt_01_contacts_and_promises() {
    let mut s = begun();
    s.today = DOC();
    let line = |amount, date| NewPromiseLine {
        item: Some(own_item("A")),
        amount,
        date,
    };
    let promise = |lines: Vec<NewPromiseLine>| NewPromise {
        currency: Currency::EUR,
        lines,
        method: None,
        evidence: None,
    };
    let good = LogContact {
        customer: own_customer("C1"),
        contact: None,
        channel: Channel::Call,
        outcome: Outcome::Promise,
        at: 0,
        local_offset: None,
        seconds: 0,
        note: None,
        items: vec![own_item("A")],
        promise: Some(promise(vec![line(600, DOC()), line(400, DOC().plus(9))])),
        follow_up: None,
        closes: vec![],
    };
    let none = FactKey {
        command: uid(77),
        ordinal: 4 << 24,
    };
    let made = good.clone();
    in_order(
        &mut s,
        good,
        Command::LogContact,
        vec![
            (
                Box::new(move |l| l.closes = vec![none]),
                Refusal::UnknownFact(none),
            ),
            (
                Box::new(move |l| {
                    l.promise = Some(promise(vec![line(600, DOC()), line(401, DOC())]))
                }),
                Refusal::MoreThanOpen {
                    item: own_item("A"),
                    open: 1000,
                    asked: 1001,
                },
            ),
            (
                Box::new(move |l| l.promise.as_mut().unwrap().lines[0].date = DOC().plus(-1)),
                Refusal::DateBefore {
                    date: DOC().plus(-1),
                    earliest: DOC(),
                },
            ),
            (
                Box::new(|l| l.promise.as_mut().unwrap().lines[0].amount = 0),
                Refusal::NotPositive(0),
            ),
            (
                Box::new(|l| l.promise.as_mut().unwrap().lines.clear()),
                Refusal::NoLines,
            ),
            (
                Box::new(|l| l.promise = None),
                Refusal::PromiseMismatch(Outcome::Promise),
            ),
            (
                Box::new(|l| l.items = vec![own_item("OTHER")]),
                Refusal::AnotherCustomer(own_item("OTHER")),
            ),
            (
                Box::new(|l| l.items = vec![own_item("NONE")]),
                Refusal::UnknownItem(own_item("NONE")),
            ),
            (
                Box::new(move |l| l.contact = Some(none)),
                Refusal::UnknownFact(none),
            ),
            (
                Box::new(|l| l.customer = own_customer("X")),
                Refusal::UnknownCustomer(own_customer("X")),
            ),
        ],
    );
    let taken = s.when(Command::LogContact(made));
    let key = fact(&s, taken, 3, 0);
    let end = || Command::EndPromise {
        promise: key,
        how: PromiseEnd::Withdrawn,
    };
    let ended = s.when(end());
    assert_eq!(s.refuses(end()), Refusal::AlreadyEnded(key));
    s.undo(ended);
    s.when(end());
}

#[test]
fn master_data_and_fields() {
    let mut s = begun();
    let nameless = Command::SaveCustomer {
        customer: own_customer("C9"),
        facts: StagedCustomer::default(),
    };
    assert_eq!(s.refuses(nameless), Refusal::Empty(Field::Name));
    let set = |items| Command::SetField {
        items,
        field: CollectorField::Remark,
        value: " x ".into(),
    };
    assert_eq!(s.refuses(set(vec![])), Refusal::Empty(Field::Items));
    assert_eq!(
        s.refuses(set(vec![own_item("NONE")])),
        Refusal::UnknownItem(own_item("NONE"))
    );
    let first = s.when(set(vec![own_item("A")]));
    let id = s.id(&own_item("A"));
    assert_eq!(s.book.field(id, CollectorField::Remark), "x");
    s.undo(first);
    assert_eq!(s.book.field(id, CollectorField::Remark), "");
    let erase = |texts, ground: &str| Command::EraseTexts {
        texts,
        ground: ground.into(),
    };
    assert_eq!(s.refuses(erase(vec![], "")), Refusal::Empty(Field::Items));
    assert_eq!(
        s.refuses(erase(vec![uid(3)], "")),
        Refusal::Empty(Field::Ground)
    );
}
