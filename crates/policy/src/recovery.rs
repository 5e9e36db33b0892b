//! What negotiation, provision and escalation go by: interest, plans, loss rates, limitation.

use crate::interest::InterestPolicy;
use crate::msme::Supplier;
use minicbor::{Decode, Encode};

/// Limitation of a claim in a country.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Limitation {
    /// Two letters; empty for every other country.
    #[n(0)]
    pub country: String,
    /// Years from the due date, or from the last acknowledgement.
    #[n(1)]
    pub years: u8,
    /// It runs out with the calendar year, not with the day (§ 199 BGB).
    #[n(2)]
    pub year_end: bool,
    /// Where it is from; to be checked by counsel.
    #[n(3)]
    pub source: String,
}

/// Loss rates of a provision matrix (EC-01), one for each aging bucket in order.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Provision {
    /// Given rates by bucket, parts per million; empty: the book's own history.
    #[n(0)]
    pub given_ppm: Vec<u32>,
    /// Forward-looking overlay by bucket, parts per million added (or taken off); empty: none.
    #[n(1)]
    pub overlay_ppm: Vec<i32>,
    /// Why the overlay: written on every provision.
    #[n(2)]
    pub overlay_reason: String,
    /// Customers provided for one by one, by natural key (source, number): left out of the pool,
    /// with the share of their exposure that is provided for, parts per million.
    #[n(3)]
    pub specific: Vec<(String, String, u32)>,
}

/// The policy.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct RecoveryPolicy {
    /// Interest and compensation for late payment.
    #[n(0)]
    pub interest: InterestPolicy,
    /// Grace of an instalment, business days (PL-02).
    #[n(1)]
    pub plan_grace: u16,
    /// Provision matrix.
    #[n(2)]
    pub provision: Provision,
    /// Limitation by country, the general one last.
    #[n(3)]
    pub limitation: Vec<Limitation>,
    /// Days before limitation from which it is warned of.
    #[n(4)]
    pub limitation_warning: u16,
    /// A customer is ready to be placed from so many days past due on.
    #[n(5)]
    pub placement_days: u16,
    /// Monthly discount rate of the decision aid, parts per million (ST-03).
    #[n(6)]
    pub discount_ppm: u32,
    /// Our own standing as a supplier in India (IN-01); `None`: not recorded.
    #[n(7)]
    pub supplier: Option<Supplier>,
}

impl Default for RecoveryPolicy {
    fn default() -> Self {
        let limit = |country: &str, years, year_end, source: &str| Limitation {
            country: country.to_owned(),
            years,
            year_end,
            source: source.to_owned(),
        };
        RecoveryPolicy {
            interest: InterestPolicy::default(),
            plan_grace: 5,
            provision: Provision {
                given_ppm: Vec::new(),
                overlay_ppm: Vec::new(),
                overlay_reason: String::new(),
                specific: Vec::new(),
            },
            limitation: vec![
                limit("GB", 6, false, "Limitation Act 1980 s.5"),
                limit("IN", 3, false, "Limitation Act 1963, Schedule"),
                limit("DE", 3, true, "§§ 195, 199 BGB"),
                limit("FR", 5, false, "L110-4 Code de commerce"),
                limit(
                    "",
                    3,
                    false,
                    "no rule recorded: the shortest common one, to be checked",
                ),
            ],
            limitation_warning: 180,
            placement_days: 60,
            discount_ppm: 10_000,
            supplier: None,
        }
    }
}

impl RecoveryPolicy {
    /// Whether it holds together.
    pub fn is_valid(&self) -> bool {
        let rates = self.provision.given_ppm.iter().all(|r| *r <= 1_000_000);
        let overlay = &self.provision.overlay_ppm;
        let documented =
            overlay.iter().all(|o| *o == 0) || !self.provision.overlay_reason.trim().is_empty();
        let overlay = overlay.iter().all(|o| (-1_000_000..=1_000_000).contains(o));
        let specific = self
            .provision
            .specific
            .iter()
            .all(|(_, _, r)| *r <= 1_000_000);
        let limits = self.limitation.iter().all(|l| (1..=30).contains(&l.years));
        self.interest.is_valid()
            && self.plan_grace <= 60
            && rates
            && overlay
            && documented
            && specific
            && limits
            && self.discount_ppm <= 1_000_000
            && (self.supplier.iter()).all(|s| s.investment >= 0 && s.turnover >= 0)
    }
    /// The limitation rule of a country.
    pub fn limitation_of(&self, country: &str) -> Option<&Limitation> {
        let named = |l: &&Limitation| l.country.eq_ignore_ascii_case(country);
        let general = || self.limitation.iter().find(|l| l.country.is_empty());
        self.limitation.iter().find(named).or_else(general)
    }
}
