//! Workbook, sheet and column.

use crate::cell::Cell;
use crate::control::Verdict;
use crate::readme::{Readme, Stamp};
use core::fmt;
use duebook_money::Currency;

/// The currency of a money column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Every row is in this currency.
    Of(Currency),
    /// Each row has its own; its code stands in that column. Sums are then one per currency.
    PerRow {
        /// Index of the column with the currency codes.
        currency_column: usize,
    },
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text.
    Text,
    /// Whole numbers.
    Integer,
    /// Whole numbers of days.
    Days,
    /// Amounts.
    Money(Unit),
    /// Fractions shown as percentages.
    Percent,
    /// Decimals: rates, averages.
    Number {
        /// How many are shown; the value keeps all of them.
        decimals: u8,
    },
    /// Calendar days.
    Date,
    /// Moments.
    DateTime,
    /// Yes or no.
    Flag,
    /// Each cell as it is, as in a README.
    Mixed,
}

impl Kind {
    /// Whether values stand on the right.
    pub fn is_number(self) -> bool {
        match self {
            Kind::Integer | Kind::Days | Kind::Money(_) | Kind::Percent | Kind::Number { .. } => {
                true
            }
            Kind::Text | Kind::Date | Kind::DateTime | Kind::Flag | Kind::Mixed => false,
        }
    }

    /// Whether a sum of the column means something. A sum of percentages does not.
    pub fn can_sum(self) -> bool {
        self.is_number() && self != Kind::Percent
    }
}

/// What stands under a column.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum Total {
    /// Nothing.
    #[default]
    None,
    /// The sum; one per currency where the column is in several.
    Sum,
    /// A word: `Total`.
    Text(String),
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// What stands above it.
    pub header: String,
    /// What it holds.
    pub kind: Kind,
    /// Width in characters; `None` takes what the kind needs.
    pub width: Option<u8>,
    /// How the figure is defined, shown with the header where the format can.
    pub note: Option<String>,
    /// What stands under it.
    pub total: Total,
}

impl Column {
    /// A column without note or total.
    pub fn new(header: impl Into<String>, kind: Kind) -> Column {
        Column {
            header: header.into(),
            kind,
            width: None,
            note: None,
            total: Total::None,
        }
    }

    /// With a width in characters.
    pub fn width(self, characters: u8) -> Column {
        Column {
            width: Some(characters),
            ..self
        }
    }

    /// With the definition of its figures.
    pub fn note(self, note: impl Into<String>) -> Column {
        Column {
            note: Some(note.into()),
            ..self
        }
    }

    /// With its sum under it.
    pub fn sum(self) -> Column {
        Column {
            total: Total::Sum,
            ..self
        }
    }

    /// With a word in the total row.
    pub fn total_text(self, text: impl Into<String>) -> Column {
        Column {
            total: Total::Text(text.into()),
            ..self
        }
    }

    /// The width in characters: its own, or one that shows the usual values of its kind.
    pub fn characters(&self) -> u8 {
        self.width.unwrap_or(match self.kind {
            Kind::Text => 20,
            Kind::Integer => 9,
            Kind::Days | Kind::Flag => 8,
            Kind::Money(_) => 16,
            Kind::Percent => 9,
            Kind::Number { .. } | Kind::Date => 12,
            Kind::DateTime => 19,
            Kind::Mixed => 24,
        })
    }
}

/// How something is made to stand out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Tone {
    /// Not at all.
    #[default]
    Plain,
    /// As a heading.
    Heading,
    /// Quieter.
    Muted,
    /// Fine.
    Good,
    /// Look at it.
    Warn,
    /// Wrong or late.
    Bad,
}

/// A line above the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Title {
    /// The line.
    pub text: String,
    /// How it stands out.
    pub tone: Tone,
}

impl Title {
    /// A line.
    pub fn new(text: impl Into<String>, tone: Tone) -> Title {
        Title {
            text: text.into(),
            tone,
        }
    }
}

/// When a rule applies to a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    /// The number is above this (of money: in major units).
    Above(i64),
    /// The number is below this (of money: in major units).
    Below(i64),
    /// The text is this, in any case.
    Is(String),
    /// There is something in it.
    Filled,
}

/// A conditional format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The column that is tested.
    pub column: usize,
    /// The test.
    pub test: Test,
    /// Whether the whole row stands out or the tested cell only.
    pub whole_row: bool,
    /// How.
    pub tone: Tone,
}

/// The value at (row, column).
pub type CellFn<'a> = Box<dyn Fn(usize, usize) -> Cell<'a> + 'a>;

/// A table with lines above it and totals under it.
pub struct Sheet<'a> {
    /// Its name; writers cut it to what their format allows.
    pub name: String,
    /// Lines above the header.
    pub titles: Vec<Title>,
    /// The columns.
    pub columns: Vec<Column>,
    /// How many rows.
    pub rows: usize,
    /// The value at (row, column); asked row by row, by some writers twice (totals, then rows).
    pub cell: CellFn<'a>,
    /// How many columns stay in view when scrolling right; the header always stays.
    pub freeze_columns: u16,
    /// Whether the header has filter buttons.
    pub filter: bool,
    /// Conditional formats, the first that applies wins.
    pub rules: Vec<Rule>,
    /// Whether it says on its face that it is not reconciled. Off for plain data, whose header has
    /// to be the first line; there the README alone says it.
    pub verdict: bool,
}

impl<'a> Sheet<'a> {
    /// A sheet with filters and without titles, rules or frozen columns.
    pub fn new(
        name: impl Into<String>,
        columns: Vec<Column>,
        rows: usize,
        cell: impl Fn(usize, usize) -> Cell<'a> + 'a,
    ) -> Sheet<'a> {
        Sheet {
            name: name.into(),
            titles: Vec::new(),
            columns,
            rows,
            cell: Box::new(cell),
            freeze_columns: 0,
            filter: true,
            rules: Vec::new(),
            verdict: true,
        }
    }

    /// Reads row `row` into `out`, which is reused from row to row.
    pub fn read_row(&self, row: usize, out: &mut Vec<Cell<'a>>) {
        out.clear();
        out.extend((0..self.columns.len()).map(|column| (self.cell)(row, column)));
    }

    /// What makes the sheet impossible to write rightly.
    fn problems(&self, out: &mut Vec<Problem>) {
        let columns = self.columns.len();
        if columns == 0 {
            out.push(Problem::NoColumns {
                sheet: self.name.clone(),
            });
        }
        for (column, c) in self.columns.iter().enumerate() {
            let place = || (self.name.clone(), column);
            if c.total == Total::Sum && !c.kind.can_sum() {
                let (sheet, column) = place();
                out.push(Problem::MeaninglessSum { sheet, column });
            }
            if let Kind::Money(Unit::PerRow { currency_column }) = c.kind
                && self
                    .columns
                    .get(currency_column)
                    .is_none_or(|c| c.kind != Kind::Text)
            {
                let (sheet, column) = place();
                out.push(Problem::NoCurrencyColumn { sheet, column });
            }
        }
        for (rule, r) in self.rules.iter().enumerate() {
            if r.column >= columns {
                out.push(Problem::RuleOutside {
                    sheet: self.name.clone(),
                    rule,
                });
            }
        }
    }
}

impl fmt::Debug for Sheet<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sheet")
            .field("name", &self.name)
            .field("columns", &self.columns.len())
            .field("rows", &self.rows)
            .finish_non_exhaustive()
    }
}

/// What makes a workbook impossible to write rightly: a mistake of the report, not of the data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// A sheet without columns.
    NoColumns {
        /// Its name.
        sheet: String,
    },
    /// A sum of texts, dates or percentages.
    MeaninglessSum {
        /// Name of the sheet.
        sheet: String,
        /// Index of the column.
        column: usize,
    },
    /// A money column whose column of currency codes is not there or is not text.
    NoCurrencyColumn {
        /// Name of the sheet.
        sheet: String,
        /// Index of the money column.
        column: usize,
    },
    /// A rule on a column that is not there.
    RuleOutside {
        /// Name of the sheet.
        sheet: String,
        /// Index of the rule.
        rule: usize,
    },
}

/// Where the README goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum ReadmeAt {
    /// Before the sheets.
    First,
    /// After them: a reader opens on the figures.
    #[default]
    Last,
}

/// Some sheets in one file.
#[derive(Debug)]
pub struct Workbook<'a> {
    /// Title of the file.
    pub title: String,
    /// The sheets in order, the README among them.
    pub sheets: Vec<Sheet<'a>>,
    /// When it was made; goes into the file's properties. A writer has no clock.
    pub generated: Option<Stamp>,
    /// A line at the foot of every printed page: head hash, version.
    pub footer: String,
    /// What the report says of itself; `None` where there is no README.
    pub verdict: Option<Verdict>,
    /// Whether it has a sheet that adds every total up again, where the format has formulas.
    pub checks: bool,
    /// Columns of different sheets that have to agree, checked on that sheet.
    pub ties: Vec<Tie>,
}

/// Two summed columns in one currency each row that have to have the same sums.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tie {
    /// Name of a sheet and header of its column.
    pub left: (String, String),
    /// The other.
    pub right: (String, String),
}

impl Tie {
    /// Two columns.
    pub fn new(left: (&str, &str), right: (&str, &str)) -> Tie {
        let own = |(sheet, column): (&str, &str)| (sheet.to_owned(), column.to_owned());
        Tie {
            left: own(left),
            right: own(right),
        }
    }
}

impl<'a> Workbook<'a> {
    /// Sheets alone, without a README: for data, not for reports.
    pub fn bare(title: impl Into<String>, sheets: Vec<Sheet<'a>>) -> Workbook<'a> {
        Workbook {
            title: title.into(),
            sheets,
            generated: None,
            footer: String::new(),
            verdict: None,
            checks: false,
            ties: Vec::new(),
        }
    }

    /// A report: the sheets, the README, and on the face of every sheet but plain data that it is
    /// not reconciled, where it is not (domain.md §2.6, 1).
    pub fn report(readme: &Readme, at: ReadmeAt, mut sheets: Vec<Sheet<'a>>) -> Workbook<'a> {
        let verdict = readme.verdict();
        for sheet in sheets.iter_mut().filter(|sheet| sheet.verdict) {
            let tone = match verdict {
                Verdict::Reconciled { .. } => continue,
                Verdict::Unreconciled { .. } => Tone::Bad,
                Verdict::NotJudged { .. } => Tone::Warn,
            };
            sheet.titles.insert(0, Title::new(verdict.face(), tone));
        }
        let index = match at {
            ReadmeAt::First => 0,
            ReadmeAt::Last => sheets.len(),
        };
        sheets.insert(index, readme.sheet());
        Workbook {
            title: readme.report.clone(),
            sheets,
            generated: Some(readme.generated.clone()),
            footer: readme.footer(),
            verdict: Some(verdict),
            checks: false,
            ties: Vec::new(),
        }
    }

    /// What makes it impossible to write rightly.
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        for sheet in &self.sheets {
            sheet.problems(&mut problems);
        }
        problems
    }

    /// Rows of all sheets, for a progress bar.
    pub fn rows(&self) -> u64 {
        self.sheets.iter().map(|sheet| sheet.rows as u64).sum()
    }

    /// A file name for it without extension: `stem`, with what no file system forbids, and
    /// `-UNRECONCILED` where it is so. This is the only face a bare CSV has.
    pub fn file_stem(&self, stem: &str) -> String {
        let mut name: String = stem
            .chars()
            .map(|c| match c {
                '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' => '-',
                c if c.is_control() => '-',
                c => c,
            })
            .collect();
        let trimmed = name.trim_matches(['.', ' ']).len();
        if trimmed != name.len() {
            name = name.trim_matches(['.', ' ']).to_owned();
        }
        if name.is_empty() {
            name.push_str("report");
        }
        if matches!(self.verdict, Some(Verdict::Unreconciled { .. })) {
            name.push_str("-UNRECONCILED");
        }
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mistakes_of_a_report_are_named() {
        let mut sheet = Sheet::new(
            "S",
            vec![
                Column::new("Share", Kind::Percent).sum(),
                Column::new("Open", Kind::Money(Unit::PerRow { currency_column: 0 })),
            ],
            0,
            |_, _| Cell::Empty,
        );
        sheet.rules.push(Rule {
            column: 2,
            test: Test::Filled,
            whole_row: true,
            tone: Tone::Bad,
        });
        let book = Workbook::bare(
            "B",
            vec![sheet, Sheet::new("E", vec![], 0, |_, _| Cell::Empty)],
        );
        assert_eq!(
            book.problems(),
            [
                Problem::MeaninglessSum {
                    sheet: "S".into(),
                    column: 0
                },
                Problem::NoCurrencyColumn {
                    sheet: "S".into(),
                    column: 1
                },
                Problem::RuleOutside {
                    sheet: "S".into(),
                    rule: 0
                },
                Problem::NoColumns { sheet: "E".into() },
            ]
        );
    }

    #[test]
    fn file_names_carry_the_verdict_and_nothing_forbidden() {
        let mut book = Workbook::bare("B", vec![]);
        assert_eq!(book.file_stem("Aging 2026/03: all?"), "Aging 2026-03- all-");
        assert_eq!(book.file_stem(" .. "), "report");
        book.verdict = Some(Verdict::Unreconciled {
            failed: 1,
            controls: 2,
        });
        assert_eq!(book.file_stem("aging"), "aging-UNRECONCILED");
    }
}
