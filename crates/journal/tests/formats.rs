//! Stored formats: what was written once opens for ever, and nothing damaged is believed.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use duebook_journal::backup::{self, Backup, BackupFault};
use duebook_journal::{
    Actor, Append, Approval, Block, BookId, CommandId, Digest, Draft, Envelope, EventStore, Head,
    MemStore, OpenError, ReplicaId, Shift, TextId, TextRecord, seal,
};
use pollster::block_on;
use proptest::prelude::*;

const FIXTURE: &[u8] = include_bytes!("fixtures/v1.duebook");
const FIXTURE_HEAD: &str = "2e39f071452efe4a0a72733539ad1ee787a2df7fc16fe700ce2727901ae1d056";

fn draft(number: u8) -> Draft {
    Draft {
        book: BookId([0xb0; 16]),
        replica: ReplicaId([0x4e; 16]),
        command: CommandId([number; 16]),
        input: Digest::of(&[number]),
        recorded_at_ms: 1_795_000_000_000 + i64::from(number),
        ledger_date: 20_775,
        shift: Some(Shift {
            work_date: 20_775,
            start_ms: 1_795_000_000_000,
            end_ms: 1_795_028_800_000,
        }),
        actor: Actor {
            id: "zk".to_owned(),
            name: "Zoë Kowal".to_owned(),
            role: "collector".to_owned(),
        },
        approval: (number == 2).then(|| Approval {
            who: "Head of credit".to_owned(),
            at_ms: 1_794_999_000_000,
            reference: "mail of Monday".to_owned(),
        }),
        build: "0.1.0+fixture".to_owned(),
        body: vec![number; 4],
        ..Draft::default()
    }
}

fn text(number: u8) -> TextRecord {
    TextRecord {
        id: TextId([number; 16]),
        salt: [number ^ 0x55; 32],
        bytes: format!("note {number}").into_bytes(),
    }
}

/// Three commits, two blocks, two texts of which one is erased.
fn book() -> (MemStore, Head) {
    let store = MemStore::new();
    let mut head = Head::EMPTY;
    for number in 1..=3u8 {
        let mut draft = draft(number);
        let (mut blocks, mut texts) = (vec![], vec![]);
        match number {
            1 => texts = vec![text(1), text(2)],
            2 => blocks = vec![Block::new(vec![7; 300]), Block::new(b"columns".to_vec())],
            _ => draft.erases = vec![text(2).id],
        }
        let append = Append::seal(draft, blocks, texts, &head).unwrap();
        head = append.commit().head();
        block_on(store.append(&append)).unwrap();
    }
    (store, head)
}

fn file(store: &MemStore) -> Vec<u8> {
    let mut file = Vec::new();
    let written = backup::write(store, draft(1).book, |chunk| file.extend(chunk));
    block_on(written).unwrap();
    file
}

#[test]
#[ignore = "writes the fixture: only for a new container version, under a new name"]
fn write_the_fixture() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/v1.duebook");
    std::fs::write(path, file(&book().0)).unwrap();
}

#[test]
fn a_version_1_backup_opens_for_ever() {
    let backup = Backup::read(FIXTURE).unwrap();
    let summary = backup.summary();
    assert_eq!(summary.head.seq, 3);
    assert_eq!(summary.head.hash.to_string(), FIXTURE_HEAD);
    assert_eq!((summary.commits, summary.blocks, summary.texts), (3, 2, 1));
    assert_eq!(backup.text(&text(1).id), Some(&text(1)));
    assert_eq!(backup.text(&text(2).id), None);
    let block = Block::new(b"columns".to_vec());
    assert_eq!(backup.block(&block.digest()), Some(block.bytes()));
    let second = backup.commits().nth(1).unwrap().envelope;
    assert_eq!(second.actor, draft(2).actor);
    assert_eq!(second.approval, draft(2).approval);
    assert_eq!(second.shift, draft(2).shift);
    assert_eq!(second.body, draft(2).body);
    let store = MemStore::new();
    let head = block_on(backup::restore(backup, &store)).unwrap();
    assert_eq!(block_on(store.head()), Ok(head));
}

#[test]
fn unknown_fields_are_skipped_and_newer_versions_refused() {
    let sealed = seal(draft(1), &Head::EMPTY).unwrap();
    let known = Envelope::open(sealed.bytes()).unwrap();
    // A definite map of up to 23 pairs begins with 0xa0 + pairs: add one pair of field 23.
    let mut more = sealed.bytes().to_vec();
    assert!(matches!(more[0], 0xa1..=0xb6));
    more[0] += 1;
    minicbor::encode(23u32, &mut more).unwrap();
    minicbor::encode(["from", "later"], &mut more).unwrap();
    assert_eq!(Envelope::open(&more), Ok(known.clone()));

    let mut newer = known.clone();
    newer.format = 2;
    let newer = minicbor::to_vec(&newer).unwrap();
    assert_eq!(
        Envelope::open(&newer),
        Err(OpenError::NewerVersion { found: 2 })
    );
    let mut ciphered = known;
    ciphered.cipher = 1;
    let ciphered = minicbor::to_vec(&ciphered).unwrap();
    assert_eq!(
        Envelope::open(&ciphered),
        Err(OpenError::UnknownCipher { cipher: 1 })
    );
    let mut longer = sealed.bytes().to_vec();
    longer.push(0);
    assert!(matches!(
        Envelope::open(&longer),
        Err(OpenError::Trailing { .. })
    ));
}

#[test]
fn every_flipped_byte_of_a_backup_is_found() {
    let whole = file(&book().0);
    assert!(Backup::read(&whole).is_ok());
    for place in 0..whole.len() {
        let mut damaged = whole.clone();
        damaged[place] ^= 1;
        assert!(Backup::read(&damaged).is_err(), "byte {place}");
    }
}

#[test]
fn every_truncation_of_a_backup_is_found() {
    let whole = file(&book().0);
    for length in 0..whole.len() {
        assert!(Backup::read(&whole[..length]).is_err(), "length {length}");
    }
    let mut longer = whole.clone();
    longer.push(0);
    let error = Backup::read(&longer).unwrap_err();
    assert_eq!(error.fault, BackupFault::Trailing);
    assert_eq!(error.at, whole.len() as u64);
}

#[test]
fn an_older_backup_than_the_magic_is_no_backup() {
    let fault = |bytes: &[u8]| Backup::read(bytes).unwrap_err().fault;
    assert_eq!(fault(b""), BackupFault::NotABackup);
    assert_eq!(fault(b"PK\x03\x04 a workbook"), BackupFault::NotABackup);
    let mut newer = file(&book().0);
    newer[8] = 2;
    assert_eq!(fault(&newer), BackupFault::NewerVersion { found: 2 });
}

proptest! {
    #[test]
    fn no_bytes_make_a_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(Envelope::open(&bytes).is_err());
        let mut dressed = file(&book().0)[..32].to_vec();
        dressed.extend(&bytes);
        prop_assert!(Backup::read(&dressed).is_err());
    }

    #[test]
    fn an_envelope_comes_back_as_it_went(
        (at, date, seq) in (any::<i64>(), any::<i32>(), 0..u64::MAX),
        (name, build) in (".{0,20}", ".{0,8}"),
        body in prop::collection::vec(any::<u8>(), 0..200),
        erases in prop::collection::btree_set(any::<[u8; 16]>(), 0..4),
    ) {
        let mut draft = draft(1);
        draft.recorded_at_ms = at;
        draft.ledger_date = date;
        draft.actor.name = name;
        draft.build = build;
        draft.body = body;
        draft.erases = erases.into_iter().map(TextId).collect();
        let head = Head { seq, hash: Digest::of(&seq.to_le_bytes()) };
        let sealed = seal(draft.clone(), &head).unwrap();
        let opened = Envelope::open(sealed.bytes()).unwrap();
        prop_assert_eq!(sealed.hash(), Digest::of(sealed.bytes()));
        prop_assert_eq!(sealed.behind(), head);
        prop_assert_eq!(opened.seq, seq + 1);
        prop_assert_eq!(opened.previous, head.hash);
        prop_assert_eq!(opened.recorded_at_ms, at);
        prop_assert_eq!(opened.ledger_date, date);
        prop_assert_eq!(opened.actor, draft.actor);
        prop_assert_eq!(opened.build, draft.build);
        prop_assert_eq!(opened.body, draft.body);
        prop_assert_eq!(opened.erases, draft.erases);
    }
}
