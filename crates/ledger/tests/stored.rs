//! What was stored once opens for ever. `fixtures/v1` was written by `write_fixture` (ignored: it
//! never overwrites) from the build that first had the format, and is never regenerated: a new
//! format or event gets a directory of its own.
//!
//! `log.txt`: per commit a line `commit seq command-id recorded-at ledger-date actor`, then `body`,
//! and `head`, `segment` or `payments` with rows, each followed by its stored bytes in hex.
//! `figures.txt`: what the book said then.
#![allow(clippy::unwrap_used, clippy::inconsistent_digit_grouping)] // minor units: 70_00 is 70.00
mod support;
use duebook_ledger::columns::StagedCustomer;
use duebook_ledger::command::*;
use duebook_ledger::event::BlockRef;
use duebook_ledger::facts::*;
use duebook_ledger::keys::FactKey;
use duebook_ledger::policy::PolicyChange;
use duebook_ledger::*;
use duebook_money::{Currency, Day};
use duebook_policy::{Basis, Buckets, ContactPolicy, HolidayCalendar, PromisePolicy, RateTable};
use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::PathBuf;
use support::*;

fn dir(version: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures")
        .join(version)
}

/// One small log that uses every event, every settlement cause a command makes, every policy.
fn every_event() -> Story {
    let mut s = following_book();
    let doc = day(2026, 3, 1);
    s.today = doc;
    let mut file = vec![
        row("HQ", "A", doc, doc.plus(30), 1_000_00, 400_00),
        row("HQ/1", "B", doc, doc.plus(60), 500_00, 500_00),
        row("HQ", "C", doc, doc, -80_00, -80_00),
    ];
    file[1].due = None;
    s.import(doc.plus(30), &file);
    file[0].open = 300_00;
    file[1].amount = 480_00;
    file[1].open = 480_00;
    file[1].due = Some(doc.plus(61));
    file.push(row("C2", "D", doc.plus(31), doc.plus(45), 70_00, 70_00));
    s.import(doc.plus(37), &file);
    let mut before = payment("A", "PAY-1", doc.plus(15), 700_00);
    before.customer = Some("HQ".into());
    s.payments(doc.plus(38), &[before]);
    let master = s.facts(
        ImportKind::MasterData,
        doc.plus(38),
        Scope::Customers(vec!["C2".into()]),
    );
    let contact = |n| NewContact {
        customer: erp_customer("C2"),
        role: "AP clerk".into(),
        zone: Some("Europe/Paris".into()),
        language: Some("fr".into()),
        details: text(n, "Anne\nanne@example.com\n+33 1"),
    };
    let known = StagedCustomer {
        number: "C2".into(),
        name: "Second SARL".into(),
        country: Some("FR".into()),
        zone: Some("Europe/Paris".into()),
        currency: Some("EUR".into()),
        credit_limit: Some(5_000_00),
        ..StagedCustomer::default()
    };
    let imported = s.when(Command::ImportMasterData {
        facts: master,
        customers: vec![known.clone()],
        contacts: vec![contact(1)],
    });
    s.when(Command::SaveCustomer {
        customer: erp_customer("C2"),
        facts: StagedCustomer {
            collector: Some("Asha".into()),
            ..known
        },
    });
    let person = fact(&s, imported, 1, 0);
    s.when(Command::SaveContact {
        contact: Some(person),
        facts: contact(2),
    });
    let second = s.when(Command::SaveContact {
        contact: None,
        facts: contact(3),
    });
    s.when(Command::RemoveContact {
        contact: fact(&s, second, 1, 0),
    });
    s.when(Command::SetProfile {
        customer: erp_customer("C2"),
        values: vec![
            (ProfileField::PayRun, "Thursday".into()),
            (ProfileField::Portal, "Ariba".into()),
        ],
        source: "call".into(),
        checked: doc.plus(38),
    });
    let follow_up = NewFollowUp {
        due: doc.plus(40),
        at: Some(1_775_000_000_000),
        zone: Some("Europe/Paris".into()),
        what: Some(text(4, "call again")),
        retry: false,
    };
    let set = s.when(Command::SetFollowUp {
        customer: erp_customer("C2"),
        follow_up: follow_up.clone(),
    });
    let line = |item, amount| NewPromiseLine {
        item,
        amount,
        date: doc.plus(50),
    };
    let logged = s.when(Command::LogContact(LogContact {
        customer: erp_customer("C2"),
        contact: Some(person),
        channel: Channel::Call,
        outcome: Outcome::Promise,
        at: 1_775_000_000_000,
        local_offset: Some(120),
        seconds: 240,
        note: Some(text(5, "will pay on Thursday")),
        items: vec![erp_item("D")],
        promise: Some(NewPromise {
            currency: Currency::EUR,
            lines: vec![line(Some(erp_item("D")), 70_00), line(None, 5_00)],
            method: Some("SEPA".into()),
            evidence: Some(text(6, "by phone")),
        }),
        follow_up: Some(follow_up),
        closes: vec![fact(&s, set, 4, 0)],
    }));
    s.when(Command::EndPromise {
        promise: fact(&s, logged, 3, 0),
        how: PromiseEnd::Superseded,
    });
    s.when(Command::SetField {
        items: vec![erp_item("D"), erp_item("A")],
        field: CollectorField::Status,
        value: "chased".into(),
    });
    let pays = [(erp_item("B"), 100_00)];
    let paid = s.when(receipt_from(
        erp_customer("HQ"),
        "P-9",
        doc.plus(38),
        300_00,
        &pays,
    ));
    let granted = [
        (Cause::Discount, 2_00),
        (Cause::Withholding, 1_00),
        (Cause::Tolerance, 1),
    ];
    let applied = s.when(apply(
        own_credit("P-9"),
        erp_item("A"),
        50_00,
        doc.plus(39),
        &granted,
    ));
    s.when(reverse(settlement(&s, applied, 1), doc.plus(41)));
    s.when(Command::SetStanding {
        item: Some(own_credit("P-9")),
        settlement: Some(settlement(&s, paid, 0)),
        standing: Standing::Sent,
        reference: "batch 7".into(),
    });
    s.when(returned(own_credit("P-9"), doc.plus(43)));
    let mut other = receipt_from(erp_customer("C2"), "P-10", doc.plus(38), 30_00, &[]);
    if let Command::RecordReceipt(r) = &mut other {
        r.entity = "2000".into();
    }
    let other = s.when(other);
    let undo = s.undo(other);
    s.undo(undo);
    for change in [
        PolicyChange::Buckets(Buckets::by_invoice_date()),
        PolicyChange::Basis(Basis::InvoiceDate),
        PolicyChange::Credits(CreditMode::NetOldest),
        PolicyChange::Rates(RateTable::new(Currency::EUR)),
        PolicyChange::Promises(PromisePolicy {
            grace_days: 4,
            ..PromisePolicy::default()
        }),
        PolicyChange::Contact(ContactPolicy::default()),
        PolicyChange::Calendar(HolidayCalendar::default()),
    ] {
        s.when(Command::SetPolicy(change));
    }
    s.when(Command::SetControlBalance {
        currency: Currency::EUR,
        as_of: doc.plus(37),
        minor: 770_00,
        source: "trial balance".into(),
    });
    s.when(Command::EraseTexts {
        texts: vec![uid(1_000_005)],
        ground: "Art. 17".into(),
    });
    s
}

/// The events that came after v1: answers of the source, successions, statements.
fn later_events() -> Story {
    let mut s = following_book();
    let doc = day(2026, 3, 1);
    s.today = doc;
    let mut file = vec![
        row("HQ", "A", doc, doc.plus(30), 200_00, 200_00),
        row("C2", "D", doc, doc.plus(45), 70_00, 70_00),
        row("C2", "E", doc, doc.plus(45), 30_00, 30_00),
    ];
    s.import(doc.plus(1), &file);
    let lines = vec![
        statement_line("T-1", doc.plus(2), 200_00),
        statement_line("", doc.plus(2), -10_00),
        statement_line("", doc.plus(3), 55_00),
        statement_line("T-4", doc.plus(8), -200_00),
    ];
    let facts = statement_facts("1/1", 1_200_00, 1_245_00);
    s.statement(&facts, lines).unwrap();
    let key = |s: &Story, n: u32| s.book.line_key(LineId(n)).unwrap();
    let receipt = |number: &str, pays: &[(keys::ItemKey, i64)]| match receipt_from(
        erp_customer("HQ"),
        number,
        doc.plus(2),
        200_00,
        pays,
    ) {
        Command::RecordReceipt(r) => r,
        _ => unreachable!(),
    };
    s.when(Command::AcceptMatches(vec![statements::AcceptedMatch {
        line: key(&s, 0),
        receipt: receipt("T-1", &[(erp_item("A"), 200_00)]),
        credits: Vec::new(),
        granted: Vec::new(),
        auto: true,
        rule: None,
        contested: Vec::new(),
        onward: Vec::new(),
    }]));
    s.when(Command::ExplainLines {
        lines: vec![key(&s, 1)],
        how: statements::Explanation::NotCustomerMoney("charges".into()),
    });
    // The source shows our receipt as a line of its own.
    file.push(row("HQ", "X", doc.plus(2), doc.plus(2), -200_00, -200_00));
    s.import(doc.plus(5), &file);
    // It did as we did; we take it back, and so does it.
    let paid = s.when(receipt_from(
        erp_customer("C2"),
        "P-2",
        doc.plus(5),
        30_00,
        &[(erp_item("E"), 30_00)],
    ));
    let e = file.remove(2);
    s.import(doc.plus(6), &file);
    s.today = doc.plus(7);
    s.when(reverse(settlement(&s, paid, 0), doc.plus(7)));
    file.push(e);
    s.import(doc.plus(8), &file);
    s.when(Command::ExplainLines {
        lines: vec![key(&s, 3)],
        how: statements::Explanation::Returned {
            receipt: own_credit("T-1"),
            effective: doc.plus(8),
        },
    });
    s.when(Command::ConfirmSuccession {
        from: vec![erp_item("D")],
        to: vec![erp_item("E")],
        kind: SuccessionKind::Rebill,
    });
    s.when(Command::MergeCustomers {
        from: erp_customer("C2"),
        to: erp_customer("HQ"),
    });
    s
}

/// What a book says, line by line, in natural keys.
fn figures(book: &Book) -> String {
    let mut out = String::new();
    let start = day(2026, 3, 1);
    for known in [book.head(), Seq(2), Seq(3)] {
        for d in [0, 14, 15, 30, 37, 39, 41, 43, 90] {
            let view = View {
                as_of: start.plus(d),
                known: Some(known),
            };
            let scan = OpenScan::new(book, view);
            for id in book.items().ids() {
                let (Some(key), Some(open)) = (book.item_key(id), scan.open(id)) else {
                    continue;
                };
                let due = scan.segment(id.segment()).unwrap().due(id.row());
                let (number, credit) = (&key.number, key.credit);
                let (at_source, pending) = (open.at_source, open.pending);
                writeln!(out, "known {} day {d} {}/{}/{number} credit {credit} due {due}: {at_source} {pending}",
                    known.0, key.source, key.entity).unwrap();
            }
        }
    }
    for id in book.customer_ids() {
        let facts = book.customer_facts(id).unwrap();
        let people = book.contacts_of(id).len();
        let customer = book.customer(id).unwrap();
        writeln!(
            out,
            "customer {} {} {:?} {:?} people {people} promises {} follow-ups {}",
            facts.number,
            facts.name,
            facts.parent,
            facts.collector,
            customer.promises.len(),
            customer.follow_ups.len()
        )
        .unwrap();
    }
    for promise in book.promises() {
        let ended = promise.ended.get(&|s| book.is_live(s));
        writeln!(out, "promise {:?} {ended:?}", promise.fact.lines).unwrap();
    }
    for id in book.items_with_fields() {
        let number = book.item_key(id).unwrap().number;
        writeln!(
            out,
            "field {number} {}",
            book.field(id, CollectorField::Status)
        )
        .unwrap();
    }
    for s in book.settlements().iter() {
        let back = book.reversal_of(s.id).map(|r| r.effective.0);
        writeln!(
            out,
            "settlement {:?} {} {} {:?} {back:?}",
            s.cause,
            s.amount,
            s.effective.0,
            book.standing_of(s.id)
        )
        .unwrap();
    }
    let p = book.policies();
    let contact = format!("{:?}", p.contact);
    let contact = contact.replace(", rules: [], calendars: []", "");
    // As v1 knew them: a later policy stands beside these.
    writeln!(
        out,
        "policies Policies {{ buckets: {:?}, basis: {:?}, credits: {:?}, rates: {:?}, promises: {:?}, contact: {}, calendar: {:?} }}",
        p.buckets, p.basis, p.credits, p.rates, p.promises, contact, p.calendar
    )
    .unwrap();
    writeln!(
        out,
        "control {:?}",
        book.control_balances().collect::<Vec<_>>()
    )
    .unwrap();
    writeln!(out, "erased {:?}", book.erased(uid(1_000_005))).unwrap();
    out
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}
fn unhex(text: &str) -> Vec<u8> {
    let digits = text.as_bytes().chunks(2);
    digits
        .map(|p| u8::from_str_radix(std::str::from_utf8(p).unwrap(), 16).unwrap())
        .collect()
}

fn to_text(log: &[Record]) -> String {
    let mut out = String::new();
    for r in log {
        let s = &r.stamp;
        let (seq, id) = (s.seq.0, hex(&s.command.0));
        writeln!(
            out,
            "commit {seq} {id} {} {} {}",
            s.recorded_at, s.ledger_date.0, s.actor
        )
        .unwrap();
        writeln!(out, "body 0 {}", hex(&r.body)).unwrap();
        for block in &r.blocks {
            let (name, block, bytes) = match block {
                Stored::Head(r, b) => ("head", r, b),
                Stored::Segment(r, b) => ("segment", r, b),
                Stored::Payments(r, b) => ("payments", r, b),
                Stored::Statement(r, b) => ("statement", r, b),
            };
            writeln!(out, "{name} {} {}", block.rows, hex(bytes)).unwrap();
        }
    }
    out
}

fn from_text(text: &str) -> Vec<Record> {
    let mut log: Vec<Record> = Vec::new();
    for line in text.lines() {
        let words: Vec<&str> = line.split(' ').collect();
        if words[0] == "commit" {
            let number = |n: usize| words[n].parse::<i64>().unwrap();
            let stamp = apply::Stamp {
                seq: Seq(number(1) as u32),
                command: Uid(unhex(words[2]).try_into().unwrap()),
                recorded_at: number(3),
                ledger_date: Day(number(4) as i32),
                actor: words[5].to_owned(),
            };
            let (body, blocks) = (Vec::new(), Vec::new());
            log.push(Record {
                stamp,
                body,
                blocks,
            });
            continue;
        }
        let (rows, bytes) = (words[1].parse().unwrap(), unhex(words[2]));
        let block = BlockRef::of(&bytes, rows);
        let record = log.last_mut().unwrap();
        match words[0] {
            "body" => record.body = bytes,
            "head" => record.blocks.push(Stored::Head(block, bytes)),
            "segment" => record.blocks.push(Stored::Segment(block, bytes)),
            "statement" => record.blocks.push(Stored::Statement(block, bytes)),
            _ => record.blocks.push(Stored::Payments(block, bytes)),
        }
    }
    log
}

fn write(version: &str, story: &Story) {
    let dir = dir(version);
    let (log, out) = (dir.join("log.txt"), dir.join("figures.txt"));
    assert!(!log.exists(), "a stored format is never rewritten");
    std::fs::create_dir_all(&dir).unwrap();
    std::fs::write(log, to_text(&story.log)).unwrap();
    std::fs::write(out, figures(&story.book)).unwrap();
}

#[test]
#[ignore = "writes the fixture once; never overwrites"]
fn write_fixture() {
    let stories = [
        ("v2", later_events()),
        ("v3", support::kept::told_and_kept()),
        ("reporting", support::kept::reported()),
        ("moved", support::kept::moved_receipt()),
        ("transferred", support::kept::transferred()),
        ("master", support::kept::master_data()),
    ];
    let new = stories.iter().filter(|(v, _)| !dir(v).exists());
    new.for_each(|(version, story)| write(version, story));
}

/// Opens a fixture; answers the numbers of the events in it.
fn opens(version: &str) -> (Book, BTreeSet<u8>) {
    let log = from_text(&std::fs::read_to_string(dir(version).join("log.txt")).unwrap());
    let mut book = Book::default();
    let mut seen = BTreeSet::new();
    for record in &log {
        let body = Body::decode(&record.body).unwrap();
        seen.extend(body.events.iter().map(support::kept::number_of));
        book.apply(&record.stamp, &body, &mut bulk_of(&record.blocks))
            .unwrap();
        assert_eq!(book.violations(), [], "after {}", record.stamp.seq.0);
    }
    let then = std::fs::read_to_string(dir(version).join("figures.txt")).unwrap();
    let now = figures(&book);
    for (then, now) in then.lines().zip(now.lines()) {
        assert_eq!(now, then);
    }
    assert_eq!(now.lines().count(), then.lines().count());
    (book, seen)
}

#[test]
fn v1_opens_for_ever() {
    let (_, seen) = opens("v1");
    let v1: BTreeSet<u8> = (0..=22).collect();
    assert_eq!(seen, v1, "every event of v1 is in it");
}

#[test]
fn v2_opens_for_ever() {
    let (book, seen) = opens("v2");
    let v2: BTreeSet<u8> = (23..=28).collect();
    assert!(
        seen.is_superset(&v2),
        "every event of v2 is in it: {seen:?}"
    );
    let (_, statement) = book.statements().next().unwrap();
    let rests: Vec<i64> = statement.lines.iter().map(|l| book.line_rest(*l)).collect();
    assert_eq!(rests, [0, 0, 55_00, 0]);
    assert_eq!(statement.facts.closing, Some(1_245_00));
}

#[test]
fn v3_opens_for_ever() {
    let (book, seen) = opens("v3");
    for number in [40, 41, 42, 50] {
        assert!(seen.contains(&number), "{number} of {seen:?}");
    }
    let (_, template) = book.templates().next().unwrap();
    assert_eq!(template.sheets[0].columns.len(), 38);
    assert_eq!(template.sheets[0].rows.words, "north");
    assert_eq!(book.remarks()[0].fact.author, "Asha");
}

#[test]
fn reporting_opens_for_ever() {
    let (book, seen) = opens("reporting");
    assert!(seen.contains(&100), "{seen:?}");
    let live = |c| book.is_live(c);
    assert_eq!(book.frozen_lists(live).count(), 1);
    assert_eq!(book.issued_reports().count(), 2);
    assert_eq!(book.sales(&live).map(|x| x.minor).sum::<i64>(), 400_00);
    let forecasts: Vec<_> = book.frozen_forecasts(live).collect();
    assert_eq!(forecasts.len(), 2);
    let first = &forecasts[0].fact;
    assert_eq!(first.week(1), (day(2026, 4, 9), day(2026, 4, 15)));
    assert_eq!(first.currencies[0].weeks[0].expected(), 110_00);
    assert_eq!(first.currencies[0].later.upside, 10_00);
}

#[test]
fn a_moved_receipt_opens_for_ever() {
    let (book, _) = opens("moved");
    let moved = book.moved_receipts().next().unwrap();
    let owner = book.item(moved.receipt).unwrap().customer();
    assert_eq!((owner, book.moved_receipts().count()), (moved.to, 1));
}

#[test]
fn a_transferred_receipt_opens_for_ever() {
    let (book, _) = opens("transferred");
    let all: Vec<_> = book.transfers_ever().collect();
    let into: Vec<(i64, i64)> = all.iter().map(|t| (t.amount, t.into)).collect();
    assert_eq!(into, [(60_00, 60_00), (60_00, 64_20)]);
    assert_eq!(book.transferred(all[0].from), 120_00);
}

#[test]
fn files_of_customers_open_for_ever() {
    let (book, seen) = opens("master");
    assert!(seen.contains(&29), "{seen:?}");
    let told: Vec<_> = book
        .imports()
        .filter(|i| i.facts.kind == ImportKind::MasterData)
        .map(|i| {
            (
                i.facts.file.as_str(),
                i.facts.totals.count,
                i.added,
                i.changed,
            )
        })
        .collect();
    assert_eq!(told, [("customers.csv", 2, 1, 1), ("more.csv", 2, 0, 1)]);
}

#[test]
fn a_block_that_is_missing_or_points_outside_changes_nothing() {
    let story = every_event();
    let mut book = Book::default();
    for record in &story.log {
        let body = Body::decode(&record.body).unwrap();
        if !record.blocks.is_empty() {
            let head = book.head();
            let refused = book.apply(&record.stamp, &body, &mut Default::default());
            assert!(refused.is_err());
            assert_eq!(book.head(), head);
        }
        book.apply(&record.stamp, &body, &mut bulk_of(&record.blocks))
            .unwrap();
    }
    let none = FactKey {
        command: uid(999),
        ordinal: 0,
    };
    assert_eq!(book.find_fact(none), None);
}
