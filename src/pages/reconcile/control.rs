//! The control account's balance of the last day, and other days than a month.

use super::Page;
use crate::ui::format::plural;
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::{NewTexts, read_rows};
use duebook_exchange::read::{Trial, TrialQuestion, TrialRow, WorkCells, read_trial};
use duebook_ledger::Command;
use duebook_money::amount::{Style, parse};
use duebook_money::{Currency, Day};
use leptos::prelude::*;

/// Gives the control account's balance.
#[component]
pub fn ControlDialog(page: Page) -> impl IntoView {
    let (amount, source) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    Effect::new(move |_| {
        if !page.giving.get() {
            return;
        }
        let (currency, to) = untrack(|| (page.currency.get(), page.span.get().to));
        let known = page.ws.peek(|b| {
            let mut all = b.control_balances().filter(|(c, ..)| *c == currency);
            let given = all.find(|(_, day, ..)| *day == to);
            given
                .map(|(_, _, minor, from)| (Some(minor), from.to_owned()))
                .or_else(|| {
                    let last = b.control_balances().filter(|(c, ..)| *c == currency).last();
                    last.map(|(_, _, _, from)| (None, from.to_owned()))
                })
        });
        let (minor, from) = known.unwrap_or_default();
        amount.set(minor.map_or(String::new(), |m| words::amount(m, currency)));
        source.set(from);
    });
    let code = Signal::derive(move || page.currency.get().code().to_owned());
    let minor = move || {
        let currency = page.currency.get();
        amount.with(|a| {
            parse(a.trim(), Style::POINT)
                .ok()?
                .minor(currency.exponent())
                .ok()
        })
    };
    let refused = Signal::derive(move || {
        if minor().is_none() {
            Some("An amount such as 1,234.56.".to_owned())
        } else if source.with(|s| s.trim().is_empty()) {
            Some("Say where the figure is from, such as “GL 140000, trial balance”.".to_owned())
        } else {
            None
        }
    });
    let save = move |()| {
        let Some(minor) = untrack(minor) else { return };
        let (currency, as_of) = (page.currency.get_untracked(), page.span.get_untracked().to);
        let command = Command::SetControlBalance {
            currency,
            as_of,
            minor,
            source: source.get_untracked(),
        };
        let done = format!(
            "Control balance of {}: {}",
            words::day(as_of),
            words::money(minor, currency)
        );
        page.ws.run(
            page.toasts,
            command,
            NewTexts::default(),
            done,
            move |saved| {
                if saved.is_some() {
                    let _ = page.giving.try_set(false);
                }
            },
        );
    };
    let title =
        Signal::derive(move || format!("Control account on {}", words::day(page.span.get().to)));
    view! {
        <Dialog
            open=page.giving
            title=title
            actions=move || view! { <Button label="Save the balance" kind=ButtonKind::Primary refused=refused on_press=save /> }
        >
            <p class="muted">"What the general ledger says all receivables of this currency come to at the end of that day."</p>
            <FromFile page amount source />
            <div class="form-row">
                <AmountField label="Balance" currency=code value=amount />
                <TextField label="From" value=source hint=Some("Such as “GL 140000, trial balance”.".to_owned()) />
            </div>
        </Dialog>
    }
}

/// Accounts shown of a file, beside those that are ticked.
const SHOWN: usize = 30;

/// An account of the file, in the currency shown.
#[derive(Clone, PartialEq)]
struct Account {
    account: String,
    label: String,
    minor: i64,
    on: RwSignal<bool>,
}

/// The accounts of a currency; those without one are taken to be in it.
fn accounts(read: &Trial, currency: Currency) -> Vec<Account> {
    let own = read.rows.iter().filter(|r| {
        let code = r.currency.trim();
        code.is_empty() || code.eq_ignore_ascii_case(currency.code())
    });
    let one = |r: &TrialRow| {
        let minor = r.balance.minor(currency.exponent()).ok()?;
        let parts = [r.entity.as_str(), r.account.as_str(), r.name.as_str()];
        let parts: Vec<&str> = parts.into_iter().filter(|p| !p.is_empty()).collect();
        Some(Account {
            account: r.account.clone(),
            label: format!("{}: {}", parts.join(" · "), words::money(minor, currency)),
            minor,
            on: RwSignal::new(r.looks_like_receivables()),
        })
    };
    own.filter_map(one).collect()
}

/// The balance out of a trial balance: the accounts ticked make it, and where it is from is said.
#[component]
fn FromFile(page: Page, amount: RwSignal<String>, source: RwSignal<String>) -> impl IntoView {
    let file = RwSignal::new(String::new());
    let problem = RwSignal::new(None::<String>);
    let rows = RwSignal::new(None::<Vec<WorkCells>>);
    let decimal = RwSignal::new(String::new());
    let find = RwSignal::new(String::new());
    Effect::new(move |_| {
        if page.giving.get() {
            file.set(String::new());
            problem.set(None);
            rows.set(None);
            find.set(String::new());
        }
    });
    let take = move |files: Vec<web_sys::File>| {
        let Some(chosen) = files.into_iter().next() else {
            return;
        };
        file.set(chosen.name());
        problem.set(None);
        decimal.set(String::new());
        leptos::task::spawn_local(async move {
            match read_rows(&chosen).await {
                Ok((read, _)) => _ = rows.try_set(Some(read)),
                Err(why) => _ = problem.try_set(Some(why)),
            }
        });
    };
    let read = Memo::new(move |_| {
        let style = match decimal.get().as_str() {
            "point" => Some(Style::POINT),
            "comma" => Some(Style::COMMA),
            _ => None,
        };
        rows.with(|r| r.as_ref().map(|r| read_trial(r, style)))
    });
    let all = Memo::new(move |_| {
        let currency = page.currency.get();
        read.with(|r| r.as_ref().map_or(Vec::new(), |r| accounts(r, currency)))
    });
    // What is ticked is what is given.
    Effect::new(move |_| {
        let taken = all.with(|all| {
            let on: Vec<&Account> = all.iter().filter(|a| a.on.get()).collect();
            let sum = on.iter().fold(0i64, |s, a| s.saturating_add(a.minor));
            let mut named: Vec<&str> = on.iter().map(|a| a.account.as_str()).collect();
            named.dedup();
            (!on.is_empty()).then(|| (sum, named.join(", ")))
        });
        if let Some((sum, named)) = taken {
            amount.set(words::amount(sum, untrack(|| page.currency.get())));
            source.set(format!("GL {named}, {}", file.get_untracked()));
        }
    });
    let shown = move || {
        let wanted = find.with(|f| f.trim().to_lowercase());
        all.with(|all| {
            let fits = |a: &&Account| match wanted.is_empty() {
                true => a.on.get_untracked(),
                false => a.label.to_lowercase().contains(&wanted),
            };
            all.iter()
                .filter(fits)
                .take(SHOWN)
                .cloned()
                .collect::<Vec<_>>()
        })
    };
    let says =
        move || {
            let count = all.with(Vec::len);
            let on = all.with(|all| all.iter().filter(|a| a.on.get()).count());
            let odd = read.with(|r| r.as_ref().map_or(0, |r| r.unread.len()));
            read.with(|r| r.as_ref().is_some_and(|r| r.question.is_none())).then(|| {
            let code = page.currency.get().code();
            let left = match odd {
                0 => String::new(),
                n => format!(" {} cannot be read.", plural(n, "line", "lines", Default::default())),
            };
            let accounts = plural(count, "account", "accounts", Default::default());
            format!("{on} of {accounts} in {code} taken: tick those that are the customers’.{left}")
        })
        };
    let choices = Signal::stored(vec![
        Choice::new("", "Say which"),
        Choice::new("point", "A decimal point"),
        Choice::new("comma", "A decimal comma"),
    ]);
    view! {
        <FileDrop label="Take it from a trial balance" hint=file on_files=take />
        {move || problem.get().map(|what| view! { <Callout tone=Tone::Danger title="This file cannot be read">{what}</Callout> })}
        {move || match read.with(|r| r.as_ref().and_then(|r| r.question.clone())) {
            Some(TrialQuestion::NoHeader) => Some(view! { <Callout tone=Tone::Warn title="No accounts found">"No row names an account and a balance, or debit and credit. Name the columns “Account” and “Balance”, and choose the file again."</Callout> }.into_any()),
            Some(TrialQuestion::DecimalMark(cell)) => {
                let label = format!("“{}” is written with", cell.chars().take(40).collect::<String>());
                Some(view! { <SelectField label=label choices=choices value=decimal /> }.into_any())
            }
            None => None,
        }}
        <p role="status" class="muted">{says}</p>
        <Show when=move || all.with(|a| !a.is_empty())>
            <SearchField label="Find an account" value=find />
            <div role="group" aria-label="Accounts of the file">
                <For each=shown key=|a| a.label.clone() let:a><Checkbox label=a.label value=a.on /></For>
            </div>
        </Show>
    }
}

/// Other days than a month.
#[component]
pub fn DaysDialog(page: Page, ask: Callback<Option<String>>) -> impl IntoView {
    let (from, to) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    Effect::new(move |_| {
        if page.days.get() {
            let span = page.span.get_untracked();
            from.set(span.from.to_string());
            to.set(span.to.to_string());
        }
    });
    let day = |text: RwSignal<String>| -> Option<Day> {
        text.with(|t| duebook_money::date::parse_iso_bytes(t.trim().as_bytes()))
    };
    let refused = Signal::derive(move || match (day(from), day(to)) {
        (Some(a), Some(b)) if a <= b => None,
        (Some(_), Some(_)) => Some("The first day is after the last.".to_owned()),
        _ => Some("Two dates, such as 2026-03-01 and 2026-03-31.".to_owned()),
    });
    let show = move |()| {
        if let (Some(a), Some(b)) = untrack(|| (day(from), day(to))) {
            ask.run(Some(format!("{a}..{b}")));
            page.days.set(false);
        }
    };
    view! {
        <Dialog
            open=page.days
            title="Other days"
            actions=move || view! { <Button label="Show" kind=ButtonKind::Primary refused=refused on_press=show /> }
        >
            <div class="form-row">
                <DateField label="First day" value=from />
                <DateField label="Last day" value=to />
            </div>
        </Dialog>
    }
}
