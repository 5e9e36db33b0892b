//! A template with its fields filled in. A field without a value is named, not left blank: a letter
//! that says "We wrote to you on ." never goes out.

use crate::doc::Block;
use std::collections::BTreeMap;

/// What fields stand for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fields {
    /// Within a sentence.
    pub inline: BTreeMap<&'static str, String>,
    /// On a line of their own.
    pub blocks: BTreeMap<&'static str, Vec<Block>>,
}

/// A template merged.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Merged {
    /// Subject, one line.
    pub subject: String,
    /// Body.
    pub body: Vec<Block>,
    /// Fields that are unknown or have no value here, once each.
    pub missing: Vec<String>,
}

/// Fields that may be without a value: the text around them stands alone.
const OPTIONAL: [&str; 10] = [
    "pay_to",
    "disputes",
    "terms",
    "address",
    "questions",
    "remittance",
    "aging",
    "credit",
    "signature",
    "interest",
];

/// Fills in subject and body.
pub fn merge(subject: &str, body: &str, fields: &Fields) -> Merged {
    let mut merged = Merged::default();
    let one_line = fill(subject, fields, &mut merged.missing);
    merged.subject = one_line.split_whitespace().collect::<Vec<_>>().join(" ");
    let body = body.replace("\r\n", "\n");
    for part in body.split("\n\n").map(str::trim).filter(|p| !p.is_empty()) {
        match block_field(part) {
            Some(name) => match fields.blocks.get(name) {
                Some(blocks) => merged.body.extend(blocks.iter().cloned()),
                None if OPTIONAL.contains(&name) => {}
                None => miss(&mut merged.missing, name),
            },
            None => {
                let text = fill(part, fields, &mut merged.missing);
                merged.body.push(match text.contains('\n') {
                    true => Block::Lines(text.lines().map(|l| l.trim_end().to_owned()).collect()),
                    false => Block::Paragraph(text),
                });
            }
        }
    }
    merged
}

/// The name of the only field of a part.
fn block_field(part: &str) -> Option<&str> {
    let name = part.strip_prefix("{{")?.strip_suffix("}}")?.trim();
    let alone = !name.contains(['{', '}', '\n']);
    (alone && duebook_policy::letters::is_block_field(name)).then_some(name)
}

fn fill(text: &str, fields: &Fields, missing: &mut Vec<String>) -> String {
    let mut out = String::with_capacity(text.len() + 64);
    let mut rest = text;
    while let Some(at) = rest.find("{{") {
        out.push_str(&rest[..at]);
        let after = &rest[at + 2..];
        let Some(end) = after.find("}}") else {
            miss(missing, after);
            return out;
        };
        let name = after[..end].trim();
        match fields.inline.get(name).filter(|v| !v.is_empty()) {
            Some(value) => out.push_str(value),
            None if OPTIONAL.contains(&name) => {}
            None => miss(missing, name),
        }
        rest = &after[end + 2..];
    }
    out.push_str(rest);
    out
}

fn miss(missing: &mut Vec<String>, name: &str) {
    let name: String = name.chars().take(40).collect();
    if !missing.contains(&name) {
        missing.push(name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cp_07_a_field_without_a_value_is_named_and_never_left_blank() {
        let mut fields = Fields::default();
        fields.inline.insert("contact", "Anne {{total}} <b>".into());
        fields.inline.insert("total", String::new());
        let body = "Dear {{contact}},\n\n{{table}}\n\n{{pay_to}}\n\nWe ask for {{total}} {{nonsense}} {{total}}.";
        let merged = merge("For\n{{contact}}", body, &fields);
        assert_eq!(merged.missing, ["table", "total", "nonsense"]);
        assert_eq!(
            merged.subject, "For Anne {{total}} <b>",
            "a value is not read as a template"
        );
        assert_eq!(merged.body.len(), 2);
        let open = merge("x", "{{total", &Fields::default());
        assert_eq!(open.missing, ["total"]);
    }
}
