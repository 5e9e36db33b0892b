//! Lead: who has which accounts, what is not covered; assign by rule or by hand; each agent's file.

use super::gaps::{NotTouched, NotesSampled, Unowned};
use super::now::save_file;
use crate::ui::format::{format_count, plural};
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::{NewTexts, Ws, use_ws};
use duebook_insight::shift::{AgentLine, agent_of, coverage};
use duebook_ledger::desk::DeskCommand;
use duebook_ledger::{Book, Command, CustomerId};
use leptos::prelude::*;

/// Days in which an account wants to be touched, where nothing else is said.
const DAYS: i32 = 14;

/// An agent in words.
pub fn name_of(agent: &str) -> String {
    match agent.is_empty() {
        true => "Nobody".to_owned(),
        false => agent.to_owned(),
    }
}

/// The view.
#[component]
pub fn Lead() -> impl IntoView {
    let ws = use_ws();
    let days = RwSignal::new(DAYS.to_string());
    let asked = Memo::new(move |_| {
        let typed = days.with(|d| d.trim().parse::<i32>().ok());
        typed.filter(|d| (1..=400).contains(d)).unwrap_or(DAYS)
    });
    let lines = Memo::new(move |_| {
        let (today, days) = (ws.today(), asked.get());
        ws.figures(|book, derived| {
            let live = derived.live();
            live.map(|live| coverage(book, live.balances(), today, days).lines)
                .unwrap_or_default()
        })
    });
    view! {
        <section class="panel paper" aria-labelledby="lead-coverage">
            <header class="paper-head">
                <h2 id="lead-coverage">"Coverage"</h2>
                <span class="muted">{move || format!("touched: a contact in the last {}", plural(asked.get() as usize, "day", "days", Default::default()))}</span>
            </header>
            <div class="shift-form form-row"><TextField label="Days" value=days /></div>
            <table class="day-table">
                <thead><tr>
                    <th scope="col">"Agent"</th><th scope="col" class="num">"Accounts"</th>
                    <th scope="col" class="num">"Past due"</th><th scope="col" class="num">"Not touched"</th>
                    <th scope="col" class="num">"Touched"</th><th scope="col" class="num">"Broken promises"</th>
                    <th scope="col" class="num">"Carried forward"</th>
                </tr></thead>
                <tbody>{move || lines.get().into_iter().map(line).collect_view()}</tbody>
            </table>
        </section>
        <NotTouched days=asked />
        <Unowned />
        <NotesSampled />
        <Assign />
        <Files />
    }
}

fn line(line: AgentLine) -> impl IntoView {
    let money = |sum: i128| words::money(i64::try_from(sum).unwrap_or(i64::MAX), line.currency);
    view! {
        <tr>
            <th scope="row">{name_of(&line.agent)}</th>
            <td class="num">{line.accounts.to_string()}</td>
            <td class="num">{money(line.past_due)}</td>
            <td class="num">{money(line.untouched)}</td>
            <td class="num">{format!("{} of {}", line.touched, line.overdue)}</td>
            <td class="num">{line.broken.to_string()}</td>
            <td class="num">{line.carried.to_string()}</td>
        </tr>
    }
}

/// Conditions that all have to hold.
#[derive(Clone, Copy)]
struct Rule {
    bucket: RwSignal<String>,
    least: RwSignal<String>,
    numbers: RwSignal<String>,
    language: RwSignal<String>,
    zone: RwSignal<String>,
    from: RwSignal<String>,
}

impl Rule {
    fn new() -> Self {
        let text = || RwSignal::new(String::new());
        Rule {
            bucket: text(),
            least: text(),
            numbers: text(),
            language: text(),
            zone: text(),
            from: text(),
        }
    }
    fn is_empty(self) -> bool {
        let all = [
            self.bucket,
            self.least,
            self.numbers,
            self.language,
            self.zone,
            self.from,
        ];
        all.iter().all(|s| s.with(|t| t.trim().is_empty()))
    }
    /// The smallest past due asked for, in whole units of each account's currency.
    fn least(self) -> Option<i64> {
        let text = self.least.get();
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        digits.parse().ok()
    }
}

/// The accounts a rule names.
fn named(ws: Ws, rule: Rule) -> Vec<CustomerId> {
    if rule.is_empty() {
        return Vec::new();
    }
    let wanted: Vec<String> = rule.numbers.with(|t| {
        let parts = t.split([',', ';', '\n', '\t', ' ']);
        parts.filter(|p| !p.is_empty()).map(str::to_owned).collect()
    });
    let (bucket, least) = (rule.bucket.get(), rule.least());
    let language = rule.language.get().trim().to_lowercase();
    let zone = rule.zone.get().trim().to_lowercase();
    let from = rule.from.get();
    ws.figures(|book, derived| {
        let Some(live) = derived.live() else {
            return Vec::new();
        };
        let buckets = &book.policies().buckets;
        let mut out = Vec::new();
        for (id, all) in live.balances().iter() {
            let worst = all.iter().flat_map(|b| {
                let of = b.buckets.iter().enumerate().take(buckets.count());
                of.filter(|(_, sum)| **sum > 0).map(|(n, _)| n)
            });
            let Some(worst) = worst.max() else { continue };
            let label = buckets.label(worst);
            let enough = |least: i64| {
                all.iter().any(|b| {
                    let unit = 10i64.checked_pow(u32::from(b.currency.exponent()));
                    let least = unit.and_then(|u| least.checked_mul(u));
                    least.is_some_and(|least| b.past_due >= least)
                })
            };
            let fits = (bucket.is_empty() || bucket == label)
                && least.is_none_or(enough)
                && (wanted.is_empty()
                    || book
                        .customer(id)
                        .is_some_and(|c| wanted.contains(&c.number)))
                && (language.is_empty() || speaks(book, id, &language))
                && (zone.is_empty() || lies_in(book, id, &zone))
                && (from.is_empty() || agent_of(book, id) == from);
            if fits {
                out.push(id);
            }
        }
        out
    })
}

fn speaks(book: &Book, id: CustomerId, language: &str) -> bool {
    let people = book.contacts_of(id);
    let mut said = people.iter().filter_map(|(_, f)| f.language.as_deref());
    said.any(|l| l.to_lowercase().starts_with(language))
}

fn lies_in(book: &Book, id: CustomerId, zone: &str) -> bool {
    let of = crate::pages::shared::zone_of(book, id);
    of.is_some_and(|z| z.to_lowercase().starts_with(zone))
}

/// Everybody who has accounts or works in this book.
fn people(ws: Ws) -> Vec<String> {
    ws.read(|book| {
        let mut all: Vec<String> = Vec::new();
        let assigned = book.customer_ids().map(|c| agent_of(book, c));
        let works = book.shifts().iter().map(|s| s.agent.clone());
        for agent in assigned.chain(works) {
            if !agent.is_empty() && all.last() != Some(&agent) && !all.contains(&agent) {
                all.push(agent);
            }
        }
        duebook_money::order::sort(&mut all);
        all
    })
}

#[component]
fn Assign() -> impl IntoView {
    let ws = use_ws();
    let toasts = use_toasts();
    let rule = Rule::new();
    let to = RwSignal::new(String::new());
    let found = Memo::new(move |_| named(ws, rule));
    let buckets = Signal::derive(move || {
        ws.read(|b| {
            let buckets = &b.policies().buckets;
            let mut all = vec![Choice::new("", "Any")];
            all.extend((0..buckets.count()).map(|n| {
                let label = buckets.label(n);
                Choice::new(label.clone(), label)
            }));
            all
        })
    });
    let agents = Signal::derive(move || {
        let mut all = vec![Choice::new("", "Anybody")];
        all.extend(people(ws).into_iter().map(|a| Choice::new(a.clone(), a)));
        all
    });
    let label = Signal::derive(move || {
        let n = found.with(Vec::len);
        let accounts = plural(n, "account", "accounts", Default::default());
        match to.with(|t| t.trim().to_owned()) {
            who if who.is_empty() => format!("Take {accounts} back"),
            who => format!("Assign {accounts} to {who}"),
        }
    });
    let refused = Signal::derive(move || {
        (found.with(Vec::is_empty)).then(|| "Give a condition that names accounts.".to_owned())
    });
    let assign = move |()| {
        let all = found.get_untracked();
        let customers: Vec<_> =
            ws.peek(|b| all.iter().filter_map(|id| b.customer_key(*id)).collect());
        let count = customers.len();
        let agent = to.get_untracked().trim().to_owned();
        let command = Command::Desk(DeskCommand::Assign {
            customers,
            collector: agent.clone(),
        });
        let accounts = plural(count, "account", "accounts", Default::default());
        let done = match agent.is_empty() {
            true => format!("{accounts} assigned to nobody"),
            false => format!("{accounts} assigned to {agent}"),
        };
        ws.run(toasts, command, NewTexts::default(), done, |_| {});
    };
    view! {
        <section class="panel shift-form" aria-labelledby="lead-assign">
            <h2 id="lead-assign">"Assign accounts"</h2>
            <p class="muted">"All conditions given have to hold. The bucket an account is in now is kept with the assignment. To move an absent agent's accounts, choose him under “Now with”."</p>
            <div class="form-row">
                <SelectField label="Bucket of the oldest" value=rule.bucket choices=buckets />
                <TextField label="Past due at least" value=rule.least optional=true hint=Some("Whole units of the account's currency.".to_owned()) />
                <TextField label="Language begins" value=rule.language optional=true />
                <TextField label="Zone begins" value=rule.zone optional=true hint=Some("By shift: America, Europe, Asia.".to_owned()) />
                <SelectField label="Now with" value=rule.from choices=agents />
                <TextField label="Account numbers" value=rule.numbers optional=true />
            </div>
            <div class="form-row">
                <TextField label="To" value=to hint=Some("Empty: nobody.".to_owned()) />
            </div>
            <p class="button-row"><Button label=label kind=ButtonKind::Primary refused=refused on_press=assign /></p>
        </section>
    }
}

/// Each agent's portfolio: the book as a proved file, and his accounts as Excel.
#[component]
fn Files() -> impl IntoView {
    let ws = use_ws();
    let toasts = use_toasts();
    let kept = RwSignal::new(None::<(Tone, String, String)>);
    let all = Memo::new(move |_| people(ws));
    let row = move |agent: String| {
        let mine = {
            let agent = agent.clone();
            move || {
                ws.peek(|b| {
                    let his = b.customer_ids().filter(|c| agent_of(b, *c) == agent);
                    his.map(|c| c.0).collect::<Vec<u32>>()
                })
            }
        };
        let count = mine().len();
        let (book, list) = (agent.clone(), agent.clone());
        let write = move |()| save_file(ws, kept, format!("portfolio-{book}"));
        let sheet = move |()| ws.export_portfolio(toasts, &list, mine());
        view! {
            <li>
                <span class="paper-name">{agent}</span>
                <span class="paper-says num">{format!("{} accounts", format_count(count, Default::default()))}</span>
                <span class="button-row">
                    <Button label="Write the portfolio file" on_press=write />
                    <Button label="Accounts as Excel" kind=ButtonKind::Quiet on_press=sheet />
                </span>
            </li>
        }
    };
    view! {
        <section class="panel paper" aria-labelledby="lead-files">
            <header class="paper-head"><h2 id="lead-files">"Portfolio files"</h2></header>
            <p class="muted">"A portfolio file is this book, proved, under the agent's name: it has his accounts, tasks and everything known. He opens it, or takes it in; at the end of his shift you take his file in."</p>
            {move || kept.get().map(|(tone, title, text)| view! { <Callout tone=tone title=title>{text}</Callout> })}
            <ul class="paper-lines"><For each=move || all.get() key=|a| a.clone() children=row /></ul>
        </section>
    }
}
