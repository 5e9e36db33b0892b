//! Tables whose headers say too little: the currency is asked for, and the columns are the user's to
//! say.

use duebook_bank::{Column, Error, Format, Options, columns, read};
use duebook_money::{Currency, Money};

const PLAIN: &str = "Booking date;Amount;Payer;Reference\n2026-03-04;1060,00;Muster GmbH;INV-1\n";

#[test]
fn rc_01_a_table_without_a_currency_says_that_one_is_assumed() {
    let plain = |currency| Options {
        currency,
        ..Options::default()
    };
    let unsaid = read(PLAIN.as_bytes(), "a.csv", &plain(None)).expect("a table");
    assert_eq!(unsaid.assumed, Some(Currency::XXX));
    let said = read(PLAIN.as_bytes(), "a.csv", &plain(Some(Currency::EUR))).expect("a table");
    assert_eq!(said.assumed, Some(Currency::EUR), "the answer is shown too");
    assert_eq!(
        said.statements[0].entries[0].amount,
        Money::new(106_000, Currency::EUR)
    );
    let named = PLAIN.replace("Amount", "Amount (CHF)");
    let named = read(named.as_bytes(), "a.csv", &plain(Some(Currency::EUR))).expect("a table");
    assert_eq!(named.assumed, None);
    assert_eq!(named.statements[0].currency.code(), "CHF");
    let qif = "!Type:Bank\nD3/4/26\nT100.00\nPSmith\n^\n";
    let qif = read(qif.as_bytes(), "a.qif", &plain(None)).expect("a qif");
    assert_eq!(qif.assumed, Some(Currency::XXX));
}

/// Said columns, in the order of the headers; amounts come out with their payers.
fn mapped(text: &str, said: &[(&str, Column)]) -> Vec<(i64, Option<String>, String)> {
    let Err(Error::NoColumns { .. }) = read(text.as_bytes(), "t.csv", &Options::default()) else {
        panic!("{text}: no column of it has a name that is known");
    };
    let all = columns(text.as_bytes(), "t.csv", &Options::default()).expect("a table");
    let headers: Vec<&str> = all.iter().map(|c| c.header.as_str()).collect();
    assert_eq!(headers, said.iter().map(|s| s.0).collect::<Vec<_>>());
    assert!(all.iter().all(|c| !c.example.is_empty()));
    let options = Options {
        currency: Some(Currency::EUR),
        columns: (said.iter().map(|(h, c)| ((*h).to_owned(), *c))).collect(),
        ..Options::default()
    };
    let file = read(text.as_bytes(), "t.csv", &options).expect("columns are said");
    assert_eq!(file.format, Format::BankTable);
    let entries = file.statements[0].entries.iter();
    let each = entries.map(|e| {
        let detail = &e.details[0];
        (
            e.amount.minor,
            detail.payer.name.clone(),
            detail.text.clone(),
        )
    });
    each.collect()
}

#[test]
fn rc_01_columns_of_any_name_are_read_as_the_user_says() {
    use Column::*;
    let some = |name: &str| Some(name.to_owned());
    let plus_minus = "Dag;Kto;Bedrag;Wie;Wat;PM\n04.03.2026;NL1;1060,50;Jansen BV;F 12;+\n05.03.2026;NL1;20,00;Bank;kosten;-\n";
    let said = [
        ("Dag", Date),
        ("Kto", Account),
        ("Bedrag", Amount),
        ("Wie", Party),
        ("Wat", Text),
        ("PM", Side),
    ];
    assert_eq!(
        mapped(plus_minus, &said),
        [
            (106_050, some("Jansen BV"), "F 12".to_owned()),
            (-2_000, None, "kosten".to_owned())
        ]
    );
    // One column of money in is enough where it is said to be that.
    let only_in = "When,Who,What,In\n2026-03-04,Smith Ltd,INV-7,12.50\n";
    let said = [
        ("When", Date),
        ("Who", Payer),
        ("What", Text),
        ("In", Credit),
    ];
    let want = [(1_250, some("Smith Ltd"), "INV-7".to_owned())];
    assert_eq!(mapped(only_in, &said), want);
    let japanese = "取引日,お名前,摘要,お預り額\n2026-03-04,山田商店,請求1,1250.00\n";
    let said = [
        ("取引日", Date),
        ("お名前", Payer),
        ("摘要", Ignore),
        ("お預り額", Amount),
    ];
    let want = [(125_000, some("山田商店"), String::new())];
    assert_eq!(mapped(japanese, &said), want);
}

#[test]
fn rc_01_two_columns_of_one_name_are_said_one_by_one() {
    let text = "Kode,Kode,Som\n2026-03-04,Smith,12.50\n";
    let column = |header: &str, column| (header.to_owned(), column);
    let options = Options {
        columns: vec![
            column("Kode", Column::Date),
            column("Kode", Column::Payer),
            column("Som", Column::Amount),
        ],
        ..Options::default()
    };
    let file = read(text.as_bytes(), "t.csv", &options).expect("columns are said");
    let entry = &file.statements[0].entries[0];
    assert_eq!(entry.details[0].payer.name.as_deref(), Some("Smith"));
    assert!(entry.booked.is_some());
}

#[test]
fn rc_01_a_damaged_entry_is_told_once_and_by_its_number() {
    use duebook_bank::Problem;
    let entry = |amount: &str| {
        format!(
            "<Ntry>{amount}<CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-03-04</Dt></BookgDt>\
             <NtryDtls><TxDtls><RmtInf><Ustrd>a</Ustrd></RmtInf></TxDtls><TxDtls><RmtInf><Ustrd>b</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"
        )
    };
    let entries = [
        entry("<Amt Ccy=\"EUR\">7.00</Amt>"),
        entry("<Amt Ccy=\"EUR\">seven</Amt>"),
        entry(""),
        entry("<Amt Ccy=\"EUR\">8.00</Amt>"),
    ];
    let text = format!(
        "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.02\"><BkToCstmrStmt><Stmt><Id>S</Id><Acct><Ccy>EUR</Ccy></Acct>{}</Stmt></BkToCstmrStmt></Document>",
        entries.concat()
    );
    let file = read(text.as_bytes(), "s.xml", &Options::default()).expect("a statement");
    assert_eq!(file.statements[0].entries.len(), 2);
    let told: Vec<_> = file
        .findings
        .iter()
        .filter(|f| {
            matches!(
                f.problem,
                Problem::BadAmount { .. } | Problem::Damaged { .. }
            )
        })
        .map(|f| (f.place.statement, f.place.entry))
        .collect();
    assert_eq!(
        told,
        [(Some(0), Some(1)), (Some(0), Some(2))],
        "{:?}",
        file.findings
    );
}

#[test]
fn rc_01_a_camt_without_any_currency_says_that_one_is_assumed() {
    let text = "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.02\"><BkToCstmrStmt><Stmt><Id>S</Id>\
        <Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt>7.00</Amt><CdtDbtInd>CRDT</CdtDbtInd></Bal>\
        <Ntry><Amt>7.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts></Ntry></Stmt></BkToCstmrStmt></Document>";
    for currency in [None, Some(Currency::EUR)] {
        let options = Options {
            currency,
            ..Options::default()
        };
        let file = read(text.as_bytes(), "s.xml", &options).expect("a statement");
        assert_eq!(file.assumed, Some(currency.unwrap_or(Currency::XXX)));
    }
}
