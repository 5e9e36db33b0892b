//! Who is a micro or small enterprise in India (MSMED Act 2006, thresholds from 1 April 2025), and
//! whether the Act's interest can be asserted for a document of ours (IN-01, IN-02).

use duebook_money::Day;
use minicbor::{Decode, Encode};

/// A crore of rupees, in paise.
const CRORE: i64 = 1_000_000_000;

/// Size of an enterprise by investment and turnover.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Size {
    /// Investment up to 2.5 crore and turnover up to 10 crore.
    Micro,
    /// Up to 25 and 100.
    Small,
    /// Up to 125 and 500.
    Medium,
    /// Larger.
    Large,
}

/// Upper limits of investment and turnover, in tenths of a crore, smallest first.
const LIMITS: [(Size, i64, i64); 3] = [
    (Size::Micro, 25, 100),
    (Size::Small, 250, 1_000),
    (Size::Medium, 1_250, 5_000),
];

/// The size by investment and annual turnover, paise: both must be within a limit. `None` before
/// 1 April 2025: earlier thresholds are not recorded here.
pub fn size_on(day: Day, investment: i64, turnover: i64) -> Option<Size> {
    let first = Day::from_ymd(2025, 4, 1)?;
    let tenth = CRORE / 10;
    let within = |(_, i, t): &&(Size, i64, i64)| investment <= i * tenth && turnover <= t * tenth;
    let found = LIMITS.iter().find(within).map_or(Size::Large, |(s, ..)| *s);
    (day >= first).then_some(found)
}

/// Our own standing as a supplier in India.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Supplier {
    /// Investment in plant and equipment, paise.
    #[n(0)]
    pub investment: i64,
    /// Annual turnover, paise.
    #[n(1)]
    pub turnover: i64,
    /// Number of the Udyam registration; empty: none.
    #[n(2)]
    pub udyam: String,
    /// Registered on.
    #[n(3)]
    pub registered_on: Option<Day>,
}

/// Why the Act's interest is not asserted for a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotProtected {
    /// Our own standing is not recorded.
    Unknown,
    /// By investment and turnover we are no micro or small enterprise.
    TooLarge(Size),
    /// There is no Udyam registration.
    NotRegistered,
    /// It was registered after the document: whether that is enough is contested.
    RegisteredAfter(Day),
}

/// Whether interest under the Act can be asserted for a document of a day by a supplier who stands so
/// on `today`.
///
/// # Errors
/// The first reason against it.
pub fn protected(
    supplier: Option<&Supplier>,
    document: Option<Day>,
    today: Day,
) -> Result<(), NotProtected> {
    let of = supplier.ok_or(NotProtected::Unknown)?;
    match size_on(today, of.investment, of.turnover) {
        Some(Size::Micro | Size::Small) => {}
        Some(size) => return Err(NotProtected::TooLarge(size)),
        None => return Err(NotProtected::Unknown),
    }
    let on = of.registered_on.filter(|_| !of.udyam.trim().is_empty());
    let on = on.ok_or(NotProtected::NotRegistered)?;
    match document {
        Some(day) if day >= on => Ok(()),
        _ => Err(NotProtected::RegisteredAfter(on)),
    }
}
