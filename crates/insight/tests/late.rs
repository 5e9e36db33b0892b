//! Interest for late payment beside payment plans (PL-01, PL-02, UK-03): what may be charged while a
//! plan lets it go, has it in its instalments or lets it go on, and that nothing is charged twice.
#![allow(clippy::unwrap_used, clippy::inconsistent_digit_grouping)] // minor units: 70_00 is 70.00
#![allow(clippy::result_large_err)] // a refusal, as the desk answers it
mod support;

use duebook_insight::late::*;
use duebook_insight::plans::{PlanState, judge_plans};
use duebook_ledger::command::Command;
use duebook_ledger::keys::FactKey;
use duebook_ledger::plans::*;
use duebook_ledger::policy::PolicyChange;
use duebook_ledger::refusal::Refusal;
use duebook_ledger::{OpenScan, Seq, View};
use duebook_money::{Currency, Day};
use duebook_policy::interest::{Basis, InterestError, RulePack};
use duebook_policy::msme::{NotProtected, Supplier};
use proptest::prelude::*;
use support::*;

/// C owes I1 1,000.00 due 9 February and I2 500.00 due 9 March 2026; the contract rate is 10 %.
fn late_book() -> Desk {
    let mut desk = Desk::new(true, "2026-04-01");
    desk.customer("C");
    let invoice = duebook_ledger::columns::ItemKind::Invoice;
    for (number, doc, due, amount) in [
        ("I1", "2026-01-10", "2026-02-09", 1_000_00),
        ("I2", "2026-02-07", "2026-03-09", 500_00),
    ] {
        desk.issue("C", invoice, number, doc, &[(due, amount)]);
    }
    let mut policy = desk.book.policies().recovery.clone();
    policy.interest.packs[0].margin_ppm = 100_000;
    desk.run(Command::SetPolicy(PolicyChange::Recovery(Box::new(policy))));
    desk
}

/// Commits of [`late_book`].
const BEGUN: u32 = 5;

fn contract(desk: &Desk) -> RulePack {
    desk.book.policies().recovery.interest.packs[0].clone()
}

fn late_on(desk: &Desk, on: Day) -> Vec<LateItem> {
    let scan = OpenScan::new(&desk.book, View::on(on));
    let customer = desk.book.find_customer(&own("C")).unwrap();
    late_items(&desk.book, &scan, customer, &contract(desk))
}

/// Interest of I1 and I2 at 10 % to a day, where nothing was paid.
fn plain(on: Day) -> i64 {
    let of = |due: &str, amount: i64| {
        let days = i64::from(on.since(day(due)).max(0));
        (2 * amount * days + 3_650) / 7_300
    };
    of("2026-02-09", 1_000_00) + of("2026-03-09", 500_00)
}

/// A plan on whatever is open of I1 and I2, in three parts a month apart.
fn agree(desk: &mut Desk, interest: PlanInterest) -> Result<FactKey, Refusal> {
    let today = desk.today;
    let open: Vec<_> = ["I1", "I2"]
        .into_iter()
        .filter_map(|n| {
            let key = item(n, "");
            let id = desk.book.find_item(&key)?;
            let open = desk.book.item(id)?.open();
            (open > 0).then_some((key, open))
        })
        .collect();
    let charges = match interest {
        PlanInterest::FrontLoaded => charges_for(&desk.book, &late_on(desk, today)),
        _ => Vec::new(),
    };
    let of_charges: i64 = charges.iter().map(|c| c.sheet.total()).sum();
    let total = open.iter().map(|(_, a)| a).sum::<i64>() + of_charges;
    let (part, dates) = (total / 3, [10, 40, 70].map(|n| today.plus(n)));
    let instalments = dates.into_iter().zip([part, part, total - 2 * part]);
    desk.try_run(
        Command::Plan(PlanCommand::Agree(NewPlan {
            customer: own("C"),
            contact: None,
            currency: Currency::EUR,
            items: open,
            instalments: instalments.collect(),
            interest,
            charges,
            triggers: trigger::USUAL,
            reason: "short of cash".into(),
            approved: None,
            acknowledgement: None,
        })),
        Default::default(),
    )?;
    Ok(desk.book.plans().last().unwrap().key)
}

fn end(desk: &mut Desk, plan: FactKey, how: PlanEnd) {
    desk.run(Command::Plan(PlanCommand::EndPlan {
        plan,
        how,
        reason: "said so".into(),
    }));
}

fn raise(desk: &mut Desk) -> i64 {
    let charges = charges_for(&desk.book, &late_on(desk, desk.today));
    let sum = charges.iter().map(|c| c.sheet.total()).sum();
    if !charges.is_empty() {
        desk.run(Command::Plan(PlanCommand::RaiseCharges {
            charges,
            date: desk.today,
            due: desk.today.plus(14),
        }));
    }
    sum
}

fn pay(desk: &mut Desk, number: &str, to: &[(&str, i64)]) {
    let to: Vec<_> = to.iter().map(|(n, a)| (item(n, ""), *a)).collect();
    let (sum, on) = (to.iter().map(|(_, a)| a).sum(), desk.today.to_string());
    desk.receipt(own("C"), number, &on, sum, &to);
}

fn chargeable(desk: &Desk, on: &str) -> i64 {
    late_on(desk, day(on)).iter().map(|l| l.chargeable()).sum()
}

/// How a plan goes in the table below.
#[derive(Debug, Clone, Copy)]
enum Goes {
    Kept,
    Missed,
    Cancelled,
}

#[test]
fn pl_01_pl_02_interest_by_treatment_and_by_how_the_plan_goes() {
    use Goes::*;
    use PlanInterest::*;
    // What may be charged on 1 May: all of it, nothing, or what came since the agreement on 1 April.
    let (all, nothing) = (plain(day("2026-05-01")), 0);
    let since = all - plain(day("2026-04-01"));
    let table = [
        (Waived, Kept, nothing, PlanState::Current),
        // From the original due dates, not from the default.
        (Waived, Missed, all, PlanState::Defaulted),
        (Waived, Cancelled, all, PlanState::Ended(PlanEnd::Cancelled)),
        (Accrues, Kept, all, PlanState::Current),
        (Accrues, Missed, all, PlanState::Defaulted),
        (FrontLoaded, Kept, nothing, PlanState::Current),
        (FrontLoaded, Missed, since, PlanState::Defaulted),
        (
            FrontLoaded,
            Cancelled,
            since,
            PlanState::Ended(PlanEnd::Cancelled),
        ),
    ];
    for (interest, goes, expected, state) in table {
        let mut desk = late_book();
        let plan = agree(&mut desk, interest).unwrap();
        match goes {
            Missed => _ = desk.at("2026-05-01"),
            Cancelled => {
                desk.at("2026-04-20");
                end(&mut desk, plan, PlanEnd::Cancelled);
            }
            // A payment that leaves what bears interest as it is: on the charge or on neither.
            Kept => {
                let on = View::on(day("2026-04-11"));
                let first = judge_plans(&desk.book, on)[0].instalments[0].amount;
                desk.at("2026-04-11");
                pay(&mut desk, "P1", &[("I1", first)]);
            }
        }
        let judged = judge_plans(&desk.book, View::on(day("2026-05-01"))).remove(0);
        let late = late_on(&desk, day("2026-05-01"));
        let held: i64 = late.iter().map(|l| l.held_back()).sum();
        assert_eq!(judged.state, state, "{interest:?} {goes:?}");
        let found = chargeable(&desk, "2026-05-01");
        if let (Accrues, Kept) = (interest, goes) {
            assert!(found > 0 && found < expected && held == 0);
            assert!(late.iter().all(|l| l.plan.unwrap().interest == Accrues));
            continue;
        }
        assert_eq!(found, expected, "{interest:?} {goes:?}");
        assert_eq!(held > 0, expected == 0, "what a plan holds back is said");
        let charges = charges_for(&desk.book, &late);
        assert_eq!(charges.is_empty(), expected == 0, "{interest:?} {goes:?}");
        // As of the days of the plan it is still held back: a past sheet says what held then.
        if interest != Accrues {
            assert_eq!(chargeable(&desk, "2026-04-10"), 0, "{interest:?} {goes:?}");
        }
        // And before the plan there was none to hold it.
        if interest == Waived {
            let before = day("2026-03-31");
            assert_eq!(chargeable(&desk, "2026-03-31"), plain(before));
        }
        assert_eq!(desk.book.violations(), []);
    }
}

#[test]
fn pl_01_completed_plans_keep_what_they_agreed() {
    use PlanInterest::*;
    for interest in [Waived, FrontLoaded, Accrues] {
        let mut desk = late_book();
        agree(&mut desk, interest).unwrap();
        let charge = |n: &str| {
            let id = desk.book.find_item(&item(n, ""));
            id.and_then(|id| desk.book.item(id)).map_or(0, |i| i.open())
        };
        let all: Vec<(&str, i64)> = ["I1", "I2", "LI-I1-1", "LI-I2-1"]
            .into_iter()
            .map(|n| (n, charge(n)))
            .filter(|(_, open)| *open > 0)
            .collect();
        desk.at("2026-04-10");
        pay(&mut desk, "P1", &all);
        let judged = judge_plans(&desk.book, View::on(day("2026-08-01"))).remove(0);
        assert_eq!(judged.state, PlanState::Completed, "{interest:?}");
        let after = chargeable(&desk, "2026-08-01");
        match interest {
            // Let go for good; in the instalments, the nine days to the payment too.
            Waived | FrontLoaded => assert_eq!(after, 0, "{interest:?}"),
            // Claimed in the end: to the day of payment.
            Accrues => assert_eq!(after, plain(day("2026-04-10"))),
        }
    }
}

#[test]
fn pl_02_a_plan_that_defaulted_and_was_paid_later_lets_nothing_go() {
    let mut desk = late_book();
    agree(&mut desk, PlanInterest::Waived).unwrap();
    desk.at("2026-07-01");
    pay(&mut desk, "P1", &[("I1", 1_000_00), ("I2", 500_00)]);
    let judged = judge_plans(&desk.book, View::on(day("2026-07-02"))).remove(0);
    assert!(judged.default.is_some());
    assert_eq!(chargeable(&desk, "2026-07-02"), plain(day("2026-07-01")));
}

#[test]
fn pl_01_a_stale_sheet_is_refused_and_not_charged_again() {
    let mut desk = late_book();
    let stale = charges_for(&desk.book, &late_on(&desk, desk.today));
    assert!(raise(&mut desk) > 0);
    let again = stale.into_iter().map(|c| NewCharge {
        number: format!("{}x", c.number),
        ..c
    });
    let command = Command::Plan(PlanCommand::RaiseCharges {
        charges: again.collect(),
        date: desk.today,
        due: desk.today,
    });
    let refused = desk.try_run(command, Default::default());
    assert!(matches!(refused, Err(Refusal::ChargedMeanwhile(_))));
}

#[test]
fn uk_03_a_claim_goes_by_the_law_of_its_pack() {
    let mut desk = late_book();
    let invoice = duebook_ledger::columns::ItemKind::Invoice;
    desk.issue("C", invoice, "I3", "2026-01-10", &[("2026-05-10", 365_00)]);
    let customer = desk.book.find_customer(&own("C")).unwrap();
    let id = desk.book.find_item(&item("I3", "")).unwrap();
    let interest = desk.book.policies().recovery.interest.clone();
    let pack = |id: &str| interest.pack(id).unwrap().clone();
    let scan = OpenScan::new(&desk.book, View::on(day("2026-05-01")));
    // 120 days agreed: 60 by the Act, so late since 11 March; not late yet where the agreed day stands.
    let uk = claim_of(&desk.book, &scan, id, &pack("uk")).unwrap();
    assert_eq!((uk.due, uk.principal), (day("2026-03-11"), 365_00));
    let how = uk.relevant.unwrap();
    assert_eq!(
        (how.basis, how.agreed, how.days),
        (Basis::CutBack, Some(day("2026-05-10")), 60)
    );
    assert_eq!(claim_of(&desk.book, &scan, id, &pack("eu")), None);
    let msmed = claim_of(&desk.book, &scan, id, &pack("in-msmed")).unwrap();
    assert_eq!(msmed.due, day("2026-02-24"), "45 days");
    // The calculation keeps how its day was found.
    let late = late_items(&desk.book, &scan, customer, &pack("uk"));
    let sheet = late.iter().find(|l| l.item == id).unwrap();
    assert_eq!(sheet.sheet.as_ref().unwrap().relevant, Some(how));
    // IN-01: nothing is asserted before we are known as a registered micro or small enterprise.
    let asked = |desk: &Desk| {
        let scan = OpenScan::new(&desk.book, View::on(day("2026-05-01")));
        let all = late_items(&desk.book, &scan, customer, &pack("in-msmed"));
        all.into_iter().find(|l| l.item == id).unwrap().sheet.err()
    };
    let not = |why| Some(InterestError::NotProtected(why));
    assert_eq!(asked(&desk), not(NotProtected::Unknown));
    let mut policy = desk.book.policies().recovery.clone();
    policy.supplier = Some(Supplier {
        investment: 1_00_00_000_00,
        turnover: 5_00_00_000_00,
        udyam: "UDYAM-XX-00-0000000".into(),
        registered_on: Some(day("2025-06-01")),
    });
    desk.run(Command::SetPolicy(PolicyChange::Recovery(Box::new(policy))));
    assert_eq!(asked(&desk), None);
}

#[test]
fn uk_04_the_claim_of_an_item_follows_its_payments() {
    let mut desk = late_book();
    for (number, on, amount) in [("P1", "2026-02-19", 400_00), ("P2", "2026-03-01", 600_00)] {
        desk.at(on);
        pay(&mut desk, number, &[("I1", amount)]);
    }
    desk.at("2026-04-10");
    let id = desk.book.find_item(&item("I1", "")).unwrap();
    let scan = OpenScan::new(&desk.book, View::on(day("2026-04-10")));
    let claim = claim_of(
        &desk.book,
        &scan,
        id,
        &desk.book.policies().recovery.interest.packs[0],
    )
    .unwrap();
    assert_eq!(
        (claim.principal, claim.until),
        (1_000_00, day("2026-03-01"))
    );
    assert_eq!(
        claim.payments,
        [(day("2026-02-19"), 400_00), (day("2026-03-01"), 600_00)]
    );
    drop(scan);
    let late = |desk: &Desk| late_on(desk, day("2026-04-10"));
    // 10 days of 1,000.00 and 10 days of 600.00 at 10 %: 2.74 + 1.64, rounded once.
    let all = late(&desk);
    assert_eq!(all[0].sheet.as_ref().unwrap().interest, 4_38);
    let charges = charges_for(&desk.book, &all);
    assert_eq!(charges[0].number, "LI-I1-1");
    desk.run(Command::Plan(PlanCommand::RaiseCharges {
        charges,
        date: day("2026-04-10"),
        due: day("2026-04-24"),
    }));
    // Charged once: nothing is left to charge.
    let again = late(&desk);
    assert_eq!(again[0].sheet.as_ref().unwrap().total(), 0);
    assert!(charges_for(&desk.book, &again).is_empty());
}

#[test]
fn pl_03_a_re_aging_is_authorised_and_told_and_moves_no_interest() {
    use duebook_insight::timeline::{What, timeline};
    let mut desk = late_book();
    let before = chargeable(&desk, "2026-05-01");
    let re_age = |by: &str| {
        Command::Plan(PlanCommand::ReAge {
            items: vec![item("I1", "")],
            to: day("2026-06-01"),
            reason: "delivered late".into(),
            approved: Approved {
                by: by.into(),
                reference: "mail".into(),
            },
        })
    };
    let own_word = desk.try_run(re_age("Tester"), Default::default());
    assert_eq!(own_word.err(), Some(Refusal::ApprovedByMaker));
    desk.run(re_age("Mona"));
    assert_eq!(chargeable(&desk, "2026-05-01"), before);
    let scan = OpenScan::new(&desk.book, View::on(day("2026-05-01")));
    let customer = desk.book.find_customer(&own("C")).unwrap();
    let told = timeline(&desk.book, &scan, customer);
    let told = told.iter().filter_map(|e| match &e.what {
        What::ReAged {
            items,
            to,
            approved,
        } => Some((e.on, *items, *to, approved.clone())),
        _ => None,
    });
    let expected = (desk.today, 1, day("2026-06-01"), "Mona".to_owned());
    assert_eq!(told.collect::<Vec<_>>(), [expected]);
}

/// What somebody does in the property below.
#[derive(Debug, Clone)]
enum Act {
    Wait(u8),
    Agree(u8),
    End(u8),
    Pay(u8, u16),
    Raise,
    LetGo(u8),
    Undo,
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        4 => (1u8..40).prop_map(Act::Wait),
        3 => (0u8..3).prop_map(Act::Agree),
        2 => (0u8..3).prop_map(Act::End),
        2 => (0u8..2, 1u16..60_000).prop_map(|(n, a)| Act::Pay(n, a)),
        4 => Just(Act::Raise),
        1 => (0u8..4).prop_map(Act::LetGo),
        1 => Just(Act::Undo),
    ]
}

fn play(desk: &mut Desk, n: usize, act: &Act) {
    match act {
        Act::Wait(days) => desk.today = desk.today.plus(i32::from(*days)),
        Act::Agree(which) => {
            let all = [
                PlanInterest::Waived,
                PlanInterest::Accrues,
                PlanInterest::FrontLoaded,
            ];
            // Refused where a plan is on it already or nothing is left: as on the screen.
            _ = agree(desk, all[usize::from(*which)]);
        }
        Act::End(how) => {
            let all = [PlanEnd::Defaulted, PlanEnd::Cancelled, PlanEnd::EntryError];
            let open = desk.book.plans().iter().rev();
            let open = open.filter(|p| desk.book.is_live(p.commit));
            let mut open = open.filter(|p| p.ended.get(&|s| desk.book.is_live(s)).is_none());
            if let Some(key) = open.next().map(|p| p.key) {
                end(desk, key, all[usize::from(*how)]);
            }
        }
        Act::Pay(which, amount) => {
            let number = ["I1", "I2"][usize::from(*which)];
            let id = desk.book.find_item(&item(number, "")).unwrap();
            let open = desk.book.item(id).unwrap().open();
            let amount = i64::from(*amount).min(open);
            if amount > 0 {
                pay(desk, &format!("P{n}"), &[(number, amount)]);
            }
        }
        Act::Raise => _ = raise(desk),
        Act::LetGo(which) => {
            let mut charges = desk.book.charges().map(|(id, ..)| id);
            let id = charges.nth(usize::from(*which));
            drop(charges);
            if let Some((key, open)) =
                id.and_then(|id| Some((desk.book.item_key(id)?, desk.book.item(id)?.open())))
            {
                let waive = PlanCommand::WaiveCharge {
                    charge: key,
                    amount: open.max(1),
                    effective: desk.today,
                    reason: "old friend".into(),
                    approved: None,
                };
                _ = desk.try_run(Command::Plan(waive), Default::default());
            }
        }
        Act::Undo => {
            // Never what the book began with.
            let commit = desk.book.head();
            if commit <= Seq(BEGUN) {
                return;
            }
            _ = desk.try_run(Command::Undo { commit }, Default::default());
        }
    }
}

/// Interest of an item to a day at 10 %, day by day from what was open of it each evening before.
fn day_by_day(desk: &Desk, number: &str, due: &str) -> i64 {
    let id = desk.book.find_item(&item(number, "")).unwrap();
    let mut sum = 0i128;
    for n in 1..=desk.today.since(day(due)).max(0) {
        let eve = day(due).plus(n - 1);
        let scan = OpenScan::new(&desk.book, View::on(eve));
        sum += i128::from(scan.open(id).map_or(0, |o| o.working()));
    }
    i64::try_from((2 * sum + 3_650) / 7_300).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]
    /// Whatever is agreed, broken, paid, charged, let go and undone: what was charged for an item and
    /// what may still be charged is never more than its interest, worked out day by day; a charge just
    /// raised leaves nothing; while a plan bars it nothing is raised.
    #[test]
    fn pl_01_interest_is_never_charged_twice(acts in prop::collection::vec(act(), 1..24)) {
        let mut desk = late_book();
        for (n, act) in acts.iter().enumerate() {
            let barred = late_on(&desk, desk.today);
            let before: i64 = desk.book.charges().map(|(_, _, c)| c.sheet.total()).sum();
            play(&mut desk, n, act);
            if matches!(act, Act::Raise) {
                let now: i64 = desk.book.charges().map(|(_, _, c)| c.sheet.total()).sum();
                let free: i64 = barred.iter().map(|l| l.chargeable().max(0)).sum();
                prop_assert_eq!(now - before, free);
                prop_assert!(charges_for(&desk.book, &late_on(&desk, desk.today)).is_empty());
            }
            for (number, due) in [("I1", "2026-02-09"), ("I2", "2026-03-09")] {
                let id = desk.book.find_item(&item(number, "")).unwrap();
                let gross = day_by_day(&desk, number, due);
                let charged = desk.book.charged_for(id);
                let found = late_on(&desk, desk.today).into_iter().find(|l| l.item == id);
                let Some(late) = found else {
                    prop_assert!(gross == 0 && charged == 0);
                    continue;
                };
                prop_assert_eq!(late.sheet.as_ref().unwrap().interest, gross, "{} {:?}", number, act);
                prop_assert!(charged + late.chargeable().max(0) <= gross.max(charged));
                prop_assert_eq!(charged + late.chargeable() + late.held_back(), gross);
                prop_assert_eq!(late.held_back() > 0, late.barred().is_some() && gross > charged);
            }
            prop_assert_eq!(desk.book.violations(), []);
        }
    }
}
