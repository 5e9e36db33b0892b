//! `cargo xtask bench cash`: how well receipts are matched and how fast, on generated statements with
//! the truth beside them; with `--cases`, on files of cases with their answers.

mod cases;
mod data;
mod made;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use duebook_cash::{MatchPolicy, OpenIndex, Proposal, Receipt, Verdict, match_all};
use duebook_ledger::{Book, ItemId, View};

use self::data::Truth;
use crate::repo;
use crate::shell::{Outcome, fail, option, say};

/// Where the peers' data lies beside the checkout, once its generator ran.
const PEERS: &str = "../shared/bench/data";

/// `cargo xtask bench cash`
pub fn run(args: &[String]) -> Outcome {
    if let Some(at) = args.iter().position(|a| a == "--cases") {
        return cases::run(&args[at + 1..]);
    }
    let sizes = super::bench::sizes(option(args, "--sizes").unwrap_or("10k,100k"))?;
    let data = match option(args, "--data") {
        Some(folder) => Some(PathBuf::from(folder)),
        None => Some(repo::root().join(PEERS)).filter(|folder| folder.is_dir()),
    };
    let mut wrong = Vec::new();
    for rows in sizes {
        let loaded = match &data {
            Some(folder) => data::load(folder, rows)?,
            None => {
                say("no data of the peers: statements of this project's own generator");
                made::load(rows)?
            }
        };
        wrong.extend(measure(rows, &loaded)?);
    }
    if wrong.is_empty() {
        Ok(())
    } else {
        fail(wrong.join("\n"))
    }
}

/// A book, a statement and the truth about it.
pub struct Loaded {
    book: Book,
    as_of: duebook_money::Day,
    receipts: Vec<Receipt>,
    /// Per receipt: kind, and the items it pays.
    truth: Vec<Truth>,
}

/// Pairs proposed and pairs that are right.
#[derive(Default, Clone, Copy)]
struct Tally {
    pairs: u32,
    right: u32,
}

impl Tally {
    fn count(&mut self, proposed: &BTreeSet<ItemId>, truth: &BTreeSet<ItemId>) {
        self.pairs += proposed.len() as u32;
        self.right += proposed.intersection(truth).count() as u32;
    }
    fn precision(self) -> String {
        share(self.right, self.pairs)
    }
}

/// Four decimals, without a float.
fn share(part: u32, of: u32) -> String {
    let scaled = u64::from(part) * 10_000 / u64::from(of.max(1));
    format!("{}.{:04}", scaled / 10_000, scaled % 10_000)
}

fn measure(rows: u64, loaded: &Loaded) -> Outcome<Option<String>> {
    let policy = MatchPolicy::default();
    let (mut building, mut matching) = (Vec::new(), Vec::new());
    let mut answer = None;
    for _ in 0..ROUNDS {
        let from = Instant::now();
        let index = OpenIndex::of(&loaded.book, View::on(loaded.as_of), &[]);
        building.push(from.elapsed());
        let from = Instant::now();
        let proposals = match_all(&index, &loaded.receipts, &policy);
        matching.push(from.elapsed());
        answer = Some((index, proposals));
    }
    let Some((index, proposals)) = answer else {
        return Ok(None);
    };
    if let Some(broken) = proposals.iter().find(|p| !p.sums()) {
        return fail(format!("receipt {} does not sum (CA-01)", broken.receipt));
    }
    say(format!(
        "{rows} items ({} open), {} receipts: index {}, matching {} ms (median of {ROUNDS}; least)",
        index.len(),
        loaded.receipts.len(),
        median(&mut building),
        median(&mut matching)
    ));
    let wrong = accuracy(loaded, &proposals);
    ceiling(loaded, &index);
    Ok(wrong)
}

/// Runs of each measurement.
const ROUNDS: usize = 5;

fn median(times: &mut [Duration]) -> String {
    times.sort();
    let middle = times[times.len() / 2].as_millis();
    format!("{middle} ({})", times[0].as_millis())
}

fn items_of(proposal: &Proposal) -> BTreeSet<ItemId> {
    proposal.lines.iter().map(|l| l.item).collect()
}

fn accuracy(loaded: &Loaded, proposals: &[Proposal]) -> Option<String> {
    let (mut auto, mut all) = (Tally::default(), Tally::default());
    let mut by_kind: BTreeMap<&str, (Tally, Tally, u32, u32)> = BTreeMap::new();
    let mut verdicts = [0u32; 3];
    for (proposal, truth) in proposals.iter().zip(&loaded.truth) {
        let proposed = items_of(proposal);
        let kind = by_kind.entry(&truth.kind).or_default();
        kind.2 += truth.items.len() as u32;
        kind.3 += 1;
        all.count(&proposed, &truth.items);
        kind.1.count(&proposed, &truth.items);
        let place = match &proposal.verdict {
            Verdict::Auto => {
                auto.count(&proposed, &truth.items);
                kind.0.count(&proposed, &truth.items);
                0
            }
            Verdict::Review(_) => 1,
            Verdict::Unmatched(_) => 2,
        };
        verdicts[place] += 1;
    }
    let total: u32 = loaded.truth.iter().map(|t| t.items.len() as u32).sum();
    let [posted, review, none] = verdicts;
    println!("  {posted} post by themselves, {review} for review, {none} unmatched");
    println!(
        "  by itself: precision {}, recall {} ({} pairs, {} wrong)",
        auto.precision(),
        share(auto.right, total),
        auto.pairs,
        auto.pairs - auto.right
    );
    println!(
        "  with first suggestions: precision {}, recall {} ({} pairs of {total})",
        all.precision(),
        share(all.right, total),
        all.pairs
    );
    for (kind, (auto, all, pairs, receipts)) in &by_kind {
        println!(
            "    {kind:<10} {receipts:>6} receipts {pairs:>7} pairs: auto {:>7} recall {} wrong {:<4} all recall {} precision {}",
            auto.pairs,
            share(auto.right, *pairs),
            auto.pairs - auto.right,
            share(all.right, *pairs),
            all.precision()
        );
    }
    let low = u64::from(auto.right) * 1000 < u64::from(auto.pairs) * 999;
    low.then(|| format!("precision of what posts by itself is {}", auto.precision()))
}

/// What can be known at all: a receipt that names nothing is known only where one set of at most four
/// items that nobody else names makes its amount.
fn ceiling(loaded: &Loaded, index: &OpenIndex) {
    let mut named: BTreeSet<ItemId> = BTreeSet::new();
    for truth in loaded.truth.iter().filter(|t| t.kind != "missing") {
        named.extend(&truth.items);
    }
    let (mut pairs, mut known, mut silent, mut unsure) = (0u32, 0u32, 0u32, 0u32);
    for (receipt, truth) in loaded.receipts.iter().zip(&loaded.truth) {
        let count = truth.items.len() as u32;
        pairs += count;
        if truth.kind != "missing" {
            known += count;
            continue;
        }
        silent += count;
        match data::solutions(loaded, index, receipt, truth, &named) {
            data::Solutions::One => known += count,
            data::Solutions::More => {}
            data::Solutions::NotCounted => unsure += count,
        }
    }
    println!(
        "  ceiling: {} of {pairs} pairs can be told at all, recall {}: of {silent} pairs of receipts that name nothing, {} have one set only ({unsure} not counted to the end, taken as ambiguous)",
        known,
        share(known, pairs),
        known + silent - pairs
    );
}

/// Reads a file of this project's data with a sentence when it is not there.
fn need(path: &Path) -> Outcome<String> {
    crate::shell::read_text(path)
}
