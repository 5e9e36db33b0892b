//! Telling the decimal mark of a column from all of its cells.

use crate::amount::Style;

/// What a column says about its decimal mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inference {
    /// Every cell can be read this way and at least one only this way, or no cell has any mark (then
    /// the point is as good as the comma).
    Certain(Style),
    /// Some cells have a single mark before three digits, such as `1.234`, and no other cell says
    /// what it means: ask.
    Ambiguous {
        /// Position of the first such cell.
        example: usize,
    },
    /// Some cells can only have a decimal point and others only a decimal comma: ask.
    Mixed {
        /// Position of the first cell with a decimal point.
        point: usize,
        /// Position of the first cell with a decimal comma.
        comma: usize,
    },
}

/// Counts what cells say, one after the other; for streams.
#[derive(Clone, Debug, Default)]
pub struct StyleVotes {
    cells: usize,
    point: Option<usize>,
    comma: Option<usize>,
    undecided: Option<usize>,
}

/// What one cell says.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Vote {
    Nothing,
    Undecided,
    Point,
    Comma,
}

impl StyleVotes {
    /// No cells yet.
    pub fn new() -> StyleVotes {
        StyleVotes::default()
    }

    /// One more cell, whatever is in it.
    pub fn push(&mut self, cell: &[u8]) {
        let at = self.cells;
        self.cells += 1;
        let first = match vote(cell) {
            Vote::Nothing => return,
            Vote::Undecided => &mut self.undecided,
            Vote::Point => &mut self.point,
            Vote::Comma => &mut self.comma,
        };
        if first.is_none() {
            *first = Some(at);
        }
    }

    /// What all cells say together.
    pub fn finish(&self) -> Inference {
        match (self.point, self.comma, self.undecided) {
            (Some(point), Some(comma), _) => Inference::Mixed { point, comma },
            (Some(_), None, _) => Inference::Certain(Style::POINT),
            (None, Some(_), _) => Inference::Certain(Style::COMMA),
            (None, None, Some(example)) => Inference::Ambiguous { example },
            (None, None, None) => Inference::Certain(Style::POINT),
        }
    }
}

/// The decimal mark of a column, from all of its cells. Cells that are no amounts say nothing.
pub fn infer_style<'a>(cells: impl IntoIterator<Item = &'a str>) -> Inference {
    let mut votes = StyleVotes::new();
    cells
        .into_iter()
        .for_each(|cell| votes.push(cell.as_bytes()));
    votes.finish()
}

fn vote(cell: &[u8]) -> Vote {
    let is_digit = |b: &u8| b.is_ascii_digit();
    let Some(first) = cell.iter().position(is_digit) else {
        return Vote::Nothing;
    };
    let last = cell.iter().rposition(is_digit).unwrap_or(first);
    // `.50` begins with its mark.
    let leading = first
        .checked_sub(1)
        .map(|i| cell[i])
        .filter(|b| matches!(b, b'.' | b','));
    let before_leading = first.checked_sub(2).map(|i| cell[i]);
    let leading = leading.filter(|_| !before_leading.is_some_and(|b| b.is_ascii_alphabetic()));
    let mut seen = Marks::default();
    let mut gaps = false;
    for (i, byte) in cell[first..=last].iter().enumerate() {
        match byte {
            b'0'..=b'9' => {}
            b'.' => seen.point.add(i),
            b',' => seen.comma.add(i),
            b' ' | b'\'' | 0x80.. => gaps = true,
            // A date, a word, an exponent: no amount to learn from.
            _ => return Vote::Nothing,
        }
    }
    let length = last - first + 1;
    match (leading, seen.point.count, seen.comma.count) {
        (Some(b'.'), 0, _) => Vote::Point,
        (Some(_), _, 0) => Vote::Comma,
        (Some(_), ..) | (None, 0, 0) => Vote::Nothing,
        (None, 0, _) => {
            seen.comma
                .alone(&cell[first..=last], length, gaps, Vote::Comma, Vote::Point)
        }
        (None, _, 0) => {
            seen.point
                .alone(&cell[first..=last], length, gaps, Vote::Point, Vote::Comma)
        }
        // Both: the last one is the decimal mark, and there is one of it.
        (None, 1, _) if seen.point.last > seen.comma.last => Vote::Point,
        (None, _, 1) if seen.comma.last > seen.point.last => Vote::Comma,
        (None, ..) => Vote::Nothing,
    }
}

#[derive(Default)]
struct Marks {
    point: Places,
    comma: Places,
}

#[derive(Default)]
struct Places {
    count: usize,
    first: usize,
    last: usize,
}

impl Places {
    fn add(&mut self, at: usize) {
        if self.count == 0 {
            self.first = at;
        }
        self.count += 1;
        self.last = at;
    }

    /// What a kind of mark says when the other kind is not there: `decimal` if it is one, `group` if
    /// it groups.
    fn alone(&self, digits: &[u8], length: usize, gaps: bool, decimal: Vote, group: Vote) -> Vote {
        let after = length - self.last - 1;
        match self.count {
            // Two of them group; but `03.04.2020` and `1.2.3` are no amounts.
            2.. => {
                let inner = digits[self.first + 1..].split(|b| matches!(b, b'.' | b','));
                let fits = inner.clone().all(|g| (2..=3).contains(&g.len())) && after == 3;
                if fits { group } else { Vote::Nothing }
            }
            // Another mark groups already; or there are not three digits after it; or what is before
            // it is no group: zero, or more than three digits.
            _ if gaps || after != 3 || self.first > 3 || digits[0] == b'0' => decimal,
            _ => Vote::Undecided,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_column_decides() {
        let certain = |cells: &[&str], style| {
            assert_eq!(
                infer_style(cells.iter().copied()),
                Inference::Certain(style),
                "{cells:?}"
            );
        };
        certain(&["1.234", "5.678,90"], Style::COMMA);
        certain(&["1.234", "12.5"], Style::POINT);
        certain(&["1,234", "12,345,678"], Style::POINT);
        certain(&["1.234", "1.234.567"], Style::COMMA);
        certain(&["1,27,500.00"], Style::POINT);
        certain(&["1,27,500"], Style::POINT);
        certain(&["-1.000,00 €", "(950,00)"], Style::COMMA);
        certain(&["1 234,567"], Style::COMMA);
        certain(&["1'234.567"], Style::POINT);
        certain(&["1\u{a0}234,5"], Style::COMMA);
        certain(&["0.500"], Style::POINT);
        certain(&[",50"], Style::COMMA);
        certain(&["1234.567"], Style::POINT);
        certain(&["12", "-5", "", "-", "n/a"], Style::POINT);
        certain(&["Rs.500", "7"], Style::POINT);
    }

    #[test]
    fn one_mark_before_three_digits_is_asked() {
        assert_eq!(
            infer_style(["5", "1.234", "x"]),
            Inference::Ambiguous { example: 1 }
        );
        assert_eq!(
            infer_style(["1,234", "999,000"]),
            Inference::Ambiguous { example: 0 }
        );
        assert_eq!(infer_style(["1.234"]), Inference::Ambiguous { example: 0 });
        assert_eq!(
            infer_style(["1,50", "3", "2.50"]),
            Inference::Mixed { point: 2, comma: 0 }
        );
    }

    #[test]
    fn dates_and_words_say_nothing() {
        assert_eq!(
            infer_style(["03.04.2020", "2020-01-01", "AB12.34X9"]),
            Inference::Certain(Style::POINT)
        );
        assert_eq!(
            infer_style(["1.234", "03.04.2020"]),
            Inference::Ambiguous { example: 0 }
        );
    }
}
