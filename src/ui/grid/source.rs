//! Where a grid's rows come from, and the handle by which a page moves in it.

use super::super::tone::Tone;
use super::cell::CellView;
use leptos::prelude::*;
use std::rc::Rc;

struct Closures {
    len: Box<dyn Fn() -> usize>,
    key: Box<dyn Fn(usize) -> u64>,
    cell: Box<dyn Fn(usize, usize) -> CellView>,
    index_of: Option<Box<dyn Fn(u64) -> Option<usize>>>,
    tone: Option<Box<dyn Fn(usize) -> Tone>>,
    version: Option<Box<dyn Fn(usize) -> Version>>,
}

/// What a row's content was made of, in numbers of the page's own: two states, such as a revision and
/// a minute.
pub type Version = [u64; 2];

/// A row provider: three closures over data that is already in memory. They are called inside tracking
/// contexts, for the rows on screen only: read the signals that say "this changed" in each of them.
#[derive(Clone, Copy)]
pub struct GridSource(StoredValue<Rc<Closures>, LocalStorage>);

impl GridSource {
    /// `len`: how many rows; `key(row)`: the row's stable id, a domain id; `cell(row, column)`: what stands there,
    /// `column` counting the columns as given to the grid.
    pub fn new(
        len: impl Fn() -> usize + 'static,
        key: impl Fn(usize) -> u64 + 'static,
        cell: impl Fn(usize, usize) -> CellView + 'static,
    ) -> Self {
        Self::from_closures(Closures {
            len: Box::new(len),
            key: Box::new(key),
            cell: Box::new(cell),
            index_of: None,
            tone: None,
            version: None,
        })
    }

    /// Where a key stands now, to keep the place when rows move under it. Without it the rows are searched one
    /// by one: give it for lists of many thousand rows.
    pub fn with_index_of(self, index_of: impl Fn(u64) -> Option<usize> + 'static) -> Self {
        self.change(|closures| Closures {
            index_of: Some(Box::new(index_of)),
            ..closures
        })
    }

    /// A meaning for the whole row ([`Tone::Muted`] for what is done or out of reach).
    pub fn with_tone(self, tone: impl Fn(usize) -> Tone + 'static) -> Self {
        self.change(|closures| Closures {
            tone: Some(Box::new(tone)),
            ..closures
        })
    }

    /// For rows that cost much to draw: the content is drawn again when the row's key or this changes, and
    /// never for another signal that its cells read.
    pub fn with_version(self, version: impl Fn(usize) -> Version + 'static) -> Self {
        self.change(|closures| Closures {
            version: Some(Box::new(version)),
            ..closures
        })
    }

    fn from_closures(closures: Closures) -> Self {
        GridSource(StoredValue::new_local(Rc::new(closures)))
    }

    fn change(self, change: impl FnOnce(Closures) -> Closures) -> Self {
        // Before the grid is mounted nobody else holds the closures; later a builder call changes nothing.
        self.0.update_value(|held| {
            let blank = Rc::new(Closures {
                len: Box::new(|| 0),
                key: Box::new(|_| 0),
                cell: Box::new(|_, _| CellView::Empty),
                index_of: None,
                tone: None,
                version: None,
            });
            let taken = std::mem::replace(held, blank);
            *held = match Rc::try_unwrap(taken) {
                Ok(closures) => Rc::new(change(closures)),
                Err(shared) => shared,
            };
        });
        self
    }

    fn closures(self) -> Option<Rc<Closures>> {
        self.0.try_get_value()
    }

    pub(super) fn len(self) -> usize {
        self.closures().map_or(0, |c| (c.len)())
    }

    /// The key of a row, if there is such a row.
    pub(super) fn key(self, row: usize) -> Option<u64> {
        let closures = self.closures()?;
        (row < (closures.len)()).then(|| (closures.key)(row))
    }

    pub(super) fn cell(self, row: usize, column: usize) -> CellView {
        match self.closures() {
            Some(c) if row < (c.len)() => match c.version {
                Some(_) => untrack(|| (c.cell)(row, column)),
                None => (c.cell)(row, column),
            },
            _ => CellView::Empty,
        }
    }

    /// See [`GridSource::with_version`].
    pub(super) fn version(self, row: usize) -> Option<Version> {
        let closures = self.closures()?;
        let version = closures.version.as_ref()?;
        (row < (closures.len)()).then(|| version(row))
    }

    pub(super) fn tone(self, row: usize) -> Tone {
        match self.closures() {
            Some(c) if row < (c.len)() => c.tone.as_ref().map_or(Tone::Neutral, |tone| tone(row)),
            _ => Tone::Neutral,
        }
    }

    pub(super) fn index_of(self, key: u64) -> Option<usize> {
        let closures = self.closures()?;
        match &closures.index_of {
            Some(find) => find(key),
            None => (0..(closures.len)()).find(|row| (closures.key)(*row) == key),
        }
    }
}

/// Where the keyboard is: a data cell, or with `header` a column header.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Place {
    pub key: Option<u64>,
    pub row: usize,
    pub col: usize,
    pub header: bool,
}

/// What a page asks of its grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wish {
    Focus,
    Move(isize),
    GoTo(u64),
    Top,
    Open,
    ToggleSelection,
}

/// What is asked of a cell that may be edited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellEdit {
    /// The row.
    pub key: u64,
    /// The column's name.
    pub column: &'static str,
    /// What.
    pub how: EditHow,
}

/// How a cell is to be edited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EditHow {
    /// Begin: with what it holds, or with what was typed over it.
    Begin(Option<String>),
    /// Give its value to every row selected.
    Fill,
}

/// The page's hand on its grid: keys such as `j` and `k` come from the table of intents, not from the grid.
#[derive(Clone, Copy)]
pub struct GridHandle {
    pub(super) place: RwSignal<Place>,
    pub(super) wish: RwSignal<Option<Wish>>,
    /// Names of the columns as they stand, for [`GridHandle::stand_on`].
    pub(super) names: StoredValue<Vec<&'static str>>,
}

impl Default for GridHandle {
    fn default() -> Self {
        Self::new()
    }
}

impl GridHandle {
    pub fn new() -> Self {
        GridHandle {
            place: RwSignal::new(Place::default()),
            wish: RwSignal::new(None),
            names: StoredValue::new(Vec::new()),
        }
    }

    /// The key of the row the keyboard is on.
    pub fn active_key(self) -> Option<u64> {
        self.place.with(|p| p.key)
    }

    /// Puts the keyboard focus into the grid, where it was.
    pub fn focus(self) {
        self.wish.set(Some(Wish::Focus));
    }

    /// `j` is `move_by(1)`, `k` is `move_by(-1)`.
    pub fn move_by(self, rows: isize) {
        self.wish.set(Some(Wish::Move(rows)));
    }

    /// Makes the row with this key the active one and shows it.
    pub fn go_to(self, key: u64) {
        self.wish.set(Some(Wish::GoTo(key)));
    }

    /// Scrolls to the first row, after a new filter or order.
    pub fn to_top(self) {
        self.wish.set(Some(Wish::Top));
    }

    /// Moves to a column of the active row without taking the focus; false where it is not shown.
    pub fn stand_on(self, column: &str) -> bool {
        let at = self
            .names
            .with_value(|names| names.iter().position(|n| *n == column));
        if let Some(col) = at {
            self.place.update(|p| p.col = col);
        }
        at.is_some()
    }

    /// Opens the active row.
    pub fn open(self) {
        self.wish.set(Some(Wish::Open));
    }

    /// Selects or deselects the active row.
    pub fn toggle_selection(self) {
        self.wish.set(Some(Wish::ToggleSelection));
    }
}
