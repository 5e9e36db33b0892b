//! Every component on three pages (`?gallery=1`, `&part=tables`, `&part=work`), for screenshots, axe and the eye.
//! All figures here are made up.

mod controls;
mod forms;
mod tables;
mod work;

use super::look::provide_look;
use super::prelude::*;
use super::shell::{HeaderFact, SearchButton};
use super::toast::ToastStack;
use leptos::prelude::*;

fn rail_items() -> Vec<RailItem> {
    [
        ("Controls", Icon::Gear, "g c"),
        ("Forms", Icon::Note, "g f"),
        ("Tables", Icon::List, "g t"),
        ("Work", Icon::Phone, "g w"),
    ]
    .into_iter()
    .map(|(label, icon, keys)| RailItem {
        href: format!("?gallery=1&part={}", label.to_lowercase()),
        label,
        icon,
        keys: Some(keys),
    })
    .collect()
}

fn part_in_url() -> &'static str {
    let query = window().location().search().unwrap_or_default();
    ["forms", "tables", "work"]
        .into_iter()
        .find(|part| query.contains(&format!("part={part}")))
        .unwrap_or("controls")
}

fn palette_groups(query: &str) -> Vec<PaletteGroup> {
    let item = |label: &str, detail: &str, icon, keys: Option<&str>| PaletteItem {
        id: label.to_owned(),
        label: label.to_owned(),
        detail: detail.to_owned(),
        keys: keys.map(str::to_owned),
        icon: Some(icon),
    };
    let all = vec![
        PaletteGroup {
            title: "Customers".to_owned(),
            items: vec![
                item(
                    "Lakeshore Medical Supply LLC",
                    "C-20418, 63,410.00 USD open",
                    Icon::Building,
                    None,
                ),
                item(
                    "Northgate Fabrication Inc.",
                    "C-10077, 184,210.55 USD open",
                    Icon::Building,
                    None,
                ),
            ],
        },
        PaletteGroup {
            title: "Items".to_owned(),
            items: vec![item(
                "INV-87990",
                "Lakeshore Medical Supply, 24,300.00 USD, 42 days late",
                Icon::File,
                None,
            )],
        },
        PaletteGroup {
            title: "Commands".to_owned(),
            items: vec![
                item("Log a call", "", Icon::Phone, Some("c")),
                item("Record a promise", "", Icon::Clock, Some("p")),
                item("Import files", "", Icon::Upload, None),
            ],
        },
    ];
    let wanted = query.to_lowercase();
    all.into_iter()
        .map(|group| PaletteGroup {
            items: group
                .items
                .into_iter()
                .filter(|i| {
                    format!("{} {}", i.label, i.detail)
                        .to_lowercase()
                        .contains(&wanted)
                })
                .collect(),
            ..group
        })
        .filter(|group| !group.items.is_empty())
        .collect()
}

/// The gallery, in the app's own frame.
#[component]
pub fn Gallery() -> impl IntoView {
    let look = provide_look();
    let toasts = provide_toasts();
    let part = part_in_url();
    let palette = RwSignal::new(false);
    let past = RwSignal::new(false);
    let keys = window_event_listener(leptos::ev::keydown, move |event| {
        if (event.ctrl_key() || event.meta_key()) && event.key() == "k" {
            event.prevent_default();
            palette.set(true);
        }
    });
    on_cleanup(move || keys.remove());
    let theme = move |_: ()| {
        look.theme.update(|t| {
            *t = match t {
                Theme::System => Theme::Dark,
                Theme::Dark => Theme::Light,
                Theme::Light => Theme::System,
            };
        });
    };
    let density = move |_: ()| {
        look.density.update(|d| {
            *d = match d {
                Density::Compact => Density::Comfortable,
                Density::Comfortable => Density::Compact,
            };
        });
    };
    let rail = move || {
        rail_items()
            .into_iter()
            .map(|item| {
                let current = item.href.ends_with(part);
                let badge = (item.label == "Work").then(|| "9".to_owned());
                view! { <RailLink item current badge=Signal::stored(badge) /> }
            })
            .collect_view()
    };
    let header = move || {
        view! {
            <SearchButton on_press=move |()| palette.set(true) />
            <HeaderFact
                label="As of"
                value=Signal::derive(move || {
                    if past.get() { "31 Mar 2026, as known then" } else { "20 Nov 2026" }.to_owned()
                })
                on_press=move |()| past.update(|p| *p = !*p)
            />
            <HeaderFact label="ERP as of" value="06:10 New York" />
            <span class="push"></span>
            <HeaderFact label="Saved" value="37 since file" />
            <IconButton icon=Icon::Moon label="Change theme" on_press=theme />
            <IconButton icon=Icon::Columns label="Change density" on_press=density />
        }
    };
    let footer = move || {
        view! {
            <span>"53 customers, 1,284 items"</span>
            <span class="num">"USD 2,418,730.44"</span>
            <TieBadge
                state=Signal::stored(TieState::Ties("ties to the ERP, 20 Nov 06:10".to_owned()))
                on_open=move |()| toasts.done("The proof would open here")
            />
        }
    };
    view! {
        <Shell rail=rail header=header footer=footer past=past>
            {match part {
                "forms" => view! { <forms::Forms /> }.into_any(),
                "tables" => view! { <tables::Tables /> }.into_any(),
                "work" => view! { <work::Work /> }.into_any(),
                _ => view! { <controls::Controls /> }.into_any(),
            }}
        </Shell>
        <Palette
            open=palette
            results=move |query: String| palette_groups(&query)
            on_choose=move |item: PaletteItem| toasts.done(format!("Opened {}", item.label))
        />
        <ToastStack />
    }
}

/// The strip of the gallery's one customer.
fn sample_strip() -> Vec<StripPart> {
    let part = |label: &str, amount: &str, weight, step| StripPart {
        label: label.to_owned(),
        amount: amount.to_owned(),
        weight,
        step,
    };
    vec![
        part("Current", "15,210.00", 1521, 0),
        part("1–30", "11,400.00", 1140, 1),
        part("31–60", "24,300.00", 2430, 2),
        part("61–90", "12,500.00", 1250, 4),
        part("91+", "3,000.00", 300, 6),
    ]
}
