//! What is typed into the form of a resolution, and the request it becomes. Pure: no browser.

use crate::words;
use duebook_ledger::cases::resolve::*;
use duebook_ledger::keys::{FactKey, ItemKey};
use duebook_money::amount::{Style, parse};
use duebook_money::{Currency, Day};

/// What can be chosen: id, label. Adjustments come by their place in [`Adjustment::ALL`].
pub const KINDS: [(&str, &str); 3] = [
    ("rebill", "Credit and rebill"),
    ("split", "Split the invoice"),
    ("po", "Change the purchase order"),
];

/// As typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    /// `rebill`, `split`, `po`, or the place of an adjustment.
    pub kind: String,
    /// Lines of the document as billed: what; net; tax code; tax; PO or tag.
    pub billed: String,
    /// Lines as they should have been.
    pub right: String,
    /// Lines of a credit note; empty: its amount alone.
    pub credited: String,
    /// Parts: a share or an amount; what it is for.
    pub parts: String,
    /// By what it is split: an id of [`BASES`].
    pub basis: String,
    /// The rows of the document say in their last cell which part they are.
    pub by_line: bool,
    /// New tax documents.
    pub tax_documents: bool,
    pub amount: String,
    pub po: String,
    pub who: String,
    /// When the portal rejected the document for its purchase order (PO-02).
    pub rejected_on: Option<Day>,
    /// The part of a split that carries what is contested, from 0; none: in proportion (SP-03).
    pub contested_part: Option<u32>,
    pub due: Option<Day>,
    pub on: Option<Day>,
    pub fell_on: Option<Day>,
    pub tax_note: bool,
    pub reason: String,
    pub numbers: String,
    /// The credit that is set off or goes back.
    pub credit: Option<ItemKey>,
    /// The write-off or discount that is taken back, where there are several.
    pub settlement: Option<FactKey>,
    pub ask: bool,
}

/// Lines: `what; net; tax code; tax; PO or tag`. One cell alone is a net amount.
pub fn lines(text: &str, currency: Currency) -> Result<Vec<DocLine>, String> {
    let mut out = Vec::new();
    for (n, row) in text
        .lines()
        .enumerate()
        .filter(|(_, r)| !r.trim().is_empty())
    {
        let cells: Vec<&str> = row.split(';').map(str::trim).collect();
        let amount = |at: usize| match cells.get(at).copied().unwrap_or("") {
            "" => Ok(0),
            text => words::typed(text, currency)
                .ok_or_else(|| format!("Row {}: “{text}” is no amount.", n + 1)),
        };
        out.push(match cells.as_slice() {
            [_] => DocLine {
                net: amount(0)?,
                ..DocLine::default()
            },
            _ => DocLine {
                text: cells[0].to_owned(),
                net: amount(1)?,
                tax_code: cells.get(2).copied().unwrap_or("").to_owned(),
                tax: amount(3)?,
                po: cells.get(4).copied().unwrap_or("").to_owned(),
                tag: cells.get(4).copied().unwrap_or("").to_owned(),
            },
        });
    }
    if out.is_empty() {
        return Err("At least one row: what; net; tax code; tax.".to_owned());
    }
    Ok(out)
}

/// Lines as they are typed.
pub fn written(lines: &[DocLine], amount: impl Fn(i64) -> String) -> String {
    let row = |l: &DocLine| {
        format!(
            "{}; {}; {}; {}",
            l.text,
            amount(l.net),
            l.tax_code,
            amount(l.tax)
        )
    };
    lines.iter().map(row).collect::<Vec<_>>().join("\n")
}

/// The bases of a split: id, what can be chosen, basis.
pub const BASES: [(&str, &str, SplitBasis); 7] = [
    ("amount", "Amount", SplitBasis::Amount),
    ("percent", "Percent", SplitBasis::Percent),
    ("line", "Line", SplitBasis::Line),
    ("po", "Purchase order", SplitBasis::PurchaseOrder),
    ("centre", "Cost centre", SplitBasis::CostCentre),
    ("asset", "Asset", SplitBasis::Asset),
    ("period", "Period", SplitBasis::Period),
];

/// The basis of an id; by amount where there is none of it.
pub fn basis(id: &str) -> SplitBasis {
    let found = BASES.iter().find(|(b, ..)| *b == id);
    found.map_or(SplitBasis::Amount, |(.., basis)| *basis)
}

/// Parts: rows of `share or amount; what it is for`. All with a percent sign are shares.
fn parts(
    text: &str,
    basis: SplitBasis,
    currency: Currency,
) -> Result<(SplitBy, Vec<String>), String> {
    let mut shares = Vec::new();
    let mut amounts = Vec::new();
    let mut labels = Vec::new();
    for (n, row) in text
        .lines()
        .enumerate()
        .filter(|(_, r)| !r.trim().is_empty())
    {
        let (size, label) = row.split_once(';').unwrap_or((row, ""));
        labels.push(label.trim().to_owned());
        let bad = || format!("Row {}: “{}” is no share or amount.", n + 1, size.trim());
        match size.trim().strip_suffix('%') {
            Some(share) => {
                // Shares in hundredths of a percent.
                let share = parse(share.trim(), Style::POINT).map_err(|_| bad())?;
                let share = share.minor(2).map_err(|_| bad())?;
                shares.push(u64::try_from(share).map_err(|_| bad())?);
            }
            None => amounts.push(words::typed(size, currency).ok_or_else(bad)?),
        }
    }
    let kinds = (shares.is_empty(), amounts.is_empty());
    match (kinds, basis) {
        ((false, false), _) => Err("Either shares or amounts, not both.".to_owned()),
        ((false, true), SplitBasis::Amount) => {
            Err("By amount each row begins with an amount. Choose percent for shares.".to_owned())
        }
        ((true, false), SplitBasis::Percent) => {
            Err("By percent each row begins with a share, such as 60 %.".to_owned())
        }
        ((false, true), _)
            if shares.iter().try_fold(0u64, |s, p| s.checked_add(*p)) != Some(10_000) =>
        {
            Err("The shares do not sum to 100 %.".to_owned())
        }
        ((false, true), _) => Ok((SplitBy::Shares(shares), labels)),
        _ => Ok((SplitBy::Amounts(amounts), labels)),
    }
}

/// Each line to the part of its last cell, in the order these first come.
fn by_line(lines: &[DocLine]) -> (SplitBy, Vec<String>) {
    let mut tags: Vec<String> = Vec::new();
    let mut places = Vec::new();
    for line in lines {
        let at = tags.iter().position(|t| *t == line.tag);
        let at = at.unwrap_or_else(|| {
            tags.push(line.tag.clone());
            tags.len() - 1
        });
        places.push(u32::try_from(at).unwrap_or(u32::MAX));
    }
    (SplitBy::Lines(places), tags)
}

impl Draft {
    /// The adjustment that is chosen, if one is.
    pub fn adjustment(&self) -> Option<Adjustment> {
        let place = self.kind.parse::<usize>().ok()?;
        Adjustment::ALL.get(place).copied()
    }

    /// How the document is split: by its own lines, or by rows of parts.
    fn split(&self, currency: Currency) -> Result<Resolution, String> {
        let basis = basis(&self.basis);
        let mut original = lines(&self.billed, currency).map_err(|e| format!("As billed. {e}"))?;
        let whole_lines = basis == SplitBasis::Line || (basis.is_named() && self.by_line);
        let (by, labels) = match whole_lines {
            true => by_line(&original),
            false => {
                let read = parts(&self.parts, basis, currency);
                read.map_err(|e| format!("Parts. {e}"))?
            }
        };
        // The last cell of a row says its part: an order only where parts are orders.
        for line in &mut original {
            match (whole_lines, basis) {
                (true, SplitBasis::PurchaseOrder) | (false, _) => line.tag = String::new(),
                (true, _) => line.po = String::new(),
            }
        }
        Ok(Resolution::Split(Split {
            original,
            by,
            pos: Vec::new(),
            tax_documents: self.tax_documents,
            paid: None,
            contested_part: self.contested_part,
            basis,
            labels,
        }))
    }

    /// The request, or the first thing that cannot be read.
    pub fn request(
        &self,
        item: &ItemKey,
        case: Option<FactKey>,
        currency: Currency,
        today: Day,
    ) -> Result<NewRequest, String> {
        let what = match self.kind.as_str() {
            "rebill" => Resolution::Rebill(Rebill {
                original: lines(&self.billed, currency).map_err(|e| format!("As billed. {e}"))?,
                right: lines(&self.right, currency).map_err(|e| format!("As it should be. {e}"))?,
                due: self.due,
                anchor: None,
                po: self.po.clone(),
            }),
            "split" => self.split(currency)?,
            "po" if self.po.trim().is_empty() => {
                return Err("Give the purchase order it is to have.".to_owned());
            }
            "po" => Resolution::PoChange(PoChange {
                also: Vec::new(),
                po: self.po.clone(),
                asked_by: self.who.trim().to_owned(),
                asked_on: Some(today),
                rejected_on: self.rejected_on,
            }),
            _ => {
                let kind = self.adjustment().ok_or("Choose what is to be done.")?;
                let amount =
                    words::typed(&self.amount, currency).ok_or("The amount cannot be read.")?;
                match kind {
                    Adjustment::SetOff if self.credit.is_none() => {
                        return Err("Choose the credit or deposit that pays it.".to_owned());
                    }
                    Adjustment::Refund if self.credit.is_none() => {
                        return Err("Choose the credit or deposit that goes back.".to_owned());
                    }
                    _ => {}
                }
                let note = kind.is_credit_note() && !self.credited.trim().is_empty();
                let lines = match note {
                    true => {
                        lines(&self.credited, currency).map_err(|e| format!("Credited. {e}"))?
                    }
                    false => Vec::new(),
                };
                Resolution::Adjust(Adjust {
                    kind,
                    amount,
                    lines,
                    credit: self.credit.clone().filter(|_| kind == Adjustment::SetOff),
                    settlement: self.settlement,
                })
            }
        };
        // A refund is of the money, not of the document it was not for.
        let refund = self.adjustment() == Some(Adjustment::Refund);
        let item = self.credit.as_ref().filter(|_| refund).unwrap_or(item);
        let numbers = self.numbers.split([',', '\n']).map(|n| n.trim().to_owned());
        Ok(NewRequest {
            case,
            item: item.clone(),
            what,
            on: self.on.unwrap_or(today),
            fell_on: self.fell_on,
            tax_note: self.tax_note,
            reason: self.reason.clone(),
            text: None,
            numbers: numbers.filter(|n| !n.is_empty()).collect(),
            ask: self.ask,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_parts_as_people_write_them() {
        let eur = Currency::EUR;
        let read = lines("Desk; 1,000.00; 18 %; 180.00; PO-1\n\n250", eur).expect("reads");
        assert_eq!(
            (read[0].net, read[0].tax, read[0].tag.as_str()),
            (100_000, 18_000, "PO-1")
        );
        assert_eq!(read[1].net, 25_000);
        assert!(lines("Desk; many", eur).is_err() && lines(" ", eur).is_err());
        use SplitBasis::{Amount, Percent, PurchaseOrder};
        let parts = |text: &str, basis| parts(text, basis, eur);
        let (by, labels) = parts("60 %; A\n40%", PurchaseOrder).expect("reads");
        assert_eq!(
            (by, labels),
            (
                SplitBy::Shares(vec![6_000, 4_000]),
                vec!["A".into(), String::new()]
            )
        );
        assert!(parts("60 %\n30 %", Percent).is_err() && parts("60 %\n40", Percent).is_err());
        assert!(parts("60 %\n40 %", Amount).is_err() && parts("60\n40", Percent).is_err());
        assert!(parts("60 %\n18446744073709551615 %", Percent).is_err());
        assert_eq!(
            parts("60\n40.5", Amount).expect("reads").0,
            SplitBy::Amounts(vec![6_000, 4_050])
        );
        let (by, tags) =
            by_line(&lines("a; 1; ; ; X\nb; 2; ; ; Y\nc; 3; ; ; X", eur).expect("reads"));
        assert_eq!(
            (by, tags),
            (SplitBy::Lines(vec![0, 1, 0]), vec!["X".into(), "Y".into()])
        );
    }
    #[test]
    fn sp_01_the_last_cell_is_an_order_only_where_parts_are_orders() {
        let eur = Currency::EUR;
        let of = |basis: &str, by_line, parts: &str| {
            let draft = Draft {
                basis: basis.into(),
                by_line,
                billed: "a; 1; ; ; X\nb; 2; ; ; Y".into(),
                parts: parts.into(),
                ..Draft::default()
            };
            match draft.split(eur) {
                Ok(Resolution::Split(split)) => split,
                other => panic!("{other:?}"),
            }
        };
        let cells = |s: &Split| (s.original[0].po.clone(), s.original[0].tag.clone());
        let order = of("po", true, "");
        assert_eq!(
            (cells(&order), order.labels.as_slice()),
            (
                ("X".into(), String::new()),
                &["X".to_owned(), "Y".into()][..]
            )
        );
        let centre = of("centre", true, "");
        assert_eq!(
            (cells(&centre), centre.basis),
            ((String::new(), "X".into()), SplitBasis::CostCentre)
        );
        let period = of("period", false, "1; Apr\n2; May");
        assert_eq!(
            (cells(&period), period.labels.as_slice()),
            (
                ("X".into(), String::new()),
                &["Apr".to_owned(), "May".into()][..]
            )
        );
    }
}
