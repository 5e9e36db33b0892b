//! Targets of key figures and report packs: what is wanted of a period, and what is issued in it.

use minicbor::{Decode, Encode};

/// Most targets and packs of a book: beyond this they are a mistake.
pub const MAX_ENTRIES: usize = 500;
/// Characters of a name beyond this are a mistake.
pub const MAX_NAME: usize = 80;

/// What a figure should reach.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Target {
    /// Id of the definition (`KP-20`).
    #[n(0)]
    pub definition: String,
    /// Collector it is for; empty for the whole desk.
    #[n(1)]
    pub collector: String,
    /// Hundredths of the unit that the definition is shown in: 4500 is 45.00 days or 45.00 %.
    #[n(2)]
    pub hundredths: i64,
}

/// How often a pack is issued. Stored; never renumber.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Rhythm {
    /// For one day.
    #[n(0)]
    Daily,
    /// For seven days.
    #[n(1)]
    #[default]
    Weekly,
    /// For a calendar month.
    #[n(2)]
    Monthly,
}

/// Reports that are issued together.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Pack {
    /// Its name.
    #[n(0)]
    pub name: String,
    /// The reports by the names of their kind, in order.
    #[n(1)]
    pub reports: Vec<String>,
    /// How often.
    #[n(2)]
    pub rhythm: Rhythm,
}

/// Targets and packs of a book.
#[derive(Debug, Clone, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ReportingPolicy {
    /// One of a definition and collector.
    #[n(0)]
    pub targets: Vec<Target>,
    /// Packs of the user, beside those that every book has; one of a name.
    #[n(1)]
    pub packs: Vec<Pack>,
}

/// Why a reporting policy does not hold together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportingError {
    /// More than [`MAX_ENTRIES`].
    TooMany,
    /// Two targets of one definition and collector, or two packs of one name.
    Twice,
    /// A name is empty or longer than [`MAX_NAME`].
    Name,
    /// A pack without reports.
    NoReports,
}

impl ReportingPolicy {
    /// The target of a definition: the collector's own, else the desk's.
    pub fn target(&self, definition: &str, collector: &str) -> Option<i64> {
        let of = |who: &str| {
            let mut all = self.targets.iter();
            all.find(|t| t.definition == definition && t.collector == who)
        };
        let found = of(collector).or_else(|| of(""));
        found.map(|t| t.hundredths)
    }

    /// Sets or takes away a target of the desk or of a collector.
    pub fn set_target(&mut self, definition: &str, collector: &str, hundredths: Option<i64>) {
        let is_it = |t: &Target| t.definition == definition && t.collector == collector;
        self.targets.retain(|t| !is_it(t));
        if let Some(hundredths) = hundredths {
            self.targets.push(Target {
                definition: definition.to_owned(),
                collector: collector.to_owned(),
                hundredths,
            });
        }
    }

    /// Adds a pack, in the place of one of its name.
    pub fn set_pack(&mut self, pack: Pack) {
        match self.packs.iter_mut().find(|p| p.name == pack.name) {
            Some(known) => *known = pack,
            None => self.packs.push(pack),
        }
    }

    /// # Errors
    /// [`ReportingError`].
    pub fn validate(&self) -> Result<(), ReportingError> {
        if self.targets.len() > MAX_ENTRIES || self.packs.len() > MAX_ENTRIES {
            return Err(ReportingError::TooMany);
        }
        let named = |name: &str| {
            let name = name.trim();
            !name.is_empty() && name.chars().count() <= MAX_NAME
        };
        let names = self.targets.iter().map(|t| t.definition.as_str());
        let names = names.chain(self.packs.iter().map(|p| p.name.as_str()));
        if !names.into_iter().all(named) {
            return Err(ReportingError::Name);
        }
        for (at, target) in self.targets.iter().enumerate() {
            let mut before = self.targets[..at].iter();
            let same = |t: &Target| {
                (&t.definition, &t.collector) == (&target.definition, &target.collector)
            };
            if before.any(same) {
                return Err(ReportingError::Twice);
            }
        }
        for (at, pack) in self.packs.iter().enumerate() {
            if self.packs[..at].iter().any(|p| p.name == pack.name) {
                return Err(ReportingError::Twice);
            }
            if pack.reports.is_empty() {
                return Err(ReportingError::NoReports);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_collectors_target_comes_before_the_desks() {
        let mut policy = ReportingPolicy::default();
        policy.set_target("KP-20", "", Some(6_000));
        policy.set_target("KP-20", "Asha", Some(7_500));
        assert_eq!(policy.target("KP-20", "Asha"), Some(7_500));
        assert_eq!(policy.target("KP-20", "Ben"), Some(6_000));
        assert_eq!(policy.target("KP-21", "Ben"), None);
        policy.set_target("KP-20", "Asha", None);
        assert_eq!(policy.target("KP-20", "Asha"), Some(6_000));
        assert_eq!(policy.validate(), Ok(()));
        policy.targets.push(policy.targets[0].clone());
        assert_eq!(policy.validate(), Err(ReportingError::Twice));
    }

    #[test]
    fn a_pack_without_reports_is_none() {
        let mut policy = ReportingPolicy::default();
        policy.set_pack(Pack {
            name: "Weekly".into(),
            reports: Vec::new(),
            rhythm: Rhythm::Weekly,
        });
        assert_eq!(policy.validate(), Err(ReportingError::NoReports));
    }
}
