//! A `mailto:` link within what browsers and mail programs take.

use crate::eml::{is_address, percent};

/// Characters of a link that every mail program takes.
pub const MAX_LINK: usize = 1_900;

/// A link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// `mailto:...`
    pub href: String,
    /// The body did not fit and ends early: the rest has to be pasted.
    pub cut: bool,
}

/// The link of a mail; recipients that are no addresses are left out.
pub fn link(to: &[&str], subject: &str, body: &str, rest: &str) -> Link {
    let to: Vec<String> = to
        .iter()
        .filter(|a| is_address(a))
        .map(|a| percent(a, true))
        .collect();
    let subject: String = subject.chars().take(200).collect();
    let mut head = format!(
        "mailto:{}?subject={}",
        to.join(","),
        percent(&subject, false)
    );
    if head.len() > MAX_LINK {
        head = format!("mailto:?subject={}", percent(&subject, false));
    }
    let encode = |text: &str| percent(&text.replace("\r\n", "\n").replace('\n', "\r\n"), false);
    let whole = encode(body);
    if head.len() + 6 + whole.len() <= MAX_LINK {
        let href = format!("{head}&body={whole}");
        return Link { href, cut: false };
    }
    // Whole lines, as many as fit before the word that more is to be pasted.
    let end = encode(&format!("\n{rest}\n"));
    let room = MAX_LINK.saturating_sub(head.len() + 6 + end.len());
    let mut kept = String::new();
    for line in body.lines() {
        let line = encode(&format!("{line}\n"));
        if kept.len() + line.len() > room {
            break;
        }
        kept.push_str(&line);
    }
    Link {
        href: format!("{head}&body={kept}{end}"),
        cut: true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_never_longer_than_programs_take() {
        let short = link(
            &["a@b.example", "x?cc=evil@c.example"],
            "A & B",
            "Hi\nthere",
            "…",
        );
        assert_eq!(
            short.href,
            "mailto:a@b.example?subject=A%20%26%20B&body=Hi%0D%0Athere"
        );
        assert!(!short.cut);
        let long = link(
            &["a@b.example"],
            "ü",
            &"zwölf Zeilen\n".repeat(500),
            "(Rest einfügen)",
        );
        assert!(
            long.cut && long.href.len() <= MAX_LINK && long.href.ends_with("%29%0D%0A"),
            "{}",
            long.href.len()
        );
        let many: Vec<String> = (0..200).map(|n| format!("person{n}@example.com")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert!(link(&many, "s", "b", "r").href.len() <= MAX_LINK);
    }
}
