//! Currencies, exact money, calendar days and payment terms.
