//! The resolution of the case in hand: what is typed, what it would do before it is done, and whether
//! it is within the limits; posted, or kept as a request to whoever may approve it.

use super::Page;
use super::documents::{Document, credits_of, documents_of, taken_back};
use super::draft::{self, Draft, KINDS};
use super::preview::{BeforeAfter, Outcome, Shown, judge};
use crate::pages::shared::account::typed_day;
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::{NewTexts, closes};
use duebook_insight::cases::{CaseRow, Preview};
use duebook_ledger::Command;
use duebook_ledger::cases::CaseCommand;
use duebook_ledger::cases::resolve::{
    Adjustment, DocLine, NewRequest, RequestCommand, Resolution, SplitBasis,
};
use duebook_ledger::keys::ItemKey;
use duebook_policy::cases::TaxRegime;
use leptos::prelude::*;

/// What is typed.
#[derive(Clone, Copy)]
struct Typed {
    document: RwSignal<String>,
    kind: RwSignal<String>,
    billed: RwSignal<String>,
    right: RwSignal<String>,
    credited: RwSignal<String>,
    parts: RwSignal<String>,
    basis: RwSignal<String>,
    by_line: RwSignal<bool>,
    /// `tax` or `ar` (SP-04).
    split: RwSignal<String>,
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
    settlement: RwSignal<String>,
    /// Place of the part that carries what is contested, from 1.
    carries: RwSignal<String>,
    rejected: RwSignal<String>,
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
        basis: text(),
        by_line: flag(),
        split: text(),
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
        settlement: text(),
        carries: text(),
        rejected: text(),
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
        let (credit, settlement) = (typed.credit.get(), typed.settlement.get());
        let back = taken_back(page, &typed.kind.get(), one.id);
        let draft = Draft {
            kind: typed.kind.get(),
            billed: typed.billed.get(),
            right: typed.right.get(),
            credited: typed.credited.get(),
            parts: typed.parts.get(),
            basis: typed.basis.get(),
            by_line: typed.by_line.get(),
            tax_documents: typed.split.with(|s| s == "tax"),
            amount: typed.amount.get(),
            po: typed.po.get(),
            who: typed.who.get(),
            rejected_on: day(typed.rejected, "Rejected by the portal on")?,
            contested_part: match typed.carries.get().trim() {
                "" => None,
                text => {
                    let place = text.parse::<u32>().ok().filter(|n| *n > 0);
                    let place =
                        place.ok_or("The part that is contested: its number, such as 1.")?;
                    Some(place - 1)
                }
            },
            due,
            on,
            fell_on: day(typed.fell_on, "Came about on")?,
            tax_note: typed.tax_note.get(),
            reason: typed.reason.get(),
            numbers: typed.numbers.get(),
            credit: credits.with(|c| c.iter().find(|(_, l)| *l == credit).map(|(k, _)| k.clone())),
            settlement: back
                .into_iter()
                .find(|(_, l)| *l == settlement)
                .map(|(k, _)| k),
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
    let request = Signal::derive(move || asked(false).ok());
    let account = Signal::derive(move || {
        let row = kept.get()?;
        Some((row.customer, one()?.currency))
    });
    let over = Signal::derive(move || matches!(outcome.get(), Outcome::Over(_, true, _)));
    let refused = Signal::derive(move || {
        page.refused().get().or_else(|| match outcome.get() {
            Outcome::Ready(_) | Outcome::Over(_, true, _) => None,
            Outcome::Unread(e) | Outcome::Refused(e) | Outcome::Over(e, false, _) => Some(e),
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
        // Enter in a field comes here too: what the button refuses is not tried; why stands beside it.
        if untrack(|| refused.get()).is_some() {
            return;
        }
        let ask = over.get_untracked();
        let Ok(mut request) = untrack(|| asked(ask)) else {
            return;
        };
        // What was shown is what is issued: where another tab took the number meanwhile it is refused.
        // One that waits for approval draws its number when it is issued.
        if let (false, Outcome::Ready(shown)) = (ask, outcome.get_untracked()) {
            pin_numbers(page, &mut request, &shown);
        }
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
            closes(open),
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
                <BeforeAfter page request of=account />
            </form>
        </Dialog>
    }
}

/// Gives a request the numbers that its preview shows, in a ledger whose owner issues documents.
fn pin_numbers(page: Page, request: &mut NewRequest, shown: &Preview) {
    let own_numbers = !matches!(&request.what, Resolution::Split(s) if !s.tax_documents);
    if !beside_erp(page) && own_numbers {
        request.numbers = shown.proposed.iter().map(|p| p.number.clone()).collect();
    }
}

fn beside_erp(page: Page) -> bool {
    page.ws.peek(|b| {
        let own = b.about().is_some_and(|a| a.own_ledger);
        !own && !b.sources().is_empty()
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
        typed.settlement,
        typed.carries,
        typed.rejected,
    ];
    all.iter().for_each(|s| s.set(String::new()));
    [typed.by_line, typed.tax_note]
        .iter()
        .for_each(|s| s.set(false));
    let separate = page.ws.peek(|b| b.separate_tax(row.customer).is_some());
    typed
        .split
        .set(if separate { "tax" } else { "ar" }.to_owned());
    let basis = if row.reason == "POM" { "po" } else { "amount" };
    typed.basis.set(basis.to_owned());
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
    let chosen = Memo::new(move |_| {
        let place = typed.kind.with(|k| k.parse::<usize>().ok());
        place.and_then(|n| Adjustment::ALL.get(n)).copied()
    });
    let takes = move |kind| chosen.get() == Some(kind);
    let named = move || {
        let name = typed.document.get();
        documents.with(|d| {
            let it = d.iter().find(|d| words::item(&d.key) == name);
            it.or(d.first()).map(|d| d.id)
        })
    };
    let back = Memo::new(move |_| {
        let of = named().map(|id| taken_back(page, &typed.kind.get(), id));
        of.unwrap_or_default()
    });
    let back_choices = Signal::derive(move || {
        let mut list = vec![Choice::new("", "Choose")];
        back.with(|b| list.extend(b.iter().map(|(_, l)| Choice::new(l.clone(), l.clone()))));
        list
    });
    let credit_choices = Signal::derive(move || {
        let none = credits.with(Vec::is_empty);
        let first = if none { "None is open" } else { "Choose" };
        let mut list = vec![Choice::new("", first)];
        credits.with(|c| list.extend(c.iter().map(|(_, l)| Choice::new(l.clone(), l.clone()))));
        list
    });
    let split_hint = Signal::derive(move || {
        let hint = match typed.split.with(|s| s == "tax") {
            true => "The invoice is credited, and each part is a new tax invoice.",
            false => "The tax invoice stays as it is; its parts are paid by themselves.",
        };
        Some(hint.to_owned())
    });
    let bases = Signal::stored(
        draft::BASES
            .map(|(id, label, _)| Choice::new(id, label))
            .to_vec(),
    );
    let basis = Memo::new(move |_| typed.basis.with(|b| draft::basis(b)));
    let named_basis = Memo::new(move |_| basis.get().is_named());
    let wants_parts = Memo::new(move |_| {
        basis.get() != SplitBasis::Line && !(named_basis.get() && typed.by_line.get())
    });
    let parts_hint = Signal::derive(move || {
        let what = words::cases::basis(basis.get());
        Some(match basis.get() {
            SplitBasis::Amount => "One row each: an amount; a name, if it has one.".to_owned(),
            SplitBasis::Percent => "One row each: 60 %; a name, if it has one.".to_owned(),
            _ => format!("One row each: 60 % or an amount; {what}."),
        })
    });
    let rows = "One row each: what; net; tax code; tax; PO or part.";
    let issues = !beside_erp(page);
    let ranged = page.ws.peek(|b| !b.policies().numbers.ranges.is_empty());
    let numbers_hint = match ranged {
        true => "Left empty they are the next of their ranges, as shown below.",
        false => {
            "In order, with commas: the credit note, then the bills. With a range (Settings, Document numbers) they are proposed."
        }
    };
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
            <Show when=move || takes(Adjustment::SetOff)>
                <SelectField label="Paid by" value=typed.credit choices=credit_choices />
            </Show>
            <Show when=move || takes(Adjustment::Refund)>
                <SelectField label="What goes back" value=typed.credit choices=credit_choices />
            </Show>
            <Show when=move || back.with(|b| b.len() > 1)>
                <SelectField label="Which of them" value=typed.settlement choices=back_choices />
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
                <SelectField label="Split by" value=typed.basis choices=bases />
                <Show when=move || named_basis.get()>
                    <Checkbox label="The rows above say it in their last cell" value=typed.by_line />
                </Show>
                <Show when=move || wants_parts.get()>
                    <TextArea label="Parts" value=typed.parts hint=parts_hint />
                </Show>
                <SelectField
                    label="What is split"
                    value=typed.split
                    choices=Signal::stored(vec![Choice::new("ar", "What is owed (AR split)"), Choice::new("tax", "The tax document (tax split)")])
                    hint=split_hint
                />
                <TextField
                    label="Part that is contested"
                    value=typed.carries
                    optional=true
                    hint=Signal::stored(Some("Its number, 1 for the first; empty: each in proportion.".to_owned()))
                />
            </Show>
            <Show when=move || po.get() || rebill.get()>
                <TextField label="Purchase order" value=typed.po optional=true />
            </Show>
            <Show when=move || po.get()>
                <div class="row">
                    <TextField label="Who asked" value=typed.who optional=true />
                    <TextField label="Rejected by the portal on" value=typed.rejected optional=true />
                </div>
            </Show>
            <div class="row">
                <TextField label="Posted on" value=typed.on />
                {tax.then(|| view! { <TextField label="Came about on" value=typed.fell_on optional=true /> })}
            </div>
            {tax.then(|| view! { <Checkbox label="A credit note that changes tax" value=typed.tax_note /> })}
            <TextField label="Why" value=typed.reason />
            {issues.then(|| view! {
                <TextField label="Numbers of the new documents" value=typed.numbers optional=true hint=Signal::stored(Some(numbers_hint.to_owned())) />
            })}
        </div>
    }
}
