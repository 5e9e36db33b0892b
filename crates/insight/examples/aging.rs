//! Times the aging of a synthetic book: `cargo run --release -p duebook-insight --example aging N`.
//!
//! N items of N / 20 customers in four currencies; then 1.5 settlements per item, 3 % of them
//! reversed, at three dates and two commits. A hand-written loop over the bare columns is timed
//! beside it as the yardstick.

use duebook_insight::{AgingQuery, aging};
use duebook_ledger::apply::Stamp;
use duebook_ledger::columns::{ItemKind, SEGMENT_ROWS, Segment, StagedCustomer};
use duebook_ledger::event::{BlockRef, Event, SettlementFact};
use duebook_ledger::facts::*;
use duebook_ledger::import::{Bulk, Head};
use duebook_ledger::{Body, Book, Command, ItemId, Seq, SettlementId, Uid, View};
use duebook_money::{Currency, Day};
use std::rc::Rc;
use std::time::Instant;

const TODAY: Day = Day(20_500);

/// A small generator of its own: the same book every time.
struct Random(u64);

impl Random {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % n
    }
}

fn commit(book: &mut Book, command: Command, events: Vec<Event>, bulk: &mut Bulk) {
    let seq = Seq(book.head().0 + 1);
    let mut id = [0; 16];
    id[..4].copy_from_slice(&seq.0.to_le_bytes());
    let stamp = Stamp {
        seq,
        command: Uid(id),
        recorded_at: 0,
        ledger_date: TODAY,
        actor: String::new(),
    };
    if let Err(missing) = book.apply(&stamp, &Body { command, events }, bulk) {
        println!("not applied: {missing:?}");
    }
}

fn segment(rows: usize, from: usize, customers: u64, random: &mut Random) -> Segment {
    let currencies = [Currency::EUR, Currency::USD, Currency::GBP, Currency::JPY];
    let mut s = Segment::default();
    for row in 0..rows {
        let number = from + row;
        let doc = TODAY.0 - random.below(400) as i32;
        let is_credit = random.below(20) == 0;
        let amount = 1 + random.below(5_000_000) as i64;
        s.customer.push(random.below(customers) as u32);
        s.entity.push(0);
        s.currency
            .push(currencies[random.below(4) as usize].numeric());
        s.kind.push(if is_credit {
            ItemKind::CreditMemo as u8
        } else {
            ItemKind::Invoice as u8
        });
        s.doc_date.push(doc);
        s.due.push(doc + 30);
        s.amount.push(if is_credit { -amount } else { amount });
        s.open.push(if is_credit { -amount } else { amount });
        s.line.push(number as u32);
        s.number.push(&format!("INV{number}"));
    }
    s
}

fn facts(items: usize) -> ImportFacts {
    ImportFacts {
        kind: ImportKind::OpenItems,
        source: "ERP".into(),
        file: String::new(),
        as_of: TODAY,
        as_of_minute: None,
        scope: Scope::Everything,
        totals: ControlTotals {
            count: items as u64,
            ..ControlTotals::default()
        },
        left_out: 0,
    }
}

fn build(items: usize, random: &mut Random) -> Book {
    let mut book = Book::default();
    let customers = (items / 20).max(1);
    let opened = Event::BookOpened {
        name: "Bench".into(),
        currency: Currency::EUR,
        own_ledger: false,
        sample: true,
    };
    let open = Command::OpenBook {
        name: "Bench".into(),
        currency: Currency::EUR,
        own_ledger: false,
        sample: true,
    };
    commit(&mut book, open, vec![opened], &mut Bulk::default());
    let mut bulk = Bulk::default();
    let head = BlockRef::of(b"head", customers);
    let customer = |n: usize| StagedCustomer {
        number: n.to_string(),
        name: format!("Customer {n}"),
        ..StagedCustomer::default()
    };
    let facts_of_head = Head {
        customers: (0..customers).map(customer).collect(),
        entities: vec!["1000".into()],
    };
    bulk.heads.insert(head.digest, facts_of_head);
    let mut segments = Vec::new();
    for from in (0..items).step_by(SEGMENT_ROWS) {
        let rows = SEGMENT_ROWS.min(items - from);
        let block = BlockRef::of(&from.to_le_bytes(), rows);
        let data = segment(rows, from, customers as u64, random);
        bulk.segments.insert(block.digest, Rc::new(data));
        segments.push(block);
    }
    let imported = Event::ItemsImported {
        facts: facts(items),
        head,
        segments,
    };
    let command = Command::ImportItems(facts(items));
    commit(&mut book, command, vec![imported], &mut bulk);
    book
}

/// 1.5 settlements per item, each of a small part, over the last 300 days; 3 % reversed later.
fn settle(book: &mut Book, items: usize, random: &mut Random) {
    for part in 0..3 {
        let mut events = Vec::new();
        let mut reversals = Vec::new();
        let first = book.settlements().len();
        for n in 0..items / 2 {
            let at = random.below(items as u64) as usize;
            let id = ItemId::new(at / SEGMENT_ROWS, at % SEGMENT_ROWS);
            let Some(item) = book.item(id) else { continue };
            let is_credit = item.recorded_amount() < 0;
            let effective = Day(TODAY.0 - random.below(300) as i32);
            events.push(Event::Settled(SettlementFact {
                debit: (!is_credit).then_some(id),
                credit: is_credit.then_some(id),
                amount: item.recorded_amount().abs() / 8,
                effective,
                cause: Cause::Payment,
                standing: Standing::AtSource,
            }));
            if random.below(100) < 3 {
                reversals.push(Event::SettlementReversed {
                    settlement: SettlementId((first + n) as u32),
                    effective: Day(effective.0 + 9),
                    standing: Standing::AtSource,
                });
            }
        }
        events.extend(reversals);
        let command = Command::Undo {
            commit: Seq(part + 1),
        };
        commit(book, command, events, &mut Bulk::default());
    }
}

/// The yardstick: bare typed arrays, nothing but bucket, customer and currency.
fn by_hand(book: &Book, customers: usize) -> i64 {
    let mut sums = vec![0i64; customers * 4 * 6];
    let local = |c: u16| match c {
        978 => 0,
        840 => 1,
        826 => 2,
        _ => 3,
    };
    for segment in book.items().segments() {
        let s = &segment.data;
        for i in 0..s.len() {
            let late = TODAY.0 - s.due[i];
            let bucket = usize::from(late > 0)
                + usize::from(late > 30)
                + usize::from(late > 60)
                + usize::from(late > 90)
                + usize::from(late > 120);
            sums[(s.customer[i] as usize * 4 + local(s.currency[i])) * 6 + bucket] += s.open[i];
        }
    }
    sums.iter().sum()
}

fn best_of<T>(what: &str, mut run: impl FnMut() -> T) {
    let mut best = None;
    for _ in 0..5 {
        let from = Instant::now();
        std::hint::black_box(run());
        let took = from.elapsed();
        best = Some(best.map_or(took, |b: std::time::Duration| b.min(took)));
    }
    println!("{what:<44} {:?}", best.unwrap_or_default());
}

fn main() {
    let items = std::env::args()
        .nth(1)
        .and_then(|n| n.parse().ok())
        .unwrap_or(1_000_000);
    let mut random = Random(42);
    let mut book = build(items, &mut random);
    let today = AgingQuery::new(&book, View::on(TODAY));
    println!("{items} items, {} customers", book.customers().len());
    best_of("by hand, bare columns", || {
        by_hand(&book, book.customers().len())
    });
    best_of("today, nothing settled", || aging(&book, &today));
    settle(&mut book, items, &mut random);
    println!("{} settlements", book.settlements().len());
    let head = book.head();
    for (name, known) in [("now", None), ("then", Some(Seq(head.0 - 1)))] {
        for back in [0, 60, 200] {
            let as_of = Day(TODAY.0 - back);
            let query = AgingQuery {
                view: View { as_of, known },
                ..today.clone()
            };
            best_of(&format!("{back} days back, as known {name}"), || {
                aging(&book, &query)
            });
        }
    }
}
