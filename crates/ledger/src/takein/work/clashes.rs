//! What two people said of one thing: promises on one item, two values of one field.

use super::*;

impl Work<'_> {
    /// The terms of a promise are those in force when it was given.
    pub(super) fn keep_terms(&self, at: usize, events: &mut [Event]) {
        let theirs = self.theirs[at].body.events.iter();
        let mut given = theirs.filter_map(|e| match e {
            Event::PromiseMade(fact) => Some(fact),
            _ => None,
        });
        for event in events {
            if let Event::PromiseMade(fact) = event
                && let Some(theirs) = given.next()
            {
                fact.grace_days = theirs.grace_days;
                fact.threshold_per_mille = theirs.threshold_per_mille;
                fact.count_unapplied = theirs.count_unapplied;
            }
        }
    }

    /// Puts a decided commit of theirs on the fork, unless it takes a promise where one of ours
    /// stands and nobody has said which counts.
    pub(super) fn promises(
        &mut self,
        at: usize,
        context: Context,
        body: Body,
        blocks: Vec<Vec<u8>>,
    ) {
        let made: Vec<PromiseFact> = body.events.iter().filter_map(promise_of).collect();
        let mut beside: Vec<(ItemId, PromiseId)> = Vec::new();
        for fact in &made {
            beside.extend(self.beside(fact));
        }
        let Some((item, _)) = beside.first().copied() else {
            return self.take(at, context, body, blocks);
        };
        let key = |p: &PromiseId| self.fork.promise(*p).map(|p| p.key);
        let ours: BTreeSet<FactKey> = beside.iter().filter_map(|(_, p)| key(p)).collect();
        let ours: Vec<FactKey> = ours.into_iter().collect();
        let what = What::TwoPromises {
            item: self.fork.item_key(item).unwrap_or_default(),
            ours: ours.clone(),
        };
        let choices = vec![Choice::Theirs, Choice::Ours, Choice::Both];
        let how = PromiseEnd::Superseded;
        let before = self.fork.promises().len();
        match self.ask(at, At::Theirs(context.command_id), what, choices) {
            Some(Choice::Theirs) => {
                self.take(at, context, body, blocks);
                for promise in ours {
                    self.settle(Command::EndPromise { promise, how });
                }
            }
            Some(Choice::Ours) => {
                self.take(at, context, body, blocks);
                let theirs = self.fork.promises().iter().skip(before);
                let theirs: Vec<FactKey> = theirs.map(|p| p.key).collect();
                for promise in theirs {
                    self.settle(Command::EndPromise { promise, how });
                }
            }
            Some(_) => self.take(at, context, body, blocks),
            None => _ = self.missing.insert(context.command_id),
        }
    }

    /// Promises of our own since the copies parted that stand on an item of this one.
    fn beside(&self, fact: &PromiseFact) -> Vec<(ItemId, PromiseId)> {
        let Some(customer) = self.fork.customer(fact.customer) else {
            return Vec::new();
        };
        let items: BTreeSet<ItemId> = fact
            .lines
            .iter()
            .filter_map(|l| l.item)
            .map(|i| self.fork.current(i))
            .collect();
        let mut out = Vec::new();
        for id in &customer.promises {
            let Some(ours) = self.fork.promise(*id) else {
                continue;
            };
            let ended = ours.ended.get(&|s| self.fork.is_live(s)).is_some();
            if ended || !self.tail.contains(&ours.commit) || !self.fork.is_live(ours.commit) {
                continue;
            }
            let lines = ours.fact.lines.iter().filter_map(|l| l.item);
            let mut both = lines
                .map(|i| self.fork.current(i))
                .filter(|i| items.contains(i));
            out.extend(both.next().map(|item| (item, *id)));
        }
        out
    }

    // ---- values that both have set ----

    pub(super) fn two_values(&mut self) {
        let mut fields = Vec::new();
        for slot in std::mem::take(&mut self.slots) {
            let Some((seq, ours)) = slots::value(self.book, &slot) else {
                continue;
            };
            let Some((set, theirs)) = slots::value(&self.fork, &slot) else {
                continue;
            };
            if !self.tail.contains(&seq) || set <= self.book.head() || ours == theirs {
                continue;
            }
            let meta = self.fork.commit(set);
            let by = meta.map_or(String::new(), |c| c.actor.clone());
            let recorded_at = meta.map_or(0, |c| c.recorded_at);
            let at = At::Slot(slot.clone());
            let chosen = self.choices.get(&at).copied();
            let chosen = chosen.filter(|c| matches!(c, Choice::Theirs | Choice::Ours));
            self.plan.clashes.push(Clash {
                at,
                what: What::TwoValues {
                    ours: ours.clone(),
                    theirs: theirs.clone(),
                },
                by,
                recorded_at,
                theirs: None,
                choices: vec![Choice::Theirs, Choice::Ours],
                chosen,
            });
            let value = match chosen {
                Some(Choice::Theirs) => theirs,
                Some(_) => ours,
                None => continue,
            };
            // It is set again, whichever counts: the other copy, which has them in another order,
            // comes to the same.
            match (&slot, &value) {
                (Slot::Field(item, field), SlotValue::Text(value)) => fields.push(FieldChange {
                    item: item.clone(),
                    field: *field,
                    value: value.clone(),
                }),
                _ => {
                    if let Some(command) = slots::set(&slot, &value) {
                        self.settle(command);
                    }
                }
            }
        }
        if !fields.is_empty() {
            self.settle(Command::SetFields { changes: fields });
        }
    }

    // ---- steps ----
}
