//! Columns of pasted rows and trackers, in words.

use duebook_exchange::read::WorkField;

/// A column's meaning in words.
pub fn work_field(field: WorkField) -> &'static str {
    match field {
        WorkField::Number => "Number",
        WorkField::Customer => "Customer",
        WorkField::Status => "Status",
        WorkField::Reason => "Reason",
        WorkField::NextAction => "Next action",
        WorkField::Owner => "Owner",
        WorkField::Remark => "Remark",
        WorkField::RemarkDate => "Day of the remark",
        WorkField::ExpectedDate => "Expected date",
        WorkField::PromiseDate => "Promised for",
        WorkField::PromiseAmount => "Amount",
        WorkField::Disputed => "Disputed amount",
        WorkField::Ignore => "Not used",
    }
}
