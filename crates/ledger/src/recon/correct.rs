//! Corrections (domain.md §5.8): money applied otherwise in one act, both kinds of reversal, and
//! what is kept or given back of a receipt.

use super::{ReconEvent, ReversalKind};
use crate::book::{Book, FactId};
use crate::columns::ItemKind;
use crate::decide::{Decision, not_empty};
use crate::event::{Event, ItemFact, SettlementFact};
use crate::facts::{Cause, Standing};
use crate::ids::*;
use crate::items::ItemRef;
use crate::keys::{FactKey, ItemKey};
use crate::refusal::{Field, Refusal};
use crate::settlements::Settlement;
use duebook_money::Day;
use std::collections::BTreeMap;

impl Book {
    /// A receipt that is there.
    pub(crate) fn receipt_at(&self, key: &ItemKey) -> Result<ItemRef<'_>, Refusal> {
        let id = self.item_id(key)?;
        let receipt = self.item(id).filter(|i| i.kind() == ItemKind::Receipt);
        receipt.ok_or_else(|| Refusal::WrongSide(key.clone()))
    }

    /// What was granted with an application: recorded after it in its commit on the same item, and
    /// after no other application of that item.
    pub fn granted_with(&self, s: &Settlement) -> Vec<Settlement> {
        let Some(debit) = s.debit else {
            return Vec::new();
        };
        let own = self.settlements_of(debit).filter(|g| g.commit == s.commit);
        let own: Vec<Settlement> = own.filter(|g| g.id > s.id).collect();
        let next = own
            .iter()
            .filter(|g| g.credit.is_some())
            .map(|g| g.id)
            .min();
        let with_it = |g: &Settlement| {
            let granted = g.credit.is_none() && g.cause.is_granted();
            granted && next.is_none_or(|n| g.id < n) && self.counts(g)
        };
        own.into_iter().filter(with_it).collect()
    }

    /// CA-32: a misapplication is taken back and the money applied otherwise, both on one day, in
    /// one commit. What was granted with what is taken back falls with it.
    pub(super) fn decide_reapply(
        &self,
        key: &ItemKey,
        take_back: &[FactKey],
        apply: &[(ItemKey, i64)],
        effective: Day,
    ) -> Result<Decision, Refusal> {
        let receipt = self.receipt_at(key)?;
        if take_back.is_empty() && apply.is_empty() {
            return Err(Refusal::Empty(Field::Items));
        }
        let standing = self.standing_of_ours();
        let mut events = Vec::new();
        // What comes free again, by item, from that day on.
        let mut free: BTreeMap<ItemId, i64> = BTreeMap::new();
        for fact in take_back {
            let s = self.application_of(receipt.id, fact, effective)?;
            let mut falling = self.granted_with(&s);
            falling.insert(0, s);
            for f in falling {
                for item in [f.debit, f.credit].into_iter().flatten() {
                    let sum = free.entry(item).or_default();
                    *sum = sum.saturating_add(f.amount);
                }
                events.push(Event::SettlementReversed {
                    settlement: f.id,
                    effective,
                    standing,
                });
            }
        }
        let mut asked: BTreeMap<ItemId, i64> = BTreeMap::new();
        for (item_key, amount) in apply {
            super::decide::positive_amount(*amount)?;
            let item = self.debit_of(item_key, receipt.customer(), receipt.currency())?;
            let earliest = self.credit_day(&receipt).max(Day(item.doc_date()));
            if effective < earliest {
                return Err(Refusal::DateBefore {
                    date: effective,
                    earliest,
                });
            }
            for (of, named) in [(&item, item_key), (&receipt, key)] {
                let total = asked.entry(of.id).or_default();
                *total = total.saturating_add(*amount);
                let freed = free.get(&of.id).copied().unwrap_or(0);
                let open = self.least_open_from(of, effective).max(0);
                let open = open.saturating_add(freed);
                if *total > open {
                    return Err(Refusal::MoreThanOpen {
                        item: named.clone(),
                        open,
                        asked: *total,
                    });
                }
            }
            events.push(Event::Settled(SettlementFact {
                debit: Some(item.id),
                credit: Some(receipt.id),
                amount: *amount,
                effective,
                cause: Cause::Payment,
                standing,
            }));
        }
        Ok(events.into())
    }

    pub(crate) fn application_of(
        &self,
        receipt: ItemId,
        fact: &FactKey,
        effective: Day,
    ) -> Result<Settlement, Refusal> {
        let Some(FactId::Settlement(id)) = self.find_fact(*fact) else {
            return Err(Refusal::UnknownFact(*fact));
        };
        let known = self.settlements.get(id).filter(|s| self.is_live(s.commit));
        let of_it = known.filter(|s| s.credit == Some(receipt) && s.debit.is_some());
        let s = of_it.ok_or(Refusal::UnknownFact(*fact))?;
        if self.reversal_of(id).is_some() {
            return Err(Refusal::AlreadyReversed(id));
        }
        if effective < s.effective {
            return Err(Refusal::DateBefore {
                date: effective,
                earliest: s.effective,
            });
        }
        Ok(s)
    }

    /// CA-30: standard, what it closed reopens; by a debit memo, what it closed stays closed and a
    /// new receivable takes its place. The fee is a debit memo too. Documents of ours need a book
    /// whose owner posts the ledger.
    pub(super) fn decide_reversal(
        &self,
        key: &ItemKey,
        effective: Day,
        kind: ReversalKind,
        fee: Option<&(String, i64)>,
    ) -> Result<Decision, Refusal> {
        let receipt = self.receipt_at(key)?;
        self.not_a_part(receipt.id)?;
        let mut events = match kind {
            ReversalKind::Standard => self.decide_return(key, effective)?.events,
            ReversalKind::DebitMemo => {
                let returned = self
                    .settlements_of(receipt.id)
                    .find(|s| s.cause == Cause::Returned && self.counts(s));
                if let Some(s) = returned {
                    return Err(Refusal::AlreadyReversed(s.id));
                }
                let earliest = self.credit_day(&receipt);
                if effective < earliest {
                    return Err(Refusal::DateBefore {
                        date: effective,
                        earliest,
                    });
                }
                let amount = receipt.recorded_open().saturating_neg();
                let number = format!("{}-R", receipt.number());
                vec![self.memo(&receipt, &number, amount, effective)?]
            }
        };
        if let Some((number, amount)) = fee {
            not_empty(number, Field::Number)?;
            events.push(self.memo(&receipt, number.trim(), *amount, effective)?);
        }
        Ok(events.into())
    }

    /// A debit memo of ours for the payer of a receipt.
    fn memo(
        &self,
        receipt: &ItemRef<'_>,
        number: &str,
        amount: i64,
        on: Day,
    ) -> Result<Event, Refusal> {
        super::decide::positive_amount(amount)?;
        let standing = self.standing_of_ours();
        if standing.is_pending() {
            return Err(Refusal::NotOwnLedger);
        }
        let entity = usize::from(receipt.entity());
        let code = self.entities.get(entity).map_or("", |e| e.as_str());
        self.number_is_free(code, false, number, "")?;
        Ok(Event::ItemAdded(ItemFact {
            customer: receipt.customer(),
            entity: receipt.entity(),
            kind: ItemKind::DebitMemo as u8,
            number: number.to_owned(),
            line: String::new(),
            doc_date: on,
            due: on,
            currency: receipt.currency(),
            amount,
            reference: receipt.number().to_owned(),
            po: String::new(),
            standing: Standing::AtSource,
        }))
    }

    /// What is left of a receipt is given back.
    pub(super) fn decide_refund(
        &self,
        key: &ItemKey,
        amount: i64,
        effective: Day,
    ) -> Result<Decision, Refusal> {
        let receipt = self.receipt_at(key)?;
        super::decide::positive_amount(amount)?;
        let earliest = self.credit_day(&receipt);
        if effective < earliest {
            return Err(Refusal::DateBefore {
                date: effective,
                earliest,
            });
        }
        self.not_more_than_open(key, &receipt, amount, effective)?;
        let fact = SettlementFact {
            debit: None,
            credit: Some(receipt.id),
            amount,
            effective,
            cause: Cause::Refund,
            standing: self.standing_of_ours(),
        };
        Ok(vec![Event::Settled(fact)].into())
    }

    /// What is left of a receipt is held on account, or no longer.
    pub(super) fn decide_hold(&self, key: &ItemKey, why: &str) -> Result<Decision, Refusal> {
        self.receipt_at(key)?;
        Ok(vec![Event::Recon(ReconEvent::ReceiptHeld {
            receipt: key.clone(),
            why: super::decide::kept(why),
        })]
        .into())
    }
}
