//! Where the header is and what its columns mean.

use super::limits::HEADER_SEARCH_ROWS;
use super::mapping::{ColumnMap, Field, MappedBy, Mapping};
use super::shape::ColumnShape;
use super::synonyms::{SYNONYMS, fold};
use super::table::Row;
use duebook_money::Currency;
use std::collections::HashMap;

/// Names to (field, place among that field's names).
pub(crate) struct Names(HashMap<&'static str, (Field, u16)>);

impl Names {
    pub fn new() -> Self {
        let mut names = HashMap::new();
        for (field, list) in SYNONYMS {
            for (place, name) in list.split('|').enumerate() {
                names.entry(name).or_insert((*field, place as u16));
            }
        }
        Names(names)
    }
    pub fn exact(&self, folded: &str) -> Option<(Field, u16)> {
        self.0.get(folded).copied()
    }
}

/// The row of the sample that is the header: the one with most cells in the synonym table; where
/// none has two, the first full row of words. `None`: the file has no header.
pub(crate) fn find(rows: &[Row], names: &Names) -> Option<usize> {
    let mut best: Option<(usize, usize)> = None;
    for (at, row) in rows.iter().take(HEADER_SEARCH_ROWS).enumerate() {
        let score = header_score(row, names);
        if score >= 4 && best.is_none_or(|(_, s)| score > s) {
            best = Some((at, score));
        }
    }
    if let Some((at, _)) = best {
        return Some(at);
    }
    let widest = rows
        .iter()
        .take(HEADER_SEARCH_ROWS)
        .map(Row::filled)
        .max()?;
    let at = rows
        .iter()
        .position(|r| r.filled() * 10 >= widest * 7 && !r.is_rule())?;
    let words = rows[at]
        .cells()
        .all(|c| c.is_empty() || !c.bytes().any(|b| b.is_ascii_digit()));
    (words && rows.len() > at + 1).then_some(at)
}

/// Two per known name, one per name known but for a currency code or further words; nothing for a
/// row in which most cells are figures.
pub(crate) fn header_score(row: &Row, names: &Names) -> usize {
    let (mut score, mut digits, mut filled) = (0, 0, 0);
    for cell in row.cells().filter(|c| !c.is_empty()) {
        filled += 1;
        if super::kind::is_bucket(cell) {
            score += 2;
            continue;
        }
        if cell.bytes().all(|b| !b.is_ascii_alphabetic() && b < 0x80) {
            digits += 1;
            continue;
        }
        if cell.len() > 60 {
            continue;
        }
        let folded = fold(cell);
        if names.exact(&folded).is_some() {
            score += 2;
        } else if names.exact(&without_currency(&folded).0).is_some() {
            score += 1;
        }
    }
    if digits * 2 > filled { 0 } else { score }
}

/// Takes an ISO code off a folded header: `amount eur` is (`amount`, EUR).
pub(crate) fn without_currency(folded: &str) -> (String, Option<Currency>) {
    let code =
        |word: &str| Currency::from_code(word).filter(|_| !matches!(word, "all" | "top" | "try"));
    let words: Vec<&str> = folded.split(' ').collect();
    for at in [words.len() - 1, 0] {
        if words.len() > 1
            && let Some(currency) = code(words[at])
        {
            let rest: Vec<&str> = words
                .iter()
                .enumerate()
                .filter(|(i, _)| *i != at)
                .map(|(_, w)| *w)
                .collect();
            return (rest.join(" "), Some(currency));
        }
    }
    (folded.to_owned(), None)
}

struct Claim {
    column: usize,
    field: Field,
    score: u32,
    by: MappedBy,
}

/// Maps the columns of a header. Columns are claimed once, best match first; a claim that the
/// column's values contradict (a "date" without dates) is not made.
pub(crate) fn map(headers: &[String], shapes: &[ColumnShape], names: &Names) -> Mapping {
    let mut claims = Vec::new();
    let folded: Vec<String> = headers.iter().map(|h| fold(h)).collect();
    for (column, name) in folded.iter().enumerate() {
        claims_of(column, name, names, &mut claims);
    }
    claims.retain(|c| shapes.get(c.column).is_none_or(|s| s.allows(c.field)));
    duebook_money::order::sort_by(&mut claims, |a, b| {
        b.score
            .cmp(&a.score)
            .then(folded[b.column].len().cmp(&folded[a.column].len()))
            .then(a.column.cmp(&b.column))
    });
    let mut columns: Vec<ColumnMap> = headers
        .iter()
        .enumerate()
        .map(|(i, header)| {
            let shape = shapes.get(i);
            // SAP's `S`, of symbols that a saved list does not have.
            let symbol = header.chars().count() == 1 && shape.is_none_or(|s| s.filled == 0);
            let ours = super::refused::OWN.contains(&folded[i].as_str());
            let decoration = shape.is_some_and(|s| s.is_decoration());
            let nothing = header.is_empty() || symbol || ours || decoration;
            let field = if nothing { Field::Ignore } else { Field::Keep };
            ColumnMap {
                header: header.clone(),
                field,
                confidence: 0,
                by: MappedBy::Nothing,
            }
        })
        .collect();
    let mut taken = Vec::new();
    for claim in claims {
        let map = &mut columns[claim.column];
        if map.by != MappedBy::Nothing || (taken.contains(&claim.field) && !claim.field.repeats()) {
            continue;
        }
        taken.push(claim.field);
        (map.field, map.by) = (claim.field, claim.by);
        map.confidence = claim.score.min(1000) as u16;
    }
    let mut mapping = Mapping { columns };
    by_values(&mut mapping, shapes);
    mapping
}

/// What else a name may stand for when its first meaning is taken by a better column.
fn second_meaning(field: Field) -> Option<Field> {
    match field {
        Field::Number => Some(Field::Reference),
        Field::CustomerNumber => Some(Field::CustomerName),
        Field::DocDate => Some(Field::PostingDate),
        Field::OpenAmount => Some(Field::Amount),
        _ => None,
    }
}

/// Words that do not change what the one known word beside them means: a "delivery date" is not
/// the document's date, a "terms key" is the terms.
const NEUTRAL: [&str; 16] = [
    "no", "number", "num", "nr", "code", "id", "key", "value", "field", "column", "text", "of",
    "the", "our", "doc", "inv",
];

fn claims_of(column: usize, name: &str, names: &Names, claims: &mut Vec<Claim>) {
    if name.is_empty() || super::refused::OWN.contains(&name) {
        return;
    }
    let mut claim = |field, score, by| {
        claims.push(Claim {
            column,
            field,
            score,
            by,
        });
        if let Some(second) = second_meaning(field) {
            claims.push(Claim {
                column,
                field: second,
                score: score.saturating_sub(450),
                by,
            });
        }
    };
    let (bare, _) = without_currency(name);
    if let Some((field, place)) = names.exact(name).or_else(|| names.exact(&bare)) {
        // A field's first names are its surest.
        return claim(field, 1000 - u32::from(place.min(90)), MappedBy::Synonym);
    }
    // The longest known name that begins or ends the header.
    let words: Vec<&str> = bare.split(' ').collect();
    let mut found: Option<(usize, Field)> = None;
    for from in 0..words.len() {
        for to in (from + 1..=words.len()).rev() {
            if (from > 0 && to < words.len()) || to - from == words.len() {
                continue;
            }
            let part = words[from..to].join(" ");
            let rest = words[..from].iter().chain(&words[to..]);
            let fits = to - from > 1 || rest.clone().all(|w| NEUTRAL.contains(w));
            if fits
                && let Some((field, _)) = names.exact(&part)
                && found.is_none_or(|(len, _)| part.len() > len)
            {
                found = Some((part.len(), field));
            }
        }
    }
    if let Some((len, field)) = found {
        let share = (len * 300 / bare.len().max(1)) as u32;
        return claim(field, 450 + share, MappedBy::Words);
    }
    if bare.len() >= 5
        && let Some((field, score)) = similar(&bare)
    {
        claim(field, score, MappedBy::Similar);
    }
}

/// A name at most about one letter in seven away.
fn similar(name: &str) -> Option<(Field, u32)> {
    let mut best: Option<(usize, usize, Field)> = None;
    for (field, list) in SYNONYMS {
        for known in list
            .split('|')
            .filter(|k| k.len() >= 5 && k.len().abs_diff(name.len()) <= 2)
        {
            let distance = strsim::damerau_levenshtein(known, name);
            let size = known.len().max(name.len());
            if distance * 7 <= size && best.is_none_or(|(d, _, _)| distance < d) {
                best = Some((distance, size, *field));
            }
        }
    }
    best.map(|(distance, size, field)| (field, 600 - (distance * 700 / size.max(1)) as u32))
}

/// What the values alone can tell: a column of names under "Customer" is the name, and a column of
/// ISO codes is the currency.
fn by_values(mapping: &mut Mapping, shapes: &[ColumnShape]) {
    if !mapping.has(Field::CustomerName)
        && let Some(at) = mapping.column(Field::CustomerNumber)
        && shapes.get(at).is_some_and(|s| s.looks_like_names())
    {
        let map = &mut mapping.columns[at];
        (map.field, map.by) = (Field::CustomerName, MappedBy::Values);
    }
    if !mapping.has(Field::Currency)
        && let Some(at) = (0..mapping.columns.len()).find(|&i| {
            matches!(mapping.columns[i].field, Field::Keep | Field::Ignore)
                && shapes.get(i).is_some_and(|s| s.all_currency())
        })
    {
        let map = &mut mapping.columns[at];
        (map.field, map.by, map.confidence) = (Field::Currency, MappedBy::Values, 800);
    }
}
