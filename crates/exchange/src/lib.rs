//! Files in and out: bytes to staged rows with warnings, sheets to XLSX and CSV.

pub mod read;
pub mod template;
pub mod write;
