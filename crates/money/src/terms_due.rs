//! From terms and an invoice date to due dates, discount dates, and what a discount is worth.

use crate::business::{BusinessDays, Roll};
use crate::terms::{Anchor, Base, EomReading, Plan, Ppm, Prepay, Terms};
use crate::{Day, Rounding};
use core::fmt;
use rust_decimal::{Decimal, MathematicalOps};

/// What due dates rest on besides the terms and the invoice date.
#[derive(Clone, Copy, Debug, Default)]
pub struct DueContext<'a> {
    /// The customer's reading of `45 days EOM` (TM-05).
    pub reading: Option<EomReading>,
    /// An invoice after this day counts as next month's for EOM terms (TM-10); off by default.
    pub eom_grace_day: Option<u8>,
    /// Day of delivery, for COD and ROG.
    pub delivery: Option<Day>,
    /// Day of the next delivery, for CND.
    pub next_delivery: Option<Day>,
    /// Day the customer received the invoice, for ROI.
    pub receipt_of_invoice: Option<Day>,
    /// Date of the statement.
    pub statement: Option<Day>,
    /// Days for which a discount is still accepted after its printed date (TM-03).
    pub discount_grace_days: u16,
    /// How a due date that is no business day moves (TM-14).
    pub roll: Roll,
    /// The calendar it moves by; without one nothing moves.
    pub calendar: Option<&'a BusinessDays>,
}

/// Until when which discount may be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DiscountDate {
    /// The share taken off.
    pub rate: Ppm,
    /// The printed last day, inclusive (TM-02).
    pub until: Day,
    /// The last day on which it is accepted (TM-03).
    pub accepted_until: Day,
}

/// One due date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instalment {
    /// Its share of the document; shares are weights for [`crate::split::by_weights`] (AG-31).
    pub share: Ppm,
    /// The contractual due date.
    pub due: Day,
    /// The due date rolled to a business day, for calls and lateness flags (TM-14).
    pub effective_due: Day,
    /// Discounts, earliest first.
    pub discounts: Vec<DiscountDate>,
    /// A proforma until invoiced: not a receivable, never current (TM-13).
    pub proforma: bool,
}

/// Why there is no due date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DueError {
    /// `days` EOM can be read in two ways and no reading is stored (TM-05).
    Ambiguous {
        /// The days.
        days: u16,
        /// Due when the days come first, then the month's end.
        a: Day,
        /// Due when the month's end comes first, then the days.
        b: Day,
    },
    /// The terms count from a day that is not known.
    NoAnchor {
        /// Which one.
        anchor: Anchor,
    },
    /// The day of the next delivery is not known (CND).
    NoNextDelivery,
    /// On this invoice date the discount would run longer than the terms (TM-15).
    DiscountAfterDue {
        /// Last day of the discount.
        until: Day,
        /// Due date.
        due: Day,
    },
    /// Beyond the days that can be counted.
    OutOfRange,
}

impl fmt::Display for DueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

impl core::error::Error for DueError {}

/// The due dates of an invoice, in the order of its instalments.
pub fn due_dates(
    invoice: Day,
    terms: &Terms,
    context: &DueContext<'_>,
) -> Result<Vec<Instalment>, DueError> {
    match &terms.plan {
        Plan::Prepay(prepay) => {
            let due = prepay_date(invoice, *prepay, context)?;
            Ok(vec![instalment(
                Ppm::ONE,
                due,
                Vec::new(),
                prepay.is_proforma(),
                context,
            )])
        }
        Plan::Single(base) => {
            let due = date(anchor_day(invoice, terms.anchor, context)?, base, context)?;
            let discounts = discounts(invoice, terms, due, context)?;
            Ok(vec![instalment(Ppm::ONE, due, discounts, false, context)])
        }
        Plan::Instalments(shares) => {
            let from = anchor_day(invoice, terms.anchor, context)?;
            let one = |(share, base): &(Ppm, Base)| {
                Ok(instalment(
                    *share,
                    date(from, base, context)?,
                    Vec::new(),
                    false,
                    context,
                ))
            };
            shares.iter().map(one).collect()
        }
    }
}

fn instalment(
    share: Ppm,
    due: Day,
    discounts: Vec<DiscountDate>,
    proforma: bool,
    context: &DueContext<'_>,
) -> Instalment {
    let effective_due = context
        .calendar
        .map_or(due, |calendar| calendar.roll(due, context.roll));
    Instalment {
        share,
        due,
        effective_due,
        discounts,
        proforma,
    }
}

fn discounts(
    invoice: Day,
    terms: &Terms,
    due: Day,
    context: &DueContext<'_>,
) -> Result<Vec<DiscountDate>, DueError> {
    let one = |discount: &crate::terms::Discount| {
        let from = anchor_day(invoice, discount.anchor, context)?;
        let until = date(from, &discount.base, context)?;
        if until > due {
            return Err(DueError::DiscountAfterDue { until, due });
        }
        let accepted_until = until.plus(i32::from(context.discount_grace_days));
        Ok(DiscountDate {
            rate: discount.rate,
            until,
            accepted_until,
        })
    };
    terms.discounts.iter().map(one).collect()
}

fn anchor_day(invoice: Day, anchor: Anchor, context: &DueContext<'_>) -> Result<Day, DueError> {
    let day = match anchor {
        Anchor::Invoice => Some(invoice),
        Anchor::Delivery => context.delivery,
        Anchor::ReceiptOfInvoice => context.receipt_of_invoice,
        Anchor::Statement => context.statement,
    };
    day.ok_or(DueError::NoAnchor { anchor })
}

fn prepay_date(invoice: Day, prepay: Prepay, context: &DueContext<'_>) -> Result<Day, DueError> {
    match prepay {
        Prepay::CashOnDelivery => anchor_day(invoice, Anchor::Delivery, context),
        Prepay::CashNextDelivery => context.next_delivery.ok_or(DueError::NoNextDelivery),
        Prepay::CashInAdvance
        | Prepay::PaymentInAdvance
        | Prepay::CashWithOrder
        | Prepay::CashBeforeShipment => Ok(invoice),
    }
}

fn date(from: Day, base: &Base, context: &DueContext<'_>) -> Result<Day, DueError> {
    let (year, month, day_of_month) = from.ymd();
    let in_month = |months: i64, day: u8| {
        Day::clamped(i64::from(year), i64::from(month) + months, day).ok_or(DueError::OutOfRange)
    };
    let later = |day: Day, days: u16| day.checked_add(i32::from(days)).ok_or(DueError::OutOfRange);
    let month_end = || {
        let late = context
            .eom_grace_day
            .is_some_and(|grace| day_of_month > grace);
        in_month(i64::from(late), 31)
    };
    match base {
        Base::Days(days) => later(from, *days),
        Base::Months(months) => in_month(i64::from(*months), day_of_month),
        Base::MonthEnd { plus } => later(month_end()?, *plus),
        Base::DaysThenMonthEnd { days } => Ok(later(from, *days)?.month_end()),
        Base::Ambiguous { days } => {
            let a = date_of(from, EomReading::DaysThenMonthEnd, *days, context)?;
            let b = date_of(from, EomReading::MonthEndThenDays, *days, context)?;
            match context.reading {
                Some(EomReading::DaysThenMonthEnd) => Ok(a),
                Some(EomReading::MonthEndThenDays) => Ok(b),
                // Where both readings meet there is nothing to ask.
                None if a == b => Ok(a),
                None => Err(DueError::Ambiguous { days: *days, a, b }),
            }
        }
        Base::Proximo {
            day,
            months,
            cutoff,
        } => {
            let late = cutoff.is_some_and(|cutoff| day_of_month > cutoff);
            in_month(i64::from(*months) + i64::from(late), *day)
        }
        Base::DayAtLeast { day, days } => {
            let earliest = later(from, *days)?;
            let (year, month, _) = earliest.ymd();
            let of = |month| Day::clamped(i64::from(year), month, *day).ok_or(DueError::OutOfRange);
            let due = of(i64::from(month))?;
            if due >= earliest {
                Ok(due)
            } else {
                of(i64::from(month) + 1)
            }
        }
        Base::Bands(bands) => {
            let band = bands.iter().find(|band| day_of_month <= band.to);
            let band = band.ok_or(DueError::OutOfRange)?;
            in_month(i64::from(band.months), band.day)
        }
    }
}

/// One reading of `days` EOM. Not ambiguous any more, so this goes one level deep.
fn date_of(
    from: Day,
    reading: EomReading,
    days: u16,
    context: &DueContext<'_>,
) -> Result<Day, DueError> {
    date(from, &reading.base(days), context)
}

/// The discount that a partial payment within the window earns, when partial payments earn any
/// (TM-20): `paid / (1 - rate) - paid`, in minor units. `None` on overflow or a rate of 100 %.
pub fn earned_discount(paid: i64, rate: Ppm, rounding: Rounding) -> Option<i64> {
    let rest = Ppm::ONE.0.checked_sub(rate.0)?;
    let earned = rounding.mul_div(i128::from(paid), i128::from(rate.0), i128::from(rest))?;
    i64::try_from(earned).ok()
}

/// What not taking a discount costs in a year (TM-22): the simple and the effective yearly rate as
/// fractions of 1. `None` if there is nothing to lose or no time gained.
pub fn annual_cost(rate: Ppm, discount_days: u16, net_days: u16) -> Option<(Decimal, Decimal)> {
    let days = net_days
        .checked_sub(discount_days)
        .filter(|days| *days > 0)?;
    let rest = Ppm::ONE.0.checked_sub(rate.0).filter(|rest| *rest > 0)?;
    let per_period = Decimal::from(rate.0).checked_div(Decimal::from(rest))?;
    let periods = Decimal::from(365).checked_div(Decimal::from(days))?;
    let simple = per_period.checked_mul(periods)?;
    let grown = (Decimal::ONE + per_period).checked_powd(periods)?;
    Some((simple, grown - Decimal::ONE))
}
