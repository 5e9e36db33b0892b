//! From the sums of a period to its key figures.

mod balance;
mod collection;

use super::base::{Base, Counts, ListTurned, Sum};
use super::formulas;
use super::{
    Definition, Gathered, In, InShifts, Kpi, Part, Ratio, Stands, Step, Value, Why, definition,
};
use duebook_money::Currency;

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
    ///
    /// Where a rate is missing no sum is told (AG-08); what is counted needs none.
    pub fn kpis(&self, group: usize, currency: In) -> Vec<Kpi> {
        let (base, missing) = match self.base(group, currency) {
            Ok(base) => (base, None),
            Err(missing) => (Base::new(self.buckets.count()), Some(missing)),
        };
        let buckets = &self.buckets;
        let mut make = Make {
            of: self,
            group,
            asked: currency,
            currency: self.unit_of(currency),
            list: base.rolls.past_due(|b| buckets.is_past_due(b)),
            base,
            counts: self.counts_in(group, currency),
            sold: Err(Why::NoSales),
            out: Vec::new(),
        };
        make.sold = make.sales_of_period();
        make.collection();
        make.promises();
        make.balance();
        make.disputes();
        make.cash();
        let told = make.out.into_iter().map(|mut kpi| {
            // What is not told over currencies at all says so, not which rate it would want.
            let other = Value::NotAvailable(Why::OneCurrency);
            if let Some(missing) = missing.filter(|_| kpi.value != other)
                && kpi.definition.stands() == Stands::Money
            {
                kpi.refuse(Why::Rate(missing));
            }
            self.told_in(currency, kpi)
        });
        told.collect()
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
        let in_shifts = self.of.shifts.get(self.group).copied().unwrap_or_default();
        for (id, done) in [
            ("KP-35/contacts", in_shifts.contacts),
            ("KP-35/attempts", in_shifts.attempts),
        ] {
            self.per_hour(id, in_shifts, done);
        }
        self.counted("KP-36", c.settled_at_once, c.reached, String::new());
        self.counted(
            "KP-37",
            c.complete,
            c.contacts,
            "Wrap time is not recorded.".to_owned(),
        );
    }

    fn disputes(&mut self) {
        let Some(cases) = self.of.cases.as_ref().map(|c| c.of(self.asked)) else {
            for id in ["KP-40", "KP-41", "KP-42", "KP-43"] {
                let value = Value::NotAvailable(Why::WholeDeskOnly);
                self.push(id, value, None, Said::default());
            }
            return;
        };
        let closed = u64::from(cases.closed);
        let median = i128::from(cases.calendar.median);
        let value = match cases.closed {
            0 => Err(Why::NothingToDivideBy),
            _ => Ok(Ratio::whole(median)),
        };
        let said = Said {
            n: closed,
            note: format!(
                "90th percentile {} days; without the customer’s own time {} and {}; working days \
                 {} and {}.",
                cases.calendar.p90,
                cases.calendar_net.median,
                cases.calendar_net.p90,
                cases.working.median,
                cases.working.p90
            ),
            ..Said::default()
        };
        self.put("KP-40", value, (Part::Days(median), Part::Count(1)), said);
        self.dispute_money();
        let not_said = match cases.not_said {
            0 => String::new(),
            n => format!("{n} closed elsewhere without a verdict, "),
        };
        let note = format!(
            "{} valid, {} invalid, {not_said}{} opened again, {} right first time.",
            cases.valid, cases.invalid, cases.reopened, cases.first_time_right
        );
        self.counted("KP-43", u64::from(cases.in_time), closed, note);
    }

    /// KP-41 and KP-42, in one currency: disputes are not converted.
    fn dispute_money(&mut self) {
        let In::Own(currency) = self.asked else {
            for id in ["KP-41", "KP-42"] {
                let value = Value::NotAvailable(Why::OneCurrency);
                self.push(id, value, None, Said::default());
            }
            return;
        };
        let whole = |r: &&crate::cases::Rate| r.reason.is_empty() && r.currency == currency;
        let all = self.of.cases.as_ref();
        let rate = all.and_then(|c| c.all.rates.iter().find(whole));
        let (disputed, billed, n) = rate.map_or((0, 0, 0), |r| (r.disputed, r.billed, r.cases));
        let said = |note: &str| Said {
            n: u64::from(n),
            note: note.to_owned(),
            ..Said::default()
        };
        self.share("KP-41", (disputed, billed), false, said(""));
        let open = self.base.of(Sum::EndDisputed);
        let days = self.days();
        let value = formulas::deductions_outstanding(open, disputed, days);
        let parts = (self.money(open), self.money(disputed));
        let note = "By what was disputed in the period (inflow).";
        self.put(
            "KP-42",
            value.ok_or(Why::NothingToDivideBy),
            parts,
            said(note),
        );
    }

    /// KP-35: hours are those logged in; breaks and training are not recorded.
    fn per_hour(&mut self, id: &'static str, in_shifts: InShifts, done: u64) {
        if !self.of.ask.is_of_people() {
            let value = Value::NotAvailable(Why::ByPersonOnly);
            return self.push(id, value, None, Said::default());
        }
        let InShifts {
            shifts, minutes, ..
        } = in_shifts;
        if shifts == 0 {
            return self.missing(id, "a shift that was begun and ended");
        }
        let done = i128::from(done);
        let value = Ratio::new(done * 60, minutes).ok_or(Why::NothingToDivideBy);
        let said = Said {
            n: shifts,
            steps: vec![
                step("Shifts begun and ended", Part::Count(i128::from(shifts))),
                step("Recorded in them, by whose they are", Part::Count(done)),
                step("Minutes of those shifts", Part::Count(minutes)),
            ],
            note: "What was recorded in shifts that were ended, by the hours of those shifts; n counts them. Divided: × 60, by minutes.".to_owned(),
            ..Said::default()
        };
        self.put(
            id,
            value,
            (Part::Count(done * 60), Part::Count(minutes)),
            said,
        );
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
