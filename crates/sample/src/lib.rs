//! A seeded generator of sample portfolios.
