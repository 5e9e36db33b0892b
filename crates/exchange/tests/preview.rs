//! What the user says of single rows and codes in the preview: ticks, terms codes, other currencies.
#![allow(clippy::unwrap_used)]

use duebook_exchange::read::{Bytes, Flow, Options, Reason, Staged, refused_csv, stage};
use duebook_ledger::columns::TextField;

fn staged_bytes(name: &str, bytes: &[u8], options: &Options) -> Staged {
    stage(&Bytes { name, bytes }, options, &mut |_| Flow::Continue).expect("staged")
}

#[test]
fn unticked_rows_are_left_out_counted_and_saved_and_totals_and_customers_follow() {
    use duebook_exchange::read::LeftOut;
    let csv = "Customer,Name,Invoice,Date,Due,Currency,Amount,Open,Local amount,Local currency\n\
        C1,One,A-1,2026-01-05,2026-02-05,EUR,100.00,100.00,90.00,CHF\n\
        C2,Two,A-2,2026-01-06,,EUR,50.00,50.00,45.50,CHF\n\
        C1,One,A-3,2026-01-07,2026-02-07,USD,7.00,7.00,,\n\
        C2,Two,A-4,2026-01-07,2026-02-07,EUR,n/a,1.00,,\n";
    let s = staged_bytes("ticks.csv", csv.as_bytes(), &Options::default());
    assert_eq!(s.lines(), [2, 3, 4]);
    assert_eq!(s.warned_lines(), [3], "no due date");
    let rows = s.rows(1, 10);
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[0].warning, Some(Reason::DueMissing));
    assert_eq!(rows[0].local, Some(("45.50".into(), "CHF".into())));
    assert_eq!(rows[1].local, None);
    // One line out: its customer goes with it, the sums follow, the other amounts never counted.
    let out = LeftOut::new(false, vec![3]);
    let (kept, figures) = (s.without(&out), s.figures_without(&out));
    let c = figures.counts;
    assert_eq!((c.accepted, c.warned, c.refused, c.left_out), (2, 0, 1, 1));
    assert_eq!(figures.customers, 1);
    assert_eq!(kept.batch.items.customers.len(), 1);
    let sums: Vec<_> = figures
        .totals
        .iter()
        .map(|t| (t.currency.as_str(), t.open.as_str()))
        .collect();
    assert_eq!(sums, [("EUR", "100.00"), ("USD", "7.00")]);
    assert_eq!((kept.left.len(), kept.left[0].number.get(0)), (1, "A-2"));
    // Everything but one line: what was said the other way round.
    let but_one = LeftOut::new(true, vec![4]);
    let one = s.without(&but_one);
    assert_eq!(s.left_lines(&but_one), [2, 3]);
    assert_eq!(s.figures_without(&but_one).totals.len(), 1);
    assert_eq!(one.batch.items.segments[0].customer, [0]);
    // Nothing left out is the file itself.
    let all = s.without(&LeftOut::default());
    assert_eq!(
        (&all.batch.items, &s.figures_without(&LeftOut::default())),
        (&s.batch.items, &s.preview.figures())
    );
    // Refused and left out, in file order, with the reason.
    let mut out = Vec::new();
    let mut lines = s.refused.clone();
    lines.insert(0, (3, Reason::LeftOut));
    let input = Bytes {
        name: "ticks.csv",
        bytes: csv.as_bytes(),
    };
    refused_csv(
        &input,
        &Options::default(),
        &lines,
        &|r| format!("{r:?}"),
        &mut out,
    )
    .unwrap();
    let text = String::from_utf8(out).unwrap();
    assert!(
        text.contains("3,LeftOut,C2") && text.contains("5,BadAmount,C2"),
        "{text}"
    );
    // Corrected and imported again, a row is the same item: its line in the file is no key.
    let again = text.replace("n/a", "1.00");
    let s = staged_bytes("again.csv", again.as_bytes(), &Options::default());
    assert_eq!(s.preview.counts.accepted, 2);
    let fields: Vec<_> = s.batch.items.segments[0]
        .texts
        .iter()
        .map(|(f, _)| f)
        .collect();
    assert!(!fields.contains(&&TextField::Line) && !fields.contains(&&TextField::SourceReason));
}

#[test]
fn tm_01_an_unknown_terms_code_is_asked_and_its_meaning_makes_the_due_date() {
    let csv = "Customer,Invoice,Date,Terms,Currency,Amount\n\
        C1,A-1,2026-01-30,ZT30,EUR,1.00\n\
        C1,A-2,2026-01-30,ZT30,EUR,1.00\n\
        C1,A-3,2026-01-30,NAA8,EUR,1.00\n\
        C1,A-4,2026-01-30,net 10,EUR,1.00\n";
    let s = staged_bytes("terms.csv", csv.as_bytes(), &Options::default());
    let asked: Vec<_> = s
        .preview
        .unknown_terms
        .iter()
        .map(|u| (u.code.as_str(), u.rows))
        .collect();
    assert_eq!(asked, [("ZT30", 2), ("NAA8", 1)]);
    let mut options = Options::default();
    options.terms_codes.insert("ZT30".into(), "net 30".into());
    options.terms_codes.insert("NAA8".into(), "15 MFI".into());
    let s = staged_bytes("terms.csv", csv.as_bytes(), &options);
    assert!(s.preview.unknown_terms.is_empty());
    let due: Vec<_> = s
        .preview
        .items
        .iter()
        .map(|i| i.due.clone().unwrap())
        .collect();
    assert_eq!(
        due,
        ["2026-03-01", "2026-03-01", "2026-02-15", "2026-02-09"]
    );
}

#[test]
fn local_amounts_in_a_currency_that_only_the_header_names() {
    let csv = "Customer,Invoice,Date,Due,Currency,Amount,Amount in local currency JPY\n\
        C1,A-1,2026-01-30,2026-02-27,EUR,1.00,165\n";
    let s = staged_bytes("local.csv", csv.as_bytes(), &Options::default());
    assert_eq!(s.preview.items[0].local, Some(("165".into(), "JPY".into())));
    assert_eq!(s.preview.totals.len(), 1, "never mixed into the totals");
}

#[test]
fn rows_of_one_key_are_refused_and_yet_their_items_are_in_the_file() {
    let csv = "Customer Number,Customer Name,Company Code,Invoice Number,Invoice Date,Due Date,Currency,Amount,Open Amount\n\
        C1,One,2000,A-1,2026-01-05,2026-02-05,EUR,100.00,100.00\n\
        C1,One,1000,A-2,2026-01-06,2026-02-06,EUR,50.00,50.00\n\
        C1,One,2000,A-1,2026-01-05,2026-02-05,EUR,90.00,90.00\n";
    let s = staged_bytes("doubles.csv", csv.as_bytes(), &Options::default());
    assert_eq!((s.lines(), s.refused.len()), (vec![3], 2));
    let entities = &s.batch.items.entities;
    let keys: Vec<(&str, &str)> = s
        .doubled
        .iter()
        .flat_map(|d| {
            (0..d.len())
                .map(move |r| (entities[usize::from(d.entity[r])].as_str(), d.number.get(r)))
        })
        .collect();
    assert_eq!(keys, [("2000", "A-1"), ("2000", "A-1")]);
    let kept = &s.batch.items.segments[0];
    assert_eq!(entities[usize::from(kept.entity[0])], "1000");
}
