//! What reconciliation refuses, and the check of every posting against the locks.

use super::{BreakFacts, BreakMatter, LockedFigure, ReconCommand, ReconEvent, payer_key};
use crate::book::Book;
use crate::command::{Command, Context};
use crate::decide::{Decision, not_empty};
use crate::event::Event;
use crate::facts::Standing;
use crate::ids::*;
use crate::open::{OpenScan, View};
use crate::refusal::{Field, Refusal};
use duebook_money::{Currency, Day};
use std::collections::{BTreeMap, BTreeSet};

/// Characters of a note, owner or reason that are kept.
const MOST_TEXT: usize = 1_000;

pub(super) fn kept(text: &str) -> String {
    text.trim().chars().take(MOST_TEXT).collect()
}

impl Book {
    pub(crate) fn decide_recon(
        &self,
        context: &Context,
        command: &ReconCommand,
    ) -> Result<Decision, Refusal> {
        let event = match command {
            ReconCommand::LockPeriod {
                from,
                to,
                note,
                breaks,
            } => self.decide_lock(context, (*from, *to), note, *breaks)?,
            ReconCommand::UnlockPeriod { lock, reason } => {
                let known = self.all_locks().find(|(l, _)| l.key == *lock);
                let (_, lifted) = known.ok_or(Refusal::UnknownFact(*lock))?;
                if lifted.is_some() {
                    return Err(Refusal::AlreadyEnded(*lock));
                }
                not_empty(reason, Field::Ground)?;
                ReconEvent::PeriodUnlocked {
                    lock: *lock,
                    reason: kept(reason),
                }
            }
            ReconCommand::NoteBreak(facts) => {
                self.matter_is_there(&facts.matter)?;
                ReconEvent::BreakNoted(BreakFacts {
                    owner: kept(&facts.owner),
                    note: kept(&facts.note),
                    ..facts.clone()
                })
            }
            ReconCommand::CloseBreak { matter, how } => {
                let noted = self.noted_break(matter).filter(|n| n.closed.is_none());
                if noted.is_none() {
                    return Err(Refusal::UnknownBreak(matter.clone()));
                }
                not_empty(how, Field::Ground)?;
                ReconEvent::BreakClosed {
                    matter: matter.clone(),
                    how: kept(how),
                }
            }
            ReconCommand::Reapply {
                receipt,
                take_back,
                apply,
                effective,
            } => return self.decide_reapply(receipt, take_back, apply, *effective),
            ReconCommand::ReverseReceipt {
                receipt,
                effective,
                kind,
                fee,
            } => return self.decide_reversal(receipt, *effective, *kind, fee.as_ref()),
            ReconCommand::HoldReceipt { receipt, why } => return self.decide_hold(receipt, why),
            ReconCommand::RefundReceipt {
                receipt,
                amount,
                effective,
            } => return self.decide_refund(receipt, *amount, *effective),
            ReconCommand::MoveReceipt {
                receipt,
                to,
                apply,
                effective,
            } => {
                // Money dated ahead is moved on its own day at the latest.
                let came = self.item_id(receipt).ok().and_then(|id| self.item(id));
                let came = came.map_or(context.ledger_date, |i| Day(i.doc_date()));
                let days = (*effective, context.ledger_date.max(came));
                return self.decide_move(receipt, to, apply, days);
            }
            ReconCommand::TransferReceipt {
                receipt,
                take_back,
                onward,
                effective,
            } => {
                let days = (*effective, context.ledger_date);
                return self.decide_transfer(receipt, take_back, onward, days);
            }
            ReconCommand::UnlearnAlias {
                kind,
                text,
                customer,
            } => {
                let customer = self.customer_id(customer)?;
                let text = payer_key(text);
                not_empty(&text, Field::Value)?;
                ReconEvent::AliasUnlearnt {
                    kind: *kind,
                    text,
                    customer,
                }
            }
        };
        Ok(vec![Event::Recon(event)].into())
    }

    fn matter_is_there(&self, matter: &BreakMatter) -> Result<(), Refusal> {
        match matter {
            BreakMatter::Line(key) if self.find_line(key).is_none() => {
                Err(Refusal::UnknownLine(key.clone()))
            }
            BreakMatter::Receipt(key) => self.item_id(key).map(|_| ()),
            BreakMatter::Other(name) => not_empty(name, Field::Name),
            _ => Ok(()),
        }
    }

    fn decide_lock(
        &self,
        context: &Context,
        (from, to): (Day, Day),
        note: &str,
        breaks: u32,
    ) -> Result<ReconEvent, Refusal> {
        if to < from {
            return Err(Refusal::DateBefore {
                date: to,
                earliest: from,
            });
        }
        if to > context.ledger_date {
            return Err(Refusal::DateAfter {
                date: to,
                latest: context.ledger_date,
            });
        }
        if let Some(lock) = self.locks().find(|l| l.from <= to && from <= l.to) {
            return Err(locked(lock, lock.from.max(from)));
        }
        let figures = self.figures_of(from, to);
        let differ: Vec<(Currency, i64)> = figures
            .iter()
            .filter_map(|f| Some((f.currency, f.difference()?)))
            .filter(|(_, d)| *d != 0)
            .collect();
        if !differ.is_empty() && note.trim().is_empty() {
            return Err(Refusal::ControlDiffers(differ));
        }
        Ok(ReconEvent::PeriodLocked {
            from,
            to,
            figures,
            note: kept(note),
            breaks,
        })
    }

    /// What is open before and at the end of a period, by currency, as known now.
    pub fn figures_of(&self, from: Day, to: Day) -> Vec<LockedFigure> {
        let before = self.open_by_currency(from.plus(-1));
        let after = self.open_by_currency(to);
        let control: BTreeMap<Currency, i64> = self
            .control_balances()
            .filter(|(_, day, ..)| *day == to)
            .map(|(currency, _, minor, _)| (currency, minor))
            .collect();
        let all: BTreeSet<Currency> = before
            .keys()
            .chain(after.keys())
            .chain(control.keys())
            .copied()
            .collect();
        let figure = |currency: Currency| {
            let (closing, at_source) = after.get(&currency).copied().unwrap_or_default();
            LockedFigure {
                currency,
                opening: before.get(&currency).copied().unwrap_or_default().0,
                closing,
                at_source,
                control: control.get(&currency).copied(),
            }
        };
        all.into_iter().map(figure).collect()
    }

    /// Open on a day, as known now, by currency: working figure and at source, minor units.
    pub fn open_by_currency(&self, day: Day) -> BTreeMap<Currency, (i64, i64)> {
        let scan = OpenScan::new(self, View::on(day));
        let mut sums: BTreeMap<u16, (i64, i64)> = BTreeMap::new();
        for (_, segment) in scan.segments() {
            for row in 0..segment.len() {
                if let Some(open) = segment.open(row)
                    && (open.at_source != 0 || open.pending != 0)
                {
                    let sum = sums.entry(segment.data().currency[row]).or_default();
                    sum.0 = sum.0.saturating_add(open.working());
                    sum.1 = sum.1.saturating_add(open.at_source);
                }
            }
        }
        let by = |(number, sum)| (Currency::from_numeric(number).unwrap_or(Currency::XXX), sum);
        sums.into_iter().map(by).collect()
    }

    /// Refuses postings of ours with an accounting date in a locked period. What a source shows
    /// comes in all the same: it is the ledger; that a locked period moved is a break.
    pub(crate) fn check_locks(&self, command: &Command, events: &[Event]) -> Result<(), Refusal> {
        let of_source = matches!(
            command,
            Command::ImportItems(_) | Command::ImportPayments(_) | Command::ImportMasterData { .. }
        );
        if of_source || self.locks().next().is_none() {
            return Ok(());
        }
        for event in events {
            if let Some(day) = self.accounting_date(event)
                && let Some(lock) = self.lock_on(day)
            {
                return Err(locked(lock, day));
            }
        }
        Ok(())
    }

    /// The accounting date of an event that moves an open amount.
    fn accounting_date(&self, event: &Event) -> Option<Day> {
        let of_item = |id: ItemId| Some(Day(self.item(id)?.doc_date()));
        let turns = |from: Standing, to: Standing| from.counts() != to.counts();
        match event {
            Event::ItemAdded(fact) => Some(fact.doc_date),
            Event::Settled(fact) => Some(fact.effective),
            Event::SettlementReversed { effective, .. } => Some(*effective),
            Event::ControlBalanceSet { as_of, .. } => Some(*as_of),
            Event::StandingSet {
                item,
                settlement,
                standing,
                ..
            } => match (item, settlement) {
                (_, Some(id)) if turns(self.standing_of(*id), *standing) => {
                    self.settlements.get(*id).map(|s| s.effective)
                }
                (Some(id), _) if turns(self.item(*id)?.standing(), *standing) => of_item(*id),
                _ => None,
            },
            Event::ReversalStandingSet {
                settlement,
                standing,
            } => {
                let known = self.reversal_of(*settlement)?;
                turns(known.standing, *standing).then_some(known.effective)
            }
            Event::Recon(ReconEvent::ReceiptMoved { effective, .. }) => Some(*effective),
            _ => None,
        }
    }

    /// Undo: commits that would turn and move a locked period, and locks that would go by it. A
    /// lock is lifted with a reason and not undone.
    pub(crate) fn undo_in_lock(
        &self,
        gone: &BTreeSet<Seq>,
        back: &BTreeSet<Seq>,
    ) -> Result<(), Refusal> {
        if self.recon.locks.is_empty() {
            return Ok(());
        }
        if let Some(lock) = self.locks().find(|l| gone.contains(&l.commit)) {
            return Err(Refusal::LockStands {
                from: lock.from,
                to: lock.to,
            });
        }
        self.locks_come_back(gone, back)?;
        if self.locks().next().is_none() {
            return Ok(());
        }
        let files: BTreeSet<Seq> = self.imports.iter().map(|i| i.commit).collect();
        let turned = |s: Seq| (gone.contains(&s) || back.contains(&s)) && !files.contains(&s);
        let check = |day: Day| self.lock_on(day).map_or(Ok(()), |l| Err(locked(l, day)));
        let moved = self.recon.moved.iter();
        for m in moved.filter(|m| turned(m.commit)) {
            check(m.effective)?;
        }
        for s in self.settlements.iter() {
            if turned(s.commit) {
                check(s.effective)?;
            }
            if let Some(r) = self.settlements.reversal(s.id, &turned) {
                check(r.effective)?;
            }
        }
        for state in self.items.segments() {
            let crate::items::Recorded::Each(_) = &state.recorded else {
                continue;
            };
            for (row, day) in state.data.doc_date.iter().enumerate() {
                if turned(state.recorded.of(row)) {
                    check(Day(*day))?;
                }
            }
        }
        // A file came in before its day was locked, or speaks of a day inside.
        for import in &self.imports {
            let as_of = import.facts.as_of;
            let turns = gone.contains(&import.commit) || back.contains(&import.commit);
            if turns && let Some(lock) = self.locks().find(|l| as_of <= l.to) {
                return Err(locked(lock, as_of.max(lock.from)));
            }
        }
        Ok(())
    }

    /// A lock that comes back because its lifting goes may not overlap one made since.
    fn locks_come_back(&self, gone: &BTreeSet<Seq>, back: &BTreeSet<Seq>) -> Result<(), Refusal> {
        let after = |s: Seq| (self.is_live(s) && !gone.contains(&s)) || back.contains(&s);
        let stands = |l: &&super::Lock| after(l.commit) && l.lifted.get(&after).is_none();
        let then: Vec<&super::Lock> = self.recon.locks.iter().filter(stands).collect();
        for (n, lock) in then.iter().enumerate() {
            let other = then.iter().skip(n + 1);
            if let Some(other) = other
                .copied()
                .find(|o| o.from <= lock.to && lock.from <= o.to)
            {
                return Err(locked(other, other.from.max(lock.from)));
            }
        }
        Ok(())
    }
}

/// An amount above zero that a ledger may hold.
pub(super) fn positive_amount(amount: i64) -> Result<(), Refusal> {
    match amount {
        a if a <= 0 => Err(Refusal::NotPositive(a)),
        a if a > crate::decide::MAX_AMOUNT => Err(Refusal::TooLarge),
        _ => Ok(()),
    }
}

fn locked(lock: &super::Lock, date: Day) -> Refusal {
    Refusal::Locked {
        date,
        from: lock.from,
        to: lock.to,
    }
}
