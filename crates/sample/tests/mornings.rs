//! The five mornings: what the import reads of each file is what the truth says.

use duebook_exchange::read::{Bytes, FileKind, Flow, Options, Staged, stage};
use duebook_ledger::columns::{ItemKind, TextField};
use duebook_ledger::keys::ItemKey;
use duebook_money::{Currency, Day};
use duebook_sample::mornings::{
    FileRole, ItemTruth, Morning, MorningFile, Plan, Shape, mornings,
};
use std::collections::BTreeMap;

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
        }
    }
}
