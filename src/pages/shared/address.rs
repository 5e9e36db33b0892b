//! The view in the address: what is looked at, searched for, in which order; what is opened again is
//! what was seen.

use super::{on_key, on_text};
use crate::ui::prelude::*;
use crate::workspace::Ws;
use duebook_ledger::CustomerId;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate, use_query_map};
use leptos_router::params::ParamsMap;
use std::cell::RefCell;
use std::str::FromStr;

thread_local! {
    /// What the address was and is asked to be, oldest first: the router takes a change up later, and
    /// a second change made before that begins from the first, or would put it back.
    static ASKED: RefCell<Vec<(String, ParamsMap)>> = const { RefCell::new(Vec::new()) };
}

/// What the address will be once the router has caught up, by what it is now.
fn coming(now: (String, ParamsMap)) -> (String, ParamsMap) {
    ASKED.with_borrow_mut(|asked| {
        match asked.iter().position(|a| *a == now) {
            Some(at) => drop(asked.drain(..at)),
            // Somebody went elsewhere.
            None => *asked = vec![now.clone()],
        }
        asked.last().cloned().unwrap_or(now)
    })
}

/// Whether the address is what it was last asked to be: else a change is on its way.
fn is_settled(path: &str, query: &ParamsMap) -> bool {
    let now = (path.to_owned(), query.clone());
    coming(now.clone()) == now
}

/// A part of the view that the page itself says, with the address following it: known at once, where
/// the address is known once the router has caught up. What the address says else (a link, a step
/// back) is taken over.
pub fn leading<T>(name: &'static str) -> RwSignal<Option<T>>
where
    T: FromStr + PartialEq + Send + Sync + 'static,
{
    let query = use_query_map();
    let location = use_location();
    let own = location.pathname.get_untracked();
    let read = move || query.read().get(name).and_then(|v| v.parse::<T>().ok());
    let value = RwSignal::new(untrack(read));
    Effect::new(move |_| {
        let (path, found) = (location.pathname.get(), read());
        // The address is of the next page before this one is gone.
        let ours = path == own && is_settled(&path, &query.read_untracked());
        if ours && value.with_untracked(|v| *v != found) {
            value.set(found);
        }
    });
    value
}

/// Forgets what was asked once somebody went elsewhere. Once, where the router is.
pub fn follow_address() {
    let query = use_query_map();
    let location = use_location();
    Effect::new(move |_| {
        coming((location.pathname.get(), query.get()));
    });
}

/// Changes several parts of the view in the address at once. `step`: the change is a step back can
/// undo; else it replaces the address, as typing does.
fn change(step: bool) -> Callback<Vec<(&'static str, Option<String>)>> {
    let query = use_query_map();
    let location = use_location();
    let navigate = use_navigate();
    let navigate = StoredValue::new_local(move |path: &str| {
        let options = NavigateOptions {
            replace: !step,
            scroll: false,
            ..NavigateOptions::default()
        };
        navigate(path, options);
    });
    Callback::new(move |parts: Vec<(&'static str, Option<String>)>| {
        let now = (location.pathname.get_untracked(), query.get_untracked());
        let (path, before) = coming(now);
        let mut query = before.clone();
        for (name, wanted) in parts {
            if before.get(name) == wanted {
                continue;
            }
            query.remove(name);
            if let Some(wanted) = wanted {
                query.insert(name.to_owned(), wanted);
            }
        }
        if query == before {
            return;
        }
        // The router adds the base again.
        let href = path.strip_prefix(&crate::app::base()).unwrap_or(&path);
        let href = format!("{href}{}", query.to_query_string());
        ASKED.with_borrow_mut(|asked| asked.push((path.clone(), query)));
        navigate.with_value(|go| go(&href));
    })
}

/// Changes several parts of the view in the address at once.
pub fn change_address() -> Callback<Vec<(&'static str, Option<String>)>> {
    change(false)
}

/// A part of the view in the address, and how to change it. `step`: the change is a step back can
/// undo; else it replaces the address, as typing does.
pub fn in_address<T>(name: &'static str, step: bool) -> (Memo<Option<T>>, Callback<Option<T>>)
where
    T: FromStr + ToString + PartialEq + Send + Sync + 'static,
{
    let query = use_query_map();
    let change = change(step);
    let value = Memo::new(move |_| query.read().get(name).and_then(|v| v.parse().ok()));
    let set = Callback::new(move |wanted: Option<T>| {
        change.run(vec![(name, wanted.map(|w| w.to_string()))]);
    });
    (value, set)
}

/// The customer that the address is about, and how to choose another: a step back can undo it. One of
/// whom nothing is known is none.
pub fn customer_in_address(ws: Ws) -> (Memo<Option<CustomerId>>, Callback<Option<CustomerId>>) {
    let (asked, ask) = in_address::<String>("of", true);
    let of = Memo::new(move |_| {
        let key = on_key(&asked.get()?)?;
        ws.read(|b| {
            b.find_customer(&key)
                .filter(|c| b.customer_facts(*c).is_some())
        })
    });
    let choose = Callback::new(move |wanted: Option<CustomerId>| {
        let key = wanted.and_then(|id| ws.peek(|b| b.customer_key(id)));
        ask.run(key.map(|key| on_text(&key)));
    });
    (of, choose)
}

/// A search text that follows the address and is followed by it.
pub fn search_in_address(name: &'static str) -> RwSignal<String> {
    let said = leading::<String>(name);
    let ask = change(false);
    let text = RwSignal::new(said.get_untracked().unwrap_or_default());
    Effect::new(move |_| {
        let typed = text.get();
        let wanted = (!typed.is_empty()).then_some(typed);
        if said.get_untracked() != wanted {
            said.set(wanted.clone());
            ask.run(vec![(name, wanted)]);
        }
    });
    Effect::new(move |_| {
        let found = said.get().unwrap_or_default();
        if text.with_untracked(|t| *t != found) {
            text.set(found);
        }
    });
    text
}

/// An order in the address: "late", or "-late" for descending.
pub fn sort_in_address(columns: &'static [&'static str]) -> (Signal<Option<Sort>>, Callback<Sort>) {
    let (asked, ask) = in_address::<String>("sort", false);
    let sort = Signal::derive(move || {
        let asked = asked.get()?;
        let (dir, name) = match asked.strip_prefix('-') {
            Some(name) => (SortDir::Descending, name),
            None => (SortDir::Ascending, asked.as_str()),
        };
        let column = columns.iter().copied().find(|c| *c == name)?;
        Some(Sort { column, dir })
    });
    let set = Callback::new(move |sort: Sort| {
        let mark = if sort.dir == SortDir::Descending {
            "-"
        } else {
            ""
        };
        ask.run(Some(format!("{mark}{}", sort.column)));
    });
    (sort, set)
}
