//! Why a workbook is no template.

use duebook_exchange::template::{MAX_COLUMNS, MAX_SHEETS, TemplateError};

/// What happened, and what to do.
pub fn template_error(error: &TemplateError) -> String {
    let mb = |bytes: u64| bytes >> 20;
    match error {
        TemplateError::NotXlsx => "This is no Excel workbook of the .xlsx kind. Open it in Excel and save it as “Excel Workbook (.xlsx)”.".to_owned(),
        TemplateError::Password => "It opens with a password. Save a copy without one, and give that.".to_owned(),
        TemplateError::Macros => "It holds macros, which Duebook neither keeps nor runs. Save a copy as “Excel Workbook (.xlsx)”, without macros, and give that.".to_owned(),
        TemplateError::TooLarge { bytes } => format!("It is {} MB; a template may be 16 MB. Take sheets or pictures out of it, or leave a few rows of data.", mb(*bytes)),
        TemplateError::Bomb { .. } => "Its content is larger than any honest workbook of its size. It was not read further.".to_owned(),
        TemplateError::TooManySheets { sheets } => format!("It has {sheets} sheets; {MAX_SHEETS} can be looked at."),
        TemplateError::TooManyColumns { sheet, columns } => format!("The rows of “{sheet}” have {columns} columns; {MAX_COLUMNS} can be written. Clear the columns that hold nothing."),
        TemplateError::TooManyRows { sheet, rows } => format!("“{sheet}” would end at row {rows}, and Excel has 1,048,576. Choose fewer items for it."),
        TemplateError::NoSheet { sheet } => format!("There is no worksheet “{sheet}” in it that can be filled."),
        TemplateError::Broken { detail } => format!("It is damaged or was made in an unusual way ({detail}). Open it in Excel, save it again, and give that."),
        TemplateError::NotWritten { detail } => format!("The workbook could not be written ({detail})."),
    }
}
