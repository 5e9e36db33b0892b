//! Values of which the last one set counts: where both copies set one, a person says which.

use crate::book::{Book, FactId};
use crate::columns::StagedCustomer;
use crate::command::{Command, NewContact};
use crate::desk::{Assignment, DeskCommand, Pin, Pool, Snooze};
use crate::facts::{CollectorField, ProfileField};
use crate::ids::Seq;
use crate::keys::{CustomerKey, FactKey, ItemKey};
use crate::outbox::{Batch, MatterKey};
use crate::policy::PolicyChange;
use crate::versioned::Versioned;
use crate::work::{FieldChange, TrackerPart, WorkPart};
use duebook_money::{Currency, Day};
use std::collections::BTreeSet;

/// What can be set.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Slot {
    /// A collector's field of an item.
    Field(ItemKey, CollectorField),
    /// A field of a payment profile.
    Profile(CustomerKey, ProfileField),
    /// What is known of a customer.
    Customer(CustomerKey),
    /// What is known of a person.
    Contact(FactKey),
    /// A policy, by its stored number.
    Policy(u32),
    /// A control balance.
    Control(Currency, Day),
    /// What the source was told of something.
    Told(MatterKey),
    /// Which customer one is now.
    Merged(CustomerKey),
    /// Who works an account.
    Agent(CustomerKey),
    /// Whether and why a customer comes first.
    Pin(CustomerKey),
    /// Until when and why a customer is put off.
    Snooze(CustomerKey),
    /// A saved filter.
    Pool(String),
}

/// To what it was set.
#[derive(Debug, Clone, PartialEq)]
pub enum SlotValue {
    /// A field's.
    Text(String),
    /// A profile's: value, who said so, when checked.
    Profile(String, String, Day),
    /// A customer's.
    Customer(Box<StagedCustomer>),
    /// A person's.
    Contact(Box<NewContact>),
    /// A policy's.
    Policy(Box<PolicyChange>),
    /// Minor units, and where they are from.
    Control(i64, String),
    /// Reference and name of the batch; `None`: to be told again.
    Told(Option<(String, String)>),
    /// The customer it is now.
    Merged(CustomerKey),
    /// To whom; `None`: nobody.
    Agent(Option<Assignment>),
    /// How long and why; `None`: off.
    Pin(Option<Pin>),
    /// Until when and why; `None`: it came back.
    Snooze(Option<Snooze>),
    /// What it asks for; `None`: removed.
    Pool(Option<Box<Pool>>),
}

/// The slots a command sets.
pub(super) fn of(command: &Command, out: &mut BTreeSet<Slot>) {
    let field = |c: &FieldChange| Slot::Field(c.item.clone(), c.field);
    match command {
        Command::SetField { items, field, .. } => {
            out.extend(items.iter().map(|i| Slot::Field(i.clone(), *field)));
        }
        Command::SetFields { changes } => out.extend(changes.iter().map(field)),
        Command::WorkTogether { parts } => out.extend(parts.iter().filter_map(|p| match p {
            WorkPart::Field(change) => Some(field(change)),
            _ => None,
        })),
        Command::ImportTracker(tracker) => {
            out.extend(tracker.parts.iter().filter_map(|p| match p {
                TrackerPart::Field(change) => Some(field(change)),
                _ => None,
            }));
        }
        Command::SetProfile {
            customer, values, ..
        } => out.extend(
            values
                .iter()
                .map(|(f, _)| Slot::Profile(customer.clone(), *f)),
        ),
        Command::SaveCustomer { customer, .. } => _ = out.insert(Slot::Customer(customer.clone())),
        Command::ImportMasterData {
            facts, customers, ..
        } => out.extend(customers.iter().map(|c| {
            Slot::Customer(CustomerKey {
                source: facts.source.clone(),
                number: c.number.clone(),
            })
        })),
        Command::SaveContact {
            contact: Some(key), ..
        } => _ = out.insert(Slot::Contact(*key)),
        Command::SetPolicy(change) => _ = out.insert(Slot::Policy(number(change))),
        Command::SetControlBalance {
            currency, as_of, ..
        } => _ = out.insert(Slot::Control(*currency, *as_of)),
        Command::SendBatch(batch) => {
            out.extend(batch.items.iter().map(|(k, _)| Slot::Told(k.clone())));
        }
        Command::MergeCustomers { from, .. } => _ = out.insert(Slot::Merged(from.clone())),
        Command::Desk(desk) => desk_slots(desk, out),
        _ => {}
    }
}

fn desk_slots(command: &DeskCommand, out: &mut BTreeSet<Slot>) {
    match command {
        DeskCommand::Assign { customers, .. } => {
            out.extend(customers.iter().map(|c| Slot::Agent(c.clone())));
        }
        DeskCommand::Pin { customer, .. } => _ = out.insert(Slot::Pin(customer.clone())),
        DeskCommand::Snooze { customer, .. } => _ = out.insert(Slot::Snooze(customer.clone())),
        DeskCommand::SavePool { name, .. } => _ = out.insert(Slot::Pool(name.trim().to_owned())),
        _ => {}
    }
}

/// The stored number of a policy: one kind, one slot.
fn number(change: &PolicyChange) -> u32 {
    // A variant is stored as an array of its number and its fields.
    let bytes = crate::import::cbor(change);
    let mut decoder = minicbor::Decoder::new(&bytes);
    let first = decoder.array().and_then(|_| decoder.u32());
    first.unwrap_or(u32::MAX)
}

/// What a slot is set to, and by which commit: the last that counts.
pub(super) fn value(book: &Book, slot: &Slot) -> Option<(Seq, SlotValue)> {
    let live = |s: Seq| book.is_live(s);
    fn last<T>(versions: &Versioned<T>, book: &Book) -> Option<(Seq, T)>
    where
        T: Clone,
    {
        let (seq, value) = versions.latest(&|s| book.is_live(s))?;
        Some((seq, value.clone()))
    }
    Some(match slot {
        Slot::Field(item, field) => {
            let history = book.field_history(book.find_item(item)?, *field);
            let (seq, value) = history.into_iter().rfind(|(s, _)| live(*s))?;
            (seq, SlotValue::Text(value.to_owned()))
        }
        Slot::Profile(customer, field) => {
            let customer = book.customer(book.find_customer(customer)?)?;
            let (seq, (value, source, checked)) = last(customer.profile.get(field)?, book)?;
            (seq, SlotValue::Profile(value, source, checked))
        }
        Slot::Customer(customer) => {
            let customer = book.customer(book.find_customer(customer)?)?;
            let (seq, facts) = last(&customer.facts, book)?;
            (seq, SlotValue::Customer(Box::new(facts)))
        }
        Slot::Contact(key) => {
            let Some(FactId::Contact(id)) = book.find_fact(*key) else {
                return None;
            };
            let contact = book.contact(id)?;
            let (seq, facts) = last(&contact.facts, book)?;
            let new = NewContact {
                customer: book.customer_key(contact.customer)?,
                role: facts.role,
                zone: facts.zone,
                language: facts.language,
                details: facts.details,
            };
            (seq, SlotValue::Contact(Box::new(new)))
        }
        Slot::Policy(wanted) => {
            let mut all = book.policy_changes.iter().rev();
            let (seq, change) = all.find(|(s, c)| live(*s) && number(c) == *wanted)?;
            (*seq, SlotValue::Policy(Box::new(change.clone())))
        }
        Slot::Control(currency, day) => {
            let (seq, (minor, source)) = last(book.control.get(&(*currency, *day))?, book)?;
            (seq, SlotValue::Control(minor, source))
        }
        Slot::Told(key) => {
            let matter = book.find_matter(key)?;
            let (seq, telling) = last(book.told.get(&matter)?, book)?;
            let told = telling.map(|t| (t.reference, t.batch));
            (seq, SlotValue::Told(told))
        }
        Slot::Merged(from) => {
            let customer = book.customer(book.find_customer(from)?)?;
            let (seq, to) = last(&customer.merged_into, book)?;
            (seq, SlotValue::Merged(book.customer_key(to)?))
        }
        Slot::Agent(key) => {
            let (seq, to) = last(book.desk.assigned.get(&book.find_customer(key)?)?, book)?;
            (seq, SlotValue::Agent(to))
        }
        Slot::Pin(key) => {
            let (seq, pin) = last(book.desk.pins.get(&book.find_customer(key)?)?, book)?;
            (seq, SlotValue::Pin(pin))
        }
        Slot::Snooze(key) => {
            let (seq, snooze) = last(book.desk.snoozes.get(&book.find_customer(key)?)?, book)?;
            (seq, SlotValue::Snooze(snooze))
        }
        Slot::Pool(name) => {
            let (seq, pool) = last(book.desk.pools.get(name)?, book)?;
            (seq, SlotValue::Pool(pool.map(Box::new)))
        }
    })
}

/// The command that sets a slot to a value; fields are set together elsewhere.
pub(super) fn set(slot: &Slot, value: &SlotValue) -> Option<Command> {
    Some(match (slot, value) {
        (Slot::Field(item, field), SlotValue::Text(value)) => Command::SetFields {
            changes: vec![FieldChange {
                item: item.clone(),
                field: *field,
                value: value.clone(),
            }],
        },
        (Slot::Profile(customer, field), SlotValue::Profile(value, source, checked)) => {
            Command::SetProfile {
                customer: customer.clone(),
                values: vec![(*field, value.clone())],
                source: source.clone(),
                checked: *checked,
            }
        }
        (Slot::Customer(customer), SlotValue::Customer(facts)) => Command::SaveCustomer {
            customer: customer.clone(),
            facts: (**facts).clone(),
        },
        (Slot::Contact(key), SlotValue::Contact(facts)) => Command::SaveContact {
            contact: Some(*key),
            facts: (**facts).clone(),
        },
        (Slot::Policy(_), SlotValue::Policy(change)) => Command::SetPolicy((**change).clone()),
        (Slot::Control(currency, as_of), SlotValue::Control(minor, source)) => {
            Command::SetControlBalance {
                currency: *currency,
                as_of: *as_of,
                minor: *minor,
                source: source.clone(),
            }
        }
        (Slot::Told(key), SlotValue::Told(told)) => {
            let (reference, name) = told.clone().unwrap_or_default();
            Command::SendBatch(Batch {
                items: vec![(key.clone(), reference)],
                name,
                again: told.is_none(),
            })
        }
        (Slot::Merged(from), SlotValue::Merged(to)) => Command::MergeCustomers {
            from: from.clone(),
            to: to.clone(),
        },
        (Slot::Agent(customer), SlotValue::Agent(to)) => Command::Desk(DeskCommand::Assign {
            customers: vec![customer.clone()],
            collector: to.as_ref().map_or(String::new(), |a| a.collector.clone()),
        }),
        (Slot::Pin(customer), SlotValue::Pin(pin)) => Command::Desk(DeskCommand::Pin {
            customer: customer.clone(),
            pin: *pin,
        }),
        (Slot::Snooze(customer), SlotValue::Snooze(snooze)) => Command::Desk(DeskCommand::Snooze {
            customer: customer.clone(),
            snooze: *snooze,
        }),
        (Slot::Pool(name), SlotValue::Pool(pool)) => Command::Desk(DeskCommand::SavePool {
            name: name.clone(),
            pool: pool.as_deref().cloned(),
        }),
        _ => return None,
    })
}
