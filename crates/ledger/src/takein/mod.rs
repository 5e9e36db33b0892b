//! Another copy of this book comes back: what was done there since the copies parted is decided
//! again here, commit by commit, in its order. The same command twice is once. What cannot stand
//! beside our own work is a clash, and a person settles it; nothing is dropped in silence.
//!
//! A plan is a function of the book, the other log and the choices made so far. It is worked out on
//! a fork: nothing in the book changes until its steps are written, and they are written together.

mod slots;
mod work;

pub use slots::{Slot, SlotValue};

use crate::book::Book;
use crate::command::{Body, Command, Context};
use crate::event::Event;
use crate::facts::ImportFacts;
use crate::ids::{Seq, Uid};
use crate::import::Bulk;
use crate::keys::{FactKey, ItemKey};
use crate::refusal::Refusal;
use duebook_money::Day;
use std::collections::BTreeMap;

/// A commit of the other log.
#[derive(Debug, Clone, PartialEq)]
pub struct Foreign {
    /// Its position there.
    pub seq: Seq,
    /// Its command's id, time, ledger date and actor: they are kept.
    pub context: Context,
    /// What was asked there, and what it made there.
    pub body: Body,
}

/// Who takes in, for the commits that settle clashes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taker {
    /// Milliseconds UTC.
    pub now: i64,
    /// The ledger's date.
    pub ledger_date: Day,
    /// Name, as stated.
    pub actor: String,
    /// Name of the file taken in.
    pub file: String,
    /// Hash of its last commit.
    pub head_hash: [u8; 32],
}

/// What a clash is about; by it a choice is remembered while the plan is made again.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum At {
    /// A command of theirs.
    Theirs(Uid),
    /// A value that both have set.
    Slot(Slot),
    /// A command of ours that they left out for good.
    Ours(Uid),
}

/// How a person settles a clash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Choice {
    /// Theirs counts: what stands in its way here is undone, ended or set again.
    Theirs,
    /// Ours counts: theirs is left out for good, ended or set back.
    Ours,
    /// Both count.
    Both,
    /// Theirs is left out this time; the next file asks again.
    Later,
}

/// What cannot stand beside ours.
#[derive(Debug, Clone, PartialEq)]
pub enum What {
    /// It is refused here.
    Refused {
        /// Why.
        refusal: Refusal,
        /// Commits of ours without which it would go through, in the order to undo them; empty where
        /// none was found.
        undoing: Vec<Seq>,
    },
    /// Both took a promise on one item.
    TwoPromises {
        /// The item.
        item: ItemKey,
        /// Ours, which is still open to be kept.
        ours: Vec<FactKey>,
    },
    /// Both set one value, to something else.
    TwoValues {
        /// Ours.
        ours: SlotValue,
        /// Theirs.
        theirs: SlotValue,
    },
    /// A file that this book does not have: it is to be imported here.
    File(Box<ImportFacts>),
    /// They left a commit of ours out for good.
    LeftOut(Seq),
}

/// A clash.
#[derive(Debug, Clone, PartialEq)]
pub struct Clash {
    /// About what.
    pub at: At,
    /// What.
    pub what: What,
    /// Who made it there.
    pub by: String,
    /// When, milliseconds UTC.
    pub recorded_at: i64,
    /// Which of their commits; `None` for a value.
    pub theirs: Option<usize>,
    /// What may be chosen.
    pub choices: Vec<Choice>,
    /// What was chosen.
    pub chosen: Option<Choice>,
}

/// One commit to be written.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// Which of theirs it is; `None`: it settles a clash, or records the taking in.
    pub theirs: Option<usize>,
    /// With theirs kept.
    pub context: Context,
    /// Command and events.
    pub body: Body,
    /// Bulk records made by deciding.
    pub blocks: Vec<Vec<u8>>,
}

/// What taking in another log would do.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    /// Their commits that are in this book already.
    pub known: u32,
    /// Their commits that come in.
    pub taken: u32,
    /// New commits that they undid themselves, with those undos.
    pub undone_there: u32,
    /// What they did that is so here already: a follow-up closed by both, one file imported by both.
    pub already_so: u32,
    /// Left out for good on an earlier day.
    pub left_out_before: u32,
    /// What rests on something of theirs that is not in: it waits, or stays out, with that.
    pub waiting: u32,
    /// Contacts that come in without closing a follow-up that is closed here.
    pub eased: u32,
    /// What a person has to settle, in their order; then values that both have set.
    pub clashes: Vec<Clash>,
    /// The commits to be written, in order.
    pub steps: Vec<Step>,
    /// Why a step that was chosen cannot be: then nothing is to be written.
    pub stuck: Option<Refusal>,
}

impl Plan {
    /// Clashes that nobody has settled.
    pub fn open(&self) -> usize {
        self.clashes.iter().filter(|c| c.chosen.is_none()).count()
    }
    /// Whether it may be written.
    pub fn is_settled(&self) -> bool {
        self.open() == 0 && self.stuck.is_none()
    }
    /// Whether it changes nothing.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }
}

/// The other log, from where it parted from ours.
#[derive(Debug, Clone, Copy)]
pub struct Theirs<'a> {
    /// The last commit that is the same in both logs, at the same position.
    pub common: Seq,
    /// What follows it there, in order.
    pub commits: &'a [Foreign],
    /// Lines of the statements that those name, by digest: see [`statement_blocks`].
    pub bulk: &'a Bulk,
}

/// Works out what taking in another log would do. `fresh`: random ids for the commits that settle
/// clashes.
pub fn plan(
    book: &Book,
    theirs: Theirs<'_>,
    choices: &BTreeMap<At, Choice>,
    taker: &Taker,
    fresh: &mut dyn FnMut() -> Uid,
) -> Plan {
    let mut work = work::Work::new(book, theirs, choices, taker, fresh);
    work.run();
    work.finish()
}

/// The lines of statements that their commits name, for [`plan`]'s `bulk`.
pub fn statement_blocks(theirs: &[Foreign]) -> Vec<crate::event::BlockRef> {
    let events = theirs.iter().flat_map(|f| &f.body.events);
    events
        .filter_map(|e| match e {
            Event::StatementImported { block, .. } => Some(*block),
            _ => None,
        })
        .collect()
}

impl Theirs<'_> {
    /// Which of the commits count at their end.
    fn live_at_end(&self) -> Vec<bool> {
        let mut live = vec![true; self.commits.len()];
        // A void is itself voided only by a later commit: from the last to the first is enough.
        for at in (0..self.commits.len()).rev() {
            if let Command::Undo { commit } = self.commits[at].body.command
                && live[at]
                && let Some(target) = self.place(commit)
                && target < at
            {
                live[target] = false;
            }
        }
        live
    }

    /// Where one of the commits is in the list.
    fn place(&self, seq: Seq) -> Option<usize> {
        self.commits.binary_search_by_key(&seq, |f| f.seq).ok()
    }

    /// What an undo, an undo of an undo and so on is about in the end.
    fn root(&self, mut at: usize) -> Root {
        while let Command::Undo { commit } = self.commits[at].body.command {
            match self.place(commit).filter(|target| *target < at) {
                Some(target) => at = target,
                None => return Root::Common(commit),
            }
        }
        Root::New(at)
    }
}

/// What an undo is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Root {
    /// A commit of the list, by its place.
    New(usize),
    /// A commit of before the logs parted.
    Common(Seq),
}
