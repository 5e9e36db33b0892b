//! The document of a payment plan as it was agreed (PL-01): what is covered, what is paid when, what
//! becomes of interest, when it is in default, the acknowledgement of debt, room to sign. The one text
//! behind paper and Word.

use crate::doc::{Align, Block, Table};
use crate::lines::number;
use crate::words::Words;
use duebook_insight::plans::JudgedPlan;
use duebook_ledger::Book;
use duebook_ledger::items::day;
use duebook_ledger::plans::{PlanFact, PlanInterest, trigger};
use duebook_policy::letters::Sender;

/// The document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreement {
    /// Its heading.
    pub title: String,
    /// The whole of it.
    pub body: Vec<Block>,
}

/// The document of a plan; `acknowledgement` is its wording from beside the log. `None` where the plan
/// or its customer is not in the book.
pub fn agreement(
    book: &Book,
    plan: &JudgedPlan,
    sender: &Sender,
    acknowledgement: Option<&str>,
) -> Option<Agreement> {
    let words = Words::of("en");
    let fact = &book.plans().get(plan.plan.index())?.fact;
    let debtor = book.customer_facts(fact.customer)?.name.clone();
    let account = book.customer(fact.customer)?.number.clone();
    let (n, total) = (fact.instalments.len(), fact.total());
    let mut parties = vec![
        format!("Creditor: {}", sender.company),
        format!("Debtor: {debtor}, account {account}"),
        format!("Agreed on: {}", words.day(fact.agreed_on)),
    ];
    let address = sender.address.lines().map(str::trim);
    parties.splice(1..1, address.filter(|l| !l.is_empty()).map(str::to_owned));
    let parts = if n == 1 { "instalment" } else { "instalments" };
    let mut body = vec![
        Block::Lines(parties),
        Block::Paragraph(format!(
            "The debtor owes the amounts listed here, {} in all, and pays them in {n} {parts}.",
            words.money(total, fact.currency)
        )),
        Block::Table(covered(book, fact, words)),
        Block::Table(instalments(fact, words)),
        Block::Paragraph(interest(fact.interest).to_owned()),
    ];
    body.extend(default_clause(fact.triggers));
    body.push(Block::Paragraph(
        "This agreement leaves the due dates of the documents as they are.".to_owned(),
    ));
    if let Some(text) = acknowledgement.map(str::trim).filter(|t| !t.is_empty()) {
        body.push(Block::Paragraph(format!("Acknowledgement of debt: {text}")));
    }
    let pay_to = sender.pay_to.lines().map(str::trim);
    let pay_to: Vec<String> = pay_to
        .filter(|l| !l.is_empty())
        .map(str::to_owned)
        .collect();
    if !pay_to.is_empty() {
        body.push(Block::Lines(pay_to));
    }
    let line = "________________________________";
    body.push(Block::Lines(vec![
        format!("Place and date: {line}"),
        format!("For the creditor: {line}"),
        format!("For the debtor: {line}"),
    ]));
    Some(Agreement {
        title: format!("Payment plan: {debtor}, {}", words.day(fact.agreed_on)),
        body,
    })
}

fn left(text: &str) -> (String, Align) {
    (text.to_owned(), Align::Left)
}

fn amount(fact: &PlanFact) -> (String, Align) {
    (format!("Amount, {}", fact.currency.code()), Align::Right)
}

fn covered(book: &Book, fact: &PlanFact, words: Words) -> Table {
    let row = |(id, minor): &(duebook_ledger::ItemId, i64)| {
        let item = book.item(*id);
        let due = item.and_then(|i| day(book.due_of(&i)));
        vec![
            item.map_or(String::new(), |i| number(&i)),
            due.map_or(String::new(), |d| words.day(d)),
            words.figure(*minor, fact.currency),
        ]
    };
    Table {
        caption: "What is covered".to_owned(),
        head: vec![left("Document"), left("Due"), amount(fact)],
        rows: fact.covered.iter().map(row).collect(),
        foot: vec![vec![
            words.total().to_owned(),
            String::new(),
            words.figure(fact.total(), fact.currency),
        ]],
    }
}

fn instalments(fact: &PlanFact, words: Words) -> Table {
    let row = |(n, i): (usize, &duebook_ledger::plans::PlanInstalment)| {
        vec![
            (n + 1).to_string(),
            words.day(i.due),
            words.day(i.window_end),
            words.figure(i.amount, fact.currency),
        ]
    };
    let sum = fact.instalments.iter().map(|i| i.amount);
    let sum = sum.fold(0i64, i64::saturating_add);
    Table {
        caption: "Instalments".to_owned(),
        head: vec![
            left("No."),
            left("Due"),
            left("Received at the latest"),
            amount(fact),
        ],
        rows: fact.instalments.iter().enumerate().map(row).collect(),
        foot: vec![vec![
            words.total().to_owned(),
            String::new(),
            String::new(),
            words.figure(sum, fact.currency),
        ]],
    }
}

/// What becomes of interest, as the document says it.
fn interest(of: PlanInterest) -> &'static str {
    match of {
        PlanInterest::Waived => {
            "No interest for late payment is claimed on what is covered while this plan is kept. In default it is claimed again, from the original due dates."
        }
        PlanInterest::Accrues => {
            "Interest for late payment goes on while this plan is kept and is claimed at its end."
        }
        PlanInterest::FrontLoaded => {
            "Interest for late payment to the day of this agreement is among the amounts covered. None beside it is claimed while this plan is kept."
        }
    }
}

/// When it is in default, and what then (PL-02).
fn default_clause(triggers: u8) -> Vec<Block> {
    let name = |bit: u8| match bit {
        trigger::MISSED => "an instalment is not received in full by its latest day",
        trigger::TWO_LATE => "two instalments in a row are late",
        trigger::INSOLVENCY => "the debtor is insolvent or says so",
        trigger::NEW_OVERDUE => "documents issued after this agreement are not paid when due",
        _ => "a payment is returned by the bank",
    };
    let agreed = trigger::ALL.iter().filter(|bit| triggers & **bit != 0);
    let points: Vec<String> = agreed.map(|bit| name(*bit).to_owned()).collect();
    if points.is_empty() {
        return Vec::new();
    }
    vec![
        Block::Paragraph("This plan is in default where".to_owned()),
        Block::Points(points),
        Block::Paragraph(
            "Then everything still unpaid is due at once, at the original due dates.".to_owned(),
        ),
    ]
}
