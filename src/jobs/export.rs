//! Reports as files, written in the worker: the book is replayed from disk, so what is written is
//! what is saved.

use super::wire::{Exported, Progress, Report, Response};
use crate::platform::idb::IdbStore;
use crate::workspace::{Texts, replay};
use duebook_exchange::write;
use duebook_insight::aging::{AgingQuery, aging};
use duebook_insight::promises::judge_all;
use duebook_insight::reports::{
    Making, Period, TextSource, activity_sheet, aging_detail, aging_summary, items_sheet,
    promises_sheet, readme,
};
use duebook_insight::tie_out::tie_out;
use duebook_ledger::open::View;
use duebook_ledger::{Book, CustomerId, Seq, Uid};
use duebook_money::Day;
use duebook_sheet::{ReadmeAt, Sheet, Stamp, Workbook};
use std::ops::ControlFlow;

type Answer = Result<(Response, Vec<Vec<u8>>), String>;

struct Beside(Texts);

impl TextSource for Beside {
    fn text(&self, id: Uid) -> Option<String> {
        self.0.of(id).map(str::to_owned)
    }
}

/// Writes a report of a book.
pub async fn export(book: &str, report: Report, tell: impl Fn(Progress)) -> Answer {
    let id = book.parse().map_err(|_| "not a book's id".to_owned())?;
    let store = IdbStore::open(&id)
        .await
        .map_err(|e| crate::words::store_error(&e))?;
    let replayed = replay(&store).await;
    store.close();
    let (book, texts, head) = replayed.map_err(|e| crate::words::open_failure(&e).1)?;
    write_report(&book, &Beside(texts), &report, head.hash.to_string(), tell)
}

fn write_report(
    book: &Book,
    texts: &Beside,
    report: &Report,
    head_hash: String,
    tell: impl Fn(Progress),
) -> Answer {
    let view = View {
        as_of: Day(report.as_of),
        known: report.known.map(Seq),
    };
    let mut query = AgingQuery::new(book, view);
    if let Some(customers) = &report.customers {
        query.filter.customers = customers.iter().copied().map(CustomerId).collect();
    }
    let aged = aging(book, &query).map_err(|_| "A total is too large for a ledger.".to_owned())?;
    let tied = tie_out(book, &query, &aged);
    let judged = judge_all(book, view);
    let (title, sheet): (&str, Sheet<'_>) = match report.kind.as_str() {
        "aging" => ("Aging summary", aging_summary(book, &query, &aged)),
        "aging-detail" => ("Aging detail", aging_detail(book, &query)),
        "items" => ("Items", items_sheet(book, &query)),
        "promises" => ("Promises", promises_sheet(book, &judged, texts)),
        "activity" => {
            let period = Period {
                from: Day(i32::MIN),
                to: Day(report.as_of),
            };
            ("Activity", activity_sheet(book, view, period, texts))
        }
        other => return Err(format!("There is no report “{other}”.")),
    };
    let mut readme = readme(book, title, &query, &aged, &tied, making(report, head_hash));
    readme.filters.extend(report.filters.iter().cloned());
    let rows = sheet.rows as u64;
    let workbook = Workbook::report(&readme, ReadmeAt::Last, vec![sheet]);
    let mut progress = |p: write::Progress| {
        tell(Progress {
            rows: p.done,
            done: p.done,
            of: p.total,
        });
        ControlFlow::Continue(())
    };
    let words = |e: write::WriteError| format!("{e:?}.");
    let bytes = if report.format == "csv" {
        let sheet = workbook.sheets.first().ok_or("an empty report")?;
        let mut out = Vec::new();
        write::csv::write(
            sheet,
            &write::csv::Options::default(),
            &mut out,
            &mut progress,
        )
        .map_err(words)?;
        out
    } else {
        let options = write::xlsx::Options::default();
        write::xlsx::write(&workbook, &options, &mut progress)
            .map_err(words)?
            .bytes
    };
    let exported = Exported {
        rows,
        reconciled: tied.lines.iter().all(|l| l.holds()),
    };
    Ok((Response::Exported(exported), vec![bytes]))
}

fn making(report: &Report, head_hash: String) -> Making {
    let seconds = report.generated_at.div_euclid(1000);
    let day = i32::try_from(seconds.div_euclid(86_400)).unwrap_or(0);
    Making {
        generated: Stamp {
            day: Day(day),
            second: seconds.rem_euclid(86_400) as u32,
            zone: "UTC".to_owned(),
        },
        app_version: format!("Duebook {}, for {}", report.build, report.actor),
        head_hash,
    }
}
