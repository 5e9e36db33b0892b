//! Documents line by line: net and tax, their sums, and exact splits in both directions (SP-02).

use duebook_money::split::{SplitError, by_weights};
use minicbor::{Decode, Encode};
use std::collections::BTreeMap;

/// One line of a document.
#[derive(Debug, Clone, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct DocLine {
    /// What it is for.
    #[n(0)]
    pub text: String,
    /// Minor units before tax.
    #[n(1)]
    pub net: i64,
    /// Code or rate of its tax, as the document writes it; empty for none.
    #[n(2)]
    pub tax_code: String,
    /// Its tax, minor units.
    #[n(3)]
    pub tax: i64,
    /// Purchase order.
    #[n(4)]
    pub po: String,
    /// Cost centre, asset or period.
    #[n(5)]
    pub tag: String,
}

impl DocLine {
    /// Net and tax.
    pub fn gross(&self) -> i128 {
        i128::from(self.net) + i128::from(self.tax)
    }
}

/// What a document is for, minor units; `None` where it does not fit a ledger.
pub fn total(lines: &[DocLine]) -> Option<i64> {
    i64::try_from(lines.iter().map(DocLine::gross).sum::<i128>()).ok()
}

/// Net of a document, and its tax by code.
pub fn measures(lines: &[DocLine]) -> (i128, BTreeMap<&str, i128>) {
    let mut taxes: BTreeMap<&str, i128> = BTreeMap::new();
    for line in lines.iter().filter(|l| l.tax != 0) {
        *taxes.entry(line.tax_code.as_str()).or_default() += i128::from(line.tax);
    }
    (lines.iter().map(|l| i128::from(l.net)).sum(), taxes)
}

/// Most cells of a split: lines times parts.
const MOST_CELLS: usize = 20_000;

/// A document over parts of the given weights: every measure of every line sums exactly over the
/// parts, and the parts' totals are the exact split of the document's (SP-01, SP-02). Ties go to
/// the earliest line and part, so that the same question always has the same answer.
///
/// # Errors
/// No parts, weights of nothing, a document of nothing, or more cells than anybody reads.
pub fn over_parts(lines: &[DocLine], weights: &[u64]) -> Result<Vec<Vec<DocLine>>, SplitError> {
    let whole = total(lines).filter(|t| *t != 0);
    let whole = whole.ok_or(SplitError::NothingToSplitOver)?;
    let columns = by_weights(whole, weights)?;
    over_totals(lines, &columns)
}

/// The same for parts of given totals, which sum to the document.
///
/// # Errors
/// As [`over_parts`]; totals that do not sum.
pub fn over_totals(lines: &[DocLine], totals: &[i64]) -> Result<Vec<Vec<DocLine>>, SplitError> {
    let whole = total(lines).filter(|t| *t != 0);
    let whole = whole.ok_or(SplitError::NothingToSplitOver)?;
    let sum: i128 = totals.iter().map(|t| i128::from(*t)).sum();
    let small = (lines.len() * 2).saturating_mul(totals.len()) <= MOST_CELLS;
    if totals.is_empty() || sum != i128::from(whole) || !small {
        return Err(SplitError::NothingToSplitOver);
    }
    // Rows: net and tax of each line.
    let rows: Vec<i64> = lines.iter().flat_map(|l| [l.net, l.tax]).collect();
    let cells = round_both_ways(&rows, totals, whole);
    let part = |column: usize| {
        let line = |(n, l): (usize, &DocLine)| DocLine {
            net: cells[n * 2][column],
            tax: cells[n * 2 + 1][column],
            ..l.clone()
        };
        let lines = lines.iter().enumerate().map(line);
        lines.filter(|l| l.net != 0 || l.tax != 0).collect()
    };
    Ok((0..totals.len()).map(part).collect())
}

/// `rows[i] * columns[j] / whole`, each rounded to one of its two neighbours so that every row and
/// every column keeps its sum. Such a rounding always exists; it is found by giving the largest
/// remainders first and then along alternating paths.
fn round_both_ways(rows: &[i64], columns: &[i64], whole: i64) -> Vec<Vec<i64>> {
    let whole = i128::from(whole);
    let mut cells = vec![vec![0i64; columns.len()]; rows.len()];
    // What each row and column lacks after rounding down, in units.
    let mut row_need: Vec<i128> = rows.iter().map(|r| i128::from(*r)).collect();
    let mut column_need: Vec<i128> = columns.iter().map(|c| i128::from(*c)).collect();
    let mut open: Vec<(i128, usize, usize)> = Vec::new();
    for (i, row) in rows.iter().enumerate() {
        for (j, column) in columns.iter().enumerate() {
            let product = i128::from(*row) * i128::from(*column);
            let (floor, rest) = (product.div_euclid(whole), product.rem_euclid(whole));
            let (floor, rest) = match whole < 0 && rest != 0 {
                // Towards minus infinity, whatever the sign of the whole.
                true => (floor - 1, rest - whole.abs()),
                false => (floor, rest),
            };
            // No larger than the row it is a part of.
            cells[i][j] = i64::try_from(floor).unwrap_or(0);
            row_need[i] -= floor;
            column_need[j] -= floor;
            if rest != 0 {
                open.push((rest.abs(), i, j));
            }
        }
    }
    duebook_money::order::sort_by(&mut open, |a, b| {
        b.0.cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2)))
    });
    let mut raised = vec![vec![false; columns.len()]; rows.len()];
    let mut may = vec![vec![false; columns.len()]; rows.len()];
    for (_, i, j) in &open {
        may[*i][*j] = true;
        if row_need[*i] > 0 && column_need[*j] > 0 {
            raised[*i][*j] = true;
            row_need[*i] -= 1;
            column_need[*j] -= 1;
        }
    }
    while let Some(from) = row_need.iter().position(|n| *n > 0) {
        let Some(path) = path(from, &column_need, &may, &raised) else {
            break;
        };
        for (i, j) in &path {
            raised[*i][*j] = !raised[*i][*j];
        }
        row_need[from] -= 1;
        if let Some((_, j)) = path.last() {
            column_need[*j] -= 1;
        }
    }
    for (i, row) in raised.iter().enumerate() {
        for (j, up) in row.iter().enumerate() {
            cells[i][j] += i64::from(*up);
        }
    }
    cells
}

/// Cells to turn so that a row gains one and a column that lacks one gains it: up, down, up ...
fn path(
    from: usize,
    column_need: &[i128],
    may: &[Vec<bool>],
    raised: &[Vec<bool>],
) -> Option<Vec<(usize, usize)>> {
    // By column: the row from which it was reached; by row: the column.
    let mut column_from: Vec<Option<usize>> = vec![None; column_need.len()];
    let mut row_from: Vec<Option<usize>> = vec![None; may.len()];
    let mut at = std::collections::VecDeque::from([from]);
    while let Some(i) = at.pop_front() {
        for j in 0..column_need.len() {
            if !may[i][j] || raised[i][j] || column_from[j].is_some() {
                continue;
            }
            column_from[j] = Some(i);
            if column_need[j] > 0 {
                return Some(walk(from, j, &column_from, &row_from));
            }
            for (k, row) in raised.iter().enumerate() {
                if row[j] && row_from[k].is_none() && k != from {
                    row_from[k] = Some(j);
                    at.push_back(k);
                }
            }
        }
    }
    None
}

fn walk(
    from: usize,
    last: usize,
    column_from: &[Option<usize>],
    row_from: &[Option<usize>],
) -> Vec<(usize, usize)> {
    let mut out = Vec::new();
    let mut column = last;
    while let Some(row) = column_from[column] {
        out.push((row, column));
        if row == from {
            break;
        }
        let Some(before) = row_from[row] else { break };
        out.push((row, before));
        column = before;
    }
    out.reverse();
    out
}

#[cfg(test)]
#[allow(clippy::inconsistent_digit_grouping, clippy::mistyped_literal_suffixes)] // 70_00 is 70.00
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn line(net: i64, tax: i64) -> DocLine {
        DocLine {
            net,
            tax,
            tax_code: "18".into(),
            ..DocLine::default()
        }
    }

    fn sums(parts: &[Vec<DocLine>]) -> (i128, i128, Vec<i64>) {
        let all = parts.iter().flatten();
        let net = all.clone().map(|l| i128::from(l.net)).sum();
        let tax = all.map(|l| i128::from(l.tax)).sum();
        (
            net,
            tax,
            parts.iter().map(|p| total(p).expect("fits")).collect(),
        )
    }

    #[test]
    fn sp_02_zuora_split() {
        // 130.00 (120.00 and 10.00 tax) into 50, 50 and 30.
        let parts = over_totals(&[line(120_00, 10_00)], &[50_00, 50_00, 30_00]).expect("splits");
        let (net, tax, totals) = sums(&parts);
        assert_eq!((net, tax), (120_00, 10_00));
        assert_eq!(totals, [50_00, 50_00, 30_00]);
        let cells: Vec<(i64, i64)> = parts.iter().map(|p| (p[0].net, p[0].tax)).collect();
        let mut tied = cells[..2].to_vec();
        tied.sort_unstable();
        assert_eq!(tied, [(46_15, 3_85), (46_16, 3_84)]);
        assert_eq!(cells[2], (27_69, 2_31));
        assert_eq!(
            over_totals(&[line(120_00, 10_00)], &[50_00, 50_00, 30_00]),
            Ok(parts)
        );
    }

    #[test]
    fn sp_04_by_percent() {
        let parts = over_parts(&[line(100_000_00, 0)], &[40, 30, 20, 10]).expect("splits");
        assert_eq!(sums(&parts).2, [40_000_00, 30_000_00, 20_000_00, 10_000_00]);
        assert!(
            over_parts(&[line(0, 0)], &[1]).is_err() && over_parts(&[line(1, 0)], &[]).is_err()
        );
        assert!(over_totals(&[line(10, 0)], &[4, 5]).is_err());
    }

    proptest! {
        #[test]
        fn sp_01_sp_02_exact_both_ways(
            lines in prop::collection::vec((-1_000_00i64..5_000_00, -100_00i64..900_00), 1..8),
            weights in prop::collection::vec(0u64..100, 1..7),
        ) {
            let lines: Vec<DocLine> = lines.into_iter().map(|(n, t)| line(n, t)).collect();
            let whole = total(&lines).expect("fits");
            match over_parts(&lines, &weights) {
                Err(_) => prop_assert!(whole == 0 || weights.iter().all(|w| *w == 0)),
                Ok(parts) => {
                    let wanted = by_weights(whole, &weights).expect("splits");
                    prop_assert_eq!(sums(&parts).2, wanted);
                    let net: i128 = lines.iter().map(|l| i128::from(l.net)).sum();
                    let tax: i128 = lines.iter().map(|l| i128::from(l.tax)).sum();
                    prop_assert_eq!((sums(&parts).0, sums(&parts).1), (net, tax));
                }
            }
        }
    }
}
