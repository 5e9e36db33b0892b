//! The reader of the payment-terms grammar (domain.md 1.4).

use crate::terms::{Anchor, Band, Base, Discount, Plan, Ppm, Prepay, Terms};
use crate::terms_lex::{Token, lex, phrases};
use core::fmt;

/// Why a text is not payment terms, or why terms are refused (TM-15).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TermsError {
    /// Nothing.
    Empty,
    /// Something that does not belong there, at this byte.
    Unexpected {
        /// Byte position.
        at: usize,
    },
    /// A discount, but no word on when the rest is due.
    NoNet,
    /// A discount or a term of no days.
    ZeroDays,
    /// A number of days below zero.
    NegativeDays,
    /// More than ten years.
    TooLong,
    /// 0 %, 100 % or more, or more decimals than four.
    Percent {
        /// As read, cut to what can be kept.
        rate: Ppm,
    },
    /// Instalment shares that are not the whole.
    Shares {
        /// What they sum to.
        millionths: u64,
    },
    /// No month has that day.
    DayOfMonth {
        /// The day.
        day: u8,
    },
    /// Day bands that do not rise or do not reach the 31st.
    Bands,
    /// Later discounts must be smaller.
    Tiers,
    /// The discount would run longer than the terms.
    DiscountAfterDue,
    /// Discounts go with a single due date only.
    DiscountOnPlan,
}

impl fmt::Display for TermsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

impl core::error::Error for TermsError {}

/// Longer texts are not terms.
const LONGEST: usize = 400;

pub(crate) fn parse(text: &str) -> Result<Terms, TermsError> {
    if text.trim().is_empty() {
        return Err(TermsError::Empty);
    }
    if text.len() > LONGEST {
        return Err(TermsError::TooLong);
    }
    let tokens = phrases(lex(text)?);
    let mut reader = Reader {
        tokens: &tokens,
        at: 0,
        end: text.len(),
    };
    let terms = if tokens.iter().any(|(_, t)| *t == Token::Mark(';')) || reader.is_lone_share() {
        reader.instalments()?
    } else {
        reader.single()?
    };
    reader.skip_mark(',');
    if reader.at < reader.tokens.len() {
        return Err(reader.unexpected());
    }
    terms.validate()?;
    Ok(terms)
}

struct Reader<'a> {
    tokens: &'a [(usize, Token)],
    at: usize,
    end: usize,
}

impl Reader<'_> {
    fn peek(&self, ahead: usize) -> Option<&Token> {
        self.tokens.get(self.at + ahead).map(|(_, token)| token)
    }

    fn unexpected(&self) -> TermsError {
        TermsError::Unexpected {
            at: self.tokens.get(self.at).map_or(self.end, |(at, _)| *at),
        }
    }

    fn is_word(&self, ahead: usize, word: &str) -> bool {
        matches!(self.peek(ahead), Some(Token::Word(w)) if w == word)
    }

    fn is_mark(&self, ahead: usize, mark: char) -> bool {
        self.peek(ahead) == Some(&Token::Mark(mark))
    }

    fn skip_word(&mut self, word: &str) -> bool {
        let found = self.is_word(0, word);
        self.at += usize::from(found);
        found
    }

    fn skip_mark(&mut self, mark: char) -> bool {
        let found = self.is_mark(0, mark);
        self.at += usize::from(found);
        found
    }

    fn is_number(&self, ahead: usize) -> bool {
        matches!(self.peek(ahead), Some(Token::Number { .. }))
    }

    fn number(&mut self) -> Result<u16, TermsError> {
        match self.peek(0) {
            Some(Token::Number { whole, fraction: 0 }) => {
                let number = u16::try_from(*whole).map_err(|_| TermsError::TooLong)?;
                self.at += 1;
                Ok(number)
            }
            _ => Err(self.unexpected()),
        }
    }

    fn percent(&mut self) -> Result<Ppm, TermsError> {
        match self.peek(0) {
            Some(Token::Number { whole, fraction }) => {
                let rate = Ppm(whole.saturating_mul(10_000).saturating_add(*fraction));
                self.at += 1;
                Ok(rate)
            }
            _ => Err(self.unexpected()),
        }
    }

    /// A day of the month; `EOM` is the 31st, which every month clamps to its last.
    fn day_of_month(&mut self) -> Result<u8, TermsError> {
        if self.skip_word("eom") {
            return Ok(31);
        }
        let day = self.number()?;
        self.skip_word("nth");
        let day = u8::try_from(day).unwrap_or(u8::MAX);
        if (1..=31).contains(&day) {
            Ok(day)
        } else {
            Err(TermsError::DayOfMonth { day })
        }
    }

    fn months(&mut self) -> Result<u8, TermsError> {
        let months = self.number()?;
        self.skip_word("months");
        u8::try_from(months).map_err(|_| TermsError::TooLong)
    }

    /// `100% 30`: one share and no more.
    fn is_lone_share(&self) -> bool {
        matches!(self.peek(0), Some(Token::Number { whole: 100.., .. })) && self.is_mark(1, '%')
    }

    fn instalments(&mut self) -> Result<Terms, TermsError> {
        let mut shares = Vec::new();
        loop {
            let rate = self.percent()?;
            if !self.skip_mark('%') {
                return Err(self.unexpected());
            }
            self.skip_word("net");
            shares.push((rate, self.base()?));
            if !self.skip_mark(';') {
                break;
            }
        }
        let anchor = self.anchor();
        Ok(Terms {
            discounts: Vec::new(),
            plan: Plan::Instalments(shares),
            anchor,
        })
    }

    fn single(&mut self) -> Result<Terms, TermsError> {
        let mut discounts = Vec::new();
        while self.is_number(0) && (self.is_mark(1, '/') || self.is_mark(1, '%')) {
            discounts.push(self.discount()?);
            self.skip_mark(',');
        }
        if let Some(prepay) = self.prepay() {
            return Ok(Terms {
                discounts,
                plan: Plan::Prepay(prepay),
                anchor: Anchor::Invoice,
            });
        }
        // `2/10/30` and `2/10 n/30`.
        let named = self.skip_word("net");
        self.skip_mark('/');
        if !discounts.is_empty() && !named && self.at == self.tokens.len() {
            return Err(TermsError::NoNet);
        }
        let base = self.base()?;
        let anchor = self.anchor();
        Ok(Terms {
            discounts,
            plan: Plan::Single(base),
            anchor,
        })
    }

    fn prepay(&mut self) -> Option<Prepay> {
        let Some(Token::Word(word)) = self.peek(0) else {
            return None;
        };
        let found = Prepay::ALL
            .iter()
            .find(|(_, name)| name.eq_ignore_ascii_case(word));
        let prepay = found.map(|(prepay, _)| *prepay)?;
        self.at += 1;
        Some(prepay)
    }

    /// `2/10`, `2%/10 days`, `2% 10`, `2/10 EOM`, `2/10 prox`, `2/10 ROG`.
    fn discount(&mut self) -> Result<Discount, TermsError> {
        let rate = self.percent()?;
        self.skip_mark('%');
        self.skip_mark('/');
        let base = if self.skip_word("eom") {
            Base::MonthEnd { plus: 0 }
        } else if self.is_word(0, "day") || self.is_word(0, "bands") {
            self.base()?
        } else {
            let days = self.number()?;
            if days == 0 {
                return Err(TermsError::ZeroDays);
            }
            if self.skip_word("months") {
                Base::Months(days)
            } else {
                self.skip_word("days");
                self.discount_base(days)?
            }
        };
        Ok(Discount {
            rate,
            base,
            anchor: self.anchor(),
        })
    }

    fn discount_base(&mut self, days: u16) -> Result<Base, TermsError> {
        if self.skip_word("eom") {
            // A discount to the nth after the month's end (TM-10); A must be said.
            return Ok(if self.skip_word("then-eom") {
                Base::DaysThenMonthEnd { days }
            } else {
                self.skip_word("from-eom");
                Base::MonthEnd { plus: days }
            });
        }
        if self.skip_word("mfi") {
            let day = u8::try_from(days).unwrap_or(u8::MAX);
            return Ok(Base::Proximo {
                day,
                months: 1,
                cutoff: None,
            });
        }
        Ok(Base::Days(days))
    }

    fn anchor(&mut self) -> Anchor {
        for (word, anchor) in [
            ("rog", Anchor::Delivery),
            ("roi", Anchor::ReceiptOfInvoice),
            ("statement", Anchor::Statement),
            ("invoice", Anchor::Invoice),
        ] {
            if self.skip_word(word) {
                return anchor;
            }
        }
        Anchor::Invoice
    }

    fn base(&mut self) -> Result<Base, TermsError> {
        if self.skip_word("immediate") {
            return Ok(Base::Days(0));
        }
        if self.skip_word("eom") {
            self.skip_mark('+');
            let plus = if self.is_number(0) { self.number()? } else { 0 };
            self.skip_word("days");
            return Ok(Base::MonthEnd { plus });
        }
        if self.skip_word("bands") {
            return self.bands();
        }
        if self.skip_word("day") {
            return self.named_day();
        }
        let days = self.number()?;
        if self.skip_word("months") {
            return Ok(Base::Months(days));
        }
        self.after_days(days)
    }

    /// What may follow a number of days, or a day of the month.
    fn after_days(&mut self, days: u16) -> Result<Base, TermsError> {
        let day = u8::try_from(days).unwrap_or(u8::MAX);
        self.skip_word("nth");
        if self.skip_word("mfi") {
            return Ok(Base::Proximo {
                day,
                months: 1,
                cutoff: None,
            });
        }
        // `net 30 days`; a `day` that begins the next thing cannot follow here.
        let said_days = self.skip_word("days") || self.skip_word("day");
        if self.skip_word("then-eom") {
            return Ok(Base::DaysThenMonthEnd { days });
        }
        let after = (self.is_word(0, "after") || self.is_word(0, "from")) && self.is_word(1, "eom");
        if after {
            self.at += 2;
            return Ok(Base::MonthEnd { plus: days });
        }
        if self.skip_word("from-eom") {
            return Ok(Base::MonthEnd { plus: days });
        }
        if !self.skip_word("eom") {
            return Ok(Base::Days(days));
        }
        if self.skip_word("then-eom") {
            Ok(Base::DaysThenMonthEnd { days })
        } else if self.skip_word("from-eom") || (!said_days && days <= 28) {
            // `10 EOM` is the 10th after the month's end (TM-04); `30 EOM` may be both (TM-05).
            Ok(Base::MonthEnd { plus: days })
        } else {
            Ok(Base::Ambiguous { days })
        }
    }

    /// `day 20 after 1 cutoff 12`, `day 15 min 31`.
    fn named_day(&mut self) -> Result<Base, TermsError> {
        let day = self.day_of_month()?;
        if self.skip_word("min") {
            let days = self.number()?;
            self.skip_word("days");
            return Ok(Base::DayAtLeast { day, days });
        }
        if !self.skip_word("after") {
            return Err(self.unexpected());
        }
        let months = self.months()?;
        let cutoff = if self.skip_word("cutoff") {
            Some(self.day_of_month()?)
        } else {
            None
        };
        Ok(Base::Proximo {
            day,
            months,
            cutoff,
        })
    }

    /// `bands 9/10+1 25/25+1 31/10+2`.
    fn bands(&mut self) -> Result<Base, TermsError> {
        let mut bands = Vec::new();
        while self.is_number(0) {
            let to = self.day_of_month()?;
            if !self.skip_mark('/') {
                return Err(self.unexpected());
            }
            let day = self.day_of_month()?;
            if !self.skip_mark('+') {
                return Err(self.unexpected());
            }
            bands.push(Band {
                to,
                day,
                months: self.months()?,
            });
        }
        Ok(Base::Bands(bands))
    }
}
