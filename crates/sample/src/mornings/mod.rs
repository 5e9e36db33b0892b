//! Five consecutive mornings of an ERP: the files it exports, and what really happened.
//!
//! Each morning brings an export of open items as of that day, made before anyone works: it shows
//! what was posted until the evening of the morning before. The story is told in `story`; how each
//! system writes it down (SAP's part payments and residuals, Oracle's and NetSuite's falling balances)
//! in `sap`, `oracle` and `netsuite`. Decided by the seed and the days given: no clock.

mod bank;
mod cleared;
mod files;
mod netsuite;
mod oracle;
mod people;
mod postings;
mod report;
mod sap;
mod story;
mod truth;
mod variant;
mod world;

pub use bank::{AccountTruth, BankLine};
pub use files::{FileRole, MorningFile};
pub use people::Debtor;
pub use report::{bundle, each_file, items_csv, truth_json, truth_md};
pub use truth::{Absent, Ask, Happened, ItemTruth, PromiseEnd, Variant, Work};

use crate::rng::Rng;
use duebook_ledger::keys::ItemKey;
use duebook_money::{Currency, Day, Weekday};
use std::collections::BTreeMap;
use std::rc::Rc;

/// The system that exports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shape {
    /// Line-item list (FBL5N): pipes, a section per customer, `1.234,56-`, `DD.MM.YYYY`. A part
    /// payment is a `DZ` line beside the whole invoice; a residual stands under the payment's number.
    Sap,
    /// Payment schedules: one header, `DD-MON-YYYY`, the remaining amount falls.
    Oracle,
    /// Saved search: quoted cells, `M/D/YYYY`, the remaining amount falls.
    NetSuite,
}

impl Shape {
    /// All of them.
    pub const ALL: [Shape; 3] = [Shape::Sap, Shape::Oracle, Shape::NetSuite];
    /// Its name, which is also the name of the source in keys.
    pub fn name(self) -> &'static str {
        match self {
            Shape::Sap => "SAP",
            Shape::Oracle => "Oracle",
            Shape::NetSuite => "NetSuite",
        }
    }
}

/// What to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The exporting system.
    pub shape: Shape,
    /// Source name in the keys of the truth.
    pub source: String,
    /// Decides everything that is not told by the story.
    pub seed: u64,
    /// Customers; at least [`Plan::LEAST_CUSTOMERS`] are made, the story needs them.
    pub customers: usize,
    /// Items on the first morning; at least eight per customer are made.
    pub items: usize,
    /// The five days, rising.
    pub days: [Day; 5],
}

impl Plan {
    /// Fewest customers that the story can be told with.
    pub const LEAST_CUSTOMERS: usize = 30;

    /// A small plan: 40 customers, 400 items, five working days (Monday to Friday) from `start` on.
    pub fn new(shape: Shape, seed: u64, start: Day) -> Plan {
        let mut days = [start; 5];
        let mut day = working(start);
        for slot in &mut days {
            *slot = day;
            day = working(day.plus(1));
        }
        Plan {
            shape,
            source: shape.name().to_owned(),
            seed,
            customers: 40,
            items: 400,
            days,
        }
    }
    /// So many items, with a customer for every ten.
    pub fn sized(self, items: usize) -> Plan {
        Plan {
            items,
            customers: (items / 10).clamp(Plan::LEAST_CUSTOMERS, 60_000),
            ..self
        }
    }
}

/// The day itself, or Monday after it.
fn working(day: Day) -> Day {
    match day.weekday() {
        Weekday::Saturday => day.plus(2),
        Weekday::Sunday => day.plus(1),
        _ => day,
    }
}

/// All that is open at the source on a morning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// As of.
    pub day: Day,
    /// The customers, merged ones among them.
    pub debtors: Rc<Vec<Debtor>>,
    /// The items, in the order of the export.
    pub items: Vec<ItemTruth>,
}

impl Snapshot {
    /// What is open per currency, minor units.
    pub fn totals(&self) -> BTreeMap<Currency, i64> {
        let mut sums = BTreeMap::new();
        for item in &self.items {
            *sums.entry(self.debtor(item).currency).or_default() += item.open;
        }
        sums
    }
    /// An item's customer.
    pub fn debtor(&self, item: &ItemTruth) -> &Debtor {
        &self.debtors[item.debtor]
    }
    /// The items by key.
    pub fn by_key(&self) -> BTreeMap<&ItemKey, &ItemTruth> {
        self.items.iter().map(|i| (&i.key, i)).collect()
    }
}

/// A morning: its files and the truth.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Morning {
    /// 1 to 5.
    pub number: u8,
    /// Its day: the as-of date of its exports.
    pub day: Day,
    /// The system that exported.
    pub shape: Shape,
    /// The files, open items first. The third morning has no payments file.
    pub files: Vec<MorningFile>,
    /// Per item the balance at source.
    pub truth: Rc<Snapshot>,
    /// What happened since the morning before; nothing on the first.
    pub happened: Vec<Happened>,
    /// Per event the currency of its amounts.
    pub happened_in: Vec<Currency>,
    /// Items gone since the morning before, in the order of that morning's export.
    pub absent: Vec<Absent>,
    /// Items of which a file of *this* morning tells the cause, with the morning they went.
    pub told_late: Vec<(ItemKey, u8)>,
    /// What the collector does after the import.
    pub work: Vec<Work>,
    /// The bank accounts over this morning's statement.
    pub bank: Vec<AccountTruth>,
    /// The morning before last: what a stale export shows.
    earlier: Option<Rc<Snapshot>>,
    seed: u64,
}

impl Morning {
    /// The file of a role.
    pub fn file(&self, role: FileRole) -> Option<&MorningFile> {
        self.files.iter().find(|f| f.role == role)
    }
    /// The export of open items gone wrong, and what must be asked. None where it cannot go wrong
    /// that way: nothing is stale before the third morning.
    pub fn wrong(&self, variant: Variant) -> Option<(MorningFile, Ask)> {
        variant::wrong(self, variant)
    }
}

/// The five mornings one after another; each is made when it is asked for.
pub struct Mornings {
    world: world::World,
    rng: Rng,
    plan: Plan,
    number: u8,
    before: Option<Rc<Snapshot>>,
    earlier: Option<Rc<Snapshot>>,
}

impl Mornings {
    /// Of a plan.
    pub fn new(plan: &Plan) -> Mornings {
        let mut plan = plan.clone();
        plan.customers = plan.customers.max(Plan::LEAST_CUSTOMERS);
        plan.items = plan.items.max(plan.customers * 8);
        let rng = Rng::new(plan.seed);
        let world = world::World::new(&plan, &rng);
        Mornings {
            world,
            rng,
            plan,
            number: 0,
            before: None,
            earlier: None,
        }
    }
}

impl Iterator for Mornings {
    type Item = Morning;

    fn next(&mut self) -> Option<Morning> {
        let day = *self.plan.days.get(usize::from(self.number))?;
        self.number += 1;
        let number = self.number;
        let mut work = Vec::new();
        if number > 1 {
            let eve = self.plan.days[usize::from(number) - 2];
            self.world.begin(number, eve);
            let mut rng = self.rng.part(u64::from(number));
            work = story::tell(&mut self.world, &self.plan, &mut rng);
        }
        let now = Rc::new(self.world.snapshot(day));
        let absent = match &self.before {
            Some(before) => self.world.absent(before, &now),
            None => Vec::new(),
        };
        let told_late = self.world.told_late();
        let bank = self.world.bank();
        let files = files::of(&self.world, &now, &bank);
        let morning = Morning {
            number,
            day,
            shape: self.plan.shape,
            files,
            truth: now.clone(),
            happened: std::mem::take(&mut self.world.happened),
            happened_in: std::mem::take(&mut self.world.happened_in),
            absent,
            told_late,
            work,
            bank,
            earlier: self.earlier.take(),
            seed: self.plan.seed,
        };
        self.earlier = self.before.replace(now);
        Some(morning)
    }
}

/// All five at once.
pub fn mornings(plan: &Plan) -> Vec<Morning> {
    Mornings::new(plan).collect()
}
