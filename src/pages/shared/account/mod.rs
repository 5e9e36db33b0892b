//! One customer, as the account page and the work page show it: balances, open items, people, what
//! happened, and the composer in which a contact is logged.

mod call;
mod composer;
mod dates;
mod draft;
mod escalated;
mod fields;
mod head;
mod items;
mod keys;
mod lines;
mod merge;
mod payment;
mod people;
mod person;
mod profile;
mod rules;
mod story;
mod wording;

pub use composer::Composer;
pub use dates::instant;
pub use escalated::Escalated;
pub use fields::FieldDialog;
pub use head::Head;
pub use items::Items;
pub use keys::call_keys;
pub use lines::ItemLine;
pub use payment::PaymentDialog;
pub use people::People;
pub use story::Story;
pub use wording::{person, verdict};

use super::use_now;
use crate::ui::prelude::*;
use crate::workspace::{Texts, Ws};
use call::Composer as Typed;
use duebook_insight::Judged;
use duebook_insight::promises::judge_customer;
use duebook_ledger::facts::ProfileField;
use duebook_ledger::keys::CustomerKey;
use duebook_ledger::{Book, CustomerId, ItemId, OpenScan};
use duebook_money::{Currency, Day};
use leptos::prelude::*;
use std::sync::Arc;

/// What the parts of one account share. Handles only.
#[derive(Clone, Copy)]
pub struct Account {
    pub ws: Ws,
    pub toasts: Toasts,
    pub customer: CustomerId,
    /// Open items of the view.
    pub items: Memo<Arc<Vec<ItemLine>>>,
    /// Its promises as judged in the view, oldest first.
    pub promises: Memo<Arc<Vec<Judged>>>,
    pub selection: RwSignal<Selection>,
    pub now: RwSignal<i64>,
    pub typed: Typed,
    /// The dialog that is open.
    pub paying: RwSignal<bool>,
    pub disputing: RwSignal<bool>,
    pub asking: RwSignal<bool>,
    pub marking: RwSignal<bool>,
    /// The item whose details are shown.
    pub detailing: RwSignal<Option<ItemId>>,
}

impl Account {
    pub fn new(ws: Ws, customer: CustomerId) -> Self {
        let items = Memo::new(move |_| Arc::new(ws.read(|b| lines::read(b, ws.view(), customer))));
        let promises = Memo::new(move |_| {
            ws.read(|book| {
                // What was promised under a number that this one took over is promised here.
                let scan = OpenScan::new(book, ws.view());
                let all = book.with_merged(customer).into_iter();
                let mut all: Vec<Judged> =
                    all.flat_map(|c| judge_customer(book, &scan, c)).collect();
                duebook_money::order::sort_by_key(&mut all, |j| j.promise);
                Arc::new(all)
            })
        });
        let selection = RwSignal::new(Selection::default());
        let toasts = use_toasts();
        let typed = Typed::new(ws, customer, items, selection);
        on_cleanup(move || typed.park(toasts));
        Account {
            ws,
            toasts,
            customer,
            items,
            promises,
            selection,
            now: use_now(),
            typed,
            paying: RwSignal::new(false),
            disputing: RwSignal::new(false),
            asking: RwSignal::new(false),
            marking: RwSignal::new(false),
            detailing: RwSignal::new(None),
        }
    }
    /// Its natural key.
    pub fn key(&self) -> CustomerKey {
        let key = self.ws.peek(|b| b.customer_key(self.customer));
        key.unwrap_or(CustomerKey {
            source: String::new(),
            number: String::new(),
        })
    }
    /// Its name, or its number where it has none.
    pub fn name(&self) -> String {
        self.ws.peek(|b| name_of(b, self.customer))
    }
    /// The items selected, as shown.
    pub fn selected(&self) -> Vec<ItemLine> {
        let items = self.items.get();
        self.selection.with(|s| {
            items
                .iter()
                .filter(|i| s.contains(u64::from(i.id.0)))
                .cloned()
                .collect()
        })
    }
    /// Nothing is posted from a past view.
    pub fn past(&self) -> bool {
        self.ws.chosen_view().get().is_some()
    }
    /// Why a change cannot be made now.
    pub fn refused(self) -> Signal<Option<String>> {
        Signal::derive(move || {
            self.past()
                .then(|| "These are past figures. Go back to today to change anything.".to_owned())
        })
    }
    /// Reads the book with its texts, following commits.
    pub fn read<R>(&self, f: impl FnOnce(&Book, &Texts) -> R) -> R {
        self.ws.read_all(f)
    }
}

/// A day as typed, read around today; `None` where it cannot be read.
pub fn typed_day(text: &str, today: Day) -> Option<Day> {
    dates::day(text, today, call::date_order())
}

/// An amount as typed, minor units, positive; or what is wrong with it.
pub fn amount_of(text: &str, currency: Currency) -> Result<i64, String> {
    draft::amount(text, currency).map_err(|p| wording::problem(&p))
}

/// A customer's name, or its number where it has none.
pub fn name_of(book: &Book, id: CustomerId) -> String {
    let name = book
        .customer_facts(id)
        .map(|f| f.name.clone())
        .filter(|n| !n.is_empty());
    name.or_else(|| book.customer(id).map(|c| c.number.clone()))
        .unwrap_or_default()
}

/// A day as typed, read around today.
pub fn read_day(ws: Ws, text: &str) -> Option<Day> {
    dates::day(text, ws.today(), call::date_order())
}

/// Fields of a payment profile in one line; `None` where nothing of it is known.
pub fn profile_text(book: &Book, customer: CustomerId, fields: &[ProfileField]) -> Option<String> {
    let live = |s| book.is_live(s);
    let known = book.customer(customer)?;
    let of = |field: &ProfileField| {
        let (value, _, _) = known.profile.get(field)?.get(&live)?;
        let label = wording::profile(*field);
        (!value.is_empty()).then(|| format!("{label}: {value}"))
    };
    let parts: Vec<String> = fields.iter().filter_map(of).collect();
    (!parts.is_empty()).then(|| parts.join(" · "))
}
