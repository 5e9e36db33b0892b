//! A receipt in hand that pays items in another currency (domain.md §5.5): what of the money is taken for
//! them, at which rate, and what that gains or loses. One commit.

use super::abroad::{Abroad, AbroadPart, Laying};
use super::correct::{Applied, Hand, OneTarget, TakeBack, Target, targets_of};
use super::wording;
use crate::words;
use crate::workspace::Ws;
use duebook_insight::cashlog::LogRow;
use duebook_insight::fx::Paid;
use duebook_ledger::ItemId;
use duebook_ledger::keys::ItemKey;
use duebook_ledger::recon::ReconCommand;
use duebook_money::{Currency, Day, Money};
use leptos::prelude::*;

/// In which currency, at which rate, and what it pays.
#[derive(Clone, Copy)]
pub struct Crossing {
    abroad: Abroad,
    there: RwSignal<Vec<Target>>,
    more: RwSignal<usize>,
}

impl Crossing {
    /// Of the receipt in hand. In the scope of its dialog.
    pub fn new(ws: Ws, row: RwSignal<Option<LogRow>>, applied: RwSignal<Vec<Applied>>) -> Crossing {
        let money = Signal::derive(move || {
            let (id, unapplied, currency) =
                row.with(|r| r.as_ref().map(|r| (r.receipt, r.unapplied, r.currency)))?;
            let back = applied.with(|all| Applied::ticked(all));
            // The rate is that of the day on which the money came in.
            let on = ws.read(|b| b.item(b.origin(id)).map(|i| Day(i.doc_date())))?;
            let left = Money::new(unapplied.saturating_add(back), currency);
            Some(Laying { left, on })
        });
        let customer = Memo::new(move |_| row.with(|r| r.as_ref().map(|r| r.customer)));
        Crossing {
            abroad: Abroad::new(ws, money, customer.into()),
            there: RwSignal::new(Vec::new()),
            more: RwSignal::new(0),
        }
    }
    pub fn clear(self) {
        self.abroad.clear(None);
        self.there.set(Vec::new());
        self.more.set(0);
    }
    /// Lists what is open in the currency chosen; the first one at first. In an effect of the dialog.
    pub fn list(self, hand: Hand) {
        let currency = self.abroad.other();
        if currency.is_none() && self.abroad.choose_first() {
            return;
        }
        let customer = hand.row.with(|r| r.as_ref().map(|r| r.customer));
        let (targets, more) = customer.zip(currency).map_or((Vec::new(), 0), |(c, of)| {
            targets_of(hand.cash.ws, c, of, &[])
        });
        self.there.set(targets);
        self.more.set(more);
    }
    fn currency(self) -> Currency {
        self.abroad.other().unwrap_or(Currency::XXX)
    }
    /// What is laid out, or none where an amount is wrong.
    fn laid(self) -> Option<Vec<(ItemKey, i64)>> {
        let currency = self.currency();
        self.there.with(|all| {
            let each = all.iter().map(|t| {
                let amount = t.typed.with(|t| wording::typed(t, currency))?;
                (0..=t.open)
                    .contains(&amount)
                    .then(|| (t.key.clone(), amount))
            });
            let all: Option<Vec<(ItemKey, i64)>> = each.collect();
            all.map(|a| a.into_iter().filter(|(_, m)| *m > 0).collect())
        })
    }
    fn claims(self) -> Option<i64> {
        Some(self.laid()?.iter().map(|(_, m)| *m).sum())
    }
    /// What of the money stays unapplied.
    fn rest(self, hand: Hand) -> Option<i64> {
        let used = self.abroad.used(self.claims()?)?;
        Some(hand.free().saturating_sub(used))
    }
    /// Why it cannot be done now.
    pub fn refused(self, hand: Hand) -> Option<String> {
        let says = |text: &str| Some(text.to_owned());
        if self.abroad.other().is_none() {
            return says("Nothing of this customer is open in another currency.");
        }
        match (self.claims(), self.rest(hand)) {
            _ if hand.day().is_none() => {
                says("From which day: a date from the day of the money to today.")
            }
            (None, _) => says("An amount is none, or more than is open."),
            (Some(0), _) => says("Lay out what it pays there."),
            (_, None) => says("Give the rate first."),
            (_, Some(rest)) if rest < 0 => says("More of the money is taken than is free."),
            _ => None,
        }
    }
    /// What is asked for, and what is said when it is done.
    pub fn command(self, hand: Hand, receipt: ItemKey) -> Option<(ReconCommand, String)> {
        let customer = hand
            .row
            .with_untracked(|r| r.as_ref().map(|r| r.customer))?;
        let (laid, effective) = untrack(|| (self.laid(), hand.day()));
        let onward = untrack(|| self.abroad.onward(customer, &laid?))?;
        let done = format!(
            "{} of {} is taken for {}",
            words::money(onward.amount, untrack(|| hand.currency())),
            words::item(&receipt),
            words::money(onward.into, onward.currency)
        );
        let command = ReconCommand::TransferReceipt {
            receipt,
            take_back: hand.ticked(),
            onward,
            effective: effective?,
        };
        Some((command, done))
    }
    /// What it would realise.
    fn exchange(self, hand: Hand) -> Option<String> {
        let receipt = hand.row.with(|r| r.as_ref().map(|r| r.receipt))?;
        let (laid, into) = (self.laid()?, self.claims()?);
        let amount = self.abroad.used(into)?;
        hand.cash.ws.read(|b| {
            let known = laid.iter();
            let known = known.filter_map(|(key, m)| Some((b.find_item(key)?, *m)));
            let laid: Vec<(ItemId, i64)> = known.collect();
            let paid = Paid::PartOf {
                receipt,
                amount,
                into,
            };
            let text = wording::realised_on(b, &laid, paid)?;
            Some(format!("Of what is laid out: {text}"))
        })
    }
}

/// In which currency, at which rate, what it pays there.
#[component]
pub fn CrossPart(crossing: Crossing, hand: Hand) -> impl IntoView {
    let says = move || {
        let rest = crossing.rest(hand)?;
        let money = words::money(rest, hand.currency());
        Some(match rest {
            0 => "Difference 0: all of it is taken.".to_owned(),
            r if r < 0 => format!("Difference {money}: more of it is taken than is free."),
            _ => format!("Difference {money}: it stays unapplied."),
        })
    };
    view! {
        <TakeBack hand />
        <AbroadPart abroad=crossing.abroad laid=Signal::derive(move || crossing.claims()) />
        {move || {
            let currency = crossing.currency();
            let more = crossing.more.get();
            view! {
                <div class="cash-items">
                    {crossing.there.get().into_iter().map(|t| view! { <OneTarget hand target=t currency /> }).collect_view()}
                </div>
                {(more > 0).then(|| view! { <p class="muted">{format!("And {more} more, due later.")}</p> })}
            }
        }}
        {move || says().map(|text| view! { <p role="status"><strong>{text}</strong></p> })}
        {move || crossing.exchange(hand).map(|text| view! { <p>{text}</p> })}
    }
}
