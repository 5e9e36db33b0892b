//! Plans, settlements and placement judged from money (PL-01..PL-04, ST-04), in a story: a plan agreed,
//! an instalment bounced, defaulted, settled, lapsed, placed, recovered with commission.
#![allow(clippy::unwrap_used, clippy::inconsistent_digit_grouping)] // minor units: 70_00 is 70.00
mod support;

use duebook_insight::aging::{AgingQuery, aging};
use duebook_insight::balances::balances_of;
use duebook_insight::plans::*;
use duebook_insight::{Balance, PromiseState};
use duebook_ledger::command::Command;
use duebook_ledger::facts::Scope;
use duebook_ledger::keys::FactKey;
use duebook_ledger::plans::*;
use duebook_ledger::policy::PolicyChange;
use duebook_ledger::{OpenScan, Seq, View};
use duebook_money::Currency;
use duebook_policy::AuthorityPolicy;
use support::*;

/// C owes I1 1,000.00 due 9 February and I2 500.00 due 9 March; on 1 April a plan of three parts:
/// 500.00 on 10 April, 500.00 on 11 May, 500.00 on 10 June 2026. The book posts itself.
fn planned(triggers: u8) -> (Desk, Seq) {
    let mut desk = Desk::new(true, "2026-04-01");
    desk.customer("C");
    let invoice = duebook_ledger::columns::ItemKind::Invoice;
    desk.issue(
        "C",
        invoice,
        "I1",
        "2026-01-10",
        &[("2026-02-09", 1_000_00)],
    );
    desk.issue("C", invoice, "I2", "2026-02-07", &[("2026-03-09", 500_00)]);
    let people = vec![("Mona".into(), "CFO".into())];
    desk.run(Command::SetPolicy(PolicyChange::Authority(
        AuthorityPolicy {
            people,
            ..AuthorityPolicy::default()
        },
    )));
    let seq = head(
        &mut desk,
        Command::Plan(PlanCommand::Agree(NewPlan {
            customer: own("C"),
            contact: None,
            currency: Currency::EUR,
            items: vec![(item("I1", ""), 1_000_00), (item("I2", ""), 500_00)],
            instalments: vec![
                (day("2026-04-10"), 500_00),
                (day("2026-05-11"), 500_00),
                (day("2026-06-10"), 500_00),
            ],
            interest: PlanInterest::Waived,
            charges: Vec::new(),
            triggers,
            reason: "short of cash".into(),
            approved: None,
            acknowledgement: None,
        })),
    );
    (desk, seq)
}

fn on(desk: &Desk, date: &str) -> JudgedPlan {
    judge_plans(&desk.book, View::on(day(date))).remove(0)
}

fn pay(desk: &mut Desk, number: &str, date: &str, of: &str, amount: i64) {
    desk.at(date);
    desk.receipt(own("C"), number, date, amount, &[(item(of, ""), amount)]);
}

fn balance(desk: &Desk, date: &str) -> Balance {
    let scan = OpenScan::new(&desk.book, View::on(day(date)));
    let customer = desk.book.find_customer(&own("C")).unwrap();
    balances_of(&desk.book, &scan, customer).unwrap().remove(0)
}

fn head(desk: &mut Desk, command: Command) -> Seq {
    desk.run(command);
    desk.book.head()
}

fn fact(desk: &Desk, seq: Seq, kind: u32) -> FactKey {
    FactKey {
        command: desk.book.commit(seq).unwrap().command,
        ordinal: kind << 24,
    }
}

#[test]
fn pl_01_covered_items_are_frozen_while_the_plan_is_kept() {
    let (mut desk, _) = planned(trigger::USUAL);
    let b = balance(&desk, "2026-04-10");
    assert_eq!(
        (b.past_due, b.planned, b.collectible),
        (1_500_00, 1_500_00, 0)
    );
    // PL-03: aging is as it was; both totals say the same.
    assert_eq!(b.oldest_days, Some(60));
    let query = AgingQuery::new(&desk.book, View::on(day("2026-04-10")));
    let aged = aging(&desk.book, &query).unwrap();
    assert_eq!(
        (aged.rows[0].planned, aged.rows[0].collectible),
        (1_500_00, 0)
    );
    pay(&mut desk, "P1", "2026-04-10", "I1", 500_00);
    let plan = on(&desk, "2026-04-11");
    assert_eq!(
        (plan.state, plan.paid, plan.complete()),
        (PlanState::Current, 500_00, 1)
    );
    assert_eq!(plan.next, Some((day("2026-05-11"), 500_00)));
    assert_eq!(balance(&desk, "2026-04-11").planned, 1_000_00);
}

#[test]
fn pl_02_missed_after_five_business_days() {
    let (desk, _) = planned(trigger::USUAL);
    // 10 April 2026 is a Friday: five business days end on Friday the 17th.
    let state = |d| (on(&desk, d).state, on(&desk, d).instalments[0].state);
    assert_eq!(
        state("2026-04-10"),
        (PlanState::Current, PromiseState::DueToday)
    );
    assert_eq!(
        state("2026-04-17"),
        (PlanState::Late, PromiseState::InGrace)
    );
    assert_eq!(
        state("2026-04-18"),
        (PlanState::Defaulted, PromiseState::Broken)
    );
    let plan = on(&desk, "2026-05-01");
    let default = plan.default.unwrap();
    assert_eq!(
        (default.on, default.trigger, default.instalment),
        (day("2026-04-18"), trigger::MISSED, Some(0))
    );
    // The rest is collectible again, at the original due dates.
    let b = balance(&desk, "2026-04-18");
    assert_eq!(
        (b.planned, b.collectible, b.oldest_days),
        (0, 1_500_00, Some(68))
    );
}

#[test]
fn pl_02_two_late_in_a_row_within_their_grace() {
    let (mut desk, _) = planned(trigger::USUAL);
    pay(&mut desk, "P1", "2026-04-14", "I1", 500_00);
    assert_eq!(on(&desk, "2026-04-20").state, PlanState::Current);
    let default = on(&desk, "2026-05-12").default.unwrap();
    assert_eq!(
        (default.trigger, default.on, default.instalment),
        (trigger::TWO_LATE, day("2026-05-12"), Some(1))
    );
    let (mut lenient, _) = planned(trigger::MISSED);
    pay(&mut lenient, "P1", "2026-04-14", "I1", 500_00);
    assert_eq!(on(&lenient, "2026-05-12").state, PlanState::Late);
}

#[test]
fn pl_02_bounced_money_and_the_verdict_as_known_then() {
    let (mut desk, _) = planned(trigger::USUAL | trigger::BOUNCED);
    pay(&mut desk, "P1", "2026-04-10", "I1", 500_00);
    let then = desk.book.head();
    desk.at("2026-04-15");
    desk.run(Command::ReturnReceipt {
        receipt: credit("P1"),
        effective: day("2026-04-15"),
    });
    let plan = on(&desk, "2026-04-15");
    assert_eq!((plan.state, plan.paid), (PlanState::Defaulted, 0));
    assert_eq!(
        plan.default.map(|d| (d.on, d.trigger)),
        Some((day("2026-04-15"), trigger::BOUNCED))
    );
    let known = judge_plans(
        &desk.book,
        View {
            as_of: day("2026-04-15"),
            known: Some(then),
        },
    );
    assert_eq!(
        (known[0].state, known[0].paid),
        (PlanState::Current, 500_00)
    );
    assert_eq!(on(&desk, "2026-04-14").paid, 500_00);
}

/// What happens to a plan in the table below.
enum Happens {
    /// Nothing comes.
    Nothing,
    /// Somebody says that C is insolvent.
    Insolvent(&'static str),
    /// A new invoice of 50.00, due.
    Billed(&'static str),
    /// Money for the first instalment, on a day.
    Pays(&'static str),
    /// It is returned.
    Bounces(&'static str),
}

/// The trigger a default is by, and its instalment.
type By = (u8, Option<usize>);
/// Name, triggers agreed, what happens, the last day without a default, the default of the next.
type Case = (
    &'static str,
    u8,
    &'static [Happens],
    &'static str,
    Option<By>,
);

fn happen(desk: &mut Desk, what: &Happens) {
    use duebook_ledger::command::LogContact;
    use duebook_ledger::facts::{Channel, Outcome};
    match what {
        Happens::Nothing => {}
        Happens::Insolvent(date) => {
            desk.at(date);
            desk.run(Command::LogContact(LogContact {
                customer: own("C"),
                contact: None,
                channel: Channel::Call,
                outcome: Outcome::Insolvency,
                at: i64::from(day(date).0) * 86_400_000 + 36_000_000,
                local_offset: None,
                seconds: 60,
                note: None,
                items: Vec::new(),
                promise: None,
                follow_up: None,
                closes: Vec::new(),
            }));
        }
        Happens::Billed(due) => {
            desk.at("2026-04-02");
            let invoice = duebook_ledger::columns::ItemKind::Invoice;
            desk.issue("C", invoice, "N1", "2026-04-02", &[(due, 50_00)]);
        }
        Happens::Pays(date) => pay(desk, "P1", date, "I1", 500_00),
        Happens::Bounces(date) => {
            desk.at(date);
            desk.run(Command::ReturnReceipt {
                receipt: credit("P1"),
                effective: day(date),
            });
        }
    }
}

#[test]
fn pl_02_every_trigger_on_a_book() {
    use Happens::*;
    const ALL: u8 = 0b1_1111;
    // Agreed, what happens, the last day without a default, the default of the day after.
    #[rustfmt::skip] // a table: a case a line
    let table: [Case; 12] = [
        // The default triggers: missed beyond five business days, two late in a row.
        ("missed", trigger::USUAL, &[Nothing], "2026-04-17", Some((trigger::MISSED, Some(0)))),
        ("two late", trigger::USUAL, &[Pays("2026-04-14")], "2026-05-11", Some((trigger::TWO_LATE, Some(1)))),
        ("one late", trigger::TWO_LATE, &[Pays("2026-04-14")], "2026-05-11", Some((trigger::TWO_LATE, Some(1)))),
        // They do not hear of the others.
        ("insolvent, not agreed", trigger::USUAL, &[Pays("2026-04-10"), Insolvent("2026-04-20")], "2026-05-10", None),
        ("billed, not agreed", trigger::USUAL, &[Billed("2026-04-10"), Pays("2026-04-10")], "2026-05-10", None),
        ("bounced, not agreed", trigger::USUAL, &[Pays("2026-04-10"), Bounces("2026-04-15"), Nothing], "2026-04-17", Some((trigger::MISSED, Some(0)))),
        // Each of the others, where it was agreed.
        ("insolvent", trigger::INSOLVENCY, &[Pays("2026-04-10"), Insolvent("2026-04-20")], "2026-04-19", Some((trigger::INSOLVENCY, None))),
        ("insolvent before it falls due", trigger::USUAL | trigger::INSOLVENCY, &[Insolvent("2026-04-03")], "2026-04-02", Some((trigger::INSOLVENCY, None))),
        // 10 April and the plan's own grace of seven days.
        ("billed", trigger::NEW_OVERDUE, &[Billed("2026-04-10")], "2026-04-17", Some((trigger::NEW_OVERDUE, None))),
        ("bounced", trigger::BOUNCED, &[Pays("2026-04-10"), Bounces("2026-04-15")], "2026-04-14", Some((trigger::BOUNCED, None))),
        // The first that holds is the reason.
        ("all, bounced first", ALL, &[Billed("2026-04-10"), Pays("2026-04-10"), Bounces("2026-04-13"), Insolvent("2026-04-14")], "2026-04-12", Some((trigger::BOUNCED, None))),
        ("all, insolvent first", ALL, &[Insolvent("2026-04-09"), Billed("2026-04-10")], "2026-04-08", Some((trigger::INSOLVENCY, None))),
    ];
    for (name, triggers, happens, before, expected) in table {
        let (mut desk, _) = planned(triggers);
        happens.iter().for_each(|what| happen(&mut desk, what));
        let eve = on(&desk, before);
        assert_eq!(eve.default, None, "{name}, on {before}");
        let next = day(before).plus(1);
        let plan = on(&desk, &next.to_string());
        let found = plan.default.map(|d| (d.trigger, d.instalment));
        assert_eq!(found, expected, "{name}");
        let Some(default) = plan.default else {
            assert!(plan.state.holds(), "{name}");
            continue;
        };
        assert_eq!(
            (plan.state, default.on),
            (PlanState::Defaulted, next),
            "{name}"
        );
        // The full balance is accelerated, at the original due dates.
        let b = balance(&desk, &next.to_string());
        assert_eq!((b.planned, b.collectible), (0, b.past_due), "{name}");
        assert_eq!(b.oldest_days, Some(next.since(day("2026-02-09"))), "{name}");
    }
}

#[test]
fn pl_02_insolvency_said_by_mistake_is_taken_back() {
    let (mut desk, _) = planned(trigger::USUAL | trigger::INSOLVENCY);
    let then = desk.book.head();
    happen(&mut desk, &Happens::Insolvent("2026-04-03"));
    let said = desk.book.head();
    assert_eq!(on(&desk, "2026-04-03").state, PlanState::Defaulted);
    let known = View {
        as_of: day("2026-04-03"),
        known: Some(then),
    };
    assert_eq!(judge_plans(&desk.book, known)[0].state, PlanState::Current);
    desk.run(Command::Undo { commit: said });
    assert_eq!(on(&desk, "2026-04-03").state, PlanState::Current);
}

#[test]
fn pt_09_no_default_without_news() {
    let mut desk = Desk::new(false, "2026-04-01");
    let rows = vec![Row::new("C", "I1", "2026-01-10", "2026-02-09", 900_00)];
    desk.import("2026-04-01", Scope::Everything, &rows).unwrap();
    desk.run(Command::Plan(PlanCommand::Agree(NewPlan {
        customer: erp("C"),
        contact: None,
        currency: Currency::EUR,
        items: vec![(erp_item("I1"), 900_00)],
        instalments: vec![(day("2026-04-10"), 400_00), (day("2026-05-11"), 500_00)],
        interest: PlanInterest::Waived,
        charges: Vec::new(),
        triggers: trigger::USUAL,
        reason: "short of cash".into(),
        approved: None,
        acknowledgement: None,
    })));
    assert_eq!(on(&desk, "2026-04-20").state, PlanState::AwaitingNews);
    desk.at("2026-04-20");
    desk.import(
        "2026-04-20",
        Scope::Everything,
        &[rows[0].clone().open(500_00)],
    )
    .unwrap();
    let plan = on(&desk, "2026-04-20");
    // Settled at source between two extracts: kept, presumed.
    assert_eq!(
        (plan.state, plan.paid, plan.presumed),
        (PlanState::Current, 400_00, 400_00)
    );
}

#[test]
fn st_04_an_offer_lapses_to_the_full_debt_by_itself() {
    let (mut desk, _) = planned(trigger::USUAL);
    desk.at("2026-04-20");
    desk.run(offer("2026-04-30"));
    let state = |desk: &Desk, d| judge_offers(&desk.book, View::on(day(d)))[0].state;
    assert_eq!(state(&desk, "2026-04-30"), OfferState::Open);
    assert_eq!(state(&desk, "2026-05-01"), OfferState::Lapsed);
    assert_eq!(balance(&desk, "2026-05-01").collectible, 1_500_00);
    pay(&mut desk, "P1", "2026-04-30", "I1", 1_000_00);
    pay(&mut desk, "P2", "2026-04-30", "I2", 200_00);
    assert_eq!(state(&desk, "2026-05-01"), OfferState::Paid);
    assert_eq!(judge_offers(&desk.book, View::on(day("2026-04-19"))), []);
}

fn offer(by: &str) -> Command {
    Command::Plan(PlanCommand::Offer(NewOffer {
        customer: own("C"),
        currency: Currency::EUR,
        items: vec![(item("I1", ""), 1_000_00), (item("I2", ""), 500_00)],
        pay: 1_200_00,
        by: day(by),
        wording: None,
        reason: "old debt".into(),
        approved: Some(Approved {
            by: "Mona".into(),
            reference: "mail".into(),
        }),
    }))
}

#[test]
fn placed_items_leave_the_chase_and_recoveries_cost_commission() {
    let (mut desk, agreed) = planned(trigger::USUAL);
    desk.at("2026-05-04");
    desk.run(Command::Plan(PlanCommand::EndPlan {
        plan: fact(&desk, agreed, 25),
        how: PlanEnd::Defaulted,
        reason: "nothing came".into(),
    }));
    assert_eq!(on(&desk, "2026-05-04").state, PlanState::Defaulted);
    let placed = head(
        &mut desk,
        Command::Plan(PlanCommand::Place(NewPlacement {
            customer: own("C"),
            with: PlacedWith::Agency,
            name: "Inkasso Nord".into(),
            items: vec![item("I1", ""), item("I2", "")],
            commission_ppm: 150_000,
            reference: "IN-77".into(),
            reason: "plan broken".into(),
            approved: None,
            stage: Stage::Recommended,
        })),
    );
    assert_eq!(balance(&desk, "2026-05-04").collectible, 1_500_00);
    desk.run(Command::Plan(PlanCommand::MovePlacement {
        placement: fact(&desk, placed, 27),
        stage: Stage::Collecting,
        day: day("2026-05-04"),
        note: String::new(),
    }));
    let b = balance(&desk, "2026-05-04");
    assert_eq!((b.placed, b.planned, b.collectible), (1_500_00, 0, 0));
    pay(&mut desk, "P1", "2026-05-20", "I1", 333_33);
    let of = |desk: &Desk, d| placements(&desk.book, View::on(day(d))).remove(0);
    let p = of(&desk, "2026-05-20");
    assert_eq!(
        (p.placed, p.recovered, p.commission, p.open),
        (1_500_00, 333_33, 50_00, 1_166_67)
    );
    desk.at("2026-06-01");
    desk.run(Command::Plan(PlanCommand::EndPlacement {
        placement: fact(&desk, placed, 27),
        how: PlacementEnd::Recalled,
        reason: "pays us".into(),
    }));
    pay(&mut desk, "P2", "2026-06-02", "I2", 100_00);
    assert_eq!(of(&desk, "2026-06-02").recovered, 333_33);
    assert_eq!(balance(&desk, "2026-06-02").collectible, 1_066_67);
    // As of before the recall it was placed.
    assert_eq!(balance(&desk, "2026-05-31").placed, 1_166_67);
}

#[test]
fn limitation_runs_anew_from_payment_and_acknowledgement() {
    let (mut desk, _) = planned(trigger::USUAL);
    let limit = |desk: &Desk, d| {
        let scan = OpenScan::new(&desk.book, View::on(day(d)));
        let customer = desk.book.find_customer(&own("C")).unwrap();
        limitation_of(&desk.book, &scan, customer)[0]
    };
    // No country: three years, to be checked.
    assert_eq!(limit(&desk, "2026-04-01").on, day("2029-02-09"));
    pay(&mut desk, "P1", "2026-04-10", "I1", 1_00);
    assert_eq!(limit(&desk, "2026-04-11").on, day("2029-03-09"));
    desk.run(Command::Plan(PlanCommand::Acknowledge {
        items: vec![item("I2", "")],
        on: day("2026-04-10"),
        evidence: "mail of 10 April".into(),
    }));
    assert_eq!(limit(&desk, "2026-04-11").on, day("2029-04-10"));
}
