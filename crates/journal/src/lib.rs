//! The append-only, hash-chained log of commits and the stores that keep it.
