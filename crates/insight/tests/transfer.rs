//! A part of a receipt that went over to another (domain.md §4.7, §5.5, §5.8): no sum over the book
//! counts the money twice (CA-01, RC-01, RC-02), per customer and per currency it moves, and what it was
//! worth when it came is what it realises.
#![allow(clippy::unwrap_used, clippy::inconsistent_digit_grouping)] // minor units: 70_00 is 70.00
mod support;
use duebook_insight::cashlog::*;
use duebook_insight::fx::{BookRates, Paid, Realised, realised};
use duebook_insight::kpi::*;
use duebook_insight::postings::journal;
use duebook_insight::recon::*;
use duebook_insight::reports::matched_how;
use duebook_ledger::columns::ItemKind;
use duebook_ledger::command::{IssueDocument, RecordReceipt};
use duebook_ledger::import::Incoming;
use duebook_ledger::policy::PolicyChange;
use duebook_ledger::recon::{Onward, ReconCommand};
use duebook_ledger::statements::{AcceptedMatch, LineKind, StatementFacts, StatementLine};
use duebook_ledger::{Command, LineId, OpenScan, Seq, View};
use duebook_money::{Currency, Day, Money};
use duebook_policy::postings::Role;
use duebook_policy::rates::{Rate, RateTable};
use proptest::prelude::*;
use support::*;

const TODAY: &str = "2026-04-10";
const EUR: Currency = Currency::EUR;
const USD: Currency = Currency::USD;

/// EUR 500 and USD 1,000 billed to C1, EUR 300 to C2; EUR 2,000 came from C1 on the 5th of March.
/// A dollar is EUR 0.90 on the day of the bills, and 0.93 on that of the money.
fn desk() -> Desk {
    let mut desk = Desk::new(true, TODAY);
    let mut table = RateTable::new(EUR);
    for (from, value) in [("2026-03-01", "0.90"), ("2026-03-05", "0.93")] {
        let rate = Rate {
            currency: USD,
            from: day(from),
            value: value.parse().unwrap(),
            source: "desk".into(),
        };
        table.add(rate).unwrap();
    }
    desk.run(Command::SetPolicy(PolicyChange::Rates(table)));
    desk.customer("C1");
    desk.customer("C2");
    let due = "2026-03-31";
    desk.issue("C1", ItemKind::Invoice, "A", "2026-03-01", &[(due, 500_00)]);
    desk.issue("C2", ItemKind::Invoice, "B", "2026-03-01", &[(due, 300_00)]);
    desk.run(Command::IssueDocument(IssueDocument {
        customer: own("C1"),
        entity: "1000".into(),
        kind: ItemKind::Invoice as u8,
        number: "U".into(),
        doc_date: day("2026-03-01"),
        currency: USD,
        amount: 1_000_00,
        instalments: vec![(day(due), 1_000_00)],
        reference: String::new(),
        po: String::new(),
    }));
    desk.receipt(
        own("C1"),
        "R",
        "2026-03-05",
        2_000_00,
        &[(item("A", ""), 500_00)],
    );
    desk
}

fn transfer(onward: Onward, on: &str) -> Command {
    Command::Recon(ReconCommand::TransferReceipt {
        receipt: credit("R"),
        take_back: Vec::new(),
        onward,
        effective: day(on),
    })
}

fn to_c2(amount: i64) -> Onward {
    Onward {
        customer: own("C2"),
        amount,
        currency: EUR,
        into: amount,
        applications: vec![(item("B", ""), 300_00)],
    }
}

fn dollars(amount: i64) -> Onward {
    Onward {
        customer: own("C1"),
        amount,
        currency: USD,
        into: 1_000_00,
        applications: vec![(item("U", ""), 1_000_00)],
    }
}

fn log(desk: &Desk) -> Vec<LogRow> {
    let rows = cash_log(&desk.book, day("2026-03-01"), day(TODAY));
    for row in &rows {
        assert_eq!(row.difference(), 0, "CA-01: {row:?}");
    }
    rows
}

fn sum(rows: &[LogRow], currency: Currency, of: impl Fn(&LogRow) -> i64) -> i64 {
    let own = rows.iter().filter(|r| r.currency == currency);
    own.map(of).sum()
}

/// Cash received, and that opening and movements are closing, of everything or by customer.
fn received(desk: &Desk, currency: Currency, from: &str) -> i128 {
    let ask = Ask {
        period: Period {
            from: day(from),
            to: day(TODAY),
        },
        known: None,
        scope: Whose::default(),
        by: By::Nothing,
    };
    let gathered = Gathered::new(&desk.book, ask);
    let base = gathered.base(0, In::Own(currency)).unwrap();
    assert_eq!(base.rolled(), base.of(Sum::EndNet), "RC-02");
    base.of(Sum::Received)
}

fn rolls(desk: &Desk, from: &str) -> Vec<Roll> {
    let span = Span {
        from: day(from),
        to: day(TODAY),
    };
    let found = reconcile(&desk.book, span);
    for roll in &found.rolls {
        assert_eq!(roll.difference(), 0, "RC-02: {roll:?}");
    }
    for book in &found.books {
        assert_eq!(book.difference(), 0, "RC-01: {book:?}");
    }
    found.rolls
}

fn of_kind(rolls: &[Roll], currency: Currency, kind: RollKind) -> i64 {
    let roll = rolls.iter().find(|r| r.currency == currency).unwrap();
    let lines = roll.lines.iter().filter(|l| l.kind == kind);
    lines.map(|l| l.amount).sum()
}

#[test]
fn ca_32_between_customers_the_cash_collected_is_what_it_was() {
    let mut desk = desk();
    let (march, april) = ("2026-03-01", "2026-04-01");
    let before = received(&desk, EUR, march);
    desk.run(transfer(to_c2(400_00), "2026-04-02"));
    assert_eq!(desk.book.violations(), []);
    assert_eq!(received(&desk, EUR, march), before);
    assert_eq!(received(&desk, EUR, april), 0, "nothing came in April");
    let rows = log(&desk);
    assert_eq!(
        sum(&rows, EUR, |r| r.amount),
        2_000_00,
        "received from outside"
    );
    assert_eq!(sum(&rows, EUR, |r| r.transferred - r.brought), 0);
    let part = rows.iter().find(|r| r.from.is_some()).unwrap();
    assert_eq!((part.amount, part.whole()), (0, 400_00));
    assert_eq!((part.applied, part.unapplied), (300_00, 100_00));
    assert_eq!(matched_how(&desk.book, part), "Part of R");
    let whole = rows.iter().find(|r| r.from.is_none()).unwrap();
    assert_eq!(whole.to, [part.receipt]);
    assert_eq!((whole.transferred, whole.unapplied), (400_00, 1_100_00));
    // By the roll-forward nothing came in either, and the two ends of it are nothing.
    let rolls = rolls(&desk, april);
    assert_eq!(of_kind(&rolls, EUR, RollKind::Receipts), 0);
    assert_eq!(of_kind(&rolls, EUR, RollKind::Transfers), 0);
    // What waits there waits since the money came.
    let waits = unapplied(&desk.book, day(TODAY));
    let waits = waits.iter().find(|r| r.receipt == part.receipt).unwrap();
    assert_eq!((waits.unapplied, waits.date), (100_00, day("2026-03-05")));
    // The journal: no bank, and the two ends against one account.
    let made = journal(&desk.book, View::on(day(TODAY)), day(april));
    assert!(made.balances.iter().all(|b| b.holds()), "{made:?}");
    let legs: Vec<(Role, i64)> = made
        .entries
        .iter()
        .flat_map(|e| &e.legs)
        .map(|l| (l.role, l.amount))
        .collect();
    let of = |role| {
        legs.iter()
            .filter(|l| l.0 == role)
            .map(|l| l.1)
            .sum::<i64>()
    };
    assert!(
        !legs.iter().any(|(role, _)| *role == Role::Bank),
        "{legs:?}"
    );
    assert_eq!((of(Role::Transfers), of(Role::Receivables)), (0, -300_00));
}

#[test]
fn fx_a_conversion_moves_the_cash_between_currencies_and_says_so() {
    let mut desk = desk();
    let march = "2026-03-01";
    assert_eq!(received(&desk, EUR, march), 2_000_00);
    desk.run(transfer(dollars(935_00), "2026-03-05"));
    assert_eq!(desk.book.violations(), []);
    assert_eq!(received(&desk, EUR, march), 1_065_00);
    assert_eq!(received(&desk, USD, march), 1_000_00);
    let rows = log(&desk);
    assert_eq!(sum(&rows, EUR, |r| r.amount), 2_000_00);
    assert_eq!(sum(&rows, USD, |r| r.amount), 0);
    let moved = |c| sum(&rows, c, |r| r.brought - r.transferred);
    assert_eq!((moved(EUR), moved(USD)), (-935_00, 1_000_00));
    let part = rows.iter().find(|r| r.from.is_some()).unwrap();
    assert_eq!(matched_how(&desk.book, part), "Part of R, exchanged");
    let rolls = rolls(&desk, march);
    assert_eq!(of_kind(&rolls, EUR, RollKind::Receipts), -2_000_00);
    assert_eq!(of_kind(&rolls, EUR, RollKind::Transfers), 935_00);
    assert_eq!(of_kind(&rolls, USD, RollKind::Receipts), 0);
    assert_eq!(of_kind(&rolls, USD, RollKind::Transfers), -1_000_00);
    // Booked at 0.90, received EUR 935: a gain of 35, as it was previewed, and gone with an undo.
    let claim = desk.book.find_item(&item("U", "")).unwrap();
    let known = Realised::Known {
        base: EUR,
        booked: 900_00,
        received: 935_00,
    };
    let receipt = desk.book.find_item(&credit("R")).unwrap();
    let previewed = [
        Paid::PartOf {
            receipt,
            amount: 935_00,
            into: 1_000_00,
        },
        Paid::Agreed {
            on: day("2026-03-05"),
            money: Money::new(935_00, EUR),
            into: 1_000_00,
        },
        Paid::By(part.receipt),
    ];
    for paid in previewed {
        let table = BookRates::of(&desk.book);
        assert_eq!(realised(&desk.book, table, claim, paid, 1_000_00), known);
    }
    assert_eq!(part.realised.gains, [(EUR, 35_00)]);
    let made = journal(&desk.book, View::on(day(TODAY)), Day(i32::MIN));
    assert!(made.balances.iter().all(|b| b.holds()), "{made:?}");
    assert!(made.entries.iter().all(|e| e.difference() == 0));
    desk.run(Command::Undo {
        commit: desk.book.head(),
    });
    let rows = log(&desk);
    assert_eq!((rows.len(), rows[0].unapplied), (1, 1_500_00));
    assert!(rows[0].realised.is_nothing());
    assert_eq!(received(&desk, EUR, march), 2_000_00);
}

#[test]
fn fx_a_claim_in_the_companys_currency_realises_what_the_money_was_worth() {
    // EUR 300 are owed; USD 330 came, worth EUR 306.90 by the book, and were taken for the 300.
    let mut desk = desk();
    let money = |currency, amount| {
        Command::RecordReceipt(RecordReceipt {
            customer: own("C2"),
            entity: "1000".into(),
            number: "D".into(),
            value_date: day("2026-03-05"),
            currency,
            amount,
            reference: String::new(),
            applications: Vec::new(),
        })
    };
    desk.run(money(USD, 330_00));
    desk.run(Command::Recon(ReconCommand::TransferReceipt {
        receipt: credit("D"),
        take_back: Vec::new(),
        onward: Onward {
            customer: own("C2"),
            amount: 330_00,
            currency: EUR,
            into: 300_00,
            applications: vec![(item("B", ""), 300_00)],
        },
        effective: day("2026-03-06"),
    }));
    let rows = log(&desk);
    let part = rows.iter().find(|r| r.from.is_some()).unwrap();
    assert_eq!(part.realised.gains, [(EUR, 6_90)]);
    let made = journal(&desk.book, View::on(day(TODAY)), Day(i32::MIN));
    assert!(made.balances.iter().all(|b| b.holds()), "{made:?}");
}

#[test]
fn rc_01_the_bank_shows_the_money_once_and_what_it_took_back_is_whole() {
    let mut desk = desk();
    let facts = StatementFacts {
        account: "DE1".into(),
        currency: EUR,
        number: "1".into(),
        from: Some(day("2026-03-01")),
        to: Some(day("2026-04-10")),
        opening: Some(0),
        closing: Some(935_00),
        file: "s.xml".into(),
        format: "camt.053".into(),
        left_out: 0,
    };
    let line = StatementLine {
        bank_id: "L".into(),
        booked: day("2026-03-05"),
        value: day("2026-03-05"),
        amount: 935_00,
        payer: "Acme".into(),
        payer_account: String::new(),
        customer_ref: String::new(),
        references: Vec::new(),
        text: String::new(),
        kind: LineKind::Receipt,
        reversal: false,
        documents: Vec::new(),
        code: String::new(),
        row: 1,
        key: String::new(),
    };
    let incoming = Incoming {
        statements: vec![vec![line]],
        ..Incoming::default()
    };
    desk.try_run(Command::ImportStatements(vec![facts]), incoming)
        .unwrap();
    let line = desk.book.line_key(LineId(0)).unwrap();
    desk.run(Command::AcceptMatches(vec![AcceptedMatch {
        line,
        receipt: RecordReceipt {
            customer: own("C1"),
            entity: "1000".into(),
            number: "L".into(),
            value_date: day("2026-03-05"),
            currency: EUR,
            amount: 935_00,
            reference: String::new(),
            applications: Vec::new(),
        },
        credits: Vec::new(),
        granted: Vec::new(),
        auto: false,
        rule: None,
        contested: Vec::new(),
        onward: vec![dollars(935_00)],
    }]));
    assert_eq!(desk.book.violations(), []);
    let span = Span {
        from: day("2026-03-01"),
        to: day(TODAY),
    };
    let found = reconcile(&desk.book, span);
    let [euros] = &found.books[..] else {
        panic!("{:?}", found.books)
    };
    // The money of the line, and 2,000.00 that no line is; the dollars are no money of a bank.
    assert_eq!((euros.currency, euros.receipts), (EUR, 2_935_00));
    assert_eq!((euros.no_line, euros.difference()), (2_000_00, 0));
    assert_eq!(
        rates(&desk.book, [LineId(0)]).applications,
        1,
        "its part pays one item"
    );
    desk.run(Command::ReturnReceipt {
        receipt: credit("L"),
        effective: day("2026-04-02"),
    });
    assert_eq!(desk.book.violations(), []);
    let rows = log(&desk);
    let returned = sum(&rows, EUR, |r| r.returned);
    assert_eq!((returned, sum(&rows, USD, |r| r.returned)), (935_00, 0));
    assert_eq!(sum(&rows, USD, |r| r.unapplied), 0);
    let april = rolls(&desk, "2026-04-01");
    assert_eq!(of_kind(&april, EUR, RollKind::Returned), 935_00);
    assert_eq!(of_kind(&april, EUR, RollKind::Transfers), -935_00);
    assert_eq!(of_kind(&april, USD, RollKind::Transfers), 1_000_00);
    // The euros had been taken for dollars: it is the dollars that went.
    assert_eq!(received(&desk, EUR, "2026-04-01"), 0);
    assert_eq!(received(&desk, USD, "2026-04-01"), -1_000_00);
}

const WHO: [&str; 2] = ["C1", "C2"];

/// What each customer owes by the open items of a view, and by the legs of the journal.
fn both_ways(desk: &Desk, view: View) -> [(i64, i64); 2] {
    let scan = OpenScan::new(&desk.book, view);
    let made = journal(&desk.book, view, Day(i32::MIN));
    assert!(made.balances.iter().all(|b| b.holds()), "{made:?}");
    let legs: Vec<_> = made.entries.iter().flat_map(|e| &e.legs).collect();
    let between = legs.iter().filter(|l| l.role == Role::Transfers);
    assert_eq!(between.map(|l| l.amount).sum::<i64>(), 0, "in one currency");
    WHO.map(|n| {
        let id = desk.book.find_customer(&own(n)).unwrap();
        let open = scan.items_of(id).filter_map(|i| scan.open(i.id));
        let own = legs
            .iter()
            .filter(|l| l.customer == id && l.role.is_subledger());
        (open.map(|o| o.working()).sum(), own.map(|l| l.amount).sum())
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    /// CA-01, RC-02: whatever is transferred, paid, returned and undone, in any order and on any day: the
    /// parts of each receipt are the whole, what came in is what came in, opening and movements are closing,
    /// and the journal comes to what the items say, on any day and as known after any commit.
    #[test]
    fn ca_01_no_order_of_transfers_counts_money_twice(
        acts in prop::collection::vec((0u8..6, 0usize..6, 0usize..4, 1i64..90_00, 0i32..30), 1..20),
    ) {
        let mut desk = Desk::new(true, TODAY);
        WHO.iter().for_each(|c| desk.customer(c));
        let items = [("A", "C1"), ("B", "C1"), ("C", "C2"), ("D", "C2")];
        for (number, of) in items {
            desk.issue(of, ItemKind::Invoice, number, "2026-03-01", &[("2026-03-31", 60_00)]);
        }
        for number in ["P", "Q"] {
            desk.receipt(own("C1"), number, "2026-03-05", 80_00, &[]);
        }
        let names = ["P", "Q", "P/T1", "Q/T1", "P/T2", "P/T3"];
        for (what, r, i, amount, on) in acts {
            let (name, (target, of)) = (names[r], items[i]);
            let effective = day("2026-03-05").plus(on);
            let command = match what {
                0 => Command::ApplyCredit {
                    credit: credit(name),
                    item: item(target, ""),
                    amount,
                    effective,
                    with: Vec::new(),
                },
                1..=3 => Command::Recon(ReconCommand::TransferReceipt {
                    receipt: credit(name),
                    take_back: Vec::new(),
                    onward: Onward {
                        customer: own(of),
                        amount,
                        currency: EUR,
                        into: amount,
                        applications: (what == 1).then(|| (item(target, ""), amount)).into_iter().collect(),
                    },
                    effective,
                }),
                4 => Command::ReturnReceipt { receipt: credit(name), effective },
                _ => Command::Undo { commit: desk.book.head() },
            };
            let _ = desk.try_run(command, Incoming::default());
            prop_assert_eq!(desk.book.violations(), []);
        }
        let rows = log(&desk);
        let came = sum(&rows, EUR, |r| r.amount);
        prop_assert!([0, 80_00, 160_00].contains(&came), "the receipts that are not undone");
        for from in ["2026-03-01", "2026-03-20"] {
            rolls(&desk, from);
            received(&desk, EUR, from);
        }
        let back: i64 = rows.iter().map(|r| r.returned).sum();
        prop_assert_eq!(received(&desk, EUR, "2026-03-01"), i128::from(came - back));
        let head = desk.book.head();
        for known in [head, Seq(head.0 / 2), Seq(head.0.saturating_sub(1))] {
            for on in ["2026-03-10", "2026-03-25", TODAY] {
                let view = View { as_of: day(on), known: Some(known) };
                for (items, journal) in both_ways(&desk, view) {
                    prop_assert_eq!(items, journal, "on {} as known after {:?}", on, known);
                }
            }
        }
    }
}
