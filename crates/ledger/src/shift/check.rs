//! What holds of shifts.

use super::Shifts;
use crate::book::Book;
use crate::ids::Seq;
use crate::keys::FactKey;
use crate::violations::Violation;

impl Book {
    /// No shift ends before it begins, and what tasks and hand-overs name is there.
    pub(crate) fn check_shifts(&self, out: &mut Vec<Violation>) {
        let all = &self.shifts;
        let live = |s: Seq| self.is_live(s);
        for shift in all.shifts.iter().filter(|s| live(s.commit)) {
            let before = self
                .shift_end(shift)
                .is_some_and(|(at, _)| at < shift.start);
            let mut read = shift.read.iter();
            if before || read.any(|r| r.0 as usize >= all.shifts.len()) {
                out.push(Violation::Shift(shift.commit));
            }
        }
        let there = |c: u32| (c as usize) < self.customers.len();
        for task in &all.tasks {
            if task.fact.customer.is_some_and(|c| !there(c.0)) {
                out.push(Violation::Shift(task.commit));
            }
        }
        if let Some(commit) = dangling(all) {
            out.push(Violation::Shift(commit));
        }
    }
}

/// Every key finds what has it.
fn dangling(all: &Shifts) -> Option<Seq> {
    let finds = |key: &FactKey, at: usize| all.keys.get(key) == Some(&(at as u32));
    let shifts = all
        .shifts
        .iter()
        .enumerate()
        .map(|(n, s)| (n, s.key, s.commit));
    let tasks = all
        .tasks
        .iter()
        .enumerate()
        .map(|(n, t)| (n, t.key, t.commit));
    let packs = all
        .packs
        .iter()
        .enumerate()
        .map(|(n, p)| (n, p.key, p.commit));
    let mut made = shifts.chain(tasks).chain(packs);
    made.find(|(n, key, _)| !finds(key, *n)).map(|(_, _, c)| c)
}
