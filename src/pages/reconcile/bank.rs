//! Bank against cash book, and every receipt beside its line.

use super::{Page, wording};
use crate::pages::account_href;
use crate::ui::format::plural;
use crate::ui::prelude::*;
use crate::words;
use duebook_insight::recon::{BankAccount, BankToBook};
use duebook_insight::reports::line_text;
use leptos::prelude::*;

/// The tab of accounts and equations.
#[component]
pub fn BankView(page: Page) -> impl IntoView {
    move || {
        let found = page.found.get()?;
        let currency = page.currency.get();
        let accounts: Vec<BankAccount> = found
            .accounts
            .iter()
            .filter(|a| a.currency == currency)
            .cloned()
            .collect();
        let book = found.books.iter().find(|b| b.currency == currency).copied();
        let returned = found
            .returned
            .iter()
            .find(|(c, ..)| *c == currency)
            .copied();
        let none = accounts.is_empty();
        Some(view! {
            <div class="recon-part">
                {none.then(|| view! {
                    <Empty
                        icon=Icon::Coins
                        title="No bank statement of these days"
                        text=Signal::stored("Add one under Cash. Its lines are then held against the receipts of the book, one by one.".to_owned())
                    />
                })}
                {accounts.into_iter().map(account).collect_view()}
                {book.map(|b| equation(b, returned.map(|(_, bank, own)| (bank, own))))}
            </div>
        })
    }
}

/// Which statements are missing, as far as their numbers tell.
fn missing(numbers: Option<(u32, u32)>) -> String {
    match numbers {
        None => "one is missing".to_owned(),
        Some((first, last)) if first == last => format!("{first} is missing"),
        Some((first, last)) => format!("{first} to {last} are missing"),
    }
}

fn account(a: BankAccount) -> impl IntoView {
    let money = |minor: i64| words::amount(minor, a.currency);
    let balance = |b: Option<i64>| b.map_or("not given".to_owned(), money);
    let (tone, proof) = match a.difference() {
        None => (Tone::Warn, "No balances to prove it by".to_owned()),
        Some(0) if a.gaps.is_empty() => (Tone::Good, "Adds up".to_owned()),
        Some(0) => (Tone::Danger, "UNRECONCILED within".to_owned()),
        Some(off) => (Tone::Danger, format!("UNRECONCILED by {}", money(off))),
    };
    let gaps: Vec<String> = a
        .gaps
        .iter()
        .map(|g| match g.sequence {
            true if g.amount == 0 => format!(
                "Statement {} of {} does not follow the one before it: {}.",
                g.number,
                words::day(g.day),
                missing(g.missing)
            ),
            true => format!(
                "Statement {} of {} begins with {} more than the one before it ended with: {}.",
                g.number,
                words::day(g.day),
                money(g.amount),
                missing(g.missing)
            ),
            false => format!(
                "Statement {} of {} closes with {} more than its opening and lines make.",
                g.number,
                words::day(g.day),
                money(g.amount)
            ),
        })
        .collect();
    view! {
        <section class="panel" aria-label=a.account.clone()>
            <h2>{format!("{} {}", a.account, a.currency.code())}</h2>
            <p class="recon-sum">
                <span class="muted">"Opening "</span><strong class="num">{balance(a.opening)}</strong>
                <span class="muted">" + lines "</span><strong class="num">{money(a.movements)}</strong>
                <span class="muted">" = closing "</span><strong class="num">{balance(a.closing)}</strong>
                " " <Chip text=proof tone=tone />
                <span class="muted">{format!(" {}, {} to {}", plural(a.statements, "statement", "statements", Default::default()), words::day(a.days.0), words::day(a.days.1))}</span>
            </p>
            {gaps.into_iter().map(|g| view! { <p class="toned danger">{g}</p> }).collect_view()}
        </section>
    }
}

fn equation(b: BankToBook, returned: Option<(i64, i64)>) -> impl IntoView {
    let money = move |minor: i64| words::amount(minor, b.currency);
    let (tone, proof) = match b.difference() {
        0 => (Tone::Good, "Adds up".to_owned()),
        off => (Tone::Danger, format!("UNRECONCILED by {}", money(off))),
    };
    let lines = [
        ("Money in on bank lines of the period", b.money_in, true),
        ("less no customer’s money", -b.not_customers, false),
        ("less in the bank, not in the book", -b.open, false),
        (
            "less receipts that the book dates in another period",
            -b.dated_elsewhere,
            false,
        ),
        (
            "plus receipts whose line is booked in another period",
            b.booked_elsewhere,
            false,
        ),
        ("plus in the book, not in the bank", b.no_line, false),
        (
            "plus receipts of days that no statement covers",
            b.not_covered,
            false,
        ),
    ];
    let lines = lines
        .into_iter()
        .filter(|(_, amount, always)| *always || *amount != 0);
    view! {
        <section class="panel" aria-label="Bank to cash book">
            <h2>"From the bank to the cash book"</h2>
            <dl class="cash-sum recon-equation">
                {lines.map(|(label, amount, _)| view! { <div><dt>{label}</dt><dd class="num">{money(amount)}</dd></div> }).collect_view()}
                <div class="total"><dt>"Receipts of the book, dated in the period " <Chip text=proof tone=tone /></dt><dd class="num">{money(b.receipts)}</dd></div>
            </dl>
            {returned.map(|(bank, own)| {
                let (tone, text) = match bank == own {
                    true => (Tone::Good, "Agree".to_owned()),
                    false => (Tone::Warn, format!("differ by {}", money(own - bank))),
                };
                view! {
                    <p>{format!("Returned by the bank, as its lines say: {}; as the book says: {} ", money(bank), money(own))}<Chip text=text tone=tone /></p>
                }
            })}
        </section>
    }
}

/// The tab of receipts and lines.
#[component]
pub fn ReceiptsView(page: Page) -> impl IntoView {
    let ws = page.ws;
    let rows = Memo::new(move |_| {
        let currency = page.currency.get();
        page.found.with(|f| {
            let all = f.as_ref().map_or(&[][..], |f| &f.receipts[..]);
            let of = all.iter().filter(|r| r.currency == currency);
            of.cloned().collect::<Vec<_>>()
        })
    });
    let source = GridSource::new(
        move || rows.with(Vec::len),
        move |n| n as u64,
        move |n, column| {
            let Some(row) = rows.with(|r| r.get(n).cloned()) else {
                return CellView::Empty;
            };
            ws.peek(|b| match column {
                0 => match row.receipt {
                    Some(id) => {
                        let number = b.item_key(id).map_or(String::new(), |k| words::item(&k));
                        CellView::Strong(number)
                    }
                    None => CellView::Faint("no receipt".to_owned()),
                },
                1 => match row.customer {
                    Some(c) => match account_href(ws, c) {
                        Some(href) => CellView::Link {
                            text: wording::name(b, c),
                            href,
                        },
                        None => CellView::Text(wording::name(b, c)),
                    },
                    None => CellView::Empty,
                },
                2 => row
                    .dated
                    .map_or(CellView::Empty, |d| CellView::Text(words::day(d))),
                3 => CellView::Text(words::amount(row.amount, row.currency)),
                4 => match row.line {
                    Some(id) => match wording::line_href(ws, id) {
                        Some(href) => CellView::Link {
                            text: line_text(b, id),
                            href,
                        },
                        None => CellView::Text(line_text(b, id)),
                    },
                    None if row.not_covered => {
                        CellView::Faint("no statement of that day".to_owned())
                    }
                    None => CellView::Toned(Tone::Danger, "no line".to_owned()),
                },
                5 => row
                    .booked
                    .map_or(CellView::Empty, |d| CellView::Text(words::day(d))),
                _ => CellView::Empty,
            })
        },
    );
    let columns = vec![
        Column::text("receipt", "Receipt", 150),
        Column::text("customer", "Customer", 150)
            .grow(2)
            .hide_below(640),
        Column::date("dated", "Dated").hide_below(760),
        Column::number("amount", "Amount", 120),
        Column::text("line", "Line of the bank", 150).grow(2),
        Column::date("booked", "Booked").hide_below(560),
    ];
    view! {
        <div class="recon-grid">
            <Grid
                label="Receipts and lines"
                source=source
                columns=Signal::stored(columns)
                empty=|| view! { <p class="muted">"No receipt is dated in this period, and no line of money in is booked in it."</p> }
            />
        </div>
    }
}
