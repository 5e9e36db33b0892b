//! What confirmed matches taught of payers, and how to forget it (CA-05).

use super::{Cash, wording};
use crate::pages::account_href;
use crate::ui::prelude::*;
use crate::workspace::NewTexts;
use duebook_cash::{Alias, AliasKind, learnt};
use duebook_ledger::Command;
use duebook_ledger::recon::{PayerText, ReconCommand};
use leptos::prelude::*;

/// The tab.
#[component]
pub fn PayersView(cash: Cash) -> impl IntoView {
    let all = Memo::new(move |_| {
        cash.ws.read(|b| {
            let each = learnt(b).into_iter();
            each.map(|a| {
                let name = wording::name(b, a.customer);
                (a, name)
            })
            .collect::<Vec<(Alias, String)>>()
        })
    });
    let forget = move |alias: Alias| {
        let Some(customer) = cash.ws.peek(|b| b.customer_key(alias.customer)) else {
            return;
        };
        let kind = match alias.kind {
            AliasKind::Account => PayerText::Account,
            _ => PayerText::Name,
        };
        let done = format!("{} is forgotten", alias.text);
        let text = alias.text;
        let command = ReconCommand::UnlearnAlias {
            kind,
            text,
            customer,
        };
        cash.ws.run(
            cash.toasts,
            Command::Recon(command),
            NewTexts::default(),
            done,
            |_| {},
        );
    };
    view! {
        <div class="cash-preview">
            <Show
                when=move || all.with(|a| !a.is_empty())
                fallback=|| view! {
                    <Empty
                        icon=Icon::People
                        title="Nothing learnt yet"
                        text=Signal::stored("When you accept what a payment pays, its payer's name and account are remembered for that customer. They are listed here, and can be forgotten.".to_owned())
                    />
                }
            >
                <p class="muted">"Learnt from accepted matches only. Forgetting leaves the matches as they are; the next one accepted teaches anew."</p>
                <div class="table-scroll" tabindex="0" role="region" aria-label="Payers learnt">
                    <table class="plain-table">
                        <thead><tr><th scope="col">"The bank writes"</th><th scope="col">"As"</th><th scope="col">"Customer"</th><th scope="col"><span class="sr-only">"Act"</span></th></tr></thead>
                        <tbody>
                            <For each=move || all.get() key=|(a, _)| (a.kind as u8, a.text.clone(), a.customer) let:row>
                                {
                                    let (alias, name) = row;
                                    let label = format!("Forget {}", alias.text);
                                    let what = match alias.kind {
                                        AliasKind::Name => "name",
                                        AliasKind::Account => "account",
                                        AliasKind::VirtualAccount => "virtual account",
                                    };
                                    let href = account_href(cash.ws, alias.customer);
                                    let text = alias.text.clone();
                                    view! {
                                        <tr>
                                            <td>{text}</td>
                                            <td>{what}</td>
                                            <td>{match href {
                                                Some(href) => view! { <a href=href>{name}</a> }.into_any(),
                                                None => name.into_any(),
                                            }}</td>
                                            <td><Button label=label kind=ButtonKind::Quiet on_press=move |()| forget(alias.clone()) /></td>
                                        </tr>
                                    }
                                }
                            </For>
                        </tbody>
                    </table>
                </div>
            </Show>
        </div>
    }
}
