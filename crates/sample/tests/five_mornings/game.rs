//! The mornings played: files taken in, the collector's work done between them.

use crate::play::{Play, read_bytes};
use duebook_exchange::read::Options;
use duebook_ledger::command::{LogContact, NewPromise, NewPromiseLine, RecordReceipt};
use duebook_ledger::event::ItemChange;
use duebook_ledger::facts::*;
use duebook_ledger::keys::{CustomerKey, ItemKey};
use duebook_ledger::policy::PolicyChange;
use duebook_ledger::{Command, Refusal};
use duebook_money::{Currency, Day};
use duebook_policy::promise::PromisePolicy;
use duebook_sample::mornings::{FileRole, Happened, Morning, Plan, Shape, Variant, Work, mornings};
use std::collections::{BTreeMap, BTreeSet};

/// What is ours and not confirmed yet: what it moves, and the morning on which it is answered.
pub struct Pending {
    pub item: ItemKey,
    /// None where the money is a receipt of ours.
    pub credit: Option<ItemKey>,
    pub amount: i64,
    pub currency: Currency,
    pub answered: u8,
}

/// An item that is gone: the day before whose close it went, what was open of it, and why.
pub struct Gone {
    pub eve: Day,
    pub morning: u8,
    pub open: i64,
    pub event: Happened,
    pub told_on: Option<u8>,
}

/// The mornings of one system, being played.
pub struct Game {
    pub name: String,
    pub all: Vec<Morning>,
    pub play: Play,
    pub pending: Vec<Pending>,
    pub gone: BTreeMap<ItemKey, Gone>,
    pub notes: Vec<(ItemKey, &'static str)>,
    /// Confirmed successors.
    pub heirs: BTreeMap<ItemKey, Vec<ItemKey>>,
    /// Items that money of ours pays.
    pub ours: BTreeSet<ItemKey>,
    /// Whether the collector records the bank's receipts before the source shows them.
    pub records_cash: bool,
}

pub fn eve(all: &[Morning], number: u8) -> Day {
    all[usize::from(number) - 2].day
}

/// Which documents took the place of which.
pub fn successors(happened: &[Happened]) -> Vec<(SuccessionKind, ItemKey, Vec<ItemKey>)> {
    let each = happened.iter().flat_map(|event| match event {
        Happened::Residual { from, to, .. } => {
            vec![(SuccessionKind::Residual, from.clone(), vec![to.clone()])]
        }
        Happened::Rebilled { from, to, .. } => {
            vec![(SuccessionKind::Rebill, from.clone(), vec![to.clone()])]
        }
        Happened::Renumbered { from, to } => {
            vec![(SuccessionKind::Renumbering, from.clone(), vec![to.clone()])]
        }
        Happened::Split { from, parts } => {
            vec![(SuccessionKind::Split, from.clone(), parts.clone())]
        }
        Happened::CustomerMerged { items, .. } => {
            let one = |(a, b): &(ItemKey, ItemKey)| {
                (SuccessionKind::Transfer, a.clone(), vec![b.clone()])
            };
            items.iter().map(one).collect()
        }
        _ => Vec::new(),
    });
    // Where a document keeps its number nothing took its place.
    each.filter(|(_, from, to)| !to.contains(from)).collect()
}

impl Game {
    pub fn begin(shape: Shape, seed: u64) -> Game {
        let plan = Plan::new(shape, seed, Day::from_ymd(2026, 11, 16).unwrap());
        let mut play = Play::begin(shape.name(), plan.days[0]);
        // No grace: the fifth morning is to judge the promises of the fourth.
        play.when(Command::SetPolicy(PolicyChange::Promises(PromisePolicy {
            grace_days: 0,
            ..PromisePolicy::default()
        })));
        Game {
            name: format!("{shape:?} {seed}"),
            all: mornings(&plan),
            play,
            pending: Vec::new(),
            gone: BTreeMap::new(),
            notes: Vec::new(),
            heirs: BTreeMap::new(),
            ours: BTreeSet::new(),
            records_cash: seed % 2 == 1,
        }
    }

    fn customer(&self, number: &str) -> CustomerKey {
        CustomerKey {
            source: self.play.source.clone(),
            number: number.to_owned(),
        }
    }

    /// Takes in the files of a morning, open items first.
    pub fn files(&mut self, number: u8) {
        let morning = self.all[usize::from(number) - 1].clone();
        for file in &morning.files {
            if matches!(file.role, FileRole::BankCsv | FileRole::BankCamt) {
                continue;
            }
            let staged = read_bytes(&file.name, &file.bytes, &Options::default());
            assert_eq!(staged.preview.questions, [], "{}", file.name);
            let as_of = staged.preview.as_of.as_ref().map(|a| a.date.clone());
            if file.role != FileRole::Customers {
                assert_eq!(as_of, Some(morning.day.to_string()), "{}", file.name);
            }
            let done = self.play.take(&staged, morning.day, Scope::Everything);
            if let Err(refusal) = done {
                // Master data may know nothing that the list of items does not.
                let nothing = matches!(refusal, Refusal::NothingNew { .. });
                assert!(
                    nothing && file.role == FileRole::Customers,
                    "{} {}: {refusal:?}",
                    self.name,
                    file.name
                );
            }
        }
    }

    /// Remembers what the truth says went this morning, and what came back.
    pub fn learn(&mut self, number: u8) {
        if number == 1 {
            return;
        }
        let (before, now) = (
            &self.all[usize::from(number) - 2],
            &self.all[usize::from(number) - 1],
        );
        let open = before.truth.by_key();
        for absent in &now.absent {
            let gone = Gone {
                eve: before.day,
                morning: number,
                open: open[&absent.key].open,
                event: now.happened[absent.event].clone(),
                told_on: absent.told_on,
            };
            self.gone.insert(absent.key.clone(), gone);
        }
        for item in &now.truth.items {
            self.gone.remove(&item.key);
        }
    }

    /// What the collector does: what the truth asks for, the bank's receipts, a remark.
    pub fn work(&mut self, number: u8) {
        let morning = self.all[usize::from(number) - 1].clone();
        for work in &morning.work {
            self.one(&morning, work);
        }
        if self.records_cash && (number == 2 || number == 4) {
            self.record_cash(number);
        }
    }

    fn one(&mut self, morning: &Morning, work: &Work) {
        let currency = |key: &ItemKey| {
            let items = morning.truth.by_key();
            morning.truth.debtor(items[key]).currency
        };
        match work {
            Work::Promise {
                customer,
                item,
                amount,
                date,
                ..
            } => {
                self.play.when(Command::TakePromise {
                    customer: self.customer(customer),
                    promise: NewPromise {
                        currency: currency(item),
                        lines: vec![NewPromiseLine {
                            item: Some(item.clone()),
                            amount: *amount,
                            date: *date,
                        }],
                        method: None,
                        evidence: None,
                    },
                });
            }
            Work::Apply {
                credit,
                item,
                amount,
                ..
            } => {
                self.play.when(Command::ApplyCredit {
                    credit: credit.clone(),
                    item: item.clone(),
                    amount: *amount,
                    effective: morning.day,
                    with: Vec::new(),
                });
                let answered = self.answered(credit);
                self.ours.extend([credit.clone(), item.clone()]);
                self.pending.push(Pending {
                    item: item.clone(),
                    credit: Some(credit.clone()),
                    amount: *amount,
                    currency: currency(item),
                    answered,
                });
            }
            Work::Note {
                customer,
                item,
                text,
            } => {
                let note = self.play.text(text);
                self.play.when(Command::LogContact(LogContact {
                    customer: self.customer(customer),
                    contact: None,
                    channel: Channel::Call,
                    outcome: Outcome::Informed,
                    at: 0,
                    local_offset: None,
                    seconds: 60,
                    note: Some(note),
                    items: vec![item.clone()],
                    promise: None,
                    follow_up: None,
                    closes: Vec::new(),
                }));
                self.play.when(Command::SetField {
                    items: vec![item.clone()],
                    field: CollectorField::Remark,
                    value: (*text).to_owned(),
                });
                self.notes.push((item.clone(), text));
            }
        }
    }

    /// The morning on which the client applies money that we have applied.
    fn answered(&self, money: &ItemKey) -> u8 {
        let answers = |h: &Happened| match h {
            Happened::AppliedAsOurs { credit, .. } | Happened::AppliedElsewhere { credit, .. } => {
                credit == money
            }
            _ => false,
        };
        let found = self.all.iter().find(|m| m.happened.iter().any(answers));
        found.unwrap().number
    }

    /// The bank shows today what the source will book tonight: the first payment in full is recorded
    /// and applied, under the number that the client will give it.
    fn record_cash(&mut self, number: u8) {
        let next = self.all[usize::from(number)].clone();
        let today = &self.all[usize::from(number) - 1];
        let paid = next.happened.iter().find_map(|h| match h {
            Happened::Paid {
                item,
                payment,
                amount,
            } => Some((item.clone(), payment.clone(), *amount)),
            _ => None,
        });
        let (item, payment, amount) = paid.unwrap();
        let items = today.truth.by_key();
        let debtor = today.truth.debtor(items[&item]);
        let (customer, currency, day) = (debtor.number.clone(), debtor.currency, today.day);
        self.play.when(Command::RecordReceipt(RecordReceipt {
            customer: self.customer(&customer),
            entity: item.entity.clone(),
            number: payment,
            value_date: day,
            currency,
            amount,
            reference: String::new(),
            applications: vec![(item.clone(), amount)],
        }));
        self.ours.insert(item.clone());
        self.pending.push(Pending {
            item,
            credit: None,
            amount,
            currency,
            answered: next.number,
        });
    }

    /// Confirms what took the place of what, as the truth knows it.
    pub fn successions(&mut self, number: u8) {
        let morning = self.all[usize::from(number) - 1].clone();
        for event in &morning.happened {
            if let Happened::CustomerMerged { from, to, .. } = event {
                let (from, to) = (self.customer(from), self.customer(to));
                self.play.when(Command::MergeCustomers { from, to });
            }
        }
        for (kind, from, to) in successors(&morning.happened) {
            self.heirs.insert(from.clone(), to.clone());
            let from = vec![from];
            self.play
                .when(Command::ConfirmSuccession { from, to, kind });
        }
    }

    /// A wrong file is believed, work is done on it, and it is undone: the work stays.
    pub fn one_wrong_file_undone(&mut self, number: u8) {
        let morning = self.all[usize::from(number) - 1].clone();
        let (file, _) = morning.wrong(Variant::WithoutEntity).unwrap();
        let staged = read_bytes(&file.name, &file.bytes, &Options::default());
        let day = self.all[usize::from(number) - 2].day;
        let before = self.play.sums(day);
        self.play.confirmed = vec![Confirmed::WholeList];
        let seq = self.play.take(&staged, morning.day, Scope::Everything);
        let seq = seq.unwrap();
        self.play.confirmed.clear();
        let gone = self
            .play
            .join
            .changes
            .iter()
            .find_map(|(id, change)| matches!(change, ItemChange::Absent).then_some(*id));
        let gone = self.play.book.item_key(gone.unwrap()).unwrap();
        self.play.when(Command::SetField {
            items: vec![gone.clone()],
            field: CollectorField::NextAction,
            value: "Ask why it is gone".to_owned(),
        });
        self.play.when(Command::Undo { commit: seq });
        assert_eq!(self.play.sums(day), before, "{}", self.name);
        let id = self.play.id_of(&gone);
        let action = self.play.book.field(id, CollectorField::NextAction);
        assert_eq!(action, "Ask why it is gone", "{}", self.name);
        assert_eq!(self.play.book.absent_since(id), None);
    }
}
