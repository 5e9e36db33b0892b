//! Opening lists, forecasts, issued reports and sales are decided.

use super::{FrozenList, IssuedReport, MAX_SALES, ReportingCommand, ReportingEvent, SalesRow};
use crate::book::Book;
use crate::command::Context;
use crate::decide::Decision;
use crate::facts::ImportFacts;
use crate::ids::Seq;
use crate::refusal::{Field, Refusal};
use duebook_money::Day;
use std::collections::BTreeMap;

impl Book {
    pub(crate) fn decide_reporting(
        &self,
        context: &Context,
        command: &ReportingCommand,
    ) -> Result<Decision, Refusal> {
        let today = context.ledger_date;
        let event = match command {
            ReportingCommand::FreezeList(list) => self.decide_freeze(list)?,
            ReportingCommand::IssueReport(report) => self.decide_report(report)?,
            ReportingCommand::ImportSales { facts, rows } => self.decide_sales(facts, rows)?,
            ReportingCommand::FreezeForecast(forecast) => {
                self.decide_forecast(forecast, today)?;
                ReportingEvent::ForecastFrozen(forecast.clone())
            }
            ReportingCommand::IssuePack { report, forecast } => {
                let issued = self.decide_report(report)?;
                match self.decide_forecast(forecast, today) {
                    Err(Refusal::ForecastStands(_)) => issued,
                    refused_or_not => {
                        refused_or_not?;
                        let frozen = ReportingEvent::ForecastFrozen(forecast.clone());
                        return Ok(vec![issued.into(), frozen.into()].into());
                    }
                }
            }
        };
        Ok(vec![event.into()].into())
    }

    pub(super) fn commit_there(&self, known: Seq) -> Result<(), Refusal> {
        let there = self.commit(known).map(|_| ());
        there.ok_or(Refusal::UnknownCommit(known))
    }

    fn decide_freeze(&self, list: &FrozenList) -> Result<ReportingEvent, Refusal> {
        if list.to < list.from {
            return Err(Refusal::DateBefore {
                date: list.to,
                earliest: list.from,
            });
        }
        self.commit_there(list.known)?;
        let before = self.frozen_list((list.from, list.to), |s| self.is_live(s));
        if let Some(before) = before.filter(|b| b.fact.closed) {
            return Err(Refusal::AlreadyEnded(before.key));
        }
        if before.is_some_and(|b| b.fact == *list) {
            return Err(Refusal::NothingNew {
                same: list.totals.count,
            });
        }
        Ok(ReportingEvent::ListFrozen(list.clone()))
    }

    fn decide_report(&self, report: &IssuedReport) -> Result<ReportingEvent, Refusal> {
        if report.name.trim().is_empty() {
            return Err(Refusal::Empty(Field::Name));
        }
        if report.reports.is_empty() {
            return Err(Refusal::Empty(Field::Items));
        }
        if report.as_of < report.from {
            return Err(Refusal::DateBefore {
                date: report.as_of,
                earliest: report.from,
            });
        }
        self.commit_there(report.known)?;
        if report.passed > report.controls {
            return Err(Refusal::StagingBroken);
        }
        Ok(ReportingEvent::ReportIssued(report.clone()))
    }

    fn decide_sales(
        &self,
        facts: &ImportFacts,
        rows: &[SalesRow],
    ) -> Result<ReportingEvent, Refusal> {
        if facts.source.trim().is_empty() {
            return Err(Refusal::Empty(Field::Source));
        }
        if rows.is_empty() {
            return Err(Refusal::Empty(Field::Items));
        }
        if rows.len() > MAX_SALES {
            return Err(Refusal::TooLarge);
        }
        let mut sums: BTreeMap<(&str, Day, &'static str), i128> = BTreeMap::new();
        for row in rows {
            if row.customer.trim().is_empty() {
                return Err(Refusal::Empty(Field::Number));
            }
            let key = (
                row.customer.trim(),
                row.month.month_start(),
                row.currency.code(),
            );
            *sums.entry(key).or_default() += i128::from(row.minor);
        }
        let mut kept = Vec::with_capacity(sums.len());
        let known = self.reporting.sales.get(&facts.source);
        let live = |s: Seq| self.is_live(s);
        let mut same = 0;
        for ((customer, month, code), sum) in sums {
            let minor = i64::try_from(sum).map_err(|_| Refusal::TooLarge)?;
            let Some(currency) = duebook_money::Currency::from_code(code) else {
                continue;
            };
            let before = known.and_then(|k| k.get(&(customer.to_owned(), month, code)));
            if before.and_then(|v| v.get(&live)) == Some(&minor) {
                same += 1;
                continue;
            }
            kept.push(SalesRow {
                customer: customer.to_owned(),
                month,
                currency,
                minor,
            });
        }
        if kept.is_empty() {
            return Err(Refusal::NothingNew { same });
        }
        Ok(ReportingEvent::SalesImported {
            facts: facts.clone(),
            rows: kept,
        })
    }
}
