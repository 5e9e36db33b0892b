//! Statements come in; their lines become receipts or are explained.

use super::receipt::{Posting, With};
use super::{Decision, not_empty};
use crate::book::Book;
use crate::columns::ItemKind;
use crate::command::Context;
use crate::event::{BlockRef, Event};
use crate::ids::*;
use crate::import::{Incoming, cbor};
use crate::refusal::{Field, Refusal};
use crate::statements::{
    AcceptedMatch, Explanation, LineKey, LineUse, StatementFacts, StatementLine, identify,
};
use std::collections::{BTreeMap, BTreeSet};

/// What the rest of a line is whose larger part is a receipt that came back.
const RETURN_FEE: &str = "Bank charges of the return";

impl Book {
    /// A statement twice changes nothing; one that overlaps another brings what is new.
    pub(super) fn decide_statements(
        &self,
        facts: &[StatementFacts],
        incoming: &Incoming,
    ) -> Result<Decision, Refusal> {
        if facts.is_empty() {
            return Err(Refusal::Empty(Field::Items));
        }
        if facts.len() != incoming.statements.len() {
            return Err(Refusal::StagingBroken);
        }
        let mut out = Decision::default();
        let mut same = 0;
        let mut taken: BTreeMap<LineKey, ()> = BTreeMap::new();
        for (facts, lines) in facts.iter().zip(&incoming.statements) {
            not_empty(&facts.account, Field::Account)?;
            let mut lines: Vec<StatementLine> = lines.clone();
            identify(facts, &mut lines);
            let key = |line: &StatementLine| LineKey {
                account: facts.account.clone(),
                currency: facts.currency,
                line: line.key.clone(),
            };
            let all = lines.len();
            let known: Vec<LineId> = lines
                .iter()
                .filter_map(|l| self.find_line(&key(l)))
                .collect();
            // What another statement of the same file shows is that line too.
            lines.retain(|l| {
                self.find_line(&key(l)).is_none() && taken.insert(key(l), ()).is_none()
            });
            same += (all - lines.len()) as u64;
            if lines.is_empty() && (all > 0 || self.has_statement(facts)) {
                continue;
            }
            let bytes = cbor(&lines);
            let block = BlockRef::of(&bytes, lines.len());
            out.blocks.push(bytes);
            out.events.push(Event::StatementImported {
                facts: facts.clone(),
                block,
                known,
            });
        }
        if out.events.is_empty() {
            return Err(Refusal::NothingNew { same });
        }
        Ok(out)
    }

    fn has_statement(&self, facts: &StatementFacts) -> bool {
        self.statements().any(|(_, s)| {
            s.facts.account == facts.account
                && s.facts.currency == facts.currency
                && s.facts.number == facts.number
                && (s.facts.from, s.facts.to) == (facts.from, facts.to)
        })
    }

    fn line_id(&self, key: &LineKey) -> Result<LineId, Refusal> {
        self.find_line(key)
            .ok_or_else(|| Refusal::UnknownLine(key.clone()))
    }

    /// CA-01: the receipts of a line are the line.
    pub(super) fn decide_accept(
        &self,
        context: &Context,
        matches: &[AcceptedMatch],
    ) -> Result<Decision, Refusal> {
        if matches.is_empty() {
            return Err(Refusal::Empty(Field::Items));
        }
        let mut posting = Posting::new(self);
        let mut sums: BTreeMap<LineId, (i128, &LineKey)> = BTreeMap::new();
        for m in matches {
            let line = self.line_id(&m.line)?;
            if m.receipt.currency != m.line.currency {
                return Err(Refusal::CurrencyDiffers {
                    expected: m.line.currency,
                    given: m.receipt.currency,
                });
            }
            let with = With {
                credits: &m.credits,
                granted: &m.granted,
                onward: &m.onward,
            };
            let receipt = posting.receipt(self, &m.receipt, with)?;
            let sum = sums.entry(line).or_insert((0, &m.line));
            sum.0 += i128::from(m.receipt.amount);
            posting.events.push(Event::LineSettled {
                line,
                amount: m.receipt.amount,
                by: LineUse::Receipt(receipt),
                auto: m.auto,
                rule: m.rule,
            });
        }
        for (line, (sum, key)) in sums {
            let open = self.line_rest(line);
            if sum != i128::from(open) {
                return Err(Refusal::LineSum {
                    line: key.clone(),
                    open,
                    asked: sum.clamp(i128::from(i64::MIN), i128::from(i64::MAX)) as i64,
                });
            }
        }
        let contested: Vec<_> = matches.iter().flat_map(|m| &m.contested).collect();
        let opened = self.contested(context, &contested, |id| posting.asked_of(id))?;
        posting.events.extend(opened);
        Ok(posting.events.into())
    }

    /// What a line is, where it is no new receipt.
    pub(super) fn decide_explain(
        &self,
        lines: &[LineKey],
        how: &Explanation,
    ) -> Result<Decision, Refusal> {
        if lines.is_empty() {
            return Err(Refusal::Empty(Field::Items));
        }
        let mut events = Vec::new();
        let mut left: Option<i64> = None;
        for key in lines {
            let line = self.line_id(key)?;
            let amount = self.line_rest(line);
            let nothing = || Refusal::LineSum {
                line: key.clone(),
                open: amount,
                asked: 0,
            };
            let twice = |e: &Event| matches!(e, Event::LineSettled { line: l, .. } if *l == line);
            if amount == 0 || events.iter().any(twice) {
                return Err(nothing());
            }
            let mut amount = amount;
            let by = match how {
                Explanation::NotCustomerMoney(why) => {
                    not_empty(why, Field::Value)?;
                    LineUse::NotCustomerMoney(why.trim().to_owned())
                }
                Explanation::Receipt(item) => {
                    let (id, room) = self.receipt_room(item, key)?;
                    let room = left.unwrap_or(room);
                    if amount <= 0 || amount > room {
                        return Err(Refusal::MoreThanOpen {
                            item: item.clone(),
                            open: room,
                            asked: amount,
                        });
                    }
                    left = Some(room - amount);
                    LineUse::Receipt(id)
                }
                Explanation::Returned { receipt, effective } => {
                    if amount > 0 || lines.len() > 1 {
                        return Err(Refusal::WrongSide(receipt.clone()));
                    }
                    let (id, whole) = self.receipt_of(receipt, key)?;
                    if whole > -amount {
                        return Err(Refusal::LineSum {
                            line: key.clone(),
                            open: amount,
                            asked: -whole,
                        });
                    }
                    events.extend(self.decide_return(receipt, *effective)?.events);
                    // What the bank takes beyond the receipt is its fee.
                    let fee = amount + whole;
                    if fee < 0 {
                        events.push(Event::LineSettled {
                            line,
                            amount: fee,
                            by: LineUse::NotCustomerMoney(RETURN_FEE.to_owned()),
                            auto: false,
                            rule: None,
                        });
                    }
                    amount = -whole;
                    LineUse::Returned(id)
                }
            };
            events.push(Event::LineSettled {
                line,
                amount,
                by,
                auto: false,
                rule: None,
            });
        }
        Ok(events.into())
    }

    /// A receipt in the currency of a line, and its amount, positive.
    fn receipt_of(
        &self,
        item: &crate::keys::ItemKey,
        line: &LineKey,
    ) -> Result<(ItemId, i64), Refusal> {
        let id = self.item_id(item)?;
        let receipt = self
            .item(id)
            .filter(|i| i.kind() == ItemKind::Receipt)
            .ok_or_else(|| Refusal::WrongSide(item.clone()))?;
        self.not_a_part(id)?;
        if receipt.currency() != line.currency {
            return Err(Refusal::CurrencyDiffers {
                expected: line.currency,
                given: receipt.currency(),
            });
        }
        Ok((id, self.amount_of(&receipt).saturating_neg()))
    }

    /// The same, with what of it no line is yet.
    fn receipt_room(
        &self,
        item: &crate::keys::ItemKey,
        line: &LineKey,
    ) -> Result<(ItemId, i64), Refusal> {
        let (id, amount) = self.receipt_of(item, line)?;
        let received = self
            .lines_of_receipt(id)
            .filter(|p| matches!(p.by, LineUse::Receipt(_)));
        let seen: i64 = received.map(|p| p.amount).sum();
        Ok((id, amount - seen))
    }
}

impl Book {
    /// Commits that stay and say what lines that would go are, or show them as well, or name a
    /// receipt that would go.
    pub(super) fn statements_resting(
        &self,
        gone: &BTreeSet<Seq>,
        stays: &impl Fn(Seq) -> bool,
        resting: &mut BTreeSet<Seq>,
    ) {
        let goes = |id: &LineId| self.line(*id).is_some_and(|l| gone.contains(&l.commit));
        let table = &self.statements;
        let shown = table.statements.iter().filter(|s| stays(s.commit));
        resting.extend(shown.filter(|s| s.lines.iter().any(goes)).map(|s| s.commit));
        for part in table.parts.iter().filter(|p| stays(p.commit)) {
            let receipt = match &part.by {
                LineUse::Receipt(id) | LineUse::Returned(id) => self.item(*id),
                LineUse::NotCustomerMoney(_) => None,
            };
            if goes(&part.line) || receipt.is_some_and(|r| gone.contains(&r.commit())) {
                resting.insert(part.commit);
            }
        }
    }

    /// Lines come back unless they came in again, and what was said of them unless something else
    /// is said now.
    pub(super) fn lines_come_back(
        &self,
        back: &BTreeSet<Seq>,
        stays: &impl Fn(Seq) -> bool,
        missing: &mut BTreeSet<Seq>,
    ) -> Result<(), Refusal> {
        let table = &self.statements;
        for statement in table.statements.iter().filter(|s| back.contains(&s.commit)) {
            for id in &statement.lines {
                let Some(line) = self.line(*id) else { continue };
                if !stays(line.commit) {
                    missing.insert(line.commit);
                }
                if let Some(key) = self.line_key(*id)
                    && self.find_line(&key).is_some_and(|other| other != *id)
                {
                    return Err(Refusal::LineTaken(key));
                }
            }
        }
        let mut sums: BTreeMap<LineId, i128> = BTreeMap::new();
        for part in table.parts.iter().filter(|p| back.contains(&p.commit)) {
            let Some(line) = self.line(part.line) else {
                continue;
            };
            if !stays(line.commit) {
                missing.insert(line.commit);
            }
            if let LineUse::Receipt(id) | LineUse::Returned(id) = &part.by
                && let Some(receipt) = self.item(*id).filter(|r| !stays(r.commit()))
            {
                missing.insert(receipt.commit());
            }
            *sums.entry(part.line).or_default() += i128::from(part.amount);
        }
        for (line, sum) in sums {
            let amount = self.line(line).map_or(0, |l| l.fact.amount);
            let parts = self.line_parts(line).filter(|p| stays(p.commit));
            let said: i128 = parts.map(|p| i128::from(p.amount)).sum();
            if (said + sum).unsigned_abs() > u128::from(amount.unsigned_abs())
                && let Some(key) = self.line_key(line)
            {
                return Err(Refusal::LineTaken(key));
            }
        }
        Ok(())
    }
}
