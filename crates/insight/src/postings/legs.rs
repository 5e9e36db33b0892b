//! The legs of a resolution (domain.md §4.3 to §4.7), from what it posts.

use super::{Head, Maker, Side};
use duebook_ledger::cases::resolve::{
    Adjust, Adjustment, DocLine, RequestFact, Resolution, measures, total,
};
use duebook_ledger::columns::{ItemKind, NumField};
use duebook_ledger::facts::Cause;
use duebook_ledger::settlements::Settlement;
use duebook_ledger::{Book, ItemId};
use duebook_policy::cases::TaxRegime;
use duebook_policy::postings::Role;
use std::collections::BTreeMap;

/// A document that a request makes.
pub(super) struct Doc {
    pub kind: ItemKind,
    pub side: Side,
    /// Minor units, positive.
    pub amount: i64,
}

/// A settlement that a request makes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Laid {
    pub debit: Option<ItemId>,
    pub credit: Option<ItemId>,
    /// Minor units, positive.
    pub amount: i64,
    pub cause: Cause,
}

/// What a request posts, posted or not.
pub(super) struct Posting<'p> {
    pub head: Head,
    pub fact: &'p RequestFact,
    /// The document it is of.
    pub of: Side,
    pub docs: BTreeMap<ItemId, Doc>,
    pub laid: Vec<Laid>,
    pub back: Vec<Settlement>,
}

impl Posting<'_> {
    /// What of the document was settled before the book knew, at the source: it is taken off it there and
    /// pays what takes its place. The rest of it is money on account.
    fn unknown(&self) -> i64 {
        let laid = self.laid.iter();
        let laid = laid.filter(|l| l.cause == Cause::AtSourceUnknown);
        let over = self.docs.values().filter(|d| d.kind == ItemKind::OnAccount);
        let sum = laid.map(|l| i128::from(l.amount)).sum::<i128>()
            + over.map(|d| i128::from(d.amount)).sum::<i128>();
        // Never more than the document's amount, which fits.
        i64::try_from(sum).unwrap_or(0)
    }

    /// What is settled of the document with a cause and without a credit.
    fn credited(&self, cause: Cause) -> i64 {
        let laid = self.laid.iter();
        laid.filter(|l| l.cause == cause && l.credit.is_none())
            .fold(0, |sum: i64, l| sum.saturating_add(l.amount))
    }

    fn doc(&self, kind: ItemKind) -> Option<&Doc> {
        self.docs.values().find(|d| d.kind == kind)
    }
}

/// An amount as net and tax by code: with its lines where they sum to it, else on one account.
fn divided(lines: &[DocLine], amount: i64, net: Role, without: Role) -> Vec<(Role, String, i64)> {
    let whole = || vec![(without, String::new(), amount)];
    if lines.is_empty() || total(lines) != Some(amount) {
        return whole();
    }
    let (sum, taxes) = measures(lines);
    let mut out = vec![(net, String::new(), sum)];
    out.extend(
        taxes
            .into_iter()
            .map(|(code, tax)| (Role::OutputTax, code.to_owned(), tax)),
    );
    let fits =
        |(role, code, sum): (Role, String, i128)| Some((role, code, i64::try_from(sum).ok()?));
    let fitting: Option<Vec<_>> = out.into_iter().map(fits).collect();
    fitting.unwrap_or_else(whole)
}

/// The account of a credit's net, and the one for all of it where its lines are not known: a commercial
/// credit changes no tax, and neither does one on a document without.
fn credit_roles(book: &Book, fact: &RequestFact, kind: Adjustment) -> (Role, Role) {
    if kind == Adjustment::Goodwill {
        return (Role::Concessions, Role::Concessions);
    }
    let commercial = book.policies().cases.tax != TaxRegime::None && !fact.asked.tax_note;
    let untaxed = book.item(fact.item).and_then(|i| i.num(NumField::Tax)) == Some(0);
    match commercial || untaxed {
        true => (Role::Revenue, Role::Revenue),
        false => (Role::Revenue, Role::Undivided),
    }
}

/// The words for an adjustment.
fn said(kind: Adjustment) -> &'static str {
    match kind {
        Adjustment::PartialCredit => "Partial credit",
        Adjustment::Goodwill => "Goodwill credit",
        Adjustment::ServiceCredit => "Service credit",
        Adjustment::SmallBalance => "Small balance",
        Adjustment::BankCharge => "Bank charge",
        Adjustment::LateChargeWaiver => "Late charge waived",
        Adjustment::WriteOff => "Write-off",
        Adjustment::Recovery => "Recovery of a write-off",
        Adjustment::SetOff => "Set-off",
        Adjustment::Contra => "Contra",
        Adjustment::Refund => "Refund",
        Adjustment::BillBack => "Discount billed back",
        Adjustment::Chargeback => "Chargeback",
    }
}

impl Maker<'_> {
    /// The role that stands against what an adjustment lets go of a document.
    pub(super) fn let_go(&self, kind: Adjustment) -> Role {
        match kind {
            Adjustment::PartialCredit | Adjustment::ServiceCredit => Role::Undivided,
            Adjustment::Goodwill => Role::Concessions,
            Adjustment::SmallBalance => Role::PaymentDifferences,
            Adjustment::BankCharge => Role::BankCharges,
            Adjustment::LateChargeWaiver => Role::InterestIncome,
            Adjustment::WriteOff => self.policy.write_off(),
            Adjustment::Recovery => self.policy.recovery(),
            Adjustment::SetOff => Role::CustomerDeposits,
            Adjustment::Contra => Role::Payables,
            Adjustment::Refund => Role::Bank,
            Adjustment::BillBack => Role::DiscountAllowed,
            Adjustment::Chargeback => Role::Receivables,
        }
    }

    pub(super) fn resolution(&mut self, p: &Posting<'_>) {
        match &p.fact.asked.what {
            Resolution::PoChange(_) => {}
            Resolution::Rebill(_) => self.billed_anew(p),
            Resolution::Split(split) if split.tax_documents => self.billed_anew(p),
            Resolution::Split(_) => self.receivable_split(p),
            Resolution::Adjust(adjust) => self.adjusted(p, adjust),
        }
    }

    /// RB-01, SP-04 a: money off the document, a credit of all that is still billed, the new bills, and
    /// the money on them.
    fn billed_anew(&mut self, p: &Posting<'_>) {
        let old = p.of.document.clone();
        self.money_off(p);
        let note = p.doc(ItemKind::CreditMemo);
        let proposed = p.fact.proposed.iter();
        let lines = proposed
            .clone()
            .find(|d| ItemKind::from_u8(d.kind) == Some(ItemKind::CreditMemo));
        let (side, amount) = match note {
            // The owner's own: what of it is left pays the new bill, within the same account.
            Some(note) => (note.side.clone(), note.amount),
            None => {
                let unknown = p.unknown();
                let text = format!("Paid at the source, taken off {old}");
                let money = p.of.against(Role::UnappliedCash);
                self.pair(&p.head, &p.of, &money, unknown, &text);
                let number = lines.map_or(String::new(), |l| l.number.clone());
                let side = Side {
                    document: number,
                    ..p.of.clone()
                };
                (side, p.credited(Cause::Credit).saturating_add(unknown))
            }
        };
        let text = format!("Credit note for {old}");
        let parts = lines.map_or(&[][..], |l| &l.lines[..]);
        for (role, code, part) in divided(parts, amount, Role::Revenue, Role::Undivided) {
            self.pair(&p.head, &side.taxed(role, &code), &side, part, &text);
        }
        for doc in p.docs.values().filter(|d| d.kind == ItemKind::Invoice) {
            let lines = proposed.clone().find(|l| l.number == doc.side.document);
            let parts = lines.map_or(&[][..], |l| &l.lines[..]);
            let text = format!("Bill in place of {old}");
            for (role, code, part) in divided(parts, doc.amount, Role::Revenue, Role::Undivided) {
                let against = doc.side.taxed(role, &code);
                self.pair(&p.head, &doc.side, &against, part, &text);
            }
        }
        self.money_on(p);
    }

    /// SP-04 b: the receivable alone goes over to its parts.
    fn receivable_split(&mut self, p: &Posting<'_>) {
        let old = &p.of.document;
        self.money_off(p);
        let text = format!("Paid at the source, taken off {old}");
        let money = p.of.against(Role::UnappliedCash);
        self.pair(&p.head, &p.of, &money, p.unknown(), &text);
        let text = format!("Part of {old}");
        for doc in p.docs.values().filter(|d| d.kind == ItemKind::Invoice) {
            self.pair(&p.head, &doc.side, &p.of, doc.amount, &text);
        }
        self.money_on(p);
    }

    /// What was applied is held: unapplied again.
    fn money_off(&mut self, p: &Posting<'_>) {
        for s in &p.back {
            let Some(credit) = s.credit.and_then(|id| self.side(id, p.head.at(true))) else {
                continue;
            };
            let text = format!("{} taken off {}", credit.document, p.of.document);
            let credit = self.of_deposit(s.id, credit);
            self.pair(&p.head, &p.of, &credit, s.amount, &text);
        }
    }

    /// What was held pays what took the document's place.
    fn money_on(&mut self, p: &Posting<'_>) {
        for l in &p.laid {
            let debit = l.debit.and_then(|id| p.docs.get(&id));
            let Some(debit) = debit.map(|d| d.side.clone()) else {
                continue;
            };
            let credit = match l.credit {
                // A credit note of this request: both are what is owed.
                Some(id) if p.docs.contains_key(&id) => continue,
                Some(id) => self.side(id, p.head.at(false)),
                None if l.cause == Cause::AtSourceUnknown => {
                    Some(debit.against(Role::UnappliedCash))
                }
                None => None,
            };
            let Some(credit) = credit.filter(|c| c.role != Role::Receivables) else {
                continue;
            };
            let text = match l.credit {
                Some(_) => format!("{} applied to {}", credit.document, debit.document),
                None => format!("Paid at the source, applied to {}", debit.document),
            };
            self.pair(&p.head, &credit, &debit, l.amount, &text);
        }
    }

    fn adjusted(&mut self, p: &Posting<'_>, adjust: &Adjust) {
        let amount = adjust.amount;
        let text = format!("{} on {}", said(adjust.kind), p.of.document);
        let role = self.let_go(adjust.kind);
        let against = p.of.against(role);
        match adjust.kind {
            Adjustment::PartialCredit | Adjustment::Goodwill | Adjustment::ServiceCredit => {
                let (net, without) = credit_roles(self.book, p.fact, adjust.kind);
                let number = p.fact.proposed.first().map(|d| d.number.clone());
                let note = Side {
                    document: number.unwrap_or_default(),
                    ..p.of.clone()
                };
                for (role, code, part) in divided(&adjust.lines, amount, net, without) {
                    self.pair(&p.head, &note.taxed(role, &code), &note, part, &text);
                }
            }
            Adjustment::SmallBalance
            | Adjustment::BankCharge
            | Adjustment::LateChargeWaiver
            | Adjustment::WriteOff
            | Adjustment::Contra => self.pair(&p.head, &against, &p.of, amount, &text),
            // What of the settlement stays was taken back and settled again: only this much moves.
            Adjustment::Recovery | Adjustment::BillBack => {
                self.pair(&p.head, &p.of, &against, amount, &text);
            }
            Adjustment::Refund => self.pair(&p.head, &p.of, &against, amount, &text),
            Adjustment::SetOff => {
                for l in &p.laid {
                    let Some(credit) = l.credit.and_then(|id| self.side(id, p.head.at(false)))
                    else {
                        continue;
                    };
                    let kind = l.credit.and_then(|id| self.book.item(id)).map(|i| i.kind());
                    let credit = match kind {
                        Some(ItemKind::OnAccount) => Side { role, ..credit },
                        _ => credit,
                    };
                    self.applied(&p.head, &credit, &p.of, l.amount, &text);
                }
            }
            Adjustment::Chargeback => {
                for doc in p.docs.values() {
                    self.pair(&p.head, &doc.side, &p.of, doc.amount, &text);
                }
            }
        }
    }

    /// A credit pays a debit. Within one account of one customer nothing moves in the general ledger.
    pub(super) fn applied(
        &mut self,
        head: &Head,
        credit: &Side,
        debit: &Side,
        amount: i64,
        text: &str,
    ) {
        let within = credit.role == debit.role
            && credit.customer == debit.customer
            && credit.entity == debit.entity;
        if !within {
            self.pair(head, credit, debit, amount, text);
        }
    }
}
