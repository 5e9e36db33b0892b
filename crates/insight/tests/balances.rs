//! Balances kept from deltas, aging and tie-out, against slow second implementations after every
//! one of many random commands.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod kept;
mod support;

use duebook_insight::items::Listed;
use duebook_insight::*;
use duebook_ledger::columns::{ItemKind, NO_DAY};
use duebook_ledger::command::{LogContact, NewFollowUp};
use duebook_ledger::facts::{Channel, CollectorField, CreditMode, Outcome, PromiseEnd, Scope};
use duebook_ledger::import::Incoming;
use duebook_ledger::keys::ItemKey;
use duebook_ledger::policy::PolicyChange;
use duebook_ledger::{Book, Command, ItemId, OpenScan, Seq, View};
use duebook_money::{Currency, Day};
use duebook_policy::{Basis, Buckets};
use kept::*;
use proptest::prelude::*;
use std::collections::BTreeMap;
use support::*;

const DAY_MS: i64 = 86_400_000;

/// What a cell of an aging is keyed by: customer, currency, column (buckets, cash, memos).
type Cells = BTreeMap<(u32, &'static str, usize), (i64, u32)>;

/// Age, item, amount and kind by customer, entity and currency.
type Owners = BTreeMap<(u32, u16, &'static str), Vec<(i32, ItemId, i64, u8)>>;

/// AG-01 to AG-05 item by item through the ledger's own function, with no arrays and no tricks.
fn naive_aging(book: &Book, query: &AgingQuery) -> Cells {
    let scan = OpenScan::new(book, query.view);
    let mut cells = Cells::new();
    let mut owners: Owners = BTreeMap::new();
    for id in book.items().ids() {
        let (Some(item), Some(open)) = (book.item(id), scan.open(id)) else {
            continue;
        };
        let amount = match query.figure {
            Figure::Working => open.working(),
            Figure::AtSource => open.at_source,
        };
        let due = scan.segment(id.segment()).unwrap().due(id.row());
        let issued = match item.doc_date() {
            NO_DAY => 0,
            day => query.view.as_of.0 - day,
        };
        let late = if due == NO_DAY {
            issued
        } else {
            query.view.as_of.0 - due
        };
        let age = match query.basis {
            Basis::DueDate if amount > 0 => late,
            _ => issued,
        };
        if amount != 0 {
            let owner = (item.customer().0, item.entity(), item.currency().code());
            let of = owners.entry(owner).or_default();
            of.push((age, id, amount, item.kind() as u8));
        }
    }
    let cash = |kind: u8| kind == ItemKind::Receipt as u8 || kind == ItemKind::OnAccount as u8;
    let count = query.buckets.count();
    for ((customer, _, code), mut items) in owners {
        let mut columns = vec![(0i64, 0u32); count + 2];
        items.sort_unstable();
        for (age, _, amount, kind) in &items {
            let column = match (*amount < 0, query.credits) {
                (false, _) | (true, CreditMode::Aged) => query.buckets.index(*age),
                (true, _) if cash(*kind) => count,
                (true, _) => count + 1,
            };
            columns[column].0 += amount;
            columns[column].1 += 1;
        }
        if query.credits == CreditMode::NetOldest {
            for credit in [count, count + 1] {
                for bucket in (0..count).rev() {
                    let used = columns[bucket].0.min(-columns[credit].0);
                    columns[bucket].0 -= used;
                    columns[credit].0 += used;
                }
            }
        }
        for (column, (amount, n)) in columns.into_iter().enumerate() {
            let cell = cells.entry((customer, code, column)).or_default();
            cell.0 += amount;
            cell.1 += n;
        }
    }
    cells.retain(|_, (amount, n)| *amount != 0 || *n != 0);
    cells
}

fn cells_of(aging: &Aging) -> Cells {
    let mut cells = Cells::new();
    for (at, row) in aging.rows.iter().enumerate() {
        let GroupKey::Customer(customer) = row.group else {
            panic!("by customer")
        };
        let amounts = aging.buckets(at).iter().copied();
        let amounts = amounts.chain([row.unapplied, row.credit_memos]);
        for (column, (amount, n)) in amounts.zip(aging.counts(at)).enumerate() {
            if amount != 0 || *n != 0 {
                cells.insert((customer.0, row.currency.code(), column), (amount, *n));
            }
        }
    }
    cells
}

/// One thing a user does, in small numbers.
#[derive(Debug, Clone)]
enum Act {
    Import {
        rows: Vec<(u8, u8, i16, i8, i8)>,
    },
    Receipt {
        customer: u8,
        amount: u16,
        item: u8,
        part: u16,
    },
    Apply {
        credit: u8,
        item: u8,
        amount: u16,
    },
    Return {
        receipt: u8,
    },
    Promise {
        item: u8,
        amount: u16,
        days: u8,
        account: bool,
    },
    EndPromise,
    Dispute {
        item: u8,
        amount: u16,
    },
    Undo {
        back: u8,
    },
    Tomorrow {
        days: u8,
    },
    Call {
        customer: u8,
        outcome: u8,
        days: i8,
        hour: Option<u8>,
    },
    Close,
    Credits {
        mode: u8,
        by_invoice: bool,
    },
    Later {
        minutes: u16,
    },
    Steer {
        customer: u8,
        how: u8,
    },
}

fn act() -> impl Strategy<Value = Act> {
    let rows = prop::collection::vec((0u8..4, 0u8..24, -900i16..3000, -60i8..20, -20i8..60), 1..6);
    prop_oneof![
        3 => rows.prop_map(|rows| Act::Import { rows }),
        3 => (0u8..4, 1u16..3000, 0u8..24, 1u16..3000)
            .prop_map(|(customer, amount, item, part)| Act::Receipt { customer, amount, item, part }),
        2 => (0u8..24, 0u8..24, 1u16..2000)
            .prop_map(|(credit, item, amount)| Act::Apply { credit, item, amount }),
        1 => (0u8..24).prop_map(|receipt| Act::Return { receipt }),
        3 => (0u8..24, 1u16..2000, 0u8..30, any::<bool>())
            .prop_map(|(item, amount, days, account)| Act::Promise { item, amount, days, account }),
        1 => Just(Act::EndPromise),
        2 => (0u8..24, 0u16..2000).prop_map(|(item, amount)| Act::Dispute { item, amount }),
        1 => (0u8..6).prop_map(|back| Act::Undo { back }),
        1 => (1u8..9).prop_map(|days| Act::Tomorrow { days }),
        3 => (0u8..4, 0u8..4, -1i8..9, prop::option::of(0u8..24))
            .prop_map(|(customer, outcome, days, hour)| Act::Call { customer, outcome, days, hour }),
        1 => Just(Act::Close),
        1 => (0u8..3, any::<bool>()).prop_map(|(mode, by_invoice)| Act::Credits { mode, by_invoice }),
        2 => (0u16..900).prop_map(|minutes| Act::Later { minutes }),
        2 => (0u8..4, 0u8..16).prop_map(|(customer, how)| Act::Steer { customer, how }),
    ]
}

const CUSTOMERS: [&str; 4] = ["A", "B", "C", "D"];

/// Numbers stay with one customer, so a file shows an item again rather than another's.
fn row_of(today: Day, (_, number, amount, doc, due): (u8, u8, i16, i8, i8)) -> Row {
    let customer = CUSTOMERS[usize::from(number % 4)];
    let doc = today.plus(i32::from(doc));
    let amount = if amount == 0 { 1 } else { i64::from(amount) };
    let credit = amount < 0;
    Row {
        customer,
        number: number.to_string(),
        kind: if credit {
            ItemKind::CreditMemo
        } else {
            ItemKind::Invoice
        },
        doc: Some(doc),
        due: (number % 7 != 0).then(|| doc.plus(i32::from(due))),
        currency: if number % 3 == 0 {
            Currency::USD
        } else {
            Currency::EUR
        },
        amount,
        open: amount / if number % 5 == 0 { 2 } else { 1 },
        entity: if number % 2 == 0 { "1000" } else { "2000" },
    }
}

fn some_item(
    book: &Book,
    nth: u8,
    wanted: impl Fn(&duebook_ledger::items::ItemRef<'_>) -> bool,
) -> Option<ItemId> {
    let live: Vec<ItemId> = book
        .items()
        .ids()
        .filter(|id| book.is_item_live(*id) && book.item(*id).is_some_and(|i| wanted(&i)))
        .collect();
    let at = usize::from(nth).checked_rem(live.len())?;
    Some(live[at])
}

fn key(book: &Book, id: ItemId) -> ItemKey {
    book.item_key(id).unwrap()
}

fn command(desk: &Desk, n: usize, act: &Act) -> Option<(Command, Incoming)> {
    let book = &desk.book;
    let plain = |c| Some((c, Incoming::default()));
    match act {
        Act::Import { rows } => {
            let mut seen = std::collections::BTreeSet::new();
            let rows: Vec<Row> = rows
                .iter()
                .filter(|r| seen.insert(r.1))
                .map(|r| row_of(desk.today, *r))
                .collect();
            let mut facts = import_facts(desk.today, Scope::TheseRows, Default::default());
            let (incoming, totals, _) = stage(book, &facts, &rows);
            facts.totals = totals;
            Some((Command::ImportItems(facts), incoming))
        }
        Act::Receipt {
            customer,
            amount,
            item,
            part,
        } => {
            let number = CUSTOMERS[usize::from(*customer)];
            let of = book.find_customer(&erp(number))?;
            let debit = some_item(book, *item, |i| {
                i.customer() == of && i.recorded_amount() > 0 && i.open() > 0
            })?;
            let item = book.item(debit)?;
            let part = i64::from(*part).min(item.open()).min(i64::from(*amount));
            plain(Command::RecordReceipt(
                duebook_ledger::command::RecordReceipt {
                    customer: erp(number),
                    entity: "1000".into(),
                    number: format!("R{n}"),
                    value_date: desk.today,
                    currency: item.currency(),
                    amount: i64::from(*amount),
                    reference: String::new(),
                    applications: vec![(key(book, debit), part)],
                },
            ))
        }
        Act::Apply {
            credit,
            item,
            amount,
        } => {
            let credit = some_item(book, *credit, |i| i.open() < 0)?;
            let of = book.item(credit)?;
            let debit = some_item(book, *item, |i| {
                i.customer() == of.customer() && i.currency() == of.currency() && i.open() > 0
            })?;
            let open = book.item(debit)?.open().min(-of.open());
            plain(Command::ApplyCredit {
                credit: key(book, credit),
                item: key(book, debit),
                amount: i64::from(*amount).min(open),
                effective: desk.today.plus(30),
                with: Vec::new(),
            })
        }
        Act::Return { receipt } => {
            let receipt = some_item(book, *receipt, |i| i.kind() == ItemKind::Receipt)?;
            plain(Command::ReturnReceipt {
                receipt: key(book, receipt),
                effective: desk.today.plus(31),
            })
        }
        Act::Promise {
            item,
            amount,
            days,
            account,
        } => {
            let id = some_item(book, *item, |i| i.open() > 0)?;
            let of = book.item(id)?;
            let line = duebook_ledger::command::NewPromiseLine {
                item: (!account).then(|| key(book, id)),
                amount: i64::from(*amount).min(of.open()),
                date: desk.today.plus(i32::from(*days)),
            };
            plain(Command::TakePromise {
                customer: book.customer_key(of.customer())?,
                promise: duebook_ledger::command::NewPromise {
                    currency: of.currency(),
                    lines: vec![line],
                    method: None,
                    evidence: None,
                },
            })
        }
        Act::EndPromise => plain(Command::EndPromise {
            promise: book.promises().last()?.key,
            how: PromiseEnd::Superseded,
        }),
        // Every other one is a case, and now and then the first open one is closed.
        Act::Dispute { item, amount } if amount % 2 == 1 => {
            use duebook_ledger::cases::*;
            let open = |(id, _): &(duebook_ledger::CaseId, &Case)| {
                book.case_state(*id) != Some(CaseState::Closed)
            };
            let first = book.cases().find(open).map(|(_, c)| c.key);
            if let Some(case) = first.filter(|_| amount % 3 == 0) {
                return plain(Command::Case(CaseCommand::Move {
                    case,
                    state: CaseState::Closed,
                    department: String::new(),
                    owner: String::new(),
                    close: Some(CaseClose::Invalid),
                    note: None,
                }));
            }
            let id = some_item(book, *item, |i| i.open() > book.disputed(i.id))?;
            let free = book.item(id)?.open() - book.disputed(id);
            plain(Command::Case(CaseCommand::Open(vec![NewCase {
                lines: vec![(key(book, id), i64::from(*amount).min(free))],
                reason: "PRI".into(),
                ..NewCase::default()
            }])))
        }
        Act::Dispute { item, amount } => {
            let id = some_item(book, *item, |i| i.recorded_amount() > 0)?;
            plain(Command::SetField {
                items: vec![key(book, id)],
                field: CollectorField::Disputed,
                value: amount.to_string(),
            })
        }
        Act::Undo { back } => plain(Command::Undo {
            commit: Seq(book.head().0.checked_sub(u32::from(*back))?),
        }),
        Act::Call {
            customer,
            outcome,
            days,
            hour,
        } => {
            let due = desk.today.plus(i32::from(*days));
            let hour = hour.map(|h| i64::from(due.0) * DAY_MS + i64::from(h) * 3_600_000);
            let follow_up = (*days >= 0).then(|| NewFollowUp {
                due,
                at: hour,
                zone: None,
                what: None,
                retry: hour.is_none(),
            });
            plain(Command::LogContact(LogContact {
                customer: erp(CUSTOMERS[usize::from(*customer)]),
                contact: None,
                channel: if *outcome == 0 {
                    Channel::Note
                } else {
                    Channel::Call
                },
                outcome: [
                    Outcome::Informed,
                    Outcome::NoAnswer,
                    Outcome::Informed,
                    Outcome::DoNotCall,
                ][usize::from(*outcome)],
                at: i64::from(desk.today.0) * DAY_MS,
                local_offset: None,
                seconds: 60,
                note: None,
                items: Vec::new(),
                promise: None,
                follow_up,
                closes: Vec::new(),
            }))
        }
        Act::Close => plain(Command::CloseFollowUps {
            follow_ups: vec![book.follow_ups().last()?.key],
        }),
        Act::Credits { mode, by_invoice } => {
            let modes = [
                CreditMode::Separate,
                CreditMode::Aged,
                CreditMode::NetOldest,
            ];
            plain(Command::SetPolicy(if *by_invoice {
                PolicyChange::Basis(Basis::InvoiceDate)
            } else {
                PolicyChange::Credits(modes[usize::from(*mode)])
            }))
        }
        Act::Steer { customer, how } => {
            let customer = erp(CUSTOMERS[usize::from(*customer) % CUSTOMERS.len()]);
            plain(steered(customer, desk.today, *how))
        }
        Act::Tomorrow { .. } | Act::Later { .. } => None,
    }
}

fn check(desk: &Desk, balances: &Balances) {
    let book = &desk.book;
    let full = Balances::full(book, balances.as_of()).unwrap();
    assert_eq!(*balances, full);
    check_kpis(book, desk.today);
    let known = [None, Some(Seq(book.head().0 / 2 + 1))];
    for credits in [
        CreditMode::Separate,
        CreditMode::Aged,
        CreditMode::NetOldest,
    ] {
        for (basis, buckets) in [
            (Basis::DueDate, Buckets::default()),
            (Basis::InvoiceDate, Buckets::by_invoice_date()),
        ] {
            for (known, back) in known.into_iter().zip([0, 12]) {
                let view = View {
                    as_of: desk.today.plus(-back),
                    known,
                };
                let query = AgingQuery {
                    basis,
                    buckets: buckets.clone(),
                    credits,
                    figure: if back == 0 {
                        Figure::Working
                    } else {
                        Figure::AtSource
                    },
                    ..AgingQuery::new(book, view)
                };
                let fast = aging(book, &query).unwrap();
                assert_eq!(cells_of(&fast), naive_aging(book, &query), "{query:?}");
                let tied = tie_out(book, &query, &fast);
                for line in tied.lines {
                    let ours = !matches!(line.against, tie_out::Against::LastExtract { .. });
                    assert!(!ours || line.holds(), "{line:?} {query:?}");
                }
            }
        }
    }
}

proptest! {
    #[test]
    fn ag_20_balances_aging_and_tie_out_agree_after_every_command(
        acts in prop::collection::vec(act(), 1..40)
    ) {
        let mut desk = Desk::new(false, "2026-03-01");
        let mut balances = Balances::full(&desk.book, desk.today).unwrap();
        let mut now = i64::from(desk.today.0) * DAY_MS;
        let mut live = Live::full(&desk.book, desk.today, now).unwrap();
        let list = |desk: &Desk, n| Listed::full(&desk.book, some_items(n, desk.today));
        let mut lists: Vec<Listed> = (0..LISTS).map(|n| list(&desk, n)).collect();
        for (n, act) in acts.iter().enumerate() {
            if let Act::Tomorrow { days } = act {
                desk.today = desk.today.plus(i32::from(*days));
                balances = Balances::full(&desk.book, desk.today).unwrap();
                now = now.max(i64::from(desk.today.0) * DAY_MS);
                live = Live::full(&desk.book, desk.today, now).unwrap();
                lists = (0..LISTS).map(|n| list(&desk, n)).collect();
            }
            if let Act::Later { minutes } = act {
                now += i64::from(*minutes) * 60_000;
                live.tick(&desk.book, now);
                check_live(&desk, &live, now);
            }
            let Some((command, incoming)) = command(&desk, n, act) else { continue };
            if let Ok(delta) = desk.try_run(command, incoming) {
                balances.update(&desk.book, &delta).unwrap();
                check(&desk, &balances);
                for (listed, n) in lists.iter_mut().zip(0..) {
                    let kept = Live::follows(&delta) && listed.update(&desk.book, &delta.customers);
                    let full = Listed::full(&desk.book, some_items(n, desk.today));
                    if kept {
                        prop_assert_eq!(&*listed, &full);
                    } else {
                        *listed = full;
                    }
                    check_items(&desk.book, listed);
                }
                if Live::follows(&delta) {
                    let asked = some_question(n);
                    let mut list = live.roster().ordered(&desk.book, &asked);
                    live.update(&desk.book, &delta.customers, now).unwrap();
                    live.roster().reorder(&desk.book, &asked, &mut list, &delta.customers);
                    prop_assert_eq!(list, live.roster().ordered(&desk.book, &asked));
                } else {
                    live = Live::full(&desk.book, desk.today, now).unwrap();
                }
                check_live(&desk, &live, now);
            }
        }
        let query = AgingQuery::new(&desk.book, View::on(desk.today));
        let by_customer = aging(&desk.book, &query).unwrap();
        for group_by in [GroupBy::Parent, GroupBy::Collector, GroupBy::Currency, GroupBy::Entity, GroupBy::Country] {
            let grouped = aging(&desk.book, &AgingQuery { group_by, ..query.clone() }).unwrap();
            prop_assert_eq!(&grouped.totals, &by_customer.totals);
        }
        for (at, row) in by_customer.rows.iter().enumerate() {
            for (bucket, amount) in by_customer.buckets(at).iter().enumerate() {
                let items = cell_items(&desk.book, &query, &row.group, row.currency, Column::Bucket(bucket));
                prop_assert_eq!(items.iter().map(|i| i.amount).sum::<i64>(), *amount);
            }
        }
    }
}

#[test]
fn section_2_6_a_control_account_that_differs_is_unreconciled() {
    let mut desk = Desk::new(false, "2026-03-02");
    let rows = [Row::new("A", "1", "2026-01-01", "2026-02-01", 10_000)];
    desk.import("2026-03-01", Scope::Everything, &rows).unwrap();
    let tied = |desk: &Desk, as_of: &str| {
        let query = AgingQuery::new(&desk.book, View::on(day(as_of)));
        let aging = aging(&desk.book, &query).unwrap();
        tie_out(&desk.book, &query, &aging)
    };
    assert!(tied(&desk, "2026-03-01").reconciled);
    // Before take-on nothing fails, and it is not called reconciled.
    let before = tied(&desk, "2026-02-15");
    assert!(!before.reconciled && before.lines.iter().all(|l| l.holds()));
    assert_eq!(before.before_take_on[0].take_on, day("2026-03-01"));
    for (minor, reconciled) in [(9_900, false), (10_000, true)] {
        desk.run(Command::SetControlBalance {
            currency: Currency::EUR,
            as_of: day("2026-03-01"),
            minor,
            source: "Trial balance".into(),
        });
        let tied = tied(&desk, "2026-03-01");
        assert_eq!(tied.reconciled, reconciled);
        assert_eq!(
            tied.lines.last().unwrap().difference(),
            i128::from(10_000 - minor)
        );
    }
    let query = AgingQuery {
        filter: Filter {
            currencies: vec![Currency::USD],
            ..Filter::default()
        },
        ..AgingQuery::new(&desk.book, View::on(day("2026-03-01")))
    };
    let none = aging(&desk.book, &query).unwrap();
    assert!(none.rows.is_empty());
}
