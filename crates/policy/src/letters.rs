//! What customers are written: templates with merge fields, ladders of reminders, who signs, how
//! long an answer may take (domain.md 8.4, 7.2). Data of the book, never law.

use minicbor::{Decode, Encode};

mod lint;
mod presets;

pub use lint::{BLOCKS, INLINE, Lint, is_block_field, lint};

/// Characters of a subject beyond this are a mistake.
pub const MAX_SUBJECT: usize = 200;
/// Characters of a body beyond this are a mistake.
pub const MAX_BODY: usize = 20_000;
/// Templates, ladders or steps beyond this are a mistake.
pub const MAX_PARTS: usize = 200;
/// Days of a step before or after the due date beyond this are a mistake.
pub const MAX_DAY: i32 = 730;

/// What a template is for. Stored; never renumber.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum LetterUse {
    /// A reminder of what is past due.
    #[n(0)]
    Reminder,
    /// A note before the due date.
    #[n(1)]
    Upcoming,
    /// A statement of account.
    #[n(2)]
    Statement,
    /// Documents asked for.
    #[n(3)]
    Documents,
    /// Terms and billing cycle explained (B8).
    #[n(4)]
    Terms,
    /// A letter before claim, by the law of a country.
    #[n(5)]
    BeforeClaim,
}

impl LetterUse {
    /// In stored order.
    pub const ALL: [LetterUse; 6] = [
        LetterUse::Reminder,
        LetterUse::Upcoming,
        LetterUse::Statement,
        LetterUse::Documents,
        LetterUse::Terms,
        LetterUse::BeforeClaim,
    ];
}

/// A text with merge fields: `{{field}}`.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Template {
    /// Short name, as steps of a ladder name it: "final".
    #[n(0)]
    pub id: String,
    /// Language tag: "en", "de".
    #[n(1)]
    pub language: String,
    /// Name on the screen.
    #[n(2)]
    pub name: String,
    /// What it is for.
    #[n(3)]
    pub used_for: LetterUse,
    /// Subject, with fields of one line.
    #[n(4)]
    pub subject: String,
    /// Body: paragraphs, an empty line between them; a field of a table on a line of its own.
    #[n(5)]
    pub body: String,
    /// From 1; a changed text has the next one.
    #[n(6)]
    pub version: u32,
    /// The country of a letter before claim, two letters; empty: every other. Empty for all else.
    #[n(7)]
    #[cbor(default)]
    pub country: String,
    /// Days a letter before claim gives for an answer.
    #[n(8)]
    pub answer_days: Option<u16>,
}

/// How a message goes out. Stored; never renumber.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Medium {
    /// By mail.
    #[n(0)]
    Email,
    /// On paper.
    #[n(1)]
    Paper,
}

/// A step of a ladder.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Step {
    /// Days past due from which it is due; negative: before the due date.
    #[n(0)]
    pub day: i32,
    /// Template.
    #[n(1)]
    pub template: String,
    /// How it goes out.
    #[n(2)]
    pub medium: Medium,
}

/// The steps for a group of customers.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Ladder {
    /// Name.
    #[n(0)]
    pub name: String,
    /// Segments of customers it is for; empty: everybody else.
    #[n(1)]
    pub segments: Vec<String>,
    /// Steps by day, earliest first.
    #[n(2)]
    pub steps: Vec<Step>,
}

/// Who writes. Own facts of the user, on every letter.
#[derive(Debug, Clone, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Sender {
    /// The creditor's name as customers know it; empty: the name of the book.
    #[n(0)]
    pub company: String,
    /// Who signs; empty: who works.
    #[n(1)]
    pub name: String,
    /// Their role.
    #[n(2)]
    pub role: String,
    /// Mailbox to answer to.
    #[n(3)]
    pub mailbox: String,
    /// Telephone.
    #[n(4)]
    pub phone: String,
    /// Postal address, a line each.
    #[n(5)]
    pub address: String,
    /// Where to pay, a line each.
    #[n(6)]
    pub pay_to: String,
    /// How to dispute an invoice.
    #[n(7)]
    pub disputes: String,
    /// Payment terms and billing cycle in plain words.
    #[n(8)]
    pub terms: String,
}

/// What a customer may ask for. Stored; never renumber.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum QueryKind {
    /// A copy of an invoice.
    #[n(0)]
    InvoiceCopy,
    /// Proof of delivery.
    #[n(1)]
    ProofOfDelivery,
    /// A letter of our bank about our account.
    #[n(2)]
    BankLetter,
    /// A vendor form to be filled in.
    #[n(3)]
    VendorForm,
    /// An upload to the customer's portal.
    #[n(4)]
    PortalUpload,
    /// A statement of account.
    #[n(5)]
    Statement,
    /// Anything else.
    #[n(6)]
    Other,
}

impl QueryKind {
    /// In stored order.
    pub const ALL: [QueryKind; 7] = [
        QueryKind::InvoiceCopy,
        QueryKind::ProofOfDelivery,
        QueryKind::BankLetter,
        QueryKind::VendorForm,
        QueryKind::PortalUpload,
        QueryKind::Statement,
        QueryKind::Other,
    ];
}

/// Hours within which a kind of query is to be answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct AnswerWithin {
    /// Kind.
    #[n(0)]
    pub kind: QueryKind,
    /// Hours.
    #[n(1)]
    pub hours: u16,
}

/// The rules of correspondence.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct LettersPolicy {
    /// Who writes.
    #[n(0)]
    pub sender: Sender,
    /// Templates; one of an id and language.
    #[n(1)]
    pub templates: Vec<Template>,
    /// Ladders; the first that fits a customer is its own.
    #[n(2)]
    pub ladders: Vec<Ladder>,
    /// Days after any contact in which no reminder goes out.
    #[n(3)]
    pub quiet_days: u16,
    /// Unapplied money below this share of a letter, per mille, holds nothing back.
    #[n(4)]
    pub small_per_mille: u16,
    /// Whether documents that are dropped are kept in the book, or by name only.
    #[n(5)]
    pub keep_documents: bool,
    /// Hours to answer; [`LettersPolicy::hours`] has the rest.
    #[n(6)]
    pub answer_within: Vec<AnswerWithin>,
}

impl Default for LettersPolicy {
    fn default() -> Self {
        LettersPolicy {
            sender: Sender::default(),
            templates: presets::templates(),
            ladders: presets::ladders(),
            quiet_days: 3,
            small_per_mille: 10,
            keep_documents: false,
            answer_within: Vec::new(),
        }
    }
}

/// Why the rules of correspondence are refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LettersError {
    /// Too many templates, ladders or steps.
    TooMany,
    /// A template without id, language, name, subject or body, or one that is too long.
    Template(String),
    /// Two templates of one id and language.
    Twice(String),
    /// What a template says cannot stand (CP-07).
    Says(String, Lint),
    /// A ladder without a name or step, with days not in order or too far, or two for everybody.
    Ladder(String),
    /// A step names a template that is not there.
    Step(String),
    /// More than a year of quiet, or a share above 1000 per mille, or an answer within 0 hours.
    Number,
}

impl LettersPolicy {
    /// Checks it.
    ///
    /// # Errors
    /// The first thing that does not hold.
    pub fn validate(&self) -> Result<(), LettersError> {
        let steps = self.ladders.iter().map(|l| l.steps.len()).max();
        let counts = [self.templates.len(), self.ladders.len(), steps.unwrap_or(0)];
        if counts.iter().any(|n| *n > MAX_PARTS) {
            return Err(LettersError::TooMany);
        }
        for (at, t) in self.templates.iter().enumerate() {
            t.validate()?;
            let same = |o: &Template| o.id == t.id && o.language == t.language;
            if self.templates[..at].iter().any(same) {
                return Err(LettersError::Twice(t.id.clone()));
            }
        }
        for (at, ladder) in self.ladders.iter().enumerate() {
            let rest = |l: &Ladder| l.segments.is_empty() && ladder.segments.is_empty();
            if !ladder.is_sound() || self.ladders[..at].iter().any(rest) {
                return Err(LettersError::Ladder(ladder.name.clone()));
            }
            let known = |id: &str| self.templates.iter().any(|t| t.id == id);
            if let Some(step) = ladder.steps.iter().find(|s| !known(&s.template)) {
                return Err(LettersError::Step(step.template.clone()));
            }
        }
        let hours = self.answer_within.iter().all(|a| a.hours > 0);
        if self.quiet_days > 366 || self.small_per_mille > 1000 || !hours {
            return Err(LettersError::Number);
        }
        Ok(())
    }

    /// The template of an id in a language ("de-AT" is met by "de"), else in English, else any.
    pub fn template(&self, id: &str, language: &str) -> Option<&Template> {
        let of = |tag: &str| {
            let fits = |t: &&Template| t.id == id && t.language.eq_ignore_ascii_case(tag);
            self.templates.iter().find(fits)
        };
        let base = language.split(['-', '_']).next().unwrap_or("");
        of(language)
            .or_else(|| of(base))
            .or_else(|| of("en"))
            .or_else(|| self.templates.iter().find(|t| t.id == id))
    }

    /// Every template, with the letters before claim of a new book that this one does not have yet.
    pub fn offered(&self) -> Vec<Template> {
        let mut all = self.templates.clone();
        let lacking = presets::before_claim().into_iter();
        all.extend(lacking.filter(|p| {
            let same = |t: &Template| t.id == p.id && t.language == p.language;
            !self.templates.iter().any(same)
        }));
        all
    }

    /// The letter before claim for a debtor's country, else the one for every other.
    pub fn before_claim(&self, country: &str) -> Option<Template> {
        let country = country.trim();
        let country = if country.eq_ignore_ascii_case("UK") {
            "GB"
        } else {
            country
        };
        let all = self.offered();
        let of = |code: &str| {
            let mut found = all.iter().filter(|t| t.used_for == LetterUse::BeforeClaim);
            found
                .find(|t| t.country.eq_ignore_ascii_case(code))
                .cloned()
        };
        of(country).or_else(|| of(""))
    }

    /// The ladder of a customer's segment.
    pub fn ladder(&self, segment: &str) -> Option<&Ladder> {
        let named = |l: &&Ladder| {
            let mut all = l.segments.iter();
            !segment.is_empty() && all.any(|s| s.eq_ignore_ascii_case(segment))
        };
        let found = self.ladders.iter().find(named);
        found.or_else(|| self.ladders.iter().find(|l| l.segments.is_empty()))
    }

    /// Hours within which a kind of query is to be answered.
    pub fn hours(&self, kind: QueryKind) -> u16 {
        let set = self.answer_within.iter().find(|a| a.kind == kind);
        set.map_or(
            match kind {
                QueryKind::InvoiceCopy | QueryKind::Statement => 4,
                QueryKind::ProofOfDelivery | QueryKind::PortalUpload => 24,
                QueryKind::BankLetter | QueryKind::VendorForm | QueryKind::Other => 48,
            },
            |a| a.hours,
        )
    }
}

/// How a letter before claim begins until somebody has checked it.
pub const UNCHECKED: &str = "[Template, to be checked by counsel";

impl Template {
    /// Whether it is a letter before claim that nobody has checked: its first line still says so.
    pub fn is_unchecked(&self) -> bool {
        self.used_for == LetterUse::BeforeClaim && self.body.contains(UNCHECKED)
    }

    fn validate(&self) -> Result<(), LettersError> {
        let empty = [
            &self.id,
            &self.language,
            &self.name,
            &self.subject,
            &self.body,
        ]
        .iter()
        .any(|t| t.trim().is_empty());
        let long = self.subject.chars().count() > MAX_SUBJECT
            || self.body.chars().count() > MAX_BODY
            || self.subject.contains(['\n', '\r']);
        let claim = self.used_for == LetterUse::BeforeClaim;
        let country =
            self.country.len() == 2 && self.country.bytes().all(|b| b.is_ascii_uppercase());
        let days = self.answer_days.is_some_and(|d| (1..=365).contains(&d));
        let wrong = claim && !(days && (country || self.country.is_empty()));
        if empty || long || wrong || self.version == 0 {
            return Err(LettersError::Template(self.id.clone()));
        }
        // A letter is for hundreds: what would be a slip in one is refused in a template.
        let found = lint(&self.subject)
            .into_iter()
            .chain(lint(&self.body))
            .next();
        found.map_or(Ok(()), |bad| Err(LettersError::Says(self.id.clone(), bad)))
    }
}

impl Ladder {
    fn is_sound(&self) -> bool {
        let days: Vec<i32> = self.steps.iter().map(|s| s.day).collect();
        !self.name.trim().is_empty()
            && !days.is_empty()
            && days.windows(2).all(|d| d[0] < d[1])
            && days.iter().all(|d| d.abs() <= MAX_DAY)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dn_01_presets_hold_and_steps_rise() {
        let policy = LettersPolicy::default();
        assert_eq!(policy.validate(), Ok(()));
        let ladder = policy.ladder("").expect("one for everybody");
        assert!(ladder.steps[0].day < 0, "a step before the due date");
        let mut wrong = policy.clone();
        wrong.ladders[0].steps.reverse();
        assert!(matches!(wrong.validate(), Err(LettersError::Ladder(_))));
        let mut wrong = policy;
        wrong.ladders[0].steps[0].template = "nowhere".into();
        assert_eq!(wrong.validate(), Err(LettersError::Step("nowhere".into())));
    }

    #[test]
    fn a_template_is_found_by_its_language_and_else_in_english() {
        let mut policy = LettersPolicy::default();
        let mut german = policy.templates[0].clone();
        german.language = "de".into();
        german.subject = "Erinnerung {{company}}".into();
        let id = german.id.clone();
        policy.templates.push(german);
        assert_eq!(policy.validate(), Ok(()));
        let language = |tag: &str| policy.template(&id, tag).map(|t| t.language.clone());
        assert_eq!(language("de-AT").as_deref(), Some("de"));
        assert_eq!(language("fr").as_deref(), Some("en"));
        assert!(policy.template("nowhere", "en").is_none());
        policy.templates.push(policy.templates[0].clone());
        assert!(matches!(policy.validate(), Err(LettersError::Twice(_))));
    }

    #[test]
    fn cp_07_a_template_that_threatens_is_refused() {
        let mut policy = LettersPolicy::default();
        policy.templates[0]
            .body
            .push_str("\n\nWe will call the police.");
        assert!(matches!(policy.validate(), Err(LettersError::Says(..))));
    }

    #[test]
    fn section_8_5_a_letter_before_claim_is_of_the_country_and_is_to_be_checked() {
        // A book whose rules are older than these letters has them all the same.
        let mut policy = LettersPolicy::default();
        policy
            .templates
            .retain(|t| t.used_for != LetterUse::BeforeClaim);
        let of = |p: &LettersPolicy, c: &str| p.before_claim(c).expect("one for every country");
        for (country, id, days) in [
            ("GB", "before-claim-gb", 14),
            ("uk", "before-claim-gb", 14),
            ("IN", "before-claim-in", 30),
            ("de", "before-claim-de", 14),
            ("BR", "before-claim", 14),
            ("", "before-claim", 14),
        ] {
            let found = of(&policy, country);
            assert_eq!((found.id.as_str(), found.answer_days), (id, Some(days)));
            assert!(found.is_unchecked(), "{country}");
        }
        let mut own = of(&policy, "GB");
        own.body = "Pay {{overdue}} by {{answer_by}}.\n\n{{table}}".into();
        own.version = 2;
        policy.templates.push(own.clone());
        assert_eq!(
            (policy.validate(), of(&policy, "GB")),
            (Ok(()), own.clone())
        );
        assert!(!own.is_unchecked() && of(&policy, "IN").is_unchecked());
        for wrong in ["G", "gb", "GBR"] {
            policy.templates.last_mut().expect("it").country = wrong.into();
            assert!(policy.validate().is_err(), "{wrong}");
        }
    }

    #[test]
    fn stored_rules_come_back() {
        let policy = LettersPolicy::default();
        let bytes = minicbor::to_vec(&policy).expect("encodes");
        assert_eq!(
            minicbor::decode::<LettersPolicy>(&bytes).expect("decodes"),
            policy
        );
    }
}
