//! One pass over items and settlements of a period: what was open, what came, what became of it.
//! In slices of a segment or some settlements; a commit in between begins it again.

use super::base::{Base, Became, Counts, Sum};
use super::forecast::Weeks;
use super::sales::Sales;
use super::{Ask, By, Cases, Gathered, NO_CURRENCY};
use crate::overlay::Overlay;
use crate::scan::{BucketTable, days, is_cash};
use crate::tie_out::before_take_on;
use duebook_ledger::columns::{ItemKind, NO_DAY};
use duebook_ledger::open::SegmentScan;
use duebook_ledger::{Book, CustomerId, ItemId, OpenScan, Seq, View};
use duebook_money::{Currency, Day};
use duebook_policy::Buckets;
use std::collections::BTreeMap;

/// Settlements looked at in one slice.
pub(super) const SETTLEMENTS: usize = 32_768;
/// No group: outside the scope.
const NOBODY: u32 = u32::MAX;

/// A group in a currency (ISO number).
pub(crate) type Slot = (u32, u16);

/// A gathering in the making.
pub struct Making {
    head: Seq,
    ask: Ask,
    stage: Stage,
    state: Option<Box<State>>,
}

enum Stage {
    Begin,
    Items(usize),
    Settlements(usize),
    Contacts,
}

/// What is kept between slices.
pub(crate) struct State {
    pub ask: Ask,
    pub opening: View,
    pub closing: View,
    pub live: Vec<bool>,
    pub live_then: Vec<bool>,
    pub buckets: Buckets,
    pub begin: Overlay,
    pub end: Overlay,
    /// Per customer, its group; [`NOBODY`] where the scope leaves it out.
    pub group_of: Vec<u32>,
    pub assigned: Vec<bool>,
    pub names: Vec<String>,
    pub members: Vec<Option<CustomerId>>,
    pub bases: BTreeMap<Slot, Base>,
    /// By group and currency; what has none under [`NO_CURRENCY`].
    pub counts: BTreeMap<Slot, Counts>,
    /// Per customer, whether it has something past due at the end.
    pub late_at_end: Vec<bool>,
    /// Invoiced less credited, by group, currency and month of the document.
    pub by_month: BTreeMap<(u32, u16, Day), i128>,
    pub list: Option<(Seq, bool)>,
    pub weeks: Weeks,
}

impl Making {
    /// Nothing is read yet.
    pub fn new(book: &Book, ask: Ask) -> Self {
        Making {
            head: book.head(),
            ask,
            stage: Stage::Begin,
            state: None,
        }
    }

    /// One slice; answers the gathering when it is done.
    pub fn step(&mut self, book: &Book) -> Option<Gathered> {
        if self.head != book.head() {
            (self.head, self.stage, self.state) = (book.head(), Stage::Begin, None);
        }
        let Some(state) = &mut self.state else {
            self.state = Some(Box::new(State::new(book, &self.ask)));
            self.stage = Stage::Items(0);
            return None;
        };
        self.stage = match self.stage {
            Stage::Begin | Stage::Items(_) => {
                let number = match self.stage {
                    Stage::Items(n) => n,
                    _ => 0,
                };
                match state.items(book, number) {
                    true => Stage::Items(number + 1),
                    false => Stage::Settlements(0),
                }
            }
            Stage::Settlements(from) => match state.settlements(book, from) {
                true => Stage::Settlements(from + SETTLEMENTS),
                false => Stage::Contacts,
            },
            Stage::Contacts => {
                super::contacts::count(book, state);
                return Some(self.finish(book));
            }
        };
        None
    }

    fn finish(&mut self, book: &Book) -> Gathered {
        let state = self.state.take();
        let state = state.unwrap_or_else(|| Box::new(State::new(book, &self.ask)));
        self.stage = Stage::Begin;
        let opening = OpenScan::new(book, state.opening);
        let take_on = before_take_on(book, &opening);
        let sales = Sales::new(book, &state);
        let rates = book.policies_known(&state.live).rates;
        let currencies = currencies(&state, &sales);
        Gathered {
            ask: state.ask.clone(),
            buckets: state.buckets.clone(),
            names: state.names.clone(),
            members: state.members.clone(),
            bases: state.bases.clone(),
            counts: state.counts.clone(),
            list: state.list,
            take_on,
            sales,
            rates,
            cases: cases(book, &state),
            shifts: super::contacts::in_shifts(book, &state),
            currencies,
            weeks: state.weeks.judged(),
        }
    }
}

/// Disputes are told of the whole desk, as known now.
fn cases(book: &Book, state: &State) -> Option<Cases> {
    let ask = &state.ask;
    let whole = ask.scope.is_everything() && ask.by == By::Nothing && ask.known.is_none();
    let (from, to) = (ask.period.from, ask.period.to);
    whole.then(|| {
        let (all, of) = crate::cases::figures_by_currency(book, from, to, to);
        Cases { all, of }
    })
}

/// What there is anything in, by code.
fn currencies(state: &State, sales: &Sales) -> Vec<Currency> {
    let mut all: Vec<Currency> = (state.bases.keys())
        .filter_map(|(_, c)| Currency::from_numeric(*c))
        .collect();
    all.extend(sales.currencies());
    duebook_money::order::sort_by_key(&mut all, |c| c.code());
    all.dedup();
    all
}

impl State {
    pub fn new(book: &Book, ask: &Ask) -> Self {
        let known = ask.known;
        let live = match known {
            Some(known) => book.live_at(known),
            None => book.live_at(book.head()),
        };
        let period = (ask.period.from, ask.period.to);
        let is_live = |s: Seq| live.get(s.index()).copied().unwrap_or(false);
        let weeks = Weeks::new(book, ask, is_live);
        let list = book.frozen_list(period, is_live);
        let list = list.map(|l| (l.fact.known, l.fact.closed));
        let opening = View {
            as_of: ask.period.from.plus(-1),
            known: list.map(|(known, _)| known).or(known),
        };
        let closing = View {
            as_of: ask.period.to,
            known,
        };
        let scan = OpenScan::new(book, closing);
        let then = OpenScan::new(book, opening);
        let policies = book.policies_known(&live);
        let buckets = match policies.buckets.basis() {
            duebook_policy::Basis::DueDate => policies.buckets,
            duebook_policy::Basis::InvoiceDate => Buckets::default(),
        };
        let buckets = match ask.by {
            // Two buckets a customer: what is late and what is not.
            By::Customer => {
                Buckets::new(duebook_policy::Basis::DueDate, vec![0]).unwrap_or(buckets)
            }
            _ => buckets,
        };
        let mut state = State {
            begin: Overlay::new(book, &then),
            end: Overlay::new(book, &scan),
            live_then: then.live().to_vec(),
            live,
            ask: ask.clone(),
            opening,
            closing,
            buckets,
            group_of: Vec::new(),
            assigned: Vec::new(),
            names: Vec::new(),
            members: Vec::new(),
            bases: BTreeMap::new(),
            counts: BTreeMap::new(),
            late_at_end: vec![false; book.customers().len()],
            by_month: BTreeMap::new(),
            list,
            weeks,
        };
        state.groups(book, &scan);
        state
    }

    /// Who belongs where.
    fn groups(&mut self, book: &Book, scan: &OpenScan<'_>) {
        let mut at: BTreeMap<String, u32> = BTreeMap::new();
        let customers = book.customers().len() as u32;
        if self.ask.by == By::Nothing {
            self.names.push(String::new());
            self.members.push(None);
        }
        for c in 0..customers {
            let id = CustomerId(c);
            let facts = book
                .customer(id)
                .and_then(|x| x.facts.get(&|s| scan.is_live(s)));
            let collector = facts.and_then(|f| f.collector.as_deref()).unwrap_or("");
            self.assigned.push(!collector.is_empty());
            let scope = &self.ask.scope;
            let in_scope = scope.customer.is_none_or(|one| one == id)
                && scope
                    .collector
                    .as_deref()
                    .is_none_or(|one| one == collector);
            if !in_scope {
                self.group_of.push(NOBODY);
                continue;
            }
            let next = self.names.len() as u32;
            let group = match self.ask.by {
                By::Nothing => 0,
                By::Collector => *at.entry(collector.to_owned()).or_insert(next),
                By::Customer => next,
            };
            if group == next && self.ask.by != By::Nothing {
                let name = match self.ask.by {
                    By::Customer => facts.map_or(String::new(), |f| f.name.clone()),
                    _ => collector.to_owned(),
                };
                self.names.push(name);
                self.members
                    .push((self.ask.by == By::Customer).then_some(id));
            }
            self.group_of.push(group);
        }
    }

    /// The group of a customer's row; `None` outside the scope.
    pub fn group(&self, customer: u32, entity: u16) -> Option<u32> {
        if self.ask.scope.entity.is_some_and(|one| one != entity) {
            return None;
        }
        let group = self.group_of.get(customer as usize).copied();
        group.filter(|g| *g != NOBODY)
    }

    /// Whether the scope has a customer.
    pub fn group_of_customer(&self, customer: CustomerId) -> bool {
        self.group_of
            .get(customer.index())
            .is_some_and(|g| *g != NOBODY)
    }

    /// The counts of what has a currency.
    pub fn counted(&mut self, slot: Slot) -> &mut Counts {
        self.counts.entry(slot).or_default()
    }

    /// The counts of what has none.
    pub fn apart(&mut self, group: u32) -> &mut Counts {
        self.counted((group, NO_CURRENCY))
    }

    pub fn base(&mut self, slot: Slot) -> &mut Base {
        let buckets = self.buckets.count();
        self.bases.entry(slot).or_insert_with(|| Base::new(buckets))
    }

    pub fn is_live(&self, seq: Seq) -> bool {
        self.live.get(seq.index()).copied().unwrap_or(false)
    }

    /// The items of one segment; false after the last.
    fn items(&mut self, book: &Book, number: usize) -> bool {
        let (then, now) = (
            OpenScan::new(book, self.opening),
            OpenScan::new(book, self.closing),
        );
        let (Some(before), Some(after)) = (then.segment(number), now.segment(number)) else {
            return false;
        };
        let buckets = self.buckets.clone();
        let table = BucketTable::new(&buckets);
        let data = after.data();
        for row in 0..after.len() {
            let (began, ends) = (before.open(row), after.open(row));
            if began.is_none() && ends.is_none() {
                continue;
            }
            let Some(group) = self.group(data.customer[row], data.entity[row]) else {
                continue;
            };
            let id = ItemId::new(number, row);
            let slot = (group, data.currency[row]);
            if ends.is_some() {
                let (kind, doc) = (data.kind[row], data.doc_date[row]);
                let (currency, open) = (data.currency[row], data.open[row]);
                self.weeks.document(kind, doc, currency, open);
            }
            if began.is_none() != ends.is_none() {
                self.came_or_went(slot, &after, row, ends.is_some());
            }
            let gone = ends.is_none();
            let began = began.map_or(0, |o| o.working());
            let ends = ends.map_or(0, |o| o.working());
            self.standing(slot, id, (&before, &after), &table, (began, ends, gone));
        }
        true
    }

    /// A document that one of the views lacks: of the period, or learnt of since.
    fn came_or_went(&mut self, slot: Slot, after: &SegmentScan<'_>, row: usize, came: bool) {
        let data = after.data();
        let amount = i128::from(data.open[row]);
        let of_period = data.doc_date[row] > self.opening.as_of.0;
        let base = self.base(slot);
        match (came, of_period) {
            (true, true) if is_cash(data.kind[row]) => base.add(Sum::Received, -amount),
            (true, true) if data.kind[row] == ItemKind::CreditMemo as u8 || amount < 0 => {
                base.add(Sum::Credited, -amount);
            }
            (true, true) => base.add(Sum::Invoiced, amount),
            (true, false) => base.add(Sum::Restated, amount),
            (false, _) => base.add(Sum::Restated, -amount),
        }
    }

    /// What of an item was open at the beginning and is at the end.
    fn standing(
        &mut self,
        slot: Slot,
        id: ItemId,
        (before, after): (&SegmentScan<'_>, &SegmentScan<'_>),
        table: &BucketTable<'_>,
        (began, ends, gone): (i64, i64, bool),
    ) {
        let data = after.data();
        let row = id.row();
        let (from, to) = (self.opening.as_of.0, self.closing.as_of.0);
        let age = |day: i32, due: i32| {
            if due == NO_DAY {
                days(day, data.doc_date[row])
            } else {
                day.saturating_sub(due)
            }
        };
        let due_then = self.begin.due(before, id);
        let due_now = self.end.due(after, id);
        let late = age(to, due_now);
        let disputed = self.end.disputed.get(&id).copied().unwrap_or(0);
        let assigned = self.assigned.get(data.customer[row] as usize) == Some(&true);
        let over = table.index(late);
        let past = self.buckets.is_past_due(over);
        let base = self.base(slot);
        base.add(Sum::BeginNet, i128::from(began));
        base.add(Sum::EndNet, i128::from(ends));
        if ends < 0 {
            let of = if is_cash(data.kind[row]) {
                Sum::EndUnapplied
            } else {
                Sum::EndCredits
            };
            base.add(of, -i128::from(ends));
        }
        if ends != 0 {
            base.items += 1;
        }
        if ends > 0 {
            let open = i128::from(ends);
            base.add(Sum::EndDebits, open);
            base.add(Sum::EndDisputed, open.min(i128::from(disputed)));
            if !past {
                base.add(Sum::EndCurrent, open);
            }
            if late > 90 {
                base.add(Sum::EndOver90, open);
            }
            base.end[over] += open;
        }
        if began > 0 {
            let open = i128::from(began);
            let was = table.index(age(from, due_then));
            base.add(Sum::BeginDebits, open);
            if assigned {
                base.add(Sum::BeginAssigned, open);
            }
            base.begin[was] += open;
            base.rolls.add_item(was);
            if gone {
                // The file that brought it was undone since; its settlements go by themselves.
                let recorded = i128::from(data.open[row]);
                base.rolls.add_became(was, Became::LearntLate, recorded);
            }
            // Taken below zero by an amendment under money applied: that is part of the amendment.
            base.rolls
                .add_became(was, Became::Adjusted, i128::from(ends.min(0)));
            let stands = i128::from(ends.max(0));
            let moved_later = due_now != NO_DAY && due_then != NO_DAY && due_now > due_then;
            if moved_later && over < table.index(age(to, due_then)) {
                base.rolls.add_became(was, Became::ReAged, stands);
                if past {
                    base.reaged_late += stands;
                }
            } else {
                base.rolls.add_stands(was, over, stands);
            }
        }
        if ends > 0 && past {
            let customer = data.customer[row] as usize;
            if let Some(slot) = self.late_at_end.get_mut(customer) {
                *slot = true;
            }
        }
        self.month_of(slot, after, row);
    }

    /// Documents by month, for a book that is itself the ledger.
    fn month_of(&mut self, (group, currency): Slot, after: &SegmentScan<'_>, row: usize) {
        let data = after.data();
        let doc = data.doc_date[row];
        if doc == NO_DAY || is_cash(data.kind[row]) || !after.exists(row) {
            return;
        }
        let month = Day(doc).month_start();
        let sum = self.by_month.entry((group, currency, month)).or_default();
        *sum += i128::from(data.amount[row]);
    }
}

impl Gathered {
    /// All of it at once.
    pub fn new(book: &Book, ask: Ask) -> Gathered {
        let mut making = Making::new(book, ask);
        loop {
            if let Some(made) = making.step(book) {
                return made;
            }
        }
    }
    /// The currencies there is anything in, by code.
    pub fn currencies(&self) -> Vec<Currency> {
        self.currencies.clone()
    }
}
