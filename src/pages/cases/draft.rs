//! What is typed into the form of a resolution, and the request it becomes. Pure: no browser.

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
    /// Parts: a share or an amount; a PO.
    pub parts: String,
    /// Each line by its last cell.
    pub by_line: bool,
    /// New tax documents.
    pub tax_documents: bool,
    pub amount: String,
    pub po: String,
    pub who: String,
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

/// Minor units as typed; `None` where it is no amount. A minus is allowed: a line may be a discount.
fn minor(text: &str, currency: Currency) -> Option<i64> {
    parse(text.trim(), Style::POINT)
        .ok()?
        .minor(currency.exponent())
        .ok()
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
            text => minor(text, currency)
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

/// Parts: rows of `share or amount; PO`. All with a percent sign are shares.
fn parts(text: &str, currency: Currency) -> Result<(SplitBy, Vec<String>), String> {
    let mut shares = Vec::new();
    let mut amounts = Vec::new();
    let mut pos = Vec::new();
    for (n, row) in text
        .lines()
        .enumerate()
        .filter(|(_, r)| !r.trim().is_empty())
    {
        let (size, po) = row.split_once(';').unwrap_or((row, ""));
        pos.push(po.trim().to_owned());
        let bad = || format!("Row {}: “{}” is no share or amount.", n + 1, size.trim());
        match size.trim().strip_suffix('%') {
            Some(share) => {
                // Shares in hundredths of a percent.
                let share = parse(share.trim(), Style::POINT).map_err(|_| bad())?;
                let share = share.minor(2).map_err(|_| bad())?;
                shares.push(u64::try_from(share).map_err(|_| bad())?);
            }
            None => amounts.push(minor(size, currency).ok_or_else(bad)?),
        }
    }
    match (shares.is_empty(), amounts.is_empty()) {
        (false, false) => Err("Either shares or amounts, not both.".to_owned()),
        (false, true) if shares.iter().sum::<u64>() != 10_000 => {
            Err("The shares do not sum to 100 %.".to_owned())
        }
        (false, true) => Ok((SplitBy::Shares(shares), pos)),
        (true, _) => Ok((SplitBy::Amounts(amounts), pos)),
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
            "split" => {
                let original =
                    lines(&self.billed, currency).map_err(|e| format!("As billed. {e}"))?;
                let (by, pos) = match self.by_line {
                    true => by_line(&original),
                    false => parts(&self.parts, currency).map_err(|e| format!("Parts. {e}"))?,
                };
                Resolution::Split(Split {
                    original,
                    by,
                    pos,
                    tax_documents: self.tax_documents,
                    paid: None,
                    contested_part: None,
                })
            }
            "po" if self.po.trim().is_empty() => {
                return Err("Give the purchase order it is to have.".to_owned());
            }
            "po" => Resolution::PoChange(PoChange {
                also: Vec::new(),
                po: self.po.clone(),
                asked_by: self.who.trim().to_owned(),
                asked_on: Some(today),
                rejected_on: None,
            }),
            _ => {
                let kind = self.adjustment().ok_or("Choose what is to be done.")?;
                let amount = minor(&self.amount, currency).ok_or("The amount cannot be read.")?;
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
        let (by, pos) = parts("60 %; A\n40%", eur).expect("reads");
        assert_eq!(
            (by, pos),
            (
                SplitBy::Shares(vec![6_000, 4_000]),
                vec!["A".into(), String::new()]
            )
        );
        assert!(parts("60 %\n30 %", eur).is_err() && parts("60 %\n40", eur).is_err());
        assert_eq!(
            parts("60\n40.5", eur).expect("reads").0,
            SplitBy::Amounts(vec![6_000, 4_050])
        );
        let (by, tags) =
            by_line(&lines("a; 1; ; ; X\nb; 2; ; ; Y\nc; 3; ; ; X", eur).expect("reads"));
        assert_eq!(
            (by, tags),
            (SplitBy::Lines(vec![0, 1, 0]), vec!["X".into(), "Y".into()])
        );
    }
}
