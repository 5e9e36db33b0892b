//! What a new book knows: rules and rates of domain.md §6 with where they are from. Data to be
//! checked and changed by the user, never law by itself.

use super::{Accrual, FixedSum, RateSeries, ReferenceRate, RulePack};
use duebook_money::{Currency, Day};

/// Days after its check for which an open-ended rate is taken as in force.
const STALE_DAYS: u16 = 100;

/// The day the built-in figures were gathered.
fn checked() -> Option<Day> {
    Day::from_ymd(2026, 11, 21)
}

/// A half-year: 2026 and 1 or 2, its rate, where from, and whether it was checked.
type Half = (i32, u8, u32, &'static str, bool);

fn halves(rows: &[Half]) -> Vec<ReferenceRate> {
    let row = |(year, half, ppm, source, sure): &Half| {
        let (first, last) = if *half == 1 {
            ((1, 1), (6, 30))
        } else {
            ((7, 1), (12, 31))
        };
        Some(ReferenceRate {
            from: Day::from_ymd(*year, first.0, first.1)?,
            to: Day::from_ymd(*year, last.0, last.1),
            ppm: *ppm,
            source: (*source).to_owned(),
            verified_on: if *sure { checked() } else { None },
        })
    };
    rows.iter().filter_map(row).collect()
}

fn since(rows: &[(i32, u8, u8, u32, &str, bool)]) -> Vec<ReferenceRate> {
    let row = |(y, m, d, ppm, source, sure): &(i32, u8, u8, u32, &str, bool)| {
        Some(ReferenceRate {
            from: Day::from_ymd(*y, *m, *d)?,
            to: None,
            ppm: *ppm,
            source: (*source).to_owned(),
            verified_on: if *sure {
                Day::from_ymd(2026, 2, 6)
            } else {
                None
            },
        })
    };
    rows.iter().filter_map(row).collect()
}

const BOE: &str = "Bank of England official dealing rate on the reference day (31 Dec or 30 Jun)";
const ECB: &str = "ECB main refinancing rate on 1 Jan or 1 Jul";
const BBK: &str = "Bundesbank base rate (§ 247 BGB)";
const RBI: &str = "RBI bank rate notification";

/// Reference rates.
pub fn series() -> Vec<RateSeries> {
    let series = |id: &str, name: &str, rows| RateSeries {
        id: id.to_owned(),
        name: name.to_owned(),
        rows,
        stale_days: STALE_DAYS,
    };
    let boe = [
        (2022, 1, 2_500, BOE, true),
        (2022, 2, 12_500, BOE, true),
        (2023, 1, 35_000, BOE, true),
        (2023, 2, 50_000, BOE, true),
        (2024, 1, 52_500, BOE, true),
        (2024, 2, 52_500, BOE, true),
        (2025, 1, 47_500, BOE, true),
        (2025, 2, 42_500, BOE, true),
        (2026, 1, 37_500, BOE, true),
        (2026, 2, 37_500, BOE, true),
    ];
    let ecb = [
        (2023, 1, 25_000, ECB, false),
        (2023, 2, 40_000, ECB, false),
        (2024, 1, 45_000, ECB, false),
        (2024, 2, 42_500, ECB, false),
        (2025, 1, 31_500, ECB, false),
        (2025, 2, 21_500, ECB, false),
        (2026, 1, 21_500, ECB, true),
        (
            2026,
            2,
            24_000,
            "ECB, rise of 17 Jun 2026; one secondary source",
            false,
        ),
    ];
    let bbk = [
        (2023, 1, 16_200, BBK, false),
        (2023, 2, 31_200, BBK, false),
        (2024, 1, 36_200, BBK, false),
        (2024, 2, 33_700, BBK, false),
        (2025, 1, 22_700, BBK, false),
        (2025, 2, 12_700, BBK, false),
        (2026, 1, 12_700, BBK, false),
    ];
    let rbi = [
        (2023, 2, 8, 67_500, RBI, true),
        (2025, 2, 7, 65_000, RBI, true),
        (2025, 4, 9, 62_500, RBI, true),
        (2025, 6, 6, 57_500, RBI, true),
        (2025, 12, 5, 55_000, RBI, true),
    ];
    vec![
        series("boe", "Bank of England official dealing rate", halves(&boe)),
        series("ecb", "ECB reference rate", halves(&ecb)),
        series("bbk", "German base rate (Basiszinssatz)", halves(&bbk)),
        series("rbi", "RBI bank rate", since(&rbi)),
    ]
}

fn pack(id: &str, name: &str, countries: &[&str]) -> RulePack {
    RulePack {
        id: id.to_owned(),
        name: name.to_owned(),
        countries: countries.iter().map(|c| (*c).to_owned()).collect(),
        series: None,
        multiplier: 1,
        margin_ppm: 80_000,
        accrual: Accrual::Variable,
        year_days: 365,
        first_day: 0,
        currency: None,
        sums: Vec::new(),
        most_days: None,
        daily_rounded: false,
        source: String::new(),
        verified_on: checked(),
        notes: Vec::new(),
        from: None,
        to: None,
        most_agreed: None,
        none_agreed: None,
        small_supplier: false,
    }
}

/// The pack with a reference rate, a source and notes.
fn told(mut of: RulePack, series: &str, source: &str, notes: &[&str]) -> RulePack {
    of.series = (!series.is_empty()).then(|| series.to_owned());
    of.source = source.to_owned();
    of.notes = notes.iter().map(|n| (*n).to_owned()).collect();
    of
}

fn forty_euro() -> Vec<FixedSum> {
    vec![FixedSum {
        below: None,
        amount: 4_000,
    }]
}

/// Rule packs.
pub fn packs() -> Vec<RulePack> {
    let mut contract = told(
        pack("contract", "Contract rate", &[]),
        "",
        "The contract: set its rate here",
        &["Applies where the contract provides for it."],
    );
    contract.margin_ppm = 0;
    vec![
        contract,
        united_kingdom(),
        germany(),
        france(),
        european(),
        msmed(),
        prompt_payment(),
    ]
}

fn united_kingdom() -> RulePack {
    let sum = |below, amount| FixedSum { below, amount };
    RulePack {
        accrual: Accrual::Fixed,
        most_agreed: Some(60),
        none_agreed: Some(30),
        currency: Some(Currency::GBP),
        sums: vec![
            sum(Some(100_000), 4_000),
            sum(Some(1_000_000), 7_000),
            sum(None, 10_000),
        ],
        ..told(
            pack(
                "uk",
                "United Kingdom: Late Payment of Commercial Debts (Interest) Act 1998",
                &["GB", "UK"],
            ),
            "boe",
            "SI 2002/1675 art. 4; s.4(2), s.5A of the Act",
            &[
                "The rate is fixed for the debt when interest starts to run; it does not step each half-year.",
                "A contract with a substantial remedy of its own displaces the Act.",
                "An agreed day beyond 60 days is cut back to 60, unless the longer term is not grossly unfair: copy the rule without the cut for such a customer.",
                "Without an agreed day the last is 30 days after the later of performance and notice of the amount; the document's date stands for both. A public authority has 30 days.",
            ],
        )
    }
}

fn germany() -> RulePack {
    RulePack {
        margin_ppm: 90_000,
        none_agreed: Some(30),
        currency: Some(Currency::EUR),
        sums: forty_euro(),
        ..told(
            pack(
                "de",
                "Germany: § 288 (2), (5) BGB, base rate + 9 points",
                &["DE"],
            ),
            "bbk",
            "§ 288 BGB; Directive 2011/7/EU",
            &["Day count is taken as actual days of 365."],
        )
    }
}

fn france() -> RulePack {
    RulePack {
        margin_ppm: 100_000,
        none_agreed: Some(30),
        currency: Some(Currency::EUR),
        sums: forty_euro(),
        ..told(
            pack(
                "fr",
                "France: Code de commerce L441-10, ECB + 10 points",
                &["FR"],
            ),
            "ecb",
            "L441-10, D441-5 Code de commerce",
            &[
                "The default rate; a contract may set another, not below three times the legal rate.",
            ],
        )
    }
}

fn european() -> RulePack {
    const STATES: [&str; 25] = [
        "AT", "BE", "BG", "HR", "CY", "CZ", "DK", "EE", "FI", "GR", "HU", "IE", "IT", "LV", "LT",
        "LU", "MT", "NL", "PL", "PT", "RO", "SK", "SI", "ES", "SE",
    ];
    RulePack {
        none_agreed: Some(30),
        currency: Some(Currency::EUR),
        sums: forty_euro(),
        ..told(
            pack(
                "eu",
                "European Union: Directive 2011/7/EU, ECB + 8 points",
                &STATES,
            ),
            "ecb",
            "Directive 2011/7/EU art. 2, 3, 6",
            &[
                "National law governs: rate, day count and reference may differ by state.",
                "The fixed sum of 40 EUR is due without a reminder.",
                "An agreed day beyond 60 days must be expressly agreed and not grossly unfair.",
            ],
        )
    }
}

fn msmed() -> RulePack {
    RulePack {
        multiplier: 3,
        margin_ppm: 0,
        accrual: Accrual::Monthly,
        first_day: 1,
        most_agreed: Some(45),
        none_agreed: Some(15),
        small_supplier: true,
        ..told(
            pack(
                "in-msmed",
                "India: MSMED Act 2006 s.15, s.16, three times the bank rate",
                &["IN"],
            ),
            "rbi",
            "MSMED Act 2006 s.16; V.K. Patel v Simplex for the rate at each rest",
            &[
                "Only for a creditor that is a micro or small enterprise with Udyam registration: check before it is asserted.",
                "An agreed day later than 45 days from acceptance is cut back to them; without agreement interest runs from the day after 15 days. The document's date stands for acceptance.",
                "Traders have priority-sector status only: verify before it is asserted.",
                "A broken month is counted by days of 365: the statute is silent.",
            ],
        )
    }
}

fn prompt_payment() -> RulePack {
    RulePack {
        margin_ppm: 0,
        accrual: Accrual::ThirtyDays,
        year_days: 360,
        most_days: Some(365),
        verified_on: None,
        ..told(
            pack(
                "us-ppa",
                "United States, federal: Prompt Payment, 5 CFR 1315",
                &[],
            ),
            "",
            "5 CFR 1315.10; set the Treasury rate of the half-year here",
            &[
                "Only where the United States government is the debtor.",
                "Interest below 1.00 is not payable.",
            ],
        )
    }
}
