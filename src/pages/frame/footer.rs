//! Footer: how much is in the book, its totals per currency, and whether they tie out.

use crate::ui::format::{format_count, plural};
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::use_ws;
use duebook_insight::aging::{AgingQuery, aging};
use duebook_insight::tie_out::{TieOut, tie_out};
use leptos::prelude::*;

/// Above this many items the proof is drawn when asked for, not after every commit: it adds every
/// item up one by one.
const PROVED_ALWAYS: usize = 100_000;

/// The footer. Working figures of today, from the same function as every page.
#[component]
pub fn Footer() -> impl IntoView {
    let ws = use_ws();
    let facts = Memo::new(move |_| {
        ws.figures(|book, derived| {
            let aging = derived.aging();
            let totals = aging.as_ref().map(|a| &a.totals[..]).unwrap_or_default();
            let format = words::number_format();
            let sums: Vec<String> = totals
                .iter()
                .map(|t| {
                    format!(
                        "{} {}",
                        format.minor(t.total, t.currency.exponent()),
                        t.currency.code()
                    )
                })
                .collect();
            (
                book.customer_ids().count(),
                totals.iter().map(|t| t.items).sum::<u64>(),
                sums,
            )
        })
    });
    let asked = RwSignal::new(0u64);
    let revision = ws.revision();
    let tie = Memo::new(move |_| {
        let small = ws.peek(|book| book.items().len() <= PROVED_ALWAYS);
        let view = ws.view();
        if !small && asked.get() != revision.get() + 1 {
            return None;
        }
        ws.read(|book| {
            let query = AgingQuery::new(book, view);
            let made = aging(book, &query).ok()?;
            Some(tie_out(book, &query, &made))
        })
    });
    let state = Signal::derive(move || tie.with(|t| badge(t.as_ref())));
    let proof = RwSignal::new(false);
    let open = move |()| {
        asked.set(revision.get_untracked() + 1);
        proof.set(true);
    };
    view! {
        <span class="num">
            {move || facts.with(|(customers, items, _)| format!(
                "{} · {}",
                plural(*customers, "customer", "customers", Default::default()),
                plural(*items as usize, "open item", "open items", Default::default()),
            ))}
        </span>
        <span class="num status-sums">{move || facts.with(|(_, _, sums)| sums.join(" · "))}</span>
        <span class="topbar-gap"></span>
        <TieBadge state=state on_open=Callback::new(open) />
        <Dialog open=proof title="Do the figures tie out?" wide=true>
            {move || tie.with(|t| t.as_ref().map(proof_table))}
        </Dialog>
    }
}

fn badge(tied: Option<&TieOut>) -> TieState {
    let Some(tied) = tied else {
        return TieState::Nothing("Press to prove the totals".to_owned());
    };
    let (held, all) = tied.passed();
    if held < all {
        return TieState::Unreconciled(format!("{} of {all} controls fail", all - held));
    }
    match tied.limitation() {
        _ if all == 0 => TieState::Nothing("Nothing to compare with".to_owned()),
        Some(limit) => TieState::Nothing(format!("Not judged: {limit}")),
        None => TieState::Ties(format!(
            "Ties out, {} controls",
            format_count(all, Default::default())
        )),
    }
}

fn proof_table(tied: &TieOut) -> impl IntoView + use<> {
    let rows = tied
        .lines
        .iter()
        .map(|line| {
            let (what, ours, theirs) = words::tie_line(line);
            let holds = line.holds();
            view! {
                <tr class:row-bad=!holds>
                    <td>{what}</td>
                    <td class="num">{ours}</td>
                    <td class="num">{theirs}</td>
                    <td>{if holds { "Yes" } else { "No" }}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <div class="table-scroll" tabindex="0" role="region" aria-label="Controls">
            <table class="plain-table">
                <thead><tr>
                    <th scope="col">"Held against"</th><th scope="col" class="num">"Here"</th>
                    <th scope="col" class="num">"There"</th><th scope="col">"Equal"</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        {tied.limitation().map(|l| view! { <p class="muted">{format!("Before the first file of a source {l}; such a figure is never called reconciled.")}</p> })}
    }
}
