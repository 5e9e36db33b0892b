//! Steering the queue by hand: pins and snoozes with a reason (PR-03), whose account it is; and why
//! the queue has somebody where it has them.

use super::Work;
use crate::pages::shared::account::{Account, read_day};
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::{NewTexts, actor, closes};
use duebook_insight::queue;
use duebook_ledger::Command;
use duebook_ledger::desk::{DeskCommand, Pin, Snooze};
use leptos::prelude::*;

/// What the dialog is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    Pin,
    Snooze,
    Assign,
}

/// Pin, snooze, assignment: what is set, and how to change it.
#[component]
pub fn Steer(work: Work, account: Account, steering: RwSignal<Option<What>>) -> impl IntoView {
    let ws = account.ws;
    let set = Memo::new(move |_| {
        let today = ws.today();
        account.read(|book, texts| {
            let live = |s| book.is_live(s);
            let said = |t| texts.get(t).unwrap_or("erased").to_owned();
            let (desk, id) = (book.desk(), account.customer);
            let pin = desk.pin(id, &live).map(|(_, p)| p);
            let pin = pin.filter(|p| p.until.is_none_or(|u| u >= today));
            let snooze = desk.snooze(id, &live).map(|(_, s)| s);
            let snooze = snooze.filter(|s| s.until > today);
            let until = |p: &Pin| {
                p.until
                    .map_or(String::new(), |d| format!(" until {}", words::day(d)))
            };
            let owner = desk.assignment(id, &live).map(|(_, a)| {
                let then = a.bucket.as_str();
                let bucket = if then.is_empty() {
                    String::new()
                } else {
                    format!(", {then} when assigned")
                };
                format!("{}{bucket}", a.collector)
            });
            (
                pin.map(|p| format!("Pinned{}: {}", until(p), said(p.reason))),
                snooze
                    .map(|s| format!("Snoozed until {}: {}", words::day(s.until), said(s.reason))),
                owner,
            )
        })
    });
    let run = move |command: DeskCommand, done: String| {
        ws.run(
            account.toasts,
            Command::Desk(command),
            NewTexts::default(),
            done,
            |_| {},
        );
    };
    let take_off = move |pin: bool| {
        let (customer, name) = (account.key(), account.name());
        match pin {
            true => run(
                DeskCommand::Pin {
                    customer,
                    pin: None,
                },
                format!("Pin taken off: {name}"),
            ),
            false => run(
                DeskCommand::Snooze {
                    customer,
                    snooze: None,
                },
                format!("Back on the queue: {name}"),
            ),
        }
    };
    let items = move || {
        let (pin, snooze, _) = set.get();
        let act = |label: &'static str, what: What| {
            MenuItem::new(label, Callback::new(move |()| steering.set(Some(what))))
                .refused(account.refused().get())
        };
        let mut items = vec![
            act("Put first (t)", What::Pin),
            act("Snooze (m)", What::Snooze),
            act("Assign", What::Assign),
        ];
        if pin.is_some() {
            items.push(MenuItem::new(
                "Take the pin off",
                Callback::new(move |()| take_off(true)),
            ));
        }
        if snooze.is_some() {
            items.push(MenuItem::new(
                "End the snooze",
                Callback::new(move |()| take_off(false)),
            ));
        }
        if let Some(path) = crate::pages::account_href(ws, account.customer) {
            let go = work.go;
            items.push(MenuItem::new(
                "Open the account",
                Callback::new(move |()| go.run(path.clone())),
            ));
        }
        items
    };
    view! {
        <div class="work-steer">
            {move || {
                let (pin, snooze, owner) = set.get();
                view! {
                    {owner.map(|text| view! { <Chip text=text tone=Tone::Neutral /> })}
                    {pin.map(|text| view! { <Chip text=text tone=Tone::Accent /> })}
                    {snooze.map(|text| view! { <Chip text=text tone=Tone::Warn /> })}
                }
            }}
            <Menu label="Steer the queue" icon=Icon::Dots icon_only=true kind=ButtonKind::Quiet items=Signal::derive_local(items) />
        </div>
        <SteerDialog account steering />
    }
}

#[component]
fn SteerDialog(account: Account, steering: RwSignal<Option<What>>) -> impl IntoView {
    let open = RwSignal::new(false);
    let what = RwSignal::new(What::Pin);
    let text = || RwSignal::new(String::new());
    let (until, reason, who) = (text(), text(), text());
    let tried = RwSignal::new(false);
    let ws = account.ws;
    Effect::new(move |_| {
        if let Some(asked) = steering.get() {
            what.set(asked);
            until.set(String::new());
            reason.set(String::new());
            who.set(actor());
            tried.set(false);
            open.set(!account.past());
            steering.set(None);
        }
    });
    let day = move || until.with(|t| read_day(ws, t));
    let day_error = Signal::derive(move || {
        let (typed, read) = (until.with(|t| !t.trim().is_empty()), day());
        let late = read.is_none_or(|d| d <= ws.today());
        match what.get() {
            What::Snooze if tried.get() && late => {
                Some("A day after today, such as fri or +7.".to_owned())
            }
            What::Pin if typed && read.is_none() => {
                Some("A date, such as 30 nov, fri or +7.".to_owned())
            }
            _ => None,
        }
    });
    let reason_error = Signal::derive(move || {
        let empty = reason.with(|r| r.trim().is_empty());
        (tried.get() && empty && what.get() != What::Assign)
            .then(|| "Why? It is kept for audit.".to_owned())
    });
    let save = move |()| {
        tried.set(true);
        let (customer, name) = (account.key(), account.name());
        let mut texts = NewTexts::default();
        let why = match texts.add(&reason.get_untracked()) {
            Ok(why) => why,
            Err(e) => {
                return account.toasts.error(format!(
                    "Not saved: the browser gives no random numbers ({e})."
                ));
            }
        };
        let read = untrack(day);
        let (command, done) = match (what.get_untracked(), why) {
            (What::Assign, _) => {
                let collector = who.get_untracked().trim().to_owned();
                let to = if collector.is_empty() {
                    "nobody".to_owned()
                } else {
                    collector.clone()
                };
                let customers = vec![customer];
                (
                    DeskCommand::Assign {
                        customers,
                        collector,
                    },
                    format!("{name} assigned to {to}"),
                )
            }
            (_, None) => return,
            (What::Pin, Some(reason)) => {
                if untrack(|| day_error.get()).is_some() {
                    return;
                }
                let pin = Some(Pin {
                    until: read,
                    reason,
                });
                (
                    DeskCommand::Pin { customer, pin },
                    format!("{name} is first"),
                )
            }
            (What::Snooze, Some(reason)) => {
                let Some(until) = read.filter(|d| *d > ws.today_untracked()) else {
                    return;
                };
                let snooze = Some(Snooze { until, reason });
                (
                    DeskCommand::Snooze { customer, snooze },
                    format!("{name} snoozed until {}", words::day(until)),
                )
            }
        };
        ws.run(
            account.toasts,
            Command::Desk(command),
            texts,
            done,
            closes(open),
        );
    };
    let title = Signal::derive(move || {
        let name = account.name();
        match what.get() {
            What::Pin => format!("Put {name} first"),
            What::Snooze => format!("Snooze {name}"),
            What::Assign => format!("Assign {name}"),
        }
    });
    let echo = Signal::derive(move || day().map(words::day));
    let label = Signal::derive(move || match what.get() {
        What::Pin => "Put first".to_owned(),
        What::Snooze => "Snooze".to_owned(),
        What::Assign => "Assign".to_owned(),
    });
    view! {
        <Dialog open=open title=title actions=move || view! { <Button label=label kind=ButtonKind::Primary on_press=save /> }>
            <Show when=move || { what.get() == What::Snooze }>
                <DateField label="Back on" value=until echo=echo error=day_error />
            </Show>
            <Show when=move || { what.get() == What::Pin }>
                <DateField label="Until" value=until echo=echo error=day_error optional=true />
            </Show>
            <Show when=move || { what.get() != What::Assign }>
                <TextField label="Reason" value=reason error=reason_error />
            </Show>
            <Show when=move || { what.get() == What::Assign }>
                <TextField label="Collector" value=who hint=Some("Empty: nobody. The bucket of today is kept with it.".to_owned()) />
            </Show>
        </Dialog>
    }
}

/// Why it stands where it stands: the three weightiest points in words, and all of them opened.
#[component]
pub fn Why(account: Account, explained: RwSignal<bool>) -> impl IntoView {
    let ws = account.ws;
    let made = Memo::new(move |_| {
        let (task, place, rules) = ws.figures(|_, derived| {
            let list = derived.live()?.worklist();
            let task = list.task(account.customer)?.clone();
            let rules = list.place_by_rules(&task);
            Some((task, list.place(account.customer)?, rules))
        })?;
        let lines = ws.peek(|book| {
            let strategy = &book.policies().strategy;
            let name = |t: duebook_policy::strategy::Term| {
                let rule = strategy.rules.get(t.rule);
                (rule.map_or(String::new(), |r| r.name.clone()), t.points)
            };
            let terms = queue::terms(book, strategy, &task.row);
            terms.into_iter().map(name).collect::<Vec<_>>()
        });
        let text = ws.peek(|b| {
            crate::pages::shared::why::text(
                b,
                &task.row,
                ws.today_untracked(),
                account.now.get_untracked(),
            )
        });
        Some((
            text,
            lines,
            task.row.points,
            place,
            rules,
            task.row.pinned.is_some(),
        ))
    });
    move || {
        made.get().map(|(text, lines, points, place, rules, pinned)| {
            let first: Vec<String> = lines.iter().take(3).map(|(name, p)| format!("{name} {p:+}")).collect();
            let top = if first.is_empty() { String::new() } else { format!(" {}.", first.join(", ")) };
            let by_hand = pinned.then(|| format!("Pinned: by the rules it would be number {rules}."));
            let all = explained.get().then(|| {
                let rows = lines
                    .iter()
                    .map(|(name, p)| view! { <div><dt>{name.clone()}</dt><dd class="num">{format!("{p:+}")}</dd></div> })
                    .collect_view();
                view! {
                    <dl class="why-lines work-why-lines">
                        {rows}
                        <div class="why-total"><dt>"Points"</dt><dd class="num">{points.to_string()}</dd></div>
                    </dl>
                }
            });
            view! {
                <div class="work-why" role="group" aria-label="Why this account">
                    <p>
                        <strong>{format!("{text}.")}</strong> {top} " "
                        <button type="button" class="link" aria-expanded=move || explained.get().to_string() on:click=move |_| explained.update(|on| *on = !*on)>
                            {format!("{points} points, number {place}")} " " <Kbd keys="y" />
                        </button>
                    </p>
                    {by_hand.map(|text| view! { <p class="faint">{text}</p> })}
                    {all}
                </div>
            }
        })
    }
}
