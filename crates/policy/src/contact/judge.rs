//! Whether a contact may be made now (domain.md 7.2): ALLOW, WARN or BLOCK, each with its rule and
//! the facts it stands on. What is planned is judged; what has happened is recorded with its flag.

use super::{Closed, ContactPolicy, Limit, Whose};
use duebook_money::Day;

/// A rule of domain.md 7.2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// CP-01: hours there.
    Hours,
    /// CP-02: holidays there.
    Holiday,
    /// CP-03: how often.
    Frequency,
    /// CP-04: do not.
    Stop,
    /// CP-05: who is spoken to, before amounts are.
    Identity,
}

impl Rule {
    /// Its code.
    pub fn code(self) -> &'static str {
        match self {
            Rule::Hours => "CP-01",
            Rule::Holiday => "CP-02",
            Rule::Frequency => "CP-03",
            Rule::Stop => "CP-04",
            Rule::Identity => "CP-05",
        }
    }
}

/// What the rules say in all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Nothing speaks against it.
    Allow,
    /// It may be done, knowing this.
    Warn,
    /// It is not to be done; an override with a reason is recorded.
    Block,
}

/// Why a customer is not to be contacted in the ordinary way (CP-04).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stop {
    /// They asked not to be called.
    DoNotCall,
    /// Their lawyer only.
    Lawyer,
    /// Insolvency or moratorium.
    Insolvency,
}

/// How it is to be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// By telephone, by us.
    Call,
    /// In writing.
    Write,
    /// They came to us, or nobody is disturbed: a portal, a note.
    Free,
}

/// An earlier contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Past {
    /// Its day, by the debtor's clock where that is known.
    pub on: Day,
    /// Somebody who answers for payment was spoken to.
    pub talk: bool,
    /// It was to the person planned.
    pub same_person: bool,
    /// By telephone, by us: only those are counted.
    pub call: bool,
}

/// A contact that is planned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Planned<'a> {
    /// How.
    pub way: Way,
    /// The debtor's country, as the source writes it; empty where it is not known.
    pub country: &'a str,
    /// The debtor's day and minute; `None` where the zone is not known.
    pub local: Option<(Day, u16)>,
    /// Today where the zone is not known.
    pub today: Day,
    /// Earlier contacts, in any order.
    pub past: &'a [Past],
    /// Why not, and since when.
    pub stop: Option<(Stop, Day)>,
    /// They asked for it, or a promise falls due: how often does not count (CP-03).
    pub agreed: bool,
    /// Everything past due is disputed.
    pub disputed_in_full: bool,
    /// A person is named who is spoken to.
    pub named: bool,
}

/// What a rule says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Nobody is to be called at this time.
    Closed(Closed),
    /// It is not known what time it is there.
    ZoneUnknown,
    /// As many attempts as are allowed.
    TooMany {
        /// Made in those days.
        made: u16,
        /// Allowed.
        limit: Limit,
        /// The first day on which another is.
        next: Day,
    },
    /// Too soon after a conversation.
    TooSoon {
        /// Its day.
        talked: Day,
        /// The first day on which another is allowed.
        next: Day,
    },
    /// Not to be contacted so, since a day.
    Stop(Stop, Day),
    /// All of it is disputed: the owner of the dispute first.
    DisputedInFull,
    /// Nobody is named: no amounts before name, role and company are clear.
    NobodyNamed,
}

/// A rule that speaks against a contact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Which.
    pub rule: Rule,
    /// How strongly; never [`Verdict::Allow`].
    pub verdict: Verdict,
    /// Why.
    pub reason: Reason,
}

/// The strongest of some findings.
pub fn verdict(findings: &[Finding]) -> Verdict {
    let strongest = findings.iter().map(|f| f.verdict).max();
    strongest.unwrap_or(Verdict::Allow)
}

/// Days that a limit can reach back: more history need not be given.
pub const LOOKS_BACK: i32 = 370;

impl ContactPolicy {
    /// What speaks against a contact, the strongest first; none: it is allowed.
    pub fn judge(&self, planned: &Planned<'_>) -> Vec<Finding> {
        let mut found = Vec::new();
        if planned.way != Way::Free {
            self.stops(planned, &mut found);
        }
        if planned.way == Way::Call {
            self.hours(planned, &mut found);
            if !planned.agreed {
                self.frequency(planned, &mut found);
            }
            if !planned.named {
                found.push(finding(Rule::Identity, Verdict::Warn, Reason::NobodyNamed));
            }
        }
        duebook_money::order::sort_by_key(&mut found, |f| (std::cmp::Reverse(f.verdict), f.rule));
        found
    }

    fn stops(&self, planned: &Planned<'_>, found: &mut Vec<Finding>) {
        if let Some((stop, since)) = planned.stop {
            // Who asked not to be called may be written to; a lawyer and an insolvency stop both.
            let writes = planned.way == Way::Write && stop == Stop::DoNotCall;
            let verdict = if writes {
                Verdict::Warn
            } else {
                Verdict::Block
            };
            found.push(finding(Rule::Stop, verdict, Reason::Stop(stop, since)));
        }
        if planned.disputed_in_full {
            found.push(finding(Rule::Stop, Verdict::Warn, Reason::DisputedInFull));
        }
    }

    fn hours(&self, planned: &Planned<'_>, found: &mut Vec<Finding>) {
        let Some((day, minute)) = planned.local else {
            return found.push(finding(Rule::Hours, Verdict::Warn, Reason::ZoneUnknown));
        };
        let Some(closed) = self.closed(planned.country, day, minute) else {
            return;
        };
        let (rule, verdict) = match &closed {
            Closed::Holiday(..) => (Rule::Holiday, Verdict::Warn),
            Closed::Hours { outer: true, .. } => (Rule::Hours, Verdict::Block),
            Closed::Weekday(_) | Closed::Hours { .. } => (Rule::Hours, Verdict::Warn),
        };
        // On a day off the outer hours hold all the same.
        let outer = self.hours_of(planned.country).outer;
        let outside = outer.is_some_and(|(o, c)| !(o..c).contains(&minute));
        let verdict = if outside { Verdict::Block } else { verdict };
        found.push(finding(rule, verdict, Reason::Closed(closed)));
    }

    fn frequency(&self, planned: &Planned<'_>, found: &mut Vec<Finding>) {
        let Some(rules) = self.rules_of(planned.country) else {
            return;
        };
        let today = planned.local.map_or(planned.today, |(day, _)| day);
        for limit in &rules.limits {
            let days = i32::from(limit.days);
            let counts = |p: &&Past| {
                p.call && p.on <= today && (limit.whose == Whose::Customer || p.same_person)
            };
            let within = |p: &&Past| today.since(p.on) < days;
            let mut on: Vec<Day> = planned
                .past
                .iter()
                .filter(counts)
                .filter(within)
                .map(|p| p.on)
                .collect();
            if on.len() < usize::from(limit.most) {
                continue;
            }
            duebook_money::order::sort(&mut on);
            // Another is allowed when so many of the earliest have left the window that fewer than
            // `most` remain.
            let leaves = on[on.len() - usize::from(limit.most)];
            let reason = Reason::TooMany {
                made: u16::try_from(on.len()).unwrap_or(u16::MAX),
                limit: *limit,
                next: leaves.plus(days),
            };
            found.push(finding(Rule::Frequency, Verdict::Block, reason));
        }
        let talked = planned
            .past
            .iter()
            .filter(|p| p.talk && p.same_person && p.on <= today)
            .map(|p| p.on)
            .max();
        if let Some(talked) = talked.filter(|_| rules.quiet_after_talk > 0) {
            let next = talked.plus(i32::from(rules.quiet_after_talk));
            if today < next {
                let reason = Reason::TooSoon { talked, next };
                found.push(finding(Rule::Frequency, Verdict::Block, reason));
            }
        }
    }
}

fn finding(rule: Rule, verdict: Verdict, reason: Reason) -> Finding {
    Finding {
        rule,
        verdict,
        reason,
    }
}
