//! Balance-sheet figures, and the sales they divide by (domain.md §2.1).

use super::super::base::Sum;
use super::super::formulas::{self, Countback};
use super::super::sales::SalesFrom;
use super::super::{Part, Ratio, Value, Why, whole_months};
use super::{Make, Said, Sold, step};
use duebook_money::Day;

impl Make<'_> {
    /// Sales of the period, where it is of whole months that are all known.
    pub(super) fn sales_of_period(&self) -> Sold {
        self.has_sales()?;
        let period = self.of.ask.period;
        let months = whole_months(period).ok_or(Why::NotWholeMonths)?;
        let back = self.months_back(period.to, months as usize)?;
        if back.len() < months as usize {
            return Err(Why::MonthsMissing);
        }
        Ok(back.iter().map(|(_, sold)| sold).sum())
    }

    fn has_sales(&self) -> Result<(), Why> {
        match self.of.sales.from {
            SalesFrom::Nowhere => Err(Why::NoSales),
            SalesFrom::NotByEntity => Err(Why::NotByEntity),
            SalesFrom::Files | SalesFrom::OwnLedger => Ok(()),
        }
    }

    fn months_back(&self, from: Day, most: usize) -> Result<Vec<(Day, i128)>, Why> {
        let rates = (&self.of.rates, self.of.ask.period.to);
        let back = self
            .of
            .sales
            .back(self.group as u32, self.asked, from, most, rates);
        back.map_err(Why::Rate)
    }

    /// A figure that needs sales.
    fn of_sales(
        &mut self,
        id: &'static str,
        (part, label): (i128, &str),
        opening: bool,
        make: impl Fn(i128) -> Option<Ratio>,
    ) {
        let history = self.of.take_on.first().filter(|_| opening);
        let value = match (history, &self.sold) {
            (Some(b), _) => Err(Why::NoHistory(b.clone())),
            (_, Err(why)) => Err(why.clone()),
            (_, Ok(sold)) => make(*sold).ok_or(Why::NothingToDivideBy),
        };
        let sold = self.sold.clone().unwrap_or(0);
        let days = self.days();
        let steps = vec![
            step(label, self.money(part)),
            step("Net credit sales of the period", self.money(sold)),
            step("Days of the period", Part::Days(days)),
        ];
        let said = Said {
            n: self.base.items,
            steps,
            ..Said::default()
        };
        self.put(id, value, (self.money(part), self.money(sold)), said);
    }

    pub(super) fn days(&self) -> i128 {
        i128::from(self.of.ask.period.to.since(self.of.ask.period.from)) + 1
    }

    pub(super) fn balance(&mut self) {
        let (begin, end) = (self.base.of(Sum::BeginNet), self.base.of(Sum::EndNet));
        let (debits, current) = (self.base.of(Sum::EndDebits), self.base.of(Sum::EndCurrent));
        let days = self.days();
        let dso = move |sold| formulas::days_of_sales(end, sold, days);
        let best = move |sold| formulas::days_of_sales(current, sold, days);
        self.of_sales("KP-01", (end, "Receivables at the end"), false, dso);
        self.quarter(end);
        self.countback(end);
        self.of_sales(
            "KP-04",
            (current, "Open and not past due at the end"),
            false,
            best,
        );
        self.of_sales(
            "KP-05",
            (end - current, "Receivables less what is not past due"),
            false,
            |sold| dso(sold)?.minus(best(sold)?),
        );
        let months = whole_months(self.of.ask.period).map_or(1, i128::from);
        for (id, months) in [("KP-06", 1), ("KP-06/average", months)] {
            self.effectiveness(id, (begin, end, current), months);
        }
        self.of_sales(
            "KP-07",
            ((begin + end) / 2, "Average receivables"),
            true,
            move |sold| formulas::turnover(sold, begin, end),
        );
        let n = self.base.items;
        let gross = || Said {
            n,
            note: "Gross: credits are not taken off.".to_owned(),
            ..Said::default()
        };
        self.share("KP-08/current", (current, debits), false, gross());
        self.share(
            "KP-08/90",
            (self.base.of(Sum::EndOver90), debits),
            false,
            gross(),
        );
        let stays = self.base.of(Sum::AppliedStays);
        for (id, weighted) in [
            ("KP-09", Sum::AppliedLate),
            ("KP-09/floor", Sum::AppliedLateFloor),
            ("KP-10", Sum::AppliedAge),
        ] {
            let weighted = self.base.of(weighted);
            let value = Ratio::new(weighted, stays).ok_or(Why::NothingToDivideBy);
            let said = Said {
                n: self.base.applications,
                ..Said::default()
            };
            let parts = (Part::MoneyDays(weighted, self.currency), self.money(stays));
            self.put(id, value, parts, said);
        }
        let bad = self.base.of(Sum::WriteOffs) - self.base.of(Sum::Recovered);
        self.of_sales(
            "KP-11",
            (bad, "Written off, less recovered"),
            false,
            move |sold| Ratio::new(bad, sold),
        );
        let unapplied = self.base.of(Sum::EndUnapplied);
        let received = self.base.of(Sum::Received);
        self.share(
            "KP-12",
            (unapplied, received),
            false,
            Said {
                n,
                ..Said::default()
            },
        );
        self.share(
            "KP-12/balance",
            (unapplied, debits),
            false,
            Said {
                n,
                ..Said::default()
            },
        );
    }

    fn effectiveness(
        &mut self,
        id: &'static str,
        (begin, end, current): (i128, i128, i128),
        months: i128,
    ) {
        let make = |sold| formulas::collection_effectiveness(begin, sold, end, current, months);
        let history = self.of.take_on.first();
        let value = match (history, &self.sold) {
            (Some(b), _) => Err(Why::NoHistory(b.clone())),
            (_, Err(why)) => Err(why.clone()),
            (_, Ok(sold)) => make(*sold).ok_or(Why::NothingToDivideBy),
        };
        let sold = self.sold.clone().unwrap_or(0);
        let basis = match id {
            "KP-06" => "Sales basis: whole period.",
            _ => "Sales basis: monthly average.",
        };
        let steps = vec![
            step("Receivables at the beginning", self.money(begin)),
            step("Net credit sales of the period", self.money(sold)),
            step("Months of the period", Part::Count(months)),
            step("Receivables at the end", self.money(end)),
            step("Of the end, open and not past due", self.money(current)),
        ];
        let said = Said {
            n: self.base.items,
            steps,
            note: basis.to_owned(),
            ..Said::default()
        };
        let of = |part: i128| self.money((begin * months + sold - part * months) / months);
        self.put(id, value, (of(end), of(current)), said);
    }

    /// KP-02: the last three whole months.
    fn quarter(&mut self, end: i128) {
        let to = self.of.ask.period.to;
        let last = if to == to.month_end() {
            Some(to)
        } else {
            Some(to.month_start().plus(-1))
        };
        let made = self.has_sales().and_then(|()| {
            let last = last.ok_or(Why::MonthsMissing)?;
            let back = self.months_back(last, 3)?;
            match back.as_slice() {
                [_, _, (first, _)] => {
                    let sold: i128 = back.iter().map(|(_, sold)| sold).sum();
                    Ok((sold, i128::from(last.since(*first)) + 1))
                }
                _ => Err(Why::MonthsMissing),
            }
        });
        let (sold, days) = made.clone().unwrap_or((0, 0));
        let value = made.and_then(|(sold, days)| {
            formulas::days_of_sales(end, sold, days).ok_or(Why::NothingToDivideBy)
        });
        let steps = vec![
            step("Receivables at the end", self.money(end)),
            step("Net credit sales of three months", self.money(sold)),
            step("Days of the three months", Part::Days(days)),
        ];
        let said = Said {
            n: self.base.items,
            steps,
            ..Said::default()
        };
        self.put("KP-02", value, (self.money(end), self.money(sold)), said);
    }

    /// KP-03. A month that has begun counts with the days it has had.
    fn countback(&mut self, end: i128) {
        let to = self.of.ask.period.to;
        let months = self.has_sales().and_then(|()| {
            let mut back = self.months_back(to, 36)?;
            if back.is_empty() && to != to.month_end() {
                // Nothing of this month yet: it counts back from the last whole one.
                back = self.months_back(to.month_start().plus(-1), 36)?;
            }
            if back.is_empty() {
                Err(Why::MonthsMissing)
            } else {
                Ok(back)
            }
        });
        let mut steps = vec![step("Receivables at the end", self.money(end))];
        let value = months.and_then(|back| {
            let of = |(month, sold): &(Day, i128)| {
                let last = month.month_end().min(to);
                (*sold, i128::from(last.since(*month)) + 1)
            };
            let months: Vec<(i128, i128)> = back.iter().map(of).collect();
            let mut left = end;
            for ((month, sold), (_, days)) in back.iter().zip(&months) {
                if left <= 0 {
                    break;
                }
                left -= sold;
                steps.push(step(
                    format!(
                        "Sales of {}-{:02}, {days} days",
                        month.year(),
                        month.month()
                    ),
                    self.money(*sold),
                ));
            }
            formulas::countback(end, &months).ok_or(Why::TooLarge)
        });
        let n = self.base.items;
        let parts = Some((self.money(end), Part::Count(steps.len() as i128 - 1)));
        let (value, note) = match value {
            Ok(Countback::Days(days)) => (Value::Is(days), ""),
            Ok(Countback::AtLeast(days)) => (
                Value::AtLeast(days),
                "The sales known do not use the balance up: at least so many days.",
            ),
            Err(why) => (Value::NotAvailable(why), ""),
        };
        let said = Said {
            n,
            steps,
            note: note.to_owned(),
            ..Said::default()
        };
        self.push("KP-03", value, parts, said);
    }
}
