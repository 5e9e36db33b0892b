//! Telling the order of day, month and year from all cells of a column.

use crate::Day;
use crate::date::{CENTURY_REFERENCE, DateError, DateOrder, Parts, parse_iso_bytes, two_two_four};

/// What a column says about the order of its dates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OrderInference {
    /// Every date can be read in this order, and reading them in another order is impossible or
    /// gives the same days.
    Certain(DateOrder),
    /// Several orders read every date, and give different days: ask.
    Ambiguous {
        /// The orders that remain.
        orders: Vec<DateOrder>,
        /// Position of the first cell that they read differently.
        example: usize,
    },
    /// No order reads all of the dates: ask.
    Mixed {
        /// For each order that reads some cells, the first cell that it does not read.
        examples: Vec<(DateOrder, usize)>,
    },
    /// There is no date in the column.
    NoDates,
}

/// Counts what cells say, one after the other; for streams.
#[derive(Clone, Debug, Default)]
pub struct OrderVotes {
    cells: usize,
    dates: usize,
    unreadable: usize,
    /// Per order of `DateOrder::INFERRED`: the first date it does not read, and whether it reads any.
    failed: [Option<usize>; 3],
    reads: [bool; 3],
    /// The first cell that two orders read differently, for each pair (0,1), (0,2), (1,2).
    differs: [Option<usize>; 3],
}

const PAIRS: [(usize, usize); 3] = [(0, 1), (0, 2), (1, 2)];

impl OrderVotes {
    /// No cells yet.
    pub fn new() -> OrderVotes {
        OrderVotes::default()
    }

    /// One more cell, whatever is in it.
    #[inline]
    pub fn push(&mut self, cell: &[u8]) {
        let at = self.cells;
        self.cells += 1;
        if parse_iso_bytes(cell).is_some() {
            // Every order reads it, and as the same day.
            self.dates += 1;
            self.reads = [true; 3];
            return;
        }
        self.push_other(cell, at);
    }

    fn push_other(&mut self, cell: &[u8], at: usize) {
        if let Some((a, b, year)) = two_two_four(cell) {
            let days = [None, Day::from_ymd(year, b, a), Day::from_ymd(year, a, b)];
            if days != [None; 3] {
                self.dates += 1;
                self.record(days, at);
                return;
            }
        }
        let parts = match Parts::read(cell) {
            Ok(parts) => parts,
            Err(DateError::Empty) => return,
            Err(_) => {
                self.unreadable += 1;
                return;
            }
        };
        let days = DateOrder::INFERRED.map(|order| parts.day(order, CENTURY_REFERENCE).ok());
        if days.iter().all(Option::is_none) {
            self.unreadable += 1;
            return;
        }
        self.dates += 1;
        self.record(days, at);
    }

    fn record(&mut self, days: [Option<Day>; 3], at: usize) {
        for (order, day) in days.iter().enumerate() {
            match day {
                Some(_) => self.reads[order] = true,
                None => {
                    self.failed[order].get_or_insert(at);
                }
            }
        }
        for (pair, (a, b)) in PAIRS.into_iter().enumerate() {
            if days[a].is_some() && days[b].is_some() && days[a] != days[b] {
                self.differs[pair].get_or_insert(at);
            }
        }
    }

    /// How many cells held a date that some order reads.
    pub fn dates(&self) -> usize {
        self.dates
    }

    /// How many cells held something that no order reads.
    pub fn unreadable(&self) -> usize {
        self.unreadable
    }

    /// What all cells say together.
    pub fn finish(&self) -> OrderInference {
        if self.dates == 0 {
            return OrderInference::NoDates;
        }
        let left: Vec<usize> = (0..3).filter(|i| self.failed[*i].is_none()).collect();
        let Some(first) = left.first() else {
            let examples = (0..3).filter(|i| self.reads[*i]);
            let examples = examples.filter_map(|i| Some((DateOrder::INFERRED[i], self.failed[i]?)));
            return OrderInference::Mixed {
                examples: examples.collect(),
            };
        };
        let example = PAIRS
            .iter()
            .zip(self.differs)
            .filter(|((a, b), _)| left.contains(a) && left.contains(b))
            .filter_map(|(_, at)| at)
            .min();
        match example {
            None => OrderInference::Certain(DateOrder::INFERRED[*first]),
            Some(example) => OrderInference::Ambiguous {
                orders: left.iter().map(|i| DateOrder::INFERRED[*i]).collect(),
                example,
            },
        }
    }
}

/// The order of a column's dates, from all of its cells. Cells that are no dates say nothing.
pub fn infer_order<'a>(cells: impl IntoIterator<Item = &'a str>) -> OrderInference {
    let mut votes = OrderVotes::new();
    cells
        .into_iter()
        .for_each(|cell| votes.push(cell.as_bytes()));
    votes.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use DateOrder::{Dmy, Mdy, Ymd};

    #[test]
    fn a_part_above_twelve_settles_it() {
        let certain = |cells: &[&str], order| {
            assert_eq!(
                infer_order(cells.iter().copied()),
                OrderInference::Certain(order),
                "{cells:?}"
            );
        };
        certain(&["03/04/2020", "13/04/2020"], Dmy);
        certain(&["4/6/2013", "1/26/2013"], Mdy);
        certain(&["2020-03-04", "2020-12-01"], Ymd);
        certain(&["2020-03-04", "13.02.2020"], Dmy);
        certain(&["20200330", "20200401.0"], Ymd);
        certain(&["30032020"], Dmy);
        certain(&["2-Mar-26", "13/04/2020"], Dmy);
        certain(&["02/02/2020", "", "n/a", "31.12.2020"], Dmy);
        certain(&["04/04/2020"], Dmy);
        certain(&["45/03/02"], Ymd);
        certain(&["2/Mar/2026"], Ymd); // one reading only, whatever the order
    }

    #[test]
    fn what_nothing_settles_is_asked() {
        assert_eq!(
            infer_order(["04/04/2020", "x", "03/04/2020"]),
            OrderInference::Ambiguous {
                orders: vec![Dmy, Mdy],
                example: 2
            }
        );
        assert_eq!(
            infer_order(["2/10'2020"]),
            OrderInference::Ambiguous {
                orders: vec![Dmy, Mdy],
                example: 0
            }
        );
        assert_eq!(
            infer_order(["03-04-05"]),
            OrderInference::Ambiguous {
                orders: vec![Ymd, Dmy, Mdy],
                example: 0
            }
        );
        assert_eq!(
            infer_order(["13/02/2020", "02/14/2020"]),
            OrderInference::Mixed {
                examples: vec![(Dmy, 1), (Mdy, 0)]
            }
        );
        assert_eq!(infer_order(["", "-", "abc"]), OrderInference::NoDates);
    }
}
