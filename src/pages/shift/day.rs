//! End of day: by shift across midnight, or by ledger date; on screen, on paper, as Excel.

use crate::jobs::SpanAsk;
use crate::pages::choice::choice_in_address;
use crate::pages::shared::in_address;
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::{Ws, use_ws};
use duebook_insight::reports::{DayLine, day_lines};
use duebook_insight::shift::{Span, figures};
use duebook_ledger::shift::{Shift, ShiftId};
use duebook_money::Day as Date;
use leptos::prelude::*;

/// Which report: a shift by its natural key, the day, or the month of ledger dates.
#[derive(Clone, PartialEq)]
struct Asked {
    span: Span,
    agent: Option<String>,
    title: String,
}

fn title(shift: &Shift) -> String {
    format!("{}, work date {}", shift.agent, words::day(shift.work_date))
}

fn shifts(ws: Ws) -> Vec<(ShiftId, Shift)> {
    ws.read(|b| {
        let all = b.shifts().iter().enumerate().rev();
        let live = all.filter(|(_, s)| b.is_live(s.commit));
        live.map(|(n, s)| (ShiftId(n as u32), s.clone())).collect()
    })
}

/// Everybody who committed anything.
fn agents(ws: Ws) -> Vec<String> {
    ws.read(|b| {
        let mut all: Vec<String> = Vec::new();
        for c in b.commits() {
            if all.last() != Some(&c.actor) && !all.contains(&c.actor) {
                all.push(c.actor.clone());
            }
        }
        duebook_money::order::sort(&mut all);
        all
    })
}

fn asked(ws: Ws, of: &str, agent: Option<String>) -> Asked {
    let today = ws.today();
    let period = |from: Date, title: &str| Asked {
        span: Span::Days { from, to: today },
        agent: agent.clone(),
        title: match &agent {
            Some(agent) => format!("{title}, {agent}"),
            None => format!("{title}, everybody"),
        },
    };
    let month = || {
        let from = today.month_start();
        period(
            from,
            &format!("Ledger dates {} to {}", words::day(from), words::day(today)),
        )
    };
    let day = || period(today, &format!("Ledger date {}", words::day(today)));
    let all = shifts(ws);
    match of {
        "day" => day(),
        "month" => month(),
        key => {
            let found = all.iter().find(|(_, s)| s.key.command.to_string() == key);
            match found.or_else(|| all.first().filter(|_| key.is_empty())) {
                Some((id, shift)) => Asked {
                    span: Span::Shift(*id),
                    agent: None,
                    title: title(shift),
                },
                None => day(),
            }
        }
    }
}

/// The report.
#[component]
pub fn Day() -> impl IntoView {
    let ws = use_ws();
    let toasts = use_toasts();
    let (of, set_of) = in_address::<String>("of", true);
    let (agent, set_agent) = in_address::<String>("agent", true);
    let what = Memo::new(move |_| asked(ws, &of.get().unwrap_or_default(), agent.get()));
    let lines = Memo::new(move |_| {
        let asked = what.get();
        let today = ws.today();
        let made = ws.read(|b| figures(b, asked.span, asked.agent.as_deref(), today));
        made.map(|f| day_lines(&f)).unwrap_or_default()
    });
    let of_value = choice_in_address(of, set_of);
    let agent_value = choice_in_address(agent, set_agent);
    let choices = Signal::derive(move || {
        let mut all: Vec<Choice> = Vec::new();
        for (n, (_, shift)) in shifts(ws).iter().enumerate() {
            // The newest is the default and stands for itself in the address.
            let id = match n {
                0 => String::new(),
                _ => shift.key.command.to_string(),
            };
            all.push(Choice::new(id, title(shift)));
        }
        let today = if all.is_empty() { "" } else { "day" };
        all.push(Choice::new(today, "Today by ledger date"));
        all.push(Choice::new("month", "This month by ledger date"));
        all
    });
    let people = Signal::derive(move || {
        let mut all = vec![Choice::new("", "Everybody")];
        all.extend(agents(ws).into_iter().map(|a| Choice::new(a.clone(), a)));
        all
    });
    let by_date = move || what.with(|w| matches!(w.span, Span::Days { .. }));
    let save = move |()| {
        let asked = what.get_untracked();
        let span = match asked.span {
            Span::Shift(id) => SpanAsk {
                shift: Some(id.0),
                from: 0,
                to: 0,
                agent: None,
            },
            Span::Days { from, to } => SpanAsk {
                shift: None,
                from: from.0,
                to: to.0,
                agent: asked.agent,
            },
        };
        ws.export_day(toasts, span, asked.title);
    };
    let heading = Signal::derive(move || what.with(|w| w.title.clone()));
    view! {
        <div class="shift-form form-row">
            <SelectField label="Of" value=of_value choices=choices />
            <Show when=by_date>
                <SelectField label="By" value=agent_value choices=people />
            </Show>
            <Button label="Save as Excel" icon=Icon::Download on_press=save />
            <Button label="Print" kind=ButtonKind::Quiet on_press=move |()| {
                // A browser that cannot print says so itself.
                let _ = window().print();
            } />
        </div>
        <section class="panel paper" aria-label="End of day">
            <header class="paper-head"><h2>{heading}</h2></header>
            <table class="day-table">
                <thead><tr><th scope="col">"Figure"</th><th scope="col" class="num">"Count"</th><th scope="col" class="num">"Amount"</th><th scope="col">"Note"</th></tr></thead>
                {move || table(&lines.get())}
            </table>
        </section>
    }
}

fn table(lines: &[DayLine]) -> impl IntoView + use<> {
    let mut groups: Vec<(&'static str, Vec<&DayLine>)> = Vec::new();
    for line in lines {
        match groups.last_mut() {
            Some((name, of)) if *name == line.group => of.push(line),
            _ => groups.push((line.group, vec![line])),
        }
    }
    let row = |line: &DayLine| {
        let amount = line.amount.map(|(sum, currency)| {
            let sum = i64::try_from(sum).unwrap_or(i64::MAX);
            words::money(sum, currency)
        });
        let what = match line.group {
            "Outcomes" => outcome(&line.what),
            _ => line.what.clone(),
        };
        view! {
            <tr>
                <th scope="row">{what}</th>
                <td class="num">{line.count.to_string()}</td>
                <td class="num">{amount}</td>
                <td>{line.beside.clone()}</td>
            </tr>
        }
    };
    groups
        .into_iter()
        .map(|(name, of)| {
            let rows = of.into_iter().map(row).collect_view();
            view! {
                <tbody>
                    <tr class="day-group"><th scope="rowgroup" colspan="4">{name}</th></tr>
                    {rows}
                </tbody>
            }
        })
        .collect_view()
}

/// An outcome's code in words.
fn outcome(code: &str) -> String {
    let known = duebook_ledger::facts::Outcome::ALL;
    let found = known.into_iter().find(|o| o.code() == code);
    found.map_or_else(|| code.to_owned(), |o| words::outcome(o).to_owned())
}
