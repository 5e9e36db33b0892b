//! What collectors do all day: whom they call, what comes of it, what they write down.

use crate::figures::{Figures, Intended};
use crate::life::{customer_key, item_key};
use crate::notes::{About, REASONS, TO_DO, note};
use crate::portfolio::{Ask, Builder, SampleText, instant};
use duebook_ledger::command::{LogContact, NewFollowUp, NewPromise};
use duebook_ledger::facts::{Channel, Outcome};
use duebook_ledger::keys::FactKey;
use duebook_ledger::{Command, ItemId};
use duebook_money::{Day, Money, NumberFormat};
use std::collections::BTreeSet;

/// A promise that still counts on something.
#[derive(Debug, Clone)]
pub(crate) struct Given {
    pub client: usize,
    pub docs: Vec<usize>,
    pub until: Day,
    pub key: FactKey,
    pub intended: Intended,
    pub ended: bool,
}

/// The collectors' desk: what is under way.
#[derive(Debug)]
pub(crate) struct Desk {
    /// Keys of the people at a customer, once master data told of them.
    pub contacts: Vec<Option<Vec<FactKey>>>,
    pub last: Day,
    pub promises: Vec<Given>,
    follow_ups: Vec<(usize, Day, FactKey)>,
    called: Vec<Day>,
    /// Not to be called any more.
    silent: BTreeSet<usize>,
    pub profiled: BTreeSet<usize>,
    pub disputed: BTreeSet<usize>,
    items: Vec<Option<ItemId>>,
    /// Outcomes that must have been seen once.
    rare: Vec<Outcome>,
    made: usize,
    pub specials: crate::specials::Specials,
}

/// A contact being made.
pub(crate) struct Talk<'a> {
    pub day: Day,
    pub minute: i32,
    pub client: usize,
    pub docs: &'a [usize],
    pub collector: &'static str,
    pub outcome: Outcome,
}

pub(crate) fn workday(day: Day) -> Day {
    day.plus(match day.weekday().index() {
        5 => 2,
        6 => 1,
        _ => 0,
    })
}

impl Desk {
    pub fn new(b: &Builder, last: Day) -> Self {
        use Outcome::*;
        let n = b.clients.len();
        Desk {
            contacts: vec![None; n],
            last,
            promises: Vec::new(),
            follow_ups: Vec::new(),
            called: vec![Day(0); n],
            silent: BTreeSet::new(),
            profiled: BTreeSet::new(),
            disputed: BTreeSet::new(),
            items: vec![None; b.erp.docs.len()],
            rare: vec![
                Language,
                Disconnected,
                WrongNumber,
                Insolvency,
                MailBounced,
                LegalRepresentation,
                DoNotCall,
                PlanRequest,
                Escalated,
                Refused,
                CashFlow,
                NoVoicemail,
                PaidClaim,
                NotReceived,
                NeedsPo,
                Dispute,
                Query,
                CallBack,
                InProcess,
            ],
            made: 0,
            specials: crate::specials::Specials::default(),
        }
    }

    /// A working day.
    pub fn day(&mut self, b: &mut Builder, day: Day) {
        if day.weekday().index() >= 5 {
            return;
        }
        for (minute, client) in self.list(b, day) {
            self.contact(b, day, minute, client);
        }
        if day.weekday().index() == 4 {
            self.tidy(b, day);
        }
        self.special_day(b, day);
        self.letters_day(b, day);
    }

    /// Whom to call and when (UTC minute), in order of the clock.
    fn list(&mut self, b: &mut Builder, day: Day) -> Vec<(i32, usize)> {
        let calls = match b.today.since(day) {
            ..=14 => 17,
            15..=60 => 8,
            61..=180 => 4,
            _ => 2,
        };
        let calls = (calls * b.clients.len()).div_ceil(320);
        let due = |(client, due, _): &(usize, Day, FactKey)| (*due <= day).then_some(*client);
        let mut chosen: Vec<usize> = self.follow_ups.iter().filter_map(due).collect();
        chosen.dedup();
        chosen.truncate(calls * 3 / 4);
        let rest = if b.today.since(day) < 30 { 3 } else { 8 };
        let mut others: Vec<usize> = (0..b.clients.len())
            .filter(|c| day.since(self.called[*c]) > rest && !self.silent.contains(c))
            .filter(|c| self.contacts[*c].is_some() && !chosen.contains(c))
            .filter(|c| {
                let late = |d: &usize| {
                    let d = &b.erp.docs[*d];
                    d.shown && d.open > 0 && d.due < day
                };
                b.erp.of[*c].iter().any(late)
            })
            .collect();
        while chosen.len() < calls && !others.is_empty() {
            let at = b.rng.below(others.len() as u64) as usize;
            chosen.push(others.swap_remove(at));
        }
        let mut list = Vec::new();
        let mut seen = BTreeSet::new();
        for client in chosen.into_iter().filter(|c| seen.insert(*c)) {
            let offset = i32::from(b.clients[client].place.offset(b.clients[client].zone, day));
            let closes = if day == self.last {
                590 + offset
            } else {
                1_010
            };
            if closes > 575 {
                list.push((b.rng.range(570, closes) - offset, client));
            }
        }
        duebook_money::order::sort(&mut list);
        list
    }

    /// The overdue documents that the book shows as open, oldest due first.
    pub fn overdue(&mut self, b: &Builder, client: usize, day: Day) -> Vec<usize> {
        let mut docs: Vec<usize> = (b.erp.of[client].iter().copied())
            .filter(|d| {
                let d = &b.erp.docs[*d];
                d.shown && d.amount > 0 && d.due < day
            })
            .filter(|d| self.open(b, *d) > 0)
            .collect();
        duebook_money::order::sort_by_key(&mut docs, |d| (b.erp.docs[*d].due, *d));
        docs
    }

    /// What the book shows as open of a document: at source and ours.
    pub fn open(&mut self, b: &Builder, doc: usize) -> i64 {
        if self.items[doc].is_none() {
            let d = &b.erp.docs[doc];
            self.items[doc] = b.book.find_item(&item_key(&b.clients[d.client], d));
        }
        let item = self.items[doc].and_then(|id| b.book.item(id));
        item.map_or(0, |i| i.open())
    }

    fn outcome(&mut self, b: &mut Builder, docs: &[usize]) -> Outcome {
        use Outcome::*;
        self.made += 1;
        if self.made.is_multiple_of(23)
            && let Some(rare) = self.rare.pop()
        {
            return rare;
        }
        if docs.iter().all(|d| b.erp.docs[*d].open <= 0) && b.rng.chance(700) {
            return PaidClaim;
        }
        let contested = docs.iter().find_map(|d| {
            let code = b.erp.docs[*d]
                .dispute
                .filter(|_| !self.disputed.contains(d))?;
            Some(REASONS[code.0].0)
        });
        if let Some(code) = contested
            && b.rng.chance(450)
        {
            return match code {
                "NRI" => NotReceived,
                "POM" => NeedsPo,
                _ => Dispute,
            };
        }
        const COMMON: [(Outcome, u32); 16] = [
            (NoAnswer, 150),
            (Busy, 20),
            (VoicemailLeft, 110),
            (NoVoicemail, 12),
            (Gatekeeper, 40),
            (MailSent, 120),
            (PortalChecked, 50),
            (Promise, 330),
            (PaidClaim, 25),
            (InProcess, 40),
            (Query, 35),
            (CashFlow, 15),
            (Refused, 8),
            (CallBack, 45),
            (Escalated, 8),
            (Informed, 32),
        ];
        COMMON[b.rng.weighted(&COMMON.map(|(_, w)| w))].0
    }

    fn contact(&mut self, b: &mut Builder, day: Day, minute: i32, client: usize) {
        let mut docs = self.overdue(b, client, day);
        docs.truncate(4);
        if docs.is_empty() {
            return;
        }
        let mut outcome = self.outcome(b, &docs);
        let promise = if outcome == Outcome::Promise {
            self.promise(b, day, client, &docs)
        } else {
            None
        };
        if outcome == Outcome::Promise && promise.is_none() {
            outcome = if b.rng.chance(700) {
                Outcome::InProcess
            } else {
                Outcome::Informed
            };
        }
        let collector = b.clients[client].collector;
        let talk = Talk {
            day,
            minute,
            client,
            docs: &docs,
            collector,
            outcome,
        };
        self.log(b, &talk, promise);
        self.called[client] = day;
        use Outcome::*;
        if matches!(outcome, Insolvency | LegalRepresentation | DoNotCall) {
            self.silent.insert(client);
        }
        if matches!(outcome, Dispute | NotReceived | NeedsPo) {
            self.dispute(b, &talk);
        }
        if outcome.is_right_party() && b.rng.chance(400) && self.profiled.insert(client) {
            self.profile(b, &talk);
        }
    }

    fn log(&mut self, b: &mut Builder, talk: &Talk<'_>, promise: Option<(NewPromise, Given)>) {
        let Talk {
            day,
            minute,
            client,
            docs,
            outcome,
            ..
        } = *talk;
        let mut texts: Vec<SampleText> = Vec::new();
        let people = self.contacts[client].clone().unwrap_or_default();
        let who = (!people.is_empty()).then(|| b.rng.below(people.len() as u64) as usize);
        let body = self.words(b, talk, promise.as_ref().map(|(p, _)| p), who);
        let text = b.text(&body);
        let note = text.as_ref().map(|t| t.reference);
        texts.extend(text);
        let follow_up = self.next_step(b, talk, promise.as_ref().map(|(_, g)| g.until), &mut texts);
        let due: Vec<(usize, Day, FactKey)> = (self.follow_ups.iter().copied())
            .filter(|(c, due, _)| *c == client && *due <= day.plus(2))
            .collect();
        let spoken = if outcome.is_right_party() || outcome == Outcome::MailSent {
            docs
        } else {
            &[]
        };
        let c = &b.clients[client];
        let offset = c.place.offset(c.zone, day);
        let seconds = if outcome.is_right_party() {
            b.rng.range(95, 720)
        } else {
            b.rng.range(8, 55)
        };
        let channel = match outcome {
            Outcome::MailSent | Outcome::MailBounced => Channel::Email,
            Outcome::PortalChecked => Channel::Portal,
            Outcome::Insolvency | Outcome::LegalRepresentation => Channel::Letter,
            Outcome::Promise if b.rng.chance(120) => Channel::Email,
            o if o.is_right_party() && b.rng.chance(110) => Channel::InboundCall,
            _ => Channel::Call,
        };
        let voice = matches!(channel, Channel::Call | Channel::InboundCall);
        let c = &b.clients[client];
        let log = LogContact {
            customer: customer_key(c),
            contact: who.map(|n| people[n]),
            channel,
            outcome,
            at: instant(day, minute),
            local_offset: Some(offset),
            seconds: if voice { seconds as u32 } else { 0 },
            note,
            items: spoken
                .iter()
                .map(|d| item_key(c, &b.erp.docs[*d]))
                .collect(),
            promise: promise.as_ref().map(|(p, _)| p.clone()),
            follow_up,
            closes: due.iter().map(|(_, _, key)| *key).collect(),
        };
        let next = log.follow_up.as_ref().map(|f| f.due);
        let ask = Ask::new(day, minute + 6, talk.collector, Command::LogContact(log)).with(texts);
        if b.ask(ask).is_none() {
            return;
        }
        Figures::bump(&mut b.figures.outcomes, outcome);
        self.follow_ups.retain(|f| !due.contains(f));
        if let (Some(due), Some(made)) = (next, b.book.follow_ups().last()) {
            self.follow_ups.push((client, due, made.key));
        }
        if let (Some((_, mut given)), Some(made)) = (promise, b.book.promises().last()) {
            given.key = made.key;
            self.promised(b, talk, given);
        }
    }

    fn words(
        &mut self,
        b: &mut Builder,
        talk: &Talk<'_>,
        promise: Option<&NewPromise>,
        who: Option<usize>,
    ) -> String {
        let Talk {
            day,
            client,
            docs,
            outcome,
            ..
        } = *talk;
        let shown: Vec<String> = docs
            .iter()
            .take(2)
            .map(|d| b.erp.docs[*d].number.clone())
            .collect();
        let more = docs.len().saturating_sub(2);
        let tail = if more > 0 {
            format!(" and {more} more")
        } else {
            String::new()
        };
        let minor: i64 = match promise {
            Some(p) => p.lines.iter().map(|l| l.amount).sum(),
            None => docs.iter().map(|d| self.open(b, *d)).sum(),
        };
        let c = &b.clients[client];
        let money = Money {
            minor,
            currency: c.currency,
        };
        let later = workday(day.plus(6));
        let when = promise
            .and_then(|p| p.lines.first())
            .map_or(later, |l| l.date);
        let contested = docs.iter().find_map(|d| b.erp.docs[*d].dispute);
        let person = who.and_then(|n| c.people.get(n)).map(|p| p.name.clone());
        let about = About {
            who: person.as_deref().unwrap_or(""),
            inv: shown.join(", ") + &tail,
            amt: format!(
                "{} {}",
                c.currency.code(),
                money.format(&NumberFormat::WESTERN)
            ),
            when: when.to_string(),
            why: contested.map_or("the amount", |(code, _)| REASONS[code].2),
        };
        note(&mut b.rng, outcome, &about)
    }

    fn next_step(
        &mut self,
        b: &mut Builder,
        talk: &Talk<'_>,
        until: Option<Day>,
        texts: &mut Vec<SampleText>,
    ) -> Option<NewFollowUp> {
        use Outcome::*;
        let Talk {
            day,
            client,
            outcome,
            ..
        } = *talk;
        let soon = b.rng.range(1, 3);
        let (often, mut due) = match outcome {
            NoAnswer | Busy | VoicemailLeft | NoVoicemail | Gatekeeper => (600, day.plus(soon)),
            CallBack => (1_000, day.plus(soon)),
            InProcess | PortalChecked => (650, day.plus(5 + soon)),
            Dispute | NeedsPo | NotReceived | PlanRequest | Refused => (800, day.plus(4)),
            Query | MailSent | Language | WrongNumber | Disconnected | MailBounced => {
                (500, day.plus(soon))
            }
            PaidClaim => (700, day.plus(3)),
            Promise => (450, until.map_or(day.plus(7), |d| d.plus(1))),
            _ => (0, day),
        };
        if !b.rng.chance(often) {
            return None;
        }
        // The last days leave something to do today.
        if b.today.since(day) <= 4 && outcome != Promise {
            due = b.today.plus(if b.rng.chance(650) { 0 } else { soon });
        }
        let due = if due == b.today { due } else { workday(due) };
        let call_back = outcome == CallBack;
        let at = call_back.then(|| {
            let c = &b.clients[client];
            let offset = i32::from(c.place.offset(c.zone, due));
            let local = 570 + 15 * (b.rng.below(28) as i32);
            instant(due, local - offset)
        });
        let text = if call_back || b.rng.chance(500) {
            let body = *b.rng.pick(TO_DO);
            b.text(body)
        } else {
            None
        };
        let what = text.as_ref().map(|t| t.reference);
        texts.extend(text);
        Some(NewFollowUp {
            due,
            at,
            zone: at.and(b.clients[client].facts.zone.clone()),
            what,
            retry: matches!(
                outcome,
                NoAnswer | Busy | VoicemailLeft | NoVoicemail | Gatekeeper
            ),
        })
    }

    /// On Fridays what is long past is closed.
    fn tidy(&mut self, b: &mut Builder, day: Day) {
        let (stale, kept): (Vec<_>, Vec<_>) = std::mem::take(&mut self.follow_ups)
            .into_iter()
            .partition(|(_, due, _)| *due < day.plus(-8));
        self.follow_ups = kept;
        if stale.is_empty() {
            return;
        }
        let follow_ups = stale.into_iter().map(|(_, _, key)| key).collect();
        let lead = crate::customers::COLLECTORS[0];
        b.ask(Ask::new(
            day,
            19 * 60,
            lead,
            Command::CloseFollowUps { follow_ups },
        ));
    }
}
