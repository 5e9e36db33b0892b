//! What a shift or a period did: each figure is a count or sum of facts of the log.
//!
//! A shift takes what its agent recorded between its start and its end, across midnight: a call at
//! half past one counts for the evening before. A period takes what was recorded on its ledger
//! dates, and money by its accounting date.

use crate::promises::{Judged, PromiseState, judge_all};
use duebook_ledger::columns::ItemKind;
use duebook_ledger::facts::{Cause, Channel, Outcome};
use duebook_ledger::items::OWN;
use duebook_ledger::shift::ShiftId;
use duebook_ledger::{Book, ItemId, PromiseId, Seq, View};
use duebook_money::{Currency, Day};
use std::collections::{BTreeMap, BTreeSet};

/// Of which work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    /// One shift, as it was known at its end; as known now while it runs.
    Shift(ShiftId),
    /// Ledger dates, both included, as known now.
    Days {
        /// First.
        from: Day,
        /// Last.
        to: Day,
    },
}

/// Contacts of one outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OutcomeCount {
    /// Which.
    pub outcome: Outcome,
    /// How many.
    pub count: u32,
}

/// Things and their sum in one currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MoneyLine {
    /// Currency.
    pub currency: Currency,
    /// How many.
    pub count: u32,
    /// Minor units.
    pub sum: i128,
}

/// Promises of one currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PromiseSum {
    /// Currency.
    pub currency: Currency,
    /// How many.
    pub count: u32,
    /// Promised in them, minor units.
    pub promised: i128,
    /// Of which came in time.
    pub paid: i128,
}

/// What is carried forward: due on a day before, and open. What is due on the day itself is counted
/// apart, under a name of its own.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Carried {
    /// How many are past their day and open.
    pub count: u32,
    /// Days of the oldest.
    pub oldest: i32,
    /// How many are due on the day, and open: no part of `count`.
    pub due: u32,
}

impl Carried {
    /// Counts what is open and due, as of a day; what is due later is no part of it.
    pub(super) fn add(&mut self, due: Day, day: Day) {
        match day.since(due) {
            0 => self.due += 1,
            late if late > 0 => {
                self.count += 1;
                self.oldest = self.oldest.max(late);
            }
            _ => {}
        }
    }
}

/// Follow-ups that are open in a view, as of a day: what Today, the end of the day and the lead all
/// call carried forward.
pub(super) fn open_follow_ups(
    book: &Book,
    day: Day,
    is_live: &impl Fn(Seq) -> bool,
    is_his: impl Fn(Seq) -> bool,
) -> Carried {
    let mut out = Carried::default();
    for f in book.follow_ups() {
        if is_live(f.commit) && f.closed.get(is_live).is_none() && is_his(f.commit) {
            out.add(f.due, day);
        }
    }
    out
}

/// What was done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Figures {
    /// Contacts made or tried, notes left out.
    pub contacts: u32,
    /// Of which calls of ours.
    pub attempts: u32,
    /// Of which somebody was spoken to.
    pub reached: u32,
    /// Of which with a right party (KP-30).
    pub right_party: u32,
    /// By outcome, in stored order; their counts sum to `contacts`.
    pub outcomes: Vec<OutcomeCount>,
    /// Different accounts.
    pub accounts: u32,
    /// Seconds of talk.
    pub seconds: u64,
    /// Notes written.
    pub notes: u32,
    /// Promises taken, by currency code.
    pub taken: Vec<PromiseSum>,
    /// Promises that came to be kept.
    pub kept: Vec<PromiseSum>,
    /// Promises that came to be kept in part.
    pub partial: Vec<PromiseSum>,
    /// Promises that came to be broken.
    pub broken: Vec<PromiseSum>,
    /// Money applied here.
    pub applied: Vec<MoneyLine>,
    /// Money that files of the source showed as applied.
    pub at_source: Vec<MoneyLine>,
    /// Money received here, as receipts.
    pub received: Vec<MoneyLine>,
    /// Follow-ups set.
    pub follow_ups_set: u32,
    /// Follow-ups done.
    pub follow_ups_done: u32,
    /// Follow-ups carried forward.
    pub follow_ups: Carried,
    /// Tasks done.
    pub tasks_done: u32,
    /// Tasks carried forward.
    pub tasks: Carried,
    /// Commits recorded, undone ones included.
    pub commits: u32,
    /// Of which undone since.
    pub undone: u32,
}

/// Whether a contact is a call of ours.
pub fn is_attempt(channel: Channel) -> bool {
    channel == Channel::Call
}

/// Whether somebody was spoken to in it.
pub fn is_reached(channel: Channel, outcome: Outcome) -> bool {
    use Outcome::*;
    let spoken = matches!(
        channel,
        Channel::Call | Channel::InboundCall | Channel::Meeting
    );
    spoken
        && !matches!(
            outcome,
            NoAnswer | Busy | VoicemailLeft | NoVoicemail | WrongNumber | Disconnected
        )
}

/// The commits and days that count.
struct Frame<'a> {
    book: &'a Book,
    live: Vec<bool>,
    counts: Vec<bool>,
    /// For money by its own date.
    days: Option<(Day, Day)>,
    agent: Option<&'a str>,
    before: View,
    after: View,
}

/// The figures of a span; `agent`: only what he recorded. `today`: the ledger's date, for a shift
/// that runs.
pub fn figures(book: &Book, span: Span, agent: Option<&str>, today: Day) -> Option<Figures> {
    let frame = Frame::new(book, span, agent, today)?;
    let mut out = Figures::default();
    frame.contacts(&mut out);
    frame.promises(&mut out);
    frame.money(&mut out);
    frame.to_do(&mut out);
    let recorded = (1..frame.counts.len()).filter(|s| frame.counts[*s]);
    for seq in recorded {
        out.commits += 1;
        out.undone += u32::from(!frame.live.get(seq).copied().unwrap_or(false));
    }
    Some(out)
}

impl<'a> Frame<'a> {
    fn new(book: &'a Book, span: Span, agent: Option<&'a str>, today: Day) -> Option<Self> {
        let (agent, days, before, after) = match span {
            Span::Shift(id) => {
                let shift = book.shift(id)?;
                let began = book.commit(shift.commit)?;
                // The commit that ended it is the last of its own.
                let ended = shift.ended.latest(&|s| book.is_live(s));
                let ended = ended.and_then(|(seq, _)| book.commit(seq));
                let before = View {
                    as_of: began.ledger_date,
                    known: Some(began.seq),
                };
                let after = View {
                    as_of: ended.map_or(today, |c| c.ledger_date),
                    known: ended.map(|c| c.seq),
                };
                (Some(shift.agent.as_str()), None, before, after)
            }
            Span::Days { from, to } => (
                agent,
                Some((from, to)),
                View::on(from.plus(-1)),
                View::on(to),
            ),
        };
        let known = after.known.unwrap_or(book.head());
        let mut counts = vec![false; known.index() + 1];
        for commit in book.commits().iter().take(known.index()) {
            let his = agent.is_none_or(|a| commit.actor == a);
            let within = match (span, days) {
                (Span::Shift(id), _) => {
                    let own = book.shift_of(&commit.actor, commit.recorded_at);
                    own.zip(book.shift(id)).is_some_and(|(a, b)| a.key == b.key)
                }
                (_, Some((from, to))) => from <= commit.ledger_date && commit.ledger_date <= to,
                _ => false,
            };
            counts[commit.seq.index()] = his && within;
        }
        Some(Frame {
            book,
            live: book.live_at(known),
            counts,
            days,
            agent,
            before,
            after,
        })
    }

    fn is_live(&self, seq: Seq) -> bool {
        self.live.get(seq.index()).copied().unwrap_or(false)
    }
    /// Recorded in the span and not undone.
    fn is_in(&self, seq: Seq) -> bool {
        self.counts.get(seq.index()).copied().unwrap_or(false) && self.is_live(seq)
    }
    fn is_his(&self, seq: Seq) -> bool {
        let actor = self.book.commit(seq).map(|c| c.actor.as_str());
        self.agent.is_none() || actor == self.agent
    }

    fn contacts(&self, out: &mut Figures) {
        let mut by: BTreeMap<Outcome, u32> = BTreeMap::new();
        let mut accounts = BTreeSet::new();
        for a in self
            .book
            .activities()
            .iter()
            .filter(|a| self.is_in(a.commit))
        {
            if a.channel == Channel::Note {
                out.notes += 1;
                continue;
            }
            out.contacts += 1;
            out.attempts += u32::from(is_attempt(a.channel));
            out.reached += u32::from(is_reached(a.channel, a.outcome));
            out.right_party += u32::from(a.outcome.is_right_party());
            out.seconds += u64::from(a.seconds);
            *by.entry(a.outcome).or_default() += 1;
            accounts.insert(a.customer);
        }
        out.accounts = accounts.len() as u32;
        let count = |(outcome, count)| OutcomeCount { outcome, count };
        out.outcomes = by.into_iter().map(count).collect();
    }

    fn promises(&self, out: &mut Figures) {
        let after = judge_all(self.book, self.after);
        let mut before: BTreeMap<PromiseId, PromiseState> = BTreeMap::new();
        for j in judge_all(self.book, self.before) {
            before.insert(j.promise, j.state);
        }
        let mut taken = Sums::default();
        let mut verdicts = [Sums::default(), Sums::default(), Sums::default()];
        for j in &after {
            let Some(promise) = self.book.promise(j.promise) else {
                continue;
            };
            if self.is_in(promise.commit) && j.state != PromiseState::EntryError {
                taken.add(j);
            }
            let turned = before.get(&j.promise) != Some(&j.state);
            let place = match j.state {
                PromiseState::Kept => 0,
                PromiseState::Partial => 1,
                PromiseState::Broken => 2,
                _ => continue,
            };
            if turned && self.is_his(promise.commit) {
                verdicts[place].add(j);
            }
        }
        out.taken = taken.lines();
        let [kept, partial, broken] = verdicts;
        (out.kept, out.partial, out.broken) = (kept.lines(), partial.lines(), broken.lines());
    }

    fn money(&self, out: &mut Figures) {
        let book = self.book;
        let by_day = |day: Day| self.days.is_none_or(|(from, to)| from <= day && day <= to);
        let known = self.after.known.unwrap_or(book.head());
        // Money of a period counts by its accounting date, whenever it was recorded.
        let within = |seq: Seq, effective: Day| match self.days {
            None => self.is_in(seq),
            Some(_) => seq <= known && self.is_live(seq) && self.is_his(seq) && by_day(effective),
        };
        let live = |s: Seq| self.is_live(s);
        let (mut ours, mut theirs, mut received) = (
            MoneySums::default(),
            MoneySums::default(),
            MoneySums::default(),
        );
        let table = book.settlements();
        for s in table.iter().filter(|s| s.cause == Cause::Payment) {
            let counts = table.standing(s.id, &live).counts();
            let reversed = table.reversal(s.id, &live);
            let reversed = reversed.is_some_and(|r| r.effective <= self.after.as_of);
            if !counts || reversed || !within(s.commit, s.effective) {
                continue;
            }
            let Some(debit) = s.debit.and_then(|id| book.item(id)) else {
                continue;
            };
            match self.is_import(s.commit) {
                true => theirs.add(debit.currency(), s.amount),
                false => ours.add(debit.currency(), s.amount),
            }
        }
        let own = book.items().segments().iter().enumerate();
        for (number, state) in own.filter(|(_, s)| s.source == OWN) {
            for row in 0..state.data.len() {
                let id = ItemId::new(number, row);
                let Some(item) = book.item(id) else { continue };
                let day = duebook_ledger::items::day(item.doc_date());
                let day = day.unwrap_or(self.after.as_of);
                let came_in = item.kind() == ItemKind::Receipt && book.brought(id).is_none();
                if came_in && within(item.commit(), day) {
                    received.add(item.currency(), item.recorded_amount().saturating_abs());
                }
            }
        }
        (out.applied, out.at_source) = (ours.lines(), theirs.lines());
        out.received = received.lines();
    }

    fn is_import(&self, seq: Seq) -> bool {
        use duebook_ledger::command::CommandKind::{ImportItems, ImportPayments};
        let kind = self.book.commit(seq).map(|c| c.label.kind);
        matches!(kind, Some(ImportItems | ImportPayments))
    }

    fn to_do(&self, out: &mut Figures) {
        let (book, end) = (self.book, self.after.as_of);
        let known = self.after.known.unwrap_or(book.head());
        let done = |history: &[(Seq, ())]| {
            let mut counted = history.iter().filter(|(s, ())| self.is_in(*s));
            counted.next().is_some()
        };
        for f in book.follow_ups().iter().filter(|f| f.commit <= known) {
            if !self.is_live(f.commit) {
                continue;
            }
            out.follow_ups_set += u32::from(self.is_in(f.commit));
            out.follow_ups_done += u32::from(done(f.closed.history()));
        }
        let is_live = |s: Seq| s <= known && self.is_live(s);
        out.follow_ups = open_follow_ups(book, end, &is_live, |s| self.is_his(s));
        for task in book.tasks().iter().filter(|t| self.is_live(t.commit)) {
            let ticked = task.ticked.iter().filter(|(s, _)| self.is_in(*s));
            out.tasks_done += ticked.count() as u32;
            let his = self
                .agent
                .is_none_or(|a| task.fact.agent.is_empty() || task.fact.agent == a);
            let due = book.task_due_known(task, &|s| s <= known && self.is_live(s));
            if let Some(due) = due.filter(|_| his) {
                out.tasks.add(due, end);
            }
        }
    }
}

#[derive(Default)]
struct Sums(BTreeMap<&'static str, PromiseSum>);

impl Sums {
    fn add(&mut self, j: &Judged) {
        let slot = self.0.entry(j.currency.code()).or_insert(PromiseSum {
            currency: j.currency,
            count: 0,
            promised: 0,
            paid: 0,
        });
        slot.count += 1;
        slot.promised += i128::from(j.promised);
        slot.paid += i128::from(j.paid);
    }
    fn lines(self) -> Vec<PromiseSum> {
        self.0.into_values().collect()
    }
}

#[derive(Default)]
struct MoneySums(BTreeMap<&'static str, MoneyLine>);

impl MoneySums {
    fn add(&mut self, currency: Currency, amount: i64) {
        let slot = self.0.entry(currency.code()).or_insert(MoneyLine {
            currency,
            count: 0,
            sum: 0,
        });
        slot.count += 1;
        slot.sum += i128::from(amount);
    }
    fn lines(self) -> Vec<MoneyLine> {
        self.0.into_values().collect()
    }
}
