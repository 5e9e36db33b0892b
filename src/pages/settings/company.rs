//! What the book is of.

use super::save::Section;
use crate::ui::format::format_count;
use crate::words;
use crate::workspace::use_ws;
use duebook_money::Day;
use leptos::prelude::*;
use std::collections::BTreeMap;

/// Name, currency, entities, sources.
#[component]
pub fn Company() -> impl IntoView {
    let ws = use_ws();
    let facts = Memo::new(move |_| {
        ws.read(|book| {
            let about = book.about();
            let name = about.map_or(String::new(), |a| a.name.clone());
            let currency = about.map_or("", |a| a.currency.code());
            let own = about.is_some_and(|a| a.own_ledger);
            let mut entities: Vec<String> = book
                .entities()
                .iter()
                .filter(|e| !e.is_empty())
                .cloned()
                .collect();
            duebook_money::order::sort(&mut entities);
            (name, currency, own, entities)
        })
    });
    let sources = Memo::new(move |_| {
        ws.read(|book| {
            let mut last: BTreeMap<String, (Day, usize)> = BTreeMap::new();
            for import in book.imports() {
                let one = last
                    .entry(import.facts.source.clone())
                    .or_insert((import.facts.as_of, 0));
                one.0 = one.0.max(import.facts.as_of);
                one.1 += 1;
            }
            last.into_iter().collect::<Vec<_>>()
        })
    });
    view! {
        <Section id="company" title="Company">
            {move || {
                let (name, currency, own, entities) = facts.get();
                let entities = if entities.is_empty() { "One, not named".to_owned() } else { entities.join(", ") };
                let ledger = if own { "We post this ledger ourselves" } else { "Follows a source that issues its documents" };
                view! {
                    <dl class="facts">
                        <dt>"Book"</dt> <dd>{name}</dd>
                        <dt>"Currency of reports"</dt> <dd>{currency}</dd>
                        <dt>"Ledger"</dt> <dd>{ledger}</dd>
                        <dt>"Entities"</dt> <dd>{entities}</dd>
                    </dl>
                }
            }}
            <p class="muted">"Name and currency are fixed when a book is made. Entities come with the files that name them."</p>
            <Show when=move || sources.with(|s| !s.is_empty()) fallback=|| view! { <p class="muted">"No file was imported yet."</p> }>
                <div class="table-scroll" tabindex="0" role="region" aria-label="Sources">
                    <table class="plain-table">
                        <thead><tr><th scope="col">"Source"</th><th scope="col">"Last as of"</th><th scope="col" class="num">"Files"</th></tr></thead>
                        <tbody>
                            <For each=move || sources.get() key=|s| s.clone() let:source>
                                <tr>
                                    <td>{source.0.clone()}</td>
                                    <td>{words::day(source.1.0)}</td>
                                    <td class="num">{format_count(source.1.1, Default::default())}</td>
                                </tr>
                            </For>
                        </tbody>
                    </table>
                </div>
            </Show>
        </Section>
    }
}
