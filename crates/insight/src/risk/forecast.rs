//! Expected cash by week (domain.md §2.7): what was committed, what the customers' own lags say of
//! the rest, and what more comes if every commitment is kept in full.

use super::history::{History, Settled};
use crate::overlay::Overlay;
use crate::plans::judge_plans;
use crate::promises::{KeptRate, by_customer, judge_scan, open_promised};
use crate::rollup::days_late;
use duebook_ledger::reporting::{ForecastWeek, FrozenCash, FrozenForecast};
use duebook_ledger::{Book, CustomerId, ItemId, OpenScan, Seq, View};
use duebook_money::{Currency, Day, Rounding};
use std::collections::BTreeMap;

/// Weeks looked ahead; what comes later is one figure.
pub const WEEKS: usize = 13;
/// Weight of the portfolio's lags beside a customer's own: as of so many invoices.
const PRIOR: i128 = 4;

/// Expected cash in one currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CashForecast {
    /// Currency.
    pub currency: Currency,
    /// The first day: the day after the as-of day.
    pub from: Day,
    /// Week by week, then everything later or not expected at all.
    pub weeks: Vec<ForecastWeek>,
    /// Disputed: no date is expected for it.
    pub disputed: i64,
    /// Placed with others.
    pub placed: i64,
    /// Open debits in all: the weeks, the rest, disputed and placed add up to it.
    pub open: i64,
}

/// Lags of settled invoices, sorted.
#[derive(Default)]
struct Lags {
    all: Vec<i32>,
    of: BTreeMap<CustomerId, Vec<i32>>,
}

impl Lags {
    fn new(settled: &[Settled]) -> Self {
        let mut lags = Lags::default();
        for row in settled {
            lags.all.push(row.days_late());
            lags.of
                .entry(row.customer)
                .or_default()
                .push(row.days_late());
        }
        duebook_money::order::sort(&mut lags.all);
        lags.of
            .values_mut()
            .for_each(|l| duebook_money::order::sort(l));
        lags
    }

    /// The chance that an item so many days late today comes by then, as a fraction: of those that
    /// came later than today's age, the customer's own and the portfolio's as [`PRIOR`] of them.
    fn chance(&self, customer: CustomerId, age: i32, by: i32) -> (i128, i128) {
        let between = |lags: &[i32]| {
            let after = lags.partition_point(|l| *l <= age);
            let until = lags.partition_point(|l| *l <= by);
            ((until - after) as i128, (lags.len() - after) as i128)
        };
        let none = Vec::new();
        let (own, own_left) = between(self.of.get(&customer).unwrap_or(&none));
        let (all, all_left) = between(&self.all);
        match all_left {
            0 => (own, own_left),
            left => (own * left + PRIOR * all, (own_left + PRIOR) * left),
        }
    }
}

struct Making<'a> {
    book: &'a Book,
    scan: &'a OpenScan<'a>,
    from: Day,
    by: BTreeMap<&'static str, CashForecast>,
}

impl Making<'_> {
    fn of(&mut self, currency: Currency) -> &mut CashForecast {
        let from = self.from;
        self.by
            .entry(currency.code())
            .or_insert_with(|| CashForecast {
                currency,
                from,
                weeks: vec![ForecastWeek::default(); WEEKS + 1],
                disputed: 0,
                placed: 0,
                open: 0,
            })
    }

    fn week(&self, day: Day) -> usize {
        let days = day.since(self.from).max(0);
        usize::try_from(days / 7).unwrap_or(WEEKS).min(WEEKS)
    }

    /// A commitment of some minor units by a day, kept so often (per mille).
    fn commit(&mut self, currency: Currency, day: Day, amount: i64, per_mille: i128) {
        let week = self.week(day);
        let kept = Rounding::HalfUp.mul_div(i128::from(amount), per_mille, 1000);
        let kept = kept.and_then(|k| i64::try_from(k).ok()).unwrap_or(amount);
        let row = &mut self.of(currency).weeks[week];
        row.committed = row.committed.saturating_add(kept);
        row.upside = row.upside.saturating_add(amount.saturating_sub(kept));
    }

    /// The rest of an item, spread by lag. What is spread is the amount, exactly.
    fn spread(
        &mut self,
        lags: &Lags,
        customer: CustomerId,
        currency: Currency,
        (amount, age): (i64, i32),
    ) {
        let mut given = 0i64;
        for week in 0..WEEKS {
            let by = age.saturating_add(7 * (week as i32 + 1));
            let (over, under) = lags.chance(customer, age, by);
            let sum = match under {
                0 => Some(0),
                _ => Rounding::HalfUp.mul_div(i128::from(amount), over, under),
            };
            let sum = sum.and_then(|s| i64::try_from(s).ok()).unwrap_or(0);
            let row = &mut self.of(currency).weeks[week];
            row.statistical = row.statistical.saturating_add(sum - given);
            given = sum;
        }
        let later = &mut self.of(currency).weeks[WEEKS];
        later.statistical = later.statistical.saturating_add(amount - given);
    }
}

/// The forecast of a view, by currency code.
pub fn forecast(book: &Book, view: View, history: &History) -> Vec<CashForecast> {
    let scan = &OpenScan::new(book, view);
    let lags = Lags::new(history.before(view.as_of.plus(1)));
    let judged = judge_scan(book, scan);
    let rates = by_customer(&judged);
    let everyone = KeptRate::of(&judged);
    let kept = |customer: CustomerId| {
        // Shrunk to the portfolio's rate, and that to even odds.
        let base = (i128::from(everyone.kept) * 1000 + PRIOR * 500)
            / (i128::from(everyone.judged()) + PRIOR);
        let own = rates.get(&customer);
        let (k, n) = own.map_or((0, 0), |r| (i128::from(r.kept), i128::from(r.judged())));
        (k * 1000 + PRIOR * base) / (n + PRIOR)
    };
    let promised = open_promised(book, scan);
    let held = crate::plans::held(book, scan);
    let overlay = Overlay::new(book, scan);
    let mut making = Making {
        book,
        scan,
        from: view.as_of.plus(1),
        by: BTreeMap::new(),
    };
    // What is committed, no more of it than covers open items.
    let mut left: BTreeMap<(CustomerId, Currency), i64> = BTreeMap::new();
    for (id, amount) in &promised {
        if let Some(item) = book.item(*id) {
            let room = left.entry((item.customer(), item.currency())).or_default();
            *room = room.saturating_add(*amount);
        }
    }
    for j in judged.iter().filter(|j| j.state.is_open()) {
        let room = left.entry((j.customer, j.currency)).or_default();
        for line in &j.lines {
            let amount = line.amount.saturating_sub(line.paid).max(0).min(*room);
            *room -= amount;
            making.commit(
                j.currency,
                line.date.max(making.from),
                amount,
                kept(j.customer),
            );
        }
    }
    for plan in judge_plans(book, view).iter().filter(|p| p.state.holds()) {
        let on_items = plan
            .covered
            .iter()
            .map(|(id, _)| held.get(id).map_or(0, |h| h.planned));
        let mut left = on_items.fold(0i64, i64::saturating_add);
        for i in &plan.instalments {
            let amount = i
                .amount
                .saturating_sub(i.paid)
                .saturating_sub(i.paid_late)
                .max(0)
                .min(left);
            left -= amount;
            making.commit(
                plan.currency,
                i.due.max(making.from),
                amount,
                kept(plan.customer),
            );
        }
    }
    making.items(&lags, &overlay, &promised, &held);
    making.by.into_values().collect()
}

impl Making<'_> {
    fn items(
        &mut self,
        lags: &Lags,
        overlay: &Overlay,
        promised: &BTreeMap<ItemId, i64>,
        held: &BTreeMap<ItemId, crate::plans::Held>,
    ) {
        for (number, segment) in self.scan.segments() {
            for row in 0..segment.len() {
                let debit = segment.data().amount[row] > 0;
                let open = segment.open(row).map_or(0, |o| o.working());
                if !debit || open <= 0 {
                    continue;
                }
                let id = ItemId::new(number, row);
                let Some(item) = self.book.item(id) else {
                    continue;
                };
                let currency = item.currency();
                let away = held.get(&id).copied().unwrap_or_default();
                let committed = promised
                    .get(&id)
                    .copied()
                    .unwrap_or(0)
                    .saturating_add(away.planned);
                let placed = away.placed.min(open);
                let rest = open.saturating_sub(committed).saturating_sub(placed).max(0);
                let disputed = overlay
                    .disputed
                    .get(&id)
                    .copied()
                    .unwrap_or(0)
                    .clamp(0, rest);
                let of = self.of(currency);
                of.open = of.open.saturating_add(open);
                of.placed = of.placed.saturating_add(placed);
                of.disputed = of.disputed.saturating_add(disputed);
                let age = days_late(self.book, self.scan, overlay, id);
                self.spread(lags, item.customer(), currency, (rest - disputed, age));
            }
        }
    }
}

/// What is frozen of a day as known after a commit (KP-26): [`forecast`], without what no date is
/// expected for.
pub fn frozen(book: &Book, as_of: Day, known: Seq, history: &History) -> FrozenForecast {
    let view = View {
        as_of,
        known: Some(known),
    };
    let currencies = forecast(book, view, history).into_iter().map(|f| {
        let (weeks, later) = f.weeks.split_at(WEEKS.min(f.weeks.len()));
        FrozenCash {
            currency: f.currency,
            weeks: weeks.to_vec(),
            later: later.first().copied().unwrap_or_default(),
            open: f.open,
        }
    });
    FrozenForecast {
        as_of,
        known,
        currencies: currencies.collect(),
    }
}
