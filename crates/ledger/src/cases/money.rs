//! The money ledger of a case (DS-01): original = disputed + paid + credited + written off +
//! manual, always. It is worked out from the settlements of its items, never stored.

use super::{BY_DAY, Case, CaseLine, CaseState};
use crate::book::Book;
use crate::facts::{Cause, CollectorField};
use crate::ids::{CaseId, ItemId, Seq};
use crate::items::ItemRef;
use crate::settlements::Settlement;
use duebook_money::Day;

/// Where the money of a case is, minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CaseMoney {
    /// Contested when it was raised, with what was included later.
    pub original: i64,
    /// Contested now.
    pub disputed: i64,
    /// Paid.
    pub paid: i64,
    /// Credited.
    pub credited: i64,
    /// Written off.
    pub written_off: i64,
    /// Cleared in another way: found owed when the case was closed, a discount, settled at the
    /// source without a cause.
    pub manual: i64,
}

impl CaseMoney {
    fn add(&mut self, other: &CaseMoney) {
        let sum = |to: &mut i64, from: i64| *to = to.saturating_add(from);
        sum(&mut self.original, other.original);
        sum(&mut self.disputed, other.disputed);
        sum(&mut self.paid, other.paid);
        sum(&mut self.credited, other.credited);
        sum(&mut self.written_off, other.written_off);
        sum(&mut self.manual, other.manual);
    }
    fn slot(&mut self, cause: Cause) -> &mut i64 {
        match cause {
            Cause::Payment => &mut self.paid,
            Cause::Credit | Cause::Amended => &mut self.credited,
            Cause::WriteOff => &mut self.written_off,
            _ => &mut self.manual,
        }
    }
    /// Whether it sums, and no part has turned (DS-01).
    pub fn is_sound(&self) -> bool {
        let parts = [
            self.disputed,
            self.paid,
            self.credited,
            self.written_off,
            self.manual,
        ];
        let sum: i128 = parts.iter().map(|p| i128::from(*p)).sum();
        sum == i128::from(self.original) && parts.iter().all(|p| *p >= 0)
    }
}

/// A case's share in an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CaseShare {
    /// Which case.
    pub case: CaseId,
    /// What it contests.
    pub line: CaseLine,
    /// What became of it.
    pub money: CaseMoney,
}

/// A share while it is worked out.
struct Claim {
    share: CaseShare,
    closed: Option<(Seq, Day)>,
    by_day: bool,
}

impl Claim {
    /// Whether a settlement came after the claim was made and before it was over.
    fn meets(&self, s: &Settlement) -> bool {
        let line = &self.share.line;
        let after = if line.seq == BY_DAY {
            s.effective > line.since
        } else {
            s.commit > line.seq
        };
        let over = self.closed.is_some_and(|(seq, day)| {
            if self.by_day {
                s.effective > day
            } else {
                s.commit > seq
            }
        });
        after && !over
    }
}

impl Book {
    /// The shares of cases in an item, oldest first, on a date, by the commits that `live` says are
    /// live. A payment first pays what is not contested (DS-02); a credit or write-off first settles
    /// what is.
    pub fn case_shares(
        &self,
        id: ItemId,
        as_of: Day,
        live: &impl Fn(Seq) -> bool,
    ) -> Vec<CaseShare> {
        let Some(item) = self.item(id) else {
            return Vec::new();
        };
        let mut claims = self.claims(id, as_of, live);
        if claims.is_empty() {
            return Vec::new();
        }
        let open = self.take_from(&mut claims, &item, as_of, live);
        // Never more contested than is open: what went otherwise was cleared by hand.
        let mut room = open.max(0);
        for claim in &mut claims {
            let money = &mut claim.share.money;
            let left = if claim.closed.is_some() {
                0
            } else {
                i128::from(money.disputed).min(room)
            };
            room -= left;
            // A part of what was contested: fits.
            let left = left as i64;
            money.manual += money.disputed - left;
            money.disputed = left;
        }
        claims.into_iter().map(|c| c.share).collect()
    }

    fn claims(&self, id: ItemId, as_of: Day, live: &impl Fn(Seq) -> bool) -> Vec<Claim> {
        let kin = self.kin_of(id);
        let mut ids: Vec<CaseId> = Vec::new();
        for item in &kin {
            let of = self.cases.of_item.get(item);
            ids.extend(of.into_iter().flatten());
        }
        duebook_money::order::sort(&mut ids);
        ids.dedup();
        let mut out = Vec::new();
        for case_id in ids {
            let Some(case) = self.case(case_id) else {
                continue;
            };
            if !live(case.commit) || case.fact.query {
                continue;
            }
            let closed = closed_at(case, as_of, live);
            let lines = case.lines_now(live).iter();
            for line in lines.filter(|l| kin.contains(&l.item) && l.since <= as_of) {
                let money = CaseMoney {
                    original: line.amount,
                    disputed: line.amount,
                    ..CaseMoney::default()
                };
                out.push(Claim {
                    share: CaseShare {
                        case: case_id,
                        line: *line,
                        money,
                    },
                    closed,
                    by_day: closed.is_some_and(|(seq, _)| seq == case.commit),
                });
            }
        }
        out
    }

    /// Lays the settlements of an item over the claims in log order; answers what is open.
    fn take_from(
        &self,
        claims: &mut [Claim],
        item: &ItemRef<'_>,
        as_of: Day,
        live: &impl Fn(Seq) -> bool,
    ) -> i128 {
        let counted = |s: &Settlement| {
            let reversal = self.settlements.reversal(s.id, live);
            live(s.commit)
                && s.effective <= as_of
                && self.settlements.standing(s.id, live).counts()
                && reversal.is_none_or(|r| r.effective > as_of)
        };
        let mut settlements: Vec<Settlement> =
            self.settlements_of(item.id).filter(counted).collect();
        settlements.reverse();
        let mut open = i128::from(item.recorded_open());
        for s in settlements {
            let debit = s.debit == Some(item.id);
            let amount = i128::from(if debit { s.amount } else { -s.amount });
            if amount > 0 {
                let met = claims.iter().filter(|c| c.meets(&s));
                let contested: i128 = met.map(|c| i128::from(c.share.money.disputed)).sum();
                let free = (open - contested).max(0);
                let mut rest = amount;
                if matches!(
                    s.cause,
                    Cause::Payment | Cause::AtSourceUnknown | Cause::TakeOn
                ) {
                    rest -= rest.min(free);
                }
                for claim in claims.iter_mut().filter(|c| c.meets(&s)) {
                    let money = &mut claim.share.money;
                    let part = rest.min(i128::from(money.disputed)) as i64;
                    money.disputed -= part;
                    *money.slot(s.cause) += part;
                    rest -= i128::from(part);
                }
            }
            open -= amount;
        }
        open
    }

    /// The money of a case on a date, by the commits that `live` says are live.
    pub fn case_money_at(&self, id: CaseId, as_of: Day, live: &impl Fn(Seq) -> bool) -> CaseMoney {
        let mut sum = CaseMoney::default();
        let Some(case) = self.case(id) else {
            return sum;
        };
        let mut items: Vec<ItemId> = Vec::new();
        for line in case.lines_now(live) {
            let item = self.current(line.item);
            if !items.contains(&item) {
                items.push(item);
            }
        }
        for item in items {
            let shares = self.case_shares(item, as_of, live);
            let ours = shares.iter().filter(|s| s.case == id);
            ours.for_each(|s| sum.add(&s.money));
        }
        sum
    }

    /// The money of a case as known now.
    pub fn case_money(&self, id: CaseId) -> CaseMoney {
        self.case_money_at(id, Day(i32::MAX), &|s| self.is_live(s))
    }

    /// What of an item is contested on a date: by cases, or by the collector's own field where that
    /// says more. THE disputed amount: every screen, list and report reads it here.
    pub fn disputed_at(&self, id: ItemId, as_of: Day, live: &impl Fn(Seq) -> bool) -> i64 {
        let by_cases = self
            .case_shares(id, as_of, live)
            .iter()
            .fold(0i64, |sum, s| sum.saturating_add(s.money.disputed));
        let history = self.field_history(id, CollectorField::Disputed);
        let field = history.into_iter().rfind(|(seq, _)| live(*seq));
        let field = field.and_then(|(_, text)| text.parse::<i64>().ok());
        by_cases.max(field.unwrap_or(0)).max(0)
    }

    /// [`Book::disputed_at`] as known now, whatever the date.
    pub fn disputed(&self, id: ItemId) -> i64 {
        self.disputed_at(id, Day(i32::MAX), &|s| self.is_live(s))
    }
}

/// When a case was closed, if it is over on a date.
fn closed_at(case: &Case, as_of: Day, live: &impl Fn(Seq) -> bool) -> Option<(Seq, Day)> {
    let mut known = case.hops.iter().rev();
    let last = known.find(|(seq, hop)| live(*seq) && hop.on <= as_of);
    last.filter(|(_, hop)| hop.state == CaseState::Closed)
        .map(|(seq, hop)| (*seq, hop.on))
}
