//! Reporting accuracy as a number (domain.md §2.6): controls, breaks, sampled figures, reports issued
//! again, complete records.

use super::formulas::wilson;
use super::{Gathered, In, Kpi, Part, Period, Ratio, Step, Value, Why, definition};
use crate::aging::{Aging, AgingQuery, GroupBy, GroupKey};
use crate::overlay::Overlay;
use crate::scan::{days, is_cash};
use crate::tie_out::TieOut;
use duebook_ledger::columns::NO_DAY;
use duebook_ledger::facts::{CreditMode, Standing};
use duebook_ledger::{Book, CustomerId, ItemId, OpenScan, Seq};
use duebook_money::Currency;
use std::collections::BTreeMap;

/// Figures sampled at most.
pub const SAMPLE: usize = 50;

/// What a sample found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sampled {
    /// Figures looked at.
    pub looked_at: u64,
    /// Of which another way of counting finds otherwise.
    pub errors: u64,
}

impl Sampled {
    /// The Wilson 95 % interval of the error rate, per million.
    pub fn interval(self) -> Option<(u64, u64)> {
        wilson(self.errors, self.looked_at)
    }
}

/// Numbers that look drawn by lot and are the same for the same seed (splitmix64).
struct Lot(u64);

impl Lot {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let z = z ^ (z >> 31);
        ((u128::from(z) * n as u128) >> 64) as usize
    }
}

/// Derives cells of an aging by customer anew, item by item through each item's own settlements:
/// code that shares neither the columns nor the scan behind the aging. The seed makes the sample
/// the same for the same report.
pub fn sample(book: &Book, query: &AgingQuery, aging: &Aging, seed: u64) -> Sampled {
    let mut out = Sampled::default();
    let fits = query.group_by == GroupBy::Customer && query.credits == CreditMode::Separate;
    if aging.rows.is_empty() || !fits {
        return out;
    }
    let scan = OpenScan::new(book, query.view);
    let overlay = Overlay::new(book, &scan);
    let mut lot = Lot(seed);
    let width = aging.bucket_count() + 2;
    let drawn = (0..SAMPLE).map(|_| (lot.below(aging.rows.len()), lot.below(width)));
    let drawn: Vec<(usize, usize)> = drawn.collect();
    let items = items_of(&scan, aging, &drawn);
    for (at, column) in drawn {
        let row = &aging.rows[at];
        let GroupKey::Customer(customer) = row.group else {
            continue;
        };
        let ids = items.get(&customer).map_or(&[][..], |ids| ids);
        let derived = derive(book, &scan, (query, &overlay), ids, row.currency);
        let shown = match column.checked_sub(aging.bucket_count()) {
            None => aging.buckets(at).get(column).copied().unwrap_or(0),
            Some(0) => row.unapplied,
            Some(_) => row.credit_memos,
        };
        out.looked_at += 1;
        out.errors += u64::from(derived.get(column).copied().unwrap_or(0) != i128::from(shown));
    }
    out
}

/// The items that the drawn customers have in the view.
fn items_of(
    scan: &OpenScan<'_>,
    aging: &Aging,
    drawn: &[(usize, usize)],
) -> BTreeMap<CustomerId, Vec<ItemId>> {
    let mut out: BTreeMap<CustomerId, Vec<ItemId>> = BTreeMap::new();
    for (at, _) in drawn {
        if let GroupKey::Customer(id) = aging.rows[*at].group {
            out.entry(id).or_default();
        }
    }
    for (number, segment) in scan.segments() {
        for (row, customer) in segment.data().customer.iter().enumerate() {
            if let Some(ids) = out.get_mut(&CustomerId(*customer))
                && segment.exists(row)
            {
                ids.push(ItemId::new(number, row));
            }
        }
    }
    out
}

/// One customer's cells in a currency: buckets, unapplied cash, credit memos.
fn derive(
    book: &Book,
    scan: &OpenScan<'_>,
    (query, overlay): (&AgingQuery, &Overlay),
    ids: &[ItemId],
    currency: Currency,
) -> Vec<i128> {
    let buckets = &query.buckets;
    let mut cells = vec![0i128; buckets.count() + 2];
    let as_of = query.view.as_of;
    let items = ids.iter().filter_map(|id| book.item(*id));
    for item in items.filter(|i| i.currency() == currency) {
        let Some(segment) = scan.segment(item.id.segment()) else {
            continue;
        };
        let open = open_anew(book, scan, query, item.id);
        let due = overlay.due(&segment, item.id);
        let issued = days(as_of.0, item.doc_date());
        let late = if due == NO_DAY {
            issued
        } else {
            as_of.0.saturating_sub(due)
        };
        let age = match query.basis {
            duebook_policy::Basis::DueDate => late,
            duebook_policy::Basis::InvoiceDate => issued,
        };
        let column = match open {
            o if o >= 0 => buckets.index(age),
            _ if is_cash(item.kind() as u8) => buckets.count(),
            _ => buckets.count() + 1,
        };
        cells[column] += open;
    }
    cells
}

/// What is open of an item, from its own settlements.
fn open_anew(book: &Book, scan: &OpenScan<'_>, query: &AgingQuery, id: ItemId) -> i128 {
    let live = |s: Seq| scan.is_live(s);
    let at_source = query.figure == crate::scan::Figure::AtSource;
    let Some(item) = book.item(id) else { return 0 };
    let table = book.settlements();
    let pending = |standing: Standing| at_source && standing.is_pending();
    let own = scan.segment(id.segment()).map(|s| s.standing(id.row()));
    if own.is_some_and(pending) {
        return 0;
    }
    let mut open = i128::from(item.recorded_open());
    for s in book.settlements_of(id) {
        let standing = table.standing(s.id, &live);
        if !live(s.commit) || s.effective > query.view.as_of || !standing.counts() {
            continue;
        }
        let sign = if s.debit == Some(id) { -1 } else { 1 };
        let amount = sign * i128::from(s.amount);
        if !pending(standing) {
            open += amount;
        }
        let reversal = table.reversal(s.id, &live);
        if let Some(r) = reversal.filter(|r| r.effective <= query.view.as_of) {
            // Taken back at source, or with a posting of ours that the source never had.
            if !pending(r.standing) || pending(standing) {
                open -= if pending(standing) { 0 } else { amount };
            }
        }
    }
    open
}

/// Reports of a period and those of them that were issued again for the same day.
pub fn issued_again(book: &Book, period: Period) -> (u64, u64) {
    let mut seen = std::collections::BTreeSet::new();
    let (mut issued, mut again) = (0, 0);
    for report in book.issued_reports() {
        let first = seen.insert((report.fact.name.clone(), report.fact.as_of));
        let day = book.commit(report.commit).map(|c| c.ledger_date);
        if day.is_some_and(|d| period.from <= d && d <= period.to) {
            issued += 1;
            again += u64::from(!first);
        }
    }
    (issued, again)
}

/// The figures of reporting accuracy of what was gathered in one group: of one currency's controls
/// and records, or of all of them.
pub fn kpis(book: &Book, of: &Gathered, tied: &TieOut, sampled: Sampled, currency: In) -> Vec<Kpi> {
    let period = of.ask.period;
    let counts = of.counts_in(0, currency);
    let of_currency = |c: &Option<Currency>| match (currency, c) {
        (In::Own(one), Some(c)) => one == *c,
        _ => true,
    };
    let lines: Vec<_> = tied
        .lines
        .iter()
        .filter(|l| of_currency(&l.currency))
        .collect();
    let held = lines.iter().filter(|l| l.holds()).count() as u64;
    let mut out = vec![share(period, "RA-1", held, lines.len() as u64)];
    out.push(by_value(period, &lines));
    let mut errors = share(period, "RA-3", sampled.errors, sampled.looked_at);
    if let Some((low, high)) = sampled.interval() {
        let tenths = |v: u64| format!("{}.{} %", v / 10_000, v / 1_000 % 10);
        errors.note = format!(
            "95 % interval {} to {} (Wilson); derived anew from each item\u{2019}s own settlements.",
            tenths(low),
            tenths(high + 999)
        );
    }
    out.push(errors);
    let (issued, again) = issued_again(book, period);
    out.push(share(period, "RA-4", issued - again, issued));
    out.push(share(
        period,
        "RA-6/contacts",
        counts.people_complete,
        counts.people,
    ));
    out.push(share(
        period,
        "RA-6/promises",
        counts.promises_complete,
        counts.promises,
    ));
    out.push(share(
        period,
        "RA-6/disputes",
        counts.disputes_complete,
        counts.disputes,
    ));
    let told = out.into_iter().map(|kpi| of.told_in(currency, kpi));
    told.collect()
}

/// RA-2: breaks and the balances they are held against, where both are of one currency.
fn by_value(period: Period, lines: &[&crate::tie_out::TieLine]) -> Kpi {
    let mut of: BTreeMap<&'static str, (Currency, i128, i128)> = BTreeMap::new();
    for line in lines {
        if let Some(currency) = line.currency {
            let sums = of.entry(currency.code()).or_insert((currency, 0, 0));
            sums.1 += line.difference().abs();
            sums.2 += line.expected.abs();
        }
    }
    let mut kpi = share(period, "RA-2", 0, 0);
    let all: Vec<_> = of.into_values().collect();
    kpi.n = lines.len() as u64;
    kpi.steps = all
        .iter()
        .flat_map(|(c, breaks, balances)| {
            let label = |what: &str| format!("{what}, {}", c.code());
            [
                Step {
                    label: label("Breaks"),
                    part: Part::Money(*breaks, *c),
                },
                Step {
                    label: label("Balances compared"),
                    part: Part::Money(*balances, *c),
                },
            ]
        })
        .collect();
    match all.as_slice() {
        [(c, breaks, balances)] => {
            kpi.numerator = Some(Part::Money(balances - breaks, *c));
            kpi.denominator = Some(Part::Money(*balances, *c));
            kpi.value = of_parts(balances - breaks, *balances);
        }
        [] => {}
        // Amounts of several currencies are never added up: the share of the worst stands for all.
        several => {
            let shares = several
                .iter()
                .filter_map(|(_, b, of)| Ratio::new(of - b, *of));
            let worst = shares.reduce(|a, b| match a.minus(b).map(|d| d.numerator() > 0) {
                Some(true) => b,
                _ => a,
            });
            kpi.value = worst.map_or(Value::NotAvailable(Why::NothingToDivideBy), Value::Is);
            kpi.note = "Several currencies: that of the worst.".to_owned();
        }
    }
    kpi
}

fn of_parts(part: i128, whole: i128) -> Value {
    Ratio::new(part, whole).map_or(Value::NotAvailable(Why::NothingToDivideBy), Value::Is)
}

fn share(period: Period, id: &'static str, part: u64, whole: u64) -> Kpi {
    let (n, d) = (i128::from(part), i128::from(whole));
    Kpi {
        definition: definition(id).unwrap_or(&super::DEFINITIONS[0]),
        bucket: None,
        value: of_parts(n, d),
        numerator: Some(Part::Count(n)),
        denominator: Some(Part::Count(d)),
        n: whole,
        period,
        steps: Vec::new(),
        note: String::new(),
    }
}
