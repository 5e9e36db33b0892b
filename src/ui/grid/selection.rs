//! Selected rows, by key. "Everything but these" is a form of its own, so that selecting a million rows is instant.

use std::collections::BTreeSet;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// When set, `keys` are the exceptions.
    inverted: bool,
    keys: BTreeSet<u64>,
}

impl Selection {
    pub fn contains(&self, key: u64) -> bool {
        self.keys.contains(&key) != self.inverted
    }

    /// How many of `total` rows are selected.
    pub fn count(&self, total: usize) -> usize {
        if self.inverted {
            total.saturating_sub(self.keys.len())
        } else {
            self.keys.len()
        }
    }

    pub fn is_empty(&self) -> bool {
        !self.inverted && self.keys.is_empty()
    }

    /// Every row was selected, and at most some were taken out again.
    pub fn is_inverted(&self) -> bool {
        self.inverted
    }

    /// Every row is selected, whatever rows there are.
    pub fn is_all(&self) -> bool {
        self.inverted && self.keys.is_empty()
    }

    /// The keys held: the selected ones, or with [`Selection::is_inverted`] the exceptions.
    pub fn keys(&self) -> impl Iterator<Item = u64> {
        self.keys.iter().copied()
    }

    pub fn set(&mut self, key: u64, on: bool) {
        if on == self.inverted {
            self.keys.remove(&key);
        } else {
            self.keys.insert(key);
        }
    }

    pub fn toggle(&mut self, key: u64) {
        self.set(key, !self.contains(key));
    }

    pub fn clear(&mut self) {
        *self = Selection::default();
    }

    pub fn select_all(&mut self) {
        *self = Selection {
            inverted: true,
            keys: BTreeSet::new(),
        };
    }

    /// Only this key.
    pub fn only(&mut self, key: u64) {
        self.clear();
        self.set(key, true);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_but_some_behaves_as_the_plain_set_would() {
        let mut all = Selection::default();
        all.select_all();
        all.toggle(3);
        assert!(!all.contains(3) && all.contains(4));
        assert_eq!(all.count(10), 9);
        all.set(3, true);
        assert_eq!(all.count(10), 10);
        assert!(all.is_all());
        all.only(5);
        assert_eq!(all.keys().collect::<Vec<_>>(), [5]);
        assert_eq!(all.count(10), 1);
        all.clear();
        assert!(all.is_empty());
    }
}
