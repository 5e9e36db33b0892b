//! The sums a period's key figures are made of, in one currency.

use duebook_ledger::facts::Cause;
use duebook_money::{Currency, Day, Money};
use duebook_policy::{MissingRate, RateTable};

/// A sum of minor units, or of minor units times days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Sum {
    /// Debits less credits at the beginning: the control account.
    BeginNet,
    /// The same at the end.
    EndNet,
    /// Open debits at the beginning.
    BeginDebits,
    /// Of customers with a collector.
    BeginAssigned,
    /// Open debits at the end.
    EndDebits,
    /// Of which not past due.
    EndCurrent,
    /// Of which more than 90 days past due.
    EndOver90,
    /// Money received and not applied at the end, positive.
    EndUnapplied,
    /// Credit memos not applied at the end, positive.
    EndCredits,
    /// Disputed, of the open debits at the end.
    EndDisputed,
    /// Documents of the period.
    Invoiced,
    /// Credit memos of the period, positive.
    Credited,
    /// Money that came in, less what was returned.
    Received,
    /// Gone from the source without a cause, positive.
    Presumed,
    /// Written off, less what was taken back.
    WrittenOff,
    /// Early-payment discount.
    Discount,
    /// Tax withheld.
    Withheld,
    /// Exchange difference taken off.
    Exchange,
    /// Amended, refunded, tolerance and the like, taken off.
    Adjusted,
    /// Known of days before the period only since its opening balance was drawn.
    Restated,
    /// Cash applied to debits.
    Applied,
    /// Of which to customers with a collector.
    AppliedAssigned,
    /// Cash applied that was not taken back again.
    AppliedStays,
    /// That times days from the due date; early is negative.
    AppliedLate,
    /// The same with early as 0.
    AppliedLateFloor,
    /// That times days from the document date.
    AppliedAge,
    /// Written off, whatever was taken back.
    WriteOffs,
    /// Write-offs taken back.
    Recovered,
    /// Promised, of promises whose window ended in the period.
    Promised,
    /// Of which paid in the window.
    PromisePaid,
    /// Receipts of ours.
    Receipts,
    /// Of which posted as proposed.
    ReceiptsAuto,
}

/// How many there are.
const SUMS: usize = Sum::ReceiptsAuto as usize + 1;

/// What became of an amount that was open at the beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Became {
    /// Cash was applied.
    Paid,
    /// Gone from the source, cause unknown.
    Presumed,
    /// A credit was applied.
    Credited,
    /// Written off.
    WrittenOff,
    /// Early-payment discount.
    Discounted,
    /// Tax withheld.
    Withheld,
    /// Amended, exchange, tolerance, refund, return.
    Adjusted,
    /// Settled before the period, and known only since the list was drawn.
    LearntLate,
    /// Still open, in an earlier bucket because its date was moved.
    ReAged,
}

impl Became {
    /// Each, in the order shown.
    pub const ALL: [Became; 9] = [
        Became::Paid,
        Became::Presumed,
        Became::Credited,
        Became::WrittenOff,
        Became::Discounted,
        Became::Withheld,
        Became::Adjusted,
        Became::LearntLate,
        Became::ReAged,
    ];
    /// By the cause of a settlement.
    pub(crate) fn by(cause: Cause) -> Became {
        match cause {
            Cause::Payment => Became::Paid,
            Cause::AtSourceUnknown => Became::Presumed,
            Cause::Credit => Became::Credited,
            Cause::WriteOff => Became::WrittenOff,
            Cause::Discount => Became::Discounted,
            Cause::Withholding => Became::Withheld,
            Cause::Exchange
            | Cause::Amended
            | Cause::Returned
            | Cause::TakeOn
            | Cause::Refund
            | Cause::Tolerance
            | Cause::Contra
            | Cause::Transferred => Became::Adjusted,
        }
    }
}

/// From bucket by bucket: where open debits of the beginning stand at the end, and what became of
/// the rest. Each row adds up to what the bucket held (KP-24).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rolls {
    buckets: usize,
    cells: Vec<i128>,
    items: Vec<u64>,
}

impl Rolls {
    pub(crate) fn new(buckets: usize) -> Self {
        let width = buckets + Became::ALL.len();
        Rolls {
            buckets,
            cells: vec![0; buckets * width],
            items: vec![0; buckets],
        }
    }
    fn width(&self) -> usize {
        self.buckets + Became::ALL.len()
    }
    /// Buckets.
    pub fn buckets(&self) -> usize {
        self.buckets
    }
    /// Still open, from a bucket in a bucket.
    pub fn stands(&self, from: usize, to: usize) -> i128 {
        if to >= self.buckets {
            return 0;
        }
        self.cells
            .get(from * self.width() + to)
            .copied()
            .unwrap_or(0)
    }
    /// What became of the rest.
    pub fn became(&self, from: usize, what: Became) -> i128 {
        let at = from * self.width() + self.buckets + what as usize;
        self.cells.get(at).copied().unwrap_or(0)
    }
    /// Open in a bucket at the beginning: the sum of its row.
    pub fn opening(&self, from: usize) -> i128 {
        let row = self
            .cells
            .get(from * self.width()..(from + 1) * self.width());
        row.map_or(0, |row| row.iter().sum())
    }
    /// Items that were open in a bucket at the beginning.
    pub fn items(&self, from: usize) -> u64 {
        self.items.get(from).copied().unwrap_or(0)
    }
    pub(crate) fn add_stands(&mut self, from: usize, to: usize, amount: i128) {
        let at = from * self.width() + to;
        if let Some(cell) = self.cells.get_mut(at).filter(|_| to < self.buckets) {
            *cell += amount;
        }
    }
    pub(crate) fn add_became(&mut self, from: usize, what: Became, amount: i128) {
        let at = from * self.width() + self.buckets + what as usize;
        if let Some(cell) = self.cells.get_mut(at) {
            *cell += amount;
        }
    }
    pub(crate) fn add_item(&mut self, from: usize) {
        if let Some(slot) = self.items.get_mut(from) {
            *slot += 1;
        }
    }
    /// The rows that are past due, added up: opening, what became of it by [`Became::ALL`], and
    /// what of it is past due still.
    pub fn past_due(&self, is_past_due: impl Fn(usize) -> bool) -> ListTurned {
        let mut out = ListTurned::default();
        for from in (0..self.buckets).filter(|b| is_past_due(*b)) {
            out.opening += self.opening(from);
            out.items += self.items(from);
            for what in Became::ALL {
                out.became[what as usize] += self.became(from, what);
            }
            for to in 0..self.buckets {
                let stands = self.stands(from, to);
                if is_past_due(to) {
                    out.still += stands;
                } else {
                    // An earlier anchor, or a bucket of its own: open and not late.
                    out.not_late += stands;
                }
            }
        }
        out
    }
}

/// What became of an opening past-due list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ListTurned {
    /// Open on the list.
    pub opening: i128,
    /// Items on it.
    pub items: u64,
    /// By [`Became::ALL`].
    pub became: [i128; 9],
    /// Past due still.
    pub still: i128,
    /// Open and not late, without a date that was moved later.
    pub not_late: i128,
}

impl ListTurned {
    /// What of it became so.
    pub fn of(&self, what: Became) -> i128 {
        self.became[what as usize]
    }
    /// Granted, withheld, corrected, learnt late: neither cash nor credit nor write-off.
    pub fn other(&self) -> i128 {
        self.of(Became::Discounted)
            + self.of(Became::Withheld)
            + self.of(Became::Adjusted)
            + self.of(Became::LearntLate)
            + self.not_late
    }
}

/// The sums of one group in one currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Base {
    sums: [i128; SUMS],
    /// Open debits at the beginning, by bucket.
    pub begin: Vec<i128>,
    /// Open debits at the end, by bucket.
    pub end: Vec<i128>,
    /// From the one to the other.
    pub rolls: Rolls,
    /// Of the opening list, what was re-aged and is past due still.
    pub reaged_late: i128,
    /// Items open at the end.
    pub items: u64,
    /// Applications of cash.
    pub applications: u64,
}

impl Base {
    pub(crate) fn new(buckets: usize) -> Self {
        Base {
            sums: [0; SUMS],
            begin: vec![0; buckets],
            end: vec![0; buckets],
            rolls: Rolls::new(buckets),
            reaged_late: 0,
            items: 0,
            applications: 0,
        }
    }
    /// A sum.
    pub fn of(&self, sum: Sum) -> i128 {
        self.sums[sum as usize]
    }
    pub(crate) fn add(&mut self, sum: Sum, amount: i128) {
        let slot = &mut self.sums[sum as usize];
        *slot = slot.saturating_add(amount);
    }
    /// The opening balance and every movement, which add up to the closing one (§10, variance).
    pub fn roll_forward(&self) -> [(Sum, i128); 12] {
        use Sum::*;
        [
            (BeginNet, 1),
            (Invoiced, 1),
            (Received, -1),
            (Presumed, -1),
            (Credited, -1),
            (WrittenOff, -1),
            (Discount, -1),
            (Withheld, -1),
            (Exchange, -1),
            (Adjusted, -1),
            (Restated, 1),
            (EndNet, 1),
        ]
        .map(|(sum, sign)| (sum, sign * self.of(sum)))
    }
    /// The closing balance by the movements; equal to `EndNet` unless something is wrong.
    pub fn rolled(&self) -> i128 {
        let steps = self.roll_forward();
        steps[..steps.len() - 1]
            .iter()
            .map(|(_, amount)| amount)
            .sum()
    }
    /// Adds the sums of another.
    pub(crate) fn add_all(&mut self, other: &Base) {
        for (to, from) in self.sums.iter_mut().zip(other.sums) {
            *to = to.saturating_add(from);
        }
        let add = |to: &mut [i128], from: &[i128]| {
            to.iter_mut().zip(from).for_each(|(to, from)| *to += from);
        };
        add(&mut self.begin, &other.begin);
        add(&mut self.end, &other.end);
        add(&mut self.rolls.cells, &other.rolls.cells);
        for (to, from) in self.rolls.items.iter_mut().zip(&other.rolls.items) {
            *to += from;
        }
        self.reaged_late += other.reaged_late;
        self.items += other.items;
        self.applications += other.applications;
    }
    /// In the reporting currency at the rates of a day, each sum converted once (AG-08).
    pub(crate) fn converted(
        &self,
        from: Currency,
        rates: &RateTable,
        day: Day,
    ) -> Result<Base, MissingRate> {
        let to = rates.reporting();
        let mut out = self.clone();
        if from == to {
            return Ok(out);
        }
        let convert = |sum: &mut i128| -> Result<(), MissingRate> {
            let minor = i64::try_from(*sum).map_err(|_| MissingRate::Overflow)?;
            *sum = i128::from(rates.convert(Money::new(minor, from), to, day)?.minor);
            Ok(())
        };
        out.sums.iter_mut().try_for_each(convert)?;
        out.begin.iter_mut().try_for_each(convert)?;
        out.end.iter_mut().try_for_each(convert)?;
        out.rolls.cells.iter_mut().try_for_each(convert)?;
        convert(&mut out.reaged_late)?;
        Ok(out)
    }
}

/// Counts of one group: of things of one currency, of things without one, or of all together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Outbound calls.
    pub attempts: u64,
    /// Of which somebody answered.
    pub connects: u64,
    /// Of which with the right party.
    pub right_party: u64,
    /// Of which with a promise.
    pub with_promise: u64,
    /// Right-party contacts in either direction and by any channel.
    pub contacts: u64,
    /// Of which with person, note and next action.
    pub complete: u64,
    /// Promises whose window ended in the period: kept.
    pub kept: u64,
    /// Kept in part.
    pub partial: u64,
    /// Broken.
    pub broken: u64,
    /// Of those three, by what the source shows as settled without a cause (PT-10).
    pub presumed: u64,
    /// Superseded; in no rate.
    pub superseded: u64,
    /// Customers reached once or more, early enough to judge.
    pub reached: u64,
    /// Of which settled by one contact.
    pub settled_at_once: u64,
    /// Receipts of ours.
    pub receipts: u64,
    /// Of which posted as proposed.
    pub auto: u64,
    /// Of which taken back within 60 days.
    pub auto_taken_back: u64,
    /// Promises taken in the period.
    pub promises: u64,
    /// Of which with amount, date and person.
    pub promises_complete: u64,
    /// People known.
    pub people: u64,
    /// Of which with role, zone and language.
    pub people_complete: u64,
    /// Disputed items.
    pub disputes: u64,
    /// Of which with reason and owner.
    pub disputes_complete: u64,
}

impl Counts {
    /// Adds the counts of another.
    pub(crate) fn add_all(&mut self, other: &Counts) {
        let Counts {
            attempts,
            connects,
            right_party,
            with_promise,
            contacts,
            complete,
            kept,
            partial,
            broken,
            presumed,
            superseded,
            reached,
            settled_at_once,
            receipts,
            auto,
            auto_taken_back,
            promises,
            promises_complete,
            people,
            people_complete,
            disputes,
            disputes_complete,
        } = other;
        let pairs = [
            (&mut self.attempts, attempts),
            (&mut self.connects, connects),
            (&mut self.right_party, right_party),
            (&mut self.with_promise, with_promise),
            (&mut self.contacts, contacts),
            (&mut self.complete, complete),
            (&mut self.kept, kept),
            (&mut self.partial, partial),
            (&mut self.broken, broken),
            (&mut self.presumed, presumed),
            (&mut self.superseded, superseded),
            (&mut self.reached, reached),
            (&mut self.settled_at_once, settled_at_once),
            (&mut self.receipts, receipts),
            (&mut self.auto, auto),
            (&mut self.auto_taken_back, auto_taken_back),
            (&mut self.promises, promises),
            (&mut self.promises_complete, promises_complete),
            (&mut self.people, people),
            (&mut self.people_complete, people_complete),
            (&mut self.disputes, disputes),
            (&mut self.disputes_complete, disputes_complete),
        ];
        for (to, from) in pairs {
            *to += from;
        }
    }
}
