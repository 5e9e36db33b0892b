//! Promises: the customers' plans are known here, so that each promise is kept or broken on purpose.

use crate::erp::Doc;
use crate::figures::Intended;
use crate::portfolio::Builder;
use crate::work::{Desk, Given, workday};
use duebook_ledger::Uid;
use duebook_ledger::command::{NewPromise, NewPromiseLine};
use duebook_ledger::keys::FactKey;
use duebook_money::Day;

/// Grace of the policy in force (PT-02).
const GRACE: i32 = 2;

fn money_in(doc: &Doc, from: Day, to: Day) -> i64 {
    let inside = |(day, _): &&(Day, i64)| from <= *day && *day <= to;
    doc.cash.iter().filter(inside).map(|(_, a)| a).sum()
}

impl Desk {
    /// A promise for some of the documents, `None` where none may be promised.
    pub fn promise(
        &mut self,
        b: &mut Builder,
        day: Day,
        client: usize,
        docs: &[usize],
    ) -> Option<(NewPromise, Given)> {
        let taken: Vec<usize> = (self.promises.iter())
            .filter(|p| p.client == client && p.until >= day && !p.ended)
            .flat_map(|p| p.docs.iter().copied())
            .collect();
        let may = |d: &usize| {
            let doc = &b.erp.docs[*d];
            !doc.special
                && doc.dispute.is_none()
                && doc.open > 0
                && !taken.contains(d)
                && doc.line.is_empty()
        };
        let mut of: Vec<usize> = docs.iter().copied().filter(may).collect();
        let due = |d: usize| {
            b.erp.docs[d]
                .cash
                .iter()
                .map(|(c, _)| *c)
                .find(|c| *c > day)
        };
        let soon = |d: usize| due(d).filter(|p| p.since(day) <= 16 && *p <= self.last);
        let paid = of.iter().filter_map(|d| soon(*d)).min();
        // Who does not mean to pay soon seldom names a day; who does, names what will be paid.
        if paid.is_none() && b.today.since(day) > 12 && b.rng.chance(620) {
            return None;
        }
        if let Some(paid) = paid
            && b.rng.chance(560)
        {
            of.retain(|d| due(*d).is_some_and(|c| c <= paid.plus(1)));
        }
        of.truncate(b.rng.range(1, 3) as usize);
        let date = match paid {
            // The eve of the portfolio's today leaves some due today and some to come.
            _ if b.today.since(day) <= 9 && b.rng.chance(240) => b.today,
            _ if b.today.since(day) <= 9 && b.rng.chance(450) => b.today.plus(b.rng.range(1, 8)),
            Some(paid) if b.rng.chance(780) => paid.plus(b.rng.range(0, 1)),
            _ => workday(day.plus(b.rng.range(1, 10))),
        };
        let date = if date == b.today { date } else { workday(date) };
        let second = of.len() > 1 && b.rng.chance(150);
        let mut lines = Vec::new();
        let (mut promised, mut came, mut until) = (0, 0, date);
        for (n, doc) in of.iter().copied().enumerate() {
            let date = if second && n > 0 {
                workday(date.plus(7))
            } else {
                date
            };
            until = until.max(date.plus(GRACE));
            let open = self.open(b, doc);
            let cash = money_in(&b.erp.docs[doc], day, date.plus(GRACE));
            // They promise what they mean to pay: net of discount and tax withheld.
            let amount = if cash > 0 && cash < open && cash * 100 >= open * 85 {
                cash
            } else {
                open
            };
            if amount <= 0 {
                continue;
            }
            promised += amount;
            came += cash.min(amount);
            let item = Some(crate::life::item_key(&b.clients[client], &b.erp.docs[doc]));
            lines.push(NewPromiseLine { item, amount, date });
        }
        if lines.is_empty() {
            return None;
        }
        let intended = match () {
            () if until < self.last && came >= promised => Intended::Kept,
            () if until < self.last && came > 0 => Intended::Partial,
            () if until < self.last => Intended::Broken,
            () if date > b.today => Intended::Open,
            () if date == b.today => Intended::DueToday,
            () => Intended::Waiting,
        };
        let method = *b.rng.pick(&[
            "Bank transfer",
            "Bank transfer",
            "ACH",
            "SEPA",
            "NEFT",
            "Cheque",
        ]);
        let promise = NewPromise {
            currency: b.clients[client].currency,
            lines,
            method: b.rng.chance(700).then(|| method.to_owned()),
            evidence: None,
        };
        let key = FactKey {
            command: Uid::default(),
            ordinal: 0,
        };
        Some((
            promise,
            Given {
                client,
                docs: of,
                until,
                key,
                intended,
                ended: false,
            },
        ))
    }
}
