//! The customer's side: its own ledger of what it owes us, beside ours as of a day. The file is read
//! and nothing of it is kept; what is said of a difference goes into the register of breaks.

mod form;
mod made;
mod shown;

use super::Page;
use crate::pages::shared::account::{name_of, typed_day};
use crate::pages::shared::{CustomerPick, customer_in_address};
use crate::ui::prelude::*;
use crate::workspace::{KeptTheirs, RawTable, read_rows};
use duebook_exchange::read::{TheirField, TheirLedger, TheirOptions, read_theirs};
use duebook_ledger::CustomerId;
use duebook_money::amount::Style;
use duebook_money::{Currency, DateOrder, Day};
use leptos::prelude::*;
use made::{Made, make, with_typed};
use std::collections::BTreeMap;
use std::sync::Arc;
use web_sys::File;

/// What the parts of the tab work on. Handles only.
#[derive(Clone, Copy)]
struct Side {
    page: Page,
    /// Whose ledger.
    of: Memo<Option<CustomerId>>,
    choose: Callback<Option<CustomerId>>,
    file: RwSignal<String>,
    /// The file itself, for another of its sheets.
    chosen: StoredValue<Option<File>, LocalStorage>,
    /// The sheet asked for; empty: the likeliest.
    sheet: RwSignal<String>,
    /// Which choice of a file is the last: a slow one that comes late is of no use.
    turn: StoredValue<u32>,
    rows: RwSignal<Option<Arc<RawTable>>>,
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
    /// With the accounts whose parent the customer is.
    family: RwSignal<bool>,
    /// All lines, not only the differences.
    all: RwSignal<String>,
    read: Memo<Option<Arc<TheirLedger>>>,
    /// The currency shown: that of the page where the comparison has it, else its first.
    currency: Memo<Option<Currency>>,
    made: Memo<Option<Arc<Made>>>,
    /// What they state, by currency: as typed, else as the file has it.
    states: Memo<Vec<(Currency, i64)>>,
}

impl Side {
    fn day(self) -> Option<Day> {
        let today = self.page.ws.today();
        let typed = self.on.with(|t| typed_day(t, today))?;
        (typed <= today).then_some(typed)
    }
    fn pick(self, id: CustomerId) {
        self.choose.run(Some(id));
    }
    fn take(self, files: Vec<File>) {
        let Some(file) = files.into_iter().next() else {
            return;
        };
        self.file.set(file.name());
        self.chosen.set_value(Some(file));
        self.sheet.set(String::new());
        self.read_again(None);
    }
    /// Reads the file chosen, or another sheet of it: what was said of the one says nothing of the next.
    fn read_again(self, sheet: Option<String>) {
        let Some(file) = self.chosen.get_value() else {
            return;
        };
        self.problem.set(None);
        self.rows.set(None);
        for said in [self.order, self.decimal, self.kind, self.sign, self.stated] {
            said.set(String::new());
        }
        self.columns.set(Vec::new());
        let turn = self.turn.get_value() + 1;
        self.turn.set_value(turn);
        leptos::task::spawn_local(async move {
            let read = read_rows(&file, sheet).await;
            if self.turn.try_get_value() != Some(turn) {
                return;
            }
            match read {
                Ok(rows) => _ = self.rows.try_set(Some(Arc::new(rows))),
                Err(why) => _ = self.problem.try_set(Some(why)),
            }
        });
    }
    /// What was typed and chosen, by name.
    fn said(self) -> [(&'static str, RwSignal<String>); 7] {
        [
            ("sheet", self.sheet),
            ("order", self.order),
            ("decimal", self.decimal),
            ("kind", self.kind),
            ("sign", self.sign),
            ("on", self.on),
            ("stated", self.stated),
        ]
    }
    /// Takes up what was kept when the tab or the page was left.
    fn take_up(self, kept: KeptTheirs) {
        self.file.set(kept.file.name());
        self.chosen.set_value(Some(kept.file));
        for (name, field) in self.said() {
            if let Some(text) = kept.said.get(name) {
                field.set(text.clone());
            }
        }
        self.family.set(kept.said.contains_key("family"));
        self.columns.set(kept.columns);
        self.problem.set(kept.problem);
        match kept.table {
            Some(table) => self.rows.set(Some(table)),
            // It was left while it was read.
            None if self.problem.with_untracked(Option::is_none) => {
                let sheet = self.sheet.get_untracked();
                self.read_again((!sheet.is_empty()).then_some(sheet));
            }
            None => {}
        }
    }
    /// What is to be kept, as it is now.
    fn kept(self, of: Option<CustomerId>) -> Option<KeptTheirs> {
        let said = self.said().map(|(name, field)| (name, field.get()));
        let mut said: BTreeMap<&'static str, String> = said.into_iter().collect();
        if self.family.get() {
            said.insert("family", String::new());
        }
        let (table, problem, columns) = (self.rows.get(), self.problem.get(), self.columns.get());
        self.file.track();
        Some(KeptTheirs {
            file: self.chosen.get_value()?,
            table,
            problem,
            of,
            columns,
            said,
        })
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
    let (of, choose) = customer_in_address(ws);
    let text = || RwSignal::new(String::new());
    let (rows, columns) = (RwSignal::new(None), RwSignal::new(Vec::new()));
    let (order, decimal, on) = (text(), text(), RwSignal::new("today".to_owned()));
    let no_read = Memo::new(|_| None);
    let no_made = Memo::new(|_| None);
    let no_currency = Memo::new(|_| None);
    let no_states = Memo::new(|_| Vec::new());
    let mut side = Side {
        page,
        of,
        choose,
        file: text(),
        chosen: StoredValue::new_local(None),
        sheet: text(),
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
        family: RwSignal::new(false),
        all: text(),
        read: no_read,
        currency: no_currency,
        made: no_made,
        states: no_states,
    };
    if let Some(kept) = ws.kept_theirs() {
        let whose = kept.of;
        side.take_up(kept);
        if of.get_untracked().is_none() && whose.is_some() {
            choose.run(whose);
        }
    }
    Effect::new(move |_| ws.keep_theirs(side.kept(of.get())));
    side.read = Memo::new(move |_| {
        let day = side.day()?;
        let rows = side.rows.get()?;
        Some(Arc::new(read_theirs(&rows.rows, &side.options(), day)))
    });
    side.made = Memo::new(move |_| make(side).map(Arc::new));
    side.currency = Memo::new(move |_| {
        let shown = page.currency.get();
        side.made.with(|m| {
            let sides = &m.as_ref()?.told.sides;
            let has = sides.iter().find(|s| s.currency == shown);
            has.or(sides.first()).map(|s| s.currency)
        })
    });
    // What is typed of their balance pairs no line anew.
    side.states = Memo::new(move |_| {
        let file = side
            .made
            .with(|m| m.as_ref().map_or(Vec::new(), |m| m.stated.clone()));
        match side.currency.get() {
            Some(currency) => side.stated.with(|t| with_typed(file, t, currency)),
            None => file,
        }
    });
    // An amount is of one customer and one currency.
    Effect::new(
        move |before: Option<(Option<CustomerId>, Option<Currency>)>| {
            let now = (side.of.get(), side.currency.get());
            // What was kept is taken up before the comparison is there.
            let other = |b: (Option<CustomerId>, Option<Currency>)| {
                b.0.is_some() && b.1.is_some() && b != now
            };
            if before.is_some_and(other) {
                side.stated.set(String::new());
            }
            now
        },
    );
    Effect::new(move |_| {
        let breaks = side.made.with(|m| m.as_ref().map(|m| shown::breaks(m)));
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
