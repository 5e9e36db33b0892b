//! A letter made from the book and the texts beside it.

use crate::pages::shared::Person;
use crate::pages::shared::account::name_of;
use crate::workspace::{Texts, Ws, actor};
use duebook_ledger::keys::FactKey;
use duebook_ledger::{Book, CustomerId, OpenScan, View};
use duebook_letters::compose::{Form, Listing};
use duebook_letters::eml::Attachment;
use duebook_letters::lines::{Line, told_lines};
use duebook_letters::plan::{CustomerPlan, Message};
use duebook_letters::words::Words;
use duebook_letters::{Composed, Party, compose, statement as forward};
use duebook_money::Day;
use duebook_policy::letters::{LetterUse, Medium, Sender, Template};

/// A letter, with all that its outputs and its record need.
#[derive(Debug, Clone, PartialEq)]
pub struct Outgoing {
    pub customer: CustomerId,
    /// Customer's name and number.
    pub name: String,
    pub number: String,
    /// The person written to, and the key of the command that recorded them.
    pub person: Person,
    pub contact: Option<FactKey>,
    pub sender: Sender,
    pub template: Template,
    pub medium: Medium,
    /// Step of the ladder, where it is one.
    pub step: Option<i32>,
    pub as_of: Day,
    pub lines: Vec<Line>,
    pub composed: Composed,
    /// Why it is not to go out, whatever it says.
    pub held: Option<String>,
    /// Files that go along.
    pub attachments: Vec<Attachment>,
    /// Names of those that should and are not at hand.
    pub lacking: Vec<String>,
}

/// Whom to write to: somebody of accounts payable with a mailbox, else anybody with one, else the
/// first person known.
pub fn person_for(
    book: &Book,
    texts: &Texts,
    customer: CustomerId,
) -> Option<(Option<FactKey>, Person, String)> {
    let all = book.people_of(customer);
    let people = all.iter().filter_map(|(id, facts)| {
        let person = Person::of(facts, texts)?;
        let role = facts.role.to_lowercase();
        let payable = ["ap", "payable", "accounts"];
        let payable = role
            .split(|c: char| !c.is_alphanumeric())
            .any(|w| payable.contains(&w));
        let rank = (person.mail.is_empty(), !payable);
        let language = facts.language.clone().unwrap_or_default();
        Some((rank, (book.contact_key(*id), person, language)))
    });
    people.min_by_key(|(rank, _)| *rank).map(|(_, p)| p)
}

/// Who writes, with what is not set filled in: the book's name, the name of who works.
pub fn sender(book: &Book) -> Sender {
    let mut sender = book.policies().letters.sender.clone();
    if sender.company.is_empty() {
        sender.company = book.about().map_or(String::new(), |a| a.name.clone());
    }
    if sender.name.is_empty() {
        sender.name = actor();
    }
    sender
}

struct Wanted<'a> {
    template: &'a str,
    /// The template itself, where it is not found by its name.
    given: Option<Template>,
    medium: Medium,
    step: Option<i32>,
    form: Form,
}

fn make(
    ws: Ws,
    customer: CustomerId,
    wanted: &Wanted<'_>,
    as_of: Day,
    listing: impl FnOnce(&Book, Words) -> Listing,
) -> Option<Outgoing> {
    ws.peek_all(|book, texts| {
        let found = person_for(book, texts, customer);
        let (contact, person, language) = found.unwrap_or_default();
        let policy = &book.policies().letters;
        let template = match &wanted.given {
            Some(given) => given.clone(),
            None => policy.template(wanted.template, &language)?.clone(),
        };
        let listing = listing(book, Words::of(&template.language));
        let number = book.customer(customer)?.number.clone();
        let party = Party {
            sender: sender(book),
            customer: name_of(book, customer),
            number: number.clone(),
            contact: person.name.clone(),
            terms: duebook_letters::terms_of(book, customer),
        };
        let buckets = &book.policies().buckets;
        let composed = compose(&template, &party, &listing, wanted.form, as_of, buckets);
        Some(Outgoing {
            customer,
            name: party.customer,
            number,
            person,
            contact,
            sender: party.sender,
            template,
            medium: wanted.medium,
            step: wanted.step,
            as_of,
            lines: listing.lines,
            composed,
            held: None,
            attachments: Vec::new(),
            lacking: Vec::new(),
        })
    })
}

/// What is asked before the due date (B3): in the order in which an invoice goes through.
const QUESTIONS: [&str; 4] = [
    "Has the invoice been received?",
    "Is it in your portal or system, without a rejection?",
    "Is the purchase order number on it right?",
    "Is it approved for the payment run?",
];

/// A message of the reminder run.
pub fn of_message(
    ws: Ws,
    customer: CustomerId,
    plan: &CustomerPlan,
    message: &Message,
) -> Option<Outgoing> {
    let wanted = Wanted {
        template: &message.step.template,
        given: None,
        medium: message.step.medium,
        step: Some(message.step.day),
        form: Form::Asking,
    };
    let reminds = message.used_for == LetterUse::Reminder;
    make(ws, customer, &wanted, ws.today_untracked(), |_, _| {
        Listing {
            lines: message.lines.clone(),
            credits: match reminds {
                true => plan.credits.clone(),
                false => Vec::new(),
            },
            last_reminder: plan.last_reminder,
            cutoff: message.cutoff,
            questions: match reminds {
                true => Vec::new(),
                false => QUESTIONS.iter().map(|q| (*q).to_owned()).collect(),
            },
            ..Listing::default()
        }
    })
}

/// A statement of account: what is open, or what moved since a day.
pub fn statement(ws: Ws, customer: CustomerId, from: Option<Day>) -> Option<Outgoing> {
    let as_of = ws.today_untracked();
    let wanted = Wanted {
        template: "statement",
        given: None,
        medium: Medium::Email,
        step: None,
        form: Form::Account,
    };
    make(ws, customer, &wanted, as_of, |book, words| {
        let tables = from.map(|from| {
            let accounts = forward::told(book, customer, from, as_of);
            let table = |f: &forward::Forward| forward::table(words, f, from, as_of);
            accounts.iter().map(table).collect()
        });
        Listing {
            lines: told_lines(book, &OpenScan::new(book, View::on(as_of)), customer),
            tables,
            ..Listing::default()
        }
    })
}

/// A letter of another template: documents, terms. `only`: the items it lists, none for all debits.
pub fn other(
    ws: Ws,
    customer: CustomerId,
    template: &str,
    only: Option<&[duebook_ledger::ItemId]>,
    documents: Vec<String>,
) -> Option<Outgoing> {
    let as_of = ws.today_untracked();
    let wanted = Wanted {
        template,
        given: None,
        medium: Medium::Email,
        step: None,
        form: Form::Account,
    };
    make(ws, customer, &wanted, as_of, |book, _| {
        let mut lines = told_lines(book, &OpenScan::new(book, View::on(as_of)), customer);
        if let Some(only) = only {
            lines.retain(|l| only.contains(&l.id));
        }
        Listing {
            lines,
            documents,
            ..Listing::default()
        }
    })
}

/// The letter before claim of the customer's country. It is not to go out while its template still says
/// that nobody has checked it, or where nothing is to be claimed.
pub fn before_claim(ws: Ws, customer: CustomerId) -> Option<Outgoing> {
    let as_of = ws.today_untracked();
    let template = ws.peek(|b| duebook_letters::claim::template_of(b, customer))?;
    let wanted = Wanted {
        template: "",
        given: Some(template.clone()),
        medium: Medium::Paper,
        step: None,
        form: Form::Asking,
    };
    let mut letter = make(ws, customer, &wanted, as_of, |book, _| {
        let scan = OpenScan::new(book, View::on(as_of));
        duebook_letters::claim::listing(book, &scan, customer, &template)
    })?;
    let nothing = letter.composed.totals.iter().all(|(_, minor)| *minor <= 0);
    letter.held = if nothing {
        Some("Nothing is to be claimed: no debit is past due, or all of it is in dispute, promised or under a plan.".to_owned())
    } else if template.is_unchecked() {
        Some("A lawyer is to check this template first. Change it under Letters, Templates, and take the line in brackets out.".to_owned())
    } else {
        None
    };
    Some(letter)
}
