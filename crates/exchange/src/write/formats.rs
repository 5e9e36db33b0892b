//! Number formats and styles of a workbook.

use duebook_money::Grouping;
use duebook_sheet::{Kind, Tone, Unit};
use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder};
use std::collections::BTreeMap;

/// The styles of one workbook. The library looks a style up by hashing all of it, for every cell
/// that names one; so cells take the style of their column wherever they can.
pub(super) struct Formats {
    grouping: Grouping,
    pub(super) date: Format,
    pub(super) date_time: Format,
    pub(super) integer: Format,
    pub(super) number: Format,
    pub(super) plain: Format,
    /// Text that stays text when it is edited.
    pub(super) quoted: Format,
    money: BTreeMap<u8, Format>,
}

impl Formats {
    pub(super) fn new(grouping: Grouping) -> Formats {
        // Left, so that a README's figures stand under its words.
        let mixed = |format: &str| {
            Format::new()
                .set_num_format(format)
                .set_align(FormatAlign::Left)
        };
        Formats {
            grouping,
            date: mixed(DATE),
            date_time: mixed(DATE_TIME),
            integer: mixed("#,##0"),
            number: mixed("General"),
            plain: Format::new(),
            quoted: Format::new().set_quote_prefix(),
            money: BTreeMap::new(),
        }
    }

    /// The style of an amount with `exponent` decimals.
    pub(super) fn money(&mut self, exponent: u8) -> &Format {
        let grouping = self.grouping;
        self.money
            .entry(exponent)
            .or_insert_with(|| Format::new().set_num_format(money_code(grouping, exponent)))
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
