//! The words of the payment-terms grammar: tokens, and the phrases people write for them.

use crate::terms_parse::TermsError;

/// A piece of the text, with its byte position.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Token {
    /// A number and its decimals in ten-thousandths: 2.5 is (2, 5000).
    Number {
        whole: u32,
        fraction: u32,
    },
    Word(String),
    Mark(char),
}

/// The tokens of a text.
pub(crate) fn lex(text: &str) -> Result<Vec<(usize, Token)>, TermsError> {
    let bytes = text.as_bytes();
    let mut tokens = Vec::new();
    let mut i = 0;
    while let Some(byte) = bytes.get(i) {
        let start = i;
        match byte {
            b' ' | b'\t' | b'(' | b')' | b'\r' | b'\n' => i += 1,
            b'0'..=b'9' => {
                let (token, length) =
                    lex_number(&text[i..]).ok_or(TermsError::Unexpected { at: i })?;
                tokens.push((start, token));
                i += length;
            }
            b'/' | b'%' | b',' | b';' | b'+' => {
                tokens.push((start, Token::Mark(char::from(*byte))));
                i += 1;
            }
            b'-' if bytes.get(i + 1).is_some_and(u8::is_ascii_digit)
                && !bytes[..i].last().is_some_and(u8::is_ascii_digit) =>
            {
                return Err(TermsError::NegativeDays);
            }
            b'-' | b'.' | b':' => i += 1,
            _ if byte.is_ascii_alphabetic() => {
                let letter = |b: &u8| b.is_ascii_alphabetic() || *b == b'-';
                let length = bytes[i..].iter().take_while(|b| letter(b)).count();
                let word = text[i..i + length]
                    .trim_end_matches('-')
                    .to_ascii_lowercase();
                tokens.push((start, Token::Word(word)));
                i += length;
            }
            _ => return Err(TermsError::Unexpected { at: i }),
        }
    }
    Ok(tokens)
}

fn lex_number(text: &str) -> Option<(Token, usize)> {
    let digits = |s: &str| s.bytes().take_while(u8::is_ascii_digit).count();
    let whole = digits(text);
    // `30.` ends a sentence, `2.5` is a number.
    let decimals = text[whole..]
        .strip_prefix('.')
        .map_or("", |rest| &rest[..digits(rest)]);
    if whole > 6 || decimals.len() > 4 {
        return None;
    }
    let fraction = decimals
        .bytes()
        .fold(0, |n, b| n * 10 + u32::from(b - b'0'));
    let fraction = fraction * 10u32.pow(4 - decimals.len() as u32);
    let length = whole
        + if decimals.is_empty() {
            0
        } else {
            decimals.len() + 1
        };
    Some((
        Token::Number {
            whole: text[..whole].parse().ok()?,
            fraction,
        },
        length,
    ))
}

/// Phrases people write, as the one word of the grammar. Longest first.
const PHRASES: [(&[&str], &str); 22] = [
    (&["end", "of", "the", "invoice", "month"], "eom"),
    (&["last", "day", "of", "the", "month"], "eom"),
    (&["last", "day", "of", "month"], "eom"),
    (&["end", "of", "invoice", "month"], "eom"),
    (&["end", "of", "the", "month"], "eom"),
    (&["end", "of", "month"], "eom"),
    (&["fin", "de", "mois"], "eom"),
    (&["month", "end"], "eom"),
    (&["due", "on", "receipt"], "immediate"),
    (&["due", "upon", "receipt"], "immediate"),
    (&["upon", "receipt"], "immediate"),
    (&["on", "receipt"], "immediate"),
    (&["due", "immediately"], "immediate"),
    (&["after", "receipt", "of", "goods"], "rog"),
    (&["receipt", "of", "goods"], "rog"),
    (&["receipt", "of", "invoice"], "roi"),
    (&["from", "invoice", "date"], "invoice"),
    (&["after", "invoice", "date"], "invoice"),
    (&["after", "delivery"], "rog"),
    (&["from", "delivery"], "rog"),
    (&["from", "statement"], "statement"),
    (&["after", "statement"], "statement"),
];

/// Single words that mean another.
const WORDS: [(&str, &str); 18] = [
    ("n", "net"),
    ("netto", "net"),
    ("d", "days"),
    ("jours", "days"),
    ("tage", "days"),
    ("month", "months"),
    ("fdm", "eom"),
    ("proximo", "mfi"),
    ("prox", "mfi"),
    ("aog", "rog"),
    ("immediately", "immediate"),
    ("delivery", "rog"),
    ("th", "nth"),
    ("st", "nth"),
    ("nd", "nth"),
    ("rd", "nth"),
    ("cut-off", "cutoff"),
    ("cash", "immediate"),
];

/// The tokens with every phrase and synonym as the grammar's own word.
pub(crate) fn phrases(tokens: Vec<(usize, Token)>) -> Vec<(usize, Token)> {
    let mut out = Vec::with_capacity(tokens.len());
    let mut i = 0;
    while i < tokens.len() {
        let matches = |words: &[&str]| {
            words.len() <= tokens.len() - i
                && words
                    .iter()
                    .zip(&tokens[i..])
                    .all(|(w, (_, t))| matches!(t, Token::Word(t) if t == w))
        };
        let (at, token) = &tokens[i];
        if let Some((words, word)) = PHRASES.iter().find(|(words, _)| matches(words)) {
            out.push((*at, Token::Word((*word).to_owned())));
            i += words.len();
            continue;
        }
        let token = match token {
            Token::Word(word) => {
                let same = WORDS
                    .iter()
                    .find(|(from, _)| from == word)
                    .map_or(word.as_str(), |(_, to)| to);
                Token::Word(same.to_owned())
            }
            other => other.clone(),
        };
        out.push((*at, token));
        i += 1;
    }
    out
}
