//! Requests of the case in hand: what was asked, how far it is, who approved it, and the source's
//! documents when they come.

use super::Page;
use crate::platform::clipboard;
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::closes;
use duebook_insight::cases::CaseRow;
use duebook_ledger::cases::CaseCommand;
use duebook_ledger::cases::resolve::{
    Approval, Proposed, Request, RequestCommand, RequestEnd, RequestState, Resolution,
};
use duebook_ledger::columns::ItemKind;
use duebook_ledger::keys::FactKey;
use duebook_ledger::{Book, Command, RequestId};
use leptos::prelude::*;
use std::fmt::Write;

/// What is asked of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Handling {
    Approve(RequestId),
    Execute(RequestId),
}

/// The requests of a case.
#[component]
pub fn Requests(page: Page, row: CaseRow) -> impl IntoView {
    let list = page.ws.peek(|b| {
        let of = b.requests().filter(|(_, r)| r.fact.case == Some(row.id));
        of.map(|(id, r)| (id, r.clone(), b.request_state(id)))
            .collect::<Vec<_>>()
    });
    (!list.is_empty()).then(|| {
        let rows = list
            .into_iter()
            .rev()
            .filter_map(|(id, request, state)| Some((id, request, state?)))
            .map(|(id, request, state)| view! { <One page id request state /> });
        view! { <h3>"Resolutions"</h3><ul class="case-list">{rows.collect_view()}</ul> }
    })
}

#[component]
fn One(page: Page, id: RequestId, request: Request, state: RequestState) -> impl IntoView {
    let (tone, stands) = words::cases::request_state(state);
    let fact = &request.fact;
    let what = words::cases::resolution(&fact.asked.what);
    let c = fact.currency;
    let given = (fact.granted > 0).then(|| words::money(fact.granted, c));
    let (role, posted) = page.ws.peek(|b| {
        let posted = request.posted.get(&|s| b.is_live(s)).cloned();
        (b.role_for(id), posted)
    });
    let approved = posted.and_then(|p| p.approval).map(|a| {
        let on =
            a.on.map_or(String::new(), |d| format!(", {}", words::day(d)));
        format!("Approved by {} ({}){on}: {}", a.who, a.role, a.reference)
    });
    let numbers: Vec<String> = page.ws.peek(|b| {
        let all = 0..fact.proposed.len();
        all.map(|n| request.number_of(n, &|s| b.is_live(s)).to_owned())
            .collect()
    });
    let documents = fact.proposed.iter().zip(numbers).map(|(p, number)| {
        let part = words::cases::part_of(&fact.asked.what, p);
        let part = part.map_or(String::new(), |part| format!(", {part}"));
        let (kind, total) = (kind_of(p), words::money(p.total, c));
        view! { <li class="muted">{format!("{kind} {number}{part}: {total}, due {}", words::day(p.due))}</li> }
    });
    let differences = page.ws.peek(|b| {
        let executed = request.executed.get(&|s| b.is_live(s)).cloned();
        executed.map_or(Vec::new(), |e| e.differences)
    });
    let differences = differences.into_iter().map(|d| {
        let sum = |(net, tax): (i64, i64)| format!("{} + {}", words::amount(net, c), words::amount(tax, c));
        view! { <li class="toned tone-danger">{format!("Row {}: {} came, {} was asked", d.line + 1, sum(d.came), sum(d.proposed))}</li> }
    });
    let waits = (state == RequestState::ToApprove).then(|| match role {
        Some(role) => format!("Needs a {role}. Asked by {}.", fact.maker),
        None => format!("Nobody’s limit reaches that far. Asked by {}.", fact.maker),
    });
    let key = request.key;
    let number = fact.number.clone();
    let name = number.clone();
    let withdraw = move |()| {
        let command = Command::Case(CaseCommand::Request(RequestCommand::End {
            request: key,
            how: RequestEnd::Withdrawn,
            text: None,
        }));
        page.ws.run(
            page.toasts,
            command,
            Default::default(),
            format!("{name} withdrawn"),
            |_| {},
        );
    };
    let pack = request.clone();
    let undo = posted_commit(page, &request);
    view! {
        <li class="case-request">
            <p>
                <strong>{format!("{number} {what}")}</strong>" "
                <Chip text=stands.to_owned() tone=tone />
                {given.map(|g| view! { " "<span class="num">{g}</span> })}
            </p>
            {approved.map(|a| view! { <p class="muted">{a}</p> })}
            {waits.map(|w| view! { <p>{w}</p> })}
            <ul class="case-list">{documents.collect_view()}{differences.collect_view()}</ul>
            <p class="button-row">
                {(state == RequestState::ToApprove).then(|| view! {
                    <Button label="Record the approval" refused=page.refused() on_press=move |()| page.handling.set(Some(Handling::Approve(id))) />
                    <Button label="Withdraw" kind=ButtonKind::Quiet refused=page.refused() on_press=withdraw />
                })}
                {matches!(state, RequestState::Pending | RequestState::Differs).then(|| view! {
                    <Button label="The documents are there" refused=page.refused() on_press=move |()| page.handling.set(Some(Handling::Execute(id))) />
                })}
                <Button label="Copy the request" kind=ButtonKind::Quiet icon=Icon::Mail on_press=move |()| copy(page, &pack) />
                {undo.map(|seq| view! {
                    <Button label="Undo" kind=ButtonKind::Quiet refused=page.refused() on_press=move |()| page.ws.undo(page.toasts, seq) />
                })}
            </p>
        </li>
    }
}

/// The commit that posted it, while it can still be taken back as one.
fn posted_commit(page: Page, request: &Request) -> Option<duebook_ledger::Seq> {
    page.ws.peek(|b| {
        let (seq, _) = request.posted.latest(&|s| b.is_live(s))?;
        Some(seq)
    })
}

fn kind_of(proposed: &Proposed) -> &'static str {
    match ItemKind::from_u8(proposed.kind) {
        Some(ItemKind::CreditMemo) => "Credit note",
        Some(ItemKind::DebitMemo) => "Debit memo",
        _ => "Invoice",
    }
}

/// The request as a mail: what is asked, why, its lines, and what approval it has or needs.
fn pack(b: &Book, request: &Request) -> String {
    let fact = &request.fact;
    let c = fact.currency;
    let name = b
        .customer_facts(fact.customer)
        .map_or("", |f| f.name.as_str());
    let item = b
        .item_key(b.current(fact.item))
        .map_or(String::new(), |k| words::item(&k));
    let what = words::cases::resolution(&fact.asked.what);
    let case = fact
        .case
        .and_then(|id| b.case(id))
        .map(|c| c.fact.number.clone());
    let case = case.map_or(String::new(), |n| format!("[{n}] "));
    let mut out = format!("{case}{} {what}: {name}, {item}\n\n", fact.number);
    let _ = writeln!(
        out,
        "Asked by {}, to be posted on {}.",
        fact.maker,
        words::day(fact.asked.on)
    );
    let _ = writeln!(out, "Why: {}", fact.asked.reason);
    if fact.granted > 0 {
        let of = words::money(fact.document, c);
        let _ = writeln!(out, "Gives away {} of {of}.", words::money(fact.granted, c));
    }
    if let Resolution::PoChange(change) = &fact.asked.what {
        let _ = writeln!(
            out,
            "Purchase order: {} -> {}",
            b.po_of(fact.item),
            change.po
        );
    }
    for (place, p) in fact.proposed.iter().enumerate() {
        let part = words::cases::part_of(&fact.asked.what, p);
        let part = part.map_or(String::new(), |part| format!(", {part}"));
        let number = request.number_of(place, &|s| b.is_live(s));
        let kind = kind_of(p);
        let _ = writeln!(
            out,
            "\n{kind} {number}{part}, due {}: {}",
            words::day(p.due),
            words::money(p.total, c)
        );
        for l in &p.lines {
            let cells = [
                l.text.clone(),
                words::amount(l.net, c),
                l.tax_code.clone(),
                words::amount(l.tax, c),
                l.po.clone(),
                l.tag.clone(),
            ];
            let _ = writeln!(out, "{}", cells.join("\t"));
        }
    }
    let live = |s| b.is_live(s);
    match request.posted.get(&live).and_then(|p| p.approval.clone()) {
        Some(a) => {
            let _ = writeln!(out, "\nApproved by {} ({}): {}", a.who, a.role, a.reference);
        }
        None if request.posted.get(&live).is_some() => {
            out.push_str("\nWithin the maker’s own limit.\n")
        }
        None => {
            out.push_str("\nWaits for approval. Please answer with yes or no and a reference.\n")
        }
    }
    out
}

fn copy(page: Page, request: &Request) {
    let text = page.ws.peek(|b| pack(b, request));
    let toasts = page.toasts;
    let number = request.fact.number.clone();
    leptos::task::spawn_local(async move {
        match clipboard::copy(&text).await {
            Ok(()) => toasts.done(format!("{number} copied as mail")),
            Err(e) => toasts.error(format!(
                "Not copied: the browser did not allow it ({e}). Nothing in the book changed."
            )),
        }
    });
}

/// Approval, or the source's numbers.
#[component]
pub fn RequestDialog(page: Page) -> impl IntoView {
    let open = RwSignal::new(false);
    let text = || RwSignal::new(String::new());
    let (who, role, reference, numbers, lines) = (text(), text(), text(), text(), text());
    let kept = RwSignal::new(None::<(Handling, FactKey, Vec<Proposed>, duebook_money::Currency)>);
    Effect::new(move |_| {
        let Some(handling) = page.handling.get() else {
            return;
        };
        let (Handling::Approve(id) | Handling::Execute(id)) = handling;
        let found = page.ws.peek(|b| {
            let r = b.request(id)?;
            Some((
                r.key,
                r.fact.proposed.clone(),
                r.fact.currency,
                b.role_for(id),
            ))
        });
        let Some((key, proposed, currency, needed)) = found else {
            return;
        };
        [who, reference, numbers, lines]
            .iter()
            .for_each(|s| s.set(String::new()));
        role.set(needed.unwrap_or_default());
        kept.set(Some((handling, key, proposed, currency)));
        open.set(true);
    });
    let approving = move || kept.with(|k| matches!(k, Some((Handling::Approve(_), ..))));
    let roles = Signal::stored(page.ws.peek(|b| {
        let roles = b.policies().authority.roles.iter();
        roles
            .map(|r| Choice::new(r.role.clone(), r.role.clone()))
            .collect::<Vec<_>>()
    }));
    let asked = Signal::derive(move || {
        kept.with(|k| match k {
            Some((_, _, proposed, _)) if !proposed.is_empty() => {
                let names = proposed.iter().map(|p| p.number.as_str());
                Some(format!(
                    "With commas, in this order: {}.",
                    names.collect::<Vec<_>>().join(", ")
                ))
            }
            _ => Some("The reference it has in the ERP.".to_owned()),
        })
    });
    let wrong = RwSignal::new(None::<String>);
    let save = move |()| {
        let Some((handling, request, proposed, currency)) = kept.get_untracked() else {
            return;
        };
        let (command, done) = match handling {
            Handling::Approve(_) => {
                let approval = Approval {
                    who: who.get_untracked(),
                    role: role.get_untracked(),
                    on: None,
                    reference: reference.get_untracked(),
                };
                let done = format!("Approved by {}", approval.who.trim());
                (RequestCommand::Approve { request, approval }, done)
            }
            Handling::Execute(_) => {
                let given = numbers.get_untracked();
                let typed = lines.get_untracked();
                let mut came = vec![Vec::new(); proposed.len()];
                if !typed.trim().is_empty() && !proposed.is_empty() {
                    match super::draft::lines(&typed, currency) {
                        Ok(read) => {
                            if let Some(last) = came.last_mut() {
                                *last = read;
                            }
                        }
                        Err(e) => return wrong.set(Some(e)),
                    }
                }
                let numbers = given.split(',').map(|n| n.trim().to_owned()).collect();
                let command = RequestCommand::Execute {
                    request,
                    numbers,
                    lines: came,
                };
                (command, "Compared with what came".to_owned())
            }
        };
        wrong.set(None);
        let command = Command::Case(CaseCommand::Request(command));
        page.ws
            .run(page.toasts, command, Default::default(), done, closes(open));
    };
    let title = Signal::derive(move || {
        match approving() {
            true => "Record the approval",
            false => "The documents are there",
        }
        .to_owned()
    });
    view! {
        <Dialog
            open=open
            title=title
            on_close=move |()| page.handling.set(None)
            actions=move || view! { <Button label=title kind=ButtonKind::Primary refused=page.refused() on_press=save /> }
        >
            <form
                class="case-form"
                on:submit=move |event| {
                    event.prevent_default();
                    save(());
                }
            >
                // Enter in any field saves: a form of several fields needs a button for it.
                <button type="submit" hidden></button>
                <Show
                    when=approving
                    fallback=move || view! {
                        <TextField label="Numbers in the ERP" value=numbers hint=asked />
                        <TextArea label="Rows of the last one, as it came" value=lines optional=true error=wrong hint=Signal::stored(Some("To compare: what; net; tax code; tax.".to_owned())) />
                    }
                >
                    <div class="row">
                        <TextField label="Who approved it" value=who />
                        <SelectField label="As" value=role choices=roles hint=Signal::stored(Some("Counts where the limits do not list the person.".to_owned())) />
                    </div>
                    <TextField label="Where it is written" value=reference hint=Signal::stored(Some("Mail, ticket or minutes.".to_owned())) />
                </Show>
            </form>
        </Dialog>
    }
}
