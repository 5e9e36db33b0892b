//! Key figures of a period, made in slices; those before stand meanwhile. Made only while a page
//! asks for them: nothing here runs on a commit that nobody looks at.

use super::Ws;
use crate::platform::latest::{Latest, Run};
use duebook_insight::aging::{AgingQuery, GroupBy};
use duebook_insight::kpi::accuracy::{Sampled, sample};
use duebook_insight::kpi::{Ask, Gathered, Making, period_before};
use duebook_insight::tie_out::TieOut;
use duebook_insight::{aging, tie_out};
use duebook_ledger::facts::CreditMode;
use duebook_ledger::{Book, View};
use leptos::prelude::*;
use std::sync::Arc;

/// A period, the one before, and how the closing day ties out.
#[derive(Clone)]
pub struct Kpis {
    /// The period asked for.
    pub now: Arc<Gathered>,
    /// The one before.
    pub before: Arc<Gathered>,
    /// Controls of the closing day.
    pub tied: Arc<TieOut>,
    /// Figures derived anew.
    pub sampled: Sampled,
}

/// The aging query whose controls are those of a closing day.
fn closing(book: &Book, ask: &Ask) -> AgingQuery {
    let view = View {
        as_of: ask.period.to,
        known: ask.known,
    };
    AgingQuery {
        group_by: GroupBy::Customer,
        credits: CreditMode::Separate,
        ..AgingQuery::new(book, view)
    }
}

impl Ws {
    /// The figures a question asks for, following commits while the page is there.
    pub fn kpis(self, ask: Memo<Ask>) -> Latest<Kpis> {
        Latest::following(move |run| {
            self.revision.track();
            self.make_kpis(ask.get(), run)
        })
    }

    /// One gathering, in slices.
    pub async fn gather(self, ask: Ask, run: Run) -> Option<Gathered> {
        let mut making = self.peek(|book| Making::new(book, ask));
        let made = run.steps(|| self.peek(|book| making.step(book))).await?;
        run.pause().await?;
        Some(made)
    }

    async fn make_kpis(self, ask: Ask, run: Run) -> Option<Kpis> {
        let now = self.gather(ask.clone(), run).await?;
        let earlier = Ask {
            period: period_before(ask.period),
            ..ask.clone()
        };
        let before = self.gather(earlier, run).await?;
        let (tied, sampled) = self.controls(&ask, run).await?;
        Some(Kpis {
            now: Arc::new(now),
            before: Arc::new(before),
            tied: Arc::new(tied),
            sampled,
        })
    }

    /// The controls of a closing day, and a sample of its figures. A commit in between begins again.
    pub async fn controls(self, ask: &Ask, run: Run) -> Option<(TieOut, Sampled)> {
        loop {
            let query = self.peek(|book| closing(book, ask));
            let mut making = self.peek(|book| aging::Making::new(book, query.clone()));
            let step = || self.peek(|book| making.step(book)).transpose();
            let aged = run.steps(step).await?;
            // Sums that do not fit are said where the aging is shown; there is nothing to control.
            let aged = aged.ok()?;
            let totals = aged.totals.clone();
            let mut tying = self.peek(|book| tie_out::Making::new(book, query.clone(), totals));
            let tied = run.steps(|| {
                self.peek(|book| match tying.fits(book) {
                    true => tying.step(book).map(Some),
                    false => Some(None),
                })
            });
            let Some(tied) = tied.await? else { continue };
            let seed =
                |book: &Book| u64::from(book.head().0) << 32 | u64::from(ask.period.to.0 as u32);
            let sampled = self.peek(|book| sample(book, &query, &aged, seed(book)));
            return Some((tied, sampled));
        }
    }
}
