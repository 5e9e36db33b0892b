//! Disputes and queries: reasons with their department and proof, clocks, tax rules, closed period.

use super::save::{self, Section};
use crate::ui::prelude::*;
use crate::workspace::use_ws;
use duebook_ledger::policy::PolicyChange;
use duebook_policy::CasePolicy;
use duebook_policy::cases::{CaseClocks, CasePolicyError, Reason, TaxRegime};
use leptos::prelude::*;

const REGIMES: [(&str, &str, TaxRegime); 3] = [
    ("none", "None is checked", TaxRegime::None),
    ("uk", "UK VAT: within 14 days", TaxRegime::Uk),
    ("india", "India GST: by 30 November", TaxRegime::India),
];

/// `CODE; name; department; proof, proof; usual end; words of other systems`; a star before the code
/// of a fault of ours that makes the bill unpayable.
fn written(reasons: &[Reason]) -> String {
    let line = |r: &Reason| {
        let star = if r.unpayable { "*" } else { "" };
        format!(
            "{star}{}; {}; {}; {}; {}; {}",
            r.code,
            r.name,
            r.department,
            r.evidence.join(", "),
            r.usual,
            r.foreign.join(", ")
        )
    };
    reasons.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn read(text: &str) -> Vec<Reason> {
    let list = |cell: &str| {
        let parts = cell.split(',').map(|p| p.trim().to_owned());
        parts.filter(|p| !p.is_empty()).collect::<Vec<_>>()
    };
    let rows = text.lines().filter(|r| !r.trim().is_empty());
    rows.map(|row| {
        let cells: Vec<&str> = row.split(';').map(str::trim).collect();
        let cell = |n: usize| cells.get(n).copied().unwrap_or("");
        Reason {
            code: cell(0).trim_start_matches('*').trim().to_owned(),
            name: cell(1).to_owned(),
            department: cell(2).to_owned(),
            evidence: list(cell(3)),
            usual: cell(4).to_owned(),
            foreign: list(cell(5)),
            unpayable: cell(0).starts_with('*'),
        }
    })
    .collect()
}

/// Shares of the time as people write them: "50, 100, 150".
fn shares(levels: &[u16]) -> String {
    let one = |l: &u16| match l % 10 {
        0 => (l / 10).to_string(),
        tenth => format!("{}.{tenth}", l / 10),
    };
    levels.iter().map(one).collect::<Vec<_>>().join(", ")
}

fn read_shares(text: &str) -> Result<Vec<u16>, String> {
    let one = |part: &str| {
        let part = part.trim().trim_end_matches('%').trim();
        let (whole, tenth) = part.split_once('.').unwrap_or((part, "0"));
        let whole: u16 = whole.parse().ok()?;
        let tenth: u16 = tenth.parse().ok().filter(|t| *t < 10)?;
        whole.checked_mul(10)?.checked_add(tenth)
    };
    let all: Option<Vec<u16>> = text.split(',').map(one).collect();
    all.ok_or_else(|| error(&CasePolicyError::Levels))
}

fn names(text: &str) -> Vec<String> {
    let mut all: Vec<String> = text.split(',').map(|n| n.trim().to_owned()).collect();
    while all.last().is_some_and(String::is_empty) {
        all.pop();
    }
    all
}

fn error(e: &CasePolicyError) -> String {
    match e {
        CasePolicyError::Reasons => "At least one reason, and not more than 500.".to_owned(),
        CasePolicyError::Code(code) => format!("Each reason has a code of its own: “{code}”."),
        CasePolicyError::Foreign(word) => format!("“{word}” is given for two reasons."),
        CasePolicyError::Clock => "Clocks: business days from 1 to 366.".to_owned(),
        CasePolicyError::Levels => {
            "Levels: one to nine shares of the time in percent that rise, such as 50, 100, 150."
                .to_owned()
        }
        CasePolicyError::Escalation => {
            "Escalated to: not more names than there are levels, and an answer within a year."
                .to_owned()
        }
        CasePolicyError::Digest(who) => {
            format!("One digest each: “{who}” is there twice or has no day.")
        }
    }
}

/// The section.
#[component]
pub fn DisputeRules() -> impl IntoView {
    let ws = use_ws();
    let toasts = use_toasts();
    let in_force = Memo::new(move |_| ws.read(|b| b.policies().cases.clone()));
    let text = || RwSignal::new(String::new());
    let (reasons, closed, tax) = (text(), text(), text());
    let (levels, escalates_to, answered) = (text(), text(), text());
    let (po, separate) = (RwSignal::new(false), RwSignal::new(false));
    let labels = [
        "Acknowledge",
        "Triage",
        "Department answers",
        "Documents come",
        "A dispute in all",
        "A query in all",
    ];
    let clocks = labels.map(|_| text());
    Effect::new(move |_| {
        let p = in_force.get();
        reasons.set(written(&p.reasons));
        closed.set(p.closed_through.map_or(String::new(), |d| d.to_string()));
        let regime = REGIMES.iter().find(|(_, _, r)| *r == p.tax);
        tax.set(regime.map_or("none", |(id, ..)| id).to_owned());
        levels.set(shares(&p.levels));
        let to = (1..=p.levels.len()).map(|n| p.escalates_to(n as u8));
        escalates_to.set(to.collect::<Vec<_>>().join(", "));
        answered.set(p.answer_within().to_string());
        po.set(p.po_on_tax_document);
        separate.set(p.separate_tax);
        let c = p.clocks;
        let all = [
            c.acknowledge,
            c.triage,
            c.answer,
            c.execute,
            c.cycle,
            c.query,
        ];
        for (signal, days) in clocks.iter().zip(all) {
            signal.set(days.to_string());
        }
    });
    let policy = move || -> Result<CasePolicy, String> {
        let day = match closed.get().trim() {
            "" => None,
            typed => Some(save::day(typed).ok_or("Closed through: a date, such as 2026-03-31.")?),
        };
        let days = clocks.map(|c| c.with(|t| t.trim().parse::<u16>().unwrap_or(0)));
        let [acknowledge, triage, answer, execute, cycle, query] = days;
        let within = answered.with(|t| t.trim().parse::<u16>().ok().filter(|d| *d > 0));
        let within = within.ok_or("Answer within: business days, such as 2.")?;
        let regime = tax.get();
        let regime = REGIMES.iter().find(|(id, ..)| *id == regime);
        let policy = CasePolicy {
            reasons: reasons.with(|r| read(r)),
            clocks: CaseClocks {
                acknowledge,
                triage,
                answer,
                execute,
                cycle,
                query,
            },
            closed_through: day,
            tax: regime.map_or(TaxRegime::None, |(_, _, r)| *r),
            po_on_tax_document: po.get(),
            separate_tax: separate.get(),
            levels: levels.with(|l| read_shares(l))?,
            escalates_to: escalates_to.with(|t| names(t)),
            escalation_days: within,
            ..in_force.get()
        };
        policy.validate().map_err(|e| error(&e))?;
        Ok(policy)
    };
    let refused = Signal::derive(move || policy().err());
    let save = move |()| {
        if let Ok(policy) = untrack(policy) {
            save::policies(
                ws,
                toasts,
                vec![PolicyChange::Cases(policy)],
                "Dispute rules saved",
            );
        }
    };
    let hint = Signal::stored(Some("One a row: code; name; department; proof; usual end; codes and words of other systems. A star before the code: our fault, and the bill cannot be paid as it is.".to_owned()));
    let fields = labels
        .iter()
        .zip(clocks)
        .map(|(label, value)| view! { <TextField label=*label value=value /> })
        .collect_view();
    let regimes = REGIMES
        .map(|(id, label, _)| Choice::new(id, label))
        .to_vec();
    view! {
        <Section id="disputes" title="Disputes and queries">
            <TextArea label="Reasons" value=reasons rows=8 hint=hint />
            <p class="muted">"Business days that each step may take; a case is due for escalation when one of the shares below is used."</p>
            <div class="form-row">{fields}</div>
            <div class="form-row">
                <TextField label="Escalated at, % of the time" value=levels hint=Signal::stored(Some("With commas, rising: 50, 100, 150.".to_owned())) />
                <TextField label="Escalated to, level by level" value=escalates_to hint=Signal::stored(Some("With commas: a person or a role each.".to_owned())) />
                <TextField label="Answer within, business days" value=answered />
            </div>
            <div class="form-row">
                <TextField label="Nothing is posted through" value=closed optional=true />
                <SelectField label="Credit notes that change tax" value=tax choices=Signal::stored(regimes) />
            </div>
            <Checkbox label="The purchase order is a part of the tax document: a change needs a rebill" value=po />
            <Checkbox label="Each part of a split invoice needs a tax invoice of its own, unless the account says otherwise" value=separate />
            <p class="muted" role="status">{move || refused.get()}</p>
            <p class="button-row"><Button label="Save the dispute rules" refused=refused on_press=save /></p>
        </Section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ds_reasons_are_read_as_they_are_written() {
        let all = CasePolicy::default().reasons;
        assert_eq!(read(&written(&all)), all);
    }

    #[test]
    fn ds_04_levels_are_read_as_they_are_written() {
        for levels in [vec![500, 1000, 1500], vec![333], vec![5]] {
            assert_eq!(read_shares(&shares(&levels)), Ok(levels));
        }
        assert_eq!(read_shares("50 %, 75.5%"), Ok(vec![500, 755]));
        assert!(read_shares("half").is_err() && read_shares("").is_err());
        assert_eq!(names("Ines, , Ben, "), ["Ines", "", "Ben"]);
    }
}
