//! A second, naive ledger: a plain list of raw facts from which every balance is worked out anew,
//! sharing no code with the first. Random commands with random dates go to both; after each, every
//! figure at several (as of, known) pairs must be equal.
#![allow(clippy::unwrap_used)]
#[path = "naive/facts.rs"]
mod facts;
mod support;
use duebook_ledger::columns::ItemKind;
use duebook_ledger::facts::*;
use duebook_ledger::keys::ItemKey;
use duebook_ledger::recon::{Onward, ReconCommand};
use duebook_ledger::*;
use duebook_money::{Currency, Day};
use facts::{Fact, Naive};
use proptest::prelude::*;
use support::*;

/// A step, with numbers that are taken modulo what there is.
#[derive(Debug, Clone)]
enum Step {
    Import {
        rows: Vec<(u8, u8, i64, i64)>,
        day: u8,
    },
    Invoice {
        parts: Vec<i64>,
        day: u8,
        /// Of the second customer.
        other: bool,
    },
    Credit {
        amount: i64,
        day: u8,
    },
    Receipt {
        amount: i64,
        pays: Vec<(u8, i64)>,
        day: u8,
    },
    Apply {
        credit: u8,
        item: u8,
        amount: i64,
        with: i64,
        day: u8,
    },
    /// A part of a receipt goes to the other customer, or into dollars.
    Transfer {
        which: u8,
        amount: i64,
        pays: Vec<(u8, i64)>,
        dollars: bool,
        day: u8,
    },
    Reverse {
        which: u8,
        day: u8,
    },
    Return {
        which: u8,
        day: u8,
    },
    Undo {
        which: u8,
    },
}

/// Amounts of documents are large, of applications small, and documents mostly come first: most
/// commands go through.
fn step() -> impl Strategy<Value = Step> {
    let (large, small) = (|| 20i64..100, || 1i64..40);
    let (early, day) = (|| 0u8..20, || 5u8..40);
    let rows = prop::collection::vec((0u8..6, 0u8..40, 20i64..100, 0i64..100), 1..5);
    let pays = prop::collection::vec((any::<u8>(), small()), 0..3);
    let there = prop::collection::vec((any::<u8>(), 1i64..9), 0..3);
    prop_oneof![
        2 => (rows, day()).prop_map(|(rows, day)| Step::Import { rows, day }),
        2 => (prop::collection::vec(large(), 1..3), early(), any::<bool>())
            .prop_map(|(parts, day, other)| Step::Invoice { parts, day, other }),
        1 => (large(), early()).prop_map(|(amount, day)| Step::Credit { amount, day }),
        3 => (large(), pays, early())
            .prop_map(|(amount, pays, day)| Step::Receipt { amount, pays, day }),
        6 => (any::<u8>(), any::<u8>(), small(), 0i64..9, day()).prop_map(
            |(credit, item, amount, with, day)| Step::Apply { credit, item, amount, with, day }
        ),
        3 => (any::<u8>(), small(), there, any::<bool>(), day()).prop_map(
            |(which, amount, pays, dollars, day)| Step::Transfer { which, amount, pays, dollars, day }
        ),
        2 => (any::<u8>(), day()).prop_map(|(which, day)| Step::Reverse { which, day }),
        2 => (any::<u8>(), day()).prop_map(|(which, day)| Step::Return { which, day }),
        4 => any::<u8>().prop_map(|which| Step::Undo { which }),
    ]
}

struct Both {
    story: Story,
    naive: Naive,
    /// Every item ever, with the commit that recorded it.
    items: Vec<(ItemKey, ItemId, u32)>,
    /// Imports: commit and as-of.
    as_ofs: Vec<(u32, Day)>,
    number: u32,
}

const START: Day = Day(20_500);

fn on(day: u8) -> Day {
    START.plus(i32::from(day))
}

impl Both {
    fn new() -> Both {
        let mut story = own_book();
        story.today = on(40);
        story.customer("C1");
        story.customer("C2");
        let naive = Naive(vec![Vec::new(), Vec::new(), Vec::new()]);
        Both {
            story,
            naive,
            items: Vec::new(),
            as_ofs: Vec::new(),
            number: 0,
        }
    }
    fn number(&mut self, prefix: &str) -> String {
        self.number += 1;
        format!("{prefix}{}", self.number)
    }
    fn pick(&self, which: u8, credit: bool) -> Option<ItemKey> {
        let own: Vec<&ItemKey> = self
            .items
            .iter()
            .map(|(k, _, _)| k)
            .filter(|k| k.credit == credit && k.source.is_empty())
            .collect();
        (!own.is_empty()).then(|| own[which as usize % own.len()].clone())
    }
    /// Tries the command; on success the facts become the naive ledger's.
    fn both(&mut self, command: Command, facts: Vec<Fact>) {
        if let Ok(seq) = self.story.attempt(command) {
            self.record(seq, facts);
        }
    }
    fn record(&mut self, seq: Seq, facts: Vec<Fact>) {
        assert_eq!(seq.index(), self.naive.0.len() + 1);
        for fact in &facts {
            if let Fact::Item { key, .. } = fact {
                let id = self.story.id(key);
                self.items.push((key.clone(), id, seq.0));
            }
        }
        self.naive.0.push(facts);
    }

    fn take(&mut self, step: &Step) {
        match step {
            Step::Import { rows, day } => self.import(rows, *day),
            Step::Invoice { parts, day, other } => {
                let customer = if *other { "C2" } else { "C1" };
                let number = self.number("I");
                let due = |n: usize| on(*day).plus(10 * n as i32);
                let parts: Vec<(Day, i64)> = parts
                    .iter()
                    .enumerate()
                    .map(|(n, a)| (due(n), *a))
                    .collect();
                let key = |n: usize| {
                    if parts.len() > 1 {
                        own_part(&number, n as u32 + 1)
                    } else {
                        own_item(&number)
                    }
                };
                let facts = parts.iter().enumerate().map(|(n, (due, open))| Fact::Item {
                    key: key(n),
                    doc: on(*day),
                    due: *due,
                    open: *open,
                });
                let facts = facts.collect();
                self.both(
                    document(customer, &number, ItemKind::Invoice, on(*day), &parts),
                    facts,
                );
            }
            Step::Credit { amount, day } => {
                let number = self.number("C");
                let (key, doc) = (own_credit(&number), on(*day));
                let facts = vec![Fact::Item {
                    key,
                    doc,
                    due: doc,
                    open: -amount,
                }];
                self.both(
                    document("C1", &number, ItemKind::CreditMemo, doc, &[(doc, *amount)]),
                    facts,
                );
            }
            Step::Receipt { amount, pays, day } => self.receipt(*amount, pays, *day),
            Step::Apply {
                credit,
                item,
                amount,
                with,
                day,
            } => {
                let (Some(credit), Some(item)) =
                    (self.pick(*credit, true), self.pick(*item, false))
                else {
                    return;
                };
                let granted = if *with > 0 {
                    vec![(Cause::Discount, *with)]
                } else {
                    Vec::new()
                };
                let mut facts = vec![
                    Fact::Moved {
                        key: item.clone(),
                        by: *amount,
                        on: on(*day),
                    },
                    Fact::Moved {
                        key: credit.clone(),
                        by: -amount,
                        on: on(*day),
                    },
                ];
                if *with > 0 {
                    facts.push(Fact::Moved {
                        key: item.clone(),
                        by: *with,
                        on: on(*day),
                    });
                }
                self.both(apply(credit, item, *amount, on(*day), &granted), facts);
            }
            Step::Transfer {
                which,
                amount,
                pays,
                dollars,
                day,
            } => self.transfer(*which, *amount, pays, *dollars, *day),
            Step::Reverse { which, day } => self.reverse(*which, *day),
            Step::Return { which, day } => self.give_back(*which, *day),
            Step::Undo { which } => {
                let commit = 1 + u32::from(*which) % self.story.book.head().0;
                let command = Command::Undo {
                    commit: Seq(commit),
                };
                self.both(command, vec![Fact::Void { commit }]);
            }
        }
    }

    fn import(&mut self, rows: &[(u8, u8, i64, i64)], day: u8) {
        let (as_of, known) = (on(day), self.naive.0.len() as u32);
        let mut file: Vec<Row> = Vec::new();
        for (n, due, amount, open) in rows {
            let number = format!("R{n}");
            if file.iter().any(|r| r.number == number) {
                continue;
            }
            // The document date of a number stays; what is open, its amount and when it is due the
            // source may show otherwise.
            let amount = 100 + amount % 2 * 10 + i64::from(*n);
            file.push(row("S1", &number, on(*n), on(*due), amount, *open));
        }
        let Ok(seq) = self.story.try_import(as_of, Scope::TheseRows, &file) else {
            return;
        };
        let last = self.last_as_of(known);
        let effective = last.map_or(as_of, |l| l.max(as_of));
        let mut facts = Vec::new();
        for r in &file {
            let key = erp_item(&r.number);
            let born = self.naive.born(&key, known, false);
            let before = born.and_then(|b| self.naive.figures(b, &key, Day(i32::MAX), known));
            match before {
                None => facts.push(Fact::Item {
                    key,
                    doc: r.doc,
                    due: r.due.unwrap(),
                    open: r.open,
                }),
                Some((open, due)) => {
                    if open != r.open {
                        facts.push(Fact::Moved {
                            key: key.clone(),
                            by: open - r.open,
                            on: effective,
                        });
                    }
                    if Some(due) != r.due {
                        facts.push(Fact::Due {
                            key,
                            due: r.due.unwrap(),
                        });
                    }
                }
            }
        }
        self.as_ofs.push((seq.0, as_of));
        self.record(seq, facts);
    }
    fn last_as_of(&self, known: u32) -> Option<Day> {
        let live = self
            .as_ofs
            .iter()
            .filter(|(c, _)| self.naive.is_live(*c, known));
        live.map(|(_, d)| *d).max()
    }

    fn receipt(&mut self, amount: i64, pays: &[(u8, i64)], day: u8) {
        let number = self.number("P");
        let (key, doc) = (own_credit(&number), on(day));
        let mut facts = vec![Fact::Item {
            key: key.clone(),
            doc,
            due: doc,
            open: -amount,
        }];
        let mut asked = Vec::new();
        for (which, amount) in pays {
            let Some(item) = self.pick(*which, false) else {
                continue;
            };
            let issued = self.naive.0.iter().flatten().find_map(|f| match f {
                Fact::Item { key, doc, .. } if *key == item => Some(*doc),
                _ => None,
            });
            let from = doc.max(issued.unwrap());
            facts.push(Fact::Moved {
                key: item.clone(),
                by: *amount,
                on: from,
            });
            facts.push(Fact::Moved {
                key: key.clone(),
                by: -amount,
                on: from,
            });
            asked.push((item, *amount));
        }
        self.both(receipt("C1", &number, doc, amount, &asked), facts);
    }

    /// Reverses the first settlement of a random commit that made one.
    fn reverse(&mut self, which: u8, day: u8) {
        let makers: Vec<u32> = (1..=self.naive.0.len() as u32)
            .filter(|c| {
                let seq = Seq(*c);
                self.story
                    .book
                    .find_fact(settlement(&self.story, seq, 0))
                    .is_some()
            })
            .collect();
        if makers.is_empty() {
            return;
        }
        let commit = makers[which as usize % makers.len()];
        // Each settlement with two sides is two moves, a return's own is one.
        let moves = self.naive.0[commit as usize - 1].iter();
        let moves = moves.filter(|f| matches!(f, Fact::Moved { .. })).count();
        let facts = (0..moves.min(2))
            .map(|n| Fact::Back {
                commit,
                n,
                on: on(day),
            })
            .collect();
        let key = settlement(&self.story, Seq(commit), 0);
        self.both(reverse(key, on(day)), facts);
    }

    fn transfer(&mut self, which: u8, amount: i64, pays: &[(u8, i64)], dollars: bool, day: u8) {
        let receipts: Vec<&ItemKey> = self
            .items
            .iter()
            .map(|(k, _, _)| k)
            .filter(|k| k.credit && k.number.starts_with('P'))
            .collect();
        if receipts.is_empty() {
            return;
        }
        let from = receipts[which as usize % receipts.len()].clone();
        // The least number of a part that nothing known has.
        let root = from.number.split('/').next().unwrap().to_owned();
        let known = self.naive.0.len() as u32;
        let free = |n: &u32| {
            let key = own_credit(&format!("{root}/T{n}"));
            self.naive.born(&key, known, false).is_none()
        };
        let to = (1..).find(free).unwrap();
        let to = own_credit(&format!("{root}/T{to}"));
        let into = if dollars { amount * 2 } else { amount };
        let mut facts = vec![
            Fact::Onward {
                from: from.clone(),
                to: to.clone(),
                amount,
                into,
                on: on(day),
            },
            Fact::Item {
                key: to.clone(),
                doc: on(day),
                due: on(day),
                open: -into,
            },
        ];
        let mut asked = Vec::new();
        for (which, amount) in pays {
            let Some(item) = self.pick(*which, false) else {
                continue;
            };
            let issued = self.naive.0.iter().flatten().find_map(|f| match f {
                Fact::Item { key, doc, .. } if *key == item => Some(*doc),
                _ => None,
            });
            for (key, by) in [(&item, *amount), (&to, -amount)] {
                facts.push(Fact::Moved {
                    key: key.clone(),
                    by,
                    on: on(day).max(issued.unwrap()),
                });
            }
            asked.push((item, *amount));
        }
        let currency = if dollars {
            Currency::USD
        } else {
            Currency::EUR
        };
        let command = Command::Recon(ReconCommand::TransferReceipt {
            receipt: from,
            take_back: Vec::new(),
            onward: Onward {
                customer: own_customer("C2"),
                amount,
                currency,
                into,
                applications: asked,
            },
            effective: on(day),
        });
        self.both(command, facts);
    }

    fn give_back(&mut self, which: u8, day: u8) {
        let Some(key) = self.pick(which, true).filter(|k| k.number.starts_with('P')) else {
            return;
        };
        let known = self.naive.0.len() as u32;
        let Some(born) = self.naive.born(&key, known, false) else {
            return;
        };
        let mut facts = Vec::new();
        if !self.fall(&key, born, day, &mut facts) {
            return;
        }
        let amount = self.naive.0[born as usize - 1]
            .iter()
            .find_map(|f| match f {
                Fact::Item { key: k, open, .. } if *k == key => Some(*open),
                _ => None,
            });
        // A settlement of its own, after all that falls.
        facts.push(Fact::Moved {
            key: key.clone(),
            by: amount.unwrap(),
            on: on(day),
        });
        self.both(returned(key, on(day)), facts);
    }

    /// What falls with a receipt: what it pays, and its parts. False where it was returned already.
    fn fall(&self, key: &ItemKey, born: u32, day: u8, facts: &mut Vec<Fact>) -> bool {
        let known = self.naive.0.len() as u32;
        let live = || (1..=known).filter(|c| self.naive.is_live(*c, known));
        let said = |f: &dyn Fn(&Fact) -> bool| {
            let mut all = live().flat_map(|c| self.naive.0[c as usize - 1].iter());
            all.any(f)
        };
        for c in live() {
            for fact in &self.naive.0[c as usize - 1] {
                let Fact::Onward { from, to, .. } = fact else {
                    continue;
                };
                let home = said(&|f| matches!(f, Fact::Home { commit, .. } if *commit == c));
                let of_it = from == key && self.naive.born(key, c, false) == Some(born);
                if of_it && !home {
                    facts.push(Fact::Home {
                        commit: c,
                        on: on(day),
                    });
                    self.fall(to, c, day, facts);
                }
            }
            let moves: Vec<Fact> = self.naive.0[c as usize - 1]
                .iter()
                .filter(|f| matches!(f, Fact::Moved { .. }))
                .cloned()
                .collect();
            let of = |n: usize| matches!(&moves[n], Fact::Moved { key: k, by, .. } if k == key && *by < 0);
            let item_of = |n: usize| match &moves[n] {
                Fact::Moved { key, .. } => key.clone(),
                _ => unreachable!(),
            };
            let taken_back = |n: usize| {
                said(&|f| matches!(f, Fact::Back { commit, n: m, .. } if *commit == c && *m == n))
            };
            let mut fell = Vec::new();
            for n in (0..moves.len()).filter(|n| of(*n) && !taken_back(*n)) {
                if n == 0 {
                    return false; // Returned already: a return's own move stands alone.
                }
                // The credit side comes after its debit side.
                facts.extend([n - 1, n].map(|n| Fact::Back {
                    commit: c,
                    n,
                    on: on(day),
                }));
                fell.push(item_of(n - 1));
            }
            // An application with a discount is three moves: item, credit, discount on the item.
            if moves.len() == 3 && fell.contains(&item_of(2)) && !taken_back(2) && c != born {
                facts.push(Fact::Back {
                    commit: c,
                    n: 2,
                    on: on(day),
                });
            }
        }
        true
    }

    fn compare(&self) {
        let head = self.story.book.head().0;
        for known in [head, head.saturating_sub(1), head / 2] {
            for as_of in [on(0), on(13), on(27), on(60)] {
                let view = View {
                    as_of,
                    known: Some(Seq(known)),
                };
                let scan = OpenScan::new(&self.story.book, view);
                for (key, id, born) in &self.items {
                    let naive = (*born <= known)
                        .then(|| self.naive.figures(*born, key, as_of, known))
                        .flatten();
                    let open = scan.open(*id).map(|o| o.working());
                    assert_eq!(
                        open,
                        naive.map(|n| n.0),
                        "{key:?} of {born} as of {as_of:?} known {known}"
                    );
                    if let Some((_, due)) = naive {
                        let segment = scan.segment(id.segment()).unwrap();
                        assert_eq!(segment.due(id.row()), due.0, "{key:?}");
                    }
                }
            }
        }
    }
}

fn figures(book: &Book) -> Vec<(ItemId, Option<Open>, Option<Open>)> {
    let scans = [on(20), on(60)].map(|d| OpenScan::new(book, View::on(d)));
    let ids = book.items().ids();
    ids.map(|i| (i, scans[0].open(i), scans[1].open(i)))
        .collect()
}

proptest! {
    #[test]
    fn two_ledgers_agree_after_every_command(steps in prop::collection::vec(step(), 1..40)) {
        let mut both = Both::new();
        for step in &steps {
            let fork = both.story.book.clone();
            let before = figures(&fork);
            both.take(step);
            both.compare();
            prop_assert_eq!(figures(&fork), before, "a fork is not touched");
            prop_assert_eq!(fork.violations(), vec![]);
        }
        let replayed = replay(&both.story.log);
        prop_assert_eq!(figures(&replayed), figures(&both.story.book));
        prop_assert_eq!(replayed.commits(), both.story.book.commits());
        prop_assert_eq!(replayed.violations(), vec![]);
    }
}
