//! Times the aging of a synthetic book: `cargo run --release -p duebook-insight --example aging N`.
//!
//! N items of 17 sqrt(N) customers, a few of them with most items, in seven currencies, mostly one
//! or two a customer; then 1.5 settlements per item, 3 % of them reversed, at three dates and two
//! commits. A hand-written loop over the bare columns is timed beside it as the yardstick.

use duebook_insight::{AgingQuery, aging, kpi};
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

/// Customers, the first of which have most of the items (Zipf).
struct Customers(Vec<u64>);

impl Customers {
    fn new(items: usize) -> Self {
        let mut sum = 0;
        let share = |i: u64| 1_000_000_000 / (i + 3);
        let count = (17 * items.isqrt()).max(1) as u64;
        Customers(
            (0..count)
                .map(|i| {
                    sum += share(i);
                    sum
                })
                .collect(),
        )
    }
    fn pick(&self, random: &mut Random) -> u64 {
        let at = random.below(self.0.last().copied().unwrap_or(1));
        self.0.partition_point(|sum| *sum <= at) as u64
    }
}

const CODES: [&str; 7] = ["EUR", "USD", "GBP", "JPY", "CHF", "PLN", "DKK"];

fn currency_of(customer: u64, random: &mut Random) -> u16 {
    let of = |n: u64| Currency::from_code(CODES[n as usize % 7]).unwrap_or(Currency::XXX);
    let home = random.below(10) < 8;
    of(if home { customer } else { customer / 7 }).numeric()
}

fn segment(rows: usize, from: usize, customers: &Customers, random: &mut Random) -> Segment {
    let mut s = Segment::default();
    for row in 0..rows {
        let number = from + row;
        let doc = TODAY.0 - random.below(400) as i32;
        let is_credit = random.below(33) == 0;
        let amount = 1 + random.below(5_000_000) as i64;
        let customer = customers.pick(random);
        s.customer.push(customer as u32);
        s.entity.push(random.below(3) as u16 / 2);
        s.currency.push(currency_of(customer, random));
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
        scope: Scope::Everything,
        totals: ControlTotals {
            count: items as u64,
            ..ControlTotals::default()
        },
        ..ImportFacts::new(ImportKind::OpenItems, "ERP", "", TODAY)
    }
}

fn build(items: usize, random: &mut Random) -> Book {
    let mut book = Book::default();
    let customers = Customers::new(items);
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
    let head = BlockRef::of(b"head", customers.0.len());
    let customer = |n: usize| StagedCustomer {
        number: n.to_string(),
        name: format!("Customer {n}"),
        ..StagedCustomer::default()
    };
    let facts_of_head = Head {
        customers: (0..customers.0.len()).map(customer).collect(),
        entities: vec!["1000".into(), "2000".into()],
    };
    bulk.heads
        .insert(head.digest, std::rc::Rc::new(facts_of_head));
    let mut segments = Vec::new();
    for from in (0..items).step_by(SEGMENT_ROWS) {
        let rows = SEGMENT_ROWS.min(items - from);
        let block = BlockRef::of(&from.to_le_bytes(), rows);
        let data = segment(rows, from, &customers, random);
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

/// The yardstick: bare typed arrays, nothing but customer, currency and bucket; then its groups.
fn by_hand(book: &Book, customers: usize) -> usize {
    let mut local = vec![0usize; 1000];
    for (at, code) in CODES.iter().enumerate() {
        let currency = Currency::from_code(code).unwrap_or(Currency::XXX);
        local[usize::from(currency.numeric())] = at;
    }
    let mut sums = vec![0i64; customers * 7 * 6];
    let mut counts = vec![0u32; customers * 7 * 6];
    for segment in book.items().segments() {
        let s = &segment.data;
        for i in 0..s.len() {
            let late = TODAY.0 - s.due[i];
            let bucket = match late {
                i32::MIN..=0 => 0,
                121.. => 5,
                days => (days as usize).div_ceil(30),
            };
            let at = (s.customer[i] as usize * 7 + local[usize::from(s.currency[i])]) * 6 + bucket;
            sums[at] += s.open[i];
            counts[at] += 1;
        }
    }
    let groups: Vec<(usize, i64, u32)> = (0..sums.len())
        .filter(|&at| counts[at] > 0)
        .map(|at| (at, sums[at], counts[at]))
        .collect();
    groups.len()
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
    for by in [kpi::By::Nothing, kpi::By::Customer] {
        let period = kpi::Period {
            from: TODAY.month_start(),
            to: TODAY,
        };
        let ask = kpi::Ask {
            period,
            known: None,
            scope: kpi::Whose::default(),
            by,
        };
        best_of(&format!("key figures of a month, {by:?}"), || {
            kpi::Gathered::new(&book, ask.clone())
        });
        let mut making = kpi::Making::new(&book, ask);
        let mut longest = std::time::Duration::ZERO;
        loop {
            let from = Instant::now();
            let made = making.step(&book);
            longest = longest.max(from.elapsed());
            if made.is_some() {
                break;
            }
        }
        println!("{:<44} {longest:?}", "  longest slice");
    }
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
