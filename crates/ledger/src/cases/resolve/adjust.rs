//! Adjustments and PO changes (domain.md §4.5, §4.6).

use super::plan::Plan;
use super::{Adjust, Adjustment, NewRequest, PoChange};
use crate::book::FactId;
use crate::columns::ItemKind;
use crate::decide::{not_empty, positive};
use crate::facts::{Cause, SuccessionKind};
use crate::ids::ItemId;
use crate::refusal::{CaseRefusal, Field, Refusal};
use crate::settlements::Settlement;
use duebook_money::Day;

impl Plan<'_> {
    pub(super) fn adjust(&mut self, asked: &NewRequest, adjust: &Adjust) -> Result<(), Refusal> {
        use Adjustment::*;
        let amount = adjust.amount;
        positive(amount)?;
        match adjust.kind {
            PartialCredit | Goodwill | ServiceCredit => self.credit_note(asked, adjust)?,
            SmallBalance | BankCharge => self.let_go(amount, Cause::Tolerance)?,
            LateChargeWaiver => {
                if self.item.kind() != ItemKind::LateCharge {
                    return Err(Refusal::Case(CaseRefusal::NotALateCharge));
                }
                self.let_go(amount, Cause::Tolerance)?;
            }
            WriteOff => {
                // RB-04: a credit note is not for a bad debt; relief is another way.
                if asked.tax_note {
                    return Err(Refusal::Case(CaseRefusal::NotForBadDebt));
                }
                self.let_go(amount, Cause::WriteOff)?;
            }
            Contra => self.let_go(amount, Cause::Contra)?,
            Recovery => self.reverse_part(adjust, Cause::WriteOff)?,
            BillBack => self.reverse_part(adjust, Cause::Discount)?,
            SetOff => self.set_off(adjust)?,
            Refund => {
                if self.item.recorded_amount() > 0 {
                    return Err(Refusal::WrongSide(self.key()));
                }
                self.room(self.item.id, amount)?;
                self.settle(None, Some(self.item.id), amount, Cause::Refund);
            }
            Chargeback => self.chargeback(amount)?,
        }
        self.grant = adjust.kind.grant().map(|grant| (grant, amount));
        Ok(())
    }

    fn room(&self, id: ItemId, amount: i64) -> Result<(), Refusal> {
        let Some(item) = self.book.item(id) else {
            return Ok(());
        };
        let key = self.book.item_key(id).unwrap_or_default();
        self.book.not_more_than_open(&key, &item, amount, self.on)
    }

    fn let_go(&mut self, amount: i64, cause: Cause) -> Result<(), Refusal> {
        self.wants_debit()?;
        self.room(self.item.id, amount)?;
        self.settle(Some(self.item.id), None, amount, cause);
        Ok(())
    }

    fn credit_note(&mut self, asked: &NewRequest, adjust: &Adjust) -> Result<(), Refusal> {
        self.wants_debit()?;
        self.tax_note_in_time(asked)?;
        self.room(self.item.id, adjust.amount)?;
        if !adjust.lines.is_empty() {
            self.sums(&adjust.lines, adjust.amount)?;
        }
        let number = self.number(ItemKind::CreditMemo)?;
        let (amount, on) = (adjust.amount, self.on);
        self.propose(ItemKind::CreditMemo, &number, &adjust.lines, amount, on);
        let mut note = None;
        if self.issues() {
            let fact = self.like_item(ItemKind::CreditMemo, &number, -amount, on);
            note = Some(self.add(fact));
        }
        self.settle(Some(self.item.id), note, amount, Cause::Credit);
        Ok(())
    }

    /// A settlement of the item is taken back; what of it stays is settled again.
    fn reverse_part(&mut self, adjust: &Adjust, cause: Cause) -> Result<(), Refusal> {
        self.wants_debit()?;
        let s = self.named(adjust, cause)?;
        if adjust.amount > s.amount {
            return Err(Refusal::MoreThanOpen {
                item: self.key(),
                open: s.amount,
                asked: adjust.amount,
            });
        }
        self.take_back(s.id);
        self.settle(Some(self.item.id), None, s.amount - adjust.amount, cause);
        Ok(())
    }

    /// The settlement of a cause that is meant: the one named, else the only one there is.
    fn named(&self, adjust: &Adjust, cause: Cause) -> Result<Settlement, Refusal> {
        let book = self.book;
        let fits = |s: &Settlement| s.cause == cause && book.counts(s);
        let mut all = book.settlements_of(self.item.id).filter(fits);
        let found = match adjust.settlement {
            Some(key) => match book.find_fact(key) {
                Some(FactId::Settlement(id)) => all.find(|s| s.id == id),
                _ => None,
            },
            None => {
                let first = all.next();
                first.filter(|_| all.next().is_none())
            }
        };
        found.ok_or(Refusal::Case(CaseRefusal::NothingToTakeBack))
    }

    fn set_off(&mut self, adjust: &Adjust) -> Result<(), Refusal> {
        self.wants_debit()?;
        let key = adjust.credit.as_ref();
        let key = key.ok_or(Refusal::Empty(Field::Items))?;
        let id = self.book.item_id(key)?;
        let credit = self.book.item(id).filter(|c| c.recorded_amount() < 0);
        let credit = credit.ok_or_else(|| Refusal::WrongSide(key.clone()))?;
        self.book
            .same_payer(&self.key(), &self.item, credit.customer())?;
        if credit.currency() != self.item.currency() {
            return Err(Refusal::CurrencyDiffers {
                expected: self.item.currency(),
                given: credit.currency(),
            });
        }
        let earliest = Day(credit.doc_date());
        if self.on < earliest {
            let date = self.on;
            return Err(Refusal::DateBefore { date, earliest });
        }
        self.room(id, adjust.amount)?;
        self.room(self.item.id, adjust.amount)?;
        let cause = match credit.kind() {
            ItemKind::CreditMemo => Cause::Credit,
            _ => Cause::Payment,
        };
        self.settle(Some(self.item.id), Some(id), adjust.amount, cause);
        Ok(())
    }

    /// The short part of a bill goes on as a debit memo of its own, with its dates and what is
    /// contested of it; what is owed in all does not move.
    fn chargeback(&mut self, amount: i64) -> Result<(), Refusal> {
        self.wants_debit()?;
        self.room(self.item.id, amount)?;
        let number = self.number(ItemKind::DebitMemo)?;
        let due = self.due();
        self.propose(ItemKind::DebitMemo, &number, &[], amount, due);
        let fact = self.like_item(ItemKind::DebitMemo, &number, amount, due);
        let new = self.add(fact);
        self.settle(Some(self.item.id), None, amount, Cause::Amended);
        if let Some(day) = self.anchor().filter(|day| *day != due) {
            self.events.push(super::rebill::age_from(new, day));
        }
        let left = self.item.open().saturating_sub(amount).max(0);
        self.move_cases(&[(new, amount), (self.item.id, left)], Some(0))?;
        self.succeed(vec![new], SuccessionKind::Residual);
        Ok(())
    }

    /// PO-01: the number is noted beside the document, which stays as it is; where the number is a
    /// mandatory part of the tax document only a rebill changes it.
    pub(super) fn po_change(&mut self, change: &PoChange) -> Result<(), Refusal> {
        self.wants_debit()?;
        not_empty(&change.po, Field::Value)?;
        if self.book.policies().cases.po_on_tax_document {
            return Err(Refusal::Case(CaseRefusal::NeedsRebill));
        }
        for key in &change.also {
            let id = self.book.item_id(key)?;
            let item = self.book.item(id).filter(|i| i.customer() == self.customer);
            if item.is_none() {
                return Err(Refusal::AnotherCustomer(key.clone()));
            }
        }
        Ok(())
    }
}
