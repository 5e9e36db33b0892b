//! Proposals become commands: one line, or all that may post by themselves.

use super::Cash;
use super::run::{Row, Sheet, State};
use super::wording;
use crate::ui::format::plural;
use crate::words;
use duebook_cash::{NotPostable, Numbers};
use duebook_ledger::Command;
use duebook_ledger::statements::{AcceptedMatch, MatchRule};
use leptos::prelude::*;

impl Cash {
    /// Accepts what is proposed for the line in hand, and goes on to the next.
    pub(super) fn accept_current(self) {
        let Some((sheet, row)) = self.current_row() else {
            return;
        };
        match self.matches(&[&row], false) {
            Ok(matches) => {
                let done = format!("{} accepted", words::money(row.rest, sheet.facts.currency));
                self.send(Command::AcceptMatches(matches), done, Some((&sheet, &row)));
            }
            Err(why) => self.toasts.error(wording::not_postable(why)),
        }
    }
    /// Accepts all that may post by themselves: one commit.
    pub(super) fn accept_ready(self) {
        let Some(sheet) = self.sheet() else { return };
        let ready: Vec<&Row> = sheet
            .rows
            .iter()
            .filter(|r| r.state == State::Ready)
            .collect();
        match self.matches(&ready, true) {
            Ok(matches) if matches.is_empty() => {}
            Ok(matches) => {
                let sum = ready.iter().fold(0i64, |s, r| s.saturating_add(r.rest));
                let count = plural(matches.len(), "payment", "payments", Default::default());
                let done = format!(
                    "{count} accepted, {}",
                    words::money(sum, sheet.facts.currency)
                );
                self.send(Command::AcceptMatches(matches), done, None);
            }
            Err(why) => self.toasts.error(wording::not_postable(why)),
        }
    }
    fn matches(self, rows: &[&Row], auto: bool) -> Result<Vec<AcceptedMatch>, NotPostable> {
        let mut numbers = Numbers::default();
        self.ws.peek(|b| {
            let each = rows.iter().map(|row| {
                let (_, proposal) = row.found.as_ref().ok_or(NotPostable::NoPayer)?;
                let mut made = numbers.accepted(b, row.line, proposal, auto)?;
                if row.advice.is_some() {
                    made.rule = Some(MatchRule::Advice);
                }
                Ok(made)
            });
            each.collect()
        })
    }
    /// Runs a command about a line; when it is saved, the next line that waits is in hand.
    pub(super) fn send(self, command: Command, done: String, of: Option<(&Sheet, &Row)>) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        let next = of.and_then(|(sheet, row)| {
            let shown = sheet.shown(self.show.get_untracked());
            let rows: Vec<&Row> = shown
                .iter()
                .filter_map(|n| sheet.rows.get(*n as usize))
                .collect();
            let at = rows.iter().position(|r| r.line == row.line)?;
            let waits = |r: &&&Row| r.state != State::Done && r.line != row.line;
            let after = rows[at..].iter().find(waits);
            after
                .or_else(|| rows.iter().find(waits))
                .map(|r| u64::from(r.line.0))
        });
        self.ws.run(
            self.toasts,
            command,
            Default::default(),
            done,
            move |saved| {
                let _ = self.busy.try_set(false);
                if saved.is_some() {
                    let _ = self.by_hand.try_set(false);
                    let _ = self.explaining.try_set(false);
                    if next.is_some() {
                        let _ = self.current.try_set(next);
                    }
                }
            },
        );
    }
}
