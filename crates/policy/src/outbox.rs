//! What a source takes from us and in what shape: the columns of its upload file and the room of
//! its notes.

use duebook_money::Day;
use minicbor::{Decode, Encode};

/// Columns of a layout beyond this are a mistake.
pub const MAX_COLUMNS: usize = 60;
/// Characters of a header beyond this are a mistake.
pub const MAX_HEADER: usize = 80;

/// What a column of an upload file holds. Stored; never renumber.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
#[allow(missing_docs)] // named as in `OutboxField::name`
pub enum OutboxField {
    #[n(0)]
    Kind,
    #[n(1)]
    Entity,
    #[n(2)]
    CustomerNumber,
    #[n(3)]
    CustomerName,
    #[n(4)]
    Document,
    #[n(5)]
    FiscalYear,
    #[n(6)]
    Line,
    #[n(7)]
    Currency,
    #[n(8)]
    Amount,
    #[n(9)]
    Date,
    #[n(10)]
    Receipt,
    #[n(11)]
    Reference,
    #[n(12)]
    Status,
    #[n(13)]
    Reason,
    #[n(14)]
    Disputed,
    #[n(15)]
    ExpectedDate,
    #[n(16)]
    NextAction,
    #[n(17)]
    Owner,
    #[n(18)]
    Remark,
    #[n(19)]
    Text,
    #[n(20)]
    RecordedOn,
}

impl OutboxField {
    /// Every field in stored order.
    pub const ALL: [OutboxField; 21] = {
        use OutboxField::*;
        [
            Kind,
            Entity,
            CustomerNumber,
            CustomerName,
            Document,
            FiscalYear,
            Line,
            Currency,
            Amount,
            Date,
            Receipt,
            Reference,
            Status,
            Reason,
            Disputed,
            ExpectedDate,
            NextAction,
            Owner,
            Remark,
            Text,
            RecordedOn,
        ]
    };
    /// Its name in a list of columns, and its header where none is given.
    pub fn name(self) -> &'static str {
        const NAMES: [&str; 21] = [
            "Kind",
            "Entity",
            "Customer",
            "Customer name",
            "Document",
            "Fiscal year",
            "Line",
            "Currency",
            "Amount",
            "Date",
            "Receipt",
            "Reference",
            "Status",
            "Reason",
            "Disputed",
            "Expected date",
            "Next action",
            "Owner",
            "Remark",
            "Text",
            "Recorded on",
        ];
        NAMES[self as usize]
    }
    /// The field of a name, in any case.
    pub fn named(name: &str) -> Option<OutboxField> {
        let name = name.trim();
        Self::ALL
            .into_iter()
            .find(|f| f.name().eq_ignore_ascii_case(name))
    }
}

/// A column of an upload file.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct OutboxColumn {
    /// What it holds.
    #[n(0)]
    pub field: OutboxField,
    /// Its header, as the source wants it.
    #[n(1)]
    pub header: String,
}

/// Ready-made layouts. They name the fields of the programs below; every site maps them anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preset {
    /// Every field, under its own name.
    All,
    /// As SAP's incoming payments (FB05, F-32) name them.
    Sap,
    /// As the receipts interface of Oracle (AutoLockbox) names them.
    Oracle,
    /// As NetSuite's CSV import of customer payments names them.
    NetSuite,
}

/// What one source takes.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct OutboxLayout {
    /// The source's name.
    #[n(0)]
    pub source: String,
    /// Columns of a file of postings.
    #[n(1)]
    pub postings: Vec<OutboxColumn>,
    /// Columns of a file of fields, promises and notes.
    #[n(2)]
    pub facts: Vec<OutboxColumn>,
    /// Characters of a line of a note.
    #[n(3)]
    pub note_width: u16,
    /// Lines of a note.
    #[n(4)]
    pub note_lines: u16,
    /// Notes of before this day are not to be told: they were keyed when there was no outbox.
    #[n(5)]
    pub notes_from: Option<Day>,
}

/// Why a layout is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LayoutError {
    /// No columns, or more than [`MAX_COLUMNS`].
    Columns {
        /// Given.
        count: usize,
    },
    /// A header is empty or longer than [`MAX_HEADER`].
    Header {
        /// Its column, from 0.
        column: usize,
    },
    /// A note's line must have 20 to 4,000 characters.
    Width(u16),
    /// A note must have 1 to 400 lines.
    Lines(u16),
}

impl OutboxLayout {
    /// A ready-made layout.
    pub fn preset(source: &str, preset: Preset) -> Self {
        use OutboxField::*;
        let own = |fields: &[OutboxField]| {
            let column = |f: &OutboxField| OutboxColumn {
                field: *f,
                header: f.name().to_owned(),
            };
            fields.iter().map(column).collect::<Vec<_>>()
        };
        let named = |columns: &[(OutboxField, &str)]| {
            let column = |(field, header): &(OutboxField, &str)| OutboxColumn {
                field: *field,
                header: (*header).to_owned(),
            };
            columns.iter().map(column).collect::<Vec<_>>()
        };
        let (postings, facts, note_width, note_lines) = match preset {
            Preset::All => (own(&POSTINGS), own(&FACTS), 80, 20),
            Preset::Sap => (named(SAP), named(SAP_FACTS), 72, 20),
            Preset::Oracle => (named(ORACLE), own(&FACTS), 240, 8),
            Preset::NetSuite => (
                named(NETSUITE),
                named(&[
                    (CustomerNumber, "Entity ID"),
                    (Document, "Document Number"),
                    (Status, "Collection Status"),
                    (Reason, "Dispute Reason"),
                    (ExpectedDate, "Expected Payment Date"),
                    (Amount, "Amount"),
                    (Text, "Memo"),
                ]),
                999,
                1,
            ),
        };
        OutboxLayout {
            source: source.to_owned(),
            postings,
            facts,
            note_width,
            note_lines,
            notes_from: None,
        }
    }
    /// Checks it.
    ///
    /// # Errors
    /// The first thing that does not hold.
    pub fn validate(&self) -> Result<(), LayoutError> {
        for columns in [&self.postings, &self.facts] {
            let count = columns.len();
            if count == 0 || count > MAX_COLUMNS {
                return Err(LayoutError::Columns { count });
            }
            let bad = |c: &OutboxColumn| {
                c.header.trim().is_empty() || c.header.chars().count() > MAX_HEADER
            };
            if let Some(column) = columns.iter().position(bad) {
                return Err(LayoutError::Header { column });
            }
        }
        if !(20..=4_000).contains(&self.note_width) {
            return Err(LayoutError::Width(self.note_width));
        }
        if !(1..=400).contains(&self.note_lines) {
            return Err(LayoutError::Lines(self.note_lines));
        }
        Ok(())
    }
}

const POSTINGS: [OutboxField; 12] = {
    use OutboxField::*;
    [
        Kind,
        Entity,
        CustomerNumber,
        CustomerName,
        Document,
        Line,
        Currency,
        Amount,
        Date,
        Receipt,
        Reference,
        RecordedOn,
    ]
};

const FACTS: [OutboxField; 18] = {
    use OutboxField::*;
    [
        Kind,
        Entity,
        CustomerNumber,
        CustomerName,
        Document,
        Line,
        Currency,
        Amount,
        Date,
        Status,
        Reason,
        Disputed,
        ExpectedDate,
        NextAction,
        Owner,
        Remark,
        Text,
        RecordedOn,
    ]
};

const SAP: &[(OutboxField, &str)] = &[
    (OutboxField::Entity, "BUKRS"),
    (OutboxField::Date, "BUDAT"),
    (OutboxField::Currency, "WAERS"),
    (OutboxField::CustomerNumber, "KUNNR"),
    (OutboxField::Document, "BELNR"),
    (OutboxField::FiscalYear, "GJAHR"),
    (OutboxField::Line, "BUZEI"),
    (OutboxField::Amount, "WRBTR"),
    (OutboxField::Receipt, "XBLNR"),
    (OutboxField::Kind, "BKTXT"),
    (OutboxField::Reference, "SGTXT"),
];

const SAP_FACTS: &[(OutboxField, &str)] = &[
    (OutboxField::Entity, "BUKRS"),
    (OutboxField::CustomerNumber, "KUNNR"),
    (OutboxField::Document, "BELNR"),
    (OutboxField::FiscalYear, "GJAHR"),
    (OutboxField::Line, "BUZEI"),
    (OutboxField::Reason, "RSTGR"),
    (OutboxField::Disputed, "DISPUTED_AMOUNT"),
    (OutboxField::Currency, "WAERS"),
    (OutboxField::Amount, "P2P_AMOUNT"),
    (OutboxField::ExpectedDate, "P2P_DATE"),
    (OutboxField::Status, "STATUS"),
    (OutboxField::Text, "SGTXT"),
];

const ORACLE: &[(OutboxField, &str)] = &[
    (OutboxField::Kind, "RECORD_TYPE"),
    (OutboxField::Receipt, "CHECK_NUMBER"),
    (OutboxField::Date, "RECEIPT_DATE"),
    (OutboxField::Currency, "CURRENCY_CODE"),
    (OutboxField::CustomerNumber, "CUSTOMER_NUMBER"),
    (OutboxField::Document, "INVOICE1"),
    (OutboxField::Line, "INVOICE1_INSTALLMENT"),
    (OutboxField::Amount, "AMOUNT_APPLIED1"),
    (OutboxField::Reference, "COMMENTS"),
];

const NETSUITE: &[(OutboxField, &str)] = &[
    (OutboxField::Receipt, "External ID"),
    (OutboxField::CustomerNumber, "Customer"),
    (OutboxField::Date, "Date"),
    (OutboxField::Currency, "Currency"),
    (OutboxField::Document, "Apply : Ref No."),
    (OutboxField::Amount, "Apply : Payment"),
    (OutboxField::Reference, "Memo"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn presets_hold_and_names_find_their_field() {
        for preset in [Preset::All, Preset::Sap, Preset::Oracle, Preset::NetSuite] {
            assert_eq!(OutboxLayout::preset("ERP", preset).validate(), Ok(()));
        }
        for field in OutboxField::ALL {
            assert_eq!(
                OutboxField::named(&field.name().to_uppercase()),
                Some(field)
            );
        }
        assert_eq!(OutboxField::named("BUKRS"), None);
    }

    #[test]
    fn what_does_not_hold_is_named() {
        let mut layout = OutboxLayout::preset("ERP", Preset::Sap);
        layout.postings[1].header = " ".into();
        assert_eq!(layout.validate(), Err(LayoutError::Header { column: 1 }));
        layout.postings.clear();
        assert_eq!(layout.validate(), Err(LayoutError::Columns { count: 0 }));
        let mut layout = OutboxLayout::preset("ERP", Preset::Sap);
        layout.note_width = 3;
        assert_eq!(layout.validate(), Err(LayoutError::Width(3)));
        layout.note_width = 72;
        layout.note_lines = 0;
        assert_eq!(layout.validate(), Err(LayoutError::Lines(0)));
    }
}
