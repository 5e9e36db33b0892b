//! Reconcile: a period four ways (RC-01, RC-02), each difference a break with its clue and owner,
//! and the lock that keeps what was reconciled.

mod bank;
mod breaks;
mod control;
mod face;
mod gather;
mod locks;
mod roll;
mod theirs;
mod wording;

use crate::pages::choice::choice_in_address;
use crate::pages::shared::{in_address, is_page_key};
use crate::ui::format::format_count;
use crate::ui::prelude::*;
use crate::workspace::{Ws, use_ws};
use duebook_insight::recon::{Break, Reconciliation, RollKind, Span};
use duebook_ledger::recon::BreakMatter;
use duebook_money::Currency;
use leptos::prelude::*;
use std::sync::Arc;

/// What the parts of the page work on.
#[derive(Clone, Copy)]
struct Page {
    ws: Ws,
    toasts: Toasts,
    /// The period shown.
    span: Memo<Span>,
    /// Its reconciliation; `None` while it is made for the first time.
    found: Signal<Option<Arc<Reconciliation>>>,
    /// The currency shown.
    currency: Memo<Currency>,
    /// The line of the roll-forward whose movements are shown.
    line: RwSignal<Option<RollKind>>,
    /// The break in hand.
    in_hand: RwSignal<Option<BreakMatter>>,
    /// Differences with a customer's own ledger, which are in no period's register by themselves.
    also: RwSignal<Vec<Break>>,
    adding: RwSignal<bool>,
    locking: RwSignal<bool>,
    giving: RwSignal<bool>,
    days: RwSignal<bool>,
    grid: GridHandle,
}

/// Tabs: id in the address, label.
const TABS: [(&str, &str); 6] = [
    ("breaks", "Breaks"),
    ("roll", "Roll-forward"),
    ("bank", "Bank and cash book"),
    ("receipts", "Receipts and lines"),
    ("theirs", "Customer’s side"),
    ("locks", "Locks"),
];

/// The page.
#[component]
pub fn ReconcilePage() -> impl IntoView {
    let ws = use_ws();
    let (asked, ask) = in_address::<String>("period", true);
    let (code, set_code) = in_address::<String>("currency", true);
    let (tab, set_tab) = in_address::<String>("show", true);
    let span = Memo::new(move |_| {
        let today = ws.today();
        let wanted = asked.get().and_then(|a| gather::span_of(&a));
        wanted.unwrap_or_else(|| gather::default_span(&ws.read(gather::last_known), today))
    });
    let found = gather::gather(ws, span).answer();
    let currencies = Memo::new(move |_| found.with(|f| gather::currencies(f.as_deref())));
    let currency = Memo::new(move |_| {
        let wanted = code.get().and_then(|c| Currency::from_code(&c));
        currencies.with(|all| {
            let reporting = ws.peek(|b| b.about().map(|a| a.currency));
            let has = |c: &Currency| all.contains(c);
            let chosen = wanted.filter(has).or(reporting.filter(has));
            chosen
                .or(all.first().copied())
                .or(reporting)
                .unwrap_or(Currency::XXX)
        })
    });
    let page = Page {
        ws,
        toasts: use_toasts(),
        span,
        found,
        currency,
        line: RwSignal::new(None),
        in_hand: RwSignal::new(None),
        also: RwSignal::new(Vec::new()),
        adding: RwSignal::new(false),
        locking: RwSignal::new(false),
        giving: RwSignal::new(false),
        days: RwSignal::new(false),
        grid: GridHandle::new(),
    };
    let tab = Memo::new(move |_| {
        let wanted = tab.get();
        let known = TABS.iter().find(|(id, _)| Some(*id) == wanted.as_deref());
        known.map_or(TABS[0].0, |(id, _)| *id)
    });
    let tabs = Signal::derive(move || {
        let tab = |(id, label): &(&'static str, &'static str)| {
            let count = found.with(|f| {
                let f = f.as_ref()?;
                match *id {
                    "breaks" => Some(f.register.open().count()),
                    "locks" => Some(ws.peek(|b| b.locks().count())),
                    _ => None,
                }
            });
            let made = Tab::new(id, *label);
            match count.filter(|n| *n > 0) {
                Some(n) => made.count(format_count(n, Default::default())),
                None => made,
            }
        };
        TABS.iter().map(tab).collect::<Vec<_>>()
    });
    let change = move |id: &'static str| {
        set_tab.run(Some(id.to_owned()).filter(|id| id != TABS[0].0));
    };
    keys(page);
    let facts = Signal::derive(move || {
        let span = span.get();
        found.with(|f| wording::headline(span, f.as_deref()))
    });
    let any = Memo::new(move |_| ws.read(|b| !b.items().is_empty()));
    view! {
        <PageHead
            title="Reconcile"
            facts=facts
            filters=move || view! { <Filters page asked ask code set_code currencies /> }
            actions=move || view! { <Actions page /> }
        />
        <Show
            when=move || any.get()
            fallback=|| view! {
                <Empty
                    icon=Icon::Check
                    title="Nothing to reconcile yet"
                    text=Signal::stored("Import open items, then bank statements under Cash. Here the two, the ledger and the control account are held against each other, and what agrees is locked.".to_owned())
                />
            }
        >
            // The customer's side has a face of its own.
            <Show when=move || tab.get() != "theirs"><face::Face page /></Show>
            <Tabs name="reconcile" label="Parts" tabs=tabs current=tab on_change=change />
            <TabPanel name="reconcile" id="breaks" current=tab><breaks::Breaks page /></TabPanel>
            <TabPanel name="reconcile" id="roll" current=tab><roll::RollView page /></TabPanel>
            <TabPanel name="reconcile" id="bank" current=tab><bank::BankView page /></TabPanel>
            <TabPanel name="reconcile" id="receipts" current=tab><bank::ReceiptsView page /></TabPanel>
            <TabPanel name="reconcile" id="theirs" current=tab><theirs::TheirsView page /></TabPanel>
            <TabPanel name="reconcile" id="locks" current=tab><locks::Locks page /></TabPanel>
        </Show>
        <breaks::BreakDialog page />
        <breaks::AddDialog page />
        <locks::LockDialog page />
        <control::ControlDialog page />
        <control::DaysDialog page ask />
    }
}

#[component]
fn Filters(
    page: Page,
    asked: Memo<Option<String>>,
    ask: Callback<Option<String>>,
    code: Memo<Option<String>>,
    set_code: Callback<Option<String>>,
    currencies: Memo<Vec<Currency>>,
) -> impl IntoView {
    let period = choice_in_address(asked, ask);
    let periods = Signal::derive(move || {
        let today = page.ws.today();
        let mut all = vec![Choice::new(
            "",
            format!("Latest: {}", wording::span(page_default(page))),
        )];
        all.extend(
            gather::months(today)
                .into_iter()
                .map(|(id, label)| Choice::new(id, label)),
        );
        if let Some(other) = asked.get().filter(|a| a.contains("..")) {
            let label = gather::span_of(&other).map_or(other.clone(), wording::span);
            all.push(Choice::new(other, label));
        }
        all
    });
    let chosen = choice_in_address(code, set_code);
    let choices = Signal::derive(move || {
        let mut all = vec![Choice::new(
            "",
            format!("{} first", page.currency.get().code()),
        )];
        all.extend(currencies.with(|c| {
            c.iter()
                .map(|c| Choice::new(c.code(), c.code()))
                .collect::<Vec<_>>()
        }));
        all
    });
    view! {
        <SelectField label="Period" value=period choices=periods />
        <Show when=move || currencies.with(|c| c.len() > 1)>
            <SelectField label="Currency" value=chosen choices=choices />
        </Show>
    }
}

fn page_default(page: Page) -> Span {
    gather::default_span(&page.ws.read(gather::last_known), page.ws.today())
}

#[component]
fn Actions(page: Page) -> impl IntoView {
    let locked = Signal::derive(move || {
        let span = page.span.get();
        let lock = page.ws.read(|b| {
            let held = b.locks().find(|l| l.from <= span.to && span.from <= l.to);
            held.map(|l| Span {
                from: l.from,
                to: l.to,
            })
        });
        lock.map(|l| format!("{} is locked. Unlock it under Locks.", wording::span(l)))
    });
    let save = move |format: &'static str| {
        Callback::new(move |()| {
            let span = page.span.get_untracked();
            page.ws
                .export_period(page.toasts, "reconciliation", format, (span.from, span.to));
        })
    };
    let items = Signal::derive_local(move || {
        vec![
            MenuItem::new("Excel workbook", save("xlsx")).icon(Icon::File),
            MenuItem::new("Breaks as CSV", save("csv")).icon(Icon::File),
        ]
    });
    view! {
        <Button label="Other days" icon=Icon::Calendar kind=ButtonKind::Quiet on_press=move |()| page.days.set(true) />
        <Button label="Control balance" on_press=move |()| page.giving.set(true) />
        <Button label="Note a break" keys="n" on_press=move |()| page.adding.set(true) />
        <Menu label="Save as" items=items icon=Icon::Download />
        <Button label="Lock" icon=Icon::Lock kind=ButtonKind::Primary refused=locked on_press=move |()| page.locking.set(true) />
    }
}

fn keys(page: Page) {
    let listener = window_event_listener(leptos::ev::keydown, move |event| {
        if !is_page_key(&event) {
            return;
        }
        match event.key().as_str() {
            "j" => page.grid.move_by(1),
            "k" => page.grid.move_by(-1),
            "n" => page.adding.set(true),
            _ => return,
        }
        event.prevent_default();
    });
    on_cleanup(move || listener.remove());
}
