//! Proposals in words: what is paid, why, what speaks against it.

use super::run::{Row, Sheet, State, Step};
use crate::ui::format::plural;
use crate::ui::prelude::*;
use crate::words;
use duebook_cash::{
    DifferenceKind, Hold, NotPostable, PayerMatch, Proposal, Rung, Treatment, Unmatched, Verdict,
};
use duebook_insight::fx::{self, BookRates, Paid, RealisedSum};
use duebook_ledger::statements::{LineKind, LineUse, StatementLine};
use duebook_ledger::{Book, CustomerId, ItemId};
use duebook_money::Currency;
use duebook_policy::rates::MissingRate;

/// What stands under the title.
pub fn headline(step: &Step) -> String {
    let Step::Done(sheet) = step else {
        return String::new();
    };
    let open: Vec<State> = vec![State::Ready, State::Review, State::NoMatch];
    let (mut lines, mut sum) = (0, 0i64);
    for s in open {
        let (n, of) = sheet.count(s);
        lines += n;
        sum += of;
    }
    match lines {
        0 => "No payment of this statement waits".to_owned(),
        n => format!(
            "{} to apply, {}",
            plural(n, "payment", "payments", Default::default()),
            words::money(sum, sheet.facts.currency)
        ),
    }
}

/// Where a line stands.
pub fn state(state: State) -> &'static str {
    match state {
        State::Ready => "Ready",
        State::Review => "Review",
        State::NoMatch => "No match",
        State::Other => "Explain",
        State::Done => "Done",
    }
}

/// In which tint.
pub fn tone(state: State) -> Tone {
    match state {
        State::Ready => Tone::Good,
        State::Review => Tone::Warn,
        State::NoMatch | State::Other => Tone::Neutral,
        State::Done => Tone::Good,
    }
}

/// Who stands on the other side, or what is written.
pub fn who(line: &StatementLine) -> String {
    let named = [&line.payer, &line.text, &line.payer_account];
    let first = named.into_iter().find(|t| !t.trim().is_empty());
    first.map_or_else(|| kind(line.kind).to_owned(), Clone::clone)
}

/// What the bank says a line is.
pub fn kind(kind: LineKind) -> &'static str {
    match kind {
        LineKind::Receipt => "Receipt",
        LineKind::Cheques => "Cheques paid in",
        LineKind::Collection => "Direct debits collected",
        LineKind::Cards => "Card settlement",
        LineKind::Payment => "Payment out",
        LineKind::ReceiptReturned => "Receipt returned",
        LineKind::PaymentReturned => "Payment that came back",
        LineKind::Charges => "Bank charges",
        LineKind::Interest => "Interest",
        LineKind::Transfer => "Own transfer",
        LineKind::Correction => "Correction of the bank",
        LineKind::Tax => "Tax",
        LineKind::Unknown => "Movement",
    }
}

/// What a line pays, or became, in one line of a table.
pub fn what(book: &Book, row: &Row) -> String {
    if let Some((_, proposal)) = &row.found {
        return match &proposal.verdict {
            Verdict::Unmatched(why) => unmatched(*why).to_owned(),
            _ => pays(book, proposal),
        };
    }
    let parts: Vec<String> = book
        .line_parts(row.line)
        .map(|p| part(book, &p.by))
        .collect();
    if parts.is_empty() {
        let fact = book.line(row.line).map(|l| l.fact.kind);
        return fact.map_or(String::new(), |k| kind(k).to_owned());
    }
    parts.join(", ")
}

/// What a part of a line is.
pub fn part(book: &Book, by: &LineUse) -> String {
    let receipt = |id: ItemId| {
        let owner = book.item(id).map(|i| i.customer());
        let number = book.item_key(id).map_or(String::new(), |k| k.number);
        format!(
            "{number} of {}",
            owner.map_or(String::new(), |c| name(book, c))
        )
    };
    match by {
        LineUse::Receipt(id) => format!("Receipt {}", receipt(*id)),
        LineUse::Returned(id) => format!("Returned: receipt {}", receipt(*id)),
        LineUse::NotCustomerMoney(why) => why.clone(),
    }
}

/// A customer's name.
pub fn name(book: &Book, id: CustomerId) -> String {
    book.customer_facts(id)
        .map_or(String::new(), |f| f.name.clone())
}

/// An item's number.
pub fn item(book: &Book, id: ItemId) -> String {
    book.item_key(id).map_or(String::new(), |k| words::item(&k))
}

fn pays(book: &Book, proposal: &Proposal) -> String {
    const SHOWN: usize = 3;
    let lines = &proposal.lines;
    let mut names: Vec<String> = lines
        .iter()
        .take(SHOWN)
        .map(|l| item(book, l.item))
        .collect();
    if lines.len() > SHOWN {
        names.push(format!("and {} more", lines.len() - SHOWN));
    }
    let payer = proposal.payer.or(lines.first().map(|l| l.customer));
    let payer = payer.map_or(String::new(), |c| name(book, c));
    match names.is_empty() {
        true => payer,
        false => format!("{payer}: {}", names.join(", ")),
    }
}

/// The rung of the ladder.
pub fn rung(rung: Rung) -> &'static str {
    match rung {
        Rung::Structured => "The reference fields name it, and the amounts agree",
        Rung::Named => "The text names it, and the amounts agree",
        Rung::NamedDiffers => "The text names it, and the amount differs",
        Rung::Similar => "The text names it a little differently, and the amounts agree",
        Rung::Together => "Several payments together pay what each names",
        Rung::OneItem => "One open item has exactly this amount",
        Rung::Balance => "It is all that is open",
        Rung::PastDue => "It is all that is past due",
        Rung::DueDay => "It is all that falls due on one day",
        Rung::Discounted => "It is one item less its discount",
        Rung::Withheld => "It is one item less tax withheld",
        Rung::Sum => "Only these items make this sum",
        Rung::Tolerated => "It is one item within the tolerance",
        Rung::OtherCurrency => "It is near the amount in another currency",
        Rung::Allocated => "Laid out by rule, oldest first",
        Rung::None => "Nothing explains it",
    }
}

/// Why nothing was found.
pub fn unmatched(why: Unmatched) -> &'static str {
    match why {
        Unmatched::UnknownPayer => "Nobody knows this payer",
        Unmatched::NothingOpen => "The customer owes nothing in this currency",
        Unmatched::NoSum => "What is open does not make this amount",
        Unmatched::TooMany => "Too many sets of items make this amount",
        Unmatched::UnknownNumber => "The number named is not open",
        Unmatched::SettledNumber => "The number named is already paid: a duplicate?",
        Unmatched::AlreadyPaid { .. } => "Another payment pays what is named",
        Unmatched::SaysRefund => "The text speaks of a refund",
        Unmatched::Zero => "An amount of nothing",
    }
}

/// Why a proposal waits for the user.
pub fn hold(book: &Book, hold: &Hold, sheet: &Sheet) -> String {
    let payer_of = |n: u32| {
        let credits = sheet.rows.iter().filter(|r| r.found.is_some());
        let row = credits.into_iter().nth(n as usize);
        let fact = row.and_then(|r| Some(who(&book.line(r.line)?.fact)));
        fact.unwrap_or_else(|| "another line".to_owned())
    };
    match hold {
        Hold::Ambiguous => "Several sets of items explain it equally well".to_owned(),
        Hold::BudgetEnded => "There were too many sets of items to look at them all".to_owned(),
        Hold::ChanceMatch(_) => "Such a sum comes about by chance too easily".to_owned(),
        Hold::NameOnly => "Only the name says who paid".to_owned(),
        Hold::OtherPayer => "What is named belongs to another customer than the payer".to_owned(),
        Hold::Conflict { with } => format!("{} wants the same items", payer_of(*with)),
        Hold::AlreadyPaid { by } => format!("{} pays it already", payer_of(*by)),
        Hold::Difference(kind) => format!("A difference to judge: {}", difference(*kind)),
        Hold::Rest => "More was paid than was named".to_owned(),
        Hold::UnknownNumber => "A number is named that nothing open has".to_owned(),
        Hold::SettledNumber => "A number is named that is already paid: a duplicate?".to_owned(),
        Hold::Disputed(id) => format!("{} is disputed", item(book, *id)),
        Hold::MoneyOut => "It is money that went back".to_owned(),
        Hold::SaysRefund => "The text speaks of a refund".to_owned(),
        Hold::ByRule => "Found by rule, not by what the payer says".to_owned(),
        Hold::ManyItems => "More items than a sum alone may choose".to_owned(),
        Hold::OtherCurrency => "It is in another currency".to_owned(),
        Hold::Score(score) => format!("The evidence is weak: {}", per_mille(*score)),
        Hold::Margin(lead) => {
            format!(
                "The next explanation is close: a lead of {}",
                per_mille(*lead)
            )
        }
    }
}

/// A share: "92.5 %".
pub fn per_mille(share: u16) -> String {
    format!("{}.{} %", share / 10, share % 10)
}

/// What a difference is.
pub fn difference(kind: DifferenceKind) -> String {
    use DifferenceKind::*;
    match kind {
        DiscountEarned { until, .. } => format!("discount, in time until {}", words::day(until)),
        DiscountInGrace { until, .. } => format!("discount, accepted until {}", words::day(until)),
        DiscountUnearned { .. } => "discount taken too late".to_owned(),
        Withholding { .. } => "tax withheld".to_owned(),
        BankCharge => "bank charge".to_owned(),
        Exchange => "exchange".to_owned(),
        Rounding => "rounding".to_owned(),
        Tolerance => "within the tolerance".to_owned(),
        Deduction => "deduction".to_owned(),
        Partial => "a part payment".to_owned(),
        Unexplained => "unexplained".to_owned(),
    }
}

/// What becomes of a difference.
pub fn treatment(treatment: Treatment) -> &'static str {
    match treatment {
        Treatment::Post => "is settled with it",
        Treatment::LeaveOpen => "stays open",
        Treatment::OpenCase => "stays open, for a case",
    }
}

/// How the payer was recognised.
pub fn payer(by: PayerMatch) -> String {
    match by {
        PayerMatch::CustomerRef => "by our customer number".to_owned(),
        PayerMatch::Account => "by the account, as confirmed before".to_owned(),
        PayerMatch::Alias => "by the name, as confirmed before".to_owned(),
        PayerMatch::Name(score) => format!("by the name, {} alike", per_mille(score)),
        PayerMatch::Parent => "as the parent of who owes".to_owned(),
        PayerMatch::ByItems => "by what is named only".to_owned(),
    }
}

/// An advice that tells what a payment pays.
pub fn advice(advice: &duebook_cash::Advice) -> String {
    let documents = plural(
        advice.lines.len(),
        "document",
        "documents",
        Default::default(),
    );
    match advice.payer.is_empty() {
        true => format!("A remittance advice names {documents}"),
        false => format!(
            "The remittance advice of {} names {documents}",
            advice.payer
        ),
    }
}

/// A reference that says nothing: what banks write where the payer wrote none.
pub fn is_filler(text: &str) -> bool {
    let plain: String = text.chars().filter(|c| c.is_alphanumeric()).collect();
    let plain = plain.to_ascii_uppercase();
    let zeros = plain.bytes().all(|b| b == b'0');
    zeros || matches!(plain.as_str(), "NOTPROVIDED" | "NONREF" | "NOREF" | "NA")
}

/// Why a proposal cannot be posted.
pub fn not_postable(why: NotPostable) -> &'static str {
    match why {
        NotPostable::NothingLeft => "Nothing of this line is left: it was settled meanwhile.",
        NotPostable::NoPayer => "Nobody knows whose money this is. Lay it out by hand: press a.",
    }
}

/// What is gained or lost by exchange, or which rate is missing; `None` where all is in one currency.
pub fn realised(sum: &RealisedSum) -> Option<String> {
    let gain = |(base, minor): &(Currency, i64)| match *minor {
        0 => format!("no exchange difference in {}", base.code()),
        m if m > 0 => format!("exchange gain of {}", words::money(m, *base)),
        m => format!(
            "exchange loss of {}",
            words::money(m.saturating_neg(), *base)
        ),
    };
    let missing = sum.missing.iter().map(|why| match why {
        MissingRate::NoRate { currency, as_of } => format!(
            "exchange difference not known: no rate of {} on {}. Give it under Settings, Exchange rates",
            currency.code(),
            words::day(*as_of)
        ),
        MissingRate::TooOld { currency, from, .. } => format!(
            "exchange difference not known: the newest rate of {} is of {}. Give a later one under Settings, Exchange rates",
            currency.code(),
            words::day(*from)
        ),
        MissingRate::Overflow => "exchange difference not known: too large to be converted".to_owned(),
    });
    let all: Vec<String> = sum.gains.iter().map(gain).chain(missing).collect();
    let text = all.join("; ");
    let mut letters = text.chars();
    let first = letters.next()?;
    Some(format!("{}{}.", first.to_uppercase(), letters.as_str()))
}

/// Why the rates of the book give none for money and a claim: the one agreed is typed instead.
pub fn no_rate(why: &MissingRate) -> String {
    match why {
        MissingRate::NoRate { currency, as_of } => format!(
            "The book has no rate of {} on {}: type the one agreed.",
            currency.code(),
            words::day(*as_of)
        ),
        MissingRate::TooOld { currency, from, .. } => format!(
            "The newest rate of {} in the book is of {}: type the one agreed.",
            currency.code(),
            words::day(*from)
        ),
        MissingRate::Overflow => {
            "The rates of the book are too far apart: type the one agreed.".to_owned()
        }
    }
}

/// What applications of money would realise.
pub fn realised_on(book: &Book, laid: &[(ItemId, i64)], paid: Paid) -> Option<String> {
    let rates = BookRates::of(book);
    let each = laid.iter().filter(|(_, amount)| *amount > 0);
    let each = each.map(|(id, amount)| fx::realised(book, rates, *id, paid, *amount));
    realised(&RealisedSum::of(each))
}

/// An amount typed, minor units; `None` where it is none.
pub fn typed(text: &str, currency: Currency) -> Option<i64> {
    match text.trim() {
        "" => Some(0),
        text => words::typed(text, currency),
    }
}

/// A hint with what a typed amount was taken for, where it may mean two.
pub fn with_reading(hint: String, text: &str, currency: Currency) -> String {
    match words::typed_as(text, currency) {
        Some(read) => format!("{hint}. {read}"),
        None => hint,
    }
}
