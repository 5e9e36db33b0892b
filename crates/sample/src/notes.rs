//! What collectors write: short, and no two days the same. `{who}` a person, `{inv}` invoices,
//! `{amt}` an amount, `{when}` a date, `{ref}` a reference, `{po}` a purchase order.

use crate::rng::Rng;
use duebook_ledger::facts::Outcome::{self, *};

#[rustfmt::skip]
const NOTES: &[(Outcome, &[&str])] = &[
    (NoAnswer, &["", "Rang out twice.", "No reply on the direct line, will try the switchboard.", "Not picked up; out-of-office on chat says back {when}."]),
    (Busy, &["", "Engaged on both lines.", "Line busy, month-end at their side."]),
    (VoicemailLeft, &["Left message for {who}: {inv}, {amt}, please call back.", "Voicemail, gave my number and the invoice numbers slowly.", "Second voicemail this week, mentioned {inv} only."]),
    (NoVoicemail, &["", "Mailbox full."]),
    (WrongNumber, &["Number now belongs to a dental practice. Ask the account manager for a new one.", "Reached another company; number to be removed."]),
    (Disconnected, &["Number not in service.", "Line dead since the office move, web site shows a new address."]),
    (Gatekeeper, &["Reception will not connect without an extension; says {who} answers mail.", "Front desk took the message for {who}.", "AP does not take calls on Fridays, told to use the supplier mailbox."]),
    (MailSent, &["Statement and copies of {inv} sent to AP.", "Reminder for {inv}, {amt}. Asked for the pay-run date.", "Sent the account summary {who} asked for.", "Chaser to AP and the buyer, {inv} in the subject."]),
    (MailBounced, &["Mailbox does not exist any more.", "Bounced: attachment too large, sent again as two mails."]),
    (PortalChecked, &["Portal: {inv} approved, payment date {when}.", "Portal shows {inv} 'pending receipt'. GRN missing.", "Not in the portal at all: {inv}. To be uploaded again.", "Portal status 'rejected - duplicate' for {inv}; it is not a duplicate, see PO {po}."]),
    (Promise, &[
        "{who} confirms {amt} for {when}.", "{who}: on the run of {when}, {inv}. Will send the advice.", "Agreed {amt} by {when}, bank transfer. Confirmed by mail same day.",
        "{who} apologised for the delay, {inv} released for {when}.", "Controller signed today; {amt} leaves on {when}.", "Will pay {inv} in full {when}. Asked for a copy of the oldest first, sent.",
        "Talked through the statement line by line. {amt} on {when}, rest after the credit is there.", "{who} new in the role, found {inv} unposted, books them now; {when}.",
        "Offered full today, they can do {when}. Accepted.", "Cheque {ref} goes out {when} by courier.",
    ]),
    (PaidClaim, &["{who} says {inv} was paid, reference {ref}. Asked for the advice.", "Paid last week according to {who}, value date to follow. Passed to cash application.", "Claims payment of {amt}, ref {ref}; nothing in our bank file yet."]),
    (InProcess, &["{who}: approved, waits for the next run, no date.", "With the cost-centre owner for approval, {who} chases.", "Posted in their system, two signatures missing.", "In the workflow since Monday. No date given, call again next week."]),
    (Dispute, &["{who} disputes {inv}: {why}. Rest of the account will be paid.", "{why}. Asked for it in writing, {inv} on hold.", "{who} sent a marked-up copy of {inv}: {why}.", "Says {why}; billing asked for the backup."]),
    (Query, &["{who} wants a copy of {inv} with the delivery note.", "Needs our bank letter on letterhead before the first payment.", "Asked which PO {inv} belongs to. Answered from the order: {po}.", "Statement for the last quarter requested, sent during the call."]),
    (NeedsPo, &["No PO on {inv}; {who} cannot book it without.", "PO {po} is used up, buyer to raise a new one.", "Their system rejects the PO line of {inv}. Billing informed."]),
    (NotReceived, &["{who} never got {inv}. Sent again while on the line, receipt confirmed.", "Invoice went to the old address; {inv} sent to the AP mailbox.", "Not in their inbox nor in the portal: {inv}. Due date stays open."]),
    (CashFlow, &["{who} is open about it: waiting for a large payment of their own.", "Cash is tight until {when}. Asked what is possible today.", "Seasonal dip, they pay small suppliers first."]),
    (PlanRequest, &["Asks for three instalments on {amt}. Told them I need approval.", "{who} proposes half now and half in 30 days; sent to the credit manager."]),
    (Refused, &["{who} will not pay before the open credit is issued.", "No payment until their own claim is settled. To the account manager.", "Declined to give a date, tone polite but firm."]),
    (CallBack, &["{who} in a meeting, call back agreed.", "Asked to call again, has the file at hand then.", "On site today; better reached in the morning.", "Wants to speak after their AP meeting."]),
    (Escalated, &["Handed to the credit manager: third broken date on {inv}.", "Escalated to the account director, {amt} over 90 days."]),
    (Insolvency, &["Letter from an administrator received, filing deadline {when}. All calls stopped."]),
    (LegalRepresentation, &["A solicitor writes for them: all contact through the firm."]),
    (DoNotCall, &["{who} asks for mail only. No more calls to this number."]),
    (Language, &["Nobody speaks English today; colleague with the language to call.", "Conversation broke off for lack of a common language, mail sent instead."]),
    (Informed, &["Reminded {who} of {inv} before the due date. All received.", "Explained the terms and where the due date comes from.", "{who} knows about {inv}, no obstacle seen.", "Courtesy call. Confirmed bank details on file, nothing changes.", "Thanked for last week's payment, walked through what is still open."]),
];

/// Reasons with their code, owner and words (domain.md §4.1).
pub(crate) const REASONS: &[(&str, &str, &str)] = &[
    ("PRI", "Billing", "price not as in the contract"),
    ("QTY", "Logistics", "two pallets short"),
    ("POM", "Billing", "no valid PO on the invoice"),
    ("DUP", "Billing", "billed twice for the same month"),
    ("TAX", "Tax", "tax number of the wrong branch"),
    ("FRT", "Billing", "freight was to be included"),
    ("DMG", "Quality", "part of the goods arrived damaged"),
    ("RTN", "Returns", "returned goods not credited"),
    ("BTO", "Master data", "wrong legal entity billed"),
    ("NRI", "Billing", "invoice never received"),
    ("SVC", "Operations", "service level missed in two weeks"),
    ("CON", "Sales", "contract ended before the period"),
    ("SPL", "Billing", "to be split by cost centre"),
    ("SPD", "AR", "deduction without a reason"),
];

/// What a note is about.
#[derive(Debug, Default)]
pub(crate) struct About<'a> {
    pub who: &'a str,
    pub inv: String,
    pub amt: String,
    pub when: String,
    pub why: &'a str,
}

/// A note on an outcome; empty where nothing is worth a word.
pub(crate) fn note(rng: &mut Rng, outcome: Outcome, about: &About<'_>) -> String {
    let Some((_, of)) = NOTES.iter().find(|(o, _)| *o == outcome) else {
        return String::new();
    };
    let who = if about.who.is_empty() {
        "AP"
    } else {
        about.who
    };
    let (reference, po) = (
        rng.below(900_000) + 100_000,
        rng.below(90_000) + 4_500_010_000,
    );
    rng.pick(of)
        .replace("{who}", who)
        .replace("{inv}", &about.inv)
        .replace("{amt}", &about.amt)
        .replace("{when}", &about.when)
        .replace("{why}", about.why)
        .replace("{ref}", &format!("TR{reference}"))
        .replace("{po}", &po.to_string())
}

/// What to do next, for follow-ups.
pub(crate) const TO_DO: &[&str] = &[
    "Try again, other line",
    "Ask for the payment advice",
    "Check the portal",
    "Copy invoice and delivery note",
    "Get the new PO number",
    "Answer of billing on the dispute",
    "Ask for the approver's name",
    "Call before their pay run",
    "Send the statement",
    "Check with cash application",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_outcome_has_words_and_there_are_many() {
        let of = NOTES.iter().flat_map(|(_, of)| of.iter());
        assert!(of.filter(|t| !t.is_empty()).count() >= 60);
        for outcome in Outcome::ALL {
            assert!(NOTES.iter().any(|(o, _)| *o == outcome), "{outcome:?}");
        }
    }
}
