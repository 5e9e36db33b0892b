//! Every dialect's fixture, staged: kind, mapping, rows, amounts, totals.

use duebook_exchange::read::{
    Agreement, Assumption, Bytes, Dialect, Field, FileKind, Flow, Mark, Options, Question, Reason,
    Staged, refused_csv, stage,
};

fn fixture(name: &str) -> Vec<u8> {
    let path = format!("{}/tests/fixtures/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(path).expect("fixture")
}

fn staged(name: &str, options: &Options) -> Staged {
    let bytes = fixture(name);
    stage(
        &Bytes {
            name,
            bytes: &bytes,
        },
        options,
        &mut |_| Flow::Continue,
    )
    .expect("staged")
}

fn open(staged: &Staged) -> Vec<(String, String, String)> {
    let items = staged.preview.items.iter();
    items
        .map(|i| (i.number.clone(), i.kind.clone(), i.open.clone()))
        .collect()
}

fn is(staged: &Staged, dialect: Dialect, kind: FileKind) {
    assert_eq!(
        (staged.preview.dialect.dialect, staged.preview.kind),
        (dialect, kind)
    );
    assert!(
        staged.preview.questions.is_empty(),
        "{:?}",
        staged.preview.questions
    );
}

fn row(number: &str, kind: &str, open: &str) -> (String, String, String) {
    (number.into(), kind.into(), open.into())
}

#[test]
fn sap_list_with_headings_totals_icons_and_repeated_headers() {
    let s = staged("sap_fbl5n.txt", &Options::default());
    is(&s, Dialect::Sap, FileKind::OpenItems);
    let expected = [
        row("1800000012", "invoice", "1234.56"),
        row("1600000003", "credit_memo", "-234.56"),
        row("1800000099", "invoice", "500.00"),
    ];
    assert_eq!(open(&s), expected);
    let text = s.preview.text.as_ref().expect("text");
    assert_eq!(
        (text.encoding.as_str(), text.delimiter),
        ("windows-1252", '|')
    );
    let customers = &s.batch.items.customers;
    assert_eq!(
        (customers[0].number.as_str(), customers[0].name.as_str()),
        ("100234", "Nordwind GmbH")
    );
    assert_eq!(customers[1].name, "Südwind AG");
    assert_eq!(s.batch.items.entities, ["1000"]);
    assert!(
        s.preview
            .file_totals
            .iter()
            .all(|t| t.agrees == Agreement::Section)
    );
    assert_eq!(s.preview.file_totals.len(), 3);
    assert_eq!(s.preview.notes.count(Reason::RepeatedHeader), 1);
    // The terms code means nothing yet; with the code table it makes the due date.
    assert_eq!(s.preview.items[2].due, None);
    let mut options = Options::default();
    options.terms_codes.insert("ZT30".into(), "net 30".into());
    let s = staged("sap_fbl5n.txt", &options);
    assert_eq!(s.preview.items[2].due.as_deref(), Some("2026-02-27"));
    assert_eq!(s.preview.notes.count(Reason::DueFromTerms), 1);
}

#[test]
fn sap_technical_names_with_debit_credit_flag_and_yearly_numbers() {
    let s = staged("sap_technical.tsv", &Options::default());
    is(&s, Dialect::Sap, FileKind::OpenItems);
    // One number in two years is two items; H is the credit side; leading zeros stay; JPY has no decimals.
    let expected = [
        row("1800000012", "invoice", "1234.56"),
        row("1400000009", "receipt", "-200.00"),
        row("1800000012", "invoice", "1234"),
    ];
    assert_eq!(open(&s), expected);
    assert_eq!(s.batch.items.customers[0].number, "0000100234");
    let mut options = Options::default();
    options.identity.fiscal_year = false;
    let s = staged("sap_technical.tsv", &options);
    assert_eq!(
        (s.preview.counts.accepted, s.preview.counts.refused),
        (1, 2)
    );
    let doubles = s
        .preview
        .notes
        .examples
        .iter()
        .filter(|n| n.reason == Reason::DuplicateKey);
    let lines: Vec<_> = doubles.map(|n| (n.line, n.other_line)).collect();
    assert_eq!(lines, [(2, Some(4)), (4, Some(2))]);
}

#[test]
fn quickbooks_open_invoices_by_customer_ask_the_currency_once() {
    let s = staged("quickbooks_open_invoices.csv", &Options::default());
    assert_eq!(
        s.preview.questions,
        [Question::Currency { candidates: vec![] }]
    );
    assert_eq!(s.batch.items.rows(), 0);
    let options = Options {
        currency: Some("USD".into()),
        ..Options::default()
    };
    let s = staged("quickbooks_open_invoices.csv", &options);
    is(&s, Dialect::QuickBooks, FileKind::OpenItems);
    let expected = [
        row("1041", "invoice", "1200.00"),
        row("1055", "credit_memo", "-150.00"),
        row("1060", "invoice", "80.50"),
    ];
    assert_eq!(open(&s), expected);
    assert_eq!(s.preview.items[2].name, "Granite Steel");
    let agrees: Vec<_> = s.preview.file_totals.iter().map(|t| t.agrees).collect();
    assert_eq!(
        agrees,
        [Agreement::Section, Agreement::Section, Agreement::Grand]
    );
    assert_eq!(
        s.preview.as_of.as_ref().map(|a| a.date.as_str()),
        Some("2025-06-30")
    );
}

#[test]
fn an_aging_summary_is_recognised_and_not_staged() {
    let s = staged("quickbooks_aging_summary.csv", &Options::default());
    is(&s, Dialect::Generic, FileKind::Summary);
    assert_eq!(s.preview.counts.accepted, 0);
}

#[test]
fn xero_and_zoho_lines_of_one_invoice_are_one_item() {
    let s = staged("xero_invoices.csv", &Options::default());
    is(&s, Dialect::Xero, FileKind::OpenItems);
    assert_eq!(
        open(&s),
        [
            row("INV-0001", "invoice", "200.00"),
            row("CN-0002", "credit_memo", "-50.00")
        ]
    );
    assert_eq!(s.preview.notes.count(Reason::SameInvoice), 1);
    assert_eq!(s.batch.items.customers[0].number, "Hanse Paper");
    let s = staged("zoho_invoices.csv", &Options::default());
    is(&s, Dialect::Zoho, FileKind::OpenItems);
    assert_eq!(
        open(&s),
        [
            row("INV-000123", "invoice", "127500.00"),
            row("INV-000124", "invoice", "20000.50")
        ]
    );
}

#[test]
fn tally_with_dr_and_cr_and_indian_groups() {
    let options = Options {
        currency: Some("INR".into()),
        ..Options::default()
    };
    let s = staged("tally_bills.csv", &options);
    is(&s, Dialect::Tally, FileKind::OpenItems);
    let expected = [
        row("KT/101", "invoice", "27500.00"),
        row("KT/140", "invoice", "85000.00"),
        row("RC/9", "credit_memo", "-5000.00"),
    ];
    assert_eq!(open(&s), expected);
    assert_eq!(s.preview.items[0].due.as_deref(), Some("2025-05-14"));
}

#[test]
fn netsuite_dynamics_and_highradius() {
    let s = staged("netsuite_open.csv", &Options::default());
    is(&s, Dialect::NetSuite, FileKind::OpenItems);
    assert_eq!(
        open(&s),
        [
            row("INV10017", "invoice", "2400.00"),
            row("CM10003", "credit_memo", "-400.00")
        ]
    );
    let s = staged("dynamics_open.csv", &Options::default());
    is(&s, Dialect::Dynamics, FileKind::OpenItems);
    assert_eq!(
        open(&s),
        [
            row("FTI-00001", "credit_memo", "-1250.75"),
            row("FTI-00002", "invoice", "480.00")
        ]
    );
    let s = staged("highradius.csv", &Options::default());
    is(&s, Dialect::HighRadius, FileKind::InvoicesPaid);
    assert_eq!(
        open(&s),
        [
            row("1930438491", "invoice", "0.00"),
            row("1929646410", "invoice", "79656.60")
        ]
    );
    assert!(
        s.preview
            .assumptions
            .contains(&Assumption::NumbersWereFloats)
    );
    assert_eq!(s.preview.items[0].due.as_deref(), Some("2020-02-10"));
}

#[test]
fn oracle_in_kuwaiti_dinar_asks_about_three_decimals() {
    let s = staged("oracle_open.csv", &Options::default());
    let asked: Vec<&str> = s
        .preview
        .questions
        .iter()
        .map(|q| match q {
            Question::DecimalMark { column, .. } => column.as_str(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(asked, ["Amount Due Remaining"]);
    let mut options = Options::default();
    options
        .decimal_marks
        .insert("Amount Due Remaining".into(), Mark::Point);
    let s = staged("oracle_open.csv", &options);
    is(&s, Dialect::Oracle, FileKind::OpenItems);
    assert_eq!(
        open(&s),
        [
            row("55001", "invoice", "250.125"),
            row("55002", "credit_memo", "-10.500")
        ]
    );
}

#[test]
fn contacts_payments_and_sales() {
    let s = staged("contacts_de.csv", &Options::default());
    is(&s, Dialect::Generic, FileKind::Customers);
    assert_eq!((s.batch.customers.len(), s.batch.contacts.len()), (1, 2));
    let first = &s.batch.contacts[0];
    assert_eq!(
        (
            first.name.as_str(),
            first.role.as_str(),
            first.zone.as_str()
        ),
        ("Eva Kern", "Buchhaltung", "Europe/Berlin")
    );
    assert_eq!(s.refused, [(4, Reason::CustomerMissing)]);
    let s = staged("payments.csv", &Options::default());
    is(&s, Dialect::Generic, FileKind::Payments);
    assert_eq!(
        (s.batch.payments.len(), s.batch.payments[0].amount),
        (1, 10_050)
    );
    assert_eq!(s.refused, [(3, Reason::BadAmount)]);
    let s = staged("sales.csv", &Options::default());
    is(&s, Dialect::Generic, FileKind::Sales);
    assert_eq!(s.batch.sales.iter().map(|s| s.amount).sum::<i64>(), 210_050);
}

#[test]
fn refused_rows_come_back_with_their_reasons() {
    let bytes = fixture("payments.csv");
    let input = Bytes {
        name: "payments.csv",
        bytes: &bytes,
    };
    let s = stage(&input, &Options::default(), &mut |_| Flow::Continue).expect("staged");
    let mut out = Vec::new();
    let words = |r: Reason| format!("{r:?}");
    let n =
        refused_csv(&input, &Options::default(), &s.refused, &words, &mut out).expect("written");
    assert_eq!(n, 1);
    let text = String::from_utf8(out).expect("text");
    assert!(
        text.ends_with("3,BadAmount,P2,2025-07-02,,ACME,EUR,abc,INV 2\n"),
        "{text}"
    );
}

#[test]
fn a_mapping_is_remembered_and_corrected_by_header() {
    let s = staged("dynamics_open.csv", &Options::default());
    let json = serde_json::to_string(&s.preview).expect("json");
    let back: duebook_exchange::read::Preview = serde_json::from_str(&json).expect("preview");
    assert_eq!(back.columns, s.preview.columns);
    let options = Options {
        mapping: vec![("Voucher".into(), Field::Number)],
        ..Options::default()
    };
    let s = staged("dynamics_open.csv", &options);
    assert_eq!(s.preview.items[0].number, "ARI-0001");
}

#[test]
fn links_to_what_came_before_and_clearing_documents_are_found() {
    let field = |text: &str, header: &str| {
        let input = Bytes {
            name: "list.csv",
            bytes: text.as_bytes(),
        };
        let staged = stage(&input, &Options::default(), &mut |_| Flow::Continue).expect("a table");
        let columns = staged.preview.columns;
        columns.iter().find(|c| c.header == header).map(|c| c.field)
    };
    let netsuite = "Internal ID,Date,Document Number,Type,Customer ID,Currency,Amount,Date Closed,Applying Transaction,Created From\n1,11/20/2026,INV1,Invoice,C1,USD,10.00,11/21/2026,PYMT1,SO-1\n";
    assert_eq!(
        field(netsuite, "Applying Transaction"),
        Some(Field::ClearingDoc)
    );
    assert_eq!(field(netsuite, "Created From"), Some(Field::Reference));
    let oracle = "TRX_NUMBER,ACCOUNT_NUMBER,TRX_DATE,DUE_DATE,INVOICE_CURRENCY_CODE,AMOUNT_DUE_REMAINING,REFERENCE,PREVIOUS_TRX_NUMBER\n1,7,20-NOV-2026,21-NOV-2026,USD,10.00,R1,0\n";
    assert_eq!(field(oracle, "REFERENCE"), Some(Field::Reference));
    assert_eq!(field(oracle, "PREVIOUS_TRX_NUMBER"), Some(Field::Keep));
    let oracle = oracle.replace("REFERENCE,", "CONTRACT_NUMBER,");
    assert_eq!(
        field(&oracle, "PREVIOUS_TRX_NUMBER"),
        Some(Field::Reference)
    );
    let sap = "|S |DocumentNo|Customer|Doc. Date |Net due dt| Amount in doc. curr.|Curr.|Reference|Inv. ref.|PayT|\n|  |18000001|C1|20.11.2026|21.12.2026|10,00|EUR|R1|17|ZB30|\n";
    assert_eq!(field(sap, "PayT"), Some(Field::Terms));
    assert_eq!(field(sap, "Inv. ref."), Some(Field::Keep));
    assert_eq!(field(sap, "S"), Some(Field::Ignore), "symbols, and empty");
}

#[test]
fn a_forecast_of_clearing_settles_nothing() {
    let head = "cust_number,doc_id,posting_date,due_in_date,clear_date,currency,amount";
    let text = |more: &str| {
        format!(
            "{head}{more}\nC1,1,2026-11-02,2026-11-30,2026-11-10,EUR,10.00{0}\nC1,2,2026-11-02,2026-11-30,2026-12-24,EUR,20.00{0}\n",
            if more.is_empty() { "" } else { ",0-15" }
        )
    };
    let read = |text: String, as_of: Option<&str>| {
        let options = Options {
            as_of: as_of.map(str::to_owned),
            ..Options::default()
        };
        let input = Bytes {
            name: "list.csv",
            bytes: text.as_bytes(),
        };
        stage(&input, &options, &mut |_| Flow::Continue).expect("a table")
    };
    let open = |s: &Staged| s.totals.currencies.iter().map(|t| t.open).sum::<i128>();
    let notes = |s: &Staged, r| s.preview.notes.count(r);
    // An aged list with a clearing date in every row is a list of what is open.
    let aged = read(text(",Aging Bucket"), None);
    assert_eq!(aged.preview.kind, FileKind::OpenItems);
    assert_eq!(
        (open(&aged), notes(&aged, Reason::ClearedButListed)),
        (3000, 2)
    );
    // Settled invoices of a day: what is to be cleared later is open.
    let paid = read(text(""), Some("2026-11-20"));
    assert_eq!(paid.preview.kind, FileKind::InvoicesPaid);
    assert_eq!((open(&paid), notes(&paid, Reason::ClearedLater)), (2000, 1));
    // Of no day said: the last clearing is as old as the file may be.
    let paid = read(text(""), None);
    assert_eq!(open(&paid), 0);
    let as_of = paid.preview.as_of.expect("a guess");
    assert_eq!(as_of.date, "2026-12-24");
}
