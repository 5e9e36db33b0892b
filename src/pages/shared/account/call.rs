//! The composer's state: what is typed, kept in this tab until it is saved.

use super::draft::{CallDraft, Facts, OpenItem};
use super::lines::ItemLine;
use crate::pages::shared;
use crate::platform::{clock, prefs};
use crate::ui::prelude::*;
use crate::workspace::{NewTexts, Ws, draft_key};
use duebook_ledger::desk::DeskCommand;
use duebook_ledger::facts::{Outcome, ProfileField};
use duebook_ledger::keys::ItemKey;
use duebook_ledger::{Command, CustomerId};
use duebook_money::DateOrder;
use duebook_policy::lint::masked;
use duebook_policy::pay_run::{PayRuns, cut_off};
use leptos::prelude::*;
use std::sync::Arc;

/// An outcome with a key of its own.
pub struct Tile {
    pub outcome: Outcome,
    pub label: &'static str,
    pub keys: &'static str,
}

const fn tile(outcome: Outcome, label: &'static str, keys: &'static str) -> Tile {
    Tile {
        outcome,
        label,
        keys,
    }
}

/// The outcomes of most calls.
pub const TILES: [Tile; 12] = [
    tile(Outcome::Promise, "Promise", "p"),
    tile(Outcome::PaidClaim, "Says paid", "i"),
    tile(Outcome::InProcess, "In process", "w"),
    tile(Outcome::Dispute, "Disputes it", "d"),
    tile(Outcome::Query, "Query", "q"),
    tile(Outcome::CallBack, "Call back", "b"),
    tile(Outcome::CashFlow, "Short of cash", "h"),
    tile(Outcome::Refused, "Refuses", "r"),
    tile(Outcome::NoAnswer, "No answer", "1"),
    tile(Outcome::VoicemailLeft, "Voicemail left", "2"),
    tile(Outcome::Busy, "Busy", "3"),
    tile(Outcome::NoVoicemail, "No voicemail", "4"),
];

/// The fields of the composer.
#[derive(Clone, Copy)]
pub struct Typing {
    pub channel: RwSignal<String>,
    pub outcome: RwSignal<String>,
    pub who: RwSignal<String>,
    pub currency: RwSignal<String>,
    pub amount: RwSignal<String>,
    pub by: RwSignal<String>,
    pub method: RwSignal<String>,
    pub note: RwSignal<String>,
    pub next: RwSignal<String>,
    pub time: RwSignal<String>,
    pub what: RwSignal<String>,
    pub keep_due: RwSignal<bool>,
    /// Why a contact was made against a rule.
    pub why: RwSignal<String>,
    pub began: RwSignal<i64>,
    /// The telephone was taken up.
    pub taken: RwSignal<bool>,
}

impl Typing {
    fn new() -> Self {
        let text = || RwSignal::new(String::new());
        Typing {
            channel: RwSignal::new("call".to_owned()),
            outcome: text(),
            who: text(),
            currency: text(),
            amount: text(),
            by: text(),
            method: text(),
            note: text(),
            next: text(),
            time: text(),
            what: text(),
            keep_due: RwSignal::new(false),
            why: text(),
            began: RwSignal::new(0),
            taken: RwSignal::new(false),
        }
    }
    fn set(&self, d: CallDraft) {
        self.channel.set(if d.channel.is_empty() {
            "call".to_owned()
        } else {
            d.channel
        });
        self.outcome.set(d.outcome);
        self.who.set(d.who);
        self.currency.set(d.currency);
        self.amount.set(d.amount);
        self.by.set(d.by);
        self.method.set(d.method);
        self.note.set(d.note);
        self.next.set(d.next);
        self.time.set(d.time);
        self.what.set(d.what);
        self.keep_due.set(d.keep_due);
        self.why.set(d.why);
        self.began.set(d.began);
        self.taken.set(d.taken);
    }
}

/// The composer of one account.
#[derive(Clone, Copy)]
pub struct Composer {
    ws: Ws,
    customer: CustomerId,
    items: Memo<Arc<Vec<ItemLine>>>,
    selection: RwSignal<Selection>,
    pub fields: Typing,
    /// Errors are shown from the first try on.
    pub tried: RwSignal<bool>,
    /// Why a blocked contact was made was asked for once.
    pub why_asked: RwSignal<bool>,
    /// A note before a likely card number in it was masked (CP-08).
    pub unmasked: RwSignal<Option<String>>,
    /// The user said that it is none.
    pub no_card: RwSignal<bool>,
    /// A commit is on its way.
    pub saving: RwSignal<bool>,
    /// Saves; the form sets what it does.
    pub save: Callback<()>,
    pub on_save: StoredValue<Option<Callback<()>>>,
}

impl Composer {
    /// Begins with the draft that this tab keeps for the customer.
    pub fn new(
        ws: Ws,
        customer: CustomerId,
        items: Memo<Arc<Vec<ItemLine>>>,
        selection: RwSignal<Selection>,
    ) -> Self {
        let on_save = StoredValue::new(None::<Callback<()>>);
        let save = Callback::new(move |()| {
            if let Some(save) = on_save.get_value() {
                save.run(());
            }
        });
        let composer = Composer {
            ws,
            customer,
            items,
            selection,
            fields: Typing::new(),
            tried: RwSignal::new(false),
            why_asked: RwSignal::new(false),
            unmasked: RwSignal::new(None),
            no_card: RwSignal::new(false),
            saving: RwSignal::new(false),
            save,
            on_save,
        };
        composer.begin();
        composer
    }

    fn begin(self) {
        if let Some(draft) = self.kept() {
            let keys: Vec<ItemKey> = draft.items.iter().cloned().map(ItemKey::from).collect();
            let items = self.items.get_untracked();
            self.selection.update(|s| {
                for line in items.iter().filter(|l| keys.contains(&l.key)) {
                    s.set(u64::from(line.id.0), true);
                }
            });
            self.fields.set(draft);
        }
        let f = self.fields;
        // The currency is that of what is selected, else of the oldest item.
        Effect::new(move |_| {
            let items = self.items.get();
            let first = self.selection.with(|s| {
                items
                    .iter()
                    .find(|i| s.contains(u64::from(i.id.0)))
                    .map(|i| i.currency)
            });
            let first = first.or_else(|| items.iter().find(|i| i.open > 0).map(|i| i.currency));
            if let Some(currency) = first {
                let chosen_fits = f
                    .currency
                    .with_untracked(|c| items.iter().any(|i| i.currency.code() == c));
                if !chosen_fits || !self.selection.with(Selection::is_empty) {
                    f.currency.set(currency.code().to_owned());
                }
            }
        });
        // CP-08: masked at once, and asked about.
        Effect::new(move |_| {
            let note = f.note.get();
            if !self.no_card.get_untracked()
                && let Some(masked) = masked(&note)
            {
                self.unmasked.set(Some(note));
                f.note.set(masked);
            }
        });
        Effect::new(move |_| {
            let draft = self.draft();
            if !draft.is_empty() && draft.began == 0 {
                f.began.set(clock::now_ms());
            }
            self.keep(&draft);
        });
    }

    fn storage_key(&self) -> String {
        let key = self.ws.peek(|b| b.customer_key(self.customer));
        key.map_or(String::new(), |k| draft_key(&self.ws.id(), &k))
    }

    /// The draft this browser keeps; else, in another one, what was parked in the book.
    fn kept(&self) -> Option<CallDraft> {
        prefs::read(&self.storage_key())
            .ok()
            .or_else(|| self.parked_draft())
    }

    fn parked_draft(&self) -> Option<CallDraft> {
        self.ws.peek_all(|book, texts| {
            let mut parked = book.calls_parked();
            let last = parked
                .by_ref()
                .filter(|p| p.fact.customer == self.customer)
                .last()?;
            serde_json::from_str(texts.get(last.fact.draft?)?).ok()
        })
    }

    /// Where the browser keeps nothing the draft lives as long as the page: it is parked in the book
    /// when the page is left.
    fn keep(&self, draft: &CallDraft) {
        let key = self.storage_key();
        let kept = match draft.is_empty() {
            true => prefs::remove(&key),
            false => prefs::write(&key, draft),
        };
        if let Err(error) = kept {
            leptos::logging::warn!("{error:?}");
        }
    }

    /// Parks what is typed and not saved: the customer is left. Never lost, shown in the header.
    pub fn park(&self, toasts: Toasts) {
        if self.saving.try_get_untracked() != Some(false) {
            return;
        }
        // Nothing is written from past figures; what was typed stays in this browser.
        if self.ws.chosen_view().get_untracked().is_some() {
            return;
        }
        let draft = untrack(|| self.draft());
        if draft.is_empty() || self.parked_draft().as_ref() == Some(&draft) {
            return;
        }
        let Some(customer) = self.ws.peek(|b| b.customer_key(self.customer)) else {
            return;
        };
        let mut texts = NewTexts::default();
        let text = serde_json::to_string(&draft).unwrap_or_default();
        let Ok(text) = texts.add(&text) else {
            return toasts.error("The call is not parked: the browser gives no random numbers. What was typed is kept in this browser.");
        };
        let name = self.ws.peek(|b| super::name_of(b, self.customer));
        let command = Command::Desk(DeskCommand::Park {
            customer,
            began: draft.began,
            channel: draft.channel(),
            draft: text,
        });
        self.ws
            .run(toasts, command, texts, format!("Parked: {name}"), |_| {});
    }

    /// What is typed now. Reactive.
    pub fn draft(&self) -> CallDraft {
        let f = self.fields;
        let items = self.items.get();
        let chosen = self.selection.with(|s| {
            items
                .iter()
                .filter(|i| s.contains(u64::from(i.id.0)))
                .map(|i| i.key.clone().into())
                .collect()
        });
        CallDraft {
            channel: f.channel.get(),
            outcome: f.outcome.get(),
            who: f.who.get(),
            currency: f.currency.get(),
            amount: f.amount.get(),
            by: f.by.get(),
            method: f.method.get(),
            note: f.note.get(),
            next: f.next.get(),
            time: f.time.get(),
            what: f.what.get(),
            keep_due: f.keep_due.get(),
            why: f.why.get(),
            began: f.began.get(),
            taken: f.taken.get(),
            items: chosen,
        }
    }

    /// A note without a contact.
    pub fn choose_note(&self) {
        if self.draft_is_empty() {
            self.fields.channel.set("note".to_owned());
        }
    }

    /// Whether nothing is typed.
    pub fn draft_is_empty(&self) -> bool {
        untrack(|| self.draft()).is_untyped()
    }

    /// The telephone is taken up: the clock of the call runs.
    pub fn pick_up(&self, inbound: bool) {
        if self.fields.began.get_untracked() == 0 {
            self.fields.began.set(clock::now_ms());
        }
        self.fields.taken.set(true);
        if inbound {
            self.fields.channel.set("inbound".to_owned());
        }
    }

    /// Empties the form: it was saved, or is given up.
    pub fn clear(&self) {
        let currency = self.fields.currency.get_untracked();
        self.fields.set(CallDraft {
            currency,
            ..CallDraft::default()
        });
        self.selection.update(Selection::clear);
        self.tried.set(false);
        self.why_asked.set(false);
        self.unmasked.set(None);
        self.no_card.set(false);
    }

    /// Calls with what a form is read against. Reactive.
    pub fn with_facts<R>(&self, f: impl FnOnce(&Facts<'_>) -> R) -> R {
        with_facts(self.ws, self.customer, &self.items.get(), f)
    }
}

/// Calls with what a form is read against.
pub fn with_facts<R>(
    ws: Ws,
    customer: CustomerId,
    lines: &[ItemLine],
    f: impl FnOnce(&Facts<'_>) -> R,
) -> R {
    let items: Vec<OpenItem> = lines.iter().map(ItemLine::open_item).collect();
    ws.peek(|book| {
        let zone = shared::zone_of(book, customer);
        let offset = |at: i64| clock::offset_minutes_in(zone.as_deref()?, at);
        let policies = book.policies();
        let calendar = policies.calendar.business_days();
        let said = |field| {
            let profile = &book.customer(customer)?.profile;
            let (value, _, _) = profile.get(&field)?.get(&|s| book.is_live(s))?;
            Some(value.clone())
        };
        let runs = said(ProfileField::PayRun).and_then(|t| PayRuns::parse(&t));
        let next_run = runs.and_then(|r| r.next(ws.today_untracked(), &calendar));
        let cut = said(ProfileField::CutOff).zip(next_run);
        f(&Facts {
            next_run,
            cut_off: cut.and_then(|(text, run)| cut_off(&text, run, &calendar)),
            today: ws.today_untracked(),
            order: date_order(),
            items: &items,
            policy: &policies.contact,
            calendar: &calendar,
            zone: zone.clone(),
            offset_at: &offset,
        })
    })
}

/// How 3/4 is read here.
pub fn date_order() -> DateOrder {
    let language = window().navigator().language().unwrap_or_default();
    match language.as_str() {
        "en-US" => DateOrder::Mdy,
        l if ["ja", "zh", "ko", "sv", "hu", "lt"]
            .iter()
            .any(|p| l.starts_with(p)) =>
        {
            DateOrder::Ymd
        }
        _ => DateOrder::Dmy,
    }
}
