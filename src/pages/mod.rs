//! One folder or file per page, named as the user names it. A page imports `ui` and `workspace`,
//! never another page.

pub mod account;
pub mod activity;
pub mod aging;
pub mod cases;
pub mod cash;
pub mod changes;
mod choice;
pub mod customers;
pub mod frame;
pub mod help;
pub mod import;
pub mod items;
pub mod kpis;
pub mod letters;

pub mod not_found;
pub mod open;
pub mod outbox;
pub mod plans;
pub mod reconcile;
pub mod reports;
pub mod risk;
pub mod settings;
mod shared;
pub mod shift;
pub mod today;
pub mod work;

use crate::app::href;
use crate::workspace::Ws;
use duebook_ledger::CustomerId;

/// The address of a customer's account, in natural keys.
pub fn account_href(ws: Ws, customer: CustomerId) -> Option<String> {
    let key = ws.peek(|book| book.customer_key(customer))?;
    let part = |text: &str| {
        String::from(js_sys::encode_uri_component(if text.is_empty() {
            "-"
        } else {
            text
        }))
    };
    Some(href(
        ws,
        &format!("account/{}/{}", part(&key.source), part(&key.number)),
    ))
}

/// The address of a customer on the work page.
pub fn work_href(ws: Ws, customer: CustomerId) -> Option<String> {
    let key = ws.peek(|book| book.customer_key(customer))?;
    let on = String::from(js_sys::encode_uri_component(&shared::on_text(&key)));
    Some(href(ws, &format!("work?on={on}")))
}
