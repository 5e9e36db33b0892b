//! Footer: how much is in the book, its totals per currency, and whether they tie out.

use crate::pages::shared::{TOO_LARGE, UPDATING};
use crate::platform::pause::sliced;
use crate::ui::format::plural;
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::{FiguresState, Ws, use_ws};
use duebook_insight::aging::{self, AgingQuery, CurrencyTotal};
use duebook_insight::tie_out::{self, TieOut};
use duebook_ledger::View;
use leptos::prelude::*;

/// Above this many items the proof is drawn when asked for, not after every commit: it adds every
/// item up one by one.
const PROVED_ALWAYS: usize = 100_000;

/// The footer. Working figures of today, from the same function as every page.
#[component]
pub fn Footer() -> impl IntoView {
    let ws = use_ws();
    let state = ws.figures_state();
    let facts = Memo::new(move |_| {
        ws.figures(|_, derived| {
            let live = derived.live()?;
            let totals = live.balances().totals();
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
            let items = totals.iter().map(|t| t.items).sum::<u64>();
            Some((live.roster().len(), items, sums.join(" · ")))
        })
    });
    let proof = use_proof(ws);
    let badge = Signal::derive(move || match state.get() {
        FiguresState::TooLarge => TieState::Unreconciled("A total is too large".to_owned()),
        _ => proof.tied.with(|t| badge(t.as_ref())),
    });
    let shown = RwSignal::new(false);
    let open = move |()| {
        proof.ask();
        shown.set(true);
    };
    let updating = move || state.get() == FiguresState::Updating;
    let count = move || match (facts.get(), state.get()) {
        (Some((customers, items, _)), _) => format!(
            "{} · {}",
            plural(customers, "customer", "customers", Default::default()),
            plural(
                items as usize,
                "open item",
                "open items",
                Default::default()
            ),
        ),
        (None, FiguresState::TooLarge) => TOO_LARGE.to_owned(),
        (None, _) => String::new(),
    };
    view! {
        <span class="num">{count}</span>
        <span class="num status-sums">{move || facts.get().map(|(_, _, sums)| sums)}</span>
        <span role="status" class="muted" data-updating=move || updating().then_some("")>
            {move || updating().then_some(UPDATING)}
        </span>
        <span class="topbar-gap"></span>
        <TieBadge state=badge on_open=Callback::new(open) />
        <Dialog open=shown title="Do the figures tie out?" wide=true>
            {move || proof.tied.with(|t| match t {
                Some(tied) => proof_table(tied).into_any(),
                None => view! { <p role="status">"Adding every item up"</p> }.into_any(),
            })}
        </Dialog>
    }
}

/// The proof of the view's totals: drawn in slices, by itself where the book is small.
#[derive(Clone, Copy)]
struct Proof {
    ws: Ws,
    tied: RwSignal<Option<TieOut>>,
    /// The state of the book that was asked about.
    of: StoredValue<Option<(u64, View)>>,
}

impl Proof {
    fn now(self) -> (u64, View) {
        untrack(|| (self.ws.revision().get(), self.ws.view()))
    }
    /// Draws it for the book as it is, unless that was done.
    fn ask(self) {
        let now = self.now();
        if self.of.get_value() == Some(now) {
            return;
        }
        self.of.set_value(Some(now));
        leptos::task::spawn_local(async move {
            let tied = self.draw(now).await;
            if self.of.try_get_value() == Some(Some(now)) {
                let _ = self.tied.try_set(tied);
            }
        });
    }
    /// `None` where a total does not fit, or the book moved on meanwhile: then it is asked again.
    async fn draw(self, of: (u64, View)) -> Option<TieOut> {
        let (ws, view) = (self.ws, of.1);
        let query = ws.peek(|book| AgingQuery::new(book, view));
        let totals = match self.kept(view) {
            Some(totals) => totals,
            None => {
                let mut making = ws.peek(|book| aging::Making::new(book, query.clone()));
                sliced(|| ws.peek(|book| making.step(book)).transpose())
                    .await
                    .ok()?
                    .totals
            }
        };
        let mut making = ws.peek(|book| tie_out::Making::new(book, query, totals));
        sliced(|| {
            let fits = ws.peek(|book| making.fits(book));
            if !fits || self.of.try_get_value() != Some(Some(of)) {
                return Some(None);
            }
            ws.peek(|book| making.step(book)).map(Some)
        })
        .await
    }
    /// The totals that are kept, where the view is today's and they are of the book as it is.
    fn kept(self, view: View) -> Option<Vec<CurrencyTotal>> {
        untrack(|| {
            let ready = self.ws.figures_state().get() == FiguresState::Ready;
            self.ws.figures(|_, derived| {
                let balances = derived.live().filter(|_| ready)?.balances();
                (view == View::on(balances.as_of())).then(|| balances.totals().to_vec())
            })
        })
    }
}

fn use_proof(ws: Ws) -> Proof {
    let proof = Proof {
        ws,
        tied: RwSignal::new(None),
        of: StoredValue::new(None),
    };
    let (revision, state) = (ws.revision(), ws.figures_state());
    Effect::new(move |_| {
        let now = (revision.get(), ws.view());
        let small = ws.peek(|book| book.items().len() <= PROVED_ALWAYS);
        if state.get() == FiguresState::Ready && small {
            proof.ask();
        } else if proof.of.get_value() != Some(now) {
            proof.of.set_value(None);
            proof.tied.set(None);
        }
    });
    proof
}

fn badge(tied: Option<&TieOut>) -> TieState {
    let Some(tied) = tied else {
        return TieState::Nothing("Press to prove the totals".to_owned());
    };
    let (held, all) = tied.passed();
    if held < all {
        return TieState::Unreconciled(fails(all - held, all));
    }
    match tied.limitation() {
        _ if all == 0 => TieState::Nothing("Nothing to compare with".to_owned()),
        Some(limit) => TieState::Nothing(format!("Not judged: {limit}")),
        None => TieState::Ties(format!(
            "Ties out, {}",
            plural(all, "control", "controls", Default::default())
        )),
    }
}

fn fails(broken: usize, all: usize) -> String {
    let controls = plural(all, "control", "controls", Default::default());
    let fail = if broken == 1 { "fails" } else { "fail" };
    format!("{broken} of {controls} {fail}")
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
        {tied.limitation().map(|l| view! { <p class="muted">{format!("On this day {l}; such a figure is never called reconciled.")}</p> })}
    }
}
