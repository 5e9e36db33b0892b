//! Rules of contact by country, and the holidays there. Templates are a start, not law.

use super::calendar::WEEKDAYS;
use super::save::{self, Section};
use crate::platform::files;
use crate::ui::prelude::*;
use crate::workspace::use_ws;
use duebook_ledger::policy::PolicyChange;
use duebook_money::Weekday;
use duebook_money::business::Weekend;
use duebook_policy::calendar::{Holiday, from_ics};
use duebook_policy::contact::{CountryRules, Limit, Template, Whose};
use duebook_policy::{ContactPolicy, HolidayCalendar};
use leptos::prelude::*;

/// Rules of one country as typed.
#[derive(Clone, Copy)]
struct Draft {
    id: u32,
    name: RwSignal<String>,
    countries: RwSignal<String>,
    hours: RwSignal<String>,
    outer: RwSignal<String>,
    days_off: RwSignal<String>,
    person: RwSignal<String>,
    customer: RwSignal<String>,
    quiet: RwSignal<String>,
}

fn clock(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

fn span((from, to): (u16, u16)) -> String {
    format!("{}–{}", clock(from), clock(to))
}

fn minute(text: &str) -> Option<u16> {
    let (hour, minute) = text.trim().split_once(':')?;
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
    (minute < 60 && hour <= 24).then_some(hour * 60 + minute)
}

fn read_span(text: &str) -> Option<(u16, u16)> {
    let (from, to) = text.split_once(['–', '-'])?;
    Some((minute(from)?, minute(to)?))
}

/// "2 in 1", as "2 in 7 days"; empty for none.
fn read_limit(text: &str, whose: Whose) -> Option<Option<Limit>> {
    if text.trim().is_empty() {
        return Some(None);
    }
    let (most, days) = text.split_once(" in ")?;
    let days = days.trim().trim_end_matches("days").trim_end_matches("day");
    Some(Some(Limit {
        most: most.trim().parse().ok()?,
        days: days.trim().parse().ok()?,
        whose,
    }))
}

impl Draft {
    fn of(id: u32, rules: &CountryRules) -> Self {
        let text = |t: String| RwSignal::new(t);
        let limit = |whose: Whose| {
            let found = rules.limits.iter().find(|l| l.whose == whose);
            text(found.map_or(String::new(), |l| format!("{} in {} days", l.most, l.days)))
        };
        let days = rules.closed_days.days();
        let names: Vec<&str> = days
            .iter()
            .map(|d| &WEEKDAYS[usize::from(d.index())][..3])
            .collect();
        Draft {
            id,
            name: text(rules.name.clone()),
            countries: text(rules.countries.join(" ")),
            hours: text(span((rules.opens_minute, rules.closes_minute))),
            outer: text(rules.outer.map_or(String::new(), span)),
            days_off: text(names.join(" ")),
            person: limit(Whose::Person),
            customer: limit(Whose::Customer),
            quiet: text(rules.quiet_after_talk.to_string()),
        }
    }

    fn read(&self) -> Result<CountryRules, String> {
        let name = self.name.with(|n| n.trim().to_owned());
        let bad = |what: &str| format!("“{name}”: {what}");
        let hours = self
            .hours
            .with(|h| read_span(h))
            .ok_or_else(|| bad("hours such as 09:00–17:30."))?;
        let outer = match self.outer.with(|o| o.trim().is_empty()) {
            true => None,
            false => Some(
                self.outer
                    .with(|o| read_span(o))
                    .ok_or_else(|| bad("outer hours such as 08:00–20:00, or nothing."))?,
            ),
        };
        let day = |word: &str| {
            let short = word.get(..3)?;
            let at = WEEKDAYS
                .iter()
                .position(|n| n[..3].eq_ignore_ascii_case(short))?;
            Weekday::ALL.get(at).copied()
        };
        let days: Option<Vec<Weekday>> = self
            .days_off
            .with(|d| d.split_whitespace().map(day).collect());
        let closed_days = days
            .and_then(|d| Weekend::of(&d))
            .ok_or_else(|| bad("days off such as Sat Sun."))?;
        let limit = |text: RwSignal<String>, whose| {
            text.with(|t| read_limit(t, whose))
                .ok_or_else(|| bad("a limit such as 2 in 1 day, or nothing."))
        };
        let limits = [
            limit(self.person, Whose::Person)?,
            limit(self.customer, Whose::Customer)?,
        ];
        let quiet = self.quiet.with(|q| q.trim().parse::<u16>().ok());
        Ok(CountryRules {
            name: name.clone(),
            countries: self.countries.with(|c| {
                c.split(|c: char| c.is_whitespace() || c == ',')
                    .filter(|c| !c.is_empty())
                    .map(str::to_uppercase)
                    .collect()
            }),
            opens_minute: hours.0,
            closes_minute: hours.1,
            closed_days,
            outer,
            limits: limits.into_iter().flatten().collect(),
            quiet_after_talk: quiet.ok_or_else(|| bad("quiet days are a number; 0 for none."))?,
        })
    }
}

/// The form.
#[component]
pub fn ContactRules() -> impl IntoView {
    let ws = use_ws();
    let toasts = use_toasts();
    let in_force = Memo::new(move |_| ws.read(|b| b.policies().contact.clone()));
    let rules = RwSignal::new(Vec::<Draft>::new());
    let ids = StoredValue::new(0u32);
    let id = move || {
        ids.update_value(|n| *n += 1);
        ids.get_value()
    };
    Effect::new(move |_| {
        let policy = in_force.get();
        rules.set(policy.rules.iter().map(|r| Draft::of(id(), r)).collect());
    });
    let read = Memo::new(move |_| {
        let all: Result<Vec<CountryRules>, String> = rules.get().iter().map(Draft::read).collect();
        let policy = ContactPolicy {
            rules: all?,
            ..in_force.get()
        };
        match policy.validate() {
            Ok(()) => Ok(policy),
            Err(_) => Err("Each set of rules has a name and countries, hours that open before they close, and no country has two.".to_owned()),
        }
    });
    let refused = Signal::derive(move || read.with(|r| r.as_ref().err().cloned()));
    let save = move |()| {
        if let Ok(policy) = read.get_untracked() {
            save::policies(
                ws,
                toasts,
                vec![PolicyChange::Contact(policy)],
                "Rules of contact saved",
            );
        }
    };
    let templates = move || {
        let one = |template: Template| {
            let made = template.rules();
            let label = made.name.clone();
            let add = Callback::new(move |()| rules.update(|all| all.push(Draft::of(id(), &made))));
            MenuItem::new(label, add)
        };
        Template::ALL.into_iter().map(one).collect::<Vec<_>>()
    };
    view! {
        <Section id="contact" title="Rules of contact">
            <p class="muted">
                "Before a call the rules of the debtor’s country are looked at: outside of the hours you are warned, outside of the outer hours and beyond a limit the call is blocked, and what is done all the same is recorded with your reason. "
                "The templates are a start for whoever answers for the rules. They are not law."
            </p>
            <For each=move || rules.get() key=|r| r.id let:r>
                <fieldset class="strategy-rule">
                    <legend class="sr-only">{move || r.name.get()}</legend>
                    <div class="form-row">
                        <TextField label="Name" value=r.name />
                        <TextField label="Countries" value=r.countries hint=Some("ISO codes: GB IE.".to_owned()) />
                        <TextField label="Hours" value=r.hours />
                        <TextField label="Never outside of" value=r.outer optional=true />
                        <TextField label="Not on" value=r.days_off />
                        <TextField label="Tries, one person" value=r.person optional=true />
                        <TextField label="Tries, the customer" value=r.customer optional=true />
                        <TextField label="Quiet days after a talk" value=r.quiet />
                    </div>
                    <button type="button" class="link" on:click=move |_| rules.update(|all| all.retain(|o| o.id != r.id))>"Remove these rules"</button>
                </fieldset>
            </For>
            <p class="button-row">
                <Menu label="Add a template" icon=Icon::Plus kind=ButtonKind::Quiet items=Signal::derive_local(templates) />
                <Button label="Save the rules" refused=refused on_press=save />
            </p>
            <Holidays in_force />
        </Section>
    }
}

/// Lists of holidays by country: typed, pasted, or from an .ics file.
#[component]
fn Holidays(in_force: Memo<ContactPolicy>) -> impl IntoView {
    let ws = use_ws();
    let toasts = use_toasts();
    let (country, list, source) = (
        RwSignal::new(String::new()),
        RwSignal::new(String::new()),
        RwSignal::new(String::new()),
    );
    let read = Memo::new(move |_| {
        list.with(|text| match text.contains("BEGIN:VEVENT") {
            true => Ok(from_ics(text)),
            false => super::calendar::holidays(text),
        })
    });
    let error = Signal::derive(move || read.with(|r| r.as_ref().err().cloned()));
    let echo = Signal::derive(move || {
        read.with(|r| {
            r.as_ref().ok().map(|h| match h.as_slice() {
                [] => "One holiday a line: the date, then its name; or the text of an .ics file."
                    .to_owned(),
                all => format!("{} holidays read", all.len()),
            })
        })
    });
    let refused = Signal::derive(move || {
        let unnamed = country.with(|c| c.trim().is_empty());
        unnamed
            .then(|| "Say of which country: DE, or DE-BY for a part.".to_owned())
            .or_else(|| error.get())
            .or_else(|| {
                read.with(|r| r.as_ref().is_ok_and(Vec::is_empty))
                    .then(|| "There is no holiday in the list.".to_owned())
            })
    });
    let put = move |calendars: Vec<HolidayCalendar>, done: &'static str| {
        let policy = ContactPolicy {
            calendars,
            ..in_force.get_untracked()
        };
        save::policies(ws, toasts, vec![PolicyChange::Contact(policy)], done);
    };
    let add = move |()| {
        let Ok(holidays) = read.get_untracked() else {
            return;
        };
        let name = country.get_untracked().trim().to_uppercase();
        let mut calendars = in_force.get_untracked().calendars;
        calendars.retain(|c| !c.name.eq_ignore_ascii_case(&name));
        calendars.push(HolidayCalendar {
            name,
            holidays,
            source: source.get_untracked().trim().to_owned(),
            ..HolidayCalendar::default()
        });
        put(calendars, "Holidays saved");
        list.set(String::new());
    };
    let take_file = move |all: Vec<web_sys::File>| {
        let Some(file) = all.into_iter().next() else {
            return;
        };
        source.set(file.name());
        leptos::task::spawn_local(async move {
            match files::read(&file).await {
                Ok(bytes) => _ = list.try_set(String::from_utf8_lossy(&bytes).into_owned()),
                Err(e) => toasts.error(format!("The file could not be read ({e}).")),
            }
        });
    };
    let known = move || {
        let all = in_force.get().calendars;
        all.into_iter()
            .map(|c| {
                let (name, label) = (c.name.clone(), c.name.clone());
                let first = c.holidays.first().map_or(String::new(), |h: &Holiday| format!(", from {}", h.day));
                let remove = move |_| {
                    let mut calendars = in_force.get_untracked().calendars;
                    calendars.retain(|o| o.name != name);
                    put(calendars, "Holidays removed");
                };
                view! {
                    <li class="button-row">
                        <strong>{c.name}</strong>
                        <span class="muted">{format!("{} holidays{first}, unverified", c.holidays.len())}</span>
                        <button type="button" class="link" aria-label=format!("Remove the holidays of {label}") on:click=remove>"Remove"</button>
                    </li>
                }
            })
            .collect_view()
    };
    view! {
        <h3>"Holidays where debtors are"</h3>
        <ul class="plain-list">{known}</ul>
        <div class="form-row">
            <TextField label="Country of the list" value=country hint=Some("DE, or DE-BY for a part of it.".to_owned()) />
            <TextField label="Where it is from" value=source optional=true />
        </div>
        <TextArea label="Holidays of the country" value=list error=error hint=echo rows=4 optional=true />
        <div class="button-row">
            <FileDrop label="Choose an .ics or .csv file" on_files=take_file accept=".ics,.csv,.txt,text/calendar" />
            <Button label="Save these holidays" refused=refused on_press=add />
        </div>
    }
}
