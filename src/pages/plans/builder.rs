//! A plan in the making: what is covered, how it is paid, with the schedule as it will be.

use super::{Debit, Debits, Desk, Pick, approved, currencies, wording};
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::{NewTexts, closes};
use duebook_insight::late::{LateItem, charges_for, late_items};
use duebook_insight::plans::{Every, schedule};
use duebook_ledger::plans::{NewCharge, NewPlan, PlanCommand, PlanInterest, trigger};
use duebook_ledger::{Command, OpenScan, View};
use duebook_money::{Currency, Day};
use leptos::prelude::*;

/// The draft. Handles only.
#[derive(Clone, Copy)]
struct Draft {
    desk: Desk,
    debits: RwSignal<Vec<(Debit, RwSignal<bool>)>>,
    currency: RwSignal<String>,
    down: RwSignal<String>,
    count: RwSignal<String>,
    first: RwSignal<String>,
    every: RwSignal<String>,
    interest: RwSignal<String>,
    reason: RwSignal<String>,
    by: RwSignal<String>,
    reference: RwSignal<String>,
    wording: RwSignal<String>,
    triggers: [RwSignal<bool>; 5],
}

/// What the draft comes to.
#[derive(Clone, PartialEq)]
struct Made {
    currency: Currency,
    items: Vec<Debit>,
    charges: Vec<NewCharge>,
    total: i64,
    parts: Vec<(Day, i64)>,
}

impl Draft {
    fn new(desk: Desk) -> Self {
        let text = || RwSignal::new(String::new());
        Draft {
            desk,
            debits: RwSignal::new(Vec::new()),
            currency: text(),
            down: text(),
            count: RwSignal::new("6".to_owned()),
            first: text(),
            every: RwSignal::new("month".to_owned()),
            interest: RwSignal::new("waived".to_owned()),
            reason: text(),
            by: text(),
            reference: text(),
            wording: text(),
            triggers: trigger::ALL.map(|bit| RwSignal::new(trigger::USUAL & bit != 0)),
        }
    }

    /// Fills it anew for the customer chosen.
    fn begin(self) {
        let Some(id) = self.desk.of.get_untracked() else {
            self.debits.set(Vec::new());
            return;
        };
        let today = self.desk.today();
        let debits = self.desk.debits(id);
        let first = debits.first().map(|d| d.currency);
        let ticked = |d: &Debit| d.due.is_some_and(|due| due < today) && Some(d.currency) == first;
        self.debits.set(
            debits
                .into_iter()
                .map(|d| (d.clone(), RwSignal::new(ticked(&d))))
                .collect(),
        );
        self.currency
            .set(first.map_or(String::new(), |c| c.code().to_owned()));
        self.first
            .set(today.add_months(1).unwrap_or(today).to_string());
        self.down.set(String::new());
        for typed in [self.reason, self.by, self.reference] {
            typed.set(String::new());
        }
        self.wording.set(format!(
            "{} acknowledges owing the amounts listed in this agreement and will pay them by the dates stated. If an instalment is not paid in time, the whole balance falls due at once.",
            self.desk.name(id)
        ));
    }

    fn every(self) -> Every {
        match self.every.get().as_str() {
            "week" => Every::Week,
            "fortnight" => Every::TwoWeeks,
            "quarter" => Every::Quarter,
            _ => Every::Month,
        }
    }

    fn made(self) -> Result<Made, String> {
        let desk = self.desk;
        let currency =
            Currency::from_code(&self.currency.get()).ok_or("Choose whose debt it is.")?;
        let items: Vec<Debit> = self.debits.with(|all| {
            let on = all
                .iter()
                .filter(|(d, on)| on.get() && d.currency == currency);
            on.map(|(d, _)| d.clone()).collect()
        });
        if items.is_empty() {
            return Err("Tick what the plan covers.".to_owned());
        }
        let charges = match self.interest.get().as_str() {
            "front" => charges_of(desk, &items)?,
            _ => Vec::new(),
        };
        let of_items = items.iter().fold(0i64, |s, d| s.saturating_add(d.open));
        let total = charges
            .iter()
            .fold(of_items, |s, c| s.saturating_add(c.sheet.total()));
        let down = self
            .down
            .with(|t| wording::typed(t, currency))
            .ok_or("The down payment is not an amount.")?;
        let count = self
            .count
            .get()
            .trim()
            .parse::<usize>()
            .map_err(|_| "Say how many instalments.")?;
        let first = desk
            .day(&self.first.get())
            .ok_or("The first date cannot be read.")?;
        let parts = schedule(total, down, desk.today(), (count, first, self.every()));
        let parts = parts.ok_or(
            "The down payment must be less than the debt, and the first instalment after it.",
        )?;
        Ok(Made {
            currency,
            items,
            charges,
            total,
            parts,
        })
    }
}

/// Charges of the items by the rule proposed for the customer's country.
fn charges_of(desk: Desk, items: &[Debit]) -> Result<Vec<NewCharge>, String> {
    let today = desk.today();
    desk.ws.peek(|b| {
        let first = items
            .first()
            .and_then(|d| b.item(d.id))
            .ok_or("Tick what the plan covers.")?;
        let customer = first.customer();
        let country = b
            .customer_facts(customer)
            .and_then(|f| f.country.clone())
            .unwrap_or_default();
        let policy = &b.policies().recovery.interest;
        let pack = policy
            .proposed(&country, today)
            .ok_or("No rule for interest is in force.")?;
        let scan = OpenScan::new(b, View::on(today));
        let mut late: Vec<LateItem> = late_items(b, &scan, customer, pack);
        late.retain(|l| items.iter().any(|d| d.id == l.item));
        if let Some(error) = late.iter().find_map(|l| l.sheet.as_ref().err()) {
            return Err(format!("{}: {}", pack.name, wording::interest_error(error)));
        }
        let charges = charges_for(b, &late);
        match charges.is_empty() {
            true => Err(
                "No interest is left to charge on these items: choose another treatment."
                    .to_owned(),
            ),
            false => Ok(charges),
        }
    })
}

/// The dialog.
#[component]
pub fn PlanDialog(desk: Desk, open: RwSignal<bool>) -> impl IntoView {
    let draft = Draft::new(desk);
    Effect::new(move |_| {
        let _ = desk.of.get();
        if open.get() {
            untrack(|| draft.begin());
        }
    });
    let made = Memo::new(move |_| draft.made());
    let refused = Signal::derive(move || {
        let why = draft
            .reason
            .with(|r| r.trim().is_empty())
            .then(|| "Say why a plan.".to_owned());
        made.with(|m| m.as_ref().err().cloned()).or(why)
    });
    let save = move |()| save(draft, open);
    let label = Signal::derive(move || match made.get() {
        Ok(made) => format!(
            "Agree {} in {}",
            words::money(made.total, made.currency),
            made.parts.len()
        ),
        Err(_) => "Agree the plan".to_owned(),
    });
    view! {
        <Dialog open=open title="New payment plan" wide=true
            actions=move || view! { <Button label=label kind=ButtonKind::Primary refused=refused on_press=save /> }
        >
            <Pick desk />
            <Form draft />
            <Preview made />
        </Dialog>
    }
}

#[component]
fn Form(draft: Draft) -> impl IntoView {
    let desk = draft.desk;
    let shown = Signal::derive(move || {
        let code = draft.currency.get();
        draft.debits.with(|all| {
            all.iter()
                .filter(|(d, _)| d.currency.code() == code)
                .cloned()
                .collect::<Vec<_>>()
        })
    });
    let several = Signal::derive(move || draft.debits.with(|d| currencies(d)));
    let frequencies = Signal::stored(vec![
        Choice::new("week", "Weekly"),
        Choice::new("fortnight", "Every two weeks"),
        Choice::new("month", "Monthly"),
        Choice::new("quarter", "Quarterly"),
    ]);
    let interests = Signal::stored(vec![
        Choice::new("waived", "Let go while the plan is kept"),
        Choice::new("accrues", "Goes on"),
        Choice::new("front", "Part of the instalments"),
    ]);
    view! {
        <Show when=move || several.with(|s| s.len() > 1)>
            <SelectField label="Currency" value=draft.currency choices=several />
        </Show>
        <Debits debits=shown />
        <div class="form-row">
            <AmountField label="Down payment today" currency=draft.currency value=draft.down optional=true />
            <TextField label="Instalments" value=draft.count />
            <SelectField label="How often" value=draft.every choices=frequencies />
            <DateField label="First on" value=draft.first echo=desk.echo(draft.first) />
        </div>
        <RadioGroup label="Interest for late payment" choices=interests value=draft.interest />
        <details class="plans-more">
            <summary>"Default triggers and wording"</summary>
            {trigger::ALL.iter().zip(draft.triggers).map(|(bit, on)| view! { <Checkbox label=wording::trigger_name(*bit) value=on /> }).collect_view()}
            <TextArea label="Acknowledgement of debt" value=draft.wording optional=true />
        </details>
        <div class="form-row">
            <TextField label="Why a plan" value=draft.reason />
            <TextField label="Approved by" value=draft.by optional=true />
            <TextField label="Where that stands" value=draft.reference optional=true />
        </div>
    }
}

/// The schedule as it will be agreed.
#[component]
fn Preview(made: Memo<Result<Made, String>>) -> impl IntoView {
    move || match made.get() {
        Err(why) => view! { <p class="muted" role="status">{why}</p> }.into_any(),
        Ok(made) => {
            let sum = made
                .parts
                .iter()
                .fold(0i64, |s, (_, a)| s.saturating_add(*a));
            let charged = made
                .charges
                .iter()
                .fold(0i64, |s, c| s.saturating_add(c.sheet.total()));
            let interest = (charged > 0).then(|| {
                format!(
                    ", of which interest {}",
                    words::money(charged, made.currency)
                )
            });
            view! {
                <p role="status">{format!(
                    "Covers {}{}; {} instalments sum to {}.",
                    words::money(made.total, made.currency), interest.unwrap_or_default(), made.parts.len(), words::money(sum, made.currency)
                )}</p>
                <ol class="plans-schedule">
                    {made.parts.iter().map(|(day, amount)| view! {
                        <li><span>{words::day(*day)}</span><span class="num">{words::money(*amount, made.currency)}</span></li>
                    }).collect_view()}
                </ol>
            }
            .into_any()
        }
    }
}

fn save(draft: Draft, open: RwSignal<bool>) {
    let desk = draft.desk;
    let (Ok(made), Some(id)) = (untrack(|| draft.made()), desk.of.get_untracked()) else {
        return;
    };
    let mut texts = NewTexts::default();
    let acknowledgement = match texts.add(&draft.wording.get_untracked()) {
        Ok(text) => text,
        Err(e) => return desk.toasts.error(format!("Not saved: {e}")),
    };
    let keys = desk.ws.peek(|b| {
        let item = |d: &Debit| Some((b.item_key(d.id)?, d.open));
        let items = made.items.iter().map(item).collect::<Option<Vec<_>>>()?;
        Some((b.customer_key(id)?, items))
    });
    let Some((customer, items)) = keys else {
        return;
    };
    let bits = trigger::ALL.iter().zip(draft.triggers);
    let triggers = bits.fold(
        0u8,
        |all, (bit, on)| if on.get_untracked() { all | bit } else { all },
    );
    let count = made.parts.len();
    let done = format!(
        "Plan of {}: {} in {count} instalments",
        desk.name(id),
        words::money(made.total, made.currency)
    );
    let command = Command::Plan(PlanCommand::Agree(NewPlan {
        customer,
        contact: None,
        currency: made.currency,
        items,
        instalments: made.parts,
        interest: match draft.interest.get_untracked().as_str() {
            "front" => PlanInterest::FrontLoaded,
            "accrues" => PlanInterest::Accrues,
            _ => PlanInterest::Waived,
        },
        charges: made.charges,
        triggers,
        reason: draft.reason.get_untracked(),
        approved: approved(draft.by, draft.reference),
        acknowledgement,
    }));
    desk.run(command, texts, done, closes(open));
}
