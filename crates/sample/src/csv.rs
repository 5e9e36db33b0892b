//! Files of open items in the shapes that exports have, of any length, and what is in them.

use crate::csv_text as text;
use crate::places::{PLACES, Place, currency};
use crate::rng::Rng;
use duebook_ledger::columns::ItemKind;
use duebook_ledger::import::numeric_part;
use duebook_money::{Currency, Day};
use duebook_policy::Buckets;
use std::collections::{BTreeMap, VecDeque};

/// The shape of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dialect {
    /// One header, commas, ISO dates, UTF-8.
    Plain,
    /// A printed line-item list: pipes, a section with a header of its own per customer, subtotals,
    /// `1.234,56-`, and totals per currency at the end. UTF-8.
    Sap,
    /// A report with a title block, the customer above its rows, totals, `MM/DD/YYYY`, and the
    /// currency nowhere: US dollars. UTF-8.
    QuickBooks,
    /// Semicolons, `1.234,56`, `dd.mm.yyyy`, CRLF, Windows-1252.
    German,
}

impl Dialect {
    /// All of them.
    pub const ALL: [Dialect; 4] = [
        Dialect::Plain,
        Dialect::Sap,
        Dialect::QuickBooks,
        Dialect::German,
    ];
    /// The bytes of a piece of text as the file has them.
    pub fn bytes(self, text: &str) -> Vec<u8> {
        match self {
            Dialect::German => text.chars().map(text::windows_1252).collect(),
            _ => text.as_bytes().to_vec(),
        }
    }
    /// Whether rows of one customer stand together, below its name.
    fn has_sections(self) -> bool {
        matches!(self, Dialect::Sap | Dialect::QuickBooks)
    }
    fn places(self) -> &'static [Place] {
        match self {
            Dialect::QuickBooks => &PLACES[..1],
            // Of what Windows-1252 can write.
            Dialect::German => &PLACES[..4],
            _ => PLACES,
        }
    }
}

/// What a file holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Truth {
    /// Rows of items: titles, headers, subtotals and totals are none.
    pub rows: u64,
    /// Customers with at least one row.
    pub customers: u64,
    /// Open amounts, minor units.
    pub open: BTreeMap<Currency, i64>,
    /// Open amounts by currency and default bucket (by due date, as of the file's day).
    pub buckets: BTreeMap<(Currency, usize), i64>,
    /// Sum of the numeric part of document numbers, modulo 10^9.
    pub hash_total: u64,
}

/// A customer of a file.
#[derive(Debug, Clone)]
pub(crate) struct Owner {
    pub number: String,
    pub name: String,
    pub country: &'static str,
    pub company: &'static str,
    pub currency: Currency,
    pub terms: &'static str,
}

/// A row of a file.
#[derive(Debug, Clone)]
pub(crate) struct Item {
    pub owner: u64,
    pub number: String,
    pub kind: ItemKind,
    pub date: Day,
    pub due: Day,
    pub amount: i64,
    pub open: i64,
    pub po: u64,
    pub text: u64,
}

const TERMS: [(&str, i32); 5] = [
    ("Net 30", 30),
    ("Net 60", 60),
    ("Net 14", 14),
    ("2/10 net 30", 30),
    ("Net 45", 45),
];

/// The rows of a file by their number.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    rng: Rng,
    pub rows: u64,
    pub today: Day,
    owners: u64,
    pub dialect: Dialect,
}

impl Source {
    fn new(seed: u64, rows: u64, today: Day, dialect: Dialect) -> Self {
        Source {
            rng: Rng::new(seed),
            rows,
            today,
            owners: (rows / 12).clamp(1, 60_000),
            dialect,
        }
    }
    pub fn owner(&self, id: u64) -> Owner {
        let mut rng = self.rng.part(id.wrapping_mul(2).wrapping_add(1));
        let places = self.dialect.places();
        let weights: Vec<u32> = places.iter().map(|p| p.weight).collect();
        let place = &places[rng.weighted(&weights)];
        let (stem, sector, form) = (
            rng.pick(place.stems),
            rng.pick(place.sectors),
            rng.pick(place.forms),
        );
        Owner {
            number: (100_000 + id * 7).to_string(),
            name: format!("{stem} {sector} {form}").trim_end().to_owned(),
            country: place.code,
            company: if place.code == "IN" { "2000" } else { "1000" },
            currency: currency(place.currency),
            terms: TERMS[rng.below(5) as usize].0,
        }
    }
    pub fn item(&self, row: u64) -> Item {
        let mut rng = self.rng.part(row.wrapping_mul(2));
        let owner = if self.dialect.has_sections() {
            // In order of customers; never beyond the last one.
            (u128::from(row) * u128::from(self.owners) / u128::from(self.rows.max(1))) as u64
        } else {
            // Few customers have many rows.
            let a = rng.below(self.owners);
            a.min(rng.below(self.owners))
        };
        let mut of_owner = self.rng.part(owner.wrapping_mul(2).wrapping_add(1));
        let places = self.dialect.places();
        let weights: Vec<u32> = places.iter().map(|p| p.weight).collect();
        let place = &places[of_owner.weighted(&weights)];
        let _ = (of_owner.next(), of_owner.next(), of_owner.next());
        let days = TERMS[of_owner.below(5) as usize].1;
        let minor = currency(place.currency).minor_per_major();
        let age = rng.below(60) as i32 + rng.below(60) as i32 * i32::from(rng.chance(350));
        let age = age + rng.below(400) as i32 * i32::from(rng.chance(60));
        let date = self.today.plus(-age);
        let scale = *rng.pick(&[1i64, 1, 3, 10, 10, 40]);
        let units =
            (20 + rng.below(900) as i64) * scale * crate::trade::per_thousand(place.currency);
        let mut amount = (units * minor / 1_000).max(minor) + rng.below(minor as u64) as i64;
        let kind = match rng.below(100) {
            0..=2 => ItemKind::CreditMemo,
            3 => ItemKind::Receipt,
            _ => ItemKind::Invoice,
        };
        if kind.is_credit() {
            amount = -(amount / 4 + 1);
        }
        let partial = kind == ItemKind::Invoice && rng.chance(80);
        let open = if partial {
            (amount * (10 + rng.below(80) as i64) / 100).max(1)
        } else {
            amount
        };
        Item {
            owner,
            number: (9_000_000_000 + row).to_string(),
            kind,
            date,
            due: if kind.is_credit() {
                date
            } else {
                date.plus(days)
            },
            amount,
            open,
            po: if rng.chance(700) {
                4_500_000_000 + rng.below(10_000_000)
            } else {
                0
            },
            text: if rng.chance(250) {
                1 + rng.below(90_000)
            } else {
                0
            },
        }
    }
}

/// Counts what a file holds, without writing it.
pub fn truth(seed: u64, rows: u64, today: Day, dialect: Dialect) -> Truth {
    let source = Source::new(seed, rows, today, dialect);
    let buckets = Buckets::default();
    let mut truth = Truth::default();
    let mut seen = vec![false; source.owners as usize];
    let mut currencies: Vec<Option<Currency>> = vec![None; source.owners as usize];
    for row in 0..rows {
        let item = source.item(row);
        let of = item.owner as usize;
        let currency = *currencies[of].get_or_insert_with(|| source.owner(item.owner).currency);
        truth.rows += 1;
        if !std::mem::replace(&mut seen[of], true) {
            truth.customers += 1;
        }
        *truth.open.entry(currency).or_default() += item.open;
        let bucket = buckets.index(today.since(item.due));
        *truth.buckets.entry((currency, bucket)).or_default() += item.open;
        truth.hash_total =
            (truth.hash_total + numeric_part(item.number.as_bytes())) % 1_000_000_000;
    }
    truth
}

/// A file of open items, line by line with its line ends; one row is held at a time. For the bytes
/// see [`Dialect::bytes`].
pub fn csv(seed: u64, rows: u64, today: Day, dialect: Dialect) -> impl Iterator<Item = String> {
    let source = Source::new(seed, rows, today, dialect);
    Writer {
        source,
        next: 0,
        begun: false,
        ended: false,
        section: None,
        sums: BTreeMap::new(),
        queue: VecDeque::new(),
    }
}

/// A customer whose rows are being written.
struct Section {
    id: u64,
    owner: Owner,
    open: i64,
}

struct Writer {
    source: Source,
    next: u64,
    begun: bool,
    ended: bool,
    section: Option<Section>,
    sums: BTreeMap<Currency, i64>,
    queue: VecDeque<String>,
}

impl Writer {
    fn close_section(&mut self) {
        if let Some(section) = self.section.take() {
            *self.sums.entry(section.owner.currency).or_default() += section.open;
            let lines = match self.source.dialect {
                Dialect::Sap => text::sap_subtotal(&section.owner, section.open),
                Dialect::QuickBooks => text::quickbooks_subtotal(&section.owner, section.open),
                Dialect::Plain | Dialect::German => Vec::new(),
            };
            self.queue.extend(lines);
        }
    }
    fn row(&mut self, item: &Item) {
        if self.section.as_ref().is_none_or(|s| s.id != item.owner) {
            self.close_section();
            let owner = self.source.owner(item.owner);
            let lines = match self.source.dialect {
                Dialect::Sap => text::sap_section(&owner),
                Dialect::QuickBooks => text::quickbooks_section(&owner),
                Dialect::Plain | Dialect::German => Vec::new(),
            };
            self.queue.extend(lines);
            self.section = Some(Section {
                id: item.owner,
                owner,
                open: 0,
            });
        }
        if let Some(section) = &mut self.section {
            section.open += item.open;
            let owner = &section.owner;
            self.queue.push_back(match self.source.dialect {
                Dialect::Plain => text::plain(owner, item),
                Dialect::Sap => text::sap(owner, item),
                Dialect::QuickBooks => text::quickbooks(owner, item),
                Dialect::German => text::german(owner, item),
            });
        }
    }
}

impl Iterator for Writer {
    type Item = String;
    fn next(&mut self) -> Option<String> {
        if !self.begun {
            self.begun = true;
            self.queue
                .extend(text::head(self.source.dialect, self.source.today));
        }
        if self.queue.is_empty() && self.next < self.source.rows {
            let item = self.source.item(self.next);
            self.next += 1;
            self.row(&item);
        }
        if self.queue.is_empty() && !self.ended {
            self.ended = true;
            self.close_section();
            self.queue
                .extend(text::foot(self.source.dialect, &self.sums));
        }
        self.queue.pop_front()
    }
}
