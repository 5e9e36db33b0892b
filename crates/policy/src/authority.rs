//! Who may grant how much (ST-01, ST-02): limits by role on percent *and* amount, per document and
//! cumulative per customer over twelve months. The more restrictive limit counts. Limits are data.

use duebook_money::{Currency, Day};
use minicbor::{Decode, Encode};

/// What is granted. Stored; never renumber.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum Grant {
    /// Interest or a late charge is let go.
    #[n(0)]
    LateCharge,
    /// A small rest, a rounding, a bank charge.
    #[n(1)]
    SmallBalance,
    /// A credit for what was billed wrongly: part of a document, or the fall of a rebill.
    #[n(2)]
    Credit,
    /// A credit that nobody was owed.
    #[n(3)]
    Goodwill,
    /// Debt given up.
    #[n(4)]
    WriteOff,
    /// A settlement for less than is owed.
    #[n(5)]
    Settlement,
    /// Money paid out, or set against what we owe.
    #[n(6)]
    PayOut,
}

impl Grant {
    /// Every grant in stored order.
    pub const ALL: [Grant; 7] = [
        Grant::LateCharge,
        Grant::SmallBalance,
        Grant::Credit,
        Grant::Goodwill,
        Grant::WriteOff,
        Grant::Settlement,
        Grant::PayOut,
    ];
}

/// The most that a role may grant in a currency, minor units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct AmountLimit {
    /// Of which currency.
    #[n(0)]
    pub currency: Currency,
    /// On one document.
    #[n(1)]
    pub document: i64,
    /// To one customer within twelve months, this grant included.
    #[n(2)]
    pub rolling: i64,
}

/// What a role may grant by itself.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct RoleLimit {
    /// Its name, as people say it.
    #[n(0)]
    pub role: String,
    /// What it may grant at all; empty for everything.
    #[n(1)]
    pub grants: Vec<Grant>,
    /// The most of a document, in hundredths of a percent; `None` for no such limit.
    #[n(2)]
    pub basis_points: Option<u32>,
    /// By currency. A currency that is not listed has no authority, unless the list is empty: then
    /// no amount is too large.
    #[n(3)]
    pub amounts: Vec<AmountLimit>,
}

/// The authority matrix: roles from the least to the greatest, and who has which.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct AuthorityPolicy {
    /// From the least to the greatest. Who is not listed has the first.
    #[n(0)]
    pub roles: Vec<RoleLimit>,
    /// Name of a person, name of the role.
    #[n(1)]
    pub people: Vec<(String, String)>,
    /// A grant of any size needs somebody else's approval, whatever the limits say.
    #[n(2)]
    #[cbor(default)]
    pub always_two: bool,
}

/// What somebody wants to grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ask {
    /// What it is.
    pub grant: Grant,
    /// Currency of the amounts.
    pub currency: Currency,
    /// Minor units, positive.
    pub amount: i64,
    /// What the document is for, minor units, positive: what the percentage is of.
    pub document: i64,
    /// Granted to the customer in the twelve months before, minor units: see
    /// [`AuthorityPolicy::counts_towards`].
    pub before: i64,
}

/// A limit that a grant is beyond.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Breach {
    /// The role does not grant such things.
    NotThisRole(Grant),
    /// No limit is given for the currency.
    NoLimit(Currency),
    /// More of the document than it may, hundredths of a percent.
    Percent {
        /// This.
        this: u32,
        /// The most.
        limit: u32,
    },
    /// More on one document than it may, minor units.
    Document {
        /// This.
        this: i64,
        /// The most.
        limit: i64,
    },
    /// More to one customer within twelve months than it may (ST-02): split or not.
    Rolling {
        /// With what was granted before.
        this: i64,
        /// The most.
        limit: i64,
    },
    /// Every grant needs a second person.
    AlwaysTwo,
}

/// Why an authority policy is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuthorityError {
    /// There is no role.
    NoRoles,
    /// Two roles have one name, or one has none.
    RoleName,
    /// A limit is negative, above the whole, or given twice.
    Limit,
    /// A person has a role that is not there, or two.
    Person,
    /// More than anybody keeps.
    TooMany,
}

/// Most roles, people or currencies of a policy.
const MOST: usize = 500;

/// Currencies of the template, each with what a hundred units of a dollar-like currency are there,
/// in its own units: an order of magnitude, not a rate.
const TEMPLATE: [(&str, i64); 14] = [
    ("USD", 100),
    ("EUR", 100),
    ("GBP", 100),
    ("CHF", 100),
    ("AUD", 150),
    ("CAD", 150),
    ("SGD", 150),
    ("AED", 400),
    ("SAR", 400),
    ("INR", 10_000),
    ("JPY", 15_000),
    ("ZAR", 2_000),
    ("BRL", 500),
    ("KWD", 30),
];

impl Default for AuthorityPolicy {
    /// The template of ST-01: a collector lets go of late charges and small rests only; every role
    /// above has more, the last no limit.
    fn default() -> Self {
        use Grant::*;
        let role = |role: &str, grants: &[Grant], basis_points, times: Option<i64>| RoleLimit {
            role: role.to_owned(),
            grants: grants.to_vec(),
            basis_points,
            amounts: times.map_or_else(Vec::new, |times| {
                let limit = |(code, hundred): &(&str, i64)| {
                    let currency = Currency::from_code(code)?;
                    let unit = 10i64.pow(u32::from(currency.exponent()));
                    let document = hundred * unit * times;
                    Some(AmountLimit {
                        currency,
                        document,
                        rolling: document * 3,
                    })
                };
                TEMPLATE.iter().filter_map(limit).collect()
            }),
        };
        AuthorityPolicy {
            roles: vec![
                role("Collector", &[LateCharge, SmallBalance], Some(200), Some(1)),
                role(
                    "Team lead",
                    &[LateCharge, SmallBalance, Credit, Goodwill],
                    Some(500),
                    Some(10),
                ),
                role("Credit manager", &[], Some(1500), Some(100)),
                role("Finance controller", &[], Some(3000), Some(1000)),
                role("CFO", &[], None, None),
            ],
            people: Vec::new(),
            always_two: false,
        }
    }
}

impl AuthorityPolicy {
    /// Checks that it holds together.
    ///
    /// # Errors
    /// The first [`AuthorityError`] that holds.
    pub fn validate(&self) -> Result<(), AuthorityError> {
        if self.roles.is_empty() {
            return Err(AuthorityError::NoRoles);
        }
        let amounts = self.roles.iter().map(|r| r.amounts.len()).max();
        if self
            .roles
            .len()
            .max(self.people.len())
            .max(amounts.unwrap_or(0))
            > MOST
        {
            return Err(AuthorityError::TooMany);
        }
        for (n, role) in self.roles.iter().enumerate() {
            let same = |r: &RoleLimit| same_name(&r.role, &role.role);
            if role.role.trim().is_empty() || self.roles[..n].iter().any(same) {
                return Err(AuthorityError::RoleName);
            }
            let sound = |(i, a): (usize, &AmountLimit)| {
                let twice = role.amounts[..i].iter().any(|b| b.currency == a.currency);
                a.document >= 0 && a.rolling >= 0 && !twice
            };
            let whole = role.basis_points.is_none_or(|b| b <= 10_000);
            if !whole || !role.amounts.iter().enumerate().all(sound) {
                return Err(AuthorityError::Limit);
            }
        }
        for (n, (name, role)) in self.people.iter().enumerate() {
            let twice = self.people[..n].iter().any(|(p, _)| same_name(p, name));
            if name.trim().is_empty() || twice || self.rank(role).is_none() {
                return Err(AuthorityError::Person);
            }
        }
        Ok(())
    }

    /// The place of a role, from the least.
    pub fn rank(&self, role: &str) -> Option<usize> {
        self.roles.iter().position(|r| same_name(&r.role, role))
    }

    /// The place of a person's role; the least where the person is not listed.
    pub fn rank_of(&self, person: &str) -> usize {
        let listed = self.people.iter().find(|(p, _)| same_name(p, person));
        listed.and_then(|(_, role)| self.rank(role)).unwrap_or(0)
    }

    /// A role by its place.
    pub fn role(&self, rank: usize) -> Option<&RoleLimit> {
        self.roles.get(rank)
    }

    /// Whether what was granted under the authority of `granted` counts towards the twelve months
    /// of `asked`: what a greater role approved was its own to grant.
    pub fn counts_towards(granted: usize, asked: usize) -> bool {
        granted <= asked
    }

    /// Every limit of a role that a grant is beyond; empty: within its authority.
    pub fn breaches(&self, rank: usize, ask: &Ask) -> Vec<Breach> {
        let Some(role) = self.role(rank) else {
            return vec![Breach::NotThisRole(ask.grant)];
        };
        let mut out = Vec::new();
        if !role.grants.is_empty() && !role.grants.contains(&ask.grant) {
            out.push(Breach::NotThisRole(ask.grant));
        }
        if let Some(limit) = role.basis_points {
            let (amount, whole) = (i128::from(ask.amount), i128::from(ask.document.max(1)));
            // Compared without division; what is shown is rounded up, so that it is never below.
            if amount * 10_000 > whole * i128::from(limit) {
                let this = (amount * 10_000 + whole - 1) / whole;
                let this = u32::try_from(this).unwrap_or(u32::MAX);
                out.push(Breach::Percent { this, limit });
            }
        }
        if !role.amounts.is_empty() {
            match role.amounts.iter().find(|a| a.currency == ask.currency) {
                None => out.push(Breach::NoLimit(ask.currency)),
                Some(limit) => {
                    if ask.amount > limit.document {
                        let (this, limit) = (ask.amount, limit.document);
                        out.push(Breach::Document { this, limit });
                    }
                    let this = ask.before.saturating_add(ask.amount);
                    if this > limit.rolling {
                        let limit = limit.rolling;
                        out.push(Breach::Rolling { this, limit });
                    }
                }
            }
        }
        out
    }

    /// [`Self::breaches`] of somebody who grants without a second person.
    pub fn breaches_alone(&self, rank: usize, ask: &Ask) -> Vec<Breach> {
        let mut out = self.breaches(rank, ask);
        if out.is_empty() && self.always_two {
            out.push(Breach::AlwaysTwo);
        }
        out
    }

    /// The least role that may grant it; `None` where nobody may. `before` answers, for a role's
    /// place, what was granted in the twelve months before that counts towards it.
    pub fn needed(&self, ask: &Ask, before: impl Fn(usize) -> i64) -> Option<usize> {
        (0..self.roles.len()).find(|rank| {
            let before = before(*rank);
            self.breaches(*rank, &Ask { before, ..*ask }).is_empty()
        })
    }
}

/// The first day of the twelve months that end on a day, that day included.
pub fn window_start(to: Day) -> Day {
    to.add_months(-12).unwrap_or(to).plus(1)
}

/// One name, however it is written.
pub fn same_name(a: &str, b: &str) -> bool {
    let plain = |s: &str| s.trim().to_lowercase();
    plain(a) == plain(b)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ask(grant: Grant, amount: i64, document: i64, before: i64) -> Ask {
        Ask {
            grant,
            currency: Currency::INR,
            amount,
            document,
            before,
        }
    }

    #[test]
    fn st_01_percent_and_amount_the_more_restrictive_counts() {
        let p = AuthorityPolicy::default();
        assert_eq!(p.validate(), Ok(()));
        // A collector: 2 % and 10,000.00 INR, late charges only.
        let by = |rank, a: Ask| p.breaches(rank, &a);
        let late = |amount, document| ask(Grant::LateCharge, amount, document, 0);
        assert_eq!(by(0, late(900_000, 50_000_000)), vec![]);
        let percent = Breach::Percent {
            this: 300,
            limit: 200,
        };
        assert_eq!(by(0, late(900_000, 30_000_000)), vec![percent]);
        let amount = Breach::Document {
            this: 1_000_001,
            limit: 1_000_000,
        };
        assert_eq!(by(0, late(1_000_001, 100_000_000)), vec![amount]);
        let credit = ask(Grant::Credit, 100, 50_000_000, 0);
        assert_eq!(by(0, credit), vec![Breach::NotThisRole(Grant::Credit)]);
        assert_eq!(by(1, credit), vec![]);
        // Nothing is beyond the last.
        let all = ask(Grant::WriteOff, i64::MAX, 1, i64::MAX);
        assert_eq!(by(4, all), vec![]);
        assert_eq!(
            p.needed(&ask(Grant::WriteOff, 20_000, 100_000, 0), |_| 0),
            Some(3)
        );
        let baht = Ask {
            currency: Currency::XXX,
            ..late(1, 1000)
        };
        assert_eq!(by(0, baht), vec![Breach::NoLimit(Currency::XXX)]);
    }

    #[test]
    fn st_02_a_waiver_split_in_four_trips_the_twelve_months() {
        let p = AuthorityPolicy::default();
        let part = |before| ask(Grant::LateCharge, 900_000, 100_000_000, before);
        for before in [0, 900_000, 1_800_000] {
            assert_eq!(p.breaches(0, &part(before)), vec![]);
        }
        let over = Breach::Rolling {
            this: 3_600_000,
            limit: 3_000_000,
        };
        assert_eq!(p.breaches(0, &part(2_700_000)), vec![over]);
        // What the manager approved does not use up the collector's own.
        assert!(!AuthorityPolicy::counts_towards(2, 0) && AuthorityPolicy::counts_towards(0, 2));
    }

    #[test]
    fn st_02_always_two() {
        let p = AuthorityPolicy {
            always_two: true,
            ..AuthorityPolicy::default()
        };
        let small = ask(Grant::SmallBalance, 1, 100_000, 0);
        assert_eq!(p.breaches_alone(0, &small), vec![Breach::AlwaysTwo]);
        assert_eq!(p.breaches(0, &small), vec![]);
    }

    #[test]
    fn people_have_one_role_and_roles_one_name() {
        let mut p = AuthorityPolicy {
            people: vec![("Asha Rao".into(), "team lead ".into())],
            ..AuthorityPolicy::default()
        };
        assert_eq!(
            (p.validate(), p.rank_of(" asha rao"), p.rank_of("Ben")),
            (Ok(()), 1, 0)
        );
        p.people.push(("ASHA RAO".into(), "CFO".into()));
        assert_eq!(p.validate(), Err(AuthorityError::Person));
        p.people = vec![("Ben".into(), "King".into())];
        assert_eq!(p.validate(), Err(AuthorityError::Person));
        p.people.clear();
        p.roles[1].role = "collector".into();
        assert_eq!(p.validate(), Err(AuthorityError::RoleName));
        p.roles.clear();
        assert_eq!(p.validate(), Err(AuthorityError::NoRoles));
    }

    #[test]
    fn twelve_months_end_today() {
        let day = |y, m, d| Day::from_ymd(y, m, d).expect("a day");
        assert_eq!(window_start(day(2026, 11, 22)), day(2025, 11, 23));
        assert_eq!(window_start(day(2024, 2, 29)), day(2023, 3, 1));
    }

    #[test]
    fn stored_form_keeps_everything() {
        let p = AuthorityPolicy::default();
        let bytes = minicbor::to_vec(&p).expect("encodes");
        assert_eq!(
            minicbor::decode::<AuthorityPolicy>(&bytes).expect("decodes"),
            p
        );
    }

    proptest! {
        /// ST-01: a greater role of the template may whatever a lesser one may, unless it is no
        /// longer on its list, and a smaller amount is never beyond more limits.
        #[test]
        fn st_01_limits_grow_with_the_role(amount in 1i64..100_000_000, document in 1i64..1_000_000_000, before in 0i64..10_000_000) {
            let p = AuthorityPolicy::default();
            for rank in 1..p.roles.len() {
                let a = ask(Grant::SmallBalance, amount, document, before);
                if p.breaches(rank - 1, &a).is_empty() {
                    prop_assert!(p.breaches(rank, &a).is_empty());
                }
                let less = Ask { amount: amount / 2 + 1, ..a };
                prop_assert!(amount < 2 || p.breaches(rank, &less).len() <= p.breaches(rank, &a).len());
            }
        }
    }
}
