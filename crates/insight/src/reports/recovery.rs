//! What was negotiated: plans and settlements, placements, risk
//! register, who let go of how much, tax withheld (domain.md §10).

use super::catalog::Drawing;
use super::{money, money_column};
use crate::plans::{OfferState, PlanState, judge_offers, judge_plans, limitation_of, placements};
use crate::risk::{History, Portfolio, score};
use duebook_ledger::cases::resolve::RequestState;
use duebook_ledger::facts::Cause;
use duebook_ledger::plans::{OfferEnd, PlacedWith, PlacementEnd, PlanEnd, Stage};
use duebook_ledger::{Book, CustomerId, OpenScan, Seq};
use duebook_money::Day;
use duebook_policy::Grant;
use duebook_sheet::{Cell, Column, Kind, Sheet};
use rust_decimal::Decimal;

pub(super) type Row<'a> = Vec<Cell<'a>>;

/// A sheet of rows that are made at once: there are few of them.
pub(super) fn sheet<'a>(name: &str, columns: Vec<Column>, rows: Vec<Row<'a>>) -> Sheet<'a> {
    let count = rows.len();
    let cell = move |row: usize, column: usize| {
        let found = rows.get(row).and_then(|r| r.get(column));
        Cell::or_empty(found.cloned())
    };
    let mut sheet = Sheet::new(name, columns, count, cell);
    sheet.freeze_columns = 2;
    sheet
}

pub(super) fn text(header: &str) -> Column {
    Column::new(header, Kind::Text)
}

pub(super) fn date(header: &str) -> Column {
    Column::new(header, Kind::Date)
}

/// Account and name of a customer: the first two columns of most sheets here.
fn who<'a>(book: &'a Book, id: CustomerId) -> [Cell<'a>; 2] {
    let number = book.customer(id).map_or("", |c| c.number.as_str());
    let name = book.customer_facts(id).map_or("", |f| f.name.as_str());
    [Cell::text(number), Cell::text(name)]
}

fn named() -> [Column; 2] {
    [
        text("Account"),
        text("Customer").width(32).total_text("Total"),
    ]
}

pub(super) fn day(day: Option<Day>) -> Cell<'static> {
    Cell::or_empty(day.map(Cell::Date))
}

fn words<'a>(words: &str) -> Cell<'a> {
    match words {
        "" => Cell::Empty,
        words => Cell::text(words.to_owned()),
    }
}

/// Parts of so many decimals as a number: 250 per mille is 0.250.
fn share(part: i64, decimals: u32) -> Cell<'static> {
    let number = Decimal::try_from_i128_with_scale(i128::from(part), decimals);
    Cell::or_empty(number.ok().map(Cell::Number))
}

/// Plans and settlement offers with what came of each (PL-01, ST-04).
pub fn agreements_sheet<'a>(drawing: &'a Drawing<'a>) -> Sheet<'a> {
    const CURRENCY: usize = 3;
    let (book, view) = (drawing.book, drawing.query.view);
    let sum = |header: &str| money_column(header, CURRENCY).sum();
    let mut columns = named().to_vec();
    columns.extend([
        text("Kind"),
        text("Currency"),
        date("Agreed on"),
        text("State").width(26),
        sum("Debt").note("What it covers"),
        sum("To be paid"),
        sum("Came in").note("Money alone; presumed is beside it"),
        sum("Presumed").note("PT-10"),
        sum("Let go where kept").note("ST-04: written off only when the money is in"),
        date("Next due"),
        Column::new("Instalments", Kind::Integer),
        Column::new("Complete", Kind::Integer),
        date("In default since").note("PL-02"),
        text("Reason").width(32),
        text("Approved by"),
        text("Reference"),
    ]);
    let mut rows: Vec<Row<'a>> = Vec::new();
    for p in judge_plans(book, view) {
        let Some(fact) = book.plans().get(p.plan.index()).map(|plan| &plan.fact) else {
            continue;
        };
        let approved = fact.approved.as_ref();
        let of = |minor| money(minor, p.currency);
        let mut row = who(book, p.customer).to_vec();
        row.extend([
            Cell::text("Plan"),
            Cell::text(p.currency.code()),
            Cell::Date(p.agreed_on),
            Cell::text(plan_state(p.state)),
            of(p.total),
            of(p.total),
            of(p.paid - p.presumed),
            of(p.presumed),
            of(0),
            day(p.next.map(|(on, _)| on)),
            Cell::Int(p.instalments.len() as i64),
            Cell::Int(p.complete() as i64),
            day(p.default.map(|d| d.on)),
            words(&fact.reason),
            words(approved.map_or("", |a| &a.by)),
            words(approved.map_or("", |a| &a.reference)),
        ]);
        rows.push(row);
    }
    for o in judge_offers(book, view) {
        let Some(fact) = book.offers().get(o.offer.index()).map(|offer| &offer.fact) else {
            continue;
        };
        let approved = fact.approved.as_ref();
        let of = |minor| money(minor, o.currency);
        let mut row = who(book, o.customer).to_vec();
        row.extend([
            Cell::text("Settlement"),
            Cell::text(o.currency.code()),
            Cell::Date(fact.offered_on),
            Cell::text(offer_state(o.state)),
            of(o.debt),
            of(o.pay),
            of(o.paid),
            of(o.presumed),
            of(fact.waived()),
            Cell::Date(o.by),
            Cell::Empty,
            Cell::Empty,
            Cell::Empty,
            words(&fact.reason),
            words(approved.map_or("", |a| &a.by)),
            words(approved.map_or("", |a| &a.reference)),
        ]);
        rows.push(row);
    }
    sheet("Plans and settlements", columns, rows)
}

/// What is with agencies and lawyers, what came of it, when the claims run out (§8.5, §6.5).
pub fn placements_sheet<'a>(drawing: &'a Drawing<'a>) -> Sheet<'a> {
    const CURRENCY: usize = 4;
    let (book, view) = (drawing.book, drawing.query.view);
    let scan = OpenScan::new(book, view);
    let sum = |header: &str| money_column(header, CURRENCY).sum();
    let mut columns = named().to_vec();
    columns.extend([
        text("With"),
        text("Name").width(24),
        text("Currency"),
        date("Placed on"),
        text("Stage"),
        date("Since"),
        sum("Placed"),
        sum("Recovered"),
        sum("Commission"),
        sum("Open"),
        date("Claim runs out").note("§6.5: the next of its items, by the rule of the country"),
        text("Ended"),
        date("Ended on"),
        text("Why, and what was tried").width(40),
        text("Their reference"),
        text("Approved by"),
    ]);
    let row = |p: crate::plans::JudgedPlacement| {
        let fact = &book.placements().get(p.placement.index())?.fact;
        let of = |minor| money(minor, p.currency);
        let limits = limitation_of(book, &scan, p.customer);
        let mut row = who(book, p.customer).to_vec();
        row.extend([
            Cell::text(match fact.with {
                PlacedWith::Agency => "Agency",
                PlacedWith::Counsel => "Lawyer",
            }),
            words(&fact.name),
            Cell::text(p.currency.code()),
            Cell::Date(fact.placed_on),
            Cell::text(stage_name(p.stage.0)),
            Cell::Date(p.stage.1),
            of(p.placed),
            of(p.recovered),
            of(p.commission),
            of(p.open),
            day(limits.first().map(|l| l.on)),
            words(p.ended.map_or("", |(how, _)| placement_end(how))),
            day(p.ended.map(|(_, on)| on)),
            words(&fact.reason),
            words(&fact.reference),
            words(fact.approved.as_ref().map_or("", |a| &a.by)),
        ]);
        Some(row)
    };
    let rows = placements(book, view).into_iter().filter_map(row).collect();
    sheet("Agency and legal", columns, rows)
}

/// The risk register with what the score says of each customer in it (§8.5).
pub fn risks_sheet<'a>(drawing: &'a Drawing<'a>) -> Sheet<'a> {
    const CURRENCY: usize = 2;
    let (book, view) = (drawing.book, drawing.query.view);
    let scan = OpenScan::new(book, view);
    let portfolio = Portfolio::new(History::of(book, view));
    let sum = |header: &str| money_column(header, CURRENCY).sum();
    let mut columns = named().to_vec();
    columns.extend([
        text("Currency"),
        text("What may happen").width(40),
        Column::new("P", Kind::Percent).note("As estimated by its owner"),
        sum("Impact"),
        sum("P × impact"),
        money_column("Exposure", CURRENCY).note("Where it is of the same currency"),
        Column::new("Score", Kind::Integer).note("Points of the customer: see Risk"),
        Column::new("Flags", Kind::Integer),
        text("Owner"),
        text("Mitigation").width(40),
        date("Review"),
        Column::new("Over", Kind::Flag),
    ]);
    let live = |s: Seq| scan.is_live(s);
    let row = |risk: &'a duebook_ledger::plans::Risk| {
        let fact = risk.facts.get(&live)?;
        let customer = score(book, &scan, &portfolio, fact.customer);
        let (currency, exposure) = customer.exposure;
        let weighted = fact.weighted();
        let mut row = who(book, fact.customer).to_vec();
        row.extend([
            Cell::text(fact.currency.code()),
            words(&fact.what),
            share(i64::from(fact.per_mille), 3),
            money(fact.impact, fact.currency),
            money(weighted, fact.currency),
            Cell::or_empty((currency == fact.currency).then(|| money(exposure, currency))),
            Cell::Int(i64::from(customer.points)),
            Cell::Int(customer.flags.len() as i64),
            words(&fact.owner),
            words(&fact.action),
            Cell::Date(fact.review),
            Cell::Flag(fact.closed),
        ]);
        Some(row)
    };
    let rows = book.risks().iter().filter_map(row).collect();
    sheet("Risk register", columns, rows)
}

/// Who let go of how much in the period, under whose authority (ST-01, ST-02).
pub fn authority_sheet<'a>(drawing: &'a Drawing<'a>) -> Sheet<'a> {
    const CURRENCY: usize = 3;
    let (book, period) = (drawing.book, drawing.period);
    let sum = |header: &str| money_column(header, CURRENCY).sum();
    let mut columns = named().to_vec();
    columns.extend([
        date("Day"),
        text("Currency"),
        text("What"),
        sum("Amount"),
        money_column("Of a document of", CURRENCY),
        text("Asked by"),
        text("Role"),
        text("Approved by").note("Empty: within the own limit"),
        text("Reference"),
        text("State"),
        text("Request"),
        text("Reason").width(32),
    ]);
    let within = |on: Day| period.from <= on && on <= period.to;
    let live = |s: Seq| book.is_live(s);
    let mut rows: Vec<(Day, Seq, Row<'a>)> = Vec::new();
    for (id, r) in book.requests() {
        let fact = &r.fact;
        let Some(grant) = fact.grant.filter(|_| within(fact.asked.on)) else {
            continue;
        };
        let posted = r.posted.get(&live);
        let approval = posted.and_then(|p| p.approval.as_ref());
        let mut row = who(book, fact.customer).to_vec();
        row.extend([
            Cell::Date(fact.asked.on),
            Cell::text(fact.currency.code()),
            Cell::text(grant_name(grant)),
            money(fact.granted, fact.currency),
            money(fact.document, fact.currency),
            words(&fact.maker),
            words(posted.map_or("", |p| &p.role)),
            words(approval.map_or("", |a| &a.who)),
            words(approval.map_or("", |a| &a.reference)),
            words(book.request_state(id).map_or("", request_state)),
            words(&fact.number),
            words(&fact.asked.reason),
        ]);
        rows.push((fact.asked.on, r.commit, row));
    }
    for g in book.granted().filter(|g| within(g.day)) {
        let role = book.policies().authority.role(usize::from(g.rank));
        let by = book.commit(g.commit).map_or("", |c| c.actor.as_str());
        let mut row = who(book, g.customer).to_vec();
        row.extend([
            Cell::Date(g.day),
            Cell::text(g.currency.code()),
            Cell::text(grant_name(g.grant)),
            money(g.amount, g.currency),
            Cell::Empty,
            Cell::text(by),
            words(role.map_or("", |r| &r.role)),
        ]);
        rows.push((g.day, g.commit, row));
    }
    // PL-03: a re-aging lets nothing go, and is shown with who approved it.
    for (seq, fact) in book.reagings() {
        let Some(commit) = book.commit(seq).filter(|c| within(c.ledger_date)) else {
            continue;
        };
        let mut row = who(book, fact.customer).to_vec();
        row.extend([
            Cell::Date(commit.ledger_date),
            Cell::Empty,
            Cell::text(format!(
                "Re-aging to {}, {} items",
                fact.to,
                fact.items.len()
            )),
            Cell::Empty,
            Cell::Empty,
            Cell::text(commit.actor.as_str()),
            Cell::Empty,
            words(&fact.approved.by),
            words(&fact.approved.reference),
            Cell::Empty,
            Cell::Empty,
            words(&fact.reason),
        ]);
        rows.push((commit.ledger_date, seq, row));
    }
    duebook_money::order::sort_by_key(&mut rows, |(on, seq, _)| (*on, *seq));
    let rows = rows.into_iter().map(|(_, _, row)| row).collect();
    sheet("Authority log", columns, rows)
}

/// Tax that customers kept back in the period (§5.6), by quarter: what certificates are asked for.
pub fn withheld_sheet<'a>(drawing: &'a Drawing<'a>) -> Sheet<'a> {
    const CURRENCY: usize = 5;
    let (book, period) = (drawing.book, drawing.period);
    let scan = OpenScan::new(book, drawing.query.view);
    let live = |s: Seq| scan.is_live(s);
    let table = book.settlements();
    let mut columns = named().to_vec();
    columns.extend([
        text("Document"),
        date("Day"),
        text("Quarter").note("April to June is the first, as certificates are given"),
        text("Currency"),
        money_column("Document’s amount", CURRENCY),
        money_column("Withheld", CURRENCY).sum(),
        text("Recorded by"),
    ]);
    let row = |s: duebook_ledger::settlements::Settlement| {
        let item = book.item(s.debit?)?;
        let mut row = who(book, item.customer()).to_vec();
        row.extend([
            Cell::text(item.number().to_owned()),
            Cell::Date(s.effective),
            Cell::text(quarter(s.effective)),
            Cell::text(item.currency().code()),
            money(book.amount_of(&item), item.currency()),
            money(s.amount, item.currency()),
            Cell::text(book.commit(s.commit)?.actor.as_str()),
        ]);
        Some(row)
    };
    let counted = (table.iter())
        .filter(|s| s.cause == Cause::Withholding && live(s.commit))
        .filter(|s| period.from <= s.effective && s.effective <= period.to)
        .filter(|s| table.standing(s.id, &live).counts())
        .filter(|s| !matches!(table.reversal(s.id, &live), Some(r) if r.effective <= period.to));
    let rows = counted.filter_map(row).collect();
    sheet("Tax withheld", columns, rows)
}

/// The quarter of a financial year that begins in April: "2026-27 Q1".
fn quarter(on: Day) -> String {
    let (year, month, _) = on.ymd();
    let first = if month >= 4 { year } else { year - 1 };
    let q = (u32::from(month) + 8) % 12 / 3 + 1;
    format!("{first}-{:02} Q{q}", (first + 1).rem_euclid(100))
}

pub(crate) fn plan_state(state: PlanState) -> &'static str {
    match state {
        PlanState::Current => "Kept so far",
        PlanState::Late => "Instalment late",
        PlanState::AwaitingNews => "Waiting for the source's file",
        PlanState::Defaulted | PlanState::Ended(PlanEnd::Defaulted) => "Defaulted",
        PlanState::Completed => "Completed",
        PlanState::Ended(PlanEnd::Replaced) => "Replaced",
        PlanState::Ended(PlanEnd::Cancelled) => "Cancelled",
        PlanState::Ended(PlanEnd::EntryError) => "Entry error",
    }
}

pub(crate) fn offer_state(state: OfferState) -> &'static str {
    match state {
        OfferState::Open => "Open",
        OfferState::Paid => "Paid",
        OfferState::AwaitingNews => "Waiting for the source's file",
        OfferState::Lapsed => "Lapsed: full debt",
        OfferState::Ended(OfferEnd::WrittenOff) => "Settled",
        OfferState::Ended(OfferEnd::Refused) => "Refused",
        OfferState::Ended(OfferEnd::Withdrawn) => "Withdrawn",
        OfferState::Ended(OfferEnd::EntryError) => "Entry error",
    }
}

/// How far a placement is.
pub fn stage_name(stage: Stage) -> &'static str {
    match stage {
        Stage::Recommended => "Recommended",
        Stage::LetterBeforeClaim => "Letter before claim",
        Stage::Pending => "Handed over",
        Stage::Collecting => "Collecting",
        Stage::Proceedings => "Before court",
        Stage::Judgment => "Judgment",
    }
}

pub(crate) fn placement_end(end: PlacementEnd) -> &'static str {
    match end {
        PlacementEnd::Recalled => "Recalled",
        PlacementEnd::Paid => "Paid",
        PlacementEnd::Uncollectable => "Uncollectable",
        PlacementEnd::EntryError => "Entry error",
    }
}

fn grant_name(grant: Grant) -> &'static str {
    match grant {
        Grant::LateCharge => "Late charge",
        Grant::SmallBalance => "Small balance",
        Grant::Credit => "Credit",
        Grant::Goodwill => "Goodwill",
        Grant::WriteOff => "Write-off",
        Grant::Settlement => "Settlement",
        Grant::PayOut => "Pay-out",
    }
}

fn request_state(state: RequestState) -> &'static str {
    match state {
        RequestState::ToApprove => "Waits for approval",
        RequestState::Pending => "Pending",
        RequestState::Differs => "Differs",
        RequestState::Executed => "Executed",
        RequestState::Over => "Over",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn section_10_quarters_of_certificates() {
        let of = |y, m| Day::from_ymd(y, m, 15).map(quarter).unwrap_or_default();
        let table = [
            (2026, 4, "2026-27 Q1"),
            (2026, 6, "2026-27 Q1"),
            (2026, 7, "2026-27 Q2"),
            (2026, 12, "2026-27 Q3"),
            (2027, 1, "2026-27 Q4"),
            (2027, 3, "2026-27 Q4"),
            (2099, 12, "2099-00 Q3"),
        ];
        for (year, month, quarter) in table {
            assert_eq!(of(year, month), quarter);
        }
    }
}
