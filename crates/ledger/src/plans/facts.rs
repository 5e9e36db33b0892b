//! What events of plans carry. Stored numbers never change meaning.

use crate::ids::*;
use crate::keys::TextRef;
use duebook_money::{Currency, Day};
use duebook_policy::InterestSheet;
use duebook_policy::authority::Grant;
use minicbor::{Decode, Encode};

/// One instalment of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PlanInstalment {
    /// Due.
    #[n(0)]
    pub due: Day,
    /// Minor units, positive.
    #[n(1)]
    pub amount: i64,
    /// Last day on which money counts: the grace in force when it was agreed (PL-02).
    #[n(2)]
    pub window_end: Day,
}

/// What becomes of interest for late payment while a plan runs (PL-01).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum PlanInterest {
    /// Let go if the plan is kept; claimed again on default.
    #[n(0)]
    Waived,
    /// It goes on and is claimed in the end.
    #[n(1)]
    Accrues,
    /// Worked out at the start and part of the instalments.
    #[n(2)]
    FrontLoaded,
}

/// Who approved something that the actor could not grant alone (ST-02).
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Approved {
    /// Name, as stated.
    #[n(0)]
    pub by: String,
    /// Mail, ticket or minute it stands in.
    #[n(1)]
    pub reference: String,
}

/// Default triggers of a plan (PL-02), as bits.
pub mod trigger {
    /// An instalment is unpaid after its grace.
    pub const MISSED: u8 = 1;
    /// Two in a row were late.
    pub const TWO_LATE: u8 = 2;
    /// A signal of insolvency.
    pub const INSOLVENCY: u8 = 4;
    /// New invoices are not kept current.
    pub const NEW_OVERDUE: u8 = 8;
    /// Money was returned.
    pub const BOUNCED: u8 = 16;
    /// The first two.
    pub const USUAL: u8 = MISSED | TWO_LATE;
    /// Every one.
    pub const ALL: [u8; 5] = [MISSED, TWO_LATE, INSOLVENCY, NEW_OVERDUE, BOUNCED];
}

/// A payment plan as agreed (PL-01).
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PlanFact {
    /// Who owes.
    #[n(0)]
    pub customer: CustomerId,
    /// Who agreed.
    #[n(1)]
    pub contact: Option<ContactId>,
    /// Currency of all amounts.
    #[n(2)]
    pub currency: Currency,
    /// Items covered and how much of each, minor units; charges of the plan included.
    #[n(3)]
    pub covered: Vec<(ItemId, i64)>,
    /// The instalments, by day; the down payment first. They sum to what is covered.
    #[n(4)]
    pub instalments: Vec<PlanInstalment>,
    /// Ledger date of the agreement.
    #[n(5)]
    pub agreed_on: Day,
    /// Interest.
    #[n(6)]
    pub interest: PlanInterest,
    /// Default triggers ([`trigger`]).
    #[n(7)]
    pub triggers: u8,
    /// Why a plan.
    #[n(8)]
    pub reason: String,
    /// Who approved it.
    #[n(9)]
    pub approved: Option<Approved>,
    /// Wording of the acknowledgement of debt, beside the log.
    #[n(10)]
    pub acknowledgement: Option<TextRef>,
}

impl PlanFact {
    /// Covered in all, minor units.
    pub fn total(&self) -> i64 {
        let amounts = self.covered.iter().map(|(_, a)| *a);
        amounts.fold(0i64, i64::saturating_add)
    }
}

/// How a plan ended by our own act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum PlanEnd {
    /// Defaulted: what is left is due at once, at the original due dates (PL-02).
    #[n(0)]
    Defaulted,
    /// Replaced by another agreement.
    #[n(1)]
    Replaced,
    /// Taken back in agreement.
    #[n(2)]
    Cancelled,
    /// Entered by mistake.
    #[n(3)]
    EntryError,
}

/// A settlement offer (ST-04).
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct OfferFact {
    /// To whom.
    #[n(0)]
    pub customer: CustomerId,
    /// Currency.
    #[n(1)]
    pub currency: Currency,
    /// Items and how much of each is settled by it, minor units.
    #[n(2)]
    pub items: Vec<(ItemId, i64)>,
    /// To be paid, minor units.
    #[n(3)]
    pub pay: i64,
    /// By this day; after it the full debt revives.
    #[n(4)]
    pub by: Day,
    /// Ledger date of the offer.
    #[n(5)]
    pub offered_on: Day,
    /// Conditional wording, beside the log.
    #[n(6)]
    pub wording: Option<TextRef>,
    /// Why.
    #[n(7)]
    pub reason: String,
    /// Who approved it.
    #[n(8)]
    pub approved: Option<Approved>,
    /// Place of the role under whose authority it is.
    #[n(9)]
    pub rank: u16,
}

impl OfferFact {
    /// The debt it is about, minor units.
    pub fn debt(&self) -> i64 {
        let amounts = self.items.iter().map(|(_, a)| *a);
        amounts.fold(0i64, i64::saturating_add)
    }
    /// What is let go where it is kept, minor units.
    pub fn waived(&self) -> i64 {
        self.debt().saturating_sub(self.pay)
    }
}

/// How an offer ended by our own act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum OfferEnd {
    /// It was paid, and the rest was written off.
    #[n(0)]
    WrittenOff,
    /// Refused by the customer.
    #[n(1)]
    Refused,
    /// Withdrawn by us.
    #[n(2)]
    Withdrawn,
    /// Entered by mistake.
    #[n(3)]
    EntryError,
}

/// A charge for late payment: an item of its own, and the calculation behind it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ChargeFact {
    /// The charge.
    #[n(0)]
    pub item: ItemId,
    /// The item paid late.
    #[n(1)]
    pub of: ItemId,
    /// The calculation, as it was.
    #[n(2)]
    pub sheet: InterestSheet,
}

/// Due dates agreed anew: an act of its own, authorised and reported (PL-03).
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ReAged {
    /// Whose.
    #[n(0)]
    pub customer: CustomerId,
    /// Items and the day each aged from before.
    #[n(1)]
    pub items: Vec<(ItemId, Option<Day>)>,
    /// They age from this day now.
    #[n(2)]
    pub to: Day,
    /// Why.
    #[n(3)]
    pub reason: String,
    /// Who approved it: never the one who asks.
    #[n(4)]
    pub approved: Approved,
}

/// Who collects for us.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum PlacedWith {
    /// A collection agency.
    #[n(0)]
    Agency,
    /// A lawyer.
    #[n(1)]
    Counsel,
}

/// How far a placement is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Stage {
    /// Recommended; the pack is not with them yet.
    #[n(0)]
    Recommended,
    /// A letter before claim is out; its day is the answer's last.
    #[n(1)]
    LetterBeforeClaim,
    /// They have it and have not begun.
    #[n(2)]
    Pending,
    /// They collect.
    #[n(3)]
    Collecting,
    /// Before a court.
    #[n(4)]
    Proceedings,
    /// There is a judgment.
    #[n(5)]
    Judgment,
}

impl Stage {
    /// Every stage in order.
    pub const ALL: [Stage; 6] = [
        Stage::Recommended,
        Stage::LetterBeforeClaim,
        Stage::Pending,
        Stage::Collecting,
        Stage::Proceedings,
        Stage::Judgment,
    ];
    /// Whether somebody else collects, so that our chase is paused.
    pub fn pauses_chase(self) -> bool {
        self >= Stage::Pending
    }
}

/// Items placed with an agency or a lawyer.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PlacementFact {
    /// Who owes.
    #[n(0)]
    pub customer: CustomerId,
    /// With what.
    #[n(1)]
    pub with: PlacedWith,
    /// Their name.
    #[n(2)]
    pub name: String,
    /// Currency.
    #[n(3)]
    pub currency: Currency,
    /// Items and how much of each was placed, minor units.
    #[n(4)]
    pub items: Vec<(ItemId, i64)>,
    /// Ledger date.
    #[n(5)]
    pub placed_on: Day,
    /// Commission on what is recovered, parts per million.
    #[n(6)]
    pub commission_ppm: u32,
    /// Their reference.
    #[n(7)]
    pub reference: String,
    /// Why, and what was tried.
    #[n(8)]
    pub reason: String,
    /// Who approved it.
    #[n(9)]
    pub approved: Option<Approved>,
}

/// How a placement ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum PlacementEnd {
    /// Recalled by us.
    #[n(0)]
    Recalled,
    /// Paid.
    #[n(1)]
    Paid,
    /// Sent back as uncollectable.
    #[n(2)]
    Uncollectable,
    /// Entered by mistake.
    #[n(3)]
    EntryError,
}

/// An entry of the risk register (§8.5).
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct RiskFact {
    /// Who.
    #[n(0)]
    pub customer: CustomerId,
    /// What may happen.
    #[n(1)]
    pub what: String,
    /// How likely, per mille.
    #[n(2)]
    pub per_mille: u16,
    /// What it would cost, minor units.
    #[n(3)]
    pub impact: i64,
    /// Currency of the impact.
    #[n(4)]
    pub currency: Currency,
    /// Who looks after it.
    #[n(5)]
    pub owner: String,
    /// What is done.
    #[n(6)]
    pub action: String,
    /// To be looked at again.
    #[n(7)]
    pub review: Day,
    /// Over.
    #[n(8)]
    pub closed: bool,
}

impl RiskFact {
    /// Impact by chance, minor units, rounded half up; 0 where it cannot be told.
    pub fn weighted(&self) -> i64 {
        let (impact, chance) = (i128::from(self.impact), i128::from(self.per_mille));
        let weighted = duebook_money::Rounding::HalfUp.mul_div(impact, chance, 1000);
        weighted.and_then(|w| i64::try_from(w).ok()).unwrap_or(0)
    }
}

/// The debtor acknowledged the debt: limitation runs anew from that day.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Acknowledged {
    /// Who.
    #[n(0)]
    pub customer: CustomerId,
    /// Which items.
    #[n(1)]
    pub items: Vec<ItemId>,
    /// On which day.
    #[n(2)]
    pub on: Day,
    /// Where it stands: letter, mail, plan.
    #[n(3)]
    pub evidence: String,
}

/// What has happened.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum PlanEvent {
    /// A plan was agreed.
    #[n(0)]
    Agreed(#[n(0)] PlanFact),
    /// A plan ended by our own act.
    #[n(1)]
    PlanEnded {
        /// Which.
        #[n(0)]
        plan: PlanId,
        /// How.
        #[n(1)]
        how: PlanEnd,
        /// Why.
        #[n(2)]
        reason: String,
    },
    /// A settlement was offered.
    #[n(2)]
    Offered(#[n(0)] OfferFact),
    /// An offer ended by our own act.
    #[n(3)]
    OfferEnded {
        /// Which.
        #[n(0)]
        offer: OfferId,
        /// How.
        #[n(1)]
        how: OfferEnd,
        /// Why.
        #[n(2)]
        reason: String,
    },
    /// A charge was raised; its item is an event before this one.
    #[n(4)]
    Charged(#[n(0)] ChargeFact),
    /// Something was given up; its settlements are events beside this one.
    #[n(5)]
    Granted {
        /// To whom.
        #[n(0)]
        customer: CustomerId,
        /// Of what kind.
        #[n(1)]
        grant: Grant,
        /// Currency.
        #[n(2)]
        currency: Currency,
        /// Minor units.
        #[n(3)]
        amount: i64,
        /// Day.
        #[n(4)]
        day: Day,
        /// Place of the role under whose authority.
        #[n(5)]
        rank: u16,
        /// Why.
        #[n(6)]
        reason: String,
        /// Who approved it.
        #[n(7)]
        approved: Option<Approved>,
    },
    /// Due dates were agreed anew; the aging anchors are events beside this one.
    #[n(6)]
    ReAged(#[n(0)] ReAged),
    /// Items were placed.
    #[n(7)]
    Placed(#[n(0)] PlacementFact),
    /// A placement came to a stage.
    #[n(8)]
    PlacementMoved {
        /// Which.
        #[n(0)]
        placement: PlacementId,
        /// Stage.
        #[n(1)]
        stage: Stage,
        /// Day: for a letter before claim the last day of its answer.
        #[n(2)]
        day: Day,
        /// What is to be said of it.
        #[n(3)]
        note: String,
    },
    /// A placement ended.
    #[n(9)]
    PlacementEnded {
        /// Which.
        #[n(0)]
        placement: PlacementId,
        /// How.
        #[n(1)]
        how: PlacementEnd,
        /// Ledger date.
        #[n(2)]
        day: Day,
        /// Why.
        #[n(3)]
        reason: String,
    },
    /// An entry of the risk register was written.
    #[n(10)]
    RiskSet {
        /// Which; the next free id for a new one.
        #[n(0)]
        risk: RiskId,
        /// What stands there.
        #[n(1)]
        fact: RiskFact,
    },
    /// The debtor acknowledged the debt.
    #[n(11)]
    Acknowledged(#[n(0)] Acknowledged),
}
