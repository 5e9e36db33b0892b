//! Events of shifts change the book.

use super::{HandedPack, Shift, ShiftEvent, ShiftId, TASK, Task};
use super::{PACK, SHIFT};
use crate::apply::{Delta, Stamp};
use crate::book::Book;
use crate::keys::FactKey;
use crate::versioned::Versioned;

impl ShiftEvent {
    /// The kind of the fact key it makes, if it makes one.
    pub(crate) fn key_kind(&self) -> Option<u8> {
        match self {
            ShiftEvent::Started { .. } => Some(SHIFT),
            ShiftEvent::TaskSet(_) => Some(TASK),
            ShiftEvent::PackHanded(_) => Some(PACK),
            _ => None,
        }
    }
}

impl Book {
    /// `key`: what [`ShiftEvent::key_kind`] asked for; answers how many things it touched.
    pub(crate) fn apply_shift(
        &mut self,
        stamp: &Stamp,
        key: Option<FactKey>,
        event: &ShiftEvent,
        delta: &mut Delta,
    ) -> u64 {
        let seq = stamp.seq;
        let all = &mut self.shifts;
        let key = key.unwrap_or(FactKey {
            command: stamp.command,
            ordinal: 0,
        });
        match event {
            ShiftEvent::Started {
                work_date,
                start,
                planned_end,
                zone,
                read,
            } => {
                all.keys.insert(key, all.shifts.len() as u32);
                all.shifts.push(Shift {
                    commit: seq,
                    key,
                    agent: stamp.actor.clone(),
                    work_date: *work_date,
                    start: *start,
                    planned_end: *planned_end,
                    zone: zone.clone(),
                    read: read.clone(),
                    ended: Versioned::default(),
                });
            }
            ShiftEvent::Ended {
                shift: ShiftId(at),
                at: instant,
                hand_over,
            } => {
                if let Some(shift) = all.shifts.get_mut(*at as usize) {
                    shift.ended.set(seq, (*instant, hand_over.clone()));
                }
                return hand_over.lines.len() as u64;
            }
            ShiftEvent::TakenIn(taken) => {
                all.taken_in.push((seq, taken.clone()));
                return u64::from(taken.taken);
            }
            ShiftEvent::TaskSet(fact) => {
                all.keys.insert(key, all.tasks.len() as u32);
                delta.customers.extend(fact.customer);
                all.tasks.push(Task {
                    commit: seq,
                    key,
                    fact: fact.clone(),
                    ticked: Vec::new(),
                    dropped: Versioned::default(),
                });
            }
            ShiftEvent::TaskTicked { task, due } => {
                if let Some(task) = all.tasks.get_mut(task.0 as usize) {
                    task.ticked.push((seq, *due));
                    delta.customers.extend(task.fact.customer);
                }
            }
            ShiftEvent::TaskDropped { task } => {
                if let Some(task) = all.tasks.get_mut(task.0 as usize) {
                    task.dropped.set(seq, ());
                    delta.customers.extend(task.fact.customer);
                }
            }
            ShiftEvent::SignedOff(baseline) => all.baselines.push((seq, baseline.clone())),
            ShiftEvent::PackHanded(pack) => {
                all.keys.insert(key, all.packs.len() as u32);
                all.packs.push(HandedPack {
                    commit: seq,
                    key,
                    pack: pack.clone(),
                    acknowledged: Versioned::default(),
                });
            }
            ShiftEvent::PackAcknowledged {
                pack,
                by,
                reference,
            } => {
                if let Some(known) = all.packs.get_mut(*pack as usize) {
                    known.acknowledged.set(seq, (by.clone(), reference.clone()));
                }
            }
        }
        1
    }
}
