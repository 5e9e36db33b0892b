//! Dated packs that rules read: aging buckets, rate tables, calendars, promise and contact policy.
//!
//! All of them are stored in events, as CBOR maps with numbered fields: a field that a later
//! version adds is skipped by an earlier one, and a field that an earlier version did not write
//! takes its default where it has one.

pub mod authority;
pub mod buckets;
pub mod calendar;
pub mod cases;
pub mod cash;
pub mod clocks;
pub mod contact;
pub mod interest;
pub mod letters;
pub mod lint;
pub mod msme;
pub mod numbers;
pub mod outbox;
pub mod pay_run;
pub mod postings;
pub mod promise;
pub mod rates;
pub mod recovery;
pub mod reporting;
pub mod strategy;
pub mod terms;
pub mod zones;

pub use authority::{AuthorityPolicy, Breach, Grant};
pub use buckets::{Basis, BucketError, Buckets};
pub use calendar::HolidayCalendar;
pub use cases::CasePolicy;
pub use cash::CashPolicy;
pub use contact::{Attempt, ContactPolicy};
pub use interest::{Claim, InterestError, InterestPolicy, InterestSheet, RulePack};
pub use letters::LettersPolicy;
pub use numbers::NumberPolicy;
pub use outbox::{OutboxColumn, OutboxField, OutboxLayout};
pub use postings::PostingPolicy;
pub use promise::PromisePolicy;
pub use rates::{Converted, MissingRate, Rate, RateError, RatePath, RateTable};
pub use recovery::{Limitation, Provision, RecoveryPolicy};
pub use reporting::{Pack, ReportingPolicy, Rhythm, Target};
pub use strategy::Strategy;
pub use terms::{TermsCode, TermsTable};
