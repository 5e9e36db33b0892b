//! Money that was posted to one customer and is another's (CA-32), all of it or a part: what it paid
//! reopens, and it goes over with what it pays there. One commit.

use super::correct::{Hand, OneTarget, TakeBack, Target, targets_of};
use super::wording;
use crate::pages::shared::CustomerPick;
use crate::pages::shared::account::name_of;
use crate::ui::format::plural;
use crate::ui::prelude::*;
use crate::words;
use duebook_ledger::CustomerId;
use duebook_ledger::keys::ItemKey;
use duebook_ledger::recon::{Onward, ReconCommand};
use leptos::prelude::*;

/// Where the money goes, and what it pays there.
#[derive(Clone, Copy)]
pub struct Moving {
    to: RwSignal<Option<CustomerId>>,
    /// How much of it is theirs; empty: all of it.
    part: RwSignal<String>,
    there: RwSignal<Vec<Target>>,
    more: RwSignal<usize>,
}

impl Moving {
    pub fn new() -> Self {
        Moving {
            to: RwSignal::new(None),
            part: RwSignal::new(String::new()),
            there: RwSignal::new(Vec::new()),
            more: RwSignal::new(0),
        }
    }
    pub fn clear(self) {
        self.to.set(None);
        self.part.set(String::new());
    }
    /// The part that is typed: none where all of it goes; an amount of 0 where it is no amount.
    fn part(self, hand: Hand) -> Option<i64> {
        let currency = hand.currency();
        self.part.with(|t| match t.trim().is_empty() {
            true => None,
            false => Some(wording::typed(t, currency).unwrap_or(0)),
        })
    }
    /// Lists what is open there. In an effect of the dialog: what is typed lives as long as the list.
    pub fn list(self, hand: Hand) {
        let (targets, more) = self.to.get().map_or((Vec::new(), 0), |id| {
            targets_of(hand.cash.ws, id, untrack(|| hand.currency()), &[])
        });
        self.there.set(targets);
        self.more.set(more);
    }
    /// Its name.
    fn name(self, hand: Hand) -> Option<String> {
        let to = self.to.get()?;
        Some(hand.cash.ws.peek(|b| name_of(b, to)))
    }
    /// What the button says.
    pub fn label(self, hand: Hand) -> String {
        let what = match self.part(hand).filter(|part| *part > 0) {
            Some(part) => words::money(part, hand.currency()),
            None => "it".to_owned(),
        };
        match self.name(hand) {
            Some(name) => format!("Move {what} to {name}"),
            None => format!("Move {what}"),
        }
    }
    /// What is laid out, or none where an amount is wrong.
    fn laid(self, hand: Hand) -> Option<Vec<(ItemKey, i64)>> {
        let currency = hand.currency();
        self.there.with(|all| {
            let each = all.iter().map(|t| {
                let amount = t.typed.with(|t| wording::typed(t, currency))?;
                let fits = (0..=t.open).contains(&amount);
                fits.then(|| (t.key.clone(), amount))
            });
            let all: Option<Vec<(ItemKey, i64)>> = each.collect();
            all.map(|a| a.into_iter().filter(|(_, m)| *m > 0).collect())
        })
    }
    /// What goes: the part, or all of the receipt that is free once what it paid is taken back.
    fn whole(self, hand: Hand) -> i64 {
        if let Some(part) = self.part(hand) {
            return part;
        }
        let row = hand.row.get();
        row.map_or(0, |r| r.unapplied.saturating_add(r.applied))
    }
    fn rest(self, hand: Hand) -> Option<i64> {
        let laid: i64 = self.laid(hand)?.iter().map(|(_, m)| *m).sum();
        Some(self.whole(hand).saturating_sub(laid))
    }
    /// Why the part that is typed cannot go.
    fn beyond(self, hand: Hand) -> Option<String> {
        let (part, free) = (self.part(hand)?, hand.free());
        if part <= 0 {
            return Some("How much of it is theirs: an amount above zero.".to_owned());
        }
        (part > free).then(|| {
            let free = words::money(free, hand.currency());
            format!(
                "Only {free} of it is free. Tick what is to be taken back, or lower the amount."
            )
        })
    }
    /// Why it cannot be done now.
    pub fn refused(self, hand: Hand) -> Option<String> {
        let says = |text: &str| Some(text.to_owned());
        if self.to.get().is_none() {
            return says("Choose whose money it is.");
        }
        if let Some(why) = self.beyond(hand) {
            return Some(why);
        }
        if self.whole(hand) <= 0 {
            return says("Nothing of it is left to be moved.");
        }
        match self.rest(hand) {
            _ if hand.day().is_none() => {
                says("From which day: a date from the day of the money to today.")
            }
            None => says("An amount is none, or more than is open."),
            Some(rest) if rest < 0 => says("More is laid out than goes over."),
            Some(_) => None,
        }
    }
    /// What is asked for, and what is said when it is done.
    pub fn command(self, hand: Hand, receipt: ItemKey) -> Option<(ReconCommand, String)> {
        let to = self.to.get_untracked()?;
        let ws = hand.cash.ws;
        let key = ws.peek(|b| b.customer_key(to))?;
        let (apply, effective) = untrack(|| (self.laid(hand), hand.day()));
        let (whole, currency) = untrack(|| (self.whole(hand), hand.currency()));
        let name = ws.peek(|b| name_of(b, to));
        let (apply, effective) = (apply?, effective?);
        let amount = words::money(whole, currency);
        if untrack(|| self.part(hand)).is_some() {
            let done = format!("{amount} of {} is moved to {name}", words::item(&receipt));
            let command = ReconCommand::TransferReceipt {
                receipt,
                take_back: hand.ticked(),
                onward: Onward {
                    customer: key,
                    amount: whole,
                    currency,
                    into: whole,
                    applications: apply,
                },
                effective,
            };
            return Some((command, done));
        }
        let done = format!(
            "Receipt {}, {amount}, is moved to {name}",
            words::item(&receipt)
        );
        let command = ReconCommand::MoveReceipt {
            receipt,
            to: key,
            apply,
            effective,
        };
        Some((command, done))
    }
}

/// Whose money it is, and what it pays there.
#[component]
pub fn MovePart(hand: Hand) -> impl IntoView {
    let moving = hand.moving;
    let ws = hand.cash.ws;
    let pick = move |id: CustomerId| {
        let own = hand.row.with_untracked(|r| r.as_ref().map(|r| r.customer));
        if own == Some(id) {
            return hand
                .cash
                .toasts
                .error("It is with this customer already. Choose another.");
        }
        moving.to.set(Some(id));
    };
    let falls = move || {
        // An item that was paid twice out of it is reopened once.
        let names: std::collections::BTreeSet<String> = hand
            .applied
            .with(|all| all.iter().map(|a| a.name.clone()).collect());
        match names.len() {
            0 => "It paid nothing here.".to_owned(),
            n => format!(
                "{} reopened, at their own due dates, with what was granted: {}.",
                plural(n, "item is", "items are", Default::default()),
                names.into_iter().collect::<Vec<_>>().join(", ")
            ),
        }
    };
    let says = move || {
        let currency = hand.currency();
        if let Some(why) = moving.beyond(hand) {
            return why;
        }
        match moving.rest(hand) {
            None => "An amount is none, or more than is open.".to_owned(),
            Some(0) => "Difference 0: all of it is applied there.".to_owned(),
            Some(rest) if rest < 0 => format!(
                "Difference {}: more is laid out than goes over.",
                words::money(rest, currency)
            ),
            Some(rest) => format!(
                "Difference {}: it waits there, unapplied.",
                words::money(rest, currency)
            ),
        }
    };
    view! {
        <TextField label="How much of it is theirs" value=moving.part hint=Some("Empty: all of it goes over, and what it paid here reopens.".to_owned()) />
        <Show when=move || moving.part(hand).is_none()><p>{falls}</p></Show>
        <Show when=move || moving.part(hand).is_some()><TakeBack hand /></Show>
        <CustomerPick ws of=moving.to on_pick=pick />
        {move || {
            let currency = hand.currency();
            let more = moving.more.get();
            view! {
                <div class="cash-items">
                    {moving.there.get().into_iter().map(|t| view! { <OneTarget hand target=t currency /> }).collect_view()}
                </div>
                {(more > 0).then(|| view! { <p class="muted">{format!("And {more} more, due later.")}</p> })}
            }
        }}
        <Show when=move || moving.to.get().is_some()>
            <p role="status"><strong>{says}</strong></p>
            {move || moving.laid(hand).and_then(|laid| hand.exchange(&laid)).map(|text| view! { <p>{text}</p> })}
        </Show>
    }
}
