//! Lines of statements and the receipts they are.

use super::Violation;
use crate::book::Book;
use crate::ids::*;
use crate::statements::LineUse;
use std::collections::{BTreeMap, BTreeSet};

impl Book {
    /// CA-01 for lines: their parts never exceed them, and a receipt is never more than its lines
    /// say it is.
    pub(super) fn check_lines(&self, out: &mut Vec<Violation>) {
        let table = &self.statements;
        let mut seen = BTreeSet::new();
        for (n, line) in table.lines.iter().enumerate() {
            let id = LineId(n as u32);
            if self.is_live(line.commit) && self.line_key(id).is_none_or(|key| !seen.insert(key)) {
                out.push(Violation::Line(id));
            }
        }
        for statement in table.statements.iter().filter(|s| self.is_live(s.commit)) {
            let dead = |id: &&LineId| self.line(**id).is_none_or(|l| !self.is_live(l.commit));
            out.extend(
                statement
                    .lines
                    .iter()
                    .find(dead)
                    .map(|id| Violation::Line(*id)),
            );
        }
        let mut said: BTreeMap<LineId, i128> = BTreeMap::new();
        let mut receipts: BTreeMap<ItemId, i128> = BTreeMap::new();
        for part in self.all_line_parts() {
            *said.entry(part.line).or_default() += i128::from(part.amount);
            match &part.by {
                LineUse::Receipt(id) => {
                    *receipts.entry(*id).or_default() += i128::from(part.amount);
                    let line = self.statement_of(part.line).map(|s| s.facts.currency);
                    if self.item(*id).map(|i| i.currency()) != line {
                        out.push(Violation::LineReceipt(*id));
                    }
                }
                LineUse::Returned(id) if !self.is_item_live(*id) => {
                    out.push(Violation::LineReceipt(*id));
                }
                LineUse::Returned(_) | LineUse::NotCustomerMoney(_) => {}
            }
        }
        for (line, sum) in said {
            let known = self.line(line).filter(|l| self.is_live(l.commit));
            let amount = known.map_or(0, |l| i128::from(l.fact.amount));
            if known.is_none() || sum.signum() != amount.signum() || sum.abs() > amount.abs() {
                let said = sum.clamp(i128::from(i64::MIN), i128::from(i64::MAX)) as i64;
                out.push(Violation::LineParts { line, said });
            }
        }
        for (id, sum) in receipts {
            let receipt = self.item(id).filter(|_| self.is_item_live(id));
            let amount = receipt.map(|r| -i128::from(self.amount_of(&r)));
            if amount.is_none_or(|amount| sum > amount) {
                out.push(Violation::LineReceipt(id));
            }
        }
    }
}
