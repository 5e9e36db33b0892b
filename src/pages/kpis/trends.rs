//! Trends: month by month, each picture with its table. Made when the tab is looked at.

use super::{Page, wording};
use crate::platform::latest::Latest;
use crate::ui::prelude::*;
use crate::words;
use duebook_insight::kpi::{Ask, Became, Gathered, In, JudgedWeek, Kpi, Part, Period, Unit};
use duebook_ledger::Book;
use duebook_money::{Currency, Day};
use duebook_policy::MissingRate;
use leptos::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Months shown, the one asked for last.
const MONTHS: i32 = 12;
/// Weeks shown of frozen forecasts.
const WEEKS: usize = 26;

/// The months up to a day; the last ends on that day.
fn months(to: Day) -> Vec<Period> {
    let of = |back: i32| {
        let from = to.month_start().add_months(-back)?;
        Some(Period {
            from,
            to: from.month_end().min(to),
        })
    };
    (0..MONTHS).rev().filter_map(of).collect()
}

/// A month in a few letters: "Nov 26".
fn label(day: Day) -> String {
    let text = words::day(day);
    let mut parts = text.split(' ').skip(1);
    let (month, year) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""));
    format!("{month} {}", year.get(2..).unwrap_or(year))
}

/// A day in a few letters: "15 Nov".
fn short(day: Day) -> String {
    let text = words::day(day);
    let parts: Vec<&str> = text.split(' ').take(2).collect();
    parts.join(" ")
}

/// Months with their figures.
struct Months {
    all: Vec<(Gathered, Vec<Kpi>)>,
    currency: In,
}

/// What is drawn of them.
struct Pictures {
    charts: Vec<ChartData>,
    /// Why there is none of forecasts.
    no_forecast: Option<String>,
}

impl Months {
    fn labels(&self) -> Vec<String> {
        self.all
            .iter()
            .map(|(g, _)| label(g.ask.period.to))
            .collect()
    }

    fn code(&self) -> String {
        let last = self.all.last();
        last.map_or(String::new(), |(g, _)| {
            g.unit_of(self.currency).code().to_owned()
        })
    }

    /// One figure over the months.
    fn series(&self, id: &str, name: &str) -> Series {
        let of = |kpis: &[Kpi]| {
            kpis.iter()
                .find(|k| k.definition.id == id && k.bucket.is_none())
                .cloned()
        };
        let found: Vec<Option<Kpi>> = self.all.iter().map(|(_, k)| of(k)).collect();
        Series {
            name: name.to_owned(),
            values: found
                .iter()
                .map(|k| k.as_ref().and_then(Kpi::shown))
                .collect(),
            texts: found
                .iter()
                .map(|k| k.as_ref().map_or("n/a".to_owned(), wording::value))
                .collect(),
        }
    }

    fn lines(&self, title: &str, unit: Unit, of: &[(&str, &str)]) -> ChartData {
        ChartData {
            title: title.to_owned(),
            labels: self.labels(),
            series: of.iter().map(|(id, name)| self.series(id, name)).collect(),
            form: Form::Lines,
            scale: 10i128.pow(u32::from(unit.decimals())),
            unit: match unit {
                Unit::Days => "days".to_owned(),
                Unit::Percent => "%".to_owned(),
                Unit::Times => "times".to_owned(),
            },
            aged: false,
        }
    }

    /// Amounts of each month, in the currency asked for.
    fn amounts(&self, name: &str, of: impl Fn(&duebook_insight::kpi::Base) -> i128) -> Series {
        let values: Vec<Option<i128>> = (self.all.iter())
            .map(|(g, _)| g.base(0, self.currency).ok().map(|b| of(&b)))
            .collect();
        let unit = self.all.last().map(|(g, _)| g.unit_of(self.currency));
        let text = |v: &Option<i128>| match (v, unit) {
            (Some(v), Some(unit)) => wording::part(&Part::Money(*v, unit)),
            _ => "n/a".to_owned(),
        };
        Series {
            name: name.to_owned(),
            texts: values.iter().map(text).collect(),
            values,
        }
    }

    fn money(&self, title: &str, form: Form, series: Vec<Series>) -> ChartData {
        let unit = self.all.last().map(|(g, _)| g.unit_of(self.currency));
        ChartData {
            title: format!("{title}, {}", self.code()),
            labels: self.labels(),
            series,
            form,
            scale: unit.map_or(100, |u| i128::from(u.minor_per_major())),
            unit: self.code(),
            aged: false,
        }
    }

    fn aging(&self) -> ChartData {
        let labels = self
            .all
            .last()
            .map_or(Vec::new(), |(g, _)| g.buckets.labels());
        let series = labels
            .iter()
            .enumerate()
            .map(|(at, label)| self.amounts(label, |b| b.end.get(at).copied().unwrap_or(0)));
        ChartData {
            aged: true,
            ..self.money(
                "Open debits by bucket at each month’s end",
                Form::Stacked,
                series.collect(),
            )
        }
    }

    /// Weeks that were next when a forecast was frozen, the newest last; `None` while there is none.
    ///
    /// # Errors
    /// The rate that adding up wants (AG-08).
    fn forecast(&self) -> Result<Option<ChartData>, MissingRate> {
        let mut weeks: BTreeMap<(Day, Day), [i128; 3]> = BTreeMap::new();
        for (gathered, _) in self.all.iter() {
            let all = gathered.judged_weeks().unwrap_or_default().iter();
            let asked = |w: &&JudgedWeek| match self.currency {
                In::Own(one) => w.currency == one,
                In::Reporting => true,
            };
            for w in all.filter(|w| w.ahead == 0).filter(asked) {
                let parts = [i128::from(w.said.expected()), w.came.cash, w.came.presumed];
                let sums = weeks.entry((w.to, w.as_of)).or_default();
                for (sum, part) in sums.iter_mut().zip(parts) {
                    *sum += gathered.converted(part, w.currency.numeric(), self.currency)?;
                }
            }
        }
        let skip = weeks.len().saturating_sub(WEEKS);
        let last: Vec<_> = weeks.into_iter().skip(skip).collect();
        let Some(unit) = self.all.last().map(|(g, _)| g.unit_of(self.currency)) else {
            return Ok(None);
        };
        let names = ["Expected", "Cash received", "Presumed paid"];
        let series = names.iter().enumerate().map(|(at, name)| Series {
            name: (*name).to_owned(),
            values: last.iter().map(|(_, sums)| Some(sums[at])).collect(),
            texts: (last.iter())
                .map(|(_, sums)| wording::part(&Part::Money(sums[at], unit)))
                .collect(),
        });
        let title = match skip {
            0 => "Forecast against actual, weeks".to_owned(),
            _ => format!("Forecast against actual, the last {WEEKS} weeks"),
        };
        let series = series.collect();
        Ok((!last.is_empty()).then(|| ChartData {
            labels: last.iter().map(|((to, _), _)| short(*to)).collect(),
            ..self.money(&title, Form::Bars, series)
        }))
    }

    fn pictures(&self) -> Pictures {
        use duebook_insight::kpi::Sum;
        let cash = vec![
            self.amounts("Invoiced", |b| b.of(Sum::Invoiced)),
            self.amounts("Cash received", |b| b.of(Sum::Received)),
            self.amounts("Presumed paid", |b| b.of(Sum::Presumed)),
        ];
        let mut charts = vec![
            self.aging(),
            self.lines(
                "Days sales outstanding",
                Unit::Days,
                &[
                    ("KP-02", "DSO, three months"),
                    ("KP-01", "DSO, month"),
                    ("KP-04", "Best possible"),
                    ("KP-05", "Days delinquent"),
                ],
            ),
            self.lines(
                "Collection on the opening list",
                Unit::Percent,
                &[
                    ("KP-20", "Cash"),
                    ("KP-23/presumed", "Presumed"),
                    ("KP-23/credited", "Credited"),
                    ("KP-23/reaged", "Re-aged"),
                ],
            ),
            self.lines(
                "Collection effectiveness",
                Unit::Percent,
                &[("KP-06", "CEI")],
            ),
            self.lines(
                "Promises",
                Unit::Percent,
                &[
                    ("KP-32", "Kept"),
                    ("KP-33", "Kept by value"),
                    ("KP-34", "Broken"),
                ],
            ),
            self.lines(
                "How customers pay",
                Unit::Days,
                &[("KP-10", "Days to pay"), ("KP-09", "Days beyond terms")],
            ),
            self.money("What came in", Form::Bars, cash),
            self.lines(
                "Quality of the balance",
                Unit::Percent,
                &[
                    ("KP-08/current", "Not past due"),
                    ("KP-08/90", "Over 90 days"),
                    ("KP-12/balance", "Unapplied cash"),
                ],
            ),
        ];
        let no_forecast = match self.forecast() {
            Ok(Some(forecast)) => {
                charts.push(forecast);
                None
            }
            Ok(None) => Some(
                "Forecast against actual: there is a picture once the week after a frozen forecast is over. \
                 Freeze it under Risk, Cash forecast, or issue a pack with it."
                    .to_owned(),
            ),
            Err(missing) => Some(format!(
                "Forecast against actual: {}",
                words::missing_rate(&missing)
            )),
        };
        Pictures {
            charts,
            no_forecast,
        }
    }
}

/// What disputes hold up, the largest cause first, with the share of all causes so far: of one
/// currency, or each in its own, since disputes are not converted.
fn pareto(book: &Book, day: Day, currency: In) -> Vec<ChartData> {
    let causes = duebook_insight::cases::figures(book, day.month_start(), day, day).causes;
    let mut codes: Vec<Currency> = causes.iter().map(|c| c.currency).collect();
    codes.dedup();
    if let In::Own(one) = currency {
        codes.retain(|c| *c == one);
    }
    let of = |code: Currency| {
        let own: Vec<_> = causes.iter().filter(|c| c.currency == code).collect();
        let text = |c: &&duebook_insight::cases::Cause| {
            let held = wording::part(&Part::MoneyDays(c.money_days, code));
            format!(
                "{held}, {}.{} % so far",
                c.cumulative / 10,
                c.cumulative % 10
            )
        };
        ChartData {
            title: format!("What disputes hold up, by cause, {} × days", code.code()),
            labels: own
                .iter()
                .map(|c| words::cases::reason(book, &c.cause))
                .collect(),
            series: vec![Series {
                name: "Money × days".to_owned(),
                values: own.iter().map(|c| Some(c.money_days)).collect(),
                texts: own.iter().map(text).collect(),
            }],
            form: Form::Bars,
            scale: i128::from(code.minor_per_major()),
            unit: format!("{} × days", code.code()),
            aged: false,
        }
    };
    codes.into_iter().map(of).collect()
}

/// The tab.
#[component]
pub fn Trends(page: Page) -> impl IntoView {
    let done = RwSignal::new(0usize);
    let ws = page.ws;
    let made = Latest::following(move |run| {
        ws.revision().track();
        let (ask, asked) = (page.ask.get(), page.currency.get());
        async move {
            let mut all = Vec::new();
            for period in months(ask.period.to) {
                let ask = Ask {
                    period,
                    ..ask.clone()
                };
                all.push(ws.gather(ask, run).await?);
                let _ = done.try_set(all.len());
            }
            let currencies = all.last().map(|g| g.currencies()).unwrap_or_default();
            let currency = super::asked::currency(&asked, &currencies);
            let all = all.into_iter().map(|g| {
                let kpis = g.kpis(0, currency);
                (g, kpis)
            });
            let all = all.collect();
            let mut pictures = Months { all, currency }.pictures();
            // Causes of disputes are told of the whole desk, as Cases tells them.
            if ask.scope.is_everything() {
                let today = untrack(|| ws.today());
                let more = ws.peek(|book| pareto(book, today, currency));
                pictures.charts.extend(more);
            }
            Some(Arc::new(pictures))
        }
    });
    let made = made.answer();
    let chart = move |at: usize| made.with(|m| m.as_ref()?.charts.get(at).cloned());
    let count = Memo::new(move |_| made.with(|m| m.as_ref().map_or(0, |m| m.charts.len())));
    view! {
        <Show
            when=move || { count.get() > 0 }
            fallback=move || {
                let share = Signal::derive(move || u16::try_from(done.get() * 1000 / MONTHS as usize).ok());
                let detail = Signal::derive(move || format!("month {} of {MONTHS}", done.get() + 1));
                view! { <div class="charts-wait"><Progress label="Adding up" done=share detail=detail /></div> }
            }
        >
            <div class="charts">
                {move || (0..count.get()).map(|at| {
                    let data = Signal::derive(move || chart(at).unwrap_or_else(nothing));
                    view! { <Chart data=data /> }
                }).collect_view()}
                {move || {
                    let why = made.with(|m| m.as_ref()?.no_forecast.clone());
                    why.map(|why| view! { <p class="muted">{why}</p> })
                }}
                <Matrix page />
            </div>
        </Show>
    }
}

fn nothing() -> ChartData {
    ChartData {
        title: String::new(),
        labels: Vec::new(),
        series: Vec::new(),
        form: Form::Lines,
        scale: 1,
        unit: String::new(),
        aged: false,
    }
}

/// What became of an amount, in a word.
pub fn became(what: Became) -> &'static str {
    match what {
        Became::Paid => "Paid",
        Became::Presumed => "Presumed",
        Became::Credited => "Credited",
        Became::WrittenOff => "Written off",
        Became::Discounted => "Discount",
        Became::Withheld => "Tax withheld",
        Became::Adjusted => "Adjusted",
        Became::LearntLate => "Learnt late",
        Became::ReAged => "Re-aged",
    }
}

/// KP-24 as a matrix: from bucket by bucket, rows add up to what the bucket held.
#[component]
fn Matrix(page: Page) -> impl IntoView {
    move || {
        page.shown.with(|s| {
            let s = s.as_ref()?;
            let now = &s.kpis.now;
            let base = now.base(0, s.currency).ok()?;
            let unit = s.unit();
            let labels = now.buckets.labels();
            let format = words::number_format();
            let money = |minor: i128| match minor {
                0 => String::new(),
                m => format.minor(m, unit.exponent()),
            };
            let used: Vec<Became> = (Became::ALL.into_iter())
                .filter(|w| (0..labels.len()).any(|b| base.rolls.became(b, *w) != 0))
                .collect();
            let heads = labels.iter().map(|l| view! { <th scope="col" class="num">{format!("Now {l}")}</th> }).collect_view();
            let ends = used.iter().map(|w| view! { <th scope="col" class="num">{became(*w)}</th> }).collect_view();
            let rows = labels.iter().enumerate().map(|(from, label)| {
                let stands = (0..labels.len()).map(|to| {
                    let amount = base.rolls.stands(from, to);
                    view! { <td class="num" class:roll-on={to > from && amount != 0} class:roll-stay={to == from && amount != 0}>{money(amount)}</td> }
                }).collect_view();
                let rest = used.iter().map(|w| view! { <td class="num">{money(base.rolls.became(from, *w))}</td> }).collect_view();
                view! {
                    <tr>
                        <th scope="row">{label.clone()}</th>
                        <td class="num">{base.rolls.items(from).to_string()}</td>
                        <td class="num">{money(base.rolls.opening(from))}</td>
                        {stands}{rest}
                    </tr>
                }
            }).collect_view();
            Some(view! {
                <figure class="chart chart-wide">
                    <figcaption class="chart-head">
                        <h2>{format!("Where each bucket went, {}, {} (KP-24)", wording::period(now.ask.period), unit.code())}</h2>
                    </figcaption>
                    <div class="table-scroll" tabindex="0" role="region" aria-label="Roll rates from bucket to bucket">
                        <table class="plain-table">
                            <thead><tr>
                                <th scope="col">"Was in"</th><th scope="col" class="num">"Items"</th><th scope="col" class="num">"Held"</th>
                                {heads}{ends}
                            </tr></thead>
                            <tbody>{rows}</tbody>
                        </table>
                    </div>
                    <p class="muted">"Each row adds up to what the bucket held."</p>
                </figure>
            })
        })
    }
}
