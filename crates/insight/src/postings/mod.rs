//! Proposed postings (domain.md §4.7): everything of ours that moves the ledger, as entries of a general
//! ledger whose accounts are named by role. Requests are posted as what they are; every other receipt,
//! application, difference, charge and reversal of ours by its kind. What came in with a file is the
//! source's own and no proposal.
//!
//! An entry balances by itself, in its currency and its company; where money of one company pays a bill
//! of another, both have a leg between companies. Two proofs are held beside it: debits equal credits,
//! and what the entries do to customers' accounts is what our postings did to their open items.

mod legs;
mod ours;
mod proof;
mod requests;

pub use proof::Balance;

use duebook_ledger::columns::{ItemKind, TextField};
use duebook_ledger::command::CommandKind;
use duebook_ledger::facts::Standing;
use duebook_ledger::recon::PostedAt;
use duebook_ledger::{Book, CustomerId, ItemId, OpenScan, RequestId, Seq, SettlementId, View};
use duebook_money::{Currency, Day};
use duebook_policy::PostingPolicy;
use duebook_policy::postings::Role;
use duebook_policy::rates::RateTable;
use std::collections::{BTreeMap, BTreeSet};

/// How far an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum EntryState {
    /// A request above its maker's limit: not to be posted before somebody approves it.
    ToApprove,
    /// The source shows it otherwise: to be looked at before it is posted.
    Differs,
    /// To be posted in the source.
    ToPost,
    /// The source was told; no file of it shows it yet.
    Told,
    /// The source has it.
    AtSource,
    /// Posted in this book, whose owner keeps the ledger himself.
    Own,
}

impl EntryState {
    /// In words.
    pub fn name(self) -> &'static str {
        match self {
            EntryState::ToApprove => "Waits for approval",
            EntryState::Differs => "The source shows it otherwise",
            EntryState::ToPost => "To be posted",
            EntryState::Told => "The source was told",
            EntryState::AtSource => "In the source",
            EntryState::Own => "Posted in this book",
        }
    }
    fn of(standing: Standing, own: bool) -> EntryState {
        match standing {
            Standing::Differs => EntryState::Differs,
            Standing::Sent => EntryState::Told,
            Standing::AtSource if own => EntryState::Own,
            Standing::AtSource | Standing::Confirmed => EntryState::AtSource,
            Standing::Local | Standing::Rejected | Standing::Withdrawn => EntryState::ToPost,
        }
    }
}

/// One leg of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leg {
    /// The account, by what it is for.
    pub role: Role,
    /// Minor units: debits positive, credits negative, never nothing.
    pub amount: i64,
    /// Whose.
    pub customer: CustomerId,
    /// Number of the document, with its line where it has one.
    pub document: String,
    /// Code of the tax; empty but for tax.
    pub tax_code: String,
    /// What it is.
    pub text: String,
}

/// An entry: its legs sum to nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its name, from the commit: `J-12`, and `J-12/2` where that makes several; that of the request where
    /// it waits for approval.
    pub name: String,
    /// Posting date.
    pub day: Day,
    /// Company, as the book numbers it.
    pub entity: u16,
    /// Currency of every leg.
    pub currency: Currency,
    /// The commit that posted it; none where it waits.
    pub commit: Option<Seq>,
    /// The request it is of.
    pub request: Option<RequestId>,
    /// How far it is.
    pub state: EntryState,
    /// Its legs, in the order in which they are told.
    pub legs: Vec<Leg>,
}

impl Entry {
    /// Debits less credits, minor units: nothing, in a sound entry.
    pub fn difference(&self) -> i128 {
        self.legs.iter().map(|l| i128::from(l.amount)).sum()
    }
}

/// The proposed postings of a period with their proof.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Journal {
    /// By posting date, then in the order of the log; what waits for approval of a day comes last.
    pub entries: Vec<Entry>,
    /// By company and currency: both proofs.
    pub balances: Vec<Balance>,
    /// What a reader has to know: what is not in it, and what has to wait.
    pub notes: Vec<String>,
}

/// Works out the proposed postings with a date from `from` to the view's as-of day, both inside, as known
/// in the view. Requests that wait for approval are told as known now alone: what they would post is
/// worked out on the book as it is.
pub fn journal(book: &Book, view: View, from: Day) -> Journal {
    let mut maker = Maker::new(book, view);
    maker.requests();
    maker.others();
    let entries = maker.named();
    let within = |e: &Entry| from <= e.day && e.day <= view.as_of;
    let entries: Vec<Entry> = entries.into_iter().filter(within).collect();
    let balances = maker.balances(&entries, from);
    let notes = maker.notes(&entries, from);
    Journal {
        entries,
        balances,
        notes,
    }
}

/// From what an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Origin {
    Commit(Seq, Option<RequestId>),
    Waiting(RequestId),
}

/// What legs have in common that stand in one entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Head {
    origin: Origin,
    day: Day,
    /// ISO number.
    currency: u16,
    state: EntryState,
}

impl Head {
    /// When it is posted, against the moves of a receipt. What waits comes after all.
    fn at(&self, back: bool) -> PostedAt {
        let commit = match self.origin {
            Origin::Commit(seq, _) => seq,
            Origin::Waiting(_) => Seq(u32::MAX),
        };
        PostedAt {
            day: self.day,
            commit,
            back,
        }
    }
}

/// One side of a posting: an account, and what of a customer stands there.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Side {
    role: Role,
    entity: u16,
    customer: CustomerId,
    document: String,
    tax_code: String,
}

impl Side {
    /// Another account for the same document.
    fn against(&self, role: Role) -> Side {
        Side {
            role,
            tax_code: String::new(),
            ..self.clone()
        }
    }
    fn taxed(&self, role: Role, code: &str) -> Side {
        Side {
            tax_code: code.to_owned(),
            ..self.against(role)
        }
    }
}

/// Documents and settlements of requests, which the other postings leave to them.
#[derive(Default)]
struct Held {
    items: BTreeSet<ItemId>,
    settlements: BTreeSet<SettlementId>,
    taken_back: BTreeSet<SettlementId>,
}

/// What makes legs of one entry one leg: account, customer, document, tax, text, on the debit side.
type LegKey = (Role, CustomerId, String, String, String, bool);

/// Legs of an entry in the making, in the order in which they are told.
#[derive(Default)]
struct Legs {
    legs: Vec<Leg>,
    at: BTreeMap<LegKey, usize>,
}

struct Maker<'a> {
    book: &'a Book,
    scan: OpenScan<'a>,
    policy: PostingPolicy,
    own: bool,
    entries: BTreeMap<(Head, u16), Legs>,
    /// Of requests that are told in whole.
    told: Held,
    /// Of requests of which some postings stand and others were withdrawn: in no entry and in no proof.
    torn: Held,
    /// Numbers of those requests, and of those that cannot be posted as they were asked.
    torn_names: Vec<(Day, String)>,
    stuck_names: Vec<(Day, String)>,
    /// What stood against a settlement of a request, for what takes it back later.
    counter: BTreeMap<SettlementId, Role>,
    /// By the day of the posting: what is realised and not known for want of a rate.
    no_rate: Vec<(Day, String)>,
    rates: RateTable,
    /// Whether anything is converted by them.
    converts: bool,
}

impl<'a> Maker<'a> {
    fn new(book: &'a Book, view: View) -> Self {
        let own = book.about().is_none_or(|a| a.own_ledger) || book.sources().is_empty();
        let scan = OpenScan::new(book, view);
        let rates = book.policies_known(scan.live()).rates;
        Maker {
            book,
            scan,
            policy: book.policies().postings.clone(),
            own,
            entries: BTreeMap::new(),
            told: Held::default(),
            torn: Held::default(),
            torn_names: Vec::new(),
            stuck_names: Vec::new(),
            counter: BTreeMap::new(),
            no_rate: Vec::new(),
            converts: crate::fx::converts(book, &rates),
            rates,
        }
    }

    fn is_live(&self, seq: Seq) -> bool {
        self.scan.is_live(seq)
    }

    /// Whether a commit is ours: not a file's.
    fn is_ours(&self, seq: Seq) -> bool {
        let kind = self.book.commit(seq).map(|c| c.label.kind);
        !matches!(
            kind,
            None | Some(CommandKind::ImportItems | CommandKind::ImportPayments)
        )
    }

    /// Where a document stands in the view; `None` where its commit does not count.
    fn item_standing(&self, id: ItemId) -> Option<Standing> {
        let commit = self.book.item(id)?.commit();
        let segment = self.scan.segment(id.segment())?;
        self.is_live(commit).then(|| segment.standing(id.row()))
    }

    /// The customer's side of a document when something is posted on it: what is owed, or money that
    /// waits. Money that was moved is its first customer's up to its move (CA-32).
    fn side(&self, id: ItemId, at: PostedAt) -> Option<Side> {
        let item = self.book.item(id)?;
        let role = match item.kind() {
            ItemKind::Receipt | ItemKind::OnAccount => Role::UnappliedCash,
            _ => Role::Receivables,
        };
        let line = item.text(&TextField::Line);
        let document = match line.is_empty() {
            true => item.number().to_owned(),
            false => format!("{}/{line}", item.number()),
        };
        Some(Side {
            role,
            entity: item.entity(),
            customer: self.holder(id, at),
            document,
            tax_code: String::new(),
        })
    }

    fn holder(&self, id: ItemId, at: PostedAt) -> CustomerId {
        let was = self.book.holder(id, at, &|s| self.is_live(s));
        let kept = || self.scan.customer_of(id).unwrap_or(CustomerId(u32::MAX));
        was.unwrap_or_else(kept)
    }

    /// Two legs that balance; a negative amount goes the other way round.
    fn pair(&mut self, head: &Head, debit: &Side, credit: &Side, amount: i64, text: &str) {
        let (debit, credit) = match amount {
            0 => return,
            n if n < 0 => (credit, debit),
            _ => (debit, credit),
        };
        let Some(amount) = amount.checked_abs() else {
            return;
        };
        let between = |of: &Side| of.against(Role::Intercompany);
        if debit.entity == credit.entity {
            self.leg(head, debit.entity, debit, amount, text);
            self.leg(head, debit.entity, credit, -amount, text);
            return;
        }
        self.leg(head, debit.entity, debit, amount, text);
        self.leg(head, debit.entity, &between(debit), -amount, text);
        self.leg(head, credit.entity, &between(credit), amount, text);
        self.leg(head, credit.entity, credit, -amount, text);
    }

    /// Legs of one account, document and text on one side of an entry are one leg.
    fn leg(&mut self, head: &Head, entity: u16, side: &Side, amount: i64, text: &str) {
        let Legs { legs, at } = self.entries.entry((*head, entity)).or_default();
        let key = (
            side.role,
            side.customer,
            side.document.clone(),
            side.tax_code.clone(),
            text.to_owned(),
            amount > 0,
        );
        if let Some(leg) = at.get(&key).and_then(|at| legs.get_mut(*at))
            && let Some(sum) = leg.amount.checked_add(amount)
        {
            leg.amount = sum;
            return;
        }
        at.insert(key, legs.len());
        legs.push(Leg {
            role: side.role,
            amount,
            customer: side.customer,
            document: side.document.clone(),
            tax_code: side.tax_code.clone(),
            text: text.to_owned(),
        });
    }

    /// The entries with their names, in order.
    fn named(&mut self) -> Vec<Entry> {
        let mut last: Option<(Origin, usize)> = None;
        let mut out: Vec<Entry> = Vec::new();
        for ((head, entity), made) in std::mem::take(&mut self.entries) {
            let nth = match last {
                Some((origin, n)) if origin == head.origin => n + 1,
                _ => 1,
            };
            last = Some((head.origin, nth));
            let (base, commit, request) = match head.origin {
                Origin::Commit(seq, request) => (format!("J-{}", seq.0), Some(seq), request),
                Origin::Waiting(id) => {
                    let fact = self.book.request(id).map(|r| r.fact.number.clone());
                    (fact.unwrap_or_default(), None, Some(id))
                }
            };
            let name = match nth {
                1 => base,
                n => format!("{base}/{n}"),
            };
            out.push(Entry {
                name,
                day: head.day,
                entity,
                currency: Currency::from_numeric(head.currency).unwrap_or(Currency::XXX),
                commit,
                request,
                state: head.state,
                legs: made.legs,
            });
        }
        // Commits come before what waits, by the order of origins; the day goes before both.
        out.sort_by_key(|e| e.day);
        out
    }
}
