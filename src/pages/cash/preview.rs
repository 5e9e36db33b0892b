//! A file of statements on its way in: read, shown, then one commit. Nothing is written before.

use super::source::{self, ColumnsOfTable, CurrencyField, CurrencyFrom};
use super::{Cash, advices};
use crate::jobs::{StatementAnswers, StatementFile, StatementQuestion, StatementRead};
use crate::ui::format::{format_count, plural};
use crate::ui::prelude::*;
use crate::words;
use crate::workspace::{Statements, read_statements};
use duebook_money::{Currency, Day};
use leptos::prelude::*;
use web_sys::File;

/// Advices listed of a file; the rest is counted.
const ADVICES: usize = 12;

/// Where the file in hand stands.
#[derive(Clone)]
pub enum Taking {
    /// None is in hand.
    Nothing,
    /// It is read.
    Reading,
    /// Why it cannot be read.
    Failed(String),
    /// What it holds.
    Preview(Box<Ready>),
    /// It is written.
    Saving,
}

/// A file that was read.
#[derive(Clone)]
pub struct Ready {
    answers: StatementAnswers,
    /// Where its currency is from.
    from: CurrencyFrom,
    /// Something said of such a file before was taken.
    again: bool,
    read: StatementFile,
    kept: Statements,
}

/// Takes files in hand, one after another.
pub fn take(cash: Cash, files: Vec<File>) {
    cash.files.update(|all| all.extend(files));
    if cash
        .taking
        .with_untracked(|t| matches!(t, Taking::Nothing | Taking::Failed(_)))
    {
        next(cash);
    }
}

fn next(cash: Cash) {
    read(cash, StatementAnswers::default(), CurrencyFrom::default());
}

/// The first file waits until it is taken in or left.
fn read(cash: Cash, answers: StatementAnswers, from: CurrencyFrom) {
    let Some(file) = cash.files.with_untracked(|f| f.first().cloned()) else {
        cash.taking.set(Taking::Nothing);
        return;
    };
    cash.taking.set(Taking::Reading);
    leptos::task::spawn_local(async move {
        let next = match read_filled(cash, &file, answers, from).await {
            Ok(ready) => Taking::Preview(Box::new(ready)),
            Err(why) => Taking::Failed(why),
        };
        let _ = cash.taking.try_set(next);
    });
}

/// Reads it, and again with what is known of such files where it leaves something open: columns
/// first, then the questions that these raise.
async fn read_filled(
    cash: Cash,
    file: &File,
    given: StatementAnswers,
    from: CurrencyFrom,
) -> Result<Ready, String> {
    const ROUNDS: usize = 3;
    let (mut answers, mut from) = (given.clone(), from);
    let (mut read, mut kept) = read_statements(file, &answers).await?;
    for _ in 0..ROUNDS {
        let (more, why) = source::filled(cash.ws, &read, &answers, from);
        if more == answers {
            break;
        }
        (answers, from) = (more, why);
        (read, kept) = read_statements(file, &answers).await?;
    }
    let said = (&answers.dates, &answers.decimal, &answers.columns);
    Ok(Ready {
        again: said != (&given.dates, &given.decimal, &given.columns),
        answers,
        from,
        read,
        kept,
    })
}

/// Goes on to the next file.
fn leave(cash: Cash) {
    let gone = |files: &mut Vec<File>| {
        if !files.is_empty() {
            files.remove(0);
        }
    };
    if cash.files.try_update(gone).is_some() {
        next(cash);
    }
}

fn commit(cash: Cash, ready: Box<Ready>) {
    cash.taking.set(Taking::Saving);
    leptos::task::spawn_local(async move {
        match cash.ws.import_statements(ready.kept.clone()).await {
            Ok(saved) => {
                let undo = Callback::new(move |()| cash.ws.undo(cash.toasts, saved.seq));
                let done = format!("{} is in the book", ready.read.name);
                cash.toasts.done_with(done, "Undo", undo);
                leave(cash);
            }
            Err(error) => {
                cash.toasts
                    .error(words::submit_error(Some(cash.ws), &error));
                let _ = cash.taking.try_set(Taking::Preview(ready));
            }
        }
    });
}

/// The file in hand.
#[component]
pub fn TakingView(cash: Cash) -> impl IntoView {
    let progress = |label: &'static str| {
        view! { <Progress label=label done=Signal::stored(None) detail=Signal::stored(String::new()) /> }.into_any()
    };
    move || match cash.taking.get() {
        Taking::Nothing => ().into_any(),
        Taking::Reading => progress("Reading"),
        Taking::Saving => progress("Saving"),
        Taking::Failed(why) => view! {
            <Callout tone=Tone::Danger title="This file cannot be read">{why}</Callout>
            <p class="button-row">
                <Button label="Leave it" on_press=move |()| leave(cash) />
            </p>
        }
        .into_any(),
        Taking::Preview(ready) => view! { <Preview cash ready /> }.into_any(),
    }
}

#[component]
fn Preview(cash: Cash, ready: Box<Ready>) -> impl IntoView {
    let file = ready.read.clone();
    let taken: Vec<StatementRead> = file
        .statements
        .iter()
        .filter(|s| !s.passing)
        .cloned()
        .collect();
    let seen: Vec<StatementRead> = file
        .statements
        .iter()
        .filter(|s| s.passing)
        .cloned()
        .collect();
    let lines: u64 = taken.iter().map(|s| s.lines).sum();
    let nameless = taken.iter().any(|s| s.account.is_empty());
    let account = RwSignal::new(ready.answers.account.clone());
    let asks = !file.questions.is_empty();
    let unread = file.unread.is_some();
    let coinless = file.assumed.is_some() && ready.answers.currency.is_empty();
    let advised = !file.advices.is_empty();
    let refused = Signal::derive(move || {
        if unread {
            Some("Say what the columns are first.".to_owned())
        } else if asks {
            Some("Answer the question first.".to_owned())
        } else if lines == 0 && !advised {
            Some("There is no booked line in it.".to_owned())
        } else if coinless {
            Some("Choose the currency first.".to_owned())
        } else if nameless && account.with(|a| a.trim().is_empty()) {
            Some("Name the account first.".to_owned())
        } else {
            None
        }
    });
    let label = match lines {
        0 if advised => "Use as evidence".to_owned(),
        n => format!(
            "Take in {}",
            plural(n as usize, "line", "lines", Default::default())
        ),
    };
    let for_commit = ready.clone();
    let press = move |()| {
        let mut ready = for_commit.clone();
        let name = account.get_untracked().trim().to_owned();
        for (facts, _) in &mut ready.kept {
            if facts.account.is_empty() {
                facts.account.clone_from(&name);
            }
        }
        ready.answers.account = name;
        source::remember(cash.ws, &ready.read, &ready.answers);
        if !ready.read.advices.is_empty() {
            cash.keep_advices(&ready.read.advices);
        }
        match lines {
            0 => leave(cash),
            _ => commit(cash, ready),
        }
    };
    let answer = Callback::new(move |(answers, from): (StatementAnswers, CurrencyFrom)| {
        let account = account.get_untracked();
        read(cash, StatementAnswers { account, ..answers }, from);
    });
    let from = ready.from;
    let answered = Callback::new(move |answers: StatementAnswers| answer.run((answers, from)));
    let answers = ready.answers.clone();
    let of_columns = answers.clone();
    let of_currency = answers.clone();
    let nothing = match (file.statements.is_empty(), lines) {
        (true, _) if unread => None,
        (true, _) if !advised => Some(
            "There is an envelope and no statement in it: an answer to a log-in, a list of accounts, or a file that was cut off. Ask the bank for the statement of the day again.",
        ),
        (false, 0) if !taken.is_empty() && !advised => Some(
            "There is no booked line in it: a day without movements, balances only, or a fragment. There is nothing to take in.",
        ),
        _ => None,
    };
    view! {
        <section class="panel cash-preview" aria-labelledby="cash-preview-title">
            <h2 id="cash-preview-title">{format!("{}: {}", file.name, format_name(&file.format))}</h2>
            {taken.iter().map(one).collect_view()}
            {(!seen.is_empty()).then(|| view! {
                <Callout tone=Tone::Info title="Seen, not taken in">
                    {format!("{} intraday or a notification: its entries come again in the booked statement, and would count twice. What it says of payments is used as evidence.", plural(seen.len(), "statement is", "statements are", Default::default()))}
                </Callout>
                {seen.iter().map(one).collect_view()}
            })}
            {(!file.advices.is_empty()).then(|| view! {
                <Callout tone=Tone::Info title=plural(file.advices.len(), "remittance advice", "remittance advices", Default::default())>
                    <ul>
                        {file.advices.iter().take(ADVICES).map(|a| view! { <li>{advices::summary(a)}</li> }).collect_view()}
                    </ul>
                    {(file.advices.len() > ADVICES).then(|| view! { <p>{format!("And {} more.", format_count(file.advices.len() - ADVICES, Default::default()))}</p> })}
                    <p>"They are held against the payments of your statements: amount and reference say which is which."</p>
                </Callout>
            })}
            {(!file.findings.is_empty()).then(|| view! {
                <Callout tone=Tone::Warn title="Look at this first">
                    <ul>{file.findings.iter().map(|f| view! { <li>{f.clone()}</li> }).collect_view()}</ul>
                </Callout>
            })}
            {nothing.map(|text| view! { <Callout tone=Tone::Warn title="Nothing to take in">{text}</Callout> })}
            {file.unread.clone().map(|why| view! { <Callout tone=Tone::Warn title="Say what the columns are">{why}</Callout> })}
            {file.questions.iter().map(|q| question(q, &answers, answered)).collect_view()}
            {ready.again.then(|| view! { <p class="muted">"Read as you said of such a file before."</p> })}
            {file.assumed.map(|_| view! { <CurrencyField ws=cash.ws answers=of_currency from answer /> })}
            {(!file.columns.is_empty()).then(|| view! { <ColumnsOfTable columns=file.columns.clone() answers=of_columns from unread answer /> })}
            {nameless.then(|| view! { <TextField label="Account" value=account hint=Some("The file does not say whose account this is: IBAN, number or a name of yours.".to_owned()) /> })}
            <p class="button-row">
                <Button label="Leave it" kind=ButtonKind::Quiet on_press=move |()| leave(cash) />
                <Button label=label kind=ButtonKind::Primary refused=refused on_press=press />
            </p>
        </section>
    }
}

fn format_name(format: &str) -> String {
    match format {
        "bank-table" => "a table".to_owned(),
        name => name.to_uppercase().replace("CAMT", "camt"),
    }
}

/// A statement in two lines: whose and when; and that it adds up.
fn one(s: &StatementRead) -> impl IntoView + use<> {
    let currency = Currency::from_numeric(s.currency).unwrap_or(Currency::XXX);
    let money = |minor: i64| match currency {
        Currency::XXX => words::amount(minor, currency),
        _ => words::money(minor, currency),
    };
    let count = |n: u64| format_count(n as usize, Default::default());
    let days = match s.period {
        (Some(from), Some(to)) if from != to => {
            format!("{} to {}", words::day(Day(from)), words::day(Day(to)))
        }
        (Some(day), _) | (_, Some(day)) => words::day(Day(day)),
        (None, None) => String::new(),
    };
    let number = match s.number.is_empty() {
        true => String::new(),
        false => format!(" no. {}", s.number),
    };
    let gap = s.opening.zip(s.closing).map(|(o, c)| c - o - s.movements);
    let (tone, sum) = match (s.opening.zip(s.closing), gap) {
        (Some((o, c)), Some(0)) => (
            Tone::Good,
            format!("{} + {} = {}", money(o), money(s.movements), money(c)),
        ),
        (Some((o, c)), Some(gap)) => (
            Tone::Danger,
            format!(
                "UNRECONCILED by {}: {} + {} is not {}",
                money(gap),
                money(o),
                money(s.movements),
                money(c)
            ),
        ),
        _ => {
            let told = match (s.opening, s.closing) {
                (None, Some(c)) => {
                    format!(
                        "the file gives a closing balance of {} and no opening one",
                        money(c)
                    )
                }
                (Some(o), None) => {
                    format!(
                        "the file gives an opening balance of {} and no closing one",
                        money(o)
                    )
                }
                _ => "the file gives no balances".to_owned(),
            };
            (
                Tone::Warn,
                format!("Movements of {}; {told}", money(s.movements)),
            )
        }
    };
    let left = match s.left_out {
        0 => String::new(),
        n => format!(
            " {} left out: not booked yet, or in another currency.",
            count(n)
        ),
    };
    view! {
        <p>
            <strong>{format!("{}{number}", s.account)}</strong> " " {days}
            <br />
            {format!("{} lines; {} of money in, {}.{left}", count(s.lines), count(s.credits), money(s.credit_sum))}
            " " <Chip text=sum tone=tone />
        </p>
    }
}

fn question(
    question: &StatementQuestion,
    answers: &StatementAnswers,
    answer: Callback<StatementAnswers>,
) -> impl IntoView + use<> {
    let (text, choices) = match question {
        StatementQuestion::Dates(example, orders) => {
            let each = orders.iter().map(|order| {
                let label = match order.as_str() {
                    "dmy" => "Day first",
                    "mdy" => "Month first",
                    "dym" => "Day, year, month",
                    _ => "Year first",
                };
                let answers = StatementAnswers {
                    dates: Some(order.clone()),
                    ..answers.clone()
                };
                (label, answers)
            });
            (
                format!("How is the date {example} to be read?"),
                each.collect::<Vec<_>>(),
            )
        }
        StatementQuestion::Decimal(example) => {
            let mark = |mark| StatementAnswers {
                decimal: Some(mark),
                ..answers.clone()
            };
            let both = vec![
                ("A point before the decimals", mark('.')),
                ("A comma before the decimals", mark(',')),
            ];
            (format!("How is the amount {example} to be read?"), both)
        }
    };
    let buttons = choices.into_iter().map(|(label, answers)| {
        view! { <Button label=label on_press=move |()| answer.run(answers.clone()) /> }
    });
    view! {
        <p>{text}</p>
        <p class="button-row">{buttons.collect_view()}</p>
    }
}
