//! What the source is told of our work, and under which reference: the outbox's memory.

use crate::book::{Book, FactId};
use crate::facts::{CollectorField, Standing};
use crate::ids::*;
use crate::items::OWN;
use crate::keys::{FactKey, ItemKey};
use crate::violations::Violation;
use minicbor::{Decode, Encode};

/// One thing that the source has to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub enum Matter {
    /// A document or receipt of ours.
    #[n(0)]
    Item(#[n(0)] ItemId),
    /// Money or a credit applied by us, or something granted with it.
    #[n(1)]
    Settlement(#[n(0)] SettlementId),
    /// An application that we took back.
    #[n(2)]
    TakenBack(#[n(0)] SettlementId),
    /// What was said and done.
    #[n(3)]
    Activity(#[n(0)] ActivityId),
    /// A promise.
    #[n(4)]
    Promise(#[n(0)] PromiseId),
    /// A collector's field of an item.
    #[n(5)]
    Field(#[n(0)] ItemId, #[n(1)] CollectorField),
}

/// The natural key of a [`Matter`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub enum MatterKey {
    /// A document or receipt of ours.
    #[n(0)]
    Item(#[n(0)] ItemKey),
    /// A settlement of ours.
    #[n(1)]
    Settlement(#[n(0)] FactKey),
    /// What a command took back: the ordinal counts the settlements that it took back, in log
    /// order, from 0.
    #[n(2)]
    TakenBack(#[n(0)] FactKey),
    /// An activity.
    #[n(3)]
    Activity(#[n(0)] FactKey),
    /// A promise.
    #[n(4)]
    Promise(#[n(0)] FactKey),
    /// A collector's field of an item.
    #[n(5)]
    Field(#[n(0)] ItemKey, #[n(1)] CollectorField),
}

/// Things told to the source, or to be told again.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Batch {
    /// What, and the reference it got: the source's number, or who keyed it; empty where none.
    #[n(0)]
    pub items: Vec<(MatterKey, String)>,
    /// Name of the batch or file; empty for what was keyed by hand.
    #[n(1)]
    pub name: String,
    /// The source does not have it after all: it is to be told again.
    #[n(2)]
    pub again: bool,
}

/// How the source was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Telling {
    /// The reference it got.
    pub reference: String,
    /// Name of the batch.
    pub batch: String,
}

impl Book {
    /// How and in which commit the source was told of something, as known now. A field that was set
    /// again since is to be told again: compare with [`Book::field_history`].
    pub fn told(&self, matter: Matter) -> Option<(Seq, &Telling)> {
        let live = |s| self.is_live(s);
        let of = |m: &Matter| self.told.get(m)?.latest(&live);
        let latest = match matter {
            Matter::Field(item, field) => {
                let kin = self.kin_of(item);
                let all = kin.iter().filter_map(|id| of(&Matter::Field(*id, field)));
                all.max_by_key(|(seq, _)| *seq)
            }
            other => of(&other),
        };
        let (seq, telling) = latest?;
        Some((seq, telling.as_ref()?))
    }

    /// Where a posting stands against the source; `None` for what is no posting.
    pub fn standing_of_matter(&self, matter: Matter) -> Option<Standing> {
        match matter {
            Matter::Item(id) => self.item(id).map(|i| i.standing()),
            Matter::Settlement(id) => Some(self.standing_of(id)),
            Matter::TakenBack(id) => self.reversal_of(id).map(|r| r.standing),
            _ => None,
        }
    }

    /// Its natural key; `None` where it has none: a settlement that a file brought.
    pub fn matter_key(&self, matter: Matter) -> Option<MatterKey> {
        Some(match matter {
            Matter::Item(id) => MatterKey::Item(self.item_key(id)?),
            Matter::Settlement(id) => MatterKey::Settlement(self.posting_key(id)?),
            Matter::TakenBack(id) => {
                let seq = self.reversal_of(id)?.commit;
                let position = self.taken_back_by(seq).position(|s| s == id)?;
                MatterKey::TakenBack(FactKey {
                    command: self.commit(seq)?.command,
                    ordinal: u32::try_from(position).ok()?,
                })
            }
            Matter::Activity(id) => MatterKey::Activity(self.activities.get(id.index())?.key),
            Matter::Promise(id) => MatterKey::Promise(self.promise(id)?.key),
            Matter::Field(id, field) => MatterKey::Field(self.item_key(id)?, field),
        })
    }

    /// What a natural key names, if it is live and ours.
    pub(crate) fn find_matter(&self, key: &MatterKey) -> Option<Matter> {
        match key {
            MatterKey::Item(key) => {
                let id = self.find_item(key)?;
                (self.item(id)?.source() == OWN).then_some(Matter::Item(id))
            }
            MatterKey::Settlement(key) => match self.find_fact(*key)? {
                FactId::Settlement(id) => {
                    let counts = self.counts(&self.settlements.get(id)?);
                    counts.then_some(Matter::Settlement(id))
                }
                _ => None,
            },
            MatterKey::TakenBack(key) => {
                let seq = self.commit_of(key.command).filter(|s| self.is_live(*s))?;
                let id = self.taken_back_by(seq).nth(key.ordinal as usize)?;
                Some(Matter::TakenBack(id))
            }
            MatterKey::Activity(key) => match self.find_fact(*key)? {
                FactId::Activity(id) => {
                    let commit = self.activities.get(id.index())?.commit;
                    self.is_live(commit).then_some(Matter::Activity(id))
                }
                _ => None,
            },
            MatterKey::Promise(key) => match self.find_fact(*key)? {
                FactId::Promise(id) => {
                    let commit = self.promise(id)?.commit;
                    self.is_live(commit).then_some(Matter::Promise(id))
                }
                _ => None,
            },
            MatterKey::Field(key, field) => {
                let id = self.find_item(key)?;
                let history = self.field_history(id, *field);
                let set = history.iter().any(|(s, _)| self.is_live(*s));
                set.then_some(Matter::Field(id, *field))
            }
        }
    }

    /// The key of a settlement that a command of ours made.
    pub fn posting_key(&self, id: SettlementId) -> Option<FactKey> {
        let command = self.commit(self.settlements.get(id)?.commit)?.command;
        let of = |ordinal| FactKey { command, ordinal };
        let mut made = self.fact_keys.range(of(0)..=of(u32::MAX));
        made.find(|(_, fact)| **fact == FactId::Settlement(id))
            .map(|(key, _)| *key)
    }

    /// The key of a person: the command that recorded it first, and its place there.
    pub fn contact_key(&self, id: ContactId) -> Option<FactKey> {
        let command = self.commit(self.contact(id)?.commit)?.command;
        let of = |ordinal| FactKey { command, ordinal };
        let mut made = self.fact_keys.range(of(0)..=of(u32::MAX));
        made.find(|(_, fact)| **fact == FactId::Contact(id))
            .map(|(key, _)| *key)
    }

    /// The settlements that a commit took back, in log order.
    fn taken_back_by(&self, seq: Seq) -> impl Iterator<Item = SettlementId> + '_ {
        let by = move |id: &SettlementId| {
            let reversal = self.settlements.reversal(*id, &|s| s == seq);
            reversal.is_some()
        };
        (0..self.settlements.len())
            .map(|n| SettlementId(n as u32))
            .filter(by)
    }

    /// Whatever was told is in the book.
    pub(crate) fn check_told(&self, out: &mut Vec<Violation>) {
        let there = |matter: &Matter| match matter {
            Matter::Item(id) => self.item(*id).is_some_and(|i| i.source() == OWN),
            Matter::Field(id, _) => self.item(*id).is_some(),
            Matter::Settlement(id) => self.settlements.get(*id).is_some(),
            Matter::TakenBack(id) => self.settlements.reversal(*id, &|_| true).is_some(),
            Matter::Activity(id) => id.index() < self.activities.len(),
            Matter::Promise(id) => id.index() < self.promises.len(),
        };
        for (matter, tellings) in &self.told {
            let known = |seq: Seq| seq > Seq(0) && seq <= self.head();
            for (seq, _) in tellings.history() {
                if !there(matter) || !known(*seq) {
                    out.push(Violation::Told(*seq));
                }
            }
        }
    }
}
