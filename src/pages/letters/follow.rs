//! The reminder run kept beside the book: worked out in slices, and after a commit anew for the
//! customers it touched.

use crate::pages::shared::account::name_of;
use crate::platform::latest::{Run, Runs};
use crate::platform::pause::Slice;
use crate::workspace::Ws;
use duebook_ledger::{Book, CustomerId};
use duebook_letters::money::BankNames;
use duebook_letters::plan::{CustomerPlan, Message, Planner};
use duebook_money::Day;
use duebook_policy::letters::LetterUse;
use leptos::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A message that would go, or a customer to whom none does.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    pub key: u64,
    pub customer: CustomerId,
    pub name: String,
    pub number: String,
    pub plan: Arc<CustomerPlan>,
    /// Which message; `None` where none goes.
    pub at: Option<usize>,
}

impl Row {
    pub fn message(&self) -> Option<&Message> {
        self.plan.messages.get(self.at?)
    }
    pub fn is_upcoming(&self) -> bool {
        let message = self.message().or(self.plan.messages.first());
        message.is_some_and(|m| m.used_for == LetterUse::Upcoming)
    }
    /// Whether it holds every word, in lower case.
    pub fn holds(&self, words: &[String]) -> bool {
        if words.is_empty() {
            return true;
        }
        let mut all = format!("{} {}", self.name, self.number).to_lowercase();
        let lines = self.plan.messages.iter().flat_map(|m| &m.lines);
        let left = self.plan.left_out.iter().map(|(l, _)| l);
        for line in lines.chain(left) {
            all.push(' ');
            all.push_str(&line.number.to_lowercase());
        }
        words.iter().all(|w| all.contains(w))
    }
    /// Most days past due of what it asks for.
    pub fn oldest(&self) -> i32 {
        let lines = self.plan.messages.iter().flat_map(|m| &m.lines);
        lines.map(|l| l.late).max().unwrap_or(0)
    }
}

/// What is kept: per customer its rows, and of which state of the book.
struct Kept {
    revision: u64,
    today: Day,
    rows: BTreeMap<CustomerId, Vec<Row>>,
}

fn rows_of(book: &Book, planner: &Planner<'_>, id: CustomerId) -> Vec<Row> {
    let Some(plan) = planner.customer(id) else {
        return Vec::new();
    };
    let plan = Arc::new(plan);
    let row = |at: Option<usize>| Row {
        key: u64::from(id.0) * 4 + at.map_or(3, |n| n as u64),
        customer: id,
        name: name_of(book, id),
        number: book
            .customer(id)
            .map_or(String::new(), |c| c.number.clone()),
        plan: plan.clone(),
        at,
    };
    match plan.blocked {
        Some(_) => vec![row(None)],
        None => (0..plan.messages.len()).map(|n| row(Some(n))).collect(),
    }
}

/// The rows, oldest first, and whether they are being worked out.
pub fn follow(ws: Ws) -> (Signal<Arc<Vec<Row>>>, Signal<bool>) {
    let rows = RwSignal::new(Arc::new(Vec::new()));
    let working = RwSignal::new(true);
    let kept = StoredValue::new_local(None::<Kept>);
    let runs = Runs::new();
    Effect::new(move |_| {
        let (revision, today) = (ws.revision().get(), ws.today());
        let run = runs.begin();
        leptos::task::spawn_local(async move {
            let _ = working.try_set(true);
            let done = work(ws, revision, today, kept, run).await;
            if done.is_some() {
                let list = kept.try_with_value(|k| k.as_ref().map(ordered)).flatten();
                let _ = rows.try_set(Arc::new(list.unwrap_or_default()));
                let _ = working.try_set(false);
            }
        });
    });
    (rows.into(), working.into())
}

/// Works out what changed; `None` where the run is stale.
async fn work(
    ws: Ws,
    revision: u64,
    today: Day,
    kept: StoredValue<Option<Kept>, LocalStorage>,
    run: Run,
) -> Option<()> {
    let before = kept.try_update_value(Option::take).flatten();
    let before = before.filter(|k| k.today == today);
    let touched = before.as_ref().and_then(|k| ws.touched_since(k.revision));
    let (mut all, todo) = match (before, touched) {
        (Some(k), Some(touched)) => (k.rows, touched),
        _ => (BTreeMap::new(), ws.peek(|b| b.customer_ids().collect())),
    };
    let bank = ws.peek(BankNames::of);
    let mut at = 0;
    while at < todo.len() {
        ws.peek(|book| {
            let planner = Planner::new(book, today, &bank);
            let slice = Slice::begin();
            while let Some(id) = todo.get(at).filter(|_| !slice.is_over()) {
                let rows = rows_of(book, &planner, *id);
                match rows.is_empty() {
                    true => _ = all.remove(id),
                    false => _ = all.insert(*id, rows),
                }
                at += 1;
            }
        });
        run.pause().await?;
    }
    if run.is_stale() {
        return None;
    }
    kept.try_update_value(|k| {
        *k = Some(Kept {
            revision,
            today,
            rows: all,
        });
    })
}

fn ordered(kept: &Kept) -> Vec<Row> {
    let mut rows: Vec<Row> = kept.rows.values().flatten().cloned().collect();
    duebook_money::order::sort_by(&mut rows, |a, b| {
        let key = |r: &Row| {
            (
                r.plan.blocked.is_some(),
                r.is_upcoming(),
                -i64::from(r.oldest()),
            )
        };
        key(a)
            .cmp(&key(b))
            .then_with(|| a.name.cmp(&b.name))
            .then(a.key.cmp(&b.key))
    });
    rows
}
