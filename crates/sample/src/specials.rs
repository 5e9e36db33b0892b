//! Days on which something else happens: a mistake undone, a person who left, a text erased, our own
//! postings that the source does not know yet.

use crate::erp::Receipt;
use crate::figures::{Figures, Intended};
use crate::life::{customer_key, item_key};
use crate::portfolio::{Ask, Builder, SOURCE};
use crate::work::Desk;
use duebook_ledger::Command;
use duebook_ledger::columns::ItemKind;
use duebook_ledger::command::{
    LogContact, NewContact, NewFollowUp, NewPromise, NewPromiseLine, RecordReceipt,
};
use duebook_ledger::facts::*;
use duebook_ledger::keys::ItemKey;
use duebook_money::Day;

/// What is done once.
#[derive(Debug, Default)]
pub(crate) struct Specials {
    receipts: u32,
    returned: u32,
}

const LEAD: &str = crate::customers::COLLECTORS[0];

impl Desk {
    pub fn special_day(&mut self, b: &mut Builder, day: Day) {
        let ago = self.last.since(day);
        // The first working day of each of these weeks.
        if day.weekday().index() == 0 {
            match ago / 7 {
                3 => self.wrong_customer(b, day),
                8 => self.person_left(b, day),
                14 => self.erase(b, day),
                5 | 11 | 20 | 30 => self.account_promise(b, day),
                _ => {}
            }
        }
        if ago % 41 == 5 {
            self.end_promise(b, day, ago);
        }
        if ago <= 5 {
            self.ours(b, day);
        }
    }

    fn with_people(&self, b: &Builder, from: usize) -> Option<usize> {
        let n = b.clients.len();
        (0..n)
            .map(|i| (from + i) % n)
            .find(|c| self.contacts[*c].as_ref().is_some_and(|k| !k.is_empty()))
    }

    /// A note on the wrong account, undone.
    fn wrong_customer(&mut self, b: &mut Builder, day: Day) {
        let Some(client) = self.with_people(b, 3) else {
            return;
        };
        let text = b.text("Confirms the delivery of the second lot, invoice to follow.");
        let log = LogContact {
            customer: customer_key(&b.clients[client]),
            contact: None,
            channel: Channel::InboundCall,
            outcome: Outcome::Informed,
            at: crate::portfolio::instant(day, 600),
            local_offset: None,
            seconds: 140,
            note: text.as_ref().map(|t| t.reference),
            items: Vec::new(),
            promise: None,
            follow_up: None,
            closes: Vec::new(),
        };
        let texts = text.into_iter().collect();
        let made = b.ask(Ask::new(day, 1_020, LEAD, Command::LogContact(log)).with(texts));
        if let Some((commit, _)) = made {
            b.ask(Ask::new(day, 1_022, LEAD, Command::Undo { commit }));
        }
    }

    /// A person left, another came; the credit manager lowers a limit.
    fn person_left(&mut self, b: &mut Builder, day: Day) {
        let Some(client) = self.with_people(b, 11) else {
            return;
        };
        let Some(keys) = self.contacts[client].clone() else {
            return;
        };
        let c = b.clients[client].clone();
        b.ask(Ask::new(
            day,
            1_030,
            LEAD,
            Command::RemoveContact { contact: keys[0] },
        ));
        let number = &c.facts.number;
        let details = format!("Robin Achterberg\naccounts.payable@c{number}.example\n");
        let text = b.text(&details);
        if let Some(text) = text {
            let facts = NewContact {
                customer: customer_key(&c),
                role: "AP clerk".to_owned(),
                zone: c.facts.zone.clone(),
                language: Some(c.place.language.to_owned()),
                details: text.reference,
            };
            let command = Command::SaveContact {
                contact: None,
                facts,
            };
            if let Some((_, id)) = b.ask(Ask::new(day, 1_032, LEAD, command).with(vec![text])) {
                let mut keys = keys;
                keys[0] = crate::life::contact_key(id, 0);
                self.contacts[client] = Some(keys);
                b.clients[client].people[0].name = "Robin Achterberg".to_owned();
            }
        }
        let mut facts = c.facts.clone();
        facts.credit_limit = facts.credit_limit.map(|l| l / 2);
        let command = Command::SaveCustomer {
            customer: customer_key(&c),
            facts,
        };
        b.ask(Ask::new(day, 1_034, LEAD, command));
    }

    /// The oldest note of all is erased.
    fn erase(&mut self, b: &mut Builder, day: Day) {
        let noted = b
            .steps
            .iter()
            .find(|s| matches!(s.command, Command::LogContact(_)) && !s.texts.is_empty());
        let Some(id) = noted.map(|s| s.texts[0].id) else {
            return;
        };
        let ground = "Request of the person, GDPR Art. 17".to_owned();
        b.ask(Ask::new(
            day,
            1_040,
            LEAD,
            Command::EraseTexts {
                texts: vec![id],
                ground,
            },
        ));
    }

    /// A promise for the account, taken by mail, with a follow-up of its own.
    fn account_promise(&mut self, b: &mut Builder, day: Day) {
        let n = b.clients.len();
        let from = b.rng.below(n as u64) as usize;
        let owes = |c: &usize| {
            let late = |d: &&usize| {
                let d = &b.erp.docs[**d];
                d.shown
                    && d.open > 0
                    && d.due < day
                    && d.cash.iter().any(|(p, _)| *p > day.plus(14))
            };
            b.erp.of[*c].iter().filter(late).count() > 0
                && !self
                    .promises
                    .iter()
                    .any(|p| p.client == *c && p.until >= day)
        };
        let Some(client) = (0..n).map(|i| (from + i) % n).find(owes) else {
            return;
        };
        let c = &b.clients[client];
        let (customer, currency) = (customer_key(c), c.currency);
        let amount = 250 * currency.minor_per_major() * c.size;
        let date = crate::work::workday(day.plus(7));
        let promise = NewPromise {
            currency,
            lines: vec![NewPromiseLine {
                item: None,
                amount,
                date,
            }],
            method: Some("Bank transfer".to_owned()),
            evidence: None,
        };
        b.ask(Ask::new(
            day,
            1_050,
            LEAD,
            Command::TakePromise {
                customer: customer.clone(),
                promise,
            },
        ));
        let follow_up = NewFollowUp {
            due: date.plus(1),
            at: None,
            zone: None,
            what: None,
            retry: false,
        };
        b.ask(Ask::new(
            day,
            1_051,
            LEAD,
            Command::SetFollowUp {
                customer,
                follow_up,
            },
        ));
    }

    /// A promise that is still open ends by our act.
    fn end_promise(&mut self, b: &mut Builder, day: Day, ago: i32) {
        let open = |p: &&mut crate::work::Given| !p.ended && p.until > day.plus(2);
        let Some(given) = self
            .promises
            .iter_mut()
            .filter(|p| p.until < b.today.plus(30))
            .find(open)
        else {
            return;
        };
        let (how, intended) = match ago / 41 % 3 {
            0 => (PromiseEnd::Withdrawn, Intended::Withdrawn),
            1 => (PromiseEnd::Superseded, Intended::Superseded),
            _ => (PromiseEnd::EntryError, Intended::EntryError),
        };
        given.ended = true;
        if let Some(n) = b.figures.promises.get_mut(&given.intended) {
            *n -= 1;
        }
        Figures::bump(&mut b.figures.promises, intended);
        let (key, client) = (given.key, given.client);
        let docs = given.docs.clone();
        let collector = b.clients[client].collector;
        b.ask(Ask::new(
            day,
            1_060,
            collector,
            Command::EndPromise { promise: key, how },
        ));
        // What replaces it.
        if how == PromiseEnd::Superseded
            && let Some((promise, mut given)) = self.promise(b, day, client, &docs)
        {
            let command = Command::TakePromise {
                customer: customer_key(&b.clients[client]),
                promise,
            };
            if b.ask(Ask::new(day, 1_061, collector, command)).is_some() {
                Figures::bump(&mut b.figures.promises, given.intended);
                given.key = b.book.promises().last().map_or(given.key, |p| p.key);
                self.promises.push(given);
            }
        }
    }

    /// Money and credits that we know of and the source does not: pending.
    fn ours(&mut self, b: &mut Builder, day: Day) {
        let minute = if day == self.last { 560 } else { 1_070 };
        let n = b.clients.len();
        let from = b.rng.below(n as u64) as usize;
        let mut left = 2;
        for client in (0..n).map(|i| (from + i) % n) {
            if left == 0 {
                break;
            }
            if self.receipt(b, day, minute, client) {
                left -= 1;
            }
        }
        if self.specials.returned < 2 {
            self.give_back(b, day, minute + 3);
        }
        self.apply_credit(b, day, minute + 4);
    }

    fn payable(&mut self, b: &Builder, client: usize, day: Day) -> Vec<(usize, i64)> {
        let fits = |d: &usize| {
            let d = &b.erp.docs[*d];
            d.shown
                && d.open > 0
                && d.amount > 0
                && !d.special
                && d.due < day
                && d.date < day
                && d.line.is_empty()
                && d.dispute.is_none()
                && !d.cash.iter().any(|(p, _)| *p <= self.last)
        };
        let docs: Vec<usize> = b.erp.of[client]
            .iter()
            .copied()
            .filter(fits)
            .take(3)
            .collect();
        docs.into_iter()
            .map(|d| (d, self.open(b, d)))
            .filter(|(_, open)| *open > 0)
            .collect()
    }

    fn receipt(&mut self, b: &mut Builder, day: Day, minute: i32, client: usize) -> bool {
        let docs = self.payable(b, client, day);
        if docs.is_empty() {
            return false;
        }
        self.specials.receipts += 1;
        let n = self.specials.receipts;
        let c = &b.clients[client];
        // Every third pays a little more than it says for what.
        let rest = if n.is_multiple_of(3) {
            125 * c.currency.minor_per_major()
        } else {
            0
        };
        let apply: Vec<(ItemKey, i64)> = docs
            .iter()
            .map(|(d, open)| (item_key(c, &b.erp.docs[*d]), *open))
            .collect();
        let number = format!("ADV-{:04}", n);
        let (entity, collector) = (c.entity.to_owned(), c.collector);
        let receipt = RecordReceipt {
            customer: customer_key(c),
            entity: entity.clone(),
            number: number.clone(),
            value_date: day,
            currency: c.currency,
            amount: apply.iter().map(|(_, a)| a).sum::<i64>() + rest,
            reference: format!("Advice {}", c.facts.number),
            applications: apply,
        };
        for (doc, _) in &docs {
            b.erp.docs[*doc].special = true;
        }
        if b.ask(Ask::new(
            day,
            minute,
            collector,
            Command::RecordReceipt(receipt),
        ))
        .is_none()
        {
            return false;
        }
        if n.is_multiple_of(2) {
            let item = ItemKey {
                entity,
                credit: true,
                number,
                ..ItemKey::default()
            };
            let command = Command::SetStanding {
                item: Some(item),
                settlement: None,
                standing: Standing::Sent,
                reference: format!("Batch {day}"),
            };
            b.ask(Ask::new(day, minute + 2, collector, command));
        }
        true
    }

    /// The bank returned a payment; the source does not show it yet (CA-30).
    fn give_back(&mut self, b: &mut Builder, day: Day, minute: i32) {
        let fits = |r: &&Receipt| {
            let one = r.rows.len() == 1
                && r.rows[0].doc.is_ok_and(|d| {
                    let d = &b.erp.docs[d];
                    !d.special && d.open == 0 && d.line.is_empty() && d.cash.len() == 1
                });
            one && r.told < day.plus(-8) && r.day > day.plus(-30)
        };
        let Some(receipt) = b.erp.receipts.iter().find(fits) else {
            return;
        };
        let Ok(doc) = receipt.rows[0].doc else {
            return;
        };
        let client = b.erp.docs[doc].client;
        let key = ItemKey {
            source: SOURCE.to_owned(),
            entity: b.clients[client].entity.to_owned(),
            credit: true,
            number: receipt.number.clone(),
            ..ItemKey::default()
        };
        b.erp.docs[doc].special = true;
        self.specials.returned += 1;
        let collector = b.clients[client].collector;
        b.ask(Ask::new(
            day,
            minute,
            collector,
            Command::ReturnReceipt {
                receipt: key,
                effective: day,
            },
        ));
    }

    fn apply_credit(&mut self, b: &mut Builder, day: Day, minute: i32) {
        let free: Vec<usize> = (0..b.erp.docs.len())
            .filter(|d| {
                let d = &b.erp.docs[*d];
                d.kind == ItemKind::CreditMemo && d.shown && d.open < 0 && d.open == d.amount
            })
            .collect();
        for credit in free {
            let client = b.erp.docs[credit].client;
            let sum = -self.open(b, credit);
            let docs = self.payable(b, client, day);
            let Some((doc, _)) = docs.into_iter().find(|(_, open)| *open > sum && sum > 0) else {
                continue;
            };
            let c = &b.clients[client];
            let command = Command::ApplyCredit {
                credit: item_key(c, &b.erp.docs[credit]),
                item: item_key(c, &b.erp.docs[doc]),
                amount: sum,
                effective: day,
                with: Vec::new(),
            };
            let collector = c.collector;
            b.erp.docs[doc].special = true;
            b.ask(Ask::new(day, minute, collector, command));
            return;
        }
    }
}
