//! Reconciliation: what is locked stays as it was reconciled, breaks stand until they are closed.
#![allow(clippy::unwrap_used, clippy::inconsistent_digit_grouping)] // minor units: 70_00 is 70.00
mod support;
use duebook_ledger::facts::{Scope, Standing};
use duebook_ledger::keys::FactKey;
use duebook_ledger::recon::*;
use duebook_ledger::*;
use duebook_money::{Currency, Day};
use support::*;

fn d(n: i32) -> Day {
    day(2026, 3, 1).plus(n)
}

/// Own ledger: an invoice of 100.00 and one of 40.00 in March, 60.00 received on the 11th.
fn book() -> Story {
    let mut s = own_book();
    s.today = d(45);
    s.customer("C1");
    s.invoice("C1", "A", d(0), &[(d(30), 100_00)]);
    s.invoice("C1", "B", d(5), &[(d(35), 40_00)]);
    s.when(receipt("C1", "R", d(10), 60_00, &[(own_item("A"), 60_00)]));
    s
}

fn lock(from: Day, to: Day, note: &str) -> Command {
    Command::Recon(ReconCommand::LockPeriod {
        from,
        to,
        note: note.into(),
        breaks: 0,
    })
}

fn key(s: &Story, commit: Seq) -> FactKey {
    fact(s, commit, 35, 0)
}

fn unlock(lock: FactKey, reason: &str) -> Command {
    Command::Recon(ReconCommand::UnlockPeriod {
        lock,
        reason: reason.into(),
    })
}

fn march(date: Day) -> Refusal {
    Refusal::Locked {
        date,
        from: d(0),
        to: d(30),
    }
}

#[test]
fn rc_02_a_lock_keeps_the_figures_it_was_made_with() {
    let mut s = book();
    s.when(Command::SetControlBalance {
        currency: Currency::EUR,
        as_of: d(30),
        minor: 80_00,
        source: "GL".into(),
    });
    s.when(lock(d(0), d(30), ""));
    let lock = s.book.locks().next().unwrap();
    let figure = LockedFigure {
        currency: Currency::EUR,
        opening: 0,
        closing: 80_00,
        at_source: 80_00,
        control: Some(80_00),
    };
    assert_eq!(lock.figures, [figure]);
    assert_eq!(figure.difference(), Some(0));
}

#[test]
fn a_period_that_differs_from_the_control_account_is_locked_only_with_a_word() {
    let mut s = book();
    s.when(Command::SetControlBalance {
        currency: Currency::EUR,
        as_of: d(30),
        minor: 71_00,
        source: "GL".into(),
    });
    let differs = Refusal::ControlDiffers(vec![(Currency::EUR, 9_00)]);
    assert_eq!(s.refuses(lock(d(0), d(30), "  ")), differs);
    s.when(lock(
        d(0),
        d(30),
        "9.00 transposed in the GL, corrected in April",
    ));
    assert_eq!(s.book.locks().count(), 1);
}

#[test]
fn every_posting_dated_inside_a_lock_is_refused_and_those_outside_go_through() {
    let mut s = book();
    let applied = Seq(s.book.head().0);
    let locked = s.when(lock(d(0), d(30), ""));
    let inside = march(d(30));
    let invoice = document(
        "C1",
        "X",
        duebook_ledger::columns::ItemKind::Invoice,
        d(30),
        &[(d(60), 5_00)],
    );
    assert_eq!(s.refuses(invoice), inside);
    assert_eq!(s.refuses(receipt("C1", "R2", d(30), 5_00, &[])), inside);
    let reverse = |effective| Command::ReverseSettlement {
        settlement: settlement(&s, applied, 0),
        effective,
    };
    let (early, late) = (reverse(d(12)), reverse(d(31)));
    assert_eq!(s.refuses(early), march(d(12)));
    assert_eq!(s.refuses(returned(own_credit("R"), d(30))), inside);
    let balance = Command::SetControlBalance {
        currency: Currency::EUR,
        as_of: d(30),
        minor: 1,
        source: "GL".into(),
    };
    assert_eq!(s.refuses(balance), inside);
    // CA-32: a closed period is corrected in the current one.
    s.when(late);
    s.when(apply(own_credit("R"), own_item("B"), 40_00, d(31), &[]));
    // Lifted with a reason, the period takes postings again; once.
    let key = key(&s, locked);
    assert_eq!(
        s.refuses(unlock(key, " ")),
        Refusal::Empty(duebook_ledger::refusal::Field::Ground)
    );
    s.when(unlock(key, "Late invoice of the 31st"));
    assert_eq!(s.refuses(unlock(key, "again")), Refusal::AlreadyEnded(key));
    s.when(receipt("C1", "R2", d(30), 5_00, &[]));
    let told: Vec<Option<&str>> = s.book.all_locks().map(|(_, why)| why).collect();
    assert_eq!(told, [Some("Late invoice of the 31st")]);
}

#[test]
fn undo_of_a_posting_inside_a_lock_is_refused_and_so_is_undo_of_the_lock() {
    let mut s = book();
    let received = s.book.head();
    let locked = s.when(lock(d(0), d(30), ""));
    assert_eq!(s.refuses(Command::Undo { commit: received }), march(d(10)));
    let stands = Refusal::LockStands {
        from: d(0),
        to: d(30),
    };
    assert_eq!(s.refuses(Command::Undo { commit: locked }), stands);
    let key = key(&s, locked);
    let lifted = s.when(unlock(key, "to undo"));
    let undone = s.undo(received);
    s.undo(undone);
    // Undoing the lifting locks again; a lock made since is in its way.
    s.when(lock(d(20), d(30), ""));
    assert_eq!(
        s.refuses(Command::Undo { commit: lifted }),
        Refusal::Locked {
            date: d(20),
            from: d(20),
            to: d(30)
        }
    );
}

#[test]
fn locks_end_today_at_the_latest_and_do_not_overlap() {
    let mut s = book();
    let today = s.today;
    assert_eq!(
        s.refuses(lock(d(3), d(2), "")),
        Refusal::DateBefore {
            date: d(2),
            earliest: d(3)
        }
    );
    assert_eq!(
        s.refuses(lock(d(0), today.plus(1), "")),
        Refusal::DateAfter {
            date: today.plus(1),
            latest: today
        }
    );
    s.when(lock(d(0), d(30), ""));
    assert_eq!(s.refuses(lock(d(30), d(40), "")), march(d(30)));
    s.when(lock(d(31), d(40), ""));
}

#[test]
fn a_file_of_the_source_comes_in_whatever_is_locked_and_a_rejection_inside_does_not() {
    let mut s = following_book();
    s.today = d(20);
    s.import(d(10), &[row("C1", "A", d(0), d(30), 100_00, 100_00)]);
    s.when(receipt_from(
        erp_customer("C1"),
        "R",
        d(12),
        30_00,
        &[(erp_item("A"), 30_00)],
    ));
    s.when(lock(d(0), d(15), ""));
    let reject = Command::SetStanding {
        item: Some(own_credit("R")),
        settlement: None,
        standing: Standing::Rejected,
        reference: "not ours".into(),
    };
    assert!(matches!(s.refuses(reject), Refusal::Locked { .. }));
    let sent = Command::SetStanding {
        item: Some(own_credit("R")),
        settlement: None,
        standing: Standing::Sent,
        reference: "batch 1".into(),
    };
    s.when(sent);
    // A late invoice of the locked days is the source's to show.
    s.import(
        d(20),
        &[
            row("C1", "A", d(0), d(30), 100_00, 100_00),
            row("C1", "B", d(14), d(44), 7_00, 7_00),
        ],
    );
    let now = s.book.open_by_currency(d(15));
    let lock = s.book.locks().next().unwrap();
    assert_eq!(lock.figures[0].closing, 70_00);
    assert_eq!(
        now[&Currency::EUR].0,
        77_00,
        "and that the period moved is seen"
    );
    let _ = Scope::Everything;
}

#[test]
fn rc_03_a_break_stands_until_it_is_closed_and_undo_brings_it_back() {
    let mut s = book();
    let matter = BreakMatter::Control(Currency::EUR, d(30));
    let facts = |owner: &str| BreakFacts {
        matter: matter.clone(),
        kind: BreakKind::Control,
        currency: Currency::EUR,
        amount: 9_00,
        since: d(30),
        owner: owner.into(),
        expected: Some(d(40)),
        note: "transposed in the GL?".into(),
    };
    s.when(Command::Recon(ReconCommand::NoteBreak(facts("Meera"))));
    let close = || {
        Command::Recon(ReconCommand::CloseBreak {
            matter: matter.clone(),
            how: "GL corrected, JV 118".into(),
        })
    };
    let closed = s.when(close());
    assert_eq!(s.refuses(close()), Refusal::UnknownBreak(matter.clone()));
    let noted = s.book.noted_break(&matter).unwrap();
    assert_eq!(noted.closed.as_deref(), Some("GL corrected, JV 118"));
    assert_eq!(noted.facts.owner, "Meera");
    s.undo(closed);
    assert_eq!(s.book.noted_break(&matter).unwrap().closed, None);
    s.when(Command::Recon(ReconCommand::NoteBreak(facts("Ravi"))));
    assert_eq!(s.book.noted_break(&matter).unwrap().facts.owner, "Ravi");
    let unknown = BreakFacts {
        matter: BreakMatter::Receipt(own_credit("nothing")),
        ..facts("Ravi")
    };
    assert_eq!(
        s.refuses(Command::Recon(ReconCommand::NoteBreak(unknown))),
        Refusal::UnknownItem(own_credit("nothing"))
    );
}

#[test]
fn ca_05_a_payer_forgotten_is_known_by_letters_and_digits_and_undo_remembers() {
    let mut s = book();
    let forget = |text: &str| {
        Command::Recon(ReconCommand::UnlearnAlias {
            kind: PayerText::Name,
            text: text.into(),
            customer: own_customer("C1"),
        })
    };
    let seq = s.when(forget("Acme GmbH & Co."));
    let known = |s: &Story| {
        s.book
            .unlearnt(PayerText::Name, &payer_key("ACME-gmbh co"), CustomerId(0))
    };
    assert_eq!(known(&s), Some(seq));
    s.undo(seq);
    assert_eq!(known(&s), None);
    assert!(matches!(s.refuses(forget(" - ")), Refusal::Empty(_)));
}

#[test]
fn what_is_stored_keeps_its_numbers() {
    let facts = BreakFacts {
        matter: BreakMatter::Other("x".into()),
        kind: BreakKind::Other,
        currency: Currency::EUR,
        amount: 1,
        since: d(0),
        owner: String::new(),
        expected: None,
        note: String::new(),
    };
    let lock = FactKey {
        command: uid(1),
        ordinal: 35 << 24,
    };
    let matter = facts.matter.clone();
    let (from, to) = (d(0), d(1));
    let events = [
        ReconEvent::PeriodLocked {
            from,
            to,
            figures: Vec::new(),
            note: String::new(),
            breaks: 0,
        },
        ReconEvent::PeriodUnlocked {
            lock,
            reason: String::new(),
        },
        ReconEvent::BreakNoted(facts.clone()),
        ReconEvent::BreakClosed {
            matter: matter.clone(),
            how: String::new(),
        },
        ReconEvent::AliasUnlearnt {
            kind: PayerText::Account,
            text: String::new(),
            customer: CustomerId(0),
        },
    ];
    let commands = [
        ReconCommand::LockPeriod {
            from,
            to,
            note: String::new(),
            breaks: 0,
        },
        ReconCommand::UnlockPeriod {
            lock,
            reason: String::new(),
        },
        ReconCommand::NoteBreak(facts),
        ReconCommand::CloseBreak {
            matter,
            how: String::new(),
        },
        ReconCommand::UnlearnAlias {
            kind: PayerText::Account,
            text: String::new(),
            customer: own_customer("C1"),
        },
    ];
    for (n, (command, event)) in commands.into_iter().zip(events).enumerate() {
        let body = Body {
            command: Command::Recon(command),
            events: vec![Event::Recon(event)],
        };
        let bytes = body.encode();
        // A map of two: 0 is the command, an array that begins with 110 and holds one that begins
        // with its own number.
        assert_eq!(bytes[..5], [0xa2, 0x00, 0x82, 0x18, 110]);
        let own = bytes[5..].iter().position(|b| *b == 0x82).unwrap();
        assert_eq!(usize::from(bytes[5 + own + 1]), n);
        assert_eq!(Body::decode(&bytes).unwrap(), body);
    }
}
