//! Plans: payment plans, settlements, interest for late payment, placement with agencies and
//! lawyers. What is agreed stands here, judged from the money that came.

mod anew;
mod builder;
mod interest;
mod list;
mod place;
mod settle;
mod sheet;
mod wording;

use crate::pages::shared::account::typed_day;
use crate::pages::shared::{CustomerPick, customer_in_address, in_address};
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::{NewTexts, Saved, Ws, use_ws};
use duebook_ledger::plans::Approved;
use duebook_ledger::{Command, CustomerId, ItemId, OpenScan, View};
use duebook_money::{Currency, Day};
use leptos::prelude::*;

const TABS: [(&str, &str); 4] = [
    ("plans", "Payment plans"),
    ("settle", "Settlements"),
    ("interest", "Late interest"),
    ("place", "Agency and legal"),
];

const PAST: &str = "These are past figures. Go back to today to change anything.";

/// What the parts of the page work on. Handles only.
#[derive(Clone, Copy)]
struct Desk {
    ws: Ws,
    toasts: Toasts,
    /// The customer chosen, in the address.
    of: Memo<Option<CustomerId>>,
    choose: Callback<Option<CustomerId>>,
}

impl Desk {
    fn pick(self, id: CustomerId) {
        self.choose.run(Some(id));
    }
    fn name(self, id: CustomerId) -> String {
        self.ws.peek(|b| wording::name(b, id))
    }
    fn today(self) -> Day {
        self.ws.today_untracked()
    }
    /// The day of the figures shown: that of the header, today unless another was chosen.
    fn shown(self) -> Day {
        untrack(|| self.ws.view()).as_of
    }
    /// Why nothing can be changed: past figures are shown.
    fn past(self) -> Signal<Option<String>> {
        let chosen = self.ws.chosen_view();
        Signal::derive(move || chosen.get().map(|_| PAST.to_owned()))
    }
    /// Asks the book, unless past figures are shown.
    fn run(
        self,
        command: Command,
        texts: NewTexts,
        done: String,
        then: impl FnOnce(Option<Saved>) + 'static,
    ) {
        match self.past().get_untracked() {
            Some(why) => self.toasts.error(why),
            None => self.ws.run(self.toasts, command, texts, done, then),
        }
    }
    /// A day as typed.
    fn day(self, text: &str) -> Option<Day> {
        typed_day(text, self.today())
    }
    fn echo(self, text: RwSignal<String>) -> Signal<Option<String>> {
        Signal::derive(move || text.with(|t| self.day(t)).map(words::day))
    }
    /// Open debits of the customer chosen, by currency and due date.
    fn debits(self, id: CustomerId) -> Vec<Debit> {
        let today = self.today();
        let mut all = self.ws.peek(|b| {
            let scan = OpenScan::new(b, View::on(today));
            let one = |i: duebook_ledger::items::ItemRef<'_>| {
                let open = scan.open(i.id).map_or(0, |o| o.working());
                (open > 0).then(|| Debit {
                    id: i.id,
                    number: words::item(&b.item_key(i.id).unwrap_or_default()),
                    currency: i.currency(),
                    due: duebook_ledger::items::day(b.due_of(&i)),
                    open,
                })
            };
            b.items_of(id).filter_map(one).collect::<Vec<_>>()
        });
        duebook_money::order::sort_by_key(&mut all, |d| (d.currency.code(), d.due, d.id));
        all
    }
}

/// An open debit to be chosen.
#[derive(Clone, PartialEq)]
struct Debit {
    id: ItemId,
    number: String,
    currency: Currency,
    due: Option<Day>,
    open: i64,
}

/// The page.
#[component]
pub fn PlansPage() -> impl IntoView {
    let ws = use_ws();
    let (tab, set_tab) = in_address::<String>("tab", true);
    let (of, choose) = customer_in_address(ws);
    let desk = Desk {
        ws,
        toasts: use_toasts(),
        of,
        choose,
    };
    let current = Memo::new(move |_| {
        let asked = tab.get();
        let found = TABS.iter().find(|(id, _)| asked.as_deref() == Some(*id));
        found.map_or("plans", |(id, _)| *id)
    });
    let facts = Signal::derive(move || ws.read(|b| wording::headline(b, ws.view())));
    let new_plan = RwSignal::new(false);
    let new_offer = RwSignal::new(false);
    let new_place = RwSignal::new(false);
    let (new_dates, new_word) = (RwSignal::new(false), RwSignal::new(false));
    let actions = move || {
        view! {
            <Show when=move || current.get() == "plans">
                <Button label="Agree due dates anew" kind=ButtonKind::Quiet refused=desk.past() on_press=move |()| new_dates.set(true) />
                <Button label="New plan" icon=Icon::Plus kind=ButtonKind::Primary refused=desk.past() on_press=move |()| new_plan.set(true) />
            </Show>
            <Show when=move || current.get() == "settle">
                <Button label="New offer" icon=Icon::Plus kind=ButtonKind::Primary refused=desk.past() on_press=move |()| new_offer.set(true) />
            </Show>
            <Show when=move || current.get() == "place">
                <Button label="Record an acknowledgement" kind=ButtonKind::Quiet refused=desk.past() on_press=move |()| new_word.set(true) />
                <Button label="Place items" icon=Icon::Plus kind=ButtonKind::Primary refused=desk.past() on_press=move |()| new_place.set(true) />
            </Show>
        }
    };
    let tabs = Signal::derive(move || {
        let one = |(id, label): &(&'static str, &'static str)| Tab::new(id, *label);
        TABS.iter().map(one).collect::<Vec<_>>()
    });
    view! {
        <PageHead title="Plans" facts=facts actions=actions />
        <div class="plans-page">
            <Tabs name="plans" label="Ways to an agreement" tabs=tabs current=current
                on_change=move |id: &'static str| set_tab.run((id != "plans").then(|| id.to_owned())) />
            <TabPanel name="plans" id="plans" current=current>
                <list::List desk new_plan />
            </TabPanel>
            <TabPanel name="plans" id="settle" current=current>
                <settle::Offers desk new_offer />
            </TabPanel>
            <TabPanel name="plans" id="interest" current=current>
                <interest::Interest desk />
            </TabPanel>
            <TabPanel name="plans" id="place" current=current>
                <place::Placed desk new_place />
            </TabPanel>
        </div>
        <builder::PlanDialog desk open=new_plan />
        <settle::OfferDialog desk open=new_offer />
        <place::PlaceDialog desk open=new_place />
        <anew::ReAgeDialog desk open=new_dates />
        <anew::AcknowledgeDialog desk open=new_word />
    }
}

/// Which customer, kept in the address.
#[component]
fn Pick(desk: Desk) -> impl IntoView {
    view! { <CustomerPick ws=desk.ws of=desk.of on_pick=move |id| desk.pick(id) /> }
}

/// Who approved it, as typed; `None` where nobody was named.
fn approved(by: RwSignal<String>, reference: RwSignal<String>) -> Option<Approved> {
    let (by, reference) = (by.get_untracked(), reference.get_untracked());
    (!by.trim().is_empty()).then(|| Approved {
        by: by.trim().to_owned(),
        reference: reference.trim().to_owned(),
    })
}

/// Open debits with a tick each; ticks are by item.
#[component]
fn Debits(#[prop(into)] debits: Signal<Vec<(Debit, RwSignal<bool>)>>) -> impl IntoView {
    view! {
        <div class="plans-debits" role="group" aria-label="Open items">
            <For each=move || debits.get() key=|(d, _)| d.id let:row>
                {
                    let (debit, on) = row;
                    let label = format!(
                        "{}, {} open{}",
                        debit.number,
                        words::money(debit.open, debit.currency),
                        debit.due.map_or(String::new(), |d| format!(", due {}", words::day(d))),
                    );
                    view! { <Checkbox label=label value=on /> }
                }
            </For>
        </div>
    }
}

/// The currencies of debits, for a choice.
fn currencies(debits: &[(Debit, RwSignal<bool>)]) -> Vec<Choice> {
    let mut codes: Vec<&str> = debits.iter().map(|(d, _)| d.currency.code()).collect();
    codes.dedup();
    codes.into_iter().map(|c| Choice::new(c, c)).collect()
}
