//! The strategy of the work list: rules with points, changed on screen, with who would move shown
//! before anything is saved (PR-01 to PR-05).

mod draft;
mod moves;

use super::save::{self, Section};
use crate::ui::prelude::*;
use crate::workspace::use_ws;
use draft::{ConditionDraft, Draft, RuleDraft, fact_choices, test_choices};
use duebook_ledger::policy::PolicyChange;
use duebook_policy::Strategy;
use duebook_policy::strategy::Preset;
use leptos::prelude::*;

/// The form.
#[component]
pub fn WorkStrategy() -> impl IntoView {
    let ws = use_ws();
    let toasts = use_toasts();
    let in_force = Memo::new(move |_| ws.read(|b| b.policies().strategy.clone()));
    let draft = Draft::new();
    Effect::new(move |_| draft.fill(&in_force.get()));
    let read = Memo::new(move |_| draft.read());
    let refused = Signal::derive(move || read.with(|r| r.as_ref().err().cloned()));
    let changed = Memo::new(move |_| read.with(|r| r.as_ref().is_ok_and(|s| *s != in_force.get())));
    let save = move |()| {
        if let Ok(strategy) = read.get_untracked() {
            save::policies(
                ws,
                toasts,
                vec![PolicyChange::Strategy(strategy)],
                "Work list saved",
            );
        }
    };
    let presets = move || {
        let one = |preset: Preset| {
            let fill = Callback::new(move |()| draft.fill(&Strategy::preset(preset)));
            MenuItem::new(preset.name(), fill)
        };
        Preset::ALL.into_iter().map(one).collect::<Vec<_>>()
    };
    let currency = ws.peek(|b| b.policies().rates.reporting().code().to_owned());
    view! {
        <Section id="strategy" title="Work list">
            <p class="muted">
                "Promises that are broken or due, call-backs and follow-ups come first. Everybody else stands by points: "
                "where all conditions of a rule hold, its points are added. Amounts are whole "
                {currency} "."
            </p>
            <div class="form-row">
                <TextField label="Name" value=draft.name />
                <TextField label="Floor, to be collected" value=draft.floor hint=Some("With less, a customer stands after all others.".to_owned()) />
                <TextField label="Quiet days after a conversation" value=draft.quiet hint=Some("Until then only a promise or an agreed step brings them back.".to_owned()) />
            </div>
            <div class="strategy-rules">
                <For each=move || draft.rules.get() key=|rule| rule.id let:rule>
                    <OneRule draft rule />
                </For>
            </div>
            <p class="button-row">
                <Button label="Add a rule" icon=Icon::Plus kind=ButtonKind::Quiet on_press=move |()| draft.add() />
                <Menu label="Start from" kind=ButtonKind::Quiet items=Signal::derive_local(presets) />
            </p>
            <moves::Moves read changed />
            <p class="button-row">
                <Button label="Save the work list" refused=refused on_press=save />
                <Show when=move || changed.get()>
                    <Button label="As it is in force" kind=ButtonKind::Quiet on_press=move |()| draft.fill(&in_force.get_untracked()) />
                </Show>
            </p>
        </Section>
    }
}

#[component]
fn OneRule(draft: Draft, rule: RuleDraft) -> impl IntoView {
    let counted = Signal::derive(move || rule.per.with(|p| !p.is_empty()));
    let per_choices = std::iter::once(Choice::new("", "once"))
        .chain(fact_choices())
        .collect::<Vec<_>>();
    let title = move || {
        rule.name.with(|n| {
            if n.trim().is_empty() {
                "New rule".to_owned()
            } else {
                n.clone()
            }
        })
    };
    view! {
        <fieldset class="strategy-rule">
            <legend class="sr-only">{title}</legend>
            <div class="strategy-line">
                <TextField label="Rule" value=rule.name />
                <TextField label="Points" value=rule.points />
                <SelectField label="Counted" choices=per_choices value=rule.per />
                <Show when=move || counted.get()>
                    <TextField label="for each" value=rule.each />
                    <TextField label="at most times" value=rule.most />
                </Show>
                <IconButton icon=Icon::Close label=Signal::derive(move || format!("Remove {}", title())) on_press=move |()| draft.remove(rule.id) />
            </div>
            <For each=move || rule.when.get() key=|c| c.id let:condition>
                <OneCondition rule condition />
            </For>
            <button type="button" class="link" on:click=move |_| rule.add_condition()>"Add a condition"</button>
        </fieldset>
    }
}

#[component]
fn OneCondition(rule: RuleDraft, condition: ConditionDraft) -> impl IntoView {
    let facts = fact_choices()
        .chain(std::iter::once(Choice::new(draft::SEGMENT, "Segment")))
        .collect::<Vec<_>>();
    let is_segment = Signal::derive(move || condition.fact.with(|f| f == draft::SEGMENT));
    let wants_value =
        Signal::derive(move || is_segment.get() || condition.test.with(|t| t != draft::UNKNOWN));
    view! {
        <div class="strategy-line strategy-condition">
            <SelectField label="Where" choices=facts value=condition.fact />
            <Show when=move || !is_segment.get()>
                <SelectField label="is" choices=test_choices() value=condition.test />
            </Show>
            <Show when=move || wants_value.get()>
                <TextField label="this" value=condition.value />
            </Show>
            <IconButton icon=Icon::Close label="Remove this condition" on_press=move |()| rule.remove_condition(condition.id) />
        </div>
    }
}
