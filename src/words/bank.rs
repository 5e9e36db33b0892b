//! What is said of files of bank statements.

use super::{day, money};
use duebook_bank::{Error, Finding, Place, Problem};

/// What was found in a file, with its line.
pub fn finding(finding: &Finding) -> String {
    let text = problem(&finding.problem);
    let Place {
        line,
        statement,
        entry,
    } = finding.place;
    // A file may be one long line: the statement and the entry say where, counted from one.
    let place = match (statement, entry) {
        (Some(s), Some(e)) => format!("Statement {}, entry {}", s + 1, e + 1),
        (Some(s), None) => format!("Statement {}", s + 1),
        _ => String::new(),
    };
    match (place.is_empty(), line) {
        (true, 0) => text,
        (true, line) => format!("Line {line}: {text}"),
        (false, 0) => format!("{place}: {text}"),
        (false, line) => format!("{place} (line {line}): {text}"),
    }
}

fn problem(problem: &Problem) -> String {
    use Problem::*;
    let m = |m: &duebook_money::Money| money(m.minor, m.currency);
    match problem {
        OutOfBalance {
            opening,
            movements,
            closing,
            difference,
        } => format!(
            "UNRECONCILED: {} and movements of {} are not {}; {} is missing.",
            m(opening),
            m(movements),
            m(closing),
            m(difference)
        ),
        RunningBalance { written, expected } => format!(
            "the balance beside the entry is {}, it should be {}.",
            m(written),
            m(expected)
        ),
        Discontinuous { before, opening } => format!(
            "the statement begins with {}, the one before ended with {}.",
            m(opening),
            m(before)
        ),
        SequenceGap { before, next } => {
            format!("statement {next} follows {before}: some between are not in the file.")
        }
        OtherCurrency { expected, found } => format!(
            "an amount in {} in a statement in {}.",
            found.code(),
            expected.code()
        ),
        CurrencyAssumed { currency } => match *currency {
            duebook_money::Currency::XXX => "no currency is named.".to_owned(),
            named => format!("no currency is named; {} was taken.", named.code()),
        },
        UnknownCurrency { code } => format!("“{code}” is no currency; the statement’s was taken."),
        DetailsSum { entry, details } => format!(
            "its parts make {}, the entry is {}; the entry counts.",
            m(details),
            m(entry)
        ),
        ControlTotal { of, written, found } => {
            format!("the total of {of} is written as {written} and adds up to {found}.")
        }
        Count { of, written, found } => {
            format!("{written} {of} are announced and {found} are there.")
        }
        Rounded { text, taken } => format!("“{text}” has too many decimals; read as {}.", m(taken)),
        BadAmount { text } => format!("“{text}” is no amount; the entry was left out."),
        BadDate { text } => format!("“{text}” is no date."),
        OddDate { day: d } => format!("{} is far from the days around it.", day(*d)),
        Missing { field } => format!("{field} is missing."),
        Damaged { what, text } => match text.trim() {
            "" => format!("{what} cannot be read and was left out."),
            text => format!("{what} cannot be read and was left out: {text}"),
        },
        UnknownRecord { text } => format!("not known: {text}"),
        CutOff { inside } => format!("the file ends inside {inside}."),
        BadEncoding { encoding } => format!("characters that are not {encoding} were replaced."),
        ServerMessage { code, text } => format!("the bank answered with error {code}: {text}"),
        NotBank { what } => format!("{what} are no bank account and were left out."),
        SameId { id } => format!("the bank’s id {id} is there more than once; nothing was merged."),
        CheckDigits { reference } => format!("the check digits of {reference} are wrong."),
        RemittanceSum { total, lines } => {
            format!(
                "the advice is for {}, its lines make {}.",
                m(total),
                m(lines)
            )
        }
        Limit { what, limit } => format!("more than {limit} {what}: the rest was not read."),
        Member { name, error: e } => format!("{name}: {}", error(e)),
        Marked { as_what } => format!("the bank marks this as {as_what}."),
        ProvedByBalance { what } => format!("{what} was taken as the running balance proves it."),
    }
}

/// Why a file cannot be read as a bank statement.
pub fn error(error: &Error) -> String {
    match error {
        Error::Empty => "The file is empty.".to_owned(),
        Error::TooLarge { bytes, limit } => format!(
            "The file has {} MB; at most {} MB are read. Ask the bank for shorter periods.",
            bytes >> 20,
            limit >> 20
        ),
        Error::Unknown => "This is no bank statement that is read here: camt.053, MT940, BAI2, OFX, QIF, or a table with dates and amounts. A list of open items is taken in on Import; the text of a remittance by “Paste an advice”.".to_owned(),
        Error::NotData { what } => format!("This is {}. Ask the bank for the statement as data (camt.053, MT940, BAI2, OFX or CSV).", a_document(what)),
        Error::OtherXml { root } => format!("This XML is of another kind ({root})."),
        Error::Table(e) => super::files::file_error(e),
        Error::NoColumns { line, headers } => format!("No date and amount among the columns of line {line}: {}. If it is the text of a mail or of a cheque’s stub, open it and use “Paste an advice”; lists of customers or items are taken in on Import.", headers.join(", ")),
        Error::Archive { detail } => format!("The archive cannot be opened: {detail}."),
    }
}

/// A document that is not data, with its article.
fn a_document(what: &str) -> String {
    match what {
        "PDF" | "picture" | "gzip archive" => format!("a {what}"),
        other => other.to_owned(),
    }
}
