//! What stands below the rows: links, merged cells and page breaks that went with them, and totals
//! that are known without reckoning.

use super::part::{self, Patch};
use super::refs::{self, Reference, Shift, column_name};
use super::rows::{NewRows, Sums};
use super::xml::{Is, Tag, tags, with_attribute};
use duebook_sheet::Exact;

/// What stands after the rows without what hung on the rows replaced: their links, merged cells and
/// page breaks. Merged cells are counted with those of the new rows, which [`merged`] puts in.
pub(super) fn cleared(tail: &str, shift: Shift, new: &NewRows) -> String {
    let mut patch = Patch::of(tail);
    for tag in tags(tail) {
        let name = tag.name();
        if tag.is != Is::Open || !matches!(name, "mergeCells" | "hyperlinks" | "rowBreaks") {
            continue;
        }
        let close = tags(&tail[tag.end..]).find(|t| t.closes(name));
        let Some((inner, end)) = close.map(|c| (tag.end + c.start, tag.end + c.end)) else {
            continue;
        };
        let kept = |t: &Tag<'_>| match name {
            "rowBreaks" => !t.number("id").is_some_and(|r| shift.replaces(r)),
            _ => !t.attribute("ref").is_some_and(|r| within(r, shift)),
        };
        let element = match name {
            "mergeCells" => "mergeCell",
            "hyperlinks" => "hyperlink",
            _ => "brk",
        };
        let mut inside = String::new();
        let mut count = 0u64;
        for (from, to) in part::blocks(&tail[tag.end..inner], element) {
            let block = &tail[tag.end + from..tag.end + to];
            let Some(open) = tags(block).next().filter(kept) else {
                continue;
            };
            count += 1;
            if name == "rowBreaks" {
                let row = shift.below(open.number("id").unwrap_or(0)).to_string();
                inside.push_str(&with_attribute(open.raw, "id", &row));
                inside.push_str(&block[open.end..]);
            } else {
                inside.push_str(block);
            }
        }
        if name == "mergeCells" {
            count += u64::from(shift.now + 1 - shift.first) * new.merged.len() as u64;
        }
        if count == 0 {
            patch.put(tag.start, end, "");
            continue;
        }
        let mut open = tag.raw.to_owned();
        for attribute in ["count", "manualBreakCount"] {
            if tag.attribute(attribute).is_some() {
                open = with_attribute(&open, attribute, &count.to_string());
            }
        }
        patch.put(
            tag.start,
            end,
            &format!("{open}{inside}</{}>", tag.qualified),
        );
    }
    patch.whole()
}

fn within(range: &str, shift: Shift) -> bool {
    let rows = first_of(range).and_then(|r| r.rows());
    rows.is_some_and(|(a, b)| shift.replaces(a) && shift.replaces(b))
}

/// What stands after the rows with the merged cells of each new row.
pub(super) fn merged(tail: &str, prefix: &str, shift: Shift, new: &NewRows) -> Option<String> {
    let at = tags(tail)
        .find(|t| t.closes("mergeCells"))
        .filter(|_| !new.merged.is_empty())?;
    let mut inside = String::new();
    for row in shift.first..=shift.now {
        for (from, to) in &new.merged {
            let (from, to) = (column_name(*from), column_name(*to));
            inside.push_str(&format!(
                "<{prefix}mergeCell ref=\"{from}{row}:{to}{row}\"/>"
            ));
        }
    }
    let mut patch = Patch::of(tail);
    patch.put(at.start, at.start, &inside);
    patch.changed()
}

fn first_of(range: &str) -> Option<Reference> {
    let found = std::cell::Cell::new(None);
    refs::ranges(range, |r| {
        found.set(found.get().or(Some(r)));
        Some(r)
    });
    found.get()
}

/// Sums that are known without reckoning.
pub(super) struct Totals<'a> {
    pub sums: &'a Sums,
    /// Row of the header, and the rows under it.
    pub place: (u32, Shift),
}

impl Totals<'_> {
    /// The result of a formula that sums a column over all rows.
    pub fn of(&self, formula: &str) -> Option<String> {
        let upper = formula.trim();
        let range = ["SUM(", "SUBTOTAL(9,", "SUBTOTAL(109,"]
            .into_iter()
            .find_map(|f| upper.strip_prefix(f))?
            .strip_suffix(')')?;
        let range = first_of(range).filter(|_| !range.contains([',', ' ']))?;
        let (from, to) = (range.from, range.to?);
        let (header, shift) = self.place;
        let whole = (header..=shift.first).contains(&from.row?) && to.row? == shift.now;
        if !whole || from.column != to.column {
            return None;
        }
        let (mantissa, exponent) = (*self.sums.get(&from.column?)?)?;
        Exact::new(mantissa, exponent).plain('.')
    }
}
