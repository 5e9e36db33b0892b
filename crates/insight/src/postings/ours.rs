//! Postings of ours that no request made: receipts, applications, differences of payments, what plans
//! let go, charges, returns, and what was taken back.

use super::{EntryState, Head, Maker, Origin, Side};
use crate::fx::{BookRates, Realised, realised_by};
use duebook_ledger::columns::{ItemKind, TextField};
use duebook_ledger::command::CommandKind;
use duebook_ledger::facts::{Cause, Standing};
use duebook_ledger::items::OWN;
use duebook_ledger::recon::MovedReceipt;
use duebook_ledger::settlements::Settlement;
use duebook_ledger::{ItemId, Seq};
use duebook_money::Day;
use duebook_policy::Grant;
use duebook_policy::postings::Role;
use std::collections::BTreeMap;

impl Maker<'_> {
    pub(super) fn others(&mut self) {
        let mut granted: BTreeMap<Seq, Grant> = BTreeMap::new();
        granted.extend(self.book.granted().map(|g| (g.commit, g.grant)));
        for id in self.own_items() {
            let held = self.told.items.contains(&id) || self.torn.items.contains(&id);
            if !held {
                self.document(id);
            }
        }
        let book = self.book;
        let mut moves = book.moved_receipts_ever().iter().peekable();
        for s in book.settlements().iter() {
            // What is taken back stands first in an entry, then the move, then what is paid there.
            while let Some(m) = moves.next_if(|m| m.commit <= s.commit) {
                self.misapplied(m);
            }
            if !self.is_live(s.commit) {
                continue;
            }
            let held =
                self.told.settlements.contains(&s.id) || self.torn.settlements.contains(&s.id);
            if !held && self.is_ours(s.commit) {
                self.settled(&s, &granted);
            }
            let held = self.told.taken_back.contains(&s.id) || self.torn.taken_back.contains(&s.id);
            if !held {
                self.taken_back(&s, &granted);
            }
        }
        moves.for_each(|m| self.misapplied(m));
    }

    /// Money that was posted to one customer and is another's: what was left of it, from the one to the
    /// other, and no bank (CA-32).
    fn misapplied(&mut self, m: &MovedReceipt) {
        let standing = self.item_standing(m.receipt).filter(|s| s.counts());
        let Some(standing) = standing.filter(|_| self.is_live(m.commit)) else {
            return;
        };
        let head = self.head(m.commit, m.effective, m.receipt, standing);
        let sides = head.and_then(|head| {
            let from = self.side(m.receipt, head.at(true))?;
            let to = self.side(m.receipt, head.at(false))?;
            Some((head, from, to))
        });
        let Some((head, from, to)) = sides else {
            return;
        };
        let number = |id| self.book.customer(id).map_or("", |c| c.number.as_str());
        let (one, other) = (number(m.from), number(m.to));
        let text = format!("Misapplied {}: {one} to {other}", from.document);
        let amount = self.book.moved_amount(m, &|s| self.is_live(s));
        self.pair(&head, &from, &to, amount, &text);
    }

    /// Documents of ours that count in the view.
    pub(super) fn own_items(&self) -> Vec<ItemId> {
        let mut out = Vec::new();
        for (number, segment) in self.scan.segments() {
            if segment.state().source != OWN {
                continue;
            }
            let ids = (0..segment.len()).map(|row| ItemId::new(number, row));
            out.extend(ids.filter(|id| self.item_standing(*id).is_some_and(Standing::counts)));
        }
        out
    }

    fn head(&self, commit: Seq, day: Day, id: ItemId, standing: Standing) -> Option<Head> {
        Some(Head {
            origin: Origin::Commit(commit, None),
            day,
            currency: self.book.item(id)?.currency().numeric(),
            state: EntryState::of(standing, self.own),
        })
    }

    fn document(&mut self, id: ItemId) {
        let book = self.book;
        let Some(item) = book.item(id) else {
            return;
        };
        let Some(standing) = self.item_standing(id) else {
            return;
        };
        let day = Day(item.doc_date());
        let Some(head) = self.head(item.commit(), day, id, standing) else {
            return;
        };
        let Some(side) = self.side(id, head.at(false)) else {
            return;
        };
        let of = book.commit(item.commit()).map(|c| c.label.kind);
        let reference = item.text(&TextField::Reference);
        let (role, what) = match item.kind() {
            // What left the other receipt stands against the same account: no bank (CA-32).
            ItemKind::Receipt if book.brought(id).is_some() => (Role::Transfers, "Transferred"),
            ItemKind::Receipt => (Role::Bank, "Receipt"),
            ItemKind::OnAccount => (Role::Bank, "Money on account"),
            ItemKind::LateCharge => (Role::InterestIncome, "Late charge"),
            // CA-30: a receipt that the bank took back is owed anew; the other memo is the fee.
            ItemKind::DebitMemo if of == Some(CommandKind::Recon) => {
                match side.document == format!("{reference}-R") {
                    true => (Role::Bank, "Payment returned"),
                    false => (Role::FeeIncome, "Fee for a returned payment"),
                }
            }
            ItemKind::DebitMemo => (Role::Undivided, "Debit memo"),
            ItemKind::CreditMemo => (Role::Undivided, "Credit note"),
            ItemKind::Invoice => (Role::Undivided, "Invoice"),
        };
        let text = format!("{what} {}", side.document);
        let against = side.against(role);
        self.pair(&head, &side, &against, item.recorded_amount(), &text);
    }

    fn settled(&mut self, s: &Settlement, granted: &BTreeMap<Seq, Grant>) {
        let live = |seq: Seq| self.scan.is_live(seq);
        let standing = self.book.settlements().standing(s.id, &live);
        let Some(on) = s.debit.or(s.credit).filter(|_| standing.counts()) else {
            return;
        };
        if let Some(head) = self.head(s.commit, s.effective, on, standing) {
            self.moved(&head, s, granted, false);
        }
    }

    /// A settlement that we took back, whoever had made it.
    fn taken_back(&mut self, s: &Settlement, granted: &BTreeMap<Seq, Grant>) {
        let live = |seq: Seq| self.scan.is_live(seq);
        let table = self.book.settlements();
        let Some(reversal) = table.reversal(s.id, &live) else {
            return;
        };
        let counts = reversal.standing.counts() && table.standing(s.id, &live).counts();
        let Some(on) = s.debit.or(s.credit).filter(|_| counts) else {
            return;
        };
        if !self.is_ours(reversal.commit) {
            return;
        }
        let of = (reversal.commit, reversal.effective);
        if let Some(head) = self.head(of.0, of.1, on, reversal.standing) {
            self.moved(&head, s, granted, true);
        }
    }

    fn moved(&mut self, head: &Head, s: &Settlement, granted: &BTreeMap<Seq, Grant>, back: bool) {
        let debit = s.debit.and_then(|id| self.side(id, head.at(back)));
        let credit = s.credit.and_then(|id| self.side(id, head.at(back)));
        let credit = credit.map(|c| self.of_deposit(s.id, c));
        let amount = if back {
            s.amount.saturating_neg()
        } else {
            s.amount
        };
        let again = if back { "Taken back: " } else { "" };
        match (debit, credit) {
            (Some(debit), Some(credit)) => {
                let text = format!("{again}{} applied to {}", credit.document, debit.document);
                self.applied(head, &credit, &debit, amount, &text);
                self.exchanged(head, s, (&credit, &debit), back);
            }
            (Some(debit), None) => {
                let (role, what) = self.counter_of(s, granted);
                let text = format!("{again}{what}, {}", debit.document);
                self.pair(head, &debit.against(role), &debit, amount, &text);
            }
            (None, Some(credit)) => {
                let (role, what) = self.counter_of(s, granted);
                let text = format!("{again}{what}, {}", credit.document);
                self.pair(head, &credit, &credit.against(role), amount, &text);
            }
            (None, None) => {}
        }
    }

    /// What an application realises, in the company's currency: of the entry, and of no open item.
    fn exchanged(
        &mut self,
        head: &Head,
        s: &Settlement,
        (credit, debit): (&Side, &Side),
        back: bool,
    ) {
        let rates = BookRates::known(&self.rates, self.converts);
        let found = realised_by(self.book, rates, s);
        let pays = format!("{}, paid by {}", debit.document, credit.document);
        if let Realised::NoRate(_) = found {
            self.no_rate.push((head.day, pays));
            return;
        }
        let Some((base, gain)) = found.gain() else {
            return;
        };
        let again = if back {
            "Taken back: exchange"
        } else {
            "Exchange"
        };
        let what = if gain < 0 { "loss" } else { "gain" };
        let head = Head {
            currency: base.numeric(),
            ..*head
        };
        let owed = debit.against(Role::ReceivablesExchange);
        let made = debit.against(Role::ExchangeDifference);
        let gain = if back { gain.saturating_neg() } else { gain };
        self.pair(
            &head,
            &owed,
            &made,
            gain,
            &format!("{again} {what}, {pays}"),
        );
    }

    /// The account against a settlement of one item, and what it is.
    fn counter_of(&self, s: &Settlement, granted: &BTreeMap<Seq, Grant>) -> (Role, &'static str) {
        // Within customers' accounts there is nothing against it where only one side is taken back.
        let known = self.counter.get(&s.id).filter(|r| !r.is_subledger());
        if let Some(role) = known {
            return (*role, "Adjustment");
        }
        let of = self.book.commit(s.commit).map(|c| c.label.kind);
        match s.cause {
            Cause::WriteOff => match granted.get(&s.commit) {
                Some(Grant::LateCharge) => (Role::InterestIncome, "Late charge waived"),
                Some(Grant::Settlement) => (self.policy.write_off(), "Let go by a settlement"),
                // The one difference of a payment that is let go under this cause.
                _ if of == Some(CommandKind::AcceptMatches) => (Role::BankCharges, "Bank charge"),
                _ => (self.policy.write_off(), "Write-off"),
            },
            Cause::Discount => (Role::DiscountAllowed, "Discount"),
            Cause::Withholding => (Role::WithholdingTax, "Tax withheld"),
            Cause::Exchange => (Role::ExchangeDifference, "Exchange difference"),
            Cause::Tolerance => (Role::PaymentDifferences, "Small difference"),
            Cause::Contra => (Role::Payables, "Contra"),
            Cause::Refund => (Role::Bank, "Refund"),
            Cause::Transferred => (Role::Transfers, "Transferred"),
            Cause::Returned => (Role::Bank, "Payment returned"),
            Cause::Credit => (Role::Undivided, "Credit"),
            Cause::Amended => (Role::Clearing, "Amount changed"),
            Cause::Payment => (Role::Clearing, "Payment"),
            Cause::AtSourceUnknown => (Role::Clearing, "Settled at the source"),
            Cause::TakeOn => (Role::Clearing, "Settled before take-on"),
        }
    }
}
