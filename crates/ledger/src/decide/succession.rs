//! Documents take the place of others: the work done on those goes on with these.

use super::Decision;
use crate::book::Book;
use crate::columns::NO_DAY;
use crate::event::{Event, Succession};
use crate::facts::{CollectorField, PromiseEnd, PromiseLine, SuccessionKind};
use crate::ids::ItemId;
use crate::keys::ItemKey;
use crate::refusal::Refusal;
use duebook_money::Day;
use std::collections::BTreeSet;

impl Book {
    /// RB-02: a document that takes the place of others ages from the date those aged from, unless
    /// it has an anchor of its own. PT-05: a promise on what is billed anew is superseded and not
    /// broken; where the debt is the same it goes on with the successor.
    pub(super) fn decide_succession(
        &self,
        from: &[ItemKey],
        to: &[ItemKey],
        kind: SuccessionKind,
    ) -> Result<Decision, Refusal> {
        let ids = |keys: &[ItemKey]| {
            let ids = keys.iter().map(|k| self.item_id(k));
            ids.collect::<Result<Vec<ItemId>, Refusal>>()
        };
        let (from, to) = (ids(from)?, ids(to)?);
        let all: BTreeSet<ItemId> = from.iter().chain(&to).copied().collect();
        let items = || all.iter().filter_map(|id| self.item(*id));
        let currencies: BTreeSet<_> = items().map(|i| i.currency()).collect();
        let apart = all.len() == from.len() + to.len();
        if from.is_empty() || to.is_empty() || !apart || currencies.len() != 1 {
            return Err(Refusal::NotASuccession);
        }
        let mut events = Vec::new();
        if kind != SuccessionKind::Unrelated {
            self.keep_anchor(&from, &to, &mut events);
        }
        if kind != SuccessionKind::Unrelated && !kind.is_same_debt() {
            self.supersede_promises(&from, &mut events);
        }
        events.push(Event::Succeeded(Succession { from, to, kind }));
        Ok(events.into())
    }

    fn keep_anchor(&self, from: &[ItemId], to: &[ItemId], events: &mut Vec<Event>) {
        let anchor_of = |id: &ItemId| {
            let own = self.field(*id, CollectorField::AgingAnchor);
            let due = || {
                let due = self.due_of(&self.item(*id)?);
                (due != NO_DAY).then(|| Day(due).to_string())
            };
            (!own.is_empty()).then(|| own.to_owned()).or_else(due)
        };
        let Some(anchor) = from.iter().filter_map(anchor_of).min() else {
            return;
        };
        for id in to {
            let own = self.field(*id, CollectorField::AgingAnchor);
            let due = self.item(*id).map(|i| Day(self.due_of(&i)).to_string());
            if own.is_empty() && due.as_deref() != Some(&anchor) {
                events.push(Event::FieldSet {
                    item: *id,
                    field: CollectorField::AgingAnchor,
                    value: anchor.clone(),
                });
            }
        }
    }

    pub(crate) fn supersede_promises(&self, from: &[ItemId], events: &mut Vec<Event>) {
        let owners: BTreeSet<_> = from
            .iter()
            .filter_map(|id| Some(self.item(*id)?.customer()))
            .collect();
        let of_owners = owners.iter().filter_map(|c| self.customer(*c));
        for id in of_owners.flat_map(|c| &c.promises) {
            let Some(promise) = self.promise(*id).filter(|p| self.is_live(p.commit)) else {
                continue;
            };
            let ended = promise.ended.get(&|s| self.is_live(s)).is_some();
            let replaced =
                |l: &PromiseLine| l.item.is_some_and(|i| from.contains(&self.current(i)));
            if ended || !promise.fact.lines.iter().any(replaced) {
                continue;
            }
            events.push(Event::PromiseEnded {
                promise: *id,
                how: PromiseEnd::Superseded,
            });
            // What was promised of other items still is.
            let mut rest = promise.fact.clone();
            rest.lines.retain(|l| !replaced(l));
            if !rest.lines.is_empty() {
                events.push(Event::PromiseMade(rest));
            }
        }
    }
}
