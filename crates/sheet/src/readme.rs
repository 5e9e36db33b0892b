//! The README sheet (domain.md §10): by what a reader, a year later, knows what the figures are.

use crate::cell::{Cell, clock};
use crate::control::{Control, Verdict};
use crate::sheet::{Column, Kind, Rule, Sheet, Test, Title, Tone};
use core::fmt;
use duebook_money::{Currency, Day};
use rust_decimal::Decimal;

/// A moment and the zone it is told in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// The day.
    pub day: Day,
    /// Seconds since its midnight.
    pub second: u32,
    /// The zone: `UTC`, `Europe/Berlin`.
    pub zone: String,
}

impl fmt::Display for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (h, m, s) = clock(self.second);
        write!(f, "{} {h:02}:{m:02}:{s:02} {}", self.day, self.zone)
    }
}

/// The position in the log a report was drawn at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownAt {
    /// Number of the commit.
    pub commit: u64,
    /// When it was recorded.
    pub recorded: Stamp,
}

/// A rate a report used: 1 of `from` is `rate` of the reporting currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rate {
    /// The currency that is converted.
    pub from: Currency,
    /// Units of the reporting currency for one of it.
    pub rate: Decimal,
    /// The day it is for.
    pub day: Day,
    /// Who says so.
    pub source: String,
}

/// The currency totals are shown in, and how amounts came into it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reporting {
    /// The currency.
    pub currency: Currency,
    /// One rate for each other currency in the report.
    pub rates: Vec<Rate>,
}

/// What a README says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Readme {
    /// Name of the report.
    pub report: String,
    /// Whose book: entity, book name.
    pub book: String,
    /// The effective date.
    pub as_of: Day,
    /// What was known then.
    pub known_at: KnownAt,
    /// How items are aged and dated: `Due date, credits in their own column`.
    pub basis: String,
    /// Reporting currency and rates; `None` where every figure is in its own currency.
    pub reporting: Option<Reporting>,
    /// What was left out, in words; empty says that nothing was.
    pub filters: Vec<String>,
    /// When the report was made.
    pub generated: Stamp,
    /// Version of the app.
    pub app_version: String,
    /// Hash of the newest commit it was drawn from, in hex.
    pub head_hash: String,
    /// Control totals.
    pub controls: Vec<Control>,
    /// Why it may not be called reconciled although nothing failed (before take-on).
    pub limitation: Option<String>,
    /// Anything else a reader has to know.
    pub notes: Vec<String>,
}

impl Readme {
    /// What the report says of itself.
    pub fn verdict(&self) -> Verdict {
        Verdict::of(&self.controls, self.limitation.as_deref())
    }

    /// The line at the foot of printed pages.
    pub fn footer(&self) -> String {
        format!(
            "{}, as of {}, head {}",
            self.report, self.as_of, self.head_hash
        )
    }

    /// The sheet.
    pub fn sheet<'a>(&self) -> Sheet<'a> {
        let rows = self.lines();
        let verdict = self.verdict();
        let mut sheet = Sheet::new(
            "README",
            vec![
                Column::new("What", Kind::Text).width(34),
                Column::new("Value", Kind::Mixed).width(44),
                Column::new("Held against", Kind::Text).width(24),
                Column::new("Figure there", Kind::Mixed).width(20),
                Column::new("Difference", Kind::Text).width(18),
                Column::new("Result", Kind::Text).width(14),
            ],
            rows.len(),
            move |row, column| {
                rows.get(row)
                    .and_then(|line| line.get(column))
                    .cloned()
                    .unwrap_or_default()
            },
        );
        sheet.filter = false;
        sheet.titles = vec![
            Title::new(self.report.clone(), Tone::Heading),
            Title::new(
                verdict.face(),
                match verdict {
                    Verdict::Reconciled { .. } => Tone::Good,
                    Verdict::Unreconciled { .. } => Tone::Bad,
                    Verdict::NotJudged { .. } => Tone::Warn,
                },
            ),
        ];
        sheet.rules.push(Rule {
            column: 5,
            test: Test::Is(FAILED.to_owned()),
            whole_row: true,
            tone: Tone::Bad,
        });
        sheet
    }

    fn lines(&self) -> Vec<Vec<Cell<'static>>> {
        let mut lines = Vec::new();
        let mut say = |what: &str, value: Cell<'static>| {
            lines.push(vec![Cell::text(what.to_owned()), value]);
        };
        let text = |text: &str| Cell::text(text.to_owned());
        say("Report", text(&self.report));
        say("Book", text(&self.book));
        say("As of", Cell::Date(self.as_of));
        say(
            "As known at",
            text(&format!(
                "commit {}, recorded {}",
                self.known_at.commit, self.known_at.recorded
            )),
        );
        say("Basis", text(&self.basis));
        match &self.reporting {
            None => say(
                "Currency",
                text("each amount in its own; nothing converted"),
            ),
            Some(reporting) => {
                say("Currency", text(reporting.currency.code()));
                for rate in &reporting.rates {
                    say(
                        &format!("Rate {} to {}", rate.from.code(), reporting.currency.code()),
                        Cell::Number(rate.rate),
                    );
                    say("  of", text(&format!("{}, {}", rate.day, rate.source)));
                }
            }
        }
        if self.filters.is_empty() {
            say("Filters", text("none"));
        }
        for filter in &self.filters {
            say("Filter", text(filter));
        }
        say("Generated at", text(&self.generated.to_string()));
        say("App version", text(&self.app_version));
        say("Head hash", text(&self.head_hash));
        if let Some(limitation) = &self.limitation {
            say("Limitation", text(limitation));
        }
        for note in &self.notes {
            say("Note", text(note));
        }
        say("Status", text(&self.verdict().face()));
        lines.extend(self.controls.iter().map(control_line));
        lines
    }
}

const FAILED: &str = "FAILED";

fn control_line(control: &Control) -> Vec<Cell<'static>> {
    let mut line = vec![Cell::text(control.name.clone()), control.actual.cell()];
    match &control.against {
        None => line.extend([Cell::Empty, Cell::Empty, Cell::Empty, Cell::text("stated")]),
        Some((what, figure)) => {
            let holds = control.holds() == Some(true);
            line.extend([
                Cell::text(what.clone()),
                figure.cell(),
                Cell::or_empty(control.actual.less(*figure).map(Cell::text)),
                Cell::text(if holds { "holds" } else { FAILED }),
            ]);
        }
    }
    line
}
