//! Who buys: invented customers with people, terms and a way of paying.

use crate::places::{PLACES, Place, currency};
use crate::rng::Rng;
use duebook_ledger::columns::StagedCustomer;
use duebook_money::{Currency, Day, EomReading, Terms};

/// Terms as the source writes them and how often.
const TERMS: &[(&str, u32)] = &[
    ("Net 30", 340),
    ("2/10 net 30", 90),
    ("Net 45", 120),
    ("Net 60", 110),
    ("Net 14", 60),
    ("1/14 net 45", 30),
    ("EOM", 50),
    ("EOM+30", 40),
    ("45 days EOM", 40),
    ("15 MFI", 30),
    ("Net 90", 30),
    ("immediate", 20),
    ("50% net 30; 50% net 60", 25),
    ("bands 9/10+1 25/25+1 31/10+2", 15),
];

/// When money leaves a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PayRun {
    AnyDay,
    /// 0 for Monday.
    Weekly(u8),
    TenthAndTwentyFifth,
    MonthEnd,
}

/// How a customer pays.
#[derive(Debug, Clone)]
pub(crate) struct Habit {
    /// Days after due, usually.
    pub late: i32,
    pub spread: i32,
    pub run: PayRun,
    /// Pays nothing from this day on.
    pub stops: Option<Day>,
    pub takes_discount: bool,
    /// Per mille withheld at source (TDS).
    pub withholds: i64,
    /// Months between invoices, and invoices then.
    pub every: i32,
    pub at_once: i32,
}

/// A person at a customer.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub name: String,
    pub role: &'static str,
    pub details: String,
}

/// A customer of the sample.
#[derive(Debug, Clone)]
pub(crate) struct Client {
    pub facts: StagedCustomer,
    pub place: &'static Place,
    pub zone: usize,
    pub currency: Currency,
    pub entity: &'static str,
    pub collector: &'static str,
    pub terms: Terms,
    pub reading: EomReading,
    pub parent: Option<usize>,
    /// 1 to 40: how large its invoices are.
    pub size: i64,
    pub habit: Habit,
    pub since: Day,
    pub people: Vec<Person>,
}

pub(crate) const COLLECTORS: &[&str] = &[
    "Asha Menon",
    "Rohan Kulkarni",
    "Maya Fernandes",
    "Tom Beckwith",
    "Ines Carvalho",
    "Daniel Osei",
];

const ROLES: &[&str] = &[
    "AP clerk",
    "AP manager",
    "Financial controller",
    "Buyer",
    "Finance director",
    "Shared service centre",
];

/// Names that a page, a sheet or a file must survive.
const HOSTILE: &[(&str, &str)] = &[
    ("GB", "=HYPERLINK(\"https://invoice.example\",\"Pay\") Ltd"),
    ("US", "<b>Bold & Co</b>"),
    ("GB", "Kestrel \"K\", Sons; Daughters & Partners, Ltd"),
    ("AE", "\u{202b}شركة الأفق\u{202c} Horizon Gate LLC"),
    (
        "DE",
        "Zweckverband Abfallwirtschaft und Straßenunterhaltung Möwenfels-Süderbrück (ehem. Stadtwerke Möwenfels) AöR",
    ),
    ("US", "-1+1 Arithmetic Supplies, Inc."),
];

fn place_of(rng: &mut Rng) -> &'static Place {
    let weights: Vec<u32> = PLACES.iter().map(|p| p.weight).collect();
    &PLACES[rng.weighted(&weights)]
}

pub(crate) fn name_at(rng: &mut Rng, place: &Place) -> String {
    let (stem, sector, form) = (
        rng.pick(place.stems),
        rng.pick(place.sectors),
        rng.pick(place.forms),
    );
    let glue = if place.code == "JP" { "" } else { " " };
    format!("{stem}{glue}{sector} {form}").trim_end().to_owned()
}

fn digits(rng: &mut Rng, pattern: &str) -> String {
    pattern
        .chars()
        .map(|c| match c {
            '#' => char::from(b'0' + rng.below(10) as u8),
            c => c,
        })
        .collect()
}

fn person(rng: &mut Rng, place: &Place, number: &str, role: &'static str) -> Person {
    let (first, last) = (rng.pick(place.first), rng.pick(place.last));
    let name = if place.code == "JP" {
        format!("{last} {first}")
    } else {
        format!("{first} {last}")
    };
    let mailbox = match role {
        "AP clerk" | "Shared service centre" => "accounts.payable",
        "AP manager" => "ap.manager",
        "Financial controller" => "controller",
        "Buyer" => "purchasing",
        _ => "finance.director",
    };
    let phone = digits(rng, place.phone);
    Person {
        details: format!("{name}\n{mailbox}@c{number}.example\n{phone}"),
        name,
        role,
    }
}

fn habit(rng: &mut Rng, place: &Place, today: Day) -> Habit {
    // Prompt, a little late, slow, chronic, erratic.
    let (late, spread) = match rng.weighted(&[300, 340, 200, 80, 80]) {
        0 => (rng.range(-4, 1), 3),
        1 => (rng.range(3, 12), 5),
        2 => (rng.range(15, 35), 10),
        3 => (rng.range(40, 80), 20),
        _ => (15, 40),
    };
    let run = match rng.weighted(&[450, 350, 120, 80]) {
        0 => PayRun::AnyDay,
        1 => PayRun::Weekly(rng.below(5) as u8),
        2 => PayRun::TenthAndTwentyFifth,
        _ => PayRun::MonthEnd,
    };
    let (every, at_once) = match rng.weighted(&[80, 270, 450, 200]) {
        0 => (1, 2),
        1 => (1, 1),
        2 => (2, 1),
        _ => (4, 1),
    };
    let withholds = if place.code == "IN" && rng.chance(600) {
        *rng.pick(&[20, 100])
    } else {
        0
    };
    Habit {
        late,
        spread,
        run,
        stops: rng.chance(45).then(|| today.plus(-rng.range(25, 260))),
        takes_discount: rng.chance(650),
        withholds,
        every,
        at_once,
    }
}

/// The customers, parents before their children.
pub(crate) fn clients(rng: &mut Rng, today: Day, count: usize) -> Vec<Client> {
    let mut taken = std::collections::BTreeSet::new();
    let mut all: Vec<Client> = Vec::with_capacity(count);
    let begin = today.plus(-850);
    for i in 0..count {
        let hostile = HOSTILE.get(i / 7).filter(|_| i % 7 == 5);
        let place = match hostile {
            Some((code, _)) => PLACES
                .iter()
                .find(|p| p.code == *code)
                .unwrap_or(&PLACES[0]),
            None => place_of(rng),
        };
        // A child belongs to an earlier customer of its country; groups are one level deep.
        let parent = (hostile.is_none() && rng.chance(140))
            .then(|| {
                let fits = |c: &Client| c.place.code == place.code && c.parent.is_none();
                all.iter().rposition(fits)
            })
            .flatten();
        let name = match (hostile, parent) {
            (Some((_, name)), _) => (*name).to_owned(),
            (None, Some(p)) => {
                let stem = all[p].facts.name.split(' ').next().unwrap_or("Group");
                let sector = rng.pick(place.sectors);
                format!("{stem} {sector} ({} {})", place.code, rng.range(2, 99))
            }
            (None, None) => name_at(rng, place),
        };
        let name = if taken.insert(name.clone()) {
            name
        } else {
            let other = format!("{name} No. {}", taken.len());
            taken.insert(other.clone());
            other
        };
        all.push(client(rng, today, begin, i, (place, name, parent), &all));
    }
    all
}

fn client(
    rng: &mut Rng,
    today: Day,
    begin: Day,
    i: usize,
    (place, name, parent): (&'static Place, String, Option<usize>),
    known: &[Client],
) -> Client {
    let number = format!("{}", 100_200 + i * 13);
    let weights: Vec<u32> = TERMS.iter().map(|(_, w)| *w).collect();
    let (terms_text, _) = TERMS[rng.weighted(&weights)];
    let parsed = Terms::parse(terms_text).unwrap_or_else(|_| Terms::net(30));
    // Some buy in dollars wherever they are.
    let code = if rng.chance(60) {
        crate::places::USD
    } else {
        place.currency
    };
    let currency = currency(code);
    let size = *rng.pick(&[1, 1, 1, 2, 2, 3, 4, 6, 9, 15]);
    let zone = rng.below(place.zones.len() as u64) as usize;
    let collector = match place.code {
        "IN" => *rng.pick(&COLLECTORS[..2]),
        "US" => *rng.pick(&COLLECTORS[2..4]),
        _ => *rng.pick(&COLLECTORS[3..]),
    };
    let segment = match size {
        9.. => "Key account",
        3.. => "Mid-market",
        _ => "Small business",
    };
    let limit = size
        * 40_000
        * currency.minor_per_major()
        * if code == 356 || code == 392 { 80 } else { 1 };
    let people = (0..rng.weighted(&[60, 400, 380, 160]))
        .map(|n| {
            let role = if n == 0 {
                ROLES[rng.weighted(&[6, 2, 1, 0, 0, 1])]
            } else {
                *rng.pick(ROLES)
            };
            person(rng, place, &number, role)
        })
        .collect();
    let since = if rng.chance(180) {
        today.plus(-rng.range(60, 700))
    } else {
        begin
    };
    Client {
        facts: StagedCustomer {
            number,
            name,
            country: Some(place.code.to_owned()),
            collector: Some(collector.to_owned()),
            terms: Some(terms_text.to_owned()),
            parent: parent.map(|p| known[p].facts.number.clone()),
            segment: Some(segment.to_owned()),
            zone: Some(place.zones[zone].0.to_owned()),
            currency: Some(currency.code().to_owned()),
            credit_limit: rng.chance(800).then_some(limit),
        },
        place,
        zone,
        currency,
        entity: if place.code == "IN" { "2000" } else { "1000" },
        collector,
        terms: parsed,
        reading: *rng.pick(&[EomReading::DaysThenMonthEnd, EomReading::MonthEndThenDays]),
        parent,
        size,
        habit: habit(rng, place, today),
        since,
        people,
    }
}
