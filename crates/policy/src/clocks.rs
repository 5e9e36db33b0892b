//! Clocks of the legal route that a domain rule counts out (§6.5): a dishonoured cheque in India,
//! Negotiable Instruments Act s.138. To be checked by counsel before anything rests on them.

use duebook_money::Day;

/// What is known of a dishonoured cheque.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Cheque {
    /// Its own date.
    pub dated: Option<Day>,
    /// When it was presented.
    pub presented: Option<Day>,
    /// When the bank's return memo came.
    pub returned: Option<Day>,
    /// When the drawer received the demand notice.
    pub notice_received: Option<Day>,
}

/// Last days, each where what it is counted from is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ChequeClock {
    /// To be presented by: three months from its date.
    pub present_by: Option<Day>,
    /// Demand notice to be sent by: thirty days from the return memo, for exactly the cheque's amount.
    pub notice_by: Option<Day>,
    /// The drawer may pay until then: fifteen days from receipt of the notice.
    pub pay_by: Option<Day>,
    /// Complaint to be made by: one month after that.
    pub complain_by: Option<Day>,
}

/// Days in which a demand notice is to be sent.
const NOTICE_DAYS: i32 = 30;
/// Days the drawer has to pay from receipt.
const PAY_DAYS: i32 = 15;

impl Cheque {
    /// The clock.
    pub fn clock(&self) -> ChequeClock {
        let pay_by = self.notice_received.and_then(|d| d.checked_add(PAY_DAYS));
        ChequeClock {
            present_by: self.dated.and_then(|d| d.add_months(3)),
            notice_by: self.returned.and_then(|d| d.checked_add(NOTICE_DAYS)),
            pay_by,
            complain_by: pay_by.and_then(|d| d.add_months(1)),
        }
    }
    /// Whether it was presented within its three months; `None` where that is not known.
    pub fn is_in_time(&self) -> Option<bool> {
        Some(self.presented? <= self.clock().present_by?)
    }
}
