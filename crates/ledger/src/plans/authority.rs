//! Who may let go of how much (ST-01, ST-02): maker and checker are two people, and what was given
//! up within twelve months counts with what is asked now.

use super::Approved;
use crate::book::Book;
use crate::command::Context;
use crate::ids::CustomerId;
use crate::refusal::Refusal;
use duebook_policy::AuthorityPolicy;
use duebook_policy::authority::{Ask, same_name, window_start};

impl Book {
    /// Given up to a customer within the twelve months to a day that counts towards a role.
    pub fn granted_before(
        &self,
        customer: CustomerId,
        ask: &Ask,
        day: duebook_money::Day,
        rank: usize,
    ) -> i64 {
        let within = window_start(day)..=day;
        let counts = |g: &&super::Granted| {
            g.customer == customer
                && g.currency == ask.currency
                && within.contains(&g.day)
                && AuthorityPolicy::counts_towards(usize::from(g.rank), rank)
        };
        let amounts = self.granted().filter(counts).map(|g| g.amount);
        // Waivers, settlements and credits count together, whatever they were made by.
        let resolved = self.resolved_before(customer, ask.currency, day, rank);
        amounts.fold(resolved, i64::saturating_add)
    }

    /// The place of the role under whose authority something may be let go: the actor's, else that
    /// of another person who approved it.
    pub(super) fn authority(
        &self,
        context: &Context,
        customer: CustomerId,
        ask: Ask,
        approved: Option<&Approved>,
    ) -> Result<u16, Refusal> {
        let policy = &self.policies.authority;
        let before = |rank| Ask {
            before: self.granted_before(customer, &ask, context.ledger_date, rank),
            ..ask
        };
        let own = policy.rank_of(&context.actor);
        let alone = policy.breaches_alone(own, &before(own));
        let place = |rank: usize| u16::try_from(rank).unwrap_or(u16::MAX);
        let Some(approved) = approved.filter(|a| !a.by.trim().is_empty()) else {
            return match alone.first() {
                None => Ok(place(own)),
                Some(breach) => Err(Refusal::BeyondAuthority(*breach, ask.currency)),
            };
        };
        if same_name(&approved.by, &context.actor) {
            return Err(Refusal::ApprovedByMaker);
        }
        let theirs = policy.rank_of(&approved.by);
        match policy.breaches(theirs, &before(theirs)).first() {
            None => Ok(place(theirs)),
            // Within the maker's own authority a second signature does no harm.
            Some(_) if alone.is_empty() => Ok(place(own)),
            Some(breach) => Err(Refusal::BeyondAuthority(*breach, ask.currency)),
        }
    }
}
