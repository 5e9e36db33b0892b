//! Risk, provision and forecast (domain.md §8.2, §8.3, §8.5, §2.7): worked out from the book's own
//! history, every figure with what it rests on.

mod forecast;
mod history;
mod model;
mod provision;
mod score;

pub use forecast::{CashForecast, WEEKS, forecast, frozen};
pub use history::{Gather, History, Settled, replaced};
pub use model::{Bin, Fit, LEAST, Model, Quality, shrunk_per_mille};
pub use provision::{BucketLoss, MatrixRow, ProvisionMatrix, Specific, loss_per_bucket, matrix};
pub(crate) use score::trend;
pub use score::{Class, CustomerRisk, Factor, Flag, Portfolio, score};
