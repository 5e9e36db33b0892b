//! The sample portfolio through the ordinary engine.

use duebook_insight::kpi::{Ask, By, Gathered, In, Period, Whose};
use duebook_ledger::columns::{ItemKind, TextField};
use duebook_ledger::event::{BlockRef, Event};
use duebook_ledger::facts::{Cause, Outcome, Standing};
use duebook_ledger::import::cbor;
use duebook_ledger::{Book, OpenScan, Seq, View};
use duebook_money::{Currency, Day};
use duebook_sample::{Intended, Portfolio, Step, apply, portfolio};
use std::collections::{BTreeMap, BTreeSet};

fn today() -> Day {
    Day::from_ymd(2026, 11, 18).expect("a date")
}

fn sample() -> Portfolio {
    portfolio(7, today(), 320)
}

fn bytes_of(step: &Step) -> Vec<u8> {
    let mut out = cbor(&step.body());
    out.extend_from_slice(&step.command_id.0);
    out.extend_from_slice(&step.at_ms.to_be_bytes());
    for text in &step.texts {
        out.extend_from_slice(text.body.as_bytes());
        out.extend_from_slice(&text.salt);
    }
    for (_, block) in &step.blocks {
        out.extend_from_slice(block);
    }
    out
}

#[test]
fn same_seed_same_bytes_and_another_seed_others() {
    let of = |seed, today| -> Vec<u8> {
        portfolio(seed, today, 40)
            .steps
            .iter()
            .flat_map(bytes_of)
            .collect()
    };
    assert_eq!(of(1, today()), of(1, today()));
    assert_ne!(of(1, today()), of(2, today()));
    assert_ne!(of(1, today()), of(1, today().plus(1)));
}

#[test]
fn every_step_is_decided_alike_in_a_fresh_book_and_breaks_nothing() {
    let p = sample();
    assert_eq!(p.refused.len(), 0, "{:?}", p.refused.first());
    let mut book = Book::default();
    let mut last = i64::MIN;
    for (n, step) in p.steps.iter().enumerate() {
        assert!(step.at_ms > last, "step {n}");
        last = step.at_ms;
        assert!(step.ledger_date < today());
        let decision = book
            .decide(&step.context(), &step.command, &step.incoming)
            .unwrap_or_else(|r| panic!("step {n}: {r:?}"));
        assert_eq!(decision.events, step.events, "step {n}");
        for (block, bytes) in &step.blocks {
            assert_eq!(BlockRef::of(bytes, block.rows as usize), *block);
        }
        apply(&mut book, Seq(n as u32 + 1), step).expect("its blocks are there");
        if step.incoming.head.is_some() {
            book.index_all();
        }
        if n % 250 == 0 {
            assert_eq!(book.violations(), [], "after step {n}");
        }
    }
    assert_eq!(book.violations(), []);
    // Nothing is said as of today or recorded after the eve's morning.
    assert!(last < i64::from(today().0 - 1) * 86_400_000 + 11 * 3_600_000);
}

#[test]
fn texts_have_their_digests_and_no_text_is_missing() {
    let p = sample();
    let mut known = BTreeSet::new();
    for text in p.steps.iter().flat_map(|s| &s.texts) {
        let again = duebook_ledger::keys::TextRef::of(text.id, &text.salt, &text.body);
        assert_eq!(again, text.reference);
        assert!(!text.body.contains('{'), "{}", text.body);
        known.insert(text.id);
    }
    for event in p.steps.iter().flat_map(|s| &s.events) {
        match event {
            Event::ActivityLogged { note: Some(t), .. } => assert!(known.contains(&t.id)),
            Event::ContactSaved { details, .. } => assert!(known.contains(&details.id)),
            Event::FollowUpSet { what: Some(t), .. } => assert!(known.contains(&t.id)),
            _ => {}
        }
    }
}

/// RC-02: what the book shows at source is what the ERP has, per currency, and the control
/// balances given say so.
#[test]
fn rc_02_the_book_ties_out_to_the_source() {
    for seed in 1..6 {
        let p = portfolio(seed, today(), 120);
        assert_eq!(p.refused.len(), 0, "{:?}", p.refused.first());
        let scan = OpenScan::new(&p.book, View::on(today()));
        let mut sums: BTreeMap<Currency, i64> = BTreeMap::new();
        let mut pending = 0;
        for id in p.book.items().ids() {
            let Some(open) = scan.open(id) else { continue };
            let item = p.book.item(id).expect("it is there");
            *sums.entry(item.currency()).or_default() += open.at_source;
            pending += i64::from(open.pending != 0);
        }
        assert_eq!(sums, p.figures.open_at_source, "seed {seed}");
        assert!(pending > 3, "{pending}");
        let control: BTreeMap<Currency, i64> = p
            .book
            .control_balances()
            .map(|(c, _, minor, _)| (c, minor))
            .collect();
        assert_eq!(control, p.figures.open_at_source);
    }
}

#[test]
fn what_is_in_it() {
    let p = sample();
    let f = &p.figures;
    println!("steps {}", p.steps.len());
    let by_code: Vec<String> = f
        .customers
        .iter()
        .map(|(c, n)| format!("{} {n}", c.code()))
        .collect();
    println!("customers {by_code:?} {:?}", f.countries);
    println!(
        "documents {} payments rows {} disputes {} texts {}",
        f.documents, f.payments, f.disputes, f.texts
    );
    println!("commands {:?}", f.commands);
    println!("promises {:?}", f.promises);
    println!("outcomes {:?}", f.outcomes);
    let open: Vec<String> = f
        .open_at_source
        .iter()
        .map(|(c, n)| format!("{} {n}", c.code()))
        .collect();
    println!("open at source {open:?}");
    let stored: usize = p.steps.iter().map(|s| bytes_of(s).len()).sum();
    println!("stored bytes {stored}");

    assert_eq!(f.customers.values().sum::<u32>(), 320);
    assert!(f.customers.len() >= 7 && f.countries.len() >= 9);
    assert!((3_000..12_000).contains(&f.documents), "{}", f.documents);
    for outcome in Outcome::ALL {
        assert!(f.outcomes.contains_key(&outcome), "{outcome:?}");
    }
    use Intended::*;
    for (kind, at_least) in [
        (Kept, 60),
        (Partial, 10),
        (Broken, 40),
        (Open, 8),
        (DueToday, 4),
        (Withdrawn, 1),
        (Superseded, 1),
        (EntryError, 1),
    ] {
        assert!(
            f.promises.get(&kind).copied().unwrap_or(0) >= at_least,
            "{kind:?} {:?}",
            f.promises
        );
    }
    assert!(f.disputes >= 30, "{}", f.disputes);

    let book = &p.book;
    let names: BTreeSet<&str> = book
        .customer_ids()
        .filter_map(|c| book.customer_facts(c))
        .map(|f| f.name.as_str())
        .collect();
    assert!(names.contains("<b>Bold & Co</b>") && names.iter().any(|n| n.starts_with('=')));
    assert!(
        book.customer_ids()
            .filter(|c| book.customer_facts(*c).is_some_and(|f| f.parent.is_some()))
            .count()
            > 20
    );
    let mut kinds: BTreeMap<ItemKind, u32> = BTreeMap::new();
    let mut parts = 0;
    for item in book.items().ids().filter_map(|id| book.item(id)) {
        *kinds.entry(item.kind()).or_default() += 1;
        parts +=
            u32::from(item.kind() == ItemKind::Invoice && !item.text(&TextField::Line).is_empty());
    }
    let buckets = duebook_policy::Buckets::default();
    let mut aging: BTreeMap<String, u32> = BTreeMap::new();
    for item in book
        .items()
        .ids()
        .filter_map(|id| book.item(id))
        .filter(|i| i.open() > 0)
    {
        let bucket = buckets.index(today().0 - book.due_of(&item));
        *aging.entry(buckets.label(bucket)).or_default() += 1;
    }
    println!("open debits by age {aging:?}");
    println!("items {kinds:?}, of instalments {parts}");
    assert_eq!(kinds.len(), ItemKind::ALL.len());
    assert!(parts > 20);
    let mut causes: BTreeMap<Cause, u32> = BTreeMap::new();
    for s in book.items().ids().flat_map(|id| book.settlements_of(id)) {
        *causes.entry(s.cause).or_default() += 1;
    }
    println!("settlements by cause (both sides) {causes:?}");
    use Cause::*;
    for cause in [
        Payment,
        Credit,
        Discount,
        Withholding,
        AtSourceUnknown,
        Amended,
        Returned,
        Tolerance,
    ] {
        assert!(causes.contains_key(&cause), "{cause:?}");
    }
    let sent = book
        .items()
        .ids()
        .filter_map(|id| book.item(id))
        .filter(|i| i.standing() == Standing::Sent)
        .count();
    assert!(sent > 0);
    let due = |d: Day| {
        book.follow_ups()
            .iter()
            .filter(|f| f.closed.get(&|s| book.is_live(s)).is_none() && f.due == d)
            .count()
    };
    println!(
        "follow-ups open today {}, tomorrow {}, with a time {}",
        due(today()),
        due(today().plus(1)),
        book.follow_ups().iter().filter(|f| f.at.is_some()).count()
    );
    assert!(due(today()) >= 5);
    // Negotiated, provided for, and forecast: no page of it is empty.
    assert_eq!(book.plans().len() + book.offers().len(), 2);
    assert_eq!(book.policies().recovery.provision.given_ppm.len(), 6);
    let frozen: Vec<Day> = (book.frozen_forecasts(|s| book.is_live(s)))
        .map(|f| f.fact.as_of)
        .collect();
    assert!((9..=10).contains(&frozen.len()), "{frozen:?}");
    let ask = Ask {
        period: Period {
            from: frozen[0],
            to: today(),
        },
        known: None,
        scope: Whose::default(),
        by: By::Nothing,
    };
    let judged = Gathered::new(book, ask);
    let next = judged.horizons(In::Reporting).expect("rates are there")[0];
    println!(
        "forecast, the next week: {next:?}, error {:?}",
        next.error()
    );
    assert!(next.weeks >= 8 && next.error().is_some_and(|e| e.rounded(100) < Some(100)));
}

/// The two clocks differ: what was known on the evening of an extract is not what is known now.
#[test]
fn ag_20_late_news_makes_old_figures_differ() {
    let p = sample();
    let sum = |view| {
        let scan = OpenScan::new(&p.book, view);
        p.book
            .items()
            .ids()
            .filter_map(|id| scan.open(id))
            .map(|o| o.at_source)
            .sum::<i64>()
    };
    let differ = p
        .book
        .commits()
        .iter()
        .filter(|c| c.seq.0 % 40 == 0)
        .filter(|c| {
            let as_of = c.ledger_date.plus(-1);
            sum(View {
                as_of,
                known: Some(c.seq),
            }) != sum(View::on(as_of))
        });
    assert!(differ.count() > 5);
}

#[test]
fn small_ones_work_too() {
    for customers in [0, 1, 5, 30] {
        let p = portfolio(3, today(), customers);
        assert_eq!(p.refused.len(), 0, "{customers}: {:?}", p.refused.first());
        assert_eq!(p.book.violations(), []);
    }
    // Leap days, a Sunday, a new year.
    for (y, m, d) in [(2028, 2, 29), (2026, 11, 22), (2027, 1, 1)] {
        let today = Day::from_ymd(y, m, d).expect("a date");
        let p = portfolio(3, today, 60);
        assert_eq!(p.refused.len(), 0, "{today}: {:?}", p.refused.first());
    }
}
