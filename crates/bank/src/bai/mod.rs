//! BAI2 statements and BAI lockbox files (formats.md 2.3, 2.4).

mod codes;
pub(crate) mod lockbox;
mod record;
mod statement;

pub use lockbox::LockboxLayout;
pub use record::{Funds, TransactionLine, transaction_line};
pub(crate) use statement::read;

/// Whether the first line that holds anything is a BAI2 record.
pub(crate) fn looks_like(head: &str) -> bool {
    let Some((_, line)) = crate::text::lines(head).find(|(_, l)| !l.trim().is_empty()) else {
        return false;
    };
    let line = line.trim_start();
    ["01,", "02,", "03,", "16,"]
        .iter()
        .any(|code| line.starts_with(code))
        && (line.trim_end().ends_with('/') || head.contains("\n02,") || head.contains("\n16,"))
}
