//! Aging buckets (AG-01, AG-02, AG-03).

use minicbor::{Decode, Encode};

/// What an item's age is counted from (AG-02). Printed on every report header.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default, Encode, Decode)]
#[cbor(index_only)]
pub enum Basis {
    /// Days past due: an item due on the as-of day is current.
    #[n(0)]
    #[default]
    DueDate,
    /// Age of the document: an item can be old without being late.
    #[n(1)]
    InvoiceDate,
}

/// Why a list of bucket edges is refused (AG-03).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BucketError {
    /// There is no edge, so there would be one bucket for everything.
    NoEdges,
    /// More edges than a report has room for.
    TooMany {
        /// How many edges were given.
        edges: usize,
    },
    /// An edge is not above the one before it: the buckets would overlap or be empty.
    NotRising {
        /// Position of the offending edge.
        at: usize,
        /// The edge before it, in days.
        previous: i32,
        /// The offending edge, in days.
        edge: i32,
    },
    /// One bucket would hold both day 0 (not past due) and day 1 (past due).
    SpansDueDay {
        /// First day of that bucket, if it has one.
        from: Option<i32>,
        /// Last day of that bucket, if it has one.
        to: Option<i32>,
    },
    /// On the invoice-date basis the first bucket starts at day 0, so its last day must not be
    /// negative.
    NegativeAge {
        /// The offending edge, in days.
        edge: i32,
    },
}

/// Aging buckets, told by their last days. `[0, 30, 60]` makes `..=0 | 1..=30 | 31..=60 | 61..`:
/// contiguous, without overlap and with one open end by construction; what remains to check is
/// checked when it is made.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Buckets {
    basis: Basis,
    edges: Vec<i32>,
}

/// The most edges a report may have.
pub const MAX_EDGES: usize = 24;

impl Default for Buckets {
    /// `Current | 1-30 | 31-60 | 61-90 | 91-120 | 120+` by due date.
    fn default() -> Self {
        Buckets {
            basis: Basis::DueDate,
            edges: vec![0, 30, 60, 90, 120],
        }
    }
}

impl Buckets {
    /// Buckets ending on the given days (inclusive, rising), and an open one after the last.
    pub fn new(basis: Basis, edges: Vec<i32>) -> Result<Buckets, BucketError> {
        let Some(first) = edges.first().copied() else {
            return Err(BucketError::NoEdges);
        };
        if edges.len() > MAX_EDGES {
            return Err(BucketError::TooMany { edges: edges.len() });
        }
        for (i, pair) in edges.windows(2).enumerate() {
            if pair[1] <= pair[0] {
                return Err(BucketError::NotRising {
                    at: i + 1,
                    previous: pair[0],
                    edge: pair[1],
                });
            }
        }
        match basis {
            Basis::DueDate if !edges.contains(&0) => {
                let at = edges.partition_point(|e| *e < 0);
                let from = at.checked_sub(1).map(|i| edges[i].saturating_add(1));
                Err(BucketError::SpansDueDay {
                    from,
                    to: edges.get(at).copied(),
                })
            }
            Basis::InvoiceDate if first < 0 => Err(BucketError::NegativeAge { edge: first }),
            Basis::DueDate | Basis::InvoiceDate => Ok(Buckets { basis, edges }),
        }
    }

    /// The default for the invoice-date basis: `0-30 | 31-60 | 61-90 | 91-120 | 120+`.
    pub fn by_invoice_date() -> Buckets {
        Buckets {
            basis: Basis::InvoiceDate,
            edges: vec![30, 60, 90, 120],
        }
    }

    /// What the days are counted from.
    pub fn basis(&self) -> Basis {
        self.basis
    }

    /// The last day of every bucket but the open one.
    pub fn edges(&self) -> &[i32] {
        &self.edges
    }

    /// How many buckets there are.
    pub fn count(&self) -> usize {
        self.edges.len() + 1
    }

    /// The bucket of an age in days (AG-01: days past due, or days since the document).
    #[inline]
    pub fn index(&self, days: i32) -> usize {
        // A handful of edges: counting all of them has no branch to mispredict.
        self.edges
            .iter()
            .map(|edge| usize::from(days > *edge))
            .sum()
    }

    /// First and last day of a bucket; `None` is an open end. A bucket that does not exist is
    /// `None` altogether.
    pub fn range(&self, bucket: usize) -> Option<(Option<i32>, Option<i32>)> {
        if bucket >= self.count() {
            return None;
        }
        let from = match (bucket, self.basis) {
            (0, Basis::DueDate) => None,
            (0, Basis::InvoiceDate) => Some(0),
            _ => Some(self.edges[bucket - 1].saturating_add(1)),
        };
        Some((from, self.edges.get(bucket).copied()))
    }

    /// Whether a bucket holds past-due items. By invoice date none is known to be late.
    pub fn is_past_due(&self, bucket: usize) -> bool {
        self.basis == Basis::DueDate
            && matches!(self.range(bucket), Some((Some(from), _)) if from >= 1)
    }

    /// The heading of a bucket: `Current`, `1–30`, `120+` (the last edge, as is usual in print).
    pub fn label(&self, bucket: usize) -> String {
        match self.range(bucket) {
            None => String::new(),
            Some((None, Some(0))) => "Current".to_owned(),
            Some((None, to)) => format!("≤ {}", to.unwrap_or(0)),
            Some((Some(from), None)) => format!("{}+", from - 1),
            Some((Some(from), Some(to))) if from == to => from.to_string(),
            Some((Some(from), Some(to))) if from < 0 => format!("{from} to {to}"),
            Some((Some(from), Some(to))) => format!("{from}–{to}"),
        }
    }

    /// All headings, in order.
    pub fn labels(&self) -> Vec<String> {
        (0..self.count()).map(|i| self.label(i)).collect()
    }
}

/// The stored shape; what is read back is validated like what is typed in.
#[derive(Encode, Decode)]
#[cbor(map)]
struct Stored {
    #[n(0)]
    basis: Basis,
    #[n(1)]
    edges: Vec<i32>,
}

impl<C> Encode<C> for Buckets {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut minicbor::Encoder<W>,
        ctx: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        Stored {
            basis: self.basis,
            edges: self.edges.clone(),
        }
        .encode(e, ctx)
    }
}

impl<'b, C> Decode<'b, C> for Buckets {
    fn decode(d: &mut minicbor::Decoder<'b>, ctx: &mut C) -> Result<Self, minicbor::decode::Error> {
        let at = d.position();
        let stored = Stored::decode(d, ctx)?;
        Buckets::new(stored.basis, stored.edges)
            .map_err(|_| minicbor::decode::Error::message("invalid aging buckets").at(at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use duebook_money::Day;
    use proptest::prelude::*;

    #[test]
    fn ag_01_due_today_is_current() {
        let b = Buckets::default();
        let due = Day::from_ymd(2026, 1, 31).expect("a day");
        for ((y, m, d), label) in [
            ((2026, 1, 31), "Current"),
            ((2026, 2, 1), "1–30"),
            ((2026, 3, 2), "1–30"),
            ((2026, 3, 3), "31–60"),
        ] {
            let as_of = Day::from_ymd(y, m, d).expect("a day");
            assert_eq!(b.label(b.index(as_of.since(due))), label, "{as_of}");
        }
        for (days, bucket) in [
            (i32::MIN, 0),
            (60, 2),
            (61, 3),
            (90, 3),
            (91, 4),
            (120, 4),
            (121, 5),
            (i32::MAX, 5),
        ] {
            assert_eq!(b.index(days), bucket, "{days}");
        }
    }

    #[test]
    fn ag_02_ag_03_labels_and_bases() {
        assert_eq!(
            Buckets::default().labels(),
            ["Current", "1–30", "31–60", "61–90", "91–120", "120+"]
        );
        assert_eq!(
            Buckets::by_invoice_date().labels(),
            ["0–30", "31–60", "61–90", "91–120", "120+"]
        );
        let b = Buckets::new(Basis::DueDate, vec![-30, 0, 1, 15]).expect("valid");
        assert_eq!(b.labels(), ["≤ -30", "-29 to 0", "1", "2–15", "15+"]);
        assert_eq!(
            (0..5).map(|i| b.is_past_due(i)).collect::<Vec<_>>(),
            [false, false, true, true, true]
        );
        assert!(!Buckets::by_invoice_date().is_past_due(3));
        assert_eq!(b.range(9), None);
    }

    #[test]
    fn ag_03_refusals() {
        let due = |edges: &[i32]| Buckets::new(Basis::DueDate, edges.to_vec());
        assert_eq!(due(&[]), Err(BucketError::NoEdges));
        assert_eq!(due(&[0; 25]), Err(BucketError::TooMany { edges: 25 }));
        assert_eq!(
            due(&[0, 30, 30]),
            Err(BucketError::NotRising {
                at: 2,
                previous: 30,
                edge: 30
            })
        );
        assert_eq!(
            due(&[30, 60]),
            Err(BucketError::SpansDueDay {
                from: None,
                to: Some(30)
            })
        );
        assert_eq!(
            due(&[-5, 30]),
            Err(BucketError::SpansDueDay {
                from: Some(-4),
                to: Some(30)
            })
        );
        assert_eq!(
            due(&[-5]),
            Err(BucketError::SpansDueDay {
                from: Some(-4),
                to: None
            })
        );
        assert_eq!(
            Buckets::new(Basis::InvoiceDate, vec![-1, 30]),
            Err(BucketError::NegativeAge { edge: -1 })
        );
    }

    #[test]
    fn stored_and_read_back_validated() {
        let b = Buckets::new(Basis::InvoiceDate, vec![15, 45]).expect("valid");
        let bytes = minicbor::to_vec(&b).expect("encodes");
        assert_eq!(minicbor::decode::<Buckets>(&bytes).expect("decodes"), b);
        let bad = minicbor::to_vec(Stored {
            basis: Basis::DueDate,
            edges: vec![9, 3],
        })
        .expect("encodes");
        assert!(minicbor::decode::<Buckets>(&bad).is_err());
    }

    proptest! {
        #[test]
        fn ag_03_every_day_is_in_exactly_one_bucket(
            days: i32, mut edges in prop::collection::btree_set(-200i32..400, 1..20)
        ) {
            edges.insert(0);
            let b = Buckets::new(Basis::DueDate, edges.into_iter().collect()).expect("valid");
            let holding: Vec<usize> = (0..b.count())
                .filter(|i| {
                    let (from, to) = b.range(*i).expect("exists");
                    from.is_none_or(|f| days >= f) && to.is_none_or(|t| days <= t)
                })
                .collect();
            prop_assert_eq!(holding, [b.index(days)]);
        }
    }
}
