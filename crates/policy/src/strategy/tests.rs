use super::*;

fn facts(all: &[(Fact, i64)]) -> Facts {
    let mut facts = Facts::default();
    for (fact, value) in all {
        facts.set(*fact, Some(*value));
    }
    facts
}

#[test]
fn fact_numbers_are_their_order() {
    for (n, fact) in Fact::ALL.into_iter().enumerate() {
        assert_eq!(fact as usize, n);
        assert_eq!(minicbor::to_vec(fact).expect("encodes"), [n as u8]);
    }
}

#[test]
fn presets_hold_and_survive_being_stored() {
    for preset in Preset::ALL {
        let strategy = Strategy::preset(preset);
        assert_eq!(strategy.validate(), Ok(()), "{preset:?}");
        let bytes = minicbor::to_vec(&strategy).expect("encodes");
        let read: Strategy = minicbor::decode(&bytes).expect("decodes");
        assert_eq!(read, strategy);
    }
}

#[test]
fn pr_02_all_conditions_hold_and_every_term_is_visible() {
    use Fact::*;
    let strategy = Strategy {
        name: "Test".into(),
        rules: vec![
            Rule {
                name: "Large and late".into(),
                when: vec![
                    Condition::Figure(Collectible, Test::AtLeast(10_000)),
                    Condition::Figure(OldestDays, Test::AtLeast(31)),
                ],
                points: 25,
                per: None,
            },
            Rule {
                name: "Broken".into(),
                when: Vec::new(),
                points: 8,
                per: Some(Per {
                    fact: BrokenPromises,
                    each: 1,
                    most: 3,
                }),
            },
            Rule {
                name: "Never spoken to".into(),
                when: vec![Condition::Figure(DaysSinceSpoken, Test::Unknown)],
                points: 10,
                per: None,
            },
            Rule {
                name: "Key account".into(),
                when: vec![Condition::Segment("Key".into())],
                points: -40,
                per: None,
            },
        ],
        floor: 0,
        quiet_days: 0,
    };
    assert_eq!(strategy.validate(), Ok(()));
    /// What is known, the gate that holds, and the points by rule.
    type Case<'a> = (Facts, &'a str, &'a [(usize, i64)]);
    let table: [Case<'_>; 5] = [
        (facts(&[]), "", &[(2, 10)]),
        (
            facts(&[(Collectible, 10_000), (OldestDays, 31), (BrokenPromises, 7)]),
            "",
            &[(0, 25), (1, 24), (2, 10)],
        ),
        // One of two conditions is not enough, and an unknown figure is in none.
        (
            facts(&[(Collectible, 10_000), (DaysSinceSpoken, 0)]),
            "",
            &[],
        ),
        (facts(&[(OldestDays, 40), (DaysSinceSpoken, 2)]), "", &[]),
        (
            facts(&[(BrokenPromises, 1), (DaysSinceSpoken, 1)]),
            " key",
            &[(3, -40), (1, 8)],
        ),
    ];
    for (facts, segment, expected) in table {
        let terms: Vec<(usize, i64)> = strategy
            .terms(&facts, segment)
            .iter()
            .map(|t| (t.rule, t.points))
            .collect();
        assert_eq!(terms, expected);
        let sum: i64 = expected.iter().map(|(_, p)| p).sum();
        assert_eq!(strategy.points(&facts, segment), sum);
    }
}

#[test]
fn refuses_what_cannot_be_worked_by() {
    let good = Strategy::default();
    let bad = |change: &dyn Fn(&mut Strategy)| {
        let mut s = good.clone();
        change(&mut s);
        s.validate()
    };
    assert_eq!(
        bad(&|s| s.rules[1].name = s.rules[0].name.clone()),
        Err(StrategyError::Name(1))
    );
    assert_eq!(
        bad(&|s| s.rules[2].name = " ".into()),
        Err(StrategyError::Name(2))
    );
    assert_eq!(
        bad(&|s| s.rules[0].points = 0),
        Err(StrategyError::Points(0))
    );
    assert_eq!(
        bad(&|s| s.rules[0].points = i32::MIN),
        Err(StrategyError::Points(0))
    );
    assert_eq!(
        bad(&|s| s.rules[3].when = vec![Condition::Segment(String::new())]),
        Err(StrategyError::Condition(3))
    );
    assert_eq!(
        bad(&|s| s.rules[0].per = s.rules[0].per.map(|p| Per { each: 0, ..p })),
        Err(StrategyError::Per(0))
    );
    assert_eq!(bad(&|s| s.floor = -1), Err(StrategyError::Floor(-1)));
    assert_eq!(
        bad(&|s| s.quiet_days = 200),
        Err(StrategyError::QuietDays(200))
    );
    let one = good.rules[0].clone();
    assert_eq!(
        bad(&|s| s.rules = vec![one.clone(); 41]),
        Err(StrategyError::TooManyRules(41))
    );
}
