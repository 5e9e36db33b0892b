//! Dated packs that rules read: aging buckets, rate tables, calendars, contact policy.
