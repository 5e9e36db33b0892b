//! MIME, as far as a collector's mailbox brings it: headers unfolded and decoded, the first plain
//! text, else the HTML without its tags; names of attachments. Never fails: what cannot be read
//! stays as it is written.

use super::{Incoming, MAX_MAIL};
use duebook_money::Day;

/// Parts within parts beyond this are not opened.
const MAX_DEPTH: u8 = 6;

pub(super) fn read(bytes: &[u8]) -> Incoming {
    let bytes = &bytes[..bytes.len().min(40 * MAX_MAIL)];
    let raw: String = match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => latin(bytes),
    };
    let raw = raw.replace("\r\n", "\n");
    let mut mail = Incoming::default();
    if !is_mail(&raw) {
        mail.text = cut(&raw);
        return mail;
    }
    let (head, body) = split(&raw);
    mail.from = words(header(&head, "from").unwrap_or(""));
    mail.subject = words(header(&head, "subject").unwrap_or(""));
    mail.at = header(&head, "date").and_then(date);
    let mut html = String::new();
    part(&head, body, &mut mail, &mut html, 0);
    if mail.text.trim().is_empty() {
        mail.text = untagged(&html);
    }
    mail.text = cut(mail.text.trim());
    mail
}

fn latin(bytes: &[u8]) -> String {
    bytes.iter().map(|b| char::from(*b)).collect()
}

fn cut(text: &str) -> String {
    text.chars()
        .filter(|c| *c == '\n' || *c == '\t' || !c.is_control())
        .take(MAX_MAIL)
        .collect()
}

/// A file of a mail begins with headers.
fn is_mail(text: &str) -> bool {
    let first: Vec<&str> = text
        .lines()
        .take_while(|l| !l.is_empty())
        .take(200)
        .collect();
    let named = |name: &str| {
        first
            .iter()
            .any(|l| l.to_ascii_lowercase().starts_with(name))
    };
    let shaped = first.first().is_some_and(|l| {
        l.split_once(':').is_some_and(|(n, _)| {
            !n.is_empty() && n.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        })
    });
    shaped
        && named("from:")
        && (named("date:") || named("mime-version:") || named("message-id:") || named("received:"))
}

/// Headers unfolded, and the body.
fn split(text: &str) -> (Vec<(String, String)>, &str) {
    let (head, body) = match text.strip_prefix('\n') {
        Some(body) => ("", body),
        None => text.split_once("\n\n").unwrap_or((text, "")),
    };
    let mut all: Vec<(String, String)> = Vec::new();
    for line in head.lines() {
        match (line.starts_with([' ', '\t']), all.last_mut()) {
            (true, Some((_, value))) => {
                value.push(' ');
                value.push_str(line.trim());
            }
            _ => {
                if let Some((name, value)) = line.split_once(':') {
                    all.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
                }
            }
        }
    }
    (all, body)
}

fn header<'a>(head: &'a [(String, String)], name: &str) -> Option<&'a str> {
    head.iter()
        .find(|(n, _)| n == name)
        .map(|(_, v)| v.as_str())
}

fn parameter(value: &str, name: &str) -> Option<String> {
    let lower = value.to_ascii_lowercase();
    let at = lower.find(&format!("{name}="))? + name.len() + 1;
    let rest = value.get(at..)?;
    match rest.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next().map(str::to_owned),
        None => rest.split([';', ' ']).next().map(str::to_owned),
    }
}

fn part(head: &[(String, String)], body: &str, mail: &mut Incoming, html: &mut String, depth: u8) {
    let kind = header(head, "content-type").unwrap_or("text/plain");
    let lower = kind.to_ascii_lowercase();
    if let (true, Some(boundary)) = (lower.starts_with("multipart/"), parameter(kind, "boundary")) {
        if depth >= MAX_DEPTH || boundary.is_empty() {
            return;
        }
        let mark = format!("--{boundary}");
        for piece in body.split(mark.as_str()).skip(1) {
            if piece.starts_with("--") {
                break;
            }
            let piece = piece.strip_prefix('\n').unwrap_or(piece);
            let (head, body) = split(piece);
            part(&head, body, mail, html, depth + 1);
        }
        return;
    }
    let disposition = header(head, "content-disposition").unwrap_or("");
    let name = parameter(disposition, "filename").or_else(|| parameter(kind, "name"));
    if let Some(name) = name {
        mail.attachments.push(words(&name));
        return;
    }
    let coding = header(head, "content-transfer-encoding")
        .unwrap_or("")
        .to_ascii_lowercase();
    let bytes = match coding.trim() {
        "base64" => from_base64(body),
        "quoted-printable" => from_quoted(body, false),
        _ => body.as_bytes().to_vec(),
    };
    let text = String::from_utf8(bytes).unwrap_or_else(|e| latin(e.as_bytes()));
    if lower.starts_with("text/html") {
        html.push_str(&text);
    } else if lower.starts_with("text/plain") {
        mail.text.push_str(&text);
    }
}

fn from_base64(text: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut have) = (0u32, 0u8);
    for b in text.bytes() {
        let value = match b {
            b'A'..=b'Z' => b - b'A',
            b'a'..=b'z' => b - b'a' + 26,
            b'0'..=b'9' => b - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            b'=' => break,
            _ => continue,
        };
        bits = bits << 6 | u32::from(value);
        have += 6;
        if have >= 8 {
            have -= 8;
            out.push((bits >> have) as u8);
            bits &= (1 << have) - 1;
        }
    }
    out
}

/// Quoted-printable; in a header an underscore is a space.
fn from_quoted(text: &str, header: bool) -> Vec<u8> {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&b) = bytes.get(at) {
        let hex = |n: usize| bytes.get(n).and_then(|b| char::from(*b).to_digit(16));
        match (b, bytes.get(at + 1), hex(at + 1), hex(at + 2)) {
            (b'=', Some(b'\n'), ..) => at += 1,
            (b'=', _, Some(high), Some(low)) => {
                out.push((high * 16 + low) as u8);
                at += 2;
            }
            (b'_', ..) if header => out.push(b' '),
            _ => out.push(b),
        }
        at += 1;
    }
    out
}

/// Encoded words of a header (RFC 2047) as text.
fn words(value: &str) -> String {
    let mut out = String::new();
    let mut rest = value;
    while let Some(at) = rest.find("=?") {
        let coded = rest[at + 2..].splitn(4, '?').collect::<Vec<_>>();
        let [_, how, text, after] = coded.as_slice() else {
            break;
        };
        let Some(after) = after.strip_prefix('=') else {
            break;
        };
        let before = &rest[..at];
        // Space between two encoded words is none.
        if !before.trim().is_empty() || out.is_empty() {
            out.push_str(before);
        }
        let bytes = match *how {
            "B" | "b" => from_base64(text),
            _ => from_quoted(text, true),
        };
        out.push_str(&String::from_utf8(bytes).unwrap_or_else(|e| latin(e.as_bytes())));
        rest = after;
    }
    out.push_str(rest);
    out.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// HTML as text: blocks end lines, tags go, the few common entities are read.
fn untagged(html: &str) -> String {
    let mut out = String::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        let tag = rest[at + 1..].to_ascii_lowercase();
        let name: String = tag
            .trim_start_matches('/')
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .collect();
        if matches!(
            name.as_str(),
            "p" | "br" | "div" | "tr" | "li" | "h1" | "h2" | "h3"
        ) {
            out.push('\n');
        } else if matches!(name.as_str(), "td" | "th") {
            out.push(' ');
        }
        let end = match name.as_str() {
            "style" | "script" if !tag.starts_with('/') => tag.find(&format!("</{name}")),
            _ => None,
        };
        let from = at + 1 + end.unwrap_or(0);
        rest = match rest[from..].find('>') {
            Some(close) => &rest[from + close + 1..],
            None => "",
        };
    }
    out.push_str(rest);
    for (entity, text) in [
        ("&nbsp;", " "),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&amp;", "&"),
    ] {
        out = out.replace(entity, text);
    }
    let lines: Vec<&str> = out.lines().map(str::trim).collect();
    lines
        .join("\n")
        .split("\n\n\n")
        .collect::<Vec<_>>()
        .join("\n")
}

/// "Sun, 22 Nov 2026 08:12:26 +0530" in milliseconds UTC.
fn date(text: &str) -> Option<i64> {
    let text = text.split_once(',').map_or(text, |(_, rest)| rest);
    let mut parts = text.split_whitespace();
    let day: u8 = parts.next()?.parse().ok()?;
    let name = parts.next()?.to_ascii_lowercase();
    const MONTHS: [&str; 12] = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ];
    let month = MONTHS.iter().position(|m| name.starts_with(m))?;
    let year: i32 = parts.next()?.parse().ok()?;
    let day = Day::from_ymd(year, month as u8 + 1, day)?;
    let mut clock = parts.next()?.split(':').map(str::parse::<i64>);
    let mut next = || clock.next().and_then(Result::ok);
    let (hour, minute, second) = (next()?, next()?, next().unwrap_or(0));
    let zone = parts.next().unwrap_or("+0000");
    let east: i64 = match (zone.strip_prefix('+'), zone.strip_prefix('-')) {
        (Some(z), _) => z.parse().ok()?,
        (_, Some(z)) => -z.parse::<i64>().ok()?,
        _ => 0,
    };
    let offset = east / 100 * 60 + east % 100;
    let minutes = i64::from(day.0) * 1440 + hour * 60 + minute - offset;
    Some((minutes * 60 + second) * 1000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eml::{Attachment, Mail, Mailbox, write};

    #[test]
    fn our_own_mails_are_read_back() {
        let mailbox = Mailbox {
            name: "Jürgen Müßig".into(),
            address: "j@example.com".into(),
        };
        let mail = Mail {
            from: mailbox.clone(),
            to: vec![mailbox],
            subject: "Zahlung für 4711 ".repeat(8),
            text: "Wir zahlen 1.234,50 €\nam Freitag.".into(),
            html: "<p>x</p>".into(),
            attachments: vec![Attachment {
                name: "Avis.pdf".into(),
                mime: "application/pdf".into(),
                bytes: vec![1, 2, 3],
            }],
            at: 1_795_335_146_000,
        };
        let read = read(&write(&mail));
        assert_eq!(read.from, "Jürgen Müßig <j@example.com>");
        assert_eq!(read.subject, mail.subject.trim());
        assert_eq!(read.at, Some(mail.at));
        assert_eq!(read.text.replace('\r', ""), mail.text);
        assert_eq!(read.attachments, ["Avis.pdf"]);
    }

    #[test]
    fn a_pasted_text_is_itself_and_html_loses_its_tags() {
        assert_eq!(
            read(b"From: us\nwe pay on Friday").text,
            "From: us\nwe pay on Friday"
        );
        let html = b"From: a@b.c\r\nDate: Mon, 2 Mar 2026 23:30:00 -0500\r\nContent-Type: text/html\r\n\r\n<style>p{x:1}</style><p>Paid &amp; done</p><p>42</p>";
        let mail = read(html);
        assert_eq!(mail.text, "Paid & done\n\n42");
        assert_eq!(mail.at, Some(1_772_512_200_000));
        for odd in [
            "",
            "=?",
            "From: x\nDate: y\nContent-Type: multipart/mixed; boundary=\"\"\n\n--",
            "a: <\n\n",
            "From:=?UTF-8?B?/?=\nDate: 1 Jan 2026 1",
        ] {
            let _ = read(odd.as_bytes());
        }
    }
}
