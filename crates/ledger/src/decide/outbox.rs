//! What the source was told of, or is to be told again.

use super::Decision;
use crate::book::Book;
use crate::event::Event;
use crate::facts::Standing;
use crate::outbox::{Batch, Matter, MatterKey};
use crate::refusal::{Field, Refusal};

impl Book {
    /// In order of precedence: nothing named; an item or fact that is not there, or the source's
    /// own; a posting that waits for nothing; something to be told again that never was told.
    pub(super) fn decide_batch(&self, batch: &Batch) -> Result<Decision, Refusal> {
        if batch.items.is_empty() {
            return Err(Refusal::Empty(Field::Items));
        }
        let mut standings = Vec::new();
        let mut told: Vec<(String, Vec<Matter>)> = Vec::new();
        for (key, reference) in &batch.items {
            let matter = self.matter_of(key)?;
            let standing = self.standing_of_matter(matter);
            let waits = standing.is_none_or(Standing::is_pending);
            let was_told =
                self.told(matter).is_some() || standing.is_some_and(|s| s != Standing::Local);
            if !waits || (batch.again && !was_told) {
                return Err(Refusal::NotToTell(key.clone()));
            }
            let to = match (batch.again, standing) {
                (false, Some(Standing::Local)) => Some(Standing::Sent),
                (true, Some(Standing::Sent | Standing::Differs)) => Some(Standing::Local),
                _ => None,
            };
            standings.extend(to.and_then(|to| set(matter, to, reference.trim())));
            match told.last_mut() {
                Some((last, matters)) if last == reference.trim() => matters.push(matter),
                _ => told.push((reference.trim().to_owned(), vec![matter])),
            }
        }
        let event = |(reference, what): (String, Vec<Matter>)| match batch.again {
            true => Event::ToTellAgain { what },
            false => Event::Told {
                what,
                reference,
                batch: batch.name.trim().to_owned(),
            },
        };
        standings.extend(told.into_iter().map(event));
        Ok(standings.into())
    }

    fn matter_of(&self, key: &MatterKey) -> Result<Matter, Refusal> {
        self.find_matter(key).ok_or_else(|| match key {
            MatterKey::Item(item) if self.find_item(item).is_some() => {
                Refusal::NotOurs(item.clone())
            }
            MatterKey::Field(item, _) if self.find_item(item).is_some() => {
                Refusal::NotToTell(key.clone())
            }
            MatterKey::Item(item) | MatterKey::Field(item, _) => Refusal::UnknownItem(item.clone()),
            MatterKey::Settlement(fact)
            | MatterKey::TakenBack(fact)
            | MatterKey::Activity(fact)
            | MatterKey::Promise(fact) => Refusal::UnknownFact(*fact),
        })
    }
}

fn set(matter: Matter, standing: Standing, reference: &str) -> Option<Event> {
    let of = |item, settlement| Event::StandingSet {
        item,
        settlement,
        standing,
        reference: reference.to_owned(),
    };
    match matter {
        Matter::Item(id) => Some(of(Some(id), None)),
        Matter::Settlement(id) => Some(of(None, Some(id))),
        Matter::TakenBack(settlement) => Some(Event::ReversalStandingSet {
            settlement,
            standing,
        }),
        _ => None,
    }
}
