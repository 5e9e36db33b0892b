//! Credit and rebill (RB-01 to RB-03): receipts are held, the whole is credited, the right bill takes
//! its place, and the receipts pay that one, the oldest first.

use super::plan::{Plan, Settled};
use super::{DocLine, NewRequest, Rebill, over_totals, total};
use crate::book::Book;
use crate::columns::ItemKind;
use crate::event::{Event, Succession};
use crate::facts::{Cause, CollectorField, SuccessionKind};
use crate::ids::ItemId;
use crate::refusal::{CaseRefusal, Refusal};
use duebook_money::Day;
use duebook_policy::Grant;

impl Plan<'_> {
    pub(super) fn rebill(&mut self, asked: &NewRequest, rebill: &Rebill) -> Result<(), Refusal> {
        self.wants_debit()?;
        self.tax_note_in_time(asked)?;
        let settled = self.settled()?;
        self.sums(&rebill.original, settled.amount)?;
        let right = total(&rebill.right).ok_or(Refusal::TooLarge)?;
        if right <= 0 {
            return Err(Refusal::NotPositive(right));
        }
        let due = rebill.due.unwrap_or_else(|| self.due());
        if due < Day(self.item.doc_date()) {
            let (date, earliest) = (due, Day(self.item.doc_date()));
            return Err(Refusal::DateBefore { date, earliest });
        }
        let anchor = rebill.anchor.or_else(|| self.anchor());
        let credit_rest = self.credit_whole(&rebill.original, &settled, Cause::Credit)?;
        let number = self.number(ItemKind::Invoice)?;
        self.propose(ItemKind::Invoice, &number, &rebill.right, right, due);
        let mut fact = self.like_item(ItemKind::Invoice, &number, right, due);
        if !rebill.po.trim().is_empty() {
            fact.po = rebill.po.trim().to_owned();
        }
        let new = self.add(fact);
        self.pay(&settled, &[(new, right)], credit_rest)?;
        if let Some(day) = anchor.filter(|day| *day != due) {
            self.events.push(age_from(new, day));
        }
        let fall = settled.remaining().saturating_sub(right);
        if fall > 0 {
            self.grant = Some((Grant::Credit, fall));
        }
        self.book
            .supersede_promises(&[self.item.id], &mut self.events);
        self.succeed(vec![new], SuccessionKind::Rebill);
        Ok(())
    }

    /// Takes what was paid off the document and credits all of it that is still billed: line for
    /// line. Answers the credit note and what of it stands for money from before the book knew;
    /// none where the source issues the note.
    pub(super) fn credit_whole(
        &mut self,
        original: &[DocLine],
        settled: &Settled,
        cause: Cause,
    ) -> Result<Option<(ItemId, i64)>, Refusal> {
        let remaining = settled.remaining();
        let lines = lines_of(original, remaining, settled.credited)?;
        for s in &settled.held {
            self.take_back(s.id);
        }
        let open = remaining - settled.unknown;
        if cause != Cause::Credit {
            self.settle(Some(self.item.id), None, open, cause);
            return Ok(None);
        }
        let number = self.number(ItemKind::CreditMemo)?;
        self.propose(ItemKind::CreditMemo, &number, &lines, remaining, self.on);
        if !self.issues() {
            self.settle(Some(self.item.id), None, open, Cause::Credit);
            return Ok(None);
        }
        let fact = self.like_item(ItemKind::CreditMemo, &number, -remaining, self.on);
        let note = self.add(fact);
        self.settle(Some(self.item.id), Some(note), open, Cause::Credit);
        Ok((settled.unknown > 0).then_some((note, settled.unknown)))
    }

    /// Lets what was held pay the new documents, each up to what is given for it, in order; what
    /// none of them takes stays on account (RB-01, RB-03).
    pub(super) fn pay(
        &mut self,
        settled: &Settled,
        to: &[(ItemId, i64)],
        credit_rest: Option<(ItemId, i64)>,
    ) -> Result<(), Refusal> {
        let mut room: Vec<(ItemId, i64)> = to.to_vec();
        let mut take = |plan: &mut Self, mut amount: i64, credit: Option<ItemId>, cause| {
            for (item, left) in room.iter_mut().filter(|(_, left)| *left > 0) {
                let part = amount.min(*left);
                plan.settle(Some(*item), credit, part, cause);
                *left -= part;
                amount -= part;
            }
            amount
        };
        for s in &settled.held {
            take(self, s.amount, s.credit, Cause::Payment);
        }
        match credit_rest {
            Some((note, rest)) => {
                take(self, rest, Some(note), Cause::Credit);
            }
            None => {
                let over = take(self, settled.unknown, None, Cause::AtSourceUnknown);
                if over > 0 {
                    let number = format!("{} on account", self.item.number());
                    let free = self.book.number_is_free(&self.entity(), true, &number, "");
                    free?;
                    let fact = self.like_item(ItemKind::OnAccount, &number, -over, self.on);
                    self.add(fact);
                }
            }
        }
        Ok(())
    }

    pub(super) fn succeed(&mut self, to: Vec<ItemId>, kind: SuccessionKind) {
        let from = vec![self.item.id];
        self.events
            .push(Event::Succeeded(Succession { from, to, kind }));
    }
}

/// The lines of what is still billed of a document of which a part was credited before.
pub(super) fn lines_of(
    original: &[DocLine],
    remaining: i64,
    credited: i64,
) -> Result<Vec<DocLine>, Refusal> {
    if credited == 0 {
        return Ok(original.to_vec());
    }
    let parts = over_totals(original, &[credited, remaining]);
    let mut parts = parts.map_err(|_| Refusal::Case(CaseRefusal::NothingLeft))?;
    Ok(parts.pop().unwrap_or_default())
}

pub(super) fn age_from(item: ItemId, day: Day) -> Event {
    Event::FieldSet {
        item,
        field: CollectorField::AgingAnchor,
        value: day.to_string(),
    }
}

impl Book {
    /// What a rebill is due on by whose fault it was (RB-02): as the first bill was, or, where a
    /// fault of ours made that one unpayable, as many days after the new one as it had.
    pub fn rebill_due(&self, item: ItemId, unpayable: bool, on: Day) -> Option<Day> {
        let item = self.item(item)?;
        let due = crate::items::day(self.due_of(&item))?;
        if !unpayable {
            return Some(due);
        }
        Some(on.plus(due.since(Day(item.doc_date())).max(0)))
    }
}
