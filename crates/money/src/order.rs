//! Sorting that is compiled once.
//!
//! The standard library's sort is a fast 5 KB of code for every type and every key it is used with;
//! in a page of some seventy sorts that was an eighth of the download. Here one sort over positions
//! serves them all. It is stable; for lists of a million rows take the standard one.

use std::cmp::Ordering;

/// Sorts rows, keeping the order of equal ones.
pub fn sort_by<T>(rows: &mut [T], mut by: impl FnMut(&T, &T) -> Ordering) {
    let mut places: Vec<usize> = (0..rows.len()).collect();
    arrange(&mut places, &mut |a, b| by(&rows[a], &rows[b]));
    // Cycle by cycle: `places[at]` is where the row for `at` stands now.
    for start in 0..places.len() {
        let mut at = start;
        loop {
            let from = std::mem::replace(&mut places[at], at);
            if from == start {
                break;
            }
            rows.swap(at, from);
            at = from;
        }
    }
}

/// Sorts rows by a key, keeping the order of equal ones.
pub fn sort_by_key<T, K: Ord>(rows: &mut [T], mut key: impl FnMut(&T) -> K) {
    sort_by(rows, |a, b| key(a).cmp(&key(b)));
}

/// Sorts rows by their own order.
pub fn sort<T: Ord>(rows: &mut [T]) {
    sort_by(rows, T::cmp);
}

/// The one sort: not generic, and not to be inlined into what is.
#[inline(never)]
fn arrange(places: &mut [usize], by: &mut dyn FnMut(usize, usize) -> Ordering) {
    places.sort_by(|a, b| by(*a, *b));
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn sorts_as_the_standard_library_does(rows in proptest::collection::vec((0u8..9, any::<u16>()), 0..300)) {
            let mut ours = rows.clone();
            let mut std = rows.clone();
            sort_by_key(&mut ours, |r| r.0);
            std.sort_by_key(|r| r.0);
            prop_assert_eq!(&ours, &std);
            sort(&mut ours);
            std.sort();
            prop_assert_eq!(&ours, &std);
            sort_by(&mut ours, |a, b| b.1.cmp(&a.1));
            std.sort_by_key(|r| std::cmp::Reverse(r.1));
            prop_assert_eq!(&ours, &std);
        }
    }
}
