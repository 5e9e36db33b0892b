//! What a file of statements leaves to the user: currency, columns; and what was said of files like
//! it before.

use crate::jobs::{ColumnRead, StatementAnswers, StatementFile, StatementQuestion};
use crate::platform::prefs;
use crate::ui::prelude::*;
use crate::workspace::{Ws, sources_key};
use duebook_bank::Column;
use duebook_ledger::Book;
use duebook_money::Currency;
use leptos::prelude::*;

/// Sources remembered of a book; the oldest go.
const MOST: usize = 60;

/// Where the currency in force comes from, where the file names none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CurrencyFrom {
    /// Nobody knows: it is asked.
    #[default]
    Unknown,
    /// The statement of the account before.
    Account,
    /// What the user said of such a file before.
    Before,
    /// The only currency that anything is open in.
    OpenItems,
    /// The user, now.
    User,
}

impl CurrencyFrom {
    /// In words.
    pub fn hint(self) -> &'static str {
        match self {
            Self::Unknown => {
                "The file names none. Choose it: amounts are held against items of this currency only."
            }
            Self::Account => {
                "The file names none; the statement of this account before was in it. Change it if that is wrong."
            }
            Self::Before => {
                "The file names none; you chose it for such a file before. Change it if that is wrong."
            }
            Self::OpenItems => {
                "The file names none; everything open in this book is in it. Change it if that is wrong."
            }
            Self::User => "The file names none; you chose it.",
        }
    }
}

/// What files of one source have in common: format and headers, or format and accounts.
fn source_of(file: &StatementFile) -> String {
    let parts: Vec<&str> = match file.columns.is_empty() {
        false => file.columns.iter().map(|c| c.header.as_str()).collect(),
        true => file.statements.iter().map(|s| s.account.as_str()).collect(),
    };
    let format = if file.columns.is_empty() {
        &file.format
    } else {
        "table"
    };
    format!("{format}\u{1f}{}", parts.join("\u{1f}"))
}

fn known(ws: Ws) -> Vec<(String, StatementAnswers)> {
    prefs::read(&sources_key(&ws.id())).unwrap_or_default()
}

/// Keeps what was said of a file for the next of its kind. Losing it only means being asked again.
pub fn remember(ws: Ws, file: &StatementFile, answers: &StatementAnswers) {
    let source = source_of(file);
    let mut all = known(ws);
    all.retain(|(s, _)| *s != source);
    all.push((source, answers.clone()));
    let over = all.len().saturating_sub(MOST);
    all.drain(..over);
    let _ = prefs::write(&sources_key(&ws.id()), &all);
}

/// What was said of a source before, or the book knows, where the file leaves it open: the answers
/// to read it with, and where their currency is from. The same answers: there is nothing to add.
pub fn filled(
    ws: Ws,
    file: &StatementFile,
    given: &StatementAnswers,
    from: CurrencyFrom,
) -> (StatementAnswers, CurrencyFrom) {
    let source = source_of(file);
    let before = known(ws).into_iter().find(|(s, _)| *s == source);
    let before = before.map(|(_, a)| a).unwrap_or_default();
    let (mut out, mut from) = (given.clone(), from);
    if out.columns.is_empty() && !file.columns.is_empty() {
        out.columns.clone_from(&before.columns);
    }
    if out.account.is_empty() {
        out.account.clone_from(&before.account);
    }
    // An answer is given again only to the same question: another file may say it by itself.
    for question in &file.questions {
        match question {
            StatementQuestion::Dates(_, orders) => {
                let same = before.dates.clone().filter(|d| orders.contains(d));
                out.dates = out.dates.or(same);
            }
            StatementQuestion::Decimal(_) => out.decimal = out.decimal.or(before.decimal),
        }
    }
    if file.assumed.is_some() && out.currency.is_empty() {
        let of_account = ws.peek(|b| of_account(b, file, &out.account));
        let known = of_account.map(|c| (c.code().to_owned(), CurrencyFrom::Account));
        let said = Some(before.currency).filter(|c| !c.is_empty());
        let known = known.or_else(|| said.map(|c| (c, CurrencyFrom::Before)));
        let only = || {
            ws.peek(only_open)
                .map(|c| (c.code().to_owned(), CurrencyFrom::OpenItems))
        };
        if let Some((code, why)) = known.or_else(only) {
            (out.currency, from) = (code, why);
        }
    }
    (out, from)
}

/// The currency of the account's last statement in the book.
fn of_account(book: &Book, file: &StatementFile, named: &str) -> Option<Currency> {
    let own = file.statements.iter().map(|s| s.account.as_str());
    let account = own.chain([named]).find(|a| !a.is_empty())?;
    let of_it = book
        .statements()
        .filter(|(_, s)| s.facts.account == account);
    of_it.last().map(|(_, s)| s.facts.currency)
}

/// Currencies that something is open in.
fn open(book: &Book) -> Vec<Currency> {
    let mut all: Vec<Currency> = Vec::new();
    for item in book.items().ids().filter_map(|id| book.item(id)) {
        let currency = item.currency();
        if !all.contains(&currency) && item.open() != 0 && book.is_live(item.commit()) {
            all.push(currency);
        }
    }
    all
}

/// The one currency that anything is open in.
fn only_open(book: &Book) -> Option<Currency> {
    match open(book).as_slice() {
        [one] => Some(*one),
        _ => None,
    }
}

/// The currency of a file that names none: those of the book first, then all.
#[component]
pub fn CurrencyField(
    ws: Ws,
    answers: StatementAnswers,
    from: CurrencyFrom,
    answer: Callback<(StatementAnswers, CurrencyFrom)>,
) -> impl IntoView {
    let value = RwSignal::new(answers.currency.clone());
    let mut own = ws.peek(open);
    own.sort_by_key(|c| c.code());
    let mut rest: Vec<Currency> = (1..1000).filter_map(Currency::from_numeric).collect();
    rest.retain(|c| *c != Currency::XXX && !own.contains(c));
    rest.sort_by_key(|c| c.code());
    let none = answers
        .currency
        .is_empty()
        .then(|| Choice::new("", "Choose"));
    let each = own.iter().chain(&rest);
    let each = each.map(|c| Choice::new(c.code(), c.code()));
    let choices: Vec<Choice> = none.into_iter().chain(each).collect();
    Effect::new(move |_| {
        let chosen = value.get();
        if chosen != answers.currency {
            let currency = chosen;
            let answers = answers.clone();
            answer.run((
                StatementAnswers {
                    currency,
                    ..answers
                },
                CurrencyFrom::User,
            ));
        }
    });
    view! {
        <SelectField label="Currency" value=value choices=Signal::stored(choices) hint=Signal::stored(Some(from.hint().to_owned())) />
    }
}

/// What a column may be, in words.
fn meaning(column: Column) -> &'static str {
    match column {
        Column::Date => "Date of booking",
        Column::ValueDate => "Value date",
        Column::Amount => "Amount, out with a minus",
        Column::Credit => "Money in",
        Column::Debit => "Money out",
        Column::Side => "Sign: in or out",
        Column::Party => "Name of the other party",
        Column::Payer => "Payer",
        Column::Payee => "Who was paid",
        Column::Account => "Account of the other party",
        Column::PayerId => "Number of the payer",
        Column::Reference => "Reference",
        Column::Text => "Text",
        Column::BankReference => "The bank’s id",
        Column::Balance => "Balance after it",
        Column::Currency => "Currency",
        Column::OriginalAmount => "Amount as ordered",
        Column::Fee => "Fee",
        _ => "Nothing: leave it",
    }
}

/// Why columns do not make a statement yet.
fn lacking(chosen: &[(String, String)]) -> Option<String> {
    let has = |names: &[&str]| chosen.iter().any(|(_, c)| names.contains(&c.as_str()));
    let twice = |name: &str| chosen.iter().filter(|(_, c)| c == name).count() > 1;
    let single = Column::OF_STATEMENT
        .iter()
        .filter(|(c, _)| !matches!(c, Column::Text | Column::Ignore));
    if !has(&["date", "value-date"]) {
        Some("Say which column is the date.".to_owned())
    } else if !has(&["amount", "in", "out"]) {
        Some("Say which column is the amount, or money in and money out.".to_owned())
    } else {
        let double = single.into_iter().find(|(_, name)| twice(name))?;
        Some(format!(
            "Two columns are “{}”: only one is read.",
            meaning(double.0)
        ))
    }
}

/// What the columns of a table mean, to be corrected.
#[component]
pub fn ColumnsOfTable(
    columns: Vec<ColumnRead>,
    answers: StatementAnswers,
    from: CurrencyFrom,
    /// Nothing can be read before they are said.
    unread: bool,
    answer: Callback<(StatementAnswers, CurrencyFrom)>,
) -> impl IntoView {
    let choices: Vec<Choice> = Column::OF_STATEMENT
        .iter()
        .map(|(c, name)| Choice::new(*name, meaning(*c)))
        .collect();
    let choices = Signal::stored(choices);
    let each: Vec<(ColumnRead, RwSignal<String>)> = columns
        .into_iter()
        .map(|c| (c.clone(), RwSignal::new(c.column)))
        .collect();
    let signals: Vec<(String, String, RwSignal<String>)> = each
        .iter()
        .map(|(c, value)| (c.header.clone(), c.column.clone(), *value))
        .collect();
    let chosen = Memo::new({
        let signals = signals.clone();
        move |_| {
            let each = signals.iter().map(|(h, _, value)| (h.clone(), value.get()));
            each.collect::<Vec<(String, String)>>()
        }
    });
    let refused = Signal::derive(move || {
        let same = chosen.with(|all| all.iter().zip(&signals).all(|(c, (_, now, _))| c.1 == *now));
        match same && !unread {
            true => Some("They are read so already.".to_owned()),
            false => chosen.with(|c| lacking(c)),
        }
    });
    let press = move |()| {
        let columns = chosen.get_untracked();
        let answers = answers.clone();
        answer.run((StatementAnswers { columns, ..answers }, from));
    };
    view! {
        <details open=unread>
            <summary>"What the columns mean"</summary>
            <div class="table-scroll" tabindex="0" role="region" aria-label="Columns">
                <table class="plain-table">
                    <thead>
                        <tr><th scope="col">"Column"</th><th scope="col">"Holds"</th><th scope="col">"Is read as"</th></tr>
                    </thead>
                    <tbody>
                        {each.into_iter().map(|(c, value)| view! {
                            <tr>
                                <th scope="row">{c.header.clone()}</th>
                                <td class="muted">{c.example}</td>
                                <td><SelectField label=format!("{} is read as", c.header) value=value choices=choices /></td>
                            </tr>
                        }).collect_view()}
                    </tbody>
                </table>
            </div>
            <p class="button-row"><Button label="Read it with these columns" refused=refused on_press=press /></p>
        </details>
    }
}
