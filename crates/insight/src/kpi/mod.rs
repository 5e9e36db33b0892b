//! Key figures (domain.md §2): each a value with its definition, what was divided by what, of how
//! many, for which period, and why there is none where there is none. Exact, rounded once.
//!
//! A figure speaks of a [`Period`] as of its last day, as known after a commit, of a scope, in one
//! currency or in the reporting currency. Balances are the working figure, debits less credits.

pub mod accuracy;
mod base;
mod contacts;
mod definitions;
mod forecast;
pub mod formulas;
mod gather;
mod list;
mod ratio;
pub mod restate;
mod rows;
mod sales;
mod settled;
mod values;

pub use base::{Base, Became, Counts, ListTurned, Rolls, Sum};
pub use definitions::{
    Better, DEFINITIONS, Definition, Family, Stands, Unit, definition, family_name,
};
pub use forecast::{Came, Horizon, JudgedWeek};
pub use gather::Making;
pub use list::opening_totals;
pub use ratio::Ratio;
pub use rows::{Behind, What, has_rows, rows};
pub use sales::{Sales, SalesFrom};

use crate::cases::CaseFigures;
pub use crate::reports::Period;
use crate::tie_out::BeforeTakeOn;
use duebook_ledger::{CustomerId, Seq};
use duebook_money::{Currency, Day};
use duebook_policy::{Buckets, MissingRate, RateTable};
use std::collections::BTreeMap;

/// Whose figures.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Whose {
    /// Of this collector's customers; an empty text is "nobody assigned".
    pub collector: Option<String>,
    /// Of this customer.
    pub customer: Option<CustomerId>,
    /// Of this company (index).
    pub entity: Option<u16>,
}

impl Whose {
    /// Whether nothing is left out.
    pub fn is_everything(&self) -> bool {
        *self == Whose::default()
    }
}

/// Into which groups a gathering is divided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum By {
    /// All in one.
    #[default]
    Nothing,
    /// One for each collector.
    Collector,
    /// One for each customer; buckets are late and not late alone.
    Customer,
}

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// First and last day.
    pub period: Period,
    /// As known after this commit; `None` for as known now.
    pub known: Option<Seq>,
    /// Whose.
    pub scope: Whose,
    /// In which groups.
    pub by: By,
}

impl Ask {
    /// Whether it is of the desk or of collectors, who have shifts.
    pub(crate) fn is_of_people(&self) -> bool {
        let Whose {
            customer, entity, ..
        } = &self.scope;
        customer.is_none() && entity.is_none() && self.by != By::Customer
    }
}

/// In which currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum In {
    /// What is in this one, and nothing else.
    Own(Currency),
    /// Everything, each sum converted once at the rates of the closing day (AG-08).
    Reporting,
}

/// What was gathered of a period.
#[derive(Debug, Clone)]
pub struct Gathered {
    /// What was asked.
    pub ask: Ask,
    /// By which open debits were put in buckets.
    pub buckets: Buckets,
    /// Names of the groups.
    pub names: Vec<String>,
    /// The customer of each, where a group is one.
    pub members: Vec<Option<CustomerId>>,
    bases: BTreeMap<(u32, u16), Base>,
    counts: BTreeMap<(u32, u16), Counts>,
    /// What there is anything in, by code.
    currencies: Vec<Currency>,
    /// The commit the opening list was frozen at, and whether the source has closed the period;
    /// `None`: not frozen, the opening is as known now and provisional.
    pub list: Option<(Seq, bool)>,
    /// Sources whose history does not reach the opening day.
    pub take_on: Vec<BeforeTakeOn>,
    /// Sales.
    pub sales: Sales,
    /// Disputes of the whole desk, as known now.
    cases: Option<Cases>,
    /// By group, the shifts of the period that were ended.
    shifts: Vec<InShifts>,
    rates: RateTable,
    /// Weeks of frozen forecasts that ended in the period.
    weeks: Vec<JudgedWeek>,
}

impl Gathered {
    /// The sums of a group.
    ///
    /// # Errors
    /// [`MissingRate`] where the reporting currency was asked for and a rate is missing.
    pub fn base(&self, group: usize, currency: In) -> Result<Base, MissingRate> {
        let mut out = Base::new(self.buckets.count());
        let group = group as u32;
        match currency {
            In::Own(currency) => {
                if let Some(base) = self.bases.get(&(group, currency.numeric())) {
                    out = base.clone();
                }
            }
            In::Reporting => {
                for ((_, number), base) in self.bases.range((group, 0)..=(group, u16::MAX)) {
                    let from = Currency::from_numeric(*number).unwrap_or(Currency::XXX);
                    let converted = base.converted(from, &self.rates, self.ask.period.to)?;
                    out.add_all(&converted);
                }
            }
        }
        Ok(out)
    }
    /// The counts of a group, of every currency together.
    pub fn counts(&self, group: usize) -> Counts {
        self.counts_in(group, In::Reporting)
    }
    /// The counts of a group: of things of one currency, with what has none.
    pub fn counts_in(&self, group: usize, currency: In) -> Counts {
        let mut out = Counts::default();
        let group = group as u32;
        let all = self.counts.range((group, 0)..=(group, u16::MAX));
        for ((_, number), counts) in all {
            let takes = match currency {
                In::Own(one) => *number == one.numeric() || *number == NO_CURRENCY,
                In::Reporting => true,
            };
            if takes {
                out.add_all(counts);
            }
        }
        out
    }
    /// Whether figures in a currency leave out those of another.
    fn leaves_out(&self, currency: In) -> bool {
        match currency {
            In::Own(one) => self.currencies.iter().any(|c| *c != one),
            In::Reporting => false,
        }
    }
    /// A figure as it may be told in a currency: what belongs to no currency is no figure of one of
    /// several.
    fn told_in(&self, currency: In, mut kpi: Kpi) -> Kpi {
        if self.leaves_out(currency) && kpi.definition.stands() == Stands::Apart {
            kpi.refuse(Why::NoCurrency);
        }
        kpi
    }
    /// The reporting currency.
    pub fn reporting(&self) -> Currency {
        self.rates.reporting()
    }
    /// The currency figures of `currency` are told in.
    pub fn unit_of(&self, currency: In) -> Currency {
        match currency {
            In::Own(currency) => currency,
            In::Reporting => self.rates.reporting(),
        }
    }
}

/// Disputes: of every currency, and what was closed of each.
#[derive(Debug, Clone)]
struct Cases {
    all: CaseFigures,
    of: Vec<(Currency, CaseFigures)>,
}

impl Cases {
    /// Those of a currency.
    fn of(&self, currency: In) -> CaseFigures {
        match currency {
            In::Reporting => self.all.clone(),
            In::Own(one) => {
                let found = self.of.iter().find(|(c, _)| *c == one);
                found.map_or(CaseFigures::default(), |(_, f)| f.clone())
            }
        }
    }
}

/// Shifts that ended in a period, and what was recorded in them (KP-35).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct InShifts {
    /// How many.
    pub shifts: u64,
    /// How long they were in all.
    pub minutes: i128,
    /// Right-party contacts recorded in them by whose they are.
    pub contacts: u64,
    /// Calls recorded so.
    pub attempts: u64,
}

/// The number under which what has no currency is counted; ISO 4217 has none of it.
const NO_CURRENCY: u16 = 0;

/// Why there is no figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// It would divide by nothing.
    NothingToDivideBy,
    /// No sales in the book: a file of sales per month would supply them.
    NoSales,
    /// Sales are known by month, and the period is not of whole months.
    NotWholeMonths,
    /// Sales of these months are not in the book.
    MonthsMissing,
    /// Sales are not known by company.
    NotByEntity,
    /// What was open on the opening day is not known: only what was still open at take-on. A file
    /// of invoices with payments, or an older open-item list, would supply it.
    NoHistory(BeforeTakeOn),
    /// Told in one currency only: what it stands on is not converted.
    OneCurrency,
    /// What it counts has no currency: it is told with all of them.
    NoCurrency,
    /// A shift belongs to a person: told of the desk or of a collector.
    ByPersonOnly,
    /// Told of the whole desk, as known now, and not of a part of it.
    WholeDeskOnly,
    /// Nothing of the kind is recorded in the book; what would supply it.
    NotRecorded(&'static str),
    /// A rate is missing.
    Rate(MissingRate),
    /// It does not fit 128 bits.
    TooLarge,
}

/// A key figure's value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Exactly.
    Is(Ratio),
    /// At least so much (KP-03).
    AtLeast(Ratio),
    /// None.
    NotAvailable(Why),
}

impl Value {
    /// The exact figure.
    pub fn ratio(&self) -> Option<Ratio> {
        match self {
            Value::Is(r) | Value::AtLeast(r) => Some(*r),
            Value::NotAvailable(_) => None,
        }
    }
}

/// A figure that goes into another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Minor units.
    Money(i128, Currency),
    /// Minor units times days.
    MoneyDays(i128, Currency),
    /// A number of things.
    Count(i128),
    /// Days.
    Days(i128),
    /// Another figure, in days.
    Ratio(Ratio),
    /// Another figure, a share; `None` where it divides by nothing.
    Share(Option<Ratio>),
}

impl Part {
    /// The bare number.
    pub fn number(self) -> Option<Ratio> {
        Some(match self {
            Part::Money(n, _) | Part::MoneyDays(n, _) | Part::Count(n) | Part::Days(n) => {
                Ratio::whole(n)
            }
            Part::Ratio(r) => r,
            Part::Share(r) => return r,
        })
    }
}

/// A line of the arithmetic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What it is.
    pub label: String,
    /// How much.
    pub part: Part,
}

/// A key figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kpi {
    /// Its definition.
    pub definition: &'static Definition,
    /// Of which bucket, for roll rates: from this to the next.
    pub bucket: Option<usize>,
    /// What it comes to.
    pub value: Value,
    /// What is divided.
    pub numerator: Option<Part>,
    /// By what.
    pub denominator: Option<Part>,
    /// Of how many things.
    pub n: u64,
    /// First and last day.
    pub period: Period,
    /// The arithmetic, line by line.
    pub steps: Vec<Step>,
    /// What a reader has to know.
    pub note: String,
}

impl Kpi {
    /// The figure in units of its last decimal shown, rounded once, half up.
    pub fn shown(&self) -> Option<i128> {
        let unit = self.definition.unit;
        let scale = unit.scale() * 10i128.pow(u32::from(unit.decimals()));
        self.value.ratio()?.rounded(scale)
    }
    /// Takes the figure away, and what it was made of.
    fn refuse(&mut self, why: Why) {
        self.value = Value::NotAvailable(why);
        (self.numerator, self.denominator, self.n) = (None, None, 0);
        self.steps.clear();
        self.note.clear();
    }
    /// In hundredths of its unit, for holding it against a target.
    pub fn hundredths(&self) -> Option<i128> {
        self.value
            .ratio()?
            .rounded(self.definition.unit.scale() * 100)
    }
    /// Whether it reaches a target in hundredths; `None` without a figure.
    pub fn reaches(&self, hundredths: i64) -> Option<bool> {
        let is = self.hundredths()?;
        let wanted = i128::from(hundredths);
        Some(match self.definition.better {
            Better::Higher => is >= wanted,
            Better::Lower => is <= wanted,
            Better::Nearer => is.abs() <= wanted.abs(),
        })
    }
}

/// The period before: the month before of whole months, else as many days before.
pub fn period_before(period: Period) -> Period {
    let to = period.from.plus(-1);
    let from = match whole_months(period) {
        Some(months) => period.from.add_months(-months),
        None => None,
    };
    let days = period.to.since(period.from);
    Period {
        from: from.unwrap_or_else(|| to.plus(-days)),
        to,
    }
}

/// The number of whole months a period is of.
pub fn whole_months(period: Period) -> Option<i32> {
    let (from, to) = (period.from, period.to);
    if from.day_of_month() != 1 || to != to.month_end() || to < from {
        return None;
    }
    let months = |d: Day| d.year() * 12 + i32::from(d.month());
    Some(months(to) - months(from) + 1)
}
