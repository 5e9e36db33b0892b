//! Postings of ours that the source should have answered by now: asked about, where the day begins.

use crate::app::href;
use crate::pages::shared::last_moving;
use crate::platform::pause;
use crate::ui::format::plural;
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::use_ws;
use duebook_insight::waiting::{PATIENCE, waiting};
use duebook_money::Currency;
use leptos::prelude::*;

/// What is asked about.
#[derive(Clone, Default, PartialEq)]
struct Asked {
    count: usize,
    /// By currency, in the order they were found: minor units.
    sums: Vec<(Currency, i64)>,
    /// Business days that the oldest has waited.
    oldest: u32,
}

/// A line, where there is something to ask. Looked at again only when a file, a posting or an undo
/// came, or another day.
#[component]
pub fn Unanswered() -> impl IntoView {
    let ws = use_ws();
    let asked = RwSignal::new(Asked::default());
    let moving = Memo::new(move |_| (ws.read(last_moving), ws.today()));
    Effect::new(move |_| {
        let (at, today) = moving.get();
        leptos::task::spawn_local(async move {
            // The list of whom to turn to comes first.
            pause::pause().await;
            if moving.try_get_untracked() != Some((at, today)) {
                return;
            }
            let found = ws.peek(|b| {
                let calendar = b.policies().calendar.business_days();
                let mut out = Asked::default();
                for w in waiting(b, today, &calendar)
                    .iter()
                    .filter(|w| w.is_overdue())
                {
                    out.count += 1;
                    out.oldest = out.oldest.max(w.age);
                    match out.sums.iter_mut().find(|(c, _)| *c == w.currency) {
                        Some((_, sum)) => *sum = sum.saturating_add(w.amount),
                        None => out.sums.push((w.currency, w.amount)),
                    }
                }
                out
            });
            let _ = asked.try_set(found);
        });
    });
    let open = href(ws, "changes?show=waiting");
    move || {
        let found = asked.get();
        let open = open.clone();
        (found.count > 0).then(|| {
            let sums: Vec<String> = found.sums.iter().map(|(c, s)| words::money(*s, *c)).collect();
            let text = format!(
                "{} of yours, {}, not in any file for more than {PATIENCE} business days; the oldest for {}. Were they keyed in the ERP? ",
                plural(found.count, "posting", "postings", Default::default()),
                sums.join(" and "),
                found.oldest
            );
            view! {
                <Callout tone=Tone::Warn title="The source has not answered">
                    {text}
                    <a href=open>"Look at them"</a>
                </Callout>
            }
        })
    }
}
