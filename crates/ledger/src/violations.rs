//! "Check my book": the named invariants, worked out anew from the facts by code that shares
//! nothing with the figures it checks. Single passes; a million items take a few hundred ms.

mod lines;

use crate::book::Book;
use crate::columns::{ItemKind, Segment, TextField};
use crate::facts::{Cause, Standing};
use crate::ids::*;
use crate::index::hash_of;
use crate::items::Recorded;
use crate::open::{OpenScan, View};
use crate::settlements::Settlement;
use duebook_money::Day;

/// A broken invariant: never a matter of policy, always a defect of the book or the build.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Violation {
    /// What the column keeps as moved is not the sum of the settlements that count.
    Settled {
        /// Which item.
        item: ItemId,
        /// Kept, minor units.
        kept: i64,
        /// Worked out anew.
        worked_out: i64,
    },
    /// What the column keeps as pending is not the sum of ours that count.
    Pending {
        /// Which item.
        item: ItemId,
        /// Kept, minor units.
        kept: i64,
        /// Worked out anew.
        worked_out: i64,
    },
    /// At source + pending is not working, or either differs from the facts.
    Figures {
        /// Which item.
        item: ItemId,
    },
    /// An open figure beyond its amount or of the other sign, where the source did not say so.
    OutOfRange {
        /// Which item.
        item: ItemId,
        /// Open, minor units.
        open: i64,
        /// Amount as known now.
        amount: i64,
    },
    /// CA-01: receipt = applied + unapplied + refunded + returned + used at source.
    ReceiptParts {
        /// Which receipt.
        item: ItemId,
        /// What the parts lack, minor units.
        difference: i64,
    },
    /// A settlement names no item, one that is not there, or a later commit than its own.
    Dangling(SettlementId),
    /// A debit that is none, or a credit that is none.
    WrongSide(SettlementId),
    /// Its two items differ in currency.
    CurrencyMixed(SettlementId),
    /// Its payer is neither the debtor nor the debtor's parent.
    PayerMixed(SettlementId),
    /// It counts, and one of its items is void.
    RestsOnVoid(SettlementId),
    /// It counts before both its items exist, so that it would move the total (AG-22).
    BeforeItsItems(SettlementId),
    /// A reversal before what it reverses, or of something that is void.
    Reversal(SettlementId),
    /// An item's chain of settlements is not that of the table, newest first.
    Chain(ItemId),
    /// An item of an unknown customer, entity or source.
    Owner(ItemId),
    /// Two items known now have one natural key.
    DuplicateKey(ItemId, ItemId),
    /// The key index does not find an item it says it has.
    KeyIndex(ItemId),
    /// The index of items by customer is not that of the items.
    CustomerIndex(CustomerId),
    /// Void marks, the list of live commits or that of commands disagree at a commit.
    VoidMarks(Seq),
    /// A changed due date, amount or standing of a row that is not there, or not in log order.
    Changes(ItemId),
    /// CA-01: what is said of a line is more than the line, or of the other sign.
    LineParts {
        /// Which line.
        line: LineId,
        /// Said, minor units.
        said: i64,
    },
    /// A line of a statement rests on something void, or is known twice under one key.
    Line(LineId),
    /// CA-01: the lines of a receipt are more than the receipt, or in another currency.
    LineReceipt(ItemId),
    /// Rows kept together that fact keys, activities or promises name are not there.
    Facts(Seq),
    /// CA-01: what left a receipt is not what came to the one it went to, or only one of both counts.
    Transfer(ItemId),
    /// A lock ends before it begins, or overlaps another in force.
    Lock(Seq),
    /// Instalments that do not sum to their plan.
    PlanSum(Seq),
    /// A plan, offer, charge, placement or risk names something that is not there, or is not what
    /// it was worked out to be.
    Plan(Seq),
    /// The source was told of something that is not there.
    Told(Seq),
    /// A case names what is not there, or a hop that closes does not say how.
    Case(CaseId),
    /// DS-01: the money of a case does not sum.
    CaseMoney(CaseId),
    /// More of an item is contested than is open.
    CaseItem(ItemId),
    /// A pin, assignment, parked call or flag names what is not there.
    Desk(Seq),
    /// A shift, task or pack names what is not there, or ends before it begins.
    Shift(Seq),
    /// An opening list, an issued report or a month of sales that cannot be.
    Reporting(Seq),
    /// A letter, hold, query or document names what is not there.
    Letters(Seq),
    /// A template that cannot be filled, or whose workbook is not there.
    Template(Seq),
}

/// Worked out anew, per segment and row.
struct Anew {
    settled: Vec<Vec<i64>>,
    pending: Vec<Vec<i64>>,
    /// Per receipt, how much of it the parts of CA-01 took; as long as `settled`.
    parts: Vec<Vec<i64>>,
    /// Rows on which the source itself moved the figure: theirs may overlap with ours.
    source_moved: Vec<Vec<bool>>,
}

impl Book {
    /// Every broken invariant; empty for a sound book.
    pub fn violations(&self) -> Vec<Violation> {
        let mut out = Vec::new();
        let live = self.check_marks(&mut out);
        let anew = self.check_settlements(&live, &mut out);
        self.check_items(&anew, &live, &mut out);
        self.check_customers(&mut out);
        self.check_keys(&live, &mut out);
        self.check_facts(&mut out);
        self.check_told(&mut out);
        self.check_desk(&mut out);
        self.check_shifts(&mut out);
        self.check_letters(&mut out);
        self.check_templates(&mut out);
        self.check_lines(&mut out);
        self.check_cases(&mut out);
        self.check_recon(&mut out);
        self.check_plans(&mut out);
        self.check_reporting(&mut out);
        out
    }

    /// Which commits are live, by the void marks alone.
    fn check_marks(&self, out: &mut Vec<Violation>) -> Vec<bool> {
        let head = self.commits.len();
        let mut live = vec![true; head + 1];
        live[0] = false;
        for (target, by) in self.voids.iter().rev() {
            let held = by.iter().any(|v| live.get(v.index()) == Some(&true));
            if let Some(slot) = live.get_mut(target.index()) {
                *slot = !held;
            }
            let undoes = |v: &Seq| self.commit(*v).and_then(|c| c.label.undoes);
            let sound = by.iter().all(|v| v > target && undoes(v) == Some(*target));
            if !sound || target.index() > head || by.is_empty() {
                out.push(Violation::VoidMarks(*target));
            }
        }
        for (i, commit) in self.commits.iter().enumerate() {
            let seq = Seq(i as u32 + 1);
            let kept = self.live.get(seq.index()) == live.get(seq.index());
            let named = self.commands.get(&commit.command) == Some(&seq);
            if !kept || !named || commit.seq != seq {
                out.push(Violation::VoidMarks(seq));
            }
        }
        live
    }

    fn check_settlements(&self, live: &[bool], out: &mut Vec<Violation>) -> Anew {
        let segments = self.items.segments();
        let mut anew = Anew {
            settled: vec![Vec::new(); segments.len()],
            pending: vec![Vec::new(); segments.len()],
            parts: vec![Vec::new(); segments.len()],
            source_moved: vec![Vec::new(); segments.len()],
        };
        let is_live = |s: Seq| live.get(s.index()).copied().unwrap_or(false);
        let mut last = Seq(0);
        for s in self.settlements.iter() {
            let known = |i: &ItemId| self.items.state(*i).is_some();
            let items = [s.debit, s.credit];
            let named = items.iter().flatten().count();
            let there = items.iter().flatten().all(known);
            if named == 0 || !there || s.commit < last || s.commit > self.head() {
                out.push(Violation::Dangling(s.id));
                continue;
            }
            last = s.commit;
            self.check_sides(&s, out);
            let reversal = self.settlements.reversal(s.id, &is_live);
            if let Some(r) = reversal
                && (r.effective < s.effective || !is_live(s.commit))
            {
                out.push(Violation::Reversal(s.id));
            }
            let standing = self.settlements.standing(s.id, &is_live);
            if !is_live(s.commit) || !standing.counts() {
                continue;
            }
            self.check_counting(&s, &is_live, reversal.is_some(), out);
            anew.add(self, &s, standing, reversal.map(|r| r.standing));
        }
        anew
    }

    /// What holds for a settlement whether it counts or not.
    fn check_sides(&self, s: &Settlement, out: &mut Vec<Violation>) {
        let (debit, credit) = (
            s.debit.and_then(|i| self.item(i)),
            s.credit.and_then(|i| self.item(i)),
        );
        let wrong_debit = debit.is_some_and(|i| i.recorded_amount() < 0);
        let wrong_credit = credit.is_some_and(|i| i.recorded_amount() > 0);
        // Money goes somewhere; what was returned or refunded goes to no item of ours.
        let one_sided = matches!(
            s.cause,
            Cause::Returned | Cause::Refund | Cause::Transferred
        );
        if wrong_debit || wrong_credit || (one_sided && debit.is_some()) {
            out.push(Violation::WrongSide(s.id));
        }
        let (Some(debit), Some(credit)) = (debit, credit) else {
            return;
        };
        if debit.currency() != credit.currency() {
            out.push(Violation::CurrencyMixed(s.id));
        }
        let (owes, pays) = (debit.customer(), credit.customer());
        // A document that was moved to another customer: whose it was at the time counts too.
        let was = |i: &crate::items::ItemRef<'_>, other: CustomerId| i.owners().any(|c| c == other);
        if owes != pays && !was(&debit, pays) && !was(&credit, owes) {
            let (owes, pays) = (self.customer(owes), self.customer(pays));
            // The parent at the time: any version counts.
            let is_parent = owes.zip(pays).is_some_and(|(owes, pays)| {
                let mut versions = owes.facts.history().iter();
                owes.source == pays.source
                    && versions.any(|(_, f)| f.parent.as_deref() == Some(&pays.number))
            });
            if !is_parent {
                out.push(Violation::PayerMixed(s.id));
            }
        }
        if s.effective < Day(debit.doc_date().max(credit.doc_date())) {
            out.push(Violation::BeforeItsItems(s.id));
        }
    }

    fn check_counting(
        &self,
        s: &Settlement,
        is_live: &impl Fn(Seq) -> bool,
        reversed: bool,
        out: &mut Vec<Violation>,
    ) {
        let sound = |id: &ItemId| {
            self.item(*id)
                .is_some_and(|i| is_live(i.commit()) && (reversed || i.standing().counts()))
        };
        if ![s.debit, s.credit].iter().flatten().all(sound) {
            out.push(Violation::RestsOnVoid(s.id));
        }
    }

    fn check_items(&self, anew: &Anew, live: &[bool], out: &mut Vec<Violation>) {
        let scan = OpenScan::new(
            self,
            View {
                as_of: Day(i32::MAX),
                known: None,
            },
        );
        for (number, state) in self.items.segments().iter().enumerate() {
            let data = &*state.data;
            let rows = data.len();
            let sound = data.is_rectangular()
                && (state.settled.is_empty() || state.settled.len() == rows)
                && (state.pending.is_empty() || state.pending.len() == rows)
                && (state.standing.is_empty() || state.standing.len() == rows)
                && matches!(&state.recorded, Recorded::Together(_))
                    | matches!(&state.recorded, Recorded::Each(s) if s.len() == rows);
            if !sound {
                out.push(Violation::Changes(ItemId::new(number, 0)));
                continue;
            }
            self.check_changes(number, out);
            let (settled, pending) = (&anew.settled[number], &anew.pending[number]);
            let figures = scan.segment(number);
            for row in 0..rows {
                let item = ItemId::new(number, row);
                let moved = settled.get(row).copied().unwrap_or(0);
                let ours = pending.get(row).copied().unwrap_or(0);
                if state.settled_of(row) != moved {
                    out.push(Violation::Settled {
                        item,
                        kept: state.settled_of(row),
                        worked_out: moved,
                    });
                }
                if state.pending_of(row) != ours {
                    out.push(Violation::Pending {
                        item,
                        kept: state.pending_of(row),
                        worked_out: ours,
                    });
                }
                let is_live = live.get(state.recorded.of(row).index()) == Some(&true);
                let counts = state.standing_of(row).counts();
                let shown = figures.as_ref().and_then(|f| f.open(row));
                let working = data.open[row].saturating_sub(moved);
                let at_source = if state.standing_of(row).is_pending() {
                    0
                } else {
                    working.saturating_add(ours)
                };
                let expected = (is_live && counts).then_some((at_source, working));
                if shown.map(|o| (o.at_source, o.working())) != expected {
                    out.push(Violation::Figures { item });
                }
                if is_live && counts {
                    self.check_range(anew, item, data, (at_source, working), out);
                }
            }
        }
    }

    fn check_range(
        &self,
        anew: &Anew,
        id: ItemId,
        data: &Segment,
        (at_source, working): (i64, i64),
        out: &mut Vec<Violation>,
    ) {
        let (number, row) = (id.segment(), id.row());
        let untouched = anew.settled[number].is_empty();
        let state = &self.items.segments()[number];
        let (recorded, open) = (data.amount[row], data.open[row]);
        if data.kind[row] == ItemKind::Receipt as u8 && !untouched {
            let took = anew.parts[number].get(row).copied().unwrap_or(0);
            let unapplied = state.settled_of(row).saturating_sub(open);
            let difference = open.saturating_neg() - took - unapplied;
            if difference != 0 {
                let item = id;
                out.push(Violation::ReceiptParts { item, difference });
            }
        }
        // Where the source itself showed more than the amount, or moved the figure under ours,
        // its word stands: that is for the preview and the tie-out to say, not a broken book.
        let in_range = |open: i64, amount: i64| {
            open.unsigned_abs() <= amount.unsigned_abs() && open.signum() * amount.signum() >= 0
        };
        let moved = anew.source_moved[number].get(row) == Some(&true);
        if moved || !in_range(open, recorded) || state.amount_changes.contains_key(&(row as u16)) {
            return;
        }
        for open in [at_source, working] {
            if !in_range(open, recorded) {
                out.push(Violation::OutOfRange {
                    item: id,
                    open,
                    amount: recorded,
                });
                return;
            }
        }
    }

    /// Changes of single rows: rows that are there, in log order; and the chains of settlements.
    fn check_changes(&self, number: usize, out: &mut Vec<Violation>) {
        let state = &self.items.segments()[number];
        let head = self.head();
        fn rising<T>(changes: &[(Seq, T)], head: Seq) -> bool {
            changes.windows(2).all(|w| w[0].0 <= w[1].0)
                && changes.last().is_some_and(|(seq, _)| *seq <= head)
        }
        let due = state.due_changes.iter();
        let due = due.map(|(row, c)| (*row, rising(c, head)));
        let amounts = state.amount_changes.iter();
        let amounts = amounts.map(|(row, c)| (*row, rising(c, head)));
        let standings = state.standing_changes.iter();
        let standings = standings.map(|(row, c)| (*row, rising(c, head)));
        for (row, sound) in due.chain(amounts).chain(standings) {
            if !sound || row as usize >= state.data.len() {
                out.push(Violation::Changes(ItemId::new(number, row as usize)));
            }
        }
        for row in 0..state.data.len() {
            let id = ItemId::new(number, row);
            let (customer, entity) = (state.data.customer[row], state.data.entity[row]);
            let source = state.source as usize;
            let known = (customer as usize) < self.customers.len()
                && (entity as usize) < self.entities.len()
                && (state.source == crate::items::OWN || source < self.sources.len());
            if !known {
                out.push(Violation::Owner(id));
            }
        }
        if state.chain.is_empty() {
            return;
        }
        for row in 0..state.data.len() {
            let id = ItemId::new(number, row);
            let mut last = u32::MAX;
            let sound = self.settlements_of(id).all(|s| {
                let falling = s.id.0 < last && (s.debit == Some(id) || s.credit == Some(id));
                last = s.id.0;
                falling
            });
            if !sound || state.chain.len() != state.data.len() {
                out.push(Violation::Chain(id));
            }
        }
    }

    fn check_customers(&self, out: &mut Vec<Violation>) {
        for (i, customer) in self.customers.iter().enumerate() {
            let id = CustomerId(i as u32);
            let key = (customer.source, customer.number.clone());
            let loose = customer.loose_items.iter();
            let bulk = self.by_customer.of(id).iter();
            let sound = self.customer_keys.get(&key) == Some(&id)
                && loose
                    .chain(bulk)
                    .all(|item| self.item(*item).is_some_and(|i| i.customer() == id));
            if !sound {
                out.push(Violation::CustomerIndex(id));
            }
        }
        if self.by_customer.is_current(&self.items) {
            let bulk: usize = self
                .items
                .segments()
                .iter()
                .filter(|s| matches!(s.recorded, Recorded::Together(_)))
                .map(|s| s.data.len())
                .sum();
            let ids = (0..self.customers.len()).map(|c| CustomerId(c as u32));
            let indexed: usize = ids.map(|c| self.by_customer.of(c).len()).sum();
            if indexed != bulk {
                out.push(Violation::CustomerIndex(CustomerId(u32::MAX)));
            }
        }
    }

    /// Every indexed row is found by its key, and no two that are known have one key.
    fn check_keys(&self, live: &[bool], out: &mut Vec<Violation>) {
        let is_live = |seq: Seq| live.get(seq.index()) == Some(&true);
        for (number, state) in self.items.segments().iter().enumerate() {
            let data = &*state.data;
            for row in 0..data.len() {
                let id = ItemId::new(number, row);
                if !self.by_key.has(id) {
                    continue;
                }
                let mut found = false;
                let known = is_live(state.recorded.of(row));
                for other in self.by_key.candidates(hash_of(self, data, row)) {
                    found |= other == id;
                    if known && other < id && self.same_key(other, id) {
                        let twin = self.items.state(other);
                        if twin.is_some_and(|s| is_live(s.recorded.of(other.row()))) {
                            out.push(Violation::DuplicateKey(other, id));
                        }
                    }
                }
                if !found {
                    out.push(Violation::KeyIndex(id));
                }
            }
        }
    }

    fn same_key(&self, a: ItemId, b: ItemId) -> bool {
        let (Some(a), Some(b)) = (self.item(a), self.item(b)) else {
            return false;
        };
        a.source() == b.source()
            && a.entity() == b.entity()
            && a.number() == b.number()
            && a.kind().is_credit() == b.kind().is_credit()
            && a.text(&TextField::Line) == b.text(&TextField::Line)
            && a.text(&TextField::FiscalYear) == b.text(&TextField::FiscalYear)
    }

    fn check_facts(&self, out: &mut Vec<Violation>) {
        let customer = |c: CustomerId| c.index() < self.customers.len();
        let item = |i: &ItemId| self.items.state(*i).is_some();
        for a in &self.activities {
            if !customer(a.customer) || !a.items.iter().all(item) || a.commit > self.head() {
                out.push(Violation::Facts(a.commit));
            }
        }
        for p in &self.promises {
            let mut items = p.fact.lines.iter().filter_map(|l| l.item.as_ref());
            if !customer(p.fact.customer) || !items.all(item) || p.commit > self.head() {
                out.push(Violation::Facts(p.commit));
            }
        }
        for f in &self.follow_ups {
            if !customer(f.customer) || f.commit > self.head() {
                out.push(Violation::Facts(f.commit));
            }
        }
        for kin in self.kin.values() {
            if kin.iter().filter(|k| self.is_item_live(**k)).count() > 1 {
                out.push(Violation::DuplicateKey(kin[0], kin[kin.len() - 1]));
            }
        }
    }
}

impl Anew {
    fn add(&mut self, book: &Book, s: &Settlement, standing: Standing, reversed: Option<Standing>) {
        let pending = standing.is_pending();
        let sides = [(s.debit, s.amount), (s.credit, s.amount.saturating_neg())];
        for (item, amount) in sides {
            let Some(item) = item else { continue };
            let rows = book.items.segments()[item.segment()].data.len();
            let row = item.row();
            let column = |columns: &mut Vec<Vec<i64>>, by: i64| {
                let column = &mut columns[item.segment()];
                if column.is_empty() {
                    column.resize(rows, 0);
                }
                column[row] = column[row].saturating_add(by);
            };
            if matches!(s.cause, Cause::AtSourceUnknown | Cause::Amended) {
                let moved = &mut self.source_moved[item.segment()];
                if moved.is_empty() {
                    moved.resize(rows, false);
                }
                moved[row] = true;
            }
            // A reversal restores exactly: in sum nothing has moved, and where the source does
            // not know it yet, what it still shows is taken back in pending.
            let ours = match reversed {
                None => pending,
                Some(r) if r.is_pending() == pending => continue,
                Some(_) => {
                    let back = if pending {
                        amount
                    } else {
                        amount.saturating_neg()
                    };
                    column(&mut self.pending, back);
                    continue;
                }
            };
            column(&mut self.settled, amount);
            if ours {
                column(&mut self.pending, amount);
            }
            if Some(item) == s.credit {
                column(&mut self.parts, s.amount);
            }
        }
    }
}
