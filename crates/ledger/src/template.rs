//! The client's own workbook: its bytes beside the log, and where what goes in it. Given once,
//! filled each day; a mapping corrected is a new version of the same template.

use crate::apply::Delta;
use crate::book::Book;
use crate::decide::Decision;
use crate::event::{BlockRef, Event};
use crate::ids::Seq;
use crate::import::Incoming;
use crate::refusal::{Field, Refusal};
use crate::versioned::Versioned;
use crate::violations::Violation;
use minicbor::{Decode, Encode};
use std::collections::BTreeMap;

/// Most templates of a book.
pub const MAX_TEMPLATES: usize = 40;
/// Most sheets of one that are filled.
pub const MAX_PLANS: usize = 40;
/// Most columns of a sheet that are filled.
pub const MAX_PLAN_COLUMNS: usize = 200;
/// Largest workbook kept, bytes.
pub const MAX_TEMPLATE_BYTES: usize = 16 << 20;
/// Rows and columns of a worksheet.
const SHEET_ROWS: u32 = 1_048_576;
const SHEET_COLUMNS: u16 = 16_384;

/// What a column of the client's workbook holds. Stored; never renumber.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[allow(missing_docs)] // named as they are
pub enum TemplateField {
    #[n(0)]
    CustomerNumber,
    #[n(1)]
    CustomerName,
    #[n(2)]
    Entity,
    #[n(3)]
    Currency,
    #[n(4)]
    Kind,
    #[n(5)]
    Number,
    #[n(6)]
    Line,
    #[n(7)]
    FiscalYear,
    #[n(8)]
    DocDate,
    #[n(9)]
    DueDate,
    #[n(10)]
    Terms,
    #[n(11)]
    Reference,
    #[n(12)]
    Po,
    #[n(13)]
    Contract,
    /// Original amount.
    #[n(14)]
    Amount,
    /// Original amount less what is open.
    #[n(15)]
    Settled,
    #[n(16)]
    Open,
    /// Ours, not confirmed by the source.
    #[n(17)]
    Pending,
    /// Open in the book's currency, at the rates in force.
    #[n(18)]
    OpenReporting,
    #[n(19)]
    DaysLate,
    /// The book's own bucket, in words.
    #[n(20)]
    Bucket,
    #[n(21)]
    Disputed,
    #[n(22)]
    Promised,
    #[n(23)]
    PromiseDate,
    #[n(24)]
    Status,
    #[n(25)]
    Reason,
    #[n(26)]
    ExpectedDate,
    #[n(27)]
    NextAction,
    #[n(28)]
    Owner,
    #[n(29)]
    Remark,
    #[n(30)]
    Collector,
    #[n(31)]
    AccountManager,
    #[n(32)]
    Country,
    #[n(33)]
    Segment,
    #[n(34)]
    Text,
    /// The day of the figures.
    #[n(35)]
    AsOf,
    /// The day of the last contact with the customer, or try of one.
    #[n(36)]
    LastContact,
    /// What is open and between so many days late, both days included; empty in other rows.
    #[n(37)]
    Aged {
        /// From so many days; `None`: from the very first.
        #[n(0)]
        from: Option<i32>,
        /// To so many; `None`: without end.
        #[n(1)]
        to: Option<i32>,
    },
}

impl TemplateField {
    /// Every field but the columns of buckets, with its name.
    pub const NAMED: [(TemplateField, &'static str); 37] = {
        use TemplateField::*;
        [
            (CustomerNumber, "Customer number"),
            (CustomerName, "Customer name"),
            (Entity, "Company"),
            (Currency, "Currency"),
            (Kind, "Document type"),
            (Number, "Document number"),
            (Line, "Instalment"),
            (FiscalYear, "Fiscal year"),
            (DocDate, "Document date"),
            (DueDate, "Due date"),
            (Terms, "Terms"),
            (Reference, "Reference"),
            (Po, "PO"),
            (Contract, "Contract"),
            (Amount, "Original amount"),
            (Settled, "Settled"),
            (Open, "Open amount"),
            (Pending, "Pending"),
            (OpenReporting, "Open, book currency"),
            (DaysLate, "Days late"),
            (Bucket, "Bucket"),
            (Disputed, "Disputed"),
            (Promised, "Promised"),
            (PromiseDate, "Promised for"),
            (Status, "Status"),
            (Reason, "Reason"),
            (ExpectedDate, "Expected date"),
            (NextAction, "Next action"),
            (Owner, "Owner"),
            (Remark, "Remark"),
            (Collector, "Collector"),
            (AccountManager, "Account manager"),
            (Country, "Country"),
            (Segment, "Segment"),
            (Text, "Item text"),
            (AsOf, "As of"),
            (LastContact, "Last contact"),
        ]
    };

    /// Its name: the same for ever, so that forms and messages can carry it.
    pub fn name(self) -> String {
        let named = Self::NAMED.iter().find(|(f, _)| *f == self);
        match (self, named) {
            (_, Some((_, name))) => (*name).to_owned(),
            (TemplateField::Aged { from, to }, _) => match (from, to) {
                (None, Some(to)) => format!("Open, to {to} days late"),
                (Some(from), None) => format!("Open, from {from} days late"),
                (Some(from), Some(to)) => format!("Open, {from} to {to} days late"),
                (None, None) => String::new(),
            },
            (_, None) => String::new(),
        }
    }

    /// The field of a [`TemplateField::name`].
    pub fn named(name: &str) -> Option<TemplateField> {
        if let Some((field, _)) = Self::NAMED.iter().find(|(_, n)| *n == name) {
            return Some(*field);
        }
        let days = name.strip_prefix("Open, ")?.strip_suffix(" days late")?;
        let (from, to) = match (days.strip_prefix("to "), days.strip_prefix("from ")) {
            (Some(to), _) => (None, Some(to.parse().ok()?)),
            (_, Some(from)) => (Some(from.parse().ok()?), None),
            _ => {
                let (from, to) = days.split_once(" to ")?;
                (Some(from.parse().ok()?), Some(to.parse().ok()?))
            }
        };
        Some(TemplateField::Aged { from, to })
    }
}

/// A column that is filled.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PlanColumn {
    /// Which, from 0.
    #[n(0)]
    pub at: u16,
    /// Its header, by which another version of the workbook is mapped alike.
    #[n(1)]
    pub header: String,
    /// What it holds.
    #[n(2)]
    pub field: TemplateField,
}

/// Which items go in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PlanRows {
    /// Only those past due.
    #[n(0)]
    pub past_due: bool,
    /// Only those owed: no credits.
    #[n(1)]
    pub debits: bool,
    /// Only those of customers of this collector.
    #[n(2)]
    pub collector: Option<String>,
    /// Only those in this currency, ISO code.
    #[n(3)]
    pub currency: Option<String>,
    /// Only those of this company of ours.
    #[n(4)]
    pub entity: Option<String>,
    /// Only those that hold all of these words, as the list of items finds them.
    #[n(5)]
    #[cbor(default)]
    pub words: String,
}

/// The order of rows. What is alike goes by customer, due date and number.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum PlanOrder {
    /// By customer number.
    #[default]
    #[n(0)]
    Customer,
    /// By customer name.
    #[n(1)]
    Name,
    /// The oldest due date first.
    #[n(2)]
    Due,
    /// The largest open amount first, per currency.
    #[n(3)]
    Open,
}

/// A sheet that is filled.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct SheetPlan {
    /// Its name.
    #[n(0)]
    pub sheet: String,
    /// The row of its header, from 1.
    #[n(1)]
    pub header: u32,
    /// The first row of data.
    #[n(2)]
    pub first: u32,
    /// The last row of data; the one before `first` where there is none.
    #[n(3)]
    pub last: u32,
    /// What its columns hold.
    #[n(4)]
    pub columns: Vec<PlanColumn>,
    /// Which items.
    #[n(5)]
    pub rows: PlanRows,
    /// In which order.
    #[n(6)]
    pub order: PlanOrder,
}

/// A template.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct TemplateFacts {
    /// What the user calls it; a template of that name is replaced.
    #[n(0)]
    pub name: String,
    /// The workbook's file name.
    #[n(1)]
    pub file: String,
    /// Its bytes, beside the log.
    #[n(2)]
    pub block: BlockRef,
    /// The sheets that are filled.
    #[n(3)]
    pub sheets: Vec<SheetPlan>,
}

/// What happened to a template.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum TemplateEvent {
    /// It was given, or its mapping changed.
    #[n(0)]
    Set(#[n(0)] TemplateFacts),
    /// It was put away.
    #[n(1)]
    Removed(#[n(0)] String),
}

/// What a user asks of a template.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum TemplateCommand {
    /// Keeps it. The workbook's bytes travel beside the command, but where the book has them.
    /// Refused: no name, no sheet, a plan that does not hold together, other bytes.
    #[n(0)]
    Set(#[n(0)] TemplateFacts),
    /// Puts it away. Refused: there is none of that name.
    #[n(1)]
    Remove(#[n(0)] String),
}

/// The templates of a book, by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Templates {
    by_name: BTreeMap<String, Versioned<Option<TemplateFacts>>>,
}

impl SheetPlan {
    /// Whether it can be filled: rows under a header, and columns each once.
    pub fn holds(&self) -> bool {
        let mut places: Vec<u16> = self.columns.iter().map(|c| c.at).collect();
        duebook_money::order::sort(&mut places);
        let twice = places.windows(2).any(|w| w[0] == w[1]);
        let rows = self.header >= 1 && self.first > self.header && self.last + 1 >= self.first;
        let days = |c: &PlanColumn| match c.field {
            TemplateField::Aged {
                from: Some(from),
                to: Some(to),
            } => from <= to,
            TemplateField::Aged {
                from: None,
                to: None,
            } => false,
            _ => true,
        };
        rows && self.last <= SHEET_ROWS
            && !self.sheet.is_empty()
            && (1..=MAX_PLAN_COLUMNS).contains(&places.len())
            && !twice
            && places.iter().all(|p| *p < SHEET_COLUMNS)
            && self.columns.iter().all(days)
    }
}

impl TemplateFacts {
    /// Whether its sheets can be filled, each once.
    pub fn holds(&self) -> bool {
        let mut names: Vec<&str> = self.sheets.iter().map(|s| s.sheet.as_str()).collect();
        duebook_money::order::sort(&mut names);
        let twice = names.windows(2).any(|w| w[0] == w[1]);
        !twice && names.len() <= MAX_PLANS && self.sheets.iter().all(SheetPlan::holds)
    }
}

impl Book {
    /// The templates known now, by name.
    pub fn templates(&self) -> impl Iterator<Item = (Seq, &TemplateFacts)> + '_ {
        self.templates.by_name.values().filter_map(|versions| {
            let (seq, facts) = versions.latest(&|s| self.is_live(s))?;
            Some((seq, facts.as_ref()?))
        })
    }
    /// The template of a name.
    pub fn template(&self, name: &str) -> Option<&TemplateFacts> {
        let versions = self.templates.by_name.get(name)?;
        versions.get(&|s| self.is_live(s))?.as_ref()
    }

    pub(crate) fn decide_template(
        &self,
        command: &TemplateCommand,
        incoming: &Incoming,
    ) -> Result<Decision, Refusal> {
        let facts = match command {
            TemplateCommand::Remove(name) => {
                let name = name.trim();
                if self.template(name).is_none() {
                    return Err(Refusal::UnknownTemplate(name.to_owned()));
                }
                let event = TemplateEvent::Removed(name.to_owned());
                return Ok(vec![Event::Template(event)].into());
            }
            TemplateCommand::Set(facts) => facts,
        };
        let mut facts = facts.clone();
        facts.name = facts.name.trim().to_owned();
        if facts.name.is_empty() {
            return Err(Refusal::Empty(Field::Name));
        }
        if facts.sheets.is_empty() {
            return Err(Refusal::Empty(Field::Items));
        }
        if !facts.holds() {
            return Err(Refusal::BadPolicy);
        }
        let others = self.templates().filter(|(_, t)| t.name != facts.name);
        if others.count() >= MAX_TEMPLATES {
            return Err(Refusal::TooLarge);
        }
        let mut decision = Decision::default();
        match &incoming.template {
            Some(bytes) if bytes.len() > MAX_TEMPLATE_BYTES => return Err(Refusal::TooLarge),
            Some(bytes) if BlockRef::of(bytes, 0) == facts.block => {
                decision.blocks.push(bytes.clone());
            }
            // Another mapping of a workbook that is beside the log already.
            None if self.blocks.contains(&facts.block) => {}
            _ => return Err(Refusal::StagingBroken),
        }
        decision
            .events
            .push(Event::Template(TemplateEvent::Set(facts)));
        Ok(decision)
    }

    pub(crate) fn apply_template(&mut self, seq: Seq, event: &TemplateEvent, delta: &mut Delta) {
        let (name, facts) = match event {
            TemplateEvent::Set(facts) => (&facts.name, Some(facts.clone())),
            TemplateEvent::Removed(name) => (name, None),
        };
        if let Some(block) = facts.as_ref().map(|f| f.block)
            && !self.blocks.contains(&block)
        {
            self.blocks.push(block);
        }
        let templates = &mut self.templates.by_name;
        templates.entry(name.clone()).or_default().set(seq, facts);
        delta.policies = true;
    }

    /// Every template can be filled, and its bytes are among the book's.
    pub(crate) fn check_templates(&self, out: &mut Vec<Violation>) {
        for (seq, facts) in self.templates() {
            if !facts.holds() || !self.blocks.contains(&facts.block) {
                out.push(Violation::Template(seq));
            }
        }
    }
}
