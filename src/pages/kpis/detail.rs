//! One figure: its definition, its arithmetic, the rows behind it, its parts by collector and
//! customer, and its target.

use super::{Figure, Page, Shown, wording};
use crate::pages::account_href;
use crate::pages::shared::ForecastWeeks;
use crate::platform::latest::Latest;
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::NewTexts;
use duebook_insight::kpi::{
    Ask, Behind, By, Gathered, In, Kpi, Part, Value, What, Why, has_rows, rows,
};
use duebook_ledger::policy::PolicyChange;
use duebook_ledger::{Book, Command};
use duebook_money::Currency;
use leptos::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Rows shown at a time; sums are over all of them.
const MOST: usize = 200;

const TABS: [(&str, &str); 4] = [
    ("sum", "Arithmetic"),
    ("rows", "Rows behind it"),
    ("collectors", "By collector"),
    ("customers", "By customer"),
];

/// The figure of an address: definition and bucket.
fn parsed(id: &str) -> (&str, Option<usize>) {
    match id.split_once(':') {
        Some((id, bucket)) => (id, bucket.parse().ok()),
        None => (id, None),
    }
}

#[component]
pub fn FigureDialog(page: Page) -> impl IntoView {
    let open = RwSignal::new(false);
    Effect::new(move |_| {
        let wanted = page.open.with(Option::is_some) && page.shown.with(Option::is_some);
        if open.get_untracked() != wanted {
            open.set(wanted);
        }
    });
    let figure = Memo::new(move |_| {
        let id = page.open.get()?;
        page.shown.with(|s| s.as_ref().and_then(|s| s.figure(&id)))
    });
    let title = Signal::derive(move || {
        page.shown.with(|s| {
            let labels = s.as_ref().map(|s| s.labels.clone()).unwrap_or_default();
            figure.with(|f| {
                f.as_ref().map_or(String::new(), |f| {
                    let name = f.now.definition.row_name(f.now.bucket, &labels);
                    format!("{name}: {}", wording::value(&f.now))
                })
            })
        })
    });
    let close = Callback::new(move |()| page.set_open.run(None));
    view! {
        <Dialog open=open title=title wide=true on_close=close>
            <Content page figure />
        </Dialog>
    }
}

#[component]
fn Content(page: Page, figure: Memo<Option<Figure>>) -> impl IntoView {
    let tab = RwSignal::new("sum");
    // What is told of no currency alone has no rows in one.
    let told = Memo::new(move |_| {
        figure.with(|f| {
            let value = f.as_ref().map(|f| &f.now.value);
            value != Some(&Value::NotAvailable(Why::NoCurrency))
        })
    });
    let can_drill = Memo::new(move |_| {
        told.get()
            && page.open.with(|o| {
                o.as_deref().is_some_and(|id| {
                    let (id, bucket) = parsed(id);
                    has_rows(id, bucket)
                })
            })
    });
    let tabs = Signal::derive(move || {
        let shown = TABS
            .iter()
            .filter(|(id, _)| *id != "rows" || can_drill.get());
        shown
            .map(|(id, label)| Tab::new(id, *label))
            .collect::<Vec<_>>()
    });
    view! {
        <Tabs name="figure" label="Parts of the figure" tabs=tabs current=tab on_change=move |id| tab.set(id) />
        <TabPanel name="figure" id="sum" current=tab>
            <Arithmetic figure />
            <Target page />
        </TabPanel>
        <TabPanel name="figure" id="rows" current=tab>
            <Weeks page />
            <RowsBehind page />
        </TabPanel>
        <TabPanel name="figure" id="collectors" current=tab>
            <Parts page by=By::Collector />
        </TabPanel>
        <TabPanel name="figure" id="customers" current=tab>
            <Parts page by=By::Customer />
        </TabPanel>
    }
}

/// The lines of a figure: what is divided, by what, the parts they are made of.
fn lines(kpi: &Kpi) -> Vec<(String, String)> {
    let mut out: Vec<(String, String)> = (kpi.steps.iter())
        .map(|s| (s.label.clone(), wording::part(&s.part)))
        .collect();
    let parts = kpi.numerator.as_ref().zip(kpi.denominator.as_ref());
    if let Some((numerator, denominator)) = parts {
        out.push(("Divided".to_owned(), wording::part(numerator)));
        out.push(("By".to_owned(), wording::part(denominator)));
    }
    if let Some(r) = kpi.value.ratio() {
        let format = words::number_format();
        let exact = format!(
            "{} ÷ {}",
            format.minor(r.numerator(), 0),
            format.minor(r.denominator(), 0)
        );
        out.push(("Exactly, in lowest terms".to_owned(), exact));
        out.push(("Rounded once, half up".to_owned(), wording::value(kpi)));
    }
    out
}

#[component]
fn Arithmetic(figure: Memo<Option<Figure>>) -> impl IntoView {
    move || {
        figure.get().map(|f| {
            let now = &f.now;
            let note = wording::note(now);
            let before = f.before.as_ref().map(|b| {
                format!(
                    "Before, {}: {}",
                    wording::period(b.period),
                    wording::value(b)
                )
            });
            view! {
                <p>{now.definition.id} ". " {now.definition.formula} "."</p>
                <p class="muted">{wording::period(now.period)} ", n = " {now.n.to_string()}</p>
                <div class="table-scroll" tabindex="0" role="region" aria-label="Arithmetic">
                    <table class="plain-table">
                        <tbody>
                            {lines(now).into_iter().map(|(label, figure)| view! {
                                <tr><th scope="row">{label}</th><td class="num">{figure}</td></tr>
                            }).collect_view()}
                        </tbody>
                    </table>
                </div>
                {(!note.is_empty()).then(|| view! { <p>{note}</p> })}
                {before.map(|b| view! { <p class="muted">{b}</p> })}
            }
        })
    }
}

/// The target of the desk or of the collector whose figures are shown; kept as a policy.
#[component]
fn Target(page: Page) -> impl IntoView {
    let toasts = use_toasts();
    let id = page.open.get_untracked().unwrap_or_default();
    let id = parsed(&id).0.to_owned();
    let whose = page.ask.get_untracked().scope.collector.unwrap_or_default();
    let known = page.ws.peek(|book| {
        let policy = &book.policies().reporting;
        let mut own = policy.targets.iter();
        let own = own.find(|t| t.definition == id && t.collector == whose);
        own.map(|t| t.hundredths)
    });
    let value = RwSignal::new(known.map_or(String::new(), |h| {
        duebook_money::NumberFormat::PLAIN.minor(i128::from(h), 2)
    }));
    let error = RwSignal::new(None::<String>);
    let label = match whose.as_str() {
        "" => "Target of the desk".to_owned(),
        name => format!("Target of {name}"),
    };
    let save = move |()| {
        let typed = value.with_untracked(|v| v.trim().to_owned());
        let wanted = match hundredths(&typed) {
            Ok(wanted) => wanted,
            Err(what) => return error.set(Some(what)),
        };
        error.set(None);
        let mut policy = page.ws.peek(|book| book.policies().reporting.clone());
        policy.set_target(&id, &whose, wanted);
        let command = Command::SetPolicy(PolicyChange::Reporting(policy));
        let done = match wanted {
            Some(_) => format!("Target of {id} saved"),
            None => format!("Target of {id} taken away"),
        };
        page.ws
            .run(toasts, command, NewTexts::default(), done, |_| {});
    };
    view! {
        <div class="kpi-target">
            <TextField label=label value=value error=error hint=Some("Such as 85 or 42.5; empty takes it away.".to_owned()) optional=true />
            <Button label="Save target" on_press=save />
        </div>
    }
}

/// A typed target, in hundredths.
fn hundredths(typed: &str) -> Result<Option<i64>, String> {
    if typed.is_empty() {
        return Ok(None);
    }
    let text = typed.trim_end_matches(['%', 'd', ' ']).replace(',', ".");
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    let digits = |t: &str| t.chars().all(|c| c.is_ascii_digit());
    let fits = !whole.is_empty() && whole.len() <= 9 && part.len() <= 2;
    if !fits || !digits(whole) || !digits(part) {
        return Err("A number such as 85 or 42.5.".to_owned());
    }
    let of = |t: &str| t.parse::<i64>().unwrap_or(0);
    Ok(Some(of(whole) * 100 + of(&format!("{part:0<2}"))))
}

fn what(book: &Book, row: &Behind) -> String {
    let number = |id| {
        book.item(id)
            .map_or(String::new(), |i| i.number().to_owned())
    };
    match row.what {
        What::Item(id) => number(id),
        What::Applied(id) => format!("Cash to {}", number(id)),
        What::Promise(_) => "Promise".to_owned(),
        What::Activity(id) => {
            let activity = book.activities().get(id.index());
            activity.map_or(String::new(), |a| words::outcome(a.outcome).to_owned())
        }
    }
}

fn amount(row: &Behind, value: i128) -> String {
    let format = words::number_format();
    match row.what {
        What::Activity(_) => format.minor(value, 0),
        _ => format.minor(value, row.currency.exponent()),
    }
}

/// The weeks behind the forecast's error; what came in the next ones is told row by row below.
#[component]
fn Weeks(page: Page) -> impl IntoView {
    let weeks = Memo::new(move |_| {
        let id = page.open.get().unwrap_or_default();
        let shown = page.shown.get().filter(|_| id.starts_with("KP-26"))?;
        let all =
            shown.kpis.now.judged_weeks()?.iter().filter(|w| {
                shown.currency == In::Reporting || shown.currency == In::Own(w.currency)
            });
        Some(all.copied().collect::<Vec<_>>()).filter(|all| !all.is_empty())
    });
    move || {
        weeks
            .get()
            .map(|weeks| view! { <ForecastWeeks weeks label="Weeks of frozen forecasts" /> })
    }
}

/// A page of rows behind a figure, and its sums over all of them.
#[component]
fn RowsBehind(page: Page) -> impl IntoView {
    let found = Memo::new(move |_| {
        let id = page.open.get().unwrap_or_default();
        let asked = page
            .shown
            .with(|s| s.as_ref().map(|s| (s.kpis.now.ask.clone(), s.currency)));
        let (ask, currency) = asked?;
        let (id, bucket) = parsed(&id);
        Some(Arc::new(
            page.ws.peek(|book| rows(book, &ask, currency, id, bucket)),
        ))
    });
    let at = RwSignal::new(0usize);
    Effect::new(move |_| {
        found.track();
        at.set(0);
    });
    let pages = Memo::new(move |_| {
        let rows = found.with(|f| f.as_ref().map_or(0, |rows| rows.len()));
        rows.div_ceil(MOST).max(1)
    });
    let refuse = |no: bool, why: &str| no.then(|| why.to_owned());
    let at_first = Signal::derive(move || refuse(at.get() == 0, "These are the first rows."));
    let at_last =
        Signal::derive(move || refuse(at.get() + 1 >= pages.get(), "These are the last rows."));
    let table = move || {
        let rows = found.get()?;
        let shown = page.shown.get()?;
        let pages = pages.get();
        let first = at.get().min(pages - 1) * MOST;
        let last = (first + MOST).min(rows.len());
        let converts = shown.currency == In::Reporting && shown.kpis.now.currencies().len() > 1;
        let table = page.ws.peek(|book| {
            rows[first..last].iter().map(|row| {
                let name = book.customer_facts(row.customer).map_or(String::new(), |f| f.name.clone());
                let href = account_href(page.ws, row.customer).unwrap_or_default();
                let own = converts.then(|| view! { <td class="num">{in_the_figures_own(&shown, row.currency, row.counted)}</td> });
                view! {
                    <tr>
                        <td><a href=href>{name}</a></td>
                        <td>{what(book, row)}</td>
                        <td>{row.day.map(words::day).unwrap_or_default()}</td>
                        <td>{row.currency.code().replace("XXX", "")}</td>
                        <td class="num">{amount(row, row.of)}</td>
                        <td class="num">{amount(row, row.counted)}</td>
                        {own}
                    </tr>
                }
            }).collect_view()
        });
        let said = match rows.len() {
            0 => "No row stands behind this figure in the period.".to_owned(),
            1 => "One row.".to_owned(),
            n if pages > 1 => {
                format!(
                    "Rows {} to {last} of {n}, the largest part first; the sums are of all {n}.",
                    first + 1
                )
            }
            n => format!("{n} rows, the largest part first."),
        };
        let rounds = converts.then(|| view! {
            <p class="muted">"Each sum is converted once, at the rate of the closing day: the rows one by one may differ from it in the last digit."</p>
        });
        let head = converts.then(|| {
            view! { <th scope="col" class="num">{format!("Counted, in {}", shown.unit().code())}</th> }
        });
        Some(view! {
            <p class="muted">{said}</p>
            <div class="table-scroll" tabindex="0" role="region" aria-label="Rows behind the figure">
                <table class="plain-table">
                    <thead><tr>
                        <th scope="col">"Customer"</th><th scope="col">"What"</th><th scope="col">"Day"</th><th scope="col">"Currency"</th>
                        <th scope="col" class="num">"Of"</th><th scope="col" class="num">"Counted"</th>{head}
                    </tr></thead>
                    <tbody>{table}</tbody>
                    <tfoot>{sums(&shown, &rows, converts)}</tfoot>
                </table>
            </div>
            {rounds}
        })
    };
    view! {
        {table}
        <Show when=move || { pages.get() > 1 }>
            <p class="button-row">
                <Button label="Previous rows" refused=at_first on_press=move |()| at.update(|p| *p = p.saturating_sub(1)) />
                <Button label="Next rows" refused=at_last on_press=move |()| at.update(|p| *p += 1) />
            </p>
        </Show>
    }
}

/// An amount of a row in the currency the figure is told in.
fn in_the_figures_own(shown: &Shown, from: Currency, minor: i128) -> String {
    let converted = shown
        .kpis
        .now
        .converted(minor, from.numeric(), shown.currency);
    converted.map_or("no rate".to_owned(), |minor| {
        words::number_format().minor(minor, shown.unit().exponent())
    })
}

/// The sums of all rows, currency by currency; of contacts they are numbers.
fn sums(shown: &Shown, rows: &[Behind], converts: bool) -> impl IntoView + use<> {
    let mut by: BTreeMap<&'static str, (Behind, i128, i128)> = BTreeMap::new();
    for row in rows {
        let slot = by.entry(row.currency.code()).or_insert((*row, 0, 0));
        slot.1 += row.of;
        slot.2 += row.counted;
    }
    let line = |(row, of, counted): (Behind, i128, i128)| {
        let own = converts.then(|| {
            view! { <td class="num">{in_the_figures_own(shown, row.currency, counted)}</td> }
        });
        view! {
            <tr class="total">
                <th scope="row" colspan="3">"All rows"</th>
                <td>{row.currency.code().replace("XXX", "")}</td>
                <td class="num">{amount(&row, of)}</td>
                <td class="num">{amount(&row, counted)}</td>
                {own}
            </tr>
        }
    };
    by.into_values().map(line).collect_view()
}

/// One part of a figure.
#[derive(Clone, PartialEq)]
struct PartLine {
    name: String,
    kpi: Kpi,
    /// The question that shows its own figures.
    who: Option<String>,
}

fn part_lines(book: &Book, shown: &Shown, gathered: &Gathered, id: &str, by: By) -> Vec<PartLine> {
    let (id, bucket) = parsed(id);
    let mut out = Vec::new();
    for (group, name) in gathered.names.iter().enumerate() {
        let kpis = gathered.kpis(group, shown.currency);
        let found = kpis
            .into_iter()
            .find(|k| k.definition.id == id && k.bucket == bucket);
        let Some(kpi) = found.filter(|k| k.value.ratio().is_some()) else {
            continue;
        };
        let member = gathered.members.get(group).copied().flatten();
        let key = member.and_then(|c| book.customer_key(c));
        let who = match by {
            By::Customer => key.map(|k| format!("k:{}|{}", k.source, k.number)),
            _ => Some(format!("c:{name}")),
        };
        let name = match name.as_str() {
            "" => "Nobody assigned".to_owned(),
            name => name.to_owned(),
        };
        out.push(PartLine { name, kpi, who });
    }
    let weight = |l: &PartLine| {
        l.kpi
            .denominator
            .and_then(|d| d.number())
            .and_then(|r| r.rounded(1))
    };
    duebook_money::order::sort_by_key(&mut out, |l| std::cmp::Reverse(weight(l)));
    out
}

/// The same figure for each collector or customer; made when it is looked at.
#[component]
fn Parts(page: Page, by: By) -> impl IntoView {
    let ws = page.ws;
    let made = Latest::following(move |run| {
        let (shown, id) = (page.shown.get(), page.open.get().unwrap_or_default());
        async move {
            let shown = shown?;
            let ask = Ask {
                by,
                ..shown.kpis.now.ask.clone()
            };
            let gathered = ws.gather(ask, run).await?;
            let lines = ws.peek(|book| part_lines(book, &shown, &gathered, &id, by));
            Some(Arc::new(lines))
        }
    });
    move || {
        // The lines of another figure say nothing of this one.
        match made.answer().get().filter(|_| !made.is_working()) {
        None => view! { <p class="muted" role="status">"Adding up"</p> }.into_any(),
        Some(lines) if lines.is_empty() => {
            view! { <p class="muted">"No part of it has a figure of its own. Bucket figures are not told by customer."</p> }.into_any()
        }
        Some(lines) => {
            let note = (lines.len() > MOST).then(|| format!("The first {MOST} of {}.", lines.len()));
            let rows = lines.iter().take(MOST).map(|l| {
                let href = l.who.as_ref().map(|who| {
                    let who = String::from(js_sys::encode_uri_component(who));
                    crate::app::href(ws, &format!("kpis?who={who}"))
                });
                let part = |p: &Option<Part>| p.as_ref().map_or(String::new(), wording::part);
                view! {
                    <tr>
                        <td><a href=href.unwrap_or_default()>{l.name.clone()}</a></td>
                        <td class="num">{wording::value(&l.kpi)}</td>
                        <td class="num">{part(&l.kpi.numerator)}</td>
                        <td class="num">{part(&l.kpi.denominator)}</td>
                        <td class="num">{l.kpi.n.to_string()}</td>
                    </tr>
                }
            }).collect_view();
            view! {
                <div class="table-scroll" tabindex="0" role="region" aria-label="Parts of the figure">
                    <table class="plain-table">
                        <thead><tr>
                            <th scope="col">"Whose"</th><th scope="col" class="num">"Value"</th><th scope="col" class="num">"Divided"</th>
                            <th scope="col" class="num">"By"</th><th scope="col" class="num">"n"</th>
                        </tr></thead>
                        <tbody>{rows}</tbody>
                    </table>
                </div>
                {note.map(|n| view! { <p class="muted">{n}</p> })}
            }.into_any()
        }
    }
    }
}
