//! How the work list is steered, and calls that are not finished: pins and snoozes with a reason
//! (PR-03), whose account it is, saved filters, calls parked, contacts made against a rule (CP-01
//! to CP-05). Nothing here is about money.

mod apply;
mod decide;
mod event;

pub use event::{
    Assignment, DeskCommand, DeskEvent, Flag, FlagFact, NewFlags, ParkedFact, Pin, Pool, Severity,
    Snooze,
};

use crate::book::Book;
use crate::facts::Channel;
use crate::ids::{ActivityId, CustomerId, Seq};
use crate::keys::{FactKey, TextRef};
use crate::people::Activity;
use crate::versioned::Versioned;
use crate::violations::Violation;
use std::collections::BTreeMap;

/// What a desk command was, for the activity page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)] // named as the variants of `DeskCommand`
pub enum DeskKind {
    Pin,
    Unpin,
    Snooze,
    EndSnooze,
    Assign,
    SavePool,
    RemovePool,
    Park,
    DropParked,
    Log,
    LiftStop,
}

/// A call that was broken off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parked {
    /// Commit that parked it.
    pub commit: Seq,
    /// Natural key.
    pub key: FactKey,
    /// What is known of it.
    pub fact: ParkedFact,
    /// When it was given up.
    pub dropped: Versioned<()>,
}

/// A contact that a rule of contact spoke against.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flagged {
    /// Commit.
    pub commit: Seq,
    /// What.
    pub fact: FlagFact,
}

/// What is kept of it all.
#[derive(Debug, Clone, Default)]
pub struct Desk {
    pub(crate) pins: BTreeMap<CustomerId, Versioned<Option<Pin>>>,
    pub(crate) snoozes: BTreeMap<CustomerId, Versioned<Option<Snooze>>>,
    pub(crate) assigned: BTreeMap<CustomerId, Versioned<Option<Assignment>>>,
    pub(crate) pools: BTreeMap<String, Versioned<Option<Pool>>>,
    /// The last contact of which the stop was lifted, with those before it, and why.
    lifted: BTreeMap<CustomerId, Versioned<(ActivityId, TextRef)>>,
    parked: Vec<Parked>,
    flagged: Vec<Flagged>,
    flag_of: BTreeMap<ActivityId, usize>,
}

impl Desk {
    /// A customer's pin by the commits that count, and the commit that set it.
    pub fn pin(&self, customer: CustomerId, live: &impl Fn(Seq) -> bool) -> Option<(Seq, &Pin)> {
        let (seq, pin) = self.pins.get(&customer)?.latest(live)?;
        Some((seq, pin.as_ref()?))
    }
    /// Whoever was ever pinned, by id; the pin may be off or void.
    pub fn pinned(&self) -> impl Iterator<Item = CustomerId> + '_ {
        self.pins.keys().copied()
    }
    /// A customer's snooze by the commits that count, and the commit that set it.
    pub fn snooze(
        &self,
        customer: CustomerId,
        live: &impl Fn(Seq) -> bool,
    ) -> Option<(Seq, &Snooze)> {
        let (seq, snooze) = self.snoozes.get(&customer)?.latest(live)?;
        Some((seq, snooze.as_ref()?))
    }
    /// Whose a customer is by the commits that count, and the commit that said so.
    pub fn assignment(
        &self,
        customer: CustomerId,
        live: &impl Fn(Seq) -> bool,
    ) -> Option<(Seq, &Assignment)> {
        let (seq, to) = self.assigned.get(&customer)?.latest(live)?;
        Some((seq, to.as_ref()?))
    }
    /// Who a customer was assigned to, with the commits, dead ones included; oldest first.
    pub fn assignments(
        &self,
        customer: CustomerId,
    ) -> impl Iterator<Item = &(Seq, Option<Assignment>)> + '_ {
        let history = self
            .assigned
            .get(&customer)
            .map_or(&[][..], |v| v.history());
        history.iter()
    }
    /// All calls ever parked, in log order, dead ones included.
    pub fn parked(&self) -> &[Parked] {
        &self.parked
    }
    /// All contacts flagged, in log order, dead ones included.
    pub fn flagged(&self) -> &[Flagged] {
        &self.flagged
    }
}

impl Book {
    /// Pins, snoozes, assignments, pools, parked calls, flags.
    pub fn desk(&self) -> &Desk {
        &self.desk
    }

    /// The saved filters known now, by name.
    pub fn pools(&self) -> impl Iterator<Item = (&str, &Pool)> + '_ {
        self.desk.pools.iter().filter_map(|(name, versions)| {
            let pool = versions.get(&|s| self.is_live(s))?.as_ref()?;
            Some((name.as_str(), pool))
        })
    }

    /// The calls that are still parked, oldest first: no contact with the customer was logged since,
    /// and they were not given up.
    pub fn calls_parked(&self) -> impl Iterator<Item = &Parked> + '_ {
        let live = |s| self.is_live(s);
        self.desk.parked.iter().filter(move |p| {
            live(p.commit) && p.dropped.get(&live).is_none() && !self.is_finished(p)
        })
    }

    /// Whether a contact with the customer was logged after a call was parked.
    fn is_finished(&self, parked: &Parked) -> bool {
        let ids = self
            .customer(parked.fact.customer)
            .map_or(&[][..], |c| &c.activities);
        let after = ids
            .iter()
            .rev()
            .filter_map(|id| self.activities().get(id.index()))
            .take_while(|a| a.commit > parked.commit);
        let mut spoken = after.filter(|a| a.channel != crate::facts::Channel::Note);
        spoken.any(|a| self.is_live(a.commit))
    }

    /// What rules said against a contact.
    pub fn flag_of(&self, activity: ActivityId) -> Option<&Flagged> {
        let flagged = self.desk.flagged.get(*self.desk.flag_of.get(&activity)?)?;
        self.is_live(flagged.commit).then_some(flagged)
    }

    /// What forbids the ordinary contact with a customer, by the commits that count, the last first:
    /// contacts in which they asked not to be called, named a lawyer or were insolvent, unless
    /// somebody lifted that (CP-04). Work list, rules of contact, risk and placement read it here.
    pub fn stops<L: Fn(Seq) -> bool>(
        &self,
        customer: CustomerId,
        live: L,
    ) -> impl Iterator<Item = &Activity> + use<'_, L> {
        let lifts = self.desk.lifted.get(&customer);
        let lifts = lifts.map_or(&[][..], |v| v.history()).iter();
        let lifted = lifts.filter(|(seq, _)| live(*seq));
        let lifted = lifted.map(|(_, (said, _))| *said).max();
        let ids = self.customer(customer).map_or(&[][..], |c| &c.activities);
        let said = ids.iter().rev();
        said.take_while(move |id| lifted.is_none_or(|l| **id > l))
            .filter_map(|id| self.activities.get(id.index()))
            .filter(move |a| a.outcome.is_stop() && live(a.commit) && a.channel != Channel::Note)
    }

    /// The last of [`Book::stops`].
    pub fn stop(&self, customer: CustomerId, live: &impl Fn(Seq) -> bool) -> Option<&Activity> {
        self.stops(customer, live).next()
    }

    /// Why the last stop was lifted, and by which commit, where nothing was stopped since.
    pub fn stop_lifted(
        &self,
        customer: CustomerId,
        live: &impl Fn(Seq) -> bool,
    ) -> Option<(Seq, TextRef)> {
        let (seq, (_, why)) = self.desk.lifted.get(&customer)?.latest(live)?;
        self.stop(customer, live).is_none().then_some((seq, *why))
    }

    /// Whatever the desk names is in the book.
    pub(crate) fn check_desk(&self, out: &mut Vec<Violation>) {
        let customer = |id: &CustomerId| id.index() < self.customers.len();
        let known = |seq: Seq| seq > Seq(0) && seq <= self.head();
        let mut check = |ok: bool, seq: Seq| {
            if !ok || !known(seq) {
                out.push(Violation::Desk(seq));
            }
        };
        for (id, versions) in &self.desk.pins {
            versions
                .history()
                .iter()
                .for_each(|(seq, _)| check(customer(id), *seq));
        }
        for (id, versions) in &self.desk.snoozes {
            versions
                .history()
                .iter()
                .for_each(|(seq, _)| check(customer(id), *seq));
        }
        for (id, versions) in &self.desk.lifted {
            versions
                .history()
                .iter()
                .for_each(|(seq, _)| check(customer(id), *seq));
        }
        for (id, versions) in &self.desk.assigned {
            versions
                .history()
                .iter()
                .for_each(|(seq, _)| check(customer(id), *seq));
        }
        for parked in &self.desk.parked {
            check(customer(&parked.fact.customer), parked.commit);
        }
        for flagged in &self.desk.flagged {
            let activity = self.activities.get(flagged.fact.activity.index());
            check(
                activity.is_some_and(|a| a.commit == flagged.commit),
                flagged.commit,
            );
        }
    }
}
