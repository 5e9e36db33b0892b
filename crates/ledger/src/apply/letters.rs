//! Letters, holds, queries and documents.

use super::{Delta, Ordinals, Stamp};
use crate::book::{Book, FactId};
use crate::ids::*;
use crate::letters::{Kept, LettersEvent};
use crate::versioned::Versioned;
use std::rc::Rc;

impl Book {
    pub(super) fn apply_letters(
        &mut self,
        stamp: &Stamp,
        event: &LettersEvent,
        delta: &mut Delta,
        ordinals: &mut Ordinals,
    ) {
        use LettersEvent as E;
        let seq = stamp.seq;
        let kind = match event {
            E::Produced(_) => 15,
            E::HoldSet(_) => 16,
            E::QueryOpened(_) => 17,
            _ => 18,
        };
        let all = Rc::make_mut(&mut self.letters);
        let mut key = || ordinals.next(kind, stamp.command);
        let made = match event {
            E::Produced(fact) => {
                let id = LetterId(all.letters.len() as u32);
                all.letters_of.entry(fact.customer).or_default().push(id);
                delta.customers.push(fact.customer);
                let key = key();
                all.letters.push(kept(seq, key, (**fact).clone()));
                (key, FactId::Letter(id))
            }
            E::HoldSet(fact) => {
                let id = HoldId(all.holds.len() as u32);
                delta.customers.push(fact.customer);
                let key = key();
                all.holds.push(kept(seq, key, fact.clone()));
                (key, FactId::Hold(id))
            }
            E::QueryOpened(fact) => {
                let id = QueryId(all.queries.len() as u32);
                delta.customers.push(fact.customer);
                let key = key();
                all.queries.push(kept(seq, key, fact.clone()));
                (key, FactId::Query(id))
            }
            E::DocumentLinked(fact) => {
                let id = DocumentId(all.documents.len() as u32);
                for item in &fact.items {
                    all.documents_of.entry(*item).or_default().push(id);
                }
                delta.customers.extend(fact.customer);
                let key = key();
                all.documents.push(kept(seq, key, fact.clone()));
                (key, FactId::Document(id))
            }
            E::Ended { letter, how } => {
                if let Some(l) = all.letters.get_mut(letter.index()) {
                    l.ended.set(seq, *how);
                    delta.customers.push(l.fact.customer);
                }
                return;
            }
            E::HoldEnded { hold } => {
                if let Some(h) = all.holds.get_mut(hold.index()) {
                    h.ended.set(seq, ());
                    delta.customers.push(h.fact.customer);
                }
                return;
            }
            E::QueryAnswered { query, at, note } => {
                if let Some(q) = all.queries.get_mut(query.index()) {
                    q.ended.set(seq, (*at, *note));
                    delta.customers.push(q.fact.customer);
                }
                return;
            }
            E::DocumentUnlinked { document } => {
                if let Some(d) = all.documents.get_mut(document.index()) {
                    d.ended.set(seq, ());
                    delta.customers.extend(d.fact.customer);
                }
                return;
            }
        };
        self.fact_keys.insert(made.0, made.1);
        if let E::DocumentLinked(fact) = event {
            let owners = fact.items.iter().filter_map(|i| self.item(*i));
            delta.customers.extend(owners.map(|i| i.customer()));
        }
    }
}

fn kept<F, E>(commit: Seq, key: crate::keys::FactKey, fact: F) -> Kept<F, E> {
    Kept {
        commit,
        key,
        fact,
        ended: Versioned::default(),
    }
}
