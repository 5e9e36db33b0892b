//! What is asked of shifts is decided.

use super::{
    Baseline, HandOver, MAX_LINES, NewTask, ShiftCommand, ShiftEvent, ShiftId, TaskFact, TaskId,
};
use crate::book::Book;
use crate::command::Context;
use crate::ids::CustomerId;
use crate::keys::{CustomerKey, FactKey};
use crate::refusal::{Field, Refusal};
use crate::work::MAX_PARTS;

/// Longest planned shift: beyond it start and end are of different days by mistake.
const LONGEST_MS: i64 = 24 * 3_600_000;

impl Book {
    /// In order of precedence as each variant of [`ShiftCommand`] says.
    pub(crate) fn decide_shift(
        &self,
        context: &Context,
        command: &ShiftCommand,
    ) -> Result<Vec<ShiftEvent>, Refusal> {
        match command {
            ShiftCommand::Start {
                work_date,
                start,
                planned_end,
                zone,
                read,
            } => {
                named(&context.actor, Field::Name)?;
                if let Some((_, open)) = self.open_shift(&context.actor) {
                    return Err(Refusal::ShiftOpen(open.key));
                }
                if planned_end <= start || planned_end.saturating_sub(*start) > LONGEST_MS {
                    return Err(Refusal::ShiftTimes {
                        start: *start,
                        end: *planned_end,
                    });
                }
                let read = read.iter().map(|key| self.shift_id(*key));
                Ok(vec![ShiftEvent::Started {
                    work_date: *work_date,
                    start: *start,
                    planned_end: *planned_end,
                    zone: zone.trim().to_owned(),
                    read: read.collect::<Result<_, _>>()?,
                }])
            }
            ShiftCommand::End {
                shift,
                at,
                hand_over,
            } => self.decide_end_shift(*shift, *at, hand_over),
            ShiftCommand::TakeIn(taken) => {
                named(&taken.file, Field::Source)?;
                Ok(vec![ShiftEvent::TakenIn(taken.clone())])
            }
            ShiftCommand::SetTasks(tasks) => {
                few(tasks)?;
                tasks.iter().map(|task| self.task_set(task)).collect()
            }
            ShiftCommand::TickTask { task, due } => {
                let id = self.task_id(*task)?;
                let next = self.shifts.tasks.get(id.0 as usize);
                if next.and_then(|t| self.task_due(t)) != Some(*due) {
                    return Err(Refusal::AlreadyEnded(*task));
                }
                Ok(vec![ShiftEvent::TaskTicked {
                    task: id,
                    due: *due,
                }])
            }
            ShiftCommand::DropTask { task } => {
                let id = self.task_id(*task)?;
                let found = self.shifts.tasks.get(id.0 as usize);
                if found.is_some_and(|t| t.dropped.get(&|s| self.is_live(s)).is_some()) {
                    return Err(Refusal::AlreadyEnded(*task));
                }
                Ok(vec![ShiftEvent::TaskDropped { task: id }])
            }
            ShiftCommand::SignOff(baseline) => self.decide_sign_off(baseline),
            ShiftCommand::HandPack(pack) => {
                named(&pack.to, Field::Name)?;
                Ok(vec![ShiftEvent::PackHanded(pack.clone())])
            }
            ShiftCommand::AcknowledgePack {
                pack,
                by,
                reference,
            } => {
                let found = self.shifts.packs.iter().position(|p| p.key == *pack);
                let at = found.ok_or(Refusal::UnknownFact(*pack))?;
                let known = &self.shifts.packs[at];
                if !self.is_live(known.commit) {
                    return Err(Refusal::UnknownFact(*pack));
                }
                named(by, Field::Name)?;
                if self.pack_acknowledged(known).is_some() {
                    return Err(Refusal::AlreadyEnded(*pack));
                }
                Ok(vec![ShiftEvent::PackAcknowledged {
                    pack: at as u32,
                    by: by.trim().to_owned(),
                    reference: reference.trim().to_owned(),
                }])
            }
        }
    }

    fn decide_end_shift(
        &self,
        key: FactKey,
        at: i64,
        hand_over: &HandOver,
    ) -> Result<Vec<ShiftEvent>, Refusal> {
        let id = self.shift_id(key)?;
        let shift = self.shift(id).ok_or(Refusal::UnknownFact(key))?;
        if self.shift_end(shift).is_some() {
            return Err(Refusal::AlreadyEnded(key));
        }
        let his = |p: &&crate::desk::Parked| {
            let by = self.commit(p.commit).map(|c| c.actor.as_str());
            by == Some(shift.agent.as_str())
        };
        let parked = self.calls_parked().filter(his).count();
        if parked > 0 {
            return Err(Refusal::CallsParked(parked as u32));
        }
        if hand_over.lines.len() > MAX_LINES {
            return Err(Refusal::TooLarge);
        }
        if at < shift.start {
            return Err(Refusal::ShiftTimes {
                start: shift.start,
                end: at,
            });
        }
        for customer in hand_over.lines.iter().filter_map(|l| l.customer.as_ref()) {
            self.known(customer)?;
        }
        Ok(vec![ShiftEvent::Ended {
            shift: id,
            at,
            hand_over: hand_over.clone(),
        }])
    }

    fn decide_sign_off(&self, baseline: &Baseline) -> Result<Vec<ShiftEvent>, Refusal> {
        named(&baseline.signed_by, Field::Name)?;
        let stands = self.baselines().find(|(_, b)| b.as_of == baseline.as_of);
        if let Some((seq, _)) = stands {
            return Err(Refusal::SignedOff(seq));
        }
        Ok(vec![ShiftEvent::SignedOff(baseline.clone())])
    }

    fn task_set(&self, task: &NewTask) -> Result<ShiftEvent, Refusal> {
        let customer = task.customer.as_ref().map(|key| self.known(key));
        if !task.every.is_valid() {
            return Err(Refusal::Empty(Field::Value));
        }
        Ok(ShiftEvent::TaskSet(TaskFact {
            what: task.what,
            agent: task.agent.trim().to_owned(),
            customer: customer.transpose()?,
            due: task.due,
            every: task.every,
        }))
    }

    fn known(&self, key: &CustomerKey) -> Result<CustomerId, Refusal> {
        let found = self.find_customer(key);
        found
            .filter(|id| self.customer_facts(*id).is_some())
            .ok_or_else(|| Refusal::UnknownCustomer(key.clone()))
    }

    fn shift_id(&self, key: FactKey) -> Result<ShiftId, Refusal> {
        self.find_shift(key).ok_or(Refusal::UnknownFact(key))
    }

    fn task_id(&self, key: FactKey) -> Result<TaskId, Refusal> {
        self.find_task(key).ok_or(Refusal::UnknownFact(key))
    }
}

fn named(text: &str, field: Field) -> Result<(), Refusal> {
    match text.trim().is_empty() {
        true => Err(Refusal::Empty(field)),
        false => Ok(()),
    }
}

fn few<T>(parts: &[T]) -> Result<(), Refusal> {
    match parts.len() {
        0 => Err(Refusal::Empty(Field::Items)),
        n if n > MAX_PARTS => Err(Refusal::TooLarge),
        _ => Ok(()),
    }
}
