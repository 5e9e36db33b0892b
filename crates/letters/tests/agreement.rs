//! The document of a payment plan (PL-01) as Word opens it, the letter before claim of a country, and
//! the account that goes with a dossier (domain.md 8.5).
#![allow(clippy::unwrap_used, clippy::inconsistent_digit_grouping)] // minor units: 70_00 is 70.00
#[path = "../../insight/tests/support/mod.rs"]
mod support;

use duebook_exchange::write::archive;
use duebook_insight::late::{charges_for, late_items};
use duebook_insight::plans::judge_plans;
use duebook_ledger::columns::{ItemKind, StagedCustomer};
use duebook_ledger::plans::*;
use duebook_ledger::policy::PolicyChange;
use duebook_ledger::{Command, CustomerId, OpenScan, View};
use duebook_letters::agreement::agreement;
use duebook_letters::claim::{account, account_statement, letter_before_claim, template_of};
use duebook_letters::words::Words;
use duebook_letters::{Block, Party, docx, text};
use duebook_money::Currency;
use duebook_policy::letters::Sender;
use std::io::Read;
use support::*;

fn sender() -> Sender {
    Sender {
        company: "Northwind & Söhne".into(),
        name: "Asha".into(),
        pay_to: "IBAN DE00 1234".into(),
        ..Sender::default()
    }
}

/// C of a country owes I1 1,000.00 due 9 February and I2 500.00 due 9 March 2026.
fn desk(country: &str) -> Desk {
    let mut desk = Desk::new(true, "2026-04-01");
    desk.run(Command::SaveCustomer {
        customer: own("C"),
        facts: StagedCustomer {
            number: "C".into(),
            name: "Evil <script> & Co".into(),
            country: Some(country.into()),
            ..StagedCustomer::default()
        },
    });
    for (number, doc, due, amount) in [
        ("I1", "2026-01-10", "2026-02-09", 1_000_00),
        ("I2", "2026-02-07", "2026-03-09", 500_00),
    ] {
        desk.issue("C", ItemKind::Invoice, number, doc, &[(due, amount)]);
    }
    desk
}

fn agree(desk: &mut Desk, interest: PlanInterest, triggers: u8) {
    let customer = desk.book.find_customer(&own("C")).unwrap();
    let charges = match interest {
        PlanInterest::FrontLoaded => {
            let scan = OpenScan::new(&desk.book, View::on(desk.today));
            let pack = desk.book.policies().recovery.interest.pack("de").unwrap();
            charges_for(&desk.book, &late_items(&desk.book, &scan, customer, pack))
        }
        _ => Vec::new(),
    };
    let rest = 583_33 + charges.iter().map(|c| c.sheet.total()).sum::<i64>();
    let parts = [
        ("2026-04-10", 333_33),
        ("2026-05-11", 583_34),
        ("2026-06-10", rest),
    ];
    desk.run(Command::Plan(PlanCommand::Agree(NewPlan {
        customer: own("C"),
        contact: None,
        currency: Currency::EUR,
        items: vec![(item("I1", ""), 1_000_00), (item("I2", ""), 500_00)],
        instalments: parts.map(|(d, a)| (day(d), a)).to_vec(),
        interest,
        charges,
        triggers,
        reason: "short of cash".into(),
        approved: None,
        acknowledgement: None,
    })));
}

/// The text of a document as a reader of the format finds it: zipped, opened again, its runs by
/// paragraph.
fn reopened(title: &str, body: &[Block]) -> String {
    let bytes = archive::package(&docx::parts(title, body)).unwrap();
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    for part in ["[Content_Types].xml", "_rels/.rels", "docProps/core.xml"] {
        assert!(zip.by_name(part).is_ok(), "{part}");
    }
    let mut xml = String::new();
    let mut part = zip.by_name("word/document.xml").unwrap();
    part.read_to_string(&mut xml).unwrap();
    let mut out = String::new();
    for paragraph in xml.split("</w:p>") {
        for run in paragraph.split("<w:t xml:space=\"preserve\">").skip(1) {
            out.push_str(run.split("</w:t>").next().unwrap());
            out.push(' ');
        }
        out.push('\n');
    }
    for (entity, c) in [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&amp;", "&"),
    ] {
        out = out.replace(entity, c);
    }
    assert!(!xml.contains("<script>"), "values are escaped");
    out
}

#[test]
fn pl_01_the_document_has_every_instalment_and_total() {
    let words = Words::of("en");
    for (interest, says) in [
        (
            PlanInterest::Waived,
            "In default it is claimed again, from the original due dates",
        ),
        (PlanInterest::Accrues, "is claimed at its end"),
        (PlanInterest::FrontLoaded, "among the amounts covered"),
    ] {
        let mut desk = desk("DE");
        agree(&mut desk, interest, trigger::USUAL);
        let plan = judge_plans(&desk.book, View::on(desk.today)).remove(0);
        let made = agreement(&desk.book, &plan, &sender(), Some("C owes it.")).unwrap();
        let word = reopened(&made.title, &made.body);
        // Paper and Word say the same.
        let plain = text::render(&made.body);
        for (n, i) in plan.instalments.iter().enumerate() {
            for said in [
                (n + 1).to_string(),
                words.day(i.due),
                words.day(i.window_end),
                words.figure(i.amount, Currency::EUR),
            ] {
                assert!(
                    word.contains(&said) && plain.contains(&said),
                    "{said} in\n{word}"
                );
            }
        }
        let total = words.figure(plan.total, Currency::EUR);
        // Front-loaded interest is covered like any other item.
        assert_eq!(
            word.contains("LI-I1-1"),
            interest == PlanInterest::FrontLoaded
        );
        assert_eq!(
            word.matches(&total).count(),
            3,
            "sentence and both tables:\n{word}"
        );
        for said in [
            "Evil <script> & Co",
            "Northwind & Söhne",
            "I1",
            "9 Feb 2026",
            "1,000.00",
            "I2",
            "500.00",
        ] {
            assert!(word.contains(said), "{said} in\n{word}");
        }
        for said in [
            "Acknowledgement of debt: C owes it.",
            "two instalments in a row are late",
            "due at once, at the original due dates",
            "For the debtor:",
            "IBAN DE00 1234",
        ] {
            assert!(word.contains(said), "{said} in\n{word}");
        }
        assert!(
            !word.contains("returned by the bank"),
            "only what was agreed"
        );
        assert!(word.contains(says), "{word}");
    }
    let mut desk = desk("DE");
    agree(&mut desk, PlanInterest::Accrues, 0);
    let plan = judge_plans(&desk.book, View::on(desk.today)).remove(0);
    let made = agreement(&desk.book, &plan, &sender(), None).unwrap();
    let plain = text::render(&made.body);
    assert!(!plain.contains("in default where") && !plain.contains("Acknowledgement"));
}

fn party(desk: &Desk) -> (CustomerId, Party) {
    let id = desk.book.find_customer(&own("C")).unwrap();
    let party = Party {
        sender: sender(),
        customer: "Evil <script> & Co".into(),
        number: "C".into(),
        contact: String::new(),
        terms: String::new(),
    };
    (id, party)
}

#[test]
fn section_8_5_the_letter_before_claim_of_each_country() {
    for (country, id, answer) in [
        ("GB", "before-claim-gb", "15 Apr 2026"),
        ("IN", "before-claim-in", "1 May 2026"),
        ("DE", "before-claim-de", "15 Apr 2026"),
        ("BR", "before-claim", "15 Apr 2026"),
    ] {
        let desk = desk(country);
        let (customer, party) = party(&desk);
        let template = template_of(&desk.book, customer).unwrap();
        let scan = OpenScan::new(&desk.book, View::on(desk.today));
        let made = letter_before_claim(&desk.book, &scan, customer, &party, &template);
        assert_eq!((template.id.as_str(), &made.missing), (id, &Vec::new()));
        let plain = text::render(&made.body);
        let says = [
            answer,
            "1,500.00\u{a0}EUR",
            "I1",
            "I2",
            "to be checked by counsel",
        ];
        for said in says {
            assert!(plain.contains(said), "{country}: {said} in\n{plain}");
        }
        // Only where a rule gives a figure.
        let interest = plain.contains("Interest and compensation");
        assert_eq!(
            interest,
            ["GB", "DE"].contains(&country),
            "{country}\n{plain}"
        );
        let word = reopened(&made.subject, &made.body);
        assert!(word.contains(answer) && word.contains("1,500.00"), "{word}");
    }
}

#[test]
fn section_8_5_what_a_plan_holds_is_not_claimed_and_what_is_placed_is() {
    let mut desk = desk("DE");
    let (customer, party) = party(&desk);
    let asked = |desk: &Desk| {
        let template = template_of(&desk.book, customer).unwrap();
        let scan = OpenScan::new(&desk.book, View::on(desk.today));
        let made = letter_before_claim(&desk.book, &scan, customer, &party, &template);
        (
            made.totals,
            text::render(&made.body).contains("Interest and"),
        )
    };
    let all = vec![(Currency::EUR, 1_500_00)];
    assert_eq!(asked(&desk), (all.clone(), true));
    agree(&mut desk, PlanInterest::Waived, trigger::USUAL);
    assert_eq!(asked(&desk), (vec![(Currency::EUR, 0)], false));
    let undo = desk.book.head();
    desk.run(Command::Undo { commit: undo });
    desk.run(Command::Plan(PlanCommand::Place(NewPlacement {
        customer: own("C"),
        with: PlacedWith::Counsel,
        name: "Kanzlei Nord".into(),
        items: vec![item("I1", ""), item("I2", "")],
        commission_ppm: 0,
        reference: String::new(),
        reason: "nothing came".into(),
        approved: None,
        stage: Stage::Collecting,
    })));
    assert_eq!(asked(&desk), (all, true));
}

#[test]
fn section_8_5_the_account_ends_on_its_open_items() {
    let mut desk = desk("DE");
    desk.at("2026-04-10");
    desk.receipt(
        own("C"),
        "P1",
        "2026-04-10",
        400_00,
        &[(item("I1", ""), 300_00)],
    );
    let (customer, party) = party(&desk);
    for on in ["2026-01-09", "2026-02-28", "2026-04-09", "2026-04-10"] {
        let to = day(on);
        let scan = OpenScan::new(&desk.book, View::on(to));
        let open =
            |i: duebook_ledger::items::ItemRef<'_>| scan.open(i.id).map_or(0, |o| o.working());
        let open: i64 = desk.book.items_of(customer).map(open).sum();
        let (_, accounts) = account(&desk.book, customer, to);
        let closing: i64 = accounts.iter().map(|f| f.closing).sum();
        assert!(accounts.iter().all(|f| f.holds() && f.opening == 0), "{on}");
        assert_eq!(closing, open, "{on}");
    }
    let (title, body) = account_statement(&desk.book, customer, &party, desk.today);
    let word = reopened(&title, &body);
    for said in ["I1", "I2", "P1", "−400.00", "1,100.00", "Closing balance"] {
        assert!(word.contains(said), "{said} in\n{word}");
    }
}

#[test]
fn section_8_5_an_edited_template_is_the_one_that_is_used() {
    let mut desk = desk("GB");
    let mut policy = desk.book.policies().letters.clone();
    let mut own = policy.before_claim("GB").unwrap();
    (own.version, own.answer_days) = (2, Some(30));
    own.body = "Pay {{overdue}} by {{answer_by}}.\n\n{{table}}".into();
    policy.templates.retain(|t| t.id != own.id);
    policy.templates.push(own);
    desk.run(Command::SetPolicy(PolicyChange::Letters(Box::new(policy))));
    let (customer, party) = party(&desk);
    let template = template_of(&desk.book, customer).unwrap();
    let scan = OpenScan::new(&desk.book, View::on(desk.today));
    let made = letter_before_claim(&desk.book, &scan, customer, &party, &template);
    assert!(!template.is_unchecked() && template.version == 2);
    assert!(text::render(&made.body).starts_with("Pay 1,500.00\u{a0}EUR by 1 May 2026."));
}
