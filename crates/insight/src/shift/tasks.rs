//! Tasks of the desk and of accounts, as they fall due.

use duebook_ledger::Book;
use duebook_ledger::shift::TaskId;
use duebook_money::Day;

/// A task whose day has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DueTask {
    /// Which.
    pub task: TaskId,
    /// The day it fell due.
    pub due: Day,
    /// Days carried forward.
    pub age: i32,
}

/// Tasks whose day has come, the oldest first. `agent`: only his and those of whoever works.
pub fn due_tasks(book: &Book, today: Day, agent: Option<&str>) -> Vec<DueTask> {
    let mut out = Vec::new();
    for (n, task) in book.tasks().iter().enumerate() {
        let his = agent.is_none_or(|a| task.fact.agent.is_empty() || task.fact.agent == a);
        let due = book.task_due(task).filter(|d| his && *d <= today);
        out.extend(due.map(|due| DueTask {
            task: TaskId(n as u32),
            due,
            age: today.since(due),
        }));
    }
    duebook_money::order::sort_by_key(&mut out, |d| (d.due, d.task));
    out
}
