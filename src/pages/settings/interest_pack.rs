//! A rule of interest for late payment, whole: how it runs, its fixed sums, the last day for payment it
//! lets stand, where it is from and when it was checked. A rule is changed here, or copied as a new one.

use super::save;
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::use_ws;
use duebook_insight::reports::percent;
use duebook_ledger::policy::PolicyChange;
use duebook_money::Currency;
use duebook_money::amount::{Style, parse_plain};
use duebook_policy::interest::{Accrual, FixedSum, RulePack};
use leptos::prelude::*;

/// How interest runs, by the name kept in the form.
const RUNS: [(Accrual, &str, &str); 5] = [
    (
        Accrual::Fixed,
        "fixed",
        "Simple, at the rate when it starts",
    ),
    (
        Accrual::Variable,
        "variable",
        "Simple, at the rate of each period",
    ),
    (
        Accrual::Monthly,
        "monthly",
        "Compound each month, at the rate of each rest",
    ),
    (
        Accrual::MonthlyFixed,
        "monthly-fixed",
        "Compound each month, at the rate when it starts",
    ),
    (
        Accrual::ThirtyDays,
        "thirty",
        "Compound every 30 days, at the rate when it starts",
    ),
];

/// The form. Handles only.
#[derive(Clone, Copy)]
struct Draft {
    name: RwSignal<String>,
    countries: RwSignal<String>,
    series: RwSignal<String>,
    times: RwSignal<String>,
    points: RwSignal<String>,
    runs: RwSignal<String>,
    year: RwSignal<String>,
    rest: RwSignal<bool>,
    most_days: RwSignal<String>,
    daily: RwSignal<bool>,
    most_agreed: RwSignal<String>,
    none_agreed: RwSignal<String>,
    small: RwSignal<bool>,
    currency: RwSignal<String>,
    sums: RwSignal<String>,
    source: RwSignal<String>,
    checked: RwSignal<String>,
    from: RwSignal<String>,
    to: RwSignal<String>,
    notes: RwSignal<String>,
}

impl Draft {
    fn new() -> Self {
        let text = || RwSignal::new(String::new());
        let off = || RwSignal::new(false);
        Draft {
            name: text(),
            countries: text(),
            series: text(),
            times: text(),
            points: text(),
            runs: text(),
            year: text(),
            rest: off(),
            most_days: text(),
            daily: off(),
            most_agreed: text(),
            none_agreed: text(),
            small: off(),
            currency: text(),
            sums: text(),
            source: text(),
            checked: text(),
            from: text(),
            to: text(),
            notes: text(),
        }
    }

    fn show(self, of: &RulePack) {
        let number = |n: Option<u16>| n.map_or(String::new(), |n| n.to_string());
        let day = |d: Option<duebook_money::Day>| d.map_or(String::new(), |d| d.to_string());
        let runs = RUNS.iter().find(|(a, ..)| *a == of.accrual);
        for (field, value) in [
            (self.name, of.name.clone()),
            (self.countries, of.countries.join(", ")),
            (self.series, of.series.clone().unwrap_or_default()),
            (self.times, of.multiplier.to_string()),
            (self.points, percent(of.margin_ppm)),
            (self.runs, runs.map_or("", |(_, key, _)| key).to_owned()),
            (self.year, of.year_days.to_string()),
            (self.most_days, number(of.most_days)),
            (self.most_agreed, number(of.most_agreed)),
            (self.none_agreed, number(of.none_agreed)),
            (
                self.currency,
                of.currency.map_or("", |c| c.code()).to_owned(),
            ),
            (self.sums, sums_text(of)),
            (self.source, of.source.clone()),
            (self.checked, day(of.verified_on)),
            (self.from, day(of.from)),
            (self.to, day(of.to)),
            (self.notes, of.notes.join("\n")),
        ] {
            field.set(value);
        }
        self.rest.set(of.first_day == 1);
        self.daily.set(of.daily_rounded);
        self.small.set(of.small_supplier);
    }

    /// The rule as typed, or what is wrong with it.
    fn read(self, id: String) -> Result<RulePack, String> {
        let of = |field: RwSignal<String>| field.get().trim().to_owned();
        let points = match of(self.points).as_str() {
            "" | "0" => 0,
            typed => super::interest::ppm(typed).ok_or("The points are a percentage a year.")?,
        };
        let times = of(self.times);
        let times = times.parse::<u8>().ok().filter(|t| (1..=12).contains(t));
        let typed = of(self.currency);
        let currency = match typed.is_empty() {
            true => None,
            false => Some(save::currency(&typed).ok_or("The currency is three letters.")?),
        };
        let runs = of(self.runs);
        let accrual = RUNS.iter().find(|(_, key, _)| *key == runs);
        let (source, name) = (of(self.source), of(self.name));
        if source.is_empty() || name.is_empty() {
            return Err(
                "A rule has a name and says where it is from: both stand on every sheet.".into(),
            );
        }
        let lines = self.notes.get();
        let lines = lines.lines().map(str::trim).filter(|l| !l.is_empty());
        let countries = of(self.countries).to_ascii_uppercase();
        let countries = countries
            .split([',', ' '])
            .map(str::trim)
            .filter(|c| !c.is_empty());
        let countries: Vec<String> = countries.map(str::to_owned).collect();
        if countries.iter().any(|c| c.len() != 2) {
            return Err("Countries are two letters each, such as GB, IE.".into());
        }
        Ok(RulePack {
            id,
            name,
            countries,
            series: Some(of(self.series)).filter(|s| !s.is_empty()),
            multiplier: times.ok_or("The reference rate is taken 1 to 12 times.")?,
            margin_ppm: points,
            accrual: accrual.map(|(a, ..)| *a).ok_or("Say how interest runs.")?,
            year_days: if of(self.year) == "360" { 360 } else { 365 },
            first_day: u8::from(self.rest.get()),
            currency,
            sums: read_sums(&self.sums.get(), currency)?,
            most_days: days(&of(self.most_days))?,
            daily_rounded: self.daily.get(),
            source,
            verified_on: optional_day(&of(self.checked))?,
            notes: lines.map(str::to_owned).collect(),
            from: optional_day(&of(self.from))?,
            to: optional_day(&of(self.to))?,
            most_agreed: days(&of(self.most_agreed))?,
            none_agreed: days(&of(self.none_agreed))?,
            small_supplier: self.small.get(),
        })
    }
}

fn days(text: &str) -> Result<Option<u16>, String> {
    match text.is_empty() {
        true => Ok(None),
        false => match text.parse::<u16>() {
            Ok(n) if (1..=3_650).contains(&n) => Ok(Some(n)),
            _ => Err("Days are a number from 1 to 3,650, or nothing.".to_owned()),
        },
    }
}

fn optional_day(text: &str) -> Result<Option<duebook_money::Day>, String> {
    match text.is_empty() {
        true => Ok(None),
        false => match save::day(text) {
            Some(day) => Ok(Some(day)),
            None => Err(format!("“{text}” is not a day, such as 2026-03-31.")),
        },
    }
}

/// Fixed sums as lines: "below 1000.00: 40.00", "any: 100.00".
fn sums_text(of: &RulePack) -> String {
    let currency = of.currency.unwrap_or(Currency::XXX);
    let line = |s: &FixedSum| {
        let sum = words::amount(s.amount, currency);
        match s.below {
            Some(below) => format!("below {}: {sum}", words::amount(below, currency)),
            None => format!("any: {sum}"),
        }
    };
    of.sums.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn read_sums(text: &str, currency: Option<Currency>) -> Result<Vec<FixedSum>, String> {
    let lines = text.lines().map(str::trim).filter(|l| !l.is_empty());
    let read = |line: &str| {
        let exponent = currency?.exponent();
        let amount = |t: &str| parse_plain(t.trim().as_bytes(), exponent, Style::POINT).ok();
        let (whom, sum) = line.split_once(':')?;
        let below = match whom.trim() {
            "any" => None,
            bounded => Some(amount(bounded.strip_prefix("below")?)?),
        };
        let amount = amount(sum).filter(|a| *a >= 0)?;
        Some(FixedSum { below, amount })
    };
    lines
        .map(|l| {
            read(l).ok_or_else(|| {
                format!("“{l}” is no fixed sum: write “below 1000.00: 40.00” or “any: 100.00”, and name their currency.")
            })
        })
        .collect()
}

/// A short name for a new rule, after its own.
fn short(name: &str) -> String {
    let plain = |c: char| {
        if c.is_ascii_alphanumeric() {
            c.to_ascii_lowercase()
        } else {
            '-'
        }
    };
    let all: String = name.chars().map(plain).take(32).collect();
    let parts: Vec<&str> = all.split('-').filter(|p| !p.is_empty()).collect();
    parts.join("-")
}

/// Every rule, one at a time.
#[component]
pub fn Rules() -> impl IntoView {
    let ws = use_ws();
    let toasts = use_toasts();
    let policy = Memo::new(move |_| ws.read(|b| b.policies().recovery.clone()));
    let chosen = RwSignal::new("contract".to_owned());
    let draft = Draft::new();
    Effect::new(move |_| {
        let id = chosen.get();
        policy.with(|p| {
            if let Some(of) = p.interest.pack(&id) {
                draft.show(of);
            }
        });
    });
    let packs = Signal::derive(move || {
        let all = |p: &duebook_policy::RecoveryPolicy| {
            let one = |k: &RulePack| Choice::new(k.id.clone(), k.name.clone());
            p.interest.packs.iter().map(one).collect::<Vec<_>>()
        };
        policy.with(all)
    });
    let series = Signal::derive(move || {
        let mut all = vec![Choice::new("", "None: the points are the rate")];
        policy.with(|p| {
            let one = |s: &duebook_policy::interest::RateSeries| {
                Choice::new(s.id.clone(), s.name.clone())
            };
            all.extend(p.interest.series.iter().map(one));
        });
        all
    });
    // The policy with the rule as typed, in place of the one chosen or as a new one.
    let wanted = move |anew: bool| {
        let mut next = policy.get();
        let id = match anew {
            true => draft.name.with(|n| short(n)),
            false => chosen.get(),
        };
        let pack = draft.read(id)?;
        let named = next.interest.packs.iter().any(|p| {
            let same = if anew {
                p.id == pack.id
            } else {
                p.id != pack.id
            };
            same && (anew || p.name == pack.name)
        });
        if named {
            return Err("Another rule has this name: give it one of its own.".to_owned());
        }
        match next.interest.packs.iter_mut().find(|p| p.id == pack.id) {
            Some(of) => *of = pack,
            // Before the one it was copied from nothing changes: it is proposed first.
            None => next.interest.packs.push(pack),
        }
        match next.is_valid() {
            true => Ok(next),
            false => Err("Fixed sums go from the smallest debt up, the one for any debt last, in a currency that is named.".to_owned()),
        }
    };
    let refused = Signal::derive(move || wanted(false).err());
    let save = move |anew: bool| {
        let next = match untrack(|| wanted(anew)) {
            Ok(next) => next,
            Err(why) => return toasts.error(why),
        };
        let name = draft.name.get_untracked();
        let change = vec![PolicyChange::Recovery(Box::new(next))];
        save::policies(ws, toasts, change, format!("Rule “{}” saved", name.trim()));
        if anew {
            chosen.set(short(&name));
        }
    };
    view! {
        <h3>"Rules"</h3>
        <SelectField label="Rule" value=chosen choices=packs />
        <Fields draft series />
        {move || refused.get().map(|r| view! { <p class="error-text" role="status">{r}</p> })}
        <p class="button-row">
            <Button label="Save the rule" refused=refused on_press=move |()| save(false) />
            <Button label="Save as a new rule" kind=ButtonKind::Quiet on_press=move |()| save(true) />
        </p>
    }
}

#[component]
fn Fields(draft: Draft, #[prop(into)] series: Signal<Vec<Choice>>) -> impl IntoView {
    let hint = |text: &str| Signal::stored(Some(text.to_owned()));
    let runs: Vec<Choice> = RUNS
        .iter()
        .map(|(_, key, name)| Choice::new(*key, *name))
        .collect();
    let years = vec![Choice::new("365", "365"), Choice::new("360", "360")];
    view! {
        <div class="form-row">
            <TextField label="Name of the rule" value=draft.name />
            <TextField label="Countries of the debtor" value=draft.countries optional=true hint=hint("Two letters each; it is proposed for them.") />
        </div>
        <div class="form-row">
            <SelectField label="On top of" value=draft.series choices=series />
            <TextField label="Times" value=draft.times />
            <TextField label="Points, % a year" value=draft.points />
            <SelectField label="How it runs" value=draft.runs choices=Signal::stored(runs) />
        </div>
        <div class="form-row">
            <SelectField label="Days of a year" value=draft.year choices=Signal::stored(years) />
            <TextField label="Days at most" value=draft.most_days optional=true />
            <TextField label="Agreed days cut back to" value=draft.most_agreed optional=true hint=hint("Counted from the document. Empty: an agreed day stands.") />
            <TextField label="Days where none was agreed" value=draft.none_agreed optional=true />
        </div>
        <Checkbox label="Rests fall on the day after the last day for payment" value=draft.rest />
        <Checkbox label="Round the figure for a day first, then multiply" value=draft.daily />
        <Checkbox label="Only for a creditor that is a registered micro or small enterprise" value=draft.small />
        <div class="form-row">
            <TextField label="Currency of fixed sums" value=draft.currency optional=true />
            <TextArea label="Fixed sums" value=draft.sums optional=true rows=3 hint=hint("One a line, smallest debt first: “below 1000.00: 40.00”, “any: 100.00”.") />
        </div>
        <div class="form-row">
            <TextField label="Where the rule is from" value=draft.source />
            <DateField label="Rule checked on" value=draft.checked optional=true hint=hint("Empty: every sheet says that it is to be checked.") />
            <DateField label="For debts due from" value=draft.from optional=true />
            <DateField label="For debts due until" value=draft.to optional=true />
        </div>
        <TextArea label="What must be known before it is asserted" value=draft.notes optional=true rows=3 />
    }
}
