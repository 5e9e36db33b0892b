//! Frozen forecasts against what came (KP-26): per week, per horizon, per currency.
//!
//! What came is the money of the roll-forward, day by day: cash received by the day of the receipt,
//! less what was returned, and what the source shows as settled without a cause. The two are told
//! apart, and both are held against what was expected: a source that only shows lists tells of no
//! other money.

use super::formulas::Missed;
use super::gather::State;
use super::rows::{Behind, What};
use super::settled::Counted;
use super::{Ask, By, Gathered, In, Ratio};
use crate::scan::is_cash;
use duebook_ledger::columns::NO_DAY;
use duebook_ledger::facts::Cause;
use duebook_ledger::reporting::{ForecastWeek, FrozenForecast};
use duebook_ledger::settlements::Settlement;
use duebook_ledger::{Book, CustomerId, ItemId, OpenScan, Seq};
use duebook_money::{Currency, Day, Money};
use duebook_policy::MissingRate;
use std::collections::{BTreeMap, BTreeSet};

/// Money that came, minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Came {
    /// Received, less what was returned.
    pub cash: i128,
    /// Gone from the source without a cause.
    pub presumed: i128,
}

impl Came {
    /// Both.
    pub fn total(self) -> i128 {
        self.cash + self.presumed
    }
    fn add(&mut self, other: Came) {
        self.cash += other.cash;
        self.presumed += other.presumed;
    }
}

/// A week that is over, in one currency: what a frozen forecast said of it, and what came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JudgedWeek {
    /// The day the forecast is as of.
    pub as_of: Day,
    /// Weeks between that day and this week: 0 is the week that came next.
    pub ahead: usize,
    /// First day.
    pub from: Day,
    /// Last day.
    pub to: Day,
    /// Currency.
    pub currency: Currency,
    /// What was said; nothing where nothing was open in the currency.
    pub said: ForecastWeek,
    /// What came.
    pub came: Came,
}

impl JudgedWeek {
    /// What was expected less what came, minor units.
    pub fn off(&self) -> i128 {
        i128::from(self.said.expected()) - self.came.total()
    }
}

/// All weeks of one horizon, minor units of one currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Horizon {
    /// Weeks ahead: 0 is the week that came next.
    pub ahead: usize,
    /// Weeks judged, each forecast and currency by itself.
    pub weeks: u64,
    /// Expected in all.
    pub expected: i128,
    /// Came in all.
    pub came: Came,
    /// Σ|expected − came|.
    pub off: i128,
}

impl Horizon {
    fn missed(&self) -> Missed {
        Missed {
            off: self.off,
            forecast: self.expected,
            actual: self.came.total(),
        }
    }
    /// Σ|forecast − actual| ÷ Σ actual; `None` where nothing came.
    pub fn error(&self) -> Option<Ratio> {
        self.missed().error()
    }
    /// Σ(forecast − actual) ÷ Σ actual; `None` where nothing came.
    pub fn bias(&self) -> Option<Ratio> {
        self.missed().bias()
    }
}

/// A week of a frozen forecast.
#[derive(Debug, Clone)]
struct Said {
    as_of: Day,
    ahead: usize,
    /// First and last day.
    days: (Day, Day),
    /// By ISO number of the currency.
    by: BTreeMap<u16, ForecastWeek>,
}

/// What is read of frozen forecasts while a period is gathered.
#[derive(Debug, Clone, Default)]
pub(super) struct Weeks {
    /// What was said of each week that ended in the period.
    said: Vec<Said>,
    /// The first day of the earliest.
    from: Option<Day>,
    /// By currency and day, from then on.
    money: BTreeMap<(u16, Day), Came>,
}

/// Whether what is asked is the whole desk: a forecast is frozen of that alone.
fn whole_desk(ask: &Ask) -> bool {
    ask.scope.is_everything() && ask.by == By::Nothing
}

impl Weeks {
    /// The weeks that end in the period, of forecasts frozen as known. A week is judged when it is
    /// over, in the period its last day is in.
    pub fn new(book: &Book, ask: &Ask, live: impl Fn(Seq) -> bool) -> Self {
        let mut weeks = Weeks::default();
        if !whole_desk(ask) {
            return weeks;
        }
        let ends_within = |day: Day| ask.period.from <= day && day <= ask.period.to;
        for frozen in book.frozen_forecasts(live) {
            let fact: &FrozenForecast = &frozen.fact;
            let longest = fact.currencies.iter().map(|c| c.weeks.len()).max();
            for ahead in 0..longest.unwrap_or(0) {
                let (from, to) = fact.week(ahead);
                if !ends_within(to) {
                    continue;
                }
                let by = fact.currencies.iter().filter_map(|c| {
                    let week = c.weeks.get(ahead)?;
                    Some((c.currency.numeric(), *week))
                });
                weeks.said.push(Said {
                    as_of: fact.as_of,
                    ahead,
                    days: (from, to),
                    by: by.collect(),
                });
                weeks.from = Some(weeks.from.map_or(from, |f| f.min(from)));
            }
        }
        weeks
    }

    fn add(&mut self, currency: u16, day: Day, came: Came) {
        if self.from.is_some_and(|from| day >= from) {
            self.money.entry((currency, day)).or_default().add(came);
        }
    }

    /// A document that is there on the last day of the period.
    pub fn document(&mut self, kind: u8, doc: i32, currency: u16, open: i64) {
        if is_cash(kind) && doc != NO_DAY {
            let cash = -i128::from(open);
            self.add(currency, Day(doc), Came { cash, presumed: 0 });
        }
    }

    /// A settlement as it stands on the last day: money that its two sides do not carry to each
    /// other, on the day it came and on the day it was taken back.
    pub fn settlement(&mut self, book: &Book, s: &Settlement, counts: Counted, now: &OpenScan<'_>) {
        if self.from.is_none() {
            return;
        }
        for moved in moved(book, s, counts, now) {
            self.add(moved.currency.numeric(), moved.day, moved.came);
        }
    }

    /// The weeks with what came.
    pub fn judged(&self) -> Vec<JudgedWeek> {
        let mut out = Vec::new();
        for week in &self.said {
            let (from, to) = week.days;
            let came = |currency: u16| {
                let days = self.money.range((currency, from)..=(currency, to));
                days.fold(Came::default(), |mut sum, (_, came)| {
                    sum.add(*came);
                    sum
                })
            };
            // Money in a currency in which nothing was open then was not expected, and came.
            let there = self.money.keys().map(|(c, _)| *c);
            let all: BTreeSet<u16> = week.by.keys().copied().chain(there).collect();
            for number in all {
                let said = week.by.get(&number).copied().unwrap_or_default();
                let came = came(number);
                if said == ForecastWeek::default() && came == Came::default() {
                    continue;
                }
                out.push(JudgedWeek {
                    as_of: week.as_of,
                    ahead: week.ahead,
                    from,
                    to,
                    currency: Currency::from_numeric(number).unwrap_or(Currency::XXX),
                    said,
                    came,
                });
            }
        }
        duebook_money::order::sort_by_key(&mut out, |w| {
            (w.ahead, w.to, w.as_of, w.currency.code())
        });
        out
    }
}

/// Money of a settlement on a day.
struct Moved {
    item: ItemId,
    customer: CustomerId,
    currency: Currency,
    day: Day,
    came: Came,
}

fn moved(
    book: &Book,
    s: &Settlement,
    counts: Counted,
    now: &OpenScan<'_>,
) -> impl Iterator<Item = Moved> {
    let mut net = 0i128;
    let mut of = None;
    if matches!(
        s.cause,
        Cause::Payment | Cause::Returned | Cause::Transferred | Cause::AtSourceUnknown
    ) {
        for (side, sign) in [(s.debit, 1), (s.credit, -1)] {
            let Some(id) = side else { continue };
            let segment = now.segment(id.segment());
            let there = segment.filter(|g| id.row() < g.len() && g.exists(id.row()));
            if let (Some(g), Some(item)) = (there, book.item(id)) {
                net += sign * i128::from(s.amount);
                let customer = CustomerId(g.data().customer[id.row()]);
                of = of.or(Some((id, customer, item.currency())));
            }
        }
    }
    let came = |net: i128| match s.cause {
        Cause::AtSourceUnknown => Came {
            cash: 0,
            presumed: net,
        },
        _ => Came {
            cash: net,
            presumed: 0,
        },
    };
    let back = match counts {
        Counted::TakenBack(day) => Some((day, -net)),
        Counted::Counts => None,
    };
    let days = [Some((s.effective, net)), back];
    let of = of.filter(|_| net != 0);
    days.into_iter().flatten().filter_map(move |(day, net)| {
        let (item, customer, currency) = of?;
        Some(Moved {
            item,
            customer,
            currency,
            day,
            came: came(net),
        })
    })
}

impl Gathered {
    /// The weeks of frozen forecasts that ended in the period, nearest horizon first; `None` where a
    /// part of the desk is asked for: a forecast is frozen of the whole.
    pub fn judged_weeks(&self) -> Option<&[JudgedWeek]> {
        whole_desk(&self.ask).then_some(self.weeks.as_slice())
    }

    /// The same added up by horizon, in a currency; each sum is converted once (AG-08).
    ///
    /// # Errors
    /// [`MissingRate`] where the reporting currency was asked for and a rate is missing.
    pub fn horizons(&self, currency: In) -> Result<Vec<Horizon>, MissingRate> {
        let mut own: BTreeMap<(usize, u16), Horizon> = BTreeMap::new();
        let weeks = self.weeks.iter().filter(|w| match currency {
            In::Own(one) => w.currency == one,
            In::Reporting => true,
        });
        for week in weeks {
            let sum = own
                .entry((week.ahead, week.currency.numeric()))
                .or_default();
            sum.weeks += 1;
            sum.expected += i128::from(week.said.expected());
            sum.came.add(week.came);
            sum.off += week.off().abs();
        }
        let mut out: BTreeMap<usize, Horizon> = BTreeMap::new();
        for ((ahead, number), sum) in own {
            let convert = |amount: i128| self.converted(amount, number, currency);
            let into = out.entry(ahead).or_default();
            into.ahead = ahead;
            into.weeks += sum.weeks;
            into.expected += convert(sum.expected)?;
            into.came.cash += convert(sum.came.cash)?;
            into.came.presumed += convert(sum.came.presumed)?;
            into.off += convert(sum.off)?;
        }
        Ok(out.into_values().collect())
    }

    /// Minor units of a currency in the one asked for, at the rates of the closing day.
    ///
    /// # Errors
    /// [`MissingRate`] where there is none, or it does not fit.
    pub fn converted(&self, amount: i128, number: u16, into: In) -> Result<i128, MissingRate> {
        let from = Currency::from_numeric(number).unwrap_or(Currency::XXX);
        let to = self.unit_of(into);
        if from == to {
            return Ok(amount);
        }
        let minor = i64::try_from(amount).map_err(|_| MissingRate::Overflow)?;
        let day = self.ask.period.to;
        Ok(i128::from(
            self.rates.convert(Money::new(minor, from), to, day)?.minor,
        ))
    }
}

/// The money behind KP-26: what came in the weeks that were next when a forecast was frozen. What is
/// in several of them counts in each.
pub(super) fn rows_behind(book: &Book, state: &State, now: &OpenScan<'_>) -> Vec<Behind> {
    let next = state.weeks.said.iter().filter(|w| w.ahead == 0);
    let weeks: Vec<(Day, Day)> = next.map(|w| w.days).collect();
    let times = |day: Day| weeks.iter().filter(|(f, t)| *f <= day && day <= *t).count() as i128;
    let mut out = Vec::new();
    let mut put = |item, customer, currency, day, amount: i128| {
        let counted = times(day);
        if counted > 0 && amount != 0 {
            out.push(Behind {
                what: What::Item(item),
                customer,
                currency,
                of: amount,
                counted: amount * counted,
                day: Some(day),
            });
        }
    };
    for (number, segment) in now.segments() {
        let data = segment.data();
        for row in 0..segment.len() {
            let doc = data.doc_date[row];
            if segment.exists(row) && is_cash(data.kind[row]) && doc != NO_DAY {
                let currency = Currency::from_numeric(data.currency[row]);
                let (item, customer) = (ItemId::new(number, row), CustomerId(data.customer[row]));
                let amount = -i128::from(data.open[row]);
                let currency = currency.unwrap_or(Currency::XXX);
                put(item, customer, currency, Day(doc), amount);
            }
        }
    }
    for s in book.settlements().iter() {
        let counts = super::settled::stands(book, &s, &state.live, state.closing.as_of);
        for m in counts.into_iter().flat_map(|c| moved(book, &s, c, now)) {
            put(m.item, m.customer, m.currency, m.day, m.came.total());
        }
    }
    out
}
