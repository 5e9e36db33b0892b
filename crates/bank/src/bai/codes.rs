//! What BAI2's type codes mean for the account.

use crate::statement::{BalanceKind, EntryKind};

/// How a detail code moves the account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moves {
    Credit,
    Debit,
    /// Loans, and codes without an amount: for information.
    Nothing,
}

/// 101 to 399 and 920 to 959 are credits, 401 to 699 and 960 to 999 debits.
pub(super) fn moves(code: u16) -> Moves {
    match code {
        101..=399 | 920..=959 => Moves::Credit,
        401..=699 | 960..=999 => Moves::Debit,
        _ => Moves::Nothing,
    }
}

/// What an entry of a code is.
pub(super) fn kind(code: u16) -> EntryKind {
    match code {
        115 | 116 | 171 | 172 | 173 | 174 | 175 | 176 | 301 | 306 => EntryKind::Cheques,
        164 | 165 => EntryKind::Collection,
        166 | 168 | 169 | 142 | 143 | 145 | 147 | 155 | 156 | 191 | 195 | 196 | 206 | 208 | 212
        | 213 | 214 | 215 | 233 => EntryKind::Receipt,
        135 | 136 | 366 | 399 | 108 | 110 | 121 | 122 | 123 | 362 => EntryKind::Receipt,
        201 | 202 | 255 if code == 201 => EntryKind::Transfer,
        257 | 258 | 255 | 256 | 252 => EntryKind::PaymentReturned,
        254 | 259 | 261 | 553 | 554 | 552 => EntryKind::Correction,
        275 | 276 | 277 | 281 | 575 | 577 | 581 | 501 => EntryKind::Transfer,
        354 | 355 | 654 | 655 => EntryKind::Interest,
        390 | 398 | 631 | 661 | 690 | 695 | 698 | 370 | 656 => EntryKind::Charges,
        555 | 556 | 557 | 558 | 559 | 261..=264 => EntryKind::ReceiptReturned,
        890 => EntryKind::Information,
        401..=550 | 560..=653 | 699 => EntryKind::Payment,
        _ => EntryKind::Unknown,
    }
}

/// Balances among an account's summary codes; `None`: a total or an amount of another kind.
pub(super) fn balance(code: u16) -> Option<BalanceKind> {
    Some(match code {
        10 => BalanceKind::Opening,
        15 => BalanceKind::Closing,
        30 => BalanceKind::Interim,
        40 => BalanceKind::OpeningAvailable,
        45 | 60 => BalanceKind::Available,
        1..=99 => BalanceKind::Other(format!("{code:03}")),
        _ => return None,
    })
}
