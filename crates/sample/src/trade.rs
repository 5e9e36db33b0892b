//! Two years of trade: what is invoiced, and when and how each customer pays it.

use crate::customers::{Client, PayRun};
use crate::erp::{Doc, Erp, Happening, Paid, Receipt};
use crate::rng::Rng;
use duebook_ledger::columns::ItemKind;
use duebook_ledger::facts::Cause;
use duebook_money::terms_due::DueContext;
use duebook_money::{Day, due_dates, split};
use std::collections::BTreeMap;

/// The days on which extracts are taken, first to last.
#[derive(Debug)]
pub(crate) struct Schedule(pub Vec<Day>);

impl Schedule {
    /// Weekly for two years, nightly for the last four weeks, the last one yesterday.
    pub fn new(today: Day) -> Self {
        let first = today.plus(-730);
        let nightly = today.plus(-28);
        let mut days: Vec<Day> = (0..)
            .map(|n| first.plus(n * 7))
            .take_while(|d| *d < nightly)
            .collect();
        days.extend((0..28).map(|n| nightly.plus(n)));
        Schedule(days)
    }
    pub fn first(&self) -> Day {
        self.0.first().copied().unwrap_or(Day::EPOCH)
    }
    pub fn last(&self) -> Day {
        self.0.last().copied().unwrap_or(Day::EPOCH)
    }
    /// The first extract taken on a day or after it.
    pub fn from(&self, day: Day) -> Day {
        let at = self.0.partition_point(|d| *d < day);
        self.0.get(at).copied().unwrap_or(self.last().plus(1))
    }
}

/// Units of a currency for 1,000 US dollars, roughly.
pub(crate) fn per_thousand(numeric: u16) -> i64 {
    match numeric {
        crate::places::GBP => 790,
        crate::places::EUR => 920,
        crate::places::INR => 84_000,
        crate::places::JPY => 151_000,
        crate::places::AED => 3_670,
        crate::places::KWD => 307,
        _ => 1_000,
    }
}

pub(crate) fn amount(rng: &mut Rng, client: &Client) -> i64 {
    let base = *rng.pick(&[
        180, 420, 650, 950, 1_250, 1_800, 2_400, 3_600, 5_200, 7_800, 12_500,
    ]);
    let major = base * client.size + rng.below(base as u64) as i64;
    let units = major * per_thousand(client.currency.numeric());
    let minor = client.currency.minor_per_major();
    // Thousandths of a unit become minor units; one in three invoices is a round sum.
    let cents = (units * minor / 1_000).max(minor * 10);
    if rng.chance(330) {
        cents / (10 * minor) * (10 * minor)
    } else {
        cents + rng.below(minor as u64) as i64
    }
}

/// The day money leaves, from the day somebody means to pay.
fn on_run(run: PayRun, day: Day) -> Day {
    let day = match run {
        PayRun::AnyDay => day,
        PayRun::Weekly(weekday) => {
            let ahead = (i32::from(weekday) - i32::from(day.weekday().index())).rem_euclid(7);
            day.plus(ahead)
        }
        PayRun::TenthAndTwentyFifth => match day.day_of_month() {
            ..=10 => day.plus(10 - i32::from(day.day_of_month())),
            11..=25 => day.plus(25 - i32::from(day.day_of_month())),
            _ => day.month_end().plus(10),
        },
        PayRun::MonthEnd => day.month_end(),
    };
    // Banks rest at the weekend.
    day.plus(match day.weekday().index() {
        5 => 2,
        6 => 1,
        _ => 0,
    })
}

/// Everything that happens, and what of it is in the future of the last extract.
pub(crate) fn trade(rng: &Rng, clients: &[Client], schedule: &Schedule) -> Erp {
    let mut desk = Desk {
        erp: Erp::new(clients.len()),
        schedule,
        numbers: 0,
        receipts: BTreeMap::new(),
        unused: Vec::new(),
    };
    let issued = desk.invoices(&mut rng.part(1), clients);
    for (client, docs) in issued {
        desk.pay(
            &mut rng.part(1_000 + client as u64),
            &clients[client],
            client,
            &docs,
        );
    }
    desk.close_receipts(&mut rng.part(2));
    desk.credits(&mut rng.part(3), clients);
    desk.erp
}

pub(crate) struct Desk<'a> {
    pub erp: Erp,
    pub schedule: &'a Schedule,
    pub numbers: u64,
    /// Rows by payer and day.
    pub receipts: BTreeMap<(usize, Day), Vec<Paid>>,
    /// Credits on account, and from when on they may be used.
    pub unused: Vec<(usize, Day)>,
}

const RECEIVABLES: &[&str] = &[
    "Goods", "Goods", "Goods", "Services", "Services", "Rental", "Freight",
];

impl Desk<'_> {
    pub fn number(&mut self, prefix: &str) -> String {
        self.numbers += 1;
        format!("{prefix}{:07}", self.numbers)
    }

    /// Documents in order of their date, so that numbers rise with time.
    fn invoices(&mut self, rng: &mut Rng, clients: &[Client]) -> BTreeMap<usize, Vec<Vec<usize>>> {
        let mut dates: Vec<(Day, usize)> = Vec::new();
        let begin = self.schedule.first().plus(-100);
        for (i, client) in clients.iter().enumerate() {
            let every = client.habit.every;
            let mut month = begin.month_start().add_months(rng.range(0, every - 1));
            while let Some(start) = month.filter(|m| *m <= self.schedule.last()) {
                for _ in 0..client.habit.at_once {
                    let day = start.plus(rng.range(0, 27));
                    if day >= client.since && day >= begin && day <= self.schedule.last() {
                        dates.push((day, i));
                    }
                }
                month = start.add_months(every);
            }
        }
        duebook_money::order::sort(&mut dates);
        let mut by_client: BTreeMap<usize, Vec<Vec<usize>>> = BTreeMap::new();
        for (day, i) in dates {
            let docs = self.invoice(rng, &clients[i], i, day);
            by_client.entry(i).or_default().push(docs);
        }
        by_client
    }

    /// One invoice: an item per instalment (AG-31).
    fn invoice(&mut self, rng: &mut Rng, client: &Client, i: usize, day: Day) -> Vec<usize> {
        let total = amount(rng, client);
        let context = DueContext {
            reading: Some(client.reading),
            ..DueContext::default()
        };
        let dues = due_dates(day, &client.terms, &context).unwrap_or_default();
        let shares: Vec<u64> = dues.iter().map(|d| u64::from(d.share.0)).collect();
        let amounts = split::by_weights(total, &shares).unwrap_or_default();
        let kind = match rng.below(1_000) {
            0..=14 => ItemKind::DebitMemo,
            15..=24 => ItemKind::LateCharge,
            _ => ItemKind::Invoice,
        };
        let number = self.number(if client.entity == "2000" {
            "IN26-"
        } else {
            "90"
        });
        let po = if rng.chance(720) {
            format!(
                "{}{:07}",
                rng.pick(&["PO-", "45", "P/"]),
                rng.below(10_000_000)
            )
        } else {
            String::new()
        };
        let reference = format!("SO{:06}", rng.below(1_000_000));
        let receivable = if kind == ItemKind::LateCharge {
            "Late charge"
        } else {
            *rng.pick(RECEIVABLES)
        };
        let several = dues.len() > 1;
        let mut docs = Vec::new();
        for (n, (due, amount)) in dues.iter().zip(amounts).enumerate() {
            let dispute = (kind == ItemKind::Invoice && rng.chance(28)).then(|| {
                let code = rng.below(crate::notes::REASONS.len() as u64) as usize;
                let part = if rng.chance(500) {
                    amount
                } else {
                    amount / 4 + 1
                };
                (code, part)
            });
            docs.push(self.erp.add_doc(Doc {
                client: i,
                kind,
                number: number.clone(),
                line: if several {
                    (n + 1).to_string()
                } else {
                    String::new()
                },
                date: day,
                due: due.due,
                amount,
                open: amount,
                reference: reference.clone(),
                po: po.clone(),
                receivable,
                dispute,
                special: false,
                cash: Vec::new(),
                born: false,
                shown: false,
                moved: false,
            }));
        }
        docs
    }

    /// When and how a customer's documents are paid.
    fn pay(&mut self, rng: &mut Rng, client: &Client, i: usize, invoices: &[Vec<usize>]) {
        for docs in invoices {
            let mut earliest = Day(0);
            for &id in docs {
                // A later instalment is never paid before an earlier one.
                earliest = self.pay_doc(rng, client, i, id, earliest);
            }
        }
    }

    fn pay_doc(
        &mut self,
        rng: &mut Rng,
        client: &Client,
        i: usize,
        id: usize,
        earliest: Day,
    ) -> Day {
        let (date, due, amount) = {
            let d = &self.erp.docs[id];
            (d.date, d.due, d.amount)
        };
        let discount = client
            .terms
            .discounts
            .first()
            .filter(|_| client.habit.takes_discount);
        let habit = &client.habit;
        let mut meant = due.plus(habit.late + rng.range(-habit.spread, habit.spread));
        if discount.is_some() {
            meant = date.plus(rng.range(7, 11));
        }
        if self.erp.docs[id].dispute.is_some() {
            meant = meant.plus(rng.range(25, 140));
        }
        // Nothing is paid before an extract has shown it: bills are seen before they are paid.
        let seen = if date > self.schedule.first() {
            self.schedule.from(date)
        } else {
            date
        };
        let day = on_run(habit.run, meant.max(seen.plus(1)).max(earliest));
        if habit.stops.is_some_and(|stop| day >= stop) {
            return day;
        }
        let taken = discount.map_or(0, |d| amount * i64::from(d.rate.0) / 1_000_000);
        let withheld = amount * habit.withholds / 1_000;
        let mut rows = vec![(day, amount - taken - withheld, Cause::Payment)];
        if taken > 0 {
            rows.push((day, taken, Cause::Discount));
        }
        if withheld > 0 {
            rows.push((day, withheld, Cause::Withholding));
        }
        let mut last = day;
        // A payments file names a document and not its instalment: those are paid whole and in order.
        let kind = if self.erp.docs[id].line.is_empty() {
            rng.below(1_000)
        } else {
            999
        };
        match kind {
            // In two parts.
            0..=69 if amount > 1_000 => {
                let first = rows[0].1 * i64::from(rng.range(30, 75)) / 100;
                last = on_run(habit.run, day.plus(rng.range(12, 40)));
                let rest = rows[0].1 - first;
                rows[0].1 = first;
                if habit.stops.is_none_or(|stop| last < stop) {
                    rows.push((last, rest, Cause::Payment));
                }
            }
            // Short, and nobody said why.
            70..=94 if amount > 1_000 => rows[0].1 -= amount * i64::from(rng.range(1, 9)) / 100,
            // A small difference the client's clerk writes off with the payment.
            95..=109 if rows[0].1 > 1_000 => {
                let cents = i64::from(rng.range(1, 99));
                rows[0].1 -= cents;
                rows.push((day, cents, Cause::Tolerance));
            }
            _ => {}
        }
        // Parents often pay for their children.
        let payer = client.parent.filter(|_| i.is_multiple_of(2)).unwrap_or(i);
        for (day, amount, cause) in rows.into_iter().filter(|(_, a, _)| *a > 0) {
            if cause == Cause::Payment {
                self.erp.docs[id].cash.push((day, amount));
            }
            self.receipts.entry((payer, day)).or_default().push(Paid {
                doc: Ok(id),
                amount,
                cause,
            });
        }
        last
    }

    /// Rows of one payer and day become one receipt; some carry a little more than was billed.
    fn close_receipts(&mut self, rng: &mut Rng) {
        let all = std::mem::take(&mut self.receipts);
        let (first, last) = (self.schedule.first(), self.schedule.last());
        for ((payer, day), mut rows) in all {
            let number = format!("ZE{:06}", 100_000 + self.erp.receipts.len());
            let same = rows
                .iter()
                .all(|r| r.doc.is_ok_and(|d| self.erp.docs[d].client == payer));
            if day > first && day <= last && same && rng.chance(22) {
                let extra = rows[0].amount / 20 + 1;
                let credit = self.on_account(payer, &number, day, extra);
                let paid = Paid {
                    doc: Err(credit),
                    amount: extra,
                    cause: Cause::Payment,
                };
                rows.insert(0, paid);
                // The clerk finds an invoice for it later, or nobody does.
                self.unused.push((credit, day.plus(rng.range(9, 60))));
            }
            let early = day < last.plus(-16) && day > first;
            let on_items = rows
                .iter()
                .all(|r| r.doc.is_ok_and(|d| self.erp.docs[d].line.is_empty()));
            let told = if early && on_items && rng.chance(35) {
                day.plus(rng.range(6, 12))
            } else {
                day
            };
            self.erp
                .at(day, Happening::Receive(self.erp.receipts.len()));
            self.erp.receipts.push(Receipt {
                number,
                day,
                told,
                rows,
            });
        }
    }
}
