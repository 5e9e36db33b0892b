//! The rows of domain.md §4.7 as a table: what each event adds to the accounts.

use super::support::*;
use super::{Adjust, Adjustment, TODAY, adjust, bill, bill_118, desk, line, moved, resolve};
use duebook_ledger::Command;
use duebook_ledger::LineId;
use duebook_ledger::columns::ItemKind;
use duebook_ledger::facts::Cause;
use duebook_ledger::import::Incoming;
use duebook_ledger::policy::PolicyChange;
use duebook_ledger::recon::{ReconCommand, ReversalKind};
use duebook_ledger::statements::*;
use duebook_money::Currency;
use duebook_policy::PostingPolicy;
use duebook_policy::postings::Role;

/// A payment of the bank's statement on an invoice, with what is let go beside it.
fn paid(d: &mut Desk, of: &str, amount: i64, granted: &[(Cause, i64)]) {
    let bank = StatementLine {
        bank_id: format!("B-{of}"),
        booked: day("2026-01-20"),
        value: day("2026-01-20"),
        amount,
        payer: "Acme".into(),
        payer_account: String::new(),
        customer_ref: String::new(),
        references: Vec::new(),
        text: String::new(),
        kind: LineKind::Receipt,
        reversal: false,
        documents: Vec::new(),
        code: String::new(),
        row: 1,
        key: String::new(),
    };
    let facts = StatementFacts {
        account: "DE1".into(),
        currency: Currency::EUR,
        number: "1".into(),
        from: Some(day("2026-01-20")),
        to: Some(day("2026-01-20")),
        opening: Some(0),
        closing: Some(amount),
        file: "s.xml".into(),
        format: "camt.053".into(),
        left_out: 0,
    };
    let incoming = Incoming {
        statements: vec![vec![bank]],
        ..Incoming::default()
    };
    d.try_run(Command::ImportStatements(vec![facts]), incoming)
        .unwrap();
    let line = d.book.line_key(LineId(0)).unwrap();
    let granted = granted.iter();
    d.run(Command::AcceptMatches(vec![AcceptedMatch {
        line,
        receipt: duebook_ledger::command::RecordReceipt {
            customer: own("A"),
            entity: "1000".into(),
            number: format!("P-{of}"),
            value_date: day("2026-01-20"),
            currency: Currency::EUR,
            amount,
            reference: String::new(),
            applications: vec![(item(of, ""), amount)],
        },
        credits: Vec::new(),
        granted: granted.map(|(c, a)| (item(of, ""), *c, *a)).collect(),
        auto: false,
        rule: None,
        contested: Vec::new(),
        onward: Vec::new(),
    }]));
}

/// Name of the row, what is there before, what is done, and what the accounts get of it.
type Row4 = (
    &'static str,
    fn(&mut Desk),
    fn(&mut Desk),
    &'static [(Role, i64)],
);

fn nothing(_: &mut Desk) {}

#[test]
fn section_4_7_every_event_that_the_ledger_knows_on_its_accounts() {
    use Adjustment::*;
    use Role::*;
    let table: &[Row4] = &[
        (
            "Credit note",
            bill_118,
            |d| {
                let lines = vec![line(100_00, 18_00)];
                resolve(
                    d,
                    item("I-1", ""),
                    adjust(PartialCredit, 118_00, lines),
                    &["CN"],
                );
            },
            &[
                (Receivables, -118_00),
                (Revenue, 100_00),
                (OutputTax, 18_00),
            ],
        ),
        (
            "Credit note, lines not known",
            bill_118,
            |d| {
                resolve(
                    d,
                    item("I-1", ""),
                    adjust(ServiceCredit, 18_00, Vec::new()),
                    &["CN"],
                )
            },
            &[(Receivables, -18_00), (Undivided, 18_00)],
        ),
        (
            "Receipt identified, unapplied",
            nothing,
            |d| {
                d.receipt(own("A"), "P", "2026-01-20", 100_00, &[]);
            },
            &[(UnappliedCash, -100_00), (Bank, 100_00)],
        ),
        (
            "Apply",
            |d| {
                bill_118(d);
                d.receipt(own("A"), "P", "2026-01-20", 100_00, &[]);
            },
            |d| {
                d.run(Command::ApplyCredit {
                    credit: credit("P"),
                    item: item("I-1", ""),
                    amount: 100_00,
                    effective: day("2026-01-21"),
                    with: Vec::new(),
                });
            },
            &[(Receivables, -100_00), (UnappliedCash, 100_00)],
        ),
        (
            "Earned discount",
            bill_118,
            |d| paid(d, "I-1", 116_00, &[(Cause::Discount, 2_00)]),
            &[
                (Receivables, -118_00),
                (Bank, 116_00),
                (DiscountAllowed, 2_00),
            ],
        ),
        (
            "Short pay to chargeback",
            bill_118,
            |d| {
                resolve(
                    d,
                    item("I-1", ""),
                    adjust(Chargeback, 18_00, Vec::new()),
                    &["CB"],
                )
            },
            &[],
        ),
        (
            "Within-tolerance short pay",
            bill_118,
            |d| paid(d, "I-1", 117_95, &[(Cause::Tolerance, 5)]),
            &[
                (Receivables, -118_00),
                (Bank, 117_95),
                (PaymentDifferences, 5),
            ],
        ),
        (
            "Bank charge deducted by bank",
            |d| bill(d, "A", "I-1", 100_00),
            |d| paid(d, "I-1", 98_00, &[(Cause::WriteOff, 2_00)]),
            &[(Receivables, -100_00), (Bank, 98_00), (BankCharges, 2_00)],
        ),
        (
            "Bank charge, by a request",
            bill_118,
            |d| {
                resolve(
                    d,
                    item("I-1", ""),
                    adjust(BankCharge, 2_00, Vec::new()),
                    &[],
                )
            },
            &[(Receivables, -2_00), (BankCharges, 2_00)],
        ),
        (
            "Withholding tax",
            |d| bill(d, "A", "I-1", 118_000_00),
            |d| paid(d, "I-1", 108_000_00, &[(Cause::Withholding, 10_000_00)]),
            &[
                (Receivables, -118_000_00),
                (Bank, 108_000_00),
                (WithholdingTax, 10_000_00),
            ],
        ),
        (
            "Realised FX loss",
            |d| bill(d, "A", "I-1", 1_100_00),
            |d| paid(d, "I-1", 1_070_00, &[(Cause::Exchange, 30_00)]),
            &[
                (Receivables, -1_100_00),
                (Bank, 1_070_00),
                (ExchangeDifference, 30_00),
            ],
        ),
        (
            "NSF, what it closed reopens",
            |d| {
                bill_118(d);
                d.receipt(
                    own("A"),
                    "P",
                    "2026-01-20",
                    118_00,
                    &[(item("I-1", ""), 118_00)],
                );
            },
            |d| {
                d.run(Command::ReturnReceipt {
                    receipt: credit("P"),
                    effective: day("2026-01-25"),
                });
            },
            &[(Receivables, 118_00), (Bank, -118_00)],
        ),
        (
            "NSF by a debit memo, with a fee",
            |d| {
                bill_118(d);
                d.receipt(
                    own("A"),
                    "P",
                    "2026-01-20",
                    118_00,
                    &[(item("I-1", ""), 118_00)],
                );
            },
            |d| {
                d.run(Command::Recon(ReconCommand::ReverseReceipt {
                    receipt: credit("P"),
                    effective: day("2026-01-25"),
                    kind: ReversalKind::DebitMemo,
                    fee: Some(("F".into(), 15_00)),
                }));
            },
            &[(Receivables, 133_00), (Bank, -118_00), (FeeIncome, -15_00)],
        ),
        (
            "Goodwill credit",
            bill_118,
            |d| {
                resolve(
                    d,
                    item("I-1", ""),
                    adjust(Goodwill, 18_00, Vec::new()),
                    &["CN"],
                )
            },
            &[(Receivables, -18_00), (Concessions, 18_00)],
        ),
        (
            "Write-off, allowance method",
            bill_118,
            |d| {
                resolve(
                    d,
                    item("I-1", ""),
                    adjust(WriteOff, 118_00, Vec::new()),
                    &[],
                )
            },
            &[(Receivables, -118_00), (Allowance, 118_00)],
        ),
        (
            "Write-off, direct",
            |d| {
                bill_118(d);
                d.run(Command::SetPolicy(PolicyChange::Postings(PostingPolicy {
                    direct_write_off: true,
                    ..PostingPolicy::default()
                })));
            },
            |d| {
                resolve(
                    d,
                    item("I-1", ""),
                    adjust(WriteOff, 118_00, Vec::new()),
                    &[],
                )
            },
            &[(Receivables, -118_00), (BadDebt, 118_00)],
        ),
        (
            "Recovery of written-off",
            |d| {
                bill_118(d);
                resolve(
                    d,
                    item("I-1", ""),
                    adjust(WriteOff, 118_00, Vec::new()),
                    &[],
                );
            },
            |d| resolve(d, item("I-1", ""), adjust(Recovery, 50_00, Vec::new()), &[]),
            &[(Receivables, 50_00), (Allowance, -50_00)],
        ),
        (
            "Unearned discount billed back",
            |d| {
                bill_118(d);
                paid(d, "I-1", 116_00, &[(Cause::Discount, 2_00)]);
            },
            |d| resolve(d, item("I-1", ""), adjust(BillBack, 2_00, Vec::new()), &[]),
            &[(Receivables, 2_00), (DiscountAllowed, -2_00)],
        ),
        (
            "Late interest raised",
            nothing,
            |d| {
                d.issue(
                    "A",
                    ItemKind::LateCharge,
                    "L",
                    "2026-01-05",
                    &[("2026-01-20", 7_00)],
                );
            },
            &[(Receivables, 7_00), (InterestIncome, -7_00)],
        ),
        (
            "Late charge waived",
            |d| {
                d.issue(
                    "A",
                    ItemKind::LateCharge,
                    "L",
                    "2026-01-05",
                    &[("2026-01-20", 7_00)],
                );
            },
            |d| {
                resolve(
                    d,
                    item("L", ""),
                    adjust(LateChargeWaiver, 7_00, Vec::new()),
                    &[],
                )
            },
            &[(Receivables, -7_00), (InterestIncome, 7_00)],
        ),
        (
            "Deposit set-off",
            |d| {
                bill_118(d);
                d.issue(
                    "A",
                    ItemKind::OnAccount,
                    "D",
                    "2026-01-05",
                    &[("2026-01-05", 50_00)],
                );
            },
            |d| {
                let what = Adjust {
                    credit: Some(credit("D")),
                    ..adjust(SetOff, 50_00, Vec::new())
                };
                resolve(d, item("I-1", ""), what, &[]);
            },
            &[(Receivables, -50_00), (CustomerDeposits, 50_00)],
        ),
        (
            "Refund overpayment",
            |d| {
                d.receipt(own("A"), "P", "2026-01-20", 100_00, &[]);
            },
            |d| resolve(d, credit("P"), adjust(Refund, 100_00, Vec::new()), &[]),
            &[(UnappliedCash, 100_00), (Bank, -100_00)],
        ),
        (
            "Contra with AP",
            bill_118,
            |d| resolve(d, item("I-1", ""), adjust(Contra, 18_00, Vec::new()), &[]),
            &[(Receivables, -18_00), (Payables, 18_00)],
        ),
    ];
    for (name, before, act, expected) in table {
        let mut d = desk(true);
        d.at(TODAY);
        before(&mut d);
        let found = moved(&mut d, act);
        let mut expected = expected.to_vec();
        expected.sort_unstable();
        assert_eq!(found, expected, "{name}");
    }
}
