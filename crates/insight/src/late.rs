//! Interest for late payment, item by item (§6): the claim as the book has it, its sheet by a rule
//! pack, and what was charged before.

use duebook_ledger::columns::ItemKind;
use duebook_ledger::facts::Cause;
use duebook_ledger::plans::NewCharge;
use duebook_ledger::{Book, CustomerId, ItemId, OpenScan};
use duebook_money::{Currency, Day};
use duebook_policy::interest::{Claim, InterestError, InterestSheet, RulePack};

/// An item that was or is paid late.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LateItem {
    /// Which.
    pub item: ItemId,
    /// Currency.
    pub currency: Currency,
    /// Last day for payment.
    pub due: Day,
    /// The day to which interest runs: the as-of day, or that of the last payment.
    pub until: Day,
    /// Open in the view, minor units.
    pub open: i64,
    /// The calculation, or why there is none.
    pub sheet: Result<InterestSheet, InterestError>,
    /// Charged for it before, minor units.
    pub charged: i64,
}

/// The claim that an item makes in a view: what was owed on its due date, and what came after it.
/// `None` for a credit, a charge, and what was not late.
pub fn claim_of(book: &Book, scan: &OpenScan<'_>, id: ItemId) -> Option<Claim> {
    let item = book.item(id)?;
    let bears = item.recorded_amount() > 0 && item.kind() != ItemKind::LateCharge;
    let due = duebook_ledger::items::day(book.due_of(&item)).filter(|_| bears)?;
    let as_of = scan.view().as_of;
    if due >= as_of {
        return None;
    }
    let mut moved: Vec<(Day, i64)> = Vec::new();
    let table = book.settlements();
    let live = |seq| scan.is_live(seq);
    for s in book.settlements_of(id).filter(|s| s.debit == Some(id)) {
        let reversal = table.reversal(s.id, &live).filter(|r| r.effective <= as_of);
        let counts = scan.is_live(s.commit) && s.effective <= as_of && reversal.is_none();
        if !counts || !table.standing(s.id, &live).counts() || s.cause == Cause::TakeOn {
            continue;
        }
        let credit = s
            .credit
            .and_then(|c| book.item(c))
            .map(|c| Day(c.doc_date()));
        moved.push((credit.unwrap_or(s.effective), s.amount));
    }
    duebook_money::order::sort(&mut moved);
    let before = moved.iter().filter(|(day, _)| *day <= due);
    let open_then = before.fold(item.recorded_open(), |o, (_, a)| o.saturating_sub(*a));
    let mut payments: Vec<(Day, i64)> = Vec::new();
    for (day, amount) in moved.into_iter().filter(|(day, _)| *day > due) {
        if amount > 0 {
            payments.push((day, amount));
            continue;
        }
        // A figure that rose again takes back what had come last.
        let mut back = amount.saturating_neg();
        while let Some(last) = payments.last_mut().filter(|_| back > 0) {
            let take = back.min(last.1);
            (last.1, back) = (last.1 - take, back - take);
            if last.1 == 0 {
                payments.pop();
            }
        }
    }
    let open = scan.open(id).map_or(0, |o| o.working());
    let until = match open > 0 {
        true => as_of,
        false => payments.last().map_or(due, |(day, _)| *day),
    };
    (open_then > 0 && until > due).then_some(Claim {
        principal: open_then,
        currency: item.currency(),
        due,
        until,
        payments,
    })
}

/// Charged before for an item, minor units: charges that count, whatever was waived of them.
pub fn charged_before(book: &Book, id: ItemId) -> i64 {
    let of = book.charges().filter(|(_, _, c)| book.current(c.of) == id);
    of.fold(0i64, |sum, (_, _, c)| sum.saturating_add(c.sheet.total()))
}

/// The items of a customer that are or were late, by due date, worked out by a pack.
pub fn late_items(
    book: &Book,
    scan: &OpenScan<'_>,
    customer: CustomerId,
    pack: &RulePack,
) -> Vec<LateItem> {
    let policy = &book.policies().recovery.interest;
    let mut late: Vec<LateItem> = Vec::new();
    for item in scan.items_of(customer).filter(|i| book.is_item_live(i.id)) {
        let Some(claim) = claim_of(book, scan, item.id) else {
            continue;
        };
        let charged = charged_before(book, item.id);
        let mut sheet = policy.calculate(pack, &claim);
        if let Ok(sheet) = &mut sheet {
            sheet.charged_before = charged;
        }
        late.push(LateItem {
            item: item.id,
            currency: claim.currency,
            due: claim.due,
            until: claim.until,
            open: scan.open(item.id).map_or(0, |o| o.working()),
            sheet,
            charged,
        });
    }
    duebook_money::order::sort_by_key(&mut late, |l| (l.due, l.item));
    late
}

/// The charges that some late items ask for: those with something left to charge, numbered after
/// the item and how many were raised for it before.
pub fn charges_for(book: &Book, late: &[LateItem]) -> Vec<NewCharge> {
    let one = |l: &LateItem| {
        let sheet = l.sheet.as_ref().ok().filter(|s| s.total() > 0)?;
        let before = book
            .charges()
            .filter(|(_, _, c)| book.current(c.of) == l.item)
            .count();
        let key = book.item_key(l.item)?;
        let part = if key.line.is_empty() {
            String::new()
        } else {
            format!("-{}", key.line)
        };
        Some(NewCharge {
            number: format!("LI-{}{part}-{}", key.number, before + 1),
            item: key,
            sheet: sheet.clone(),
        })
    };
    late.iter().filter_map(one).collect()
}
