//! What settlements changed between the two views of a period.

use super::base::{Became, Sum};
use super::gather::{SETTLEMENTS, Slot, State};
use crate::scan::{BucketTable, days};
use duebook_ledger::columns::NO_DAY;
use duebook_ledger::facts::Cause;
use duebook_ledger::settlements::Settlement;
use duebook_ledger::{Book, ItemId, OpenScan, Seq, SettlementId};
use duebook_money::Day;

impl State {
    /// Some settlements; false after the last.
    pub(super) fn settlements(&mut self, book: &Book, from: usize) -> bool {
        let all = book.settlements();
        if from >= all.len() {
            return false;
        }
        let (then, now) = (
            OpenScan::new(book, self.opening),
            OpenScan::new(book, self.closing),
        );
        let buckets = self.buckets.clone();
        let table = BucketTable::new(&buckets);
        for n in from..all.len().min(from + SETTLEMENTS) {
            let Some(s) = all.get(SettlementId(n as u32)) else {
                continue;
            };
            if s.effective > self.closing.as_of {
                continue;
            }
            let before = stands(book, &s, &self.live_then, self.opening.as_of);
            let before = before == Some(Counted::Counts);
            let after = stands(book, &s, &self.live, self.closing.as_of);
            if let Some(counts) = after {
                self.weeks.settlement(book, &s, counts, &now);
            }
            if before || after.is_some() {
                self.settlement(book, &s, (before, after), (&then, &now), &table);
            }
        }
        true
    }

    /// What a settlement changed between the views.
    fn settlement(
        &mut self,
        book: &Book,
        s: &Settlement,
        (counted, counts): (bool, Option<Counted>),
        (then, now): (&OpenScan<'_>, &OpenScan<'_>),
        table: &BucketTable<'_>,
    ) {
        let counts_now = matches!(counts, Some(Counted::Counts));
        let day = match counts {
            Some(Counted::Counts) if !counted => Some(s.effective),
            Some(Counted::TakenBack(day)) => Some(day),
            _ => None,
        };
        let in_period = day.is_some_and(|d| d > self.opening.as_of);
        let mut net = 0i128;
        let mut owner = None;
        for (side, sign) in [(s.debit, -1i128), (s.credit, 1)] {
            let Some(id) = side else { continue };
            let there = |scan: &OpenScan<'_>| {
                let segment = scan.segment(id.segment());
                segment.is_some_and(|g| id.row() < g.len() && g.exists(id.row()))
            };
            let change = i128::from(u8::from(counts_now && there(now)))
                - i128::from(u8::from(counted && there(then)));
            if change == 0 {
                continue;
            }
            let Some(item) = book.item(id) else { continue };
            let customer = now
                .segment(id.segment())
                .map_or(item.customer().0, |g| g.data().customer[id.row()]);
            let Some(group) = self.group(customer, item.entity()) else {
                continue;
            };
            let slot = (group, item.currency().numeric());
            owner = Some(slot);
            let amount = change * i128::from(s.amount);
            net += sign * amount;
            if sign < 0 {
                self.debit_settled(
                    slot,
                    id,
                    customer,
                    (s, amount, in_period, day),
                    (then, now),
                    table,
                );
            }
        }
        if let Some(slot) = owner
            && net != 0
        {
            self.flow(slot, s.cause, net, in_period);
        }
    }

    /// A movement of the balance: what two sides do not carry to each other.
    fn flow(&mut self, slot: Slot, cause: Cause, net: i128, in_period: bool) {
        let base = self.base(slot);
        if !in_period {
            base.add(Sum::Restated, net);
            return;
        }
        let to = match cause {
            // Raised to its amount on the day of the document: part of what was billed.
            Cause::TakeOn if net > 0 => return base.add(Sum::Invoiced, net),
            Cause::TakeOn => Sum::Credited,
            // What goes over to another receipt came in with the one and comes in with the other: in all
            // it is nothing, by customer and currency it moves.
            Cause::Payment | Cause::Returned | Cause::Transferred => Sum::Received,
            Cause::Credit => Sum::Credited,
            Cause::AtSourceUnknown => Sum::Presumed,
            Cause::WriteOff => Sum::WrittenOff,
            Cause::Discount => Sum::Discount,
            Cause::Withholding => Sum::Withheld,
            Cause::Exchange => Sum::Exchange,
            Cause::Amended | Cause::Refund | Cause::Tolerance | Cause::Contra => Sum::Adjusted,
        };
        base.add(to, -net);
    }

    fn debit_settled(
        &mut self,
        slot: Slot,
        id: ItemId,
        customer: u32,
        (s, amount, in_period, day): (&Settlement, i128, bool, Option<Day>),
        (then, now): (&OpenScan<'_>, &OpenScan<'_>),
        table: &BucketTable<'_>,
    ) {
        let segments = (then.segment(id.segment()), now.segment(id.segment()));
        let (Some(before), Some(after)) = segments else {
            return;
        };
        let doc = after.data().doc_date[id.row()];
        let began = before.open(id.row()).map_or(0, |o| o.working());
        if began > 0 {
            let due = self.begin.due(&before, id);
            let as_of = self.opening.as_of.0;
            let age = if due == NO_DAY {
                days(as_of, doc)
            } else {
                as_of.saturating_sub(due)
            };
            let what = if in_period {
                Became::by(s.cause)
            } else {
                Became::LearntLate
            };
            let was = table.index(age);
            self.base(slot).rolls.add_became(was, what, amount);
        }
        if !in_period {
            return;
        }
        let assigned = self.assigned.get(customer as usize) == Some(&true);
        let due = self.end.due(&after, id);
        let base = self.base(slot);
        match s.cause {
            Cause::Payment => {
                let day = day.map_or(s.effective.0, |d| d.0);
                let late = i128::from(if due == NO_DAY { 0 } else { day - due });
                base.add(Sum::Applied, amount);
                if assigned {
                    base.add(Sum::AppliedAssigned, amount);
                }
                // How late money came is of the money that stays, by its own day.
                if amount > 0 {
                    base.applications += 1;
                    base.add(Sum::AppliedStays, amount);
                    base.add(Sum::AppliedLate, amount * late);
                    base.add(Sum::AppliedLateFloor, amount * late.max(0));
                    base.add(Sum::AppliedAge, amount * i128::from(days(day, doc)));
                }
            }
            Cause::WriteOff if amount > 0 => base.add(Sum::WriteOffs, amount),
            Cause::WriteOff => base.add(Sum::Recovered, -amount),
            _ => {}
        }
    }
}

/// How a settlement stands in a view.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Counted {
    Counts,
    /// It counted until this day.
    TakenBack(Day),
}

pub(super) fn stands(book: &Book, s: &Settlement, live: &[bool], as_of: Day) -> Option<Counted> {
    let is_live = |seq: Seq| live.get(seq.index()).copied().unwrap_or(false);
    let all = book.settlements();
    if s.effective > as_of || !is_live(s.commit) || !all.standing(s.id, &is_live).counts() {
        return None;
    }
    match all.reversal(s.id, &is_live) {
        Some(r) if r.effective <= as_of => Some(Counted::TakenBack(r.effective)),
        _ => Some(Counted::Counts),
    }
}
