//! What a collector keeps beside the source: fields of items, disputes, how a customer pays.

use crate::figures::Figures;
use crate::life::{customer_key, item_key};
use crate::notes::REASONS;
use crate::portfolio::{Ask, Builder};
use crate::work::{Desk, Given, Talk, workday};
use duebook_ledger::Command;
use duebook_ledger::facts::{CollectorField, ProfileField};

impl Desk {
    fn set(
        &mut self,
        b: &mut Builder,
        talk: &Talk<'_>,
        docs: &[usize],
        field: CollectorField,
        value: &str,
    ) {
        let c = &b.clients[talk.client];
        let items = docs.iter().map(|d| item_key(c, &b.erp.docs[*d])).collect();
        let command = Command::SetField {
            items,
            field,
            value: value.to_owned(),
        };
        b.ask(Ask::new(talk.day, talk.minute + 7, talk.collector, command));
    }

    /// A promise is on the desk; some items carry it as a collector's field, too.
    pub fn promised(&mut self, b: &mut Builder, talk: &Talk<'_>, given: Given) {
        if b.rng.chance(250) {
            let date = given.until.plus(-2).to_string();
            let docs = given.docs.clone();
            self.set(b, talk, &docs, CollectorField::ExpectedDate, &date);
        }
        Figures::bump(&mut b.figures.promises, given.intended);
        self.promises.push(given);
    }

    pub fn dispute(&mut self, b: &mut Builder, talk: &Talk<'_>) {
        let fresh = |d: &&usize| !self.disputed.contains(*d) && b.erp.docs[**d].dispute.is_some();
        let Some(&doc) = talk.docs.iter().find(fresh) else {
            return;
        };
        let Some((code, part)) = b.erp.docs[doc].dispute else {
            return;
        };
        self.disputed.insert(doc);
        let part = part.min(self.open(b, doc));
        let (code, owner, words) = REASONS[code];
        let status = *b
            .rng
            .pick(&["Disputed", "In clarification", "With the department"]);
        let next = format!("{owner} to answer by {}", workday(talk.day.plus(7)));
        for (field, value) in [
            (CollectorField::Status, status),
            (CollectorField::Reason, code),
            (CollectorField::Disputed, &part.to_string()),
            (CollectorField::Owner, owner),
            (CollectorField::NextAction, &next),
            (CollectorField::Remark, words),
        ] {
            if field != CollectorField::Remark || b.rng.chance(500) {
                self.set(b, talk, &[doc], field, value);
            }
        }
        b.figures.disputes += 1;
    }

    pub fn profile(&mut self, b: &mut Builder, talk: &Talk<'_>) {
        use crate::customers::PayRun::*;
        use ProfileField as F;
        let c = &b.clients[talk.client];
        let run = match c.habit.run {
            AnyDay => "Daily".to_owned(),
            Weekly(n) => format!(
                "Every {:?}",
                duebook_money::Weekday::ALL[usize::from(n % 7)]
            ),
            TenthAndTwentyFifth => "10th and 25th".to_owned(),
            MonthEnd => "Last working day of the month".to_owned(),
        };
        let vendor = format!("V{}", 40_000 + talk.client * 7);
        let mut values = vec![(F::PayRun, run)];
        let pick = |rng: &mut crate::rng::Rng, of: &[&str]| (*rng.pick(of)).to_owned();
        let rng = &mut b.rng;
        values.push((
            F::CutOff,
            pick(
                rng,
                &[
                    "2 working days before",
                    "Noon the day before",
                    "Friday for the week after",
                ],
            ),
        ));
        if rng.chance(500) {
            let portal = pick(
                rng,
                &[
                    "Supplier portal",
                    "Procurement portal",
                    "Customer's own web portal",
                ],
            );
            values.push((F::Portal, format!("{portal}, {vendor}")));
        }
        values.push((F::VendorNumber, vendor));
        if rng.chance(600) {
            values.push((
                F::DeliveryRoute,
                pick(
                    rng,
                    &[
                        "PDF to the AP mailbox",
                        "Portal upload",
                        "Peppol",
                        "Paper, two copies",
                    ],
                ),
            ));
        }
        if rng.chance(500) {
            values.push((
                F::PoRule,
                pick(
                    rng,
                    &["No PO, no pay", "PO above 1,000", "Cost centre is enough"],
                ),
            ));
        }
        if rng.chance(300) {
            values.push((
                F::GrnRule,
                pick(rng, &["Three-way match", "Goods receipt by the warehouse"]),
            ));
        }
        if rng.chance(300) {
            values.push((
                F::Statement,
                pick(
                    rng,
                    &[
                        "Monthly by mail",
                        "On request only",
                        "Every first of the month, Excel",
                    ],
                ),
            ));
        }
        if rng.chance(200) {
            values.push((
                F::Shutdowns,
                pick(
                    rng,
                    &[
                        "Christmas to New Year",
                        "Two weeks in August",
                        "Inventory on 30 June",
                    ],
                ),
            ));
        }
        let command = Command::SetProfile {
            customer: customer_key(&b.clients[talk.client]),
            values,
            source: "By phone".to_owned(),
            checked: talk.day,
        };
        b.ask(Ask::new(talk.day, talk.minute + 8, talk.collector, command));
    }
}
