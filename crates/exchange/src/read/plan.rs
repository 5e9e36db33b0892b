//! The mapping resolved for the inner loop: which column feeds which place.

use super::decide::Styles;
use super::doc_type::{TypeSays, says};
use super::header::without_currency;
use super::kind::FileKind;
use super::layout::Layout;
use super::mapping::Field;
use super::options::Options;
use super::question::Question;
use super::synonyms::fold;
use duebook_ledger::columns::{NumField, TextField};
use duebook_money::amount::CurrencyMark;
use duebook_money::{Currency, Day, amount};

/// Where a row's currency comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum CurrencyFrom {
    /// A column, and what an empty cell means if the user said so.
    Column(usize, Option<Currency>),
    /// One for the file: the user's answer, or a header such as `Amount EUR`.
    Fixed(Currency),
    /// Signs and codes in the amount cells; a sign that may mean several means this one.
    Marks(Option<Currency>),
}

/// Said with the preview when a file leaves something to a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Assumption {
    /// No column says what is open: the amount is.
    OpenIsAmount,
    /// No column says what is open: amount less paid is.
    OpenIsAmountLessPaid,
    /// No column says what is open: rows with a clearing date are settled, others open in full.
    OpenUnlessCleared,
    /// No column has the original amount: what is open is taken for it.
    AmountIsOpen,
    /// No amount in document currency: the local amount is taken.
    AmountIsLocal,
    /// Credits and payments are written without a sign: counted negative.
    CreditsUnsigned,
    /// Customers have no number: their name is their key.
    CustomerByName,
    /// No document date: posting or baseline date is taken.
    DateIsPosting,
    /// The currency is the one in the header of the amount.
    CurrencyFromHeader,
    /// The currency is the sign or code beside the amounts.
    CurrencyFromCells,
    /// Document numbers went through a float (`1930438491.0`): the `.0` is taken off.
    NumbersWereFloats,
    /// Export with one row per invoice line: rows that repeat an invoice are read once.
    LinesOfInvoices,
}

#[derive(Debug)]
pub(crate) struct Plan {
    pub number: Option<usize>,
    pub customer: Option<usize>,
    pub customer_name: Option<usize>,
    pub entity: Option<usize>,
    pub doc_type: Option<usize>,
    pub doc_date: Option<usize>,
    pub date_fallback: Option<usize>,
    pub due: Option<usize>,
    pub terms: Option<usize>,
    pub terms_days: Option<usize>,
    pub baseline: Option<usize>,
    pub clearing: Option<usize>,
    /// Whether a clearing date settles: in a list of open items it does not.
    pub clearing_settles: bool,
    /// The last day of which a clearing date can be a fact; none where the file does not say.
    pub known_until: Option<Day>,
    pub status: Option<usize>,
    pub amount: Option<usize>,
    pub open: Option<usize>,
    pub paid: Option<usize>,
    pub debit: Option<usize>,
    pub credit: Option<usize>,
    pub side: Option<usize>,
    pub currency: CurrencyFrom,
    pub local_currency: Option<usize>,
    pub group_currency: Option<usize>,
    pub credits_unsigned: bool,
    pub float_numbers: bool,
    pub texts: Vec<(TextField, usize)>,
    pub nums: Vec<(NumField, usize)>,
    /// Currencies of local and group amounts that only their headers name.
    pub named: Vec<(TextField, Currency)>,
    pub year_text: Option<usize>,
    pub line_text: Option<usize>,
    pub assumptions: Vec<Assumption>,
    pub styles: Styles,
}

impl Plan {
    pub fn new(layout: &Layout, options: &Options, styles: Styles) -> Result<Plan, Question> {
        let at = |f| layout.mapping.column(f);
        let mut assumptions = Vec::new();
        let mut amount = at(Field::Amount).or(at(Field::PaymentAmount));
        let open = at(Field::OpenAmount);
        let sided = at(Field::Debit).is_some() || at(Field::Credit).is_some();
        if amount.is_none() && open.is_none() && !sided {
            amount = at(Field::LocalAmount).or(at(Field::GroupAmount));
            assumptions.push(Assumption::AmountIsLocal);
        }
        let currency = currency_from(
            layout,
            options,
            amount.or(open).or(at(Field::Debit)),
            &mut assumptions,
        )?;
        let (mut texts, mut nums) = (texts(layout), nums(layout));
        duebook_money::order::sort(&mut texts);
        duebook_money::order::sort(&mut nums);
        let place = |f: &TextField| texts.iter().position(|(t, _)| t == f);
        let (year_text, line_text) = (place(&TextField::FiscalYear), place(&TextField::Line));
        let mut plan = Plan {
            number: at(Field::Number),
            customer: at(Field::CustomerNumber),
            customer_name: at(Field::CustomerName),
            entity: at(Field::Entity),
            doc_type: at(Field::DocType),
            doc_date: at(Field::DocDate),
            date_fallback: at(Field::PostingDate).or(at(Field::BaselineDate)),
            due: at(Field::DueDate),
            terms: at(Field::Terms),
            terms_days: at(Field::TermsDays),
            baseline: at(Field::BaselineDate),
            clearing: at(Field::ClearingDate),
            clearing_settles: layout.kind != FileKind::OpenItems,
            known_until: layout.as_of,
            status: at(Field::Status),
            amount,
            open,
            paid: at(Field::Paid),
            debit: at(Field::Debit),
            credit: at(Field::Credit),
            side: at(Field::DebitCredit),
            currency,
            local_currency: at(Field::LocalCurrency),
            group_currency: at(Field::GroupCurrency),
            credits_unsigned: false,
            float_numbers: false,
            named: named(layout, &texts),
            texts,
            nums,
            year_text,
            line_text,
            assumptions,
            styles,
        };
        plan.assume(layout);
        Ok(plan)
    }

    fn assume(&mut self, layout: &Layout) {
        use Assumption::*;
        self.credits_unsigned = credits_unsigned(layout, self);
        self.float_numbers = self.number.is_some_and(|c| all_floats(layout, c));
        let by_clearing = self.clearing.is_some() && self.clearing_settles;
        let said = [
            (self.float_numbers, NumbersWereFloats),
            (
                self.open.is_none() && self.paid.is_none() && !by_clearing,
                OpenIsAmount,
            ),
            (
                self.open.is_none() && self.paid.is_some(),
                OpenIsAmountLessPaid,
            ),
            (
                self.open.is_none() && self.paid.is_none() && by_clearing,
                OpenUnlessCleared,
            ),
            (
                self.amount.is_none() && self.debit.is_none() && self.credit.is_none(),
                AmountIsOpen,
            ),
            (self.credits_unsigned, CreditsUnsigned),
            (
                self.customer.is_none() && self.customer_name.is_some(),
                CustomerByName,
            ),
            (
                self.doc_date.is_none() && self.date_fallback.is_some(),
                DateIsPosting,
            ),
            (layout.dialect().repeats_invoices(), LinesOfInvoices),
        ];
        self.assumptions
            .extend(said.into_iter().filter(|(yes, _)| *yes).map(|(_, a)| a));
    }
}

/// The texts kept per item.
fn texts(layout: &Layout) -> Vec<(TextField, usize)> {
    let field = |f: Field, header: &str| {
        Some(match f {
            Field::Reference => TextField::Reference,
            Field::Po => TextField::Po,
            Field::Contract => TextField::Contract,
            Field::Terms => TextField::Terms,
            Field::Status => TextField::SourceStatus,
            Field::Reason => TextField::SourceReason,
            Field::Text => TextField::Text,
            Field::ReceivableType => TextField::ReceivableType,
            Field::AccountManager => TextField::AccountManager,
            Field::FiscalYear => TextField::FiscalYear,
            Field::Line => TextField::Line,
            Field::DocType => TextField::DocType,
            Field::ClearingDoc => TextField::ClearingDoc,
            Field::Collector => TextField::Collector,
            Field::LocalCurrency => TextField::LocalCurrency,
            Field::GroupCurrency => TextField::GroupCurrency,
            // What has no place of its own in an item stays under its header.
            Field::Keep
            | Field::TermsDays
            | Field::PaymentNumber
            | Field::PaymentDate
            | Field::PaymentMethod
            | Field::Month
            | Field::ContactName
            | Field::Role
            | Field::Mailbox
            | Field::Phone
            | Field::Language => TextField::Extra(header.to_owned()),
            _ => return None,
        })
    };
    let columns = layout.mapping.columns.iter().enumerate();
    columns
        .filter_map(|(i, c)| field(c.field, &c.header).map(|f| (f, i)))
        .collect()
}

fn nums(layout: &Layout) -> Vec<(NumField, usize)> {
    let field = |f: Field| {
        Some(match f {
            Field::PostingDate => NumField::PostingDate,
            Field::BaselineDate => NumField::BaselineDate,
            Field::ClearingDate => NumField::ClearingDate,
            Field::LocalAmount => NumField::LocalAmount,
            Field::GroupAmount => NumField::GroupAmount,
            Field::Tax => NumField::Tax,
            Field::AgingAnchor => NumField::AgingAnchor,
            Field::LastPayment => NumField::LastPayment,
            _ => return None,
        })
    };
    let columns = layout.mapping.columns.iter().enumerate();
    columns
        .filter_map(|(i, c)| field(c.field).map(|f| (f, i)))
        .collect()
}

/// `Amount in local currency EUR`: the currency of a column, where no other column has it.
fn named(layout: &Layout, texts: &[(TextField, usize)]) -> Vec<(TextField, Currency)> {
    let of = |amount: Field, currency: TextField| {
        if texts.iter().any(|(t, _)| *t == currency) {
            return None;
        }
        let column = layout.mapping.column(amount)?;
        let header = fold(layout.mapping.header(column));
        Some((currency, without_currency(&header).1?))
    };
    let both = [
        of(Field::LocalAmount, TextField::LocalCurrency),
        of(Field::GroupAmount, TextField::GroupCurrency),
    ];
    both.into_iter().flatten().collect()
}

/// The currency of the rows: column, answer, header, marks in the cells; else it is asked.
fn currency_from(
    layout: &Layout,
    options: &Options,
    amount: Option<usize>,
    assumptions: &mut Vec<Assumption>,
) -> Result<CurrencyFrom, Question> {
    let answer = options.currency.as_deref().and_then(Currency::from_code);
    let local = amount.is_some() && amount == layout.mapping.column(Field::LocalAmount);
    let column = layout.mapping.column(if local {
        Field::LocalCurrency
    } else {
        Field::Currency
    });
    if let Some(column) = column
        && layout
            .shapes
            .get(column)
            .is_some_and(|s| s.filled > 0 || answer.is_none())
    {
        return Ok(CurrencyFrom::Column(column, answer));
    }
    let Some(amount) = amount else {
        return answer.map(CurrencyFrom::Fixed).ok_or(Question::Currency {
            candidates: Vec::new(),
        });
    };
    let marks = marks(layout, amount);
    if !marks.is_empty() {
        let several = marks.iter().find(|m| m.candidates().len() > 1);
        let fits = answer.filter(|a| several.is_none_or(|m| m.candidates().contains(a)));
        assumptions.push(Assumption::CurrencyFromCells);
        return match (several, fits) {
            (None, _) | (Some(_), Some(_)) => Ok(CurrencyFrom::Marks(answer)),
            (Some(mark), None) => Err(Question::Currency {
                candidates: mark
                    .candidates()
                    .iter()
                    .map(|c| c.code().to_owned())
                    .collect(),
            }),
        };
    }
    if let Some(currency) = answer {
        return Ok(CurrencyFrom::Fixed(currency));
    }
    if let Some(currency) = without_currency(&fold(layout.mapping.header(amount))).1 {
        assumptions.push(Assumption::CurrencyFromHeader);
        return Ok(CurrencyFrom::Fixed(currency));
    }
    Err(Question::Currency {
        candidates: Vec::new(),
    })
}

/// The distinct currency marks beside the sampled amounts.
fn marks(layout: &Layout, column: usize) -> Vec<CurrencyMark> {
    let mut found: Vec<CurrencyMark> = Vec::new();
    for row in &layout.sample {
        let cell = row.get(column);
        let plain = cell
            .bytes()
            .all(|b| b.is_ascii_digit() || b"-.,() ".contains(&b));
        if plain || super::item_read::is_total_label(row) {
            continue;
        }
        let read = amount::parse(cell, amount::Style::POINT)
            .or_else(|_| amount::parse(cell, amount::Style::COMMA));
        if let Ok(amount::Amount {
            currency: Some(mark),
            ..
        }) = read
            && !found.contains(&mark)
        {
            found.push(mark);
        }
    }
    found
}

/// Whether every sampled number ends in `.0`.
fn all_floats(layout: &Layout, column: usize) -> bool {
    let mut numbers = layout
        .sample
        .iter()
        .map(|r| r.get(column))
        .filter(|n| !n.is_empty())
        .peekable();
    numbers.peek().is_some() && numbers.all(|n| n.ends_with(".0"))
}

/// Whether the sample's credits and payments are all written without a sign.
fn credits_unsigned(layout: &Layout, plan: &Plan) -> bool {
    let (Some(kind), Some(amount)) = (plan.doc_type, plan.amount.or(plan.open)) else {
        return false;
    };
    if plan.side.is_some() {
        return false;
    }
    let (mut positive, mut negative) = (0, 0);
    for row in &layout.sample {
        let cell = row.get(amount);
        let is_credit = matches!(says(row.get(kind)), TypeSays::Kind(k) if k.is_credit());
        if is_credit && cell.bytes().any(|b| b.is_ascii_digit()) {
            let signed = cell.contains('-')
                || cell.starts_with('(')
                || cell.to_ascii_uppercase().contains("CR");
            if signed { negative += 1 } else { positive += 1 }
        }
    }
    positive > 0 && negative == 0
}
