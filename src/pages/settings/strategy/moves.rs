//! Who would move: the list as it is against the list as it would be.

use crate::pages::shared::account::name_of;
use crate::platform::latest::Latest;
use crate::ui::format::plural;
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::use_ws;
use duebook_insight::Live;
use duebook_insight::queue::{Histories, Move, WhatIf, histories};
use duebook_ledger::{OpenScan, View};
use duebook_policy::Strategy;
use leptos::prelude::*;
use std::sync::Arc;

/// Rows shown: the first places, and who moves furthest.
const SHOWN: usize = 8;
/// Customers whose payments are read at a time.
const READ: usize = 64;

#[derive(Clone)]
struct Seen {
    moved: usize,
    all: usize,
    first: Vec<Move>,
    furthest: Vec<Move>,
}

fn seen(moves: Vec<Move>) -> Seen {
    let mut furthest = moves.clone();
    furthest.retain(|m| m.from != m.to);
    duebook_money::order::sort_by_key(&mut furthest, |m| std::cmp::Reverse(m.from.abs_diff(m.to)));
    Seen {
        moved: furthest.len(),
        all: moves.len(),
        first: moves.into_iter().take(SHOWN).collect(),
        furthest: furthest.into_iter().take(SHOWN).collect(),
    }
}

/// The panel.
#[component]
pub fn Moves(read: Memo<Result<Strategy, String>>, changed: Memo<bool>) -> impl IntoView {
    let ws = use_ws();
    let asks = Memo::new(move |_| read.with(|r| r.as_ref().is_ok_and(Strategy::uses_history)));
    let list = move || {
        ws.figures(|_, derived| {
            let live = derived.live()?;
            Some((live.balances().as_of(), live.worklist().entries().clone()))
        })
    };
    // Read once, not with every letter typed.
    let paid = Latest::following(move |run| {
        let list = list().filter(|_| asks.get());
        async move {
            let mut paid = Histories::new();
            let Some((as_of, entries)) = list else {
                return Some(Arc::new(paid));
            };
            let mut left = entries.chunks(READ);
            let read = || {
                let Some(some) = left.next() else {
                    return Some(());
                };
                paid.extend(ws.peek(|b| histories(b, &OpenScan::new(b, View::on(as_of)), some)));
                None
            };
            run.steps(read).await?;
            Some(Arc::new(paid))
        }
    })
    .answer();
    let seen = Latest::following(move |run| {
        let strategy = changed.get().then(|| read.get().ok()).flatten();
        let paid = paid.get();
        ws.figures_revision().track();
        async move {
            let (Some(strategy), Some(paid)) = (strategy, paid) else {
                return Some(None);
            };
            let mut making = WhatIf::new(strategy);
            let step = || {
                untrack(|| {
                    ws.figures(|book, derived| match derived.live().map(Live::worklist) {
                        Some(list) => making.step(book, list, &paid).map(Some),
                        // Then this is asked again.
                        None => Some(None),
                    })
                })
            };
            Some(run.steps(step).await?.map(seen))
        }
    })
    .answer();
    let table = move |title: &'static str, moves: Vec<Move>| {
        let rows = moves
            .into_iter()
            .map(|m| {
                let name = ws.peek(|b| name_of(b, m.customer));
                view! {
                    <tr>
                        <th scope="row">{name}</th>
                        <td class="num">{m.from}</td>
                        <td class="num">{m.to}</td>
                        <td class="num">{m.points}</td>
                        <td class="num">{m.points_then}</td>
                    </tr>
                }
            })
            .collect_view();
        view! {
            <div class="table-scroll">
                <table class="plain-table" aria-label=title>
                    <caption>{title}</caption>
                    <thead><tr><th scope="col">"Customer"</th><th scope="col" class="num">"Now"</th><th scope="col" class="num">"Then"</th><th scope="col" class="num">"Points"</th><th scope="col" class="num">"Then"</th></tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        }
    };
    move || {
        seen.get().flatten().map(|seen| {
            let text = match seen.moved {
                0 => "Nobody would move.".to_owned(),
                n => format!(
                    "{} of {} would move.",
                    plural(n, "customer", "customers", Default::default()),
                    words::count(seen.all)
                ),
            };
            let any = seen.moved > 0;
            view! {
                <Callout tone=Tone::Info title="If you save this">
                    <p>{text}</p>
                    {any.then(|| view! {
                        <div class="split-2">
                            {table("The first places", seen.first.clone())}
                            {table("Who moves furthest", seen.furthest.clone())}
                        </div>
                    })}
                </Callout>
            }
        })
    }
}
