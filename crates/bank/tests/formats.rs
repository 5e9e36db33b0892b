//! Each parser on a fixture of its own: what comes through, and what is told.

use duebook_bank::{
    BalanceKind, DocumentKind, EntryKind, File, Format, Options, Problem, ReferenceKind, Status,
    read,
};
use duebook_money::{Currency, Money};

fn fixture(name: &str) -> File {
    let path = format!("{}/tests/fixtures/{name}", env!("CARGO_MANIFEST_DIR"));
    let bytes = std::fs::read(path).expect("a fixture");
    read(&bytes, name, &Options::default()).unwrap_or_else(|e| panic!("{name}: {e}"))
}

fn eur(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

fn told(file: &File, what: impl Fn(&Problem) -> bool) -> bool {
    file.findings.iter().any(|f| what(&f.problem))
}

#[test]
fn rc_01_camt_batches_reversals_and_a_damaged_entry() {
    let file = fixture("batch.xml");
    assert_eq!(file.format, Format::Camt053);
    let s = &file.statements[0];
    assert_eq!(s.account.iban.as_deref(), Some("DE02120300000000202051"));
    assert_eq!(s.owner.as_deref(), Some("Seller GmbH"));
    assert_eq!(
        s.entries.len(),
        4,
        "the damaged one is left out, the others come through"
    );
    let batch = &s.entries[0];
    assert_eq!(
        (batch.amount, batch.kind),
        (eur(42_956), EntryKind::Receipt)
    );
    // Late at night far west: the day as written.
    assert_eq!(
        batch.booked.map(|d| d.to_string()).as_deref(),
        Some("2026-03-02")
    );
    let amounts: Vec<_> = batch.details.iter().map(|d| d.amount).collect();
    assert_eq!(amounts, [Some(eur(32_956)), Some(eur(10_000))]);
    let first = &batch.details[0];
    assert_eq!(first.payer.name.as_deref(), Some("Müller & Söhne"));
    assert_eq!(
        first.payer.account.iban.as_deref(),
        Some("DE89370400440532013000")
    );
    assert_eq!(first.ultimate_payer.name.as_deref(), Some("Müller Werk 2"));
    assert_eq!(first.end_to_end, None);
    assert_eq!(
        (first.references[0].kind, first.references[0].valid),
        (ReferenceKind::Rf, Some(true))
    );
    let document = &first.documents[0];
    assert_eq!(
        (
            document.reference.as_str(),
            document.gross,
            document.discount,
            document.paid
        ),
        (
            "INV-1001",
            Some(eur(33_629)),
            Some(eur(673)),
            Some(eur(32_956))
        )
    );
    assert_eq!(batch.details[1].text, "invoice 77");
    let back = &s.entries[1];
    assert_eq!(
        (back.amount, back.reversal, back.kind),
        (eur(-5_000), true, EntryKind::ReceiptReturned)
    );
    assert_eq!(
        back.details[0].returned.as_ref().map(|r| r.code.as_str()),
        Some("AC04")
    );
    assert_eq!(s.entries[3].status, Status::Pending);
    assert!(told(
        &file,
        |p| matches!(p, Problem::BadAmount { text } if text == "damaged")
    ));
    // The pending entry does not count; the statement adds up without the damaged one.
    assert!(!told(&file, |p| matches!(p, Problem::OutOfBalance { .. })));
}

#[test]
fn rc_01_mt940_with_sub_fields_and_a_damaged_line() {
    let file = fixture("german.sta");
    let s = &file.statements[0];
    assert_eq!(
        (s.account.bank.as_deref(), s.account.id()),
        (Some("12030000"), Some("0000202051"))
    );
    assert_eq!(s.entries.len(), 3);
    let credit = &s.entries[0];
    assert_eq!(
        (credit.amount, credit.kind),
        (eur(119_000), EntryKind::Receipt)
    );
    let detail = &credit.details[0];
    assert_eq!(detail.end_to_end.as_deref(), Some("E2E-4711"));
    // Cut at 27 characters, within the number.
    assert_eq!(detail.text, "Rechnung INV-2026-000123 abzgl. Skonto");
    assert_eq!(detail.payer.name.as_deref(), Some("Acme Handels GmbH"));
    assert_eq!(
        detail.payer.account.iban.as_deref(),
        Some("DE89370400440532013000")
    );
    let back = &s.entries[1];
    assert_eq!(
        (back.amount, back.reversal, back.kind),
        (eur(-19_000), true, EntryKind::ReceiptReturned)
    );
    assert_eq!(s.entries[2].kind, EntryKind::Charges);
    assert!(told(&file, |p| matches!(
        p,
        Problem::Damaged { what: ":61:", .. }
    )));
    let difference = file.findings.iter().find_map(|f| match &f.problem {
        Problem::OutOfBalance { difference, .. } => Some(*difference),
        _ => None,
    });
    assert_eq!(difference, Some(eur(50)));
}

#[test]
fn rc_01_bai2_signs_funds_continuations_and_totals() {
    let file = fixture("day.bai");
    let s = &file.statements[0];
    let entries: Vec<_> = s.entries.iter().map(|e| (e.amount.minor, e.kind)).collect();
    assert_eq!(
        entries,
        [
            (100_000, EntryKind::Cheques),
            (12_500, EntryKind::Receipt),
            (-25_000, EntryKind::ReceiptReturned)
        ]
    );
    assert_eq!(
        s.entries[1].value.map(|d| d.to_string()).as_deref(),
        Some("2026-03-03")
    );
    assert_eq!(
        s.entries[1].details[0].payer.name.as_deref(),
        Some("ACME INC")
    );
    assert_eq!(
        s.entries[1].details[0].text,
        "ORIG CO NAME:ACME INC ORIG ID:1234 PAYMENT INV 1001, 1002/A"
    );
    assert!(told(
        &file,
        |p| matches!(p, Problem::Damaged { what: "16", text } if text == "type code")
    ));
    assert!(told(&file, |p| matches!(
        p,
        Problem::ControlTotal { of: "49", .. }
    )));
    assert!(told(&file, |p| matches!(
        p,
        Problem::Count {
            of: "49",
            written: 8,
            found: 7
        }
    )));
    assert!(!told(&file, |p| matches!(p, Problem::OutOfBalance { .. })));
}

#[test]
fn ofx_amounts_days_and_a_transaction_without_amount() {
    let file = fixture("list.ofx");
    let s = &file.statements[0];
    let entries: Vec<_> = s.entries.iter().map(|e| (e.amount.minor, e.kind)).collect();
    assert_eq!(
        entries,
        [(165_000, EntryKind::Receipt), (-1_250, EntryKind::Charges)]
    );
    assert_eq!(
        s.entries[0].booked.map(|d| d.to_string()).as_deref(),
        Some("2026-03-02")
    );
    assert_eq!(
        s.entries[0].details[0].payer.name.as_deref(),
        Some("M & S & Co")
    );
    assert_eq!(s.closing().map(|b| b.amount.minor), Some(200_000));
    assert!(told(&file, |p| matches!(
        p,
        Problem::Damaged {
            what: "STMTTRN",
            ..
        }
    )));
}

#[test]
fn qif_dates_splits_and_a_missing_last_mark() {
    let file = fixture("list.qif");
    let s = &file.statements[0];
    assert_eq!(s.account.id(), Some("Main"));
    let entries: Vec<_> = s
        .entries
        .iter()
        .map(|e| (e.amount.minor, e.booked.map(|d| d.to_string())))
        .collect();
    assert_eq!(
        entries,
        [
            (119_000, Some("2026-02-13".into())),
            (-1_000, Some("2007-02-14".into()))
        ]
    );
    assert_eq!(s.entries[1].details.len(), 2);
    assert!(told(&file, |p| matches!(
        p,
        Problem::CurrencyAssumed { .. }
    )));
}

#[test]
fn x12_820_with_its_own_separators() {
    let file = fixture("advice.edi");
    let r = &file.remittances[0];
    assert_eq!(
        (r.trace.as_deref(), r.payer.name.as_deref()),
        (Some("TRACE-77"), Some("ACME INC"))
    );
    assert_eq!(r.total.map(|t| t.minor), Some(104_000));
    let lines: Vec<_> = r
        .lines
        .iter()
        .map(|l| {
            (
                l.reference.as_str(),
                l.kind.clone(),
                l.paid.map(|p| p.minor),
            )
        })
        .collect();
    assert_eq!(
        lines,
        [
            ("INV-1", DocumentKind::Invoice, Some(90_000)),
            ("CN-9", DocumentKind::CreditNote, Some(-6_000)),
            ("INV-2", DocumentKind::Invoice, Some(20_000))
        ]
    );
    let first = &r.lines[0];
    assert_eq!(
        (
            first.gross.map(|g| g.minor),
            first.discount.map(|d| d.minor)
        ),
        (Some(100_000), Some(2_000))
    );
    assert_eq!(
        (
            first.adjustments[0].amount.minor,
            first.adjustments[0].code.as_str()
        ),
        (-8_000, "06")
    );
    assert!(
        told(&file, |p| matches!(
            p,
            Problem::Count {
                of: "SE",
                written: 11,
                found: 10
            }
        )),
        "{:?}",
        file.findings
    );
    assert!(!told(&file, |p| matches!(p, Problem::RemittanceSum { .. })));
}

#[test]
fn tables_of_remittances_and_statements() {
    let file = fixture("remittance.csv");
    assert_eq!(file.format, Format::RemittanceTable);
    let r = &file.remittances[0];
    assert_eq!((r.trace.as_deref(), r.lines.len()), (Some("4711"), 2));
    assert_eq!(r.lines[1].kind, DocumentKind::CreditNote);
    assert_eq!(r.total.map(|t| t.minor), Some(106_620));
    let file = fixture("statement.csv");
    let s = &file.statements[0];
    assert_eq!(
        (s.account.iban.as_deref(), s.currency),
        (Some("DE02120300000000202051"), Currency::EUR)
    );
    let amounts: Vec<_> = s.entries.iter().map(|e| e.amount.minor).collect();
    assert_eq!(amounts, [119_000, -500]);
    assert_eq!(
        s.balances
            .iter()
            .find(|b| b.kind == BalanceKind::Opening)
            .map(|b| b.amount),
        Some(eur(100_000))
    );
    assert!(told(&file, |p| matches!(p, Problem::BadAmount { .. })));
}

#[test]
fn lockbox_stubs_are_pairs_where_they_prove_to_be() {
    let file = fixture("lockbox.bai");
    assert_eq!(file.remittances.len(), 2);
    let first = &file.remittances[0];
    assert_eq!(
        (first.cheque.as_deref(), first.payer.name.as_deref()),
        (Some("421"), Some("ACME INC"))
    );
    let lines: Vec<_> = first
        .lines
        .iter()
        .map(|l| (l.reference.as_str(), l.paid.map(|p| p.minor)))
        .collect();
    assert_eq!(lines, [("1001", Some(100_000)), ("1002", Some(50_000))]);
    assert_eq!(file.remittances[1].text, "NO STUB");
}

#[test]
fn pain_001_names_documents_and_deductions() {
    let file = fixture("order.xml");
    let r = &file.remittances[0];
    assert_eq!(
        (r.trace.as_deref(), r.total),
        (Some("E-1"), Some(eur(95_000)))
    );
    let line = &r.lines[0];
    assert_eq!(
        (line.gross, line.paid),
        (Some(eur(100_000)), Some(eur(95_000)))
    );
    assert_eq!(
        (
            line.adjustments[0].amount,
            line.adjustments[0].code.as_str()
        ),
        (eur(-5_000), "DMG")
    );
    assert!(told(&file, |p| matches!(
        p,
        Problem::ControlTotal {
            of: "CtrlSum",
            written: 90_000_000,
            found: 95_000_000
        }
    )));
}

#[test]
fn ledgers_and_documents_are_not_statements() {
    let ledger = b"Customer,Invoice,Invoice date,Due date,Currency,Amount\nC1,1,2026-01-05,2026-02-04,EUR,1.00\n";
    assert!(duebook_bank::detect(ledger, "items.csv").is_err());
    assert!(matches!(
        duebook_bank::detect(b"%PDF-1.7", "x.pdf"),
        Err(duebook_bank::Error::NotData { .. })
    ));
    assert!(
        matches!(duebook_bank::detect(b"<Invoice/>", "x.xml"), Err(duebook_bank::Error::OtherXml { root }) if root == "Invoice")
    );
    assert_eq!(
        duebook_bank::detect(b" \n", "x"),
        Err(duebook_bank::Error::Empty)
    );
}

#[test]
fn rc_01_a_currency_the_camt_names_counts_before_the_one_that_was_said() {
    let statement = |ccy: &str| {
        format!(
            "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.02\"><BkToCstmrStmt><Stmt><Id>1</Id>\
             <Acct><Id><IBAN>NL77ABNA0574908765</IBAN></Id></Acct>\
             <Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt{ccy}>7.00</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>\
             <Ntry><Amt{ccy}>7.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts></Ntry></Stmt></BkToCstmrStmt></Document>"
        )
    };
    let options = Options {
        currency: Some(Currency::USD),
        ..Options::default()
    };
    for (ccy, taken) in [(" Ccy=\"EUR\"", Currency::EUR), ("", Currency::USD)] {
        let file = read(statement(ccy).as_bytes(), "s.xml", &options).expect("a statement");
        let s = &file.statements[0];
        assert_eq!((s.currency, s.movements()), (taken, 700), "{ccy}");
    }
}
