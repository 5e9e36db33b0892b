//! Key figures: each with what was divided by what, of how many, against its target and the period
//! before; every figure opens its arithmetic and the rows behind it.

mod asked;
mod detail;
mod freeze;
mod table;
mod trends;
mod wording;

use crate::pages::choice::choice_in_address;
use crate::pages::shared::{in_address, is_page_key, list_keys};
use crate::platform::latest::Latest;
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::{Kpis, Ws, use_ws};
use duebook_insight::kpi::{Ask, In, Kpi, accuracy};
use duebook_money::Currency;
use leptos::prelude::*;
use std::sync::Arc;

/// What the parts of the page work on.
#[derive(Clone, Copy)]
struct Page {
    ws: Ws,
    figures: Latest<Kpis>,
    ask: Memo<Ask>,
    currency: Memo<String>,
    shown: Memo<Option<Shown>>,
    /// The figure that is open: definition, and bucket behind a colon.
    open: Memo<Option<String>>,
    set_open: Callback<Option<String>>,
}

/// A figure with the one of the period before and its target.
#[derive(Clone, PartialEq)]
struct Figure {
    now: Kpi,
    before: Option<Kpi>,
    /// Hundredths of its unit.
    target: Option<i64>,
}

impl Figure {
    /// Its name in the address.
    fn id(&self) -> String {
        match self.now.bucket {
            Some(bucket) => format!("{}:{bucket}", self.now.definition.id),
            None => self.now.definition.id.to_owned(),
        }
    }
}

/// The figures in the currency asked for.
#[derive(Clone)]
struct Shown {
    kpis: Kpis,
    currency: In,
    figures: Arc<Vec<Figure>>,
    labels: Arc<Vec<String>>,
}

impl PartialEq for Shown {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.kpis.now, &other.kpis.now)
            && self.currency == other.currency
            && self.figures == other.figures
    }
}

impl Shown {
    fn of(ws: Ws, kpis: Kpis, asked: &str) -> Shown {
        let there = kpis.now.currencies();
        let currency = asked::currency(asked, &there);
        let mut now = kpis.now.kpis(0, currency);
        let mut before = kpis.before.kpis(0, currency);
        let all =
            ws.peek(|book| accuracy::kpis(book, &kpis.now, &kpis.tied, kpis.sampled, currency));
        now.extend(all);
        let collector = kpis.now.ask.scope.collector.clone().unwrap_or_default();
        let policy = ws.peek(|book| book.policies().reporting.clone());
        let figure = |now: Kpi| {
            let same = |k: &Kpi| k.definition.id == now.definition.id && k.bucket == now.bucket;
            let at = before.iter().position(same);
            Figure {
                before: at.map(|at| before.swap_remove(at)),
                target: policy.target(now.definition.id, &collector),
                now,
            }
        };
        Shown {
            figures: Arc::new(now.into_iter().map(figure).collect()),
            labels: Arc::new(kpis.now.buckets.labels()),
            kpis,
            currency,
        }
    }

    fn figure(&self, id: &str) -> Option<Figure> {
        self.figures.iter().find(|f| f.id() == id).cloned()
    }

    fn unit(&self) -> Currency {
        self.kpis.now.unit_of(self.currency)
    }
}

/// The page.
#[component]
pub fn KpisPage() -> impl IntoView {
    let ws = use_ws();
    let (period, set_period) = in_address::<String>("period", true);
    let (who, set_who) = in_address::<String>("who", true);
    let (coin, set_coin) = in_address::<String>("in", true);
    let (open, set_open) = in_address::<String>("figure", true);
    let (part, set_part) = in_address::<String>("part", true);
    let ask = Memo::new(move |_| {
        let (period, who) = (
            period.get().unwrap_or_default(),
            who.get().unwrap_or_default(),
        );
        asked::ask(ws, &period, &who)
    });
    let currency = Memo::new(move |_| coin.get().unwrap_or_default());
    let figures = ws.kpis(ask);
    let shown = Memo::new(move |_| {
        let asked = currency.get();
        let kpis = figures.answer().get()?;
        Some(Shown::of(ws, kpis, &asked))
    });
    let page = Page {
        ws,
        figures,
        ask,
        currency,
        shown,
        open,
        set_open,
    };
    let current = Signal::derive(move || match part.get().as_deref() {
        Some("trends") => "trends",
        _ => "figures",
    });
    let change = Callback::new(move |id: &'static str| {
        set_part.run((id != "figures").then(|| id.to_owned()));
    });
    let tabs = Signal::stored(vec![
        Tab::new("figures", "Figures"),
        Tab::new("trends", "Trends"),
    ]);
    let is_shown = Memo::new(move |_| shown.with(Option::is_some));
    let facts = Signal::derive(move || headline(page));
    let freezing = RwSignal::new(false);
    let actions = move || {
        view! { <Button label="Opening list" icon=Icon::Lock on_press=move |()| freezing.set(true) /> }
    };
    let filters = move || {
        view! {
            <Periods chosen=period choose=set_period page />
            <Who chosen=who choose=set_who page />
            <Coins chosen=coin choose=set_coin page />
        }
    };
    view! {
        <PageHead title="Key figures" facts=facts actions=actions filters=filters />
        <Refused page />
        <Tabs name="kpis" label="Views of the figures" tabs=tabs current=current on_change=change />
        <TabPanel name="kpis" id="figures" current=current>
            <div class="page-grid" data-updating=move || figures.is_working().then_some("")>
                {move || match is_shown.get() {
                    true => view! { <table::Figures page /> }.into_any(),
                    false => view! { <p class="muted charts-wait" role="status">"Adding up"</p> }.into_any(),
                }}
            </div>
        </TabPanel>
        <TabPanel name="kpis" id="trends" current=current>
            <trends::Trends page />
        </TabPanel>
        <detail::FigureDialog page />
        <freeze::FreezeDialog page open=freezing />
    }
}

/// Period, opening list, sales, controls.
fn headline(page: Page) -> String {
    page.shown.with(|s| {
        let Some(s) = s else { return String::new() };
        let now = &s.kpis.now;
        let (held, of) = s.kpis.tied.passed();
        let ties = if held == of {
            format!("{of} of {of} controls hold")
        } else {
            format!("UNRECONCILED: {} of {of} controls failed", of - held)
        };
        let list = match now.list {
            Some((_, true)) => "opening list closed",
            Some((_, false)) => "opening list frozen, provisional",
            None => "opening list not frozen",
        };
        format!(
            "{} · in {} · {list} · {} · {ties}",
            wording::period(now.ask.period),
            s.unit().code(),
            wording::sales(now.sales.from)
        )
    })
}

/// No total over currencies: said above the figures, with what to do.
#[component]
fn Refused(page: Page) -> impl IntoView {
    let missing = Memo::new(move |_| {
        page.shown.with(|s| {
            let s = s.as_ref().filter(|s| s.currency == In::Reporting)?;
            s.kpis
                .now
                .base(0, In::Reporting)
                .err()
                .map(|e| words::missing_rate(&e))
        })
    });
    move || {
        missing.get().map(|what| {
            view! {
                <Callout tone=Tone::Warn title="No figures over currencies">
                    {what} " Choose one currency, or enter the rate under Settings."
                </Callout>
            }
        })
    }
}

#[component]
fn Periods(
    chosen: Memo<Option<String>>,
    choose: Callback<Option<String>>,
    page: Page,
) -> impl IntoView {
    // The kind of period, and the dates where they are the user's own.
    let kind_of = |asked: &str| match asked.contains("..") {
        true => "dates".to_owned(),
        false => asked.to_owned(),
    };
    let value = RwSignal::new(kind_of(&chosen.get_untracked().unwrap_or_default()));
    let first = page.ask.get_untracked().period;
    let from = RwSignal::new(first.from.to_string());
    let to = RwSignal::new(first.to.to_string());
    Effect::new(move |_| {
        let asked = kind_of(&chosen.get().unwrap_or_default());
        if value.get_untracked() != asked {
            value.set(asked);
        }
    });
    Effect::new(move |_| {
        let kind = value.get();
        let wanted = match kind.as_str() {
            "" => None,
            "dates" => {
                let dates = format!("{}..{}", from.get().trim(), to.get().trim());
                // While a date is being typed the figures stay as they are.
                match asked::own_dates(&dates) {
                    Some(_) => Some(dates),
                    None => return,
                }
            }
            _ => Some(kind),
        };
        if chosen.get_untracked() != wanted {
            choose.run(wanted);
        }
    });
    let choices = Signal::stored(
        (asked::PERIODS.iter())
            .map(|(value, label)| Choice::new(*value, *label))
            .collect::<Vec<_>>(),
    );
    view! {
        <SelectField label="Period" value=value choices=choices />
        <Show when=move || value.with(|v| v == "dates")>
            <DateField label="From" value=from />
            <DateField label="To" value=to />
        </Show>
    }
}

#[component]
fn Who(
    chosen: Memo<Option<String>>,
    choose: Callback<Option<String>>,
    page: Page,
) -> impl IntoView {
    let value = choice_in_address(chosen, choose);
    let choices = Signal::derive(move || {
        let mut list = vec![Choice::new("", "The whole desk")];
        let names = page.ws.read(asked::collectors);
        list.extend(
            names
                .iter()
                .map(|c| Choice::new(format!("c:{c}"), format!("Collector {c}"))),
        );
        list.push(Choice::new("c:", "Nobody assigned"));
        let asked = chosen.get().unwrap_or_default();
        if asked.starts_with("k:") {
            let name = page.ws.peek(|book| {
                let id = asked::whose(book, &asked).customer;
                id.and_then(|id| Some(book.customer_facts(id)?.name.clone()))
            });
            list.push(Choice::new(
                asked,
                name.unwrap_or_else(|| "A customer".to_owned()),
            ));
        }
        list
    });
    view! { <SelectField label="Whose" value=value choices=choices /> }
}

#[component]
fn Coins(
    chosen: Memo<Option<String>>,
    choose: Callback<Option<String>>,
    page: Page,
) -> impl IntoView {
    let value = choice_in_address(chosen, choose);
    let choices = Signal::derive(move || {
        let (all, reporting) = page.figures.answer().with(|m| {
            let now = m.as_ref().map(|m| m.now.clone());
            now.map_or((Vec::new(), None), |n| {
                (n.currencies(), Some(n.reporting()))
            })
        });
        let first = match (all.as_slice(), reporting) {
            ([only], _) => only.code().to_owned(),
            (_, Some(reporting)) => format!("All, in {}", reporting.code()),
            _ => "All".to_owned(),
        };
        let mut list = vec![Choice::new("", first)];
        if all.len() > 1 {
            list.extend(
                all.iter()
                    .map(|c| Choice::new(c.code(), format!("{} alone", c.code()))),
            );
        }
        list
    });
    view! { <SelectField label="Currency" value=value choices=choices /> }
}

/// `y` opens the arithmetic of the row the keyboard is on, from anywhere on the page.
fn why_key(handle: GridHandle, open: impl Fn(u64) + 'static) {
    list_keys(handle);
    let listener = window_event_listener(leptos::ev::keydown, move |event| {
        if is_page_key(&event) && event.key() == "y" {
            if let Some(key) = untrack(|| handle.active_key()) {
                open(key);
            }
            event.prevent_default();
        }
    });
    on_cleanup(move || listener.remove());
}
