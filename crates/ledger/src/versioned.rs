//! A value with its history: which commit set it to what. The current value is that of the last
//! live commit, so undoing a commit brings the one before back without an inverse row.

use crate::ids::Seq;

/// A value set by commits, oldest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Versioned<T>(Vec<(Seq, T)>);

impl<T> Default for Versioned<T> {
    fn default() -> Self {
        Versioned(Vec::new())
    }
}

impl<T> Versioned<T> {
    /// Set by one commit.
    pub fn new(seq: Seq, value: T) -> Self {
        Versioned(vec![(seq, value)])
    }
    /// Sets it; commits come in log order. The last of one commit counts.
    pub fn set(&mut self, seq: Seq, value: T) {
        match self.0.last_mut() {
            Some((last, slot)) if *last == seq => *slot = value,
            _ => self.0.push((seq, value)),
        }
    }
    /// The value of the last live commit.
    pub fn get(&self, live: &impl Fn(Seq) -> bool) -> Option<&T> {
        self.0
            .iter()
            .rev()
            .find(|(seq, _)| live(*seq))
            .map(|(_, value)| value)
    }
    /// The last live version with the commit that set it.
    pub fn latest(&self, live: &impl Fn(Seq) -> bool) -> Option<(Seq, &T)> {
        let found = self.0.iter().rev().find(|(seq, _)| live(*seq));
        found.map(|(seq, value)| (*seq, value))
    }
    /// Every version in log order, dead ones included.
    pub fn history(&self) -> &[(Seq, T)] {
        &self.0
    }
}
