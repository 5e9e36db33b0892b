//! Undo voids; redo undoes the undo. Refused, with the list and the order, when postings rest on
//! the commit or a newer extract of the same source is in.

use super::Decision;
use crate::book::Book;
use crate::event::Event;
use crate::ids::*;
use crate::refusal::Refusal;

impl Book {
    pub(super) fn decide_undo(&self, commit: Seq) -> Result<Decision, Refusal> {
        let known = self.commit(commit).ok_or(Refusal::UnknownCommit(commit))?;
        if commit == Seq(1) {
            return Err(Refusal::CannotUndo(commit));
        }
        if !self.is_live(commit) {
            return Err(Refusal::AlreadyVoid(commit));
        }
        if matches!(known.label.kind, crate::command::CommandKind::EraseTexts) {
            return Err(Refusal::CannotUndo(commit));
        }
        if let Some(undone) = known.label.undoes {
            self.may_come_back(undone)?;
            return Ok(vec![Event::Voided { commit }].into());
        }
        if let Some(import) = self.imports().find(|i| i.commit == commit) {
            let newer = self
                .imports()
                .find(|i| i.commit > commit && i.facts.source == import.facts.source);
            if let Some(newer) = newer {
                return Err(Refusal::NewerExtract(newer.commit));
            }
        }
        let resting = self.resting_on(commit);
        if !resting.is_empty() {
            return Err(Refusal::RestsOn(resting));
        }
        Ok(vec![Event::Voided { commit }].into())
    }

    /// Live later commits whose postings rest on the commit's, the last first: the order in which
    /// they are to be undone.
    pub fn resting_on(&self, commit: Seq) -> Vec<Seq> {
        let of_commit = |item: ItemId| self.item(item).is_some_and(|i| i.commit() == commit);
        let mut resting = std::collections::BTreeSet::new();
        for s in self.settlements.iter() {
            let later = s.commit > commit && self.is_live(s.commit);
            if later && [s.debit, s.credit].into_iter().flatten().any(of_commit) {
                resting.insert(s.commit);
            }
            if s.commit == commit
                && let Some((_, by)) = self.reversal_of(s.id)
                && by > commit
            {
                resting.insert(by);
            }
        }
        for state in self.items.segments() {
            let changed = state
                .due_changes
                .iter()
                .flat_map(|(row, c)| c.iter().map(move |(s, _)| (row, *s)))
                .chain(
                    state
                        .amount_changes
                        .iter()
                        .flat_map(|(row, c)| c.iter().map(move |(s, _)| (row, *s))),
                );
            for (row, seq) in changed {
                if seq > commit && self.is_live(seq) && state.recorded.of(*row as usize) == commit {
                    resting.insert(seq);
                }
            }
        }
        resting.into_iter().rev().collect()
    }

    /// Redo: a commit may come back unless its rows came in again meanwhile.
    fn may_come_back(&self, undone: Seq) -> Result<(), Refusal> {
        let heirs = self.reattached.iter().find(|(from, to)| {
            self.item(**from).is_some_and(|i| i.commit() == undone) && self.is_item_live(**to)
        });
        if let Some((from, _)) = heirs
            && let Some(key) = self.item_key(*from)
        {
            return Err(Refusal::WouldDuplicate(key));
        }
        for id in self.items.ids() {
            if self.item(id).is_none_or(|i| i.commit() != undone) {
                continue;
            }
            if let Some(key) = self.item_key(id)
                && self.find_item(&key).is_some()
            {
                return Err(Refusal::WouldDuplicate(key));
            }
        }
        Ok(())
    }
}
