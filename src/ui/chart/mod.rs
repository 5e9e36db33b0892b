//! Charts that can be read without being seen: a drawing, the same figures as a table under it, and a
//! reading of it point by point by keyboard. No domain logic.

mod data;
mod export;
mod svg;

pub use data::{ChartData, Form, Series};

use super::menu::{Menu, MenuItem};
use super::toast::use_toasts;
use leptos::prelude::*;
use svg::{Palette, draw};
use web_sys::KeyboardEvent;

/// A chart with its table. Left and right read it point by point; it can be saved as SVG and PNG.
#[component]
pub fn Chart(#[prop(into)] data: Signal<ChartData>) -> impl IntoView {
    let at = RwSignal::new(None::<usize>);
    let toasts = use_toasts();
    let key = move |event: KeyboardEvent| {
        let last = data.with_untracked(|d| d.labels.len()).saturating_sub(1);
        let now = at.get_untracked();
        let next = match event.key().as_str() {
            "ArrowRight" => now.map_or(0, |n| (n + 1).min(last)),
            "ArrowLeft" => now.map_or(last, |n| n.saturating_sub(1)),
            "Home" => 0,
            "End" => last,
            _ => return,
        };
        event.prevent_default();
        at.set(Some(next));
    };
    let said = Memo::new(move |_| at.get().map(|at| data.with(|d| d.said(at))));
    let save = Signal::stored_local(vec![
        MenuItem::new(
            "SVG",
            Callback::new(move |()| match data.with_untracked(export::save_svg) {
                Ok(name) => toasts.done(format!("{name}, in your downloads.")),
                Err(what) => toasts.error(format!(
                    "The chart was not saved: {what}. Nothing in the book changed."
                )),
            }),
        ),
        MenuItem::new(
            "PNG",
            Callback::new(move |()| {
                let drawn = data.get_untracked();
                leptos::task::spawn_local(async move {
                    match export::save_png(&drawn).await {
                        Ok(name) => toasts.done(format!("{name}, in your downloads.")),
                        Err(what) => toasts.error(format!(
                            "The chart was not saved: {what}. Nothing in the book changed."
                        )),
                    }
                });
            }),
        ),
    ]);
    view! {
        <figure class="chart">
            <figcaption class="chart-head">
                <h2>{move || data.with(|d| d.title.clone())}</h2>
                <Menu label="Save chart" items=save />
            </figcaption>
            <div
                class="chart-drawing"
                tabindex="0"
                role="group"
                aria-label=move || data.with(|d| format!("{}. Left and right read it point by point.", d.title))
                on:keydown=key
                on:blur=move |_| at.set(None)
                inner_html=move || data.with(|d| draw(d, &Palette::of_page(), at.get()))
            ></div>
            <p class="chart-said" role="status">{move || said.get()}</p>
            <details class="chart-table">
                <summary>"The figures as a table"</summary>
                {move || data.with(table)}
            </details>
        </figure>
    }
}

fn table(data: &ChartData) -> impl IntoView + use<> {
    let heads: Vec<String> = data.series.iter().map(|s| s.name.clone()).collect();
    let rows: Vec<(String, Vec<String>)> = (data.labels.iter().enumerate())
        .map(|(at, label)| {
            let texts = data
                .series
                .iter()
                .map(|s| s.texts.get(at).cloned().unwrap_or_default());
            (label.clone(), texts.collect())
        })
        .collect();
    let title = data.title.clone();
    view! {
        <div class="table-scroll" tabindex="0" role="region" aria-label=title>
            <table class="plain-table">
                <thead><tr>
                    <th scope="col">"Period"</th>
                    {heads.into_iter().map(|h| view! { <th scope="col" class="num">{h}</th> }).collect_view()}
                </tr></thead>
                <tbody>
                    {rows.into_iter().map(|(label, texts)| view! {
                        <tr>
                            <th scope="row">{label}</th>
                            {texts.into_iter().map(|t| view! { <td class="num">{t}</td> }).collect_view()}
                        </tr>
                    }).collect_view()}
                </tbody>
            </table>
        </div>
    }
}
