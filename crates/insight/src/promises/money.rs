//! The money that counts for promises (PT-03, PT-10).

use super::{Judge, PromiseState, Work};
use duebook_ledger::columns::TextField;
use duebook_ledger::facts::{Cause, ImportKind, Scope};
use duebook_ledger::items::ItemRef;
use duebook_ledger::settlements::Settlement;
use duebook_ledger::{Book, CustomerId, ItemId, OpenScan, Seq};
use duebook_money::{Currency, Day};

/// The extracts and payment files of a source that speak about a customer in a view: their day
/// and commit.
pub(super) fn extracts<'a>(
    book: &'a Book,
    scan: &'a OpenScan<'_>,
    source: &'a str,
    number: &'a str,
) -> impl Iterator<Item = (Day, Seq)> + 'a {
    let imports = book.imports().filter(|i| scan.is_live(i.commit));
    imports
        .filter(move |i| {
            let f = &i.facts;
            let speaks = match &f.scope {
                Scope::Customers(list) => list.iter().any(|n| n == number),
                Scope::TheseRows | Scope::Everything | Scope::Debits | Scope::Entities(_) => true,
            };
            let of_money = matches!(
                f.kind,
                ImportKind::OpenItems | ImportKind::Invoices | ImportKind::Payments
            );
            f.source == source && speaks && of_money
        })
        .map(|i| (i.facts.as_of, i.commit))
}

/// Money that came, or is presumed to have.
#[derive(Debug, Clone)]
struct Piece {
    /// What it was applied to; `None` while unapplied.
    item: Option<ItemId>,
    currency: Currency,
    /// The bank's value date; for presumed money the day of the file that showed it.
    on: Day,
    /// Presumed money came after this day (PT-10); `None` for money of a known day.
    after: Option<Day>,
    firm: bool,
    amount: i64,
    /// Not yet counted for a promise.
    left: i64,
}

impl Piece {
    /// Whether it came, or may have come, between two days.
    fn within(&self, from: Day, to: Day) -> bool {
        let earliest = self.after.map_or(self.on, |a| a.plus(1)).min(self.on);
        self.on >= from && earliest <= to
    }
}

/// Money taken back: it counted until then.
struct Returned {
    item: ItemId,
    currency: Currency,
    on: Day,
    amount: i64,
    back_on: Day,
}

/// A customer's money as its promises see it.
pub(super) struct Money {
    /// By due date of the item, then day.
    pieces: Vec<Piece>,
    returned: Vec<Returned>,
    /// Credits that name an item promised.
    named: Vec<ItemId>,
}

/// Whether a credit's own row names the document of a debit, in its reference or a column of the
/// source that links rows (SAP's *Inv. ref.*).
fn is_named(credit: &ItemRef<'_>, debit: &ItemRef<'_>) -> bool {
    let links = credit.segment().data.texts.iter();
    let mut links = links.filter(|(f, _)| matches!(f, TextField::Reference | TextField::Extra(_)));
    let number = debit.number();
    !number.is_empty() && links.any(|(_, text)| text.get(credit.row()) == number)
}

/// Money that came in on an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Came {
    /// On what.
    pub item: ItemId,
    /// The bank's value date; for presumed money the day of the file that showed it.
    pub on: Day,
    /// The first day on which it may have come.
    pub earliest: Day,
    /// Shown by a payment, not presumed.
    pub firm: bool,
    /// Minor units.
    pub amount: i64,
}

impl Money {
    /// Money on some items, by day.
    pub fn of_items(
        judge: &Judge<'_>,
        customer: CustomerId,
        items: &[ItemId],
    ) -> (Vec<Came>, Vec<Day>) {
        let mut money = Money {
            pieces: Vec::new(),
            returned: Vec::new(),
            named: Vec::new(),
        };
        let extracts = judge.extract_days(customer);
        for id in items {
            money.add_item(judge, *id, &extracts);
        }
        let came = |p: &Piece| {
            Some(Came {
                item: p.item?,
                on: p.on,
                earliest: p.after.map_or(p.on, |a| a.plus(1)).min(p.on),
                firm: p.firm,
                amount: p.amount,
            })
        };
        let mut all: Vec<Came> = money.pieces.iter().filter_map(came).collect();
        duebook_money::order::sort_by_key(&mut all, |c| (c.on, c.item));
        (all, money.returned.iter().map(|r| r.back_on).collect())
    }

    pub fn gather(judge: &Judge<'_>, customer: CustomerId, works: &[Work<'_>]) -> Self {
        let mut money = Money {
            pieces: Vec::new(),
            returned: Vec::new(),
            named: Vec::new(),
        };
        let account = works
            .iter()
            .any(|w| w.lines.iter().any(|l| l.item.is_none()));
        let mut items: Vec<ItemId> = works.iter().flat_map(|w| w.items.iter().copied()).collect();
        if account {
            items.extend(judge.debits_oldest_first(customer).iter().map(|t| t.2));
        }
        duebook_money::order::sort(&mut items);
        items.dedup();
        duebook_money::order::sort_by_key(&mut items, |id| (judge.due(*id), *id));
        let extracts = judge.extract_days(customer);
        for id in &items {
            money.add_item(judge, *id, &extracts);
        }
        money.add_named(judge, customer, &items);
        if works.iter().any(|w| w.promise.fact.count_unapplied) {
            money.add_unapplied(judge, customer);
        }
        money
    }

    fn add_item(&mut self, judge: &Judge<'_>, id: ItemId, extracts: &[Day]) {
        let Some(item) = judge.book.item(id) else {
            return;
        };
        let currency = item.currency();
        let mut known: Vec<Settlement> = judge
            .book
            .settlements_of(id)
            .filter(|s| s.debit == Some(id) && judge.had(s))
            .collect();
        duebook_money::order::sort_by_key(&mut known, |s| (s.effective, s.id));
        let from = self.pieces.len();
        // PT-10: what went because another document took its place did not come in as money.
        let replaced = crate::overlay::is_replaced(judge.book, judge.scan, id);
        for s in known {
            let firm = s.cause.is_money();
            if !firm && (s.cause != Cause::AtSourceUnknown || replaced) {
                continue;
            }
            let on = judge.value_date(&s);
            if let Some(back_on) = judge.reversed_on(&s) {
                self.returned.push(Returned {
                    item: id,
                    currency,
                    on,
                    amount: s.amount,
                    back_on,
                });
                continue;
            }
            if s.amount < 0 {
                self.take_back(from, id, currency, &s);
                continue;
            }
            let before = extracts.iter().rev().find(|d| **d < s.effective);
            self.pieces.push(Piece {
                item: Some(id),
                currency,
                on,
                after: (!firm).then(|| before.copied()).flatten(),
                firm,
                amount: s.amount,
                left: s.amount,
            });
        }
        duebook_money::order::sort_by_key(&mut self.pieces[from..], |p| p.on);
    }

    /// The source shows more open again: what it took off last comes back (PT-10).
    fn take_back(&mut self, from: usize, item: ItemId, currency: Currency, s: &Settlement) {
        let mut back = s.amount.saturating_neg();
        for piece in self.pieces[from..].iter_mut().rev().filter(|p| !p.firm) {
            let taken = back.min(piece.amount);
            if taken > 0 {
                piece.amount -= taken;
                piece.left -= taken;
                back -= taken;
                // On the day of the same extract it was explained by a payment, not taken back.
                if s.effective > piece.on {
                    self.returned.push(Returned {
                        item,
                        currency,
                        on: piece.on,
                        amount: taken,
                        back_on: s.effective,
                    });
                }
            }
        }
    }

    /// A source that leaves an invoice whole and shows its part payment beside it (SAP) names the
    /// invoice in that row: money of a known day on that invoice.
    fn add_named(&mut self, judge: &Judge<'_>, customer: CustomerId, items: &[ItemId]) {
        for id in judge.items_of(customer) {
            let Some(credit) = judge.book.item(id) else {
                continue;
            };
            let open = judge.scan.open(id).map_or(0, |o| o.working());
            if open >= 0 || !crate::scan::is_cash(credit.kind() as u8) {
                continue;
            }
            let names = |of: &&ItemId| {
                let debit = judge.book.item(**of);
                debit.is_some_and(|d| d.currency() == credit.currency() && is_named(&credit, &d))
            };
            let Some(item) = items.iter().find(names) else {
                continue;
            };
            let amount = open.saturating_neg();
            self.pieces.push(Piece {
                item: Some(*item),
                currency: credit.currency(),
                on: Day(credit.doc_date()),
                after: None,
                firm: true,
                amount,
                left: amount,
            });
            self.named.push(id);
        }
    }

    fn add_unapplied(&mut self, judge: &Judge<'_>, customer: CustomerId) {
        for id in judge.items_of(customer) {
            let Some(item) = judge.book.item(id).filter(|i| !self.named.contains(&i.id)) else {
                continue;
            };
            let open = judge.scan.open(id).map_or(0, |o| o.working());
            if open < 0 && crate::scan::is_cash(item.kind() as u8) {
                let amount = open.saturating_neg();
                self.pieces.push(Piece {
                    item: None,
                    currency: item.currency(),
                    on: Day(item.doc_date()),
                    after: None,
                    firm: true,
                    amount,
                    left: amount,
                });
            }
        }
    }

    /// Counts money for a line. First the money on its item; then, for `account`, the account's
    /// lines and what is unapplied.
    pub fn count(&mut self, work: &mut Work<'_>, line: usize, account: bool) {
        let fact = &work.promise.fact;
        let (taken_on, unapplied, currency) = (fact.taken_on, fact.count_unapplied, fact.currency);
        let of = &mut work.lines[line];
        let wanted = |p: &Piece| match (p.item, of.item) {
            (Some(on), Some(promised)) => !account && on == promised,
            (Some(_), None) => account && p.currency == currency,
            (None, _) => account && unapplied && p.currency == currency,
        };
        let end = of.window_end;
        let mut last = None;
        let (mut paid, mut firm) = (of.paid, of.firm);
        for piece in self.pieces.iter_mut().filter(|p| wanted(p)) {
            let take = piece.left.min(of.amount - paid);
            if take <= 0 || !piece.within(taken_on, end) {
                continue;
            }
            piece.left -= take;
            paid += take;
            firm += if piece.firm { take } else { 0 };
            last = last.max(Some(piece.on));
        }
        (of.paid, of.firm) = (paid, firm);
        work.kept_on = work.kept_on.max(last);
    }

    fn for_line<'m>(
        &'m self,
        work: &'m Work<'_>,
        item: Option<ItemId>,
    ) -> impl Iterator<Item = &'m Piece> {
        let fact = &work.promise.fact;
        self.pieces.iter().filter(move |p| match (p.item, item) {
            (Some(on), Some(promised)) => on == promised,
            (Some(_), None) => p.currency == fact.currency,
            (None, _) => fact.count_unapplied && p.currency == fact.currency,
        })
    }

    /// What came after the windows, up to what was missing, and when the last of it did (PT-04).
    pub fn late(&self, work: &Work<'_>, as_of: Day) -> (i64, Option<Day>) {
        let (mut late, mut on) = (0i64, None);
        let missed = |l: &&super::JudgedLine| {
            as_of > l.window_end && l.state != PromiseState::Kept && l.paid < l.amount
        };
        for line in work.lines.iter().filter(missed) {
            let mut missing = line.amount - line.paid;
            let after = |p: &&Piece| !p.within(work.promise.fact.taken_on, line.window_end);
            let mut pieces: Vec<&Piece> = self
                .for_line(work, line.item)
                .filter(after)
                .filter(|p| p.on > line.window_end)
                .collect();
            duebook_money::order::sort_by_key(&mut pieces, |p| p.on);
            for piece in pieces {
                let take = piece.amount.min(missing);
                if take > 0 {
                    missing -= take;
                    late = late.saturating_add(take);
                    on = on.max(Some(piece.on));
                }
            }
        }
        (late, on)
    }

    /// The day on which money that had kept the promise was taken back (PT-03).
    pub fn reopened(&self, work: &Work<'_>) -> Option<Day> {
        let fact = &work.promise.fact;
        let (mut had, mut promised, mut last) = (0i128, 0i128, None);
        for line in &work.lines {
            let of_line = self.returned.iter().filter(|r| {
                line.item
                    .map_or(r.currency == fact.currency, |i| i == r.item)
                    && r.on >= fact.taken_on
                    && r.on <= line.window_end
            });
            let mut counted = i128::from(line.paid);
            for r in of_line {
                counted += i128::from(r.amount);
                last = last.max(Some(r.back_on));
            }
            had += counted.min(i128::from(line.amount));
            promised += i128::from(line.amount);
        }
        let kept = had * 1000 >= promised * i128::from(fact.threshold_per_mille);
        last.filter(|_| kept)
    }
}

impl Judge<'_> {
    /// Whether a settlement counts in the view, its reversal aside.
    fn had(&self, s: &Settlement) -> bool {
        let standing = || {
            let table = self.book.settlements();
            table.standing(s.id, &|seq| self.scan.is_live(seq))
        };
        self.scan.is_live(s.commit) && s.effective <= self.as_of && standing().counts()
    }
    /// When it was reversed, as the view knows it.
    fn reversed_on(&self, s: &Settlement) -> Option<Day> {
        let table = self.book.settlements();
        let reversal = table.reversal(s.id, &|seq| self.scan.is_live(seq));
        reversal.map(|r| r.effective).filter(|d| *d <= self.as_of)
    }
    /// The bank's value date: that of the receipt, else of the settlement.
    fn value_date(&self, s: &Settlement) -> Day {
        // Money that went over from another receipt came in with that one.
        let credit = s.credit.and_then(|id| self.book.item(self.book.origin(id)));
        let dated = credit.filter(|c| c.doc_date() != duebook_ledger::columns::NO_DAY);
        dated.map_or(s.effective, |c| Day(c.doc_date()))
    }
    /// The days of the extracts that showed a customer's items, in order.
    fn extract_days(&self, customer: CustomerId) -> Vec<Day> {
        let Some(known) = self.book.customer(customer) else {
            return Vec::new();
        };
        let source = self.book.source_name(known.source);
        let mut days: Vec<Day> = extracts(self.book, self.scan, source, &known.number)
            .map(|(day, _)| day)
            .collect();
        duebook_money::order::sort(&mut days);
        days.dedup();
        days
    }
}
