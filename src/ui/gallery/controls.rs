//! Buttons, chips, figures, messages.

use super::super::chip::{Chip, FilterChip};
use super::super::prelude::*;
use super::sample_strip;
use leptos::prelude::*;

#[component]
pub(super) fn Controls() -> impl IntoView {
    view! {
        <PageHead
            title="Controls"
            facts="every part of the design system"
            filters=filters
            actions=move || view! { <DialogDemo /> }
        />
        <div class="page-body">
            <Buttons />
            <Figures />
            <Messages />
            <TabsDemo />
            <section class="stack" aria-labelledby="empties">
                <h2 id="empties">"Nothing here"</h2>
                <div class="card">
                    <Empty
                        icon=Icon::Check
                        title="Nobody left to call now"
                        text="The next window opens at 14:30 in Denver: 4 customers."
                        action=|| {
                            view! { <Button label="Show all customers" on_press=|()| () /> }
                        }
                    />
                </div>
            </section>
        </div>
    }
}

fn filters() -> impl IntoView {
    let on = RwSignal::new(true);
    let second = RwSignal::new(false);
    view! {
        <FilterChip
            label="Callable now"
            on=on
            count=Signal::stored("9".to_owned())
            on_toggle=move |()| on.update(|v| *v = !*v)
        />
        <FilterChip label="31–60" on=second on_toggle=move |()| second.update(|v| *v = !*v) />
        <FilterChip
            label="Collector: Priya"
            on=true
            on_toggle=|()| ()
            on_remove=move |()| second.set(false)
        />
    }
}

#[component]
fn Buttons() -> impl IntoView {
    let toasts = use_toasts();
    let pinned = RwSignal::new(false);
    let items = move || {
        vec![
            MenuItem::new(
                "Log a call",
                Callback::new(move |()| toasts.done("Call logged")),
            )
            .icon(Icon::Phone)
            .keys("c"),
            MenuItem::new("Record a promise", Callback::new(|()| ()))
                .icon(Icon::Clock)
                .keys("p"),
            MenuItem::new("Write off the rest", Callback::new(|()| ()))
                .refused(Some("Above your limit of 5.00 (this is 12.40).".to_owned())),
            MenuItem::new("Void this import", Callback::new(|()| ()))
                .icon(Icon::Undo)
                .danger(),
        ]
    };
    view! {
        <section class="stack" aria-labelledby="buttons">
            <h2 id="buttons">"Buttons"</h2>
            <div class="row">
                <Button
                    label="Post 14 matches"
                    kind=ButtonKind::Primary
                    keys="Ctrl ↵"
                    on_press=move |()| toasts.done("14 matches saved")
                />
                <Button
                    label="Record promise"
                    icon=Icon::Clock
                    keys="p"
                    on_press=move |()| {
                        toasts
                            .done_with(
                                "Promise of 20,000.00 by 30 Nov 2026 saved",
                                "Undo",
                                Callback::new(move |()| toasts.done("Promise voided")),
                            )
                    }
                />
                <Button
                    label="Show an error"
                    kind=ButtonKind::Quiet
                    on_press=move |()| {
                        toasts.error("Not saved: the disk is full. Free some space, then save again.");
                    }
                />
                <Button label="Void import" kind=ButtonKind::Danger on_press=|()| () />
                <Button
                    label="Post"
                    refused=Signal::stored(
                        Some("The period to 31 Oct 2026 is locked. Post on 1 Nov or later.".to_owned()),
                    )
                    on_press=|()| ()
                />
                <Button
                    label="Pinned"
                    pressed=pinned
                    on_press=move |()| pinned.update(|p| *p = !*p)
                />
                <Menu label="Actions" items=Signal::derive_local(items) />
                <Menu
                    label="More actions"
                    icon=Icon::Dots
                    icon_only=true
                    kind=ButtonKind::Quiet
                    items=Signal::derive_local(items)
                />
            </div>
            <div class="row">
                <Chip text="open" />
                <Chip text="promised today 20,000" tone=Tone::Accent />
                <Chip text="ties out" tone=Tone::Good />
                <Chip text="1,140 disputed: freight" tone=Tone::Warn />
                <Chip text="broken, 2nd time" tone=Tone::Danger />
                <Chip text="in portal, approved 12 Nov" tone=Tone::Info />
                <Chip text="closed" tone=Tone::Muted />
            </div>
        </section>
    }
}

#[component]
fn Figures() -> impl IntoView {
    let lines = |()| {
        vec![
            WhyLine::new("At source, extract of 20 Nov 06:10", "65,910.00"),
            WhyLine::new("Receipt of 18 Nov, applied here", "−2,500.00"),
            WhyLine::total("Working balance", "63,410.00"),
        ]
    };
    view! {
        <section class="stack" aria-labelledby="figures">
            <h2 id="figures">"Figures"</h2>
            <StatRow>
                <Stat label="Working balance, USD" value="63,410.00" />
                <Stat label="Past due" value="48,200.00" tone=Tone::Danger />
                <Stat label="Promised" value="20,000.00" note=Signal::stored("by 30 Nov".to_owned()) />
                <Stat label="Kept promises" value="5 of 7" />
            </StatRow>
            <AgingStrip parts=sample_strip() legend=true />
            <p>
                "Working balance "
                <Why text="63,410.00" title="How the working balance is made" lines=lines />
                " or as money: "
                <Money minor=-6_341_000i64 exponent=2 currency="USD" />
                ", "
                {format_day(2026, 11, 21)}
                ", "
                {days_late_text(12)}
            </p>
            <div class="row">
                <TieBadge
                    state=Signal::stored(TieState::Ties("ties to 12,48,300.00".to_owned()))
                    on_open=|()| ()
                />
                <TieBadge
                    state=Signal::stored(TieState::Unreconciled("by 120.00 against the ERP".to_owned()))
                    on_open=|()| ()
                />
                <TieBadge
                    state=Signal::stored(TieState::Nothing("no control total given".to_owned()))
                    on_open=|()| ()
                />
            </div>
        </section>
    }
}

#[component]
fn Messages() -> impl IntoView {
    let toasts = use_toasts();
    view! {
        <section class="stack" aria-labelledby="notices">
            <h2 id="notices">"Notices"</h2>
            <Callout tone=Tone::Warn title="Before you chase:">
                "2,500.00 of 18 Nov is applied here and not yet in the ERP. INV-88213 is short by exactly the freight line."
            </Callout>
            <Callout tone=Tone::Danger title="Not posted.">
                "Above your limit of 5 % (this is 7.2 %). Ask the credit manager, or lower it to 1,930.00."
            </Callout>
            <Callout tone=Tone::Info>
                "Only items still open on 1 Jul 2026 are known before that date."
            </Callout>
            <Progress
                label="Reading open-items-2026-11.csv"
                done=Signal::stored(Some(412))
                detail="412,000 of 1,000,000 rows, 55 of 134 MB, 4 s left"
                on_cancel=move |()| toasts.done("Import cancelled, nothing was written")
            />
            <Progress
                label="Packing the backup"
                done=Signal::stored(None)
                detail="the size is not known yet"
            />
        </section>
    }
}

#[component]
fn TabsDemo() -> impl IntoView {
    let current = RwSignal::new("items");
    let tabs = vec![
        Tab::new("items", "Open items").count("4"),
        Tab::new("timeline", "Timeline"),
        Tab::new("contacts", "Contacts").count("2"),
    ];
    view! {
        <section class="stack" aria-label="Tabs">
            <Tabs
                name="demo"
                label="Views of the account"
                tabs=tabs
                current=current
                on_change=move |id| current.set(id)
            />
            <TabPanel name="demo" id="items" current=current>
                <p>"INV-87990, INV-88213, INV-88760, INV-89305"</p>
            </TabPanel>
            <TabPanel name="demo" id="timeline" current=current>
                <ol class="timeline">
                    <li>
                        <time datetime="2026-11-19">"Thu 19 Nov"</time>
                        <span>"Maria: 20,000 in Friday's run, the rest after freight is answered."</span>
                    </li>
                </ol>
            </TabPanel>
            <TabPanel name="demo" id="contacts" current=current>
                <p>"Maria Delgado, accounts payable"</p>
            </TabPanel>
        </section>
    }
}

#[component]
fn DialogDemo() -> impl IntoView {
    let open = RwSignal::new(false);
    let toasts = use_toasts();
    let amount = RwSignal::new("20,000.00".to_owned());
    view! {
        <Button label="Record promise…" on_press=move |()| open.set(true) />
        <Dialog
            open=open
            title="Record promise, Lakeshore Medical Supply"
            actions=move || {
                view! {
                    <Button label="Cancel" on_press=move |()| open.set(false) />
                    <Button
                        label="Record promise of 20,000.00"
                        kind=ButtonKind::Primary
                        on_press=move |()| {
                            open.set(false);
                            toasts.done("Promise of 20,000.00 saved");
                        }
                    />
                }
            }
        >
            <AmountField label="Amount" currency="USD" value=amount />
            <p class="hint">"Open 48,200.00, of which 20,000.00 is already promised."</p>
        </Dialog>
    }
}
