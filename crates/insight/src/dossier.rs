//! The dossier of a customer for counsel or an agency (§8.5): what is claimed, what was said,
//! promised, disputed and agreed, as sheets; an index and the template of a letter before claim as
//! text.

use crate::late::LateItem;
use crate::promises::{Judged, judge_customer};
use crate::reports::{TextSource, money, money_column, shown_text};
use duebook_ledger::facts::Outcome;
use duebook_ledger::people::Activity;
use duebook_ledger::{Book, CustomerId, OpenScan, View};
use duebook_money::{Currency, Day};
use duebook_sheet::{Cell, Column, Kind, Sheet};

const CURRENCY: usize = 4;

/// One open debit of the claim.
struct Claimed {
    number: String,
    reference: String,
    doc_date: Option<Day>,
    due: Option<Day>,
    currency: Currency,
    amount: i64,
    open: i64,
    disputed: i64,
}

fn claimed(book: &Book, scan: &OpenScan<'_>, customer: CustomerId) -> Vec<Claimed> {
    let overlay = crate::overlay::Overlay::of(book, scan, customer);
    let one = |i: duebook_ledger::items::ItemRef<'_>| {
        let open = scan.open(i.id).map_or(0, |o| o.working());
        (open != 0).then(|| Claimed {
            number: i.number().to_owned(),
            reference: i
                .text(&duebook_ledger::columns::TextField::Reference)
                .to_owned(),
            doc_date: duebook_ledger::items::day(i.doc_date()),
            due: duebook_ledger::items::day(book.due_of(&i)),
            currency: i.currency(),
            amount: book.amount_of(&i),
            open,
            disputed: overlay.disputed.get(&i.id).copied().unwrap_or(0),
        })
    };
    scan.items_of(customer).filter_map(one).collect()
}

/// The open items of the claim, credits included.
pub fn claim_sheet<'a>(book: &Book, view: View, customer: CustomerId) -> Sheet<'a> {
    let scan = OpenScan::new(book, view);
    let all = claimed(book, &scan, customer);
    let amount = |header: &str| money_column(header, CURRENCY);
    let columns = vec![
        Column::new("Document", Kind::Text).total_text("Total"),
        Column::new("Reference", Kind::Text),
        Column::new("Date", Kind::Date),
        Column::new("Due", Kind::Date),
        Column::new("Currency", Kind::Text),
        amount("Amount").sum(),
        amount("Open").sum(),
        amount("Of which disputed").sum(),
    ];
    let rows = all.len();
    Sheet::new("Claim", columns, rows, move |row, column| {
        let of = all.get(row);
        Cell::or_empty(of.and_then(|c| {
            Some(match column {
                0 => Cell::text(c.number.clone()),
                1 => Cell::text(c.reference.clone()),
                2 => Cell::Date(c.doc_date?),
                3 => Cell::Date(c.due?),
                CURRENCY => Cell::text(c.currency.code()),
                5 => money(c.amount, c.currency),
                6 => money(c.open, c.currency),
                7 => money(c.disputed, c.currency),
                _ => return None,
            })
        }))
    })
}

/// Everything said and tried, oldest first.
pub fn contact_sheet<'a>(
    book: &'a Book,
    view: View,
    customer: CustomerId,
    texts: &'a dyn TextSource,
) -> Sheet<'a> {
    let scan = OpenScan::new(book, view);
    let ids = book.customer(customer).map_or(&[][..], |c| &c.activities);
    let known = ids
        .iter()
        .filter_map(|id| book.activities().get(id.index()));
    let all: Vec<&Activity> = known.filter(|a| scan.is_live(a.commit)).collect();
    let columns = vec![
        Column::new("Date", Kind::Date).note("UTC"),
        Column::new("How", Kind::Text),
        Column::new("Outcome", Kind::Text),
        Column::new("By", Kind::Text),
        Column::new("What was said", Kind::Text).width(80),
    ];
    let rows = all.len();
    Sheet::new("Contacts", columns, rows, move |row, column| {
        Cell::or_empty(all.get(row).and_then(|a| {
            let day = i32::try_from(a.at.div_euclid(86_400_000)).ok()?;
            Some(match column {
                0 => Cell::Date(Day(day)),
                1 => Cell::text(format!("{:?}", a.channel)),
                2 => Cell::text(outcome(a.outcome)),
                3 => Cell::text(book.commit(a.commit)?.actor.as_str()),
                4 => Cell::text(shown_text(book, texts, a.note?)),
                _ => return None,
            })
        }))
    })
}

fn outcome(outcome: Outcome) -> &'static str {
    outcome.code()
}

/// Promises of the customer, judged in the view.
pub fn promises_of(book: &Book, view: View, customer: CustomerId) -> Vec<Judged> {
    let scan = OpenScan::new(book, view);
    judge_customer(book, &scan, customer)
}

/// Disputes and queries with their answers, oldest first.
pub fn disputes_sheet<'a>(
    book: &'a Book,
    customer: CustomerId,
    texts: &'a dyn TextSource,
) -> Sheet<'a> {
    let all: Vec<_> = book.cases_of(customer).map(|(_, case)| case).collect();
    let columns = vec![
        Column::new("Case", Kind::Text),
        Column::new("Opened", Kind::Date),
        Column::new("Reason", Kind::Text),
        Column::new("Department", Kind::Text),
        Column::new("What the customer said", Kind::Text).width(80),
        Column::new("Ticket", Kind::Text),
    ];
    let rows = all.len();
    Sheet::new("Disputes", columns, rows, move |row, column| {
        Cell::or_empty(all.get(row).and_then(|c| {
            Some(match column {
                0 => Cell::text(c.fact.number.as_str()),
                1 => Cell::Date(c.fact.opened_on),
                2 => Cell::text(c.fact.reason.as_str()),
                3 => Cell::text(c.fact.department.as_str()),
                4 => Cell::text(shown_text(book, texts, c.fact.text?)),
                5 => Cell::text(c.fact.ticket.as_str()),
                _ => return None,
            })
        }))
    })
}

/// An amount in plain digits with its currency.
fn plain(minor: i64, currency: Currency) -> String {
    format!(
        "{} {}",
        Cell::Money {
            minor,
            exponent: currency.exponent()
        }
        .plain(),
        currency.code()
    )
}

/// The index of the pack: who, what is claimed, what is in it, what must be checked.
pub fn index(
    book: &Book,
    view: View,
    customer: CustomerId,
    late: &[LateItem],
    head: &str,
) -> String {
    let scan = OpenScan::new(book, view);
    let facts = book.customer_facts(customer);
    let name = facts.map_or("", |f| f.name.as_str());
    let number = book.customer(customer).map_or("", |c| c.number.as_str());
    let mut text = format!(
        "DOSSIER\n\nDebtor: {name} (account {number})\nBook: {}\nAs of: {}\nHash of the newest commit: {head}\n\nClaim\n",
        book.about().map_or("", |a| a.name.as_str()),
        view.as_of,
    );
    let mut by: std::collections::BTreeMap<&'static str, (Currency, i64, i64)> = Default::default();
    for c in claimed(book, &scan, customer) {
        let sum = by.entry(c.currency.code()).or_insert((c.currency, 0, 0));
        (sum.1, sum.2) = (
            sum.1.saturating_add(c.open),
            sum.2.saturating_add(c.disputed),
        );
    }
    for (currency, open, disputed) in by.values() {
        text.push_str(&format!(
            "  {} open, of which {} disputed\n",
            plain(*open, *currency),
            plain(*disputed, *currency)
        ));
    }
    let interest = late
        .iter()
        .filter_map(|l| Some((l.currency, l.sheet.as_ref().ok()?.total())));
    let mut sums: std::collections::BTreeMap<&'static str, (Currency, i64)> = Default::default();
    for (currency, amount) in interest {
        let sum = sums.entry(currency.code()).or_insert((currency, 0));
        sum.1 = sum.1.saturating_add(amount);
    }
    for (currency, amount) in sums.values() {
        text.push_str(&format!(
            "  {} interest and fixed sums to date, not charged yet\n",
            plain(*amount, *currency)
        ));
    }
    if let Some(limit) = crate::plans::limitation_of(book, &scan, customer).first() {
        text.push_str(&format!(
            "\nThe first claim runs out on {} ({} years from {}); to be checked by counsel.\n",
            limit.on, limit.years, limit.from
        ));
    }
    text.push_str(
        "\nIn this pack\n  dossier.xlsx: claim, interest, contacts, promises, disputes\n  \
         letter-before-claim.txt: a template, to be checked by counsel before it is sent\n  \
         MANIFEST.txt: checksum of each file\n\nNot in this pack: contract, purchase orders, proofs of \
         delivery, registration and assets of the debtor. Add them before it is handed over.\n",
    );
    text
}

/// A letter before claim by jurisdiction: a template, marked as one.
pub fn letter_before_claim(book: &Book, view: View, customer: CustomerId) -> String {
    let scan = OpenScan::new(book, view);
    let facts = book.customer_facts(customer);
    let name = facts.map_or("", |f| f.name.as_str());
    let country = facts.and_then(|f| f.country.as_deref()).unwrap_or_default();
    let (days, rule) = match country.to_ascii_uppercase().as_str() {
        "GB" | "UK" => (
            14,
            "Practice Direction on pre-action conduct. Where the debtor is an individual or a sole trader the Pre-Action Protocol for Debt Claims applies instead: 30 days and its reply form.",
        ),
        "IN" => (
            30,
            "A reference to the MSEFC needs a supplier that is a micro or small enterprise registered before the supply.",
        ),
        "DE" => (
            14,
            "Default under § 286 BGB needs no further reminder where a day was agreed.",
        ),
        _ => (14, "The law of the debtor's country decides form and time."),
    };
    let mut text = format!(
        "TEMPLATE - TO BE CHECKED BY COUNSEL BEFORE IT IS SENT\n({rule})\n\n{name}\n\n{}\n\nLETTER BEFORE CLAIM\n\n\
         The following amounts are due and unpaid:\n\n",
        view.as_of
    );
    let mut by: std::collections::BTreeMap<&'static str, (Currency, i64)> = Default::default();
    let late = |c: &Claimed| c.open > 0 && c.due.is_some_and(|d| d < view.as_of);
    for c in claimed(book, &scan, customer).into_iter().filter(late) {
        let due = c.due.map_or(String::new(), |d| format!(", due {d}"));
        text.push_str(&format!(
            "  {}{due}: {}\n",
            c.number,
            plain(c.open, c.currency)
        ));
        let sum = by.entry(c.currency.code()).or_insert((c.currency, 0));
        sum.1 = sum.1.saturating_add(c.open);
    }
    for (currency, amount) in by.values() {
        text.push_str(&format!("\n  Together {}\n", plain(*amount, *currency)));
    }
    text.push_str(&format!(
        "\nUnless this is paid by {}, or you tell us by then in writing which part you dispute and why, we will \
         start proceedings without further notice and claim interest and costs beside it.\n\n\
         A calculation of interest is enclosed.\n",
        view.as_of.plus(days)
    ));
    text
}
