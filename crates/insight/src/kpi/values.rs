//! From the sums of a period to its key figures.

use super::base::{Base, Became, Counts, ListTurned, Sum};
use super::formulas::{self, Countback};
use super::sales::SalesFrom;
use super::{
    Definition, Gathered, In, Kpi, Part, Ratio, Step, Value, Why, definition, whole_months,
};
use duebook_money::{Currency, Day};
use duebook_policy::MissingRate;

/// The sales a figure needs, or why there are none.
type Sold = Result<i128, Why>;

/// One group in one currency.
struct Make<'a> {
    of: &'a Gathered,
    group: usize,
    asked: In,
    currency: Currency,
    base: Base,
    counts: Counts,
    list: ListTurned,
    /// Sales of the period.
    sold: Sold,
    out: Vec<Kpi>,
}

impl Gathered {
    /// Every figure of a group that is drawn from the book's facts, in the order of the
    /// definitions. Reporting accuracy is made apart.
    pub fn kpis(&self, group: usize, currency: In) -> Vec<Kpi> {
        let base = match self.base(group, currency) {
            Ok(base) => base,
            Err(missing) => return self.none(&missing),
        };
        let buckets = &self.buckets;
        let mut make = Make {
            of: self,
            group,
            asked: currency,
            currency: self.unit_of(currency),
            list: base.rolls.past_due(|b| buckets.is_past_due(b)),
            base,
            counts: self.counts(group),
            sold: Err(Why::NoSales),
            out: Vec::new(),
        };
        make.sold = make.sales_of_period();
        make.collection();
        make.promises();
        make.balance();
        make.disputes();
        make.cash();
        make.out
    }

    /// Every figure refused: a total without its rate is no total (AG-08).
    fn none(&self, missing: &MissingRate) -> Vec<Kpi> {
        let refused = super::DEFINITIONS.iter();
        let refused = refused.filter(|d| d.family != super::Family::Accuracy);
        let kpi = |definition| Kpi {
            definition,
            bucket: None,
            value: Value::NotAvailable(Why::Rate(*missing)),
            numerator: None,
            denominator: None,
            n: 0,
            period: self.ask.period,
            steps: Vec::new(),
            note: String::new(),
        };
        refused.map(kpi).collect()
    }
}

/// What is said of a figure beside the figure.
#[derive(Default)]
struct Said {
    n: u64,
    steps: Vec<Step>,
    note: String,
    bucket: Option<usize>,
}

fn step(label: impl Into<String>, part: Part) -> Step {
    Step {
        label: label.into(),
        part,
    }
}

impl Make<'_> {
    fn put(
        &mut self,
        id: &'static str,
        value: Result<Ratio, Why>,
        parts: (Part, Part),
        said: Said,
    ) {
        let value = match value {
            Ok(ratio) => Value::Is(ratio),
            Err(why) => Value::NotAvailable(why),
        };
        self.push(id, value, Some(parts), said);
    }

    fn push(&mut self, id: &'static str, value: Value, parts: Option<(Part, Part)>, said: Said) {
        let Some(definition) = definition(id) else {
            return;
        };
        self.out.push(Kpi {
            definition,
            bucket: said.bucket,
            value,
            numerator: parts.map(|(n, _)| n),
            denominator: parts.map(|(_, d)| d),
            n: said.n,
            period: self.of.ask.period,
            steps: said.steps,
            note: said.note,
        });
    }

    fn missing(&mut self, id: &'static str, supplied_by: &'static str) {
        let value = Value::NotAvailable(Why::NotRecorded(supplied_by));
        self.push(id, value, None, Said::default());
    }

    fn money(&self, minor: i128) -> Part {
        Part::Money(minor, self.currency)
    }

    /// A share of money; needs the opening balance where `opening`.
    fn share(&mut self, id: &'static str, (part, whole): (i128, i128), opening: bool, said: Said) {
        let value = match self.of.take_on.first().filter(|_| opening) {
            Some(b) => Err(Why::NoHistory(b.clone())),
            None => Ratio::new(part, whole).ok_or(Why::NothingToDivideBy),
        };
        self.put(id, value, (self.money(part), self.money(whole)), said);
    }

    fn counted(&mut self, id: &'static str, part: u64, whole: u64, note: String) {
        let (part, whole) = (i128::from(part), i128::from(whole));
        let value = Ratio::new(part, whole).ok_or(Why::NothingToDivideBy);
        let said = Said {
            n: whole.try_into().unwrap_or(0),
            note,
            ..Said::default()
        };
        self.put(id, value, (Part::Count(part), Part::Count(whole)), said);
    }

    fn collection(&mut self) {
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

    fn promises(&mut self) {
        let c = self.counts;
        let calls = |what: &str| format!("{} calls, {what}", c.attempts);
        self.counted("KP-30/attempts", c.right_party, c.attempts, String::new());
        self.counted(
            "KP-30/connects",
            c.right_party,
            c.connects,
            calls(&format!("{} answered", c.connects)),
        );
        self.counted("KP-31", c.with_promise, c.right_party, String::new());
        let judged = c.kept + c.partial + c.broken;
        let presumed = match (c.presumed, c.superseded) {
            (0, 0) => String::new(),
            (p, s) => format!(
                "{p} by what the source shows as settled without a cause; {s} superseded, in no rate."
            ),
        };
        self.counted("KP-32", c.kept, judged, presumed);
        let (paid, promised) = (self.base.of(Sum::PromisePaid), self.base.of(Sum::Promised));
        let said = Said {
            n: judged,
            ..Said::default()
        };
        self.share("KP-33", (paid, promised), false, said);
        self.counted("KP-34", c.broken, judged, String::new());
        let shift = "shifts with log-in, breaks and log-out";
        self.missing("KP-35/contacts", shift);
        self.missing("KP-35/attempts", shift);
        self.counted("KP-36", c.settled_at_once, c.reached, String::new());
        self.counted(
            "KP-37",
            c.complete,
            c.contacts,
            "Wrap time is not recorded.".to_owned(),
        );
    }

    /// Sales of the period, where it is of whole months that are all known.
    fn sales_of_period(&self) -> Sold {
        self.has_sales()?;
        let period = self.of.ask.period;
        let months = whole_months(period).ok_or(Why::NotWholeMonths)?;
        let back = self.months_back(period.to, months as usize)?;
        if back.len() < months as usize {
            return Err(Why::MonthsMissing);
        }
        Ok(back.iter().map(|(_, sold)| sold).sum())
    }

    fn has_sales(&self) -> Result<(), Why> {
        match self.of.sales.from {
            SalesFrom::Nowhere => Err(Why::NoSales),
            SalesFrom::NotByEntity => Err(Why::NotByEntity),
            SalesFrom::Files | SalesFrom::OwnLedger => Ok(()),
        }
    }

    fn months_back(&self, from: Day, most: usize) -> Result<Vec<(Day, i128)>, Why> {
        let rates = (&self.of.rates, self.of.ask.period.to);
        let back = self
            .of
            .sales
            .back(self.group as u32, self.asked, from, most, rates);
        back.map_err(Why::Rate)
    }

    /// A figure that needs sales.
    fn of_sales(
        &mut self,
        id: &'static str,
        (part, label): (i128, &str),
        opening: bool,
        make: impl Fn(i128) -> Option<Ratio>,
    ) {
        let history = self.of.take_on.first().filter(|_| opening);
        let value = match (history, &self.sold) {
            (Some(b), _) => Err(Why::NoHistory(b.clone())),
            (_, Err(why)) => Err(why.clone()),
            (_, Ok(sold)) => make(*sold).ok_or(Why::NothingToDivideBy),
        };
        let sold = self.sold.clone().unwrap_or(0);
        let days = self.days();
        let steps = vec![
            step(label, self.money(part)),
            step("Net credit sales of the period", self.money(sold)),
            step("Days of the period", Part::Days(days)),
        ];
        let said = Said {
            n: self.base.items,
            steps,
            ..Said::default()
        };
        self.put(id, value, (self.money(part), self.money(sold)), said);
    }

    fn days(&self) -> i128 {
        i128::from(self.of.ask.period.to.since(self.of.ask.period.from)) + 1
    }

    fn balance(&mut self) {
        let (begin, end) = (self.base.of(Sum::BeginNet), self.base.of(Sum::EndNet));
        let (debits, current) = (self.base.of(Sum::EndDebits), self.base.of(Sum::EndCurrent));
        let days = self.days();
        let dso = move |sold| formulas::days_of_sales(end, sold, days);
        let best = move |sold| formulas::days_of_sales(current, sold, days);
        self.of_sales("KP-01", (end, "Receivables at the end"), false, dso);
        self.quarter(end);
        self.countback(end);
        self.of_sales(
            "KP-04",
            (current, "Open and not past due at the end"),
            false,
            best,
        );
        self.of_sales(
            "KP-05",
            (end - current, "Receivables less what is not past due"),
            false,
            |sold| dso(sold)?.minus(best(sold)?),
        );
        let months = whole_months(self.of.ask.period).map_or(1, i128::from);
        for (id, months) in [("KP-06", 1), ("KP-06/average", months)] {
            self.effectiveness(id, (begin, end, current), months);
        }
        self.of_sales(
            "KP-07",
            ((begin + end) / 2, "Average receivables"),
            true,
            move |sold| formulas::turnover(sold, begin, end),
        );
        let n = self.base.items;
        let gross = || Said {
            n,
            note: "Gross: credits are not taken off.".to_owned(),
            ..Said::default()
        };
        self.share("KP-08/current", (current, debits), false, gross());
        self.share(
            "KP-08/90",
            (self.base.of(Sum::EndOver90), debits),
            false,
            gross(),
        );
        let stays = self.base.of(Sum::AppliedStays);
        for (id, weighted) in [
            ("KP-09", Sum::AppliedLate),
            ("KP-09/floor", Sum::AppliedLateFloor),
            ("KP-10", Sum::AppliedAge),
        ] {
            let weighted = self.base.of(weighted);
            let value = Ratio::new(weighted, stays).ok_or(Why::NothingToDivideBy);
            let said = Said {
                n: self.base.applications,
                ..Said::default()
            };
            let parts = (Part::MoneyDays(weighted, self.currency), self.money(stays));
            self.put(id, value, parts, said);
        }
        let bad = self.base.of(Sum::WriteOffs) - self.base.of(Sum::Recovered);
        self.of_sales(
            "KP-11",
            (bad, "Written off, less recovered"),
            false,
            move |sold| Ratio::new(bad, sold),
        );
        let unapplied = self.base.of(Sum::EndUnapplied);
        let received = self.base.of(Sum::Received);
        self.share(
            "KP-12",
            (unapplied, received),
            false,
            Said {
                n,
                ..Said::default()
            },
        );
        self.share(
            "KP-12/balance",
            (unapplied, debits),
            false,
            Said {
                n,
                ..Said::default()
            },
        );
    }

    fn effectiveness(
        &mut self,
        id: &'static str,
        (begin, end, current): (i128, i128, i128),
        months: i128,
    ) {
        let make = |sold| formulas::collection_effectiveness(begin, sold, end, current, months);
        let history = self.of.take_on.first();
        let value = match (history, &self.sold) {
            (Some(b), _) => Err(Why::NoHistory(b.clone())),
            (_, Err(why)) => Err(why.clone()),
            (_, Ok(sold)) => make(*sold).ok_or(Why::NothingToDivideBy),
        };
        let sold = self.sold.clone().unwrap_or(0);
        let basis = match id {
            "KP-06" => "Sales basis: whole period.",
            _ => "Sales basis: monthly average.",
        };
        let steps = vec![
            step("Receivables at the beginning", self.money(begin)),
            step("Net credit sales of the period", self.money(sold)),
            step("Months of the period", Part::Count(months)),
            step("Receivables at the end", self.money(end)),
            step("Of the end, open and not past due", self.money(current)),
        ];
        let said = Said {
            n: self.base.items,
            steps,
            note: basis.to_owned(),
            ..Said::default()
        };
        let of = |part: i128| self.money((begin * months + sold - part * months) / months);
        self.put(id, value, (of(end), of(current)), said);
    }

    /// KP-02: the last three whole months.
    fn quarter(&mut self, end: i128) {
        let to = self.of.ask.period.to;
        let last = if to == to.month_end() {
            Some(to)
        } else {
            Some(to.month_start().plus(-1))
        };
        let made = self.has_sales().and_then(|()| {
            let last = last.ok_or(Why::MonthsMissing)?;
            let back = self.months_back(last, 3)?;
            match back.as_slice() {
                [_, _, (first, _)] => {
                    let sold: i128 = back.iter().map(|(_, sold)| sold).sum();
                    Ok((sold, i128::from(last.since(*first)) + 1))
                }
                _ => Err(Why::MonthsMissing),
            }
        });
        let (sold, days) = made.clone().unwrap_or((0, 0));
        let value = made.and_then(|(sold, days)| {
            formulas::days_of_sales(end, sold, days).ok_or(Why::NothingToDivideBy)
        });
        let steps = vec![
            step("Receivables at the end", self.money(end)),
            step("Net credit sales of three months", self.money(sold)),
            step("Days of the three months", Part::Days(days)),
        ];
        let said = Said {
            n: self.base.items,
            steps,
            ..Said::default()
        };
        self.put("KP-02", value, (self.money(end), self.money(sold)), said);
    }

    /// KP-03. A month that has begun counts with the days it has had.
    fn countback(&mut self, end: i128) {
        let to = self.of.ask.period.to;
        let months = self.has_sales().and_then(|()| {
            let mut back = self.months_back(to, 36)?;
            if back.is_empty() && to != to.month_end() {
                // Nothing of this month yet: it counts back from the last whole one.
                back = self.months_back(to.month_start().plus(-1), 36)?;
            }
            if back.is_empty() {
                Err(Why::MonthsMissing)
            } else {
                Ok(back)
            }
        });
        let mut steps = vec![step("Receivables at the end", self.money(end))];
        let value = months.and_then(|back| {
            let of = |(month, sold): &(Day, i128)| {
                let last = month.month_end().min(to);
                (*sold, i128::from(last.since(*month)) + 1)
            };
            let months: Vec<(i128, i128)> = back.iter().map(of).collect();
            let mut left = end;
            for ((month, sold), (_, days)) in back.iter().zip(&months) {
                if left <= 0 {
                    break;
                }
                left -= sold;
                steps.push(step(
                    format!(
                        "Sales of {}-{:02}, {days} days",
                        month.year(),
                        month.month()
                    ),
                    self.money(*sold),
                ));
            }
            formulas::countback(end, &months).ok_or(Why::TooLarge)
        });
        let n = self.base.items;
        let parts = Some((self.money(end), Part::Count(steps.len() as i128 - 1)));
        let (value, note) = match value {
            Ok(Countback::Days(days)) => (Value::Is(days), ""),
            Ok(Countback::AtLeast(days)) => (
                Value::AtLeast(days),
                "The sales known do not use the balance up: at least so many days.",
            ),
            Err(why) => (Value::NotAvailable(why), ""),
        };
        let said = Said {
            n,
            steps,
            note: note.to_owned(),
            ..Said::default()
        };
        self.push("KP-03", value, parts, said);
    }

    fn disputes(&mut self) {
        for id in ["KP-40", "KP-41", "KP-42", "KP-43"] {
            self.missing(
                id,
                "dispute cases with the days they were opened and resolved",
            );
        }
    }

    fn cash(&mut self) {
        let c = self.counts;
        if c.receipts == 0 {
            for id in ["KP-50/count", "KP-50/value", "KP-51"] {
                self.missing(id, "bank statements, matched on the Cash page");
            }
            return;
        }
        let by_hand =
            "Posted together as proposed; a proposal looked at and accepted alone does not count.";
        self.counted("KP-50/count", c.auto, c.receipts, by_hand.to_owned());
        let (auto, all) = (self.base.of(Sum::ReceiptsAuto), self.base.of(Sum::Receipts));
        let said = Said {
            n: c.receipts,
            ..Said::default()
        };
        self.share("KP-50/value", (auto, all), false, said);
        self.counted(
            "KP-51",
            c.auto - c.auto_taken_back.min(c.auto),
            c.auto,
            String::new(),
        );
    }
}

impl Definition {
    /// The name of its row: with the bucket, for roll rates.
    pub fn row_name(&self, bucket: Option<usize>, labels: &[String]) -> String {
        let label = |at: usize| labels.get(at).map_or("", |l| l.as_str());
        match bucket {
            Some(from) => format!("{}, {} to {}", self.name, label(from), label(from + 1)),
            None => self.name.to_owned(),
        }
    }
}
