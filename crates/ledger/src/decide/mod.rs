//! Commands become events or a refusal. Pure: sees the book, the context and the command.

mod contact;
mod import;
mod letters;
mod outbox;
mod payments;
mod posting;
mod range;
mod receipt;
mod statement;
mod succession;
mod transfer;
mod undo;
mod work;

use crate::book::{Book, FactId};
use crate::command::{Command, Context, NewContact};
use crate::event::Event;
use crate::facts::Standing;
use crate::ids::*;
use crate::import::Incoming;
use crate::keys::*;
use crate::policy::PolicyChange;
use crate::refusal::{Field, Refusal};

/// What a command makes: events, and blocks that travel beside them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Decision {
    /// In order.
    pub events: Vec<Event>,
    /// Bulk records made by deciding (payments); those of items were made by staging.
    pub blocks: Vec<Vec<u8>>,
}

impl From<Vec<Event>> for Decision {
    fn from(events: Vec<Event>) -> Self {
        Decision {
            events,
            blocks: Vec::new(),
        }
    }
}

/// Amounts beyond this are refused: sums of a million of them still fit 64 bits.
pub const MAX_AMOUNT: i64 = 9_000_000_000_000;

impl Book {
    /// Decides a command. `incoming` is looked at by imports alone.
    ///
    /// # Errors
    /// The first [`Refusal`] that holds, in the order of the command's checks; a command id used
    /// before comes first, then whether the book has begun.
    pub fn decide(
        &self,
        context: &Context,
        command: &Command,
        incoming: &Incoming,
    ) -> Result<Decision, Refusal> {
        if let Some(seq) = self.commit_of(context.command_id) {
            return Err(Refusal::CommandReused(seq));
        }
        let opens = matches!(command, Command::OpenBook { .. });
        if opens == self.about.is_some() {
            return Err(Refusal::BookBegun(self.about.is_some()));
        }
        let decision = self.decide_command(context, command, incoming)?;
        self.check_locks(command, &decision.events)?;
        Ok(decision)
    }

    fn decide_command(
        &self,
        context: &Context,
        command: &Command,
        incoming: &Incoming,
    ) -> Result<Decision, Refusal> {
        match command {
            Command::OpenBook {
                name,
                currency,
                own_ledger,
                sample,
            } => {
                not_empty(name, Field::Name)?;
                let event = Event::BookOpened {
                    name: name.trim().to_owned(),
                    currency: *currency,
                    own_ledger: *own_ledger,
                    sample: *sample,
                };
                Ok(vec![event].into())
            }
            Command::ImportItems(facts) => self.decide_items(facts, incoming),
            Command::ImportPayments(facts) => self.decide_payments(facts, incoming),
            Command::ImportMasterData {
                facts,
                customers,
                contacts,
            } => self.decide_master(facts, customers, contacts),
            Command::SaveCustomer { customer, facts } => self.decide_customer(customer, facts),
            Command::SaveContact { contact, facts } => self.decide_contact(contact, facts),
            Command::RemoveContact { contact } => Ok(vec![Event::ContactRemoved {
                contact: self.contact_id(contact)?,
            }]
            .into()),
            Command::SetProfile {
                customer,
                values,
                source,
                checked,
            } => {
                let customer = self.customer_id(customer)?;
                if values.is_empty() {
                    return Err(Refusal::Empty(Field::Value));
                }
                let set = |(field, value): &(_, String)| Event::ProfileSet {
                    customer,
                    field: *field,
                    value: value.trim().to_owned(),
                    source: source.trim().to_owned(),
                    checked: *checked,
                };
                Ok(values.iter().map(set).collect::<Vec<_>>().into())
            }
            Command::LogContact(log) => self.decide_log(context, log),
            Command::TakePromise { customer, promise } => {
                let customer = self.customer_id(customer)?;
                Ok(vec![self.promise_made(context, customer, None, promise)?].into())
            }
            Command::EndPromise { promise, how } => self.decide_end(promise, *how),
            Command::SetFollowUp {
                customer,
                follow_up,
            } => {
                let customer = self.customer_id(customer)?;
                Ok(vec![self.follow_up_set(customer, None, follow_up)].into())
            }
            Command::CloseFollowUps { follow_ups } => self.decide_close(follow_ups),
            Command::SetField {
                items,
                field,
                value,
            } => {
                if items.is_empty() {
                    return Err(Refusal::Empty(Field::Items));
                }
                let set = |key: &ItemKey| {
                    let (item, value) = (self.item_id(key)?, value.trim().to_owned());
                    Ok(Event::FieldSet {
                        item,
                        field: *field,
                        value,
                    })
                };
                Ok(items
                    .iter()
                    .map(set)
                    .collect::<Result<Vec<_>, Refusal>>()?
                    .into())
            }
            Command::IssueDocument(document) => self.decide_issue(document),
            Command::RecordReceipt(receipt) => self.decide_receipt(receipt),
            Command::ApplyCredit {
                credit,
                item,
                amount,
                effective,
                with,
            } => self.decide_apply(credit, item, *amount, *effective, with),
            Command::ReverseSettlement {
                settlement,
                effective,
            } => self.decide_reverse(settlement, *effective),
            Command::ReturnReceipt { receipt, effective } => {
                self.decide_return(receipt, *effective)
            }
            Command::SetPolicy(change) => {
                holds_together(change)?;
                Ok(vec![Event::PolicySet(change.clone())].into())
            }
            Command::SetControlBalance {
                currency,
                as_of,
                minor,
                source,
            } => {
                let (currency, as_of, minor) = (*currency, *as_of, *minor);
                let source = source.trim().to_owned();
                Ok(vec![Event::ControlBalanceSet {
                    currency,
                    as_of,
                    minor,
                    source,
                }]
                .into())
            }
            Command::Undo { commit } => self.decide_undo(*commit),
            Command::EraseTexts { texts, ground } => {
                if texts.is_empty() {
                    return Err(Refusal::Empty(Field::Items));
                }
                not_empty(ground, Field::Ground)?;
                let (texts, ground) = (texts.clone(), ground.trim().to_owned());
                Ok(vec![Event::TextsErased { texts, ground }].into())
            }
            Command::SetStanding {
                item,
                settlement,
                standing,
                reference,
            } => self.decide_standing(item.as_ref(), settlement.as_ref(), *standing, reference),
            Command::ConfirmSuccession { from, to, kind } => {
                self.decide_succession(from, to, *kind)
            }
            Command::SetFields { changes } => self.decide_fields(changes),
            Command::Letters(command) => self.decide_letters(context, command),
            Command::WorkTogether { parts } => self.decide_together(context, parts),
            Command::ImportTracker(tracker) => self.decide_tracker(tracker),
            Command::MergeCustomers { from, to } => {
                let (from_id, to_id) = (self.customer_id(from)?, self.customer_id(to)?);
                if from_id == to_id {
                    return Err(Refusal::NotASuccession);
                }
                Ok(vec![Event::CustomerMerged {
                    from: from_id,
                    to: to_id,
                }]
                .into())
            }
            Command::SendBatch(batch) => self.decide_batch(batch),
            Command::Desk(desk) => self.decide_desk(context, desk),
            Command::Recon(recon) => self.decide_recon(context, recon),
            Command::Shift(shift) => {
                let events = self.decide_shift(context, shift)?;
                Ok(events
                    .into_iter()
                    .map(Event::Shift)
                    .collect::<Vec<_>>()
                    .into())
            }
            Command::Plan(plan) => self.decide_plan(context, plan),
            Command::Reporting(command) => self.decide_reporting(context, command),
            Command::Template(command) => self.decide_template(command, incoming),
            Command::ImportStatements(facts) => self.decide_statements(facts, incoming),
            Command::AcceptMatches(matches) => self.decide_accept(context, matches),
            Command::ExplainLines { lines, how } => self.decide_explain(lines, how),
            Command::Case(command) => self.decide_case(context, command),
        }
    }

    pub(crate) fn customer_id(&self, key: &CustomerKey) -> Result<CustomerId, Refusal> {
        let found = self
            .find_customer(key)
            .filter(|id| self.customer_facts(*id).is_some());
        found.ok_or_else(|| Refusal::UnknownCustomer(key.clone()))
    }

    pub(crate) fn item_id(&self, key: &ItemKey) -> Result<ItemId, Refusal> {
        self.find_item(key)
            .ok_or_else(|| Refusal::UnknownItem(key.clone()))
    }

    pub(crate) fn contact_id(&self, key: &FactKey) -> Result<ContactId, Refusal> {
        match self.find_fact(*key) {
            Some(FactId::Contact(id)) if self.is_live(self.contacts[id.index()].commit) => Ok(id),
            _ => Err(Refusal::UnknownFact(*key)),
        }
    }

    /// Where a new posting of ours stands: at source at once where nobody else keeps the ledger.
    pub(crate) fn standing_of_ours(&self) -> Standing {
        let own = self.about.as_ref().is_some_and(|a| a.own_ledger) || self.sources.is_empty();
        if own {
            Standing::AtSource
        } else {
            Standing::Local
        }
    }

    fn decide_customer(
        &self,
        key: &CustomerKey,
        facts: &crate::columns::StagedCustomer,
    ) -> Result<Decision, Refusal> {
        not_empty(&key.number, Field::Number)?;
        not_empty(&facts.name, Field::Name)?;
        let found = self.find_customer(key);
        let customer = found.unwrap_or(CustomerId(self.customers.len() as u32));
        let mut facts = facts.clone();
        facts.number = key.number.clone();
        Ok(vec![Event::CustomerSaved {
            customer,
            source: key.source.clone(),
            facts,
        }]
        .into())
    }

    fn decide_contact(&self, key: &Option<FactKey>, new: &NewContact) -> Result<Decision, Refusal> {
        let customer = self.customer_id(&new.customer)?;
        let contact = match key {
            Some(key) => self.contact_id(key)?,
            None => ContactId(self.contacts.len() as u32),
        };
        Ok(vec![contact_saved(contact, customer, new)].into())
    }
}

fn contact_saved(contact: ContactId, customer: CustomerId, new: &NewContact) -> Event {
    Event::ContactSaved {
        contact,
        customer,
        role: new.role.trim().to_owned(),
        zone: new.zone.clone(),
        language: new.language.clone(),
        details: new.details,
    }
}

/// Buckets, rates and calendars check themselves when they are made.
fn holds_together(change: &PolicyChange) -> Result<(), Refusal> {
    let holds = match change {
        PolicyChange::Promises(p) => p.validate().is_ok(),
        PolicyChange::Cash(p) => p.validate().is_ok(),
        PolicyChange::Terms(p) => p.validate().is_ok(),
        PolicyChange::Postings(p) => p.validate().is_ok(),
        PolicyChange::Numbers(p) => p.validate().is_ok(),
        PolicyChange::Contact(p) => p.validate().is_ok(),
        PolicyChange::Cases(p) => p.validate().is_ok(),
        PolicyChange::Strategy(p) => p.validate().is_ok(),
        PolicyChange::Letters(p) => p.validate().is_ok(),
        PolicyChange::Authority(p) => p.validate().is_ok(),
        PolicyChange::Recovery(p) => p.is_valid(),
        PolicyChange::Reporting(p) => p.validate().is_ok(),
        PolicyChange::Outbox(layouts) => {
            let sources: std::collections::BTreeSet<&str> =
                layouts.iter().map(|l| l.source.as_str()).collect();
            sources.len() == layouts.len() && layouts.iter().all(|l| l.validate().is_ok())
        }
        _ => true,
    };
    if holds {
        Ok(())
    } else {
        Err(Refusal::BadPolicy)
    }
}

pub(crate) fn not_empty(text: &str, field: Field) -> Result<(), Refusal> {
    if text.trim().is_empty() {
        Err(Refusal::Empty(field))
    } else {
        Ok(())
    }
}

pub(crate) fn positive(amount: i64) -> Result<(), Refusal> {
    match amount {
        a if a <= 0 => Err(Refusal::NotPositive(a)),
        a if a > MAX_AMOUNT => Err(Refusal::TooLarge),
        _ => Ok(()),
    }
}
