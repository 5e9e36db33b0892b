//! Plans, settlements, charges, placement and risk: what is decided, refused, undone and stored.
//! `Story` asks for violations after every commit.
#![allow(clippy::unwrap_used, clippy::inconsistent_digit_grouping)] // minor units: 70_00 is 70.00
mod support;
use duebook_ledger::columns::ItemKind;
use duebook_ledger::command::*;
use duebook_ledger::facts::*;
use duebook_ledger::keys::*;
use duebook_ledger::plans::*;
use duebook_ledger::policy::PolicyChange;
use duebook_ledger::*;
use duebook_money::{Currency, Day};
use duebook_policy::interest::{Claim, InterestPolicy, InterestSheet};
use duebook_policy::{AuthorityPolicy, RecoveryPolicy};
use support::*;

const PLAN: u32 = 25;
const OFFER: u32 = 26;
const PLACEMENT: u32 = 27;
const RISK: u32 = 28;

/// HQ owes A 1,000.00 due 31 March and B 500.00 due 30 April; today is 1 June 2026.
fn book() -> Story {
    let mut s = following_book();
    let doc = day(2026, 3, 1);
    s.today = day(2026, 6, 1);
    s.import(
        s.today,
        &[
            row("HQ", "A", doc, day(2026, 3, 31), 1_000_00, 1_000_00),
            row("HQ", "B", doc, day(2026, 4, 30), 500_00, 500_00),
            row("C2", "X", doc, day(2026, 4, 30), 90_00, 90_00),
        ],
    );
    s
}

fn command(c: PlanCommand) -> Command {
    Command::Plan(c)
}

fn plan(items: &[(&str, i64)], instalments: &[(Day, i64)]) -> NewPlan {
    NewPlan {
        customer: erp_customer("HQ"),
        contact: None,
        currency: Currency::EUR,
        items: items.iter().map(|(n, a)| (erp_item(n), *a)).collect(),
        instalments: instalments.to_vec(),
        interest: PlanInterest::Waived,
        charges: Vec::new(),
        triggers: trigger::USUAL,
        reason: "short of cash".into(),
        approved: None,
        acknowledgement: Some(text(1, "we owe it")),
    }
}

fn sheet(of: i64, due: Day, until: Day) -> InterestSheet {
    let mut policy = InterestPolicy::default();
    policy.packs[0].margin_ppm = 100_000;
    let claim = Claim {
        principal: of,
        currency: Currency::EUR,
        due,
        until,
        payments: Vec::new(),
        relevant: None,
    };
    policy.calculate(&policy.packs[0], &claim).unwrap()
}

fn charge(item: &str, number: &str, of: i64) -> NewCharge {
    NewCharge {
        item: erp_item(item),
        number: number.into(),
        sheet: sheet(of, day(2026, 3, 31), day(2026, 6, 1)),
    }
}

fn approved(by: &str) -> Option<Approved> {
    Some(Approved {
        by: by.into(),
        reference: "mail of today".into(),
    })
}

#[test]
fn pl_01_a_plan_sums_covers_open_items_once_and_supersedes_promises() {
    let mut s = book();
    let promised = s.when(Command::TakePromise {
        customer: erp_customer("HQ"),
        promise: NewPromise {
            currency: Currency::EUR,
            lines: vec![NewPromiseLine {
                item: Some(erp_item("A")),
                amount: 100_00,
                date: day(2026, 6, 10),
            }],
            method: None,
            evidence: None,
        },
    });
    let parts = [(day(2026, 6, 1), 300_00), (day(2026, 7, 1), 700_00)];
    let agree = |p| command(PlanCommand::Agree(p));
    let refused = |s: &mut Story, p| s.refuses(agree(p));
    assert!(matches!(
        refused(&mut s, plan(&[("A", 1_000_01)], &parts)),
        Refusal::MoreThanOpen { .. }
    ));
    assert!(matches!(
        refused(&mut s, plan(&[("A", 999_00)], &parts)),
        Refusal::InstalmentsDiffer {
            total: 999_00,
            sum: 1_000_00
        }
    ));
    assert!(matches!(
        refused(&mut s, plan(&[], &parts)),
        Refusal::Empty(_)
    ));
    assert!(matches!(
        refused(&mut s, plan(&[("A", 500_00), ("A", 500_00)], &parts)),
        Refusal::AlreadyCovered(_)
    ));
    assert!(matches!(
        refused(&mut s, plan(&[("X", 90_00)], &parts)),
        Refusal::AnotherCustomer(_)
    ));
    let late = [(day(2026, 5, 31), 1_000_00)];
    assert!(matches!(
        refused(&mut s, plan(&[("A", 1_000_00)], &late)),
        Refusal::DateBefore { .. }
    ));
    let seq = s.when(agree(plan(&[("A", 1_000_00)], &parts)));
    // PL-02: five business days of grace, written into the plan.
    let fact = &s.book.plans()[0].fact;
    assert_eq!(fact.instalments[0].window_end, day(2026, 6, 8));
    assert_eq!((fact.total(), fact.agreed_on), (1_000_00, s.today));
    assert_eq!(s.book.acknowledgements().count(), 1);
    let live = |q| s.book.is_live(q);
    assert_eq!(
        s.book.promises()[0].ended.get(&live),
        Some(&PromiseEnd::Superseded)
    );
    assert!(matches!(
        refused(&mut s, plan(&[("A", 1_000_00)], &parts)),
        Refusal::AlreadyCovered(_)
    ));
    // Undone, it never was: the promise stands, and the items are free.
    let undo = s.undo(seq);
    assert_eq!(s.book.promises()[0].ended.get(&|q| s.book.is_live(q)), None);
    assert_eq!(s.book.acknowledgements().count(), 0);
    s.undo(undo);
    let key = fact_of(&s, seq, PLAN);
    let end = |how| PlanCommand::EndPlan {
        plan: key,
        how,
        reason: "missed".into(),
    };
    s.when(command(end(PlanEnd::Defaulted)));
    assert!(matches!(
        s.refuses(command(end(PlanEnd::Cancelled))),
        Refusal::AlreadyEnded(_)
    ));
    s.when(agree(plan(&[("A", 1_000_00)], &parts)));
    let _ = promised;
}

fn fact_of(s: &Story, seq: Seq, kind: u32) -> FactKey {
    fact(s, seq, kind, 0)
}

#[test]
fn pl_01_front_loaded_interest_is_a_charge_of_its_own_in_the_plan() {
    let mut s = book();
    let interest = sheet(1_000_00, day(2026, 3, 31), day(2026, 6, 1)).total();
    assert_eq!(interest, 16_99);
    let mut new = plan(
        &[("A", 1_000_00)],
        &[(day(2026, 7, 1), 1_000_00 + interest)],
    );
    new.interest = PlanInterest::FrontLoaded;
    assert!(matches!(
        s.refuses(command(PlanCommand::Agree(new.clone()))),
        Refusal::Empty(_)
    ));
    new.charges = vec![charge("A", "LI-1", 1_000_00)];
    let seq = s.when(command(PlanCommand::Agree(new)));
    let id = s.id(&own_item("LI-1"));
    let item = s.book.item(id).unwrap();
    assert_eq!(
        (item.kind(), item.open(), item.open_at_source()),
        (ItemKind::LateCharge, 16_99, 0)
    );
    assert_eq!(s.book.plans()[0].fact.covered[1], (id, 16_99));
    assert_eq!(s.book.charge(id).unwrap().of, s.id(&erp_item("A")));
    s.undo(seq);
    assert_eq!(s.book.charges().count(), 0);
}

#[test]
fn uk_05_charges_are_items_that_outlive_their_principal() {
    let mut s = book();
    let raise = |charges| {
        command(PlanCommand::RaiseCharges {
            charges,
            date: day(2026, 6, 1),
            due: day(2026, 6, 15),
        })
    };
    assert!(matches!(
        s.refuses(raise(vec![
            charge("A", "LI-1", 1_000_00),
            charge("B", "LI-1", 500_00)
        ])),
        Refusal::NumberTaken(_)
    ));
    let seq = s.when(raise(vec![
        charge("A", "LI-1", 1_000_00),
        charge("B", "LI-2", 500_00),
    ]));
    s.when(receipt_from(
        erp_customer("HQ"),
        "R1",
        day(2026, 6, 2),
        1_000_00,
        &[(erp_item("A"), 1_000_00)],
    ));
    assert_eq!(s.working(&erp_item("A"), day(2026, 6, 3)), 0);
    assert_eq!(s.working(&own_item("LI-1"), day(2026, 6, 3)), 16_99);
    // A charge does not bear charges.
    let on_charge = NewCharge {
        item: own_item("LI-1"),
        ..charge("A", "LI-3", 1_000_00)
    };
    assert!(matches!(
        s.refuses(raise(vec![on_charge])),
        Refusal::WrongSide(_)
    ));
    // ST-01: 16.99 of 1,000.00 is 1.7 %, within a collector's 2 %; twice that is not.
    let waive = |amount, by: Option<Approved>| {
        command(PlanCommand::WaiveCharge {
            charge: own_item("LI-1"),
            amount,
            effective: day(2026, 6, 3),
            reason: "goodwill".into(),
            approved: by,
        })
    };
    assert!(matches!(
        s.refuses(waive(17_00, None)),
        Refusal::MoreThanOpen { .. }
    ));
    let waived = s.when(waive(16_99, None));
    assert_eq!(s.working(&own_item("LI-1"), day(2026, 6, 3)), 0);
    assert_eq!(s.working(&own_item("LI-1"), day(2026, 6, 2)), 16_99);
    assert_eq!(s.book.granted().map(|g| g.amount).sum::<i64>(), 16_99);
    // The charges cannot go while the waiver rests on one of them.
    assert!(
        matches!(s.refuses(Command::Undo { commit: seq }), Refusal::RestsOn(r) if r == [waived])
    );
    s.undo(waived);
    assert_eq!(s.book.granted().count(), 0);
    assert!(matches!(
        s.refuses(command(PlanCommand::WaiveCharge {
            charge: erp_item("B"),
            amount: 1,
            effective: day(2026, 6, 3),
            reason: "x".into(),
            approved: None,
        })),
        Refusal::NotACharge(_)
    ));
}

fn people(s: &mut Story) {
    let policy = AuthorityPolicy {
        people: vec![
            ("Mona".into(), "CFO".into()),
            ("Lee".into(), "Team lead".into()),
        ],
        ..AuthorityPolicy::default()
    };
    s.when(Command::SetPolicy(PolicyChange::Authority(policy)));
}

fn offer(pay: i64, by: Day, approved: Option<Approved>) -> Command {
    command(PlanCommand::Offer(NewOffer {
        customer: erp_customer("HQ"),
        currency: Currency::EUR,
        items: vec![(erp_item("A"), 1_000_00), (erp_item("B"), 500_00)],
        pay,
        by,
        wording: Some(text(
            2,
            "in full and final settlement, else the full balance revives",
        )),
        reason: "old debt".into(),
        approved,
    }))
}

#[test]
fn st_01_st_02_an_offer_needs_authority_of_another_person() {
    let mut s = book();
    people(&mut s);
    let by = day(2026, 6, 30);
    assert!(matches!(
        s.refuses(offer(1_500_00, by, None)),
        Refusal::NotLess { .. }
    ));
    assert!(matches!(
        s.refuses(offer(1_200_00, by, None)),
        Refusal::BeyondAuthority(..)
    ));
    assert!(matches!(
        s.refuses(offer(1_200_00, by, approved("asha"))),
        Refusal::ApprovedByMaker
    ));
    // 20 % is beyond a team lead's 5 %.
    assert!(matches!(
        s.refuses(offer(1_200_00, by, approved("Lee"))),
        Refusal::BeyondAuthority(..)
    ));
    s.when(offer(1_200_00, by, approved("Mona")));
    assert!(matches!(
        s.refuses(offer(1_200_00, by, approved("Mona"))),
        Refusal::AlreadyCovered(_)
    ));
}

#[test]
fn st_04_the_rest_is_written_off_only_when_cash_is_in() {
    let mut s = book();
    people(&mut s);
    let by = day(2026, 6, 30);
    let offered = s.when(offer(1_200_00, by, approved("Mona")));
    let rest = |s: &Story| PlanCommand::WriteOffRest {
        offer: fact_of(s, offered, OFFER),
        effective: day(2026, 6, 20),
    };
    s.today = day(2026, 6, 20);
    let refusal = s.refuses(command(rest(&s)));
    assert!(matches!(
        refusal,
        Refusal::NotCleared {
            paid: 0,
            needed: 1_200_00,
            ..
        }
    ));
    s.when(receipt_from(
        erp_customer("HQ"),
        "R1",
        day(2026, 6, 20),
        1_200_00,
        &[(erp_item("A"), 1_000_00), (erp_item("B"), 200_00)],
    ));
    let posted = s.when(command(rest(&s)));
    let working = |s: &Story, on| s.working(&erp_item("A"), on) + s.working(&erp_item("B"), on);
    assert_eq!(
        (working(&s, day(2026, 6, 19)), working(&s, day(2026, 6, 20))),
        (1_500_00, 0)
    );
    assert_eq!(
        s.book
            .granted()
            .map(|g| (g.amount, g.rank))
            .collect::<Vec<_>>(),
        [(300_00, 4)]
    );
    s.undo(posted);
    assert_eq!(working(&s, day(2026, 6, 20)), 300_00);
    // Returned money is not in.
    s.when(returned(own_credit("R1"), day(2026, 6, 25)));
    assert!(matches!(
        s.refuses(command(rest(&s))),
        Refusal::NotCleared { paid: 0, .. }
    ));
}

#[test]
fn pl_03_re_aging_is_an_act_of_its_own_that_somebody_else_approved() {
    let mut s = book();
    let re_age = |by: &str| {
        command(PlanCommand::ReAge {
            items: vec![erp_item("A")],
            to: day(2026, 7, 31),
            reason: "agreed in writing".into(),
            approved: Approved {
                by: by.into(),
                reference: "minute 7".into(),
            },
        })
    };
    assert!(matches!(s.refuses(re_age("")), Refusal::Empty(_)));
    assert!(matches!(
        s.refuses(re_age("Asha")),
        Refusal::ApprovedByMaker
    ));
    let seq = s.when(re_age("Mona"));
    let (_, known) = s.book.reagings().next().unwrap();
    assert_eq!(
        (known.items[0].1, known.to),
        (Some(day(2026, 3, 31)), day(2026, 7, 31))
    );
    s.undo(seq);
    assert_eq!(s.book.reagings().count(), 0);
}

#[test]
fn placement_is_moved_ended_and_undone() {
    let mut s = book();
    let place = command(PlanCommand::Place(NewPlacement {
        customer: erp_customer("HQ"),
        with: PlacedWith::Agency,
        name: "Inkasso Nord".into(),
        items: vec![erp_item("A"), erp_item("B")],
        commission_ppm: 150_000,
        reference: "IN-77".into(),
        reason: "two promises broken".into(),
        approved: approved("Mona"),
        stage: Stage::Pending,
    }));
    let placed = s.when(place.clone());
    assert!(matches!(s.refuses(place), Refusal::AlreadyCovered(_)));
    let key = fact_of(&s, placed, PLACEMENT);
    s.when(command(PlanCommand::MovePlacement {
        placement: key,
        stage: Stage::Collecting,
        day: s.today,
        note: String::new(),
    }));
    let live = |q| s.book.is_live(q);
    let stage = s.book.placements()[0].stage.get(&live).map(|(s, ..)| *s);
    assert_eq!(stage, Some(Stage::Collecting));
    s.when(command(PlanCommand::EndPlacement {
        placement: key,
        how: PlacementEnd::Recalled,
        reason: "paid to us".into(),
    }));
    assert!(matches!(
        s.refuses(command(PlanCommand::MovePlacement {
            placement: key,
            stage: Stage::Judgment,
            day: s.today,
            note: String::new(),
        })),
        Refusal::AlreadyEnded(_)
    ));
}

#[test]
fn the_risk_register_keeps_versions() {
    let mut s = book();
    let entry = |risk, action: &str| NewRisk {
        risk,
        customer: erp_customer("HQ"),
        what: "insolvency of the parent".into(),
        per_mille: 300,
        impact: 1_500_00,
        currency: Currency::EUR,
        owner: "Mona".into(),
        action: action.into(),
        review: day(2026, 7, 1),
        closed: false,
    };
    let made = s.when(command(PlanCommand::SetRisk(entry(
        None,
        "ask for a guarantee",
    ))));
    let key = fact_of(&s, made, RISK);
    let second = s.when(command(PlanCommand::SetRisk(entry(
        Some(key),
        "stop supply",
    ))));
    let action = |s: &Story| {
        let fact = s.book.risks()[0].facts.get(&|q| s.book.is_live(q)).cloned();
        fact.map(|f| f.action)
    };
    assert_eq!(
        (s.book.risks().len(), action(&s).as_deref()),
        (1, Some("stop supply"))
    );
    s.undo(second);
    assert_eq!(action(&s).as_deref(), Some("ask for a guarantee"));
    let too_sure = NewRisk {
        per_mille: 1001,
        ..entry(None, "x")
    };
    assert!(matches!(
        s.refuses(command(PlanCommand::SetRisk(too_sure))),
        Refusal::TooLarge
    ));
}

#[test]
fn plans_stand_when_their_import_is_undone_and_comes_in_again() {
    let mut s = following_book();
    let doc = day(2026, 3, 1);
    s.today = day(2026, 6, 1);
    let rows = [row("HQ", "A", doc, doc.plus(30), 1_000_00, 1_000_00)];
    let first = s.import(s.today, &rows);
    s.when(command(PlanCommand::Agree(plan(
        &[("A", 1_000_00)],
        &[(day(2026, 7, 1), 1_000_00)],
    ))));
    s.undo(first);
    s.import(s.today, &rows);
    let covered = s.book.plans()[0].fact.covered[0].0;
    assert_eq!(s.book.current(covered), s.id(&erp_item("A")));
    assert!(matches!(
        s.refuses(command(PlanCommand::Agree(plan(
            &[("A", 1_000_00)],
            &[(day(2026, 7, 1), 1_000_00)]
        )))),
        Refusal::AlreadyCovered(_)
    ));
}

#[test]
fn policies_of_recovery_are_checked() {
    let mut s = book();
    let mut policy = RecoveryPolicy::default();
    policy.provision.overlay_ppm = vec![10_000];
    let set = |p: &RecoveryPolicy| Command::SetPolicy(PolicyChange::Recovery(Box::new(p.clone())));
    assert!(matches!(s.refuses(set(&policy)), Refusal::BadPolicy));
    policy.provision.overlay_reason = "downturn in the sector".into();
    s.when(set(&policy));
    assert_eq!(s.book.policies().recovery, policy);
}

#[test]
fn what_is_stored_keeps_its_numbers() {
    let command = command(PlanCommand::Acknowledge {
        items: vec![erp_item("A")],
        on: day(2026, 6, 1),
        evidence: "mail".into(),
    });
    let events = vec![Event::Plan(PlanEvent::Acknowledged(Acknowledged {
        customer: CustomerId(0),
        items: vec![ItemId(0)],
        on: day(2026, 6, 1),
        evidence: "mail".into(),
    }))];
    let body = Body { command, events };
    let bytes = body.encode();
    // A map of two: 0 is the command, [90, [[12, ...
    assert_eq!(&bytes[..8], [0xa2, 0x00, 0x82, 0x18, 90, 0x81, 0x82, 12]);
    assert!(
        bytes
            .windows(6)
            .any(|w| w == [0x82, 0x18, 90, 0x81, 0x82, 11]),
        "event 90, 11"
    );
    assert_eq!(Body::decode(&bytes).unwrap(), body);
    let policy = PolicyChange::Recovery(Box::default());
    let bytes = minicbor::to_vec(&policy).unwrap();
    assert_eq!(&bytes[..4], [0x82, 0x18, 90, 0x81]);
    assert_eq!(minicbor::decode::<PolicyChange>(&bytes).unwrap(), policy);
    assert_eq!(fact(&book(), Seq(1), PLAN, 0).ordinal, 25 << 24);
}
