//! Report packs: written, handed over, and only then recorded as issued, with the file's own hash.

use super::{NewTexts, Ws};
use crate::jobs::IssueFacts;
use crate::platform::files;
use crate::ui::prelude::*;
use duebook_insight::kpi::Period;
use duebook_ledger::facts::ControlTotals;
use duebook_ledger::reporting::{IssuedFigure, IssuedReport, ReportingCommand, Stood};
use duebook_ledger::{Command, Seq};
use duebook_money::{Currency, Day};

/// A pack to be issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issue {
    /// Its name.
    pub name: String,
    /// Reports by kind.
    pub reports: Vec<String>,
    /// The period; it is as of its last day.
    pub period: Period,
    /// Why it is issued again, where it is.
    pub reason: String,
}

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

impl Ws {
    /// Writes a pack as one workbook, hands it over, and records that it was issued. `then` is told
    /// whether it was.
    pub fn issue(self, toasts: Toasts, issue: Issue, then: impl FnOnce(bool) + 'static) {
        let mut report = self.report("pack", "xlsx");
        report.reports = issue.reports.clone();
        report.title = issue.name.clone();
        report.as_of = issue.period.to.0;
        report.from = Some(issue.period.from.0);
        let name = format!("{}-{}.xlsx", stem(&issue.name), issue.period.to);
        toasts.done(format!("Writing {name}"));
        leptos::task::spawn_local(async move {
            let written = match self.write_report(report).await {
                Ok((exported, parts)) => match files::download_arrays(&name, XLSX, &parts) {
                    Ok(()) => Ok(exported),
                    Err(e) => Err(format!("{e:?}.")),
                },
                Err(what) => Err(what),
            };
            let facts = match written {
                Ok(exported) => exported.issue,
                Err(what) => {
                    toasts.error(format!(
                        "{name} was not issued: {what} Nothing in the book changed."
                    ));
                    return then(false);
                }
            };
            let Some(facts) = facts else {
                return then(false);
            };
            let with_forecast = issue.reports.iter().any(|r| r == "forecast");
            let forecast = match with_forecast {
                true => self.forecast_of(issue.period.to, Seq(facts.head)).await,
                false => None,
            };
            let report = issued(issue, name.clone(), &facts);
            let face = match report.stood {
                Stood::Reconciled => {
                    format!("{} of {} controls hold", report.passed, report.controls)
                }
                Stood::Unreconciled => "it is marked UNRECONCILED".to_owned(),
                Stood::NotJudged => "it is marked: not judged".to_owned(),
            };
            let frozen = match (with_forecast, &forecast) {
                (false, _) => "",
                (true, Some(_)) => " Its forecast is frozen.",
                (true, None) => " Its forecast is not frozen: only one of the last seven days is.",
            };
            let done = format!("{name} issued and in your downloads; {face}.{frozen}");
            let command = Command::Reporting(match forecast {
                Some(forecast) => ReportingCommand::IssuePack { report, forecast },
                None => ReportingCommand::IssueReport(report),
            });
            self.run(toasts, command, NewTexts::default(), done, move |saved| {
                then(saved.is_some())
            });
        });
    }
}

fn issued(issue: Issue, file: String, facts: &IssueFacts) -> IssuedReport {
    let currency = |n: u16| Currency::from_numeric(n);
    let sum = |(n, minor): &(u16, i64)| Some((currency(*n)?, *minor));
    IssuedReport {
        name: issue.name,
        reports: issue.reports,
        from: Day(facts.from),
        as_of: issue.period.to,
        known: Seq(facts.head),
        file,
        hash: facts.hash,
        bytes: facts.bytes,
        passed: facts.passed,
        controls: facts.controls,
        stood: match facts.stood {
            0 => Stood::Reconciled,
            1 => Stood::Unreconciled,
            _ => Stood::NotJudged,
        },
        totals: ControlTotals {
            count: facts.count,
            sums: facts.sums.iter().filter_map(sum).collect(),
            hash_total: facts.hash_total,
        },
        figures: (facts.figures.iter())
            .map(|(name, n, value)| IssuedFigure {
                name: name.clone(),
                currency: n.and_then(currency),
                value: *value,
            })
            .collect(),
        reason: issue.reason,
    }
}

/// A pack's name as a part of a file's name.
fn stem(name: &str) -> String {
    let safe = |c: char| {
        if c.is_ascii_alphanumeric() {
            c.to_ascii_lowercase()
        } else {
            '-'
        }
    };
    let text: String = name.chars().map(safe).collect();
    text.trim_matches('-').to_owned()
}
