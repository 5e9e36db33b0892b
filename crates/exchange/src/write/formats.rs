//! Number formats and styles of a workbook.

use duebook_money::Grouping;
use duebook_sheet::{Kind, Tone, Unit};
use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder, Workbook};

/// The styles of one workbook.
pub(super) struct Formats {
    grouping: Grouping,
    pub(super) plain: Format,
    /// Text that stays text when it is edited.
    pub(super) quoted: Format,
    /// Styles of cells, in the order of their ids in the file.
    known: Vec<Format>,
}

/// Ids of the styles of cells that do not take their column's.
#[derive(Clone, Copy, Debug)]
pub(super) struct Own {
    pub(super) date: u32,
    pub(super) date_time: u32,
    pub(super) integer: u32,
    pub(super) number: u32,
    /// Text that stays text when it is edited.
    pub(super) quoted: u32,
    /// Amounts of so many decimals.
    money: [u32; MONEY],
}

/// Most decimals a currency has, and one more (ISO 4217: `CLF`, `UYW` have 4).
const MONEY: usize = 5;

impl Own {
    /// The style of an amount with `exponent` decimals.
    pub(super) fn money(&self, exponent: u8) -> u32 {
        *self
            .money
            .get(usize::from(exponent))
            .unwrap_or(&self.number)
    }
}

impl Formats {
    pub(super) fn new(grouping: Grouping) -> Formats {
        Formats {
            grouping,
            plain: Format::new(),
            quoted: Format::new().set_quote_prefix(),
            known: vec![Format::new()],
        }
    }

    /// Gives a style its id: the library numbers styles in the order it hears of them, from 1, and
    /// each once. A test reads the file's own list to see that it is so.
    fn id(&mut self, file: &mut Workbook, format: &Format) -> u32 {
        let at = self.known.iter().position(|known| known == format);
        let at = at.unwrap_or_else(|| {
            file.register_format(format);
            self.known.push(format.clone());
            self.known.len() - 1
        });
        // A workbook has a few dozen.
        u32::try_from(at).unwrap_or(0)
    }

    /// The styles of cells that do not take their column's.
    pub(super) fn own(&mut self, file: &mut Workbook) -> Own {
        // Left, so that a README's figures stand under its words.
        let mut mixed = |format: &str| {
            let format = Format::new()
                .set_num_format(format)
                .set_align(FormatAlign::Left);
            self.id(file, &format)
        };
        let [date, date_time, integer, number] =
            [DATE, DATE_TIME, "#,##0", "General"].map(&mut mixed);
        let mut money = [0; MONEY];
        for (id, exponent) in money.iter_mut().zip(0u8..) {
            let code = money_code(self.grouping, exponent);
            *id = self.id(file, &Format::new().set_num_format(code));
        }
        let quoted = self.quoted.clone();
        Own {
            date,
            date_time,
            integer,
            number,
            quoted: self.id(file, &quoted),
            money,
        }
    }

    /// Id of the style of a column's cells; 0 where it has none of its own.
    pub(super) fn column_style(&mut self, file: &mut Workbook, kind: Kind) -> u32 {
        self.column(kind).map_or(0, |format| self.id(file, &format))
    }

    /// The style of a column's cells.
    pub(super) fn column(&self, kind: Kind) -> Option<Format> {
        self.code(kind)
            .map(|code| Format::new().set_num_format(code))
    }

    fn code(&self, kind: Kind) -> Option<String> {
        Some(match kind {
            Kind::Text | Kind::Flag | Kind::Mixed => return None,
            Kind::Integer => "#,##0".to_owned(),
            Kind::Days => "0".to_owned(),
            Kind::Money(unit) => money_code(self.grouping, unit_exponent(unit)),
            Kind::Percent => "0.0%".to_owned(),
            Kind::Number { decimals } => with_decimals("0", decimals),
            Kind::Date => DATE.to_owned(),
            Kind::DateTime => DATE_TIME.to_owned(),
        })
    }

    /// The style of a total under a column.
    pub(super) fn total(&self, kind: Kind, exponent: Option<u8>) -> Format {
        let format = Format::new()
            .set_bold()
            .set_border_top(FormatBorder::Thin)
            .set_background_color(SHADE);
        match (exponent, kind) {
            (Some(exponent), _) => format.set_num_format(money_code(self.grouping, exponent)),
            (None, kind) => match self.code(kind) {
                Some(code) => format.set_num_format(code),
                None => format,
            },
        }
    }

    /// What Indian grouping needs beside the column's style: a number format has two conditions,
    /// both used up by lakhs and crores of positive amounts, so negative ones take their format from
    /// a conditional format. `None` where the column's own style does.
    pub(super) fn negative_money(&self, unit: Unit) -> Option<Format> {
        if self.grouping != Grouping::Indian {
            return None;
        }
        let e = unit_exponent(unit);
        Some(Format::new().set_num_format(format!(
            "[<=-10000000]-{};[<=-100000]-{};{}",
            with_decimals(CRORE, e),
            with_decimals(LAKH, e),
            with_decimals("#,##0", e)
        )))
    }
}

/// ISO order: read the same way everywhere.
const DATE: &str = "yyyy-mm-dd";
const DATE_TIME: &str = "yyyy-mm-dd hh:mm:ss";
const CRORE: &str = "##\\,##\\,##\\,##0";
const LAKH: &str = "##\\,##\\,##0";
const SHADE: Color = Color::RGB(0x00F2_F4F7);

/// Decimals a money column is set up for; rows in other currencies bring their own style.
pub(super) fn unit_exponent(unit: Unit) -> u8 {
    match unit {
        Unit::Of(currency) => currency.exponent(),
        Unit::PerRow { .. } => 2,
    }
}

fn with_decimals(whole: &str, decimals: u8) -> String {
    if decimals == 0 {
        whole.to_owned()
    } else {
        format!("{whole}.{}", "0".repeat(usize::from(decimals)))
    }
}

fn money_code(grouping: Grouping, exponent: u8) -> String {
    match grouping {
        Grouping::None => with_decimals("0", exponent),
        Grouping::Western => with_decimals("#,##0", exponent),
        Grouping::Indian => format!(
            "[>=10000000]{};[>=100000]{};{}",
            with_decimals(CRORE, exponent),
            with_decimals(LAKH, exponent),
            with_decimals("#,##0", exponent)
        ),
    }
}

/// The style of a header cell.
pub(super) fn header(kind: Kind) -> Format {
    let format = Format::new()
        .set_bold()
        .set_text_wrap()
        .set_align(FormatAlign::VerticalCenter)
        .set_background_color(Color::RGB(0x00E3_E8EF))
        .set_border_bottom(FormatBorder::Thin);
    if kind.is_number() {
        format.set_align(FormatAlign::Right)
    } else {
        format
    }
}

/// The style of a line above the table.
pub(super) fn title(tone: Tone) -> Format {
    match tone {
        Tone::Plain => Format::new(),
        Tone::Heading => Format::new().set_bold().set_font_size(14),
        Tone::Muted => Format::new().set_font_color(GREY),
        Tone::Good => Format::new().set_bold().set_font_color(GREEN),
        Tone::Warn => Format::new().set_bold().set_font_color(AMBER),
        Tone::Bad => Format::new().set_bold().set_font_color(RED),
    }
}

/// What a rule adds to a cell's style; words and figures say the same, colour only helps to find it.
pub(super) fn rule(tone: Tone) -> Format {
    match tone {
        Tone::Plain => Format::new(),
        Tone::Heading => Format::new().set_bold(),
        Tone::Muted => Format::new().set_font_color(GREY),
        Tone::Good => Format::new()
            .set_font_color(GREEN)
            .set_background_color(Color::RGB(0x00E6_F4EA)),
        Tone::Warn => Format::new()
            .set_font_color(AMBER)
            .set_background_color(Color::RGB(0x00FE_F3DC)),
        Tone::Bad => Format::new()
            .set_font_color(RED)
            .set_background_color(Color::RGB(0x00FC_E8E6)),
    }
}

// Dark enough on their backgrounds for 4.5 : 1.
const GREY: Color = Color::RGB(0x005F_6673);
const GREEN: Color = Color::RGB(0x0013_6C34);
const AMBER: Color = Color::RGB(0x0080_4A00);
const RED: Color = Color::RGB(0x00A5_1D14);
