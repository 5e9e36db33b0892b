//! Questions about the account that were put up and wait for their answer, and cases past a level of
//! their clock that nobody was told of (A10).

use super::Account;
use crate::app::href;
use crate::ui::prelude::*;
use crate::words;
use duebook_insight::cases::queue;
use leptos::prelude::*;

/// A line: what it says, whether it is late, number of the case.
type Line = (String, bool, Option<String>);

fn lines(account: Account) -> Vec<Line> {
    let today = account.ws.today();
    account.ws.read(|b| {
        let live = |s| b.is_live(s);
        let rows = queue(b, today);
        let rows: Vec<_> = rows
            .into_iter()
            .filter(|r| r.customer == account.customer && !r.is_over())
            .collect();
        let number = |id| {
            rows.iter()
                .find(|r| Some(r.id) == id)
                .map(|r| r.number.clone())
        };
        let of = b
            .escalations()
            .filter(|(_, e)| e.fact.customer == account.customer);
        let open = of.filter(|(_, e)| e.answer.get(&live).is_none());
        let mut out: Vec<Line> = open
            .filter(|(_, e)| e.fact.case.is_none() || number(e.fact.case).is_some())
            .map(|(_, e)| {
                let late = e.fact.due < today;
                let was = if late { "was" } else { "is" };
                let due = words::day(e.fact.due);
                let says = format!("Put to {}: the answer {was} wanted by {due}", e.fact.to);
                (says, late, number(e.fact.case))
            })
            .collect();
        let due = rows.iter().filter_map(|r| Some((r, r.due.as_ref()?)));
        out.extend(due.map(|(r, due)| {
            let says = format!("Due for escalation to level {}, to {}", due.level, due.to);
            (says, due.level >= 2, Some(r.number.clone()))
        }));
        out
    })
}

/// The questions.
#[component]
pub fn Escalated(account: Account) -> impl IntoView {
    let all = Memo::new(move |_| lines(account));
    move || {
        let all = all.get();
        (!all.is_empty()).then(|| {
            let rows = all.into_iter().map(|(says, late, case)| {
                let tone = if late { Tone::Danger } else { Tone::Neutral };
                let case = case.map(|number| {
                    let to = href(account.ws, &format!("cases?case={number}"));
                    view! { <a class="link" href=to>{number}</a>" " }
                });
                view! { <li>{case}<span class=format!("toned {}", tone.class())>{says}</span></li> }
            });
            view! { <ul class="case-list" aria-label="Escalations">{rows.collect_view()}</ul> }
        })
    }
}
