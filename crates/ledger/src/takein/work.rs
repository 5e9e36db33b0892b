//! The other log is gone through once, on a fork.

mod clashes;

use super::{
    At, Choice, Clash, Foreign, Plan, Root, Slot, SlotValue, Step, Taker, Theirs, What, slots,
};
use crate::apply::{Stamp, is_posting};
use crate::book::Book;
use crate::command::{Body, Command, CommandKind, Context};
use crate::desk::DeskCommand;
use crate::event::Event;
use crate::facts::{ImportFacts, PromiseEnd, PromiseFact};
use crate::ids::{ItemId, PromiseId, Seq, Uid};
use crate::import::{Bulk, Incoming};
use crate::keys::FactKey;
use crate::refusal::Refusal;
use crate::shift::{ShiftCommand, TakenIn};
use crate::work::FieldChange;
use std::collections::{BTreeMap, BTreeSet};

/// How many commits of ours are looked at for the one that stands in the way of one of theirs.
/// Beyond it none is offered, which a person can still undo by hand before taking in.
const LOOKED_AT: usize = 24;

pub(super) struct Work<'a> {
    /// Ours as it is.
    book: &'a Book,
    /// Ours with the steps so far.
    fork: Book,
    all: Theirs<'a>,
    theirs: &'a [Foreign],
    choices: &'a BTreeMap<At, Choice>,
    taker: &'a Taker,
    fresh: &'a mut dyn FnMut() -> Uid,
    /// Commits of ours that the other log does not have.
    tail: BTreeSet<Seq>,
    /// Which of theirs count at their end.
    live: Vec<bool>,
    slots: BTreeSet<Slot>,
    agents: Vec<String>,
    left_out: Vec<Uid>,
    kept: Vec<Uid>,
    /// Their commands that are not in: what names a fact of theirs goes with them.
    missing: BTreeSet<Uid>,
    /// Sources of which a file is not in.
    without: BTreeSet<String>,
    plan: Plan,
}

impl<'a> Work<'a> {
    pub fn new(
        book: &'a Book,
        all: Theirs<'a>,
        choices: &'a BTreeMap<At, Choice>,
        taker: &'a Taker,
        fresh: &'a mut dyn FnMut() -> Uid,
    ) -> Self {
        let theirs = all.commits;
        let there: BTreeSet<Uid> = theirs.iter().map(|f| f.context.command_id).collect();
        let ours = book.commits().iter().skip(all.common.index());
        let tail = ours.filter(|c| !there.contains(&c.command)).map(|c| c.seq);
        Work {
            tail: tail.collect(),
            fork: Book {
                again: true,
                ..book.clone()
            },
            live: all.live_at_end(),
            book,
            all,
            theirs,
            choices,
            taker,
            fresh,
            slots: BTreeSet::new(),
            agents: Vec::new(),
            left_out: Vec::new(),
            kept: Vec::new(),
            missing: BTreeSet::new(),
            without: BTreeSet::new(),
            plan: Plan::default(),
        }
    }

    pub fn run(&mut self) {
        self.left_out_there();
        if self.plan.open() > 0 {
            // What of theirs fits depends on the answers.
            return;
        }
        let new: Vec<bool> = self
            .theirs
            .iter()
            .map(|f| self.book.commit_of(f.context.command_id).is_none())
            .collect();
        // Of several undos of one thing the last says how it stands.
        let mut last_undo: BTreeMap<Root, usize> = BTreeMap::new();
        for at in (0..self.theirs.len()).filter(|at| new[*at]) {
            if matches!(self.theirs[at].body.command, Command::Undo { .. }) {
                last_undo.insert(self.all.root(at), at);
            }
        }
        for at in 0..self.theirs.len() {
            let theirs = &self.theirs[at];
            if !new[at] {
                self.plan.known += 1;
            } else if matches!(theirs.body.command, Command::Undo { .. }) {
                let of = self.all.root(at);
                match of {
                    _ if last_undo.get(&of) != Some(&at) => self.plan.undone_there += 1,
                    Root::New(of) if new[of] => self.plan.undone_there += 1,
                    Root::New(of) => self.undo_known(at, of),
                    Root::Common(seq) => self.undo_common(at, seq),
                }
            } else if !self.live[at] {
                self.plan.undone_there += 1;
            } else if self.book.left_out(theirs.context.command_id) {
                self.missing.insert(theirs.context.command_id);
                self.plan.left_out_before += 1;
            } else {
                self.one(at);
            }
        }
        self.two_values();
    }

    /// Records what was done, if anything was.
    pub fn finish(mut self) -> Plan {
        if !self.plan.steps.is_empty() || !self.left_out.is_empty() || !self.kept.is_empty() {
            let last = self.theirs.last();
            let taken = TakenIn {
                file: self.taker.file.clone(),
                agents: std::mem::take(&mut self.agents),
                head_seq: last.map_or(0, |f| u64::from(f.seq.0)),
                head_hash: self.taker.head_hash,
                taken: self.plan.taken,
                left_out: std::mem::take(&mut self.left_out),
                kept: std::mem::take(&mut self.kept),
            };
            self.settle(Command::Shift(ShiftCommand::TakeIn(taken)));
        }
        self.plan
    }

    // ---- what they left out of ours ----

    fn left_out_there(&mut self) {
        let mut asked: Vec<(usize, Uid, Seq)> = Vec::new();
        for (at, f) in self.theirs.iter().enumerate() {
            let Command::Shift(ShiftCommand::TakeIn(taken)) = &f.body.command else {
                continue;
            };
            let new = self.book.commit_of(f.context.command_id).is_none();
            for command in taken.left_out.iter().filter(|_| new && self.live[at]) {
                let ours = self.book.commit_of(*command);
                let ours = ours.filter(|s| self.tail.contains(s) && self.book.is_live(*s));
                asked.extend(ours.map(|seq| (at, *command, seq)));
            }
        }
        // What was done last goes first.
        duebook_money::order::sort_by_key(&mut asked, |(_, _, seq)| std::cmp::Reverse(*seq));
        for (at, command, seq) in asked {
            let choices = vec![Choice::Theirs, Choice::Ours];
            let chosen = self.ask(at, At::Ours(command), What::LeftOut(seq), choices);
            match chosen {
                Some(Choice::Theirs) => self.settle(Command::Undo { commit: seq }),
                Some(_) => self.kept.push(command),
                None => {}
            }
        }
    }

    // ---- one commit of theirs ----

    /// A commit of theirs that came in before was undone, or done again, there.
    fn undo_known(&mut self, at: usize, of: usize) {
        let Some(ours) = self.book.commit_of(self.theirs[of].context.command_id) else {
            self.plan.undone_there += 1;
            return;
        };
        if self.fork.is_live(ours) == self.live[of] {
            self.plan.already_so += 1;
            return;
        }
        let commit = match self.live[of] {
            false => Some(ours),
            true => self.fork.voided_by(ours),
        };
        if let Some(commit) = commit {
            self.decide(at, Command::Undo { commit }, Incoming::default());
        }
    }

    /// A commit of before the logs parted was undone there, unless they did it again.
    fn undo_common(&mut self, at: usize, seq: Seq) {
        let undoes = |f: &Foreign| f.body.command == Command::Undo { commit: seq };
        let mut undone = self.theirs.iter().zip(&self.live);
        if !undone.any(|(f, live)| *live && undoes(f)) {
            self.plan.undone_there += 1;
        } else if !self.fork.is_live(seq) {
            self.plan.already_so += 1;
        } else {
            self.decide(at, Command::Undo { commit: seq }, Incoming::default());
        }
    }

    fn one(&mut self, at: usize) {
        let command = self.theirs[at].body.command.clone();
        match &command {
            Command::ImportItems(facts) | Command::ImportPayments(facts) => {
                if self.has_file(facts) {
                    self.plan.already_so += 1;
                    return;
                }
                self.without.insert(facts.source.clone());
                let what = What::File(Box::new(facts.clone()));
                let id = self.theirs[at].context.command_id;
                self.ask(at, At::Theirs(id), what, vec![Choice::Later]);
            }
            Command::ImportStatements(facts) => {
                let lines = facts.iter().map(|f| {
                    let events = &self.theirs[at].body.events;
                    let block = events.iter().find_map(|e| match e {
                        Event::StatementImported {
                            facts: of, block, ..
                        } if of == f => Some(block.digest),
                        _ => None,
                    });
                    let lines = block.and_then(|d| self.all.bulk.statements.get(&d));
                    lines.cloned().unwrap_or_default()
                });
                let incoming = Incoming {
                    statements: lines.collect(),
                    ..Incoming::default()
                };
                self.decide(at, command, incoming);
            }
            _ => self.decide(at, command, Incoming::default()),
        }
    }

    /// Whether this book has the same file of the same source.
    fn has_file(&self, facts: &ImportFacts) -> bool {
        self.fork.imports().any(|i| {
            let f = &i.facts;
            (f.kind, &f.source, f.as_of) == (facts.kind, &facts.source, facts.as_of)
                && f.totals == facts.totals
        })
    }

    fn decide(&mut self, at: usize, command: Command, incoming: Incoming) {
        let context = self.theirs[at].context.clone();
        let refusal = match self.fork.decide(&context, &command, &incoming) {
            Ok(decision) => {
                let mut events = decision.events;
                self.keep_terms(at, &mut events);
                let body = Body { command, events };
                self.promises(at, context, body, decision.blocks);
                return;
            }
            Err(refusal) => refusal,
        };
        if self.is_so(&command, &refusal) {
            self.plan.already_so += 1;
            return;
        }
        if let Some(eased) = self.eased(&command, &refusal)
            && self.fork.decide(&context, &eased, &incoming).is_ok()
        {
            self.plan.eased += 1;
            self.decide(at, eased, incoming);
            return;
        }
        self.refused(at, command, incoming, refusal);
    }

    /// What closes several follow-ups comes in although some are closed here.
    fn eased(&self, command: &Command, refusal: &Refusal) -> Option<Command> {
        if !matches!(refusal, Refusal::AlreadyEnded(_)) {
            return None;
        }
        match command {
            Command::LogContact(log) => {
                let mut log = log.clone();
                log.closes.retain(|key| self.is_open(key));
                Some(Command::LogContact(log))
            }
            Command::Desk(DeskCommand::Log { log, flags }) => {
                let mut log = log.clone();
                log.closes.retain(|key| self.is_open(key));
                let flags = flags.clone();
                Some(Command::Desk(DeskCommand::Log { log, flags }))
            }
            Command::CloseFollowUps { follow_ups } => {
                let open = follow_ups.iter().filter(|key| self.is_open(key));
                Some(Command::CloseFollowUps {
                    follow_ups: open.copied().collect(),
                })
            }
            _ => None,
        }
    }

    /// Whether what was asked is so already: nothing is lost when it does not come in.
    fn is_so(&self, command: &Command, refusal: &Refusal) -> bool {
        match (command, refusal) {
            (Command::CloseFollowUps { follow_ups }, Refusal::AlreadyEnded(_)) => {
                !follow_ups.iter().any(|key| self.is_open(key))
            }
            (Command::Desk(DeskCommand::DropParked { .. }), Refusal::AlreadyEnded(_)) => true,
            (
                Command::ImportStatements(_) | Command::ImportMasterData { .. },
                Refusal::NothingNew { .. },
            ) => true,
            (
                Command::Shift(ShiftCommand::TickTask { .. } | ShiftCommand::DropTask { .. }),
                Refusal::AlreadyEnded(_),
            ) => true,
            _ => false,
        }
    }

    fn is_open(&self, key: &FactKey) -> bool {
        let close = Command::CloseFollowUps {
            follow_ups: vec![*key],
        };
        let context = self.our_context(Uid::default());
        let refusal = self.fork.decide(&context, &close, &Incoming::default());
        !matches!(refusal, Err(Refusal::AlreadyEnded(_)))
    }

    fn refused(&mut self, at: usize, command: Command, incoming: Incoming, refusal: Refusal) {
        let id = self.theirs[at].context.command_id;
        if self.goes_with(&refusal, id) {
            self.plan.waiting += 1;
            return;
        }
        let undoing = self.in_the_way(at, &command, &incoming);
        let mut choices = vec![Choice::Ours, Choice::Later];
        if !undoing.is_empty() {
            choices.insert(0, Choice::Theirs);
        }
        let what = What::Refused {
            refusal,
            undoing: undoing.clone(),
        };
        match self.ask(at, At::Theirs(id), what, choices) {
            Some(Choice::Theirs) => {
                for commit in undoing {
                    self.settle(Command::Undo { commit });
                }
                let context = self.theirs[at].context.clone();
                match self.fork.decide(&context, &command, &incoming) {
                    Ok(decision) => {
                        let mut events = decision.events;
                        self.keep_terms(at, &mut events);
                        let body = Body { command, events };
                        self.promises(at, context, body, decision.blocks);
                    }
                    Err(refusal) => self.plan.stuck = Some(refusal),
                }
            }
            Some(Choice::Ours) => {
                self.missing.insert(id);
                self.left_out.push(id);
            }
            _ => _ = self.missing.insert(id),
        }
    }

    /// Whether it is refused for want of something of theirs that is not in.
    fn goes_with(&mut self, refusal: &Refusal, id: Uid) -> bool {
        let goes = match refusal {
            Refusal::UnknownFact(key) => self.missing.contains(&key.command),
            Refusal::UnknownItem(key) => self.without.contains(&key.source),
            Refusal::UnknownCustomer(key) => self.without.contains(&key.source),
            _ => false,
        };
        if goes {
            self.missing.insert(id);
        }
        goes
    }

    /// The newest commit of ours without which it goes through.
    fn in_the_way(&self, at: usize, command: &Command, incoming: &Incoming) -> Vec<Seq> {
        let mine = self.tail.iter().rev().copied();
        let candidates = mine.filter(|s| self.fork.is_live(*s) && self.may_stand(*s));
        for commit in candidates.take(LOOKED_AT) {
            let mut trial = self.fork.clone();
            let undo = Command::Undo { commit };
            let context = self.our_context(Uid([0xff; 16]));
            let Ok(decision) = trial.decide(&context, &undo, &Incoming::default()) else {
                continue;
            };
            let body = Body {
                command: undo,
                events: decision.events,
            };
            let stamp = stamp_of(&trial, &context);
            if trial.apply(&stamp, &body, &mut Bulk::default()).is_err() {
                continue;
            }
            let context = &self.theirs[at].context;
            if trial.decide(context, command, incoming).is_ok() {
                return vec![commit];
            }
        }
        Vec::new()
    }

    /// Whether a commit of ours is of a kind that can stand in the way of another's.
    fn may_stand(&self, seq: Seq) -> bool {
        use CommandKind::*;
        let kind = self.fork.commit(seq).map(|c| c.label.kind);
        kind.is_some_and(|kind| {
            is_posting(kind)
                || matches!(
                    kind,
                    Undo | EndPromise
                        | CloseFollowUps
                        | ExplainLines
                        | SetStanding
                        | RemoveContact
                        | DropTask
                        | StartShift
                        | EndShift
                        | SignOff
                )
        })
    }

    // ---- promises ----

    fn ask(&mut self, at: usize, of: At, what: What, choices: Vec<Choice>) -> Option<Choice> {
        let context = &self.theirs[at].context;
        let chosen = self
            .choices
            .get(&of)
            .copied()
            .filter(|c| choices.contains(c));
        self.plan.clashes.push(Clash {
            at: of,
            what,
            by: context.actor.clone(),
            recorded_at: context.recorded_at,
            theirs: Some(at),
            choices,
            chosen,
        });
        chosen
    }

    fn take(&mut self, at: usize, context: Context, body: Body, blocks: Vec<Vec<u8>>) {
        slots::of(&body.command, &mut self.slots);
        if !self.agents.contains(&context.actor) {
            self.agents.push(context.actor.clone());
        }
        self.plan.taken += 1;
        self.push(Some(at), context, body, blocks);
    }

    /// A command of whoever takes in.
    fn settle(&mut self, command: Command) {
        let id = (self.fresh)();
        let context = self.our_context(id);
        match self.fork.decide(&context, &command, &Incoming::default()) {
            Ok(decision) => {
                let body = Body {
                    command,
                    events: decision.events,
                };
                self.push(None, context, body, decision.blocks);
            }
            Err(refusal) => self.plan.stuck = Some(refusal),
        }
    }

    fn push(&mut self, theirs: Option<usize>, context: Context, body: Body, blocks: Vec<Vec<u8>>) {
        let mut bulk = Bulk::default();
        let named = body.events.iter().filter_map(|e| match e {
            Event::StatementImported { block, .. } => Some(*block),
            _ => None,
        });
        for (block, bytes) in named.zip(&blocks) {
            // Just made: it reads back.
            let _ = bulk.add_statement(block, bytes);
        }
        let stamp = stamp_of(&self.fork, &context);
        if self.fork.apply(&stamp, &body, &mut bulk).is_err() {
            self.plan.stuck = Some(Refusal::StagingBroken);
            return;
        }
        self.plan.steps.push(Step {
            theirs,
            context,
            body,
            blocks,
        });
    }

    fn our_context(&self, command_id: Uid) -> Context {
        Context {
            command_id,
            recorded_at: self.taker.now,
            ledger_date: self.taker.ledger_date,
            actor: self.taker.actor.clone(),
        }
    }
}

fn stamp_of(book: &Book, context: &Context) -> Stamp {
    Stamp {
        seq: Seq(book.head().0 + 1),
        command: context.command_id,
        recorded_at: context.recorded_at,
        ledger_date: context.ledger_date,
        actor: context.actor.clone(),
    }
}

fn promise_of(event: &Event) -> Option<PromiseFact> {
    match event {
        Event::PromiseMade(fact) => Some(fact.clone()),
        _ => None,
    }
}
