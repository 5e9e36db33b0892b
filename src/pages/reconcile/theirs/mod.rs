//! The customer's side: its own ledger of what it owes us, beside ours as of a day. The file is read
//! and nothing of it is kept; what is said of a difference goes into the register of breaks.

mod form;
mod made;
mod shown;

use super::Page;
use crate::pages::shared::account::{name_of, typed_day};
use crate::pages::shared::{CustomerPick, in_address};
use crate::ui::prelude::*;
use crate::workspace::read_rows;
use duebook_exchange::read::{TheirField, TheirLedger, TheirOptions, WorkCells, read_theirs};
use duebook_ledger::CustomerId;
use duebook_ledger::keys::CustomerKey;
use duebook_money::amount::Style;
use duebook_money::{Currency, DateOrder, Day};
use leptos::prelude::*;
use made::{Made, make, with_typed};
use std::sync::Arc;
use web_sys::File;

/// The rows of the file, and whether there were more.
type Rows = (Vec<WorkCells>, bool);

/// What the parts of the tab work on. Handles only.
#[derive(Clone, Copy)]
struct Side {
    page: Page,
    /// Whose ledger.
    of: Memo<Option<CustomerId>>,
    choose: Callback<Option<String>>,
    file: RwSignal<String>,
    /// Which choice of a file is the last: a slow one that comes late is of no use.
    turn: StoredValue<u32>,
    rows: RwSignal<Option<Arc<Rows>>>,
    problem: RwSignal<Option<String>>,
    /// What was said of the columns, by place.
    columns: RwSignal<Vec<Option<TheirField>>>,
    order: RwSignal<String>,
    decimal: RwSignal<String>,
    /// `open`, `account`, or empty: as it looks.
    kind: RwSignal<String>,
    /// `plus`, `minus`, or empty: as it looks.
    sign: RwSignal<String>,
    /// The day of the comparison, as typed.
    on: RwSignal<String>,
    /// Their balance in the currency shown, as typed; empty: as the file says.
    stated: RwSignal<String>,
    /// All lines, not only the differences.
    all: RwSignal<String>,
    read: Memo<Option<Arc<TheirLedger>>>,
    /// The currency shown: that of the page where the comparison has it, else its first.
    currency: Memo<Option<Currency>>,
    made: Memo<Option<Arc<Made>>>,
}

impl Side {
    fn day(self) -> Option<Day> {
        let today = self.page.ws.today();
        let typed = self.on.with(|t| typed_day(t, today))?;
        (typed <= today).then_some(typed)
    }
    fn pick(self, id: CustomerId) {
        let key = self.page.ws.peek(|b| b.customer_key(id));
        self.choose
            .run(key.map(|k| format!("{}|{}", k.source, k.number)));
    }
    fn take(self, files: Vec<File>) {
        let Some(file) = files.into_iter().next() else {
            return;
        };
        self.file.set(file.name());
        self.problem.set(None);
        self.rows.set(None);
        for said in [self.order, self.decimal, self.kind, self.sign, self.stated] {
            said.set(String::new());
        }
        self.columns.set(Vec::new());
        let turn = self.turn.get_value() + 1;
        self.turn.set_value(turn);
        leptos::task::spawn_local(async move {
            let read = read_rows(&file).await;
            if self.turn.try_get_value() != Some(turn) {
                return;
            }
            match read {
                Ok(rows) => _ = self.rows.try_set(Some(Arc::new(rows))),
                Err(why) => _ = self.problem.try_set(Some(why)),
            }
        });
    }
    fn options(self) -> TheirOptions {
        TheirOptions {
            columns: self.columns.get(),
            order: match self.order.get().as_str() {
                "dmy" => Some(DateOrder::Dmy),
                "mdy" => Some(DateOrder::Mdy),
                _ => None,
            },
            style: match self.decimal.get().as_str() {
                "point" => Some(Style::POINT),
                "comma" => Some(Style::COMMA),
                _ => None,
            },
        }
    }
}

/// The tab.
#[component]
pub fn TheirsView(page: Page) -> impl IntoView {
    let ws = page.ws;
    let (asked, choose) = in_address::<String>("of", true);
    let of = Memo::new(move |_| {
        let asked = asked.get()?;
        let (source, number) = asked.split_once('|')?;
        let key = CustomerKey {
            source: source.to_owned(),
            number: number.to_owned(),
        };
        ws.read(|b| {
            b.find_customer(&key)
                .filter(|c| b.customer_facts(*c).is_some())
        })
    });
    let text = || RwSignal::new(String::new());
    let (rows, columns) = (RwSignal::new(None), RwSignal::new(Vec::new()));
    let (order, decimal, on) = (text(), text(), RwSignal::new("today".to_owned()));
    let no_read = Memo::new(|_| None);
    let no_made = Memo::new(|_| None);
    let no_currency = Memo::new(|_| None);
    let mut side = Side {
        page,
        of,
        choose,
        file: text(),
        turn: StoredValue::new(0),
        rows,
        problem: RwSignal::new(None),
        columns,
        order,
        decimal,
        kind: text(),
        sign: text(),
        on,
        stated: text(),
        all: text(),
        read: no_read,
        currency: no_currency,
        made: no_made,
    };
    side.read = Memo::new(move |_| {
        let day = side.day()?;
        let rows = side.rows.get()?;
        Some(Arc::new(read_theirs(&rows.0, &side.options(), day)))
    });
    // What is typed of their balance pairs no line anew.
    let paired = Memo::new(move |_| make(side).map(Arc::new));
    side.currency = Memo::new(move |_| {
        let shown = page.currency.get();
        paired.with(|m| {
            let sides = &m.as_ref()?.sides;
            let has = sides.iter().find(|s| s.currency == shown);
            has.or(sides.first()).map(|s| s.currency)
        })
    });
    side.made = Memo::new(move |_| {
        let made = paired.get()?;
        let typed = side.stated.get();
        Some(match side.currency.get() {
            Some(currency) => Arc::new(with_typed(&made, &typed, currency)),
            None => made,
        })
    });
    // An amount is of one customer and one currency.
    Effect::new(
        move |before: Option<(Option<CustomerId>, Option<Currency>)>| {
            let now = (side.of.get(), side.currency.get());
            if before.is_some_and(|b| b != now) {
                side.stated.set(String::new());
            }
            now
        },
    );
    Effect::new(move |_| {
        let breaks = side
            .made
            .with(|m| m.as_ref().map(|m| shown::breaks(side, m)));
        page.also.set(breaks.unwrap_or_default());
    });
    on_cleanup(move || _ = page.also.try_set(Vec::new()));
    let name = move || of.get().map(|id| ws.peek(|b| name_of(b, id)));
    view! {
        <div class="recon-part">
            <CustomerPick ws of=of on_pick=move |id| side.pick(id) />
            <Show
                when=move || name().is_some()
                fallback=|| view! { <p class="muted">"Choose the customer whose ledger you have: the account it keeps of you, or the list of what it has open with you. It is held against ours line by line; the file itself is not kept."</p> }
            >
                <form::Form side />
            </Show>
            {move || side.problem.get().map(|what| view! { <Callout tone=Tone::Danger title="This file cannot be read">{what}</Callout> })}
        </div>
        <shown::Shown side />
    }
}
