//! Reports as files: written in the worker from what is on disk.

use super::{Ws, actor, today};
use crate::jobs::{Report, Request, Response, Worker};
use crate::platform::{clock, files, ids};
use crate::ui::prelude::*;

impl Ws {
    /// Writes a report and hands it over as a download; says what it holds, or why it failed.
    /// `filters` are said in its README; `items` restricts an items report.
    pub fn export(
        self,
        toasts: Toasts,
        kind: &str,
        format: &str,
        filters: Vec<String>,
        items: Option<Vec<u32>>,
    ) {
        let view = leptos::prelude::untrack(|| self.view());
        let report = Report {
            kind: kind.to_owned(),
            format: format.to_owned(),
            as_of: view.as_of.0,
            known: view.known.map(|s| s.0),
            generated_at: clock::now_ms(),
            today: today().0,
            actor: actor(),
            build: crate::build_id(),
            customers: None,
            filters,
            items,
        };
        let name = format!("duebook-{kind}-{}.{format}", view.as_of);
        let mime = if format == "csv" {
            "text/csv"
        } else {
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        };
        toasts.done(format!("Writing {name}"));
        leptos::task::spawn_local(async move {
            match self.write_report(report).await {
                Ok((exported, bytes)) => match files::download(&name, mime, &[bytes]) {
                    Ok(()) => {
                        let mark = if exported.reconciled {
                            ""
                        } else {
                            " It is marked: it does not tie out."
                        };
                        toasts.done(format!(
                            "{name}: {} rows, in your downloads.{mark}",
                            exported.rows
                        ));
                    }
                    Err(e) => toasts.error(format!(
                        "{name} was not handed over: {e:?}. Nothing in the book changed."
                    )),
                },
                Err(what) => toasts.error(format!(
                    "{name} was not written: {what} Nothing in the book changed."
                )),
            }
        });
    }

    /// Writes a report in the worker.
    ///
    /// # Errors
    /// Why not, in words.
    pub async fn write_report(
        self,
        report: Report,
    ) -> Result<(crate::jobs::Exported, Vec<u8>), String> {
        let worker = Worker::start().map_err(|e| format!("the browser made no worker ({e:?})."))?;
        let book = ids::uuid(&self.id());
        let request = Request::Export {
            book,
            report: Box::new(report),
        };
        let answer = worker.call(&request, None, &[], |_| {}).await;
        match answer.map_err(|e| format!("the work broke off ({e:?})."))? {
            (Response::Exported(exported), mut bytes) => {
                Ok((exported, bytes.pop().unwrap_or_default()))
            }
            (Response::Failed(what), _) => Err(what),
            (other, _) => Err(format!("the worker answered {other:?}.")),
        }
    }
}
