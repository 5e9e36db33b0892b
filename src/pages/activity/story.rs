//! What a commit did, in a sentence. What the log keeps of a commit is its kind, its customer and
//! how many things it touched; the rest is looked up among the facts it made.

use crate::ui::format::plural;
use crate::words;
use duebook_ledger::book::{CommitMeta, Import};
use duebook_ledger::command::CommandKind;
use duebook_ledger::desk::DeskKind;
use duebook_ledger::facts::{Channel, CollectorField, ImportKind, Scope};
use duebook_ledger::items::Recorded;
use duebook_ledger::letters::LettersAct;
use duebook_ledger::{Book, ItemId, Seq};
use duebook_money::{Currency, NumberFormat};
use std::collections::BTreeMap;

/// A field set by a commit: which, to what, on how many items, one of them.
struct Marked {
    field: CollectorField,
    value: String,
    items: usize,
    one: ItemId,
}

/// Facts by the commit that made them: positions in the book's own tables.
#[derive(Default)]
pub struct Facts {
    activities: BTreeMap<Seq, usize>,
    promises: BTreeMap<Seq, usize>,
    follow_ups: BTreeMap<Seq, usize>,
    imports: BTreeMap<Seq, Import>,
    documents: BTreeMap<Seq, ItemId>,
    marked: BTreeMap<Seq, Marked>,
}

const FIELDS: [CollectorField; 8] = [
    CollectorField::Status,
    CollectorField::Reason,
    CollectorField::ExpectedDate,
    CollectorField::NextAction,
    CollectorField::Owner,
    CollectorField::Remark,
    CollectorField::Disputed,
    CollectorField::AgingAnchor,
];

impl Facts {
    /// Gathers what sentences need.
    pub fn new(book: &Book) -> Self {
        let mut facts = Facts::default();
        for (at, a) in book.activities().iter().enumerate() {
            facts.activities.insert(a.commit, at);
        }
        for (at, p) in book.promises().iter().enumerate() {
            facts.promises.insert(p.commit, at);
        }
        for (at, f) in book.follow_ups().iter().enumerate() {
            facts.follow_ups.insert(f.commit, at);
        }
        facts
            .imports
            .extend(book.imports().map(|i| (i.commit, i.clone())));
        for (number, state) in book.items().segments().iter().enumerate() {
            if let Recorded::Each(seqs) = &state.recorded {
                for (row, seq) in seqs.iter().enumerate() {
                    facts
                        .documents
                        .entry(*seq)
                        .or_insert(ItemId::new(number, row));
                }
            }
        }
        for item in book.items_with_fields() {
            for field in FIELDS {
                for (seq, value) in book.field_history(item, field) {
                    let new = || Marked {
                        field,
                        value: value.to_owned(),
                        items: 0,
                        one: item,
                    };
                    facts.marked.entry(seq).or_insert_with(new).items += 1;
                }
            }
        }
        facts
    }

    /// The import a commit was, while it stands.
    pub fn import(&self, seq: Seq) -> Option<&Import> {
        self.imports.get(&seq)
    }

    /// The sentence.
    pub fn sentence(&self, book: &Book, commit: &CommitMeta) -> String {
        use CommandKind as K;
        let name = commit
            .label
            .customer
            .and_then(|c| book.customer_facts(c))
            .map(|f| f.name.as_str());
        let with = |text: &str| match name {
            Some(name) => format!("{text}: {name}"),
            None => text.to_owned(),
        };
        let count = usize::try_from(commit.label.count).unwrap_or(usize::MAX);
        match commit.label.kind {
            K::OpenBook => "Began the book".to_owned(),
            K::ImportItems | K::ImportPayments | K::ImportMasterData => {
                self.imported(commit, count)
            }
            K::SaveCustomer => with("Saved the customer"),
            K::SaveContact => with("Saved a contact person"),
            K::RemoveContact => with("Removed a contact person"),
            K::SetProfile => with("Set the payment profile"),
            K::LogContact => with(&self.contact(book, commit.seq)),
            K::TakePromise => with(
                &self
                    .promise(book, commit.seq)
                    .map_or("Took a promise".to_owned(), |p| format!("Promise of {p}")),
            ),
            K::EndPromise => with("Ended a promise"),
            K::SetFollowUp => with(
                &self
                    .follow_up(book, commit.seq)
                    .unwrap_or_else(|| "Set a follow-up".to_owned()),
            ),
            K::ConfirmSuccession => with("Said what took the place of documents"),
            K::ImportStatements => format!(
                "Took in a bank statement: {}",
                plural(count, "line", "lines", Default::default())
            ),
            K::AcceptMatches => with("Accepted what payments pay"),
            K::Recon => with(&reconciled(book, commit.seq)),
            K::ExplainLines => with("Said what lines of a statement are"),
            K::OpenCases => with("Took a dispute or query down"),
            K::WorkCase => with("Worked a case"),
            K::Resolve => with("Resolved, or asked for a resolution"),
            K::Escalate => with("Put a question up, or kept its answer"),
            K::ImportCases => format!(
                "Took in cases of another system: {}",
                plural(count, "entry", "entries", Default::default())
            ),
            K::MergeCustomers => with("Said that a customer goes on under another number"),
            K::CloseFollowUps => with(&format!(
                "Closed {}",
                plural(count, "follow-up", "follow-ups", Default::default())
            )),
            K::SetField => with(&self.marked(book, commit.seq, count)),
            K::SetFields => with(&format!(
                "Set {}",
                plural(count, "field", "fields", Default::default())
            )),
            K::WorkTogether => with(&format!(
                "Worked on pasted items: {}",
                plural(count, "entry", "entries", Default::default())
            )),
            K::ImportTracker => format!(
                "Imported a tracker: {}",
                plural(count, "entry", "entries", Default::default())
            ),
            K::ImportSales => format!(
                "Imported sales: {}",
                plural(count, "figure", "figures", Default::default())
            ),
            K::FreezeList => format!(
                "Froze an opening list of {}",
                plural(count, "past-due item", "past-due items", Default::default())
            ),
            K::FreezeForecast => "Froze the cash forecast".to_owned(),
            K::IssueReport => format!(
                "Issued {}",
                plural(count, "report", "reports", Default::default())
            ),
            K::IssueDocument => {
                with(&self.document(book, commit.seq, "Issued", "Issued a document"))
            }
            K::RecordReceipt => {
                with(&self.document(book, commit.seq, "Receipt", "Recorded a receipt"))
            }
            K::ApplyCredit => with("Applied a credit"),
            K::ReverseSettlement => with("Took back a settlement"),
            K::ReturnReceipt => with("Receipt returned by the bank"),
            K::SetPolicy => "Changed a policy in Settings".to_owned(),
            K::SetTemplate => "Kept a client’s workbook to be filled".to_owned(),
            K::RemoveTemplate => "Put away a client’s workbook".to_owned(),
            K::SetControlBalance => "Gave a balance of the control account".to_owned(),
            K::EraseTexts => {
                let ground = book.erasure(commit.seq).unwrap_or_default();
                let texts = plural(count, "text", "texts", Default::default());
                format!("Erased {texts}: {ground}")
            }
            K::Plan(kind) => with(words::plans::kind(kind)),
            K::Letters(act) => with(&letters(act, count)),
            K::SendBatch => with("Said what the source was told"),
            K::Desk(DeskKind::Log) => with(&self.contact(book, commit.seq)),
            K::Desk(kind) => with(desk(kind)),
            K::SetStanding => with("Said where a posting stands at the source"),
            K::StartShift => "Began a shift".to_owned(),
            K::EndShift => format!(
                "Ended a shift, handed over {}",
                plural(count, "line", "lines", Default::default())
            ),
            K::TakeIn => format!(
                "Took in another copy: {}",
                plural(count, "commit", "commits", Default::default())
            ),
            K::SetTasks => with(&format!(
                "Gave {}",
                plural(count, "task", "tasks", Default::default())
            )),
            K::TickTask => with("Did a task"),
            K::DropTask => with("Took a task off"),
            K::SignOff => "Signed the opening list off".to_owned(),
            K::HandPack => "Handed the engagement over".to_owned(),
            K::AcknowledgePack => "Recorded that the hand-over was acknowledged".to_owned(),
            K::Undo => self.undone(book, commit),
        }
    }

    fn undone(&self, book: &Book, commit: &CommitMeta) -> String {
        let Some(target) = commit.label.undoes else {
            return "Undid a commit".to_owned();
        };
        let Some(meta) = book.commit(target) else {
            return format!("Undid commit {}", target.0);
        };
        match meta.label.undoes {
            // An undo undone: what it had taken away is back. One step is told, not the whole chain.
            Some(first) => format!("Redid commit {} (undone by {})", first.0, target.0),
            None => format!("Undid commit {}: {}", target.0, self.sentence(book, meta)),
        }
    }

    fn imported(&self, commit: &CommitMeta, count: usize) -> String {
        let Some(import) = self.imports.get(&commit.seq) else {
            let what = match commit.label.kind {
                CommandKind::ImportPayments => "payments",
                CommandKind::ImportMasterData => "customers",
                _ => "items",
            };
            return format!(
                "Imported {what}: {}",
                plural(count, "change", "changes", Default::default())
            );
        };
        let facts = &import.facts;
        let what = import_kind(facts.kind);
        let mut text = format!("Imported {what} of {}", words::day(facts.as_of));
        let number = |n: u64| {
            crate::ui::format::format_count(
                usize::try_from(n).unwrap_or(usize::MAX),
                Default::default(),
            )
        };
        let rows = usize::try_from(facts.totals.count).unwrap_or(usize::MAX);
        text.push_str(&format!(
            ": {}",
            plural(rows, "row", "rows", Default::default())
        ));
        if import.added > 0 || import.changed > 0 {
            text.push_str(&format!(
                ", {} added, {} changed",
                number(import.added),
                number(import.changed)
            ));
        }
        if !facts.totals.sums.is_empty() {
            text.push_str(&format!(" · {}", sums(&facts.totals.sums)));
        }
        text
    }

    fn contact(&self, book: &Book, seq: Seq) -> String {
        let activity = self
            .activities
            .get(&seq)
            .and_then(|at| book.activities().get(*at));
        let mut text = match activity {
            Some(a) if a.channel == Channel::Note => "Note".to_owned(),
            Some(a) => format!(
                "{}, {}",
                channel(a.channel),
                words::outcome(a.outcome).to_lowercase()
            ),
            None => "Logged a contact".to_owned(),
        };
        if let Some(promise) = self.promise(book, seq) {
            text.push_str(&format!(" of {promise}"));
        }
        if let Some(next) = self
            .follow_ups
            .get(&seq)
            .and_then(|at| book.follow_ups().get(*at))
        {
            text.push_str(&format!(", next {}", words::day(next.due)));
        }
        text
    }

    fn promise(&self, book: &Book, seq: Seq) -> Option<String> {
        let fact = &book.promises().get(*self.promises.get(&seq)?)?.fact;
        let sum: i128 = fact.lines.iter().map(|l| i128::from(l.amount)).sum();
        let by = fact.lines.iter().map(|l| l.date).min()?;
        Some(format!(
            "{} by {}",
            money(sum, fact.currency),
            words::day(by)
        ))
    }

    fn follow_up(&self, book: &Book, seq: Seq) -> Option<String> {
        let follow_up = book.follow_ups().get(*self.follow_ups.get(&seq)?)?;
        Some(format!("Set a follow-up for {}", words::day(follow_up.due)))
    }

    fn marked(&self, book: &Book, seq: Seq, count: usize) -> String {
        let Some(marked) = self.marked.get(&seq) else {
            return format!(
                "Set a field on {}",
                plural(count, "item", "items", Default::default())
            );
        };
        let item = book.item(marked.one);
        let value = match (marked.field, marked.value.parse::<i64>(), item) {
            (_, _, _) if marked.value.is_empty() => "cleared".to_owned(),
            (CollectorField::Disputed, Ok(minor), Some(item)) => {
                words::money(minor, item.currency())
            }
            _ => format!("“{}”", marked.value),
        };
        let on = match item.filter(|_| marked.items == 1) {
            Some(item) => item.number().to_owned(),
            None => plural(marked.items, "item", "items", Default::default()),
        };
        format!("{} on {on}: {value}", field(marked.field))
    }

    fn document(&self, book: &Book, seq: Seq, verb: &str, otherwise: &str) -> String {
        match self.documents.get(&seq).and_then(|id| book.item(*id)) {
            Some(item) => {
                let amount = i128::from(item.recorded_amount().unsigned_abs());
                format!(
                    "{verb} {}, {}",
                    item.number(),
                    money(amount, item.currency())
                )
            }
            None => otherwise.to_owned(),
        }
    }
}

fn money(minor: i128, currency: Currency) -> String {
    let format: NumberFormat = words::number_format();
    format!(
        "{} {}",
        format.minor(minor, currency.exponent()),
        currency.code()
    )
}

/// Sums per currency in one line.
pub fn sums(sums: &[(Currency, i64)]) -> String {
    let all: Vec<String> = sums
        .iter()
        .map(|(currency, minor)| words::money(*minor, *currency))
        .collect();
    all.join(" · ")
}

/// What a file held.
pub fn import_kind(kind: ImportKind) -> &'static str {
    match kind {
        ImportKind::OpenItems => "open items",
        ImportKind::MasterData => "customers and contacts",
        ImportKind::Invoices => "invoices",
        ImportKind::Payments => "payments",
        ImportKind::Sales => "sales",
    }
}

/// How much of the source a file showed.
pub fn scope(scope: &Scope) -> String {
    match scope {
        Scope::TheseRows => "Only these rows".to_owned(),
        Scope::Everything => "Everything open at the source".to_owned(),
        Scope::Debits => "Everything owed at the source, no credits".to_owned(),
        Scope::Entities(list) => format!("Everything of entities {}", list.join(", ")),
        Scope::Customers(list) => format!("Everything of customers {}", list.join(", ")),
    }
}

fn channel(channel: Channel) -> &'static str {
    match channel {
        Channel::Call => "Call",
        Channel::InboundCall => "They called",
        Channel::Email => "Mail",
        Channel::Letter => "Letter",
        Channel::Portal => "Portal",
        Channel::Meeting => "Meeting",
        Channel::Note => "Note",
    }
}

fn field(field: CollectorField) -> &'static str {
    match field {
        CollectorField::Status => "Status",
        CollectorField::Reason => "Reason",
        CollectorField::ExpectedDate => "Expected date",
        CollectorField::NextAction => "Next action",
        CollectorField::Owner => "Owner",
        CollectorField::Remark => "Remark",
        CollectorField::Disputed => "Disputed",
        CollectorField::AgingAnchor => "Ages from",
    }
}

fn desk(kind: DeskKind) -> &'static str {
    match kind {
        DeskKind::Pin => "Put first on the work list",
        DeskKind::Unpin => "Took the pin off",
        DeskKind::Snooze => "Put off to a later day",
        DeskKind::EndSnooze => "Brought back to the work list",
        DeskKind::Assign => "Assigned",
        DeskKind::SavePool => "Saved a filter of the work list",
        DeskKind::RemovePool => "Removed a filter of the work list",
        DeskKind::Park => "Parked a call",
        DeskKind::DropParked => "Gave up a parked call",
        DeskKind::Log => "Logged a contact",
        DeskKind::LiftStop => "Allowed contact again",
    }
}

/// What a commit did in reconciliation.
fn reconciled(book: &Book, seq: Seq) -> String {
    use duebook_ledger::recon::Did;
    let days =
        |l: &duebook_ledger::recon::Lock| format!("{} to {}", words::day(l.from), words::day(l.to));
    match book.recon_of(seq) {
        Some(Did::Locked(lock)) => format!("Locked {}", days(lock)),
        Some(Did::Unlocked(lock, why)) => format!("Unlocked {}: {why}", days(lock)),
        Some(Did::Break(noted)) => {
            let amount = words::money(noted.facts.amount, noted.facts.currency);
            match &noted.closed {
                Some(how) => format!("Explained a break of {amount}: {how}"),
                None => format!("Noted a break of {amount}"),
            }
        }
        Some(Did::Held(key, "")) => format!("Released {}", words::item(key)),
        Some(Did::Held(key, why)) => format!("Holds {} on account: {why}", words::item(key)),
        Some(Did::Moved(m)) => {
            let key = book.item_key(m.receipt).unwrap_or_default();
            let name = |id| crate::pages::shared::account::name_of(book, id);
            let (from, to) = (name(m.from), name(m.to));
            format!("Moved {} from {from} to {to}", words::item(&key))
        }
        Some(Did::Transferred(t)) => {
            let (from, to) = (book.item(t.from), book.item(t.to));
            let (Some(from), Some(to)) = (from, to) else {
                return "Corrected a receipt".to_owned();
            };
            let key = words::item(&book.item_key(t.from).unwrap_or_default());
            let went = words::money(t.amount, from.currency());
            match from.currency() == to.currency() {
                true => {
                    let name = crate::pages::shared::account::name_of(book, to.customer());
                    format!("Moved {went} of {key} to {name}")
                }
                false => {
                    let came = words::money(t.into, to.currency());
                    format!("Took {went} of {key} for {came}")
                }
            }
        }
        Some(Did::Unlearnt(text)) => format!("Forgot the payer {text}"),
        None => "Corrected a receipt".to_owned(),
    }
}

/// What was done about letters, queries and documents.
fn letters(act: LettersAct, count: usize) -> String {
    let some = |one: &str, many: &str| plural(count, one, many, Default::default());
    match act {
        LettersAct::Produce => format!("Produced {}", some("letter", "letters")),
        // Each letter sent is a contact too.
        LettersAct::ConfirmSent => {
            let letters = plural(count / 2, "letter", "letters", Default::default());
            format!("Said that {letters} went out")
        }
        LettersAct::Discard => format!("Discarded {}", some("letter", "letters")),
        LettersAct::SetHold => "Held letters back".to_owned(),
        LettersAct::EndHold => "Ended a hold on letters".to_owned(),
        LettersAct::OpenQuery => "Recorded a query".to_owned(),
        LettersAct::AnswerQuery => "Answered a query".to_owned(),
        LettersAct::LinkDocuments => format!("Linked {}", some("document", "documents")),
        LettersAct::UnlinkDocument => "Took a document off".to_owned(),
    }
}
