//! Everything that is the browser's: storage, locks, other tabs, files, clock, ids.
//!
//! Nothing here panics on a JavaScript error: each comes back as a typed error. What a worker
//! needs too (`idb`, `ids`, `clock`, `locks`, `channel`, `persist`) takes its objects from the
//! global scope, not from `window`.
#![allow(
    dead_code,
    reason = "the surface is whole; pages and jobs take what they need"
)]

pub mod channel;
pub mod clipboard;
pub mod clock;
#[cfg(feature = "test-pages")]
mod contract_checks;
#[cfg(feature = "test-pages")]
pub mod contract_page;
pub mod files;
pub mod folder;
pub mod idb;
pub mod ids;
pub mod js;
pub mod latest;
pub mod locks;
pub mod pause;
pub mod persist;
pub mod prefs;
pub mod print;
pub mod registry;
