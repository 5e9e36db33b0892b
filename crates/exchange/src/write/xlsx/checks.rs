//! The checks sheet: every total added up again by the workbook itself, and columns of different
//! sheets that have to agree. It says UNRECONCILED where a formula finds otherwise, so a figure
//! changed by hand shows.

use super::super::{WriteError, layout, numbers};
use super::frame::{Part, Writer};
use super::totals::{quoted, sum_if};
use duebook_sheet::{Column, Exact, Kind, Sheet, Sum, Title, Tone, Totals, Verdict, Workbook};
use rust_xlsxwriter::{self as excel, Formula, column_number_to_name};

/// The worksheets of one sheet.
pub(super) type Done<'f, 'a> = (&'f Sheet<'a>, Vec<Part>);

/// One line: what, of which currency, the figure as drawn, and the formula that finds it again.
struct Check {
    what: String,
    code: String,
    drawn: Drawn,
    again: (String, f64),
}

/// What a formula's figure is held against.
enum Drawn {
    Figure(f64),
    Formula(String, f64),
}

/// Names of ranges that a workbook may have: beyond it they are of no use to anybody.
const NAMES: usize = 400;

/// Writes the sheet, and names the columns that are summed.
pub(super) fn write(
    writer: &mut Writer<'_>,
    file: &mut excel::Workbook,
    workbook: &Workbook<'_>,
    done: &[Done<'_, '_>],
) -> Result<(), WriteError> {
    if !workbook.checks {
        return Ok(());
    }
    let mut checks = Vec::new();
    for (sheet, parts) in done {
        totals(sheet, parts, &mut checks);
    }
    for tie in &workbook.ties {
        let find = |name: &str| done.iter().find(|(s, _)| s.name == name);
        if let (Some(left), Some(right)) = (find(&tie.left.0), find(&tie.right.0)) {
            agree(tie, left, right, &mut checks);
        }
    }
    names(file, done)?;
    if checks.is_empty() {
        return Ok(());
    }
    lines(writer, file, &checks, workbook.verdict.as_ref())
}

fn merged(sheet: &Sheet<'_>, parts: &[Part]) -> Totals {
    let mut all = Totals::new(&sheet.columns);
    parts.iter().for_each(|part| all.merge(&part.totals));
    all
}

/// The range of a column in each worksheet.
fn ranges(parts: &[Part], column: u16) -> Vec<String> {
    let name = column_number_to_name(column);
    let of = |part: &Part| {
        let (a, b) = part.data?;
        Some(format!(
            "{}!{name}{}:{name}{}",
            quoted(&part.name),
            a + 1,
            b + 1
        ))
    };
    parts.iter().filter_map(of).collect()
}

fn number(sum: Exact) -> Option<f64> {
    numbers::cached(sum).map(|(value, _)| value)
}

/// Every sum of a sheet.
fn totals(sheet: &Sheet<'_>, parts: &[Part], out: &mut Vec<Check>) {
    let all = merged(sheet, parts);
    for (column, at) in sheet.columns.iter().zip(0u16..) {
        let index = usize::from(at);
        if parts.iter().any(|p| p.as_text[index]) {
            continue;
        }
        let what = format!("{}: {}", sheet.name, column.header);
        match &all.sums[index] {
            Sum::One(sum) => {
                let ranges = ranges(parts, at);
                if let Some(value) = number(*sum).filter(|_| !ranges.is_empty()) {
                    out.push(Check {
                        what,
                        code: String::new(),
                        drawn: Drawn::Figure(value),
                        again: (format!("SUM({})", ranges.join(",")), value),
                    });
                }
            }
            Sum::PerCurrency(sums) => {
                let codes = all.code_column(index).and_then(|c| u16::try_from(c).ok());
                for (code, sum) in sums {
                    let formula = codes.and_then(|c| sum_if(parts, c, at, code));
                    let Some((formula, value)) = formula.zip(number(*sum)) else {
                        continue;
                    };
                    out.push(Check {
                        what: what.clone(),
                        code: code.clone(),
                        drawn: Drawn::Figure(value),
                        again: (formula, value),
                    });
                }
            }
            Sum::None => {}
        }
    }
}

/// Two columns of different sheets, currency by currency.
fn agree(
    tie: &duebook_sheet::Tie,
    (left, left_parts): &Done<'_, '_>,
    (right, right_parts): &Done<'_, '_>,
    out: &mut Vec<Check>,
) {
    let at = |sheet: &Sheet<'_>, header: &str| {
        let found = sheet.columns.iter().position(|c| c.header == header);
        found.and_then(|c| u16::try_from(c).ok())
    };
    let (Some(a), Some(b)) = (at(left, &tie.left.1), at(right, &tie.right.1)) else {
        return;
    };
    let (ours, theirs) = (merged(left, left_parts), merged(right, right_parts));
    let (Sum::PerCurrency(first), Sum::PerCurrency(second)) =
        (&ours.sums[usize::from(a)], &theirs.sums[usize::from(b)])
    else {
        return;
    };
    let codes = |totals: &Totals, column: u16| {
        let codes = totals.code_column(usize::from(column));
        codes.and_then(|c| u16::try_from(c).ok())
    };
    let (Some(ca), Some(cb)) = (codes(&ours, a), codes(&theirs, b)) else {
        return;
    };
    for (code, sum) in first {
        let other = second.get(code).copied().unwrap_or_default();
        let formulas = sum_if(left_parts, ca, a, code).zip(sum_if(right_parts, cb, b, code));
        let Some(((one, two), (x, y))) = formulas.zip(number(*sum).zip(number(other))) else {
            continue;
        };
        out.push(Check {
            what: format!(
                "{}: {} is {}: {}",
                left.name, tie.left.1, right.name, tie.right.1
            ),
            code: code.clone(),
            drawn: Drawn::Formula(one, x),
            again: (two, y),
        });
    }
}

/// `Aging_Past_due` for the cells of a summed column.
fn names(file: &mut excel::Workbook, done: &[Done<'_, '_>]) -> Result<(), WriteError> {
    let mut given = std::collections::BTreeSet::new();
    for (sheet, parts) in done {
        let [part] = parts.as_slice() else { continue };
        let Some((a, b)) = part.data else { continue };
        for (column, at) in sheet.columns.iter().zip(0u16..) {
            let summed = column.total == duebook_sheet::Total::Sum;
            let name = range_name(&sheet.name, &column.header);
            if !summed || given.len() >= NAMES || !given.insert(name.to_lowercase()) {
                continue;
            }
            let letters = column_number_to_name(at);
            let range = format!(
                "={}!${letters}${}:${letters}${}",
                quoted(&part.name),
                a + 1,
                b + 1
            );
            file.define_name(&name, &range)?;
        }
    }
    Ok(())
}

/// Letters, digits and underscores; begins with a letter, and never looks like a cell.
fn range_name(sheet: &str, header: &str) -> String {
    let word = |text: &str| {
        let safe = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
        let word: String = text.chars().map(safe).collect();
        word.trim_matches('_').to_owned()
    };
    format!("_{}_{}", word(sheet), word(header)).replacen('_', "t_", 1)
}

fn columns() -> Vec<Column> {
    vec![
        Column::new("What", Kind::Text).width(52),
        Column::new("Currency", Kind::Text).width(10),
        Column::new("As drawn", Kind::Mixed).width(22),
        Column::new("Recomputed here", Kind::Mixed).width(22),
        Column::new("Difference", Kind::Mixed).width(16),
        Column::new("Result", Kind::Text).width(12),
    ]
}

fn lines(
    writer: &mut Writer<'_>,
    file: &mut excel::Workbook,
    checks: &[Check],
    verdict: Option<&Verdict>,
) -> Result<(), WriteError> {
    let mut sheet = Sheet::new("Checks", columns(), 0, |_, _| duebook_sheet::Cell::Empty);
    sheet.filter = false;
    sheet.titles = vec![
        Title::new("Checks, recomputed by this workbook", Tone::Heading),
        Title::new("", Tone::Plain),
    ];
    let no_room = || WriteError::NoRoom {
        sheet: sheet.name.clone(),
    };
    let head = layout::Head::of(&sheet).ok_or_else(no_room)?;
    let part = writer.open(file, &sheet, head, 0)?;
    let worksheet = file.worksheet_from_index(part.worksheet)?;
    let mut row = part.next;
    for check in checks {
        let line = row + 1;
        writer.text(worksheet, row, 0, check.what.as_str().into(), None)?;
        writer.text(worksheet, row, 1, check.code.as_str().into(), None)?;
        let drawn = match &check.drawn {
            Drawn::Figure(value) => {
                worksheet.write_number(row, 2, *value)?;
                *value
            }
            Drawn::Formula(formula, value) => {
                put(worksheet, (row, 2), formula, &value.to_string())?;
                *value
            }
        };
        let (formula, again) = &check.again;
        put(worksheet, (row, 3), formula, &again.to_string())?;
        let holds = near(drawn, *again);
        put(
            worksheet,
            (row, 4),
            &format!("ROUND(C{line}-D{line},4)"),
            if holds { "0" } else { "1" },
        )?;
        let result = if holds { "holds" } else { "FAILED" };
        put(
            worksheet,
            (row, 5),
            &format!("IF(ABS(E{line})<0.0005,\"holds\",\"FAILED\")"),
            result,
        )?;
        row += 1;
    }
    let (first, last) = (part.next + 1, row);
    let failed = format!("COUNTIF(F{first}:F{last},\"FAILED\")");
    let all = checks.len();
    // Sums that agree with themselves say nothing of a control of the book that failed: its face first.
    let face = match verdict {
        Some(v @ Verdict::Unreconciled { .. }) => format!("{}; ", v.face()),
        _ => String::new(),
    };
    let hold = match face.is_empty() {
        true => format!("All {all} checks hold"),
        false => format!("{face}all {all} checks of this workbook hold"),
    };
    let formula = format!(
        "IF({failed}=0,\"{hold}\",\"{face}UNRECONCILED: \"&{failed}&\" of {all} checks failed\")"
    );
    let every = checks.iter().all(|c| {
        let drawn = match &c.drawn {
            Drawn::Figure(v) | Drawn::Formula(_, v) => *v,
        };
        near(drawn, c.again.1)
    });
    // What a program that does not calculate shows; one that does finds the number.
    let said = if every {
        hold
    } else {
        format!("{face}UNRECONCILED")
    };
    put(worksheet, (1, 0), &formula, &said)
}

/// Excel keeps 15 digits: a sum of many cells differs in the last of them.
#[allow(clippy::float_arithmetic)] // figures of a spreadsheet are floating; the report's own are not
fn near(a: f64, b: f64) -> bool {
    (a - b).abs() < 0.000_5
}

fn put(
    worksheet: &mut excel::Worksheet,
    (row, column): (u32, u16),
    formula: &str,
    result: &str,
) -> Result<(), WriteError> {
    let formula = Formula::new(formula).set_result(result);
    worksheet.write_formula(row, column, formula)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::range_name;

    #[test]
    fn names_of_ranges_are_names() {
        assert_eq!(range_name("Aging", "% past due"), "t_Aging_past_due");
        assert_eq!(range_name("1", "A1"), "t_1_A1");
    }
}
