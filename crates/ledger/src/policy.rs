//! The policies in force in a book and their changes.

use crate::facts::CreditMode;
use duebook_money::Currency;
use duebook_policy::outbox::{OutboxLayout, Preset};
use duebook_policy::{
    AuthorityPolicy, Basis, Buckets, CasePolicy, ContactPolicy, HolidayCalendar, LettersPolicy,
    PromisePolicy, RateTable, RecoveryPolicy, ReportingPolicy, Strategy,
};
use minicbor::{Decode, Encode};

/// A change of one policy. Each replaces the whole of its kind; the old one stays in the log.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum PolicyChange {
    /// Aging buckets (AG-03).
    #[n(0)]
    Buckets(#[n(0)] Buckets),
    /// Aging basis (AG-02).
    #[n(1)]
    Basis(#[n(0)] Basis),
    /// How credits stand in aging (AG-05).
    #[n(2)]
    Credits(#[n(0)] CreditMode),
    /// Rates to the reporting currency (AG-08).
    #[n(3)]
    Rates(#[n(0)] RateTable),
    /// Grace and threshold of promises (PT-02, PT-04).
    #[n(4)]
    Promises(#[n(0)] PromisePolicy),
    /// Next tries and calling hours.
    #[n(5)]
    Contact(#[n(0)] ContactPolicy),
    /// Holidays and weekends of the ledger.
    #[n(6)]
    Calendar(#[n(0)] HolidayCalendar),
    /// What each source takes from us, and in what shape; one of a source.
    #[n(40)]
    Outbox(#[n(0)] Vec<OutboxLayout>),
    /// Reasons and clocks of disputes and queries.
    #[n(80)]
    Cases(#[n(0)] CasePolicy),
    /// Whom to turn to first (PR-01 to PR-05).
    #[n(60)]
    Strategy(#[n(0)] Strategy),
    /// Templates, ladders and rules of correspondence.
    #[n(70)]
    Letters(#[n(0)] Box<LettersPolicy>),
    /// Who may grant how much (ST-01).
    #[n(81)]
    Authority(#[n(0)] AuthorityPolicy),
    /// Accounts of the client's general ledger by role (§4.7).
    #[n(82)]
    Postings(#[n(0)] duebook_policy::PostingPolicy),
    /// Ranges of numbers of the documents that the owner of the ledger issues.
    #[n(83)]
    Numbers(#[n(0)] duebook_policy::NumberPolicy),
    /// Interest for late payment, plans, provision, limitation.
    #[n(90)]
    Recovery(#[n(0)] Box<RecoveryPolicy>),
    /// Targets of key figures, and report packs.
    #[n(100)]
    Reporting(#[n(0)] ReportingPolicy),
    /// What may be let go with a payment (CA-07).
    #[n(110)]
    Cash(#[n(0)] duebook_policy::CashPolicy),
    /// What the terms codes of each source mean.
    #[n(125)]
    Terms(#[n(0)] duebook_policy::TermsTable),
}

/// The policies in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policies {
    /// Aging buckets.
    pub buckets: Buckets,
    /// Aging basis.
    pub basis: Basis,
    /// Credits in aging.
    pub credits: CreditMode,
    /// Rates to the reporting currency.
    pub rates: RateTable,
    /// Promises.
    pub promises: PromisePolicy,
    /// Contacts.
    pub contact: ContactPolicy,
    /// Ledger calendar.
    pub calendar: HolidayCalendar,
    /// Whom to turn to first.
    pub strategy: Strategy,
    /// Layouts of the outbox that were set.
    pub outbox: Vec<OutboxLayout>,
    /// Disputes and queries.
    pub cases: CasePolicy,
    /// Correspondence.
    pub letters: LettersPolicy,
    /// Who may grant how much.
    pub authority: AuthorityPolicy,
    /// Interest for late payment, plans, provision, limitation.
    pub recovery: RecoveryPolicy,
    /// Targets and report packs.
    pub reporting: ReportingPolicy,
    /// What may be let go with a payment.
    pub cash: duebook_policy::CashPolicy,
    /// What the terms codes of each source mean.
    pub terms: duebook_policy::TermsTable,
    /// Accounts of the client's general ledger by role.
    pub postings: duebook_policy::PostingPolicy,
    /// Ranges of numbers of own documents.
    pub numbers: duebook_policy::NumberPolicy,
}

impl Default for Policies {
    fn default() -> Self {
        Policies::new(Currency::XXX)
    }
}

impl Policies {
    /// What is in force in a new book that reports in a currency.
    pub fn new(reporting: Currency) -> Self {
        Policies {
            buckets: Buckets::default(),
            basis: Basis::default(),
            credits: CreditMode::default(),
            rates: RateTable::new(reporting),
            promises: PromisePolicy::default(),
            contact: ContactPolicy::default(),
            calendar: HolidayCalendar::default(),
            strategy: Strategy::default(),
            outbox: Vec::new(),
            cases: CasePolicy::default(),
            letters: LettersPolicy::default(),
            authority: AuthorityPolicy::default(),
            recovery: RecoveryPolicy::default(),
            reporting: ReportingPolicy::default(),
            cash: duebook_policy::CashPolicy::default(),
            terms: duebook_policy::TermsTable::default(),
            postings: duebook_policy::PostingPolicy::default(),
            numbers: duebook_policy::NumberPolicy::default(),
        }
    }
    /// The layout of a source's outbox: the one set, else every column.
    pub fn outbox_of(&self, source: &str) -> OutboxLayout {
        let set = self.outbox.iter().find(|l| l.source == source);
        set.cloned()
            .unwrap_or_else(|| OutboxLayout::preset(source, Preset::All))
    }
    /// Puts a change in force.
    pub fn set(&mut self, change: PolicyChange) {
        match change {
            PolicyChange::Buckets(v) => self.buckets = v,
            PolicyChange::Basis(v) => self.basis = v,
            PolicyChange::Credits(v) => self.credits = v,
            PolicyChange::Rates(v) => self.rates = v,
            PolicyChange::Promises(v) => self.promises = v,
            PolicyChange::Contact(v) => self.contact = v,
            PolicyChange::Calendar(v) => self.calendar = v,
            PolicyChange::Strategy(v) => self.strategy = v,
            PolicyChange::Outbox(v) => self.outbox = v,
            PolicyChange::Cases(v) => self.cases = v,
            PolicyChange::Letters(v) => self.letters = *v,
            PolicyChange::Authority(v) => self.authority = v,
            PolicyChange::Recovery(v) => self.recovery = *v,
            PolicyChange::Reporting(v) => self.reporting = v,
            PolicyChange::Cash(v) => self.cash = v,
            PolicyChange::Terms(v) => self.terms = v,
            PolicyChange::Postings(v) => self.postings = v,
            PolicyChange::Numbers(v) => self.numbers = v,
        }
    }
}
