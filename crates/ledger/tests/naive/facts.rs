//! The raw facts, and what every balance is by them.

use duebook_ledger::keys::ItemKey;
use duebook_money::Day;

/// A raw fact under the commit that brought it.
#[derive(Debug, Clone)]
pub enum Fact {
    /// A row or document: key, document date, due, signed open when recorded.
    Item {
        key: ItemKey,
        doc: Day,
        due: Day,
        open: i64,
    },
    /// What is open of an item falls by a signed amount, from a day on.
    Moved { key: ItemKey, by: i64, on: Day },
    /// A part of a receipt goes to another, which begins with it.
    Onward {
        from: ItemKey,
        to: ItemKey,
        amount: i64,
        into: i64,
        on: Day,
    },
    /// The part that another commit brought goes back to where it came from.
    Home { commit: u32, on: Day },
    /// The `n`th move of another commit is taken back from a day on.
    Back { commit: u32, n: usize, on: Day },
    /// A new due date.
    Due { key: ItemKey, due: Day },
    /// A commit never was.
    Void { commit: u32 },
}

/// Facts by commit; index 0 is commit 1.
#[derive(Debug, Clone, Default)]
pub struct Naive(pub Vec<Vec<Fact>>);

impl Naive {
    pub fn is_live(&self, commit: u32, known: u32) -> bool {
        !(commit + 1..=known).any(|later| {
            let voids = |f: &Fact| matches!(f, Fact::Void { commit: c } if *c == commit);
            self.0[later as usize - 1].iter().any(voids) && self.is_live(later, known)
        })
    }
    /// Open and due of an item (by its recording commit), or none where it does not exist.
    pub fn figures(&self, born: u32, key: &ItemKey, as_of: Day, known: u32) -> Option<(i64, Day)> {
        let live: Vec<u32> = (1..=known).filter(|c| self.is_live(*c, known)).collect();
        let facts = |c: &u32| self.0[*c as usize - 1].iter();
        if !live.contains(&born) {
            return None;
        }
        let (mut open, mut due) = self.0[born as usize - 1].iter().find_map(|f| match f {
            Fact::Item {
                key: k,
                doc,
                due,
                open,
            } if k == key && *doc <= as_of => Some((*open, *due)),
            _ => None,
        })?;
        for c in &live {
            // Facts name the item that had the key when they came: the youngest known then.
            if *c < born || self.born(key, *c, false) != Some(born) {
                continue;
            }
            for (n, fact) in facts(c)
                .filter(|f| matches!(f, Fact::Moved { .. }))
                .enumerate()
            {
                let Fact::Moved { key: k, by, on } = fact else {
                    continue;
                };
                let back = live.iter().flat_map(facts).any(|f| {
                    matches!(f, Fact::Back { commit, n: m, on } if commit == c && *m == n && *on <= as_of)
                });
                if k == key && *on <= as_of && !back {
                    open -= by;
                }
            }
            for fact in facts(c) {
                let Fact::Onward {
                    from,
                    to,
                    amount,
                    into,
                    on,
                } = fact
                else {
                    continue;
                };
                let home = live
                    .iter()
                    .flat_map(facts)
                    .any(|f| matches!(f, Fact::Home { commit, on } if commit == c && *on <= as_of));
                if from == key && *on <= as_of && !home {
                    open += amount;
                }
                // It began with this much, and has nothing once that is back.
                if to == key && home {
                    open += into;
                }
            }
            for fact in facts(c) {
                if let Fact::Due { key: k, due: to } = fact
                    && k == key
                {
                    due = *to;
                }
            }
        }
        Some((open, due))
    }
    /// The commit whose row has the key, as known after `known`; `dead` takes void ones too.
    pub fn born(&self, key: &ItemKey, known: u32, dead: bool) -> Option<u32> {
        (1..=known).rev().find(|c| {
            let has = |f: &Fact| matches!(f, Fact::Item { key: k, .. } if k == key);
            self.0[*c as usize - 1].iter().any(has) && (dead || self.is_live(*c, known))
        })
    }
}
