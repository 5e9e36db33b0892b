//! Plans, settlements, charges and placement in words.

use super::{day, item, money};
use crate::ui::format::plural;
use crate::ui::prelude::Tone;
use crate::workspace::Ws;
use duebook_insight::plans::{OfferState, PlanState};
use duebook_insight::timeline::What;
use duebook_ledger::Book;
use duebook_ledger::plans::{OfferEnd, PlacementEnd, PlanEnd, PlanKind, trigger};
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
        Refusal::ChargedMeanwhile(key) => format!(
            "Interest on {} was charged since this was worked out. Nothing was saved: look at the list again.",
            item(key)
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

/// Where a plan stands.
pub fn plan_state(state: PlanState) -> (Tone, &'static str) {
    match state {
        PlanState::Current => (Tone::Good, "kept so far"),
        PlanState::Late => (Tone::Warn, "instalment late"),
        PlanState::AwaitingNews => (Tone::Muted, "waiting for the file"),
        PlanState::Defaulted => (Tone::Danger, "defaulted"),
        PlanState::Completed => (Tone::Good, "completed"),
        PlanState::Ended(PlanEnd::Defaulted) => (Tone::Danger, "defaulted"),
        PlanState::Ended(PlanEnd::Replaced) => (Tone::Muted, "replaced"),
        PlanState::Ended(PlanEnd::Cancelled) => (Tone::Muted, "cancelled"),
        PlanState::Ended(PlanEnd::EntryError) => (Tone::Muted, "entered by mistake"),
    }
}

/// A default trigger.
pub fn trigger_name(bit: u8) -> &'static str {
    match bit {
        trigger::MISSED => "An instalment is unpaid after its grace",
        trigger::TWO_LATE => "Two instalments in a row are late",
        trigger::INSOLVENCY => "A signal of insolvency",
        trigger::NEW_OVERDUE => "New invoices are not kept current",
        trigger::BOUNCED => "Money is returned by the bank",
        _ => "Another trigger",
    }
}

/// Where an offer stands.
pub fn offer_state(state: OfferState) -> (Tone, &'static str) {
    match state {
        OfferState::Open => (Tone::Accent, "open"),
        OfferState::Paid => (Tone::Good, "paid: write off the rest"),
        OfferState::AwaitingNews => (Tone::Muted, "expired, waiting for the file"),
        OfferState::Lapsed => (Tone::Danger, "lapsed: full debt"),
        OfferState::Ended(OfferEnd::WrittenOff) => (Tone::Good, "settled"),
        OfferState::Ended(OfferEnd::Refused) => (Tone::Muted, "refused"),
        OfferState::Ended(OfferEnd::Withdrawn) => (Tone::Muted, "withdrawn"),
        OfferState::Ended(OfferEnd::EntryError) => (Tone::Muted, "entered by mistake"),
    }
}

/// How far a placement is.
pub use duebook_insight::reports::stage_name as stage;

/// How a placement ended.
pub fn placement_end(end: PlacementEnd) -> &'static str {
    match end {
        PlacementEnd::Recalled => "recalled",
        PlacementEnd::Paid => "paid",
        PlacementEnd::Uncollectable => "uncollectable",
        PlacementEnd::EntryError => "entered by mistake",
    }
}

/// What was negotiated, as an entry of the account's timeline; `None` for other entries.
pub fn entry(book: &Book, what: &What) -> Option<(String, Option<(Tone, String)>)> {
    let chip = |(tone, text): (Tone, &str)| Some((tone, text.to_owned()));
    Some(match what {
        What::Planned(p) => {
            let count = plural(
                p.instalments.len(),
                "instalment",
                "instalments",
                Default::default(),
            );
            let came = match p.paid {
                // Money after its end came by other means.
                paid if paid == 0 || !(p.state.holds() || p.state == PlanState::Completed) => {
                    String::new()
                }
                paid => format!(", {} came in", money(paid, p.currency)),
            };
            let text = format!(
                "Plan agreed: {} in {count}{came}",
                money(p.total, p.currency)
            );
            (text, chip(plan_state(p.state)))
        }
        What::PlanDefaulted { default, .. } => {
            let which = default
                .instalment
                .map_or(String::new(), |n| format!(" (instalment {})", n + 1));
            let why = trigger_name(default.trigger).to_lowercase();
            (format!("Plan in default: {why}{which}"), None)
        }
        What::PlanEnded { how, .. } => {
            let (_, how) = plan_state(PlanState::Ended(*how));
            (format!("Plan ended: {how}"), None)
        }
        What::Offered(o) => {
            let text = format!(
                "Settlement offered: {} of {} by {}",
                money(o.pay, o.currency),
                money(o.debt, o.currency),
                day(o.by)
            );
            (text, chip(offer_state(o.state)))
        }
        What::OfferLapsed { .. } => ("Offer lapsed: the full debt is owed again".to_owned(), None),
        What::OfferEnded { how, .. } => {
            let (_, how) = offer_state(OfferState::Ended(*how));
            (format!("Offer ended: {how}"), None)
        }
        What::Placed(p) => {
            let name = book
                .placements()
                .get(p.placement.index())
                .map_or("", |p| p.fact.name.as_str());
            let came = match p.recovered {
                0 => String::new(),
                sum => format!(
                    "; {} recovered, commission {}",
                    money(sum, p.currency),
                    money(p.commission, p.currency)
                ),
            };
            let text = format!("{} placed with {name}{came}", money(p.placed, p.currency));
            let stands = match p.ended {
                Some((how, _)) => placement_end(how),
                None => stage(p.stage.0),
            };
            (text, Some((Tone::Muted, stands.to_lowercase())))
        }
        What::PlacementMoved { stage: to, .. } => {
            (format!("Placement: {}", stage(*to).to_lowercase()), None)
        }
        What::PlacementEnded { how, .. } => {
            (format!("Placement ended: {}", placement_end(*how)), None)
        }
        What::ReAged {
            items,
            to,
            approved,
        } => {
            let items = plural(
                *items as usize,
                "item ages",
                "items age",
                Default::default(),
            );
            let text = format!(
                "Due dates agreed anew: {items} from {}, approved by {approved}",
                day(*to)
            );
            (text, None)
        }
        What::Acknowledged { items } => {
            let items = plural(*items as usize, "item", "items", Default::default());
            (format!("Debt acknowledged: {items}"), None)
        }
        _ => return None,
    })
}
