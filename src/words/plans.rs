//! Plans, settlements, charges and placement in words.

use super::{item, money};
use crate::workspace::Ws;
use duebook_ledger::plans::PlanKind;
use duebook_ledger::refusal::Refusal;
use duebook_money::Currency;
use duebook_policy::authority::Breach;

/// Why a command of this part was refused.
pub fn refusal(_ws: Option<Ws>, refusal: &Refusal) -> String {
    match refusal {
        Refusal::AlreadyCovered(key) => format!("{} is covered already: end that plan, offer or placement first, or leave it out.", item(key)),
        Refusal::BeyondAuthority(breach, currency) => breach_text(breach, *currency),
        Refusal::ApprovedByMaker => "Whoever asks cannot approve it too. Name another person, with where the approval stands.".to_owned(),
        Refusal::NotLess { .. } => "What is to be paid is no less than the debt: nothing would be let go.".to_owned(),
        Refusal::NotCleared { paid, needed, currency } => format!(
            "{} of {} cleared in time. The rest is written off only when all of it is in.",
            money(*paid, *currency), money(*needed, *currency)
        ),
        Refusal::NotACharge(key) => format!("{} is no charge for late payment.", item(key)),
        _ => "This cannot be done.".to_owned(),
    }
}

fn breach_text(breach: &Breach, currency: Currency) -> String {
    let percent = |bp: u32| format!("{}.{:02} %", bp / 100, bp % 100);
    let over = match breach {
        Breach::NotThisRole(_) => "This is not yours to grant.".to_owned(),
        Breach::NoLimit(c) => format!("No limit is given for {}.", c.code()),
        Breach::Percent { this, limit } => format!(
            "Above the limit of {} (this is {}).",
            percent(*limit),
            percent(*this)
        ),
        Breach::Document { this, limit } => format!(
            "Above the limit of {} (this is {}).",
            money(*limit, currency),
            money(*this, currency)
        ),
        Breach::Rolling { this, limit } => format!(
            "With what was granted in twelve months it is {}, above the limit of {}.",
            money(*this, currency),
            money(*limit, currency)
        ),
        Breach::AlwaysTwo => "Every grant needs a second person.".to_owned(),
    };
    format!("{over} Name somebody with the authority who approved it, or ask for less.")
}

/// What a commit of this part did.
pub fn kind(kind: PlanKind) -> &'static str {
    match kind {
        PlanKind::Agree => "Agreed a payment plan",
        PlanKind::EndPlan => "Ended a payment plan",
        PlanKind::Offer => "Offered a settlement",
        PlanKind::EndOffer => "Ended a settlement offer",
        PlanKind::WriteOffRest => "Wrote off the rest of a settlement",
        PlanKind::RaiseCharges => "Raised charges for late payment",
        PlanKind::WaiveCharge => "Let go of a charge",
        PlanKind::ReAge => "Agreed due dates anew",
        PlanKind::Place => "Placed items",
        PlanKind::MovePlacement => "Recorded the stage of a placement",
        PlanKind::EndPlacement => "Ended a placement",
        PlanKind::SetRisk => "Wrote in the risk register",
        PlanKind::Acknowledge => "Recorded an acknowledgement of debt",
    }
}
