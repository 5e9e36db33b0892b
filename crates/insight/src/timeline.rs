//! One timeline of everything about a customer, newest first, each with both clocks: the day it
//! counts from and the commit that recorded it. What was undone is not there (job.md B5).

mod recovery;

use crate::plans::{JudgedOffer, JudgedPlacement, JudgedPlan, PlanDefault};
use crate::promises::{Judged, judge_customer};
use duebook_ledger::cases::Hop;
use duebook_ledger::facts::{CollectorField, ProfileField, PromiseEnd};
use duebook_ledger::items::{ItemRef, day};
use duebook_ledger::plans::{OfferEnd, PlacementEnd, PlanEnd, Stage};
use duebook_ledger::recon::MovedReceipt;
use duebook_ledger::settlements::Settlement;
use duebook_ledger::{
    ActivityId, Book, CaseId, ContactId, CustomerId, EscalationId, FollowUpId, ItemId, OfferId,
    OpenScan, PlacementId, PlanId, PromiseId, RemarkId, Seq, SettlementId,
};
use duebook_money::Day;
use std::collections::{BTreeMap, BTreeSet};

/// What happened. Amounts are minor units of the item's currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// A document was issued, or money came in as one.
    Issued {
        /// Which.
        item: ItemId,
        /// As known in the view; credits are negative.
        amount: i64,
    },
    /// An open amount was changed: a payment, a credit, a write-off.
    Settled(Settlement),
    /// A settlement was taken back.
    Reversed(Settlement),
    /// Money went from one account to the other: it was posted to the wrong one.
    ReceiptMoved(MovedReceipt),
    /// The source changed a due date.
    Due {
        /// Of which item.
        item: ItemId,
        /// To.
        to: Option<Day>,
    },
    /// A promise was taken; how it stands now.
    Promised(Box<Judged>),
    /// A promise ended by our own act.
    PromiseEnded {
        /// Which.
        promise: PromiseId,
        /// How.
        how: PromiseEnd,
    },
    /// A contact was made or tried, or a note written.
    Contact(ActivityId),
    /// What a team's tracker says somebody wrote.
    Remark(RemarkId),
    /// A follow-up was set.
    FollowUp(FollowUpId),
    /// A follow-up was closed.
    FollowUpClosed(FollowUpId),
    /// A collector's field was set; empty cleared it.
    Field {
        /// Of which item.
        item: ItemId,
        /// Which field.
        field: CollectorField,
        /// To what.
        value: String,
    },
    /// A person was recorded, or what is known of them.
    ContactSaved(ContactId),
    /// A person left.
    ContactRemoved(ContactId),
    /// A field of the payment profile was set.
    Profile {
        /// Which.
        field: ProfileField,
        /// To what.
        value: String,
    },
    /// A dispute or query was taken down, went on, or ended.
    Case {
        /// Which.
        case: CaseId,
        /// Where to.
        hop: Box<Hop>,
    },
    /// A question was put to somebody above.
    Escalated(EscalationId),
    /// It was answered.
    EscalationAnswered(EscalationId),
    /// A payment plan was agreed; how it stands now.
    Planned(Box<JudgedPlan>),
    /// A trigger of a plan held from this day on; worked out, nobody's act.
    PlanDefaulted {
        /// Which.
        plan: PlanId,
        /// Which trigger.
        default: PlanDefault,
    },
    /// A plan ended by our own act.
    PlanEnded {
        /// Which.
        plan: PlanId,
        /// How.
        how: PlanEnd,
    },
    /// A settlement was offered; how it stands now.
    Offered(Box<JudgedOffer>),
    /// Its day passed without its money; worked out.
    OfferLapsed {
        /// Which.
        offer: OfferId,
    },
    /// An offer ended by our own act.
    OfferEnded {
        /// Which.
        offer: OfferId,
        /// How.
        how: OfferEnd,
    },
    /// Items were placed with an agency or a lawyer; what came of it.
    Placed(Box<JudgedPlacement>),
    /// A placement came to a stage.
    PlacementMoved {
        /// Which.
        placement: PlacementId,
        /// Where to.
        stage: Stage,
    },
    /// Due dates were agreed anew (PL-03).
    ReAged {
        /// Of so many items.
        items: u32,
        /// They age from this day.
        to: Day,
        /// Who approved it.
        approved: String,
    },
    /// A placement ended.
    PlacementEnded {
        /// Which.
        placement: PlacementId,
        /// How.
        how: PlacementEnd,
    },
    /// The debtor acknowledged debts.
    Acknowledged {
        /// How many items.
        items: u32,
    },
    /// A file of the source that brought or changed items of this customer.
    Import {
        /// Items it brought.
        added: u32,
        /// Items it changed.
        changed: u32,
    },
}

/// Groups by which a timeline is filtered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Contacts, notes, follow-ups.
    Talk,
    /// Promises, plans, offers, placements.
    Promise,
    /// Documents, payments, returns.
    Money,
    /// Fields, people, profile, files.
    Record,
}

/// An entry: what, and both clocks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The day it counts from.
    pub on: Day,
    /// The instant, where there is one: milliseconds UTC.
    pub at: Option<i64>,
    /// The commit that recorded it.
    pub commit: Seq,
    /// What.
    pub what: What,
}

impl Entry {
    /// The group it belongs to.
    pub fn kind(&self) -> Kind {
        match self.what {
            What::Contact(_) | What::Remark(_) | What::Case { .. } => Kind::Talk,
            What::Escalated(_) | What::EscalationAnswered(_) => Kind::Talk,
            What::FollowUp(_) | What::FollowUpClosed(_) => Kind::Talk,
            What::Promised(_) | What::PromiseEnded { .. } => Kind::Promise,
            What::Planned(_) | What::PlanDefaulted { .. } | What::PlanEnded { .. } => Kind::Promise,
            What::Offered(_) | What::OfferLapsed { .. } | What::OfferEnded { .. } => Kind::Promise,
            What::Placed(_) | What::PlacementMoved { .. } => Kind::Promise,
            What::PlacementEnded { .. } | What::Acknowledged { .. } => Kind::Promise,
            What::ReAged { .. } => Kind::Promise,
            What::Issued { .. } | What::Settled(_) | What::Reversed(_) => Kind::Money,
            What::ReceiptMoved(_) => Kind::Money,
            _ => Kind::Record,
        }
    }
}

/// A customer's timeline in a view, newest first.
pub fn timeline(book: &Book, scan: &OpenScan<'_>, customer: CustomerId) -> Vec<Entry> {
    let mut gather = Gather {
        book,
        scan,
        entries: Vec::new(),
        files: BTreeMap::new(),
    };
    // What was done with a customer that goes on as this one was done with this one.
    for customer in book.with_merged(customer) {
        gather.items(customer);
        gather.moved(customer);
        gather.people(customer);
        gather.promises(customer);
        gather.recovery(customer);
        gather.talk(customer);
        gather.cases(customer);
    }
    gather.imports();
    let mut entries = gather.entries;
    let as_of = scan.view().as_of;
    entries.retain(|e| e.on <= as_of);
    // What was gathered later of one commit stands on what was gathered before.
    entries.reverse();
    duebook_money::order::sort_by_key(&mut entries, |e| std::cmp::Reverse((e.on, e.commit)));
    entries
}

struct Gather<'a> {
    book: &'a Book,
    scan: &'a OpenScan<'a>,
    entries: Vec<Entry>,
    /// Per import: items brought, items changed.
    files: BTreeMap<Seq, (u32, BTreeSet<ItemId>)>,
}

impl Gather<'_> {
    fn recorded_on(&self, seq: Seq) -> Day {
        self.book
            .commit(seq)
            .map_or(self.scan.view().as_of, |c| c.ledger_date)
    }
    fn push(&mut self, on: Day, commit: Seq, what: What) {
        self.entries.push(Entry {
            on,
            at: None,
            commit,
            what,
        });
    }

    fn items(&mut self, customer: CustomerId) {
        let book = self.book;
        let mut seen: BTreeSet<SettlementId> = BTreeSet::new();
        for item in self.scan.items_of(customer) {
            let commit = item.commit();
            if !self.scan.is_live(commit) {
                continue;
            }
            self.files.entry(commit).or_default().0 += 1;
            let on = day(item.doc_date()).unwrap_or_else(|| self.recorded_on(commit));
            let amount = book.amount_of(&item);
            self.push(
                on,
                commit,
                What::Issued {
                    item: item.id,
                    amount,
                },
            );
            self.changes(&item);
            for s in book.settlements_of(item.id) {
                if self.scan.is_live(s.commit) && seen.insert(s.id) {
                    self.settlement(&item, s);
                }
            }
            self.fields(item.id);
        }
    }

    /// Both accounts tell it, and what was taken back of items of this one stands beside it.
    fn moved(&mut self, customer: CustomerId) {
        let book = self.book;
        for m in book.moved_receipts_ever() {
            if self.scan.is_live(m.commit) && [m.from, m.to].contains(&customer) {
                self.push(m.effective, m.commit, What::ReceiptMoved(*m));
            }
        }
    }

    fn changes(&mut self, item: &ItemRef<'_>) {
        let state = item.segment();
        let row = item.row() as u16;
        let dues = state.due_changes.get(&row).map_or(&[][..], |c| c);
        for (seq, due) in dues.iter().filter(|(s, _)| self.scan.is_live(*s)) {
            self.files.entry(*seq).or_default().1.insert(item.id);
            let on = self.recorded_on(*seq);
            self.push(
                on,
                *seq,
                What::Due {
                    item: item.id,
                    to: day(*due),
                },
            );
        }
        let amounts = state.amount_changes.get(&row).map_or(&[][..], |c| c);
        for (seq, _) in amounts.iter().filter(|(s, _)| self.scan.is_live(*s)) {
            self.files.entry(*seq).or_default().1.insert(item.id);
        }
    }

    fn settlement(&mut self, item: &ItemRef<'_>, s: Settlement) {
        let table = self.book.settlements();
        let live = |seq: Seq| self.scan.is_live(seq);
        if !table.standing(s.id, &live).counts() {
            return;
        }
        self.files.entry(s.commit).or_default().1.insert(item.id);
        let reversal = table.reversal(s.id, &live);
        self.push(s.effective, s.commit, What::Settled(s));
        if let Some(r) = reversal {
            self.push(r.effective, r.commit, What::Reversed(s));
        }
    }

    fn fields(&mut self, item: ItemId) {
        use CollectorField::*;
        let book = self.book;
        for field in [
            Status,
            Reason,
            ExpectedDate,
            NextAction,
            Owner,
            Remark,
            Disputed,
            AgingAnchor,
        ] {
            for (seq, value) in book.field_history(item, field) {
                if self.scan.is_live(seq) {
                    let value = value.to_owned();
                    self.push(
                        self.recorded_on(seq),
                        seq,
                        What::Field { item, field, value },
                    );
                }
            }
        }
    }

    fn people(&mut self, customer: CustomerId) {
        let Some(known) = self.book.customer(customer) else {
            return;
        };
        for &id in &known.contacts {
            let Some(contact) = self.book.contact(id) else {
                continue;
            };
            let saved = contact
                .facts
                .history()
                .iter()
                .map(|(seq, _)| (*seq, What::ContactSaved(id)));
            let removed = contact
                .removed
                .history()
                .iter()
                .map(|(seq, ())| (*seq, What::ContactRemoved(id)));
            for (seq, what) in saved.chain(removed) {
                if self.scan.is_live(seq) {
                    self.push(self.recorded_on(seq), seq, what);
                }
            }
        }
        for (field, versions) in &known.profile {
            for (seq, (value, _, _)) in versions.history() {
                if self.scan.is_live(*seq) {
                    let what = What::Profile {
                        field: *field,
                        value: value.clone(),
                    };
                    self.push(self.recorded_on(*seq), *seq, what);
                }
            }
        }
    }

    fn promises(&mut self, customer: CustomerId) {
        for judged in judge_customer(self.book, self.scan, customer) {
            let Some(promise) = self.book.promise(judged.promise) else {
                continue;
            };
            let (id, taken_on, commit) = (judged.promise, judged.taken_on, promise.commit);
            self.push(taken_on, commit, What::Promised(Box::new(judged)));
            for (seq, how) in promise.ended.history() {
                if self.scan.is_live(*seq) {
                    let what = What::PromiseEnded {
                        promise: id,
                        how: *how,
                    };
                    self.push(self.recorded_on(*seq), *seq, what);
                }
            }
        }
    }

    fn talk(&mut self, customer: CustomerId) {
        let book = self.book;
        let Some(known) = book.customer(customer) else {
            return;
        };
        for &id in &known.activities {
            let Some(a) = book.activities().get(id.index()) else {
                continue;
            };
            if !self.scan.is_live(a.commit) {
                continue;
            }
            let on = book.commit(a.commit).map_or(self.scan.view().as_of, |c| {
                // Entered later than it was: the day is as many whole days back.
                let days = (c.recorded_at - a.at).max(0).div_euclid(86_400_000);
                c.ledger_date.plus(-(days.min(100_000) as i32))
            });
            let what = What::Contact(id);
            self.entries.push(Entry {
                on,
                at: Some(a.at),
                commit: a.commit,
                what,
            });
        }
        for &id in &known.remarks {
            if let Some(r) = book.remark(id).filter(|r| self.scan.is_live(r.commit)) {
                self.push(r.fact.day, r.commit, What::Remark(id));
            }
        }
        for &id in &known.follow_ups {
            let Some(f) = book.follow_ups().get(id.index()) else {
                continue;
            };
            if !self.scan.is_live(f.commit) {
                continue;
            }
            self.push(self.recorded_on(f.commit), f.commit, What::FollowUp(id));
            for (seq, ()) in f.closed.history() {
                if self.scan.is_live(*seq) {
                    self.push(self.recorded_on(*seq), *seq, What::FollowUpClosed(id));
                }
            }
        }
    }

    fn cases(&mut self, customer: CustomerId) {
        let book = self.book;
        let scan = self.scan;
        for (case, known) in book.cases_of(customer) {
            if !scan.is_live(known.commit) {
                continue;
            }
            for at in known.trail(&|s| scan.is_live(s)) {
                let hop = Box::new(at.hop);
                self.push(hop.on, at.commit, What::Case { case, hop });
            }
        }
        for (id, e) in book
            .escalations()
            .filter(|(_, e)| e.fact.customer == customer)
        {
            if scan.is_live(e.commit) {
                self.push(e.fact.on, e.commit, What::Escalated(id));
            }
            if let Some((seq, answer)) = e.answer.latest(&|s| scan.is_live(s)) {
                self.push(answer.on, seq, What::EscalationAnswered(id));
            }
        }
    }

    fn imports(&mut self) {
        let book = self.book;
        let files = std::mem::take(&mut self.files);
        for import in book.imports().filter(|i| self.scan.is_live(i.commit)) {
            if let Some((added, changed)) = files.get(&import.commit) {
                let what = What::Import {
                    added: *added,
                    changed: changed.len() as u32,
                };
                self.push(import.facts.as_of, import.commit, what);
            }
        }
    }
}
