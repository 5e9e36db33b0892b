//! Shifts and hand-overs, tasks, what was taken in from another copy of the book, and
//! the beginning and end of an engagement (domain.md §9.1, §9.4; job.md A13, A14).

mod apply;
mod check;
mod decide;
mod facts;

pub use facts::*;

use crate::book::Book;
use crate::command::CommandKind;
use crate::ids::{Seq, Uid};
use crate::keys::FactKey;
use crate::versioned::Versioned;
use duebook_money::Day;
use minicbor::{Decode, Encode};
use std::collections::BTreeMap;

/// Ordinal kinds of [`FactKey`]s made here.
pub(crate) const SHIFT: u8 = 40;
pub(crate) const TASK: u8 = 41;
pub(crate) const PACK: u8 = 42;

/// Most lines a hand-over may have: it is a paper to be read, not a ledger.
pub const MAX_LINES: usize = 20_000;

/// A shift, in the order begun; see [`Book::shifts`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct ShiftId(#[n(0)] pub u32);

/// A task, in the order set; see [`Book::tasks`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct TaskId(#[n(0)] pub u32);

/// What a user asks for.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum ShiftCommand {
    /// Begins a shift of whoever works. Refused: no name, one of that name that is not ended, an
    /// end before the start, an unknown hand-over.
    #[n(0)]
    Start {
        /// The day it counts for.
        #[n(0)]
        work_date: Day,
        /// Milliseconds UTC.
        #[n(1)]
        start: i64,
        /// Planned end, milliseconds UTC.
        #[n(2)]
        planned_end: i64,
        /// The agent's IANA zone.
        #[n(3)]
        zone: String,
        /// Shifts whose hand-over was read.
        #[n(4)]
        read: Vec<FactKey>,
    },
    /// Ends it, with what the next one has to know. Refused: unknown or ended, parked calls, too
    /// many lines, an end before the start, an unknown customer.
    #[n(1)]
    End {
        /// Which.
        #[n(0)]
        shift: FactKey,
        /// Milliseconds UTC.
        #[n(1)]
        at: i64,
        /// What is left.
        #[n(2)]
        hand_over: HandOver,
    },
    /// Records what was taken in. Refused: no file.
    #[n(2)]
    TakeIn(#[n(0)] TakenIn),
    /// Gives tasks. Refused: none, too many, unknown customer, a day that is none.
    #[n(3)]
    SetTasks(#[n(0)] Vec<NewTask>),
    /// Ticks a task off for the day it was due. Refused: unknown, done or dropped.
    #[n(4)]
    TickTask {
        /// Which.
        #[n(0)]
        task: FactKey,
        /// The day that is done.
        #[n(1)]
        due: Day,
    },
    /// Takes a task from the list for good. Refused: unknown, dropped already.
    #[n(5)]
    DropTask {
        /// Which.
        #[n(0)]
        task: FactKey,
    },
    /// Signs the opening list off. Refused: no name, one of that day that stands.
    #[n(6)]
    SignOff(#[n(0)] Baseline),
    /// Hands the engagement over. Refused: no name.
    #[n(7)]
    HandPack(#[n(0)] Pack),
    /// Somebody has acknowledged the pack. Refused: unknown, no name, acknowledged.
    #[n(8)]
    AcknowledgePack {
        /// Which.
        #[n(0)]
        pack: FactKey,
        /// Who, as stated.
        #[n(1)]
        by: String,
        /// The mail or ticket that shows it.
        #[n(2)]
        reference: String,
    },
}

impl ShiftCommand {
    /// Its kind.
    pub(crate) fn kind(&self) -> CommandKind {
        match self {
            ShiftCommand::Start { .. } => CommandKind::StartShift,
            ShiftCommand::End { .. } => CommandKind::EndShift,
            ShiftCommand::TakeIn(_) => CommandKind::TakeIn,
            ShiftCommand::SetTasks(_) => CommandKind::SetTasks,
            ShiftCommand::TickTask { .. } => CommandKind::TickTask,
            ShiftCommand::DropTask { .. } => CommandKind::DropTask,
            ShiftCommand::SignOff(_) => CommandKind::SignOff,
            ShiftCommand::HandPack(_) => CommandKind::HandPack,
            ShiftCommand::AcknowledgePack { .. } => CommandKind::AcknowledgePack,
        }
    }
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum ShiftEvent {
    /// A shift began.
    #[n(0)]
    Started {
        /// The day it counts for.
        #[n(0)]
        work_date: Day,
        /// Milliseconds UTC.
        #[n(1)]
        start: i64,
        /// Planned end, milliseconds UTC.
        #[n(2)]
        planned_end: i64,
        /// The agent's IANA zone.
        #[n(3)]
        zone: String,
        /// Shifts whose hand-over was read.
        #[n(4)]
        read: Vec<ShiftId>,
    },
    /// It ended.
    #[n(1)]
    Ended {
        /// Which.
        #[n(0)]
        shift: ShiftId,
        /// Milliseconds UTC.
        #[n(1)]
        at: i64,
        /// What it left, as it was then.
        #[n(2)]
        hand_over: HandOver,
    },
    /// Commits of another copy were taken in.
    #[n(2)]
    TakenIn(#[n(0)] TakenIn),
    /// A task was given.
    #[n(3)]
    TaskSet(#[n(0)] TaskFact),
    /// It was done for the day it was due.
    #[n(4)]
    TaskTicked {
        /// Which.
        #[n(0)]
        task: TaskId,
        /// The day that is done.
        #[n(1)]
        due: Day,
    },
    /// It is no longer wanted.
    #[n(5)]
    TaskDropped {
        /// Which.
        #[n(0)]
        task: TaskId,
    },
    /// The opening list was signed off.
    #[n(6)]
    SignedOff(#[n(0)] Baseline),
    /// The engagement was handed over.
    #[n(7)]
    PackHanded(#[n(0)] Pack),
    /// Somebody has acknowledged it.
    #[n(8)]
    PackAcknowledged {
        /// Number of the pack, in log order.
        #[n(0)]
        pack: u32,
        /// Who, as stated.
        #[n(1)]
        by: String,
        /// What shows it.
        #[n(2)]
        reference: String,
    },
}

/// A shift.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shift {
    /// Commit that began it.
    pub commit: Seq,
    /// Natural key.
    pub key: FactKey,
    /// Who, as stated on the commit.
    pub agent: String,
    /// The day it counts for.
    pub work_date: Day,
    /// Milliseconds UTC.
    pub start: i64,
    /// Planned end, milliseconds UTC.
    pub planned_end: i64,
    /// The agent's IANA zone.
    pub zone: String,
    /// Shifts whose hand-over was read.
    pub read: Vec<ShiftId>,
    /// When it ended, and what it left.
    pub ended: Versioned<(i64, HandOver)>,
}

/// A task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// Commit that gave it.
    pub commit: Seq,
    /// Natural key.
    pub key: FactKey,
    /// What.
    pub fact: TaskFact,
    /// The days done, in log order.
    pub ticked: Vec<(Seq, Day)>,
    /// When dropped.
    pub dropped: Versioned<()>,
}

/// A pack and who acknowledged it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandedPack {
    /// Commit.
    pub commit: Seq,
    /// Natural key.
    pub key: FactKey,
    /// What.
    pub pack: Pack,
    /// By whom, and what shows it.
    pub acknowledged: Versioned<(String, String)>,
}

/// Everything of this module that a book knows.
#[derive(Debug, Clone, Default)]
pub struct Shifts {
    shifts: Vec<Shift>,
    tasks: Vec<Task>,
    taken_in: Vec<(Seq, TakenIn)>,
    baselines: Vec<(Seq, Baseline)>,
    packs: Vec<HandedPack>,
    keys: BTreeMap<FactKey, u32>,
}

impl Book {
    /// All shifts in the order begun, dead ones included.
    pub fn shifts(&self) -> &[Shift] {
        &self.shifts.shifts
    }
    /// A shift that counts, by its natural key.
    pub fn find_shift(&self, key: FactKey) -> Option<ShiftId> {
        let at = *self.shifts.keys.get(&key)?;
        let shift = self.shifts.shifts.get(at as usize)?;
        (shift.key == key && self.is_live(shift.commit)).then_some(ShiftId(at))
    }
    /// A shift.
    pub fn shift(&self, id: ShiftId) -> Option<&Shift> {
        self.shifts.shifts.get(id.0 as usize)
    }
    /// When a shift ended and what it left, as known now.
    pub fn shift_end<'a>(&self, shift: &'a Shift) -> Option<(i64, &'a HandOver)> {
        let (at, hand_over) = shift.ended.get(&|s| self.is_live(s))?;
        Some((*at, hand_over))
    }
    /// The shift of somebody that has begun and not ended.
    pub fn open_shift(&self, agent: &str) -> Option<(ShiftId, &Shift)> {
        let all = self.shifts.shifts.iter().enumerate().rev();
        let mut open = all.filter(|(_, s)| {
            s.agent == agent && self.is_live(s.commit) && self.shift_end(s).is_none()
        });
        open.next().map(|(n, s)| (ShiftId(n as u32), s))
    }
    /// The shift in which somebody's commit was recorded: begun before it, and not ended before it.
    pub fn shift_of(&self, agent: &str, recorded_at: i64) -> Option<&Shift> {
        let all = self.shifts.shifts.iter().rev();
        let mut within = all.filter(|s| {
            let ended = self.shift_end(s).map_or(i64::MAX, |(at, _)| at);
            s.agent == agent
                && self.is_live(s.commit)
                && s.start <= recorded_at
                && recorded_at <= ended
        });
        within.next()
    }
    /// All tasks in the order given, dead ones included.
    pub fn tasks(&self) -> &[Task] {
        &self.shifts.tasks
    }
    /// A task that counts, by its natural key.
    pub fn find_task(&self, key: FactKey) -> Option<TaskId> {
        let at = *self.shifts.keys.get(&key)?;
        let task = self.shifts.tasks.get(at as usize)?;
        (task.key == key && self.is_live(task.commit)).then_some(TaskId(at))
    }
    /// The next day a task is due that is not done; `None` where it is done or dropped.
    pub fn task_due(&self, task: &Task) -> Option<Day> {
        self.task_due_known(task, &|s| self.is_live(s))
    }
    /// The same by the commits that count in a view.
    pub fn task_due_known(&self, task: &Task, live: &impl Fn(Seq) -> bool) -> Option<Day> {
        if !live(task.commit) || task.dropped.get(live).is_some() {
            return None;
        }
        let done = task.ticked.iter().filter(|(s, _)| live(*s));
        match done.map(|(_, day)| *day).max() {
            None => Some(task.fact.due),
            Some(last) => {
                let days = self.policies().calendar.business_days();
                task.fact.every.after(last, |d| days.is_business_day(d))
            }
        }
    }
    /// What was taken in from other copies, in log order.
    pub fn taken_in(&self) -> impl Iterator<Item = (Seq, &TakenIn)> + '_ {
        let all = self.shifts.taken_in.iter();
        all.filter(|(s, _)| self.is_live(*s)).map(|(s, t)| (*s, t))
    }
    /// Whether a person left another copy's command out.
    pub fn left_out(&self, command: Uid) -> bool {
        self.taken_in().any(|(_, t)| t.left_out.contains(&command))
    }
    /// Opening lists signed off, in log order.
    pub fn baselines(&self) -> impl Iterator<Item = (Seq, &Baseline)> + '_ {
        let all = self.shifts.baselines.iter();
        all.filter(|(s, _)| self.is_live(*s)).map(|(s, b)| (*s, b))
    }
    /// Packs handed over, in log order.
    pub fn packs(&self) -> impl Iterator<Item = &HandedPack> + '_ {
        self.shifts.packs.iter().filter(|p| self.is_live(p.commit))
    }
    /// By whom a pack was acknowledged, and what shows it.
    pub fn pack_acknowledged<'a>(&self, pack: &'a HandedPack) -> Option<&'a (String, String)> {
        pack.acknowledged.get(&|s| self.is_live(s))
    }
}
