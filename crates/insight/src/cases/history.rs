//! Everything that happened to a case, for the screen and the pack: hops with the days they took, what
//! was said, what was put up, what was resolved.

use super::times;
use duebook_ledger::cases::resolve::{Adjustment, Resolution};
use duebook_ledger::cases::{CaseClose, CaseState, SaidKind};
use duebook_ledger::keys::{FactKey, TextRef};
use duebook_ledger::{Book, CaseId, Seq};
use duebook_money::Day;

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The commit that says so.
    pub commit: Seq,
    /// The day.
    pub on: Day,
    /// What, in a line.
    pub head: String,
    /// The words beside it.
    pub text: Option<TextRef>,
    /// A question that waits for its answer.
    pub waits: Option<FactKey>,
}

/// Where a case stands, in words.
pub fn state_name(state: CaseState) -> &'static str {
    match state {
        CaseState::New => "New",
        CaseState::Triaged => "Triaged",
        CaseState::WithOwner => "With owner",
        CaseState::Proposed => "Proposed",
        CaseState::Approved => "Approved",
        CaseState::Executed => "Executed",
        CaseState::Closed => "Closed",
        CaseState::WaitingCustomer => "Customer has it",
        CaseState::Reopened => "Reopened",
    }
}

/// How a case ended, in a sentence.
pub fn close_words(close: CaseClose) -> &'static str {
    match close {
        CaseClose::Valid => "the customer is right",
        CaseClose::Invalid => "owed as billed",
        CaseClose::Withdrawn => "withdrawn",
        CaseClose::Split => "right in part",
        CaseClose::Merged => "part of another case",
        CaseClose::Answered => "answered",
        CaseClose::NotSaid => "closed elsewhere, how is not said",
    }
}

/// The history of a case on a day, the newest first; `day` writes a day.
pub fn history(book: &Book, id: CaseId, today: Day, day: &dyn Fn(Day) -> String) -> Vec<Told> {
    let mut out = Vec::new();
    hops(book, id, today, &mut out);
    said(book, id, &mut out);
    escalated(book, id, day, &mut out);
    resolved(book, id, day, &mut out);
    duebook_money::order::sort_by_key(&mut out, |t| std::cmp::Reverse(t.commit));
    out
}

fn hops(book: &Book, id: CaseId, today: Day, out: &mut Vec<Told>) {
    let Some(case) = book.case(id) else {
        return;
    };
    let live = |s| book.is_live(s);
    let days = book.policies().calendar.business_days();
    let times = times(book, &days, case, today);
    for (n, at) in case.trail(&live).into_iter().enumerate() {
        let who = [at.hop.department.as_str(), at.hop.owner.as_str()];
        let who: Vec<&str> = who.into_iter().filter(|t| !t.is_empty()).collect();
        let to = match who.is_empty() {
            true => String::new(),
            false => format!(", with {}", who.join(", ")),
        };
        let mut stays = times.stays.iter();
        let stay = stays.find(|s| s.commit == at.commit && s.state == at.hop.state);
        let stay = stay.filter(|s| s.calendar > 0).map_or(String::new(), |s| {
            let unit = if s.calendar == 1 { "day" } else { "days" };
            let working = if s.working == 1 {
                "business day"
            } else {
                "business days"
            };
            format!(": {} {unit}, {} of them {working}", s.calendar, s.working)
        });
        let head = match (n, at.hop.close) {
            (0, _) => format!("Taken down{to}"),
            (_, Some(close)) => format!("Closed: {}", close_words(close)),
            _ => format!("{}{to}", state_name(at.hop.state)),
        };
        out.push(Told {
            commit: at.commit,
            on: at.hop.on,
            head: format!("{head}{stay}"),
            text: if n == 0 { case.fact.text } else { at.hop.note },
            waits: None,
        });
    }
}

fn said(book: &Book, id: CaseId, out: &mut Vec<Told>) {
    let all = book.case(id).map_or(&[][..], |c| &c.said);
    for (commit, said) in all.iter().filter(|(s, _)| book.is_live(*s)) {
        let by = |with: &str| match said.by.as_str() {
            "" => String::new(),
            by => format!(" {with} {by}"),
        };
        let head = match said.kind {
            SaidKind::Note => "Note".to_owned(),
            SaidKind::Answer => format!("Answer{}", by("of")),
            SaidKind::HandedOff => format!("Handed over{}", by("to")),
        };
        out.push(Told {
            commit: *commit,
            on: said.on,
            head,
            text: said.text,
            waits: None,
        });
    }
}

fn escalated(book: &Book, id: CaseId, day: &dyn Fn(Day) -> String, out: &mut Vec<Told>) {
    let live = |s| book.is_live(s);
    for (_, e) in book.escalations().filter(|(_, e)| e.fact.case == Some(id)) {
        let answer = e.answer.latest(&live);
        let level = match e.fact.level {
            0 => String::new(),
            n => format!(" at level {n}"),
        };
        let reason = match e.fact.reason.as_str() {
            "" => String::new(),
            reason => format!(": {reason}"),
        };
        out.push(Told {
            commit: e.commit,
            on: e.fact.on,
            head: format!(
                "Put to {}{level}, answer by {}{reason}",
                e.fact.to,
                day(e.fact.due)
            ),
            text: e.fact.question,
            waits: answer.is_none().then_some(e.key),
        });
        if let Some((commit, answer)) = answer {
            let by = match answer.by.as_str() {
                "" => e.fact.to.as_str(),
                by => by,
            };
            out.push(Told {
                commit,
                on: answer.on,
                head: format!("{by} answered"),
                text: answer.text,
                waits: None,
            });
        }
    }
}

/// A resolution, in a few words.
pub fn resolution_name(what: &Resolution) -> &'static str {
    match what {
        Resolution::Rebill(_) => "Credit and rebill",
        Resolution::Split(split) if split.tax_documents => "Tax split",
        Resolution::Split(_) => "AR split",
        Resolution::PoChange(_) => "PO change",
        Resolution::Adjust(a) => adjustment_name(a.kind),
    }
}

/// An adjustment, in a few words.
pub fn adjustment_name(kind: Adjustment) -> &'static str {
    use Adjustment::*;
    match kind {
        PartialCredit => "Partial credit",
        Goodwill => "Goodwill credit",
        ServiceCredit => "Service credit",
        SmallBalance => "Small balance",
        BankCharge => "Bank charge",
        LateChargeWaiver => "Late charge waived",
        WriteOff => "Write-off",
        Recovery => "Recovery of a write-off",
        SetOff => "Set-off of a deposit or credit",
        Contra => "Contra with what we owe",
        Refund => "Refund",
        BillBack => "Unearned discount billed back",
        Chargeback => "Chargeback",
    }
}

/// PO-02: which order, who asked for it and when, and when the portal rejected the document for it.
fn po_story(what: &Resolution, day: &dyn Fn(Day) -> String) -> String {
    let Resolution::PoChange(change) = what else {
        return String::new();
    };
    let mut out = format!(" to {}", change.po.trim());
    if !change.asked_by.is_empty() {
        let on = change
            .asked_on
            .map_or(String::new(), |d| format!(" on {}", day(d)));
        out.push_str(&format!(", asked by {}{on}", change.asked_by));
    }
    if let Some(rejected) = change.rejected_on {
        out.push_str(&format!(", rejected by the portal on {}", day(rejected)));
    }
    out
}

fn resolved(book: &Book, id: CaseId, day_text: &dyn Fn(Day) -> String, out: &mut Vec<Told>) {
    let live = |s| book.is_live(s);
    for (_, r) in book.requests().filter(|(_, r)| r.fact.case == Some(id)) {
        let what = format!(
            "{} {}{}",
            r.fact.number,
            resolution_name(&r.fact.asked.what),
            po_story(&r.fact.asked.what, day_text)
        );
        let mut tell = |commit, on, head: String, text| {
            out.push(Told {
                commit,
                on,
                head,
                text,
                waits: None,
            });
        };
        let made = book.commit(r.commit).map(|c| c.ledger_date);
        let on = made.unwrap_or(r.fact.asked.on);
        let posted = r.posted.latest(&live);
        let at_once = posted.as_ref().is_some_and(|(seq, _)| *seq == r.commit);
        let head = match at_once {
            true => format!("{what}: {}", r.fact.asked.reason),
            false => format!("{what} asked for: {}", r.fact.asked.reason),
        };
        tell(r.commit, on, head, r.fact.asked.text);
        let day = |seq| book.commit(seq).map_or(on, |c| c.ledger_date);
        if let Some((seq, posted)) = posted.filter(|_| !at_once) {
            let by = posted.approval.as_ref();
            let by = by.map_or(String::new(), |a| {
                format!(" by {} ({}): {}", a.who, a.role, a.reference)
            });
            tell(
                seq,
                day(seq),
                format!("{} approved{by}", r.fact.number),
                None,
            );
        }
        if let Some((seq, _)) = r.ended.latest(&live) {
            let head = format!("{} ended without being posted", r.fact.number);
            tell(seq, day(seq), head, None);
        }
        if let Some((seq, done)) = r.executed.latest(&live) {
            let head = match done.differences.is_empty() {
                true => format!("{} executed as {}", r.fact.number, done.numbers.join(", ")),
                false => format!("{}: what came differs", r.fact.number),
            };
            tell(seq, day(seq), head, None);
        }
    }
}
