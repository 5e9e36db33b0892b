//! The two balances with what lies between them, the bar to zero, and every line.

use super::Side;
use super::made::Made;
use crate::pages::reconcile::wording;
use crate::ui::format::{format_count, plural};
use crate::ui::prelude::*;
use crate::words;
use duebook_cash::theirs::{Entry, Finding, Sides};
use duebook_insight::recon::{Break, Status};
use duebook_insight::reports::{
    entry_amounts, entry_days, entry_numbers, entry_text, finding_name, status_name,
    theirs_reconciled,
};
use duebook_ledger::recon::{BreakKind, BreakMatter, NotedBreak};
use duebook_money::Currency;
use leptos::prelude::*;
use std::sync::Arc;

/// Where an entry stands, and what the register says of it.
type Stands = (Status, Option<NotedBreak>);

/// The differences as breaks, so that each can be given an owner or explained.
pub fn breaks(made: &Made) -> Vec<Break> {
    let told = made.told.matters.iter().zip(&made.told.stands);
    let all = made.found.entries.iter().zip(told);
    let one = |(e, (matter, (status, noted))): (&Entry, (&BreakMatter, &Stands))| {
        let (own, their) = entry_days(&made.found, e);
        Break {
            matter: matter.clone(),
            kind: BreakKind::Other,
            currency: e.currency,
            amount: e.amount,
            since: own.or(their).unwrap_or(made.on).min(made.on),
            clues: Vec::new(),
            noted: noted.clone(),
            status: *status,
            customer: Some(made.customer),
            receipt: None,
            line: None,
        }
    };
    all.filter(|(e, _)| e.amount != 0).map(one).collect()
}

/// The comparison, where there is one.
#[component]
pub fn Shown(side: Side) -> impl IntoView {
    let shown = move || {
        let made = side.made.get()?;
        let currency = side.currency.get();
        let all = made.told.sides.iter();
        let sides = all.clone().find(|s| Some(s.currency) == currency)?.clone();
        Some((made, sides))
    };
    // The field stands beside what is drawn anew at each of its letters.
    view! {
        <Show when=move || side.currency.get().is_some()>
            <section class="recon-face" aria-label="Both balances">
                {move || shown().map(|(made, sides)| view! { <Face made sides stated=side.states.get() /> })}
                <div class="recon-split">
                    {move || shown().map(|(made, sides)| view! { <Between made sides stated=side.states.get() /> })}
                    <Stated side />
                </div>
            </section>
        </Show>
        <Show when=move || side.made.with(Option::is_some)>
            <Lines side />
        </Show>
    }
}

/// Whether it is reconciled, and how far to zero.
#[component]
fn Face(made: Arc<Made>, sides: Sides, stated: Vec<(Currency, i64)>) -> impl IntoView {
    let currency = sides.currency;
    let reconciled = theirs_reconciled(&made.told.sides, &stated);
    let face = match reconciled {
        true => (Tone::Good, "Reconciled"),
        false => (Tone::Danger, "UNRECONCILED"),
    };
    let left = i64::try_from(sides.unexplained()).unwrap_or(i64::MAX);
    let share = match sides.unsigned {
        0 => 1000,
        all => (u128::from(sides.explained) * 1000 / u128::from(all)) as u16,
    };
    let told = i64::try_from(sides.explained).unwrap_or(i64::MAX);
    let bar = match (sides.open, sides.explained) {
        (0, 0) => format!("Difference {}", words::money(0, currency)),
        (0, _) => format!(
            "Difference {} unexplained; {} is explained",
            words::money(0, currency),
            words::money(told, currency)
        ),
        (open, _) => format!(
            "{} in {} to zero",
            words::money(left, currency),
            plural(open, "difference", "differences", Default::default())
        ),
    };
    let others: Vec<String> = made
        .told
        .sides
        .iter()
        .filter(|s| s.currency != currency && !s.is_reconciled())
        .map(|s| s.currency.code().to_owned())
        .collect();
    view! {
        <p class="recon-state">
            <Chip text=face.1 tone=face.0 />
            <span role="status" class="num">{bar.clone()}</span>
            <meter min="0" max="1000" value=share.to_string() aria-label="Explained of the differences" title=bar></meter>
            {(!others.is_empty()).then(|| view! { <span class="muted">{format!("Open in {} too: choose the currency above.", others.join(", "))}</span> })}
        </p>
    }
}

/// What lies between our balance and theirs.
#[component]
fn Between(made: Arc<Made>, sides: Sides, stated: Vec<(Currency, i64)>) -> impl IntoView {
    let currency = sides.currency;
    let money = move |minor: i64| words::amount(minor, currency);
    let stated = stated.iter().find(|(c, _)| *c == currency);
    let stated = stated.map(|(_, minor)| *minor);
    let (tone, proof) = match sides.difference() {
        0 => (Tone::Good, "Adds up".to_owned()),
        off => (Tone::Danger, format!("UNRECONCILED by {}", money(off))),
    };
    let findings = sides.findings.clone();
    let said = stated.map(|minor| match minor - sides.theirs {
        0 => (Tone::Good, "Their lines make it".to_owned(), minor),
        off => (
            Tone::Danger,
            format!("UNRECONCILED by {}", money(off)),
            minor,
        ),
    });
    let title = format!("As of {}, {}", words::day(made.on), currency.code());
    let (ours, theirs) = (sides.ours, sides.theirs);
    view! {
        <section class="panel" aria-label="From our balance to theirs">
            <table class="plain-table recon-roll">
                <caption class="sr-only">{title.clone()}</caption>
                <thead><tr><th scope="col">{title}</th><th scope="col" class="num">"Count"</th><th scope="col" class="num">"Amount"</th></tr></thead>
                <tbody>
                    <tr><th scope="row">"Our balance"</th><td></td><td class="num">{money(ours)}</td></tr>
                    {findings.into_iter().map(|(finding, count, amount)| view! {
                        <tr>
                            <td>{format!("less: {}", finding_name(finding).to_lowercase())}</td>
                            <td class="num">{format_count(count, Default::default())}</td>
                            <td class="num">{money(-amount)}</td>
                        </tr>
                    }).collect_view()}
                    <tr class="total"><th scope="row">"Their balance"</th><td><Chip text=proof tone=tone /></td><td class="num"><strong>{money(theirs)}</strong></td></tr>
                    {said.map(|(tone, text, minor)| view! { <tr><td>"As they state it"</td><td><Chip text=text tone=tone /></td><td class="num">{money(minor)}</td></tr> })}
                </tbody>
            </table>
        </section>
    }
}

/// Their balance as it is stated in a letter, and the files.
#[component]
fn Stated(side: Side) -> impl IntoView {
    let code = Signal::derive(move || {
        let currency = side.currency.get();
        currency.map_or(String::new(), |c| c.code().to_owned())
    });
    let save = move |format: &'static str| {
        Callback::new(move |()| {
            let Some(made) = side.made.get_untracked() else {
                return;
            };
            let ws = side.page.ws;
            let key = ws.peek(|b| b.customer_key(made.customer));
            let number = key.map_or(String::new(), |k| k.number);
            let ask = side.states.with_untracked(|s| made.ask(s));
            ws.export_theirs(side.page.toasts, ask, made.on, format, &number);
        })
    };
    let items = Signal::derive_local(move || {
        vec![
            MenuItem::new("Excel workbook", save("xlsx")).icon(Icon::File),
            MenuItem::new("Lines as CSV", save("csv")).icon(Icon::File),
        ]
    });
    view! {
        <div>
            <AmountField label="Their balance, where they state one" currency=code value=side.stated optional=true hint=Some("Of what they owe, above zero. Empty: as the file’s own total says.".to_owned()) />
            <p class="button-row"><Menu label="Save the comparison" items=items icon=Icon::Download /></p>
        </div>
    }
}

/// Places of the entries shown.
fn listed(side: Side) -> Vec<usize> {
    let all = side.all.with(|a| a == "all");
    side.made.with(|m| {
        let Some(made) = m else { return Vec::new() };
        let entries = made.found.entries.iter().enumerate();
        let wanted = entries.filter(|(_, e)| all || e.finding != Finding::Agreed);
        wanted.map(|(at, _)| at).collect()
    })
}

#[component]
fn Lines(side: Side) -> impl IntoView {
    let rows = Memo::new(move |_| listed(side));
    let source = GridSource::new(
        move || rows.with(Vec::len),
        move |n| n as u64,
        move |n, column| {
            let cell = side.made.with(|m| {
                let made = m.as_ref()?;
                let at = rows.with(|r| r.get(n).copied())?;
                let (e, (status, _)) = made.found.entries.get(at).zip(made.told.stands.get(at))?;
                let numbers = || entry_numbers(&made.found, e);
                let money = |minor: Option<i64>| match minor {
                    Some(minor) => CellView::Text(words::money(minor, e.currency)),
                    None => CellView::Empty,
                };
                let day = |d: Option<duebook_money::Day>| {
                    d.map_or(CellView::Empty, |d| CellView::Text(words::day(d)))
                };
                Some(match column {
                    0 => CellView::Strong(finding_name(e.finding).to_owned()),
                    1 => CellView::Text(numbers().0),
                    2 => day(entry_days(&made.found, e).0),
                    3 => money(entry_amounts(&made.found, e).0),
                    4 => CellView::Text(numbers().1),
                    5 => day(entry_days(&made.found, e).1),
                    6 => money(entry_amounts(&made.found, e).1),
                    7 => money(Some(e.amount).filter(|a| *a != 0)),
                    8 => CellView::Faint(entry_text(e)),
                    _ if e.amount == 0 => CellView::Empty,
                    _ => CellView::Chips(vec![(
                        wording::tone(*status),
                        status_name(*status).to_owned(),
                    )]),
                })
            });
            cell.unwrap_or(CellView::Empty)
        },
    );
    let columns = vec![
        Column::text("finding", "Finding", 132),
        Column::text("ours", "Our document", 130).grow(1),
        Column::date("our-date", "Our date").hide_below(980),
        Column::number("our-amount", "Our amount", 122).hide_below(640),
        Column::text("theirs", "Their document", 120)
            .grow(1)
            .hide_below(520),
        Column::date("their-date", "Their date").hide_below(980),
        Column::number("their-amount", "Their amount", 122).hide_below(760),
        Column::number("difference", "Difference", 126),
        Column::text("why", "Why", 150).grow(2).hide_below(880),
        Column::text("stands", "Stands", 112).hide_below(520),
    ];
    let open = Callback::new(move |n: u64| {
        let at = rows.with_untracked(|r| r.get(n as usize).copied());
        let matter = side.made.with_untracked(|m| {
            let made = m.as_ref()?;
            let differs = made.found.entries.get(at?)?.amount != 0;
            made.told.matters.get(at?).filter(|_| differs).cloned()
        });
        side.page.in_hand.set(matter);
    });
    let which = Signal::stored(vec![
        Choice::new("", "What differs"),
        Choice::new("all", "All lines"),
    ]);
    view! {
        <div class="recon-part"><SelectField label="Lines" value=side.all choices=which /></div>
        <div class="recon-grid">
            <Grid
                label="Lines of both sides"
                source=source
                columns=Signal::stored(columns)
                handle=side.page.grid
                on_open=open
                empty=|| view! { <Empty icon=Icon::Check title="No difference" text=Signal::stored("Every line of theirs is one of ours, with its amount, number and date.".to_owned()) /> }
            />
        </div>
    }
}
