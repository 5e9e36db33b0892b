//! Read models of a book: aging, work list, promises, search, reports as neutral sheets.
