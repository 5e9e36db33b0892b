//! Rungs 5 to 10: the payer is known, the items are not; the amount must tell.

use duebook_ledger::CustomerId;
use duebook_ledger::columns::NO_DAY;

use crate::agree::{Rows, total};
use crate::allocate::{Debt, allocate};
use crate::cues::Cues;
use crate::explain::{Case, Found};
use crate::policy::Allocation;
use crate::proposal::*;
use crate::reading::Payer;
use crate::subset::{Chance, Limits, MOST_FOR_ALL, Sums, chance, sums, sums_of_any_size};

/// What one payer could have paid.
struct Pool {
    payer: Payer,
    /// Debits by due date.
    debits: Rows,
    credits: Rows,
}

/// A set found by its sum is shown first only if fewer such sets are expected by chance, millionths.
const MOST_GUESS: u32 = 700_000;
/// Sums are at most so coarse, minor units.
const COARSEST: i64 = 10_000;
/// Items of a small set that is set against one item of the same amount, and steps of looking for it.
const SMALL_SET: usize = 3;
const SMALL_SET_NODES: u32 = 4_000;
/// How well "the amount says so" names an item, per mille.
const BY_AMOUNT: u16 = 900;
const BY_GUESS: u16 = 500;

impl Case<'_> {
    /// Looks for items by the amount alone.
    pub(crate) fn by_amount(
        &self,
        spent: &mut u32,
    ) -> Result<Found, (Unmatched, Vec<Alternative>)> {
        if self.reading.payers.is_empty() {
            return Err((Unmatched::UnknownPayer, self.same_amount()));
        }
        let pools: Vec<Pool> = self.reading.payers.iter().map(|p| self.pool(*p)).collect();
        if pools
            .iter()
            .all(|p| p.debits.is_empty() && p.credits.is_empty())
        {
            return Err((Unmatched::NothingOpen, Vec::new()));
        }
        let mut all: Vec<Found> = Vec::new();
        let mut alternatives = Vec::new();
        let mut many = false;
        for pool in &pools {
            *spent += 1 + pool.debits.len() as u32 / 16;
            match self.ladder(pool, spent) {
                Some(found) if found.lines.is_empty() => {
                    many = true;
                    alternatives.extend(found.alternatives);
                }
                Some(found) => all.push(found),
                None => {}
            }
        }
        // Stable: of equal ones the payer who agrees best.
        all.sort_by_key(|f| (f.rung, std::cmp::Reverse(f.score(self.policy))));
        let mut rest = all.into_iter();
        let Some(mut best) = rest.next() else {
            let why = if many {
                Unmatched::TooMany
            } else {
                Unmatched::NoSum
            };
            return self.by_rule(&pools).ok_or((why, alternatives));
        };
        for other in rest {
            let score = other.score(self.policy);
            let lines: Rows = other.lines.iter().map(|l| (l.row, l.cash)).collect();
            best.alternatives
                .push(self.alternative(other.rung, score, &lines));
        }
        best.alternatives.extend(alternatives);
        best.alternatives
            .sort_by_key(|a| std::cmp::Reverse(a.score));
        best.alternatives
            .truncate(usize::from(self.policy.examples).max(2));
        Ok(best)
    }

    /// Nobody known to have paid: items of just this amount, to look at.
    fn same_amount(&self) -> Vec<Alternative> {
        let rows = self
            .index
            .rows_of_amount(self.receipt.currency, self.receipt.amount);
        rows.iter()
            .filter(|row| self.left(**row) == self.amount() && self.existed(**row))
            .take(usize::from(self.policy.examples))
            .map(|row| self.alternative(Rung::OneItem, 300, &[(*row, self.amount())]))
            .collect()
    }

    fn pool(&self, payer: Payer) -> Pool {
        let mut pool = Pool {
            payer,
            debits: Vec::new(),
            credits: Vec::new(),
        };
        for row in self.index.rows_of(payer.customer, self.receipt.currency) {
            let left = self.left(*row);
            if left > 0 && self.existed(*row) {
                pool.debits.push((*row, left));
            } else if left < 0 && self.existed(*row) {
                pool.credits.push((*row, left));
            }
        }
        pool
    }

    /// The first rung that holds, for one payer.
    fn ladder(&self, pool: &Pool, spent: &mut u32) -> Option<Found> {
        let amount = self.amount();
        let equal: Rows = pool
            .debits
            .iter()
            .copied()
            .filter(|(_, l)| *l == amount)
            .collect();
        if !equal.is_empty() {
            return Some(self.one_item(pool, &equal, spent));
        }
        if let Some(found) = self.groups(pool) {
            return Some(found);
        }
        let reduced = self.reduced(pool);
        if let Some(first) = reduced.first() {
            let mut found = first.clone();
            for other in &reduced[1..] {
                let lines: Rows = other.lines.iter().map(|l| (l.row, l.cash)).collect();
                found.holds.push(Hold::Ambiguous);
                let score = other.score(self.policy);
                found
                    .alternatives
                    .push(self.alternative(other.rung, score, &lines));
            }
            return Some(found);
        }
        self.by_sum(pool, spent).or_else(|| self.tolerated(pool))
    }

    fn of(&self, rung: Rung, pool: &Pool, reference: u16, rows: &[(u32, i64)]) -> Found {
        let mut found = Found::new(rung, Some(pool.payer));
        (found.reference, found.amount) = (reference, 1000);
        found.lines = Found::full(rows);
        found
    }

    /// Rung 5. A tie is ambiguous unless the items are interchangeable (CA-02, CA-03): then the one
    /// due first, or of equal dates the one recorded first.
    fn one_item(&self, pool: &Pool, equal: &Rows, spent: &mut u32) -> Found {
        let amounts: Vec<i64> = pool.debits.iter().map(|(_, l)| *l).collect();
        let by_chance = chance(
            &amounts,
            self.amount(),
            1,
            self.receipt.currency.minor_per_major(),
        );
        let first = equal[0];
        let class = self.class(first);
        let mut found = self.of(Rung::OneItem, pool, BY_AMOUNT, &[first]);
        if by_chance.0 > self.policy.chance {
            found.holds.push(Hold::ChanceMatch(by_chance));
        }
        if equal.len() > 1 && equal.iter().all(|one| self.class(*one) == class) {
            let count = equal.len() as u32;
            found.evidence.push(Evidence::Interchangeable { count });
        } else if equal.len() > 1 {
            found.reference = BY_GUESS;
            found.holds.push(Hold::Ambiguous);
            for other in &equal[1..equal.len().min(1 + usize::from(self.policy.examples))] {
                let score = found.score(self.policy);
                found
                    .alternatives
                    .push(self.alternative(Rung::OneItem, score, &[*other]));
            }
        }
        self.small_sets(pool, &mut found, spent);
        found
    }

    /// Several small items may be meant as well as the one of their sum (CA-03, CA-O7): the runner-up
    /// is shown, and nothing posts by itself. Among very many items that is for the chance to say.
    fn small_sets(&self, pool: &Pool, found: &mut Found, spent: &mut u32) {
        let smaller = pool.debits.iter().filter(|(_, l)| *l < self.amount());
        let among: Rows = smaller.copied().collect();
        let amounts: Vec<i64> = among.iter().map(|(_, l)| *l).collect();
        let limits = Limits {
            max_items: SMALL_SET,
            nodes: self.policy.nodes.min(SMALL_SET_NODES),
            examples: usize::from(self.policy.examples),
        };
        let sets = sums(
            &amounts,
            &self.classes(&among),
            self.amount(),
            limits,
            spent,
        );
        let ranked = self.ranked(&among, &sets);
        if ranked.is_empty() {
            return;
        }
        found.holds.push(Hold::Ambiguous);
        let score = found.score(self.policy);
        for set in ranked {
            let less = 20 * (set.len() - 1) as u16;
            let score = score.saturating_sub(less);
            let other = self.alternative(Rung::Sum, score, &set);
            found.alternatives.push(other);
        }
    }

    /// Rows of one class are interchangeable, unless a part of one is claimed.
    fn class(&self, (row, left): (u32, i64)) -> u32 {
        let r = self.row(row);
        if left == r.open.saturating_mul(self.sign()) {
            r.class
        } else {
            self.index.len() as u32 + row
        }
    }

    /// Rung 6: the balance, all that is past due, all of one due date.
    fn groups(&self, pool: &Pool) -> Option<Found> {
        let amount = i128::from(self.amount());
        let found = |rung, rows: &[(u32, i64)]| {
            (rows.len() > 1 && total(rows) == amount).then(|| self.of(rung, pool, BY_AMOUNT, rows))
        };
        let both: Rows = pool.debits.iter().chain(&pool.credits).copied().collect();
        let due = |row: u32| self.row(row).due;
        let day = self.receipt.value_date.0;
        found(Rung::Balance, &both)
            .or_else(|| found(Rung::Balance, &pool.debits))
            .or_else(|| {
                let past = pool
                    .debits
                    .iter()
                    .filter(|(r, _)| due(*r) != NO_DAY && due(*r) < day);
                found(Rung::PastDue, &past.copied().collect::<Rows>())
            })
            .or_else(|| {
                // Debits stand in order of due date.
                let mut groups = pool.debits.chunk_by(|a, b| due(a.0) == due(b.0));
                groups.find_map(|group| found(Rung::DueDay, group))
            })
    }

    /// Rungs 7 and 8: one item less its discount, or less tax withheld.
    fn reduced(&self, pool: &Pool) -> Vec<Found> {
        let amount = self.amount();
        let mut all = Vec::new();
        for one in pool.debits.iter().filter(|(_, left)| *left > amount) {
            // Nobody takes off more than a third.
            if one.1 / 3 * 2 > amount {
                continue;
            }
            if let Some((grade, lines)) = self.agree(&[*one], amount) {
                let kind = lines[0].differences.first().map(|d| d.kind);
                let rung = match kind {
                    Some(DifferenceKind::Withholding { .. }) => Rung::Withheld,
                    _ => Rung::Discounted,
                };
                let mut found = self.of(rung, pool, BY_AMOUNT, &[*one]);
                (found.amount, found.lines) = (grade, lines);
                all.push(found);
            }
        }
        all.sort_by_key(|f| f.rung);
        all
    }

    /// Rung 9 (5.4): sets of few items, debits first, then with credits; then, of few items, sets of
    /// any size.
    fn by_sum(&self, pool: &Pool, spent: &mut u32) -> Option<Found> {
        let most = i64::try_from(total(&pool.credits).unsigned_abs()).unwrap_or(i64::MAX);
        let limit = self.amount();
        let few: Rows = pool
            .debits
            .iter()
            .copied()
            .filter(|(_, l)| *l < limit)
            .collect();
        let up_to = self.policy.max_items;
        let mut result = self.search(&few, up_to, spent);
        let mut among = few;
        if !pool.credits.is_empty() && !matches!(result, Sums::Ambiguous(_)) {
            let limit = limit.saturating_add(most);
            let with: Rows = pool
                .debits
                .iter()
                .filter(|(_, l)| *l <= limit)
                .chain(&pool.credits)
                .copied()
                .collect();
            let wider = self.search(&with, up_to, spent);
            result = joined(result, &among, wider, &with);
            among = with;
        }
        if matches!(result, Sums::None) && (2..=MOST_FOR_ALL).contains(&among.len()) {
            let amounts: Vec<i64> = among.iter().map(|(_, l)| *l).collect();
            let classes = self.classes(&among);
            let examples = usize::from(self.policy.examples);
            result = sums_of_any_size(&amounts, &classes, self.amount(), examples, spent);
        }
        self.of_sums(pool, &among, result)
    }

    fn search(&self, rows: &Rows, up_to: u8, spent: &mut u32) -> Sums {
        let amounts: Vec<i64> = rows.iter().map(|(_, l)| *l).collect();
        let limits = Limits {
            max_items: usize::from(up_to),
            nodes: self.policy.nodes,
            examples: usize::from(self.policy.examples),
        };
        sums(&amounts, &self.classes(rows), self.amount(), limits, spent)
    }

    fn classes(&self, rows: &Rows) -> Vec<u32> {
        rows.iter().map(|one| self.class(*one)).collect()
    }

    /// Sets by how likely a payer chose them: fewest items, no credit, nothing disputed, one due
    /// date, oldest.
    fn ranked(&self, among: &Rows, sums: &Sums) -> Vec<Rows> {
        let rows = |set: &Vec<u32>| -> Rows { set.iter().map(|i| among[*i as usize]).collect() };
        let mut sets: Vec<Rows> = sums.sets().iter().map(rows).collect();
        sets.sort_by_key(|set| {
            let due = |r: &(u32, i64)| self.row(r.0).due;
            let credits = set.iter().filter(|(_, l)| *l < 0).count();
            let disputed = set.iter().filter(|(r, _)| self.row(*r).disputed).count();
            let first = set.iter().map(due).min();
            let last = set.iter().map(due).max();
            let ids: Vec<u32> = set.iter().map(|(r, _)| *r).collect();
            (set.len(), credits, disputed, first != last, last, ids)
        });
        sets
    }

    fn of_sums(&self, pool: &Pool, among: &Rows, sums: Sums) -> Option<Found> {
        let sets = self.ranked(among, &sums);
        let best = sets.first()?;
        let amounts: Vec<i64> = among.iter().map(|(_, l)| *l).collect();
        let size = best.len();
        let most = usize::from(self.policy.max_items).max(size);
        let of_all = chance(&amounts, self.amount(), most, COARSEST);
        let of_size = chance(&amounts, self.amount(), size, COARSEST);
        let mut found = self.of(Rung::Sum, pool, BY_GUESS, best);
        found.evidence.push(Evidence::Sum {
            among: among.len() as u32,
            up_to: most as u8,
            chance: of_all,
        });
        match &sums {
            Sums::Unique(_) => found.reference = self.certainty(of_all),
            Sums::Unknown(_) => found.holds.push(Hold::BudgetEnded),
            _ => found.holds.push(Hold::Ambiguous),
        }
        if of_all.0 > self.policy.chance {
            found.holds.push(Hold::ChanceMatch(of_all));
        }
        if size > usize::from(self.policy.max_items) {
            found.holds.push(Hold::ManyItems);
        }
        let score = found.score(self.policy);
        let guess = of_size.0 > MOST_GUESS;
        for other in &sets[usize::from(!guess)..] {
            // Each further item makes a set a little less likely.
            let less = 20 * (other.len() - size) as u16;
            let score = score.saturating_sub(less);
            found
                .alternatives
                .push(self.alternative(Rung::Sum, score, other));
        }
        if guess {
            // Accidents are too likely to put one first.
            found.lines.clear();
        }
        Some(found)
    }

    /// From 900 where no accident is expected down to 500 at the limit.
    fn certainty(&self, chance: Chance) -> u16 {
        let limit = u64::from(self.policy.chance.max(1));
        let part = u64::from(chance.0).min(limit) * u64::from(BY_AMOUNT - BY_GUESS) / limit;
        BY_AMOUNT - (part / 4) as u16 - if u64::from(chance.0) > limit { 200 } else { 0 }
    }

    /// Rung 10: one item within what may be let go.
    fn tolerated(&self, pool: &Pool) -> Option<Found> {
        let amount = self.amount();
        let customer = CustomerId(pool.payer.customer);
        let near = |(_, left): &&(u32, i64)| self.policy.tolerates(customer, left - amount, *left);
        let mut near = pool.debits.iter().filter(near);
        let one = *near.next()?;
        let another = near.next();
        let cash = one.1.min(amount);
        let mut found = self.of(Rung::Tolerated, pool, BY_GUESS, &[one]);
        found.amount = 930;
        found.lines[0].differences = self.gap_of(one.0, amount, &Cues::default());
        (found.lines[0].cash, found.lines[0].settles) = (amount, amount);
        if found.lines[0].differences.is_empty() {
            (found.lines[0].cash, found.lines[0].settles) = (cash, cash);
        }
        found.holds.push(Hold::ByRule);
        if let Some(other) = another {
            found.holds.push(Hold::Ambiguous);
            let score = found.score(self.policy);
            found
                .alternatives
                .push(self.alternative(Rung::Tolerated, score, &[*other]));
        }
        Some(found)
    }

    /// The allocation rule of the payer, where one other than "by reference" is set (5.7): a proposal
    /// only.
    fn by_rule(&self, pools: &[Pool]) -> Option<Found> {
        let pool = pools.first()?;
        let rule = self.policy.allocation_for(CustomerId(pool.payer.customer));
        if rule == Allocation::ByReference || self.receipt.amount <= 0 {
            return None;
        }
        let debts: Vec<Debt> = pool
            .debits
            .iter()
            .map(|(row, left)| {
                let r = self.row(*row);
                Debt {
                    open: *left,
                    due: r.due,
                    doc_date: r.doc_date,
                    kind: r.kind,
                    disputed: r.disputed,
                }
            })
            .collect();
        let spread = allocate(rule, self.amount(), &debts);
        let mut found = self.of(Rung::Allocated, pool, BY_GUESS, &[]);
        found.amount = BY_GUESS;
        for ((row, _), part) in pool.debits.iter().zip(&spread.parts) {
            if *part > 0 {
                let mut line = Found::full(&[(*row, *part)]);
                line[0].differences = self.gap_of(*row, *part, &partial());
                found.lines.append(&mut line);
            }
        }
        found.holds.push(Hold::ByRule);
        (!found.lines.is_empty()).then_some(found)
    }
}

/// Money laid out by rule is a part of what it does not cover, whatever the gap looks like.
fn partial() -> Cues {
    Cues {
        partial: Some((0, 0)),
        ..Cues::default()
    }
}

/// What debits alone and debits with credits came to, together. Indices of the answer are those of
/// the wider rows.
fn joined(narrow: Sums, of_narrow: &Rows, wide: Sums, of_wide: &Rows) -> Sums {
    let place = |row: u32| {
        of_wide
            .iter()
            .position(|(r, _)| *r == row)
            .map(|p| p as u32)
    };
    let moved = |set: &Vec<u32>| -> Option<Vec<u32>> {
        let rows = set.iter().map(|i| place(of_narrow[*i as usize].0));
        let mut set: Vec<u32> = rows.collect::<Option<Vec<u32>>>()?;
        set.sort_unstable();
        Some(set)
    };
    let unsure = matches!(narrow, Sums::Unknown(_)) || matches!(wide, Sums::Unknown(_));
    let mut sets: Vec<Vec<u32>> = narrow.sets().iter().filter_map(moved).collect();
    for set in wide.sets() {
        if !sets.contains(set) {
            sets.push(set.clone());
        }
    }
    match sets.len() {
        2.. => Sums::Ambiguous(sets),
        _ if unsure => Sums::Unknown(sets),
        1 => Sums::Unique(sets.remove(0)),
        _ => Sums::None,
    }
}
