//! Works out what changed in slices, so that a take-on of a million items does not stop the page.

use super::wording::{self, Section};
use super::{ORDER, Row, sums};
use crate::platform::latest::Run;
use crate::words;
use crate::workspace::Ws;
use duebook_insight::changes::{
    Change, ChangedItem, Changes, changed_items, changed_work, touched_items,
};
use duebook_insight::succession::{Proposal, proposals};
use duebook_insight::waiting::{WaitingPosting, waiting};
use duebook_ledger::book::Import;
use duebook_ledger::facts::ImportKind;
use duebook_ledger::{Book, ItemId, Seq};
use leptos::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Items compared at a time: a few milliseconds.
const SLICE: usize = 8_192;

/// The files of one morning: those of one day, a second whole list of a source beginning the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileDay {
    /// For the address: the last commit of it.
    pub id: String,
    /// "As of 21 Nov 2026, 3 files".
    pub label: String,
    /// The commit before the first of them.
    pub after: Seq,
    /// The last of them.
    pub until: Seq,
}

/// The mornings on which files came in, the newest first.
pub fn days(book: &Book) -> Vec<FileDay> {
    let mut mornings: Vec<Vec<&Import>> = Vec::new();
    let day = |i: &Import| book.commit(i.commit).map(|c| c.ledger_date);
    // Customers and contacts change no item.
    let files = book.imports();
    for import in files.filter(|i| i.facts.kind != ImportKind::MasterData) {
        let lists = |i: &&&Import| {
            i.facts.kind == ImportKind::OpenItems && i.facts.source == import.facts.source
        };
        let goes_on = mornings.last().is_some_and(|m| {
            let again = import.facts.kind == ImportKind::OpenItems && m.iter().any(|i| lists(&i));
            !again && m.first().and_then(|i| day(i)) == day(import)
        });
        match mornings.last_mut().filter(|_| goes_on) {
            Some(morning) => morning.push(import),
            None => mornings.push(vec![import]),
        }
    }
    let of = |files: Vec<&Import>| {
        let (first, last) = (files.first()?.commit, files.last()?.commit);
        let as_of = files.iter().map(|i| i.facts.as_of).max()?;
        let count = crate::ui::format::plural(files.len(), "file", "files", Default::default());
        Some(FileDay {
            id: last.0.to_string(),
            label: format!("As of {}, {count}", words::day(as_of)),
            after: Seq(first.0.saturating_sub(1)),
            until: last,
        })
    };
    mornings.into_iter().rev().filter_map(of).collect()
}

/// Where the comparison stands.
#[derive(Clone, Debug)]
pub enum Step {
    /// There is no file to compare.
    NoFiles,
    /// Items done, of so many.
    Working(usize, usize),
    /// Done.
    Done(Arc<Found>),
}

/// What changed, ready to show.
#[derive(Debug, Default)]
pub struct Found {
    /// The files of the day.
    pub day: Option<FileDay>,
    by_change: BTreeMap<Change, Vec<ChangedItem>>,
    work: Changes,
    waiting: Vec<WaitingPosting>,
    /// What may have taken whose place.
    pub proposals: Vec<Proposal>,
}

/// Works it out and puts it into `found`; a later run makes an earlier one stop.
pub fn gather(ws: Ws, day: FileDay, found: RwSignal<Step>, run: Run) {
    let today = ws.today();
    let first = found.with_untracked(|f| !matches!(f, Step::Done(_)));
    leptos::task::spawn_local(async move {
        let ids = ws.peek(|b| touched_items(b, day.after, day.until));
        let mut by_change: BTreeMap<Change, Vec<ChangedItem>> = BTreeMap::new();
        for (n, slice) in ids.chunks(SLICE).enumerate() {
            if run.pause().await.is_none() {
                return;
            }
            // While it is worked out anew the last answer stays on screen.
            if first {
                let _ = found.try_set(Step::Working(n * SLICE, ids.len()));
            }
            for item in ws.peek(|b| changed_items(b, day.after, day.until, slice)) {
                by_change.entry(item.change).or_default().push(item);
            }
        }
        if run.pause().await.is_none() {
            return;
        }
        let done = ws.peek(|b| {
            let of = |c: Change| {
                let items = by_change.get(&c).map_or(&[][..], |v| v);
                items.iter().map(|i| i.item).collect::<Vec<ItemId>>()
            };
            let gone = [of(Change::Gone), of(Change::Cleared)].concat();
            let calendar = b.policies().calendar.business_days();
            Found {
                proposals: proposals(b, &gone, &of(Change::New)),
                work: changed_work(b, day.after, day.until, today),
                waiting: waiting(b, today, &calendar),
                by_change,
                day: Some(day),
            }
        });
        let _ = found.try_set(Step::Done(Arc::new(done)));
    });
}

impl Found {
    /// How many lines a section has.
    pub fn len(&self, section: Section) -> usize {
        match section {
            Section::Items(change) => self.by_change.get(&change).map_or(0, Vec::len),
            Section::Answered => self.work.postings.len(),
            Section::Waiting => self.waiting.len(),
            Section::Promises => self.work.promises.len(),
            Section::Successors => self.proposals.len(),
        }
    }
    /// The sections that have lines: which, how many, by how much they moved what is open.
    pub fn sections(&self, ws: Ws) -> Vec<(Section, usize, String)> {
        let mut all = vec![Section::Successors, Section::Promises];
        all.extend(ORDER.iter().map(|c| Section::Items(*c)));
        all.extend([Section::Answered, Section::Waiting]);
        let filled = all.into_iter().filter(|s| self.len(*s) > 0);
        filled
            .map(|s| (s, self.len(s), self.moved(ws, s)))
            .collect()
    }
    /// The section shown unasked.
    pub fn first_section(&self) -> Option<Section> {
        let mut order = vec![Section::Successors];
        order.extend(ORDER.iter().map(|c| Section::Items(*c)));
        order.extend([Section::Promises, Section::Answered, Section::Waiting]);
        order.into_iter().find(|s| self.len(*s) > 0)
    }
    fn moved(&self, ws: Ws, section: Section) -> String {
        match section {
            Section::Items(change) => ws.peek(|b| {
                let mut by = BTreeMap::new();
                for line in self.by_change.get(&change).into_iter().flatten() {
                    if let Some(item) = b.item(line.item) {
                        let sum: &mut i64 = by.entry(item.currency()).or_default();
                        *sum = sum.saturating_add(line.to.saturating_sub(line.from));
                    }
                }
                sums(&by.into_iter().collect::<Vec<_>>())
            }),
            Section::Waiting => {
                let mut by = BTreeMap::new();
                for w in &self.waiting {
                    let sum: &mut i64 = by.entry(w.currency).or_default();
                    *sum = sum.saturating_add(w.amount);
                }
                sums(&by.into_iter().collect::<Vec<_>>())
            }
            _ => String::new(),
        }
    }
    /// A line of a section as it is shown.
    pub fn row(&self, book: &Book, section: Section, n: usize) -> Option<Row> {
        match section {
            Section::Items(change) => {
                let line = self.by_change.get(&change)?.get(n)?;
                wording::item_row(book, line, n)
            }
            Section::Answered => wording::answered_row(book, self.work.postings.get(n)?, n),
            Section::Waiting => wording::waiting_row(book, self.waiting.get(n)?, n),
            Section::Promises => Some(wording::promise_row(self.work.promises.get(n)?, n)),
            Section::Successors => None,
        }
    }
    /// All items that changed.
    pub fn changed(&self) -> usize {
        self.by_change.values().map(Vec::len).sum()
    }
}
