//! A mail as a file (RFC 5322, MIME): opened by a mail program as a draft, with text, HTML and
//! attachments. Lines are folded and encoded so that no value can add a header.

use crate::html::is_allowed;
use duebook_money::Day;

/// A mailbox with its name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mailbox {
    /// Display name; may be empty.
    pub name: String,
    /// Address.
    pub address: String,
}

/// A file that goes along.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Name of the file.
    pub name: String,
    /// Media type.
    pub mime: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A mail.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mail {
    /// Who writes; without an address the mail program fills it in.
    pub from: Mailbox,
    /// To whom.
    pub to: Vec<Mailbox>,
    /// Subject.
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// HTML page.
    pub html: String,
    /// Attachments.
    pub attachments: Vec<Attachment>,
    /// When, milliseconds UTC.
    pub at: i64,
}

/// Whether an address can stand in a header and a link as it is.
pub fn is_address(address: &str) -> bool {
    let Some((local, domain)) = address.rsplit_once('@') else {
        return false;
    };
    let plain = |c: char| c.is_ascii_graphic() && !"()<>[]:;@\\,\"?".contains(c);
    let dots = |t: &str| !t.starts_with('.') && !t.ends_with('.') && !t.contains("..");
    let length = address.len() <= 254 && (1..=64).contains(&local.len());
    let host = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
    length
        && local.chars().all(plain)
        && dots(local)
        && domain.contains('.')
        && domain.chars().all(host)
        && dots(domain)
}

/// A draft of plain text alone, as bytes.
pub fn plain(subject: &str, text: &str) -> Vec<u8> {
    let mut out = String::new();
    header(&mut out, "X-Unsent", "1");
    unstructured(&mut out, "Subject", subject);
    header(&mut out, "MIME-Version", "1.0");
    header(&mut out, "Content-Type", "text/plain; charset=utf-8");
    header(&mut out, "Content-Transfer-Encoding", "base64");
    out.push_str("\r\n");
    let crlf = text.replace("\r\n", "\n").replace('\n', "\r\n");
    lines(&mut out, crlf.as_bytes());
    out.into_bytes()
}

/// The mail's bytes.
pub fn write(mail: &Mail) -> Vec<u8> {
    let mut out = String::new();
    // Outlook opens such a file for writing, not for reading.
    header(&mut out, "X-Unsent", "1");
    if is_address(&mail.from.address) {
        addresses(&mut out, "From", std::slice::from_ref(&mail.from));
    }
    addresses(&mut out, "To", &mail.to);
    unstructured(&mut out, "Subject", &mail.subject);
    header(&mut out, "Date", &date(mail.at));
    header(&mut out, "MIME-Version", "1.0");
    let mixed = !mail.attachments.is_empty();
    if mixed {
        header(
            &mut out,
            "Content-Type",
            "multipart/mixed; boundary=\"=_duebook_mixed\"",
        );
        out.push_str("\r\n--=_duebook_mixed\r\n");
    }
    header(
        &mut out,
        "Content-Type",
        "multipart/alternative; boundary=\"=_duebook_alt\"",
    );
    out.push_str("\r\n");
    for (kind, body) in [("plain", &mail.text), ("html", &mail.html)] {
        out.push_str("--=_duebook_alt\r\n");
        header(
            &mut out,
            "Content-Type",
            &format!("text/{kind}; charset=utf-8"),
        );
        header(&mut out, "Content-Transfer-Encoding", "base64");
        out.push_str("\r\n");
        let crlf = body.replace("\r\n", "\n").replace('\n', "\r\n");
        lines(&mut out, crlf.as_bytes());
    }
    out.push_str("--=_duebook_alt--\r\n");
    for file in &mail.attachments {
        out.push_str("--=_duebook_mixed\r\n");
        let plain: String = ascii(&file.name);
        let mime = match file
            .mime
            .chars()
            .all(|c| c.is_ascii_graphic() && c != '"' && c != ';')
        {
            true if file.mime.contains('/') => file.mime.as_str(),
            _ => "application/octet-stream",
        };
        header(
            &mut out,
            "Content-Type",
            &format!("{mime};\r\n name=\"{plain}\""),
        );
        let encoded = percent(&file.name, false);
        let mut disposition = format!("attachment;\r\n filename=\"{plain}\"");
        if plain != file.name {
            disposition.push_str(&continued(&encoded));
        }
        header(&mut out, "Content-Disposition", &disposition);
        header(&mut out, "Content-Transfer-Encoding", "base64");
        out.push_str("\r\n");
        lines(&mut out, &file.bytes);
    }
    if mixed {
        out.push_str("--=_duebook_mixed--\r\n");
    }
    out.into_bytes()
}

fn header(out: &mut String, name: &str, value: &str) {
    out.push_str(name);
    out.push_str(": ");
    out.push_str(value);
    out.push_str("\r\n");
}

/// A long parameter in pieces (RFC 2231), so that no line is longer than 78.
fn continued(encoded: &str) -> String {
    let mut out = String::new();
    let bytes = encoded.as_bytes();
    let (mut at, mut piece) = (0, 0);
    while at < bytes.len() {
        let mut end = (at + 50).min(bytes.len());
        // Not inside a %XX.
        while end < bytes.len()
            && end > at + 2
            && (bytes[end - 1] == b'%' || bytes[end - 2] == b'%')
        {
            end -= 1;
        }
        let charset = if piece == 0 { "UTF-8''" } else { "" };
        out.push_str(&format!(
            ";\r\n filename*{piece}*={charset}{}",
            &encoded[at..end]
        ));
        (at, piece) = (end, piece + 1);
    }
    out
}

/// A name in plain letters, for programs that read no other.
fn ascii(name: &str) -> String {
    let one = |c: char| match c {
        '"' | '\\' | '/' => '_',
        c if c.is_ascii_graphic() || c == ' ' => c,
        _ => '_',
    };
    let short: String = name.chars().map(one).collect();
    match short.len() > 60 {
        // The kind of a file is its end.
        true => format!("{}{}", &short[..50], &short[short.len() - 10..]),
        false => short,
    }
}

fn one_line(text: &str) -> String {
    let kept = text.chars().filter(|c| is_allowed(*c) || c.is_whitespace());
    let text: String = kept
        .map(|c| if c.is_whitespace() { ' ' } else { c })
        .collect();
    text.split(' ')
        .filter(|w| !w.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// A text in a header: as it is where plain and short, else in encoded words (RFC 2047).
fn unstructured(out: &mut String, name: &str, text: &str) {
    let text = one_line(text);
    let plain = text.is_ascii() && !text.contains("=?");
    let value = match plain {
        true => fold(&text, name.len() + 2),
        false => encoded_words(&text),
    };
    header(out, name, &value);
}

/// Breaks at spaces so that lines stay within 78; a word longer than a line stays whole.
fn fold(text: &str, first: usize) -> String {
    let mut out = String::new();
    let mut length = first;
    for (n, word) in text.split(' ').enumerate() {
        if n > 0 && length + 1 + word.len() > 76 {
            out.push_str("\r\n ");
            length = 1;
        } else if n > 0 {
            out.push(' ');
            length += 1;
        }
        out.push_str(word);
        length += word.len();
    }
    out
}

fn encoded_words(text: &str) -> String {
    let mut words: Vec<String> = Vec::new();
    let mut piece = String::new();
    for c in text.chars() {
        // 45 bytes are 60 of base64, with frame and folding under 75.
        if piece.len() + c.len_utf8() > 42 {
            words.push(format!("=?UTF-8?B?{}?=", base64(piece.as_bytes())));
            piece.clear();
        }
        piece.push(c);
    }
    words.push(format!("=?UTF-8?B?{}?=", base64(piece.as_bytes())));
    words.join("\r\n ")
}

fn addresses(out: &mut String, name: &str, of: &[Mailbox]) {
    let one = |m: &Mailbox| {
        let shown = one_line(&m.name);
        let atom = |c: char| c.is_ascii_alphanumeric() || " !#$%&'*+-/=?^_`{|}~".contains(c);
        match shown.as_str() {
            "" => m.address.clone(),
            n if n.chars().all(atom) && !n.contains("=?") => format!("{n} <{}>", m.address),
            n if n.is_ascii() && !n.contains("=?") => {
                let quoted = n.replace('\\', "\\\\").replace('"', "\\\"");
                format!("\"{quoted}\" <{}>", m.address)
            }
            n => format!("{}\r\n <{}>", encoded_words(n), m.address),
        }
    };
    let all: Vec<String> = of
        .iter()
        .filter(|m| is_address(&m.address))
        .map(one)
        .collect();
    if !all.is_empty() {
        header(out, name, &all.join(",\r\n "));
    }
}

/// "Sun, 22 Nov 2026 08:12:26 +0000".
fn date(at: i64) -> String {
    const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let seconds = at.div_euclid(1000);
    let day = Day(i32::try_from(seconds.div_euclid(86_400)).unwrap_or(0));
    let second = seconds.rem_euclid(86_400);
    let (y, m, d) = day.ymd();
    let weekday = DAYS[usize::from(day.weekday().index()) % 7];
    let month = MONTHS[usize::from(m).saturating_sub(1) % 12];
    let (h, min, s) = (second / 3600, second / 60 % 60, second % 60);
    format!("{weekday}, {d} {month} {y} {h:02}:{min:02}:{s:02} +0000")
}

fn lines(out: &mut String, bytes: &[u8]) {
    // 57 bytes are 76 characters.
    for piece in bytes.chunks(57) {
        out.push_str(&base64(piece));
        out.push_str("\r\n");
    }
}

/// RFC 4648, with padding.
pub fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let at = |n: usize| u32::from(three.get(n).copied().unwrap_or(0));
        let bits = at(0) << 16 | at(1) << 8 | at(2);
        for n in 0..4 {
            let letter = LETTERS[(bits >> (18 - 6 * n)) as usize & 63];
            out.push(if n <= three.len() {
                char::from(letter)
            } else {
                '='
            });
        }
    }
    out
}

/// Percent-encodes UTF-8; `wide`: with the few marks a mail link may keep.
pub(crate) fn percent(text: &str, wide: bool) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    for b in text.bytes() {
        let plain = b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~');
        match plain || (wide && matches!(b, b'@' | b'!' | b'*' | b',')) {
            true => out.push(char::from(b)),
            false => out.push_str(&format!("%{b:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mailbox(name: &str, address: &str) -> Mailbox {
        Mailbox {
            name: name.into(),
            address: address.into(),
        }
    }

    #[test]
    fn a_plain_draft_has_one_subject_whatever_a_customer_is_called() {
        let mail = plain("[C-1] Müller\r\nBcc: a@b.example", "To pay: 5 €\nnow");
        let text = String::from_utf8(mail).expect("ASCII");
        assert!(text.is_ascii() && !text.contains("Bcc: a@"), "{text}");
        assert_eq!(text.matches("Subject:").count(), 1);
        let (head, body) = text.split_once("\r\n\r\n").expect("a body");
        assert!(head.lines().all(|l| l.len() <= 78), "{head}");
        assert!(body.starts_with("VG8gcGF5OiA1IOKCrA0Kbm93"), "{body}");
    }

    #[test]
    fn base64_as_in_rfc_4648() {
        for (plain, coded) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
    }

    #[test]
    fn hostile_names_add_no_header_and_lines_stay_short() {
        let mail = Mail {
            from: mailbox("Collections", "ar@example.com"),
            to: vec![
                mailbox("Smith, \"Jo\"\r\nBcc: all@evil.example", "jo@example.com"),
                mailbox(
                    "Jürgen Müßig-Österreich von und zu Hohenlohe",
                    "j@example.com",
                ),
                mailbox("", "not an address"),
                mailbox("x", "a@b.c\r\nBcc: evil@example.com"),
            ],
            subject: format!("Statement\r\nBcc: x@evil.example {}", "Ünpaid ".repeat(30)),
            text: "Grüße".into(),
            html: "<p>x</p>".into(),
            attachments: vec![Attachment {
                name: "Rechnung Ä \"1\"\r\nX: y.pdf".into(),
                mime: "application/pdf\r\nX: y".into(),
                bytes: vec![0, 255, 1],
            }],
            at: 1_795_335_146_000,
        };
        let text = String::from_utf8(write(&mail)).expect("ASCII");
        assert!(text.is_ascii() && !text.replace("\r\n", "").contains(['\r', '\n']));
        assert!(text.lines().all(|l| l.len() <= 78), "{text}");
        let head = text.split("\r\n\r\n").next().unwrap_or("");
        let names: Vec<&str> = head
            .lines()
            .filter(|l| !l.starts_with(' '))
            .filter_map(|l| l.split_once(':'))
            .map(|p| p.0)
            .collect();
        assert_eq!(
            names,
            [
                "X-Unsent",
                "From",
                "To",
                "Subject",
                "Date",
                "MIME-Version",
                "Content-Type"
            ]
        );
        assert!(
            !text.contains("evil@example.com") && text.contains("Date: Sun, 22 Nov 2026 "),
            "{head}"
        );
        assert!(
            text.contains("\"Smith, \\\"Jo\\\" Bcc: all@evil.example\" <jo@example.com>"),
            "{head}"
        );
        assert!(
            text.lines()
                .all(|l| !l.starts_with("Bcc") && !l.starts_with("X: y"))
        );
    }

    #[test]
    fn addresses_that_cannot_stand_are_refused() {
        for good in ["a@b.example", "first.last+tag@sub.example.com"] {
            assert!(is_address(good), "{good}");
        }
        for bad in [
            "",
            "a",
            "a@b",
            "a b@c.de",
            "a@b..de",
            "<a@b.de>",
            "a@b.de?cc=x@y.z",
            "a,b@c.de",
            ".a@b.de",
        ] {
            assert!(!is_address(bad), "{bad}");
        }
    }
}
