//! The contact policy engine: tables of domain.md 7.2.
#![allow(clippy::expect_used)]

use duebook_money::Day;
use duebook_policy::calendar::Holiday;
use duebook_policy::contact::*;
use duebook_policy::{ContactPolicy, HolidayCalendar};

fn day(m: u8, d: u8) -> Day {
    Day::from_ymd(2026, m, d).expect("a day")
}

fn policy() -> ContactPolicy {
    ContactPolicy {
        rules: Template::ALL.into_iter().map(Template::rules).collect(),
        calendars: vec![HolidayCalendar {
            name: "DE-BY".into(),
            holidays: vec![Holiday {
                day: day(10, 2),
                name: "Bridge day".into(),
            }],
            ..HolidayCalendar::default()
        }],
        ..ContactPolicy::default()
    }
}

fn call(country: &str, on: Day, minute: u16) -> Planned<'_> {
    Planned {
        way: Way::Call,
        country,
        local: Some((on, minute)),
        today: on,
        past: &[],
        stop: None,
        agreed: false,
        disputed_in_full: false,
        named: true,
    }
}

type Said = Vec<(&'static str, Verdict)>;

fn said(policy: &ContactPolicy, planned: &Planned<'_>) -> Said {
    let findings = policy.judge(planned);
    findings
        .iter()
        .map(|f| (f.rule.code(), f.verdict))
        .collect()
}

fn tries(days: &[Day]) -> Vec<Past> {
    let one = |on: &Day| Past {
        on: *on,
        talk: false,
        same_person: true,
        call: true,
    };
    days.iter().map(one).collect()
}

#[test]
fn templates_hold_and_say_that_they_are_templates() {
    assert_eq!(policy().validate(), Ok(()));
    for template in Template::ALL {
        assert!(template.rules().name.contains("template, not law"));
    }
    let mut twice = policy();
    twice.rules.push(Template::India.rules());
    assert_eq!(twice.validate(), Err(ContactPolicyError::Rules(4)));
    let bytes = minicbor::to_vec(policy()).expect("encodes");
    let read: ContactPolicy = minicbor::decode(&bytes).expect("decodes");
    assert_eq!(read, policy());
}

#[test]
fn cp_01_hours_by_country() {
    use Verdict::*;
    let p = policy();
    let (tuesday, saturday) = (day(3, 3), day(3, 7));
    let table: [(&str, Day, u16, Option<Verdict>); 12] = [
        ("GB", tuesday, 9 * 60, None),
        ("GB", tuesday, 17 * 60 + 29, None),
        ("GB", tuesday, 17 * 60 + 30, Some(Warn)),
        ("GB", tuesday, 20 * 60, Some(Block)),
        ("GB", saturday, 12 * 60, Some(Warn)),
        ("GB", saturday, 7 * 60, Some(Block)),
        ("IN", tuesday, 18 * 60 + 59, Some(Warn)),
        ("IN", tuesday, 19 * 60, Some(Block)),
        ("in", tuesday, 7 * 60 + 59, Some(Block)),
        ("US", tuesday, 20 * 60 + 59, Some(Warn)),
        ("US", tuesday, 21 * 60, Some(Block)),
        // No rules of its own: the book's hours, and nothing is blocked.
        ("JP", tuesday, 23 * 60, Some(Warn)),
    ];
    for (country, on, minute, expected) in table {
        let expected: Said = expected.map(|v| ("CP-01", v)).into_iter().collect();
        assert_eq!(
            said(&p, &call(country, on, minute)),
            expected,
            "{country} {minute}"
        );
    }
    let unknown = Planned {
        local: None,
        ..call("GB", tuesday, 0)
    };
    assert_eq!(said(&p, &unknown), [("CP-01", Warn)]);
    let writing = Planned {
        way: Way::Write,
        ..call("GB", tuesday, 3 * 60)
    };
    assert_eq!(said(&p, &writing), []);
}

#[test]
fn cp_02_holidays_of_a_part_of_the_country() {
    let p = policy();
    let findings = p.judge(&call("DE", day(10, 2), 10 * 60));
    assert_eq!((findings.len(), findings[0].rule), (1, Rule::Holiday));
    let Reason::Closed(Closed::Holiday(holiday, checked)) = &findings[0].reason else {
        panic!("{findings:?}")
    };
    assert_eq!((holiday.name.as_str(), *checked), ("Bridge day", false));
    assert_eq!(said(&p, &call("FR", day(10, 2), 10 * 60)), []);
    // Friday is the holiday, then comes a weekend: Monday.
    let next = |country: &str, minute| p.next_open(country, day(10, 1), minute);
    assert_eq!(next("DE", 17 * 60), Some((day(10, 5), 540)));
    assert_eq!(next("DE", 6 * 60), Some((day(10, 1), 540)));
    assert_eq!(next("DE", 11 * 60), Some((day(10, 1), 660)));
    assert_eq!(next("FR", 17 * 60), Some((day(10, 2), 540)));
}

#[test]
fn cp_03_reg_f_template_seven_in_seven_days() {
    let p = policy();
    let today = day(3, 10);
    let seven: Vec<Day> = (4..=10).map(|d| day(3, d)).collect();
    let (all, six) = (tries(&seven), tries(&seven[1..]));
    let planned = |past, agreed| Planned {
        past,
        agreed,
        ..call("US", today, 600)
    };
    let findings = p.judge(&planned(&all, false));
    let Reason::TooMany { made, next, .. } = findings[0].reason else {
        panic!("{findings:?}")
    };
    // The first of the seven was on 4 March: on 11 March it is out of seven days.
    assert_eq!((made, next), (7, day(3, 11)));
    assert_eq!(said(&p, &planned(&six, false)), []);
    assert_eq!(said(&p, &planned(&all, true)), [], "they asked for it");
}

#[test]
fn cp_03_oracle_conversation_on_2_march_next_on_9_march() {
    let p = policy();
    let talk = [Past {
        on: day(3, 2),
        talk: true,
        same_person: true,
        call: true,
    }];
    let table = [
        (day(3, 2), Verdict::Block),
        (day(3, 6), Verdict::Block),
        (day(3, 9), Verdict::Allow),
    ];
    for (on, expected) in table {
        let planned = Planned {
            past: &talk,
            ..call("US", on, 600)
        };
        let findings = p.judge(&planned);
        assert_eq!(judge_verdict(&findings), expected, "{on}");
        if let Some(Reason::TooSoon { next, .. }) = findings.first().map(|f| &f.reason) {
            assert_eq!(*next, day(3, 9));
        }
    }
    let another = [Past {
        same_person: false,
        ..talk[0]
    }];
    let planned = Planned {
        past: &another,
        ..call("US", day(3, 3), 600)
    };
    assert_eq!(said(&p, &planned), []);
}

#[test]
fn cp_03_business_default_two_a_day_four_a_week() {
    let p = policy();
    let today = day(3, 13);
    let table: [(&[Day], bool, usize); 5] = [
        (&[today], true, 0),
        (&[today, today], true, 1),
        (&[today, today], false, 0),
        (&[day(3, 9), day(3, 10), day(3, 11), day(3, 12)], false, 1),
        (&[day(3, 6), day(3, 10), day(3, 11), day(3, 12)], false, 0),
    ];
    for (days, same_person, expected) in table {
        let all = tries(days).into_iter();
        let past: Vec<Past> = all.map(|p| Past { same_person, ..p }).collect();
        let planned = Planned {
            past: &past,
            ..call("GB", today, 600)
        };
        assert_eq!(p.judge(&planned).len(), expected, "{days:?}");
    }
}

#[test]
fn cp_04_stop_flags() {
    let p = policy();
    let stopped = |stop, way| Planned {
        stop: Some((stop, day(2, 1))),
        way,
        ..call("GB", day(3, 3), 600)
    };
    let table = [
        (Stop::DoNotCall, Way::Call, Some(Verdict::Block)),
        (Stop::DoNotCall, Way::Write, Some(Verdict::Warn)),
        (Stop::Lawyer, Way::Call, Some(Verdict::Block)),
        (Stop::Lawyer, Way::Write, Some(Verdict::Block)),
        (Stop::Insolvency, Way::Write, Some(Verdict::Block)),
        // They called: what they say is heard.
        (Stop::DoNotCall, Way::Free, None),
    ];
    for (stop, way, expected) in table {
        let all = said(&p, &stopped(stop, way));
        assert_eq!(all.first().map(|f| f.1), expected, "{stop:?} {way:?}");
    }
    let disputed = Planned {
        disputed_in_full: true,
        ..call("GB", day(3, 3), 600)
    };
    assert_eq!(said(&p, &disputed), [("CP-04", Verdict::Warn)]);
}

#[test]
fn cp_05_no_amounts_before_somebody_is_named() {
    let p = policy();
    let nobody = |minute| Planned {
        named: false,
        ..call("GB", day(3, 3), minute)
    };
    assert_eq!(said(&p, &nobody(600)), [("CP-05", Verdict::Warn)]);
    // The strongest comes first.
    let late = said(&p, &nobody(21 * 60));
    assert_eq!(late, [("CP-01", Verdict::Block), ("CP-05", Verdict::Warn)]);
}
