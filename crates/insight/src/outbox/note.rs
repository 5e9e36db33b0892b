//! The note of an account for the source: the last contact, the promise that runs, the next step,
//! and earlier contacts as far as there is room.

use crate::reports::{TextSource, shown_text};
use duebook_ledger::facts::Channel;
use duebook_ledger::people::Activity;
use duebook_ledger::{Book, CustomerId};
use duebook_money::{Day, NumberFormat};

/// Earlier contacts looked at beyond the last.
const EARLIER: usize = 12;
/// What ends a note that was cut.
const CUT: &str = "...";

/// How much a note may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    /// Characters of a line; at least 1.
    pub width: usize,
    /// Lines; at least 1.
    pub lines: usize,
}

/// A note, laid out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Its lines, none longer than the room.
    pub lines: Vec<String>,
    /// Something did not fit; the last line ends with "...".
    pub cut: bool,
}

impl Note {
    /// As text, a line each.
    pub fn text(&self) -> String {
        self.lines.join("\n")
    }
}

/// The day of a contact: the debtor's where known, else UTC's.
pub(super) fn day_of(activity: &Activity) -> Day {
    let offset = i64::from(activity.local_offset.unwrap_or(0)).saturating_mul(60_000);
    let days = activity.at.saturating_add(offset).div_euclid(86_400_000);
    Day(i32::try_from(days).unwrap_or(0))
}

/// The note of an account, on a day. `None` where there was no contact.
pub fn note_of(
    book: &Book,
    texts: &dyn TextSource,
    customer: CustomerId,
    today: Day,
    room: Room,
) -> Option<Note> {
    let known = book.customer(customer)?;
    let live = known.activities.iter().rev();
    let mut contacts = live
        .filter_map(|id| book.activities().get(id.index()))
        .filter(|a| book.is_live(a.commit));
    let mut parts = vec![contact(book, texts, contacts.next()?)];
    parts.extend(promise(book, customer, today));
    parts.extend(next_step(book, texts, customer));
    let earlier = contacts.filter(|a| super::is_worth_a_note(a)).take(EARLIER);
    parts.extend(earlier.map(|a| contact(book, texts, a)));
    Some(wrap(&parts, room))
}

/// "2026-11-21 CALL PTP (Asha): will pay on Friday".
fn contact(book: &Book, texts: &dyn TextSource, a: &Activity) -> String {
    let who = book.commit(a.commit).map_or("", |c| c.actor.as_str());
    let mut out = format!("{} {} {}", day_of(a), channel(a.channel), a.outcome.code());
    if !who.is_empty() {
        out.push_str(&format!(" ({who})"));
    }
    if let Some(note) = a.note {
        let said = shown_text(book, texts, note);
        let said: Vec<&str> = said.split_whitespace().collect();
        out.push_str(": ");
        out.push_str(&said.join(" "));
    }
    out
}

fn channel(channel: Channel) -> &'static str {
    match channel {
        Channel::Call => "CALL",
        Channel::InboundCall => "CALL-IN",
        Channel::Email => "EMAIL",
        Channel::Letter => "LETTER",
        Channel::Portal => "PORTAL",
        Channel::Meeting => "MEETING",
        Channel::Note => "NOTE",
    }
}

/// The promise taken last that runs: "PROMISE 1000.00 EUR by 2026-11-30 on INV-1".
fn promise(book: &Book, customer: CustomerId, today: Day) -> Option<String> {
    let live = |s| book.is_live(s);
    let known = book.customer(customer)?;
    let all = known
        .promises
        .iter()
        .rev()
        .filter_map(|id| book.promise(*id));
    let mut running = all.filter(|p| live(p.commit) && p.ended.get(&live).is_none());
    let fact = &running
        .find(|p| p.fact.lines.iter().any(|l| l.date >= today))?
        .fact;
    let mut out = String::from("PROMISE");
    for (n, line) in fact.lines.iter().enumerate() {
        let amount = NumberFormat::PLAIN.minor(line.amount.into(), fact.currency.exponent());
        let and = if n == 0 { "" } else { ";" };
        out.push_str(&format!(
            "{and} {amount} {} by {}",
            fact.currency.code(),
            line.date
        ));
        let item = line.item.and_then(|i| book.item(book.current(i)));
        if let Some(item) = item {
            out.push_str(&format!(" on {}", item.number()));
        }
    }
    Some(out)
}

/// The next follow-up: "NEXT 2026-12-01: call the controller".
fn next_step(book: &Book, texts: &dyn TextSource, customer: CustomerId) -> Option<String> {
    let live = |s| book.is_live(s);
    let known = book.customer(customer)?;
    let all = known
        .follow_ups
        .iter()
        .filter_map(|id| book.follow_ups().get(id.index()));
    let open = all.filter(|f| live(f.commit) && f.closed.get(&live).is_none());
    let next = open.min_by_key(|f| f.due)?;
    let what = next.what.map(|t| shown_text(book, texts, t));
    Some(match what.filter(|w| !w.trim().is_empty()) {
        Some(what) => format!("NEXT {}: {what}", next.due),
        None => format!("NEXT {}: contact again", next.due),
    })
}

/// Parts laid out in lines: each begins a line, breaks at spaces, and in a word only where the word
/// is longer than a line. What does not fit is cut, and the note says so.
pub fn wrap(parts: &[String], room: Room) -> Note {
    let (width, most) = (room.width.max(1), room.lines.max(1));
    let mut lines: Vec<String> = Vec::new();
    for part in parts {
        let mut line = String::new();
        let mut used = 0;
        for word in part.split_whitespace() {
            for piece in pieces(word, width) {
                let length = piece.chars().count();
                if used > 0 && used + 1 + length > width {
                    lines.push(std::mem::take(&mut line));
                    used = 0;
                }
                if used > 0 {
                    line.push(' ');
                    used += 1;
                }
                line.push_str(&piece);
                used += length;
            }
        }
        if used > 0 {
            lines.push(line);
        }
        if lines.len() > most {
            break;
        }
    }
    let cut = lines.len() > most;
    lines.truncate(most);
    if cut && let Some(last) = lines.last_mut() {
        let keep = width.saturating_sub(CUT.len());
        let mut ended: String = last.chars().take(keep).collect();
        ended.extend(CUT.chars().take(width));
        *last = ended;
    }
    Note { lines, cut }
}

/// A word in pieces of a line at most.
fn pieces(word: &str, width: usize) -> Vec<String> {
    let characters: Vec<char> = word.chars().collect();
    let chunks = characters.chunks(width);
    chunks.map(|c| c.iter().collect()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parts(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|t| (*t).to_owned()).collect()
    }

    #[test]
    fn lines_break_at_spaces_and_a_cut_note_says_so() {
        let room = Room {
            width: 10,
            lines: 4,
        };
        let note = wrap(&parts(&["one two three", "abcdefghijklmno p"]), room);
        assert_eq!(note.lines, ["one two", "three", "abcdefghij", "klmno p"]);
        assert!(!note.cut);
        let note = wrap(
            &parts(&["one two three", "four"]),
            Room {
                width: 10,
                lines: 2,
            },
        );
        assert_eq!(note.lines, ["one two", "three..."]);
        assert!(note.cut);
        assert_eq!(wrap(&[], room).lines, Vec::<String>::new());
    }

    proptest! {
        #[test]
        fn a_note_stays_in_its_room_and_loses_nothing_that_fits(
            texts in prop::collection::vec("[a-zé ]{0,60}", 0..6), width in 4usize..40, lines in 1usize..9
        ) {
            let note = wrap(&texts, Room { width, lines });
            prop_assert!(note.lines.len() <= lines);
            prop_assert!(note.lines.iter().all(|l| l.chars().count() <= width));
            let letters = |t: &str| t.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            let all = letters(&texts.concat());
            let kept = letters(&note.lines.concat());
            if note.cut {
                prop_assert!(note.lines.last().is_some_and(|l| l.ends_with(CUT)));
                prop_assert!(all.starts_with(&kept[..kept.len() - CUT.len()]));
            } else {
                prop_assert_eq!(kept, all);
            }
        }
    }
}
