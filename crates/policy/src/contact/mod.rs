//! When to call, and when to try again (CP-01, domain.md 9.2).

mod judge;
mod rules;

pub use judge::{
    Finding, LOOKS_BACK, Past, Planned, Reason, Rule, Stop, Verdict, Way, verdict as judge_verdict,
};
pub use rules::{Closed, CountryRules, Hours, Limit, Template, Whose};

use crate::calendar::HolidayCalendar;
use duebook_money::business::{BusinessDays, Weekend};
use duebook_money::{Day, Weekday};
use minicbor::{Decode, Encode};

/// How an attempt to reach someone ended without a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Attempt {
    /// It rang out.
    #[n(0)]
    NoAnswer,
    /// Engaged.
    #[n(1)]
    Busy,
    /// A message was left.
    #[n(2)]
    VoicemailLeft,
    /// A mailbox, and no message was left.
    #[n(3)]
    VoicemailNotLeft,
    /// Someone else answered and did not put the call through.
    #[n(4)]
    Gatekeeper,
    /// An automatic menu led nowhere.
    #[n(5)]
    PhoneMenu,
    /// The number belongs to someone else: find another first.
    #[n(6)]
    WrongNumber,
    /// The number is dead: find another first.
    #[n(7)]
    Disconnected,
    /// A mail was sent.
    #[n(8)]
    EmailSent,
    /// A mail came back.
    #[n(9)]
    EmailBounced,
    /// The customer's portal was looked at.
    #[n(10)]
    PortalChecked,
    /// Somebody was spoken to, and says that it is paid: look for the money.
    #[n(11)]
    PaidClaim,
    /// It is in their process, and no run is known.
    #[n(12)]
    InProcess,
    /// A purchase order is wanted.
    #[n(13)]
    NeedsPo,
    /// The invoice was not received: it is sent, and asked about.
    #[n(14)]
    NotReceived,
    /// They are short of cash.
    #[n(15)]
    CashFlow,
    /// A plan is asked for.
    #[n(16)]
    PlanRequest,
    /// They refuse to pay.
    #[n(17)]
    Refused,
    /// A call back without a day.
    #[n(18)]
    CallBack,
    /// It was put to somebody above.
    #[n(19)]
    Escalated,
    /// There was no language in common.
    #[n(20)]
    Language,
    /// They were informed.
    #[n(21)]
    Informed,
}

impl Attempt {
    /// All of them, in the order of their stored numbers.
    pub const ALL: [Attempt; 22] = [
        Attempt::NoAnswer,
        Attempt::Busy,
        Attempt::VoicemailLeft,
        Attempt::VoicemailNotLeft,
        Attempt::Gatekeeper,
        Attempt::PhoneMenu,
        Attempt::WrongNumber,
        Attempt::Disconnected,
        Attempt::EmailSent,
        Attempt::EmailBounced,
        Attempt::PortalChecked,
        Attempt::PaidClaim,
        Attempt::InProcess,
        Attempt::NeedsPo,
        Attempt::NotReceived,
        Attempt::CashFlow,
        Attempt::PlanRequest,
        Attempt::Refused,
        Attempt::CallBack,
        Attempt::Escalated,
        Attempt::Language,
        Attempt::Informed,
    ];

    /// Whether somebody was spoken to: what follows is a next step, not another try.
    pub fn spoke(self) -> bool {
        use Attempt::*;
        !matches!(
            self,
            NoAnswer
                | Busy
                | VoicemailLeft
                | VoicemailNotLeft
                | Gatekeeper
                | PhoneMenu
                | WrongNumber
                | Disconnected
                | EmailSent
                | EmailBounced
                | PortalChecked
        )
    }
}

/// Business days to wait after an attempt; 0 is later the same day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Retry {
    /// After this.
    #[n(0)]
    pub after: Attempt,
    /// Wait so long.
    #[n(1)]
    pub business_days: u16,
}

/// When people may be called and how soon to try again.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ContactPolicy {
    /// First minute of the day to call, in the debtor's local time (CP-01): 570 is 09:30.
    #[n(0)]
    pub opens_minute: u16,
    /// The minute from which not to call any more.
    #[n(1)]
    pub closes_minute: u16,
    /// Days of the week on which not to call.
    #[n(2)]
    pub closed_days: Weekend,
    /// Waits by outcome; an outcome that is not listed has the default wait.
    #[n(3)]
    #[cbor(default)]
    pub retries: Vec<Retry>,
    /// Rules of countries; elsewhere the hours above hold.
    #[n(4)]
    #[cbor(default)]
    pub rules: Vec<CountryRules>,
    /// Holidays where debtors are, each list named by its country, such as "DE" or "US-CA".
    #[n(5)]
    #[cbor(default)]
    pub calendars: Vec<HolidayCalendar>,
}

impl Default for ContactPolicy {
    /// 09:00 to 17:30, Monday to Friday.
    fn default() -> Self {
        ContactPolicy {
            opens_minute: 9 * 60,
            closes_minute: 17 * 60 + 30,
            closed_days: Weekend::SATURDAY_SUNDAY,
            retries: Vec::new(),
            rules: Vec::new(),
            calendars: Vec::new(),
        }
    }
}

/// Why a contact policy is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContactPolicyError {
    /// It opens after it closes, or a minute is no minute of a day.
    Hours {
        /// First minute.
        opens: u16,
        /// Last minute.
        closes: u16,
    },
    /// One outcome has two waits.
    Duplicate {
        /// That outcome.
        after: Attempt,
    },
    /// Rules without a name or a country, a limit of nothing, a country with two rules, or a list of
    /// holidays without a name: its index.
    Rules(usize),
}

/// Most rules, calendars and limits of each: more cannot be read.
const MOST: usize = 60;

impl ContactPolicy {
    /// Checks the hours and that no outcome is listed twice.
    pub fn validate(&self) -> Result<(), ContactPolicyError> {
        let (opens, closes) = (self.opens_minute, self.closes_minute);
        if opens >= closes || closes > 24 * 60 {
            return Err(ContactPolicyError::Hours { opens, closes });
        }
        self.validate_rules()?;
        for (i, retry) in self.retries.iter().enumerate() {
            if self.retries[..i]
                .iter()
                .any(|earlier| earlier.after == retry.after)
            {
                return Err(ContactPolicyError::Duplicate { after: retry.after });
            }
        }
        Ok(())
    }

    fn validate_rules(&self) -> Result<(), ContactPolicyError> {
        for (n, rules) in self.rules.iter().take(MOST + 1).enumerate() {
            let hours = |opens: u16, closes: u16| opens < closes && closes <= 24 * 60;
            let (opens, closes) = (rules.opens_minute, rules.closes_minute);
            if !hours(opens, closes) || rules.outer.is_some_and(|(o, c)| !hours(o, c)) {
                return Err(ContactPolicyError::Hours { opens, closes });
            }
            let before = || self.rules[..n].iter().flat_map(|r| &r.countries);
            let twice = |c: &String| before().any(|b| b.trim().eq_ignore_ascii_case(c.trim()));
            let limits = rules.limits.iter().all(|l| l.most > 0 && l.days > 0);
            let named = !rules.name.trim().is_empty() && !rules.countries.is_empty();
            if n == MOST || !named || !limits || rules.countries.iter().any(twice) {
                return Err(ContactPolicyError::Rules(n));
            }
        }
        let nameless = self.calendars.iter().position(|c| c.name.trim().is_empty());
        match nameless.or((self.calendars.len() > MOST).then_some(MOST)) {
            Some(n) => Err(ContactPolicyError::Rules(n)),
            None => Ok(()),
        }
    }

    /// Whether the debtor's local day and minute are within the window (CP-01).
    pub fn is_open(&self, weekday: Weekday, minute: u16) -> bool {
        !self.closed_days.contains(weekday)
            && (self.opens_minute..self.closes_minute).contains(&minute)
    }

    /// Business days to wait after an attempt.
    pub fn wait(&self, after: Attempt) -> u16 {
        let listed = self.retries.iter().find(|r| r.after == after);
        listed.map_or_else(
            || match after {
                Attempt::Busy => 0,
                Attempt::NoAnswer | Attempt::VoicemailNotLeft | Attempt::Gatekeeper => 1,
                Attempt::PhoneMenu | Attempt::PortalChecked => 1,
                Attempt::VoicemailLeft | Attempt::EmailSent => 2,
                // Another number or address has to be found: that is today's work.
                Attempt::WrongNumber | Attempt::Disconnected | Attempt::EmailBounced => 0,
                Attempt::PaidClaim | Attempt::NeedsPo | Attempt::NotReceived => 1,
                Attempt::Refused | Attempt::CallBack | Attempt::Language => 1,
                Attempt::PlanRequest | Attempt::Escalated => 2,
                Attempt::InProcess => 3,
                Attempt::CashFlow | Attempt::Informed => 5,
            },
            |r| r.business_days,
        )
    }

    /// The day to try again after an attempt on `day`, by the debtor's calendar: the same day, or the
    /// first business day after the wait. `None` when that calendar does not open within a year.
    pub fn next_try(&self, after: Attempt, day: Day, calendar: &BusinessDays) -> Option<Day> {
        match self.wait(after) {
            0 => Some(day),
            wait => calendar.add(day, i32::from(wait)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cp_01_business_hours() {
        let p = ContactPolicy::default();
        assert_eq!(p.validate(), Ok(()));
        assert!(p.is_open(Weekday::Monday, 540) && p.is_open(Weekday::Friday, 1049));
        assert!(!p.is_open(Weekday::Monday, 539) && !p.is_open(Weekday::Monday, 1050));
        assert!(!p.is_open(Weekday::Saturday, 600));
        let bad = ContactPolicy {
            opens_minute: 1200,
            ..p
        };
        assert_eq!(
            bad.validate(),
            Err(ContactPolicyError::Hours {
                opens: 1200,
                closes: 1050
            })
        );
    }

    #[test]
    fn next_try_skips_the_weekend_and_follows_the_table() {
        let mut p = ContactPolicy::default();
        let friday = Day::from_ymd(2026, 4, 10).expect("a day");
        let calendar = BusinessDays::default();
        assert_eq!(p.next_try(Attempt::Busy, friday, &calendar), Some(friday));
        assert_eq!(
            p.next_try(Attempt::NoAnswer, friday, &calendar),
            Some(friday.plus(3))
        );
        assert_eq!(
            p.next_try(Attempt::VoicemailLeft, friday, &calendar),
            Some(friday.plus(4))
        );
        p.retries.push(Retry {
            after: Attempt::NoAnswer,
            business_days: 3,
        });
        assert_eq!(
            p.next_try(Attempt::NoAnswer, friday, &calendar),
            Some(friday.plus(5))
        );
        let bytes = minicbor::to_vec(&p).expect("encodes");
        assert_eq!(
            minicbor::decode::<ContactPolicy>(&bytes).expect("decodes"),
            p
        );
        p.retries.push(Retry {
            after: Attempt::NoAnswer,
            business_days: 1,
        });
        assert_eq!(
            p.validate(),
            Err(ContactPolicyError::Duplicate {
                after: Attempt::NoAnswer
            })
        );
    }
}
