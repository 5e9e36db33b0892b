//! Document numbers: the ranges from which a ledger of our own numbers its credit notes and bills.

use super::save::{self, Section};
use crate::platform::latest::Latest;
use crate::ui::format::plural;
use crate::ui::prelude::*;
use crate::workspace::use_ws;
use duebook_ledger::cases::resolve::RangesMaking;
use duebook_ledger::policy::PolicyChange;
use duebook_policy::NumberPolicy;
use duebook_policy::numbers::{NumberPolicyError, NumberRange, Paper};
use leptos::prelude::*;

/// As they are typed and read.
const PAPERS: [(&str, Paper); 4] = [
    ("all", Paper::Every),
    ("invoice", Paper::Invoice),
    ("credit note", Paper::CreditNote),
    ("debit memo", Paper::DebitMemo),
];

fn name(paper: Paper) -> &'static str {
    let found = PAPERS.iter().find(|(_, p)| *p == paper);
    found.map_or("all", |(name, _)| name)
}

/// `documents; company; first number; last number; from`.
fn written(ranges: &[NumberRange]) -> String {
    let line = |r: &NumberRange| {
        let from = r.from.map_or(String::new(), |d| d.to_string());
        let cells = [
            name(r.paper).to_owned(),
            r.entity.clone(),
            r.written(r.first),
            r.written(r.last),
            from,
        ];
        let row = cells.join("; ");
        row.trim_end_matches([';', ' ']).to_owned()
    };
    ranges.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// The digits at the end of a number, and what stands before them.
fn parted(number: &str) -> Option<(&str, &str)> {
    let digits = number.bytes().rev().take_while(u8::is_ascii_digit).count();
    let (prefix, digits) = number.split_at_checked(number.len().checked_sub(digits)?)?;
    (!digits.is_empty()).then_some((prefix, digits))
}

fn row(text: &str) -> Result<NumberRange, String> {
    let cells: Vec<&str> = text.split(';').map(str::trim).collect();
    let cell = |n: usize| cells.get(n).copied().unwrap_or("");
    let wanted = cell(0).to_lowercase();
    let paper = PAPERS.iter().find(|(name, _)| *name == wanted);
    let paper = paper
        .ok_or("begins with: invoice, credit note, debit memo or all")?
        .1;
    let ends = parted(cell(2)).zip(parted(cell(3)));
    let ((prefix, first), (other, last)) =
        ends.ok_or("has a first and a last number that end with digits, such as CN-0001; CN-9999")?;
    if prefix != other {
        return Err("has a first and a last number that begin alike".to_owned());
    }
    let long = || "has more digits than a number may have".to_owned();
    let from = match cell(4) {
        "" => None,
        day => Some(save::day(day).ok_or("ends with a date, such as 2026-04-01")?),
    };
    Ok(NumberRange {
        entity: cell(1).to_owned(),
        paper,
        prefix: prefix.to_owned(),
        // Zeros before a number are a part of it: all are as long as the last.
        width: match first.len() == last.len() {
            true => u8::try_from(last.len()).map_err(|_| long())?,
            false => 0,
        },
        first: first.parse().map_err(|_| long())?,
        last: last.parse().map_err(|_| long())?,
        from,
    })
}

fn read(text: &str) -> Result<NumberPolicy, String> {
    let rows = text.lines().enumerate();
    let rows = rows.filter(|(_, r)| !r.trim().is_empty());
    let read = rows.map(|(n, r)| row(r).map_err(|why| format!("Row {} {why}.", n + 1)));
    let ranges = read.collect::<Result<Vec<_>, _>>()?;
    let policy = NumberPolicy { ranges };
    policy.validate().map_err(|e| match e {
        NumberPolicyError::TooMany => "At most 200 ranges.".to_owned(),
        NumberPolicyError::Range(n) => format!(
            "Range {}: it rises from 1 or more, and has no comma and at most 20 characters before its digits.",
            n + 1
        ),
        NumberPolicyError::Overlaps(n) => format!(
            "Range {}: an earlier one has numbers of it, so that one could be given twice.",
            n + 1
        ),
        NumberPolicyError::Twice(n) => format!(
            "Range {}: an earlier one is for the same documents, company and day.",
            n + 1
        ),
    })?;
    Ok(policy)
}

/// The section.
#[component]
pub fn DocumentNumbers() -> impl IntoView {
    let ws = use_ws();
    let toasts = use_toasts();
    let in_force = Memo::new(move |_| ws.read(|b| b.policies().numbers.clone()));
    let text = RwSignal::new(String::new());
    Effect::new(move |_| text.set(written(&in_force.get().ranges)));
    let refused = Signal::derive(move || text.with(|t| read(t)).err());
    let save = move |()| {
        if let Ok(policy) = text.with_untracked(|t| read(t)) {
            let change = PolicyChange::Numbers(policy);
            save::policies(ws, toasts, vec![change], "Document numbers saved");
        }
    };
    let stands = Latest::following(move |run| {
        ws.revision().track();
        let ranges = in_force.get().ranges;
        let mut making = ws.peek(|b| RangesMaking::new(b, ranges.clone()));
        run.steps(move || {
            let made = ws.peek(|b| making.step(b))?;
            Some(ranges.iter().cloned().zip(made).collect::<Vec<_>>())
        })
    })
    .answer();
    let stand = move || {
        let Some(all) = stands.get() else {
            let any = !in_force.with(|p| p.ranges.is_empty());
            return any
                .then(|| view! { <li class="muted">"It is being worked out."</li> }.into_any());
        };
        let rows = all.into_iter().map(|(r, (next, left))| {
            let left = usize::try_from(left).unwrap_or(usize::MAX);
            let says = match next {
                Some(next) => format!(
                    "{}: next {next}, {} left",
                    name(r.paper),
                    plural(left, "number", "numbers", Default::default())
                ),
                None => format!("{}: used up at {}", name(r.paper), r.written(r.last)),
            };
            view! { <li>{says}</li> }
        });
        Some(rows.collect_view().into_any())
    };
    let hint = Signal::stored(Some("One a row: invoice, credit note, debit memo or all; company, if only for one; first number; last number; from which day, if not from ever. Such as: credit note; ; CN-0001; CN-9999".to_owned()));
    view! {
        <Section id="numbers" title="Document numbers">
            <p class="muted">"For a book whose owner posts the ledger himself: resolutions number their documents from here, the next free one each, none twice and none left out. Beside an ERP the numbers are the ERP’s."</p>
            <TextArea label="Ranges" value=text rows=4 optional=true hint=hint />
            <ul class="case-list" aria-label="How the ranges stand">{stand}</ul>
            <p class="muted" role="status">{move || refused.get()}</p>
            <p class="button-row"><Button label="Save the document numbers" refused=refused on_press=save /></p>
        </Section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_as_they_are_written() {
        let text = "credit note; ; CN-0001; CN-9999\ninvoice; 1000; IN26-001; IN26-999; 2026-04-01\nall; ; 7; 1200";
        let policy = read(text).expect("reads");
        assert_eq!(written(&policy.ranges), text);
        let widths: Vec<u8> = policy.ranges.iter().map(|r| r.width).collect();
        assert_eq!(widths, [4, 3, 0]);
        for (bad, why) in [
            ("bill; ; 1; 9", "Row 1 begins with"),
            (
                "invoice; ; A1; B9",
                "Row 1 has a first and a last number that begin alike",
            ),
            ("invoice; ; A; B", "Row 1 has a first and a last"),
            ("invoice; ; A9; A1", "Range 1: it rises"),
            ("invoice; ; A1; A9; someday", "Row 1 ends with a date"),
            (
                "all; ; A1; A9\ninvoice; ; A9; A9",
                "Range 2: an earlier one has numbers of it",
            ),
        ] {
            let said = read(bad).expect_err(bad);
            assert!(said.starts_with(why), "{bad}: {said}");
        }
    }
}
