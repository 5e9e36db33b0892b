//! Letters on a page: made from the book, looked at, and taken out in the form people use. What is
//! produced is recorded with the first thing taken out; that it went out, a person says.

mod copies;
mod dialog;
mod incoming;
mod make;
mod out;
mod show;
mod write;

pub use dialog::LetterDialog;
pub use make::{Outgoing, of_message, person_for, sender};
pub use out::{DOCX, download, produce, sent, workbook};
pub use show::paper;
pub use write::WriteMenu;
