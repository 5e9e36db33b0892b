//! The control account's balance of the last day, and other days than a month.

use super::Page;
use crate::pages::shared::SheetPick;
use crate::ui::format::plural;
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::{NewTexts, RawTable, read_rows};
use duebook_exchange::read::{Trial, TrialQuestion, TrialRow, read_trial};
use duebook_ledger::Command;
use duebook_money::amount::Style;
use duebook_money::{Currency, Day};
use leptos::prelude::*;
use std::collections::BTreeSet;
use std::sync::Arc;

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
        amount.with(|a| words::typed(a, currency))
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
#[derive(Clone, PartialEq, Eq, Hash)]
struct Account {
    /// Its place among them.
    at: usize,
    account: String,
    label: String,
    minor: i64,
    /// It looks like one of the customers'.
    likely: bool,
}

/// The accounts of a currency; those without one are taken to be in it.
fn accounts(read: &Trial, currency: Currency) -> Vec<Account> {
    let own = read.rows.iter().filter(|r| {
        let code = r.currency.trim();
        code.is_empty() || code.eq_ignore_ascii_case(currency.code())
    });
    let one = |(at, r): (usize, &TrialRow)| {
        let minor = r.balance.minor(currency.exponent()).ok()?;
        let parts = [r.entity.as_str(), r.account.as_str(), r.name.as_str()];
        let parts: Vec<&str> = parts.into_iter().filter(|p| !p.is_empty()).collect();
        Some(Account {
            at,
            account: r.account.clone(),
            label: format!("{}: {}", parts.join(" · "), words::money(minor, currency)),
            minor,
            likely: r.looks_like_receivables(),
        })
    };
    own.enumerate().filter_map(one).collect()
}

/// The balance out of a trial balance: the accounts ticked make it, and where it is from is said.
#[component]
fn FromFile(page: Page, amount: RwSignal<String>, source: RwSignal<String>) -> impl IntoView {
    let file = RwSignal::new(String::new());
    let problem = RwSignal::new(None::<String>);
    let rows = RwSignal::new(None::<Arc<RawTable>>);
    let chosen = StoredValue::new_local(None::<web_sys::File>);
    let sheet = RwSignal::new(String::new());
    let turn = StoredValue::new(0u32);
    let ticked = RwSignal::new(BTreeSet::<usize>::new());
    let decimal = RwSignal::new(String::new());
    let find = RwSignal::new(String::new());
    Effect::new(move |_| {
        if page.giving.get() {
            file.set(String::new());
            problem.set(None);
            rows.set(None);
            chosen.set_value(None);
            sheet.set(String::new());
            find.set(String::new());
        }
    });
    let read_again = move |wanted: Option<String>| {
        let Some(chosen) = chosen.get_value() else {
            return;
        };
        problem.set(None);
        rows.set(None);
        decimal.set(String::new());
        let mine = turn.get_value() + 1;
        turn.set_value(mine);
        leptos::task::spawn_local(async move {
            let read = read_rows(&chosen, wanted).await;
            // Another was chosen meanwhile: this one is of no use.
            if turn.try_get_value() != Some(mine) {
                return;
            }
            match read {
                Ok(read) => _ = rows.try_set(Some(Arc::new(read))),
                Err(why) => _ = problem.try_set(Some(why)),
            }
        });
    };
    let take = move |files: Vec<web_sys::File>| {
        let Some(first) = files.into_iter().next() else {
            return;
        };
        file.set(first.name());
        chosen.set_value(Some(first));
        sheet.set(String::new());
        read_again(None);
    };
    let read = Memo::new(move |_| {
        let style = match decimal.get().as_str() {
            "point" => Some(Style::POINT),
            "comma" => Some(Style::COMMA),
            _ => None,
        };
        rows.with(|r| r.as_ref().map(|r| read_trial(&r.rows, style)))
    });
    let all = Memo::new(move |_| {
        let currency = page.currency.get();
        read.with(|r| r.as_ref().map_or(Vec::new(), |r| accounts(r, currency)))
    });
    Effect::new(move |_| {
        let likely = all.with(|all| all.iter().filter(|a| a.likely).map(|a| a.at).collect());
        ticked.set(likely);
    });
    // What is ticked is what is given.
    Effect::new(move |before: Option<bool>| {
        let taken = all.with(|all| {
            let on: Vec<&Account> =
                ticked.with(|t| all.iter().filter(|a| t.contains(&a.at)).collect());
            let sum = on.iter().fold(0i64, |s, a| s.saturating_add(a.minor));
            let mut named: Vec<&str> = on.iter().map(|a| a.account.as_str()).collect();
            named.dedup();
            (!on.is_empty()).then(|| (sum, named.join(", ")))
        });
        let any = taken.is_some();
        if let Some((sum, named)) = taken {
            amount.set(words::amount(sum, untrack(|| page.currency.get())));
            source.set(format!("GL {named}, {}", file.get_untracked()));
        } else if before == Some(true) {
            // The sum of none is no balance.
            amount.set(String::new());
            source.set(String::new());
        }
        any
    });
    let shown = move || {
        let wanted = find.with(|f| f.trim().to_lowercase());
        all.with(|all| {
            let fits = |a: &&Account| match wanted.is_empty() {
                true => a.likely || ticked.with_untracked(|t| t.contains(&a.at)),
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
            let on = ticked.with(BTreeSet::len);
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
        <SheetPick table=rows sheet=sheet on_pick=move |sheet| read_again(Some(sheet)) />
        {move || problem.get().map(|what| view! { <Callout tone=Tone::Danger title="This file cannot be read">{what}</Callout> })}
        {move || match read.with(|r| r.as_ref().and_then(|r| r.question.clone())) {
            Some(TrialQuestion::NoHeader) => Some(view! { <Callout tone=Tone::Warn title="No accounts found">"No row names an account and a balance, or debit and credit. Name the columns “Account” and “Balance”, and choose the file again."</Callout> }.into_any()),
            Some(TrialQuestion::DecimalMark(cell)) => {
                let label = format!("“{}” is written with", cell.chars().take(40).collect::<String>());
                Some(view! { <SelectField label=label choices=choices value=decimal /> }.into_any())
            }
            None => None,
        }}
        <Show when=move || rows.with(|r| r.as_ref().is_some_and(|r| r.cut))>
            <Callout tone=Tone::Warn title="Not all of it">"The file has more rows than are read here: the sum is not whole. Save only the accounts of the customers and choose that."</Callout>
        </Show>
        <p role="status" class="muted">{says}</p>
        <Show when=move || all.with(|a| !a.is_empty())>
            <SearchField label="Find an account" value=find />
            <div role="group" aria-label="Accounts of the file">
                <For each=shown key=move |a| (turn.get_value(), a.clone()) let:a>
                    {
                        let at = a.at;
                        view! {
                            <label class="check-label">
                                <input
                                    type="checkbox"
                                    prop:checked=move || ticked.with(|t| t.contains(&at))
                                    on:change=move |event| {
                                        let on = event_target_checked(&event);
                                        ticked.update(|t| _ = if on { t.insert(at) } else { t.remove(&at) });
                                    }
                                />
                                <span>{a.label}</span>
                            </label>
                        }
                    }
                </For>
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
