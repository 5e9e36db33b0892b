//! Every row that would be kept, in the one grid: unticked ones are left out, and counts and control
//! totals follow. The rows stay in the worker; those on screen come over in pages.

use super::{Import, wording};
use crate::jobs::JobError;
use crate::ui::format::format_count;
use crate::ui::prelude::*;
use crate::workspace::BulkImport;
use duebook_exchange::read::{Field, Figures, FileKind, Preview, PreviewItem};
use leptos::prelude::*;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

/// Rows that come over at once.
const PAGE: usize = 200;
/// Pages held; when there are more, all are forgotten and come again.
const PAGES: usize = 64;

/// Everything is taken in.
pub fn all() -> Selection {
    let mut all = Selection::default();
    all.select_all();
    all
}

/// What is held of the rows of a file.
#[derive(Default)]
struct Held {
    lines: Arc<Vec<u32>>,
    warned: Arc<Vec<u32>>,
    pages: BTreeMap<usize, Option<Vec<PreviewItem>>>,
}

/// The rows of the file in hand.
#[derive(Clone, Copy)]
pub struct Rows {
    held: StoredValue<Rc<RefCell<Held>>, LocalStorage>,
    /// Rises when more of them is known.
    version: RwSignal<u64>,
}

/// Lines, as one list that is the same or another.
#[derive(Clone)]
struct Lines(Arc<Vec<u32>>);

impl PartialEq for Lines {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Rows {
    pub fn new() -> Self {
        Rows {
            held: StoredValue::new_local(Rc::default()),
            version: RwSignal::new(0),
        }
    }
    fn begin(self, lines: Vec<u32>, warned: Vec<u32>) {
        let held = self.held.get_value();
        *held.borrow_mut() = Held {
            lines: Arc::new(lines),
            warned: Arc::new(warned),
            pages: BTreeMap::new(),
        };
        self.version.update(|v| *v += 1);
    }
    fn lists(self) -> (Arc<Vec<u32>>, Arc<Vec<u32>>) {
        let held = self.held.get_value();
        let held = held.borrow();
        (held.lines.clone(), held.warned.clone())
    }
    /// A row; asked for where it is not here yet.
    fn with<R>(self, import: Import, line: u32, read: impl FnOnce(&PreviewItem) -> R) -> Option<R> {
        self.version.track();
        let held = self.held.get_value();
        let at = held.borrow().lines.binary_search(&line).ok()?;
        let page = at / PAGE;
        if let Some(rows) = held.borrow().pages.get(&page) {
            return rows.as_ref()?.get(at % PAGE).map(read);
        }
        let job = import.job.get_untracked()?;
        {
            let mut held = held.borrow_mut();
            if held.pages.len() >= PAGES {
                held.pages.clear();
            }
            held.pages.insert(page, None);
        }
        let of = held.borrow().lines.clone();
        leptos::task::spawn_local(async move {
            let rows = job.page(page * PAGE, PAGE).await;
            let Some(held) = self.held.try_get_value() else {
                return;
            };
            // Read again meanwhile: these rows are of another reading.
            if !Arc::ptr_eq(&held.borrow().lines, &of) {
                return;
            }
            match rows {
                Ok(rows) => _ = held.borrow_mut().pages.insert(page, Some(rows)),
                // The worker ended, and answers nothing any more: asking again would ask for ever. Reading
                // the file again, or leaving it, makes another.
                Err(JobError::Cancelled) => return,
                Err(error) => return import.toasts.error(wording::broke_off(&error)),
            }
            let _ = self.version.try_update(|v| *v += 1);
        });
        None
    }
}

impl Import {
    /// Takes up the rows of a file that was read, with the ticks as they were.
    pub(super) async fn list_rows(
        self,
        job: &BulkImport,
        preview: &Preview,
    ) -> Result<(), JobError> {
        let none = matches!(preview.kind, FileKind::Tracker | FileKind::Disputes)
            || preview.counts.accepted == 0;
        let (lines, warned) = match none {
            true => Default::default(),
            false => job.lines().await?,
        };
        // The page was left meanwhile.
        let ticks = self.ticks.try_get_untracked().ok_or(JobError::Cancelled)?;
        self.rows.begin(lines, warned);
        let figures = match ticks.is_all() {
            true => preview.figures(),
            false => told(job, &ticks).await?,
        };
        let _ = self.figures.try_set(figures);
        Ok(())
    }
    /// Tells the worker what is left out, each time the ticks change; one telling at a time.
    pub(super) fn leave_out_on_change(self) {
        let busy = StoredValue::new(false);
        Effect::new(move |before: Option<Selection>| {
            let ticks = self.ticks.get();
            let previewed = self
                .step
                .with_untracked(|s| matches!(s, super::Step::Preview(_)));
            let changed = before.is_some_and(|b| b != ticks);
            if changed && previewed && !busy.get_value() {
                busy.set_value(true);
                leptos::task::spawn_local(async move {
                    self.tell().await;
                    busy.try_set_value(false);
                });
            }
            ticks
        });
    }
    async fn tell(self) {
        loop {
            // Keys held down make one telling, not thirty.
            crate::platform::pause::pause().await;
            let (Some(ticks), Some(Some(job))) =
                (self.ticks.try_get_untracked(), self.job.try_get_untracked())
            else {
                return;
            };
            match told(&job, &ticks).await {
                Ok(figures) => _ = self.figures.try_set(figures),
                Err(JobError::Cancelled) => return,
                Err(error) => return self.toasts.error(wording::broke_off(&error)),
            }
            if self
                .ticks
                .try_get_untracked()
                .is_none_or(|now| now == ticks)
            {
                return;
            }
        }
    }
}

/// Tells the worker what the ticks leave out.
pub(super) async fn told(job: &BulkImport, ticks: &Selection) -> Result<Figures, JobError> {
    let lines: Vec<u32> = ticks.keys().filter_map(|k| u32::try_from(k).ok()).collect();
    job.leave_out(!ticks.is_inverted(), &lines).await
}

/// Which rows are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Listed {
    All,
    Warned,
    Out,
}

/// The list; nothing where nothing would be kept.
#[component]
pub fn RowList(import: Import, preview: Box<Preview>) -> impl IntoView {
    let (lines, warned) = import.rows.lists();
    if lines.is_empty() {
        return ().into_any();
    }
    let show = RwSignal::new(Listed::All);
    let (count, warnings) = (lines.len(), warned.len());
    let shown = Memo::new(move |_| match show.get() {
        Listed::All => Lines(lines.clone()),
        Listed::Warned => Lines(warned.clone()),
        // As they stood when they were asked for: a row taken in again stays where it is.
        Listed::Out => import.ticks.with_untracked(|ticks| {
            let out = lines.iter().filter(|l| !ticks.contains(u64::from(**l)));
            Lines(Arc::new(out.copied().collect()))
        }),
    });
    let columns = columns(&preview);
    let names: Vec<&'static str> = columns.iter().map(|c| c.id).collect();
    let line = move |row: usize| shown.with(|s| s.0.get(row).copied());
    let source = GridSource::new(
        move || shown.with(|s| s.0.len()),
        move |row| line(row).map_or(0, u64::from),
        move |row, column| {
            let (Some(line), Some(name)) = (line(row), names.get(column)) else {
                return CellView::Empty;
            };
            let read = |item: &PreviewItem| cell(item, name);
            let here = import.rows.with(import, line, read);
            here.unwrap_or_else(|| match *name {
                "line" => CellView::Text(line.to_string()),
                _ => CellView::Faint("…".to_owned()),
            })
        },
    )
    .with_index_of(move |key| {
        let line = u32::try_from(key).ok()?;
        shown.with(|s| s.0.binary_search(&line).ok())
    })
    .with_tone(move |row| {
        let out = line(row).is_some_and(|l| import.ticks.with(|t| !t.contains(u64::from(l))));
        if out { Tone::Muted } else { Tone::Neutral }
    });
    // The header's tick turns the rows that are listed, not those behind the filter.
    let turn_shown = move |()| {
        let list = shown.get_untracked().0;
        import.ticks.update(|ticks| {
            let on = !list.iter().all(|l| ticks.contains(u64::from(*l)));
            match (show.get_untracked(), on) {
                (Listed::All, true) => ticks.select_all(),
                (Listed::All, false) => ticks.clear(),
                _ => list.iter().for_each(|l| ticks.set(u64::from(*l), on)),
            }
        });
    };
    let out = Memo::new(move |_| import.ticks.with(|t| count - t.count(count).min(count)));
    let chip = move |what: Listed, label: Signal<String>| {
        let on = Signal::derive(move || show.get() == what);
        let choose = move |()| {
            let now = if show.get_untracked() == what {
                Listed::All
            } else {
                what
            };
            show.set(now);
        };
        view! { <FilterChip label=label on=on on_toggle=choose /> }
    };
    let n = |v: usize| format_count(v, Default::default());
    let out_label = Signal::derive(move || format!("Left out {}", n(out.get())));
    let warned_label = Signal::stored(format!("With a warning {}", n(warnings)));
    view! {
        <section class="panel" aria-labelledby="import-rows">
            <div class="section-head">
                <h2 id="import-rows">"Rows of the file"</h2>
                <div class="row">
                    {(warnings > 0).then(|| chip(Listed::Warned, warned_label))}
                    {chip(Listed::Out, out_label)}
                    <Show when=move || show.get() == Listed::Warned>
                        <Button label="Leave these out, or take them in" kind=ButtonKind::Quiet on_press=turn_shown />
                    </Show>
                    <Show when=move || { out.get() > 0 }>
                        <Button label="Take all rows in again" kind=ButtonKind::Quiet on_press=move |()| import.ticks.set(all()) />
                    </Show>
                </div>
            </div>
            <p class="muted">"Untick what is not to come in (Space; Shift and the arrows for several; Ctrl A for all that are listed). It is counted as left out, and the totals above follow."</p>
            <Grid
                label="Rows of the file"
                source=source
                columns=Signal::stored(columns)
                selection=import.ticks
                on_all=Callback::new(turn_shown)
                open_on_click=false
                max_rows=12
                empty=|| view! { <p class="faint">"No row is left out."</p> }
                footer=move || view! {
                    <span class="num">{move || match count {
                        1 => format!("{} of 1 row comes in", n(count - out.get())),
                        _ => format!("{} of {} rows come in", n(count - out.get()), n(count)),
                    }}</span>
                    <span class="num">{move || if out.get() > 0 { format!("{} left out", n(out.get())) } else { String::new() }}</span>
                }
            />
        </section>
    }
    .into_any()
}

/// What is shown follows from what the file is and has.
fn columns(preview: &Preview) -> Vec<Column> {
    let has = |field: Field| {
        let mut all = preview.columns.iter();
        all.any(|c| c.field == field && c.filled > 0)
    };
    let number = Column::number("line", "Line", 70);
    let customer = Column::text("customer", "Customer", 96).hide_below(520);
    let name = Column::text("name", "Name", 140).grow(2).hide_below(760);
    let look = Column::text("look", "To look at", 150)
        .grow(2)
        .hide_below(900);
    if preview.kind == FileKind::Customers {
        let more = Column::text("more", "More", 180).grow(3).hide_below(520);
        return vec![number, customer.hide_below(0), name, more, look];
    }
    let mut columns = vec![
        number,
        customer,
        name,
        Column::text("number", "Document", 110).grow(1),
        Column::text("kind", "Kind", 92).hide_below(980),
        Column::date("date", "Date").hide_below(620),
        Column::date("due", "Due").hide_below(700),
        Column::number("amount", "Original", 104).hide_below(840),
        Column::number("open", "Open", 104),
        Column::text("currency", "Cur.", 56),
    ];
    if has(Field::LocalAmount) {
        columns.push(Column::number("local", "Local, apart", 132).hide_below(1100));
    }
    if has(Field::GroupAmount) {
        columns.push(Column::number("group", "Group, apart", 132).hide_below(1200));
    }
    columns.push(look);
    columns
}

fn cell(item: &PreviewItem, column: &str) -> CellView {
    let text = |text: &str| CellView::Text(text.to_owned());
    let other = |pair: &Option<(String, String)>| match pair {
        Some((amount, code)) => CellView::Faint(format!("{} {code}", grouped(amount, code))),
        None => CellView::Empty,
    };
    match column {
        "line" => CellView::Text(item.line.to_string()),
        "customer" => text(&item.customer),
        "name" => text(&item.name),
        "number" => CellView::Strong(item.number.clone()),
        "kind" => CellView::Faint(item.kind.replace('_', " ")),
        "date" => text(item.doc_date.as_deref().unwrap_or_default()),
        "due" => text(item.due.as_deref().unwrap_or_default()),
        "amount" => CellView::Text(grouped(&item.amount, &item.currency)),
        "open" => CellView::Text(grouped(&item.open, &item.currency)),
        "currency" => text(&item.currency),
        "local" => other(&item.local),
        "group" => other(&item.group),
        "more" => {
            let all = item
                .texts
                .iter()
                .map(|(name, text)| format!("{name} {text}"));
            CellView::Faint(all.collect::<Vec<_>>().join(" · "))
        }
        _ => match item.warning {
            Some(reason) => CellView::Toned(Tone::Warn, wording::reason(reason).to_owned()),
            None => CellView::Empty,
        },
    }
}

/// A plain decimal in the user's way of writing amounts.
fn grouped(plain: &str, code: &str) -> String {
    if plain.is_empty() {
        return String::new();
    }
    super::totals::shown(plain, if code.is_empty() { "USD" } else { code })
}
