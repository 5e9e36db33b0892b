//! The texts a new book begins with. English; plain, short, firmer by stage and never by mood
//! (CP-10).

use super::{Ladder, LetterUse, Medium, Step, Template};

const UPCOMING: &str = "Dear {{contact}},

The invoices below fall due soon. So that they are paid on time, could you please tell us for each of them:

{{questions}}

{{table}}

{{pay_to}}

{{disputes}}

{{signature}}";

const FIRST: &str = "Dear {{contact}},

By our books {{overdue}} of your account {{customer_number}} is past due, the oldest since {{oldest_due}}. You find the invoices below.

{{table}}

If you have paid in the meantime, please send us the payment advice, and we will match it. Otherwise, please tell us on which day the payment will be made.

{{pay_to}}

{{disputes}}

{{signature}}";

const SECOND: &str = "Dear {{contact}},

We wrote to you on {{last_reminder}}. {{overdue}} is still open on your account {{customer_number}}; the oldest invoice is {{oldest_days}} days past due.

{{table}}

Please reply with the date of payment and its reference, or with the reason for which an invoice cannot be paid yet, so that we can sort it out together.

{{pay_to}}

{{disputes}}

{{signature}}";

const FINAL: &str = "Dear {{contact}},

Despite our letter of {{last_reminder}}, {{overdue}} remains unpaid on your account {{customer_number}}; the oldest invoice was due on {{oldest_due}}, {{oldest_days}} days ago.

{{table}}

Please pay the amounts listed, or agree a date with us in writing. Without an answer we will pass the matter to our management, who decide on further steps under the contract.

{{pay_to}}

{{disputes}}

{{signature}}";

const STATEMENT: &str = "Dear {{contact}},

Please find below the statement of your account {{customer_number}} as of {{date}}. The balance is {{total}}; of it {{overdue}} is past due.

{{table}}

{{aging}}

{{remittance}}

{{terms}}

{{disputes}}

{{signature}}";

const DOCUMENTS: &str = "Dear {{contact}},

As you asked, please find attached: {{documents}}.

{{table}}

Please tell us whether anything else is missing for the payment.

{{signature}}";

const TERMS: &str = "Dear {{contact}},

This page explains how we bill and how payment works, so that nothing comes as a surprise.

{{terms}}

{{pay_to}}

{{disputes}}

For questions about an invoice, please write to {{mailbox}} and name its number.

{{signature}}";

/// The templates of a new book.
pub(super) fn templates() -> Vec<Template> {
    let all = [
        (
            "upcoming",
            "Before the due date",
            LetterUse::Upcoming,
            "Invoices due soon: account {{customer_number}}, {{company}}",
            UPCOMING,
        ),
        (
            "first",
            "First reminder",
            LetterUse::Reminder,
            "Reminder: {{count}} of account {{customer_number}} past due, {{company}}",
            FIRST,
        ),
        (
            "second",
            "Second reminder",
            LetterUse::Reminder,
            "Second reminder: {{count}} of account {{customer_number}}, {{company}}",
            SECOND,
        ),
        (
            "final",
            "Final reminder",
            LetterUse::Reminder,
            "Final reminder: {{count}} of account {{customer_number}}, {{company}}",
            FINAL,
        ),
        (
            "statement",
            "Statement of account",
            LetterUse::Statement,
            "Statement of account {{customer_number}} as of {{date}}, {{company}}",
            STATEMENT,
        ),
        (
            "documents",
            "Documents asked for",
            LetterUse::Documents,
            "Documents for account {{customer_number}}, {{company}}",
            DOCUMENTS,
        ),
        (
            "terms",
            "How we bill",
            LetterUse::Terms,
            "How we bill and how to pay, {{company}}",
            TERMS,
        ),
    ];
    let make =
        |(id, name, used_for, subject, body): (&str, &str, LetterUse, &str, &str)| Template {
            id: id.to_owned(),
            language: "en".to_owned(),
            name: name.to_owned(),
            used_for,
            subject: subject.to_owned(),
            body: body.to_owned(),
            version: 1,
            country: String::new(),
            answer_days: None,
        };
    all.into_iter().map(make).chain(before_claim()).collect()
}

/// What every letter before claim begins with: whoever sends it takes the line out when a lawyer has
/// looked at it.
fn to_be_checked(rule: &str) -> String {
    format!(
        "{}; take this line out when that is done. {rule}]",
        super::UNCHECKED
    )
}

const CLAIM: &str = "Dear {{contact}},

The amounts below are due to {{company}} on your account {{customer_number}} and unpaid, {{overdue}} in all.

{{table}}

{{interest}}";

const TALK: &str = "We are ready to talk about instalments, or about another way to settle this without proceedings.";

const OTHERWISE: &str = "If we do not hear from you by then, we intend to begin proceedings without a further letter, and to claim interest and costs as well.

{{pay_to}}

{{disputes}}

{{signature}}";

/// Letters before claim: by country, and one for every other.
pub(super) fn before_claim() -> Vec<Template> {
    let make = |country: &str, days: u16, name: &str, rule: &str, ask: &str| Template {
        id: match country {
            "" => "before-claim".to_owned(),
            code => format!("before-claim-{}", code.to_lowercase()),
        },
        language: "en".to_owned(),
        name: format!("Letter before claim, {name}"),
        used_for: LetterUse::BeforeClaim,
        subject: "Letter before claim: account {{customer_number}}, {{company}}".to_owned(),
        body: format!(
            "{}\n\n{CLAIM}\n\n{ask}\n\n{TALK}\n\n{OTHERWISE}",
            to_be_checked(rule)
        ),
        version: 1,
        country: country.to_owned(),
        answer_days: Some(days),
    };
    vec![
        make(
            "GB",
            14,
            "United Kingdom",
            "The Practice Direction on pre-action conduct applies. Where the debtor is an individual or a sole trader it is the Pre-Action Protocol for Debt Claims: 30 days, with its reply form and information sheet.",
            "Please pay by {{answer_by}}, or tell us in writing by then whether you accept the debt, which part of it you dispute and why, and send us copies of the documents you rely on. Copies of the invoices and of the contract are at your disposal.",
        ),
        make(
            "IN",
            30,
            "India",
            "A reference to the Micro and Small Enterprises Facilitation Council needs a supplier registered as one before the supply. For a returned cheque the notice under section 138 of the Negotiable Instruments Act is a letter of its own: within 30 days of the return memo, for exactly the amount of the cheque.",
            "Please pay by {{answer_by}}, or tell us in writing by then which part you dispute and why, with the documents you rely on. If you are of the opinion that a delivery was not accepted, name the day on which you objected to it.",
        ),
        make(
            "DE",
            14,
            "Germany",
            "Where a day for payment was agreed, section 286 of the Civil Code needs no further reminder; order for payment proceedings are open without this letter.",
            "You are in default with the amounts listed. Please pay by {{answer_by}}, or tell us in writing by then which part you dispute and why.",
        ),
        make(
            "",
            14,
            "every other country",
            "The law of the debtor's country decides form and time.",
            "Please pay by {{answer_by}}, or tell us in writing by then which part you dispute and why.",
        ),
    ]
}

/// The ladder of a new book (domain.md 8.4), without the steps that are no letter.
pub(super) fn ladders() -> Vec<Ladder> {
    let step = |(day, template): (i32, &str)| Step {
        day,
        template: template.to_owned(),
        medium: Medium::Email,
    };
    let steps = [
        (-7, "upcoming"),
        (1, "first"),
        (14, "second"),
        (30, "final"),
    ];
    vec![Ladder {
        name: "Standard".to_owned(),
        segments: Vec::new(),
        steps: steps.into_iter().map(step).collect(),
    }]
}
