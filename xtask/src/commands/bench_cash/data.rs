//! The peers' data: `items-N.csv`, `payments-N.csv`, `truth-N.csv`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use duebook_cash::{Limits, OpenIndex, Receipt, Sums, sums};
use duebook_exchange::read::Options;
use duebook_ledger::facts::ImportKind;
use duebook_ledger::{Book, ItemId};
use duebook_money::amount::{Style, parse_plain};
use duebook_money::{Currency, Day, date};

use super::{Loaded, need};
use crate::engine::{self, Encoded, OnDisk};
use crate::shell::{Failure, Outcome};

/// The day the peers' generator works on.
const AS_OF: &str = "2025-06-30";

/// What a receipt really pays.
#[derive(Default)]
pub struct Truth {
    pub kind: String,
    pub items: BTreeSet<ItemId>,
}

/// A book of a file of open items.
pub fn book(path: &Path, as_of: Day) -> Outcome<Book> {
    let input = OnDisk::new(path)?;
    let staged = engine::staged(&input, &Options::default()).map_err(|e| Failure(e.to_string()))?;
    let items = &staged.batch.items;
    let encoded = Encoded::of(items);
    let bulk = encoded.decode()?;
    let mut book = engine::begun(as_of)?;
    let facts = engine::facts(ImportKind::OpenItems, "items.csv", as_of);
    engine::import(&mut book, facts, items, &encoded, bulk)?;
    Ok(book)
}

/// Items by document number.
pub fn by_number(book: &Book) -> BTreeMap<String, ItemId> {
    let mut found = BTreeMap::new();
    for (segment, state) in book.items().segments().iter().enumerate() {
        for row in 0..state.data.len() {
            let number = state.data.number.get(row).to_owned();
            found.insert(number, ItemId::new(segment, row));
        }
    }
    found
}

/// Loads one size.
pub fn load(folder: &Path, rows: u64) -> Outcome<Loaded> {
    let file = |what: &str| folder.join(format!("{what}-{rows}.csv"));
    let as_of = date::parse_iso_bytes(AS_OF.as_bytes()).unwrap_or(Day::EPOCH);
    let book = book(&file("items"), as_of)?;
    let numbers = by_number(&book);
    let mut truth: BTreeMap<String, Truth> = BTreeMap::new();
    for line in records(&need(&file("truth"))?)? {
        let [payment, kind, number, _] = &line[..] else {
            return Err(Failure("truth has four columns".to_owned()));
        };
        let entry = truth.entry(payment.clone()).or_default();
        entry.kind.clone_from(kind);
        let item = numbers.get(number);
        entry
            .items
            .insert(*item.ok_or_else(|| Failure(format!("no item {number}")))?);
    }
    let mut receipts = Vec::new();
    let mut truths = Vec::new();
    for line in records(&need(&file("payments"))?)? {
        receipts.push(receipt(&line)?);
        let none = Truth {
            kind: "noise".to_owned(),
            items: BTreeSet::new(),
        };
        truths.push(truth.remove(&line[0]).unwrap_or(none));
    }
    Ok(Loaded {
        book,
        as_of,
        receipts,
        truth: truths,
    })
}

fn records(text: &str) -> Outcome<Vec<Vec<String>>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let line = |r: Result<csv::StringRecord, csv::Error>| {
        r.map(|r| r.iter().map(str::to_owned).collect())
            .map_err(|e| Failure(e.to_string()))
    };
    reader.records().map(line).collect()
}

fn receipt(line: &[String]) -> Outcome<Receipt> {
    let [id, day, customer, name, currency, amount, text] = line else {
        return Err(Failure("payments have seven columns".to_owned()));
    };
    let bad = || Failure(format!("payment {id} cannot be read"));
    let currency = Currency::from_code(currency).ok_or_else(bad)?;
    let day = date::parse_iso_bytes(day.as_bytes()).ok_or_else(bad)?;
    let amount = parse_plain(amount.as_bytes(), currency.exponent(), Style::POINT);
    Ok(Receipt {
        bank_id: id.clone(),
        customer_ref: customer.clone(),
        payer_name: name.clone(),
        text: text.clone(),
        ..Receipt::of(amount.map_err(|_| bad())?, currency, day)
    })
}

/// How many sets of at most four items make a receipt's amount.
pub enum Solutions {
    One,
    More,
    NotCounted,
}

/// Counts among the customer's debits in that currency that no other receipt names.
pub fn solutions(
    loaded: &Loaded,
    index: &OpenIndex,
    receipt: &Receipt,
    truth: &Truth,
    named: &BTreeSet<ItemId>,
) -> Solutions {
    let Some(first) = truth.items.iter().next() else {
        return Solutions::More;
    };
    let Some(owner) = loaded.book.item(*first).map(|i| i.customer()) else {
        return Solutions::More;
    };
    let open = index.open_of(owner, receipt.currency);
    let rows = open
        .iter()
        .filter(|(id, open)| *open > 0 && *open <= receipt.amount && !named.contains(id));
    let amounts: Vec<i64> = rows.map(|(_, open)| *open).collect();
    let classes: Vec<u32> = (0..amounts.len() as u32).collect();
    let limits = Limits {
        max_items: 4,
        nodes: 20_000_000,
        examples: 2,
    };
    match sums(&amounts, &classes, receipt.amount, limits, &mut 0) {
        Sums::Unique(_) => Solutions::One,
        Sums::Unknown(_) => Solutions::NotCounted,
        Sums::None | Sums::Ambiguous(_) => Solutions::More,
    }
}
