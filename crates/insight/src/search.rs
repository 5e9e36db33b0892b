//! Find by what a caller says: customer, contact, phone digits, mail domain, invoice, reference,
//! PO, contract, or an amount (open or original).

use duebook_ledger::columns::{Segment, StrColumn, TextColumn, TextField};
use duebook_ledger::items::ItemRef;
use duebook_ledger::{Book, CustomerId, ItemId, Uid};
use duebook_money::amount::{Style, parse};
use duebook_money::{Money, NumberFormat};

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum HitKind {
    /// By a customer's name or number.
    Customer,
    /// By a person's name, mailbox or phone.
    Contact,
    /// By an amount.
    Amount,
    /// By a document number.
    Document,
    /// By a reference, purchase order or contract.
    Reference,
}

impl HitKind {
    /// Heading of the group.
    pub fn title(self) -> &'static str {
        match self {
            HitKind::Customer => "Customers",
            HitKind::Contact => "People",
            HitKind::Amount => "Amounts",
            HitKind::Document => "Documents",
            HitKind::Reference => "References",
        }
    }
}

/// One thing found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// What it was found by.
    pub kind: HitKind,
    /// Whose it is.
    pub customer: CustomerId,
    /// The item, where it is one.
    pub item: Option<ItemId>,
    /// What it is called.
    pub label: String,
    /// Why it was found, or what is open.
    pub detail: String,
}

/// Texts shorter than this are not looked for inside documents: nearly every number holds them.
const SHORTEST: usize = 3;

/// The best hits of each kind, at most `most` a kind, in order of kind, then of the log. `texts`
/// answers contact details, one a line.
pub fn find(
    book: &Book,
    texts: &dyn Fn(Uid) -> Option<String>,
    query: &str,
    most: usize,
) -> Vec<Hit> {
    let query = query.trim();
    if query.is_empty() || most == 0 {
        return Vec::new();
    }
    let mut hits = customers(book, query, most);
    hits.extend(contacts(book, texts, query, most));
    hits.extend(amounts(book, query, most));
    if query.chars().count() >= SHORTEST {
        let number =
            |s: &Segment, wanted: &[u8], out: &mut Vec<usize>| rows_with(&s.number, wanted, out);
        hits.extend(documents(book, query, most, HitKind::Document, number));
        hits.extend(documents(book, query, most, HitKind::Reference, references));
    }
    hits
}

/// Customers with a text in name or number, those that begin with it first, else in log order; at most
/// `most` of them, and how many more there are. Nothing is found by nothing.
pub fn customers_named(book: &Book, query: &str, most: usize) -> (Vec<CustomerId>, usize) {
    let wanted = query.trim().to_lowercase();
    if wanted.is_empty() {
        return (Vec::new(), 0);
    }
    let (mut first, mut later) = (Vec::new(), Vec::new());
    for id in book.customer_ids() {
        let Some(facts) = book.customer_facts(id) else {
            continue;
        };
        let texts = [facts.name.to_lowercase(), facts.number.to_lowercase()];
        if texts.iter().any(|t| t.starts_with(&wanted)) {
            first.push(id);
        } else if texts.iter().any(|t| t.contains(&wanted)) {
            later.push(id);
        }
    }
    first.extend(later);
    let more = first.len().saturating_sub(most);
    first.truncate(most);
    (first, more)
}

fn customers(book: &Book, query: &str, most: usize) -> Vec<Hit> {
    let (found, _) = customers_named(book, query, most);
    let hit = |id| {
        let facts = book.customer_facts(id)?;
        Some(Hit {
            kind: HitKind::Customer,
            customer: id,
            item: None,
            label: facts.name.clone(),
            detail: facts.number.clone(),
        })
    };
    found.into_iter().filter_map(hit).collect()
}

fn contacts(
    book: &Book,
    texts: &dyn Fn(Uid) -> Option<String>,
    query: &str,
    most: usize,
) -> Vec<Hit> {
    let wanted = query.to_lowercase();
    let digits: String = query.chars().filter(char::is_ascii_digit).collect();
    let by_phone = digits.len() >= 4
        && query
            .chars()
            .all(|c| c.is_ascii_digit() || " +-()/.".contains(c));
    let mut found = Vec::new();
    for id in book.customer_ids() {
        for (_, facts) in book.contacts_of(id) {
            let Some(details) = texts(facts.details.id) else {
                continue;
            };
            let phone: String = details
                .lines()
                .nth(2)
                .unwrap_or("")
                .chars()
                .filter(char::is_ascii_digit)
                .collect();
            let named = details.to_lowercase().contains(&wanted);
            let called = by_phone && phone.contains(&digits);
            if !named && !called {
                continue;
            }
            let company = book.customer_facts(id).map_or("", |f| f.name.as_str());
            let mut lines = details.lines();
            let label = lines.next().unwrap_or("").to_owned();
            let rest: Vec<&str> = lines.filter(|l| !l.is_empty()).collect();
            let detail = format!("{company} · {} · {}", facts.role, rest.join(" · "));
            found.push(Hit {
                kind: HitKind::Contact,
                customer: id,
                item: None,
                label,
                detail,
            });
            if found.len() >= most {
                return found;
            }
        }
    }
    found
}

fn amounts(book: &Book, query: &str, most: usize) -> Vec<Hit> {
    // A lone 1.234 may mean either; both are looked for.
    let figures: Vec<_> = [Style::POINT, Style::COMMA]
        .iter()
        .filter_map(|s| parse(query, *s).ok())
        .collect();
    let minors: Vec<i64> = [0u8, 2, 3]
        .iter()
        .flat_map(|e| {
            figures
                .iter()
                .filter_map(move |f| f.minor(*e).ok().map(i64::abs))
        })
        .collect();
    if minors.iter().all(|m| *m == 0) {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (number, state) in book.items().segments().iter().enumerate() {
        for row in 0..state.data.len() {
            let open = state.data.open[row].saturating_sub(state.settled_of(row));
            if !minors.contains(&open.abs()) && !minors.contains(&state.data.amount[row].abs()) {
                continue;
            }
            let id = ItemId::new(number, row);
            let Some(item) = book.item(id).filter(|_| book.is_item_live(id)) else {
                continue;
            };
            let same = |minor: i64| {
                figures.iter().any(|f| {
                    f.minor(item.currency().exponent())
                        .is_ok_and(|m| m.abs() == minor.abs())
                })
            };
            if open != 0 && (same(open) || same(item.recorded_amount())) {
                found.push(hit(book, HitKind::Amount, item));
                if found.len() >= most {
                    return found;
                }
            }
        }
    }
    found
}

fn documents(
    book: &Book,
    query: &str,
    most: usize,
    kind: HitKind,
    rows: impl Fn(&Segment, &[u8], &mut Vec<usize>),
) -> Vec<Hit> {
    let wanted: Vec<u8> = query.bytes().map(|b| b.to_ascii_uppercase()).collect();
    let (mut found, mut matched) = (Vec::new(), Vec::new());
    for (number, state) in book.items().segments().iter().enumerate() {
        matched.clear();
        rows(&state.data, &wanted, &mut matched);
        for &row in &matched {
            let id = ItemId::new(number, row);
            let Some(item) = book.item(id).filter(|_| book.is_item_live(id)) else {
                continue;
            };
            found.push(hit(book, kind, item));
            if found.len() >= most {
                return found;
            }
        }
    }
    found
}

fn references(segment: &Segment, wanted: &[u8], out: &mut Vec<usize>) {
    for (field, column) in &segment.texts {
        if !matches!(
            field,
            TextField::Reference | TextField::Po | TextField::Contract
        ) {
            continue;
        }
        match column {
            StrColumn::Plain(texts) => rows_with(texts, wanted, out),
            StrColumn::Dict { codes, texts } => {
                let mut hits = Vec::new();
                rows_with(texts, wanted, &mut hits);
                if !hits.is_empty() {
                    out.extend((0..codes.len()).filter(|&r| hits.contains(&(codes[r] as usize))));
                }
            }
        }
    }
    duebook_money::order::sort(out);
    out.dedup();
}

/// Rows whose text holds `wanted` (ASCII letters in upper case), whatever the case.
fn rows_with(texts: &TextColumn, wanted: &[u8], out: &mut Vec<usize>) {
    let Some((&first, rest)) = wanted.split_first() else {
        return;
    };
    for row in 0..texts.len() {
        let bytes = texts.bytes_of(row);
        let holds = bytes.windows(wanted.len()).any(|w| {
            w[0].to_ascii_uppercase() == first
                && w[1..]
                    .iter()
                    .zip(rest)
                    .all(|(a, b)| a.to_ascii_uppercase() == *b)
        });
        if holds {
            out.push(row);
        }
    }
}

fn hit(book: &Book, kind: HitKind, item: ItemRef<'_>) -> Hit {
    let currency = item.currency();
    let open = Money {
        minor: item.open(),
        currency,
    }
    .format(&NumberFormat::WESTERN);
    let name = book
        .customer_facts(item.customer())
        .map_or("", |f| f.name.as_str());
    let further = match kind {
        HitKind::Reference => [TextField::Reference, TextField::Po, TextField::Contract]
            .iter()
            .map(|f| item.text(f))
            .filter(|t| !t.is_empty())
            .collect::<Vec<_>>()
            .join(", "),
        _ => String::new(),
    };
    let label = if further.is_empty() {
        item.number().to_owned()
    } else {
        format!("{} ({further})", item.number())
    };
    let detail = format!("{name} · {open} {} open", currency.code());
    Hit {
        kind,
        customer: item.customer(),
        item: Some(item.id),
        label,
        detail,
    }
}
