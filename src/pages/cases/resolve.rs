//! The resolution of the case in hand: what is typed, what it would do before it is done, and whether
//! it is within the limits; posted, or kept as a request to whoever may approve it.

use super::Page;
use super::draft::{self, Draft, KINDS};
use crate::pages::shared::account::typed_day;
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::{NewTexts, actor};
use duebook_insight::cases::{CaseRow, Preview, preview};
use duebook_ledger::cases::CaseCommand;
use duebook_ledger::cases::resolve::{Adjustment, DocLine, NewRequest, RequestCommand};
use duebook_ledger::columns::{ItemKind, NumField};
use duebook_ledger::keys::ItemKey;
use duebook_ledger::refusal::{CaseRefusal, Refusal};
use duebook_ledger::{Command, Context, ItemId, Uid};
use duebook_money::Currency;
use duebook_policy::cases::TaxRegime;
use leptos::prelude::*;

/// A document of the case.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Document {
    id: ItemId,
    key: ItemKey,
    currency: Currency,
    amount: i64,
    contested: i64,
    tax: i64,
}

/// What is typed.
#[derive(Clone, Copy)]
struct Typed {
    document: RwSignal<String>,
    kind: RwSignal<String>,
    billed: RwSignal<String>,
    right: RwSignal<String>,
    credited: RwSignal<String>,
    parts: RwSignal<String>,
    by_line: RwSignal<bool>,
    tax_documents: RwSignal<bool>,
    amount: RwSignal<String>,
    po: RwSignal<String>,
    who: RwSignal<String>,
    our_fault: RwSignal<bool>,
    on: RwSignal<String>,
    fell_on: RwSignal<String>,
    tax_note: RwSignal<bool>,
    reason: RwSignal<String>,
    numbers: RwSignal<String>,
    credit: RwSignal<String>,
}

/// What the form comes to.
#[derive(Clone, PartialEq)]
enum Outcome {
    /// Something cannot be read.
    Unread(String),
    /// The book refuses it.
    Refused(String),
    /// Above the limit; whether somebody may approve it, and what it would do.
    Over(String, bool),
    /// It can be done.
    Ready(Box<Preview>),
}

/// The dialog.
#[component]
pub fn ResolveDialog(page: Page) -> impl IntoView {
    let open = RwSignal::new(false);
    let kept = RwSignal::new(None::<CaseRow>);
    let documents = RwSignal::new(Vec::<Document>::new());
    let credits = RwSignal::new(Vec::<(ItemKey, String)>::new());
    let text = || RwSignal::new(String::new());
    let flag = || RwSignal::new(false);
    let typed = Typed {
        document: text(),
        kind: text(),
        billed: text(),
        right: text(),
        credited: text(),
        parts: text(),
        by_line: flag(),
        tax_documents: flag(),
        amount: text(),
        po: text(),
        who: text(),
        our_fault: flag(),
        on: text(),
        fell_on: text(),
        tax_note: flag(),
        reason: text(),
        numbers: text(),
        credit: text(),
    };
    Effect::new(move |_| {
        if !page.resolving.get() {
            return;
        }
        let Some(row) = untrack(|| page.in_hand()) else {
            return;
        };
        let list = documents_of(page, &row);
        prepare(page, typed, &row, &list);
        documents.set(list);
        credits.set(credits_of(page, &row));
        kept.set(Some(row));
        open.set(true);
    });
    let one = move || {
        documents.with(|d| {
            let named = d
                .iter()
                .find(|d| typed.document.with(|t| words::item(&d.key) == *t));
            named.or(d.first()).cloned()
        })
    };
    // Another document brings its own lines and amount.
    Effect::new(move |before: Option<String>| {
        let now = typed.document.get();
        if before.is_some_and(|b| b != now)
            && let Some(one) = untrack(one)
        {
            fill(typed, &one);
        }
        now
    });
    let asked = move |ask: bool| -> Result<NewRequest, String> {
        let one = one().ok_or("The case has no document.")?;
        let row = kept.get().ok_or("There is no case in hand.")?;
        let today = page.ws.today();
        let day = |s: RwSignal<String>, what: &str| match s.get().trim() {
            "" => Ok(None),
            text => typed_day(text, today)
                .map(Some)
                .ok_or(format!("{what}: a date, such as 21 nov.")),
        };
        let on = day(typed.on, "Posted on")?;
        let due = match typed.our_fault.get() {
            false => None,
            true => page
                .ws
                .peek(|b| b.rebill_due(one.id, true, on.unwrap_or(today))),
        };
        let credit = typed.credit.get();
        let draft = Draft {
            kind: typed.kind.get(),
            billed: typed.billed.get(),
            right: typed.right.get(),
            credited: typed.credited.get(),
            parts: typed.parts.get(),
            by_line: typed.by_line.get(),
            tax_documents: typed.tax_documents.get(),
            amount: typed.amount.get(),
            po: typed.po.get(),
            who: typed.who.get(),
            due,
            on,
            fell_on: day(typed.fell_on, "Came about on")?,
            tax_note: typed.tax_note.get(),
            reason: typed.reason.get(),
            numbers: typed.numbers.get(),
            credit: credits.with(|c| c.iter().find(|(_, l)| *l == credit).map(|(k, _)| k.clone())),
            ask,
        };
        let case = page.ws.peek(|b| b.case(row.id).map(|c| c.key));
        draft.request(&one.key, case, one.currency, today)
    };
    let outcome = Memo::new(move |_| {
        if !open.get() {
            return Outcome::Unread(String::new());
        }
        match asked(false) {
            Err(e) => Outcome::Unread(e),
            Ok(request) => judge(page, &request, one().map(|d| d.currency)),
        }
    });
    let over = Signal::derive(move || matches!(outcome.get(), Outcome::Over(_, true)));
    let refused = Signal::derive(move || {
        page.refused().get().or_else(|| match outcome.get() {
            Outcome::Ready(_) | Outcome::Over(_, true) => None,
            Outcome::Unread(e) | Outcome::Refused(e) | Outcome::Over(e, false) => Some(e),
        })
    });
    let label = Signal::derive(move || {
        match (over.get(), beside_erp(page)) {
            (true, _) => "Save as a request to approve",
            (false, true) => "Request it of the ERP",
            (false, false) => "Post it",
        }
        .to_owned()
    });
    let save = move |()| {
        let ask = over.get_untracked();
        let Ok(request) = untrack(|| asked(ask)) else {
            return;
        };
        let Some(row) = kept.get_untracked() else {
            return;
        };
        let what = words::cases::resolution(&request.what);
        let done = match ask {
            true => format!("{}: {what} waits for approval", row.number),
            false => format!("{}: {what}", row.number),
        };
        let command = Command::Case(CaseCommand::Request(RequestCommand::Make(Box::new(
            request,
        ))));
        page.ws.run(
            page.toasts,
            command,
            NewTexts::default(),
            done,
            move |saved| {
                if saved.is_some() {
                    let _ = open.try_set(false);
                }
            },
        );
    };
    let title = Signal::derive(move || {
        kept.with(|k| {
            k.as_ref()
                .map_or(String::new(), |r| format!("Resolve {}", r.number))
        })
    });
    view! {
        <Dialog
            open=open
            title=title
            wide=true
            on_close=move |()| page.resolving.set(false)
            actions=move || view! { <Button label=label kind=ButtonKind::Primary refused=refused on_press=save /> }
        >
            <form
                class="case-resolve"
                on:submit=move |event| {
                    event.prevent_default();
                    save(());
                }
            >
                // Enter in any field saves: a form of several fields needs a button for it.
                <button type="submit" hidden></button>
                <Fields page typed documents credits />
                <section class="case-preview" aria-label="What it does" aria-live="polite">
                    {move || view! { <Shown outcome=outcome.get() currency=one().map(|d| d.currency) /> }}
                </section>
            </form>
        </Dialog>
    }
}

fn beside_erp(page: Page) -> bool {
    page.ws.peek(|b| {
        let own = b.about().is_some_and(|a| a.own_ledger);
        !own && !b.sources().is_empty()
    })
}

/// What deciding the request comes to: nothing is written.
fn judge(page: Page, request: &NewRequest, currency: Option<Currency>) -> Outcome {
    let context = Context {
        command_id: Uid::default(),
        recorded_at: 0,
        ledger_date: page.ws.today_untracked(),
        actor: actor(),
    };
    let command = Command::Case(CaseCommand::Request(RequestCommand::Make(Box::new(
        request.clone(),
    ))));
    page.ws.peek(
        |b| match b.decide(&context, &command, &Default::default()) {
            Ok(decision) => Outcome::Ready(Box::new(preview(b, &decision.events))),
            Err(Refusal::Case(CaseRefusal::OverLimit { breaches, needed })) => {
                let said = words::cases::over_limit(&breaches, needed.as_deref(), currency);
                Outcome::Over(said, needed.is_some())
            }
            Err(Refusal::Case(CaseRefusal::LinesDiffer { expected, given })) => {
                let sum = |minor| currency.map_or(String::new(), |c| words::money(minor, c));
                Outcome::Refused(format!(
                    "They sum to {}, and have to sum to {}.",
                    sum(given),
                    sum(expected)
                ))
            }
            Err(other) => Outcome::Refused(words::refusal(Some(page.ws), &other)),
        },
    )
}

fn documents_of(page: Page, row: &CaseRow) -> Vec<Document> {
    page.ws.peek(|b| {
        let live = |s| b.is_live(s);
        let lines = b.case(row.id).map_or(&[][..], |c| c.lines_now(&live));
        let mut out: Vec<Document> = Vec::new();
        for line in lines {
            let id = b.current(line.item);
            let (Some(item), Some(key)) = (b.item(id), b.item_key(id)) else {
                continue;
            };
            if out.iter().any(|d| d.id == id) {
                continue;
            }
            out.push(Document {
                id,
                key,
                currency: item.currency(),
                amount: b.amount_of(&item),
                contested: b.disputed(id).min(item.open().max(0)),
                tax: item.num(NumField::Tax).unwrap_or(0),
            });
        }
        out
    })
}

/// What of the customer's could be set off: deposits, credits, money on account.
fn credits_of(page: Page, row: &CaseRow) -> Vec<(ItemKey, String)> {
    page.ws.peek(|b| {
        let of = b.items_of(row.customer).filter(|i| i.open() < 0);
        of.filter_map(|i| {
            let key = b.item_key(i.id)?;
            let kind = match i.kind() {
                ItemKind::OnAccount => "on account",
                ItemKind::CreditMemo => "credit memo",
                _ => "payment",
            };
            let open = words::money(i.open().saturating_neg(), i.currency());
            Some((
                key.clone(),
                format!("{} ({kind}), {open}", words::item(&key)),
            ))
        })
        .collect()
    })
}

fn prepare(page: Page, typed: Typed, row: &CaseRow, documents: &[Document]) {
    let all = [
        typed.parts,
        typed.credited,
        typed.po,
        typed.who,
        typed.fell_on,
        typed.numbers,
        typed.credit,
    ];
    all.iter().for_each(|s| s.set(String::new()));
    [typed.by_line, typed.tax_documents, typed.tax_note]
        .iter()
        .for_each(|s| s.set(false));
    typed.on.set("today".to_owned());
    let usual = page.ws.peek(|b| {
        let reason = b.policies().cases.reason(&row.reason);
        typed.our_fault.set(reason.is_some_and(|r| r.unpayable));
        typed
            .reason
            .set(reason.map_or(row.reason.clone(), |r| r.name.clone()));
        reason
            .map_or("", |r| match r.code.as_str() {
                "TAX" | "BTO" => "rebill",
                "POM" => "po",
                "SPL" => "split",
                "SVC" => "2",
                "CUR" => "4",
                _ => "0",
            })
            .to_owned()
    });
    typed.kind.set(usual);
    if let Some(first) = documents.first() {
        typed.document.set(words::item(&first.key));
        fill(typed, first);
    }
}

/// The lines and amount of a document, as far as the book knows them.
fn fill(typed: Typed, document: &Document) {
    let c = document.currency;
    let line = DocLine {
        text: "As billed".to_owned(),
        net: document.amount - document.tax,
        tax_code: if document.tax == 0 {
            String::new()
        } else {
            "tax".to_owned()
        },
        tax: document.tax,
        ..DocLine::default()
    };
    let written = draft::written(&[line], |minor| words::amount(minor, c));
    typed.billed.set(written.clone());
    typed.right.set(written);
    typed.amount.set(words::amount(document.contested, c));
}

#[component]
fn Fields(
    page: Page,
    typed: Typed,
    documents: RwSignal<Vec<Document>>,
    credits: RwSignal<Vec<(ItemKey, String)>>,
) -> impl IntoView {
    let choices = Signal::derive(move || {
        documents.with(|d| {
            d.iter()
                .map(|d| {
                    let name = words::item(&d.key);
                    let label = format!("{name}, {}", words::money(d.amount, d.currency));
                    Choice::new(name, label)
                })
                .collect::<Vec<_>>()
        })
    });
    let kinds = Signal::stored({
        let mut list: Vec<Choice> = KINDS.iter().map(|(id, l)| Choice::new(*id, *l)).collect();
        let all = Adjustment::ALL.iter().enumerate();
        list.extend(all.map(|(n, a)| Choice::new(n.to_string(), words::cases::adjustment(*a))));
        list
    });
    let is = move |kinds: &'static [&'static str]| {
        Memo::new(move |_| typed.kind.with(|k| kinds.contains(&k.as_str())))
    };
    let (rebill, split, po) = (is(&["rebill"]), is(&["split"]), is(&["po"]));
    let adjusts = Memo::new(move |_| typed.kind.with(|k| k.parse::<usize>().is_ok()));
    let notes = Memo::new(move |_| {
        let place = typed.kind.with(|k| k.parse::<usize>().ok());
        let kind = place.and_then(|n| Adjustment::ALL.get(n));
        kind.is_some_and(|k| k.is_credit_note())
    });
    let set_off = Memo::new(move |_| {
        let place = Adjustment::ALL
            .iter()
            .position(|a| *a == Adjustment::SetOff);
        typed.kind.with(|k| k.parse::<usize>().ok() == place)
    });
    let credit_choices = Signal::derive(move || {
        let mut list = vec![Choice::new("", "Choose")];
        credits.with(|c| list.extend(c.iter().map(|(_, l)| Choice::new(l.clone(), l.clone()))));
        list
    });
    let rows = "One row each: what; net; tax code; tax; PO or tag.";
    let issues = !beside_erp(page);
    let tax = page.ws.peek(|b| b.policies().cases.tax != TaxRegime::None);
    let currency = Signal::derive(move || {
        documents.with(|d| {
            d.first()
                .map_or(String::new(), |d| d.currency.code().to_owned())
        })
    });
    view! {
        <div class="case-resolve-fields">
            <SelectField label="Document" value=typed.document choices=choices />
            <SelectField label="What is to be done" value=typed.kind choices=kinds />
            <Show when=move || adjusts.get()>
                <AmountField label="Amount" currency=currency value=typed.amount />
            </Show>
            <Show when=move || notes.get()>
                <TextArea label="Rows of the credit note" value=typed.credited optional=true hint=Signal::stored(Some(rows.to_owned())) />
            </Show>
            <Show when=move || set_off.get()>
                <SelectField label="Paid by" value=typed.credit choices=credit_choices />
            </Show>
            <Show when=move || rebill.get() || split.get()>
                <TextArea label="As billed" value=typed.billed hint=Signal::stored(Some(rows.to_owned())) />
            </Show>
            <Show when=move || rebill.get()>
                <TextArea label="As it should be" value=typed.right />
                <Checkbox
                    label="Our fault made the first one unpayable: due anew by its terms"
                    value=typed.our_fault
                    hint=Signal::stored(Some("It ages from the first due date either way.".to_owned()))
                />
            </Show>
            <Show when=move || split.get()>
                <Checkbox label="By the last cell of each row: line, PO, cost centre or period" value=typed.by_line />
                <Show when=move || !typed.by_line.get()>
                    <TextArea label="Parts" value=typed.parts hint=Signal::stored(Some("One row each: 60 % or an amount; PO.".to_owned())) />
                </Show>
                <Checkbox
                    label="New tax documents"
                    value=typed.tax_documents
                    hint=Signal::stored(Some("Else only what is owed is split, and the invoice stays as it is.".to_owned()))
                />
            </Show>
            <Show when=move || po.get() || rebill.get()>
                <TextField label="Purchase order" value=typed.po optional=true />
            </Show>
            <Show when=move || po.get()>
                <TextField label="Who asked" value=typed.who optional=true />
            </Show>
            <div class="row">
                <TextField label="Posted on" value=typed.on />
                {tax.then(|| view! { <TextField label="Came about on" value=typed.fell_on optional=true /> })}
            </div>
            {tax.then(|| view! { <Checkbox label="A credit note that changes tax" value=typed.tax_note /> })}
            <TextField label="Why" value=typed.reason />
            {issues.then(|| view! {
                <TextField label="Numbers of the new documents" value=typed.numbers optional=true hint=Signal::stored(Some("In order, with commas: the credit note, then the bills.".to_owned())) />
            })}
        </div>
    }
}

#[component]
fn Shown(outcome: Outcome, currency: Option<Currency>) -> impl IntoView {
    match outcome {
        Outcome::Unread(text) => view! { <p class="muted">{text}</p> }.into_any(),
        Outcome::Refused(text) => view! { <Callout tone=Tone::Danger>{text}</Callout> }.into_any(),
        Outcome::Over(text, _) => view! { <Callout tone=Tone::Warn>{text}</Callout> }.into_any(),
        Outcome::Ready(p) => {
            let c = p.currency.or(currency).unwrap_or(Currency::XXX);
            let rows = p.lines.iter().map(|l| {
                let before = if l.is_new {
                    "–".to_owned()
                } else {
                    words::amount(l.before, c)
                };
                let from = l.ages_from.map_or("–".to_owned(), words::day);
                let name = if l.is_new {
                    format!("{} (new)", l.number)
                } else {
                    l.number.clone()
                };
                view! {
                    <tr>
                        <td>{name}</td>
                        <td class="num">{before}</td>
                        <td class="num">{words::amount(l.after, c)}</td>
                        <td>{from}</td>
                    </tr>
                }
            });
            let format = words::number_format();
            let sum = |minor: i128| format!("{} {}", format.minor(minor, c.exponent()), c.code());
            let tax = p
                .tax
                .iter()
                .map(|(code, minor)| format!("tax {code}: {}", sum(*minor)));
            let tax: Vec<String> = tax.collect();
            let net = (p.net != 0).then(|| format!("net billed: {}", sum(p.net)));
            let changes: Vec<String> = net.into_iter().chain(tax).collect();
            view! {
                <table class="case-items">
                    <thead><tr><th>"Document"</th><th class="num">"Open before"</th><th class="num">"After"</th><th>"Ages from"</th></tr></thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
                <p>{format!("What is owed changes by {}.", sum(p.owed))}</p>
                {(!changes.is_empty()).then(|| view! { <p class="muted">{format!("Change of {}.", changes.join(", "))}</p> })}
            }
            .into_any()
        }
    }
}
