//! What is asked of this part of the book, in natural keys.

use super::facts::*;
use crate::keys::*;
use duebook_money::{Currency, Day};
use duebook_policy::InterestSheet;
use minicbor::{Decode, Encode};

/// A charge asked for: the calculation was made by the rules in force and is kept as it was.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct NewCharge {
    /// The item paid late.
    #[n(0)]
    pub item: ItemKey,
    /// Number of the charge.
    #[n(1)]
    pub number: String,
    /// The calculation.
    #[n(2)]
    pub sheet: InterestSheet,
}

/// A plan asked for.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct NewPlan {
    /// Who owes.
    #[n(0)]
    pub customer: CustomerKey,
    /// Who agreed.
    #[n(1)]
    pub contact: Option<FactKey>,
    /// Currency.
    #[n(2)]
    pub currency: Currency,
    /// Items and how much of each, minor units.
    #[n(3)]
    pub items: Vec<(ItemKey, i64)>,
    /// Day and amount of each instalment; they sum to items and charges.
    #[n(4)]
    pub instalments: Vec<(Day, i64)>,
    /// Interest.
    #[n(5)]
    pub interest: PlanInterest,
    /// Charges of a front-loaded plan, raised with it.
    #[n(6)]
    pub charges: Vec<NewCharge>,
    /// Default triggers ([`trigger`]).
    #[n(7)]
    pub triggers: u8,
    /// Why a plan.
    #[n(8)]
    pub reason: String,
    /// Who approved it.
    #[n(9)]
    pub approved: Option<Approved>,
    /// Wording of the acknowledgement of debt.
    #[n(10)]
    pub acknowledgement: Option<TextRef>,
}

/// A settlement asked for.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct NewOffer {
    /// To whom.
    #[n(0)]
    pub customer: CustomerKey,
    /// Currency.
    #[n(1)]
    pub currency: Currency,
    /// Items and how much of each is settled by it, minor units.
    #[n(2)]
    pub items: Vec<(ItemKey, i64)>,
    /// To be paid, minor units.
    #[n(3)]
    pub pay: i64,
    /// By this day.
    #[n(4)]
    pub by: Day,
    /// Conditional wording.
    #[n(5)]
    pub wording: Option<TextRef>,
    /// Why.
    #[n(6)]
    pub reason: String,
    /// Who approved it.
    #[n(7)]
    pub approved: Option<Approved>,
}

/// A placement asked for.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct NewPlacement {
    /// Who owes.
    #[n(0)]
    pub customer: CustomerKey,
    /// With what.
    #[n(1)]
    pub with: PlacedWith,
    /// Their name.
    #[n(2)]
    pub name: String,
    /// Items placed, with all that is open of them.
    #[n(3)]
    pub items: Vec<ItemKey>,
    /// Commission, parts per million.
    #[n(4)]
    pub commission_ppm: u32,
    /// Their reference.
    #[n(5)]
    pub reference: String,
    /// Why, and what was tried.
    #[n(6)]
    pub reason: String,
    /// Who approved it.
    #[n(7)]
    pub approved: Option<Approved>,
    /// How far it is.
    #[n(8)]
    pub stage: Stage,
}

/// An entry of the risk register asked for.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct NewRisk {
    /// Which; `None` for a new one.
    #[n(0)]
    pub risk: Option<FactKey>,
    /// Who.
    #[n(1)]
    pub customer: CustomerKey,
    /// What may happen.
    #[n(2)]
    pub what: String,
    /// How likely, per mille.
    #[n(3)]
    pub per_mille: u16,
    /// What it would cost, minor units.
    #[n(4)]
    pub impact: i64,
    /// Currency of the impact.
    #[n(5)]
    pub currency: Currency,
    /// Who looks after it.
    #[n(6)]
    pub owner: String,
    /// What is done.
    #[n(7)]
    pub action: String,
    /// To be looked at again.
    #[n(8)]
    pub review: Day,
    /// Over.
    #[n(9)]
    pub closed: bool,
}

/// A command.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum PlanCommand {
    /// Agrees a plan; open promises on its items are superseded.
    /// Refused: none covered, covered already, more than open, instalments that do not sum.
    #[n(0)]
    Agree(#[n(0)] NewPlan),
    /// Ends a plan.
    #[n(1)]
    EndPlan {
        /// Which.
        #[n(0)]
        plan: FactKey,
        /// How.
        #[n(1)]
        how: PlanEnd,
        /// Why.
        #[n(2)]
        reason: String,
    },
    /// Offers a settlement. Refused: beyond authority, no expiry ahead, not less than the debt.
    #[n(2)]
    Offer(#[n(0)] NewOffer),
    /// Ends an offer otherwise than by its write-off.
    #[n(3)]
    EndOffer {
        /// Which.
        #[n(0)]
        offer: FactKey,
        /// How.
        #[n(1)]
        how: OfferEnd,
        /// Why.
        #[n(2)]
        reason: String,
    },
    /// Writes off what an offer lets go, once its money is in (ST-04).
    #[n(4)]
    WriteOffRest {
        /// Which offer.
        #[n(0)]
        offer: FactKey,
        /// Accounting date.
        #[n(1)]
        effective: Day,
    },
    /// Raises charges for late payment.
    #[n(5)]
    RaiseCharges {
        /// Which.
        #[n(0)]
        charges: Vec<NewCharge>,
        /// Their document date.
        #[n(1)]
        date: Day,
        /// Their due date.
        #[n(2)]
        due: Day,
    },
    /// Lets go of a charge, or a part of it.
    #[n(6)]
    WaiveCharge {
        /// Which.
        #[n(0)]
        charge: ItemKey,
        /// Minor units.
        #[n(1)]
        amount: i64,
        /// Accounting date.
        #[n(2)]
        effective: Day,
        /// Why.
        #[n(3)]
        reason: String,
        /// Who approved it.
        #[n(4)]
        approved: Option<Approved>,
    },
    /// Agrees due dates anew (PL-03).
    #[n(7)]
    ReAge {
        /// Items of one customer.
        #[n(0)]
        items: Vec<ItemKey>,
        /// They age from this day.
        #[n(1)]
        to: Day,
        /// Why.
        #[n(2)]
        reason: String,
        /// Who approved it.
        #[n(3)]
        approved: Approved,
    },
    /// Places items with an agency or a lawyer.
    #[n(8)]
    Place(#[n(0)] NewPlacement),
    /// Says how far a placement is.
    #[n(9)]
    MovePlacement {
        /// Which.
        #[n(0)]
        placement: FactKey,
        /// Stage.
        #[n(1)]
        stage: Stage,
        /// Day.
        #[n(2)]
        day: Day,
        /// What is to be said of it.
        #[n(3)]
        note: String,
    },
    /// Ends a placement.
    #[n(10)]
    EndPlacement {
        /// Which.
        #[n(0)]
        placement: FactKey,
        /// How.
        #[n(1)]
        how: PlacementEnd,
        /// Why.
        #[n(2)]
        reason: String,
    },
    /// Writes an entry of the risk register.
    #[n(11)]
    SetRisk(#[n(0)] NewRisk),
    /// Records that the debtor acknowledged the debt.
    #[n(12)]
    Acknowledge {
        /// Items of one customer.
        #[n(0)]
        items: Vec<ItemKey>,
        /// On which day.
        #[n(1)]
        on: Day,
        /// Where it stands.
        #[n(2)]
        evidence: String,
    },
}

/// What a command of this part is, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)] // named as the variants of `PlanCommand`
pub enum PlanKind {
    Agree,
    EndPlan,
    Offer,
    EndOffer,
    WriteOffRest,
    RaiseCharges,
    WaiveCharge,
    ReAge,
    Place,
    MovePlacement,
    EndPlacement,
    SetRisk,
    Acknowledge,
}

impl PlanCommand {
    /// Its kind.
    pub fn kind(&self) -> PlanKind {
        use PlanKind as K;
        match self {
            PlanCommand::Agree(_) => K::Agree,
            PlanCommand::EndPlan { .. } => K::EndPlan,
            PlanCommand::Offer(_) => K::Offer,
            PlanCommand::EndOffer { .. } => K::EndOffer,
            PlanCommand::WriteOffRest { .. } => K::WriteOffRest,
            PlanCommand::RaiseCharges { .. } => K::RaiseCharges,
            PlanCommand::WaiveCharge { .. } => K::WaiveCharge,
            PlanCommand::ReAge { .. } => K::ReAge,
            PlanCommand::Place(_) => K::Place,
            PlanCommand::MovePlacement { .. } => K::MovePlacement,
            PlanCommand::EndPlacement { .. } => K::EndPlacement,
            PlanCommand::SetRisk(_) => K::SetRisk,
            PlanCommand::Acknowledge { .. } => K::Acknowledge,
        }
    }
}
