//! Restatement (domain.md §2.6, 5): what was issued for a day against what is known of that day now,
//! and every fact that was learnt in between, line by line. Two clocks: the day stays, the commit
//! moves.

use super::{Ask, By, Gathered, In, Period, Sum, Whose};
use duebook_ledger::facts::Cause;
use duebook_ledger::reporting::{IssuedFigure, IssuedReport};
use duebook_ledger::{Book, ItemId, OpenScan, Seq, View};
use duebook_money::{Currency, Day};

/// The figures that are kept of an issue, by currency.
pub fn figures(gathered: &Gathered) -> Vec<IssuedFigure> {
    let mut out = Vec::new();
    for currency in gathered.currencies() {
        let Ok(base) = gathered.base(0, In::Own(currency)) else {
            continue;
        };
        let mut put = |name: String, value: i128| {
            if let Ok(value) = i64::try_from(value) {
                let currency = Some(currency);
                out.push(IssuedFigure {
                    name,
                    currency,
                    value,
                });
            }
        };
        put("Receivables".to_owned(), base.of(Sum::EndNet));
        put("Open debits".to_owned(), base.of(Sum::EndDebits));
        put("Unapplied cash".to_owned(), base.of(Sum::EndUnapplied));
        put("Credit memos".to_owned(), base.of(Sum::EndCredits));
        for (label, amount) in gathered.buckets.labels().iter().zip(&base.end) {
            put(format!("Bucket {label}"), *amount);
        }
        put("Invoiced".to_owned(), base.of(Sum::Invoiced));
        put("Cash received".to_owned(), base.of(Sum::Received));
        put("Presumed paid".to_owned(), base.of(Sum::Presumed));
    }
    out
}

/// A figure as issued and as known now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestatedFigure {
    /// What it is.
    pub name: String,
    /// Currency; `None` for a count.
    pub currency: Option<Currency>,
    /// As issued; `None` where it was not among what was issued.
    pub issued: Option<i64>,
    /// For the same day, as known now.
    pub now: i64,
}

impl RestatedFigure {
    /// What it differs by.
    pub fn difference(&self) -> i128 {
        i128::from(self.now) - i128::from(self.issued.unwrap_or(0))
    }
}

/// What was learnt since.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Learnt {
    /// A document of that day or before.
    Document,
    /// A document that is not known any more: what brought it was undone.
    DocumentGone,
    /// A settlement.
    Settled(Cause),
    /// A settlement that does not count any more by that day.
    TakenBack(Cause),
    /// Another due date.
    Due(Day, Day),
}

/// One fact learnt after the issue that changes its day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LearntLine {
    /// The commit it was learnt by; of what was undone, the commit that brought it.
    pub commit: Seq,
    /// The item.
    pub item: ItemId,
    /// What.
    pub what: Learnt,
    /// Accounting date.
    pub effective: Option<Day>,
    /// Currency.
    pub currency: Currency,
    /// By how much the receivables of the day change, minor units.
    pub amount: i64,
    /// By how much open debits of the day change.
    pub debits: i64,
}

/// A restated issue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restated {
    /// Every figure that was issued, and those of now.
    pub figures: Vec<RestatedFigure>,
    /// What explains the difference; amounts add up to the change of the receivables.
    pub lines: Vec<LearntLine>,
}

impl Restated {
    /// Whether every figure is as it was issued.
    pub fn is_unchanged(&self) -> bool {
        self.figures.iter().all(|f| f.difference() == 0)
    }
    /// What the lines add up to in a currency: the change of its receivables.
    pub fn explained(&self, currency: Currency) -> i128 {
        let of = self.lines.iter().filter(|l| l.currency == currency);
        of.map(|l| i128::from(l.amount)).sum()
    }
}

/// Draws an issue's day anew as known now, and says what was learnt since.
pub fn restate(book: &Book, issued: &IssuedReport) -> Restated {
    let period = Period {
        from: issued.from,
        to: issued.as_of,
    };
    let now = Gathered::new(
        book,
        Ask {
            period,
            known: None,
            scope: Whose::default(),
            by: By::Nothing,
        },
    );
    let mut all: Vec<RestatedFigure> = figures(&now)
        .into_iter()
        .map(|f| RestatedFigure {
            name: f.name,
            currency: f.currency,
            issued: None,
            now: f.value,
        })
        .collect();
    for f in &issued.figures {
        let same = |r: &&mut RestatedFigure| r.name == f.name && r.currency == f.currency;
        match all.iter_mut().find(same) {
            Some(known) => known.issued = Some(f.value),
            None => all.push(RestatedFigure {
                name: f.name.clone(),
                currency: f.currency,
                issued: Some(f.value),
                now: 0,
            }),
        }
    }
    Restated {
        figures: all,
        lines: learnt(book, issued.as_of, issued.known),
    }
}

/// Every fact by which a day is known otherwise now than after a commit.
pub fn learnt(book: &Book, as_of: Day, known: Seq) -> Vec<LearntLine> {
    let then = OpenScan::new(
        book,
        View {
            as_of,
            known: Some(known),
        },
    );
    let now = OpenScan::new(book, View::on(as_of));
    let mut out = Vec::new();
    documents(&then, &now, &mut out);
    settled(book, &then, &now, &mut out);
    duebook_money::order::sort_by_key(&mut out, |l| (l.commit, l.item));
    out
}

fn documents(then: &OpenScan<'_>, now: &OpenScan<'_>, out: &mut Vec<LearntLine>) {
    for ((number, before), (_, after)) in then.segments().zip(now.segments()) {
        let data = after.data();
        for row in 0..after.len() {
            let id = ItemId::new(number, row);
            let (was, is) = (before.exists(row), after.exists(row));
            let Some(currency) = Currency::from_numeric(data.currency[row]) else {
                continue;
            };
            let line = |what, sign: i64, commit| LearntLine {
                commit,
                item: id,
                what,
                effective: duebook_ledger::items::day(data.doc_date[row]),
                currency,
                amount: sign * data.open[row],
                debits: sign * data.open[row].max(0),
            };
            let commit = after.state().recorded.of(row);
            match (was, is) {
                (false, true) => out.push(line(Learnt::Document, 1, commit)),
                (true, false) => out.push(line(Learnt::DocumentGone, -1, commit)),
                _ => {}
            }
            let (due_then, due_now) = (before.due(row), after.due(row));
            let days =
                duebook_ledger::items::day(due_then).zip(duebook_ledger::items::day(due_now));
            let open = after.open(row).map_or(0, |o| o.working());
            if let Some((from, to)) = days.filter(|(a, b)| was && is && a != b && open != 0) {
                let changes = after.state().due_changes.get(&(row as u16));
                let last = changes.and_then(|c| c.iter().rev().find(|(s, _)| now.is_live(*s)));
                out.push(LearntLine {
                    effective: Some(to),
                    ..line(Learnt::Due(from, to), 0, last.map_or(commit, |(s, _)| *s))
                });
            }
        }
    }
}

fn settled(book: &Book, then: &OpenScan<'_>, now: &OpenScan<'_>, out: &mut Vec<LearntLine>) {
    let table = book.settlements();
    let as_of = now.view().as_of;
    for s in table.iter().filter(|s| s.effective <= as_of) {
        let counts = |scan: &OpenScan<'_>| {
            let live = |seq: Seq| scan.is_live(seq);
            let taken_back = table
                .reversal(s.id, &live)
                .is_some_and(|r| r.effective <= as_of);
            live(s.commit) && table.standing(s.id, &live).counts() && !taken_back
        };
        let there = |scan: &OpenScan<'_>, id: ItemId| {
            let segment = scan.segment(id.segment());
            segment.is_some_and(|g| id.row() < g.len() && g.exists(id.row()))
        };
        let (was, is) = (counts(then), counts(now));
        let change = |id: Option<ItemId>| {
            let Some(id) = id else { return 0 };
            i64::from(is && there(now, id)) - i64::from(was && there(then, id))
        };
        let (on_debit, on_credit) = (change(s.debit), change(s.credit));
        if on_debit == 0 && on_credit == 0 {
            continue;
        }
        let Some(item) = s.debit.or(s.credit).and_then(|id| book.item(id)) else {
            continue;
        };
        let live = |seq: Seq| now.is_live(seq);
        let reversal = table.reversal(s.id, &live);
        let (what, commit, day) = match (was, is, reversal) {
            (true, false, Some(r)) => (Learnt::TakenBack(s.cause), r.commit, r.effective),
            (true, false, None) => (Learnt::TakenBack(s.cause), s.commit, s.effective),
            _ => (Learnt::Settled(s.cause), s.commit, s.effective),
        };
        out.push(LearntLine {
            commit,
            item: item.id,
            what,
            effective: Some(day),
            currency: item.currency(),
            amount: (on_credit - on_debit) * s.amount,
            debits: -on_debit * s.amount,
        });
    }
}
