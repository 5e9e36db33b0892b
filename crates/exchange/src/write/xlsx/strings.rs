//! The workbook's table of strings: texts that repeat are kept once, all others stand in their
//! cells. Which is which is found out column by column as the rows go by.

use super::escape;
use std::collections::HashMap;

/// Texts of a column that are looked at before it is judged.
const SAMPLE: u32 = 8_192;
/// Texts the table may hold of the rows; the rest stand in their cells.
const LIMIT: usize = 131_072;
/// Bytes of a text that is worth a place in the table.
const LONGEST: usize = 256;

/// The table, after the texts of the frame.
pub(super) struct Strings {
    /// Number of the first text of the rows.
    first: u32,
    /// Only looked up, never gone through: no order of it gets into the file.
    index: HashMap<Box<str>, u32>,
    xml: Vec<u8>,
    uses: u64,
}

/// What is known of a column's texts.
#[derive(Default)]
pub(super) struct Habit {
    last: String,
    last_id: Option<u32>,
    seen: u32,
    new: u32,
    distinct: bool,
}

impl Strings {
    /// A table that goes on after the frame's texts.
    pub(super) fn after(frame: u32) -> Strings {
        Strings {
            first: frame,
            index: HashMap::new(),
            xml: Vec::new(),
            uses: 0,
        }
    }

    /// The number of a text, if it is one for the table.
    pub(super) fn id(&mut self, habit: &mut Habit, text: &str) -> Option<u32> {
        if habit.distinct || text.len() > LONGEST {
            return None;
        }
        habit.seen = habit.seen.saturating_add(1);
        // Rows come sorted more often than not.
        if habit.last_id.is_none() || habit.last != text {
            habit.last_id = self.look_up(habit, text);
            habit.last.clear();
            habit.last.push_str(text);
        }
        if habit.seen == SAMPLE && habit.new > SAMPLE / 2 {
            habit.distinct = true;
        }
        self.uses += u64::from(habit.last_id.is_some());
        habit.last_id
    }

    fn look_up(&mut self, habit: &mut Habit, text: &str) -> Option<u32> {
        if let Some(id) = self.index.get(text) {
            return Some(*id);
        }
        habit.new += 1;
        if self.index.len() >= LIMIT {
            return None;
        }
        let id = self
            .first
            .checked_add(u32::try_from(self.index.len()).ok()?)?;
        self.index.insert(text.into(), id);
        self.xml.extend_from_slice(b"<si>");
        escape::open_text(&mut self.xml, text);
        escape::push(&mut self.xml, text);
        self.xml.extend_from_slice(b"</t></si>");
        Some(id)
    }

    /// The texts of the rows, as the table has them.
    pub(super) fn xml(&self) -> &[u8] {
        &self.xml
    }

    /// How many texts the rows added, and how many of their cells use one.
    pub(super) fn counts(&self) -> (u64, u64) {
        (self.index.len() as u64, self.uses)
    }
}
