//! Three real exports of one receivables ledger as three mornings (issue 3, "Done when"): the list as
//! it was, an aged one with forecast clearing dates, and one whose days and months were swapped.
#![allow(clippy::unwrap_used)]

mod play;

use duebook_exchange::read::{FileKind, Options, Reason, Staged};
use duebook_ledger::Refusal;
use duebook_ledger::event::ItemChange;
use duebook_ledger::facts::{Cause, Confirmed, Doubt, Scope};
use duebook_ledger::{ItemId, OpenScan, View};
use duebook_money::Day;
use play::{Play, read_bytes};
use std::collections::BTreeMap;

const FOLDER: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../../shared/data/ar_highradius_open"
);

fn bytes(name: &str) -> Option<Vec<u8>> {
    let found = std::fs::read(format!("{FOLDER}/{name}"));
    if found.is_err() {
        println!("skipped: ../shared absent");
    }
    found.ok()
}

/// The amounts as the file writes them, by document; those of a number that is there twice left out.
fn amounts(bytes: &[u8]) -> BTreeMap<String, String> {
    let text = String::from_utf8_lossy(bytes);
    let mut out: BTreeMap<String, Option<String>> = BTreeMap::new();
    for line in text.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let amount = Some(cells[11].to_owned());
        out.entry(cells[6].to_owned())
            .and_modify(|a| *a = None)
            .or_insert(amount);
    }
    out.into_iter().filter_map(|(k, a)| Some((k, a?))).collect()
}

fn read(name: &str, bytes: &[u8]) -> Staged {
    let options = Options {
        currency: Some("USD".to_owned()),
        ..Options::default()
    };
    let staged = read_bytes(name, bytes, &options);
    assert_eq!(staged.preview.questions, [], "{name}");
    assert_eq!(staged.preview.kind, FileKind::OpenItems, "{name}");
    staged
}

fn money_posted(play: &Play) -> Vec<Cause> {
    let all = play.book.settlements().iter().map(|s| s.cause);
    all.filter(|c| *c != Cause::AtSourceUnknown && *c != Cause::Amended)
        .collect()
}

#[test]
fn kp_23_three_exports_are_three_mornings() {
    let names = [
        "open_items_raw_ddmmyyyy.csv",
        "aged_export_v1.csv",
        "aged_export_dates_swapped.csv",
    ];
    let [Some(raw), Some(aged), Some(swapped)] = names.map(bytes) else {
        return;
    };
    let days = [24, 25, 26].map(|d| Day::from_ymd(2020, 5, d).unwrap());
    let mut play = Play::begin("HighRadius", days[0]);

    let first = read(names[0], &raw);
    play.take(&first, days[0], Scope::Everything).unwrap();
    let items = play.live().len();
    assert_eq!(items, 6847);

    // Every row has a clearing date, some of them of next year: forecasts settle nothing.
    let second = read(names[1], &aged);
    let rows = second.preview.counts.accepted;
    assert_eq!(
        second.preview.notes.count(Reason::ClearedButListed),
        rows,
        "{:?}",
        second.preview.notes.counts
    );
    play.take(&second, days[1], Scope::Everything).unwrap();
    let absent = play.join.changes.iter();
    let absent: Vec<ItemId> = absent
        .filter(|(_, c)| matches!(c, ItemChange::Absent))
        .map(|(id, _)| *id)
        .collect();
    let (old, new) = (amounts(&raw), amounts(&aged));
    let text = String::from_utf8_lossy(&aged);
    let listed = |n: &str| text.lines().any(|l| l.split(',').nth(6) == Some(n));
    let gone: Vec<&String> = old.keys().filter(|n| !listed(n)).collect();
    assert_eq!(gone.len(), 221);
    // The number that is there twice with two amounts is refused: it is missing as well.
    let refused = second.preview.counts.refused as usize;
    assert!(
        (221..=221 + refused).contains(&absent.len()),
        "{}",
        absent.len()
    );
    for id in &absent {
        let causes = play.causes(*id);
        assert!(causes.keys().all(|(c, _)| *c == Cause::AtSourceUnknown));
        assert_eq!(play.book.absent_since(*id), Some(days[1]));
    }
    assert_eq!(money_posted(&play), []);
    // Float dust: another text, the same cents.
    let third = amounts(&swapped);
    let dust = new
        .iter()
        .filter(|(n, a)| third.get(*n).is_some_and(|t| t != *a));
    let dust: Vec<&String> = dust.map(|(n, _)| n).collect();

    // 2,222 due dates are swapped: asked about, and nothing is written.
    let staged = read(names[2], &swapped);
    let head = play.book.head();
    let refusal = play.take(&staged, days[2], Scope::Everything).unwrap_err();
    assert_eq!(play.book.head(), head);
    let Refusal::Unconfirmed(doubts) = refusal else {
        panic!("{refusal:?}")
    };
    let due = doubts.iter().find_map(|d| match d {
        Doubt::DueDates {
            changed, swapped, ..
        } => Some((*changed, *swapped)),
        _ => None,
    });
    let (changed, swapped) = due.unwrap();
    assert_eq!((changed, swapped), (2222, 2222));
    play.confirmed = vec![Confirmed::KeepDueDates];
    play.take(&staged, days[2], Scope::Everything).unwrap();
    let moved: Vec<ItemId> = play
        .join
        .changes
        .iter()
        .filter(|(_, c)| matches!(c, ItemChange::Amended { .. }))
        .map(|(id, _)| *id)
        .collect();
    let number = |id: &ItemId| play.book.item(*id).unwrap().number().to_owned();
    let real: Vec<String> = moved.iter().map(number).collect();
    assert_eq!(dust.len(), 143);
    assert!(real.iter().all(|n| !dust.contains(&n)), "{real:?}");

    // All is as it was on the first morning but what is new; nothing was posted as paid.
    assert_eq!(money_posted(&play), []);
    let scan = OpenScan::new(&play.book, View::on(days[2]));
    let sum: i64 = play
        .live()
        .iter()
        .filter_map(|id| scan.open(*id))
        .map(|o| o.at_source)
        .sum();
    let total = staged
        .totals
        .currencies
        .iter()
        .map(|t| t.open)
        .sum::<i128>();
    assert_eq!(i128::from(sum), total);
}
