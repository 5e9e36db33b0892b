//! One debt from a plan to an agency: agreed, an instalment bounced, defaulted, settled, lapsed, placed, recovered
//! with commission; timeline, aging, forecast and key figures at every step, and as of every date from the end.
#![allow(clippy::unwrap_used, clippy::inconsistent_digit_grouping)] // minor units: 70_00 is 70.00
mod support;

use duebook_insight::Balance;
use duebook_insight::aging::{AgingQuery, AgingRow, aging};
use duebook_insight::balances::balances_of;
use duebook_insight::kpi::*;
use duebook_insight::plans::*;
use duebook_insight::risk::{History, forecast};
use duebook_insight::timeline::{What, timeline};
use duebook_ledger::columns::ItemKind;
use duebook_ledger::command::Command;
use duebook_ledger::keys::FactKey;
use duebook_ledger::plans::*;
use duebook_ledger::policy::PolicyChange;
use duebook_ledger::{OpenScan, Seq, View};
use duebook_money::Currency;
use duebook_policy::AuthorityPolicy;
use support::*;

/// What is to be seen on a day, minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Seen {
    open: i64,
    planned: i64,
    placed: i64,
    collectible: i64,
}

fn seen(desk: &Desk, view: View) -> Seen {
    let book = &desk.book;
    let scan = OpenScan::new(book, view);
    let customer = book.find_customer(&own("C")).unwrap();
    let balances = balances_of(book, &scan, customer).unwrap();
    let of = |f: &dyn Fn(&Balance) -> i64| balances.first().map_or(0, f);
    let seen = Seen {
        open: of(&|b| b.past_due),
        planned: of(&|b| b.planned),
        placed: of(&|b| b.placed),
        collectible: of(&|b| b.collectible),
    };
    let parts = seen.planned + seen.placed + seen.collectible;
    assert_eq!(seen.open, parts, "{view:?}");
    // Aging, balance and forecast say the same.
    let aged = aging(book, &AgingQuery::new(book, view)).unwrap();
    let of = |f: &dyn Fn(&AgingRow) -> i64| aged.rows.first().map_or(0, f);
    let row = Seen {
        open: of(&|r| r.total),
        planned: of(&|r| r.planned),
        placed: of(&|r| r.placed),
        collectible: of(&|r| r.collectible),
    };
    assert_eq!(row, seen, "{view:?}");
    let history = History::of(book, view);
    for f in forecast(book, view, &history) {
        let weeks = f.weeks.iter();
        let weeks: i64 = weeks.map(|w| w.committed + w.statistical + w.upside).sum();
        assert_eq!(f.open, weeks + f.disputed + f.placed, "{view:?}");
        assert_eq!((f.open, f.placed), (seen.open, seen.placed), "{view:?}");
        let committed: i64 = f.weeks.iter().map(|w| w.committed + w.upside).sum();
        assert_eq!(
            committed, seen.planned,
            "a running plan is what is committed, {view:?}"
        );
    }
    seen
}

/// The collection rate of April to June on what was past due on 31 March, per mille.
fn rate(desk: &Desk, to: &str) -> Option<i128> {
    let ask = Ask {
        period: Period {
            from: day("2026-04-01"),
            to: day(to),
        },
        known: None,
        scope: Whose::default(),
        by: By::Nothing,
    };
    let gathered = Gathered::new(&desk.book, ask);
    let all = gathered.kpis(0, In::Own(Currency::EUR));
    let kpi = all
        .into_iter()
        .find(|k| k.definition.id == "KP-20")
        .unwrap();
    kpi.value.ratio()?.rounded(1000)
}

fn head(desk: &mut Desk, command: Command) -> FactKey {
    desk.run(command);
    let command = desk.book.commit(desk.book.head()).unwrap().command;
    FactKey {
        command,
        ordinal: 0,
    }
}

fn key(of: FactKey, kind: u32) -> FactKey {
    FactKey {
        ordinal: kind << 24,
        ..of
    }
}

fn pay(desk: &mut Desk, number: &str, date: &str, to: &[(&str, i64)]) {
    desk.at(date);
    let to: Vec<_> = to.iter().map(|(n, a)| (item(n, ""), *a)).collect();
    let sum = to.iter().map(|(_, a)| a).sum();
    desk.receipt(own("C"), number, date, sum, &to);
}

fn mona() -> Option<Approved> {
    Some(Approved {
        by: "Mona".into(),
        reference: "mail".into(),
    })
}

#[test]
fn pl_02_st_04_from_a_plan_to_the_agency_right_at_every_step_and_as_of_every_date() {
    let mut desk = Desk::new(true, "2026-03-20");
    desk.customer("C");
    let due = [("I1", "2026-02-09", 1_000_00), ("I2", "2026-03-09", 500_00)];
    for (number, due, amount) in due {
        desk.issue(
            "C",
            ItemKind::Invoice,
            number,
            "2026-01-10",
            &[(due, amount)],
        );
    }
    let people = vec![("Mona".into(), "CFO".into())];
    desk.run(Command::SetPolicy(PolicyChange::Authority(
        AuthorityPolicy {
            people,
            ..AuthorityPolicy::default()
        },
    )));
    let items = || vec![(item("I1", ""), 1_000_00), (item("I2", ""), 500_00)];
    // (day, head after it, what is seen that day): asked again from the end.
    let mut steps: Vec<(&str, Seq, Seen)> = Vec::new();
    let mut step = |desk: &Desk, on: &'static str, expected: Seen| {
        assert_eq!(seen(desk, View::on(day(on))), expected, "{on}");
        steps.push((on, desk.book.head(), expected));
    };
    let all = 1_500_00;
    let chased = Seen {
        open: all,
        collectible: all,
        ..Seen::default()
    };
    desk.at("2026-04-01");
    step(&desk, "2026-03-31", chased);

    // Agreed.
    let plan = head(
        &mut desk,
        Command::Plan(PlanCommand::Agree(NewPlan {
            customer: own("C"),
            contact: None,
            currency: Currency::EUR,
            items: items(),
            instalments: ["2026-04-10", "2026-05-11", "2026-06-10"]
                .map(|d| (day(d), 500_00))
                .to_vec(),
            interest: PlanInterest::Waived,
            charges: Vec::new(),
            triggers: trigger::USUAL | trigger::BOUNCED,
            reason: "short of cash".into(),
            approved: None,
            acknowledgement: None,
        })),
    );
    let held = Seen {
        open: all,
        planned: all,
        ..Seen::default()
    };
    step(&desk, "2026-04-01", held);

    // The first instalment comes, and is returned by the bank five days later.
    pay(&mut desk, "P1", "2026-04-10", &[("I1", 500_00)]);
    let less = Seen {
        open: 1_000_00,
        planned: 1_000_00,
        ..Seen::default()
    };
    step(&desk, "2026-04-10", less);
    assert_eq!(rate(&desk, "2026-04-10"), Some(333), "500 of 1,500");
    desk.at("2026-04-15");
    desk.run(Command::ReturnReceipt {
        receipt: credit("P1"),
        effective: day("2026-04-15"),
    });
    step(&desk, "2026-04-15", chased);
    assert_eq!(rate(&desk, "2026-04-15"), Some(0), "returned money is none");

    // Defaulted.
    desk.at("2026-04-16");
    desk.run(Command::Plan(PlanCommand::EndPlan {
        plan: key(plan, 25),
        how: PlanEnd::Defaulted,
        reason: "bounced".into(),
    }));
    step(&desk, "2026-04-16", chased);

    // Settled for 1,200 by the end of the month, which passes.
    desk.at("2026-04-20");
    let offer = head(
        &mut desk,
        Command::Plan(PlanCommand::Offer(NewOffer {
            customer: own("C"),
            currency: Currency::EUR,
            items: items(),
            pay: 1_200_00,
            by: day("2026-04-30"),
            wording: None,
            reason: "old debt".into(),
            approved: mona(),
        })),
    );
    step(&desk, "2026-04-20", chased);
    desk.at("2026-05-01");
    let early = desk.try_run(
        Command::Plan(PlanCommand::WriteOffRest {
            offer: key(offer, 26),
            effective: day("2026-05-01"),
        }),
        Default::default(),
    );
    assert!(early.is_err(), "ST-04: only when the cash is in");
    step(&desk, "2026-05-01", chased);

    // Placed, recovered in two payments, ended as paid.
    desk.at("2026-05-04");
    let placed = head(
        &mut desk,
        Command::Plan(PlanCommand::Place(NewPlacement {
            customer: own("C"),
            with: PlacedWith::Agency,
            name: "Inkasso Nord".into(),
            items: vec![item("I1", ""), item("I2", "")],
            commission_ppm: 150_000,
            reference: "IN-77".into(),
            reason: "plan broken, offer lapsed".into(),
            approved: None,
            stage: Stage::Collecting,
        })),
    );
    let away = |open| Seen {
        open,
        placed: open,
        ..Seen::default()
    };
    step(&desk, "2026-05-04", away(all));
    pay(&mut desk, "P2", "2026-05-20", &[("I1", 333_33)]);
    // Told today of a step of last week: it stands on its own day.
    desk.run(Command::Plan(PlanCommand::MovePlacement {
        placement: key(placed, 27),
        stage: Stage::Proceedings,
        day: day("2026-05-12"),
        note: String::new(),
    }));
    step(&desk, "2026-05-20", away(1_166_67));
    let recovered = |d: &str| {
        let p = placements(&desk.book, View::on(day(d))).remove(0);
        (p.recovered, p.commission, p.open)
    };
    assert_eq!(recovered("2026-05-20"), (333_33, 50_00, 1_166_67));
    pay(
        &mut desk,
        "P3",
        "2026-06-01",
        &[("I1", 666_67), ("I2", 500_00)],
    );
    desk.run(Command::Plan(PlanCommand::EndPlacement {
        placement: key(placed, 27),
        how: PlacementEnd::Paid,
        reason: "all in".into(),
    }));
    step(&desk, "2026-06-01", Seen::default());
    assert_eq!(rate(&desk, "2026-06-01"), Some(1000));
    let quarter = Ask {
        period: Period {
            from: day("2026-04-01"),
            to: day("2026-06-30"),
        },
        known: None,
        scope: Whose::default(),
        by: By::Nothing,
    };
    let quarter = Gathered::new(&desk.book, quarter);
    let base = quarter.base(0, In::Own(Currency::EUR)).unwrap();
    assert_eq!(
        base.of(Sum::Received),
        i128::from(all),
        "what bounced did not come"
    );
    let p = placements(&desk.book, View::on(day("2026-06-01"))).remove(0);
    assert_eq!((p.recovered, p.commission, p.open), (all, 225_00, 0));

    // From the end, as of each day and as known then: what was seen that day.
    for (on, then, expected) in &steps {
        assert_eq!(seen(&desk, View::on(day(on))), *expected, "as of {on}");
        let known = View {
            as_of: day(on),
            known: Some(*then),
        };
        assert_eq!(seen(&desk, known), *expected, "as of {on} as known then");
    }
    // And every day between agrees with itself; nothing but money moves the total.
    let mut before = all;
    for n in 0..80 {
        let on = day("2026-04-01").plus(n);
        let now = seen(&desk, View::on(on)).open;
        let moved = match on {
            d if d == day("2026-04-10") => -500_00,
            d if d == day("2026-04-15") => 500_00,
            d if d == day("2026-05-20") => -333_33,
            d if d == day("2026-06-01") => -1_166_67,
            _ => 0,
        };
        assert_eq!(now - before, moved, "{on}");
        before = now;
    }
    told(&desk);
    assert_eq!(desk.book.violations(), []);
}

/// The account's timeline has each step, oldest first here, on its day.
fn told(desk: &Desk) {
    let scan = OpenScan::new(&desk.book, View::on(day("2026-06-30")));
    let customer = desk.book.find_customer(&own("C")).unwrap();
    let mut all = timeline(&desk.book, &scan, customer);
    all.reverse();
    let named = all.iter().filter_map(|e| {
        let what = match &e.what {
            What::Planned(p) => format!("planned, {:?}", p.state),
            What::PlanDefaulted { default, .. } => format!("default by {}", default.trigger),
            What::PlanEnded { how, .. } => format!("plan ended {how:?}"),
            What::Offered(o) => format!("offered, {:?}", o.state),
            What::OfferLapsed { .. } => "offer lapsed".into(),
            What::Placed(p) => format!("placed, {} recovered", p.recovered),
            What::PlacementMoved { stage, .. } => format!("moved to {stage:?}"),
            What::PlacementEnded { how, .. } => format!("placement ended {how:?}"),
            What::Settled(s) => format!("settled {}", s.amount),
            What::Reversed(s) => format!("reversed {}", s.amount),
            _ => return None,
        };
        Some(format!("{} {what}", e.on))
    });
    let expected = [
        "2026-04-01 planned, Defaulted",
        "2026-04-10 settled 50000",
        "2026-04-15 default by 16",
        "2026-04-15 reversed 50000",
        // The money goes back out of the receipt.
        "2026-04-15 settled 50000",
        "2026-04-16 plan ended Defaulted",
        "2026-04-20 offered, Lapsed",
        "2026-05-01 offer lapsed",
        "2026-05-04 placed, 150000 recovered",
        "2026-05-12 moved to Proceedings",
        "2026-05-20 settled 33333",
        "2026-06-01 settled 66667",
        "2026-06-01 settled 50000",
        "2026-06-01 placement ended Paid",
    ];
    let named: Vec<String> = named.collect();
    assert_eq!(named, expected, "{named:#?}");
}
