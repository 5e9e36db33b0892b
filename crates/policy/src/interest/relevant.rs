//! The last day for payment that a law goes by (UK-03, EU-01, IN-01): the agreed one, one cut back
//! because it is too far off, or one that the law sets where none was agreed.

use super::RulePack;
use duebook_money::Day;
use minicbor::{Decode, Encode};

/// How the last day for payment was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Basis {
    /// As agreed.
    #[n(0)]
    Agreed,
    /// Agreed for later than the law lets stand: the law's last day.
    #[n(1)]
    CutBack,
    /// Nothing was agreed: so many days after the document.
    #[n(2)]
    NoneAgreed,
}

/// The last day for payment, and how it follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Relevant {
    /// The day: interest runs from the one after.
    #[n(0)]
    pub day: Day,
    /// How it was found.
    #[n(1)]
    pub basis: Basis,
    /// As agreed, where something was.
    #[n(2)]
    pub agreed: Option<Day>,
    /// The day it is counted from: that of the document, which stands for delivery, acceptance and
    /// notice of the amount. A later one of these moves the day by as much.
    #[n(3)]
    pub counted_from: Option<Day>,
    /// Days of the rule that was applied; 0 where the agreed day stands.
    #[n(4)]
    pub days: u16,
}

impl RulePack {
    /// The last day for payment by this pack's law. `agreed` is the due date, `document` the date of
    /// the invoice. `None` where nothing was agreed and the pack has no rule for that.
    ///
    /// UK-03: beyond 60 days cut back to 60, without agreement 30. IN-01: 45 and 15. EU-01: without
    /// agreement 30.
    pub fn relevant(&self, agreed: Option<Day>, document: Option<Day>) -> Option<Relevant> {
        let counted =
            |days: Option<u16>| Some((document?.checked_add(i32::from(days?))?, days.unwrap_or(0)));
        let (day, basis, days) = match (agreed, counted(self.most_agreed)) {
            (Some(agreed), Some((last, days))) if agreed > last => (last, Basis::CutBack, days),
            (Some(agreed), _) => (agreed, Basis::Agreed, 0),
            (None, _) => {
                let (last, days) = counted(self.none_agreed)?;
                (last, Basis::NoneAgreed, days)
            }
        };
        Some(Relevant {
            day,
            basis,
            agreed,
            counted_from: document.filter(|_| basis != Basis::Agreed),
            days,
        })
    }
}
