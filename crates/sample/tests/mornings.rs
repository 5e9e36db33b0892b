//! The five mornings: what the import reads of each file is what the truth says.

use duebook_exchange::read::{Agreement, Bytes, FileKind, Flow, Options, Staged, stage};
use duebook_ledger::columns::{ItemKind, TextField};
use duebook_ledger::keys::ItemKey;
use duebook_money::{Currency, Day};
use duebook_sample::mornings::{
    Ask, FileRole, Happened, ItemTruth, Morning, MorningFile, Mornings, Plan, Shape, Snapshot,
    Variant, Work, bundle, mornings,
};
use std::collections::{BTreeMap, BTreeSet};

fn plan(shape: Shape) -> Plan {
    Plan::new(shape, 7, Day::from_ymd(2026, 11, 16).expect("a date"))
}

fn read(file: &MorningFile) -> Staged {
    let input = Bytes {
        name: &file.name,
        bytes: &file.bytes,
    };
    let staged = stage(&input, &Options::default(), &mut |_| Flow::Continue);
    let staged = staged.unwrap_or_else(|e| panic!("{}: {e:?}", file.name));
    let p = &staged.preview;
    assert_eq!(p.questions, vec![], "{}", file.name);
    assert_eq!(
        (p.counts.accepted, p.counts.refused),
        (file.rows, 0),
        "{} {:?} {:#?}",
        file.name,
        p.counts,
        p.notes
    );
    staged
}

/// Key, customer, kind, dates and amounts of each staged row.
type Row = (ItemKey, String, u8, i32, i32, i64, i64, String);

fn staged_rows(staged: &Staged, source: &str) -> Vec<Row> {
    let items = &staged.batch.items;
    let mut rows = Vec::new();
    for segment in &items.segments {
        for row in 0..segment.len() {
            let kind = ItemKind::from_u8(segment.kind[row]).expect("a kind");
            let key = ItemKey {
                source: source.to_owned(),
                entity: items.entities[segment.entity[row] as usize].clone(),
                credit: kind.is_credit(),
                number: segment.number.get(row).to_owned(),
                year: segment.text(&TextField::FiscalYear, row).to_owned(),
                line: segment.text(&TextField::Line, row).to_owned(),
            };
            rows.push((
                key,
                items.customers[segment.customer[row] as usize]
                    .number
                    .clone(),
                segment.kind[row],
                segment.doc_date[row],
                segment.due[row],
                segment.amount[row],
                segment.open[row],
                segment.text(&TextField::Po, row).to_owned(),
            ));
        }
    }
    rows.sort();
    rows
}

fn true_rows(morning: &Morning) -> Vec<Row> {
    let row = |i: &ItemTruth| {
        (
            i.key.clone(),
            morning.truth.debtor(i).number.clone(),
            i.kind as u8,
            i.date.0,
            i.due.0,
            i.amount,
            i.open,
            i.po.clone(),
        )
    };
    let mut rows: Vec<Row> = morning.truth.items.iter().map(row).collect();
    rows.sort();
    rows
}

fn sums(staged: &Staged, open: bool) -> BTreeMap<Currency, i64> {
    let totals = staged.totals.currencies.iter();
    let of = |t: &duebook_exchange::read::CurrencyTotal| if open { t.open } else { t.amount };
    totals
        .map(|t| (t.currency, i64::try_from(of(t)).expect("small")))
        .collect()
}

#[test]
fn ag_24_every_export_of_open_items_is_read_as_it_is() {
    for shape in Shape::ALL {
        let plan = plan(shape);
        for morning in mornings(&plan) {
            let file = morning.file(FileRole::OpenItems).expect("an export");
            let staged = read(file);
            assert_eq!(staged.preview.kind, FileKind::OpenItems);
            assert_eq!(
                format!("{:?}", staged.preview.dialect.dialect),
                format!("{shape:?}")
            );
            assert_eq!(sums(&staged, true), file.totals);
            assert_eq!(sums(&staged, true), morning.truth.totals());
            let (found, truth) = (staged_rows(&staged, &plan.source), true_rows(&morning));
            for (f, t) in found.iter().zip(&truth) {
                assert_eq!(f, t, "{shape:?} {}", morning.number);
            }
            assert_eq!(found.len(), truth.len());
            for item in &morning.truth.items {
                // AG-20: never more open than billed, on the side it was billed.
                assert!(item.open != 0 && item.open.signum() == item.amount.signum());
                assert!(item.open.abs() <= item.amount.abs(), "{item:?}");
                assert_eq!(item.key.credit, item.open < 0);
                // A residual keeps the due date of what it is the rest of.
                assert!(item.date < morning.day);
                assert!(item.due >= item.date || !item.follows.is_empty());
            }
        }
    }
}

#[test]
fn ag_24_sap_totals_agree_with_their_rows() {
    for morning in mornings(&plan(Shape::Sap)) {
        let file = morning.file(FileRole::OpenItems).expect("an export");
        let text = std::str::from_utf8(&file.bytes).expect("UTF-8");
        let drawn = text.lines().filter(|l| l.starts_with(['|', '-']));
        let widths: BTreeSet<usize> = drawn.map(|l| l.chars().count()).collect();
        assert_eq!(widths.len(), 1, "the table is drawn straight");
        let staged = read(file);
        let totals = &staged.preview.file_totals;
        assert!(totals.len() > 30);
        let wrong = totals
            .iter()
            .find(|t| !matches!(t.agrees, Agreement::Section | Agreement::Grand));
        assert_eq!(wrong, None);
    }
}

#[test]
fn the_other_files_are_read_as_they_are() {
    for shape in Shape::ALL {
        let mut seen = BTreeMap::new();
        for morning in mornings(&plan(shape)) {
            for file in &morning.files {
                let (kind, open) = match file.role {
                    FileRole::Payments => (FileKind::Payments, true),
                    FileRole::ClearedItems => (FileKind::ClearedItems, false),
                    FileRole::Customers => (FileKind::Customers, false),
                    _ => continue,
                };
                let staged = read(file);
                assert_eq!(staged.preview.kind, kind, "{}", file.name);
                if kind != FileKind::Customers {
                    assert_eq!(sums(&staged, open), file.totals, "{}", file.name);
                }
                seen.entry(morning.number)
                    .or_insert_with(Vec::new)
                    .push(file.role);
            }
        }
        use FileRole::*;
        let expected = match shape {
            Shape::Sap => [
                (1, vec![Customers]),
                (2, vec![ClearedItems]),
                (4, vec![ClearedItems, Customers]),
                (5, vec![ClearedItems]),
            ],
            _ => [
                (1, vec![Customers]),
                (2, vec![Payments]),
                (4, vec![Payments, Customers]),
                (5, vec![Payments, ClearedItems]),
            ],
        };
        assert_eq!(seen, BTreeMap::from(expected), "{shape:?}");
    }
}

/// What an event does to what is open, and what it moves on the bank account.
fn effect(event: &Happened, before: &Snapshot, after: &Snapshot) -> (i64, i64) {
    let open =
        |s: &Snapshot, key: &ItemKey| s.items.iter().find(|i| i.key == *key).map_or(0, |i| i.open);
    match event {
        Happened::Opened { item } => (open(after, item), 0),
        Happened::Paid { amount, .. }
        | Happened::PartPaid { amount, .. }
        | Happened::OnAccount { amount, .. } => (-amount, *amount),
        Happened::Residual { received, .. } => (-received, *received),
        Happened::WrittenOff { amount, .. } => (-amount, 0),
        Happened::Returned { amount, .. } => (*amount, -amount),
        Happened::Rebilled { from, to, .. } => (open(after, to) - open(before, from), 0),
        _ => (0, 0),
    }
}

#[test]
fn ag_21_events_explain_every_balance_and_the_bank() {
    for shape in Shape::ALL {
        for seed in [1, 7, 99] {
            let plan = Plan {
                seed,
                ..plan(shape)
            };
            let all = mornings(&plan);
            assert_eq!(all.len(), 5);
            for pair in all.windows(2) {
                let (before, now) = (&pair[0], &pair[1]);
                let mut expected = before.truth.totals();
                let mut bank: BTreeMap<Currency, i64> = BTreeMap::new();
                for (event, currency) in now.happened.iter().zip(&now.happened_in) {
                    let (open, money) = effect(event, &before.truth, &now.truth);
                    *expected.entry(*currency).or_default() += open;
                    if money != 0 {
                        *bank.entry(*currency).or_default() += money;
                    }
                }
                assert_eq!(now.truth.totals(), expected, "{shape:?} {}", now.number);
                let moved: BTreeMap<Currency, i64> = now
                    .bank
                    .iter()
                    .map(|a| (a.currency, a.closing - a.opening))
                    .collect();
                assert_eq!(moved, bank, "{shape:?} {}", now.number);
                for account in &now.bank {
                    let earlier = before.bank.iter().find(|a| a.account == account.account);
                    assert!(earlier.is_none_or(|e| e.closing == account.opening));
                }
            }
        }
    }
}

#[test]
fn what_is_absent_is_explained_and_told_once() {
    for shape in Shape::ALL {
        let all = mornings(&plan(shape));
        let mut told: BTreeSet<(ItemKey, u8)> = BTreeSet::new();
        for pair in all.windows(2) {
            let keys = |m: &Morning| -> BTreeSet<ItemKey> {
                m.truth.items.iter().map(|i| i.key.clone()).collect()
            };
            let gone: BTreeSet<ItemKey> = keys(&pair[0])
                .difference(&keys(&pair[1]))
                .cloned()
                .collect();
            let absent: BTreeSet<ItemKey> = pair[1].absent.iter().map(|a| a.key.clone()).collect();
            assert_eq!(gone, absent, "{shape:?} {}", pair[1].number);
            // Less than the share at which a book without history asks whether the list is whole.
            assert!(absent.len() * 20 < keys(&pair[0]).len());
            for gone in &pair[1].absent {
                let event = &pair[1].happened[gone.event];
                assert!(
                    format!("{event:?}").contains(&format!("{:?}", gone.key.number)),
                    "{event:?}"
                );
                if pair[1].number == 3 {
                    assert_eq!(gone.told_on, Some(5));
                    told.insert((gone.key.clone(), 3));
                }
            }
        }
        let late: BTreeSet<(ItemKey, u8)> = all[4].told_late.iter().cloned().collect();
        assert!(told.is_subset(&late), "{shape:?}");
    }
}

#[test]
fn each_morning_has_its_part_of_the_story() {
    for shape in Shape::ALL {
        let all = mornings(&plan(shape));
        let words = |n: usize| -> BTreeSet<&str> {
            all[n - 1].happened.iter().map(Happened::word).collect()
        };
        assert!(words(1).is_empty());
        for (morning, part) in [
            (2, vec!["opened", "paid", "part_paid", "on_account"]),
            (
                3,
                vec![
                    "paid",
                    "residual",
                    "rebilled",
                    "returned",
                    "re_aged",
                    "credited_by",
                    "applied_as_ours",
                ],
            ),
            (
                4,
                vec!["customer_merged", "renumbered", "written_off", "opened"],
            ),
            (5, vec!["applied_elsewhere", "split", "paid", "part_paid"]),
        ] {
            for word in part {
                assert!(words(morning).contains(word), "{shape:?} {morning} {word}");
            }
        }
        assert_eq!(
            all[1]
                .work
                .iter()
                .filter(|w| matches!(w, Work::Apply { .. }))
                .count(),
            2
        );
        // What the collector is told to work on is there.
        let there: BTreeSet<&ItemKey> = all[1].truth.items.iter().map(|i| &i.key).collect();
        for work in &all[1].work {
            let (Work::Promise { item, .. } | Work::Apply { item, .. } | Work::Note { item, .. }) =
                work;
            assert!(there.contains(item), "{work:?}");
        }
    }
}

#[test]
fn sp_01_kp_23_follow_ups_keep_amounts_and_references() {
    for shape in Shape::ALL {
        let all = mornings(&plan(shape));
        for pair in all.windows(2) {
            let (before, after) = (pair[0].truth.by_key(), pair[1].truth.by_key());
            for event in &pair[1].happened {
                match event {
                    Happened::Split { from, parts } => {
                        let sum: i64 = parts.iter().map(|p| after[p].open).sum();
                        assert_eq!(sum, before[from].open);
                        assert!(parts.iter().all(|p| after[p].po == before[from].po));
                    }
                    Happened::Renumbered { from, to } => {
                        let (a, b) = (before[from], after[to]);
                        assert_eq!((a.open, a.due, &a.reference), (b.open, b.due, &b.reference));
                    }
                    Happened::Residual {
                        from,
                        to,
                        received,
                        rest,
                        ..
                    } => {
                        assert_eq!(after[to].open, *rest);
                        assert_eq!(before[from].open, received + rest);
                        assert_eq!(from == to, shape != Shape::Sap);
                    }
                    Happened::CustomerMerged { items, .. } => {
                        for (from, to) in items {
                            assert_eq!(before[from].open, after[to].open);
                            assert_eq!(from == to, shape != Shape::Sap);
                        }
                    }
                    Happened::ReAged { item, from, to } => {
                        assert_eq!((before[item].due, after[item].due), (*from, *to));
                    }
                    _ => {}
                }
            }
        }
    }
}

#[test]
fn wrong_exports_are_read_and_wrong_in_one_way() {
    for shape in Shape::ALL {
        let all = mornings(&plan(shape));
        assert_eq!(all[1].wrong(Variant::Stale), None);
        let morning = &all[3];
        let right = true_rows(morning);
        for variant in Variant::ALL {
            let (file, ask) = morning.wrong(variant).expect("a variant");
            let staged = read(&file);
            assert_eq!(sums(&staged, true), file.totals);
            let rows = staged_rows(&staged, shape.name());
            let keys: BTreeSet<&ItemKey> = rows.iter().map(|r| &r.0).collect();
            match ask {
                Ask::CollectorGone { items, .. }
                | Ask::EntityGone { items, .. }
                | Ask::CurrencyGone { items, .. } => {
                    assert!(
                        items > 20 && rows.len() + items == right.len(),
                        "{variant:?}"
                    );
                }
                Ask::Stale { file, last } => {
                    assert_eq!((file, last), (all[1].day, all[3].day));
                    assert_eq!(rows, true_rows(&all[1]));
                }
                Ask::DaySwap { rows: swapped, of } => {
                    assert!(swapped * 50 > of && of == right.len());
                    let differ = rows.iter().zip(&right).filter(|(a, b)| a.4 != b.4).count();
                    assert_eq!(differ, swapped);
                }
                Ask::WrongCompany { vanished, .. } => {
                    assert_eq!(vanished, right.len());
                    assert!(right.iter().all(|r| !keys.contains(&r.0)));
                }
            }
        }
    }
}

#[test]
fn bank_statements_run_and_say_what_came() {
    for shape in Shape::ALL {
        for morning in mornings(&plan(shape)).iter().skip(1) {
            let csv = morning.file(FileRole::BankCsv).expect("a statement");
            let text = std::str::from_utf8(&csv.bytes).expect("UTF-8");
            assert_eq!(text.lines().count() as u64, csv.rows + 1);
            for account in &morning.bank {
                let last = text
                    .lines()
                    .rfind(|l| l.starts_with(&account.account))
                    .expect("a line");
                let closing = duebook_money::MinorUnits(i128::from(account.closing))
                    .format(account.currency, &duebook_money::NumberFormat::PLAIN);
                assert!(last.contains(&format!(",{closing},")), "{last} {closing}");
            }
            let camt = morning.file(FileRole::BankCamt).expect("a statement");
            let xml = std::str::from_utf8(&camt.bytes).expect("UTF-8");
            assert_eq!(xml.matches("<Ntry>").count() as u64, camt.rows);
            assert_eq!(xml.matches("<Stmt>").count(), morning.bank.len());
        }
    }
}

#[test]
fn the_seed_decides_and_size_is_kept() {
    let plan = plan(Shape::Oracle);
    assert_eq!(mornings(&plan), mornings(&plan));
    assert_ne!(
        mornings(&plan),
        mornings(&Plan {
            seed: 8,
            ..plan.clone()
        })
    );
    let tiny = mornings(&Plan {
        customers: 0,
        items: 0,
        ..plan.clone()
    });
    assert_eq!(tiny.len(), 5);
    for shape in Shape::ALL {
        let plan = Plan::new(shape, 3, plan.days[0]).sized(5_000);
        let first = Mornings::new(&plan).next().expect("a morning");
        assert!((5_000..5_010).contains(&first.truth.items.len()));
        assert_eq!(
            read(&first.files[0]).preview.counts.accepted as usize,
            first.truth.items.len()
        );
    }
}

#[test]
fn the_bundle_has_every_file_once() {
    for shape in Shape::ALL {
        let files = bundle(&plan(shape));
        let names: BTreeSet<&str> = files.iter().map(|(n, _)| n.as_str()).collect();
        assert_eq!(names.len(), files.len());
        assert!(names.contains("TRUTH.md") && names.contains("TRUTH.json"));
        assert_eq!(
            names.iter().filter(|n| n.contains("/wrong/")).count(),
            Variant::ALL.len()
        );
    }
}
