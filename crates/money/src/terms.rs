//! Payment terms as values (domain.md 1.4): what was agreed, before any date is known.
//!
//! [`Terms::parse`] reads the grammar, `Display` writes it back in one canonical form, and that text
//! is also what is stored. [`due_dates`] turns terms and an invoice date into due dates.

use core::fmt;
use minicbor::{Decode, Encode};

pub use crate::terms_due::{
    DiscountDate, DueContext, DueError, Instalment, annual_cost, due_dates, earned_discount,
};
pub use crate::terms_parse::TermsError;

/// A share in millionths of the whole: 2 % is 20,000.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Ppm(pub u32);

impl Ppm {
    /// The whole.
    pub const ONE: Ppm = Ppm(1_000_000);
}

/// As a percentage without its sign: `2`, `33.33`.
impl fmt::Display for Ppm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let percent = rust_decimal::Decimal::new(i64::from(self.0), 4);
        write!(f, "{}", percent.normalize())
    }
}

/// What the days are counted from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Anchor {
    /// The invoice date.
    #[default]
    Invoice,
    /// The day the goods were delivered (ROG, AOG).
    Delivery,
    /// The day the customer received the invoice (ROI).
    ReceiptOfInvoice,
    /// The date of the statement the invoice is on.
    Statement,
}

/// How `45 days EOM` is meant; stored per customer, never guessed (TM-05).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum EomReading {
    /// A: count the days, then go to the end of that month.
    #[n(0)]
    DaysThenMonthEnd,
    /// B: go to the end of the month, then count the days.
    #[n(1)]
    MonthEndThenDays,
}

/// One band of a day-banded term (TM-12): an invoice of up to that day is due on `day`, `months`
/// later.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Band {
    /// Last invoice day of the month in this band.
    pub to: u8,
    /// Due day of the month; a day the month lacks is its last (TM-11).
    pub day: u8,
    /// Months after the invoice's.
    pub months: u8,
}

/// The rule of a due date or a discount date.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Base {
    /// So many calendar days (TM-01). 0 is the day itself.
    Days(u16),
    /// So many months; a day the month lacks is its last (TM-11).
    Months(u16),
    /// The end of the month, and days after it (TM-04, TM-05 B).
    MonthEnd {
        /// Days after the month's end.
        plus: u16,
    },
    /// So many days, then to the end of that month (TM-05 A).
    DaysThenMonthEnd {
        /// Days before going to the month's end.
        days: u16,
    },
    /// `45 days EOM`: needs an [`EomReading`] (TM-05).
    Ambiguous {
        /// The days.
        days: u16,
    },
    /// A day of a later month, with an optional cut-off: an invoice after it counts as the next
    /// month's (TM-08, TM-09).
    Proximo {
        /// Due day; a day the month lacks is its last (TM-11).
        day: u8,
        /// Months after the invoice's.
        months: u8,
        /// Last invoice day that still belongs to its own month.
        cutoff: Option<u8>,
    },
    /// The first such day of a month that is at least so many days out (TM-07).
    DayAtLeast {
        /// Due day.
        day: u8,
        /// Days from the anchor that must have passed.
        days: u16,
    },
    /// Day bands (TM-12), rising, the last one reaching the end of the month.
    Bands(Vec<Band>),
}

/// Terms of payment before or at delivery (TM-13).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Prepay {
    /// Cash in advance. Until invoiced it is a proforma, not a receivable.
    CashInAdvance,
    /// Payment in advance. Likewise.
    PaymentInAdvance,
    /// Cash with order. Likewise.
    CashWithOrder,
    /// Cash before shipment. Likewise.
    CashBeforeShipment,
    /// Cash on delivery: due on the day of delivery.
    CashOnDelivery,
    /// Cash at the next delivery.
    CashNextDelivery,
}

impl Prepay {
    pub(crate) const ALL: [(Prepay, &'static str); 6] = [
        (Prepay::CashInAdvance, "CIA"),
        (Prepay::PaymentInAdvance, "PIA"),
        (Prepay::CashWithOrder, "CWO"),
        (Prepay::CashBeforeShipment, "CBS"),
        (Prepay::CashOnDelivery, "COD"),
        (Prepay::CashNextDelivery, "CND"),
    ];

    /// Whether the document is a proforma until it is invoiced (TM-13).
    pub fn is_proforma(self) -> bool {
        !matches!(self, Prepay::CashOnDelivery | Prepay::CashNextDelivery)
    }
}

/// A discount for paying early.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Discount {
    /// The share taken off.
    pub rate: Ppm,
    /// Last day to pay for it, inclusive (TM-02).
    pub base: Base,
    /// What its days are counted from.
    pub anchor: Anchor,
}

/// When what is due.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Plan {
    /// All of it at once.
    Single(Base),
    /// Before or at delivery.
    Prepay(Prepay),
    /// In shares that sum to the whole (AG-30).
    Instalments(Vec<(Ppm, Base)>),
}

/// Terms of payment.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Terms {
    /// Discount tiers, earliest first; only with [`Plan::Single`].
    pub discounts: Vec<Discount>,
    /// The due dates.
    pub plan: Plan,
    /// What the days of the plan are counted from.
    pub anchor: Anchor,
}

impl Terms {
    /// `net` so many days from the invoice date.
    pub fn net(days: u16) -> Terms {
        Terms {
            discounts: Vec::new(),
            plan: Plan::Single(Base::Days(days)),
            anchor: Anchor::Invoice,
        }
    }

    /// Reads terms in the grammar of domain.md 1.4, in any case, with some words people add.
    pub fn parse(text: &str) -> Result<Terms, TermsError> {
        crate::terms_parse::parse(text)
    }

    /// Whether a reading is needed before there is a due date (TM-05).
    pub fn is_ambiguous(&self) -> bool {
        let ambiguous = |base: &Base| matches!(base, Base::Ambiguous { .. });
        match &self.plan {
            Plan::Single(base) => ambiguous(base),
            Plan::Prepay(_) => false,
            Plan::Instalments(shares) => shares.iter().any(|(_, base)| ambiguous(base)),
        }
    }

    /// The terms with every ambiguous `EOM` read one way (TM-05).
    pub fn resolved(mut self, reading: EomReading) -> Terms {
        let resolve = |base: &mut Base| {
            if let Base::Ambiguous { days } = *base {
                *base = reading.base(days);
            }
        };
        match &mut self.plan {
            Plan::Single(base) => resolve(base),
            Plan::Prepay(_) => {}
            Plan::Instalments(shares) => shares.iter_mut().for_each(|(_, base)| resolve(base)),
        }
        self
    }

    /// Checks what the types allow and terms do not (TM-15). Parsed terms have passed.
    pub fn validate(&self) -> Result<(), TermsError> {
        if !self.discounts.is_empty() && !matches!(self.plan, Plan::Single(_)) {
            return Err(TermsError::DiscountOnPlan);
        }
        for discount in &self.discounts {
            discount.base.validate()?;
            if discount.base == Base::Days(0) {
                return Err(TermsError::ZeroDays);
            }
            if discount.rate.0 == 0 || discount.rate >= Ppm::ONE {
                return Err(TermsError::Percent {
                    rate: discount.rate,
                });
            }
        }
        for pair in self.discounts.windows(2) {
            if let (Base::Days(a), Base::Days(b)) = (&pair[0].base, &pair[1].base)
                && (a >= b || pair[0].rate <= pair[1].rate)
            {
                return Err(TermsError::Tiers);
            }
        }
        match &self.plan {
            Plan::Single(base) => {
                base.validate()?;
                let late = |d: &Discount| matches!((&d.base, base), (Base::Days(a), Base::Days(b)) if a > b);
                if self
                    .discounts
                    .iter()
                    .any(|d| d.anchor == self.anchor && late(d))
                {
                    return Err(TermsError::DiscountAfterDue);
                }
                Ok(())
            }
            Plan::Prepay(_) => Ok(()),
            Plan::Instalments(shares) => {
                if let Some((rate, _)) = shares.iter().find(|(rate, _)| rate.0 == 0) {
                    return Err(TermsError::Percent { rate: *rate });
                }
                let sum: u64 = shares.iter().map(|(rate, _)| u64::from(rate.0)).sum();
                if sum != u64::from(Ppm::ONE.0) {
                    return Err(TermsError::Shares { millionths: sum });
                }
                shares.iter().try_for_each(|(_, base)| base.validate())
            }
        }
    }
}

impl EomReading {
    /// The rule that this reading makes of `days` EOM.
    pub fn base(self, days: u16) -> Base {
        match self {
            EomReading::DaysThenMonthEnd => Base::DaysThenMonthEnd { days },
            EomReading::MonthEndThenDays => Base::MonthEnd { plus: days },
        }
    }
}

/// No term runs longer: what does is a typing error.
const MOST_DAYS: u16 = 3660;

impl Base {
    /// SAP's example of day bands: to the 9th on the 10th of next month, to the 25th on the 25th of
    /// next month, later on the 10th of the month after next (TM-12).
    pub fn sap_bands() -> Base {
        Base::Bands(vec![
            Band {
                to: 9,
                day: 10,
                months: 1,
            },
            Band {
                to: 25,
                day: 25,
                months: 1,
            },
            Band {
                to: 31,
                day: 10,
                months: 2,
            },
        ])
    }

    fn validate(&self) -> Result<(), TermsError> {
        let day_of_month = |day: u8| {
            if (1..=31).contains(&day) {
                Ok(())
            } else {
                Err(TermsError::DayOfMonth { day })
            }
        };
        let length = |days: u16| {
            if days <= MOST_DAYS {
                Ok(())
            } else {
                Err(TermsError::TooLong)
            }
        };
        let months = |months: u8| length(u16::from(months) * 30);
        match self {
            Base::Days(days) | Base::DaysThenMonthEnd { days } | Base::Ambiguous { days } => {
                length(*days)
            }
            Base::MonthEnd { plus } => length(*plus),
            Base::Months(0) => Err(TermsError::ZeroDays),
            Base::Months(n) => length(n.saturating_mul(30)),
            Base::Proximo {
                day,
                months: n,
                cutoff,
            } => {
                day_of_month(*day)?;
                cutoff.map_or(Ok(()), day_of_month)?;
                months(*n)
            }
            Base::DayAtLeast { day, days } => day_of_month(*day).and_then(|()| length(*days)),
            Base::Bands(bands) => {
                let rising = bands.windows(2).all(|pair| pair[0].to < pair[1].to);
                if !rising || bands.last().is_none_or(|band| band.to != 31) {
                    return Err(TermsError::Bands);
                }
                bands.iter().try_for_each(|band| {
                    day_of_month(band.to)?;
                    day_of_month(band.day)?;
                    months(band.months)
                })
            }
        }
    }
}

impl fmt::Display for Base {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Base::Days(0) => f.write_str("immediate"),
            Base::Days(days) => write!(f, "{days}"),
            Base::Months(months) => write!(f, "{months} months"),
            Base::MonthEnd { plus: 0 } => f.write_str("EOM"),
            Base::MonthEnd { plus } => write!(f, "EOM + {plus}"),
            Base::DaysThenMonthEnd { days } => write!(f, "{days} days EOM then-EOM"),
            Base::Ambiguous { days } => write!(f, "{days} days EOM"),
            Base::Proximo {
                day,
                months: 1,
                cutoff: None,
            } => write!(f, "{day} MFI"),
            Base::Proximo {
                day,
                months,
                cutoff,
            } => {
                write!(f, "day {day} after {months}")?;
                cutoff.map_or(Ok(()), |cutoff| write!(f, " cutoff {cutoff}"))
            }
            Base::DayAtLeast { day, days } => write!(f, "day {day} min {days}"),
            Base::Bands(bands) => {
                f.write_str("bands")?;
                bands
                    .iter()
                    .try_for_each(|b| write!(f, " {}/{}+{}", b.to, b.day, b.months))
            }
        }
    }
}

impl fmt::Display for Anchor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Anchor::Invoice => "",
            Anchor::Delivery => " ROG",
            Anchor::ReceiptOfInvoice => " ROI",
            Anchor::Statement => " from statement",
        })
    }
}

/// The canonical form of the grammar; parsing it gives the same terms.
impl fmt::Display for Terms {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, discount) in self.discounts.iter().enumerate() {
            let comma = if i == 0 { "" } else { ", " };
            write!(f, "{comma}{}/", discount.rate)?;
            match &discount.base {
                Base::MonthEnd { plus } if *plus > 0 => write!(f, "{plus} EOM")?,
                base => write!(f, "{base}")?,
            }
            write!(f, "{}", discount.anchor)?;
        }
        if !self.discounts.is_empty() {
            f.write_str(" ")?;
        }
        match &self.plan {
            Plan::Single(Base::Days(0)) if self.discounts.is_empty() => f.write_str("immediate")?,
            Plan::Single(base) => write!(f, "net {base}")?,
            Plan::Prepay(prepay) => {
                let name = Prepay::ALL
                    .iter()
                    .find(|(p, _)| p == prepay)
                    .map_or("", |(_, name)| name);
                f.write_str(name)?;
            }
            Plan::Instalments(shares) => {
                for (i, (rate, base)) in shares.iter().enumerate() {
                    write!(f, "{}{rate}% {base}", if i == 0 { "" } else { "; " })?;
                }
            }
        }
        write!(f, "{}", self.anchor)
    }
}

/// Stored as the canonical text.
impl<C> Encode<C> for Terms {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut minicbor::Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.str(&self.to_string())?.ok()
    }
}

impl<'b, C> Decode<'b, C> for Terms {
    fn decode(d: &mut minicbor::Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        let at = d.position();
        Terms::parse(d.str()?)
            .map_err(|_| minicbor::decode::Error::message("not payment terms").at(at))
    }
}
