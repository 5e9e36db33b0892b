//! Files in and out: bytes to staged rows with warnings, sheets to XLSX and CSV.
