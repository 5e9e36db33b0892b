//! The proofs of a journal. The legs are worked out from what a posting is; here our postings are added
//! up from the columns of open items, whatever they are.

use super::{Entry, EntryState, Maker};
use duebook_ledger::facts::Standing;
use duebook_ledger::settlements::Settlement;
use duebook_ledger::{ItemId, Seq};
use duebook_money::{Currency, Day};
use duebook_sheet::{Control, Figure};
use std::collections::BTreeMap;

/// A company and currency of a journal, minor units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Balance {
    /// Code of the company.
    pub entity: String,
    /// Currency.
    pub currency: Currency,
    /// Debits.
    pub debit: i128,
    /// Credits, positive.
    pub credit: i128,
    /// What entries that are posted do to what is owed and to money of customers: debits less credits.
    pub subledger: i128,
    /// What our postings did to open items, by the ledger's columns.
    pub ledger: i128,
}

impl Balance {
    /// Whether debits equal credits, and the subledger is the ledger's.
    pub fn holds(&self) -> bool {
        self.debit == self.credit && self.subledger == self.ledger
    }
    /// Both as controls of a README.
    pub fn controls(&self) -> [Control; 2] {
        let currency = self.currency;
        let figure = |minor| Figure::Money { minor, currency };
        let of = match self.entity.is_empty() {
            true => currency.code().to_owned(),
            false => format!("{}, {}", self.entity, currency.code()),
        };
        [
            Control {
                name: format!("Journal: debits, {of}"),
                actual: figure(self.debit),
                against: Some(("Credits".to_owned(), figure(self.credit))),
            },
            Control {
                name: format!("Journal: customers’ accounts, {of}"),
                actual: figure(self.subledger),
                against: Some(("Our postings on open items".to_owned(), figure(self.ledger))),
            },
        ]
    }
}

#[derive(Default)]
struct Sums {
    debit: i128,
    credit: i128,
    subledger: i128,
    ledger: i128,
}

/// Company and ISO number of the currency.
type Slot = (u16, u16);

impl Maker<'_> {
    pub(super) fn balances(&self, entries: &[Entry], from: Day) -> Vec<Balance> {
        let mut sums: BTreeMap<Slot, Sums> = BTreeMap::new();
        for entry in entries {
            let slot = (entry.entity, entry.currency.numeric());
            let sum = sums.entry(slot).or_default();
            for leg in &entry.legs {
                let amount = i128::from(leg.amount);
                sum.debit += amount.max(0);
                sum.credit -= amount.min(0);
                if leg.role.is_subledger() && entry.state != EntryState::ToApprove {
                    sum.subledger += amount;
                }
            }
        }
        for (slot, amount) in self.moved_by_us(from) {
            sums.entry(slot).or_default().ledger += amount;
        }
        let mut out: Vec<Balance> = Vec::new();
        for ((entity, currency), sum) in sums {
            let code = self.book.entities().get(usize::from(entity)).cloned();
            out.push(Balance {
                entity: code.unwrap_or_default(),
                currency: Currency::from_numeric(currency).unwrap_or(Currency::XXX),
                debit: sum.debit,
                credit: sum.credit,
                subledger: sum.subledger,
                ledger: sum.ledger,
            });
        }
        out
    }

    /// What our postings of the period did to open items.
    fn moved_by_us(&self, from: Day) -> BTreeMap<Slot, i128> {
        let to = self.scan.view().as_of;
        let within = |day: Day| from <= day && day <= to;
        let mut out: BTreeMap<Slot, i128> = BTreeMap::new();
        let mut add = |id: ItemId, amount: i128| {
            if let Some(item) = self.book.item(id) {
                let slot = (item.entity(), item.currency().numeric());
                *out.entry(slot).or_default() += amount;
            }
        };
        let mut items = self.own_items();
        // The source's own stand in their place.
        items.extend(&self.told.items);
        duebook_money::order::sort(&mut items);
        items.dedup();
        for id in items.iter().filter(|id| !self.torn.items.contains(id)) {
            if let Some(item) = self.book.item(*id)
                && within(Day(item.doc_date()))
            {
                add(*id, i128::from(item.recorded_amount()));
            }
        }
        let live = |s: Seq| self.is_live(s);
        let table = self.book.settlements();
        let mut both = |s: &Settlement, sign: i128| {
            let amount = sign * i128::from(s.amount);
            s.debit.into_iter().for_each(|id| add(id, -amount));
            s.credit.into_iter().for_each(|id| add(id, amount));
        };
        for s in table.iter().filter(|s| live(s.commit)) {
            let told = self.told.settlements.contains(&s.id);
            let torn = self.torn.settlements.contains(&s.id);
            let counts = table.standing(s.id, &live).counts();
            if (told || (counts && !torn)) && self.is_ours(s.commit) && within(s.effective) {
                both(&s, 1);
            }
            let told = self.told.taken_back.contains(&s.id);
            let torn = self.torn.taken_back.contains(&s.id);
            let Some(reversal) = table.reversal(s.id, &live) else {
                continue;
            };
            let counts = counts && Standing::counts(reversal.standing);
            let ours = self.is_ours(reversal.commit);
            if (told || (counts && !torn)) && ours && within(reversal.effective) {
                both(&s, -1);
            }
        }
        out
    }

    /// What a reader has to know of the entries.
    pub(super) fn notes(&self, entries: &[Entry], from: Day) -> Vec<String> {
        let to = self.scan.view().as_of;
        let named = |all: &[(Day, String)]| {
            let within = all.iter().filter(|(day, _)| from <= *day && *day <= to);
            let names: Vec<&str> = within.map(|(_, name)| name.as_str()).collect();
            (!names.is_empty()).then(|| names.join(", "))
        };
        let mut out = vec![
            "Proposed postings of everything of ours; what came in with a file is the source’s own. An \
             account without a number shows what it is for: give numbers under Settings, Ledger accounts."
                .to_owned(),
        ];
        let waiting = entries.iter();
        let waiting = waiting.filter(|e| e.state == EntryState::ToApprove).count();
        if waiting > 0 {
            let are = if waiting == 1 {
                "entry waits"
            } else {
                "entries wait"
            };
            out.push(format!(
                "{waiting} {are} for approval: not to be posted before, and in no figure of the ledger."
            ));
        }
        if let Some(names) = named(&self.no_rate) {
            out.push(format!(
                "Exchange differences that are not known, for want of a rate, and in no entry: {names}. \
                 Give the rates of those days under Settings."
            ));
        }
        if let Some(names) = named(&self.torn_names) {
            out.push(format!(
                "Withdrawn in part, and in no entry: {names}. Withdraw the rest, or post it by hand."
            ));
        }
        if let Some(names) = named(&self.stuck_names) {
            out.push(format!(
                "Waiting, and no longer possible as asked: {names}. Take it back and ask anew."
            ));
        }
        out
    }
}
