//! Correspondence of the sample: who signs, a ladder of its own for large customers, reminders that
//! went out a fortnight ago, two produced and not confirmed, a hold, queries with a clock.

use crate::life::{customer_key, item_key};
use crate::portfolio::{Ask, Builder, instant};
use crate::work::Desk;
use duebook_ledger::Command;
use duebook_ledger::keys::FactKey;
use duebook_ledger::letters::{LetterTotal, LettersCommand, NewLetter};
use duebook_ledger::policy::PolicyChange;
use duebook_money::Day;
use duebook_policy::LettersPolicy;
use duebook_policy::letters::{Ladder, LetterUse, Medium, QueryKind, Sender, Step};

const LEAD: &str = crate::customers::COLLECTORS[0];
/// Weeks before the portfolio's last day on which reminders went out.
const SENT_WEEKS_AGO: i32 = 2;

impl Desk {
    /// What is done on a working day about letters. Draws from numbers of its own, so that the rest
    /// of the portfolio is as it would be without.
    pub fn letters_day(&mut self, b: &mut Builder, day: Day) {
        let ago = self.last.since(day);
        let sends = day.weekday().index() == 0 && ago / 7 == SENT_WEEKS_AGO;
        if !sends && day != last_workday(self.last) {
            return;
        }
        let own = b.rng.clone().part(70 + u64::from(sends));
        let rest = std::mem::replace(&mut b.rng, own);
        if sends {
            self.rules(b, day);
            self.reminders(b, day, 0, 14, true);
        } else {
            self.reminders(b, day, 14, 2, false);
            self.waiting(b, day);
        }
        b.rng = rest;
    }

    fn rules(&mut self, b: &mut Builder, day: Day) {
        let step = |(day, template): (i32, &str)| Step {
            day,
            template: template.to_owned(),
            medium: Medium::Email,
        };
        let mut policy = LettersPolicy {
            sender: Sender {
                company: "Sample Creditor Ltd".to_owned(),
                role: "Accounts receivable".to_owned(),
                mailbox: "receivables@creditor.example".to_owned(),
                phone: "+44 20 7946 0000".to_owned(),
                address: "1 Sample Street\nLondon".to_owned(),
                pay_to: "Please pay to the bank account printed on the invoice, and name its number.\nWe never change bank details by mail: call us if you are told otherwise.".to_owned(),
                disputes: "If an invoice is not right, please tell us its number, the amount and the reason within 14 days. Pay the rest meanwhile.".to_owned(),
                terms: "Each invoice falls due on the date printed on it. A part payment is set against the invoice you name, else against the oldest.".to_owned(),
                ..Sender::default()
            },
            ..LettersPolicy::default()
        };
        // Large customers are asked earlier and reminded later.
        policy.ladders.insert(
            0,
            Ladder {
                name: "Key accounts".to_owned(),
                segments: vec!["Key account".to_owned()],
                steps: [
                    (-10, "upcoming"),
                    (3, "first"),
                    (20, "second"),
                    (45, "final"),
                ]
                .into_iter()
                .map(step)
                .collect(),
            },
        );
        let command = Command::SetPolicy(PolicyChange::Letters(Box::new(policy)));
        b.ask(Ask::new(day, 540, LEAD, command));
    }

    /// First reminders to customers with something past due, in the order of the clients.
    fn reminders(&mut self, b: &mut Builder, day: Day, skip: usize, most: usize, sent: bool) {
        let mut letters = Vec::new();
        let mut texts = Vec::new();
        let clients = (0..b.clients.len()).filter(|c| c % 5 == 2);
        let clients: Vec<usize> = clients.collect();
        let mut seen = 0;
        for client in clients {
            let docs = self.overdue(b, client, day);
            let person = self.contacts[client]
                .as_ref()
                .and_then(|k| k.first().copied());
            let (false, Some(person)) = (docs.is_empty(), person) else {
                continue;
            };
            seen += 1;
            if seen <= skip || letters.len() == most {
                continue;
            }
            let currency = b.clients[client].currency;
            let lines: Vec<_> = docs
                .iter()
                .map(|d| {
                    (
                        item_key(&b.clients[client], &b.erp.docs[*d]),
                        self.open(b, *d),
                    )
                })
                .collect();
            let minor = lines.iter().map(|l| l.1).sum();
            let subject = b.text(&format!("First reminder: {} invoices", lines.len()));
            let reference = subject.as_ref().map(|t| t.reference);
            texts.extend(subject);
            letters.push(NewLetter {
                customer: customer_key(&b.clients[client]),
                contact: Some(person),
                used_for: LetterUse::Reminder,
                template: "first".to_owned(),
                language: "en".to_owned(),
                version: 1,
                medium: Medium::Email,
                step: Some(1),
                as_of: day,
                lines,
                totals: vec![LetterTotal { currency, minor }],
                subject: reference,
                content: None,
                tie: String::new(),
            });
        }
        let count = letters.len() as u32;
        if count == 0 {
            return;
        }
        let command = Command::Letters(LettersCommand::Produce(letters));
        let made = b.ask(Ask::new(day, 545, LEAD, command).with(texts));
        if let (Some((_, command)), true) = (made, sent) {
            let key = |n| FactKey {
                command,
                ordinal: 15 << 24 | n,
            };
            let command = Command::Letters(LettersCommand::ConfirmSent {
                letters: (0..count).map(key).collect(),
                at: instant(day, 550),
            });
            b.ask(Ask::new(day, 550, LEAD, command));
        }
    }

    /// A hold, and what customers asked for.
    fn waiting(&mut self, b: &mut Builder, day: Day) {
        let n = b.clients.len();
        let with_docs: Vec<(usize, usize)> = (0..n)
            .filter_map(|c| Some((c, *self.overdue(b, c, day).first()?)))
            .collect();
        let at = |k: usize| with_docs.get(k * with_docs.len() / 7).copied();
        if let Some((client, _)) = at(1) {
            let command = Command::Letters(LettersCommand::SetHold {
                customer: customer_key(&b.clients[client]),
                reason: "Balance is being agreed with their auditors".to_owned(),
                until: day.plus(10),
            });
            b.ask(Ask::new(day, 560, LEAD, command));
        }
        let asked = [
            (
                2,
                QueryKind::InvoiceCopy,
                "Asks for a copy, the first mail was not delivered.",
                100,
            ),
            (
                3,
                QueryKind::ProofOfDelivery,
                "Wants the signed delivery note.",
                400,
            ),
            (
                4,
                QueryKind::PortalUpload,
                "Please upload to the supplier portal.",
                1_500,
            ),
            (
                5,
                QueryKind::VendorForm,
                "New vendor form for this year.",
                2_900,
            ),
        ];
        for (place, kind, words, minutes_ago) in asked {
            let Some((client, doc)) = at(place) else {
                continue;
            };
            let note = b.text(words);
            let reference = note.as_ref().map(|t| t.reference);
            let command = Command::Letters(LettersCommand::OpenQuery {
                customer: customer_key(&b.clients[client]),
                contact: None,
                kind,
                at: instant(day, 570 - minutes_ago),
                items: vec![item_key(&b.clients[client], &b.erp.docs[doc])],
                note: reference,
            });
            b.ask(Ask::new(day, 570, LEAD, command).with(note.into_iter().collect()));
        }
    }
}

/// The last working day up to a day.
fn last_workday(day: Day) -> Day {
    day.plus(match day.weekday().index() {
        5 => -1,
        6 => -2,
        _ => 0,
    })
}
