//! Collection: the opening list, what became of it, roll rates (domain.md §2.2).

use super::super::Step;
use super::super::base::{Became, Sum};
use super::{Make, Said, step};

impl Make<'_> {
    pub(super) fn collection(&mut self) {
        let list = self.list;
        let frozen = match self.of.list {
            Some((_, true)) => "Opening list frozen; the source has closed the period.".to_owned(),
            Some((_, false)) => {
                "Opening list frozen, provisional: the source has not closed the period.".to_owned()
            }
            None => "Opening list not frozen: as known now, provisional.".to_owned(),
        };
        let steps = self.list_steps();
        let said = |note: &str| Said {
            n: list.items,
            steps: steps.clone(),
            note: note.to_owned(),
            ..Said::default()
        };
        let opening = list.opening;
        let still = list.still + self.base.reaged_late;
        let reaged = list.of(Became::ReAged) - self.base.reaged_late;
        self.share(
            "KP-20",
            (list.of(Became::Paid), opening),
            true,
            said(&frozen),
        );
        self.share("KP-23", (opening - still, opening), true, said(&frozen));
        let presumed = list.of(Became::Presumed);
        self.share(
            "KP-23/presumed",
            (presumed, opening),
            true,
            said("Becomes cash or credit when a file of payments or cleared items says so."),
        );
        self.share(
            "KP-23/credited",
            (list.of(Became::Credited), opening),
            true,
            said(""),
        );
        self.share(
            "KP-23/written",
            (list.of(Became::WrittenOff), opening),
            true,
            said(""),
        );
        self.share("KP-23/reaged", (reaged, opening), true, said(""));
        self.share("KP-23/other", (list.other(), opening), true, said(""));
        let (applied, assigned) = (
            self.base.of(Sum::Applied),
            self.base.of(Sum::AppliedAssigned),
        );
        let n = self.base.applications;
        let of_cash = || Said {
            n,
            ..Said::default()
        };
        let (debits, placed) = (
            self.base.of(Sum::BeginDebits),
            self.base.of(Sum::BeginAssigned),
        );
        self.share("KP-21", (applied, debits), true, of_cash());
        self.share("KP-22", (assigned, placed), true, of_cash());
        self.roll_rates();
        self.missing(
            "KP-26",
            "a cash forecast frozen at the beginning of the period",
        );
    }

    fn list_steps(&self) -> Vec<Step> {
        let list = &self.list;
        let mut steps = vec![step(
            "Past due on the opening list",
            self.money(list.opening),
        )];
        let names = [
            (Became::Paid, "Cash applied"),
            (Became::Presumed, "Gone from the source, cause unknown"),
            (Became::Credited, "Credits applied"),
            (Became::WrittenOff, "Written off"),
            (Became::Discounted, "Discount"),
            (Became::Withheld, "Tax withheld"),
            (Became::Adjusted, "Amended, exchange, tolerance, refunds"),
            (Became::LearntLate, "Settled before, learnt since"),
            (Became::ReAged, "Re-aged"),
        ];
        for (what, label) in names {
            let amount = match what {
                Became::ReAged => list.of(what) - self.base.reaged_late,
                _ => list.of(what),
            };
            if amount != 0 {
                steps.push(step(format!("− {label}"), self.money(amount)));
            }
        }
        if list.not_late != 0 {
            steps.push(step(
                "− Open and not late by its own date",
                self.money(list.not_late),
            ));
        }
        let still = list.still + self.base.reaged_late;
        steps.push(step("Past due still, of the same items", self.money(still)));
        steps
    }

    /// KP-24 and KP-25, a row for each bucket that has a next one.
    fn roll_rates(&mut self) {
        let buckets = self.of.buckets.count();
        let labels = self.of.buckets.labels();
        let days = self.of.ask.period.to.since(self.of.ask.period.from) + 1;
        for from in 0..buckets.saturating_sub(1) {
            let rolls = &self.base.rolls;
            let opening = rolls.opening(from);
            let moved = rolls.stands(from, from + 1);
            let label = labels.get(from).cloned().unwrap_or_default();
            let mut steps = vec![step(
                format!("Open in {label} at the beginning"),
                self.money(opening),
            )];
            for to in 0..buckets {
                let stands = rolls.stands(from, to);
                if stands != 0 {
                    let name = labels.get(to).cloned().unwrap_or_default();
                    steps.push(step(format!("Now in {name}"), self.money(stands)));
                }
            }
            let said = Said {
                n: rolls.items(from),
                steps,
                note: format!("{label}; the period is {days} days."),
                bucket: Some(from),
            };
            self.share("KP-24", (moved, opening), true, said);
        }
        for from in 0..buckets.saturating_sub(1) {
            let (held, next) = (self.base.begin[from], self.base.end[from + 1]);
            let label = labels.get(from).cloned().unwrap_or_default();
            let said = Said {
                n: self.base.rolls.items(from),
                note: label,
                bucket: Some(from),
                ..Said::default()
            };
            self.share("KP-25", (next, held), true, said);
        }
    }
}
