//! Random work on both sides.

use super::*;
use proptest::prelude::*;

#[derive(Debug, Clone)]
enum Act {
    Call(u8),
    Promise(u8, u8),
    Field(u8, u8),
    Apply(u8, u8),
    Receipt(u8),
    Close,
    FollowUp(u8),
    Profile(u8),
    Undo(u8),
    Assign(u8, u8),
    Customer(u8),
    Task,
    Control(u8),
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        (0u8..2).prop_map(Act::Call),
        (0u8..3, 1u8..9).prop_map(|(i, n)| Act::Promise(i, n)),
        (0u8..3, 0u8..3).prop_map(|(i, v)| Act::Field(i, v)),
        (0u8..3, 1u8..9).prop_map(|(i, n)| Act::Apply(i, n)),
        (1u8..9).prop_map(Act::Receipt),
        Just(Act::Close),
        (1u8..9).prop_map(Act::FollowUp),
        (0u8..3).prop_map(Act::Profile),
        (0u8..8).prop_map(Act::Undo),
        (0u8..2, 0u8..3).prop_map(|(c, a)| Act::Assign(c, a)),
        (0u8..3).prop_map(Act::Customer),
        Just(Act::Task),
        (0u8..3).prop_map(Act::Control),
    ]
}

/// Does it if the book lets it; what is refused is part of the game.
fn play(story: &mut Story, act: &Act, follow_up: FactKey, from: u32) {
    let item = |n: u8| ["A", "B", "C"][usize::from(n)];
    let customer = |n: u8| own_customer(["C1", "C2"][usize::from(n)]);
    let command = match *act {
        Act::Call(c) => Command::LogContact(LogContact {
            customer: customer(c),
            ..log("C1", 77)
        }),
        Act::Promise(i, n) => {
            let date = story.today.plus(i32::from(n));
            promised(item(i), i64::from(n) * 10_00, date)
        }
        Act::Field(i, v) => set(
            item(i),
            CollectorField::Reason,
            ["x", "y", ""][usize::from(v)],
        ),
        Act::Apply(i, n) => {
            let amount = i64::from(n) * 10_00;
            apply(own_credit("R"), own_item(item(i)), amount, story.today, &[])
        }
        Act::Receipt(n) => {
            let number = format!("{}-{}", story.actor, story.log.len());
            receipt("C1", &number, story.today, i64::from(n) * 1_00, &[])
        }
        Act::Close => Command::CloseFollowUps {
            follow_ups: vec![follow_up],
        },
        Act::FollowUp(n) => Command::SetFollowUp {
            customer: customer(0),
            follow_up: NewFollowUp {
                due: story.today.plus(i32::from(n)),
                at: None,
                zone: None,
                what: None,
                retry: false,
            },
        },
        Act::Profile(v) => Command::SetProfile {
            customer: customer(0),
            values: vec![(
                ProfileField::PayRun,
                ["Thu", "Fri", ""][usize::from(v)].into(),
            )],
            source: "phone".into(),
            checked: story.today,
        },
        Act::Undo(back) => {
            let head = story.book.head().0;
            let target = head.saturating_sub(u32::from(back));
            if target <= from {
                return;
            }
            Command::Undo {
                commit: Seq(target),
            }
        }
        Act::Assign(c, a) => Command::Desk(desk::DeskCommand::Assign {
            customers: vec![customer(c)],
            collector: ["Asha", "Bela", ""][usize::from(a)].into(),
        }),
        Act::Customer(v) => Command::SaveCustomer {
            customer: customer(1),
            facts: columns::StagedCustomer {
                name: format!("Name {v}"),
                ..columns::StagedCustomer::default()
            },
        },
        Act::Task => Command::Shift(ShiftCommand::SetTasks(vec![NewTask {
            what: text(3, "Portal check"),
            agent: String::new(),
            customer: None,
            due: story.today,
            every: Recurrence::Daily,
        }])),
        Act::Control(v) => Command::SetControlBalance {
            currency: Currency::EUR,
            as_of: story.today,
            minor: i64::from(v),
            source: "GL".into(),
        },
    };
    let _ = story.attempt(command);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, ..ProptestConfig::default() })]
    #[test]
    fn copies_that_part_and_join_both_ways_agree(
        rounds in prop::collection::vec(
            (prop::collection::vec(act(), 0..7), prop::collection::vec(act(), 0..7)), 1..3),
        picks in prop::collection::vec(0usize..3, 1..12),
    ) {
        let (mut a, follow_up) = base();
        let mut b = a.copy("Bela", 1_000);
        let (mut fresh, mut turn) = (50_000, 0usize);
        for (ours, theirs) in &rounds {
            let (from_a, from_b) = (a.book.head().0, b.book.head().0);
            ours.iter().for_each(|x| play(&mut a, x, follow_up, from_a));
            theirs.iter().for_each(|x| play(&mut b, x, follow_up, from_b));
            take_in(&mut a, &b, &mut fresh, |clash| {
                turn += 1;
                let fits: Vec<Choice> =
                    clash.choices.iter().copied().filter(|c| *c != Choice::Later).collect();
                fits[picks[turn % picks.len()] % fits.len()]
            });
            take_in(&mut b, &a, &mut fresh, |clash| {
                assert!(matches!(clash.what, What::LeftOut(_)), "asked again: {clash:?}");
                Choice::Theirs
            });
            prop_assert_eq!(facts(&a), facts(&b));
        }
        // Twice changes nothing.
        let before = facts(&a);
        take_in(&mut a, &b, &mut fresh, never);
        prop_assert!(take_in(&mut a, &b, &mut fresh, never).is_empty());
        prop_assert_eq!(facts(&a), before);
    }
}
