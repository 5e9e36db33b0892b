//! A log for the fixtures of stored formats.

#![allow(clippy::inconsistent_digit_grouping)] // minor units: 70_00 is 70.00

use super::*;

/// What the source was told of, a tracker, and the client's workbook.
pub fn told_and_kept() -> Story {
    use duebook_ledger::outbox::{Batch, MatterKey};
    use duebook_ledger::template::*;
    use duebook_ledger::work::{ImportTracker, TrackerPart};
    let mut s = following_book();
    let doc = day(2026, 3, 1);
    s.today = doc.plus(30);
    s.import(
        doc.plus(29),
        &[row("C1", "A", doc, doc.plus(30), 400_00, 400_00)],
    );
    let pays = [(erp_item("A"), 100_00)];
    s.when(receipt_from(
        erp_customer("C1"),
        "R1",
        s.today,
        100_00,
        &pays,
    ));
    let batch = |again| {
        Command::SendBatch(Batch {
            items: vec![(MatterKey::Item(own_credit("R1")), "1400001".into())],
            name: "Batch 1".into(),
            again,
        })
    };
    s.when(batch(false));
    s.when(batch(true));
    s.when(Command::ImportTracker(ImportTracker {
        file: "tracker.xlsx".into(),
        parts: vec![TrackerPart::Remark {
            customer: erp_customer("C1"),
            item: Some(erp_item("A")),
            day: doc.plus(3),
            author: "Asha".into(),
            text: text(7, "called, in the next run"),
        }],
    }));
    let aged = TemplateField::Aged {
        from: Some(1),
        to: None,
    };
    let fields = TemplateField::NAMED.iter().map(|(f, _)| *f).chain([aged]);
    let column = |(at, field): (usize, TemplateField)| PlanColumn {
        at: at as u16,
        header: field.name(),
        field,
    };
    let bytes = b"workbook".to_vec();
    let template = TemplateFacts {
        name: "Weekly".into(),
        file: "weekly.xlsx".into(),
        block: BlockRef::of(&bytes, 0),
        sheets: vec![SheetPlan {
            sheet: "Open".into(),
            header: 1,
            first: 2,
            last: 9,
            columns: fields.enumerate().map(column).collect(),
            rows: PlanRows {
                past_due: true,
                debits: true,
                collector: Some("Asha".into()),
                currency: Some("EUR".into()),
                entity: Some("1000".into()),
                words: "north".into(),
            },
            order: PlanOrder::Open,
        }],
    };
    let incoming = import::Incoming {
        template: Some(bytes),
        ..import::Incoming::default()
    };
    let mut put_away = template.clone();
    put_away.name = "Old".into();
    for facts in [template, put_away] {
        let command = Command::Template(TemplateCommand::Set(facts));
        s.try_with(command, &incoming, Vec::new()).unwrap();
    }
    s.when(Command::Template(TemplateCommand::Remove("Old".into())));
    s
}

/// Every event of reporting: an opening list, a pack with its forecast, sales, a forecast by hand.
pub fn reported() -> Story {
    use duebook_ledger::reporting::*;
    let mut s = following_book();
    let doc = day(2026, 3, 1);
    s.today = doc.plus(31);
    s.import(
        s.today,
        &[row("C1", "A", doc, doc.plus(15), 400_00, 400_00)],
    );
    let totals = ControlTotals {
        count: 1,
        sums: vec![(Currency::EUR, 400_00)],
        hash_total: 7,
    };
    let run = |s: &mut Story, command| s.when(Command::Reporting(command));
    let known = s.book.head();
    let list = FrozenList {
        from: day(2026, 4, 1),
        to: day(2026, 4, 30),
        known,
        refresh: "ERP, open.csv".into(),
        closed: true,
        totals: totals.clone(),
    };
    run(&mut s, ReportingCommand::FreezeList(list));
    let rows = vec![SalesRow {
        customer: "C1".into(),
        month: doc,
        currency: Currency::EUR,
        minor: 400_00,
    }];
    let facts = s.facts(ImportKind::Sales, s.today, Scope::TheseRows);
    run(&mut s, ReportingCommand::ImportSales { facts, rows });
    let week = |committed| ForecastWeek {
        committed,
        statistical: 20_00,
        upside: 10_00,
    };
    let forecast = FrozenForecast {
        as_of: s.today,
        known,
        currencies: vec![FrozenCash {
            currency: Currency::EUR,
            weeks: vec![week(90_00), week(0)],
            later: week(0),
            open: 400_00,
        }],
    };
    let report = IssuedReport {
        name: "Weekly".into(),
        reports: vec!["forecast".into()],
        from: doc,
        as_of: s.today,
        known,
        file: "weekly.xlsx".into(),
        hash: [7; 32],
        bytes: 1234,
        passed: 4,
        controls: 4,
        stood: Stood::Reconciled,
        totals,
        figures: Vec::new(),
        reason: "again".into(),
    };
    run(
        &mut s,
        ReportingCommand::IssuePack {
            report: report.clone(),
            forecast: forecast.clone(),
        },
    );
    run(&mut s, ReportingCommand::IssueReport(report));
    s.today = s.today.plus(7);
    let later = FrozenForecast {
        as_of: s.today,
        ..forecast
    };
    run(&mut s, ReportingCommand::FreezeForecast(later));
    s
}

/// Misapplied cash moved to another customer, undone and redone; applied there since.
pub fn moved_receipt() -> Story {
    use duebook_ledger::recon::ReconCommand;
    let mut s = own_book();
    let doc = day(2026, 3, 1);
    s.today = doc.plus(20);
    for (customer, number) in [("C1", "A"), ("C2", "B")] {
        s.customer(customer);
        s.invoice(customer, number, doc, &[(doc.plus(30), 100_00)]);
    }
    let wrongly = [(own_item("A"), 100_00)];
    s.when(receipt("C1", "R", doc.plus(5), 150_00, &wrongly));
    let moved = s.when(Command::Recon(ReconCommand::MoveReceipt {
        receipt: own_credit("R"),
        to: own_customer("C2"),
        apply: vec![(own_item("B"), 60_00)],
        effective: doc.plus(20),
    }));
    let undone = s.undo(moved);
    s.undo(undone);
    s.apply("R", own_item("B"), 40_00, doc.plus(20));
    s
}

/// A part of a receipt moved on to another customer and one into another currency; undone and redone.
pub fn transferred() -> Story {
    use duebook_ledger::recon::{Onward, ReconCommand};
    let mut s = own_book();
    let doc = day(2026, 3, 1);
    s.today = doc.plus(20);
    for (customer, number) in [("C1", "A"), ("C2", "B")] {
        s.customer(customer);
        s.invoice(customer, number, doc, &[(doc.plus(30), 100_00)]);
    }
    let paid = s.when(receipt(
        "C1",
        "R",
        doc.plus(5),
        150_00,
        &[(own_item("A"), 80_00)],
    ));
    let part = |customer: &str, currency, into, applications: Vec<_>| Onward {
        customer: own_customer(customer),
        amount: 60_00,
        currency,
        into,
        applications,
    };
    let onward = |take_back, onward, effective| {
        Command::Recon(ReconCommand::TransferReceipt {
            receipt: own_credit("R"),
            take_back,
            onward,
            effective,
        })
    };
    let there = part("C2", Currency::EUR, 60_00, vec![(own_item("B"), 40_00)]);
    let moved = s.when(onward(Vec::new(), there, doc.plus(20)));
    let undone = s.undo(moved);
    s.undo(undone);
    let back = settlement(&s, paid, 0);
    let dollars = part("C1", Currency::USD, 64_20, Vec::new());
    s.when(onward(vec![back], dollars, doc.plus(20)));
    s
}

/// Customers of a file, with a person, and another file that says more of one.
pub fn master_data() -> Story {
    let mut s = following_book();
    let doc = day(2026, 3, 1);
    s.today = doc;
    s.import(
        doc.plus(30),
        &[row("C1", "A", doc, doc.plus(30), 100_00, 100_00)],
    );
    let customer = |number: &str, name: &str| StagedCustomer {
        number: number.into(),
        name: name.into(),
        ..StagedCustomer::default()
    };
    let person = NewContact {
        customer: erp_customer("C2"),
        role: "AP clerk".into(),
        zone: None,
        language: Some("fr".into()),
        details: text(1, "Anne\nanne@example.com\n+33 1"),
    };
    s.master(
        "customers.csv",
        vec![customer("C1", "First Ltd"), customer("C2", "Second SARL")],
        vec![person],
    );
    s.today = doc.plus(1);
    let known = customer("C1", "First Ltd");
    let more = StagedCustomer {
        country: Some("FR".into()),
        ..customer("C2", "Second SARL")
    };
    let last = s.master("more.csv", vec![known, more], Vec::new());
    let undone = s.undo(last);
    s.undo(undone);
    s
}

/// The stored number of an event. A new event does not compile here until it has one.
pub fn number_of(event: &Event) -> u8 {
    match event {
        Event::BookOpened { .. } => 0,
        Event::EntityAdded { .. } => 1,
        Event::ItemsImported { .. } => 2,
        Event::ItemsChanged { .. } => 3,
        Event::PaymentsImported { .. } => 4,
        Event::CustomerSaved { .. } => 5,
        Event::ContactSaved { .. } => 6,
        Event::ContactRemoved { .. } => 7,
        Event::ProfileSet { .. } => 8,
        Event::ActivityLogged { .. } => 9,
        Event::PromiseMade(_) => 10,
        Event::PromiseEnded { .. } => 11,
        Event::FollowUpSet { .. } => 12,
        Event::FollowUpClosed { .. } => 13,
        Event::FieldSet { .. } => 14,
        Event::ItemAdded(_) => 15,
        Event::Settled(_) => 16,
        Event::SettlementReversed { .. } => 17,
        Event::PolicySet(_) => 18,
        Event::ControlBalanceSet { .. } => 19,
        Event::Voided { .. } => 20,
        Event::TextsErased { .. } => 21,
        Event::StandingSet { .. } => 22,
        Event::PostingAnswered { .. } => 23,
        Event::Succeeded(_) => 24,
        Event::CustomerMerged { .. } => 25,
        Event::ReversalStandingSet { .. } => 26,
        Event::Told { .. } => 40,
        Event::ToTellAgain { .. } => 41,
        Event::StatementImported { .. } => 27,
        Event::LineSettled { .. } => 28,
        Event::MasterDataImported { .. } => 29,
        Event::Template(_) => 42,
        Event::RemarkImported(_) => 50,
        Event::Case(_) => 80,
        Event::Desk(_) => 60,
        Event::Recon(_) => 110,
        Event::Shift(_) => 120,
        Event::Plan(_) => 90,
        Event::Reporting(_) => 100,
        Event::Letters(_) => 70,
    }
}
