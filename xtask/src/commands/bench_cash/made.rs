//! Statements of this project's own generator: payments of its open items, with references exact,
//! mangled or missing, short and over, by order, and money that pays nothing.

use std::collections::BTreeSet;

use duebook_cash::Receipt;
use duebook_ledger::columns::TextField;
use duebook_ledger::items::ItemRef;
use duebook_ledger::{Book, ItemId};
use duebook_money::Day;
use duebook_sample::rng::Rng;

use super::Loaded;
use super::data::{Truth, book};
use crate::commands::bench;
use crate::shell::Outcome;

const SEED: u64 = 11;
const KINDS: [&str; 7] = [
    "exact", "mangled", "missing", "short", "over", "po", "noise",
];
const WEIGHTS: [u32; 7] = [40, 20, 17, 9, 5, 6, 3];

/// One receipt for twenty items.
pub fn load(rows: u64) -> Outcome<Loaded> {
    let as_of = Day::EPOCH.plus(20_543);
    let mut book = book(&bench::file(rows, as_of)?, as_of)?;
    book.index_all();
    let mut rng = Rng::new(SEED);
    let mut used = BTreeSet::new();
    let (mut receipts, mut truth) = (Vec::new(), Vec::new());
    let wanted = (rows / 20).max(1) as usize;
    for _ in 0..wanted * 9 {
        if receipts.len() == wanted {
            break;
        }
        let Some((receipt, pays)) = payment(&book, rows, as_of, &mut rng, &mut used) else {
            continue;
        };
        receipts.push(receipt);
        truth.push(pays);
    }
    Ok(Loaded {
        book,
        as_of,
        receipts,
        truth,
    })
}

fn payment(
    book: &Book,
    rows: u64,
    as_of: Day,
    rng: &mut Rng,
    used: &mut BTreeSet<ItemId>,
) -> Option<(Receipt, Truth)> {
    let segment = duebook_ledger::columns::SEGMENT_ROWS as u64;
    let at = rng.below(rows);
    let first = book.item(ItemId::new(
        (at / segment) as usize,
        (at % segment) as usize,
    ))?;
    if first.open() <= 0 || used.contains(&first.id) {
        return None;
    }
    let kind = KINDS[rng.weighted(&WEIGHTS)];
    let most = match kind {
        "missing" => 1 + rng.below(4) as usize,
        "po" | "noise" => 1,
        _ => [1, 3, 9][rng.weighted(&[60, 30, 10])],
    };
    let same = |item: &ItemRef<'_>| {
        item.open() > 0 && item.currency() == first.currency() && !used.contains(&item.id)
    };
    let mut items: Vec<ItemRef<'_>> = book.items_of(first.customer()).filter(same).collect();
    while items.len() > most {
        let out = rng.below(items.len() as u64) as usize;
        items.remove(out);
    }
    if kind == "po" && items.iter().any(|i| i.text(&TextField::Po).is_empty()) {
        return None;
    }
    let sum: i64 = items.iter().map(ItemRef::open).sum();
    let amount = match kind {
        "short" => sum * *rng.pick(&[98, 97, 90]) / 100,
        "over" => sum + 100 * (1 + rng.below(500) as i64),
        "noise" => 100 * (100 + rng.below(99_900) as i64),
        _ => sum,
    };
    let facts = book.customer_facts(first.customer())?;
    let named: Vec<String> = items.iter().map(|i| reference(i, kind, rng)).collect();
    let text = match kind {
        "missing" => (*rng.pick(&["PAYMENT", "INVOICES JUNE", ""])).to_owned(),
        "noise" => format!("REFUND {}", 1000 + rng.below(9000)),
        _ => format!(
            "{}{}",
            rng.pick(&["", "RE: ", "/RFB/"]),
            named.join(*rng.pick(&[" ", ", ", "; "]))
        ),
    };
    let known = rng.chance(800);
    let receipt = Receipt {
        bank_id: format!("B{}", used.len()),
        customer_ref: if known {
            facts.number.clone()
        } else {
            String::new()
        },
        payer_name: facts.name.to_uppercase().chars().take(35).collect(),
        text,
        ..Receipt::of(
            amount.max(1),
            first.currency(),
            as_of.plus(rng.below(6) as i32),
        )
    };
    let pays: BTreeSet<ItemId> = items.iter().map(|i| i.id).collect();
    let none = kind == "noise";
    used.extend(pays.iter().filter(|_| !none));
    let truth = Truth {
        kind: kind.to_owned(),
        items: if none { BTreeSet::new() } else { pays },
    };
    Some((receipt, truth))
}

fn reference(item: &ItemRef<'_>, kind: &str, rng: &mut Rng) -> String {
    let number = item.number();
    match kind {
        "po" => item.text(&TextField::Po).to_owned(),
        "mangled" => match rng.below(4) {
            0 => number.replacen('0', "O", 1),
            1 => number.trim_start_matches(['9', '0']).to_owned(),
            2 => {
                let (a, b) = number.split_at(number.len().min(6));
                format!("{a} {b}")
            }
            _ => format!("#{number}"),
        },
        _ => number.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn made_statements_are_measured() {
        let loaded = load(400).expect("made");
        assert_eq!(loaded.receipts.len(), loaded.truth.len());
        assert!(!loaded.receipts.is_empty());
        let wrong = super::super::measure(400, &loaded).expect("measured");
        assert_eq!(wrong, None);
    }
}
