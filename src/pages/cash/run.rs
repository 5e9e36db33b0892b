//! A statement as it is shown: its lines, what is proposed for each, and the sums. Matching runs in
//! slices on a book that is read in between, so that input is never held up.

use crate::platform::latest::{Run, Runs};
use crate::platform::pause::{self, Slice};
use crate::workspace::Ws;
use duebook_cash::{
    IndexMaking, Matcher, OpenIndex, Proposal, Receipt, Verdict, attach, learnt, policy_of,
    receipt_of,
};
use duebook_ledger::statements::{LineUse, StatementFacts};
use duebook_ledger::{Book, LineId, View};
use duebook_money::Currency;
use leptos::prelude::*;
use std::sync::Arc;

/// Steps of search between two looks at the clock: a payment that is only read is one step.
const NODES: u32 = 64;

/// Where a line stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// It may post by itself.
    Ready,
    /// A proposal to look at.
    Review,
    /// Customer money, and nothing is proposed.
    NoMatch,
    /// Money out, or no customer's: to be explained.
    Other,
    /// All of it is receipts or explained.
    Done,
}

impl State {
    /// In the order of the page.
    pub const ALL: [State; 5] = [
        State::Ready,
        State::Review,
        State::NoMatch,
        State::Other,
        State::Done,
    ];
    /// In the address.
    pub fn id(self) -> &'static str {
        match self {
            State::Ready => "ready",
            State::Review => "review",
            State::NoMatch => "none",
            State::Other => "other",
            State::Done => "done",
        }
    }
    /// From the address.
    pub fn of(id: &str) -> Option<State> {
        State::ALL.into_iter().find(|s| s.id() == id)
    }
}

/// A line, ready to show.
#[derive(Debug, Clone)]
pub struct Row {
    /// Which.
    pub line: LineId,
    /// Minor units, signed.
    pub amount: i64,
    /// What of it nothing is said of.
    pub rest: i64,
    /// Where it stands.
    pub state: State,
    /// The money as it was matched, and what is proposed.
    pub found: Option<(Receipt, Proposal)>,
    /// A remittance advice says what it pays: payer and documents, in words.
    pub advice: Option<String>,
}

/// What adds up on a statement, minor units.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sums {
    /// All lines.
    pub movements: i64,
    /// Lines of money in.
    pub credits: i64,
    /// Of them, receipts.
    pub receipts: i64,
    /// Of them, explained otherwise.
    pub explained: i64,
    /// Of them, nothing is said of.
    pub open: i64,
}

impl Sums {
    /// What opening, movements and closing lack; `None` where the statement has no balances.
    pub fn gap(&self, facts: &StatementFacts) -> Option<i64> {
        let (opening, closing) = (facts.opening?, facts.closing?);
        Some(
            closing
                .saturating_sub(opening)
                .saturating_sub(self.movements),
        )
    }
    /// What credits, receipts, explained and open lack.
    pub fn credit_gap(&self) -> i64 {
        self.credits - self.receipts - self.explained - self.open
    }
}

/// A statement, matched.
#[derive(Debug, Clone)]
pub struct Sheet {
    /// Its name in the address.
    pub id: String,
    /// What it says.
    pub facts: StatementFacts,
    /// Its lines in the order of booking.
    pub rows: Vec<Row>,
    /// What adds up.
    pub sums: Sums,
}

impl Sheet {
    /// Lines that stand so: how many, and their sum.
    pub fn count(&self, state: State) -> (usize, i64) {
        let of = self.rows.iter().filter(|r| r.state == state);
        of.fold((0, 0), |(n, sum), r| (n + 1, sum + r.amount))
    }
    /// Places of the lines to show.
    pub fn shown(&self, state: Option<State>) -> Vec<u32> {
        let wanted = |r: &Row| state.is_none_or(|s| s == r.state);
        let all = self.rows.iter().enumerate();
        all.filter(|(_, r)| wanted(r))
            .map(|(n, _)| n as u32)
            .collect()
    }
    /// A line by its id.
    pub fn row(&self, key: u64) -> Option<&Row> {
        self.rows.iter().find(|r| u64::from(r.line.0) == key)
    }
}

/// How matching goes.
#[derive(Clone)]
pub enum Step {
    /// No statement is in the book, or not the one asked for.
    NoStatement,
    /// Steps done, of so many.
    Working(u32, u32),
    /// Done.
    Done(Arc<Sheet>),
}

/// The statements that can be chosen, the newest first: name in the address, and label.
pub fn statements(book: &Book) -> Vec<(String, String)> {
    // The newest first, but for those of a day without movements: there is nothing to do with them.
    let mut all: Vec<(bool, String, String)> = book
        .statements()
        .map(|(_, s)| {
            let days = match (s.facts.from, s.facts.to) {
                (Some(from), Some(to)) if from != to => {
                    format!(", {} to {}", crate::words::day(from), crate::words::day(to))
                }
                (_, Some(day)) | (Some(day), None) => format!(", {}", crate::words::day(day)),
                (None, None) => String::new(),
            };
            let number = match s.facts.number.is_empty() {
                true => String::new(),
                false => format!(" no. {}", s.facts.number),
            };
            let (account, code) = (&s.facts.account, s.facts.currency.code());
            let empty = s.lines.is_empty();
            let nothing = if empty { ", no movements" } else { "" };
            let label = format!("{account} {code}{number}{days}{nothing}");
            (empty, s.key.to_string(), label)
        })
        .collect();
    all.reverse();
    let (idle, moving): (Vec<_>, Vec<_>) = all.into_iter().partition(|(empty, ..)| *empty);
    let all = moving.into_iter().chain(idle);
    all.map(|(_, key, label)| (key, label)).collect()
}

/// The statement as it is, nothing proposed yet.
fn sheet_of(book: &Book, id: &str) -> Option<Sheet> {
    let (_, statement) = book.statements().find(|(_, s)| s.key.to_string() == id)?;
    let mut sums = Sums::default();
    let mut rows = Vec::with_capacity(statement.lines.len());
    for line in &statement.lines {
        let Some(known) = book.line(*line) else {
            continue;
        };
        let (amount, rest) = (known.fact.amount, book.line_rest(*line));
        sums.movements = sums.movements.saturating_add(amount);
        if amount > 0 {
            sums.credits = sums.credits.saturating_add(amount);
            sums.open = sums.open.saturating_add(rest);
            for part in book.line_parts(*line) {
                match part.by {
                    LineUse::Receipt(_) => sums.receipts += part.amount,
                    _ => sums.explained += part.amount,
                }
            }
        }
        let state = match (rest, amount > 0 && known.fact.kind.is_customer_money()) {
            (0, _) => State::Done,
            (_, true) => State::NoMatch,
            (_, false) => State::Other,
        };
        rows.push(Row {
            line: *line,
            amount,
            rest,
            state,
            found: None,
            advice: None,
        });
    }
    Some(Sheet {
        id: id.to_owned(),
        facts: statement.facts.clone(),
        rows,
        sums,
    })
}

/// What is open in a view, ready to be matched against, made in slices; `None` where the run is stale.
pub async fn indexed(ws: Ws, view: View, run: Run) -> Option<OpenIndex> {
    let mut making = ws.peek(|b| IndexMaking::new(b, view, &learnt(b)));
    run.steps(|| {
        ws.peek(|b| match making.fits(b) {
            true => making.step(b).map(Some),
            // A commit in between: the page begins another run.
            false => Some(None),
        })
    })
    .await
    .flatten()
}

/// What each receipt of one currency pays, in slices; `None` where the run is stale.
pub async fn proposed(
    ws: Ws,
    currency: Currency,
    index: &OpenIndex,
    receipts: &[Receipt],
    tell: &impl Fn(u32, u32),
    run: Run,
) -> Option<Vec<Proposal>> {
    let policy = ws.peek(|b| policy_of(b, currency));
    let mut matcher = Matcher::new(index, receipts);
    loop {
        run.pause().await?;
        let slice = Slice::begin();
        let mut at = matcher.step(index, receipts, &policy, NODES);
        while !at.is_done() && !slice.is_over() {
            at = matcher.step(index, receipts, &policy, NODES);
        }
        tell(at.done, at.of);
        if at.is_done() {
            return Some(matcher.finish());
        }
    }
}

/// Matches a statement and puts it into `found`; a later run makes an earlier one stop. While it
/// is matched anew, the last answer for the same statement stays on screen.
pub fn gather(ws: Ws, id: String, found: RwSignal<Step>, runs: Runs) {
    let run = runs.begin();
    let same = found.with_untracked(|f| matches!(f, Step::Done(s) if s.id == id));
    let view = View::on(ws.today_untracked());
    leptos::task::spawn_local(async move {
        let tell = |done, of| {
            if !same {
                let _ = found.try_set(Step::Working(done, of));
            }
        };
        let Some(mut sheet) = ws.peek(|b| sheet_of(b, &id)) else {
            let _ = found.try_set(Step::NoStatement);
            return;
        };
        let currency = sheet.facts.currency;
        let open = sheet.rows.iter_mut().filter(|r| r.state == State::NoMatch);
        let mut open: Vec<&mut Row> = open.collect();
        let lines: Vec<LineId> = open.iter().map(|r| r.line).collect();
        let mut receipts = ws.peek(|b| {
            lines
                .iter()
                .filter_map(|l| receipt_of(b, *l))
                .collect::<Vec<_>>()
        });
        if !receipts.is_empty() && receipts.len() == open.len() {
            let advices = super::advices::kept(ws.id());
            let told = attach(&mut receipts, &advices);
            for (row, advice) in open.iter_mut().zip(told) {
                let advice = advice.and_then(|a| advices.get(a));
                row.advice = advice.map(super::wording::advice);
            }
            tell(0, 1);
            pause::pause().await;
            let Some(index) = indexed(ws, view, run).await else {
                return;
            };
            let made = proposed(ws, currency, &index, &receipts, &tell, run).await;
            let Some(proposals) = made else {
                return;
            };
            for ((row, receipt), proposal) in open.iter_mut().zip(receipts).zip(proposals) {
                row.state = match &proposal.verdict {
                    Verdict::Auto => State::Ready,
                    Verdict::Review(_) => State::Review,
                    Verdict::Unmatched(_) => State::NoMatch,
                };
                row.found = Some((receipt, proposal));
            }
        }
        if !run.is_stale() {
            let _ = found.try_set(Step::Done(Arc::new(sheet)));
        }
    });
}
