//! The reminder run: who would get what and why, and who not and why (DN-01, PT-07, CP-04). One
//! customer at a time, so that a page can work it out in slices. Nothing goes out by itself.

use crate::lines::{Line, told_with};
use crate::money::{BankNames, Waiting, could_be_paid};
use crate::pay_run::{PayRun, cutoff};
use crate::requested::Requested;
use duebook_ledger::facts::{Channel, Outcome, ProfileField};
use duebook_ledger::letters::LetterStands;
use duebook_ledger::{Book, CustomerId, ItemId, LetterId, OpenScan};
use duebook_money::Day;
use duebook_money::business::BusinessDays;
use duebook_policy::letters::{Ladder, LetterUse, Step};
use std::collections::BTreeMap;

/// Why a line is left out of a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeftOut {
    /// All of it is promised (PT-07).
    Promised(Option<Day>),
    /// It is under a payment plan, an offer or placed with others (DN-01).
    Planned,
    /// All of it is in dispute (DN-01).
    Disputed,
    /// Money that waits could pay it.
    CouldBePaid(Waiting),
}

/// Why nothing goes to a customer although something would be due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Blocked {
    /// A hold with a reason and a last day.
    Hold(String, Day),
    /// A stop flag of a contact (CP-04).
    Stop(Outcome),
    /// A letter was produced and nobody said whether it went out.
    Unsent(LetterId),
    /// There was a contact; quiet until this day.
    Quiet {
        /// The contact.
        since: Day,
        /// The first day on which a letter may go.
        until: Day,
    },
    /// No line is left to be asked for.
    NothingLeft,
    /// No ladder fits the customer.
    NoLadder,
}

/// A message that would go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Reminder or upcoming.
    pub used_for: LetterUse,
    /// The step.
    pub step: Step,
    /// The line that leads: its step decides.
    pub lead: ItemId,
    /// What is asked for, oldest first.
    pub lines: Vec<Line>,
    /// The cut-off it counts back from, where the customer's pay run is known.
    pub cutoff: Option<Day>,
}

/// What the run would do for a customer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CustomerPlan {
    /// At most two: what is coming, and what is past due.
    pub messages: Vec<Message>,
    /// Why none goes.
    pub blocked: Option<Blocked>,
    /// Lines left out.
    pub left_out: Vec<(Line, LeftOut)>,
    /// Credits shown in the letters.
    pub credits: Vec<Line>,
    /// Day of the last reminder that went out.
    pub last_reminder: Option<Day>,
}

/// What the run needs of the whole book, made once.
pub struct Planner<'a> {
    book: &'a Book,
    scan: OpenScan<'a>,
    /// What is only requested: the customers are not told of it.
    requested: Requested,
    today: Day,
    bank: &'a BankNames,
    calendar: BusinessDays,
}

/// Where an item stands on the ladder: the day of the last step, and when it went out.
type Positions = BTreeMap<ItemId, (i32, Day)>;

impl<'a> Planner<'a> {
    /// On a day, as known now. `bank` is of the same book: made once for many planners.
    pub fn new(book: &'a Book, today: Day, bank: &'a BankNames) -> Self {
        let scan = OpenScan::new(book, duebook_ledger::View::on(today));
        Planner {
            book,
            requested: Requested::of(book, &scan),
            scan,
            today,
            bank,
            calendar: book.policies().calendar.business_days(),
        }
    }

    /// A customer's plan; `None` where nothing is due to be written at all.
    pub fn customer(&self, id: CustomerId) -> Option<CustomerPlan> {
        let lines = told_with(self.book, &self.scan, id, &self.requested);
        if !lines.iter().any(Line::is_debit) {
            return None;
        }
        let segment = self.book.customer_facts(id)?.segment.as_deref();
        let ladder = self.book.policies().letters.ladder(segment.unwrap_or(""));
        let (debits, credits): (Vec<Line>, Vec<Line>) = lines.into_iter().partition(Line::is_debit);
        let positions = self.positions(id);
        let mut plan = CustomerPlan {
            last_reminder: self.last_reminder(id),
            ..CustomerPlan::default()
        };
        let Some(ladder) = ladder else {
            plan.blocked = debits
                .iter()
                .any(|l| l.late > 0)
                .then_some(Blocked::NoLadder);
            return plan.blocked.is_some().then_some(plan);
        };
        let overdue: Vec<Line> = debits.iter().filter(|l| l.late > 0).cloned().collect();
        let wanted = self.reminder(ladder, &overdue, &positions).is_some();
        let coming = self.upcoming(id, ladder, &debits, &positions);
        if !wanted && coming.is_none() {
            return None;
        }
        let small = self.book.policies().letters.small_per_mille;
        let paid = could_be_paid(self.book, self.bank, &overdue, &credits, small);
        let mut left = Vec::new();
        for line in overdue {
            match self.leave_out(&line, &paid) {
                Some(why) => plan.left_out.push((line, why)),
                None => left.push(line),
            }
        }
        plan.credits = credits;
        plan.messages.extend(coming);
        if let Some((step, lead)) = self.reminder(ladder, &left, &positions) {
            plan.messages.push(Message {
                used_for: LetterUse::Reminder,
                step,
                lead,
                lines: left,
                cutoff: None,
            });
        }
        plan.blocked = self.blocked(id);
        if plan.messages.is_empty() && plan.blocked.is_none() {
            plan.blocked = Some(Blocked::NothingLeft);
        }
        Some(plan)
    }

    fn leave_out(&self, line: &Line, paid: &BTreeMap<ItemId, Waiting>) -> Option<LeftOut> {
        if let Some(by) = paid.get(&line.id) {
            return Some(LeftOut::CouldBePaid(*by));
        }
        if line.asked() > 0 {
            return None;
        }
        Some(match (line.planned > 0, line.promised > 0) {
            (true, _) => LeftOut::Planned,
            (_, true) => LeftOut::Promised(line.promised_for),
            _ => LeftOut::Disputed,
        })
    }

    /// The step that is due for past-due lines, and the line that leads: the oldest that has one.
    fn reminder(&self, ladder: &Ladder, lines: &[Line], at: &Positions) -> Option<(Step, ItemId)> {
        let mut leading: Vec<&Line> = lines.iter().collect();
        duebook_money::order::sort_by(&mut leading, |a, b| {
            b.late.cmp(&a.late).then(a.id.cmp(&b.id))
        });
        leading.into_iter().find_map(|l| {
            let step = self.step(ladder, l.late, at.get(&l.id).copied(), false)?;
            Some((step.clone(), l.id))
        })
    }

    /// The next step of a line, if it is due. Steps are taken one after another and as far apart as
    /// the ladder has them, so that none is skipped, whatever held the letters up (DN-01).
    fn step<'l>(
        &self,
        ladder: &'l Ladder,
        late: i32,
        at: Option<(i32, Day)>,
        before_due: bool,
    ) -> Option<&'l Step> {
        let side = |s: &&Step| (s.day < 0) == before_due;
        let mut steps = ladder.steps.iter().filter(side);
        match at {
            Some((day, sent)) if (day < 0) == before_due => {
                let next = steps.find(|s| s.day > day)?;
                let apart = next.day.saturating_sub(day);
                (next.day <= late && self.today.since(sent) >= apart).then_some(next)
            }
            // Before the due date the last step that is due stands for those missed.
            None if before_due => steps.rfind(|s| s.day <= late),
            // A note before the due date was no reminder: the ladder begins.
            _ => steps.next().filter(|s| s.day <= late),
        }
    }

    /// What is coming: lines not due whose step before the due date is due, counted back from the
    /// cut-off of the pay run that would pay them in time, where it is known.
    fn upcoming(
        &self,
        id: CustomerId,
        ladder: &Ladder,
        debits: &[Line],
        at: &Positions,
    ) -> Option<Message> {
        let mut found: Option<Message> = None;
        for line in debits.iter().filter(|l| l.late <= 0 && l.asked() > 0) {
            let Some(due) = line.due else { continue };
            let by_run = self.cutoff_before(id, due, line.issued);
            let until = by_run.unwrap_or(due);
            let late = self.today.since(until).min(-1);
            let step = self.step(ladder, late, at.get(&line.id).copied(), true);
            let Some(step) = step else { continue };
            match &mut found {
                Some(message) => {
                    message.lines.push(line.clone());
                    if step.day > message.step.day {
                        (message.step, message.lead) = (step.clone(), line.id);
                    }
                    message.cutoff = message.cutoff.min(by_run).or(message.cutoff).or(by_run);
                }
                None => {
                    found = Some(Message {
                        used_for: LetterUse::Upcoming,
                        step: step.clone(),
                        lead: line.id,
                        lines: vec![line.clone()],
                        cutoff: by_run,
                    });
                }
            }
        }
        found
    }

    /// The cut-off of the last pay run that is not after the due date.
    fn cutoff_before(&self, id: CustomerId, due: Day, issued: Option<Day>) -> Option<Day> {
        let live = |s| self.book.is_live(s);
        let customer = self.book.customer(id)?;
        let said = |field| {
            let known = customer.profile.get(&field)?.get(&live)?;
            Some(known.0.as_str())
        };
        let run = PayRun::read(said(ProfileField::PayRun)?)?;
        let early = run.last_until(due, &self.calendar);
        let early = early.filter(|r| issued.is_none_or(|i| *r > i));
        let run = early.or_else(|| run.first_from(due, &self.calendar))?;
        Some(cutoff(
            said(ProfileField::CutOff).unwrap_or(""),
            run,
            &self.calendar,
        ))
    }

    /// Where each item stands on the ladder by the letters that went out. A line that was listed in
    /// a late step counts as told no more than its own age had reached.
    fn positions(&self, id: CustomerId) -> Positions {
        let mut at = Positions::new();
        for (_, letter, stands) in self.book.letters_to(id) {
            let (Some(step), LetterStands::Sent(_, on)) = (letter.fact.step, stands) else {
                continue;
            };
            for line in &letter.fact.lines {
                let item = self.book.current(line.item);
                let known = self.book.item(item);
                let due = known.and_then(|i| duebook_ledger::items::day(self.book.due_of(&i)));
                let age = due.map_or(step, |d| letter.fact.as_of.since(d));
                let told = if step < 0 { step } else { step.min(age.max(1)) };
                let slot = at.entry(item).or_insert((told, on));
                if told >= slot.0 {
                    *slot = (told, on);
                }
            }
        }
        at
    }

    fn last_reminder(&self, id: CustomerId) -> Option<Day> {
        let letters = self.book.letters_to(id);
        let sent = letters.filter_map(|(_, l, stands)| match stands {
            LetterStands::Sent(_, on) if l.fact.used_for == LetterUse::Reminder => Some(on),
            _ => None,
        });
        sent.max()
    }

    fn blocked(&self, id: CustomerId) -> Option<Blocked> {
        let mut letters = self.book.letters_to(id);
        let reminder = |u| matches!(u, LetterUse::Reminder | LetterUse::Upcoming);
        let unsent = letters
            .find(|(_, l, stands)| *stands == LetterStands::Produced && reminder(l.fact.used_for));
        if let Some((letter, ..)) = unsent {
            return Some(Blocked::Unsent(letter));
        }
        if let Some(hold) = self.book.hold_on(id, self.today) {
            return Some(Blocked::Hold(hold.fact.reason.clone(), hold.fact.until));
        }
        let ids = self.book.customer(id).map_or(&[][..], |c| &c.activities);
        let known = ids
            .iter()
            .rev()
            .filter_map(|a| self.book.activities().get(a.index()));
        let known: Vec<_> = known.filter(|a| self.book.is_live(a.commit)).collect();
        let stop = |o: Outcome| matches!(o, Outcome::LegalRepresentation | Outcome::Insolvency);
        if let Some(a) = known.iter().find(|a| stop(a.outcome)) {
            return Some(Blocked::Stop(a.outcome));
        }
        let reached = |o: Outcome| o.is_right_party() || o == Outcome::MailSent;
        let last = known
            .iter()
            .find(|a| a.channel != Channel::Note && reached(a.outcome))?;
        let since = self.book.commit(last.commit)?.ledger_date;
        let until = since.plus(i32::from(self.book.policies().letters.quiet_days));
        (self.today < until).then_some(Blocked::Quiet { since, until })
    }
}
