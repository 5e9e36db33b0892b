//! Packs and single reports.

use super::packs::{packs, period_of, rhythm, rhythm_id, rhythm_of};
use crate::ui::format::plural;
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::{Issue, NewTexts, Ws, closes, use_ws};
use duebook_insight::kpi::Period;
use duebook_insight::reports::{REPORTS, report_kind};
use duebook_ledger::Command;
use duebook_ledger::policy::PolicyChange;
use duebook_policy::{Pack, Rhythm};
use leptos::prelude::*;

/// What a pack's dialog works on; `None` is a new pack.
type Editing = RwSignal<Option<Option<Pack>>>;

#[component]
pub fn Make() -> impl IntoView {
    let ws = use_ws();
    let editing: Editing = RwSignal::new(None);
    let issuing = RwSignal::new(None::<Pack>);
    let all = Memo::new(move |_| ws.read(packs));
    view! {
        <div class="reports">
            <section class="panel" aria-labelledby="packs-title">
                <div class="reports-head">
                    <h2 id="packs-title">"Packs"</h2>
                    <Button label="New pack" icon=Icon::Plus on_press=move |()| editing.set(Some(None)) />
                </div>
                <p class="muted">"One workbook each, with a README, a sheet that recomputes every total, and a line in the log: control totals, figures and the file’s own hash."</p>
                <ul class="report-list">
                    <For each=move || all.get() key=|p| (p.name.clone(), p.reports.clone(), p.rhythm as u8) let:pack>
                        <PackRow pack editing issuing />
                    </For>
                </ul>
            </section>
            <section class="panel" aria-labelledby="single-title">
                <h2 id="single-title">"Single reports"</h2>
                <Singles />
            </section>
        </div>
        <IssueDialog issuing />
        <PackDialog editing />
    }
}

#[component]
fn PackRow(pack: Pack, editing: Editing, issuing: RwSignal<Option<Pack>>) -> impl IntoView {
    let names: Vec<&str> = pack
        .reports
        .iter()
        .filter_map(|id| report_kind(id).map(|r| r.name))
        .collect();
    let said = format!("{}, for {}", names.join(", "), rhythm(pack.rhythm));
    let (edit, issue) = (pack.clone(), pack.clone());
    let (issue_label, edit_label) = (
        format!("Issue {}", pack.name),
        format!("Change {}", pack.name),
    );
    view! {
        <li>
            <div><strong>{pack.name}</strong> <p class="muted">{said}</p></div>
            <div class="button-row">
                <Button label=edit_label kind=ButtonKind::Quiet on_press=move |()| editing.set(Some(Some(edit.clone()))) />
                <Button label=issue_label kind=ButtonKind::Primary on_press=move |()| issuing.set(Some(issue.clone())) />
            </div>
        </li>
    }
}

/// The period asked for, typed; the as-of day of the header is its end at first.
#[derive(Clone, Copy)]
struct Dates {
    from: RwSignal<String>,
    to: RwSignal<String>,
}

impl Dates {
    fn of(period: Period) -> Self {
        Dates {
            from: RwSignal::new(period.from.to_string()),
            to: RwSignal::new(period.to.to_string()),
        }
    }
    fn read(self) -> Result<Period, String> {
        let day = |text: RwSignal<String>| {
            text.with_untracked(|t| duebook_money::date::parse_iso_bytes(t.trim().as_bytes()))
        };
        let (from, to) = (day(self.from), day(self.to));
        let (Some(from), Some(to)) = (from, to) else {
            return Err("Give both days, such as 2026-03-31.".to_owned());
        };
        if to < from {
            return Err("The period ends before it begins.".to_owned());
        }
        Ok(Period { from, to })
    }
}

#[component]
fn Singles() -> impl IntoView {
    let ws = use_ws();
    let toasts = use_toasts();
    let dates = Dates::of(period_of(Rhythm::Monthly, untrack(|| ws.view()).as_of));
    let error = RwSignal::new(None::<String>);
    let save = move |kind: &'static str, format: &'static str| match dates.read() {
        Ok(period) => {
            error.set(None);
            ws.export_period(toasts, kind, format, (period.from, period.to));
        }
        Err(what) => error.set(Some(what)),
    };
    let rows = REPORTS.iter().map(|report| {
        let id = report.id;
        let items = Signal::stored_local(vec![
            MenuItem::new("Excel", Callback::new(move |()| save(id, "xlsx"))),
            MenuItem::new("CSV", Callback::new(move |()| save(id, "csv"))),
        ]);
        view! {
            <li>
                <div><strong>{report.name}</strong> <p class="muted">{report.says}</p></div>
                <Menu label=format!("Save {}", report.name) items=items />
            </li>
        }
    });
    view! {
        <div class="form-row">
            <DateField label="From" value=dates.from error=error />
            <DateField label="To, and as of" value=dates.to />
        </div>
        <ul class="report-list">{rows.collect_view()}</ul>
    }
}

#[component]
fn IssueDialog(issuing: RwSignal<Option<Pack>>) -> impl IntoView {
    let open = RwSignal::new(false);
    Effect::new(move |_| open.set(issuing.with(Option::is_some)));
    let title = Signal::derive(move || {
        issuing.with(|p| {
            p.as_ref()
                .map_or(String::new(), |p| format!("Issue {}", p.name))
        })
    });
    view! {
        <Dialog open=open title=title on_close=Callback::new(move |()| issuing.set(None))>
            {move || issuing.get_untracked().map(|pack| view! { <IssueForm pack open /> })}
        </Dialog>
    }
}

/// Earlier issues of this pack for a day.
fn before(ws: Ws, name: &str, period: Period) -> usize {
    ws.peek(|book| {
        let same = |r: &&duebook_ledger::reporting::Recorded<
            duebook_ledger::reporting::IssuedReport,
        >| { r.fact.name == name && r.fact.as_of == period.to };
        book.issued_reports().filter(same).count()
    })
}

#[component]
fn IssueForm(pack: Pack, open: RwSignal<bool>) -> impl IntoView {
    let ws = use_ws();
    let toasts = use_toasts();
    let dates = Dates::of(period_of(pack.rhythm, untrack(|| ws.view()).as_of));
    let reason = RwSignal::new(String::new());
    let error = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);
    let name = pack.name.clone();
    let again = Memo::new(move |_| {
        dates.from.track();
        dates.to.track();
        let period = dates.read().ok()?;
        let n = before(ws, &name, period);
        (n > 0).then(|| {
            format!(
                "Issued {} for {} already: say why it is issued again.",
                plural(n, "time", "times", Default::default()),
                words::day(period.to)
            )
        })
    });
    let refused = Signal::derive(move || busy.get().then(|| "It is being written.".to_owned()));
    let freezes = pack.reports.iter().any(|r| r == "forecast");
    let issue = move |()| {
        let period = match dates.read() {
            Ok(period) => period,
            Err(what) => return error.set(Some(what)),
        };
        let why = reason.with_untracked(|r| r.trim().to_owned());
        if untrack(|| again.get()).is_some() && why.is_empty() {
            return error.set(Some("Say why it is issued again.".to_owned()));
        }
        error.set(None);
        busy.set(true);
        let issue = Issue {
            name: pack.name.clone(),
            reports: pack.reports.clone(),
            period,
            reason: why,
        };
        ws.issue(toasts, issue, move |done| {
            let _ = busy.try_set(false);
            if done {
                let _ = open.try_set(false);
            }
        });
    };
    view! {
        <div class="form-row">
            <DateField label="From" value=dates.from />
            <DateField label="To, and as of" value=dates.to error=error />
        </div>
        <Show when=move || again.with(Option::is_some)>
            <TextField label="Why again" value=reason hint=Signal::derive(move || again.get()) />
        </Show>
        <p class="muted">"The file is written from what is saved, handed over, and then recorded with its control totals and its hash."</p>
        {freezes.then(|| view! { <p class="muted">"The cash forecast in it is frozen in the same step and held against what comes (KP-26)."</p> })}
        <Button label="Issue it" kind=ButtonKind::Primary refused=refused on_press=issue />
    }
}

#[component]
fn PackDialog(editing: Editing) -> impl IntoView {
    let open = RwSignal::new(false);
    Effect::new(move |_| open.set(editing.with(Option::is_some)));
    let title = Signal::derive(move || match editing.get() {
        Some(Some(pack)) => format!("Change {}", pack.name),
        _ => "New pack".to_owned(),
    });
    view! {
        <Dialog open=open title=title on_close=Callback::new(move |()| editing.set(None))>
            {move || editing.get_untracked().map(|pack| view! { <PackForm pack open /> })}
        </Dialog>
    }
}

#[component]
fn PackForm(pack: Option<Pack>, open: RwSignal<bool>) -> impl IntoView {
    let ws = use_ws();
    let toasts = use_toasts();
    let known = pack.clone();
    let name = RwSignal::new(known.as_ref().map_or(String::new(), |p| p.name.clone()));
    let rhythm =
        RwSignal::new(rhythm_id(known.as_ref().map_or(Rhythm::Weekly, |p| p.rhythm)).to_owned());
    let error = RwSignal::new(None::<String>);
    let takes = |id: &str| {
        known
            .as_ref()
            .is_some_and(|p| p.reports.iter().any(|r| r == id))
    };
    let boxes: Vec<(&'static str, RwSignal<bool>)> = REPORTS
        .iter()
        .map(|r| (r.id, RwSignal::new(takes(r.id))))
        .collect();
    let ticked = boxes.clone();
    let save = move |()| {
        let reports: Vec<String> = (ticked.iter())
            .filter(|(_, on)| on.get_untracked())
            .map(|(id, _)| (*id).to_owned())
            .collect();
        let name = name.with_untracked(|n| n.trim().to_owned());
        if name.is_empty() {
            return error.set(Some("Give the pack a name.".to_owned()));
        }
        if reports.is_empty() {
            return error.set(Some("Choose at least one report.".to_owned()));
        }
        let mut policy = ws.peek(|book| book.policies().reporting.clone());
        policy.set_pack(Pack {
            name: name.clone(),
            reports,
            rhythm: rhythm.with_untracked(|r| rhythm_of(r)),
        });
        let command = Command::SetPolicy(PolicyChange::Reporting(policy));
        ws.run(
            toasts,
            command,
            NewTexts::default(),
            format!("Pack “{name}” saved"),
            closes(open),
        );
    };
    let choices = vec![
        Choice::new("day", "One day"),
        Choice::new("week", "Seven days"),
        Choice::new("month", "The month to date"),
    ];
    view! {
        <TextField label="Name" value=name error=error />
        <SelectField label="Period" value=rhythm choices=Signal::stored(choices) />
        <fieldset class="report-boxes">
            <legend>"Reports"</legend>
            {boxes.into_iter().filter_map(|(id, on)| {
                let report = report_kind(id)?;
                Some(view! { <Checkbox label=report.name value=on /> })
            }).collect_view()}
        </fieldset>
        <Button label="Save the pack" kind=ButtonKind::Primary on_press=save />
    }
}
