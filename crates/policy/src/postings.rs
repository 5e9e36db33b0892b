//! To which account of the client's general ledger a proposed posting goes (domain.md §4.7). What an
//! account *is* for is known here; its number is the client's own and never made up.

use minicbor::{Decode, Encode};

/// Longest number of an account, in characters.
const LONGEST: usize = 40;

/// What an account is for. Stored; never renumber.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum Role {
    /// What customers owe: the control account.
    #[n(0)]
    Receivables,
    /// Money of customers that pays nothing yet: a sub-account of the control account.
    #[n(1)]
    UnappliedCash,
    /// Deposits held, a liability.
    #[n(2)]
    CustomerDeposits,
    /// Money at the bank.
    #[n(3)]
    Bank,
    /// Revenue.
    #[n(4)]
    Revenue,
    /// Tax on what was billed.
    #[n(5)]
    OutputTax,
    /// Revenue and output tax where a document's lines are not known.
    #[n(6)]
    Undivided,
    /// Credits that nobody was owed.
    #[n(7)]
    Concessions,
    /// Small differences of payments.
    #[n(8)]
    PaymentDifferences,
    /// What banks keep on the way.
    #[n(9)]
    BankCharges,
    /// Discount for early payment.
    #[n(10)]
    DiscountAllowed,
    /// Tax that customers kept back, to be had from the tax office.
    #[n(11)]
    WithholdingTax,
    /// Exchange differences that are realised.
    #[n(12)]
    ExchangeDifference,
    /// Allowance for doubtful debts.
    #[n(13)]
    Allowance,
    /// Bad debt written off directly.
    #[n(14)]
    BadDebt,
    /// Bad debt that came back where it was written off directly.
    #[n(15)]
    RecoveryIncome,
    /// Interest and compensation for late payment.
    #[n(16)]
    InterestIncome,
    /// Fees charged to customers.
    #[n(17)]
    FeeIncome,
    /// What we owe a customer who is a supplier too.
    #[n(18)]
    Payables,
    /// Due from and to another company of the group: money of one pays a bill of the other.
    #[n(19)]
    Intercompany,
    /// What the source settled without saying how, and was taken back.
    #[n(20)]
    Clearing,
    /// What customers owe, in the company's own currency alone: exchange differences that are realised
    /// move it, and no open item.
    #[n(21)]
    ReceivablesExchange,
    /// Between two receipts of which one got a part of the other: 0 in all in one currency.
    #[n(22)]
    Transfers,
}

impl Role {
    /// Every role in stored order.
    pub const ALL: [Role; 23] = [
        Role::Receivables,
        Role::UnappliedCash,
        Role::CustomerDeposits,
        Role::Bank,
        Role::Revenue,
        Role::OutputTax,
        Role::Undivided,
        Role::Concessions,
        Role::PaymentDifferences,
        Role::BankCharges,
        Role::DiscountAllowed,
        Role::WithholdingTax,
        Role::ExchangeDifference,
        Role::Allowance,
        Role::BadDebt,
        Role::RecoveryIncome,
        Role::InterestIncome,
        Role::FeeIncome,
        Role::Payables,
        Role::Intercompany,
        Role::Clearing,
        Role::ReceivablesExchange,
        Role::Transfers,
    ];
    /// Its name, which stands where no number is given.
    pub fn name(self) -> &'static str {
        match self {
            Role::Receivables => "Accounts receivable",
            Role::UnappliedCash => "Unapplied cash",
            Role::CustomerDeposits => "Customer deposits",
            Role::Bank => "Bank",
            Role::Revenue => "Revenue",
            Role::OutputTax => "Output tax",
            Role::Undivided => "Revenue and output tax, not told apart",
            Role::Concessions => "Concessions",
            Role::PaymentDifferences => "Payment differences",
            Role::BankCharges => "Bank charges",
            Role::DiscountAllowed => "Discount allowed",
            Role::WithholdingTax => "Withholding tax receivable",
            Role::ExchangeDifference => "Exchange differences",
            Role::Allowance => "Allowance for doubtful debts",
            Role::BadDebt => "Bad-debt expense",
            Role::RecoveryIncome => "Recovery income",
            Role::InterestIncome => "Interest income",
            Role::FeeIncome => "Fee income",
            Role::Payables => "Accounts payable",
            Role::Intercompany => "Intercompany",
            Role::Clearing => "Clearing, cause not told",
            Role::ReceivablesExchange => "Exchange on receivables",
            Role::Transfers => "Transfers between receipts",
        }
    }
    /// Whether it holds what the open items of customers are: the subledger's side of an entry.
    pub fn is_subledger(self) -> bool {
        matches!(
            self,
            Role::Receivables | Role::UnappliedCash | Role::CustomerDeposits
        )
    }
}

/// The client's accounts, and how bad debt is written off.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PostingPolicy {
    /// Number of the account by its role, each role once. A role that is not here has no number.
    #[n(0)]
    #[cbor(default)]
    pub accounts: Vec<(Role, String)>,
    /// Bad debt is an expense when it is written off; else it goes against the allowance.
    #[n(1)]
    #[cbor(default)]
    pub direct_write_off: bool,
}

/// Why it is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PostingPolicyError {
    /// A number that is empty, has spaces around it, or more than forty characters.
    Account(Role),
    /// A role that is given twice.
    Twice(Role),
}

impl PostingPolicy {
    /// The client's number of an account, where it is given.
    pub fn account(&self, role: Role) -> Option<&str> {
        let mut own = self.accounts.iter();
        own.find(|(r, _)| *r == role).map(|(_, a)| a.as_str())
    }
    /// What stands for the account: its number, else its role.
    pub fn shown(&self, role: Role) -> &str {
        self.account(role).unwrap_or(role.name())
    }
    /// Where bad debt goes.
    pub fn write_off(&self) -> Role {
        match self.direct_write_off {
            true => Role::BadDebt,
            false => Role::Allowance,
        }
    }
    /// From where bad debt that was written off comes back.
    pub fn recovery(&self) -> Role {
        match self.direct_write_off {
            true => Role::RecoveryIncome,
            false => Role::Allowance,
        }
    }
    /// Checks the numbers.
    ///
    /// # Errors
    /// [`PostingPolicyError`], the first that holds.
    pub fn validate(&self) -> Result<(), PostingPolicyError> {
        for (at, (role, account)) in self.accounts.iter().enumerate() {
            let sound = !account.is_empty()
                && account.trim() == account
                && account.chars().count() <= LONGEST
                && !account.chars().any(char::is_control);
            if !sound {
                return Err(PostingPolicyError::Account(*role));
            }
            if self.accounts[..at].iter().any(|(r, _)| r == role) {
                return Err(PostingPolicyError::Twice(*role));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn section_4_7_a_role_without_a_number_shows_itself() {
        let p = PostingPolicy {
            accounts: vec![(Role::Revenue, "400000".into())],
            direct_write_off: false,
        };
        assert_eq!(p.shown(Role::Revenue), "400000");
        assert_eq!(p.shown(Role::Bank), "Bank");
        assert_eq!(
            (p.write_off(), p.recovery()),
            (Role::Allowance, Role::Allowance)
        );
        assert_eq!(p.validate(), Ok(()));
        for (n, role) in Role::ALL.iter().enumerate() {
            assert_eq!(*role as usize, n, "in stored order");
        }
    }

    #[test]
    fn each_role_has_one_number_and_a_sound_one() {
        let of = |accounts: &[(Role, &str)]| {
            let accounts = accounts.iter().map(|(r, a)| (*r, (*a).to_owned()));
            PostingPolicy {
                accounts: accounts.collect(),
                direct_write_off: true,
            }
            .validate()
        };
        let bad = |role| Err(PostingPolicyError::Account(role));
        assert_eq!(of(&[(Role::Bank, "")]), bad(Role::Bank));
        assert_eq!(of(&[(Role::Bank, " 1")]), bad(Role::Bank));
        assert_eq!(of(&[(Role::Bank, &"9".repeat(41))]), bad(Role::Bank));
        let twice = of(&[(Role::Bank, "1"), (Role::Bank, "2")]);
        assert_eq!(twice, Err(PostingPolicyError::Twice(Role::Bank)));
        // Several roles may share an account.
        assert_eq!(of(&[(Role::Bank, "1"), (Role::BankCharges, "1")]), Ok(()));
    }

    #[test]
    fn stored_form_keeps_everything() {
        let p = PostingPolicy {
            accounts: Role::ALL.map(|r| (r, format!("{}", r as u8))).to_vec(),
            direct_write_off: true,
        };
        let bytes = minicbor::to_vec(&p).expect("encodes");
        assert_eq!(
            minicbor::decode::<PostingPolicy>(&bytes).expect("decodes"),
            p
        );
        let empty = minicbor::decode::<PostingPolicy>(&[0xa0]).expect("an empty map");
        assert_eq!(empty, PostingPolicy::default());
    }
}
