//! Cash: bank statements, what each line pays and why, accepted by one key or all at once; what is
//! no customer's money is explained; the statement adds up or says that it does not.

mod abroad;
mod accept;
mod advices;
mod by_hand;
mod correct;
mod crossing;
mod detail;
mod dragging;
mod explain;
mod list;
mod moving;
mod payers;
mod preview;
mod receipts;
mod run;
mod source;
mod strip;
mod wording;

use crate::pages::choice::choice_in_address;
use crate::pages::shared::{in_address, is_page_key};
use crate::platform::latest::Runs;
use crate::ui::prelude::*;
use crate::workspace::{self, Ws, use_ws};
use leptos::prelude::*;
use preview::Taking;
use run::{Sheet, State, Step};
pub use run::{indexed, proposed};
use std::sync::Arc;
use web_sys::File;

/// The page's state: copied into its parts.
#[derive(Clone, Copy)]
struct Cash {
    ws: Ws,
    toasts: Toasts,
    found: RwSignal<Step>,
    /// The line whose detail is shown.
    current: RwSignal<Option<u64>>,
    show: Memo<Option<State>>,
    set_show: Callback<Option<String>>,
    taking: RwSignal<Taking>,
    files: RwSignal<Vec<File>, LocalStorage>,
    by_hand: RwSignal<bool>,
    explaining: RwSignal<bool>,
    /// Goes up when advices come in: what they tell of is matched anew.
    advised: RwSignal<u32>,
    pasting: RwSignal<bool>,
    /// The receipt that is corrected.
    correcting: RwSignal<Option<u64>>,
    /// A command is under way: keys wait.
    busy: RwSignal<bool>,
    grid: GridHandle,
}

/// Tabs: id in the address, label.
const TABS: [(&str, &str); 4] = [
    ("statement", "Statement"),
    ("log", "Receipts"),
    ("unapplied", "Unapplied"),
    ("payers", "Payers learnt"),
];

/// The page.
#[component]
pub fn CashPage() -> impl IntoView {
    let ws = use_ws();
    let (asked, ask) = in_address::<String>("statement", true);
    let (show, set_show) = in_address::<String>("show", true);
    let (view, set_view) = in_address::<String>("view", true);
    let tab = Memo::new(move |_| {
        let wanted = view.get();
        let known = TABS.iter().find(|(id, _)| Some(*id) == wanted.as_deref());
        known.map_or(TABS[0].0, |(id, _)| *id)
    });
    let tabs = Signal::stored(
        TABS.iter()
            .map(|(id, l)| Tab::new(id, *l))
            .collect::<Vec<_>>(),
    );
    let change = move |id: &'static str| {
        set_view.run(Some(id.to_owned()).filter(|id| id != TABS[0].0));
    };
    let statements = Memo::new(move |_| ws.read(run::statements));
    let cash = Cash {
        ws,
        toasts: use_toasts(),
        found: RwSignal::new(Step::NoStatement),
        current: RwSignal::new(None),
        show: Memo::new(move |_| show.get().and_then(|s| State::of(&s))),
        set_show,
        taking: RwSignal::new(Taking::Nothing),
        files: RwSignal::new_local(Vec::new()),
        by_hand: RwSignal::new(false),
        explaining: RwSignal::new(false),
        advised: RwSignal::new(0),
        pasting: RwSignal::new(false),
        correcting: RwSignal::new(None),
        busy: RwSignal::new(false),
        grid: GridHandle::new(),
    };
    let runs = Runs::new();
    Effect::new(move |_| {
        let _ = (ws.revision().get(), ws.today(), cash.advised.get());
        let wanted = asked.get().unwrap_or_default();
        let chosen = statements.with(|all| {
            let named = all.iter().find(|(id, _)| *id == wanted);
            named.or(all.first()).map(|(id, _)| id.clone())
        });
        match chosen {
            Some(id) => run::gather(ws, id, cash.found, runs),
            None => cash.found.set(Step::NoStatement),
        }
    });
    let chosen = choice_in_address(asked, ask);
    let choices = Signal::derive(move || {
        let mut list: Vec<Choice> = statements.with(|all| {
            let each = all
                .iter()
                .map(|(id, label)| Choice::new(id.clone(), label.clone()));
            each.collect()
        });
        // The newest is the default and stands for itself in the address.
        if let Some(first) = list.first_mut() {
            first.value = String::new();
        }
        list
    });
    crate::jobs::Worker::warm();
    let left = workspace::take_files();
    if !left.is_empty() {
        cash.take(left);
    }
    cash.keys();
    let facts = Signal::derive(move || cash.found.with(wording::headline));
    let any = Memo::new(move |_| statements.with(|s| !s.is_empty()));
    view! {
        <PageHead
            title="Cash"
            facts=facts
            filters=move || view! {
                <Show when=move || any.get()>
                    <SelectField label="Statement" value=chosen choices=choices />
                </Show>
            }
            actions=move || view! {
                <Show when=move || any.get()>
                    <Button label="Paste an advice" kind=ButtonKind::Quiet on_press=move |()| cash.pasting.set(true) />
                    <FileDrop label="Add a statement" on_files=move |files| cash.take(files) />
                </Show>
            }
        />
        <preview::TakingView cash />
        <Tabs name="cash" label="Parts" tabs=tabs current=tab on_change=change />
        <TabPanel name="cash" id="statement" current=tab><StatementPart cash /></TabPanel>
        <TabPanel name="cash" id="log" current=tab><receipts::LogView cash /></TabPanel>
        <TabPanel name="cash" id="unapplied" current=tab><receipts::UnappliedView cash /></TabPanel>
        <TabPanel name="cash" id="payers" current=tab><payers::PayersView cash /></TabPanel>
        <correct::CorrectDialog cash />
        <advices::PasteDialog cash />
        <by_hand::ByHandDialog cash />
        <explain::ExplainDialog cash />
    }
}

#[component]
fn StatementPart(cash: Cash) -> impl IntoView {
    move || match cash.found.get() {
        Step::NoStatement => view! { <Nothing cash /> }.into_any(),
        Step::Working(done, of) => {
            let share = (of > 0).then(|| (u64::from(done) * 1000 / u64::from(of)) as u16);
            view! { <Progress label="Matching" done=Signal::stored(share) detail=Signal::stored(String::new()) /> }.into_any()
        }
        Step::Done(sheet) => view! { <list::SheetView cash sheet /> }.into_any(),
    }
}

#[component]
fn Nothing(cash: Cash) -> impl IntoView {
    view! {
        <Show when=move || cash.taking.with(|t| matches!(t, Taking::Nothing))>
            <Empty
                icon=Icon::Coins
                title="Choose a bank statement, or drop it here"
                text=Signal::stored("camt.053, MT940, BAI2, OFX, QIF, or CSV and Excel with dates and amounts. You see what it holds before anything is kept; then each payment is matched to the invoices it pays, with the reason.".to_owned())
                action=move || view! { <FileDrop label="Choose a statement" on_files=move |files| cash.take(files) /> }
            />
        </Show>
    }
}

impl Cash {
    fn take(self, files: Vec<File>) {
        preview::take(self, files);
    }
    /// The statement on screen.
    fn sheet(self) -> Option<Arc<Sheet>> {
        self.found.with_untracked(|f| match f {
            Step::Done(sheet) => Some(sheet.clone()),
            _ => None,
        })
    }
    /// The key of the line whose detail is shown.
    fn current_row(self) -> Option<(Arc<Sheet>, run::Row)> {
        let sheet = self.sheet()?;
        let row = sheet.row(self.current.get_untracked()?)?.clone();
        Some((sheet, row))
    }
    fn keys(self) {
        let listener = window_event_listener(leptos::ev::keydown, move |event| {
            if !is_page_key(&event) {
                return;
            }
            match event.key().as_str() {
                "j" => self.grid.move_by(1),
                "k" => self.grid.move_by(-1),
                "y" => self.accept_current(),
                "a" => self.open_by_hand(),
                "x" => self.open_explain(),
                _ => return,
            }
            event.prevent_default();
        });
        on_cleanup(move || listener.remove());
    }
    fn open_by_hand(self) {
        if self.current_row().is_some_and(|(_, r)| r.rest > 0) {
            self.by_hand.set(true);
        }
    }
    fn open_explain(self) {
        if self.current_row().is_some_and(|(_, r)| r.rest != 0) {
            self.explaining.set(true);
        }
    }
}
