//! Who would move: the list as it is against the list as it would be.

use crate::pages::shared::account::name_of;
use crate::ui::format::plural;
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::use_ws;
use duebook_insight::Live;
use duebook_insight::queue::{Move, histories, what_if};
use duebook_ledger::{OpenScan, View};
use duebook_policy::Strategy;
use leptos::prelude::*;
use std::sync::Arc;

/// Rows shown: the first places, and who moves furthest.
const SHOWN: usize = 8;

#[derive(Clone, PartialEq)]
struct Seen {
    moved: usize,
    all: usize,
    first: Vec<Move>,
    furthest: Vec<Move>,
}

/// The panel.
#[component]
pub fn Moves(read: Memo<Result<Strategy, String>>, changed: Memo<bool>) -> impl IntoView {
    let ws = use_ws();
    let asks = Memo::new(move |_| read.with(|r| r.as_ref().is_ok_and(Strategy::uses_history)));
    // Read once, not with every letter typed.
    let paid = Memo::new(move |_| {
        let all = asks.get().then(|| {
            ws.figures(|book, derived| {
                let live = derived.live()?;
                let scan = OpenScan::new(book, View::on(live.balances().as_of()));
                Some(histories(book, &scan, live.worklist()))
            })
        });
        Arc::new(all.flatten().unwrap_or_default())
    });
    let seen = Memo::new(move |_| {
        if !changed.get() {
            return None;
        }
        let strategy = read.get().ok()?;
        let moves = ws.figures(|book, derived| {
            let list = derived.live().map(Live::worklist)?;
            Some(paid.with(|paid| what_if(book, list, &strategy, paid)))
        })?;
        let mut furthest = moves.clone();
        furthest.retain(|m| m.from != m.to);
        duebook_money::order::sort_by_key(&mut furthest, |m| {
            std::cmp::Reverse(m.from.abs_diff(m.to))
        });
        Some(Seen {
            moved: furthest.len(),
            all: moves.len(),
            first: moves.into_iter().take(SHOWN).collect(),
            furthest: furthest.into_iter().take(SHOWN).collect(),
        })
    });
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
        seen.get().map(|seen| {
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
