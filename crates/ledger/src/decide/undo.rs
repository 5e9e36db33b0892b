//! Undo voids; redo undoes the undo. Refused, with the list and the order, when postings rest on
//! the commit or a newer extract of the same source is in.
//!
//! What one more void mark changes is worked out first (an undo, a redo and the undo of a redo are
//! one thing): the commits that would be known no longer, and those that would be known again.

use super::Decision;
use crate::book::Book;
use crate::event::Event;
use crate::facts::ImportKind;
use crate::ids::*;
use crate::refusal::Refusal;
use std::collections::{BTreeMap, BTreeSet};

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
        let after = self.live_with(self.head(), Some(commit));
        let turned = |to: bool| {
            let seqs = (1..after.len()).map(|s| Seq(s as u32));
            seqs.filter(|s| after[s.index()] == to && self.is_live(*s) != to)
                .collect::<BTreeSet<Seq>>()
        };
        let (gone, back) = (turned(false), turned(true));
        self.undo_in_lock(&gone, &back)?;
        self.newest_of_source(&gone)?;
        let resting = self.resting(&gone, &after);
        if !resting.is_empty() {
            return Err(Refusal::RestsOn(resting));
        }
        // A receipt that goes back to another customer by a redo: what it paid since rests on that.
        let mut moved = BTreeSet::new();
        let stays = |s: Seq| after.get(s.index()).copied().unwrap_or(false);
        self.moves_rest(&back, &stays, &mut moved);
        if !moved.is_empty() {
            return Err(Refusal::RestsOn(moved.into_iter().rev().collect()));
        }
        self.may_come_back(&back, &after)?;
        let crowded = self.crowded(&gone, &back, &after);
        if !crowded.is_empty() {
            return Err(Refusal::RestsOn(crowded));
        }
        Ok(vec![Event::Voided { commit }].into())
    }

    /// Of files of items: what one says of customers rests on nothing, and nothing on it.
    fn newest_of_source(&self, gone: &BTreeSet<Seq>) -> Result<(), Refusal> {
        let of_items = || {
            let all = self.imports();
            all.filter(|i| i.facts.kind != ImportKind::MasterData)
        };
        for import in of_items().filter(|i| gone.contains(&i.commit)) {
            let newer = of_items()
                .filter(|i| i.facts.source == import.facts.source && i.commit > import.commit)
                .last();
            if let Some(newer) = newer {
                return Err(Refusal::NewerExtract(newer.commit));
            }
        }
        Ok(())
    }

    /// Live later commits that rest on a commit, the last first: the order in which they are to be
    /// undone.
    pub fn resting_on(&self, commit: Seq) -> Vec<Seq> {
        let after = self.live_with(self.head(), Some(commit));
        self.resting(&BTreeSet::from([commit]), &after)
    }

    /// Commits that stay and settle, reverse or change what would go, or whose items belong to
    /// customers whom nothing would name any more. The last first.
    fn resting(&self, gone: &BTreeSet<Seq>, after: &[bool]) -> Vec<Seq> {
        let mut resting = BTreeSet::new();
        if gone.is_empty() {
            return Vec::new();
        }
        let stays = |s: Seq| after.get(s.index()).copied().unwrap_or(false);
        let goes = |item: ItemId| self.item(item).is_some_and(|i| gone.contains(&i.commit()));
        for s in self.settlements.iter() {
            if stays(s.commit) && [s.debit, s.credit].into_iter().flatten().any(goes) {
                resting.insert(s.commit);
            }
            if gone.contains(&s.commit)
                && let Some(r) = self.reversal_of(s.id).filter(|r| stays(r.commit))
            {
                resting.insert(r.commit);
            }
        }
        let nameless: BTreeSet<u32> = (0..self.customers.len() as u32)
            .filter(|&c| self.customer_facts(CustomerId(c)).is_some())
            .filter(|&c| self.customers[c as usize].facts.get(&stays).is_none())
            .collect();
        for state in self.items.segments() {
            let due = state.due_changes.iter();
            let due = due.flat_map(|(row, c)| c.iter().map(move |(s, _)| (row, *s)));
            let amounts = state.amount_changes.iter();
            let amounts = amounts.flat_map(|(row, c)| c.iter().map(move |(s, _)| (row, *s)));
            for (row, seq) in due.chain(amounts) {
                if stays(seq) && gone.contains(&state.recorded.of(*row as usize)) {
                    resting.insert(seq);
                }
            }
            if nameless.is_empty() {
                continue;
            }
            let then: BTreeMap<usize, u32> = state.customers_at(stays).into_iter().collect();
            for (row, now) in state.data.customer.iter().enumerate() {
                let recorded = state.recorded.of(row);
                let customer = then.get(&row).unwrap_or(now);
                if stays(recorded) && nameless.contains(customer) {
                    resting.insert(recorded);
                }
            }
        }
        self.statements_resting(gone, &stays, &mut resting);
        self.moves_rest(gone, &stays, &mut resting);
        resting.into_iter().rev().collect()
    }

    /// A commit may come back unless its rows came in again meanwhile, or what it settles is void.
    fn may_come_back(&self, back: &BTreeSet<Seq>, after: &[bool]) -> Result<(), Refusal> {
        if back.is_empty() {
            return Ok(());
        }
        let stays = |s: Seq| after.get(s.index()).copied().unwrap_or(false);
        let mut missing = BTreeSet::new();
        let mut needs = |seq: Seq| {
            if !stays(seq) {
                missing.insert(seq);
            }
        };
        for s in self.settlements.iter() {
            if back.contains(&s.commit) {
                let items = [s.debit, s.credit].into_iter().flatten();
                items
                    .filter_map(|i| self.item(i))
                    .for_each(|i| needs(i.commit()));
            }
            let reversed_by = |seq: Seq| back.contains(&seq);
            if let Some(r) = self.settlements.reversal(s.id, &reversed_by) {
                needs(s.commit);
                if self.reversal_of(s.id).is_some_and(|now| now != r) {
                    return Err(Refusal::AlreadyReversed(s.id));
                }
            }
        }
        for (number, state) in self.items.segments().iter().enumerate() {
            for row in 0..state.data.len() {
                if !back.contains(&state.recorded.of(row)) {
                    continue;
                }
                let customer = self.customers.get(state.data.customer[row] as usize);
                if let Some(c) = customer.filter(|c| c.facts.get(&stays).is_none()) {
                    let first = c.facts.history().first();
                    first.iter().for_each(|(seq, _)| needs(*seq));
                }
                if let Some(key) = self.item_key(ItemId::new(number, row))
                    && self.find_item(&key).is_some()
                {
                    return Err(Refusal::WouldDuplicate(key));
                }
            }
        }
        self.lines_come_back(back, &stays, &mut missing)?;
        if missing.is_empty() {
            Ok(())
        } else {
            Err(Refusal::RestsOnVoid(missing.into_iter().collect()))
        }
    }

    /// Later commits on items that would leave the range from 0 to their amount: a reversal whose
    /// item was paid again since, a payment come back beside the one that replaced it.
    fn crowded(&self, gone: &BTreeSet<Seq>, back: &BTreeSet<Seq>, after: &[bool]) -> Vec<Seq> {
        let turned = |s: Seq| gone.contains(&s) || back.contains(&s);
        let mut touched: BTreeMap<ItemId, i128> = BTreeMap::new();
        for s in self.settlements.iter() {
            if turned(s.commit) || self.settlements.reversal(s.id, &turned).is_some() {
                let items = [s.debit, s.credit].into_iter().flatten();
                touched.extend(items.map(|i| (i, 0)));
            }
        }
        if touched.is_empty() {
            return Vec::new();
        }
        self.settlements
            .effects(i32::MAX, after, |item, amount, _| {
                if let Some(moved) = touched.get_mut(&item) {
                    *moved += i128::from(amount);
                }
            });
        let last_turned = gone.iter().chain(back).min().copied().unwrap_or_default();
        let mut resting = BTreeSet::new();
        for (id, moved) in touched {
            let Some(item) = self.item(id) else { continue };
            let stays = after.get(item.commit().index()).copied().unwrap_or(false);
            let now = i128::from(item.recorded_open()) - i128::from(item.open());
            if !stays || self.in_range(&item, moved) || !self.in_range(&item, now) {
                continue;
            }
            let later = |s: &crate::settlements::Settlement| {
                s.commit > last_turned && self.counts(s) && !turned(s.commit)
            };
            resting.extend(self.settlements_of(id).filter(later).map(|s| s.commit));
        }
        resting.into_iter().rev().collect()
    }
}
