//! Letters that were produced: did they go out? Only a yes is a contact.

use super::{Page, wording};
use crate::pages::shared::account::name_of;
use crate::pages::shared::letter::sent;
use crate::pages::shared::list_keys;
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::{NewTexts, Ws};
use duebook_ledger::keys::FactKey;
use duebook_ledger::letters::{LetterStands, LettersCommand};
use duebook_ledger::{Book, Command, LetterId};
use leptos::prelude::*;
use std::sync::Arc;

/// Letters that wait for a word.
pub fn count(ws: Ws) -> usize {
    ws.read(|b| ids(b).count())
}

fn ids(book: &Book) -> impl Iterator<Item = LetterId> + '_ {
    let all = (0..book.letters().len()).map(|n| LetterId(n as u32));
    all.filter(|id| matches!(book.letter(*id), Some((_, LetterStands::Produced))))
}

#[derive(Debug, Clone, PartialEq)]
struct Row {
    id: LetterId,
    key: FactKey,
    name: String,
    template: String,
    sums: String,
    lines: usize,
    produced: String,
    tie: String,
}

fn rows(book: &Book) -> Vec<Row> {
    let row = |id: LetterId| {
        let (letter, _) = book.letter(id)?;
        let fact = &letter.fact;
        let sums = fact.totals.iter().filter(|t| t.minor != 0);
        let sums: Vec<String> = sums.map(|t| words::money(t.minor, t.currency)).collect();
        Some(Row {
            id,
            key: letter.key,
            name: name_of(book, fact.customer),
            template: wording::template(book, &fact.template),
            sums: sums.join(" + "),
            lines: fact.lines.len(),
            produced: book
                .commit(letter.commit)
                .map_or(String::new(), |c| words::day(c.ledger_date)),
            tie: fact.tie.clone(),
        })
    };
    ids(book).filter_map(row).collect()
}

fn columns() -> Vec<Column> {
    vec![
        Column::text("customer", "Customer", 160).grow(2),
        Column::text("letter", "Letter", 170).hide_below(420),
        Column::number("lines", "Lines", 64).hide_below(760),
        Column::number("sum", "Amount", 170).grow(1).hide_below(480),
        Column::date("produced", "Produced").hide_below(640),
        Column::text("tie", "Reference", 170).hide_below(900),
    ]
}

/// The tab.
#[component]
pub fn Waiting(page: Page) -> impl IntoView {
    let ws = page.ws;
    let all = Memo::new(move |_| Arc::new(ws.read(rows)));
    let selection = RwSignal::new(Selection::default());
    let shown = RwSignal::new(None::<LetterId>);
    let source = GridSource::new(
        move || all.with(|a| a.len()),
        move |row| all.with(|a| a.get(row).map_or(u64::MAX, |r| u64::from(r.id.0))),
        move |row, column| {
            let Some(r) = all.with(|a| a.get(row).cloned()) else {
                return CellView::Empty;
            };
            match column {
                0 => CellView::Strong(r.name),
                1 => CellView::Text(r.template),
                2 => CellView::Text(r.lines.to_string()),
                3 => CellView::Text(r.sums),
                4 => CellView::Text(r.produced),
                _ => CellView::Faint(r.tie),
            }
        },
    );
    let handle = GridHandle::new();
    list_keys(handle);
    super::select_key(handle);
    let wanted = move || {
        let chosen = |r: &&Row| selection.with(|s| s.is_empty() || s.contains(u64::from(r.id.0)));
        all.with(|a| a.iter().filter(chosen).map(|r| r.key).collect::<Vec<_>>())
    };
    let clear = move || _ = selection.try_update(Selection::clear);
    let went = move |()| {
        let keys = untrack(wanted);
        let done = format!(
            "{} sent: ladder, timeline and quiet days moved on",
            wording::letters(keys.len())
        );
        sent(ws, page.toasts, keys, done, clear);
    };
    let did_not = move |()| {
        let letters = untrack(wanted);
        let done = format!(
            "{} not sent: discarded, nothing moved",
            wording::letters(letters.len())
        );
        let command = Command::Letters(LettersCommand::Discard { letters });
        ws.run(page.toasts, command, NewTexts::default(), done, move |_| {
            clear()
        });
    };
    let count = Memo::new(move |_| wanted().len());
    let refused = Signal::derive(move || {
        let past = ws.chosen_view().get().is_some();
        match (past, count.get()) {
            (true, _) => {
                Some("These are past figures. Go back to today to change anything.".to_owned())
            }
            (_, 0) => Some("No letter waits.".to_owned()),
            _ => None,
        }
    });
    let yes = Signal::derive(move || format!("Yes, {} sent", were(count.get())));
    let no = Signal::derive(move || format!("No, {} not", were(count.get())));
    view! {
        <div class="page-actions letter-confirm">
            <Button label=yes kind=ButtonKind::Primary icon=Icon::Check refused=refused on_press=went />
            <Button label=no refused=refused on_press=did_not />
        </div>
        <div class="page-grid">
            <Grid
                label="Letters to confirm"
                source=source
                columns=Signal::stored(columns())
                handle=handle
                selection=selection
                on_open=Callback::new(move |key: u64| shown.set(u32::try_from(key).ok().map(LetterId)))
                empty=move || view! {
                    <Empty icon=Icon::Check title="No letter waits for your word" text=Signal::stored("What you produce appears here until you say whether it went out.".to_owned()) />
                }
            />
        </div>
        <Said page shown />
    }
}

fn were(n: usize) -> String {
    match n {
        1 => "the letter was".to_owned(),
        n => format!("{} were", wording::letters(n)),
    }
}

/// What a letter said, as recorded.
#[component]
fn Said(page: Page, shown: RwSignal<Option<LetterId>>) -> impl IntoView {
    let open = RwSignal::new(false);
    Effect::new(move |_| open.set(shown.with(Option::is_some)));
    let text = move || {
        page.ws.read_all(|book, texts| {
            let (letter, _) = book.letter(shown.get()?)?;
            let text = letter.fact.content.and_then(|c| texts.get(c));
            Some(text.unwrap_or("Its text was erased.").to_owned())
        })
    };
    let title = Signal::derive(move || {
        page.ws.read(|b| {
            let name = shown
                .get()
                .and_then(|id| b.letter(id))
                .map(|(l, _)| name_of(b, l.fact.customer));
            format!("As produced: {}", name.unwrap_or_default())
        })
    });
    view! {
        <Dialog open=open title=title wide=true on_close=move |()| shown.set(None)>
            <pre class="letter-said" tabindex="0" aria-label="The letter">{text}</pre>
        </Dialog>
    }
}
