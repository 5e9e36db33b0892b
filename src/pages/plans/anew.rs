//! Two acts on a customer's open items that stand by themselves: due dates agreed anew, which somebody
//! else approves and every report shows (PL-03), and a debt acknowledged, from which limitation runs anew.

use super::{Debit, Debits, Desk, Pick, approved};
use crate::ui::format::plural;
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::{NewTexts, closes};
use duebook_ledger::Command;
use duebook_ledger::keys::ItemKey;
use duebook_ledger::plans::PlanCommand;
use leptos::prelude::*;

/// The items of the customer, ticked or not. Handles only.
#[derive(Clone, Copy)]
struct Ticks {
    desk: Desk,
    debits: RwSignal<Vec<(Debit, RwSignal<bool>)>>,
}

impl Ticks {
    /// Fills itself whenever the dialog opens or the customer changes; nothing is ticked.
    fn new(desk: Desk, open: RwSignal<bool>, also: impl Fn() + 'static) -> Self {
        let debits = RwSignal::new(Vec::new());
        Effect::new(move |_| {
            let id = desk.of.get();
            if open.get() {
                let all = untrack(|| id.map_or(Vec::new(), |id| desk.debits(id)));
                let all = all.into_iter().map(|d| (d, RwSignal::new(false)));
                debits.set(all.collect());
                also();
            }
        });
        Ticks { desk, debits }
    }
    fn count(self) -> usize {
        self.debits
            .with(|all| all.iter().filter(|(_, on)| on.get()).count())
    }
    fn keys(self) -> Vec<ItemKey> {
        let on = self.debits.with_untracked(|all| {
            let on = all.iter().filter(|(_, on)| on.get_untracked());
            on.map(|(d, _)| d.id).collect::<Vec<_>>()
        });
        let key = |b: &duebook_ledger::Book| on.iter().filter_map(|id| b.item_key(*id)).collect();
        self.desk.ws.peek(key)
    }
}

fn items(n: usize) -> String {
    plural(n, "item", "items", Default::default())
}

/// Due dates agreed anew.
#[component]
pub fn ReAgeDialog(desk: Desk, open: RwSignal<bool>) -> impl IntoView {
    let text = || RwSignal::new(String::new());
    let (to, reason, by, reference) = (text(), text(), text(), text());
    let clear = move || {
        [to, reason, by, reference]
            .iter()
            .for_each(|s| s.set(String::new()));
    };
    let ticks = Ticks::new(desk, open, clear);
    let day = move || to.with(|t| desk.day(t));
    let refused = Signal::derive(move || {
        let none = (ticks.count() == 0).then(|| "Tick the items.".to_owned());
        let no_day = day()
            .is_none()
            .then(|| "Say from which day they age.".to_owned());
        let why = reason.with(|r| r.trim().is_empty());
        let why = why.then(|| "Say why: it stands in the audit trail.".to_owned());
        let nobody = by.with(|b| b.trim().is_empty());
        let nobody = nobody.then(|| "Name somebody else who approved it.".to_owned());
        none.or(no_day).or(why).or(nobody)
    });
    let label = Signal::derive(move || match (ticks.count(), day()) {
        (n, Some(day)) if n > 0 => format!("Age {} from {}", items(n), words::day(day)),
        _ => "Agree it".to_owned(),
    });
    let save = move |()| {
        let (Some(to), Some(id), Some(approved)) = (
            untrack(day),
            desk.of.get_untracked(),
            approved(by, reference),
        ) else {
            return;
        };
        let items_ = ticks.keys();
        let done = format!(
            "Due dates agreed anew: {} of {}, from {}",
            items(items_.len()),
            desk.name(id),
            words::day(to)
        );
        let command = Command::Plan(PlanCommand::ReAge {
            items: items_,
            to,
            reason: reason.get_untracked(),
            approved,
        });
        desk.run(command, NewTexts::default(), done, closes(open));
    };
    view! {
        <Dialog open=open title="Agree due dates anew" wide=true
            actions=move || view! { <Button label=label kind=ButtonKind::Primary refused=refused on_press=save /> }
        >
            <p class="muted">"From now on the items age from the new day. What was agreed first stays on the item; key figures and the authority log show the re-aging, and interest still runs from the old due date."</p>
            <Pick desk />
            <Debits debits=ticks.debits />
            <div class="form-row">
                <DateField label="They age from" value=to echo=desk.echo(to) />
                <TextField label="Why" value=reason />
                <TextField label="Approved by" value=by hint=Some("Never yourself.".to_owned()) />
                <TextField label="Where that stands" value=reference optional=true />
            </div>
        </Dialog>
    }
}

/// A debt acknowledged by the debtor.
#[component]
pub fn AcknowledgeDialog(desk: Desk, open: RwSignal<bool>) -> impl IntoView {
    let (on, evidence) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let clear = move || {
        on.set(desk.today().to_string());
        evidence.set(String::new());
    };
    let ticks = Ticks::new(desk, open, clear);
    let day = move || on.with(|t| desk.day(t));
    let refused = Signal::derive(move || {
        let none = (ticks.count() == 0).then(|| "Tick what was acknowledged.".to_owned());
        let no_day = day().is_none_or(|d| d > desk.ws.today());
        let no_day = no_day.then(|| "Say on which day, not later than today.".to_owned());
        let nowhere = evidence.with(|e| e.trim().is_empty());
        let nowhere = nowhere.then(|| "Say where it stands.".to_owned());
        none.or(no_day).or(nowhere)
    });
    let save = move |()| {
        let (Some(on), Some(id)) = (untrack(day), desk.of.get_untracked()) else {
            return;
        };
        let keys = ticks.keys();
        let done = format!(
            "{} acknowledged {} on {}: limitation runs anew",
            desk.name(id),
            items(keys.len()),
            words::day(on)
        );
        let command = Command::Plan(PlanCommand::Acknowledge {
            items: keys,
            on,
            evidence: evidence.get_untracked(),
        });
        desk.run(command, NewTexts::default(), done, closes(open));
    };
    view! {
        <Dialog open=open title="Record an acknowledgement" wide=true
            actions=move || view! { <Button label="Record it" kind=ButtonKind::Primary refused=refused on_press=save /> }
        >
            <p class="muted">"The debtor says in writing, or by what they do, that the debt is owed: the time in which it can be claimed runs anew from that day. To be checked by counsel."</p>
            <Pick desk />
            <Debits debits=ticks.debits />
            <div class="form-row">
                <DateField label="On" value=on echo=desk.echo(on) />
                <TextField label="Where it stands" value=evidence hint=Some("Letter, mail, minutes, with its date.".to_owned()) />
            </div>
        </Dialog>
    }
}
