//! The pack of a customer for counsel or an agency: index, workbook, statement, letter before claim,
//! the letters that were sent, the documents the book keeps, manifest, in one ZIP.

use super::wire::Report;
use duebook_exchange::write::archive;
use duebook_exchange::write::pack::pack;
use duebook_exchange::write::xlsx;
use duebook_insight::aging::{AgingQuery, aging};
use duebook_insight::dossier::{
    claim_sheet, contact_sheet, disputes_sheet, index, letters_sheet, promises_of, sent_letters,
    tried_sheet,
};
use duebook_insight::late::late_items;
use duebook_insight::reports::{Making, TextSource, interest_sheet, promises_sheet, readme};
use duebook_insight::tie_out::tie_out;
use duebook_ledger::keys::TextRef;
use duebook_ledger::{Book, CustomerId, OpenScan};
use duebook_letters::{Block, Party, claim, docx};
use duebook_sheet::{ReadmeAt, Workbook};
use std::ops::ControlFlow;

/// Bytes of documents in one pack beyond this are left out by name: the pack is made in memory.
const MOST_BYTES: usize = 100 << 20;

/// A file of the pack: its name, what it is, its bytes.
type Entry = (String, String, Vec<u8>);

/// Texts and files that lie beside the log.
pub trait Kept: TextSource {
    /// The bytes of a document; `None`: by name only, or erased.
    fn file(&self, at: TextRef) -> Option<std::sync::Arc<[u8]>>;
}

/// The bytes of the pack and the documents claimed in it.
pub fn dossier(
    book: &Book,
    texts: &dyn Kept,
    report: &Report,
    query: &AgingQuery,
    making: Making,
) -> Result<(Vec<u8>, u64), String> {
    let customer = report.customers.as_ref().and_then(|c| c.first().copied());
    let customer = customer.map(CustomerId).ok_or("No customer was named.")?;
    let policy = &book.policies().recovery.interest;
    let facts = book
        .customer_facts(customer)
        .ok_or("There is no such customer.")?;
    let country = facts.country.clone().unwrap_or_default();
    let pack_id = report.pack.as_deref().unwrap_or_default();
    let rules = policy
        .pack(pack_id)
        .or(policy.proposed(&country, query.view.as_of));
    let scan = OpenScan::new(book, query.view);
    let late = rules.map_or(Vec::new(), |p| late_items(book, &scan, customer, p));
    let head = making.head_hash.clone();
    let party = party(book, report, customer);

    let mut files: Vec<Entry> = Vec::new();
    let (bytes, rows) = workbook(book, texts, (query, customer), late.clone(), making)?;
    files.push((
        "dossier.xlsx".into(),
        "claim, interest, contacts, letters sent, promises, disputes with their answers, what was tried"
            .into(),
        bytes,
    ));
    // A statement is of what is known now: beside a claim as known then it would say something else.
    if query.view.known.is_none() {
        let (title, body) = claim::account_statement(book, customer, &party, query.view.as_of);
        files.push((
            "statement.docx".into(),
            "every movement of the account, ending on the open items".into(),
            word(&title, &body)?,
        ));
    }
    files.extend(before_claim(book, &scan, customer, &party)?);
    let sent = sent_letters(book, query.view, customer, texts);
    files.extend(sent.iter().enumerate().map(|(n, l)| {
        let what = format!("sent {}: {}", l.on, l.subject);
        (l.file(n + 1), what, l.text.clone().into_bytes())
    }));
    let (kept, lacking) = documents(book, texts, customer);
    files.extend(kept);

    let named: Vec<(String, String)> = files
        .iter()
        .map(|(name, what, _)| (name.clone(), what.clone()))
        .collect();
    let about = index(book, query.view, customer, &late, (&head, &named, &lacking));
    let first = about.lines().nth(2).unwrap_or("Dossier").to_owned();
    let mut all = vec![("index.txt".to_owned(), about.into_bytes())];
    all.extend(files.into_iter().map(|(name, _, bytes)| (name, bytes)));
    let bytes = pack(&first, &all).map_err(|e| format!("{e:?}."))?;
    Ok((bytes, rows))
}

/// The workbook, and how many documents are claimed in it.
fn workbook(
    book: &Book,
    texts: &dyn Kept,
    (query, customer): (&AgingQuery, CustomerId),
    late: Vec<duebook_insight::late::LateItem>,
    making: Making,
) -> Result<(Vec<u8>, u64), String> {
    let texts: &dyn TextSource = texts;
    let aged = aging(book, query).map_err(|_| "A total is too large for a ledger.".to_owned())?;
    let tied = tie_out(book, query, &aged);
    let readme = readme(book, "Dossier", query, &aged, &tied, making);
    let judged = promises_of(book, query.view, customer);
    let claim = claim_sheet(book, query.view, customer);
    let rows = claim.rows as u64;
    let sent = sent_letters(book, query.view, customer, texts);
    let sheets = vec![
        claim,
        interest_sheet(book, late),
        contact_sheet(book, query.view, customer, texts),
        letters_sheet(&sent),
        promises_sheet(book, &judged, texts),
        disputes_sheet(book, query.view, customer, texts),
        tried_sheet(book, query.view, customer),
    ];
    let workbook = Workbook::report(&readme, ReadmeAt::Last, sheets);
    let mut bytes = Vec::new();
    let options = xlsx::Options::default();
    xlsx::write(&workbook, &options, &mut bytes, &mut |_| {
        ControlFlow::Continue(())
    })
    .map_err(|e| format!("{e:?}."))?;
    Ok((bytes, rows))
}

/// Who writes to whom, with what is not set filled in.
fn party(book: &Book, report: &Report, customer: CustomerId) -> Party {
    let mut sender = book.policies().letters.sender.clone();
    if sender.company.is_empty() {
        sender.company = book.about().map_or(String::new(), |a| a.name.clone());
    }
    if sender.name.is_empty() {
        sender.name.clone_from(&report.actor);
    }
    let number = book.customer(customer).map(|c| c.number.clone());
    let name = book.customer_facts(customer).map(|f| f.name.clone());
    Party {
        sender,
        customer: name.unwrap_or_default(),
        number: number.unwrap_or_default(),
        contact: String::new(),
        terms: duebook_letters::terms_of(book, customer),
    }
}

fn word(title: &str, body: &[Block]) -> Result<Vec<u8>, String> {
    archive::package(&docx::parts(title, body)).map_err(|e| format!("{e:?}."))
}

/// The letter before claim of the debtor's country; none where nothing is to be claimed.
fn before_claim(
    book: &Book,
    scan: &OpenScan<'_>,
    customer: CustomerId,
    party: &Party,
) -> Result<Option<Entry>, String> {
    let Some(template) = claim::template_of(book, customer) else {
        return Ok(None);
    };
    let made = claim::letter_before_claim(book, scan, customer, party, &template);
    if made.totals.iter().all(|(_, minor)| *minor <= 0) {
        return Ok(None);
    }
    let state = match template.is_unchecked() {
        true => "a template, to be checked by counsel before it is sent",
        false => "not sent: see the letters for what was",
    };
    let what = format!("{}, version {}: {state}", template.name, template.version);
    let bytes = word(&made.subject, &made.body)?;
    Ok(Some(("letter-before-claim.docx".into(), what, bytes)))
}

/// Documents of the customer and its items that the book keeps, and the names of those it does not.
fn documents(book: &Book, texts: &dyn Kept, customer: CustomerId) -> (Vec<Entry>, Vec<String>) {
    let (mut files, mut lacking, mut size) = (Vec::new(), Vec::new(), 0usize);
    let of = |d: &&duebook_ledger::letters::Document| {
        let owner = |i: &duebook_ledger::ItemId| book.item(book.current(*i)).map(|i| i.customer());
        let theirs = d.fact.items.iter().any(|i| owner(i) == Some(customer));
        book.is_document_live(d) && (theirs || d.fact.customer == Some(customer))
    };
    for document in book.documents().iter().filter(of) {
        let fact = &document.fact;
        let bytes = fact.content.and_then(|c| texts.file(c));
        let bytes = bytes.filter(|b| size.saturating_add(b.len()) <= MOST_BYTES);
        let Some(bytes) = bytes else {
            lacking.push(fact.name.clone());
            continue;
        };
        size += bytes.len();
        let name = archive::file_name(&fact.name);
        let name = format!("documents/{:03} {name}", files.len() + 1);
        files.push((name, "as kept in the book".to_owned(), bytes.to_vec()));
    }
    (files, lacking)
}
