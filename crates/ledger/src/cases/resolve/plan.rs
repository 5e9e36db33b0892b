//! The postings of a request while they are worked out: ids of what they make are known in advance,
//! and no rule of the ledger is passed by.

use super::{DocLine, NewRequest, Posted, Proposed, total};
use crate::book::Book;
use crate::columns::{ItemKind, SEGMENT_ROWS};
use crate::event::{Event, ItemFact, SettlementFact};
use crate::facts::{Cause, Standing};
use crate::ids::{CustomerId, ItemId, SettlementId};
use crate::items::{ItemRef, OWN};
use crate::keys::ItemKey;
use crate::refusal::{CaseRefusal, Refusal};
use crate::settlements::Settlement;
use duebook_money::Day;
use duebook_policy::Grant;

/// What a request would post.
pub(super) struct Plan<'a> {
    pub(super) book: &'a Book,
    pub(super) item: ItemRef<'a>,
    pub(super) customer: CustomerId,
    pub(super) on: Day,
    pub(super) standing: Standing,
    pub(super) events: Vec<Event>,
    pub(super) posted: Posted,
    pub(super) proposed: Vec<Proposed>,
    /// What it gives away.
    pub(super) grant: Option<(Grant, i64)>,
    next_item: ItemId,
    next_settlement: u32,
    pub(super) numbers: std::slice::Iter<'a, String>,
    /// Name of the request: from it documents have their number until the source's is known.
    pub(super) name: String,
    /// Ranges that numbers were drawn from.
    pub(super) drawn: Vec<super::numbers::Drawn>,
    /// Places of proposed documents whose number was drawn and not given.
    pub(super) from_range: Vec<usize>,
}

/// How a document was settled so far, minor units.
pub(super) struct Settled {
    /// Money and credits on account that can be held and applied again, oldest first.
    pub(super) held: Vec<Settlement>,
    /// Their sum.
    pub(super) held_sum: i64,
    /// Credited or let go: not billed any more.
    pub(super) credited: i64,
    /// Settled before the book knew, or at the source without a cause: taken as paid.
    pub(super) unknown: i64,
    /// The document's amount.
    pub(super) amount: i64,
}

impl Settled {
    /// What is still billed: the amount less what was credited (RB-01).
    pub(super) fn remaining(&self) -> i64 {
        self.amount - self.credited
    }
}

impl<'a> Plan<'a> {
    pub(super) fn new(
        book: &'a Book,
        asked: &'a NewRequest,
        today: Day,
        name: String,
    ) -> Result<Plan<'a>, Refusal> {
        let id = book.item_id(&asked.item)?;
        let item = book
            .item(id)
            .ok_or_else(|| Refusal::UnknownItem(asked.item.clone()))?;
        if asked.on > today {
            let (date, latest) = (asked.on, today);
            return Err(Refusal::DateAfter { date, latest });
        }
        if let Some(closed) = book.policies().cases.closed_through
            && asked.on <= closed
        {
            return Err(Refusal::Case(CaseRefusal::PeriodClosed(closed)));
        }
        let mut earliest = Day(item.doc_date());
        for s in book.settlements_of(id).filter(|s| book.is_live(s.commit)) {
            if book.standing_of(s.id).counts() {
                let back = book.reversal_of(s.id).map(|r| r.effective);
                earliest = earliest.max(s.effective).max(back.unwrap_or(s.effective));
            }
        }
        if asked.on < earliest {
            let date = asked.on;
            return Err(Refusal::DateBefore { date, earliest });
        }
        Ok(Plan {
            book,
            customer: item.customer(),
            item,
            on: asked.on,
            standing: book.standing_of_ours(),
            events: Vec::new(),
            posted: Posted::default(),
            proposed: Vec::new(),
            grant: None,
            next_item: book.items.next_loose(OWN),
            next_settlement: book.settlements.len() as u32,
            numbers: asked.numbers.iter(),
            name,
            drawn: Vec::new(),
            from_range: Vec::new(),
        })
    }

    /// Whether the book's owner issues documents himself.
    pub(super) fn issues(&self) -> bool {
        !self.standing.is_pending()
    }

    /// A debit, and not one that a source has withdrawn.
    pub(super) fn wants_debit(&self) -> Result<(), Refusal> {
        if self.item.recorded_amount() < 0 {
            return Err(Refusal::WrongSide(self.key()));
        }
        Ok(())
    }

    pub(super) fn key(&self) -> ItemKey {
        self.book.item_key(self.item.id).unwrap_or_default()
    }

    pub(super) fn entity(&self) -> String {
        let all = self.book.entities();
        let code = all.get(usize::from(self.item.entity()));
        code.cloned().unwrap_or_default()
    }

    /// Keeps a document in the request: proposed to the source, or issued here.
    pub(super) fn propose(
        &mut self,
        kind: ItemKind,
        number: &str,
        lines: &[DocLine],
        total: i64,
        due: Day,
    ) {
        self.proposed.push(Proposed {
            kind: kind as u8,
            number: number.to_owned(),
            lines: lines.to_vec(),
            total,
            due,
        });
    }

    /// A document of ours; answers its id.
    pub(super) fn add(&mut self, fact: ItemFact) -> ItemId {
        let id = self.next_item;
        self.next_item = if id.row() + 1 < SEGMENT_ROWS {
            ItemId::new(id.segment(), id.row() + 1)
        } else {
            ItemId::new(id.segment() + 1, 0)
        };
        self.events.push(Event::ItemAdded(fact));
        self.posted.items.push(id);
        id
    }

    /// The facts of a document of ours in the place of the request's item.
    pub(super) fn like_item(
        &self,
        kind: ItemKind,
        number: &str,
        amount: i64,
        due: Day,
    ) -> ItemFact {
        ItemFact {
            customer: self.customer,
            entity: self.item.entity(),
            kind: kind as u8,
            number: number.to_owned(),
            line: String::new(),
            doc_date: self.on,
            due,
            currency: self.item.currency(),
            amount,
            reference: self.item.number().to_owned(),
            po: self.book.po_of(self.item.id).to_owned(),
            standing: self.standing,
        }
    }

    pub(super) fn settle(
        &mut self,
        debit: Option<ItemId>,
        credit: Option<ItemId>,
        amount: i64,
        cause: Cause,
    ) {
        if amount <= 0 {
            return;
        }
        self.events.push(Event::Settled(SettlementFact {
            debit,
            credit,
            amount,
            effective: self.on,
            cause,
            standing: self.standing,
        }));
        self.posted
            .settlements
            .push(SettlementId(self.next_settlement));
        self.next_settlement += 1;
    }

    pub(super) fn take_back(&mut self, settlement: SettlementId) {
        self.events.push(Event::SettlementReversed {
            settlement,
            effective: self.on,
            standing: self.standing,
        });
        self.posted.taken_back.push(settlement);
    }

    /// How the request's item was settled.
    pub(super) fn settled(&self) -> Result<Settled, Refusal> {
        let book = self.book;
        let mut out = Settled {
            held: Vec::new(),
            held_sum: 0,
            credited: 0,
            unknown: 0,
            amount: book.amount_of(&self.item),
        };
        for s in book.settlements_of(self.item.id).filter(|s| book.counts(s)) {
            let credit = s.credit.and_then(|c| book.item(c)).map(|c| c.kind());
            match (credit, s.cause) {
                (Some(ItemKind::Receipt | ItemKind::OnAccount), _) if s.amount > 0 => {
                    out.held_sum = out.held_sum.saturating_add(s.amount);
                    out.held.push(s);
                }
                (Some(_), _) => out.credited = out.credited.saturating_add(s.amount),
                (None, Cause::AtSourceUnknown | Cause::TakeOn | Cause::Payment) => {}
                (None, _) => out.credited = out.credited.saturating_add(s.amount),
            }
        }
        // Oldest first by the receipt's own date (RB-01).
        let dated = |s: &Settlement| {
            let credit = s.credit.and_then(|c| book.item(c));
            (credit.map_or(0, |c| c.doc_date()), s.credit, s.id)
        };
        duebook_money::order::sort_by_key(&mut out.held, dated);
        let known =
            i128::from(out.held_sum) + i128::from(out.credited) + i128::from(self.item.open());
        let unknown = i128::from(out.amount) - known;
        out.unknown = i64::try_from(unknown).unwrap_or(-1);
        if out.unknown < 0 || out.remaining() <= 0 {
            return Err(Refusal::Case(CaseRefusal::NothingLeft));
        }
        Ok(out)
    }

    /// Lines that sum to an amount, or the refusal that says they do not.
    pub(super) fn sums(&self, lines: &[DocLine], expected: i64) -> Result<(), Refusal> {
        let given = total(lines).ok_or(Refusal::TooLarge)?;
        if given != expected {
            return Err(Refusal::Case(CaseRefusal::LinesDiffer { expected, given }));
        }
        Ok(())
    }

    /// RB-04: after the last day the law gives, a credit note no longer changes tax.
    pub(super) fn tax_note_in_time(&self, asked: &NewRequest) -> Result<(), Refusal> {
        if !asked.tax_note {
            return Ok(());
        }
        let regime = self.book.policies().cases.tax;
        let fell = asked.fell_on.unwrap_or(asked.on);
        match regime.last_day(Day(self.item.doc_date()), fell) {
            Some(last) if asked.on > last => Err(Refusal::Case(CaseRefusal::TaxNoteTooLate {
                on: asked.on,
                last,
            })),
            _ => Ok(()),
        }
    }

    /// The date an item ages from (RB-02).
    pub(super) fn anchor(&self) -> Option<Day> {
        use crate::columns::NumField;
        use crate::facts::CollectorField;
        let own = self.book.field(self.item.id, CollectorField::AgingAnchor);
        let own = duebook_money::date::parse_iso_bytes(own.as_bytes());
        let given = self.item.num(NumField::AgingAnchor);
        let given = given
            .and_then(|d| i32::try_from(d).ok())
            .and_then(crate::items::day);
        own.or(given)
            .or_else(|| crate::items::day(self.book.due_of(&self.item)))
    }

    /// The item's due date, its document date where there is none.
    pub(super) fn due(&self) -> Day {
        let due = crate::items::day(self.book.due_of(&self.item));
        due.unwrap_or(Day(self.item.doc_date()))
    }
}
