//! What was issued, and what is known of its day now: the restatement, explained line by line.

use crate::ui::prelude::*;
use crate::words;
use crate::workspace::{Ws, use_ws};
use duebook_insight::kpi::restate::{Learnt, LearntLine, Restated, RestatedFigure, restate};
use duebook_insight::reports::hex;
use duebook_ledger::facts::Cause;
use duebook_ledger::keys::FactKey;
use duebook_ledger::reporting::{IssuedReport, Recorded, Stood};
use leptos::prelude::*;
use std::sync::Arc;

/// Lines shown at most; sums are over all of them.
const MOST: usize = 300;

#[component]
pub fn Issued() -> impl IntoView {
    let ws = use_ws();
    let all = Memo::new(move |_| {
        let mut all: Vec<Recorded<IssuedReport>> =
            ws.read(|book| book.issued_reports().cloned().collect());
        all.reverse();
        Arc::new(all)
    });
    let open = RwSignal::new(None::<FactKey>);
    let at = move |row: usize| all.with(|a| a.get(row).cloned());
    let source = GridSource::new(
        move || all.with(|a| a.len()),
        move |row| at(row).map_or(u64::MAX, |r| u64::from(r.commit.0)),
        move |row, column| at(row).map_or(CellView::Empty, |r| cell(ws, &r, column)),
    );
    let handle = GridHandle::new();
    crate::pages::shared::list_keys(handle);
    let show = Callback::new(move |key: u64| {
        let found = all.with_untracked(|a| {
            a.iter()
                .find(|r| u64::from(r.commit.0) == key)
                .map(|r| r.key)
        });
        open.set(found);
    });
    view! {
        <div class="page-grid">
            <Grid
                label="Issued reports"
                source=source
                columns=Signal::stored(columns())
                handle=handle
                on_open=show
                empty=move || view! {
                    <Empty
                        icon=Icon::Report
                        title="Nothing was issued yet"
                        text=Signal::stored("Issue a pack under “Reports and packs”: what left the house is then held against what is known later.".to_owned())
                    />
                }
            />
        </div>
        <RestatedDialog open />
    }
}

fn columns() -> Vec<Column> {
    vec![
        Column::text("name", "Report", 150).grow(2),
        Column::date("as-of", "As of"),
        Column::text("stood", "Stood", 120),
        Column::text("controls", "Controls", 90).hide_below(640),
        Column::number("records", "Records", 84).hide_below(760),
        Column::date("issued", "Issued").hide_below(520),
        Column::text("by", "By", 110).hide_below(900),
        Column::text("file", "File", 160).grow(1).hide_below(1000),
        Column::text("hash", "BLAKE3", 110).hide_below(1100),
    ]
}

fn tone(stood: Stood) -> (Tone, &'static str) {
    match stood {
        Stood::Reconciled => (Tone::Good, "Reconciled"),
        Stood::Unreconciled => (Tone::Danger, "UNRECONCILED"),
        Stood::NotJudged => (Tone::Warn, "Not judged"),
    }
}

fn cell(ws: Ws, report: &Recorded<IssuedReport>, column: usize) -> CellView {
    let fact = &report.fact;
    let meta = || ws.peek(|book| book.commit(report.commit).cloned());
    match column {
        0 => CellView::Strong(fact.name.clone()),
        1 => CellView::Text(words::day(fact.as_of)),
        2 => {
            let (tone, text) = tone(fact.stood);
            CellView::Toned(tone, text.to_owned())
        }
        3 => CellView::Text(format!("{} of {}", fact.passed, fact.controls)),
        4 => CellView::Text(fact.totals.count.to_string()),
        5 => meta().map_or(CellView::Empty, |m| {
            CellView::Text(words::day(m.ledger_date))
        }),
        6 => meta().map_or(CellView::Empty, |m| CellView::Text(m.actor)),
        7 => CellView::Faint(fact.file.clone()),
        8 => CellView::Faint(hex(&fact.hash[..6])),
        _ => CellView::Empty,
    }
}

#[component]
fn RestatedDialog(open: RwSignal<Option<FactKey>>) -> impl IntoView {
    let ws = use_ws();
    let shown = RwSignal::new(false);
    Effect::new(move |_| shown.set(open.with(Option::is_some)));
    let report = Memo::new(move |_| {
        let key = open.get()?;
        ws.read(|book| book.issued_report(key).cloned())
    });
    let title = Signal::derive(move || {
        report.with(|r| {
            r.as_ref().map_or(String::new(), |r| {
                format!(
                    "{}, as of {}: issued and known now",
                    r.fact.name,
                    words::day(r.fact.as_of)
                )
            })
        })
    });
    view! {
        <Dialog open=shown title=title wide=true on_close=Callback::new(move |()| open.set(None))>
            {move || report.get().map(|r| {
                let restated = ws.read(|book| restate(book, &r.fact));
                view! { <Face report=r.clone() /> {figures(&restated)} {lines(ws, &restated)} }
            })}
        </Dialog>
    }
}

#[component]
fn Face(report: Recorded<IssuedReport>) -> impl IntoView {
    let fact = report.fact;
    let (_, stood) = tone(fact.stood);
    let again = (!fact.reason.is_empty()).then(|| format!("Issued again: {}", fact.reason));
    view! {
        <p>
            {format!("{stood}: {} of {} controls held. Known after commit {}. {}, {} bytes.", fact.passed, fact.controls, fact.known.0, fact.file, fact.bytes)}
        </p>
        <p class="muted">"BLAKE3 " <code class="hash">{hex(&fact.hash)}</code></p>
        {again.map(|a| view! { <p>{a}</p> })}
    }
}

/// The figures that differ; those as issued are one press away.
fn figures(restated: &Restated) -> impl IntoView + use<> {
    let differs = |f: &&RestatedFigure| f.difference() != 0;
    let changed: Vec<&RestatedFigure> = restated.figures.iter().filter(differs).collect();
    let same: Vec<&RestatedFigure> = (restated.figures.iter()).filter(|f| !differs(f)).collect();
    let said = match changed.len() {
        0 => "Every figure is known today as it was issued.",
        _ => "Figures of that day that are known otherwise now:",
    };
    let as_issued = format!("As issued: {} figures", same.len());
    let first = (!changed.is_empty()).then(|| figure_table("Issued and known now", &changed));
    let rest = (!same.is_empty()).then(|| {
        view! {
            <details>
                <summary>{as_issued}</summary>
                {figure_table("Known now as issued", &same)}
            </details>
        }
    });
    view! {
        <p role="status">{said}</p>
        {first}
        {rest}
    }
}

fn figure_table(label: &'static str, figures: &[&RestatedFigure]) -> impl IntoView + use<> {
    let amount = |value: i64, currency: Option<duebook_money::Currency>| match currency {
        Some(currency) => words::amount(value, currency),
        None => value.to_string(),
    };
    let rows: Vec<_> = (figures.iter())
        .map(|f| {
            let format = words::number_format();
            let by = match (f.difference(), f.currency) {
                (0, _) => String::new(),
                (by, Some(currency)) => format.minor(by, currency.exponent()),
                (by, None) => by.to_string(),
            };
            view! {
                <tr>
                    <th scope="row">{f.name.clone()}</th>
                    <td>{f.currency.map_or("", |c| c.code())}</td>
                    <td class="num">{f.issued.map(|v| amount(v, f.currency)).unwrap_or_default()}</td>
                    <td class="num">{amount(f.now, f.currency)}</td>
                    <td class="num"><strong>{by}</strong></td>
                </tr>
            }
        })
        .collect();
    view! {
        <div class="table-scroll" tabindex="0" role="region" aria-label=label>
            <table class="plain-table">
                <thead><tr>
                    <th scope="col">"Figure"</th><th scope="col">"Currency"</th><th scope="col" class="num">"Issued"</th>
                    <th scope="col" class="num">"Known now"</th><th scope="col" class="num">"Difference"</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

/// The word for a cause, as a restatement says it.
fn cause(cause: Cause) -> &'static str {
    match cause {
        Cause::Payment => "payment",
        Cause::Credit => "credit",
        Cause::Discount => "discount",
        Cause::WriteOff => "write-off",
        Cause::Withholding => "tax withheld",
        Cause::Exchange => "exchange difference",
        Cause::AtSourceUnknown => "fall at source, cause unknown",
        Cause::Amended => "amendment",
        Cause::Returned => "returned money",
        Cause::TakeOn => "take-on",
        Cause::Refund => "refund",
        Cause::Tolerance => "small difference",
        Cause::Contra => "set against what we owe",
        Cause::Transferred => "part of a receipt transferred",
    }
}

fn what(line: &LearntLine) -> String {
    match line.what {
        Learnt::Document => "Document learnt of".to_owned(),
        Learnt::DocumentGone => "Document undone".to_owned(),
        Learnt::Settled(by) => format!("Learnt: {}", cause(by)),
        Learnt::TakenBack(by) => format!("Taken back: {}", cause(by)),
        Learnt::Due(from, to) => format!("Due {} instead of {}", words::day(to), words::day(from)),
    }
}

/// Every fact learnt since, on its two clocks.
fn lines(ws: Ws, restated: &Restated) -> impl IntoView + use<> {
    let all = restated.lines.len();
    if all == 0 {
        return view! { <p class="muted">"Nothing was learnt since that speaks of that day or before."</p> }.into_any();
    }
    let rows: Vec<_> = ws.peek(|book| {
        let shown = restated.lines.iter().take(MOST);
        shown
            .map(|l| {
                let number = book
                    .item(l.item)
                    .map_or(String::new(), |i| i.number().to_owned());
                let customer = book
                    .item(l.item)
                    .and_then(|i| book.customer_facts(i.customer()));
                let customer = customer.map_or(String::new(), |f| f.name.clone());
                let meta = book.commit(l.commit);
                let recorded = meta.map(|m| words::day(m.ledger_date)).unwrap_or_default();
                let by = meta.map_or(String::new(), |m| m.actor.clone());
                view! {
                    <tr>
                        <td>{l.effective.map(words::day).unwrap_or_default()}</td>
                        <td>{format!("{recorded}, commit {}", l.commit.0)}</td>
                        <td>{by}</td>
                        <td>{customer}</td>
                        <td>{number}</td>
                        <td>{what(l)}</td>
                        <td class="num">{words::money(l.debits, l.currency)}</td>
                        <td class="num">{words::money(l.amount, l.currency)}</td>
                    </tr>
                }
            })
            .collect()
    });
    let mut currencies: Vec<_> = restated.lines.iter().map(|l| l.currency).collect();
    duebook_money::order::sort_by_key(&mut currencies, |c| c.code());
    currencies.dedup();
    let format = words::number_format();
    let sums: Vec<String> = (currencies.iter())
        .map(|c| {
            format!(
                "{} {}",
                format.minor(restated.explained(*c), c.exponent()),
                c.code()
            )
        })
        .collect();
    let more = if all > MOST {
        format!("The first {MOST} of {all} lines. ")
    } else {
        String::new()
    };
    view! {
        <h3>"Learnt since, by effective date and by when it was recorded"</h3>
        <p>{format!("{more}They change the receivables of that day by {}, which is the difference above.", sums.join(" · "))}</p>
        <div class="table-scroll" tabindex="0" role="region" aria-label="What was learnt since">
            <table class="plain-table">
                <thead><tr>
                    <th scope="col">"Effective"</th><th scope="col">"Recorded"</th><th scope="col">"By"</th><th scope="col">"Customer"</th>
                    <th scope="col">"Document"</th><th scope="col">"What"</th><th scope="col" class="num">"Open debits"</th><th scope="col" class="num">"Receivables"</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}
