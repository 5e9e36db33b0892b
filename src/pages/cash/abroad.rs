//! Money that pays items in another currency (domain.md §5.5): in which, and at which rate. The rate is the
//! book's of the day of the money until another is agreed; one that is not there is asked for, and never 1
//! (AG-08).

use super::wording;
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::Ws;
use duebook_insight::fx::{Quote, rate_typed, way_round};
use duebook_ledger::keys::ItemKey;
use duebook_ledger::recon::Onward;
use duebook_ledger::{Book, CustomerId, ItemId, OpenScan, View};
use duebook_money::{Currency, Day, Money};
use leptos::prelude::*;
use std::collections::BTreeSet;

/// The money that is laid out: what of it is left, and when it came.
#[derive(Clone, Copy, PartialEq)]
pub struct Laying {
    pub left: Money,
    pub on: Day,
}

/// The currency of the items, and the rate. Handles only.
#[derive(Clone, Copy)]
pub struct Abroad {
    ws: Ws,
    money: Signal<Option<Laying>>,
    /// Code of the currency of the items; empty: that of the money.
    choice: RwSignal<String>,
    choices: RwSignal<Vec<Choice>>,
    rate: RwSignal<String>,
    /// What a proposal comes to: its currency and rate.
    proposed: RwSignal<Option<(String, String)>>,
}

/// Currencies in which a customer has something open, that of the money left out.
fn open_in(book: &Book, customer: CustomerId, money: Currency, today: Day) -> Vec<Currency> {
    let scan = OpenScan::new(book, View::on(today));
    let open = |id: ItemId| scan.open(id).map_or(0, |o| o.working());
    let debits = book.items_of(customer).filter(|i| open(i.id) > 0);
    let all: BTreeSet<&'static str> = debits.map(|i| i.currency().code()).collect();
    let all = all.into_iter().filter_map(Currency::from_code);
    all.filter(|c| *c != money).collect()
}

impl Abroad {
    /// Of a customer whose items are laid out. In the scope of its dialog: the rate follows the choice.
    pub fn new(
        ws: Ws,
        money: Signal<Option<Laying>>,
        customer: Signal<Option<CustomerId>>,
    ) -> Abroad {
        let abroad = Abroad {
            ws,
            money,
            choice: RwSignal::new(String::new()),
            choices: RwSignal::new(Vec::new()),
            rate: RwSignal::new(String::new()),
            proposed: RwSignal::new(None),
        };
        let currency = Memo::new(move |_| money.get().map(|m| m.left.currency));
        Effect::new(move |_| {
            let (Some(of), Some(customer)) = (currency.get(), customer.get()) else {
                return abroad.choices.set(Vec::new());
            };
            let today = ws.today_untracked();
            let others = ws.peek(|b| open_in(b, customer, of, today));
            let known = |code: &String| others.iter().any(|c| c.code() == code);
            if abroad.choice.with_untracked(|c| !c.is_empty() && !known(c)) {
                abroad.choice.set(String::new());
            }
            let mut list = vec![Choice::new("", format!("{}, as the money", of.code()))];
            let one = |c: &Currency| Choice::new(c.code(), format!("{}, at a rate", c.code()));
            list.extend(others.iter().map(one));
            abroad.choices.set(list);
        });
        Effect::new(move |_| {
            let code = abroad.choice.get();
            let proposed = abroad.proposed.get_untracked();
            let rate = match proposed.filter(|(of, _)| *of == code) {
                Some((_, rate)) => rate,
                None => untrack(|| abroad.of_book())
                    .and_then(Result::ok)
                    .map_or(String::new(), |q| q.value.to_string()),
            };
            abroad.rate.set(rate);
        });
        abroad
    }
    /// Nothing is chosen; a proposal says what is.
    pub fn clear(self, proposed: Option<(Money, Money)>) {
        let reporting = self.ws.peek(|b| b.policies().rates.reporting());
        let proposed = proposed.and_then(|(money, claim)| {
            let quote = Quote::of_amounts(reporting, money, claim)?;
            Some((claim.currency.code().to_owned(), quote.value.to_string()))
        });
        let code = proposed.as_ref().map_or("", |(code, _)| code).to_owned();
        self.proposed.set(proposed);
        self.choice.set(code);
    }
    /// Takes the first currency in which something is open; false where there is none.
    pub fn choose_first(self) -> bool {
        let first = self.choices.with(|c| c.get(1).cloned());
        let any = first.is_some();
        if let Some(first) = first {
            self.choice.set(first.value);
        }
        any
    }
    /// The currency of the items where it is another than that of the money.
    pub fn other(self) -> Option<Currency> {
        self.choice.with(|c| Currency::from_code(c))
    }
    /// The currency of the items.
    pub fn currency(self) -> Option<Currency> {
        let money = self.money.get()?.left.currency;
        let other = self.choice.with(|c| Currency::from_code(c));
        Some(other.unwrap_or(money))
    }
    /// Whether it is another than that of the money.
    pub fn is_abroad(self) -> bool {
        self.choice.with(|c| !c.is_empty())
    }
    fn of_book(self) -> Option<Result<Quote, duebook_policy::rates::MissingRate>> {
        let money = self.money.get()?;
        let claim = self.choice.with(|c| Currency::from_code(c))?;
        let of = money.left.currency;
        Some(
            self.ws
                .read(|b| Quote::of_book(&b.policies().rates, of, claim, money.on)),
        )
    }
    fn quote(self) -> Option<Quote> {
        let money = self.money.get()?.left.currency;
        let claim = self.choice.with(|c| Currency::from_code(c))?;
        let reporting = self.ws.read(|b| b.policies().rates.reporting());
        let (of, in_units_of) = way_round(reporting, money, claim);
        Some(Quote {
            of,
            in_units_of,
            value: self.rate.with(|r| rate_typed(r))?,
        })
    }
    /// How much of the money what is laid out takes, minor units; `None` without a rate.
    pub fn used(self, laid: i64) -> Option<i64> {
        let (money, items) = (self.money.get()?.left.currency, self.currency()?);
        match (self.is_abroad(), laid) {
            (false, _) => Some(laid),
            (true, 0) => Some(0),
            (true, _) => self.quote()?.money(Money::new(laid, items), money),
        }
    }
    /// What money comes to in the currency of the items.
    pub fn worth(self, money: Money) -> Option<i64> {
        match self.is_abroad() {
            false => Some(money.minor),
            true => self.quote()?.claim(money, self.currency()?),
        }
    }
    /// The rate at which all that is left is taken for what is laid out.
    fn take_all(self, laid: i64) {
        let found = untrack(|| {
            let (money, items) = (self.money.get()?.left, self.currency()?);
            let reporting = self.ws.peek(|b| b.policies().rates.reporting());
            Quote::of_amounts(reporting, money, Money::new(laid, items))
        });
        if let Some(quote) = found {
            self.rate.set(quote.value.to_string());
        }
    }
    /// What goes over and what it pays there; `None` where the currency is that of the money.
    pub fn onward(self, customer: CustomerId, laid: &[(ItemKey, i64)]) -> Option<Onward> {
        let into = laid.iter().fold(0i64, |sum, (_, m)| sum.saturating_add(*m));
        self.is_abroad().then_some(())?;
        Some(Onward {
            customer: self.ws.peek(|b| b.customer_key(customer))?,
            amount: self.used(into)?,
            currency: self.currency()?,
            into,
            applications: laid.to_vec(),
        })
    }
}

/// The choice of the currency, where something is open in another, and the rate.
#[component]
pub fn AbroadPart(abroad: Abroad, laid: Signal<Option<i64>>) -> impl IntoView {
    let several = Memo::new(move |_| abroad.choices.with(|c| c.len() > 1));
    let any = Memo::new(move |_| abroad.is_abroad());
    let label = Signal::derive(move || {
        let found = abroad.money.get().zip(abroad.currency());
        found.map_or(String::new(), |(money, claim)| {
            let reporting = abroad.ws.read(|b| b.policies().rates.reporting());
            let (of, other) = way_round(reporting, money.left.currency, claim);
            format!("Rate: 1 {} in {}", of.code(), other.code())
        })
    });
    let hint = Signal::derive(move || {
        let on = abroad.money.get().map(|m| m.on)?;
        Some(match abroad.of_book()? {
            Ok(quote) => format!("The book has {} on {}.", quote.value, words::day(on)),
            Err(why) => wording::no_rate(&why),
        })
    });
    let error = Signal::derive(move || {
        let typed = abroad.rate.with(|r| !r.trim().is_empty());
        (typed && abroad.quote().is_none()).then(|| "A rate above zero.".to_owned())
    });
    let says = move || {
        let (money, items) = (abroad.money.get()?.left.currency, abroad.currency()?);
        let laid = laid.get().filter(|l| *l > 0)?;
        let used = abroad.used(laid)?;
        Some(format!(
            "{} of the money is taken for {}.",
            words::money(used, money),
            words::money(laid, items)
        ))
    };
    // All of the money is meant for them: the rate is what the two amounts come to.
    let whole = move || {
        let left = abroad.money.get()?.left;
        let laid = laid.get().filter(|l| *l > 0)?;
        (abroad.used(laid) != Some(left.minor) && left.minor > 0).then_some((left, laid))
    };
    view! {
        <Show when=move || several.get()>
            <SelectField label="Items in" value=abroad.choice choices=abroad.choices />
        </Show>
        <Show when=move || any.get()>
            <TextField label=label value=abroad.rate hint=hint error=error />
            {move || says().map(|text| view! { <p role="status">{text}</p> })}
            {move || whole().map(|(left, laid)| {
                let label = format!("Take all {} for it", words::money(left.minor, left.currency));
                view! { <p class="button-row"><Button label=label kind=ButtonKind::Quiet on_press=move |()| abroad.take_all(laid) /></p> }
            })}
        </Show>
    }
}
