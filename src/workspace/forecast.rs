//! The cash forecast that is frozen: by hand, or with the pack it is in. Worked out by the function
//! that the page and the report show, as known after one commit.

use super::{NewTexts, Ws};
use crate::platform::latest::Run;
use crate::ui::prelude::*;
use crate::words;
use duebook_insight::risk::{Gather, History, frozen};
use duebook_ledger::reporting::{FrozenForecast, ReportingCommand};
use duebook_ledger::{Command, Seq, View};
use duebook_money::Day;

/// Items read at a time: a few milliseconds.
const SLICE: usize = 4_096;

impl Ws {
    /// The settled invoices of a view, in slices; `None` where the run is stale.
    pub async fn history(self, view: View, run: Run) -> Option<History> {
        let mut gather = Gather::new(view);
        while self.peek(|b| gather.step(b, SLICE)) {
            run.pause().await?;
        }
        Some(gather.done())
    }

    /// The forecast of a day as known after a commit, where it can still be frozen.
    pub(super) async fn forecast_of(self, as_of: Day, known: Seq) -> Option<FrozenForecast> {
        let view = View {
            as_of,
            known: Some(known),
        };
        let history = self.history(view, Run::ALONE).await?;
        let made = self.peek(|b| frozen(b, as_of, known, &history));
        let today = self.today_untracked();
        let in_time = as_of <= today && today <= made.last_day();
        Some(made).filter(|f| in_time && !f.currencies.is_empty())
    }

    /// Freezes the forecast of today.
    pub fn freeze_forecast(self, toasts: Toasts) {
        leptos::task::spawn_local(async move {
            let (today, head) = (self.today_untracked(), self.peek(|b| b.head()));
            let Some(forecast) = self.forecast_of(today, head).await else {
                toasts.error("Nothing is open: there is no forecast to freeze.".to_owned());
                return;
            };
            let next: Vec<String> = (forecast.currencies.iter())
                .filter_map(|c| Some(words::money(c.weeks.first()?.expected(), c.currency)))
                .collect();
            let done = format!(
                "Forecast of {} frozen: {} expected until {}",
                words::day(today),
                next.join(" · "),
                words::day(forecast.last_day().plus(1))
            );
            let command = Command::Reporting(ReportingCommand::FreezeForecast(forecast));
            self.run(toasts, command, NewTexts::default(), done, |_| {});
        });
    }
}
