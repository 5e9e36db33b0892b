//! How disputes and queries are worked: reasons with their owner and proof (domain.md §4.1), codes
//! of other systems, clocks in business days (DS-04), and what a tax document asks for (RB-04).
//! All of it is data that Settings edits.

mod taxonomy;

use duebook_money::Day;
use minicbor::{Decode, Encode};

/// Why something is contested or asked.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Reason {
    /// Short code, upper case.
    #[n(0)]
    pub code: String,
    /// In words.
    #[n(1)]
    pub name: String,
    /// The department that answers it first.
    #[n(2)]
    pub department: String,
    /// What is to be on the case before it can be decided.
    #[n(3)]
    pub evidence: Vec<String>,
    /// How it usually ends.
    #[n(4)]
    pub usual: String,
    /// Codes and words of other systems that mean it, compared without case.
    #[n(5)]
    pub foreign: Vec<String>,
    /// A fault of ours that made the first document unpayable: a rebill may need a new due date
    /// (RB-02).
    #[n(6)]
    #[cbor(default)]
    pub unpayable: bool,
}

/// Business days that the parts of a case may take (DS-04).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct CaseClocks {
    /// Until somebody has taken it on.
    #[n(0)]
    pub acknowledge: u16,
    /// Until it is with whoever decides.
    #[n(1)]
    pub triage: u16,
    /// Until that department answers.
    #[n(2)]
    pub answer: u16,
    /// From a decision to its documents.
    #[n(3)]
    pub execute: u16,
    /// The whole of a dispute.
    #[n(4)]
    pub cycle: u16,
    /// The whole of a query.
    #[n(5)]
    pub query: u16,
}

impl Default for CaseClocks {
    fn default() -> Self {
        CaseClocks {
            acknowledge: 1,
            triage: 2,
            answer: 5,
            execute: 3,
            cycle: 10,
            query: 2,
        }
    }
}

/// What the tax law asks of a credit note (RB-04).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Encode, Decode)]
#[cbor(index_only)]
pub enum TaxRegime {
    /// Nothing that is checked here.
    #[n(0)]
    #[default]
    None,
    /// UK VAT: within 14 days of the decrease, and not for a bad debt.
    #[n(1)]
    Uk,
    /// India GST s.34: by 30 November after the end of the invoice's financial year.
    #[n(2)]
    India,
}

impl TaxRegime {
    /// The last day on which a credit note may still change the tax of a document of `document`,
    /// where the price fell on `decrease`; `None` for no limit. After it only a commercial credit.
    pub fn last_day(self, document: Day, decrease: Day) -> Option<Day> {
        match self {
            TaxRegime::None => None,
            TaxRegime::Uk => Some(decrease.plus(14)),
            TaxRegime::India => {
                let (year, month, _) = document.ymd();
                // The financial year ends on 31 March.
                let ends = if month >= 4 { year + 1 } else { year };
                Day::from_ymd(ends, 11, 30)
            }
        }
    }
}

/// The rules of cases.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct CasePolicy {
    /// Reasons, in the order of lists.
    #[n(0)]
    pub reasons: Vec<Reason>,
    /// Departments beside those of the reasons.
    #[n(1)]
    pub departments: Vec<String>,
    /// Clocks.
    #[n(2)]
    pub clocks: CaseClocks,
    /// Shares of the clock, per mille, at which a case goes a level up.
    #[n(3)]
    pub levels: Vec<u16>,
    /// Nothing is posted on or before this day.
    #[n(4)]
    pub closed_through: Option<Day>,
    /// What the tax law asks of credit notes.
    #[n(5)]
    pub tax: TaxRegime,
    /// The PO number is a mandatory part of the tax document: a change needs a rebill (PO-01).
    #[n(6)]
    #[cbor(default)]
    pub po_on_tax_document: bool,
    /// A part of a bill needs a tax invoice of its own unless the customer's profile says that one for
    /// the whole will do: the receivable alone is not split (SP-04).
    #[n(7)]
    #[cbor(default)]
    pub separate_tax: bool,
    /// To whom a case goes at each level, in the order of [`CasePolicy::levels`]: a person or a role.
    #[n(8)]
    #[cbor(default)]
    pub escalates_to: Vec<String>,
    /// Business days in which an escalation is to be answered; 0: the usual two.
    #[n(9)]
    #[cbor(default)]
    pub escalation_days: u16,
    /// Who gets a digest of the open cases he has, and how often: an owner or a department, each once.
    #[n(10)]
    #[cbor(default)]
    pub digests: Vec<(String, DigestRhythm)>,
}

/// How often somebody gets a digest of his cases. Stored; never renumber.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub enum DigestRhythm {
    /// On every business day.
    #[n(0)]
    Daily,
    /// Once a week: from this day of it, 0 for Monday.
    #[n(1)]
    Weekly(#[n(0)] u8),
}

impl DigestRhythm {
    /// The day since when the digest of a day is wanted: one that was sent on it or later is enough.
    pub fn since(self, today: Day) -> Day {
        match self {
            DigestRhythm::Daily => today,
            DigestRhythm::Weekly(weekday) => {
                let back = i32::from(today.weekday().index()) - i32::from(weekday % 7);
                today.plus(-back.rem_euclid(7))
            }
        }
    }
}

/// To whom cases go where nobody is named.
const ESCALATES_TO: [&str; 3] = ["Team lead", "Credit manager", "Finance controller"];
/// Business days for an answer where none are given.
const ESCALATION_DAYS: u16 = 2;

impl Default for CasePolicy {
    fn default() -> Self {
        CasePolicy {
            reasons: taxonomy::reasons(),
            departments: taxonomy::departments(),
            clocks: CaseClocks::default(),
            levels: vec![500, 1000, 1500],
            closed_through: None,
            tax: TaxRegime::None,
            po_on_tax_document: false,
            separate_tax: false,
            escalates_to: ESCALATES_TO.iter().map(|t| (*t).to_owned()).collect(),
            escalation_days: ESCALATION_DAYS,
            digests: Vec::new(),
        }
    }
}

/// Why a case policy is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CasePolicyError {
    /// No reason at all, or more than anybody keeps.
    Reasons,
    /// A code that is empty or there twice.
    Code(String),
    /// A foreign word that means two reasons.
    Foreign(String),
    /// A clock of no days, or of more than a year.
    Clock,
    /// Levels that do not rise, or more than nine.
    Levels,
    /// More days for an answer than a year has, or more people than levels.
    Escalation,
    /// A digest for nobody, for one twice, or on no day of the week.
    Digest(String),
}

impl CasePolicy {
    /// Checks that it holds together.
    ///
    /// # Errors
    /// The first [`CasePolicyError`] that holds.
    pub fn validate(&self) -> Result<(), CasePolicyError> {
        if self.reasons.is_empty() || self.reasons.len() > 500 || self.departments.len() > 500 {
            return Err(CasePolicyError::Reasons);
        }
        let mut words = std::collections::BTreeMap::new();
        for (n, r) in self.reasons.iter().enumerate() {
            let same = |o: &Reason| plain(&o.code) == plain(&r.code);
            if plain(&r.code).is_empty() || self.reasons[..n].iter().any(same) {
                return Err(CasePolicyError::Code(r.code.clone()));
            }
            for word in r.foreign.iter().map(|w| plain(w)).filter(|w| !w.is_empty()) {
                if words
                    .insert(word.clone(), n)
                    .is_some_and(|other| other != n)
                {
                    return Err(CasePolicyError::Foreign(word));
                }
            }
        }
        let c = &self.clocks;
        let clocks = [
            c.acknowledge,
            c.triage,
            c.answer,
            c.execute,
            c.cycle,
            c.query,
        ];
        if clocks.iter().any(|d| *d == 0 || *d > 366) {
            return Err(CasePolicyError::Clock);
        }
        let rises = self.levels.windows(2).all(|w| w[0] < w[1]);
        let some = self.levels.first().is_some_and(|l| *l > 0);
        if !some || self.levels.len() > 9 || !rises {
            return Err(CasePolicyError::Levels);
        }
        if self.escalation_days > 366 || self.escalates_to.len() > self.levels.len() {
            return Err(CasePolicyError::Escalation);
        }
        for (n, (who, rhythm)) in self.digests.iter().enumerate() {
            let twice = self.digests[..n]
                .iter()
                .any(|(o, _)| plain(o) == plain(who));
            let week = !matches!(rhythm, DigestRhythm::Weekly(day) if *day > 6);
            if plain(who).is_empty() || twice || !week {
                return Err(CasePolicyError::Digest(who.clone()));
            }
        }
        Ok(())
    }

    /// The reason of a code of ours.
    pub fn reason(&self, code: &str) -> Option<&Reason> {
        let code = plain(code);
        self.reasons.iter().find(|r| plain(&r.code) == code)
    }

    /// The reason that a code or word of another system means: our code, its name, a foreign word,
    /// else a foreign word that stands in it as a word of its own.
    pub fn crosswalk(&self, word: &str) -> Option<&Reason> {
        let word = plain(word);
        if word.is_empty() {
            return None;
        }
        let exact = |r: &&Reason| {
            plain(&r.code) == word
                || plain(&r.name) == word
                || r.foreign.iter().any(|f| plain(f) == word)
        };
        if let Some(found) = self.reasons.iter().find(exact) {
            return Some(found);
        }
        let parts: Vec<&str> = word.split(|c: char| !c.is_alphanumeric()).collect();
        let within = |r: &&Reason| {
            let letters = r.foreign.iter().map(|f| plain(f));
            let mut letters = letters.filter(|f| f.len() > 2);
            letters.any(|f| parts.contains(&f.as_str()))
        };
        self.reasons.iter().find(within)
    }

    /// To whom a case goes at a level, from 1; a level nobody is named for goes to the last who is.
    pub fn escalates_to(&self, level: u8) -> &str {
        let named = |n: usize| self.escalates_to.get(n).map(|t| t.trim());
        let place = usize::from(level.max(1)) - 1;
        let own = (0..=place)
            .rev()
            .find_map(|n| named(n).filter(|t| !t.is_empty()));
        own.unwrap_or_else(|| ESCALATES_TO[place.min(ESCALATES_TO.len() - 1)])
    }

    /// Business days in which an escalation is to be answered.
    pub fn answer_within(&self) -> u16 {
        match self.escalation_days {
            0 => ESCALATION_DAYS,
            days => days,
        }
    }

    /// How often somebody gets a digest; `None` where he gets none.
    pub fn digest_of(&self, who: &str) -> Option<DigestRhythm> {
        let found = self.digests.iter().find(|(w, _)| plain(w) == plain(who));
        found.map(|(_, rhythm)| *rhythm)
    }

    /// Every department, those of reasons first, each once.
    pub fn all_departments(&self) -> Vec<&str> {
        let mut out: Vec<&str> = Vec::new();
        let listed = self.departments.iter();
        for d in listed.chain(self.reasons.iter().map(|r| &r.department)) {
            if !d.trim().is_empty() && !out.iter().any(|o| plain(o) == plain(d)) {
                out.push(d);
            }
        }
        out
    }
}

fn plain(text: &str) -> String {
    text.trim().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ds_taxonomy_and_crosswalks() {
        let p = CasePolicy::default();
        assert_eq!(p.validate(), Ok(()));
        let code = |word: &str| p.crosswalk(word).map(|r| r.code.as_str());
        // JD Edwards 03B, X12 element 426, words of other systems.
        for (word, ours) in [
            ("DA", "SPD"),
            ("dg", "DMG"),
            ("GR", "RTN"),
            ("PD", "PRI"),
            ("SS", "QTY"),
            ("UD", "SPD"),
            ("01", "PRI"),
            ("06", "QTY"),
            ("11", "RTN"),
            ("12", "RTN"),
            ("19", "DUP"),
            ("24", "DSC"),
            ("40", "BTO"),
            ("54", "FRT"),
            ("55", "TDS"),
            ("59", "NRI"),
            ("60", "UNA"),
            ("Pricing", "PRI"),
            ("Service", "SVC"),
            ("Duplicate", "DUP"),
            ("Contract", "CON"),
            ("billed twice", "DUP"),
            ("Pricing error", "PRI"),
        ] {
            assert_eq!(code(word), Some(ours), "{word}");
        }
        assert_eq!((code(""), code("because")), (None, None));
        assert!(p.all_departments().contains(&"Treasury") && p.all_departments()[0] == "Billing");
    }

    #[test]
    fn a_word_means_one_reason() {
        let mut p = CasePolicy::default();
        p.reasons[1].foreign.push("PRICING".into());
        assert_eq!(
            p.validate(),
            Err(CasePolicyError::Foreign("pricing".into()))
        );
        p.reasons[1].code = "pri".into();
        assert_eq!(p.validate(), Err(CasePolicyError::Code("pri".into())));
        let p = CasePolicy {
            levels: vec![1000, 500],
            ..CasePolicy::default()
        };
        assert_eq!(p.validate(), Err(CasePolicyError::Levels));
    }

    #[test]
    fn ds_04_who_hears_of_a_level() {
        let p = CasePolicy::default();
        let to = |p: &CasePolicy| [0, 1, 2, 3, 4].map(|n| p.escalates_to(n).to_owned());
        let usual = [
            "Team lead",
            "Team lead",
            "Credit manager",
            "Finance controller",
            "Finance controller",
        ];
        assert_eq!(to(&p), usual.map(str::to_owned));
        // A book of before has none stored: the same people.
        let older = CasePolicy {
            escalates_to: Vec::new(),
            escalation_days: 0,
            ..p.clone()
        };
        assert_eq!(
            (to(&older), older.answer_within()),
            (usual.map(str::to_owned), 2)
        );
        let own = CasePolicy {
            escalates_to: vec!["Ines".into(), " ".into()],
            ..p.clone()
        };
        assert_eq!((own.escalates_to(2), own.escalates_to(9)), ("Ines", "Ines"));
        let bad = CasePolicy {
            escalates_to: vec![String::new(); 4],
            ..p
        };
        assert_eq!(bad.validate(), Err(CasePolicyError::Escalation));
    }

    #[test]
    fn a_digest_is_wanted_from_its_day_on() {
        let day = |d| Day::from_ymd(2026, 11, d).expect("a day");
        // 16 November 2026 is a Monday.
        let weekly = |w, d| DigestRhythm::Weekly(w).since(day(d));
        assert_eq!(DigestRhythm::Daily.since(day(18)), day(18));
        assert_eq!([weekly(0, 16), weekly(0, 18), weekly(0, 22)], [day(16); 3]);
        assert_eq!([weekly(2, 18), weekly(3, 18)], [day(18), day(12)]);
        let of = |digests: &[(&str, DigestRhythm)]| {
            let digests = digests.iter().map(|(w, r)| ((*w).to_owned(), *r)).collect();
            CasePolicy {
                digests,
                ..CasePolicy::default()
            }
        };
        let p = of(&[
            ("Ines", DigestRhythm::Daily),
            ("Billing", DigestRhythm::Weekly(4)),
        ]);
        assert_eq!(p.validate(), Ok(()));
        assert_eq!(p.digest_of("billing "), Some(DigestRhythm::Weekly(4)));
        assert_eq!(p.digest_of("Tax"), None);
        let twice = of(&[("Ines", DigestRhythm::Daily), ("ines", DigestRhythm::Daily)]);
        assert_eq!(
            twice.validate(),
            Err(CasePolicyError::Digest("ines".into()))
        );
        let never = of(&[("Ines", DigestRhythm::Weekly(7))]);
        assert_eq!(
            never.validate(),
            Err(CasePolicyError::Digest("Ines".into()))
        );
    }

    #[test]
    fn rb_04_last_day_of_a_tax_credit_note() {
        let day = |y, m, d| Day::from_ymd(y, m, d).expect("a day");
        let fell = day(2026, 5, 1);
        assert_eq!(TaxRegime::None.last_day(day(2025, 1, 1), fell), None);
        assert_eq!(
            TaxRegime::Uk.last_day(day(2025, 1, 1), fell),
            Some(day(2026, 5, 15))
        );
        let india = |d| TaxRegime::India.last_day(d, fell);
        assert_eq!(india(day(2026, 3, 31)), Some(day(2026, 11, 30)));
        assert_eq!(india(day(2026, 4, 1)), Some(day(2027, 11, 30)));
    }

    #[test]
    fn stored_form_keeps_everything() {
        let p = CasePolicy::default();
        let bytes = minicbor::to_vec(&p).expect("encodes");
        assert_eq!(minicbor::decode::<CasePolicy>(&bytes).expect("decodes"), p);
    }
}
