//! What a customer's statement and aging are, and what they would be once a command had been taken: for
//! the preview of a resolution. Both are drawn by the functions that draw the statement and the aging.

use crate::lines::{Line, open_lines};
use duebook_insight::aging::AgingError;
use duebook_insight::balances::{Balance, balances_of};
use duebook_ledger::apply::Stamp;
use duebook_ledger::event::Event;
use duebook_ledger::import::Bulk;
use duebook_ledger::{Body, Book, Command, Context, CustomerId, OpenScan, Seq, View};
use duebook_money::Currency;

/// A customer's account on a day, in one currency.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Account {
    /// Its open items as a statement lists them.
    pub lines: Vec<Line>,
    /// Its aging; none where nothing is open.
    pub balance: Option<Balance>,
}

impl Account {
    /// The account in a book as known now.
    ///
    /// # Errors
    /// A total that does not fit.
    pub fn of(
        book: &Book,
        customer: CustomerId,
        currency: Currency,
        view: View,
    ) -> Result<Account, AgingError> {
        let scan = OpenScan::new(book, view);
        let mut lines = open_lines(book, &scan, customer);
        lines.retain(|l| l.currency == currency);
        let balances = balances_of(book, &scan, customer)?;
        Ok(Account {
            lines,
            balance: balances.into_iter().find(|b| b.currency == currency),
        })
    }

    /// The account as it would be after a command that was decided on this book. Nothing of the book
    /// changes: the events are applied to a copy. `None` where they bring a file's rows, which are not
    /// at hand here.
    ///
    /// # Errors
    /// A total that does not fit.
    pub fn after(
        book: &Book,
        context: &Context,
        (command, events): (Command, Vec<Event>),
        customer: CustomerId,
        currency: Currency,
    ) -> Result<Option<Account>, AgingError> {
        let mut then = book.clone();
        let stamp = Stamp {
            seq: Seq(book.head().0 + 1),
            command: context.command_id,
            recorded_at: context.recorded_at,
            ledger_date: context.ledger_date,
            actor: context.actor.clone(),
        };
        let body = Body { command, events };
        if then.apply(&stamp, &body, &mut Bulk::default()).is_err() {
            return Ok(None);
        }
        let view = View::on(context.ledger_date);
        Account::of(&then, customer, currency, view).map(Some)
    }

    /// Everything open, credits taken off, minor units.
    pub fn open(&self) -> i128 {
        self.lines.iter().map(|l| i128::from(l.open)).sum()
    }
}
