//! One part rewritten: what changes is put in its place, the rest is copied.

use super::refs::{self, Reference, Shift, Standing};
use super::xml::{Is, Tag, escaped, plain, tags, with_attribute};

/// A text under way into another: pieces replaced in order.
pub(super) struct Patch<'x> {
    from: &'x str,
    copied: usize,
    out: String,
}

impl<'x> Patch<'x> {
    pub fn of(from: &'x str) -> Self {
        Patch {
            from,
            copied: 0,
            out: String::new(),
        }
    }
    /// Puts `text` in the place of `start..end`, which lies after every piece before.
    pub fn put(&mut self, start: usize, end: usize, text: &str) {
        if start < self.copied || self.from.get(start..end) == Some(text) {
            return;
        }
        self.out.push_str(&self.from[self.copied..start]);
        self.out.push_str(text);
        self.copied = end;
    }
    /// The whole; `None` where nothing was put.
    pub fn changed(mut self) -> Option<String> {
        if self.copied == 0 && self.out.is_empty() {
            return None;
        }
        self.out.push_str(&self.from[self.copied..]);
        Some(self.out)
    }
    /// The whole.
    pub fn whole(self) -> String {
        let from = self.from;
        self.changed().unwrap_or_else(|| from.to_owned())
    }
}

/// The sheets whose rows are replaced, by name.
pub(super) struct Moves(pub Vec<(String, Shift)>);

impl Moves {
    /// The shift of a sheet.
    pub fn of(&self, sheet: &str) -> Option<Shift> {
        let lower = sheet.to_lowercase();
        let found = self.0.iter().find(|(name, _)| name.to_lowercase() == lower);
        found.map(|(_, shift)| *shift)
    }
    fn at(&self, home: &str, standing: &Standing<'_>) -> Option<Shift> {
        self.of(standing.sheet.unwrap_or(home))
    }
    /// A formula that stands outside the rows; `None` where it stays.
    pub fn formula(&self, home: &str, text: &str) -> Option<String> {
        refs::formula(text, |reference, standing| match self.at(home, standing) {
            Some(shift) => shift.of(reference, standing.summed),
            None => reference,
        })
    }
    /// A formula of the rows, or about each of them: what is not fixed moves with its row.
    pub fn row_formula(&self, home: &str, text: &str) -> Option<String> {
        refs::formula(text, |reference, standing| match self.at(home, standing) {
            Some(shift) => keeping(reference, shift.of(reference, false), shift),
            None => reference,
        })
    }
}

/// A reference moved, but for ends that are not fixed and lie in the rows.
fn keeping(before: Reference, moved: Reference, shift: Shift) -> Reference {
    let own = |end: refs::End| !end.fixed_row && end.row.is_some_and(|r| shift.replaces(r));
    Reference {
        from: if own(before.from) {
            before.from
        } else {
            moved.from
        },
        to: match (before.to, moved.to) {
            (Some(to), _) if own(to) => Some(to),
            (_, moved) => moved,
        },
    }
}

/// Elements whose text is a formula.
const FORMULAS: [&str; 7] = [
    "formula",
    "formula1",
    "formula2",
    "f",
    "definedName",
    "calculatedColumnFormula",
    "totalsRowFormula",
];

/// Elements whose ranges are about each row: a cell of the only row stands for all of them.
const OF_ROWS: [&str; 5] = [
    "conditionalFormatting",
    "dataValidation",
    "ignoredError",
    "protectedRange",
    "sqref",
];

/// A part, or a piece of one, with its formulas and ranges moved. `own`: the shift of the sheet that
/// it is about.
pub(super) fn moved(xml: &str, home: &str, own: Option<Shift>, moves: &Moves) -> Option<String> {
    let mut patch = Patch::of(xml);
    let mut text: Option<Tag<'_>> = None;
    for tag in tags(xml) {
        if tag.is == Is::Close {
            if let Some(open) = text.take() {
                let inner = &xml[open.end..tag.start];
                if let Some(new) = moved_text(&open, inner, home, own, moves) {
                    patch.put(open.end, tag.start, &new);
                }
            }
            continue;
        }
        text = (tag.is == Is::Open).then_some(tag);
        let Some(shift) = own else { continue };
        let mut raw = tag.raw.to_owned();
        for name in ["ref", "sqref", "activeCell", "topLeftCell"] {
            if let Some(list) = tag.attribute(name) {
                let grow = OF_ROWS.contains(&tag.name());
                raw = with_attribute(&raw, name, &ranges(list, shift, grow));
            }
        }
        patch.put(tag.start, tag.end, &raw);
    }
    patch.changed()
}

fn moved_text(
    open: &Tag<'_>,
    inner: &str,
    home: &str,
    own: Option<Shift>,
    moves: &Moves,
) -> Option<String> {
    let name = open.name();
    if name == "sqref" {
        return Some(ranges(inner, own?, true));
    }
    if !FORMULAS.contains(&name) {
        return None;
    }
    let by_row = name.starts_with("formula") || name == "calculatedColumnFormula";
    let moved = match by_row {
        true => moves.row_formula(home, &plain(inner)),
        false => moves.formula(home, &plain(inner)),
    };
    moved.map(|m| escaped(&m))
}

/// A list of ranges moved.
pub(super) fn ranges(list: &str, shift: Shift, grow: bool) -> String {
    refs::ranges(list, |r| Some(shift.of(r, grow)))
}

/// The elements of a name, with all in them.
pub(super) fn blocks<'x>(xml: &'x str, name: &'x str) -> impl Iterator<Item = (usize, usize)> + 'x {
    let mut begun = None;
    tags(xml).filter_map(move |tag| {
        if tag.name() != name {
            return None;
        }
        match tag.is {
            Is::Empty => Some((tag.start, tag.end)),
            Is::Open => {
                begun = Some(tag.start);
                None
            }
            Is::Close => begun.take().map(|start| (start, tag.end)),
        }
    })
}

/// Takes out what hangs on the rows, and moves what hangs below: comments by their reference,
/// drawn shapes by the row they are anchored in.
pub(super) fn hung(xml: &str, shift: Shift) -> Option<String> {
    let mut patch = Patch::of(xml);
    for name in ["comment", "threadedComment"] {
        for (start, end) in blocks(xml, name) {
            let Some(tag) = tags(&xml[start..end]).next() else {
                continue;
            };
            let Some(at) = tag.attribute("ref") else {
                continue;
            };
            let gone = refs::cell(at).is_some_and(|(_, row)| shift.replaces(row));
            if gone {
                patch.put(start, end, "");
            } else {
                let moved = with_attribute(tag.raw, "ref", &ranges(at, shift, false));
                patch.put(start, start + tag.end, &moved);
            }
        }
    }
    for (start, end) in blocks(xml, "shape") {
        let Some((from, to, row)) = row_text(&xml[start..end], "Row") else {
            continue;
        };
        if shift.replaces(row + 1) {
            patch.put(start, end, "");
        } else {
            let moved = shift.below(row + 1) - 1;
            patch.put(start + from, start + to, &moved.to_string());
        }
    }
    patch.changed()
}

/// Pictures and charts anchored below the rows move with what is there.
pub(super) fn anchored(xml: &str, shift: Shift) -> Option<String> {
    let mut patch = Patch::of(xml);
    for (start, end) in blocks(xml, "row") {
        if let Some((from, to, row)) = row_text(&xml[start..end], "row") {
            let moved = shift.below(row.saturating_add(1)) - 1;
            patch.put(start + from, start + to, &moved.to_string());
        }
    }
    patch.changed()
}

/// The number in the first element of a name, counted from 0, and where it stands.
fn row_text(xml: &str, name: &str) -> Option<(usize, usize, u32)> {
    let mut open = None;
    for tag in tags(xml).filter(|t| t.name() == name) {
        match (tag.is, open) {
            (Is::Open, _) => open = Some(tag.end),
            (Is::Close, Some(from)) => {
                let row: u32 = xml[from..tag.start].trim().parse().ok()?;
                return (row < refs::LAST_ROW).then_some((from, tag.start, row));
            }
            _ => {}
        }
    }
    None
}
