//! Key figures against the aging, the roll-forward, their groups and the rows behind them.

use duebook_insight::aging::{AgingQuery, Figure, aging};
use duebook_insight::kpi::*;
use duebook_ledger::facts::CreditMode;
use duebook_ledger::{Book, Seq, View};
use duebook_money::Day;
use duebook_policy::{Basis, Buckets};

fn ask(from: Day, to: Day, known: Option<Seq>, by: By) -> Ask {
    Ask {
        period: Period { from, to },
        known,
        scope: Whose::default(),
        by,
    }
}

/// Everything that has to hold of the figures of a book on a day, whatever happened to it.
pub fn check_kpis(book: &Book, today: Day) {
    let half = Some(Seq(book.head().0 / 2 + 1));
    for (known, back, days) in [(None, 0, 20), (half, 9, 31)] {
        let to = today.plus(-back);
        let of = |by| Gathered::new(book, ask(to.plus(-days), to, known, by));
        let all = of(By::Nothing);
        check_balances(book, &all);
        check_groups(&all, &of(By::Customer));
        check_groups(&all, &of(By::Collector));
        if let Some(known) = known {
            check_restated(book, &all, known);
        }
        for currency in all.currencies() {
            for kpi in all.kpis(0, In::Own(currency)) {
                check_rows(book, &all, &kpi, In::Own(currency));
            }
        }
    }
}

fn check_balances(book: &Book, all: &Gathered) {
    let view = View {
        as_of: all.ask.period.to,
        known: all.ask.known,
    };
    let query = AgingQuery {
        basis: Basis::DueDate,
        buckets: Buckets::default(),
        credits: CreditMode::Separate,
        ..AgingQuery::new(book, view)
    };
    let aged = aging(book, &query).unwrap();
    for figure in [Figure::Working, Figure::AtSource] {
        let query = AgingQuery {
            figure,
            ..query.clone()
        };
        let aged = aging(book, &query).unwrap();
        let sampled = accuracy::sample(book, &query, &aged, u64::from(book.head().0));
        assert_eq!(sampled.errors, 0, "{sampled:?} {figure:?}");
    }
    for currency in all.currencies() {
        let base = all.base(0, In::Own(currency)).unwrap();
        assert_eq!(
            base.rolled(),
            base.of(Sum::EndNet),
            "the roll-forward closes: {base:?}"
        );
        for bucket in 0..all.buckets.count() {
            let (row, held) = (base.rolls.opening(bucket), base.begin[bucket]);
            assert_eq!(row, held, "KP-24: row {bucket} adds up to its opening");
        }
        assert_eq!(base.end.iter().sum::<i128>(), base.of(Sum::EndDebits));
        let total = aged.totals.iter().find(|t| t.currency == currency);
        assert_eq!(base.of(Sum::EndNet), total.map_or(0, |t| t.total));
        let columns = total.map(|t| t.columns.clone()).unwrap_or_default();
        for (bucket, held) in columns.iter().take(base.end.len()).enumerate() {
            assert_eq!(base.end[bucket], *held, "bucket {bucket} of the aging");
        }
    }
}

/// What was learnt since explains every difference between a day as known then and as known now.
fn check_restated(book: &Book, then: &Gathered, known: Seq) {
    let now = Gathered::new(
        book,
        Ask {
            known: None,
            ..then.ask.clone()
        },
    );
    let lines = restate::learnt(book, then.ask.period.to, known);
    let mut currencies = now.currencies();
    currencies.extend(then.currencies());
    for currency in currencies {
        let of = |g: &Gathered, sum| g.base(0, In::Own(currency)).unwrap().of(sum);
        let moved = of(&now, Sum::EndNet) - of(then, Sum::EndNet);
        let mine = lines.iter().filter(|l| l.currency == currency);
        let said: i128 = mine.map(|l| i128::from(l.amount)).sum();
        assert_eq!(said, moved, "{lines:?}");
    }
}

fn check_groups(all: &Gathered, parts: &Gathered) {
    for currency in all.currencies() {
        let whole = all.base(0, In::Own(currency)).unwrap();
        for sum in [
            Sum::BeginNet,
            Sum::EndNet,
            Sum::Invoiced,
            Sum::Received,
            Sum::Applied,
            Sum::Restated,
        ] {
            let of = |group| parts.base(group, In::Own(currency)).unwrap().of(sum);
            let parts: i128 = (0..parts.names.len()).map(of).sum();
            assert_eq!(parts, whole.of(sum), "{sum:?}");
        }
    }
    let kept: u64 = (0..parts.names.len()).map(|g| parts.counts(g).kept).sum();
    assert_eq!(kept, all.counts(0).kept);
}

/// The rows behind a figure add up to what is divided.
fn check_rows(book: &Book, all: &Gathered, kpi: &Kpi, currency: In) {
    let id = kpi.definition.id;
    let exact = [
        "KP-20",
        "KP-23",
        "KP-23/presumed",
        "KP-23/credited",
        "KP-23/written",
        "KP-24",
        "KP-08/current",
        "KP-08/90",
        "KP-12/balance",
    ];
    if !exact.contains(&id) {
        return;
    }
    let rows = rows(book, &all.ask, currency, id, kpi.bucket);
    let counted: i128 = rows.iter().map(|r| r.counted).sum();
    let Some(Part::Money(numerator, _)) = kpi.numerator else {
        panic!("{id} divides money");
    };
    assert_eq!(counted, numerator, "{id}: {rows:?}");
    if id.starts_with("KP-2") {
        let of: i128 = rows.iter().map(|r| r.of).sum();
        let Some(Part::Money(denominator, _)) = kpi.denominator else {
            panic!("{id} divides by money");
        };
        assert_eq!(of, denominator, "{id}");
    }
}
