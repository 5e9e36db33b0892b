//! An account's facts in words.

use super::draft::{At, Problem};
use crate::pages::shared::{Person, clock_text, erased};
use crate::ui::format::plural;
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::Texts;
use duebook_insight::timeline::{Entry, What};
use duebook_insight::{Judged, PromiseState};
use duebook_ledger::columns::ItemKind;
use duebook_ledger::facts::{Cause, Channel, CollectorField, Outcome, ProfileField, PromiseEnd};
use duebook_ledger::settlements::Settlement;
use duebook_ledger::{Book, ContactId, ItemId};
use duebook_money::{Day, date};

/// A way of contact.
pub fn channel(channel: Channel) -> &'static str {
    match channel {
        Channel::Call => "Call",
        Channel::InboundCall => "They called",
        Channel::Email => "Mail",
        Channel::Letter => "Letter",
        Channel::Portal => "Portal",
        Channel::Meeting => "Meeting",
        Channel::Note => "Note",
    }
}

/// What is wrong with a field, beside it.
pub fn problem(problem: &Problem) -> String {
    match problem {
        Problem::NoOutcome => "Choose what came of it.".to_owned(),
        Problem::NoAmount => "How much?".to_owned(),
        Problem::BadAmount => "An amount, such as 1,250.00.".to_owned(),
        Problem::Decimals(0) => "This currency has no decimals.".to_owned(),
        Problem::Decimals(n) => format!("At most {n} decimals."),
        Problem::NotPositive => "An amount above zero.".to_owned(),
        Problem::MoreThanOpen(open, c) => format!("The items have {} open.", words::money(*open, *c)),
        Problem::Currencies => "Select items of one currency.".to_owned(),
        Problem::NoDate => "By when?".to_owned(),
        Problem::BadDate => "A date, such as 30 nov, fri or +7.".to_owned(),
        Problem::Past(day) => format!("{} has passed.", words::day(*day)),
        Problem::BadTime => "A time, such as 10:30.".to_owned(),
        Problem::TimeWithoutDay => "On which day?".to_owned(),
        Problem::NoZone => "The customer’s time zone is not known: leave the time empty, or give a contact its zone.".to_owned(),
        Problem::NoNumber => "The bank’s reference, or a number of ours.".to_owned(),
    }
}

/// The same in the list of all errors.
pub fn sentence(at: At, what: &Problem) -> String {
    let field = match at {
        At::Outcome => "Outcome",
        At::Amount => "Amount",
        At::By => "By",
        At::Next => "Next step",
        At::Time => "Time there",
        At::Number => "Number",
        At::Date => "Date",
    };
    format!("{field}: {}", problem(what))
}

/// A field of a payment profile.
pub fn profile(field: ProfileField) -> &'static str {
    match field {
        ProfileField::PayRun => "Pay runs",
        ProfileField::CutOff => "Cut-off",
        ProfileField::Portal => "Portal",
        ProfileField::VendorNumber => "Our vendor number",
        ProfileField::DeliveryRoute => "Invoices go by",
        ProfileField::PoRule => "Purchase orders",
        ProfileField::GrnRule => "Goods receipts",
        ProfileField::Approvers => "Approvers",
        ProfileField::Statement => "Statements",
        ProfileField::Shutdowns => "Shutdowns",
        ProfileField::TaxInvoices => "Tax invoices of a split bill",
    }
}

/// A kind of document.
pub fn kind(kind: ItemKind) -> &'static str {
    match kind {
        ItemKind::Invoice => "Invoice",
        ItemKind::DebitMemo => "Debit memo",
        ItemKind::CreditMemo => "Credit memo",
        ItemKind::Receipt => "Payment",
        ItemKind::LateCharge => "Late charge",
        ItemKind::OnAccount => "On account",
    }
}

/// A collector's field.
pub fn field(field: CollectorField) -> &'static str {
    match field {
        CollectorField::Status => "Status",
        CollectorField::Reason => "Reason",
        CollectorField::ExpectedDate => "Expected date",
        CollectorField::NextAction => "Next action",
        CollectorField::Owner => "Owner",
        CollectorField::Remark => "Remark",
        CollectorField::Disputed => "Disputed",
        CollectorField::AgingAnchor => "Ages from",
    }
}

/// How a promise stands, and its tone.
pub fn verdict(j: &Judged) -> (Tone, String) {
    let presumed = if j.presumed { ", presumed" } else { "" };
    match j.state {
        PromiseState::Open => (Tone::Accent, "open".to_owned()),
        PromiseState::DueToday => (Tone::Accent, "due today".to_owned()),
        PromiseState::InGrace => (Tone::Warn, "in grace".to_owned()),
        PromiseState::AwaitingNews => (Tone::Warn, "waiting for the ERP file".to_owned()),
        PromiseState::Kept => (Tone::Good, format!("kept{presumed}")),
        PromiseState::Partial => (Tone::Warn, format!("kept in part{presumed}")),
        PromiseState::Broken => (Tone::Danger, "broken".to_owned()),
        PromiseState::Withdrawn => (Tone::Muted, "withdrawn".to_owned()),
        PromiseState::Superseded => (Tone::Muted, "replaced".to_owned()),
        PromiseState::EntryError => (Tone::Muted, "entered by mistake".to_owned()),
    }
}

/// How a promise ended by our own act.
pub fn end(how: PromiseEnd) -> &'static str {
    match how {
        PromiseEnd::Withdrawn => "withdrawn by the customer",
        PromiseEnd::Superseded => "replaced",
        PromiseEnd::EntryError => "entered by mistake",
    }
}

fn cause(cause: Cause) -> &'static str {
    match cause {
        Cause::Payment => "Payment",
        Cause::Credit => "Credit",
        Cause::Discount => "Discount",
        Cause::WriteOff => "Write-off",
        Cause::Withholding => "Tax withheld",
        Cause::Exchange => "Exchange difference",
        Cause::AtSourceUnknown => "Settled at source, cause unknown",
        Cause::Amended => "Amended at source",
        Cause::Returned => "Returned by the bank",
        Cause::TakeOn => "Settled before take-on",
        Cause::Refund => "Refund",
        Cause::Tolerance => "Small difference",
        Cause::Contra => "Set against what we owe",
        Cause::Transferred => "Transferred to another receipt",
    }
}

/// An expected date as stored.
pub fn expected_day(text: &str) -> Option<Day> {
    date::parse_iso_bytes(text.trim().as_bytes())
}

/// An entry of the timeline: the sentence, and a chip behind it.
pub type Said = (String, Option<(Tone, String)>);

/// An entry in words. `None` for what says nothing of its own.
pub fn say(book: &Book, texts: &Texts, entry: &Entry) -> Said {
    let item = |id: ItemId| book.item_key(id).map_or(String::new(), |k| words::item(&k));
    let plain = |text: String| (text, None);
    match &entry.what {
        What::Issued { item: id, amount } => {
            let Some(i) = book.item(*id) else {
                return plain(String::new());
            };
            if let Some(t) = book.brought(*id) {
                let owner = book
                    .item(t.from)
                    .map(|f| super::name_of(book, f.customer()));
                let owner = owner.filter(|_| !is_of_one(book, t));
                let of = owner.map_or(String::new(), |name| format!(", posted to {name},"));
                let (part, came) = (item(*id), words::money(t.into, i.currency()));
                return plain(format!("{came} of {}{of} came over: {part}", item(t.from)));
            }
            plain(format!(
                "{} {} of {}",
                kind(i.kind()),
                item(*id),
                words::money(amount.saturating_abs(), i.currency())
            ))
        }
        What::Settled(s) => settled(book, s, false),
        What::Reversed(s) => settled(book, s, true),
        What::ReceiptMoved(m) => plain(format!(
            "{} was posted to {} and is {}’s money: moved",
            item(m.receipt),
            super::name_of(book, m.from),
            super::name_of(book, m.to)
        )),
        What::Due { item: id, to } => {
            let to = to.map_or("none".to_owned(), words::day);
            plain(format!("{}: due date changed at source to {to}", item(*id)))
        }
        What::Promised(j) => {
            let who = j
                .contact
                .and_then(|c| person(book, texts, c))
                .map_or(String::new(), |n| format!("{n}: "));
            let late = match (j.paid_late, j.paid_late_on) {
                (late, Some(on)) if late > 0 => format!(
                    ", {} came on {}",
                    words::amount(late, j.currency),
                    words::day(on)
                ),
                _ => String::new(),
            };
            let text = format!(
                "{who}promised {} for {}{late}",
                words::money(j.promised, j.currency),
                words::day(j.due)
            );
            (capital(text), Some(verdict(j)))
        }
        What::PromiseEnded { promise, how } => {
            let sum = book.promise(*promise).map(|p| {
                let sum = p
                    .fact
                    .lines
                    .iter()
                    .fold(0i64, |s, l| s.saturating_add(l.amount));
                format!(" of {}", words::money(sum, p.fact.currency))
            });
            plain(format!("Promise{} {}", sum.unwrap_or_default(), end(*how)))
        }
        What::Case { case, hop } => plain(words::cases::hop(book, *case, hop)),
        What::Escalated(id) => plain(words::cases::escalated(book, texts, *id, false)),
        What::EscalationAnswered(id) => plain(words::cases::escalated(book, texts, *id, true)),
        What::Contact(id) => contact(book, texts, *id),
        What::Remark(id) => remark(book, texts, *id),
        What::FollowUp(id) => {
            let Some(f) = book.follow_ups().get(id.index()) else {
                return plain(String::new());
            };
            let at = f.at.map_or(String::new(), |at| {
                format!(" at {}", clock_text(f.zone.as_deref(), at))
            });
            let what = f.what.map_or(String::new(), |t| {
                let said = texts.get(t);
                let said = said.map_or_else(|| erased(book, t.id), str::to_owned);
                format!(": {said}")
            });
            let kind = if f.retry { "Next try" } else { "Next step" };
            plain(format!("{kind} set for {}{at}{what}", words::day(f.due)))
        }
        What::FollowUpClosed(id) => {
            let due = book
                .follow_ups()
                .get(id.index())
                .map_or(String::new(), |f| format!(" of {}", words::day(f.due)));
            plain(format!("Follow-up{due} closed"))
        }
        What::Field {
            item: id,
            field: name,
            value,
        } => {
            let value = match (name, book.item(*id), value.parse::<i64>()) {
                (CollectorField::Disputed, Some(i), Ok(minor)) => words::money(minor, i.currency()),
                (CollectorField::ExpectedDate | CollectorField::AgingAnchor, _, _) => {
                    expected_day(value).map_or(value.clone(), words::day)
                }
                _ => value.clone(),
            };
            let value = if value.is_empty() {
                "cleared".to_owned()
            } else {
                value
            };
            plain(format!(
                "{}: {} {value}",
                item(*id),
                field(*name).to_lowercase()
            ))
        }
        What::ContactSaved(id) => plain(format!(
            "Contact {} saved",
            person(book, texts, *id).unwrap_or_default()
        )),
        What::ContactRemoved(id) => plain(format!(
            "Contact {} removed",
            person(book, texts, *id).unwrap_or_default()
        )),
        What::Profile { field, value } => {
            let value = if value.is_empty() { "cleared" } else { value };
            plain(format!("{}: {value}", profile(*field)))
        }
        What::Import { added, changed } => {
            let file = book
                .imports()
                .find(|i| i.commit == entry.commit)
                .map_or(String::new(), |i| i.facts.file.clone());
            let what = match (added, changed) {
                (a, 0) => format!("{} came in", items(*a)),
                (0, c) => format!("{} changed", items(*c)),
                (a, c) => format!("{} came in, {c} changed", items(*a)),
            };
            plain(format!("File {file}: {what}"))
        }
        other => words::plans::entry(book, other).unwrap_or_default(),
    }
}

fn items(count: u32) -> String {
    plural(count as usize, "item", "items", Default::default())
}

/// Whether a part of a receipt stayed with its customer, in another currency.
fn is_of_one(book: &Book, t: &duebook_ledger::recon::Transfer) -> bool {
    let currency = |id| book.item(id).map(|i| i.currency());
    currency(t.from) != currency(t.to)
}

fn settled(book: &Book, s: &Settlement, back: bool) -> Said {
    let key = |id: ItemId| book.item_key(id).map_or(String::new(), |k| words::item(&k));
    let currency = s
        .debit
        .or(s.credit)
        .and_then(|id| book.item(id))
        .map(|i| i.currency());
    let amount = currency.map_or(String::new(), |c| words::money(s.amount, c));
    let on = match (s.debit, s.credit) {
        (Some(d), Some(c)) => format!(" on {}, from {}", key(d), key(c)),
        (Some(d), None) => format!(" on {}", key(d)),
        (None, Some(c)) => format!(", {}", key(c)),
        (None, None) => String::new(),
    };
    let pending = book
        .standing_of(s.id)
        .is_pending()
        .then(|| (Tone::Info, "not in source yet".to_owned()));
    if let Some((t, to)) = book
        .transfer_by(s.id)
        .and_then(|t| Some((t, book.item(t.to)?)))
        && !back
    {
        let from = s.credit.map_or(String::new(), key);
        let text = match is_of_one(book, t) {
            true => format!(
                "{amount} of {from} was taken for {}: {}",
                words::money(t.into, to.currency()),
                key(t.to)
            ),
            false => format!(
                "{amount} of {from} is {}’s money: {}",
                super::name_of(book, to.customer()),
                key(t.to)
            ),
        };
        return (text, pending);
    }
    if back {
        (
            format!("{} of {amount}{on} taken back", cause(s.cause)),
            Some((Tone::Danger, "reversed".to_owned())),
        )
    } else {
        (format!("{} of {amount}{on}", cause(s.cause)), pending)
    }
}

/// What a tracker says somebody wrote.
fn remark(book: &Book, texts: &Texts, id: duebook_ledger::RemarkId) -> Said {
    let Some(remark) = book.remark(id) else {
        return (String::new(), None);
    };
    let fact = &remark.fact;
    let text = texts.get(fact.text);
    let text = text.map_or_else(|| erased(book, fact.text.id), str::to_owned);
    let item = fact.item.and_then(|id| book.item(id));
    let on = item.map_or(String::new(), |i| format!("{}: ", i.number()));
    let by = match fact.author.as_str() {
        "" => String::new(),
        author => format!(" ({author})"),
    };
    let chip = Some((Tone::Neutral, "from tracker".to_owned()));
    (format!("{on}{text}{by}"), chip)
}

fn contact(book: &Book, texts: &Texts, id: duebook_ledger::ActivityId) -> Said {
    let Some(a) = book.activities().get(id.index()) else {
        return (String::new(), None);
    };
    let who = a
        .contact
        .and_then(|c| person(book, texts, c))
        .map_or(String::new(), |n| format!("{n}: "));
    let note = match a.note {
        None => String::new(),
        Some(text) => texts
            .get(text)
            .map_or_else(|| erased(book, text.id), str::to_owned),
    };
    let against = against(book, texts, id);
    if a.channel == Channel::Note {
        return (
            format!("{who}{note}{against}"),
            Some((Tone::Neutral, "note".to_owned())),
        );
    }
    let tone = match a.outcome {
        Outcome::Promise => Tone::Accent,
        Outcome::Dispute | Outcome::Refused | Outcome::CashFlow => Tone::Warn,
        Outcome::DoNotCall | Outcome::LegalRepresentation | Outcome::Insolvency => Tone::Danger,
        _ => Tone::Neutral,
    };
    let text = if note.is_empty() {
        format!("{who}{}{against}", channel(a.channel))
    } else {
        format!("{who}{note}{against}")
    };
    (text, Some((tone, words::outcome(a.outcome).to_lowercase())))
}

/// What rules said against a contact, and why it was made all the same.
fn against(book: &Book, texts: &Texts, id: duebook_ledger::ActivityId) -> String {
    let Some(flagged) = book.flag_of(id) else {
        return String::new();
    };
    let rules: Vec<&str> = flagged.fact.flags.iter().map(|f| f.rule.as_str()).collect();
    let why = flagged.fact.reason.and_then(|t| texts.get(t));
    let why = why.map_or(String::new(), |why| format!(": {why}"));
    format!(" (against {}{why})", rules.join(", "))
}

/// A person's name, as known now or last.
pub fn person(book: &Book, texts: &Texts, id: ContactId) -> Option<String> {
    let facts = &book.contact(id)?.facts;
    let known = facts.get(&|s| book.is_live(s))?;
    Person::of(known, texts)
        .map(|p| p.name)
        .filter(|n| !n.is_empty())
}

fn capital(text: String) -> String {
    let mut chars = text.chars();
    chars
        .next()
        .map_or(String::new(), |c| c.to_uppercase().chain(chars).collect())
}
