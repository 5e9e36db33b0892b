//! What only the user can know. While a question is open, what it touches is provisional: the
//! entries are there to be shown, not to be imported.

use duebook_money::DateOrder;
use duebook_money::date::OrderInference;

/// A question about a file; the answer goes into the options.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// The order of day, month and year: several read every date and give different days.
    DateOrder {
        /// A date that they read differently.
        example: String,
        /// Its line, from 1.
        line: u32,
        /// The orders.
        orders: Vec<DateOrder>,
        /// The one that the dates in the result were read with.
        taken: DateOrder,
    },
    /// The decimal mark: `1.234` alone is never guessed. The point was taken.
    DecimalMark {
        /// Such a cell.
        example: String,
        /// Its line, from 1.
        line: u32,
    },
}

/// The order to read dates with; where it is not certain, a question is asked, and day before month
/// is taken if it is among the orders.
pub(crate) fn order_of(
    inferred: OrderInference,
    questions: &mut Vec<Question>,
    cell: impl Fn(usize) -> Option<(u32, String)>,
) -> DateOrder {
    let (orders, at) = match inferred {
        OrderInference::Certain(order) => return order,
        OrderInference::NoDates => return DateOrder::Ymd,
        OrderInference::Ambiguous { orders, example } => (orders, example),
        OrderInference::Mixed { examples } => {
            let at = examples.first().map_or(0, |e| e.1);
            (examples.into_iter().map(|e| e.0).collect(), at)
        }
    };
    let day_first = orders.iter().find(|o| **o == DateOrder::Dmy);
    let taken = day_first
        .or(orders.first())
        .copied()
        .unwrap_or(DateOrder::Dmy);
    let (line, example) = cell(at).unwrap_or_default();
    questions.push(Question::DateOrder {
        example,
        line,
        orders,
        taken,
    });
    taken
}
