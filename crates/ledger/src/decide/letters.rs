//! Letters, holds, queries and documents. What was promised of a letter is kept: a letter that was
//! produced is sent or discarded once, and only "sent" is a contact.

use super::{Decision, not_empty};
use crate::book::{Book, FactId};
use crate::command::Context;
use crate::event::Event;
use crate::facts::{Channel, Outcome};
use crate::ids::*;
use crate::keys::{CustomerKey, FactKey, ItemKey};
use crate::letters::*;
use crate::refusal::{Field, Refusal};
use crate::work::MAX_PARTS;
use duebook_policy::letters::Medium;
use std::collections::BTreeSet;

impl Book {
    pub(super) fn decide_letters(
        &self,
        context: &Context,
        command: &LettersCommand,
    ) -> Result<Decision, Refusal> {
        use LettersCommand as C;
        let one = |event: LettersEvent| Ok(vec![Event::Letters(event)].into());
        match command {
            C::Produce(letters) => {
                some(letters)?;
                let made = letters.iter().map(|l| self.letter_made(l));
                Ok(made.collect::<Result<Vec<_>, _>>()?.into())
            }
            C::ConfirmSent { letters, at } => self.letters_sent(context, letters, *at),
            C::Discard { letters } => {
                let ids = self.letters_waiting(letters)?;
                let ended = |letter| {
                    let how = LetterEnd::Discarded;
                    Event::Letters(LettersEvent::Ended { letter, how })
                };
                Ok(ids.into_iter().map(ended).collect::<Vec<_>>().into())
            }
            C::SetHold {
                customer,
                reason,
                until,
            } => {
                let customer = self.customer_id(customer)?;
                not_empty(reason, Field::Ground)?;
                if *until < context.ledger_date {
                    let (date, earliest) = (*until, context.ledger_date);
                    return Err(Refusal::DateBefore { date, earliest });
                }
                let (reason, until) = (reason.trim().to_owned(), *until);
                one(LettersEvent::HoldSet(HoldFact {
                    customer,
                    reason,
                    until,
                }))
            }
            C::EndHold { hold: key } => match self.find_fact(*key) {
                Some(FactId::Hold(hold)) if self.is_held(&self.holds()[hold.index()]) => {
                    one(LettersEvent::HoldEnded { hold })
                }
                Some(FactId::Hold(_)) => Err(Refusal::AlreadyEnded(*key)),
                _ => Err(Refusal::UnknownFact(*key)),
            },
            C::OpenQuery {
                customer,
                contact,
                kind,
                at,
                items,
                note,
            } => {
                let customer = self.customer_id(customer)?;
                let contact = contact.as_ref();
                one(LettersEvent::QueryOpened(QueryFact {
                    customer,
                    contact: contact.map(|c| self.contact_id(c)).transpose()?,
                    kind: *kind,
                    at: *at,
                    hours: self.policies().letters.hours(*kind),
                    items: self.items_of_payer(items, customer)?,
                    note: *note,
                }))
            }
            C::AnswerQuery { query, at, note } => {
                let Some(FactId::Query(id)) = self.find_fact(*query) else {
                    return Err(Refusal::UnknownFact(*query));
                };
                match self.query_answer(&self.queries()[id.index()]) {
                    None => Err(Refusal::UnknownFact(*query)),
                    Some(Some(_)) => Err(Refusal::AlreadyEnded(*query)),
                    Some(None) => one(LettersEvent::QueryAnswered {
                        query: id,
                        at: *at,
                        note: *note,
                    }),
                }
            }
            C::LinkDocuments(documents) => {
                some(documents)?;
                let made = documents.iter().map(|d| self.document_linked(d));
                Ok(made.collect::<Result<Vec<_>, _>>()?.into())
            }
            C::UnlinkDocument { document: key } => match self.find_fact(*key) {
                Some(FactId::Document(document))
                    if self.is_document_live(&self.documents()[document.index()]) =>
                {
                    one(LettersEvent::DocumentUnlinked { document })
                }
                Some(FactId::Document(_)) => Err(Refusal::AlreadyEnded(*key)),
                _ => Err(Refusal::UnknownFact(*key)),
            },
        }
    }

    fn letter_made(&self, new: &NewLetter) -> Result<Event, Refusal> {
        let customer = self.customer_id(&new.customer)?;
        let contact = new.contact.as_ref();
        let contact = contact.map(|c| self.contact_id(c)).transpose()?;
        let keys: Vec<ItemKey> = new.lines.iter().map(|(key, _)| key.clone()).collect();
        let items = self.items_of_payer(&keys, customer)?;
        let lines = items.into_iter().zip(&new.lines);
        Ok(Event::Letters(LettersEvent::Produced(Box::new(
            LetterFact {
                customer,
                contact,
                used_for: new.used_for,
                template: new.template.clone(),
                language: new.language.clone(),
                version: new.version,
                medium: new.medium,
                step: new.step,
                as_of: new.as_of,
                lines: lines
                    .map(|(item, (_, asked))| LetterLine {
                        item,
                        asked: *asked,
                    })
                    .collect(),
                totals: new.totals.clone(),
                subject: new.subject,
                content: new.content,
                tie: new.tie.clone(),
            },
        ))))
    }

    /// Items of a customer, or of one it pays for (AG-09).
    fn items_of_payer(
        &self,
        keys: &[ItemKey],
        customer: CustomerId,
    ) -> Result<Vec<ItemId>, Refusal> {
        let mut ids = Vec::with_capacity(keys.len());
        for key in keys {
            let id = self.item_id(key)?;
            if let Some(item) = self.item(id) {
                self.same_payer(key, &item, customer)?;
            }
            ids.push(id);
        }
        Ok(ids)
    }

    /// Letters that wait for a word on whether they went out; each once.
    fn letters_waiting(&self, keys: &[FactKey]) -> Result<BTreeSet<LetterId>, Refusal> {
        some(keys)?;
        let mut ids = BTreeSet::new();
        for key in keys {
            let Some(FactId::Letter(id)) = self.find_fact(*key) else {
                return Err(Refusal::UnknownFact(*key));
            };
            match self.letter(id) {
                None => return Err(Refusal::UnknownFact(*key)),
                Some((_, LetterStands::Produced)) => _ = ids.insert(id),
                Some(_) => return Err(Refusal::AlreadyEnded(*key)),
            }
        }
        Ok(ids)
    }

    fn letters_sent(
        &self,
        context: &Context,
        keys: &[FactKey],
        at: i64,
    ) -> Result<Decision, Refusal> {
        let mut events = Vec::new();
        for letter in self.letters_waiting(keys)? {
            let on = context.ledger_date;
            let how = LetterEnd::Sent { at, on };
            events.push(Event::Letters(LettersEvent::Ended { letter, how }));
            let fact = &self.letters()[letter.index()].fact;
            events.push(Event::ActivityLogged {
                customer: fact.customer,
                contact: fact.contact,
                channel: match fact.medium {
                    Medium::Email => Channel::Email,
                    Medium::Paper => Channel::Letter,
                },
                outcome: Outcome::MailSent,
                at,
                local_offset: None,
                seconds: 0,
                note: fact.subject,
                items: fact.lines.iter().map(|l| l.item).collect(),
            });
        }
        Ok(events.into())
    }

    fn document_linked(&self, new: &NewDocument) -> Result<Event, Refusal> {
        not_empty(&new.name, Field::Name)?;
        let of = |key: &CustomerKey| self.customer_id(key);
        let customer = new.customer.as_ref().map(of).transpose()?;
        if new.items.is_empty() && customer.is_none() {
            return Err(Refusal::Empty(Field::Items));
        }
        let items = new.items.iter().map(|k| self.item_id(k));
        Ok(Event::Letters(LettersEvent::DocumentLinked(DocumentFact {
            name: new.name.trim().to_owned(),
            size: new.size,
            digest: new.digest,
            items: items.collect::<Result<_, _>>()?,
            customer,
            content: new.content,
        })))
    }
}

fn some<T>(parts: &[T]) -> Result<(), Refusal> {
    match parts.len() {
        0 => Err(Refusal::Empty(Field::Items)),
        n if n > MAX_PARTS => Err(Refusal::TooLarge),
        _ => Ok(()),
    }
}
