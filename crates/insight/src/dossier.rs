//! The dossier of a customer for counsel or an agency (§8.5): what is claimed, what was said, written,
//! promised, disputed and tried, as sheets; the letters that were sent and an index as text.

use crate::late::LateItem;
use crate::plans::{limitation_of, offers_of, placements_of, plans_of};
use crate::promises::{Judged, judge_customer};
use crate::reports::{
    TextSource, money, money_column, offer_state, placement_end, plan_state, shown_text, stage_name,
};
use duebook_ledger::cases::SaidKind;
use duebook_ledger::facts::Outcome;
use duebook_ledger::letters::LetterStands;
use duebook_ledger::people::Activity;
use duebook_ledger::plans::Approved;
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

/// One line of a dispute: how it was raised, or what was said on it.
struct DisputeLine<'a> {
    number: &'a str,
    day: Day,
    reason: &'a str,
    what: &'static str,
    by: &'a str,
    text: Option<duebook_ledger::keys::TextRef>,
    ticket: &'a str,
}

/// Disputes and queries with the answers to them, oldest first, up to the day of the view.
pub fn disputes_sheet<'a>(
    book: &'a Book,
    view: View,
    customer: CustomerId,
    texts: &'a dyn TextSource,
) -> Sheet<'a> {
    let scan = OpenScan::new(book, view);
    let known = |seq, on: Day| scan.is_live(seq) && on <= view.as_of;
    let mut all: Vec<DisputeLine<'a>> = Vec::new();
    for (_, case) in book.cases_of(customer) {
        let fact = &case.fact;
        if !known(case.commit, fact.opened_on) {
            continue;
        }
        all.push(DisputeLine {
            number: &fact.number,
            day: fact.opened_on,
            reason: &fact.reason,
            what: "Raised",
            by: &fact.department,
            text: fact.text,
            ticket: &fact.ticket,
        });
        let said = case.said.iter().filter(|(seq, s)| known(*seq, s.on));
        all.extend(said.map(|(_, s)| DisputeLine {
            number: &fact.number,
            day: s.on,
            reason: &fact.reason,
            what: match s.kind {
                SaidKind::Note => "Note",
                SaidKind::Answer => "Answer",
                SaidKind::HandedOff => "Handed over",
            },
            by: &s.by,
            text: s.text,
            ticket: "",
        }));
    }
    let columns = vec![
        Column::new("Case", Kind::Text),
        Column::new("Day", Kind::Date),
        Column::new("Reason", Kind::Text),
        Column::new("What", Kind::Text),
        Column::new("By, or to whom", Kind::Text),
        Column::new("In words", Kind::Text).width(80),
        Column::new("Ticket", Kind::Text),
    ];
    let rows = all.len();
    Sheet::new("Disputes", columns, rows, move |row, column| {
        Cell::or_empty(all.get(row).and_then(|c| {
            Some(match column {
                0 => Cell::text(c.number),
                1 => Cell::Date(c.day),
                2 => Cell::text(c.reason),
                3 => Cell::text(c.what),
                4 => Cell::text(c.by),
                5 => Cell::text(shown_text(book, texts, c.text?)),
                6 => Cell::text(c.ticket),
                _ => return None,
            })
        }))
    })
}

/// A letter that went out, as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentLetter {
    /// The day it went out.
    pub on: Day,
    /// Template, its version and language.
    pub template: String,
    /// What it is in one line.
    pub subject: String,
    /// The id by which its figures are found again.
    pub tie: String,
    /// The whole of it; that it was erased, where it was.
    pub text: String,
    /// The commit that says it went out, as written by whom.
    pub by: String,
}

impl SentLetter {
    /// Its file in the pack; `n` counts from 1.
    pub fn file(&self, n: usize) -> String {
        format!("letters/{n:03}-{}.txt", self.on)
    }
}

/// The letters that went out to a customer up to the day of a view, oldest first. What was produced
/// and not sent is none.
pub fn sent_letters(
    book: &Book,
    view: View,
    customer: CustomerId,
    texts: &dyn TextSource,
) -> Vec<SentLetter> {
    let scan = OpenScan::new(book, view);
    let one = |(_, letter, stands): (_, &duebook_ledger::letters::Letter, LetterStands)| {
        let LetterStands::Sent(_, on) = stands else {
            return None;
        };
        let shown = |t: Option<_>| t.map_or(String::new(), |t| shown_text(book, texts, t));
        let fact = &letter.fact;
        let known = scan.is_live(letter.commit) && on <= view.as_of;
        known.then(|| SentLetter {
            on,
            template: format!("{} v{} ({})", fact.template, fact.version, fact.language),
            subject: shown(fact.subject),
            tie: fact.tie.clone(),
            text: shown(fact.content),
            by: book
                .commit(letter.commit)
                .map_or(String::new(), |c| c.actor.clone()),
        })
    };
    let mut all: Vec<SentLetter> = book.letters_to(customer).filter_map(one).collect();
    duebook_money::order::sort_by_key(&mut all, |l| l.on);
    all
}

/// The letters that went out, with the file of each in the pack.
pub fn letters_sheet<'a>(letters: &[SentLetter]) -> Sheet<'a> {
    let all = letters.to_vec();
    let columns = vec![
        Column::new("Sent on", Kind::Date),
        Column::new("Letter", Kind::Text).width(60),
        Column::new("Template", Kind::Text),
        Column::new("Reference", Kind::Text),
        Column::new("By", Kind::Text),
        Column::new("File in this pack", Kind::Text).width(30),
    ];
    let rows = all.len();
    Sheet::new("Letters sent", columns, rows, move |row, column| {
        Cell::or_empty(all.get(row).and_then(|l| {
            Some(match column {
                0 => Cell::Date(l.on),
                1 => Cell::text(l.subject.clone()),
                2 => Cell::text(l.template.clone()),
                3 => Cell::text(l.tie.clone()),
                4 => Cell::text(l.by.clone()),
                5 => Cell::text(l.file(row + 1)),
                _ => return None,
            })
        }))
    })
}

/// One way that was tried.
struct Tried {
    on: Day,
    what: String,
    currency: Currency,
    amount: i64,
    came: i64,
    state: String,
    reason: String,
    approved: String,
}

fn tried(book: &Book, view: View, customer: CustomerId) -> Vec<Tried> {
    let scan = OpenScan::new(book, view);
    let by =
        |a: Option<&Approved>| a.map_or(String::new(), |a| format!("{} ({})", a.by, a.reference));
    let mut all: Vec<Tried> = Vec::new();
    for p in plans_of(book, &scan, customer) {
        let Some(fact) = book.plans().get(p.plan.index()).map(|x| &x.fact) else {
            continue;
        };
        all.push(Tried {
            on: p.agreed_on,
            what: format!("Payment plan, {} instalments", p.instalments.len()),
            currency: p.currency,
            amount: p.total,
            came: p.paid,
            state: plan_state(p.state).to_owned(),
            reason: fact.reason.clone(),
            approved: by(fact.approved.as_ref()),
        });
    }
    for o in offers_of(book, &scan, customer) {
        let Some(fact) = book.offers().get(o.offer.index()).map(|x| &x.fact) else {
            continue;
        };
        all.push(Tried {
            on: fact.offered_on,
            what: format!("Settlement by {} of {}", o.by, plain(o.debt, o.currency)),
            currency: o.currency,
            amount: o.pay,
            came: o.paid,
            state: offer_state(o.state).to_owned(),
            reason: fact.reason.clone(),
            approved: by(fact.approved.as_ref()),
        });
    }
    for p in placements_of(book, &scan, customer) {
        let Some(fact) = book.placements().get(p.placement.index()).map(|x| &x.fact) else {
            continue;
        };
        all.push(Tried {
            on: fact.placed_on,
            what: format!("Placed with {}", fact.name),
            currency: p.currency,
            amount: p.placed,
            came: p.recovered,
            state: match p.ended {
                Some((how, on)) => format!("{} {on}", placement_end(how)),
                None => stage_name(p.stage.0).to_owned(),
            },
            reason: fact.reason.clone(),
            approved: by(fact.approved.as_ref()),
        });
    }
    duebook_money::order::sort_by_key(&mut all, |t| t.on);
    all
}

/// Plans, settlements and placements: what was tried before, and who approved it (§8.5).
pub fn tried_sheet<'a>(book: &Book, view: View, customer: CustomerId) -> Sheet<'a> {
    let all = tried(book, view, customer);
    let columns = vec![
        Column::new("Day", Kind::Date),
        Column::new("What was tried", Kind::Text).width(40),
        Column::new("Currency", Kind::Text),
        money_column("Amount", 2),
        money_column("Came in", 2),
        Column::new("What came of it", Kind::Text).width(26),
        Column::new("Reason", Kind::Text).width(40),
        Column::new("Approved by", Kind::Text),
    ];
    let rows = all.len();
    Sheet::new("Tried", columns, rows, move |row, column| {
        Cell::or_empty(all.get(row).and_then(|t| {
            Some(match column {
                0 => Cell::Date(t.on),
                1 => Cell::text(t.what.clone()),
                2 => Cell::text(t.currency.code()),
                3 => money(t.amount, t.currency),
                4 => money(t.came, t.currency),
                5 => Cell::text(t.state.clone()),
                6 => Cell::text(t.reason.clone()),
                7 => Cell::text(t.approved.clone()),
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

/// The index of the pack: who, what is claimed, what is in it, what must be added. `files` are the
/// files of the pack with what each is; `lacking` names documents that the book has by name only.
pub fn index(
    book: &Book,
    view: View,
    customer: CustomerId,
    late: &[LateItem],
    (head, files, lacking): (&str, &[(String, String)], &[String]),
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
    for (currency, claim, held) in interest_sums(late) {
        text.push_str(&format!(
            "  {} interest and fixed sums to date, not charged yet\n",
            plain(claim, currency)
        ));
        if held > 0 {
            text.push_str(&format!(
                "  {} of interest is held back by a payment plan\n",
                plain(held, currency)
            ));
        }
    }
    if let Some(limit) = limitation_of(book, &scan, customer).first() {
        text.push_str(&format!(
            "\nThe first claim runs out on {} ({} years from {}); to be checked by counsel.\n",
            limit.on, limit.years, limit.from
        ));
    }
    text.push_str("\nIn this pack\n");
    for (name, what) in files {
        text.push_str(&format!("  {name}: {what}\n"));
    }
    text.push_str("  MANIFEST.txt: checksum of each file\n");
    if !lacking.is_empty() {
        text.push_str("\nKnown to the book by name only: add them\n");
        lacking
            .iter()
            .for_each(|name| text.push_str(&format!("  {name}\n")));
    }
    text.push_str(
        "\nNot in this pack: contract, purchase orders and proofs of delivery that are not listed above; \
         registration and assets of the debtor. Add them before it is handed over.\n",
    );
    text
}

/// What may be charged and what a plan holds back, by currency.
fn interest_sums(late: &[LateItem]) -> Vec<(Currency, i64, i64)> {
    let mut sums: std::collections::BTreeMap<&'static str, (Currency, i64, i64)> =
        Default::default();
    for l in late.iter().filter(|l| l.sheet.is_ok()) {
        let sum = sums.entry(l.currency.code()).or_insert((l.currency, 0, 0));
        sum.1 = sum.1.saturating_add(l.chargeable());
        sum.2 = sum.2.saturating_add(l.held_back());
    }
    sums.into_values().collect()
}
