//! The five mornings played one after another on the engine, with the collector's work between them:
//! after each, every balance, promise, note and field is what the truth says (issue 3, "The test of it").
#![allow(clippy::unwrap_used)]

mod game;
#[path = "../play/mod.rs"]
mod play;

use duebook_exchange::read::Options;
use duebook_insight::changes::{Change, changes};
use duebook_insight::promises::{Judged, PromiseState, judge_all};
use duebook_insight::succession::{Proposal, proposals};
use duebook_ledger::facts::*;
use duebook_ledger::keys::ItemKey;
use duebook_ledger::{ItemId, OpenScan, Refusal, Seq, View};
use duebook_money::{Currency, Day};
use duebook_sample::mornings::{
    Ask, FileRole, Happened, Morning, PromiseEnd as Ends, Shape, Variant, Work,
};
use game::{Game, Gone, eve, successors};
use play::read_bytes;
use std::collections::{BTreeMap, BTreeSet};

impl Game {
    /// At source, pending and working of every item and in all.
    fn balances(&self, number: u8) {
        let (name, morning) = (&self.name, &self.all[usize::from(number) - 1]);
        let book = &self.play.book;
        let scan = OpenScan::new(book, View::on(morning.day));
        let mut pending: BTreeMap<ItemId, i64> = BTreeMap::new();
        let mut ours: BTreeMap<Currency, i64> = BTreeMap::new();
        for p in self.pending.iter().filter(|p| p.answered > number) {
            *pending.entry(self.play.id_of(&p.item)).or_default() -= p.amount;
            match &p.credit {
                Some(credit) => *pending.entry(self.play.id_of(credit)).or_default() += p.amount,
                None => *ours.entry(p.currency).or_default() -= p.amount,
            }
        }
        let mut there = BTreeSet::new();
        for item in &morning.truth.items {
            let id = self.play.id_of(&item.key);
            there.insert(id);
            let open = scan.open(id).unwrap();
            let wanted = pending.get(&id).copied().unwrap_or(0);
            assert_eq!(
                (open.at_source, open.pending),
                (item.open, wanted),
                "{name}, morning {number}: {:?} {:?}",
                item.key,
                self.play.causes(id)
            );
            let known = book.item(id).unwrap();
            let customer = &book.customer(known.customer()).unwrap().number;
            assert_eq!(*customer, morning.truth.debtor(item).number, "{name}");
            assert_eq!(book.due_of(&known), item.due.0, "{name}: {:?}", item.key);
            assert_eq!(
                book.amount_of(&known),
                item.amount,
                "{name}: {:?}",
                item.key
            );
            assert_eq!(book.absent_since(id), None, "{name}: {:?}", item.key);
        }
        for id in self
            .play
            .live()
            .into_iter()
            .filter(|id| !there.contains(id))
        {
            let open = scan.open(id).unwrap();
            let key = book.item_key(id);
            assert_eq!(open.at_source, 0, "{name}, morning {number}: {key:?}");
        }
        let totals = &morning.file(FileRole::OpenItems).unwrap().totals;
        for (currency, (at_source, pending)) in self.play.sums(morning.day) {
            let file = totals.get(&currency).copied().unwrap_or(0);
            assert_eq!(
                at_source,
                file,
                "{name}, morning {number}, {}",
                currency.code()
            );
            // Applying money that is there moves no total; money that the source has not shown does.
            let wanted = ours.get(&currency).copied().unwrap_or(0);
            assert_eq!(
                pending,
                wanted,
                "{name}, morning {number}, {}",
                currency.code()
            );
        }
    }

    /// Absent is not paid: why an item went is not known until a file tells.
    fn causes(&self, number: u8) {
        for (key, gone) in &self.gone {
            if self.ours.contains(key) {
                continue;
            }
            let id = self.play.id_of(key);
            let label = format!(
                "{}, morning {number}: {key:?} {:?} told {:?}",
                self.name, gone.event, gone.told_on
            );
            let causes = self.play.causes(id);
            let told = gone.told_on.is_some_and(|on| on <= number);
            let moved = gone.open.abs();
            let wanted: BTreeMap<(Cause, Day), i64> = if told {
                explained(gone)
            } else {
                let shown = self.all[usize::from(gone.morning) - 1].day;
                BTreeMap::from([((Cause::AtSourceUnknown, shown), moved)])
            };
            // What was settled of it before stays as it was.
            let since: BTreeMap<_, _> = causes
                .into_iter()
                .filter(|((_, on), _)| *on >= gone.eve)
                .collect();
            assert_eq!(since, wanted, "{label}");
        }
    }

    /// Notes and fields are on the item or what took its place.
    fn notes_are_kept(&self, number: u8) {
        let book = &self.play.book;
        for (item, text) in &self.notes {
            let now = self.heirs.get(item).cloned();
            for key in now.unwrap_or_else(|| vec![item.clone()]) {
                let id = self.play.id_of(&key);
                let label = format!("{}, morning {number}: {key:?}", self.name);
                assert_eq!(book.field(id, CollectorField::Remark), *text, "{label}");
                let mut of = vec![id];
                of.extend(book.predecessors(id));
                let told = book.activities().iter().filter(|a| book.is_live(a.commit));
                let mut told = told.filter(|a| a.items.iter().any(|i| of.contains(i)));
                assert!(told.next().is_some(), "{label}");
            }
        }
    }

    fn promises(&self, as_of: Day) -> Vec<(Ends, i64, Judged)> {
        let judged = judge_all(&self.play.book, View::on(as_of));
        let mut out = Vec::new();
        for work in self.all.iter().flat_map(|m| &m.work) {
            let Work::Promise {
                item, amount, ends, ..
            } = work
            else {
                continue;
            };
            let id = self.play.id_of(item);
            let heirs = self.heirs.get(item).cloned().unwrap_or_default();
            let heirs: Vec<ItemId> = heirs.iter().map(|k| self.play.id_of(k)).collect();
            let on = |j: &&Judged| {
                let line = j.lines[0].item.unwrap();
                line == id || heirs.contains(&line)
            };
            let found = judged.iter().find(on);
            let found = found.unwrap_or_else(|| panic!("{}: no promise on {item:?}", self.name));
            out.push((*ends, *amount, found.clone()));
        }
        out
    }

    /// Without news there is no verdict; with it, each is what the truth says.
    fn promises_stand(&self, number: u8) {
        let day = self.all[4].day;
        for (ends, amount, judged) in self.promises(day) {
            let label = format!("{}, morning {number}: {ends:?} {judged:?}", self.name);
            let news = number == 5;
            let wanted = match ends {
                Ends::Superseded => {
                    assert_ne!(judged.state, PromiseState::Broken, "{label}");
                    (number >= 3).then_some(PromiseState::Superseded)
                }
                Ends::Kept if news => Some(PromiseState::Kept),
                Ends::Partial(paid) if news => {
                    assert_eq!(judged.paid, paid, "{label}");
                    Some(PromiseState::Partial)
                }
                // Its day is that of the third morning: the fourth brings news of it.
                Ends::Nothing if number >= 4 => Some(PromiseState::Broken),
                // What we have recorded is money of a known day.
                Ends::Kept if self.records_cash && number == 4 => Some(PromiseState::Kept),
                _ => Some(PromiseState::AwaitingNews),
            };
            if let Some(state) = wanted {
                assert_eq!(judged.state, state, "{label}");
            }
            assert_eq!(judged.promised, amount, "{label}");
        }
    }

    /// What took the place of what is proposed, each as it was, before anybody confirms it.
    fn successors_are_proposed(&self, number: u8, before: Seq) {
        let (book, morning) = (&self.play.book, &self.all[usize::from(number) - 1]);
        let changed = changes(book, before, book.head(), morning.day);
        let of = |kinds: &[Change]| -> Vec<ItemId> {
            let all = kinds.iter().flat_map(|c| changed.of(*c));
            all.map(|i| i.item).collect()
        };
        let found = proposals(
            book,
            &of(&[Change::Gone, Change::Cleared]),
            &of(&[Change::New]),
        );
        let keys = |ids: &[ItemId]| -> Vec<ItemKey> {
            ids.iter().filter_map(|id| book.item_key(*id)).collect()
        };
        for (kind, from, to) in successors(&morning.happened) {
            let fits = |p: &Proposal| {
                p.kind == kind && keys(&p.from) == [from.clone()] && keys(&p.to) == to
            };
            let label = format!("{}, morning {number}: {kind:?} {from:?}", self.name);
            assert!(found.iter().any(fits), "{label}: {found:?}");
        }
    }

    /// Each wrong file is asked about or refused, and nothing is written.
    fn wrong_files_are_asked_about(&mut self, number: u8) {
        let morning = self.all[usize::from(number) - 1].clone();
        for variant in Variant::ALL {
            let Some((file, ask)) = morning.wrong(variant) else {
                continue;
            };
            let label = format!("{}, morning {number}: {variant:?}", self.name);
            let staged = read_bytes(&file.name, &file.bytes, &Options::default());
            let as_of = match &ask {
                Ask::Stale { file, .. } => *file,
                _ => morning.day,
            };
            let head = self.play.book.head();
            let refusal = self.play.take(&staged, as_of, Scope::Everything);
            assert_eq!(self.play.book.head(), head, "{label}");
            let refusal = refusal.unwrap_err();
            let doubts = match (&ask, &refusal) {
                (Ask::Stale { file, .. }, Refusal::OlderThanLast { as_of, last }) => {
                    assert!(as_of == file && last > file, "{label}");
                    continue;
                }
                (_, Refusal::Unconfirmed(doubts)) => doubts,
                _ => panic!("{label}: {refusal:?}"),
            };
            let asked = doubts.iter().any(|d| match (&ask, d) {
                (Ask::CollectorGone { collector, .. }, Doubt::CollectorGone { name, .. }) => {
                    name == collector
                }
                (Ask::EntityGone { entity, .. }, Doubt::EntityGone { code, .. }) => code == entity,
                (Ask::CurrencyGone { currency, .. }, Doubt::CurrencyGone { currency: c, .. }) => {
                    currency == c
                }
                (
                    Ask::DaySwap { rows, .. },
                    Doubt::DueDates {
                        swapped, changed, ..
                    },
                ) => {
                    // Rows that are new today are not compared.
                    *swapped as usize * 10 >= rows * 9 && changed >= swapped
                }
                (Ask::WrongCompany { .. }, Doubt::ManyGone { absent, of, .. }) => absent == of,
                _ => false,
            });
            assert!(asked, "{label}: {ask:?} {doubts:?}");
        }
    }

    /// Once the files have told when items were cleared, a past day is what it was at the source:
    /// the export of a morning shows what was posted until the evening before.
    fn past_days(&self) {
        let book = &self.play.book;
        let (mut known, mut unknown, mut backdated) = (0, 0, 0);
        for number in 2..=5u8 {
            let morning = &self.all[usize::from(number) - 1];
            let scan = OpenScan::new(book, View::on(eve(&self.all, number)));
            let truth = morning.truth.by_key();
            let taken = successors(&morning.happened);
            let confirmed = taken.iter().flat_map(|(_, _, to)| to);
            let confirmed: BTreeSet<ItemId> = confirmed.map(|k| self.play.id_of(k)).collect();
            let interval = |id: ItemId| {
                // Moved by an extract of this morning without a day of its own, or said this morning to be in
                // the place of one that was: until that went it is one debt with it.
                let unknown = (Cause::AtSourceUnknown, morning.day);
                let mut of = vec![id];
                if confirmed.contains(&id) {
                    of.extend(book.predecessors(id));
                }
                of.iter()
                    .any(|id| self.play.causes(*id).contains_key(&unknown))
            };
            for id in self.play.live() {
                let Some(key) = book.item_key(id).filter(|k| !k.source.is_empty()) else {
                    continue;
                };
                // Posted later under an old date (a new number for an old claim): no export says when.
                if morning.number < self.first_seen(&key) {
                    let old = book.item(id).unwrap().doc_date() <= eve(&self.all, number).0;
                    backdated += u32::from(old);
                    continue;
                }
                let wanted = truth.get(&key).map_or(0, |i| i.open);
                let found = scan.open(id).map_or(0, |o| o.at_source);
                if interval(id) {
                    unknown += 1;
                    continue;
                }
                known += 1;
                let label = format!("{}, evening before morning {number}", self.name);
                assert_eq!(found, wanted, "{label}: {key:?} {:?}", self.play.causes(id));
            }
        }
        println!(
            "{}: {known} as they were, {unknown} of an unknown day, {backdated} backdated",
            self.name
        );
        assert!(
            known > 20 * (unknown + backdated),
            "{} {known} {unknown}",
            self.name
        );
    }

    /// The first morning whose list shows an item; 0 for what only lists of cleared items show.
    fn first_seen(&self, key: &ItemKey) -> u8 {
        let shows = |m: &&Morning| m.truth.items.iter().any(|i| i.key == *key);
        self.all.iter().find(shows).map_or(0, |m| m.number)
    }
}

/// What the files have told of an item's going: cause, day and minor units.
fn explained(gone: &Gone) -> BTreeMap<(Cause, Day), i64> {
    let all = gone.open.abs();
    let parts = match &gone.event {
        Happened::Paid { .. }
        | Happened::AppliedAsOurs { .. }
        | Happened::AppliedElsewhere { .. } => {
            vec![(Cause::Payment, all)]
        }
        Happened::CreditedBy { .. } | Happened::Rebilled { .. } => vec![(Cause::Credit, all)],
        // What was not paid went to the residual: nobody paid it.
        Happened::Residual { received, .. } => vec![
            (Cause::Payment, *received),
            (Cause::AtSourceUnknown, all - received),
        ],
        // When it was cleared is told; by what is not.
        _ => vec![(Cause::AtSourceUnknown, all)],
    };
    parts.into_iter().map(|(c, a)| ((c, gone.eve), a)).collect()
}

fn play_all(shape: Shape, seed: u64) {
    let mut game = Game::begin(shape, seed);
    for number in 1..=5u8 {
        game.play.today = game.all[usize::from(number) - 1].day;
        if number > 1 {
            game.wrong_files_are_asked_about(number);
        }
        if number == 4 {
            game.one_wrong_file_undone(number);
        }
        let before = game.play.book.head();
        game.files(number);
        if number > 1 {
            game.successors_are_proposed(number, before);
        }
        game.learn(number);
        game.balances(number);
        game.causes(number);
        game.successions(number);
        game.balances(number);
        game.work(number);
        game.balances(number);
        game.notes_are_kept(number);
        if number >= 2 {
            game.promises_stand(number);
        }
    }
    game.past_days();
}

#[test]
fn ag_20_pt_05_sap_mornings_are_as_the_truth_says() {
    (1..=3).for_each(|seed| play_all(Shape::Sap, seed));
}

#[test]
fn ag_20_pt_05_oracle_mornings_are_as_the_truth_says() {
    (1..=3).for_each(|seed| play_all(Shape::Oracle, seed));
}

#[test]
fn ag_20_pt_05_netsuite_mornings_are_as_the_truth_says() {
    (1..=3).for_each(|seed| play_all(Shape::NetSuite, seed));
}
