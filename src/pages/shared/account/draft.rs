//! What is typed into the forms of an account, and the commands it becomes. Every error of a form
//! is said at once. Pure: no clock, no browser.

use super::dates;
use duebook_ledger::command::{NewPromise, NewPromiseLine};
use duebook_ledger::facts::{Channel, Outcome};
use duebook_ledger::keys::{FactKey, ItemKey};
use duebook_money::amount::{Style, parse};
use duebook_money::business::BusinessDays;
use duebook_money::{AmountError, Currency, DateOrder, Day};
use duebook_policy::ContactPolicy;
use duebook_policy::contact::Attempt;
use serde::{Deserialize, Serialize};

/// A field of a form: also the id of its control.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum At {
    Outcome,
    Amount,
    By,
    Next,
    Time,
    Number,
    Date,
}

impl At {
    /// The id of its control.
    pub fn id(self) -> &'static str {
        match self {
            At::Outcome => "call-outcome",
            At::Amount => "call-amount",
            At::By => "call-by",
            At::Next => "call-next",
            At::Time => "call-time",
            At::Number => "pay-number",
            At::Date => "pay-date",
        }
    }
}

/// What is wrong with a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Problem {
    /// Nothing chosen.
    NoOutcome,
    /// An amount is needed.
    NoAmount,
    /// Not an amount.
    BadAmount,
    /// More decimals than the currency has.
    Decimals(u8),
    /// Zero or less.
    NotPositive,
    /// More than is open on what it covers, minor units.
    MoreThanOpen(i64, Currency),
    /// The items chosen are in several currencies, or not in the one chosen.
    Currencies,
    /// A date is needed.
    NoDate,
    /// Not a date.
    BadDate,
    /// Before today.
    Past(Day),
    /// Not a time of day.
    BadTime,
    /// A time needs its day.
    TimeWithoutDay,
    /// The customer's zone is not known: a time there cannot be.
    NoZone,
    /// A number is needed.
    NoNumber,
}

/// One thing that is wrong.
pub type Wrong = (At, Problem);

/// A natural key of an item as a draft keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Covered {
    source: String,
    entity: String,
    credit: bool,
    number: String,
    year: String,
    line: String,
}

impl From<ItemKey> for Covered {
    fn from(k: ItemKey) -> Self {
        Covered {
            source: k.source,
            entity: k.entity,
            credit: k.credit,
            number: k.number,
            year: k.year,
            line: k.line,
        }
    }
}

impl From<Covered> for ItemKey {
    fn from(c: Covered) -> Self {
        ItemKey {
            source: c.source,
            entity: c.entity,
            credit: c.credit,
            number: c.number,
            year: c.year,
            line: c.line,
        }
    }
}

/// The composer as typed. Kept in the tab until it is saved.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CallDraft {
    /// Code of the channel; see [`channel`].
    pub channel: String,
    /// Code of the outcome; empty while none is chosen.
    pub outcome: String,
    /// The person, as `command:ordinal`; empty for nobody named.
    pub who: String,
    /// Currency of the promise.
    pub currency: String,
    /// Amount promised.
    pub amount: String,
    /// Promised for.
    pub by: String,
    /// How they will pay.
    pub method: String,
    /// What was said.
    pub note: String,
    /// Day of the next step.
    pub next: String,
    /// Time of the next step, there.
    pub time: String,
    /// What the next step is.
    pub what: String,
    /// Leave the due follow-ups open.
    pub keep_due: bool,
    /// Why it was made against a rule of contact.
    #[serde(default)]
    pub why: String,
    /// When it began, milliseconds UTC; 0 while it has not.
    pub began: i64,
    /// The telephone was taken up: a call, though nothing may be typed yet.
    #[serde(default)]
    pub taken: bool,
    /// The items it is about.
    pub items: Vec<Covered>,
}

/// An open item as a form needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenItem {
    pub key: ItemKey,
    pub currency: Currency,
    /// Working figure, minor units; credits are negative.
    pub open: i64,
    /// Day it ages from, for the order.
    pub due: i32,
}

/// What a form is read against.
pub struct Facts<'a> {
    pub today: Day,
    pub order: DateOrder,
    /// Open items of the customer.
    pub items: &'a [OpenItem],
    pub policy: &'a ContactPolicy,
    pub calendar: &'a BusinessDays,
    /// The customer's zone, and its offset at an instant in minutes east of UTC.
    pub zone: Option<String>,
    pub offset_at: &'a dyn Fn(i64) -> Option<i64>,
    /// The payer's next run, where the payment profile tells it, and the last day in time for it.
    pub next_run: Option<Day>,
    pub cut_off: Option<Day>,
}

impl Facts<'_> {
    /// A day as typed; "next run" or "run" is the payer's.
    pub fn day(&self, text: &str) -> Option<Day> {
        match text.trim().to_lowercase().as_str() {
            "run" | "next run" => self.next_run,
            _ => dates::day(text, self.today, self.order),
        }
    }
}

/// The next step of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Next {
    pub due: Day,
    pub at: Option<i64>,
    pub zone: Option<String>,
    pub retry: bool,
}

/// A call that can be saved; its texts are added by the caller.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    pub channel: Channel,
    pub outcome: Outcome,
    pub contact: Option<FactKey>,
    pub items: Vec<ItemKey>,
    pub promise: Option<NewPromise>,
    pub next: Option<Next>,
}

/// Channels by code.
pub const CHANNELS: [(&str, Channel); 7] = [
    ("call", Channel::Call),
    ("inbound", Channel::InboundCall),
    ("email", Channel::Email),
    ("letter", Channel::Letter),
    ("portal", Channel::Portal),
    ("meeting", Channel::Meeting),
    ("note", Channel::Note),
];

/// The outcome of a code.
pub fn outcome(code: &str) -> Option<Outcome> {
    Outcome::ALL.into_iter().find(|o| o.code() == code)
}

/// What an outcome was to the policy of the next step. A promise is judged on its own day, a dispute
/// and a query run by the clock of their case, and after a stop there is no next call.
pub fn attempt(outcome: Outcome) -> Option<Attempt> {
    Some(match outcome {
        Outcome::NoAnswer => Attempt::NoAnswer,
        Outcome::Busy => Attempt::Busy,
        Outcome::VoicemailLeft => Attempt::VoicemailLeft,
        Outcome::NoVoicemail => Attempt::VoicemailNotLeft,
        Outcome::WrongNumber => Attempt::WrongNumber,
        Outcome::Disconnected => Attempt::Disconnected,
        Outcome::Gatekeeper => Attempt::Gatekeeper,
        Outcome::MailSent => Attempt::EmailSent,
        Outcome::MailBounced => Attempt::EmailBounced,
        Outcome::PortalChecked => Attempt::PortalChecked,
        Outcome::PaidClaim => Attempt::PaidClaim,
        Outcome::InProcess => Attempt::InProcess,
        Outcome::NeedsPo => Attempt::NeedsPo,
        Outcome::NotReceived => Attempt::NotReceived,
        Outcome::CashFlow => Attempt::CashFlow,
        Outcome::PlanRequest => Attempt::PlanRequest,
        Outcome::Refused => Attempt::Refused,
        Outcome::CallBack => Attempt::CallBack,
        Outcome::Escalated => Attempt::Escalated,
        Outcome::Language => Attempt::Language,
        Outcome::Informed => Attempt::Informed,
        _ => return None,
    })
}

/// An amount as typed, minor units, positive.
pub fn amount(text: &str, currency: Currency) -> Result<i64, Problem> {
    if text.trim().is_empty() {
        return Err(Problem::NoAmount);
    }
    let read = parse(text.trim(), Style::POINT).map_err(|_| Problem::BadAmount)?;
    match read.minor(currency.exponent()) {
        Ok(minor) if minor > 0 => Ok(minor),
        Ok(_) => Err(Problem::NotPositive),
        Err(AmountError::Excess(_)) => Err(Problem::Decimals(currency.exponent())),
        Err(_) => Err(Problem::BadAmount),
    }
}

impl CallDraft {
    /// Whether nothing was typed and no call taken up: there is nothing to park.
    pub fn is_empty(&self) -> bool {
        !self.taken && self.is_untyped()
    }

    /// Whether nothing was typed.
    pub fn is_untyped(&self) -> bool {
        let CallDraft {
            outcome,
            amount,
            by,
            note,
            next,
            time,
            what,
            method,
            ..
        } = self;
        let typed = [outcome, amount, by, note, next, time, what, method];
        typed.iter().all(|t| t.trim().is_empty())
    }

    /// The channel chosen; a call where none was.
    pub fn channel(&self) -> Channel {
        CHANNELS
            .iter()
            .find(|(code, _)| *code == self.channel)
            .map_or(Channel::Call, |(_, c)| *c)
    }

    /// The outcome chosen. A note needs none; a promise typed in full is one.
    pub fn outcome(&self) -> Option<Outcome> {
        outcome(&self.outcome)
            .or_else(|| (self.channel() == Channel::Note).then_some(Outcome::Informed))
    }

    /// Whether the form asks for amount and date.
    pub fn promises(&self) -> bool {
        self.outcome() == Some(Outcome::Promise) || !self.amount.trim().is_empty()
    }

    /// The next step: as typed, or by policy after this outcome (domain.md 9.2). In their process, that
    /// is the payer's next run where it is known.
    pub fn next_step(&self, facts: &Facts<'_>) -> Result<Option<Next>, Vec<Wrong>> {
        let mut wrong = Vec::new();
        let minute = match self.time.trim() {
            "" => None,
            text => dates::minute(text).or_else(|| {
                wrong.push((At::Time, Problem::BadTime));
                None
            }),
        };
        if self.next.trim().is_empty() {
            if !self.time.trim().is_empty() {
                wrong.push((At::Next, Problem::TimeWithoutDay));
            }
            let attempt = self
                .outcome()
                .and_then(attempt)
                .filter(|_| self.channel() != Channel::Note);
            let next = attempt.and_then(|a| {
                let wait = || facts.policy.next_try(a, facts.today, facts.calendar);
                let run = facts.next_run.filter(|_| a == Attempt::InProcess);
                Some(Next {
                    due: run.or_else(wait)?,
                    at: None,
                    zone: None,
                    retry: !a.spoke(),
                })
            });
            return if wrong.is_empty() {
                Ok(next)
            } else {
                Err(wrong)
            };
        }
        let due = match facts.day(&self.next) {
            None => {
                wrong.push((At::Next, Problem::BadDate));
                None
            }
            Some(day) if day < facts.today => {
                wrong.push((At::Next, Problem::Past(day)));
                None
            }
            day => day,
        };
        let mut at = None;
        if let (Some(day), Some(minute)) = (due, minute) {
            at = dates::instant(day, minute, facts.offset_at);
            if at.is_none() {
                wrong.push((At::Time, Problem::NoZone));
            }
        }
        match due {
            Some(due) if wrong.is_empty() => {
                let zone = facts.zone.clone().filter(|_| at.is_some());
                let attempt = self.outcome().and_then(attempt);
                let retry = at.is_none() && attempt.is_some_and(|a| !a.spoke());
                Ok(Some(Next {
                    due,
                    at,
                    zone,
                    retry,
                }))
            }
            _ => Err(wrong),
        }
    }

    /// The promise typed. It covers the items chosen, oldest first, or the account (PT-01).
    pub fn promise(&self, facts: &Facts<'_>) -> Result<Option<NewPromise>, Vec<Wrong>> {
        if !self.promises() {
            return Ok(None);
        }
        let mut wrong = Vec::new();
        let currency = Currency::from_code(&self.currency);
        let amount = match currency.map(|c| (c, amount(&self.amount, c))) {
            Some((_, Ok(minor))) => Some(minor),
            Some((_, Err(problem))) => {
                wrong.push((At::Amount, problem));
                None
            }
            None => {
                wrong.push((At::Amount, Problem::Currencies));
                None
            }
        };
        let date = match facts.day(&self.by) {
            Some(day) if day < facts.today => {
                wrong.push((At::By, Problem::Past(day)));
                None
            }
            None => {
                let problem = if self.by.trim().is_empty() {
                    Problem::NoDate
                } else {
                    Problem::BadDate
                };
                wrong.push((At::By, problem));
                None
            }
            day => day,
        };
        let (Some(currency), Some(amount), Some(date)) = (currency, amount, date) else {
            return Err(wrong);
        };
        let lines = cover(&self.items, facts.items, currency, amount)
            .map_err(|problem| vec![(At::Amount, problem)])?
            .into_iter()
            .map(|(item, amount)| NewPromiseLine { item, amount, date })
            .collect();
        let method = Some(self.method.trim().to_owned()).filter(|m| !m.is_empty());
        Ok(Some(NewPromise {
            currency,
            lines,
            method,
            evidence: None,
        }))
    }

    /// The call, or everything that is wrong with it.
    pub fn check(&self, facts: &Facts<'_>) -> Result<Call, Vec<Wrong>> {
        let mut wrong = Vec::new();
        let outcome = self
            .outcome()
            .or_else(|| self.promises().then_some(Outcome::Promise));
        if outcome.is_none() {
            wrong.push((At::Outcome, Problem::NoOutcome));
        }
        let promise = self.promise(facts).unwrap_or_else(|more| {
            wrong.extend(more);
            None
        });
        let next = self.next_step(facts).unwrap_or_else(|more| {
            wrong.extend(more);
            None
        });
        match outcome {
            Some(outcome) if wrong.is_empty() => Ok(Call {
                channel: self.channel(),
                outcome,
                contact: fact_key(&self.who),
                items: self.items.iter().cloned().map(ItemKey::from).collect(),
                promise,
                next,
            }),
            _ => Err(wrong),
        }
    }
}

/// Spreads an amount over the open debits chosen, oldest first; over the account where none is.
fn cover(
    chosen: &[Covered],
    items: &[OpenItem],
    currency: Currency,
    amount: i64,
) -> Result<Vec<(Option<ItemKey>, i64)>, Problem> {
    let keys: Vec<ItemKey> = chosen.iter().cloned().map(ItemKey::from).collect();
    let mut debits: Vec<&OpenItem> = items
        .iter()
        .filter(|i| i.open > 0 && keys.contains(&i.key))
        .collect();
    if debits.is_empty() {
        return Ok(vec![(None, amount)]);
    }
    if debits.iter().any(|i| i.currency != currency) {
        return Err(Problem::Currencies);
    }
    duebook_money::order::sort_by(&mut debits, |a, b| (a.due, &a.key).cmp(&(b.due, &b.key)));
    let mut left = amount;
    let mut lines = Vec::new();
    for item in &debits {
        let part = left.min(item.open);
        if part > 0 {
            lines.push((Some(item.key.clone()), part));
            left -= part;
        }
    }
    if left > 0 {
        let open = debits
            .iter()
            .fold(0i64, |sum, i| sum.saturating_add(i.open));
        return Err(Problem::MoreThanOpen(open, currency));
    }
    Ok(lines)
}

/// A payment as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PaymentDraft {
    pub number: String,
    pub date: String,
    pub currency: String,
    pub amount: String,
    /// What it pays, oldest first; nothing leaves it unapplied.
    pub items: Vec<Covered>,
}

/// A payment that can be recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    pub number: String,
    pub value_date: Day,
    pub currency: Currency,
    pub amount: i64,
    pub applications: Vec<(ItemKey, i64)>,
}

impl PaymentDraft {
    /// The payment, or everything that is wrong with it. What the items do not take stays
    /// unapplied (CA-01).
    pub fn check(&self, facts: &Facts<'_>) -> Result<Payment, Vec<Wrong>> {
        let mut wrong = Vec::new();
        if self.number.trim().is_empty() {
            wrong.push((At::Number, Problem::NoNumber));
        }
        let value_date = facts.day(&self.date);
        if value_date.is_none() {
            let problem = if self.date.trim().is_empty() {
                Problem::NoDate
            } else {
                Problem::BadDate
            };
            wrong.push((At::Date, problem));
        }
        let currency = Currency::from_code(&self.currency);
        let amount = currency
            .ok_or(Problem::Currencies)
            .and_then(|c| amount(&self.amount, c));
        if let Err(problem) = &amount {
            wrong.push((At::Amount, problem.clone()));
        }
        let (Some(value_date), Some(currency), Ok(amount), true) =
            (value_date, currency, amount, wrong.is_empty())
        else {
            return Err(wrong);
        };
        let keys: Vec<ItemKey> = self.items.iter().cloned().map(ItemKey::from).collect();
        let mut debits: Vec<&OpenItem> = facts
            .items
            .iter()
            .filter(|i| i.open > 0 && keys.contains(&i.key))
            .collect();
        if debits.iter().any(|i| i.currency != currency) {
            return Err(vec![(At::Amount, Problem::Currencies)]);
        }
        duebook_money::order::sort_by(&mut debits, |a, b| (a.due, &a.key).cmp(&(b.due, &b.key)));
        let mut left = amount;
        let mut applications = Vec::new();
        for item in debits {
            let part = left.min(item.open);
            if part > 0 {
                applications.push((item.key.clone(), part));
                left -= part;
            }
        }
        Ok(Payment {
            number: self.number.trim().to_owned(),
            value_date,
            currency,
            amount,
            applications,
        })
    }
}

/// A fact key as `command:ordinal`.
pub fn fact_key(text: &str) -> Option<FactKey> {
    let (command, ordinal) = text.split_once(':')?;
    let mut id = [0u8; 16];
    if command.len() != 32 || !command.is_ascii() {
        return None;
    }
    for (n, byte) in id.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&command[n * 2..n * 2 + 2], 16).ok()?;
    }
    Some(FactKey {
        command: duebook_ledger::Uid(id),
        ordinal: ordinal.parse().ok()?,
    })
}

#[cfg(test)]
#[path = "draft_tests.rs"]
mod tests;
