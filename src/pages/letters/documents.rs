//! Documents: files dropped are linked by the document number in their name; what is not is listed,
//! to be linked by hand. Kept in the book, or by name only, as Settings say.

use super::Page;
use crate::pages::shared::account::name_of;
use crate::pages::shared::list_keys;
use crate::platform::files;
use crate::platform::pause::{self, Slice};
use crate::ui::format::plural;
use crate::ui::prelude::*;
use crate::workspace::{NewTexts, Ws};
use duebook_insight::paste::{Match, Matching, Wanted};
use duebook_ledger::event::BlockRef;
use duebook_ledger::keys::{FactKey, ItemKey};
use duebook_ledger::letters::{LettersCommand, NewDocument};
use duebook_ledger::{Book, Command, ItemId};
use leptos::prelude::*;
use std::sync::Arc;
use web_sys::File;

/// Bytes of one document that a book keeps.
const MAX_DOCUMENT: u64 = 8 << 20;
/// Files of one drop.
const MAX_FILES: usize = 500;

#[derive(Debug, Clone, PartialEq)]
struct Row {
    id: u64,
    key: FactKey,
    name: String,
    size: u64,
    numbers: String,
    customer: String,
    kept: bool,
}

fn rows(book: &Book) -> Vec<Row> {
    let live = book.documents().iter().enumerate();
    let live = live.filter(|(_, d)| book.is_document_live(d));
    let row = |(id, d): (usize, &duebook_ledger::letters::Document)| {
        let items: Vec<_> = d
            .fact
            .items
            .iter()
            .filter_map(|i| book.item(book.current(*i)))
            .collect();
        let mut numbers: Vec<&str> = items.iter().map(|i| i.number()).collect();
        numbers.dedup();
        let owner = items.first().map(|i| i.customer()).or(d.fact.customer);
        Row {
            id: id as u64,
            key: d.key,
            name: d.fact.name.clone(),
            size: d.fact.size,
            numbers: numbers.join(", "),
            customer: owner.map_or(String::new(), |c| name_of(book, c)),
            kept: d.fact.content.is_some(),
        }
    };
    let mut all: Vec<Row> = live.map(row).collect();
    all.reverse();
    all
}

/// Documents that are linked.
pub fn count(ws: Ws) -> usize {
    ws.read(|b| {
        b.documents()
            .iter()
            .filter(|d| b.is_document_live(d))
            .count()
    })
}

fn size(bytes: u64) -> String {
    match bytes {
        b if b < 1_024 => format!("{b} B"),
        b if b < 1 << 20 => format!("{} KB", b / 1_024),
        b => format!("{}.{} MB", b >> 20, ((b & 0xf_ffff) * 10) >> 20),
    }
}

/// A file that found no item of its own.
#[derive(Clone)]
struct Loose {
    file: File,
    why: String,
}

/// What a name says: its words, as a list of numbers has them.
fn wanted(name: &str) -> Wanted {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let words = stem.replace(['_', '(', ')', '[', ']', ','], " ");
    // "INV-4711" is a number of its own, or 4711 with what it is before it.
    let bare = words.split_whitespace().filter_map(|word| {
        let (kind, number) = word.split_once('-')?;
        let named = !kind.is_empty() && kind.bytes().all(|b| b.is_ascii_alphabetic());
        named.then_some(number)
    });
    let bare: Vec<&str> = bare.collect();
    Wanted {
        number: format!("{words} {}", bare.join(" ")),
        customer: String::new(),
    }
}

/// A file read: its digest, and its bytes where they are kept.
async fn read(file: &File, keep: bool) -> Result<([u8; 32], u64, Option<Vec<u8>>), String> {
    let bytes = files::read(file).await.map_err(|e| e.to_string())?;
    let size = bytes.len() as u64;
    if keep && size > MAX_DOCUMENT {
        return Err(format!(
            "it is larger than the {} a book keeps",
            self::size(MAX_DOCUMENT)
        ));
    }
    let digest = BlockRef::of(&bytes, 0).digest;
    Ok((digest, size, keep.then_some(bytes)))
}

/// Links files to what they were found to be of; answers how many.
async fn link(page: Page, found: Vec<(File, Vec<ItemId>)>) -> usize {
    let keep = page.ws.peek(|b| b.policies().letters.keep_documents);
    let mut texts = NewTexts::default();
    let mut documents = Vec::new();
    for (file, items) in found {
        let made = match read(&file, keep).await {
            Ok((digest, size, bytes)) => {
                let content = bytes.map(|b| texts.add_file(b)).transpose();
                content.map(|content| (digest, size, content))
            }
            Err(e) => Err(e),
        };
        let (digest, size, content) = match made {
            Ok(made) => made,
            Err(e) => {
                page.toasts
                    .error(format!("{} was not linked: {e}.", file.name()));
                continue;
            }
        };
        let same = page.ws.peek(|b| {
            let known = b.documents().iter().filter(|d| b.is_document_live(d));
            known
                .filter(|d| d.fact.digest == digest)
                .any(|d| d.fact.items.iter().any(|i| items.contains(i)))
        });
        if same {
            continue;
        }
        let keys: Vec<ItemKey> = page
            .ws
            .peek(|b| items.iter().filter_map(|i| b.item_key(*i)).collect());
        documents.push(NewDocument {
            name: file.name(),
            size,
            digest,
            items: keys,
            customer: None,
            content,
        });
    }
    let count = documents.len();
    if count > 0 {
        let done = format!(
            "Linked {}",
            plural(count, "document", "documents", Default::default())
        );
        let command = Command::Letters(LettersCommand::LinkDocuments(documents));
        page.ws.run(page.toasts, command, texts, done, |_| {});
    }
    count
}

/// Finds what files are of, in slices, and links them; answers what is left.
async fn take(page: Page, dropped: Vec<File>) -> Vec<Loose> {
    let mut matching = Matching::new(dropped.iter().map(|f| wanted(&f.name())).collect());
    loop {
        let slice = Slice::begin();
        let mut more = true;
        while more && !slice.is_over() {
            more = page.ws.peek(|b| matching.step(b));
        }
        if !more {
            break;
        }
        pause::pause().await;
    }
    let matched = page.ws.peek(|b| matching.finish(b));
    let mut found = Vec::new();
    let mut loose = Vec::new();
    for (file, (is, _)) in dropped.into_iter().zip(matched.lines) {
        match is {
            Match::Found(items) | Match::Closed(items) => found.push((file, items)),
            Match::Ambiguous(items) => {
                let n = plural(
                    items.len(),
                    "document goes",
                    "documents go",
                    Default::default(),
                );
                loose.push(Loose {
                    file,
                    why: format!("{n} by that number"),
                });
            }
            _ => loose.push(Loose {
                file,
                why: "no number of the book stands in its name".to_owned(),
            }),
        }
    }
    let linked = link(page, found).await;
    if linked == 0 && loose.is_empty() {
        page.toasts.done("These documents were linked before.");
    }
    loose
}

fn columns() -> Vec<Column> {
    vec![
        Column::text("name", "File", 200).grow(3),
        Column::text("numbers", "Of", 140).grow(1),
        Column::text("customer", "Customer", 140)
            .grow(2)
            .hide_below(640),
        Column::number("size", "Size", 90).hide_below(520),
        Column::text("kept", "", 120).hide_below(760),
    ]
}

/// The tab.
#[component]
pub fn Documents(page: Page) -> impl IntoView {
    let ws = page.ws;
    let all = Memo::new(move |_| Arc::new(ws.read(rows)));
    let loose = RwSignal::new_local(Vec::<Loose>::new());
    let selection = RwSignal::new(Selection::default());
    let source = GridSource::new(
        move || all.with(|a| a.len()),
        move |row| all.with(|a| a.get(row).map_or(u64::MAX, |r| r.id)),
        move |row, column| {
            let Some(r) = all.with(|a| a.get(row).cloned()) else {
                return CellView::Empty;
            };
            match column {
                0 => CellView::Strong(r.name),
                1 => CellView::Text(r.numbers),
                2 => CellView::Text(r.customer),
                3 => CellView::Text(size(r.size)),
                _ if r.kept => CellView::Chips(vec![(Tone::Neutral, "in the book".to_owned())]),
                _ => CellView::Faint("by name only".to_owned()),
            }
        },
    );
    let handle = GridHandle::new();
    list_keys(handle);
    super::select_key(handle);
    let on_files = Callback::new(move |dropped: Vec<File>| {
        if ws.chosen_view().get_untracked().is_some() {
            return page
                .toasts
                .error("These are past figures. Go back to today to link documents.");
        }
        if dropped.len() > MAX_FILES {
            return page.toasts.error(format!(
                "{} files at once are too many: at most {MAX_FILES}. None was linked.",
                dropped.len()
            ));
        }
        leptos::task::spawn_local(async move {
            let left = take(page, dropped).await;
            let _ = loose.try_update(|l| l.extend(left));
        });
    });
    let chosen = move || {
        all.with(|a| {
            a.iter()
                .filter(|r| selection.with(|s| s.contains(r.id)))
                .cloned()
                .collect::<Vec<_>>()
        })
    };
    let refused = Signal::derive(move || {
        let past = ws.chosen_view().get().is_some();
        match (past, chosen().len()) {
            (true, _) => {
                Some("These are past figures. Go back to today to change anything.".to_owned())
            }
            (_, 1) => None,
            _ => Some("Select one document: x or Space.".to_owned()),
        }
    });
    let off = move |()| {
        if let Some(row) = untrack(chosen).into_iter().next() {
            let command = Command::Letters(LettersCommand::UnlinkDocument { document: row.key });
            let done = format!("{} is not of {} any more", row.name, row.numbers);
            ws.run(page.toasts, command, NewTexts::default(), done, move |_| {
                _ = selection.try_update(Selection::clear)
            });
        }
    };
    let hint = Signal::derive(move || {
        let keep = ws.read(|b| b.policies().letters.keep_documents);
        match keep {
            true => "Drop PDFs anywhere: each is linked by the document number in its name, and kept in this book.".to_owned(),
            false => "Drop PDFs anywhere: each is linked by the document number in its name. Only the name is kept: Settings, Letters keeps the files too.".to_owned(),
        }
    });
    view! {
        <div class="page-actions letter-confirm">
            <FileDrop label="Choose documents" hint=hint on_files=on_files />
            <Button label="Take the link off" refused=refused on_press=off />
        </div>
        {move || loose.with(|l| (!l.is_empty()).then(|| view! {
            <div class="letter-loose">
                <h2>"Not linked"</h2>
                <ul class="plain-list">
                    {l.iter().enumerate().map(|(n, one)| view! { <ByHand page loose n name=one.file.name() why=one.why.clone() /> }).collect_view()}
                </ul>
            </div>
        }))}
        <div class="page-grid">
            <Grid
                label="Documents"
                source=source
                columns=Signal::stored(columns())
                handle=handle
                selection=selection
                on_open=Callback::new(move |key: u64| selection.update(|s| s.toggle(key)))
                empty=move || view! {
                    <Empty icon=Icon::File title="No document is linked" text=Signal::stored("Drop the PDFs of invoices and delivery notes: the number in the name of each says what it is of.".to_owned()) />
                }
            />
        </div>
    }
}

/// A file without an item: its number is typed.
#[component]
fn ByHand(
    page: Page,
    loose: RwSignal<Vec<Loose>, LocalStorage>,
    n: usize,
    name: String,
    why: String,
) -> impl IntoView {
    let number = RwSignal::new(String::new());
    let save = move || {
        let wanted = vec![Wanted {
            number: number.get_untracked(),
            customer: String::new(),
        }];
        let matched = page.ws.peek(|b| duebook_insight::paste::matched(b, wanted));
        let items = match matched.lines.into_iter().next() {
            Some((Match::Found(items) | Match::Closed(items), _)) => items,
            _ => {
                return page
                    .toasts
                    .error("No one document of the book goes by that number.");
            }
        };
        let file = loose.with_untracked(|l| l.get(n).map(|l| l.file.clone()));
        let Some(file) = file else { return };
        leptos::task::spawn_local(async move {
            link(page, vec![(file, items)]).await;
            let _ = loose.try_update(|l| {
                if n < l.len() {
                    l.remove(n);
                }
            });
        });
    };
    let label = format!("Number of the document that {name} is of");
    view! {
        <li>
            <form class="form-row" on:submit=move |event| {
                event.prevent_default();
                save();
            }>
                <span>{name.clone()} <small class="faint">{why}</small></span>
                <TextField label=label value=number />
                <Button label="Link" on_press=move |()| save() />
            </form>
        </li>
    }
}
