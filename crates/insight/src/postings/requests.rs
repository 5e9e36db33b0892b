//! Requests in the journal: in whole, or not at all.

use super::legs::{Doc, Laid, Posting};
use super::{EntryState, Head, Held, Maker, Origin, Side};
use duebook_ledger::cases::CaseEvent;
use duebook_ledger::cases::resolve::{Posted, Request, RequestEvent, Resolution};
use duebook_ledger::columns::ItemKind;
use duebook_ledger::event::{Event, ItemFact};
use duebook_ledger::facts::Standing;
use duebook_ledger::recon::PostedAt;
use duebook_ledger::{Context, ItemId, RequestId, Seq, SettlementId, Uid};
use duebook_policy::postings::Role;
use std::collections::BTreeMap;

impl Maker<'_> {
    pub(super) fn requests(&mut self) {
        let book = self.book;
        let mut next = 0u32;
        while let Some(request) = book.request(RequestId(next)) {
            let id = RequestId(next);
            next += 1;
            if self.is_live(request.commit) {
                self.request(id, request);
            }
        }
    }

    fn request(&mut self, id: RequestId, request: &Request) {
        let live = |s: Seq| self.scan.is_live(s);
        if request.ended.get(&live).is_some() {
            return;
        }
        let posted = request.posted.latest(&live);
        let executed = request.executed.get(&live);
        let executed = executed.is_some_and(|e| e.differences.is_empty());
        match posted.map(|(seq, p)| (seq, p.clone())) {
            Some((seq, posted)) => self.posted(id, request, (seq, &posted), executed),
            None if self.is_now() => self.waiting(id, request),
            None => {}
        }
    }

    /// Whether the view is of what is known now.
    fn is_now(&self) -> bool {
        let known = self.scan.view().known;
        known.is_none_or(|k| k >= self.book.head())
    }

    /// Where each posting of a request stands in the view.
    fn standings(&self, posted: &Posted) -> Vec<Standing> {
        let live = |s: Seq| self.scan.is_live(s);
        let table = self.book.settlements();
        let gone = Standing::Withdrawn;
        let items = posted.items.iter();
        let items = items.map(|i| self.item_standing(*i).unwrap_or(gone));
        let settled = posted.settlements.iter().map(|s| table.standing(*s, &live));
        let back = posted.taken_back.iter();
        let back = back.map(|s| table.reversal(*s, &live).map_or(gone, |r| r.standing));
        items.chain(settled).chain(back).collect()
    }

    fn posted(
        &mut self,
        id: RequestId,
        request: &Request,
        (seq, posted): (Seq, &Posted),
        executed: bool,
    ) {
        let standings = self.standings(posted);
        let counting = standings.iter().filter(|s| s.counts()).count();
        // Where the source's own documents took the place of ours the request is told as it was posted.
        if counting == 0 && !executed {
            return;
        }
        if counting < standings.len() && !executed {
            keep(&mut self.torn, posted);
            let name = request.fact.number.clone();
            return self.torn_names.push((request.fact.asked.on, name));
        }
        keep(&mut self.told, posted);
        let state = match executed {
            true => EntryState::AtSource,
            false => {
                let all = standings.iter().map(|s| EntryState::of(*s, self.own));
                all.min().unwrap_or(EntryState::ToPost)
            }
        };
        let head = Head {
            origin: Origin::Commit(seq, Some(id)),
            day: request.fact.asked.on,
            currency: request.fact.currency.numeric(),
            state,
        };
        let Some(of) = self.side(request.fact.item, head.at(false)) else {
            return;
        };
        let table = self.book.settlements();
        let docs = posted.items.iter();
        let docs = docs.filter_map(|i| Some((*i, self.known_doc(*i, head.at(false))?)));
        let laid = posted.settlements.iter().filter_map(|s| {
            let s = table.get(*s)?;
            Some(Laid {
                debit: s.debit,
                credit: s.credit,
                amount: s.amount,
                cause: s.cause,
            })
        });
        let posting = Posting {
            head,
            fact: &request.fact,
            of,
            docs: docs.collect(),
            laid: laid.collect(),
            back: (posted.taken_back.iter())
                .filter_map(|s| table.get(*s))
                .collect(),
        };
        self.resolution(&posting);
        if let Resolution::Adjust(adjust) = &request.fact.asked.what {
            let role = self.let_go(adjust.kind);
            let settled = posted.settlements.iter();
            self.counter.extend(settled.map(|s| (*s, role)));
        }
    }

    fn known_doc(&self, id: ItemId, at: PostedAt) -> Option<Doc> {
        let item = self.book.item(id)?;
        Some(Doc {
            kind: item.kind(),
            side: self.side(id, at)?,
            amount: item.recorded_amount().saturating_abs(),
        })
    }

    /// What a request would post now, once somebody had approved it.
    fn waiting(&mut self, id: RequestId, request: &Request) {
        let fact = &request.fact;
        let context = Context {
            command_id: Uid::default(),
            recorded_at: 0,
            ledger_date: fact.asked.on.max(self.scan.view().as_of),
            actor: fact.maker.clone(),
        };
        let Ok(events) = self.book.would_post(&context, &fact.asked) else {
            let name = fact.number.clone();
            return self.stuck_names.push((fact.asked.on, name));
        };
        let head = Head {
            origin: Origin::Waiting(id),
            day: fact.asked.on,
            currency: fact.currency.numeric(),
            state: EntryState::ToApprove,
        };
        let Some(of) = self.side(fact.item, head.at(false)) else {
            return;
        };
        let table = self.book.settlements();
        let ids = events.iter().find_map(|e| match e {
            Event::Case(CaseEvent::Request(said)) => match &**said {
                RequestEvent::Posted(_, posted) => Some(posted.items.clone()),
                _ => None,
            },
            _ => None,
        });
        let mut ids = ids.unwrap_or_default().into_iter();
        let mut docs: BTreeMap<ItemId, Doc> = BTreeMap::new();
        let (mut laid, mut back) = (Vec::new(), Vec::new());
        for event in &events {
            match event {
                Event::ItemAdded(made) => {
                    if let Some((item, doc)) = ids.next().zip(new_doc(made)) {
                        docs.insert(item, doc);
                    }
                }
                Event::Settled(s) => laid.push(Laid {
                    debit: s.debit,
                    credit: s.credit,
                    amount: s.amount,
                    cause: s.cause,
                }),
                Event::SettlementReversed { settlement, .. } => {
                    back.extend(table.get(*settlement));
                }
                _ => {}
            }
        }
        let posting = Posting {
            head,
            fact,
            of,
            docs,
            laid,
            back,
        };
        self.resolution(&posting);
    }

    /// A deposit set off stands on its own account; taken back it goes back there.
    pub(super) fn of_deposit(&self, settlement: SettlementId, credit: Side) -> Side {
        let of = self.book.settlements().get(settlement);
        let kind = of.and_then(|s| self.book.item(s.credit?)).map(|i| i.kind());
        let deposit = self.counter.get(&settlement) == Some(&Role::CustomerDeposits);
        match deposit && kind == Some(ItemKind::OnAccount) {
            true => Side {
                role: Role::CustomerDeposits,
                ..credit
            },
            false => credit,
        }
    }
}

fn new_doc(made: &ItemFact) -> Option<Doc> {
    let kind = ItemKind::from_u8(made.kind)?;
    let document = match made.line.is_empty() {
        true => made.number.clone(),
        false => format!("{}/{}", made.number, made.line),
    };
    let role = match kind {
        ItemKind::Receipt | ItemKind::OnAccount => Role::UnappliedCash,
        _ => Role::Receivables,
    };
    Some(Doc {
        kind,
        side: Side {
            role,
            entity: made.entity,
            customer: made.customer,
            document,
            tax_code: String::new(),
        },
        amount: made.amount.saturating_abs(),
    })
}

fn keep(to: &mut Held, posted: &Posted) {
    to.items.extend(&posted.items);
    to.settlements.extend(&posted.settlements);
    to.taken_back.extend(&posted.taken_back);
}
