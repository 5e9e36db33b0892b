//! Events change the book. Total: an event that decide made always applies.

pub(crate) mod imports;
mod letters;
mod money;
mod outbox;
mod statement;
mod work;

use crate::book::{About, Book, CommitMeta, FactId, Import, Label};
use crate::columns::{NO_DAY, Segment};
use crate::command::{Body, Command, CommandKind};
use crate::event::*;
use crate::facts::*;
use crate::ids::*;
use crate::import::Bulk;
use crate::items::OWN;
use crate::keys::FactKey;
use crate::people::*;
use crate::policy::Policies;
use crate::versioned::Versioned;
use duebook_money::Day;
use std::collections::BTreeMap;
use std::rc::Rc;

/// What a commit touched: which views have to look again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Delta {
    /// So much moved that everything is to be looked at again.
    pub everything: bool,
    /// Customers touched.
    pub customers: Vec<CustomerId>,
    /// A policy changed.
    pub policies: bool,
    /// What the columns keep as known now has to be worked out anew; done before `apply` returns.
    stale: bool,
}

/// A bulk record that the commit names was not handed over, or its rows point outside its head.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingBlock(pub [u8; 32]);

/// A commit's facts about itself, from its envelope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// Position in the log.
    pub seq: Seq,
    /// The command's id.
    pub command: Uid,
    /// Milliseconds UTC.
    pub recorded_at: i64,
    /// The ledger's date then.
    pub ledger_date: Day,
    /// Name of the actor.
    pub actor: String,
}

#[derive(Default)]
pub(crate) struct Ordinals(BTreeMap<u8, u32>);

impl Ordinals {
    pub(crate) fn next(&mut self, kind: u8, command: Uid) -> FactKey {
        let slot = self.0.entry(kind).or_default();
        let ordinal = u32::from(kind) << 24 | *slot;
        *slot += 1;
        FactKey { command, ordinal }
    }
}

impl Book {
    /// Applies a commit. The blocks it names must be in `bulk`.
    ///
    /// # Errors
    /// [`MissingBlock`], before anything is changed.
    pub fn apply(
        &mut self,
        stamp: &Stamp,
        body: &Body,
        bulk: &mut Bulk,
    ) -> Result<Delta, MissingBlock> {
        for event in &body.events {
            check_blocks(event, bulk)?;
        }
        if self.live.is_empty() {
            self.live.push(false);
        }
        self.live.push(true);
        self.commands.insert(stamp.command, stamp.seq);
        let undoes = match body.command {
            Command::Undo { commit } => Some(commit),
            _ => None,
        };
        let label = Label {
            kind: body.command.kind(),
            customer: None,
            count: 0,
            undoes,
        };
        self.commits.push(CommitMeta {
            seq: stamp.seq,
            command: stamp.command,
            label,
            recorded_at: stamp.recorded_at,
            ledger_date: stamp.ledger_date,
            actor: stamp.actor.clone(),
        });
        let mut delta = Delta::default();
        let mut ordinals = Ordinals::default();
        let mut count = 0;
        for event in &body.events {
            count += self.apply_event(stamp, event, bulk, &mut delta, &mut ordinals);
        }
        if delta.stale {
            self.rebuild();
        }
        duebook_money::order::sort(&mut delta.customers);
        delta.customers.dedup();
        if let Some(meta) = self.commits.last_mut() {
            meta.label.count = count;
            meta.label.customer = (delta.customers.len() == 1).then(|| delta.customers[0]);
        }
        if delta.everything {
            self.index_customers();
        }
        self.index_loose();
        Ok(delta)
    }

    /// One event; answers how many things it touched.
    fn apply_event(
        &mut self,
        stamp: &Stamp,
        event: &Event,
        bulk: &mut Bulk,
        delta: &mut Delta,
        ordinals: &mut Ordinals,
    ) -> u64 {
        let seq = stamp.seq;
        match event {
            Event::BookOpened {
                name,
                currency,
                own_ledger,
                sample,
            } => {
                let (name, currency) = (name.clone(), *currency);
                self.about = Some(About {
                    name,
                    currency,
                    own_ledger: *own_ledger,
                    sample: *sample,
                });
                self.policies = Policies::new(currency);
                delta.everything = true;
                1
            }
            Event::EntityAdded { code } => {
                self.entity_index_or_add(code);
                1
            }
            Event::ItemsImported {
                facts,
                head,
                segments,
            } => {
                delta.everything = true;
                self.items_imported(seq, facts, head, segments, bulk)
            }
            Event::ItemsChanged {
                effective,
                changes,
                in_scope,
            } => {
                delta.everything = true;
                self.items_changed(seq, *effective, changes, *in_scope);
                changes.len() as u64
            }
            Event::PaymentsImported { facts, block } => {
                delta.everything = true;
                let rows = bulk.payments.remove(&block.digest).unwrap_or_default();
                self.blocks.push(*block);
                self.source_index_or_add(&facts.source);
                self.record_import(seq, facts, rows.len() as u64);
                rows.iter().for_each(|row| self.payment(seq, row));
                rows.len() as u64
            }
            Event::MasterDataImported {
                facts,
                added,
                changed,
            } => {
                self.source_index_or_add(&facts.source);
                self.record_import(seq, facts, *added);
                if let Some(import) = self.imports.last_mut() {
                    import.changed = *changed;
                }
                0
            }
            Event::CustomerSaved {
                customer,
                source,
                facts,
            } => {
                let source = self.source_index_or_add(source);
                self.customer_saved(seq, *customer, source, facts);
                delta.customers.push(*customer);
                1
            }
            Event::ContactSaved {
                contact,
                customer,
                role,
                zone,
                language,
                details,
            } => {
                let facts = ContactFacts {
                    role: role.clone(),
                    zone: zone.clone(),
                    language: language.clone(),
                    details: *details,
                };
                let key = ordinals.next(1, stamp.command);
                self.contact_saved(seq, key, *contact, *customer, facts);
                delta.customers.push(*customer);
                1
            }
            Event::ContactRemoved { contact } => {
                if let Some(c) = self.contacts.get_mut(contact.index()) {
                    c.removed.set(seq, ());
                    delta.customers.push(c.customer);
                }
                1
            }
            Event::ProfileSet {
                customer,
                field,
                value,
                source,
                checked,
            } => {
                if let Some(c) = self.customers.get_mut(customer.index()) {
                    let value = (value.clone(), source.clone(), *checked);
                    c.profile.entry(*field).or_default().set(seq, value);
                    delta.customers.push(*customer);
                }
                1
            }
            Event::PolicySet(change) => {
                self.policy_changes.push((seq, change.clone()));
                self.policies.set(change.clone());
                delta.everything = true;
                delta.policies = true;
                1
            }
            Event::ControlBalanceSet {
                currency,
                as_of,
                minor,
                source,
            } => {
                let value = (*minor, source.clone());
                self.control
                    .entry((*currency, *as_of))
                    .or_default()
                    .set(seq, value);
                1
            }
            Event::Voided { commit } => {
                self.voids.entry(*commit).or_default().push(seq);
                delta.everything = true;
                delta.policies = true;
                delta.stale = true;
                1
            }
            Event::StatementImported {
                facts,
                block,
                known,
            } => {
                let key = ordinals.next(7, stamp.command);
                self.statement_imported((seq, key), facts, block, known, bulk)
            }
            Event::Template(event) => {
                self.apply_template(seq, event, delta);
                1
            }
            Event::TextsErased { texts, ground } => {
                self.erasures.insert(seq, ground.clone());
                texts.iter().for_each(|t| _ = self.erased.insert(*t, seq));
                delta.everything = true;
                texts.len() as u64
            }
            Event::Recon(event) => {
                self.apply_recon((seq, stamp.command), event, delta, ordinals);
                1
            }
            Event::Shift(event) => {
                let kind = event.key_kind();
                let key = kind.map(|kind| ordinals.next(kind, stamp.command));
                self.apply_shift(stamp, key, event, delta)
            }
            Event::Plan(event) => {
                let key = match event.key_kind() {
                    0 => FactKey {
                        command: stamp.command,
                        ordinal: 0,
                    },
                    kind => ordinals.next(kind, stamp.command),
                };
                self.apply_plan(seq, key, event, delta);
                1
            }
            Event::Letters(event) => {
                self.apply_letters(stamp, event, delta, ordinals);
                1
            }
            Event::Reporting(event) => {
                let kind = crate::reporting::key_kind(event);
                self.apply_reporting(seq, ordinals.next(kind, stamp.command), event)
            }
            _ => self.apply_work(stamp, event, delta, ordinals),
        }
    }

    pub(super) fn touch(
        &mut self,
        id: CustomerId,
        delta: &mut Delta,
        f: impl FnOnce(&mut Customer),
    ) {
        if let Some(customer) = self.customers.get_mut(id.index()) {
            f(customer);
            delta.customers.push(id);
        }
    }

    pub(crate) fn source_index_or_add(&mut self, name: &str) -> u16 {
        if name.is_empty() {
            return OWN;
        }
        self.source_index(name).unwrap_or_else(|| {
            self.sources.push(name.to_owned());
            (self.sources.len() - 1) as u16
        })
    }

    pub(super) fn entity_index_or_add(&mut self, code: &str) -> u16 {
        let found = self.entities.iter().position(|e| e == code);
        found.unwrap_or_else(|| {
            self.entities.push(code.to_owned());
            self.entities.len() - 1
        }) as u16
    }
}

fn check_blocks(event: &Event, bulk: &Bulk) -> Result<(), MissingBlock> {
    match event {
        Event::ItemsImported { head, segments, .. } => {
            let known = bulk.heads.get(&head.digest);
            let known = known.ok_or(MissingBlock(head.digest))?;
            let fits = |s: &Segment| {
                s.is_rectangular()
                    && s.customer
                        .iter()
                        .all(|&c| (c as usize) < known.customers.len())
                    && s.entity
                        .iter()
                        .all(|&e| (e as usize) < known.entities.len())
            };
            let absent = segments
                .iter()
                .find(|b| !bulk.segments.get(&b.digest).is_some_and(|s| fits(s)));
            absent.map_or(Ok(()), |b| Err(MissingBlock(b.digest)))
        }
        Event::PaymentsImported { block, .. } if !bulk.payments.contains_key(&block.digest) => {
            Err(MissingBlock(block.digest))
        }
        Event::StatementImported { block, .. } if !bulk.statements.contains_key(&block.digest) => {
            Err(MissingBlock(block.digest))
        }
        _ => Ok(()),
    }
}

/// File ordinals become the book's ids.
fn remap(segment: &mut Segment, customers: &[u32], entities: &[u16]) {
    for c in &mut segment.customer {
        *c = customers.get(*c as usize).copied().unwrap_or(0);
    }
    for e in &mut segment.entity {
        *e = entities.get(*e as usize).copied().unwrap_or(0);
    }
}

/// Whether a command kind makes facts that money rests on.
pub fn is_posting(kind: CommandKind) -> bool {
    use CommandKind::*;
    matches!(
        kind,
        ImportItems
            | ImportPayments
            | IssueDocument
            | RecordReceipt
            | ApplyCredit
            | ReverseSettlement
            | ReturnReceipt
            | AcceptMatches
    )
}
