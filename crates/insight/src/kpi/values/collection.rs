//! Collection: the opening list, what became of it, roll rates (domain.md §2.2).

use super::super::base::{Became, Sum};
use super::super::{Part, Step, Value, Why};
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
        self.forecast();
    }

    /// KP-26, of the weeks that were next when a forecast was frozen; the other horizons beside it.
    fn forecast(&mut self) {
        const IDS: [&str; 2] = ["KP-26", "KP-26/bias"];
        if self.of.judged_weeks().is_none() {
            for id in IDS {
                let value = Value::NotAvailable(Why::WholeDeskOnly);
                self.push(id, value, None, Said::default());
            }
            return;
        }
        let horizons = match self.of.horizons(self.asked) {
            Ok(horizons) => horizons,
            Err(missing) => {
                for id in IDS {
                    let value = Value::NotAvailable(Why::Rate(missing));
                    self.push(id, value, None, Said::default());
                }
                return;
            }
        };
        let Some(next) = horizons.first().copied().filter(|h| h.ahead == 0) else {
            for id in IDS {
                self.missing(
                    id,
                    "a cash forecast frozen before a week that ended in the period (Risk, or a pack with the forecast)",
                );
            }
            return;
        };
        let came = next.came.total();
        let parts = [
            (next.off, next.error()),
            (next.expected - came, next.bias()),
        ];
        for (id, (over, ratio)) in IDS.into_iter().zip(parts) {
            let mut steps = vec![
                step("Expected", self.money(next.expected)),
                step("Cash received", self.money(next.came.cash)),
                step(
                    "Gone from the source, cause unknown",
                    self.money(next.came.presumed),
                ),
            ];
            steps.extend(horizons.iter().skip(1).map(|h| {
                let label = format!("{} weeks ahead", h.ahead + 1);
                let share = if id == "KP-26" { h.error() } else { h.bias() };
                step(label, Part::Share(share))
            }));
            let said = Said {
                n: next.weeks,
                steps,
                note: "Of weeks that were next when the forecast was frozen; n counts them. What came is cash received and what the source shows as settled without a cause.".to_owned(),
                ..Said::default()
            };
            let value = ratio.ok_or(Why::NothingToDivideBy);
            self.put(id, value, (self.money(over), self.money(came)), said);
        }
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
