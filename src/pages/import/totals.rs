//! Control totals: ours beside the file's own.

use super::{Import, wording};
use crate::ui::format::{format_count, plural};
use crate::ui::prelude::*;
use crate::words;
use duebook_exchange::read::{Agreement, FileTotal, Preview, TotalLine};
use duebook_money::{Currency, Money};
use leptos::prelude::*;

/// Totals of a file shown one by one; of more, only what is no section's or does not agree.
const SHOWN: usize = 12;

pub(super) fn shown(plain: &str, code: &str) -> String {
    let Some(currency) = Currency::from_code(code) else {
        return plain.to_owned();
    };
    let minor = duebook_money::amount::parse(plain, duebook_money::amount::Style::POINT)
        .ok()
        .and_then(|a| a.minor(currency.exponent()).ok());
    minor.map_or(plain.to_owned(), |minor| {
        Money { minor, currency }.format(&words::number_format())
    })
}

/// Counts, sums per currency, hash total, the file's totals, and what the rows are to the book.
#[component]
pub fn TotalsTable(import: Import, preview: Box<Preview>) -> impl IntoView {
    let figures = import.figures;
    let n = |v: u64| format_count(v as usize, Default::default());
    // A list by customer has a total under each: those that agree are counted.
    let (folded, stated): (Vec<FileTotal>, Vec<FileTotal>) = (preview.file_totals.iter().cloned())
        .partition(|t| t.agrees == Agreement::Section && preview.file_totals.len() > SHOWN);
    let folded = folded.len();
    let rounding = preview.rounding.clone();
    // Until what is asked is answered nothing was read: noughts would say that the file is empty.
    if !preview.questions.is_empty() {
        return ().into_any();
    }
    let sums = Memo::new(move |_| figures.with(|f| f.totals.clone()));
    view! {
        <section class="panel" aria-labelledby="import-totals">
            <h2 id="import-totals">"Control totals"</h2>
            {move || {
                let f = figures.get();
                let c = f.counts;
                view! {
                    <StatRow>
                        <Stat label="Rows read" value=n(c.read) />
                        <Stat label="Accepted" value=n(c.accepted) />
                        <Stat label="With a warning" value=n(c.warned) />
                        <Stat label="Refused" value=n(c.refused) />
                        <Stat label="Left out" value=n(c.left_out) />
                        <Stat label="No data" value=n(c.skipped) />
                        <Stat label="Customers" value=n(f.customers) />
                        <Stat label="Hash total" value=f.hash_total.to_string() />
                    </StatRow>
                }
            }}
            {move || import.comparison.get().map(|c| view! {
                <p role="status">{format!(
                    "Against the book: {} new, {} changed, {} as they were, {} no longer in the list. {}",
                    n(c.new),
                    n(c.changed),
                    n(c.same),
                    n(c.absent),
                    if c.answered > 0 { format!("{} of your postings answered.", n(c.answered)) } else { String::new() },
                )}</p>
            })}
            <Show when=move || sums.with(|s| !s.is_empty())>
            <table class="plain-table">
                <thead>
                    <tr><th scope="col">"Currency"</th><th scope="col" class="num">"Rows"</th><th scope="col" class="num">"Original"</th><th scope="col" class="num">"Open"</th></tr>
                </thead>
                <tbody>
                    {move || sums.get().into_iter().map(|t: TotalLine| view! {
                        <tr>
                            <td>{t.currency.clone()}</td>
                            <td class="num">{n(t.rows)}</td>
                            <td class="num">{shown(&t.amount, &t.currency)}</td>
                            <td class="num">{shown(&t.open, &t.currency)}</td>
                        </tr>
                    }).collect_view()}
                </tbody>
            </table>
            </Show>
            {(folded > 0).then(|| view! {
                <p>{format!("{} the file states agree with what was read.", plural(folded, "total of a section that", "totals of sections that", Default::default()))}</p>
            })}
            {(!stated.is_empty()).then(|| view! {
                <h3>"Totals the file states"</h3>
                {move || figures.with(|f| f.counts.left_out > 0).then(|| view! {
                    <p class="muted">"They are held against all of the file’s rows, those left out too."</p>
                })}
                <table class="plain-table">
                    <thead>
                        <tr><th scope="col">"Line"</th><th scope="col">"Called"</th><th scope="col" class="num">"Stated"</th><th scope="col" class="num">"Ours"</th><th scope="col">"Agrees"</th></tr>
                    </thead>
                    <tbody>
                        {stated.into_iter().map(|t| {
                            let currency = t.currency.as_deref().and_then(Currency::from_code).unwrap_or(Currency::USD);
                            let bad = t.agrees == Agreement::Differs;
                            view! {
                                <tr class:row-bad=bad>
                                    <td class="num">{t.line}</td>
                                    <td>{t.label}</td>
                                    <td class="num">{words::amount(t.stated, currency)}</td>
                                    <td class="num">{t.ours.map(|o| shown(&o, currency.code())).unwrap_or_default()}</td>
                                    <td>{wording::agreement(t.agrees)}</td>
                                </tr>
                            }
                        }).collect_view()}
                    </tbody>
                </table>
            })}
            {(!rounding.is_empty()).then(|| view! {
                <p class="muted">{rounding.iter().map(|r| format!("{} amounts in {} had more decimals than the currency; rounding moved the total by {}.", n(r.cells), r.currency, r.difference)).collect::<Vec<_>>().join(" ")}</p>
            })}
        </section>
    }
    .into_any()
}
