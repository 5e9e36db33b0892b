//! What a command is, in one word.

use crate::command::Command;

/// A command's kind, for labels and the activity page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)] // named as the variants of `Command`
pub enum CommandKind {
    OpenBook,
    ImportItems,
    ImportPayments,
    ImportMasterData,
    SaveCustomer,
    SaveContact,
    RemoveContact,
    SetProfile,
    LogContact,
    TakePromise,
    EndPromise,
    SetFollowUp,
    CloseFollowUps,
    SetField,
    IssueDocument,
    RecordReceipt,
    ApplyCredit,
    ReverseSettlement,
    ReturnReceipt,
    SetPolicy,
    SetControlBalance,
    Undo,
    EraseTexts,
    SetStanding,
    ConfirmSuccession,
    MergeCustomers,
    SendBatch,
    ImportStatements,
    AcceptMatches,
    ExplainLines,
    SetFields,
    WorkTogether,
    ImportTracker,
    OpenCases,
    WorkCase,
    ImportCases,
    Escalate,
    Desk(crate::desk::DeskKind),
    Recon,
}

impl Command {
    /// Its kind.
    pub fn kind(&self) -> CommandKind {
        use CommandKind as K;
        match self {
            Command::OpenBook { .. } => K::OpenBook,
            Command::ImportItems(_) => K::ImportItems,
            Command::ImportPayments(_) => K::ImportPayments,
            Command::ImportMasterData { .. } => K::ImportMasterData,
            Command::SaveCustomer { .. } => K::SaveCustomer,
            Command::SaveContact { .. } => K::SaveContact,
            Command::RemoveContact { .. } => K::RemoveContact,
            Command::SetProfile { .. } => K::SetProfile,
            Command::LogContact(_) => K::LogContact,
            Command::TakePromise { .. } => K::TakePromise,
            Command::EndPromise { .. } => K::EndPromise,
            Command::SetFollowUp { .. } => K::SetFollowUp,
            Command::CloseFollowUps { .. } => K::CloseFollowUps,
            Command::SetField { .. } => K::SetField,
            Command::IssueDocument(_) => K::IssueDocument,
            Command::RecordReceipt(_) => K::RecordReceipt,
            Command::ApplyCredit { .. } => K::ApplyCredit,
            Command::ReverseSettlement { .. } => K::ReverseSettlement,
            Command::ReturnReceipt { .. } => K::ReturnReceipt,
            Command::SetPolicy(_) => K::SetPolicy,
            Command::SetControlBalance { .. } => K::SetControlBalance,
            Command::Undo { .. } => K::Undo,
            Command::EraseTexts { .. } => K::EraseTexts,
            Command::SetStanding { .. } => K::SetStanding,
            Command::ConfirmSuccession { .. } => K::ConfirmSuccession,
            Command::MergeCustomers { .. } => K::MergeCustomers,
            Command::SendBatch(_) => K::SendBatch,
            Command::ImportStatements(_) => K::ImportStatements,
            Command::AcceptMatches(_) => K::AcceptMatches,
            Command::ExplainLines { .. } => K::ExplainLines,
            Command::SetFields { .. } => K::SetFields,
            Command::WorkTogether { .. } => K::WorkTogether,
            Command::ImportTracker(_) => K::ImportTracker,
            Command::Case(command) => command.kind(),
            Command::Desk(desk) => K::Desk(desk.kind()),
            Command::Recon(_) => K::Recon,
        }
    }
}
