//! What the file does not say and nobody guesses.

use super::{Import, wording};
use crate::ui::prelude::*;
use duebook_exchange::read::{Mark, Preview, Question};
use leptos::prelude::*;

/// One answer each; the file is read again when it is given.
#[component]
pub fn Questions(import: Import, preview: Box<Preview>) -> impl IntoView {
    let asked = preview.questions.clone();
    (!asked.is_empty()).then(|| {
        view! {
            <section class="panel panel-ask" aria-labelledby="import-asks">
                <h2 id="import-asks">{if asked.len() == 1 { "One question first" } else { "A few questions first" }}</h2>
                {asked.into_iter().map(|q| view! { <Ask import question=q /> }).collect_view()}
            </section>
        }
    })
}

#[component]
fn Ask(import: Import, question: Question) -> impl IntoView {
    let text = wording::question(&question);
    let answers: Vec<(String, Callback<()>)> = match question {
        Question::DateOrder { column, orders, .. } => orders
            .into_iter()
            .map(|order| {
                let column = column.clone();
                let answer = Callback::new(move |()| {
                    let column = column.clone();
                    import.again(move |o| _ = o.date_orders.insert(column, order));
                });
                (wording::order(order).to_owned(), answer)
            })
            .collect(),
        Question::DecimalMark { column, .. } => [Mark::Point, Mark::Comma]
            .into_iter()
            .map(|mark| {
                let column = column.clone();
                let answer = Callback::new(move |()| {
                    let column = column.clone();
                    import.again(move |o| _ = o.decimal_marks.insert(column, mark));
                });
                (wording::mark(mark).to_owned(), answer)
            })
            .collect(),
        Question::Currency { candidates } => {
            let mut codes = candidates;
            for code in ["USD", "EUR", "GBP", "INR"] {
                if !codes.iter().any(|c| c == code) {
                    codes.push(code.to_owned());
                }
            }
            return view! { <AskCurrency import text codes /> }.into_any();
        }
        Question::Kind { candidates } => candidates
            .into_iter()
            .map(|kind| {
                (
                    wording::kind(kind).to_owned(),
                    Callback::new(move |()| import.again(move |o| o.kind = Some(kind))),
                )
            })
            .chain([(
                wording::STATEMENT.to_owned(),
                Callback::new(move |()| import.on_to_cash()),
            )])
            .collect(),
    };
    view! {
        <div class="ask">
            <p>{text}</p>
            <div class="button-row">
                {answers.into_iter().map(|(label, on_press)| view! { <Button label=label on_press=on_press /> }).collect_view()}
            </div>
        </div>
    }
    .into_any()
}

#[component]
fn AskCurrency(import: Import, text: String, codes: Vec<String>) -> impl IntoView {
    let other = RwSignal::new(String::new());
    let error = Signal::derive(move || {
        other
            .with(|c| !c.trim().is_empty() && duebook_money::Currency::from_code(c).is_none())
            .then(|| "Three letters of a currency, such as CHF.".to_owned())
    });
    let answer = move |code: String| import.again(move |o| o.currency = Some(code));
    view! {
        <div class="ask">
            <p>{text}</p>
            <div class="button-row">
                {codes.into_iter().map(|code| {
                    let chosen = code.clone();
                    view! { <Button label=code on_press=move |()| answer(chosen.clone()) /> }
                }).collect_view()}
                <TextField label="Another" value=other error=error />
                <Button label="Use it" on_press=move |()| {
                    if let Some(c) = duebook_money::Currency::from_code(&other.get_untracked()) {
                        answer(c.code().to_owned());
                    }
                } />
            </div>
        </div>
    }
}
