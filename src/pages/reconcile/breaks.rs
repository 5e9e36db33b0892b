//! The register: every break with its amount, age, owner and clue; the one in hand is noted, given
//! to somebody, or closed with what it was.

use super::{Page, wording};
use crate::pages::account_href;
use crate::ui::format::plural;
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::NewTexts;
use duebook_insight::recon::Break;
use duebook_insight::reports::{break_name, status_name};
use duebook_ledger::Command;
use duebook_ledger::recon::{BreakFacts, BreakKind, BreakMatter, ReconCommand};
use duebook_money::{Currency, Day};
use leptos::prelude::*;

fn rows(page: Page) -> Vec<Break> {
    let currency = page.currency.get();
    page.found.with(|f| {
        let all = f.as_ref().map_or(&[][..], |f| &f.register.breaks[..]);
        // Those of other currencies are listed after the one shown.
        let (mut own, other): (Vec<Break>, Vec<Break>) =
            all.iter().cloned().partition(|b| b.currency == currency);
        own.extend(other);
        own
    })
}

/// Days from a day to the last of the period, as the workbook counts them, in words.
fn age(to: Day, since: Day) -> String {
    let days = usize::try_from(to.0 - since.0).unwrap_or(0);
    plural(days, "day", "days", Default::default())
}

/// The tab.
#[component]
pub fn Breaks(page: Page) -> impl IntoView {
    let ws = page.ws;
    let rows = Memo::new(move |_| rows(page));
    let source = GridSource::new(
        move || rows.with(Vec::len),
        move |n| n as u64,
        move |n, column| {
            let Some(b) = rows.with(|r| r.get(n).cloned()) else {
                return CellView::Empty;
            };
            let noted = b.noted.as_ref();
            ws.peek(|book| match column {
                0 => CellView::Strong(break_name(b.kind).to_owned()),
                1 => CellView::Text(wording::what(book, &b)),
                2 => CellView::Text(words::money(b.amount, b.currency)),
                3 => CellView::Text(age(page.span.get_untracked().to, b.since)),
                4 => CellView::Text(noted.map_or(String::new(), |n| n.facts.owner.clone())),
                5 => match noted.and_then(|n| n.facts.expected) {
                    Some(day) if day < ws.today() && noted.is_some_and(|n| n.closed.is_none()) => {
                        CellView::Toned(Tone::Danger, words::day(day))
                    }
                    Some(day) => CellView::Text(words::day(day)),
                    None => CellView::Empty,
                },
                6 => CellView::Faint(wording::clues(book, &b)),
                _ => {
                    let text = status_name(b.status).to_owned();
                    CellView::Chips(vec![(wording::tone(b.status), text)])
                }
            })
        },
    );
    let columns = vec![
        Column::text("kind", "Type", 158),
        Column::text("what", "What", 170).grow(3).hide_below(520),
        Column::number("amount", "Amount", 138),
        Column::number("age", "Age", 74).hide_below(640),
        Column::text("owner", "Owner", 96).grow(1).hide_below(760),
        Column::date("expected", "Cleared by").hide_below(980),
        Column::text("clue", "Clue", 150).grow(2).hide_below(880),
        Column::text("status", "Stands", 92),
    ];
    let open = Callback::new(move |n: u64| {
        let matter = rows.with_untracked(|r| r.get(n as usize).map(|b| b.matter.clone()));
        page.in_hand.set(matter);
    });
    view! {
        <div class="recon-grid">
            <Grid
                label="Breaks"
                source=source
                columns=Signal::stored(columns)
                handle=page.grid
                on_open=open
                empty=move || view! { <NoBreaks page /> }
            />
        </div>
    }
}

/// Why the list is empty: all agrees, or nothing was there to compare.
#[component]
fn NoBreaks(page: Page) -> impl IntoView {
    move || {
        let compared = page.found.get().is_some_and(|f| f.is_compared());
        let (icon, title, text) = match compared {
            true => (Icon::Check, "No break", "What was compared agrees."),
            false => (
                Icon::Coins,
                "Nothing to compare with yet",
                "Take in the bank statement of the period on Cash, or set the control balance: then each difference stands here with its age and owner.",
            ),
        };
        view! { <Empty icon=icon title=title text=Signal::stored(text.to_owned()) /> }
    }
}

fn typed_day(text: &str) -> Option<Day> {
    let text = text.trim();
    let iso = duebook_money::date::parse_iso_bytes(text.as_bytes());
    let dotted =
        || duebook_money::date::parse_with(duebook_money::DateOrder::Dmy, text.as_bytes()).ok();
    iso.or_else(|| text.contains('.').then(dotted).flatten())
}

/// Why an optional day as typed cannot be read.
fn day_error(text: &str) -> Option<String> {
    let fits = text.trim().is_empty() || typed_day(text).is_some();
    (!fits).then(|| "A date, such as 2026-03-31.".to_owned())
}

/// The break in hand.
#[component]
pub fn BreakDialog(page: Page) -> impl IntoView {
    let open = RwSignal::new(false);
    let shown = RwSignal::new(None::<Break>);
    let (owner, expected) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (note, how) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    Effect::new(move |_| {
        let matter = page.in_hand.get();
        let found = matter.and_then(|m| {
            let mut all = untrack(|| rows(page));
            all.extend(page.also.get_untracked());
            all.into_iter().find(|b| b.matter == m)
        });
        if let Some(b) = &found {
            let facts = b.noted.as_ref().map(|n| n.facts.clone());
            owner.set(facts.as_ref().map_or(String::new(), |f| f.owner.clone()));
            let day = facts.as_ref().and_then(|f| f.expected);
            expected.set(day.map_or(String::new(), |d| d.to_string()));
            note.set(facts.map_or(String::new(), |f| f.note));
            how.set(String::new());
        }
        open.set(found.is_some());
        shown.set(found);
    });
    let closed = Callback::new(move |()| page.in_hand.set(None));
    let day_wrong = Signal::derive(move || expected.with(|e| day_error(e)));
    let send = move |command: ReconCommand, done: &'static str| {
        page.ws.run(
            page.toasts,
            Command::Recon(command),
            NewTexts::default(),
            done.to_owned(),
            move |saved| {
                if saved.is_some() {
                    let _ = page.in_hand.try_set(None);
                }
            },
        );
    };
    let facts = move || {
        let b = shown.get_untracked()?;
        Some(BreakFacts {
            matter: b.matter,
            kind: b.kind,
            currency: b.currency,
            amount: b.amount,
            since: b.since,
            owner: owner.get_untracked(),
            expected: typed_day(&expected.get_untracked()),
            note: note.get_untracked(),
        })
    };
    let save = move |()| {
        if let Some(facts) = facts() {
            send(
                ReconCommand::NoteBreak(facts),
                "The break is in the register",
            );
        }
    };
    let is_noted = Signal::derive(move || {
        shown.with(|b| {
            b.as_ref()
                .and_then(|b| b.noted.as_ref())
                .is_some_and(|n| n.closed.is_none())
        })
    });
    let no_reason = Signal::derive(move || {
        if !is_noted.get() {
            Some("Save it into the register first, with its owner.".to_owned())
        } else if how.with(|h| h.trim().is_empty()) {
            Some("Say what it was.".to_owned())
        } else {
            None
        }
    });
    let close = move |()| {
        if let Some(b) = shown.get_untracked() {
            let how = how.get_untracked();
            send(
                ReconCommand::CloseBreak {
                    matter: b.matter,
                    how,
                },
                "The break is explained",
            );
        }
    };
    let title = Signal::derive(move || {
        shown.with(|b| {
            b.as_ref().map_or(String::new(), |b| {
                let kind = match (b.kind, &b.noted) {
                    (BreakKind::Other, None) => "Difference",
                    (kind, _) => break_name(kind),
                };
                format!("{kind}: {}", words::money(b.amount, b.currency))
            })
        })
    });
    view! {
        <Dialog
            open=open
            title=title
            on_close=closed
            actions=move || view! {
                <Button label="Close it as explained" refused=no_reason on_press=close />
                <Button label="Save" kind=ButtonKind::Primary refused=day_wrong on_press=save />
            }
        >
            {move || shown.get().map(|b| view! { <About page b /> })}
            <div class="form-row">
                <TextField label="Owner" value=owner optional=true />
                <DateField label="Cleared by" value=expected error=day_wrong optional=true />
            </div>
            <TextArea label="Evidence and remarks" value=note optional=true />
            <TextField label="What it was" value=how hint=Some("To close it: the difference stays in the figures and is told as explained.".to_owned()) optional=true />
        </Dialog>
    }
}

/// What is known of a break, and where to look.
#[component]
fn About(page: Page, b: Break) -> impl IntoView {
    let ws = page.ws;
    let (what, clues) = ws.peek(|book| (wording::what(book, &b), wording::clues(book, &b)));
    let line = b.line.and_then(|id| wording::line_href(ws, id));
    let account = b.customer.and_then(|c| account_href(ws, c));
    let closed = b.noted.as_ref().and_then(|n| n.closed.clone());
    let side = match b.amount {
        a if a < 0 => "The other side has more.",
        _ => "Our side has more.",
    };
    view! {
        <p>{what}</p>
        <p class="muted">{format!("{side} Since {}, {} old on the last day of the period.", words::day(b.since), age(page.span.get_untracked().to, b.since))}</p>
        {(!clues.is_empty()).then(|| view! { <p><Chip text=format!("Clue: {clues}") tone=Tone::Info /></p> })}
        {closed.map(|how| view! { <p>{format!("Explained: {how}")}</p> })}
        <p class="button-row">
            {line.map(|href| view! { <a href=href>"The line under Cash"</a> })}
            {account.map(|href| view! { <a href=href>"The account"</a> })}
        </p>
    }
}

/// A break noted by hand.
#[component]
pub fn AddDialog(page: Page) -> impl IntoView {
    let (name, amount) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (owner, note) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let code = Signal::derive(move || page.currency.get().code().to_owned());
    let minor = move || {
        let currency: Currency = page.currency.get();
        amount.with(|a| words::typed(a, currency))
    };
    let refused = Signal::derive(move || {
        if name.with(|n| n.trim().is_empty()) {
            Some("Say what differs.".to_owned())
        } else if minor().is_none_or(|m| m == 0) {
            Some("An amount such as 1,234.56 or -20.00.".to_owned())
        } else {
            None
        }
    });
    let save = move |()| {
        let Some(minor) = untrack(minor) else { return };
        let facts = BreakFacts {
            matter: BreakMatter::Other(name.get_untracked().trim().to_owned()),
            kind: BreakKind::Other,
            currency: page.currency.get_untracked(),
            amount: minor,
            since: page.span.get_untracked().to,
            owner: owner.get_untracked(),
            expected: None,
            note: note.get_untracked(),
        };
        page.ws.run(
            page.toasts,
            Command::Recon(ReconCommand::NoteBreak(facts)),
            NewTexts::default(),
            "The break is in the register".to_owned(),
            move |saved| {
                if saved.is_some() {
                    let _ = page.adding.try_set(false);
                    [name, amount, owner, note]
                        .iter()
                        .for_each(|s| _ = s.try_set(String::new()));
                }
            },
        );
    };
    view! {
        <Dialog
            open=page.adding
            title="Note a break"
            actions=move || view! { <Button label="Note it" kind=ButtonKind::Primary refused=refused on_press=save /> }
        >
            <TextField label="What differs" value=name />
            <div class="form-row">
                <AmountField label="Amount" currency=code value=amount hint=Some("Above zero where our side has more.".to_owned()) />
                <TextField label="Owner" value=owner optional=true />
            </div>
            <TextArea label="Evidence and remarks" value=note optional=true />
        </Dialog>
    }
}
