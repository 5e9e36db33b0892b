//! Correspondence: letters produced and sent, holds, queries of customers, documents. Produced is
//! not sent: only a person's word moves the ladder, the timeline and the quiet days.

use crate::book::Book;
use crate::ids::*;
use crate::keys::{CustomerKey, FactKey, ItemKey, TextRef};
use crate::versioned::Versioned;
use crate::violations::Violation;
use duebook_money::{Currency, Day};
use duebook_policy::letters::{LetterUse, Medium, QueryKind};
use minicbor::{Decode, Encode};
use std::collections::BTreeMap;

/// A line of a letter: an item and what is asked for on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct LetterLine {
    /// The item.
    #[n(0)]
    pub item: ItemId,
    /// Asked, minor units, signed like the item.
    #[n(1)]
    pub asked: i64,
}

/// What a letter says is open in a currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct LetterTotal {
    /// Currency.
    #[n(0)]
    pub currency: Currency,
    /// Minor units.
    #[n(1)]
    pub minor: i64,
}

/// A letter as produced (CP-09): which template and version, what it said, on which day's figures.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct LetterFact {
    /// To whom.
    #[n(0)]
    pub customer: CustomerId,
    /// The person.
    #[n(1)]
    pub contact: Option<ContactId>,
    /// What it is.
    #[n(2)]
    pub used_for: LetterUse,
    /// Template.
    #[n(3)]
    pub template: String,
    /// Its language.
    #[n(4)]
    pub language: String,
    /// Its version.
    #[n(5)]
    pub version: u32,
    /// How it goes out.
    #[n(6)]
    pub medium: Medium,
    /// Step of the ladder, by its day; `None` for what is no step.
    #[n(7)]
    pub step: Option<i32>,
    /// The day of its figures.
    #[n(8)]
    pub as_of: Day,
    /// Its lines.
    #[n(9)]
    pub lines: Vec<LetterLine>,
    /// Its totals.
    #[n(10)]
    pub totals: Vec<LetterTotal>,
    /// What it is in one line, kept beside the log.
    #[n(11)]
    pub subject: Option<TextRef>,
    /// The whole of it as plain text, kept beside the log.
    #[n(12)]
    pub content: Option<TextRef>,
    /// The id by which its figures are found again.
    #[n(13)]
    pub tie: String,
}

/// How a letter produced ended. Stored; never renumber.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub enum LetterEnd {
    /// It went out, as the user says.
    #[n(0)]
    Sent {
        /// When, milliseconds UTC.
        #[n(0)]
        at: i64,
        /// The ledger's date then.
        #[n(1)]
        on: Day,
    },
    /// It did not and will not.
    #[n(1)]
    Discarded,
}

/// A hold: no letter goes to a customer until it ends.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct HoldFact {
    /// Whom.
    #[n(0)]
    pub customer: CustomerId,
    /// Why.
    #[n(1)]
    pub reason: String,
    /// The last day it holds.
    #[n(2)]
    pub until: Day,
}

/// What a customer asked for.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct QueryFact {
    /// Who.
    #[n(0)]
    pub customer: CustomerId,
    /// The person.
    #[n(1)]
    pub contact: Option<ContactId>,
    /// What.
    #[n(2)]
    pub kind: QueryKind,
    /// When it was asked, milliseconds UTC.
    #[n(3)]
    pub at: i64,
    /// Hours to answer, as in force then.
    #[n(4)]
    pub hours: u16,
    /// Of which items.
    #[n(5)]
    pub items: Vec<ItemId>,
    /// In words, kept beside the log.
    #[n(6)]
    pub note: Option<TextRef>,
}

/// A document: a file that belongs to items or to a customer.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct DocumentFact {
    /// Name of the file.
    #[n(0)]
    pub name: String,
    /// Bytes.
    #[n(1)]
    pub size: u64,
    /// BLAKE3 of its bytes.
    #[n(2)]
    #[cbor(with = "minicbor::bytes")]
    pub digest: [u8; 32],
    /// The items it is of.
    #[n(3)]
    pub items: Vec<ItemId>,
    /// The customer, where it is of no item.
    #[n(4)]
    pub customer: Option<CustomerId>,
    /// The file itself beside the log; `None`: by name only.
    #[n(5)]
    pub content: Option<TextRef>,
}

/// What happened. Stored under its number.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum LettersEvent {
    /// A letter was written.
    #[n(0)]
    Produced(#[n(0)] Box<LetterFact>),
    /// It went out, or never will.
    #[n(1)]
    Ended {
        /// Which.
        #[n(0)]
        letter: LetterId,
        /// How.
        #[n(1)]
        how: LetterEnd,
    },
    /// Nothing goes to a customer for a while.
    #[n(2)]
    HoldSet(#[n(0)] HoldFact),
    /// The hold is over.
    #[n(3)]
    HoldEnded {
        /// Which.
        #[n(0)]
        hold: HoldId,
    },
    /// A customer asked for something.
    #[n(4)]
    QueryOpened(#[n(0)] QueryFact),
    /// It was answered.
    #[n(5)]
    QueryAnswered {
        /// Which.
        #[n(0)]
        query: QueryId,
        /// When, milliseconds UTC.
        #[n(1)]
        at: i64,
        /// How, kept beside the log.
        #[n(2)]
        note: Option<TextRef>,
    },
    /// A file belongs to items or a customer.
    #[n(6)]
    DocumentLinked(#[n(0)] DocumentFact),
    /// It does not.
    #[n(7)]
    DocumentUnlinked {
        /// Which.
        #[n(0)]
        document: DocumentId,
    },
}

/// A letter asked for, in natural keys.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct NewLetter {
    /// To whom.
    #[n(0)]
    pub customer: CustomerKey,
    /// The person.
    #[n(1)]
    pub contact: Option<FactKey>,
    /// What it is.
    #[n(2)]
    pub used_for: LetterUse,
    /// Template.
    #[n(3)]
    pub template: String,
    /// Its language.
    #[n(4)]
    pub language: String,
    /// Its version.
    #[n(5)]
    pub version: u32,
    /// How it goes out.
    #[n(6)]
    pub medium: Medium,
    /// Step of the ladder, by its day.
    #[n(7)]
    pub step: Option<i32>,
    /// The day of its figures.
    #[n(8)]
    pub as_of: Day,
    /// Items and what is asked on each, minor units.
    #[n(9)]
    pub lines: Vec<(ItemKey, i64)>,
    /// Its totals.
    #[n(10)]
    pub totals: Vec<LetterTotal>,
    /// What it is in one line.
    #[n(11)]
    pub subject: Option<TextRef>,
    /// The whole of it as plain text.
    #[n(12)]
    pub content: Option<TextRef>,
    /// The id by which its figures are found again.
    #[n(13)]
    pub tie: String,
}

/// A document asked to be linked.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct NewDocument {
    /// Name of the file.
    #[n(0)]
    pub name: String,
    /// Bytes.
    #[n(1)]
    pub size: u64,
    /// BLAKE3 of its bytes.
    #[n(2)]
    #[cbor(with = "minicbor::bytes")]
    pub digest: [u8; 32],
    /// The items it is of.
    #[n(3)]
    pub items: Vec<ItemKey>,
    /// The customer, where it is of no item.
    #[n(4)]
    pub customer: Option<CustomerKey>,
    /// The file itself.
    #[n(5)]
    pub content: Option<TextRef>,
}

/// What a user asks for. Refusals in order of precedence: none named, too many, unknown customer,
/// person, item or fact; an item of another customer; over already; a date before today.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum LettersCommand {
    /// Records letters written.
    #[n(0)]
    Produce(#[n(0)] Vec<NewLetter>),
    /// Says that letters went out: each is a contact.
    #[n(1)]
    ConfirmSent {
        /// Which.
        #[n(0)]
        letters: Vec<FactKey>,
        /// When, milliseconds UTC.
        #[n(1)]
        at: i64,
    },
    /// Says that letters did not go out.
    #[n(2)]
    Discard {
        /// Which.
        #[n(0)]
        letters: Vec<FactKey>,
    },
    /// Holds letters to a customer.
    #[n(3)]
    SetHold {
        /// Whom.
        #[n(0)]
        customer: CustomerKey,
        /// Why.
        #[n(1)]
        reason: String,
        /// The last day it holds.
        #[n(2)]
        until: Day,
    },
    /// Ends a hold.
    #[n(4)]
    EndHold {
        /// Which.
        #[n(0)]
        hold: FactKey,
    },
    /// Records what a customer asked for.
    #[n(5)]
    OpenQuery {
        /// Who.
        #[n(0)]
        customer: CustomerKey,
        /// The person.
        #[n(1)]
        contact: Option<FactKey>,
        /// What.
        #[n(2)]
        kind: QueryKind,
        /// When it was asked, milliseconds UTC.
        #[n(3)]
        at: i64,
        /// Of which items.
        #[n(4)]
        items: Vec<ItemKey>,
        /// In words.
        #[n(5)]
        note: Option<TextRef>,
    },
    /// Says that it was answered.
    #[n(6)]
    AnswerQuery {
        /// Which.
        #[n(0)]
        query: FactKey,
        /// When, milliseconds UTC.
        #[n(1)]
        at: i64,
        /// How.
        #[n(2)]
        note: Option<TextRef>,
    },
    /// Links documents.
    #[n(7)]
    LinkDocuments(#[n(0)] Vec<NewDocument>),
    /// Says that a document does not belong there.
    #[n(8)]
    UnlinkDocument {
        /// Which.
        #[n(0)]
        document: FactKey,
    },
}

/// What a command about letters was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)] // named as the variants of `LettersCommand`
pub enum LettersAct {
    Produce,
    ConfirmSent,
    Discard,
    SetHold,
    EndHold,
    OpenQuery,
    AnswerQuery,
    LinkDocuments,
    UnlinkDocument,
}

impl LettersCommand {
    /// What it is.
    pub fn act(&self) -> LettersAct {
        use LettersCommand as C;
        match self {
            C::Produce(_) => LettersAct::Produce,
            C::ConfirmSent { .. } => LettersAct::ConfirmSent,
            C::Discard { .. } => LettersAct::Discard,
            C::SetHold { .. } => LettersAct::SetHold,
            C::EndHold { .. } => LettersAct::EndHold,
            C::OpenQuery { .. } => LettersAct::OpenQuery,
            C::AnswerQuery { .. } => LettersAct::AnswerQuery,
            C::LinkDocuments(_) => LettersAct::LinkDocuments,
            C::UnlinkDocument { .. } => LettersAct::UnlinkDocument,
        }
    }
}

/// A fact of correspondence with the commit that recorded it.
#[derive(Debug, Clone)]
pub struct Kept<F, E> {
    /// Commit that recorded it.
    pub commit: Seq,
    /// Natural key.
    pub key: FactKey,
    /// As recorded.
    pub fact: F,
    /// How it ended.
    pub ended: Versioned<E>,
}

/// A letter.
pub type Letter = Kept<LetterFact, LetterEnd>;
/// A hold.
pub type Hold = Kept<HoldFact, ()>;
/// A query; how it was answered: when, and in which words.
pub type Query = Kept<QueryFact, (i64, Option<TextRef>)>;
/// A document.
pub type Document = Kept<DocumentFact, ()>;

/// All correspondence of a book, dead facts included.
#[derive(Debug, Clone, Default)]
pub struct Letters {
    pub(crate) letters: Vec<Letter>,
    pub(crate) holds: Vec<Hold>,
    pub(crate) queries: Vec<Query>,
    pub(crate) documents: Vec<Document>,
    pub(crate) letters_of: BTreeMap<CustomerId, Vec<LetterId>>,
    pub(crate) documents_of: BTreeMap<ItemId, Vec<DocumentId>>,
}

impl Letters {
    /// Every item that a fact of correspondence names.
    pub(crate) fn items(&self) -> impl Iterator<Item = ItemId> + '_ {
        let letters = self.letters.iter().flat_map(|l| &l.fact.lines);
        let queries = self.queries.iter().flat_map(|q| &q.fact.items);
        let documents = self.documents_of.keys();
        letters
            .map(|l| l.item)
            .chain(queries.copied())
            .chain(documents.copied())
    }
}

/// Where a letter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LetterStands {
    /// Written; nobody said yet whether it went out.
    Produced,
    /// It went out: when, and the ledger's date then.
    Sent(i64, Day),
    /// It never will.
    Discarded,
}

impl Book {
    /// All letters by id, dead ones included.
    pub fn letters(&self) -> &[Letter] {
        &self.letters.letters
    }
    /// A letter that is known now, and where it stands.
    pub fn letter(&self, id: LetterId) -> Option<(&Letter, LetterStands)> {
        let letter = self.letters.letters.get(id.index())?;
        let live = |s| self.is_live(s);
        live(letter.commit).then(|| {
            let stands = match letter.ended.get(&live) {
                None => LetterStands::Produced,
                Some(LetterEnd::Sent { at, on }) => LetterStands::Sent(*at, *on),
                Some(LetterEnd::Discarded) => LetterStands::Discarded,
            };
            (letter, stands)
        })
    }
    /// A customer's letters that are known now, in log order.
    pub fn letters_to(
        &self,
        id: CustomerId,
    ) -> impl Iterator<Item = (LetterId, &Letter, LetterStands)> {
        let ids = self.letters.letters_of.get(&id).map_or(&[][..], |l| l);
        ids.iter().filter_map(|id| {
            let (letter, stands) = self.letter(*id)?;
            Some((*id, letter, stands))
        })
    }
    /// All holds by id, dead ones included.
    pub fn holds(&self) -> &[Hold] {
        &self.letters.holds
    }
    /// Whether a hold is known now and not ended by a person; its day is for the caller.
    pub fn is_held(&self, hold: &Hold) -> bool {
        let live = |s| self.is_live(s);
        live(hold.commit) && hold.ended.get(&live).is_none()
    }
    /// The hold on a customer's letters on a day; of several, the last that ends.
    pub fn hold_on(&self, id: CustomerId, day: Day) -> Option<&Hold> {
        let holds = self.letters.holds.iter();
        let of = holds.filter(|h| h.fact.customer == id && h.fact.until >= day && self.is_held(h));
        of.max_by_key(|h| h.fact.until)
    }
    /// All queries by id, dead ones included.
    pub fn queries(&self) -> &[Query] {
        &self.letters.queries
    }
    /// When and how a query that is known now was answered; `None` where it is not known.
    pub fn query_answer(&self, query: &Query) -> Option<Option<(i64, Option<TextRef>)>> {
        let live = |s| self.is_live(s);
        live(query.commit).then(|| query.ended.get(&live).copied())
    }
    /// All documents by id, dead ones included.
    pub fn documents(&self) -> &[Document] {
        &self.letters.documents
    }
    /// Whether a document is known now.
    pub fn is_document_live(&self, document: &Document) -> bool {
        let live = |s| self.is_live(s);
        live(document.commit) && document.ended.get(&live).is_none()
    }
    /// An item's documents that are known now, in log order.
    pub fn documents_of(&self, item: ItemId) -> Vec<(DocumentId, &Document)> {
        let kin = self.kin_of(item);
        let ids = kin.iter().filter_map(|i| self.letters.documents_of.get(i));
        let mut ids: Vec<DocumentId> = ids.flatten().copied().collect();
        duebook_money::order::sort(&mut ids);
        ids.dedup();
        let known = |id: DocumentId| Some((id, self.letters.documents.get(id.index())?));
        let all = ids.into_iter().filter_map(known);
        all.filter(|(_, d)| self.is_document_live(d)).collect()
    }

    /// Whatever a letter, hold, query or document names is there, and ended after it began.
    pub(crate) fn check_letters(&self, out: &mut Vec<Violation>) {
        let customer = |c: &CustomerId| c.index() < self.customers.len();
        let item = |i: &ItemId| self.item(*i).is_some();
        let after = |commit: Seq, ends: Vec<Seq>| {
            commit > Seq(0) && commit <= self.head() && ends.iter().all(|e| *e > commit)
        };
        let mut bad = |commit: Seq, sound: bool| {
            if !sound {
                out.push(Violation::Letters(commit));
            }
        };
        for l in &self.letters.letters {
            let there = customer(&l.fact.customer) && l.fact.lines.iter().all(|l| item(&l.item));
            bad(l.commit, there && after(l.commit, ends(&l.ended)));
        }
        for h in &self.letters.holds {
            let there = customer(&h.fact.customer);
            bad(h.commit, there && after(h.commit, ends(&h.ended)));
        }
        for q in &self.letters.queries {
            let there = customer(&q.fact.customer) && q.fact.items.iter().all(item);
            bad(q.commit, there && after(q.commit, ends(&q.ended)));
        }
        for d in &self.letters.documents {
            let there = d.fact.items.iter().all(item) && d.fact.customer.iter().all(customer);
            bad(d.commit, there && after(d.commit, ends(&d.ended)));
        }
    }
}

fn ends<E>(of: &Versioned<E>) -> Vec<Seq> {
    of.history().iter().map(|(seq, _)| *seq).collect()
}
