//! The columns of a grid.

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Align {
    #[default]
    Start,
    /// Right-aligned with tabular figures: amounts, days, counts.
    Number,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Stable name: sorting, saved widths and URLs use it.
    pub id: &'static str,
    pub title: String,
    pub align: Align,
    /// Least width in CSS pixels.
    pub width: u16,
    /// Share of the space left over; 0 keeps the width.
    pub grow: u16,
    pub sortable: bool,
    /// Left out while the grid is narrower than this many pixels.
    pub hide_below: u16,
    /// Its place in the provider's `cell(row, column)`; given by [`fitting`].
    pub(super) index: usize,
}

impl Column {
    pub fn text(id: &'static str, title: impl Into<String>, width: u16) -> Self {
        Column {
            id,
            title: title.into(),
            align: Align::Start,
            width,
            grow: 0,
            sortable: false,
            hide_below: 0,
            index: 0,
        }
    }

    /// A column of dates, wide enough for `21 Nov 2026` in any system font.
    pub fn date(id: &'static str, title: impl Into<String>) -> Self {
        Column::text(id, title, 112)
    }

    /// A right-aligned column of figures.
    pub fn number(id: &'static str, title: impl Into<String>, width: u16) -> Self {
        Column {
            align: Align::Number,
            ..Column::text(id, title, width)
        }
    }

    pub fn grow(mut self, share: u16) -> Self {
        self.grow = share;
        self
    }

    pub fn sortable(mut self) -> Self {
        self.sortable = true;
        self
    }

    pub fn hide_below(mut self, pixels: u16) -> Self {
        self.hide_below = pixels;
        self
    }

    fn track(&self) -> String {
        match self.grow {
            0 => format!("{}px", self.width),
            grow => format!("minmax({}px, {grow}fr)", self.width),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SortDir {
    Ascending,
    Descending,
}

/// The order in force: which column, which way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sort {
    pub column: &'static str,
    pub dir: SortDir,
}

impl Sort {
    /// The order after pressing a header: figures start with the largest, words with the first.
    pub(super) fn pressed(current: Option<Sort>, column: &Column) -> Sort {
        let dir = match current {
            Some(Sort { column: c, dir }) if c == column.id => match dir {
                SortDir::Ascending => SortDir::Descending,
                SortDir::Descending => SortDir::Ascending,
            },
            _ if column.align == Align::Number => SortDir::Descending,
            _ => SortDir::Ascending,
        };
        Sort {
            column: column.id,
            dir,
        }
    }
}

/// The columns that fit a width, each knowing its place in the provider.
pub(super) fn fitting(columns: Vec<Column>, width: f64) -> Vec<Column> {
    columns
        .into_iter()
        .enumerate()
        .map(|(index, column)| Column { index, ..column })
        .filter(|c| width <= 0.0 || f64::from(c.hide_below) <= width)
        .collect()
}

/// `grid-template-columns` for a header or row.
pub(super) fn template(columns: &[Column], with_check: bool) -> String {
    let mut tracks: Vec<String> = Vec::with_capacity(columns.len() + 1);
    if with_check {
        tracks.push("36px".to_owned());
    }
    tracks.extend(columns.iter().map(Column::track));
    tracks.join(" ")
}

/// The width below which the grid scrolls sideways.
pub(super) fn least_width(columns: &[Column], with_check: bool) -> u32 {
    let check = if with_check { 36 } else { 0 };
    columns.iter().map(|c| u32::from(c.width)).sum::<u32>() + check
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn narrow_grids_drop_columns_but_keep_their_place_in_the_provider() {
        let columns = vec![
            Column::text("a", "A", 100).grow(1),
            Column::text("b", "B", 80).hide_below(600),
            Column::number("c", "C", 90),
        ];
        let fit = fitting(columns.clone(), 390.0);
        assert_eq!(fit.iter().map(|c| c.index).collect::<Vec<_>>(), [0, 2]);
        assert_eq!(template(&fit, true), "36px minmax(100px, 1fr) 90px");
        assert_eq!(least_width(&fit, true), 226);
        assert_eq!(fitting(columns, 1_000.0).len(), 3);
    }

    #[test]
    fn a_header_starts_with_the_useful_direction_and_then_turns() {
        let amount = Column::number("open", "Open", 90);
        let first = Sort::pressed(None, &amount);
        assert_eq!(first.dir, SortDir::Descending);
        assert_eq!(Sort::pressed(Some(first), &amount).dir, SortDir::Ascending);
        let name = Column::text("name", "Name", 90);
        assert_eq!(Sort::pressed(Some(first), &name).dir, SortDir::Ascending);
    }
}
