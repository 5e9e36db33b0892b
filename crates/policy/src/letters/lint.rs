//! Truthfulness of what is written (CP-07): unknown fields, figures typed by hand, threats.

/// Fields that stand within a sentence.
pub const INLINE: [&str; 25] = [
    "customer",
    "customer_number",
    "contact",
    "company",
    "sender",
    "sender_role",
    "mailbox",
    "phone",
    "date",
    "total",
    "overdue",
    "not_due",
    "credit",
    "disputed",
    "promised",
    "count",
    "oldest_days",
    "oldest_due",
    "next_due",
    "cutoff",
    "query",
    "documents",
    "reference",
    "last_reminder",
    "answer_by",
];
/// Fields that stand on a line of their own.
pub const BLOCKS: [&str; 10] = [
    "table",
    "aging",
    "pay_to",
    "disputes",
    "terms",
    "address",
    "remittance",
    "questions",
    "signature",
    "interest",
];

/// Whether a field stands on a line of its own.
pub fn is_block_field(name: &str) -> bool {
    BLOCKS.contains(&name)
}

/// Something in a text that should not be there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lint {
    /// `{{...}}` names no field, or is not closed.
    UnknownField(String),
    /// A figure typed by hand: it would be the same in every letter.
    Amount(String),
    /// A threat, false urgency or an office that we do not have.
    Threat(String),
}

/// Words that are no way to ask for money, in lower case (AJA 1970 s.40, CP-07).
const THREATS: [&str; 26] = [
    "police",
    "criminal",
    "arrest",
    "prosecut",
    "prison",
    "jail",
    "fraud",
    "theft",
    "bailiff",
    "sheriff",
    "blacklist",
    "black list",
    "credit bureau",
    "credit rating",
    "credit score",
    "tax authorit",
    "government",
    "court order",
    "your employer",
    "publicly",
    "name and shame",
    "final warning",
    "last chance",
    "within 24 hours",
    "immediately or",
    "legal consequences",
];

/// Looks for what should not be in a template.
pub fn lint(text: &str) -> Vec<Lint> {
    let mut found = Vec::new();
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("{{") {
        plain.push_str(&rest[..at]);
        plain.push('\u{1}');
        let after = &rest[at + 2..];
        let Some(end) = after.find("}}") else {
            found.push(Lint::UnknownField(after.chars().take(30).collect()));
            rest = "";
            break;
        };
        let name = after[..end].trim();
        if !INLINE.contains(&name) && !BLOCKS.contains(&name) {
            found.push(Lint::UnknownField(name.chars().take(30).collect()));
        }
        rest = &after[end + 2..];
    }
    plain.push_str(rest);
    found.extend(amounts(&plain).into_iter().map(Lint::Amount));
    let lower = plain.to_lowercase();
    let threats = THREATS.iter().filter(|t| holds(&lower, t));
    found.extend(threats.map(|t| Lint::Threat((*t).to_owned())));
    found
}

/// Whether a text holds a word or the beginning of one, not the middle of another.
fn holds(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        !before.is_some_and(char::is_alphanumeric)
    })
}

/// Figures that look like money: with decimals, grouped thousands, or beside a currency.
fn amounts(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let words: Vec<&str> = text.split_whitespace().collect();
    for (at, word) in words.iter().enumerate() {
        let bare = word.trim_matches(|c: char| !c.is_ascii_digit());
        if !bare.starts_with(|c: char| c.is_ascii_digit()) {
            continue;
        }
        let digits = bare.chars().filter(char::is_ascii_digit).count();
        let figures = bare
            .chars()
            .all(|c| c.is_ascii_digit() || ",.'\u{a0}".contains(c));
        let decimals = bare.rsplit(['.', ',']).next().map_or(0, str::len);
        let parts = bare.split(['.', ',']).count();
        // 10.30 is a time and 4,000.00 an amount; 31.12.2026 is a date.
        let grouped = parts > 1 && bare.split(['.', ',']).skip(1).any(|p| p.len() == 3);
        let cents = parts == 2 && decimals == 2 && digits > 4;
        let near = [at.checked_sub(1), Some(at + 1)];
        let near = near.into_iter().flatten().filter_map(|n| words.get(n));
        let beside = near.chain([word]).any(|w| is_currency(w));
        if figures && (grouped || cents || beside) && !bare.is_empty() {
            found.push((*word).chars().take(30).collect());
        }
    }
    found
}

fn is_currency(word: &str) -> bool {
    const SIGNS: [&str; 6] = ["$", "€", "£", "₹", "¥", "Rs"];
    let letters = word.trim_matches(|c: char| !c.is_alphabetic());
    let code = letters.len() == 3 && duebook_money::Currency::from_code(letters).is_some();
    code || SIGNS
        .iter()
        .any(|s| word.starts_with(s) || word.ends_with(s))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cp_07_what_should_not_be_in_a_template() {
        let said = |text: &str| lint(text);
        assert_eq!(
            said("Dear {{contact}}, {{total}} is open since {{ oldest_due }}."),
            []
        );
        assert_eq!(
            said("{{nonsense}}"),
            [Lint::UnknownField("nonsense".into())]
        );
        assert_eq!(said("{{total"), [Lint::UnknownField("total".into())]);
        for amount in [
            "1,200.00",
            "48 200 EUR 5",
            "€500",
            "4000.00",
            "Rs 12000",
            "1.234,56",
        ] {
            assert!(
                matches!(said(amount).first(), Some(Lint::Amount(_))),
                "{amount}: {:?}",
                said(amount)
            );
        }
        for fine in [
            "within 7 days",
            "call 10.30 to 17.30",
            "31.12.2026",
            "+49 30 1234567",
            "30/60",
        ] {
            assert_eq!(said(fine), [], "{fine}");
        }
        for threat in [
            "We will call the POLICE",
            "criminal charges",
            "This is your final warning",
        ] {
            assert!(
                matches!(said(threat).first(), Some(Lint::Threat(_))),
                "{threat}"
            );
        }
        assert_eq!(said("defraudulent is no word, unpoliced neither"), []);
    }
}
