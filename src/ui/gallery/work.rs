//! The three panes of a call, as the sketch of the Work page has them.

use super::super::aging_strip::strip_bar;
use super::super::prelude::*;
use super::sample_strip;
use leptos::prelude::*;

/// (name, amount, why, where and when, callable now)
const QUEUE: [(&str, &str, &str, &str, bool); 8] = [
    (
        "Northgate Fabrication Inc.",
        "184,210.55",
        "Promise of 60,000 broken, 2nd time",
        "Chicago 11:44",
        true,
    ),
    (
        "Lakeshore Medical Supply LLC",
        "48,200.00",
        "Promise due today, pay-run cut-off in 2 h",
        "New York 12:44",
        true,
    ),
    (
        "Harrow & Pike Logistics Ltd",
        "92,340.18",
        "Crosses 60 days tomorrow, never contacted",
        "London 17:44",
        true,
    ),
    (
        "Cedar Mutual Assurance",
        "31,775.00",
        "Billing answered the price dispute: relay it",
        "Boston 12:44",
        true,
    ),
    (
        "Oak Ridge Unified Schools",
        "27,904.40",
        "PO missing on 3 invoices since 9 Nov",
        "Denver 10:44",
        true,
    ),
    (
        "Pacific Crest Hotels",
        "118,560.00",
        "Largest not yet due, first invoice: confirm",
        "Seattle 09:44",
        true,
    ),
    (
        "Birla Tech Campus",
        "₹ 6,48,000.00",
        "Short by 10 %: TDS certificate missing",
        "Bengaluru closed, 09:30",
        false,
    ),
    (
        "Verity Printworks GmbH",
        "€ 12,480.90",
        "Instalment 2 of 4 came 3 days late",
        "Berlin closed, Mon 09:00",
        false,
    ),
];

#[component]
pub(super) fn Work() -> impl IntoView {
    let current = RwSignal::new(Some(1u64));
    view! {
        <div class="panes panes-3" data-step="">
            <section class="pane" aria-label="Queue" data-current="">
                <PageHead title="Work" facts="41 to go, 12 done, 9 callable now" />
                <Queue current=current />
            </section>
            <section class="pane" aria-label="Card">
                <Card />
            </section>
            <section class="pane" aria-label="Call">
                <Composer />
            </section>
        </div>
    }
}

#[component]
fn Queue(current: RwSignal<Option<u64>>) -> impl IntoView {
    let source = GridSource::new(
        || QUEUE.len(),
        |row| row as u64,
        |row, _| {
            let (name, amount, why, place, callable) = QUEUE[row];
            let mut strip = sample_strip();
            strip.truncate(2 + row % 4);
            let place_class = if callable { "faint" } else { "toned tone-warn" };
            CellView::View(
                view! {
                    <div class="queue-card">
                        <strong>{name}</strong>
                        <strong class="num">{amount}</strong>
                        <span>{why}</span>
                        <span class=place_class>{place}</span>
                        {strip_bar(&strip)}
                    </div>
                }
                .into_any(),
            )
        },
    );
    view! {
        <Grid
            label="Who to call"
            source=source
            columns=vec![Column::text("customer", "Customer", 240).grow(1)]
            row_height=62.0
            header=false
            current=current
            on_open=move |key| current.set(Some(key))
        />
    }
}

/// (invoice, PO, due, days late, open, tone, state)
type Line = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    Tone,
    &'static str,
);

const ITEMS: [Line; 4] = [
    (
        "INV-87990",
        "4500118820",
        "9 Oct 2026",
        "42",
        "24,300.00",
        Tone::Accent,
        "promised today 20,000",
    ),
    (
        "INV-88213",
        "4500119002",
        "14 Oct 2026",
        "37",
        "12,500.00",
        Tone::Warn,
        "1,140 disputed: freight",
    ),
    (
        "INV-88760",
        "4500119417",
        "2 Nov 2026",
        "18",
        "11,400.00",
        Tone::Neutral,
        "in portal, approved 12 Nov",
    ),
    (
        "INV-89305",
        "4500120066",
        "7 Dec 2026",
        "–",
        "15,210.00",
        Tone::Neutral,
        "",
    ),
];

#[component]
fn Card() -> impl IntoView {
    let source = GridSource::new(
        || ITEMS.len(),
        |row| row as u64,
        |row, column| {
            let (invoice, po, due, late, open, tone, state) = ITEMS[row];
            match column {
                0 => invoice.into(),
                1 => CellView::Faint(po.to_owned()),
                2 => due.into(),
                3 => late.into(),
                4 => open.into(),
                _ if state.is_empty() => CellView::Empty,
                _ => CellView::Chips(vec![(tone, state.to_owned())]),
            }
        },
    );
    let columns = vec![
        Column::text("invoice", "Invoice", 104),
        Column::text("po", "PO", 108).hide_below(660),
        Column::date("due", "Due"),
        Column::number("late", "Days late", 92),
        Column::number("open", "Open", 92),
        Column::text("state", "State", 120).grow(1).hide_below(480),
    ];
    view! {
        <div class="pane-body">
            <div>
                <h2>"Lakeshore Medical Supply LLC"</h2>
                <p class="faint">
                    "C-20418, Net 30. AP: Maria Delgado, +1 212 555 0148. Pays 20th and last working day, cut-off 2 days before."
                </p>
            </div>
            <StatRow>
                <Stat label="Working balance, USD" value="63,410.00" />
                <Stat label="Past due" value="48,200.00" tone=Tone::Danger />
                <Stat label="Promised" value="20,000.00" />
                <Stat label="Disputed" value="1,140.00" />
                <Stat label="Kept promises" value="5 of 7" />
            </StatRow>
            <AgingStrip parts=sample_strip() legend=true />
            <Callout tone=Tone::Warn title="Before you chase:">
                "2,500.00 of 18 Nov is applied here and not yet in the ERP. INV-88213 is short by exactly the freight line."
            </Callout>
            <Grid label="Open items" source=source columns=columns max_rows=12 />
            <h3>"What was said"</h3>
            <ol class="timeline">
                {[
                    ("Thu 19 Nov", "Maria: 20,000 in Friday's run, the rest after freight is answered."),
                    ("Tue 17 Nov", "Billing holds the freight case, answer due 23 Nov."),
                    ("Wed 11 Nov", "Voicemail left, 2nd try. Copies of 87990 and 88213 sent."),
                    ("Mon 2 Nov", "Promise of 12,000 for 30 Oct kept on 30 Oct."),
                ]
                    .into_iter()
                    .map(|(day, said)| {
                        view! {
                            <li>
                                <time>{day}</time>
                                <span>{said}</span>
                            </li>
                        }
                    })
                    .collect_view()}
            </ol>
        </div>
    }
}

#[component]
fn Composer() -> impl IntoView {
    let text = |value: &str| RwSignal::new(value.to_owned());
    let toasts = use_toasts();
    view! {
        <div class="pane-body">
            <div class="row">
                <h2>"Call, 01:52"</h2>
                <Chip text="allowed, 12:44 there" tone=Tone::Good />
            </div>
            <Segmented
                label="Outcome"
                bare=true
                tiles=true
                value=text("promise")
                choices=vec![
                    Choice::new("promise", "Promise").keys("p"),
                    Choice::new("paid", "Paid claim").keys("i"),
                    Choice::new("dispute", "Dispute").keys("d"),
                    Choice::new("query", "Query").keys("q"),
                    Choice::new("none", "No answer").keys("1"),
                    Choice::new("voicemail", "Voicemail").keys("2"),
                ]
            />
            <div class="split-2">
                <AmountField label="Amount" currency="USD" value=text("27,060.00") />
                <DateField
                    label="By"
                    value=text("next run")
                    echo=Signal::stored(Some("Mon 30 Nov 2026".to_owned()))
                />
            </div>
            <TextField label="Covers" value=text("INV-87990 rest, 88213 less freight, 88760") />
            <TextField label="Who" value=text("Maria Delgado, AP") />
            <TextField label="Next step" value=text("Wed 25 Nov 10:00 New York, confirm cut-off") />
            <TextArea label="Note" value=text("20,000.00 confirmed in today's run.") optional=true />
            <Button
                label="Save, then Harrow & Pike"
                kind=ButtonKind::Primary
                wide=true
                keys="Ctrl ↵"
                on_press=move |()| toasts.done("Promise of 27,060.00 by 30 Nov 2026 saved")
            />
        </div>
    }
}
