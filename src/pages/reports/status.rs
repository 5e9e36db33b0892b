//! The status update: one page for a manager, printed or sent.

use super::packs::period_of;
use crate::platform::files;
use crate::platform::latest::Latest;
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::{Ws, use_ws};
use duebook_insight::kpi::{Ask, By, Period, Sum, Whose};
use duebook_insight::status::{CurrencyStatus, StatusUpdate, status};
use duebook_money::{Currency, Day};
use duebook_policy::Rhythm;
use leptos::prelude::*;
use std::sync::Arc;

/// The page with what it is of.
#[derive(Clone, PartialEq)]
struct Drawn {
    of: Arc<StatusUpdate>,
    period: Period,
}

fn step_name(sum: Sum) -> &'static str {
    match sum {
        Sum::BeginNet => "Opening",
        Sum::Invoiced => "Invoiced",
        Sum::Received => "Cash",
        Sum::Presumed => "Presumed paid, cause unknown",
        Sum::Credited => "Credits",
        Sum::WrittenOff => "Write-offs",
        Sum::Discount => "Discount",
        Sum::Withheld => "Tax withheld",
        Sum::Exchange => "FX",
        Sum::Adjusted => "Adjustments",
        Sum::Restated => "Learnt late",
        _ => "Closing",
    }
}

fn amount(minor: i128, currency: Currency) -> String {
    words::number_format().minor(minor, currency.exponent())
}

/// What needs somebody, in sentences.
fn waits(of: &StatusUpdate) -> Vec<String> {
    let w = &of.waiting;
    let mut out = Vec::new();
    let mut say = |n: u64, one: &str, many: &str| {
        if n > 0 {
            out.push(format!("{n} {}", if n == 1 { one } else { many }));
        }
    };
    say(
        w.broken,
        "promise broken in the period",
        "promises broken in the period",
    );
    say(
        w.awaiting_news,
        "promise due and waiting for the source’s file",
        "promises due and waiting for the source’s file",
    );
    say(
        w.disputes_incomplete,
        "disputed item without reason or owner",
        "disputed items without reason or owner",
    );
    if w.list_open {
        out.push("The opening list of the period is not frozen.".to_owned());
    }
    out
}

#[component]
pub fn Status() -> impl IntoView {
    let ws = use_ws();
    let first = period_of(Rhythm::Weekly, untrack(|| ws.view()).as_of);
    let (from, to) = (
        RwSignal::new(first.from.to_string()),
        RwSignal::new(first.to.to_string()),
    );
    let summary = RwSignal::new(String::new());
    let asks = RwSignal::new(String::new());
    let period = Memo::new(move |_| {
        let day = |t: &String| duebook_money::date::parse_iso_bytes(t.trim().as_bytes());
        let (from, to): (Option<Day>, Option<Day>) = (from.with(day), to.with(day));
        let (from, to) = (from?, to?);
        (from <= to).then_some((from, to))
    });
    let drawn = Latest::following(move |run| {
        ws.revision().track();
        let (period, known) = (period.get(), ws.view().known);
        async move {
            // While a day is being typed the page stays as it is.
            let (from, to) = period?;
            let period = Period { from, to };
            let ask = |by| Ask {
                period,
                known,
                scope: Whose::default(),
                by,
            };
            let all = ws.gather(ask(By::Nothing), run).await?;
            let parts = ws.gather(ask(By::Customer), run).await?;
            let of = Arc::new(ws.peek(|book| status(book, &all, &parts)));
            Some(Drawn { of, period })
        }
    });
    let drawn = drawn.answer();
    view! {
        <div class="status">
            <div class="status-form">
                <div class="form-row">
                    <DateField label="From" value=from />
                    <DateField label="To" value=to />
                </div>
                <TextArea label="In short" value=summary hint=Some("Printed and sent with the page; not kept in the book.".to_owned()) optional=true />
                <TextArea label="What we ask for" value=asks optional=true />
                <Deliver drawn summary asks />
            </div>
            <article class="status-page" aria-label="Status update">
                {move || match drawn.get() {
                    None => view! { <p class="muted" role="status">"Adding up"</p> }.into_any(),
                    Some(d) => page(ws, &d).into_any(),
                }}
                <Words title="In short" text=summary />
                <Words title="What we ask for" text=asks />
            </article>
        </div>
    }
}

#[component]
fn Words(title: &'static str, text: RwSignal<String>) -> impl IntoView {
    view! {
        <Show when=move || text.with(|t| !t.trim().is_empty())>
            <h3>{title}</h3>
            <p class="status-words">{move || text.get()}</p>
        </Show>
    }
}

fn page(ws: Ws, drawn: &Drawn) -> impl IntoView + use<> {
    let name = ws.peek(|book| book.about().map_or(String::new(), |a| a.name.clone()));
    let title = format!(
        "{name}: {} to {}",
        words::day(drawn.period.from),
        words::day(drawn.period.to)
    );
    let waits = waits(&drawn.of);
    let parts: Vec<_> = drawn.of.currencies.iter().map(part).collect();
    view! {
        <h2>{title}</h2>
        {parts}
        {(!waits.is_empty()).then(|| view! {
            <h3>"Waiting for somebody"</h3>
            <ul>{waits.into_iter().map(|w| view! { <li>{w}</li> }).collect_view()}</ul>
        })}
    }
}

fn part(c: &CurrencyStatus) -> impl IntoView + use<> {
    let code = c.currency;
    let last = c.steps.len().saturating_sub(1);
    let steps: Vec<_> = (c.steps.iter().enumerate())
        .filter(|(at, (_, minor))| *at == 0 || *at == last || *minor != 0)
        .map(|(at, (sum, minor))| {
            let total = at == 0 || at == last;
            view! { <tr class:total=total><th scope="row">{step_name(*sum)}</th><td class="num">{amount(*minor, code)}</td></tr> }
        })
        .collect();
    let movers: Vec<_> = (c.movers.iter())
        .map(|m| view! {
            <tr><th scope="row">{m.name.clone()}</th><td class="num">{amount(m.from, code)}</td><td class="num">{amount(m.to, code)}</td><td class="num">{amount(m.to - m.from, code)}</td></tr>
        })
        .collect();
    let risks: Vec<_> = (c.risks.iter())
        .map(|r| view! {
            <tr><th scope="row">{r.name.clone()}</th><td class="num">{amount(r.over_90, code)}</td><td class="num">{amount(r.open, code)}</td></tr>
        })
        .collect();
    let past = format!(
        "Past due {} at the beginning, {} at the end; re-aged out of it {}.",
        amount(c.past_due.0, code),
        amount(c.past_due.1, code),
        amount(c.reaged, code)
    );
    let (moved, at_risk) = (!movers.is_empty(), !risks.is_empty());
    view! {
        <section class="status-part">
            <h3>{code.code()}</h3>
            <div class="status-tables">
                <table class="plain-table">
                    <caption>"What moved"</caption>
                    <tbody>{steps}</tbody>
                </table>
                {moved.then(|| view! {
                    <table class="plain-table">
                        <caption>"Who moved most"</caption>
                        <thead><tr><th scope="col">"Customer"</th><th scope="col" class="num">"Before"</th><th scope="col" class="num">"After"</th><th scope="col" class="num">"Change"</th></tr></thead>
                        <tbody>{movers}</tbody>
                    </table>
                })}
                {at_risk.then(|| view! {
                    <table class="plain-table">
                        <caption>"At risk: more than 90 days past due"</caption>
                        <thead><tr><th scope="col">"Customer"</th><th scope="col" class="num">"Over 90"</th><th scope="col" class="num">"Open"</th></tr></thead>
                        <tbody>{risks}</tbody>
                    </table>
                })}
            </div>
            <p>{past}</p>
        </section>
    }
}

/// The page as plain text, for a mail.
fn plain(ws: Ws, drawn: &Drawn, summary: &str, asks: &str) -> String {
    let name = ws.peek(|book| book.about().map_or(String::new(), |a| a.name.clone()));
    let mut out = format!(
        "{name}: {} to {}\r\n",
        words::day(drawn.period.from),
        words::day(drawn.period.to)
    );
    let mut line = |text: String| {
        out.push_str(&text);
        out.push_str("\r\n");
    };
    if !summary.trim().is_empty() {
        line(format!("\r\n{}", summary.trim()));
    }
    for c in &drawn.of.currencies {
        let code = c.currency;
        line(format!("\r\n{}", code.code()));
        let last = c.steps.len().saturating_sub(1);
        for (at, (sum, minor)) in c.steps.iter().enumerate() {
            if at == 0 || at == last || *minor != 0 {
                line(format!(
                    "  {:<30} {:>18}",
                    step_name(*sum),
                    amount(*minor, code)
                ));
            }
        }
        line(format!(
            "  Past due {} -> {}, re-aged {}",
            amount(c.past_due.0, code),
            amount(c.past_due.1, code),
            amount(c.reaged, code)
        ));
        for m in &c.movers {
            line(format!(
                "  {}: {} -> {}",
                m.name,
                amount(m.from, code),
                amount(m.to, code)
            ));
        }
        for r in &c.risks {
            line(format!(
                "  At risk, {}: {} over 90 days of {} open",
                r.name,
                amount(r.over_90, code),
                amount(r.open, code)
            ));
        }
    }
    let waits = waits(&drawn.of);
    if !waits.is_empty() {
        line("\r\nWaiting for somebody".to_owned());
        waits.iter().for_each(|w| line(format!("  {w}")));
    }
    if !asks.trim().is_empty() {
        line(format!("\r\nWhat we ask for\r\n{}", asks.trim()));
    }
    out
}

#[component]
fn Deliver(
    drawn: Signal<Option<Drawn>>,
    summary: RwSignal<String>,
    asks: RwSignal<String>,
) -> impl IntoView {
    let ws = use_ws();
    let toasts = use_toasts();
    let print = move |()| {
        if let Some(Err(error)) = web_sys::window().map(|w| w.print()) {
            toasts.error(format!("The browser did not print: {error:?}."));
        }
    };
    let mail = move |()| {
        let Some(d) = drawn.get_untracked() else {
            return;
        };
        let text = plain(ws, &d, &summary.get_untracked(), &asks.get_untracked());
        let name = format!("status-{}.eml", d.period.to);
        let subject = format!("Status update, {} to {}", d.period.from, d.period.to);
        let mail = duebook_letters::eml::plain(&subject, &text);
        match files::download(&name, "message/rfc822", &[mail]) {
            Ok(()) => toasts.done(format!("{name}, in your downloads. It opens as a draft.")),
            Err(e) => toasts.error(format!(
                "{name} was not handed over: {e}. Nothing in the book changed."
            )),
        }
    };
    view! {
        <div class="button-row">
            <Button label="Print" on_press=print />
            <Button label="Save as a mail draft" on_press=mail />
        </div>
    }
}
