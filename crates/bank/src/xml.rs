//! XML by local names: a stream of elements, and small trees of what is read as a whole. Damage is
//! stepped over: a wrong closing tag closes what it can, and broken markup is left behind.

use crate::finding::{Findings, Problem, short};
use crate::limits::{MAX_DEPTH, MAX_ELEMENTS, MAX_TEXT_BYTES};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

/// An element with all that is in it.
#[derive(Debug, Default)]
pub(crate) struct Node {
    pub name: String,
    /// Its own text, blanks around it removed.
    pub text: String,
    /// The attribute `Ccy`.
    pub currency: Option<String>,
    pub line: u32,
    pub children: Vec<Node>,
}

impl Node {
    /// The first child of that name.
    pub fn child(&self, name: &str) -> Option<&Node> {
        self.children.iter().find(|c| c.name == name)
    }
    /// The children of that name.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Node> {
        self.children.iter().filter(move |c| c.name == name)
    }
    /// The first element down a path of names (`Id/IBAN`).
    pub fn at(&self, path: &str) -> Option<&Node> {
        path.split('/')
            .try_fold(self, |node, name| node.child(name))
    }
    /// The text of [`Node::at`], if there is any.
    pub fn text_at(&self, path: &str) -> Option<&str> {
        self.at(path)
            .map(|n| n.text.as_str())
            .filter(|t| !t.is_empty())
    }
    /// See [`Node::text_at`], owned.
    pub fn owned(&self, path: &str) -> Option<String> {
        self.text_at(path).map(str::to_owned)
    }
}

/// What comes next in the stream.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Token {
    /// An element begins.
    Open(String),
    /// The element opened last ends.
    Close,
    /// The file ends.
    End,
}

/// A stream over the elements of a text.
pub(crate) struct Xml<'a> {
    text: &'a str,
    /// Where the reader's text begins in `text`.
    base: usize,
    reader: Reader<&'a [u8]>,
    open: Vec<String>,
    /// Elements still to be closed for a closing tag that named one further out.
    closing: usize,
    currency: Option<String>,
    counted: usize,
    line: u32,
}

/// A reader that leaves the matching of names to us.
fn reader(text: &str) -> Reader<&[u8]> {
    let mut reader = Reader::from_str(text);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    config.allow_dangling_amp = true;
    config.expand_empty_elements = true;
    reader
}

impl<'a> Xml<'a> {
    pub fn new(text: &'a str) -> Xml<'a> {
        Xml {
            text,
            base: 0,
            reader: reader(text),
            open: Vec::new(),
            closing: 0,
            currency: None,
            counted: 0,
            line: 1,
        }
    }

    /// Line of what was read last.
    pub fn line(&mut self) -> u32 {
        let position = usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX);
        let to = self.base.saturating_add(position).min(self.text.len());
        if to > self.counted {
            let new = self.text.as_bytes()[self.counted..to]
                .iter()
                .filter(|b| **b == b'\n')
                .count();
            self.line = self
                .line
                .saturating_add(u32::try_from(new).unwrap_or(u32::MAX));
            self.counted = to;
        }
        self.line
    }

    /// How many elements are open.
    pub fn depth(&self) -> usize {
        self.open.len()
    }

    /// The next element's beginning or end; text between elements is passed over.
    pub fn next(&mut self, findings: &mut Findings) -> Token {
        self.step(findings, &mut None)
    }

    /// Passes over the element opened last.
    pub fn skip(&mut self, findings: &mut Findings) {
        let depth = self.depth();
        while self.depth() >= depth && self.next(findings) != Token::End {}
    }

    /// The element opened last, as a tree; `None` (and a finding) if it is too big.
    pub fn tree(&mut self, findings: &mut Findings) -> Option<Node> {
        let mut stack = vec![Node {
            name: self.open.last().cloned().unwrap_or_default(),
            currency: self.currency.take(),
            line: self.line(),
            ..Node::default()
        }];
        let (mut elements, mut whole) = (0usize, true);
        loop {
            let mut text = Some(String::new());
            let token = self.step(findings, &mut text);
            let top = stack.last_mut()?;
            let found = text.unwrap_or_default();
            if top.text.len() + found.len() > MAX_TEXT_BYTES {
                whole = false;
            } else {
                top.text.push_str(&found);
            }
            match token {
                Token::Open(name) => {
                    elements += 1;
                    whole = whole && elements <= MAX_ELEMENTS;
                    if whole || stack.len() == 1 {
                        let currency = self.currency.take();
                        stack.push(Node {
                            name,
                            currency,
                            line: self.line(),
                            ..Node::default()
                        });
                    } else {
                        self.skip(findings);
                    }
                }
                Token::Close | Token::End => {
                    let mut done = stack.pop()?;
                    done.text = done.text.trim().to_owned();
                    match stack.last_mut() {
                        Some(parent) => parent.children.push(done),
                        None if whole => return Some(done),
                        None => {
                            findings.add(Problem::Limit {
                                what: "elements",
                                limit: MAX_ELEMENTS,
                            });
                            return None;
                        }
                    }
                }
            }
        }
    }

    fn step(&mut self, findings: &mut Findings, text: &mut Option<String>) -> Token {
        loop {
            if self.closing > 0 {
                self.closing -= 1;
                self.open.pop();
                return Token::Close;
            }
            match self.reader.read_event() {
                Ok(Event::Start(start)) => {
                    if self.open.len() >= MAX_DEPTH {
                        findings.add(Problem::Limit {
                            what: "depth",
                            limit: MAX_DEPTH,
                        });
                        return Token::End;
                    }
                    let name = start.local_name().as_ref().to_owned();
                    self.currency = currency(&start);
                    self.open.push(name.clone());
                    return Token::Open(name);
                }
                Ok(Event::End(end)) => {
                    let name = end.local_name();
                    match self.open.iter().rposition(|n| n == name.as_ref()) {
                        Some(at) => {
                            self.closing = self.open.len() - at;
                            if self.closing > 1 {
                                self.damaged(findings, name.as_ref());
                            }
                        }
                        None => self.damaged(findings, name.as_ref()),
                    }
                }
                Ok(Event::Text(found)) => push(text, &found),
                Ok(Event::CData(found)) => push(text, &found),
                Ok(Event::GeneralRef(found)) => match entity(&found) {
                    Some(c) => push(text, c.encode_utf8(&mut [0; 4])),
                    None => push(text, &format!("&{};", &*found)),
                },
                Ok(Event::Eof) => return self.at_end(findings),
                Ok(_) => {}
                Err(_) => {
                    if !self.pass_damage(findings) {
                        return self.at_end(findings);
                    }
                }
            }
        }
    }

    /// At the end of the text: what is still open was cut off; it is closed, one by one.
    fn at_end(&mut self, findings: &mut Findings) -> Token {
        if self.open.is_empty() {
            return Token::End;
        }
        let line = self.line();
        if !findings
            .list
            .iter()
            .any(|f| matches!(f.problem, Problem::CutOff { .. }))
        {
            findings.on(line, Problem::CutOff { inside: "XML" });
        }
        self.closing = self.open.len() - 1;
        self.open.pop();
        Token::Close
    }

    fn damaged(&mut self, findings: &mut Findings, name: &str) {
        let line = self.line();
        findings.on(
            line,
            Problem::Damaged {
                what: "closing tag",
                text: short(name),
            },
        );
    }

    /// After broken markup: goes on at the next `<` behind it.
    fn pass_damage(&mut self, findings: &mut Findings) -> bool {
        let line = self.line();
        let error = usize::try_from(self.reader.error_position()).unwrap_or(usize::MAX);
        let from = self.base.saturating_add(error).min(self.text.len());
        let rest = self.text.get(from..).unwrap_or("");
        findings.on(
            line,
            Problem::Damaged {
                what: "markup",
                text: short(rest.lines().next().unwrap_or("")),
            },
        );
        // Past the `<` that broke, to the one after it.
        let past = rest.char_indices().nth(1).map_or(rest.len(), |(i, _)| i);
        match rest[past..].find('<') {
            Some(at) => {
                self.base = from + past + at;
                self.reader = reader(&self.text[self.base..]);
                true
            }
            None => {
                self.base = self.text.len();
                self.reader = reader("");
                false
            }
        }
    }
}

fn push(text: &mut Option<String>, found: &str) {
    if let Some(text) = text
        && text.len() + found.len() <= 2 * MAX_TEXT_BYTES
    {
        text.push_str(found);
    }
}

/// The attribute `Ccy` of an amount.
fn currency(start: &BytesStart<'_>) -> Option<String> {
    let mut attributes = start.attributes();
    attributes.with_checks(false);
    let found = attributes
        .flatten()
        .find(|a| a.key.local_name().as_ref() == "Ccy")?;
    Some(found.value.trim().to_owned())
}

/// A character of `&amp;`, `&#228;`, `&#xE4;` and so on; the name is given without `&` and `;`.
pub(crate) fn entity(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some(' '),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code).filter(|c| *c != '\0')
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(text: &str) -> (Node, Findings) {
        let mut findings = Findings::default();
        let mut xml = Xml::new(text);
        assert!(matches!(xml.next(&mut findings), Token::Open(_)), "{text}");
        (xml.tree(&mut findings).expect("a tree"), findings)
    }

    #[test]
    fn names_are_local_and_texts_whole() {
        let (node, findings) =
            tree("<a:A xmlns:a='x'>\n<a:B Ccy='EUR'> M&amp;S &#228;<![CDATA[<]]> </a:B><C/></a:A>");
        assert!(findings.list.is_empty(), "{:?}", findings.list);
        assert_eq!(node.text_at("B"), Some("M&S ä<"));
        let b = node.child("B").expect("b");
        assert_eq!((b.currency.as_deref(), b.line), (Some("EUR"), 2));
        assert!(node.text_at("C").is_none());
    }

    #[test]
    fn damage_is_stepped_over() {
        let (node, findings) = tree("<A><B><C>1</B><B>2 & 3</B></X><D>4 < 5</D></A>");
        assert_eq!(node.at("B/C").map(|n| n.text.as_str()), Some("1"));
        assert_eq!(node.all("B").last().map(|n| n.text.as_str()), Some("2 & 3"));
        assert!(findings.list.len() >= 2, "{:?}", findings.list);
        let (node, findings) = tree("<A><B>1</B><B>2");
        assert_eq!(node.all("B").count(), 2);
        assert_eq!(findings.list.len(), 1);
    }
}
