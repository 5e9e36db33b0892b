//! Before a court: the letter before claim, by the template of the debtor's country, and the account
//! in full as it goes with a dossier (domain.md 8.5).

use crate::compose::{Form, Listing};
use crate::doc::Block;
use crate::lines::{Line, told_lines};
use crate::statement::{Forward, forward, table};
use crate::words::Words;
use crate::{Composed, Party, compose};
use duebook_insight::late::late_items;
use duebook_insight::plans::held_of;
use duebook_ledger::items::day;
use duebook_ledger::{Book, CustomerId, OpenScan, View};
use duebook_money::{Currency, Day};
use duebook_policy::letters::Template;
use std::collections::BTreeMap;

/// The template of a letter before claim for a customer: of its country, else the one for all others.
pub fn template_of(book: &Book, customer: CustomerId) -> Option<Template> {
    let facts = book.customer_facts(customer)?;
    let country = facts.country.as_deref().unwrap_or_default();
    book.policies().letters.before_claim(country)
}

/// What a letter before claim lists: debits past due. A plan that is kept still holds its items back;
/// that they are with an agency or a lawyer does not, for it is these who send it.
pub fn listing(
    book: &Book,
    scan: &OpenScan<'_>,
    customer: CustomerId,
    template: &Template,
) -> Listing {
    let held = held_of(book, scan, customer);
    let mut lines = told_lines(book, scan, customer);
    lines.retain(Line::is_overdue);
    for line in &mut lines {
        let planned = held.get(&line.id).map_or(0, |h| h.planned);
        line.planned = planned.clamp(0, line.open);
    }
    let as_of = scan.view().as_of;
    let days = i32::from(template.answer_days.unwrap_or(0));
    let words = Words::of(&template.language);
    let interest = interest(book, scan, customer);
    Listing {
        lines,
        answer_by: (days > 0).then(|| as_of.plus(days)),
        interest: (!interest.is_empty()).then(|| words.sums(&interest)),
        ..Listing::default()
    }
}

/// The letter.
pub fn letter_before_claim(
    book: &Book,
    scan: &OpenScan<'_>,
    customer: CustomerId,
    party: &Party,
    template: &Template,
) -> Composed {
    let listing = listing(book, scan, customer, template);
    let (as_of, buckets) = (scan.view().as_of, &book.policies().buckets);
    compose(template, party, &listing, Form::Asking, as_of, buckets)
}

/// Interest and fixed sums that may be charged now by the rule of the customer's country, per
/// currency; empty where no rule gives a figure.
fn interest(book: &Book, scan: &OpenScan<'_>, customer: CustomerId) -> Vec<(Currency, i64)> {
    let country = book
        .customer_facts(customer)
        .and_then(|f| f.country.clone());
    let policy = &book.policies().recovery.interest;
    let pack = policy.proposed(&country.unwrap_or_default(), scan.view().as_of);
    let late = pack.map_or(Vec::new(), |p| late_items(book, scan, customer, p));
    let mut sums: BTreeMap<&'static str, (Currency, i64)> = BTreeMap::new();
    for l in late.iter().filter(|l| l.chargeable() > 0) {
        let sum = sums.entry(l.currency.code()).or_insert((l.currency, 0));
        sum.1 = sum.1.saturating_add(l.chargeable());
    }
    sums.into_values().collect()
}

/// The account from its first document to a day, per currency: every movement, ending on what is open
/// by the open-item function. The first day is beside it.
pub fn account(book: &Book, customer: CustomerId, to: Day) -> (Day, Vec<Forward>) {
    let scan = OpenScan::new(book, View::on(to));
    let dated = scan.items_of(customer).filter_map(|i| day(i.doc_date()));
    let first = dated.min().map_or(to, |d| d.min(to));
    (first, forward(book, customer, first, to))
}

/// [`account`] as a document: title and body.
pub fn account_statement(
    book: &Book,
    customer: CustomerId,
    party: &Party,
    to: Day,
) -> (String, Vec<Block>) {
    let words = Words::of("en");
    let (from, accounts) = account(book, customer, to);
    let mut body = vec![
        Block::Lines(vec![
            format!("Creditor: {}", party.sender.company),
            format!("Debtor: {}, account {}", party.customer, party.number),
        ]),
        Block::Paragraph(format!(
            "Every movement of the account from {} to {}. The closing balance is the sum of its open items.",
            words.day(from),
            words.day(to)
        )),
    ];
    body.extend(
        accounts
            .iter()
            .map(|f| Block::Table(table(words, f, from, to))),
    );
    let title = format!("Statement of account {}, {}", party.number, words.day(to));
    (title, body)
}
