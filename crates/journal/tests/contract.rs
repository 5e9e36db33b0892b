//! The contract suite, natively: memory store, and the faulty store with an empty plan.
#![allow(clippy::unwrap_used, missing_docs)]

use duebook_journal::contract::{Check, Harness, MemHarness, run_all};
use duebook_journal::{BookId, FaultyStore, MemStore};

struct Quiet(MemHarness);

impl Harness for Quiet {
    type Store = FaultyStore<MemStore>;

    async fn create(&self, book: BookId) -> Result<Self::Store, String> {
        self.0.create(book).await.map(FaultyStore::new)
    }

    async fn open(&self, book: BookId) -> Result<Self::Store, String> {
        self.0.open(book).await.map(FaultyStore::new)
    }
}

fn all_pass(checks: &[Check]) {
    assert!(checks.len() >= 30);
    let failed: Vec<&Check> = checks
        .iter()
        .filter(|check| check.result.is_err())
        .collect();
    assert!(failed.is_empty(), "{failed:#?}");
}

#[test]
fn the_memory_store_keeps_the_contract() {
    all_pass(&pollster::block_on(run_all(&MemHarness::default())));
}

#[test]
fn the_faulty_store_without_faults_keeps_the_contract() {
    all_pass(&pollster::block_on(run_all(&Quiet(MemHarness::default()))));
}
