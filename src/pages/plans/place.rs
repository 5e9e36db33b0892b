//! Agency and legal: what is placed, what came of it and what it cost; whether a customer is ready;
//! when claims run out.

use super::{Debit, Debits, Desk, Pick, approved, currencies, wording};
use crate::pages::shared::list_keys;
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::{NewTexts, closes};
use duebook_insight::plans::{
    JudgedPlacement, Ready, limitation_of, placements, readiness, returned_money,
};
use duebook_ledger::plans::{NewPlacement, PlacedWith, PlacementEnd, PlanCommand, Stage};
use duebook_ledger::{Command, OpenScan};
use duebook_money::Currency;
use leptos::prelude::*;
use std::sync::Arc;

/// The placements of the book.
#[component]
pub fn Placed(desk: Desk, new_place: RwSignal<bool>) -> impl IntoView {
    let ws = desk.ws;
    let shown = RwSignal::new(None::<u32>);
    let all = Memo::new(move |_| {
        let mut all = ws.read(|b| placements(b, ws.view()));
        duebook_money::order::sort_by_key(&mut all, |p| {
            (p.ended.is_some(), std::cmp::Reverse(p.placement))
        });
        Arc::new(all)
    });
    let row = move |n: usize| all.with(|p| p.get(n).cloned());
    let source = GridSource::new(
        move || all.with(|p| p.len()),
        move |n| row(n).map_or(0, |p| u64::from(p.placement.0)),
        move |n, column| {
            let Some(p) = row(n) else {
                return CellView::Empty;
            };
            let money = |minor| CellView::Text(words::money(minor, p.currency));
            match column {
                0 => CellView::Strong(desk.name(p.customer)),
                1 => CellView::Text(ws.peek(|b| {
                    b.placements()
                        .get(p.placement.index())
                        .map_or(String::new(), |x| x.fact.name.clone())
                })),
                2 => match p.ended {
                    Some((how, day)) => CellView::Faint(format!(
                        "{} {}",
                        wording::placement_end(how),
                        words::day(day)
                    )),
                    None => CellView::Chips(vec![(
                        if p.stage.0.pauses_chase() {
                            Tone::Accent
                        } else {
                            Tone::Muted
                        },
                        wording::stage(p.stage.0).to_owned(),
                    )]),
                },
                3 => money(p.placed),
                4 => money(p.recovered),
                5 => money(p.commission),
                6 => money(p.open),
                _ => CellView::Empty,
            }
        },
    );
    let handle = GridHandle::new();
    list_keys(handle);
    let columns = vec![
        Column::text("customer", "Customer", 130).grow(3),
        Column::text("with", "With", 130).grow(1).hide_below(620),
        Column::text("stage", "Stage", 120),
        Column::number("placed", "Placed", 148).hide_below(480),
        Column::number("recovered", "Recovered", 130),
        Column::number("commission", "Commission", 130).hide_below(700),
        Column::number("open", "Still open", 148).hide_below(560),
    ];
    let open = Callback::new(move |key: u64| shown.set(u32::try_from(key).ok()));
    let empty = move || {
        view! {
            <Empty
                icon=Icon::Flag
                title="Nothing is placed"
                text=Signal::stored("When calls, plans and offers have failed, items go to an agency or a lawyer. Our chase of them is paused; what comes in, and their commission, is counted here.".to_owned())
                action=move || view! { <Button label="Place items" on_press=move |()| new_place.set(true) /> }
            />
        }
    };
    let opened = Memo::new(move |_| {
        let id = shown.get()?;
        all.with(|p| p.iter().find(|p| p.placement.0 == id).cloned())
    });
    view! {
        <Grid label="Placements" source=source columns=columns handle=handle on_open=open
            current=Signal::derive(move || shown.get().map(u64::from)) max_rows=12 empty=empty />
        {move || opened.get().map(|p| view! { <Detail desk placed=p /> })}
    }
}

#[component]
fn Detail(desk: Desk, placed: JudgedPlacement) -> impl IntoView {
    let ws = desk.ws;
    let known = ws.peek(|b| {
        b.placements()
            .get(placed.placement.index())
            .map(|p| (p.key, p.fact.clone()))
    });
    let Some((key, fact)) = known else {
        return ().into_any();
    };
    let money = |minor: i64| words::money(minor, placed.currency);
    let net = placed.recovered.saturating_sub(placed.commission);
    let said = format!(
        "{} placed {} with {} ({}). {} recovered, {} commission at {} %: {} net. {}.",
        money(placed.placed),
        words::day(fact.placed_on),
        fact.name,
        if fact.reference.is_empty() {
            "no reference"
        } else {
            &fact.reference
        },
        money(placed.recovered),
        money(placed.commission),
        duebook_insight::reports::percent(fact.commission_ppm),
        money(net),
        fact.reason
    );
    let stage = RwSignal::new(format!("{:?}", placed.stage.0));
    let stages = Signal::stored(
        Stage::ALL
            .iter()
            .map(|s| Choice::new(format!("{s:?}"), wording::stage(*s)))
            .collect::<Vec<_>>(),
    );
    let note = RwSignal::new(String::new());
    let reason = RwSignal::new(String::new());
    let today = desk.today();
    let mv = move |()| {
        let Some(to) = Stage::ALL
            .into_iter()
            .find(|s| format!("{s:?}") == stage.get_untracked())
        else {
            return;
        };
        let command = Command::Plan(PlanCommand::MovePlacement {
            placement: key,
            stage: to,
            day: today,
            note: note.get_untracked(),
        });
        desk.run(
            command,
            NewTexts::default(),
            format!("Placement: {}", wording::stage(to).to_lowercase()),
            |_| {},
        );
    };
    let end = move |how: PlacementEnd| {
        let command = Command::Plan(PlanCommand::EndPlacement {
            placement: key,
            how,
            reason: reason.get_untracked(),
        });
        desk.run(
            command,
            NewTexts::default(),
            format!(
                "Placement ended: {}; what is open is ours to chase again",
                wording::placement_end(how)
            ),
            |_| {},
        );
    };
    let refused = Signal::derive(move || {
        reason
            .with(|r| r.trim().is_empty())
            .then(|| "Say why: it stands in the audit trail.".to_owned())
    });
    let title = format!("Placement of {}", desk.name(placed.customer));
    let heading = title.clone();
    let running = placed.ended.is_none();
    view! {
        <section class="panel plans-detail" aria-label=title>
            <h2>{heading}</h2>
            <p>{said}</p>
            {running.then(|| view! {
                <div class="form-row">
                    <SelectField label="Stage" value=stage choices=stages />
                    <TextField label="Note" value=note optional=true />
                </div>
                <p class="button-row">
                    <Button label="Record the stage" on_press=mv />
                    <Button label="Dossier" icon=Icon::Download on_press=move |()| dossier(desk, placed.customer) />
                </p>
                <TextField label="Why it ends" value=reason />
                <p class="button-row">
                    <Button label="Recall it" refused=refused on_press=move |()| end(PlacementEnd::Recalled) />
                    <Button label="Paid" kind=ButtonKind::Quiet refused=refused on_press=move |()| end(PlacementEnd::Paid) />
                    <Button label="Uncollectable" kind=ButtonKind::Quiet refused=refused on_press=move |()| end(PlacementEnd::Uncollectable) />
                </p>
            })}
        </section>
    }
    .into_any()
}

/// The pack for counsel or an agency.
fn dossier(desk: Desk, customer: duebook_ledger::CustomerId) {
    let number = desk.ws.peek(|b| {
        b.customer(customer)
            .map_or(String::new(), |c| c.number.clone())
    });
    desk.ws.export_dossier(desk.toasts, customer.0, &number);
}

/// Items to be placed, with the readiness of the customer.
#[component]
pub fn PlaceDialog(desk: Desk, open: RwSignal<bool>) -> impl IntoView {
    let debits = RwSignal::new(Vec::<(Debit, RwSignal<bool>)>::new());
    let text = || RwSignal::new(String::new());
    let (code, name, commission, reference, reason, who, where_) =
        (text(), text(), text(), text(), text(), text(), text());
    let with = RwSignal::new("agency".to_owned());
    let stage = RwSignal::new("Pending".to_owned());
    Effect::new(move |_| {
        let id = desk.of.get();
        if !open.get() {
            return;
        }
        let today = desk.today();
        let all = id.map_or(Vec::new(), |id| desk.debits(id));
        let first = all.first().map(|d| d.currency);
        code.set(first.map_or(String::new(), |c| c.code().to_owned()));
        let late = |d: &Debit| Some(d.currency) == first && d.due.is_some_and(|due| due < today);
        debits.set(
            all.into_iter()
                .map(|d| (d.clone(), RwSignal::new(late(&d))))
                .collect(),
        );
        reason.set(String::new());
    });
    let shown = Signal::derive(move || {
        let code = code.get();
        debits.with(|all| {
            all.iter()
                .filter(|(d, _)| d.currency.code() == code)
                .cloned()
                .collect::<Vec<_>>()
        })
    });
    let several = Signal::derive(move || debits.with(|d| currencies(d)));
    let chosen = move || {
        shown.with(|all| {
            all.iter()
                .filter(|(_, on)| on.get())
                .map(|(d, _)| d.clone())
                .collect::<Vec<_>>()
        })
    };
    let ppm = move || {
        let typed = commission.get();
        let typed = if typed.trim().is_empty() {
            "0".to_owned()
        } else {
            typed
        };
        duebook_money::amount::parse_plain(
            typed.trim().as_bytes(),
            4,
            duebook_money::amount::Style::POINT,
        )
        .ok()
        .and_then(|v| u32::try_from(v).ok())
        .filter(|v| *v <= 1_000_000)
    };
    let refused = Signal::derive(move || {
        let none = chosen()
            .is_empty()
            .then(|| "Tick what is placed.".to_owned());
        let nobody = name
            .with(|n| n.trim().is_empty())
            .then(|| "Say with whom.".to_owned());
        let share = ppm()
            .is_none()
            .then(|| "The commission is a percentage from 0 to 100.".to_owned());
        let why = reason
            .with(|r| r.trim().is_empty())
            .then(|| "Say why, and what was tried.".to_owned());
        none.or(nobody).or(share).or(why)
    });
    let save = move |()| {
        let (on, Some(id), Some(commission_ppm)) =
            (untrack(chosen), desk.of.get_untracked(), untrack(ppm))
        else {
            return;
        };
        let keys = desk.ws.peek(|b| {
            let items = on
                .iter()
                .map(|d| b.item_key(d.id))
                .collect::<Option<Vec<_>>>()?;
            Some((b.customer_key(id)?, items))
        });
        let Some((customer, items)) = keys else {
            return;
        };
        let done = format!(
            "{} placed with {}",
            desk.name(id),
            name.get_untracked().trim()
        );
        let command = Command::Plan(PlanCommand::Place(NewPlacement {
            customer,
            with: if with.get_untracked() == "counsel" {
                PlacedWith::Counsel
            } else {
                PlacedWith::Agency
            },
            name: name.get_untracked(),
            items,
            commission_ppm,
            reference: reference.get_untracked(),
            reason: reason.get_untracked(),
            approved: approved(who, where_),
            stage: Stage::ALL
                .into_iter()
                .find(|s| format!("{s:?}") == stage.get_untracked())
                .unwrap_or(Stage::Recommended),
        }));
        desk.run(command, NewTexts::default(), done, closes(open));
    };
    let withs = Signal::stored(vec![
        Choice::new("agency", "Collection agency"),
        Choice::new("counsel", "Lawyer"),
    ]);
    let stages = Signal::stored(vec![
        Choice::new("Recommended", "Recommended only"),
        Choice::new("LetterBeforeClaim", "Letter before claim is out"),
        Choice::new("Pending", "Handed over: our chase is paused"),
    ]);
    view! {
        <Dialog open=open title="Place items" wide=true
            actions=move || view! { <Button label="Place them" kind=ButtonKind::Primary refused=refused on_press=save /> }
        >
            <Pick desk />
            <Checklist desk code />
            <Show when=move || several.with(|s| s.len() > 1)>
                <SelectField label="Currency" value=code choices=several />
            </Show>
            <Debits debits=shown />
            <div class="form-row">
                <SelectField label="With" value=with choices=withs />
                <TextField label="Name" value=name />
                <TextField label="Commission, %" value=commission optional=true />
                <SelectField label="How far" value=stage choices=stages />
            </div>
            <div class="form-row">
                <TextField label="Why, and what was tried" value=reason />
                <TextField label="Their reference" value=reference optional=true />
                <TextField label="Approved by" value=who optional=true />
                <TextField label="Where that stands" value=where_ optional=true />
            </div>
        </Dialog>
    }
}

/// Whether the customer is ready, line by line; a person decides.
#[component]
fn Checklist(desk: Desk, code: RwSignal<String>) -> impl IntoView {
    let lines = Memo::new(move |_| {
        let (Some(id), Some(currency)) = (desk.of.get(), Currency::from_code(&code.get())) else {
            return Vec::new();
        };
        desk.ws.read(|b| {
            let scan = OpenScan::new(b, desk.ws.view());
            readiness(b, &scan, id, currency)
        })
    });
    let next = move || {
        let id = desk.of.get()?;
        desk.ws.read(|b| {
            let scan = OpenScan::new(b, desk.ws.view());
            let limit = *limitation_of(b, &scan, id).first()?;
            let number = b
                .item(limit.item)
                .map_or(String::new(), |i| i.number().to_owned());
            Some(format!(
                "{number} can be claimed until {} ({} years from {}); to be checked by counsel.",
                words::day(limit.on),
                limit.years,
                words::day(limit.from)
            ))
        })
    };
    // §6.5: whether it was a cheque, the book does not know.
    let cheques = move || {
        let Some(id) = desk.of.get() else {
            return Vec::new();
        };
        desk.ws.read(|b| {
            let scan = OpenScan::new(b, desk.ws.view());
            let one = |r: duebook_insight::plans::ReturnedMoney| {
                let number = b.item(r.receipt)?.number().to_owned();
                Some(format!(
                    "{number} of {} was returned {}. If it was a cheque: demand notice for exactly this amount by {}; 15 days from its receipt to pay; complaint within one month after (NI Act s.138). To be checked by counsel.",
                    words::money(r.amount, r.currency),
                    words::day(r.on),
                    words::day(r.notice_by?)
                ))
            };
            returned_money(b, &scan, id)
                .into_iter()
                .filter_map(one)
                .collect()
        })
    };
    view! {
        <Show when=move || lines.with(|l| !l.is_empty())>
            <ul class="plans-ready">
                {move || {
                    let currency = Currency::from_code(&code.get()).unwrap_or(Currency::XXX);
                    lines.get().into_iter().map(|line| {
                        let (icon, tone) = if line.is_met() { (Icon::Check, Tone::Good) } else { (Icon::Warning, Tone::Warn) };
                        view! { <li class=tone.class()><IconView icon=icon /><span>{ready(line, currency)}</span></li> }
                    }).collect_view()
                }}
            </ul>
            {move || next().map(|n| view! { <p class="muted">{n}</p> })}
            {move || cheques().into_iter().map(|said| view! { <p class="muted">{said}</p> }).collect_view()}
            <p class="button-row">
                <Button label="Dossier for counsel or agency" icon=Icon::Download on_press=move |()| {
                    if let Some(id) = desk.of.get_untracked() {
                        dossier(desk, id);
                    }
                } />
            </p>
        </Show>
    }
}

fn ready(line: Ready, currency: Currency) -> String {
    use crate::ui::format::plural;
    let n = |n: u32, one: &'static str, many: &'static str| {
        plural(n as usize, one, many, Default::default())
    };
    match line {
        Ready::Days(days, true) => format!("{days} days past due"),
        Ready::Days(days, false) => format!("Only {days} days past due"),
        Ready::Disputed(0) => "Nothing is disputed".to_owned(),
        Ready::Disputed(a) => format!(
            "{} is disputed: resolve it first",
            words::money(a, currency)
        ),
        Ready::Running(true) => "A plan or a promise still runs".to_owned(),
        Ready::Running(false) => "No plan and no promise runs".to_owned(),
        Ready::Broken(0) => "No promise was broken yet".to_owned(),
        Ready::Broken(b) => format!("{} broken", n(b, "promise", "promises")),
        Ready::Contacts(c) => format!("{} logged", n(c, "contact", "contacts")),
        Ready::Written(true) => "A letter or mail went out".to_owned(),
        Ready::Written(false) => "No letter or mail is logged".to_owned(),
        Ready::Unapplied(0) => "No unapplied money lies about".to_owned(),
        Ready::Unapplied(a) => {
            format!("{} is unapplied: apply it first", words::money(a, currency))
        }
        Ready::Limitation(day, false) => format!("The first claim runs out on {}", words::day(day)),
        Ready::Limitation(day, true) => {
            format!("The first claim runs out soon: {}", words::day(day))
        }
        Ready::Stop(true) => {
            "They said they are insolvent or have a lawyer: counsel only".to_owned()
        }
        Ready::Stop(false) => "No insolvency and no lawyer was named".to_owned(),
    }
}
