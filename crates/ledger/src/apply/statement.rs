//! Statements, and what becomes of their lines.

use super::*;
use crate::statements::{KnownLine, LineKey, LinePart, LineUse, Statement, StatementFacts};

impl Book {
    pub(super) fn statement_imported(
        &mut self,
        (seq, key): (Seq, FactKey),
        facts: &StatementFacts,
        block: &BlockRef,
        known: &[LineId],
        bulk: &Bulk,
    ) -> u64 {
        self.blocks.push(*block);
        // Kept in `bulk`: after an undo the same statement comes in again under the same digest.
        let fresh = bulk.statements.get(&block.digest);
        let table = Rc::make_mut(&mut self.statements);
        let place = table.statements.len() as u32;
        let mut lines = known.to_vec();
        for fact in fresh.into_iter().flatten() {
            let id = LineId(table.lines.len() as u32);
            let key = LineKey {
                account: facts.account.clone(),
                currency: facts.currency,
                line: fact.key.clone(),
            };
            table.by_key.entry(key).or_default().push(id);
            table.lines.push(KnownLine {
                commit: seq,
                statement: place,
                fact: fact.clone(),
            });
            lines.push(id);
        }
        let booked = |id: &LineId| table.lines.get(id.index()).map(|l| l.fact.booked);
        duebook_money::order::sort_by_key(&mut lines, |id| (booked(id), *id));
        let count = lines.len() as u64;
        table.statements.push(Statement {
            commit: seq,
            key,
            facts: facts.clone(),
            lines,
        });
        count
    }

    pub(super) fn line_settled(&mut self, part: LinePart, delta: &mut Delta) {
        let item = match &part.by {
            LineUse::Receipt(id) | LineUse::Returned(id) => Some(*id),
            LineUse::NotCustomerMoney(_) => None,
        };
        let table = Rc::make_mut(&mut self.statements);
        let place = table.parts.len() as u32;
        table.parts_of.entry(part.line).or_default().push(place);
        if let Some(item) = item {
            table.of_item.entry(item).or_default().push(place);
        }
        table.parts.push(part);
        let owner = item.and_then(|id| Some(self.item(id)?.customer()));
        delta.customers.extend(owner);
    }
}
