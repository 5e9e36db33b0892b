//! Remittance advices as evidence: from files (820, lockbox, pain.001, camt.054, tables) and from
//! pasted text. They are kept while this tab is open; what a payment pays is kept for ever once it
//! is accepted.

use super::Cash;
use crate::jobs::{AdviceRead, advice_of_text};
use crate::ui::format::plural;
use crate::ui::prelude::*;
use crate::words;
use duebook_cash::{Advice, RemittanceLine};
use duebook_journal::BookId;
use duebook_money::{Currency, Day};
use leptos::prelude::*;
use std::cell::RefCell;

/// Advices kept; the oldest go.
const MOST: usize = 5_000;

thread_local! {
    static KEPT: RefCell<Vec<(BookId, Advice)>> = const { RefCell::new(Vec::new()) };
}

/// The advices kept of a book.
pub fn kept(book: BookId) -> Vec<Advice> {
    KEPT.with_borrow(|all| {
        let own = all.iter().filter(|(id, _)| *id == book);
        own.map(|(_, a)| a.clone()).collect()
    })
}

/// As matching takes it.
fn read(a: &AdviceRead) -> Advice {
    Advice {
        payer: a.payer.clone(),
        reference: a.reference.clone(),
        currency: Currency::from_numeric(a.currency).unwrap_or(Currency::XXX),
        amount: a.amount,
        day: a.day.map(Day),
        lines: a
            .lines
            .iter()
            .map(
                |(reference, gross, discount, adjustment, paid, note)| RemittanceLine {
                    reference: reference.clone(),
                    gross: *gross,
                    discount: *discount,
                    adjustment: *adjustment,
                    paid: *paid,
                    note: note.clone(),
                },
            )
            .collect(),
    }
}

impl Cash {
    /// Keeps advices and matches anew; those known already are left.
    pub(super) fn keep_advices(self, fresh: &[AdviceRead]) {
        let book = self.ws.id();
        let added = KEPT.with_borrow_mut(|all| {
            let before = all.len();
            for advice in fresh.iter().map(read) {
                if !all
                    .iter()
                    .any(|(id, known)| *id == book && *known == advice)
                {
                    all.push((book, advice));
                }
            }
            let added = all.len() - before;
            let over = all.len().saturating_sub(MOST);
            all.drain(..over);
            added
        });
        let what = plural(added, "advice is", "advices are", Default::default());
        self.toasts.done(format!(
            "{what} held against the payments, while this tab is open"
        ));
        self.advised.update(|n| *n += 1);
    }
}

/// What is in an advice, in one line.
pub fn summary(a: &AdviceRead) -> String {
    let currency = Currency::from_numeric(a.currency).unwrap_or(Currency::XXX);
    let amount = a.amount.map_or("an amount not said".to_owned(), |m| {
        words::money(m, currency)
    });
    let who = match a.payer.is_empty() {
        true => String::new(),
        false => format!("{}: ", a.payer),
    };
    let documents = plural(a.lines.len(), "document", "documents", Default::default());
    format!("{who}{amount} for {documents}")
}

/// The advice with documents that the user names beside those found.
fn with_documents(mut advice: AdviceRead, typed: &str) -> AdviceRead {
    for number in typed.split([',', ';', '\n']).map(str::trim) {
        let known = advice.lines.iter().any(|l| l.0 == number);
        if !number.is_empty() && !known {
            let line = (number.to_owned(), None, 0, 0, None, String::new());
            advice.lines.push(line);
        }
    }
    advice
}

/// A pasted advice.
#[component]
pub fn PasteDialog(cash: Cash) -> impl IntoView {
    let text = RwSignal::new(String::new());
    let code = RwSignal::new(String::new());
    Effect::new(move |_| {
        if cash.pasting.get() {
            let currency = untrack(|| cash.sheet().map(|s| s.facts.currency));
            let own = cash.ws.peek(|b| b.policies().rates.reporting());
            code.set(currency.unwrap_or(own).code().to_owned());
        }
    });
    let (total, documents) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let found = Memo::new(move |_| {
        let currency = code.with(|c| Currency::from_code(c.trim()));
        text.with(|t| (!t.trim().is_empty()).then(|| advice_of_text(t, currency)))
            .map(|a| documents.with(|d| with_documents(a, d)))
    });
    // What is typed stands before what was found.
    let typed = Memo::new(move |_| {
        let currency = found.with(|a| a.as_ref().map(|a| a.currency))?;
        let currency = Currency::from_numeric(currency).unwrap_or(Currency::XXX);
        total.with(|t| (!t.trim().is_empty()).then(|| words::typed(t, currency).filter(|m| *m > 0)))
    });
    let complete = Memo::new(move |_| {
        let mut advice = found.get()?;
        advice.amount = typed.get().flatten().or(advice.amount);
        Some(advice)
    });
    let refused = Signal::derive(move || match complete.get() {
        None => Some("Paste the text of a mail, a letter or a PDF.".to_owned()),
        Some(_) if typed.get() == Some(None) => {
            Some("What is paid in all is not an amount.".to_owned())
        }
        Some(a) if a.lines.is_empty() => {
            Some("No document number is found in it: type those it pays.".to_owned())
        }
        Some(a) if read(&a).total().is_none() => Some(
            "No total is found in it, and not every line has an amount: type what is paid in all."
                .to_owned(),
        ),
        Some(_) => None,
    });
    let press = move |()| {
        if let Some(advice) = complete.get_untracked() {
            cash.keep_advices(&[advice]);
            for field in [text, total, documents] {
                field.set(String::new());
            }
            cash.pasting.set(false);
        }
    };
    let says = move || {
        complete.get().map(|a| {
            let lines: Vec<String> = a
                .lines
                .iter()
                .take(8)
                .map(|l| {
                    let currency = Currency::from_numeric(a.currency).unwrap_or(Currency::XXX);
                    match l.4 {
                        Some(paid) => format!("{} {}", l.0, words::amount(paid, currency)),
                        None => l.0.clone(),
                    }
                })
                .collect();
            format!("{}: {}", summary(&a), lines.join(", "))
        })
    };
    view! {
        <Dialog
            open=cash.pasting
            title="Paste a remittance advice"
            actions=move || view! { <Button label="Use it" kind=ButtonKind::Primary refused=refused on_press=press /> }
        >
            <TextArea label="Text of the mail or PDF" value=text />
            <TextField label="Currency" value=code hint=Some("Of amounts that name none.".to_owned()) />
            <TextField label="Paid in all" value=total optional=true hint=Some("Where the text does not say it, or says it wrong.".to_owned()) />
            <TextField label="Further documents" value=documents optional=true hint=Some("Numbers with commas between, where the text does not name them all.".to_owned()) />
            <p role="status" class="muted">{says}</p>
        </Dialog>
    }
}
