//! The source was told.

use super::Delta;
use crate::book::Book;
use crate::event::Event;
use crate::ids::{CustomerId, Seq};
use crate::outbox::{Matter, Telling};

impl Book {
    pub(super) fn apply_told(&mut self, seq: Seq, event: &Event, delta: &mut Delta) {
        let (what, telling) = match event {
            Event::Told {
                what,
                reference,
                batch,
            } => {
                let telling = Telling {
                    reference: reference.clone(),
                    batch: batch.clone(),
                };
                (what, Some(telling))
            }
            Event::ToTellAgain { what } => (what, None),
            _ => return,
        };
        for matter in what {
            let slot = self.told.entry(*matter).or_default();
            slot.set(seq, telling.clone());
            delta.customers.extend(self.customer_of_matter(*matter));
        }
    }

    fn customer_of_matter(&self, matter: Matter) -> Option<CustomerId> {
        let of = |item| self.item(item).map(|i| i.customer());
        match matter {
            Matter::Item(id) | Matter::Field(id, _) => of(id),
            Matter::Settlement(id) | Matter::TakenBack(id) => {
                let s = self.settlements.get(id)?;
                of(s.debit.or(s.credit)?)
            }
            Matter::Activity(id) => self.activities.get(id.index()).map(|a| a.customer),
            Matter::Promise(id) => self.promise(id).map(|p| p.fact.customer),
        }
    }
}
