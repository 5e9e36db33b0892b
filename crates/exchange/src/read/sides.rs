//! What a ledger of two columns and a trial balance have in common: where their header is, what its
//! names mean, and debits and credits with their signs.

use super::mapping::Field;
use super::synonyms::{SYNONYMS, fold};
use super::work::WorkCells;
use duebook_money::amount::{Style, parse};
use rust_decimal::Decimal;

/// Rows above the header that a report may have.
const MAX_ABOVE: usize = 30;
/// Longer than this it is no name of a column.
const MAX_NAME: usize = 80;

/// What a header is known as: by the file's own names, else by those of receivables.
pub(super) enum Named<F> {
    /// By its own.
    Own(F),
    /// As in a list of receivables.
    Known(Field),
    /// By none.
    Unknown,
}

/// What a header means. `own`: names in the folded form of [`fold`], parted by bars.
pub(super) fn named<F: Copy>(header: &str, own: &[(F, &str)]) -> Named<F> {
    if header.len() > MAX_NAME {
        return Named::Unknown;
    }
    let name = fold(header);
    if name.is_empty() {
        return Named::Unknown;
    }
    let is = |names: &str| names.split('|').any(|n| n == name);
    if let Some((field, _)) = own.iter().find(|(_, names)| is(names)) {
        return Named::Own(*field);
    }
    let known = SYNONYMS.iter().find(|(_, names)| is(names));
    known.map_or(Named::Unknown, |(field, _)| Named::Known(*field))
}

/// The header and the rows under it.
pub(super) fn header_of(
    rows: &[WorkCells],
    is_header: impl Fn(&WorkCells) -> bool,
) -> Option<(&WorkCells, &[WorkCells])> {
    let at = rows.iter().take(MAX_ABOVE).position(is_header)?;
    Some((rows.get(at)?, rows.get(at + 1..)?))
}

/// A second column of a meaning is not read.
pub(super) fn once<C, F: PartialEq + Copy>(
    columns: &mut [C],
    meaning: impl Fn(&mut C) -> &mut F,
    none: F,
) {
    let mut seen: Vec<F> = Vec::new();
    for column in columns {
        let own = meaning(column);
        match seen.contains(own) {
            true => *own = none,
            false => seen.push(*own),
        }
    }
}

/// A cell's amount with its sign; `Ok(None)` where it holds none: nothing, or a dash.
pub(super) fn amount_in(text: &str, style: Style) -> Result<Option<Decimal>, ()> {
    match text {
        "" | "-" | "–" | "—" => Ok(None),
        text => parse(text, style).map(|a| Some(a.signed())).map_err(|_| ()),
    }
}

/// Whether amounts of one side are written with a minus throughout, which then says the side and
/// nothing else. Where only some are, these are reversals written negative, and stay negative.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Throughout {
    some: bool,
    positive: bool,
}

impl Throughout {
    /// Looks at a cell.
    pub(super) fn see(&mut self, amount: Decimal) {
        self.some |= !amount.is_zero();
        self.positive |= !amount.is_zero() && amount.is_sign_positive();
    }
    /// Of all cells of a column.
    pub(super) fn of<'r>(cells: impl Iterator<Item = &'r str>, style: Style) -> Throughout {
        let mut seen = Throughout::default();
        cells
            .filter_map(|c| amount_in(c, style).ok().flatten())
            .for_each(|a| seen.see(a));
        seen
    }
    /// An amount of that side, so that an ordinary one is positive.
    pub(super) fn turned(self, amount: Decimal) -> Decimal {
        match self.some && !self.positive {
            true => -amount,
            false => amount,
        }
    }
}
