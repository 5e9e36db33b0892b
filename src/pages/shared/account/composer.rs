//! The composer: outcome, promise, note and next step of a contact in one form, saved as one
//! commit, by keyboard alone.

use super::Account;
use super::call::TILES;
use super::draft::{At, CHANNELS, Call, Wrong};
use super::rules::{self, Rules};
use super::wording::{problem, sentence};
use crate::pages::shared::{self, Person};
use crate::platform::clock;
use crate::ui::dom;
use crate::ui::format::plural;
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::NewTexts;
use duebook_ledger::command::{LogContact, NewFollowUp};
use duebook_ledger::desk::{DeskCommand, NewFlags};
use duebook_ledger::facts::{Channel, Outcome};
use duebook_ledger::keys::FactKey;
use duebook_ledger::{Command, CustomerId};
use duebook_policy::contact::{Verdict, judge_verdict};
use duebook_policy::lint;
use leptos::prelude::*;

/// The form.
#[component]
pub fn Composer(
    account: Account,
    /// Who comes after this one, where there is a list.
    next: Signal<Option<CustomerId>>,
    /// Goes to the next one after saving.
    then: Callback<CustomerId>,
) -> impl IntoView {
    let typed = account.typed;
    let f = typed.fields;
    let wrong = Memo::new(move |_| {
        let draft = typed.draft();
        if !typed.tried.get() {
            return Vec::new();
        }
        typed
            .with_facts(|facts| draft.check(facts))
            .err()
            .unwrap_or_default()
    });
    let error = move |at: At| {
        Signal::derive(move || {
            wrong.with(|w| w.iter().find(|(a, _)| *a == at).map(|(_, p)| problem(p)))
        })
    };
    let summary = Signal::derive(move || {
        wrong.with(|w| {
            w.iter()
                .map(|(at, p)| FieldError {
                    field: at.id().to_owned(),
                    text: sentence(*at, p),
                })
                .collect::<Vec<_>>()
        })
    });
    let save = Callback::new(move |()| save(account, next, then));
    typed.on_save.set_value(Some(save));
    let label = Signal::derive(move || match next.get() {
        Some(next) => format!(
            "Save, then {}",
            account.ws.peek(|b| super::name_of(b, next))
        ),
        None => "Save".to_owned(),
    });
    let day_echo = move |text: RwSignal<String>| {
        Signal::derive(move || {
            typed
                .with_facts(|facts| facts.day(&text.get()))
                .map(long_day)
        })
    };
    let next_echo = Signal::derive(move || {
        let draft = typed.draft();
        if !f.next.with(|n| n.trim().is_empty()) {
            return typed
                .with_facts(|facts| facts.day(&f.next.get()))
                .map(long_day);
        }
        let next = typed
            .with_facts(|facts| draft.next_step(facts))
            .ok()
            .flatten()?;
        let what = if next.retry { "try again" } else { "next step" };
        Some(format!("By policy: {what} {}", long_day(next.due)))
    });
    let promises = Memo::new(move |_| typed.draft().promises());
    let people = Signal::derive(move || people(account));
    let channels = CHANNELS
        .iter()
        .map(|(code, c)| Choice::new(*code, super::wording::channel(*c)))
        .collect::<Vec<_>>();
    let tiles = TILES
        .iter()
        .map(|t| Choice::new(t.outcome.code(), t.label).keys(t.keys))
        .collect::<Vec<_>>();
    let others = Signal::derive(move || f.outcome.with(|o| others(o)));
    let due = Memo::new(move |_| account.read(|b, _| due_follow_ups(b, account)).len());
    view! {
        <form class="pane-body composer" on:submit=|event| event.prevent_default()>
            <div class="section-head">
                <h2>{move || heading(account)}</h2>
                <div class="composer-how"><SelectField label="How" choices=channels value=f.channel /></div>
            </div>
            <ErrorSummary errors=summary />
            <Rules account />
            <Segmented
                label="Outcome"
                bare=true
                tiles=true
                value=f.outcome
                id=At::Outcome.id()
                choices=tiles
                error=error(At::Outcome)
            />
            <SelectField label="Another outcome" choices=others value=f.outcome />
            <Show when=move || promises.get()>
                <div class="split-2 tight">
                    <AmountField label="Amount" currency=f.currency value=f.amount id=At::Amount.id() error=error(At::Amount) />
                    <DateField label="By" value=f.by echo=day_echo(f.by) id=At::By.id() error=error(At::By) />
                </div>
                <p class="hint">{move || next_run(account)}</p>
                <p class="hint">{move || covers(account)}</p>
                <TextField label="Method or reference" value=f.method optional=true />
            </Show>
            <SelectField label="Who" choices=people value=f.who />
            <TextArea label="Note" value=f.note id="call-note" optional=true rows=3 />
            <NoteLint account />
            <div class="split-2 tight">
                <DateField label="Next step" value=f.next echo=next_echo id=At::Next.id() error=error(At::Next) optional=true />
                <TextField label="Time there" value=f.time id=At::Time.id() error=error(At::Time) optional=true />
            </div>
            <TextField label="What to do then" value=f.what optional=true />
            <Show when=move || { due.get() > 0 }>
                <Checkbox
                    label=Signal::derive(move || format!("Leave {} open", plural(due.get(), "due follow-up", "due follow-ups", Default::default())))
                    value=f.keep_due
                />
            </Show>
            <div class="composer-save">
                {move || account.refused().get().map(|why| view! { <p class="toned tone-warn">{why}</p> })}
                <Button
                    label=label
                    kind=ButtonKind::Primary
                    wide=true
                    keys="Ctrl ↵"
                    refused=account.refused()
                    on_press=save
                />
                <Show when=move || !typed.draft().is_empty()>
                    <Button label="Clear" kind=ButtonKind::Quiet on_press=move |()| typed.clear() />
                </Show>
            </div>
        </form>
    }
}

/// What must not stand in a note: a card number, masked and asked about (CP-08); threats and urgency
/// that are not true (CP-07).
#[component]
fn NoteLint(account: Account) -> impl IntoView {
    let typed = account.typed;
    let put_back = move |()| {
        typed.no_card.set(true);
        if let Some(note) = typed.unmasked.get_untracked() {
            typed.fields.note.set(note);
        }
        typed.unmasked.set(None);
    };
    let phrases = Memo::new(move |_| {
        typed.fields.note.with(|note| {
            let found = lint::lint(note)
                .into_iter()
                .filter(|f| f.lint.code() == "CP-07");
            found.map(|f| note[f.at].to_owned()).collect::<Vec<_>>()
        })
    });
    view! {
        <Show when=move || typed.unmasked.with(Option::is_some)>
            <Callout tone=Tone::Warn title="CP-08: masked">
                <p>"This looks like card data, which is never kept."</p>
                <Button label="It is none: put it back" kind=ButtonKind::Quiet on_press=put_back />
            </Callout>
        </Show>
        {move || {
            let all = phrases.get();
            (!all.is_empty()).then(|| view! {
                <p class="toned tone-warn">{format!("CP-07: “{}”. Say what is, without threat, false urgency or borrowed authority.", all.join("”, “"))}</p>
            })
        }}
    }
}

fn long_day(day: duebook_money::Day) -> String {
    format!(
        "{} {}",
        &shared::weekday_name(day.weekday())[..3],
        words::day(day)
    )
}

/// "Call, 01:52" from the first key typed.
fn heading(account: Account) -> String {
    let f = account.typed.fields;
    let draft = account.typed.draft();
    let what = super::wording::channel(draft.channel());
    let minutes = (account.now.get() - f.began.get()) / 60_000;
    match f.began.get() {
        0 => what.to_owned(),
        _ if minutes < 1 => format!("{what}, just now"),
        _ => format!("{what}, {minutes} min"),
    }
}

/// The outcomes without a tile; while a tile is chosen, none of them is.
fn others(chosen: &str) -> Vec<Choice> {
    let with_tile = |o: &Outcome| TILES.iter().any(|t| t.outcome == *o);
    let tile = TILES
        .iter()
        .map(|t| t.outcome.code())
        .find(|code| *code == chosen);
    let first = Choice::new(tile.unwrap_or_default(), "None");
    let rest = Outcome::ALL.into_iter().filter(|o| !with_tile(o));
    std::iter::once(first)
        .chain(rest.map(|o| Choice::new(o.code(), words::outcome(o))))
        .collect()
}

/// What "next run" is, by the payment profile.
fn next_run(account: Account) -> Option<String> {
    let (run, cut) = account
        .typed
        .with_facts(|facts| (facts.next_run, facts.cut_off));
    let cut = cut.map_or(String::new(), |day| format!(", cut-off {}", long_day(day)));
    Some(format!("“Next run” is {}{cut}.", long_day(run?)))
}

/// What a promise would cover, in words.
fn covers(account: Account) -> String {
    let chosen: Vec<_> = account
        .selected()
        .into_iter()
        .filter(|i| i.open > 0)
        .collect();
    if chosen.is_empty() {
        return "Covers the account, oldest item first. Select items to name them.".to_owned();
    }
    let names: Vec<String> = chosen.iter().take(4).map(|i| words::item(&i.key)).collect();
    let more = chosen.len().saturating_sub(4);
    let more = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    let sum = chosen.iter().fold(0i64, |s, i| s.saturating_add(i.open));
    let currency = chosen[0].currency;
    if chosen.iter().any(|i| i.currency != currency) {
        return format!(
            "Covers {}{more}: in several currencies, select those of one.",
            names.join(", ")
        );
    }
    format!(
        "Covers {}{more}: {} open.",
        names.join(", "),
        words::money(sum, currency)
    )
}

fn people(account: Account) -> Vec<Choice> {
    let mut all = vec![Choice::new("", "Nobody named")];
    account.read(|book, texts| {
        for (id, facts) in book.people_of(account.customer) {
            let name = Person::of(facts, texts).map_or("Name erased".to_owned(), |p| p.name);
            let label = if facts.role.is_empty() {
                name
            } else {
                format!("{name}, {}", facts.role)
            };
            if let Some(key) = book.contact_key(id) {
                all.push(Choice::new(key.to_string(), label));
            }
        }
    });
    all
}

/// Open follow-ups that are due: a contact settles them.
fn due_follow_ups(book: &duebook_ledger::Book, account: Account) -> Vec<FactKey> {
    let live = |s| book.is_live(s);
    let today = account.ws.today_untracked();
    let now = account.now.get_untracked();
    let ids = book
        .customer(account.customer)
        .map_or(&[][..], |c| &c.follow_ups);
    ids.iter()
        .filter_map(|id| book.follow_ups().get(id.index()))
        .filter(|f| live(f.commit) && f.closed.get(&live).is_none())
        .filter(|f| f.due <= today || f.at.is_some_and(|at| at <= now))
        .map(|f| f.key)
        .collect()
}

fn save(account: Account, next: Signal<Option<CustomerId>>, then: Callback<CustomerId>) {
    let typed = account.typed;
    // The list moves on with the commit: who was next when it was saved is next.
    let next = next.get_untracked();
    if typed.saving.get_untracked() || account.refused().get_untracked().is_some() {
        return;
    }
    let draft = untrack(|| typed.draft());
    let checked = untrack(|| typed.with_facts(|facts| draft.check(facts)));
    let call = match checked {
        Ok(call) => call,
        Err(wrong) => return show_errors(account, &wrong),
    };
    let mut texts = NewTexts::default();
    let (note, what) = match (texts.add(&draft.note), texts.add(&draft.what)) {
        (Ok(note), Ok(what)) => (note, what),
        (Err(e), _) | (_, Err(e)) => {
            return account.toasts.error(format!(
                "Not saved: the browser gives no random numbers ({e})."
            ));
        }
    };
    let done = saved_words(account, &call);
    let at = clock::now_ms();
    let against =
        untrack(|| rules::findings(account, call.channel, Some(call.outcome), call.contact, at));
    let blocked = judge_verdict(&against) == Verdict::Block;
    if blocked && draft.why.trim().is_empty() && !typed.why_asked.get_untracked() {
        typed.why_asked.set(true);
        dom::focus_when_drawn("call-why");
        return;
    }
    let reason = match texts.add(&draft.why) {
        Ok(reason) => reason,
        Err(e) => {
            return account.toasts.error(format!(
                "Not saved: the browser gives no random numbers ({e})."
            ));
        }
    };
    let zone = account.ws.peek(|b| shared::zone_of(b, account.customer));
    let offset = zone
        .and_then(|z| clock::offset_minutes_in(&z, at))
        .and_then(|m| i16::try_from(m).ok());
    let spoken = matches!(call.channel, Channel::Call | Channel::InboundCall) && draft.began > 0;
    let seconds = if spoken {
        u32::try_from((at - draft.began) / 1000).unwrap_or(0)
    } else {
        0
    };
    let closes = match draft.keep_due || call.channel == Channel::Note {
        true => Vec::new(),
        false => account.ws.peek(|b| due_follow_ups(b, account)),
    };
    let follow_up = call.next.map(|n| NewFollowUp {
        due: n.due,
        at: n.at,
        zone: n.zone,
        what,
        retry: n.retry,
    });
    let log = LogContact {
        customer: account.key(),
        contact: call.contact,
        channel: call.channel,
        outcome: call.outcome,
        at,
        local_offset: offset,
        seconds,
        note,
        items: call.items,
        promise: call.promise,
        follow_up,
        closes,
    };
    let command = match against.is_empty() {
        true => Command::LogContact(log),
        false => Command::Desk(DeskCommand::Log {
            log: Box::new(log),
            flags: NewFlags {
                flags: rules::flags(&against),
                reason,
            },
        }),
    };
    typed.saving.set(true);
    account
        .ws
        .run(account.toasts, command, texts, done, move |saved| {
            // The page may be gone by now; then there is nothing to empty.
            let _ = typed.saving.try_set(false);
            if saved.is_none() || typed.tried.try_get_untracked().is_none() {
                return;
            }
            typed.clear();
            if let Some(next) = next {
                then.run(next);
            }
        });
}

fn show_errors(account: Account, wrong: &[Wrong]) {
    account.typed.tried.set(true);
    if let Some((at, _)) = wrong.first() {
        let id = at.id();
        dom::focus_when_drawn(id);
    }
}

/// What was saved, with the amount and the customer.
fn saved_words(account: Account, call: &Call) -> String {
    let name = account.name();
    let next = call.next.as_ref().map(|n| {
        let what = if n.retry { "next try" } else { "next step" };
        format!(", {what} {}", words::day(n.due))
    });
    let next = next.unwrap_or_default();
    match &call.promise {
        Some(p) => {
            let sum = p.lines.iter().fold(0i64, |s, l| s.saturating_add(l.amount));
            let by = p
                .lines
                .iter()
                .map(|l| l.date)
                .max()
                .map_or(String::new(), |d| format!(" by {}", words::day(d)));
            format!(
                "Promise of {}{by} from {name} saved{next}",
                words::money(sum, p.currency)
            )
        }
        None if call.channel == Channel::Note => format!("Note on {name} saved{next}"),
        None => format!("{}: {name} saved{next}", words::outcome(call.outcome)),
    }
}
