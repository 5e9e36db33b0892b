//! Taking down a dispute or a query about items of one customer: one form, one commit.

use super::account::{Account, amount_of};
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::NewTexts;
use duebook_ledger::Command;
use duebook_ledger::cases::{CaseCommand, NewCase};
use duebook_ledger::keys::ItemKey;
use duebook_money::Currency;
use leptos::prelude::*;

/// An item that can be contested.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Contestable {
    key: ItemKey,
    label: String,
    currency: Currency,
    /// Open and not contested yet, minor units.
    free: i64,
}

/// The dialog. `query`: something is asked, nothing is withheld.
#[component]
pub fn NewCaseDialog(
    account: Account,
    open: RwSignal<bool>,
    query: bool,
    /// After it was saved.
    #[prop(optional, into)]
    on_saved: Option<Callback<()>>,
) -> impl IntoView {
    let text = || RwSignal::new(String::new());
    let (which, sum, reason, department, owner) = (text(), text(), text(), text(), text());
    let (ticket, said) = (text(), text());
    let tried = RwSignal::new(false);
    let items = RwSignal::new(Vec::<Contestable>::new());
    let many = RwSignal::new(0usize);
    let ws = account.ws;
    Effect::new(move |_| {
        if !open.get() {
            return;
        }
        tried.set(false);
        [ticket, said, owner, department]
            .iter()
            .for_each(|s| s.set(String::new()));
        let chosen = untrack(|| account.selected());
        let lines = untrack(|| account.items.get());
        let all = lines.iter().filter(|i| i.open > 0);
        let all: Vec<Contestable> = all
            .map(|i| Contestable {
                key: i.key.clone(),
                label: format!(
                    "{}, {} open",
                    words::item(&i.key),
                    words::money(i.open, i.currency)
                ),
                currency: i.currency,
                free: i.open.saturating_sub(i.disputed).max(0),
            })
            .collect();
        let picked: Vec<Contestable> = all
            .iter()
            .filter(|c| chosen.iter().any(|i| i.key == c.key))
            .cloned()
            .collect();
        many.set(picked.len());
        let list = if picked.is_empty() { all } else { picked };
        let first = list.first().filter(|_| !query || list.len() == 1);
        which.set(match (many.get_untracked(), first) {
            (n, _) if n > 1 => "*".to_owned(),
            (_, Some(first)) => first.label.clone(),
            _ => String::new(),
        });
        sum.set(first.map_or(String::new(), |f| words::amount(f.free, f.currency)));
        items.set(list);
        reason.set(ws.peek(|b| {
            let reasons = &b.policies().cases.reasons;
            let usual = if query { "NRI" } else { "PRI" };
            let known = reasons.iter().find(|r| r.code == usual).or(reasons.first());
            known.map_or(String::new(), |r| r.code.clone())
        }));
    });
    let one = move || items.with(|i| i.iter().find(|c| which.with(|w| c.label == *w)).cloned());
    // A single document brings its own amount.
    Effect::new(move |before: Option<String>| {
        let now = which.get();
        if before.is_some_and(|b| b != now)
            && let Some(one) = untrack(one)
        {
            sum.set(words::amount(one.free, one.currency));
        }
        now
    });
    let documents = Signal::derive(move || {
        let mut list = Vec::new();
        if many.get() > 1 {
            list.push(Choice::new("*", format!("All {} selected", many.get())));
        } else if query {
            list.push(Choice::new("", "No document: the account"));
        }
        items.with(|all| {
            list.extend(
                all.iter()
                    .map(|c| Choice::new(c.label.clone(), c.label.clone())),
            )
        });
        list
    });
    let reasons = Signal::stored(ws.peek(|b| {
        let list = b.policies().cases.reasons.iter();
        list.map(|r| Choice::new(r.code.clone(), format!("{}: {}", r.code, r.name)))
            .collect::<Vec<_>>()
    }));
    let departments = Signal::derive(move || {
        let own = reason.with(|code| {
            ws.peek(|b| {
                b.policies()
                    .cases
                    .reason(code)
                    .map(|r| r.department.clone())
            })
        });
        let mut list = vec![Choice::new(
            "",
            own.map_or("By the reason".to_owned(), |d| {
                format!("{d} (by the reason)")
            }),
        )];
        ws.peek(|b| {
            let all = b.policies().cases.all_departments();
            list.extend(all.into_iter().map(|d| Choice::new(d, d)));
        });
        list
    });
    let proof = Signal::derive(move || {
        reason.with(|code| {
            ws.peek(|b| {
                let r = b.policies().cases.reason(code)?;
                Some(format!(
                    "Proof: {}. Usually: {}.",
                    r.evidence.join(", "),
                    r.usual
                ))
            })
        })
    });
    let currency =
        Signal::derive(move || one().map_or(String::new(), |c| c.currency.code().to_owned()));
    let lines = move || -> Result<Vec<(ItemKey, i64)>, String> {
        if which.with(|w| w == "*") {
            let all = items.get();
            let free = |c: &Contestable| (c.key.clone(), if query { 0 } else { c.free });
            return Ok(all
                .iter()
                .filter(|c| query || c.free > 0)
                .map(free)
                .collect());
        }
        let Some(one) = one() else {
            return if query {
                Ok(Vec::new())
            } else {
                Err("Choose the invoice it is about.".to_owned())
            };
        };
        if query {
            return Ok(vec![(one.key, 0)]);
        }
        let minor = sum.with(|s| amount_of(s, one.currency))?;
        if minor > one.free {
            return Err(format!(
                "{} is open and not contested yet; {} is more.",
                words::money(one.free, one.currency),
                words::money(minor, one.currency)
            ));
        }
        Ok(vec![(one.key, minor)])
    };
    let wrong = Signal::derive(move || tried.get().then(|| lines().err()).flatten());
    let save = move |()| {
        tried.set(true);
        let Ok(lines) = untrack(lines) else { return };
        let mut texts = NewTexts::default();
        let text = match texts.add(&said.get_untracked()) {
            Ok(text) => text,
            Err(e) => {
                return account
                    .toasts
                    .error(format!("Not saved: {e}. Nothing was lost; try again."));
            }
        };
        let code = reason.get_untracked();
        let why = ws.peek(|b| words::cases::reason(b, &code));
        let what = if query { "Query" } else { "Dispute" };
        let done = format!("{what} taken down: {why}, {}", account.name());
        let new = NewCase {
            customer: Some(account.key()),
            query,
            lines,
            reason: code,
            department: department.get_untracked(),
            owner: owner.get_untracked(),
            ticket: ticket.get_untracked(),
            text,
        };
        let command = Command::Case(CaseCommand::Open(vec![new]));
        ws.run(account.toasts, command, texts, done, move |saved| {
            if saved.is_some() {
                let _ = open.try_set(false);
                if let Some(then) = on_saved {
                    then.run(());
                }
            }
        });
    };
    let (title, label) = if query {
        ("Take down a query", "Take the query down")
    } else {
        ("Take down a dispute", "Take the dispute down")
    };
    view! {
        <Dialog
            open=open
            title=title
            actions=move || view! { <Button label=label kind=ButtonKind::Primary refused=account.refused() on_press=save /> }
        >
            <form
                class="case-form"
                on:submit=move |event| {
                    event.prevent_default();
                    save(());
                }
            >
                // Enter in any field saves: a form of several fields needs a button for it.
                <button type="submit" hidden></button>
                <SelectField label="Document" value=which choices=documents />
                <Show when=move || !query && which.with(|w| w != "*")>
                    <AmountField label="Contested" currency=currency value=sum error=wrong />
                </Show>
                <SelectField label="Reason" value=reason choices=reasons hint=proof />
                <div class="row">
                    <SelectField label="Department" value=department choices=departments />
                    <TextField label="Person there" value=owner optional=true />
                    <TextField label="Their ticket" value=ticket optional=true />
                </div>
                <TextArea label="What the customer says" value=said optional=true />
            </form>
        </Dialog>
    }
}
