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
        };
    all.into_iter().map(make).collect()
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
