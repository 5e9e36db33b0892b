//! From a line of a statement to a receipt, and from a proposal to the command that posts it.

use std::collections::{BTreeMap, BTreeSet};

use duebook_ledger::command::RecordReceipt;
use duebook_ledger::facts::Cause;
use duebook_ledger::keys::ItemKey;
use duebook_ledger::recon::{Onward, PayerText, payer_key};
use duebook_ledger::statements::{AcceptedMatch, LineUse, MatchRule};
use duebook_ledger::{Book, CustomerId, ItemId, LineId};

use crate::index::{Alias, AliasKind};
use crate::proposal::{DifferenceKind, Line, Proposal, Rung, Treatment};
use crate::receipt::{Receipt, RemittanceLine};

/// Why a proposal cannot be posted as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotPostable {
    /// The line is not in the book, or nothing of it is left.
    NothingLeft,
    /// Nobody knows whose money it is.
    NoPayer,
}

/// What of a line nobody has said anything of, as money to be matched.
pub fn receipt_of(book: &Book, line: LineId) -> Option<Receipt> {
    let fact = &book.line(line)?.fact;
    let paid = |d: &duebook_ledger::statements::PaidDocument| RemittanceLine {
        reference: d.reference.clone(),
        gross: d.gross,
        discount: d.discount,
        adjustment: d.adjustment,
        paid: d.paid,
        note: d.note.clone(),
    };
    Some(Receipt {
        bank_id: fact.bank_id.clone(),
        value_date: fact.value,
        currency: book.statement_of(line)?.facts.currency,
        amount: book.line_rest(line),
        payer_name: fact.payer.clone(),
        payer_account: fact.payer_account.clone(),
        customer_ref: fact.customer_ref.clone(),
        references: fact.references.clone(),
        text: fact.text.clone(),
        lines: fact.documents.iter().map(paid).collect(),
    })
}

/// Names and accounts learnt from the lines that were said to be a customer's money, as known now
/// (CA-05): undoing what was said unlearns it. What stood for two customers tells nothing.
pub fn learnt(book: &Book) -> Vec<Alias> {
    let mut seen: BTreeMap<(AliasKind, String), (BTreeSet<CustomerId>, String)> = BTreeMap::new();
    for part in book.all_line_parts() {
        let LineUse::Receipt(receipt) = part.by else {
            continue;
        };
        let (Some(line), Some(item)) = (book.line(part.line), book.item(receipt)) else {
            continue;
        };
        let customer = item.customer();
        for (kind, text) in [
            (AliasKind::Account, &line.fact.payer_account),
            (AliasKind::Name, &line.fact.payer),
        ] {
            let key = payer_key(text);
            let forgotten = match kind {
                AliasKind::Account => book.unlearnt(PayerText::Account, &key, customer),
                _ => book.unlearnt(PayerText::Name, &key, customer),
            };
            // What was confirmed later teaches anew.
            if key.is_empty() || forgotten.is_some_and(|at| part.commit < at) {
                continue;
            }
            let of = seen.entry((kind, key)).or_default();
            of.0.insert(customer);
            of.1.clone_from(text);
        }
    }
    let single = seen.into_iter().filter(|(_, (who, _))| who.len() == 1);
    let alias =
        |((kind, _), (who, text)): ((AliasKind, String), (BTreeSet<CustomerId>, String))| {
            who.first().map(|customer| Alias {
                kind,
                text,
                customer: *customer,
            })
        };
    single.filter_map(alias).collect()
}

/// Makes commands of matches; the receipts of one commit get numbers of their own.
#[derive(Debug, Default)]
pub struct Numbers(BTreeSet<(String, String)>);

impl Numbers {
    /// The bank's id, or account, day and place; another number where that is in use.
    fn next(&mut self, book: &Book, line: LineId, entity: &str) -> String {
        let base = match book.line(line) {
            Some(l) if !l.fact.bank_id.trim().is_empty() => l.fact.bank_id.trim().to_owned(),
            Some(l) => format!("BANK-{}-{}", l.fact.booked, line.0),
            None => format!("BANK-{}", line.0),
        };
        let mut turn = 1u32;
        loop {
            let number = match turn {
                1 => base.clone(),
                n => format!("{base}/{n}"),
            };
            let key = ItemKey {
                entity: entity.to_owned(),
                credit: true,
                number: number.clone(),
                ..ItemKey::default()
            };
            let taken = (entity.to_owned(), number.clone());
            if book.find_item(&key).is_none() && self.0.insert(taken) {
                return number;
            }
            turn += 1;
        }
    }
    /// What a proposal says, as a command's match.
    ///
    /// # Errors
    /// [`NotPostable`].
    pub fn accepted(
        &mut self,
        book: &Book,
        line: LineId,
        proposal: &Proposal,
        auto: bool,
    ) -> Result<AcceptedMatch, NotPostable> {
        let owner = proposal.lines.first().map(|l| l.customer);
        let payer = proposal.payer.or(owner).ok_or(NotPostable::NoPayer)?;
        let money = book.statement_of(line).map(|s| s.facts.currency);
        let money = money.ok_or(NotPostable::NothingLeft)?;
        let (abroad, here): (Vec<Line>, Vec<Line>) = (proposal.lines.iter().cloned())
            .partition(|l| book.item(l.item).is_some_and(|i| i.currency() != money));
        let laid = laid_out(&here);
        let onward = exchanged(book, payer, &abroad).ok_or(NotPostable::NoPayer)?;
        let mut out = self.by_hand(book, line, payer, proposal.amount, &laid.applied, onward)?;
        let key = |id: ItemId| book.item_key(id);
        let credits = laid.credits.into_iter();
        out.credits = credits
            .filter_map(|(credit, item, amount)| Some((key(credit)?, key(item)?, amount)))
            .collect();
        let granted = laid.granted.into_iter();
        out.granted = granted
            .filter_map(|(item, cause, amount)| Some((key(item)?, cause, amount)))
            .collect();
        out.auto = auto;
        out.rule = Some(rule_of(proposal.rung));
        Ok(out)
    }
    /// A part of a line as a customer's money, laid on items, and of it what goes over into other
    /// currencies; the rest of it stays unapplied.
    ///
    /// # Errors
    /// [`NotPostable`].
    pub fn by_hand(
        &mut self,
        book: &Book,
        line: LineId,
        payer: CustomerId,
        amount: i64,
        applied: &[(ItemId, i64)],
        onward: Vec<Onward>,
    ) -> Result<AcceptedMatch, NotPostable> {
        let nothing = NotPostable::NothingLeft;
        let key = book.line_key(line).ok_or(nothing)?;
        let fact = &book.line(line).ok_or(nothing)?.fact;
        if amount <= 0 {
            return Err(nothing);
        }
        let pays: Vec<(ItemKey, i64)> = applied
            .iter()
            .filter_map(|(id, amount)| Some((book.item_key(*id)?, *amount)))
            .collect();
        let abroad = onward.iter().flat_map(|o| &o.applications);
        let entity = pays.iter().chain(abroad).next();
        let entity = entity.map(|(k, _)| k.entity.clone());
        let entity = entity
            .or_else(|| {
                let first = book.items_of(payer).next()?;
                book.item_key(first.id).map(|k| k.entity)
            })
            .or_else(|| book.entities().first().cloned())
            .unwrap_or_default();
        let written = fact.references.first().filter(|r| !r.is_empty());
        let written = written.unwrap_or(&fact.text);
        let receipt = RecordReceipt {
            customer: book.customer_key(payer).ok_or(NotPostable::NoPayer)?,
            number: self.next(book, line, &entity),
            entity,
            // A locked day takes nothing more: it is posted on the first open one.
            value_date: book.open_day(fact.value),
            currency: key.currency,
            amount,
            reference: written.chars().take(140).collect(),
            applications: pays,
        };
        Ok(AcceptedMatch {
            line: key,
            receipt,
            credits: Vec::new(),
            granted: Vec::new(),
            auto: false,
            rule: Some(MatchRule::ByHand),
            contested: Vec::new(),
            onward,
        })
    }
}

/// What a proposal's lines come to: money on items, credits on items, what is let go.
struct Laid {
    applied: Vec<(ItemId, i64)>,
    credits: Vec<(ItemId, ItemId, i64)>,
    granted: Vec<(ItemId, Cause, i64)>,
}

/// Money laid on items of other currencies: by currency, at the rate that what is laid and what it settles
/// come to. `None` where the payer is not there.
fn exchanged(book: &Book, payer: CustomerId, lines: &[Line]) -> Option<Vec<Onward>> {
    let customer = book.customer_key(payer)?;
    let mut by: BTreeMap<u16, Onward> = BTreeMap::new();
    for line in lines.iter().filter(|l| l.amount > 0 && l.settles > 0) {
        let Some((item, key)) = book.item(line.item).zip(book.item_key(line.item)) else {
            continue;
        };
        let currency = item.currency();
        let part = by.entry(currency.numeric()).or_insert_with(|| Onward {
            customer: customer.clone(),
            amount: 0,
            currency,
            into: 0,
            applications: Vec::new(),
        });
        part.amount = part.amount.saturating_add(line.amount);
        part.into = part.into.saturating_add(line.settles);
        part.applications.push((key, line.settles));
    }
    Some(by.into_values().collect())
}

/// A credit taken pays an item of its own customer where there is one; money pays the rest. What
/// was paid beyond what is open stays with the receipt.
fn laid_out(lines: &[Line]) -> Laid {
    let mut left: Vec<(ItemId, CustomerId, i64)> = lines
        .iter()
        .filter(|l| l.amount > 0)
        .map(|l| (l.item, l.customer, l.amount.min(l.open)))
        .collect();
    let mut credits = Vec::new();
    for credit in lines.iter().filter(|l| l.amount < 0) {
        let mut rest = credit.amount.saturating_neg();
        for own in [true, false] {
            for (item, customer, open) in &mut left {
                let used = rest.min(*open);
                if (*customer == credit.customer) == own && used > 0 {
                    credits.push((credit.item, *item, used));
                    *open -= used;
                    rest -= used;
                }
            }
        }
    }
    let mut granted = Vec::new();
    for line in lines.iter().filter(|l| l.amount > 0) {
        let mut room = line.open - line.amount.min(line.open);
        for d in &line.differences {
            let amount = d.amount.min(room);
            if d.kind.treatment() == Treatment::Post && amount > 0 {
                granted.push((line.item, cause_of(d.kind), amount));
                room -= amount;
            }
        }
    }
    let applied = left.into_iter().filter(|(_, _, a)| *a > 0);
    Laid {
        applied: applied.map(|(item, _, amount)| (item, amount)).collect(),
        credits,
        granted,
    }
}

/// Under which cause a difference is posted.
fn cause_of(kind: DifferenceKind) -> Cause {
    use DifferenceKind::*;
    match kind {
        DiscountEarned { .. } | DiscountInGrace { .. } | DiscountUnearned { .. } => Cause::Discount,
        Withholding { .. } => Cause::Withholding,
        Exchange => Cause::Exchange,
        Rounding | Tolerance => Cause::Tolerance,
        BankCharge | Deduction | Partial | Unexplained => Cause::WriteOff,
    }
}

/// A rung of the ladder as it is kept with what is accepted.
pub fn rule_of(rung: Rung) -> MatchRule {
    match rung {
        Rung::Structured => MatchRule::Structured,
        Rung::Named => MatchRule::Named,
        Rung::NamedDiffers => MatchRule::NamedDiffers,
        Rung::Similar => MatchRule::Similar,
        Rung::Together => MatchRule::Together,
        Rung::OneItem => MatchRule::OneItem,
        Rung::Balance => MatchRule::Balance,
        Rung::PastDue => MatchRule::PastDue,
        Rung::DueDay => MatchRule::DueDay,
        Rung::Discounted => MatchRule::Discounted,
        Rung::Withheld => MatchRule::Withheld,
        Rung::Sum => MatchRule::Sum,
        Rung::Tolerated => MatchRule::Tolerated,
        Rung::OtherCurrency => MatchRule::OtherCurrency,
        Rung::Allocated => MatchRule::Allocated,
        Rung::None => MatchRule::ByHand,
    }
}
