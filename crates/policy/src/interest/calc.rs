//! The calculation: exact, rounded once at its end, and every line of it shown.

use super::big::{Big, Fraction};
use super::{Accrual, InterestPolicy, Relevant, RulePack};
use crate::msme::NotProtected;
use duebook_money::{Currency, Day, Rounding};
use minicbor::{Decode, Encode};

/// Most periods of one calculation: fifty years of months.
const MOST_LINES: usize = 600;
/// Largest principal, minor units: that of a ledger.
const MOST: i64 = 9_000_000_000_000;
/// One.
const MILLION: u32 = 1_000_000;

/// What interest is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// What was owed on the last day for payment, minor units, positive.
    pub principal: i64,
    /// Currency.
    pub currency: Currency,
    /// The last day for payment: interest runs from the day after (UK-03).
    pub due: Day,
    /// To this day: the day of payment, or the day of the claim (UK-04: days = this - due).
    pub until: Day,
    /// Paid in part: day and minor units, positive. Of a day not after `due`: at once.
    pub payments: Vec<(Day, i64)>,
    /// How the last day for payment was found; `None`: as agreed.
    pub relevant: Option<Relevant>,
}

/// Why there is no figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InterestError {
    /// No rate of this series covers this day: find it and add it; none is guessed.
    NoRate {
        /// The series, by its short name.
        series: String,
        /// The day.
        day: Day,
    },
    /// The pack has neither a reference rate nor a rate of its own: set it first.
    NoRateSet,
    /// The pack names a series that is not there.
    NoSeries(String),
    /// A principal or payment that is not positive, or too large.
    Amount(i64),
    /// More was paid than was owed by then.
    Overpaid(Day),
    /// More periods than a calculation may have.
    TooLong,
    /// The rule protects registered micro and small enterprises, and we are not known as one (IN-01).
    NotProtected(NotProtected),
}

/// One period of the calculation.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct InterestLine {
    /// First day that bears interest.
    #[n(0)]
    pub from: Day,
    /// Last day that does; for compound interest the day of the rest.
    #[n(1)]
    pub to: Day,
    /// Days counted.
    #[n(2)]
    pub days: u32,
    /// What bears interest, minor units; compound balances rounded for the eye only.
    #[n(3)]
    pub principal: i64,
    /// Reference rate per year, parts per million.
    #[n(4)]
    pub reference_ppm: u32,
    /// The rate that follows from it.
    #[n(5)]
    pub rate_ppm: u32,
    /// Interest of the period, ten-thousandths of a minor unit, rounded for the eye only.
    #[n(6)]
    pub fine: i64,
    /// A whole rest: a twelfth of a year (or 30 of 360 days), not counted by days.
    #[n(7)]
    pub rest: bool,
    /// Where the reference rate is from; empty where there is none.
    #[n(8)]
    pub source: String,
    /// When it was checked.
    #[n(9)]
    pub verified_on: Option<Day>,
    /// It must be checked before it is relied on.
    #[n(10)]
    pub stale: bool,
    /// Paid at the end of the period, minor units.
    #[n(11)]
    pub paid: i64,
}

/// A calculation that can be followed line by line.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct InterestSheet {
    /// The pack's short name.
    #[n(0)]
    pub pack: String,
    /// The pack's name.
    #[n(1)]
    pub name: String,
    /// What was owed on the last day for payment, minor units.
    #[n(2)]
    pub principal: i64,
    /// Currency.
    #[n(3)]
    pub currency: Currency,
    /// Last day for payment.
    #[n(4)]
    pub due: Day,
    /// To this day.
    #[n(5)]
    pub until: Day,
    /// Periods, oldest first.
    #[n(6)]
    pub lines: Vec<InterestLine>,
    /// Interest, minor units: the exact sum, rounded once, half up.
    #[n(7)]
    pub interest: i64,
    /// Fixed sum for the debt, minor units.
    #[n(8)]
    pub fixed_sum: i64,
    /// How it runs.
    #[n(9)]
    pub accrual: Accrual,
    /// Days of a year.
    #[n(10)]
    pub year_days: u16,
    /// The figure for a day was rounded first.
    #[n(11)]
    pub daily_rounded: bool,
    /// Where the rules are from.
    #[n(12)]
    pub source: String,
    /// When they were checked.
    #[n(13)]
    pub verified_on: Option<Day>,
    /// Charged for the same debt before, minor units: taken off.
    #[n(14)]
    #[cbor(default)]
    pub charged_before: i64,
    /// How the last day for payment was found (UK-03, IN-01); `None`: as agreed.
    #[n(15)]
    pub relevant: Option<Relevant>,
}

impl InterestSheet {
    /// Interest and fixed sum, less what was charged before, minor units.
    pub fn total(&self) -> i64 {
        let due = self.interest.saturating_add(self.fixed_sum);
        due.saturating_sub(self.charged_before)
    }
    /// Whether a rate or the rules must be checked before they are relied on.
    pub fn is_stale(&self) -> bool {
        self.verified_on.is_none() || self.lines.iter().any(|l| l.stale)
    }
}

/// A rate in force on a day.
struct Rate {
    reference: u32,
    ppm: u32,
    source: String,
    verified_on: Option<Day>,
    stale: bool,
}

impl InterestPolicy {
    /// Interest and fixed sum of a claim by a pack.
    ///
    /// # Errors
    /// [`InterestError`]: a rate that nobody has recorded, amounts that cannot be.
    pub fn calculate(
        &self,
        pack: &RulePack,
        claim: &Claim,
    ) -> Result<InterestSheet, InterestError> {
        let amounts = claim.payments.iter().map(|(_, a)| *a);
        if let Some(bad) = amounts
            .chain([claim.principal])
            .find(|a| !(1..=MOST).contains(a))
        {
            return Err(InterestError::Amount(bad));
        }
        let capped = pack.most_days.map(|d| claim.due.plus(i32::from(d)));
        let until = capped
            .map_or(claim.until, |c| claim.until.min(c))
            .max(claim.due);
        let mut payments = claim.payments.clone();
        duebook_money::order::sort(&mut payments);
        let work = Work {
            policy: self,
            pack,
            claim,
            until,
            payments,
        };
        let (lines, interest) = match pack.accrual.is_compound() {
            true => work.compound()?,
            false => work.simple()?,
        };
        let overdue = claim.until > claim.due;
        Ok(InterestSheet {
            pack: pack.id.clone(),
            name: pack.name.clone(),
            principal: claim.principal,
            currency: claim.currency,
            due: claim.due,
            until,
            lines,
            interest,
            fixed_sum: if overdue {
                pack.fixed_sum(claim.principal, claim.currency)
            } else {
                0
            },
            accrual: pack.accrual,
            year_days: pack.year_days,
            daily_rounded: pack.daily_rounded,
            source: pack.source.clone(),
            verified_on: pack.verified_on,
            charged_before: 0,
            relevant: claim.relevant,
        })
    }
}

struct Work<'a> {
    policy: &'a InterestPolicy,
    pack: &'a RulePack,
    claim: &'a Claim,
    until: Day,
    payments: Vec<(Day, i64)>,
}

impl Work<'_> {
    /// The rate for a day, and that it must be checked where it is used until another.
    fn rate(&self, day: Day, until: Day) -> Result<Rate, InterestError> {
        let Some(id) = &self.pack.series else {
            if self.pack.margin_ppm == 0 {
                return Err(InterestError::NoRateSet);
            }
            return Ok(Rate {
                reference: 0,
                ppm: self.pack.margin_ppm,
                source: String::new(),
                verified_on: self.pack.verified_on,
                stale: false,
            });
        };
        let series = self
            .policy
            .series(id)
            .ok_or_else(|| InterestError::NoSeries(id.clone()))?;
        let row = series.on(day).ok_or_else(|| InterestError::NoRate {
            series: id.clone(),
            day,
        })?;
        let ppm = row.ppm.saturating_mul(u32::from(self.pack.multiplier));
        Ok(Rate {
            reference: row.ppm,
            ppm: ppm.saturating_add(self.pack.margin_ppm),
            source: row.source.clone(),
            verified_on: row.verified_on,
            stale: series.is_stale(row, until),
        })
    }

    fn line(&self, rate: Rate, (from, to): (Day, Day), days: u32) -> InterestLine {
        InterestLine {
            from,
            to,
            days,
            principal: 0,
            reference_ppm: rate.reference,
            rate_ppm: rate.ppm,
            fine: 0,
            rest: false,
            source: rate.source,
            verified_on: rate.verified_on,
            stale: rate.stale,
            paid: 0,
        }
    }

    /// Days after which the rate or the principal is another, the last day included.
    fn cuts(&self) -> Vec<Day> {
        let inside = |d: &Day| *d > self.claim.due && *d < self.until;
        let mut cuts: Vec<Day> = self
            .payments
            .iter()
            .map(|(d, _)| *d)
            .filter(inside)
            .collect();
        if self.pack.accrual == Accrual::Variable
            && let Some(series) = self
                .pack
                .series
                .as_deref()
                .and_then(|s| self.policy.series(s))
        {
            let begins = series.rows.iter().map(|r| r.from.plus(-1));
            let ends = series.rows.iter().filter_map(|r| r.to);
            cuts.extend(begins.chain(ends).filter(inside));
        }
        if self.until > self.claim.due {
            cuts.push(self.until);
        }
        duebook_money::order::sort(&mut cuts);
        cuts.dedup();
        cuts
    }

    /// UK-04, EU-01: principal x rate x days / year of each period, summed exactly, rounded once.
    fn simple(&self) -> Result<(Vec<InterestLine>, i64), InterestError> {
        let cuts = self.cuts();
        if cuts.len() > MOST_LINES {
            return Err(InterestError::TooLong);
        }
        let paid_on = |day: Day| {
            let of = self.payments.iter().filter(|(d, _)| *d == day);
            of.fold(0i64, |sum, (_, a)| sum.saturating_add(*a))
        };
        let early = self.payments.iter().filter(|(d, _)| *d <= self.claim.due);
        let mut principal = early.fold(self.claim.principal, |p, (_, a)| p.saturating_sub(*a));
        let under = i128::from(MILLION) * i128::from(self.pack.year_days);
        let (mut lines, mut sum, mut at) = (Vec::new(), 0i128, self.claim.due);
        let first = self.claim.due.plus(1);
        for cut in cuts {
            if principal < 0 {
                return Err(InterestError::Overpaid(at));
            }
            let fixed = self.pack.accrual == Accrual::Fixed;
            let asked = if fixed { first } else { at.plus(1) };
            let rate = self.rate(asked, if fixed { first } else { cut })?;
            let days = cut.since(at).max(0) as u32;
            let a_day = i128::from(principal) * i128::from(rate.ppm);
            let over = match self.pack.daily_rounded {
                true => Rounding::HalfUp.mul_div(a_day, 1, under).unwrap_or(0) * under,
                false => a_day,
            };
            let over = over * i128::from(days);
            sum += over;
            let mut line = self.line(rate, (at.plus(1), cut), days);
            line.principal = principal;
            line.fine = fit(Rounding::HalfUp.mul_div(over, 10_000, under))?;
            line.paid = paid_on(cut);
            principal = principal.saturating_sub(line.paid);
            lines.push(line);
            at = cut;
        }
        if principal < 0 {
            return Err(InterestError::Overpaid(at));
        }
        Ok((lines, fit(Rounding::HalfUp.mul_div(sum, 1, under))?))
    }

    fn rest(&self, start: Day, n: usize) -> Option<Day> {
        let n = i32::try_from(n).ok()?;
        match self.pack.accrual {
            Accrual::ThirtyDays => Some(start.plus(30 * n)),
            _ => start.add_months(n),
        }
    }

    /// IN-02, §6.4: balances at each rest as one exact fraction; a broken period by days. Money
    /// that comes between two rests takes its share of the period's interest by days.
    fn compound(&self) -> Result<(Vec<InterestLine>, i64), InterestError> {
        let start = self.claim.due.plus(i32::from(self.pack.first_day));
        let early = self.payments.iter().filter(|(d, _)| *d <= start);
        let principal = early.fold(self.claim.principal, |p, (_, a)| p.saturating_sub(*a));
        let owed = u64::try_from(principal).map_err(|_| InterestError::Overpaid(start))?;
        let mut balance = Fraction::whole(owed);
        let (mut lines, mut paid, mut at) = (Vec::new(), 0i64, start);
        let mut before = whole(&balance, 10_000)?;
        let fixed = self.pack.accrual != Accrual::Monthly;
        for n in 0.. {
            if at >= self.until {
                break;
            }
            if n >= MOST_LINES {
                return Err(InterestError::TooLong);
            }
            let next = self.rest(start, n + 1).ok_or(InterestError::TooLong)?;
            let to = next.min(self.until);
            let asked = if fixed { start } else { at };
            let rate = self.rate(asked, asked)?;
            let mut line = self.line(rate, (at, to), to.since(at).max(0) as u32);
            line.principal = whole(&balance, 1)?;
            line.rest = to == next;
            line.paid = self.grow(&mut balance, &line, at)?;
            let after = whole(&balance, 10_000)?;
            line.fine = after.saturating_add(line.paid.saturating_mul(10_000)) - before;
            (before, paid, at) = (after, paid.saturating_add(line.paid), to);
            lines.push(line);
        }
        let interest = whole(&balance, 1)?.saturating_add(paid) - principal;
        Ok((lines, interest))
    }

    /// Takes the balance to the end of a period; answers what was paid in it.
    /// Interest = rate x (balance x days - what payments spared) / (days x periods of a year).
    fn grow(&self, to: &mut Fraction, line: &InterestLine, at: Day) -> Result<i64, InterestError> {
        let (mut paid, mut spared) = (0u64, 0u64);
        let within = |d: &Day| *d > at && *d <= line.to;
        for (day, amount) in self.payments.iter().filter(|(d, _)| within(d)) {
            let amount = amount.unsigned_abs();
            paid = paid.saturating_add(amount);
            let rest = u64::from(line.to.since(*day).max(0).unsigned_abs());
            spared = spared.saturating_add(amount.saturating_mul(rest));
        }
        let overpaid = InterestError::Overpaid(line.to);
        let bearing = to
            .over
            .times(u64::from(line.days))
            .minus(&to.as_over(spared));
        let rest = to.over.minus(&to.as_over(paid));
        let (Some(bearing), Some(rest)) = (bearing, rest) else {
            return Err(overpaid);
        };
        let times = match line.rest {
            true => [MILLION, 12, line.days.max(1)],
            false => [MILLION, u32::from(self.pack.year_days), 1],
        };
        let scaled = times
            .iter()
            .fold(rest, |v: Big, by| v.times(u64::from(*by)));
        let interest = bearing.times(u64::from(line.rate_ppm));
        to.next(scaled.plus(&interest), &times);
        i64::try_from(paid).map_err(|_| InterestError::Amount(i64::MAX))
    }
}

fn whole(balance: &Fraction, scale: u32) -> Result<i64, InterestError> {
    let value = balance.rounded(scale).and_then(|v| i64::try_from(v).ok());
    value.ok_or(InterestError::Amount(i64::MAX))
}

fn fit(value: Option<i128>) -> Result<i64, InterestError> {
    let value = value.and_then(|v| i64::try_from(v).ok());
    value.ok_or(InterestError::Amount(i64::MAX))
}
