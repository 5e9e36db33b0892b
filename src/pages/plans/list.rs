//! The plans of the book, and the one opened: its instalments and what can be done with it.

use super::{Desk, wording};
use crate::pages::account_href;
use crate::pages::shared::letter::{DOCX, download, paper, sender};
use crate::pages::shared::{in_address, list_keys};
use crate::platform::print;
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::{NewTexts, closes};
use duebook_exchange::write::archive;
use duebook_insight::late::interest_of_plan;
use duebook_insight::plans::{JudgedPlan, PlanState, judge_plans};
use duebook_ledger::plans::{PlanCommand, PlanEnd};
use duebook_ledger::{Command, OpenScan};
use duebook_letters::agreement::agreement;
use duebook_letters::docx;
use leptos::prelude::*;
use std::sync::Arc;

/// The grid and the detail below it.
#[component]
pub fn List(desk: Desk, new_plan: RwSignal<bool>) -> impl IntoView {
    let ws = desk.ws;
    let (shown, show) = in_address::<u32>("plan", false);
    // The newest first; what runs before what is over.
    let plans = Memo::new(move |_| {
        let mut all = ws.read(|b| judge_plans(b, ws.view()));
        duebook_money::order::sort_by_key(&mut all, |p| {
            (
                !p.state.holds() && p.state != PlanState::Defaulted,
                std::cmp::Reverse(p.plan),
            )
        });
        Arc::new(all)
    });
    let row = move |n: usize| plans.with(|p| p.get(n).cloned());
    let source = GridSource::new(
        move || plans.with(|p| p.len()),
        move |n| row(n).map_or(0, |p| u64::from(p.plan.0)),
        move |n, column| row(n).map_or(CellView::Empty, |p| cell(desk, &p, column)),
    );
    let handle = GridHandle::new();
    list_keys(handle);
    let columns = vec![
        Column::text("customer", "Customer", 140).grow(3),
        Column::text("state", "State", 124),
        Column::number("total", "Covered", 148).hide_below(400),
        Column::number("paid", "Came in", 140).hide_below(620),
        Column::number("rest", "To come", 148).hide_below(520),
        Column::date("next", "Next due").hide_below(520),
        Column::number("of", "Instalments", 118).hide_below(760),
    ];
    let open = Callback::new(move |key: u64| show.run(u32::try_from(key).ok()));
    let empty = move || {
        view! {
            <Empty
                icon=Icon::Calendar
                title="No payment plan yet"
                text=Signal::stored("A customer who cannot pay at once agrees on instalments here; covered items then leave the chase while the plan is kept.".to_owned())
                action=move || view! { <Button label="New plan" on_press=move |()| new_plan.set(true) /> }
            />
        }
    };
    let opened = Memo::new(move |_| {
        let id = shown.get()?;
        plans.with(|p| p.iter().find(|p| p.plan.0 == id).cloned())
    });
    view! {
        <Grid label="Payment plans" source=source columns=columns handle=handle on_open=open
            current=Signal::derive(move || shown.get().map(u64::from)) max_rows=12 empty=empty />
        {move || opened.get().map(|plan| view! { <Detail desk plan /> })}
    }
}

fn cell(desk: Desk, plan: &JudgedPlan, column: usize) -> CellView {
    let money = |minor| CellView::Text(words::money(minor, plan.currency));
    match column {
        0 => CellView::Strong(desk.name(plan.customer)),
        1 => {
            let (tone, text) = wording::plan_state(plan.state);
            CellView::Chips(vec![(tone, text.to_owned())])
        }
        2 => money(plan.total),
        3 => money(plan.paid),
        4 => money(plan.rest()),
        5 => plan
            .next
            .filter(|_| plan.state.holds())
            .map_or(CellView::Empty, |(day, _)| CellView::Text(words::day(day))),
        6 => CellView::Text(format!("{} of {}", plan.complete(), plan.instalments.len())),
        _ => CellView::Empty,
    }
}

/// One plan: terms, instalments, acts.
#[component]
fn Detail(desk: Desk, plan: JudgedPlan) -> impl IntoView {
    let ws = desk.ws;
    let ending = RwSignal::new(None::<PlanEnd>);
    let fact = ws.peek(|b| {
        b.plans()
            .get(plan.plan.index())
            .map(|p| (p.key, p.fact.clone()))
    });
    let Some((key, fact)) = fact else {
        return ().into_any();
    };
    let name = desk.name(plan.customer);
    let items = ws.peek(|b| {
        let number = |(id, amount): &(duebook_ledger::ItemId, i64)| {
            let number = b.item(*id).map_or(String::new(), |i| i.number().to_owned());
            format!("{number} {}", words::amount(*amount, plan.currency))
        };
        plan.covered
            .iter()
            .map(number)
            .collect::<Vec<_>>()
            .join(", ")
    });
    let approved = fact.approved.as_ref().map_or(String::new(), |a| {
        format!(" Approved by {} ({}).", a.by, a.reference)
    });
    let today = desk.shown();
    let interest = ws.peek(|b| {
        let scan = OpenScan::new(b, untrack(|| ws.view()));
        interest_of_plan(b, &scan, &plan)
    });
    let interest = interest.map_or(String::new(), |i| {
        wording::plan_interest(&i, today, plan.currency)
    });
    let ack = fact
        .acknowledgement
        .and_then(|t| ws.peek_all(|_, texts| texts.get(t).map(str::to_owned)));
    let default = plan.default.filter(|_| plan.state == PlanState::Defaulted);
    let unended = ws.peek(|b| {
        let of = b.plans().get(plan.plan.index());
        of.is_some_and(|p| p.ended.get(&|s| b.is_live(s)).is_none())
    });
    let over = !unended || plan.state == PlanState::Completed;
    let currency = plan.currency;
    let rows = plan.instalments.clone();
    let href = account_href(ws, plan.customer);
    let title = format!("Plan of {name}, agreed {}", words::day(plan.agreed_on));
    let (to_print, to_write) = (plan.clone(), plan.clone());
    let heading = title.clone();
    let presumed = (plan.presumed > 0).then(|| {
        format!(
            "{} of what came in is presumed: the source shows it settled and does not say how.",
            words::money(plan.presumed, currency)
        )
    });
    view! {
        <section class="panel plans-detail" aria-label=title>
            <h2>{heading}</h2>
            {default.map(|d| view! { <Callout tone=Tone::Danger title="Defaulted">{wording::default_text(&d)}</Callout> })}
            <p>{format!("Covers {items}. {}.{approved}", fact.reason)}</p>
            <p>{interest}</p>
            {presumed.map(|p| view! { <p class="muted">{p}</p> })}
            <div class="table-scroll" tabindex="0" role="region" aria-label="Instalments">
                <table class="plain-table">
                    <thead><tr>
                        <th scope="col">"No."</th><th scope="col">"Due"</th><th scope="col" class="num">{format!("Amount, {}", currency.code())}</th>
                        <th scope="col" class="num">"Paid in time"</th><th scope="col" class="num">"Paid late"</th><th scope="col">"Counts until"</th><th scope="col">"State"</th>
                    </tr></thead>
                    <tbody>
                        {rows.into_iter().enumerate().map(|(n, i)| {
                            let (tone, text) = wording::instalment(i.state);
                            view! {
                                <tr>
                                    <td>{n + 1}</td>
                                    <td>{words::day(i.due)}</td>
                                    <td class="num">{words::amount(i.amount, currency)}</td>
                                    <td class="num">{words::amount(i.paid, currency)}</td>
                                    <td class="num">{words::amount(i.paid_late, currency)}</td>
                                    <td>{words::day(i.window_end)}</td>
                                    <td><span class=format!("chip {}", tone.class())>{text}</span></td>
                                </tr>
                            }
                        }).collect_view()}
                    </tbody>
                    <tfoot><tr>
                        <td></td><td>"Total"</td><td class="num">{words::amount(plan.total, currency)}</td>
                        <td class="num" colspan="2">{format!("{} came in", words::amount(plan.paid, currency))}</td><td colspan="2">{format!("{} to come", words::amount(plan.rest(), currency))}</td>
                    </tr></tfoot>
                </table>
            </div>
            {ack.map(|text| view! { <h3>"Acknowledgement of debt"</h3><p class="plans-wording">{text}</p> })}
            <p class="button-row no-print">
                <Button label="Print the agreement" icon=Icon::Report on_press=move |()| hand_out(desk, &to_print, Take::Paper) />
                <Button label="Agreement as a Word document" icon=Icon::Download on_press=move |()| hand_out(desk, &to_write, Take::Word) />
                {href.map(|href| view! { <a class="btn btn-quiet" href=href>"Open the account"</a> })}
                {(!over).then(|| view! {
                    <Button label="Declare default" kind=ButtonKind::Danger on_press=move |()| ending.set(Some(PlanEnd::Defaulted)) />
                    <Button label="Replace or cancel" kind=ButtonKind::Quiet on_press=move |()| ending.set(Some(PlanEnd::Cancelled)) />
                })}
            </p>
        </section>
        <EndDialog desk ending key name />
    }
    .into_any()
}

/// How the agreement is handed out.
#[derive(Clone, Copy, PartialEq)]
enum Take {
    Paper,
    Word,
}

/// The agreement, as it was agreed, on paper or as a Word document: one text for both.
fn hand_out(desk: Desk, plan: &JudgedPlan, take: Take) {
    let made = desk.ws.peek_all(|book, texts| {
        let fact = book.plans().get(plan.plan.index())?;
        let said = fact.fact.acknowledgement;
        let said = said.and_then(|t| texts.get(t).map(str::to_owned));
        let number = book.customer(plan.customer)?.number.clone();
        let made = agreement(book, plan, &sender(book), said.as_deref())?;
        Some((made, format!("{number} payment plan {}", plan.agreed_on)))
    });
    let Some((made, file)) = made else {
        return;
    };
    if take == Take::Word {
        let parts = docx::parts(&made.title, &made.body);
        let bytes = archive::package(&parts).map_err(|e| format!("{e:?}"));
        download(desk.toasts, &format!("{file}.docx"), DOCX, bytes);
        return;
    }
    let printed = paper(&[], "en", &made.title, &made.body).and_then(|e| print::print(&e, &file));
    if let Err(e) = printed {
        desk.toasts
            .error(format!("Not printed: {e}. Nothing in the book changed."));
    }
}

#[component]
fn EndDialog(
    desk: Desk,
    ending: RwSignal<Option<PlanEnd>>,
    key: duebook_ledger::keys::FactKey,
    name: String,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let reason = RwSignal::new(String::new());
    let how = RwSignal::new("cancelled".to_owned());
    Effect::new(move |_| {
        let asked = ending.get();
        if let Some(end) = asked {
            how.set(
                if end == PlanEnd::Defaulted {
                    "defaulted"
                } else {
                    "cancelled"
                }
                .to_owned(),
            );
            reason.set(String::new());
        }
        open.set(asked.is_some());
    });
    let refused = Signal::derive(move || {
        reason
            .with(|r| r.trim().is_empty())
            .then(|| "Say why: it stands in the audit trail.".to_owned())
    });
    let choices = Signal::stored(vec![
        Choice::new("defaulted", "Defaulted: the rest is due at once"),
        Choice::new("replaced", "Replaced by another agreement"),
        Choice::new("cancelled", "Cancelled in agreement"),
        Choice::new("error", "Entered by mistake"),
    ]);
    let save = move |()| {
        let how = match how.get_untracked().as_str() {
            "defaulted" => PlanEnd::Defaulted,
            "replaced" => PlanEnd::Replaced,
            "error" => PlanEnd::EntryError,
            _ => PlanEnd::Cancelled,
        };
        let command = Command::Plan(PlanCommand::EndPlan {
            plan: key,
            how,
            reason: reason.get_untracked(),
        });
        desk.run(
            command,
            NewTexts::default(),
            "Plan ended; its items are back on the list".to_owned(),
            closes(open),
        );
    };
    view! {
        <Dialog open=open title=format!("End the plan of {name}") on_close=move |()| ending.set(None)
            actions=move || view! { <Button label="End the plan" kind=ButtonKind::Danger refused=refused on_press=save /> }
        >
            <RadioGroup label="How" choices=choices value=how />
            <TextField label="Why" value=reason />
        </Dialog>
    }
}
