//! A whole statement: what is named claims first, then what the amounts say; two receipts never
//! claim the same open amount. Works in slices, so that a caller can keep its input unblocked.

use std::collections::BTreeMap;

use crate::claims::Claims;
use crate::explain::{Case, Found};
use crate::index::OpenIndex;
use crate::named::Named;
use crate::policy::MatchPolicy;
use crate::proposal::{Hold, Proposal, Rung, Unmatched, Verdict};
use crate::reading::{Reading, read};
use crate::receipt::Receipt;
use crate::text::Tokens;

/// How far a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Steps done, each one look at one receipt.
    pub done: u32,
    /// Steps in all.
    pub of: u32,
}

impl Progress {
    /// Whether nothing is left to do.
    pub fn is_done(self) -> bool {
        self.done >= self.of
    }
}

/// What a run does, one receipt at a time in each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Reads; what is named and agrees in its amount claims.
    Firm,
    /// What is named and differs claims of what is left.
    Differs,
    /// What is not named looks at what is left; nobody claims.
    Look,
    /// Those that may post by themselves claim, unless two want the same.
    Claim,
    /// The others look again and claim in turn.
    Rest,
    /// Receipts that together pay what each names.
    Together,
}

const PHASES: [Phase; 6] = [
    Phase::Firm,
    Phase::Differs,
    Phase::Look,
    Phase::Claim,
    Phase::Rest,
    Phase::Together,
];

/// What is known of a receipt in a run.
#[derive(Default)]
struct State {
    reading: Option<Reading>,
    /// As last found by name.
    named: Option<Found>,
    /// A number of ours is named that nothing open has: what that speaks for.
    unknown: Option<(Hold, Unmatched)>,
    /// Found by amount, not yet claimed.
    looked: Option<Looked>,
    /// Claims on items of the possible payers when it looked.
    moves: u32,
    /// Done.
    proposal: Option<Proposal>,
    /// Other receipts that want the same.
    rivals: Vec<u32>,
}

/// What the amounts say: items, or a proposal without any.
type Looked = Result<Box<Found>, Box<Proposal>>;

/// A run over receipts. The index, receipts and policy given to each step must be the same.
pub struct Matcher {
    claims: Claims,
    states: Vec<State>,
    /// Receipts by value date, then by place.
    order: Vec<u32>,
    tokens: Tokens,
    phase: usize,
    at: usize,
}

impl Matcher {
    /// Prepares a run; costs one pass over the receipts.
    pub fn new(index: &OpenIndex, receipts: &[Receipt]) -> Matcher {
        let mut order: Vec<u32> = (0..receipts.len() as u32).collect();
        order.sort_by_key(|n| (receipts[*n as usize].value_date, *n));
        Matcher {
            claims: Claims::new(index),
            states: receipts.iter().map(|_| State::default()).collect(),
            order,
            tokens: Tokens::default(),
            phase: 0,
            at: 0,
        }
    }
    /// How far the run is.
    pub fn progress(&self) -> Progress {
        let each = self.order.len() as u32;
        Progress {
            done: self.phase as u32 * each + self.at as u32,
            of: PHASES.len() as u32 * each,
        }
    }
    /// Works until `nodes` steps of search are used up, and at least on one receipt.
    pub fn step(
        &mut self,
        index: &OpenIndex,
        receipts: &[Receipt],
        policy: &MatchPolicy,
        nodes: u32,
    ) -> Progress {
        let mut spent = 0u32;
        while let Some(phase) = PHASES.get(self.phase) {
            let Some(number) = self.order.get(self.at).copied() else {
                if *phase == Phase::Look {
                    self.find_rivals();
                }
                self.phase += 1;
                self.at = 0;
                continue;
            };
            let run = Run {
                index,
                policy,
                receipts,
            };
            spent = spent.saturating_add(1);
            self.one(&run, *phase, number, &mut spent);
            self.at += 1;
            if spent >= nodes {
                break;
            }
        }
        self.progress()
    }
    /// The proposals in the order of the receipts, once the run is done.
    pub fn finish(self) -> Vec<Proposal> {
        self.states.into_iter().filter_map(|s| s.proposal).collect()
    }

    fn one(&mut self, run: &Run<'_>, phase: Phase, number: u32, spent: &mut u32) {
        let n = number as usize;
        let Some(receipt) = run.receipts.get(n).filter(|_| n < self.states.len()) else {
            return;
        };
        if phase != Phase::Together && self.states[n].proposal.is_some() {
            return;
        }
        match phase {
            Phase::Firm => {
                self.states[n].reading = Some(read(run.index, receipt, &mut self.tokens));
                self.firm(run, number, spent);
            }
            Phase::Differs => self.differs(run, number, spent),
            Phase::Look => self.look(run, number, spent),
            Phase::Claim => self.claim_sure(run, number),
            Phase::Rest => self.rest(run, number, spent),
            Phase::Together => self.together(run, number),
        }
    }

    /// Looks at one receipt against what is left now.
    fn with<T>(
        &mut self,
        run: &Run<'_>,
        number: u32,
        look: impl FnOnce(&Case<'_>, &mut Tokens) -> T,
    ) -> Option<T> {
        let n = number as usize;
        let reading = self.states[n].reading.take()?;
        let case = Case {
            index: run.index,
            policy: run.policy,
            claims: &self.claims,
            receipt: &run.receipts[n],
            reading: &reading,
            number,
        };
        let answer = look(&case, &mut self.tokens);
        self.states[n].reading = Some(reading);
        Some(answer)
    }

    fn by_name(&mut self, run: &Run<'_>, number: u32, spent: &mut u32) -> Named {
        let named = self.with(run, number, |case, tokens| {
            let lines = case.receipt.lines.iter().any(|l| !l.reference.is_empty());
            if lines {
                case.remitted(tokens, spent)
            } else {
                case.named(spent)
            }
        });
        named.unwrap_or(Named::Nothing)
    }

    fn firm(&mut self, run: &Run<'_>, number: u32, spent: &mut u32) {
        if run.receipts[number as usize].amount == 0 {
            self.unmatched(run, number, Unmatched::Zero);
            return;
        }
        if let Named::Found(found) = self.by_name(run, number, spent) {
            let stranger = found.holds.contains(&Hold::OtherPayer);
            if found.amount >= AGREES && found.reference >= SURE && !stranger {
                self.accept(run, number, *found);
            }
        }
    }

    fn differs(&mut self, run: &Run<'_>, number: u32, spent: &mut u32) {
        match self.by_name(run, number, spent) {
            Named::Found(found) => {
                let stranger = found.holds.contains(&Hold::OtherPayer);
                if stranger && found.amount < AGREES {
                    // Perhaps mistyped: what the payer owes may say more.
                    self.states[number as usize].unknown = Some(UNKNOWN);
                    self.states[number as usize].named = Some(*found);
                } else {
                    self.states[number as usize].named = Some((*found).clone());
                    self.accept(run, number, *found);
                }
            }
            Named::Paid { by } => {
                let why = by.map_or(Unmatched::UnknownNumber, |by| Unmatched::AlreadyPaid { by });
                self.unmatched(run, number, why);
            }
            Named::Unknown => self.unknown(run, number, UNKNOWN),
            Named::Settled => self.unknown(run, number, SETTLED),
            Named::Nothing => {}
        }
    }

    /// Nothing open has the number named. Lines of an advice say what is paid; without them the amount
    /// is looked at, for the user to judge.
    fn unknown(&mut self, run: &Run<'_>, number: u32, why: (Hold, Unmatched)) {
        match run.receipts[number as usize].lines.is_empty() {
            true => self.states[number as usize].unknown = Some(why),
            false => self.unmatched(run, number, why.1),
        }
    }

    /// What the amounts say, against what is left now; `None` when that is a proposal without lines.
    fn by_amount(&mut self, run: &Run<'_>, number: u32, spent: &mut u32) -> Option<Looked> {
        let unknown = self.states[number as usize].unknown.clone();
        self.with(run, number, |case, _| {
            if case.reading.scanned.cues.refund.is_some() {
                return Err(Box::new(case.nothing(Unmatched::SaysRefund, Vec::new())));
            }
            match case.by_amount(spent) {
                Ok(mut found) if !found.lines.is_empty() => {
                    found.holds.extend(unknown.map(|(hold, _)| hold));
                    Ok(Box::new(found))
                }
                Ok(found) => {
                    let nothing = case.nothing(Unmatched::TooMany, found.alternatives);
                    Err(Box::new(nothing))
                }
                Err((why, alternatives)) => {
                    let why = unknown.map_or(why, |(_, why)| why);
                    Err(Box::new(case.nothing(why, alternatives)))
                }
            }
        })
    }

    fn look(&mut self, run: &Run<'_>, number: u32, spent: &mut u32) {
        let looked = self.by_amount(run, number, spent);
        let moves = self.moves(number);
        let state = &mut self.states[number as usize];
        (state.looked, state.moves) = (looked, moves);
    }

    /// Which of those that looked want the same item.
    fn find_rivals(&mut self) {
        let mut wanted: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for (n, state) in self.states.iter().enumerate() {
            let looked = state.looked.as_ref().and_then(|l| l.as_ref().ok());
            for line in looked.iter().flat_map(|f| &f.lines) {
                wanted.entry(line.row).or_default().push(n as u32);
            }
        }
        for rivals in wanted.values().filter(|r| r.len() > 1) {
            for n in rivals {
                let others = rivals.iter().copied().filter(|r| r != n);
                self.states[*n as usize].rivals.extend(others);
            }
        }
    }

    /// How much was claimed so far of what the possible payers owe.
    fn moves(&self, number: u32) -> u32 {
        let reading = self.states[number as usize].reading.as_ref();
        let payers = reading.map_or(&[][..], |r| &r.payers);
        payers.iter().map(|p| self.claims.moves(p.customer)).sum()
    }

    fn claim_sure(&mut self, run: &Run<'_>, number: u32) {
        let n = number as usize;
        let Some(Ok(found)) = self.states[n].looked.clone() else {
            return;
        };
        if !self.states[n].rivals.is_empty() {
            return;
        }
        let auto = self.with(run, number, |case, _| {
            case.proposal((*found).clone()).is_auto()
        });
        if auto == Some(true) {
            self.accept(run, number, *found);
        }
    }

    fn rest(&mut self, run: &Run<'_>, number: u32, spent: &mut u32) {
        let n = number as usize;
        let before = self.states[n].looked.take();
        let unclear = !matches!(before, Some(Ok(_)));
        let changed = self.moves(number) != self.states[n].moves;
        let again = match before {
            Some(before) if !changed => Some(before),
            _ => self.by_amount(run, number, spent),
        };
        let named = self.states[n].named.take().is_some();
        let mut found = match again {
            Some(Ok(found)) => found,
            Some(Err(nothing)) => {
                // What was named of others, as it is now: more may be claimed since.
                match named.then(|| self.by_name(run, number, spent)) {
                    Some(Named::Found(found)) => self.accept(run, number, *found),
                    _ => self.states[n].proposal = Some(*nothing),
                }
                return;
            }
            None => return,
        };
        let mut rivals = std::mem::take(&mut self.states[n].rivals);
        rivals.sort_unstable();
        rivals.dedup();
        let conflicts = rivals.iter().map(|with| Hold::Conflict { with: *with });
        found.holds.extend(conflicts.take(MOST_RIVALS));
        if unclear || (changed && rivals.is_empty()) {
            // Clear only because of what others claimed: for the user to judge.
            found.holds.push(Hold::Ambiguous);
        }
        self.accept(run, number, *found);
    }

    /// Several receipts that each name one item and together pay all of it.
    fn together(&mut self, run: &Run<'_>, number: u32) {
        let named = |s: &State| -> Option<u32> {
            let found = s.named.as_ref().filter(|f| f.rung == Rung::NamedDiffers)?;
            match &found.lines[..] {
                [line] => Some(line.row),
                _ => None,
            }
        };
        let Some(row) = named(&self.states[number as usize]) else {
            return;
        };
        let claimants: Vec<u32> = self.claims.claimants(row).iter().map(|(r, _)| *r).collect();
        let others = claimants.iter().any(|r| *r != number);
        let whole = claimants.contains(&number) && self.claims.left(run.index, row) == 0;
        if !whole || !others {
            return;
        }
        let Some(mut found) = self.states[number as usize].named.take() else {
            return;
        };
        // What the others laid on it stays; only this receipt's own part is looked at anew.
        self.claims.release(row, number);
        found.rung = Rung::Together;
        found.amount = AGREES;
        for line in &mut found.lines {
            line.differences.clear();
        }
        self.accept(run, number, found);
    }

    fn accept(&mut self, run: &Run<'_>, number: u32, found: Found) {
        let rows: Vec<u32> = found.lines.iter().map(|l| l.row).collect();
        let proposal = self.with(run, number, |case, _| case.proposal(found));
        let Some(proposal) = proposal else { return };
        for (row, line) in rows.iter().zip(&proposal.lines) {
            // A difference that posts with the line closes the item too.
            let posts = |d: &&crate::proposal::Difference| {
                d.kind.treatment() == crate::proposal::Treatment::Post
            };
            let posted: i64 = line
                .differences
                .iter()
                .filter(posts)
                .map(|d| d.amount)
                .sum();
            self.claims
                .claim(run.index, *row, number, line.settles + posted);
        }
        self.states[number as usize].proposal = Some(proposal);
    }

    fn unmatched(&mut self, run: &Run<'_>, number: u32, why: Unmatched) {
        let proposal = self.with(run, number, |case, _| case.nothing(why, Vec::new()));
        self.states[number as usize].proposal = proposal;
    }
}

/// What a step is given.
struct Run<'a> {
    index: &'a OpenIndex,
    policy: &'a MatchPolicy,
    receipts: &'a [Receipt],
}

/// What looks like a number of ours names nothing.
const UNKNOWN: (Hold, Unmatched) = (Hold::UnknownNumber, Unmatched::UnknownNumber);
/// What is named is settled.
const SETTLED: (Hold, Unmatched) = (Hold::SettledNumber, Unmatched::SettledNumber);
/// From here on amounts agree: at most a difference that the rules know.
const AGREES: u16 = 930;
/// From here on a number is this number, however it was written.
const SURE: u16 = 800;
/// Conflicts shown.
const MOST_RIVALS: usize = 4;

/// Matches all receipts at once. One proposal for each, in their order.
pub fn match_all(index: &OpenIndex, receipts: &[Receipt], policy: &MatchPolicy) -> Vec<Proposal> {
    let mut matcher = Matcher::new(index, receipts);
    while !matcher.step(index, receipts, policy, u32::MAX).is_done() {}
    let proposals = matcher.finish();
    debug_assert!(proposals.iter().all(Proposal::sums));
    debug_assert!(
        proposals
            .iter()
            .all(|p| !matches!(&p.verdict, Verdict::Review(holds) if holds.is_empty()))
    );
    proposals
}
