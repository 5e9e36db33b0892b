//! What happened is kept.

use super::{LOCK, Lock, MovedReceipt, NotedBreak, ReconEvent};
use crate::apply::{Delta, Ordinals};
use crate::book::Book;
use crate::ids::{Seq, Uid};
use crate::versioned::Versioned;
use std::rc::Rc;

impl Book {
    pub(crate) fn apply_recon(
        &mut self,
        (seq, command): (Seq, Uid),
        event: &ReconEvent,
        delta: &mut Delta,
        ordinals: &mut Ordinals,
    ) {
        let recon = Rc::make_mut(&mut self.recon);
        match event {
            ReconEvent::PeriodLocked {
                from,
                to,
                figures,
                note,
                breaks,
            } => recon.locks.push(Lock {
                commit: seq,
                key: ordinals.next(LOCK, command),
                from: *from,
                to: *to,
                figures: figures.clone(),
                note: note.clone(),
                breaks: *breaks,
                lifted: Versioned::default(),
            }),
            ReconEvent::PeriodUnlocked { lock, reason } => {
                if let Some(lock) = recon.locks.iter_mut().find(|l| l.key == *lock) {
                    lock.lifted.set(seq, reason.clone());
                }
            }
            ReconEvent::BreakNoted(facts) => {
                let noted = NotedBreak {
                    facts: facts.clone(),
                    closed: None,
                };
                let versions = recon.breaks.entry(facts.matter.clone()).or_default();
                versions.set(seq, noted);
            }
            ReconEvent::BreakClosed { matter, how } => {
                if let Some(versions) = recon.breaks.get_mut(matter) {
                    // What decide saw last is what is closed.
                    let last = versions.history().last().map(|(_, noted)| noted.clone());
                    if let Some(mut noted) = last {
                        noted.closed = Some(how.clone());
                        versions.set(seq, noted);
                    }
                }
            }
            ReconEvent::ReceiptHeld { receipt, why } => {
                let versions = recon.held.entry(receipt.clone()).or_default();
                versions.set(seq, why.clone());
                let owner = self.find_item(receipt).and_then(|id| self.item(id));
                delta.customers.extend(owner.map(|i| i.customer()));
            }
            ReconEvent::ReceiptMoved {
                receipt,
                from,
                to,
                effective,
            } => {
                recon.moved.push(MovedReceipt {
                    commit: seq,
                    receipt: *receipt,
                    from: *from,
                    to: *to,
                    effective: *effective,
                });
                if let Some(state) = self.items.state_mut(receipt.segment()) {
                    state.set_customer(receipt.row(), seq, to.0);
                }
                self.relist_customers();
                delta.customers.extend([*from, *to]);
            }
            ReconEvent::ReceiptTransferred { from, to } => {
                self.receipt_transferred(seq, *from, *to, delta);
            }
            ReconEvent::AliasUnlearnt {
                kind,
                text,
                customer,
            } => {
                let all = recon.unlearnt.entry((*kind, text.clone())).or_default();
                all.push((seq, *customer));
                delta.customers.push(*customer);
            }
        }
    }
}
