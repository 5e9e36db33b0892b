//! Steering the list, parked calls, flagged contacts: what is refused, what undo takes back.
#![allow(clippy::unwrap_used, clippy::inconsistent_digit_grouping)] // minor units: 70_00 is 70.00
mod support;
use duebook_ledger::command::LogContact;
use duebook_ledger::desk::*;
use duebook_ledger::facts::{Channel, Outcome};
use duebook_ledger::keys::FactKey;
use duebook_ledger::*;
use support::*;

fn desk(command: DeskCommand) -> Command {
    Command::Desk(command)
}

fn book() -> Story {
    let mut s = following_book();
    let doc = day(2026, 3, 1);
    s.today = day(2026, 5, 10);
    let rows = [
        row("HQ", "A", doc, doc.plus(30), 1_000_00, 400_00),
        row("C2", "B", doc, day(2026, 5, 20), 50_00, 50_00),
    ];
    s.import(doc, &rows);
    s
}

fn log(customer: &str, outcome: Outcome) -> LogContact {
    LogContact {
        customer: erp_customer(customer),
        contact: None,
        channel: Channel::Call,
        outcome,
        at: 5_000,
        local_offset: None,
        seconds: 60,
        note: None,
        items: Vec::new(),
        promise: None,
        follow_up: None,
        closes: Vec::new(),
    }
}

#[test]
fn pr_03_pins_and_snoozes_carry_reason_and_date_and_are_undone() {
    let mut s = book();
    let reason = text(1, "CFO asked");
    let live = |s: &Story| {
        let book = s.book.clone();
        move |seq| book.is_live(seq)
    };
    let hq = s.book.find_customer(&erp_customer("HQ")).unwrap();
    let pin = |until| {
        desk(DeskCommand::Pin {
            customer: erp_customer("HQ"),
            pin: Some(Pin { until, reason }),
        })
    };
    assert!(matches!(
        s.refuses(pin(Some(s.today.plus(-1)))),
        Refusal::DateBefore { .. }
    ));
    let first = s.when(pin(Some(s.today)));
    let set = s.when(pin(None));
    assert_eq!(s.book.desk().pin(hq, &live(&s)).unwrap().0, set);
    s.undo(set);
    assert_eq!(s.book.desk().pin(hq, &live(&s)).unwrap().0, first);
    s.when(desk(DeskCommand::Pin {
        customer: erp_customer("HQ"),
        pin: None,
    }));
    assert_eq!(s.book.desk().pin(hq, &live(&s)), None);

    let snooze = |until| {
        desk(DeskCommand::Snooze {
            customer: erp_customer("HQ"),
            snooze: Some(Snooze { until, reason }),
        })
    };
    assert!(matches!(
        s.refuses(snooze(s.today)),
        Refusal::DateBefore { .. }
    ));
    let until = s.today.plus(3);
    let put_off = s.when(snooze(until));
    assert_eq!(s.book.desk().snooze(hq, &live(&s)).unwrap().1.until, until);
    s.undo(put_off);
    assert_eq!(s.book.desk().snooze(hq, &live(&s)), None);
    let nobody = DeskCommand::Pin {
        customer: erp_customer("nobody"),
        pin: None,
    };
    assert!(matches!(
        s.refuses(desk(nobody)),
        Refusal::UnknownCustomer(_)
    ));
}

#[test]
fn the_bucket_at_assignment_stays() {
    let mut s = book();
    let assign = |customers: &[&str], collector: &str| {
        desk(DeskCommand::Assign {
            customers: customers.iter().map(|c| erp_customer(c)).collect(),
            collector: collector.into(),
        })
    };
    assert_eq!(
        s.refuses(assign(&[], "Asha")),
        Refusal::Empty(refusal::Field::Items)
    );
    s.when(assign(&["HQ", "C2"], " Asha "));
    let of = |s: &Story, number: &str| {
        let id = s.book.find_customer(&erp_customer(number)).unwrap();
        let is_live = |seq| s.book.is_live(seq);
        let found = s.book.desk().assignment(id, &is_live);
        found.map(|(_, a)| (a.collector.clone(), a.bucket.clone(), a.days))
    };
    assert_eq!(
        of(&s, "HQ"),
        Some(("Asha".into(), "31–60".into(), Some(40)))
    );
    let (_, _, days) = of(&s, "C2").unwrap();
    assert_eq!(days, Some(-10));
    // A month later it is another bucket; the one at assignment stands.
    s.today = day(2026, 7, 1);
    assert_eq!(of(&s, "HQ").unwrap().1, "31–60");
    let to_nobody = s.when(assign(&["HQ"], ""));
    assert_eq!(of(&s, "HQ"), None);
    s.undo(to_nobody);
    assert_eq!(of(&s, "HQ").unwrap().0, "Asha");
}

#[test]
fn a_parked_call_waits_until_a_contact_is_logged_or_it_is_given_up() {
    let mut s = book();
    let park = |customer: &str| {
        desk(DeskCommand::Park {
            customer: erp_customer(customer),
            began: 4_000,
            channel: Channel::InboundCall,
            draft: Some(text(9, "{}")),
        })
    };
    let parked = |s: &Story| s.book.calls_parked().count();
    s.when(park("HQ"));
    s.when(park("C2"));
    assert_eq!(parked(&s), 2);
    // A note is no contact; another customer's call is none of this one's.
    s.when(Command::LogContact(LogContact {
        channel: Channel::Note,
        ..log("HQ", Outcome::Informed)
    }));
    assert_eq!(parked(&s), 2);
    let call = s.when(Command::LogContact(log("HQ", Outcome::Informed)));
    assert_eq!(parked(&s), 1);
    s.undo(call);
    assert_eq!(parked(&s), 2);
    let key = s.book.desk().parked()[1].key;
    let give_up = || desk(DeskCommand::DropParked { parked: key });
    let dropped = s.when(give_up());
    assert_eq!(parked(&s), 1);
    assert_eq!(s.refuses(give_up()), Refusal::AlreadyEnded(key));
    s.undo(dropped);
    assert_eq!(parked(&s), 2);
    let again = s.when(park("HQ"));
    s.undo(again);
    let voided = s.book.desk().parked()[2].key;
    let give_up = desk(DeskCommand::DropParked { parked: voided });
    assert_eq!(s.refuses(give_up), Refusal::UnknownFact(voided));
}

#[test]
fn cp_04_what_has_happened_is_recorded_with_its_flag() {
    let mut s = book();
    let flag = |rule: &str, severity| Flag {
        rule: rule.into(),
        severity,
    };
    let logged = |flags| {
        desk(DeskCommand::Log {
            log: Box::new(log("HQ", Outcome::Informed)),
            flags: NewFlags {
                flags,
                reason: Some(text(3, "he asked for it")),
            },
        })
    };
    assert_eq!(
        s.refuses(logged(vec![flag(" ", Severity::Warn)])),
        Refusal::Empty(refusal::Field::Value)
    );
    let seq = s.when(logged(vec![
        flag("CP-03", Severity::Warn),
        flag("CP-04", Severity::Block),
    ]));
    let hq = s.book.find_customer(&erp_customer("HQ")).unwrap();
    let id = *s.book.customer(hq).unwrap().activities.last().unwrap();
    let found = s.book.flag_of(id).unwrap();
    assert_eq!(found.fact.flags[0], flag("CP-04", Severity::Block));
    assert_eq!(found.fact.flags.len(), 2);
    s.undo(seq);
    assert!(s.book.flag_of(id).is_none());
}

#[test]
fn cp_04_a_stop_holds_until_it_is_lifted_and_again_when_said_again() {
    let mut s = book();
    let hq = s.book.find_customer(&erp_customer("HQ")).unwrap();
    let lift = || {
        desk(DeskCommand::LiftStop {
            customer: erp_customer("HQ"),
            reason: text(7, "their CFO, by mail"),
            said: None,
        })
    };
    let stop = |s: &Story| {
        let said = s.book.stop(hq, &|c| s.book.is_live(c));
        said.map(|a| a.outcome)
    };
    assert!(matches!(s.refuses(lift()), Refusal::Empty(_)));
    s.when(Command::LogContact(log("HQ", Outcome::DoNotCall)));
    // Whatever was said after it, it stands.
    s.when(Command::LogContact(log("HQ", Outcome::InProcess)));
    assert_eq!(stop(&s), Some(Outcome::DoNotCall));
    let lifted = s.when(lift());
    assert_eq!(stop(&s), None);
    assert!(s.book.stop_lifted(hq, &|c| s.book.is_live(c)).is_some());
    s.undo(lifted);
    assert_eq!(stop(&s), Some(Outcome::DoNotCall));
    s.when(lift());
    s.when(Command::LogContact(log("HQ", Outcome::Insolvency)));
    assert_eq!(stop(&s), Some(Outcome::Insolvency));
    assert!(s.book.stop_lifted(hq, &|c| s.book.is_live(c)).is_none());
    // Lifted for the first alone, what was said after it stands, and so does an insolvency behind it.
    let keys = |s: &Story| -> Vec<FactKey> {
        let stops = s.book.stops(hq, |c| s.book.is_live(c));
        stops.map(|a| a.key).collect()
    };
    s.when(Command::LogContact(log("HQ", Outcome::DoNotCall)));
    let said = keys(&s);
    assert_eq!(said.len(), 2);
    let of = |key| {
        desk(DeskCommand::LiftStop {
            customer: erp_customer("HQ"),
            reason: text(7, "their CFO, by mail"),
            said: Some(key),
        })
    };
    s.when(of(said[1]));
    assert_eq!(keys(&s), said[..1]);
    assert!(matches!(s.refuses(of(said[1])), Refusal::Empty(_)));
}

#[test]
fn saved_filters_are_kept_by_name() {
    let mut s = book();
    let save = |name: &str, pool| {
        desk(DeskCommand::SavePool {
            name: name.into(),
            pool,
        })
    };
    let late = Pool {
        days_from: Some(61),
        ..Pool::default()
    };
    assert_eq!(
        s.refuses(save(" ", Some(late.clone()))),
        Refusal::Empty(refusal::Field::Name)
    );
    assert_eq!(
        s.refuses(save("Late", None)),
        Refusal::Empty(refusal::Field::Name)
    );
    s.when(save("Late", Some(late.clone())));
    assert_eq!(s.book.pools().collect::<Vec<_>>(), [("Late", &late)]);
    let gone = s.when(save("Late", None));
    assert_eq!(s.book.pools().count(), 0);
    s.undo(gone);
    assert_eq!(s.book.pools().count(), 1);
}

/// Stored for ever: the first byte after the variant is its number.
#[test]
fn numbers_of_desk_events_and_commands() {
    let number = |bytes: Vec<u8>| {
        let mut d = minicbor::Decoder::new(&bytes);
        d.array().unwrap();
        d.u32().unwrap()
    };
    let customer = CustomerId(0);
    let fact = ParkedFact {
        customer,
        began: 0,
        channel: Channel::Call,
        draft: None,
    };
    let flags = FlagFact {
        activity: ActivityId(0),
        flags: Vec::new(),
        reason: None,
    };
    let name = String::new();
    let events = [
        DeskEvent::Pinned {
            customer,
            pin: None,
        },
        DeskEvent::Snoozed {
            customer,
            snooze: None,
        },
        DeskEvent::Assigned { customer, to: None },
        DeskEvent::PoolSaved {
            name: name.clone(),
            pool: None,
        },
        DeskEvent::CallParked(fact),
        DeskEvent::ParkedDropped { parked: 0 },
        DeskEvent::ContactFlagged(flags),
        DeskEvent::StopLifted {
            customer,
            reason: text(1, "why"),
            said: None,
        },
    ];
    for (n, event) in (0..).zip(&events) {
        assert_eq!(number(minicbor::to_vec(event).unwrap()), n);
        assert_eq!(
            number(minicbor::to_vec(Event::Desk(event.clone())).unwrap()),
            60
        );
    }
    let key = || erp_customer("HQ");
    let commands = [
        DeskCommand::Pin {
            customer: key(),
            pin: None,
        },
        DeskCommand::Snooze {
            customer: key(),
            snooze: None,
        },
        DeskCommand::Assign {
            customers: Vec::new(),
            collector: name.clone(),
        },
        DeskCommand::SavePool { name, pool: None },
        DeskCommand::Park {
            customer: key(),
            began: 0,
            channel: Channel::Call,
            draft: None,
        },
        DeskCommand::DropParked {
            parked: keys::FactKey {
                command: uid(1),
                ordinal: 0,
            },
        },
        DeskCommand::Log {
            log: Box::new(log("HQ", Outcome::Busy)),
            flags: NewFlags::default(),
        },
        DeskCommand::LiftStop {
            customer: key(),
            reason: text(1, "why"),
            said: None,
        },
    ];
    for (n, command) in (0..).zip(&commands) {
        assert_eq!(number(minicbor::to_vec(command).unwrap()), n);
        assert_eq!(
            number(minicbor::to_vec(Command::Desk(command.clone())).unwrap()),
            60
        );
    }
}
