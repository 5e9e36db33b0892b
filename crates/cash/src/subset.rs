//! Which items make a sum (domain.md 5.4), and whether they are the only ones. The search is exact
//! and ends after a number of steps, never after a time.

/// How often a set of such a sum is expected by chance, in millionths; saturates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Chance(pub u32);

/// What a search found. Sets hold indices into the amounts, rising.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sums {
    /// No set within the limits.
    None,
    /// Exactly one, or only interchangeable ones, of which this is the first.
    Unique(Vec<u32>),
    /// At least two, fewest items first; as many as were asked for.
    Ambiguous(Vec<Vec<u32>>),
    /// The steps ended first; what was found until then.
    Unknown(Vec<Vec<u32>>),
}

impl Sums {
    /// The sets found.
    pub fn sets(&self) -> &[Vec<u32>] {
        match self {
            Sums::None => &[],
            Sums::Unique(set) => core::slice::from_ref(set),
            Sums::Ambiguous(sets) | Sums::Unknown(sets) => sets,
        }
    }
}

/// How far a search goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Most items in a set.
    pub max_items: usize,
    /// Most steps.
    pub nodes: u32,
    /// Sets after which it stops; at least two are looked for.
    pub examples: usize,
}

/// No search goes deeper.
const DEEPEST: usize = 8;

/// Sets of at most `max_items` amounts that sum to `target`, smallest sets first. Two sets whose
/// members have the same classes, counted, are one solution: `classes[i]` says which items are
/// interchangeable (CA-03). Steps taken are added to `spent`.
pub fn sums(
    amounts: &[i64],
    classes: &[u32],
    target: i64,
    limits: Limits,
    spent: &mut u32,
) -> Sums {
    let all: i128 = amounts.iter().map(|a| i128::from(*a).abs()).sum();
    if all + i128::from(target).abs() > i128::from(i64::MAX / 4) {
        // No book holds so much; it could not be added up either.
        return Sums::Unknown(Vec::new());
    }
    let mut order: Vec<u32> = (0..amounts.len().min(classes.len()) as u32).collect();
    order.sort_unstable_by_key(|i| (amounts[*i as usize], *i));
    let sorted: Vec<i64> = order.iter().map(|i| amounts[*i as usize]).collect();
    let mut prefix = Vec::with_capacity(sorted.len() + 1);
    prefix.push(0i64);
    for amount in &sorted {
        prefix.push(prefix[prefix.len() - 1] + amount);
    }
    let mut search = Search {
        sorted: &sorted,
        prefix: &prefix,
        order: &order,
        sink: Sink {
            classes,
            sets: Vec::new(),
            wanted: limits.examples.max(2),
        },
        left: limits.nodes,
        chosen: Vec::with_capacity(DEEPEST),
    };
    let deepest = limits.max_items.min(DEEPEST).min(sorted.len());
    let mut end = Ok(());
    for size in 1..=deepest {
        end = search.go(0, size, target);
        if end.is_err() {
            break;
        }
    }
    *spent = spent.saturating_add(limits.nodes - search.left);
    search.sink.answer(end == Err(Stop::Nodes))
}

/// Why a search stops early.
#[derive(PartialEq, Eq)]
enum Stop {
    Enough,
    Nodes,
}

/// Collects distinct solutions.
struct Sink<'a> {
    classes: &'a [u32],
    sets: Vec<Vec<u32>>,
    wanted: usize,
}

impl Sink<'_> {
    fn take(&mut self, mut set: Vec<u32>) -> Result<(), Stop> {
        set.sort_unstable();
        let key = |set: &[u32]| {
            let mut classes: Vec<u32> = set.iter().map(|i| self.classes[*i as usize]).collect();
            classes.sort_unstable();
            classes
        };
        let new = key(&set);
        if self.sets.iter().all(|known| key(known) != new) {
            self.sets.push(set);
        }
        if self.sets.len() >= self.wanted {
            return Err(Stop::Enough);
        }
        Ok(())
    }
    fn answer(mut self, unfinished: bool) -> Sums {
        match self.sets.len() {
            2.. => Sums::Ambiguous(self.sets),
            _ if unfinished => Sums::Unknown(self.sets),
            1 => Sums::Unique(self.sets.remove(0)),
            _ => Sums::None,
        }
    }
}

struct Search<'a> {
    /// Rising.
    sorted: &'a [i64],
    /// `prefix[i]`: the first `i` together.
    prefix: &'a [i64],
    /// Where each stood in the input.
    order: &'a [u32],
    sink: Sink<'a>,
    left: u32,
    /// Places in `sorted`.
    chosen: Vec<usize>,
}

impl Search<'_> {
    fn step(&mut self) -> Result<(), Stop> {
        self.left = self.left.checked_sub(1).ok_or(Stop::Nodes)?;
        Ok(())
    }
    /// Sets of `size` among `sorted[start..]` that sum to `rest`. At most eight deep.
    fn go(&mut self, start: usize, size: usize, rest: i64) -> Result<(), Stop> {
        let n = self.sorted.len();
        if start + size > n || self.prefix[n] - self.prefix[n - size] < rest {
            return Ok(());
        }
        match size {
            1 => return self.one(start, rest),
            2 => return self.two(start, rest),
            _ => {}
        }
        // The smallest one can be only if the largest others fill up the sum.
        let others = self.prefix[n] - self.prefix[n - (size - 1)];
        let first = start + self.sorted[start..].partition_point(|a| a + others < rest);
        for i in first..=n - size {
            self.step()?;
            if self.prefix[i + size] - self.prefix[i] > rest {
                break;
            }
            self.chosen.push(i);
            let end = self.go(i + 1, size - 1, rest - self.sorted[i]);
            self.chosen.pop();
            end?;
        }
        Ok(())
    }
    fn one(&mut self, start: usize, rest: i64) -> Result<(), Stop> {
        self.step()?;
        let mut at = start + self.sorted[start..].partition_point(|a| *a < rest);
        while self.sorted.get(at) == Some(&rest) {
            self.step()?;
            self.found(&[at])?;
            at += 1;
        }
        Ok(())
    }
    fn two(&mut self, start: usize, rest: i64) -> Result<(), Stop> {
        let (mut low, mut high) = (start, self.sorted.len() - 1);
        while low < high {
            self.step()?;
            let sum = self.sorted[low] + self.sorted[high];
            match sum.cmp(&rest) {
                core::cmp::Ordering::Less => low += 1,
                core::cmp::Ordering::Greater => high -= 1,
                core::cmp::Ordering::Equal => {
                    let mut other = high;
                    while other > low && self.sorted[other] == self.sorted[high] {
                        self.step()?;
                        self.found(&[low, other])?;
                        other -= 1;
                    }
                    low += 1;
                }
            }
        }
        Ok(())
    }
    fn found(&mut self, last: &[usize]) -> Result<(), Stop> {
        let places = self.chosen.iter().chain(last);
        let set = places.map(|at| self.order[*at]).collect();
        self.sink.take(set)
    }
}

/// Most items whose every set can be looked at.
pub const MOST_FOR_ALL: usize = 24;

/// Sets of any size that sum to `target`, for at most [`MOST_FOR_ALL`] amounts: the sums of one half
/// meet those of the other. [`Sums::Unknown`] for more.
pub fn sums_of_any_size(
    amounts: &[i64],
    classes: &[u32],
    target: i64,
    examples: usize,
    spent: &mut u32,
) -> Sums {
    let n = amounts.len().min(classes.len());
    if n > MOST_FOR_ALL {
        return Sums::Unknown(Vec::new());
    }
    let (left, right) = amounts[..n].split_at(n / 2);
    let (left, right) = (half(left), half(right));
    *spent = spent.saturating_add((left.len() + right.len()) as u32);
    let mut sink = Sink {
        classes,
        sets: Vec::new(),
        wanted: examples.max(2),
    };
    let shift = n / 2;
    for (sum, mask) in &left {
        let rest = i128::from(target) - sum;
        let from = right.partition_point(|(s, _)| *s < rest);
        for (_, other) in right[from..].iter().take_while(|(s, _)| *s == rest) {
            let both = u64::from(*mask) | u64::from(*other) << shift;
            let set: Vec<u32> = (0..n as u32).filter(|i| both >> i & 1 == 1).collect();
            if !set.is_empty() && sink.take(set).is_err() {
                return sink.answer(false);
            }
        }
    }
    sink.answer(false)
}

fn half(amounts: &[i64]) -> Vec<(i128, u32)> {
    let mut sums: Vec<(i128, u32)> = vec![(0, 0)];
    for (i, amount) in amounts.iter().enumerate() {
        let more: Vec<(i128, u32)> = sums
            .iter()
            .map(|(sum, mask)| (sum + i128::from(*amount), mask | 1 << i))
            .collect();
        sums.extend(more);
    }
    sums.sort_unstable();
    sums
}

/// The chance-match guard: sets of at most `up_to` of the amounts, by the sums they can have. What
/// the target and most amounts are multiples of (tens, hundreds ... at most `coarsest`) makes the sums
/// coarser, so that fewer different ones are left.
pub fn chance(amounts: &[i64], target: i64, up_to: usize, coarsest: i64) -> Chance {
    let n = amounts.len() as u128;
    let (mut sets, mut of_size) = (0u128, 1u128);
    for size in 1..=(up_to as u128).min(n) {
        of_size = of_size.saturating_mul(n + 1 - size) / size;
        sets = sets.saturating_add(of_size);
    }
    let mut grain = 1i64;
    while let Some(coarser) = grain.checked_mul(10).filter(|g| *g <= coarsest) {
        let multiples = amounts.iter().filter(|a| *a % coarser == 0).count();
        if multiples * 2 < amounts.len() || target % coarser != 0 {
            break;
        }
        grain = coarser;
    }
    let range = u128::from((target.unsigned_abs() / grain.unsigned_abs()).max(1));
    // The set that was found is not counted among the accidents.
    let expected = sets.saturating_sub(1).saturating_mul(1_000_000) / range;
    Chance(u32::try_from(expected).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn all(amounts: &[i64], target: i64) -> (Sums, Sums) {
        let classes: Vec<u32> = (0..amounts.len() as u32).collect();
        let limits = Limits {
            max_items: 8,
            nodes: 1_000_000,
            examples: 3,
        };
        let mut spent = 0;
        (
            sums(amounts, &classes, target, limits, &mut spent),
            sums_of_any_size(amounts, &classes, target, 3, &mut spent),
        )
    }

    #[test]
    fn ca_o5_one_set_makes_7871_38() {
        let amounts = [12366, 665_802, 14236, 236, 123_607, 774_536, 655_400];
        let (by_size, any) = all(&amounts, 787_138);
        assert_eq!(by_size, Sums::Unique(vec![0, 3, 5]));
        assert_eq!(any, by_size);
    }

    #[test]
    fn ca_o7_two_sets_make_300() {
        let (by_size, any) = all(&[300, 200, 100], 300);
        assert_eq!(by_size, Sums::Ambiguous(vec![vec![0], vec![1, 2]]));
        assert!(matches!(any, Sums::Ambiguous(_)));
    }

    #[test]
    fn ca_03_interchangeable_items_are_one_solution() {
        let limits = Limits {
            max_items: 4,
            nodes: 1000,
            examples: 3,
        };
        let of = |classes: &[u32]| sums(&[50, 50, 70], classes, 120, limits, &mut 0);
        assert_eq!(of(&[0, 0, 1]), Sums::Unique(vec![0, 2]));
        assert!(matches!(of(&[0, 1, 2]), Sums::Ambiguous(_)));
    }

    #[test]
    fn the_budget_counts_steps_and_says_so() {
        let amounts: Vec<i64> = (0..200).map(|i| 1_000 + 6 * i).collect();
        let classes: Vec<u32> = (0..200).collect();
        let limits = Limits {
            max_items: 6,
            nodes: 500,
            examples: 2,
        };
        let mut spent = 0;
        let found = sums(&amounts, &classes, 3, limits, &mut spent);
        assert_eq!(found, Sums::None, "too small a sum needs no search");
        let found = sums(&amounts, &classes, 4_001, limits, &mut spent);
        assert!(
            found == Sums::Unknown(Vec::new()),
            "an odd sum of even amounts: {found:?}"
        );
        assert!(spent <= 1_000);
    }

    #[test]
    fn chance_grows_with_sets_and_coarseness() {
        let chance = |amounts: &[i64], target, up_to| chance(amounts, target, up_to, 10_000);
        assert_eq!(chance(&[5_003], 5_003, 4), Chance(0));
        let fine: Vec<i64> = (0..30).map(|i| 10_007 + 113 * i).collect();
        let coarse: Vec<i64> = fine.iter().map(|a| a / 1000 * 1000).collect();
        assert!(chance(&fine, 100_000, 2) < chance(&fine, 100_000, 3));
        assert!(chance(&fine, 100_000, 2) < chance(&coarse, 100_000, 2));
        assert_eq!(chance(&fine, 100_001, 2), chance(&coarse, 100_001, 2));
    }

    /// Every set, one by one.
    fn naive(amounts: &[i64], target: i64, most: u32) -> Vec<Vec<u32>> {
        let n = amounts.len() as u32;
        let sum = |mask: u32| -> i64 {
            (0..n)
                .filter(|i| mask >> i & 1 == 1)
                .map(|i| amounts[i as usize])
                .sum()
        };
        (1u32..1 << n)
            .filter(|m| m.count_ones() <= most && sum(*m) == target)
            .map(|m| (0..n).filter(|i| m >> i & 1 == 1).collect())
            .collect()
    }

    fn agrees(found: &Sums, sets: &[Vec<u32>]) {
        match found {
            Sums::None => assert!(sets.is_empty()),
            Sums::Unique(set) => assert_eq!(sets, std::slice::from_ref(set)),
            Sums::Ambiguous(some) => {
                assert!(sets.len() >= 2 && some.len() >= 2);
                assert!(some.iter().all(|s| sets.contains(s)));
            }
            Sums::Unknown(some) => assert!(some.iter().all(|s| sets.contains(s))),
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(96))]
        /// CA-03, 5.4: no UNIQUE that is not unique, by looking at every set of up to 18 items.
        #[test]
        fn ca_03_unique_is_unique(
            amounts in prop::collection::vec(prop_oneof![3 => 1i64..60, 1 => -30i64..0], 1..=18),
            pick in prop::collection::vec(any::<prop::sample::Index>(), 0..5),
            most in 1u32..=8,
            nodes in prop_oneof![Just(60u32), Just(1_000_000)],
        ) {
            let mut members: Vec<usize> = pick.iter().map(|p| p.index(amounts.len())).collect();
            members.sort_unstable();
            members.dedup();
            let target: i64 = members.iter().map(|i| amounts[*i]).sum();
            let classes: Vec<u32> = (0..amounts.len() as u32).collect();
            let limits = Limits { max_items: most as usize, nodes, examples: 3 };
            let mut spent = 0;
            let found = sums(&amounts, &classes, target, limits, &mut spent);
            agrees(&found, &naive(&amounts, target, most));
            prop_assert!(spent <= nodes);
            prop_assert!(nodes == 60 || !matches!(found, Sums::Unknown(_)));
            let any = sums_of_any_size(&amounts, &classes, target, 3, &mut spent);
            agrees(&any, &naive(&amounts, target, 18));
        }
    }
}
