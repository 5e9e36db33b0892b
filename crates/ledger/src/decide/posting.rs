//! Documents, receipts, applications and their reversal.

use super::{Decision, not_empty, positive};
use crate::book::{Book, FactId};
use crate::columns::ItemKind;
use crate::command::IssueDocument;
use crate::event::{Event, ItemFact, SettlementFact};
use crate::facts::*;
use crate::ids::*;
use crate::items::ItemRef;
use crate::keys::{FactKey, ItemKey};
use crate::refusal::{Field, Refusal};
use duebook_money::Day;
use std::collections::{BTreeMap, BTreeSet};

impl Book {
    fn entity_id(&self, code: &str, events: &mut Vec<Event>) -> u16 {
        match self.entities.iter().position(|e| e == code) {
            Some(i) => i as u16,
            None => {
                events.push(Event::EntityAdded {
                    code: code.to_owned(),
                });
                self.entities.len() as u16
            }
        }
    }

    pub(crate) fn number_is_free(
        &self,
        entity: &str,
        credit: bool,
        number: &str,
        line: &str,
    ) -> Result<(), Refusal> {
        let (entity, number, line) = (entity.to_owned(), number.to_owned(), line.to_owned());
        let key = ItemKey {
            entity,
            credit,
            number,
            line,
            ..ItemKey::default()
        };
        if self.find_item(&key).is_some() {
            Err(Refusal::NumberTaken(key))
        } else {
            Ok(())
        }
    }

    /// AG-31: instalments sum to their document. In a book that follows a source, documents are
    /// the source's to issue.
    pub(super) fn decide_issue(&self, d: &IssueDocument) -> Result<Decision, Refusal> {
        let customer = self.customer_id(&d.customer)?;
        let kind = ItemKind::from_u8(d.kind).ok_or(Refusal::UnknownKind(d.kind))?;
        let standing = self.standing_of_ours();
        if standing.is_pending() {
            return Err(Refusal::NotOwnLedger);
        }
        not_empty(&d.number, Field::Number)?;
        positive(d.amount)?;
        let sum: i128 = d.instalments.iter().map(|(_, a)| i128::from(*a)).sum();
        if sum != i128::from(d.amount) {
            let sum = sum.clamp(i128::from(i64::MIN), i128::from(i64::MAX)) as i64;
            return Err(Refusal::InstalmentsDiffer {
                total: d.amount,
                sum,
            });
        }
        let mut events = Vec::new();
        let entity = self.entity_id(&d.entity, &mut events);
        let several = d.instalments.len() > 1;
        for (n, (due, amount)) in d.instalments.iter().enumerate() {
            positive(*amount)?;
            let line = if several {
                (n + 1).to_string()
            } else {
                String::new()
            };
            self.number_is_free(&d.entity, kind.is_credit(), &d.number, &line)?;
            events.push(Event::ItemAdded(ItemFact {
                customer,
                entity,
                kind: d.kind,
                number: d.number.clone(),
                line,
                doc_date: d.doc_date,
                due: *due,
                currency: d.currency,
                amount: if kind.is_credit() { -amount } else { *amount },
                reference: d.reference.clone(),
                po: d.po.clone(),
                standing,
            }));
        }
        Ok(events.into())
    }

    pub(crate) fn debit_of(
        &self,
        key: &ItemKey,
        customer: CustomerId,
        currency: duebook_money::Currency,
    ) -> Result<ItemRef<'_>, Refusal> {
        let id = self.item_id(key)?;
        let item = self
            .item(id)
            .ok_or_else(|| Refusal::UnknownItem(key.clone()))?;
        if item.recorded_amount() < 0 {
            return Err(Refusal::WrongSide(key.clone()));
        }
        self.same_payer(key, &item, customer)?;
        if item.currency() != currency {
            return Err(Refusal::CurrencyDiffers {
                expected: item.currency(),
                given: currency,
            });
        }
        Ok(item)
    }

    /// A parent pays for its children; nobody else pays for another.
    pub(crate) fn same_payer(
        &self,
        key: &ItemKey,
        item: &ItemRef<'_>,
        payer: CustomerId,
    ) -> Result<(), Refusal> {
        let parent = self
            .customer_facts(item.customer())
            .and_then(|f| f.parent.clone());
        if item.customer() == payer {
            return Ok(());
        }
        // A parent is named by its number in the child's own source.
        let source = self.customer(item.customer()).map(|c| c.source);
        if let (Some(parent), Some(payer)) = (parent, self.customer(payer))
            && parent == payer.number
            && source == Some(payer.source)
        {
            return Ok(());
        }
        Err(Refusal::AnotherCustomer(key.clone()))
    }

    pub(crate) fn not_more_than_open(
        &self,
        key: &ItemKey,
        item: &ItemRef<'_>,
        asked: i64,
        from: Day,
    ) -> Result<(), Refusal> {
        let open = self.least_open_from(item, from).max(0);
        if asked > open {
            return Err(Refusal::MoreThanOpen {
                item: key.clone(),
                open,
                asked,
            });
        }
        Ok(())
    }

    /// Applies a credit, with discount, write-off or tax withheld in the same act.
    pub(super) fn decide_apply(
        &self,
        credit_key: &ItemKey,
        item_key: &ItemKey,
        amount: i64,
        effective: Day,
        with: &[(Cause, i64)],
    ) -> Result<Decision, Refusal> {
        let credit_id = self.item_id(credit_key)?;
        let credit = self
            .item(credit_id)
            .ok_or_else(|| Refusal::UnknownItem(credit_key.clone()))?;
        if credit.recorded_amount() > 0 {
            return Err(Refusal::WrongSide(credit_key.clone()));
        }
        let item = self.debit_of(item_key, credit.customer(), credit.currency())?;
        positive(amount)?;
        with.iter().try_for_each(|(_, a)| positive(*a))?;
        let earliest = self.credit_day(&credit).max(Day(item.doc_date()));
        if effective < earliest {
            return Err(Refusal::DateBefore {
                date: effective,
                earliest,
            });
        }
        self.not_more_than_open(credit_key, &credit, amount, effective)?;
        let total = with
            .iter()
            .fold(amount, |sum, (_, a)| sum.saturating_add(*a));
        self.not_more_than_open(item_key, &item, total, effective)?;
        let standing = self.standing_of_ours();
        let cause = match credit.kind() {
            ItemKind::CreditMemo => Cause::Credit,
            _ => Cause::Payment,
        };
        let settle = |credit, amount, cause| {
            Event::Settled(SettlementFact {
                debit: Some(item.id),
                credit,
                amount,
                effective,
                cause,
                standing,
            })
        };
        let mut events = vec![settle(Some(credit_id), amount, cause)];
        events.extend(
            with.iter()
                .map(|(cause, amount)| settle(None, *amount, *cause)),
        );
        Ok(events.into())
    }

    pub(super) fn decide_reverse(
        &self,
        key: &FactKey,
        effective: Day,
    ) -> Result<Decision, Refusal> {
        let Some(FactId::Settlement(settlement)) = self.find_fact(*key) else {
            return Err(Refusal::UnknownFact(*key));
        };
        let known = self
            .settlements
            .get(settlement)
            .filter(|s| self.is_live(s.commit));
        let known = known.ok_or(Refusal::UnknownFact(*key))?;
        if known.cause == Cause::Transferred {
            let part = self.transfer_by(settlement).map(|t| t.to);
            part.or(known.credit)
                .map_or(Ok(()), |p| self.not_a_part(p))?;
        }
        if self.reversal_of(settlement).is_some() {
            return Err(Refusal::AlreadyReversed(settlement));
        }
        if effective < known.effective {
            return Err(Refusal::DateBefore {
                date: effective,
                earliest: known.effective,
            });
        }
        Ok(vec![Event::SettlementReversed {
            settlement,
            effective,
            standing: self.standing_of_ours(),
        }]
        .into())
    }

    /// CA-30, AG-23: the bank took it back. Every application is reversed from that day, so the
    /// items reopen with their own due dates, and the receipt itself is closed as returned.
    pub(crate) fn decide_return(&self, key: &ItemKey, effective: Day) -> Result<Decision, Refusal> {
        let id = self.item_id(key)?;
        let receipt = self
            .item(id)
            .ok_or_else(|| Refusal::UnknownItem(key.clone()))?;
        if receipt.kind() != ItemKind::Receipt {
            return Err(Refusal::WrongSide(key.clone()));
        }
        self.not_a_part(id)?;
        let mut counted = self.settlements_of(id).filter(|s| self.counts(s));
        if let Some(returned) = counted.find(|s| s.cause == Cause::Returned) {
            return Err(Refusal::AlreadyReversed(returned.id));
        }
        // What was granted with a payment (discount, tolerance ...) falls with it, and what went over to
        // other receipts comes back.
        let (mut falling, mut parts) = (BTreeSet::new(), BTreeMap::new());
        let earliest = self.falls_with(id, &mut falling, &mut parts);
        let earliest = earliest.max(self.credit_day(&receipt));
        if effective < earliest {
            return Err(Refusal::DateBefore {
                date: effective,
                earliest,
            });
        }
        let standing = self.standing_of_ours();
        let reverse = |settlement: &crate::ids::SettlementId| Event::SettlementReversed {
            settlement: *settlement,
            effective,
            standing,
        };
        let mut events: Vec<Event> = falling.iter().map(reverse).collect();
        let gone = |credit, amount, cause| {
            Event::Settled(SettlementFact {
                debit: None,
                credit: Some(credit),
                amount,
                effective,
                cause,
                standing,
            })
        };
        let back = parts.iter();
        events.extend(back.map(|(part, into)| gone(*part, *into, Cause::Transferred)));
        let amount = receipt.recorded_open().saturating_neg();
        events.push(gone(id, amount, Cause::Returned));
        Ok(events.into())
    }

    pub(super) fn decide_standing(
        &self,
        item: Option<&ItemKey>,
        settlement: Option<&FactKey>,
        standing: Standing,
        reference: &str,
    ) -> Result<Decision, Refusal> {
        let item = match item {
            None => None,
            Some(key) => {
                let id = self.item_id(key)?;
                let ours = self
                    .item(id)
                    .is_some_and(|i| i.source() == crate::items::OWN);
                if !ours {
                    return Err(Refusal::NotOurs(key.clone()));
                }
                Some(id)
            }
        };
        let settlement = settlement
            .map(|key| match self.find_fact(*key) {
                Some(FactId::Settlement(id)) => self
                    .settlements
                    .get(id)
                    .filter(|s| self.is_live(s.commit))
                    .ok_or(Refusal::UnknownFact(*key)),
                _ => Err(Refusal::UnknownFact(*key)),
            })
            .transpose()?;
        if item.is_none() && settlement.is_none() {
            return Err(Refusal::Empty(Field::Items));
        }
        if let Some(s) = settlement {
            self.may_count(&s, standing)?;
        }
        let reference = reference.trim().to_owned();
        let set = |item, settlement| Event::StandingSet {
            item,
            settlement,
            standing,
            reference: reference.clone(),
        };
        let settlement = settlement.map(|s| s.id);
        let mut events = vec![set(item, settlement)];
        let mut with_it = Vec::new();
        // A part of a receipt, and what took it off that, count together.
        let part = settlement.and_then(|id| self.transfer_by(id)).map(|t| t.to);
        let whole = item.and_then(|id| self.brought(id));
        let turns = |counted: Standing| counted.counts() != standing.counts();
        if let Some(part) = part.filter(|p| self.item(*p).is_some_and(|i| turns(i.standing()))) {
            with_it.push((Some(part), None));
            if !standing.counts() {
                self.uncounted_with(part, &mut with_it);
            }
        }
        if let Some(t) = whole.filter(|t| turns(self.standing_of(t.settlement))) {
            if let Some(s) = self.settlements.get(t.settlement) {
                self.may_count(&s, standing)?;
            }
            with_it.push((None, Some(t.settlement)));
        }
        // What was applied falls with a receipt that no longer counts.
        if let Some(id) = item.filter(|_| !standing.counts()) {
            self.uncounted_with(id, &mut with_it);
        }
        with_it.retain(|w| *w != (item, settlement) && *w != (None, settlement));
        events.extend(with_it.into_iter().map(|(item, s)| set(item, s)));
        Ok(events.into())
    }

    /// A settlement withdrawn or rejected may count again while there is room for it.
    fn may_count(&self, s: &crate::settlements::Settlement, to: Standing) -> Result<(), Refusal> {
        if !to.counts() || self.standing_of(s.id).counts() || self.reversal_of(s.id).is_some() {
            return Ok(());
        }
        for id in [s.debit, s.credit].into_iter().flatten() {
            let (Some(item), Some(key)) = (self.item(id), self.item_key(id)) else {
                continue;
            };
            if !item.standing().counts() {
                return Err(Refusal::UnknownItem(key));
            }
            self.not_more_than_open(&key, &item, s.amount, s.effective)?;
        }
        Ok(())
    }
}
