//! A receipt in hand: applied otherwise, taken back by the bank, held on account, given back. One
//! commit each (CA-30, CA-32).

use super::crossing::{CrossPart, Crossing};
use super::moving::{MovePart, Moving};
use super::{Cash, wording};
use crate::pages::shared::account::typed_day;
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::{NewTexts, Ws};
use duebook_insight::cashlog::{LogRow, log_row};
use duebook_insight::fx::Paid;
use duebook_ledger::keys::{FactKey, ItemKey};
use duebook_ledger::recon::{ReconCommand, ReversalKind};
use duebook_ledger::{Command, CustomerId, ItemId, OpenScan, View};
use duebook_money::{Currency, Day};
use leptos::prelude::*;

/// Items shown.
const SHOWN: usize = 60;

const ACTS: [(&str, &str); 6] = [
    ("apply", "Apply otherwise"),
    ("move", "Belongs to another customer"),
    ("cross", "Pays in another currency"),
    ("return", "Returned by the bank"),
    ("hold", "Hold on account"),
    ("refund", "Refund"),
];

/// An application that can be taken back.
#[derive(Clone, PartialEq)]
pub struct Applied {
    /// `None`: the source's own.
    key: Option<FactKey>,
    item: ItemId,
    pub name: String,
    amount: i64,
    back: RwSignal<bool>,
}

impl Applied {
    /// Sum of those that are ticked to be taken back.
    pub fn ticked(all: &[Applied]) -> i64 {
        let ticked = all.iter().filter(|a| a.back.get());
        ticked.map(|a| a.amount).sum()
    }
}

/// An open item with what is typed beside it.
#[derive(Clone, PartialEq)]
pub struct Target {
    id: ItemId,
    pub key: ItemKey,
    name: String,
    pub open: i64,
    pub typed: RwSignal<String>,
}

/// The receipt in hand, and what is typed about it. Handles only.
#[derive(Clone, Copy)]
pub struct Hand {
    pub cash: Cash,
    pub row: RwSignal<Option<LogRow>>,
    pub applied: RwSignal<Vec<Applied>>,
    pub moving: Moving,
    crossing: Crossing,
    targets: RwSignal<Vec<Target>>,
    more: RwSignal<usize>,
    act: RwSignal<String>,
    memo: RwSignal<String>,
    fee: RwSignal<String>,
    why: RwSignal<String>,
    refund: RwSignal<String>,
    /// The day from which it is applied otherwise, as typed.
    on: RwSignal<String>,
}

impl Hand {
    /// That day: never before the money, nor after today.
    pub fn day(self) -> Option<Day> {
        let today = self.cash.ws.today_untracked();
        let typed = self.on.with(|t| typed_day(t, today))?;
        let came = self.row.with(|r| r.as_ref().map_or(today, |r| r.date));
        (came..=today.max(came)).contains(&typed).then_some(typed)
    }
    pub fn currency(self) -> Currency {
        self.row
            .with(|r| r.as_ref().map_or(Currency::XXX, |r| r.currency))
    }
    /// What of it is free, with what is ticked to be taken back.
    pub fn free(self) -> i64 {
        let left = self.row.with(|r| r.as_ref().map_or(0, |r| r.unapplied));
        left.saturating_add(self.applied.with(|all| Applied::ticked(all)))
    }
    /// What is ticked to be taken back.
    pub fn ticked(self) -> Vec<FactKey> {
        self.applied.with_untracked(|all| {
            let ticked = all.iter().filter(|a| a.back.get_untracked());
            ticked.filter_map(|a| a.key).collect()
        })
    }
    fn key(self) -> Option<ItemKey> {
        let id = self.row.with_untracked(|r| r.as_ref().map(|r| r.receipt))?;
        self.cash.ws.peek(|b| b.item_key(id))
    }
    /// What comes free of an item by what is ticked.
    fn freed(self, item: ItemId) -> i64 {
        self.applied.with(|all| {
            let ticked = all.iter().filter(|a| a.item == item && a.back.get());
            ticked.map(|a| a.amount).sum()
        })
    }
    /// What is laid out, or none where an amount is wrong.
    fn laid(self) -> Option<Vec<(ItemKey, i64)>> {
        let currency = self.currency();
        self.targets.with(|all| {
            let each = all.iter().map(|t| {
                let amount = t.typed.with(|t| wording::typed(t, currency))?;
                let room = t.open.saturating_add(self.freed(t.id));
                (0..=room)
                    .contains(&amount)
                    .then(|| (t.key.clone(), amount))
            });
            let all: Option<Vec<(ItemKey, i64)>> = each.collect();
            all.map(|a| a.into_iter().filter(|(_, m)| *m > 0).collect())
        })
    }
    /// What the applications laid out would realise.
    pub fn exchange(self, laid: &[(ItemKey, i64)]) -> Option<String> {
        let receipt = self.row.with(|r| r.as_ref().map(|r| r.receipt))?;
        self.cash.ws.read(|b| {
            let known = laid.iter();
            let known = known.filter_map(|(key, amount)| Some((b.find_item(key)?, *amount)));
            let laid: Vec<(ItemId, i64)> = known.collect();
            let text = wording::realised_on(b, &laid, Paid::By(receipt))?;
            Some(format!("Of what is laid out: {text}"))
        })
    }
    /// What stays unapplied after it.
    fn rest(self) -> Option<i64> {
        self.row.with(|r| r.as_ref().map(|_| ()))?;
        let laid: i64 = self.laid()?.iter().map(|(_, m)| *m).sum();
        Some(self.free().saturating_sub(laid))
    }
    fn refused(self) -> Option<String> {
        let says = |text: &str| Some(text.to_owned());
        match self.act.get().as_str() {
            "apply" => {
                let any = self.applied.with(|all| all.iter().any(|a| a.back.get()))
                    || self.laid().is_some_and(|l| !l.is_empty());
                match self.rest() {
                    _ if self.day().is_none() => {
                        says("From which day: a date from the day of the money to today.")
                    }
                    None => says("An amount is none, or more than is open."),
                    Some(rest) if rest < 0 => says("More is laid out than is free."),
                    Some(_) if !any => says("Tick what is to be taken back, or type what it pays."),
                    Some(_) => None,
                }
            }
            "move" => self.moving.refused(self),
            "cross" => self.crossing.refused(self),
            "refund" => {
                let currency = self.currency();
                let amount = self.refund.with(|t| wording::typed(t, currency));
                let left = self.row.with(|r| r.as_ref().map_or(0, |r| r.unapplied));
                match amount {
                    Some(a) if a > 0 && a <= left => None,
                    _ => says("An amount above zero, not more than is left."),
                }
            }
            "return" => {
                let returned = self
                    .row
                    .with(|r| r.as_ref().is_some_and(|r| r.returned > 0));
                let fee = self.fee.with(|t| wording::typed(t, self.currency()));
                let part = self
                    .row
                    .with(|r| r.as_ref().is_some_and(|r| r.from.is_some()));
                match (returned, fee) {
                    _ if part => {
                        says("It is a part of another receipt: the bank takes back that one.")
                    }
                    (true, _) => says("The bank took it back already."),
                    _ if self.day().is_none() => {
                        says("From which day: a date from the day of the money to today.")
                    }
                    (_, None) => says("The fee is not an amount."),
                    _ => None,
                }
            }
            _ => None,
        }
    }
    fn command(self) -> Option<(ReconCommand, String)> {
        let receipt = self.key()?;
        let today = self.cash.ws.today_untracked();
        let (row, currency) = (self.row.get_untracked()?, untrack(|| self.currency()));
        let name = words::item(&receipt);
        Some(match self.act.get_untracked().as_str() {
            "return" => {
                let kind = match self.memo.get_untracked().as_str() {
                    "memo" => ReversalKind::DebitMemo,
                    _ => ReversalKind::Standard,
                };
                let fee = self.fee.with_untracked(|t| wording::typed(t, currency));
                let fee = fee.filter(|f| *f > 0).map(|f| (format!("{name}-FEE"), f));
                let effective = untrack(|| self.day())?;
                let done = format!(
                    "Receipt {name} is taken back, {}",
                    words::money(row.amount, currency)
                );
                (
                    ReconCommand::ReverseReceipt {
                        receipt,
                        effective,
                        kind,
                        fee,
                    },
                    done,
                )
            }
            "move" => return self.moving.command(self, receipt),
            "cross" => return self.crossing.command(self, receipt),
            "hold" => {
                let why = self.why.get_untracked().trim().to_owned();
                let done = match why.is_empty() {
                    true => format!("Receipt {name} is held no more"),
                    false => format!("What is left of {name} is held on account"),
                };
                (ReconCommand::HoldReceipt { receipt, why }, done)
            }
            "refund" => {
                let amount = self
                    .refund
                    .with_untracked(|t| wording::typed(t, currency))?;
                let done = format!("{} of {name} is given back", words::money(amount, currency));
                (
                    ReconCommand::RefundReceipt {
                        receipt,
                        amount,
                        effective: today.max(row.date),
                    },
                    done,
                )
            }
            _ => {
                let take_back = self.ticked();
                let apply = untrack(|| self.laid())?;
                let done = match take_back.is_empty() {
                    true => format!("Receipt {name} is applied"),
                    false => format!("Receipt {name} is applied otherwise"),
                };
                let effective = untrack(|| self.day())?;
                (
                    ReconCommand::Reapply {
                        receipt,
                        take_back,
                        apply,
                        effective,
                    },
                    done,
                )
            }
        })
    }
}

/// The dialog.
#[component]
pub fn CorrectDialog(cash: Cash) -> impl IntoView {
    let open = RwSignal::new(false);
    let (row, applied) = (RwSignal::new(None), RwSignal::new(Vec::new()));
    let hand = Hand {
        cash,
        row,
        applied,
        moving: Moving::new(),
        crossing: Crossing::new(cash.ws, row, applied),
        targets: RwSignal::new(Vec::new()),
        more: RwSignal::new(0),
        act: RwSignal::new("apply".to_owned()),
        memo: RwSignal::new(String::new()),
        fee: RwSignal::new(String::new()),
        why: RwSignal::new(String::new()),
        refund: RwSignal::new(String::new()),
        on: RwSignal::new("today".to_owned()),
    };
    Effect::new(move |_| {
        let wanted = cash.correcting.get();
        open.set(wanted.is_some());
        if let Some(id) = wanted.and_then(|k| u32::try_from(k).ok()) {
            untrack(|| fill(hand, ItemId(id)));
        }
    });
    Effect::new(move |_| hand.moving.list(hand));
    Effect::new(move |_| {
        if hand.act.with(|a| a == "cross") {
            hand.crossing.list(hand);
        }
    });
    let refused = Signal::derive(move || hand.refused());
    let press = move |()| {
        let Some((command, done)) = hand.command() else {
            return;
        };
        cash.ws.run(
            cash.toasts,
            Command::Recon(command),
            NewTexts::default(),
            done,
            move |saved| {
                if saved.is_some() {
                    let _ = cash.correcting.try_set(None);
                }
            },
        );
    };
    let title = Signal::derive(move || {
        let id = hand
            .row
            .with(|r| r.as_ref().map(|r| (r.receipt, r.whole(), r.currency)));
        id.map_or(String::new(), |(id, amount, currency)| {
            let name = cash.ws.peek(|b| wording::item(b, id));
            format!("Receipt {name}, {}", words::money(amount, currency))
        })
    });
    let acts: Vec<Choice> = ACTS
        .iter()
        .map(|(id, label)| Choice::new(*id, *label))
        .collect();
    let acts = Signal::stored(acts);
    let label = Signal::derive(move || {
        let act = hand.act.get();
        if act == "apply" && hand.applied.with(Vec::is_empty) {
            return "Apply".to_owned();
        }
        if act == "move" {
            return hand.moving.label(hand);
        }
        if act == "cross" {
            return "Take it at this rate".to_owned();
        }
        let found = ACTS.iter().find(|(id, _)| *id == act);
        found.map_or(String::new(), |(_, label)| (*label).to_owned())
    });
    view! {
        <Dialog
            open=open
            title=title
            on_close=Callback::new(move |()| cash.correcting.set(None))
            actions=move || view! { <Button label=label kind=ButtonKind::Primary refused=refused on_press=press /> }
        >
            <p class="muted">{move || hand.row.with(|r| r.as_ref().map_or(String::new(), states))}</p>
            {move || hand.row.with(|r| r.as_ref().and_then(|r| wording::realised(&r.realised))).map(|text| view! { <p class="muted">{text}</p> })}
            <SelectField label="What is to be done" value=hand.act choices=acts />
            <Show when=move || hand.act.with(|a| a == "apply")><ApplyPart hand /></Show>
            <Show when=move || hand.act.with(|a| a == "move")>
                <MovePart hand />
                <FromDay hand />
            </Show>
            <Show when=move || hand.act.with(|a| a == "cross")>
                <CrossPart crossing=hand.crossing hand />
                <FromDay hand />
            </Show>
            <Show when=move || hand.act.with(|a| a == "return")>
                <ReturnPart hand />
                <FromDay hand />
            </Show>
            <Show when=move || hand.act.with(|a| a == "hold")>
                <TextField label="Why it is held" value=hand.why hint=Some("Prepayment, deposit, as agreed. Empty: it is held no more.".to_owned()) />
            </Show>
            <Show when=move || hand.act.with(|a| a == "refund")>
                <TextField label="Amount given back" value=hand.refund hint=Some("Of what is left unapplied.".to_owned()) />
            </Show>
        </Dialog>
    }
}

/// The parts of a receipt, which are always the whole (CA-01).
fn states(row: &LogRow) -> String {
    let parts = [
        ("applied", row.applied),
        ("used at source", row.at_source),
        ("refunded", row.refunded),
        ("returned", row.returned),
        ("in parts of their own", row.transferred),
        ("unapplied", row.unapplied),
    ];
    let parts: Vec<String> = parts
        .into_iter()
        .filter(|(_, minor)| *minor != 0)
        .map(|(name, minor)| format!("{} {name}", words::amount(minor, row.currency)))
        .collect();
    format!(
        "{} = {}",
        words::money(row.whole(), row.currency),
        parts.join(" + ")
    )
}

/// Open debits of a customer in a currency, and those it `paid`, the earliest due first; and how many
/// more there are.
pub fn targets_of(
    ws: Ws,
    customer: CustomerId,
    currency: Currency,
    paid: &[ItemId],
) -> (Vec<Target>, usize) {
    let today = ws.today_untracked();
    ws.peek(|b| {
        let scan = OpenScan::new(b, View::on(today));
        let mut all: Vec<(bool, i32, ItemId, i64)> = Vec::new();
        for item in b.items_of(customer) {
            let open = scan.open(item.id).map_or(0, |o| o.working());
            let was = paid.contains(&item.id);
            let debit = item.recorded_amount() > 0 && item.currency() == currency;
            if debit && (open > 0 || was) {
                all.push((was, b.due_of(&item), item.id, open.max(0)));
            }
        }
        duebook_money::order::sort(&mut all);
        let more = all.len().saturating_sub(SHOWN);
        let made = all.into_iter().take(SHOWN).filter_map(|(_, _, id, open)| {
            Some(Target {
                id,
                key: b.item_key(id)?,
                name: wording::item(b, id),
                open,
                typed: RwSignal::new(String::new()),
            })
        });
        (made.collect(), more)
    })
}

fn fill(hand: Hand, id: ItemId) {
    let ws = hand.cash.ws;
    let today = ws.today_untracked();
    let Some(row) = ws.peek(|b| log_row(b, id, today)) else {
        return;
    };
    let applied = ws.peek(|b| {
        let own = b.settlements_of(id).filter(|s| b.counts(s));
        own.filter_map(|s| {
            let item = s.debit?;
            Some(Applied {
                key: b.posting_key(s.id),
                item,
                name: wording::item(b, item),
                amount: s.amount,
                back: RwSignal::new(false),
            })
        })
        .collect::<Vec<_>>()
    });
    let paid: Vec<ItemId> = applied.iter().map(|a| a.item).collect();
    let (targets, more) = targets_of(ws, row.customer, row.currency, &paid);
    hand.more.set(more);
    hand.moving.clear();
    hand.crossing.clear();
    hand.act.set("apply".to_owned());
    hand.memo.set(String::new());
    hand.on.set(if row.date > today {
        row.date.to_string()
    } else {
        "today".to_owned()
    });
    hand.fee.set(String::new());
    hand.why
        .set(ws.peek(|b| b.held(id).unwrap_or("").to_owned()));
    hand.refund.set(match row.unapplied {
        0 => String::new(),
        left => words::amount(left, row.currency),
    });
    hand.applied.set(applied);
    hand.targets.set(targets);
    hand.row.set(Some(row));
}

#[component]
fn ApplyPart(hand: Hand) -> impl IntoView {
    let says = move || {
        let currency = hand.currency();
        match hand.rest() {
            None => "An amount is none, or more than is open.".to_owned(),
            Some(0) => "Difference 0: all of it is applied.".to_owned(),
            Some(rest) if rest < 0 => {
                format!(
                    "Difference {}: more is laid out than is free.",
                    words::money(rest, currency)
                )
            }
            Some(rest) => format!(
                "Difference {}: it stays unapplied.",
                words::money(rest, currency)
            ),
        }
    };
    view! {
        <TakeBack hand />
        {move || {
            let currency = hand.currency();
            let all = hand.targets.get();
            view! {
                <div class="cash-items">
                    {all.into_iter().map(|t| view! { <OneTarget hand target=t currency /> }).collect_view()}
                </div>
                {(hand.more.get() > 0).then(|| view! { <p class="muted">{format!("And {} more, due later.", hand.more.get())}</p> })}
            }
        }}
        <FromDay hand />
        <p role="status"><strong>{says}</strong></p>
        {move || hand.laid().and_then(|laid| hand.exchange(&laid)).map(|text| view! { <p>{text}</p> })}
    }
}

/// Applications that may be taken back.
#[component]
pub fn TakeBack(hand: Hand) -> impl IntoView {
    move || {
        let currency = hand.currency();
        let all = hand.applied.get();
        (!all.is_empty()).then(|| view! {
            <fieldset>
                <legend>"Take back"</legend>
                {all.into_iter().map(|a| {
                    let label = format!("{} on {}", words::amount(a.amount, currency), a.name);
                    match a.key {
                        Some(_) => view! { <Checkbox label=label value=a.back /> }.into_any(),
                        None => view! { <p class="muted">{format!("{label}, by the source: correct it there")}</p> }.into_any(),
                    }
                }).collect_view()}
            </fieldset>
        })
    }
}

/// From which day it is posted.
#[component]
fn FromDay(hand: Hand) -> impl IntoView {
    let wrong_day = Signal::derive(move || {
        (hand.day().is_none()).then(|| "A date from the day of the money to today.".to_owned())
    });
    view! { <TextField label="From which day" value=hand.on error=wrong_day hint=Some("Today leaves earlier reports as they were; an earlier day restates them, line by line.".to_owned()) /> }
}

#[component]
pub fn OneTarget(hand: Hand, target: Target, currency: Currency) -> impl IntoView {
    let (id, open, typed) = (target.id, target.open, target.typed);
    let room = move || open.saturating_add(hand.freed(id));
    let error = Signal::derive(move || match typed.with(|t| wording::typed(t, currency)) {
        Some(a) if (0..=room()).contains(&a) => None,
        Some(_) => Some("More than is open, or below zero.".to_owned()),
        None => Some("Not an amount.".to_owned()),
    });
    let hint = Signal::derive(move || {
        let open = format!("{} open", words::amount(room(), currency));
        Some(typed.with(|t| wording::with_reading(open, t, currency)))
    });
    view! { <TextField label=target.name.clone() value=typed hint=hint error=error /> }
}

#[component]
fn ReturnPart(hand: Hand) -> impl IntoView {
    let own = hand
        .cash
        .ws
        .peek(|b| b.about().is_some_and(|a| a.own_ledger) || b.sources().is_empty());
    let kinds = vec![
        Choice::new("", "What it paid reopens, each at its own due date"),
        Choice::new(
            "memo",
            "What it paid stays paid; a debit memo is owed instead",
        ),
    ];
    let kinds = Signal::stored(kinds);
    match own {
        true => view! {
            <SelectField label="How" value=hand.memo choices=kinds />
            <TextField label="Fee charged on" value=hand.fee optional=true hint=Some("A debit memo to the customer.".to_owned()) />
        }
        .into_any(),
        false => view! {
            <p>"What it paid reopens, each at its own due date. A fee for the customer, or a debit memo instead, is issued in the ERP: this book follows it."</p>
        }
        .into_any(),
    }
}
