//! The pack of a customer for counsel or an agency: index, workbook, letter, manifest, in one ZIP.

use super::wire::Report;
use duebook_exchange::write::pack::pack;
use duebook_exchange::write::xlsx;
use duebook_insight::aging::{AgingQuery, aging};
use duebook_insight::dossier::{
    claim_sheet, contact_sheet, disputes_sheet, index, letter_before_claim, promises_of,
};
use duebook_insight::late::late_items;
use duebook_insight::reports::{Making, TextSource, interest_sheet, promises_sheet, readme};
use duebook_insight::tie_out::tie_out;
use duebook_ledger::{Book, CustomerId, OpenScan};
use duebook_sheet::{ReadmeAt, Workbook};
use std::ops::ControlFlow;

/// The bytes of the pack and the documents claimed in it.
pub fn dossier(
    book: &Book,
    texts: &dyn TextSource,
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
    let late = {
        let scan = OpenScan::new(book, query.view);
        rules.map_or(Vec::new(), |p| late_items(book, &scan, customer, p))
    };
    let about = index(book, query.view, customer, &late, &making.head_hash);
    let letter = letter_before_claim(book, query.view, customer);
    let aged = aging(book, query).map_err(|_| "A total is too large for a ledger.".to_owned())?;
    let tied = tie_out(book, query, &aged);
    let readme = readme(book, "Dossier", query, &aged, &tied, making);
    let judged = promises_of(book, query.view, customer);
    let claim = claim_sheet(book, query.view, customer);
    let rows = claim.rows as u64;
    let sheets = vec![
        claim,
        interest_sheet(book, late),
        contact_sheet(book, query.view, customer, texts),
        promises_sheet(book, &judged, texts),
        disputes_sheet(book, customer, texts),
    ];
    let workbook = Workbook::report(&readme, ReadmeAt::Last, sheets);
    let mut bytes = Vec::new();
    let options = xlsx::Options::default();
    xlsx::write(&workbook, &options, &mut bytes, &mut |_| {
        ControlFlow::Continue(())
    })
    .map_err(|e| format!("{e:?}."))?;
    let first = about.lines().nth(2).unwrap_or("Dossier").to_owned();
    let files = [
        ("index.txt".to_owned(), about.into_bytes()),
        ("dossier.xlsx".to_owned(), bytes),
        ("letter-before-claim.txt".to_owned(), letter.into_bytes()),
    ];
    let bytes = pack(&first, &files).map_err(|e| format!("{e:?}."))?;
    Ok((bytes, rows))
}
