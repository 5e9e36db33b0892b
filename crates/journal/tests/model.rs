//! The journal against a naive second implementation: a list of commands.
#![allow(clippy::unwrap_used, missing_docs)]

use duebook_journal::{
    BookId, CommandId, CommitError, Digest, Draft, EventStore, Fault, FaultyStore, Head, Journal,
    LoadFrom, MemStore, Outcome, StoreError,
};
use pollster::block_on;
use proptest::prelude::*;

#[derive(Clone, Debug)]
struct Step {
    tab: usize,
    command: u8,
    input: u8,
    fault: u8,
}

fn step() -> impl Strategy<Value = Step> {
    (0..2usize, 0..12u8, 0..2u8, 0..6u8).prop_map(|(tab, command, input, fault)| Step {
        tab,
        command,
        input,
        fault,
    })
}

fn fault(code: u8) -> Fault {
    match code {
        1 => Fault::FailBeforeWrite,
        2 => Fault::CrashAfterWrite,
        3 => Fault::LostConnection,
        4 => Fault::Quota,
        _ => Fault::None,
    }
}

proptest! {
    /// Two tabs, faults, repeated commands: the log is exactly the list of commands the naive
    /// model accepted, in its order, each once; a tab never stands on what is not stored.
    #[test]
    fn the_log_is_the_list_of_accepted_commands(steps in prop::collection::vec(step(), 1..40)) {
        let shared = MemStore::new();
        let stores = [FaultyStore::new(shared.clone()), FaultyStore::new(shared.clone())];
        let mut tabs = stores.clone().map(|store| Journal::at(store, Head::EMPTY));
        let mut naive: Vec<(u8, u8)> = Vec::new();
        let mut known = [0usize; 2];
        for (place, step) in (0i64..).zip(steps) {
            let code = step.fault;
            stores[step.tab].plan([fault(code)]);
            let draft = Draft {
                book: BookId([1; 16]),
                command: CommandId([step.command; 16]),
                input: Digest::of(&[step.input]),
                // Two tabs never seal the very same bytes.
                recorded_at_ms: place,
                body: vec![step.command, step.input],
                ..Draft::default()
            };
            let tab = &mut tabs[step.tab];
            let answer = block_on(tab.commit(draft, vec![], vec![]));
            let seen = naive.iter().position(|(command, _)| *command == step.command);
            let refused_by_disk = code == 1 || code == 4;
            if refused_by_disk {
                let unsaved = matches!(
                    answer,
                    Err(CommitError::NotSaved(StoreError::Io(_) | StoreError::Quota))
                );
                prop_assert!(unsaved, "{answer:?}");
                continue;
            }
            match seen {
                Some(place) if naive[place].1 != step.input => {
                    let seq = place as u64 + 1;
                    prop_assert_eq!(answer, Err(CommitError::CommandReused { seq }));
                }
                Some(place) => {
                    let Ok(Outcome::Already { seq, tail }) = answer else {
                        return Err(TestCaseError::fail(format!("{answer:?}")));
                    };
                    prop_assert_eq!(seq, place as u64 + 1);
                    prop_assert_eq!(tail.len(), naive.len() - known[step.tab]);
                    tab.adopt(&tail).unwrap();
                    known[step.tab] = naive.len();
                }
                None if known[step.tab] < naive.len() => {
                    let Ok(Outcome::Behind { tail }) = answer else {
                        return Err(TestCaseError::fail(format!("{answer:?}")));
                    };
                    prop_assert_eq!(tail.len(), naive.len() - known[step.tab]);
                    tab.adopt(&tail).unwrap();
                    known[step.tab] = naive.len();
                }
                None => {
                    prop_assert_eq!(answer, Ok(Outcome::Committed(tab.head())));
                    naive.push((step.command, step.input));
                    known[step.tab] = naive.len();
                }
            }
        }
        let loaded = block_on(shared.load(LoadFrom::Start)).unwrap();
        prop_assert!(loaded.is_sound());
        let stored: Vec<(u8, u8)> = loaded
            .commits
            .iter()
            .map(|commit| (commit.envelope.body[0], commit.envelope.body[1]))
            .collect();
        prop_assert_eq!(stored, naive);
    }
}
