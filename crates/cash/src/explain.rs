//! From what was found for one receipt to its proposal: score, what speaks against posting, verdict.

use duebook_ledger::CustomerId;

use crate::claims::Claims;
use crate::index::{OpenIndex, Row};
use crate::policy::MatchPolicy;
use crate::proposal::*;
use crate::reading::{Payer, Reading};
use crate::receipt::Receipt;

/// What one receipt is matched against. Money that went back is looked at in a mirror: there its
/// amount is positive and credits are what is open.
pub(crate) struct Case<'a> {
    pub(crate) index: &'a OpenIndex,
    pub(crate) policy: &'a MatchPolicy,
    pub(crate) claims: &'a Claims,
    pub(crate) receipt: &'a Receipt,
    pub(crate) reading: &'a Reading,
    /// Place in the run.
    pub(crate) number: u32,
}

/// An item found, in the mirror.
#[derive(Debug, Clone)]
pub(crate) struct FoundLine {
    pub(crate) row: u32,
    /// Money of the receipt.
    pub(crate) cash: i64,
    /// Of the item.
    pub(crate) settles: i64,
    pub(crate) differences: Vec<Difference>,
}

/// An explanation of a receipt, in the mirror.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    pub(crate) rung: Rung,
    pub(crate) payer: Option<Payer>,
    /// How well what is named agrees, per mille.
    pub(crate) reference: u16,
    /// How well the amounts agree, per mille.
    pub(crate) amount: u16,
    pub(crate) lines: Vec<FoundLine>,
    pub(crate) evidence: Vec<Evidence>,
    pub(crate) holds: Vec<Hold>,
    pub(crate) alternatives: Vec<Alternative>,
}

impl Found {
    pub(crate) fn new(rung: Rung, payer: Option<Payer>) -> Found {
        Found {
            rung,
            payer,
            reference: 0,
            amount: 0,
            lines: Vec::new(),
            evidence: Vec::new(),
            holds: Vec::new(),
            alternatives: Vec::new(),
        }
    }
    /// Three weights, per mille.
    pub(crate) fn score(&self, policy: &MatchPolicy) -> u16 {
        let payer = self.payer.map_or(0, |p| p.by.score());
        let w = policy.weights;
        let sum = u32::from(payer) * u32::from(w.payer)
            + u32::from(self.reference) * u32::from(w.reference)
            + u32::from(self.amount) * u32::from(w.amount);
        (sum / 1000).min(1000) as u16
    }
    pub(crate) fn full(rows: &[(u32, i64)]) -> Vec<FoundLine> {
        let line = |(row, left): &(u32, i64)| FoundLine {
            row: *row,
            cash: *left,
            settles: *left,
            differences: Vec::new(),
        };
        rows.iter().map(line).collect()
    }
}

impl Case<'_> {
    pub(crate) fn sign(&self) -> i64 {
        if self.receipt.amount < 0 { -1 } else { 1 }
    }
    /// The receipt's amount in the mirror, positive.
    pub(crate) fn amount(&self) -> i64 {
        self.receipt.amount.saturating_abs()
    }
    /// What is left of a row, in the mirror.
    pub(crate) fn left(&self, row: u32) -> i64 {
        self.claims
            .left(self.index, row)
            .saturating_mul(self.sign())
    }
    pub(crate) fn row(&self, row: u32) -> &Row {
        self.index.row(row)
    }
    /// An alternative in the world's signs.
    pub(crate) fn alternative(&self, rung: Rung, score: u16, lines: &[(u32, i64)]) -> Alternative {
        let line = |(row, amount): &(u32, i64)| (self.row(*row).id, amount * self.sign());
        Alternative {
            rung,
            score,
            lines: lines.iter().map(line).collect(),
        }
    }
    /// The receipt without a line.
    pub(crate) fn nothing(&self, why: Unmatched, alternatives: Vec<Alternative>) -> Proposal {
        let payer = self.reading.payer();
        Proposal {
            receipt: self.number,
            amount: self.receipt.amount,
            payer,
            lines: Vec::new(),
            rest: self.rest(self.receipt.amount, payer),
            rung: Rung::None,
            score: 0,
            evidence: self.payer_evidence(self.reading.payers.first().copied()),
            alternatives,
            verdict: Verdict::Unmatched(why),
        }
    }
    fn rest(&self, left: i64, payer: Option<CustomerId>) -> Rest {
        let mut rest = Rest::default();
        let slot = match payer {
            None => &mut rest.unidentified,
            Some(_) if self.reading.scanned.cues.on_account.is_some() => &mut rest.on_account,
            Some(_) => &mut rest.unapplied,
        };
        *slot = left;
        rest
    }
    fn payer_evidence(&self, payer: Option<Payer>) -> Vec<Evidence> {
        let evidence = |p: Payer| Evidence::Payer {
            customer: CustomerId(p.customer),
            by: p.by,
            part: p.part,
        };
        payer.map(evidence).into_iter().collect()
    }
    /// The proposal of what was found.
    pub(crate) fn proposal(&self, mut found: Found) -> Proposal {
        if found.lines.is_empty() {
            return self.nothing(Unmatched::TooMany, found.alternatives);
        }
        let score = found.score(self.policy);
        let sign = self.sign();
        let lines: Vec<Line> = found.lines.iter().map(|l| self.line(l, sign)).collect();
        let applied: i64 = lines.iter().map(|l| l.amount).sum();
        let payer = self.reading.payer();
        let payer = payer.or_else(|| lines.first().map(|l| l.customer));
        let rest = self.rest(self.receipt.amount - applied, payer);
        let mut evidence = self.payer_evidence(found.payer);
        evidence.append(&mut found.evidence);
        let holds = self.holds(&found, rest, score);
        Proposal {
            receipt: self.number,
            amount: self.receipt.amount,
            payer,
            lines,
            rest,
            rung: found.rung,
            score,
            evidence,
            alternatives: found.alternatives,
            verdict: if holds.is_empty() {
                Verdict::Auto
            } else {
                Verdict::Review(holds)
            },
        }
    }
    fn line(&self, line: &FoundLine, sign: i64) -> Line {
        let row = self.row(line.row);
        let differences = line.differences.iter().map(|d| Difference {
            amount: d.amount * sign,
            ..*d
        });
        Line {
            item: row.id,
            customer: CustomerId(row.customer),
            amount: line.cash * sign,
            settles: line.settles * sign,
            open: self.left(line.row) * sign,
            differences: differences.collect(),
        }
    }
    /// Everything that speaks against posting by itself, sorted.
    fn holds(&self, found: &Found, rest: Rest, score: u16) -> Vec<Hold> {
        let mut holds = found.holds.clone();
        let by_sum = found.rung >= Rung::OneItem;
        if by_sum && found.payer.is_none_or(|p| !p.by.identifies()) {
            holds.push(Hold::NameOnly);
        }
        if self.receipt.amount < 0 {
            holds.push(Hold::MoneyOut);
        }
        if self.reading.scanned.cues.refund.is_some() {
            holds.push(Hold::SaysRefund);
        }
        for line in &found.lines {
            let row = self.row(line.row);
            for d in &line.differences {
                // Small differences only within what the rules let go (CA-07, CA-08).
                let small = matches!(d.kind, DifferenceKind::Rounding | DifferenceKind::Tolerance);
                let allowed =
                    self.policy
                        .tolerates(CustomerId(row.customer), d.amount, self.left(line.row));
                if !d.kind.is_routine() || (small && !allowed) {
                    holds.push(Hold::Difference(d.kind));
                }
            }
            if by_sum && row.disputed {
                holds.push(Hold::Disputed(row.id));
            }
        }
        if rest.total() != 0 {
            holds.push(Hold::Rest);
        }
        if score < self.policy.auto {
            holds.push(Hold::Score(score));
        }
        if let Some(next) = found.alternatives.first() {
            let lead = score.saturating_sub(next.score);
            if lead < self.policy.margin {
                holds.push(Hold::Margin(lead));
            }
        }
        holds.sort();
        holds.dedup();
        holds
    }
}
