//! Risk: who is likely to pay late and why, what is provided for, what cash is expected, and the
//! register of what is done about it. Estimates, each with what it rests on.

mod against;
mod forecast;
mod provision;
mod register;
mod wording;

use crate::pages::account_href;
use crate::pages::shared::{in_address, list_keys, search_in_address, use_go};
use crate::platform::latest::Latest;
use crate::ui::format::plural;
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::{Ws, use_ws};
use duebook_insight::risk::{CustomerRisk, Fit, Portfolio, score};
use duebook_ledger::{CustomerId, OpenScan, View};
use leptos::prelude::*;
use std::sync::Arc;

const TABS: [(&str, &str); 4] = [
    ("customers", "Customers"),
    ("provision", "Provision"),
    ("forecast", "Cash forecast"),
    ("register", "Register"),
];
/// Customers scored at a time.
const SCORED: usize = 16;

/// What was worked out of the book; drawn anew after each commit.
struct Found {
    /// What it is of: the header's day.
    view: View,
    portfolio: Portfolio,
    /// Most points first.
    risks: Vec<CustomerRisk>,
}

/// Works it out, following the book and the header's day.
fn gather(ws: Ws) -> Latest<Arc<Found>> {
    Latest::following(move |run| {
        ws.revision().track();
        let view = ws.view();
        async move {
            let portfolio = Portfolio::new(ws.history(view, run).await?);
            let ids: Vec<CustomerId> = ws.peek(|b| b.customer_ids().collect());
            let mut risks = Vec::with_capacity(ids.len());
            for slice in ids.chunks(SCORED) {
                run.pause().await?;
                ws.peek(|b| {
                    let scan = OpenScan::new(b, view);
                    risks.extend(slice.iter().map(|c| score(b, &scan, &portfolio, *c)));
                });
            }
            duebook_money::order::sort_by_key(&mut risks, |r| {
                (std::cmp::Reverse(r.points), r.customer)
            });
            Some(Arc::new(Found {
                view,
                portfolio,
                risks,
            }))
        }
    })
}

/// The page.
#[component]
pub fn RiskPage() -> impl IntoView {
    let ws = use_ws();
    let (tab, set_tab) = in_address::<String>("tab", true);
    let current = Memo::new(move |_| {
        let asked = tab.get();
        let found = TABS.iter().find(|(id, _)| asked.as_deref() == Some(*id));
        found.map_or("customers", |(id, _)| *id)
    });
    let found = gather(ws).answer();
    let facts = Signal::derive(move || {
        found.with(|f| match f {
            None => "working it out".to_owned(),
            Some(f) => wording::headline(&f.risks, &f.portfolio.model.fit),
        })
    });
    let new_risk = RwSignal::new(false);
    let toasts = use_toasts();
    let chosen = ws.chosen_view();
    let past = Signal::derive(move || {
        let why = "These are past figures. Go back to today to change anything.";
        chosen.get().map(|_| why.to_owned())
    });
    let actions = move || {
        view! {
            <Show when=move || current.get() == "forecast">
                <Button label="Freeze forecast" icon=Icon::Lock kind=ButtonKind::Primary refused=past on_press=move |()| ws.freeze_forecast(toasts) />
            </Show>
            <Show when=move || current.get() == "register">
                <Button label="New entry" icon=Icon::Plus kind=ButtonKind::Primary refused=past on_press=move |()| new_risk.set(true) />
            </Show>
        }
    };
    let tabs = Signal::stored(
        TABS.iter()
            .map(|(id, label)| Tab::new(id, *label))
            .collect::<Vec<_>>(),
    );
    let working = move || view! { <Progress label="Reading the history" done=Signal::stored(None) detail=Signal::stored(String::new()) /> };
    view! {
        <PageHead title="Risk" facts=facts actions=actions />
        <div class="plans-page">
            <Tabs name="risk" label="Risk" tabs=tabs current=current
                on_change=move |id: &'static str| set_tab.run((id != "customers").then(|| id.to_owned())) />
            <TabPanel name="risk" id="customers" current=current>
                {move || match found.get() {
                    Some(f) => view! { <Customers found=f /> }.into_any(),
                    None => working().into_any(),
                }}
            </TabPanel>
            <TabPanel name="risk" id="provision" current=current>
                {move || match found.get() {
                    Some(f) => view! { <provision::Provision found=f /> }.into_any(),
                    None => working().into_any(),
                }}
            </TabPanel>
            <TabPanel name="risk" id="forecast" current=current>
                {move || match found.get() {
                    Some(f) => view! { <forecast::Forecast found=f /> }.into_any(),
                    None => working().into_any(),
                }}
            </TabPanel>
            <TabPanel name="risk" id="register" current=current>
                <register::Register new_risk />
            </TabPanel>
        </div>
    }
}

impl PartialEq for Found {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

#[component]
fn Customers(found: Arc<Found>) -> impl IntoView {
    let ws = use_ws();
    let text = search_in_address("q");
    let shown = RwSignal::new(None::<CustomerId>);
    let all = StoredValue::new(found.clone());
    let list = Memo::new(move |_| {
        let text = text.with(|t| t.trim().to_lowercase());
        all.with_value(|f| {
            let fits = |r: &&CustomerRisk| {
                text.is_empty()
                    || ws.peek(|b| {
                        b.customer_facts(r.customer).is_some_and(|f| {
                            f.name.to_lowercase().contains(&text)
                                || f.number.to_lowercase().contains(&text)
                        })
                    })
            };
            f.risks.iter().filter(fits).cloned().collect::<Vec<_>>()
        })
    });
    let row = move |n: usize| list.with(|l| l.get(n).cloned());
    let source = GridSource::new(
        move || list.with(Vec::len),
        move |n| row(n).map_or(0, |r| u64::from(r.customer.0)),
        move |n, column| {
            let Some(r) = row(n) else {
                return CellView::Empty;
            };
            let (currency, exposure) = r.exposure;
            match column {
                0 => CellView::Strong(ws.peek(|b| wording::name(b, r.customer))),
                1 => {
                    let (tone, text) = wording::class(r.class);
                    CellView::Chips(vec![(tone, format!("{text} {}", r.points))])
                }
                2 => r
                    .late_per_mille
                    .map_or(CellView::Faint("too little history".to_owned()), |p| {
                        CellView::Text(wording::percent(u32::from(p)))
                    }),
                3 => CellView::Text(words::money(exposure, currency)),
                4 => CellView::Text(words::amount(r.past_due, currency)),
                5 => r
                    .limit
                    .map_or(CellView::Faint("none given".to_owned()), |l| {
                        CellView::Text(words::amount(l, currency))
                    }),
                6 => {
                    let top: Vec<String> = r
                        .factors
                        .iter()
                        .take(2)
                        .map(|(f, p)| format!("{} +{p}", wording::factor(*f)))
                        .collect();
                    CellView::Text(top.join(" · "))
                }
                7 if r.flags.is_empty() => CellView::Empty,
                7 => CellView::Chips(vec![(Tone::Warn, r.flags.len().to_string())]),
                _ => CellView::Empty,
            }
        },
    );
    let handle = GridHandle::new();
    list_keys(handle);
    let columns = vec![
        Column::text("customer", "Customer", 130).grow(3),
        Column::text("class", "Class", 76),
        Column::number("late", "Paid late next", 120).hide_below(560),
        Column::number("exposure", "Exposure", 144),
        Column::number("past", "Past due", 120).hide_below(620),
        Column::number("limit", "Credit limit", 120).hide_below(900),
        Column::text("why", "Why", 200).grow(3).hide_below(760),
        Column::text("flags", "Flags", 70).hide_below(500),
    ];
    let open = Callback::new(move |key: u64| shown.set(u32::try_from(key).ok().map(CustomerId)));
    let opened = Memo::new(move |_| {
        let id = shown.get()?;
        all.with_value(|f| f.risks.iter().find(|r| r.customer == id).cloned())
    });
    let fit = found.portfolio.model.fit.clone();
    let base = found.portfolio.model.base_per_mille();
    let empty = || {
        view! { <Empty icon=Icon::People title="Nobody to judge" text=Signal::stored("Import open items first: every customer then has a score with its arithmetic.".to_owned()) /> }
    };
    view! {
        <SearchField label="Customer by name or number" value=text keys="/".to_owned() />
        <Grid label="Customers by risk" source=source columns=columns handle=handle on_open=open
            current=Signal::derive(move || shown.get().map(|c| u64::from(c.0))) max_rows=14 empty=empty />
        {move || opened.get().map(|r| view! { <One risk=r /> })}
        <Estimate fit base />
    }
}

/// One customer: every term of the score, flags.
#[component]
fn One(risk: CustomerRisk) -> impl IntoView {
    let ws = use_ws();
    let go = use_go();
    let name = ws.peek(|b| wording::name(b, risk.customer));
    let (_, class) = wording::class(risk.class);
    let href = account_href(ws, risk.customer);
    let heading = format!("{name}: class {class}, {} points", risk.points);
    let title = heading.clone();
    let (k, n) = risk.ratio;
    let ratio = format!("{k} of {n} settled invoices were paid after their due date.");
    let before = ws.peek(|b| wording::before(b, untrack(|| ws.view()).as_of, risk.customer));
    view! {
        <section class="panel" aria-label=heading>
            <h2>{title}</h2>
            <p>{ratio}" "{before}</p>
            <table class="plain-table">
                <thead><tr><th scope="col">"Term"</th><th scope="col" class="num">"Points"</th></tr></thead>
                <tbody>
                    {risk.factors.iter().map(|(f, p)| view! { <tr><td>{wording::factor(*f)}</td><td class="num">{format!("+{p}")}</td></tr> }).collect_view()}
                </tbody>
                <tfoot><tr><td>"Together"</td><td class="num">{risk.points}</td></tr></tfoot>
            </table>
            {(!risk.flags.is_empty()).then(|| view! {
                <h3>"To look into"</h3>
                <ul>{risk.flags.iter().map(|f| view! { <li>{wording::flag(*f, risk.exposure.0)}</li> }).collect_view()}</ul>
            })}
            <p class="button-row">
                {href.map(|href| view! { <Button label="Open the account" kind=ButtonKind::Quiet on_press=move |()| go.run(href.clone()) /> })}
            </p>
        </section>
    }
}

/// What the estimate rests on.
#[component]
fn Estimate(fit: Fit, base: u16) -> impl IntoView {
    match fit {
        Fit::TooFew(n) => view! {
            <Callout title="No estimate of late payment yet">
                {format!("{n} settled invoices are in the book; from {} on, the chance is estimated from them. Until then the points are by rules alone.", duebook_insight::risk::LEAST)}
            </Callout>
        }
        .into_any(),
        Fit::Own(q) => {
            let since = q.from.map_or(String::new(), |d| format!(" issued from {}", words::day(d)));
            view! {
                <details class="plans-more">
                    <summary>{format!(
                        "How good the estimate is: ranks a late invoice before a punctual one in {} of cases, tried on {}{since}",
                        wording::percent(u32::from(q.auc_per_mille)),
                        plural(q.tried, "invoice", "invoices", Default::default())
                    )}</summary>
                    <p class="muted">{format!(
                        "Fitted anew on the first of each month on what was settled before it, {} at first; {} of all were late. What an invoice is judged by is only what was known when it was issued: how often its customer had paid late, drawn to the portfolio’s rate. The level is that of the newest third of what was settled, so that a portfolio that pays better or worse than before is said to. Mean squared error {}.",
                        plural(q.fitted, "invoice", "invoices", Default::default()),
                        wording::percent(u32::from(base)), wording::percent(u32::from(q.brier_per_mille))
                    )}</p>
                    <table class="plain-table">
                        <thead><tr><th scope="col">"Chance said"</th><th scope="col" class="num">"Invoices"</th><th scope="col" class="num">"Said on average"</th><th scope="col" class="num">"Were late"</th></tr></thead>
                        <tbody>
                            {q.bins.iter().map(|b| view! {
                                <tr><td>{format!("from {}", wording::percent(u32::from(b.from)))}</td><td class="num">{b.count}</td>
                                <td class="num">{if b.count > 0 { wording::percent(u32::from(b.said)) } else { String::new() }}</td>
                                <td class="num">{if b.count > 0 { wording::percent(u32::from(b.late)) } else { String::new() }}</td></tr>
                            }).collect_view()}
                        </tbody>
                    </table>
                </details>
            }
            .into_any()
        }
    }
}
