//! The late-payment estimate of §8.2: a customer's prior late ratio, shrunk to the portfolio's, in a
//! logistic curve fitted on the book's own history. One line anybody can follow; split by time,
//! with its calibration and sample size beside it.
//!
//! How customers differ changes slowly, how late a portfolio is as a whole does not: the slope is
//! fitted on all that is settled, the level on the newest third of it. The level moves every chance
//! the same way, so who ranks before whom stays; only what is said comes nearer to what happens.
#![allow(
    clippy::float_arithmetic,
    reason = "a statistic: logarithms and a fit; its results are stored and shown as integers per mille"
)]

use super::history::Settled;
use duebook_ledger::CustomerId;
use duebook_money::Day;
use std::collections::BTreeMap;

/// Below so many settled invoices there is no estimate of one's own: rules instead (§8.2).
pub const LEAST: usize = 30;
/// Pseudo-invoices by which a ratio is drawn to the portfolio's.
const PRIOR: f64 = 4.0;
/// Steps of the fit at most; it converges in about ten.
const STEPS: usize = 30;
/// A step that shows in no figure: the fit has converged.
const STILL: f64 = 1e-7;
/// The level is that of the newest one in so many.
const NEWEST: usize = 3;

/// The curve: `P(late) = σ(a + b·logit r̂ + c·disputed)`.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Curve {
    a: f64,
    b: f64,
    c: f64,
}

/// The starting curve of domain.md §8.2, fitted on one public sample; replaced by the book's own.
const START: Curve = Curve {
    a: -0.378,
    b: 1.641,
    c: 2.228,
};

/// How the estimate did on invoices issued after those it was fitted on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Quality {
    /// Invoices it was fitted on at first.
    pub fitted: usize,
    /// Invoices it was tried on, all issued later.
    pub tried: usize,
    /// The first day of those.
    pub from: Option<Day>,
    /// Chance that a late invoice was ranked before one in time, per mille (AUC).
    pub auc_per_mille: u16,
    /// Mean squared error of the chance, per mille (Brier).
    pub brier_per_mille: u16,
    /// Said against happened, in bins of the chance.
    pub bins: Vec<Bin>,
}

/// Invoices with a chance within a range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Bin {
    /// The range begins here, per mille.
    pub from: u16,
    /// Invoices in it.
    pub count: usize,
    /// Chance said, on average, per mille.
    pub said: u16,
    /// Share that was late, per mille.
    pub late: u16,
}

/// Where the curve is from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fit {
    /// Fitted on this book, tried by time.
    Own(Quality),
    /// Too few settled invoices: the customer's own ratio is not used; rules only.
    TooFew(usize),
}

/// The estimate.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    curve: Curve,
    base: f64,
    /// Per customer: late, settled.
    ratios: BTreeMap<CustomerId, (u32, u32)>,
    /// Where it is from.
    pub fit: Fit,
}

/// An invoice as the estimate saw it when it was issued.
#[derive(Debug, Clone, Copy)]
struct Seen {
    x: f64,
    disputed: f64,
    late: bool,
    issued: Day,
    settled: Day,
}

impl Model {
    /// Fits it on what was settled before `today`.
    pub fn new(settled: &[Settled]) -> Self {
        let mut ratios: BTreeMap<CustomerId, (u32, u32)> = BTreeMap::new();
        for row in settled {
            let (k, n) = ratios.entry(row.customer).or_default();
            (*k, *n) = (*k + u32::from(row.is_late()), *n + 1);
        }
        let base = base_of(settled);
        if settled.len() < LEAST {
            return Model {
                curve: START,
                base,
                ratios,
                fit: Fit::TooFew(settled.len()),
            };
        }
        let mut issued: Vec<Day> = settled.iter().map(|r| r.issued).collect();
        duebook_money::order::sort(&mut issued);
        let split = issued[issued.len() * 2 / 3];
        let quality = Model::tried(settled, split);
        let known = seen(settled);
        Model {
            curve: levelled(fitted(&known, START), &known),
            base,
            ratios,
            fit: Fit::Own(quality),
        }
    }

    /// Tries it on invoices issued from a day on as it is used (§8.2): on the first of each month it
    /// is fitted on what was settled before, and tried on what is issued in that month. What an
    /// invoice is judged by is only what was settled before it was issued.
    pub fn tried(settled: &[Settled], split: Day) -> Quality {
        let known = seen(settled);
        let mut test: Vec<&Seen> = known.iter().filter(|s| s.issued >= split).collect();
        duebook_money::order::sort_by_key(&mut test, |s| s.issued);
        let before = |day: Day| &known[..known.partition_point(|s| s.settled < day)];
        let mut chances: Vec<(f64, bool)> = Vec::with_capacity(test.len());
        let (mut at, mut curve) = (0, START);
        while let Some(first) = test.get(at) {
            let begins = first.issued.month_start().max(split);
            let ends = first.issued.month_end();
            let history = before(begins);
            curve = fitted(history, curve);
            let level = levelled(curve, history);
            let month = test[at..].partition_point(|s| s.issued <= ends);
            chances.extend(
                test[at..at + month]
                    .iter()
                    .map(|s| (level.chance(s), s.late)),
            );
            at += month;
        }
        let squares: f64 = chances
            .iter()
            .map(|(p, late)| (p - f64::from(u8::from(*late))).powi(2))
            .sum();
        Quality {
            fitted: before(split).len(),
            tried: test.len(),
            from: Some(split),
            auc_per_mille: auc(&mut chances),
            brier_per_mille: per_mille(squares / test.len().max(1) as f64),
            bins: bins(&chances),
        }
    }

    /// The chance that a customer's next invoice is paid late, per mille; `None` where the book has
    /// too little history for an estimate.
    pub fn late_per_mille(&self, customer: CustomerId, disputed: bool) -> Option<u16> {
        if matches!(self.fit, Fit::TooFew(_)) {
            return None;
        }
        let (k, n) = self.ratios.get(&customer).copied().unwrap_or_default();
        let x = logit(shrunk(k, n, self.base));
        Some(per_mille(self.curve.at(x, f64::from(u8::from(disputed)))))
    }
    /// Late and settled invoices of a customer.
    pub fn ratio(&self, customer: CustomerId) -> (u32, u32) {
        self.ratios.get(&customer).copied().unwrap_or_default()
    }
    /// The portfolio's late rate, per mille.
    pub fn base_per_mille(&self) -> u16 {
        per_mille(self.base)
    }
}

/// `r̂ = (k + 4b) / (n + 4)`, and the starting curve's chance, per mille: the test points of §8.2.
pub fn shrunk_per_mille(k: u32, n: u32, base_per_mille: u16, disputed: Option<bool>) -> (u16, u16) {
    let r = shrunk(k, n, f64::from(base_per_mille) / 1000.0);
    let curve = match disputed {
        None => Curve {
            a: 0.108,
            b: 1.489,
            c: 0.0,
        },
        Some(_) => START,
    };
    let disputed = f64::from(u8::from(disputed == Some(true)));
    (per_mille(r), per_mille(curve.at(logit(r), disputed)))
}

fn shrunk(k: u32, n: u32, base: f64) -> f64 {
    (f64::from(k) + PRIOR * base) / (f64::from(n) + PRIOR)
}

fn base_of(settled: &[Settled]) -> f64 {
    let late = settled.iter().filter(|r| r.is_late()).count();
    // Never 0 or 1: a book in which nobody was late yet proves nothing about the next one.
    (late as f64 + 0.5) / (settled.len() as f64 + 1.0)
}

fn logit(p: f64) -> f64 {
    let p = p.clamp(1e-4, 1.0 - 1e-4);
    (p / (1.0 - p)).ln()
}

fn per_mille(p: f64) -> u16 {
    (p.clamp(0.0, 1.0) * 1000.0).round() as u16
}

impl Curve {
    fn chance(&self, s: &Seen) -> f64 {
        self.at(s.x, s.disputed)
    }
    fn at(&self, x: f64, disputed: f64) -> f64 {
        1.0 / (1.0 + (-(self.a + self.b * x + self.c * disputed)).exp())
    }
}

/// Invoices as they looked when issued, by the day on which they were settled.
fn seen(settled: &[Settled]) -> Vec<Seen> {
    let mut by_issue: Vec<&Settled> = settled.iter().collect();
    duebook_money::order::sort_by_key(&mut by_issue, |r| (r.issued, r.customer, r.due, r.amount));
    let mut by_settled: Vec<&Settled> = settled.iter().collect();
    duebook_money::order::sort_by_key(&mut by_settled, |r| (r.settled, r.customer, r.issued));
    let (mut known, mut late, mut all) = (BTreeMap::<CustomerId, (u32, u32)>::new(), 0u32, 0u32);
    let (mut at, mut out) = (0, Vec::new());
    for row in by_issue {
        while let Some(done) = by_settled.get(at).filter(|d| d.settled < row.issued) {
            let (k, n) = known.entry(done.customer).or_default();
            (*k, *n) = (*k + u32::from(done.is_late()), *n + 1);
            (late, all) = (late + u32::from(done.is_late()), all + 1);
            at += 1;
        }
        // Before anything is settled there is nothing to judge by.
        if all > 0 {
            let base = (f64::from(late) + 0.5) / (f64::from(all) + 1.0);
            let (k, n) = known.get(&row.customer).copied().unwrap_or_default();
            out.push(Seen {
                x: logit(shrunk(k, n, base)),
                disputed: f64::from(u8::from(row.disputed)),
                late: row.is_late(),
                issued: row.issued,
                settled: row.settled,
            });
        }
    }
    duebook_money::order::sort_by_key(&mut out, |s| s.settled);
    out
}

/// Newton's method on the penalised likelihood: three parameters, no chance in it: the same from
/// wherever it begins and on every machine but for the last digits, which per mille do not show.
fn fitted(rows: &[Seen], begin: Curve) -> Curve {
    let mut c = begin;
    if rows.len() < LEAST {
        return START;
    }
    let disputes = rows.iter().any(|r| r.disputed > 0.0);
    for _ in 0..STEPS {
        let mut g = [0.0f64; 3];
        let mut h = [[0.0f64; 3]; 3];
        for r in rows {
            let p = c.chance(r);
            let (w, e) = (p * (1.0 - p), f64::from(u8::from(r.late)) - p);
            let x = [1.0, r.x, r.disputed];
            for i in 0..3 {
                g[i] += e * x[i];
                for j in 0..3 {
                    h[i][j] += w * x[i] * x[j];
                }
            }
        }
        // A light pull to the starting curve keeps a small or one-sided history finite.
        let pull = [c.a - START.a, c.b - START.b, c.c - START.c];
        for i in 0..3 {
            g[i] -= pull[i];
            h[i][i] += 1.0;
        }
        let step = solve(h, g);
        c = Curve {
            a: c.a + step[0].clamp(-2.0, 2.0),
            b: (c.b + step[1].clamp(-2.0, 2.0)).max(0.0),
            c: if disputes {
                c.c + step[2].clamp(-2.0, 2.0)
            } else {
                START.c
            },
        };
        if step.iter().all(|s| s.abs() < STILL) {
            break;
        }
    }
    c
}

/// The curve at the level of the newest of what was settled: as many late as it says there. A light
/// pull to the curve as it is keeps a few invoices from moving it far.
fn levelled(curve: Curve, rows: &[Seen]) -> Curve {
    let newest = &rows[rows.len() - rows.len() / NEWEST..];
    let mut shift = 0.0f64;
    for _ in 0..STEPS {
        let (mut gradient, mut weight) = (-shift, 1.0f64);
        for r in newest {
            let p = Curve {
                a: curve.a + shift,
                ..curve
            }
            .chance(r);
            gradient += f64::from(u8::from(r.late)) - p;
            weight += p * (1.0 - p);
        }
        let step = (gradient / weight).clamp(-2.0, 2.0);
        shift += step;
        if step.abs() < STILL {
            break;
        }
    }
    Curve {
        a: curve.a + shift,
        ..curve
    }
}

/// Solves three equations by elimination; the matrix is positive definite.
fn solve(mut m: [[f64; 3]; 3], mut v: [f64; 3]) -> [f64; 3] {
    for i in 0..3 {
        for r in i + 1..3 {
            let f = m[r][i] / m[i][i];
            let above = m[i];
            for (to, from) in m[r].iter_mut().zip(above).skip(i) {
                *to -= f * from;
            }
            v[r] -= f * v[i];
        }
    }
    let mut x = [0.0; 3];
    for i in (0..3).rev() {
        let known: f64 = (i + 1..3).map(|j| m[i][j] * x[j]).sum();
        x[i] = (v[i] - known) / m[i][i];
    }
    x
}

/// Area under the curve by ranks; ties count half.
fn auc(chances: &mut [(f64, bool)]) -> u16 {
    duebook_money::order::sort_by(chances, |a, b| a.0.total_cmp(&b.0));
    let (late, all) = (chances.iter().filter(|(_, l)| *l).count(), chances.len());
    let in_time = all - late;
    if late == 0 || in_time == 0 {
        return 500;
    }
    let (mut wins, mut below, mut at) = (0.0f64, 0usize, 0usize);
    while at < all {
        let end = at + chances[at..].partition_point(|(p, _)| p.total_cmp(&chances[at].0).is_le());
        let here = chances[at..end].iter().filter(|(_, l)| *l).count();
        let others = end - at - here;
        wins += here as f64 * (below as f64 + others as f64 / 2.0);
        below += others;
        at = end;
    }
    per_mille(wins / (late as f64 * in_time as f64))
}

fn bins(chances: &[(f64, bool)]) -> Vec<Bin> {
    let edges = [0u16, 100, 250, 500, 750];
    let of = |n: usize| {
        let to = edges.get(n + 1).copied().unwrap_or(1001);
        let within = |p: f64| (edges[n]..to).contains(&per_mille(p));
        let of: Vec<&(f64, bool)> = chances.iter().filter(|(p, _)| within(*p)).collect();
        let count = of.len().max(1) as f64;
        Bin {
            from: edges[n],
            count: of.len(),
            said: per_mille(of.iter().map(|(p, _)| p).sum::<f64>() / count),
            late: per_mille(of.iter().filter(|(_, l)| *l).count() as f64 / count),
        }
    };
    (0..edges.len()).map(of).collect()
}
