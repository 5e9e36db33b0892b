//! Terms codes that rows without a due date have: what they mean is asked once per source.

use super::{Import, wording};
use crate::ui::format::plural;
use crate::ui::prelude::*;
use crate::words;
use duebook_exchange::read::Preview;
use duebook_ledger::Command;
use duebook_ledger::policy::PolicyChange;
use duebook_policy::TermsCode;
use leptos::prelude::*;
use std::collections::BTreeMap;

/// Meanings by code, as they were typed.
pub type Given = BTreeMap<String, String>;

/// Codes asked about at once; those behind them come when these have a meaning.
const SHOWN: usize = 12;

impl Import {
    /// Another source that the book knows is named: its codes and columns are used from then on.
    pub(super) fn read_on_source(self) {
        Effect::new(move |before: Option<String>| {
            let source = self.source.with(|s| s.trim().to_owned());
            let previewed = self
                .step
                .with_untracked(|s| matches!(s, super::Step::Preview(_)));
            let known = self.ws.peek(|b| b.sources().contains(&source));
            if previewed && known && before.is_some_and(|b| b != source) {
                let mut kept = wording::remembered(self.ws, &source);
                // What is said of the file in hand holds whatever it is a file of.
                kept.terms_codes.extend(self.given_terms.get_untracked());
                let differs = self.options.with_untracked(|now| {
                    now.terms_codes != kept.terms_codes || now.mapping != kept.mapping
                });
                if differs {
                    self.again(move |o| {
                        o.terms_codes = kept.terms_codes;
                        o.mapping = kept.mapping;
                    });
                }
            }
            source
        });
    }
    /// Keeps the codes that were given a meaning here, with their source, in the book.
    pub(super) async fn keep_terms(self, source: &str) {
        let mut table = self.ws.peek(|b| b.policies().terms.clone());
        let before = table.clone();
        let given = self.given_terms.try_get_untracked().unwrap_or_default();
        for (code, means) in given {
            table.set(TermsCode {
                source: source.to_owned(),
                code,
                means,
            });
        }
        if table == before {
            return;
        }
        let command = Command::SetPolicy(PolicyChange::Terms(table));
        // The file is in; without its codes the next one only asks again.
        if let Err(error) = self.ws.submit(command, Default::default()).await {
            self.toasts.error(format!(
                "The file is in the book, but its terms codes were not kept: {}",
                words::submit_error(Some(self.ws), &error)
            ));
        }
    }
}

/// The codes to be asked about; nothing where every one is known.
#[component]
pub fn TermsCodes(import: Import, preview: Box<Preview>) -> impl IntoView {
    let all = preview.unknown_terms.clone();
    if all.is_empty() {
        return ().into_any();
    }
    let behind = all.len().saturating_sub(SHOWN);
    let asked: Vec<(String, u64, RwSignal<String>)> = all
        .into_iter()
        .take(SHOWN)
        .map(|u| (u.code, u.rows, RwSignal::new(String::new())))
        .collect();
    let given = StoredValue::new(asked.clone());
    let refused = Signal::derive(move || {
        let (mut some, mut wrong) = (false, false);
        given.with_value(|all| {
            for (_, _, means) in all {
                let text = means.get();
                some |= !text.trim().is_empty();
                wrong |= words::terms_error(&text).is_some();
            }
        });
        match (some, wrong) {
            (_, true) => Some("One of the meanings cannot be read.".to_owned()),
            (false, _) => Some("Say what at least one code means.".to_owned()),
            _ => None,
        }
    });
    let use_them = move |()| {
        let codes: Vec<(String, String)> = given.with_value(|all| {
            let filled = all
                .iter()
                .map(|(code, _, means)| (code.clone(), means.get_untracked().trim().to_owned()));
            filled.filter(|(_, means)| !means.is_empty()).collect()
        });
        import
            .given_terms
            .update(|given| given.extend(codes.clone()));
        import.again(move |o| o.terms_codes.extend(codes));
    };
    view! {
        <section class="panel panel-ask" aria-labelledby="import-terms">
            <h2 id="import-terms">"Terms codes without a meaning"</h2>
            <p class="muted">
                "Rows of these have no due date of their own. Say what a code means, such as “net 30”, “15 MFI”, “30 EOM then-EOM” or “immediate”; it is kept for this source, and Settings changes it. A code without a meaning leaves its rows without a due date."
            </p>
            <div class="form-row">
                {asked.into_iter().map(|(code, rows, means)| {
                    let error = Signal::derive(move || means.with(|t| words::terms_error(t)));
                    let hint = plural(rows as usize, "row", "rows", Default::default());
                    view! { <TextField label=format!("{code} means") value=means error=error hint=Some(hint) /> }
                }).collect_view()}
            </div>
            {(behind > 0).then(|| view! { <p class="muted">{behind_words(behind)}</p> })}
            <p class="button-row"><Button label="Use these meanings" kind=ButtonKind::Primary refused=refused on_press=use_them /></p>
        </section>
    }
    .into_any()
}

fn behind_words(behind: usize) -> String {
    match behind {
        1 => "One more code is asked about after these.".to_owned(),
        n => format!("{n} more codes are asked about after these."),
    }
}
