//! Which rows a scroll position shows. Pure arithmetic, so that a million rows can be tested without a browser.

/// The tallest spacer used. Browsers cap an element's height (Firefox near 17.8 M px, Chromium near 33.5 M px);
/// above this the scroll position is scaled instead.
const MAX_SPACER: f64 = 15_000_000.0;

/// Row offsets are taken from the nearest multiple of this below the first row: transforms stay small numbers,
/// which compositors keep exact, and change only now and then.
const ANCHOR: usize = 4_096;

/// Rows mounted beyond each edge, so that a scroll step does not uncover blank space.
const OVERSCAN: usize = 6;

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Geometry {
    pub rows: usize,
    pub row_height: f64,
    /// Height left for rows: the container less its sticky header.
    pub view_height: f64,
}

/// The mounted rows and where they stand.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Span {
    pub first: usize,
    /// One past the last mounted row.
    pub end: usize,
}

impl Geometry {
    fn total(&self) -> f64 {
        self.rows as f64 * self.row_height
    }

    /// Height of the spacer that gives the container its scroll bar.
    pub fn spacer_height(&self) -> f64 {
        self.total().min(MAX_SPACER)
    }

    /// Content pixels per scrolled pixel; 1 until the spacer is capped.
    fn scale(&self) -> f64 {
        let total = self.total();
        let spacer = self.spacer_height();
        if total > spacer && spacer > self.view_height {
            (total - self.view_height) / (spacer - self.view_height)
        } else {
            1.0
        }
    }

    /// The content pixel at the top edge for a scroll position.
    pub fn offset(&self, scroll_top: f64) -> f64 {
        let last = (self.total() - self.view_height).max(0.0);
        (scroll_top * self.scale()).clamp(0.0, last)
    }

    /// The rows to mount.
    pub fn span(&self, scroll_top: f64) -> Span {
        if self.rows == 0 || self.row_height <= 0.0 {
            return Span::default();
        }
        let top = (self.offset(scroll_top) / self.row_height).floor() as usize;
        let shown = (self.view_height / self.row_height).ceil() as usize + 1;
        Span {
            first: top.saturating_sub(OVERSCAN),
            end: (top + shown + OVERSCAN).min(self.rows),
        }
    }

    /// The row the offsets are counted from.
    pub fn anchor(first: usize) -> usize {
        first - first % ANCHOR
    }

    /// Where the canvas that holds the rows stands inside the spacer.
    pub fn canvas_y(&self, scroll_top: f64, anchor: usize) -> f64 {
        let anchor_y = anchor as f64 * self.row_height;
        if self.scale() > 1.0 {
            scroll_top - self.offset(scroll_top) + anchor_y
        } else {
            anchor_y
        }
    }

    /// The scroll position that brings `row` into view with the least movement; `None` if it is in view.
    pub fn scroll_to(&self, row: usize, scroll_top: f64) -> Option<f64> {
        let offset = self.offset(scroll_top);
        let top = row as f64 * self.row_height;
        let bottom = top + self.row_height;
        let wanted = if top < offset {
            top
        } else if bottom > offset + self.view_height {
            (bottom - self.view_height).max(0.0)
        } else {
            return None;
        };
        let scale = self.scale();
        // A scaled position is rounded away from the edge by up to `scale` px: towards showing the whole row.
        let scaled = wanted / scale;
        Some(if top < offset {
            scaled.floor()
        } else {
            scaled.ceil()
        })
    }

    /// Rows per page for PageUp and PageDown: one less than fit, so that a line stays for the eye.
    pub fn page(&self) -> usize {
        if self.row_height <= 0.0 {
            return 1;
        }
        ((self.view_height / self.row_height).floor() as usize)
            .saturating_sub(1)
            .max(1)
    }
}

/// Gives each mounted row a slot (a row element). Rows that stay keep their slot, so their DOM and any focus
/// inside is untouched; freed slots take the new rows. `pinned` (the focused row) is always mounted.
pub fn assign_slots(
    previous: &[Option<usize>],
    span: Span,
    pinned: Option<usize>,
) -> Vec<Option<usize>> {
    let wanted = |row: usize| (row >= span.first && row < span.end) || Some(row) == pinned;
    let mut slots: Vec<Option<usize>> = previous
        .iter()
        .map(|slot| slot.filter(|row| wanted(*row)))
        .collect();
    let mut kept: Vec<usize> = slots.iter().flatten().copied().collect();
    duebook_money::order::sort(&mut kept);
    let outside = pinned.filter(|row| *row < span.first || *row >= span.end);
    let mut missing = (span.first..span.end)
        .chain(outside)
        .filter(|row| kept.binary_search(row).is_err());
    for slot in slots.iter_mut().filter(|slot| slot.is_none()) {
        *slot = missing.next();
    }
    slots.extend(missing.map(Some));
    slots
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn million() -> Geometry {
        Geometry {
            rows: 1_000_000,
            row_height: 30.0,
            view_height: 600.0,
        }
    }

    #[test]
    fn a_small_list_scrolls_one_to_one() {
        let g = Geometry {
            rows: 1_000,
            row_height: 30.0,
            view_height: 600.0,
        };
        assert_eq!(g.spacer_height(), 30_000.0);
        assert_eq!(g.offset(300.0), 300.0);
        assert_eq!(g.span(300.0), Span { first: 4, end: 37 });
        assert_eq!(g.canvas_y(300.0, 0), 0.0);
    }

    #[test]
    fn a_million_rows_reach_both_ends_under_the_browser_cap() {
        let g = million();
        assert_eq!(g.spacer_height(), MAX_SPACER);
        let bottom = g.spacer_height() - g.view_height;
        assert_eq!(g.span(0.0).first, 0);
        assert_eq!(g.span(bottom).end, 1_000_000);
        // The last row's lower edge meets the view's lower edge.
        let anchor = Geometry::anchor(g.span(bottom).first);
        let y = g.canvas_y(bottom, anchor) + (1_000_000 - anchor) as f64 * 30.0;
        assert!((y - (bottom + g.view_height)).abs() < 0.01, "{y}");
    }

    #[test]
    fn every_row_can_be_brought_into_view() {
        for g in [
            million(),
            Geometry {
                rows: 50,
                row_height: 36.0,
                view_height: 400.0,
            },
        ] {
            for row in [0, 1, 7, g.rows / 3, g.rows / 2, g.rows - 2, g.rows - 1] {
                for from in [
                    0.0,
                    g.spacer_height() / 2.0,
                    g.spacer_height() - g.view_height,
                ] {
                    let at = g.scroll_to(row, from).unwrap_or(from);
                    let offset = g.offset(at);
                    let top = row as f64 * g.row_height;
                    assert!(
                        top >= offset - 2.5 && top + g.row_height <= offset + g.view_height + 2.5,
                        "row {row} from {from}"
                    );
                }
            }
        }
    }

    #[test]
    fn slots_keep_rows_that_stay_and_mount_each_wanted_row_once() {
        let mut slots = Vec::new();
        for step in 0..500usize {
            // A deterministic walk with jumps: forwards, backwards, far.
            let first = (step * 7919) % 900;
            let span = Span {
                first,
                end: first + 30,
            };
            let pinned = (step % 3 == 0).then_some(450);
            let before = slots.clone();
            slots = assign_slots(&before, span, pinned);
            let mounted: Vec<usize> = slots.iter().flatten().copied().collect();
            let unique: BTreeSet<usize> = mounted.iter().copied().collect();
            let wanted: BTreeSet<usize> = (span.first..span.end).chain(pinned).collect();
            assert_eq!(mounted.len(), unique.len());
            assert_eq!(unique, wanted);
            for (slot, row) in before.iter().enumerate() {
                if row.is_some_and(|r| wanted.contains(&r)) {
                    assert_eq!(slots[slot], *row, "a row that stays keeps its element");
                }
            }
        }
        assert!(slots.len() <= 31, "slots are re-used, not piled up");
    }

    #[test]
    fn an_empty_list_mounts_nothing() {
        let g = Geometry {
            rows: 0,
            row_height: 30.0,
            view_height: 600.0,
        };
        assert_eq!(g.span(0.0), Span::default());
        assert!(assign_slots(&[], Span::default(), None).is_empty());
    }
}
